"""Rules: what is done to the new papers of an import that match a query."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from tui.errors import UsageError
from tui.model.names import list_name, tag_name
from tui.model.state import Status
from tui.model.text import normalize

STAR: Final = "star"
WATCH: Final = "watch"
"""Decides nothing: the words of its query are marked in titles."""
TAG: Final = "tag:"
LIST: Final = "list:"
STATUSES: Final = {
    "dismiss": Status.DISMISSED,
    "read": Status.READ,
    "reading": Status.READING,
}
_WORDS: Final = (STAR, WATCH, *STATUSES)
_VERBS: Final = {"star": "starred", "dismiss": "dismissed", "watch": "watched"}


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
    if word in _WORDS:
        return word
    if word.startswith(TAG):
        return TAG + tag_name(word.removeprefix(TAG).removeprefix("+"))
    if word.startswith(LIST):
        return LIST + list_name(word.removeprefix(LIST))
    raise UsageError(
        f"Not an action of a rule: {normalize(word, 40)}",
        "Use star, dismiss, read, reading, watch, tag:NAME or list:NAME.",
    )


def action_lines(actions: Iterable[str]) -> str:
    """Actions as one text, as the state stores them."""
    return "\n".join(actions)


def rule_of(query: str, text: str) -> Rule:
    """A rule from the text of its actions, without those that a newer version added."""
    actions = [a for a in text.split("\n") if a in _WORDS or a.startswith((TAG, LIST))]
    return Rule(query, tuple(actions))


def _past(action: str) -> str:
    kind, colon, name = action.partition(":")
    verb = {"tag": "tagged", "list": "put in"}.get(kind, _VERBS.get(kind, kind))
    return f"{verb} {name}" if colon else verb
