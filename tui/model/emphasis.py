"""The Markdown and HTML that sources leave in titles and abstracts, as what it means."""

import re
from typing import Final

from tui.patterns import regex

_MARKUP: Final = regex(
    r"""
    \*\*(?=\S)(?P<bold>[^*]+)(?<=\S)\*\*
    | (?<![\w*])\*(?=[^\s*])(?P<italic>[^*]+)(?<=[^\s*])\*(?![\w*])
    | (?<![\w`])`(?=[^\s`])(?P<code>[^`]+)(?<=[^\s`])`(?![\w`])
    | \[(?P<anchor>[^\[\]]+)\]\((?P<url>https?://[^\s()]+)\)
    | (?:(?<!\s)\s+)?(?P<block></?(?:p|br|div|li|ul|ol)(?:\s[^<>]*)?/?>\s*)+
    | </?(?:a|b|i|u|em|tt|sub|sup|code|span|strong)(?:\s[^<>]*)?/?>
    | &(?P<entity>amp|lt|gt|quot|apos|nbsp|\#39);
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ENTITIES: Final = {
    "amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "#39": "'", "nbsp": " "
}  # fmt: skip


def emphasis(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """A text without the Markdown and HTML in it; and the parts that these make bold or italic.

    A link is left as its words and its URL; code as it is, without its quotes.

    Args:
        text: ``**SENTINEL** (**S**entence...) &amp; <i>more</i>``, in one line.

    Returns:
        The text, and for each part its span, and ``bold`` or ``italic``.
    """
    if not _MAYBE_MARKUP.search(text):
        return text, []
    spans: list[tuple[int, int, str]] = []
    parts: list[str] = []
    place = length = 0
    for match in _MARKUP.finditer(text):
        before, kind = text[place : match.start()], match.lastgroup or ""
        start = length + len(before)
        words = _without_markup(match, is_first=not start)
        length = start + len(words)
        if kind in ("bold", "italic"):
            spans.append((start, length, kind))
        parts += [before, words]
        place = match.end()
    return "".join([*parts, text[place:]]), spans


_MAYBE_MARKUP: Final = regex(r"[*`<&\[]")


def _without_markup(match: re.Match[str], *, is_first: bool) -> str:
    """The text that a piece of markup leaves."""
    match match.lastgroup:
        case "url":
            return f"{match['anchor']} ({match['url']})"
        case "block":
            return "" if is_first else " "
        case "entity":
            return _ENTITIES[match["entity"].lower()]
        case None:
            return ""
        case kind:
            return match[kind]
