"""Sittings, days and moments: what the journal tells of what was done, and taking it back."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from typing import Final
from unicodedata import category

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.strategies import hostile_text
from tui.commands import decide, history, lists
from tui.commands.history import FEW, PAUSE, THINKING, Fate
from tui.errors import PapersError, UsageError
from tui.library import Library
from tui.paper import Sighting, merge
from tui.triage import UNDECIDED, Change, Decision, Edit, Status

NOON: Final = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
LATER: Final = date(2026, 3, 1)

pytestmark = pytest.mark.usefixtures("zone")


class Clock:
    """A clock that moves on only when it is told to."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time

    def wait(self, minutes: float = 1) -> None:
        self.time += timedelta(minutes=minutes)


@contextmanager
def shelf(
    folder: Path, clock: Callable[[], datetime] = lambda: NOON, machine: str = "desk"
) -> Iterator[Library]:
    """A library of papers called A, B, C and so on, nothing decided."""
    with Library.open(folder, machine, wait=0, now=clock) as opened:
        if not len(opened):
            seen = [
                Sighting(letter.upper(), f"On {letter}.", "0.txt", n)
                for n, letter in enumerate("abcdefgh", 1)
            ]
            opened.adopt(merge([sighting]) for sighting in seen)
        yield opened


pytestmark = pytest.mark.usefixtures("no_fsync")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[Library]:
    with shelf(tmp_path / "library", clock) as opened:
        yield opened


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Path]:
    """One empty folder after another."""
    return (tmp_path / str(number) for number in count())


in_new_libraries = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def keys(library: Library) -> dict[str, str]:
    """The keys of the papers by their titles in small letters."""
    return {entry.paper.title.lower(): entry.key for entry in library.entries()}


def change(at: str, *edits: Edit, rev: int = 1, machine: str = "desk", verb: str = "x") -> Change:
    """A change as a journal has it."""
    return Change(rev, machine, at, verb, edits)


def status(key: str, was: str | None, now: str | None) -> Edit:
    """An edit of a paper's status."""
    return Edit("papers", key, "status", was, now)


def fates(library: Library) -> dict[str, Fate]:
    """What became of the papers in all sittings."""
    return {
        key: fate
        for each in history.sessions(library.history())
        for key, fate in each.fates.items()
    }


def is_decided(made: Decision) -> bool:
    """Whether a reader decided about a paper: a tag or a note is no decision."""
    decided = (made.status, made.starred, made.snoozed_until, made.lists)
    return decided != (UNDECIDED.status, False, None, ())


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


def do(library: Library, clock: Clock, done: Sequence[Act]) -> None:
    """Does some acts; what cannot be undone or redone is passed over."""
    by_letter = keys(library)
    for verb, letters, minutes in done:
        clock.wait(minutes)
        chosen = [by_letter[letter] for letter in dict.fromkeys(letters)]
        try:
            _act(library, verb, chosen)
        except PapersError:
            assert verb in ("undo", "redo", "off")


def _act(library: Library, verb: str, chosen: list[str]) -> None:
    if verb in list(Status):
        decide.mark(library, chosen, Status(verb))
    elif verb in ("star", "unstar"):
        decide.star(library, chosen, verb == "star")
    elif verb in ("snooze", "wake"):
        decide.snooze(library, chosen, LATER if verb == "snooze" else None)
    elif verb == "tag":
        decide.tag(library, chosen, ["nlp"])
    elif verb == "note":
        decide.note(library, chosen[0], f"note {len(library.history())}")
    elif verb == "list":
        lists.add(library, "thesis", chosen)
    elif verb == "off":
        lists.remove(library, "thesis", chosen)
    elif verb == "undo":
        library.undo()
    else:
        library.redo()


# Sittings


def test_nothing_done_is_no_sitting(desk: Library) -> None:
    assert history.sessions(desk.history()) == []
    with pytest.raises(PapersError, match="nothing was decided yet"):
        history.last(desk)


