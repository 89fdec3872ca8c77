"""The session screen: papers decided, pace, remaining time, and earlier days."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from textual.content import Content
from textual.widgets.option_list import Option

from tui.actions import sessions
from tui.actions.registry import Question
from tui.actions.sessions import Session
from tui.errors import ConfirmationError, PapersError
from tui.model.text import plural, sanitize
from tui.storage.files import write_atomically
from tui.ui import charts
from tui.ui.screens.base import ListScreen, heading
from tui.ui.widgets.picker import Answer

_MAX_WIDTH = 72
"""Columns of the chart of unread papers."""
_MAX_SESSIONS = 30


class StatsScreen(ListScreen[None]):
    """This session and those before it."""

    bindings_of = "session"

    def show(self, keep: str | None = None) -> None:
        """Reads the journal again."""
        self._changes = self.library.state.history()
        self._sessions = sessions.sessions(self._changes)
        super().show(keep)

    def title_line(self) -> Content:
        """The number of papers in the inbox."""
        left = self.library.counts().inbox
        return Content.assemble(("Session", "bold"), (f"  {left:,} left in the inbox", "$muted"))

    def build_rows(self) -> Iterator[Option]:
        """The session, totals, a year of days, unread papers over time, earlier sessions."""
        today = self.library.today()
        days = sessions.by_day(self._sessions)
        for label, text in (*self._this_session(), *_totals(days, today)):
            yield heading(Content.assemble((f"{label:<14}", "$muted"), text))
        if not days:
            return
        ascii_only = self.glyphs.dot.isascii()
        shades = charts.ASCII_SHADES if ascii_only else charts.SHADES
        yield from _part("Papers decided per day", charts.heat_map(days, today, shades), "$accent")
        unread = sessions.unread_by_day(self.library, self._changes)
        if len(unread) > 1:
            width = min(self.app.size.width - 4, _MAX_WIDTH)
            line = charts.line(unread, today, width, ascii_only=ascii_only)
            yield from _part("Unread papers", line)
        last = self._sessions[: -_MAX_SESSIONS - 1 : -1]
        yield from _part(
            "Sessions", [f"{s.start:%Y-%m-%d %H:%M}  {sessions.summary(s)}" for s in last]
        )

    def _this_session(self) -> Iterator[tuple[str, str]]:
        session = sessions.current(self._sessions, self.library.now())
        if session is None:
            yield "This session", "nothing decided yet"
            return
        yield "This session", sessions.summary(session)
        if session.pace:
            minutes = sessions.minutes_left(self.library, session)
            yield "Pace", f"{session.pace:.1f} papers a minute"
            yield (
                "Remaining",
                f"about {plural(minutes or 0, 'minute')} for the inbox, at this pace",
            )

    @property
    def _last(self) -> Session:
        if not self._sessions:
            raise PapersError("Nothing decided yet")
        return self._sessions[-1]

    async def action_export(self) -> None:
        """Exports the last session as Markdown."""
        with self.reporting():
            session = self._last
            name = f"session-{session.start:%Y-%m-%d-%H%M}.md"
            await self._ask_path(str(Path.cwd() / name), sessions.document(self.library, session))

    async def _ask_path(self, path: str, text: str, error: str = "") -> None:
        async def answered(answer: Answer) -> None:
            target = Path(answer.text).expanduser()
            if target.exists():
                await self.confirm(ConfirmationError(f"{target} exists"), lambda: save(target))
            else:
                await save(target)

        async def save(target: Path) -> None:
            try:
                write_atomically(target, text.encode())
            except PapersError as error:
                await self._ask_path(str(target), text, str(error))
            else:
                self.say(f"Exported the session to {sanitize(str(target))}")

        await self.ask(Question("Export session to", value=path, error=error), answered)

    def action_copy(self) -> None:
        """Copies the last session as Markdown."""
        with self.reporting():
            self.copy(sessions.document(self.library, self._last), "session")


def _totals(days: dict[date, int], today: date) -> Iterator[tuple[str, str]]:
    if days:
        week = sum(count for day, count in days.items() if 0 <= (today - day).days < 7)
        yield "Today", plural(days.get(today, 0), "paper")
        yield "Last 7 days", plural(week, "paper")
        yield "Streak", plural(sessions.streak(days, today), "day")


def _part(title: str, lines: list[str], style: str = "") -> Iterator[Option]:
    yield heading("")
    yield heading(title)
    for line in lines:
        yield heading(Content.assemble((line[:4], "$muted" if style else ""), (line[4:], style)))
