"""The top row: the query and its order at the left, the position at the right."""

from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static

from tui.model.text import sanitize
from tui.ui.glyphs import Glyphs
from tui.ui.widgets.query_bar import QueryBar
from tui.workspace import Shown

_SPARE: Final = 10
"""Spare columns of the position before the row is laid out again."""


def _click(id: str) -> Style:
    """The style of what runs a binding when it is clicked."""
    return Style.from_meta({"@click": f"screen.run_binding({id!r})"})


class TopBar(Horizontal):
    """The query, and the position of the cursor in its results."""

    shown: reactive[Shown | None] = reactive(None)

    def __init__(self, glyphs: Glyphs) -> None:
        """Begins empty."""
        super().__init__(id="top")
        self._glyphs = glyphs
        self._view = Static(id="view", markup=False)
        self._position = Static(id="place", markup=False)
        self._drawn: object = None

    def compose(self) -> ComposeResult:
        """The query as text, the query bar, the position."""
        yield self._view
        yield QueryBar()
        yield self._position

    def edit(self, on: bool) -> None:
        """Hides the query text for the query bar, or shows it again."""
        self._view.display = not on

    def watch_shown(self, shown: Shown | None) -> None:
        """Updates query and position."""
        if shown is None:
            return
        query = (shown.title, shown.order)
        if query != self._drawn:
            self._drawn = query
            title = Content.styled(sanitize(shown.title) or "all papers", "bold")
            view = Content.assemble(
                title.stylize(_click("filter.edit")),
                "  ",
                Content(sanitize(shown.order)).stylize(_click("filter.sort")),
            )
            self._view.update(view, layout=False)
        content = Content(sanitize(self._position_of(shown)))
        spare = self._position.content_region.width - content.cell_length
        self._position.update(content, layout=not 0 <= spare <= _SPARE)

    def _position_of(self, shown: Shown) -> str:
        count = len(shown.results)
        parts = [
            f"{shown.cursor + 1 if count else 0} of {count:,}",
            f"{shown.left:,} {'left' if shown.is_inbox else 'unread'}",
        ]
        if shown.has_selection:
            parts.append(f"{len(shown.selected)} selected")
        if shown.current_list:
            parts.append(f"{self._glyphs.arrow} {sanitize(shown.current_list, 20)}")
        if shown.read_only:
            parts.append("read only")
        return f" {self._glyphs.dot} ".join(parts)
