"""A user of the app, as tests play one: keys go in, and what is on screen comes out."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from datetime import date, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from textual import events
from textual._compositor import Compositor, LayoutUpdate
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import OptionList, Static
from textual.worker import WorkerCancelled

from tests.conftest import NOW
from tests.libraries import statuses
from tui.config import Config
from tui.library import Library
from tui.model.paper import Paper, SourceRecord, merge
from tui.model.state import PaperState, Status
from tui.ui.app import PapersApp
from tui.ui.main_screen import MainScreen
from tui.ui.screens.base import ListScreen
from tui.ui.textual_fixes import WholePasteParser
from tui.ui.widgets.abstract_pane import AbstractPane
from tui.ui.widgets.around import AroundPane
from tui.ui.widgets.line_input import LineInput
from tui.ui.widgets.message_bar import MessageBar
from tui.ui.widgets.paper_list import PaperList
from tui.ui.widgets.picker import Picker
from tui.ui.widgets.query_bar import QueryBar
from tui.ui.widgets.rows import HOLDS
from tui.workspace import Workspace

Size = tuple[int, int]

CHROME_FREE: Final = Config(view="")
"""Everything is listed at the first start."""


def paper(
    title: str,
    abstract: str | None = "What it says.",
    *,
    published: date | None = None,
    upvotes: int | None = None,
    urls: Sequence[str] = (),
    authors: Sequence[str] = (),
    file: str = "000.txt",
) -> Paper:
    """A paper with these facts, and no cleaning: what is hostile stays so."""
    return merge(
        [
            SourceRecord(
                title=title,
                abstract=abstract,
                file=file,
                line=1,
                published=published,
                upvotes=upvotes,
                urls=tuple(urls),
                authors=tuple(authors),
            )
        ]
    )


def _papers() -> tuple[Paper, ...]:
    long = " ".join(f"Sentence {n} of a long abstract goes on about retrieval." for n in range(60))
    rows: Sequence[tuple[str, str | None, int | None, Sequence[str]]] = (
        ("Anchors for Dense Retrieval", long, 12, ["https://a.org/code"]),
        ("Beams of Attention", "Attention without retrieval.", None, []),
        (
            "Circuits in Transformers",
            "Circuits are found.",
            3,
            ["https://c.org/1", "https://c.org/2"],
        ),
        ("Distilling Small Teachers", "Teachers are distilled.", None, []),
        ("Embeddings at Sea", "Vessels are embedded.", 7, []),
        ("Fusion of Sparse Experts", None, None, []),
        ("Gradients of Taste", "Tastes are learnt.", None, []),
        ("Hashing the Long Tail", "Attention to the tail.", 5, []),
        ("Indexing Without Words", "Retrieval of images.", None, []),
        ("Judges and Juries", "Models judge models.", 2, []),
        ("Kernels for Pirates", "Pirates are classified.", None, []),
        ("Ladders of Thought", "Thoughts climb.", 1, []),
    )
    return tuple(
        paper(
            title,
            abstract,
            published=date(2025, 12, 24) - timedelta(days=place),
            upvotes=upvotes,
            urls=urls,
        )
        for place, (title, abstract, upvotes, urls) in enumerate(rows)
    )


TWELVE: Final = _papers()
"""Twelve papers, newest first, their titles in the order of the alphabet."""

TITLES: Final = tuple(item.title for item in TWELVE)


def key_event(name: str) -> events.Key:
    """What a terminal sends for a key, named as a keymap does."""
    is_character = len(name) == 1
    if is_character and not name.isalnum():
        return events.Key(_character_to_key(name), name)
    if name == "space":
        return events.Key("space", " ")
    return events.Key(name, name if is_character else None)


async def idle() -> None:
    """Returns when there is nothing to run before the next timer, thread or key."""
    loop = asyncio.get_running_loop()
    quiet = 0
    while quiet < 2:  # the second time after the loop has asked for input
        await asyncio.sleep(0)
        quiet = 0 if loop._ready else quiet + 1  # type: ignore[attr-defined]


@contextmanager
def undrawn() -> Iterator[None]:
    """Leaves out frames that nobody looks at; the next one shows what has changed meanwhile."""
    with patch.object(Compositor, "render_update", lambda *_, **__: None):
        yield


_PARSE: Final = Stylesheet._parse_rules
_PARSED: Final[dict[tuple[object, ...], list[RuleSet]]] = {}


def _parsed_once(sheet: Stylesheet, css: str, **options: Any) -> list[RuleSet]:
    """The rules of a style sheet, which is the same for all apps with the same colours."""
    place = (css, *options.values(), frozenset(sheet._variables.items()))
    if place not in _PARSED:
        _PARSED[place] = _PARSE(sheet, css, **options)
    return _PARSED[place]


@contextmanager
def without_delay() -> Iterator[None]:
    """What comes a moment after a key comes at once, and an app starts in less time."""
    with (
        patch.object(Stylesheet, "_parse_rules", _parsed_once),
        patch("textual.pilot.wait_for_idle", lambda *_: idle()),  # of a click
        patch("tui.ui.widgets.reading_pane.READ_SECONDS", 0.0),
        patch("tui.ui.detail.SECONDS", 0.0),
        patch("tui.ui.widgets.around.AROUND_SECONDS", 0.01),
        patch("tui.sources.pace.SECONDS", 0.0),
    ):
        yield


class Desk:
    """The app on a library, and a user before it."""

    def __init__(self, app: PapersApp, pilot: Pilot[None], opening: Future[Library]) -> None:
        self.app = app
        self.pilot = pilot
        self._opening = opening

    # What the user does

    async def settle(self) -> None:
        """Returns when the app has done what it was told and drawn it, work in threads included."""
        with undrawn():
            await self._finish()
        self.draw()
        await idle()

    async def _finish(self) -> None:
        """Returns when the app has done what it was told, work in threads included."""
        app = self.app
        while app.is_running:
            await idle()
            with suppress(WorkerCancelled):  # by the end of the app
                await app.workers.wait_for_complete()
            if app.screen_stack:
                await self.pilot.pause(0)  # for handlers that wait for a thread
            await idle()
            if not (app.workers or self._is_searching):
                return

    @property
    def _is_searching(self) -> bool:
        """Whether what is typed as a query is still to be searched for."""
        is_drawn = self.app.screen is self.screen  # what is covered waits
        return is_drawn and any(
            bar.is_open and bar.text != (bar.preview.text if bar.preview else "")
            for bar in self.screen.query(QueryBar)
        )

    async def press(self, *names: str) -> None:
        """Presses keys, one when the other has acted and the screen is laid out; draws the last."""
        with undrawn():
            for name in names:
                self.app.post_message(key_event(name))
                await idle()
                if self.app.screen_stack:
                    self.app.screen._on_timer_update()  # at once, not with the next frame
                    await idle()
            await self._finish()
        self.draw()
        await idle()

    def draw(self) -> None:
        """Draws what has changed since the last frame."""
        if self.app.screen_stack:
            self.app.screen._compositor_refresh()

    async def together(self, *names: str) -> None:
        """Presses keys faster than the app can look."""
        for name in names:
            self.app.post_message(key_event(name))
        await self.settle()

    async def at_once(self, text: str) -> None:
        """Hands over a text in one read, as a terminal without bracketed paste does."""
        parser = WholePasteParser()
        for message in (*parser.feed(text), *parser.tick(), *parser.tick()):
            self.app.post_message(message)
        await self.settle()

    async def paste(self, text: str) -> None:
        """Pastes a text, as other terminals do."""
        self.app.post_message(events.Paste(text))
        await self.settle()
        await self.settle()  # for a question about it, which is drawn before it takes keys

    async def find(self, text: str) -> None:
        """Replaces the query and stays in the filter."""
        await self.press("/")
        self.filter_line.text = ""
        await self.press(*("space" if char == " " else char for char in text))
        await self.until(lambda: self.is_found(text))

    def is_found(self, text: str) -> bool:
        """Whether what is on screen is what the filter found for a text."""
        preview = self.filter_line.preview
        return preview is not None and preview.text.strip() == text.strip()

    async def show(self, text: str) -> None:
        """Replaces the query by one that is pasted."""
        await self.press("/")
        self.filter_line.text = text
        await self.press("enter")

    async def answer(self, text: str) -> None:
        """Replaces what a question has in its line, and answers it."""
        self.app.screen.query_one(LineInput).value = text
        await self.press("enter")

    async def resize(self, width: int, height: int) -> None:
        """Makes the terminal another size."""
        await self.pilot.resize_terminal(width, height)
        await self.until(lambda: self.app.screen.outer_size == (width, height))  # after a timer
        await self.settle()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits for what a timer of the app brings."""
        async with asyncio.timeout(60):
            while not holds():
                await self.pilot.pause(0.02)

    # What there is to see

    @property
    def library(self) -> Library:
        """The library that the app shows."""
        return self._opening.result()

    @property
    def screen(self) -> MainScreen:
        """The main screen, whatever lies over it."""
        return self.app.main

    @property
    def workspace(self) -> Workspace:
        """What is shown."""
        assert self.screen.workspace is not None
        return self.screen.workspace

    @property
    def papers(self) -> PaperList:
        """The list."""
        return self.screen.panes.papers

    @property
    def pane(self) -> AbstractPane:
        """The abstract."""
        return self.screen.panes.pane

    @property
    def around(self) -> AroundPane:
        """What is around the paper, below its abstract."""
        return self.pane.query_one(AroundPane)

    @property
    def filter_line(self) -> QueryBar:
        """The filter."""
        return self.screen.query_bar

    @property
    def filtering(self) -> bool:
        """Whether the filter is open."""
        return self.screen.query_bar.is_open

    @property
    def title(self) -> str:
        """The title of the paper at the cursor."""
        item = self.workspace.listing.shown.item
        return item.paper.title if item else ""

    @property
    def cursor(self) -> int:
        """The row of the cursor."""
        return self.workspace.listing.cursor

    @property
    def selected(self) -> set[str]:
        """Keys of the papers that are selected."""
        return self.workspace.listing.selected

    @property
    def titles(self) -> list[str]:
        """The titles that are listed; none while there is no library yet."""
        workspace = self.screen.workspace
        return [item.paper.title for item in workspace.listing.results] if workspace else []

    @property
    def says(self) -> str:
        """The message of the moment; on whichever screen there is a row for it."""
        screen = self.app.screen
        return (self.screen if isinstance(screen, Picker) else screen).query_one(MessageBar).message

    @property
    def refusal(self) -> str:
        """Why a question is asked again."""
        return str(self.app.screen.query_one("#error", Static).render())

    @property
    def query(self) -> str:
        """The text of the query that is shown."""
        return self.workspace.listing.query.text

    @property
    def current_list(self) -> str | None:
        """The current reading list."""
        return self.workspace.listing.current_list

    @property
    def question(self) -> Picker:
        """The question that is asked."""
        assert isinstance(self.app.screen, Picker), self.app.screen
        return self.app.screen

    @property
    def listing(self) -> ListScreen:
        """The screen of rows that lies over the papers."""
        assert isinstance(self.app.screen, ListScreen), self.app.screen
        return self.app.screen

    @property
    def listed_rows(self) -> list[str]:
        """What the rows of that screen tell, those out of sight included."""
        return [str(option.prompt) for option in self.listing.rows.options]

    @property
    def drawn_rows(self) -> list[str]:
        """The rows on screen below its heading and above papers, without the cursor's mark."""
        rows = takewhile(lambda row: not row.startswith("─"), frame(self.app)[1:-1])
        return [row.replace("▌", " ", 1).strip() for row in rows if row.strip()]

    @property
    def at_home(self) -> bool:
        """Whether nothing lies over the papers."""
        return self.app.screen is self.screen

    @property
    def is_asked(self) -> bool:
        """Whether there is a question."""
        return isinstance(self.app.screen, Picker)

    @property
    def can_answer(self) -> bool:
        """Whether a question is on screen, so that the next keys are for it."""
        return isinstance(self.app.screen, Picker) and self.app.screen.is_shown

    @property
    def offered(self) -> list[str]:
        """The choices on screen, as they are told."""
        options = self.app.screen.query_one(OptionList)
        return [str(options.get_option_at_index(n).prompt) for n in range(options.option_count)]

    @property
    def remark(self) -> str:
        """What a question says above its line; empty if nothing."""
        return "".join(str(each.render()) for each in self.question.query("#error"))

    @property
    def announced(self) -> list[str]:
        """The lines that a question shows above its choices."""
        return str(self.question.query_one("#lines", Static).render()).split("\n")

    @property
    def typed(self) -> str:
        """What a question's line holds."""
        return self.app.screen.query_one(LineInput).value

    @property
    def row(self) -> str:
        """The first line of the row at the cursor, as it is drawn."""
        papers = self.papers
        height = 2 if papers.tall else 1
        return papers.render_line(self.cursor * height - papers.scroll_offset.y).text

    @property
    def body(self) -> str:
        """What the pane tells."""
        return str(self.pane.query_one("#body").render())

    @property
    def state_here(self) -> PaperState:
        """What was decided about the paper at the cursor."""
        assert self.workspace.listing.shown.item is not None
        return self.workspace.listing.shown.item.state

    def paper_state(self, title: str) -> PaperState:
        """What was decided about a paper."""
        return self.library.state.of(key_of(title))

    def statuses(self) -> dict[str, Status]:
        """The status of each paper that has another than unread, by title."""
        return statuses(self.library)

    def listed(self, name: str) -> list[str]:
        """The titles of a reading list in its order."""
        keys = self.library.state.reading_list(name).keys
        return [self.library.item(key).paper.title for key in keys]


