"""A folder of notes, one for each paper, and one for the list that they are in."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.errors import ConfirmationError, InputError, PapersError, with_path
from tui.files import is_there, read_text
from tui.model.state import ExportedState, FieldUpdate, Item
from tui.model.text import plural, sanitize
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.library import Library

MOST_FILES: Final = 20_000
"""The most notes of a folder that are looked through for ours."""


@dataclass(frozen=True, slots=True)
class ExportedNote:
    """What was exported as the note of a paper: the base when its changes are pulled."""

    sum: str
    """Checksum of its managed lines."""
    state: ExportedState
    pulled: str = ""
    """Checksum of the managed lines that were pulled; empty if they are as exported."""

    @property
    def read_sum(self) -> str:
        """The checksum of the managed lines that the state is of."""
        return self.pulled or self.sum

    def update(self, folder: str, key: str) -> FieldUpdate:
        """The update that records it."""
        each = self.state
        values = [self.sum, each.box, each.starred, list(each.tags), each.note, self.pulled]
        return ("notes", folder, key, json.dumps(values, ensure_ascii=False))


def exported_note(library: "Library", folder: str, key: str) -> ExportedNote | None:
    """What was exported into a folder as the note of a paper; ``None`` if nothing was."""
    try:
        value = json.loads(library.state.value("notes", folder, key) or "null")
    except ValueError:
        return None
    match value:
        case [str(sum), str(box), bool(starred), [*tags], str(note), str(pulled)]:
            return ExportedNote(
                sum, ExportedState(box, starred, tuple(map(str, tags)), note), pulled
            )
    return None


@dataclass(frozen=True, slots=True)
class NotesResult:
    """What was written into a folder."""

    folder: str
    count: int
    """Papers."""
    new: int
    changed: int
    problems: tuple[str, ...]
    """Notes that were left as they are, and why; a sentence each."""

    def __str__(self) -> str:
        """The confirmation."""
        counts = [f"{self.new} new"] if self.new else []
        counts += [f"{self.changed} updated"] if self.changed else []
        notes = f"{plural(self.count, 'note')} to {self.folder}"
        return f"Exported {notes}: {', '.join(counts) or 'unchanged'}"


def export_notes(
    library: "Library",
    items: Sequence[Item],
    folder: Path,
    name: str | None,
    *,
    force: bool = False,
) -> NotesResult:
    """Writes a note for each paper, and for the list an index of them.

    Args:
        library: The library.
        items: The papers, in order.
        folder: The folder; its other files are left alone.
        name: The list; ``None`` for papers of a query, which have no index.
        force: Whether to replace managed lines that were edited.

    Raises:
        PapersError: If it is no folder, or a file cannot be written.
    """
    from tui.formats import notes
    from tui.formats.exporters import markdown

    folder = folder.expanduser().absolute()
    if not is_there(folder, Path.is_dir):
        raise PapersError(f"No such folder: {folder}", "Create it first, or choose another.")
    paths = _notes_in(folder)
    existing = {path.name for path in folder.iterdir()}
    for item in items:
        if item.key not in paths:
            paths[item.key] = folder / notes.file_name(item.paper, existing)
            existing.add(paths[item.key].name)
    names = {path.name for path in paths.values()}
    indexes = {each.name: notes.list_file_name(each.name, names) for each in library.state.lists()}
    writing = _Writing(force)
    updates: list[FieldUpdate] = []
    for item in items:
        lists = [indexes[each].removesuffix(".md") for each in item.state.lists]
        earlier = exported_note(library, str(folder), item.key)
        text = writing.bring_up_to_date(paths[item.key], partial(_note, item, lists, earlier))
        if text is not None:
            state = notes.exported_state(item.state)
            exported = ExportedNote(markdown.exported_sum(text), state)
            updates.append(exported.update(str(folder), item.key))
    if updates and not library.read_only_reason:
        library.change("export", updates)
    if name is not None:
        description = library.state.reading_list(name).description
        linked = [(item, paths[item.key].stem) for item in items]
        writing.bring_up_to_date(
            folder / indexes[name], partial(notes.index, name, description, linked)
        )
    shown = sanitize(str(folder))
    return NotesResult(shown, len(items), writing.new, writing.changed, tuple(writing.problems))


def _note(
    item: Item,
    lists: Sequence[str],
    earlier: ExportedNote | None,
    existing: str | None,
    *,
    force: bool,
) -> str:
    """The text of a note.

    Raises:
        ConfirmationError: If it says what was not pulled.
    """
    from tui.formats import notes
    from tui.formats.exporters.markdown import exported_sum

    if existing is not None and earlier and exported_sum(existing) == earlier.sum and not force:
        said = notes.read(existing, earlier.state, read_sum=earlier.read_sum)
        if replace(said.state, note=earlier.state.note) != earlier.state or said.problems:
            raise ConfirmationError("changed since it was exported")
    pulled = earlier.pulled if earlier else ""
    return notes.note(item, lists, existing, pulled=pulled, force=force)


class _Writing:
    """Writes notes, and counts them."""

    def __init__(self, force: bool) -> None:
        self._force = force
        self.new = 0
        self.changed = 0
        self.problems: list[str] = []

    def bring_up_to_date(self, path: Path, make: Callable[..., str]) -> str | None:
        """Writes a note, if its text changes; leaves one that was edited and not pulled.

        Args:
            path: The note.
            make: Called with its text, ``None`` if it is new, and whether to replace such lines.

        Returns:
            Its text; ``None`` if it was left as it is.

        Raises:
            PapersError: If it cannot be read or written.
        """
        from tui.storage.files import write_atomically

        try:
            text = read_text(path) if path.is_file() else None
            new = make(text, force=self._force)
            if new != text:
                write_atomically(path, new.encode(), private=False)
                self.changed += text is not None
                self.new += text is None
        except (ConfirmationError, InputError):
            self.problems.append(
                f"{sanitize(path.name, 60)}: edited since it was exported, and left as it is."
                " papers-tui pull takes the changes; --force overwrites them."
            )
        except (OSError, UnicodeDecodeError) as error:
            raise PapersError(with_path(path, str(error)), "Choose another folder.") from error
        else:
            return new
        return None


def _notes_in(folder: Path) -> dict[str, Path]:
    """The notes of a folder and those in it, by the keys of their papers."""
    from tui.formats.note_text import key_of

    paths: dict[str, Path] = {}
    for path in markdown_files(folder):
        try:
            key = key_of(read_text(path))
        except (OSError, UnicodeDecodeError):
            continue
        if key is not None:
            paths.setdefault(key, path)
    return paths


def markdown_files(folder: Path) -> Iterator[Path]:
    """The Markdown files, without those in hidden folders, such as the trash.

    Raises:
        PapersError: If there are too many.
    """
    for number, path in enumerate(sorted(folder.rglob("*.md"))):
        if number >= MOST_FILES:
            raise PapersError(f"More than {MOST_FILES:,} files: {folder}", "Choose a folder in it.")
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path
