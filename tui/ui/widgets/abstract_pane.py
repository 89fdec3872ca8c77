"""The pane that shows one paper: title, facts, what was decided, abstract, links.

It shows what it is given. It knows no library and decides nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from tui.model.state import Item, Status
from tui.model.text import find_urls, plural, sanitize
from tui.ui.glyphs import UNICODE, Glyphs, day, matches

MAX_SHOWN = 60_000
"""Characters of an abstract that are laid out; a reader keeps no longer ones."""


class AbstractPane(VerticalScroll, can_focus=True):
    """One paper to read."""

    @dataclass
    class Reached(Message):
        """The end of the abstract came on screen, or went."""

        at_end: bool

    def __init__(self, *, marks: Glyphs = UNICODE, id: str | None = None) -> None:
        """Begins empty."""
        super().__init__(id=id)
        self.item: Item | None = None
        self._marks = marks
        self._body = Static(id="body", markup=False)
        self.was_at_end = True
        """Whether the end was on screen when that was last told."""

    def on_mount(self) -> None:
        """Watches how much of the abstract is on screen."""
        self.was_at_end = self.at_end
        for cause in ("scroll_y", "virtual_size", "size"):
            self.watch(self, cause, self._look_for_end, init=False)

    def _look_for_end(self) -> None:
        self.call_after_refresh(self._tell_end)  # sizes do not all change at once

    def _tell_end(self) -> None:
        if self.at_end != self.was_at_end:
            self.was_at_end = self.at_end
            self.post_message(self.Reached(self.at_end))

    def compose(self) -> ComposeResult:
        """One text, laid out by the toolkit."""
        yield self._body

    def show(
        self,
        item: Item | None,
        *,
        matching: Sequence[str] = (),
        places: Mapping[str, tuple[int, int]] | None = None,
        instead: Content | None = None,
    ) -> None:
        """Shows a paper from its top, or the same one where it is scrolled to.

        Args:
            item: The paper; ``None`` for none.
            matching: Folded beginnings of words to highlight.
            places: For each list that holds it, its place and the list's length.
            instead: What to show where there is no paper.
        """
        same = item is not None and self.item is not None and item.key == self.item.key
        self.item = item
        if item is None:
            self._body.update(instead or Content(""))
        else:
            self._body.update(self._content(item, matching, places or {}))
        if not same:
            self.scroll_home(animate=False)

    @property
    def at_end(self) -> bool:
        """Whether the last line is on screen."""
        return self.scroll_offset.y >= self.max_scroll_y

    def _content(
        self, item: Item, matching: Sequence[str], places: Mapping[str, tuple[int, int]]
    ) -> Content:
        title = _matched(sanitize(item.paper.display_title), matching).stylize_before("bold")
        parts: list[Content] = [title, Content.styled(self._facts(item), "$muted")]
        if decided := self._decided(item, places):
            parts.append(decided)
        if item.state.note:
            parts += [Content(""), _note(item.state.note)]
        abstract = sanitize(item.paper.display_abstract, MAX_SHOWN)
        if abstract:
            parts += [Content(""), _linked(_matched(abstract, matching))]
        else:
            parts += [Content(""), Content.styled("No abstract on the page.", "$muted italic")]
        return Content("\n").join(parts)

    def _facts(self, item: Item) -> str:
        paper = item.paper
        facts = []
        if paper.published:
            facts.append(day(paper) + (", year inferred" if paper.year_inferred else ""))
        elif paper.page_day:
            facts.append(f"on the page of {day(paper)}")
        if paper.upvotes is not None:
            facts.append(f"{self._marks.upvotes}{paper.upvotes}")
        if paper.authors:
            names = ", ".join(paper.authors[:3]) + (" et al." if len(paper.authors) > 3 else "")
            facts.append(sanitize(names))
        elif paper.author_count is not None:
            facts.append(plural(paper.author_count, "author"))
        facts.append(f"seen on {plural(len(paper.records), 'page')}")
        return f" {self._marks.dot} ".join(facts)

    def _decided(self, item: Item, places: Mapping[str, tuple[int, int]]) -> Content | None:
        made = item.state
        parts = []
        if made.status is not Status.UNREAD:
            parts.append(Content.styled(str(made.status), "$muted"))
        if made.starred:
            parts.append(Content.styled(f"{self._marks.starred} starred", "$muted"))
        if made.snoozed_until:
            parts.append(Content.styled(f"until {made.snoozed_until.isoformat()}", "$muted"))
        parts += [Content.styled(f"#{sanitize(tag)}", "$accent") for tag in made.tags]
        for name in made.lists:
            place, length = places.get(name, (0, 0))
            where = f" {place}/{length}" if length else ""
            parts.append(Content.styled(f"in: {sanitize(name)}{where}", "$muted"))
        return Content("  ").join(parts) if parts else None


def _note(text: str) -> Content:
    lines = [sanitize(line) for line in text.split("\n")]
    return Content.assemble(("Note  ", "$muted"), ("\n".join(lines), "italic"))


def _matched(text: str, matching: Sequence[str]) -> Content:
    content = Content(text)
    for start, end in matches(text, matching):
        content = content.stylize("$accent underline", start, end)
    return content


def _linked(content: Content) -> Content:
    """The text with its addresses as terminal hyperlinks: http and https only."""
    plain = content.plain
    place = 0
    for url in find_urls(plain):
        start = plain.find(url, place)
        if start >= 0:
            place = start + len(url)
            content = content.stylize(Style(underline=True, link=url), start, place)
    return content
