"""What can go wrong, as a sentence a reader understands and a hint what to do.

Raised anywhere, caught in two places only: the shell's ``main`` and the screen.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class PapersError(Exception):
    """A failure the reader must hear of.

    Attributes:
        message: One sentence, naming the file and line where there is one.
        hint: What to do about it; empty when there is nothing to do.
    """

    exit_code = 1
    """What the shell returns for it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class InputError(PapersError):
    """A page or other source that cannot be read as one; nothing of it was taken."""


class LibraryError(PapersError):
    """The library cannot be read or written; what is on disk was left as it is."""


class LibraryLockedError(LibraryError):
    """Another instance is writing to the library."""

    exit_code = 75
    """EX_TEMPFAIL of sysexits.h: try again later."""


class UsageError(PapersError):
    """The command was asked for something that does not exist."""

    exit_code = 2


def with_path(path: "Path", reason: str) -> str:
    """A reason with the file it is about: ``papers.json: it is empty (/home/.../papers.json)``.

    The reason comes first, as a row of the screen is cut at its end.
    """
    return f"{path.name}: {reason} ({path})"
