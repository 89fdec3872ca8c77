"""The names of what is on screen: a query that is not typed has one."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from tui.listing.states import TITLES
from tui.model.layout import plural
from tui.model.text import sanitize
from tui.patterns import regex
from tui.query import Or, Query, parse, split_order

if TYPE_CHECKING:
    from tui.library import Library
    from tui.model.state import PaperState

_OF_IMPORT: Final = regex(r"import:([0-9a-f-]{24})((?: -import:[0-9a-f-]{24})+)?(?!\S)")
"""The query of an import, or of the list of imports."""
_OF_PAPERS: Final = regex(r"\(id:[^\s()]+(?: OR id:[^\s()]+)*\)(?!\S)|id:[^\s()]+(?!\S)")
"""The query of the timeline and of the lookalikes."""
_OF_PAPERS_ALONE: Final = regex(r"id:\S+(?: OR id:\S+)+")
"""Papers without parentheses, so that a word beside them would be of the last one."""
TO_RECONSIDER: Final = "To reconsider"
_OF_CHANCES: Final = regex(r"is:dismissed \(id:[^\s()]+(?: OR id:[^\s()]+)*\)(?!\S)")
"""Dismissed papers that get a second chance."""
_OF_SOURCE: Final = regex(r'source:"([^"]+)"(?!\S)')
"""The query of the list of sources."""
_LIKE: Final = regex(r"like:(\S+)")
_NAME: Final = 24
"""Characters of a name where words stand beside it, which matter more at 80 columns."""


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


def papers_query(keys: Iterable[str]) -> str:
    """The query that shows some papers; empty without any."""
    return any_of("id", keys)


def any_of(field: str, values: Iterable[str]) -> str:
    """The query for any of some values of a field, in parentheses as words may follow it."""
    query = " OR ".join(f"{field}:{value}" for value in values)
    return f"({query})" if " OR " in query else query


def title_of(library: "Library", text: str) -> tuple[str, str]:
    """The name of what a query shows in any order, and what was typed beside it."""
    name, _, typed = divided(library, text)
    words = " ".join(split_order(typed)[0].split())
    return sanitize(name, _NAME) if words else name, words


def divided(library: "Library", text: str) -> tuple[str, str, str]:
    """The name of what a query shows, the part of it that has this name, and the rest of it."""
    if (asked := _asked(library, text))[0]:
        return asked
    terms, order = split_order(text)
    own = {query: name for name, query in _own(library)}
    names = {split_order(query)[0]: name for query, name in own.items()} | own | TITLES
    for query in sorted(names, key=len, reverse=True):
        for each in (text.strip(), f"{terms} {order}".strip()):
            if each == query or each.startswith(f"{query} " if query else ""):
                return names[query], query, each[len(query) :].strip()
    raise AssertionError("every query begins with the empty one")


def readable(library: "Library", text: str) -> str:
    """A query with the name of what the app asked for in place of its keys."""
    name, _, typed = _asked(library, text)
    return " / ".join(filter(None, (sanitize(name, _NAME), typed))) if name else text


def explained(library: "Library", query: Query) -> str:
    """A query in words, as it was understood; what the app asked for has its name."""
    name, generated, _ = _asked(library, query.text)
    words = query.explain()
    return words.replace(parse(generated).explain(), sanitize(name, _NAME), 1) if name else words


def _asked(library: "Library", text: str) -> tuple[str, str, str]:
    """See ``divided``, of what the app asked for; the name is empty if it is something else."""
    terms, order = split_order(text)
    name, generated = _generated(library, terms)
    return name, generated, f"{terms[len(generated) :].strip()} {order}".strip()


def _own(library: "Library") -> Iterator[tuple[str, str]]:
    """The user's lists and views, with their queries."""
    for each in library.state.lists():
        yield each.name, list_query(each.name)
    for name, query in library.state.views().items():
        if query.strip():
            yield name, query.strip()


def _generated(library: "Library", text: str) -> tuple[str, str]:
    """The name of what the app asked for, and the beginning of the query that does; else empty."""
    if _OF_PAPERS_ALONE.fullmatch(text):
        return plural(text.count("id:"), "paper"), text
    for pattern, name_of in _NAMES:
        if (match := pattern.match(text)) and (name := name_of(library, match)):
            is_beside = match.end() < len(text) and isinstance(parse(text).node, Or)
            return ("", "") if is_beside else (name, match[0])
    return "", ""


def _name_of_import(library: "Library", match: re.Match[str]) -> str:
    head = library.imports.head(match[1])
    return f"Import: {head.source}{', new papers' if match[2] else ''}" if head else ""


def _name_of_similar(library: "Library", match: re.Match[str]) -> str:
    key = match[1]
    return f"Like: {sanitize(library.item(key).paper.display_title)}" if key in library else ""


def _name_of_source(library: "Library", match: re.Match[str]) -> str:
    name = library.state.sources().get(match[1])
    return f"Source: {sanitize(name, 60)}" if name else ""


def _name_of_papers(library: "Library", match: re.Match[str]) -> str:
    is_named = match[0].startswith("(") or match[0].removeprefix("id:") in library
    return plural(match[0].count("id:"), "paper") if is_named else ""


_NAMES: Final = (
    (_OF_IMPORT, _name_of_import),
    (_LIKE, _name_of_similar),
    (_OF_SOURCE, _name_of_source),
    (_OF_CHANCES, lambda library, match: TO_RECONSIDER),
    (_OF_PAPERS, _name_of_papers),
)
"""How each query that the app made is called; the name is empty if it is another."""
