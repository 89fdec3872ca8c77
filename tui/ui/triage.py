"""The acts of a triage session: decide, take back, take out, take in pages."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from textual import events

from tui.actions import imports, triage
from tui.errors import PapersError
from tui.formats.exporters import citation, json, markdown
from tui.formats.importers import Reading
from tui.library import Library, Updates
from tui.model.state import Change, Item, Status
from tui.model.text import plural, sanitize
from tui.ui import external
from tui.ui.commanding import CommandingScreen
from tui.ui.widgets.bars import TopBar
from tui.ui.widgets.picker import Answer, Choice, Picker

FOLLOW_SECONDS: Final = 1.0
"""How often it is looked whether others have written; nothing is read while they have not."""

MAX_NAMED: Final = 10
"""Papers that a query names one by one; more of them are selected instead."""


class TriageScreen(CommandingScreen):
    """The screen that everything happens on."""

    CSS_PATH = Path(__file__).with_name("app.tcss")

    # Deciding

    def action_mark(self, status: str) -> None:
        """Sets the status and goes on."""
        wanted = Status(status)
        self._act(lambda lib, keys: triage.mark(lib, keys, wanted), advance=True)

    def action_toggle_read(self) -> None:
        """Read if it is unread, else unread."""
        keys = self._targets()
        unread = any(self.library.paper_state(key).status is Status.UNREAD for key in keys)
        wanted = Status.READ if unread else Status.UNREAD
        self._act(lambda lib, keys: triage.mark(lib, keys, wanted))

    def action_star(self) -> None:
        """Stars; clears the star of what is starred already."""
        on = not all(self.library.paper_state(key).starred for key in self._targets())
        self._act(lambda lib, keys: triage.star(lib, keys, on))

    def action_mark_visible(self) -> None:
        """Glyphs every unread paper that is listed read."""
        today = date.today()
        keys = self.papers.items.keys()
        waiting = [key for key in keys if self.library.paper_state(key).is_waiting(today)]
        if waiting:
            self._act(lambda lib, keys: triage.mark(lib, keys, Status.READ), keys=waiting)
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
                until = triage.parse_day(answer.text, date.today())
                self._act(lambda lib, keys: triage.snooze(lib, keys, until), advance=True)

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
            moved = any(edit.field == f"list/{shown}" for edit in change.edits)
            if moved or any(self.papers.find(key) is None for key in change.keys):
                self._show()  # what had left the view may be of it again
            rows = [row for key in change.keys if (row := self.papers.find(key)) is not None]
            self._after(change)
            if len(change.keys) == 1 and rows:
                self.papers.move_to(rows[0])

    def action_select(self) -> None:
        """Selects or unselects, and goes on."""
        if item := self.papers.item:
            self.papers.select(self.papers.selected ^ {item.key})
            self._refresh_bars()
            self.action_step(1)

    def action_select_range(self) -> None:
        """Selects from here on, as the cursor moves; the same again ends that."""
        if self.papers.ranging:
            self.papers.select(self.papers.selected)
        else:
            self.papers.begin_range()
            self.say(f"moving selects; {self._key('look.back')} drops it")
        self._refresh_bars()

    def action_select_all(self) -> None:
        """Selects everything that is listed."""
        self.papers.select(self.papers.items.keys())
        self._refresh_bars()

    # Taking out

    async def action_open_link(self) -> None:
        """Opens the one link, or asks which."""
        item = self.papers.item
        if item is None:
            return
        app = self.app
        browse: Callable[[str], None] = app.browse  # type: ignore[attr-defined]
        links = [*item.paper.urls, item.paper.link]
        if len(links) == 1:
            browse(links[0])
            return
        choices = [Choice(url, url) for url in item.paper.urls]
        choices.append(Choice(item.paper.link, "search arXiv for the title"))
        await self.ask(Picker("open", choices), lambda answer: browse(answer.text))

    async def action_open_and_read(self) -> None:
        """Opens a link, marks read, and goes on."""
        await self.action_open_link()
        self.action_mark("read")

    def action_copy(self, what: str) -> None:
        """Copies something of the targets."""
        items = [self.library.item(key) for key in self._targets()]
        if items:
            text = "\n".join(_COPIES[what](item).rstrip("\n") for item in items)
            copy: Callable[[str, str], None] = self.app.copy  # type: ignore[attr-defined]
            copy(text, what if len(items) == 1 else f"{what} of {len(items)} papers")

    async def action_pipe(self) -> None:
        """Hands the papers to a command of the shell, as Markdown, JSON, or keys."""
        items = [self.library.item(key) for key in self._targets()]
        if not items:
            return

        def run(answer: Answer) -> None:
            if not answer.text.strip():
                return
            with self.reporting():
                code = external.pipe(self.app, answer.text, _PIPED[answer.switch](items))
                papers = plural(len(items), "paper")
                failed = f"exit code {code}" if code else f"{papers} handed to {answer.text}"
                self.say(failed, error=bool(code))

        picker = Picker(f"pipe {plural(len(items), 'paper')} to", switch=list(_PIPED))
        await self.ask(picker, run)

    # Other screens

    def action_timeline(self) -> None:
        """Every change, to be taken back from there."""
        from tui.ui.screens.timeline import TimelineScreen

        def opened(keys: tuple[str, ...] | None) -> None:
            self._catch_up()
            if keys is not None:
                self._go_to(keys)

        screen = TimelineScreen.with_keys(self.custom)(self.library, self._marks)
        self.app.push_screen(screen, opened)

    def _go_to(self, keys: Sequence[str]) -> None:
        """Shows some papers: by their names, or selected where they are many."""
        if len(keys) <= MAX_NAMED:
            self.action_go(" OR ".join(f"id:{key}" for key in keys), keep="")
        else:
            self.action_go("")
            self.papers.select(keys)
            self.action_go("is:selected", keep="")

    def action_session(self) -> None:
        """The session, the days before, what is left."""
        from tui.ui.screens.stats import SessionScreen

        self.app.push_screen(SessionScreen.with_keys(self.custom)(self.library, self._marks))

    # Other instances

    def take(self, library: Library, *, resume: bool = True) -> None:
        """Shows a library, and from now on what others write into it."""
        super().take(library, resume=resume)
        self._following = self.set_interval(FOLLOW_SECONDS, self._follow)

    def _follow(self) -> None:
        """Takes in what another instance or machine has written."""
        if self._is_busy:
            return
        with self.reporting():
            try:
                self._take_in(self.library.follow())
            except PapersError:
                self._following.stop()  # it is said once
                raise

    def _take_in(self, news: Updates) -> None:
        if not news:
            return
        if news.papers:
            self._show()
        else:
            self._catch_up()
        self.say(f"{plural(len(news.keys), 'paper')} changed elsewhere")

    def action_take_over(self) -> None:
        """Makes changes possible here, if nobody else makes any now."""
        if not self.library.read_only_reason:
            self.say("changes are made here already")
            return
        with self.reporting():
            self._take_in(self.library.acquire_write())
            self._refresh_bars()
            self.say("changes are made here from now on")

    # Pages

    async def on_paste(self, event: events.Paste) -> None:
        """Offers to import a page that was pasted, once it is known what it would bring."""
        event.stop()
        if self._library is None or self.query_one(TopBar).filtering:
            return
        with self.reporting():
            page = await asyncio.to_thread(imports.read_pasted, self.library, event.text)
            report = self.library.add(page.records, dry_run=True)
            counts = imports.tell_report(report, page.problems)
            if not report.new and not report.merged:
                self.say(f"this page is known already: {counts}")
                return
            choices = [Choice("yes", "import it"), Choice("no", "leave it")]
            picker = Picker("import this page?", choices, remark=f"It would bring {counts}.")
            await self.ask(picker, lambda answer: self._import(answer, page))

    async def _import(self, answer: Answer, page: Reading) -> None:
        if answer.text != "yes":
            return

        async def add() -> None:
            with self.reporting():
                report = await asyncio.to_thread(self.library.add, page.records)
                if report.new:
                    self._go_to(report.new)
                else:
                    self._show()
                self.say(f"imported: {imports.tell_report(report, page.problems)}")

        await self._beside("the import", add)


_COPIES: dict[str, Callable[[Item], str]] = {
    "title": lambda item: sanitize(item.paper.display_title),
    "link": lambda item: item.paper.link,
    "key": lambda item: item.key,
    "citation": lambda item: citation.cite(item.paper),
    "bibtex": lambda item: citation.bibtex(item.paper),
    "markdown": markdown.item,
}

_PIPED: dict[str, Callable[[Sequence[Item]], str]] = {
    "as Markdown": lambda items: "".join(map(markdown.item, items)),
    "as JSON": lambda items: json.dumps([json.record(item) for item in items]) + "\n",
    "as keys": lambda items: "".join(f"{item.key}\n" for item in items),
}
