"""A note as the user writes it in the app, from its lines in an exported list.

A line that a formatter wrapped is one again, and blocks keep their lines.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from tui.formats.checklist.base import END
from tui.formats.markdown_lines import (
    LineKind,
    indents_of,
    is_item,
    is_underline,
    line_kinds,
    lines_of_indented_code,
    moved,
)
from tui.formats.markdown_text import note_lines, unescaped, with_comments
from tui.model.layout import cell_width

if TYPE_CHECKING:
    from markdown_it.token import Token

_HARD_BREAK: Final = re.compile(r"(?:(?<!\\)(?:\\\\)*\\|(?<! ) {2,})$")
_SEPARATOR: Final = re.compile(r"\s*<!-- -->\s*")
"""The comment with which pandoc keeps two blocks apart."""
_QUOTE: Final = re.compile(r" {0,3}> ?")


def source_lines(lines: Sequence[str], span: Sequence[int], first: str) -> list[str]:
    """Lines without the indent of the item that they are in, and without the quote around it.

    Args:
        lines: Those of the text.
        span: The first line, and the one after the last, from 0.
        first: What the first line has in the item.
    """
    line = lines[span[0]]
    before = line[: max(line.find(first), 0)]
    quotes = before.count(">")
    width = len(before.rpartition("> ")[2].expandtabs(4))
    rest: list[str] = []
    for line in lines[span[0] + 1 : span[1]]:
        for _ in range(quotes):
            line = _QUOTE.sub("", line, count=1)
        rest.append(moved(line, width) if line.strip() else "")
    return [first, *rest]


def with_blocks(
    lines: Sequence[str], start: int, blocks: Iterable["Token"], first: str
) -> list[str]:
    """The lines of a note with the code and the tables that pandoc wrote in another way.

    Code that is indented stays so if it is nothing else, and no comment keeps it apart.

    Args:
        start: The number of its first line in the text.
        blocks: Code that is only indented, and HTML.
        first: The first line without what is ahead of the note.
    """
    whole = [first, *lines[1:]]
    blocks = [*blocks]
    indented = lines_of_indented_code(whole) if blocks else set[int]()
    for block in reversed(blocks):
        begin, end = (place - start for place in block.map or (0, 0))
        while end > begin and not lines[end - 1]:
            end -= 1
        indent = len(lines[begin]) - len(lines[begin].lstrip(" "))
        content = block.content.rstrip("\n").split("\n")
        if block.type == "code_block":
            around = "\n".join(lines[max(begin - 2, 0) : end + 2])
            if indented.issuperset(range(begin, end)) and "<!-- -->" not in around:
                continue
            indent -= 4 + len(content[0]) - len(content[0].lstrip(" "))
            content = ["```", *content, "```"]
        elif (content := _rows(block.content)) == []:
            continue
        whole[begin:end] = [" " * max(indent, 0) + line for line in content]
    return _with_tables(whole)


def _with_tables(lines: Sequence[str]) -> list[str]:
    """Lines in which tables have columns of Markdown, and not of blanks as pandoc draws them."""
    drawn: list[str] = []
    starts: list[int] = []
    """Where the columns of the table begin that a line is in."""
    for line in lines:
        if _DRAWN_RULE.fullmatch(line) and drawn and drawn[-1].strip():
            starts = [column.start() for column in _COLUMN.finditer(line)]
            drawn[-1] = _row(drawn[-1], starts)
            drawn.append("|---" * len(starts) + "|")
        else:
            starts = starts if line.strip() else []
            drawn.append(_row(line, starts) if starts else line)
    return drawn


def _row(line: str, starts: Sequence[int]) -> str:
    """A row of a table, whose columns pandoc aligns as a terminal shows them."""
    ends = list(accumulate(map(cell_width, line)))
    places = [0, *(bisect_right(ends, start) for start in starts[1:]), None]
    cells = (line[start:end].strip() for start, end in pairwise(places))
    return f"| {' | '.join(cells)} |"


_COLUMN: Final = re.compile("-+")
_DRAWN_RULE: Final = re.compile(r"\s*-{2,}(?: +-{2,})+")


def _rows(html: str) -> list[str]:
    """The lines of a table in Markdown; none of what is no table in HTML."""
    if not html.lstrip().startswith("<table"):
        return []
    for tag, mark in _MARKS:
        html = tag.sub(mark, html)
    rows = [[_TAG.sub("", cell) for cell in _CELL.split(row)[1:]] for row in _ROW.split(html)[1:]]
    lines = [f"| {' | '.join(' '.join(cell.split()) for cell in row)} |" for row in rows if row]
    return [*lines[:1], "|---" * len(rows[0]) + "|", *lines[1:]] if lines else []


_ROW: Final = re.compile("<tr[ >]")
_CELL: Final = re.compile("<t[hd](?=[ >])")
_TAG: Final = re.compile("^[^<>]*>|<[^<>]*>")
_MARKS: Final = (
    (re.compile("</?em>"), "*"),
    (re.compile("</?strong>"), "**"),
    (re.compile("</?code>"), "`"),
)


def joined(lines: Sequence[str]) -> str:
    """A note: one line for each that the user ended, without our escapes."""
    whole, *_ = END.split("\n".join(lines))
    lines = [line for line in whole.split("\n") if not _SEPARATOR.fullmatch(line)]
    lines = list(_with_plain_html(lines))
    note: list[str] = []
    is_open = False
    """Whether the line before is of a paragraph, which goes on in a line of text."""
    kinds = line_kinds(lines)
    indents = indents_of(lines, kinds)
    go_on = [*map(_is_text, lines[1:], kinds[1:]), False]
    for line, kind, indent, is_above_text in zip(lines, kinds, indents, go_on, strict=True):
        if kind is LineKind.CODE:
            note.append(indent + line.strip(" \t"))
            is_open = False
            continue
        is_text, content = kind is LineKind.TEXT, line.strip(" \t")
        is_broken = is_above_text and _HARD_BREAK.search(line) is not None
        content = content.removesuffix("\\") if is_broken and line[-1] == "\\" else content
        content = unescaped(content.rstrip())
        content += "\\" if is_broken and not (is_text or is_item(line, kind)) else ""
        if is_text and is_open and content:
            note[-1] += f" {content}"
        elif content or (note and note[-1]):
            note.append(f"{indent}{content}".rstrip())
        is_whole = not is_text and (content.startswith(("#", "|")) or is_underline(content))
        is_open = bool(content) and not is_broken and not is_whole
    return with_comments(_RAW.sub(r"\1", "\n".join(note).strip("\n")))


def _is_text(line: str, kind: LineKind) -> bool:
    return kind is LineKind.TEXT and bool(line.strip())


def _with_plain_html(lines: Iterable[str]) -> Iterator[str]:
    """Lines without the fences that pandoc puts around HTML in its Markdown."""
    is_html = False
    for line in lines:
        content = line.strip()
        if content.startswith("```") and content.endswith("{=html}"):
            is_html = True
        elif is_html and content.startswith("```"):
            is_html = False
        else:
            yield line


_RAW: Final = re.compile(r"`(<[^`]*>)`\{=html\}")
"""HTML as pandoc writes it in its Markdown."""


def read_again(note: str) -> str:
    """A note as it would be read, if it were exported."""
    return joined(note_lines(note, has_gaps=True))
