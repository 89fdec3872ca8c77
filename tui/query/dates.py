"""Dates and numbers as users type them, as the two ends of a range.

Days are proleptic ordinals (``date.toordinal``).
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from tui.model.fields import Field, Kind
from tui.model.layout import MONTH_NAMES
from tui.model.suggest import nearest
from tui.patterns import regex

EXAMPLES: Final = "yesterday, 2026-01-31 or 3d"
"""Examples of dates, for messages."""
_UNITS: Final = {"days": 1, "weeks": 7, "months": 30, "years": 365}
_UNIT: Final = regex(r"d|w|m|y|days?|weeks?|months?|years?")
_RELATIVE: Final = ("this", "last", "next")
_NAMED: Final = (
    *("today", "yesterday", "tomorrow"),
    *(f"{which} {unit}" for which in _RELATIVE for unit in ("week", "month", "year")),
)
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS: Final = tuple(map(str.lower, MONTH_NAMES))
_SHORT: Final = {"sept": "september", "tues": "tuesday", "thur": "thursday", "thurs": "thursday"}
_NAMES: Final = (*_NAMED, *_WEEKDAYS, *_MONTHS)
_WORDS: Final = (*" ".join(_NAMES).split(), *_UNITS, *_SHORT, "st", "nd", "rd", "th", "to")
"""All words for dates."""
_TO: Final = regex(r"(?:(?<!\s)\s+)?(?:\.{2,}|[\u2013\u2014\u2026]|\bto\b)\s*", re.IGNORECASE)
"""The sign between the two ends of a range."""


class NotADateError(ValueError):
    """A text that is not a date, a year or a number."""

    def __init__(self, instead: str = "", reason: str = "") -> None:
        """Says what is wrong.

        Args:
            instead: What to type instead; empty if there is no telling.
            reason: A sentence without a full stop; empty if it is just not a date.
        """
        super().__init__(instead, reason)
        self.instead = instead
        self.reason = reason


def date_ends(text: str, today: date, *, ahead: bool = False) -> tuple[int, int]:
    """The first and last day of a date as users type it.

    ``2024`` is a year, ``05/2024`` and ``May 2024`` are months, ``31.12.2024`` is a day, ``7d`` is
    the last seven days, ``monday`` and ``may`` are the latest ones. A hyphen between words is a
    space.

    Args:
        text: The date, in any case.
        today: The date that relative ones refer to.
        ahead: Whether dates lie in the future: ``7d`` is the day in seven days, ``monday`` the next
            one, and a number is a number of days.

    Raises:
        NotADateError: If the text is none of these, or names a day in two ways.
    """
    plain = _plain(text)
    if plain in _NAMED:
        return _named_days(plain, today)
    if match := re.fullmatch(rf"(\d{{1,4}}) ?({_UNIT.pattern}){'?' if ahead else ''}", plain):
        unit = next(unit for unit in _UNITS if unit.startswith((match[2] or "d")[0]))
        return _age(int(match[1]) * _UNITS[unit], today, ahead)
    if (weekday := _whole(plain, _WEEKDAYS)) is not None:
        return _weekday(_WEEKDAYS.index(weekday), today, ahead)
    year, month, day = _month_named(plain, today, ahead) or _numbers(plain)
    return _ends(year, month, day)


def _plain(text: str) -> str:
    """A date in lower case, its words separated by single spaces."""
    spaced = re.sub(r"[\s_,]+|-(?=[a-z])|(?<=[a-z])-", " ", text.lower())
    return " ".join(spaced.split())


def _whole(word: str, names: Iterable[str]) -> str | None:
    """The name that a word is, or is the first three letters of."""
    word = _SHORT.get(word.rstrip("."), word.rstrip("."))
    return next((name for name in names if word in (name, name[:3])), None)


def _named_days(name: str, today: date) -> tuple[int, int]:
    """The first and last day of a named day, of a week from Monday, of a month, or of a year."""
    day = today.toordinal()
    single = {"yesterday": -1, "today": 0, "tomorrow": 1}
    if name in single:
        return day + single[name], day + single[name]
    which, unit = name.split()
    by = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "week":
        monday = day - today.weekday() + 7 * by
        return monday, monday + 6
    if unit == "year":
        return _ends(today.year + by, None, None)
    months = today.year * 12 + today.month - 1 + by
    return _ends(months // 12, months % 12 + 1, None)


def _age(days: int, today: date, ahead: bool) -> tuple[int, int]:
    day = today.toordinal()
    if ahead:
        coming = min(day + days, date.max.toordinal())
        return coming, coming
    return max(1, day - days), day


def _weekday(number: int, today: date, ahead: bool) -> tuple[int, int]:
    since = (today.weekday() - number) % 7
    day = today.toordinal() + (7 - since if ahead else -since)
    return day, day


def _month_named(plain: str, today: date, ahead: bool) -> tuple[int, int | None, int | None] | None:
    """Year, month and day of a date with the name of a month; ``None`` if it has none."""
    parts = plain.split()
    months = [name for part in parts if (name := _whole(part, _MONTHS))]
    years = [part for part in parts if re.fullmatch(r"\d{4}", part)]
    days = [
        match[1] for part in parts if (match := re.fullmatch(r"(\d\d?)(?:st|nd|rd|th|\.)?", part))
    ]
    if (
        len(months) != 1
        or len(parts) != 1 + len(years) + len(days)
        or max(len(years), len(days)) > 1
    ):
        return None
    month = _MONTHS.index(months[0]) + 1
    day = int(days[0]) if days else None
    if years:
        return int(years[0]), month, day
    begins = (month, day or 1)
    if ahead:
        return today.year + (begins <= (today.month, today.day)), month, day
    return today.year - (begins > (today.month, today.day)), month, day


def _numbers(plain: str) -> tuple[int, int | None, int | None]:
    """Year, month and day of a date in digits; what is not typed is ``None``."""
    if match := re.fullmatch(r"(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?", plain):
        year, month, day = (int(part) if part else None for part in match.groups())
        return year or 0, month, day
    if match := re.fullmatch(r"(\d{4})(\d\d)(\d\d)", plain):
        return int(match[1]), int(match[2]), int(match[3])
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{4})", plain):
        return int(match[2]), int(match[1]), None
    if match := re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", plain):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "." or first > 12 or first == second:
            return year, second, first
        if second > 12:
            return year, first, second
        dates = [f"{year:04}-{second:02}-{first:02}", f"{year:04}-{first:02}-{second:02}"]
        raise NotADateError(dates[0], f"{plain} can mean {' or '.join(dates)}")
    raise NotADateError(_near(plain))


def _ends(year: int, month: int | None, day: int | None) -> tuple[int, int]:
    """The first and last day of a year, month or day."""
    try:
        first = date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError as error:
        raise NotADateError(_nearest_day(year, month, day)) from error
    last = first
    if day is None:
        last_month = first.month if month else 12
        last = date(year, last_month, _days(year, last_month))
    return first.toordinal(), last.toordinal()


def _days(year: int, month: int) -> int:
    """The number of days of a month."""
    from calendar import monthrange  # here, as few queries have dates

    return monthrange(year, month)[1]


def _nearest_day(year: int, month: int | None, day: int | None) -> str:
    """The existing day or month nearest to one that no calendar has; empty without a year."""
    if not 1 <= year <= 9999:
        return ""
    month = min(max(month or 1, 1), 12)
    if day is None:
        return f"{year:04}-{month:02}"
    return date(year, month, min(max(day, 1), _days(year, month))).isoformat()


def _near(plain: str) -> str:
    """The date that a text was probably meant to be; empty if there is no telling."""
    if match := re.fullmatch(r"(\d{1,4}) ?([a-z]+)", plain):
        unit = nearest(match[2], _UNITS)
        return f"{match[1]}{unit[0]}" if unit else ""
    name = nearest(plain, _NAMES) or ""
    return name.replace(" ", "-")


def coming_day(text: str, today: date) -> date:
    """A day in the future as users type it: ``2026-01-31``, ``monday``, ``3d``, ``2 weeks``, ``3``.

    It is the first day of a week, a month or a year.

    Raises:
        NotADateError: If the text is not a date; see ``date_ends``.
    """
    return date.fromordinal(date_ends(text, today, ahead=True)[0])


def split_range(field: Field, value: str) -> tuple[str, str] | None:
    """The two ends of a range, either of which may be empty; ``None`` for a single value.

    A hyphen separates two years or two numbers, ``2023-2024``, and a dash any two ends.
    """
    digits = r"\d+" if field.kind is Kind.NUMBER else r"\d{4}"
    if match := re.fullmatch(f"({digits})-({digits})", value):
        return match[1], match[2]
    ends = _TO.split(value, maxsplit=1)
    return (ends[0], ends[1]) if len(ends) == 2 else None


def without_half_end(field: Field, value: str) -> str:
    """A range that is being typed, without an incomplete year, day or number at its end."""
    last = _last_end(value)
    if field.kind is Kind.YEAR:
        is_half = len(last) < 4
    elif field.kind is Kind.DAY:
        is_half = re.search(r"(^|[-/.])[0-9]$|^[0-9]{1,3}$", last) is not None
    else:  # up:5 may become up:50; up:>=5 then only matches fewer
        is_half = not value.startswith(">")
    return value[: len(value) - len(last)] if is_half else value


def may_continue(field: Field, value: str) -> bool:
    """Whether a range that is being typed may become valid."""
    last = _last_end(value).lower()
    if field.kind is Kind.NUMBER:
        return re.fullmatch(r"[0-9-]*\.?", last) is not None
    word = last[len(last.rstrip("abcdefghijklmnopqrstuvwxyz")) :]
    return any(name.startswith(word) for name in _WORDS)


def _last_end(value: str) -> str:
    return re.split(rf"{_TO.pattern}|[<>]=?", value, flags=re.IGNORECASE)[-1]


def year_ends(text: str, today: date) -> tuple[int, int]:
    """The first and last year of a text: ``2024``, ``last-year``.

    Raises:
        NotADateError: If the text is not a year.
    """
    if re.fullmatch(r"\d{1,9}", text):
        return int(text), int(text)
    try:
        low, high = map(date.fromordinal, date_ends(text, today))
    except NotADateError as error:
        raise NotADateError(error.instead[:4] or "2023..2024") from error
    if (low.month, low.day, high.month, high.day) != (1, 1, 12, 31):
        raise NotADateError(str(low.year))
    return low.year, high.year


def number_ends(text: str) -> tuple[int, int]:
    """A whole number as both ends of a range.

    Raises:
        NotADateError: If the text is not one.
    """
    if not re.fullmatch(r"\d{1,9}", text):
        digits = re.search(r"\d{1,9}", text, re.ASCII)
        raise NotADateError(digits[0] if digits else "10..50")
    return int(text), int(text)
