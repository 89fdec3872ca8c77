"""Texts as Markdown: titles, abstracts and notes, which may hold anything."""

import re
from itertools import groupby
from typing import Final

from tui.formats.escapes import Escapes, linked
from tui.model.text import MAX_LINE, MAX_TEXT, sanitize

_ESCAPES: Final = Escapes({mark: f"\\{mark}" for mark in r"\`*_[]<>|#~&!$@{}^="})
_URL_SAFE: Final = re.compile(r"[^\s<>\\]+")
_LINK_STARTS: Final = {
    ":": re.compile(
        r":(?:(?<=https:)|(?<=http:)|(?<=ftp:)|(?<=mailto:)|(?<=xmpp:))", re.IGNORECASE
    ),
    ".": re.compile(r"\.(?<=www\.)", re.IGNORECASE),
}
"""Where GFM would turn a bare URL into a link, by the mark there, as to look for one is fast."""


def escape(text: str, limit: int = MAX_LINE) -> str:
    """A text escaped for Markdown."""
    return _without_links(_ESCAPES.escape(text, limit))


def _without_links(text: str) -> str:
    """An escaped text in which nothing becomes a link by itself."""
    for mark, start in _LINK_STARTS.items():
        if mark in text and start.search(text):
            text = start.sub(rf"\\{mark}", text)
    return text


def paragraph(text: str) -> str:
    """A text as a paragraph: URLs become links, everything else is escaped."""
    if "/" in text:
        line = linked(sanitize(text, MAX_TEXT), _escape, link)
    else:
        line = escape(text, MAX_TEXT)
    # A line must not start a list, a heading or a rule.
    match = _LINE_OPENING.match(line)
    return f"{_escape_opening(match)}{line[match.end() :]}" if match else line


def _escape(text: str) -> str:
    """A part of a harmless text, escaped; keeps spaces at its ends."""
    return _without_links(_ESCAPES.replace(text))


def link(url: str) -> str | None:
    """An address as a link in angle brackets; ``None`` if it cannot be in them."""
    return f"<{url}>" if _URL_SAFE.fullmatch(url) else None


_LINE_OPENING: Final = re.compile(r"(\s*)([-+:]|\d{1,9}(?=[.)]))")


_BLOCK_OPENING: Final = re.compile(
    r"^(\s*)(?:(#{1,6}(?=\s|$)|>|=+\s*$|[-+*_](?=\s|$)|([-*_])(?:\s*\3)+\s*$|`{3}|~{3}|:|\[(?=[^\]]*\]:))"
    r"|(\d{1,9})(?=[.)]))"
)


def note_lines(note: str, hard_break: str = "\\") -> list[str]:
    """The lines of a note as the user wrote them; not indented.

    Between paragraphs are empty lines, one each.

    Args:
        note: The note.
        hard_break: What ends each line of a paragraph but the last.
    """
    lines: list[str] = []
    for is_text, paragraph_lines in groupby(map(_note_line, note.split("\n")), bool):
        if is_text:
            *others, last = paragraph_lines
            lines += [*([""] if lines else []), *(f"{line}{hard_break}" for line in others), last]
    return lines


def _note_line(text: str) -> str:
    """A line of a note as the user wrote it: links, tags and emphasis are Markdown.

    Only what would end the paragraph, or what is HTML and so may be one of our comment lines, is
    escaped.
    """
    line = sanitize(text, MAX_TEXT).replace("<!", r"<\!").replace("<", r"\<")
    opening = _BLOCK_OPENING.match(line)
    if opening is None:
        return line
    place = opening.end() if opening[4] else opening.start(2)
    return f"{line[:place]}\\{line[place:]}"


def _escape_opening(match: re.Match[str]) -> str:
    return f"{match[1]}\\{match[2]}" if not match[2].isdigit() else f"{match[1]}{match[2]}\\"
