"""States of papers, reading lists, and changes. Pure values.

A change is a list of edits, and an edit sets one field of one object. Every action is expressed so;
journal, undo and synchronization need not know the actions.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from tui.model.paper import Paper
from tui.model.text import normalize_lines
from tui.values import dataclass

MAX_NOTE: Final = 20_000
"""Characters of a note, some eight pages; a longer one is refused, not cut."""


def note_from(text: str) -> str | None:
    """A text as the note of a paper, with its lines, indents and spaces; ``None`` if empty."""
    return normalize_lines(text).strip("\n").rstrip() or None


class Status(StrEnum):
    """The status of a paper."""

    UNREAD = "unread"
    READING = "reading"
    READ = "read"
    DISMISSED = "dismissed"
    """Not of interest, which is not the same as read."""


@dataclass(frozen=True, slots=True)
class PaperState:
    """The user's state of one paper."""

    status: Status = Status.UNREAD
    starred: bool = False
    snoozed_until: date | None = None
    """The first day on which it is shown again."""
    tags: tuple[str, ...] = ()
    """Sorted."""
    lists: tuple[str, ...] = ()
    """Names of its reading lists, sorted."""
    note: str | None = None
    is_removed: bool = False
    """Whether it is hidden from everything but ``is:removed``."""
    rule: str | None = None
    """The query of the rule that decided about it when it came; ``None`` if none did."""
    changed: str | None = None
    """When it was last changed, ISO 8601 in UTC."""
    marked: str | None = None
    """When its status was set, likewise; empty if an undo set it, so that this is not known."""

    @property
    def read_at(self) -> str | None:
        """When it was last changed, if it is read; else ``None``."""
        return self.changed if self.status is Status.READ else None

    def is_snoozed(self, today: date) -> bool:
        """Whether it is hidden until a later day."""
        return self.snoozed_until is not None and self.snoozed_until > today

    def is_waiting(self, today: date) -> bool:
        """Whether it is unread, not snoozed and not removed."""
        is_hidden = self.is_removed or self.is_snoozed(today)
        return self.status is Status.UNREAD and not is_hidden

    def is_in_inbox(self, today: date) -> bool:
        """Whether it is undecided: unread, not starred, in no list, and not snoozed."""
        return self.is_waiting(today) and not self.starred and not self.lists


DEFAULT_STATE: Final = PaperState()


@dataclass(frozen=True, slots=True)
class Item:
    """A paper with its state."""

    paper: Paper
    state: PaperState
    added: str | None = None
    """The day on which it was added, ISO 8601."""

    @property
    def key(self) -> str:
        """The paper's key."""
        return self.paper.key


@dataclass(frozen=True, slots=True)
class ExportedState:
    """The state of a paper as a file says it: the base when its changes are pulled."""

    box: str = " "
    """``x`` if it is read, else a blank; ``/`` and ``-`` if a user wrote them."""
    starred: bool = False
    tags: tuple[str, ...] = ()
    """Sorted."""
    note: str = ""
    """Checksum; empty if there is none."""
    status: str = ""
    """Its status, if a blank in the box stands for it, and it is not unread; else empty. It says
    that it is unread where a word beside the box, from before, does not."""


@dataclass(frozen=True, slots=True)
class Export:
    """An export of a reading list, or of the papers of a query."""

    path: str
    format: str
    at: str
    """ISO 8601 in UTC."""
    held: tuple[str, ...]
    """Keys of the papers in it, in order."""
    abstract: str
    """How much of each abstract it has: ``none``, ``first`` (sentence) or ``full``."""
    citation_key: str = ""
    """The template of its citation keys; empty for the default one."""
    sum: str = ""
    """Checksum of the exported text."""
    has_all_boxes: bool = False
    """Whether it has ``[/]`` and ``[-]`` for reading and dismissed, as a user wrote one of them."""
    states: Mapping[str, ExportedState] | None = None
    """By key, of those that differ from the default; ``None`` if it was not recorded."""
    pulled: str = ""
    """Checksum of the text in the file when its changes were last pulled; empty if never."""
    query: str = ""
    """The query that says what is in it; empty for a list, and for papers that were selected."""

    @classmethod
    def of(cls, path: str, value: Mapping[str, Any], own_key: Callable[[str], str]) -> "Export":
        """An export as it is stored; what is missing or of another type is the default.

        Args:
            path: The file.
            value: The value of its field; see ``Edit``.
            own_key: From a key, that of the paper it stands for now.
        """
        return cls(
            path=path,
            format=str(value.get("format", "markdown")),
            at=str(value.get("at", "")),
            held=tuple(dict.fromkeys(map(own_key, value.get("held", ())))),
            abstract=str(value.get("abstract", "none")),
            citation_key=str(value.get("citation_key", "")),
            sum=str(value.get("sum", "")),
            has_all_boxes=value.get("boxes") == "all",
            states=_exported_states(value.get("states"), own_key),
            pulled=str(value.get("pulled", "")),
            query=str(value.get("query", "")),
        )


