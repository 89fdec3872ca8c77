"""Rows that match a query.

Papers are numbered newest first, a set of papers is a Python integer with one bit a paper, and a
term of a query is such a set: so AND, OR and NOT are arithmetic, and a status, a tag or a range of
dates is the same kind of thing as a word. It knows nothing of files or screens.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tui.index.bits import Postings, bits_of, gather, rows_of
from tui.index.entries import (
    HAS_FACT,
    NUMBERS,
    claims,
    glob,
    noted_words,
    sort_entries,
    texts,
    title_rank,
)
from tui.query import (
    And,
    Between,
    Exactly,
    Field,
    Flag,
    Node,
    Not,
    Or,
    Query,
    Sort,
    Words,
)
from tui.text import fold
from tui.triage import Entry

MIN_CORRECTED: Final = 4
"""Letters from which on a word that matches nothing is corrected; shorter ones mean too much."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A term to drop from a query that matches nothing, and what that would give."""

    term: str
    count: int


class Index:
    """All entries of a library, ready to be asked."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Numbers the entries newest first. Cost: linear; the words wait for the first question."""
        self._entries = sorted(entries, key=title_rank)
        self._entries.sort(key=lambda entry: entry.paper.age_rank, reverse=True)
        self._row = {entry.key: row for row, entry in enumerate(self._entries)}
        self._everything = (1 << len(self._entries)) - 1
        self._words: dict[Field, Postings] | None = None
        decisions = [entry.decision for entry in self._entries]
        self._claims: dict[tuple[Field, str], int] = defaultdict(
            int, gather(enumerate(map(claims, decisions)), len(decisions))
        )
        self._noted: dict[tuple[Field, str], int] = defaultdict(
            int, gather(enumerate(map(noted_words, decisions)), len(decisions))
        )
        for value, has in HAS_FACT.items():
            self._claims[Field.HAS, value] = self._where(has)
        self._claims[Field.IS, "duplicate"] = self._where(lambda e: len(e.paper.sightings) > 1)

    def __len__(self) -> int:
        return len(self._entries)

    def prepare(self) -> None:
        """Makes the words ready, which else the first question waits for. Any thread may."""
        self._postings(Field.ANY)

    def only_list(self, query: Query) -> str | None:
        """The one list that a query asks for, so that its own order is meant; else ``None``."""
        return _only_list(query, self._names(Field.LIST))

    def keys(self) -> list[str]:
        """The keys of all papers, newest first."""
        return list(self._row)

    def update(self, entry: Entry) -> None:
        """Takes in a new decision about a paper. Cost: the claims and noted words of one entry."""
        row = self._row[entry.key]
        bit = 1 << row
        before = self._entries[row].decision
        self._entries[row] = entry
        for claim in claims(before):
            self._claims[claim] &= ~bit
        for claim in claims(entry.decision):
            self._claims[claim] |= bit
        for word in noted_words(before):
            self._noted[word] &= ~bit
        for word in noted_words(entry.decision):
            self._noted[word] |= bit

    def select(self, query: Query, order: Callable[[str], Sequence[str]]) -> list[Entry]:
        """The entries that match, sorted.

        Without a ``sort:``, a query for one list comes in the reader's own order, a query with
        words has those first whose titles have them all, and everything else is newest first.

        Args:
            query: What was asked.
            order: The keys of a reading list in the reader's order, by its name.
        """
        rows = self._bits(query.node)
        listed = self.only_list(query)
        if query.sort:
            found = [self._entries[row] for row in rows_of(rows)]
            for sort in reversed(query.sort):
                found = sort_entries(found, sort, order(listed) if listed else ())
        elif listed:
            found = sort_entries(
                [self._entries[r] for r in rows_of(rows)], Sort("list"), order(listed)
            )
        else:
            titled = rows & self._bits(query.node, titles=True) if _has_words(query.node) else 0
            found = [self._entries[row] for row in rows_of(titled)]
            found += [self._entries[row] for row in rows_of(rows & ~titled)]
        return found if query.limit is None else found[: query.limit]

    def count(self, query: Query) -> int:
        """How many entries match, the limit aside."""
        return self._bits(query.node).bit_count()

    def corrections(self, query: Query) -> dict[str, tuple[str, ...]]:
        """What was searched for instead of words that match nothing, by word."""
        found: dict[str, tuple[str, ...]] = {}
        for node in _word_nodes(query.node):
            for word in () if node.phrase else node.words:
                if not self._prefixed(node.field, word) and (near := self._near(node.field, word)):
                    found[word] = tuple(near)
        return found

    def relax(self, query: Query) -> list[Relaxation]:
        """For each term that could be dropped, what would then match; the most first."""
        terms = query.terms
        gains = [
            Relaxation(
                str(term), self._bits(And(tuple(t for t in terms if t is not term))).bit_count()
            )
            for term in terms
        ]
        return sorted((gain for gain in gains if gain.count), key=lambda gain: -gain.count)

    def counts(self, field: Field) -> dict[str, int]:
        """Papers by tag, list or status, in the order of the names."""
        return {name: self._claims[field, name].bit_count() for name in sorted(self._names(field))}

    def unread_counts(self, field: Field) -> dict[str, int]:
        """Unread papers by tag or list."""
        unread = self._bits(Flag(Field.IS, "unread"))
        return {
            name: (self._claims[field, name] & unread).bit_count() for name in self._names(field)
        }

    def _names(self, field: Field) -> list[str]:
        return [name for (kind, name), rows in self._claims.items() if kind is field and rows]

    def _where(self, claim: Callable[[Entry], object]) -> int:
        return bits_of(len(self), (row for row, e in enumerate(self._entries) if claim(e)))

    def _bits(self, node: Node, *, titles: bool = False, correct: bool = True) -> int:
        """The set of papers that a part of a query means.

        Args:
            node: The part.
            titles: Whether words that may stand anywhere are looked for in titles only.
            correct: Whether a word that is nowhere finds its neighbours; not where it is negated.
        """
        match node:
            case And():
                bits = self._everything
                for part in node.nodes:
                    bits &= self._bits(part, titles=titles, correct=correct)
                return bits
            case Or():
                bits = 0
                for part in node.nodes:
                    bits |= self._bits(part, titles=titles, correct=correct)
                return bits
            case Not():
                return self._everything & ~self._bits(node.node, correct=False)
            case Words():
                where = Field.TITLE if titles and node.field is Field.ANY else node.field
                if node.phrase:
                    return self._phrase(node, where)
                return self._all_words(node, where, correct)
            case Flag():
                return self._flag(node)
            case Between():
                return self._between(node)
            case Exactly():
                matches = glob(node.pattern)
                return self._where(lambda e: any(map(matches, texts(e, node.field))))

    def _all_words(self, node: Words, where: Field, correct: bool) -> int:
        """The papers with all the words; what is nowhere in the field asked for is corrected."""
        bits = self._everything
        for word in node.words:
            if self._prefixed(node.field, word):
                bits &= self._prefixed(where, word)
            else:
                bits &= self._any_of(where, self._near(node.field, word) if correct else ())
        # "fine-tuning" is asked as two words, and is one in "finetuning".
        if len(node.words) > 1:
            bits |= self._prefixed(where, "".join(node.words))
        return bits

    def _phrase(self, node: Words, where: Field) -> int:
        bits = self._everything
        for word in node.words:
            bits &= self._prefixed(where, word)
        between = r"[\W_]+".join(map(re.escape, node.words))
        end = "" if node.half else r"(?![^\W_])"
        phrase = re.compile(rf"(?<![^\W_]){between}{end}")

        def holds(row: int) -> bool:
            return any(map(phrase.search, texts(self._entries[row], where)))

        return bits_of(len(self), filter(holds, rows_of(bits)))

    def _flag(self, node: Flag) -> int:
        if node.field in (Field.IS, Field.HAS):
            if node.value == "snoozed":
                today = date.today()
                return self._where(lambda e: e.decision.is_asleep(today))
            if node.value == "unread":
                return self._claims[Field.IS, "unread"] & ~self._bits(Flag(Field.IS, "snoozed"))
            if node.value == "decided":
                return self._everything & ~self._claims[Field.IS, "unread"]
            return self._claims[node.field, node.value]
        if node.value == "none":
            return self._everything & ~self._claims[Field.HAS, str(node.field)]
        matches = glob(node.value)
        bits = 0
        for name in self._names(node.field):
            folded = fold(name)
            # A tag stands for those below it, too: tag:ml finds ml/vision.
            if matches(folded) or (node.field is Field.TAG and folded.startswith(node.value + "/")):
                bits |= self._claims[node.field, name]
        return bits

    def _between(self, node: Between) -> int:
        number = NUMBERS[node.field]
        low = node.low if node.low is not None else -1
        high = node.high if node.high is not None else 10**9
        return self._where(lambda e: (value := number(e)) is not None and low <= value <= high)

    def _prefixed(self, field: Field, prefix: str) -> int:
        """The papers with a word that begins so."""
        bits = 0
        for postings in self._postings(field):
            bits |= postings.prefixed(prefix)
        if field in (Field.ANY, Field.NOTE):
            for (kind, word), rows in self._noted.items():
                if word.startswith(prefix) and field in (Field.ANY, kind):
                    bits |= rows
        return bits

    def _any_of(self, field: Field, found: Iterable[str]) -> int:
        """The papers with any of these words."""
        bits = 0
        for word in found:
            for postings in self._postings(field):
                bits |= postings.rows.get(word, 0)
        return bits

    def _near(self, field: Field, word: str) -> list[str]:
        """The nearest words there are, all at the same distance: one edit, or two in long words."""
        if len(word) < MIN_CORRECTED:
            return []
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        cutoff = 1 if len(word) < 7 else 2
        found: list[tuple[str, int]] = []
        for postings in self._postings(field):
            vocabulary = postings.vocabulary
            near = process.extract(
                word, vocabulary, scorer=OSA.distance, score_cutoff=cutoff, limit=None
            )
            found += [(match, int(distance)) for match, distance, _ in near]
        nearest = min((distance for _, distance in found), default=0)
        return list(dict.fromkeys(match for match, distance in found if distance == nearest))

    def _postings(self, field: Field) -> list["Postings"]:
        if self._words is None:
            self._words = {
                Field.TITLE: Postings([e.paper.title for e in self._entries]),
                Field.ABSTRACT: Postings([e.paper.abstract or "" for e in self._entries]),
                Field.AUTHOR: Postings([" ".join(e.paper.authors) for e in self._entries]),
            }
        if field is Field.ANY:
            return list(self._words.values())
        return [self._words[field]] if field in self._words else []


def _has_words(node: Node) -> bool:
    return any(words.field is Field.ANY for words in _word_nodes(node))


def _word_nodes(node: Node) -> Iterator[Words]:
    """The words that are asked for, negated ones left out."""
    if isinstance(node, Words):
        yield node
    elif isinstance(node, And | Or):
        for part in node.nodes:
            yield from _word_nodes(part)


def _only_list(query: Query, names: Iterable[str]) -> str | None:
    """The one list that a query asks for, so that its own order is meant."""
    asked = [t for t in query.terms if isinstance(t, Flag) and t.field is Field.LIST]
    if len(asked) != 1:
        return None
    return next((name for name in names if fold(name) == asked[0].value.rstrip("*")), None)
