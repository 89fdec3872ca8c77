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
    acknowledged: list[dict[str, str]] = []
    with seeded(fault):
        while len(acknowledged) < actions:
            with Library.open(
                Path(folder), "desk", wait=0.01, or_read_only=True, now=lambda: datetime.now(UTC)
            ) as library:
                acknowledged += _session(
                    library, chance, f"{number}-{len(acknowledged)}", actions - len(acknowledged)
                )
    os.write(pipe.fileno(), b"")
    with os.fdopen(os.dup(pipe.fileno()), "w") as file:
        json.dump(acknowledged, file)
    pipe.close()


def _session(library: Library, chance: Random, name: str, most: int) -> list[dict[str, str]]:
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
    acknowledged = []
    for step in range(min(most, chance.randrange(1, 30))):
        text = f"{name}-{step}"
        if chance.random() < 0.06:
            new = chance.randrange(10**6, 10**9)
            library.add([sighting(new)])
            acknowledged.append({"paper": paper(new).key})
        else:
            change = library.change(text, [("papers", chance.choice(keys), "note", text)])
            if change is not None:
                acknowledged.append({"verb": text})
    return acknowledged


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """So many runs, each of two to four processes; each of a run's actions counts."""
    tally = Tally()
    for _ in range(count):
        library = folder / "library"
        clear(library)
        with Library.open(library, "desk") as opened:
            opened.seed(map(paper, range(PAPERS)))
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
        acknowledged: list[dict[str, str]] = []
        for process, pipe in zip(processes, pipes, strict=True):
            with os.fdopen(os.dup(pipe.fileno()), "rb") as file:
                data = file.read()
            pipe.close()
            process.join()
            if process.exitcode != 0 or not data:
                tally.note("silent", f"a process ended with {process.exitcode}")
                continue
            acknowledged += json.loads(data)
        tally.tried += len(acknowledged)
        _check(library, acknowledged, tally)
    return tally


def _check(folder: Path, acknowledged: list[dict[str, str]], tally: Tally) -> None:
    try:
        with Library.open(folder, "desk", write=False) as library:
            verbs = {change.verb for change in library.state.history()}
            papers = {item.key: item.paper for item in library.items()}
    except PapersError as error:
        tally.note("torn", error.message)
        return
    for each in acknowledged:
        if "verb" in each and each["verb"] not in verbs:
            tally.note("lost", each["verb"])
        if "paper" in each and each["paper"] not in papers:
            tally.note("lost", each["paper"])
