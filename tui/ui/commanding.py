"""The command line of the app, and what goes on beside the reader because it takes a while."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final

from textual.timer import Timer
from textual.worker import WorkerError

from tui.errors import PapersError
from tui.model.text import bar, sanitize
from tui.ui.bindings import Key
from tui.ui.command_line import CommandLine, Outcome
from tui.ui.keeping import KeepingScreen
from tui.ui.widgets.picker import Answer, Choice, Picker

PATIENCE: Final = 0.3
"""Seconds that keys wait for a command; one that takes longer goes on beside them."""
TOLD_EVERY: Final = 0.3
"""Seconds between two looks at how far such a one is."""
RECALLED: Final = 5
"""Command lines that are offered again."""


class CommandingScreen(KeepingScreen):
    """Papers that any command of the shell acts on."""

    command_line: CommandLine | None = None
    """The commands of the shell; ``None`` where there is none."""
    _is_busy = False
    """Whether the library is in the hands of another thread."""
    _progress: tuple[str, float] = ("", 0.0)
    """What is worked on and how much of it is done, where that is known."""
    _telling: Timer
    """Tells of it while keys wait."""
    _lines: Sequence[str] = ()
    """What was typed behind ``:``, each once, the last one last."""

    async def _beside(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        """Does something that has the library for itself; keys wait for it a moment only.

        Args:
            what: What goes on, for those who have to wait longer.
            work: Does it, and shows what came of it.
        """

        async def do() -> None:
            self._is_busy, self._progress = True, ("", 0.0)
            try:
                await work()
            finally:
                self._is_busy = False

        waiting = self.run_worker(do()).wait()
        with suppress(TimeoutError, WorkerError):  # an error ends the app, as any other does
            await asyncio.wait_for(asyncio.shield(waiting), PATIENCE)
        if self._is_busy:
            self.bottom.say(f"{what} takes a while; move and read on", stay=True)
            self._telling = self.set_interval(TOLD_EVERY, self._tell_progress)

    def _note_progress(self, name: str, share: float) -> None:
        """Notes how far a command is; it is told on the screen's own time."""
        self._progress = name, share

    def _tell_progress(self) -> None:
        name, share = self._progress
        if not self._is_busy:
            self._telling.stop()
        elif name:
            marks = self._marks
            drawn = bar(share, 20, marks.done, marks.left)
            told = f"{sanitize(name, 24)} {drawn} {share:.0%}; move and read on"
            self.bottom.say(told, stay=True)

    def may(self, bound: Key) -> bool:
        """Whether a binding acts now: while the library is busy, only what moves or leaves."""
        if self._is_busy and bound.group != "Move" and bound.id != "quit":
            self.bottom.say(
                "that waits until the library is free again; move and read on", stay=True
            )
            return False
        return super().may(bound)

    # The command line

    async def action_command(self) -> None:
        """Runs a command of papers-tui on the papers."""
        await self._ask_command()

    async def _ask_command(self, line: str = "", remark: str = "") -> None:
        shell = self.command_line
        if shell is None:
            self.say("there is no command line here")
            return

        def complete(before: str, typed: str) -> list[Choice]:
            found = shell.complete(before, typed, self.library)
            choices = [Choice(word, word, meaning) for word, meaning in found]
            if not before and not typed:  # the last one next to the line, an arrow key away
                choices += [Choice(line, line, "typed before") for line in self._lines[-RECALLED:]]
            return choices

        hint = "a command of papers-tui; % is the paper, or the selection"
        picker = Picker(":", complete, value=line, words=True, hint=hint, remark=remark)
        await self.ask(picker, self._run)

    async def _run(self, answer: Answer) -> None:
        shell, line = self.command_line, answer.text.strip()
        if shell is None or not line:
            return
        if line in ("q", "quit", "q!", "wq", "x"):
            self.app.exit()
            return
        self._lines = [*(old for old in self._lines if old != line), line]
        keys = self._targets()

        async def run() -> None:
            try:
                done = await asyncio.to_thread(
                    shell.run,
                    line,
                    self.library,
                    keys,
                    query=self._query.text,
                    progress=self._note_progress,
                )
            except PapersError as error:
                await self._ask_command(line, str(error))
            else:
                self._show_outcome(line, done)

        await self._beside(f":{line}", run)

    def _show_outcome(self, line: str, done: Outcome) -> None:
        if done.query is not None:
            self.action_go(done.query)
            return
        self.papers.select(())
        self._show()
        lines = done.text.strip().splitlines()
        if len(lines) <= 1:
            self.say(lines[0] if lines else "done", error=done.failed)
            return
        from tui.ui.screens.output import OutputScreen

        screen = OutputScreen.with_keys(self.custom)
        self.app.push_screen(screen(self.library, self._marks, line, done.text))
