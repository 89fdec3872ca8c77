"""The context that an action is given, and the outcome that it returns."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Final, Protocol

from tui import clock
from tui.values import dataclass

if TYPE_CHECKING:
    from datetime import date

    from tui.config import Config
    from tui.files import Inputs
    from tui.library import Library
    from tui.listing.listing import Listing
    from tui.model.state import Change


MANY: Final = 1000
"""Papers above which changing or exporting all of them is not to hold up the keys."""
NO_PAPER: Final = "No paper here"
"""The message of a session at a key for papers where none is listed."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file that a browser saves."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an action. Front ends print or show it."""

    phrase: str = ""
    """A verb in the past, with what it needs, or any other sentence."""
    change: "Change | None" = None
    subject: str = ""
    """The papers that it was done to: a title, ``5 papers``."""
    aside: str = ""
    """A remark that follows the phrase in parentheses."""
    notes: tuple[str, ...] = ()
    """Further messages, a sentence each."""
    rows: Sequence[tuple[str, ...]] = ()
    """A table."""
    links: Sequence[str] = ()
    """The address of each row, in terminals that can open one."""
    text: str = ""
    """A document, printed as it is."""
    failures: tuple[str, ...] = ()
    """Failures, a sentence each with what to do, printed last."""
    download: Download | None = None
    """A file for the user, only in a browser."""
    data: Any = None
    """The value that ``--json`` prints; ``None`` without a JSON form."""
    query: str | None = None
    """A query to show in a session."""
    is_from_top: bool = False
    """Whether to show the query from its first paper on, with nothing selected."""
    steps: "tuple[Change, ...]" = ()
    """Changes by which others were undone or redone, latest first; a session goes to them."""
    unrecorded: "tuple[Change, ...]" = ()
    """Records of what was written or sent, for the instance with the lock to make."""
    exit_code: int = 0
    shorter: tuple[str, ...] = ()
    """What a session says in its place in a short row, the longest first."""

    @property
    def message(self) -> str:
        """A sentence for the user: ``Dismissed: TITLE``, ``Undid (in Read): read TITLE``."""
        phrase = f"{self.phrase} ({self.aside})" if self.aside else self.phrase
        return f"{phrase}: {self.subject}" if self.subject else phrase


class Workspace(Protocol):
    """The view model of a session, as far as actions need it."""

    listing: "Listing"

    def key_for(self, id: str) -> str:
        """The key of a binding of the main screen, as it is usually written."""
        ...

    def undo_notice(self, key: str) -> str:
        """A message of what the next undo undoes; empty if it may undo at once."""
        ...

    def swap_place(self) -> str | None:
        """Goes to the paper that was acted on last, which may not be listed; returns its key."""
        ...

    def repeat(self, *, has_agreed: bool = False) -> Outcome:
        """Repeats the last action on the present targets."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """The environment in which an action runs."""

    settings: "Config"
    opened: "Library | None" = None
    """The library, opened as the action needs it; ``None`` if it needs none."""
    folder: str | None = None
    """The library folder given by name; ``None`` for the default one."""
    keys: Sequence[str] = ()
    """The targets: the selection in order, else the paper at the cursor; empty in the shell."""
    shown: str = ""
    """The query that is shown; empty in the shell."""
    workspace: Workspace | None = None
    """``None`` in the shell."""
    progress: Callable[[str, float], None] = lambda *_: None
    """Called with a file's name and the share of it that is done, 0 to 1; in any thread."""
    say: Callable[[str], None] = lambda _: None
    """Tells the user a sentence while the action goes on; nothing in sessions."""
    write: Callable[[str], None] = lambda _: None
    """Writes a document to standard output, at once; nothing in sessions. ``OSError`` if it fails.

    It is for what an action records as written; other documents are the ``text`` of an outcome.
    """
    is_terminal: bool = False
    """Whether standard output is a terminal."""
    as_json: bool = False
    """Whether only the data of the outcome is used."""
    start: Callable[[str | None, bool], int] | None = None
    """Opens a session, given a query and whether it is plain, and returns its exit code.

    Without a query it resumes where the user left. ``None`` in sessions.
    """
    serve: Callable[[int], int] | None = None
    """Serves the app to browsers on a port, and returns its exit code; ``None`` in sessions."""
    words: Sequence[str] = ()
    """The command line; empty in sessions."""
    released: "Callable[[], AbstractContextManager[None]]" = nullcontext
    """Within it, the action only waits: others may use the library."""
    inputs: "Inputs | None" = None
    """The files named on the command line; ``None`` if they are to be read."""

    @property
    def library(self) -> "Library":
        """The open library."""
        assert self.opened is not None
        return self.opened

    def today(self) -> "date":
        """The date, in the user's zone."""
        return self.opened.today() if self.opened else clock.today()

    @property
    def session(self) -> Workspace:
        """The workspace of an action that only sessions run."""
        assert self.workspace is not None
        return self.workspace

    @property
    def listing(self) -> "Listing":
        """The listing of an action that only sessions run."""
        return self.session.listing
