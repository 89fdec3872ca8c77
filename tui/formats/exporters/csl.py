"""Papers as CSL-JSON, for pandoc, Quarto, Zotero and other programs of citations."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tui.formats.base import ExportOptions
from tui.formats.bibliography import split_name, stated_venue, type_of
from tui.formats.json_text import dumped
from tui.model.paper import Paper
from tui.model.state import Item
from tui.model.text import sanitize, sanitize_lines

LABEL: Final = "CSL-JSON"
EXTENSIONS: Final = (".csl.json", ".csl")


def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
    """An array of all items."""
    return dumped(_entry(item, options) for item in items)


def _entry(item: Item, options: ExportOptions) -> dict[str, Any]:
    """One item, without what is unknown. A preprint is an ``article`` in CSL."""
    paper, state = item.paper, item.state
    kind = type_of(paper)[1]
    venue, publisher = stated_venue(paper, kind)
    arxiv = paper.arxiv and f"arXiv:{paper.arxiv}"
    parts = None
    if day := paper.published:
        parts = [day.year, day.month, day.day][: paper.stated_date.count("-") + 1]
    values: dict[str, Any] = {
        "id": options.citation_key(paper),
        "type": kind.csl,
        "title": sanitize(paper.display_title),
        "author": list(_authors(paper)),
        "issued": parts and {"date-parts": [parts]},
        "DOI": paper.doi,
        "collection-title" if kind.is_series else "container-title": venue and sanitize(venue),
        "volume": paper.volume and sanitize(paper.volume),
        "issue": None if kind.is_by_school else paper.number and sanitize(paper.number),
        "page": paper.pages and sanitize(paper.pages).replace("–", "-"),
        "URL": paper.page,
        "number": (kind.is_by_school and paper.number) or arxiv,
        "publisher": (publisher and sanitize(publisher)) or (arxiv and "arXiv"),
        "keyword": ", ".join(state.tags),
        "abstract": sanitize(paper.display_abstract, 60_000),
        "note": state.note and sanitize_lines(state.note, 60_000),
    }
    return {name: value for name, value in values.items() if value}


def _authors(paper: Paper) -> Iterator[dict[str, str]]:
    """The authors; what pandoc takes for more of them behind the last."""
    yield from map(_author, paper.authors)
    if paper.authors_incomplete:
        yield {"literal": "others"}


def _author(text: str) -> dict[str, str]:
    name = split_name(text)
    if not name.given:
        return {"literal": name.family}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}
