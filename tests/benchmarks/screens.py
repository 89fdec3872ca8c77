"""The app as it draws, without a terminal: what a key costs until its frame is written.

``Pilot.press`` sleeps some sixty milliseconds a key, so keys are posted as a driver would, and the
time is that of the first frame written after what the key changed.
"""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.widgets import DataTable

from tests.view_helpers import key_event
from tui.config import Config
from tui.library import Library
from tui.model.state import Item
from tui.ui.app import PapersApp
from tui.ui.triage import TriageScreen
from tui.ui.widgets.paper_list import PaperList

SIZE: Final = (120, 35)
PATIENCE: Final = 60.0
"""Seconds after which something is broken."""


class Frames(HeadlessDriver):
    """A driver that draws on nothing, and notes when."""

    @property
    def is_headless(self) -> bool:
        """No: else nothing would be drawn at all."""
        return False

    def write(self, data: str) -> None:
        """Takes a frame."""
        if len(data) > 20:  # cursors and modes are no frames
            frames.append(time.perf_counter())


frames: list[float] = []
"""When frames were written, in seconds of ``time.perf_counter``."""


async def frame_after(start: float) -> float:
    """Milliseconds from a moment to the first frame behind it."""
    end = time.perf_counter() + PATIENCE
    while not frames or frames[-1] < start:
        if time.perf_counter() > end:
            raise TimeoutError
        await asyncio.sleep(0)
    return (next(frame for frame in frames if frame >= start) - start) * 1e3


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


async def settled() -> None:
    """Until nothing is drawn any more."""
    before = -1
    while before != len(frames):
        before = len(frames)
        await asyncio.sleep(0.05)


@asynccontextmanager
async def reading(folder: Path, cache: Path) -> AsyncIterator[tuple[PapersApp, TriageScreen]]:
    """The app on a library, all made ready."""
    held: list[Library] = []

    def open_library() -> Library:
        held.append(Library.open(folder, "bench", wait=0, cache=cache))
        return held[0]

    app = PapersApp(Config(view=""), open_library)
    gc.disable()  # as the command does that starts the app, which goes on collecting when it is up
    async with running(app):
        while not held or not held[0].index.ready or app.screen_stack[0]._library is None:  # type: ignore[attr-defined]
            await asyncio.sleep(0.01)
        await app.workers.wait_for_complete()
        await settled()
        screen = app.screen_stack[0]
        assert isinstance(screen, TriageScreen)
        yield app, screen


async def keys(folder: Path, cache: Path, names: Sequence[str]) -> list[float]:
    """What each key costs until its frame, in milliseconds."""
    costs: list[float] = []
    async with reading(folder, cache) as (app, _):
        for name in names:
            start = time.perf_counter()
            app.post_message(key_event(name))
            costs.append(await frame_after(start))
            await settled()
    return costs


async def filtering(folder: Path, cache: Path, queries: Sequence[str]) -> list[float]:
    """What each letter typed into the filter costs until the frame with its rows, in ms."""
    costs: list[float] = []
    async with reading(folder, cache) as (app, _):
        shown = PaperList.show
        changed = [0.0]

        def noting(self: PaperList, *args: Any, **kwargs: Any) -> None:
            shown(self, *args, **kwargs)
            changed[0] = time.perf_counter()

        PaperList.show = noting  # type: ignore[method-assign]
        try:
            for query in queries:
                app.post_message(key_event("slash"))
                await settled()
                app.post_message(key_event("ctrl+u"))
                await settled()
                for letter in query:
                    start = time.perf_counter()
                    changed[0] = 0.0
                    app.post_message(key_event(letter if letter != " " else "space"))
                    end = start + 1.0
                    while not changed[0] and time.perf_counter() < end:
                        await asyncio.sleep(0)
                    if changed[0]:  # what is misread keeps the rows there are
                        costs.append((changed[0] - start) * 1e3 + await frame_after(changed[0]))
                    await settled()
                app.post_message(key_event("escape"))
                await settled()
        finally:
            PaperList.show = shown  # type: ignore[method-assign]
    return costs


async def showing(folder: Path, cache: Path, queries: Sequence[str]) -> list[float]:
    """From a new result to its first frame, in milliseconds."""
    from tui.query import parse

    costs: list[float] = []
    async with reading(folder, cache) as (_, screen):
        for query in queries:
            asked = parse(query)
            found = screen.library.select(asked)
            keep = "" if asked.highlights() else None  # as the filter does
            start = time.perf_counter()
            screen.papers.show(found, keep=keep)
            costs.append(await frame_after(start))
            await settled()
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
        await settled()
        listed = app.query_one(DataTable)
        listed.add_columns("key", "title", "date")
        start = time.perf_counter()
        listed.add_rows(rows)
        cost = await frame_after(start)
        await settled()
        return max(cost, (frames[-1] - start) * 1e3)
