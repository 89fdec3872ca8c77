"""The acts of a triage session: decide, annotate, find, keep lists, take papers out."""

import re
from collections.abc import Callable
from datetime import date

from textual import on
from textual.widgets import Input

from tui.commands import decide, lists
from tui.query import SORT_VALUES, Field, Query, parse
from tui.text import one_of, safe
from tui.triage import Change, Entry, Status, list_name, parse_tags
from tui.view.bars import FilterLine, TopBar
from tui.view.dialogs import Answer, Choice, Picker
from tui.view.export import ask_export
from tui.view.papers import ORDERS, PapersScreen
from tui.writers import citation, markdown


class TriageScreen(PapersScreen):
    """The screen that everything happens on."""

    # Deciding

    def action_mark(self, status: str) -> None:
        """Sets the status and goes on."""
        wanted = Status(status)
        self._act(lambda lib, keys: decide.mark(lib, keys, wanted), advance=True)

    def action_toggle_read(self) -> None:
        """Read if it is unread, else unread."""
        keys = self._targets()
        unread = any(self.library.decision(key).status is Status.UNREAD for key in keys)
        wanted = Status.READ if unread else Status.UNREAD
        self._act(lambda lib, keys: decide.mark(lib, keys, wanted))

    def action_star(self) -> None:
        """Stars; clears the star of what is starred already."""
        on = not all(self.library.decision(key).starred for key in self._targets())
        self._act(lambda lib, keys: decide.star(lib, keys, on))

    def action_mark_visible(self) -> None:
        """Marks every unread paper that is listed read."""
        today = date.today()
        waiting = [e.key for e in self.papers.entries if e.decision.is_waiting(today)]
        if waiting:
            self._act(lambda lib, keys: decide.mark(lib, keys, Status.READ), keys=waiting)
        else:
            self.say("nothing here is unread")

    async def action_snooze(self) -> None:
        """Hides until a day."""
        choices = [
            Choice("1d", "tomorrow"),
            Choice("3d", "3 days"),
            Choice("1w", "week"),
            Choice("1m", "month"),
        ]

        def snooze(answer: Answer) -> None:
            with self.reporting():
                until = decide.parse_day(answer.text, date.today())
                self._act(lambda lib, keys: decide.snooze(lib, keys, until), advance=True)

        await self.ask(Picker("snooze for", choices, new="until", hint="2026-01-31, 10d"), snooze)

    def action_repeat(self) -> None:
        """Does the last verb again, here."""
        if self._last_verb is None:
            self.say("nothing to repeat yet")
        else:
            verb, advance = self._last_verb
            self._act(verb, advance=advance)

    def action_undo(self) -> None:
        """Takes the last change back."""
        self._walk(lambda: self.library.undo())

    def action_redo(self) -> None:
        """Does again what was taken back."""
        self._walk(lambda: self.library.redo())

    def _walk(self, step: Callable[[], Change]) -> None:
        with self.reporting():
            change = step()
            shown = self._shown_list()
            if shown and any(edit.field == f"list/{shown}" for edit in change.edits):
                self._show()
            rows = [row for key in change.keys if (row := self.papers.find(key)) is not None]
            self._after(change)
            if len(change.keys) == 1 and rows:
                self.papers.move_to(rows[0])

    def action_select(self) -> None:
        """Selects or unselects, and goes on."""
        if entry := self.papers.entry:
            self.papers.select(self.papers.selected ^ {entry.key})
            self._refresh_bars()
            self.action_step(1)

    def action_select_all(self) -> None:
        """Selects everything that is listed."""
        self.papers.select(entry.key for entry in self.papers.entries)
        self._refresh_bars()

    # Tags and notes

    async def action_tag(self) -> None:
        """Adds and removes tags."""
        keys = self._targets()
        if not keys:
            return
        held = [set(self.library.decision(key).tags) for key in keys]
        common = set.intersection(*held)
        counts = self.library.index.counts(Field.TAG)
        choices = [
            Choice(
                f"-{name}" if name in common else name,
                name,
                one_of(count, "paper") + (", this one too: takes it off" if name in common else ""),
            )
            for name, count in counts.items()
        ]

        def tag(answer: Answer) -> None:
            with self.reporting():
                add, remove = parse_tags(answer.text)
                if add or remove:
                    self._act(lambda lib, keys: decide.tag(lib, keys, add, remove))

        await self.ask(Picker("tags", choices, words=True, hint="nlp -old, Tab completes"), tag)

    async def action_note(self) -> None:
        """Writes a note."""
        if (entry := self.papers.entry) is None:
            return
        key, before = entry.key, entry.decision.note or ""
        offered = " / ".join(before.split("\n"))

        def note(answer: Answer) -> None:
            if answer.text == offered:
                return  # and its line breaks stay
            with self.reporting():
                self._after(decide.note(self.library, key, answer.text))

        await self.ask(Picker("note", value=offered), note)

    # Finding

    def action_filter(self) -> None:
        """Opens the filter on the query as it is."""
        entry = self.papers.entry
        self._before_filter = self._query.text, entry.key if entry else None
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
        elif key == "up":
            self.query_one(FilterLine).recall(-1)
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

    async def action_go_tag(self) -> None:
        """Chooses a tag and shows its papers."""
        counts = self.library.index.counts(Field.TAG)
        unread = self.library.index.unread_counts(Field.TAG)
        choices = [
            Choice(f"tag:{name}", name, f"{one_of(count, 'paper')}, {unread[name]} unread")
            for name, count in counts.items()
        ]
        if choices:
            await self.ask(Picker("tag", choices), lambda answer: self.action_go(answer.text))
        else:
            self.say("no tags yet: t adds some")

    async def action_view(self) -> None:
        """Chooses a saved view."""
        choices = [Choice(query, name, query) for name, query in self.library.views().items()]
        if choices:
            await self.ask(Picker("view", choices), lambda answer: self.action_go(answer.text))
        else:
            self.say("no saved views yet: F saves this query")

    async def action_save_view(self) -> None:
        """Saves the query under a name."""
        text = self._query.text

        def save(answer: Answer) -> None:
            with self.reporting():
                self._after(decide.save_view(self.library, answer.text, text))

        await self.ask(Picker("save this view as", hint=text), save)

    # Reading lists

    async def action_add(self) -> None:
        """Adds to the current list and goes on; without one, asks which."""
        if self._list_name is None:
            await self.action_choose_list()
        else:
            self._add_to(self._list_name)

    def _add_to(self, name: str) -> None:
        self._act(lambda lib, keys: lists.add(lib, name, keys), advance=True)

    async def action_choose_list(self) -> None:
        """Chooses or makes the current list, and adds to it."""
        choices = [
            Choice(held.name, held.name, one_of(len(held.keys), "paper"))
            for held in self.library.lists()
        ]

        def choose(answer: Answer) -> None:
            with self.reporting():
                name = self.library.find_list(answer.text) or list_name(answer.text)
                self._add_to(name)
                self._list_name = self.library.find_list(name) or self._list_name
                self._refresh_bars()

        await self.ask(Picker("add to", choices, new="new list", hint="a list's name"), choose)

    def action_open_list(self) -> None:
        """Shows the current list."""
        if self._list_name is None:
            self.say("no current list: L chooses or makes one")
        else:
            self.action_go(_list_query(self._list_name))

    def action_shift(self, by: int) -> None:
        """Moves the paper in the list that is shown."""
        name, entry = self._shown_list(), self.papers.entry
        if name is None or entry is None:
            self.say("open a list first (l, gl): its order is yours to change")
            return
        held = self.library.reading_list(name).keys
        if entry.key not in held:
            self.say(f"this paper is no longer in {safe(name, 40)}")
            return
        with self.reporting():
            place = held.index(entry.key) + 1
            change = lists.move(self.library, name, entry.key, place + by)
            if change is not None:
                self._show(keep=entry.key)
                self._refresh_pane()

    def action_remove(self) -> None:
        """Takes papers off the list that is shown."""
        name = self._shown_list()
        if name is None:
            self.say("open a list first (l, gl)")
        else:
            self._act(lambda lib, keys: lists.remove(lib, name, keys), advance=True)
            self._show()  # the list is what is looked at, so what left it goes at once

    def action_lists(self) -> None:
        """All reading lists."""
        from tui.view.lists import ListsScreen

        screen = ListsScreen.with_keys(self.all_keys)(self.library, self._marks)

        def opened(name: str | None) -> None:
            current = screen.renamed.get(self._list_name or "", self._list_name)
            self._list_name = name or (self.library.find_list(current) if current else None)
            if name is not None:
                self.action_go(_list_query(name))
                return
            self.papers.repaint(map(self.library.entry, [e.key for e in self.papers.entries]))
            self._refresh_pane()
            self._refresh_bars()
            self._refresh_sidebar()

        self.app.push_screen(screen, opened)

    async def action_export(self) -> None:
        """Writes the list that is shown, the selection, or what is listed, as Markdown."""
        name = self._shown_list() or self._list_name
        entries = list(self.papers.entries)
        if self.papers.selected:
            name = None
            entries = [entry for entry in entries if entry.key in self.papers.selected]
        elif name is not None:
            entries = [self.library.entry(key) for key in self.library.reading_list(name).keys]
        title = name or self._query.text or "all papers"
        if entries:
            await ask_export(self, self.library, title, entries, of_list=name is not None)
        else:
            self.say(f"“{safe(title, 40)}” has no papers to export")

    # Taking out

    async def action_open_link(self) -> None:
        """Opens the one link, or asks which."""
        entry = self.papers.entry
        if entry is None:
            return
        app = self.app
        browse: Callable[[str], None] = app.browse  # type: ignore[attr-defined]
        links = [*entry.paper.urls, entry.paper.link]
        if len(links) == 1:
            browse(links[0])
            return
        choices = [Choice(url, url) for url in entry.paper.urls]
        choices.append(Choice(entry.paper.link, "search arXiv for the title"))
        await self.ask(Picker("open", choices), lambda answer: browse(answer.text))

    def action_copy(self, what: str) -> None:
        """Copies something of the targets."""
        entries = [self.library.entry(key) for key in self._targets()]
        if entries:
            text = "\n".join(_COPIES[what](entry).rstrip("\n") for entry in entries)
            copy: Callable[[str, str], None] = self.app.copy  # type: ignore[attr-defined]
            copy(text, what if len(entries) == 1 else f"{what} of {len(entries)} papers")


def _list_query(name: str) -> str:
    return f"list:{name}" if re.fullmatch(r"[\w-]+", name) else f'list:"{name}"'


def _misread(query: Query) -> str:
    wrong = query.misread[0]
    return wrong.text + (f"; did you mean {wrong.suggestion}?" if wrong.suggestion else "")


_COPIES: dict[str, Callable[[Entry], str]] = {
    "title": lambda entry: safe(entry.paper.shown_title),
    "link": lambda entry: entry.paper.link,
    "key": lambda entry: entry.key,
    "citation": lambda entry: citation.cite(entry.paper),
    "bibtex": lambda entry: citation.bibtex(entry.paper),
    "markdown": markdown.item,
}
