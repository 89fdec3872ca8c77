"""What the pages said: the papers of a library, and the day on which each came.

Read as far as it is looked at, and written as a whole by an import. It knows nothing of what was
decided about a paper.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tui.model.paper import Paper, SourceRecord, merge, merge_all
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.paper_file import PaperFile


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import brought."""

    new: tuple[str, ...]
    """Keys of papers the library did not have."""
    merged: tuple[str, ...]
    """Keys of known papers that were seen again, or told more about."""
    unchanged: int
    """Papers of which nothing new was said."""


class Facts:
    """The papers of one library, and the file they are in."""

    def __init__(self, file: AtomicJSONStorage, cache: Path | None = None) -> None:
        """Reads nothing yet; see ``load``.

        Args:
            file: Where the papers are.
            cache: A folder for what need not be read again; ``None`` for none.
        """
        self.papers: PaperFile
        """By key, in the order in which they came."""
        self._file = file
        self._cache = cache

    def load(self) -> None:
        """Makes all papers ready to be read.

        Raises:
            LibraryError: If the file is damaged; memory is then as before.
        """
        self.papers = PaperFile.open(self._file, self._cache)

    def follow(self) -> frozenset[str]:
        """Reads the papers anew if another file took the place of theirs.

        Returns:
            The keys of those that are new, gone or other than before.
        """
        if not self._file.is_behind:
            return frozenset()
        before = self.papers
        self.load()
        return before.lacking(self.papers) | self.papers.lacking(before)

    def merged(self, records: Iterable[SourceRecord]) -> tuple[ImportReport, dict[str, Paper]]:
        """What an import would bring, and the papers that would be new or other than they are."""
        changed: dict[str, Paper] = {}
        new: list[str] = []
        merged: list[str] = []
        unchanged = 0
        for paper in merge_all(records):
            known = self.papers.get(paper.key)
            if known is None:
                changed[paper.key] = paper
                new.append(paper.key)
                continue
            both = merge((*known.records, *paper.records))
            if both == known:
                unchanged += 1
            else:
                changed[paper.key] = both
                merged.append(paper.key)
        return ImportReport(tuple(new), tuple(merged), unchanged), changed

    def write(self, changed: Mapping[str, Paper], today: str) -> None:
        """Puts new and changed papers beside the others, on the disk and then in memory.

        Args:
            changed: By key.
            today: The day on which the new ones came.

        Raises:
            LibraryError: If it cannot be written; memory and disk are then as before.
        """
        self.papers.check()
        self._file.write_documents("papers", self.papers.documents(changed, today))
        self.load()
