"""Imports undone and redone among decisions, joins, restarts, kills, and on two machines."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from unittest import mock

from tests.conftest import NOW
from tests.torture import merging
from tests.torture.seeded import seeded
from tests.torture.tally import Tally, clear
from tui.errors import PapersError
from tui.library import Library
from tui.model.paper import SourceRecord, merge
from tui.model.state import Change, decision
from tui.storage.imports import ImportFolder

TITLES: Final = (
    *("Text to Image", "Text-to-Image", "On Sets", "On Bags", "On Sets!", "On Trees"),
    *("C++ Sets", "C# Sets", "H$_2$O", "H2O", "Part I", "Part II"),
)
ARXIV: Final = (None, None, None, "2405.01234", "2405.01235")
DOIS: Final = (None, None, None, "10.1145/abc")
STEPS: Final = 40
"""Of one library, before the next one."""
ACTIONS: Final = (
    *("import", "import", "undo", "undo", "redo", "undo import", "redo import", "join", "apart"),
    *("status", "status", "tag", "list", "remove", "reopen", "kill", "exchange"),
)


class _KilledError(BaseException):
    """The process ends here."""


@contextmanager
def _killed_at(place: int) -> Iterator[None]:
    """Ends what is done at one of its writes, of which only half arrives."""
    count = 0

    def around(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def until(*args: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count == place:
                if name == "write":
                    call(args[0], args[1][: len(args[1]) // 2])
                raise _KilledError
            return call(*args, **options)

        return until

    with ExitStack() as patches:
        for name in ("write", "replace", "unlink", "mkdir"):
            patches.enter_context(mock.patch.object(os, name, around(name, getattr(os, name))))
        yield


class _Machine:
    """One machine with a library of its own folder, which may be killed."""

    def __init__(self, folder: Path, name: str, now: Callable[[], datetime]) -> None:
        self.folder = folder
        self.name = name
        self._now = now
        self.acknowledged: set[str] = set()
        self.library = self._open()

    def _open(self) -> Library:
        return Library.open(self.folder, self.name, wait=0, now=self._now)

    def reopen(self) -> None:
        """Closes and opens the library."""
        self.library.close()
        self.library = self._open()

    def revive(self) -> None:
        """Opens the library of a process that was killed."""
        self.library.close(save=False)
        self.library = self._open()

    def take(self, other: "_Machine") -> None:
        """Copies the files that another machine alone writes, as a shared folder does."""
        for path in [
            *other.folder.glob("imports/*"),
            *other.folder.glob(f"journal/{other.name}/*.jsonl"),
        ]:
            target = self.folder / path.relative_to(other.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)


def _do(library: Library, action: str, chance: Random) -> Change | None:
    """Does something; what cannot be done is refused, and changes nothing."""
    keys = [*library.papers, *library.papers.aliases]
    key = chance.choice(keys) if keys else ""
    if action == "import":
        library.add([_record(chance) for _ in range(chance.randint(1, 5))])
        return None
    if action in ("undo", "redo"):
        return library.undo() if action == "undo" else library.redo()
    if action in ("undo import", "redo import"):
        ids = ImportFolder(library.folder / "imports").ids()
        exists = True if action == "redo import" else None
        updates = [("imports", chance.choice(ids), "exists", exists)] if ids else []
        return library.change(action, updates)
    if not key:
        return None
    if action in ("join", "apart"):
        other = chance.choice(keys)
        pair = " ".join(sorted((key, other)))
        updates = [("joins", pair, "same", action == "join")] if key != other else []
        return library.change(action, updates)
    field: tuple[str, Any] = {
        "status": ("status", chance.choice(["read", "reading", "dismissed"])),
        "tag": (f"tag/t{chance.randrange(3)}", chance.choice([True, None])),
        "list": ("list/L", chance.random()),
        "remove": ("removed", chance.choice([True, None])),
    }[action]
    return library.change(action, [("lists", "L", "exists", True), ("papers", key, *field)])


def _record(chance: Random) -> SourceRecord:
    title = chance.choice(TITLES)
    return SourceRecord(
        title,
        chance.choice([None, "Short.", f"About {title}, at length."]),
        f"{chance.randrange(3)}.txt",
        chance.randint(1, 9),
        arxiv=chance.choice(ARXIV),
        doi=chance.choice(DOIS),
        comments=chance.choice([None, 1, 2]),
    )


def _wrong(machine: _Machine) -> str:
    """How a library differs from the model; empty if it does not."""
    library = machine.library
    changes = library.state.history()
    if lost := machine.acknowledged - {change.id for change in changes}:
        return f"{lost} lost"
    folder = ImportFolder(machine.folder / "imports")
    mentioned = merging.imports(changes)
    # One that was killed before the journal had it is taken over into a library without papers.
    unmentioned = {id: True for id in library.state.imports() if id not in mentioned}
    live = [folder.read(id)[1] for id, on in sorted({**mentioned, **unmentioned}.items()) if on]
    groups = merging.papers(live, merging.joins(changes))
    if [group.key for group in groups] != list(library.papers):
        return f"papers {list(library.papers)}, not {[group.key for group in groups]}"
    for group in groups:
        if library.papers[group.key] != merge(group.records, group.key):
            return f"facts of {group.key}: {library.papers[group.key]}"
        for name in (group.key, *group.aliases):
            if library.papers.resolve(name) != group.key:
                return f"alias {name} of {group.key}"
        expected = decision(merging.decisions(changes, group))
        state = library.item(group.key).state
        fields = ("status", "starred", "tags", "lists", "note", "is_removed")
        if any(getattr(state, field) != getattr(expected, field) for field in fields):
            return f"state of {group.key}: {state}, not {expected}"
    return ""


def body(folder: Path) -> bytes:
    """The papers of a library on disk, without the head that counts the writes; empty if none."""
    path = folder / "papers.json"
    written = path.read_bytes().partition(b'"sha256": ')[2][70:] if path.exists() else b""
    return b"" if written.endswith(b'"papers": {}}') else written


class _Trial:
    """Two machines that go on until something is wrong."""

    def __init__(self, folder: Path, chance: Random) -> None:
        self._moment = NOW
        self._chance = chance
        self.machines = [_Machine(folder / name, name, self._now) for name in ("desk", "lap")]
        self.done: list[str] = []

    def _now(self) -> datetime:
        self._moment += timedelta(seconds=self._chance.choice([0, 0, 1, 60]))
        return self._moment

    def step(self) -> str:
        """Does one thing; how the library then differs from the model."""
        chance = self._chance
        action, machine = chance.choice(ACTIONS), chance.choice(self.machines)
        self.done.append(f"{machine.name} {action}")
        if action == "exchange":
            return self.exchange()
        if action == "reopen":
            machine.reopen()
        elif action == "kill":
            with suppress(_KilledError, PapersError), _killed_at(chance.randint(1, 12)):
                self._act(machine, chance.choice([a for a in ACTIONS[:14] if a != "reopen"]))
            machine.revive()
        else:
            with suppress(PapersError):
                self._act(machine, action)
        return _wrong(machine)

    def _act(self, machine: _Machine, action: str) -> None:
        self.done[-1] += f" {action}" if action not in self.done[-1] else ""
        change = _do(machine.library, action, self._chance)
        if change is not None:
            machine.acknowledged.add(change.id)

    def exchange(self) -> str:
        """Gives each machine what the other one did; how they then differ."""
        one, other = self.machines
        one.take(other)
        other.take(one)
        for machine in self.machines:
            machine.library.refresh()
        if wrong := _wrong(one) or _wrong(other):
            return wrong
        for machine in self.machines:
            machine.reopen()
        imports = [machine.library.papers.sources.imports for machine in self.machines]
        bodies = [body(machine.folder) for machine in self.machines]
        is_same = bodies[0] == bodies[1] or imports[0] != imports[1]
        return "" if is_same else f"the machines differ: {bodies}"

    def close(self) -> None:
        """Closes both libraries."""
        for machine in self.machines:
            machine.library.close()


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """So many steps, after each of which a library is compared with the model."""
    tally = Tally()
    with seeded(fault), mock.patch("os.fsync", return_value=None):
        while tally.tried < count:
            clear(folder / "trial")
            trial = _Trial(folder / "trial", chance)
            for _ in range(STEPS):
                wrong = trial.step()
                tally.tried += 1
                if wrong:
                    tally.note("torn", f"{wrong} after {trial.done}")
                    break
            trial.close()
    return tally
