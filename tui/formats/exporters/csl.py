"""Papers as CSL-JSON, for pandoc, Quarto, Zotero and other programs of citations."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tui.formats.base import ExportOptions
from tui.formats.bibliography import split_name, type_of
from tui.formats.json_text import dumped
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
    parts = [int(part) for part in paper.stated_date.split("-") if part]
    values: dict[str, Any] = {
        "id": options.citation_key(paper),
        "type": type_of(paper)[1].csl,
        "title": sanitize(paper.display_title),
        "author": list(map(_author, paper.authors)),
        "issued": parts and {"date-parts": [parts]},
        "DOI": paper.doi,
        "container-title": sanitize(paper.venue or ""),
        "URL": paper.page,
        "number": paper.arxiv and f"arXiv:{paper.arxiv}",
        "publisher": paper.arxiv and "arXiv",
        "keyword": ", ".join(state.tags),
        "abstract": sanitize(paper.display_abstract, 60_000),
        "note": sanitize_lines(state.note or "", 60_000),
    }
    return {name: value for name, value in values.items() if value}


def _author(text: str) -> dict[str, str]:
    name = split_name(text)
    if not name.given:
        return {"literal": name.family}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}
