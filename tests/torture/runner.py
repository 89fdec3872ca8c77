"""Runs every suite as before a release, and closes with one line: ``make torture``.

``--share 0.1`` tries a tenth of each, ``--seed`` tries the same again, ``--only`` one suite.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from multiprocessing import active_children, get_context
from pathlib import Path
from random import Random, SystemRandom

from tests.fast_folder import folder_in_memory
from tests.torture.suites import SUITES
from tests.torture.tally import Tally


def task(name: str, count: int, seed: int) -> tuple[Tally, float]:
    """A part of a suite, in a home that is nobody's; and the seconds it took."""
    (suite,) = [suite for suite in SUITES if suite.name == name]
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="torture-", dir=folder_in_memory()) as folder:
        for variable in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            os.environ[variable] = f"{folder}/home"
        os.environ.pop("PAPERS_TUI_LIBRARY", None)
        return suite.run(count, Random(seed), Path(folder), ""), time.monotonic() - start


def main() -> int:
    """Tries everything, tells it, and fails if anything did harm."""
    parser = argparse.ArgumentParser(prog="make torture")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6))
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--only")
    parser.add_argument("--report", type=Path, default=Path("build/torture.json"))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    chance = Random(options.seed)
    results: dict[str, Tally] = {}
    seconds: dict[str, float] = {}
    workers = 2 * (os.cpu_count() or 1)  # many wait for a terminal or another process
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool, _ended():
        running: list[tuple[str, Future[tuple[Tally, float]]]] = []
        for suite in SUITES:
            if options.only not in (None, suite.name):
                continue
            rest = max(round(suite.full * options.share), 1)
            results[suite.name], seconds[suite.name] = Tally(), 0.0
            while rest > 0:
                part = min(rest, suite.chunk)
                future = pool.submit(task, suite.name, part, chance.randrange(10**9))
                running.append((suite.name, future))
                rest -= part
        for place, (name, future) in enumerate(running):
            tally, took = future.result()
            results[name].take(tally)
            seconds[name] += took
            if place + 1 == len(running) or running[place + 1][0] != name:
                _tell(name, results[name], seconds[name])
    total = Tally()
    for tally in results.values():
        total.take(tally)
    options.report.parent.mkdir(parents=True, exist_ok=True)
    report = {
        "seed": options.seed,
        "share": options.share,
        "suites": {
            name: {**asdict(tally), "seconds": round(seconds[name], 1)}
            for name, tally in results.items()
        },
    }
    options.report.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(
        f"{total.tried:,} faults tried, {total.lost:,} acknowledged changes lost, "
        f"{total.torn:,} torn, {total.silent:,} silent, in {', '.join(results)}"
    )
    return 0 if total.is_clean else 1


@contextmanager
def _ended() -> Iterator[None]:
    """Ends the workers with a run that is ended early; they would go on, with nobody to tell."""
    try:
        yield
    except BaseException:
        for worker in active_children():
            worker.terminate()
        raise


def _tell(name: str, tally: Tally, seconds: float) -> None:
    harm = f"{tally.lost} lost, {tally.torn} torn, {tally.silent} silent"
    print(f"{name:<24} {tally.tried:>7,} tried, {harm}  {seconds:.0f} s", flush=True)
    for note in tally.notes:
        print(f"    {note}", flush=True)
