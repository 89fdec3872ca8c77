"""The types that all import and export formats share."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import Final

from tui.formats.citation_keys import citation_key
from tui.model.paper import Paper, SourceRecord
from tui.model.state import FieldUpdate, Item, Status
from tui.values import dataclass

SCHEMA: Final = 1
"""The version of our JSON. Members are added within one; it counts up if one changes."""


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class ImportWarning:
    """A problem with a line of an imported file."""

    line: int
    """From 1."""
    reason: str
    """A sentence without a full stop, or what it says of the paper with a title."""
    skipped: bool = True
    """Whether a paper was skipped because of it."""
    title: str = ""
    """The title of the paper, or the beginning of it; empty if it is not known."""

    @property
    def text(self) -> str:
        """A sentence without a full stop."""
        return f"“{self.title}” {self.reason}" if self.title else self.reason


@dataclass(frozen=True, slots=True)
class Decision:
    """What a file says that its user decided about a paper."""

    status: Status | None = None
    """``None`` if it does not say."""
    starred: bool = False
    tags: tuple[str, ...] = ()
    """In their normal form; see ``model.state.tag_name``."""
    note: str = ""
    """Normalized, with line breaks."""
    snoozed_until: date | None = None
    lists: tuple[str, ...] = ()
    """In their normal form; see ``model.state.list_name``."""
    is_removed: bool = False
    rule: str = ""
    """The query of the rule that decided about it; empty if none did."""


@dataclass(frozen=True, slots=True)
class StatedList:
    """What a file says of a reading list."""

    name: str
    """In its normal form."""
    description: str
    keys: tuple[str, ...]
    """The papers in order, by the keys that the file gives them; see ``ParsedFile.keys``."""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The result of reading one file."""

    records: tuple[SourceRecord, ...]
    """In file order."""
    warnings: tuple[ImportWarning, ...] = ()
    """By line."""
    source: str = ""
    """What it was read as, for the user; empty if its format says no more than the file's name."""
    recognized: float = 1.0
    """The share of its lines that the format accounts for, 0 to 1."""
    updates: tuple[SourceRecord, ...] = ()
    """Records of which the papers are not added where they are not known, such as replaced versions
    that arXiv announces; in file order."""
    decisions: Mapping[int, Decision] = field(default_factory=dict)
    """By the place of a record in ``records``, from 0; only of those about which it says any."""
    keys: Mapping[int, str] = field(default_factory=dict)
    """The keys that it gives to papers, by the place of a record; only of those that have one."""
    lists: tuple[StatedList, ...] = ()
    """The reading lists that it describes, each name once."""
    settings: tuple[FieldUpdate, ...] = ()
    """The views, sources, rules, preferences and joins that it has, as updates of the state."""

    def __iter__(self) -> Iterator[SourceRecord]:
        return iter(self.records)


@dataclass(frozen=True, slots=True)
class ImportContext:
    """What an importer needs besides the text."""

    file: str
    """The name of the file for source records."""
    today: date
    """The day of the import, as importers have no clock."""
    captured: date | None = None
    """The day on which the page was captured, if the user says so."""
    force: bool = False
    """Whether to take also what hardly looks like the format."""
    progress: Callable[[float], None] = lambda _: None
    """Called now and then with the share of the file that is read, 0 to 1."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Options of an export; a format ignores those it has no use for."""

    title: str = ""
    """The name of the list or the query; empty for single papers."""
    description: str = ""
    """The list's description."""
    abstract: str = "first"
    """How much of each abstract: ``none``, ``first`` (sentence) or ``full``."""
    has_all_boxes: bool = False
    """Whether Markdown has ``[/]`` and ``[-]`` for reading and dismissed."""
    citation_key: Callable[[Paper], str] = citation_key
    """The name by which a document cites a paper."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Papers under headings, as of a session or of a week."""

    title: str
    """The main heading."""
    summary: str
    """A sentence below it."""
    parts: Sequence[tuple[str, Sequence[Item]]]
    """Headings with their papers; empty ones are skipped."""
    chart: Sequence[str] = ()
    """Lines of a picture in letters below the sentence."""


def utf8(pieces: Iterable[str]) -> bytes:
    """Pieces of a text in UTF-8.

    A text with one character beyond Latin has two or four bytes for each, so to join the pieces
    first takes several times as long.
    """
    return b"".join([piece.encode() for piece in pieces])
