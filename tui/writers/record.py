"""Entries as JSON: the facts as the reader of pages gives them, and what was decided."""

import json
from collections.abc import Iterable
from typing import Any

from tui.paper import Record, to_record
from tui.triage import Entry


def record(entry: Entry) -> Record:
    """One entry: the fields of ``parse``, and behind them what was decided."""
    made = entry.decision
    return {
        **to_record(entry.paper),
        "status": str(made.status),
        "starred": made.starred,
        "snoozed_until": made.snoozed_until.isoformat() if made.snoozed_until else None,
        "tags": list(made.tags),
        "lists": list(made.lists),
        "note": made.note,
    }


def write(records: Iterable[Any]) -> str:
    """Records as a JSON array, a record's fields on lines of their own; ends in a line end."""
    return json.dumps(list(records), ensure_ascii=False, indent=1) + "\n"
