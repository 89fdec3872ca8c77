"""Papers as CSL-JSON, for pandoc, Quarto, Zotero and other programs of citations."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tui.formats.base import ExportOptions
from tui.formats.bibliography import split_name, stated_venue, type_of
from tui.formats.json_text import dumped
from tui.model.paper import Paper
from tui.model.state import Item
from tui.model.text import MAX_TEXT, sanitize, sanitize_lines

LABEL: Final = "CSL-JSON"
EXTENSIONS: Final = (".csl.json", ".csl")


def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
    """An array of all items."""
    return dumped(_entry(item, options) for item in items)


def _entry(item: Item, options: ExportOptions) -> dict[str, Any]:
    """One item, without what is unknown. A preprint is an ``article`` in CSL."""
    return {name: value for name, value in _members(item, options) if value}


def _members(item: Item, options: ExportOptions) -> Iterator[tuple[str, Any]]:
    paper, state = item.paper, item.state
    kind = type_of(paper)[1]
    yield "id", options.citation_key(paper)
    yield "type", kind.csl
    yield "title", sanitize(paper.display_title)
    yield "author", _authors(paper)
    if day := paper.published:
        parts = [day.year, day.month, day.day][: paper.stated_date.count("-") + 1]
        yield "issued", {"date-parts": [parts]}
    yield "DOI", paper.doi
    venue, publisher = stated_venue(paper, kind)
    if venue:
        yield "collection-title" if kind.is_series else "container-title", sanitize(venue)
    if paper.volume:
        yield "volume", sanitize(paper.volume)
    if paper.number and not kind.is_by_school:
        yield "issue", sanitize(paper.number)
    if paper.pages:
        yield "page", sanitize(paper.pages).replace("–", "-")
    yield "URL", paper.page
    arxiv = paper.arxiv and f"arXiv:{paper.arxiv}"
    yield "number", paper.number if paper.number and kind.is_by_school else arxiv
    yield "publisher", (publisher and sanitize(publisher)) or (arxiv and "arXiv")
    yield "keyword", ", ".join(state.tags)
    yield "abstract", sanitize(paper.display_abstract, MAX_TEXT)
    if state.note:
        yield "note", sanitize_lines(state.note, MAX_TEXT)


def _authors(paper: Paper) -> list[dict[str, str]]:
    """The authors; what pandoc takes for more of them behind the last."""
    authors = [_author(name) for name in paper.authors]
    return [*authors, {"literal": "others"}] if paper.authors_incomplete else authors


def _author(text: str) -> dict[str, str]:
    name = split_name(text)
    if not name.given:
        return {"literal": name.family}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}
