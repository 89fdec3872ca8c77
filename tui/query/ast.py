"""The syntax tree of a query: terms and how they combine. Values only."""

from collections.abc import Iterator
from dataclasses import field as column
from datetime import date
from typing import Final

from tui.model.fields import ORDERS, Field, Kind
from tui.values import dataclass


@dataclass(frozen=True, slots=True)
class WordTerm:
    """A prefix of a word in a field; or several consecutive words.

    A compound typed without quotes, ``fine-tuning``, also matches one word.
    """

    words: tuple[str, ...]
    """Folded."""
    field: Field = Field.ANY
    phrase: bool = False
    """Whether they were quoted, which means whole words."""
    half: bool = False
    """Whether the last word of a phrase is still being typed, and is a prefix."""

    def __str__(self) -> str:
        text = " ".join(self.words)
        shown = f"“{text}”" if self.phrase or len(self.words) > 1 else text
        label = self.field.label
        return f"{label} {shown}" if self.field is Field.AUTHOR else f"{shown} {label}".rstrip()


@dataclass(frozen=True, slots=True)
class ExactTerm:
    """A whole field that equals a text or matches a glob, ignoring case and accents."""

    field: Field
    pattern: str
    """Folded; ``*`` stands for anything."""
    span: tuple[int, int] = column(default=(0, 0), compare=False, repr=False)
    """See ``FlagTerm``."""

    def __str__(self) -> str:
        return f"{self.field}:{self.pattern}"


@dataclass(frozen=True, slots=True)
class RegexTerm:
    """A regular expression found in a field, ignoring case and accents."""

    field: Field
    source: str
    """As typed, without its slashes; see ``tui.query.regex``."""

    def __str__(self) -> str:
        return f"/{self.source}/ {self.field.label}".rstrip()


@dataclass(frozen=True, slots=True)
class SimilarTerm:
    """Papers similar to one by their words."""

    key: str
    """A prefix of a key, in lower case."""
    half: bool = False
    """Whether it is still being typed; it then matches everything until it names a paper."""

    def __str__(self) -> str:
        return f"like {self.key}"


@dataclass(frozen=True, slots=True)
class FlagTerm:
    """A fixed value of ``is:`` or ``has:``, or the name of a tag or list."""

    field: Field
    value: str
    """For tags and lists: folded; ``*`` matches anything, ``none`` means having none."""
    span: tuple[int, int] = column(default=(0, 0), compare=False, repr=False)
    """Its position in the query, for diagnostics that need the library."""

    def __str__(self) -> str:
        if self.field is Field.IS:
            return self.value
        if self.value == "none":
            return f"no {self.field}"
        return f"{self.field} {self.value.removesuffix('*')}"


@dataclass(frozen=True, slots=True)
class RangeTerm:
    """A number or a day between two inclusive bounds; ``None`` is unbounded.

    Days are proleptic ordinals (``date.toordinal``). A missing value is in no range.
    """

    field: Field
    low: int | None
    high: int | None

    def __str__(self) -> str:
        def show(end: int | None) -> str:
            if end is None:
                return ""
            if self.field.kind is not Kind.DAY:
                return str(end)
            return date.fromordinal(min(max(end, 1), date.max.toordinal())).isoformat()

        name = self.field.label or str(self.field)
        low, high = show(self.low), show(self.high)
        if low == high:
            return f"{name} {low}"
        if not high:
            return f"{name} from {low}"
        return f"{name} {low} to {high}" if low else f"{name} up to {high}"


@dataclass(frozen=True, slots=True)
class Not:
    """Negation."""

    node: "Node"

    def __str__(self) -> str:
        return f"not {self.node}"


@dataclass(frozen=True, slots=True)
class And:
    """Conjunction; without parts, everything."""

    nodes: tuple["Node", ...] = ()

    def __str__(self) -> str:
        return ", ".join(str(node) for node in self.nodes) or "all papers"


@dataclass(frozen=True, slots=True)
class Or:
    """Disjunction."""

    nodes: tuple["Node", ...]

    def __str__(self) -> str:
        return "(" + " or ".join(str(node) for node in self.nodes) + ")"


