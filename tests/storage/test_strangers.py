"""A library from a stranger is data: whatever its files are, nothing outside is touched."""

import ast
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

import tui
from tests.faults import posix
from tests.torture.strangers import WRONG, Wrong, link_outside
from tui.actions import doctor
from tui.errors import LibraryError, PapersError
from tui.library import Library
from tui.model.paper import SourceRecord
from tui.storage import restore

NOW: Final = datetime(2026, 1, 15, 12, tzinfo=UTC)
PLACES: Final = (
    "papers.json",
    "triage.json",
    "lock",
    "lock.holder",
    "journal",
    "journal/desk/2026-01.jsonl",
    "imports",
    "imports/{import}.jsonl",
    "backups",
    "backups/{backup}",
)


def contents(outside: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mode) for path in outside.iterdir()}


@posix
@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("place", PLACES)
def test_nothing_outside_is_touched_and_all_is_said_in_a_sentence(
    place: str, wrong: Wrong, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine").write_text("my own\n")
    library = tmp_path / "library"
    record = SourceRecord("On Sets", None, "0.txt", 1)
    with Library.open(library, "desk", now=lambda: NOW) as opened:
        opened.add([record])
        (key,) = opened.papers
        opened.change("read", [("papers", key, "status", "read")])
    name = place.replace("{import}", next((library / "imports").iterdir()).stem)
    name = name.replace("{backup}", next((library / "backups").iterdir()).name)
    path = library / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    wrong(path, outside)
    before = contents(outside)
    for write in (False, True):
        with suppress(PapersError), Library.open(library, "laptop", write=write) as opened:
            opened.item(key)
            if write:
                opened.change("star", [("papers", key, "starred", True)])
                opened.add([SourceRecord("On Bags", None, "1.txt", 1)])
                opened.undo()
    for source in restore.sources(library, "desk"):
        if source.name and source.is_whole:
            with suppress(PapersError):
                restore.restore(library, "desk", source.name, now=lambda: NOW)
    report = doctor.doctor(str(library))
    assert len(report) > 5
    assert contents(outside) == before


def test_a_lock_that_leads_outside_is_refused_and_named(tmp_path: Path) -> None:
    """Another program may wait for that file."""
    folder = tmp_path / "library"
    with Library.open(folder, "desk", now=lambda: NOW) as opened:
        opened.add([SourceRecord("On Sets", None, "0.txt", 1)])
    (tmp_path / "mine").write_text("my own\n")
    (folder / "lock").unlink()
    link_outside(folder / "lock", tmp_path)
    with pytest.raises(LibraryError, match="a link that leads out"):
        Library.open(folder, "desk")
    (problem,) = (each for each in doctor.doctor(str(folder)) if each.is_wrong)
    assert problem.text.startswith("lock: cannot be used: a link that leads out of the library")


@posix
@pytest.mark.parametrize("wrong", WRONG)
def test_an_import_that_is_lost_is_named_by_doctor(wrong: Wrong, tmp_path: Path) -> None:
    library = tmp_path / "library"
    with Library.open(library, "desk", now=lambda: NOW) as opened:
        opened.add([SourceRecord("On Sets", None, "0.txt", 1)])
    (path,) = (library / "imports").iterdir()
    path.unlink()
    (tmp_path / "mine").write_text("my own\n")
    wrong(path, tmp_path)
    problems = [each.text for each in doctor.doctor(str(library)) if each.is_wrong]
    assert [problem for problem in problems if path.name in problem]


def test_an_import_that_is_damaged_further_on_is_named_when_all_is_read(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with Library.open(library, "desk", now=lambda: NOW) as opened:
        opened.add([SourceRecord("On Sets", None, "0.txt", 1)])
    (path,) = (library / "imports").iterdir()
    path.write_bytes(path.read_bytes().replace(b"On Sets", b"On Bags"))
    assert not [each for each in doctor.doctor(str(library)) if each.is_wrong]
    (problem,) = (each for each in doctor.doctor(str(library), full=True) if each.is_wrong)
    assert "its checksum does not match" in problem.text


def test_no_module_opens_a_file_by_itself() -> None:
    opening = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
    allowed = {"files.py"}
    others = ("Library", "webbrowser", "library", "self")  # which open something else
    matches = []
    root = Path(tui.__file__).parent
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or name in allowed:
                continue
            text = ast.unparse(node.func)
            owner, _, method = text.rpartition(".")
            is_plain = text == "open" or (owner and method in opening)
            if is_plain and owner.split(".")[0] not in others and "devnull" not in ast.dump(node):
                matches.append(f"{name}:{node.lineno}: {text}")
    assert not matches
