"""Sessions, days and moments: what the journal tells of what was done, and taking it back."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final
from unicodedata import category

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.actions.conftest import ran
from tests.conftest import NOW
from tests.libraries import Clock, lettered
from tests.strategies import hostile_text
from tui import config
from tui.actions import find, history, lists, sessions, triage
from tui.actions.context import Context, Outcome
from tui.actions.sessions import MAX_THINKING, MIN_DECIDED, SESSION_GAP
from tui.actions.stats import run_stats
from tui.actions.verdicts import Verdict
from tui.config import Config
from tui.errors import PapersError, UsageError
from tui.exchange.export_files import export
from tui.library import Library
from tui.model.paper import SourceRecord
from tui.model.state import DEFAULT_STATE, Change, Edit, PaperState, Status

MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
LATER: Final = date(2026, 3, 1)

pytestmark = pytest.mark.usefixtures("zone")


pytestmark = pytest.mark.usefixtures("no_fsync")


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[Library]:
    with lettered(tmp_path / "library", clock) as opened:
        yield opened


in_new_libraries = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def keys(library: Library) -> dict[str, str]:
    """The keys of the papers by their titles in small letters."""
    return {item.paper.title.lower(): item.key for item in library.items()}


def change(at: str, *edits: Edit, rev: int = 1, machine: str = "desk", verb: str = "x") -> Change:
    """A change as a journal has it."""
    return Change(rev, machine, at, verb, edits)


def status(key: str, was: str | None, now: str | None) -> Edit:
    """An edit of a paper's status."""
    return Edit("papers", key, "status", was, now)


def verdicts(library: Library) -> dict[str, Verdict]:
    """What became of the papers in all sittings."""
    return {
        key: verdict
        for each in sessions.sessions(library.state.history())
        for key, verdict in each.verdicts.items()
    }


def is_decided(state: PaperState) -> bool:
    """Whether a user decided about a paper: a tag or a note is no decision."""
    decided = (state.status, state.starred, state.snoozed_until, state.lists)
    return decided != (DEFAULT_STATE.status, False, None, ())


# What is done at random


Act = tuple[str, str, int]
"""A verb, the letters of the papers it is done to, and the minutes that pass before it."""

VERBS: Final = (
    *("unread", "reading", "read", "dismissed", "star", "unstar", "snooze", "wake"),
    *("tag", "note", "list", "off", "undo", "redo"),
)


def acts(max_minutes: int = 5) -> st.SearchStrategy[list[Act]]:
    """Some acts in a row."""
    papers = st.text("abcdefgh", min_size=1, max_size=4)
    act = st.tuples(st.sampled_from(VERBS), papers, st.integers(0, max_minutes))
    return st.lists(act, max_size=25)


def do(library: Library, clock: Clock, steps: Sequence[Act]) -> None:
    """Does some acts; what cannot be undone or redone is passed over."""
    by_letter = keys(library)
    for verb, letters, minutes in steps:
        clock.wait(minutes)
        chosen = [by_letter[letter] for letter in dict.fromkeys(letters)]
        try:
            _act(library, verb, chosen)
        except PapersError:
            assert verb in ("undo", "redo", "off")


def _act(library: Library, verb: str, chosen: list[str]) -> None:
    if verb in list(Status):
        triage.mark(library, chosen, Status(verb))
    elif verb in ("star", "unstar"):
        triage.star(library, chosen, verb == "star")
    elif verb in ("snooze", "wake"):
        triage.snooze(library, chosen, LATER if verb == "snooze" else None)
    elif verb == "tag":
        triage.tag(library, chosen, ["nlp"])
    elif verb == "note":
        triage.note(library, [chosen[0]], f"note {len(library.state.history())}")
    elif verb == "list":
        lists.add(library, "thesis", chosen)
    elif verb == "off":
        lists.remove(library, "thesis", chosen)
    elif verb == "undo":
        library.undo()
    else:
        library.redo()


# Sessions


def test_nothing_done_is_no_sitting(desk: Library) -> None:
    assert sessions.sessions(desk.state.history()) == []
    assert sessions.last(desk) is None
    with pytest.raises(PapersError, match="Nothing decided yet"):
        sessions.run_session(Context(config.Config(), opened=desk))


