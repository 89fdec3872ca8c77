"""The row above and the row below: where the reader is, and what to press or has happened."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.style import Style
from textual.widgets import Input, Static

from tui.model.text import sanitize
from tui.ui.bindings import Key
from tui.ui.keymap import shown
from tui.ui.widgets.line_input import Line

if TYPE_CHECKING:
    from textual.timer import Timer

MESSAGE_SECONDS = 6.0
_SPARE = 10
"""Columns that the position may leave free at its left before the row above is laid out anew."""


class QueryLine(Line):
    """The filter, with the queries of this session on the arrow keys."""

    def __init__(self, id: str) -> None:
        """Begins with no history."""
        super().__init__(id=id, compact=True, select_on_focus=False, placeholder="filter")
        self.history: list[str] = []
        self.then: Callable[[str], None] = lambda _: None
        """What is done with the text when it changes."""
        self._told: str | None = None
        self._place = 0

    async def _on_key(self, event: events.Key) -> None:
        await super()._on_key(event)
        self._tell()  # at once: the message that it changed would come a frame late

    @on(Input.Changed)
    def _tell(self) -> None:
        if self.value != self._told:
            self._told = self.value
            self.then(self.value)

    def begin(self, text: str) -> None:
        """Opens on a query, its end under the cursor."""
        self._told = None
        self.value = text
        self.cursor_position = len(text)
        self._place = len(self.history)
        # At once, not by message: what is typed ahead must not be taken for commands.
        self.screen.set_focus(self)

    def mark(self, spans: Sequence[tuple[int, int]]) -> None:
        """Underlines what was not understood, as spans of characters."""
        self.highlighter = _Underline(spans)
        self.refresh()

    def remember(self, text: str) -> None:
        """Puts a query into the history, once."""
        if text:
            self.history = [old for old in self.history if old != text] + [text]

    def recall(self, by: int) -> None:
        """Shows an earlier or later query of this session."""
        self._place = min(max(self._place + by, 0), len(self.history))
        self.value = self.history[self._place] if self._place < len(self.history) else ""
        self.cursor_position = len(self.value)


class _Underline(Highlighter):
    """Parts of a text, underlined."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = spans

    def highlight(self, text: Text) -> None:
        for start, end in self._spans:
            text.stylize("underline", start, end)


class TopBar(Horizontal):
    """The query and its order at the left, the position at the right."""

    def compose(self) -> ComposeResult:
        """The query is a text until it is edited."""
        yield Static(id="view", markup=False)
        field = QueryLine(id="filter")
        field.display = False
        yield field
        yield Static(id="place", markup=False)

    @property
    def filtering(self) -> bool:
        """Whether the query is being edited."""
        return bool(self.query_one("#filter").display)

    @property
    def line(self) -> QueryLine:
        """The filter."""
        return self.query_one(QueryLine)

    def edit(self, on: bool) -> None:
        """Puts the filter in the place of the query, or the query back."""
        self.query_one("#filter").display = on
        self.query_one("#view").display = not on

    def show(self, query: str, order: str, place: str) -> None:
        """Shows where the reader is."""
        view = Content.assemble((sanitize(query) or "all papers", "bold"), f"  {sanitize(order)}")
        self.query_one("#view", Static).update(view, layout=False)
        told = self.query_one("#place", Static)
        content = Content(sanitize(place))
        spare = told.content_region.width - content.cell_length
        told.update(content, layout=not 0 <= spare <= _SPARE)


class BottomBar(Static):
    """The keys that matter here, or the message of the moment."""

    def __init__(self, id: str) -> None:
        """Begins with no keys."""
        super().__init__(id=id, markup=False)
        self.message = ""
        """What is said now; empty while the keys are shown."""
        self._keys: Sequence[tuple[Key, str]] = ()
        self._timer: Timer | None = None

    def show(self, keys: Sequence[tuple[Key, str]]) -> None:
        """Shows keys with their labels, in this order; the least important give way.

        Args:
            keys: Each with the label to show for it here.
        """
        self._keys = keys
        if not self.message:
            self._draw()

    def say(self, text: str, *, error: bool = False, stay: bool = False) -> None:
        """Says something in place of the keys: for some seconds, or until it is unsaid."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.message = sanitize(text)
        self.set_class(error, "-error")
        if self.message:
            self.update(Content(self.message), layout=False)
            if not stay:
                self._timer = self.set_timer(MESSAGE_SECONDS, self.clear_message)
        else:
            self._draw()

    def clear_message(self, *, brief: bool = False) -> None:
        """Shows the keys again.

        Args:
            brief: Whether only what is said for some seconds goes, and what stays stays.
        """
        if self._timer is not None or not brief:
            self.say("")

    def _on_resize(self, event: events.Resize) -> None:
        if not self.message:
            self._draw()

    def _draw(self) -> None:
        fitting = list(self._keys)

        def width() -> int:
            return sum(
                len(shown(k.keys[0])) + 3 + Content(label).cell_length for k, label in fitting
            )

        while fitting and width() > self.content_region.width + 2:
            fitting.remove(max(fitting, key=lambda pair: pair[0].footer))
        parts: list[Content] = []
        for key, label in fitting:
            click = Style.from_meta({"@click": f"screen.{key.action}"})
            hint = Content.assemble((shown(key.keys[0]), "bold $accent"), " ", sanitize(label))
            parts.append(hint.stylize(click))
        self.update(Content("  ").join(parts), layout=False)
