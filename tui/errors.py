"""Errors: a sentence a user understands, and a hint what to do.

Raised anywhere, caught in two places only: the shell's ``main`` and the screen.
"""

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class PapersError(Exception):
    """A failure that is reported to the user.

    Attributes:
        message: One sentence, naming the file and line where there is one.
        hint: What to do about it; empty when there is nothing to do.
    """

    exit_code = 1
    """The exit code of the shell."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message


class InputError(PapersError):
    """A source that cannot be read; nothing of it was imported."""


class NoPapersError(InputError):
    """A text in which no papers were found.

    Attributes:
        finding: What it looks like, and how much of it is recognized; empty if neither is known.
    """

    def __init__(self, message: str, hint: str = "", finding: str = "") -> None:
        super().__init__(message, hint)
        self.finding = finding


class LibraryError(PapersError):
    """The library cannot be read or written; the disk is unchanged."""

    reason: str = ""
    """What is wrong with a file, without its name; empty if it is not about one file."""

    @classmethod
    def about(cls, path: "Path", reason: str, hint: str = "") -> Self:
        """An error about a file; see ``with_path``."""
        error = cls(with_path(path, reason), hint)
        error.reason = reason
        return error


class NewerLibraryError(LibraryError):
    """The library was written by a newer version of the program."""


class LibraryLockedError(LibraryError):
    """Another instance is writing to the library."""

    exit_code = 75
    """EX_TEMPFAIL of sysexits.h: try again later."""
    is_suspended: bool = False
    """Whether that instance is suspended, so that nothing is gained by waiting."""


class UsageError(PapersError):
    """A command or an argument that does not exist or makes no sense."""

    exit_code = 2


class ConfirmationError(PapersError):
    """Something that needs the user's confirmation: by default, to replace something.

    Attributes:
        argument: The switch of the action that confirms it: ``force``.
        question: What a session asks.
        yes: The label of confirming.
        no: The label of refusing.
        lines: Further lines, such as what is concerned.
        is_expected: Whether to confirm is what the user most likely wants.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        argument: str = "force",
        *,
        question: str = "Replace it?",
        yes: str = "Replace it",
        no: str = "Keep it",
        lines: "Sequence[str]" = (),
        is_expected: bool = False,
    ) -> None:
        super().__init__(message, hint)
        self.argument = argument
        self.question = question
        self.yes = yes
        self.no = no
        self.lines = tuple(lines)
        self.is_expected = is_expected

    def first_lines(self, most: int) -> list[str]:
        """The first of the further lines, and how many are left out, if any are."""
        rest = sum(map(bool, self.lines[most:]))
        return [*self.lines[:most], *([f"and {rest:,} more"] if rest else [])]


class WholeFileError(ConfirmationError):
    """A file of which nothing would be kept."""

    def __init__(self, message: str) -> None:
        hint = "Use --force to replace its whole text."
        super().__init__(message, hint, question="Replace its whole text?")


class EditedError(ConfirmationError):
    """An exported file was edited, and what it says now would be replaced."""


def with_path(path: "Path", reason: str) -> str:
    """A reason with its file: ``papers.json: it is empty (/home/.../papers.json)``.

    The reason comes first, because the screen cuts long lines.
    """
    return f"{path.name}: {reason} ({path})"
