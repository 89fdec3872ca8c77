"""The changes that a user makes on a page: asked about, made, shown in its rows, and said."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tui.actions import history
from tui.actions.questions import Answer, Question
from tui.errors import ConfirmationError, PapersError
from tui.model.layout import plural
from tui.model.state import Change
from tui.ui.background import BUSY, Background
from tui.ui.detail import Detail
from tui.ui.key_screen import KeyScreen
from tui.ui.widgets.page_rows import PageRows
from tui.workspace import Workspace

Make = Callable[[], Change | None]
"""Makes a change; gives ``None`` if nothing changed."""


class Changes:
    """Makes changes, updates workspace and rows, and says what was done, or why nothing was."""

    def __init__(
        self,
        screen: KeyScreen[Any],
        workspace: Workspace,
        background: Background,
        rows: PageRows,
        detail: Detail,
        show: Callable[[str | None], None],
    ) -> None:
        """Begins with none.

        Args:
            screen: Asks and says.
            background: Makes the slow ones.
            rows: What is changed.
            detail: The papers of one of them.
            show: Shows the rows again, with the cursor on one by its id; ``None`` to keep it.
        """
        self._screen, self._workspace, self._background = screen, workspace, background
        self._rows, self._detail, self._show = rows, detail, show
        self._library = workspace.library

    def make(
        self,
        make: Make,
        keep: Callable[[], str | None] = lambda: None,
        *,
        is_slow: bool = False,
        revisits: bool = False,
    ) -> None:
        """Makes a change.

        Args:
            keep: Called after it for the id of the row for the cursor; ``None`` to keep that.
            is_slow: Whether to make it in a thread, as it merges the papers again.
            revisits: Whether the main screen goes to its paper, as after an undo.
        """

        def begin() -> Change | None:
            change = make()
            self._library.search.load_words()  # here if papers changed, not on the screen
            return change

        async def work() -> None:
            with self._screen.reporting():
                change = await self._background.thread(self._workspace, begin)
                self._follow(change, keep, revisits=revisits)

        with self._screen.reporting():
            self._workspace.require_write()
            if is_slow:
                self._background.start(self._workspace, work)
                self._screen.bottom.show_message(BUSY, seconds=None)
            else:
                self._follow(make(), keep, revisits=revisits)

    def _follow(
        self, change: Change | None, keep: Callable[[], str | None], *, revisits: bool = False
    ) -> None:
        if change is None:
            self._workspace.note_idle()
        elif revisits:
            self._workspace.revisit([change], lists=True)
        else:
            self._workspace.follow(change)
        in_papers = self._detail.has_focus
        if revisits and change is not None and in_papers:
            self._detail.revisit(change.keys)
        before = {option.id for option in self._rows.options}
        self._show(row := keep())
        new_ids = [option.id for option in self._rows.options if option.id not in before]
        if revisits and row is None and len(new_ids) == 1 and not in_papers:
            self._show(new_ids[0])  # what an undo brought back
        self._screen.say(history.describe(self._library, change), can_be_cut=True)

    async def ask(
        self,
        question: Question,
        change: Callable[[str], Change | None],
        keep: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        """Asks a question, and makes the change for the answer; asks again if that is refused."""

        async def answered(answer: Answer) -> None:
            with self._screen.reporting():
                self._workspace.require_write()
                try:
                    done = change(answer.text)
                except PapersError as error:
                    again = replace(question, value=answer.text, error=str(error))
                    await self._screen.ask(again, answered)
                else:
                    self._follow(done, lambda: keep(answer.text))

        await self._screen.ask(question, answered)

    async def delete(self, what: str, count: int, make: Make) -> None:
        """Deletes something that has papers if the user agrees, and what has none at once.

        Args:
            what: What the question calls it.
            count: Its papers.
            make: Deletes it.
        """

        async def agreed() -> None:
            self.make(make)

        if not count:
            await agreed()
            return
        undo = self._screen.key_for("screen.undo")
        asked = ConfirmationError(
            f"The papers stay in the library; {undo} undoes it",
            question=f"Delete {what} with {plural(count, 'paper')}?",
            yes="Delete it",
            no="Keep it",
            is_expected=True,
        )
        with self._screen.reporting():
            self._workspace.require_write()
            await self._screen.confirm(asked, agreed)

    def undo(self) -> None:
        """Undoes the last change; after a key that changed nothing, first says which one."""
        with self._screen.reporting():
            if notice := self._workspace.undo_notice(self._screen.key_for("screen.undo")):
                self._screen.say(notice, can_be_cut=True)
            else:
                is_slow = history.is_slow(next(self._library.state.undoable(), ()))
                self.make(self._library.undo, is_slow=is_slow, revisits=True)

    def redo(self) -> None:
        """Redoes the last change that was undone."""
        is_slow = history.is_slow(next(self._library.state.redoable(), ()))
        self.make(self._library.redo, is_slow=is_slow, revisits=True)
