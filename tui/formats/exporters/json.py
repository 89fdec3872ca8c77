"""Papers as JSON: the facts, as ``parse`` prints them, and the state; see ``docs/json.md``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from tui.formats.base import SCHEMA, ExportOptions
from tui.formats.json_text import dumped, dumps
from tui.model.paper import Record, to_record
from tui.model.state import Item

LABEL: Final = "JSON"
DETAILS: Final = (
    "for your own programs: every fact and the state, as [JSON](json.md) describes them"
)
EXTENSIONS: Final = (".json",)
RANK: Final = 4


def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
    """An array of all items."""
    return dumped(map(record, items))


def write_library(items: Iterable[Item], rest: Mapping[str, Any]) -> str:
    """An object with all items, and what a library has beside them.

    Args:
        items: The papers, in the order in which they were added.
        rest: The other members, of which ``lists`` is the first.
    """
    return dumps({"schema": SCHEMA, **rest, "papers": [record(item) for item in items]}) + "\n"


def record(item: Item) -> Record:
    """One item: the fields of ``parse``, then its state."""
    state = item.state
    return {
        "schema": SCHEMA,
        **to_record(item.paper),
        "status": str(state.status),
        "starred": state.starred,
        "snoozed_until": state.snoozed_until.isoformat() if state.snoozed_until else None,
        "tags": list(state.tags),
        "lists": list(state.lists),
        "note": state.note,
        "removed": state.is_removed,
        "rule": state.rule,
    }
