"""What a journal of years costs, against one of a few days: libraries that differ in age alone.

The state is of one size in both: first every paper gets a note, then each day some papers are
dismissed, those of the day before are unread again, and tags come and go. CPU is compared where
it can be, as the two differ in little.
"""

import asyncio
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks import screens, starting
from tests.benchmarks.measure import Figure, compared, in_turns
from tui.config import cache_path, session_path
from tui.library import Library
from tui.model.state import Change, Edit
from tui.storage.journal_lines import encode
from tui.ui.screens.session import SessionScreen

AGES: Final = (8_000, 80_000, 630_000)
"""Changes: of some months, of two years, of seventeen years."""
YOUNG: Final = 100
"""Changes of a few days."""
A_DAY: Final = 100
"""Changes a day."""
DECIDED: Final = 20
"""Papers decided a day."""
MARKS: Final = 5
"""Marks, each undone, of which one is typical."""
MACHINE: Final = "bench"
_FIRST_DAY: Final = datetime(2009, 1, 1, 8, tzinfo=UTC)
_TAGS: Final = ("nlp", "vision")


def changes(keys: list[str], count: int) -> Iterator[Change]:
    """Changes as a user makes them, a hundred a day."""
    rng = random.Random(count)
    tagged: set[tuple[str, str]] = set()
    edits = tuple(Edit("papers", key, "note", None, "of the first day") for key in keys)
    yield Change(1, MACHINE, _at(0), "note", edits)
    for number in range(1, count):
        day, place = divmod(number, A_DAY)
        if place < DECIDED:
            key = keys[(DECIDED * day + place) % len(keys)]
            verb, edit = "dismissed", Edit("papers", key, "status", None, "dismissed")
        elif place < 2 * DECIDED and day:
            key = keys[(DECIDED * (day - 2) + place) % len(keys)]
            verb, edit = "unread", Edit("papers", key, "status", "dismissed", None)
        else:
            key, tag = pair = rng.choice(keys), rng.choice(_TAGS)
            was = True if pair in tagged else None
            tagged ^= {pair}
            verb, edit = f"tag {tag}", Edit("papers", key, f"tag/{tag}", was, not was or None)
        yield Change(number + 1, MACHINE, _at(number), verb, (edit,))


def _at(number: int) -> str:
    day, second = divmod(number, A_DAY)
    moment = _FIRST_DAY + timedelta(days=day, seconds=20 * second)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def write_years(young: Path, folder: Path, count: int) -> None:
    """Makes a library of some age from one without a journal, unless it is there already.

    Its snapshot is as this version takes it, also where another one had made the library: what
    only reads would read the whole journal in its place.
    """
    if not folder.exists():
        shutil.copytree(young, folder)
        with Library.open(folder, MACHINE) as library:
            keys = list(library.papers)
        write_journal(folder, changes(keys, count))
    with Library.open(folder, MACHINE) as library:
        library.state.checkpoint()


def write_journal(folder: Path, some: Iterable[Change]) -> None:
    """Writes changes, those of a month and a machine in a row, into the files of a library."""
    for (machine, month), part in groupby(some, key=lambda change: (change.machine, change.at[:7])):
        path = folder / "journal" / machine / f"{month}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(map(encode, part)))


def figures(
    shipped: Path, env: Mapping[str, str], ages: tuple[int, ...], turns: int
) -> Iterator[Figure]:
    """What each command costs at each age, against the youngest library."""
    base = shipped.parent / "years"
    young = base / str(YOUNG)
    write_years(shipped, young, YOUNG)
    for age in ages:
        old = base / str(age)
        write_years(shipped, old, age)
        for what, bar, measure in _rows(env):
            ours, theirs = in_turns(lambda: measure(old), lambda: measure(young), turns)  # noqa: B023
            yield compared(f"{what}, {age:,} changes against {YOUNG}", 268, bar, ours, theirs)
        old_peak, young_peak = (_memory(_command(each, "list"), env) for each in (old, young))
        figure = f"{old_peak:.0f} against {young_peak:.0f} MB"
        what = f"memory of papers-tui list, {age:,} changes against {YOUNG}"
        yield Figure(what, 268, old_peak / young_peak, 1.3, figure)


