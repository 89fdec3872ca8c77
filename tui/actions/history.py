"""What was done, told by day and by sitting; and taken back from a moment on.

Everything here is read off the journal: nothing else is kept, so nothing else can be wrong.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

from tui.errors import PapersError, UsageError
from tui.formats.exporters import markdown
from tui.library import Library
from tui.model.state import Change, Edit, Item, Status
from tui.model.text import normalize, plural

PAUSE: Final = timedelta(minutes=30)
"""Longer than this without a change, and another sitting begins."""
THINKING: Final = timedelta(minutes=2)
"""The most that the time between two changes counts as time spent on papers."""
FEW: Final = 5
"""Below as many papers decided one by one, a pace means nothing."""


class Verdict(StrEnum):
    """What became of a paper in a sitting."""

    KEPT = "kept"
    """Starred, put into a list, or being read."""
    READ = "read"
    DISMISSED = "dismissed"
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True)
class Session:
    """One sitting: changes without a long pause between them."""

    start: datetime
    end: datetime
    verdicts: dict[str, Verdict]
    """What became of each paper that was decided, by key, in the order of deciding."""
    pace: float | None
    """Papers decided one by one in a minute; ``None`` where there was too little to tell by."""

    def count(self, verdict: Verdict) -> int:
        """Papers of one fate."""
        return sum(each is verdict for each in self.verdicts.values())


def moment(change: Change) -> datetime:
    """When a change was made, in the reader's zone; the beginning of time where it says none."""
    try:
        return datetime.fromisoformat(change.at).astimezone()
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)


def when(change: Change) -> str:
    """When a change was made, in the reader's zone, to the second."""
    return f"{moment(change):%Y-%m-%d %H:%M:%S}"


def sessions(changes: Iterable[Change]) -> list[Session]:
    """The sittings of a journal, oldest first. What was taken back counts for nothing."""
    timed = sorted(((moment(c), c) for c in changes if c.is_undoable), key=lambda pair: pair[0])
    cuts = [n for n, (a, b) in enumerate(pairwise(timed), 1) if b[0] - a[0] > PAUSE]
    parts = [timed[a:b] for a, b in pairwise([0, *cuts, len(timed)]) if a < b]
    return [_session(part) for part in parts]


def verdicts(changes: Iterable[Change]) -> dict[str, Verdict]:
    """What became of each paper that changes decided, by key; what they took back is nothing."""
    net: dict[tuple[str, str], Edit] = {}
    for change in changes:
        for edit in change.edits:
            if edit.table == "papers":
                first = net.pop((edit.id, edit.field), edit)
                net[edit.id, edit.field] = edit._replace(was=first.was)
    found: dict[str, Verdict] = {}
    for edit in net.values():
        verdict = _verdict(edit) if edit.was != edit.now else None
        if verdict and (edit.id not in found or _RANKS[verdict] < _RANKS[found[edit.id]]):
            found[edit.id] = verdict
    return found


def _session(part: Sequence[tuple[datetime, Change]]) -> Session:
    found = verdicts(change for _, change in part)
    times = [at for at, _ in part]
    spent = sum((min(b - a, THINKING) for a, b in pairwise(times)), timedelta())
    # Papers marked by the hundred say nothing about how long one takes.
    single = len({c.keys[0] for _, c in part if len(c.keys) == 1 and c.keys[0] in found})
    minutes = spent.total_seconds() / 60
    pace = (single - 1) / minutes if single >= FEW and minutes >= 1 else None
    return Session(times[0], times[-1], found, pace)


_RANKS: Final = {Verdict.DISMISSED: 0, Verdict.KEPT: 1, Verdict.READ: 2, Verdict.SNOOZED: 3}


def _verdict(edit: Edit) -> Verdict | None:
    """What an edit makes of a paper; ``None`` if that is no decision."""
    if edit.now is None:
        return None
    if edit.field == "status":
        return {Status.READ: Verdict.READ, Status.DISMISSED: Verdict.DISMISSED}.get(
            edit.now, Verdict.KEPT
        )
    if edit.field == "snoozed_until":
        return Verdict.SNOOZED
    return Verdict.KEPT if edit.field == "starred" or edit.field.startswith("list/") else None


def current(found: Sequence[Session], now: datetime) -> Session | None:
    """The sitting that goes on now; ``None`` if the last one is over."""
    return found[-1] if found and now - found[-1].end <= PAUSE else None


def by_day(found: Iterable[Session]) -> dict[date, int]:
    """Papers decided by the reader's day on which a sitting began."""
    days: Counter[date] = Counter()
    for session in found:
        days[session.start.date()] += len(session.verdicts)
    return dict(days)


def streak(days: dict[date, int], today: date) -> int:
    """Days in a row with a decision, up to today or yesterday."""
    day = today if days.get(today) else today - timedelta(days=1)
    length = 0
    while days.get(day):
        length += 1
        day -= timedelta(days=1)
    return length


