"""Where rows of a list stand, and what is in one: the title in pieces, facts in their places."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final

from rich.cells import cell_len, get_character_cell_size

from tui.model.describe import authors, day
from tui.model.identifiers import is_title
from tui.model.layout import plural
from tui.model.state import Item
from tui.model.text import sanitize
from tui.patterns import regex
from tui.ui.glyphs import Glyphs, matches, words_in
from tui.values import dataclass

GAP: Final = 2
"""Blanks between the end of a title and the facts after it."""
_OF_INTEREST: Final = 2
"""Words of what the user is interested in that stand out in a title: more would be noise."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a list, from 0."""

    height: int = 1
    """Lines of a row."""
    headed: Sequence[int] = ()
    """The rows that have a heading above them, in ascending order."""

    def top(self, row: int) -> int:
        """The first line of a row, below its heading."""
        return row * self.height + bisect_right(self.headed, row)

    def above(self, row: int) -> int:
        """The first line of a row, or of the heading above it."""
        return self.top(row) - (row in self.headed)

    def heading_at(self, line: int) -> int | None:
        """Which heading stands on a line, by its number; ``None`` if a row does."""
        number = self._headings_up_to(line) - 1
        is_heading = number >= 0 and self._line_of(number) == line
        return number if is_heading else None

    def row_at(self, line: int) -> tuple[int, int]:
        """The row on a line that has no heading, and which line of the row it is."""
        return divmod(line - self._headings_up_to(line), self.height)

    def _headings_up_to(self, line: int) -> int:
        return bisect_right(range(len(self.headed)), line, key=self._line_of)

    def _line_of(self, number: int) -> int:
        return self.headed[number] * self.height + number


_UNSTEADY: Final = "(?<=[^\0-\u218f])(?:\u200d.)+|[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]"
"""Characters that make one sign of several: joined signs, variants, keycaps, tones of skin."""
_FLAG_LETTERS: Final = {0x1F1E6 + number: 65 + number for number in range(26)}


_BRAHMIC: Final = regex("[\u0900-\u0dff\u0f00-\u109f\u1700-\u17ff\u1900-\u1cff\ua800-\uabff]")
"""Scripts whose vowels stand beside a letter: some terminals give them a column, others none."""


HOLDS: Final = regex(r"\x1b\[\d+[XG]")
"""A sequence that keeps the columns after such a text in place; see ``PaperList``."""


def is_of_unsure_width(text: str) -> bool:
    """Whether terminals disagree on the columns of a text that must stay as it is."""
    return not text.isascii() and _BRAHMIC.search(text) is not None


def steady(text: str) -> str:
    """A text without signs on whose width terminals disagree, so that no column after it shifts.

    The first of joined emoji stands for all, and letters for flags: some terminals draw them as
    one sign of two columns, others as several
    (https://github.com/Textualize/textual/issues/5980, https://github.com/tmux/tmux/issues/3923).
    """
    if text.isascii():
        return text
    return re.sub(_UNSTEADY, "", text).translate(_FLAG_LETTERS)


def phrases(item: Item, glyphs: Glyphs, *, is_lookalike: bool) -> list[str]:
    """The facts of a paper for a line below its title, the most important first.

    The date, if known, is the first.
    """
    paper, state = item.paper, item.state
    sources = len(set(paper.files))
    facts = (
        day(paper),
        authors(paper),
        f"{glyphs.upvotes}{paper.upvotes}" if paper.upvotes else "",
        f"v{paper.versions[-1]}" if paper.is_updated else "",
        f"rule {sanitize(state.rule, 40)}" if state.rule else "",
        *(f"#{sanitize(tag)}" for tag in state.tags),
        glyphs.lookalike if is_lookalike else "",
        f"from {plural(sources, 'source')}" if sources > 1 else "",
    )
    texts = [each for each in facts if each]
    return texts if texts or is_title(paper.title) else ["only its identifier is known"]


def joined(facts: Sequence[str], room: int, dot: str) -> str:
    """As many facts as fit into a number of columns, in order."""
    lines = accumulate(facts, f"{{}} {dot} {{}}".format)
    return next((line for line in reversed(list(lines)) if cell_len(line) <= room), "")


def fitting(text: str, width: int) -> int:
    """How many characters of a text wider than ``width`` columns fit into them."""
    if text.isascii():
        return width
    columns = accumulate(map(get_character_cell_size, text))
    return next(place for place, column in enumerate(columns) if column > width)


def cut(text: str, width: int, mark: str) -> str:
    """A text, truncated to ``width`` columns with a mark at its end."""
    if cell_len(text) <= width:
        return text
    return text[: fitting(text, max(width, 1) - 1)] + mark


def shortened(words: str, width: int, mark: str) -> str:
    """As many of some words, joined by commas, as fit into ``width`` columns: whole ones."""
    while cell_len(words) > width and ", " in words:
        words = words.rpartition(", ")[0]
    return cut(words, width, mark)


Span = tuple[int, int, str]
"""A start, an end, and the name of a style."""


def pieces(text: str, spans: Iterable[Span]) -> Iterator[tuple[str, str]]:
    """A text in pieces, each with its style, which is empty outside of spans.

    Args:
        text: The text, which spans may exceed.
        spans: By their starts; of those that overlap the first one counts.
    """
    place = 0
    for low, high, style in spans:
        start, end = max(low, place), min(high, len(text))
        if start < end:
            yield text[place:start], ""
            yield text[start:end], style
            place = end
    yield text[place:], ""


def marked(
    title: str, matching: Sequence[str], watched: Sequence[str], strongest: Sequence[str]
) -> list[Span]:
    """The words of a title that stand out, each named by its style.

    Args:
        matching: Prefixes of what a query finds.
        watched: Prefixes of what a rule watches.
        strongest: Words of what the user is interested in; the first few of them stand out.
    """
    of_interest = [each for each in words_in(title) if each[0] in strongest] if strongest else []
    of_interest.sort(key=lambda each: strongest.index(each[0]))
    spans = {(start, end): "watched" for _, start, end in of_interest[:_OF_INTEREST]}
    spans |= dict.fromkeys(matches(title, watched), "watched")
    spans |= dict.fromkeys(matches(title, matching), "match")
    return [(*span, style) for span, style in sorted(spans.items())]


def broken(title: str, width: int) -> list[tuple[int, int]]:
    """A title broken into two lines after a space or a hyphen, as spans."""
    if cell_len(title) <= width:
        return [(0, len(title)), (len(title), len(title))]
    fits = fitting(title, max(width, 1))
    head = title[: fits + title.startswith(" ", fits)]  # a space may exceed the width
    end = max(head.rfind(" "), head.rfind("-")) + 1 or max(fits, 1)  # or one word fills the line
    return [(0, len(title[:end].rstrip())), (end, len(title))]
