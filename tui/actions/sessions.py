"""Sessions and days: verdicts, pace, streak and summaries, all derived from the journal."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Any, Final

from tui.actions.history import CLOCKS, TAKEN_BACK, changed_at
from tui.actions.registry import JSON, Argument, Context, Outcome, action
from tui.errors import PapersError
from tui.model.state import Change, Edit, Item, Status
from tui.model.text import plural
from tui.storage.undo import UndoStack
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.library import Library

SESSION_GAP: Final = timedelta(minutes=30)
"""A longer pause between changes ends a session."""
MAX_THINKING: Final = timedelta(minutes=2)
"""A longer pause between two changes counts as this much time spent."""
MIN_DECIDED: Final = 5
"""The fewest papers decided one by one that give a pace."""


class Verdict(StrEnum):
    """What a session decided about a paper."""

    KEPT = "kept"
    """Starred, added to a list, or being read."""
    READ = "read"
    DISMISSED = "dismissed"
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True)
class Session:
    """Consecutive changes without a long pause."""

    start: datetime
    end: datetime
    verdicts: dict[str, Verdict]
    """The verdict on each decided paper, by key, in the order of deciding."""
    pace: float | None
    """Papers decided one by one per minute; ``None`` if too few to tell."""

    def count(self, verdict: Verdict) -> int:
        """How many papers have a verdict."""
        return sum(each is verdict for each in self.verdicts.values())


def sessions(changes: Iterable[Change]) -> list[Session]:
    """The sessions of a journal, oldest first; undone changes do not count."""
    changes = list(changes)
    gone = _removed(changes)
    timed = sorted(((changed_at(c), c) for c in changes if c.is_undoable), key=lambda pair: pair[0])
    cuts = [n for n, (a, b) in enumerate(pairwise(timed), 1) if b[0] - a[0] > SESSION_GAP]
    parts = [timed[a:b] for a, b in pairwise([0, *cuts, len(timed)]) if a < b]
    return [_session(part, gone) for part in parts]


def _removed(changes: Iterable[Change]) -> frozenset[str]:
    """The papers that are removed after some changes: they do not count."""
    edits = (edit for change in changes for edit in change.edits if edit.field == "removed")
    last = {edit.id: edit.now for edit in edits if edit.table == "papers"}
    return frozenset(key for key, is_removed in last.items() if is_removed)


def verdicts(changes: Iterable[Change]) -> dict[str, Verdict]:
    """The verdict on each paper that changes decided and did not remove, by key; net effect.

    What an undo brings back was decided earlier, if at all.
    """
    changes = UndoStack(changes).done
    gone = _removed(changes)
    net: dict[tuple[str, str], Edit] = {}
    undone: set[tuple[str, str]] = set()
    for change in changes:
        for edit in change.edits:
            if edit.table == "papers":
                first = net.pop((edit.id, edit.field), edit)
                net[edit.id, edit.field] = edit._replace(was=first.was)
                if change.verb.startswith(TAKEN_BACK):
                    undone.add((edit.id, edit.field))
                else:
                    undone.discard((edit.id, edit.field))
    by_key: dict[str, Verdict] = {}
    for edit in net.values():
        is_decision = edit.was != edit.now and edit.id not in gone
        is_decision = is_decision and (edit.id, edit.field) not in undone
        verdict = _verdict(edit) if is_decision else None
        earlier = by_key.get(edit.id)
        if verdict and (earlier is None or _RANKS[verdict] < _RANKS[earlier]):
            by_key[edit.id] = verdict
    return by_key


def _session(part: Sequence[tuple[datetime, Change]], gone: frozenset[str]) -> Session:
    decided = verdicts(change for _, change in part)
    decided = {key: verdict for key, verdict in decided.items() if key not in gone}
    times = [at for at, _ in part]
    spent = sum((min(b - a, MAX_THINKING) for a, b in pairwise(times)), timedelta())
    # Papers marked by the hundred say nothing about how long one takes.
    single = len({c.keys[0] for _, c in part if len(c.keys) == 1 and c.keys[0] in decided})
    minutes = spent.total_seconds() / 60
    pace = (single - 1) / minutes if single >= MIN_DECIDED and minutes >= 1 else None
    return Session(times[0], times[-1], decided, pace)


_RANKS: Final = {Verdict.DISMISSED: 0, Verdict.KEPT: 1, Verdict.READ: 2, Verdict.SNOOZED: 3}
"""The lowest of several verdicts counts. A paper starred and then dismissed is not kept, though its
star stays; one that was read and starred is kept."""


def _verdict(edit: Edit) -> Verdict | None:
    """The verdict of an edit; ``None`` if it is not a decision."""
    if edit.now is None:
        return None
    if edit.field == "status":
        return {Status.READ: Verdict.READ, Status.DISMISSED: Verdict.DISMISSED}.get(
            edit.now, Verdict.KEPT
        )
    if edit.field == "snoozed_until":
        return Verdict.SNOOZED
    is_added = edit.field.startswith("list/") and edit.was is None  # else it was moved
    return Verdict.KEPT if edit.field == "starred" or is_added else None


def current(sessions: Sequence[Session], now: datetime) -> Session | None:
    """The session in progress; ``None`` if the last one is over."""
    return sessions[-1] if sessions and now - sessions[-1].end <= SESSION_GAP else None


def by_day(sessions: Iterable[Session]) -> dict[date, int]:
    """Papers decided, by the day on which the session began."""
    days: Counter[date] = Counter()
    for session in sessions:
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


def unread_by_day(library: "Library", changes: Iterable[Change]) -> dict[date, int]:
    """Unread papers at the end of each day on which that changed, oldest first."""
    papers, state = library.papers, library.state
    days = {
        key: date.fromisoformat(day)
        for key in papers
        if not state.of(key).is_removed and (day := papers.added_on(key))
    }
    steps = Counter(days.values())
    decided: set[str] = set()  # not by what each edit came upon: two machines may decide the same
    for change in changes:
        for edit in change.edits:
            key = papers.aliases.get(edit.id, edit.id)
            if edit.field == "status" and key in days:
                before, after = key not in decided, edit.now in (None, Status.UNREAD)
                (decided.discard if after else decided.add)(key)
                # Decided before it was added, as by another machine: the same day will do.
                steps[max(changed_at(change).date(), days[key])] += after - before
    count = 0
    unread: dict[date, int] = {}
    for step in sorted(steps):
        count += steps[step]
        unread[step] = count
    return unread


def minutes_left(library: "Library", session: Session | None) -> int | None:
    """Minutes for the inbox at a session's pace; ``None`` without a pace."""
    if session is None or not session.pace:
        return None
    return max(1, round(library.counts().inbox / session.pace))


