"""Papers and other programs: open, copy, pipe, edit; and pasted pages."""

import asyncio
from collections.abc import Sequence
from typing import Final

from tui.actions import join, links
from tui.actions.add import key_of_close_title, key_of_title, title_in
from tui.actions.context import Outcome
from tui.actions.questions import Answer, Choice, Question, as_lines
from tui.actions.registry import actions as all_actions
from tui.actions.triage import note_of
from tui.errors import InputError, PapersError
from tui.exchange.export_files import text_of
from tui.model.layout import plural
from tui.model.state import Item
from tui.model.text import sanitize
from tui.ui.background import RESUME_SECONDS
from tui.ui.key_screen import KeyScreen
from tui.ui.runner import Runner
from tui.workspace import Workspace

NOT_HERE: Final = ("Not in the library: Enter adds this paper, Esc cancels",)
"""The message above a pasted title."""
CLOSE: Final = ("The cursor is on a close title: Enter adds this one too, Esc stays there",)
"""The message above a pasted title that differs from that of a paper in the sub-title."""


class PaperTools:
    """The actions of a screen that use other programs."""

    def __init__(self, screen: KeyScreen[None], runner: Runner) -> None:
        self._screen = screen
        self._runner = runner

    @property
    def _workspace(self) -> Workspace:
        assert self._runner.workspace is not None
        return self._runner.workspace

    @property
    def _items(self) -> list[Item]:
        return [self._workspace.library.item(key) for key in self._runner.targets]

    async def action_open_link(
        self,
        key: str | None = None,
        mark_read: bool = False,
        choose: bool = False,
        **wanted: bool,
    ) -> None:
        """Opens the page of a paper, or asks which address; optionally marks the targets read.

        Raises:
            PapersError: If no paper has that key, or what is wanted is not known.
        """
        workspace, library = self._workspace, self._workspace.library
        key = workspace.listing.key_here if key is None else library.resolve(key)
        if key is None:
            return
        item = library.item(key)
        page = None if choose else links.page_of(item, **wanted)
        if page is not None:
            self._screen.browse(page)
        else:
            choices = [Choice(url, url, what) for url, what in links.pages(item).items()]

            def chosen(answer: Answer) -> None:
                self._screen.browse(answer.text)

            await self._screen.ask(Question("Open", choices), chosen)
        if mark_read:
            await self._runner.run_line("mark read")

    def _text_of(self, format: str, items: Sequence[Item]) -> str:
        workspace = self._workspace
        return text_of(workspace.library, workspace.settings, format, items)

    def action_copy(self, what: str) -> None:
        """Copies the targets in a format."""
        items = self._items
        if items:
            name = {"bibtex": "BibTeX", "markdown": "Markdown"}.get(what, what)
            if len(items) > 1:
                name += f" of {len(items)} papers"
            with self._screen.reporting():
                text = self._text_of(what, items)
                self._screen.copy(text.rstrip("\n"), name)

    async def action_pipe(self) -> None:
        """Pipes the targets to a shell command, in a format."""
        from tui.formats import exporters  # here, as a start uses no other program
        from tui.ui import external

        items = self._items
        formats = {f"as {exporters.named(each).LABEL}": each for each in exporters.names()}
        papers = plural(len(items), "paper")

        def pipe(answer: Answer) -> None:
            if answer.text.strip():
                with self._screen.reporting():
                    text = self._text_of(formats[answer.option], items)
                    code = external.pipe(self._screen.app, answer.text, text)
                    done = f"Piped {papers} to {answer.text}"
                    message = f"Failed with exit code {code}" if code else done
                    self._screen.say(message, error=bool(code))

        if items:
            await self._screen.ask(Question(f"Pipe {papers} to", options=list(formats)), pipe)

    async def action_diff(self, keys: Sequence[str] = ()) -> None:
        """Shows two papers word by word.

        Raises:
            PapersError: If there are no two papers to compare.
        """
        from tui.ui.screens.diff import DiffScreen

        screen, workspace = self._screen, self._workspace
        compared = join.comparison(workspace.context(), keys)
        await screen.app.push_screen(DiffScreen(screen.keys, screen.glyphs, workspace, compared))

    def action_editor(self, text: str | None = None) -> Outcome | None:
        """Edits the note of the targets in the user's editor.

        Args:
            text: The text typed so far; ``None`` for the present note.

        Raises:
            PapersError: If there is no editor, or it failed.
        """
        from tui.ui import external

        workspace = self._workspace
        if not workspace.listing.targets:
            return None
        before = note_of(workspace.library, workspace.listing.targets)
        typed = before if text is None else as_lines(text, before)
        edited = external.edit(self._screen.app, typed)
        if edited == before:
            return None
        return workspace.perform(all_actions()["annotate"], {"text": edited})

    async def offer_import(self, text: str) -> None:
        """Asks whether to import a pasted page, with what it would bring.

        It does so once the library is free, as after the import of another one.
        """
        if self._runner.is_busy:
            self._screen.run_worker(self._offer_later(text))
            return

        async def failed(error: PapersError) -> None:
            if isinstance(error, InputError) and (title := title_in(text)):
                await self._offer_title(title)
            else:
                self._screen.say_error(error)

        action = all_actions()["import-text"]
        await self._runner.perform(action, {"text": text}, failed, "the import")

    async def _offer_title(self, title: str) -> None:
        """Goes to the paper with a title, or asks whether to add it, at one with a close title."""
        library = self._workspace.library
        if key := key_of_title(library, title):
            await self._go_to(key)
            self._screen.say(f"Already here: {sanitize(title)}", can_be_cut=True)
        elif key := key_of_close_title(library, title):
            await self._go_to(key)
            await self._runner.ask("add", title, CLOSE)
        else:
            await self._runner.ask("add", title, NOT_HERE)

    async def _go_to(self, key: str) -> None:
        """Goes to a paper on the main screen, whether it is listed or not."""
        workspace = self._workspace
        await self._screen.come_to_front()
        if (row := workspace.listing.results.place(key)) is not None:
            workspace.listing.move_to(row)
        else:
            workspace.listing.show(f"id:{key}", keep=key)

    async def _offer_later(self, text: str) -> None:
        while self._runner.is_busy:
            await asyncio.sleep(RESUME_SECONDS)
        await self.offer_import(text)
