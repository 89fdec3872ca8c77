"""A disk that keeps only what was synced: every call is written down, and power fails anywhere.

The model is stricter than most file systems: what was written and not synced may be there, partly
or not at all, and so may a name that was made, replaced or removed in a folder not synced since.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from unittest import mock

from tests.conftest import NOW
from tests.torture.kills import paper, sighting, undone_imports
from tests.torture.seeded import seeded
from tests.torture.tally import Tally, clear
from tui.errors import PapersError
from tui.library import Library

STEPS: Final = 50
PAPERS: Final = 6

Event = tuple[Any, ...]
"""What was done, and to what."""


class Tracer:
    """Writes down what is done to files, and when something was acknowledged."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.events: list[Event] = []
        self.acknowledged: list[tuple[int, str, str]] = []
        """How many events had happened, what kind of thing was told, and its name."""
        self._handles: dict[int, str] = {}
        self._calls = {name: getattr(os, name) for name in _TRACED}

    def tell(self, kind: str, name: str) -> None:
        """Something was acknowledged."""
        self.acknowledged.append((len(self.events), kind, name))

    @contextmanager
    def tracing(self) -> Iterator[None]:
        """Writes down every call of ``os`` that changes a file or a folder."""
        with ExitStack() as patches:
            for name in _TRACED:
                patches.enter_context(mock.patch.object(os, name, getattr(self, f"on_{name}")))
            yield

    def _below(self, path: Any) -> str | None:
        text = os.fspath(path)
        if text == str(self.root):
            return "."
        return text[len(str(self.root)) + 1 :] if text.startswith(f"{self.root}/") else None

    def on_open(self, path: Any, flags: int, *args: Any, **options: Any) -> int:
        """A file may be made by it."""
        name = self._below(path)
        is_new = bool(name and flags & os.O_CREAT and not Path(path).exists())
        handle: int = self._calls["open"](path, flags, *args, **options)
        self._handles.pop(handle, None)
        if name:
            self._handles[handle] = name
            if is_new:
                self.events.append(("create", name))
        return handle

    def on_write(self, handle: int, data: bytes) -> int:
        """Always at the end of a file: the app writes nowhere else."""
        written: int = self._calls["write"](handle, data)
        if name := self._handles.get(handle):
            self.events.append(("write", name, bytes(data[:written])))
        return written

    def on_ftruncate(self, handle: int, size: int) -> None:
        """Cuts a file."""
        self._calls["ftruncate"](handle, size)
        if name := self._handles.get(handle):
            self.events.append(("truncate", name, size))

    def on_fsync(self, handle: int) -> None:
        """What makes a file or a folder durable."""
        self._calls["fsync"](handle)
        if name := self._handles.get(handle):
            self.events.append(("sync", name))

    def on_replace(self, source: Any, target: Any, **options: Any) -> None:
        """A file takes the place of another."""
        self._calls["replace"](source, target, **options)
        if (old := self._below(source)) and (new := self._below(target)):
            self.events.append(("rename", old, new))

    def on_unlink(self, path: Any, **options: Any) -> None:
        """A name goes."""
        self._calls["unlink"](path, **options)
        if name := self._below(path):
            self.events.append(("unlink", name))

    def on_mkdir(self, path: Any, *args: Any, **options: Any) -> None:
        """A folder comes."""
        self._calls["mkdir"](path, *args, **options)
        if name := self._below(path):
            self.events.append(("mkdir", name))


_TRACED: Final = ("open", "write", "ftruncate", "fsync", "replace", "unlink", "mkdir")


@dataclass(slots=True)
class _File:
    """One file, whatever its name."""

    durable: bytes = b""
    pending: list[Event] = field(default_factory=list)
    is_folder: bool = False


class Disk:
    """What is on the disk for certain, and what perhaps is."""

    def __init__(self) -> None:
        self.names: dict[str, _File] = {}
        """As the running program sees them."""
        self.durable: dict[str, _File] = {}
        self.pending: dict[str, list[Event]] = {}
        """What was done to the names of a folder since it was synced."""

    def take(self, event: Event) -> None:
        """One thing happens."""
        what, name = event[:2]
        if what in ("create", "mkdir"):
            self.names[name] = file = _File(is_folder=what == "mkdir")
            self._note(name, ("link", name, file))
        elif what in ("write", "truncate"):
            self.names[name].pending.append(event)
        elif what == "rename":
            file = self.names.pop(name)
            self.names[event[2]] = file
            self._note(name, ("rename", name, event[2], file))
        elif what == "unlink":
            self.names.pop(name, None)
            self._note(name, ("unlink", name))
        elif name == "." or self.names[name].is_folder:
            for each in self.pending.pop(name, []):
                _name(each, self.durable)
        else:
            file = self.names[name]
            file.durable, file.pending = _content(file.durable, file.pending), []

    def _note(self, name: str, event: Event) -> None:
        self.pending.setdefault(os.path.dirname(name) or ".", []).append(event)  # noqa: PTH120

    def crash(self, chance: Random, folder: Path) -> None:
        """Power fails: what is left of it is written to a folder."""
        names = dict(self.durable)
        for events in self.pending.values():
            for event in events:
                if chance.random() < 0.5:
                    _name(event, names)
        for name, file in sorted(names.items()):
            if not all(str(above) in names for above in Path(name).parents if above.name):
                continue  # with the folder, all in it is gone
            if file.is_folder:
                (folder / name).mkdir(exist_ok=True)
            else:
                (folder / name).write_bytes(_left(file, chance))


