"""What the library promises: memory and disk agree, nothing acknowledged is lost, undo is exact."""

import os
import random
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice, takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import TinyDB

from tests.faults import fail_to_sync_folders, no_space, posix
from tests.libraries import (
    BAGS,
    KEYS,
    RAGS,
    SETS,
    SOME,
    foreign,
    make_library,
    opened,
    state_of,
    status,
    tag,
    three_papers,
)
from tests.storage.test_state import any_settings
from tests.strategies import records
from tui.errors import LibraryError, LibraryLockedError, PapersError
from tui.library import Library
from tui.model.identity import merge_all
from tui.model.paper import Paper, SourceRecord, merge
from tui.model.state import (
    DEFAULT_STATE,
    Change,
    Edit,
    FieldUpdate,
    PaperState,
    Status,
)
from tui.query import parse
from tui.storage.journal import Journal
from tui.storage.json_file import AtomicJSONStorage

ROOT: Final = Path(__file__).parent.parent

folder = three_papers

OWN: Final = "journal/desk/2026-01.jsonl"
"""The file of this machine's changes."""


def deliver(folder: Path, *changes: Change) -> None:
    """Changes of other machines come into the folder."""
    for change in changes:
        journal = Journal(folder / "journal", change.machine)
        journal.append(change)
        journal.close()


def decided(library: Library) -> object:
    """All that was decided, apart from when; whether or not the lists it names are there.

    Where a list was exported to is recorded, not decided.
    """
    decisions, _, lists, views = state_of(library)
    lists = [replace(each, exports=()) for each in lists]
    names = {name for decision in decisions.values() for name in decision.lists}
    places = {name: library.state.positions(name) for name in sorted(names)}
    bare = {
        key: (d.status, d.starred, d.snoozed_until, d.tags, d.lists, d.note)
        for key, d in decisions.items()
    }
    return bare, places, lists, views


