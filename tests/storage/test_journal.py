"""What the journal promises: what was acknowledged is read again, and nothing else is."""

import errno
import os
import shutil
import stat
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.faults import fail_to_sync_folders, no_space, noted_syncs, posix
from tests.storage.test_state import histories, replayed, unordered
from tests.strategies import clean_text
from tui.errors import LibraryError
from tui.model.state import Change, Edit
from tui.model.undo import UndoStack
from tui.storage.journal import Journal

OWN: Final = "desk/2026-01.jsonl"
"""The file of the changes below, within the folder of the journal."""


def change(rev: int, machine: str = "desk", verb: str = "read", **which: Any) -> Change:
    edit = Edit("papers", f"paper-{rev}", "status", None, "read")
    return Change(rev, machine, "2026-01-15T12:00:00Z", verb, (edit,), **which)


def written(folder: Path, *changes: Change) -> None:
    """Appends changes to the journals of their machines."""
    for each in changes:
        journal = Journal(folder, each.machine)
        journal.append(each)
        journal.close()


# Round trip


values: Final[st.SearchStrategy[Any]] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # What comes to the journal was cleaned, so that no lone surrogate is in it.
    | clean_text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(clean_text(), inner, max_size=2),
    max_leaves=4,
)
edits = st.builds(Edit, clean_text(), clean_text(), clean_text(), values, values)
ids = st.sampled_from([(), ("1@lap",), ("3@desk", "1@lap")])
changes = st.builds(
    Change,
    st.just(0),
    st.sampled_from(["desk", "lap"]),
    clean_text(),
    clean_text(),
    st.lists(edits, max_size=3).map(tuple),
    undoes=ids,
    redoes=ids,
)


@given(st.lists(changes, max_size=5))
def test_what_is_appended_is_read_again(some: list[Change]) -> None:
    some = [
        Change(rev, c.machine, c.at, c.verb, c.edits, c.undoes, c.redoes)
        for rev, c in enumerate(some, 1)
    ]
    with TemporaryDirectory() as folder:
        written(Path(folder), *some)
        journal = Journal(Path(folder), "other")
        assert journal.read() == some
        assert journal.damaged == []
        for line in b"".join(p.read_bytes() for p in Path(folder).rglob("*.jsonl")).splitlines():
            line.decode("utf-8")


def test_a_journal_that_was_never_written_is_empty(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "none", "desk")
    assert journal.read() == []
    assert not (tmp_path / "none").exists()
    journal.close()


def test_each_machine_appends_to_its_own_file_only(tmp_path: Path) -> None:
    written(tmp_path, change(1), change(2, "lap"), change(3))
    assert [
        path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*.jsonl"))
    ] == [
        "desk/2026-01.jsonl",
        "lap/2026-01.jsonl",
    ]
    assert (tmp_path / OWN).read_bytes().count(b"\n") == 2
    before = (tmp_path / OWN).read_bytes()
    written(tmp_path, change(4))
    assert (tmp_path / OWN).read_bytes().startswith(before)


def test_changes_of_all_machines_come_by_revision_and_then_by_machine(tmp_path: Path) -> None:
    changes = [
        change(3, "zoo"),
        change(1, "zoo"),
        change(3, "ant"),
        change(2, "lap"),
        change(1, "a"),
    ]
    written(tmp_path, *changes)
    ids = [each.id for each in Journal(tmp_path, "desk").read()]
    assert ids == ["1@a", "1@zoo", "2@lap", "3@ant", "3@zoo"]


def test_only_what_came_since_is_followed(tmp_path: Path) -> None:
    written(tmp_path, change(1, "a"), change(2, "b"))
    journal = Journal(tmp_path, "desk")
    assert journal.read() == [change(1, "a"), change(2, "b")]
    assert journal.follow() == []
    written(tmp_path, change(5, "c"), change(3, "a"), change(4, "b"))
    assert journal.follow() == [change(3, "a"), change(4, "b"), change(5, "c")]
    assert journal.follow() == []


def test_a_line_that_is_being_written_is_followed_when_it_is_whole(tmp_path: Path) -> None:
    written(tmp_path, change(1), change(2))
    path = tmp_path / OWN
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    journal = Journal(tmp_path, "lap")
    assert journal.read() == [change(1)]
    assert journal.follow() == []
    with path.open("ab") as file:
        file.write(whole[-20:])
    assert journal.follow() == [change(2)]
    assert journal.damaged == []


