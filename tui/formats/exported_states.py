"""What an export says of the state of a paper, as a base for the next pull."""

from typing import Final

from tui.formats.note_sums import note_sum
from tui.model.state import ExportedState, PaperState, Status

STATUS: Final = {"x": Status.READ, " ": Status.UNREAD, "/": Status.READING, "-": Status.DISMISSED}
"""The status that a box sets; the last two as in Obsidian."""
_BOXES: Final = {status: box for box, status in STATUS.items()}
_USUAL_BOXES: Final = {Status.READ: "x"}


def box_of(status: Status, *, has_all: bool) -> str:
    """What an export has in the box of a paper: a cross, if it is read, else a blank.

    Args:
        has_all: Whether there is a box for each status, which GitHub shows as text.
    """
    return _BOXES[status] if has_all else _USUAL_BOXES.get(status, " ")


def exported_state(state: PaperState, *, has_all_boxes: bool = False) -> ExportedState:
    """What an export says of the state of a paper."""
    box = box_of(state.status, has_all=has_all_boxes)
    status = "" if STATUS[box] is state.status else str(state.status)
    tags = tuple(sorted(state.tags))
    return ExportedState(box, state.starred, tags, note_sum(state.note), status)
