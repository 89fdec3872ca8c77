"""What is kept of papers: tags, notes, reading lists; and the screens of all tags and lists."""

import re
from collections.abc import Sequence

from tui.actions import lists, triage
from tui.errors import PapersError
from tui.model.state import list_name, parse_tags
from tui.model.text import plural, sanitize
from tui.query import Field
from tui.ui import external
from tui.ui.looking import LookingScreen
from tui.ui.screens.export import ask_export
from tui.ui.widgets.picker import Answer, Choice, Picker


class KeepingScreen(LookingScreen):
    """Papers that are annotated and put into lists."""

    # Tags and notes

    async def action_tag(self) -> None:
        """Adds and removes tags."""
        keys = self._targets()
        if not keys:
            return
        held = [set(self.library.paper_state(key).tags) for key in keys]
        common = set.intersection(*held)
        counts = self.library.index.counts(Field.TAG)
        choices = [
            Choice(
                f"-{name}" if name in common else name,
                name,
                plural(count, "paper") + (", this one too: takes it off" if name in common else ""),
            )
            for name, count in counts.items()
        ]

        def tag(answer: Answer) -> None:
            with self.reporting():
                add, remove = parse_tags(answer.text)
                if add or remove:
                    self._act(lambda lib, keys: triage.tag(lib, keys, add, remove))

        await self.ask(Picker("tags", choices, words=True, hint="nlp -old, Tab completes"), tag)

    async def action_note(self) -> None:
        """Writes a note in a line; Ctrl+x goes on with it in the editor."""
        if keys := self._targets():
            await self._ask_note(keys, self._note_of(keys))

    async def action_note_editor(self) -> None:
        """Writes a note in the editor."""
        if keys := self._targets():
            await self._edit_note(keys, self._note_of(keys))

    def _note_of(self, keys: Sequence[str]) -> str:
        """The note that all of these papers have; empty if they have not the same."""
        notes = {self.library.paper_state(key).note or "" for key in keys}
        return notes.pop() if len(notes) == 1 else ""

    async def _ask_note(self, keys: Sequence[str], before: str, remark: str = "") -> None:
        offered = " / ".join(before.split("\n"))

        async def note(answer: Answer) -> None:
            text = before if answer.text == offered else answer.text  # and its line breaks stay
            if answer.key == "enter":
                self._write_note(keys, text)
            else:
                await self._edit_note(keys, text)

        prompt = "note" if len(keys) == 1 else f"note on {plural(len(keys), 'paper')}"
        hint = "Ctrl+x goes on in your editor"
        picker = Picker(prompt, value=offered, hint=hint, remark=remark, elsewhere=True)
        await self.ask(picker, note)

    async def _edit_note(self, keys: Sequence[str], text: str) -> None:
        try:
            written = external.edit(self.app, text)
        except PapersError as error:
            if text == self._note_of(keys):
                self.say(str(error), error=True)
            else:  # what was typed is not lost for that
                await self._ask_note(keys, text, str(error))
        else:
            self._write_note(keys, written)

    def _write_note(self, keys: Sequence[str], text: str) -> None:
        if text != self._note_of(keys):
            self._act(lambda lib, keys: triage.annotate(lib, keys, text), keys=keys)

    def action_tags(self) -> None:
        """All tags."""
        from tui.ui.screens.tags import TagsScreen

        def opened(name: str | None) -> None:
            self._catch_up()
            if name is not None:
                self.action_go(f"tag:{name}")

        screen = TagsScreen.with_keys(self.custom)(self.library, self._marks)
        self.app.push_screen(screen, opened)

    def _catch_up(self) -> None:
        """Draws anew what may have been changed on another screen."""
        self.papers.refresh()
        self._refresh_pane()
        self._refresh_bars()
        self._refresh_sidebar()

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
            Choice(held.name, held.name, plural(len(held.keys), "paper"))
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
        name, item = self._shown_list(), self.papers.item
        if name is None or item is None:
            self.say("open a list first (l, gl): its order is yours to change")
            return
        held = self.library.reading_list(name).keys
        if item.key not in held:
            self.say(f"this paper is no longer in {sanitize(name, 40)}")
            return
        with self.reporting():
            place = held.index(item.key) + 1
            if not 1 <= place + by <= len(held):
                self.say(f"it is the {'first' if by < 0 else 'last'} already")
                return
            lists.move(self.library, name, item.key, place + by)
            self._show(keep=item.key)
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
        from tui.ui.screens.lists import ListsScreen

        screen = ListsScreen.with_keys(self.custom)(self.library, self._marks, self._list_name)

        def opened(name: str | None) -> None:
            current = screen.current
            self._list_name = name or (self.library.find_list(current) if current else None)
            self._catch_up()
            if name is not None:
                self.action_go(_list_query(name))

        self.app.push_screen(screen, opened)

    async def action_export(self) -> None:
        """Writes the list that is shown, the selection, or what is listed, as Markdown."""
        name = self._shown_list() or self._list_name
        if self.papers.selected:
            name = None
            items = [self.library.item(key) for key in self.papers.chosen]
        elif name is not None:
            items = [self.library.item(key) for key in self.library.reading_list(name).keys]
        else:
            items = self.papers.items[:]
        title = name or self._query.text or "all papers"
        if items:
            await ask_export(self, self.library, title, items, of_list=name is not None)
        else:
            self.say(f"“{sanitize(title, 40)}” has no papers to export")


def _list_query(name: str) -> str:
    return f"list:{name}" if re.fullmatch(r"[\w-]+", name) else f'list:"{name}"'
