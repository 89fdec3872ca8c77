"""The query input: history, completion, and search as you type."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events, on
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input

from tui.actions.keymap import display_key
from tui.errors import PapersError
from tui.listing.shown import QueryNotes, notes_on
from tui.listing.titles import divided, explained
from tui.listing.way_back import Bookmark
from tui.query import Diagnostic, Query, parse
from tui.search import ResultSet
from tui.ui.widgets.line_input import LineInput
from tui.ui.widgets.query_editing import QueryHistory, SearchThread, TabCompletion
from tui.values import dataclass
from tui.workspace import Workspace

if TYPE_CHECKING:
    from concurrent.futures import Future

    from tui.search.completion import Completion

TIMEOUT: Final = 0.008
"""Seconds that the screen waits for results: a frame at 120 Hz, enough for nearly all of them."""
HINT_KEY: Final = "ctrl+y"
"""Puts what the message offers in place of the query."""
_DELETING: Final = ("backspace", "ctrl+u")
"""Deletes the scope: where nothing is typed, or with what is."""
NO_MATCHES: Final = "No papers match; Esc drops the search"


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """The results of a query that is being typed."""

    text: str
    """As it was typed, of which the query leaves out spare blanks."""
    query: Query
    results: ResultSet
    matching: Sequence[str]
    """Folded prefixes of words to highlight."""
    notes: QueryNotes
    """The message about the query; the query explained if there is nothing, as it repeats
    what was typed."""
    completions: "Sequence[Completion]"
    hint: str = ""
    """The query that ``Ctrl+y`` puts in place; empty if there is none."""


class QueryBar(LineInput):
    """An input for a query, with the history of this session on the arrow keys."""

    leaves_pages = True
    scope: reactive[str] = reactive("")
    """The beginning of the query that stands as a name before what is typed; empty if none."""
    preview: reactive[Preview | None] = reactive(None, init=False)
    """The results for the present text, or the one before while they are searched for; watched by
    the screen. ``None`` if nothing was searched for since the bar was opened."""

    class Left(Message):
        """The focus moved elsewhere, for example by a click."""

    def __init__(self) -> None:
        super().__init__(id="filter", select_on_focus=False)
        self.display = False
        self.workspace: Workspace | None = None
        """The view model; ``None`` until the library is loaded."""
        self.origin = Bookmark()
        """Where the user was when the bar was opened."""
        self._history = QueryHistory()
        self._tab = TabCompletion()
        self._thread = SearchThread()
        self._searched: str | None = None
        """The text that was searched for last; ``None`` if none since the bar was opened."""

    def on_unmount(self) -> None:
        """Ends the search."""
        self._thread.stop()

    @property
    def is_open(self) -> bool:
        """Whether the query is being edited."""
        return bool(self.display)

    @property
    def text(self) -> str:
        """The whole query: what is typed, after the scope."""
        return f"{self.scope} {self.value}" if self.scope else self.value

    @text.setter
    def text(self, text: str) -> None:
        if not f"{text} ".startswith(f"{self.scope} "):
            self.scope = ""
        self.value = text[self._offset :]

    @property
    def _offset(self) -> int:
        """The number of characters of the query before what is typed."""
        return len(self.scope) + 1 if self.scope else 0

    @property
    def problem(self) -> Diagnostic | None:
        """The problem with the query as it stands; ``None`` if there is none."""
        if self.workspace is None:
            return None
        query = parse(self.text, self.workspace.library.today())
        found = query.diagnostics
        if self.preview is not None and self.preview.query.text == query.text:
            found = found or self.preview.query.diagnostics
        return next(iter(found), None)

    @property
    def hint(self) -> str:
        """The query that ``Ctrl+y`` puts in place of what is typed; empty if there is none."""
        return self.preview.hint if self.preview is not None else ""

    def open(self) -> None:
        """Opens the bar with the present query, the cursor at its end, and its view as scope."""
        if self.workspace is None:
            return
        self.origin = self.workspace.listing.bookmark()
        text = self.origin.query
        _, self.scope, typed = divided(self.workspace.library, text)
        self._searched = self.preview = None
        self._history.rewind()
        self.display = True
        self.value = f"{typed} " if typed else ""
        self.cursor_position = len(self.value)
        if text:
            self._search_soon()  # also if the bar has this text already, and nothing changes
        # At once, not by message: what is typed ahead must not be handled as keys.
        self.screen.set_focus(self)

    def close(self) -> None:
        """Closes the bar, cancels the search, and adds the query to the history."""
        self._thread.cancel()
        self.display = False
        self._history.add(self.text.strip())

    async def settle(self) -> None:
        """Returns when everything typed so far has been handled, and searched for."""
        await super().settle()
        self._search()

    async def press(self, event: events.Key) -> bool:
        """Handles the arrow keys, Tab, the key of the hint, and what deletes the scope.

        Returns:
            Whether the key was one of them.
        """
        if event.key not in ("up", "down", "tab", HINT_KEY, *_DELETING):
            return False
        await self.settle()
        if event.key in _DELETING:
            if not self.scope or (event.key == "backspace" and self.value):
                return False
            self._replace_text(self.value if event.key == "backspace" else "", 0)
        elif event.key == HINT_KEY:
            if hint := self.hint:
                self._replace_text(hint, len(hint))
        elif event.key == "tab":
            completions = self.preview.completions if self.preview else ()
            if completed := self._tab.complete(self.text, completions):
                self._replace_text(*completed)
        else:
            query = self._history.step(-1 if event.key == "up" else 1)
            self._replace_text(query, len(query))
        return True

    def _replace_text(self, text: str, cursor: int) -> None:
        self.text = text
        self.cursor_position = cursor - self._offset
        self._search()

    def watch_scope(self, scope: str) -> None:
        """Says what an empty line can do."""
        self.placeholder = "Backspace for all" if scope else "filter"

    def on_blur(self) -> None:
        """Reports that the focus moved elsewhere."""
        if self.is_open:
            self.post_message(self.Left())

    def underline(self, spans: Sequence[tuple[int, int]]) -> None:
        """Underlines spans of characters of the query that are not understood."""
        offset = self._offset
        self.highlighter = _Underline(
            [(max(start - offset, 0), max(end - offset, 0)) for start, end in spans]
        )
        self.refresh()

    # Searching

    @on(Input.Changed)
    def _search_soon(self) -> None:
        """Searches once the letter is drawn, which must not wait for what it finds."""
        self.call_after_refresh(self._search)

    def _search(self) -> None:
        """Searches in a thread; waits up to ``TIMEOUT``, enough for most results."""
        if self.workspace is None or not self.is_open or self.text == self._searched:
            return
        self._searched = text = self.text
        workspace, origin = self.workspace, self.origin
        cursor = self._offset + self.cursor_position
        future = self._thread.submit(
            lambda is_cancelled: _preview(workspace, origin, text, cursor, is_cancelled)
        )
        try:
            self._show(future.result(TIMEOUT))
        except TimeoutError:
            future.add_done_callback(self._show_late)

    def _show_late(self, future: "Future[Preview | None]") -> None:
        """Shows late results; called in the thread of the search."""
        if not future.cancelled():
            self.call_later(lambda: self._show(future.result()))

    def _show(self, preview: Preview | None) -> None:
        """Shows results, unless the text has changed since."""
        if preview is not None and self.is_open and preview.text == self.text:
            self.underline([(each.start, each.end) for each in preview.query.diagnostics])
            self.preview = preview


def _preview(
    workspace: Workspace,
    origin: Bookmark,
    text: str,
    cursor: int,
    is_cancelled: Callable[[], bool],
) -> Preview:
    """Searches for what is typed; called in a thread.

    Raises:
        SearchCancelledError: If it was cancelled.
    """
    index, query = workspace.library.search, parse(text, workspace.library.today(), typing=True)
    selected = origin.gathered | origin.selected
    try:
        results = index.find(query, workspace.listing.list_order, is_cancelled, selected=selected)
    except PapersError as error:  # its patterns take too much work
        problem = Diagnostic(0, len(query.text), error.message, detail=error.hint.rstrip("."))
        query = replace(query, diagnostics=(*query.diagnostics, problem))
        return Preview(text, query, ResultSet.empty(), (), QueryNotes((str(error),)), ())
    notes = notes_on(index, query, results, display_key(HINT_KEY))
    if not notes.lines:
        words = explained(workspace.library, query) if results else NO_MATCHES
        notes = QueryNotes((words,))
    return Preview(
        text,
        query,
        results,
        index.matching(query, results),
        notes,
        index.complete(query.text, cursor),
        index.hint(query, results),
    )


class _Underline(Highlighter):
    """Underlines spans of a text."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = spans

    def highlight(self, text: Text) -> None:
        for start, end in self._spans:
            text.stylize("underline", start, end)
