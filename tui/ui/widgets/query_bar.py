"""The query input: history, completion, and search as you type."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events, on
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input

from tui.query import Query, parse
from tui.search import Completion, ResultSet, SearchCancelledError
from tui.ui.widgets.line_input import LineInput
from tui.workspace import Bookmark, Workspace

TIMEOUT: Final = 0.008
"""Seconds that a key waits for results: half a frame at 60 Hz, enough for nearly all of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The results of a query that is being typed."""

    query: Query
    results: ResultSet
    matching: Sequence[str]
    """Folded prefixes of words to highlight."""
    notes: Sequence[str]
    """The query explained, and messages about it."""
    completions: Sequence[Completion]


class QueryBar(LineInput):
    """An input for a query, with the history of this session on the arrow keys."""

    found: reactive[Found | None] = reactive(None, init=False)
    """The results for the present text; watched by the screen."""

    @dataclass
    class Late(Message):
        """Results that took longer than ``TIMEOUT``."""

        future: "Future[Found | None]"

    @dataclass
    class Left(Message):
        """The focus moved elsewhere, for example by a click."""

    def __init__(self) -> None:
        """Starts closed, with no history."""
        super().__init__(id="filter", compact=True, select_on_focus=False, placeholder="filter")
        self.display = False
        self.workspace: Workspace | None = None
        """The view model; ``None`` until the library is loaded."""
        self.before = Bookmark()
        """Where the user was when the bar was opened."""
        self._queries: list[str] = []
        self._place = 0
        self._searched: str | None = None
        self._executor = ThreadPoolExecutor(1, "filter")
        self._searches = 0
        self._completions: list[Completion] = []
        """What Tab cycles through, the next one first."""
        self._before_tab = self._after_tab = ""

    def on_unmount(self) -> None:
        """Cancels the search."""
        self._searches += 1
        self._executor.shutdown(wait=False, cancel_futures=True)

    @property
    def is_open(self) -> bool:
        """Whether the query is being edited."""
        return bool(self.display)

    def open(self) -> None:
        """Opens the bar with the present query, the cursor at its end."""
        if self.workspace is None:
            return
        self.before = self.workspace.bookmark()
        text = self.before.query
        self._searched = None
        self.display = True
        self.value = f"{text} " if text else ""
        self.cursor_position = len(self.value)
        self._place = len(self._queries)
        # At once, not by message: what is typed ahead must not be handled as keys.
        self.screen.set_focus(self)

    def close(self) -> None:
        """Closes the bar, and cancels the search."""
        self._searches += 1
        self.display = False
        if text := self.value.strip():
            self._queries = [*(query for query in self._queries if query != text), text]

    async def press(self, event: events.Key) -> bool:
        """Handles the arrow keys and Tab; whether the key was one of them."""
        if event.key in ("up", "down"):
            await self.settle()
            self._recall(-1 if event.key == "up" else 1)
        elif event.key == "tab":
            await self.settle()
            self._complete()
        else:
            return False
        return True

    def on_blur(self) -> None:
        """Reports that the focus moved elsewhere."""
        if self.is_open:
            self.post_message(self.Left())

    def underline(self, spans: Sequence[tuple[int, int]]) -> None:
        """Underlines spans of characters that are not understood."""
        self.highlighter = _Underline(spans)
        self.refresh()

    # Searching

    async def _on_key(self, event: events.Key) -> None:
        await super()._on_key(event)
        self._search()  # at once: the Changed message would come a frame later

    @on(Input.Changed)
    def _search(self) -> None:
        """Searches in a thread; waits up to ``TIMEOUT``, enough for most results."""
        if self.workspace is None or not self.is_open or self.value == self._searched:
            return
        self._searched = self.value
        self._searches += 1
        number, cursor, before = self._searches, self.cursor_position, self.before
        workspace, library = self.workspace, self.workspace.library
        query, index = parse(self.value, library.today(), typing=True), library.search

        def find() -> Found | None:
            try:
                results = index.select(
                    query,
                    workspace.list_order,
                    lambda: number != self._searches,
                    selected=before.selected,
                )
                return Found(
                    query,
                    results,
                    index.matching(query),
                    (*index.notes(query), query.explain())
                    if query.diagnostics
                    else (query.explain(), *index.notes(query)),
                    index.complete(query.text, cursor),
                )
            except SearchCancelledError:
                return None

        future = self._executor.submit(find)
        try:
            self._use(future.result(TIMEOUT))
        except TimeoutError:
            future.add_done_callback(self._post)

    def _post(self, future: "Future[Found | None]") -> None:
        """Posts late results; called in the thread of the search."""
        if not future.cancelled():
            self.post_message(self.Late(future))

    @on(Late)
    def _use_late(self, message: Late) -> None:
        self._use(message.future.result())

    def _use(self, found: Found | None) -> None:
        if found is not None and self.is_open and found.query.text == self.value.strip():
            self.underline([(each.start, each.end) for each in found.query.diagnostics])
            self.found = found

    # History and completion

    def _recall(self, by: int) -> None:
        """Shows an earlier or later query of this session."""
        self._place = min(max(self._place + by, 0), len(self._queries))
        self.value = self._queries[self._place] if self._place < len(self._queries) else ""
        self.cursor_position = len(self.value)
        self._search()

    def _complete(self) -> None:
        """Completes the text; pressed again, with the next completion."""
        if self.value != self._after_tab or not self._completions:
            self._completions = list(self.found.completions) if self.found else []
            self._before_tab = self.value
        if not self._completions:
            return
        completion = self._completions.pop(0)
        self._completions.append(completion)
        text = self._before_tab
        self._after_tab = text[: completion.start] + completion.text + text[completion.end :]
        self.value = self._after_tab
        self.cursor_position = completion.start + len(completion.text)
        self._search()


class _Underline(Highlighter):
    """Underlines spans of a text."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = spans

    def highlight(self, text: Text) -> None:
        for start, end in self._spans:
            text.stylize("underline", start, end)
