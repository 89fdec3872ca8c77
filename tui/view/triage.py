"""The screen that everything happens on: the state, the actions, what follows from each.

It asks the library and tells the widgets; they know neither it nor each other.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static

from tui.commands import decide, lists
from tui.errors import PapersError
from tui.library import Library
from tui.query import SORT_VALUES, Field, Query, parse
from tui.text import one_of, safe
from tui.triage import Change, Entry, Status, list_name, parse_tags
from tui.view.bars import BottomBar, FilterInput, TopBar
from tui.view.dialogs import Answer, Choice, Help, Picker, answered
from tui.view.keys import FOOTER, LISTS_TABLE, TABLE, Key, shown
from tui.view.marks import UNICODE, Marks
from tui.view.paper_list import PaperList
from tui.view.paper_pane import PaperPane
from tui.view.sidebar import Sidebar
from tui.writers import citation, markdown
from tui.writers.markdown import AbstractPart

if TYPE_CHECKING:
    from textual.timer import Timer

Verb = Callable[[Library, Sequence[str]], Change | None]

HINT_SECONDS = 0.3
"""How long the first key of two waits before the second ones are shown."""


class TriageScreen(Screen[None]):
    """List, pane and the two rows of chrome."""

    def __init__(
        self, table: Sequence[Key], view: str, problems: Sequence[str], *, marks: Marks = UNICODE
    ) -> None:
        """Begins without a library.

        Args:
            table: The bindings of all screens, with the user's keys in them.
            view: The query of the first start.
            problems: What is wrong with the configuration; the first is said at once.
            marks: The glyphs.
        """
        super().__init__()
        ours = {key.id for key in TABLE}
        self.table = tuple(key for key in table if key.id in ours)
        self._all_keys = tuple(table)
        self._problems = problems
        self._marks = marks
        self._library: Library | None = None
        self._query = parse(view)
        self._before_filter = ""
        self._list_name: str | None = None
        self._unread = 0
        self._last_verb: tuple[Verb, bool] | None = None
        self._prefix = ""
        self._hint_timer: Timer | None = None
        self._decided = 0
        for key in self.table:
            for name in key.keys:
                first, _, second = name.partition(" ")
                action = f"prefix('{first}')" if second else key.action
                self._bindings.key_to_bindings.setdefault(_key_name(first), []).append(
                    Binding(_key_name(first), action, key.help, show=False)
                )

    def compose(self) -> ComposeResult:
        """Three rows of chrome: one above, one below, one line between the panes."""
        yield TopBar(id="top")
        with Container(id="panes"):
            yield Sidebar(id="sidebar")
            yield PaperList(marks=self._marks, id="papers")
            yield PaperPane(marks=self._marks, id="pane")
        yield Static(
            Content("papers-tui needs 10 rows of 40 columns. Nothing is lost."), id="too-small"
        )
        yield BottomBar(id="bottom")

    def on_mount(self) -> None:
        """Gives the list the keys."""
        self.papers.focus()
        self._set_layout()

    # Widgets

    @property
    def papers(self) -> PaperList:
        """The list."""
        return self.query_one(PaperList)

    @property
    def pane(self) -> PaperPane:
        """The abstract."""
        return self.query_one(PaperPane)

    @property
    def bottom(self) -> BottomBar:
        """The row below."""
        return self.query_one(BottomBar)

    @property
    def library(self) -> Library:
        """The library; only once it is loaded."""
        assert self._library is not None
        return self._library

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key does anything now: nothing but leaving, until the library is there."""
        return not (self._library is None and action in _NEEDS_LIBRARY)

    # Beginning and end

    def take(self, library: Library) -> None:
        """Shows a library, where the reader left it."""
        self._library = library
        session = library.session
        text = session.get("query")
        if isinstance(text, str):
            self._query = parse(text)
        name = session.get("list")
        self._list_name = library.find_list(name) if isinstance(name, str) else None
        key = session.get("key")
        self._show(keep=key if isinstance(key, str) and key in library else None)
        if library.read_only_because:
            self.say(f"read only: {library.read_only_because}", error=True)
        elif self._problems:
            self.say(self._problems[0], error=True)

    def session(self) -> dict[str, Any]:
        """Where the reader is."""
        entry = self.papers.entry
        return {
            "query": self._query.text,
            "key": entry.key if entry else None,
            "list": self._list_name,
        }

    def farewell(self) -> str:
        """What was done since the app was opened, in a line; empty if nothing was."""
        if not self._decided or self._library is None:
            return ""
        left = self.library.counts().unread
        return f"{one_of(self._decided, 'paper')} decided, {left:,} unread left."

    # Showing

    def say(self, text: str, *, error: bool = False) -> None:
        """Says something in the row below."""
        self.bottom.say(text, error=error)

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """The one place of the app where failures are caught: they are said, and nothing else."""
        try:
            yield
        except PapersError as error:
            self.say(str(error), error=True)

    def _show(self, *, keep: str | None = None) -> None:
        """Asks the library for the query's rows anew."""
        entries = self.library.select(self._query)
        self._unread = _count_unread(entries)
        corrected = self.library.index.corrections(self._query)
        matching = [*self._query.highlights(), *(word for ws in corrected.values() for word in ws)]
        self.papers.show(entries, matching=matching, keep=keep)
        self._refresh_bars()

    def _refresh_bars(self) -> None:
        papers = self.papers
        count = len(papers.entries)
        dot = f" {self._marks.dot} "
        parts = [f"{papers.cursor + 1 if count else 0} of {count:,}", f"{self._unread:,} unread"]
        if papers.selected:
            parts.append(f"{len(papers.selected)} selected")
        if self._list_name:
            parts.append(f"{self._marks.arrow} {safe(self._list_name, 20)}")
        if self._library is not None and self.library.read_only_because:
            parts.append("read only")
        self.query_one(TopBar).show(self._query.text, self._order(), dot.join(parts))
        by_id = {key.id: key for key in self.table}
        list_label = (
            f"{self._marks.arrow} {safe(self._list_name, 16)}" if self._list_name else "add"
        )
        labels = {"list.add": list_label}
        self.bottom.show(
            [(by_id[id], labels.get(id, by_id[id].label)) for id in FOOTER if by_id[id].keys]
        )
        if self._library is not None and self.app.size.width >= 160:
            self.query_one(Sidebar).show(self.library)

    def _order(self) -> str:
        """The order in words."""
        if self._query.sort:
            first = self._query.sort[0]
            words = _ORDERS[first.by]
            return words[1] if first.reverse else words[0]
        if self._shown_list():
            return "in your order"
        return "best match first" if self._query.highlights() else "newest first"

    def _shown_list(self) -> str | None:
        """The reading list that the query shows, and nothing else, in its own order."""
        if self._library is None or self._query.sort:
            return None
        return self.library.index.only_list(self._query)

    @on(PaperList.Moved)
    def _show_paper(self, event: PaperList.Moved) -> None:
        if self._library is None:
            return
        self._refresh_pane()
        self._refresh_bars()

    def _refresh_pane(self) -> None:
        entry = self.papers.entry
        places = {}
        if entry is not None:
            for name in entry.decision.lists:
                held = self.library.reading_list(name).keys
                places[name] = (held.index(entry.key) + 1, len(held))
        matching = self._query.highlights()
        instead = None if entry else self._nothing()
        self.pane.show(entry, matching=matching, places=places, instead=instead)

    def _nothing(self) -> Content:
        """What to do where there are no rows."""
        if not len(self.library):
            return Content(
                "This library is empty.\n\nAdd a page: papers-tui import page.txt, "
                "then open the app again. q quits."
            )
        lines = [Content.styled(f"Nothing matches {safe(self._query.explain(), 200)}.", "bold")]
        for wrong in self._query.misread:
            meant = f" Did you mean {wrong.suggestion}?" if wrong.suggestion else ""
            lines.append(Content(safe(f"{wrong.text[:1].upper()}{wrong.text[1:]}.{meant}")))
        relaxed = self.library.index.relax(self._query)[:3]
        if relaxed:
            lines.append(Content(""))
        for gain in relaxed:
            lines.append(Content(f"Without {safe(gain.term, 60)}: {one_of(gain.count, 'paper')}"))
        lines += [
            Content(""),
            Content.styled("/ edits the filter, ga shows all papers", "$text-muted"),
        ]
        return Content("\n").join(lines)

    def _after(self, change: Change | None) -> None:
        """Follows up a change: the rows it touched, the pane, the counts, a word about it."""
        if change is not None:
            entries = [self.library.entry(key) for key in change.keys if key in self.library]
            self.papers.repaint(entries)
            self._unread = _count_unread(self.papers.entries)
            if self.papers.entry and self.papers.entry.key in change.keys:
                self._refresh_pane()
            decisive = not change.undoes and any(e.field == "status" for e in change.edits)
            self._decided += len(change.keys) if decisive else 0
        self._refresh_bars()
        self.say(decide.tell(self.library, change))

    def _targets(self) -> list[str]:
        """The papers a verb acts on: the selection in its order, else the one at the cursor."""
        if self.papers.selected:
            return [e.key for e in self.papers.entries if e.key in self.papers.selected]
        return [self.papers.entry.key] if self.papers.entry else []

    def _act(self, verb: Verb, *, advance: bool = False) -> None:
        """Does a verb to the targets, and goes on to the next paper if it decides one."""
        keys = self._targets()
        if not keys:
            return
        with self.reporting():
            was_selected = bool(self.papers.selected)
            change = verb(self.library, keys)
            self._last_verb = (verb, advance)
            self.papers.select(())
            self._after(change)
            if advance and not was_selected:
                self.papers.move_to(self.papers.cursor + 1)

    # Two keys in a row

    def action_prefix(self, first: str) -> None:
        """Waits for the second key, and tells after a moment which there are."""
        self._prefix = first
        self._hint_timer = self.set_timer(HINT_SECONDS, self._show_hints)

    def _show_hints(self) -> None:
        hints = [
            f"{shown(name.split(' ')[1])} {key.label}"
            for key in self.table
            for name in key.keys
            if name.startswith(f"{self._prefix} ")
        ]
        self.bottom.say(f"{self._prefix}  " + "  ".join(hints), stay=True)

    async def on_key(self, event: events.Key) -> None:
        """The second key of two."""
        if not self._prefix:
            return
        event.stop()
        event.prevent_default()
        wanted = f"{self._prefix} {event.character if event.is_printable else event.key}"
        self._prefix = ""
        if self._hint_timer is not None:
            self._hint_timer.stop()
        self.bottom.unsay()
        for key in self.table:
            if wanted in key.keys:
                await self.run_action(key.action)
                return
        if event.key != "escape":
            self.say(f"{wanted.replace(' ', '')} is no command; ? shows the keys")

    # Moving

    def action_move(self, by: int) -> None:
        """A row, or a line of the abstract where that has the keys."""
        if self.pane.has_focus:
            self.pane.scroll_relative(y=by, animate=False)
        else:
            self.action_step(by)

    def action_step(self, by: int) -> None:
        """A paper down or up, whatever has the keys."""
        self.papers.move_to(self.papers.cursor + by)

    def action_edge(self, which: int) -> None:
        """To the first or last."""
        if not self.pane.has_focus:
            self.papers.move_to(0 if which < 0 else len(self.papers.entries) - 1)
        elif which < 0:
            self.pane.scroll_home(animate=False)
        else:
            self.pane.scroll_end(animate=False)

    def action_half(self, by: int) -> None:
        """Half a page."""
        self._scroll(by, 2)

    def action_page(self, by: int) -> None:
        """A page."""
        self._scroll(by, 1)

    def _scroll(self, by: int, parts: int) -> None:
        if self.pane.has_focus:
            rows = max(1, self.pane.size.height // parts - (parts == 1))
            self.pane.scroll_relative(y=by * rows, animate=False)
        else:
            self.action_step(by * max(1, self.papers.page // parts))

    def action_more(self) -> None:
        """Pages the abstract; at its end, the next unread paper."""
        if self.pane.at_end:
            self.action_unread(1)
        else:
            self.pane.scroll_relative(y=max(1, self.pane.size.height - 2), animate=False)

    def action_unread(self, by: int) -> None:
        """The next unread paper in a direction."""
        entries = self.papers.entries
        row = self.papers.cursor + by
        while 0 <= row < len(entries):
            if entries[row].decision.status is Status.UNREAD:
                self.papers.move_to(row)
                return
            row += by
        self.say("no unread paper " + ("below" if by > 0 else "above"))

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
        entries = self.papers.entries
        self.papers.select(e.key for e in entries if e.decision.status is Status.UNREAD)
        if self.papers.selected:
            self._act(lambda lib, keys: decide.mark(lib, keys, Status.READ))
        else:
            self.say("nothing here is unread")

    def action_snooze(self) -> None:
        """Hides until a day."""
        choices = [
            Choice("1d", "tomorrow"),
            Choice("3d", "in 3 days"),
            Choice("1w", "in a week"),
            Choice("1m", "in a month"),
        ]

        def snooze(answer: Answer) -> None:
            with self.reporting():
                until = decide.parse_day(answer.text, date.today())
                self._act(lambda lib, keys: decide.snooze(lib, keys, until), advance=True)

        self._ask(Picker("hide until", choices, new="until", hint="2026-01-31, 10d"), snooze)

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
            rows = [row for key in change.keys if (row := self.papers.find(key)) is not None]
            self._after(change)
            if rows:
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

    def action_tag(self) -> None:
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

        self._ask(Picker("tags", choices, words=True, hint="nlp -old, Tab completes"), tag)

    def action_note(self) -> None:
        """Writes a note."""
        if (entry := self.papers.entry) is None:
            return
        key = entry.key

        def note(answer: Answer) -> None:
            with self.reporting():
                self._after(decide.note(self.library, key, answer.text))

        self._ask(Picker("note", value=(entry.decision.note or "").replace("\n", " ")), note)

    # Finding

    def action_filter(self) -> None:
        """Opens the filter on the query as it is."""
        self._before_filter = self._query.text
        self.query_one(TopBar).add_class("-filtering")
        text = self._query.text
        self.query_one(FilterInput).begin(text + " " if text else "")

    @on(Input.Changed, "#filter")
    def _filter(self, event: Input.Changed) -> None:
        if self._library is None or not self.query_one(TopBar).has_class("-filtering"):
            return
        query = parse(event.value, typing=True)
        if query.misread and not self.library.index.count(query):
            self.bottom.say(_misread(query), error=True, stay=True)
            return
        self._query = query
        self._show()
        self.bottom.say(self._understood(query), stay=True)

    def _understood(self, query: Query) -> str:
        """What was understood, what was corrected, and what was not understood."""
        parts = [query.explain()]
        for word, instead in self.library.index.corrections(query).items():
            parts.append(f"“{word}” is nowhere, so {', '.join(instead[:3])}")
        if query.misread:
            parts.append(_misread(query))
        return "; ".join(parts)

    @on(FilterInput.Left)
    def _leave_filter(self, event: FilterInput.Left) -> None:
        self.query_one(TopBar).remove_class("-filtering")
        self.papers.focus()
        self.bottom.unsay()
        field = self.query_one(FilterInput)
        text = field.value.strip() if event.accepted else self._before_filter
        field.remember(text)
        if self._library is not None:
            self._query = parse(text)
            self._show()

    def action_go(self, text: str) -> None:
        """Shows the papers of a query."""
        self._query = parse(text)
        self._show()

    def action_refresh(self) -> None:
        """Drops the rows that no longer match."""
        self._show()

    def action_sort(self) -> None:
        """Chooses the order; the same again reverses it."""
        choices = [Choice(name, _ORDERS[name][0]) for name in SORT_VALUES]

        def sort(answer: Answer) -> None:
            now = self._query.sort[0] if self._query.sort else None
            reverse = "-" if now and now.by == answer.text and not now.reverse else ""
            words = [w for w in self._query.text.split() if not w.lower().startswith("sort:")]
            self.action_go(" ".join([*words, f"sort:{reverse}{answer.text}"]))

        self._ask(Picker("order", choices), sort)

    def action_go_tag(self) -> None:
        """Chooses a tag and shows its papers."""
        counts = self.library.index.counts(Field.TAG)
        unread = self.library.index.unread_counts(Field.TAG)
        choices = [
            Choice(f"tag:{name}", name, f"{one_of(count, 'paper')}, {unread[name]} unread")
            for name, count in counts.items()
        ]
        if choices:
            self._ask(Picker("tag", choices), lambda answer: self.action_go(answer.text))
        else:
            self.say("no tags yet: t adds some")

    def action_view(self) -> None:
        """Chooses a saved view."""
        choices = [Choice(query, name, query) for name, query in self.library.views().items()]
        if choices:
            self._ask(Picker("view", choices), lambda answer: self.action_go(answer.text))
        else:
            self.say("no saved views yet: F saves this query")

    def action_save_view(self) -> None:
        """Saves the query under a name."""
        text = self._query.text

        def save(answer: Answer) -> None:
            with self.reporting():
                self._after(decide.save_view(self.library, answer.text, text))

        self._ask(Picker("save this view as", hint=text), save)

    # Reading lists

    def action_add(self) -> None:
        """Adds to the current list and goes on; without one, asks which."""
        name = self._list_name
        if name is None:
            self.action_choose_list()
        else:
            self._act(lambda lib, keys: lists.add(lib, name, keys), advance=True)

    def action_choose_list(self) -> None:
        """Chooses or makes the current list, and adds to it."""
        choices = [
            Choice(held.name, held.name, one_of(len(held.keys), "paper"))
            for held in self.library.lists()
        ]

        def choose(answer: Answer) -> None:
            with self.reporting():
                self._list_name = self.library.find_list(answer.text) or list_name(answer.text)
                self.action_add()

        self._ask(Picker("add to", choices, new="new list", hint="a list's name"), choose)

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
        with self.reporting():
            place = self.library.reading_list(name).keys.index(entry.key) + 1
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

    def action_lists(self) -> None:
        """All reading lists."""
        from tui.view.lists import ListsScreen

        ours = {key.id for key in LISTS_TABLE}
        table = tuple(key for key in self._all_keys if key.id in ours)

        def opened(name: str | None) -> None:
            if self._list_name is not None:
                self._list_name = self.library.find_list(self._list_name)
            if name is not None:
                self._list_name = name
                self.action_go(_list_query(name))
            else:
                self._show()

        self.app.push_screen(ListsScreen(self.library, table, self._marks), opened)

    def action_export(self) -> None:
        """Writes the list that is shown, the selection, or what is listed, as Markdown."""
        shown_list = self._shown_list()
        if self.papers.selected:
            title = self._query.text or "papers"
            entries = [e for e in self.papers.entries if e.key in self.papers.selected]
        else:
            title = shown_list or self._list_name or self._query.text or "all papers"
            name = shown_list or self._list_name
            held = self.library.reading_list(name).keys if name else ()
            entries = [self.library.entry(k) for k in held] if name else list(self.papers.entries)
        if not entries:
            self.say(f"“{safe(title, 40)}” has no papers to export")
            return
        ask_export(self, self.library, title, entries)

    # Taking out

    def action_open_link(self) -> None:
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
        self._ask(Picker("open", choices), lambda answer: browse(answer.text))

    def action_copy(self, what: str) -> None:
        """Copies something of the targets."""
        entries = [self.library.entry(key) for key in self._targets()]
        if entries:
            text = "\n".join(_COPIES[what](entry).rstrip("\n") for entry in entries)
            copy: Callable[[str, str], None] = self.app.copy  # type: ignore[attr-defined]
            copy(text, what if len(entries) == 1 else f"{what} of {len(entries)} papers")

    # Looking

    def action_zoom(self) -> None:
        """Only the abstract, or both again."""
        zoomed = not self.has_class("-zoomed")
        self.set_class(zoomed, "-zoomed")
        (self.pane if zoomed else self.papers).focus()

    def action_back(self) -> None:
        """A step back: from the selection, the zoom, the pane."""
        if self.papers.selected:
            self.papers.select(())
            self._refresh_bars()
        elif self.has_class("-zoomed"):
            self.action_zoom()
        elif not self.papers.has_focus:
            self.papers.focus()
        else:
            self.bottom.unsay()

    def action_quit(self) -> None:
        """Back from the zoom, else out."""
        if self.has_class("-zoomed"):
            self.action_zoom()
        else:
            self.app.exit()

    def action_help(self) -> None:
        """All keys."""
        notes = [
            'Filter: words, "a phrase", -not, a OR b, (groups); title: abs: author: tag: list: is: has:',
            "year:2023..2024, date:>=2024-05, date:30d, up:>=3, authors:>5, sort:up, limit:20.",
            "Keys are yours: [keys] in config.toml, by the names that papers-tui keys lists.",
        ]
        self.app.push_screen(Help(self._all_keys, notes))

    @on(OptionList.OptionSelected, "#sidebar")
    def _choose_in_sidebar(self, event: OptionList.OptionSelected) -> None:
        query = self.query_one(Sidebar).query_of(event.option_index)
        if query is not None:
            self.action_go(query)
            self.papers.focus()

    @on(PaperList.Opened)
    def _open_paper(self) -> None:
        self.action_zoom()

    def _ask(self, picker: Picker, then: Callable[[Answer], None]) -> None:
        self.app.push_screen(picker, answered(then))

    def on_resize(self, event: events.Resize) -> None:
        """Chooses one or two lines a row by the width."""
        self._set_layout()

    def _set_layout(self) -> None:
        size = self.app.size
        self.papers.tall = 100 <= size.width < 160
        self.papers.gutter = int(size.width >= 100)
        self.set_class(size.width < 40 or size.height < 10, "-small")
        if self._library is not None:
            self._refresh_bars()


def ask_export(
    screen: Any,
    library: Library,
    title: str,
    entries: Sequence[Entry],
    then: Callable[[], None] | None = None,
) -> None:
    """Asks where to write papers as Markdown, writes them, and says so on a screen."""
    held = library.find_list(title)
    exports = library.reading_list(held).exports if held else ()
    known = exports[0] if exports else None
    path = known.path if known else str(Path.cwd() / lists.file_name(title))
    first = known.abstract if known else "first"
    switch = sorted(("first", "full", "none"), key=lambda part: part != first)

    def write(answer: Answer, force: bool = False) -> None:
        part = AbstractPart(answer.switch.removeprefix("abstract: "))
        try:
            done = lists.export(
                library, title, entries, Path(answer.text), abstract=part, force=force
            )
        except PapersError as error:
            if "--force" in error.hint and not force:
                choices = [Choice("no", "leave it"), Choice("yes", "replace it")]
                screen.app.push_screen(
                    Picker(f"{safe(error.message, 120)}:", choices),
                    answered(lambda sure: write(answer, True) if sure.text == "yes" else None),
                )
                return
            screen.say(str(error), error=True)
            return
        same = "" if done.changed else ", unchanged"
        screen.say(f"{one_of(done.count, 'paper')} in {done.path}{same}")
        if then is not None:
            then()

    screen.app.push_screen(
        Picker(
            f"export {safe(title, 24)} to",
            value=path,
            switch=[f"abstract: {part}" for part in switch],
        ),
        answered(write),
    )


def _count_unread(entries: Sequence[Entry]) -> int:
    return sum(entry.decision.status is Status.UNREAD for entry in entries)


def _list_query(name: str) -> str:
    return f'list:"{name}"' if " " in name or "(" in name else f"list:{name}"


def _misread(query: Query) -> str:
    wrong = query.misread[0]
    return wrong.text + (f"; did you mean {wrong.suggestion}?" if wrong.suggestion else "")


def _key_name(key: str) -> str:
    """A key as the toolkit names it."""
    from textual.keys import _character_to_key

    return _character_to_key(key) if len(key) == 1 else key


_COPIES: dict[str, Callable[[Entry], str]] = {
    "title": lambda entry: safe(entry.paper.shown_title),
    "link": lambda entry: entry.paper.link,
    "key": lambda entry: entry.key,
    "citation": lambda entry: citation.cite(entry.paper),
    "bibtex": lambda entry: citation.bibtex(entry.paper),
    "markdown": markdown.item,
}

_ORDERS = {
    "date": ("newest first", "oldest first"),
    "up": ("most upvotes first", "fewest upvotes first"),
    "title": ("by title", "by title, from Z"),
    "added": ("added last first", "added first first"),
    "authors": ("most authors first", "fewest authors first"),
    "unread": ("unread first", "unread last"),
    "list": ("in your order", "against your order"),
    "changed": ("changed last first", "changed first first"),
}

_NEEDS_LIBRARY = frozenset(
    name.removeprefix("action_")
    for name in vars(TriageScreen)
    if name.startswith("action_") and name not in ("action_quit", "action_help", "action_prefix")
)
