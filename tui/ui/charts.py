"""Days and counts as pictures made of characters."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

SHADES: Final = "·░▒▓█"
"""From no paper on a day to as many as on the busiest one."""
ASCII_SHADES: Final = ".:+*#"
_WEEKS: Final = 53


def heat_map(days: Mapping[date, int], today: date, shades: str = SHADES) -> list[str]:
    """A year of days, a week in each column, Monday on top; nine lines of 57 columns.

    Args:
        days: Counts by day; other days have none.
        today: The last day.
        shades: The five characters.
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
    """Counts that hold until the next day that is given, as a line over the days up to today.

    Args:
        days: Counts at the end of some days, oldest first; at least one.
        today: The last day.
        width: Columns.
        ascii_only: Whether to draw with ASCII characters alone.
    """
    import plotext

    first = min(days)
    count = 0
    points: list[int] = []
    for n in range((today - first).days + 1):
        count = days.get(first + timedelta(n), count)
        points.append(count)
    last = len(points) - 1
    ticks = sorted({0, last // 2, last})
    top = max(*points, 1)
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(width, 9)
    plotext.plot(list(range(len(points))), points, marker="*" if ascii_only else "braille")
    plotext.ylim(0, top)
    plotext.yticks([0, top], ["0", f"{top:,}"])
    plotext.xticks(ticks, [f"{first + timedelta(n):%d %b}" for n in ticks])
    plotext.xaxes(True, False)
    plotext.yaxes(True, False)
    drawn = plotext.uncolorize(plotext.build())
    if ascii_only:
        drawn = drawn.translate(str.maketrans("┤└┬─│┼", "|++-|+"))
    return [row.rstrip() for row in drawn.splitlines()]
