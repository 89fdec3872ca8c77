"""Which files a pull reads: named ones, those of a list, or all that were edited."""

import shlex
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tui.errors import InputError
from tui.exchange.export_paths import short_path
from tui.exchange.export_records import (
    absolute,
    can_be_pulled,
    is_notes,
    known_exports,
    known_files,
    query_exports,
)
from tui.files import is_there, read_file, read_text
from tui.model.suggest import did_you_mean, nearest
from tui.model.text import normalize, sanitize

if TYPE_CHECKING:
    from tui.library import Library
    from tui.model.state import Export, ReadingList


def complete_exported(library: "Library") -> Iterator[tuple[str, str]]:
    """The lists that were exported to a file that can be pulled, each with that file."""
    for each in library.state.lists():
        if exports := _pullable(each):
            yield each.name, short_path(Path(exports[0].path))


def files_of(library: "Library", names: Sequence[str]) -> Iterator[str]:
    """The files to pull that are named.

    Args:
        library: The library.
        names: Files, folders, and lists; a list that was exported goes before a file of its name,
            which ``./NAME`` names. None for all exports that were edited, and all notes.

    Raises:
        InputError: If there is nothing of a name, or nothing to pull was ever exported.
        PapersError: If a folder has too many files.
    """
    if not names:
        yield from _edited(library)
    for name in names:
        title = library.state.find_list(normalize(name))
        exports = [] if title is None else _pullable(library.state.reading_list(title))
        if exports:
            yield from _edited_or_latest(exports, name)
        elif is_there(Path(name), Path.is_dir):
            yield from _files_in(library, name)
        elif name == "-" or is_there(Path(name)):
            yield name
        elif title is not None:
            raise InputError(
                f"“{sanitize(title, 60)}” was not exported as Markdown",
                f"papers-tui export {shlex.quote(title)} -o FILE.md writes a file to pull from.",
            )
        else:
            near = nearest(name, library.state.list_names())
            hint = did_you_mean(near, "papers-tui lists shows lists and files.")
            raise InputError(f"No such file or list: {sanitize(name, 200)}", hint)


def _edited(library: "Library") -> Iterator[str]:
    """The exported lists that were edited, and all exported notes, those that were moved, too.

    Raises:
        InputError: If nothing was exported.
    """
    from tui.exchange.note_pages import moved_notes

    exports = [export for each in library.state.lists() for export in _pullable(each)]
    exports += (export for _, export in query_exports(library) if can_be_pulled(export))
    folders = [each for each in library.state.note_folders() if Path(each).is_absolute()]
    if not exports and not folders:
        raise InputError(
            "Nothing was exported that can be pulled", "papers-tui export LIST -o FILE.md does."
        )
    yield from (export.path for export in exports if is_edited(export))
    for folder in folders:
        if is_there(Path(folder), Path.is_dir):
            with suppress(InputError):  # its notes were moved or deleted
                yield from _files_in(library, folder)
            yield from map(str, moved_notes(library, Path(folder)))


def _pullable(reading_list: "ReadingList") -> list["Export"]:
    """The exports of a list that can be pulled, latest first."""
    from tui.formats.exporters import is_pulled

    return [each for each in known_exports(reading_list) if is_pulled(each.format)]


def _edited_or_latest(exports: Sequence["Export"], name: str) -> list[str]:
    """The exports of a list that were edited; if none was, the latest that is there.

    Raises:
        InputError: If none is there.
    """
    present = [export for export in exports if is_there(Path(export.path), Path.is_file)]
    if not present:
        raise InputError(
            f"The exported file is gone: {sanitize(short_path(Path(exports[0].path)), 200)}",
            f"papers-tui export {shlex.quote(name)} -o FILE.md exports the list again.",
        )
    edited = [export for export in present if is_edited(export)]
    return [export.path for export in edited or present[:1]]


def _files_in(library: "Library", name: str) -> Iterator[str]:
    """The exported lists and notes in a folder.

    Raises:
        InputError: If there is none.
        PapersError: If there are too many files.
    """
    from tui.exchange.note_pages import markdown_files

    is_empty = True
    for path in markdown_files(Path(name)):
        try:
            data = read_file(path)
        except OSError:
            continue
        if is_exported(library, path, data):
            is_empty = False
            yield str(path)
    if is_empty:
        raise InputError(f"No exported list in {sanitize(name)}", "Export one into it.")


def is_exported(library: "Library", path: Path, data: bytes) -> bool:
    """Whether a file is an exported list or note, or what is left of one."""
    from tui.exchange.note_pages import is_cut_note
    from tui.formats.checklist import BEGIN
    from tui.formats.notes import key_of

    if BEGIN.encode() in data or absolute(path) in known_files(library):
        return True
    text = data.decode("utf-8", "replace")
    return key_of(text) is not None or is_cut_note(library, path, text)


def edited_files(library: "Library", export: "Export") -> list[Path]:
    """The files of an export that were edited, and not pulled since: the file, or some notes.

    Cost: reads the file, or all notes of the folder; one that cannot be pulled only if it changed
    since it was last read.
    """
    from tui.exchange.pull_notes import edited_notes

    if is_notes(export):
        return list(edited_notes(library, export))
    if not can_be_pulled(export):
        return [Path(export.path)] if _is_replaced_after_asking(export) else []
    return [Path(export.path)] if is_edited(export) else []


def _is_replaced_after_asking(export: "Export") -> bool:
    """Whether a file that cannot be pulled is not as it was exported."""
    path = Path(export.path)
    try:
        info = path.stat()
        sum = _sum_of(path, info.st_mtime_ns, info.st_size)
    except (OSError, ValueError):
        return False
    return bool(export.sum) and sum not in ("", export.sum)


@lru_cache(maxsize=256)
def _sum_of(path: Path, changed_at: int, size: int) -> str:
    """The checksum of a file, read again if it changed; empty if it is blank."""
    from tui.formats.exporters import PlainDocument

    present = PlainDocument.of_file(read_file(path))
    return present.sum if present.data.strip() else ""


def is_edited(export: "Export") -> bool:
    """Whether an exported list was edited in its file or cut short, and not pulled since."""
    from tui.formats.exporters import is_pulled
    from tui.formats.exporters.markdown import list_sum

    if not is_pulled(export.format):
        return False
    try:
        sum = list_sum(read_text(Path(export.path)))
    except (OSError, UnicodeDecodeError):
        return False
    return not sum or sum not in (export.sum, export.pulled)
