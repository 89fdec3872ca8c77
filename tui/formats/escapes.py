"""Texts in a format that gives some characters a meaning of their own."""

from collections.abc import Callable, Mapping

from tui.model.identifiers import find_urls
from tui.model.text import MAX_TEXT, sanitize


class Escapes:
    """What a format has in place of its marks, the characters that it gives a meaning."""

    def __init__(self, table: Mapping[str, str]) -> None:
        """Takes what is written for each mark.

        Args:
            table: In the order in which marks are replaced: one that occurs in what is written
                for others comes before them.
        """
        self._table = table
        self._marks = "".join(table).encode()
        self._plain = bytes(set(range(0x20, 0x7F)) - set(self._marks))

    def escape(self, text: str, limit: int = MAX_TEXT) -> str:
        """A text as one harmless line, escaped; see ``sanitize``."""
        if len(text) > limit or not text.isascii():
            return self.replace(sanitize(text, limit))
        special = text.encode().translate(None, self._plain)
        if not special:  # as in most
            return text
        is_harmless = not special.translate(None, self._marks)
        return self.replace(text if is_harmless else sanitize(text, limit))

    def is_plain(self, text: str, limit: int = MAX_TEXT) -> bool:
        """Whether a text needs no change, as most: it is harmless, of ASCII, and without marks."""
        is_short = len(text) <= limit and text.isascii()
        return is_short and not text.encode().translate(None, self._plain)

    def replace(self, text: str) -> str:
        """A harmless text, escaped."""
        for mark in self._table:
            if mark in text:  # to look is many times faster than to translate or to replace
                text = text.replace(mark, self._table[mark])
        return text


def linked(text: str, escape: Callable[[str], str], link: Callable[[str], str | None]) -> str:
    """A sanitized text in which addresses are links, without angle brackets around them.

    Args:
        escape: From a part of it between links, which may begin or end in a space.
        link: From an address; ``None`` if it cannot be one.
    """
    parts: list[str] = []
    for url in find_urls(text):
        before, found, after = text.partition(url)
        if before.endswith("<") and after.startswith(">"):
            before, after = before[:-1], after[1:]
        if found and (shown := link(url)):
            parts += [escape(before), shown]
            text = after
    return "".join([*parts, escape(text)])
