"""The history of changes: as messages, as a log, and undoing it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tui.actions.context import MANY, Context, Outcome
from tui.actions.phrases import UNDOING, step_and_phrase
from tui.actions.registry import JSON, WRITE, Access, Argument, Need, Where, action, switch, table
from tui.errors import UsageError
from tui.model.layout import plural
from tui.model.state import Change, Status
from tui.model.text import MAX_LINE, normalize, sanitize
from tui.model.undo import TAKE_BACK
from tui.patterns import regex

if TYPE_CHECKING:
    from tui.library import Library


# Changes in words

_BRIEF: Final = 60
"""Columns of a title that something follows."""


def describe(library: "Library", change: Change | None, columns: int = MAX_LINE) -> str:
    """The confirmation of a change: ``Dismissed: 5 papers``, ``Added to thesis: TITLE``.

    Args:
        change: ``None`` if nothing changed.
        columns: The most columns of a title, which is whole where what shows it can cut it.
    """
    return ": ".join(filter(None, _phrase_and_subject(library, change, columns)))


def _phrase_and_subject(
    library: "Library", change: Change | None, columns: int = MAX_LINE
) -> tuple[str, str]:
    """The parts of the confirmation of a change, the second of which may be empty."""
    if change is None:
        return "No change", ""
    subject = ""
    keys = library.state.keys_of(change)
    if len(keys) == 1 and keys[0] in library:
        subject = sanitize(library.item(keys[0]).paper.display_title, columns)
    elif keys:
        subject = plural(len(keys), "paper")
    moved = [e.id for e in change.edits if e.table == "imports" and e.was != e.now]
    stay = [e.id for e in change.edits if e.table == "imports" and e.was == e.now]
    if keys and moved:  # it brought others, too
        subject = f"{plural(len(keys), 'paper')} decided"
    if _takes_back(change):
        subject = ", ".join(filter(None, (_imports(library, moved), subject)))
        if stay:
            why = f"{_imports(library, stay)} stays, as it was removed and brought back"
            subject = "; ".join(filter(None, (subject, why)))
    if change.verb == "export":
        name = library.state.list_name
        lists = dict.fromkeys(name(e.id) for e in change.edits if e.table == "lists")
        tables = ("files",) if lists else ("files", "notes")
        files = dict.fromkeys(Path(e.id).name for e in change.edits if e.table in tables)
        subject = sanitize(", ".join([*lists, *files]), _BRIEF)
    pairs = [edit.id.split(" ") for edit in change.edits if edit.table == "joins"]
    if pairs and pairs[0][0] in library:
        subject = sanitize(library.item(pairs[0][0]).paper.display_title, columns)
    step, phrase = step_and_phrase(change)
    if not step:
        return phrase, subject
    if subject:
        phrase += f" ({subject})" if " " in phrase else f" {subject}"
    return step, phrase


def _takes_back(change: Change) -> bool:
    """Whether it undoes several changes, or is an undo or a redo of one that does."""
    verb = change.verb
    for step in UNDOING:
        verb = verb.removeprefix(f"{step} ")
    return verb.startswith(TAKE_BACK)


def _imports(library: "Library", ids: Sequence[str]) -> str:
    """Imports by their ids: ``import of page.txt``; empty if none."""
    head = library.imports.head(ids[0]) if len(ids) == 1 else None
    if head is not None and head.source:
        return f"import of {sanitize(head.source, _BRIEF)}"
    return plural(len(ids), "import") if ids else ""


def confirmation(library: "Library", change: Change | None) -> Outcome:
    """The outcome of a change that was just made; it says that what goes away is starred, too."""
    phrase, subject = _phrase_and_subject(library, change)
    if change is not None and change.verb in _TAKING_AWAY:
        starred = sum(library.state.of(key).starred for key in change.keys)
        if starred and len(change.keys) == 1:
            phrase += " a starred paper"
        elif starred:
            subject += f", {starred:,} of them starred"
    return Outcome(phrase, change, subject)


def _step_outcome(library: "Library", change: Change | None, columns: int = MAX_LINE) -> Outcome:
    """The outcome of an undo or a redo, to whose papers a session goes; see ``describe``."""
    phrase, subject = _phrase_and_subject(library, change, columns)
    return Outcome(phrase, subject=subject, steps=(change,) if change else ())


_TAKING_AWAY: Final = (Status.DISMISSED, "remove")
"""The verbs of changes after which a paper is no longer among those that were kept."""


def change_record(change: Change) -> dict[str, Any]:
    """A change as in the JSON of the log."""
    return {
        "id": change.id,
        "at": change.at,
        "verb": change.verb,
        "papers": list(change.keys),
        "undoes": change.undoes[0] if len(change.undoes) == 1 else None,
        "undoes_all": list(change.undoes),
        "edits": [edit._asdict() for edit in change.edits],
    }


def changed_at(change: Change) -> datetime:
    """When a change was made, in the user's zone; ``datetime.min`` if unknown."""
    try:
        return datetime.fromisoformat(change.at).astimezone()
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)


