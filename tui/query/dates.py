"""What people write for days and numbers, as the two ends of a range."""

import re
from datetime import date, timedelta

from tui.query.ast import DATE_FIELDS, Field


def date_ends(text: str, now: date) -> tuple[int, int]:
    """First and last day that a date means: ``2024`` a year, ``7d`` the last seven days."""
    today = now.toordinal()
    if text.lower() in _NAMED_DAYS:
        return _named_days(text.lower(), now)
    if match := re.fullmatch(r"(\d{1,4})([dwmy])", text.lower()):
        days = int(match[1]) * {"d": 1, "w": 7, "m": 30, "y": 365}[match[2]]
        return max(1, today - days), today
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


def without_half_end(known: Field, value: str) -> str:
    """A range that is being typed without an end that is no whole year or day yet."""
    last = re.split(r"\.\.|[<>]=?", value)[-1]
    if known is Field.YEAR:
        is_half = len(last) < 4
    elif known not in DATE_FIELDS:  # up:5 may become up:50, and up:>=5 only wants fewer then
        is_half = not value.startswith(">")
    else:
        is_half = known in DATE_FIELDS and re.search(r"(^|-)[0-9]$|^[0-9]{1,3}$", last) is not None
    return value[: len(value) - len(last)] if is_half else value


_NAMED_DAYS = ("today", "yesterday", "this-week", "last-week", "this-month", "last-month")


def _named_days(name: str, today: date) -> tuple[int, int]:
    """First and last day of what people call a week, from Monday, or a month."""
    now = today.toordinal()
    if name in ("today", "yesterday"):
        return (now, now) if name == "today" else (now - 1, now - 1)
    if name.endswith("week"):
        monday = now - today.weekday()
        return (monday, monday + 6) if name == "this-week" else (monday - 7, monday - 1)
    first = today.replace(day=1)
    if name == "last-month":
        last = first.toordinal() - 1
        return date.fromordinal(last).replace(day=1).toordinal(), last
    after = (first + timedelta(days=31)).replace(day=1)
    return first.toordinal(), after.toordinal() - 1


def range_kind(known: Field) -> str:
    """What a field's range is made of."""
    return "date" if known in DATE_FIELDS else "whole number"


def number_ends(text: str) -> tuple[int, int]:
    """Both ends of one whole number; ``ValueError`` if it is none."""
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError(text)
    return int(text), int(text)
