"""A first triage of five papers: after each decision, the keys worth trying next."""

from collections.abc import Mapping, Sequence
from typing import Final

from tui.values import dataclass

_SKIP: Final = {"look.back": "skip"}


@dataclass(frozen=True, slots=True)
class Step:
    """What the footer has before the next decision."""

    lead: str
    """A few words before the keys."""
    labels: Mapping[str, str]
    """The keys, by the ids of their bindings, the most important first."""


_STEPS: Final[Sequence[Mapping[str, str]]] = (
    {"mark.read": "read", "mark.dismissed": "dismiss", "list.add": "add"},
    {"undo": "undo that", "mark.star": "star"},
    {"mark.snooze": "snooze", "note.edit": "note"},
    {"filter.edit": "find", "tag.edit": "tags"},
    {"view.kept": "kept", "look.help": "all keys"},
)
PAPERS: Final = len(_STEPS)
"""How many papers it takes."""


class Guide:
    """Where a user is in the first triage; undoing a decision goes a step back."""

    def __init__(self) -> None:
        """Has not begun."""
        self.is_over = False
        """Whether the user has had it, or skipped it."""
        self._subject = ""
        self._left: int | None = None
        """The number of papers in the inbox at its beginning; ``None`` while it does not go on."""

    def begin(self, subject: str, left: int) -> None:
        """Begins.

        Args:
            subject: What the papers are.
            left: The number of papers in the inbox.
        """
        self._subject, self._left = subject, left

    def end(self) -> None:
        """Ends it."""
        self._left, self.is_over = None, True

    @property
    def is_on(self) -> bool:
        """Whether it goes on."""
        return self._left is not None

    def step(self, left: int) -> Step | None:
        """The step for a number of papers left in the inbox; ``None`` behind the last one."""
        number = max((self._left or 0) - left, 0)
        if number >= PAPERS:
            return None
        lead = f"{number + 1} of {PAPERS}"
        if not number:
            lead = f"{self._subject}: read the abstract, then"
        return Step(lead, {**_STEPS[number], **_SKIP})
