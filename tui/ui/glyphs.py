"""How a paper's state, facts and matches look: shared by the list, the pane and the dialogs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tui.model.paper import Paper
from tui.model.state import PaperState, Status
from tui.model.text import fold


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
    cursor: str = "▌"
    upvotes: str = "▲"
    dot: str = "·"
    arrow: str = "→"
    ellipsis: str = "…"
    done: str = "━"
    left: str = "╌"

    def state(self, made: PaperState, today: date) -> str:
        """The one mark of a paper: what is most worth knowing of its state."""
        if made.is_snoozed(today):
            return self.snoozed
        if made.status is Status.DISMISSED:
            return self.dismissed
        if made.starred:
            return self.starred
        return {
            Status.UNREAD: self.unread,
            Status.READING: self.reading,
            Status.READ: self.read,
        }[made.status]


UNICODE: Final = Glyphs()
ASCII: Final = Glyphs("N", "~", ".", "x", "*", "z", "+", "=", ">", "^", "-", "->", "~", "#", "-")

_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"


_WORD: Final = re.compile(r"[^\W_]+")
_COMPOUND: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def day(paper: Paper) -> str:
    """When a paper appeared, else the day of its newest page; empty if neither is known."""
    if paper.published:
        return paper.published.isoformat()
    page_day = paper.page_day
    if page_day is None:
        return ""
    if page_day.startswith("--"):
        return f"{_MONTHS.split()[int(page_day[2:4]) - 1]} {int(page_day[5:7])}"
    return page_day


def matches(text: str, beginnings: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where words begin as a query asked, as spans of characters.

    A compound matches as a whole too: ``finetuning`` is found in ``fine-tuning``.
    """
    if not beginnings:
        return
    asked = tuple(beginnings)
    joinable = tuple(each for each in asked if len(each) > 3)
    for match in _COMPOUND.finditer(text):
        compound = match.group()
        if "-" not in compound:
            if fold(compound).startswith(asked):
                yield match.span()
        elif fold(compound.replace("-", "")).startswith(joinable):
            yield match.span()
        else:
            for word in _WORD.finditer(text, *match.span()):
                if fold(word.group()).startswith(asked):
                    yield word.span()