def when(change: Change) -> str:
    """When a change was made, in the user's zone, to the second."""
    return f"{changed_at(change):%Y-%m-%d %H:%M:%S}"


def when_in_short(change: Change, today: date) -> str:
    """When a change was made: ``14:30``, ``yesterday 14:30``, ``26 Nov 2025``."""
    at = changed_at(change)
    days = (today - at.date()).days
    if days in (0, 1):
        return f"{'yesterday ' * days}{at:%H:%M}"
    return f"{at.day} {at:%b %Y}"


def _rows(library: "Library", changes: Iterable[Change]) -> list[tuple[str, ...]]:
    return [(when(change), change.id, describe(library, change)) for change in changes]


@action(
    "log",
    Argument(
        "limit",
        "maximum number of changes (default 20)",
        ("-n", "--limit"),
        "N",
        kind=int,
        default=20,
    ),
    JSON,
    help="list the changes, newest first",
    group="History",
)
def log(context: Context, limit: int = 20) -> Outcome:
    """The changes, newest first."""
    library = context.library
    changes = list(islice(library.state.newest_first(), max(limit, 0)))
    return Outcome(rows=_rows(library, changes), data=[change_record(c) for c in changes])


def changes_of(changes: Iterable[Change], key: str, most: int) -> list[Change]:
    """The last changes of one paper, the last first, from changes in that order."""
    return list(islice((change for change in changes if key in change.keys), most))


# Undoing


def changes_since(library: "Library", text: str) -> list[Change]:
    """The changes since a point in time that can still be undone, newest first.

    Args:
        text: A date, a time today (``14:30``), both, an age (``20m``, ``2h``, ``3d``), or the id
            of a change, which is included.

    Raises:
        UsageError: If the text is none of these.
    """
    undoable = library.state.undo_history.done()
    if _ID.fullmatch(text):
        changes = []
        for change in undoable:
            changes.append(change)
            if change.id == text:
                return changes
        raise _no_change(text)
    start = parse_moment(text, library.now())
    # The clocks of machines differ, so that changes of one moment are not always neighbours.
    recent = takewhile(lambda change: changed_at(change) >= start - CLOCKS, undoable)
    return [change for change in recent if changed_at(change) >= start]


_ID: Final = regex(r"\d+@.+")
CLOCKS: Final = timedelta(days=1)
"""The most by which the clocks of two machines are taken to differ."""


def _no_change(id: str) -> UsageError:
    return UsageError(f"No change to undo: {normalize(id, 40)}", "papers-tui log lists the ids.")


def parse_moment(text: str, now: datetime) -> datetime:
    """A point in time, as ``changes_since`` takes it.

    Raises:
        UsageError: If the text is not one.
    """
    text = text.strip()
    local = now.astimezone()
    if match := re.fullmatch(r"([0-9]{1,4})([mhdw])", text):
        unit = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}[match[2]]
        return local - timedelta(**{unit: int(match[1])})
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", text):
        text = f"{local.date().isoformat()} {text:0>5}"
    with suppress(ValueError, OverflowError):
        return datetime.fromisoformat(text).astimezone()
    from tui.query.dates import date_ends

    try:
        day = date.fromordinal(date_ends(text, local.date())[0])
        return datetime.combine(day, datetime.min.time()).astimezone()
    except (ValueError, OverflowError) as error:
        near = getattr(error, "instead", "") or "2026-01-31"
        hint = f"Try {near}, 14:30, today, 20m, 2h, 3d, or a change's id from the log."
        raise UsageError(f"Not a time: {normalize(text, 40)}", hint) from error


