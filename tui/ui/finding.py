"""What is shown: the filter, views, orders, and the queries one came from."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from textual import on
from textual.message import Message
from textual.widgets import OptionList

from tui.actions import triage
from tui.model.text import plural, sanitize
from tui.query import SORT_VALUES, Query, parse
from tui.search import Completion, Index, ResultSet, SearchCancelledError
from tui.ui.papers import ORDERS, PapersScreen
from tui.ui.widgets.bars import QueryLine, TopBar
from tui.ui.widgets.picker import Answer, Choice, Picker
from tui.ui.widgets.sidebar import Sidebar

MAX_TRAIL = 100
"""Queries that can be gone back to."""


PATIENCE: Final = 0.008
"""Seconds that the screen waits for an answer: half a frame of 60 Hz, so that nearly every answer
is drawn at once, and none holds up a key."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What there is to show for a query that is being typed."""

    query: Query
    found: ResultSet
    matching: Sequence[str]
    told: str
    """What was understood, and what a reader ought to know of it."""
    completions: Sequence[Completion]


class FindingScreen(PapersScreen):
    """Papers of a query that the reader changes."""

    @dataclass
    class Answered(Message):
        """What was asked a while ago is found."""

        answer: "Future[_Answer | None]"

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._before_filter: tuple[str, str | None] = ("", None)
        self._selected_before: set[str] = set()
        self._trail: list[tuple[str, str | None]] = []
        self._asker = ThreadPoolExecutor(1, "filter")
        self._asked = 0
        self._completions: Sequence[Completion] = ()
        self._tabbed: list[Completion] = []
        self._before_tab = self._after_tab = ""

    def on_mount(self) -> None:
        """Listens to the filter."""
        super().on_mount()
        self.query_one(QueryLine).then = self._filter

    def on_unmount(self) -> None:
        """Lets nothing be looked for any more."""
        self._asked += 1
        self._asker.shutdown(wait=False, cancel_futures=True)

    # Going

    def action_go(self, text: str, keep: str | None = None) -> None:
        """Shows the papers of a query; the cursor stays on its paper, or goes to another."""
        self._leave_behind(text)
        self.bottom.clear_message()
        self._query = parse(text)
        self._show(keep=keep)

    def _leave_behind(self, text: str) -> None:
        """Notes what is shown now, to be come back to from another query."""
        if text.strip() != self._query.text.strip():
            self._trail = [*self._trail[-MAX_TRAIL:], (self._query.text, self._key_here())]

    def _key_here(self) -> str | None:
        return self.papers.key

    def go_back(self) -> bool:
        """To the query shown before this one, or to that of the start; whether there is one."""
        if self._trail:
            text, key = self._trail.pop()
        elif self._query.text.strip() != self._home.strip():
            text, key = self._home, self._key_here()
        else:
            return False
        self._query = parse(text)
        self._show(keep=key)
        return True

    # The filter

    def action_filter(self) -> None:
        """Opens the filter on the query as it is."""
        self._before_filter = self._query.text, self._key_here()
        self._selected_before = set(self.papers.selected)
        self.query_one(TopBar).edit(True)
        text = self._query.text
        self.query_one(QueryLine).begin(text + " " if text else "")

    def _filter(self, text: str) -> None:
        if self._library is not None and self.query_one(TopBar).filtering:
            self._ask(parse(text, typing=True))

    def _ask(self, query: Query) -> None:
        """Asks off the screen; waits for a part of a frame, as most answers are there by then."""
        index, line = self.library.index, self.query_one(QueryLine)
        index.set_selected(self._selected_before)
        self._asked += 1
        number, cursor = self._asked, line.cursor_position

        def stale() -> bool:
            return number != self._asked

        def find() -> _Answer | None:
            try:
                found = index.select(query, self._list_order, stale)
                return _Answer(
                    query,
                    found,
                    index.matching(query),
                    "; ".join([query.explain(), *_amiss(index, query)]),
                    index.complete(query.text, cursor),
                )
            except SearchCancelledError:
                return None

        answer = self._asker.submit(find)
        try:
            self._take_answer(answer.result(PATIENCE))
        except TimeoutError:
            answer.add_done_callback(self._pass_on)

    def _pass_on(self, answer: "Future[_Answer | None]") -> None:
        """Hands over an answer that took its time; called in the thread that found it."""
        if not answer.cancelled():
            self.post_message(self.Answered(answer))

    @on(Answered)
    def _take_late(self, message: Answered) -> None:
        self._take_answer(message.answer.result())

    def _take_answer(self, answer: "_Answer | None") -> None:
        top = self.query_one(TopBar)
        if answer is None or not top.filtering or answer.query.text != top.line.value:
            return
        query = answer.query
        top.line.mark([(wrong.start, wrong.end) for wrong in query.diagnostics])
        self._completions = answer.completions
        said = self._offer(answer.completions) or answer.told
        if query.diagnostics and not answer.found:
            self.bottom.say(said, error=not answer.completions, stay=True)
            return  # what was there stays, as what is being typed is not understood
        self._query = query
        # Words are read from the best match on; for all else the place is kept.
        keep = "" if query.highlights() else self._before_filter[1]
        self._swap(answer.found, answer.matching, keep)
        self.bottom.say(said, stay=True)

    def _offer(self, completions: Sequence[Completion]) -> str:
        """What Tab would complete, with how many papers each would leave."""
        if not completions:
            return ""
        told = (
            f"{sanitize(c.label, 30)}{'' if c.count is None else f' {c.count:,}'}"
            for c in completions
        )
        return "Tab  " + f" {self._marks.dot} ".join(told)

    def _complete(self) -> None:
        """Completes what is typed; the same again takes the next that would do."""
        line = self.query_one(QueryLine)
        if line.value != self._after_tab or not self._tabbed:
            self._tabbed, self._before_tab = list(self._completions), line.value
        if not self._tabbed:
            self.say("nothing to complete here")
            return
        choice = self._tabbed.pop(0)
        self._tabbed.append(choice)
        text = self._before_tab
        self._after_tab = text[: choice.start] + choice.text + text[choice.end :]
        line.value = self._after_tab
        line.cursor_position = choice.start + len(choice.text)

    async def action_press(self, key: str) -> None:
        """A key, which in the filter leaves it or recalls another query."""
        if not self.query_one(TopBar).filtering:
            await super().action_press(key)
        elif key in ("up", "down"):
            self.query_one(QueryLine).recall(-1 if key == "up" else 1)
        elif key == "tab":
            await self.query_one(QueryLine).settle()
            self._complete()
        else:
            await self.query_one(QueryLine).settle()
            self._leave_filter(accepted=key != "escape")

    def on_descendant_focus(self) -> None:
        """Leaves the filter when something else is clicked."""
        if self.query_one(TopBar).filtering and not isinstance(self.focused, QueryLine):
            self._leave_filter(accepted=True)

    def _leave_filter(self, *, accepted: bool) -> None:
        self.set_focus(self.pane if self.has_class("-zoomed") else self.papers)
        self.query_one(TopBar).edit(False)
        self.bottom.clear_message()
        field = self.query_one(QueryLine)
        before, key = self._before_filter
        text = field.value.strip() if accepted else before
        if text != before.strip():
            self._trail = [*self._trail[-MAX_TRAIL:], (before, key)]
        field.remember(text)
        if self._library is None:
            return
        self._asked += 1  # whatever is still being looked for, nobody waits for it
        shown, self._query = self._query.node, parse(text)
        if not accepted:
            self._show(keep=key)
            self.papers.select(self._selected_before)
            self._refresh_bars()
            return
        is_shown = self._query.node == shown  # what was typed last is on screen
        self._show(keep=None if is_shown else "" if self._query.highlights() else key)
        if told := _amiss(self.library.index, self._query):
            self.say("; ".join(told))

    def action_refresh(self) -> None:
        """Drops the rows that no longer match."""
        self._show()

    def action_like(self) -> None:
        """Shows the papers that are like this one, the likest first."""
        if key := self.papers.key:
            self.action_go(f"like:{key}", keep="")

    async def action_sort(self) -> None:
        """Chooses the order; the same again reverses it."""
        now = self._query.sort[0] if self._query.sort else None
        choices = [
            Choice(
                name,
                ORDERS[name][0],
                "now; again reverses it" * (now is not None and now.by == name),
            )
            for name in SORT_VALUES
        ]

        def sort(answer: Answer) -> None:
            reverse = "-" if now and now.by == answer.text and not now.reverse else ""
            words = [w for w in self._query.text.split() if not w.lower().startswith("sort:")]
            self.action_go(" ".join([*words, f"sort:{reverse}{answer.text}"]))

        await self.ask(Picker("order", choices), sort)

    # Saved views

    async def action_view(self) -> None:
        """Chooses a saved view."""
        choices = [
            Choice(query, f"{number} {name}" if number < 10 else f"  {name}", query)
            for number, (name, query) in enumerate(self.library.views().items(), 1)
        ]
        if choices:
            await self.ask(Picker("view", choices), lambda answer: self.action_go(answer.text))
        else:
            self.say(f"no saved views yet: {self._key('view.save')} saves this query")

    def action_numbered_view(self, number: int) -> None:
        """Shows the saved view of a number, from 1."""
        views = list(self.library.views().items())
        if number > len(views):
            self.say(f"there is no view {number} yet: {self._key('view.save')} saves this query")
        else:
            self.action_go(views[number - 1][1])

    async def action_save_view(self) -> None:
        """Saves the query under a name."""
        text = self._query.text

        def save(answer: Answer) -> None:
            with self.reporting():
                self._after(triage.save_view(self.library, answer.text, text))

        await self.ask(Picker("save this view as", hint=text), save)

    @on(OptionList.OptionSelected, "#sidebar")
    def _choose_in_sidebar(self, event: OptionList.OptionSelected) -> None:
        query = self.query_one(Sidebar).query_of(event.option_index)
        if query is not None:
            self.action_go(query)
            self.papers.focus()


def _amiss(index: Index, query: Query) -> list[str]:
    """What a reader ought to know: what was read otherwise, or not at all, or has no value."""
    told = [
        wrong.text + (f"; did you mean {wrong.suggestion}?" if wrong.suggestion else "")
        for wrong in (*query.diagnostics, *index.unknown_names(query))
    ]
    for word, instead in index.corrections(query).items():
        told.append(f"“{word}” is nowhere, so {', '.join(instead[:3])}")
    for field, count in index.without_value(query).items():
        told.append(f"{plural(count, 'paper')} without {field}")
    return told