@pytest.mark.parametrize(
    ("act", "fate"),
    [
        (lambda d, k: decide.mark(d, k, Status.READ), Fate.READ),
        (lambda d, k: decide.mark(d, k, Status.DISMISSED), Fate.DISMISSED),
        (lambda d, k: decide.mark(d, k, Status.READING), Fate.KEPT),
        (lambda d, k: decide.star(d, k), Fate.KEPT),
        (lambda d, k: lists.add(d, "thesis", k), Fate.KEPT),
        (lambda d, k: decide.snooze(d, k, LATER), Fate.SNOOZED),
        (lambda d, k: decide.tag(d, k, ["nlp"]), None),
        (lambda d, k: decide.note(d, k[0], "good"), None),
        (lambda d, k: lists.create(d, "thesis"), None),
        (lambda d, k: decide.save_view(d, "mine", "is:unread"), None),
    ],
)
def test_each_verb_gives_a_paper_its_fate(
    desk: Library, act: Callable[[Library, list[str]], Change | None], fate: Fate | None
) -> None:
    key = keys(desk)["a"]
    act(desk, [key])
    assert fates(desk) == ({key: fate} if fate else {})


@pytest.mark.parametrize(
    ("verbs", "fate"),
    [
        (["star", "read"], Fate.KEPT),
        (["read", "star"], Fate.KEPT),
        (["list", "read"], Fate.KEPT),
        (["star", "dismissed"], Fate.DISMISSED),
        (["snooze", "star"], Fate.KEPT),
        (["snooze", "read"], Fate.READ),
        (["dismissed", "read"], Fate.READ),
        (["read", "unread"], None),
        (["star", "unstar"], None),
        (["list", "off"], None),
        (["snooze", "wake"], None),
        (["read", "undo"], None),
        (["read", "undo", "redo"], Fate.READ),
    ],
)
def test_of_several_acts_on_a_paper_the_one_that_tells_most_is_its_fate(
    desk: Library, clock: Clock, verbs: list[str], fate: Fate | None
) -> None:
    do(desk, clock, [(verb, "a", 0) for verb in verbs])
    assert fates(desk) == ({keys(desk)["a"]: fate} if fate else {})


@given(acts(max_minutes=5))
@in_new_libraries
@example([("read", "ab", 0), ("undo", "a", 1), ("redo", "a", 1)])
def test_the_papers_decided_in_one_sitting_are_those_that_are_decided_now(
    folders: Iterator[Path], done: list[Act]
) -> None:
    clock = Clock()
    with shelf(next(folders), clock) as library:
        do(library, clock, done)
        found = history.sessions(library.history())
        assert len(found) <= 1
        decided = {e.key for e in library.entries() if is_decided(e.decision)}
        for session in found:
            assert set(session.fates) == decided
            assert sum(map(session.count, Fate)) == len(decided)
        assert found or not decided


@given(acts(max_minutes=60))
@in_new_libraries
def test_sittings_are_parted_by_pauses_and_hold_every_change(
    folders: Iterator[Path], done: list[Act]
) -> None:
    clock = Clock()
    with shelf(next(folders), clock) as library:
        do(library, clock, done)
        found = history.sessions(library.history())
        assert all(session.start <= session.end for session in found)
        for one, next_one in pairwise(found):
            assert next_one.start - one.end > PAUSE
        for made in library.history():
            at = history.moment(made)
            assert sum(session.start <= at <= session.end for session in found) == 1
        for session in found:
            assert sum(map(session.count, Fate)) == len(session.fates)


@given(acts(max_minutes=5))
@in_new_libraries
def test_undoing_everything_leaves_no_fate(folders: Iterator[Path], done: list[Act]) -> None:
    clock = Clock()
    with shelf(next(folders), clock) as library:
        do(library, clock, done)
        undoable = list(reversed(library.steps.undoable))
        history.undo_all(library, undoable)
        assert fates(library) == {}
        assert not any(is_decided(entry.decision) for entry in library.entries())


