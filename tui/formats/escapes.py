"""Texts in a format that gives some characters a meaning of their own."""

from collections.abc import Callable, Mapping
from typing import Final

from tui.model.text import find_urls

MAX_TEXT: Final = 60_000
"""Characters of an abstract or a note in a file."""


def replaced(text: str, table: Mapping[str, str]) -> str:
    """A text with what a format has in place of its marks.

    Args:
        text: The text.
        table: By mark, in an order in which what escapes one is not escaped again by the next.
    """
    for mark in table:
        if mark in text:  # to look is many times faster than to translate or to replace
            text = text.replace(mark, table[mark])
    return text


def linked(text: str, escape: Callable[[str], str], link: Callable[[str], str | None]) -> str:
    """A sanitized text in which addresses are links.

    Args:
        text: The text.
        escape: From a part of it between links, which may begin or end in a space.
        link: From an address; ``None`` if it cannot be one.
    """
    parts: list[str] = []
    for url in find_urls(text):
        before, found, after = text.partition(url)
        if found and (shown := link(url)):
            parts += [escape(before), shown]
            text = after
    return "".join([*parts, escape(text)])