@pytest.mark.parametrize(
    ("act", "verdict"),
    [
        (lambda d, k: triage.mark(d, k, Status.READ), Verdict.READ),
        (lambda d, k: triage.mark(d, k, Status.DISMISSED), Verdict.DISMISSED),
        (lambda d, k: triage.mark(d, k, Status.READING), Verdict.READING),
        (lambda d, k: triage.star(d, k), Verdict.KEPT),
        (lambda d, k: lists.add(d, "thesis", k), Verdict.KEPT),
        (lambda d, k: triage.snooze(d, k, LATER), Verdict.SNOOZED),
        (lambda d, k: triage.tag(d, k, ["nlp"]), None),
        (lambda d, k: triage.note(d, [k[0]], "good"), None),
        (lambda d, k: lists.create(d, "thesis"), None),
        (lambda d, k: find.save_view(d, "mine", "is:unread"), None),
    ],
)
def test_each_verb_gives_a_paper_its_fate(
    desk: Library, act: Callable[[Library, list[str]], Change | None], verdict: Verdict | None
) -> None:
    key = keys(desk)["a"]
    act(desk, [key])
    assert verdicts(desk) == ({key: verdict} if verdict else {})


@pytest.mark.parametrize(
    ("verbs", "verdict"),
    [
        (["star", "read"], Verdict.READ),
        (["read", "star"], Verdict.READ),
        (["list", "read"], Verdict.READ),
        (["star", "reading"], Verdict.KEPT),
        (["star", "dismissed"], Verdict.DISMISSED),
        (["snooze", "star"], Verdict.SNOOZED),
        (["star", "snooze"], Verdict.SNOOZED),
        (["snooze", "read"], Verdict.READ),
        (["dismissed", "read"], Verdict.READ),
        (["read", "unread"], None),
        (["star", "unstar"], None),
        (["list", "off"], None),
        (["snooze", "wake"], None),
        (["read", "undo"], None),
        (["read", "undo", "redo"], Verdict.READ),
    ],
)
def test_of_several_acts_on_a_paper_the_one_that_shows_most_is_its_fate(
    desk: Library, clock: Clock, verbs: list[str], verdict: Verdict | None
) -> None:
    do(desk, clock, [(verb, "a", 0) for verb in verbs])
    assert verdicts(desk) == ({keys(desk)["a"]: verdict} if verdict else {})


def test_a_paper_that_was_read_or_dismissed_before_is_not_kept_by_a_star_or_a_list(
    desk: Library, clock: Clock
) -> None:
    months = 60 * 24 * 40
    do(desk, clock, [("read", "a", 0), ("dismissed", "b", 0), ("reading", "c", 0)])
    do(desk, clock, [("star", "abcd", months), ("list", "ab", 0)])
    verdicts = [set(each.verdicts.items()) for each in sessions.sessions(desk.state.history())]
    kept = {(keys(desk)[letter], Verdict.KEPT) for letter in "cd"}
    assert verdicts[1] == kept
    last = sessions.last(desk)
    assert last is not None
    assert set(last.verdicts.items()) == kept
    do(desk, clock, [("read", "d", months), ("unread", "a", 0)])
    assert [each.kept for each in sessions.all_totals(desk)] == [0, 2, 0]


@given(acts(max_minutes=1))
@in_new_libraries
@example([("read", "ab", 0), ("undo", "a", 1), ("redo", "a", 1)])
def test_the_papers_decided_in_one_sitting_are_those_that_are_decided_now(
    folders: Iterator[Path], steps: list[Act]
) -> None:
    clock = Clock()
    with lettered(next(folders), clock) as library:
        do(library, clock, steps)
        groups = sessions.sessions(library.state.history())
        assert len(groups) <= 1
        decided = {e.key for e in library.items() if is_decided(e.state)}
        for session in groups:
            assert set(session.verdicts) == decided
            assert session.totals.decided == len(decided)
            assert session.totals.counts[Verdict.KEPT] == library.counts().kept
        assert groups or not decided


