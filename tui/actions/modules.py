"""The module that declares each command of the shell, by its first word; written by ``make docs``.

It saves loading the other modules. A command that is missing here is looked for in all of them.
"""

from collections.abc import Mapping
from typing import Final

MODULES: Final[Mapping[str, str]] = {
    # <!-- begin: modules -->
    "join": "join",
    "keep-apart": "join",
    "mark": "triage",
    "star": "triage",
    "remove": "triage",
    "snooze": "triage",
    "triage": "open",
    "tag": "triage",
    "note": "triage",
    "tags": "tags",
    "mute": "interests",
    "want": "interests",
    "interests": "interests",
    "reconsider": "interests",
    "diff": "join",
    "list": "papers",
    "show": "papers",
    "why": "papers",
    "views": "views",
    "export": "export",
    "lists": "lists",
    "pull": "pull",
    "watch": "watch",
    "cite": "cite",
    "open": "links",
    "digest": "digest",
    "log": "history",
    "undo": "history",
    "redo": "history",
    "session": "sessions",
    "report": "report",
    "stats": "stats",
    "add": "add",
    "sources": "sources",
    "fetch": "fetch",
    "parse": "imports",
    "import": "imports",
    "imports": "past_imports",
    "rules": "rules",
    "keys": "keymap",
    "completions": "completions",
    "doctor": "doctor",
    "serve": "open",
    "restore": "restore",
    "sync": "sync",
    # <!-- end -->
}
