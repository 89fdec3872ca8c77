"""The interests screen: what was learned, what is muted or wanted, and how well that does."""

import asyncio
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from textual import work
from textual.content import Content
from textual.widgets.option_list import Option

from tui.actions import interests
from tui.actions.registry import Choice, Need, Question
from tui.model.text import plural, sanitize
from tui.query import parse
from tui.ui.screens.base import ListScreen, heading
from tui.ui.widgets.page import Arrangement, RowDetail

if TYPE_CHECKING:
    from tui.search.hindsight import Hindsight
    from tui.search.ranking import Learned


class InterestsScreen(ListScreen):
    """All interests and preferences; the result is the papers of the one to show."""

    bindings_of = "interests"
    has_detail = True

    _learned: "Sequence[Learned]" = ()
    _past: "Hindsight | None" = None

    def show(self, keep: str | None = None) -> None:
        """Learns anew, and shows the rows when that is done."""
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
        """From how many papers it is learned, and how well it does."""
        missing = self.library.search.ranking.missing
        count = plural(self._learned[0].papers, "paper") if self._learned else missing
        parts = [f"learned from {count}" if self._learned else count]
        parts += [self._past.brief] if self._past else []
        return Content.assemble(("Interests", "bold"), (f"  {'; '.join(parts)}", "$muted"))

    def build_rows(self) -> Iterator[Option]:
        """The interests with their strongest words, then what is muted or wanted."""
        if not self._learned:
            keys = map(self.workspace.key_for, ("mark.star", "list.add"))
            yield heading("Star papers ({}) or add them to lists ({}).".format(*keys), "")
        names = [interests.name_of(each) for each in self._learned]
        width = max(map(len, names), default=0)
        for number, (each, name) in enumerate(zip(self._learned, names, strict=True)):
            words = Content.styled(", ".join(each.words) or "no words in common", "$muted")
            yield Option(
                Content.assemble(f"{name:<{width}}  {each.papers:>3,}  ", words), str(number)
            )
        preferences = self.library.state.preferences()
        if preferences:
            yield heading("")
            yield heading("Muted and wanted")
        for term, wish in preferences.items():
            label = interests.LABELS.get(wish, sanitize(wish))
            value = sanitize(term.partition(":")[2])
            yield Option(Content.assemble((f"{label:<8}", "$muted"), value), term)

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
            self.show_papers(self.library.search.select(query, self.workspace.list_order).keys())

    async def action_mute(self) -> None:
        """Mutes one of its words, or an author."""
        await self._prefer("Mute", "mute")

    async def action_want(self) -> None:
        """Says that more of one of its words, or of an author, is wanted."""
        await self._prefer("More of", "more")

    async def _prefer(self, prompt: str, wish: str) -> None:
        every = chain.from_iterable(each.words for each in self._learned)
        words = self._interest.words if self._interest else tuple(dict.fromkeys(every))
        choices = [Choice(f"word:{word}") for word in words]
        question = Question(prompt, choices, new="this one", hint="word:survey, author:Jane Doe")
        await self.ask_change(question, lambda text: interests.prefer(self.library, text, wish))

    def action_lift(self) -> None:
        """Lifts what is muted or wanted; undo brings it back."""
        if self.current_id in self.library.state.preferences():
            self.change(partial(interests.prefer, self.library, self.current_id, None))


def _query(term: str) -> str:
    """The query for the papers that a preference is about."""
    kind, _, value = term.partition(":")
    return f'author:"{value}"' if kind == "author" else value
