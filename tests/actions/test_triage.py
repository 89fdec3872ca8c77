"""The verbs that decide: each sets, none toggles, and one act is one change."""

import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from io import BytesIO, TextIOWrapper

import pytest
from hypothesis import HealthCheck, example, given, settings

from tests.strategies import PAYLOADS, hostile_text
from tui.actions import find, history, lists, triage
from tui.actions.context import Context
from tui.config import Config
from tui.errors import PapersError, UsageError
from tui.library import Library
from tui.model.state import DEFAULT_STATE, MAX_NOTE, Change, PaperState, Status

TODAY = date(2026, 1, 15)
LATER = date(2026, 2, 1)

in_one_library = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


pytestmark = pytest.mark.usefixtures("no_fsync")


def some(library: Library, count: int) -> list[str]:
    """The keys of the first papers."""
    return [item.key for item in library.items()[:count]]


def one(library: Library) -> str:
    """The key of a paper."""
    return library.resolve("mixlora")


def state_of(library: Library) -> PaperState:
    """What was decided about that paper."""
    return library.state.of(one(library))


# Verbs


@pytest.mark.parametrize("status", Status)
def test_marking_sets_a_status_and_wakes_the_paper(library: Library, status: Status) -> None:
    triage.mark(library, [one(library)], Status.READING)
    triage.snooze(library, [one(library)], LATER)
    triage.mark(library, [one(library)], status)
    assert (state_of(library).status, state_of(library).snoozed_until) == (status, None)


@pytest.mark.parametrize("status", Status)
def test_marking_twice_does_no_harm(library: Library, status: Status) -> None:
    triage.mark(library, [one(library)], status)
    count = len(library.state.history())
    assert triage.mark(library, [one(library)], status) is None
    assert len(library.state.history()) == count


def test_marking_many_is_one_change_that_is_taken_back_whole(library: Library) -> None:
    keys = some(library, 20)
    triage.snooze(library, keys[:3], LATER)
    before = [library.state.of(key) for key in keys]
    change = triage.mark(library, keys, Status.DISMISSED)
    assert change is not None
    assert change.keys == tuple(keys)
    assert {library.state.of(key).status for key in keys} == {Status.DISMISSED}
    library.undo()
    after = [library.state.of(key) for key in keys]
    assert [(d.status, d.snoozed_until) for d in after] == [
        (d.status, d.snoozed_until) for d in before
    ]


def test_no_papers_are_no_change(library: Library) -> None:
    assert triage.mark(library, [], Status.READ) is None
    assert triage.star(library, []) is None
    assert triage.snooze(library, [], LATER) is None
    assert triage.tag(library, [], ["rl"]) is None
    assert library.state.history() == []


def test_a_star_is_set_and_cleared(library: Library) -> None:
    assert triage.star(library, [one(library)]) is not None
    assert state_of(library).starred
    assert triage.star(library, [one(library)]) is None
    triage.star(library, [one(library)], on=False)
    assert not state_of(library).starred
    assert triage.star(library, [one(library)], on=False) is None


def test_a_paper_sleeps_until_a_day_or_is_woken(library: Library) -> None:
    triage.snooze(library, [one(library)], LATER)
    assert state_of(library).snoozed_until == LATER
    assert state_of(library).status is Status.UNREAD
    triage.snooze(library, [one(library)], None)
    assert state_of(library).snoozed_until is None


def test_tags_are_added_and_removed_in_one_change(library: Library) -> None:
    keys = some(library, 3)
    triage.tag(library, keys, ["nlp", "old"])
    triage.tag(library, keys[:1], ["rl"], ["old", "never-there"])
    assert library.state.of(keys[0]).tags == ("nlp", "rl")
    assert library.state.of(keys[1]).tags == ("nlp", "old")
    assert triage.tag(library, keys, ["nlp"]) is None
    library.undo()
    assert library.state.of(keys[0]).tags == ("nlp", "old")


def test_a_tag_added_and_removed_at_once_is_removed(library: Library) -> None:
    triage.tag(library, [one(library)], ["rl"], ["rl"])
    assert state_of(library).tags == ()


def test_one_verb_leaves_the_others_alone(library: Library) -> None:
    keys = [one(library)]
    triage.star(library, keys)
    triage.tag(library, keys, ["rl"])
    triage.note(library, [keys[0]], "mine")
    lists.add(library, "thesis", keys)
    triage.mark(library, keys, Status.READ)
    triage.snooze(library, keys, LATER)
    assert state_of(library) == PaperState(
        status=Status.READ,
        starred=True,
        snoozed_until=LATER,
        tags=("rl",),
        lists=("thesis",),
        note="mine",
        changed="2026-01-15T12:00:00Z",
        marked="2026-01-15T12:00:00Z",
    )


