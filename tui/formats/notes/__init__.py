"""A note for each paper, as programs have them that read a folder of Markdown.

A note has properties at its top, and managed lines between two comments; everything else in it is
the user's, and so is its name. It is found again by its property ``papers-tui``. To add a program,
add a module here that has what ``NoteFormat`` says, and name it in ``FORMATS``.
"""

from collections.abc import Collection, Iterable, Sequence
from importlib import import_module
from typing import Final, Protocol, cast

from tui.formats.notes.base import NoteContent
from tui.model.paper import Paper
from tui.model.state import ExportedState, Item

FORMATS: Final = ("obsidian", "logseq")
"""The programs that notes are for, the usual one first."""


class NoteFormat(Protocol):
    """A module of this package."""

    PART: str
    """What a user writes between the comment lines: ``paragraph``."""

    @staticmethod
    def key_of(text: str) -> str | None:
        """The key of the paper that a note is about; ``None`` if it is no such note."""

    @staticmethod
    def list_of(text: str) -> str | None:
        """The id of the list that a note is about; ``None`` if it is no such note."""

    @staticmethod
    def page_name(text: str, stem: str) -> str:
        """The name by which links name a note.

        Args:
            text: The note; empty if it is new.
            stem: The name of its file without the extension.
        """

    @staticmethod
    def managed_sum(text: str) -> str:
        """The checksum of the managed lines of a note; empty if it has none."""

    @staticmethod
    def note(
        item: Item,
        lists: Sequence[str],
        existing: str | None,
        *,
        pulled: str = "",
        known_tags: Collection[str] = (),
        known_lists: Collection[str] = (),
        force: bool = False,
    ) -> str:
        """The text of a note.

        Args:
            item: The paper.
            lists: The names of the notes of its lists.
            existing: The text so far; ``None`` for a new note.
            pulled: The checksum of managed lines whose changes are in the library.
            known_lists: The names of the notes of all lists; other links are the user's.
            known_tags: Those that it had when it was last exported or pulled: none of the property
                that the library no longer has is the user's own.
            force: Whether to replace managed lines that were edited.

        Raises:
            ConfirmationError: If the managed lines were edited, or the properties have no end.
        """

    @staticmethod
    def index(
        name: str,
        id: str,
        description: str,
        notes: Sequence[tuple[Item, str]],
        existing: str | None,
        *,
        known: Collection[str] = (),
        force: bool = False,
    ) -> str:
        """The text of the note of a list: links to the notes of its papers, in its order.

        Args:
            name: The list.
            id: Its id, by which the note is found again.
            description: What it is about; may be empty.
            notes: The papers, and the names of their notes.
            existing: The text so far; ``None`` for a new note.
            known: The names to which it linked when it was last exported; other links are the
                user's.
            force: Whether to replace a note without managed lines.

        Raises:
            ConfirmationError: If it has no managed lines.
        """

    @staticmethod
    def paragraph(text: str) -> str:
        """A text in one line, escaped, wherever in a note it stands."""

    @staticmethod
    def links(names: Iterable[str]) -> Iterable[str]:
        """Links to notes by their names."""

    @staticmethod
    def parts(text: str) -> tuple[Collection[str], str, str]:
        """The parts of a template of new notes.

        Returns:
            The names of its properties, their lines, and what is below them as the program has it.
        """

    @staticmethod
    def read(
        text: str,
        paper: Paper,
        base: ExportedState,
        shown: ExportedState,
        *,
        read_sum: str = "",
        known_lists: Collection[str] = (),
    ) -> NoteContent:
        """What a note says of its paper; of what is missing in it, what was exported.

        Args:
            text: The note.
            paper: The paper.
            base: What it said when it was last exported or read.
            shown: What was exported.
            read_sum: The checksum of the managed lines that were exported or read last.
            known_lists: The names of the notes of all lists; other links are the user's.

        Raises:
            InputError: If it has the marks of a conflict, or a property twice; with the line.
        """


def named(name: str) -> NoteFormat:
    """The format of a name.

    Raises:
        ModuleNotFoundError: If there is none.
    """
    return cast("NoteFormat", import_module(f"{__name__}.{name}"))


def format_of(text: str) -> NoteFormat | None:
    """The format of a note of a paper or a list; ``None`` if it is neither."""
    formats = map(named, FORMATS)
    return next((each for each in formats if each.key_of(text) or each.list_of(text)), None)


def key_of(text: str) -> str | None:
    """The key of the paper that a note of any format is about; ``None`` if it is no such note."""
    format = format_of(text)
    return format.key_of(text) if format else None


def is_index(text: str) -> bool:
    """Whether a text is the note of a list, in any format."""
    format = format_of(text)
    return format is not None and format.key_of(text) is None