def test_a_file_that_was_replaced_is_read_on_if_it_is_longer_alone(tmp_path: Path) -> None:
    written(tmp_path, change(1), change(2))
    journal = Journal(tmp_path, "lap")
    journal.read()
    path = tmp_path / OWN
    (tmp_path / "synced").write_bytes(path.read_bytes())
    (tmp_path / "synced").replace(path)
    written(tmp_path, change(3))
    assert journal.follow() == [change(3)]
    path.write_bytes(path.read_bytes()[1:])
    assert journal.follow() is None


def test_ones_own_changes_are_no_news(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", "desk")
    journal.read()
    for rev in (1, 2):
        journal.append(change(rev))
        assert not journal.is_behind
        assert journal.follow() == []
    written(journal.folder, change(3))
    assert journal.is_behind
    journal.append(change(4))
    assert change(3) in (journal.follow() or ())
    journal.close()


def test_two_changes_that_got_one_name_are_both_kept(tmp_path: Path) -> None:
    one, other = change(1, verb="read"), change(1, verb="star")
    written(tmp_path, one, other)
    assert sorted(c.verb for c in Journal(tmp_path, "lap").read()) == ["read", "star"]


@given(histories(("desk", "lap", "zoo")), st.randoms(use_true_random=False))
def test_journals_give_one_state_whatever_the_order_they_arrive_in(
    history: list[Change], random: Any
) -> None:
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        written(Path(first), *history)
        files = list(Path(first).rglob("*.jsonl"))
        random.shuffle(files)
        ledger = replayed([])
        for file in files:
            target = Path(second, file.relative_to(first))
            target.parent.mkdir(exist_ok=True)
            shutil.copy(file, target)
            ledger = replayed(Journal(Path(second), "desk").read())
        assert unordered(ledger) == unordered(replayed(history))


@posix
@pytest.mark.usefixtures("usual_umask")
def test_a_new_journal_is_its_users_own(tmp_path: Path) -> None:
    written(tmp_path / "journal", change(1))
    assert stat.S_IMODE((tmp_path / "journal").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "journal" / OWN).stat().st_mode) == 0o600


# Damage


@pytest.mark.parametrize("cut", [1, 2, 12, 40, -1])
def test_a_last_line_that_was_not_finished_is_passed_over(tmp_path: Path, cut: int) -> None:
    written(tmp_path, change(1), change(2))
    path = tmp_path / OWN
    first, second, _ = path.read_bytes().split(b"\n")
    path.write_bytes(first + b"\n" + second[:cut])
    journal = Journal(tmp_path, "desk")
    assert journal.read() == [change(1)]
    assert journal.damaged == []


def test_a_last_line_that_lacks_only_its_end_is_read(tmp_path: Path) -> None:
    written(tmp_path, change(1), change(2))
    path = tmp_path / OWN
    path.write_bytes(path.read_bytes()[:-1])
    assert Journal(tmp_path, "desk").read() == [change(1), change(2)]
    written(tmp_path, change(3))
    journal = Journal(tmp_path, "desk")
    assert journal.read() == [change(1), change(2), change(3)]
    assert journal.damaged == []


def test_what_is_appended_after_an_unfinished_line_is_a_line_of_its_own(tmp_path: Path) -> None:
    written(tmp_path, change(1))
    path = tmp_path / OWN
    path.write_bytes(path.read_bytes() + b'{"sum":"0000')
    written(tmp_path, change(2))
    journal = Journal(tmp_path, "desk")
    assert journal.read() == [change(1), change(2)]
    assert journal.damaged == []


@pytest.mark.parametrize("hole", [1, 30, 1_000])
def test_a_last_line_with_a_hole_that_a_power_cut_left_was_never_finished(
    tmp_path: Path, hole: int
) -> None:
    written(tmp_path, change(1), change(2))
    path = tmp_path / OWN
    first, second, _ = path.read_bytes().split(b"\n")
    hole = min(hole, len(second))
    path.write_bytes(first + b"\n" + bytes(hole) + second[hole:] + b"\n")
    journal = Journal(tmp_path, "desk")
    assert journal.read() == [change(1)]
    assert journal.damaged == []
    journal.append(change(3))
    journal.close()
    journal = Journal(tmp_path, "desk")
    assert journal.read() == [change(1), change(3)]
    assert journal.damaged == []


DAMAGE: Final[dict[str, Callable[[bytes], bytes]]] = {
    "a letter is another": lambda line: line.replace(b"read", b"raed"),
    "one bit is another": lambda line: bytes([*line[:60], line[60] ^ 4, *line[61:]]),
    "its end is missing": lambda line: line[:-5],
    "its beginning is missing": lambda line: line[5:],
    "it is empty JSON": lambda line: b"{}",
    "it is no JSON": lambda line: b"<<<<<<<",
    "it is NULs": lambda line: bytes(len(line)),
    "it is not UTF-8": lambda line: line.replace(b"desk", b"d\xffsk"),
    "its sum is of capitals": lambda line: line[:8] + line[8:16].upper() + b"Z" + line[17:],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=list(DAMAGE))
