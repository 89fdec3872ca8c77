"""Rules: what is done to the new papers of an import that match a query."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from tui.errors import UsageError
from tui.model.layout import enumerated
from tui.model.names import list_name, tag_name
from tui.model.state import Status
from tui.model.text import normalize

WATCH: Final = "watch"
"""Decides nothing: the words of its query are marked in titles."""


class Decision(NamedTuple):
    """The effect that a word of a rule has on a paper."""

    past: str
    field: str = ""
    """The field that it sets; empty for none."""
    value: Any = None


DECISIONS: Final[Mapping[str, Decision]] = {
    "star": Decision("starred", "starred", True),
    "dismiss": Decision("dismissed", "status", str(Status.DISMISSED)),
    "read": Decision("read", "status", str(Status.READ)),
    "reading": Decision("reading", "status", str(Status.READING)),
    WATCH: Decision("watched"),
}
TAG: Final = "tag"
LIST: Final = "list"
_PAST: Final = {TAG: "tagged", LIST: "put in"}
"""The effects of the words that have a name behind a colon."""
WORDS: Final = (*DECISIONS, *(f"{kind}:NAME" for kind in _PAST))
"""All that a rule can do, as a user writes it."""


class Rule(NamedTuple):
    """A rule of the user."""

    query: str
    actions: tuple[str, ...]
    """In their normal form; see ``action_of``."""

    @property
    def is_watched(self) -> bool:
        """Whether its words are marked in titles."""
        return WATCH in self.actions

    @property
    def decides(self) -> bool:
        """Whether it changes papers."""
        return any(action != WATCH for action in self.actions)

    def __str__(self) -> str:
        """Its effect on a paper: ``starred, tagged people``."""
        return ", ".join(map(_past, self.actions))


class Ruled(NamedTuple):
    """The effect of a rule in an import."""

    rule: Rule
    papers: int
    """How many it decided about."""


def action_of(word: str) -> str:
    """The normal form of an action: ``star``, ``dismiss``, ``watch``, ``tag:+NAME``.

    Raises:
        UsageError: If it is none.
    """
    kind, colon, name = word.partition(":")
    if word in DECISIONS:
        return word
    if colon and kind == TAG:
        return f"{TAG}:{tag_name(name.removeprefix('+'))}"
    if colon and kind == LIST:
        return f"{LIST}:{list_name(name)}"
    raise UsageError(f"Not an action of a rule: {normalize(word, 40)}", f"Use {enumerated(WORDS)}.")


def action_lines(actions: Iterable[str]) -> str:
    """Actions as one text, as the state stores them."""
    return "\n".join(actions)


def rule_of(query: str, text: str) -> Rule:
    """A rule from the text of its actions, without those that a newer version added."""
    actions = (each for each in text.split("\n") if _is_known(each))
    return Rule(query, tuple(actions))


def _is_known(action: str) -> bool:
    return action in DECISIONS or action.startswith((f"{TAG}:", f"{LIST}:"))


def _past(action: str) -> str:
    if action in DECISIONS:
        return DECISIONS[action].past
    kind, _, name = action.partition(":")
    return f"{_PAST[kind]} {name}"
