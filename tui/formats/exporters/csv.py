"""Papers as a table for spreadsheets and databases: comma-separated values as in RFC 4180."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tui.formats.base import ExportOptions
from tui.model.describe import all_names
from tui.model.state import Item
from tui.model.text import MAX_TEXT, sanitize, sanitize_lines

LABEL: Final = "CSV"
EXTENSIONS: Final = (".csv",)
MARK: Final = BOM_UTF8
"""Without the mark at its beginning, Excel takes a file for one in the system's code page."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""First characters of what a spreadsheet would run."""


def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
    """A line with the names of the columns, and one for each item."""
    yield _line(COLUMNS)
    yield from map(_line, map(_row, items))


COLUMNS: Final = (
    "title",
    "authors",
    "published",
    "arxiv",
    "doi",
    "link",
    "upvotes",
    "comments",
    "status",
    "starred",
    "tags",
    "lists",
    "note",
    "abstract",
    "key",
)


def _line(texts: Iterable[str]) -> str:
    return ",".join([_cell(text) if text else "" for text in texts]) + "\r\n"  # most are empty


_DELIMITER: Final = re.compile('[,"\r\n]')


def _cell(text: str) -> str:
    if text.startswith(_FORMULA):
        text = f"'{text}"
    if _DELIMITER.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def _row(item: Item) -> tuple[str, ...]:
    """The texts of one item, empty where a fact is missing."""
    paper, state = item.paper, item.state
    return (
        sanitize(paper.display_title),
        "; ".join(map(sanitize, all_names(paper))),
        paper.stated_date,
        paper.arxiv or "",
        paper.doi or "",
        paper.link,
        "" if paper.upvotes is None else str(paper.upvotes),
        "" if paper.comments is None else str(paper.comments),
        str(state.status),
        "yes" if state.starred else "",
        ", ".join(state.tags),
        ", ".join(state.lists),
        sanitize_lines(state.note, MAX_TEXT) if state.note else "",
        sanitize(paper.display_abstract, MAX_TEXT),
        paper.key,
    )
