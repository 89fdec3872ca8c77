"""A library of each schema there has been, opened and killed on the way to the newest."""

import shutil
from contextlib import suppress
from pathlib import Path
from random import Random

from tests.storage.test_schemas import OLD, assert_golden
from tests.strategies import FIXTURES
from tests.torture.calls import Injection, injected
from tests.torture.seeded import seeded
from tests.torture.tally import Tally
from tui.errors import PapersError
from tui.library import Library


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """Every old library opens as it was, whatever call of its migration fails."""
    tally = Tally()
    with seeded(fault):
        for schema in OLD:
            for place in range(count):
                work = folder / f"{schema}-{place}"
                shutil.copytree(FIXTURES / f"schema-{schema}", work)
                injection = Injection(place, 5)
                with injected(injection), suppress(PapersError):
                    Library.open(work, "desk", wait=0).close()
                tally.tried += 1
                _check(work, tally)
                if place and not injection.fired:
                    break
    return tally


def _check(folder: Path, tally: Tally) -> None:
    try:
        for _ in range(2):
            with Library.open(folder, "desk", wait=0) as library:
                assert_golden(library)
    except (PapersError, AssertionError, ValueError) as error:
        tally.note("lost", f"{folder.name}: {error!r}")