def _rows(env: Mapping[str, str]) -> Iterator[tuple[str, float, Callable[[Path], float]]]:
    def shell(*words: str) -> Callable[[Path], float]:
        return lambda folder: starting.cpu(_command(folder, *words), env)

    def key(folder: Path) -> str:
        with Library.open(folder, MACHINE, write=False) as library:
            return next(iter(library.papers))

    def first_paint(folder: Path) -> float:
        session_path(folder).unlink(missing_ok=True)  # so that it begins with the inbox
        with Library.open(folder, MACHINE, write=False) as library:
            inbox = library.counts().inbox
        return starting.ours(folder, f" of {inbox}".encode(), env)

    def mark_and_undo(folder: Path) -> float:
        status = ("mark", "read", key(folder)), ("mark", "dismissed", key(folder))
        starting.cpu(_command(folder, *status[0]), env)
        mark = starting.cpu(_command(folder, *status[1]), env)
        undo = starting.cpu(_command(folder, "undo"), env)
        return mark + undo

    yield "CPU of papers-tui list", 1.3, shell("list", "--limit", "1")
    yield "CPU of papers-tui mark and undo", 1.3, mark_and_undo
    yield "CPU of papers-tui doctor", 1.3, shell("doctor")
    yield "CPU of papers-tui log", 1.3, shell("log")
    yield "CPU of papers-tui stats", 2.0, shell("stats")  # of up to 30 sessions; a young one has 1
    yield "the app: first paint", 1.3, first_paint
    yield "CPU of the app: a mark, undone", 1.3, lambda folder: asyncio.run(_marking(folder))
    yield "CPU of the app: q until it ends", 1.3, lambda folder: asyncio.run(_quitting(folder))
    yield "CPU of the timeline's first page", 2.0, lambda folder: asyncio.run(_timeline(folder))
    yield "CPU of the screen of sessions", 2.0, lambda folder: asyncio.run(_sessions(folder))


def _command(folder: Path, *words: str) -> list[str]:
    return [str(starting.PROGRAM), "--library", str(folder), *words]


async def _marking(folder: Path) -> float:
    """Milliseconds of CPU from ``r`` to its frame, and from ``u``: the median of some."""
    async with screens.reading(folder, cache_path(folder)) as app:
        return median(
            [
                await screens.cpu_to_frame(app, "r") + await screens.cpu_to_frame(app, "u")
                for _ in range(MARKS)
            ]
        )


async def _timeline(folder: Path) -> float:
    """The same from ``gh`` until nothing more is drawn."""
    async with screens.reading(folder, cache_path(folder)) as app:
        start = time.process_time()
        await screens.key_to_frame(app, "g")
        await screens.key_to_frame(app, "h")
        return (time.process_time() - start) * 1e3


async def _sessions(folder: Path) -> float:
    """The same from ``gi`` to the frame with the numbers, which are read in a thread."""
    async with screens.reading(folder, cache_path(folder)) as app:
        start = time.process_time()
        await screens.key_to_frame(app, "g")
        await screens.key_to_frame(app, "i")
        assert isinstance(app.screen, SessionScreen)
        while not app.screen.rows.option_count:
            await screens.frame_after(app, time.perf_counter())
        return (time.process_time() - start) * 1e3


async def _quitting(folder: Path) -> float:
    """The same from ``q`` to the end, after a mark."""
    async with screens.reading(folder, cache_path(folder)) as app:
        await screens.key_to_frame(app, "r")
        await screens.at_rest(app)
        start = time.process_time()
    return (time.process_time() - start) * 1e3


_PEAK: Final = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def _memory(command: list[str], env: Mapping[str, str]) -> float:
    """The peak memory of a process, in MB."""
    program = [sys.executable, "-c", _PEAK, *command]
    result = subprocess.run(program, env=dict(env), capture_output=True, text=True, check=True)
    return float(result.stdout)
