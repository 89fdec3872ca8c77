"""The search index of a library: the interface to evaluator, sorter and explanations."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING

from tui.model.fields import Field
from tui.model.layout import enumerated
from tui.model.state import DEFAULT_STATE, Item, PaperState
from tui.query import Diagnostic, FlagTerm, Query, SimilarTerm, Sort, parse, sort_label
from tui.search import explain
from tui.search.bitset import bits_of, rows_of
from tui.search.evaluator import Evaluator
from tui.search.explain import DropSuggestion, Reason
from tui.search.lookalikes import NO_LOOKALIKES, Lookalikes
from tui.search.near import by_title, near
from tui.search.results import Explanation, ResultSet, Sorter
from tui.search.texts import DEFAULT_OPTIONS, EvalOptions, not_cancelled
from tui.search.word_index import WordIndex

if TYPE_CHECKING:
    from tui.search.completion import Completion
    from tui.search.ranking import Ranking


class Index:
    """Searches all papers of a library and their states.

    Any thread may search. Only one may call ``update_all``; a concurrent search sees the old or the
    new state of a paper.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        item: Callable[[int], Item],
        words: Callable[[], WordIndex],
        *,
        lookalikes: Callable[[WordIndex], Lookalikes] = lambda words: NO_LOOKALIKES,
        preferences: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        """Reads no words yet; see ``load_words``.

        Args:
            item: Reads the item of a row.
            words: Reads the words of all rows; called once.
            lookalikes: From the words of all rows, finds papers that may be the same; called once.
            preferences: What the user prefers; see ``State.preferences``.
        """
        self._evaluator = evaluator
        self._sorter = Sorter(evaluator)
        self._item = item
        self._read_words = words
        self._find_lookalikes = lookalikes
        self._preferences = preferences

    def __len__(self) -> int:
        return len(self._evaluator)

    @property
    def words_loaded(self) -> bool:
        """Whether all text is searched; until then, titles only."""
        return self._evaluator.words is not None

    def load_words(self) -> None:
        """Loads the words and the orders, in any thread."""
        if self._evaluator.words is None:
            self._evaluator.words = self._read_words()
        self._evaluator.precompute()
        self._sorter.precompute()

    @cached_property
    def ranking(self) -> "Ranking":
        """The order ``sort:likely``."""
        from tui.search.ranking import Ranking  # here, as a start needs none

        return Ranking(self._evaluator, self._sorter, self._preferences)

    def load_interests(self) -> None:
        """Learns what the user is interested in, if that is not done, in any thread."""
        if self._has_decisions and not self.ranking.is_learned:
            self.ranking.learn()

    @property
    def strongest(self) -> Sequence[str]:
        """Words of what the user is interested in; none before that is learned."""
        return self.ranking.strongest if self.words_loaded and self._has_decisions else ()

    @property
    def _has_decisions(self) -> bool:
        """Whether there may be anything to learn from, so that a new user's start loads nothing."""
        return bool(self._evaluator.states.states)

    @property
    def is_complete(self) -> bool:
        """Whether words and lookalikes are loaded."""
        return self._evaluator.lookalikes is not None

    @property
    def has_lookalikes(self) -> bool:
        """Whether some paper may be the same as another, as far as loaded."""
        return bool(self._evaluator.flag(FlagTerm(Field.IS, "lookalike")))

    def load_lookalikes(self) -> None:
        """Loads the words and the papers that may be the same, in any thread."""
        self.load_words()
        evaluator = self._evaluator
        if evaluator.lookalikes is None and evaluator.words is not None:
            evaluator.lookalikes = self._find_lookalikes(evaluator.words)

    def alike(self, key: str) -> list[str]:
        """The papers that may be the same as one, unless the user keeps them apart.

        Raises:
            KeyError: If there is no such paper.
        """
        evaluator = self._evaluator
        return [evaluator.columns.key(row) for row in evaluator.alike(self.row(key))]

    def state_of(self, row: int) -> PaperState:
        """The state of a row's paper."""
        return self._evaluator.states.states.get(row, DEFAULT_STATE)

    def update_all(self, states: Mapping[str, PaperState]) -> None:
        """Updates the states of papers by key. Cost: their flags and words.

        Raises:
            KeyError: If there is no such paper.
        """
        self._evaluator.states.update({self.row(key): state for key, state in states.items()})

    def select(
        self,
        query: Query,
        order: Callable[[str], Sequence[str]],
        cancelled: Callable[[], bool] = not_cancelled,
        selected: frozenset[str] | None = None,
        also: Iterable[str] = (),
    ) -> ResultSet:
        """The items that match, sorted.

        Without a ``sort:``, a query for one list is in the list's order; similar papers are most
        similar first; with words, papers whose titles have most of them come first, then those that
        match without a correction; undecided or new papers are by arrival, the latest first; all
        others are newest first.

        Args:
            order: From the name of a reading list to its keys in order.
            selected: The keys for ``is:selected``.
            also: Keys of papers that are listed even if they do not match.

        Raises:
            SearchCancelledError: If it was cancelled.
            UsageError: If its patterns take too much work.
        """
        options = self._with(cancelled, selected)
        evaluator = self._evaluator
        bits = evaluator.matching(query.node, options)
        bits |= evaluator.with_keys(also)
        return self._results(query, self._sorted(bits, query, order, options), bits)

    def find(
        self,
        query: Query,
        order: Callable[[str], Sequence[str]],
        cancelled: Callable[[], bool] = not_cancelled,
        selected: frozenset[str] | None = None,
        also: Iterable[str] = (),
    ) -> ResultSet:
        """Like ``select``; where few papers match a query for words, also near matches.

        For display only, never to change papers. The note of the results says what is near.
        """
        results = self.select(query, order, cancelled, selected, also)
        options = self._with(cancelled, selected)
        around = near(self._evaluator, query, results.bits, options)
        rows: Iterable[int] = around.ranked
        if around.further:
            alike = replace(query, node=around.node)
            further = self._sorted(around.further, alike, order, options)
            others = (row for row in around.ranked if not around.further >> row & 1)
            rows = chain(results.rows(), further, others)
        if around.further or around.ranked:
            bits = results.bits | around.further | bits_of(self._evaluator.width, around.ranked)
            results = self._results(query, rows, bits)
            results.has_near = True
        results.note, results.brief = around.note, around.brief
        results.label, results.wider = around.label, around.query
        results.is_elsewhere = around.is_elsewhere
        return results

    def _results(self, query: Query, rows: Iterable[int], bits: int) -> ResultSet:
        explain: Callable[[int], Explanation | None] | None = None
        if (like := self._similar_term(query)) is not None:
            explain = partial(self._similarity, like)
        elif query.sorts_by_likely and self.ranking.reasons is not None:
            explain = self.ranking.explain
        return ResultSet(rows, bits, query.limit, self._evaluator, self._item, explain)

    def _similarity(self, like: SimilarTerm, row: int) -> Explanation | None:
        """Why a paper is similar to that of a term: the words that they share."""
        own, vectors = self._evaluator.row(like.key), self._evaluator.vectors
        if own is None or vectors is None:
            return None
        words = vectors.shared(own, row)
        shared = enumerated(words, "and") if words else "only common words"
        return Explanation(", ".join(words), f"it shares {shared}")

    def _sorted(
        self,
        bits: int,
        query: Query,
        order: Callable[[str], Sequence[str]],
        options: EvalOptions,
    ) -> Iterable[int]:
        """The rows of a set in the order of a query."""
        like = self._similar_term(query)
        if like is not None:
            scores = self._evaluator.similar(like, options)
            return sorted(rows_of(bits), key=lambda row: -scores.get(row, 0.0))
        reading_list = self.single_list(query)
        places = order(reading_list) if reading_list else ()
        return self._sorter.rows(
            bits, self._sort(query), places, lambda: self._tiers(query, options)
        )

    def order_label(self, query: Query, results: ResultSet) -> str:
        """The name of the order of a query's results now: ``newest first``.

        Papers without a date come last, in the order of their page, and it says so. Where likely
        papers cannot be sorted, it says until when: ``newest first until 3 more are kept``.
        """
        sort = self.order_of(query)
        label = sort_label(sort) if sort else "most similar first"
        if query.sorts_by_likely and self.ranking.reasons is None:
            if lacks := self.ranking.lacks:
                return f"{label} until {lacks} more {'is' if lacks == 1 else 'are'} kept"
            return f"{label} until you refresh" if self.ranking.is_learned else label
        undated = results.bits & ~self._evaluator.having_value(Field.DATE)
        if not undated or sort is None or sort.by != Field.DATE:
            return label
        return "page order" if undated == results.bits else f"{label}, then page order"

    def order_of(self, query: Query) -> Sort | None:
        """The field that a query's results are sorted by first; ``None`` if by similarity."""
        if self._similar_term(query) is not None:
            return None
        return next(iter(self._sort(query)), Sort(Field.DATE))

    def _similar_term(self, query: Query) -> SimilarTerm | None:
        """The term that sorts results by similarity, if any."""
        terms = () if query.sort else query.terms
        return next((term for term in terms if isinstance(term, SimilarTerm)), None)

    def _sort(self, query: Query) -> tuple[Sort, ...]:
        """The sort keys of a query; empty for newest first.

        Until likely papers can be ordered, a query sorted by that is sorted as without it.
        """
        sort = query.sort
        if query.sorts_by_likely and self.ranking.reasons is None:
            sort = tuple(key for key in sort if key.by != Field.LIKELY)
        if sort:
            return sort
        if self.single_list(query):
            return (Sort(Field.LIST),)
        if next(explain.query_words(query.node), None) is not None:
            return (Sort(Field.RELEVANCE),)
        has_arrivals = query.asks_for_arrivals and len(self._evaluator.arrivals) > 1
        return (Sort(Field.IMPORT),) if has_arrivals else ()

    def _tiers(self, query: Query, options: EvalOptions) -> list[int]:
        titled = by_title(self._evaluator, query, options)
        if not self.corrections(query):
            return titled
        exact = options._replace(correct=False)
        within = self._evaluator.of(query.node, exact._replace(titles=True))
        return [within, *titled, self._evaluator.of(query.node, exact)]

    def single_list(self, query: Query) -> str | None:
        """See ``explain.single_list``."""
        return explain.single_list(self._evaluator.states.names(Field.LIST), query)

    def count(self, query: Query) -> int:
        """How many items match, ignoring the limit."""
        return self._evaluator.matching(query.node, DEFAULT_OPTIONS).bit_count()

    def counts(self, field: Field) -> dict[str, int]:
        """The number of papers by tag, list or status, sorted by name."""
        evaluator = self._evaluator
        present = evaluator.everything & ~evaluator.removed

        def bits(name: str) -> int:
            if field is Field.IS:
                return evaluator.flag(FlagTerm(field, name))
            return evaluator.states.named(field, name)

        counts = {
            name: (bits(name) & present).bit_count()
            for name in sorted(evaluator.states.names(field))
        }
        return {name: count for name, count in counts.items() if count}

    def import_counts(self) -> dict[str, tuple[int, int, int]]:
        """See ``Evaluator.import_counts``; by the id of an import. Cost: reads each row."""
        return self._evaluator.import_counts()

    def unread_counts(self, field: Field) -> dict[str, int]:
        """The number of unread papers by tag or list."""
        unread = self._evaluator.flag(FlagTerm(Field.IS, "unread"))
        states = self._evaluator.states
        return {
            name: (states.named(field, name) & unread).bit_count() for name in states.names(field)
        }

    def complete(self, text: str, cursor: int) -> "list[Completion]":
        """Completions at a cursor; see ``completion.complete``."""
        from tui.search.completion import complete  # here, as a start has none

        return complete(self._evaluator, text, cursor)

    # Explanations

    def notes(self, query: Query) -> list[str]:
        """See ``explain.notes``; also that there is no order of likely papers yet."""
        return [*map(explain.diagnostic_note, self.diagnostics(query)), *self.remarks(query)]

    def diagnostics(self, query: Query) -> list[Diagnostic]:
        """See ``explain.diagnostics``."""
        return explain.diagnostics(self._evaluator, query)

    def remarks(self, query: Query) -> list[str]:
        """See ``explain.remarks``; also that there is no order of likely papers yet."""
        remarks = explain.remarks(self._evaluator, query)
        if query.sorts_by_likely and (note := self.ranking.note):
            remarks.append(note)
        return remarks

    def drop_notes(self, query: Query) -> list[str]:
        """See ``explain.drop_notes``."""
        return explain.drop_notes(self._evaluator, query)

    def suggest_drops(self, query: Query) -> list[DropSuggestion]:
        """See ``explain.suggest_drops``."""
        return explain.suggest_drops(self._evaluator, query)

    def hint(self, query: Query, results: ResultSet) -> str:
        """The query that a user may want instead of one: corrected, or wider; else empty."""
        wider = self.meant(query) or results.wider
        return wider or ("" if results else explain.shorter(self._evaluator, query))

    def meant(self, query: Query) -> str:
        """The query with the first part that a message suggests in place of another; else empty.

        What it already asks for is not repeated.
        """
        each = next((each for each in self.diagnostics(query) if each.suggestion), None)
        if each is None:
            return ""
        before, after = query.text[: each.start], query.text[each.end :]
        today = self._evaluator.today()
        if parse(each.suggestion, today).node in parse(before + after, today).terms:
            return f"{before.rstrip()} {after.lstrip()}".strip()
        return f"{before}{each.suggestion}{after}"

    def corrections(self, query: Query) -> dict[str, tuple[str, ...]]:
        """See ``explain.corrections``."""
        return explain.corrections(self._evaluator, query)

    def matching(self, query: Query, results: ResultSet) -> tuple[str, ...]:
        """The folded prefixes of words to highlight in what ``find`` gave for a query."""
        return explain.highlighted(self._evaluator, query, forms=results.has_near)

    def unknown_symbols(self, query: Query) -> list[str]:
        """See ``explain.unknown_symbols``."""
        return explain.unknown_symbols(self._evaluator, query)

    def why(self, query: Query, key: str) -> list[Reason]:
        """See ``explain.why``.

        Raises:
            KeyError: If there is no such paper.
        """
        return explain.why(self._evaluator, query, self.row(key))

    def _with(self, cancelled: Callable[[], bool], selected: frozenset[str] | None) -> EvalOptions:
        options = DEFAULT_OPTIONS._replace(cancelled=cancelled)
        return options if selected is None else options._replace(selected=selected)

    def row(self, key: str) -> int:
        """The row of a paper.

        Raises:
            KeyError: If there is no such paper.
        """
        evaluator = self._evaluator
        rows = [row for row in evaluator.columns.rows(key) if evaluator.everything >> row & 1]
        if not rows:
            raise KeyError(key)
        return rows[-1]
