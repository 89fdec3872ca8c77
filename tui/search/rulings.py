"""The decisions of the user's rules about the new papers of an import."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from tui.model.imports import FiledRecord
from tui.model.paper import SourceRecord, merge
from tui.model.rules import DECISIONS, LIST, TAG, Rule, Ruled
from tui.model.state import DEFAULT_STATE, FieldUpdate, Item
from tui.query import parse
from tui.search.memory import index_of
from tui.storage.state_log import StateLog


class Rulings:
    """The decisions of all rules about imports of one change, as they are made."""

    def __init__(self, state: StateLog, today: date) -> None:
        self._state = state
        self._today = today
        self._papers: Counter[Rule] = Counter()
        self._counted: Counter[Rule] = Counter()

    def take_counts(self) -> tuple[Ruled, ...]:
        """The effect of each rule since the last time, if it has had one."""
        since = self._papers - self._counted
        self._counted = self._papers.copy()
        return tuple(Ruled(*each) for each in since.items())

    def updates(self, filed: Iterable[FiledRecord], new: Collection[str]) -> Iterator[FieldUpdate]:
        """The decisions about new papers that the user has not decided about.

        Cost: nothing without rules; else as an index over these papers.

        Args:
            new: The keys of the papers that no other import has.
        """
        rules = [rule for rule in self._state.rules() if rule.decides]
        if not rules or not new:
            return
        undecided = (key for key in new if self._state.of(key).changed is None)
        groups: dict[str, list[SourceRecord]] = {key: [] for key in undecided}
        for key, record in filed:
            if key in groups:
                groups[key].append(record)
        added = self._today.isoformat()
        items = [Item(merge(records, key), DEFAULT_STATE, added) for key, records in groups.items()]
        index = index_of(items, lambda: self._today, self._state.sources)
        for rule in rules:
            for item in index.select(parse(rule.query, self._today), lambda _: ()):
                self._papers[rule] += 1
                yield from self._updates(item.key, rule, self._papers[rule])

    def _updates(self, key: str, rule: Rule, number: int) -> Iterator[FieldUpdate]:
        """The updates by which a rule decides about a paper, given its number, from 1."""
        yield "papers", key, "rule", rule.query
        for action in rule.actions:
            kind, _, name = action.partition(":")
            if action in DECISIONS:
                decision = DECISIONS[action]
                if decision.field:
                    yield "papers", key, decision.field, decision.value
            elif kind == TAG:
                yield from self._state.tag_updates(key, name, is_set=True)
            elif kind == LIST:
                id, updates = self._state.list_updates(name)
                yield from updates
                place = self._state.end_of(self._state.find_list(name) or name) + number
                yield "papers", key, f"list/{id}", place
