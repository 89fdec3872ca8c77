"""The difference between two texts, word by word."""

from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import groupby
from typing import Final, NamedTuple

from tui.model.layout import cell_width

_MOST_EXACT: Final = 1_000
"""Words up to which frequent ones are compared, too: the cost is their square."""


class Part(Enum):
    """The fate of a word, and the marks around it, as of GNU wdiff."""

    SAME = ("", "")
    REMOVED = ("[-", "-]")
    ADDED = ("{+", "+}")


class Word(NamedTuple):
    """A word of one of two texts, or of both."""

    text: str
    part: Part


def word_diff(one: str, other: str) -> list[Word]:
    """The words of two texts, in order; those of the first text alone come before the others.

    Cost: some ms for two abstracts.
    """
    from difflib import SequenceMatcher

    old, new = one.split(), other.split()
    is_long = max(len(old), len(new)) > _MOST_EXACT
    diff: list[Word] = []
    for name, low, high, start, end in SequenceMatcher(
        None, old, new, autojunk=is_long
    ).get_opcodes():
        if name == "equal":
            diff += (Word(text, Part.SAME) for text in old[low:high])
        else:
            diff += (Word(text, Part.REMOVED) for text in old[low:high])
            diff += (Word(text, Part.ADDED) for text in new[start:end])
    return diff


def share_kept(one: str, other: str) -> float:
    """The share of the words of one text that another has in the same order; 0 without words."""
    parts = [word.part for word in word_diff(one, other) if word.part is not Part.ADDED]
    return parts.count(Part.SAME) / max(len(parts), 1)


def marked(words: Iterable[Word]) -> list[Word]:
    """The words with marks at both ends of each run of removed or added ones."""
    result: list[Word] = []
    for part, run in groupby(words, key=lambda word: word.part):
        texts = [word.text for word in run]
        texts[0] = f"{part.value[0]}{texts[0]}"
        texts[-1] += part.value[1]
        result += (Word(text, part) for text in texts)
    return result


def wrapped(words: Iterable[Word], width: int) -> Iterator[list[Word]]:
    """The words in lines of at most some columns; a longer word has a line of its own."""
    line: list[Word] = []
    used = 0
    for word in words:
        size = cell_width(word.text) + 1
        if line and used + size > width + 1:
            yield line
            line, used = [], 0
        line.append(word)
        used += size
    if line:
        yield line
