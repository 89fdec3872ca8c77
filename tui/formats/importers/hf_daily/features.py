"""How likely a line of a page is a title, an abstract or an organization, by what it looks like."""

import re
from collections.abc import Mapping, Sequence
from enum import IntEnum, auto
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Final
from unicodedata import east_asian_width

from tui.formats.importers.hf_daily.line_kinds import is_sentence_end
from tui.formats.importers.hf_daily.lines import WRAPPED, Line
from tui.values import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """How one page separates its lines."""

    blank_weight: float
    """The weight of a blank line, or its absence, as a sign of a new part."""
    width: int | None
    """The column at which its abstracts are wrapped; ``None`` if each is one line."""
    has_headings: bool = False
    """Whether its titles are headings."""
    longest: int = 0
    """The columns of its longest line; 0 if it is wrapped."""

    @classmethod
    def of(cls, texts: Sequence[Line]) -> "Layout":
        """The layout of a page from its text lines."""
        gaps = sum(line.after_blank for line in texts[1:])
        lengths = sorted(map(size, texts)) or [0]
        # A title may be longer than the column, so ignore the longest twentieth of the lines.
        widest = lengths[len(lengths) * 19 // 20]
        neighbours = [(a, b) for a, b in pairwise(texts) if not b.after_blank]
        full = sum(size(a) + 1 + _first_word(b.text) > widest for a, b in neighbours)
        wrapped = widest <= 160 and full >= 3 and full * 2 > len(neighbours)
        is_spaced = gaps * 40 > len(texts) and (gaps >= 3 or gaps * 8 >= len(texts))
        weight = 6.0 if is_spaced else 1.0 if gaps else 0.0
        return cls(
            weight,
            widest if wrapped else None,
            any(line.is_heading for line in texts),
            0 if wrapped else lengths[-1],
        )


def size(line: Line) -> int:
    """The length of a line in columns, as far as it matters: long lines are not wrapped."""
    return _columns(line.text)


@lru_cache(maxsize=1024)
def _columns(text: str) -> int:
    if text.isascii() or len(text) > 200:
        return len(text)
    return len(text) + sum(east_asian_width(char) in "WF" for char in text)


def _first_word(text: str) -> int:
    """The columns of its first word; text without spaces breaks anywhere."""
    return 2 if text[:1] > "\u2e7f" else len(text.split(" ", 1)[0])


class LineRole(IntEnum):
    """The role of a text line in its paper."""

    TITLE = auto()
    MORE_TITLE = auto()
    ABSTRACT = auto()
    MORE_ABSTRACT = auto()
    ORGANIZATION = auto()


_ENDS: Final = re.compile(
    r"""[.!?…。．！？｡।॥؟۔።၊။։]["'”’)\]»」』）】》]*$|https?://\S*[\w/)]$|[.!?…]\s?\(\S+\)$"""
    r"""|\$[^$\s][^$]*\$$|[\u0e00-\u0eff]$"""
)
"""How an abstract ends: with a full stop of any script, an address, or mathematics. Thai and Lao
have no full stop."""
_TAIL: Final = 300
"""Characters at the end of a text that tell whether it ends there."""


def is_end(text: str) -> bool:
    """Whether an abstract may end like this."""
    return _ENDS.search(text[-_TAIL:]) is not None


_STOPS: Final = ".。．｡।۔։።။"
"""What ends a statement; a title may end in a question mark."""
_DANGLING: Final = re.compile(
    r"\s(?:a|an|and|as|at|by|for|from|in|into|of|on|or|over|the|to|towards?|using|via|with|&)$",
    re.I,
)
_COINED = re.compile(r"(?=\S*: )\S*?[a-z0-9-][A-Z]")
_SENTENCE_BREAK = re.compile(r"[a-z)\]][.!?] +[A-Z]|[\u0370-\uffff][.!?] +\S|[。！।؟]\s*\S")
_INDENT: Final = 24
"""Columns by which a list, or a margin, may make lines shorter than others."""


class Feature(IntEnum):
    """A feature of a line and of the one before it."""

    CAPITALISED = auto()
    """At least 60 % of its longer words begin with a capital."""
    VERY_CAPITALISED = auto()
    """At least 70 %."""
    HARDLY_CAPITALISED = auto()
    """Less than 30 %."""
    FITS_TITLE = auto()
    """At most 160 characters."""
    BEYOND_TITLE = auto()
    """More than 160."""
    LONG = auto()
    """More than 200."""
    VERY_LONG = auto()
    """More than 300."""
    FULL_STOP = auto()
    """A full stop at its end."""
    SENTENCE = auto()
    """The end of a sentence, after more than 100 characters."""
    STARTS_LOW = auto()
    """Begins in lower case."""
    GOES_ON = auto()
    """Begins in lower case and ends no sentence."""
    HEADLINE = auto()
    """Capitalised, ends no sentence, and does not go on."""
    SENTENCE_BREAK = auto()
    """One sentence after another."""
    COINED = auto()
    """A coined name and a colon: ``LoRA: ``."""
    AFTER_END = auto()
    """The line before ends a sentence, or there is none."""
    AFTER_NO_END = auto()
    """The line before ends no sentence."""
    AFTER_FULL_LINE = auto()
    """Wrapped, and its first word had no room in the line before."""
    AFTER_SHORT_LINE = auto()
    """Wrapped, and its first word had room in the line before."""
    AFTER_WHOLE_ABSTRACT = auto()
    """Not wrapped, short and no sentence, after a long sentence."""
    AFTER_SENTENCE = auto()
    """Not wrapped, no sentence, after another sentence."""
    HEADING = auto()
    """Marked as a heading."""
    NO_HEADING = auto()
    """Not marked as one, on a page that has headings."""
    GOES_ON_LINK = auto()
    """In the middle of a link."""
    SAME_PAPER = auto()
    """Links to the same paper as the line before."""
    OTHER_PAPER = auto()
    """Links to another paper than the line before."""
    SHORT = auto()
    """At most 90 characters."""
    ENDS_SENTENCE = auto()
    """The end of a sentence or an address, of any length."""
    AFTER_DANGLING = auto()
    """The line before ends in a word that cannot end a title."""
    LINKS_ELSEWHERE = auto()
    """Links, but not to a paper."""
    UNWRAPPED_SENTENCE = auto()
    """The end of a sentence; with its first word, the line before would be far shorter than the
    longest, so nothing was wrapped there."""


_POINTS: Final[dict[LineRole, dict[Feature, float]]] = {
    LineRole.TITLE: {
        Feature.CAPITALISED: 4,
        Feature.HARDLY_CAPITALISED: -1,
        Feature.VERY_LONG: -10,
        Feature.FULL_STOP: -5,
        Feature.STARTS_LOW: -4,
        Feature.SENTENCE_BREAK: -1,
        Feature.COINED: 2,
        Feature.AFTER_END: 1,
        Feature.AFTER_NO_END: -2,
        Feature.AFTER_FULL_LINE: -2,
        Feature.AFTER_SHORT_LINE: 2,
        Feature.AFTER_WHOLE_ABSTRACT: 3,
        Feature.AFTER_SENTENCE: 1,
        Feature.HEADING: 20,
        Feature.NO_HEADING: -12,
        Feature.GOES_ON_LINK: -30,
        Feature.SAME_PAPER: -20,
        Feature.OTHER_PAPER: 20,
    },
    LineRole.MORE_TITLE: {
        Feature.HEADING: -10,
        Feature.GOES_ON_LINK: 5,
        Feature.OTHER_PAPER: -20,
        Feature.UNWRAPPED_SENTENCE: -30,
        Feature.AFTER_DANGLING: 3,
        Feature.FITS_TITLE: -3,
        Feature.BEYOND_TITLE: -10,
        Feature.GOES_ON: 3,
        Feature.HEADLINE: 1,
        Feature.FULL_STOP: -3,
        Feature.AFTER_FULL_LINE: 2,
        Feature.AFTER_SHORT_LINE: -4,
    },
    LineRole.ABSTRACT: {
        Feature.LONG: 2,
        Feature.SENTENCE: 1,
        Feature.STARTS_LOW: -3,
        Feature.VERY_CAPITALISED: -2,
        Feature.HEADING: -20,
        Feature.GOES_ON_LINK: -30,
        Feature.OTHER_PAPER: -20,
    },
    LineRole.MORE_ABSTRACT: {
        Feature.HEADING: -20,
        Feature.GOES_ON_LINK: 5,
        Feature.OTHER_PAPER: -20,
        Feature.AFTER_NO_END: 3,
        Feature.STARTS_LOW: 3,
        Feature.SENTENCE: 1,
        Feature.VERY_CAPITALISED: -2,
        Feature.AFTER_FULL_LINE: 1,
        Feature.AFTER_SHORT_LINE: -2,
    },
    LineRole.ORGANIZATION: {
        Feature.SHORT: 8,
        Feature.AFTER_DANGLING: -6,
        Feature.LONG: -20,
        Feature.BEYOND_TITLE: -20,
        Feature.ENDS_SENTENCE: -40,
        Feature.STARTS_LOW: -2,
        Feature.AFTER_FULL_LINE: -3,
        Feature.HEADING: -20,
        Feature.OTHER_PAPER: -20,
        Feature.LINKS_ELSEWHERE: 20,
    },
}
"""The points of a feature for a role, chosen by hand and tested on complete, wrapped, joined and
truncated forms of the seeds; only the total over a run matters."""


def scores_of(line: Line, before: Line | None, layout: Layout) -> Mapping[LineRole, float]:
    """The score of a line for each role, given the line before it in its run, if any."""
    features = _features(line, before, layout)
    if before is None:
        return _scores(features, 0.0)
    blank = layout.blank_weight if line.after_blank else -layout.blank_weight
    return _scores(features, blank, is_free=not line.continues and size(before) < WRAPPED)


@lru_cache(maxsize=4096)
def _scores(
    features: tuple[Feature, ...], blank: float, *, is_free: bool = False
) -> Mapping[LineRole, float]:
    """The scores of a line; few sets of features occur.

    Args:
        blank: What the blank line before it, or its absence, says for the beginning of a part.
        is_free: Whether the absence of a blank line says nothing against an organization.
    """
    scores: dict[LineRole, float] = {}
    for role, points in _POINTS.items():
        begins = role not in (LineRole.MORE_TITLE, LineRole.MORE_ABSTRACT)
        of_blank = blank if begins else -blank
        if is_free and role is LineRole.ORGANIZATION:
            of_blank = max(of_blank, 0.0)
        scores[role] = sum(points.get(feature, 0) for feature in features) + of_blank
    return MappingProxyType(scores)


@dataclass(frozen=True, slots=True)
class _Look:
    """What a line looks like, whatever stands around it."""

    features: tuple[Feature, ...]
    columns: int
    first_word: int
    is_end: bool
    """Whether an abstract may end like this."""


@lru_cache(maxsize=1024)
def _look(text: str) -> _Look:
    """The look of a line; each is asked for again by the line below it."""
    length = _columns(text)
    ends = is_end(text)
    starts_low = text[:2].islower()
    capitals = _capitalised(text)
    present = {
        Feature.CAPITALISED: capitals >= 0.6,
        Feature.VERY_CAPITALISED: capitals >= 0.7,
        Feature.HARDLY_CAPITALISED: capitals < 0.3,
        Feature.FITS_TITLE: length <= 160,
        Feature.BEYOND_TITLE: length > 160,
        Feature.LONG: length > 200,
        Feature.VERY_LONG: length > 300,
        Feature.FULL_STOP: text[-1:] in _STOPS,
        Feature.SENTENCE: ends and length > 100,
        Feature.STARTS_LOW: starts_low,
        Feature.GOES_ON: starts_low and not ends,
        Feature.HEADLINE: capitals >= 0.6 and not ends and not starts_low,
        Feature.SENTENCE_BREAK: bool(_SENTENCE_BREAK.search(text)),
        Feature.COINED: bool(_COINED.match(text)),
        Feature.SHORT: length <= 90,
        Feature.ENDS_SENTENCE: (ends and "://" in text) or is_sentence_end(text),
    }
    return _Look(_present(present), length, _first_word(text), ends)


def _present(features: Mapping[Feature, bool]) -> tuple[Feature, ...]:
    return tuple(feature for feature, is_present in features.items() if is_present)


def _features(line: Line, before: Line | None, layout: Layout) -> tuple[Feature, ...]:
    """All features of a line."""
    look = _look(line.text)
    around = {
        Feature.HEADING: line.is_heading,
        Feature.NO_HEADING: layout.has_headings and not line.is_heading,
        Feature.GOES_ON_LINK: line.continues,
        Feature.LINKS_ELSEWHERE: bool(line.addresses) and line.paper is None,
        Feature.AFTER_END: before is None,
        Feature.AFTER_SHORT_LINE: before is None and layout.width is not None,
    }
    if before is not None:
        around |= _features_below(line, before, layout)
    return look.features + _present(around)


def _features_below(line: Line, before: Line, layout: Layout) -> dict[Feature, bool]:
    """The features of a line that the one before it gives it."""
    look, above = _look(line.text), _look(before.text)
    is_wrapped = layout.width is not None
    after_full = above.columns + 1 + look.first_word > (layout.width or 0)
    follows = not is_wrapped and above.is_end and not look.is_end
    is_whole = len(before.text) > 400 and look.columns <= 200
    paper, previous = line.paper, before.paper
    return {
        Feature.AFTER_END: above.is_end,
        Feature.AFTER_NO_END: not above.is_end,
        Feature.AFTER_FULL_LINE: is_wrapped and after_full,
        Feature.AFTER_SHORT_LINE: is_wrapped and not after_full,
        Feature.AFTER_WHOLE_ABSTRACT: follows and is_whole,
        Feature.AFTER_SENTENCE: follows and not is_whole,
        Feature.SAME_PAPER: paper is not None and paper == previous,
        Feature.OTHER_PAPER: paper is not None and previous is not None and paper != previous,
        Feature.AFTER_DANGLING: _DANGLING.search(before.text[-10:]) is not None,
        Feature.UNWRAPPED_SENTENCE: look.is_end
        and not line.continues
        and above.columns + look.first_word + _INDENT < layout.longest,
    }


def _capitalised(text: str) -> float:
    """The share of longer words that begin with a capital or digit: high in titles."""
    longer = [word for word in re.split(r"[\s/-]+", text[:400]) if len(word) > 3]
    if not longer or text[:400].upper() == text[:400].lower():
        return 0.5
    return sum(not word.lstrip("(\"'“‘[").islower() for word in longer) / len(longer)
