"""Writing papers to files, and how a list changed since an export."""

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.errors import (
    ConfirmationError,
    EditedError,
    InputError,
    LibraryError,
    PapersError,
    WholeFileError,
    with_path,
)
from tui.exchange.citation_keys import citation_keys
from tui.exchange.export_paths import target_of
from tui.files import read_file
from tui.model.layout import plural
from tui.model.state import Change, Export, ExportedState, FieldUpdate, Item, ReadingList, Status
from tui.model.text import sanitize
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.config import Config
    from tui.formats.exporters import Document
    from tui.library import Library

PARTS: Final = ("none", "first", "full")
"""How much of each abstract an export has: nothing, the first sentence, or all of it."""


def part_label(part: str) -> str:
    """How a prompt calls one of ``PARTS``."""
    return "first sentence" if part == "first" else part


def parts_from(part: str) -> tuple[str, ...]:
    """``PARTS``, rotated to begin with one of them; with the default if it is none of them."""
    start = PARTS.index(part if part in PARTS else "first")
    return PARTS[start:] + PARTS[:start]


@dataclass(frozen=True, slots=True)
class ExportStyle:
    """How papers are written."""

    format: str = ""
    """A module of ``formats.exporters``; empty for the one that the file's extension means."""
    abstract: str = "first"
    """How much of each abstract; one of ``PARTS``."""
    citation_key: str = ""
    """The template of citation keys; empty for the default one."""
    has_all_boxes: bool = False
    """See ``Export``."""


