"""What restore promises: it tells what can be had, puts it back, and keeps what was there."""

import shutil
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import NOW
from tests.libraries import BAGS, RAGS, SETS, make_library, opened, state_of, status
from tui.__main__ import main
from tui.errors import LibraryLockedError, PapersError
from tui.model.paper import SourceRecord
from tui.model.state import Status
from tui.storage import restore
from tui.storage.restore import Source

DAMAGE: Final[dict[str, Callable[[bytes], bytes]]] = {
    "empty": lambda raw: b"",
    "truncated": lambda raw: raw[:-30],
    "spliced": lambda raw: raw.replace(b"on-bags", b"on-rags", 1),
    "newer": lambda raw: raw.replace(b'"schema": ', b'"schema": 9', 1),
    "not ours": lambda raw: b"{}",
}


def later(hours: int) -> Callable[[], datetime]:
    return lambda: NOW + timedelta(hours=hours)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with two backups of each file."""
    folder = make_library(tmp_path / "library")
    with opened(folder, now=later(2)) as library:
        library.change("read", [status(SETS)])
        library.add([SourceRecord("A new one", None, "9.txt", 1)])
    with opened(folder, now=later(4)) as library:
        library.change("read", [status(BAGS)])
        library.change("list", [("lists", "T", "exists", True)])
        library.change("star", [("papers", RAGS, "starred", True)])  # which is no decision
    return folder


def put_back(folder: Path, name: str) -> restore.Restored:
    return restore.restore(folder, "desk", name, wait=0, now=later(9))


def backups(folder: Path, file: str) -> list[Source]:
    sources = restore.sources(folder, "desk")
    return [each for each in sources if each.file == file and each.name not in ("", "journal")]


def test_everything_that_can_be_had_is_reported(folder: Path) -> None:
    sources = restore.sources(folder, "desk")
    assert {source.is_whole for source in sources} == {True}
    assert [(s.name.split("-")[0], s.file, s.holds) for s in sources] == [
        ("", "papers.json", "4 papers"),
        ("papers", "papers.json", "4 papers"),
        ("papers", "papers.json", "3 papers"),
        ("", "triage.json", "2 decided papers, 1 list"),
        ("journal", "triage.json", "5 changes"),
        ("triage", "triage.json", "2 decided papers, 1 list"),
        ("triage", "triage.json", "1 decided paper, 0 lists"),
    ]


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=list(DAMAGE))
@pytest.mark.parametrize("file", ["papers.json", "triage.json"])
def test_a_damaged_file_is_put_back_from_its_backup_and_kept(
    folder: Path, file: str, damage: Callable[[bytes], bytes]
) -> None:
    with opened(folder, write=False) as library:
        before = state_of(library)
    damaged = damage((folder / file).read_bytes())
    (folder / file).write_bytes(damaged)
    (present,) = [s for s in restore.sources(folder, "desk") if s.file == file and not s.name]
    assert not present.is_whole
    outcome = put_back(folder, backups(folder, file)[0].name)
    assert outcome.kept is not None
    assert outcome.kept.read_bytes() == damaged
    assert outcome.kept.name.startswith(f"{file}.damaged-")
    with opened(folder) as library:
        assert state_of(library) == before


def test_what_the_journal_has_on_top_of_an_older_copy_comes_back(folder: Path) -> None:
    with opened(folder, write=False) as library:
        before = state_of(library)
    put_back(folder, backups(folder, "triage.json")[-1].name)
    with opened(folder) as library:
        assert state_of(library) == before


def test_decisions_are_rebuilt_from_the_journal(folder: Path) -> None:
    with opened(folder, write=False) as library:
        before = state_of(library)
    (folder / "triage.json").write_bytes(b"{")
    outcome = put_back(folder, "journal")
    assert outcome.source.holds == "5 changes"
    with opened(folder) as library:
        assert state_of(library) == before


def test_a_file_that_is_gone_is_put_back(folder: Path) -> None:
    (folder / "papers.json").unlink()
    outcome = put_back(folder, backups(folder, "papers.json")[0].name)
    assert outcome.kept is None
    with opened(folder) as library:
        assert len(library) == 4
        assert library.state.of(SETS).status is Status.READ


def test_a_link_and_a_mode_are_kept(folder: Path) -> None:
    target = folder / "synced.json"
    shutil.move(folder / "papers.json", target)
    (folder / "papers.json").symlink_to(target)
    target.chmod(0o640)
    target.write_bytes(b"")
    put_back(folder, backups(folder, "papers.json")[0].name)
    assert (folder / "papers.json").is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    with opened(folder) as library:
        assert len(library) == 4


def test_what_is_damaged_itself_is_not_put_back(folder: Path) -> None:
    name = backups(folder, "papers.json")[0].name
    copy = folder / "backups" / f"{name}.json"
    copy.write_bytes(copy.read_bytes()[:-9])
    before = (folder / "papers.json").read_bytes()
    with pytest.raises(PapersError, match="damaged"):
        put_back(folder, name)
    assert (folder / "papers.json").read_bytes() == before


@pytest.mark.parametrize("name", ["", "nothing", "papers-", "papers.json", "../papers"])
def test_what_is_not_there_or_not_the_only_one_is_refused(folder: Path, name: str) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.json")}
    with pytest.raises(PapersError):
        put_back(folder, name)
    assert {path: path.read_bytes() for path in folder.rglob("*.json")} == before


def test_nothing_is_restored_under_a_writer(folder: Path) -> None:
    with opened(folder), pytest.raises(LibraryLockedError):
        put_back(folder, "journal")


def test_the_shell_lists_and_restores(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "papers.json").write_bytes(b"")
    shutil.move(folder / "imports", folder / "elsewhere")
    assert main(["--library", str(folder), "list"]) == 1
    assert "papers-tui restore" in capsys.readouterr().err
    assert main(["--library", str(folder), "doctor"]) == 1
    assert "the file is empty" in capsys.readouterr().out
    assert main(["--library", str(folder), "restore"]) == 0
    out = capsys.readouterr().out
    assert "✗  papers.json" in out
    name = next(word for word in out.split() if word.startswith("papers-2026"))
    assert main(["--library", str(folder), "restore", name]) == 0
    assert "Restored papers.json from" in capsys.readouterr().err
    assert main(["--library", str(folder), "list"]) == 0
    assert main(["--library", str(folder), "restore", "--json"]) == 0
    assert main(["--library", str(folder / "no"), "restore"]) == 1
