"""Pictures made of characters: a year of days, and counts over time."""

from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.ui import charts
from tui.ui.charts import ASCII_SHADES, SHADES

TODAY: Final = date(2026, 1, 15)
"""A Thursday."""
DAY: Final = timedelta(days=1)

todays = st.dates(date(2001, 1, 1), date(2099, 12, 31))


def days_before(today: date, most: int = 400) -> st.SearchStrategy[dict[date, int]]:
    """Counts on some days up to one."""
    ago = st.integers(0, most).map(lambda n: today - timedelta(days=n))
    return st.dictionaries(ago, st.integers(0, 500), max_size=20)


def cells(lines: list[str]) -> dict[date, str]:
    """The shade of each day of a heat map of the year up to ``TODAY``."""
    first = TODAY - timedelta(weeks=52, days=TODAY.weekday())
    return {
        first + timedelta(weeks=week, days=weekday): shade
        for weekday, line in enumerate(lines[1:])
        for week, shade in enumerate(line[4:])
        if shade != " "
    }


# A year of days


@given(todays.flatmap(lambda today: st.tuples(st.just(today), days_before(today))))
@example((TODAY, {}))
@example((date(2024, 2, 29), {date(2024, 2, 29): 1}))
@example((date(2026, 1, 12), {}))
@example((date(2026, 1, 18), {}))
def test_a_year_is_seven_rows_of_weeks_under_the_months(
    drawn_from: tuple[date, dict[date, int]],
) -> None:
    today, days = drawn_from
    for shades in (SHADES, ASCII_SHADES):
        months, *rows = charts.heat_map(days, today, shades)
        assert len(rows) == 7
        assert [row[:4] for row in rows[::2]] == ["Mon ", "Wed ", "Fri ", "    "]
        assert all(row[:4] == "    " for row in rows[1::2])
        for weekday, row in enumerate(rows):
            weeks = 53 if weekday <= today.weekday() else 52
            assert len(row) == 4 + weeks
            assert set(row[4:]) <= set(shades)
        assert len(months) <= 57
        assert months == months.rstrip()


