"""What tags are called.

A tag has an id, its first name, under which papers have it; renaming gives it a title. So what
another machine tags at the same time follows, and of two titles the later one counts. Tags of the
same name are one tag. A nested tag follows its parent.
"""

from collections.abc import Iterable, Mapping

from tui.errors import UsageError
from tui.model.names import tag_name
from tui.model.state import Fields


class TagNames:
    """The names of the tags of a library."""

    def __init__(self, tags: Mapping[str, Fields]) -> None:
        """Takes the titles that are names of tags.

        Args:
            tags: The fields of tags by id.
        """
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
        """The titles by which a tag and those nested in it get another name.

        Args:
            ids: The ids under which papers have tags.
            name: The name of the tag.
            new: Its new name.
        """
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