def files(folder: Path) -> dict[str, bytes]:
    """Every file but those of the lock, and what is in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("lock")
    }


# A library of one's own


def test_a_library_begins_with_nothing_decided(library: Library, corpus: Sequence[Paper]) -> None:
    assert len(library) == len(corpus) > 200
    assert [item.paper for item in library.items()] == list(corpus)
    assert {item.state for item in library.items()} == {DEFAULT_STATE}
    assert {item.added for item in library.items()} == {"2026-01-15"}
    assert library.counts().unread == library.counts().total == len(corpus)
    assert not library.state.lists()
    assert not library.state.views()
    assert not library.state.missing_keys()
    assert not library.state.history()
    assert not library.state.damaged_lines
    assert library.search.count(parse("is:unread")) == len(corpus)
    assert corpus[0].key in library
    assert "x" not in library
    with pytest.raises(KeyError):
        library.item("x")


def test_everything_is_there_when_it_is_opened_again(
    library: Library, corpus: Sequence[Paper]
) -> None:
    key = corpus[3].key
    library.change("read", [status(key), tag(key, "nlp"), ("papers", key, "note", "“ü”\n日本語")])
    library.change("make list T", [("lists", "T", "exists", True), ("papers", key, "list/T", 1.0)])
    library.change("view v", [("views", "v", "query", "tag:nlp")])
    before = state_of(library)
    library.close()
    for write in (True, False):
        with opened(library.folder, write=write) as again:
            assert state_of(again) == before
            assert [item.paper for item in again.items()] == list(corpus)
            assert again.state.of(key) == PaperState(
                Status.READ,
                tags=("nlp",),
                lists=("T",),
                note="“ü”\n日本語",
                changed="2026-01-15T12:00:00Z",
                marked="2026-01-15T12:00:00Z",
            )
            assert [change.verb for change in again.state.history()] == [
                "read",
                "make list T",
                "view v",
            ]


def test_a_stock_tinydb_opens_both_files(folder: Path) -> None:
    with opened(folder) as library:
        library.change("read", [status(BAGS), tag(BAGS, "nlp")])
        library.change("list", [("lists", "T", "exists", True), ("papers", SETS, "list/T", 1.0)])
    before = files(folder)
    with TinyDB(folder / "papers.json") as database:
        documents = database.table("papers").all()
    assert [(d["key"], d["title"], d["added"]) for d in documents] == [
        (paper.key, paper.title, "2026-01-15") for paper in SOME
    ]
    with TinyDB(folder / "triage.json") as database:
        decisions = {d["key"]: d for d in database.table("decisions").all()}
        lists = [dict(d) for d in database.table("lists").all()]
    assert decisions[BAGS]["status"] == "read"
    assert decisions[BAGS]["tag/nlp"] is True
    assert lists == [{"name": "T", "exists": True, "papers": [SETS]}]
    assert files(folder) == before


def test_what_is_looked_at_only_is_not_written(folder: Path) -> None:
    with opened(folder) as library:
        library.change("read", [status(BAGS)])
        library.add([s for paper in SOME for s in paper.records])
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.json*")}
    with opened(folder) as library:
        assert library.change("read", [status(BAGS)]) is None
        assert library.search.count(parse("is:read")) == 1
        library.add([s for paper in SOME for s in paper.records])
        library.add([merge([SourceRecord("New", None, "1.txt", 1)]).records[0]], dry_run=True)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.json*")} == before


def test_a_library_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    assert not Library.exists(tmp_path / "none")
    with opened(tmp_path / "none", write=False) as library:
        assert len(library) == 0
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", ["papers.json", "triage.json", "journal"])
def test_a_library_is_there_with_any_part_of_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert Library.exists(tmp_path)


def test_the_session_is_kept(folder: Path) -> None:
    with opened(folder) as library:
        assert library.place == {}
        library.save_place({"view": "is:unread", "at": SETS})
    with opened(folder, write=False) as library:
        assert library.place == {"view": "is:unread", "at": SETS}
        library.save_place({})
    with opened(folder) as library:
        assert library.place == {"view": "is:unread", "at": SETS}


def test_a_key_is_found_by_its_beginning(folder: Path) -> None:
    with opened(folder) as library:
        assert library.resolve(SETS) == library.resolve(f" {SETS[:6].upper()} ") == SETS
        with pytest.raises(PapersError, match="2 keys begin"):
            library.resolve("on-")
        for nothing in ("", " ", "zzz"):
            with pytest.raises(PapersError, match="No paper"):
                library.resolve(nothing)


def test_a_list_is_selected_in_the_users_order(library: Library) -> None:
    keys = library.select(parse("")).keys()[:4]
    order = [keys[2], keys[0], keys[3], keys[1]]
    places: list[FieldUpdate] = [("papers", k, "list/T", float(n)) for n, k in enumerate(order)]
    library.change("add to T", [("lists", "T", "exists", True), *places])
    assert [item.key for item in library.select(parse("list:t"))] == order
    assert library.state.reading_list("T").keys == tuple(order)
    assert [item.key for item in library.select(parse("list:t", typing=True))] == order
    assert library.state.find_list("t") == "T"
    assert library.state.find_list("u") is None


def test_papers_are_counted(library: Library) -> None:
    keys = library.select(parse("")).keys()
    library.change("read", [*map(status, keys[:5]), *(tag(key, "rl") for key in keys[3:7])])
    library.change("star", [("papers", keys[0], "starred", True), tag(keys[0], "nlp")])
    library.change("snooze", [("papers", key, "snoozed_until", "2999-01-01") for key in keys[4:7]])
    counts = library.counts()
    assert counts.total == len(library)
    assert counts.by_status == {Status.READ: 5, Status.UNREAD: len(library) - 7}
    assert (counts.snoozed, counts.inbox, counts.kept) == (3, len(library) - 7, 0)
    assert counts.unread == len(library) - 7 == len(library.select(parse("is:unread")))
    assert counts.starred == 1
    for key in keys[7:9]:
        library.change("star", [("papers", key, "starred", True)])
    library.change("add to t", [("papers", keys[9], "list/t", 1.0)])
    counts = library.counts()
    assert counts.unread == len(library) - 7
    assert counts.inbox == len(library) - 10 == len(library.select(parse("is:inbox")))
    assert counts.kept == 3 == len(library.select(parse("is:kept")))
    assert len(library.select(parse("is:decided"))) == 10
    assert list(counts.tags.items()) == [("nlp", 1), ("rl", 4)]


# Imports


def test_papers_are_adopted_by_an_empty_library_only(folder: Path) -> None:
    new = merge([SourceRecord("New", None, "1.txt", 1)])
    with opened(folder) as library:
        library.change("read", [status(SETS)])
        before, papers = files(folder), imported(library)
        with pytest.raises(LibraryError, match="already has papers") as caught:
            library.seed([new])
        assert str(folder) in caught.value.message
        assert files(folder) == before
        assert imported(library) == papers
        assert library.search.count(parse("new")) == 0


def imported(library: Library) -> dict[str, Paper]:
    return {item.key: item.paper for item in library.items()}


@given(first=st.lists(records(), max_size=6), second=st.lists(records(), max_size=6))
def test_an_import_adds_up_and_never_touches_a_decision(
    first: list[SourceRecord], second: list[SourceRecord]
) -> None:
    with TemporaryDirectory() as name:
        folder = make_library(Path(name) / "library")
        with opened(folder) as library:
            library.add(first)
            for key in imported(library):
                library.change("read", [status(key), tag(key, "nlp")])
            library.state.checkpoint()
            decisions = {e.key: e.state for e in library.items()}
            added = {e.key: e.added for e in library.items()}
            known = imported(library)
            before = files(folder)
            assert library.add(second, dry_run=True) == (report := library.add(second))
            after = imported(library)
            assert {**{e.key: e.state for e in library.items()}, **decisions} == {
                e.key: e.state for e in library.items()
            }
            assert added.items() <= {e.key: e.added for e in library.items()}.items()
            assert files(folder)["triage.json"] == before["triage.json"]
            assert files(folder)[OWN].startswith(before[OWN])
            assert after == {
                paper.key: paper
                for paper in merge_all([s for p in SOME for s in p.records] + first + second)
            }
            assert set(report.new) == after.keys() - known.keys()
            assert set(report.merged) == {key for key in known if known[key] != after[key]}
            keys = {sighting.key for sighting in second}
            assert report.unchanged == len(keys) - len(report.new) - len(report.merged)
        with opened(folder, write=False) as library:
            assert imported(library) == after
            assert {key: library.state.of(key) for key in decisions} == decisions


def test_importing_twice_changes_nothing(library: Library, corpus: Sequence[Paper]) -> None:
    records = [record for paper in corpus for record in paper.records]
    assert library.add(records).from_samples == len(corpus)
    before = files(library.folder)
    written = (library.folder / "papers.json").stat()
    report = library.add(records)
    assert (report.new, report.merged, report.unchanged) == ((), (), len(corpus))
    assert files(library.folder) == before
    assert (library.folder / "papers.json").stat().st_ino == written.st_ino


def test_a_paper_that_is_seen_again_keeps_its_decision_and_its_day(folder: Path) -> None:
    with opened(folder) as library:
        library.change("read", [status(SETS)])
    later = datetime(2026, 3, 1, tzinfo=UTC)
    with opened(folder, now=lambda: later) as library:
        report = library.add(
            [
                SourceRecord(
                    "ON SETS", "About sets, at more length.", "9.txt", 5, page_day="2026-03-01"
                )
            ]
        )
        assert report.merged == (SETS,)
        item = library.item(SETS)
        assert (item.paper.title, len(item.paper.records)) == ("ON SETS", 2)
        assert (item.state.status, item.added) == (Status.READ, "2026-01-15")
        assert [e.key for e in library.select(parse("is:read length"))] == [SETS]
        assert library.add([SourceRecord("New", None, "9.txt", 6)]).new
        assert [e.added for e in library.select(parse("title:new"))] == ["2026-03-01"]


@pytest.mark.parametrize(
    ("owner", "call"), [(os, "open"), (os, "fsync"), (os, "write"), (Path, "replace")]
)
def test_an_import_that_cannot_be_written_is_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, call: str
) -> None:
    new = [
        SourceRecord("New", None, "1.txt", 1),
        SourceRecord("On sets!", "Longer than it was.", "1.txt", 2),
    ]
    with opened(folder) as library:
        assert library.search.count(parse("new")) == 0
        before, papers = files(folder), imported(library)
        with monkeypatch.context() as patch:
            patch.setattr(owner, call, no_space)
            with pytest.raises(LibraryError, match="No space left"):
                library.add(new)
        assert files(folder) == before
        assert imported(library) == papers
        assert library.search.count(parse("new")) == 0
        assert len(library.add(new).new) == 1
        assert library.search.count(parse("new")) == 1


@posix
def test_memory_and_disk_agree_when_the_folder_cannot_be_made_durable(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(folder) as library:
        with monkeypatch.context() as patch:
            fail_to_sync_folders(patch)
            assert len(library.add([SourceRecord("New", None, "1.txt", 1)]).new) == 1
        assert library.search.count(parse("new")) == 1
        with opened(folder, write=False) as reader:
            assert imported(reader) == imported(library)


@posix
def test_what_was_added_now_was_added_today(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At any time one of the two zones has another day than UTC."""
    try:
        for zone in ("UTC-14", "UTC+12"):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            with opened(folder, now=lambda: datetime.now(UTC)) as library:
                library.add([SourceRecord(f"New in {zone}", None, "1.txt", 1)])
                assert library.search.count(parse(f'"{zone}" added:today')) == 1
    finally:
        monkeypatch.undo()
        time.tzset()