def _name(event: Event, names: dict[str, _File]) -> None:
    if event[0] == "link":
        names[event[1]] = event[2]
    elif event[0] == "rename":
        names.pop(event[1], None)
        names[event[2]] = event[3]
    else:
        names.pop(event[1], None)


def _content(data: bytes, events: list[Event]) -> bytes:
    for event in events:
        data = data + event[2] if event[0] == "write" else data[: event[2]]
    return data


def _left(file: _File, chance: Random) -> bytes:
    """The content with some of what is not synced: up to any byte, and perhaps with a hole."""
    if not file.pending or chance.random() < 0.3:
        return file.durable
    *whole, last = file.pending[: chance.randint(1, len(file.pending))]
    data = _content(file.durable, whole)
    if last[0] == "truncate":
        return _content(data, [last])
    cut: bytes = last[2][: chance.randint(0, len(last[2]))]
    if chance.random() < 0.3:  # the length was kept, and of the content a part only
        hole = chance.randint(0, len(cut))
        cut = bytes(hole) + cut[hole:]
    return data + cut


def script(folder: Path, chance: Random, fault: str) -> Tracer:
    """Fifty steps of a user, written down."""
    tracer = Tracer(folder)
    folder.mkdir()
    now = NOW

    def clock() -> datetime:
        return now

    with tracer.tracing(), seeded(fault):
        library = Library.open(folder / "library", "desk", now=clock)
        library.seed(map(paper, range(PAPERS)))
        for number in range(PAPERS):
            tracer.tell("paper", paper(number).key)
        keys = [item.key for item in library.items()]
        for step in range(STEPS):
            now += timedelta(hours=chance.randrange(30))
            what = chance.choice(("note", "note", "note", "undo", "add", "snapshot", "reopen"))
            if what == "note" or (what == "undo" and not any(library.state.undo_history.done())):
                change = library.change(
                    f"step {step}", [("papers", chance.choice(keys), "note", f"step {step}")]
                )
                assert change is not None
                tracer.tell("change", change.id)
            elif what == "undo":
                tracer.tell("change", library.undo().id)
            elif what == "add":
                report = library.add([sighting(1_000 + step)])
                tracer.tell("import", f"{report.id} {paper(1_000 + step).key}")
            elif what == "snapshot":
                library.state.checkpoint()
            else:
                library.close()
                library = Library.open(folder / "library", "desk", now=clock)
        library.close()
    return tracer


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """Power fails so many times, each at any point of a script."""
    tally = Tally()
    per_script = 250
    for number in range(-(-count // per_script)):
        base = folder / str(number)
        tracer = script(base, chance, fault)
        tries = min(per_script, count - number * per_script)
        places = sorted(chance.randint(1, len(tracer.events)) for _ in range(tries))
        disk, reached = Disk(), 0
        for place in places:
            for event in tracer.events[reached:place]:
                disk.take(event)
            reached = place
            work = base.with_name("work")
            work.mkdir()
            disk.crash(chance, work)
            tally.tried += 1
            acknowledged = [(kind, name) for at, kind, name in tracer.acknowledged if at <= place]
            _check(work / "library", acknowledged, tally)
            clear(work)
        clear(base)
    return tally


def _check(folder: Path, acknowledged: list[tuple[str, str]], tally: Tally) -> None:
    try:
        with Library.open(folder, "desk", wait=0) as library:
            history = library.state.history()
            changes = {change.id for change in history}
            undone = undone_imports(history)
            damaged = library.state.damaged_lines
            for kind, name in acknowledged:
                if kind == "import":
                    id, _, key = name.partition(" ")
                    is_kept = key in library or id in undone
                else:
                    is_kept = name in (changes if kind == "change" else library)
                if not is_kept:
                    tally.note("lost", f"{kind} {name}")
            for item in library.items():
                if item.paper != paper(int(item.paper.title.rsplit(" ", 1)[1])):
                    tally.note("torn", item.paper.title)
    except PapersError as error:
        tally.note("torn", error.message)
        return
    if damaged:
        tally.note("torn", f"{damaged}")
