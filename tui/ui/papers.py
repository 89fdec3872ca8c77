"""The papers on screen: what is shown, where the cursor is, and what follows from a change.

It asks the library and tells the widgets; they know neither it nor each other.
"""

import gc
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from tui.actions import history, lists, triage
from tui.library import Library
from tui.model.state import Change
from tui.model.text import plural, sanitize
from tui.query import SimilarTerm, Sort, parse
from tui.search import ResultSet
from tui.ui.bindings import FOOTER, TABLE
from tui.ui.glyphs import UNICODE, Glyphs
from tui.ui.key_screen import KeyScreen
from tui.ui.keymap import shown
from tui.ui.widgets.abstract_pane import AbstractPane
from tui.ui.widgets.bars import BottomBar, TopBar
from tui.ui.widgets.paper_list import PaperList
from tui.ui.widgets.sidebar import Sidebar

Verb = Callable[[Library, Sequence[str]], Change | None]


class PapersScreen(KeyScreen[None]):
    """List, pane and the two rows of chrome."""

    rows = TABLE

    def __init__(self, view: str, problems: Sequence[str], *, marks: Glyphs = UNICODE) -> None:
        """Begins without a library.

        Args:
            view: The query of the first start.
            problems: What is wrong with the configuration; the first is said at once.
            marks: The glyphs.
        """
        super().__init__()
        self._problems = problems
        self._marks = marks
        self._library: Library | None = None
        self._home = view
        self._query = parse(view)
        self._list_name: str | None = None
        self._matching: Sequence[str] = ()
        self._last_verb: tuple[Verb, bool] | None = None
        self._first_rev = 0
        self._tells_end = False

    def compose(self) -> ComposeResult:
        """Three rows of chrome: one above, one below, one line between the panes."""
        yield TopBar(id="top")
        with Container(id="panes"):
            yield Sidebar(id="sidebar")
            yield PaperList(marks=self._marks, id="papers")
            yield AbstractPane(marks=self._marks, id="pane")
        yield Static(
            Content("papers-tui needs 10 rows of 40 columns. Nothing is lost."), id="too-small"
        )
        yield BottomBar(id="bottom")

    def on_mount(self) -> None:
        """Gives the list the keys."""
        self.papers.focus()

    # Widgets

    @property
    def papers(self) -> PaperList:
        """The list."""
        return self.query_one(PaperList)

    @property
    def pane(self) -> AbstractPane:
        """The abstract."""
        return self.query_one(AbstractPane)

    @property
    def library(self) -> Library:
        """The library; only once it is loaded."""
        assert self._library is not None
        return self._library

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key acts now; in the filter, and without a library, hardly any does."""
        if action == "press" and self.query_one(TopBar).filtering:
            return parameters[0] in ("enter", "escape", "tab", "up", "down")
        if self._library is None and action not in ("press", "quit", "help"):
            return False
        return super().check_action(action, parameters)

    # Beginning and end

    def take(self, library: Library, *, resume: bool = True) -> None:
        """Shows a library, where the reader left it or on the query of the start."""
        self._library = library
        self._first_rev = library.last_rev
        session = library.session
        text = session.get("query")
        if isinstance(text, str) and resume:
            self._query = parse(text)
        name = session.get("list")
        self._list_name = library.find_list(name) if isinstance(name, str) else None
        key = session.get("key")
        self._show(keep=key if isinstance(key, str) and key in library else None)
        if library.read_only_reason:
            self.say(f"read only: {library.read_only_reason}", error=True)
        elif damaged := library.damaged_lines:
            told = f"{plural(len(damaged), 'line')} of the journal cannot be read"
            self.bottom.say(f"{told}; papers-tui doctor tells which", error=True, stay=True)
        elif self._problems:
            more = f" (and {len(self._problems) - 1} more: papers-tui doctor)"
            self.say(self._problems[0] + more * (len(self._problems) > 1), error=True)
        elif not session and len(library):
            self.bottom.say(self._welcome(), stay=True)

    def _welcome(self) -> str:
        """What to do first, with the reader's own keys."""
        wanted = ("mark.read", "mark.dismissed", "list.add", "undo", "look.help")
        keys = [key for id in wanted for key in self.table if key.id == id and key.keys]
        told = ", ".join(f"{shown(key.keys[0])} {key.label}" for key in keys)
        return f"{plural(len(self.library), 'paper')} to decide, a key each: {told}"

    def session(self) -> dict[str, Any]:
        """Where the reader is."""
        return {
            "query": self._query.text,
            "key": self.papers.key,
            "list": self._list_name,
        }

    @property
    def is_at_rest(self) -> bool:
        """Whether the pane has followed the list, and the footer the pane."""
        followed = self.pane.item.key if self.pane.item else None
        return self.papers.key == followed and self._tells_end == self.pane.at_end

    @property
    def is_lasting(self) -> bool:
        """Whether the next start shows what this one shows: all of it at once, and no complaint."""
        complains = bool(self._problems or self.library.read_only_reason)
        return self.library.index.ready and not complains and not self._query.highlights()

    def exit_summary(self) -> str:
        """What was done since the app was opened, in a line; empty if nothing was."""
        return history.exit_summary(self.library, self._first_rev) if self._library else ""

    # Showing

    def _show(self, *, keep: str | None = None) -> None:
        """Asks the library for the query's rows anew."""
        index = self.library.index
        index.set_selected(self.papers.selected)
        found = index.select(self._query, self._list_order)
        self._swap(found, index.matching(self._query), keep)
        if not index.ready:
            self._prepare()

    def _list_order(self, name: str) -> Sequence[str]:
        """The keys of a reading list in the reader's order."""
        return self.library.reading_list(name).keys

    def _swap(self, found: ResultSet, matching: Sequence[str], keep: str | None) -> None:
        """Shows other rows."""
        self._matching = matching
        self.papers.show(found, matching=matching, keep=keep)
        self._refresh_bars()
        self._refresh_sidebar()

    @work(thread=True, exclusive=True, group="prepare")
    def _prepare(self) -> None:
        """Makes all words ready to be asked for; until they are, titles alone are searched."""
        self.library.index.prepare()
        self.app.call_from_thread(self._on_prepared)

    def _on_prepared(self) -> None:
        """Shows anew what was found in titles alone."""
        gc.freeze()  # the words stay, too: looking through them takes longer than a frame
        if not self.query(TopBar):
            return  # the thread ended after the screen
        if self._query.highlights() and not self.query_one(TopBar).filtering:
            self._show()

    def _refresh_bars(self) -> None:
        papers = self.papers
        count = len(papers.items)
        dot = f" {self._marks.dot} "
        unread = papers.items.unread
        parts = [f"{papers.cursor + 1 if count else 0} of {count:,}", f"{unread:,} unread"]
        if papers.selected:
            parts.append(f"{len(papers.selected)} selected")
        if self._list_name:
            parts.append(f"{self._marks.arrow} {sanitize(self._list_name, 20)}")
        if self._library is not None and self.library.read_only_reason:
            parts.append("read only")
        self.query_one(TopBar).show(self._query.text, self._order(), dot.join(parts))
        by_id = {key.id: key for key in self.table}
        list_label = (
            f"{self._marks.arrow} {sanitize(self._list_name, 16)}" if self._list_name else "add"
        )
        self._tells_end = self.pane.was_at_end  # of which each change is told
        more = "next" if self._tells_end else "more"
        labels = {"list.add": list_label, "move.more": more}
        self.bottom.show(
            [(by_id[id], labels.get(id, by_id[id].label)) for id in FOOTER if by_id[id].keys]
        )

    def _refresh_sidebar(self) -> None:
        if self._library is not None and self.has_class("-full"):
            self.query_one(Sidebar).show(self.library)

    def _order(self) -> str:
        """The order in words."""
        if self._query.sort:
            first = self._query.sort[0]
            words = ORDERS[first.by]
            return words[1] if first.reverse else words[0]
        if self._shown_list():
            return "in your order"
        if any(isinstance(term, SimilarTerm) for term in self._query.terms):
            return "the likest first"
        return "best match first" if self._query.highlights() else "newest first"

    def _shown_list(self) -> str | None:
        """The reading list that the query shows, and nothing else, in its own order."""
        if self._library is None or self._query.sort not in ((), (Sort("list"),)):
            return None
        return self.library.index.single_list(self._query)

    @on(PaperList.Moved)
    def _show_paper(self, event: PaperList.Moved) -> None:
        if self._library is None:
            return
        self._refresh_pane()
        self._refresh_bars()

    @on(AbstractPane.Reached)
    def _tell_how_far(self) -> None:
        if self._library is not None:
            self._refresh_bars()

    def _refresh_pane(self) -> None:
        item = self.papers.item
        places = {}
        if item is not None:
            for name in item.state.lists:
                held = self.library.reading_list(name).keys
                if item.key in held:
                    places[name] = (held.index(item.key) + 1, len(held))
        matching = self._matching
        instead = None if item else self._nothing()
        self.pane.show(item, matching=matching, places=places, instead=instead)

    def _nothing(self) -> Content:
        """What to do where there are no rows: the next useful keys."""
        if not len(self.library):
            text = "This library is empty.\n\nPaste the text of a Daily Papers page here, or "
            return Content(f"{text}{self._key('command')}import page.txt")
        if self._query.text.strip() == "is:unread":
            return Content.assemble(
                ("Nothing is left unread.", "bold"),
                f"\n\n{self._key('look.session')} shows the session, {self._key('view.all')} all "
                "papers.\nPaste a Daily Papers page, or ",
                f"{self._key('command')}import page.txt, to go on.",
            )
        if name := self._shown_list():
            told = f"{self._key('list.add')} on a paper adds it, once the list is the current one"
            return Content.assemble((f"Nothing is in {sanitize(name, 40)}.", "bold"), f"\n\n{told}")
        lines = [Content.styled(f"Nothing matches {sanitize(self._query.explain(), 200)}.", "bold")]
        for wrong in self._query.diagnostics:
            meant = f" Did you mean {wrong.suggestion}?" if wrong.suggestion else ""
            lines.append(Content(sanitize(f"{wrong.text[:1].upper()}{wrong.text[1:]}.{meant}")))
        relaxed = self.library.index.suggest_drops(self._query)[:3]
        if relaxed:
            lines.append(Content(""))
        for gain in relaxed:
            lines.append(
                Content(f"Without {sanitize(gain.term, 60)}: {plural(gain.count, 'paper')}")
            )
        told = f"{self._key('filter.edit')} edits the filter, {self._key('look.back')} goes back, "
        told += f"{self._key('view.all')} shows all papers"
        lines += [Content(""), Content.styled(told, "$muted")]
        return Content("\n").join(lines)

    def _key(self, id: str) -> str:
        """The key that does something, as people write it; the palette's where it has none."""
        names = next((key.keys for key in self.table if key.id == id and key.keys), ("ctrl+p",))
        return shown(names[0])

    def _after(self, change: Change | None) -> None:
        """Follows up a change: the rows it touched, the pane, the counts, a word about it."""
        if change is not None:
            if self._list_name:
                self._list_name = lists.renamed_to(change, self._list_name) or self._list_name
            self.papers.repaint(change.keys)
            if self.papers.key in change.keys:
                self._refresh_pane()
        self._refresh_bars()
        self._refresh_sidebar()
        self.say(triage.tell(self.library, change))

    def _targets(self) -> list[str]:
        """The papers a verb acts on: the selection in its order, else the one at the cursor."""
        if self.papers.selected:
            return self.papers.chosen
        return [self.papers.key] if self.papers.key else []

    def _act(self, verb: Verb, *, keys: Sequence[str] | None = None, advance: bool = False) -> None:
        """Does a verb to some papers, else to the targets; then goes on if it decides one."""
        chosen = self._targets() if keys is None else list(keys)
        if not chosen:
            return
        with self.reporting():
            is_one = keys is None and not self.papers.selected
            change = verb(self.library, chosen)
            self._last_verb = (verb, advance)
            self.papers.select(())
            if advance and is_one:
                self.papers.move_to(self.papers.cursor + 1)
            elif advance and self.papers.key in chosen:
                rows = (row for key in chosen if (row := self.papers.find(key)) is not None)
                self.papers.move_to(max(rows, default=-1) + 1)
            self._after(change)  # behind the move, so that the abstract is drawn once

    # Moving

    def action_move(self, by: int) -> None:
        """A row, or a line of the abstract where that has the keys."""
        sidebar = self.query_one(Sidebar)
        if self.pane.has_focus:
            self.pane.scroll_relative(y=by, animate=False)
        elif sidebar.has_focus:
            (sidebar.action_cursor_down if by > 0 else sidebar.action_cursor_up)()
        else:
            self.action_step(by)

    def action_step(self, by: int) -> None:
        """A paper down or up, whatever has the keys."""
        self.papers.move_to(self.papers.cursor + by)

    def action_edge(self, which: int) -> None:
        """To the first or last."""
        if not self.pane.has_focus:
            self.papers.move_to(0 if which < 0 else len(self.papers.items) - 1)
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
        items = self.papers.items
        row = self.papers.cursor + by
        today = date.today()
        while 0 <= row < len(items):
            if self.library.paper_state(items.key(row)).is_waiting(today):
                self.papers.move_to(row)
                return
            row += by
        self.say("no unread paper " + ("below" if by > 0 else "above"))


ORDERS = {
    "date": ("newest first", "oldest first"),
    "up": ("most upvotes first", "fewest upvotes first"),
    "title": ("by title", "by title, from Z"),
    "added": ("added last first", "added first first"),
    "authors": ("most authors first", "fewest authors first"),
    "unread": ("unread first", "unread last"),
    "list": ("in your order", "against your order"),
    "changed": ("changed last first", "changed first first"),
    "relevance": ("best match first", "best match last"),
}