@given(acts(max_minutes=60))
@in_new_libraries
def test_sessions_are_parted_by_pauses_and_hold_every_change(
    folders: Iterator[Path], steps: list[Act]
) -> None:
    clock = Clock()
    with lettered(next(folders), clock) as library:
        do(library, clock, steps)
        groups = sessions.sessions(library.state.history())
        assert all(session.start <= session.end for session in groups)
        for one, next_one in pairwise(groups):
            assert next_one.start - one.end > SESSION_GAP
        for change in library.state.history():
            at = history.changed_at(change)
            assert sum(session.start <= at <= session.end for session in groups) == 1
        for session in groups:
            assert session.totals.decided == len(session.verdicts)


@given(acts(max_minutes=1))  # one session: the verdict of an earlier one stays
@in_new_libraries
def test_undoing_everything_leaves_no_fate(folders: Iterator[Path], steps: list[Act]) -> None:
    clock = Clock()
    with lettered(next(folders), clock) as library:
        do(library, clock, steps)
        undoable = list(library.state.undo_history.done())
        library.undo_all(undoable)
        assert verdicts(library) == {}
        assert not any(is_decided(item.state) for item in library.items())


def test_a_pause_of_half_an_hour_is_none_and_a_second_more_is(desk: Library, clock: Clock) -> None:
    chosen = list(keys(desk).values())
    triage.mark(desk, chosen[:1], Status.READ)
    clock.time += SESSION_GAP
    triage.mark(desk, chosen[1:2], Status.READ)
    assert len(sessions.sessions(desk.state.history())) == 1
    clock.time += SESSION_GAP + timedelta(seconds=1)
    triage.mark(desk, chosen[2:3], Status.DISMISSED)
    first, second = sessions.sessions(desk.state.history())
    assert (first.start, first.end) == (NOW, NOW + SESSION_GAP)
    assert list(first.verdicts) == chosen[:2]
    assert list(second.verdicts) == chosen[2:3]
    assert sessions.last(desk) == second


def test_what_is_taken_back_in_a_later_sitting_counts_in_neither_as_decided_there(
    desk: Library, clock: Clock
) -> None:
    key = keys(desk)["a"]
    triage.mark(desk, [key], Status.READ)
    clock.wait(120)
    desk.undo()
    first, second = sessions.sessions(desk.state.history())
    assert first.verdicts == {key: Verdict.READ}
    assert second.verdicts == {}


@pytest.mark.parametrize("count", [1, 2, 4, 5, 30])
def test_of_years_only_the_changes_of_the_last_sessions_are_read(count: int) -> None:
    days = [change(f"2026-01-{day:02}T12:00:00Z") for day in range(10, 0, -2)]
    newest_first = iter(days)
    assert sessions.last_changes(newest_first, count) == days[:count][::-1]
    assert [*newest_first] == days[count + 1 :]


def test_an_export_begins_no_sitting() -> None:
    record = Edit("files", "/home/ada/week.md", "sum", None, "1")
    assert sessions.sessions([change("2026-01-15T12:00:00Z", record, verb="export")]) == []


def test_a_sitting_goes_on_until_half_an_hour_after_its_last_change(
    desk: Library, clock: Clock
) -> None:
    assert sessions.current(None, clock()) is None
    triage.mark(desk, [keys(desk)["a"]], Status.READ)
    last = sessions.last(desk)
    assert last is not None
    assert sessions.current(last, NOW + SESSION_GAP) == last
    assert sessions.current(last, NOW + SESSION_GAP + timedelta(seconds=1)) is None


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-01T00:00:00Z", "9" * 40, "0001-01-01"])
def test_a_change_without_a_time_breaks_nothing(desk: Library, at: str) -> None:
    tag = Edit("papers", "a", "tag/nlp", None, True)
    changes = [change(at, status("a", None, "read")), change("2026-01-15T12:00:00Z", tag, rev=2)]
    first, second = sessions.sessions(changes)
    assert first.verdicts == {"a": Verdict.READ}
    assert second.verdicts == {}
    sessions.by_day([first.totals, second.totals])
    sessions.unread_by_day(desk, [first.totals, second.totals])
    sessions.summary(first.totals)
    json.dumps(sessions.record(first))


