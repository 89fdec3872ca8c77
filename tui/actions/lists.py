"""Reading lists: create, describe, fill, reorder, rename, delete."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.actions.context import Context, Outcome
from tui.actions.export import ABSTRACT, TO, export_style
from tui.actions.registry import JSON, WRITE, Argument, Where, action
from tui.actions.targets import LIST, changed, library_action, require_list, verb
from tui.errors import PapersError, UsageError
from tui.exchange import export_files
from tui.exchange.export_files import changes_since
from tui.exchange.export_paths import is_full_path, short_path
from tui.model.names import list_name
from tui.model.state import Change, Export, FieldUpdate, ReadingList, Status
from tui.model.text import is_inert, normalize, sanitize
from tui.model.words import fold

if TYPE_CHECKING:
    from tui.library import Library

_recording = partial(action, group="Reading lists", access=WRITE, on_request=True)


def show_lists(library: "Library") -> Outcome:
    """The reading lists as a table: progress, description, and last export."""
    rows = []
    for each in library.state.lists():
        progress = f"{read_count(library, each)} of {len(each.keys)} read"
        rows.append((each.name, progress, each.description, _exports_line(library, each)))
    message = "" if rows else "No lists yet. papers-tui lists add NAME KEY creates one."
    data = [list_record(library, each) for each in library.state.lists()]
    return Outcome(message, rows=rows, data=data)


def _exports_line(library: "Library", reading_list: ReadingList) -> str:
    """The newest export, or one that is out of date, or one that was edited, which goes first."""
    from tui.actions.exported import edited_label
    from tui.exchange.export_records import is_known
    from tui.exchange.pull_paths import edited_files

    exports = reading_list.exports
    if not exports:
        return ""
    files = [edited_files(library, each) if is_known(each) else [] for each in exports]
    edits = list(map(edited_label, exports, files))
    since = [changes_since(library, reading_list, export) for export in exports]
    place = max(range(len(exports)), key=lambda place: (bool(edits[place]), bool(since[place])))
    export, more = exports[place], f" and {len(exports) - 1} more" if len(exports) > 1 else ""
    news = filter(None, (edits[place], since[place] and f"since then {since[place]}"))
    where = f"exported {export.at[:10]} to {short_path(Path(export.path))}{more}"
    return ", ".join([where, *news])


def read_count(library: "Library", reading_list: ReadingList) -> int:
    """How many of a list's papers are read."""
    return sum(library.state.of(key).status is Status.READ for key in reading_list.keys)


def list_record(library: "Library", reading_list: ReadingList) -> dict[str, Any]:
    """A list as JSON."""
    from tui.exchange.export_records import export_value

    return {
        "name": reading_list.name,
        "description": reading_list.description,
        "papers": list(reading_list.keys),
        "read": read_count(library, reading_list),
        "exports": [
            {
                "path": export.path,
                **export_value(replace(export, states=None, pulled="")),  # for pulling alone
                "since": changes_since(library, reading_list, export),
            }
            for export in reading_list.exports
        ],
    }


@action(
    "lists",
    JSON,
    help="show or edit reading lists",
    group="Reading lists",
)
def run_lists(context: Context) -> Outcome:
    """The reading lists."""
    return show_lists(context.library)


@library_action(
    "lists make",
    LIST,
    help="create an empty list",
    group="Reading lists",
    phrases={r"make list (.*)": r"Created list \1"},
)
def create(library: "Library", name: str) -> Change | None:
    """Creates an empty list."""
    name = library.state.find_list(name) or list_name(name)
    _, updates = library.state.list_updates(name)
    return library.change(f"make list {name}", updates)


@verb(
    "lists add",
    LIST,
    help="add papers to the end of a list",
    group="Reading lists",
    phrases={r"add to (.*)": r"Added to \1", r"lists (.*)": r"Changed lists \1"},
)
def add(library: "Library", name: str, keys: Iterable[str]) -> Change | None:
    """Adds papers to the end of a list, created if missing; those in it keep their place."""
    name = library.state.find_list(name) or list_name(name)
    return library.change(f"add to {name}", library.state.end_updates(name, keys))


