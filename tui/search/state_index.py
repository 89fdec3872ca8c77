"""The states of papers as sets of rows: the only part of the index that changes."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from tui.model.fields import HAS, Field, Kind
from tui.model.state import DEFAULT_STATE, PaperState, Status
from tui.model.words import search_words
from tui.search.bitset import bits_of
from tui.search.columns import number_of
from tui.search.word_index import folded, word_counts

REMOVED: Final = "removed"
_MARKED: Final = (Status.READING, Status.READ, Status.DISMISSED)
_HAS: Final = [(name, field) for name, field in HAS.items() if field.is_state]
_NAMED: Final = [field for field in Field if field.kind is Kind.NAME]


class StateIndex:
    """Statuses, stars, tags, lists and notes of all papers."""

    def __init__(
        self,
        width: int,
        states: Iterable[tuple[int, PaperState]],
        today: Callable[[], date],
    ) -> None:
        """Indexes the states.

        Args:
            width: The number of rows.
            states: By row; other rows are in the default state.
            today: The clock, for snoozes.
        """
        self._today = today
        self.states: dict[int, PaperState] = {}
        self._width = width
        self._claims: defaultdict[tuple[Field, str], int] = defaultdict(int)
        self._words: defaultdict[tuple[Field, str], int] = defaultdict(int)
        self._snoozed: set[int] = set()
        self.update(dict(states))

    def update(self, states: Mapping[int, PaperState]) -> None:
        """Updates the states of rows. Cost: their flags and words, and the width for each."""
        for sets, terms_of in ((self._claims, _claims), (self._words, _words)):
            lost: defaultdict[tuple[Field, str], list[int]] = defaultdict(list)
            gained: defaultdict[tuple[Field, str], list[int]] = defaultdict(list)
            for row, state in states.items():
                before = set(terms_of(self.states.get(row, DEFAULT_STATE)))
                now = set(terms_of(state))
                for term in before - now:
                    lost[term].append(row)
                for term in now - before:
                    gained[term].append(row)
            for term, rows in lost.items():
                sets[term] &= ~self._bits(rows)
            for term, rows in gained.items():
                sets[term] |= self._bits(rows)
        self.states.update(states)
        for row, state in states.items():
            (self._snoozed.add if state.snoozed_until else self._snoozed.discard)(row)

    def _bits(self, rows: Sequence[int]) -> int:
        return 1 << rows[0] if len(rows) == 1 else bits_of(self._width, rows)

    def names(self, field: Field) -> list[str]:
        """The tags, lists or flags that some paper has."""
        return [name for (kind, name), rows in list(self._claims.items()) if kind is field and rows]

    def named(self, field: Field, name: str) -> int:
        """The papers with a flag, a tag or a list of exactly this name."""
        return self._claims[field, name]

    def marked(self) -> int:
        """The papers with a status other than unread."""
        bits = 0
        for status in _MARKED:
            bits |= self._claims[Field.IS, str(status)]
        return bits

    def chosen(self) -> int:
        """The papers that are starred or in a list."""
        return self._claims[Field.IS, "starred"] | self._claims[Field.HAS, Field.LIST.row.has]

    def snoozed(self) -> int:
        """The papers that are snoozed today."""
        today = self._today()
        rows = [row for row in set(self._snoozed) if self.states[row].is_snoozed(today)]
        return bits_of(self._width, rows) if rows else 0  # asked at each letter

    def with_word(self, field: Field, fits: Callable[[str], bool]) -> int:
        """The papers with a matching word in the note or, for any field, in a tag."""
        bits = 0
        if field in (Field.ANY, Field.NOTE):
            for (kind, word), rows in list(self._words.items()):
                if field in (Field.ANY, kind) and fits(word):
                    bits |= rows
        return bits

    def between(self, field: Field, low: int, high: int) -> Iterator[int]:
        """The rows with a value in an inclusive range."""
        number = number_of(field)
        for row, state in list(self.states.items()):
            if low <= number(field.of_state(state)) <= high:
                yield row


def _claims(state: PaperState) -> Iterator[tuple[Field, str]]:
    """The flags and names of a state; unread is the absence of another status."""
    if state.status is not Status.UNREAD:
        yield Field.IS, str(state.status)
    if state.starred:
        yield Field.IS, "starred"
    if state.is_removed:
        yield Field.IS, REMOVED
    for name, field in _HAS:
        if field.of_state(state):
            yield Field.HAS, name
    for field in _NAMED:
        for name in field.of_state(state):
            yield field, name


def _words(state: PaperState) -> Iterator[tuple[Field, str]]:
    """The words of a paper's note and tags."""
    if state.note:
        yield from ((Field.NOTE, word) for word in word_counts(folded(state.note)))
    for tag in state.tags:
        yield from ((Field.TAG, word) for word in search_words(tag))
