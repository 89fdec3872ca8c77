"""The source records of an import, and a report of what is new."""

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Final

from tui.model.paper import SourceRecord
from tui.model.state import Change
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.model.rules import Ruled

SAMPLE: Final = "sample"
"""The source of the import of the shipped corpus."""
ADDED: Final = "added"
"""The source of a paper that was added by its name is this word and that name."""
PASTED: Final = "pasted"
"""The source of a pasted page is this word, day and time."""

FiledRecord = tuple[str, SourceRecord]
"""The key under which a record was filed, and the record."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The records that one import takes in."""

    records: tuple[SourceRecord, ...]
    source: str = ""
    """Where they are from; by default the file of the first."""
    keys: Mapping[int, str] = field(default_factory=dict)
    """The keys that new papers get if they are free, by the place of a record."""

    @property
    def name(self) -> str:
        """The name of the import."""
        return self.source or self.records[0].file

    @property
    def unfiled(self) -> list[FiledRecord]:
        """The records, each with the key that its paper should get; empty if any will do."""
        return [(self.keys.get(place, ""), record) for place, record in enumerate(self.records)]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import."""

    new: tuple[str, ...]
    """Keys of new papers."""
    merged: tuple[str, ...]
    """Keys of known papers whose facts changed."""
    unchanged: int
    """The number of known papers whose facts did not change."""
    removed: int = 0
    """The number of papers that the user removed before, which stay removed."""
    id: str = field(default="", compare=False)
    """The import; empty if nothing was written."""
    from_samples: int = 0
    """The number of the unchanged ones that only the samples had: they stay without these."""
    titles: Mapping[str, str] = field(default_factory=dict, compare=False)
    """The titles of its papers by key, with LaTeX: new ones first, then changed ones, others."""
    decided: int = field(default=0, compare=False)
    """The number of papers about which something is decided with it."""
    rules: "tuple[Ruled, ...]" = field(default=(), compare=False)
    """The decisions of each rule."""
    change: Change | None = field(default=None, compare=False)
    """The change by which it only decided, where nothing was imported."""

    @property
    def is_import(self) -> bool:
        """Whether anything is new: papers, facts, or what the samples alone had."""
        return bool(self.new or self.merged or self.from_samples)
