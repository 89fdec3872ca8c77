"""The note of a user in a note for Obsidian, as it was written.

Each line of a paragraph ends in a hard break, as most programs need. Only what would be taken for
more than the note is escaped: our comment lines, one without an end, a fence without an end, and
the marks of a conflict.
"""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from tui.formats.markdown_text import LineKind, fence_of, is_underline, line_kinds, note_of
from tui.formats.notes.base import NOTE
from tui.model.text import MAX_TEXT, sanitize_lines

_OURS: Final = re.compile(r"<(\\?)!(?=-- ?(?:pt|papers-tui):)")
_CONFLICT: Final = re.compile(r"(?=[<>]{7}(?: |$))")
_ESCAPED: Final = re.compile(r"^(\s*)\\(?=`{3}|~{3}|[<>]{7}(?: |$))")
_HARD_BREAK: Final = "\\"


def written(note: str) -> list[str]:
    """The lines of a note; the first stands behind its label."""
    text = _OURS.sub(r"<\\!", sanitize_lines(note.strip("\n"), MAX_TEXT).rstrip())
    if not text:
        return []
    head, end, tail = text.rpartition("-->")
    lines = f"{head}{end}{tail.replace('<!--', _ESCAPED_START)}".split("\n")
    kinds = line_kinds(lines)
    breaks = _hard_breaks(lines, kinds)
    for number, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        content = line.lstrip()
        indent = line[: len(line) - len(content)]
        if (kind is LineKind.TEXT and fence_of(line)) or _CONFLICT.match(line):
            line = f"{indent}\\{content}"
        lines[number] = line + _HARD_BREAK * breaks[number]
    first = takewhile(str.strip, lines)
    is_inline = kinds[0] is LineKind.TEXT and not lines[0].startswith(" ")
    is_inline = is_inline and not any(map(is_underline, first))
    return lines if is_inline else ["", "", *lines]


def read(text: str, *, has_escapes: bool) -> str:
    """The note that the lines below its label are, the label among them.

    Args:
        text: The lines.
        has_escapes: Whether what an older version escaped is escaped in it.
    """
    label = NOTE.match(text)
    if label is None:
        return text
    above = text.rfind("\n", 0, label.end())
    lines = text[above + 1 if above >= 0 else label.end() :].split("\n")
    if has_escapes:
        return "\n".join(note_of(lines))
    kinds = line_kinds(lines)
    breaks = _hard_breaks(lines, kinds)
    for number, has_break in enumerate(breaks):
        line = lines[number].rstrip()
        line = line.removesuffix(_HARD_BREAK) if has_break else line
        lines[number] = _ESCAPED.sub(r"\1", line)
    note = _OURS.sub("<!", "\n".join(lines))
    head, end, tail = note.rpartition("-->")
    return f"{head}{end}{tail.replace(_ESCAPED_START, '<!--')}"


_ESCAPED_START: Final = r"<\!--"


def _hard_breaks(lines: Sequence[str], kinds: Sequence[LineKind]) -> list[bool]:
    """Whether each line ends in a hard break: one of text that goes on, and is no code."""
    are_text = [
        kind is LineKind.TEXT and bool(line.strip())
        for line, kind in zip(lines, kinds, strict=True)
    ]
    go_on = [
        is_text and not is_underline(line) for line, is_text in zip(lines, are_text, strict=True)
    ]
    are_code = [line.startswith(("    ", "\t")) for line in lines]
    pairs = zip(are_text, are_code, [*go_on[1:], False], strict=True)
    return [is_text and goes_on and not is_code for is_text, is_code, goes_on in pairs]