def put(
    library: "Library", names: Iterable[str], others: Iterable[str], keys: Sequence[str]
) -> Change | None:
    """Adds papers to lists, created if missing, and removes them from others, in one change."""
    own_names = (library.state.find_list(name) or list_name(name) for name in names)
    into = list({fold(name): name for name in own_names}.values())  # a name in any case is one list
    out = list(dict.fromkeys(require_list(library, name) for name in others))
    updates = [update for name in into for update in library.state.end_updates(name, keys)]
    place = library.state.place_updates
    updates += [update for name in out for key in keys for update in place(name, key, None)]
    if into and out:
        signed = [*(f"+{name}" for name in into), *(f"-{name}" for name in out)]
        return library.change(f"lists {', '.join(signed)}", updates)
    label = f"add to {', '.join(into)}" if into else f"remove from {', '.join(out)}"
    return library.change(label, updates)


@verb(
    "lists remove",
    LIST,
    help="remove papers from a list",
    group="Reading lists",
    phrases={r"remove from (.*)": r"Removed from \1"},
)
def remove(library: "Library", name: str, keys: Iterable[str]) -> Change | None:
    """Removes papers from a list."""
    name = require_list(library, name)
    place = library.state.place_updates
    updates = [update for key in keys for update in place(name, key, None)]
    return library.change(f"remove from {name}", updates)


@_recording(
    "lists move",
    LIST,
    Argument("key", "a unique prefix of the paper's key", metavar="KEY"),
    Argument("place", "its new place, starting at 1", metavar="PLACE", kind=int),
    help="move a paper within a list",
    phrases={r"move in (.*)": r"Moved in \1"},
)
def run_move(context: Context, name: str, key: str, place: int) -> Outcome:
    """Moves a paper within a list."""
    library = context.library
    return changed(library, move(library, name, library.resolve(key), place))


def move(library: "Library", name: str, key: str, to: int) -> Change | None:
    """Moves a paper to a place in its list.

    Args:
        to: Its new place, from 1; clamped to the list.

    Raises:
        PapersError: If the paper is not in the list.
    """
    from tui.model.positions import new_positions

    name = require_list(library, name)
    # Papers that are removed or not in this library keep their places, which do not count here.
    shown = library.state.reading_list(name).keys
    places = {k: place for k, place in library.state.positions(name).items() if k in shown}
    if key not in places:
        raise PapersError(f"The paper is not in “{name}”", "Add it with papers-tui lists add.")
    others = [other for other in places if other != key]
    index = min(max(to, 1), len(others) + 1) - 1
    if list(places).index(key) == index:
        return None
    order = [*others[:index], key, *others[index:]]
    new_places = new_positions(order, {k: places[k] for k in others})
    place_updates = library.state.place_updates
    updates = [each for k, place in new_places.items() for each in place_updates(name, k, place)]
    return library.change(f"move in {name}", updates)


@library_action(
    "lists describe",
    LIST,
    Argument("text", metavar="TEXT"),
    help="edit the description of a list",
    phrases={r"describe (.*)": r"Described \1"},
    group="Reading lists",
)
def describe(library: "Library", name: str, text: str) -> Change | None:
    """Sets the description of a list."""
    name = require_list(library, name)
    first, *others = library.state.list_ids(name)
    updates: list[FieldUpdate] = [("lists", id, "description", None) for id in others]
    updates.append(("lists", first, "description", normalize(text, 500) or None))
    return library.change(f"describe {name}", updates)


