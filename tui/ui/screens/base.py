"""What the screens beside the papers share: a heading, rows to move through, the keys below."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui.actions import triage
from tui.library import Library
from tui.model.state import Change
from tui.ui.glyphs import Glyphs
from tui.ui.key_screen import KeyScreen
from tui.ui.widgets.bars import BottomBar
from tui.ui.widgets.picker import Answer, Picker
from tui.ui.widgets.row_list import Row, Rows

T = TypeVar("T")


class ListScreen(KeyScreen[T | None]):
    """Rows made from a library; what is chosen is given back, or nothing."""

    def __init__(self, library: Library, marks: Glyphs) -> None:
        """Args are the library and the glyphs."""
        super().__init__()
        self.library = library
        self.marks = marks

    def compose(self) -> ComposeResult:
        """The heading, the rows, the keys."""
        yield Static(id="head", markup=False)
        yield Rows(id="rows")
        yield BottomBar(id="bottom")

    def on_mount(self) -> None:
        """Shows what there is."""
        self.list_rows.focus()
        self.bottom.show([(key, key.label) for key in self.table if key.footer and key.keys])
        self.show()

    @property
    def list_rows(self) -> Rows:
        """The rows."""
        return self.query_one(Rows)

    @property
    def here(self) -> str:
        """What is under the cursor; empty if there is nothing."""
        return self.list_rows.here

    def heading(self) -> Content:
        """What the screen shows."""
        raise NotImplementedError

    def make_rows(self) -> Iterable[Row]:
        """The rows as the library is now."""
        raise NotImplementedError

    def show(self, keep: str | None = None) -> None:
        """Makes heading and rows anew; the cursor stays on what it is on, or on ``keep``."""
        self.query_one("#head", Static).update(self.heading())
        self.list_rows.show(self.make_rows(), keep=keep)

    def after(self, change: Change | None, keep: str | None = None) -> None:
        """Follows up a change, and says what it did."""
        self.show(keep)
        self.say(triage.tell(self.library, change))

    async def ask_change(
        self,
        picker: Picker,
        change: Callable[[str], Change | None],
        keep: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        """Asks something and makes the change that was answered."""

        def act(answer: Answer) -> None:
            with self.reporting():
                self.after(change(answer.text), keep(answer.text))

        await self.ask(picker, act)

    # Moving

    def action_move(self, by: int) -> None:
        """A row down or up."""
        self.list_rows.move(by)

    def action_edge(self, which: int) -> None:
        """To the first or last row."""
        self.list_rows.move(which * len(self.list_rows.rows))

    def action_half(self, by: int) -> None:
        """Half a page."""
        self.list_rows.move(by * max(1, self.list_rows.page // 2))

    def action_page(self, by: int) -> None:
        """A page."""
        self.list_rows.move(by * self.list_rows.page)

    @on(Rows.Opened)
    async def _open_row(self) -> None:
        await self.run_action("open")

    # Changes

    def action_undo(self) -> None:
        """Takes the last change back."""
        with self.reporting():
            self.after(self.library.undo())

    def action_redo(self) -> None:
        """Does again what was taken back."""
        with self.reporting():
            self.after(self.library.redo())

    def action_back(self) -> None:
        """Back to the papers."""
        self.dismiss(None)
