"""Two to four machines, and every way of carrying files between them: at rest all show the same."""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final
from unittest import mock

from tests.torture.kills import sighting
from tests.torture.seeded import seeded
from tests.torture.tally import Tally
from tui.actions import lists, sync, tags, triage
from tui.actions.context import Context
from tui.config import Config
from tui.errors import PapersError
from tui.library import Library
from tui.model.state import Change, Status
from tui.storage import git

PAPERS: Final = 12
STEPS: Final = 100
"""Things that are done in one life of some machines, carrying not counted."""
NAMES: Final = ("Thesis", "thesis", "phd", "read later")
TAGS: Final = ("ml", "ml/vision", "ai", "rl")
SHARED: Final = ("journal", "imports")
DERIVED: Final = ("papers.json", "triage.json")


class Machine:
    """A machine with its clock, and what it acknowledged."""

    def __init__(self, folder: Path, number: int, chance: Random) -> None:
        self.name = f"m{number}"
        self.folder = folder / self.name
        self.skew = timedelta(hours=chance.choice((0, 0, -9_000, -5, 3, 800, 9_000)))
        self.ticks = 0
        self.said: list[Change] = []

    def now(self) -> datetime:
        """Its time, which is not that of others."""
        self.ticks += 1
        return datetime(2026, 1, 15, tzinfo=UTC) + self.skew + timedelta(minutes=self.ticks)

    def open(self) -> Library:
        """Its library, open for writing."""
        return Library.open(self.folder, self.name, wait=5.0, now=self.now)

    def act(self, library: Library, chance: Random) -> None:
        """Does one thing; what cannot be done here is refused, and nothing else happens."""
        ids = {change.id for change in self.said}
        with suppress(PapersError):
            latest = chance.choice(ACTIONS)(library, chance)
            if isinstance(latest, Change) and latest.id not in ids:
                self.said.append(latest)


def _some(library: Library, chance: Random) -> list[str]:
    keys = list(library.papers)
    return chance.sample(keys, min(len(keys), chance.randint(1, 3)))


def _import(library: Library, chance: Random) -> Change | None:
    report = library.add(
        [sighting(chance.randrange(10**4)) for _ in range(2)], f"{chance.random()}"
    )
    edits = ("imports", report.id)
    history = reversed(library.state.history())
    return next((c for c in history if c.edits and c.edits[0][:2] == edits), None)


def _undo_all(library: Library, chance: Random) -> Change | None:
    return library.undo_all(list(islice(library.state.undo_history.done(), chance.randint(2, 5))))


def _undo_only(library: Library, chance: Random) -> Change | None:
    history = library.state.history()
    return library.undo(chance.choice(history)) if history else None


def _set_import(library: Library, chance: Random) -> Change | None:
    if not (imports := list(library.state.all_imports().items())):
        return None
    id, is_live = chance.choice(imports)
    return library.set_imports([id], is_live=not is_live)


def _join(library: Library, chance: Random) -> Change | None:
    if len(library.papers) < 2:
        return None
    pair = " ".join(sorted(chance.sample(list(library.papers), 2)))
    return library.change("join", [("joins", pair, "same", chance.choice((True, False, None)))])


def _move(library: Library, chance: Random) -> Change | None:
    name = chance.choice(library.state.list_names() or ["none"])
    keys = library.state.reading_list(name).keys
    return lists.move(library, name, chance.choice(keys), chance.randint(1, 5)) if keys else None