def unread_by_day(library: Library, changes: Iterable[Change]) -> dict[date, int]:
    """How many papers were unread at the end of each day on which that changed, oldest first."""
    added = library.added_by_day()
    steps = Counter({date.fromisoformat(day): count for day, count in added.items()})
    decided: set[str] = set()  # not by what each edit came upon: two machines may decide the same
    for change in changes:
        for edit in change.edits:
            if edit.field == "status" and (came := library.added(edit.id)):
                before, after = edit.id not in decided, edit.now in (None, Status.UNREAD)
                (decided.discard if after else decided.add)(edit.id)
                # Decided before it was added, as by another machine: the same day will do.
                steps[max(moment(change).date(), date.fromisoformat(came))] += after - before
    left = 0
    found: dict[date, int] = {}
    for day in sorted(steps):
        left += steps[day]
        found[day] = left
    return found


def minutes_left(library: Library, session: Session | None) -> int | None:
    """Minutes that the unread papers will take at a sitting's pace; ``None`` if nobody can say."""
    if session is None or not session.pace:
        return None
    return max(1, round(library.counts().unread / session.pace))


# Taking back


def since(library: Library, text: str, now: datetime) -> list[Change]:
    """The changes since a moment that can still be taken back, newest first.

    Args:
        library: The library.
        text: A day, a time of today (``14:30``), both, an age (``20m``, ``2h``, ``3d``), or the
            id of a change, which is then among them.
        now: The time now, with a zone.

    Raises:
        UsageError: If it is none of these.
    """
    undoable = library.steps.undoable
    places = [place for place, change in enumerate(undoable) if change.id == text]
    if places:
        return undoable[places[0] :][::-1]
    start = parse_moment(text, now)
    return [change for change in reversed(undoable) if moment(change) >= start]


def parse_moment(text: str, now: datetime) -> datetime:
    """A moment in the past, as ``since`` takes it.

    Raises:
        UsageError: If it is none.
    """
    text = text.strip()
    local = now.astimezone()
    if match := re.fullmatch(r"([0-9]{1,4})([mhdw])", text):
        unit = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}[match[2]]
        return local - timedelta(**{unit: int(match[1])})
    if text in ("today", "yesterday"):
        day = local.date() - timedelta(days=text == "yesterday")
        return datetime.combine(day, datetime.min.time()).astimezone()
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", text):
        text = f"{local.date().isoformat()} {text:0>5}"
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError) as error:
        hint = "2026-01-31, 14:30, today, 20m, 2h, 3d, or the id of a change from papers-tui log"
        raise UsageError(f"“{normalize(text, 40)}” is no moment", hint) from error


def undo_all(library: Library, changes: Sequence[Change]) -> Change | None:
    """Takes several changes back as one, which one step then undoes.

    What was set otherwise by another change stays.

    Args:
        library: The library.
        changes: Newest first.

    Returns:
        The change that took them back; ``None`` if there was nothing to take back.

    Raises:
        LibraryError: If the library cannot be written; nothing has changed then.
    """
    now: dict[tuple[str, str, str], Any] = {}
    for change in changes:
        for edit in reversed(change.edits):
            field = (edit.table, edit.id, edit.field)
            if now.setdefault(field, library.value(*field)) == edit.now:
                now[field] = edit.was
    settings = [(*field, value) for field, value in now.items()]
    return library.change(f"take back {plural(len(changes), 'change')}", settings)


def record(session: Session) -> dict[str, Any]:
    """A session as JSON has it; times ISO 8601 with their zone."""
    return {
        "start": session.start.isoformat(timespec="seconds"),
        "end": session.end.isoformat(timespec="seconds"),
        "decided": len(session.verdicts),
        **{str(verdict): session.count(verdict) for verdict in Verdict},
        "papers_a_minute": None if session.pace is None else round(session.pace, 2),
        "fates": {key: str(verdict) for key, verdict in session.verdicts.items()},
    }


def summary(session: Session) -> str:
    """What was done in a sitting: ``20 papers in 7 minutes: 5 kept, 5 read, 10 dismissed``."""
    told = [f"{count} {verdict}" for verdict in Verdict if (count := session.count(verdict))]
    minutes = round((session.end - session.start).total_seconds() / 60)
    length = f" in {plural(minutes, 'minute')}" if minutes else ""
    parts = f": {', '.join(told)}" if told else ""
    return f"{plural(len(session.verdicts), 'paper')} decided{length}{parts}"


def document(library: Library, session: Session) -> str:
    """A sitting as Markdown: a sentence, and the papers under what became of them."""
    groups: dict[Verdict, list[Item]] = {verdict: [] for verdict in Verdict}
    for key, verdict in session.verdicts.items():
        if key in library:
            groups[verdict].append(library.item(key))
    return markdown.sections(
        f"Session of {session.start:%Y-%m-%d %H:%M}",
        f"{summary(session)}. {library.counts().unread:,} unread left.",
        [(verdict.value.capitalize(), items) for verdict, items in groups.items()],
    )


def exit_summary(library: Library, since: int) -> str:
    """What was done after a revision, in a line; empty if nothing was."""
    count = len(verdicts(change for change in library.history() if change.rev > since))
    left = library.counts().unread
    return f"{plural(count, 'paper')} decided, {left:,} unread left." if count else ""


def last(library: Library) -> Session:
    """The last sitting.

    Raises:
        PapersError: If nothing was ever decided.
    """
    found = sessions(library.history())
    if not found:
        raise PapersError("nothing was decided yet", "open the app and press r, d or a")
    return found[-1]
