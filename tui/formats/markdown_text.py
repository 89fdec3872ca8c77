"""Texts as Markdown: titles, abstracts and notes, which may hold anything."""

import re
from collections.abc import Iterator, MutableMapping, Sequence
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from tui.formats.escapes import Escapes, linked
from tui.model.text import MAX_LINE, MAX_TEXT, sanitize, sanitize_lines

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

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


class LineKind(Enum):
    """What a line of a note is."""

    TEXT = "text"
    CODE = "code"
    """Of a block between two fences, which are part of it, or of one of HTML."""
    BLOCK = "block"
    """A bullet, a number, a heading, a quote, a rule or a row of a table."""


_FENCE: Final = re.compile(r"\s*(`{3,}(?=[^`]*$)|~{3,}|\${2}(?=\s*$))")
_BLOCK: Final = re.compile(
    r"\s*(?:[-+*][ \t]+\S|(\d{1,3})[.)][ \t]+\S|#{1,6}[ \t]+\S|>"
    r"|\*[ \t]*\*[* \t]*\*[ \t]*$|_[ \t]*_[_ \t]*_[ \t]*$)"
)
"""How a block begins; a year and a full stop are no number of a list."""
_HTML: Final = re.compile(
    r"\s*<(?:/?(?:address|article|aside|blockquote|center|dd|details|div|dl|dt|fieldset|figcaption"
    r"|figure|footer|form|h[1-6]|header|hr|iframe|li|main|nav|ol|p|pre|section|style|summary|table"
    r"|tbody|td|tfoot|th|thead|tr|ul|video)(?:[\s/>]|$)|!--|(/?[a-z][^<>]*>\s*$))",
    re.IGNORECASE,
)
"""How a block of HTML begins, below a line of text too; or one of a tag alone, which does not."""


def fence_of(line: str) -> str:
    """The marks by which a line begins a block of code or a formula; empty if it does not."""
    match = _FENCE.match(line)
    return match[1] if match else ""


def is_end_of(fence: str, line: str) -> bool:
    """Whether a line ends a block of code."""
    content = line.strip()
    return len(content) >= len(fence) and set(content) == {fence[0]}


def line_kinds(lines: Sequence[str]) -> list[LineKind]:
    """What each line of a note is; a fence without an end is text."""
    kinds = [LineKind.TEXT] * len(lines)
    for begin, end in _code_in(lines):
        kinds[begin:end] = [LineKind.CODE] * (end - begin)
    paragraph, is_table = _Paragraph(), False
    for number, line in enumerate(lines):
        before, above = (kinds[number - 1], lines[number - 1]) if number else (LineKind.CODE, "")
        is_rule = "|" in line and "-" in line and not line.strip("|:- \t")
        is_table = "|" in line and (is_table or (is_rule and "|" in above))
        if kinds[number] is LineKind.CODE:
            is_table = False
        elif is_table:
            kinds[number] = LineKind.BLOCK
            if before is LineKind.TEXT:
                kinds[number - 1] = LineKind.BLOCK
        elif match := _BLOCK.match(line):
            # Only a first number may follow a line of text, unless that is of another item.
            is_below_text = before is LineKind.TEXT and bool(above.strip())
            is_text = is_below_text and match[1] not in (None, "1") and paragraph.is_beside(line)
            kinds[number] = LineKind.TEXT if is_text else LineKind.BLOCK
        elif paragraph.is_heading_above(line):
            kinds[paragraph.begin : number + 1] = [LineKind.BLOCK] * (number + 1 - paragraph.begin)
        paragraph.take(number, line, kinds[number])
    return kinds


