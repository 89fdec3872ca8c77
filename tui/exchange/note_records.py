"""Records of exported notes: the base when their changes are pulled."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tui.model.state import Export, ExportedState, FieldUpdate, Item, PaperState
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.library import Library


@dataclass(frozen=True, slots=True)
class ExportedNote:
    """The note of a paper as it was exported."""

    sum: str
    """Checksum of its managed lines."""
    shown: ExportedState
    """What was exported; of tags and star, what the managed lines repeat until the next export."""
    state: ExportedState
    """What it said when it was last exported or pulled."""
    pulled: str = ""
    """Checksum of the managed lines that were pulled; empty if they are as exported."""

    @property
    def read_sum(self) -> str:
        """The checksum of the managed lines that the state is of."""
        return self.pulled or self.sum

    @property
    def value(self) -> str:
        """The JSON of the record, as in the journal; see ``note_of``."""
        values = [self.sum, self.pulled, _value(self.shown)]
        if self.state != self.shown:
            values.append(_value(self.state))
        return json.dumps(values, ensure_ascii=False)

    def field_update(self, folder: str, key: str) -> FieldUpdate:
        """The update that records it."""
        return ("notes", folder, key, self.value)


def exported_note(library: "Library", folder: str, key: str) -> ExportedNote | None:
    """The note of a paper as it was exported into a folder; ``None`` if none was."""
    return note_of(library.state.value("notes", folder, key) or "")


def note_of(text: str) -> ExportedNote | None:
    """The note that a value records; ``None`` if it records none."""
    try:
        value = json.loads(text or "null")
    except ValueError:
        return None
    match value:
        case [str(sum), str(pulled), shown, *states]:
            exported = _state_of(shown)
            state = _state_of(states[0]) if states else exported
            return ExportedNote(sum, exported, state, pulled) if exported and state else None
    return None


def _value(state: ExportedState) -> list[Any]:
    """A state as in the journal."""
    return [state.box, state.starred, list(state.tags), state.note]


def _state_of(value: Any) -> ExportedState | None:
    match value:
        case [str(box), bool(starred), [*tags], str(note)]:
            return ExportedState(box, starred, tuple(map(str, tags)), note)
    return None


def notes_sum(library: "Library", name: str, items: Iterable[Item], format: str) -> str:
    """A checksum of what the notes of a list say, but for what users change in them."""
    from tui.formats import notes

    program = notes.named(format)
    parts = [format, library.state.reading_list(name).description]
    for item in items:
        undecided = replace(item, state=PaperState(lists=item.state.lists))
        parts.append(program.note(undecided, item.state.lists, None))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def have_notes_changed(
    library: "Library", name: str, items: Sequence[Item], export: Export
) -> bool:
    """Whether papers differ from the notes that were exported of them."""
    from tui.formats.notes.base import exported_state

    for item in items:
        note = exported_note(library, export.path, item.key)
        if note is None or note.state != exported_state(item.state, note.state.note):
            return True
    return notes_sum(library, name, items, export.format) != export.sum
