"""Papers as BibLaTeX records, with a day where BibTeX has a month."""

from collections.abc import Iterator, Sequence
from typing import Final

from tui.formats.base import ExportOptions
from tui.formats.bibtex_records import escape, heading, rest, write_records
from tui.model.state import Item

LABEL: Final = "BibLaTeX"
DETAILS: Final = "for LaTeX with biber: days instead of months"
EXTENSIONS: Final = (".bib",)


def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
    """A record for each item."""
    return write_records(items, options, _fields, no_type="online")


def _fields(item: Item) -> Iterator[tuple[str, str]]:
    paper = item.paper
    yield from heading(paper)
    if paper.published:
        yield "date", paper.stated_date
    if paper.arxiv:
        yield "eprint", paper.arxiv
        yield "eprinttype", "arxiv"
        if paper.categories:
            yield "eprintclass", escape(paper.categories[0])
    yield from rest(item, note="annotation")
