"""Matching of phrases, globs and regular expressions in folded text."""

import re
from collections.abc import Callable
from typing import Final

from tui.model.text import words

IN_WORDS: Final = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789") | frozenset(range(128, 256))
"""Bytes of letters and digits in a folded text."""


def phrase_matcher(parts: tuple[str, ...], half: bool) -> Callable[[bytes], bool]:
    """A function: whether a folded text contains consecutive words.

    For ASCII, that is nearly all texts, matching bytes is ten times as fast.
    """
    spaced = b"[^a-z0-9]+".join(re.escape(part.encode()) for part in parts)
    between = r"[\W_]+".join(map(re.escape, parts))
    end = "" if half else r"(?![^\W_])"
    plain = re.compile(spaced)
    exact = re.compile(rf"(?<![^\W_]){between}{end}")

    def fits(text: bytes) -> bool:
        if not text.isascii():
            return exact.search(str(text, "utf-8")) is not None
        for match in plain.finditer(text):
            start, stop = match.span()
            begins = start == 0 or text[start - 1] not in IN_WORDS
            if begins and (half or stop == len(text) or text[stop] not in IN_WORDS):
                return True
        return False

    return fits


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
