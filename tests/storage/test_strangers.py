"""A library from a stranger is data: whatever its files are, nothing outside is touched."""

import ast
import os
import shutil
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

import tui
from tests.faults import posix
from tui.actions import doctor
from tui.errors import PapersError
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


def link_outside(path: Path, outside: Path) -> None:
    path.symlink_to(outside / "mine")


def link_to_folder(path: Path, outside: Path) -> None:
    path.symlink_to(outside)


def link_to_nothing(path: Path, outside: Path) -> None:
    path.symlink_to(outside / "missing")


def link_to_device(path: Path, outside: Path) -> None:
    path.symlink_to("/dev/zero")


def pipe(path: Path, outside: Path) -> None:
    os.mkfifo(path)


def folder(path: Path, outside: Path) -> None:
    path.mkdir()


def socket_file(path: Path, outside: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the address of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as end:
            end.bind(path.name)
    finally:
        os.chdir(here)


def nothing(path: Path, outside: Path) -> None:
    path.write_bytes(b"")


def huge(path: Path, outside: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10**12)


WRONG: Final = (
    link_outside,
    link_to_folder,
    link_to_nothing,
    link_to_device,
    pipe,
    folder,
    socket_file,
    nothing,
    huge,
)


def contents(outside: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mode) for path in outside.iterdir()}


@posix
@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("place", PLACES)
def test_nothing_outside_is_touched_and_all_is_said_in_a_sentence(
    place: str, wrong: Callable[[Path, Path], None], tmp_path: Path
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


def test_no_module_opens_a_file_by_itself() -> None:
    opening = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
    allowed = {"files.py", "storage/files.py"}
    others = ("Library", "webbrowser", "library", "self")  # which open something else
    found = []
    root = Path(tui.__file__).parent
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or name in allowed:
                continue
            text = ast.unparse(node.func)
            owner, _, called = text.rpartition(".")
            is_plain = text == "open" or (owner and called in opening)
            if is_plain and owner.split(".")[0] not in others and "devnull" not in ast.dump(node):
                found.append(f"{name}:{node.lineno}: {text}")
    assert not found
