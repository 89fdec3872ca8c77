"""What became of the faults that were tried, and where they are tried again."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from tui import config

NOTES: Final = 20
"""So many failures of a suite are told."""


@dataclass(slots=True)
class Tally:
    """Faults that were tried, and those that did harm."""

    tried: int = 0
    lost: int = 0
    """Changes that were acknowledged and are gone."""
    torn: int = 0
    """Files or screens that are neither the old ones nor the new ones."""
    silent: int = 0
    """Faults that nobody was told of, or not in a sentence."""
    notes: list[str] = field(default_factory=list)

    def note(self, kind: str, text: str) -> None:
        """Counts one harm: ``lost``, ``torn`` or ``silent``."""
        setattr(self, kind, getattr(self, kind) + 1)
        if len(self.notes) < NOTES:
            self.notes.append(f"{kind}: {text}"[:600])

    def take(self, other: "Tally") -> None:
        """Adds what another run of the suite found."""
        for name in ("tried", "lost", "torn", "silent"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.notes += other.notes[: NOTES - len(self.notes)]

    @property
    def is_clean(self) -> bool:
        """Whether no fault did harm."""
        return not (self.lost or self.torn or self.silent)


Run = Callable[[int, Random, Path, str], Tally]
"""Tries so many faults in a folder of its own, with a fault of ``seeded`` in the app, or none."""


@dataclass(frozen=True, slots=True)
class Suite:
    """Faults of one kind."""

    number: int
    """As in the plan."""
    name: str
    run: Run
    small: int
    """Faults at each push."""
    full: int
    """Faults before a release."""
    controls: tuple[str, ...]
    """The seeded faults that must make it fail."""
    control: int = 0
    """Faults to try for a control; as many as ``small`` if 0."""
    chunk: int = 1_000_000
    """Faults of one task, of which two cores take four at a time."""


def clear(folder: Path) -> None:
    """Removes a library, and what is remembered of it, so that another one may be in its place."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(config.last_known_path(folder, "").parent, ignore_errors=True)