def test_changes_of_two_machines_are_reported_in_the_order_of_their_times() -> None:
    changes = [
        change("2026-01-15T12:10:00Z", status("a", None, "read"), rev=1, machine="one"),
        change("2026-01-15T12:00:00Z", status("b", None, "read"), rev=2, machine="two"),
        change("2026-01-15T12:20:00Z", status("a", "read", "dismissed"), rev=3, machine="two"),
    ]
    (session,) = sessions.sessions(changes)
    assert session.verdicts == {"b": Verdict.READ, "a": Verdict.DISMISSED}
    assert (session.start.minute, session.end.minute) == (0, 20)


# Pace


def test_the_pace_is_papers_a_minute_between_the_first_and_the_last(
    desk: Library, clock: Clock
) -> None:
    for key in list(keys(desk).values())[:5]:
        triage.mark(desk, [key], Status.READ)
        clock.wait(0.5)
    (session,) = sessions.sessions(desk.state.history())
    assert session.pace == pytest.approx(2.0)
    assert sessions.minutes_left(desk, session) == 2


def test_a_long_look_out_of_the_window_counts_as_two_minutes(desk: Library, clock: Clock) -> None:
    for key in list(keys(desk).values())[:5]:
        triage.mark(desk, [key], Status.READ)
        clock.wait(25)
    (session,) = sessions.sessions(desk.state.history())
    assert session.pace == pytest.approx(4 / (4 * MAX_THINKING / MINUTE))


def test_few_papers_tell_no_pace(desk: Library, clock: Clock) -> None:
    for key in list(keys(desk).values())[: MIN_DECIDED - 1]:
        triage.mark(desk, [key], Status.READ)
        clock.wait()
    (session,) = sessions.sessions(desk.state.history())
    assert session.pace is None
    assert sessions.minutes_left(desk, session) is None
    assert sessions.minutes_left(desk, None) is None


def test_papers_marked_by_the_hundred_tell_no_pace(desk: Library, clock: Clock) -> None:
    triage.mark(desk, keys(desk).values(), Status.READ)
    clock.wait()
    triage.star(desk, keys(desk).values())
    (session,) = sessions.sessions(desk.state.history())
    assert len(session.verdicts) == 8
    assert session.pace is None


def test_changes_of_one_moment_tell_no_pace(desk: Library) -> None:
    for key in keys(desk).values():
        triage.mark(desk, [key], Status.READ)
    (session,) = sessions.sessions(desk.state.history())
    assert session.pace is None


def test_what_is_left_takes_a_minute_at_least_and_nothing_no_time(
    desk: Library, clock: Clock
) -> None:
    last, *others = keys(desk).values()
    for key in others:
        triage.mark(desk, [key], Status.READ)
        clock.wait(0.2)
    (session,) = sessions.sessions(desk.state.history())
    assert sessions.minutes_left(desk, session) == 1
    triage.mark(desk, [last], Status.READ)
    (session,) = sessions.sessions(desk.state.history())
    assert sessions.minutes_left(desk, session) is None


# Days


def test_papers_are_counted_on_the_users_day_on_which_the_session_began(
    desk: Library, clock: Clock, zone: Callable[[str], None]
) -> None:
    zone("Pacific/Auckland")  # thirteen hours ahead: noon is tomorrow there
    chosen = list(keys(desk).values())
    triage.mark(desk, chosen[:3], Status.READ)
    clock.time += 2 * DAY
    triage.mark(desk, chosen[3:4], Status.DISMISSED)
    clock.wait(60)
    triage.mark(desk, chosen[4:5], Status.DISMISSED)
    assert sessions.by_day(sessions.all_totals(desk)) == {
        date(2026, 1, 16): 3,
        date(2026, 1, 18): 2,
    }


@given(acts(max_minutes=600))
@in_new_libraries
def test_the_days_hold_as_many_papers_as_the_sessions(
    folders: Iterator[Path], steps: list[Act]
) -> None:
    clock = Clock()
    with lettered(next(folders), clock) as library:
        do(library, clock, steps)
        groups = sessions.sessions(library.state.history())
        days = sessions.by_day(session.totals for session in groups)
        assert sum(days.values()) == sum(len(session.verdicts) for session in groups)


