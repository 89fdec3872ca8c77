"""Rows that match a query, in which order, and why.

A set of papers is a Python integer with one bit a paper, and a term of a query is such a set: so
AND, OR and NOT are arithmetic, and a status, a tag or a range of dates is the same kind of thing as
a word. It knows nothing of files or screens.

Any thread may ask. Only one may ``update``; a question that is asked meanwhile sees the decision
of a paper as it was or as it is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tui.model.state import DEFAULT_STATE, Item, PaperState
from tui.model.text import fold
from tui.query import (
    And,
    Diagnostic,
    Field,
    FlagTerm,
    Node,
    Or,
    Query,
    RangeTerm,
    SimilarTerm,
    Sort,
    WordTerm,
)
from tui.query.suggest import nearest
from tui.search.bitset import rows_of
from tui.search.columns import Table, row_of
from tui.search.completion import Completion, complete
from tui.search.evaluator import EvalOptions, Evaluator, SearchCancelledError, never
from tui.search.postings import Segment, Words
from tui.search.results import ResultSet, Sorter

__all__ = [
    "Completion",
    "DropSuggestion",
    "Index",
    "Reason",
    "ResultSet",
    "SearchCancelledError",
    "Table",
    "Words",
    "row_of",
]


@dataclass(frozen=True, slots=True)
class DropSuggestion:
    """A term to drop from a query that matches nothing, and what that would give."""

    term: str
    count: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Whether a paper satisfies one term of a query, and by what."""

    term: str
    holds: bool
    fields: tuple[Field, ...] = ()
    """For words, the fields they stand in."""
    instead: tuple[str, ...] = ()
    """What was searched for instead of a word that is nowhere."""


