"""Has the instance with the lock record what another one wrote or sent."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.actions.context import Context, Outcome
from tui.actions.registry import WRITE, Argument, Where, action, actions_of
from tui.actions.targets import changed
from tui.errors import PapersError, UsageError
from tui.exchange.export_paths import is_full_path
from tui.model.state import Change, Edit, fits, is_record
from tui.model.text import sanitize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.actions.requests import Opening
    from tui.library import Library


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


def record_elsewhere(
    changes: "Iterable[Change]", context: Context, opening: "Opening"
) -> tuple[str, ...]:
    """Has the instance with the lock make changes that are records.

    Returns:
        A sentence that they are not recorded; none if they are.
    """
    from tui.actions.requests import run_elsewhere

    for change in changes:
        updates = json.dumps([(edit.table, edit.id, edit.field, edit.now) for edit in change.edits])
        options = {"verb": change.verb, "updates": updates}
        words = ("record", *options.values())
        try:
            command = actions_of("record")["record"]
            run_elsewhere(command, options, replace(context, words=words), opening)
        except PapersError as error:
            return (f"Not recorded: {error.message}",)
    return ()


def not_recorded(library: "Library") -> tuple[str, ...]:
    """A sentence that nothing is recorded of what is written; none if it is, if only elsewhere."""
    reason = None if library.is_open_elsewhere else library.read_only_reason
    return (f"Not recorded: {reason}",) if reason else ()
