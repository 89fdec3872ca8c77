"""The pane that shows one paper: title, facts, state, note, abstract, links."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Final

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static

from tui.model.describe import facts
from tui.model.emphasis import emphasis
from tui.model.fields import Detail, Field
from tui.model.identifiers import find_urls
from tui.model.state import Item, Status
from tui.model.text import MAX_TEXT, sanitize, sanitize_lines
from tui.ui.glyphs import LISTED, Glyphs, matches
from tui.ui.widgets.around import AroundPane
from tui.values import dataclass

_MAX_WIDTH: Final = 90
"""Columns of a text at most, as in the style sheet."""


@dataclass(frozen=True, slots=True, eq=False)
class PaneContent:
    """One paper, or a text in its place."""

    item: Item | None = None
    matching: Sequence[str] = ()
    """Folded prefixes of words to highlight."""
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """By name of a list that has the paper: its place, from 1, and the list's length."""
    lookalikes: Sequence[str] = ()
    """Sentences on papers that may be the same, and the keys that say whether."""
    grounds: str = ""
    """Why it is where it is in the order; empty if that is plain."""
    instead: Content = field(default_factory=Content)
    """Shown if there is no paper."""

    @property
    def key(self) -> str | None:
        """The key of the paper, if there is one."""
        return self.item.key if self.item else None


class AbstractPane(VerticalScroll, can_focus=True):
    """Shows one paper."""

    reading: reactive[PaneContent] = reactive(PaneContent(), repaint=False)
    """What is shown."""
    is_raw: reactive[bool] = reactive(False, repaint=False, init=False)
    """Whether its texts are shown as the source has them."""

    is_skimmed: reactive[bool] = reactive(True, repaint=False, init=False)
    """Whether the sentence that says what a paper brings is bold, and numbers stand out."""

    class EndReached(Message):
        """The end of the abstract came into view, or left it."""

    def __init__(self, glyphs: Glyphs, around: AroundPane | None = None) -> None:
        """Begins empty; ``around`` follows below the abstract."""
        super().__init__(id="pane")
        self._glyphs = glyphs
        self._around = around
        self._body = Static(id="body", markup=False)
        self._was_at_end = True
        self._all: tuple[Sequence[Item], int] = ((), 0)
        """The text that ``show_all`` shows."""

    def compose(self) -> ComposeResult:
        """One text, laid out by Textual, and what is around the paper."""
        yield self._body
        if self._around is not None:
            yield self._around

    def on_mount(self) -> None:
        """Watches whether the end of the abstract is in view."""
        self._was_at_end = self.at_end
        for cause in ("scroll_y", "virtual_size", "size"):
            self.watch(self, cause, self._schedule_check, init=False)

    def on_resize(self) -> None:
        """Fits what is around the paper."""
        if self._around is not None:
            self._around.fit()

    def _schedule_check(self) -> None:
        self.call_after_refresh(self._check_end)  # sizes do not all change at once

    def _check_end(self) -> None:
        if self.at_end != self._was_at_end:
            self._was_at_end = self.at_end
            self.post_message(self.EndReached())

    @property
    def at_end(self) -> bool:
        """Whether the last line of the abstract is in view, which is all that has to be read."""
        end = min(self._body.virtual_region.bottom, self.virtual_size.height)
        return self.scroll_offset.y + self.size.height >= end

    def watch_reading(self, old: PaneContent, new: PaneContent) -> None:
        """Shows a paper from its top; the same paper keeps its scroll position."""
        if new.item is None:
            self._body.update(new.instead)
        else:
            self._body.update(self._content(new.item, new))
        if self._around is not None:
            self._around.item = new.item
        if new.key is None or old.key != new.key:
            self.scroll_home(animate=False)

    def show_all(self, items: Sequence[Item], height: int) -> None:
        """Shows some papers, one below the other.

        Args:
            items: The papers; nothing changes if they are shown already.
            height: The lines for those below the first one, which may be long: those that cannot
                begin in them are left out.
        """
        if (items, height) == self._all:
            return
        self._all = items, height
        if len(items) == 1:
            self.reading = PaneContent(items[0])
        else:
            contents = self._filling(items, height)
            self.reading = PaneContent(instead=Content("\n\n").join(contents))

    def _filling(self, items: Iterable[Item], height: int) -> Iterator[Content]:
        """The texts of the first paper, and of those that may begin within some lines below it."""
        for number, item in enumerate(items):
            if height <= 0:
                break
            content = self._content(item, PaneContent(item))
            if number:
                height -= 1 + sum(map(_least_lines, content.plain.split("\n")))
            yield content

    def watch_is_raw(self) -> None:
        """Shows the same paper in the other way."""
        self.watch_reading(self.reading, self.reading)

    def watch_is_skimmed(self) -> None:
        """Shows the same paper in the other way."""
        self.watch_reading(self.reading, self.reading)

    def _content(self, item: Item, reading: PaneContent) -> Content:
        matching = reading.matching
        paper = item.paper
        title = _matched(sanitize(paper.title if self.is_raw else paper.plain_title), matching)
        title = title.stylize_before("bold $accent").stylize(Style(link=item.paper.link))
        facts = [*self._facts(item), *(["as in the source"] if self.is_raw else [])]
        line = f" {self._glyphs.dot} ".join(facts)
        parts: list[Content] = [title, Content.styled(line, "$muted")]
        if state := self._state(item, reading.places):
            parts.append(state)
        if reading.grounds:
            parts.append(Content.assemble(("Why here  ", "$muted"), sanitize(reading.grounds)))
        for sentence in reading.lookalikes:
            mark = (f"{self._glyphs.lookalike} ", "$accent bold")
            parts.append(Content.assemble(mark, sanitize(sentence)))
        if item.state.note:
            parts += [Content(""), _note(item.state.note)]
        raw = (paper.abstract or "") if self.is_raw else paper.display_abstract
        if abstract := sanitize(raw, MAX_TEXT):
            abstract, spans = (abstract, []) if self.is_raw else emphasis(abstract)
            content = _linked(_matched(abstract, matching))
            for start, end, style in spans:
                content = content.stylize(style, start, end)
            if self.is_skimmed and not self.is_raw:
                content = _skimmed(content, paper.plain_title)
            parts += [Content(""), content]
        else:
            parts += [Content(""), Content.styled("No abstract.", "$muted italic")]
        if summary := sanitize(item.paper.ai_summary or "", MAX_TEXT):
            parts += [Content(""), Content.assemble(("AI summary  ", "$muted"), summary)]
        return Content("\n").join(parts)

    def _facts(self, item: Item) -> list[str]:
        return facts(item, Detail.FULL, {Field.UPVOTES: self._glyphs.upvotes})

    def _state(self, item: Item, places: Mapping[str, tuple[int, int]]) -> Content | None:
        state = item.state
        parts = []
        if state.status is not Status.UNREAD:
            is_reading = state.status is Status.READING
            parts.append(Content.styled(str(state.status), "$reading" if is_reading else "$muted"))
        if state.starred:
            parts.append(Content.styled(f"{self._glyphs.starred} starred", "$star"))
        if state.snoozed_until:
            parts.append(
                Content.styled(f"snoozed until {state.snoozed_until.isoformat()}", "$muted")
            )
        parts += [Content.styled(f"#{sanitize(tag)}", "$accent") for tag in state.tags]
        if state.rule:
            parts.append(Content.styled(f"rule {sanitize(state.rule)}", "$muted"))
        for name in state.lists:
            place, length = places.get(name, (0, 0))
            where = f" ({place} of {length})" if length else ""
            parts.append(Content.styled(f"in {sanitize(name)}{where}", LISTED))
        return Content("  ").join(parts) if parts else None


