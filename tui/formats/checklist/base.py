"""What an exported list has, and the comments by which it is known."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

BEGIN: Final = "<!-- papers-tui:begin -->"
END: Final = re.compile(r"<!-- papers-tui:end ([0-9a-f]{12}) -->")
LABEL: Final = r"[*_]{1,3}Note(?::[*_]{1,3}|[*_]{1,3}:)"
"""How a note begins, also typed by hand: ``**Note:**``, ``*Note*:``."""
KEY: Final = re.compile(r"<!-- pt:(\S+) -->")


@dataclass(slots=True)
class Entry:
    """A paper in the list."""

    line: int
    """From 1."""
    title: str
    link: str
    is_bare: bool = False
    """Whether it has an address or an identifier in place of a title."""
    key: str = ""
    """Empty if its comment was removed."""
    box: str = ""
    """What is in its brackets: a blank, ``x``, ``/`` or ``-``; empty without brackets."""
    unknown_box: str = ""
    """What is in its brackets, if it is none of these."""
    tags: frozenset[str] | None = None
    """``None`` if it has no line of facts."""
    is_starred: bool | None = None
    """``None`` if it has no line of facts."""
    statuses: frozenset[str] = frozenset()
    """The words for a status in its lines of facts."""
    note: str = ""
    """Its Markdown; empty if it has none."""
    quotes: list[tuple[int, str]] = field(default_factory=list)
    """The paragraphs of its abstract: lines from 1, and their Markdown."""
    addresses: list[tuple[int, str]] = field(default_factory=list)
    """The lines of its addresses."""
    facts: list[tuple[int, str]] = field(default_factory=list)
    """The lines of its facts."""
    source: Sequence[str] = ()
    """The lines of its item, from its mark on."""


@dataclass(slots=True)
class Checklist:
    """An exported list as it is in a file."""

    sum: str = ""
    """The checksum at its end; empty if the end is missing."""
    name: str = ""
    """Its heading."""
    line: int = 0
    """The line of the heading, from 1."""
    quotes: list[tuple[int, str]] = field(default_factory=list)
    """The paragraphs of its description."""
    entries: list[Entry] = field(default_factory=list)
    """In the order of the file; if the end is missing, without the last one, which may be cut."""
    others: list[tuple[int, str]] = field(default_factory=list)
    """What is not ours, by the look of it: lines from 1, and their Markdown."""