def _exported_states(
    states: Any, own_key: Callable[[str], str]
) -> Mapping[str, ExportedState] | None:
    """The state of each paper as an export says it; none where it is no such record."""
    if not isinstance(states, Mapping):
        return None
    exported: dict[str, ExportedState] = {}
    for key, value in states.items():
        match value:
            case [str(box), bool(starred), [*tags], str(note), *status]:
                names = tuple(map(str, tags))
                state = ExportedState(box, starred, names, note, "".join(map(str, status[:1])))
                exported[own_key(key)] = state
    return exported


@dataclass(frozen=True, slots=True)
class ReadingList:
    """A named list of papers in the user's order."""

    name: str
    description: str = ""
    keys: tuple[str, ...] = ()
    exports: tuple[Export, ...] = ()
    """Newest first; one per path."""


class Edit(NamedTuple):
    """One field of one object, before and after.

    Tables and their fields:

    - ``papers``, by key: ``status``, ``starred``, ``snoozed_until``, ``note``, ``tag/<id>``
      (true), ``list/<id>`` (its position in that list, a number), ``removed`` (true),
      ``rule`` (the query of the rule that decided last).
    - ``lists``, by id, which is its first name: ``exists`` (true), ``title`` (its name, if it was
      renamed), ``description``, ``export/<path>``.
    - ``tags``, by id, which is its first name: ``title``, as of a list.
    - ``views``, by name: ``query``.
    - ``sources``, by what names them (``hf:daily``): ``exists`` (true), ``title`` (its name, if the
      user gave it one).
    - ``rules``, by query: ``actions``, a line each.
    - ``digests``, by view: ``sent`` (the newest import in the last digest of it), ``known``
      (the imports of the last days before it, with blanks between), ``last`` (its papers, how
      many were new, and the imports that these came with, in JSON).
    - ``files``, by full path: ``sum`` (the checksum of the report, digest or library that was
      written there last), ``export`` (of a query that was exported, its title and what was
      recorded, in JSON).
    - ``notes``, by folder: by key, what was exported as the note of a paper, in JSON.
    - ``preferences``, by what is preferred (``word:moe``): ``wish`` (``more``, ``mute``).
    - ``reminders``, by command: ``on`` (the day on which the user was last reminded of it).
    - ``imports``, by id: ``exists`` (true).
    - ``joins``, by two keys, sorted, with a blank between: ``same`` (true: the user joined them;
      false: keeps them apart).

    ``None`` means that a field is not set. Each tag and list position is a separate field, so that
    additions on two machines are both kept.
    """

    table: str
    id: str
    field: str
    was: Any
    now: Any


FieldUpdate = tuple[str, str, str, Any]
"""An edit to make: table, id, field, and the new value."""


def join_update(one: str, other: str, is_same: bool = True) -> FieldUpdate:
    """The edit by which two keys stand for one paper, or for different ones.

    Args:
        other: The other, in any order.
        is_same: Whether they are one paper.
    """
    return "joins", " ".join(sorted((one, other))), "same", is_same


