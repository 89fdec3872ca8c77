"""Which lists there are, and what lists and tags are called.

Each has an id, its first name, under which papers are in the list or have the tag; renaming gives
it a title. So what another machine adds at the same time follows, and of two titles the later one
counts. Those of the same name are one, whichever machines made them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from tui.errors import UsageError
from tui.model.names import MAX_NAME, tag_name
from tui.model.state import Fields
from tui.model.text import normalize
from tui.values import dataclass


@dataclass(frozen=True, slots=True)
class ListNames:
    """The names of the lists of a library: lists of the same name, in any case, are one list.

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


class TagNames:
    """The names of the tags of a library; a nested tag follows its parent."""

    def __init__(self, tags: Mapping[str, Fields]) -> None:
        """Takes the titles that are names of tags."""
        titles = {id: str(fields.get("title") or "") for id, fields in tags.items()}
        self.titles = {id: title for id, title in titles.items() if _is_tag(title)}
        self._names: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self.titles)

    def of(self, id: str) -> str:
        """The name of an id: its title, else that of its nearest renamed parent and the rest."""
        if id not in self._names:
            parent = next((each for each in _with_parents(id) if each in self.titles), None)
            self._names[id] = self.titles[parent] + id[len(parent) :] if parent else id
        return self._names[id]

    def id_for(self, name: str) -> tuple[str, dict[str, str]]:
        """The id under which papers get a tag, and the titles to be set for that."""
        if self.of(name) == name:
            return name, {}
        if titled := sorted(id for id, title in self.titles.items() if title == name):
            return titled[0], {}
        parent, _, last = name.rpartition("/")
        if parent:
            id, titles = self.id_for(parent)
            if f"{id}/{last}" not in self.titles:
                return f"{id}/{last}", titles
        number = 2
        while f"{name}~{number}" in self.titles:
            number += 1
        return f"{name}~{number}", {f"{name}~{number}": name}

    def renamed(self, ids: Iterable[str], name: str, new: str) -> dict[str, str | None]:
        """The titles by which a tag and those nested in it get another name; ``ids`` are in use."""
        if name == new:
            return {}
        first = self.id_for(name)[0]  # which only nested ones may have
        own = [each for each in dict.fromkeys((first, *ids)) if self.of(each) == name]
        own += [each for each, title in self.titles.items() if _is_within(title, name)]
        renamed: dict[str, str | None] = {}
        for each in own:
            title = new + self.of(each)[len(name) :]
            is_plain = title == each and not any(p in self.titles for p in _with_parents(each)[1:])
            renamed[each] = None if is_plain else title
        return renamed


def _with_parents(id: str) -> list[str]:
    """An id and the ids in which it is nested, longest first."""
    parts = id.split("/")
    return ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]


def _is_within(name: str, parent: str) -> bool:
    return name == parent or name.startswith(f"{parent}/")


def _is_tag(title: str) -> bool:
    try:
        return tag_name(title) == title
    except UsageError:
        return False
