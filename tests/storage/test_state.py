"""What changes add up to: the last writer of a field wins, and a snapshot holds it all."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model.state import (
    DEFAULT_STATE,
    Change,
    Edit,
    Export,
    FieldUpdate,
    PaperState,
    ReadingList,
    Status,
    fits,
)
from tui.storage.snapshot import load_tables, tables_of
from tui.storage.state import STAMPS, State

AT: Final = "2026-01-15T12:00:00Z"
PAPERS: Final = ("mixlora-956383d7", "rag-69c2564c", "日本-0244a50f")

EXPORT: Final = {"format": "markdown", "at": AT, "held": [PAPERS[1]], "abstract": "first"}


def any_settings(papers: Sequence[str] = PAPERS) -> st.SearchStrategy[list[FieldUpdate]]:
    """What one change may set: few fields of few things, so that they often meet."""

    def one(table: str, ids: Sequence[str], field: str, values: Sequence[Any]) -> Any:
        return st.tuples(
            st.just(table), st.sampled_from(ids), st.just(field), st.sampled_from([None, *values])
        )

    lists, views = ("Thesis", "Über “Welten”"), ("new", "today")
    return st.lists(
        st.one_of(
            one("papers", papers, "status", ["reading", "read", "dismissed"]),
            one("papers", papers, "starred", [True]),
            one("papers", papers, "snoozed_until", ["2000-01-01", "2999-01-01"]),
            one("papers", papers, "note", ["later", "zwei\nZeilen\u2028“ü” 👩\u200d👩", '"}{\\']),
            one("papers", papers, "tag/nlp", [True]),
            one("papers", papers, "tag/ml/vision", [True]),
            *(one("papers", papers, f"list/{name}", [1.0, 2.0, -0.5]) for name in lists),
            one("lists", lists, "exists", [True]),
            one("lists", lists, "description", ["why", "wofür"]),
            one("lists", lists, "export//tmp/ü.md", [EXPORT, {**EXPORT, "at": "2026-02"}]),
            one("views", views, "query", ["is:unread", "tag:ü", ""]),
        ),
        min_size=1,
        max_size=4,
    )


def changed(
    state: State, *settings: FieldUpdate, machine: str = "desk", rev: int = 0, at: str = AT
) -> Change:
    """Makes one change of some settings, and returns it."""
    change = Change(rev or state.last_rev + 1, machine, at, "change", state.edits(settings))
    state.apply(change)
    return change


def replayed(changes: Sequence[Change]) -> State:
    """The state of some changes, taken in in their order."""
    state = State()
    state.set_papers(PAPERS)
    for change in sorted(changes, key=lambda change: (change.rev, change.machine)):
        state.apply(change)
    return state


def unordered(state: State) -> dict[str, list[str]]:
    """All that a state holds, whatever the order in which it came."""
    return {
        name: sorted(json.dumps(document, sort_keys=True) for document in documents)
        for name, documents in tables_of(state).items()
    }


@st.composite
def histories(draw: st.DrawFn, machines: Sequence[str] = ("desk", "lap")) -> list[Change]:
    """What machines changed that sometimes hear of each other: each in its order, then all."""
    states = {machine: State() for machine in machines}
    changes: dict[str, list[Change]] = {machine: [] for machine in machines}
    for _ in range(draw(st.integers(0, 10))):
        machine = draw(st.sampled_from(machines))
        if draw(st.integers(0, 3)) == 0:  # it hears of all that the others did
            states[machine] = replayed([change for some in changes.values() for change in some])
            continue
        state = states[machine]
        if state.edits(updates := draw(any_settings())):
            changes[machine].append(changed(state, *updates, machine=machine))
    return [change for some in changes.values() for change in some]


# What it adds up to


def test_a_new_state_holds_nothing() -> None:
    state = State()
    assert not state
    assert state.last_rev == 0
    assert state.of("x") is DEFAULT_STATE
    assert state.keys() == state.list_names() == []
    assert not state.views()
    assert not state.positions("x")
    assert state.reading_list("x") == ReadingList("x")
    assert not any(tables_of(state).values())


def test_a_decision_is_all_that_was_set_of_a_paper() -> None:
    state = State()
    state.set_papers(PAPERS)
    key = PAPERS[0]
    changed(
        state,
        ("papers", key, "status", "reading"),
        ("papers", key, "starred", True),
        ("papers", key, "snoozed_until", "2026-02-01"),
        ("papers", key, "tag/nlp", True),
        ("papers", key, "tag/ml/vision", True),
        ("papers", key, "list/Thesis", 1.0),
        ("papers", key, "note", "later"),
    )
    assert state.of(key) == PaperState(
        Status.READING,
        True,
        date(2026, 2, 1),
        ("ml/vision", "nlp"),
        ("Thesis",),
        "later",
        changed=AT,
        marked=AT,
    )
    assert state.keys() == [key]
    assert state.of(PAPERS[1]) is DEFAULT_STATE
    assert state


def test_what_is_so_already_is_no_edit() -> None:
    state = State()
    star: FieldUpdate = ("papers", PAPERS[0], "starred", True)
    assert state.edits([star]) == (Edit("papers", PAPERS[0], "starred", None, True),)
    changed(state, star)
    assert state.edits([star]) == ()
    assert state.edits([("papers", PAPERS[0], "starred", None)]) == (
        Edit("papers", PAPERS[0], "starred", True, None),
    )
    assert state.edits([("papers", PAPERS[1], "starred", None)]) == ()


def test_of_several_settings_of_one_field_the_last_counts() -> None:
    state = State()
    both: list[FieldUpdate] = [
        ("papers", PAPERS[0], "status", "read"),
        ("papers", PAPERS[0], "status", "dismissed"),
    ]
    assert [edit.now for edit in state.edits(both)] == ["dismissed"]
    assert state.edits([*both, ("papers", PAPERS[0], "status", None)]) == ()


@given(st.lists(any_settings(), max_size=6))
def test_edits_make_things_as_they_were_asked_to_be(updates: list[list[FieldUpdate]]) -> None:
    state = State()
    values: dict[tuple[str, str, str], Any] = {}
    for some in updates:
        edits = changed(state, *some).edits
        for table, id, field, was, now in edits:
            assert was == values.get((table, id, field))
            assert was != now
        values.update({(table, id, field): now for table, id, field, now in some})
        assert state.edits(some) == ()
    assert state.edits([(*place, now) for place, now in values.items()]) == ()


@given(st.lists(any_settings(), min_size=1, max_size=6))
def test_setting_all_back_gives_the_state_before(updates: list[list[FieldUpdate]]) -> None:
    state = State()
    for some in updates[:-1]:
        changed(state, *some)
    before = undated(state)
    last = changed(state, *updates[-1])
    assert state.unchanged_edits(last) == last.edits
    changed(state, *((e.table, e.id, e.field, e.was) for e in reversed(last.edits)))
    assert state.unchanged_edits(last, after=False) == last.edits
    assert undated(state) == before


def undated(state: State) -> dict[str, list[str]]:
    """What it holds, apart from who changed it when."""
    contents = unordered(state)
    decisions = list(map(json.loads, contents["decisions"]))
    dated = [any(name in fields for name in STAMPS) for fields in decisions]
    bare = [{name: fields[name] for name in fields if name not in STAMPS} for fields in decisions]
    contents["decisions"] = [
        json.dumps(fields, sort_keys=True)
        for fields, is_dated in zip(bare, dated, strict=True)
        if not is_dated or len(fields) > 1
    ]
    return contents


def test_when_a_status_was_set_is_known_whatever_else_changes_but_for_an_undo() -> None:
    state = State()
    key = PAPERS[0]
    changed(state, ("papers", key, "status", "read"), at="2026-01-01")
    changed(state, ("papers", key, "tag/nlp", True), at="2026-01-02")
    assert (state.of(key).marked, state.of(key).changed) == ("2026-01-01", "2026-01-02")
    later = changed(state, ("papers", key, "status", "dismissed"), at="2026-01-03")
    back = state.edits([("papers", key, "status", "read")])
    state.apply(Change(4, "desk", "2026-01-04", "undo", back, undoes=(later.id,)))
    assert state.of(key).marked == ""
    changed(state, ("papers", key, "status", None), at="2026-01-05")
    assert state.of(key).marked is None


def test_what_still_stands_of_a_change_is_reported() -> None:
    state = State()
    key = PAPERS[0]
    change = changed(state, ("papers", key, "status", "read"), ("papers", key, "starred", True))
    status, starred = change.edits
    assert state.unchanged_edits(change) == (status, starred)
    assert state.unchanged_edits(change, after=False) == ()
    changed(state, ("papers", key, "starred", None))
    assert state.unchanged_edits(change) == (status,)
    assert state.unchanged_edits(change, after=False) == (starred,)
    changed(state, ("papers", key, "status", "dismissed"))
    assert state.unchanged_edits(change) == ()
    changed(state, ("papers", key, "tag/nlp", True), ("papers", key, "starred", True))
    assert state.unchanged_edits(change) == (starred,)


# Two machines


@given(histories(), st.randoms(use_true_random=False))
def test_the_last_writer_of_each_field_wins(history: list[Change], random: Any) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)
    state = replayed(shuffled)
    assert unordered(state) == unordered(replayed(history))
    last: dict[tuple[str, str, str], tuple[int, str, Any]] = {}
    for change in shuffled:
        for edit in change.edits:
            written = (change.rev, change.machine, edit.now)
            place = (edit.table, edit.id, edit.field)
            if place not in last or written[:2] > last[place][:2]:
                last[place] = written
    assert state.edits([(*place, now) for place, (_, _, now) in last.items()]) == ()
    assert state.last_rev == max((change.rev for change in history), default=0)


def test_two_machines_that_add_different_tags_both_keep_theirs() -> None:
    desk, lap = State(), State()
    key = PAPERS[0]
    ours = changed(desk, ("papers", key, "tag/nlp", True), ("papers", key, "status", "read"))
    theirs = changed(
        lap,
        ("papers", key, "tag/rl", True),
        ("papers", key, "status", "dismissed"),
        machine="lap",
    )
    both = replayed([theirs, ours]).of(key)
    assert both.tags == ("nlp", "rl")
    assert both.status is Status.DISMISSED  # equal revisions: the name of the machine decides


def test_a_machine_that_saw_a_change_writes_after_it() -> None:
    zoo = State()
    change = changed(zoo, ("papers", PAPERS[0], "status", "read"), machine="zoo", rev=7)
    ant = replayed([change])
    later = changed(ant, ("papers", PAPERS[0], "status", "dismissed"), machine="ant")
    assert later.rev == 8
    assert later.id == "8@ant"
    assert replayed([later, change]).of(PAPERS[0]).status is Status.DISMISSED


# Lists and views


def test_a_list_is_in_its_users_order_and_equal_places_by_key() -> None:
    state = State()
    state.set_papers("abcd")
    for key, place in (("c", 1.0), ("b", 2.0), ("a", 2.0), ("d", -1.5), ("gone", 0.0)):
        changed(state, ("papers", key, "list/Thesis", place))
    changed(state, ("lists", "Thesis", "exists", True))
    assert list(state.positions("Thesis")) == ["d", "gone", "c", "a", "b"]
    assert state.reading_list("Thesis").keys == ("d", "c", "a", "b")
    changed(state, ("papers", "c", "list/Thesis", None))
    assert state.reading_list("Thesis").keys == ("d", "a", "b")
    state.set_papers(["a", "gone"])
    assert state.reading_list("Thesis").keys == ("gone", "a")
    assert (state.keys(), state.missing_keys()) == (["a", "gone"], ["c", "b", "d"])


def test_lists_are_named_in_the_order_of_the_alphabet_while_they_exist() -> None:
    state = State()
    for name in ("b", "C", "a"):
        changed(state, ("lists", name, "exists", True))
    changed(state, ("lists", "hidden", "description", "was never made"))
    assert state.list_names() == ["a", "b", "C"]
    changed(state, ("lists", "b", "exists", None))
    assert state.list_names() == ["a", "C"]


def test_the_newest_export_of_a_list_comes_first() -> None:
    state = State()
    changed(state, ("lists", "T", "description", "why"))
    for day in ("2026-01-02", "2026-01-03", "2026-01-01"):
        changed(state, ("lists", "T", f"export//x/{day}.md", {**EXPORT, "at": day}))
    reading_list = state.reading_list("T")
    assert reading_list.description == "why"
    assert [export.at for export in reading_list.exports] == [
        "2026-01-03",
        "2026-01-02",
        "2026-01-01",
    ]
    assert reading_list.exports[0] == Export(
        "/x/2026-01-03.md", "markdown", "2026-01-03", (PAPERS[1],), "first"
    )


def test_views_are_reported_by_name_until_they_are_forgotten() -> None:
    state = State()
    changed(state, ("views", "today", "query", "added:today"), ("views", "all", "query", ""))
    assert state.views() == {"all": "", "today": "added:today"}
    changed(state, ("views", "today", "query", None))
    assert state.views() == {"all": ""}


# The snapshot


@given(histories())
def test_a_snapshot_holds_all_there_is(history: list[Change]) -> None:
    state = replayed(history)
    tables = json.loads(json.dumps(tables_of(state)))
    loaded = State()
    loaded.set_papers(PAPERS)
    load_tables(loaded, tables)
    assert unordered(loaded) == unordered(state)
    assert loaded.views() == state.views()
    assert loaded.list_names() == state.list_names()
    for name in state.list_names():
        assert loaded.reading_list(name) == state.reading_list(name)
    for key in PAPERS:
        assert loaded.of(key) == state.of(key)


def test_a_snapshot_gives_each_list_its_papers() -> None:
    state = State()
    changed(state, ("lists", "T", "exists", True), ("papers", "b", "list/T", 1.0))
    changed(state, ("papers", "a", "list/T", 2.0), at="2026-01-16")
    changed(state, ("views", "v", "query", ""), machine="lap", rev=7)
    assert tables_of(state) == {
        "imports": [],
        "joins": [],
        "aliases": [],
        "tags": [],
        "views": [{"name": "v", "query": ""}],
        "sources": [],
        "rules": [],
        "preferences": [],
        "digests": [],
        "reminders": [],
        "files": [],
        "notes": [],
        "lists": [{"name": "T", "exists": True, "papers": ["b", "a"]}],
        "decisions": [
            {"key": "b", "list/T": 1.0, "changed": AT},
            {"key": "a", "list/T": 2.0, "changed": "2026-01-16"},
        ],
    }


@pytest.mark.parametrize(
    ("table", "document"),
    [
        ("decisions", {"status": "read"}),
        ("decisions", {"key": "x", "status": "archived"}),
        ("decisions", {"key": "x", "snoozed_until": "soon"}),
        ("decisions", {"key": "x", "snoozed_until": 5}),
        ("decisions", {"key": "x", "tag/nlp": "x"}),
        ("decisions", {"key": "x", "list/T": "first"}),
        ("decisions", "x"),
        ("lists", {"description": "no name"}),
        ("lists", {"name": "T", "export//x": "y"}),
        ("views", {"name": "no query"}),
    ],
)
def test_a_snapshot_with_a_field_that_does_not_fit_is_refused(table: str, document: Any) -> None:
    tables: dict[str, list[Any]] = {"decisions": [], "lists": [], "views": []}
    tables[table].append(document)
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        load_tables(State(), tables)


# What fits


@pytest.mark.parametrize(
    ("table", "field", "good", "bad"),
    [
        ("papers", "status", [*Status, "read"], ["archived", "", "READ", 1, True, [], {}]),
        ("papers", "starred", [True], ["yes", 1, []]),
        ("papers", "snoozed_until", ["2026-02-01"], ["soon", "2026-2-1", "20260201", "", 5]),
        ("papers", "note", ["later", ""], [5, True, ["later"]]),
        ("papers", "tag/nlp", [True], ["nlp", 1, {}]),
        ("papers", "tag/ml/vision", [True], ["x"]),
        ("papers", "list/T", [1, 0, -0.5, 2.0], ["first", "1", True, [1]]),
        ("lists", "exists", [True], ["yes", 1]),
        ("lists", "description", ["why", ""], [5, True]),
        ("lists", "export//tmp/ü.md", [EXPORT], ["y", [], True, {}]),
        ("views", "query", ["is:unread", ""], [5, True, []]),
    ],
)
def test_a_field_holds_values_of_its_own_kind(
    table: str, field: str, good: list[Any], bad: list[Any]
) -> None:
    assert all(fits(table, field, value) for value in [None, *good])
    assert not [value for value in bad if fits(table, field, value)]


def test_a_value_that_does_not_fit_is_passed_over_and_the_rest_of_its_change_is_not() -> None:
    state = State()
    changed(state, ("papers", "x", "status", "read"))
    edits = [
        Edit("papers", "x", "status", "read", "archived"),
        Edit("papers", "x", "tag/nlp", None, "x"),
        Edit("papers", "x", "tag/rl", None, True),
    ]
    state.apply(Change(2, "lap", "2026-01-16", "archive", tuple(edits)))
    assert state.of("x") == PaperState(Status.READ, tags=("rl",), changed="2026-01-16", marked=AT)
    assert state.last_rev == 2
    state.apply(Change(3, "lap", "2026-01-17", "x", (Edit("papers", "x", "status", "y", None),)))
    assert state.of("x").status is Status.UNREAD


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        ("papers", "status", "archived"),
        pytest.param("papers", "snoozed_until", "2026-02-30"),
        pytest.param("papers", "snoozed_until", "٢٠٢٦-٠١-٠١"),
        pytest.param("papers", "tag/nlp", False),
        pytest.param("papers", "list/T", 10**400, id="papers-list/T-huge"),
        pytest.param("papers", "list/T", float("inf")),
        pytest.param("papers", "list/T", float("nan")),
        pytest.param("lists", "export//x.md", {"held": 5}),
    ],
)
def test_a_value_of_the_right_kind_that_is_none_is_passed_over(
    table: str, field: str, value: Any
) -> None:
    state = State()
    state.apply(Change(1, "lap", AT, "x", (Edit(table, "T", field, None, value),)))
    assert replace(state.of("T"), changed=None) == DEFAULT_STATE
    assert state.positions("T") == {}
    assert state.reading_list("T") == ReadingList("T")
    json.dumps(tables_of(state), allow_nan=False)
