"""The screen of the reading lists: how far each is, where it went, and what changed since."""

from collections.abc import Callable
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.commands import decide, lists
from tui.library import Library
from tui.text import one_of, safe
from tui.triage import Change, ReadingList, Status
from tui.view.bars import BottomBar
from tui.view.base import TableScreen
from tui.view.dialogs import Answer, Picker
from tui.view.export import ask_export
from tui.view.keys import LISTS_TABLE
from tui.view.marks import Marks
from tui.writers.markdown import AbstractPart


class ListsScreen(TableScreen[str | None]):
    """All reading lists; gives back the one to be shown."""

    rows = LISTS_TABLE

    def __init__(self, library: Library, marks: Marks) -> None:
        """Args are the library and the glyphs."""
        super().__init__()
        self._library = library
        self._marks = marks
        self._held: list[ReadingList] = []
        self.renamed: dict[str, str] = {}
        """New names by the names that lists had when this screen was opened."""

    def compose(self) -> ComposeResult:
        """A heading, the lists, the keys."""
        yield Static(Content.styled("Reading lists", "bold"), id="lists-head")
        yield OptionList(id="reading-lists", markup=False, compact=True)
        yield BottomBar(id="bottom")

    def on_mount(self) -> None:
        """Shows what there is."""
        self._show()
        self.query_one(OptionList).focus()
        self.bottom.show([(key, key.label) for key in self.table if key.footer])

    def _show(self, keep: str | None = None) -> None:
        options = self.query_one(OptionList)
        wanted = keep or (self._here.name if self._here else None)
        self._held = self._library.lists()
        options.clear_options()
        if not self._held:
            text = "No reading lists yet. a makes one here; L on a paper makes one and adds it."
            options.add_option(Option(Content(text), disabled=True))
            return
        width = max(Content(safe(held.name, 40)).cell_length for held in self._held)
        options.add_options(Option(self._row(held, width)) for held in self._held)
        names = [held.name for held in self._held]
        options.highlighted = names.index(wanted) if wanted in names else 0

    @property
    def _here(self) -> ReadingList | None:
        place = self.query_one(OptionList).highlighted
        return self._held[place] if place is not None and place < len(self._held) else None

    def _row(self, held: ReadingList, width: int) -> Content:
        library = self._library
        read = sum(library.decision(key).status is Status.READ for key in held.keys)
        name = Content.styled(safe(held.name, 40), "bold")
        gap = " " * (width - name.cell_length + 2)
        lines = [
            Content.assemble(
                name,
                gap,
                f"{read} of {len(held.keys)} read",
                (f"  {safe(held.description)}", "$muted"),
            )
        ]
        for export in held.exports:
            since = lists.since(library, held, export)
            told = f"{since} since" if since else "nothing changed since"
            where = f"{self._marks.arrow} {safe(export.path)}  {export.at[:10]}, "
            lines.append(Content.assemble("  ", (f"{where}{told}", "$muted")))
        return Content("\n").join(lines)

    # Actions

    def action_move(self, by: int) -> None:
        """Another list."""
        options = self.query_one(OptionList)
        (options.action_cursor_down if by > 0 else options.action_cursor_up)()

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Shows its papers."""
        if self._here:
            self.dismiss(self._here.name)

    def action_back(self) -> None:
        """Back to the papers."""
        self.dismiss(None)

    async def action_new(self) -> None:
        """Makes a list."""
        await self._ask_change(
            Picker("new list", hint="a name"),
            lambda text: lists.create(self._library, text),
            keep=lambda text: self._library.find_list(text),
        )

    async def action_rename(self) -> None:
        """Gives it another name."""
        if held := self._here:
            await self._ask_change(
                Picker(f"rename {safe(held.name, 30)} to", value=held.name),
                lambda text: self._rename(held.name, text),
                keep=lambda text: self._library.find_list(text),
            )

    def _rename(self, name: str, text: str) -> Change | None:
        change = lists.rename(self._library, name, text)
        new = self._library.find_list(text) or name
        first = next((old for old, now in self.renamed.items() if now == name), name)
        self.renamed[first] = new
        return change

    async def action_describe(self) -> None:
        """Says why it exists."""
        if held := self._here:
            await self._ask_change(
                Picker(f"why {safe(held.name, 30)} exists", value=held.description),
                lambda text: lists.describe(self._library, held.name, text),
            )

    def action_delete(self) -> None:
        """Deletes it; undo brings it back."""
        if held := self._here:
            with self.reporting():
                self._after(lists.delete(self._library, held.name))

    def action_undo(self) -> None:
        """Takes the last change back."""
        with self.reporting():
            self._after(self._library.undo())

    async def action_export(self) -> None:
        """Writes it again to every place it went to, or asks for the first."""
        held = self._here
        if held is None:
            return
        entries = [self._library.entry(key) for key in held.keys]
        if not held.exports:
            if entries:
                await ask_export(self, self._library, held.name, entries, then=self._show)
            else:
                self.say(f"“{safe(held.name, 40)}” has no papers to export")
            return
        with self.reporting():
            for export in held.exports:
                lists.export(
                    self._library,
                    held.name,
                    entries,
                    Path(export.path),
                    abstract=AbstractPart(export.abstract),
                )
            self._show()
            self.say(
                f"{one_of(len(entries), 'paper')} in {', '.join(e.path for e in held.exports)}"
            )

    async def _ask_change(
        self,
        picker: Picker,
        change: Callable[[str], Change | None],
        keep: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        def act(answer: Answer) -> None:
            with self.reporting():
                self._after(change(answer.text), keep(answer.text))

        await self.ask(picker, act)

    def _after(self, change: Change | None, keep: str | None = None) -> None:
        self._show(keep)
        self.say(decide.tell(self._library, change))