def _code_in(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The first line of each block of code or HTML, and the one after its last."""
    fence, begin, start, is_html = "", 0, 0, False
    """What is open: its fence, its first line, and where the item that it begins has its words."""
    for number, line in enumerate([*lines, ""]):
        is_out = bool(line.strip()) and width_of(line) < start
        if fence and not is_out:
            if is_end_of(fence, line):
                yield begin, number + 1
                fence = ""
            continue
        if is_html:
            if line.strip() and not is_out:
                continue
            yield begin, number
        marks = _MARKS.match(line)
        content = line[marks.end() :] if marks else line
        is_first = marks is not None or number == 0 or not lines[number - 1].strip()
        html = _HTML.match(content)
        fence, is_html = fence_of(content), html is not None and (is_first or not html[1])
        begin, start = number, len(marks[0].expandtabs(4)) if marks else 0


_MARKS: Final = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+)+")
"""Those of the list items that begin in a line."""


def is_underline(line: str) -> bool:
    """Whether a line makes a heading of a paragraph right above it."""
    return _UNDERLINE.fullmatch(line) is not None


_UNDERLINE: Final = re.compile(r"\s*(?:=+|-+)\s*")


class _Paragraph:
    """The paragraph that the next line of a note may go on, by the rules of CommonMark."""

    def __init__(self) -> None:
        self.begin = -1
        """The number of its first line; -1 if none is open."""
        self._starts = [0]
        """Where the words begin in each list item that is open."""
        self._is_plain = False
        """Whether it is a paragraph however it is indented, and none of its lines is escaped."""
        self._is_first = False
        """Whether it begins an item."""

    def take(self, number: int, line: str, kind: LineKind) -> None:
        """Goes on to the next line."""
        content = line.strip()
        if not content or kind is LineKind.CODE:
            self.begin = -1
            return
        width = width_of(line)
        item = _ITEM.match(content) if kind is LineKind.BLOCK else None
        if kind is LineKind.BLOCK or self.begin < 0:
            while width < self._starts[-1]:
                self._starts.pop()
        if item:
            self._starts.append(width + len(item[0]) + 1)
            content = content[len(item[0]) :].lstrip()
            self.begin, self._is_plain, self._is_first = number, True, True
        elif kind is LineKind.BLOCK:
            self.begin = -1
        elif self.begin < 0:
            self.begin, self._is_plain = number, width <= self._starts[-1] + 3
            self._is_first = False
        self._is_plain &= _BLOCK_OPENING.match(content) is None

    def is_beside(self, line: str) -> bool:
        """Whether a line is indented as far as the paragraph, which does not begin an item."""
        return not self._is_first and width_of(line) >= self._starts[-1]

    def is_heading_above(self, line: str) -> bool:
        """Whether a line makes a heading of the paragraph."""
        is_plain = self.begin >= 0 and self._is_plain
        return is_plain and is_underline(line) and 0 <= width_of(line) - self._starts[-1] <= 3


def width_of(line: str, column: int = 0) -> int:
    """How far a line is indented.

    Args:
        line: The line.
        column: That at which it begins, as tabs end at every fourth one.
    """
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    return len(f"{' ' * column}{indent}".expandtabs(4)) - column


def moved(line: str, width: int, column: int = 0) -> str:
    """A line without some columns of its indent; see ``width_of``."""
    content = line.lstrip(" \t")
    for place in range(len(line) - len(content) + 1):
        columns = width_of(line[:place], column)
        if columns >= width:
            return " " * (columns - width) + line[place:]
    return content


def indents_of(lines: Sequence[str], kinds: Sequence[LineKind]) -> list[str]:
    """The indent of each line of a note, as it is written.

    Blocks keep theirs, unless they would be code by it, and a paragraph has that of the item of a
    list that it is in, and so has a line that goes on if it is indented. Code keeps its own, tabs
    too.
    """
    indents: list[str] = []
    starts = [0]
    """Where the words begin in each list item that is open."""
    ends = {begin: end for begin, end in _code_in(lines) if kinds[begin] is LineKind.CODE}
    end, before, after = 0, 0, 0
    """Where the code ends that is open; how far it is indented, and how far it is to be."""
    is_new = True
    for number, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        content = line.lstrip(" \t")
        width = width_of(line)
        if not content or (kind is LineKind.TEXT and not is_new):
            indents.append(" " * starts[-1] if content and width >= starts[-1] else "")
        elif number < end:
            own = moved(line, min(before, width))
            indent = " " * max(after - max(before - width, 0), 0)
            indents.append(indent + own[: len(own) - len(content)])
        else:
            while width < starts[-1]:
                starts.pop()
            is_deep = kind is LineKind.TEXT or width > starts[-1] + 3
            inside = starts[-1] if is_deep else width
            if number in ends:
                end, before, after = ends[number], width, inside
            indents.append(" " * inside)
            while item := _ITEM.match(content):
                inside += len(item[0]) + 1
                starts.append(inside)
                content = content[len(item[0]) + 1 :]
        is_new = not line.strip()
    return indents


def is_item(line: str, kind: LineKind) -> bool:
    """Whether a line of a note begins an item of a list, which the next line may go on."""
    return kind is LineKind.BLOCK and _ITEM.match(line.lstrip(" \t")) is not None


_ITEM: Final = re.compile(r"(?:[-*+]|\d{1,3}[.)])(?=[ \t])")


def note_lines(note: str, hard_break: str = "\\", *, has_gaps: bool = False) -> list[str]:
    """The lines of a note as the user wrote them; not indented, and blocks as they are.

    Between paragraphs are empty lines, one each. A block that begins a note stands below its label:
    the first two lines are empty then.

    Args:
        note: The note.
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
        if is_open and line and kind is LineKind.TEXT and not _is_broken(lines[-1]):
            lines[-1] += hard_break
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


def _is_broken(line: str) -> bool:
    """Whether a user ended a line with a hard break."""
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _line_of_kind(content: str, kind: LineKind) -> str:
    """A line of a note as it is written, without its indent.

    Links, tags and emphasis are Markdown; only what would end a paragraph is escaped.
    """
    line = sanitize_lines(content, MAX_TEXT)
    opening = _BLOCK_OPENING.match(line) if kind is LineKind.TEXT else None
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
        markdown: The text.
        definitions: Takes the definitions of links.
        has_tables: Whether a table is one, and not a paragraph.
    """
    return _parser(reads_words=False, has_tables=has_tables).parse(markdown, definitions)


def inline_tokens(
    markdown: str, definitions: MutableMapping[str, Any] | None = None
) -> list["Token"]:
    """What the words of a paragraph are.

    Args:
        markdown: The paragraph.
        definitions: Those of the text that it is in.
    """
    (paragraph,) = _parser(reads_words=True).parseInline(markdown, definitions)
    return paragraph.children or []
