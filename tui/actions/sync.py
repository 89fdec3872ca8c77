"""Syncing a library with other machines, over git."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.actions.context import Context, Outcome
from tui.actions.open import open_library
from tui.actions.registry import WRITE, Access, Argument, Where, action
from tui.errors import PapersError
from tui.model.layout import plural

if TYPE_CHECKING:
    from tui.storage.git import GitRepository, Traffic

ATTEMPTS: Final = 3
"""How often to fetch again because others sent something meanwhile."""


@action(
    "sync",
    help="sync with other machines",
    group="Library",
    where=Where.LOCAL,
    access=WRITE,
    is_slow=True,
    makes_change=False,
    on_request=True,
    keys="library.sync  g y  sync  sync  sync with other machines",
)
def run_sync(context: Context) -> Outcome:
    """Sends what is new here, and takes in what is new elsewhere.

    Raises:
        PapersError: If the library is not synced, or the other side refuses.
    """
    from tui.storage.git import GitRepository

    library = context.library
    repository = GitRepository(library.folder, library.is_ending.is_set)
    repository.require_safe()
    repository.require_remote()
    return _exchange(context, repository)


@action(
    "sync init",
    Argument("url", "a repository of your own, empty at first", metavar="URL"),
    help="set up syncing through a git repository",
    group="Library",
    where=Where.SHELL,
    access=None,
)
def run_init(context: Context, url: str) -> Outcome:
    """Begins to sync a library, which may be new, through a repository.

    Raises:
        PapersError: If that is not possible.
    """
    from tui.storage.git import GitRepository

    access = Access(write=True, create=True, brings_papers=True)
    with open_library(context.folder, context.settings, access) as library:
        repository = GitRepository(library.folder)
        repository.init(url)
        return _exchange(replace(context, opened=library), repository)


def _exchange(context: Context, repository: "GitRepository") -> Outcome:
    """Commits, fetches, merges and sends.

    Raises:
        PapersError: If another thread does, or the other side refuses.
    """
    if not context.library.syncing.acquire(blocking=False):
        raise PapersError("A sync is already running", "Try again when it has finished.")
    try:
        return _rounds(context, repository)
    finally:
        context.library.syncing.release()


def _rounds(context: Context, repository: "GitRepository") -> Outcome:
    from tui.storage.git import Traffic
    from tui.storage.git_program import OfflineError

    library, received = context.library, Traffic()
    with library.exchanging():
        repository.commit(library.machine)
    try:
        for _ in range(ATTEMPTS):
            with context.released():
                repository.fetch()
            with library.exchanging():
                repository.commit(library.machine)  # what was done meanwhile
                received += repository.merge(library.machine)
            with context.released():
                pushed = repository.push()
            if pushed is not None:
                return _outcome(context, f"Synced: {_summary(received, pushed)}")
    except OfflineError as error:
        unsent = repository.unsent()
        waiting = f", {_count(unsent)} to send" if unsent else ""
        arrived = f"; {_count(received)} received" if received else ""
        return _outcome(context, f"{error.message}: everything is kept here{waiting}{arrived}")
    raise PapersError("Others keep sending changes", "Try again in a moment.")


def _outcome(context: Context, message: str) -> Outcome:
    return Outcome(message, query=context.shown if context.workspace else None)


def _summary(received: "Traffic", pushed: "Traffic") -> str:
    counts = {"received": received, "sent": pushed}
    parts = (f"{_count(each)} {verb}" for verb, each in counts.items() if each)
    return ", ".join(parts) or "nothing new on either side"


def _count(traffic: "Traffic") -> str:
    counts = ((traffic.changes, "change"), (traffic.imports, "import"))
    return " and ".join(plural(count, noun) for count, noun in counts if count)