ACTIONS: Final[Sequence[Callable[[Library, Random], Any]]] = (
    lambda lib, c: triage.mark(lib, _some(lib, c), c.choice(list(Status))),
    lambda lib, c: triage.star(lib, _some(lib, c)),
    lambda lib, c: triage.tag(lib, _some(lib, c), [c.choice(TAGS)]),
    lambda lib, c: triage.note(lib, _some(lib, c), f"note {c.random()}"),
    lambda lib, c: lists.add(lib, c.choice(NAMES), _some(lib, c)),
    lambda lib, c: lists.add(lib, c.choice(NAMES), _some(lib, c)),
    lambda lib, c: lists.remove(lib, c.choice(NAMES), _some(lib, c)),
    lambda lib, c: lists.rename(lib, c.choice(NAMES), c.choice(NAMES)),
    lambda lib, c: lists.delete(lib, c.choice(NAMES)),
    lambda lib, c: lists.describe(lib, c.choice(NAMES), f"about {c.random()}"),
    lambda lib, c: tags.rename(lib, c.choice(TAGS), c.choice(TAGS)),
    lambda lib, c: lib.undo(),
    lambda lib, c: lib.undo(),
    lambda lib, c: lib.redo(),
    _move,
    _undo_only,
    _undo_all,
    _import,
    _set_import,
    _join,
)


# Carrying


def _files(folder: Path, parts: Sequence[str]) -> list[str]:
    paths = (path for part in parts for path in [folder / part, *(folder / part).rglob("*")])
    return sorted(str(path.relative_to(folder)) for path in paths if path.is_file())


def _copy(source: Path, target: Path, data: bytes) -> None:
    """Replaces a file as tools do: by a new one, with the time of the old one.

    An import is written once, so what is there is not replaced by what has not all arrived.
    """
    if target.parent.name == "imports" and target.exists() and target.stat().st_size >= len(data):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.part")
    new.write_bytes(data)
    shutil.copystat(source, new)
    new.replace(target)


def _is_of(name: str, machine: Machine) -> bool:
    """Whether a machine writes this file."""
    return name.startswith((f"journal/{machine.name}/", f"journal/{machine.name}."))


def _whole(source: Machine, target: Machine, chance: Random) -> None:
    """All files that the other writes; what is carried never goes back."""
    for name in _files(source.folder, SHARED):
        data, old = (source.folder / name).read_bytes(), target.folder / name
        if not _is_of(name, target) and (not old.exists() or len(old.read_bytes()) < len(data)):
            _copy(source.folder / name, old, data)


def _partly(source: Machine, target: Machine, chance: Random) -> None:
    """Some files, in no order, and the snapshots before the journal or without it."""
    names = _files(source.folder, (*SHARED, *DERIVED))
    for name in chance.sample(names, chance.randint(0, len(names))):
        if not _is_of(name, target):
            _copy(source.folder / name, target.folder / name, (source.folder / name).read_bytes())


def _cut(source: Machine, target: Machine, chance: Random) -> None:
    """Files that are not all there yet."""
    for name in _files(source.folder, SHARED):
        if not _is_of(name, target) and chance.random() < 0.5:
            data = (source.folder / name).read_bytes()
            _copy(source.folder / name, target.folder / name, data[: chance.randint(0, len(data))])


def _newest(source: Machine, target: Machine, chance: Random) -> None:
    """Of each file the newer one, by clocks that differ."""
    for name in _files(source.folder, (*SHARED, *DERIVED)):
        old, new = target.folder / name, source.folder / name
        is_newer = not old.exists() or new.stat().st_mtime > old.stat().st_mtime
        if is_newer and not _is_of(name, target):
            _copy(new, old, new.read_bytes())


def _conflicts(source: Machine, target: Machine, chance: Random) -> None:
    """Both of two different files, one under the name of a conflict copy."""
    for name in _files(source.folder, (*SHARED, *DERIVED)):
        old, new = target.folder / name, source.folder / name
        if old.exists() and old.read_bytes() != new.read_bytes() and chance.random() < 0.5:
            stamp = f"sync-conflict-20260115-12{chance.randrange(60):02}00-ABCDEFG"
            old = old.with_name(f"{old.stem}.{stamp}{old.suffix}")
        if not _is_of(name, target) or old.name != new.name:
            _copy(new, old, new.read_bytes())


CARRIERS: Final = (_whole, _partly, _cut, _newest, _conflicts)


