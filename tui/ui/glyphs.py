"""The glyphs of states and facts, and the matching words of a text."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from tui.model.state import PaperState, Status
from tui.model.words import fold
from tui.patterns import regex
from tui.values import dataclass

LISTED: Final = "$list"
"""The style of the names of lists."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The glyphs of one character set."""

    unread: str = "●"
    reading: str = "◐"
    read: str = "○"
    dismissed: str = "×"
    starred: str = "★"
    snoozed: str = "◷"
    selected: str = "✓"
    listed: str = "›"
    lookalike: str = "≈"
    cursor: str = "▌"
    upvotes: str = "▲"
    dot: str = "·"
    arrow: str = "→"
    ellipsis: str = "…"
    done: str = "━"
    rest: str = "╌"
    up: str = "↑"
    down: str = "↓"
    undone: str = "↶"

    def of(self, state: PaperState, today: date) -> str:
        """The glyph of a paper's status, or of it being snoozed."""
        if state.is_snoozed(today):
            return self.snoozed
        return {
            Status.UNREAD: self.unread,
            Status.READING: self.reading,
            Status.READ: self.read,
            Status.DISMISSED: self.dismissed,
        }[state.status]


UNICODE: Final = Glyphs()
ASCII: Final = Glyphs(
    "N", "~", ".", "x", "*", "z", "+", "=", "?", ">", "^", "-", "->", "~", "#", "-", "^", "v", "<"
)

_WORD: Final = regex(r"[^\W_]+")
_COMPOUND: Final = regex(r"[^\W_]+(?:-[^\W_]+)*")
_WORD_OR_SIGN: Final = regex(r"\.?[^\W_]+[+#]*|[^\x00-\x7f\w\s]")
"""For queries with C++, .NET or a symbol."""


def words_in(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text, folded, with their places; compounds as one word, then their parts."""
    for match in _COMPOUND.finditer(text):
        yield fold(match.group().replace("-", "")), *match.span()
        if "-" in match.group():
            for part in _WORD.finditer(text, *match.span()):
                yield fold(part.group()), *part.span()


def matches(text: str, prefixes: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The words that match a query, as spans of characters.

    A compound also matches as one word: ``finetuning`` is found in ``fine-tuning``.

    Args:
        prefixes: Folded prefixes of the words of the query.
    """
    if not prefixes:
        return
    of_words = tuple(prefixes)
    if not all(map(str.isalnum, of_words)):
        for match in _WORD_OR_SIGN.finditer(text):
            word = fold(match.group())
            if word.startswith(of_words) or word.lstrip(".").startswith(of_words):
                yield match.span()
        return
    of_compounds = tuple(prefix for prefix in of_words if len(prefix) > 3)
    for match in _COMPOUND.finditer(text):
        compound = match.group()
        if "-" not in compound:
            if fold(compound).startswith(of_words):
                yield match.span()
        elif fold(compound.replace("-", "")).startswith(of_compounds):
            yield match.span()
        else:
            for part in _WORD.finditer(text, *match.span()):
                if fold(part.group()).startswith(of_words):
                    yield part.span()
