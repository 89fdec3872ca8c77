"""Messages about files and papers that fit into a line."""

from pathlib import Path
from typing import Final

from tui.model.layout import cell_width, cut
from tui.model.text import sanitize

_WIDTH: Final = 77
"""The columns of a message: those of a terminal but for an indent."""
_LEAST: Final = 12
"""The columns that a part of a title has at least."""
_NAME: Final = 22
"""The columns of the name of a file."""


def sentence(fact: str, text: str) -> str:
    """A fact, and as much of what it is about, such as a title, as fits into a line beside it."""
    text, room = sanitize(text), _WIDTH - len(": ") - cell_width(fact)
    return f"{fact}: {cut(text, room)}" if min(_LEAST, len(text)) <= room else fact


def short_name(path: str | Path) -> str:
    """The name of a file for a message: its beginning and its end, if it is long."""
    name = sanitize(Path(path).name)
    if cell_width(name) <= _NAME:
        return name
    return f"{cut(name, _NAME - cell_width(name[-8:]))}{name[-8:]}"
