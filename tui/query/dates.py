"""Dates and numbers as users type them, as the two ends of a range."""

import re
from datetime import date, timedelta
from typing import Final

from tui.model.fields import Field, Kind

_NAMED_DAYS: Final = ("today", "yesterday", "this-week", "last-week", "this-month", "last-month")
_KINDS: Final = {
    Kind.DAY: ("date", "2023-01..2024-06"),
    Kind.YEAR: ("year", "2023..2024"),
    Kind.NUMBER: ("whole number", "10..50"),
}


def date_ends(text: str, today: date) -> tuple[int, int]:
    """The first and last day of a date (``2024`` is a year, ``7d`` the last seven days)."""
    if text.lower() in _NAMED_DAYS:
        return _named_days(text.lower(), today)
    if match := re.fullmatch(r"(\d{1,4})([dwmy])", text.lower()):
        days = int(match[1]) * {"d": 1, "w": 7, "m": 30, "y": 365}[match[2]]
        return max(1, today.toordinal() - days), today.toordinal()
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text)
    if match is None:
        raise ValueError(text)
    year = int(match[1])
    if match[3]:
        day = date(year, int(match[2]), int(match[3])).toordinal()
        return day, day
    month = int(match[2] or 1)
    first = date(year, month, 1)
    months = 1 if match[2] else 12
    after = date(year + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1, 1)
    return first.toordinal(), (after - timedelta(days=1)).toordinal()


def without_half_end(field: Field, value: str) -> str:
    """A range that is being typed, without an incomplete year, day or number at its end."""
    last = re.split(r"\.\.|[<>]=?", value)[-1]
    if field.kind is Kind.YEAR:
        is_half = len(last) < 4
    elif field.kind is Kind.DAY:
        is_half = re.search(r"(^|-)[0-9]$|^[0-9]{1,3}$", last) is not None
    else:  # up:5 may become up:50; up:>=5 then only matches fewer
        is_half = not value.startswith(">")
    return value[: len(value) - len(last)] if is_half else value


def may_continue(field: Field, value: str) -> bool:
    """Whether a range that is being typed may become valid."""
    last = re.split(r"\.\.|[<>]=?", value)[-1].lower()
    if field.kind is Kind.DAY and any(name.startswith(last) for name in _NAMED_DAYS):
        return True
    return re.fullmatch(r"[0-9-]*\.?", last) is not None


def _named_days(name: str, today: date) -> tuple[int, int]:
    """The first and last day of a named day, a week from Monday, or a month."""
    day = today.toordinal()
    if name in ("today", "yesterday"):
        return (day, day) if name == "today" else (day - 1, day - 1)
    if name.endswith("week"):
        monday = day - today.weekday()
        return (monday, monday + 6) if name == "this-week" else (monday - 7, monday - 1)
    first = today.replace(day=1)
    if name == "last-month":
        last = first.toordinal() - 1
        return date.fromordinal(last).replace(day=1).toordinal(), last
    after = (first + timedelta(days=31)).replace(day=1)
    return first.toordinal(), after.toordinal() - 1


def range_kind(field: Field) -> tuple[str, str]:
    """What the values of a field's range are called, and an example of a range."""
    return _KINDS[field.kind]


def number_ends(text: str) -> tuple[int, int]:
    """A whole number as both ends of a range; ``ValueError`` if it is not one."""
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError(text)
    return int(text), int(text)