class Index:
    """All papers of a library with their decisions, ready to be asked."""

    def __init__(
        self,
        table: Table,
        item: Callable[[int], Item],
        words: Callable[[], Words],
        *,
        decisions: Iterable[tuple[int, PaperState]] = (),
        gone: Iterable[int] = (),
    ) -> None:
        """Takes in the decisions. Cost: linear in those; the words wait for ``prepare``.

        Args:
            table: A row a paper.
            item: Reads the item of a row.
            words: Makes the words of all rows ready; called once.
            decisions: By row; what is not named is undecided.
            gone: Rows that are no papers any more.
        """
        self._table = table
        self._sets = Evaluator(table, decisions, gone)
        self._orders = Sorter(self._sets)
        self._entry = item
        self._make_words = words

    @classmethod
    def of(cls, items: Iterable[Item]) -> "Index":
        """An index over items in memory, its words ready. Cost: linear in their words."""
        held = list(items)
        made: Index

        def item(row: int) -> Item:
            decision = made._sets.decided.decisions.get(row, DEFAULT_STATE)
            return Item(held[row].paper, decision, held[row].added)

        def words() -> Words:
            texts = ((e.paper.title, e.paper.abstract or "", e.paper.authors) for e in held)
            return Words([Segment.of(0, texts)])

        made = cls(
            Table.of(row_of(item.paper, item.added) for item in held),
            item,
            words,
            decisions=((row, e.state) for row, e in enumerate(held) if e.state != DEFAULT_STATE),
        )
        made.prepare()
        return made

    def __len__(self) -> int:
        return len(self._sets)

    @property
    def ready(self) -> bool:
        """Whether words are looked for everywhere; until then, in titles only."""
        return self._sets.words is not None

    def prepare(self) -> None:
        """Makes the words and the orders ready. Any thread may, and only one needs to."""
        if self._sets.words is None:
            self._sets.words = self._make_words()
        self._sets.prepare()
        self._orders.prepare()

    def keys(self) -> list[str]:
        """The keys of all papers, newest first."""
        return self.select(Query(), lambda name: ()).keys()

    def update(self, key: str, decision: PaperState) -> None:
        """Takes in a new decision about a paper. Cost: its claims and noted words.

        Raises:
            KeyError: If there is no such paper.
        """
        self.update_all({key: decision})

    def update_all(self, decisions: Mapping[str, PaperState]) -> None:
        """Takes in new decisions by key, sooner than one after the other.

        Raises:
            KeyError: If there is no such paper.
        """
        self._sets.decided.decide({self._row(key): each for key, each in decisions.items()})

    def set_selected(self, keys: Iterable[str]) -> None:
        """Tells what ``is:selected`` finds; only a screen knows."""
        self._sets.selected = frozenset(keys)

    def select(
        self,
        query: Query,
        order: Callable[[str], Sequence[str]],
        cancelled: Callable[[], bool] = never,
    ) -> ResultSet:
        """The items that match, sorted.

        Without a ``sort:``, a query for one list comes in the reader's own order, papers like one
        come the likest first, a query with words has those first whose titles have them all and
        then those that have them without a correction, and everything else is newest first.

        Args:
            query: What was asked.
            order: The keys of a reading list in the reader's order, by its name.
            cancelled: Whether nobody waits any more; asked now and then.

        Raises:
            SearchCancelledError: If it was cancelled.
        """
        scope = EvalOptions(cancelled=cancelled)
        bits = self._sets.of(query.node, scope)
        listed = self.single_list(query)
        sort = query.sort
        if not sort:
            has_words = next(_asked(query.node), None) is not None
            default = "list" if listed else "relevance" if has_words else ""
            sort = (Sort(default),) if default else ()
        like = next((term for term in query.terms if isinstance(term, SimilarTerm)), None)
        if like is not None and not query.sort:
            scores = self._sets.similar(like, scope)
            rows: Iterable[int] = sorted(rows_of(bits), key=lambda row: -scores.get(row, 0.0))
        else:
            places = order(listed) if listed else ()
            rows = self._orders.rows(bits, sort, places, lambda: self._tiers(query, scope))
        return ResultSet(rows, bits, query.limit, self._sets, self._entry)

    def _tiers(self, query: Query, scope: EvalOptions) -> list[int]:
        titled = [self._sets.of(query.node, scope._replace(titles=True))]
        if not self.corrections(query):
            return titled
        exact = scope._replace(correct=False)
        within = self._sets.of(query.node, exact._replace(titles=True))
        return [within, *titled, self._sets.of(query.node, exact)]

    def single_list(self, query: Query) -> str | None:
        """The one list that a query asks for, so that its own order is meant; else ``None``."""
        asked = [t for t in query.terms if _lists(t)]
        if len(asked) != 1:
            return None
        wanted = _lists(asked[0])[0].value.rstrip("*")
        names = self._sets.decided.names(Field.LIST)
        return next((name for name in names if fold(name) == wanted), None)

    def count(self, query: Query, cancelled: Callable[[], bool] = never) -> int:
        """How many items match, the limit aside."""
        return self._sets.of(query.node, EvalOptions(cancelled=cancelled)).bit_count()

    def corrections(self, query: Query) -> dict[str, tuple[str, ...]]:
        """What was searched for instead of words that match nothing, by word."""
        found: dict[str, tuple[str, ...]] = {}
        for node in _asked(query.node):
            if (
                not node.phrase
                and not self._sets.is_known(node)
                and (near := self._sets.near(node))
            ):
                found["-".join(node.words)] = tuple(near)
        return found

    def matching(self, query: Query) -> tuple[str, ...]:
        """The folded beginnings of words to highlight: those asked for, and those found instead."""
        corrected = self.corrections(query)
        return tuple(
            dict.fromkeys([*query.highlights(), *(w for ws in corrected.values() for w in ws)])
        )

    def suggest_drops(self, query: Query) -> list[DropSuggestion]:
        """For each term that could be dropped, what would then match; the most first."""
        terms = query.terms
        gains = [
            DropSuggestion(str(term), self._count_all(t for t in terms if t is not term))
            for term in terms
        ]
        return sorted((gain for gain in gains if gain.count), key=lambda gain: -gain.count)

    def without_value(self, query: Query) -> dict[Field, int]:
        """By field that is compared, how many papers match all else and say nothing of it.

        They are silently left out by ``year:2024``, and a reader ought to know how many.
        """
        found: dict[Field, int] = {}
        for term in query.terms:
            if isinstance(term, RangeTerm) and term.field in _VALUE_OF:
                others = [part for part in query.terms if part is not term]
                told = self._sets.flag(FlagTerm(Field.HAS, _VALUE_OF[term.field]))
                left = self._sets.of(And(tuple(others)), EvalOptions()) & ~told
                if left:
                    found[term.field] = left.bit_count()
        return found

    def unknown_names(self, query: Query) -> list[Diagnostic]:
        """Tags and lists that a query names and nobody made, with the nearest there is."""
        found: list[Diagnostic] = []
        for node in _flags(query.node):
            if node.value == "none" or self._sets.matching_names(node):
                continue
            asked = node.value.removesuffix("*")
            near = nearest(asked, [fold(name) for name in self._sets.decided.names(node.field)])
            told = f"no {node.field} is called {asked}"
            found.append(Diagnostic(*node.span, told, _named(node.field, near) if near else ""))
        return found

    def why(self, query: Query, key: str) -> list[Reason]:
        """For each term of a query, whether a paper satisfies it, in which fields and how.

        Raises:
            KeyError: If there is no such paper.
        """
        row = self._row(key)
        reasons: list[Reason] = []
        for term in query.terms if query.node != And() else ():
            fields: list[Field] = []
            for node in _asked(term):
                fields += [field for field in _TEXTS if self._has(_within(node, field), row)]
            part = Query(node=term)
            instead = [word for words in self.corrections(part).values() for word in words]
            reasons.append(
                Reason(
                    str(term),
                    self._has(term, row),
                    tuple(dict.fromkeys(fields)),
                    tuple(instead),
                )
            )
        return reasons

    def complete(self, text: str, cursor: int) -> list[Completion]:
        """What can be typed at a cursor, the most useful first; see ``Completion``."""
        return complete(self._sets, text, cursor)

    def counts(self, field: Field) -> dict[str, int]:
        """Papers by tag or list, in the order of the names."""
        return {
            name: self._sets.flag(FlagTerm(field, name)).bit_count()
            if field is Field.IS
            else self._sets.decided.named(field, name).bit_count()
            for name in sorted(self._sets.decided.names(field))
        }

    def unread_counts(self, field: Field) -> dict[str, int]:
        """Unread papers by tag or list."""
        unread = self._sets.flag(FlagTerm(Field.IS, "unread"))
        names = self._sets.decided.names(field)
        return {
            name: (self._sets.decided.named(field, name) & unread).bit_count() for name in names
        }

    def _count_all(self, terms: Iterable[Node]) -> int:
        return self._sets.of(And(tuple(terms)), EvalOptions()).bit_count()

    def _has(self, node: Node, row: int) -> bool:
        return bool(self._sets.of(node, EvalOptions()) >> row & 1)

    def _row(self, key: str) -> int:
        rows = [row for row in self._table.rows(key) if self._sets.everything >> row & 1]
        if not rows:
            raise KeyError(key)
        return rows[-1]


