"""Merging what a file says of papers into what the library says of them.

It is a merge of three: what was exported, what the file says now, and what the library says now. A
change on one side is taken; of two different changes the library's stays, and a note says so.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tui.errors import UsageError
from tui.exchange.messages import sentence
from tui.model.names import tag_name
from tui.model.state import MAX_NOTE, ExportedState, FieldUpdate, Status, note_from
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.library import Library

SIDES: Final = ("library", "file")
"""Whose values are taken where both sides changed; the first by default."""
UNSETTLED: Final = "Until this is resolved, exports ask before overwriting the file"
PREFER_FILE: Final = "papers-tui pull --prefer file"


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement of a file about one paper."""

    place: str
    """Where it says so, such as ``line 12`` or the name of its file."""
    state: ExportedState
    note: str
    """The text of its note; empty if it has none."""


class Merge:
    """The changes that the library takes from a file, and those that it does not."""

    def __init__(self, library: "Library", *, prefers_file: bool = False) -> None:
        """Keeps the library's of two changes of one value; with ``prefers_file``, the file's."""
        self.library = library
        self.prefers_file = prefers_file
        self.updates: list[FieldUpdate] = []
        self.changes: list[str] = []
        """A phrase each: ``line 12: read: TITLE``."""
        self.notes: list[str] = []
        """The changes that are not taken, and why; a sentence each."""
        self.is_unsettled = False
        """Whether the file says what the library did not take, and an export would lose."""
        self.conflicts = 0
        """How much of that was changed in the library, too."""
        self.sides: dict[str, tuple[str, str]] = {}
        """The values of the library and of the file, by the note about the conflict."""

    def take(
        self, key: str, statement: Statement, base: ExportedState, ours: ExportedState
    ) -> ExportedState:
        """Merges the state of one paper.

        Args:
            key: The paper.
            statement: What the file says now.
            base: What was exported.
            ours: What an export would say now.

        Returns:
            The base of the next merge: what the file says now; where both sides changed a value,
            what was exported, so that the next pull reports the conflict again.
        """
        from tui.formats.exported_states import STATUS

        state = self.library.state.of(key)
        theirs, unresolved = statement.state, dict[str, Any]()
        if (theirs.box, theirs.status) != (base.box, base.status):
            is_unchanged = state.status == (base.status or STATUS.get(base.box))
            status = Status(theirs.status or STATUS[theirs.box])
            if not self._take_status(key, statement, status, is_unchanged=is_unchanged):
                unresolved |= {"box": base.box, "status": base.status}
        if theirs.starred not in (base.starred, ours.starred):
            self._take("starred", True if theirs.starred else None, key, statement, "starred")
        before, now = set(base.tags), set(theirs.tags)
        self._take_tags(key, statement, now - before, before - now)
        if theirs.note not in (base.note, ours.note):
            texts = (state.note or "", self.exported_text(key, base.note))
            if any(_has_blanks_for_tabs(theirs.note, text) for text in texts):
                unresolved["note"] = base.note
            elif len(statement.note) > MAX_NOTE:
                what = f"the note has more than {MAX_NOTE:,} characters and is not taken"
                self.leave(self.sentence(statement.place, what, key))
                unresolved["note"] = base.note
            elif ours.note == base.note or self.prefers_file:
                self._take("note", note_from(statement.note), key, statement, "note")
            else:
                sides = (state.note or "", statement.note)
                self.keep(statement.place, "the note", key, sides)
                unresolved["note"] = base.note
        return replace(theirs, **unresolved)

    def exported_text(self, key: str, sum: str) -> str:
        """The note of a paper that has a checksum, now or before; empty if none is known.

        Cost: reads the journal if the note changed since.
        """
        from tui.formats.notes.base import sum_of

        note = self.library.state.of(key).note or ""
        if not sum or sum_of(note, sum) == sum:
            return note if sum else ""
        edits = (edit for change in self.library.state.newest_first() for edit in change.edits)
        texts = (str(e.was or "") for e in edits if e[:3] == ("papers", key, "note"))
        return next((text for text in texts if sum_of(text, sum) == sum), "")

    def tags(self, texts: Iterable[str], place: str) -> set[str]:
        """The names of tags that a file has; tells what is none."""
        names: set[str] = set()
        for text in texts:
            try:
                names.add(tag_name(text))
            except UsageError as error:
                self.notes.append(f"{place}: {error.message}")
        return names

    def tell(self, place: str, what: str, key: str) -> None:
        """Tells of what is taken."""
        self.changes.append(self.sentence(place, what, key))

    def leave(self, note: str) -> None:
        """Tells of what is not taken, though an export would lose it."""
        self.notes.append(note)
        self.is_unsettled = True

    def keep(
        self, place: str, what: str, key: str, sides: tuple[str, str] | None, value: str = ""
    ) -> None:
        """Tells of what both sides changed, and that the value of the library stays.

        Args:
            sides: That value, and the one of the file; ``None`` if they are no texts.
            value: The value, if it is a word.
        """
        self.conflicts += 1
        ours = f"“{value}”" if value else "the library's"
        note = self.sentence(place, f"both sides changed {what}; {ours} stays", key)
        self.leave(note)
        if sides is not None:
            self.sides[note] = sides

    def tell_unsettled(self) -> None:
        """Tells what becomes of what was not taken."""
        if self.is_unsettled:
            self.notes.append(UNSETTLED)

    def sentence(self, place: str, fact: str, key: str) -> str:
        """A fact of a paper; see ``sentence``."""
        return sentence(f"{place}: {fact}", self.library.item(key).paper.display_title)

    def _take_status(
        self, key: str, statement: Statement, status: Status, *, is_unchanged: bool
    ) -> bool:
        """Takes a status, unless it was changed here, too; then returns false."""
        ours = self.library.state.of(key).status
        if status is ours:
            return True
        if not (is_unchanged or self.prefers_file):
            sides = (str(ours), str(status))
            self.keep(statement.place, "the status", key, sides, str(ours))
            return False
        self.updates.append(("papers", key, "snoozed_until", None))
        value = None if status is Status.UNREAD else str(status)
        self._take("status", value, key, statement, str(status))
        return True

    def _take_tags(
        self, key: str, statement: Statement, added: set[str], removed: set[str]
    ) -> None:
        state = self.library.state
        names = set(state.of(key).tags)
        signs = dict.fromkeys(added - names, "+") | dict.fromkeys(removed & names, "-")
        for name, sign in sorted(signs.items()):
            self.updates += state.tag_updates(key, name, is_set=sign == "+")
        if signs:
            words = " ".join(f"{sign}{name}" for name, sign in sorted(signs.items()))
            self.tell(statement.place, f"tagged {words}", key)

    def _take(self, field: str, value: Any, key: str, statement: Statement, what: str) -> None:
        self.updates.append(("papers", key, field, value))
        is_removed = value is None and field != "status"
        self.tell(statement.place, f"{what} removed" if is_removed else what, key)


def _has_blanks_for_tabs(sum: str, note: str) -> bool:
    """Whether a file says a note with blanks in place of its tabs, as pandoc writes code.

    Blanks in place of which a user put tabs are another note, as a makefile is with these.

    Args:
        sum: The checksum of the note that the file says.
        note: One that the library has, or had.
    """
    from tui.formats.note_sums import is_old, markdown_sum, note_sum

    if not (sum and "\t" in note):
        return False
    spaced = note.expandtabs(4)
    return sum == (note_sum(spaced) if is_old(sum) else markdown_sum(spaced))
