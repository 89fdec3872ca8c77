"""Items as JSON: the facts, as ``parse`` prints them, and the state."""

from collections.abc import Sequence
from typing import Final

from tui.formats.base import ExportOptions
from tui.formats.json_text import dumps
from tui.model.paper import Record, to_record
from tui.model.state import Item

LABEL: Final = "JSON"
EXTENSIONS: Final = (".json",)


def write(items: Sequence[Item], options: ExportOptions) -> str:
    """An array of all items."""
    return dumps([record(item) for item in items]) + "\n"


def record(item: Item) -> Record:
    """One item: the fields of ``parse``, then its state."""
    state = item.state
    return {
        **to_record(item.paper),
        "status": str(state.status),
        "starred": state.starred,
        "snoozed_until": state.snoozed_until.isoformat() if state.snoozed_until else None,
        "tags": list(state.tags),
        "lists": list(state.lists),
        "note": state.note,
    }