def test_all_of_it_can_be_taken_back(library: Library) -> None:
    keys = some(library, 2)
    triage.mark(library, keys, Status.READ)
    triage.star(library, keys)
    triage.snooze(library, keys, LATER)
    triage.tag(library, keys, ["rl"])
    triage.note(library, [keys[0]], "mine")
    find.save_view(library, "mine", "is:read")
    for _ in range(6):
        library.undo()
    assert [library.state.of(key).status for key in keys] == [Status.UNREAD] * 2
    for key in keys:
        each = library.state.of(key)
        assert (each.starred, each.snoozed_until, each.tags, each.note) == (False, None, (), None)
    assert library.state.views() == {}
    with pytest.raises(PapersError, match="Nothing to undo"):
        library.undo()


# Notes


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mine", "mine"),
        ("\n  mine  \n\n", "  mine"),
        ("one\ntwo\n\nthree", "one\ntwo\n\nthree"),
        ("one\r\ntwo", "one\ntwo"),
        ("- a\n\t- b\n  - c   d", "- a\n\t- b\n  - c   d"),
        ("    日本\u200b  \u202e語\xa0#\r\n \x1b  x", "    日本  語\xa0#\n �  x"),
        ("", None),
        (" \n\t\n", None),
        ("\u200b", None),
    ],
)
def test_a_note_is_kept_as_clean_lines(library: Library, text: str, kept: str | None) -> None:
    triage.note(library, [one(library)], "before")
    triage.note(library, [one(library)], text)
    assert state_of(library).note == kept


@given(text=hostile_text())
@in_one_library
def test_a_note_never_holds_a_control_and_is_no_change_when_kept_again(
    library: Library, text: str
) -> None:
    triage.note(library, [one(library)], text)
    note = state_of(library).note
    assert not [
        c for c in note or "" if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cs")
    ]
    if note and note == note.strip("\n"):
        assert triage.note(library, [one(library)], note) is None


def test_a_note_neither_begins_nor_ends_with_an_empty_line(library: Library) -> None:
    triage.note(library, [one(library)], "\u200b\nmine\n\u200b")
    assert state_of(library).note == "mine"


def test_a_note_from_standard_input_that_is_too_long_is_counted(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b"word " * 48_000)))
    with pytest.raises(UsageError, match="The note has 239,999 characters; at most 20,000"):
        triage.run_note(Context(Config(), library), one(library), "-")


def test_a_note_that_is_too_long_is_refused_whole(library: Library) -> None:
    with pytest.raises(UsageError, match="The note has 20,001 characters; at most 20,000"):
        triage.note(library, [one(library)], "x" * (MAX_NOTE + 1))
    assert state_of(library).note is None
    triage.note(library, [one(library)], "x" * MAX_NOTE)
    assert len(state_of(library).note or "") == MAX_NOTE


# Days


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("tomorrow", date(2026, 1, 16)),
        ("1d", date(2026, 1, 16)),
        ("3d", date(2026, 1, 18)),
        ("2w", date(2026, 1, 29)),
        ("3", date(2026, 1, 18)),
        ("1m", date(2026, 2, 14)),
        ("999m", date(2108, 2, 5)),
        ("1000d", date(2028, 10, 11)),
        ("3y", date(2029, 1, 14)),
        ("2 weeks", date(2026, 1, 29)),
        ("monday", date(2026, 1, 19)),
        ("Thu", date(2026, 1, 22)),
        ("next-week", date(2026, 1, 19)),
        ("next month", date(2026, 2, 1)),
        ("31.1.2026", date(2026, 1, 31)),
        ("31.12.2026", date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 1)),
        ("May", date(2026, 5, 1)),
        ("10 january", date(2027, 1, 10)),
    ],
)
def test_a_day_to_come_is_understood(text: str, day: date) -> None:
    assert triage.parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text", ["", "never", "-3d", "3 fortnights", "2026-02-30", "31.2.2026", "99999d", "\x1b"]
)
def test_what_is_no_day_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match="Not a date") as caught:
        triage.parse_day(text, TODAY)
    assert "2w" in caught.value.hint
    assert "\x1b" not in caught.value.message


@pytest.mark.parametrize("text", ["2020-01-01", "2026-01-15", "0d"])
def test_a_day_that_is_not_to_come_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="Not in the future"):
        triage.parse_day(text, TODAY)


@given(hostile_text())
def test_whatever_is_typed_is_a_day_or_refused(text: str) -> None:
    with suppress(UsageError):
        assert isinstance(triage.parse_day(text, TODAY), date)


# Views


def test_a_view_is_saved_replaced_and_forgotten(library: Library) -> None:
    find.save_view(library, " my\tview ", "is:unread")
    assert library.state.views() == {"my view": "is:unread"}
    assert find.save_view(library, "my view", "is:unread") is None
    change = find.save_view(library, "my view", "is:read")
    assert history.describe(library, change) == "Saved view my view, in place of is:unread"
    assert library.state.views() == {"my view": "is:read"}
    find.save_view(library, "my view", None)
    assert library.state.views() == {}
    library.undo()
    assert library.state.views() == {"my view": "is:read"}


@pytest.mark.parametrize("name", ["", " ", "\u200b\u202e"])
def test_a_view_needs_a_name(library: Library, name: str) -> None:
    with pytest.raises(PapersError, match="needs a name"):
        find.save_view(library, name, "is:read")


