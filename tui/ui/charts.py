"""Counts by day as text charts."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import accumulate
from typing import Final

SHADES: Final = "·░▒▓█"
"""From no papers on a day to as many as on the busiest day."""
ASCII_SHADES: Final = ".:+*#"
_WEEKS: Final = 53

_ROWS: Final = 7
"""Rows that a line is drawn in."""
_BRAILLE: Final = 0x2800
_DOTS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of a braille character's dots, by row and column."""


def heat_map(days: Mapping[date, int], today: date, shades: str = SHADES) -> list[str]:
    """A year of days, a week in each column, Monday on top; eight lines of 57 columns.

    Args:
        days: Counts by day; 0 for the others.
        today: The last day.
        shades: Five characters, from none to most.
    """
    first = today - timedelta(weeks=_WEEKS - 1, days=today.weekday())
    most = max((days.get(first + timedelta(n), 0) for n in range(_WEEKS * 7)), default=0)
    months = [" "] * _WEEKS
    for week in range(_WEEKS):
        day = first + timedelta(weeks=week)
        if day.day <= 7 and week <= _WEEKS - 3:
            months[week : week + 3] = f"{day:%b}"
    lines = ["    " + "".join(months)]
    for weekday in range(7):
        row = [first + timedelta(weeks=week, days=weekday) for week in range(_WEEKS)]
        cells = "".join(" " if day > today else _shade(days, day, most, shades) for day in row)
        label = f"{row[0]:%a}" if weekday in (0, 2, 4) else "   "
        lines.append(f"{label} {cells}")
    return [line.rstrip() for line in lines]


def _shade(days: Mapping[date, int], day: date, most: int, shades: str) -> str:
    count = days.get(day, 0)
    return shades[0] if count <= 0 else shades[min(1 + (count - 1) * 4 // most, 4)]


def line(
    days: Mapping[date, int], today: date, width: int, *, ascii_only: bool = False
) -> list[str]:
    """Counts over the days up to today as a line; nine lines of at most ``width`` columns.

    Args:
        days: Counts at the end of some days, each valid until the next; at least one.
        today: The last day.
        width: Columns.
    """
    first = min(days)
    later = (days.get(first + timedelta(n)) for n in range(1, (today - first).days + 1))
    counts = list(
        accumulate(later, lambda last, count: last if count is None else count, initial=days[first])
    )
    top = max(*counts, 1)
    margin = len(f"{top:,}")
    columns = max(width - margin - 1, 8)
    tick, edge, corner, dash = "||+-" if ascii_only else "┤│└─"
    labels = {0: f"{top:,}{tick}", _ROWS - 1: f"0{tick}"}
    rows = [
        f"{labels.get(number, edge):>{margin + 1}}{drawn}"
        for number, drawn in enumerate(_plot(counts, top, columns, ascii_only=ascii_only))
    ]
    rows += [f"{'':{margin}}{corner}{dash * columns}", f"{'':{margin + 1}}"]
    rows[-1] += _dates(first, len(counts) - 1, columns)
    return [row.rstrip() for row in rows]


def _plot(counts: list[int], top: int, columns: int, *, ascii_only: bool) -> list[str]:
    """The line; days that share a column of dots are drawn from their least to their most."""
    wide, high = (1, 1) if ascii_only else (2, 4)  # dots in a character
    cells = [[0] * columns for _ in range(_ROWS)]
    last = counts[0]
    for x in range(columns * wide):
        start, end = (n * len(counts) // (columns * wide) for n in (x, x + 1))
        part = [last, *(counts[start:end] or [counts[start]])]
        last = part[-1]
        above, below = ((top - c) * (_ROWS * high - 1) // top for c in (max(part), min(part)))
        for y in range(above, below + 1):
            cells[y // high][x // wide] |= _DOTS[y % high][x % wide]
    on = "*" if ascii_only else ""
    return ["".join((on or chr(_BRAILLE + bits)) if bits else " " for bits in row) for row in cells]


def _dates(first: date, last: int, columns: int) -> str:
    """The labels below: the first day, the one ``last`` days later, and the middle if it fits."""
    row = " " * columns
    for n in dict.fromkeys((0, last, last // 2)):
        label = f"{first + timedelta(n):%d %b}"
        start = n * (columns - len(label)) // max(last, 1)
        end = start + len(label)
        if not row[max(start - 1, 0) : end + 1].strip():
            row = f"{row[:start]}{label}{row[end:]}"
    return row
