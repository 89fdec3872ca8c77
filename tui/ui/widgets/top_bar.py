"""The top row: what is shown and its order at the left; the position and the list at the right."""

from typing import Final

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Input, Static

from tui.listing.shown import Shown
from tui.model.text import sanitize
from tui.ui.glyphs import LISTED, Glyphs
from tui.ui.widgets.query_bar import QueryBar

_GAP: Final = 2
"""Columns before the position."""
_PROMPT: Final = 2
"""Columns of the slash before it, where it has no name."""
_SCOPE: Final = 16
"""The most columns of the name before a query that is typed."""
_SPARE: Final = 10
"""Spare columns of the position before the row is laid out again."""


def _click(id: str) -> Style:
    """The style of what runs a binding when it is clicked."""
    return Style.from_meta({"@click": f"screen.run_binding({id!r})"})


class TopBar(Horizontal):
    """What is shown, the position of the cursor in it, and the current list."""

    shown: reactive[Shown | None] = reactive(None)

    def __init__(self, glyphs: Glyphs, add_key: str) -> None:
        """Begins empty; ``add_key`` adds a paper to the current list."""
        super().__init__(id="top")
        self._glyphs = glyphs
        self._add_key = add_key
        self.query_bar = QueryBar()
        self._view = Static(id="view", markup=False)
        self._view.auto_links = False  # what can be clicked keeps its colours
        self._prompt = Static(id="prompt", markup=False)
        self._position = Static(id="place", markup=False)
        self._position.auto_links = False
        self._drawn: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """The name and the query as text, the position."""
        yield self._view
        yield self._position

    async def edit_query(self) -> None:
        """Shows the query bar in place of the query as text; mounted with its first use."""
        if not self.query_bar.is_attached:
            await self.mount(self._prompt, self.query_bar, after=self._view)
            self.watch(self.query_bar, "scope", self._show_prompt)
        self._view.display, self._prompt.display = False, True
        self.query_bar.open()
        self.watch_shown(self.shown)

    def _show_prompt(self, scope: str) -> None:
        """Shows the name of what is searched, ``Inbox /``; of all papers, the slash alone."""
        name = self.shown.title if self.shown and scope else ""
        label = f"{sanitize(name, _SCOPE)} /".strip()
        self._prompt.update(Content.styled(label, "bold $accent"))

    @on(Input.Changed)
    def _make_room(self) -> None:
        """Shortens the position where the query needs its room."""
        if self.query_bar.is_open and self._room_beside_query < self._position.region.width:
            self.watch_shown(self.shown)

    @property
    def _room_beside_query(self) -> int:
        """Columns for the position: up to half of the row, unless the query needs them."""
        width = self.content_region.width
        query = self._prompt.region.width + cell_len(self.query_bar.value) + 1
        return width - max(query, width // 2 + _PROMPT) - _GAP

    def show_query(self) -> None:
        """Shows the query as text again."""
        self.query_bar.close()
        self._view.display, self._prompt.display = True, False
        self.watch_shown(self.shown)

    def watch_shown(self, shown: Shown | None) -> None:
        """Updates query and position."""
        if shown is None:
            return
        is_edited = self.query_bar.is_open
        title = f"Not in {shown.title}" if shown.results.is_elsewhere else shown.title
        width = self.content_region.width
        if is_edited:
            most = self._room_beside_query
        else:  # what is shown has half of the row, if it needs it
            columns = cell_len(sanitize(f"{title}  {shown.terms}".rstrip()))
            most = width - min(columns, width // 2) - _GAP
        content = self._position_of(shown, most)
        spare = self._position.content_region.width - content.cell_length
        query = (title, shown.terms, shown.order)
        is_other = query != self._drawn[:3] and not is_edited
        # While a query is typed, only if the position needs other room.
        fits_anew = spare < 0 or is_other or (spare > _SPARE and not is_edited)
        fits_anew |= is_edited and content.cell_length + spare > most
        taken = content.cell_length + (0 if fits_anew else spare)
        room = width - taken - _GAP
        if (*query, room) != self._drawn and not is_edited:
            self._drawn = (*query, room)
            name, terms, order = map(sanitize, query)
            named = [Content.styled(name, "bold"), Content(terms)]
            view = Content("  ").join(filter(None, named)).stylize(_click("filter.edit"))
            order_by = Content.styled(order, "$muted").stylize(_click("filter.sort"))
            whole = Content("  ").join(filter(None, (view, order_by)))
            # Cut, an order says nothing, and the query less; what is missing for one still does.
            is_shown = whole.cell_length <= room or shown.query.sorts_by_likely
            self._view.update(whole if is_shown else view, layout=False)
        self._position.update(content, layout=fits_anew)

    def on_resize(self) -> None:
        """Shows the order where it fits."""
        self.watch_shown(self.shown)

    def _position_of(self, shown: Shown, most: int) -> Content:
        """The position and the current list, as much of them as fits into some columns."""
        count = len(shown.results)
        parts = [f"{shown.cursor + 1 if count else 0} of {count:,}"]
        if not shown.results.is_elsewhere and (count or not shown.terms):  # else nothing to count
            parts.append(shown.tally)
        if shown.has_selection:
            parts.append(f"{len(shown.selected)} selected")
        if shown.read_only:
            parts.append("read only")
        content = Content(f" {self._glyphs.dot} ".join(parts))
        if content.cell_length > most:
            return Content(parts[0])
        if shown.current_list is None:
            return content
        name = sanitize(shown.current_list, 20)
        added = f"{self._add_key} {self._glyphs.arrow} {name}"
        adding = Content.styled(added, f"bold {LISTED}").stylize(_click("list.show"))
        whole = Content.assemble(content, "  ", adding)
        return whole if whole.cell_length <= most else content
