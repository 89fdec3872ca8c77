"""What is recorded of the exports of lists and queries: the base when their changes are pulled."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.files import is_there
from tui.model.state import Export, ExportedState, FieldUpdate, Item, ReadingList, fits
from tui.model.words import fold

if TYPE_CHECKING:
    from tui.formats.checklist import Entry
    from tui.library import Library


def known_exports(reading_list: ReadingList) -> list[Export]:
    """The exports of a list that can be repeated, to files and to folders of notes.

    A journal may hold relative paths, and formats of a newer version.
    """
    return [export for export in reading_list.exports if is_known(export)]


def is_known(export: Export) -> bool:
    """Whether an export can be repeated; see ``known_exports``."""
    from tui.formats import exporters

    is_format = exporters.is_known(export.format) or is_notes(export)
    return Path(export.path).is_absolute() and is_format


def is_notes(export: Export) -> bool:
    """Whether a list was exported to a folder, as a note for each paper."""
    from tui.formats import notes

    return export.format in notes.FORMATS


def can_be_pulled(export: Export) -> bool:
    """Whether what is edited in an export can be taken into the library."""
    from tui.formats.exporters import is_pulled

    return is_pulled(export.format) or is_notes(export)


def original_of(library: "Library", path: Path, text: str) -> str | None:
    """The exported file that another file is a copy of; ``None`` if it is none, or that is gone."""
    from tui.formats.exporters import is_pulled
    from tui.formats.exporters.markdown import exported_sum

    sum = exported_sum(text)
    exports = [export for each in library.state.lists() for export in known_exports(each)]
    paths = [each.path for each in exports if is_pulled(each.format) and each.sum == sum]
    if not sum or absolute(path) in (paths or known_files(library)):
        return None
    if not paths and (name := next(names_of_sum(library, sum), None)):  # since exported again
        exports = known_exports(library.state.reading_list(name))
        paths = [each.path for each in exports if is_pulled(each.format)]
    return next((each for each in paths if is_there(Path(each), Path.is_file)), None)


def known_files(library: "Library") -> frozenset[str]:
    """The files to which lists and queries were exported, and that can be pulled."""
    from tui.formats.exporters import is_pulled

    exports = [export for each in library.state.lists() for export in known_exports(each)]
    exports += (export for _, export in query_exports(library))
    return frozenset(each.path for each in exports if is_pulled(each.format))


def query_exports(library: "Library") -> Iterator[tuple[str, Export]]:
    """The titles of queries that were exported, each with its export."""
    for path, fields in library.state.things("files").items():
        try:
            value = json.loads(fields.get("export") or "null")
        except ValueError:
            continue
        if isinstance(value, dict) and fits("lists", "export", value) and Path(path).is_absolute():
            yield str(value.get("title", "")), Export.of(path, value, library.papers.own_key)


def exported_queries(library: "Library") -> dict[str, list[Export]]:
    """The queries that were exported, by their titles, each with its exports, newest first."""
    titles = sorted({title for title, _ in query_exports(library)}, key=fold)
    return {title: exports_of_query(library, title) for title in titles}


def exports_of_query(library: "Library", title: str) -> list[Export]:
    """The exports of a query, newest first."""
    exports = [export for query, export in query_exports(library) if query == title]
    return sorted(exports, key=lambda export: export.at, reverse=True)


def query_update(title: str, export: Export) -> FieldUpdate:
    """The update that records the export of a query."""
    return "files", export.path, "export", json.dumps({"title": title, **export_value(export)})


def absolute(path: Path) -> str:
    """A path as exports have it."""
    return str(path.expanduser().absolute())


def exported_papers(library: "Library", name: str, folder: Path) -> tuple[str, ...]:
    """The papers of a list, in order, when it was last exported to a folder of notes."""
    exports = library.state.reading_list(name).exports
    return next((each.held for each in exports if each.path == str(folder)), ())


def base_of_copy(
    library: "Library", name: str, sum: str, entries: "Mapping[str, Entry]"
) -> Export | None:
    """The export that a copy of an exported list was made from, as it was then.

    The copy may be as old as the export, or have what was pulled of that since: of all that was
    recorded of it, this is what the copy differs from least. ``None`` if nothing was.

    Args:
        sum: The checksum of what was exported.
        entries: The lines of the copy, by the keys of their papers.

    Cost: reads the journal.
    """
    from tui.formats.note_sums import note_sum

    def difference(export: Export) -> int:
        count = len(entries.keys() ^ set(export.held))
        for key, entry in entries.items():
            was = (export.states or {}).get(key, ExportedState())
            count += entry.box != was.box
            count += entry.tags != frozenset(was.tags)
            count += bool(entry.is_starred) != was.starred
            count += note_sum(entry.note) != was.note
        return count

    recorded = [*_recorded(library, name, sum)]
    return min(reversed(recorded), key=difference, default=None)


def names_of_sum(library: "Library", sum: str) -> Iterator[str]:
    """The lists of which an export with a checksum was recorded. Cost: reads the journal."""
    names = (each.name for each in library.state.lists())
    return (name for name in names if any(_recorded(library, name, sum)))


def earlier_names(library: "Library", name: str) -> Iterator[str]:
    """The names that a list had before, perhaps several times. Cost: reads the journal."""
    ids = library.state.list_ids(name)
    yield from ids
    for change in library.state.newest_first():
        for edit in change.edits:
            if (edit.table, edit.field) == ("lists", "title") and edit.id in ids and edit.was:
                yield str(edit.was)


def _recorded(library: "Library", name: str, sum: str) -> Iterator[Export]:
    """What was recorded of exports of a list when they were made and pulled, newest first."""
    ids = library.state.list_ids(name)
    for change in library.state.newest_first():
        for edit in change.edits:
            if edit.table == "lists" and edit.id in ids and isinstance(edit.now, dict):
                export = Export.of(edit.field.partition("/")[2], edit.now, library.papers.own_key)
                if export.sum == sum and export.states is not None:
                    yield export


def export_value(export: Export) -> dict[str, Any]:
    """An export as in the journal and in JSON."""
    return {
        "format": export.format,
        "at": export.at,
        "held": list(export.held),
        "abstract": export.abstract,
        **({"citation_key": export.citation_key} if export.citation_key else {}),
        "sum": export.sum,
        **({"boxes": "all"} if export.has_all_boxes else {}),
        **({"states": _states_value(export.states)} if export.states is not None else {}),
        **({"pulled": export.pulled} if export.pulled else {}),
        **({"query": export.query} if export.query else {}),
    }


def exported_states(items: Iterable[Item], has_all_boxes: bool = False) -> dict[str, ExportedState]:
    """What an export says of papers, without those of which it says nothing."""
    from tui.formats.exported_states import exported_state

    states = {item.key: exported_state(item.state, has_all_boxes=has_all_boxes) for item in items}
    return {key: state for key, state in states.items() if state != ExportedState()}


def _states_value(states: Mapping[str, ExportedState]) -> dict[str, list[Any]]:
    return {
        key: [state.box, state.starred, list(state.tags), state.note, *filter(None, [state.status])]
        for key, state in states.items()
    }
