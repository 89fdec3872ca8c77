"""The app as it draws, without a terminal: what a key costs until its frame is written.

``Pilot.press`` sleeps some sixty milliseconds a key, so keys are posted as a driver would, and the
time is that of the first frame written after what the key changed.
"""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, ClassVar, Final

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
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
    """Milliseconds from a moment to the first frame after it."""
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


async def at_rest(app: App[Any]) -> None:
    """Until nothing goes on beside the screen either, such as the history of a paper."""
    while not all(each.is_finished for each in app.workers):  # one may be cancelled by the next
        await asyncio.sleep(0.01)
    await settled(app)


async def cpu_to_frame(app: App[Any], name: str) -> float:
    """Milliseconds of CPU from a key to the first frame after it, of an app at rest."""
    await at_rest(app)
    start, cpu = time.perf_counter(), time.process_time()
    app.post_message(key_event(name))
    await frame_after(app, start)
    return (time.process_time() - cpu) * 1e3


async def key_to_frame(app: App[Any], name: str) -> float:
    """Milliseconds from a key to the first frame after it."""
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
            while app.main.workspace is None:  # nothing is drawn before
                await asyncio.sleep(0.01)
            await at_rest(app)
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
        bare = Options([item.paper.title for item in workspace.listing.results])
        async with running(bare):
            await settled(bare)
            for _ in range(rounds):
                ours.append(median([await key_to_frame(app, "j") for _ in range(keys)]))
                theirs.append(median([await key_to_frame(bare, "j") for _ in range(keys)]))
    return ours, theirs


class Draws:
    """When a widget draws its lines, and when it was given others."""

    def __init__(self, widget: Widget) -> None:
        self.filled_at = self.at = 0.0
        """In seconds of ``time.perf_counter``."""
        self._render = widget.render_lines
        widget.render_lines = self._noted  # type: ignore[method-assign]

    def _noted(self, crop: Region) -> list[Strip]:
        self.at = time.perf_counter()
        return self._render(crop)

    def note_fill(self) -> None:
        """Notes that the widget has other lines from now on."""
        self.filled_at = time.perf_counter()

    async def frame_after(self, app: App[Any], start: float) -> float:
        """Milliseconds from a moment to the frame with the lines that were given after it."""
        while not start < self.filled_at < self.at:
            if time.perf_counter() - start > TIMEOUT:
                raise TimeoutError
            await asyncio.sleep(0)
        return (self.at - start) * 1e3 + await frame_after(app, self.at)


class Finder(App[None]):
    """Textual's own line to type in, over its own list."""

    LISTED: ClassVar[int] = 100
    """The most rows: the list takes its time for each, and nobody looks at more."""

    def __init__(self) -> None:
        super().__init__()
        self._line = Input()
        self.options = OptionList(markup=False)
        self.draws = Draws(self.options)

    def compose(self) -> ComposeResult:
        """The line, and the list below it."""
        yield self._line
        yield self.options

    def on_mount(self) -> None:
        """Types into the line."""
        self._line.focus()

    def fill(self, rows: Sequence[str]) -> None:
        """Lists other rows."""
        self.draws.note_fill()
        self.options.clear_options()
        self.options.add_options(rows[: self.LISTED])


@dataclass(frozen=True, slots=True)
class Letters:
    """What letters cost, here and in an app of Textual's own widgets: a median per query, in ms."""

    ours: list[float]
    theirs: list[float]


async def typing(folder: Path, cache: Path, queries: Sequence[str]) -> tuple[Letters, Letters]:
    """What a letter costs until the frame that shows it, and until that with its results.

    The peer does not search: it is given the titles that were found here.
    """
    shown, found = Letters([], []), Letters([], [])
    async with reading(folder, cache) as app:
        workspace, bare = app.main.workspace, Finder()
        assert workspace is not None
        rows = Draws(app.main.panes.papers)
        app.main.watch(app.main.query_bar, "preview", rows.note_fill, init=False)
        async with running(bare):
            await settled(bare)
            options = bare.draws
            for query in queries:
                for name in ("/", "ctrl+u"):
                    await press(app, name)
                ours, listed = [], []
                names = ["space" if letter == " " else letter for letter in query]
                for name in names:
                    ours.append(await _letter(app, name, rows))
                    items = workspace.listing.results[: Finder.LISTED]
                    listed.append([item.paper.title for item in items])
                await press(app, "escape")
                theirs = [
                    await _letter(bare, name, options, partial(bare.fill, titles))
                    for name, titles in zip(names, listed, strict=True)
                ]
                await press(bare, "ctrl+u")
                for letters, place in ((shown, 0), (found, 1)):
                    letters.ours.append(median(cost[place] for cost in ours))
                    letters.theirs.append(median(cost[place] for cost in theirs))
    return shown, found


async def _letter(
    app: App[Any], name: str, draws: Draws, fill: Callable[[], None] = lambda: None
) -> tuple[float, float]:
    """Milliseconds from a letter to the frame that shows it, and to that with its results.

    Args:
        app: The app.
        name: The letter's key.
        draws: Those of its list.
        fill: Called once the letter is shown.
    """
    start = time.perf_counter()
    app.post_message(key_event(name))
    shown = await frame_after(app, start)
    fill()
    seconds = await draws.frame_after(app, start)
    await settled(app)
    return shown, seconds


async def press(app: App[Any], name: str) -> None:
    """Presses a key, and waits for all that it draws."""
    app.post_message(key_event(name))
    await settled(app)


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
            workspace.listing.set_results(query, results, (), keep)
            app.main.shown = workspace.listing.shown
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
