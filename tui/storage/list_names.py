"""Which lists there are, and what they are called.

A list has an id, its first name, under which papers are in it; renaming gives it a title. So what
another machine adds at the same time follows, and of two titles the later one counts. Lists of the
same name, in any case, are one list, whichever machines made them.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from tui.model.names import MAX_NAME
from tui.model.state import Fields
from tui.model.text import normalize
from tui.values import dataclass


@dataclass(frozen=True, slots=True)
class ListNames:
    """The names of the lists of a library.

    Invariants: each list that has a paper has a name; each name, in any case, finds one list; no
    id belongs to two lists.
    """

    ids: Mapping[str, tuple[str, ...]]
    """The ids of each list, by name."""
    names: Mapping[str, str]
    """The name of each id that is not its name."""

    @classmethod
    def of(cls, lists: Mapping[str, Fields], filled: Collection[str]) -> "ListNames":
        """The names, in an order that does not depend on that of the changes.

        Args:
            lists: The fields of lists by id. A list exists if it was created, or has papers:
                undoing its creation alone, or deleting it on another machine, must not hide a paper
                that was added to it since.
            filled: The ids under which there are papers.
        """
        groups: dict[str, dict[str, str]] = defaultdict(dict)
        for id in sorted({*filled, *(id for id, f in lists.items() if f.get("exists"))}):
            name = _title(lists, id)
            groups[name.casefold()][id] = name
        ids = {next(iter(group.values())): tuple(group) for group in groups.values()}
        names = {id: name for name, group in ids.items() for id in group if id != name}
        return cls({name: ids[name] for name in sorted(ids, key=_order)}, names)

    def find(self, name: str) -> str | None:
        """The name of a list in its own spelling; ``None`` if there is none."""
        if name in self.ids:
            return name
        folded = name.casefold()
        return next((other for other in self.ids if other.casefold() == folded), None)

    def new_id(self, name: str) -> str:
        """The id for a new list of a name that no list has."""
        existing = {id for ids in self.ids.values() for id in ids}
        id, number = name, 1
        while id in existing:  # by a list that was renamed
            number += 1
            id = f"{name} ({number})"
        return id


def _title(lists: Mapping[str, Fields], id: str) -> str:
    """A name that can be typed, whatever another machine wrote."""
    return normalize(str(lists.get(id, {}).get("title") or id), MAX_NAME) or "unnamed"


def _order(name: str) -> tuple[str, str]:
    return name.casefold(), name
