"""The dates of a page: in which year a day without one is.

The site leaves out the year of a paper of the year in which the page is shown.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from tui.formats.dates import date_of
from tui.formats.importers.hf_daily.line_kinds import DATE, MAIL_DAY
from tui.model.layout import MONTHS
from tui.values import dataclass

_ENOUGH: Final = 5
"""Written years on a page from which the year of the page is known: it is the one after the newest,
as no paper of the page's own year has a written one."""
_LEAP: Final = 8
"""Years in which any day of the calendar comes at least once."""


@dataclass(frozen=True, slots=True)
class PageYear:
    """What is known of the year in which a page was captured."""

    year: int | None
    """The year itself; ``None`` if neither the user nor the page says it."""
    today: date
    """The day of the import, or of the capture if the user said it; no date is after it."""
    is_captured: bool = False
    """Whether the user said when the page was captured."""

    @classmethod
    def of(
        cls, dates: Iterable[re.Match[str] | None], captured: date | None, today: date
    ) -> "PageYear":
        """The year of a page from the dates on it and the day on which it was captured."""
        if captured is not None:
            return cls(captured.year, captured, is_captured=True)
        years = [int(match[3]) for match in dates if match is not None and match[3]]
        return cls(max(years) + 1 if len(years) >= _ENOUGH else None, today)

    def day(self, match: re.Match[str], arxiv: str | None = None) -> date | None:
        """The day of a date; ``None`` if there is none such.

        Without a year, the month of an arXiv identifier settles it; else the year of the page; else
        it is the latest such day that is not after the day of the import.
        """
        month, day = MONTHS.index(match[1][:3].capitalize()) + 1, int(match[2])
        if match[3]:
            return date_of(int(match[3]), month, day)
        if (year := _year_by(arxiv, month)) is not None:
            return date_of(year, month, day)
        if self.year is not None:
            dated = date_of(self.year, month, day)
            is_later = self.is_captured and dated is not None and dated > self.today
            return date_of(self.year - 1, month, day) if is_later else dated
        years = range(self.today.year, self.today.year - _LEAP - 1, -1)
        days = (date_of(year, month, day) for year in years)
        return next((each for each in days if each is not None and each <= self.today), None)


def page_day(texts: Iterable[str], year: PageYear, *, is_dated: bool) -> str | None:
    """The day at the head of a page; ``--03-17`` if nothing on the page says of which year.

    Args:
        texts: The lines of its header.
        is_dated: Whether papers of the page have dates.
    """
    lines = [MAIL_DAY.sub(r"\2 \1", text) for text in texts]
    match = next((m for text in reversed(lines) if (m := DATE.fullmatch(text))), None)
    if match is None:
        return None
    if not match[3] and year.year is None and not is_dated:
        return f"--{MONTHS.index(match[1][:3].capitalize()) + 1:02}-{int(match[2]):02}"
    day = year.day(match)
    return day.isoformat() if day else None


def _year_by(arxiv: str | None, month: int) -> int | None:
    """The year in which a month is that of an arXiv identifier, or one next to it.

    A paper is submitted up to a few days before the month in which its identifier is given.
    """
    if arxiv is None or not arxiv[:4].isdigit():
        return None
    year, given = 2000 + int(arxiv[:2]), int(arxiv[2:4])
    return next((year + step for step in (0, -1, 1) if abs(12 * step + month - given) <= 1), None)