# Changes


def test_a_change_is_in_the_journal_before_it_is_returned(folder: Path) -> None:
    with opened(folder) as library:
        change = library.change("read", [status(SETS), status(BAGS)])
        assert change is not None
        assert (change.rev, change.machine, change.keys) == (1, "desk", (SETS, BAGS))
        assert change.at == "2026-01-15T12:00:00Z"
        assert Journal(folder / "journal", "other").read() == [change]
        with opened(folder, write=False) as reader:
            assert state_of(reader) == state_of(library)


@pytest.mark.parametrize("call", ["write", "fsync"])
@pytest.mark.parametrize("before", [0, 2])
def test_a_change_that_cannot_be_kept_is_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch, call: str, before: int
) -> None:
    with opened(folder) as library:
        for key in KEYS[:before]:
            library.change("read", [status(key)])
        was = state_of(library)
        names = {
            text: library.search.count(parse(text)) for text in ("is:read", "tag:nlp", "later")
        }
        journal = folder / OWN
        kept = journal.read_bytes() if before else b""
        updates = [status(RAGS), tag(SETS, "nlp"), ("papers", BAGS, "note", "later")]
        with monkeypatch.context() as patch:
            patch.setattr(os, call, no_space)
            with pytest.raises(LibraryError) as caught:
                library.change("read", updates)
            assert "2026-01.jsonl" in caught.value.message
            if before:
                with pytest.raises(LibraryError):
                    library.undo()
        assert state_of(library) == was
        assert {text: library.search.count(parse(text)) for text in names} == names
        assert (journal.read_bytes() if journal.exists() else b"") == kept
        assert (
            len(list(library.state.undo_history.done())) == len(library.state.history()) == before
        )
        change = library.change("read", updates)
        assert change is not None
        assert change.rev == before + 1
        after = state_of(library)
    with opened(folder) as library:
        assert state_of(library) == after


def test_a_snapshot_that_cannot_be_written_loses_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(folder) as library:
        library.change("read", [status(BAGS)])
    snapshot = (folder / "triage.json").read_bytes()
    library = opened(folder)
    library.change("read", [status(SETS)])
    before = state_of(library)
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", no_space)
        with pytest.raises(LibraryError, match=r"triage\.json"):
            library.state.checkpoint()
        library.close()  # the journal has it all
    assert (folder / "triage.json").read_bytes() == snapshot
    with opened(folder) as again:
        assert state_of(again) == before
    assert (folder / "triage.json").read_bytes() != snapshot


def test_a_library_that_was_closed_takes_no_change(folder: Path) -> None:
    library = opened(folder)
    library.change("read", [status(SETS)])
    library.close()
    before, was = files(folder), state_of(library)
    for attempt in (
        lambda: library.change("dismissed", [status(SETS, "dismissed")]),
        lambda: library.add([SourceRecord("New", None, "1.txt", 1)]),
        lambda: library.seed(SOME),
        library.undo,
    ):
        with pytest.raises(LibraryError, match="closed"):
            attempt()
    library.close()
    assert state_of(library) == was
    assert files(folder) == before


def test_decisions_about_papers_that_are_not_here_are_kept(folder: Path) -> None:
    new = SourceRecord("Not here yet", None, "1.txt", 1)
    deliver(folder, foreign(1, "lap", new.key, "read"))
    with opened(folder) as library:
        assert library.state.missing_keys() == [new.key]
        library.change("read", [status(SETS)])
    with opened(folder) as library:
        assert library.state.missing_keys() == [new.key]
        assert library.add([new]).new == (new.key,)
        assert library.item(new.key).state.status is Status.READ
        assert library.state.missing_keys() == []


# Undo and redo


Step = str | list[FieldUpdate]
steps: Final = st.lists(
    st.one_of(
        any_settings(KEYS),
        any_settings(KEYS),
        st.sampled_from(["undo", "undo", "redo", "reopen", "checkpoint", "lose the snapshot"]),
        st.sampled_from(["undo all", "redo"]),
    ),
    max_size=14,
)


@given(history=steps)
def test_any_history_is_walked_back_and_forth_exactly(history: list[Step]) -> None:
    with TemporaryDirectory() as name:
        folder = make_library(Path(name) / "library")
        library = opened(folder)
        beginning = decided(library)
        undoable: list[tuple[object, object, object]] = []  # before, after, and the last redo
        redoable: list[list[tuple[object, object, object]]] = []

        def undo() -> None:
            redo = undoable[-1][2]
            steps = list(takewhile(lambda step: step[2] is redo, reversed(undoable)))[::-1]
            del undoable[-len(steps) :]
            change = library.undo()
            assert len(change.undoes) == len(steps)
            assert decided(library) == steps[0][0]
            redoable.append(steps)

        def undo_all() -> None:
            steps = undoable[-3:]
            del undoable[-3:]
            change = library.undo_all(list(islice(library.state.undo_history.done(), 3)))
            assert change is not None
            assert decided(library) == steps[0][0]
            redoable.append(steps)

        def redo() -> None:
            change = library.redo()
            steps = redoable.pop()
            assert len(change.redoes) == len(steps)
            assert decided(library) == steps[-1][1]
            undoable.extend((before, after, change) for before, after, _ in steps)

        for step in history:
            before = decided(library)
            if isinstance(step, list):
                change = library.change("change", step)
                if change and change.is_undoable:
                    undoable.append((before, decided(library), object()))
                    redoable.clear()
            elif step == "undo" and undoable:
                undo()
            elif step == "undo all" and undoable:
                undo_all()
            elif step == "redo" and redoable:
                redo()
            elif step in ("undo", "redo"):
                with pytest.raises(PapersError, match=f"Nothing to {step}"):
                    library.undo() if step == "undo" else library.redo()
                assert decided(library) == before
            elif step == "undo all":
                assert library.undo_all([]) is None
            else:
                if step == "checkpoint":
                    library.state.checkpoint()
                library.close(save=step == "reopen")
                if step == "lose the snapshot":
                    (folder / "triage.json").unlink(missing_ok=True)
                library = opened(folder)
                assert decided(library) == before
        end, walked = decided(library), 0
        while undoable:
            undo()
            walked += 1
        assert decided(library) == beginning
        for _ in range(walked):
            redo()
        assert decided(library) == end
        library.close()


