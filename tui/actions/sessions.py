"""Sessions and days: pace, streak and summaries, all derived from the journal."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tui.actions.context import Context, Outcome
from tui.actions.history import CLOCKS, changed_at
from tui.actions.registry import JSON, action, switch
from tui.actions.verdicts import (
    StatusOf,
    Verdict,
    always_unread,
    is_status,
    singly,
    status_now,
    statuses_ahead,
    verdicts,
    verdicts_of,
)
from tui.errors import PapersError
from tui.model.layout import plural
from tui.model.state import Change, Item, Status
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.library import Library

SESSION_GAP: Final = timedelta(minutes=30)
"""A longer pause between changes ends a session."""
MAX_THINKING: Final = timedelta(minutes=2)
"""A longer pause between two changes counts as this much time spent."""
MIN_DECIDED: Final = 5
"""The fewest papers decided one by one that give a pace."""


@dataclass(frozen=True, slots=True)
class Session:
    """Consecutive changes without a long pause."""

    start: datetime
    end: datetime
    verdicts: dict[str, Verdict]
    """The verdict on each decided paper, by key, in the order of deciding."""
    pace: float | None
    """Papers decided one by one per minute; ``None`` if too few to tell."""
    unread: int
    """By how many the unread papers became more."""

    @property
    def totals(self) -> "Totals":
        """Its numbers."""
        counts = Counter(self.verdicts.values())
        return Totals(
            round(self.start.timestamp()),
            round(self.end.timestamp()),
            self.unread,
            *(counts[verdict] for verdict in Verdict),
        )


class Totals(NamedTuple):
    """The numbers of a session: what is kept of it in the cache, so that years are read at once."""

    start: int
    """Seconds since 1970."""
    end: int
    unread: int
    """By how many the unread papers became more."""
    kept: int
    reading: int
    read: int
    dismissed: int
    snoozed: int

    @property
    def counts(self) -> dict[Verdict, int]:
        """The papers decided, by verdict."""
        return dict(zip(Verdict, self[3:], strict=True))

    @property
    def decided(self) -> int:
        """The papers decided."""
        return sum(self[3:])

    @property
    def day(self) -> date:
        """The user's day on which it began; ``date.min`` if unknown."""
        try:
            return date.fromtimestamp(self.start)
        except (ValueError, OverflowError, OSError):
            return date.min

    @property
    def started(self) -> datetime:
        """When it began, in the user's zone; ``datetime.min`` if unknown."""
        try:
            return datetime.fromtimestamp(self.start).astimezone()
        except (ValueError, OverflowError, OSError):
            return datetime.min.replace(tzinfo=UTC)


KEPT_AS: Final = "sessions-3"
"""Names the totals in the cache; to be counted up when they come out differently."""


def all_totals(library: "Library") -> list[Totals]:
    """The numbers of all sessions, by month; a session that spans two months counts as two.

    Cost: reads the months since the first one that changed: the journal the first time.
    """
    ahead: dict[str, Any] = {}  # the statuses ahead of the months that were added up so far

    def add_up(changes: list[Change]) -> list[Totals]:
        status = status_now(library)
        every = sessions(changes, lambda key: ahead.get(key, status(key)))
        ahead.update(statuses_ahead(changes))
        return [session.totals for session in every]

    return [Totals(*row) for row in library.monthly(KEPT_AS, add_up)]


def sessions(changes: Iterable[Change], status_of: StatusOf = always_unread) -> list[Session]:
    """The sessions of a journal, oldest first; undone changes do not count.

    Args:
        changes: The changes, all or the last ones.
        status_of: See there; in a whole journal, what no change sets is unread.
    """
    parts = _parts(changes)
    decided = verdicts_of([[change for _, change in part] for part in parts], status_of)
    return list(map(_session, parts, decided))


def _parts(changes: Iterable[Change]) -> list[list[tuple[datetime, Change]]]:
    """The changes of each session with their times, in order."""
    timed = sorted(((changed_at(c), c) for c in changes if c.is_undoable), key=lambda pair: pair[0])
    cuts = [n for n, (a, b) in enumerate(pairwise(timed), 1) if b[0] - a[0] > SESSION_GAP]
    return [timed[a:b] for a, b in pairwise([0, *cuts, len(timed)]) if a < b]