def _count(text: str) -> int:
    """A positive whole number."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


STEPS: Final = Argument(
    "steps", "number of changes (default 1)", nargs="?", metavar="N", kind=_count, default=1
)
MOMENTS: Final = (("today", ""), ("1h", "an hour ago"), ("yesterday", ""))


@action(
    "undo",
    STEPS,
    Argument(
        "since",
        "every change since: 14:30, 2h, today, 2026-01-31, or a change's id from log",
        ("--since",),
        metavar="WHEN",
        complete=lambda library, prefix: MOMENTS,
    ),
    Argument("only", "one change alone, by its id from log", ("--only",), metavar="ID"),
    switch("dry_run", "only show what would change"),
    help="undo the last change",
    makes_change=False,
    group="History",
    access=lambda options: Access() if options.get("dry_run") else WRITE,
    on_request=True,
    keys=table("undo  u  undo {count}  undo  undo the last change  5", "Triage"),
    synonyms="revert mistake",
    phrases={rf"{TAKE_BACK} (.*)": r"Undid \1"},
    is_slow=lambda context, options: (
        bool(options.get("since")) or _is_slow(context.library.state.undoable(), options)
    ),
)
def run_undo(
    context: Context,
    steps: int = 1,
    since: str | None = None,
    only: str | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Undoes the last changes, all since a point in time (by one new change), or one alone.

    Raises:
        UsageError: If there is no such change to undo.
    """
    library = context.library
    if only is not None:
        change = next((c for c in library.state.newest_first() if c.id == only), None)
        if change is None or not change.is_undoable:
            raise _no_change(only)
        if dry_run:
            return _dry_run(library, change)
        return _step_outcome(library, library.undo(change))
    session = context.workspace
    notice = session.undo_notice(session.key_for("undo")) if session is not None else ""
    if notice and steps == 1 and since is None and not dry_run:
        return Outcome(notice)
    if not dry_run and since is None:
        return _step(context, steps, library.state.undoable(), library.undo, "undone")
    if since is None:
        changes = list(chain.from_iterable(islice(library.state.undoable(), steps)))
    else:
        changes = changes_since(library, since)
    if dry_run:
        count = plural(len(changes), "change")
        return Outcome(f"{count} would be undone", rows=_rows(library, changes))
    return _step_outcome(library, library.undo_all(changes))


def undo_notice(library: "Library", key: str) -> str:
    """A message of what the next undo undoes, after a key that changed nothing; may be empty."""
    last = next(library.state.undoable(), ())
    if not last:
        return ""
    phrase = plural(len(last), "change") if len(last) > 1 else describe(library, last[0])
    at = when_in_short(last[0], library.today())
    return f"Nothing changed; {key} again undoes “{phrase[0].lower()}{phrase[1:]}” ({at})"


def _dry_run(library: "Library", change: Change) -> Outcome:
    """The changes that undoing one would undo, or redo if it is an undo."""
    steps = library.state.undo_history
    if change.undoes:
        changes, participle = steps.undone_of(change.undoes), "redone"
    else:
        changes, participle = steps.done_of(change.redoes or (change.id,)), "undone"
    count = plural(len(changes), "change")
    return Outcome(f"{count} would be {participle}", rows=_rows(library, changes))


@action(
    "redo",
    STEPS,
    help="redo what was undone",
    group="History",
    access=WRITE,
    on_request=True,
    keys=table("redo  ctrl+r  redo {count}  redo  redo what was undone", "Triage"),
    is_slow=lambda context, options: _is_slow(context.library.state.redoable(), options),
)
def run_redo(context: Context, steps: int = 1) -> Outcome:
    """Redoes changes that were undone, those that one step undid as one."""
    library = context.library
    return _step(context, steps, library.state.redoable(), library.redo, "redone")


def _is_slow(possible: Iterable[Sequence[Change]], options: Mapping[str, Any]) -> bool:
    return any(map(is_slow, islice(possible, options["steps"])))


def is_slow(changes: Iterable[Change]) -> bool:
    """Whether undoing or redoing changes merges papers again, or changes many."""
    return any(change.merges or len(change.edits) > MANY for change in changes)


def _step(
    context: Context,
    steps: int,
    possible: Iterable[object],
    step: Callable[[], Change],
    participle: str,
) -> Outcome:
    """Undoes or redoes a number of steps; if fewer are possible, these in a session, else none."""
    available = sum(1 for _ in islice(possible, steps))
    if 0 < available < steps and context.workspace is None:  # it may be meant as something else
        raise UsageError(
            f"Only {plural(available, 'change')} can be {participle} here",
            "Choose a smaller number; papers-tui undo --since ID takes one of papers-tui log.",
        )
    stepped = [step() for _ in range(available or 1)]
    columns = MAX_LINE if steps == 1 else _BRIEF
    first, *others = (_step_outcome(context.library, change, columns) for change in stepped)
    if steps > 1 and context.workspace is not None:  # its papers are shown; the timeline has more
        verb = "Undid" if participle == "undone" else "Redid"
        count = plural(available, "change") + "; there are no more" * (available < steps)
        what = first.subject if first.phrase == verb else first.message
        subject = what + ", …" * bool(others)
        return Outcome(f"{verb} {count}", subject=subject, steps=tuple(stepped))
    return replace(first, steps=tuple(stepped), notes=tuple(each.message for each in others))


@action(
    "repeat",
    switch("yes", "without asking"),
    help="repeat the last action",
    group="Triage",
    where=Where.SESSION,
    access=None,
    needs=Need.PAPER,
    keys="mark.repeat  .  repeat  repeat  repeat the last action",
)
def repeat(context: Context, yes: bool = False) -> Outcome:
    """Repeats the last action on the papers here.

    Raises:
        ConfirmationError: If that action needs one, unless the user agreed.
    """
    return context.session.repeat(has_agreed=yes)
