"""The list of papers: draws only the rows on screen, whatever the length of the list.

It shows items and says where the cursor is. It knows no library and decides nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
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

from tui.model.state import Item, PaperState, Status
from tui.model.text import sanitize
from tui.search import ResultSet
from tui.ui.glyphs import UNICODE, Glyphs, day, matches

NOTHING: Final = ResultSet.empty()
_PREFIX = 3
"""Columns before a title: cursor, state, and a gap that shows what is selected or in a list."""
_LEAST = 12
"""Columns of a title that its facts leave it, or go."""
_KEPT = 256
"""Rows kept as they were drawn: those on screen and what a page more would show."""


class PaperList(ScrollView, can_focus=True):
    """Entries as rows of one or two lines."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "paper-list--unread",
        "paper-list--open",
        "paper-list--done",
        "paper-list--meta",
        "paper-list--match",
        "paper-list--accent",
        "paper-list--cursor",
    }

    cursor: reactive[int] = reactive(0, repaint=False)
    """The row of the cursor; 0 also when there is none."""
    tall: reactive[bool] = reactive(False)
    """Whether a row has two lines."""
    free: reactive[int] = reactive(0)
    """Columns left free at the right, where something stands beside the list."""

    @dataclass
    class Moved(Message):
        """The cursor is on another paper, or on none."""

        item: Item | None

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor came to rest matters."""
            return isinstance(message, PaperList.Moved)

    @dataclass
    class Opened(Message):
        """A row was clicked a second time."""

    virtual_size = Reactive(Size(0, 0))  # which moves nothing around it, so nothing is laid out

    def __init__(self, *, marks: Glyphs = UNICODE, id: str | None = None) -> None:
        """Begins empty."""
        super().__init__(id=id)
        self.items: ResultSet = NOTHING
        self._picked: set[str] = set()
        self._anchor: int | None = None
        self._matching: Sequence[str] = ()
        self._marks = marks
        self._drawn: LRUCache[int, tuple[Strip, ...]] = LRUCache(_KEPT)
        self._looks: dict[tuple[str, ...], Style] = {}

    # What is shown

    @property
    def item(self) -> Item | None:
        """The item under the cursor."""
        return self.items[self.cursor] if self.items else None

    @property
    def key(self) -> str | None:
        """The key of the paper under the cursor; ``None`` if there is none. Reads no paper."""
        return self.items.key(self.cursor) if self.items else None

    def show(
        self, items: ResultSet, *, matching: Sequence[str] = (), keep: str | None = None
    ) -> None:
        """Shows other rows; the cursor stays on its paper, or on the nearest that is left.

        Args:
            items: The rows.
            matching: Folded beginnings of words to highlight.
            keep: The key to put the cursor on; ``None`` for the one it is on, an empty one for
                the first row.
        """
        cursor = self._place_in(items, self.key if keep is None else keep)
        anchor = self.items.key(self._anchor) if self._anchor is not None else None
        self._anchor = items.place(anchor) if anchor is not None else None
        self._picked = {key for key in self._picked if items.place(key) is not None}
        self.items = items
        self._matching = tuple(matching)
        self._resize()
        self.set_reactive(PaperList.cursor, cursor)
        self._reveal()
        self.refresh()
        self.post_message(self.Moved(self.item))

    def _place_in(self, items: ResultSet, wanted: str | None) -> int:
        """The row of a paper, else of the nearest one to the cursor that is there; else 0."""
        if not wanted or not items:
            return 0
        if (place := items.place(wanted)) is not None:
            return place
        return items.nearest(self.items, self.cursor) or 0

    def repaint(self, keys: Iterable[str]) -> None:
        """Draws the rows of some papers anew; those that are not listed are passed over."""
        touched = set(keys)
        if len(touched) > self.page:
            self.refresh()
            return
        for key in touched:
            if (row := self.find(key)) is not None:
                self._refresh_row(row)

    def move_to(self, row: int) -> None:
        """Puts the cursor on a row, or on the nearest there is."""
        if self.items:
            self.cursor = min(max(row, 0), len(self.items) - 1)

    def find(self, key: str) -> int | None:
        """The row of a paper; ``None`` if it is not listed."""
        return self.items.place(key)

    @property
    def selected(self) -> set[str]:
        """Keys of the papers that are selected, one by one or as a range."""
        within = self._range
        return self._picked | set(map(self.items.key, range(within.start, within.stop)))

    @property
    def chosen(self) -> list[str]:
        """Keys of what is selected, in the order of the rows."""
        return sorted(self.selected, key=lambda key: self.items.place(key) or 0)

    def select(self, keys: Iterable[str]) -> None:
        """Makes these papers the selection, and ends a range."""
        was_any = self._picked or self.ranging
        self._picked = {key for key in keys if self.items.place(key) is not None}
        self._anchor = None
        if was_any or self._picked:
            self.refresh()

    @property
    def ranging(self) -> bool:
        """Whether moving selects."""
        return self._anchor is not None

    def begin_range(self) -> None:
        """From here on moving selects, up to the cursor."""
        self._anchor = self.cursor if self.items else None
        self.refresh()

    @property
    def _range(self) -> slice:
        """The rows between where a range began and the cursor."""
        if self._anchor is None:
            return slice(0, 0)
        low, high = sorted((self._anchor, self.cursor))
        return slice(low, high + 1)

    def _is_selected(self, row: int) -> bool:
        within = self._range
        return within.start <= row < within.stop or self.items.key(row) in self._picked

    @property
    def page(self) -> int:
        """Rows on screen."""
        return max(1, self.scrollable_content_region.height // self._height)

    @property
    def _height(self) -> int:
        return 2 if self.tall else 1

    # Keeping up with changes

    def _watch_cursor(self, old: int, new: int) -> None:
        if self.ranging:
            self.refresh()
        self._refresh_row(old)
        self._refresh_row(new)
        self._reveal()
        self.post_message(self.Moved(self.item))

    def _watch_tall(self) -> None:
        self._resize()
        self._reveal()

    def _on_resize(self, event: events.Resize) -> None:
        self._drawn.clear()
        self._resize()
        self._reveal()

    def _resize(self) -> None:
        self.virtual_size = Size(self.size.width, len(self.items) * self._height)

    def _reveal(self) -> None:
        """Scrolls so that the cursor and the row before and behind it are on screen."""
        margin = min(1, (self.page - 1) // 2)
        top = max(self.cursor - margin, 0)
        rows = min(self.cursor + margin, len(self.items) - 1) - top + 1
        region = Region(0, top * self._height, 1, max(rows, 1) * self._height)
        self.scroll_to_region(region, animate=False, force=True)

    def refresh(self, *regions: Region, **what: bool) -> Self:
        """Draws all anew; where only a part is to be, as after scrolling, from what is kept."""
        if not regions:
            self._drawn.clear()
            self._looks.clear()
        return super().refresh(*regions, **what)

    def _refresh_row(self, row: int) -> None:
        self._drawn.discard(row)
        top = row * self._height - self.scroll_offset.y
        self.refresh(Region(0, top, self.size.width, self._height))

    # Mouse

    async def _on_click(self, event: events.Click) -> None:
        row = (event.y + self.scroll_offset.y) // self._height
        if row < len(self.items):
            if row == self.cursor and event.chain > 1:
                self.post_message(self.Opened())
            self.move_to(row)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        row, line = divmod(y + self.scroll_offset.y, self._height)
        if row >= len(self.items):
            return Strip.blank(self.size.width, self._style())
        drawn = self._drawn.get(row)
        if drawn is None:
            drawn = self._drawn[row] = tuple(self._draw(row))
        return drawn[line]

    def _style(self, *names: str) -> Style:
        """Styles of ours over that of the list, the last on top; kept, as the rows share them."""
        style = self._looks.get(names)
        if style is None:
            find = partial(self.get_component_rich_style, partial=True)
            layers = (find(f"paper-list--{name}") for name in names)
            style = self._looks[names] = sum(layers, self.rich_style)
        return style

    def _draw(self, row: int) -> Iterator[Strip]:
        """The lines of a row."""
        item = self.items[row]
        made = item.state
        weight = {Status.UNREAD: "unread", Status.READING: "open"}.get(made.status, "done")
        bar, style = " ", self._style
        if row == self.cursor:
            bar, style = self._marks.cursor, partial(self._style, "cursor")
        begin = [
            Segment(bar, style("accent")),
            Segment(self._marks.state(made, date.today()), style(weight)),
            self._gap(row, made, style),
        ]
        title = sanitize(item.paper.display_title)
        matched = list(matches(title, self._matching))
        room = self.size.width - _PREFIX - self.free
        lines = _break(title, room) if self.tall else [(0, len(title))]
        for number, (start, end) in enumerate(lines, 1):
            meta = self._meta(item) if number == len(lines) else ""
            if room - cell_len(meta) <= _LEAST:
                meta = ""
            left = room - cell_len(meta) - 1 if meta else room
            text = _cut(title[start:end], left, self._marks.ellipsis)
            pieces = _pieces(text, [(low - start, high - start) for low, high in matched])
            shown = [Segment(p, style(weight, "match") if m else style(weight)) for p, m in pieces]
            if meta:
                shown.append(Segment(" " * (left + 1 - cell_len(text)), style()))
                shown.append(Segment(meta, style("meta")))
            yield Strip([*begin, *shown]).adjust_cell_length(self.size.width, style())
            begin = [begin[0], Segment("  ", style())]

    def _gap(self, row: int, made: PaperState, style: Callable[..., Style]) -> Segment:
        """What stands between state and title: whether the paper is selected or in a list."""
        if self._is_selected(row):
            return Segment(self._marks.selected, style("accent"))
        return Segment(self._marks.listed if made.lists else " ", style("meta"))

    def _meta(self, item: Item) -> str:
        upvotes = item.paper.upvotes
        parts = [f"{self._marks.upvotes}{upvotes}"] if upvotes else []
        when = day(item.paper)
        return " ".join([*parts, when] if when else parts)


def _fitting(text: str, width: int) -> int:
    """How many characters of a text that is wider than so many columns fit into them."""
    if text.isascii():
        return width
    columns = accumulate(map(get_character_cell_size, text))
    return next(place for place, column in enumerate(columns) if column > width)


def _cut(text: str, width: int, mark: str) -> str:
    """A text, or its beginning and a mark of one column where it is wider than so many."""
    if cell_len(text) <= width:
        return text
    return text[: _fitting(text, max(width, 1) - 1)] + mark


def _pieces(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """A text in pieces, and whether each lies in a span; spans may go beyond the text."""
    place = 0
    for low, high in spans:
        start, end = max(low, place), min(high, len(text))
        if start < end:
            yield text[place:start], False
            yield text[start:end], True
            place = end
    yield text[place:], False


def _break(title: str, width: int) -> list[tuple[int, int]]:
    """A title in two lines, parted behind a space or a hyphen: where each begins and ends."""
    if cell_len(title) <= width:
        return [(0, len(title)), (len(title), len(title))]
    fits = _fitting(title, max(width, 1))
    head = title[: fits + title.startswith(" ", fits)]  # a space may stand beyond the edge
    end = max(head.rfind(" "), head.rfind("-")) + 1 or max(fits, 1)  # or one word fills the line
    return [(0, len(title[:end].rstrip())), (end, len(title))]
