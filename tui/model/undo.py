"""The undo stack: which changes can be undone and redone, and by which edits."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from tui.model.layout import plural
from tui.model.state import Change, Edit

TAKE_BACK: Final = "take back"
"""The verb of one change that undoes several begins with it."""


def undo_verb(changes: Sequence[Change]) -> str:
    """The verb of a change that undoes some: ``undo read`` for ``read``, and the reverse."""
    if len(changes) > 1:
        return f"{TAKE_BACK} {plural(len(changes), 'change')}"
    verb = changes[0].verb
    if verb.startswith("undo "):  # of an import
        return f"redo {verb.removeprefix('undo ')}"
    return f"undo {verb.removeprefix('redo ')}"


def redo_verb(changes: Sequence[Change]) -> str:
    """The verb of a change that redoes some."""
    if len(changes) > 1:
        return f"undo {undo_verb(changes)}"
    return f"redo {changes[0].verb.removeprefix('redo ')}"


class Step(NamedTuple):
    """The changes that one undo took back, to be redone as one; or that one redo brought back."""

    machine: str
    """Where that was done."""
    ids: Sequence[str]
    """The ids of the changes, in the order in which they were undone or redone."""


class UndoStack:
    """The changes that can be undone and redone by id, oldest first, with the edits left."""

    def __init__(self, changes: Iterable[Change] = ()) -> None:
        """Adds changes in order."""
        self.done: dict[str, Change] = {}
        self.undone: dict[str, Change] = {}
        self.steps: list[Step] = []
        """The steps that redo brings back, the next one last."""
        self.redone: dict[str, Step] = {}
        """The last redo of each change that was redone."""
        self.former: dict[str, Change] = {}
        """Undone before the last new change, after which redo has nothing."""
        for change in changes:
            self.remember(change)

    def remember(self, change: Change) -> None:
        """Adds the next change, which may be an undo or a redo."""
        if change.undoes:
            new = [id for id in change.undoes if id not in self.undone]
            _move(change, [self.done], self.undone)
            if ids := [id for id in new if id in self.undone]:
                self.steps.append(Step(change.machine, ids))
        elif change.redoes:
            _move(change, [self.undone, self.former], self.done)
            left = ((by, [id for id in ids if id in self.undone]) for by, ids in self.steps)
            self.steps = [Step(by, ids) for by, ids in left if ids]
            self.redone |= dict.fromkeys(change.redoes, Step(change.machine, change.redoes))
        elif is_new(change):
            edits = change.undoable_edits
            is_whole = len(edits) == len(change.edits)
            self.done[change.id] = change if is_whole else replace(change, edits=edits)
            for undone in self.undone.values():
                _add(undone, self.former)
            self.undone.clear()
            self.steps.clear()


def is_new(change: Change) -> bool:
    """Whether it neither undoes nor redoes others, and can be undone itself."""
    return not (change.undoes or change.redoes) and change.is_undoable


Field = tuple[str, str, str]
"""A table, an id, and a field of it, as in an edit."""


def step_of(
    changes: Sequence[Change], value_of: Callable[..., Any], *, is_undo: bool
) -> tuple[list[Change], tuple[Edit, ...]]:
    """The edits of an undo or redo of some changes, but for fields that were set since.

    Args:
        changes: The changes, newest first to undo them, oldest first to redo them.
        value_of: From a field to its present value.
        is_undo: Whether to undo them.

    Returns:
        Those that it affects, and its edits. An edit may leave its field as it is: one of the
        changes set it, and another set it back.
    """
    fields = dict.fromkeys(edit[:3] for change in changes for edit in change.edits)
    before = {field: value_of(*field) for field in fields}
    after = dict(before)
    affected: list[Change] = []
    moved: dict[Field, None] = {}
    for change in changes:
        if edits := _moved(change, after, is_undo=is_undo):
            affected.append(change)
            moved |= dict.fromkeys(edit[:3] for edit in edits)
    return affected, tuple(Edit(*field, before[field], after[field]) for field in moved)


def _moved(change: Change, values: dict[Field, Any], *, is_undo: bool) -> list[Edit]:
    """The edits of a change that are undone or redone: their fields have the values for it.

    Args:
        values: The values of fields, which are those behind it afterwards.
        is_undo: Whether it is undone.
    """
    edits = change.edits[::-1] if is_undo else change.edits
    moved = [
        edit
        for edit in edits
        if edit[:3] in values and values[edit[:3]] == (edit.now if is_undo else edit.was)
    ]
    values |= {edit[:3]: edit.was if is_undo else edit.now for edit in moved}
    return moved


def _move(step: Change, sources: Sequence[dict[str, Change]], target: dict[str, Change]) -> None:
    """Moves the edits that an undo or redo affected; usually all of its changes.

    Others stay in their source, as their fields may have the same values again later.
    """
    values = {edit[:3]: edit.was for edit in step.edits}
    for id in step.undoes or step.redoes:
        source = next((source for source in sources if id in source), None)
        if source is None:
            continue
        change = source[id]
        fields = {edit[:3] for edit in _moved(change, values, is_undo=bool(step.undoes))}
        moved = tuple(edit for edit in change.edits if edit[:3] in fields)
        if moved:
            _add(replace(change, edits=moved), target)
        if len(moved) == len(change.edits):
            del source[id]
        elif moved:
            rest = tuple(edit for edit in change.edits if edit[:3] not in fields)
            source[id] = replace(change, edits=rest)


def _add(part: Change, target: dict[str, Change]) -> None:
    """Adds edits of a change to others of it, or as the last change."""
    other = target.get(part.id)
    target[part.id] = replace(other, edits=other.edits + part.edits) if other else part