@library_action(
    "lists rename",
    LIST,
    Argument("new", metavar="NEW"),
    help="rename a list",
    phrases={r"rename (.*)": r"Renamed \1"},
    group="Reading lists",
)
def rename(library: "Library", name: str, new: str) -> Change | None:
    """Renames a list, with its order, description and exports.

    Raises:
        PapersError: If the new name is taken.
    """
    name, new = require_list(library, name), list_name(new)
    existing = library.state.find_list(new)
    if existing is not None and existing != name:
        raise PapersError(f"A list “{existing}” already exists", "Choose another name.")
    updates: list[FieldUpdate] = []
    for id in library.state.list_ids(name):
        updates += [("lists", id, "exists", True)]
        updates += [("lists", id, "title", new if new != id else None)]
    return library.change(f"rename {name} to {new}", updates)


@library_action(
    "lists delete",
    LIST,
    help="delete a list; its papers stay",
    group="Reading lists",
    phrases={r"delete list (.*)": r"Deleted list \1"},
)
def delete(library: "Library", name: str) -> Change | None:
    """Deletes a list; its papers and the exported files stay."""
    name = require_list(library, name)
    state = library.state
    updates: list[FieldUpdate] = [
        update for key in state.positions(name) for update in state.place_updates(name, key, None)
    ]
    fields = ["exists", "description"]  # not the title, for what another machine adds meanwhile
    fields += [f"export/{export.path}" for export in state.reading_list(name).exports]
    updates += [("lists", id, field, None) for id in state.list_ids(name) for field in fields]
    return library.change(f"delete list {name}", updates)


@library_action(
    "lists forget",
    LIST,
    Argument("path", "the file", metavar="FILE", is_file=True),
    help="forget an export; the file stays",
    phrases={r"forget export of (.*)": r"Forgot an export of \1"},
    where=Where.LOCAL,
    group="Reading lists",
)
def forget(library: "Library", name: str, path: str) -> Change | None:
    """Forgets that a list or a query was exported to a file.

    Raises:
        UsageError: If it was not.
    """
    from tui.exchange.export_records import exports_of_query

    of_query = [] if library.state.find_list(name) else exports_of_query(library, name)
    name = name if of_query else require_list(library, name)
    exports = of_query or library.state.reading_list(name).exports
    target = str(Path(path).expanduser().absolute())
    if not (forgotten := [each for each in exports if each.path in (path, target)]):
        raise UsageError(
            f"Not an export of “{sanitize(name, 60)}”: {sanitize(path, 80)}",
            "papers-tui export names them.",
        )
    if of_query:
        return forget_query(library, name, forgotten)
    updates: list[FieldUpdate] = [
        ("lists", id, f"export/{each.path}", None)
        for id in library.state.list_ids(name)
        for each in forgotten
    ]
    return library.change(f"forget export of {name}", updates)


def forget_query(library: "Library", title: str, exports: Iterable[Export]) -> Change | None:
    """Forgets exports of a query; the files stay."""
    updates: list[FieldUpdate] = [("files", each.path, "export", None) for each in exports]
    return library.change(f"forget export of {title}", updates)


@_recording(
    "lists exported",
    LIST,
    Argument(
        "path", "the file; while the app is open, its full path", metavar="FILE", is_file=True
    ),
    TO,
    ABSTRACT,
    help="record a file as an export of the list as it is now",
    where=Where.LOCAL,
)
def run_exported(
    context: Context, name: str, path: str, to: str | None = None, abstract: str = "first"
) -> Outcome:
    """Records an export that is written.

    Raises:
        UsageError: If the path is a relative one of another process, or there is no such format.
    """
    library = context.library
    name = require_list(library, name)
    if context.inputs is None and is_inert(path):  # else the current folder may be another
        path = str(Path(path).absolute())
    if not is_full_path(path):
        raise UsageError(f"Not a full path: {sanitize(path, 80)}", "Begin with a slash.")
    items = library.list_items(name)
    style = export_style(context, to, abstract)
    return changed(library, export_files.keep_written(library, name, items, Path(path), style))