def test_a_pause_of_half_an_hour_is_none_and_a_second_more_is(desk: Library, clock: Clock) -> None:
    chosen = list(keys(desk).values())
    decide.mark(desk, chosen[:1], Status.READ)
    clock.time += PAUSE
    decide.mark(desk, chosen[1:2], Status.READ)
    assert len(history.sessions(desk.history())) == 1
    clock.time += PAUSE + timedelta(seconds=1)
    decide.mark(desk, chosen[2:3], Status.DISMISSED)
    first, second = history.sessions(desk.history())
    assert (first.start, first.end) == (NOON, NOON + PAUSE)
    assert list(first.fates) == chosen[:2]
    assert list(second.fates) == chosen[2:3]
    assert history.last(desk) == second


def test_what_is_taken_back_in_a_later_sitting_counts_in_neither_as_decided_there(
    desk: Library, clock: Clock
) -> None:
    key = keys(desk)["a"]
    decide.mark(desk, [key], Status.READ)
    clock.wait(120)
    desk.undo()
    first, second = history.sessions(desk.history())
    assert first.fates == {key: Fate.READ}
    assert second.fates == {}


def test_an_export_begins_no_sitting() -> None:
    assert history.sessions([change("2026-01-15T12:00:00Z", verb="export")]) == []


def test_a_sitting_goes_on_until_half_an_hour_after_its_last_change(
    desk: Library, clock: Clock
) -> None:
    assert history.current([], clock()) is None
    decide.mark(desk, [keys(desk)["a"]], Status.READ)
    found = history.sessions(desk.history())
    assert history.current(found, NOON + PAUSE) == found[-1]
    assert history.current(found, NOON + PAUSE + timedelta(seconds=1)) is None


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-01T00:00:00Z", "9" * 40, "0001-01-01"])
def test_a_change_without_a_time_breaks_nothing(desk: Library, at: str) -> None:
    changes = [change(at, status("a", None, "read")), change("2026-01-15T12:00:00Z", rev=2)]
    first, second = history.sessions(changes)
    assert first.fates == {"a": Fate.READ}
    assert second.fates == {}
    history.by_day([first, second])
    history.unread_by_day(desk, changes)
    history.summary_of(first)
    json.dumps(history.record(first))


def test_changes_of_two_machines_are_told_in_the_order_of_their_times() -> None:
    changes = [
        change("2026-01-15T12:10:00Z", status("a", None, "read"), rev=1, machine="one"),
        change("2026-01-15T12:00:00Z", status("b", None, "read"), rev=2, machine="two"),
        change("2026-01-15T12:20:00Z", status("a", "read", "dismissed"), rev=3, machine="two"),
    ]
    (session,) = history.sessions(changes)
    assert session.fates == {"b": Fate.READ, "a": Fate.DISMISSED}
    assert (session.start.minute, session.end.minute) == (0, 20)


# Pace


def test_the_pace_is_papers_a_minute_between_the_first_and_the_last(
    desk: Library, clock: Clock
) -> None:
    for key in list(keys(desk).values())[:5]:
        decide.mark(desk, [key], Status.READ)
        clock.wait(0.5)
    (session,) = history.sessions(desk.history())
    assert session.pace == pytest.approx(2.0)
    assert history.minutes_left(desk, session) == 2


def test_a_long_look_out_of_the_window_counts_as_two_minutes(desk: Library, clock: Clock) -> None:
    for key in list(keys(desk).values())[:5]:
        decide.mark(desk, [key], Status.READ)
        clock.wait(25)
    (session,) = history.sessions(desk.history())
    assert session.pace == pytest.approx(4 / (4 * THINKING / MINUTE))


def test_few_papers_tell_no_pace(desk: Library, clock: Clock) -> None:
    for key in list(keys(desk).values())[: FEW - 1]:
        decide.mark(desk, [key], Status.READ)
        clock.wait()
    (session,) = history.sessions(desk.history())
    assert session.pace is None
    assert history.minutes_left(desk, session) is None
    assert history.minutes_left(desk, None) is None