_TEXTS = (Field.TITLE, Field.ABSTRACT, Field.AUTHOR, Field.NOTE)
_VALUE_OF = {
    Field.DATE: "date",
    Field.YEAR: "date",
    Field.UPVOTES: "upvotes",
    Field.AUTHORS: "authors",
}


def _within(node: WordTerm, field: Field) -> WordTerm:
    where = field if node.field is Field.ANY else node.field
    return WordTerm(node.words, where, node.phrase, node.half)


def _asked(node: Node) -> Iterator[WordTerm]:
    """The words that are asked for, negated ones left out."""
    if isinstance(node, WordTerm):
        yield node
    elif isinstance(node, And | Or):
        for part in node.nodes:
            yield from _asked(part)


def _flags(node: Node) -> Iterator[FlagTerm]:
    """The tags and lists that are asked for, negated ones and alternatives left out."""
    if isinstance(node, FlagTerm) and node.field in (Field.TAG, Field.LIST):
        yield node
    elif isinstance(node, And):
        for part in node.nodes:
            yield from _flags(part)


def _lists(node: Node) -> list[FlagTerm]:
    """The list of a term that asks for one; half its name may also mean none."""
    parts = node.nodes if isinstance(node, Or) else (node,)
    named = [p for p in parts if isinstance(p, FlagTerm) and p.field is Field.LIST]
    if len(named) != len(parts):
        return []
    return [part for part in named if part.value != "none"] if len(named) > 1 else named


def _named(field: Field, name: str) -> str:
    return f'{field}:"{name}"' if " " in name else f"{field}:{name}"
