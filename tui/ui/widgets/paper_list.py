"""The list of papers; draws only the rows on screen, so its length does not matter."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import ClassVar, Final, Self

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive, reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.model.describe import facts
from tui.model.fields import Detail, Field
from tui.model.state import Item, Status
from tui.model.text import sanitize
from tui.search import ResultSet
from tui.ui.glyphs import Glyphs, matches
from tui.workspace import Shown

_PREFIX: Final = 3
"""Columns before a title: cursor, state, and selection or list membership."""
_MIN_TITLE: Final = 12
"""Facts are dropped to leave a title at least this many columns."""
_CACHED: Final = 256
"""Cached rows: those on screen and a page more."""


class PaperList(ScrollView, can_focus=True):
    """Items as rows of one or two lines."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "paper-list--unread",
        "paper-list--open",
        "paper-list--done",
        "paper-list--meta",
        "paper-list--match",
        "paper-list--accent",
        "paper-list--cursor",
    }

    shown: reactive[Shown] = reactive(Shown(ResultSet.empty()), repaint=False)
    """What is shown."""
    tall: reactive[bool] = reactive(False)
    """Whether a row has two lines."""
    margin_right: reactive[int] = reactive(0)
    """Columns left free at the right."""

    @dataclass
    class Clicked(Message):
        """A row was clicked."""

        row: int
        is_again: bool
        """Whether it was a double click on the row of the cursor."""
        is_right: bool = False
        """Whether it was with the right button."""

    virtual_size = Reactive(Size(0, 0))  # a change needs no layout

    def __init__(self, glyphs: Glyphs) -> None:
        """Begins empty."""
        super().__init__(id="papers")
        self._glyphs = glyphs
        self._drawn: LRUCache[int, tuple[Strip, ...]] = LRUCache(_CACHED)
        self._styles: dict[tuple[str, ...], Style] = {}

    @property
    def page(self) -> int:
        """Rows on screen."""
        return max(1, self.scrollable_content_region.height // self._height)

    @property
    def _height(self) -> int:
        return 2 if self.tall else 1

    # Updates

    def watch_shown(self, old: Shown, new: Shown) -> None:
        """Redraws what changed: everything, or some rows."""
        is_other = old.results is not new.results
        if is_other:
            self._resize()
        moved, is_changed = old.cursor != new.cursor, old.revision != new.revision
        if (
            is_other
            or (is_changed and new.touched is None)
            or old.picked != new.picked
            or self._ranges(old, new)
        ):
            self.refresh()
        else:
            if moved:
                self._refresh_row(old.cursor)
                self._refresh_row(new.cursor)
            if is_changed and new.touched is not None:
                self._refresh_papers(new.touched)
        if is_other or moved:
            self._reveal()

    @staticmethod
    def _ranges(old: Shown, new: Shown) -> bool:
        """Whether a range started, ended or changed."""
        return (old.anchor, new.anchor) != (None, None)

    def _refresh_papers(self, keys: frozenset[str]) -> None:
        """Redraws the rows of some papers, if listed."""
        if len(keys) > self.page:
            self.refresh()
            return
        for key in keys:
            if (row := self.shown.results.place(key)) is not None:
                self._refresh_row(row)

    def watch_tall(self) -> None:
        """Resizes to the new row height."""
        self._resize()
        self._reveal()

    def _on_resize(self, event: events.Resize) -> None:
        self._drawn.clear()
        self._resize()
        self._reveal()

    def _resize(self) -> None:
        self.virtual_size = Size(self.size.width, len(self.shown.results) * self._height)

    def _reveal(self) -> None:
        """Scrolls so that the cursor and its neighbouring rows are on screen."""
        margin, cursor = min(1, (self.page - 1) // 2), self.shown.cursor
        top = max(cursor - margin, 0)
        rows = min(cursor + margin, len(self.shown.results) - 1) - top + 1
        region = Region(0, top * self._height, 1, max(rows, 1) * self._height)
        self.scroll_to_region(region, animate=False, force=True)

    def refresh(self, *regions: Region, **what: bool) -> Self:
        """Redraws; without regions, clears the cache."""
        if not regions:
            self._drawn.clear()
            self._styles.clear()
        return super().refresh(*regions, **what)

    def _refresh_row(self, row: int) -> None:
        self._drawn.discard(row)
        top = row * self._height - self.scroll_offset.y
        self.refresh(Region(0, top, self.size.width, self._height))

    # Mouse

    async def _on_click(self, event: events.Click) -> None:
        row = (event.y + self.scroll_offset.y) // self._height
        if row < len(self.shown.results):
            is_again = row == self.shown.cursor and event.chain > 1
            self.post_message(self.Clicked(row, is_again, event.button == 3))

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        row, line = divmod(y + self.scroll_offset.y, self._height)
        if row >= len(self.shown.results):
            return Strip.blank(self.size.width, self._style())
        drawn = self._drawn.get(row)
        if drawn is None:
            drawn = self._drawn[row] = tuple(self._draw(row))
        return drawn[line]

    def _style(self, *names: str) -> Style:
        """Component styles over that of the list, the last on top. Cached."""
        style = self._styles.get(names)
        if style is None:
            find = partial(self.get_component_rich_style, partial=True)
            layers = (find(f"paper-list--{name}") for name in names)
            style = self._styles[names] = sum(layers, self.rich_style)
        return style

    def _draw(self, row: int) -> Iterator[Strip]:
        """The lines of a row."""
        shown, glyphs = self.shown, self._glyphs
        item = shown.results[row]
        state = item.state
        weight = {Status.UNREAD: "unread", Status.READING: "open"}.get(state.status, "done")
        if shown.is_inbox and not shown.is_open(state):
            weight = "done"
        bar, style = " ", self._style
        if row == shown.cursor:
            bar, style = glyphs.cursor, partial(self._style, "cursor")
        begin = [
            Segment(bar, style("accent")),
            Segment(glyphs.of(state, shown.today), style(weight)),
            self._membership(row, item, style),
        ]
        title = sanitize(item.paper.display_title)
        matched = list(matches(title, shown.matching))
        room = self.size.width - _PREFIX - self.margin_right
        lines = _break(title, room) if self.tall else [(0, len(title))]
        for number, (start, end) in enumerate(lines, 1):
            meta = self._meta(row, item) if number == len(lines) else ""
            if room - cell_len(meta) <= _MIN_TITLE:
                meta = ""
            width = room - cell_len(meta) - 1 if meta else room
            text = _cut(title[start:end], width, glyphs.ellipsis)
            pieces = _pieces(text, [(low - start, high - start) for low, high in matched])
            segments = [
                Segment(piece, style(weight, "match") if is_match else style(weight))
                for piece, is_match in pieces
            ]
            if meta:
                segments.append(Segment(" " * (width + 1 - cell_len(text)), style()))
                segments.append(Segment(meta, style("meta")))
            yield Strip([*begin, *segments]).adjust_cell_length(self.size.width, style())
            begin = [begin[0], Segment("  ", style())]

    def _membership(self, row: int, item: Item, style: Callable[..., Style]) -> Segment:
        """The glyph before the title: selected, or in a list."""
        if self.shown.is_selected(row):
            return Segment(self._glyphs.selected, style("accent"))
        return Segment(self._glyphs.listed if item.state.lists else " ", style("meta"))

    def _meta(self, row: int, item: Item) -> str:
        """The facts at the right, the date last, so that dates are aligned."""
        symbols = {Field.UPVOTES: self._glyphs.upvotes}
        phrases = facts(item, Detail.BRIEF, symbols)
        if self.shown.results.is_lookalike(row):
            phrases.append(self._glyphs.lookalike)
        return " ".join(reversed(phrases))


def _fitting(text: str, width: int) -> int:
    """How many characters of a text wider than ``width`` columns fit into them."""
    if text.isascii():
        return width
    columns = accumulate(map(get_character_cell_size, text))
    return next(place for place, column in enumerate(columns) if column > width)


def _cut(text: str, width: int, mark: str) -> str:
    """A text, truncated to ``width`` columns with a mark at its end."""
    if cell_len(text) <= width:
        return text
    return text[: _fitting(text, max(width, 1) - 1)] + mark


def _pieces(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """A text in pieces, each with whether it lies in a span; spans may exceed the text."""
    place = 0
    for low, high in spans:
        start, end = max(low, place), min(high, len(text))
        if start < end:
            yield text[place:start], False
            yield text[start:end], True
            place = end
    yield text[place:], False


def _break(title: str, width: int) -> list[tuple[int, int]]:
    """A title broken into two lines after a space or a hyphen, as spans."""
    if cell_len(title) <= width:
        return [(0, len(title)), (len(title), len(title))]
    fits = _fitting(title, max(width, 1))
    head = title[: fits + title.startswith(" ", fits)]  # a space may exceed the width
    end = max(head.rfind(" "), head.rfind("-")) + 1 or max(fits, 1)  # or one word fills the line
    return [(0, len(title[:end].rstrip())), (end, len(title))]
