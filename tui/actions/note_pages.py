"""The notes of a folder: which there are, and how those are called that are new."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.errors import PapersError
from tui.files import read_text
from tui.model.state import Item

if TYPE_CHECKING:
    from tui.formats.notes import NoteFormat
    from tui.library import Library

MOST_FILES: Final = 20_000
"""The most notes of a folder that are looked through for ours."""


class Pages:
    """The notes of one program in a folder and those in it."""

    def __init__(self, folder: Path, program: "NoteFormat") -> None:
        """Looks for them by their properties, whatever they are called."""
        self._program = program
        self._folder = folder / "pages" if is_graph(folder) else folder
        self._names: dict[Path, str] = {}
        """How links name the notes that are there."""
        self._ids: dict[str, Path] = {}
        """The notes of lists, by their ids."""
        self.papers: dict[str, Path] = {}
        """The note of each paper, by its key."""
        self.lists: dict[str, Path] = {}
        """The note of each list, by its name; it may not be there."""
        for path in markdown_files(folder):
            try:
                text = read_text(path)
            except (OSError, UnicodeDecodeError):
                continue
            key, id = program.key_of(text), program.list_of(text)
            if key is not None:
                self.papers.setdefault(key, path)
            elif id is not None:
                self._ids.setdefault(id, path)
            if key is not None or id is not None:
                self._names[path] = program.page_name(text, path.stem)

    def name(self, path: Path) -> str:
        """How links name a note."""
        return self._names.get(path) or self._program.page_name("", path.stem)

    def name_papers(self, items: Iterable[Item]) -> None:
        """Chooses names for the notes of papers that have none."""
        from tui.formats.notes.base import file_name

        existing = {path.name for path in self._folder.glob("*")}
        for item in items:
            if item.key not in self.papers:
                self.papers[item.key] = self._folder / file_name(item.paper, existing)
                existing.add(self.papers[item.key].name)

    def name_lists(self, library: "Library") -> None:
        """Chooses names for the notes of all lists that have none, after those of papers."""
        from tui.formats.notes.base import list_file_name

        names = {path.name for path in self.papers.values()}
        for each in library.state.lists():
            ids = library.state.list_ids(each.name)
            paths = (self._ids[id] for id in ids if id in self._ids)
            path = next(paths, self._folder / list_file_name(each.name, names))
            self.lists[each.name] = path


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
