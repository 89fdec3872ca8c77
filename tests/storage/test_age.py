"""What age promises: a command costs what it asks for, and not what was done for years."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final
from unittest.mock import Mock

import pytest

from tests.libraries import BAGS, RAGS, SETS, foreign, make_library, opened, state_of, status, tag
from tests.storage.test_state import replayed, unordered
from tests.view_helpers import frame, reading
from tui.__main__ import main
from tui.actions import history, sessions
from tui.errors import LibraryError
from tui.library import Library
from tui.model.state import Change, Edit
from tui.model.undo import UndoStack
from tui.storage import journal_lines, segments, snapshot
from tui.storage.journal import Journal
from tui.storage.journal_lines import encode
from tui.storage.undo import UndoHistory

YEARS: Final = 5_000
"""Changes of long ago."""
FEW: Final = 600
"""Lines that a command may read: some blocks of the newest file of each machine."""


def months(count: int, machine: str = "desk") -> Iterator[tuple[str, bytes]]:
    """Lines of changes that star a paper and take the star back, by month."""
    for number in range(count):
        was, now = (None, True) if number % 2 == 0 else (True, None)
        at = f"{2020 + number // 1_200}-{number // 100 % 12 + 1:02}-01T00:00:00Z"
        edit = Edit("papers", RAGS, "starred", was, now)
        yield at[:7], encode(Change(number + 1, machine, at, "star", (edit,)))


def write_years(folder: Path, count: int = YEARS) -> None:
    own = folder / "journal" / "desk"
    own.mkdir(parents=True)
    lines: dict[str, list[bytes]] = {}
    for month, line in months(count):
        lines.setdefault(month, []).append(line)
    for month, some in lines.items():
        (own / f"{month}.jsonl").write_bytes(b"".join(some))


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of three papers and many changes, that was opened since, to be copied."""
    folder = make_library(tmp_path_factory.mktemp("years") / "library")
    write_years(folder)
    with opened(folder) as library:
        library.change("read", [status(SETS)])
    return folder


@pytest.fixture
def old(years: Path, tmp_path: Path) -> Path:
    """A copy of that library."""
    return Path(shutil.copytree(years, tmp_path / "library"))


