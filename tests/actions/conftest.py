"""A library without papers, and a site on this machine that stands for all services."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.libraries import Clock
from tests.sources.site import ARXIV, HF, Site, serving
from tui.actions.context import Context, Outcome
from tui.actions.registry import actions
from tui.actions.targets import perform
from tui.config import Config
from tui.library import Library
from tui.sources import pace


@pytest.fixture(autouse=True)
def no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server need be spared."""
    monkeypatch.setattr(pace, "SECONDS", 0.0)


@pytest.fixture
def site() -> Iterator[Site]:
    """A server that has answers."""
    with serving() as site:
        site.on("/api/daily_papers", HF)
        site.on("/api/query", ARXIV.replace(b"214881", b"2"))
        yield site


@pytest.fixture
def clock() -> Clock:
    """A clock that moves on when it is told to."""
    return Clock()


@pytest.fixture
def new_library(folder: Path, clock: Clock) -> Iterator[Library]:
    """A library without papers."""
    with Library.open(folder, "desk", wait=0, now=clock) as library:
        yield library


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Library]:
    """Another library without papers, by the time of the system."""
    with Library.open(tmp_path / "empty", "desk", wait=0) as library:
        yield library


def at(library: Library, site: Site) -> Context:
    """The environment of a command, whose services are all at one site."""
    services = dict.fromkeys(("hf", "arxiv", "crossref"), site.url)
    return Context(Config(sources=services), library)


def ran(command: str, here: Context, **options: Any) -> Outcome:
    """What a command says."""
    return perform(actions()[command], options, here)
