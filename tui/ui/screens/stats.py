"""The screen of the session: what was done, how fast, what is left, and the days before."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from tui.actions import history
from tui.actions.history import Session
from tui.errors import PapersError
from tui.library import Library
from tui.model.text import plural, sanitize
from tui.storage.files import write_atomically
from tui.ui import charts
from tui.ui.bindings import SESSION_TABLE
from tui.ui.glyphs import Glyphs
from tui.ui.screens.base import ListScreen
from tui.ui.widgets.picker import Answer, Choice, Picker
from tui.ui.widgets.row_list import Row

if TYPE_CHECKING:
    from tui.model.state import Change

_WIDTH = 72
"""Columns of what is plotted, at most."""


class SessionScreen(ListScreen[None]):
    """This sitting and those before it."""

    rows = SESSION_TABLE

    def __init__(self, library: Library, marks: Glyphs) -> None:
        """Args are the library and the glyphs."""
        super().__init__(library, marks)
        self._changes: list[Change] = []
        self._sessions: list[Session] = []

    def show(self, keep: str | None = None) -> None:
        """Reads the journal anew."""
        self._changes = self.library.history()
        self._sessions = history.sessions(self._changes)
        super().show(keep)

    def heading(self) -> Content:
        """The name of the screen."""
        unread = self.library.counts().unread
        return Content.assemble(("Session", "bold"), (f"  {unread:,} unread left", "$muted"))

    def make_rows(self) -> Iterator[Row]:
        """What was done, the pace, a year of days, unread papers over time."""
        now = history.current(self._sessions, self.library.now())
        today = self.library.now().date()
        days = history.by_day(self._sessions)
        for label, text in (*self._sitting(now), *_days(days, today)):
            yield Row(Content.assemble((f"{label:<14}", "$muted"), text))
        if not days:
            return
        ascii_only = self.marks.dot.isascii()
        shades = charts.ASCII_SHADES if ascii_only else charts.SHADES
        yield from _under("Papers decided a day", charts.heat_map(days, today, shades), "$accent")
        left = history.unread_by_day(self.library, self._changes)
        if len(left) > 1:
            width = min(self.app.size.width - 4, _WIDTH)
            yield from _under(
                "Unread papers", charts.line(left, today, width, ascii_only=ascii_only)
            )
        told = [f"{s.start:%Y-%m-%d %H:%M}  {history.summary(s)}" for s in reversed(self._sessions)]
        yield from _under("Sessions", told[:30])

    def _sitting(self, now: Session | None) -> Iterator[tuple[str, str]]:
        if now is None:
            yield "This session", "nothing decided yet"
            return
        yield "This session", history.summary(now)
        if now.pace:
            left = history.minutes_left(self.library, now)
            yield "Pace", f"{now.pace:.1f} papers a minute"
            yield "To go", f"about {plural(left or 0, 'minute')} for what is unread, at this pace"

    @property
    def _last(self) -> Session:
        if not self._sessions:
            raise PapersError("nothing was decided yet")
        return self._sessions[-1]

    async def action_export(self) -> None:
        """Writes the last session as Markdown."""
        with self.reporting():
            session = self._last
            text = history.document(self.library, session)
            name = f"session-{session.start:%Y-%m-%d-%H%M}.md"
            await self._ask_where(str(Path.cwd() / name), text)

    async def _ask_where(self, path: str, text: str, remark: str = "") -> None:
        async def write(answer: Answer, sure: bool = False) -> None:
            target = Path(answer.text).expanduser()
            if target.exists() and not sure:
                choices = [Choice("no", "leave it"), Choice("yes", "replace it")]
                question = Picker("replace it?", choices, remark=f"{target}: it exists")
                await self.ask(question, lambda a: write(answer, True) if a.text == "yes" else None)
                return
            try:
                write_atomically(target, text.encode())
            except PapersError as error:
                await self._ask_where(answer.text, text, str(error))
            else:
                self.say(f"session written to {sanitize(str(target))}")

        await self.ask(Picker("write the session to", value=path, remark=remark), write)

    def action_copy(self) -> None:
        """Copies the last session as Markdown."""
        with self.reporting():
            copy: Callable[[str, str], None] = self.app.copy  # type: ignore[attr-defined]
            copy(history.document(self.library, self._last), "session")


def _days(days: dict[date, int], today: date) -> Iterator[tuple[str, str]]:
    if not days:
        return
    week = sum(count for day, count in days.items() if 0 <= (today - day).days < 7)
    yield "Today", plural(days.get(today, 0), "paper")
    yield "Seven days", plural(week, "paper")
    yield "Streak", plural(history.streak(days, today), "day")


def _under(heading: str, lines: list[str], style: str = "") -> Iterator[Row]:
    yield Row(Content(""))
    yield Row(Content.styled(heading, "bold"))
    for line in lines:
        yield Row(Content.assemble((line[:4], "$muted" if style else ""), (line[4:], style)))
