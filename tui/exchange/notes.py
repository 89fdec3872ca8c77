"""A folder of notes, one for each paper, and one for the list that they are in."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tui.errors import (
    ConfirmationError,
    InputError,
    PapersError,
    UsageError,
    WholeFileError,
    with_path,
)
from tui.exchange.export_files import (
    ExportResult,
    ExportStyle,
    export,
    list_updates,
    style_of,
    with_line_ends,
)
from tui.exchange.export_records import exported_papers, is_notes
from tui.exchange.messages import short_name
from tui.exchange.note_pages import Pages, is_graph
from tui.exchange.note_records import ExportedNote, exported_note, notes_sum
from tui.exchange.note_templates import new_note
from tui.exchange.planned_notes import PaperNote, index_note, paper_notes
from tui.files import is_there, read_text
from tui.model.layout import plural
from tui.model.state import Change, Export, FieldUpdate, Item
from tui.model.text import sanitize
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.config import Config
    from tui.library import Library


HINT: Final = (
    "papers-tui pull takes the changes, and with --prefer file conflicts, too;"
    " --force overwrites them."
)


class LeftNote(NamedTuple):
    """A note that an export left as it is."""

    path: Path
    is_cut: bool
    """Whether a part is missing, so that a pull cannot take all of it; else it was edited."""

    def __str__(self) -> str:
        """A sentence about it."""
        name = short_name(self.path)
        if self.is_cut:
            return f"{name}: incomplete, and left as it is; --force writes it whole"
        return f"{name}: edited since it was exported, and left as it is"


@dataclass(frozen=True, slots=True)
class NotesResult:
    """The result of an export into a folder."""

    folder: str
    count: int
    """Notes, that of the list among them."""
    new: int
    changed: int
    problems: tuple[LeftNote, ...]
    """Notes that were left as they are."""
    unrecorded: tuple[Change, ...]
    """See ``record``."""

    @property
    def hint(self) -> str:
        """Advice about notes that were edited; empty if there are none."""
        return "" if all(each.is_cut for each in self.problems) else HINT

    def __str__(self) -> str:
        """The confirmation."""
        counts = [f"{self.new} new"] if self.new else []
        counts += [f"{self.changed} updated"] if self.changed else []
        left = len(self.problems)
        if left == self.count:
            return f"No note exported to {self.folder}: {left} left as they are"
        notes = f"{plural(self.count - left, 'note')} to {self.folder}"
        others = f"; {left} left as {'it is' if left == 1 else 'they are'}" if left else ""
        return f"Exported {notes}: {', '.join(counts) or 'unchanged'}{others}"


def export_notes(
    library: "Library",
    items: Sequence[Item],
    folder: Path,
    name: str | None,
    format: str = "obsidian",
    *,
    settings: "Config | None" = None,
    force: bool = False,
) -> NotesResult:
    """Writes a note for each paper, and for the list an index of them, and records them.

    Args:
        folder: The folder, made if only it is missing; its other files are left alone.
        name: The list; ``None`` for papers of a query, which have no index.
        format: One of ``notes.FORMATS``.
        settings: Those that name a template of new notes; ``None`` for the default ones.
        force: Whether to replace managed lines that were edited.

    Raises:
        PapersError: If it is no folder, or a file cannot be written.
    """
    from tui.config import Config
    from tui.formats.exporters.markdown import exported_sum
    from tui.formats.notes import named

    folder = folder.expanduser().absolute()
    program = named(format)
    new = new_note(library, settings or Config(), program)
    before = _exported_before(library, folder, items, name)
    pages = Pages(folder, program, library, before)
    pages.name_papers(items, before)
    pages.name_lists(library)
    _require_folder(library, folder)
    writing = _Writing(force)
    written = [
        (note, exported_sum(text))
        for note in paper_notes(library, items, folder, program, pages, new)
        if (text := writing.bring_up_to_date(note.path, note.make)) is not None
    ]
    if name is not None:
        index = index_note(library, items, folder, name, program, pages)
        writing.bring_up_to_date(pages.lists[name], index)
    is_new = bool(writing.new or writing.changed)
    unrecorded = _record(library, str(folder), written, name, format, is_new=is_new)
    return NotesResult(
        sanitize(str(folder)),
        len(items) + (name is not None),
        writing.new,
        writing.changed,
        tuple(writing.problems),
        unrecorded,
    )


def _record(
    library: "Library",
    folder: str,
    written: Sequence[tuple[PaperNote, str]],
    name: str | None,
    format: str,
    *,
    is_new: bool,
) -> tuple[Change, ...]:
    """Records what notes say, and that a list was exported as such.

    Args:
        written: The notes, each with the checksum of its managed lines.
        name: The list; ``None`` for papers of a query.
        is_new: See ``list_updates``.

    Returns:
        See ``record``.
    """
    from tui.exchange.written_files import record
    from tui.formats.notes.base import exported_state

    updates: list[FieldUpdate] = []
    for note, sum in written:
        key, state = note.item.key, exported_state(note.item.state)
        exported = ExportedNote(sum, state, state)
        folders = (folder, *note.elsewhere)
        updates += [exported.field_update(each, key) for each in folders]
    if name is not None:
        items = library.list_items(name)
        style, sum = ExportStyle(format), notes_sum(library, name, items, format)
        updates += list_updates(library, name, items, Path(folder), style, sum, is_new=is_new)
    return record(library, updates)


def _require_folder(library: "Library", folder: Path) -> None:
    """Makes a folder, unless it is there.

    Raises:
        PapersError: If it is no folder, or cannot be made, or was taken away since an export.
    """
    if is_there(folder, Path.is_dir):
        return
    hint = "Create it first, or choose another."
    if str(folder) in library.state.note_folders() or not is_there(folder.parent, Path.is_dir):
        raise PapersError(f"No such folder: {folder}", hint)
    try:
        folder.mkdir()
    except OSError as error:
        raise PapersError(with_path(folder, error.strerror or str(error)), hint) from error


def _exported_before(
    library: "Library", folder: Path, items: Sequence[Item], name: str | None
) -> list[str]:
    """The papers and the list whose notes are in a folder, unless they were moved."""
    keys = [item.key for item in items if exported_note(library, str(folder), item.key)]
    if name is not None and exported_papers(library, name, folder):
        keys += library.state.list_ids(name)
    return keys


class _Writing:
    """Writes notes, and counts them."""

    def __init__(self, force: bool) -> None:
        self._force = force
        self.new = 0
        self.changed = 0
        self.problems: list[LeftNote] = []

    def bring_up_to_date(self, path: Path, make: Callable[..., str]) -> str | None:
        """Writes a note, if its text changes; leaves one that was edited and not pulled.

        Args:
            make: Called with its text, ``None`` if it is new, and whether to replace such lines.

        Returns:
            Its text; ``None`` if it was left as it is.

        Raises:
            PapersError: If it cannot be read or written.
        """
        from tui.files import write_atomically

        try:
            text = read_text(path) if path.is_file() else None
            new = make(text, force=self._force)
            existing = None if text is None else text.encode()
            data = with_line_ends(new.encode(), existing)
            if data != existing:
                write_atomically(path, data, private=False)
                self.changed += text is not None
                self.new += text is None
        except WholeFileError:
            self.problems.append(LeftNote(path, is_cut=True))
        except (ConfirmationError, InputError):
            self.problems.append(LeftNote(path, is_cut=False))
        except (OSError, UnicodeDecodeError) as error:
            raise PapersError(with_path(path, str(error)), "Choose another folder.") from error
        else:
            return new
        return None


def stale_notes(library: "Library", folder: str) -> dict[str, list[str]]:
    """The papers that changed since their notes were exported into a folder, by their format.

    Cost: reads the notes of the folder, if there is any such paper.
    """
    from tui.formats.notes import FORMATS, named
    from tui.formats.notes.base import exported_state

    states = {
        key: note.state
        for key in library.state.things("notes")[folder]
        if key in library and (note := exported_note(library, folder, key))
    }
    changed = {
        key
        for key, state in states.items()
        if exported_state(library.item(key).state, state.note) != state
    }
    if not changed:
        return {}
    papers = ((name, Pages(Path(folder), named(name), library, changed).papers) for name in FORMATS)
    keys = {name: [key for key in paths if key in changed] for name, paths in papers}
    return {name: these for name, these in keys.items() if these}


def format_for(folder: Path, name: str | None) -> str:
    """The format of notes for a folder: the named one, else that of the graph that it is in.

    Raises:
        UsageError: If there is none of the name.
    """
    from tui.formats import notes

    folder = folder.expanduser().absolute()
    in_graph = any(map(is_graph, (folder, folder.parent)))
    format = name or ("logseq" if in_graph else "obsidian")
    if format not in notes.FORMATS:
        hint = f"Formats: {', '.join(notes.FORMATS)}."
        raise UsageError(f"Not a format of notes: {sanitize(format, 40)}", hint)
    return format


def exported_format(library: "Library", folder: Path) -> str | None:
    """The format of the notes of a list that are in a folder; ``None`` if none were exported."""
    path = str(folder.expanduser().absolute())
    exports = (export for each in library.state.lists() for export in each.exports)
    return next((each.format for each in exports if each.path == path and is_notes(each)), None)


def export_again(
    library: "Library",
    name: str,
    earlier: Export,
    *,
    settings: "Config | None" = None,
    force: bool = False,
) -> ExportResult | NotesResult:
    """Exports a list as it was exported before; see ``export_as_before``.

    Raises:
        ConfirmationError: If anything that would be replaced was edited.
        PapersError: If it cannot be written.
    """
    result = export_as_before(library, name, earlier, settings=settings, force=force)
    if isinstance(result, NotesResult) and result.problems:
        what = "edited since exported" if result.hint else "incomplete"
        message = f"{plural(len(result.problems), 'note')} {what}: {result.folder}"
        raise ConfirmationError(message, result.hint or "--force writes what is missing.")
    return result


def export_as_before(
    library: "Library",
    name: str,
    earlier: Export,
    *,
    settings: "Config | None" = None,
    force: bool = False,
) -> ExportResult | NotesResult:
    """Exports a list as it was exported before, to a file or to a folder of notes.

    Args:
        settings: See ``export_notes``.
        force: Whether to replace what was edited.

    Raises:
        ConfirmationError: If a file that would be replaced was edited; such notes are left.
        PapersError: If it cannot be written.
    """
    items, path = library.list_items(name), Path(earlier.path)
    if not is_notes(earlier):
        return export(library, name, items, path, style=style_of(earlier), force=force)
    return export_notes(library, items, path, name, earlier.format, settings=settings, force=force)
