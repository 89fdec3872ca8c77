"""Evaluates a query to the set of papers that match.

Sorting, explanations and suggestions are built on top.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain, compress
from math import log
from typing import TYPE_CHECKING, Final, NamedTuple

from tui.errors import UsageError
from tui.model.fields import HAS, Field, Kind
from tui.model.state import PaperState
from tui.model.text import fold, normalize, plural, search_words, words
from tui.query import (
    And,
    ExactTerm,
    FlagTerm,
    Node,
    Not,
    Or,
    RangeTerm,
    RegexTerm,
    SimilarTerm,
    WordTerm,
    asks_for,
    has_pattern,
)
from tui.query.regex import Budget, Regex, TooMuchWorkError
from tui.search.bitset import bits_of, rows_of
from tui.search.cache_file import Array, Numbers
from tui.search.columns import MISSING, Columns
from tui.search.matching import IN_WORDS, glob, literals, phrase_matcher
from tui.search.postings import MIN_PART, SEARCHED, WordIndex, folded
from tui.search.state_index import REMOVED, StateIndex

if TYPE_CHECKING:
    from tui.search.lookalikes import Lookalikes

_LIKE_TERMS: Final = 25
"""The most significant words by which similarity is measured."""
_LIKE_SHARE: Final = 0.12
"""The share of a paper's own weight that a similar paper must reach."""
NO_ALIASES: Final[Mapping[str, str]] = {}
_CHECK: Final = 256
"""Papers that are read between two checks for cancellation."""
_MAX_CACHED: Final = 100
"""Cached results of text searches; the next keystroke needs most of them again."""


SPACELESS: Final = frozenset(
    map(chr, chain(range(0x3040, 0x3100), range(0x3400, 0xA000), range(0xF900, 0xFB00)))
)
"""Letters of Chinese and Japanese, which have no spaces between words."""


Pair = tuple[str, str]
"""Two keys."""


class SearchCancelledError(Exception):
    """The search was cancelled."""


def not_cancelled() -> bool:
    """Never cancels."""
    return False


class EvalOptions(NamedTuple):
    """How to evaluate a query."""

    titles: bool = False
    """Whether words without a field are searched in titles only."""
    correct: bool = True
    """Whether a word without matches is corrected; not if it is negated."""
    cancelled: Callable[[], bool] = not_cancelled
    """Whether to cancel."""
    selected: frozenset[str] = frozenset()
    """The keys for ``is:selected``."""
    parts: bool = False
    """Whether words also match within words."""
    budget: Budget | None = None
    """What patterns may spend; ``None`` for a budget of their own."""


DEFAULT_OPTIONS: Final = EvalOptions()


