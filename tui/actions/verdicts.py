"""The verdict of a part of the journal on each paper."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from tui.model.state import Change, Edit, Status
from tui.model.undo import TAKE_BACK, UndoStack

if TYPE_CHECKING:
    from tui.library import Library


class Verdict(StrEnum):
    """Where a session left a paper that it decided, as ``is:`` asks for it."""

    KEPT = "kept"
    """Starred or added to a list, and not snoozed, read or dismissed, nor so before."""
    READING = "reading"
    """Being read, without a star or a list."""
    READ = "read"
    DISMISSED = "dismissed"
    SNOOZED = "snoozed"


_RANKS: Final[Sequence[Verdict]] = (
    Verdict.DISMISSED,
    Verdict.READ,
    Verdict.SNOOZED,
    Verdict.KEPT,
    Verdict.READING,
)
"""The first of several verdicts counts: a paper that was starred and then dismissed, read or
snoozed is not kept, though its star stays."""

_OF_STATUS: Final = {
    Status.READING: Verdict.READING,
    Status.READ: Verdict.READ,
    Status.DISMISSED: Verdict.DISMISSED,
}


StatusOf = Callable[[str], Any]
"""The status of a paper, by its key, while changes were made of which none sets it."""


def status_now(library: "Library") -> StatusOf:
    """The present status, for the last changes of a journal."""
    return lambda key: library.state.of(key).status


def always_unread(key: str) -> Status:
    """The status of papers of which no change sets it, in a whole journal."""
    return Status.UNREAD


def _removed(changes: Iterable[Change]) -> frozenset[str]:
    """The papers that are removed after some changes: they do not count."""
    edits = (edit for change in changes for edit in change.edits if edit.field == "removed")
    last = {edit.id: edit.now for edit in edits if edit.table == "papers"}
    return frozenset(key for key, is_removed in last.items() if is_removed)


def statuses_ahead(changes: Sequence[Change]) -> dict[str, Any]:
    """The statuses ahead of some changes, of the papers whose status these set."""
    edits = (edit for change in reversed(changes) for edit in change.edits)
    return {edit.id: edit.was for edit in edits if is_status(edit)}


def is_status(edit: Edit) -> bool:
    """Whether an edit sets the status of a paper."""
    return edit.table == "papers" and edit.field == "status"


def verdicts_of(
    parts: Sequence[Sequence[Change]], status_of: StatusOf
) -> Iterator[dict[str, Verdict]]:
    """The verdicts of consecutive parts of a journal; see ``verdicts`` and ``sessions``."""
    statuses = statuses_ahead([change for part in parts for change in part])
    for part in parts:
        edits = (edit for change in part for edit in change.edits)
        statuses.update({edit.id: edit.now for edit in edits if is_status(edit)})
        yield verdicts(part, lambda key: statuses.get(key, status_of(key)))


def verdicts(changes: Iterable[Change], status_of: StatusOf) -> dict[str, Verdict]:
    """The verdict on each paper that changes decided and did not remove, by key; net effect.

    What an undo brings back was decided earlier, if at all, and so was a paper that is starred or
    added to a list when it is read or dismissed already.

    Args:
        status_of: The status of a paper after them.
    """
    changes = list(UndoStack(changes).done.values())
    gone = _removed(changes)
    net: dict[tuple[str, str], Edit] = {}
    undone: set[tuple[str, str]] = set()
    for change in changes:
        for edit in change.edits:
            if edit.table == "papers":
                first = net.pop((edit.id, edit.field), edit)
                net[edit.id, edit.field] = edit._replace(was=first.was)
                if change.verb.startswith(TAKE_BACK):
                    undone.add((edit.id, edit.field))
                else:
                    undone.discard((edit.id, edit.field))
    by_key: dict[str, Verdict] = {}
    for edit in net.values():
        is_decision = edit.was != edit.now and edit.id not in gone
        is_decision = is_decision and (edit.id, edit.field) not in undone
        verdict = _verdict(edit) if is_decision else None
        if verdict is Verdict.KEPT and status_of(edit.id) in (Status.READ, Status.DISMISSED):
            verdict = None
        earlier = by_key.get(edit.id)
        if verdict and (earlier is None or _RANKS.index(verdict) < _RANKS.index(earlier)):
            by_key[edit.id] = verdict
    return by_key


def singly(changes: Iterable[Change], many: int) -> frozenset[str]:
    """The papers about which a change of fewer than ``many`` papers decided, and was not undone."""
    few = (change for change in UndoStack(changes).done.values() if len(change.keys) < many)
    edits = (edit for change in few for edit in change.edits if edit.table == "papers")
    return frozenset(edit.id for edit in edits if _verdict(edit))


def _verdict(edit: Edit) -> Verdict | None:
    """The verdict of an edit; ``None`` if it is not a decision."""
    if edit.now is None:
        return None
    if edit.field == "status":
        return _OF_STATUS.get(edit.now)
    if edit.field == "snoozed_until":
        return Verdict.SNOOZED
    is_added = edit.field.startswith("list/") and edit.was is None  # else it was moved
    return Verdict.KEPT if edit.field == "starred" or is_added else None
