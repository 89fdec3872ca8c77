"""The names of tags and lists."""

import unicodedata
from typing import Final

from tui.errors import UsageError
from tui.model.text import normalize
from tui.model.words import fold

MAX_NAME: Final = 60
"""Characters of the name of a tag or list."""


def tag_name(text: str) -> str:
    """The normal form of a tag: ``#World Models`` is ``world-models``.

    Letters, digits and ``_ - / . +`` are kept, as in Obsidian; other runs become a hyphen.

    Raises:
        UsageError: If the result is empty or ``none``.
    """
    folded = fold(normalize(text)).lstrip("#")
    chars = (c if c.isalnum() or c in "_/.+-" or _is_vowel_sign(c) else " " for c in folded)
    name = "-".join("".join(chars).split()).strip("-/.")[:MAX_NAME]
    if not name or name == "none":
        raise UsageError(
            f"Not a valid tag: {normalize(text, 40)}", "Use letters, digits and _ - / . +"
        )
    return name


def list_name(text: str) -> str:
    """The normal form of a list's name: free text in one line.

    Raises:
        UsageError: If it is empty, too long, or could be mistaken for an option or a query.
    """
    name = normalize(text)
    if len(name) > MAX_NAME:
        raise UsageError(
            f"The name of a list has {MAX_NAME} characters at most: {normalize(text, 40)}",
            "Choose a shorter one; the description can say more.",
        )
    is_query = name.startswith(("-", "=")) or any(c in name for c in '"*|') or fold(name) == "none"
    if not name or is_query:
        hint = 'A name is not "none", has no " * | and does not begin with - or =.'
        raise UsageError(f"Not a valid list name: {normalize(text, 40)}", hint)
    return name


def _is_vowel_sign(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


def parse_tags(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tags to add and to remove, in order: ``nlp +rl -old`` adds two and removes one."""
    add: dict[str, None] = {}
    remove: dict[str, None] = {}
    for word in text.replace(",", " ").split():
        if word.startswith(("-", "\N{MINUS SIGN}")):
            remove[tag_name(word[1:])] = None
        else:
            add[tag_name(word.removeprefix("+"))] = None
    return tuple(add), tuple(remove)
