"""Preferences of a user, as terms: ``word:moe``, ``author:Jane Doe``, each wanted or muted."""

import re
from typing import Final

from tui.errors import UsageError
from tui.model.text import normalize
from tui.model.words import fold, search_words

MORE: Final = "more"
MUTE: Final = "mute"
WISHES: Final = (MORE, MUTE)
KINDS: Final = ("word", "author")
_MAX: Final = 80
"""Characters of a term."""


def terms_of(text: str) -> list[str]:
    """Some terms in their normal form; see ``term_of``. A kind begins a new one."""
    parts = (part.strip(" ,") for part in _NEXT.split(text))
    return list(dict.fromkeys(map(term_of, parts)))


_NEXT: Final = re.compile(r"[\s,](?=(?:word|author):)")


def term_of(text: str) -> str:
    """A term in its normal form: ``word:Fine-Tuning`` is ``word:finetuning``.

    Without a kind, it is a word.

    Raises:
        UsageError: If it is no word and no name, or several words.
    """
    kind, colon, value = normalize(text, _MAX).partition(":")
    if not colon:
        kind, value = "word", kind
    if kind not in KINDS:
        raise UsageError(f"No kind “{kind}”", "Write word:WORD or author:NAME.")
    value = value.strip().strip('"').strip()
    if kind == "author":
        if not search_words(fold(value)):
            raise UsageError(f"Not a name: {value}", 'Write author:"Jane Doe".')
        return f"author:{value}"
    words = search_words(fold(value).replace("-", ""))
    if len(words) != 1:
        raise UsageError(f"Not one word: {value}", "Write word:WORD for each word.")
    return f"word:{words[0]}"


def split(term: str) -> tuple[str, str]:
    """The kind and the value of a term."""
    kind, _, value = term.partition(":")
    return kind, value
