"""What the papers on screen are called: a query that is not typed has a name."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from tui.listing.states import TITLES
from tui.model.layout import plural
from tui.model.text import sanitize
from tui.patterns import regex
from tui.query import split_order

if TYPE_CHECKING:
    from tui.library import Library
    from tui.model.state import PaperState

_OF_IMPORT: Final = regex(r"import:([0-9a-f-]{24})((?: -import:[0-9a-f-]{24})+)?")
"""The query of an import, or of the list of imports."""
_OF_PAPERS: Final = regex(r"id:\S+(?: OR id:\S+)*")
"""The query of the timeline and of the lookalikes."""
TO_RECONSIDER: Final = "To reconsider"
_OF_CHANCES: Final = regex(r"is:dismissed \(id:\S+(?: OR id:\S+)*\)")
"""Dismissed papers that get a second chance."""
_OF_SOURCE: Final = regex(r'source:"([^"]+)"')
"""The query of the list of sources."""
_LIKE: Final = regex(r"like:(\S+)")


def place_of(state: "PaperState", today: date) -> str:
    """The name of the view in which a user looks for a paper."""
    if state.is_removed:
        name = "removed"
    elif state.is_in_inbox(today):
        name = "inbox"
    elif state.is_snoozed(today):
        name = "snoozed"
    else:
        name = "kept" if state.is_waiting(today) else str(state.status)
    return TITLES[f"is:{name}"]


def list_query(name: str) -> str:
    """The query that shows a list."""
    is_word = all(char.isalnum() or char in "_-" for char in name)
    return f"list:{name}" if is_word else f'list:"{name}"'


def title_of(library: "Library", text: str) -> tuple[str, str]:
    """The name of what a query shows in any order, and what was typed beside it."""
    name, _, typed = divided(library, text)
    return name, " ".join(split_order(typed)[0].split())


def divided(library: "Library", text: str) -> tuple[str, str, str]:
    """The name of what a query shows, the part of it that has this name, and the rest of it."""
    terms, order = split_order(text)
    if name := _generated(library, terms):
        return name, terms, order
    own = {query: name for name, query in _own(library)}
    names = {split_order(query)[0]: name for query, name in own.items()} | own | TITLES
    for query in sorted(names, key=len, reverse=True):
        for each in (text.strip(), f"{terms} {order}".strip()):
            if each == query or each.startswith(f"{query} " if query else ""):
                return names[query], query, each[len(query) :].strip()
    raise AssertionError("every query begins with the empty one")


def _own(library: "Library") -> Iterator[tuple[str, str]]:
    """The user's lists and views, with their queries."""
    for each in library.state.lists():
        yield each.name, list_query(each.name)
    for name, query in library.state.views().items():
        if query.strip():
            yield name, query.strip()


def _generated(library: "Library", text: str) -> str:
    """The name of a query that the app made; empty if it is another."""
    if match := _OF_IMPORT.fullmatch(text):
        head = library.imports.head(match[1])
        return f"Import: {head.source}{', new papers' if match[2] else ''}" if head else ""
    if (match := _LIKE.fullmatch(text)) and match[1] in library:
        return f"Like: {sanitize(library.item(match[1]).paper.display_title)}"
    if match := _OF_SOURCE.fullmatch(text):
        name = library.state.sources().get(match[1])
        return f"Source: {sanitize(name, 60)}" if name else ""
    if _OF_CHANCES.fullmatch(text):
        return TO_RECONSIDER
    if _OF_PAPERS.fullmatch(text) and (" OR " in text or text.removeprefix("id:") in library):
        return plural(text.count("id:"), "paper")
    return ""
