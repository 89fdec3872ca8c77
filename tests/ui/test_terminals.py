"""What the terminal tests wait for: a program that gets anywhere, even slowly, is not given up."""

import os
from typing import Final

import pytest

from tests.ui import terminals
from tests.ui.terminals import TURN, Progress

LOOKS: Final = 5
"""Looks in which nothing comes of it, until a program is given up here."""


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminals, "IDLE", (LOOKS - 1) * TURN)
    monkeypatch.setattr(terminals, "CPU", 1e9)  # of all tests together


def test_what_runs_is_not_given_up_though_it_writes_nothing() -> None:
    progress = Progress(os.getsid(0))  # in which this test runs
    for _ in range(3 * LOOKS):
        progress.look(0)
        assert not progress.is_stuck


def test_what_writes_is_not_given_up_though_it_sleeps() -> None:
    progress = Progress(-1)  # in which nothing runs
    for written in range(3 * LOOKS):
        progress.look(written // 2)
        assert not progress.is_stuck


def test_what_sleeps_and_writes_nothing_is_given_up() -> None:
    progress = Progress(-1)
    progress.look(0)
    for _ in range(LOOKS):
        assert not progress.is_stuck
        progress.look(0)
    assert progress.is_stuck
