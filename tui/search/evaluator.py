"""From a part of a query to the set of papers that it means.

Everything a query can ask is answered here and nowhere else; what it means in words, in which
order papers come and what to do where nothing matches is built on top.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from math import log
from typing import Final, NamedTuple

from tui.model.state import PaperState
from tui.model.text import fold, words
from tui.query import (
    And,
    ExactTerm,
    Field,
    FlagTerm,
    Node,
    Not,
    Or,
    Pattern,
    RangeTerm,
    SimilarTerm,
    WordTerm,
)
from tui.search.bitset import bits_of, rows_of
from tui.search.cache_file import Array
from tui.search.columns import (
    HAS_ABSTRACT,
    HAS_AUTHORS,
    HAS_DATE,
    HAS_UPVOTES,
    HAS_URL,
    MISSING,
    Table,
)
from tui.search.postings import SEARCHED, Words, folded
from tui.search.state_index import StateIndex

HAS_FACT: Final = {
    "date": HAS_DATE,
    "upvotes": HAS_UPVOTES,
    "authors": HAS_AUTHORS,
    "abstract": HAS_ABSTRACT,
    "url": HAS_URL,
}
_LIKE_TERMS: Final = 25
"""Words by which likeness is judged: the rarest that say most about a paper."""
_LIKE_SHARE: Final = 0.12
"""Part of a paper's own weight that one like it must reach."""
_CHECK: Final = 256
"""Papers that are read between two looks at whether the answer is still wanted."""
_KEPT: Final = 100
"""Answers from the texts that are kept, as the next keystroke asks for most of them again."""


_IN_WORDS: Final = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789") | frozenset(range(128, 256))
"""Bytes of letters and digits in a folded text."""


class SearchCancelledError(Exception):
    """The question was withdrawn while it was answered."""


def never() -> bool:
    """The answer is wanted."""
    return False


class EvalOptions(NamedTuple):
    """How a part of a query is to be understood."""

    titles: bool = False
    """Whether words that may stand anywhere are looked for in titles only."""
    correct: bool = True
    """Whether a word that is nowhere finds its neighbours; not where it is negated."""
    cancelled: Callable[[], bool] = never
    """Whether nobody waits for the answer any more."""


