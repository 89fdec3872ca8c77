"""The interests screen: what was learned, what is muted or wanted, and how well that does."""

import asyncio
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual import work
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from tui.actions import interests
from tui.actions.questions import Choice, Question
from tui.actions.registry import Need
from tui.model.layout import pad, plural
from tui.model.text import sanitize
from tui.query import parse
from tui.ui.screens.base import ListScreen, heading
from tui.ui.widgets.page import Arrangement, RowDetail
from tui.ui.widgets.rows import shortened

if TYPE_CHECKING:
    from tui.search.hindsight import Hindsight
    from tui.search.ranking import Learned


_NAME: Final = "Interest"
"""The heading of their names."""


class InterestsScreen(ListScreen):
    """All interests and preferences; the result is the papers of the one to show."""

    bindings_of = "interests"
    has_detail = True

    _learned: "Sequence[Learned]" = ()
    _past: "Hindsight | None" = None

    def show(self, keep: str | None = None) -> None:
        """Learns again, and shows the rows when that is done."""
        if self.has_widgets and not self._learned:
            self.query_one("#head", Static).update(_title("learning from your decisions"))
        self._learn(keep)

    @work(exclusive=True, group="learn")
    async def _learn(self, keep: str | None) -> None:
        """Learns in a thread, as that takes longer than a frame."""
        with self.reporting():
            self._learned = await asyncio.to_thread(interests.learned, self.library)
            super().show(keep)
            self._past = await asyncio.to_thread(interests.hindsight, self.library)
            super().show(keep)

    def has(self, need: Need) -> bool:
        """Whether something is muted or wanted, among others."""
        return bool(self.library.state.preferences()) if need is Need.WISH else super().has(need)

    def title_line(self) -> Content:
        """From how many papers it is learned, and the key of the order."""
        if not self._learned:
            text = self.library.search.ranking.missing
        else:
            key, count = self.workspace.key_for("filter.likely"), self._learned[0].papers
            text = f"learned from {plural(count, 'paper')}; "
            text += f"{key} lists papers most likely to keep first"
        return _title(text)

    def build_rows(self) -> Iterator[Option]:
        """The interests, what is muted or wanted, and how well the order does."""
        yield from self._build_learned()
        yield heading("")
        yield from self._build_wishes()
        if self._past is not None:
            yield heading("")
            yield from self._wrapped(f"{self._past}.")

    def _wrapped(self, text: str) -> Iterator[Option]:
        return (heading(line, "$muted") for line in wrap(text, self.row_width))

    def _build_learned(self) -> Iterator[Option]:
        if not self._learned:
            ids = ("mark.star", "list.add", "filter.likely")
            star, add, likely = map(self.workspace.key_for, ids)
            text = (
                f"Star papers ({star}) or add them to lists ({add}). Their words are learned, and "
            )
            text += f"{likely} then lists first what you are likely to keep. {interests.AT_ONCE}"
            yield from self._wrapped(text)
            return
        names = interests.names_of(self._learned)
        width = max(map(cell_len, (*names, _NAME)))
        yield heading(f"{_NAME:<{width}}  Papers  Their strongest words")
        for number, (each, name) in enumerate(zip(self._learned, names, strict=True)):
            begin = f"{pad(name, width)}  {each.papers:>6,}  "
            words = ", ".join(each.words) or interests.NO_WORDS
            words = shortened(words, self.row_width - cell_len(begin), self.glyphs.ellipsis)
            yield Option(Content.assemble(begin, (words, "$muted")), str(number))

    def _build_wishes(self) -> Iterator[Option]:
        preferences = self.library.state.preferences()
        if not preferences:
            mute, want = map(self.key_for, ("interests.mute", "interests.want"))
            text = f"{mute} mutes a word or an author, {want} asks for more of one."
            yield from self._wrapped(text)
        values = {term: sanitize(term.partition(":")[2]) for term in preferences}
        width = max(map(cell_len, values.values()), default=0)
        for term, wish in preferences.items():
            label = interests.LABELS.get(wish, sanitize(wish))
            value, effect = values[term], interests.effect_of(term, wish)
            room = " " * (width - cell_len(value) + 2)
            parts = ((f"{label:<8}", "$muted"), value, room, (effect, "$muted"))
            yield Option(Content.assemble(*parts), term)

    @property
    def _interest(self) -> "Learned | None":
        """The interest at the cursor."""
        id = self.current_id
        return self._learned[int(id)] if id.isdigit() and int(id) < len(self._learned) else None

    def row_detail(self, id: str) -> RowDetail:
        """The papers that an interest was learned from, or those that a preference is about."""
        today = self.library.today()
        if not id.isdigit():
            return RowDetail((), self.papers(_query(id)), today)
        interest = self._learned[int(id)]
        lines = []
        if self.arrangement is Arrangement.SIDE:  # where the row may be too short for them
            lines.append(Content.styled(", ".join(interest.words), "bold"))
        return RowDetail(lines, self.papers("is:selected", interest.keys), today)

    def action_open(self) -> None:
        """Shows its papers."""
        if (interest := self._interest) is not None:
            self.show_papers(interest.keys)
        elif term := self.current_id:
            query = parse(_query(term), self.library.today())
            self.show_papers(
                self.library.search.select(query, self.workspace.listing.list_order).keys()
            )

    async def action_mute(self) -> None:
        """Mutes one of its words, or an author."""
        await self._prefer("mute")

    async def action_want(self) -> None:
        """Says that more of one of its words, or of an author, is wanted."""
        await self._prefer("more")

    async def _prefer(self, wish: str) -> None:
        every = chain.from_iterable(each.words for each in self._learned)
        words = self._interest.words if self._interest else tuple(dict.fromkeys(every))
        choices = [Choice(f"word:{word}") for word in words]
        prompt = interests.PROMPTS[wish]
        question = Question(prompt, choices, new="this one", hint=interests.HINT)
        await self.changes.ask(question, lambda text: interests.prefer(self.library, text, wish))

    def action_reset(self) -> None:
        """No longer mutes or wants it; undo brings it back."""
        if self.current_id in self.library.state.preferences():
            self.changes.make(partial(interests.prefer, self.library, self.current_id, None))


def _title(text: str) -> Content:
    return Content.assemble(("Interests", "bold"), (f"  {text}", "$muted"))


def _query(term: str) -> str:
    """The query for the papers that a preference is about."""
    kind, _, value = term.partition(":")
    return f'author:"{value}"' if kind == "author" else value
