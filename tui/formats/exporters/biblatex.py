"""Papers as BibLaTeX records, with a day where BibTeX has a month."""

from collections.abc import Iterator, Sequence
from typing import Final

from tui.formats.base import ExportOptions
from tui.formats.bibtex_records import heading, record, rest
from tui.model.state import Item

LABEL: Final = "BibLaTeX"
EXTENSIONS: Final = (".bib",)


def write(items: Sequence[Item], options: ExportOptions) -> str:
    """A record for each item."""
    keys = (options.citation_key(item.paper) for item in items)
    return "".join(record("online", *each) for each in zip(keys, map(_fields, items), strict=True))


def _fields(item: Item) -> Iterator[tuple[str, str]]:
    paper = item.paper
    yield from heading(paper)
    if paper.published:
        yield "date", paper.published.isoformat()
    if paper.arxiv:
        yield "eprint", paper.arxiv
        yield "eprinttype", "arxiv"
    yield from rest(item, note="annotation")
