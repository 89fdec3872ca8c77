"""What machines that share a folder promise: the same journals show the same, whatever came when.

The files are carried by hand, as any tool may carry them: late, early, in part, or merged by git.
"""

import shutil
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import NOW
from tests.libraries import BAGS, RAGS, SETS, make_library, opened, state_of, status, tag
from tests.strategies import FIXTURES
from tui.__main__ import main
from tui.library import Library
from tui.model.paper import SourceRecord
from tui.storage import restore
from tui.storage.backups import Backups
from tui.storage.copies import original

NEW: Final = SourceRecord("A new one", None, "9.txt", 1)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The folder of one machine."""
    return make_library(tmp_path / "desk")


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
        assert state_of(one) == state_of(other)
        assert one.state.of(SETS).note == "two"


def test_the_snapshot_of_another_machine_is_believed_where_it_fits(desk: Path, lap: Path) -> None:
    with opened(lap, "lap") as library:
        note(library, SETS, "one")
    carry(lap, desk, "triage.json", "journal")
    before = (desk / "triage.json").stat().st_mtime_ns
    with opened(desk) as library:
        assert library.state.of(SETS).note == "one"
    assert (desk / "triage.json").stat().st_mtime_ns == before


def test_what_a_snapshot_alone_has_can_be_restored(desk: Path, lap: Path) -> None:
    with opened(lap, "lap") as library:
        note(library, SETS, "of lap")
    carry(lap, desk, "triage.json")
    with opened(desk) as library:
        library.change("read", [status(BAGS)])
        assert library.state.of(SETS).note is None
    (ahead,) = [
        backup.path.stem
        for backup in Backups(desk / "backups").of("triage.json")
        if "of lap" in str(backup.read())
    ]
    restore.restore(desk, "desk", ahead, wait=0, now=lambda: NOW)
    for write in (False, True, False):
        with opened(desk, write=write) as library:
            assert library.state.of(SETS).note == "of lap"
            assert library.state.of(BAGS).status == "read"


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


def test_papers_of_an_import_that_was_lost_are_merged_again_once_it_is_there(
    desk: Path, lap: Path
) -> None:
    with opened(desk) as library:
        first = library.add([NEW], "first.txt")
        second = library.add([SourceRecord("Another one", None, "9.txt", 2)], "second.txt")
        pair = " ".join(sorted((*first.new, *second.new)))
        library.change("join", [("joins", pair, "same", True)])
    carry(desk, lap, "papers.json", "journal", f"imports/{second.id}.jsonl")
    with opened(lap, "lap") as library:
        library.set_imports([second.id], is_live=False)  # which leaves what is known of the first
    carry(lap, desk, "journal")
    carry(desk, lap, "imports")
    shown = []
    for folder, machine in ((desk, "desk"), (lap, "lap")):
        with opened(folder, machine) as library:
            shown.append({key: paper.records for key, paper in library.papers.items()})
    assert shown[0] == shown[1]
    assert first.new[0] in shown[0]


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


# A journal that went back


def put_back_older(folder: Path, older: Path, *names: str) -> None:
    """As a sync tool does to which the older version is the newest, by a clock that is ahead."""
    for name in names:
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
    carry(older, folder, *names)


@pytest.fixture
def older(desk: Path, tmp_path: Path) -> Path:
    """What desk had after two of its four changes, which another machine knows."""
    with opened(desk) as library:
        library.change("read", [status(SETS)])
        library.change("tag", [tag(SETS, "nlp")])
    older = Path(shutil.copytree(desk, tmp_path / "older"))
    with opened(desk) as library:
        library.change("star", [("papers", BAGS, "starred", True)])
        note(library, RAGS, "later")
        library.change("unread", [status(SETS, None)])
    return older


@pytest.mark.parametrize("names", [("journal",), ("journal", "triage.json", "papers.json")])
def test_what_this_machines_journal_lost_is_put_back_word_for_word(
    desk: Path, older: Path, names: tuple[str, ...]
) -> None:
    with opened(desk) as library:
        before, changes = state_of(library), library.state.history()
    put_back_older(desk, older, *names)
    with opened(desk) as library:
        assert state_of(library) == before
        assert library.state.history() == changes
        assert library.warnings == (
            "The journal of this machine was an older version: 3 changes put back",
        )
        assert library.undo().undoes == (changes[-1].id,)
    with opened(desk) as library:
        assert library.warnings == ()


def test_what_the_snapshot_alone_has_of_this_machines_changes_is_a_change_again(
    desk: Path, older: Path, home: Path
) -> None:
    with opened(desk) as library:
        before = state_of(library)
    put_back_older(desk, older, "journal")
    shutil.rmtree(home / "state")  # nothing is remembered
    with opened(desk, write=False) as library:
        assert state_of(library) == before
    with opened(desk) as library:
        assert library.state.of(BAGS).starred
        assert library.state.of(RAGS).note == "later"
        assert library.state.of(SETS).status == "unread"
        assert library.state.history()[-1].verb == "recover"
    with opened(desk) as library:
        assert len(library.state.history()) == 3


def test_a_journal_of_another_machine_that_went_back_is_told(
    desk: Path, older: Path, lap: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    carry(desk, lap, "journal")
    with opened(lap, "lap") as library:
        library.change("read", [status(SETS)])
        assert library.state.of(BAGS).starred
    put_back_older(lap, older, "journal/desk")
    for write in (False, True):
        with opened(lap, "lap", write=write) as library:
            assert not library.state.of(BAGS).starred
            assert library.warnings[0] == (
                "The journal of desk is an older version: "
                "changes after 2@desk, up to 5@desk, are missing"
            )
    carry(desk, lap, "journal")
    with opened(lap, "lap") as library:
        assert library.state.of(BAGS).starred
        assert library.warnings == ()


def test_another_library_in_the_same_place_is_not_given_what_the_first_had(
    desk: Path, tmp_path: Path
) -> None:
    with opened(desk) as library:
        library.change("read", [status(SETS)])
    desk.rename(tmp_path / "away")
    with opened(make_library(desk)) as library:
        assert library.state.history() == []
        assert library.warnings == ()


def test_doctor_and_the_shell_tell_of_a_journal_that_went_back(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*words: str) -> str:
        code = main(["--library", str(desk), *words])
        out, err = capsys.readouterr()
        return f"{code} {out} {err}"

    run("mark", "read", SETS)
    run("mark", "read", BAGS)
    (journal,) = (desk / "journal").rglob("*.jsonl")
    journal.write_bytes(journal.read_bytes().splitlines(keepends=True)[0])
    assert "The journal of this machine is an older version: changes after 1@" in run("doctor")
    assert "an older version: 1 change put back" in run("mark", "read", RAGS)
    assert "older version" not in run("doctor")
    assert "3 changes" in run("doctor")


# Conflict copies


MARKS: Final = (
    ".sync-conflict-20261126-101500-ABCDEFG",
    " (Anna's conflicted copy 2026-11-26)",
    " (conflicted copy 2026-11-26 101500)",
    " (SFConflict a@b.org 2026-11-26-10-15-00)",
    " 2",
    " (1)",
    "-DESKTOP-AB12",
)


def copy_beside(path: Path, mark: str, data: bytes) -> Path:
    copy = path.with_name(f"{path.stem}{mark}{path.suffix}")
    copy.write_bytes(data)
    return copy


@pytest.mark.parametrize("mark", MARKS)
def test_copies_of_every_tool_are_merged(
    desk: Path, lap: Path, mark: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(desk) as library:
        library.change("read", [status(SETS)])
        library.add([NEW])
    twin = Path(shutil.copytree(desk, desk.with_name("twin")))
    with opened(twin) as library:  # a copied home, before each had its name
        library.change("star", [("papers", BAGS, "starred", True)])
    with opened(desk) as library:
        library.change("read", [status(RAGS)])
    copies = [
        copy_beside(path, mark, (twin / path.relative_to(desk)).read_bytes())
        for path in (
            *(desk / "journal" / "desk").iterdir(),
            *(desk / "imports").iterdir(),
            desk / "papers.json",
            desk / "triage.json",
        )
    ]
    file = next((desk / "imports").glob(f"{opened_import(desk)}.jsonl"))
    file.unlink()
    main(["--library", str(desk), "doctor"])
    assert capsys.readouterr().out.count("conflict copy") == 4  # the journal's is of another name
    for _ in range(2):
        with opened(desk) as library:
            assert len(library) == 4
            assert library.state.of(BAGS).starred
            assert library.state.of(RAGS).status == "read"
            assert len(library.state.history()) == 4
    assert file.exists()
    assert not [path for path in copies if path.exists()]


def opened_import(folder: Path) -> str:
    """The id of the last import."""
    with opened(folder, write=False) as library:
        return library.imports.all()[0].head.id


def test_what_cannot_be_merged_is_named_and_stays(
    desk: Path, lap: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(lap, "lap") as library:
        library.add([NEW])
    ahead = copy_beside(desk / "papers.json", " 2", (lap / "papers.json").read_bytes())
    damaged = copy_beside(desk / "triage.json", " 2", b"{")
    for _ in range(2):
        with opened(desk) as library:
            assert library.conflict_copies == [ahead, damaged]
    assert main(["--library", str(desk), "doctor"]) == 1
    assert "papers 2.json: a conflict copy" in capsys.readouterr().out
    carry(lap, desk, "imports")
    with opened(desk) as library:
        assert library.conflict_copies == [damaged]
        assert len(library) == 4


def test_papers_of_a_version_without_imports_are_imported_from_a_copy(desk: Path) -> None:
    old = (FIXTURES / "schema-1" / "papers.json").read_bytes()
    with opened(desk) as library:
        before = len(library)
    copy_beside(desk / "papers.json", ".sync-conflict-20261126-101500-ABCDEFG", old)
    with opened(desk) as library:
        assert len(library) >= before
        assert any(paper.comments == 3 for paper in library.papers.values())
        assert library.conflict_copies == []


@pytest.mark.parametrize(
    "name", ["papers.json", "2026-01.jsonl", "notes 2.json", "papers.jsonl", "triage.txt"]
)
def test_other_files_are_no_copies(name: str) -> None:
    assert original(name) is None
