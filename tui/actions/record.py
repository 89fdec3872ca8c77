"""The command by which the instance with the lock records what another one wrote or sent."""

import json
from typing import TYPE_CHECKING

from tui.actions.context import Context, Outcome
from tui.actions.registry import WRITE, Argument, Where, action
from tui.actions.targets import changed
from tui.errors import UsageError
from tui.exchange.export_paths import is_full_path
from tui.model.state import Change, Edit, fits, is_record
from tui.model.text import sanitize

if TYPE_CHECKING:
    from collections.abc import Sequence


def recording(change: Change) -> "Sequence[str]":
    """The command line that makes a change which is a record."""
    updates = [(edit.table, edit.id, edit.field, edit.now) for edit in change.edits]
    return "record", change.verb, json.dumps(updates)


@action(
    "record",
    Argument("verb", "what was done", metavar="VERB", choices=("export", "digest")),
    Argument("updates", "table, id, field and value of each update", metavar="JSON"),
    help="record what was written or sent",
    group="History",
    where=Where.INTERNAL,
    access=WRITE,
    on_request=True,
)
def run_record(context: Context, verb: str, updates: str) -> Outcome:
    """Records what another instance wrote or sent; it is taken to be so.

    Raises:
        UsageError: If that would change anything but records.
    """
    library = context.library
    try:
        values = [(str(table), str(id), str(name), v) for table, id, name, v in json.loads(updates)]
        is_right = all(map(_is_right, library.state.edits(values)))
    except (ValueError, TypeError):
        is_right = False
    if not is_right:
        raise UsageError(f"Not a record: {sanitize(updates, 80)}", "Export or send it again.")
    return changed(library, library.change(verb, values))


def _is_right(edit: Edit) -> bool:
    """Whether it is a record; that of a file or folder has its full path."""
    path = edit.field.removeprefix("export/") if edit.table == "lists" else edit.id
    has_path = edit.table == "digests" or is_full_path(path)
    return is_record(edit) and fits(edit.table, edit.field, edit.now) and has_path
