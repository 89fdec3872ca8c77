"""What a reader decided: decisions, reading lists, and the changes that lead to them. Pure values.

A change is a list of edits, and an edit sets one field of one thing: everything a reader can do is
expressed in them, so that journal, undo and the meeting of two machines know nothing of verbs.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple

from tui.errors import UsageError
from tui.model.paper import Paper
from tui.model.text import fold, normalize

MAX_NAME: Final = 60
"""Characters of a tag or of a list's name."""
MAX_NOTE: Final = 4_000


class Status(StrEnum):
    """How far a reader got with a paper."""

    UNREAD = "unread"
    READING = "reading"
    READ = "read"
    DISMISSED = "dismissed"
    """Not for me, which is not the same as read."""


@dataclass(frozen=True, slots=True)
class PaperState:
    """All that a reader decided about one paper."""

    status: Status = Status.UNREAD
    starred: bool = False
    snoozed_until: date | None = None
    """The first day on which it is to be seen again."""
    tags: tuple[str, ...] = ()
    """Sorted."""
    lists: tuple[str, ...] = ()
    """Names of the reading lists that hold it, sorted."""
    note: str | None = None
    changed: str | None = None
    """When it was last changed, ISO 8601 in UTC."""

    def is_snoozed(self, today: date) -> bool:
        """Whether it is hidden until a day to come."""
        return self.snoozed_until is not None and self.snoozed_until > today

    def is_waiting(self, today: date) -> bool:
        """Whether it is to be decided now."""
        return self.status is Status.UNREAD and not self.is_snoozed(today)


DEFAULT_STATE: Final = PaperState()


@dataclass(frozen=True, slots=True)
class Item:
    """A paper and its decision: what is listed, filtered and exported."""

    paper: Paper
    state: PaperState
    added: str | None = None
    """The day on which the library first had it, ISO 8601."""

    @property
    def key(self) -> str:
        """The paper's key."""
        return self.paper.key


@dataclass(frozen=True, slots=True)
class Export:
    """One export made of a reading list."""

    path: str
    format: str
    at: str
    """ISO 8601 in UTC."""
    held: tuple[str, ...]
    """Keys of the papers in it, in order."""
    abstract: str
    """How much of each abstract it holds: ``none``, ``first`` or ``full``."""
    sum: str = ""
    """Checksum of what was written."""


@dataclass(frozen=True, slots=True)
class ReadingList:
    """A named list of papers in the reader's own order."""

    name: str
    description: str = ""
    keys: tuple[str, ...] = ()
    exports: tuple[Export, ...] = ()
    """Newest first; one a path."""


class Edit(NamedTuple):
    """One field of one thing, before and after.

    Tables and their fields:

    - ``papers``, by key: ``status``, ``starred``, ``snoozed_until``, ``note``, ``tag/<name>``
      (true), ``list/<name>`` (its position in that list, a number).
    - ``lists``, by name: ``exists`` (true), ``description``, ``export/<path>``.
    - ``views``, by name: ``query``.

    ``None`` is always the value of a field that was never set. A tag and a place in a list are
    fields of their own so that two machines that add different ones both keep theirs.
    """

    table: str
    id: str
    field: str
    was: Any
    now: Any


FieldUpdate = tuple[str, str, str, Any]
"""An edit to be made: table, id, field, and what it is to be now."""


@dataclass(frozen=True, slots=True)
class Change:
    """One act of the reader, however many things it touched."""

    rev: int
    """Higher than that of every change its machine had seen: (rev, machine) orders all changes."""
    machine: str
    at: str
    """ISO 8601 in UTC; for people, never for order: clocks differ."""
    verb: str
    """What was done, as it is told: ``read``, ``tag +nlp``."""
    edits: tuple[Edit, ...]
    undoes: str | None = None
    """Id of the change that this one takes back."""
    redoes: str | None = None
    """Id of the change that this one does again."""

    @property
    def id(self) -> str:
        """Its name in the journal: ``12@laptop-3f2a``."""
        return f"{self.rev}@{self.machine}"

    @property
    def keys(self) -> tuple[str, ...]:
        """The papers it touched, once each, in order."""
        return tuple(dict.fromkeys(edit.id for edit in self.edits if edit.table == "papers"))

    @property
    def is_undoable(self) -> bool:
        """Whether a reader thinks of it as a step: an export writes down a fact, and is none."""
        return self.verb != "export"


