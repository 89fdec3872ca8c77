"""One row per field: what can be queried, sorted by and shown.

The columns of the search, the query language, its completion, help and documentation, and how
facts are shown are derived from the rows of ``Field``. The facts themselves are in ``facts``.
"""

from datetime import date
from enum import Enum, IntEnum, StrEnum, auto
from functools import cache
from operator import attrgetter
from typing import Any, Final, Self

from tui.values import dataclass


class Kind(Enum):
    """The values that can follow the colon of a field."""

    WORDS = auto()
    """Words, a phrase, a regular expression."""
    EXACT = auto()
    """A prefix of a whole text, or a glob."""
    NUMBER = auto()
    """A whole number or a range."""
    DAY = auto()
    """A date, a month, a year, an age, or a range."""
    YEAR = auto()
    """A year or a range of years."""
    NAME = auto()
    """The name of a tag or a list, or ``none``."""
    CLAIM = auto()
    """One of a few words."""
    PAPER = auto()
    """A prefix of a key."""
    ORDER = auto()
    """Names of sort orders."""
    LIMIT = auto()
    """A whole number."""
    NONE = auto()
    """Not a query field: used by ``has:`` or as a sort order, or only shown."""


RANGES: Final = (Kind.NUMBER, Kind.DAY, Kind.YEAR)


class Detail(IntEnum):
    """How many facts of a paper are shown."""

    BRIEF = 1
    """In a row of a list; without zeros."""
    LISTED = 2
    """In an exported list."""
    FULL = 3
    """Where one paper is shown."""
    NEVER = 4


@dataclass(frozen=True, slots=True)
class Row:
    """The declaration of a field."""

    name: str
    """Its name in a query and as a sort order."""
    kind: Kind = Kind.NONE
    path: str = ""
    """The attribute of an ``Item``: ``paper.published``, ``state.tags``, ``added``."""
    aliases: tuple[str, ...] = ()
    has: str = ""
    """Its name for ``has:``; empty if not available."""
    missing: str = ""
    """Follows "papers without"; by default ``has``."""
    order: tuple[str, str] | None = None
    """The names of its order and the reverse; ``None`` if it is not a sort order."""
    order_aliases: tuple[str, ...] = ()
    label: str = ""
    """Its name in the explanation of a query: ``in the title``."""
    noun: str = ""
    """The noun that its number counts, in the singular."""
    detail: Detail = Detail.NEVER
    """The least detail at which it is shown."""
    examples: tuple[str, ...] = ()
    """Examples for the help and the documentation; each field of the query language has one."""
    finds: str = ""
    """What the first example finds: papers ``with this in the title``."""
    completes: bool = False
    """Whether its texts are completed, with the number of papers that have each."""


def number(
    name: str,
    fact: str,
    noun: str,
    *,
    aliases: tuple[str, ...] = (),
    has: str | None = None,
    detail: Detail = Detail.LISTED,
    example: str = "",
) -> Row:
    """The row of a fact that is a count; ``has`` is by default its noun in the plural."""
    return Row(
        name,
        Kind.NUMBER,
        f"paper.{fact}",
        aliases,
        has=f"{noun}s" if has is None else has,
        order=(f"most {noun}s first", f"fewest {noun}s first"),
        label=f"{noun}s",
        noun=noun,
        detail=detail,
        examples=(example or f"{name}:>=3",),
        finds=f"with this number of {noun}s",
    )


