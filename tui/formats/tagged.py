"""Texts of records in which a line is a tag and a value: RIS, and what PubMed exports."""

import re
from collections.abc import Iterator
from dataclasses import field
from typing import Final

from tui.values import dataclass


@dataclass(frozen=True, slots=True)
class Grammar:
    """How the lines of a format are written."""

    line: re.Pattern[str]
    """A line with a tag, of which the groups are the tag and the value; others continue it."""
    first: str
    """The tag with which a record begins."""
    last: str = ""
    """The tag with which a record ends; empty if it ends at a blank line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record, or a line that is in none."""

    line: int
    """On which it begins, from 1."""
    values: dict[str, list[list[str]]] = field(default_factory=dict)
    """By tag in capitals, the lines of each value."""
    is_foreign: bool = False
    """Whether this is a line that is in no record; then nothing after it is read."""

    def all(self, *tags: str) -> list[str]:
        """All values of some tags, tag by tag, each in one line."""
        return [" ".join(map(str.strip, text.split("\n"))).strip() for text in self.texts(*tags)]

    def texts(self, *tags: str) -> list[str]:
        """The same, each in its lines, with their indents."""
        values = ("\n".join(lines) for tag in tags for lines in self.values.get(tag, ()))
        return [value for value in values if value.strip()]

    def first(self, *tags: str) -> str:
        """The first value of some tags; empty if there is none."""
        return next(iter(self.all(*tags)), "")


_BETWEEN: Final = re.compile(
    r"\s*(?:\d+[.:]?|Record #\d+ of \d+|(?:Provider|Content|Database): .*)\s*"
)
"""What publishers write between records."""
_MAX_PREAMBLE: Final = 10
"""Lines ahead of the first record, in which some publishers name themselves."""


def entries(text: str, grammar: Grammar) -> Iterator[Entry]:
    """The records of a text; one that is not ended ends where the next begins.

    Outside of records, blank lines, numbers and what publishers write are ignored, and a few lines
    ahead of the first.
    """
    entry: Entry | None = None
    value: list[str] = []
    is_preamble = True
    for number, line in enumerate(text.split("\n"), 1):
        match = grammar.line.match(line)
        tag = match[1].upper() if match else ""
        is_end = tag == grammar.last if grammar.last else not line.strip()
        if tag == grammar.first:
            if entry is not None:
                yield entry
            entry, value, is_preamble = Entry(number), [match[2] or "" if match else ""], False
            entry.values[tag] = [value]
        elif entry is None:
            is_preamble = is_preamble and number <= _MAX_PREAMBLE
            if line.strip() and not (is_end or is_preamble or _BETWEEN.fullmatch(line)):
                yield Entry(number, is_foreign=True)
                return
        elif is_end:
            yield entry
            entry = None
        elif match:
            value = [match[2] or ""]
            entry.values.setdefault(tag, []).append(value)
        else:
            value.append(line)
    if entry is not None:
        yield entry
