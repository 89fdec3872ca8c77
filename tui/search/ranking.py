"""The order ``sort:likely`` of a library: when it is learned, and what is said about it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import nlargest
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Final

from tui.model.fields import Field
from tui.model.layout import enumerated, plural
from tui.model.preferences import MORE, split
from tui.model.state import DEFAULT_STATE, Status
from tui.query import FlagTerm, parse
from tui.search.bitset import rows_of
from tui.search.evaluator import Evaluator
from tui.search.results import Explanation, Sorter
from tui.search.texts import DEFAULT_OPTIONS
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.search.decisions import Decisions, Preferences
    from tui.search.grounds import Grounds, Reasons
    from tui.search.hindsight import Hindsight
    from tui.search.likely import Likely
    from tui.search.vectors import Vectors

Session = tuple[Sequence[str], Sequence[str], Sequence[str]]
"""The keys of the papers that a session kept, dismissed, and decided else; see ``DecidedRows``."""


STRONGEST: Final = 8
"""Words that are shown of an interest."""
LEARNED_FROM: Final = 5
"""The most papers named as what an order was learned from."""


@dataclass(frozen=True, slots=True)
class Learned:
    """An interest as it is shown to users."""

    name: str
    """``list moe``, ``tag nlp``; empty for papers that are in none."""
    is_all: bool
    """Whether it is all papers kept together."""
    keys: tuple[str, ...]
    """Its papers."""
    words: tuple[str, ...]
    """Its strongest words, the strongest first, as one of its papers has them."""
    having: tuple[int, ...]
    """How many of its papers have each of these."""

    @property
    def papers(self) -> int:
        """The number of its papers."""
        return len(self.keys)

    @property
    def shares(self) -> dict[str, float]:
        """The share of its papers that have a word, by word."""
        having = zip(self.words, self.having, strict=True)
        return {word: count / self.papers for word, count in having}


@dataclass(frozen=True, slots=True)
class Evidence:
    """The decided papers that share most with one, each with the words in common."""

    kept: Sequence[tuple[str, tuple[str, ...]]] = ()
    dismissed: Sequence[tuple[str, tuple[str, ...]]] = ()


class Ranking:
    """The order of what a user is likely to keep, as it was last learned."""

    def __init__(
        self,
        evaluator: Evaluator,
        sorter: Sorter,
        preferences: Callable[[], Mapping[str, str]],
    ) -> None:
        self._evaluator = evaluator
        self._sorter = sorter
        self._preferences = preferences
        self._likely: Likely | None = None
        self._is_no_better = False
        """Whether it was no better than chance in past sessions, as far as that was looked at."""
        self.reasons: Reasons | None = None
        """Why papers are where they are; ``None`` while there is no order of its own."""
        self.learned: Sequence[Learned] = ()
        """The interests, all papers together first; those without a name only if they have words
        in common."""
        self.strongest: Sequence[str] = ()
        """The words of these, the strongest of each before the second ones."""
        self._chances: Mapping[int, tuple[str, ...]] = {}
        """The last second chances, the likeliest first, and their words."""

    @property
    def is_learned(self) -> bool:
        """Whether it was learned, be it that too few papers are kept."""
        return self._likely is not None

    def learn(self) -> None:
        """Learns from all decisions which papers the user is likely to keep, in any thread.

        Until it is called again, this is the order of ``sort:likely``, so that papers do not move
        while a user decides. Cost: some 10 ms, and once 1 ms per decision; needs the words.
        """
        from tui.search.grounds import Reasons, strongest_words  # here, as few queries need it
        from tui.search.likely import learn

        evaluator = self._evaluator
        if (vectors := evaluator.vectors) is not None:
            today = evaluator.today()
            undecided = list(self._sorter.newest(evaluator.flag(FlagTerm(Field.IS, "inbox"))))
            likely = learn(vectors, self.decisions(), undecided, today, self._preferred())
            ranked = frozenset(likely.ranked)
            self._sorter.learn([*likely.order, *(r for r in self._chances if r not in ranked)])
            self.reasons = Reasons(vectors, likely) if likely.interests else None
            words = [strongest_words(vectors, each, STRONGEST) for each in likely.interests]
            self.learned = list(self._described(vectors, likely, words))
            by_rank = zip_longest(*words)
            self.strongest = tuple(dict.fromkeys(filter(None, chain.from_iterable(by_rank))))
            self._likely = likely

    def _described(
        self, vectors: "Vectors", likely: "Likely", strongest: Iterable[Sequence[str]]
    ) -> Iterator[Learned]:
        key = self._evaluator.columns.key
        for place, (each, words) in enumerate(zip(likely.interests, strongest, strict=True)):
            if place == 0 or each.name or words:
                with_word = ((w, next(r for r in each.kept if w in vectors.of(r))) for w in words)
                spelled = tuple(vectors.spelled(word, row) for word, row in with_word)
                keys, having = map(key, each.kept), map(each.counts.__getitem__, words)
                yield Learned(each.name, place == 0, tuple(keys), spelled, tuple(having))

    def decisions(self) -> "Decisions":
        """The examples to learn from now."""
        from tui.search.decisions import Decisions

        return Decisions.of(dict(self._evaluator.states.states), self._evaluator.today())

    def _preferred(self) -> "Preferences":
        from tui.search.decisions import Preferences

        words: dict[str, bool] = {}
        rows: dict[bool, set[int]] = {True: set(), False: set()}
        for term, wish in self._preferences().items():
            kind, value = split(term)
            if kind == "word":
                words[value] = wish == MORE
            else:
                rows[wish == MORE].update(self._by(value))
        return Preferences(words, frozenset(rows[True] - rows[False]), frozenset(rows[False]))

    def has(self, term: str) -> bool:
        """Whether any paper has what a user prefers or muted; needs the words."""
        kind, value = split(term)
        if kind == "word":
            vectors = self._evaluator.vectors
            return vectors is not None and vectors.share_with(value) > 0
        return next(self._by(value), None) is not None

    def _by(self, author: str) -> Iterator[int]:
        """The papers of an author."""
        query = parse(f'author:"{author}"', self._evaluator.today())
        return rows_of(self._evaluator.of(query.node, DEFAULT_OPTIONS))

    def grounds(self, row: int) -> "Grounds | None":
        """Why an undecided paper is where it is; ``None`` for others, and without an order."""
        state = self._evaluator.states.states.get(row, DEFAULT_STATE)
        if self.reasons is None or not state.is_in_inbox(self._evaluator.today()):
            return None
        return self.reasons.of(row)

    def explain(self, row: int) -> Explanation | None:
        """Why a paper that is undecided, or has a second chance, is where it is, for a list."""
        grounds = self.grounds(row)
        if grounds is None:
            return self._explain_chance(row)
        if self._is_no_better:  # says no more how likely it is
            from tui.search.grounds import Level

            grounds = replace(grounds, level=Level.NONE)
        return Explanation(grounds.brief, str(grounds))

    def _explain_chance(self, row: int) -> Explanation | None:
        state = self._evaluator.states.states.get(row, DEFAULT_STATE)
        words = self._chances.get(row, ())
        if not words or state.status is not Status.DISMISSED:
            return None
        shared = enumerated([f"“{word}”" for word in words], "and")
        sentence = f"you dismissed it, but papers you kept or read have {shared}, too"
        return Explanation(", ".join(words), sentence)

    def evidence(self, row: int) -> Evidence:
        """The decided papers after the place of one; none while there is no order."""
        if self.reasons is None:
            return Evidence()
        key, reasons = self._evaluator.columns.key, self.reasons
        kept, dismissed = (
            [(key(each.row), each.words) for each in alike]
            for alike in (
                reasons.kept_like(row, LEARNED_FROM),
                reasons.dismissed_like(row, LEARNED_FROM),
            )
        )
        return Evidence(kept, dismissed)

    def second_chances(self, most: int) -> list[tuple[str, tuple[str, ...]]]:
        """Dismissed papers that may be a mistake, each with the words it shares with papers kept.

        When the order is learned again, they stand after the papers that are ranked.
        """
        from tui.search.likely import second_chances

        vectors, likely = self._evaluator.vectors, self._likely
        if vectors is None or likely is None or self.reasons is None:
            return []
        rows = second_chances(vectors, likely, most)
        words = {row: self.reasons.words_of(row) for row in rows}
        self._chances = {row: each for row, each in words.items() if each}
        return [(self._evaluator.columns.key(row), each) for row, each in self._chances.items()]

    def words_of(self, row: int) -> tuple[str, ...]:
        """The words that tell why a paper is where it is, then those of what it is about."""
        grounds, vectors = self.grounds(row), self._evaluator.vectors
        words = [*grounds.words, *filter(None, [grounds.against])] if grounds else []
        if vectors is not None:
            own = vectors.of(row)
            telling = filter(vectors.is_telling, own)
            strongest = nlargest(STRONGEST, telling, key=own.__getitem__)
            words += [vectors.spelled(word, row) for word in strongest]
        return tuple(dict.fromkeys(words))

    def hindsight(self, sessions: Iterable[Session]) -> "Hindsight | None":
        """How well the order would have done in some sessions; ``None`` while there is none.

        Args:
            sessions: What was decided in each, oldest first.

        Cost: 30 ms for each session at 10,000 papers; needs the words.
        """
        from tui.search.hindsight import DecidedRows, hindsight
        from tui.search.likely import LEAST_KEPT

        evaluator, vectors = self._evaluator, self._evaluator.vectors
        now = self.decisions()
        if vectors is None or len(now.kept) < LEAST_KEPT:
            return None
        past = [DecidedRows(*([*self._rows(keys)] for keys in session)) for session in sessions]
        result = hindsight(vectors, past, now.kept, now.dismissed, evaluator.today())
        self._is_no_better = result.is_no_better_than_chance
        return result

    def _rows(self, keys: Iterable[str]) -> Iterator[int]:
        present = self._evaluator.everything
        rows = (row for key in keys for row in self._evaluator.columns.rows(key))
        return (row for row in rows if present >> row & 1)

    @property
    def lacks(self) -> int:
        """How many more papers must be kept or read, as of now, before there is an order to learn.

        Cost: a look at each decision, while there is none.
        """
        from tui.search.likely import LEAST_KEPT

        if self.reasons is not None:
            return 0
        return max(LEAST_KEPT - len(self.decisions().kept), 0)

    @property
    def missing(self) -> str:
        """A phrase of what is missing: ``learning needs 5 papers kept …``; empty if nothing is."""
        from tui.search.likely import LEAST_KEPT

        if self._likely is None or not (lacks := self.lacks):
            return ""
        return f"learning needs {LEAST_KEPT} papers kept or read ({LEAST_KEPT - lacks} so far)"

    @property
    def note(self) -> str:
        """A message that papers are not sorted by it yet; empty if they can be."""
        if not (lacks := self.lacks):
            return ""
        verb = "is" if lacks == 1 else "are"
        return f"Sorted as usual until {plural(lacks, 'more paper')} {verb} kept or read"
