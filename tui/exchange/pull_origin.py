"""Which export of which list a file is."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tui.errors import InputError
from tui.exchange.export_records import (
    absolute,
    base_of_copy,
    can_be_pulled,
    known_exports,
    names_of_sum,
    query_exports,
)
from tui.exchange.pull_entries import Finder
from tui.model.state import Export
from tui.model.text import sanitize

if TYPE_CHECKING:
    from tui.formats.checklist import Checklist, Entry
    from tui.library import Library


def entries_by_key(
    library: "Library", held: Iterable[str], read: "Checklist"
) -> dict[str, "Entry"]:
    """The lines of a list by the keys of their papers, of which it held some."""
    papers = Finder(library, held)
    return {key: each for each in read.entries if (key := papers.find(each))}


def refuse_note(library: "Library", path: Path, text: str, title: str) -> None:
    """Refuses the note of a paper that has lost the properties by which it is known.

    Raises:
        InputError: If the file is one.
    """
    from tui.formats.checklist import BEGIN, Entry

    folders = library.state.note_folders()
    key = Finder(library, ()).find(Entry(0, title, ""))
    if key and any(str(parent) in folders for parent in Path(absolute(path)).parents):
        is_of_logseq = f"- {BEGIN}" in text
        lines = f"papers-tui:: {key}" if is_of_logseq else f"---, papers-tui: {key} and ---"
        raise InputError(
            "A note without its properties",
            f"Put back at its top, in lines of their own: {lines}",
        )


def query_of(library: "Library", path: Path, sum: str) -> tuple[str, Export] | None:
    """The query that a file has, and its export; ``None`` if it is of none.

    Args:
        library: The library.
        path: The file.
        sum: The checksum with which it was exported; empty without its end.
    """
    target = absolute(path)
    exports = [
        each
        for each in query_exports(library)
        if can_be_pulled(each[1]) and (each[1].sum == sum or not sum)
    ]
    here = (each for each in exports if each[1].path == target)
    return next(here, next(iter(exports), None) if sum else None)


def export_of(
    library: "Library", path: Path, read: "Checklist", sum: str
) -> tuple[str, Export, bool]:
    """The list that a file has, and its export: by the checksum in it, else by its path.

    Args:
        library: The library.
        path: The file.
        read: What is in it.
        sum: The checksum of its managed lines.

    Returns:
        The list, the export, and whether it is the one that the file was, not a later one.

    Raises:
        InputError: If it was not exported from this library.
    """
    from tui.formats.exporters import is_pulled

    target = absolute(path)
    exports = [
        (each.name, export, export.sum == read.sum or not read.sum)
        for each in library.state.lists()
        for export in known_exports(each)
        if is_pulled(export.format)
    ]
    # A copied file is that of its text; a file without its end, or of an older text, of its path.
    # Of several, that from which this very text was pulled has nothing that was not taken.
    exports.sort(
        key=lambda each: (
            each[2] and bool(read.sum),
            bool(sum) and each[1].pulled == sum,
            each[1].path == target,
        )
    )
    for name, export, is_last in reversed(exports):
        if (is_last and read.sum) or export.path == target:
            return name, export, is_last
    for name in names_of_sum(library, read.sum) if read.sum else ():
        if then := base_of_copy(library, name, read.sum, entries_by_key(library, (), read)):
            return name, then, True
    listed = next((name for name, *_ in exports if name == read.name), None)
    if listed is not None:
        raise InputError(
            f"An older export of “{listed}”, of which nothing is recorded",
            "Pull the file that it was exported to last, or export the list again.",
        )
    if library.state.find_list(read.name) is None and read.name:
        raise InputError(
            f"No list “{sanitize(read.name, 60)}” in this library",
            "It was deleted or renamed, or the file is of a query or from another library.",
        )
    raise InputError("Not exported from this library", "Export the list once; then pull it.")