def style_of(export: Export) -> ExportStyle:
    """How an export was written, so that it can be written so again."""
    return ExportStyle(export.format, export.abstract, export.citation_key, export.has_all_boxes)


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The result of an export."""

    path: str
    count: int
    """Number of papers."""
    is_changed: bool
    """Whether the bytes of the file changed."""
    unrecorded: tuple[Change, ...]
    """See ``record``."""

    def __str__(self) -> str:
        """The confirmation."""
        unchanged = "" if self.is_changed else ", unchanged"
        return f"Exported {plural(self.count, 'paper')} to {self.path}{unchanged}"


def export(
    library: "Library",
    title: str,
    items: Sequence[Item],
    path: Path,
    *,
    style: ExportStyle | None = None,
    force: bool = False,
    of_list: bool = True,
    query: str = "",
) -> ExportResult:
    """Writes papers to a file, and records the export.

    Args:
        title: The list's name, or another title.
        items: The papers, in order.
        path: A file or a folder.
        force: Whether to replace a file that is not an export, or was edited.
        of_list: Whether the title names a list.
        query: The query that the papers are the results of, if any.

    Raises:
        ConfirmationError: If the file is not an export of this list, or was edited.
        PapersError: If the file cannot be written.
    """
    from tui.exchange.export_records import earlier_names, exports_of_query, query_update
    from tui.exchange.written_files import record, write_file
    from tui.files import write_atomically
    from tui.formats import exporters

    style = style or ExportStyle()
    target, format = target_of(path, title, style.format)
    name = library.state.find_list(title) if of_list else None
    existing = _existing(target)
    if name is None:
        earlier = _export_to(exports_of_query(library, title), target)
    else:
        earlier = _export_to(library.state.reading_list(name).exports, target)
    has_all_boxes = earlier is not None and earlier.has_all_boxes
    style = replace(style, format=format, has_all_boxes=has_all_boxes)
    written = document(library, title, items, style, of_list=of_list)
    if name is None and not exporters.is_pulled(style.format):
        data = bytes(written)
        exported = replace(_record_of(library, items, target, style, written.sum), query=query)
        update = query_update(title, exported)[3]
        unrecorded = write_file(library, target, data, force=force, private=False, export=update)
        return ExportResult(str(target), len(items), data != existing, unrecorded)
    try:
        keys = (*(item.key for item in items), *(earlier.held if earlier else ()))
        own = partial(_own_lines, library, title, keys, style)
        titles = earlier_names(library, name) if name is not None else ()
        data = _merged(existing, written, earlier, own, titles, force=force)
    except ConfirmationError as error:
        if isinstance(error, EditedError) and existing is not None:
            error = _not_taken(library, target, existing.decode(), is_query=name is None) or error
        message = f"{error.message}: {target}"
        raise ConfirmationError(
            message, error.hint, error.argument, question=error.question, lines=error.lines
        ) from error
    if exporters.is_pulled(style.format):
        data = with_line_ends(data, existing)
    is_changed = data != existing
    if is_changed:
        write_atomically(target, data, private=False)
    updates: list[FieldUpdate] = []
    if name is not None:
        sum = written.sum
        updates = list_updates(library, name, items, target, style, sum, is_new=is_changed)
        if library.state.value("files", str(target), "export"):  # it was an export of a query
            updates.append(("files", str(target), "export", ""))
    else:
        exported = replace(_record_of(library, items, target, style, written.sum), query=query)
        if is_changed or not _is_recorded(exported, earlier):
            updates = [query_update(title, exported)]
    unrecorded = record(library, updates)
    return ExportResult(str(target), len(items), is_changed, unrecorded)


def with_line_ends(data: bytes, existing: bytes | None) -> bytes:
    """A text with the line ends of Windows, if a file has them all through, as its editor does."""
    if existing and 0 < existing.count(b"\n") == existing.count(b"\r\n"):
        return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return data


def list_updates(
    library: "Library",
    name: str,
    items: Sequence[Item],
    path: Path,
    style: ExportStyle,
    sum: str,
    *,
    is_new: bool = True,
) -> list[FieldUpdate]:
    """The update that records an export of a list; none if it is recorded so.

    Args:
        items: The papers that were written, in order.
        path: The file, or the folder of notes.
        is_new: Whether anything was written, so that it is recorded in any case.
    """
    from tui.exchange.export_records import export_value

    record = _record_of(library, items, path, style, sum)
    earlier = _export_to(library.state.reading_list(name).exports, path)
    if not is_new and _is_recorded(record, earlier):
        return []
    id = library.state.list_ids(name)[0]
    return [("lists", id, f"export/{record.path}", export_value(record))]


def _record_of(
    library: "Library", items: Sequence[Item], path: Path, style: ExportStyle, sum: str
) -> Export:
    """The record of an export."""
    from tui.exchange.export_records import exported_states
    from tui.formats.exporters import is_pulled

    has_all_boxes = style.has_all_boxes
    states = exported_states(items, has_all_boxes) if is_pulled(style.format) else None
    return Export(
        path=str(path),
        format=style.format,
        at=library.timestamp(),
        held=tuple(item.key for item in items),
        abstract=style.abstract,
        citation_key=style.citation_key,
        sum=sum,
        has_all_boxes=has_all_boxes,
        states=states,
    )


def _is_recorded(export: Export, earlier: Export | None) -> bool:
    """Whether the last export to a file was the same, but for its time."""
    return earlier is not None and replace(earlier, at=export.at) == export


def _export_to(exports: Iterable[Export], path: Path) -> Export | None:
    """The last of some exports that went to a file."""
    return next((export for export in exports if export.path == str(path)), None)


def keep_written(
    library: "Library", name: str, items: Sequence[Item], path: Path, style: ExportStyle
) -> Change | None:
    """Records that a file has a list as it is now, as another instance wrote it.

    The file is not read.
    """
    from tui.formats import exporters

    format = style.format or exporters.for_file(path.name) or exporters.DEFAULT
    earlier = _export_to(library.state.reading_list(name).exports, path)
    has_all_boxes = earlier is not None and earlier.has_all_boxes
    style = replace(style, format=format, has_all_boxes=has_all_boxes)
    sum = document(library, name, items, style).sum
    return library.change("export", list_updates(library, name, items, path, style, sum))


def _merged(
    existing: bytes | None,
    written: "Document",
    earlier: Export | None,
    own_lines: Callable[[str], Sequence[str]],
    earlier_titles: Iterable[str],
    *,
    force: bool,
) -> bytes:
    """The new contents of a file.

    In Markdown, what the user wrote around the list is kept. A file of another format is replaced
    if it is as it was exported.

    Raises:
        ConfirmationError: If the file is not an export, or was edited.
    """
    from tui.formats.exporters import PlainDocument, markdown

    if existing is None:
        return bytes(written)
    if isinstance(written, markdown.Document):
        is_same = earlier is not None
        pulled = earlier.pulled if earlier else ""
        text = existing.decode()
        return markdown.merge_into(
            text,
            written,
            same_list=is_same,
            pulled=pulled,
            earlier_titles=earlier_titles,
            force=force,
            others_in=lambda _: own_lines(text),
        ).encode()
    present = PlainDocument.of_file(existing)
    if force or not present.data.strip() or present.sum == written.sum:
        return bytes(written)
    if earlier is None:
        raise WholeFileError("File exists, and was not exported from this library")
    if present.sum != earlier.sum:
        raise WholeFileError("Edited since it was exported")
    return bytes(written)


def _not_taken(
    library: "Library", path: Path, text: str, *, is_query: bool
) -> ConfirmationError | None:
    """Why a file is not replaced, if a pull would take nothing from it; else ``None``."""
    from tui.exchange.merge import PREFER_FILE
    from tui.exchange.pull_list import merge_list

    try:
        _, merge = merge_list(library, path, text)
    except PapersError:
        if not is_query:
            return None
        return ConfirmationError(
            "Edited since it was exported, and nothing is recorded of that export",
            "--force overwrites it, and pull takes what you change from then on.",
        )
    if merge.changes or not merge.is_unsettled:
        return None
    if merge.conflicts == 0:
        return ConfirmationError(
            "The file has changes that pull does not take",
            "papers-tui pull names the lines; --force overwrites them.",
            lines=["To see the lines, keep it and type :pull"],
        )
    pull = f"{PREFER_FILE} {shlex.quote(sanitize(str(path)))}"
    return ConfirmationError(
        f"{plural(merge.conflicts, 'change')} in the file not taken",
        f"{pull} takes what it says; --force overwrites it.",
        lines=["To take what it says, keep it and type :pull --prefer file"],
    )


def _own_lines(
    library: "Library", title: str, held: Sequence[str], style: ExportStyle, text: str
) -> Sequence[str]:
    """What a user wrote between the comment lines of a file, to be kept after them."""
    from tui.exchange.pull_entries import Finder, own_lines
    from tui.formats import checklist

    try:
        read = checklist.read(text, is_known=True, find=Finder(library, ()).find)
    except InputError:  # a conflict in it, that the user chose to overwrite
        return ()
    papers = Finder(library, held)
    lines = own_lines(library, read, papers, title, style.abstract, has_unknown=True)
    return [each for _, each in lines]


def text_of(library: "Library", settings: "Config", format: str, items: Sequence[Item]) -> str:
    """Papers in a format, without a title: to copy or to pipe.

    Raises:
        UsageError: If the template of citation keys in the configuration is wrong.
    """
    from tui.formats import exporters

    cite = citation_keys(library, settings.citation_key)
    return exporters.write(format, items, exporters.ExportOptions(citation_key=cite))


def document(
    library: "Library",
    title: str,
    items: Sequence[Item],
    style: ExportStyle,
    *,
    of_list: bool = True,
) -> "Document":
    """The document of a list, or of papers under any title; see ``export``.

    Raises:
        UsageError: If the template of citation keys is wrong.
    """
    from tui.formats import exporters

    name = library.state.find_list(title) if of_list else None
    description = library.state.reading_list(name).description if name else ""
    cite = citation_keys(library, style.citation_key)
    options = exporters.ExportOptions(
        title,
        description,
        style.abstract,
        has_all_boxes=style.has_all_boxes,
        citation_key=cite,
    )
    return exporters.document(style.format or exporters.DEFAULT, items, options)


def changes_since(library: "Library", reading_list: ReadingList, export: Export) -> str:
    """What has changed in a list since an export: ``2 added, 1 removed``; empty if nothing."""
    return _changes(library, reading_list.name, reading_list.keys, export, of_list=True)


def query_items(library: "Library", export: Export) -> list[Item]:
    """The papers of the export of a query now; of papers that were selected, the same."""
    from tui.query import parse

    if export.query:
        return list(library.select(parse(export.query, library.today())))
    return [library.item(key) for key in export.held if key in library]


def export_query_again(
    library: "Library", title: str, earlier: Export, *, force: bool = False
) -> ExportResult:
    """Exports a query as it was exported before; see ``export``."""
    return export(
        library,
        title,
        query_items(library, earlier),
        Path(earlier.path),
        style=style_of(earlier),
        force=force,
        of_list=False,
        query=earlier.query,
    )


def query_changes(library: "Library", title: str, export: Export) -> str:
    """What has changed since an export of a query; see ``changes_since``."""
    keys = [item.key for item in query_items(library, export)]
    return _changes(library, title, keys, export, of_list=False)


def _changes(
    library: "Library", title: str, keys: Sequence[str], export: Export, *, of_list: bool
) -> str:
    from tui.exchange.export_records import is_known

    before, now = set(export.held), set(keys)
    parts = []
    if added := len(now - before):
        parts.append(f"{added} added")
    if removed := len(before - now):
        parts.append(f"{removed} removed")
    if not parts and export.held != tuple(keys):
        parts.append("order changed")
    if not parts and is_known(export):
        items = [library.item(key) for key in keys]
        if _has_changed(library, title, items, export, of_list=of_list):
            parts.append("papers changed")
    return ", ".join(parts)


def _has_changed(
    library: "Library", title: str, items: Sequence[Item], export: Export, *, of_list: bool
) -> bool:
    """Whether papers differ from a file; of one that was pulled, what users change in it counts."""
    from tui.exchange.export_records import exported_states, is_notes

    if is_notes(export):
        from tui.exchange.note_records import have_notes_changed

        return have_notes_changed(library, title, items, export)
    if not export.pulled:
        written = document(library, title, items, style_of(export), of_list=of_list)
        return written.sum != export.sum
    return _with_status(exported_states(items)) != _with_status(export.states or {})


def _with_status(states: Mapping[str, ExportedState]) -> dict[str, ExportedState]:
    """States with the status in a word, however a box says it, without those that say nothing."""
    from tui.formats.exported_states import STATUS

    worded: dict[str, ExportedState] = {}
    for key, state in states.items():
        status = state.status or str(STATUS.get(state.box, Status.UNREAD))
        word = "" if status == Status.UNREAD else status
        worded[key] = replace(state, box=" ", status=word)
    return {key: state for key, state in worded.items() if state != ExportedState()}


def _existing(path: Path) -> bytes | None:
    """The contents of a file, a text in UTF-8; ``None`` if it is missing."""
    try:
        data = read_file(path)
        data.decode()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        message = with_path(path, f"cannot be read: {reason}")
        raise LibraryError(message, "Choose another file.") from error
    return data
