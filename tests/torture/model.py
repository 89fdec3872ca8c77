"""What a user's verbs add up to, in the plainest way: a dictionary of facts and lists of steps.

It knows nothing of journals, snapshots and indexes. A step is the facts that it changed; undoing it
brings those back that nothing changed since, whether it was the last one or one of long ago. Steps
that are undone together are redone together.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Fact = tuple[str, ...]
"""What is known of: ``("status", KEY)``, ``("place", ID, KEY)`` of a list, ``("title", ID)``."""
Step = tuple[str, dict[Fact, tuple[Any, Any]]]
"""The id of a change, and its facts with their values before and after."""


class Model:
    """What is known, and what can be undone and redone."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = list(keys)
        self.facts: dict[Fact, Any] = {}
        self.done: list[Step] = []
        self.undone: list[list[Step]] = []
        """What is redone together, in the order of undoing."""
        self.former: list[Step] = []
        """Undone, and followed by a new change."""
        self._redone: dict[str, list[str]] = {}
        """The ids of those with which each was last redone."""

    def differing(self, wanted: Mapping[Fact, Any]) -> dict[Fact, tuple[Any, Any]]:
        """The facts that are not as they are wanted, with both values."""
        pairs = {fact: (self.facts.get(fact), value) for fact, value in wanted.items()}
        return {fact: (was, now) for fact, (was, now) in pairs.items() if was != now}

    def set(self, id: str, wanted: Mapping[Fact, Any]) -> None:
        """Makes facts so by a new change."""
        self.done.append((id, self.differing(wanted)))
        for step in (step for steps in self.undone for step in steps):
            _add(step, self.former)
        self.undone.clear()
        self.facts |= wanted

    def undoing(self, step: Step) -> dict[Fact, Any]:
        """What undoing a step sets."""
        return {fact: was for fact, (was, now) in step[1].items() if self.facts.get(fact) == now}

    def redoing(self, step: Step) -> dict[Fact, Any]:
        """What redoing a step sets."""
        return {fact: now for fact, (was, now) in step[1].items() if self.facts.get(fact) == was}

    def undo(self, *steps: Step) -> list[str]:
        """Undoes steps, newest first, as far as nothing changed their facts since; their ids."""
        known = [step for group in self.undone for step in group]
        ids, group = [], list[Step]()
        for step in steps:
            if moved := self._take(step, self.undoing(step), self.done):
                ids.append(step[0])
                _add(moved, known if step[0] in dict(known) else group)
        if group:
            self.undone.append(group)
        return ids

    def redo(self, *steps: Step) -> list[str]:
        """Redoes steps, oldest first; the ids of those of which anything is."""
        ids = []
        for step in steps:
            sources = [*self.undone, self.former]
            source = next(each for each in sources if any(step is one for one in each))
            if moved := self._take(step, self.redoing(step), source):
                ids.append(step[0])
                _add(moved, self.done)
        self.undone = [group for group in self.undone if group]
        self._redone |= dict.fromkeys(ids, ids)
        return ids

    def undoable(self) -> list[Step]:
        """The steps that are undone next, newest first: the last one, and those redone with it."""
        last = next((step for step in reversed(self.done) if self.undoing(step)), None)
        ids = self._redone.get(last[0], [last[0]]) if last else []
        return [step for step in reversed(self.done) if step[0] in ids]

    def redoable(self) -> list[Step]:
        """The steps that are redone next, oldest first: the last ones that anything is left of."""
        groups = (group for group in reversed(self.undone) if any(map(self.redoing, group)))
        return next(groups, [])[::-1]

    def former_of(self, id: str) -> Step | None:
        """What was undone of a step, whether or not it is redone next."""
        known = [step for group in self.undone for step in group]
        return next((step for step in (*known, *self.former) if step[0] == id), None)

    def _take(self, step: Step, setting: Mapping[Fact, Any], source: list[Step]) -> Step | None:
        """Sets the facts of a step, and takes them out of where it is."""
        if not setting:
            return None
        id, facts = step
        self.facts |= setting
        rest = {fact: values for fact, values in facts.items() if fact not in setting}
        place = next(n for n, each in enumerate(source) if each is step)
        source[place : place + 1] = [(id, rest)] if rest else []
        return id, {fact: facts[fact] for fact in setting}

    # What a user sees

    def of(self, kind: str, *key: str) -> Any:
        """A fact; ``None`` if it was never set."""
        return self.facts.get((kind, *key))

    def ids(self, kind: str, *first: str) -> Iterator[tuple[str, Any]]:
        """The last part and the value of all facts of a kind."""
        for fact, value in self.facts.items():
            if fact[:-1] == (kind, *first) and value is not None:
                yield fact[-1], value

    def tag_name(self, id: str) -> str:
        """What a tag is called."""
        return str(self.of("tag title", id) or id)

    def tags(self, key: str) -> list[str]:
        """The names of a paper's tags."""
        return sorted({self.tag_name(id) for id, _ in self.ids("tag", key)})

    def list_name(self, id: str) -> str:
        """What a list is called, by its own."""
        return str(self.of("title", id) or id)

    def lists(self) -> dict[str, list[str]]:
        """The ids of each list by its name: those of one name, in any case, are one."""
        filled = {f[1] for f, place in self.facts.items() if f[0] == "place" and place is not None}
        groups: dict[str, list[str]] = {}
        for id in sorted(filled | {id for id, exists in self.ids("exists") if exists}):
            groups.setdefault(self.list_name(id).casefold(), []).append(id)
        named = {self.list_name(ids[0]): ids for ids in groups.values()}
        return {name: named[name] for name in sorted(named, key=lambda n: (n.casefold(), n))}

    def find(self, name: str) -> str | None:
        """The name of a list in its own spelling."""
        return next((n for n in self.lists() if n.casefold() == name.casefold()), None)

    def places(self, name: str) -> dict[str, float]:
        """The places of the papers of a list, in order."""
        places: dict[str, float] = {}
        for id in self.lists().get(name, []):
            places = dict(self.ids("place", id)) | places
        return dict(sorted(places.items(), key=lambda item: (item[1], item[0])))

    def shown(self) -> Any:
        """All that is shown: papers, lists and views."""
        lists = {name: list(self.places(name)) for name in self.lists()}
        papers = {
            key: (
                self.of("status", key) or "unread",
                bool(self.of("starred", key)),
                self.of("snoozed", key),
                self.tags(key),
                sorted(name for name, keys in lists.items() if key in keys),
                self.of("note", key),
            )
            for key in self.keys
        }
        return papers, lists, dict(self.ids("view"))


def _add(step: Step, steps: list[Step]) -> None:
    """Adds facts of a step to others of it, or as the last one."""
    for id, facts in steps:
        if id == step[0]:
            facts |= step[1]
            return
    steps.append(step)
