"""A site that stands for all services."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.site import Site, serving
from tui.sources.http import Client


@pytest.fixture
def site() -> Iterator[Site]:
    """A server that answers as it is told."""
    with serving() as site:
        yield site


class Clock:
    """A clock that moves on only while something sleeps."""

    START = 1_800_000_000.0

    def __init__(self) -> None:
        self.time = self.START

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    @property
    def passed(self) -> float:
        """Seconds since the start."""
        return round(self.time - self.START, 3)


@pytest.fixture
def clock() -> Clock:
    """A clock of its own."""
    return Clock()


@pytest.fixture
def client(site: Site, clock: Clock, tmp_path: Path) -> Client:
    """Opens connections to the site."""
    services = dict.fromkeys(("hf", "arxiv", "crossref"), site.url)
    return Client(services, tmp_path / "paces", sleep=clock.sleep, now=clock)
