"""What was exported of lists and queries, and what changed since: here, or in the files."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui.actions.context import Outcome
from tui.model.layout import plural
from tui.model.state import Export
from tui.model.text import sanitize

if TYPE_CHECKING:
    from tui.library import Library


def show_exports(library: "Library") -> Outcome:
    """All exports of lists and queries as a table: the file, of what it is, and what changed."""
    rows = [
        (short, sanitize(title), ", ".join(filter(None, news)))
        for title, export, since in _exports(library)
        for short, *news in [_news(library, export, since)]
    ]
    message = "" if rows else "Nothing was exported yet. papers-tui export LIST -o FILE does."
    return Outcome(message, rows=rows)


def _exports(library: "Library") -> Iterator[tuple[str, Export, str]]:
    """Each export, with the list or query, and what changed there since."""
    from tui.exchange.export_files import changes_since, query_changes
    from tui.exchange.export_records import exported_queries

    for each in library.state.lists():
        for export in each.exports:
            yield each.name, export, changes_since(library, each, export)
    for title, exports in exported_queries(library).items():
        for export in exports:
            yield title, export, query_changes(library, title, export)


def _news(library: "Library", export: Export, since: str) -> tuple[str, ...]:
    """The path, the day, whether the file is there and was edited, and what changed since."""
    from tui.exchange.export_paths import short_path
    from tui.exchange.export_records import is_known
    from tui.exchange.pull_paths import edited_files
    from tui.files import is_there

    path = Path(export.path)
    files = edited_files(library, export) if is_known(export) else []
    state = edited_label(export, files) if is_there(path) else "no longer there"
    return short_path(path), f"exported {export.at[:10]}", state, since and f"since then {since}"


def edited_label(export: Export, files: Sequence[Path]) -> str:
    """That files of an export were edited; empty if none was."""
    from tui.exchange.export_records import can_be_pulled, is_notes

    if files and is_notes(export):
        return f"{plural(len(files), 'note')} edited"
    if files and not can_be_pulled(export):
        return "edited, exporting asks first"
    return "edited in the file" if files else ""
