"""Texts as Markdown: titles, abstracts and notes, which may hold anything."""

import re
from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from tui.formats.escapes import Escapes, linked
from tui.formats.markdown_lines import BLOCK_OPENING, LineKind, indents_of, is_item, line_kinds
from tui.model.text import MAX_LINE, MAX_TEXT, sanitize, sanitize_lines

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_ESCAPES: Final = Escapes({mark: f"\\{mark}" for mark in r"\`*_[]<>|#~&!$@{}^="})
_URL_SAFE: Final = re.compile(r"[^\s<>\\]+")
_SCHEME_END: Final = re.compile(
    r":(?:(?<=https:)|(?<=http:)|(?<=ftp:)|(?<=mailto:)|(?<=xmpp:))", re.IGNORECASE
)
_WWW_END: Final = re.compile(r"\.(?<=www\.)", re.IGNORECASE)


def escape(text: str, limit: int = MAX_LINE) -> str:
    """A text escaped for Markdown."""
    return _without_links(_ESCAPES.escape(text, limit))


def _without_links(text: str) -> str:
    """An escaped text in which GFM turns no bare URL into a link."""
    if ":" in text and _SCHEME_END.search(text):  # to look first is many times faster
        text = _SCHEME_END.sub(r"\\:", text)
    if "." in text and _WWW_END.search(text):
        text = _WWW_END.sub(r"\\.", text)
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


def note_lines(note: str, hard_break: str = "\\", *, has_gaps: bool = False) -> list[str]:
    """The lines of a note as the user wrote them; not indented, and blocks as they are.

    Between paragraphs are empty lines, one each. A block that begins a note stands below its label:
    the first two lines are empty then.

    Args:
        hard_break: What ends each line of a paragraph but the last.
        has_gaps: Whether there is an empty line between a paragraph and a block, as pandoc needs.
    """
    texts = without_comments(note).split("\n")
    kinds = line_kinds(texts)
    pairs = list(zip(texts, kinds, strict=True))
    lines: list[str] = []
    is_open = is_paragraph = False
    """Whether the line before is text that goes on, and whether that is in no block."""
    for (text, kind), indent in zip(pairs, indents_of(texts, kinds), strict=True):
        line = _line_of_kind(text.strip(" \t"), kind)
        line = f"{indent}{line}".rstrip()
        if is_open and line and kind is LineKind.TEXT:
            lines[-1] = _broken(lines[-1], hard_break)
        elif is_paragraph and line and has_gaps:
            lines.append("")
        is_begun = is_paragraph or not (lines and lines[-1])
        is_open = bool(line) and (kind is LineKind.TEXT or is_item(line, kind))
        is_paragraph = is_open and is_begun and kind is LineKind.TEXT
        if line or kind is LineKind.CODE or (lines and lines[-1]):
            lines.append(line)
    while lines and not lines[-1]:
        lines.pop()
    first = next((kind for text, kind in pairs if text.strip()), LineKind.TEXT)
    return ["", "", *lines] if lines and first is not LineKind.TEXT else lines


def _broken(line: str, hard_break: str) -> str:
    """A line that ends with a hard break, which may be the one that a user wrote.

    A blank is before it if it follows an address, as GFM takes a backslash for a part of that.
    """
    is_broken = (len(line) - len(line.rstrip("\\"))) % 2 == 1
    content = line[:-1] if is_broken else line
    if any("://" in word or "www." in word.lower() for word in content.rsplit(None, 1)[-1:]):
        return f"{content.rstrip()} {hard_break}"
    return line if is_broken else f"{line}{hard_break}"


def _line_of_kind(content: str, kind: LineKind) -> str:
    """A line of a note as it is written, without its indent.

    Links, tags and emphasis are Markdown; only what would end a paragraph is escaped.
    """
    line = sanitize_lines(content, MAX_TEXT)
    opening = BLOCK_OPENING.match(line) if kind is LineKind.TEXT else None
    if opening is None:
        return line
    place = opening.end() if opening[4] else opening.start(2)
    return f"{line[:place]}\\{line[place:]}"


def without_comments(text: str) -> str:
    """A note whose comments are none of ours, and have an end."""
    head, end, tail = _OURS.sub(lambda _: _ESCAPED_START, text).rpartition("-->")
    return f"{head}{end}{tail.replace('<!--', _ESCAPED_START + '--')}"


def with_comments(text: str) -> str:
    """A note as it was; see ``without_comments``."""
    plain = text.replace(f"{_ESCAPED_START}--", "<!--")
    return plain if without_comments(plain) == text else text


_OURS: Final = re.compile("<!(?=-- ?(?:pt|papers-tui):)")
_ESCAPED_START: Final = r"<\!"


def note_of(lines: Sequence[str]) -> list[str]:
    """The lines of a note as the user wrote them, from those that an older version exported.

    Blocks keep their indents; hard breaks and escapes are left out.
    """
    kinds = line_kinds(lines)
    note: list[str] = []
    for number, indent in enumerate(indents_of(lines, kinds)):
        content, kind = lines[number].strip().replace(r"<\!", "<!"), kinds[number]
        if kind is LineKind.CODE:
            note.append(indent + content)
            continue
        if kind is LineKind.TEXT and LineKind.TEXT in kinds[number + 1 : number + 2]:
            content = content.removesuffix("\\") if lines[number + 1].strip() else content
        note.append(indent + unescaped(" ".join(content.replace(r"\<", "<").split())))
    return note


def paragraphs(text: str) -> list[str]:
    """The parts of a text between lines of nothing, but for those in code.

    Each has the lines of nothing above it, so that its lines and those of the others are the text.
    """
    parts: list[list[str]] = [[]]
    is_open = False
    lines = text.split("\n")
    for line, kind in zip(lines, line_kinds(lines), strict=True):
        is_within = bool(line.strip()) or kind is LineKind.CODE
        if not is_within and is_open:
            parts.append([])
        is_open = is_within
        parts[-1].append(line)
    return ["\n".join(part) for part in parts]


def unescaped(line: str) -> str:
    """A line of a note without our escapes, and those that formatters add to them."""
    return _ESCAPED_OPENING.sub(r"\1", line, count=1)


_ESCAPED_OPENING: Final = re.compile(r"^(\d{0,9})\\(?=[#>=+*_`~:.)-]|\[[^\]]*\]:)")


def _escape_opening(match: re.Match[str]) -> str:
    return f"{match[1]}\\{match[2]}" if not match[2].isdigit() else f"{match[1]}{match[2]}\\"


# As CommonMark reads it


@cache
def _parser(*, reads_words: bool, has_tables: bool = False) -> "MarkdownIt":
    from markdown_it import MarkdownIt  # takes 50 ms

    parser = MarkdownIt("commonmark")
    if not reads_words:
        parser.core.ruler.enableOnly(["normalize", "block"])
    return parser.enable("table") if has_tables else parser


def block_tokens(
    markdown: str,
    definitions: MutableMapping[str, Any] | None = None,
    *,
    has_tables: bool = False,
) -> list["Token"]:
    """The blocks of a text, whose words are not read yet, as that takes most of the time.

    Args:
        definitions: Takes the definitions of links.
        has_tables: Whether a table is one, and not a paragraph.
    """
    return _parser(reads_words=False, has_tables=has_tables).parse(markdown, definitions)


def inline_tokens(
    markdown: str, definitions: MutableMapping[str, Any] | None = None
) -> list["Token"]:
    """What the words of a paragraph are, with the definitions of links in its text."""
    (paragraph,) = _parser(reads_words=True).parseInline(markdown, definitions)
    return paragraph.children or []
