"""The command line of the app, opened by ``:``."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tui.actions import command_line
from tui.actions.questions import Choice, Question
from tui.errors import PapersError
from tui.ui.key_screen import KeyScreen
from tui.ui.runner import Runner

ADDS: Final = ("Enter adds this paper, Esc cancels",)
"""The message above the command for a pasted address."""
RECALLED: Final = 5
"""Earlier lines that are offered."""


class CommandPrompt:
    """Asks for command lines, and runs them on the targets."""

    def __init__(self, screen: KeyScreen[None], runner: Runner) -> None:
        self._screen = screen
        self._runner = runner
        self._lines: list[str] = []
        """Earlier lines, once each, latest last."""

    async def action_command(
        self, line: str = "", error: str = "", *, lines: Sequence[str] = ()
    ) -> None:
        """Asks for a command line, with some lines said above it."""
        workspace = self._runner.workspace
        assert workspace is not None

        def complete(before: str, typed: str) -> list[Choice]:
            choices = command_line.complete(before, typed, workspace.library, self._runner.where)
            if not before and not typed:  # the latest next to the line
                choices += [Choice(old, old, "recent") for old in self._lines[-RECALLED:]]
            return choices

        hint = "a papers-tui command; % is the paper or the selection"
        question = Question(
            ":", complete, value=line, words=True, hint=hint, error=error, lines=lines
        )
        await self._screen.ask(question, lambda answer: self._run(answer.text.strip()))

    async def _run(self, line: str) -> None:
        """Runs a line; if it fails, asks again with the line to be corrected."""
        if not line:
            return
        await self._screen.come_to_front()
        self._lines = [*(old for old in self._lines if old != line), line]

        async def failed(error: PapersError) -> None:
            await self.action_command(line, str(error))

        runner = self._runner
        try:
            action, options = runner.parse(line)
            if action.name == "quit":  # from the zoom, too
                self._screen.app.exit()
                return
            if action.screen_action or action.missing(options, runner.where):
                await runner.run(action, options)
                return
        except PapersError as error:
            await failed(error)
            return
        if runner.may_run(action):
            # A typed command is not a step of triage: the cursor stays.
            staying = replace(action, is_slow=True, advances=False)
            await runner.perform(staying, options, failed, f":{line}")
