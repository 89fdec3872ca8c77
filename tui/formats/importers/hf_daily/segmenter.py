"""Segmentation of text lines into titles and abstracts by the most likely assignment."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from typing import Final

from tui.formats.importers.hf_daily.lines import Line


@dataclass(frozen=True, slots=True)
class Layout:
    """How one page separates its lines."""

    blank_weight: float
    """The weight of a blank line, or its absence, as a sign of a new part."""
    width: int | None
    """The column at which its abstracts are wrapped; ``None`` if each is one line."""

    @classmethod
    def of(cls, texts: Sequence[Line]) -> "Layout":
        """The layout of a page from its text lines."""
        gaps = sum(line.after_blank for line in texts[1:])
        lengths = sorted(len(line.text) for line in texts) or [0]
        # A title may be longer than the column, so ignore the longest twentieth of the lines.
        widest = lengths[len(lengths) * 19 // 20]
        full = sum(length > widest * 0.8 for length in lengths)
        wrapped = widest <= 160 and full > len(texts) // 2
        weight = 6.0 if gaps >= 3 and gaps * 40 > len(texts) else 1.0 if gaps else 0.0
        return cls(weight, widest if wrapped else None)


class LineRole(Enum):
    """The role of a text line in its paper."""

    TITLE = auto()
    MORE_TITLE = auto()
    ABSTRACT = auto()
    MORE_ABSTRACT = auto()


_MAY_FOLLOW: Final = {
    LineRole.TITLE: (LineRole.ABSTRACT, LineRole.MORE_ABSTRACT),
    LineRole.MORE_TITLE: (LineRole.TITLE, LineRole.MORE_TITLE),
    LineRole.ABSTRACT: (LineRole.TITLE, LineRole.MORE_TITLE),
    LineRole.MORE_ABSTRACT: (LineRole.ABSTRACT, LineRole.MORE_ABSTRACT),
}


def assign_roles(
    run: Sequence[Line], layout: Layout, reached: Callable[[int], None]
) -> list[LineRole]:
    """The most likely roles of a run of text lines: the best total score.

    A run begins with a title, or with an abstract whose title is missing. Cost: linear (Viterbi).

    Args:
        run: The lines.
        layout: The layout of their page.
        reached: Called with the number of each line, for progress.
    """
    first = _scores(run[0], None, layout)
    best = {
        LineRole.TITLE: first[LineRole.TITLE],
        LineRole.ABSTRACT: first[LineRole.ABSTRACT] - 6.0,
    }
    steps: list[dict[LineRole, LineRole]] = []
    for before, line in pairwise(run):
        reached(line.number)
        points = _scores(line, before, layout)
        sums: dict[LineRole, float] = {}
        step: dict[LineRole, LineRole] = {}
        for role, allowed in _MAY_FOLLOW.items():
            previous = [other for other in allowed if other in best]
            if previous:
                step[role] = max(previous, key=best.__getitem__)
                sums[role] = best[step[role]] + points[role]
        steps.append(step)
        best = sums
    role = max(best, key=best.__getitem__)
    roles = [role]
    for step in reversed(steps):
        role = step[role]
        roles.append(role)
    return roles[::-1]


ENDS = re.compile(r"""[.!?…]["'”’)\]]*$|https?://\S*[\w/)]$|[.!?…]\s?\(\S+\)$""")
_COINED = re.compile(r"\S*[a-z0-9-][A-Z]\S*: ")
_SENTENCE_BREAK = re.compile(r"[a-z)\]][.!?] +[A-Z]")