def test_an_undo_is_a_change_like_any_other(folder: Path) -> None:
    with opened(folder) as library:
        change = library.change("read", [status(SETS), status(BAGS), tag(SETS, "nlp")])
        assert change is not None
        undone = library.undo()
        assert (undone.verb, undone.undoes, undone.rev) == ("undo read", (change.id,), 2)
        assert library.search.count(parse("is:read OR tag:nlp")) == 0
    with opened(folder) as library:
        redone = library.redo()
        assert (redone.verb, redone.redoes, redone.rev) == ("redo read", (change.id,), 3)
        assert library.search.count(parse("is:read")) == 2
        assert library.search.count(parse("tag:nlp")) == 1


def test_changes_that_are_undone_by_one_are_redone_by_one(folder: Path) -> None:
    with opened(folder) as library:
        older = library.change("read", [status(BAGS)])
        changes = [
            library.change("star", [("papers", SETS, "starred", True)]),
            library.change("unstar", [("papers", SETS, "starred", None)]),
            library.change("dismissed", [status(SETS, "dismissed")]),
        ]
        before, ids = state_of(library), [change.id for change in changes if change]
        undone = library.undo_all(list(islice(library.state.undo_history.done(), 3)))
        assert undone is not None
        assert (undone.verb, undone.undoes) == ("take back 3 changes", tuple(ids[::-1]))
        assert library.state.of(SETS).status is Status.UNREAD
    with opened(folder) as library:
        redone = library.redo()
        assert (redone.verb, redone.redoes) == ("undo take back 3 changes", tuple(ids))
        assert state_of(library) == before
    with opened(folder) as library:
        assert library.undo().undoes == tuple(ids[::-1])
        library.redo()
        (_, _, last) = changes
        assert last is not None
        library.undo(last)  # alone, and alone redone
        library.redo()
        assert library.undo().undoes == (last.id,)
        assert library.undo().undoes == tuple(ids[1::-1])
        assert library.undo().undoes == (older and older.id,)


def test_what_others_set_since_stays_when_several_changes_are_undone_and_redone(
    folder: Path,
) -> None:
    with opened(folder) as library:
        library.change("read", [status(SETS), status(BAGS)])
        library.change("tag", [tag(BAGS, "nlp")])
        mine = list(library.state.undo_history.done())
    deliver(folder, foreign(5, "lap", SETS, "dismissed"))

    def now(library: Library) -> tuple[Status, Status, tuple[str, ...]]:
        sets, bags = library.state.of(SETS), library.state.of(BAGS)
        return sets.status, bags.status, bags.tags

    with opened(folder) as library:
        library.undo_all(mine)
        assert now(library) == (Status.DISMISSED, Status.UNREAD, ())
        library.redo()
        assert now(library) == (Status.DISMISSED, Status.READ, ("nlp",))
        undone = library.undo_all(mine)
    deliver(folder, foreign(50, "lap", BAGS, "reading"))
    with opened(folder) as library:
        library.undo(undone)
        assert now(library) == (Status.DISMISSED, Status.READING, ("nlp",))


def test_an_undo_is_taken_back_though_something_was_done_since(folder: Path) -> None:
    with opened(folder) as library:
        library.change("read", [status(SETS)])
        library.change("star", [("papers", SETS, "starred", True)])
        undone = library.undo_all(list(library.state.undo_history.done()))
        library.change("tag", [tag(BAGS, "nlp")])
        with pytest.raises(PapersError, match="Nothing to redo"):
            library.redo()
        redone = library.undo(undone)
        assert redone.redoes == ("1@desk", "2@desk")
        assert library.state.of(SETS).starred
        assert library.state.of(BAGS).tags == ("nlp",)
        with pytest.raises(PapersError, match="already redone"):
            library.undo(undone)
        assert library.undo(redone).undoes == ("2@desk", "1@desk")
        assert library.state.of(SETS).status is Status.UNREAD


def test_redo_is_of_what_was_undone_on_this_machine(folder: Path) -> None:
    back = Edit("papers", SETS, "status", "read", None)
    with opened(folder) as library:
        library.change("read", [status(SETS)])
    deliver(folder, Change(3, "lap", "2026-01-15", "undo read", (back,), undoes=("1@desk",)))
    deliver(folder, foreign(4, "lap", BAGS, "dismissed"))
    with opened(folder) as library:
        with pytest.raises(PapersError, match="Nothing to redo"):
            library.redo()
        (theirs,) = library.state.undo_history.done()
        library.undo(theirs)
        assert library.redo().redoes == ("4@lap",)
        assert library.state.of(BAGS).status is Status.DISMISSED


def test_a_journal_of_an_earlier_version_is_undone_and_redone_as_it_was_then(
    folder: Path,
) -> None:
    with opened(folder) as library:
        library.change("read", [status(SETS)])
        library.change("star", [("papers", BAGS, "starred", True)])
        both = [("papers", SETS, "status", None), ("papers", BAGS, "starred", None)]
        library.change("take back 2 changes", both)
    with opened(folder) as library:
        assert library.undo().verb == "undo take back 2 changes"
        assert library.state.of(BAGS).starred
        assert library.redo().verb == "redo take back 2 changes"
        assert not library.state.of(BAGS).starred


def test_what_was_changed_later_is_not_undone(folder: Path) -> None:
    with opened(folder) as library:
        first = library.change("read", [status(SETS)])
        second = library.change("dismissed", [status(SETS, "dismissed")])
        before, kept = state_of(library), files(folder)
        with pytest.raises(PapersError, match="This change cannot be undone"):
            library.undo(first)
        assert state_of(library) == before
        assert files(folder) == kept
        assert library.undo(second).undoes == ("2@desk",)
        assert library.undo(first).undoes == ("1@desk",)
        with pytest.raises(PapersError, match="already undone"):
            library.undo(first)
        assert library.state.of(SETS).status is Status.UNREAD


