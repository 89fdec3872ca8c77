"""One row per field: the facts of a paper, and what can be queried, sorted by and shown.

``Facts`` declares each fact that a source can state: its type, and the rule that merges several
sources. ``Field`` declares each field of the query language. Everything else is derived from these
two: merging, JSON, the columns of the search, the query language, its help, and how facts are
shown. A new fact takes a line in each, and an importer that fills it; a new field over existing
facts takes one row.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, MISSING
from dataclasses import fields as dataclass_fields
from datetime import date
from enum import Enum, IntEnum, StrEnum, auto
from functools import cache
from operator import attrgetter
from types import UnionType
from typing import Annotated, Any, Final, NamedTuple, Self, get_args, get_origin, get_type_hints

from tui.model.identifiers import is_title
from tui.values import dataclass

# Facts, and how several sources are merged


class Sources(NamedTuple):
    """The source records of one paper in two orders."""

    ordered: "Sequence[Facts]"
    """By file and line."""
    newest: "Sequence[Facts]"
    """By page day, newest first; those without a year last, equals as in ``ordered``."""


Rule = Callable[[Sources, str], Any]
"""Called with the sources and the name of a fact; returns the merged value."""


def newest(sources: Sources, name: str) -> Any:
    """The value of the newest source that has one."""
    stated = (getattr(source, name) for source in sources.newest)
    return next((value for value in stated if value is not None), None)


def counted(sources: Sources, name: str) -> Any:
    """The number of the newest source that has one; of those of a day the highest, as it rises."""
    highest: int | None = None
    day: str | None = None
    for source in sources.newest:
        value, stated_on = getattr(source, name), getattr(source, "page_day", None)
        if value is None:
            continue
        if highest is None:
            highest, day = value, stated_on
        elif stated_on != day:
            break
        highest = max(highest, value)
    return highest


def longest(sources: Sources, name: str) -> Any:
    """The longest value, as pages may be truncated; the newest of equals. ``None`` if empty."""
    value = max((getattr(source, name) for source in sources.newest), key=lambda v: len(v or ""))
    return None if value == "" else value


def earliest(sources: Sources, name: str) -> Any:
    """The value of the source with the earliest day that is written.

    Else that with the earliest inferred one, unless years are written and it is of another; else
    that of the earliest month, then year.
    """
    dated = [source for source in sources.ordered if source.published]
    days = [source for source in dated if not source.date_precision]
    rough = [source for source in dated if source.date_precision]
    years = {source.stated_date[:4] for source in rough}
    written = [source for source in days if not source.year_inferred]
    inferred = [source for source in days if not years or source.stated_date[:4] in years]
    first = min(
        written or inferred or rough,
        key=lambda s: (-len(s.stated_date), s.published or date.max),
        default=None,
    )
    return getattr(first, name) if first else FACTS[name].default


def highest(sources: Sources, name: str) -> Any:
    """The highest number."""
    stated = (getattr(source, name) for source in sources.ordered)
    return max((value for value in stated if value is not None), default=None)


def union(sources: Sources, name: str) -> tuple[Any, ...]:
    """All values once, in the order of the sources."""
    values = (value for source in sources.ordered for value in getattr(source, name))
    return tuple(dict.fromkeys(values))


def of_latest(rule: Rule) -> Rule:
    """A rule: another rule among the sources of the highest version on arXiv that state a value.

    A source that names no version, or that of another paper, counts as of the first.
    """

    def among(sources: Sources, name: str) -> Any:
        if all((source.arxiv_version or 1) == 1 for source in sources.ordered):
            return rule(sources, name)
        arxiv = newest(sources, "arxiv")

        def version(source: Facts) -> int:
            return (source.arxiv_version or 1) if source.arxiv == arxiv else 1

        stating = [source for source in sources.ordered if getattr(source, name)]
        latest = max(map(version, stating or sources.ordered))
        ordered, by_day = (
            [source for source in each if version(source) == latest] for each in sources
        )
        return rule(Sources(ordered, by_day), name)

    return among


def of_informed(rule: Rule) -> Rule:
    """A rule: another rule among the sources that know more of the paper than what it is called.

    Without them, among those that know a title: a line may name a paper by its identifier alone.
    """

    def among(sources: Sources, name: str) -> Any:
        if len(sources.ordered) == 1:
            return rule(sources, name)
        knows = _is_informed if any(map(_is_informed, sources.ordered)) else _has_title
        kept = Sources(*([each for each in some if knows(each)] for some in sources))
        return rule(kept if kept.ordered else sources, name)

    return among


def _is_informed(source: "Facts") -> bool:
    return bool(source.abstract or source.authors or source.published or source.author_count)


def _has_title(source: "Facts") -> bool:
    return is_title(source.title)


def of_most_authors(sources: Sources, name: str) -> Any:
    """The value of the source that names the most authors; of equals the newest.

    Of equals of one day, that which says that there are more.
    """

    def rank(source: Facts) -> tuple[int, str, bool]:
        day = getattr(source, "page_day", None) or ""
        return len(source.authors), day, source.authors_incomplete

    return getattr(max(sources.newest, key=rank), name)


def number_of_authors(sources: Sources, name: str) -> int | None:
    """The newest stated number, else that of the names, if they are all; ``None`` if unknown."""
    stated: int | None = newest(sources, name)
    if stated is not None or of_most_authors(sources, "authors_incomplete"):
        return stated
    return len(of_most_authors(sources, "authors")) or None


PRECISIONS: Final = {"month": 7, "year": 4}
"""The precisions of a date that is not exact to the day, and how many characters each keeps."""
LATER: Final = "later"
"""Marks a fact that stored papers may lack, as they were written before it existed."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that a source can state, with their merge rules. Missing is ``None``."""

    title: Annotated[str, of_informed(of_latest(newest))]
    """With its LaTeX."""
    abstract: Annotated[str | None, of_latest(longest)]
    """One paragraph, with its LaTeX."""
    _: KW_ONLY
    published: Annotated[date | None, earliest] = None
    """Such as ``2024-05-16``."""
    year_inferred: Annotated[bool, earliest] = False
    """Whether the source has no year, and it was inferred."""
    date_precision: Annotated[str | None, earliest, LATER] = None
    """``month`` or ``year`` if the source has no more; ``published`` is then its first day."""
    author_count: Annotated[int | None, number_of_authors] = None
    authors: Annotated[tuple[str, ...], of_most_authors] = ()
    """Given name first."""
    family_names: Annotated[tuple[str, ...], union, LATER] = ()
    """Those that the names of authors do not show, as they have several words or come first."""
    authors_incomplete: Annotated[bool, of_most_authors, LATER] = False
    """Whether there are more than these; ``author_count`` is then null, unless a source says it."""
    upvotes: Annotated[int | None, counted] = None
    urls: Annotated[tuple[str, ...], union] = ()
    """Links of the paper, of its code and project."""
    address: Annotated[str | None, newest, LATER] = None
    """What a bibliography or feed gives as its address, if not that of an arXiv id or a DOI."""
    comments: Annotated[int | None, counted, LATER] = None
    """The number of comments on its page."""
    organization: Annotated[str | None, newest, LATER] = None
    """Whom a page names in place of the authors."""
    arxiv: Annotated[str | None, newest, LATER] = None
    """Such as ``2405.01234``, without its version."""
    arxiv_version: Annotated[int | None, highest, LATER] = None
    """The highest version seen."""
    doi: Annotated[str | None, newest, LATER] = None
    """In lower case, without a resolver."""
    categories: Annotated[tuple[str, ...], union, LATER] = ()
    """Subjects as arXiv names them, the primary one first: ``cs.CL``."""
    code_stars: Annotated[int | None, newest, LATER] = None
    """The number of stars of its code on GitHub."""
    ai_summary: Annotated[str | None, newest, LATER] = None
    """What a language model of a site says about it; never part of the abstract."""
    venue: Annotated[str | None, newest, LATER] = None
    """The journal or book that it is in; of a thesis or report, where it was written."""
    entry_type: Annotated[str | None, newest, LATER] = None
    """What it is, by the names of BibTeX: ``inproceedings``."""
    citation_key: Annotated[str | None, newest, LATER] = None
    """What the bibliography that it comes from cites it by."""
    volume: Annotated[str | None, newest, LATER] = None
    """Of its venue."""
    number: Annotated[str | None, newest, LATER] = None
    """The issue of a volume; of a report, its own number."""
    pages: Annotated[str | None, newest, LATER] = None
    """Of its venue, a range with a dash: ``12–34``."""
    publisher: Annotated[str | None, newest, LATER] = None

    @property
    def stated_date(self) -> str:
        """The date as far as it is stated, ISO 8601: ``2024-05-16``, ``2024-05``, ``2024``."""
        if self.published is None:
            return ""
        day = self.published.isoformat()
        return day[: PRECISIONS.get(self.date_precision)] if self.date_precision else day


