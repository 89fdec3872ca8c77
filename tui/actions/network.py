"""The code that actions on the network share."""

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui import config
from tui.actions.context import Context
from tui.errors import LibraryError, PapersError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.exchange.connection import Connection
    from tui.sources.http import Client


def place(context: Context) -> tuple[str, str | None]:
    """Where the user is in a session: the query, and the paper at the cursor."""
    workspace = context.workspace
    return (workspace.listing.query.text, workspace.listing.key) if workspace else ("", None)


def require_write(context: Context, *, dry_run: bool = False) -> None:
    """Raises a ``LibraryError`` before anything is asked for that could not be kept."""
    if context.library.read_only_reason and not dry_run:
        raise LibraryError(f"Read only: {context.library.read_only_reason}")


def connect(context: Context) -> "Client":
    """The client that opens connections for an action, until the session ends."""
    from tui.sources.http import Client

    return Client(context.settings.sources, config.paces_path(), context.library.is_ending.is_set)


@contextmanager
def connected(context: Context) -> "Iterator[Connection]":
    """Within it, this thread is the only one of the session that fetches; the user can stop it.

    Raises:
        PapersError: If another one does.
    """
    from tui.exchange.connection import Connection  # here, as a start fetches nothing

    library = context.library
    if not library.fetching.acquire(blocking=False):
        raise PapersError("A fetch is already running", "Try again when it has finished.")
    library.is_fetch_stopped.clear()
    client = connect(context)
    client.is_stopped = lambda: library.is_ending.is_set() or library.is_fetch_stopped.is_set()
    try:
        yield Connection(library, client, context.progress, context.released)
    finally:
        library.fetching.release()
