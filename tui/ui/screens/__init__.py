"""The other screens. Each is loaded when it is first opened."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from tui.ui.key_screen import KeyScreen
from tui.ui.screens.base import Destination
from tui.workspace import Workspace

_CLASSES: Final = {
    "lists": ("lists", "ListsScreen"),
    "tags": ("tags", "TagsScreen"),
    "timeline": ("timeline", "TimelineScreen"),
    "imports": ("imports", "ImportsScreen"),
    "sources": ("sources", "SourcesScreen"),
    "interests": ("interests", "InterestsScreen"),
    "session": ("stats", "StatsScreen"),
}


async def open_screen(
    papers: KeyScreen[Any],
    name: str,
    workspace: Workspace,
    then: Callable[[Destination | None], None],
    row: str = "",
) -> None:
    """Opens a screen over the main one; returns when it accepts keys.

    Args:
        papers: The main screen.
        name: one of ``lists``, ``tags``, ``timeline``, ``imports``, ``sources``, ``interests`` and
            ``session``.
        workspace: The view model, updated with changes made there.
        then: Called with what to show, or ``None``.
        row: The id of the row for the cursor; empty for the first one, or that of the screen.
    """
    module, class_name = _CLASSES[name]
    screen_class = getattr(import_module(f"{__name__}.{module}"), class_name)
    screen = screen_class(papers.keys, papers.glyphs, workspace)
    await papers.app.push_screen(screen, then)
    if row:
        with papers.reporting():
            screen.show(row)