def test_of_a_change_that_was_partly_changed_later_the_rest_is_undone_and_redone(
    folder: Path,
) -> None:
    with opened(folder) as library:
        first = library.change("read", [status(SETS), status(BAGS), tag(SETS, "nlp")])
    deliver(folder, foreign(5, "lap", SETS, "dismissed"))

    def now(library: Library) -> tuple[Status, Status, tuple[str, ...]]:
        sets, bags = library.state.of(SETS), library.state.of(BAGS)
        return sets.status, bags.status, sets.tags

    with opened(folder) as library:
        assert now(library) == (Status.DISMISSED, Status.READ, ("nlp",))
        undone = library.undo(first)
        assert undone.undoes == ("1@desk",)
        assert {(edit.id, edit.field) for edit in undone.edits} == {
            (BAGS, "status"),
            (SETS, "tag/nlp"),
        }
        assert now(library) == (Status.DISMISSED, Status.UNREAD, ())
        assert library.redo().redoes == ("1@desk",)
        assert now(library) == (Status.DISMISSED, Status.READ, ("nlp",))


def test_undo_walks_past_what_another_machine_took_back(folder: Path) -> None:
    with opened(folder) as library:
        library.change("star", [("papers", BAGS, "starred", True)])
        library.change("read", [status(SETS)])
        library.change("dismissed", [status(SETS, "dismissed")])
    back = Edit("papers", SETS, "status", "read", None)  # before it heard of the third change
    deliver(folder, Change(3, "lap", "2026-01-15", "undo read", (back,), undoes=("2@desk",)))
    with opened(folder) as library:
        assert library.state.of(SETS).status is Status.UNREAD
        assert library.undo().undoes == ("1@desk",)
        assert not library.state.of(BAGS).starred
        assert library.state.of(SETS).status is Status.UNREAD
        before = state_of(library)
        with pytest.raises(PapersError, match="Nothing to undo"):
            library.undo()
        assert state_of(library) == before


def test_a_change_out_of_turn_is_undone_if_nothing_touched_it(folder: Path) -> None:
    with opened(folder) as library:
        first = library.change("read", [status(SETS)])
        library.change("tag", [tag(SETS, "nlp")])
        library.undo(first)
        assert library.state.of(SETS).status is Status.UNREAD
        assert library.state.of(SETS).tags == ("nlp",)


def test_what_was_changed_since_it_was_undone_is_not_redone(folder: Path) -> None:
    with opened(folder) as library:
        library.change("read", [status(SETS)])
        library.undo()
    deliver(folder, foreign(9, "lap", SETS, "dismissed"))
    with opened(folder) as library:
        assert library.state.of(SETS).status is Status.DISMISSED
        with pytest.raises(PapersError):
            library.redo()
        assert library.state.of(SETS).status is Status.DISMISSED


def test_an_export_is_written_down_and_is_no_step(folder: Path) -> None:
    with opened(folder) as library:
        library.change("read", [status(SETS)])
        library.change("export", [("lists", "T", "export//x.md", {"at": "2026", "held": [SETS]})])
        assert library.undo().verb == "undo read"
        assert [export.held for export in library.state.reading_list("T").exports] == [(SETS,)]


# Two machines


Event = tuple[str, Any]
events: Final = st.lists(
    st.tuples(
        st.sampled_from(["desk", "lap"]),
        st.one_of(
            any_settings(KEYS),
            any_settings(KEYS),
            st.sampled_from(["send", "send and open", "reopen", "undo", "redo"]),
        ),
    ),
    max_size=12,
)


@given(history=events)
def test_two_machines_agree_as_soon_as_they_have_heard_of_all(history: list[Event]) -> None:
    with TemporaryDirectory() as name:
        folders = {machine: make_library(Path(name) / machine) for machine in ("desk", "lap")}
        libraries = {machine: opened(folders[machine], machine) for machine in folders}

        def reopen(machine: str) -> None:
            libraries[machine].close()
            libraries[machine] = opened(folders[machine], machine)

        def send(machine: str, other: str) -> None:
            journal = folders[machine] / "journal" / machine
            if journal.exists():
                shutil.copytree(journal, folders[other] / "journal" / machine, dirs_exist_ok=True)

        for machine, step in history:
            library = libraries[machine]
            other = "lap" if machine == "desk" else "desk"
            before = state_of(library)
            if isinstance(step, list):
                library.change("change", step)
            elif step in ("undo", "redo"):
                try:
                    library.undo() if step == "undo" else library.redo()
                except PapersError:  # the other machine has been there since
                    assert state_of(library) == before
            elif step == "reopen":
                reopen(machine)
            else:
                send(machine, other)
                if step == "send and open":
                    reopen(other)
        send("desk", "lap")
        send("lap", "desk")
        for again in range(3):
            for machine in folders:
                reopen(machine)
            assert state_of(libraries["desk"]) == state_of(libraries["lap"])
            assert libraries["desk"].state.history() == libraries["lap"].state.history()
            if again == 1:
                libraries["lap"].close(save=False)
                (folders["lap"] / "triage.json").unlink(missing_ok=True)
        changes = libraries["desk"].state.history()
        for library in libraries.values():
            library.close()
        # An empty folder that is given the journals alone comes to the same.
        third = make_library(Path(name) / "third")
        deliver(third, *changes)
        with opened(third, "third") as library:
            assert state_of(library) == state_of(libraries["desk"])


@pytest.mark.parametrize("order", [("desk", "lap"), ("lap", "desk")])
def test_both_tags_are_kept_and_the_last_status_whatever_arrives_first(
    tmp_path: Path, order: Sequence[str]
) -> None:
    folder = make_library(tmp_path / "library")
    by = {
        "desk": [foreign(1, "desk", SETS, "read"), foreign(4, "desk", SETS, True, "tag/nlp")],
        "lap": [foreign(2, "lap", SETS, "dismissed"), foreign(3, "lap", SETS, True, "tag/rl")],
    }
    for machine in order:
        deliver(folder, *by[machine])
        with opened(folder, "third") as library:
            assert library.state.of(SETS).status in (Status.READ, Status.DISMISSED)
    with opened(folder, "third") as library:
        assert library.state.of(SETS).status is Status.DISMISSED
        assert library.state.of(SETS).tags == ("nlp", "rl")
        change = library.change("star", [("papers", SETS, "starred", True)])
        assert change is not None
        assert change.rev == 5