Fields = Mapping[str, Any]
"""The fields of one thing that were ever set to something."""


def decision(fields: Fields) -> PaperState:
    """The decision that the fields of one paper add up to."""
    snoozed = fields.get("snoozed_until")
    return PaperState(
        status=Status(fields.get("status") or Status.UNREAD),
        starred=bool(fields.get("starred")),
        snoozed_until=date.fromisoformat(snoozed) if snoozed else None,
        tags=tuple(sorted(name[4:] for name in fields if name.startswith("tag/"))),
        lists=tuple(sorted(name[5:] for name in fields if name.startswith("list/"))),
        note=fields.get("note") or None,
        changed=fields.get("changed"),
    )


def fits(table: str, field: str, value: Any) -> bool:
    """Whether a field can hold a value; what is at rest may be from a newer version.

    ``None``, for a field that is taken away, always fits.
    """
    if value is None:
        return True
    name = field.split("/", 1)[0]
    if table == "papers":
        if name == "status":
            return value in list(Status)
        if name == "snoozed_until":
            return isinstance(value, str) and _is_day(value)
        if name == "list":
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            return is_number and abs(value) < MAX_PLACE
        return value is True if name in ("starred", "tag") else isinstance(value, str)
    if table == "lists":
        if name == "export":
            return isinstance(value, dict) and _are_texts(value.get("held"))
        return value is True if name == "exists" else isinstance(value, str)
    return isinstance(value, str)


MAX_PLACE: Final = 1e12
"""No list is as long; beyond it a place could no longer be told from the next."""


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and date.fromisoformat(text) is not None
    except ValueError:
        return False


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def tag_name(text: str) -> str:
    """The one spelling of a tag: ``#World Models`` is ``world-models``.

    Letters, digits and ``_ - / . +`` are kept, as Obsidian and most others allow; other runs
    become a hyphen.

    Raises:
        UsageError: If nothing is left.
    """
    folded = fold(normalize(text)).lstrip("#")
    kept = (c if c.isalnum() or c in "_/.+-" or _is_vowel_sign(c) else " " for c in folded)
    name = "-".join("".join(kept).split()).strip("-/.")[:MAX_NAME]
    if not name or name == "none":
        raise UsageError(
            f"“{normalize(text, 40)}” is no tag", "letters, digits and _ - / . + make one"
        )
    return name


def list_name(text: str) -> str:
    """The spelling of a list's name: free text in one line.

    Raises:
        UsageError: If it is empty, or could be taken for an option or a query.
    """
    name = normalize(text, MAX_NAME)
    is_query = name.startswith(("-", "=")) or any(c in name for c in '"*|') or fold(name) == "none"
    if not name or is_query:
        hint = 'not "none", without " * | and not beginning with - or ='
        raise UsageError(f"“{normalize(text, 40)}” is no name for a list", hint)
    return name


def _is_vowel_sign(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


def parse_tags(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tags to add and to remove: ``nlp +rl -old`` adds two and removes one.

    Returns:
        Tags to add and tags to remove, each in the order given.
    """
    add: dict[str, None] = {}
    remove: dict[str, None] = {}
    for word in text.replace(",", " ").split():
        if word.startswith(("-", "\N{MINUS SIGN}")):
            remove[tag_name(word[1:])] = None
        else:
            add[tag_name(word.removeprefix("+"))] = None
    return tuple(add), tuple(remove)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many papers there are of each kind."""

    total: int = 0
    by_status: Mapping[Status, int] = field(default_factory=dict)
    unread: int = 0
    """Those to be decided now: unread and not snoozed."""
    starred: int = 0
    tags: Mapping[str, int] = field(default_factory=dict)
    """Papers by tag, in the order of the names."""
