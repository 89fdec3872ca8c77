"""What machines that share a folder promise: the same journals show the same, whatever came when.

The files are carried by hand, as any tool may carry them: late, early, in part, or merged by git.
"""

import shutil
from pathlib import Path
from typing import Final

import pytest

from tests.test_library import BAGS, RAGS, SETS, made, opened, status, tag, told
from tui.__main__ import main
from tui.library import Library
from tui.model.paper import SourceRecord
from tui.storage.backups import Backups

NEW: Final = SourceRecord("A new one", None, "9.txt", 1)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The folder of one machine."""
    return made(tmp_path / "desk")


@pytest.fixture
def lap(desk: Path, tmp_path: Path) -> Path:
    """The same folder on another machine."""
    return Path(shutil.copytree(desk, tmp_path / "lap"))


def carry(source: Path, target: Path, *names: str) -> None:
    """Copies files or folders of a library to another machine's."""
    for name in names:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name, dirs_exist_ok=True)
        else:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / name, target / name)


def note(library: Library, key: str, text: str) -> None:
    library.change("note", [("papers", key, "note", text)])


def test_a_snapshot_that_comes_before_its_journal_changes_nothing_for_good(
    desk: Path, lap: Path
) -> None:
    with opened(lap, "lap") as library:
        note(library, SETS, "one")
        note(library, SETS, "two")
    carry(lap, desk, "triage.json")
    with opened(desk) as library:
        assert library.state.of(SETS).note is None  # it is not in any journal that is here
        note(library, SETS, "by desk")
    kept = [backup.read() for backup in Backups(desk / "backups").of("triage.json")]
    assert any("two" in str(tables) for tables in kept)
    carry(lap, desk, "journal")
    carry(desk, lap, "journal")
    with opened(desk) as one, opened(lap, "lap") as other:
        assert told(one) == told(other)
        assert one.state.of(SETS).note == "two"


def test_the_snapshot_of_another_machine_is_believed_where_it_fits(desk: Path, lap: Path) -> None:
    with opened(lap, "lap") as library:
        note(library, SETS, "one")
    carry(lap, desk, "triage.json", "journal")
    before = (desk / "triage.json").stat().st_mtime_ns
    with opened(desk) as library:
        assert library.state.of(SETS).note == "one"
    assert (desk / "triage.json").stat().st_mtime_ns == before


CONFLICT: Final = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> lap\n"


def test_git_conflicts_in_derived_files_keep_no_library_shut(
    desk: Path, lap: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(desk) as library:
        library.change("read", [status(SETS)])
        library.add([NEW])
    with opened(lap, "lap") as library:
        library.change("star", [("papers", BAGS, "starred", True)])
        library.add([SourceRecord("Another one", None, "8.txt", 1)])
    carry(lap, desk, "journal", "imports")
    for name in ("triage.json", "papers.json", "lock", "lock.holder"):
        sides = [(folder / name).read_text() for folder in (desk, lap)]
        (desk / name).write_text(CONFLICT.format(*sides))
    for write in (False, True):
        with opened(desk, write=write) as library:
            assert len(library) == 5
            assert library.state.of(SETS).status == "read"
            assert library.state.of(BAGS).starred
    assert main(["--library", str(desk), "doctor"]) == 0, capsys.readouterr().out


def test_git_markers_in_a_journal_are_no_damage(desk: Path) -> None:
    with opened(desk) as library:
        library.change("read", [status(SETS)])
        library.change("read", [status(BAGS)])
    (journal,) = (desk / "journal" / "desk").iterdir()
    one, other = journal.read_text().splitlines()
    journal.write_text(CONFLICT.format(one, other))
    with opened(desk) as library:
        assert library.state.damaged_lines == []
        assert {SETS, BAGS} == {i.key for i in library.items() if i.state.status == "read"}
        library.change("read", [status(RAGS)])


@pytest.mark.parametrize("order", [("journal", "imports"), ("imports", "journal")])
def test_an_import_whose_parts_come_one_after_the_other_counts_when_all_are_there(
    desk: Path, lap: Path, order: tuple[str, ...]
) -> None:
    with opened(lap, "lap") as library:
        library.add([NEW])
        library.change("read", [status(NEW.key)])
    with opened(desk) as library:
        library.add([SourceRecord("Another one", None, "8.txt", 1)])
        for name in order:
            carry(lap, desk, name)
            library.refresh()
        keys = {*library.papers}
    with opened(desk) as library:
        assert {*library.papers} >= keys
        assert len(library) == 5
        assert library.state.of(NEW.key).status == "read"
    carry(desk, lap, "imports", "journal")
    with opened(lap, "lap") as one, opened(desk) as other:
        assert {*one.papers} == {*other.papers}


def test_an_import_that_came_in_half_waits_for_the_rest(desk: Path, lap: Path) -> None:
    with opened(lap, "lap") as library:
        id = library.add([NEW]).id
    carry(lap, desk, "journal", "imports")
    path = desk / "imports" / f"{id}.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    with opened(desk) as library:
        assert len(library) == 3
        library.change("read", [tag(SETS, "nlp")])
        path.write_bytes(whole)
        library.refresh()
        assert len(library) == 4


def test_two_machines_that_import_at_once_keep_both_imports(desk: Path, lap: Path) -> None:
    with opened(desk) as library:
        library.add([NEW])
    with opened(lap, "lap") as library:
        library.add([SourceRecord("Another one", None, "8.txt", 1)])
    carry(lap, desk, "imports", "journal")  # papers.json stays the own one: the newest wins
    carry(desk, lap, "imports", "journal", "papers.json", "triage.json")
    with opened(desk) as one, opened(lap, "lap") as other:
        assert {*one.papers} == {*other.papers}
        assert len(one) == 5
