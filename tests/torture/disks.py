"""Disks that are really full, limited or read-only, in a process of their own."""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.torture.kills import CLEAN, paper, sighting
from tests.torture.seeded import seeded
from tests.torture.tally import Tally, clear
from tui.errors import PapersError
from tui.library import Library

PAPERS: Final = 30


def _fill(folder: str, limit: int | None, pipe: Any, fault: str) -> None:
    """Changes and imports until the disk takes no more; tells what was acknowledged and said."""
    acknowledged: list[str] = []
    refused = 0
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with seeded(fault):
        try:
            with Library.open(Path(folder), "desk", wait=0, or_read_only=True) as library:
                keys = [item.key for item in library.items()]
                for number in range(4_000):
                    try:
                        if number % 40 == 7:
                            library.add([sighting(100 + number)])
                            acknowledged.append(f"paper {paper(100 + number).key}")
                        else:
                            text = f"{number} " + "x" * 300
                            updates = [("papers", keys[number % len(keys)], "note", text)]
                            change = library.change("note", updates)
                            acknowledged += [f"change {change.id}"] if change else []
                    except PapersError:
                        refused += 1
                        if refused > 5:
                            break
        except PapersError:
            refused += 1
    pipe.send((acknowledged, refused))
    pipe.close()


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[bool]:
    """A disk of that size in memory; whether this machine lets us make one."""
    folder.mkdir(exist_ok=True)
    options = ["-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    can = os.geteuid() == 0 and subprocess.run(["mount", *options], check=False).returncode == 0
    try:
        yield can
    finally:
        if can:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def _try(folder: Path, limit: int | None, fault: str, tally: Tally, *, full: bool = True) -> None:
    reading, writing = CLEAN.Pipe(duplex=False)
    process = CLEAN.Process(target=_fill, args=(str(folder), limit, writing, fault))
    process.start()
    writing.close()
    try:
        acknowledged, refused = reading.recv()
    except EOFError:
        acknowledged, refused = [], -1
    process.join()
    tally.tried += 1
    if process.exitcode != 0 or refused < 0:
        tally.note("silent", f"it ended with {process.exitcode}")
    if full and refused == 0:
        tally.note("silent", f"nothing was refused at {limit}")
    try:
        with Library.open(folder, "desk", write=False) as library:
            ids = {change.id for change in library.state.history()}
            if len(library) < PAPERS:
                tally.note("lost", f"{PAPERS - len(library)} papers")
            for each in acknowledged:
                kind, name = each.split(" ", 1)
                if name not in (ids if kind == "change" else library):
                    tally.note("lost", each)
            for item in library.items():
                if item.paper != paper(int(item.paper.title.rsplit(" ", 1)[1])):
                    tally.note("torn", item.paper.title)
    except PapersError as error:
        tally.note("torn", error.message)
    if files := list(folder.glob(".*.tmp")):
        tally.note("torn", f"{files} left")


def _made(folder: Path) -> Path:
    with Library.open(folder, "desk") as library:
        library.seed(map(paper, range(PAPERS)))
    return folder


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """Files limited at twenty points, full disks of three sizes, and one that is read-only."""
    tally = Tally()
    turns = [*range(20), "300k", "600k", "1m", "read-only"]
    for turn in turns[-count:]:
        if isinstance(turn, int):
            _try(_made(folder / f"limited-{turn}"), 200 + 4_100 * turn, fault, tally)
            continue
        disk = folder / "disk"
        with mounted(disk, "4m" if turn == "read-only" else str(turn)) as can:
            if can:
                library = _made(disk / "library")
                if turn == "read-only":
                    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
                _try(library, None, fault, tally)
            else:
                tally.notes.append(f"not tried: {turn}, as only root can mount a disk")
        clear(disk)
    return tally