class Feature(Enum):
    """A feature of a line and of the one before it."""

    CAPITALISED = "at least 60 % of its longer words begin with a capital"
    VERY_CAPITALISED = "at least 70 %"
    HARDLY_CAPITALISED = "less than 30 %"
    FITS_TITLE = "at most 160 characters"
    BEYOND_TITLE = "more than 160"
    LONG = "more than 200"
    VERY_LONG = "more than 300"
    FULL_STOP = "a full stop at its end"
    SENTENCE = "the end of a sentence, behind more than 100 characters"
    STARTS_LOW = "begins in lower case"
    GOES_ON = "begins in lower case and ends no sentence"
    HEADLINE = "capitalised, ends no sentence, and does not go on"
    SENTENCE_BREAK = "one sentence behind another"
    COINED = "a coined name and a colon: ``LoRA: ``"
    AFTER_END = "the line before ends a sentence, or there is none"
    AFTER_NO_END = "the line before ends no sentence"
    AFTER_FULL_LINE = "wrapped, and its first word had no room in the line before"
    AFTER_SHORT_LINE = "wrapped, and its first word had room in the line before"
    AFTER_WHOLE_ABSTRACT = "not wrapped, short and no sentence, behind a long sentence"
    AFTER_SENTENCE = "not wrapped, no sentence, behind another sentence"


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
    },
    LineRole.MORE_TITLE: {
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
    },
    LineRole.MORE_ABSTRACT: {
        Feature.AFTER_NO_END: 3,
        Feature.STARTS_LOW: 3,
        Feature.SENTENCE: 1,
        Feature.VERY_CAPITALISED: -2,
        Feature.AFTER_FULL_LINE: 1,
        Feature.AFTER_SHORT_LINE: -2,
    },
}
"""The points of a feature for a role, chosen by hand and tested on complete, wrapped, joined and
truncated forms of the seeds; only the total over a run matters."""


def _scores(line: Line, before: Line | None, layout: Layout) -> dict[LineRole, float]:
    """The score of a line for each role."""
    features = _features(line, before, layout)
    scores: dict[LineRole, float] = {}
    for role, points in _POINTS.items():
        begins = role in (LineRole.TITLE, LineRole.ABSTRACT)
        blank = layout.blank_weight if begins == line.after_blank else -layout.blank_weight
        scores[role] = sum(points.get(feature, 0) for feature in features)
        scores[role] += blank if before is not None else 0
    return scores


def _features(line: Line, before: Line | None, layout: Layout) -> list[Feature]:
    text, length = line.text, len(line.text)
    ends = bool(ENDS.search(text))
    starts_low = text[:2].islower()
    capitals = _capitalised(text)
    after_end = before is None or bool(ENDS.search(before.text))
    is_wrapped = layout.width is not None
    after_full = (
        layout.width is not None
        and before is not None
        and len(before.text) + 1 + len(text.split(" ", 1)[0]) > layout.width
    )
    follows = not is_wrapped and before is not None and after_end and not ends
    is_whole = before is not None and len(before.text) > 400 and length <= 200
    present = {
        Feature.CAPITALISED: capitals >= 0.6,
        Feature.VERY_CAPITALISED: capitals >= 0.7,
        Feature.HARDLY_CAPITALISED: capitals < 0.3,
        Feature.FITS_TITLE: length <= 160,
        Feature.BEYOND_TITLE: length > 160,
        Feature.LONG: length > 200,
        Feature.VERY_LONG: length > 300,
        Feature.FULL_STOP: text.endswith("."),
        Feature.SENTENCE: ends and length > 100,
        Feature.STARTS_LOW: starts_low,
        Feature.GOES_ON: starts_low and not ends,
        Feature.HEADLINE: capitals >= 0.6 and not ends and not starts_low,
        Feature.SENTENCE_BREAK: bool(_SENTENCE_BREAK.search(text)),
        Feature.COINED: bool(_COINED.match(text)),
        Feature.AFTER_END: after_end,
        Feature.AFTER_NO_END: not after_end,
        Feature.AFTER_FULL_LINE: is_wrapped and after_full,
        Feature.AFTER_SHORT_LINE: is_wrapped and not after_full,
        Feature.AFTER_WHOLE_ABSTRACT: follows and is_whole,
        Feature.AFTER_SENTENCE: follows and not is_whole,
    }
    return [feature for feature, is_present in present.items() if is_present]


def _capitalised(text: str) -> float:
    """The share of longer words that begin with a capital or digit: high in titles."""
    longer = [word for word in re.split(r"[\s/-]+", text[:400]) if len(word) > 3]
    if not longer:
        return 0.5
    return sum(not word.lstrip("(\"'“‘[").islower() for word in longer) / len(longer)
