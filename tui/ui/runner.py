"""Runs actions for a screen: asks for arguments, runs slow ones in a thread, shows outcomes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from textual.worker import Worker, WorkerError

from tui.actions import command_line
from tui.actions.context import MANY, NO_PAPER, Outcome
from tui.actions.questions import Answer, Question
from tui.actions.registry import Action, Argument, Command, Where, actions, app_front_end
from tui.actions.requests import Job
from tui.errors import ConfirmationError, PapersError
from tui.model.layout import plural
from tui.ui.background import BUSY, TIMEOUT, Background
from tui.ui.key_screen import KeyScreen

if TYPE_CHECKING:
    from tui.workspace import Workspace

REFRESH_SECONDS: Final = 1.0
"""Seconds between checks for changes by others; files are read only if they changed."""
_MARGIN: Final = 4
"""Columns of a screen that its rows leave free, among them the scroll bar."""

Failed = Callable[[PapersError], Awaitable[None]]
"""Called with an error."""


@lru_cache(maxsize=256)
def _parse_once(line: str, where: Where) -> Command:
    """Parses a line without ``%``. Cost: half a millisecond, the first time."""
    return command_line.parse(line, where)


class Runner:
    """The actions of one screen."""

    def __init__(self, screen: KeyScreen[None]) -> None:
        """Runs only ``quit`` and ``help`` until there is a workspace."""
        self.workspace: Workspace | None = None
        self.where = app_front_end()
        """The front end whose commands are run."""
        self._screen = screen
        self._background = Background(screen)
        self.handlers: Mapping[str, Callable[..., object]] = {}
        """The functions of the screen actions, by name."""
        self._job: Worker[None] | None = None
        """The last slow job of a shell."""

    def attach(self, workspace: "Workspace") -> None:
        """Runs actions there, and looks once a second for what others changed, and shells ask."""
        self.workspace = workspace
        self._timer = self._screen.set_interval(REFRESH_SECONDS, self.refresh)

    @property
    def is_busy(self) -> bool:
        """Whether another thread is using the library."""
        return self.workspace is not None and self.workspace.is_busy

    @property
    def targets(self) -> Sequence[str]:
        """The papers that an action applies to."""
        return self.workspace.listing.targets if self.workspace else ()

    async def run_line(self, line: str, count: int | None = None) -> None:
        """Runs the command line of a key, on ``count`` papers from the cursor on if given."""
        with self._screen.reporting():
            parse, workspace = partial(self.parse, line), self.workspace
            await self.run(*(workspace.parsed(parse, count or 1) if workspace else parse()))

    def parse(self, line: str) -> Command:
        """The action and the options of a command line; see ``command_line.parse``."""
        if "%" in line:
            return command_line.parse(line, self.where, self.targets)
        return _parse_once(line, self.where)

    async def run(self, action: Action, options: Mapping[str, Any]) -> None:
        """Runs an action: its screen action if it has one, else in the workspace."""
        if self.is_busy and self._job is not None:  # which the user did not start
            with suppress(TimeoutError, WorkerError):
                await asyncio.wait_for(asyncio.shield(self._job.wait()), TIMEOUT)
        if not self.may_run(action):
            return
        if self.workspace is not None and action.lacks_paper(options, self.targets):
            if action.acts_on_papers:
                self.workspace.note_idle()
            self._screen.say(f"{NO_PAPER}; see above for what to do next")
            return
        if action.screen_action:
            outcome = self.handlers[action.screen_action](**options)
            if isinstance(outcome, Awaitable):
                outcome = await outcome
            if isinstance(outcome, Outcome):
                self.show(outcome)
            return
        if missing := self._missing(action, options):
            await self._ask(action, options, *missing)
        else:
            await self.perform(action, options, self._fail)

    def _missing(
        self, action: Action, options: Mapping[str, Any]
    ) -> tuple[Argument, Question] | None:
        """The argument that the user is to be asked for, and the question; ``None`` for none."""
        argument = action.missing(options, self.where)
        if argument is None or argument.question is None or self.workspace is None:
            return None
        question = argument.question(self.workspace.context())
        return (argument, question) if question else None

    def may_run(self, action: Action) -> bool:
        """Whether an action may run now; while the library is busy, only to move or quit."""
        if action.name in ("quit", "help"):
            return True
        if self.is_busy and not action.moves:
            self._screen.bottom.show_message(BUSY, seconds=None)
            return False
        return self.workspace is not None

    def refresh(self) -> None:
        """Loads what another instance or machine has written, and does what shells ask."""
        if self.workspace is None or self.is_busy:
            return
        with self._screen.reporting():
            try:
                updates = self.workspace.refresh()
            except PapersError:
                self._timer.stop()  # show the error once
                raise
            if updates:
                self._reload()
                self._screen.say(f"{plural(len(updates.keys), 'paper')} changed elsewhere")
            while not self.is_busy and (job := self.workspace.next_job()):
                self._serve(job)

    def _reload(self) -> None:
        """Has the screens over this one show what is new; this one follows the workspace."""
        for screen in self._screen.app.screen_stack:
            if isinstance(screen, KeyScreen):
                screen.reload()

    def _serve(self, job: Job) -> None:
        """Does what a shell asks; if that is slow, beside the screen."""
        workspace = self.workspace
        assert workspace is not None

        def show(outcome: Outcome | None) -> None:
            if outcome is not None:
                message = workspace.show_job(outcome)
                self._reload()
                self._screen.say(message)

        def run() -> Outcome | None:
            outcome = job.run(partial(self._background.released, workspace))
            workspace.library.search.load_words()
            return outcome

        async def work() -> None:
            show(await self._background.thread(workspace, run))

        if job.is_slow:
            self._job = self._background.start(workspace, work)
        else:
            show(job.run())

    async def _fail(self, error: PapersError) -> None:
        self._screen.say_error(error)

    async def ask(self, name: str, text: str, lines: Sequence[str]) -> None:
        """Asks for what an action lacks, with a text that is to be confirmed.

        Args:
            name: The action.
            text: What stands in the line.
            lines: What is said above it.
        """
        action = actions()[name]
        if missing := self._missing(action, {}):
            argument, question = missing
            asked = replace(question, value=text, lines=lines, is_sudden=True)
            await self._ask(action, {}, argument, asked)

    async def _ask(
        self, action: Action, options: Mapping[str, Any], argument: Argument, question: Question
    ) -> None:
        """Asks for an argument, performs the action, and asks again if that fails."""

        async def answered(answer: Answer) -> None:
            values = {**options, argument.name: argument.answer(answer.text)}
            if argument.option:
                values[argument.option] = answer.option

            async def failed(error: PapersError) -> None:
                await self._screen.ask(
                    replace(question, value=answer.text, error=str(error)), answered
                )

            if answer.key == "enter":
                await self._screen.come_to_front()
                await self.perform(action, values, failed)
            elif answer.key == "tab":
                await self.run_line(question.other)
            else:  # Ctrl+x: open the editor; without one, ask again with what was typed
                try:
                    await self.run(actions()["editor"], {"text": answer.text})
                except PapersError as error:
                    await failed(error)

        await self._screen.ask(question, answered)

    async def perform(
        self, action: Action, options: Mapping[str, Any], failed: Failed, line: str = ""
    ) -> None:
        """Performs an action; a slow one does not block the screen. ``line`` is what was typed."""
        workspace = self.workspace
        assert workspace is not None

        def begin() -> Outcome:
            background = self._background
            released = partial(background.released, workspace)
            outcome = workspace.begin(action, options, background.report, released)
            if is_slow:  # papers may have changed; else they are loaded in a thread of their own
                workspace.library.search.load_words()
            return outcome

        is_slow = action.is_slow
        if callable(is_slow):
            is_slow = is_slow(workspace.context(), options)
        is_slow = is_slow or (action.acts_on_papers and len(self.targets) > MANY)

        async def work() -> None:
            try:
                outcome = await self._background.thread(workspace, begin) if is_slow else begin()
                self.show(workspace.finish(action, options, outcome), line or action.title)
            except ConfirmationError as error:
                confirmed = {**options, error.argument: True}

                async def go_on() -> None:
                    await self._screen.come_to_front()
                    await self.perform(action, confirmed, failed, line)

                await self._screen.confirm(
                    error,
                    go_on,
                    lambda: failed(PapersError("Left unchanged")),
                    is_sudden=is_slow,
                )
            except PapersError as error:
                await failed(error)

        if is_slow:
            await self._background.run(workspace, line or action.name, work)
        else:
            await work()

    def show(self, outcome: Outcome, line: str = "") -> None:
        """Shows an outcome."""
        if outcome.download is not None:
            self._screen.deliver(outcome.download)
        width = self._screen.size.width - _MARGIN
        text = command_line.render(outcome, width, self.where).strip("\n")
        if "\n" in text:
            from tui.ui.screens.output import OutputScreen

            assert self.workspace is not None
            screen = self._screen
            screen.app.push_screen(
                OutputScreen(screen.keys, screen.glyphs, self.workspace, line, text)
            )
        elif text.strip():
            ends_in_title = bool(outcome.change or outcome.steps) and not outcome.notes
            is_error = bool(outcome.exit_code)
            self._screen.say(
                text.strip(), *outcome.shorter, error=is_error, can_be_cut=ends_in_title
            )