class Fact(NamedTuple):
    """The declaration of a fact."""

    type: type
    """``str``, ``int``, ``bool``, ``date``, or ``tuple`` for several texts."""
    is_optional: bool
    default: Any
    is_required: bool
    merge: Rule

    def from_json(self, name: str, record: Mapping[str, Any]) -> Any:
        """The value of a fact in a JSON object.

        Raises:
            KeyError: If it is required and missing.
            TypeError, ValueError: If it has the wrong type, or is not a date.
        """
        if name not in record and not self.is_required:
            return self.default
        value = record[name]
        if value is None and self.is_optional:
            return None
        if self.type is tuple:
            return tuple(typed(item, str, name) for item in typed(value, list, name))
        if self.type is date:
            if len(typed(value, str, name)) != 10:
                raise ValueError(f"{name} is not a date")
            return date.fromisoformat(value)
        return typed(value, self.type, name)


def typed(value: Any, kind: type, name: str) -> Any:
    """A value after checking its type; ``True`` is not a number.

    Raises:
        TypeError: If it has another type, naming the field.
    """
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{name} is not of type {kind.__name__}")
    return value


def _facts() -> Iterator[tuple[str, Fact]]:
    hints = get_type_hints(Facts, include_extras=True)
    for field in dataclass_fields(Facts):
        declared, rule, *marks = get_args(hints[field.name])
        kinds = get_args(declared) if isinstance(declared, UnionType) else (declared,)
        default = None if field.default is MISSING else field.default
        kind = get_origin(kinds[0]) or kinds[0]
        yield field.name, Fact(kind, type(None) in kinds, default, LATER not in marks, rule)


FACTS: Final[dict[str, Fact]] = dict(_facts())
"""The facts by name, in the order of the JSON fields."""


# Fields of the query language


class Kind(Enum):
    """What can follow the colon of a field."""

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
    """What its number counts, in the singular."""
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
        """What can follow its colon."""
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
"""What reads a path; there is one for each field."""
QUERY_FIELDS: Final = tuple(
    field for field in Field if field.kind is not Kind.NONE and field is not Field.ANY
)
"""The fields with a name in queries."""
NAMES: Final[dict[str, Field]] = {
    name: field for field in QUERY_FIELDS for name in (field.row.name, *field.row.aliases)
}
"""Query fields by name and alias."""
IS_VALUES: Final = (
    "inbox",
    "kept",
    "unread",
    "reading",
    "read",
    "dismissed",
    "starred",
    "snoozed",
    "decided",
    "duplicate",
    "lookalike",
    "new",
    "updated",
    "removed",
    "selected",
)
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
