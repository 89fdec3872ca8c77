"""Entries as JSON: the facts as the reader of pages gives them, and what was decided."""

import json
import re
from typing import Any

from tui.model.paper import Record, to_record
from tui.model.state import Item


def record(item: Item) -> Record:
    """One item: the fields of ``parse``, and behind them what was decided."""
    made = item.state
    return {
        **to_record(item.paper),
        "status": str(made.status),
        "starred": made.starred,
        "snoozed_until": made.snoozed_until.isoformat() if made.snoozed_until else None,
        "tags": list(made.tags),
        "lists": list(made.lists),
        "note": made.note,
    }


_UNSAFE = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
    "|[\U000e0000-\U000e0fff]"
)


def dumps(value: Any, *, ascii_only: bool = False) -> str:
    """JSON of which no character acts on a terminal: those that would are escaped."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=1)
    return _UNSAFE.sub(lambda match: json.dumps(match.group())[1:-1], text)
