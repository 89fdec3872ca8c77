r"""The note of a user as blocks of Logseq, and back.

Its bullets are blocks, as deep as they are. What follows them is a block of its own with the label
of the note; below a bullet, which has no such block, they are written with ``*``, which is a bullet
but no block. All other lines stay as they are, but for those that Logseq would take for its own.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tui.formats.markdown_lines import fence_of, is_end_of, moved, width_of
from tui.formats.notes import user_notes
from tui.formats.notes.base import NOTE
from tui.formats.notes.outline import OF_LOGSEQ, Block
from tui.model.text import MAX_TEXT, sanitize_lines

LABEL: Final = "**Note:**"
_BULLET: Final = re.compile(r"-(?:[ \t]+(.*))?")
_ITEM: Final = re.compile(r"(?:[*+-]|\d{1,9}[.)])(?:[ \t]|$)")
_NO_TEXT: Final = re.compile(
    r"#{1,6}(?:[ \t]|$)|>|(?:[*+-]|1[.)])[ \t]|`{3}|~{3}|<|([-*_])(?:[ \t]*\1){2,}$"
)
"""How a line begins that does not go on a paragraph."""
_TAKEN: Final = re.compile(rf"(?:{OF_LOGSEQ.pattern})$|#{{1,6}} ")
"""A line below the first of a block that Logseq takes for its own, or for another block."""
_ESCAPED: Final = re.compile(rf"^([ \t]*)\\(?={_TAKEN.pattern})", re.MULTILINE)


# Out


def to_blocks(note: str) -> Iterator[Block]:
    """The blocks of a note, the first of them with its label; none of an empty note."""
    text = user_notes.escaped(sanitize_lines(note.strip("\n"), MAX_TEXT).rstrip())
    if not text:
        return
    depth = 0
    for start, lines in _parts(text.split("\n")):
        if start:
            if not depth:
                yield Block(1, [LABEL])
            yield from _block(lines, 2, start)
        else:
            is_inline = user_notes.begins_with_text("\n".join(lines))
            lines = _as_text(lines)
            yield Block(
                1, _trimmed([f"{LABEL} {lines[0]}", *lines[1:]] if is_inline else [LABEL, *lines])
            )
        depth = 1


def _block(lines: list[str], depth: int, start: int) -> Iterator[Block]:
    """The block of a bullet, and those of the bullets in it.

    Args:
        lines: Those of the bullet.
        depth: That of its block.
        start: The column at which they begin in the note.
    """
    parts = list(_parts(lines, start))
    own = [] if parts[0][0] else parts.pop(0)[1]
    if all(inner_start for inner_start, _ in parts):
        yield Block(depth, _trimmed(_as_text(own or [""], start)))
        for inner_start, inner in parts:
            yield from _block(inner, depth + 1, inner_start)
    else:
        yield Block(depth, _trimmed(_as_text(lines, start)))


def _trimmed(lines: list[str]) -> list[str]:
    """Lines as they are read again: without those of nothing at the end."""
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    return lines


def _parts(lines: Sequence[str], column: int = 0) -> Iterator[tuple[int, list[str]]]:
    """The bullets of some lines, each without its mark and indent, and what is between them.

    Args:
        lines: The lines.
        column: That at which they begin in the note.

    Yields:
        Where the words of a bullet begin, 0 for what is none; and the lines.
    """
    part: list[str] = []
    start = 0
    outside, inside = _Scan(column), _Scan(column)
    for line in lines:
        content = line.lstrip(" \t")
        width = column + width_of(line, column)
        if start and (not content or width >= start or inside.goes_on(content)):
            part.append(inside.without_tabs(moved(line, start - column, column)))
            inside.take(part[-1])
            continue
        bullet = None if start == 0 and outside.owns(line) else _BULLET.fullmatch(content)
        if bullet is None or width > column + 3:
            if start:
                yield start, part
                part, start, outside = [], 0, _Scan(column)
            part.append(line)
            outside.take(line)
            continue
        if part:
            yield start, part
        words = bullet[1] or ""
        gap = len(content) - 1 - len(words)
        start = width + (1 + gap if words and gap <= 4 else 2)
        part, outside, inside = [words], _Scan(column), _Scan(start)
        inside.take(words)
    if part:
        yield start, part


class _Scan:
    """What is open at the end of some lines."""

    def __init__(self, column: int) -> None:
        """Has read no line.

        Args:
            column: That at which they begin in the note.
        """
        self._column = column
        self.fence = ""
        self.fence_width = 0
        """How far the fence is indented."""
        self.is_text = False
        """Whether the last line is of a paragraph."""
        self.starts: list[int] = []
        """Where the words begin in each list item that is open."""

    def goes_on(self, content: str) -> bool:
        """Whether a line goes on a paragraph, however it is indented."""
        return self.is_text and not self.fence and _NO_TEXT.match(content) is None

    def owns(self, line: str) -> bool:
        """Whether a line is in a list item, in code, or the underline of a heading."""
        is_underline = line.strip() == "-" and self.is_text
        is_inside = bool(self.starts) and width_of(line, self._column) >= self.starts[0]
        return is_inside or is_underline or bool(self.fence)

    def without_tabs(self, line: str) -> str:
        """A line with blanks for its tabs, which end elsewhere in a block; code keeps its own."""
        width = width_of(line, self._column)
        start = max((each for each in self.starts if each <= width), default=0)
        own = min(width, self.fence_width if self.fence else start + 4)
        return " " * own + moved(line, own, self._column)

    def take(self, line: str) -> None:
        """Goes on to the next line."""
        content = line.lstrip(" \t")
        if self.fence:
            self.fence = "" if is_end_of(self.fence, line) else self.fence
            return
        if not content:
            self.is_text = False
            return
        width = width_of(line, self._column)
        is_next = bool(self.starts) and width < self.starts[-1] and _ITEM.match(content)
        if is_next or not self.goes_on(content):
            while self.starts and width < self.starts[-1]:
                self.starts.pop()
            while item := _ITEM.match(content):
                mark, words = item[0].rstrip(), content[item.end() :].lstrip(" \t")
                gap = len(content) - len(words) - len(mark)
                width += len(mark) + (gap if words and gap <= 4 else 1)
                self.starts.append(width)
                content = words
        self.fence, self.fence_width = fence_of(content), width
        self.is_text = bool(content) and not self.fence and not content.startswith(("#", "<"))


def _as_text(lines: Sequence[str], column: int = 0) -> list[str]:
    """Lines of which none is a bullet of Logseq."""
    scan, written = _Scan(column), list[str]()
    for number, line in enumerate(lines):
        content = line.lstrip(" \t")
        indent = line[: len(line) - len(content)]
        if scan.fence:
            pass
        elif content == "-" and scan.is_text:
            line = f"{indent}---"
        elif number and _BULLET.fullmatch(content):
            width = width_of(line, column)
            start = max((each for each in scan.starts if each <= width), default=0)
            mark = "+" if content[1:].lstrip().startswith("*") else "*"  # which is no rule
            line = f"{indent}{mark}{content[1:]}" if width - start <= 3 else f"{indent}\\{content}"
        elif number and _TAKEN.match(content):
            line = f"{indent}\\{content}"
        written.append(line)
        scan.take(lines[number])
    return written


# In


def from_blocks(blocks: Sequence[Block]) -> str:
    """The note that some blocks are, of which the first has its label."""
    lines: list[str] = []
    top = blocks[0].depth if blocks else 0
    for block in blocks:
        text = "\n".join(block.lines)
        if block.depth <= top:
            label = NOTE.match(text)
            begin = text.rfind("\n", 0, label.end()) + 1 if label else 0
            text, top = text[begin or (label.end() if label else 0) :], block.depth
        first, *rest = _ESCAPED.sub(r"\1", text).split("\n")
        level = block.depth - top
        is_apart = not level or not first or any(_is_html(line) for line in lines[-3:])
        if is_apart and lines and lines[-1].strip(" -"):
            lines.append("")
        indent = "  " * level
        lines.append(f"{indent[2:]}- {first}".rstrip() if level else first)
        lines += [line and f"{indent}{line}" for line in rest]
    return user_notes.unescaped("\n".join(lines).strip("\n"))


def _is_html(line: str) -> bool:
    return line.lstrip().startswith("<")
