"""The app as it draws, without a terminal: what a key costs until its frame is written.

``Pilot.press`` sleeps some sixty milliseconds a key, so keys are posted as a driver would, and the
time is that of the first frame written after what the key changed.
"""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any, ClassVar, Final

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.drivers.headless_driver import HeadlessDriver
from textual.widgets import DataTable, Input, OptionList

from tests.view_helpers import key_event
from tui.config import Config
from tui.library import Library
from tui.model.state import Item
from tui.query import parse
from tui.ui.app import PapersApp

SIZE: Final = (120, 35)
TIMEOUT: Final = 60.0
"""Seconds after which something is broken."""


class Frames(HeadlessDriver):
    """A driver that draws on nothing, and notes when."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.times: list[float] = []
        """When frames were written, in seconds of ``time.perf_counter``."""

    @property
    def is_headless(self) -> bool:
        """No: else nothing would be drawn at all."""
        return False

    def write(self, data: str) -> None:
        """Takes a frame."""
        if len(data) > 20:  # cursors and modes are no frames
            self.times.append(time.perf_counter())


def frames(app: App[Any]) -> list[float]:
    """When the frames of an app were written."""
    assert isinstance(app._driver, Frames)
    return app._driver.times


async def frame_after(app: App[Any], start: float) -> float:
    """Milliseconds from a moment to the first frame behind it."""
    times, end = frames(app), time.perf_counter() + TIMEOUT
    while not times or times[-1] < start:
        if time.perf_counter() > end:
            raise TimeoutError
        await asyncio.sleep(0)
    return (next(frame for frame in times if frame >= start) - start) * 1e3


@asynccontextmanager
async def running(app: App[Any]) -> AsyncIterator[None]:
    """An app that draws, until the end of the block."""
    app.driver_class = Frames
    task = asyncio.create_task(app.run_async(size=SIZE))
    while not app.is_running or not app.screen_stack:
        await asyncio.sleep(0.01)
    yield
    app.exit()
    await task


async def settled(app: App[Any]) -> None:
    """Until nothing is drawn any more."""
    before = -1
    while before != len(frames(app)):
        before = len(frames(app))
        await asyncio.sleep(0.05)


async def key_to_frame(app: App[Any], name: str) -> float:
    """Milliseconds from a key to the first frame behind it."""
    start = time.perf_counter()
    app.post_message(key_event(name))
    cost = await frame_after(app, start)
    await settled(app)
    return cost


@asynccontextmanager
async def reading(folder: Path, cache: Path) -> AsyncIterator[PapersApp]:
    """The app on a library, with everything loaded."""
    opening: Future[Library] = Future()
    app = PapersApp(Config(view=""), opening)
    gc.disable()  # as the command does that starts the app, which goes on collecting when it is up
    with Library.open(folder, "bench", wait=0, cache=cache) as library:
        library.search.load_words()
        opening.set_result(library)
        async with running(app):
            # Nothing is drawn before; and a worker may be cancelled by the next of its kind.
            while app.main.workspace is None or not all(each.is_finished for each in app.workers):
                await asyncio.sleep(0.01)
            await settled(app)
            yield app


async def keys(folder: Path, cache: Path, names: Sequence[str]) -> list[float]:
    """What each key costs until its frame, in milliseconds."""
    async with reading(folder, cache) as app:
        return [await key_to_frame(app, name) for name in names]


class Options(App[None]):
    """Textual's own list, with as many rows."""

    BINDINGS: ClassVar[list[BindingType]] = [("j", "down")]

    def __init__(self, rows: Sequence[str]) -> None:
        super().__init__()
        self._list = OptionList(*rows, markup=False)

    def compose(self) -> ComposeResult:
        """Nothing else."""
        yield self._list

    def action_down(self) -> None:
        """Moves the cursor."""
        self._list.action_cursor_down()


