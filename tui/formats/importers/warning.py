"""What a reader has to say about a line it could not take as it stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A line that was left out, or read with a doubt."""

    line: int
    """From 1."""
    text: str
    """A sentence without a full stop."""
    skipped: bool = True
    """Whether a paper was left out for it."""
