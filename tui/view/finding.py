"""What is shown: the filter, views, orders, and the queries one came from."""

from textual import on
from textual.widgets import Input, OptionList

from tui.commands import decide
from tui.query import SORT_VALUES, Query, parse
from tui.view.bars import FilterLine, TopBar
from tui.view.dialogs import Answer, Choice, Picker
from tui.view.papers import ORDERS, PapersScreen
from tui.view.sidebar import Sidebar

MAX_TRAIL = 100
"""Queries that can be gone back to."""


class FindingScreen(PapersScreen):
    """Papers of a query that the reader changes."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._before_filter: tuple[str, str | None] = ("", None)
        self._selected_before: set[str] = set()
        self._trail: list[tuple[str, str | None]] = []

    # Going

    def action_go(self, text: str) -> None:
        """Shows the papers of a query."""
        self._leave_behind(text)
        self._query = parse(text)
        self._show()

    def _leave_behind(self, text: str) -> None:
        """Notes what is shown now, to be come back to from another query."""
        if text.strip() != self._query.text.strip():
            self._trail = [*self._trail[-MAX_TRAIL:], (self._query.text, self._key_here())]

    def _key_here(self) -> str | None:
        return self.papers.entry.key if self.papers.entry else None

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
        self.query_one(FilterLine).begin(text + " " if text else "")

    @on(Input.Changed, "#filter")
    def _filter(self, event: Input.Changed) -> None:
        if self._library is None or not self.query_one(TopBar).filtering:
            return
        query = parse(event.value, typing=True)
        if query.misread and not self.library.index.count(query):
            self.bottom.say(_misread(query), error=True, stay=True)
        else:
            self._apply(query)
            self.bottom.say(self._understood(query), stay=True)

    def _apply(self, query: Query) -> None:
        """Shows what is being typed: words from the best match on, else the place is kept."""
        self._query = query
        self._show(keep="" if query.highlights() else self._before_filter[1])

    def _understood(self, query: Query) -> str:
        """What was understood, what was corrected, and what was not understood."""
        parts = [query.explain()]
        for word, instead in self.library.index.corrections(query).items():
            parts.append(f"“{word}” is nowhere, so {', '.join(instead[:3])}")
        if query.misread:
            parts.append(_misread(query))
        return "; ".join(parts)

    async def action_press(self, key: str) -> None:
        """A key, which in the filter leaves it or recalls another query."""
        if not self.query_one(TopBar).filtering:
            await super().action_press(key)
        elif key in ("up", "down"):
            self.query_one(FilterLine).recall(-1 if key == "up" else 1)
        else:
            await self.query_one(FilterLine).settle()
            self._leave_filter(accepted=key != "escape")

    def on_descendant_focus(self) -> None:
        """Leaves the filter when something else is clicked."""
        if self.query_one(TopBar).filtering and not isinstance(self.focused, FilterLine):
            self._leave_filter(accepted=True)

    def _leave_filter(self, *, accepted: bool) -> None:
        self.set_focus(self.pane if self.has_class("-zoomed") else self.papers)
        self.query_one(TopBar).edit(False)
        self.bottom.unsay()
        field = self.query_one(FilterLine)
        before, key = self._before_filter
        text = field.value.strip() if accepted else before
        if text != before.strip():
            self._trail = [*self._trail[-MAX_TRAIL:], (before, key)]
        field.remember(text)
        if self._library is None:
            return
        query = parse(text)
        if not accepted:
            self._query = query
            self._show(keep=key)
            self.papers.select(self._selected_before)
            self._refresh_bars()
        elif query.node == self._query.node:  # what was typed last is on screen
            self._query = query
            self._show()
        else:
            self._apply(query)
        if accepted and (query.misread or self.library.index.corrections(query)):
            self.say(self._understood(query))

    def action_refresh(self) -> None:
        """Drops the rows that no longer match."""
        self._show()

    async def action_sort(self) -> None:
        """Chooses the order; the same again reverses it."""
        choices = [Choice(name, ORDERS[name][0]) for name in SORT_VALUES]

        def sort(answer: Answer) -> None:
            now = self._query.sort[0] if self._query.sort else None
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
                self._after(decide.save_view(self.library, answer.text, text))

        await self.ask(Picker("save this view as", hint=text), save)

    @on(OptionList.OptionSelected, "#sidebar")
    def _choose_in_sidebar(self, event: OptionList.OptionSelected) -> None:
        query = self.query_one(Sidebar).query_of(event.option_index)
        if query is not None:
            self.action_go(query)
            self.papers.focus()


def _misread(query: Query) -> str:
    wrong = query.misread[0]
    return wrong.text + (f"; did you mean {wrong.suggestion}?" if wrong.suggestion else "")
