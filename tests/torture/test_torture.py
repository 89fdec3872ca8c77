"""The suites at the size of a push, and for each the seeded fault that must make it fail."""

from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests.torture.suites import SUITES
from tests.torture.tally import Suite

SEED: Final = 20260115
ATTEMPTS: Final = 4
"""A kill finds a fault only if it comes at the right moment, so a fault has a few chances: so many
times what usually finds it."""
CONTROLS: Final = [(suite, fault) for suite in SUITES for fault in suite.controls]


@pytest.mark.parametrize(
    "suite", [suite for suite in SUITES if suite.small], ids=lambda suite: suite.name
)
def test_no_fault_does_harm(suite: Suite, tmp_path: Path) -> None:
    tally = suite.run(suite.small, Random(SEED), tmp_path, "")
    assert tally.is_clean, tally.notes
    assert tally.tried >= suite.small * 0.7


@pytest.mark.parametrize(
    ("suite", "fault"), CONTROLS, ids=[f"{suite.name}: {fault}" for suite, fault in CONTROLS]
)
def test_a_fault_in_the_app_is_found(suite: Suite, fault: str, tmp_path: Path) -> None:
    chance = Random(SEED)

    def is_found(count: int) -> bool:
        folder = tmp_path / str(count)
        folder.mkdir()
        return not suite.run(count, chance, folder, fault).is_clean

    most = ATTEMPTS * (suite.control or suite.small)
    assert any(is_found(2**power) for power in range(most.bit_length()))
