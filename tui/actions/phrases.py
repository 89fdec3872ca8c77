"""What a change did, in words: verbs of the journal as messages.

A verb that is the name of an action, perhaps with more words, has the ``phrase`` that was declared.
The others are in a table here, with those that ``log`` shows without loading the actions.
"""

import re
from typing import Final

from tui.actions.registry import actions_of
from tui.model.state import Change
from tui.model.text import sanitize
from tui.storage.imports import ADDED, PASTED, SAMPLE
from tui.storage.undo import TAKE_BACK


def phrase_of(change: Change) -> str:
    """What a change did, without its papers: ``Added to thesis``, ``Undid: dismissed``."""
    word, _, inner = change.verb.partition(" ")
    if change.undoes and word == "redo":  # what it undoes had taken an import out
        word, inner = "undo", f"undo {inner}"
    if inner.startswith(f"{TAKE_BACK} "):
        what = inner.removeprefix(f"{TAKE_BACK} ")
        return sanitize(f"Redid {what}" if word == "undo" else f"Undid {what} again")
    takes_out = word == "undo" and not change.undoes  # an import, which is no step back
    step = UNDOING.get(word) if inner and not takes_out else None
    is_undone = step is not None and word == "undo"
    removed = all((edit.was if is_undone else edit.now) is None for edit in change.edits)
    phrase = _phrase(inner if step else change.verb, removed)
    return sanitize(f"{step}: {phrase[0].lower()}{phrase[1:]}" if step else phrase)


UNDOING: Final = {"undo": "Undid", "redo": "Redid"}
"""The verbs of steps through the history."""
_PHRASES: Final = (
    (r"unread", "Marked unread"),
    (r"reading", "Marked reading"),
    (r"read", "Marked read"),
    (r"dismissed", "Dismissed"),
    (r"star", "Starred"),
    (r"unstar", "Unstarred"),
    (r"snooze until (.*)", r"Snoozed until \1"),
    (r"wake", "Unsnoozed"),
    (r"tag (.*)", r"Tagged \1"),
    (r"add source (.*)", r"Added source \1"),
    (r"remove source (.*)", r"Removed source \1"),
    (r"rename source (.*)", r"Renamed source \1"),
    (r"add rule (.*)", r"Added rule \1"),
    (r"change rule (.*)", r"Changed rule \1"),
    (r"remove rule (.*)", r"Removed rule \1"),
    (r"mute (?:word|author):(.*)", r"Muted \1"),
    (r"more (?:word|author):(.*)", r"Asked for more of \1"),
    (r"lift (?:word|author):(.*)", r"Reset \1"),
    (r"rename tag (.*)", r"Renamed tag \1"),
    (r"delete tag (.*)", r"Deleted tag \1"),
    (r"make list (.*)", r"Created list \1"),
    (r"describe (.*)", r"Described \1"),
    (r"add to (.*)", r"Added to \1"),
    (r"remove from (.*)", r"Removed from \1"),
    (r"lists (.*)", r"Changed lists \1"),
    (r"move in (.*)", r"Moved in \1"),
    (r"rename (.*)", r"Renamed \1"),
    (r"delete list (.*)", r"Deleted list \1"),
    (r"export", "Exported"),
    (r"forget export of (.*)", r"Forgot an export of \1"),
    (r"pull (.*)", r"Pulled \1"),
    (r"join", "Joined 2 papers"),
    (r"join (.*)", r"Joined \1"),
    (r"keep apart", "Kept 2 papers apart"),
    (rf"{TAKE_BACK} (.*)", r"Undid \1"),
    (r"remove", "Removed"),
    (r"bring back", "Brought back"),
    (r"remind", "Reminded of dismissed papers"),
    (rf"undo import {SAMPLE}", "Removed the sample papers"),
    (rf"undo import {PASTED} ([\d-]+ [\d:]+)", r"Removed the text pasted \1"),
    (rf"undo import {ADDED} (.*)", r"Removed \1"),
    (r"undo import (.*)", r"Removed the import of \1"),
    (rf"import {SAMPLE}", "Imported the sample papers"),
    (rf"import {PASTED} ([\d-]+ [\d:]+)", r"Imported the text pasted \1"),
    (rf"import {ADDED} (.*)", r"Added \1"),
    (r"import (.*)", r"Imported \1"),
)
"""Verbs of the journal as messages."""


def _phrase(verb: str, removed: bool) -> str:
    if verb == "note":
        return "Note removed" if removed else "Note saved"
    if verb.startswith("view "):
        name = verb.removeprefix("view ")
        return f"Deleted view {name}" if removed else f"Saved view {name}"
    for pattern, phrase in _PHRASES:
        if match := re.fullmatch(pattern, verb, re.DOTALL):
            return match.expand(phrase)
    return _declared(verb) or verb or "Changed"  # the verb of another version, as it is


def _declared(verb: str) -> str:
    """The phrase of the action of that name; empty if there is none."""
    for action in actions_of(verb.split(" ")[0]).values():
        if action.phrase and f"{verb} ".startswith(f"{action.name} "):
            return action.phrase + verb.removeprefix(action.name)
    return ""
