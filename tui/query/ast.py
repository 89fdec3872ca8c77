"""What a query can say: its fields, its terms, and how they combine. Values only."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as column
from datetime import date
from enum import StrEnum
from typing import Final


class Field(StrEnum):
    """What a term looks at; the value is its name in a query."""

    ANY = "any"
    TITLE = "title"
    ABSTRACT = "abs"
    AUTHOR = "author"
    NOTE = "note"
    IS = "is"
    HAS = "has"
    TAG = "tag"
    LIST = "list"
    SOURCE = "source"
    ID = "id"
    YEAR = "year"
    DATE = "date"
    ADDED = "added"
    CHANGED = "changed"
    READ = "read"
    UPVOTES = "up"
    AUTHORS = "authors"
    LIKE = "like"
    SORT = "sort"
    LIMIT = "limit"


ALIASES: Final = {
    "in": Field.LIST,
    "ti": Field.TITLE,
    "abstract": Field.ABSTRACT,
    "au": Field.AUTHOR,
    "upvotes": Field.UPVOTES,
    "published": Field.DATE,
    "key": Field.ID,
    "file": Field.SOURCE,
}
TEXT_FIELDS: Final = (Field.ANY, Field.TITLE, Field.ABSTRACT, Field.AUTHOR, Field.NOTE)
DATE_FIELDS: Final = (Field.DATE, Field.ADDED, Field.CHANGED, Field.READ)
IS_VALUES: Final = (
    "unread",
    "reading",
    "read",
    "dismissed",
    "starred",
    "snoozed",
    "decided",
    "duplicate",
    "new",
    "selected",
)
HAS_VALUES: Final = ("note", "tag", "list", "date", "upvotes", "authors", "abstract", "url")
SORT_VALUES: Final = (
    "date",
    "up",
    "title",
    "added",
    "authors",
    "unread",
    "list",
    "changed",
    "relevance",
)

LABELS: Final = {
    Field.TITLE: "in the title",
    Field.ABSTRACT: "in the abstract",
    Field.AUTHOR: "by",
    Field.NOTE: "in the note",
    Field.UPVOTES: "upvotes",
}


@dataclass(frozen=True, slots=True)
class WordTerm:
    """A word in a field, as the beginning of one; or several, one behind the other.

    A compound that was typed without quotes, ``fine-tuning``, is found in one word as well.
    """

    words: tuple[str, ...]
    """Folded."""
    field: Field = Field.ANY
    phrase: bool = False
    """Whether they were quoted, and are meant as whole words."""
    half: bool = False
    """Whether the last word of a phrase is still being typed, and may go on."""

    def __str__(self) -> str:
        text = " ".join(self.words)
        shown = f"“{text}”" if self.phrase or len(self.words) > 1 else text
        label = LABELS.get(self.field, "")
        return f"{label} {shown}" if self.field is Field.AUTHOR else f"{shown} {label}".rstrip()


@dataclass(frozen=True, slots=True)
class ExactTerm:
    """A whole field that equals a text, case and accents aside; or ``*`` globs over it."""

    field: Field
    pattern: str
    """Folded; ``*`` stands for anything."""

    def __str__(self) -> str:
        return f"{self.field}:{self.pattern}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that is found in a field, case and accents aside."""

    field: Field
    source: str
    """As it was typed, without its slashes."""
    regex: str
    """What to search for in folded texts; see ``tui.query.regex``."""

    def __str__(self) -> str:
        where = LABELS.get(self.field, "")
        return f"/{self.source}/ {where}".rstrip()


@dataclass(frozen=True, slots=True)
class SimilarTerm:
    """Papers whose words are like those of one."""

    key: str
    """The beginning of a key, in lower case."""
    half: bool = False
    """Whether it is still being typed, and until it names a paper means nothing."""

    def __str__(self) -> str:
        return f"like {self.key}"


@dataclass(frozen=True, slots=True)
class FlagTerm:
    """One of the fixed claims of ``is:`` and ``has:``, or a tag or list by name."""

    field: Field
    value: str
    """For tags and lists: folded; ``*`` stands for anything, ``none`` for having none."""
    span: tuple[int, int] = column(default=(0, 0), compare=False, repr=False)
    """Where it stands in the query, for what only the library knows to be wrong."""

    def __str__(self) -> str:
        if self.field is Field.IS:
            return self.value
        if self.value == "none":
            return f"no {self.field}"
        return f"{self.field} {self.value.removesuffix('*')}"


@dataclass(frozen=True, slots=True)
class RangeTerm:
    """A number or a day between two ends, both included; ``None`` is no end.

    Days are proleptic ordinals (``date.toordinal``), so that both are whole numbers. What has no
    value is never between anything.
    """

    field: Field
    low: int | None
    high: int | None

    def __str__(self) -> str:
        def show(end: int | None) -> str:
            if end is None:
                return ""
            if self.field not in DATE_FIELDS:
                return str(end)
            return date.fromordinal(min(max(end, 1), date.max.toordinal())).isoformat()

        name = LABELS.get(self.field, str(self.field))
        low, high = show(self.low), show(self.high)
        if low == high:
            return f"{name} {low}"
        if not high:
            return f"{name} from {low}"
        return f"{name} {low} to {high}" if low else f"{name} up to {high}"


@dataclass(frozen=True, slots=True)
class Not:
    """What does not match."""

    node: "Node"

    def __str__(self) -> str:
        return f"not {self.node}"


@dataclass(frozen=True, slots=True)
class And:
    """What matches all; with no parts, everything."""

    nodes: tuple["Node", ...] = ()

    def __str__(self) -> str:
        return ", ".join(str(node) for node in self.nodes) or "everything"


@dataclass(frozen=True, slots=True)
class Or:
    """What matches any."""

    nodes: tuple["Node", ...]

    def __str__(self) -> str:
        return "(" + " or ".join(str(node) for node in self.nodes) + ")"


Node = WordTerm | ExactTerm | Pattern | SimilarTerm | FlagTerm | RangeTerm | Not | And | Or


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A part of the query that was passed over, or taken as plain words."""

    start: int
    end: int
    text: str
    """What is wrong with it, as a clause."""
    suggestion: str = ""
    """What to type instead."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One key to sort by."""

    by: str
    reverse: bool = False
    """Against the natural direction, which is newest, most or A first."""

    def __str__(self) -> str:
        return ("-" if self.reverse else "") + self.by


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, as it was understood."""

    text: str = ""
    node: Node = column(default_factory=And)
    sort: tuple[Sort, ...] = ()
    limit: int | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    def explain(self) -> str:
        """What was understood, in words."""
        parts = [str(self.node)]
        if self.sort:
            parts.append("by " + ", ".join(map(str, self.sort)))
        if self.limit is not None:
            parts.append(f"the first {self.limit}")
        return ", ".join(parts)

    @property
    def terms(self) -> tuple[Node, ...]:
        """The parts that must all hold."""
        return self.node.nodes if isinstance(self.node, And) else (self.node,)

    def highlights(self) -> tuple[str, ...]:
        """The folded beginnings of words that were asked for, negated ones left out."""
        return tuple(dict.fromkeys(_asked_words(self.node)))


def _asked_words(node: Node) -> Iterator[str]:
    if isinstance(node, WordTerm):
        yield from node.words
    elif isinstance(node, And | Or):
        for part in node.nodes:
            yield from _asked_words(part)
