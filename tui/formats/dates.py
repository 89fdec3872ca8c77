"""The days, months and years that formats write."""

import re
from datetime import date
from functools import lru_cache
from typing import Final

from tui.model.layout import MONTHS

_DAY: Final = re.compile(r"(\d{4})([-/]?)(\d{1,2})\2(\d{1,2})(?!\d)")
_NAMED_DAY: Final = re.compile(r"(\d{4}) ([A-Z][a-z]{2})[a-z]* (\d{1,2})(?!\d)")
_MAIL_DAY: Final = re.compile(r"(?:[A-Z][a-z]{2}, *)?(\d{1,2}) ([A-Z][a-z]{2})[a-z]* (\d{4})(?!\d)")
_MONTHS: Final = {name: number for number, name in enumerate(MONTHS, 1)}


@lru_cache(maxsize=1024)  # the records of a file share their days
def day_of(text: str) -> date | None:
    """The day with which a text begins; ``None`` if it begins with none.

    ``2024-05-16T00:00:00Z``, ``2024/05/16/``, ``20240516``, ``2024 May 16``, and as in mails,
    ``Thu, 16 May 2024 00:00:00 -0400``; the day is that of its own zone.
    """
    if match := _DAY.match(text):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
    elif (match := _NAMED_DAY.match(text)) and match[2] in _MONTHS:
        year, month, day = int(match[1]), _MONTHS[match[2]], int(match[3])
    elif (match := _MAIL_DAY.match(text)) and match[2] in _MONTHS:
        year, month, day = int(match[3]), _MONTHS[match[2]], int(match[1])
    else:
        return None
    return date_of(year, month, day)


@lru_cache(maxsize=1024)
def stated_date(text: str) -> tuple[date | None, str | None]:
    """The date with which a text begins, and how exact it is; see ``Facts.date_precision``.

    Beside days ``2024-05``, ``2024/05//``, ``2024 May`` and ``2024``, which is also what is left of
    a season, or of years: ``2024 Spring``, ``2024-2025``.
    """
    day = day_of(text)
    if day or _DAY.match(text):
        return day, None
    if not (match := _YEAR.match(text)):
        return None, None
    month = int(match[2] or 0) or _MONTHS.get(match[3], 0)
    if 1 <= month <= 12:
        return date(int(match[1]), month, 1), "month"
    return date(int(match[1]), 1, 1), "year"


_YEAR: Final = re.compile(
    r"(1[4-9]\d\d|2[01]\d\d)(?:[-/](\d{1,2})(?!\d)|[- ]([A-Z][a-z]{2})[a-z]*)?(?![\da-z])", re.A
)
"""A year of print, and a month."""


def date_of(year: int, month: int, day: int) -> date | None:
    """The date; ``None`` if the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
