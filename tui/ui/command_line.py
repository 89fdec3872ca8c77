"""What the app knows of the command line: a line goes in, and an outcome comes out.

The commands themselves belong to the shell front end, which hands the app something of this shape.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from tui.library import Library

Progress = Callable[[str, float], None]
"""Takes what is worked on and which share of it is done, 0 to 1; in whichever thread."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line."""

    text: str = ""
    """What the command printed."""
    query: str | None = None
    """A query whose papers are to be shown; ``None`` where there is none."""
    failed: bool = False


class CommandLine(Protocol):
    """Every command of the shell, on a library that is open."""

    def complete(self, before: str, typed: str, library: Library) -> Sequence[tuple[str, str]]:
        """The words that may stand behind a text, and what each means.

        Args:
            before: The line up to the word.
            typed: What of the word is typed already.
            library: Has the names of lists and tags.
        """
        ...

    def run(
        self,
        line: str,
        library: Library,
        keys: Sequence[str],
        *,
        query: str = "",
        progress: Progress | None = None,
    ) -> Outcome:
        """Runs one line. May take long: call it off the screen.

        Args:
            line: As typed in a shell; ``%`` stands for the keys.
            library: The library, open.
            keys: The papers that a command without papers of its own acts on.
            query: What is on screen, for a command that asks about it.
            progress: Told now and then how far it is, where that is known.

        Raises:
            PapersError: If it fails, or the line is none of its own.
        """
        ...
