"""The notes of a folder: which there are, and how those are called that are new."""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.errors import PapersError
from tui.files import read_text
from tui.model.state import Item

if TYPE_CHECKING:
    from tui.formats.notes import NoteFormat
    from tui.library import Library
    from tui.model.paper import Paper

MOST_FILES: Final = 20_000
"""The most notes of a folder that are looked through for ours."""
_LINKED: Final = re.compile(r"\[\[([^\[\]]*)\]\]")


class Pages:
    """The notes of one program in a folder and those in it, and those moved out of it."""

    def __init__(
        self, folder: Path, program: "NoteFormat", library: "Library", moved: Collection[str] = ()
    ) -> None:
        """Looks for them by their properties, whatever they are called.

        Args:
            moved: The papers, by key, and the lists, by id, whose notes are looked for in the vault
                of the folder if they are not in it.
        """
        self._program = program
        self._folder = folder / "pages" if is_graph(folder) else folder
        self._names: dict[Path, str] = {}
        """How links name the notes that are there."""
        self._ids: dict[str, Path] = {}
        """The notes of lists, by their ids."""
        self._linked: set[str] = set()
        """The names to which the notes of lists link."""
        self.lists: dict[str, Path] = {}
        """The note of each list, by its name; it may not be there."""
        found: dict[str, list[Path]] = {}
        for path in markdown_files(folder):
            self._read(path, found)
        lost = set(moved) - found.keys() - self._ids.keys()
        for path in elsewhere(library, folder) if lost else ():
            self._read(path, found, lost)
        self.papers = {key: self._original(key, paths, library) for key, paths in found.items()}
        """The note of each paper, by its key."""

    def _read(
        self, path: Path, found: dict[str, list[Path]], wanted: Collection[str] | None = None
    ) -> None:
        """Takes a file, if it is a note of a paper or a list, and one of those that are wanted."""
        try:
            text = read_text(path)
        except (OSError, UnicodeDecodeError):
            return
        key, id = self._program.key_of(text), self._program.list_of(text)
        name = key or id
        if name is None or not (wanted is None or name in wanted):
            return
        self._names[path] = self._program.page_name(text, path.stem)
        if key is not None:
            found.setdefault(key, []).append(path)
        else:
            self._ids.setdefault(name, path)
            self._linked.update(_LINKED.findall(text))

    def _original(self, key: str, paths: Sequence[Path], library: "Library") -> Path:
        """The note that was exported, of those that a paper has; others are copies of it.

        It has the name that it was given, or to which its list links; a copy a longer one.
        """
        if len(paths) == 1:
            return paths[0]
        usual = self.usual_names(library.item(key).paper) if key in library else ()

        def rank(path: Path) -> tuple[bool, bool, int, int]:
            name = self._names[path]
            return name not in usual, name not in self._linked, len(path.parts), len(name)

        return min(paths, key=rank)

    def usual_names(self, paper: "Paper") -> tuple[str, str]:
        """How links name a new note of a paper: by its title, or that and part of its key."""
        from tui.formats.notes.base import file_name

        plain = file_name(paper)
        with_key = file_name(paper, [plain])
        return self.name(Path(plain)), self.name(Path(with_key))

    def name(self, path: Path) -> str:
        """How links name a note."""
        return self._names.get(path) or self._program.page_name("", path.stem)

    def name_papers(self, items: Iterable[Item], exported: Collection[str] = ()) -> None:
        """Chooses names for the notes of papers that have none.

        Args:
            items: The papers.
            exported: Those that had one: what is left of it, if it was cut short, has its name.
        """
        from tui.formats.notes.base import file_name

        existing = {path.name for path in self._folder.glob("*")}
        for item in items:
            if item.key not in self.papers:
                usual = self._folder / file_name(item.paper)
                is_left = item.key in exported and usual not in self._names and _is_left(usual)
                path = usual if is_left else self._folder / file_name(item.paper, existing)
                self.papers[item.key] = path
                existing.add(path.name)

    def name_lists(self, library: "Library") -> None:
        """Chooses names for the notes of all lists that have none, after those of papers."""
        from tui.formats.notes.base import list_file_name

        names = {path.name for path in self.papers.values()}
        for each in library.state.lists():
            ids = library.state.list_ids(each.name)
            paths = (self._ids[id] for id in ids if id in self._ids)
            path = next(paths, self._folder / list_file_name(each.name, names))
            self.lists[each.name] = path


