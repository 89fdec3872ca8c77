"""The forms of English words: what a query means beyond the letters that were typed."""

from typing import Final

_ENDINGS: Final = (
    *("iers", "ying", "ings", "ions"),
    *("ier", "ied", "ies", "ing", "ion", "ers", "ors"),
    *("ed", "er", "es", "ly", "or"),
    *("e", "y"),
)
_MIN_STEM: Final = 4
_MIN_SINGULAR: Final = 3
_FUNCTION_WORDS: Final = """
a about an and are as at be but by can did do does for from had has have how i if in into is it its
me my no not of on one or paper so some something that the their them these they thing this those to
use used uses using was we were what when where which who why with you
"""
FUNCTION_WORDS: Final = frozenset(_FUNCTION_WORDS.split())
"""Words that a user types around what is searched for, and that say nothing about a paper."""


def stem(word: str) -> str:
    """What the forms of a word begin with: ``retriev`` for retrievers; the word if it has none."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM:
            return word.removesuffix(ending)
    is_plural = word.endswith("s") and not word.endswith("ss") and len(word) > _MIN_SINGULAR
    return word[:-1] if is_plural else word
