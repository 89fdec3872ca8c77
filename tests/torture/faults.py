"""Each file call of an operation fails in turn, in every way, until the operation passes."""

import shutil
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.conftest import NOW
from tests.torture.calls import ERRORS, Injection, injected
from tests.torture.kills import outdate, paper, sighting
from tests.torture.seeded import seeded
from tests.torture.tally import Tally, clear
from tui.errors import PapersError
from tui.exchange.export_files import export
from tui.library import Library
from tui.storage import restore

KEYS: Final = tuple(paper(number).key for number in range(4))
LATER: Final = NOW + timedelta(hours=5)


def _status(library: Library, value: str) -> object:
    return library.change(value, [("papers", KEYS[0], "status", value)])


def _export(library: Library) -> object:
    target = library.folder.parent / "out.md"
    return export(library, "L", library.items(), target, force=True)


OPERATIONS: Final[dict[str, Callable[[Library], object]]] = {
    "a change": lambda library: _status(library, "read"),
    "an undo": lambda library: library.undo(),
    "an import": lambda library: library.add([sighting(9), sighting(10)]),
    "a snapshot": lambda library: library.state.checkpoint(),
    "an export": _export,
    "to follow": lambda library: library.refresh(),
}
"""What is done with an open library."""


def _open(folder: Path, **options: Any) -> Library:
    return Library.open(folder, "desk", wait=0, now=lambda: LATER, **options)


def _restore(folder: Path) -> None:
    restore.restore(folder, "desk", "papers-", wait=0, now=lambda: LATER)


WHOLE: Final[dict[str, Callable[[Path], object]]] = {
    "to open": lambda folder: _open(folder).close(),
    "to open an old one": lambda folder: _open(folder).close(),
    "to open for reading": lambda folder: _open(folder, write=False).close(),
    "to restore": _restore,
}
"""What is done with a library that is closed."""


def _made(base: Path) -> Path:
    """A library with decisions, backups, and a change that is only in the journal."""
    folder = base / "library"
    with Library.open(folder, "desk", now=lambda: NOW) as library:
        library.seed(map(paper, range(4)))
        library.change("tag", [("papers", KEYS[1], "tag/nlp", True)])
        library.change("list", [("lists", "L", "exists", True), ("papers", KEYS[2], "list/L", 1.0)])
    library = Library.open(folder, "desk", now=lambda: NOW)
    library.change("star", [("papers", KEYS[3], "starred", True)])
    library.close(save=False)
    return folder


def _told(library: Library) -> object:
    papers = [(item.paper, item.state, item.added) for item in library.items()]
    return papers, library.state.lists(), library.state.views()


def _on_disk(folder: Path) -> object:
    with Library.open(folder, "user", write=False) as library:
        return _told(library)


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """Tries each operation with each error until it passes, or until so many faults were tried."""
    tally = Tally()
    library = _made(folder)
    ways = [(error, short) for error in ERRORS for short in (False, True)]
    names = ("a change",) if fault else (*OPERATIONS, *WHOLE)  # a fault is one of its writing
    turns = [(name, *way) for name in names for way in ways]
    chance.shuffle(turns)
    with seeded(fault):
        for name, error, short in turns:
            place = 0
            fired = True
            while fired and tally.tried < count:
                place += 1
                work = folder / "work"
                clear(work)
                shutil.copytree(library, work / "library")
                injection = Injection(place, error, short)
                try:
                    _try(name, work / "library", injection, tally)
                except (OSError, KeyError, ValueError) as wrong:
                    frames = traceback.extract_tb(wrong.__traceback__)
                    ours = [
                        f"{Path(f.filename).name}:{f.lineno}"
                        for f in frames
                        if "tui/" in f.filename
                    ]
                    tally.note("silent", f"{name}, {injection.fired} {place}: {wrong!r} in {ours}")
                except PapersError as wrong:
                    tally.note("torn", f"{name}, {injection.fired} {place}: {wrong}")
                fired = bool(injection.fired)
                tally.tried += fired
    return tally


def _try(name: str, folder: Path, injection: Injection, tally: Tally) -> None:
    if name in OPERATIONS:
        with _open(folder) as library:
            _try_open(name, library, injection, tally)
    else:
        if "old" in name:
            outdate(folder)
        before = _on_disk(folder)
        with injected(injection):
            try:
                WHOLE[name](folder)
            except PapersError as error:
                _look_at(error, f"{name}: {injection.fired}", tally)
        if _on_disk(folder) != before:
            tally.note("torn", f"{name}: {injection.fired} {injection.place}")
        WHOLE[name](folder)  # and the next time it goes


def _try_open(name: str, library: Library, injection: Injection, tally: Tally) -> None:
    operation = OPERATIONS[name]
    before = _told(library)
    is_reported = False
    with injected(injection):
        try:
            operation(library)
        except PapersError as error:
            is_reported = True
            _look_at(error, f"{name}: {injection.fired}", tally)
    where = f"{name}: {injection.fired} {injection.place}"
    after = _told(library)
    if _on_disk(library.folder) != after:
        tally.note(
            "lost" if not is_reported else "torn", f"{where}: memory and disk are not the same"
        )
    if is_reported and after != before:
        tally.note("torn", f"{where}: it was told not to be done, and was done in part")
    if is_reported:
        try:
            operation(library)  # and the next time it goes
        except PapersError as error:
            tally.note("torn", f"{where}: the next time: {error.message}")
        if _on_disk(library.folder) != _told(library):
            tally.note("lost", f"{where}: the next time")
    files = [path.name for path in library.folder.rglob(".*.tmp")]
    if files and injection.fired != "unlink":
        tally.note("torn", f"{where}: {files} left")


def _look_at(error: PapersError, where: str, tally: Tally) -> None:
    if "\n" in error.message or not error.message:
        tally.note("silent", f"{where}: {error.message!r}")
