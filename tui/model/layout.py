"""Text laid out for a terminal: columns, bars, and counts with their nouns."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from tui.model.text import sanitize

MONTH_NAMES: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
MONTHS: Final = tuple(name[:3] for name in MONTH_NAMES)


def bar(share: float, width: int = 30, done: str = "━", rest: str = "╌") -> str:
    """A progress bar for a share from 0 to 1, ``width`` columns wide."""
    filled = round(share * width)
    return done * filled + rest * (width - filled)


def cell_width(text: str) -> int:
    """The columns of a sanitized text in a terminal."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def pad(text: str, width: int) -> str:
    """A text padded with spaces to ``width`` columns."""
    return text + " " * (width - cell_width(text))


def cut(text: str, width: int) -> str:
    """A text truncated to ``width`` columns with an ellipsis."""
    if cell_width(text) <= width:
        return text
    room = width - 1
    for end, char in enumerate(text):
        room -= _columns(char)
        if room < 0:
            return f"{text[:end]}…"
    return text


def table(rows: Iterable[Iterable[str]], width: int = 10_000, *, wraps: bool = False) -> list[str]:
    """Rows as sanitized lines with aligned columns, without those that are empty.

    Where they leave the last column less than half of the width, a long cell of a few moves the
    rest of its row instead.

    Args:
        width: Columns of the terminal.
        wraps: Whether the last cell wraps, aligned; else lines are truncated.
    """
    columns = zip(*([sanitize(cell) for cell in row] for row in rows), strict=True)
    cells = list(zip(*filter(any, columns), strict=True))
    sizes = [sorted(map(cell_width, column)) for column in list(zip(*cells, strict=True))[:-1]]
    widths = [column[-1] for column in sizes]
    if not wraps and 2 * (sum(widths) + 2 * len(widths)) > width:
        widths = [column[len(column) * 9 // 10] for column in sizes]
    indent = sum(widths) + 2 * len(widths)
    lines = []
    for row in cells:
        aligned = [pad(cell, size) for cell, size in zip(row, widths, strict=False)]
        parts = [row[-1]]
        if wraps and cell_width(row[-1]) > width - indent:
            import textwrap  # here, as it is often not needed

            parts = textwrap.wrap(row[-1], max(width - indent, 20))
        line = "  ".join([*aligned, *parts[:1]]).rstrip()
        lines.append(line if wraps else cut(line, width))
        lines += [" " * indent + part for part in parts[1:]]
    return lines


def forms(parts: Sequence[str], separator: str) -> list[str]:
    """Parts in a row, the most important first; then without the last, and so on down to one."""
    parts = list(filter(None, parts))
    return [separator.join(parts[:count]) for count in range(len(parts), 0, -1)]


@lru_cache(maxsize=1024)  # the facts of many papers have the same small counts
def plural(count: int, singular: str, plural: str = "") -> str:
    """``1 paper``, ``12 papers``: a count with its noun."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def enumerated(words: Sequence[str], conjunction: str = "or") -> str:
    """The words as a choice: ``unread, reading, read or dismissed``; or as a list, with ``and``."""
    *others, last = words
    return f"{', '.join(others)} {conjunction} {last}" if others else last