def decided_singly(changes: Iterable[Change], many: int) -> list[frozenset[str]]:
    """For each session, the papers about which a change of fewer than ``many`` decided."""
    return [singly([change for _, change in part], many) for part in _parts(changes)]


def _session(part: Sequence[tuple[datetime, Change]], decided: dict[str, Verdict]) -> Session:
    changes = [change for _, change in part]
    times = [at for at, _ in part]
    spent = sum((min(b - a, MAX_THINKING) for a, b in pairwise(times)), timedelta())
    # Papers marked by the hundred say nothing about how long one takes.
    single = len({c.keys[0] for c in changes if len(c.keys) == 1 and c.keys[0] in decided})
    minutes = spent.total_seconds() / 60
    pace = (single - 1) / minutes if single >= MIN_DECIDED and minutes >= 1 else None
    return Session(times[0], times[-1], decided, pace, _unread(changes))


def _unread(changes: Iterable[Change]) -> int:
    """By how many the unread papers became more; what one change did another may have undone."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for change in changes:
        for edit in change.edits:
            if is_status(edit):
                before.setdefault(edit.id, edit.was)
                after[edit.id] = edit.now
    was, now = (sum(s in (None, Status.UNREAD) for s in each.values()) for each in (before, after))
    return now - was


def current(session: Session | None, now: datetime) -> Session | None:
    """A session that is in progress; ``None`` if it is over, or there is none."""
    return session if session and now - session.end <= SESSION_GAP else None


def by_day(sessions: Iterable[Totals]) -> dict[date, int]:
    """Papers decided, by the day on which the session began."""
    days: dict[date, int] = {}
    for session in sessions:
        if decided := session.decided:
            day = session.day
            days[day] = days.get(day, 0) + decided
    return days


def streak(days: dict[date, int], today: date) -> int:
    """Days in a row with a decision, up to today or yesterday."""
    day = today if days.get(today) else today - timedelta(days=1)
    length = 0
    while days.get(day):
        length += 1
        day -= timedelta(days=1)
    return length


def unread_by_day(library: "Library", sessions: Iterable[Totals]) -> dict[date, int]:
    """Unread papers at the end of each day on which that changed, oldest first.

    They are counted back from those that are unread now, by what sessions that began on each day
    decided and the papers that were added on it.
    """
    papers, state = library.papers, library.state
    steps: Counter[date] = Counter()
    count = 0
    for key in papers:
        is_unread, is_removed = state.of(key).status is Status.UNREAD, state.of(key).is_removed
        count += is_unread and not is_removed
        if not (is_unread and is_removed) and (day := papers.added_on(key)):
            steps[date.fromisoformat(day)] += 1
    first = min(steps, default=date.max)
    for session in sessions:
        if session.unread:  # before there were papers, as by a clock that was wrong, none were
            steps[max(session.day, first)] += session.unread
    unread: dict[date, int] = {}
    for each in sorted(steps, reverse=True):
        unread[each] = max(count, 0)  # two machines may have decided the same, each on its day
        count -= steps[each]
    return dict(reversed(unread.items()))


def minutes_left(library: "Library", session: Session | None) -> int | None:
    """Minutes for the inbox at a session's pace; ``None`` if it is empty, or without a pace."""
    left = library.counts().inbox
    if session is None or not session.pace or not left:
        return None
    return max(1, round(left / session.pace))


def record(session: Session) -> dict[str, Any]:
    """A session as JSON; times in ISO 8601 with their zone."""
    return {
        "start": session.start.isoformat(timespec="seconds"),
        "end": session.end.isoformat(timespec="seconds"),
        "decided": len(session.verdicts),
        **{str(verdict): count for verdict, count in session.totals.counts.items()},
        "papers_a_minute": None if session.pace is None else round(session.pace, 2),
        "fates": {key: str(verdict) for key, verdict in session.verdicts.items()},
    }


