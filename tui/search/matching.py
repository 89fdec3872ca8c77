"""Matching of forms of words, phrases, globs and regular expressions in folded text."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Final

from tui.model.words import words

IN_WORDS: Final = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789") | frozenset(range(128, 256))
"""Bytes of letters and digits in a folded text."""

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

_SIGN: Final = r"\+\+|[+#](?![^\W_])"
"""A sign that belongs to the word before it; see ``text.search_words``."""


def stem(word: str) -> str:
    """The stem of a word, with which its forms begin: ``retriev`` for retrievers."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM:
            return word.removesuffix(ending)
    is_plural = word.endswith("s") and not word.endswith("ss") and len(word) > _MIN_SINGULAR
    return word[:-1] if is_plural else word


def phrase_matcher(parts: tuple[str, ...], half: bool) -> Callable[[bytes], bool]:
    """A function: whether a folded text contains consecutive words.

    For ASCII, that is nearly all texts, matching bytes is ten times as fast.
    """
    are_plain = all(map(str.isalnum, parts))
    plain = re.compile(b"[^a-z0-9]+".join(re.escape(part.encode()) for part in parts))
    exact = re.compile(_phrase(parts, half))

    def fits(text: bytes) -> bool:
        if not (are_plain and text.isascii()):
            return exact.search(str(text, "utf-8")) is not None
        for match in plain.finditer(text):
            start, stop = match.span()
            begins = start == 0 or text[start - 1] not in IN_WORDS
            if begins and (half or stop == len(text) or text[stop] not in IN_WORDS):
                nearby = text[start : stop + 1]
                is_plain = b"+" not in nearby and b"#" not in nearby
                return is_plain or exact.search(str(text, "utf-8")) is not None
        return False

    return fits


def _phrase(parts: tuple[str, ...], half: bool) -> str:
    """A regular expression for consecutive words, of which signs and symbols may touch others."""
    pattern = r"(?<![^\W_])" if parts[0][0].isalnum() else ""
    for part, after in pairwise((*parts, "")):
        pattern += re.escape(part)
        ends_in_letter = part[-1].isalnum()
        if after:
            touches = not (ends_in_letter and after[0].isalnum())
            sign = f"(?!{_SIGN})" if ends_in_letter else ""
            pattern += rf"{sign}[\W_]{'*' if touches else '+'}"
        elif not half and ends_in_letter:
            pattern += rf"(?![^\W_]|{_SIGN})"
    return pattern


def literals(source: str) -> list[str]:
    """Runs of letters that every match of a regular expression contains, each within a word."""
    if re.search(r"[|()\[]", source):
        return []
    plain = re.sub(r"\\.", " ", source)
    plain = re.sub(r"\S([*?]|\{0)", " ", plain)
    return [run for run in words(plain.replace("{", " {")) if len(run) > 2 and run.isascii()]


def glob(pattern: str) -> Callable[[str], bool]:
    """A function: whether a whole text matches a glob with ``*``. Cost: linear."""
    first, *rest = pattern.split("*")

    def fits(text: str) -> bool:
        if not rest:
            return text == first
        *middle, last = rest
        if not text.startswith(first) or len(text) < len(first) + len(last):
            return False
        place = len(first)
        for part in middle:  # the leftmost match is always sufficient
            place = text.find(part, place)
            if place < 0:
                return False
            place += len(part)
        return text.endswith(last) and place <= len(text) - len(last)

    return fits