class Field(StrEnum):
    """A field, as its name; ``row`` is its declaration."""

    row: Row

    def __new__(cls, row: Row) -> Self:
        """A member that equals the name of its row."""
        member = str.__new__(cls, row.name)
        member._value_ = row.name
        member.row = row
        return member

    ANY = Row("any", Kind.WORDS)
    DATE = Row(
        "date",
        Kind.DAY,
        "paper.published",
        ("published",),
        has="date",
        missing="a date",
        order=("newest first", "oldest first"),
        order_aliases=("newest",),
        detail=Detail.BRIEF,
        examples=("date:2024-05..", "date:>=2024-05-16"),
        finds="published then",
    )
    YEAR = Row(
        "year",
        Kind.YEAR,
        "paper.published",
        missing="a date",
        examples=("year:2023..2024",),
        finds="published in that year",
    )
    UPVOTES = number("up", "upvotes", "upvote", aliases=("upvotes",), detail=Detail.BRIEF)
    COMMENTS = number("comments", "comments", "comment")
    TITLE = Row(
        "title",
        Kind.WORDS,
        "paper.title",
        ("ti",),
        order=("title A to Z", "title Z to A"),
        label="in the title",
        examples=("title:diffusion",),
        finds="with this in the title",
    )
    ABSTRACT = Row(
        "abs",
        Kind.WORDS,
        "paper.abstract",
        ("abstract",),
        has="abstract",
        label="in the abstract",
        examples=('abs:"low rank"',),
        finds="with this in the abstract",
    )
    AUTHOR = Row(
        "author",
        Kind.WORDS,
        "paper.authors",
        ("au",),
        label="by",
        detail=Detail.FULL,
        examples=("author:lovelace",),
        finds="with this in an author's name",
        completes=True,
    )
    ADDED = Row(
        "added",
        Kind.DAY,
        "added",
        order=("recently added first", "oldest added first"),
        examples=("added:today",),
        finds="first imported then",
    )
    AUTHORS = number("authors", "author_count", "author", has="", example="authors:>5")
    HAS_AUTHORS = Row("byline", path="paper.has_authors", has="authors")
    ORGANIZATION = Row(
        "org",
        Kind.WORDS,
        "paper.organization",
        ("organization",),
        label="in the organization",
        detail=Detail.FULL,
        examples=("org:example",),
        finds="of this organization",
        completes=True,
    )
    VENUE = Row(
        "venue",
        Kind.WORDS,
        "paper.venue",
        ("journal",),
        has="venue",
        missing="a venue",
        label="in the venue",
        detail=Detail.FULL,
        examples=("venue:acl",),
        finds="in a journal or book whose name has this",
        completes=True,
    )
    CATEGORY = Row(
        "cat",
        Kind.EXACT,
        "paper.categories",
        ("category",),
        has="category",
        missing="a category",
        detail=Detail.FULL,
        examples=("cat:cs.CL",),
        finds="in a category with this prefix",
        completes=True,
    )
    CODE_STARS = Row(
        "stars",
        Kind.NUMBER,
        "paper.code_stars",
        has="stars",
        missing="code stars",
        order=("most code stars first", "fewest code stars first"),
        label="code stars",
        noun="code star",
        detail=Detail.FULL,
        examples=("stars:>=100",),
        finds="with this number of code stars",
    )
    ARXIV = Row(
        "arxiv",
        Kind.EXACT,
        "paper.arxiv",
        has="arxiv",
        missing="an arXiv id",
        detail=Detail.FULL,
        examples=("arxiv:2405",),
        finds="whose arXiv id has this prefix",
    )
    DOI = Row(
        "doi",
        Kind.EXACT,
        "paper.doi",
        has="doi",
        missing="a DOI",
        detail=Detail.FULL,
        examples=("doi:10.1145",),
        finds="whose DOI has this prefix",
    )
    CITATION_KEY = Row(
        "citekey",
        Kind.EXACT,
        "paper.citation_key",
        detail=Detail.FULL,
        examples=("citekey:lovelace",),
        finds="whose citation key has this prefix",
    )
    NOTE = Row(
        "note",
        Kind.WORDS,
        "state.note",
        has="note",
        label="in the note",
        examples=("note:table",),
        finds="with this in your note",
    )
    IS = Row("is", Kind.CLAIM, aliases=("status",), examples=("is:unread",), finds="in this state")
    HAS = Row("has", Kind.CLAIM, examples=("has:note",), finds="that have this")
    TAG = Row(
        "tag",
        Kind.NAME,
        "state.tags",
        has="tag",
        examples=("tag:rl",),
        finds="with this tag or a nested one",
    )
    LIST = Row(
        "list",
        Kind.NAME,
        "state.lists",
        ("in",),
        has="list",
        order=("list order", "list order reversed"),
        order_aliases=("order",),
        examples=("list:thesis",),
        finds="in this reading list",
    )
    CHANGED = Row(
        "changed",
        Kind.DAY,
        "state.changed",
        order=("recently changed first", "oldest change first"),
        examples=("changed:this-month",),
        finds="that you last changed then",
    )
    READ = Row(
        "read",
        Kind.DAY,
        "state.read_at",
        examples=("read:last-week",),
        finds="that you read then",
    )
    SOURCE = Row(
        "source",
        Kind.EXACT,
        "paper.files",
        ("file", "from"),
        examples=("source:000",),
        finds="from a file whose name has this prefix",
        completes=True,
    )
    ID = Row(
        "id",
        Kind.EXACT,
        "paper.key",
        ("key",),
        examples=("id:tcia",),
        finds="whose key has this prefix",
    )
    LIKE = Row("like", Kind.PAPER, examples=("like:tcia",), finds="similar to this one")
    SORT = Row("sort", Kind.ORDER, examples=("sort:-date,title",), finds="in this order")
    LIMIT = Row("limit", Kind.LIMIT, examples=("limit:20",), finds="up to this many")
    IMPORT = Row(
        "import",
        Kind.EXACT,
        "paper.imports",
        order=("newest arrivals first", "oldest arrivals first"),
        order_aliases=("arrival",),
        examples=("import:20261126",),
        finds="brought by an import whose id has this prefix",
    )
    UPDATED = Row("updated", path="paper.is_updated", has="update", detail=Detail.BRIEF)
    URL = Row("url", path="paper.urls", has="url")
    CODE = Row("code", path="paper.code_link", has="code")
    PDF = Row("pdf", path="paper.pdf_link", has="pdf", missing="a PDF")
    AI_SUMMARY = Row("summary", path="paper.ai_summary", has="summary", missing="an AI summary")
    SEEN = Row("seen", path="paper.files", noun="source", detail=Detail.FULL)
    UNREAD = Row("unread", order=("unread first", "unread last"))
    LIKELY = Row("likely", order=("most likely to keep first", "least likely to keep first"))
    RELEVANCE = Row("relevance", order=("best match first", "best match last"))

    @property
    def kind(self) -> Kind:
        """The values that can follow its colon."""
        return self.row.kind

    @property
    def label(self) -> str:
        """Its name in the explanation of a query."""
        return self.row.label

    @property
    def is_state(self) -> bool:
        """Whether it belongs to the state of a paper, not to its facts."""
        return self.row.path.startswith("state.")

    def of(self, item: object) -> Any:
        """The value of an ``Item``."""
        return _getter(self.row.path)(item)

    def of_state(self, state: object) -> Any:
        """The value of a ``PaperState``; only if ``is_state``."""
        return getattr(state, self.row.path.removeprefix("state."))


