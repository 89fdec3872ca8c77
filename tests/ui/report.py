"""Keys of everyday work, and cells of the screen with text: ``python -m tests.ui.report``."""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir
from pathlib import Path
from typing import Final, NamedTuple

from tests.conftest import CORPUS
from tests.ui.test_frames import SESSION
from tests.view_helpers import Desk, Size, frame, reading
from tui.config import Config
from tui.model.paper import Paper, from_record

KEEPING: Final = ("L", *"club", "enter")
"""Gives the inbox a current list."""


class Task(NamedTuple):
    """Something that a user does."""

    name: str
    keys: Sequence[str]
    most: int
    """The most keys that it may take."""
    is_done: Callable[[Desk], bool]
    before: Sequence[str] = ()
    """Keys of before, which do not count."""
    papers: int = 0
    """How many papers there are; all if 0."""


TASKS: Final = (
    Task(
        "20 decisions",
        [*"rd"] * 10,
        20,
        lambda desk: desk.library.counts().inbox == len(desk.library) - 20,
    ),
    Task(
        "an inbox of 20 to zero, 5 kept",
        [*"rdda"] * 5,
        20,
        lambda desk: desk.says.startswith("Inbox empty") and len(desk.listed("club")) == 6,
        before=KEEPING,
        papers=21,
    ),
    Task(
        "the last decision taken back",
        ["u"],
        1,
        lambda desk: desk.library.counts().inbox == len(desk.library),
        before=("d",),
    ),
    Task(
        "3 papers into the current list",
        [*"aaa"],
        3,
        lambda desk: len(desk.listed("club")) == 4,
        before=KEEPING,
    ),
    Task(
        "the current list to a Markdown file",
        ["l", "E", "enter"],
        3,
        lambda desk: desk.says.startswith("Exported 1 paper"),
        before=KEEPING,
    ),
    Task(
        "one paper into three new lists",
        ["L", *"one", "tab", *"two", "tab", *"three", "enter"],
        15,
        lambda desk: all(len(desk.listed(name)) == 1 for name in ("one", "two", "three")),
    ),
    Task(
        "5 tags in a row",
        [*"xxxxx", "t", *"nlp", "enter"],
        10,
        lambda desk: (
            desk.library.counts().inbox == len(desk.library)
            and sum("nlp" in each.state.tags for each in desk.library.items()) == 5
        ),
    ),
    Task(
        "a paper dismissed before, one of three words wrong",
        ["/", *"augmentation centric banana", "enter"],
        len("/augmentation centric banana") + 1,
        lambda desk: desk.titles[0].startswith("TCIA"),
        before=("d", *"rrr", "$"),
    ),
)
WORK: Final = (
    *SESSION,
    *("a" * 8),
    *("L", *"club", "enter"),
    *("a" * 6),
    *(["r", "d"] * 12),
    *(*"xxxxx", "t", *"nlp", "enter"),
)
"""What a user has done in an hour, before a page is opened."""
MAIN: Final[Sequence[tuple[str, Size, float]]] = (
    ("papers", (80, 24), 0.65),
    ("papers", (200, 50), 0.55),
)
WIDE: Final[Size] = (200, 50)
ON_PAGES: Final = 0.35
"""Abstracts have 90 columns at most, so that a page of short rows stays below it."""
PAGES: Final = {
    "lists": ("g", "l"),
    "tags": ("g", "t"),
    "timeline": ("g", "h"),
    "imports": ("g", "I"),
    "session": ("g", "i"),
    "help": ("?",),
}


def papers(number: int = 0) -> list[Paper]:
    """The first papers of the shipped corpus, or all."""
    every = [from_record(each) for each in json.loads(CORPUS.read_text("utf-8"))]
    return every[: number or len(every)]


async def keys_taken(task: Task, folder: Path) -> int:
    """How many keys a task takes; a task that is not done is an error."""
    folder.mkdir()
    with chdir(folder):  # where an export goes
        return await _keys_taken(task, folder / "library")


async def _keys_taken(task: Task, folder: Path) -> int:
    async with reading(folder, papers(task.papers), settings=Config()) as desk:
        await desk.press(*task.before)
        await desk.press(*task.keys)
        assert task.is_done(desk), (task.name, desk.says, frame(desk.app))
    return len(task.keys)


async def share_of_text(keys: Sequence[str], size: Size, folder: Path) -> float:
    """The share of the cells that are not blank, after a session and some keys."""
    async with reading(folder, papers(), size=size, settings=Config()) as desk:
        await desk.press(*(WORK if keys else SESSION), *keys)
        await desk.until(
            lambda: not desk.app.workers or all(each.is_finished for each in desk.app.workers)
        )
        await desk.settle()
        text = "".join("".join(frame(desk.app)).split())
    return len(text) / (size[0] * size[1])


def figures() -> Iterator[tuple[str, str, str, bool]]:
    """What is measured, the figure, the bar, and whether it is kept."""
    with tempfile.TemporaryDirectory() as folder:
        folders = (Path(folder) / str(number) for number in range(100))
        for task in TASKS:
            count = asyncio.run(keys_taken(task, next(folders)))
            yield task.name, f"{count} keys", f"<= {task.most}", count <= task.most
        shown = [(name, size, (), least) for name, size, least in MAIN]
        shown += [(name, WIDE, keys, ON_PAGES) for name, keys in PAGES.items()]  # type: ignore[misc]
        for name, size, keys, least in shown:
            share = asyncio.run(share_of_text(keys, size, next(folders)))
            what = f"cells with text, {name} at {size[0]}x{size[1]}"
            yield what, f"{share:.1%}", f">= {least:.0%}", share >= least


def main() -> int:
    """Prints the figures; exit code 1 if one is below its bar."""
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp()
    has_failed = False
    for what, figure, bar, is_kept in figures():
        print(f"{'' if is_kept else '! '}{what}: {figure} ({bar})")
        has_failed |= not is_kept
    return int(has_failed)


if __name__ == "__main__":
    sys.exit(main())
