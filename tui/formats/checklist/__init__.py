"""Reading an exported Markdown list again, whoever has edited it.

Formatters rewrite a list (``*`` for ``-``, other indents, wrapped lines, comments on lines of their
own), and people reorder, renumber and annotate it. So it is read as Markdown, by what each item
says, and not by the lines that were written.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

from tui.errors import InputError
from tui.formats.checklist.base import BEGIN, END, Checklist, Entry
from tui.formats.checklist.items import is_facts, statuses_of
from tui.formats.checklist.notes import read_again
from tui.formats.checklist.walk import Walk, beside

__all__ = (
    "ADDRESS",
    "BEGIN",
    "END",
    "FRONT",
    "Checklist",
    "Entry",
    "beside",
    "is_facts",
    "read",
    "read_again",
    "statuses_of",
)

FRONT: Final = re.compile(r"\ufeff?---\r?\n(.*?)^---\r?$", re.S | re.M)
"""The front matter of a file."""
ADDRESS: Final = re.compile(r"\s{0,9}((?:https?://|www\.|arxiv:|doi:)\S+)\s*", re.IGNORECASE)
"""A line that names a paper as ``papers-tui add`` takes it."""
_CONFLICT: Final = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)


def read(
    text: str, *, is_known: bool = False, find: Callable[[Entry], str | None] = lambda _: None
) -> Checklist:
    """The list in a text.

    Args:
        is_known: Whether it is a list though its comments were deleted.
        find: Returns the paper that an item without a box or a link may be, if the title is known.

    Raises:
        InputError: If there is none, if it has the marks of a conflict, or a paper twice of which
            it says different things; with the line.
    """
    text = with_plain_comments(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    has_begin = BEGIN in text
    if not (has_begin or is_known):
        hint = f"Lists in Markdown and notes are pulled; it has no line {BEGIN}"
        raise InputError("Not an exported list", hint)
    refuse_conflict(text)
    if front := None if has_begin else FRONT.match(text):
        text = "\n" * front[0].count("\n") + text[front.end() :]
    walk = Walk(text, find, is_inside=not has_begin)
    walk.read()
    if has_begin and not walk.checklist.sum:
        del walk.checklist.entries[-1:]  # what is cut short may say anything
    _check_twice(walk.checklist.entries)
    return walk.checklist


_MARKED: Final = re.compile(
    r"^[ \t]*```+ *\{=html\}(\r?\n[ \t]*<!-- (?:(?:pt|papers-tui):[^\n`]* )?-->\r?\n)"
    r"[ \t]*```+(?=\r?$)"
    r"|`(<!-- (?:pt|papers-tui):[^\n`]* -->)`\{=html\}",
    re.MULTILINE,
)


def with_plain_comments(text: str) -> str:
    """A text whose comments of ours are not marked as HTML, as pandoc marks them in its Markdown.

    The lines keep their numbers.
    """
    return _MARKED.sub(r"\1\2", text) if "{=html}" in text else text


def refuse_conflict(text: str) -> None:
    """Raises an error, with its line, if a file has the marks of a conflict.

    Raises:
        InputError: If it has.
    """
    if conflict := _CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        raise InputError(f"Marks of a conflict, line {line}", "Resolve it, and pull again.")


def _check_twice(entries: Iterable[Entry]) -> None:
    first: dict[str, Entry] = {}
    for entry in entries:
        earlier = first.setdefault(entry.key or entry.title, entry)
        if any(was != now for was, now in zip(_said(earlier), _said(entry), strict=True) if now):
            lines = f"lines {earlier.line} and {entry.line}"
            raise InputError(
                f"A paper appears twice and differs, {lines}", "Delete one of the two."
            )


def _said(entry: Entry) -> tuple[str, frozenset[str] | None, bool | None, str]:
    """What a line says of its paper; of what it does not have, nothing."""
    return entry.box, entry.tags, entry.is_starred, entry.note