def test_statistics_name_the_last_days_and_sum_up_what_is_before(
    desk: Library, clock: Clock
) -> None:
    today = clock.time
    for ago, letters in ((800, "ab"), (700, "c"), (100, "de"), (20, "f"), (3, "g"), (0, "h")):
        clock.time = today - ago * DAY
        triage.mark(desk, [keys(desk)[letter] for letter in letters], Status.READ)
    days = {today - ago * DAY for ago in (800, 700, 100, 20, 3, 0)}
    outcome = run_stats(Context(Config(), desk))
    assert isinstance(outcome, Outcome)
    assert set(outcome.data["decided_by_day"]) == {f"{day:%Y-%m-%d}" for day in days}
    assert [row for row in outcome.rows if row[0].startswith("decided")] == [
        ("decided 2023", "2"),
        ("decided 2024", "1"),
        ("decided 2025-10", "2"),
        ("decided 2025-12", "1"),
        ("decided 2026-01-12", "1"),
        ("decided 2026-01-15", "1"),
    ]


@pytest.mark.parametrize(
    ("ago", "length"),
    [
        ([], 0),
        ([0], 1),
        ([1], 1),
        ([2], 0),
        ([0, 1, 2], 3),
        ([1, 2, 3], 3),
        ([0, 2, 3], 1),
        ([2, 3], 0),
        ([-1, 0], 1),
    ],
)
def test_a_streak_is_of_days_in_a_row_up_to_today_or_yesterday(ago: list[int], length: int) -> None:
    today = date(2026, 1, 15)
    days = {today - timedelta(days=n): 1 for n in ago}
    assert sessions.streak(days, today) == length


def test_days_without_a_decision_are_no_part_of_a_streak() -> None:
    today = date(2026, 1, 15)
    assert sessions.streak({today: 0, today - DAY: 0}, today) == 0
    assert sessions.streak({today: 2, today - DAY: 0, today - 2 * DAY: 5}, today) == 1


# Unread papers over time


def test_unread_papers_are_counted_at_the_end_of_each_day(desk: Library, clock: Clock) -> None:
    chosen = list(keys(desk).values())
    triage.mark(desk, chosen[:2], Status.READ)
    clock.time += DAY
    triage.mark(desk, chosen[2:5], Status.DISMISSED)
    desk.undo()
    clock.time += 2 * DAY
    triage.mark(desk, chosen[:1], Status.UNREAD)
    triage.mark(desk, chosen[5:], Status.READING)
    assert sessions.unread_by_day(desk, sessions.all_totals(desk)) == {
        date(2026, 1, 15): 6,
        date(2026, 1, 18): 4,
    }


@given(acts(max_minutes=600))
@in_new_libraries
def test_the_last_day_shows_the_papers_that_are_unread_now(
    folders: Iterator[Path], steps: list[Act]
) -> None:
    clock = Clock()
    with lettered(next(folders), clock) as library:
        do(library, clock, steps)
        numbers = sessions.unread_by_day(library, sessions.all_totals(library))
        assert list(numbers) == sorted(numbers)
        assert all(0 <= number <= 8 for number in numbers.values())
        unread = sum(e.state.status is Status.UNREAD for e in library.items())
        assert list(numbers.values())[-1] == unread


def test_a_library_without_papers_has_no_unread_ones_to_tell(tmp_path: Path) -> None:
    with Library.open(tmp_path / "bare", "desk", wait=0) as library:
        assert sessions.unread_by_day(library, []) == {}


def test_a_paper_that_two_machines_decided_is_counted_once(tmp_path: Path) -> None:
    with lettered(tmp_path / "one") as library:
        triage.mark(library, [keys(library)["a"]], Status.READ)
    with lettered(tmp_path / "two", machine="train") as library:
        triage.mark(library, [keys(library)["a"]], Status.DISMISSED)
    (tmp_path / "two/journal/train").rename(tmp_path / "one/journal/train")
    with lettered(tmp_path / "one") as library:
        assert len(library.state.history()) == 2
        numbers = sessions.unread_by_day(library, sessions.all_totals(library))
        assert library.counts().unread == 7
        assert list(numbers.values())[-1] == 7