def _least_lines(line: str) -> int:
    """The fewest lines that a line of a text can wrap to, at spaces of which one is cut off."""
    return 1 + cell_len(line) // (_MAX_WIDTH + 1)


def _skimmed(content: Content, title: str) -> Content:
    """An abstract with what is to be read first: nothing is cut loose."""
    from tui.model.skim import skim  # here, as it follows the first paint

    brings, numbers, code = skim(title, content.plain)
    if brings is not None:
        content = content.stylize("bold", *brings)
    for start, end in numbers:
        content = content.stylize("$accent", start, end)
    for start, end in code:
        content = content.stylize("bold $accent", start, end)
    return content


def _note(text: str) -> Content:
    return Content.assemble(("Note  ", "$muted"), (sanitize_lines(text).expandtabs(4), "italic"))


def _matched(text: str, matching: Sequence[str]) -> Content:
    content = Content(text)
    for start, end in matches(text, matching):
        content = content.stylize("$accent underline", start, end)
    return content


def _linked(content: Content) -> Content:
    """The text with its http(s) URLs as terminal hyperlinks."""
    plain = content.plain
    place = 0
    for url in find_urls(plain):
        start = plain.find(url, place)
        if start >= 0:
            place = start + len(url)
            content = content.stylize(Style(underline=True, link=url), start, place)
    return content
