"""Lines of text, parted into titles and abstracts by the likeliest reading of a whole run."""

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
    """How much a blank line, or its absence, says about a new part."""
    width: int | None
    """The column at which its abstracts were wrapped; ``None`` if each stands in one line."""

    @classmethod
    def of(cls, texts: Sequence[Line]) -> "Layout":
        """What the lines of text of a page show of it."""
        gaps = sum(line.after_blank for line in texts[1:])
        lengths = sorted(len(line.text) for line in texts) or [0]
        # A title may be longer than the column, so the longest lines in twenty do not count.
        widest = lengths[len(lengths) * 19 // 20]
        full = sum(length > widest * 0.8 for length in lengths)
        wrapped = widest <= 160 and full > len(texts) // 2
        weight = 6.0 if gaps >= 3 and gaps * 40 > len(texts) else 1.0 if gaps else 0.0
        return cls(weight, widest if wrapped else None)


class Part(Enum):
    """What a line of text is within its paper."""

    TITLE = auto()
    MORE_TITLE = auto()
    ABSTRACT = auto()
    MORE_ABSTRACT = auto()


_MAY_FOLLOW: Final = {
    Part.TITLE: (Part.ABSTRACT, Part.MORE_ABSTRACT),
    Part.MORE_TITLE: (Part.TITLE, Part.MORE_TITLE),
    Part.ABSTRACT: (Part.TITLE, Part.MORE_TITLE),
    Part.MORE_ABSTRACT: (Part.ABSTRACT, Part.MORE_ABSTRACT),
}


def part_run(run: Sequence[Line], layout: Layout, reached: Callable[[int], None]) -> list[Part]:
    """The most likely reading of a run of text lines: the best sum of ``_fit`` over its lines.

    A run begins with a title, or with an abstract whose title was cut off. Cost: linear (Viterbi).

    Args:
        run: The lines.
        layout: How the page they are of is laid out.
        reached: Told the number of each line, as this is what takes time.
    """
    best: dict[Part, float] = {Part.TITLE: 0.0, Part.ABSTRACT: -6.0}
    best = {part: base + _fit(run[0], None, part, layout) for part, base in best.items()}
    steps: list[dict[Part, Part]] = []
    for before, line in pairwise(run):
        reached(line.number)
        scores: dict[Part, float] = {}
        step: dict[Part, Part] = {}
        for part, allowed in _MAY_FOLLOW.items():
            came_from = max(
                (previous for previous in allowed if previous in best),
                key=best.__getitem__,
                default=None,
            )
            if came_from is not None:
                scores[part] = best[came_from] + _fit(line, before, part, layout)
                step[part] = came_from
        steps.append(step)
        best = scores
    part = max(best, key=best.__getitem__)
    parts = [part]
    for step in reversed(steps):
        part = step[part]
        parts.append(part)
    return parts[::-1]


ENDS = re.compile(r"""[.!?…]["'”’)\]]*$|https?://\S*[\w/)]$|[.!?…]\s?\(\S+\)$""")
_COINED = re.compile(r"\S*[a-z0-9-][A-Z]\S*: ")
_SENTENCE_BREAK = re.compile(r"[a-z)\]][.!?] +[A-Z]")


def _fit(line: Line, before: Line | None, part: Part, layout: Layout) -> float:
    """How well a line fits a part, in points.

    The points are ours, tried on whole, wrapped, glued and cut forms of the seeds; only their sum
    over a run decides.
    """
    text = line.text
    ends = bool(ENDS.search(text))
    starts_low = text[:2].islower()
    capitalised = _capitalised(text)
    begins = part in (Part.TITLE, Part.ABSTRACT)
    points = 0.0
    if before is not None:
        points += layout.blank_weight if begins == line.after_blank else -layout.blank_weight
    previous_ended = before is None or bool(ENDS.search(before.text))
    previous_full = (
        layout.width is not None
        and before is not None
        and len(before.text) + 1 + len(text.split(" ", 1)[0]) > layout.width
    )
    if part is Part.TITLE:
        points += 4 if capitalised >= 0.6 else -1 if capitalised < 0.3 else 0
        points -= 10 if len(text) > 300 else 0
        points -= 5 if text.endswith(".") else 0
        points -= 4 if starts_low else 0
        points -= 1 if _SENTENCE_BREAK.search(text) else 0
        points += 2 if _COINED.match(text) else 0
        points += 1 if previous_ended else -2
        if layout.width is not None:
            points += -2 if previous_full else 2
        elif before is not None and previous_ended and not ends:
            # A short line that is no sentence, behind one that can only be a whole abstract.
            points += 3 if len(before.text) > 400 and len(text) <= 200 else 1
    elif part is Part.MORE_TITLE:
        points -= 3 if len(text) <= 160 else 10
        points += 3 if starts_low and not ends else 1 if capitalised >= 0.6 and not ends else 0
        points -= 3 if text.endswith(".") else 0
        points += 0 if layout.width is None else 2 if previous_full else -4
    elif part is Part.ABSTRACT:
        points += 2 if len(text) > 200 else 0
        points += 1 if ends and len(text) > 100 else 0
        points -= 3 if starts_low else 0
        points -= 2 if capitalised >= 0.7 else 0
    else:
        points += 0 if previous_ended else 3
        points += 3 if starts_low else 0
        points += 1 if ends and len(text) > 100 else 0
        points -= 2 if capitalised >= 0.7 else 0
        points += 0 if layout.width is None else 1 if previous_full else -2
    return points


def _capitalised(text: str) -> float:
    """The share of longer words that begin with a capital or digit: high in titles."""
    longer = [word for word in re.split(r"[\s/-]+", text[:400]) if len(word) > 3]
    if not longer:
        return 0.5
    return sum(not word.lstrip("(\"'“‘[").islower() for word in longer) / len(longer)
