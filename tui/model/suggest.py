"""Suggestions for misspelt names."""

from collections.abc import Iterable

from tui.model.text import normalize


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice nearest to a word, within a third of its letters; else ``None``."""
    return next(iter(all_near(word, choices)), None)


def all_near(word: str, choices: Iterable[str]) -> list[str]:
    """The choices within a third of a word's letters, or one letter, the nearest first.

    Swapped letters count as one edit. A word of one letter has no near ones, and is near to none.
    """
    from rapidfuzz import process  # slow to load, and rarely needed
    from rapidfuzz.distance import OSA

    cutoff = max(1, len(word) // 3)
    matches = process.extract(
        word, list(choices), scorer=OSA.distance, score_cutoff=cutoff, limit=None
    )
    return [name for name, edits, _ in matches if edits < min(len(word), len(name))]


def did_you_mean(near: str | None, otherwise: str = "") -> str:
    """The question whether a near name was meant, or another hint if none is near."""
    return f"Did you mean {near}?" if near else otherwise


def unknown(what: str, name: str, choices: Iterable[str]) -> str:
    """A message with the nearest known name: ``unknown setting viev; did you mean view?``."""
    near = nearest(name, choices)
    return f"unknown {what} {normalize(name, 40)}{f'; did you mean {near}?' if near else ''}"