class Evaluator:
    """Facts, words and states of all papers, as sets of rows."""

    def __init__(
        self,
        columns: Columns,
        states: Iterable[tuple[int, PaperState]],
        gone: Iterable[int],
        today: Callable[[], date] = date.today,
        aliases: Mapping[str, str] = NO_ALIASES,
        kept_apart: Callable[[], Collection[Pair]] = tuple,
    ) -> None:
        """Indexes the states; words and lookalikes are set later.

        Args:
            columns: A row per paper.
            states: By row; other rows are in the default state.
            gone: Deleted rows.
            today: The clock.
            aliases: Keys that stand for another paper, and its key.
            kept_apart: The pairs of keys, each sorted, that the user said are two papers.
        """
        self.columns = columns
        self.width = len(columns)
        self.everything = ((1 << self.width) - 1) & ~bits_of(self.width, gone)
        self.today = today
        self.words: WordIndex | None = None
        """``None`` until loaded; until then, only titles are searched."""
        self.lookalikes: Lookalikes | None = None
        """``None`` until loaded; until then, nothing looks alike."""
        self._aliases = aliases
        self._kept_apart = kept_apart
        self.states = StateIndex(self.width, states, today)
        self._cached: dict[object, int] = {}
        self._read: dict[object, tuple[int, int]] = {}
        """By question, the papers whose texts were read for it, and those of them that match."""
        self._ranked: dict[str, tuple[Array, Array]] = {}

    def precompute(self) -> None:
        """Computes in advance what the first query of a kind would wait for."""
        if self.words is not None:
            self.words.precompute()
        for field in Field:
            if (column := self.columns.numbers(field)) is not None:
                self._ranking(field, column)
        for value in ("duplicate", "new"):
            self._is(value, DEFAULT_OPTIONS)
        for field in HAS.values():
            self.having_value(field)

    def matching(self, node: Node, options: EvalOptions = DEFAULT_OPTIONS) -> int:
        """The set of papers that a query finds; removed ones only if it asks for them.

        Raises:
            SearchCancelledError: If it was cancelled.
            UsageError: If its patterns take too much work.
        """
        bits = self.of(node, options._replace(budget=options.budget or Budget()))
        return bits if asks_for(REMOVED, node) else bits & ~self.removed

    @property
    def removed(self) -> int:
        """The papers that the user removed."""
        return self.states.named(Field.IS, REMOVED)

    def of(self, node: Node, options: EvalOptions, within: int | None = None) -> int:
        """The set of papers that match, removed ones included.

        Args:
            node: The query.
            options: How to evaluate it.
            within: The papers that matter, as other terms match no others; ``None`` for all.

        Raises:
            SearchCancelledError: If it was cancelled.
            UsageError: If its patterns take too much work.
        """
        if options.cancelled():
            raise SearchCancelledError
        bits = self.everything if within is None else within
        match node:
            case And():  # patterns last, as they read what is left
                for part in sorted(node.nodes, key=has_pattern):
                    bits = self.of(part, options, bits)
                return bits
            case Or():
                either = 0
                for part in node.nodes:
                    either |= self.of(part, options, bits & ~either)
                return either
            case Not():
                return bits & ~self.of(node.node, options._replace(correct=False), bits)
            case WordTerm():
                where = Field.TITLE if options.titles and node.field is Field.ANY else node.field
                return bits & self._words(node, where, options)
            case FlagTerm():
                return bits & self.flag(node, options)
            case RangeTerm():
                return bits & self._between(node)
            case SimilarTerm():
                if node.half and self.row(node.key) is None:
                    return bits
                return bits & bits_of(self.width, self.similar(node, options))
            case ExactTerm():
                return bits & self._exactly(node, options)
            case RegexTerm():
                return bits & self._regex(node, options, bits)

    # Words

    def _words(self, node: WordTerm, where: Field, options: EvalOptions) -> int:
        if node.phrase:
            return self._phrase(node.words, where, node.half, options)
        if len(node.words) == 1:
            (word,) = node.words
            if self.with_prefix(node.field, word):
                bits = self.with_prefix(where, word)
                return bits | self.with_part(where, word) if options.parts else bits
        else:
            # "fine-tuning" may be written as one word, "finetuning", or as two.
            bits = self._compound(node.words, where, options)
            if bits or (
                where is not node.field and self._compound(node.words, node.field, options)
            ):
                return bits
        bits = 0
        for near in self.nearest_words(node) if options.correct else ():
            bits |= self._having(where, near)
        return bits

    def _compound(self, parts: tuple[str, ...], where: Field, options: EvalOptions) -> int:
        joined = self.with_prefix(where, "".join(parts))
        return joined | self._phrase(parts, where, True, options, known=joined)

    def is_known(self, node: WordTerm) -> bool:
        """Whether a word or compound occurs in its field."""
        if len(node.words) == 1:
            return bool(self.with_prefix(node.field, node.words[0]))
        return bool(self._compound(node.words, node.field, EvalOptions()))

    def nearest_words(self, node: WordTerm) -> list[str]:
        """The corrections of a word that does not occur in its field."""
        return self.words.nearest_words(node.field, "".join(node.words)) if self.words else []

    def with_prefix(self, field: Field, prefix: str) -> int:
        """The papers with a word with a prefix, in a field or in the user's notes and tags.

        In scripts without spaces between words, a prefix of any part of a run.
        """
        if not SPACELESS.isdisjoint(prefix):
            return self.with_part(field, prefix)
        bits = self.states.with_word(field, lambda word: word.startswith(prefix))
        if self.words is not None:
            return bits | self.words.with_prefix(field, prefix)
        return bits | self._in_titles(field, prefix, whole=False)

    def with_part(self, field: Field, part: str) -> int:
        """The papers with a word that contains letters; only that very word if they are few."""
        if len(part) < MIN_PART and SPACELESS.isdisjoint(part):
            return self._having(field, part)
        bits = self.states.with_word(field, lambda word: part in word)
        if self.words is not None:
            return bits | self.words.with_part(field, part)
        return bits | self._in_titles(field, part, whole=False, anywhere=True)

    def _having(self, field: Field, word: str) -> int:
        bits = self.states.with_word(field, word.__eq__)
        if self.words is not None:
            return bits | self.words.having(field, word)
        return bits | self._in_titles(field, word, whole=True)

    def _in_titles(self, field: Field, word: str, *, whole: bool, anywhere: bool = False) -> int:
        """The papers with a word in their title, until the words are loaded."""
        if field not in (Field.ANY, Field.TITLE):
            return 0
        titles = self.columns.titles
        rows: set[int] = set()
        for match in re.finditer(re.escape(word.encode()), titles.blob):
            start, end = match.span()
            begins = anywhere or start == 0 or titles.blob[start - 1] not in IN_WORDS
            if (begins or not word[0].isalnum()) and not (whole and titles.blob[end] in IN_WORDS):
                rows.add(titles.row_at(start))
        return bits_of(self.width, rows)

    # Texts

    def _phrase(
        self, parts: tuple[str, ...], where: Field, half: bool, options: EvalOptions, known: int = 0
    ) -> int:
        """The papers with consecutive words: reads those with all words, except known ones."""

        def candidates(field: Field) -> int:
            bits = self.everything & ~known
            for part in parts[:-1]:
                bits &= self._having(field, part)
            last = self.with_prefix if half else self._having
            return bits & last(field, parts[-1])

        return self._reading(
            ("phrase", parts, half), phrase_matcher(parts, half), where, candidates, options
        )

    def _regex(self, node: RegexTerm, options: EvalOptions, within: int) -> int:
        pieces = literals(node.source)

        def candidates(field: Field) -> int:
            bits = within
            if self.words is not None and field in SEARCHED:
                for piece in pieces:
                    bits &= self.words.containing(field, piece)
            return bits

        search = Regex(node.source, options.budget).search

        def fits(text: bytes) -> bool:
            return search(str(text, "utf-8"))

        try:
            return self._reading(node, fits, node.field, candidates, options)
        except TooMuchWorkError:
            papers = plural(within.bit_count(), "paper")
            raise UsageError(
                f"/{normalize(node.source, 40)}/ takes too long on {papers}",
                "Add a word, a tag or a date to have fewer, or make it simpler.",
            ) from None

    def _reading(
        self,
        question: object,
        fits: Callable[[bytes], object],
        where: Field,
        candidates: Callable[[Field], int],
        options: EvalOptions,
    ) -> int:
        """The papers with a matching text, among the candidates at least. Cached."""
        bits = 0
        for field in SEARCHED if where is Field.ANY else (where,):
            if field in SEARCHED and (self.words is not None or field is Field.TITLE):
                cache_key = question, field
                read, matches = self._read.get(cache_key, (0, 0))
                new = candidates(field) & ~read
                if new:
                    rows = self._filtered(new, field, fits, options)
                    matches |= bits_of(self.width, rows)
                    if len(self._read) >= _MAX_CACHED:
                        self._read.clear()
                    self._read[cache_key] = read | new, matches
                bits |= matches
        if where in (Field.ANY, Field.NOTE):
            noted = [
                row
                for row in rows_of(self.states.named(Field.HAS, "note"))
                if fits(folded(self.states.states[row].note or "").encode())
            ]
            bits |= bits_of(self.width, noted)
        return bits

    def _filtered(
        self, bits: int, field: Field, fits: Callable[[bytes], object], options: EvalOptions
    ) -> Iterator[int]:
        is_several = field is Field.AUTHOR
        for number, row in enumerate(rows_of(bits)):
            if number % _CHECK == 0 and options.cancelled():
                raise SearchCancelledError
            text = self.text(field, row)
            if any(map(fits, text.split(b"\t"))) if is_several else fits(text):
                yield row

    def text(self, field: Field, row: int) -> bytes:
        """The folded text of a field of a paper; empty until loaded."""
        if field is Field.TITLE:
            return self.columns.titles[row]
        return self.words.text(field, row) if self.words is not None else b""

    def _keep(self, question: object, bits: int) -> None:
        if len(self._cached) >= _MAX_CACHED:
            self._cached.clear()
        self._cached[question] = bits

    def _exactly(self, node: ExactTerm, options: EvalOptions) -> int:
        fits = glob(node.pattern)
        column = self.columns.texts(node.field) if node.field.kind is Kind.EXACT else None
        if column is not None:
            piece = max(node.pattern.split("*"), key=len)
            rows: Iterable[int] = range(self.width)
            if piece:  # search the whole column at once, in C
                matches = re.finditer(re.escape(piece.encode(errors="replace")), column.blob)
                rows = sorted({column.row_at(match.start()) for match in matches})
            fitting = [r for r in rows if any(map(fits, column[r].decode().split("\t")))]
            if node.field is Field.ID:
                keys = (key for alias, key in self._aliases.items() if fits(alias))
                fitting += (row for row in map(self._own_row, keys) if row is not None)
            return bits_of(self.width, fitting)
        if node.field is Field.NOTE:
            noted = rows_of(self.states.named(Field.HAS, "note"))
            return bits_of(
                self.width, (r for r in noted if fits(fold(self.states.states[r].note or "")))
            )
        bits = self._cached.get(node)
        if bits is None or self.words is None:
            bits = self.everything
            if self.words is not None:
                for piece in node.pattern.split("*"):
                    for word in words(piece):
                        bits &= self.words.containing(node.field, word)
            having = self._filtered(
                bits, node.field, lambda text: fits(str(text, "utf-8")), options
            )
            bits = bits_of(self.width, having)
            if self.words is not None:
                self._keep(node, bits)
        return bits

    # Similar papers

    def row(self, prefix: str) -> int | None:
        """The row of a key, or of the only key with a prefix."""
        row = self._own_row(self._aliases.get(prefix, prefix))
        if row is None:
            bits = self._exactly(ExactTerm(Field.ID, prefix + "*"), EvalOptions()) & self.everything
            row = next(rows_of(bits)) if bits.bit_count() == 1 else None
        return row

    def _own_row(self, key: str) -> int | None:
        """The row of a key that is not an alias; ``None`` if there is no such paper."""
        rows = (row for row in self.columns.rows(key) if self.everything >> row & 1)
        return next(rows, None)

    def alike(self, row: int) -> list[int]:
        """The papers that may be the same as one, without those that the user keeps apart."""
        others = self.lookalikes.of(row) if self.lookalikes is not None else ()
        present = [other for other in others if self.everything >> other & 1]
        if not present or not self.everything >> row & 1:
            return []
        key, kept_apart = self.columns.key, self._kept_apart()
        return [o for o in present if tuple(sorted((key(row), key(o)))) not in kept_apart]

    def similar(self, node: SimilarTerm, options: EvalOptions) -> dict[int, float]:
        """The papers that share rare words with one, with their scores; without itself."""
        row = self.row(node.key)
        index = self.words
        if row is None or index is None:
            return {}
        own: Counter[str] = Counter()
        for field, weight in ((Field.TITLE, 2), (Field.ABSTRACT, 1)):
            for word in search_words(str(self.text(field, row), "utf-8")):
                if len(word) > 2 and not word.isdigit():
                    own[word] += weight
        total = max(len(self), 2)
        weights: dict[str, float] = {}
        for word, weight in own.items():
            count = index.frequency(word)
            if 1 < count <= max(total // 8, 2):
                weights[word] = log(1 + weight) * log(total / count)
        significant = sorted(weights, key=lambda word: (-weights[word], word))[:_LIKE_TERMS]
        scores: defaultdict[int, float] = defaultdict(float)
        for word in significant:
            if options.cancelled():
                raise SearchCancelledError
            gain = weights[word] ** 2
            for other in index.rows(word):
                scores[other] += gain
        least = _LIKE_SHARE * sum(weights[word] ** 2 for word in significant)
        return {
            other: score
            for other, score in scores.items()
            if score >= least and other != row and self.everything >> other & 1
        }

    def __len__(self) -> int:
        return (self.everything & ~self.removed).bit_count()

    # Flags and ranges

    def flag(self, node: FlagTerm, options: EvalOptions = DEFAULT_OPTIONS) -> int:
        """The papers with a flag, a tag or a list; may include deleted rows."""
        if node.field is Field.IS:
            return self._is(node.value, options)
        if node.field is Field.HAS:
            return self.having_value(HAS[node.value])
        if node.value == "none":
            return self.everything & ~self.states.named(Field.HAS, node.field.row.has)
        bits = 0
        for name in self.matching_names(node):
            bits |= self.states.named(node.field, name)
        return bits

    def matching_names(self, node: FlagTerm) -> list[str]:
        """The tags or lists that a term matches, including nested tags."""
        fits = glob(node.value)
        is_tag = node.field is Field.TAG
        return [
            name
            for name in self.states.names(node.field)
            if fits(fold(name)) or (is_tag and fold(name).startswith(node.value + "/"))
        ]

    def _newest(self) -> Iterator[int]:
        """The rows that the last import with new papers brought."""
        imports = self.columns.texts(Field.IMPORT)
        first = [ids.partition(b"\t")[0] for ids in imports or ()]
        if any(first):
            latest_id = max(first)
            return (row for row, id in enumerate(first) if id == latest_id)
        # A library of an older schema, opened for reading only, has days alone.
        added = self.columns.presence(Field.ADDED)
        latest = max(added, default=MISSING)
        return (row for row, day in enumerate(added) if day == latest != MISSING)

    def import_counts(self) -> dict[str, tuple[int, int]]:
        """The numbers of papers and of undecided papers by the id of their import."""
        present = self.everything & ~self.removed
        undecided = self.flag(FlagTerm(Field.IS, "inbox"))
        column = self.columns.texts(Field.IMPORT) or ()
        papers: Counter[str] = Counter()
        open_papers: Counter[str] = Counter()
        for counter, bits in ((papers, present), (open_papers, undecided)):
            for row in rows_of(bits):
                counter.update(column[row].decode().split("\t"))
        return {id: (count, open_papers[id]) for id, count in papers.items()}

    def _is(self, value: str, options: EvalOptions) -> int:
        match value:
            case "snoozed":
                return self.states.snoozed()
            case "unread" | "inbox" | "decided" | "kept":
                return self._triaged(value)
            case "updated":
                return self.having_value(Field.UPDATED)
            case "duplicate":
                seen = self.columns.seen
                return self._once(value, lambda: (row for row, n in enumerate(seen) if n > 1))
            case "lookalike":
                rows = self.lookalikes.rows if self.lookalikes is not None else ()
                return bits_of(self.width, filter(self.alike, rows))
            case "new":
                return self._once(value, self._newest)
            case "selected":
                selected = (row for key in options.selected for row in self.columns.rows(key))
                return bits_of(self.width, selected)
        return self.states.named(Field.IS, value)

    def _triaged(self, value: str) -> int:
        """The papers where triage has put them: whatever is not in the inbox is decided."""
        hidden = self.states.snoozed() | self.removed
        unread = self.everything & ~hidden & ~self.states.marked()
        inbox = unread & ~self.states.chosen()
        match value:
            case "inbox":
                return inbox
            case "decided":
                return self.everything & ~inbox & ~self.removed
            case "kept":
                reading = self.states.named(Field.IS, "reading")
                return (unread | (reading & ~hidden)) & self.states.chosen()
        return unread

    def having_value(self, field: Field) -> int:
        """The papers that have a field; may include deleted rows."""
        if field.is_state:
            return self.states.named(Field.HAS, field.row.has)
        column = self.columns.presence(field)
        return self._once(
            ("has", field), lambda: compress(range(self.width), map(MISSING.__ne__, column))
        )

    def _once(self, question: object, rows: Callable[[], Iterable[int]]) -> int:
        """A set that does not depend on states. Cached."""
        bits = self._cached.get(question)
        if bits is None:
            bits = bits_of(self.width, rows())
            self._keep(question, bits)
        return bits

    def _between(self, node: RangeTerm) -> int:
        low = node.low if node.low is not None else 0
        high = node.high if node.high is not None else 10**9
        if node.field.kind is Kind.YEAR:
            low = date(min(max(low, 1), 9999), 1, 1).toordinal() if low <= 9999 else 10**9
            high = date(min(high, 9999), 12, 31).toordinal() if high >= 1 else 0
        low = max(low, 0)
        column = self.columns.numbers(node.field)
        if column is None:
            return bits_of(self.width, self.states.between(node.field, low, high))
        values, rows = self._ranking(node.field, column)
        return self._once(node, lambda: rows[bisect_left(values, low) : bisect_right(values, high)])

    def _ranking(self, field: Field, column: Numbers) -> tuple[Array, Array]:
        """The values of a column in ascending order, and their rows. Cost: one sort; cached."""
        path = field.row.path
        if path not in self._ranked:
            rows = array("I", sorted(range(self.width), key=column.__getitem__))
            self._ranked[path] = array("i", map(column.__getitem__, rows)), rows
        return self._ranked[path]

    def ends(self, field: Field) -> tuple[int, int] | None:
        """The smallest and the largest value of a field; ``None`` if no paper has one."""
        column = self.columns.numbers(field)
        values = self._ranking(field, column)[0] if column is not None else ()
        if not values or values[-1] == MISSING:
            return None
        return values[bisect_right(values, MISSING)], values[-1]