@pytest.fixture
def lines_read(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The lines of the journal that were read."""
    lines: list[bytes] = []
    decode = journal_lines.decode

    def noted(line: bytes) -> Change | None:
        lines.append(line)
        return decode(line)

    monkeypatch.setattr(segments, "decode", noted)
    return lines


ASKED: Final[dict[str, Callable[[Library], object]]] = {
    "opening": lambda library: library.items(),
    "a mark": lambda library: library.change("read", [status(BAGS)]),
    "undo": lambda library: library.undo(),
    "undo and redo": lambda library: (library.undo(), library.redo()),
    "a page of the log": lambda library: list(islice(library.state.newest_first(), 20)),
    "what is new since an hour ago": lambda library: history.changes_since(library, "1h"),
    "a snapshot": lambda library: library.state.checkpoint(),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=list(ASKED))
def test_no_command_reads_what_it_does_not_ask_for(
    old: Path, lines_read: list[bytes], ask: Callable[[Library], object]
) -> None:
    with opened(old) as library:
        assert library.state.change_count == YEARS + 1
        ask(library)
    assert len(lines_read) < FEW


def test_a_snapshot_of_an_older_version_is_built_again_once(
    old: Path, lines_read: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(snapshot, "STAMPS", ())
        with opened(old) as library:
            library.change("read", [status(BAGS)])
    for least, most in ((YEARS, 2 * YEARS), (0, FEW)):
        lines_read.clear()
        with opened(old) as library:
            assert library.state.of(BAGS).marked
        assert least <= len(lines_read) <= most


async def test_the_timeline_reads_a_page_at_a_time(old: Path, lines_read: list[bytes]) -> None:
    async with reading(old) as desk:
        await desk.press("g", "h")
        assert f"{YEARS + 1:,} changes" in frame(desk.app)[0]
        first = len(lines_read)
        assert first < 2 * FEW
        await desk.press("G")
        assert first < len(lines_read) < YEARS


def counted(folder: Path, cache: Path | None) -> list[sessions.Totals]:
    with Library.open(folder, "desk", wait=0, cache=cache) as library:
        return sessions.all_totals(library)


def test_statistics_read_a_month_again_only_if_it_changed(
    old: Path, lines_read: list[bytes], tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    first = counted(old, cache)
    assert len(lines_read) > YEARS
    (old / "journal" / "lap").mkdir()
    for month in ("2026-01", "2021-03", "2031-01"):
        late = replace(foreign(1, "lap", BAGS, "read"), at=f"{month}-09T00:00:00Z")
        (old / "journal" / "lap" / f"{month}.jsonl").write_bytes(encode(late))
        before, first = first, counted(old, cache)
        assert first != before
        assert first == counted(old, None)
    lines_read.clear()
    assert counted(old, cache) == first
    assert len(lines_read) < FEW


@pytest.mark.parametrize("rest", [b"", b"[]", b"00000000\n[]", b"\xff" * 60])
def test_sums_that_are_damaged_are_rebuilt(old: Path, tmp_path: Path, rest: bytes) -> None:
    before = counted(old, tmp_path)
    (kept,) = tmp_path.glob("sessions-*.json")
    whole = kept.read_bytes()
    kept.write_bytes(rest or whole.replace(b"1", b"2", 1))
    assert counted(old, tmp_path) == before
    assert kept.read_bytes() == whole


def test_late_changes_of_another_machine_cost_what_comes_after_them(
    old: Path, lines_read: list[bytes]
) -> None:
    """As after a sync, when two machines worked at the same time."""
    other = Journal(old / "journal", "lap")
    other.append(foreign(YEARS - 3, "lap", BAGS, "read"))
    other.append(foreign(YEARS + 1, "lap", SETS, "dismissed"))  # after desk's of this number
    other.close()
    with opened(old) as library:
        assert library.state.of(BAGS).status == "read"
        assert library.state.of(SETS).status == "dismissed"
        late = state_of(library)
        assert len(lines_read) < FEW
        library.state.replay()
        assert state_of(library) == late


def test_what_is_read_back_is_what_is_read_forth(tmp_path: Path) -> None:
    write_years(tmp_path, 700)
    (tmp_path / "journal" / "lap.jsonl").write_bytes(  # of an earlier version, all in one
        b"".join(line.replace(b"desk", b"lap0") for _, line in months(0))
        + b"".join(encode(foreign(rev, "lap", BAGS, "x" * rev)) for rev in range(1, 600, 7))
    )
    journal = Journal(tmp_path / "journal", "desk")
    forth = journal.read()
    assert len(forth) == 700 + 86
    assert list(journal.newest_first()) == forth[::-1]


def test_what_can_be_undone_is_the_same_however_far_back_one_reads(tmp_path: Path) -> None:
    with opened(make_library(tmp_path / "library")) as library:
        for number in range(90):
            library.change(f"tag {number}", [tag(SETS, f"t{number}")])
            if number % 3 == 0:
                library.undo()
            if number % 6 == 0:
                library.redo()
            if number % 20 == 19:
                library.undo(next(islice(library.state.undo_history.done(), 15, None)))
        changes = library.state.history()
    whole = UndoStack(changes)
    for end in range(len(changes)):
        until = UndoStack(changes[:end])
        lazy = UndoHistory(partial(reversed, changes[:end]))
        assert list(lazy.undone()) == until.steps[::-1]
        assert list(lazy.done()) == [*until.done.values()][::-1]
    assert whole.done


@pytest.mark.parametrize("act", [Library.undo, Library.redo])
def test_a_journal_that_could_not_be_read_once_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[[Library], object]
) -> None:
    folder = make_library(tmp_path / "library")
    with opened(folder) as library:
        library.change("read", [status(SETS)])
        library.change("read", [status(BAGS)])
        library.undo()
    with opened(folder) as library:
        with monkeypatch.context() as broken:
            broken.setattr(segments, "open_regular", Mock(side_effect=OSError(5, "I/O error")))
            with pytest.raises(LibraryError, match="I/O error"):
                act(library)
        act(library)


def test_doctor_reads_every_line_only_when_asked(
    old: Path, lines_read: list[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    month = old / "journal" / "desk" / "2021-03.jsonl"
    times = month.stat()
    month.write_bytes(month.read_bytes().replace(b"star", b"s\0ar", 1))
    os.utime(month, ns=(times.st_atime_ns, times.st_mtime_ns))  # as a failing disk leaves it
    assert main(["--library", str(old), "doctor"]) == 0, capsys.readouterr().out
    assert len(lines_read) < FEW
    assert main(["--library", str(old), "doctor", "--full"]) == 1
    assert "2021-03.jsonl, line 1: damaged" in capsys.readouterr().out


def test_a_change_is_in_the_file_of_its_month_and_never_in_an_older_one(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "desk")
    for rev, day in enumerate(("2026-01-31", "2026-02-01", "2026-01-15", "soon", "2026-03-01"), 1):
        journal.append(Change(rev, "desk", day, "x", ()))
    journal.close()
    counts = {path.stem: path.read_bytes().count(b"\n") for path in (tmp_path / "desk").iterdir()}
    assert counts == {"2026-01": 1, "2026-02": 3, "2026-03": 1}
    assert [change.rev for change in Journal(tmp_path, "desk").read()] == [1, 2, 3, 4, 5]


def test_a_month_that_comes_late_or_twice_does_no_harm(old: Path, tmp_path: Path) -> None:
    month = old / "journal" / "desk" / "2021-03.jsonl"
    away = month.rename(tmp_path / "away")
    with opened(old, "lap") as library:
        library.change("dismissed", [status(SETS, "dismissed")])
        short = len(library.state.history())
    away.rename(month)
    month.with_name("2021-03 (2).jsonl").write_bytes(month.read_bytes())
    with opened(old) as library:
        assert len(library.state.history()) == YEARS + 2 > short
        assert library.state.of(SETS).status == "dismissed"
        again = replayed(library.state.history())
        assert unordered(library.state)["decisions"] == unordered(again)["decisions"]
