"""Small libraries, pages and a clock, for tests of what is done with them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conftest import NOW
from tests.strategies import HEADER
from tui.library import Library
from tui.model.paper import Paper, SourceRecord, merge
from tui.model.state import Change, Edit, FieldUpdate, PaperState, ReadingList, Status


class Clock:
    """A clock that moves on only when it is told to."""

    def __init__(self, time: datetime = NOW) -> None:
        self.time = time

    def __call__(self) -> datetime:
        return self.time

    def wait(self, minutes: float = 1) -> None:
        """Moves on."""
        self.time += timedelta(minutes=minutes)


@contextmanager
def lettered(
    folder: Path,
    clock: Callable[[], datetime] = lambda: NOW,
    machine: str = "desk",
    letters: str = "abcdefgh",
) -> Iterator[Library]:
    """A library of papers called A, B, C and so on, nothing decided."""
    with Library.open(folder, machine, wait=0, now=clock) as library:
        if not len(library):
            records = (
                SourceRecord(letter.upper(), f"On {letter}.", "0.txt", line)
                for line, letter in enumerate(letters, 1)
            )
            library.seed(merge([record]) for record in records)
        yield library


def page(path: Path, *titles: str) -> str:
    """Writes a page of papers of these titles; its path."""
    lines = [line for title in titles for line in (title, "", f"We show {title} at length.", "")]
    path.write_text("\n".join([*HEADER, *lines]), "utf-8")
    return str(path)


def statuses(library: Library) -> dict[str, Status]:
    """The status of each paper that has another than unread, by title."""
    states = {item.paper.title: item.state.status for item in library.items()}
    return {title: status for title, status in states.items() if status is not Status.UNREAD}


def stored(folder: Path) -> dict[str, bytes]:
    """Every file of a library that holds anything, by its path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("lock")
    }


SOME: Final = tuple(
    merge([SourceRecord(title, f"About {title}.", "0.txt", line)])
    for line, title in enumerate(["On Sets", "On Bags", "Über Lumpen"], 1)
)
SETS, BAGS, RAGS = KEYS = tuple(paper.key for paper in SOME)
"""Three papers, for what opens a library again and again."""


def opened(folder: Path, machine: str = "desk", **options: Any) -> Library:
    """A library, opened at the time of the tests, without waiting for its lock."""
    return Library.open(folder, machine, **{"wait": 0, "now": lambda: NOW, **options})


def make_library(folder: Path, papers: Sequence[Paper] = SOME) -> Path:
    """The folder of a library that holds some papers, and was closed again."""
    with opened(folder) as library:
        library.seed(papers)
    return folder


@pytest.fixture
def three_papers(tmp_path: Path) -> Path:
    """The folder of a library of three papers."""
    return make_library(tmp_path / "library")


def status(key: str, value: str | None = "read") -> FieldUpdate:
    """Gives a paper a status."""
    return ("papers", key, "status", value)


def tag(key: str, name: str) -> FieldUpdate:
    """Gives a paper a tag."""
    return ("papers", key, f"tag/{name}", True)


def foreign(rev: int, machine: str, key: str, value: Any, field: str = "status") -> Change:
    """A change that another machine made on the day before."""
    edit = Edit("papers", key, field, None, value)
    return Change(rev, machine, "2026-01-14", str(value), (edit,))


Decisions = tuple[dict[str, PaperState], dict[str, float], list[ReadingList], dict[str, str]]


def state_of(library: Library) -> Decisions:
    """All that was decided."""
    lists = library.state.lists()
    states = {item.key: item.state for item in library.items()}
    places = {
        f"{a.name}/{key}": at for a in lists for key, at in library.state.positions(a.name).items()
    }
    return states, places, lists, library.state.views()
