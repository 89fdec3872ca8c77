"""Changes in words: the verb in the journal as the phrase that an action declares."""

import re
from typing import Final

from tui.actions.registry import phrases_of
from tui.model.state import Change
from tui.model.text import sanitize
from tui.model.undo import TAKE_BACK


def phrase_of(change: Change) -> str:
    """A change in words, without its papers: ``Added to thesis``, ``Undid: dismissed``."""
    return ": ".join(filter(None, step_and_phrase(change)))


def step_and_phrase(change: Change) -> tuple[str, str]:
    """The step through the history that a change is, empty if it is none, and what it did.

    ``("", "Dismissed")``, or ``("Undid", "dismissed")``.
    """
    word, _, inner = change.verb.partition(" ")
    if change.undoes and word == "redo":  # what it undoes had taken an import out
        word, inner = "undo", f"undo {inner}"
    if inner.startswith(f"{TAKE_BACK} "):
        what = inner.removeprefix(f"{TAKE_BACK} ")
        return "", sanitize(f"Redid {what}" if word == "undo" else f"Undid {what} again")
    takes_out = word == "undo" and not change.undoes  # an import, which is no step back
    step = UNDOING.get(word, "") if inner and not takes_out else ""
    is_undone = bool(step) and word == "undo"
    removed = all((edit.was if is_undone else edit.now) is None for edit in change.edits)
    phrase = sanitize(_phrase(inner if step else change.verb, removed))
    return step, f"{phrase[:1].lower()}{phrase[1:]}" if step else phrase


UNDOING: Final = {"undo": "Undid", "redo": "Redid"}
"""The verbs of steps through the history."""


def _phrase(verb: str, removed: bool) -> str:
    for pattern, template in phrases_of(verb.split(" ")[0]).items():
        if match := re.fullmatch(pattern, verb, re.DOTALL):
            saved, _, deleted = template.partition(" | ")
            return match.expand(deleted if removed and deleted else saved)
    return verb or "Changed"  # the verb of another version, as it is
