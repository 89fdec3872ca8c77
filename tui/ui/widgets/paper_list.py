"""The list of papers; draws only the rows on screen, so its length does not matter."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import ClassVar, Final, Self

from rich.cells import cell_len
from rich.segment import ControlType, Segment
from rich.style import Style
from textual import events
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive, reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.listing.arrivals import Arrival
from tui.listing.shown import Shown
from tui.model.state import Item, Status
from tui.model.text import sanitize
from tui.search import ResultSet
from tui.ui.glyphs import Glyphs
from tui.ui.widgets import columns, rows
from tui.ui.widgets.columns import Column, Listed
from tui.ui.widgets.rows import Lines

PREFIX: Final = 5
"""Columns before a title: cursor, status, star, selection or list membership, a blank."""
_DONE: Final = (Status.READ, Status.DISMISSED)
"""The statuses of papers that are not to be read: their titles are dim."""
_CACHED: Final = 256
"""Cached rows: those on screen and a page more."""


class PaperList(ScrollView, can_focus=True):
    """Items as rows of one or two lines."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "paper-list--open",
        "paper-list--done",
        "paper-list--match",
        "paper-list--watched",
        "paper-list--accent",
        "paper-list--bar",
        "paper-list--star",
        "paper-list--reading",
        "paper-list--list",
        "paper-list--new",
        "paper-list--cursor",
        "paper-list--hover",
    }

    shown: reactive[Shown] = reactive(Shown(ResultSet.empty()), repaint=False)
    """What is shown."""
    tall: reactive[bool] = reactive(False)
    """Whether a row has two lines."""
    is_skimmed: reactive[bool] = reactive(True)
    """Whether words of what the user is interested in stand out."""
    margin_right: reactive[int] = reactive(0)
    """Columns left free at the right."""
    columns: reactive[Sequence[Column]] = reactive(columns.of(columns.DEFAULT))
    """Behind the titles, where a row has one line."""

    class Clicked(Message):
        """A row was clicked."""

        def __init__(self, row: int, key: str, *, is_again: bool, is_right: bool) -> None:
            """A click.

            Args:
                is_again: Whether it was a double click on the row of the cursor.
                is_right: Whether it was with the right button.
            """
            super().__init__()
            self.row = row
            self.key = key
            self.is_again = is_again
            self.is_right = is_right

    virtual_size = Reactive(Size(0, 0))  # a change needs no layout

    def __init__(self, glyphs: Glyphs, id: str = "papers") -> None:
        super().__init__(id=id)
        self._glyphs = glyphs
        self._lines = Lines()
        self._hovered: int | None = None
        self._drawn: LRUCache[int, tuple[Strip, ...]] = LRUCache(_CACHED)
        self._styles: dict[tuple[str, ...], Style] = {}

    @property
    def page(self) -> int:
        """Rows on screen."""
        return max(1, self.scrollable_content_region.height // self._lines.height)

    # Updates

    def watch_shown(self, old: Shown, new: Shown) -> None:
        """Redraws what changed: everything, or some rows."""
        is_other = old.results is not new.results
        if is_other:
            self._resize()
        moved, is_changed = old.cursor != new.cursor, old.revision != new.revision
        # Of several revisions, as after keys that waited, only the last says what it touched.
        touched = new.touched if new.revision == old.revision + 1 else None
        if (
            is_other
            or (is_changed and touched is None)
            or (old.picked, old.watched, old.strongest) != (new.picked, new.watched, new.strongest)
            or self._ranges(old, new)
        ):
            self._drawn.clear()
            super().refresh()  # the styles are the same
        else:
            if moved:
                self._refresh_row(old.cursor)
                self._refresh_row(new.cursor)
            if is_changed and touched is not None:
                self._refresh_papers(touched)
        if is_other or moved:
            self._hover(None)
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
        headed = [arrival.row for arrival in self.shown.arrivals]
        self._lines = Lines(2 if self.tall else 1, headed)
        self.virtual_size = Size(self.size.width, self._lines.top(len(self.shown.results)))

    def _reveal(self) -> None:
        """Scrolls so that the cursor and its neighbouring rows are on screen."""
        margin, cursor = min(1, (self.page - 1) // 2), self.shown.cursor
        top = self._lines.above(max(cursor - margin, 0))
        last = max(min(cursor + margin, len(self.shown.results) - 1), 0)
        height = self._lines.top(last) + self._lines.height - top
        self.scroll_to_region(Region(0, top, 1, height), animate=False, force=True)

    def refresh(self, *regions: Region, **what: bool) -> Self:
        """Redraws; without regions, also what a new style changes."""
        if not regions:
            self._drawn.clear()
            self._styles.clear()
        return super().refresh(*regions, **what)

    def _refresh_row(self, row: int) -> None:
        self._drawn.discard(row)
        top = self._lines.top(row) - self.scroll_offset.y
        self.refresh(Region(0, top, self.size.width, self._lines.height))

    # Mouse

    async def _on_click(self, event: events.Click) -> None:
        if (row := self._row_under(event)) is not None:
            is_again = row == self.shown.cursor and event.chain > 1
            key = self.shown.results.key(row)
            self.post_message(self.Clicked(row, key, is_again=is_again, is_right=event.button == 3))

    def _on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover(self._row_under(event))

    def _on_leave(self, event: events.Leave) -> None:
        self._hover(None)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Other rows come under the mouse, which tells where it is when it moves again."""
        super().watch_scroll_y(old_value, new_value)
        self._hover(None)

    def _row_under(self, event: events.MouseEvent) -> int | None:
        line = event.y + self.scroll_offset.y
        row, _ = self._lines.row_at(line)
        is_paper = self._lines.heading_at(line) is None and row < len(self.shown.results)
        return row if is_paper else None

    def _hover(self, row: int | None) -> None:
        """Marks a row as under the mouse."""
        before, self._hovered = self._hovered, row
        if row != before:
            for each in (before, row):
                if each is not None:
                    self._refresh_row(each)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        if (heading := self._lines.heading_at(y + self.scroll_offset.y)) is not None:
            return self._draw_heading(self.shown.arrivals[heading])
        row, line = self._lines.row_at(y + self.scroll_offset.y)
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

    def _draw_heading(self, arrival: Arrival) -> Strip:
        """The line above papers that came together."""
        width = self.size.width
        title = f" {self._glyphs.dot} ".join([*arrival.title, f"{arrival.count:,}"])
        text = rows.cut(rows.steady(f" {title}"), width - self.margin_right, self._glyphs.ellipsis)
        return Strip([Segment(text, self._style("done"))]).adjust_cell_length(width, self._style())

    def _draw(self, row: int) -> Iterator[Strip]:
        """The lines of a row."""
        shown, item = self.shown, self.shown.results[row]
        bar, style = " ", self._style
        if row == shown.cursor:
            bar, style = self._glyphs.cursor, partial(self._style, "cursor")
        elif row == self._hovered:
            style = partial(self._style, "hover")
        begin = Segment(bar, style("bar"))
        is_done = item.state.status in _DONE or (shown.is_inbox and not shown.is_open(item.state))
        marks = self._marks(row, item, style, is_done=is_done)
        prefix = [*marks, Segment(" ", style())]
        weight = "done" if is_done else "open"
        title = rows.steady(sanitize(item.paper.plain_title))
        watched = () if is_done else shown.watched
        strongest = shown.strongest if shown.is_triage and not is_done and self.is_skimmed else ()
        marked = rows.marked(title, shown.matching, watched, strongest)
        for start, end, width, facts in self._parts(row, item, title):
            text = rows.cut(title[start:end], width, self._glyphs.ellipsis)
            spans = [(low - start, high - start, name) for low, high, name in marked]
            segments = [
                Segment(piece, style(weight, name) if name else style(weight))
                for piece, name in rows.pieces(text, spans)
            ]
            if rows.is_of_unsure_width(text) and not self.app.no_color:
                segments = self._in_place(segments, cell_len(text))
            if facts:
                segments.append(Segment(" " * (width - cell_len(text)), style()))
                segments.append(Segment(facts, style("done")))
            strip = Strip([begin, *prefix, *segments])
            yield strip.adjust_cell_length(self.size.width, style())
            prefix = [Segment(" " * (PREFIX - 1), style())]

    def _in_place(self, segments: list[Segment], width: int) -> list[Segment]:
        """A title, and what puts the cursor of the terminal after it, however wide it was drawn.

        Its cells are erased first (ECH), in case it is narrower than thought, and what follows goes
        to its column (CHA). Not without colours, where Textual 8.2.8 takes what acts for text.
        """
        column = self.region.x + PREFIX + width + 1
        erase = Segment(f"\x1b[{width}X", None, [(ControlType.ERASE_IN_LINE, 0)])
        move = Segment(f"\x1b[{column}G", None, [(ControlType.CURSOR_MOVE_TO_COLUMN, column)])
        return [erase, *segments, move]

    def _parts(self, row: int, item: Item, title: str) -> Iterator[tuple[int, int, int, str]]:
        """For each line, the part of the title in it, the columns for it, and the facts after it.

        The date is kept where the title would fill the line; of two lines, the second has as many
        of the facts as the title leaves room for.
        """
        room = self.size.width - PREFIX - self.margin_right
        glyphs, results = self._glyphs, self.shown.results
        is_lookalike = results.is_lookalike(row)
        explanation = results.explanation(row)
        reason = sanitize(explanation.brief) if explanation else ""
        least = columns.grounds_width(room)
        if not self.tall:
            shown, brief = self.columns, rows.shortened(reason, least, glyphs.ellipsis)
            if results.is_explained:
                shown = columns.with_grounds(shown, room)
            facts = columns.facts_in(shown, Listed(item, is_lookalike, glyphs, brief), room)
            facts = " " + facts if facts else ""
            yield 0, len(title), room - cell_len(facts), facts
            return
        first, (start, end) = rows.broken(title, room)
        yield *first, room, ""
        phrases = rows.phrases(item, glyphs, is_lookalike=is_lookalike)
        gap = rows.GAP if start < end else 0
        width = cell_len(title[start:end])
        if reason:
            room_left = max(room - width - gap, least)
            phrases.insert(0, rows.shortened(reason, room_left, glyphs.ellipsis))
        least = cell_len(phrases[0]) if reason or item.paper.published else 0
        width = min(width, room - gap - least) + gap
        facts = rows.joined(phrases, room - width, glyphs.dot)
        yield start, end, width - gap, " " * gap + facts if facts else ""

    def _marks(
        self, row: int, item: Item, style: Callable[..., Style], *, is_done: bool
    ) -> Iterator[Segment]:
        """Status, star, and selection or list membership, a column each.

        The mark of an unread paper is dim where it was kept out of the inbox that is shown.
        """
        glyphs, state, today = self._glyphs, item.state, self.shown.today
        name = "reading" if state.status is Status.READING else "done" if is_done else "open"
        if state.is_snoozed(today):
            name = "done"
        elif name == "open" and self.shown.results.is_new(row):
            name = "new"
        yield Segment(glyphs.of(state, today), style(name))
        yield Segment(glyphs.starred if state.starred else " ", style("star"))
        if self.shown.is_selected(row):
            yield Segment(glyphs.selected, style("accent"))
        else:
            yield Segment(glyphs.listed, style("list")) if state.lists else Segment(" ", style())