# Moments


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20m", NOW - 20 * MINUTE),
        ("2h", NOW - 120 * MINUTE),
        ("3d", NOW - 3 * DAY),
        ("1w", NOW - 7 * DAY),
        ("0m", NOW),
        ("today", NOW.replace(hour=0)),
        ("yesterday", NOW.replace(hour=0) - DAY),
        ("11:30", NOW.replace(hour=11, minute=30)),
        ("9:05", NOW.replace(hour=9, minute=5)),
        ("2026-01-10", datetime(2026, 1, 10, tzinfo=UTC)),
        ("2026-01-10 14:30", datetime(2026, 1, 10, 14, 30, tzinfo=UTC)),
        ("2026-01-10T14:30:00+02:00", datetime(2026, 1, 10, 12, 30, tzinfo=UTC)),
        (" 2h ", NOW - 120 * MINUTE),
    ],
)
def test_a_moment_is_a_day_a_time_both_or_an_age(text: str, moment: datetime) -> None:
    assert history.parse_moment(text, NOW) == moment


def test_days_and_times_are_those_of_the_user(zone: Callable[[str], None]) -> None:
    zone("Pacific/Auckland")
    midnight = datetime(2026, 1, 15, 11, 0, tzinfo=UTC)
    assert history.parse_moment("today", NOW) == midnight
    assert history.parse_moment("yesterday", NOW) == midnight - DAY
    assert history.parse_moment("0:30", NOW) == midnight + 30 * MINUTE
    assert history.parse_moment("2026-01-16", NOW) == midnight


@pytest.mark.parametrize(
    "text", ["", "now", "25:00", "12:60", "2026-02-30", "12345m", "-2h", "2", "h", "9@desk", "½h"]
)
def test_what_is_no_moment_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match="Not a time") as caught:
        history.parse_moment(text, NOW)
    assert "20m" in caught.value.hint