def summary(session: Totals) -> str:
    """A session in a sentence: ``20 papers in 7 minutes: 5 kept, 5 read, 10 dismissed``."""
    minutes = round((session.end - session.start) / 60)
    return in_words(session.counts, f" in {plural(minutes, 'minute')}" if minutes else "")


def in_words(counts: Mapping[Verdict, int], length: str = "") -> str:
    """Numbers of papers by verdict: ``15 papers decided: 5 read, 10 dismissed``."""
    parts = ", ".join(f"{counts[verdict]:,} {verdict}" for verdict in Verdict if counts[verdict])
    decided = f"{plural(sum(counts.values()), 'paper')} decided{length}"
    return f"{decided}: {parts}" if parts else decided


def by_verdict(library: "Library", verdicts: Mapping[str, Verdict]) -> dict[Verdict, list[Item]]:
    """The papers of the library on which there is a verdict, in the order of deciding."""
    groups: dict[Verdict, list[Item]] = {verdict: [] for verdict in Verdict}
    for key, verdict in verdicts.items():
        if key in library:
            groups[verdict].append(library.item(key))
    return groups


def document(library: "Library", session: Session) -> str:
    """A session as Markdown: the summary, and the papers by verdict."""
    from tui.formats.base import Overview
    from tui.formats.exporters import markdown

    groups = by_verdict(library, session.verdicts)
    overview = Overview(
        f"Session of {session.start:%Y-%m-%d %H:%M}",
        f"{summary(session.totals)}. {library.counts().inbox:,} left in the inbox.",
        [(verdict.value.capitalize(), items) for verdict, items in groups.items()],
    )
    return markdown.overview(overview)


def _verdicts_since(library: "Library", since: int) -> dict[str, Verdict]:
    """The verdicts after a revision on papers that are still in the library."""
    recent = takewhile(lambda change: change.rev > since, library.state.newest_first())
    every = verdicts(list(recent)[::-1], status_now(library))
    return {key: verdict for key, verdict in every.items() if key in library}


def summary_since(library: "Library", since: int) -> str:
    """The decisions after a revision, as in ``summary``; empty if there are none."""
    decided = _verdicts_since(library, since)
    return in_words(Counter(decided.values())) if decided else ""


def exit_summary(library: "Library", since: int) -> str:
    """The decisions after a revision and what is left, in a line; empty if there are none."""
    count = len(_verdicts_since(library, since))
    left = library.counts().inbox
    return f"{plural(count, 'paper')} decided, {left:,} left in the inbox." if count else ""


def last_changes(newest_first: Iterable[Change], count: int = 1) -> list[Change]:
    """The changes of the last sessions, and some before them, in order.

    Args:
        newest_first: All changes; read until a day before those sessions, as clocks differ.
    """
    changes: list[Change] = []
    start = datetime.max.replace(tzinfo=UTC)
    for change in newest_first:
        at = changed_at(change)
        if not changes or start - SESSION_GAP <= at < start:
            start = at
        elif count > 1 and at < start:
            start, count = at, count - 1
        elif at < start - SESSION_GAP - CLOCKS:
            break
        changes.append(change)
    return changes[::-1]


def last(library: "Library") -> Session | None:
    """The last session; ``None`` if there is none. Cost: reads its part of the journal."""
    *_, session = (None, *sessions(last_changes(library.state.newest_first()), status_now(library)))
    return session


@action(
    "session",
    switch("markdown", "as Markdown, with the papers"),
    JSON,
    help="summarize the last session",
    group="History",
)
def run_session(context: Context, markdown: bool = False) -> Outcome:
    """Summarizes the last session, and estimates the time for the rest.

    Raises:
        PapersError: If there is none.
    """
    library = context.library
    session = last(library)
    if session is None:
        raise PapersError("Nothing decided yet", "Open the app and press r, d or a.")
    if markdown:
        return Outcome(text=document(library, session), data=record(session))
    notes = []
    if context.workspace and (minutes := minutes_left(library, session)):
        notes = [f"About {plural(minutes, 'minute')} for the inbox, at this pace"]
    rows = [(f"{session.start:%Y-%m-%d %H:%M}", summary(session.totals))]
    return Outcome(rows=rows, data=record(session), notes=tuple(notes))