def record(session: Session) -> dict[str, Any]:
    """A session as JSON; times in ISO 8601 with their zone."""
    return {
        "start": session.start.isoformat(timespec="seconds"),
        "end": session.end.isoformat(timespec="seconds"),
        "decided": len(session.verdicts),
        **{str(verdict): session.count(verdict) for verdict in Verdict},
        "papers_a_minute": None if session.pace is None else round(session.pace, 2),
        "fates": {key: str(verdict) for key, verdict in session.verdicts.items()},
    }


def summary(session: Session) -> str:
    """A session in a sentence: ``20 papers in 7 minutes: 5 kept, 5 read, 10 dismissed``."""
    minutes = round((session.end - session.start).total_seconds() / 60)
    return _summary(
        session.verdicts.values(), f" in {plural(minutes, 'minute')}" if minutes else ""
    )


def _summary(verdicts: Iterable[Verdict], length: str = "") -> str:
    numbers = Counter(verdicts)
    counts = [f"{numbers[verdict]} {verdict}" for verdict in Verdict if numbers[verdict]]
    parts = f": {', '.join(counts)}" if counts else ""
    return f"{plural(numbers.total(), 'paper')} decided{length}{parts}"


def document(library: "Library", session: Session) -> str:
    """A session as Markdown: the summary, and the papers by verdict."""
    from tui.formats.exporters import markdown

    groups: dict[Verdict, list[Item]] = {verdict: [] for verdict in Verdict}
    for key, verdict in session.verdicts.items():
        if key in library:
            groups[verdict].append(library.item(key))
    return markdown.sections(
        f"Session of {session.start:%Y-%m-%d %H:%M}",
        f"{summary(session)}. {library.counts().inbox:,} left in the inbox.",
        [(verdict.value.capitalize(), items) for verdict, items in groups.items()],
    )


def _verdicts_since(library: "Library", since: int) -> dict[str, Verdict]:
    """The verdicts after a revision."""
    recent = takewhile(lambda change: change.rev > since, library.state.newest_first())
    return verdicts(list(recent)[::-1])


def summary_since(library: "Library", since: int) -> str:
    """What was decided after a revision, as in ``summary``; empty if nothing."""
    decided = _verdicts_since(library, since)
    return _summary(decided.values()) if decided else ""


def exit_summary(library: "Library", since: int) -> str:
    """What was decided after a revision and what is left, in a line; empty if nothing was."""
    count = len(_verdicts_since(library, since))
    left = library.counts().inbox
    return f"{plural(count, 'paper')} decided, {left:,} left in the inbox." if count else ""


def _recent(newest_first: Iterable[Change]) -> list[Change]:
    """The changes of the last session, and some before it, in order."""
    changes: list[Change] = []
    start = datetime.max.replace(tzinfo=UTC)
    for change in newest_first:
        at = changed_at(change)
        if not changes or start - SESSION_GAP <= at < start:
            start = at
        elif at < start - SESSION_GAP - CLOCKS:
            break
        changes.append(change)
    return changes[::-1]


def last(library: "Library") -> Session:
    """The last session.

    Raises:
        PapersError: If there is none.
    """
    all_sessions = sessions(_recent(library.state.newest_first()))
    if not all_sessions:
        raise PapersError("Nothing decided yet", "Open the app and press r, d or a.")
    return all_sessions[-1]


@action(
    "session",
    Argument("markdown", "as Markdown, with the papers", ("--markdown",), is_switch=True),
    JSON,
    help="summarize the last session",
    group="History",
)
def run_session(context: Context, markdown: bool = False) -> Outcome:
    """Summarizes the last session, and estimates the time for the rest."""
    library = context.library
    session = last(library)
    if markdown:
        return Outcome(text=document(library, session), data=record(session))
    notes = []
    if context.workspace and (minutes := minutes_left(library, session)):
        notes = [f"About {plural(minutes, 'minute')} for the inbox, at this pace"]
    rows = [(f"{session.start:%Y-%m-%d %H:%M}", summary(session))]
    return Outcome(rows=rows, data=record(session), notes=tuple(notes))