def test_papers_marked_by_the_hundred_tell_no_pace(desk: Library, clock: Clock) -> None:
    decide.mark(desk, keys(desk).values(), Status.READ)
    clock.wait()
    decide.star(desk, keys(desk).values())
    (session,) = history.sessions(desk.history())
    assert len(session.fates) == 8
    assert session.pace is None


def test_changes_of_one_moment_tell_no_pace(desk: Library) -> None:
    for key in keys(desk).values():
        decide.mark(desk, [key], Status.READ)
    (session,) = history.sessions(desk.history())
    assert session.pace is None


def test_what_is_left_takes_a_minute_at_least(desk: Library, clock: Clock) -> None:
    for key in keys(desk).values():
        decide.mark(desk, [key], Status.READ)
        clock.wait(0.2)
    (session,) = history.sessions(desk.history())
    assert desk.counts().unread == 0
    assert history.minutes_left(desk, session) == 1


# Days


def test_papers_are_counted_on_the_readers_day_on_which_the_sitting_began(
    desk: Library, clock: Clock, zone: Callable[[str], None]
) -> None:
    zone("Pacific/Auckland")  # thirteen hours ahead: noon is tomorrow there
    chosen = list(keys(desk).values())
    decide.mark(desk, chosen[:3], Status.READ)
    clock.time += 2 * DAY
    decide.mark(desk, chosen[3:4], Status.DISMISSED)
    clock.wait(60)
    decide.mark(desk, chosen[4:5], Status.DISMISSED)
    found = history.sessions(desk.history())
    assert history.by_day(found) == {date(2026, 1, 16): 3, date(2026, 1, 18): 2}


@given(acts(max_minutes=600))
@in_new_libraries
def test_the_days_hold_as_many_papers_as_the_sittings(
    folders: Iterator[Path], done: list[Act]
) -> None:
    clock = Clock()
    with shelf(next(folders), clock) as library:
        do(library, clock, done)
        found = history.sessions(library.history())
        days = history.by_day(found)
        assert sum(days.values()) == sum(len(session.fates) for session in found)


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
    assert history.streak(days, today) == length


def test_days_without_a_decision_are_no_part_of_a_streak() -> None:
    today = date(2026, 1, 15)
    assert history.streak({today: 0, today - DAY: 0}, today) == 0
    assert history.streak({today: 2, today - DAY: 0, today - 2 * DAY: 5}, today) == 1


# Unread papers over time


def test_unread_papers_are_counted_at_the_end_of_each_day(desk: Library, clock: Clock) -> None:
    chosen = list(keys(desk).values())
    decide.mark(desk, chosen[:2], Status.READ)
    clock.time += DAY
    decide.mark(desk, chosen[2:5], Status.DISMISSED)
    desk.undo()
    clock.time += 2 * DAY
    decide.mark(desk, chosen[:1], Status.UNREAD)
    decide.mark(desk, chosen[5:], Status.READING)
    assert history.unread_by_day(desk, desk.history()) == {
        date(2026, 1, 15): 6,
        date(2026, 1, 16): 6,
        date(2026, 1, 18): 4,
    }


@given(acts(max_minutes=600))
@in_new_libraries
def test_the_last_day_tells_the_papers_that_are_unread_now(
    folders: Iterator[Path], done: list[Act]
) -> None:
    clock = Clock()
    with shelf(next(folders), clock) as library:
        do(library, clock, done)
        left = history.unread_by_day(library, library.history())
        assert list(left) == sorted(left)
        assert all(0 <= number <= 8 for number in left.values())
        unread = sum(e.decision.status is Status.UNREAD for e in library.entries())
        assert list(left.values())[-1] == unread


def test_a_library_without_papers_has_no_unread_ones_to_tell(tmp_path: Path) -> None:
    with Library.open(tmp_path / "bare", "desk", wait=0) as library:
        assert history.unread_by_day(library, []) == {}