def test_a_damaged_line_is_reported_and_the_others_are_read(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    written(tmp_path, change(1), change(2), change(3), change(4, "lap"))
    path = tmp_path / OWN
    first, second, third, _ = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([first, damage(second), third, b""]))
    before = path.read_bytes()
    journal = Journal(tmp_path, "desk")
    assert journal.read() == [change(1), change(3), change(4, "lap")]
    assert journal.damaged == [(path, 2)]
    assert path.read_bytes() == before


@given(place=st.integers(0), byte=st.integers(0, 255))
def test_no_altered_byte_alters_a_change(
    place: int, byte: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp() / "altered"
    path = folder / OWN
    if not path.exists():
        written(folder, change(1), change(2), change(3))
        (folder / "whole").write_bytes(path.read_bytes())
    raw = bytearray((folder / "whole").read_bytes())
    raw[place % len(raw)] = byte
    path.write_bytes(raw)
    read = Journal(folder, "desk").read()
    assert set(read) <= {change(1), change(2), change(3)}
    assert len(read) >= 1


def test_a_journal_whose_line_ends_were_converted_on_the_way_is_read(tmp_path: Path) -> None:
    """As git does between systems, where it is not told better."""
    written(tmp_path, change(1), change(2))
    path = tmp_path / OWN
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    journal = Journal(tmp_path, "desk")
    assert journal.read() == [change(1), change(2)]
    assert journal.damaged == []


def test_a_second_change_is_appended_where_the_system_cannot_read_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "pread", raising=False)
    written(tmp_path, change(1), change(2))
    assert Journal(tmp_path, "desk").read() == [change(1), change(2)]


def test_a_journal_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / OWN).mkdir(parents=True)
    with pytest.raises(LibraryError, match=r"2026-01\.jsonl"):
        Journal(tmp_path, "desk").read()


# What cannot be written


def half_then_no_space() -> Callable[[int, bytes], int]:
    """A disk that fills up in the middle of a line."""
    write, calls = os.write, iter([True])

    def write_half(handle: int, data: bytes) -> int:
        return write(handle, data[: len(data) // 2]) if next(calls, False) else no_space()

    return write_half


FULL: Final[dict[str, tuple[str, Callable[[], Callable[..., Any]]]]] = {
    "nothing can be written": ("write", lambda: no_space),
    "half of it can be written": ("write", half_then_no_space),
    "it cannot be made durable": ("fsync", lambda: no_space),
}


@pytest.mark.parametrize(("call", "fault"), FULL.values(), ids=list(FULL))
@pytest.mark.parametrize("known", [0, 2])
def test_a_journal_that_cannot_be_written_is_as_it_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    fault: Callable[[], Callable[..., Any]],
    known: int,
) -> None:
    journal = Journal(tmp_path / "journal", "desk")
    for rev in range(1, known + 1):
        journal.append(change(rev))
    before = journal.path.read_bytes() if known else b""
    with monkeypatch.context() as patch:
        patch.setattr(os, call, fault())
        with pytest.raises(LibraryError) as caught:
            journal.append(change(9))
    assert str(journal.path) in caught.value.message
    assert os.strerror(errno.ENOSPC) in caught.value.message
    assert (journal.path.read_bytes() if journal.path.exists() else b"") == before
    journal.append(change(9))
    assert journal.read() == [*map(change, range(1, known + 1)), change(9)]
    journal.close()


def test_a_line_that_is_written_in_pieces_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda handle, data: write(handle, data[:7]))
        written(tmp_path, change(1), change(2))
    assert Journal(tmp_path, "desk").read() == [change(1), change(2)]


def test_a_change_is_durable_before_it_is_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, write = noted_syncs(monkeypatch), os.write

    def noted_write(handle: int, data: bytes) -> int:
        calls.append("write")
        return write(handle, data)

    monkeypatch.setattr(os, "write", noted_write)
    journal = Journal(tmp_path / "journal", "desk")
    journal.append(change(1))
    assert calls == ["folder", "folder", "folder", "write", "file"]
    journal.append(change(2))
    assert calls[5:] == ["write", "file"]
    journal.close()