class Evaluator:
    """Facts, words and decisions of all papers, as sets of rows."""

    def __init__(
        self,
        table: Table,
        decisions: Iterable[tuple[int, PaperState]],
        gone: Iterable[int],
    ) -> None:
        """Takes in the decisions; the words wait for ``prepare``.

        Args:
            table: A row a paper.
            decisions: What was decided, by row; what is not named is undecided.
            gone: Rows that are no papers any more.
        """
        self.table = table
        self.width = len(table)
        self.everything = ((1 << self.width) - 1) & ~bits_of(self.width, gone)
        self.words: Words | None = None
        self.decided = StateIndex(self.width, decisions)
        self.selected: frozenset[str] = frozenset()
        self._found: dict[object, int] = {}
        self._ranked: dict[str, tuple[Array, Array]] = {}

    def prepare(self) -> None:
        """Makes ready what else the first question of its kind waits for."""
        if self.words is not None:
            self.words.prepare()
        for name in ("published", "added", "upvotes", "authors"):
            self.ranked(name)
        for value in ("duplicate", "new"):
            self._is(value)

    def of(self, node: Node, scope: EvalOptions) -> int:
        """The set of papers that a part of a query means.

        Raises:
            SearchCancelledError: If the scope says that nobody waits any more.
        """
        if scope.cancelled():
            raise SearchCancelledError
        match node:
            case And():
                bits = self.everything
                for part in node.nodes:
                    bits &= self.of(part, scope)
                return bits
            case Or():
                bits = 0
                for part in node.nodes:
                    bits |= self.of(part, scope)
                return bits
            case Not():
                return self.everything & ~self.of(node.node, scope._replace(correct=False))
            case WordTerm():
                where = Field.TITLE if scope.titles and node.field is Field.ANY else node.field
                return self.everything & self._asked(node, where, scope)
            case FlagTerm():
                return self.everything & self.flag(node)
            case RangeTerm():
                return self.everything & self._between(node)
            case SimilarTerm():
                return (
                    bits_of(self.width, self.similar(node, scope))
                    if not (node.half and self.row(node.key) is None)
                    else self.everything
                )
            case ExactTerm():
                return self.everything & self._exactly(node, scope)
            case Pattern():
                return self.everything & self._pattern(node, scope)

    # Words

    def _asked(self, node: WordTerm, where: Field, scope: EvalOptions) -> int:
        if node.phrase:
            return self._phrase(node.words, where, node.half, scope)
        if len(node.words) == 1:
            if self.with_prefix(node.field, node.words[0]):
                return self.with_prefix(where, node.words[0])
        else:
            # "fine-tuning" is one word in "finetuning", and may be two.
            found = self._compound(node.words, where, scope)
            if found or (where is not node.field and self._compound(node.words, node.field, scope)):
                return found
        bits = 0
        for near in self.near(node) if scope.correct else ():
            bits |= self._having(where, near)
        return bits

    def _compound(self, parts: tuple[str, ...], where: Field, scope: EvalOptions) -> int:
        joined = self.with_prefix(where, "".join(parts))
        return joined | self._phrase(parts, where, True, scope, known=joined)

    def is_known(self, node: WordTerm) -> bool:
        """Whether a word, or a compound, stands anywhere in its field."""
        if len(node.words) == 1:
            return bool(self.with_prefix(node.field, node.words[0]))
        return bool(self._compound(node.words, node.field, EvalOptions()))

    def near(self, node: WordTerm) -> list[str]:
        """The words that were probably meant by one that is nowhere in its field."""
        return self.words.near(node.field, "".join(node.words)) if self.words else []

    def with_prefix(self, field: Field, prefix: str) -> int:
        """The papers with a word that begins so, in a field or in what the reader wrote."""
        bits = self.decided.noted(field, lambda word: word.startswith(prefix))
        if self.words is not None:
            return bits | self.words.with_prefix(field, prefix)
        return bits | self._in_titles(field, prefix, whole=False)

    def _having(self, field: Field, word: str) -> int:
        bits = self.decided.noted(field, word.__eq__)
        if self.words is not None:
            return bits | self.words.having(field, word)
        return bits | self._in_titles(field, word, whole=True)

    def _in_titles(self, field: Field, word: str, *, whole: bool) -> int:
        """What titles alone tell, until the words are ready."""
        if field not in (Field.ANY, Field.TITLE):
            return 0
        titles = self.table.titles
        found: set[int] = set()
        for match in re.finditer(re.escape(word.encode()), titles.blob):
            start, end = match.span()
            begins = start == 0 or titles.blob[start - 1] not in _IN_WORDS
            if begins and not (whole and titles.blob[end] in _IN_WORDS):
                found.add(titles.row_at(start))
        return bits_of(self.width, found)

    # Texts

    def _phrase(
        self, parts: tuple[str, ...], where: Field, half: bool, scope: EvalOptions, known: int = 0
    ) -> int:
        """Words one behind the other: papers with all of them are read, but for known ones."""

        def candidates(field: Field) -> int:
            bits = self.everything & ~known
            for part in parts[:-1]:
                bits &= self._having(field, part)
            last = self.with_prefix if half else self._having
            return bits & last(field, parts[-1])

        return self._reading(
            ("phrase", parts, half), _phrase(parts, half), where, candidates, scope
        )

    def _pattern(self, node: Pattern, scope: EvalOptions) -> int:
        pieces = _literals(node.source)

        def candidates(field: Field) -> int:
            bits = self.everything
            if self.words is not None and field in SEARCHED:
                for piece in pieces:
                    bits &= self.words.containing(field, piece)
            return bits

        search = re.compile(node.regex).search

        def fits(text: bytes) -> object:
            return search(str(text, "utf-8"))

        return self._reading(node.regex, fits, node.field, candidates, scope)

    def _reading(
        self,
        asked: object,
        fits: Callable[[bytes], object],
        where: Field,
        candidates: Callable[[Field], int],
        scope: EvalOptions,
    ) -> int:
        """The papers with a text that fits, of those that can have one; the answer is kept."""
        kept = (asked, where)
        bits = self._found.get(kept) if self.words is not None else None
        if bits is None:
            bits = 0
            for field in SEARCHED if where is Field.ANY else (where,):
                if field in SEARCHED and (self.words is not None or field is Field.TITLE):
                    found = self._filtered(candidates(field), field, fits, scope)
                    bits |= bits_of(self.width, found)
            if self.words is not None:
                self._keep(kept, bits)
        if where in (Field.ANY, Field.NOTE):
            noted = [
                row
                for row in rows_of(self.decided.named(Field.HAS, "note"))
                if fits(folded(self.decided.decisions[row].note or "").encode())
            ]
            bits |= bits_of(self.width, noted)
        return bits

    def _filtered(
        self, bits: int, field: Field, fits: Callable[[bytes], object], scope: EvalOptions
    ) -> Iterator[int]:
        is_several = field is Field.AUTHOR
        for number, row in enumerate(rows_of(bits)):
            if number % _CHECK == 0 and scope.cancelled():
                raise SearchCancelledError
            text = self.text(field, row)
            if any(map(fits, text.split(b"\t"))) if is_several else fits(text):
                yield row

    def text(self, field: Field, row: int) -> bytes:
        """The folded text of a field of a paper, as far as it is known yet."""
        if field is Field.TITLE:
            return self.table.titles[row]
        return self.words.text(field, row) if self.words is not None else b""

    def _keep(self, asked: object, bits: int) -> None:
        if len(self._found) >= _KEPT:
            self._found.clear()
        self._found[asked] = bits

    def _exactly(self, node: ExactTerm, scope: EvalOptions) -> int:
        fits = glob(node.pattern)
        if node.field in (Field.ID, Field.SOURCE):
            column = self.table.keys if node.field is Field.ID else self.table.files
            piece = max(node.pattern.split("*"), key=len)
            rows = range(self.width)
            if piece:  # all at once, in C, for what most of a hundred thousand lack
                seen = re.finditer(re.escape(piece.encode(errors="replace")), column.blob)
                rows = sorted({column.row_at(match.start()) for match in seen})  # type: ignore[assignment]
            return bits_of(
                self.width, (r for r in rows if any(map(fits, column[r].decode().split("\t"))))
            )
        if node.field is Field.NOTE:
            noted = rows_of(self.decided.named(Field.HAS, "note"))
            return bits_of(
                self.width, (r for r in noted if fits(fold(self.decided.decisions[r].note or "")))
            )
        bits = self._found.get(node)
        if bits is None or self.words is None:
            bits = self.everything
            if self.words is not None:
                for piece in node.pattern.split("*"):
                    for word in words(piece):
                        bits &= self.words.containing(node.field, word)
            found = self._filtered(bits, node.field, lambda text: fits(str(text, "utf-8")), scope)
            bits = bits_of(self.width, found)
            if self.words is not None:
                self._keep(node, bits)
        return bits

    # Likeness

    def row(self, beginning: str) -> int | None:
        """The row of the one key that is so or begins so."""
        rows = [r for r in self.table.rows(beginning) if self.everything >> r & 1]
        if not rows:
            bits = (
                self._exactly(ExactTerm(Field.ID, beginning + "*"), EvalOptions()) & self.everything
            )
            rows = list(rows_of(bits)) if bits.bit_count() == 1 else []
        return rows[-1] if rows else None

    def similar(self, node: SimilarTerm, scope: EvalOptions) -> dict[int, float]:
        """Papers like one by the rare words they share, with their likeness; itself left out."""
        row = self.row(node.key)
        known = self.words
        if row is None or known is None:
            return {}
        own: Counter[str] = Counter()
        for field, weight in ((Field.TITLE, 2), (Field.ABSTRACT, 1)):
            for word in words(str(self.text(field, row), "utf-8")):
                if len(word) > 2 and not word.isdigit():
                    own[word] += weight
        total = max(len(self), 2)
        weights: dict[str, float] = {}
        for word, weight in own.items():
            count = known.frequency(word)
            if 1 < count <= max(total // 8, 2):
                weights[word] = log(1 + weight) * log(total / count)
        telling = sorted(weights, key=lambda word: (-weights[word], word))[:_LIKE_TERMS]
        scores: defaultdict[int, float] = defaultdict(float)
        for word in telling:
            if scope.cancelled():
                raise SearchCancelledError
            gain = weights[word] ** 2
            for other in known.rows(word):
                scores[other] += gain
        least = _LIKE_SHARE * sum(weights[word] ** 2 for word in telling)
        return {
            other: score
            for other, score in scores.items()
            if score >= least and other != row and self.everything >> other & 1
        }

    def __len__(self) -> int:
        return self.everything.bit_count()

    # Claims and numbers

    def flag(self, node: FlagTerm) -> int:
        """The papers of a claim, a tag or a list; those that are gone may be among them."""
        if node.field is Field.IS:
            return self._is(node.value)
        if node.field is Field.HAS:
            return self._has(node.value)
        if node.value == "none":
            return self.everything & ~self.decided.named(Field.HAS, str(node.field))
        bits = 0
        for name in self.matching_names(node):
            bits |= self.decided.named(node.field, name)
        return bits

    def matching_names(self, node: FlagTerm) -> list[str]:
        """The tags or lists that a term names; a tag stands for those below it, too."""
        fits = glob(node.value)
        is_tag = node.field is Field.TAG
        return [
            name
            for name in self.decided.names(node.field)
            if fits(fold(name)) or (is_tag and fold(name).startswith(node.value + "/"))
        ]

    def _newest(self) -> Iterator[int]:
        """What came with the last import."""
        added = self.table.added
        latest = max(added, default=MISSING)
        return (row for row, day in enumerate(added) if day == latest != MISSING)

    def _is(self, value: str) -> int:
        if value == "snoozed":
            return self.decided.asleep()
        if value == "decided":
            return self.decided.any()
        if value == "unread":
            return self.everything & ~self.decided.any() & ~self.decided.asleep()
        if value == "duplicate":
            return self._once(value, lambda: (r for r, n in enumerate(self.table.seen) if n > 1))
        if value == "new":
            return self._once(value, self._newest)
        if value == "selected":
            rows = (row for key in self.selected for row in self.table.rows(key))
            return bits_of(self.width, rows)
        return self.decided.named(Field.IS, value)

    def _has(self, value: str) -> int:
        flag = HAS_FACT.get(value)
        if flag is None:
            return self.decided.named(Field.HAS, value)
        table = bytes(49 if number & flag else 48 for number in range(256))
        flags = bytes(self.table.has)[::-1].translate(table)
        return int(flags, 2) if flags else 0

    def _once(self, asked: object, rows: Callable[[], Iterable[int]]) -> int:
        """A set that no decision changes."""
        bits = self._found.get(asked)
        if bits is None:
            bits = bits_of(self.width, rows())
            self._keep(asked, bits)
        return bits

    def _between(self, node: RangeTerm) -> int:
        low = node.low if node.low is not None else 0
        high = node.high if node.high is not None else 10**9
        if node.field in (Field.CHANGED, Field.READ):
            return bits_of(self.width, self.decided.changed(node.field, low, high))
        name = {
            Field.DATE: "published",
            Field.YEAR: "published",
            Field.ADDED: "added",
            Field.UPVOTES: "upvotes",
            Field.AUTHORS: "authors",
        }[node.field]
        if node.field is Field.YEAR:
            low = date(min(max(low, 1), 9999), 1, 1).toordinal() if low <= 9999 else 10**9
            high = date(min(high, 9999), 12, 31).toordinal() if high >= 1 else 0
        values, rows = self.ranked(name)
        first, last = bisect_left(values, max(low, 0)), bisect_right(values, high)
        return self._once(node, lambda: rows[first:last])

    def ranked(self, name: str) -> tuple[Array, Array]:
        """The values of a column, rising, and the rows they belong to. Cost: one sort."""
        if name not in self._ranked:
            column = getattr(self.table, name)
            rows = array("I", sorted(range(self.width), key=column.__getitem__))
            self._ranked[name] = array("i", map(column.__getitem__, rows)), rows
        return self._ranked[name]


def _phrase(parts: tuple[str, ...], half: bool) -> Callable[[bytes], bool]:
    """Whether words stand one behind the other in a folded text.

    Nearly all texts are ASCII, and there bytes tell the same and ten times as soon.
    """
    spaced = b"[^a-z0-9]+".join(re.escape(part.encode()) for part in parts)
    between = r"[\W_]+".join(map(re.escape, parts))
    end = "" if half else r"(?![^\W_])"
    plain = re.compile(spaced)
    exact = re.compile(rf"(?<![^\W_]){between}{end}")

    def fits(text: bytes) -> bool:
        if not text.isascii():
            return exact.search(str(text, "utf-8")) is not None
        for match in plain.finditer(text):
            start, stop = match.span()
            begins = start == 0 or text[start - 1] not in _IN_WORDS
            if begins and (half or stop == len(text) or text[stop] not in _IN_WORDS):
                return True
        return False

    return fits


def _literals(source: str) -> list[str]:
    """Runs of letters that whatever a pattern matches must have, each within one word."""
    if re.search(r"[|()\[]", source):
        return []
    plain = re.sub(r"\\.", " ", source)
    plain = re.sub(r"\S([*?]|\{0)", " ", plain)
    return [run for run in words(plain.replace("{", " {")) if len(run) > 2 and run.isascii()]


def glob(pattern: str) -> Callable[[str], bool]:
    """Whether a whole text fits a pattern in which ``*`` stands for anything. Cost: linear."""
    first, *rest = pattern.split("*")

    def fits(text: str) -> bool:
        if not rest:
            return text == first
        *middle, last = rest
        if not text.startswith(first) or len(text) < len(first) + len(last):
            return False
        place = len(first)
        for part in middle:  # the earliest place of each leaves most for the next
            place = text.find(part, place)
            if place < 0:
                return False
            place += len(part)
        return text.endswith(last) and place <= len(text) - len(last)

    return fits