def test_a_paper_that_two_machines_decided_is_counted_once(tmp_path: Path) -> None:
    with shelf(tmp_path / "one") as library:
        decide.mark(library, [keys(library)["a"]], Status.READ)
    with shelf(tmp_path / "two", machine="train") as library:
        decide.mark(library, [keys(library)["a"]], Status.DISMISSED)
    (journal,) = (tmp_path / "two" / "journal").glob("*.jsonl")
    journal.rename(tmp_path / "one" / "journal" / journal.name)
    with shelf(tmp_path / "one") as library:
        assert len(library.history()) == 2
        left = history.unread_by_day(library, library.history())
        assert library.counts().unread == 7
        assert list(left.values())[-1] == 7


# Moments


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20m", NOON - 20 * MINUTE),
        ("2h", NOON - 120 * MINUTE),
        ("3d", NOON - 3 * DAY),
        ("1w", NOON - 7 * DAY),
        ("0m", NOON),
        ("today", NOON.replace(hour=0)),
        ("yesterday", NOON.replace(hour=0) - DAY),
        ("11:30", NOON.replace(hour=11, minute=30)),
        ("9:05", NOON.replace(hour=9, minute=5)),
        ("2026-01-10", datetime(2026, 1, 10, tzinfo=UTC)),
        ("2026-01-10 14:30", datetime(2026, 1, 10, 14, 30, tzinfo=UTC)),
        ("2026-01-10T14:30:00+02:00", datetime(2026, 1, 10, 12, 30, tzinfo=UTC)),
        (" 2h ", NOON - 120 * MINUTE),
    ],
)
def test_a_moment_is_a_day_a_time_both_or_an_age(text: str, moment: datetime) -> None:
    assert history.parse_moment(text, NOON) == moment


def test_days_and_times_are_those_of_the_reader(zone: Callable[[str], None]) -> None:
    zone("Pacific/Auckland")
    midnight = datetime(2026, 1, 15, 11, 0, tzinfo=UTC)
    assert history.parse_moment("today", NOON) == midnight
    assert history.parse_moment("yesterday", NOON) == midnight - DAY
    assert history.parse_moment("0:30", NOON) == midnight + 30 * MINUTE
    assert history.parse_moment("2026-01-16", NOON) == midnight


@pytest.mark.parametrize(
    "text", ["", "now", "25:00", "12:60", "2026-02-30", "12345m", "-2h", "2", "h", "9@desk", "½h"]
)
def test_what_is_no_moment_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match="is no moment") as caught:
        history.parse_moment(text, NOON)
    assert "20m" in caught.value.hint


@given(
    st.one_of(hostile_text(), st.from_regex(r"[0-9]{1,5}[mhdw:T-][0-9:-]{0,16}", fullmatch=True))
)
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example("0001-01-01")
@example("9999w")
@example("9999-12-31T23:59:59-23:59")
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    told, moment = "", NOON
    try:
        moment = history.parse_moment(text, NOON)
    except UsageError as error:
        told = error.message
    assert not any(category(char) == "Cc" for char in told)
    assert moment.tzinfo is not None
    assert moment <= NOON or not text.strip().endswith(("m", "h", "d", "w"))


# Since


def test_changes_since_a_moment_come_newest_first(desk: Library, clock: Clock) -> None:
    chosen = list(keys(desk).values())
    made = []
    for key in chosen[:4]:
        made.append(decide.mark(desk, [key], Status.READ))
        clock.wait(10)
    assert history.since(desk, "25m", clock()) == made[:1:-1]
    assert history.since(desk, "12:10", clock()) == made[:0:-1]
    assert history.since(desk, "today", clock()) == made[::-1]
    assert history.since(desk, "5m", clock()) == []


def test_changes_since_a_change_hold_that_one_too(desk: Library, clock: Clock) -> None:
    chosen = list(keys(desk).values())
    made = [decide.mark(desk, [key], Status.READ) for key in chosen[:4]]
    assert made[2] is not None
    assert history.since(desk, made[2].id, clock()) == made[:1:-1]


def test_what_was_taken_back_is_not_among_them(desk: Library, clock: Clock) -> None:
    chosen = list(keys(desk).values())
    first = decide.mark(desk, chosen[:1], Status.READ)
    second = decide.mark(desk, chosen[1:2], Status.READ)
    desk.undo()
    assert history.since(desk, "today", clock()) == [first]
    assert second is not None
    with pytest.raises(UsageError):
        history.since(desk, second.id, clock())