# What was done, told


TITLE = "MixLoRA: Enhancing Large Language Models Fine-Tuning with LoRA based Mixture of Experts"


@pytest.mark.parametrize(
    ("act", "phrase"),
    [
        (lambda lib, keys: triage.mark(lib, keys, Status.READ), "Marked read"),
        (lambda lib, keys: triage.mark(lib, keys, Status.READING), "Marked reading"),
        (lambda lib, keys: triage.mark(lib, keys, Status.DISMISSED), "Dismissed"),
        (lambda lib, keys: triage.star(lib, keys), "Starred"),
        (lambda lib, keys: triage.snooze(lib, keys, LATER), "Snoozed until 2026-02-01"),
        (lambda lib, keys: triage.tag(lib, keys, ["a", "b"], ["c"]), "Tagged +a +b -c"),
        (lambda lib, keys: lists.add(lib, "thesis", keys), "Added to thesis"),
        (lambda lib, keys: triage.note(lib, keys, "mine"), "Note saved"),
    ],
)
def test_a_change_is_described_by_its_title_or_its_number_of_papers(
    library: Library, act: Callable[[Library, list[str]], Change | None], phrase: str
) -> None:
    nested = f"{phrase[0].lower()}{phrase[1:]}"
    form = f"{nested} ({{}})" if " " in nested else f"{nested} {{}}"
    assert history.describe(library, act(library, [one(library)])) == f"{phrase}: {TITLE}"
    assert history.describe(library, library.undo()) == f"Undid: {form.format(TITLE)}"
    assert history.describe(library, library.redo()) == f"Redid: {form.format(TITLE)}"
    library.undo()
    assert history.describe(library, act(library, some(library, 12))) == f"{phrase}: 12 papers"
    assert history.describe(library, library.undo()) == f"Undid: {form.format('12 papers')}"


def test_what_is_set_back_is_described_as_such(library: Library) -> None:
    keys = [one(library)]
    triage.mark(library, keys, Status.READ)
    triage.star(library, keys)
    triage.snooze(library, keys, LATER)
    triage.note(library, keys, "mine")
    assert [
        history.describe(library, change)
        for change in (
            triage.snooze(library, keys, None),
            triage.star(library, keys, on=False),
            triage.note(library, keys, ""),
            triage.mark(library, keys, Status.UNREAD),
        )
    ] == [
        f"{word}: {TITLE}" for word in ("Unsnoozed", "Unstarred", "Note removed", "Marked unread")
    ]


def test_undoing_a_note_names_what_had_been_done_to_it(library: Library) -> None:
    for text in ("first", "second", ""):
        triage.note(library, [one(library)], text)
    steps = [library.undo(), library.undo(), library.undo(), library.redo()]
    assert [history.describe(library, change).partition(" (")[0] for change in steps] == [
        *("Undid: note removed", "Undid: note saved", "Undid: note saved", "Redid: note saved"),
    ]


def test_a_change_without_papers_is_described_by_what_it_did(library: Library) -> None:
    def message_of(change: Change | None) -> str:
        return history.describe(library, change)

    assert message_of(lists.create(library, "thesis")) == "Created list thesis"
    assert message_of(library.undo()) == "Undid: created list thesis"
    assert message_of(library.redo()) == "Redid: created list thesis"
    assert message_of(library.change("export", [("lists", "thesis", "export/a.md", {})])) == (
        "Exported: thesis"
    )
    assert message_of(lists.rename(library, "thesis", "PhD")) == "Renamed thesis to PhD"
    assert message_of(lists.delete(library, "PhD")) == "Deleted list PhD"
    assert message_of(find.save_view(library, "robots", "robot")) == "Saved view robots"
    assert message_of(find.save_view(library, "robots", None)) == "Deleted view robots"
    assert message_of(library.undo()) == "Undid: deleted view robots"
    assert message_of(library.undo()) == "Undid: saved view robots"
    assert message_of(None) == "No change"


def test_a_change_of_a_paper_that_is_not_here_is_described_by_number(library: Library) -> None:
    change = library.change("read", [("papers", "gone-0badcafe", "status", "read")])
    assert history.describe(library, change) == "Marked read: 1 paper"


def test_a_verb_of_another_version_stands_for_itself(library: Library) -> None:
    change = library.change("frobnicate", [("papers", one(library), "starred", True)])
    assert history.describe(library, change) == f"frobnicate: {TITLE}"


@given(name=hostile_text())
@in_one_library
@example(name=PAYLOADS[10])
def test_what_is_reported_is_one_harmless_line(library: Library, name: str) -> None:
    try:
        message = history.describe(library, lists.create(library, name))
    except UsageError as error:
        message = error.message
    assert not [c for c in message if unicodedata.category(c) in ("Cc", "Cs")]
    library.change("raw \x1b[2J\x9b", [("papers", one(library), "starred", True)])
    message = history.describe(library, library.state.history()[-1])
    assert not [c for c in message if unicodedata.category(c) in ("Cc", "Cs")]
    assert library.state.of("not-there") == DEFAULT_STATE