def test_ones_own_change_is_undone_though_others_arrive_meanwhile(folder: Path) -> None:
    with opened(folder) as library:
        library.change("read", [status(SETS)])
        deliver(folder, foreign(5, "lap", BAGS, "read"))
        assert library.undo().undoes == ("1@desk",)


def test_a_damaged_line_costs_no_decision_that_the_snapshot_has(folder: Path) -> None:
    with opened(folder) as library:
        library.change("read", [status(SETS)])
        library.change("read", [status(BAGS)])
    journal = folder / OWN
    journal.write_bytes(journal.read_bytes().replace(b'"read"', b'"raed"', 1))
    with opened(folder) as library:
        assert library.state.of(SETS).status is Status.READ
        assert library.state.damaged_lines == [(journal, 1)]
    deliver(folder, foreign(1, "ant", RAGS, "read"))
    with opened(folder) as library:
        assert library.state.of(RAGS).status is Status.READ
        assert library.state.of(SETS).status is Status.READ


NEWER: Final = (
    ("status", "archived"),
    ("snoozed_until", "next week"),
    ("tag/nlp", "x"),
    ("list/T", "first"),
)


@pytest.mark.parametrize(("field", "value"), NEWER)
def test_a_value_that_only_a_newer_version_knows_is_passed_over(
    folder: Path, field: str, value: str
) -> None:
    deliver(folder, foreign(1, "lap", SETS, value, field), foreign(2, "lap", SETS, "later", "note"))
    lines = (folder / "journal/lap/2026-01.jsonl").read_bytes()
    for _ in range(2):  # from the journal, and from the snapshot
        with opened(folder) as library:
            assert len(library.items()) == len(library.select(parse(""))) == 3
            assert library.state.of(SETS) == PaperState(note="later", changed="2026-01-14")
            assert library.state.reading_list("T").keys == ()
            assert library.state.damaged_lines == []
    assert (folder / "journal/lap/2026-01.jsonl").read_bytes() == lines


def test_a_copy_of_a_journal_beside_it_changes_nothing(folder: Path) -> None:
    """As a synced folder makes one: “desk (conflicted copy).jsonl”."""
    with opened(folder) as library:
        library.change("read", [status(SETS)])
        library.change("read", [status(BAGS)])
        before = state_of(library)
    shutil.copy(folder / OWN, folder / "journal/desk (conflicted copy).jsonl")
    with opened(folder) as library:
        assert state_of(library) == before
        assert len(library.state.history()) == 2
        library.undo()
        library.undo()
        assert library.counts().unread == 3


OTHER_SHAPES: Final[tuple[Any, ...]] = (
    ("papers", SETS, 5, None, "x"),
    ("papers", [SETS], "note", None, "x"),
)


@pytest.mark.parametrize("edit", OTHER_SHAPES)
def test_a_line_of_another_shape_keeps_no_library_shut(folder: Path, edit: Any) -> None:
    change = Change(1, "lap", "2026-01-14", "x", (Edit(*edit),))
    deliver(folder, change, foreign(2, "lap", BAGS, "read"))
    with opened(folder) as library:
        assert library.state.of(BAGS).status is Status.READ


# Damage


DAMAGE: Final[dict[str, Callable[[bytes], bytes]]] = {
    "altered": lambda raw: raw.replace(b"on-bags", b"on-rags", 1),
    "empty": lambda raw: b"",
    "null": lambda raw: b"null",
    "a list": lambda raw: b"[]",
    "truncated": lambda raw: raw[:-9],
    "newer": lambda raw: re.sub(rb'"schema": [0-9]+', b'"schema": 99', raw, count=1),
    "not ours": lambda raw: b'{"_default": {}}',
    "NaN": lambda raw: raw.replace(b'"key": "', b'"x": NaN, "key": "', 1),
}


TRUTH: Final = {"papers.json": "imports", "triage.json": "journal"}
"""What each snapshot is made of."""


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=list(DAMAGE))
@pytest.mark.parametrize("name", ["papers.json", "triage.json"])
@pytest.mark.parametrize("write", [True, False])
def test_a_library_with_a_damaged_file_and_no_other_stays_shut_and_as_it_is(
    folder: Path, damage: Callable[[bytes], bytes], name: str, write: bool
) -> None:
    with opened(folder) as library:
        library.change("read", [status(BAGS)])
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(damage(whole))
    if damage is not DAMAGE["newer"]:  # else it could be rebuilt
        shutil.move(folder / TRUTH[name], folder / "elsewhere")
    before = files(folder)
    assert before[name] != whole
    for or_read_only in (False, True):
        with pytest.raises(LibraryError) as caught:
            opened(folder, write=write, or_read_only=or_read_only)
        assert str(folder / name) in caught.value.message
        assert not isinstance(caught.value, LibraryLockedError)
    assert files(folder) == before
    if damage is not DAMAGE["newer"]:
        shutil.move(folder / "elsewhere", folder / TRUTH[name])
    (folder / name).write_bytes(whole)
    with opened(folder) as library:  # and it did not stay locked
        assert library.state.of(BAGS).status is Status.READ


@pytest.mark.parametrize("damage", sorted(DAMAGE.keys() - {"newer"}))
@pytest.mark.parametrize("name", ["papers.json", "triage.json"])
@pytest.mark.parametrize("write", [True, False])
def test_a_damaged_file_is_rebuilt_from_what_it_was_made_of(
    folder: Path, damage: str, name: str, write: bool
) -> None:
    with opened(folder) as library:
        library.change("read", [status(BAGS), tag(SETS, "nlp")])
        library.add([SourceRecord("A new one", None, "9.txt", 1)])
        before, papers = state_of(library), [item.paper for item in library.items()]
    (folder / name).write_bytes(DAMAGE[damage]((folder / name).read_bytes()))
    with opened(folder, write=write) as library:
        assert state_of(library) == before
        assert [item.paper for item in library.items()] == papers
    with opened(folder) as library:
        assert state_of(library) == before


