"""Small libraries, pages and a clock, for tests of what is done with them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from tests.conftest import NOW
from tests.strategies import HEADER
from tui.library import Library
from tui.model.paper import SourceRecord, merge
from tui.model.state import Status


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