@posix
def test_changes_are_kept_though_their_folder_cannot_be_made_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_sync_folders(monkeypatch)
    written(tmp_path / "journal", change(1), change(2))
    assert Journal(tmp_path / "journal", "desk").read() == [change(1), change(2)]


def test_a_journal_that_is_no_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "journal").write_bytes(b"x")
    with pytest.raises(LibraryError, match="journal"):
        Journal(tmp_path / "journal", "desk").append(change(1))


# Steps


def back(rev: int, of: int, by: str = "undoes") -> Change:
    """A change that takes back another, or does it again."""
    values = ("read", None) if by == "undoes" else (None, "read")
    edit = Edit("papers", f"paper-{of}", "status", *values)
    which: Any = {by: (f"{of}@desk",)}
    return replace(change(rev, **which), edits=(edit,))


def ids_of(changes: Mapping[str, Change]) -> list[int]:
    return [each.rev for each in changes.values()]


def test_steps_are_the_changes_that_were_not_taken_back() -> None:
    steps = UndoStack([change(1), change(2), change(3)])
    assert (ids_of(steps.done), ids_of(steps.undone)) == ([1, 2, 3], [])
    steps.remember(back(4, 3))
    steps.remember(back(5, 2))
    assert (ids_of(steps.done), ids_of(steps.undone)) == ([1], [3, 2])
    steps.remember(back(6, 2, "redoes"))
    assert (ids_of(steps.done), ids_of(steps.undone)) == ([1, 2], [3])
    steps.remember(change(7))
    assert (ids_of(steps.done), ids_of(steps.undone)) == ([1, 2, 7], [])


def test_an_export_is_no_step() -> None:
    export = Edit("files", "thesis.md", "sum", None, "1f")
    recorded = Change(3, "desk", "2026-01-15T12:00:00Z", "export", (export,))
    steps = UndoStack([change(1), back(2, 1), recorded])
    assert (ids_of(steps.done), ids_of(steps.undone)) == ([], [1])


def test_a_change_can_be_taken_back_out_of_turn_and_only_once() -> None:
    steps = UndoStack([change(1), change(2), back(3, 1), back(4, 1)])
    assert (ids_of(steps.done), ids_of(steps.undone)) == ([2], [1])
    steps.remember(change(5, undoes=("99@gone",)))
    assert (ids_of(steps.done), ids_of(steps.undone)) == ([2], [1])


def setting(was: str | None, now: str | None, *keys: str) -> tuple[Edit, ...]:
    return tuple(Edit("papers", key, "status", was, now) for key in keys)


def edits_of(changes: Mapping[str, Change]) -> list[tuple[Edit, ...]]:
    return [each.edits for each in changes.values()]


def test_of_a_change_that_was_taken_back_in_part_the_rest_is_a_step_still() -> None:
    edits = setting(None, "read", *"abc")
    steps = UndoStack([replace(change(1), edits=edits)])
    undo = change(2, undoes=("1@desk",))
    steps.remember(replace(undo, edits=setting("read", None, "a")))
    assert edits_of(steps.done) == [edits[1:]]
    assert edits_of(steps.undone) == [edits[:1]]
    steps.remember(replace(undo, rev=3, edits=setting("read", None, *"bc")))
    assert (edits_of(steps.done), edits_of(steps.undone)) == ([], [edits])
    steps.remember(replace(change(4, redoes=("1@desk",)), edits=edits))
    assert (edits_of(steps.done), edits_of(steps.undone)) == ([edits], [])
    assert steps.steps == []


def test_changes_that_were_taken_back_as_one_are_one_step_to_redo() -> None:
    first = replace(change(1), edits=setting(None, "read", "a"))
    second = replace(change(2), edits=setting("read", None, "a"))
    undo = replace(change(4, undoes=("2@desk", "1@desk")), edits=setting(None, None, "a"))
    steps = UndoStack([first, second, change(3), undo])
    assert ids_of(steps.done) == [3]
    assert [step.ids for step in steps.steps] == [["2@desk", "1@desk"]]
    redo = replace(change(5, redoes=("1@desk", "2@desk")), edits=undo.edits)
    steps.remember(redo)
    assert (ids_of(steps.done), steps.steps) == ([3, 1, 2], [])


def test_what_was_taken_back_is_found_though_something_new_ended_redoing() -> None:
    steps = UndoStack([change(1), back(2, 1), change(3)])
    assert (ids_of(steps.done), ids_of(steps.undone)) == ([3], [])
    assert ids_of(steps.former) == [1]
    steps.remember(back(4, 1, "redoes"))
    assert (ids_of(steps.done), ids_of(steps.former)) == ([3, 1], [])
