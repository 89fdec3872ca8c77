"""Two shells beside a session that is killed again and again: a command is done once, or never."""

import json
import os
import signal
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any, Final
from unittest import mock

from tests.torture.kills import CLEAN, paper
from tests.torture.seeded import seeded
from tests.torture.tally import Tally, clear
from tui.actions import arguments, open
from tui.actions.context import Context
from tui.actions.registry import Where
from tui.actions.requests import Job, next_job
from tui.config import Config
from tui.errors import LibraryLockedError, PapersError
from tui.library import Library

COMMANDS: Final = 20
"""Of each shell of one run."""
SHELLS: Final = 2
PAPERS: Final = 20


def _here() -> Any:
    return mock.patch("tui.config.machine_name", return_value="desk")


def _serve(folder: str, seed: int, fault: str) -> None:
    """Does what it is asked, until it is killed: at no special moment, or at a bad one."""
    chance = Random(seed)
    with seeded(fault), _here(), Library.open(Path(folder), "desk", wait=60.0) as library:
        for _ in range(chance.randrange(2, 30)):
            while (job := next_job(library, Config())) is None:
                time.sleep(0.001)  # the shells need the cores
            _do(job, chance.random())
        os.kill(os.getpid(), signal.SIGKILL)


def _do(job: Job, when: float) -> None:
    """Runs a request, or is killed before it, or after it and before the answer."""

    def kill(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if when < 0.05:
        kill()
    elif when < 0.15:
        with mock.patch.object(type(job.folder), "reply", kill):
            job.run()
    else:
        job.run()


def _ask(folder: str, number: int, seed: int, pipe: Any, fault: str) -> None:
    """Runs commands as a shell does, and tells what became of each."""
    chance = Random(seed)
    answers: list[tuple[str, str]] = []
    with seeded(fault), _here():
        for step in range(COMMANDS):
            text = f"{number}-{step}"
            words = ("tag", f"+t{text}", paper(chance.randrange(PAPERS)).key)
            try:
                message = _command(folder, words)
                answers.append((f"t{text}", "done" if message.startswith("Tagged") else message))
            except LibraryLockedError as error:
                answers.append((f"t{text}", "unknown" if "taken" in error.message else "refused"))
            except PapersError as error:
                answers.append((f"t{text}", error.message))
    with os.fdopen(os.dup(pipe.fileno()), "w") as file:
        json.dump(answers, file)
    pipe.close()


def _command(folder: str, words: tuple[str, ...]) -> str:
    action, options = arguments.parse(words, Where.SHELL)
    assert action is not None
    del options["library"], options["no_sample"]
    return open.run(action, options, Context(Config(), folder=folder, words=words)).message


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """So many runs; each command of a shell counts."""
    tally = Tally()
    for _ in range(count):
        library = folder / "library"
        clear(library)
        with Library.open(library, "desk") as new:
            new.seed(map(paper, range(PAPERS)))
        pipes, shells = [], []
        for number in range(SHELLS):
            reading, writing = CLEAN.Pipe(duplex=False)
            each = (str(library), number, chance.randrange(10**9), writing, fault)
            shells.append(CLEAN.Process(target=_ask, args=each))
            shells[-1].start()
            writing.close()
            pipes.append(reading)
        while any(shell.is_alive() for shell in shells):
            seed = chance.randrange(10**9)
            session = CLEAN.Process(target=_serve, args=(str(library), seed, fault))
            session.start()
            while session.is_alive() and any(shell.is_alive() for shell in shells):
                session.join(0.05)
            session.kill()
            session.join()
        for pipe in pipes:
            with os.fdopen(os.dup(pipe.fileno()), "rb") as file:
                answers = json.loads(file.read() or b"[]")
            pipe.close()
            tally.tried += len(answers)
            if len(answers) != COMMANDS:
                tally.note("silent", "a shell ended without telling")
            _check(library, answers, tally)
    return tally


def _check(folder: Path, answers: list[tuple[str, str]], tally: Tally) -> None:
    """Holds what the shells said against what is in the journal."""
    with Library.open(folder, "desk", write=False) as library:
        times = Counter(
            edit.field.removeprefix("tag/")
            for change in library.state.history()
            for edit in change.edits
            if edit.table == "papers"
        )
    for name, result in answers:
        count = times[name]
        if result == "done" and count == 0:
            tally.note("lost", name)
        elif count > 1 or (result == "refused" and count):
            tally.note("torn", f"{name} is said to be {result}, and was done {count} times")
        elif result not in ("done", "refused", "unknown"):
            tally.note("silent", result)
