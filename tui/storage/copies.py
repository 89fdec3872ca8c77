"""Conflict copies: what sync tools put beside a file that changed on two machines at once.

Nobody opens them, and what they have is easily lost. Those of our files are merged: an import is
the same on all machines, a line of a journal counts wherever it stands, and a snapshot is derived.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from tui.errors import LibraryError, PapersError
from tui.files import read_file
from tui.model.imports import Batch
from tui.model.paper import from_record
from tui.patterns import regex
from tui.storage.imports import ImportFolder
from tui.storage.journal import Journal
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.migrations import MIGRATIONS, TRIAGE_FILE, Tables

_MARKS: Final = (
    r"\.sync-conflict-\d{8}-\d{6}(?:-\w+)?",  # Syncthing
    r" \(.*conflicted copy.*\)",  # Dropbox, Nextcloud, ownCloud
    r" \(SFConflict .*\)",  # Seafile
    r"\.Conflict.*",  # Resilio Sync
    r" ?\(\d{1,3}\)",  # Google Drive, Windows
    r" \d{1,3}",  # iCloud Drive
    r"-[A-Za-z0-9][\w-]*",  # OneDrive: the name of the computer
)
"""The marks that tools add to the name of a copy, before its extension."""
_OURS: Final = (
    r"(?:papers|triage)(?=.*\.json$)",
    r"\d{8}-\d{6}-[0-9a-f]{8}(?=.*\.jsonl$)",  # imports
    r"\d{4}-\d{2}(?=.*\.jsonl$)",  # months of a journal
)
_COPY: Final = regex(rf"({'|'.join(_OURS)})(?:{'|'.join(_MARKS)})(\.jsonl?)")

Add = Callable[[Sequence[Batch]], object]
"""Imports records."""


def original(name: str) -> str | None:
    """The name of the file that a conflict copy is of; ``None`` if it is not one of ours."""
    match = _COPY.fullmatch(name)
    return match and match[1] + match[2]


class Copies:
    """The conflict copies in a library folder."""

    def __init__(self, folder: Path, imports: ImportFolder, journal: Journal) -> None:
        self._folder = folder
        self._imports = imports
        self._journal = journal

    def all(self) -> list[Path]:
        """The copies that ``merge`` is for; other machines merge those of their journals.

        Cost: lists three folders.
        """
        folders = (self._folder, self._imports.folder, self._journal.path.parent)
        return sorted(path for folder in folders for path in _copies_in(folder))

    def merge(self, add: Add) -> bool:
        """Merges all copies that can be, and deletes them; whether there were any.

        Needs the lock, and a journal that was read.

        Raises:
            PapersError: If something cannot be written; the copy is kept then.
        """
        paths = self.all()
        merged = [path for path in paths if self._is_merged(path, add)]
        for path in merged:
            with suppress(OSError):  # it is merged again
                path.unlink()
        return bool(merged)

    def _is_merged(self, path: Path, add: Add) -> bool:
        """Merges a copy, if it can be; whether nothing in it is missing elsewhere now."""
        name = original(path.name)
        try:
            if path.parent == self._imports.folder:
                return self._imports.merge_copy(str(name).removesuffix(".jsonl"), read_file(path))
            if path.parent == self._journal.path.parent:
                return self._journal.merge_copy(path)
        except OSError:
            return False
        tables = _tables(path, str(name))
        if tables is None:
            return False
        return name == TRIAGE_FILE or self._is_imported(path, tables.get("papers", {}), add)

    def _is_imported(self, path: Path, papers: dict[str, Any], add: Add) -> bool:
        """Whether the imports of all papers are here; those of a version without any are added."""
        try:
            old = [from_record(row) for row in papers.values() if not row.get("imports")]
            ids = {str(id) for row in papers.values() for id in row.get("imports", ())}
        except (PapersError, AttributeError, KeyError, TypeError, ValueError):
            return False
        if not ids <= set(self._imports.ids()):
            return False
        if old:
            records = tuple(record for paper in old for record in paper.records)
            add([Batch(records, path.name)])
        return True


def _copies_in(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        for path in folder.iterdir():
            if original(path.name) and path.is_file() and not path.is_symlink():
                yield path


def _tables(path: Path, name: str) -> Tables | None:
    with suppress(LibraryError):
        return AtomicJSONStorage(path, MIGRATIONS[name]).read()
    return None
