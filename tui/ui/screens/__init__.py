"""The other screens. Each is loaded when it is first opened."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from tui.ui.key_screen import KeyScreen
from tui.ui.screens.base import Destination
from tui.workspace import Workspace


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
        name: One of ``SCREENS`` of the registry.
        then: Called with what to show, or ``None``.
        row: The id of the row for the cursor; empty for the first one, or that of the screen.
    """
    module = import_module(f"{__name__}.{name}")
    screen_class = getattr(module, f"{name.capitalize()}Screen")
    screen = screen_class(papers.keys, papers.glyphs, workspace)
    await papers.app.push_screen(screen, then)
    if row:
        with papers.reporting():
            screen.show(row)
