"""What was decided of papers, as sets of rows: it changes with every key, and nothing else does."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from tui.model.state import DEFAULT_STATE, PaperState, Status
from tui.model.text import words
from tui.query import Field
from tui.search.bitset import bits_of
from tui.search.postings import folded, text_words

_DECIDED: Final = (Status.READING, Status.READ, Status.DISMISSED)


class StateIndex:
    """Statuses, stars, tags, lists and notes of all papers."""

    def __init__(self, width: int, decisions: Iterable[tuple[int, PaperState]]) -> None:
        """Takes in what was decided, by row; what is not named is undecided."""
        self.decisions: dict[int, PaperState] = {}
        self._width = width
        self._claims: defaultdict[tuple[Field, str], int] = defaultdict(int)
        self._words: defaultdict[tuple[Field, str], int] = defaultdict(int)
        self._asleep: set[int] = set()
        self.decide(dict(decisions))

    def decide(self, made: Mapping[int, PaperState]) -> None:
        """Takes in new decisions by row. Cost: their claims and words, and the width once each."""
        for held, said in ((self._claims, _claims), (self._words, _words)):
            lost: defaultdict[tuple[Field, str], list[int]] = defaultdict(list)
            gained: defaultdict[tuple[Field, str], list[int]] = defaultdict(list)
            for row, decision in made.items():
                before, now = set(said(self.decisions.get(row, DEFAULT_STATE))), set(said(decision))
                for each in before - now:
                    lost[each].append(row)
                for each in now - before:
                    gained[each].append(row)
            for each, rows in lost.items():
                held[each] &= ~self._bits(rows)
            for each, rows in gained.items():
                held[each] |= self._bits(rows)
        self.decisions.update(made)
        for row, decision in made.items():
            (self._asleep.add if decision.snoozed_until else self._asleep.discard)(row)

    def _bits(self, rows: Sequence[int]) -> int:
        return 1 << rows[0] if len(rows) == 1 else bits_of(self._width, rows)

    def names(self, field: Field) -> list[str]:
        """The tags, lists or claims that some paper has."""
        return [name for (kind, name), rows in list(self._claims.items()) if kind is field and rows]

    def named(self, field: Field, name: str) -> int:
        """The papers with a claim, a tag, or in a list, of exactly this name."""
        return self._claims[field, name]

    def any(self) -> int:
        """The papers of which something was decided."""
        decided = 0
        for status in _DECIDED:
            decided |= self._claims[Field.IS, str(status)]
        return decided

    def asleep(self) -> int:
        """The papers that are snoozed today."""
        today = date.today()
        rows = (row for row in set(self._asleep) if self.decisions[row].is_snoozed(today))
        return bits_of(self._width, rows)

    def noted(self, field: Field, fits: Callable[[str], bool]) -> int:
        """The papers with a word that fits in a note or, where any field is meant, in a tag."""
        bits = 0
        if field in (Field.ANY, Field.NOTE):
            for (kind, word), rows in list(self._words.items()):
                if field in (Field.ANY, kind) and fits(word):
                    bits |= rows
        return bits

    def changed(self, field: Field, low: int, high: int) -> Iterator[int]:
        """The rows of which the last decision, or that they were read, is of some days."""
        for row, decision in list(self.decisions.items()):
            if decision.changed and (field is Field.CHANGED or decision.status is Status.READ):
                try:
                    day = date.fromisoformat(decision.changed[:10]).toordinal()
                except ValueError:
                    continue
                if low <= day <= high:
                    yield row


def _claims(decision: PaperState) -> Iterator[tuple[Field, str]]:
    """What may be asked of a decision by name; unread is what has none of the other states."""
    if decision.status is not Status.UNREAD:
        yield Field.IS, str(decision.status)
    if decision.starred:
        yield Field.IS, "starred"
    if decision.note:
        yield Field.HAS, "note"
    if decision.tags:
        yield Field.HAS, "tag"
    if decision.lists:
        yield Field.HAS, "list"
    for tag in decision.tags:
        yield Field.TAG, tag
    for name in decision.lists:
        yield Field.LIST, name


def _words(decision: PaperState) -> Iterator[tuple[Field, str]]:
    """The words a reader gave a paper: of its note, and of its tags."""
    if decision.note:
        yield from ((Field.NOTE, word) for word in text_words(folded(decision.note)))
    for tag in decision.tags:
        yield from ((Field.TAG, word) for word in words(tag))
