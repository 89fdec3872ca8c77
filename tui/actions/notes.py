"""A folder of notes, one for each paper, and one for the list that they are in."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.errors import ConfirmationError, PapersError, with_path
from tui.files import read_text
from tui.model.state import Item
from tui.model.text import plural, sanitize
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.library import Library

MOST_FILES: Final = 20_000
"""The most notes of a folder that are looked through for ours."""


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
    library: "Library", items: Sequence[Item], folder: Path, name: str | None
) -> NotesResult:
    """Writes a note for each paper, and for the list an index of them.

    Args:
        library: The library.
        items: The papers, in order.
        folder: The folder; its other files are left alone.
        name: The list; ``None`` for papers of a query, which have no index.

    Raises:
        PapersError: If it is no folder, or a file cannot be written.
    """
    from tui.formats import notes
    from tui.storage.files import write_atomically

    folder = folder.expanduser().absolute()
    if not folder.is_dir():
        raise PapersError(f"No such folder: {folder}", "Create it first, or choose another.")
    existing = _notes_in(folder)
    taken = {path.name for path in folder.iterdir()}
    index_of = {each.name: notes.list_file_name(each.name) for each in library.state.lists()}
    counts = {"new": 0, "changed": 0}
    problems: list[str] = []
    titles: list[tuple[Item, str]] = []

    def bring_up_to_date(path: Path, make: Callable[[str | None], str]) -> None:
        try:
            text = read_text(path) if path.is_file() else None
            new = make(text)
            if new != text:
                write_atomically(path, new.encode(), private=False)
                counts["changed" if text is not None else "new"] += 1
        except ConfirmationError as error:
            problems.append(f"{path.name}: {error.message}; left as it is")
        except (OSError, UnicodeDecodeError) as error:
            raise PapersError(with_path(path, str(error)), "Choose another folder.") from error

    for item in items:
        path = existing.get(item.key)
        if path is None:
            path = folder / notes.file_name(item.paper, taken)
            taken.add(path.name)
        titles.append((item, path.stem))
        lists = [index_of[each].removesuffix(".md") for each in item.state.lists]
        bring_up_to_date(path, lambda text: notes.note(item, lists, text))  # noqa: B023
    if name is not None:
        index = folder / index_of[name]
        description = library.state.reading_list(name).description
        bring_up_to_date(index, lambda text: notes.index(name, description, titles, text))
    shown = sanitize(str(folder))
    return NotesResult(shown, len(items), counts["new"], counts["changed"], tuple(problems))


def _notes_in(folder: Path) -> dict[str, Path]:
    """The notes of a folder and those in it, by the keys of their papers."""
    from tui.formats.notes import key_of

    found: dict[str, Path] = {}
    for path in _files(folder):
        try:
            key = key_of(read_text(path))
        except (OSError, UnicodeDecodeError):
            continue
        if key is not None:
            found.setdefault(key, path)
    return found


def _files(folder: Path) -> Iterator[Path]:
    """The Markdown files, without those in hidden folders, such as the trash.

    Raises:
        PapersError: If there are too many.
    """
    for number, path in enumerate(sorted(folder.rglob("*.md"))):
        if number >= MOST_FILES:
            raise PapersError(f"More than {MOST_FILES:,} notes: {folder}", "Choose a folder in it.")
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path