@pytest.mark.parametrize("name", ["papers.json", "triage.json"])
def test_a_byte_order_mark_is_no_damage(folder: Path, name: str) -> None:
    with opened(folder) as library:
        library.change("read", [status(BAGS)])
        before = state_of(library)
    (folder / name).write_bytes(b"\xef\xbb\xbf" + (folder / name).read_bytes())
    with opened(folder) as library:
        assert state_of(library) == before


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        ("papers.json", {"papers": {"1": {}}}),
        ("papers.json", {"papers": {"1": {"key": "x", "title": 5}}}),
        ("papers.json", {"papers": {"1": "x"}}),
        ("papers.json", {"papers": {"x": {}}}),
        ("triage.json", {"decisions": {"1": "x"}}),
        ("triage.json", {"decisions": {"x": {}}}),
        *(("triage.json", {"decisions": {"1": {"key": SETS, f: value}}}) for f, value in NEWER),
        ("triage.json", {"lists": {"1": {}}}),
        ("triage.json", {"journal": {"1": {"machine": "desk", "rev": "x", "changes": 1}}}),
    ],
)
def test_a_file_that_is_whole_and_does_not_fit_is_refused(
    folder: Path, name: str, tables: dict[str, dict[str, Any]]
) -> None:
    AtomicJSONStorage(folder / name).write(tables)
    shutil.rmtree(folder / TRUTH[name], ignore_errors=True)
    with pytest.raises(LibraryError, match=name.replace(".", r"\.")):
        opened(folder)


def test_a_snapshot_that_is_lost_is_rebuilt_from_the_journal(folder: Path) -> None:
    deliver(folder, foreign(1, "lap", RAGS, "reading"))
    with opened(folder) as library:
        library.change("read", [status(SETS), tag(SETS, "nlp")])
        library.change("list", [("lists", "T", "exists", True), ("papers", BAGS, "list/T", 1.0)])
        before = state_of(library)
    (folder / "triage.json").unlink()
    with opened(folder, write=False) as library:
        assert state_of(library) == before
    assert not (folder / "triage.json").exists()
    with opened(folder) as library:
        assert state_of(library) == before
    assert (folder / "triage.json").exists()
    with opened(folder) as library:
        change = library.change("read", [status(BAGS)])
        assert change is not None
        assert change.rev == 4


def test_a_journal_that_is_lost_leaves_the_snapshot(folder: Path) -> None:
    with opened(folder) as library:
        library.change("read", [status(SETS)])
        before = state_of(library)
    shutil.rmtree(folder / "journal")
    with opened(folder) as library:
        assert state_of(library) == before
        change = library.change("read", [status(BAGS)])
        assert change is not None
        assert change.rev == 2
    with opened(folder) as library:
        assert {SETS, BAGS} == {e.key for e in library.select(parse("is:read"))}


def test_a_torn_last_line_is_passed_over_and_a_damaged_one_is_reported(
    folder: Path, home: Path
) -> None:
    with opened(folder) as library:
        for key in KEYS:
            library.change("read", [status(key)])
    journal = folder / OWN
    (folder / "triage.json").unlink()
    shutil.rmtree(home / "state")  # which could put it back
    journal.write_bytes(journal.read_bytes()[:-30])
    with opened(folder) as library:
        assert [e.key for e in library.items() if e.state.status is Status.READ] == [
            SETS,
            BAGS,
        ]
        assert library.state.damaged_lines == []
    (folder / "triage.json").unlink()
    journal.write_bytes(journal.read_bytes().replace(b'"read"', b'"raed"', 1))
    with opened(folder) as library:
        assert [e.key for e in library.items() if e.state.status is Status.READ] == [BAGS]
        assert library.state.damaged_lines == [(journal, 1)]