def test_the_months_stand_above_the_weeks_they_begin_in() -> None:
    months, *_ = charts.heat_map({}, TODAY)
    assert months.split() == (
        ["Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    )
    first = TODAY - timedelta(weeks=52, days=TODAY.weekday())
    for name in months.split():
        week = first + timedelta(weeks=months.index(name) - 4)
        assert f"{week:%b}" == name
        assert week.day <= 7


def test_today_is_the_last_day_and_a_year_ago_the_first() -> None:
    shown = cells(charts.heat_map({}, TODAY))
    assert max(shown) == TODAY
    assert min(shown) == date(2025, 1, 13)
    assert len(shown) == (TODAY - date(2025, 1, 13)).days + 1


def test_the_busiest_day_is_darkest_and_one_paper_is_seen() -> None:
    days = {TODAY: 40, TODAY - DAY: 1, TODAY - 2 * DAY: 0, TODAY - 3 * DAY: 11}
    shown = cells(charts.heat_map(days, TODAY))
    assert [shown[TODAY - n * DAY] for n in range(4)] == ["█", "░", "·", "▒"]


@given(days_before(TODAY, most=367))
@example({TODAY: 3})
@example({TODAY: 1, TODAY - DAY: 1})
@example({TODAY: 10**9, TODAY - DAY: 1})
def test_a_day_is_the_darker_the_more_papers_it_has(days: dict[date, int]) -> None:
    for shades in (SHADES, ASCII_SHADES):
        shown = cells(charts.heat_map(days, TODAY, shades))
        counted = sorted((days.get(day, 0), shades.index(shade)) for day, shade in shown.items())
        assert [shade for _, shade in counted] == sorted(shade for _, shade in counted)
        assert all((count == 0) == (shade == 0) for count, shade in counted)


def test_a_day_outside_the_year_changes_nothing() -> None:
    bare = charts.heat_map({}, TODAY)
    assert charts.heat_map({TODAY + DAY: 9, TODAY - 400 * DAY: 9, date.min: 9}, TODAY) == bare


def test_with_ascii_shades_everything_is_ascii() -> None:
    lines = charts.heat_map({TODAY - n * DAY: n for n in range(100)}, TODAY, ASCII_SHADES)
    assert all(line.isascii() for line in lines)


def test_there_are_five_shades_of_one_column_each() -> None:
    assert len(set(SHADES)) == len(set(ASCII_SHADES)) == 5


# Counts over time


def ends_at(lines: list[str]) -> list[int]:
    """The rows, from the top, through which a line goes in its last column."""
    plotted = lines[:-2]
    last = max(len(row) for row in plotted)
    return [number for number, row in enumerate(plotted) if len(row) == last]


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("width", [20, 40, 72, 116])
@given(days=days_before(TODAY, most=900).filter(bool))
@example({TODAY: 0})
@example({TODAY: 268})
@example({TODAY - DAY: 268, TODAY: 0})
@example({TODAY - 5000 * DAY: 1, TODAY: 12_345})
def test_a_line_is_nine_rows_and_no_wider_than_it_may_be(
    width: int, ascii_only: bool, days: dict[date, int]
) -> None:
    ordered = dict(sorted(days.items()))
    lines = charts.line(ordered, TODAY, width, ascii_only=ascii_only)
    assert len(lines) == 9
    assert all(len(row) <= width for row in lines)
    assert "\x1b" not in "".join(lines)
    if ascii_only:
        assert "".join(lines).isascii()


@pytest.mark.parametrize("ascii_only", [False, True])
def test_the_axes_tell_nothing_the_most_and_the_days(ascii_only: bool) -> None:
    days = {TODAY - 60 * DAY: 268, TODAY - 30 * DAY: 1_500, TODAY: 20}
    lines = charts.line(days, TODAY, 72, ascii_only=ascii_only)
    assert lines[0].lstrip().startswith("1,500")
    assert lines[-2].lstrip().startswith("0") or lines[-3].lstrip().startswith("0")
    assert lines[-1].split() == ["16", "Nov", "16", "Dec", "15", "Jan"]


@pytest.mark.parametrize(
    ("days", "where"),
    [
        ({TODAY - 60 * DAY: 268, TODAY: 0}, "bottom"),
        ({TODAY - 60 * DAY: 0, TODAY: 268}, "top"),
        ({TODAY - 60 * DAY: 268}, "top"),
        ({TODAY - 60 * DAY: 268, TODAY - DAY: 134}, "middle"),
    ],
)
@pytest.mark.parametrize("ascii_only", [False, True])
def test_a_line_ends_at_the_count_of_today(
    days: dict[date, int], where: str, ascii_only: bool
) -> None:
    lines = charts.line(days, TODAY, 72, ascii_only=ascii_only)
    rows = ends_at(lines)
    ends = {"top": rows[0] == 0, "middle": 2 <= rows[-1] <= 4, "bottom": rows[-1] == 6}
    assert ends[where], "\n".join(lines)


def test_the_axis_at_the_left_is_a_line_of_bars_in_ascii() -> None:
    days = {TODAY - 60 * DAY: 268, TODAY: 20}
    lines = charts.line(days, TODAY, 72, ascii_only=True)
    assert {row[3] for row in lines[:7]} == {"|"}


def test_a_count_holds_until_the_next_day_that_is_given() -> None:
    level = charts.line({TODAY - 100 * DAY: 5}, TODAY, 72)
    given_daily = charts.line({TODAY - n * DAY: 5 for n in range(100, -1, -1)}, TODAY, 72)
    assert level == given_daily


@pytest.mark.parametrize("ascii_only", [False, True])
def test_a_peak_of_a_day_is_seen_however_many_days_share_a_column(ascii_only: bool) -> None:
    days = {TODAY - 2_000 * DAY: 10, TODAY - 777 * DAY: 900, TODAY - 776 * DAY: 10}
    lines = charts.line(days, TODAY, 40, ascii_only=ascii_only)
    assert lines[0].removeprefix("900").strip("┤| ")


def test_dates_that_do_not_fit_beside_each_other_are_left_out() -> None:
    lines = charts.line({TODAY - 60 * DAY: 12_345, TODAY: 20}, TODAY, 18)
    assert lines[-1].split() == ["16", "Nov"]