def key_of(title: str) -> str:
    """The key of one of the papers."""
    return next(item.key for item in TWELVE if item.title == title)


@asynccontextmanager
async def reading(
    folder: Path,
    papers: Iterable[Paper] = TWELVE,
    *,
    size: Size = (80, 24),
    settings: Config = CHROME_FREE,
    keys: Mapping[str, str] | None = None,
    wait: bool = True,
    now: Callable[[], datetime] = lambda: NOW,
    before_opening: Callable[[], object] = lambda: None,
    resume: bool = True,
) -> AsyncIterator[Desk]:
    """Opens the app on a folder, and papers in it where it has none yet.

    Args:
        folder: The library's folder.
        papers: What it holds if it is empty.
        size: Columns and rows.
        settings: The user's configuration.
        keys: The user's keys, in place of those of the settings.
        wait: Whether to go on only when the papers are on screen.
        now: The library's clock.
        before_opening: Called off the screen before the library is opened.
        resume: Whether to go on where the user left.
    """

    def open_library() -> Library:
        before_opening()
        library = Library.open(folder, "desk", wait=0, or_read_only=True, now=now)
        if not len(library) and not library.read_only_reason:
            library.seed(papers)
        len(library.search)
        return library

    if keys is not None:
        settings = Config(view=settings.view, keys=keys)
    with without_delay(), ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open_library)
        try:
            app = PapersApp(settings, opening, resume=resume)
            with ExitStack() as start:
                if wait:
                    start.enter_context(undrawn())
                async with app.run_test(size=size) as pilot:
                    desk = Desk(app, pilot, opening)
                    if wait:
                        await desk.settle()
                        async with asyncio.timeout(60):
                            while not opening.done() or app.workers:
                                await desk.settle()
                        start.close()
                    yield desk
        finally:
            opening.result().close()


def strips(app: PapersApp) -> list[list[Strip]]:
    """What is drawn now, row by row, screens that shine through included."""
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert isinstance(update, LayoutUpdate)
    return [list(row) for row in update.strips]


def frame(app: PapersApp) -> list[str]:
    """What is drawn now, as rows of text; each is as wide as the terminal."""
    rows = strips(app)
    width, height = app.size
    assert len(rows) == height
    for row in rows:
        assert sum(strip.cell_length for strip in row) == width
    texts = ("".join(strip.text for strip in row) for row in rows)
    return [HOLDS.sub("", text) for text in texts]  # Textual's filters take it for text
