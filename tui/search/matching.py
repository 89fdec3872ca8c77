"""Matching of phrases, globs and regular expressions in folded text."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Final

from tui.model.text import words

IN_WORDS: Final = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789") | frozenset(range(128, 256))
"""Bytes of letters and digits in a folded text."""


_SIGN: Final = r"\+\+|[+#](?!{word})"
"""A sign that belongs to the word before it; see ``text.search_words``."""


def phrase_matcher(parts: tuple[str, ...], half: bool) -> Callable[[bytes], bool]:
    """A function: whether a folded text contains consecutive words.

    For ASCII, that is nearly all texts, matching bytes is ten times as fast.
    """
    is_word = parts[0][0].isalnum()
    plain = re.compile(_phrase(parts, half, "[a-z0-9]", "[^a-z0-9]").encode())
    begins = r"(?<![^\W_])" if is_word else ""
    exact = re.compile(begins + _phrase(parts, half, r"[^\W_]", r"[\W_]"))

    def fits(text: bytes) -> bool:
        if not text.isascii():
            return exact.search(str(text, "utf-8")) is not None
        starts = (match.start() for match in plain.finditer(text))
        return any(not is_word or not n or text[n - 1] not in IN_WORDS for n in starts)

    return fits


def _phrase(parts: tuple[str, ...], half: bool, word: str, other: str) -> str:
    """A pattern of consecutive words; what precedes the first is not checked.

    Args:
        parts: The words.
        half: Whether the last one is a prefix.
        word: A pattern of a character of words.
        other: A pattern of any other character.
    """
    sign = _SIGN.format(word=word)
    pattern = ""
    for part, after in pairwise((*parts, "")):
        pattern += re.escape(part)
        ends_in_letter = part[-1].isalnum()
        if after:
            touches = not (ends_in_letter and after[0].isalnum())
            pattern += f"{f'(?!{sign})' if ends_in_letter else ''}{other}{'*' if touches else '+'}"
        elif not half and ends_in_letter:
            pattern += f"(?!{word}|{sign})"
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