@dataclass(frozen=True, slots=True)
class Change:
    """One action of the user on any number of objects."""

    rev: int
    """Higher than that of any change its machine knew; (rev, machine) orders all changes."""
    machine: str
    at: str
    """ISO 8601 in UTC; for display only, as clocks differ."""
    verb: str
    """The act in words: ``read``, ``tag +nlp``."""
    edits: tuple[Edit, ...]
    undoes: tuple[str, ...] = ()
    """Ids of the changes that it undoes, newest first."""
    redoes: tuple[str, ...] = ()
    """Ids of the changes that it redoes, oldest first."""
    request: str | None = None
    """Id of the request of another instance that it belongs to."""

    @property
    def id(self) -> str:
        """Its name in the journal: ``12@laptop-3f2a``."""
        return f"{self.rev}@{self.machine}"

    @property
    def keys(self) -> tuple[str, ...]:
        """The papers it changed, once each, in order."""
        return tuple(dict.fromkeys(edit.id for edit in self.edits if edit.table == "papers"))

    @property
    def merges(self) -> bool:
        """Whether the papers must be merged again, which may take seconds."""
        return any(edit.table in ("imports", "joins") for edit in self.edits)

    @property
    def renames(self) -> bool:
        """Whether papers may have other tags or lists, though nothing of theirs changed."""
        return any(
            e.table in ("lists", "tags") and e.field in ("exists", "title") for e in self.edits
        )

    @property
    def is_undoable(self) -> bool:
        """Whether it is an undo step; an export, a digest that was sent and a reminder are not."""
        return bool(self.undoes or self.redoes) or not all(map(is_record, self.edits))

    @property
    def undoable_edits(self) -> tuple[Edit, ...]:
        """The edits that an undo takes back: all but records of files.

        The file still has what was pulled, so that undoing is a change in the library alone, which
        the next export writes.
        """
        return tuple(edit for edit in self.edits if not is_record(edit))


_RECORDS: Final = frozenset({"digests", "files", "notes", "reminders"})
"""The tables of what was written, sent or said, which no user decides."""


def is_record(edit: Edit) -> bool:
    """Whether it says what was written, sent or said; to forget an export is a decision."""
    is_export = edit.table in ("files", "lists") and edit.field.partition("/")[0] == "export"
    return edit.now is not None if is_export else edit.table in _RECORDS


Fields = Mapping[str, Any]
"""The fields of one object that are set."""


def decision(
    fields: Fields,
    list_names: Mapping[str, str] = MappingProxyType({}),
    tag_name: Callable[[str], str] = str,
) -> PaperState:
    """The state of a paper from its fields.

    Args:
        list_names: The names of lists by id, where they differ.
        tag_name: From the id of a tag, its name.
    """
    snoozed = fields.get("snoozed_until")
    return PaperState(
        status=Status(fields.get("status") or Status.UNREAD),
        starred=bool(fields.get("starred")),
        snoozed_until=date.fromisoformat(snoozed) if snoozed else None,
        tags=tuple(sorted({tag_name(id) for id in ids_of("tag/", fields)})),
        lists=tuple(sorted({list_names.get(id, id) for id in ids_of("list/", fields)})),
        note=fields.get("note") or None,
        is_removed=bool(fields.get("removed")),
        rule=fields.get("rule") or None,
        changed=fields.get("changed"),
        marked=fields.get("marked"),
    )


def ids_of(kind: str, fields: Fields) -> Iterator[str]:
    """The ids of the tags (``tag/``) or lists (``list/``) that a paper's fields name."""
    return (name.removeprefix(kind) for name in fields if name.startswith(kind))


def fits(table: str, field: str, value: Any) -> bool:
    """Whether a value is valid for a field; stored values may be from a newer version.

    ``None``, which removes a field, is always valid.
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
        is_flag = name in ("starred", "tag", "removed")
        return value is True if is_flag else isinstance(value, str)
    if table in ("imports", "joins"):
        return isinstance(value, bool)
    if table in ("lists", "sources"):
        if name == "export":
            return isinstance(value, dict) and _are_texts(value.get("held"))
        return value is True if name == "exists" else isinstance(value, str)
    return isinstance(value, str)


MAX_PLACE: Final = 1e12
"""The largest position in a list, so that neighbouring ones stay distinct."""


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and date.fromisoformat(text) is not None
    except ValueError:
        return False


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of papers."""

    total: int = 0
    by_status: Mapping[Status, int] = field(default_factory=dict)
    unread: int = 0
    """Unread and not snoozed."""
    inbox: int = 0
    kept: int = 0
    snoozed: int = 0
    starred: int = 0
    tags: Mapping[str, int] = field(default_factory=dict)
    """By tag, sorted by name."""
