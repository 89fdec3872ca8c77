"""Triage: status, star, snooze, tags and notes. Setting a value twice is the same as once."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from tui.actions.context import MANY, Context, Outcome
from tui.actions.questions import Choice, Question, as_lines, in_one_line, marks_beside
from tui.actions.registry import WRITE, Access, Argument, Need, Where, action, app_front_end, switch
from tui.actions.targets import DRY_RUN, PAPER, QUERY, apply, changed, split_key, targets, verb
from tui.errors import ConfirmationError, UsageError
from tui.files import read_input
from tui.model.layout import enumerated, plural
from tui.model.names import parse_tags
from tui.model.state import MAX_NOTE, Change, FieldUpdate, Status, note_from
from tui.model.text import normalize, sanitize_lines

if TYPE_CHECKING:
    from tui.library import Library

STATUS: Final = Argument(
    "status",
    enumerated(tuple(Status)),
    metavar="STATUS",
    kind=Status,
    choices=tuple(Status),
)


@verb(
    "mark",
    STATUS,
    help="set the status of papers",
    group="Triage",
    advances=True,
    keys="""
        mark.read       r  mark read       read     mark read and move on  1
            also done finish
        mark.reading    i  mark reading    reading  mark as reading and move on  11
            also start begin
        mark.dismissed  d  mark dismissed  dismiss  dismiss and move on  2
            also hide archive skip reject
    """,
    phrases={
        "unread": "Marked unread",
        "reading": "Marked reading",
        "read": "Marked read",
        "dismissed": "Dismissed",
    },
)
def mark(library: "Library", keys: Iterable[str], status: Status) -> Change | None:
    """Sets the status of papers, and ends a snooze."""
    updates: list[FieldUpdate] = []
    for key in keys:
        updates.append(("papers", key, "status", None if status is Status.UNREAD else str(status)))
        updates.append(("papers", key, "snoozed_until", None))
    return library.change(str(status), updates)


@verb(
    "toggle-read",
    help="mark unread papers read, others unread",
    group="Triage",
    where=Where.SESSION,
    keys="mark.unread  N  toggle-read  unread/read  mark unread, or read if it is unread",
    synonyms="undismiss restore reopen unsnooze wake",
)
def toggle_read(library: "Library", keys: Sequence[str]) -> Change | None:
    """Marks papers read if any of them is unread, else unread."""
    is_unread = any(library.state.of(key).status is Status.UNREAD for key in keys)
    return mark(library, keys, Status.READ if is_unread else Status.UNREAD)


@verb(
    "star",
    Argument("on", "remove the star instead", ("--off",), is_switch=True, default=True),
    help="star papers",
    group="Triage",
    phrases={"star": "Starred", "unstar": "Unstarred"},
)
def star(library: "Library", keys: Iterable[str], on: bool = True) -> Change | None:
    """Sets or removes the star of papers."""
    updates = [("papers", key, "starred", True if on else None) for key in keys]
    return library.change("star" if on else "unstar", updates)


@verb(
    "toggle-star",
    help="star papers; remove the star if all have one",
    group="Triage",
    where=Where.SESSION,
    keys="mark.star  s  toggle-star  star  toggle star  12",
    synonyms="favourite favorite bookmark like unstar",
)
def toggle_star(library: "Library", keys: Sequence[str]) -> Change | None:
    """Stars papers, or removes the star if all have one."""
    return star(library, keys, not all(library.state.of(key).starred for key in keys))


@verb(
    "remove",
    switch("back", "bring removed papers back"),
    help="remove papers from every list, count and search but is:removed",
    group="Triage",
    phrases={"remove": "Removed", "bring back": "Brought back"},
)
def remove(library: "Library", keys: Iterable[str], back: bool = False) -> Change | None:
    """Removes papers, however often they are imported again; or brings removed ones back."""
    updates = [("papers", key, "removed", None if back else True) for key in keys]
    return library.change("bring back" if back else "remove", updates)


@verb(
    "toggle-removed",
    help="remove papers; bring them back if all are removed",
    group="Triage",
    where=Where.SESSION,
    keys="mark.removed  D  toggle-removed  remove  remove from the library, or bring back",
    synonyms="delete trash undelete unremove restore",
)
def toggle_removed(library: "Library", keys: Sequence[str]) -> Change | None:
    """Removes papers, or brings them back if all of them are removed."""
    return remove(library, keys, back=all(library.state.of(key).is_removed for key in keys))


_UNASKED: Final = 20
"""The most papers that are marked at once without a question: those of a screen or two, which the
user has seen."""


@action(
    "mark-listed",
    switch("yes", "without asking"),
    help="mark every unread paper shown here as read",
    group="Triage",
    where=Where.SESSION,
    access=WRITE,
    acts_on_papers=True,
    is_slow=lambda context, options: len(context.listing.results) > MANY,
    needs=Need.LISTED,
    keys="mark.all  A  mark-listed  all read  mark every unread paper shown here as read",
)
def mark_listed(context: Context, yes: bool = False) -> Outcome:
    """Marks every unread paper in the results read; in the inbox, not what was kept.

    Raises:
        ConfirmationError: If there are many, unless the user agreed.
    """
    library, keys = context.library, context.listing.open_keys()
    if not keys:
        return Outcome("No unread papers here")
    if len(keys) > _UNASKED and not yes:
        raise ConfirmationError(
            f"{len(keys):,} papers here are unread",
            argument="yes",
            question="Mark them all as read?",
            yes="Mark as read",
            no="Leave unread",
            is_expected=True,
        )
    return changed(library, mark(library, keys, Status.READ))


def _ask_day(context: Context) -> Question:
    today = context.library.today()
    choices = [
        Choice(value, label, f"{day:%a} {day.day} {day:%b}", label.removeprefix("in "))
        for value, label in (
            ("1d", "tomorrow"),
            ("3d", "in 3 days"),
            ("1w", "in a week"),
            ("1m", "in a month"),
        )
        for day in [parse_day(value, today)]
    ]

    def preview(text: str) -> str:
        try:
            return parse_day(text, today).isoformat()
        except UsageError:
            return ""

    hint = f"tomorrow (Enter), or type 10d, 2w, {today + timedelta(days=30)}"
    return Question("Snooze until", choices, new="until", hint=hint, preview=preview)


@verb(
    "snooze",
    Argument(
        "until",
        "2026-01-31, monday, 3d, 2w, or off",
        metavar="DAY",
        complete=lambda library, prefix: (
            ("tomorrow", ""),
            ("3d", "3 days"),
            ("1w", "a week"),
            ("off", "end the snooze"),
        ),
        question=_ask_day,
    ),
    help="hide papers until a date",
    group="Triage",
    advances=True,
    keys="mark.snooze  w  snooze  snooze  snooze and move on",
    synonyms="later defer postpone remind",
    phrases={r"snooze until (.*)": r"Snoozed until \1", "wake": "Unsnoozed"},
)
def snooze(library: "Library", keys: Iterable[str], until: date | str | None) -> Change | None:
    """Hides papers from the inbox and the unread until a date; ``None`` and ``off`` end a snooze.

    Raises:
        UsageError: If a text is not a date in the future.
    """
    if isinstance(until, str):
        until = None if until == "off" else parse_day(until, library.today())
    day = until.isoformat() if until else None
    updates = [("papers", key, "snoozed_until", day) for key in keys]
    return library.change(f"snooze until {day}" if day else "wake", updates)


def parse_day(text: str, today: date) -> date:
    """A future date: ``2026-01-31``, ``tomorrow``, ``monday``, or a time ahead: ``3``, ``2 weeks``.

    Raises:
        UsageError: If the text is none of these.
    """
    from tui.query.dates import NotADateError, coming_day

    try:
        day = coming_day(text, today)
    except NotADateError as error:
        message = error.reason or f"Not a date: {normalize(text, 40)}"
        others = (each for each in ("tomorrow", "3d", "2w") if each != error.instead)
        hint = f"Try {enumerated((error.instead or '2026-01-31', *others), 'or')}."
        raise UsageError(message, hint) from error
    if day <= today:
        raise UsageError(f"Not in the future: {day.isoformat()}", "Try a later date.")
    return day


SIGNS: Final = ("+", "-", "\N{MINUS SIGN}")


def _ask_tags(context: Context) -> Question:
    from tui.query import Field

    library = context.library
    tags = [set(library.state.of(key).tags) for key in context.keys]
    common = set.intersection(*tags) if tags else set()
    choices = [
        Choice(
            f"-{name}" if name in common else name,
            name,
            plural(count, "paper") + (", on this paper: removes it" if name in common else ""),
        )
        for name, count in library.search.counts(Field.TAG).items()
    ]
    return Question("Tags", choices, words=True, hint="nlp -old (Tab completes)")


def _complete_tag(library: "Library", prefix: str) -> list[tuple[str, str]]:
    from tui.query import Field

    sign = "-" if prefix.startswith("-") else "+"
    counts = library.search.counts(Field.TAG)
    return [(f"{sign}{name}", plural(count, "paper")) for name, count in counts.items()]


def _signed(text: str) -> list[str]:
    """The words of an answer, each with a sign: ``+``, to add, by default."""
    return [word if word.startswith(SIGNS) else f"+{word}" for word in text.split()]


@action(
    "tag",
    Argument(
        "words",
        "tags to add (+) or remove (-), and keys",
        nargs="*",
        metavar="+TAG|-TAG|KEY",
        takes_terms=True,
        complete=_complete_tag,
        question=_ask_tags,
        answer=_signed,
    ),
    QUERY,
    DRY_RUN,
    help="add and remove tags: tag +nlp -old KEY",
    group="Annotate",
    access=lambda options: Access() if options.get("dry_run") else WRITE,
    acts_on_papers=True,
    on_request=True,
    keys="tag.edit  t  tag  tags  add or remove tags, such as nlp -old  8",
    synonyms="label category",
    phrases={r"tag (.*)": r"Tagged \1"},
)
def run_tag(
    context: Context, words: Sequence[str], query: str | None = None, dry_run: bool = False
) -> Outcome:
    """Adds and removes tags; words with a sign are tags, others are keys.

    Raises:
        UsageError: If no word is a tag.
    """
    tags = [word for word in words if word.startswith(SIGNS)]
    if not tags:
        raise UsageError("No tags given", "Try papers-tui tag +nlp -old KEY.")
    chosen = targets(context, [word for word in words if not word.startswith(SIGNS)], query)
    add, remove = parse_tags(" ".join(tags))
    return apply(context, chosen, partial(tag, add=add, remove=remove), dry_run=dry_run)


def tag(
    library: "Library", keys: Iterable[str], add: Sequence[str], remove: Sequence[str] = ()
) -> Change | None:
    """Adds tags to papers and removes others; names normalized by ``tag_name``.

    A tag that is added and removed is removed.
    """
    updates: list[FieldUpdate] = []
    to_add = [name for name in add if name not in remove]
    for key in keys:
        for names, is_set in ((to_add, True), (remove, False)):
            updates += [e for n in names for e in library.state.tag_updates(key, n, is_set=is_set)]
    words = " ".join([f"+{name}" for name in add] + [f"-{name}" for name in remove])
    return library.change(f"tag {words}", updates)


def note(library: "Library", keys: Iterable[str], text: str) -> Change | None:
    """Sets the note of papers, or removes it if the text is empty; see ``note_from``.

    Raises:
        UsageError: If it is too long; nothing is changed.
    """
    value = note_from(text)
    if value is not None and len(value) > MAX_NOTE:
        raise UsageError(
            f"The note has {len(value):,} characters; at most {MAX_NOTE:,} are kept",
            "Shorten it, or keep it in a file and note the path.",
        )
    return library.change("note", [("papers", key, "note", value) for key in keys])


def note_of(library: "Library", keys: Iterable[str]) -> str:
    """The note that all of these papers share; empty if they do not."""
    notes = {library.state.of(key).note or "" for key in keys}
    return notes.pop() if len(notes) == 1 else ""


@action(
    "note",
    PAPER,
    Argument(
        "text",
        "the note; empty removes it, - is standard input",
        nargs="?",
        metavar="TEXT",
        reads_input=True,
    ),
    help="show or set the note of a paper",
    phrases={"note": "Note saved | Note removed"},
    group="Annotate",
    access=lambda options: Access() if options.get("text") is None else WRITE,
    on_request=True,
)
def run_note(context: Context, key: str | None = None, text: str | None = None) -> Outcome:
    """Shows the note of a paper, or sets it."""
    library = context.library
    paper, rest = split_key(context, [word for word in (key, text) if word is not None])
    if not rest:
        lines = sanitize_lines(library.state.of(paper).note or "", MAX_NOTE)
        return Outcome(text=f"{lines}\n")
    text = " ".join(rest)
    if text == "-":
        data = read_input("-", _MOST_BYTES, context.inputs)
        text = data.decode("utf-8", "replace")
    return changed(library, note(library, [paper], text))


_MOST_BYTES: Final = 20_000_000
"""The most bytes read from standard input; a note has fewer, but what is longer is counted."""


def _ask_note(context: Context) -> Question:
    before = note_of(context.library, context.keys)
    count = len(context.keys)
    prompt = "Note" if count <= 1 else f"Note on {plural(count, 'paper')}"
    question = Question(prompt, value=in_one_line(before), marks=marks_beside(before))
    if app_front_end() is Where.BROWSER:
        return question
    return replace(question, hint="Ctrl+x: open in editor", allow_editor=True)


@action(
    "annotate",
    Argument("text", "the note; empty removes it", nargs="?", metavar="TEXT", question=_ask_note),
    help="set the note of the papers",
    group="Annotate",
    where=Where.SESSION,
    access=WRITE,
    acts_on_papers=True,
    keys="note.edit  e  annotate  note  edit the note  13",
    synonyms="comment annotate write",
)
def annotate(context: Context, text: str) -> Outcome:
    """Sets the note of the targets; a note of several lines keeps them."""
    before = note_of(context.library, context.keys)
    text = as_lines(text, before)
    if text == before:
        return Outcome()
    return changed(context.library, note(context.library, context.keys, text))
