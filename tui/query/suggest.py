"""The choice that was probably meant."""

from collections.abc import Sequence


def nearest(word: str, choices: Sequence[str]) -> str | None:
    """The choice nearest to a word, at most a third of its letters away; else ``None``."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extractOne(
        word, choices, scorer=OSA.distance, score_cutoff=max(1, len(word) // 3)
    )
    return found[0] if found else None