def _by_git(machines: Sequence[Machine], remote: Path) -> None:
    """All of them, one after the other, over a repository."""
    for machine in machines:
        with machine.open() as library, suppress(PapersError):
            repository = git.GitRepository(library.folder)
            if not (library.folder / ".git").exists():
                repository.init(str(remote))
            sync._exchange(Context(Config(), library), repository)


# One life


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """So many actions, on some machines after others."""
    tally = Tally()
    env = {"GIT_CONFIG_GLOBAL": str(folder / "gitconfig"), "GIT_CONFIG_NOSYSTEM": "1"}
    with seeded(fault), mock.patch("os.fsync"), mock.patch.dict(os.environ, env):
        while tally.tried < count:
            for path in folder.iterdir():
                shutil.rmtree(path, ignore_errors=True)
            _live(folder, chance, tally)
    return tally


def _live(folder: Path, chance: Random, tally: Tally) -> None:
    machines = [Machine(folder, number, chance) for number in range(chance.randint(2, 4))]
    with machines[0].open() as library:
        library.add([sighting(number) for number in range(PAPERS)], "first.txt")
    for other in machines[1:]:
        _whole(machines[0], other, chance)
    remote = folder / "remote.git"
    is_git = chance.random() < 0.2
    if is_git:
        command = ["git", "init", "-q", "--bare", "--initial-branch=main", str(remote)]
        subprocess.run(command, check=True)
    total = 0
    while total < STEPS:
        machine, other = chance.sample(machines, 2)
        try:
            total += _session(machine, other, chance)
            chance.choice(CARRIERS)(machine, other, chance)
            if is_git and chance.random() < 0.1:
                _by_git(machines, remote)
        except PapersError as error:
            tally.note("torn", f"{machine.name}: {error}")
            return
    tally.tried += total
    _rest(machines, chance)
    _check(machines, tally)


def _session(machine: Machine, other: Machine, chance: Random) -> int:
    """Some actions in a row; meanwhile something may arrive."""
    steps = chance.randint(1, 12)
    with machine.open() as library:
        for _ in range(steps):
            if chance.random() < 0.1:
                chance.choice(CARRIERS[:4])(other, machine, chance)
                library.refresh()
            machine.act(library, chance)
    return steps


def _rest(machines: Sequence[Machine], chance: Random) -> None:
    """Everything arrives everywhere, and each machine looks at it twice."""
    for _ in range(2):
        for source in machines:
            for target in machines:
                if source is not target:
                    _whole(source, target, chance)
        for machine in machines:
            with machine.open():
                pass


def _shown(library: Library) -> Any:
    """All that is shown of a library."""
    items = sorted(library.items(), key=lambda item: item.key)
    state = library.state
    papers = [(item.key, item.paper.records, item.state) for item in items]
    return (
        papers,
        state.lists(),
        state.views(),
        sorted(state.missing_keys()),
        state.imports(),
    )


def _check(machines: Sequence[Machine], tally: Tally) -> None:
    shown = []
    for machine in machines:
        try:
            with machine.open() as library:
                shown.append(_shown(library))
                ids = {change.id for change in library.state.history()}
                problems = library.state.list_problems()
        except PapersError as error:
            tally.note("torn", f"{machine.name}: {error}")
            return
        for problem in problems:
            tally.note("torn", f"{machine.name}: {problem}")
        for each in machines:
            for change in each.said:
                if change.id not in ids:
                    tally.note("lost", f"{change.id} on {machine.name}: {change.verb}")
    for machine, other in zip(machines[1:], shown[1:], strict=True):
        for mine, theirs in zip(shown[0], other, strict=True):
            if mine != theirs:
                pairs = zip([*mine, None], [*theirs, None], strict=False)
                first, second = next((a, b) for a, b in pairs if a != b)
                tally.note("torn", f"m0 and {machine.name} differ: {_difference(first, second)}")
                return


def _difference(first: Any, second: Any) -> str:
    """Where two values that are shown first differ."""
    one, other = str(first), str(second)
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    begin = max(start - 60, 0)
    return f"{one[:60]}: …{one[begin : start + 60]}… and …{other[begin : start + 60]}…"
