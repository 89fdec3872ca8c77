"""The note of a user in a note for Obsidian, as it was written.

Only what would be taken for more than the note is escaped: our comment lines, a comment or a fence
without an end, and the marks of a conflict.
"""

import re
from typing import Final

from tui.formats.markdown_lines import is_end_of
from tui.formats.markdown_text import block_tokens, note_of, with_comments, without_comments
from tui.formats.notes.base import NOTE
from tui.model.text import MAX_TEXT, sanitize_lines

_CONFLICT: Final = re.compile(r"^(?=[<>]{7}(?: |$))", re.MULTILINE)
_ESCAPED: Final = re.compile(
    r"^([ \t]*)\\(?=`{3}|~{3}|[<>]{7}(?: |$))|(?<=<)\\(?=!--)", re.MULTILINE
)
_PLAIN: Final = re.compile(r"[^\W\d_][^\n|]*")
"""A line that is nothing but a paragraph."""


def written(note: str) -> list[str]:
    """The lines of a note; the first stands behind its label, if it begins with a paragraph."""
    text = sanitize_lines(note.strip("\n"), MAX_TEXT).rstrip()
    if not text:
        return []
    text = escaped(text)
    return text.split("\n") if begins_with_text(text) else ["", "", *text.split("\n")]


def escaped(text: str) -> str:
    """A note in which nothing ends it, or begins what is ours."""
    text = _CONFLICT.sub(r"\\", without_comments(text))
    while (number := _open_fence(text)) is not None:
        lines = text.split("\n")
        content = lines[number].lstrip()
        lines[number] = f"{lines[number].removesuffix(content)}\\{content}"
        text = "\n".join(lines)
    return text


def _open_fence(text: str) -> int | None:
    """The number of the line with a fence that has no end, and is in no other block."""
    if not ("```" in text or "~~~" in text):
        return None
    last = block_tokens(text)[-1:]
    if not (last and last[0].type == "fence" and last[0].level == 0 and last[0].map):
        return None
    begin, end = last[0].map
    is_closed = end - begin > 1 and is_end_of(last[0].markup, text.split("\n")[end - 1])
    return None if is_closed else begin


def begins_with_text(text: str) -> bool:
    """Whether a note begins with a paragraph, which can stand behind the label."""
    if _PLAIN.fullmatch(text):
        return True
    first = block_tokens(text, has_tables=True)[:1]
    is_text = bool(first) and first[0].type == "paragraph_open" and (first[0].map or [1])[0] == 0
    return is_text and not text.startswith((" ", "\t", "$$"))


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
    note = text[above + 1 if above >= 0 else label.end() :]
    if has_escapes:
        return "\n".join(note_of(note.split("\n")))
    return unescaped("\n".join(map(str.rstrip, note.split("\n"))).rstrip())


def unescaped(text: str) -> str:
    """A note without the escapes of ``escaped``; those that are not needed were typed."""
    plain = _ESCAPED.sub(r"\1", with_comments(text))
    return plain if escaped(plain) == text else text