@given(
    st.one_of(hostile_text(), st.from_regex(r"[0-9]{1,5}[mhdw:T-][0-9:-]{0,16}", fullmatch=True))
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("0001-01-01")
@example("9999w")
@example("9999-12-31T23:59:59-23:59")
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    message, moment = "", NOW
    try:
        moment = history.parse_moment(text, NOW)
    except UsageError as error:
        message = error.message
    assert not any(category(char) == "Cc" for char in message)
    assert moment.tzinfo is not None
    assert moment <= NOW or not text.strip().endswith(("m", "h", "d", "w"))


# Since


def test_changes_since_a_moment_come_newest_first(desk: Library, clock: Clock) -> None:
    chosen = list(keys(desk).values())
    changes = []
    for key in chosen[:4]:
        changes.append(triage.mark(desk, [key], Status.READ))
        clock.wait(10)
    assert history.changes_since(desk, "25m") == changes[:1:-1]
    assert history.changes_since(desk, "12:10") == changes[:0:-1]
    assert history.changes_since(desk, "today") == changes[::-1]
    assert history.changes_since(desk, "5m") == []


def test_changes_since_a_change_hold_that_one_too(desk: Library, clock: Clock) -> None:
    chosen = list(keys(desk).values())
    changes = [triage.mark(desk, [key], Status.READ) for key in chosen[:4]]
    assert changes[2] is not None
    assert history.changes_since(desk, changes[2].id) == changes[:1:-1]


def test_what_was_taken_back_is_not_among_them(desk: Library, clock: Clock) -> None:
    chosen = list(keys(desk).values())
    first = triage.mark(desk, chosen[:1], Status.READ)
    second = triage.mark(desk, chosen[1:2], Status.READ)
    desk.undo()
    assert history.changes_since(desk, "today") == [first]
    assert second is not None
    with pytest.raises(UsageError):
        history.changes_since(desk, second.id)


# Taking back


def test_several_changes_are_taken_back_as_one_and_come_back_as_one(desk: Library) -> None:
    chosen = list(keys(desk).values())
    for key in chosen[:3]:
        triage.mark(desk, [key], Status.READ)
    change = desk.undo_all(list(desk.state.undo_history.done()))
    assert change is not None
    assert change.keys == tuple(reversed(chosen[:3]))
    assert change.verb == "take back 3 changes"
    assert not any(is_decided(item.state) for item in desk.items())
    here = Context(Config(), desk)
    assert ran("redo", here, steps=1).message == "Redid 3 changes: 3 papers"
    assert [desk.state.of(key).status for key in chosen[:3]] == [Status.READ] * 3
    assert ran("undo", here, dry_run=True).message == "3 changes would be undone"
    assert ran("undo", here, steps=1).message == "Undid 3 changes: 3 papers"
    assert not any(is_decided(item.state) for item in desk.items())


def test_an_import_among_what_is_taken_back_is_named(empty: Library) -> None:
    empty.add([SourceRecord("A", None, "page.txt", 1)])
    triage.mark(empty, list(empty.papers), Status.READ)
    here = Context(Config(), empty)
    parts = "import of page.txt, 1 paper decided"
    assert ran("undo", here, since="1h").message == f"Undid 2 changes: {parts}"
    assert ran("redo", here, steps=1).message == f"Redid 2 changes: {parts}"
    undone = ran("undo", here, since="1h").message
    assert undone == f"Undid 2 changes: {parts}"
    empty.add([SourceRecord("B", None, "other.txt", 1)])
    ran("imports redo", here, name="page.txt")
    assert ran("undo", here, since="1h").message == "Undid 2 changes: 2 imports"


def test_an_import_that_was_removed_and_brought_back_is_said_to_stay(empty: Library) -> None:
    empty.add([SourceRecord("A", None, "page.txt", 1)])
    first = next(empty.state.newest_first())
    triage.mark(empty, list(empty.papers), Status.READ)
    here = Context(Config(), empty)
    ran("imports undo", here, name="page.txt")
    ran("imports redo", here, name="page.txt")
    since = [c for c in empty.state.undo_history.done() if c.id != first.id]
    undone = empty.undo_all(since)
    assert history.describe(empty, undone) == (
        "Undid 3 changes: A; import of page.txt stays, as it was removed and brought back"
    )
    assert len(empty) == 1


def test_what_was_set_otherwise_since_stays(desk: Library) -> None:
    key = keys(desk)["a"]
    first = triage.mark(desk, [key], Status.READ)
    triage.mark(desk, [key], Status.DISMISSED)
    other = triage.star(desk, [keys(desk)["b"]])
    assert first is not None
    assert other is not None
    desk.undo_all([other, first])
    assert desk.state.of(key).status is Status.DISMISSED
    assert not desk.state.of(keys(desk)["b"]).starred


def test_a_change_is_taken_back_once(desk: Library) -> None:
    change = triage.star(desk, [keys(desk)["a"]])
    assert change is not None
    assert desk.undo_all([change]) is not None
    assert desk.undo_all([change]) is None


def test_nothing_to_take_back_changes_nothing(desk: Library) -> None:
    assert desk.undo_all([]) is None
    assert desk.state.history() == []


# In words


def test_a_session_is_summed_up_in_a_line(desk: Library, clock: Clock) -> None:
    chosen = list(keys(desk).values())
    triage.mark(desk, chosen[:3], Status.READ)
    clock.wait(3)
    triage.mark(desk, chosen[3:5], Status.DISMISSED)
    clock.wait(4)
    triage.star(desk, chosen[5:6])
    (session,) = sessions.sessions(desk.state.history())
    totals = "6 papers decided in 7 minutes: 1 kept, 3 read, 2 dismissed"
    assert sessions.summary(session.totals) == totals
    assert sessions.record(session) == {
        "start": "2026-01-15T12:00:00+00:00",
        "end": "2026-01-15T12:07:00+00:00",
        "decided": 6,
        "kept": 1,
        "reading": 0,
        "read": 3,
        "dismissed": 2,
        "snoozed": 0,
        "papers_a_minute": None,
        "fates": {key: str(verdict) for key, verdict in session.verdicts.items()},
    }


def test_a_session_without_decisions_is_summed_up_too(desk: Library) -> None:
    triage.tag(desk, [keys(desk)["a"]], ["nlp"])
    (session,) = sessions.sessions(desk.state.history())
    assert sessions.summary(session.totals) == "0 papers decided"


def test_a_sitting_is_a_page_with_the_papers_under_what_became_of_them(
    desk: Library, clock: Clock
) -> None:
    by_letter = keys(desk)
    triage.mark(desk, [by_letter["a"]], Status.READ)
    triage.mark(desk, [by_letter["b"], by_letter["c"]], Status.DISMISSED)
    triage.star(desk, [by_letter["d"]])
    last = sessions.last(desk)
    assert last is not None
    text = sessions.document(desk, last)
    lines = text.splitlines()
    assert lines[0] == "# Session of 2026-01-15 12:00"
    assert "4 papers decided: 1 kept, 1 read, 2 dismissed. 4 left in the inbox." in lines
    headings = [line for line in lines if line.startswith("## ")]
    assert headings == ["## Kept", "## Read", "## Dismissed"]
    listed = [line[3] for line in lines if line.startswith("- [")]
    assert listed == ["D", "A", "B", "C"]
    assert text.endswith("\n")


def test_a_paper_that_is_gone_is_left_out_of_the_page(desk: Library) -> None:
    (session,) = sessions.sessions([change("2026-01-15T12:00:00Z", status("gone", None, "read"))])
    assert "##" not in sessions.document(desk, session)


def test_one_change_alone_is_undone_in_the_shell(desk: Library) -> None:
    key = next(iter(desk.papers))
    star = triage.star(desk, [key])
    triage.note(desk, [key], "mine")
    assert star is not None
    context = Context(config.Config(), opened=desk)
    history.run_undo(context, only=star.id)
    state = desk.state.of(key)
    assert (state.starred, state.note) == (False, "mine")
    with pytest.raises(PapersError, match="This change is already undone"):
        history.run_undo(context, only=star.id)
    with pytest.raises(UsageError, match="No change to undo"):
        history.run_undo(context, only="99@desk")


@pytest.mark.parametrize("verb", ["export", "digest", "remind", "pull week.md", "import week.md"])
def test_a_decision_can_be_undone_whatever_its_verb(desk: Library, verb: str) -> None:
    first = next(iter(desk.papers))
    assert desk.change(verb, [("papers", first, "status", "dismissed")])
    assert desk.change("read", [("digests", "inbox", "sent", "1")])
    assert desk.undo().verb == f"undo {verb}"
    assert desk.state.of(first).status is Status.UNREAD
    assert desk.state.value("digests", "inbox", "sent") == "1"


def test_an_export_that_was_forgotten_and_undone_is_in_the_log_and_forgotten_again(
    desk: Library, tmp_path: Path
) -> None:
    lists.add(desk, "thesis", list(desk.papers)[:1])
    export(desk, "thesis", desk.list_items("thesis"), tmp_path / "thesis.md")
    lists.forget(desk, "thesis", str(tmp_path / "thesis.md"))
    undone = desk.undo()
    assert (undone.verb, undone.is_undoable) == ("undo forget export of thesis", True)
    assert desk.state.reading_list("thesis").exports
    desk.undo(undone)
    assert not desk.state.reading_list("thesis").exports


def test_an_undo_is_undone_by_its_id_and_tried_first(desk: Library) -> None:
    chosen = list(keys(desk).values())
    for key in chosen[:2]:
        triage.star(desk, [key])
    undone = desk.undo_all(list(desk.state.undo_history.done()))
    assert undone is not None
    triage.star(desk, chosen[2:3])
    here = Context(Config(), desk)
    tried = ran("undo", here, only=undone.id, dry_run=True)
    assert tried.message == "2 changes would be redone"
    assert ran("undo", here, only=undone.id).message == "Redid 2 changes: 2 papers"
    assert all(desk.state.of(key).starred for key in chosen[:3])
