"""Papers as a table for spreadsheets and databases: comma-separated values as in RFC 4180."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from tui.formats.base import ExportOptions
from tui.model.describe import all_names
from tui.model.state import Item
from tui.model.text import MAX_TEXT, sanitize, sanitize_lines

LABEL: Final = "CSV"
DETAILS: Final = "for spreadsheets, Notion, pandas; no cell is run as a formula"
EXTENSIONS: Final = (".csv",)
MARK: Final = BOM_UTF8
"""Without the mark at its beginning, Excel takes a file for one in the system's code page."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""First characters of what a spreadsheet would run."""


def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
    """A line with the names of the columns, and one for each item."""
    yield _line(COLUMNS)
    texts = COLUMNS.values()
    yield from (_line(text(item) for text in texts) for item in items)


COLUMNS: Final[Mapping[str, Callable[[Item], str | None]]] = {
    "title": lambda item: sanitize(item.paper.display_title),
    "authors": lambda item: "; ".join(map(sanitize, all_names(item.paper))),
    "published": lambda item: item.paper.stated_date,
    "arxiv": lambda item: item.paper.arxiv,
    "doi": lambda item: item.paper.doi,
    "link": lambda item: item.paper.link,
    "upvotes": lambda item: _number(item.paper.upvotes),
    "comments": lambda item: _number(item.paper.comments),
    "status": lambda item: item.state.status,
    "starred": lambda item: "yes" if item.state.starred else "",
    "tags": lambda item: ", ".join(item.state.tags),
    "lists": lambda item: ", ".join(item.state.lists),
    "note": lambda item: item.state.note and sanitize_lines(item.state.note, MAX_TEXT),
    "abstract": lambda item: sanitize(item.paper.display_abstract, MAX_TEXT),
    "key": lambda item: item.paper.key,
}
"""What stands in each column; nothing if it is unknown."""


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _line(texts: Iterable[str | None]) -> str:
    return ",".join([_cell(text) if text else "" for text in texts]) + "\r\n"  # most are empty


_DELIMITER: Final = re.compile('[,"\r\n]')


def _cell(text: str) -> str:
    if text.startswith(_FORMULA):
        text = f"'{text}"
    if _DELIMITER.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text