def _is_left(path: Path) -> bool:
    """Whether a file is what is left of a note: it is empty, or its properties have no end."""
    from tui.formats.checklist import BEGIN
    from tui.formats.notes.front_matter import is_unclosed

    try:
        text = read_text(path)
    except (OSError, UnicodeDecodeError):
        return False
    return not text.strip() or BEGIN in text or is_unclosed(text)


def is_cut_note(library: "Library", path: Path, text: str) -> bool:
    """Whether a file is an exported note whose properties have no end.

    Args:
        library: The library.
        path: The file; of a note that was cut short above its key, its name tells the paper.
        text: What is in it.
    """
    from tui.formats.notes.base import KEY, file_name
    from tui.formats.notes.front_matter import is_unclosed

    if not is_unclosed(text):
        return False
    if re.search(rf"^{KEY}:", text, re.M):
        return True
    folders = map(str, path.expanduser().absolute().parents)
    exported = library.state.things("notes")
    keys = {key for each in folders for key in exported.get(each, ()) if key in library}
    papers = (library.item(key).paper for key in keys)
    return any(path.name in (name := file_name(each), file_name(each, [name])) for each in papers)


def elsewhere(library: "Library", folder: Path) -> Iterator[Path]:
    """The Markdown files of the vault of Obsidian that a folder is in, but for exported folders."""
    vault = vault_of(folder)
    if vault is None or vault == folder:
        return
    exported = {str(folder), *library.state.note_folders()}
    with suppress(PapersError):  # there are too many to look through all
        for path in markdown_files(vault):
            if not any(str(parent) in exported for parent in path.parents):
                yield path


def vault_of(path: Path) -> Path | None:
    """The vault of Obsidian that a file or folder is in; ``None`` if it is in none."""
    return next((each for each in (path, *path.parents) if (each / ".obsidian").is_dir()), None)


def moved_notes(library: "Library", folder: Path) -> Iterator[Path]:
    """The notes of papers that were moved out of the folder into which they were exported."""
    lost = {key for key in library.state.things("notes")[str(folder)] if key in library}
    lost.difference_update(key for _, key in _keys(markdown_files(folder)))
    for path, key in _keys(elsewhere(library, folder)) if lost else ():
        if key in lost:
            yield path


def _keys(paths: Iterable[Path]) -> Iterator[tuple[Path, str | None]]:
    """The paper that each note is about."""
    from tui.formats.notes import key_of

    for path in paths:
        with suppress(OSError, UnicodeDecodeError):
            yield path, key_of(read_text(path))


class OtherFolders:
    """The other folders by which the note of a paper was exported, as one may be in another."""

    def __init__(self, library: "Library") -> None:
        self._library = library
        self._pages: dict[str, Pages] = {}

    def of(self, path: Path, key: str, folder: str, program: "NoteFormat") -> Iterator[str]:
        """The folders but one that have a file as the note of a paper.

        Cost: reads all notes of such a folder once.
        """
        place = path.expanduser().absolute()
        parents = {*map(str, place.parents)} - {folder}
        for each in self._library.state.folders_of(key):
            if each in parents:
                if each not in self._pages:
                    self._pages[each] = Pages(Path(each), program, self._library)
                if self._pages[each].papers.get(key) == place:
                    yield each


def is_graph(folder: Path) -> bool:
    """Whether a folder is that of a graph of Logseq, which has its pages in a folder of it."""
    return (folder / "logseq").is_dir() and (folder / "pages").is_dir()


def markdown_files(folder: Path) -> Iterator[Path]:
    """The Markdown files, without those in hidden folders, such as the trash.

    Of a graph of Logseq, backups and journals are left out.

    Raises:
        PapersError: If there are too many.
    """
    count = 0
    for parent, folders, files in os.walk(folder):
        in_graph = {"logseq", "journals"} if is_graph(Path(parent)) else set()
        folders[:] = sorted(each for each in folders if each[0] != "." and each not in in_graph)
        for name in sorted(files):
            if name.endswith(".md") and name[0] != ".":
                count += 1
                if count > MOST_FILES:
                    message = f"More than {MOST_FILES:,} files: {folder}"
                    raise PapersError(message, "Choose a folder in it.")
                yield Path(parent, name)