Node = WordTerm | ExactTerm | RegexTerm | SimilarTerm | FlagTerm | RangeTerm | Not | And | Or


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A part of the query that was ignored, or read as plain words."""

    start: int
    end: int
    text: str
    """The problem, a sentence without a full stop."""
    suggestion: str = ""
    """A text to type instead; empty if unknown."""
    detail: str = ""
    """A sentence about the texts that can be typed there; may be empty."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One key to sort by."""

    by: str
    reverse: bool = False
    """Whether to reverse the natural direction, which is newest, most or A first."""

    def __str__(self) -> str:
        return ("-" if self.reverse else "") + self.by


def sort_label(sort: Sort) -> str:
    """The name of an order: ``newest first``; reversed, ``oldest first``."""
    order = ORDERS[sort.by].row.order
    return order[sort.reverse] if order else str(sort)


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query."""

    text: str = ""
    node: Node = column(default_factory=And)
    sort: tuple[Sort, ...] = ()
    limit: int | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    def explain(self) -> str:
        """The query as it was understood, in words."""
        parts = [str(self.node)]
        if self.sort:
            parts.append(", then ".join(map(sort_label, self.sort)))
        if self.limit is not None:
            parts.append(f"at most {self.limit}")
        return ", ".join(parts)

    @property
    def terms(self) -> tuple[Node, ...]:
        """The parts that must all match."""
        return self.node.nodes if isinstance(self.node, And) else (self.node,)

    def highlights(self) -> tuple[str, ...]:
        """The folded prefixes of the query's words, without negated ones."""
        return tuple(dict.fromkeys(_asked_words(self.node)))

    @property
    def has_only_flags(self) -> bool:
        """Whether it only says in which state, list or tag, and not what to look for."""
        return all(isinstance(leaf, FlagTerm) for leaf in leaves(self.node))

    @property
    def asks_for_arrivals(self) -> bool:
        """Whether all that it finds is still in the inbox, or new."""
        return any(FlagTerm(Field.IS, value) in self.terms for value in ("inbox", "new"))

    @property
    def asks_for_kept(self) -> bool:
        """Whether a reading list is part of it, or a state that papers have when they are kept."""
        return any(leaf.field is Field.LIST or leaf in _KEPT for leaf in _flags(self.node))

    @property
    def sorts_by_likely(self) -> bool:
        """Whether its order is learned from what the user decided."""
        return any(key.by == Field.LIKELY for key in self.sort)

    @property
    def searches_text(self) -> bool:
        """Whether any term searches texts, and not only facts and states."""
        texts = WordTerm | ExactTerm | RegexTerm | SimilarTerm
        return any(isinstance(leaf, texts) for leaf in leaves(self.node))


def _asked_words(node: Node) -> Iterator[str]:
    if isinstance(node, WordTerm):
        yield from node.words
    elif isinstance(node, And | Or):
        for part in node.nodes:
            yield from _asked_words(part)


def leaves(node: Node) -> Iterator[Node]:
    """The terms of a query, negated ones too."""
    match node:
        case And() | Or():
            for part in node.nodes:
                yield from leaves(part)
        case Not():
            yield from leaves(node.node)
        case _:
            yield node


_KEPT: Final = tuple(
    FlagTerm(Field.IS, state) for state in ("kept", "starred", "unread", "reading")
)


def asks_for(flag: str, node: Node) -> bool:
    """Whether ``is:`` with some value is part of a query, negated or not."""
    return any(leaf.field is Field.IS and leaf.value == flag for leaf in _flags(node))


def _flags(node: Node) -> Iterator[FlagTerm]:
    """The flags, tags and lists of a query, negated ones too."""
    return (leaf for leaf in leaves(node) if isinstance(leaf, FlagTerm))


def has_pattern(node: Node) -> bool:
    """Whether a regular expression is part of a query, which is slow."""
    return any(isinstance(leaf, RegexTerm) for leaf in leaves(node))