_getter = cache(attrgetter)
"""The functions that read a path, one for each field."""
QUERY_FIELDS: Final = tuple(
    field for field in Field if field.kind is not Kind.NONE and field is not Field.ANY
)
"""The fields with a name in queries."""
NAMES: Final[dict[str, Field]] = {
    name: field for field in QUERY_FIELDS for name in (field.row.name, *field.row.aliases)
}
"""Query fields by name and alias."""
STATES: Final = (
    "inbox",
    "kept",
    "unread",
    "reading",
    "read",
    "dismissed",
    "starred",
    "snoozed",
    "decided",
)
"""Values of ``is:`` that say what a user decided, and so where a paper is looked for."""
IS_VALUES: Final = (*STATES, "duplicate", "lookalike", "new", "updated", "removed", "selected")
"""All values of ``is:``."""
HAS: Final[dict[str, Field]] = {field.row.has: field for field in Field if field.row.has}
"""Fields by their name for ``has:``."""
ORDERS: Final[dict[str, Field]] = {str(field): field for field in Field if field.row.order}
"""Sort orders by name."""
ORDER_ALIASES: Final[dict[str, str]] = {
    alias: name
    for name, field in ORDERS.items()
    for alias in (*field.row.aliases, *field.row.order_aliases)
}


def ordinal(value: date | str | None) -> int | None:
    """The proleptic ordinal of a date, or of an ISO 8601 time; ``None`` if invalid or missing."""
    if not value:
        return None
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value[:10])
    except ValueError:
        return None
    return day.toordinal()
