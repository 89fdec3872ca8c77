"""Several real processes on one library at once, each telling of what it has done."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.torture.kills import CLEAN, paper, sighting
from tests.torture.seeded import seeded
from tests.torture.tally import Tally, clear
from tui.errors import LibraryLockedError, PapersError
from tui.library import Library

ACTIONS: Final = 400
"""Of all processes of one run together."""
PAPERS: Final = 40


def _act(folder: str, number: int, seed: int, actions: int, pipe: Any, fault: str) -> None:
    chance = Random(seed + number)
    told: list[dict[str, str]] = []
    with seeded(fault):
        while len(told) < actions:
            with Library.open(
                Path(folder), "desk", wait=0.01, or_read_only=True, now=lambda: datetime.now(UTC)
            ) as library:
                told += _session(library, chance, f"{number}-{len(told)}", actions - len(told))
    os.write(pipe.fileno(), b"")
    with os.fdopen(os.dup(pipe.fileno()), "w") as file:
        json.dump(told, file)
    pipe.close()


def _session(library: Library, chance: Random, name: str, left: int) -> list[dict[str, str]]:
    """Does some things, or follows what another does until it may do some."""
    keys = [item.key for item in library.items()][:PAPERS]
    for _ in range(3):
        if library.read_only_reason is None:
            break
        library.refresh()
        try:
            library.acquire_write()
        except LibraryLockedError:
            continue
    if library.read_only_reason is not None:
        return []
    told = []
    for step in range(min(left, chance.randrange(1, 30))):
        text = f"{name}-{step}"
        if chance.random() < 0.06:
            new = chance.randrange(10**6, 10**9)
            library.add([sighting(new)])
            told.append({"paper": paper(new).key})
        else:
            change = library.change(text, [("papers", chance.choice(keys), "note", text)])
            if change is not None:
                told.append({"verb": text})
    return told


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """So many runs, each of two to four processes; each of a run's actions counts."""
    tally = Tally()
    for _ in range(count):
        library = folder / "library"
        clear(library)
        with Library.open(library, "desk") as made:
            made.seed(map(paper, range(PAPERS)))
        processes, pipes = [], []
        several, seed = chance.randint(2, 4), chance.randrange(10**9)
        for number in range(several):
            reading, writing = CLEAN.Pipe(duplex=False)
            each = (str(library), number, seed, ACTIONS // several, writing, fault)
            process = CLEAN.Process(target=_act, args=each)
            process.start()
            writing.close()
            processes.append(process)
            pipes.append(reading)
        told: list[dict[str, str]] = []
        for process, pipe in zip(processes, pipes, strict=True):
            with os.fdopen(os.dup(pipe.fileno()), "rb") as file:
                data = file.read()
            pipe.close()
            process.join()
            if process.exitcode != 0 or not data:
                tally.note("silent", f"a process ended with {process.exitcode}")
                continue
            told += json.loads(data)
        tally.tried += len(told)
        _check(library, told, tally)
    return tally


def _check(folder: Path, told: list[dict[str, str]], tally: Tally) -> None:
    try:
        with Library.open(folder, "desk", write=False) as library:
            verbs = {change.verb for change in library.state.history()}
            held = {item.key: item.paper for item in library.items()}
    except PapersError as error:
        tally.note("torn", error.message)
        return
    for each in told:
        if "verb" in each and each["verb"] not in verbs:
            tally.note("lost", each["verb"])
        if "paper" in each and each["paper"] not in held:
            tally.note("lost", each["paper"])
