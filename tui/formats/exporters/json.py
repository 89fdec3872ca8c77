"""Items as JSON: the facts, as ``parse`` prints them, and the state."""

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from tui.formats.base import ExportOptions
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


_UNSAFE = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
    "|[\U000e0000-\U000e0fff]"
)


def dumps(value: Any, *, ascii_only: bool = False) -> str:
    """JSON with all characters escaped that a terminal could interpret."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=1)
    return _UNSAFE.sub(lambda match: json.dumps(match.group())[1:-1], text)
