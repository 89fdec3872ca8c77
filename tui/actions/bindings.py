"""The shipped bindings of each screen: those of actions, and those that a screen has of its own."""

from dataclasses import replace
from functools import cache
from typing import Final

from tui.actions.registry import (
    DETAIL,
    GROUPS,
    SCREENS,
    Binding,
    Where,
    actions_with_keys,
    table,
)

_SCREEN_BINDINGS: Final[list[Binding]] = []


def register_keys(screen: str, text: str, *, where: Where = Where.APP, moves: bool = False) -> None:
    """Adds bindings of a screen, or of all ``others`` than the main one; see ``table``."""
    headings = {DETAIL: "Papers of a row", **{name: name.capitalize() for name in SCREENS}}
    group = headings.get(screen, "Other screens")
    rows = table(text, group, screen)
    _SCREEN_BINDINGS.extend(replace(row, where=where, moves=moves) for row in rows)


@cache
def bindings(screen: str = "papers") -> tuple[Binding, ...]:
    """The shipped bindings of a screen, by group; those in the footer first."""
    papers = [row for each in actions_with_keys().values() for row in each.bindings]
    rows = papers + _SCREEN_BINDINGS
    names = (screen,) if screen == "papers" else (screen, "others")
    own = [row for row in rows if row.screen in names]
    if screen == DETAIL:
        acting = (row for row in papers if row.needs and row.needs.is_of_paper and not row.moves)
        own += [replace(row, footer=row.footer and row.footer + _FIRST) for row in acting]
    if screen != "papers":
        own += [_elsewhere(row) for row in papers if row.line.startswith(_LEADING)]
    bound: dict[str, str] = {}
    for key, id in ((key, row.id) for row in own for key in row.keys):
        assert key not in bound, f"{key} is the key of both {bound[key]} and {id}"
        bound[key] = id
    return tuple(sorted(own, key=lambda row: (GROUPS.index(row.group), row.footer or len(rows))))


_FIRST: Final = 4
"""Keys in the footer that come before those of papers there: open, back, help, rows."""
_LEADING: Final = ("browse ", "show-query")
"""The commands whose keys lead to a screen or view, from every screen."""


def _elsewhere(row: Binding) -> Binding:
    """A binding of the papers on another screen, which it leaves."""
    action = f"run_command({row.line!r})"
    return replace(row, line="", action=action, group="Other screens", footer=0)