def test_each_file_is_read_once_so_that_it_is_one_state(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another writer may replace it at any time."""
    with opened(folder) as library:
        library.change("read", [status(SETS)])
    reads: list[str] = []

    def noting(method: Callable[[AtomicJSONStorage], Any]) -> Callable[[AtomicJSONStorage], Any]:
        def noted(self: AtomicJSONStorage) -> Any:
            reads.append(self.path.name)
            return method(self)

        return noted

    for name in ("read", "mapped"):
        monkeypatch.setattr(AtomicJSONStorage, name, noting(getattr(AtomicJSONStorage, name)))
    with opened(folder, write=False) as library:
        assert library.state.of(SETS).status is Status.READ
    assert sorted(reads) == ["papers.json", "triage.json"]


def test_a_library_that_is_no_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    for write in (True, False):
        with pytest.raises(LibraryError) as caught:
            opened(tmp_path / "file", write=write)
        assert str(tmp_path / "file") in caught.value.message


# Several instances


def test_a_second_writer_is_refused_and_reading_is_not(folder: Path) -> None:
    with opened(folder) as library:
        library.change("read", [status(SETS)])
        with pytest.raises(LibraryLockedError) as caught:
            opened(folder)
        assert caught.value.exit_code == 75
        assert f"process {os.getpid()}" in caught.value.message
        assert caught.value.hint
        for _ in range(2):
            with opened(folder, write=False) as reader:
                assert state_of(reader) == state_of(library)
        assert library.change("read", [status(BAGS)])
    with opened(folder) as library:
        assert library.counts().unread == 1


def test_a_second_writer_that_may_read_opens_for_reading(folder: Path) -> None:
    with opened(folder) as library:
        library.change("read", [status(SETS)])
        with opened(folder, or_read_only=True) as second:
            assert second.read_only_reason is not None
            assert "Another papers-tui" in second.read_only_reason
            assert state_of(second) == state_of(library)
            with pytest.raises(LibraryError, match="Another papers-tui"):
                second.change("read", [status(BAGS)])
        assert library.read_only_reason is None
    with opened(folder, or_read_only=True) as second:
        assert second.read_only_reason is None


SECOND: Final = """
import sys
from pathlib import Path
from tui.errors import LibraryLockedError
from tui.library import Library
try:
    Library.open(Path(sys.argv[1]), "desk", wait=0).close()
except LibraryLockedError as error:
    sys.exit(error.exit_code)
"""


def test_a_writer_in_another_process_is_refused(folder: Path) -> None:
    def code() -> int:
        call = [sys.executable, "-c", SECOND, str(folder)]
        return subprocess.run(call, cwd=ROOT, timeout=60, check=False).returncode

    with opened(folder):
        assert code() == 75
    assert code() == 0


@pytest.mark.parametrize("pid", ["", "x", "\udcff"])
def test_the_file_of_the_lock_alone_locks_nobody_out(folder: Path, pid: str) -> None:
    (folder / "lock").touch()
    (folder / "lock.holder").write_bytes(pid.encode("utf-8", "surrogateescape"))
    with opened(folder):
        (folder / "lock.holder").write_bytes(pid.encode("utf-8", "surrogateescape"))
        with pytest.raises(LibraryLockedError):
            opened(folder)


def test_a_library_for_reading_refuses_every_change(folder: Path) -> None:
    with opened(folder) as library:
        library.change("read", [status(SETS)])
        library.undo()
        library.change("read", [status(BAGS)])
    before = files(folder)
    with opened(folder, write=False) as library:
        was = state_of(library)
        attempts: list[Callable[[], object]] = [
            lambda: library.change("read", [status(SETS)]),
            lambda: library.add([SourceRecord("New", None, "1.txt", 1)]),
            lambda: library.seed(SOME),
            library.undo,
        ]
        for attempt in attempts:
            with pytest.raises(LibraryError, match="reading only"):
                attempt()
        assert library.add([SourceRecord("New", None, "1.txt", 1)], dry_run=True).new
        assert state_of(library) == was
    assert files(folder) == before


# Links and modes


@posix
@pytest.mark.parametrize("name", ["papers.json", "triage.json"])
def test_a_linked_file_stays_a_link(folder: Path, name: str) -> None:
    with opened(folder) as library:
        library.change("read", [status(SETS)])
    (folder / "synced").mkdir()
    target = folder / "synced" / name
    shutil.move(folder / name, target)
    (folder / name).symlink_to(target)
    before = target.read_bytes()
    with opened(folder) as library:
        library.add([SourceRecord("New", None, "1.txt", 1)])
        library.change("read", [status(BAGS)])
        after = state_of(library)
    assert (folder / name).is_symlink()
    assert target.read_bytes() != before
    assert [path.name for path in (folder / "synced").iterdir()] == [name]
    with opened(folder) as library:
        assert state_of(library) == after


@posix
def test_a_link_to_nowhere_is_no_new_library(folder: Path, tmp_path: Path) -> None:
    (folder / "papers.json").unlink()
    (folder / "papers.json").symlink_to(tmp_path / "not mounted" / "papers.json")
    with pytest.raises(LibraryError, match=r"papers\.json"):
        opened(folder)


def modes(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode)
        for path in (folder, *folder.rglob("*"))
    }


@posix
@pytest.mark.usefixtures("usual_umask")
def test_a_new_library_is_its_users_own(tmp_path: Path) -> None:
    with opened(make_library(tmp_path / "deep" / "library")) as library:
        library.change("read", [status(SETS)])
    assert modes(library.folder) == {
        ".": 0o700,
        "backups": 0o700,
        **{f"backups/{path.name}": 0o600 for path in (library.folder / "backups").iterdir()},
        "imports": 0o700,
        **{f"imports/{path.name}": 0o600 for path in (library.folder / "imports").iterdir()},
        "journal": 0o700,
        "journal/desk": 0o700,
        OWN: 0o600,
        "lock": 0o600,
        "lock.holder": 0o600,
        "papers.json": 0o600,
        "triage.json": 0o600,
    }


@posix
@pytest.mark.usefixtures("usual_umask")
def test_what_is_there_keeps_its_mode(folder: Path) -> None:
    with opened(folder) as library:
        library.change("read", [status(SETS)])
    expected = {
        ".": 0o750,
        "journal": 0o755,
        "journal/desk": 0o755,
        OWN: 0o640,
        "papers.json": 0o644,
        "triage.json": 0o660,
    }
    for name, mode in expected.items():
        (folder / name).chmod(mode)
    with opened(folder) as library:
        library.add([SourceRecord("New", None, "1.txt", 1)])
        library.change("read", [status(BAGS)])
    assert {name: modes(folder)[name] for name in expected} == expected


# Killed at any moment


MARKING: Final = """
import itertools, sys
from pathlib import Path
from tui.library import Library

library = Library.open(Path(sys.argv[1]), "desk")
keys = [entry.key for entry in library.items()]
for number in itertools.count():
    key, text = keys[number % len(keys)], f"{sys.argv[2]}-{number}"
    wanted = [("papers", key, "note", text), ("papers", key, "status", "read")]
    change = library.change("note", wanted)
    print(change.rev, key, text, flush=True)
    if number % 3 == 0:
        library.state.checkpoint()
"""


@posix
def test_a_process_that_is_killed_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """Ten kills, each at another moment, in one library that goes on after each."""
    with opened(tmp_path / "library") as library:
        library.seed(SOME)
    chance = random.Random(20260115)
    acknowledged: dict[int, tuple[str, str]] = {}
    for run in range(10):
        call = [sys.executable, "-c", MARKING, str(library.folder), str(run)]
        with subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(chance.randrange(1, 60))]
            process.send_signal(signal.SIGKILL)
            lines += process.stdout.readlines()
        assert process.returncode == -signal.SIGKILL
        for line in lines:
            if line.endswith("\n"):
                rev, key, text = line.split()
                acknowledged[int(rev)] = (key, text)
        with opened(library.folder, wait=5) as again:
            changes = again.state.history()
            last: dict[str, str] = {}
            for change in changes:
                key, text = change.edits[0].id, str(change.edits[0].now)
                assert acknowledged.get(change.rev, (key, text)) == (key, text)
                last[key] = text
            assert [change.rev for change in changes] == list(range(1, len(changes) + 1))
            assert max(acknowledged) <= len(changes)
            unheard = {change.rev for change in changes} - acknowledged.keys()
            assert len(unheard) <= run + 1  # of each run, the one that was being told
            for key, text in last.items():
                assert again.state.of(key).note == text
                assert again.state.of(key).status is Status.READ
            assert imported(again) == {paper.key: paper for paper in SOME}
    assert len(acknowledged) >= 10


# The day


def test_a_snoozed_paper_is_not_unread_until_its_day(folder: Path) -> None:
    with opened(folder) as library:
        library.change("snooze", [("papers", SETS, "snoozed_until", "2999-01-01")])
        library.change("snooze", [("papers", BAGS, "snoozed_until", "2000-01-01")])
        assert {e.key for e in library.select(parse("is:unread"))} == {BAGS, RAGS}
        assert {e.key for e in library.select(parse("is:snoozed"))} == {SETS}
        assert library.state.of(SETS).snoozed_until == date(2999, 1, 1)
