"""The verbs that decide about papers. Each sets and never toggles, so that twice does no harm."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta

from tui.errors import PapersError, UsageError
from tui.library import Library
from tui.model.state import MAX_NOTE, Change, FieldUpdate, Status
from tui.model.text import normalize, plural, sanitize

_DONE = {
    Status.UNREAD: "unread again",
    Status.READING: "in reading",
    Status.READ: "read",
    Status.DISMISSED: "dismissed",
}


def mark(library: Library, keys: Iterable[str], status: Status) -> Change | None:
    """Sets the status of papers; whoever is marked is awake again."""
    settings: list[FieldUpdate] = []
    for key in keys:
        settings.append(("papers", key, "status", None if status is Status.UNREAD else str(status)))
        settings.append(("papers", key, "snoozed_until", None))
    return library.change(str(status), settings)


def star(library: Library, keys: Iterable[str], on: bool = True) -> Change | None:
    """Sets or clears the star of papers."""
    settings = [("papers", key, "starred", True if on else None) for key in keys]
    return library.change("star" if on else "unstar", settings)


def snooze(library: Library, keys: Iterable[str], until: date | None) -> Change | None:
    """Hides papers from the unread until a day; ``None`` wakes them."""
    day = until.isoformat() if until else None
    settings = [("papers", key, "snoozed_until", day) for key in keys]
    return library.change(f"snooze until {day}" if day else "wake", settings)


def parse_day(text: str, today: date) -> date:
    """A day to come: ``2026-01-31``, ``tomorrow``, or an age ahead: ``3d``, ``2w``, ``1m``, ``3``.

    Raises:
        UsageError: If it is none of these.
    """
    day: date | None = None
    if text == "tomorrow":
        day = today + timedelta(days=1)
    elif match := re.fullmatch(r"([0-9]{1,3})([dwm]?)", text):
        day = today + timedelta(days=int(match[1]) * {"": 1, "d": 1, "w": 7, "m": 30}[match[2]])
    elif re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        with suppress(ValueError):
            day = date.fromisoformat(text)
    if day is None:
        raise UsageError(f"“{normalize(text, 40)}” is no day", "2026-01-31, tomorrow, 3d or 2w")
    if day <= today:
        raise UsageError(
            f"{day.isoformat()} is not to come", "a later day hides the paper until then"
        )
    return day


def tag(
    library: Library, keys: Iterable[str], add: Sequence[str], remove: Sequence[str] = ()
) -> Change | None:
    """Adds tags to papers and takes others off; names as ``tag_name`` gives them."""
    settings: list[FieldUpdate] = []
    for key in keys:
        settings += [("papers", key, f"tag/{name}", True) for name in add]
        settings += [("papers", key, f"tag/{name}", None) for name in remove]
    told = " ".join([f"+{name}" for name in add] + [f"-{name}" for name in remove])
    return library.change(f"tag {told}", settings)


def note(library: Library, key: str, text: str) -> Change | None:
    """Sets the note of a paper; an empty one is none. Line breaks stay."""
    return annotate(library, [key], text)


def annotate(library: Library, keys: Iterable[str], text: str) -> Change | None:
    """Sets the note of papers, the same for each; an empty one is none. Line breaks stay."""
    lines = "\n".join(map(normalize, text.splitlines())).strip("\n")[:MAX_NOTE]
    return library.change("note", [("papers", key, "note", lines or None) for key in keys])


def save_view(library: Library, name: str, query: str | None) -> Change | None:
    """Saves a query under a name; ``None`` forgets it."""
    name = normalize(name, 40)
    if not name:
        raise PapersError("a view needs a name")
    before = library.views().get(name)
    replaced = before is not None and query not in (None, before)
    told = f", in place of {before or 'all papers'}" if replaced else ""
    return library.change(f"view {name}{told}", [("views", name, "query", query)])


def tell(library: Library, change: Change | None) -> str:
    """What a change did, in a few words: ``12 papers read``, or the title if it was one."""
    if change is None:
        return "nothing to change: it was so already"
    keys = change.keys
    verb = change.verb
    undone = ""
    for word in ("undo ", "redo "):
        if verb.startswith(word):
            undone, verb = f"{word.strip()}: ", verb.removeprefix(word)
    done = _DONE[Status(verb)] if verb in list(Status) else verb
    if not keys:
        return f"{undone}{sanitize(done)}"
    if len(keys) == 1 and keys[0] in library:
        title = library.item(keys[0]).paper.display_title
        return f"{undone}{sanitize(done)}: {sanitize(title, 60)}"
    return f"{undone}{sanitize(done)}: {plural(len(keys), 'paper')}"
