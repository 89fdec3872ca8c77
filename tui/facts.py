"""What the pages said: the papers of a library, and the day on which each came.

Read once and written as a whole by an import. It knows nothing of what was decided about a paper.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tui.errors import PapersError
from tui.paper import Paper, Sighting, from_record, merge, merge_all, to_record
from tui.storage import AtomicJSONStorage


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

    def __init__(self, file: AtomicJSONStorage) -> None:
        """Reads nothing yet; see ``load``."""
        self.papers: dict[str, Paper] = {}
        """By key, in the order in which they came."""
        self.added: dict[str, str] = {}
        """The day on which each came, ISO 8601, where it is known."""
        self._file = file

    def load(self) -> None:
        """Reads all papers.

        Raises:
            LibraryError: If the file is damaged; memory is then as before.
        """
        papers: dict[str, Paper] = {}
        added: dict[str, str] = {}
        for document in self._file.documents().get("papers", []):
            paper = self._read_paper(document)
            papers[paper.key] = paper
            if document.get("added"):
                added[paper.key] = str(document["added"])
        self.papers, self.added = papers, added

    def _read_paper(self, document: Mapping[str, Any]) -> Paper:
        try:
            return from_record(document)
        except PapersError as error:
            raise self._file.error(error.message) from error

    def follow(self) -> frozenset[str]:
        """Reads the papers anew if another file took the place of theirs.

        Returns:
            The keys of those that are new, gone or other than before.
        """
        if not self._file.is_behind:
            return frozenset()
        papers, added = self.papers, self.added
        self.load()
        return frozenset(
            key
            for key in papers.keys() | self.papers.keys()
            if papers.get(key) != self.papers.get(key) or added.get(key) != self.added.get(key)
        )

    def merged(self, sightings: Iterable[Sighting]) -> tuple[ImportReport, dict[str, Paper]]:
        """What an import would bring, and all papers as they would be then."""
        papers = dict(self.papers)
        new: list[str] = []
        merged: list[str] = []
        unchanged = 0
        for paper in merge_all(sightings):
            known = papers.get(paper.key)
            if known is None:
                papers[paper.key] = paper
                new.append(paper.key)
                continue
            both = merge((*known.sightings, *paper.sightings))
            if both == known:
                unchanged += 1
            else:
                papers[paper.key] = both
                merged.append(paper.key)
        return ImportReport(tuple(new), tuple(merged), unchanged), papers

    def write(self, papers: dict[str, Paper], added: dict[str, str]) -> None:
        """Takes these in the place of what there is, on the disk and then in memory.

        Raises:
            LibraryError: If it cannot be written; memory and disk are then as before.
        """
        documents = {
            str(place): {**to_record(paper), "added": added.get(paper.key)}
            for place, paper in enumerate(papers.values(), start=1)
        }
        self._file.write({"papers": documents})
        self.papers, self.added = papers, added
