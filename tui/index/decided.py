"""What was decided of papers, as sets of rows: it changes with every key, and nothing else does."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final

from tui.index.bits import bits_of
from tui.index.words import folded, text_words
from tui.query import Field
from tui.text import words
from tui.triage import UNDECIDED, Decision, Status

_DECIDED: Final = (Status.READING, Status.READ, Status.DISMISSED)


class Decided:
    """Statuses, stars, tags, lists and notes of all papers."""

    def __init__(self, width: int, decisions: Iterable[tuple[int, Decision]]) -> None:
        """Takes in what was decided, by row; what is not named is undecided."""
        self.decisions: dict[int, Decision] = {}
        self._width = width
        self._claims: defaultdict[tuple[Field, str], int] = defaultdict(int)
        self._words: defaultdict[tuple[Field, str], int] = defaultdict(int)
        self._asleep: set[int] = set()
        rows_by_claim: defaultdict[tuple[Field, str], list[int]] = defaultdict(list)
        for row, decision in decisions:
            self.decisions[row] = decision
            for claim in _claims(decision):
                rows_by_claim[claim].append(row)
            for word in _words(decision):
                self._words[word] |= 1 << row
            if decision.snoozed_until:
                self._asleep.add(row)
        for claim, rows in rows_by_claim.items():
            self._claims[claim] = bits_of(width, rows)

    def decide(self, row: int, decision: Decision) -> None:
        """Takes in a new decision. Cost: the claims and words of one paper."""
        bit = 1 << row
        before = self.decisions.get(row, UNDECIDED)
        for claim in _claims(before):
            self._claims[claim] &= ~bit
        for claim in _claims(decision):
            self._claims[claim] |= bit
        for word in _words(before):
            self._words[word] &= ~bit
        for word in _words(decision):
            self._words[word] |= bit
        self.decisions[row] = decision
        self._asleep.discard(row)
        if decision.snoozed_until:
            self._asleep.add(row)

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
        rows = (row for row in set(self._asleep) if self.decisions[row].is_asleep(today))
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


def _claims(decision: Decision) -> Iterator[tuple[Field, str]]:
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


def _words(decision: Decision) -> set[tuple[Field, str]]:
    """The words a reader gave a paper: of its note, and of its tags."""
    found = {(Field.NOTE, word) for word in text_words(folded(decision.note or ""))}
    return found | {(Field.TAG, word) for tag in decision.tags for word in words(tag)}
