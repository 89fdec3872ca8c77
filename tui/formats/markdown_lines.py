"""What the lines of a text in Markdown are: text, code or blocks; and how they are indented."""

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Final

BLOCK_OPENING: Final = re.compile(
    r"^(\s*)(?:(#{1,6}(?=\s|$)|>|=+\s*$|[-+*_](?=\s|$)|([-*_])(?:\s*\3)+\s*$|`{3}|~{3}|:|\[(?=[^\]]*\]:))"
    r"|(\d{1,9})(?=[.)]))"
)
"""What may begin a block at the start of a line, and is escaped in a text."""


class LineKind(Enum):
    """What a line of a note is."""

    TEXT = "text"
    CODE = "code"
    """A line of an indented block, of HTML, or of a block between fences, or a fence."""
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
    code = dict(_code_in(lines))
    for begin, end in code.items():
        kinds[begin:end] = [LineKind.CODE] * (end - begin)
    paragraph, is_table = _Paragraph(), False
    for number, line in enumerate(lines):
        before, above = (kinds[number - 1], lines[number - 1]) if number else (LineKind.CODE, "")
        below = lines[number + 1] if number + 1 < len(lines) else ""
        is_rule = "|" in line and "-" in line and not line.strip("|:- \t")
        is_table = "|" in line and (is_table or (is_rule and "|" in above))
        if kinds[number] is LineKind.TEXT and not above.strip():
            end = paragraph.end_of_code(lines, number)
            kinds[number:end] = [LineKind.CODE] * (end - number)
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
        elif _RULE.fullmatch(line) and not (above + below).strip():
            kinds[number] = LineKind.BLOCK
        paragraph.take(number, line, kinds[number], is_within_code=number not in code)
    return kinds


def lines_of_indented_code(lines: Sequence[str]) -> set[int]:
    """The numbers of the lines that are code by their indent alone."""
    others = {number for begin, end in _code_in(lines) for number in range(begin, end)}
    kinds = enumerate(line_kinds(lines))
    return {number for number, kind in kinds if kind is LineKind.CODE} - others


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
"""The marks of the list items that begin in a line."""


def is_underline(line: str) -> bool:
    """Whether a line makes a heading of a paragraph right above it."""
    return _UNDERLINE.fullmatch(line) is not None


_UNDERLINE: Final = re.compile(r"\s*(?:=+|-+)\s*")
_RULE: Final = re.compile(r"\s*-{3,}\s*")
"""A rule, which is an underline or begins properties unless it has nothing above and below."""


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

    def take(self, number: int, line: str, kind: LineKind, *, is_within_code: bool) -> None:
        """Goes on to the next line; ``is_within_code`` if it is code, but not its first line."""
        content = line.strip()
        if not content or (kind is LineKind.CODE and is_within_code):
            self.begin = -1
            return
        width = width_of(line)
        begins_item = kind is not LineKind.TEXT and _ITEM.match(content) is not None
        if kind is not LineKind.TEXT or self.begin < 0:
            while width < self._starts[-1]:
                self._starts.pop()
        if begins_item:
            while item := _ITEM.match(content):
                width += len(item[0]) + 1
                self._starts.append(width)
                content = content[len(item[0]) :].lstrip()
            self.begin, self._is_plain, self._is_first = number, True, True
        elif kind is not LineKind.TEXT:
            self.begin = -1
        elif self.begin < 0:
            self.begin, self._is_plain = number, width <= self._starts[-1] + 3
            self._is_first = False
        if kind is LineKind.CODE:
            self.begin = -1
        self._is_plain &= BLOCK_OPENING.match(content) is None

    def end_of_code(self, lines: Sequence[str], number: int) -> int:
        """The number of the line after indented code; that itself if it does not begin there.

        Args:
            lines: The lines.
            number: That of one with nothing above it.
        """
        if self.begin >= 0 or not lines[number].strip():
            return number
        width = width_of(lines[number])
        start = max(each for each in self._starts if each <= width)
        end = number
        for place, line in enumerate(lines[number:], number + 1):
            if line.strip():
                if width_of(line) < start + 4:
                    break
                end = place
        return end

    def is_beside(self, line: str) -> bool:
        """Whether a line is indented as far as the paragraph, which does not begin an item."""
        return not self._is_first and width_of(line) >= self._starts[-1]

    def is_heading_above(self, line: str) -> bool:
        """Whether a line makes a heading of the paragraph."""
        is_plain = self.begin >= 0 and self._is_plain
        return is_plain and is_underline(line) and 0 <= width_of(line) - self._starts[-1] <= 3


def width_of(line: str, column: int = 0) -> int:
    """How far a line is indented that begins at a column, as tabs end at every fourth one."""
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
        elif kind is LineKind.CODE and number not in ends:
            indents.append(line[: len(line) - len(content)])
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
