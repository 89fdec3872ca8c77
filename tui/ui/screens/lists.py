"""The screen of the reading lists: how far each is, where it went, and what changed since."""

from collections.abc import Iterator

from textual.content import Content

from tui.actions import lists
from tui.library import Library
from tui.model.state import Change, ReadingList, Status
from tui.model.text import sanitize
from tui.ui.bindings import LISTS_TABLE
from tui.ui.glyphs import Glyphs
from tui.ui.screens.base import ListScreen
from tui.ui.screens.export import ask_export, write_again
from tui.ui.widgets.picker import Picker
from tui.ui.widgets.row_list import Row


class ListsScreen(ListScreen[str]):
    """All reading lists; gives back the one to be shown."""

    rows = LISTS_TABLE

    def __init__(self, library: Library, marks: Glyphs, current: str | None = None) -> None:
        """Args are the library, the glyphs, and the current list."""
        super().__init__(library, marks)
        self.current = current
        """The current list, by the name that it has now."""

    def on_mount(self) -> None:
        """Begins on the current list."""
        super().on_mount()
        self.show(self.current)

    def after(self, change: Change | None, keep: str | None = None) -> None:
        """Follows up a change, which may give the current list another name."""
        if change is not None and self.current:
            self.current = lists.renamed_to(change, self.current) or self.current
        super().after(change, keep)

    def heading(self) -> Content:
        """The name of the screen."""
        count = len(self.library.lists())
        return Content.assemble(("Reading lists", "bold"), (f"  {count or 'none yet'}", "$muted"))

    def make_rows(self) -> Iterator[Row]:
        """The lists by name, under each where it went."""
        held = self.library.lists()
        if not held:
            text = "No reading lists yet. a makes one here; L on a paper makes one and adds it."
            yield Row(Content(text))
        width = max((Content(sanitize(each.name, 40)).cell_length for each in held), default=0)
        for each in held:
            yield Row(self._line(each, width), each.name)
            for export in each.exports:
                since = lists.since(self.library, each, export)
                told = f"{since} since" if since else "nothing changed since"
                where = f"{self.marks.arrow} {sanitize(export.path)}  {export.at[:10]}, {told}"
                yield Row(Content.styled(f"    {where}", "$muted"))

    def _line(self, held: ReadingList, width: int) -> Content:
        read = sum(self.library.paper_state(key).status is Status.READ for key in held.keys)
        name = Content.styled(sanitize(held.name, 40), "bold")
        gap = " " * (width - name.cell_length + 2)
        current = self.marks.arrow if held.name == self.current else " "
        counts = f"{read} of {len(held.keys)} read"
        described = (f"  {sanitize(held.description)}", "$muted")
        return Content.assemble((current, "$accent"), " ", name, gap, counts, described)

    @property
    def _held(self) -> ReadingList | None:
        return self.library.reading_list(self.here) if self.here else None

    def action_open(self) -> None:
        """Shows its papers."""
        if self._held:
            self.dismiss(self._held.name)

    async def action_new(self) -> None:
        """Makes a list."""
        await self.ask_change(
            Picker("new list", hint="a name"),
            lambda text: lists.create(self.library, text),
            keep=lambda text: self.library.find_list(text),
        )

    async def action_rename(self) -> None:
        """Gives it another name."""
        if held := self._held:
            await self.ask_change(
                Picker(f"rename {sanitize(held.name, 30)} to", value=held.name),
                lambda text: lists.rename(self.library, held.name, text),
                keep=lambda text: self.library.find_list(text),
            )

    async def action_describe(self) -> None:
        """Says why it exists."""
        if held := self._held:
            await self.ask_change(
                Picker(f"why {sanitize(held.name, 30)} exists", value=held.description),
                lambda text: lists.describe(self.library, held.name, text),
            )

    def action_delete(self) -> None:
        """Deletes it; undo brings it back."""
        if held := self._held:
            with self.reporting():
                self.after(lists.delete(self.library, held.name))

    async def action_export(self) -> None:
        """Writes it again to every place it went to, or asks for the first."""
        held = self._held
        if held is None:
            return
        items = [self.library.item(key) for key in held.keys]
        if not lists.known_exports(held):
            if items:
                await ask_export(self, self.library, held.name, items, then=self.show)
            else:
                self.say(f"“{sanitize(held.name, 40)}” has no papers to export")
            return
        await write_again(self, self.library, held, items, then=self.show)
