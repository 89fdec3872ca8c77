"""The surroundings of a paper, below its abstract: similar papers, its sources, its history."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len
from textual import work
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import get_current_worker

from tui.actions import history
from tui.actions.find import like_query
from tui.actions.phrases import phrase_of
from tui.library import Library
from tui.model.describe import page_day
from tui.model.state import Change, Item
from tui.model.text import sanitize
from tui.query import parse
from tui.search import ResultSet, SearchCancelledError
from tui.ui.glyphs import Glyphs
from tui.ui.widgets.rows import broken, shortened
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.workspace import Workspace

AROUND_SECONDS: Final = 0.1
"""How long this waits for the abstract to be drawn, and for the next key."""
PAUSE_SECONDS: Final = 0.0005
"""How long the search for similar papers stands aside, every few milliseconds."""
MAX_SIMILAR: Final = 5
MAX_SOURCES: Final = 3
MAX_CHANGES: Final = 4
SCANNED: Final = 2_000
"""The last changes, in which those of the paper are looked for: some 10 ms."""


class Similar(NamedTuple):
    """A paper that is similar to another."""

    item: Item
    words: str
    """The words that it shares."""


@dataclass(frozen=True, slots=True)
class Around:
    """The context of a paper beside its own facts."""

    similar: Sequence[Similar]
    """The most similar first."""
    changes: Sequence[Change]
    """Its own, the last first."""
    today: date
    """Decides which papers are snoozed."""


class AroundPane(Static):
    """Similar papers, sources and history of one, found in a thread once the cursor rests."""

    item: reactive[Item | None] = reactive(None, repaint=False, always_update=True)
    """The paper."""

    def __init__(self, glyphs: Glyphs, key: str = "") -> None:
        """Begins empty; ``key`` opens the similar papers; without it, none are shown."""
        super().__init__(id="around", markup=False)
        self.auto_links = False  # what can be clicked keeps its colours
        self._glyphs = glyphs
        self._key = key
        self._drawn: str | None = None
        """The key of the paper that is shown."""
        self._found: Callable[[int], list[Content]] = lambda _: []
        """The lines about it, with as many as this at most for a similar paper."""
        self.workspace: Workspace | None = None
        """The view model; ``None`` until the library is loaded."""

    def watch_item(self) -> None:
        """Looks around another paper, or around the same one after a change."""
        if self.item is None or self.item.key != self._drawn:
            self._drawn = None
            self.update()
        if self.display:
            self._look()

    def leave(self) -> None:
        """Looks no further, as the cursor moves."""
        self.workers.cancel_node(self)

    def put_off(self) -> None:
        """Lets a key go first: what is not yet shown is looked for once no key follows."""
        if self._drawn is None and self.display:
            self._look()

    def on_show(self) -> None:
        """Looks around the paper where there is room for it now."""
        self._look()

    def on_resize(self) -> None:
        """Breaks titles anew."""
        self.fit()

    def fit(self) -> None:
        """Shows what was found, each similar paper in two lines if the pane has room for them."""
        if self._drawn is not None:
            assert isinstance(self.parent, Widget)
            room, lines = self.parent.size.height - self.virtual_region.y, self._found(2)
            self.update(Content("\n").join(lines if len(lines) <= room else self._found(1)))

    @work(exclusive=True)
    async def _look(self) -> None:
        await asyncio.sleep(AROUND_SECONDS)
        item, workspace = self.item, self.workspace
        if item is not None and workspace is not None and not workspace.is_busy:
            worker = get_current_worker()
            most = MAX_SIMILAR if self._key else 0
            look = partial(look_around, workspace.library, item, lambda: worker.is_cancelled, most)
            if (around := await asyncio.to_thread(look)) is not None:
                self._drawn = item.key
                self._found = lambda most: list(self._lines(item, around, most))
                self.fit()

    def _lines(self, item: Item, around: Around, most: int) -> Iterator[Content]:
        if around.similar:
            yield from _heading(
                "Similar papers", f"{self._key} opens them, 2{self._key} the second"
            )
            for number, similar in enumerate(around.similar, 1):
                yield from self._similar(number, similar, around.today, most)
        yield from _heading("Sources")
        for record in item.paper.records[:MAX_SOURCES]:
            day = f", listed {page_day(record.page_day)}" if record.page_day else ""
            yield Content.assemble(
                sanitize(record.file), (f"  line {record.line:,}{day}", "$muted")
            )
        yield from _heading("History")
        for change in around.changes:
            yield _dated(f"{history.changed_at(change):%Y-%m-%d}", phrase_of(change))
        if item.added:
            yield _dated(item.added, "Added to the library")

    def _similar(self, number: int, similar: Similar, today: date, most: int) -> Iterator[Content]:
        """The lines of a similar paper, ``most`` of them at most; a click on one goes to it."""
        item, words = similar
        star = self._glyphs.starred if item.state.starred else " "
        marks = Content.assemble(
            (f"{number} ", "$accent"), self._glyphs.of(item.state, today), (f"{star} ", "$star")
        )
        title, shared = sanitize(item.paper.plain_title), sanitize(words)
        gap = "  " if words else ""
        lines = [Content.assemble(marks, title, gap, (shared, "$muted"))]
        if most > 1 and lines[0].cell_length > self.size.width:
            room = self.size.width - marks.cell_length
            (_, end), (start, _) = broken(title, room)
            rest = title[start:] + (gap if start < len(title) else "")
            shared = shortened(shared, room - cell_len(rest), self._glyphs.ellipsis)
            lines = [
                Content.assemble(marks, title[:end]),
                Content.assemble(" " * marks.cell_length, rest, (shared, "$muted")),
            ]
        click = Style.from_meta({"@click": f"screen.run_binding('filter.like', {number})"})
        for line in lines:
            yield line.stylize(click)


def look_around(
    library: Library, item: Item, is_left: Callable[[], bool], most: int = MAX_SIMILAR
) -> Around | None:
    """Similar papers, sources and history of a paper; ``None`` if the cursor left it meanwhile.

    At most ``most`` similar papers are listed.

    Cost: some 10 ms at 10,000 papers, 100 ms at 100,000, for a thread, which lets that of the
    screen go first.
    """

    def cancelled() -> bool:
        time.sleep(PAUSE_SECONDS)
        return is_left()

    today, changes = library.today(), library.state.newest_first()
    query = parse(f"{like_query(item.key)} limit:{most}", today)
    try:
        find = library.search.select
        similar = find(query, lambda _: (), cancelled) if most else ResultSet.empty()
    except SearchCancelledError:
        return None
    with_words = [
        Similar(item, explanation.brief if (explanation := similar.explanation(place)) else "")
        for place, item in enumerate(similar)
    ]
    return Around(
        with_words, history.changes_of(islice(changes, SCANNED), item.key, MAX_CHANGES), today
    )


def _heading(text: str, hint: str = "") -> Iterator[Content]:
    yield Content()
    yield Content.assemble((text, "bold"), (f"  {hint}" if hint else "", "$muted"))


def _dated(day: str, text: str) -> Content:
    return Content.assemble((f"{day}  ", "$muted"), text)
