"""The session screen: papers decided, pace, remaining time, and earlier days."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice, zip_longest
from pathlib import Path
from textwrap import wrap
from typing import Final

from rich.cells import cell_len
from textual import work
from textual.content import Content
from textual.widgets.option_list import Option

from tui.actions import sessions
from tui.actions.context import Download
from tui.actions.questions import Answer, Question
from tui.actions.registry import Need, Where, app_front_end
from tui.actions.sessions import Session, Totals
from tui.actions.verdicts import Verdict
from tui.actions.write import ask_path
from tui.errors import ConfirmationError, PapersError, UsageError
from tui.exchange.export_paths import target_of, typed_path
from tui.files import is_there, write_atomically
from tui.model.describe import authors, day
from tui.model.layout import plural
from tui.model.state import Item
from tui.model.text import sanitize
from tui.ui import charts
from tui.ui.background import TIMEOUT
from tui.ui.glyphs import LISTED
from tui.ui.screens.base import ListScreen, heading

_WIDE: Final = 118
"""The least columns with charts and sessions side by side."""
_CALENDAR: Final = 57
"""Columns of the chart of days."""
_CHART: Final = 72
"""The most columns of the chart of unread papers, where it stands alone."""
_GAP: Final = 3
_MAX_SESSIONS: Final = 30
_MAX_LISTED: Final = 50
"""Papers that are listed under a heading; the export of a session has all of it."""
_COLUMNS: Final = ("all", *Verdict)
"""The numbers of a session."""
_AUTHORS: Final = 22
"""The most columns of an author."""
_DAY: Final = 10
_WORD: Final = len("dismissed  ")
_START: Final = "%Y-%m-%d %H:%M"
_SHORT_START: Final = "%m-%d %H:%M"


class SessionScreen(ListScreen):
    """This session and those before it."""

    bindings_of = "session"

    _sessions: Sequence[Totals] = ()
    _last: Session | None = None

    def show(self, keep: str | None = None) -> None:
        """Reads the journal again, and shows the rows when that is done."""
        with self.reporting():
            self._last = sessions.last(self.library)
            self._read(keep)

    @work(exclusive=True, group="journal")
    async def _read(self, keep: str | None) -> None:
        """Reads in a thread, as years of a journal take seconds the first time."""
        with self.reporting():
            reading = asyncio.create_task(asyncio.to_thread(sessions.all_totals, self.library))
            is_slow = bool((await asyncio.wait([reading], timeout=TIMEOUT))[1])
            if is_slow and self.has_widgets:
                self.bottom.show_message("Reading the journal", seconds=None)
            self._sessions = await reading
            if is_slow and self.has_widgets:
                self.bottom.clear_message()
            super().show(keep)

    def has(self, need: Need) -> bool:
        """Whether something was decided, among others."""
        return self._last is not None if need is Need.DECISION else super().has(need)

    def title_line(self) -> Content:
        """The number of papers in the inbox, and its key, as ``gi`` may be taken for that."""
        left, key = self.library.counts().inbox, self.workspace.key_for("view.inbox")
        hint = f"  {left:,} left in the inbox; {key} shows it"
        return Content.assemble(("Session", "bold"), (hint, "$muted"))

    def build_rows(self) -> Iterator[Option]:
        """Numbers, a year of days, unread papers over time, earlier sessions.

        On a wide screen the numbers are a strip, and the sessions a table beside the charts.
        """
        days, width = sessions.by_day(self._sessions), self.row_width
        draw = self._side_by_side if days and width >= _WIDE else self._stacked
        return map(heading, draw(days, self.library.today(), width))

    def _stacked(self, days: dict[date, int], today: date, width: int) -> Iterator[Content]:
        for label, text in (*self._this_session(), *_totals(days, today)):
            yield from _labelled(label, text, 14, width)
        if not days:
            return
        yield from self._charts(days, today, min(width - 2, _CHART))
        yield from _part("Sessions", [])
        for each in self._last_sessions:
            yield from _labelled(f"{each.started:{_START}}", sessions.summary(each), 18, width)

    def _side_by_side(self, days: dict[date, int], today: date, width: int) -> Iterator[Content]:
        yield from _strip([*self._numbers(), *_day_numbers(days, today)])
        left = list(self._charts(days, today, max(_CALENDAR, width // 2 - _GAP)))
        room = max(line.cell_length for line in left) + _GAP
        for line, row in zip_longest(left, _table(self._last_sessions), fillvalue=Content()):
            yield Content.assemble(line, " " * (room - line.cell_length), row)
        yield from self._decided(width)

    def _decided(self, width: int) -> Iterator[Content]:
        """The papers of this session, latest first, then the others that are kept to be read."""
        session = sessions.current(self._last, self.library.now())
        verdicts = session.verdicts if session else {}
        newest = islice(reversed(verdicts.items()), _MAX_LISTED)
        decided = [(self.library.item(k), str(v)) for k, v in newest if k in self.library]
        yield from _papers("Decided in this session", decided, width)
        others = (item for item in self.papers("is:kept") if item.key not in verdicts)
        kept = [(item, str(item.state.status)) for item in islice(others, _MAX_LISTED)]
        yield from _papers("Kept before, still to read", kept, width)

    def _charts(self, days: dict[date, int], today: date, width: int) -> Iterator[Content]:
        ascii_only = self.glyphs.dot.isascii()
        shades = charts.ASCII_SHADES if ascii_only else charts.SHADES
        yield from _part("Papers decided per day", charts.heat_map(days, today, shades), "$accent")
        unread = sessions.unread_by_day(self.library, self._sessions)
        if len(unread) > 1:
            line = charts.line(unread, today, width, ascii_only=ascii_only)
            yield from _part("Unread papers", line)

    @property
    def _last_sessions(self) -> Sequence[Totals]:
        """The last sessions in which something was decided, newest first."""
        return list(islice((s for s in reversed(self._sessions) if s.decided), _MAX_SESSIONS))

    def _numbers(self) -> Iterator[tuple[str, str]]:
        """The numbers of this session, each with its label."""
        session = sessions.current(self._last, self.library.now())
        yield (f"{len(session.verdicts):,}" if session else "0", "this session")
        if session:
            counts = session.totals.counts.items()
            yield from ((f"{count:,}", str(verdict)) for verdict, count in counts if count)
            if session.pace:
                yield f"{session.pace:.1f}", "a minute"
            if minutes := sessions.minutes_left(self.library, session):
                yield f"{minutes:,}", "minute left" if minutes == 1 else "minutes left"

    def _this_session(self) -> Iterator[tuple[str, str]]:
        session = sessions.current(self._last, self.library.now())
        if session is None:
            keys = map(self.workspace.key_for, ("mark.read", "mark.dismissed", "list.add"))
            yield "This session", "nothing decided yet: {}, {} or {} on a paper".format(*keys)
            return
        yield "This session", sessions.summary(session.totals)
        if session.pace:
            yield "Pace", f"{session.pace:.1f} papers a minute, decided one by one"
        if minutes := sessions.minutes_left(self.library, session):
            yield "Remaining", f"about {plural(minutes, 'minute')} for the inbox, at this pace"

    def _require_last(self) -> Session:
        if self._last is None:
            raise PapersError("Nothing decided yet")
        return self._last

    async def action_export(self) -> None:
        """Exports the last session as Markdown."""
        with self.reporting():
            session = self._require_last()
            name = f"{_name_of(session)}.md"
            text = sessions.document(self.library, session)
            if app_front_end() is Where.BROWSER:
                self.deliver(Download(name, text.encode()))
            else:
                await self._ask_path(ask_path("Export session to", name), text)

    async def _ask_path(self, question: Question, text: str) -> None:
        """Writes a text to the file that the user names; asks again if that fails."""

        async def answered(answer: Answer) -> None:
            async def failed(error: PapersError) -> None:
                await self._ask_path(replace(question, value=answer.text, error=str(error)), text)

            async def save() -> None:
                try:
                    write_atomically(target, text.encode(), private=False)
                except PapersError as error:
                    await failed(error)
                else:
                    self.say(f"Exported the session to {sanitize(str(target))}")

            try:
                target = _markdown_file(answer.text, self._require_last())
            except PapersError as error:
                await failed(error)
                return
            if is_there(target):
                await self.confirm(ConfirmationError(f"File exists: {target}"), save)
            else:
                await save()

        await self.ask(question, answered)

    def action_copy(self) -> None:
        """Copies the last session as Markdown."""
        with self.reporting():
            self.copy(sessions.document(self.library, self._require_last()), "session")


def _markdown_file(path: str, session: Session) -> Path:
    """The file that a user named for a session; in a folder, one named after its start.

    Raises:
        PapersError: If it cannot be written, or its extension is that of another format.
    """
    target, format = target_of(typed_path(path), _name_of(session))
    if format != "markdown":
        raise UsageError(
            f"A session is Markdown: {sanitize(target.name, 80)}",
            f"Name the file {sanitize(target.stem, 80)}.md.",
        )
    return target


def _name_of(session: Session) -> str:
    return f"session-{session.start:%Y-%m-%d-%H%M}"


def _totals(days: dict[date, int], today: date) -> Iterator[tuple[str, str]]:
    if days:
        yield "Today", plural(days.get(today, 0), "paper")
        yield "Last 7 days", plural(_week(days, today), "paper")
        yield "Streak", plural(sessions.streak(days, today), "day")


def _day_numbers(days: dict[date, int], today: date) -> Iterator[tuple[str, str]]:
    yield f"{days.get(today, 0):,}", "today"
    yield f"{_week(days, today):,}", "last 7 days"
    streak = sessions.streak(days, today)
    yield f"{streak:,}", "day in a row" if streak == 1 else "days in a row"


def _week(days: dict[date, int], today: date) -> int:
    return sum(count for day, count in days.items() if 0 <= (today - day).days < 7)


def _strip(numbers: Iterable[tuple[str, str]]) -> Iterator[Content]:
    """Numbers above their labels."""
    cells = [(number, label, max(len(number), len(label)) + 2) for number, label in numbers]
    yield Content.styled("".join(f"{number:<{width}}" for number, _, width in cells), "bold")
    yield Content.styled("".join(f"{label:<{width}}" for _, label, width in cells), "$muted")


def _labelled(label: str, text: str, indent: int, width: int) -> Iterator[Content]:
    """A text after its label, in as many lines as it needs."""
    for number, line in enumerate(wrap(text, max(width - indent, 20))):
        yield Content.assemble((f"{'' if number else label:<{indent}}", "$muted"), line)


def _table(rows: Iterable[Totals]) -> Iterator[Content]:
    """A row for each session: its start, and the papers decided, by verdict."""
    yield from _part("Sessions", [])
    yield Content.styled(" " * 11 + "".join(f"  {name}" for name in _COLUMNS), "$muted")
    for each in rows:
        counts = (each.decided, *each.counts.values())
        cells = (
            f"  {count:>{len(name)},}" if count else " " * (2 + len(name))
            for count, name in zip(counts, _COLUMNS, strict=True)
        )
        yield Content(f"{each.started:{_SHORT_START}}" + "".join(cells))


def _papers(title: str, papers: Sequence[tuple[Item, str]], width: int) -> Iterator[Content]:
    """Papers, each after a word about it, with their facts behind the longest."""
    if not papers:
        return
    yield from _part(title, [])
    first = [sanitize(authors(item.paper), _AUTHORS) for item, _ in papers]
    most = max(map(cell_len, first))
    room = width - _WORD - most - _DAY - 4
    titled = [_titled(item, room) for item, _ in papers]
    widest = max(each.cell_length for each in titled)
    for (item, word), begin, author in zip(papers, titled, first, strict=True):
        gap = " " * (widest - begin.cell_length + most - cell_len(author) + 2)
        facts = f"{gap}{author}  {day(item.paper):>{_DAY}}"
        yield Content.assemble((f"{word:<{_WORD}}", "$muted"), begin, (facts, "$muted"))


def _titled(item: Item, width: int) -> Content:
    """A title, cut to leave room for the lists of its paper."""
    names = sanitize(", ".join(item.state.lists), width // 3)
    lists = Content.styled(f"  in {names}", LISTED) if names else Content()
    title = Content(sanitize(item.paper.display_title, 140))
    title = Content(sanitize(item.paper.display_title, 140))
    return title.truncate(width - lists.cell_length, ellipsis=True) + lists


def _part(title: str, lines: list[str], style: str = "") -> Iterator[Content]:
    yield Content()
    yield Content.styled(title, "bold")
    for line in lines:
        yield Content.assemble((line[:4], "$muted" if style else ""), (line[4:], style))
