"""The choices of a question: which match what is typed, which are checked, and their rows."""

from collections.abc import Iterator, Sequence
from typing import Final

from textual.content import Content

from tui.actions.questions import Choice, Question
from tui.model.text import sanitize
from tui.model.words import fold

_DETAIL_WIDTH: Final = 40
"""Columns of what follows choices for which these are cut; what is longer wraps."""
_GAP: Final = 2
"""Blanks between the two."""


def matching(choices: Sequence[Choice], typed: str, question: Question) -> Sequence[Choice]:
    """The choices that contain every word, first those that begin with the text.

    Args:
        question: Tells whether the text itself can be an answer, and so a choice.
    """
    words = fold(typed).lstrip("+-#").split()
    matches = [
        choice
        for choice in choices
        if all(word in fold(f"{choice.text} {choice.keywords}") for word in words)
    ]
    folded, new = fold(typed.strip()), question.new
    first = [
        choice for choice in matches if any(text.startswith(folded) for text in _names(choice))
    ]
    first.sort(key=lambda choice: _rank(choice, folded))
    others = [choice for choice in matches if choice not in first]
    if new and folded and not any(fold(choice.value) == folded for choice in matches):
        preview = sanitize(question.preview(typed.strip()))
        # A valid one after the choices that begin with it, before those that only contain it.
        (first if preview else others).append(Choice(typed.strip(), f"{new} {preview or '…'}"))
    return [*first, *others]


def _rank(choice: Choice, folded: str) -> int:
    """How well a choice fits that a text can mean: the first of its keywords tell most of it."""
    if fold(choice.value).strip() == folded:
        return 0
    best = (fold(choice.text), fold(choice.keywords))
    return 1 if any(text.startswith(folded) for text in best) else 2


def _names(choice: Choice) -> list[str]:
    """The beginnings of a text that mean a choice: its label, and each of the keywords."""
    return [fold(choice.text), fold(choice.keywords), *fold(choice.keywords).split()]


class Checks:
    """The choices of a checklist, and what was checked in it."""

    def __init__(self, question: Question) -> None:
        """Begins with what applies already."""
        assert not callable(question.choices)
        self.choices = list(question.choices)
        """The choices of the question, then new ones."""
        self._before = dict.fromkeys(each.value for each in self.choices if each.is_checked)
        self._now = dict(self._before)
        """The checked choices, in the order in which they were checked."""

    def choice(self, value: str) -> Choice:
        """The choice with a value."""
        return next(each for each in self.choices if each.value == value)

    def toggle(self, choice: Choice) -> None:
        """Checks a choice, or unchecks it."""
        if choice.value in self._now:
            del self._now[choice.value]
            return
        if all(each.value != choice.value for each in self.choices):
            self.choices.append(Choice(choice.value, detail="new"))
        self._now[choice.value] = None

    def mark(self, choice: Choice) -> str:
        """The mark before a choice."""
        return "[x] " if choice.value in self._now else "[ ] "

    @property
    def changes(self) -> list[str]:
        """The choices that changed: ``one``, and ``-two`` if it was unchecked."""
        names = [f"-{value}" for value in self._before if value not in self._now]
        return names + [value for value in self._now if value not in self._before]

    def answer(self, choice: Choice | None, *, is_typed: bool) -> str:
        """The choices that changed, a line for each: ``one``, and ``-two`` if it was unchecked.

        Args:
            choice: The highlighted choice; it is checked, too, if it was typed or nothing was
                changed.
            is_typed: Whether there is a text, which names it.
        """
        names = self.changes
        if choice is not None and (is_typed or not names):
            names = [*(each for each in names if each != choice.value), choice.value]
        return "\n".join(names)


def choice_rows(choices: Sequence[Choice], marks: Sequence[str], room: int) -> Iterator[Content]:
    """Choices in two columns: what is shown, and details, of which long ones wrap.

    Args:
        marks: What stands before each.
        room: The columns of a row.
    """
    details = [Content.styled(sanitize(each.detail), "$muted") for each in choices]
    widths = [min(each.cell_length, _DETAIL_WIDTH) for each in details]
    labels = [
        Content(mark + sanitize(choice.text, room - width - _GAP - len(mark)))
        for choice, mark, width in zip(choices, marks, widths, strict=True)
    ]
    widest = max((each.cell_length for each in labels), default=0)
    column = min(widest + _GAP, room - max(widths, default=0))
    for label, detail in zip(labels, details, strict=True):
        indent = max(column, label.cell_length + _GAP)  # a long one moves its details
        lines = Content("\n" + " " * indent).join(detail.wrap(room - indent))
        yield Content.assemble(label, " " * (indent - label.cell_length), lines)