async def moving(
    folder: Path, cache: Path, rounds: int, keys: int = 10
) -> tuple[list[float], list[float]]:
    """What ``j`` costs until its frame, here and in an ``OptionList`` of the same titles, in ms.

    Args:
        folder: The library's folder.
        cache: The folder of its cache.
        rounds: How often each has its turn.
        keys: Keys of a turn, of which the median is taken.

    Returns:
        Each turn's median, ours and theirs.
    """
    ours: list[float] = []
    theirs: list[float] = []
    async with reading(folder, cache) as app:
        workspace = app.main.workspace
        assert workspace is not None
        bare = Options([item.paper.title for item in workspace.results])
        async with running(bare):
            await settled(bare)
            for _ in range(rounds):
                ours.append(median([await key_to_frame(app, "j") for _ in range(keys)]))
                theirs.append(median([await key_to_frame(bare, "j") for _ in range(keys)]))
    return ours, theirs


class Line(App[None]):
    """Textual's own line to type in."""

    def compose(self) -> ComposeResult:
        """Nothing else."""
        yield Input()


async def typing(
    folder: Path, cache: Path, queries: Sequence[str]
) -> tuple[list[float], list[float]]:
    """What a letter costs until the frame with its results, and in a bare ``Input``, in ms.

    Returns:
        Each query's median, ours and theirs.
    """
    ours: list[float] = []
    theirs: list[float] = []
    async with reading(folder, cache) as app:
        shown_at: list[float] = []
        bar = app.main.query_bar
        app.main.watch(bar, "preview", lambda: shown_at.append(time.perf_counter()), init=False)
        bare = Line()
        async with running(bare):
            await settled(bare)
            for query in queries:
                names = ["space" if letter == " " else letter for letter in query]
                for name in ("/", "ctrl+u"):
                    await press(app, name)
                ours.append(median([await _results_after(app, name, shown_at) for name in names]))
                await press(app, "escape")
                theirs.append(median([await key_to_frame(bare, name) for name in names]))
                await press(bare, "ctrl+u")
    return ours, theirs


async def press(app: App[Any], name: str) -> None:
    """Presses a key, and waits for all that it draws."""
    app.post_message(key_event(name))
    await settled(app)


async def _results_after(app: PapersApp, name: str, shown_at: list[float]) -> float:
    """Milliseconds from a letter in the query to the frame with what was found for it."""
    shown_at.clear()
    start = time.perf_counter()
    app.post_message(key_event(name))
    while not shown_at:
        if time.perf_counter() - start > TIMEOUT:
            raise TimeoutError
        await asyncio.sleep(0)
    cost = (shown_at[0] - start) * 1e3 + await frame_after(app, shown_at[0])
    await settled(app)
    return cost


async def showing(folder: Path, cache: Path, queries: Sequence[str]) -> list[float]:
    """From new results to their first frame, in milliseconds."""
    costs: list[float] = []
    async with reading(folder, cache) as app:
        workspace = app.main.workspace
        assert workspace is not None
        for text in queries:
            query = parse(text)
            results = workspace.library.select(query)
            keep = "" if query.highlights() else None  # as the query bar does
            start = time.perf_counter()
            workspace.set_results(query, results, (), keep)
            app.main.shown = workspace.shown
            costs.append(await frame_after(app, start))
            await settled(app)
    return costs


class Filled(App[None]):
    """Textual's own table with the same rows."""

    def compose(self) -> ComposeResult:
        """Nothing else."""
        yield DataTable[str]()


async def filling(items: Sequence[Item]) -> float:
    """What it costs to show entries in a DataTable, until the first frame, in milliseconds."""
    rows = [(e.key, e.paper.title, str(e.paper.published or "")) for e in items]
    app = Filled()
    async with running(app):
        await settled(app)
        listed = app.query_one(DataTable)
        listed.add_columns("key", "title", "date")
        start = time.perf_counter()
        listed.add_rows(rows)
        cost = await frame_after(app, start)
        await settled(app)
        return max(cost, (frames(app)[-1] - start) * 1e3)
