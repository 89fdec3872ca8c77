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
    texts = note.split("\n")
    is_code_clear = all(map(_is_code_clear, texts))
    escaped = (_note_line(text, is_code_clear=is_code_clear) for text in texts)
    lines: list[str] = []
    for is_text, paragraph_lines in groupby(escaped, bool):
        if is_text:
            *others, last = paragraph_lines
            lines += [*([""] if lines else []), *(f"{line}{hard_break}" for line in others), last]
    return lines


def _note_line(text: str, *, is_code_clear: bool) -> str:
    """A line of a note as the user wrote it: links, tags and emphasis are Markdown.

    Only what would end the paragraph, or what is HTML and so may be one of our comment lines, is
    escaped.
    """
    line = _without_html(sanitize(text, MAX_TEXT), is_code_clear=is_code_clear)
    opening = _BLOCK_OPENING.match(line)
    if opening is None:
        return line
    place = opening.end() if opening[4] else opening.start(2)
    return f"{line[:place]}\\{line[place:]}"


_AUTOLINK: Final = r"(?:https?://|mailto:)[^\s<>`\\]+>|[\w.+-]+@[\w.-]+>"
_CODE: Final = "`[^`]*`"
_HTML: Final = re.compile(rf"<(?!{_AUTOLINK})", re.IGNORECASE)
_CODE_OR_HTML: Final = re.compile(rf"{_CODE}|{_HTML.pattern}", re.IGNORECASE)
_CODE_OR_ESCAPED: Final = re.compile(rf"{_CODE}|\\[<>]")


def _is_code_clear(line: str) -> bool:
    """Whether code in a line is between pairs of single backticks, as it nearly always is."""
    return line.count("`") % 2 == 0 and "``" not in line and r"\`" not in line


def _without_html(line: str, *, is_code_clear: bool) -> str:
    """A line in which ``<`` is escaped, unless it is in code or begins the address of a link."""
    if "<" not in line:
        return line
    html = _CODE_OR_HTML if is_code_clear else _HTML
    # A comment of ours would be found in code, too.
    return html.sub(_escaped_tag, line.replace("<!", r"<\!"))


def _escaped_tag(match: re.Match[str]) -> str:
    return match[0] if match[0] != "<" else r"\<"


def unescaped(line: str) -> str:
    """A line of a note without our escapes, and those that formatters add to them."""
    if _is_code_clear(line):
        line = _CODE_OR_ESCAPED.sub(lambda m: m[0].removeprefix("\\"), line)
    else:
        line = line.replace(r"\<", "<")
    return _ESCAPED_OPENING.sub(r"\1", line.replace(r"<\!", "<!"), count=1)


_ESCAPED_OPENING: Final = re.compile(r"^(\d{0,9})\\(?=[#>=+*_`~:.)-]|\[[^\]]*\]:)")


def _escape_opening(match: re.Match[str]) -> str:
    return f"{match[1]}\\{match[2]}" if not match[2].isdigit() else f"{match[1]}{match[2]}\\"
