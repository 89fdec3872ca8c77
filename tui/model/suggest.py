"""Suggestions for misspelt names."""

from collections.abc import Iterable


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice nearest to a word, within a third of its letters; else ``None``.

    Swapped letters count as one edit.
    """
    from rapidfuzz import process  # slow to load, and rarely needed
    from rapidfuzz.distance import OSA

    match = process.extractOne(
        word, list(choices), scorer=OSA.distance, score_cutoff=max(1, len(word) // 3)
    )
    return match[0] if match else None
