"""Random patterns on long texts: each is answered as Python answers, or refused for its work."""

import re
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Final
from unittest.mock import patch

from tests.torture.seeded import seeded
from tests.torture.tally import Tally
from tui.query.regex import MAX_WORK, Budget, Regex, RegexError, TooMuchWorkError

LONG: Final = 2_100
"""The letters of a long text."""
MOST_PAPERS: Final = 2_000
ATOMS: Final = ("a", "b", "#", ".", "[ab]", "[^ab]", "[a-z ]", r"\w", r"\s", r"\b", "^", "$", "ж")
REPEATS: Final = ("", "", "", "*", "+", "?", "*?", "+?", "{2}", "{0,3}", "{20,}", "{99}", "{0,99}")
SHORT: Final = ("", "", "", "*", "+", "?", "{2}", "{0,3}")


def pattern(chance: Random, repeats: tuple[str, ...], depth: int = 0) -> str:
    """A random pattern, groups in groups included."""
    parts = []
    for _ in range(chance.randrange(1, 5)):
        part = chance.choice(ATOMS)
        if depth < 2 and chance.random() < 0.3:
            part = f"({pattern(chance, repeats, depth + 1)})"
        may_repeat = part not in (r"\b", "^", "$")
        parts.append(part + (chance.choice(repeats) if may_repeat else ""))
    return ("|" if chance.random() < 0.2 else "").join(parts)


def text(chance: Random, length: int) -> str:
    """A random text of few letters, so that much of it nearly matches."""
    return "".join(chance.choices("ab ж", (8, 8, 2, 1), k=length))


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """So many patterns, each on short texts and until its work is spent on long ones."""
    tally = Tally()
    with seeded(fault):
        for _ in range(count):
            tally.tried += 1
            _try_short(pattern(chance, SHORT), chance, tally)
            _try_long(pattern(chance, REPEATS), chance, tally)
    return tally


def _try_short(source: str, chance: Random, tally: Tally) -> None:
    """Compares with ``re``, which is quick on a few letters."""
    try:
        with patch("tui.query.regex._SIMPLE", 0):
            ours = Regex(source).search
    except RegexError as error:
        tally.note("silent", f"/{source}/ is refused: {error}")
        return
    for _ in range(5):
        letters = text(chance, chance.randrange(1, 9))
        if ours(letters) != (re.search(source, letters) is not None):
            tally.note("silent", f"/{source}/ on {letters!r}")


def _try_long(source: str, chance: Random, tally: Tally) -> None:
    """Counts the states of the automaton, which the budget must have bounded."""
    budget = Budget(MAX_WORK // 20)  # for a twentieth of a library, as there are many patterns
    try:
        compiled = Regex(source, budget)
    except RegexError:  # it is too long
        return
    with suppress(TooMuchWorkError):
        for _ in range(MOST_PAPERS // 20):
            compiled.search(text(chance, LONG))
    steps = sum(map(len, compiled._states.values()))
    if steps > MAX_WORK // 20 // 200:
        tally.note("torn", f"/{source}/ was worked on for {steps} steps")
