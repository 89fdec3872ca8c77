"""Questions of a session for missing arguments, and texts of several lines edited in one."""

from collections.abc import Callable, Sequence
from typing import Final

from tui.values import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a question."""

    value: str
    label: str = ""
    """What is shown instead of the value; empty for the value itself."""
    detail: str = ""
    """Shown dimmed at the right."""
    keywords: str = ""
    """Further text that a search matches."""
    is_checked: bool = False
    """Whether it applies already, in a checklist."""

    @property
    def text(self) -> str:
        """The text that is shown."""
        return self.label or self.value


Choices = Callable[[str, str], Sequence[Choice]]
"""From the text before a word and the word so far, the choices for it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of the user."""

    text: str
    option: str = ""
    """The chosen option, if the question has options."""
    key: str = "enter"
    """The key that accepted it."""


@dataclass(frozen=True, slots=True)
class Question:
    """The question of a session for a missing argument."""

    prompt: str
    """A word or two, capitalized."""
    choices: Sequence[Choice] | Choices = ()
    value: str = ""
    """The initial text."""
    new: str = ""
    """The label for what was typed as a new choice; empty if only the choices are valid."""
    common: Callable[[str], str] | None = None
    """From a path so far, as much as all those have in common that it can go on to; ``None`` if the
    text is no path."""
    preview: Callable[[str], str] = lambda text: f"“{text}”"
    """From what was typed as a new choice, how it is understood; empty if it is not valid."""
    words: bool = False
    """Whether several words can be typed, each completed."""
    options: Sequence[str] = ()
    """Values that Shift+Tab cycles through, for the argument named by ``Argument.option``."""
    option_name: str = ""
    """The label shown before them."""
    option_label: Callable[[str], str] = str
    """The label of one of them."""
    hint: str = ""
    """The placeholder."""
    other: str = ""
    """The command line that Tab runs instead, while nothing is typed; empty for none."""
    error: str = ""
    """The problem with the last answer."""
    lines: Sequence[str] = ()
    """Lines above the choices, such as what is concerned."""
    marks: Sequence[tuple[str, str]] = ()
    """Characters that an answer may have and a line may not, each with a mark that is typed for it
    where several lines are pasted; without any, such lines are joined."""
    allow_editor: bool = False
    """Whether Ctrl+x opens the user's editor."""
    is_checklist: bool = False
    """Whether several choices can be checked; the answer is what changed, a line for each:
    ``one``, and ``-two`` if it was unchecked."""
    is_replaced: bool = False
    """Whether typing replaces the initial text, as it is only a suggestion."""
    is_sudden: bool = False
    """Whether it comes while the user does something else: keys that were pressed before it was on
    screen are no answer."""


_MARKS: Final = {"\n": ("↵", "⏎", "¶"), "\t": ("⇥", "↹", "→")}
"""The signs that a line shows in place of the line breaks and tabs of a text."""


def marks_beside(note: str) -> list[tuple[str, str]]:
    """The line break and the tab, each with a mark that is not in a note."""
    return [
        (char, next((mark for mark in marks if mark not in note), marks[0]))
        for char, marks in _MARKS.items()
    ]


def in_one_line(note: str) -> str:
    """A note as it is edited in a line, with a mark for each line break and each tab."""
    for char, mark in marks_beside(note):
        note = note.replace(char, mark)
    return note


def as_lines(text: str, before: str) -> str:
    """The note that was typed, if it was typed in one line; see ``in_one_line``."""
    if "\n" in text or "\t" in text:
        return text
    for char, mark in marks_beside(before):
        if char in before:
            text = text.replace(mark, char)
    return text
