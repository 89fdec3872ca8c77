"""Saved views: queries with a name."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.actions.context import Context, Outcome
from tui.actions.find import TERMS, save_view
from tui.actions.registry import JSON, WRITE, Argument, action
from tui.actions.targets import changed, joined_words, library_action, no_view
from tui.model.state import Change

if TYPE_CHECKING:
    from tui.library import Library


@action("views", JSON, help="show or edit saved views", group="Find")
def run_views(context: Context) -> Outcome:
    """The saved views with their numbers."""
    views = context.library.state.views()
    message = "" if views else "No views yet. papers-tui views save NAME QUERY adds one, or F."
    rows = [(str(number), name, query) for number, (name, query) in enumerate(views.items(), 1)]
    return Outcome(message, rows=rows, data=views)


@action(
    "views save",
    Argument("name", metavar="VIEW"),
    replace(TERMS, nargs="+"),
    help="save a query under a name",
    group="Find",
    access=WRITE,
    on_request=True,
)
def run_save(context: Context, name: str, query: Sequence[str]) -> Outcome:
    """Saves a query under a name."""
    return changed(context.library, save_view(context.library, name, joined_words(query)))


def _complete(library: "Library", prefix: str) -> list[tuple[str, str]]:
    return list(library.state.views().items())


NAME: Final = Argument("name", metavar="VIEW", complete=_complete)


@library_action("views delete", NAME, help="delete a view", group="Find")
def delete(library: "Library", name: str) -> Change | None:
    """Deletes a view.

    Raises:
        UsageError: If there is no such view.
    """
    if name not in library.state.views():
        raise no_view(library, name)
    return save_view(library, name, None)