# Taking back


def test_several_changes_are_taken_back_as_one_and_come_back_as_one(desk: Library) -> None:
    chosen = list(keys(desk).values())
    for key in chosen[:3]:
        decide.mark(desk, [key], Status.READ)
    done = history.undo_all(desk, desk.steps.undoable[::-1])
    assert done is not None
    assert done.keys == tuple(reversed(chosen[:3]))
    assert done.verb == "take back 3 changes"
    assert not any(is_decided(entry.decision) for entry in desk.entries())
    desk.undo()
    assert [desk.decision(key).status for key in chosen[:3]] == [Status.READ] * 3


def test_what_was_set_otherwise_since_stays(desk: Library) -> None:
    key = keys(desk)["a"]
    first = decide.mark(desk, [key], Status.READ)
    decide.mark(desk, [key], Status.DISMISSED)
    other = decide.star(desk, [keys(desk)["b"]])
    assert first is not None
    assert other is not None
    history.undo_all(desk, [other, first])
    assert desk.decision(key).status is Status.DISMISSED
    assert not desk.decision(keys(desk)["b"]).starred


def test_a_change_is_taken_back_once(desk: Library) -> None:
    made = decide.star(desk, [keys(desk)["a"]])
    assert made is not None
    assert history.undo_all(desk, [made]) is not None
    assert history.undo_all(desk, [made]) is None


def test_nothing_to_take_back_changes_nothing(desk: Library) -> None:
    assert history.undo_all(desk, []) is None
    assert desk.history() == []


# In words


def test_a_sitting_is_told_in_a_line(desk: Library, clock: Clock) -> None:
    chosen = list(keys(desk).values())
    decide.mark(desk, chosen[:3], Status.READ)
    clock.wait(3)
    decide.mark(desk, chosen[3:5], Status.DISMISSED)
    clock.wait(4)
    decide.star(desk, chosen[5:6])
    (session,) = history.sessions(desk.history())
    told = "6 papers decided in 7 minutes: 1 kept, 3 read, 2 dismissed"
    assert history.summary_of(session) == told
    assert history.record(session) == {
        "start": "2026-01-15T12:00:00+00:00",
        "end": "2026-01-15T12:07:00+00:00",
        "decided": 6,
        "kept": 1,
        "read": 3,
        "dismissed": 2,
        "snoozed": 0,
        "papers_a_minute": None,
        "fates": {key: str(fate) for key, fate in session.fates.items()},
    }


def test_a_sitting_without_decisions_is_told_too(desk: Library) -> None:
    decide.tag(desk, [keys(desk)["a"]], ["nlp"])
    (session,) = history.sessions(desk.history())
    assert history.summary_of(session) == "0 papers decided"


def test_a_sitting_is_a_page_with_the_papers_under_what_became_of_them(
    desk: Library, clock: Clock
) -> None:
    by_letter = keys(desk)
    decide.mark(desk, [by_letter["a"]], Status.READ)
    decide.mark(desk, [by_letter["b"], by_letter["c"]], Status.DISMISSED)
    decide.star(desk, [by_letter["d"]])
    text = history.document(desk, history.last(desk))
    lines = text.splitlines()
    assert lines[0] == "# Session of 2026-01-15 12:00"
    assert "4 papers decided: 1 kept, 1 read, 2 dismissed. 5 unread left." in lines
    headings = [line for line in lines if line.startswith("## ")]
    assert headings == ["## Kept", "## Read", "## Dismissed"]
    listed = [line.split("[")[2][0] for line in lines if line.startswith("- [")]
    assert listed == ["D", "A", "B", "C"]
    assert text.endswith("\n")


def test_a_paper_that_is_gone_is_left_out_of_the_page(desk: Library) -> None:
    (session,) = history.sessions([change("2026-01-15T12:00:00Z", status("gone", None, "read"))])
    assert "##" not in history.document(desk, session)
