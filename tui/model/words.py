"""The words of a text, for comparison and search: without case and accents."""

import re
import unicodedata
from typing import Final

from tui.patterns import regex


def fold(text: str) -> str:
    """A text for comparison: without case, accents and compatibility forms.

    Accents are dropped from Latin, Greek and Cyrillic letters only; elsewhere marks are vowels.
    """
    if text.isascii():
        return text.lower()
    folded: list[str] = []
    base = ""
    for char in unicodedata.normalize("NFKD", text):
        if "\ufe00" <= char <= "\ufe0f":
            continue  # variation selectors
        if unicodedata.combining(char):
            if base < "\u0530":
                continue
        else:
            base = char
        folded.append(char)
    return unicodedata.normalize("NFC", "".join(folded).casefold().translate(_UNDECOMPOSED))


# Letters that Unicode does not decompose.
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


def words(text: str) -> list[str]:
    """The folded words of a text in order: runs of letters and digits, vowel signs included."""
    folded = fold(text)
    if folded.isascii():
        return re.findall("[a-z0-9]+", folded)
    spaced: list[str] = []
    in_word = False
    for char in folded:
        in_word = char.isalnum() or (in_word and unicodedata.category(char)[0] == "M")
        spaced.append(char if in_word else " ")
    return "".join(spaced).split()


_STARTING_DOT: Final = regex(r"\.(?<![^\W_].)(?=[^\W\d_])")
# Plus and number signs belong to the letter they follow, as in C++, C++20, C# and H+, but not as in
# x+y; a dot belongs to the word that it begins.
_SIGNED: Final = regex(r"(?:^\.(?=[^\W\d_]))?[^+#.]+(?:(?<=[^\W\d_])(?:\+{2,}|[+#]+(?![^\W_])))?")


def search_words(text: str) -> list[str]:
    """The words of a text as it is searched: ``words``, with the signs that belong to them.

    C++, C# and .NET are words of their own, and so is each symbol outside ASCII, such as an arrow
    or an emoji. Punctuation is no word.
    """
    folded = fold(text)
    has_signs = "+" in folded or "#" in folded or _STARTING_DOT.search(folded) is not None
    if folded.isascii():
        if not has_signs:
            return re.findall("[a-z0-9]+", folded)
        parts = re.findall("[a-z0-9+#.]+", folded)
    else:
        parts = _spaced(folded, "+#." if has_signs else "").split()
    if not has_signs:
        return parts
    return [word for part in parts for word in _SIGNED.findall(part)]


def _spaced(folded: str, signs: str) -> str:
    """A text with spaces in place of punctuation, except some signs, and around symbols."""
    spaced: list[str] = []
    in_word = False
    for char in folded:
        kind = "" if char.isascii() else unicodedata.category(char)[0]
        in_word = char.isalnum() or (in_word and kind == "M")
        if in_word or char in signs:
            spaced.append(char)
        else:
            spaced.append(f" {char} " if kind == "S" else " ")
    return "".join(spaced)
