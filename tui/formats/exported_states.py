"""What an export says of the state of a paper, as a base for the next pull."""

import hashlib
import re
from html import unescape
from typing import Final

from tui.model.state import ExportedState, PaperState, Status
from tui.model.text import MAX_TEXT, sanitize

STATUS: Final = {"x": Status.READ, " ": Status.UNREAD, "/": Status.READING, "-": Status.DISMISSED}
"""The status that a box sets; the last two as in Obsidian."""
_BOXES: Final = {status: box for box, status in STATUS.items()}
_USUAL_BOXES: Final = {Status.READ: "x"}


def note_sum(note: str | None) -> str:
    """A checksum of a note, empty if there is none.

    It is the same however a formatter writes the emphasis, the escapes, the line breaks, the
    quotation marks, the dashes, the entities, and the links to addresses that stand in it.
    """
    text = unescape(sanitize(" ".join((note or "").split()), MAX_TEXT))
    text = re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", text)
    text = _LINKED.sub(lambda link: link[1] or link[2], text)
    text = text.replace("_", "*").translate(_TYPED)
    return hashlib.sha256(text.encode()).hexdigest()[:8] if text else ""


_LINKED: Final = re.compile(
    r"<((?:https?://|mailto:)[^\s<>]+|[\w.+-]+@[\w.-]+)>"
    r"|\[([^\s\[\]]+)\]\((?:https?://|mailto:)?\2\)",
    re.IGNORECASE,
)
"""An address that is a link, in angle brackets or with the address as its text."""
_TYPED: Final = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "--", "—": "---", "…": "..."}
)
"""What is typed for the marks that pandoc sets."""


def box_of(status: Status, *, has_all: bool) -> str:
    """What an export has in the box of a paper: a cross, if it is read, else a blank.

    Args:
        status: Its status.
        has_all: Whether there is a box for each status, which GitHub shows as text.
    """
    return _BOXES[status] if has_all else _USUAL_BOXES.get(status, " ")


def exported_state(state: PaperState, *, has_all_boxes: bool = False) -> ExportedState:
    """What an export says of the state of a paper."""
    box = box_of(state.status, has_all=has_all_boxes)
    status = "" if STATUS[box] is state.status else str(state.status)
    tags = tuple(sorted(state.tags))
    return ExportedState(box, state.starred, tags, note_sum(state.note), status)
