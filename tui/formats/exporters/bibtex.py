"""Papers as BibTeX records, as BibTeX, biber, pandoc, Zotero and JabRef read them."""

from collections.abc import Iterator, Sequence
from typing import Final

from tui.formats.base import ExportOptions
from tui.formats.bibtex_records import escape, heading, rest, write_records
from tui.model.state import Item

LABEL: Final = "BibTeX"
DETAILS: Final = "for LaTeX, JabRef, Zotero, pandoc"
EXTENSIONS: Final = (".bib",)
RANK: Final = 2


def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
    """A record for each item."""
    return write_records(items, options, _fields)


def _fields(item: Item) -> Iterator[tuple[str, str]]:
    paper = item.paper
    yield from heading(paper)
    if paper.published:
        yield "year", str(paper.published.year)
    if paper.published and paper.date_precision != "year":
        yield "month", str(paper.published.month)
    if paper.arxiv:
        # Classic styles print only archiveprefix, Zotero reads only eprinttype.
        yield from {
            "eprint": paper.arxiv,
            "archiveprefix": "arXiv",
            "eprinttype": "arxiv",
        }.items()
        if paper.categories:
            yield "primaryclass", escape(paper.categories[0])
    yield from rest(item, note="annote")
