"""The state in memory: the fields of all papers, lists and views, as the changes left them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from tui.model.state import (
    DEFAULT_STATE,
    Change,
    Edit,
    Export,
    Fields,
    FieldUpdate,
    PaperState,
    ReadingList,
    decision,
    fits,
    ids_of,
)
from tui.storage.names import ListNames, TagNames

if TYPE_CHECKING:
    from tui.model.rules import Rule

STAMPS: Final = ("changed", "marked")
"""Fields of a paper that tell when it was changed, which follow from the changes."""
_NO_FIELDS: Final[Fields] = {}


class State:
    """The state of all papers, lists and views."""

    def __init__(self) -> None:
        """Starts empty, in a library without papers; see ``set_papers``."""
        self._papers: Collection[str] = ()
        self.aliases: Mapping[str, str] = {}
        """Keys that stand for another paper, and its key: their states are one."""
        self.clear()

    def clear(self) -> None:
        """Forgets every change."""
        self._tables = defaultdict[str, dict[str, dict[str, Any]]](dict)
        self._positions: dict[str, dict[str, float]] = {}
        self._reading_lists: dict[str, ReadingList] = {}
        self._list_names: ListNames | None = None
        """Made when it is asked for."""
        self._tag_names: TagNames | None = None
        self.last_rev = 0
        """The highest revision of any machine."""

    def set_papers(self, papers: Collection[str]) -> None:
        """Sets the papers of the library: ``keys`` and reading lists have no others."""
        self._papers = papers
        self._reading_lists.clear()

    def __bool__(self) -> bool:
        return any(self._tables.values())

    # Papers

    def of(self, key: str) -> PaperState:
        """The state of a paper, whether or not the library has it."""
        fields = self._fields("papers", key)
        if not fields:
            return DEFAULT_STATE
        return decision(fields, self._lists.names, self._tags.of if self._tags else str)

    def keys(self) -> list[str]:
        """Keys with a state, of papers in the library."""
        return [key for key in self._tables["papers"] if key in self._papers]

    def missing_keys(self) -> list[str]:
        """Keys with a state, of papers not in the library."""
        return [key for key in self._tables["papers"] if key not in self._papers]

    # Imports and joins

    def imports(self) -> tuple[str, ...]:
        """Ids of the imports that are not undone, oldest first."""
        return tuple(id for id, is_live in self.all_imports().items() if is_live)

    def all_imports(self) -> dict[str, bool]:
        """Ids of all imports, oldest first, and whether each is not undone."""
        fields = self._tables["imports"]
        return {id: bool(fields[id].get("exists")) for id in sorted(fields)}

    def adopt(self, ids: Iterable[str]) -> None:
        """Takes over imports of which no change is known, as their journal was lost."""
        for id in ids:
            if id not in self._tables["imports"]:
                self.set_field("imports", id, "exists", True)

    def pairs(self, same: bool) -> tuple[tuple[str, str], ...]:
        """Pairs of keys that the user declared to be one paper, or two, sorted."""
        pairs = (
            pair.partition(" ")
            for pair, fields in self._tables["joins"].items()
            if fields.get("same") is same
        )
        return tuple(sorted((one, other) for one, _, other in pairs))

    # Lists and views

    @property
    def _tags(self) -> TagNames:
        if self._tag_names is None:
            self._tag_names = TagNames(self._tables["tags"])
        return self._tag_names

    def tag_updates(self, key: str, name: str, *, is_set: bool) -> list[FieldUpdate]:
        """The updates by which a paper has a tag, or has it no longer."""
        own = [
            id for id in ids_of("tag/", self._fields("papers", key)) if self._tags.of(id) == name
        ]
        if own or not is_set:
            return [] if is_set else [("papers", key, f"tag/{id}", None) for id in own]
        id, titles = self._tags.id_for(name)
        updates: list[FieldUpdate] = [("tags", each, "title", t) for each, t in titles.items()]
        return [*updates, ("papers", key, f"tag/{id}", True)]

    def tag_rename_updates(self, name: str, new: str) -> list[FieldUpdate]:
        """The updates by which a tag, and those nested in it, have another name."""
        ids = {id for fields in self._tables["papers"].values() for id in ids_of("tag/", fields)}
        titles = self._tags.renamed(sorted(ids), name, new)
        return [("tags", id, "title", title) for id, title in titles.items()]

    def keys_of(self, change: Change) -> tuple[str, ...]:
        """The papers that a change is about: also those of a tag or list that it renames."""
        edits = [edit for edit in change.edits if edit.field == "title"]
        if change.keys or not edits:
            return change.keys
        tags = tuple(edit.id for edit in edits if edit.table == "tags")
        lists = {edit.id for edit in edits if edit.table == "lists"}
        nested = tuple(f"{id}/" for id in tags)
        return tuple(
            key
            for key, fields in self._tables["papers"].items()
            if any(id in tags or id.startswith(nested) for id in ids_of("tag/", fields))
            or not lists.isdisjoint(ids_of("list/", fields))
        )

    def lists(self) -> list[ReadingList]:
        """All reading lists in the order of ``list_names``."""
        return [self.reading_list(name) for name in self.list_names()]

    @property
    def _lists(self) -> ListNames:
        if self._list_names is None:
            filled = [id for id, positions in self._positions.items() if positions]
            self._list_names = ListNames.of(self._tables["lists"], filled)
        return self._list_names

    def list_names(self) -> list[str]:
        """The names of the reading lists, sorted, ignoring case."""
        return list(self._lists.ids)

    def find_list(self, name: str) -> str | None:
        """The name of a list in its own spelling; ``None`` if there is none. Case is ignored."""
        return self._lists.find(name)

    def list_name(self, id: str) -> str:
        """The name of the list to which an id belongs."""
        return self._lists.names.get(id, id)

    def list_ids(self, name: str) -> tuple[str, ...]:
        """The ids of a list by its name; edits of it are of the first. None of an unknown list."""
        return self._lists.ids.get(name, ())

    def list_updates(self, name: str) -> tuple[str, list[FieldUpdate]]:
        """The id of a list, and the updates by which it exists under a name."""
        ids = self.list_ids(self.find_list(name) or "")
        id = ids[0] if ids else self._lists.new_id(name)
        updates: list[FieldUpdate] = [("lists", id, "exists", True)]
        if not ids:  # one that was deleted may have had another title
            updates.append(("lists", id, "title", name if name != id else None))
        return id, updates

    def place_updates(self, name: str, key: str, place: float | None) -> list[FieldUpdate]:
        """The updates by which a paper is at a place in a list; ``None`` takes it out."""
        first, *others = self.list_ids(name)
        updates: list[FieldUpdate] = [("papers", key, f"list/{first}", place)]
        return [*updates, *(("papers", key, f"list/{id}", None) for id in others)]

    def list_problems(self) -> list[str]:
        """Problems of the lists, a sentence each; empty unless a change or a file is wrong.

        Each list of a paper exists, has the paper, and is found by its name in any case; no name
        has two lists, and no paper of the library is in a list that does not show it.
        """
        problems: list[str] = []
        shown = {each.name: set(each.keys) for each in self.lists()}
        for name in shown:
            if self.find_list(name.swapcase()) != name or self.find_list(name) != name:
                problems.append(f"“{name}” does not find its list")
        for key in self.keys():
            state = self.of(key)
            for name in state.lists:
                if key not in shown.get(name, ()) and not state.is_removed:
                    problems.append(f"{key} is in “{name}”, which does not have it")
        return problems

    def named_keys(self) -> set[str]:
        """The keys of all papers that have tags or are in lists."""
        papers = self._tables["papers"].items()
        return {k for k, fields in papers if any(n.startswith(("tag/", "list/")) for n in fields)}

    def reading_list(self, name: str) -> ReadingList:
        """A reading list with its papers in the library; empty if unknown."""
        reading_list = self._reading_lists.get(name)
        if reading_list is None:
            fields: dict[str, Any] = {}
            for id in reversed(self.list_ids(name) or (name,)):
                fields |= self._fields("lists", id)
            exports = [
                Export.of(field[7:], value, lambda key: self._id("papers", key))
                for field, value in fields.items()
                if field.startswith("export/")
            ]
            reading_list = self._reading_lists[name] = ReadingList(
                name=name,
                description=fields.get("description") or "",
                keys=tuple(key for key in self.positions(name) if self._is_shown(key)),
                exports=tuple(sorted(exports, key=lambda export: export.at, reverse=True)),
            )
        return reading_list

    def _is_shown(self, key: str) -> bool:
        return key in self._papers and not self._fields("papers", key).get("removed")

    def positions_by_id(self, id: str) -> dict[str, float]:
        """The positions of the papers in a list by its id, in order."""
        return _in_order(self._positions.get(id, {}))

    def positions(self, name: str) -> dict[str, float]:
        """The positions of a list's papers by key, in order, with those not in the library."""
        positions: dict[str, float] = {}
        for id in reversed(self.list_ids(name)):
            positions |= self._positions.get(id, {})
        return _in_order(positions)

    def end_of(self, name: str) -> float:
        """The last position in a list; 0 if it has no papers."""
        positions = (self._positions.get(id, {}).values() for id in self.list_ids(name))
        return max(chain.from_iterable(positions), default=0.0)

    def end_updates(self, name: str, keys: Iterable[str]) -> list[FieldUpdate]:
        """The updates by which papers are in a list, created if missing: new ones at its end."""
        places = self.positions(name)
        id, updates = self.list_updates(name)
        new = [key for key in dict.fromkeys(keys) if key not in places]
        end = self.end_of(name)
        return [*updates, *(("papers", k, f"list/{id}", end + n) for n, k in enumerate(new, 1))]

    def views(self) -> dict[str, str]:
        """The saved queries by name, in the order in which they were saved."""
        views = self._tables["views"].items()
        return {name: str(f["query"]) for name, f in views if f.get("query") is not None}

    def sources(self) -> dict[str, str]:
        """The user's names of the sources by what names them, sorted by name."""
        sources = self._tables["sources"].items()
        names = {spec: str(f.get("title") or spec) for spec, f in sources if f.get("exists")}
        return dict(sorted(names.items(), key=lambda pair: (pair[1].lower(), pair)))

    def rules(self) -> "list[Rule]":
        """The rules, in the order in which they were added."""
        rules = self._tables["rules"].items()
        if not rules:
            return []
        from tui.model.rules import rule_of  # here, as a start needs no rules

        return [rule_of(query, str(f["actions"])) for query, f in rules if f.get("actions")]

    def preferences(self) -> dict[str, str]:
        """The terms that the user wants more of or muted, in the order in which they were named."""
        preferences = self._tables["preferences"].items()
        return {term: str(f["wish"]) for term, f in preferences if f.get("wish")}

    # Changes

    def folders_of(self, key: str) -> tuple[str, ...]:
        """The folders into which the note of a paper was exported."""
        return tuple(folder for folder, notes in self._tables["notes"].items() if key in notes)

    def note_folders(self) -> tuple[str, ...]:
        """The folders into which notes were exported."""
        return tuple(self._tables["notes"])

    def things(self, table: str) -> Mapping[str, Fields]:
        """All that a table of edits is about, by id, with its fields."""
        return self._tables[table]

    def value(self, table: str, id: str, field: str) -> Any:
        """The value of a field, see ``Edit``; ``None`` if it is not set."""
        value = self._fields(table, id).get(field)
        return None if table == "imports" and value is False else value

    def edits(self, updates: Iterable[FieldUpdate]) -> tuple[Edit, ...]:
        """The edits for some updates, without those that change nothing."""
        edits: dict[tuple[str, str, str], Edit] = {}
        for table, id, field, now in updates:
            was = self.value(table, id, field)
            edits.pop((table, id, field), None)
            if was != now:
                edits[table, id, field] = Edit(table, id, field, was, now)
        return tuple(edits.values())

    def unchanged_edits(self, change: Change, *, after: bool = True) -> tuple[Edit, ...]:
        """The edits of a change whose fields still have the values after it, or before it."""
        return tuple(
            edit
            for edit in change.edits
            if self.value(edit.table, edit.id, edit.field) == (edit.now if after else edit.was)
        )

    def apply(self, change: Change) -> None:
        """Applies a change; changes come in the order of (revision, machine)."""
        for edit in change.edits:
            if fits(edit.table, edit.field, edit.now):
                self.set_field(edit.table, edit.id, edit.field, edit.now)
                if (edit.table, edit.field) == ("papers", "status"):
                    at = "" if change.undoes else change.at
                    self.set_field("papers", edit.id, "marked", at if edit.now else None)
            # else it is from a newer version, and stays in the journal
        for key in change.keys:
            self._tables["papers"].setdefault(self._id("papers", key), {})["changed"] = change.at
        self.last_rev = max(self.last_rev, change.rev)

    def _id(self, table: str, id: str) -> str:
        return self.aliases.get(id, id) if table == "papers" else id

    def _fields(self, table: str, id: str) -> Fields:
        return self._tables.get(table, {}).get(self._id(table, id), _NO_FIELDS)

    def set_field(self, table: str, id: str, field: str, value: Any) -> None:
        """Sets a field, see ``Edit``; ``None`` removes it."""
        id = self._id(table, id)
        if table == "imports" and value is None:
            value = False  # remembered, as an import without a change is taken over
        things = self._tables.setdefault(table, {})
        if value is not None:
            things.setdefault(id, {})[field] = value
        elif fields := things.get(id):
            fields.pop(field, None)
            if not fields:  # so that it is last if it is set again
                del things[id]
        if table == "lists":
            self._list_names = None
            self._reading_lists.clear()
        elif table == "tags":
            self._tag_names = None
        elif table == "papers" and field == "removed":
            self._reading_lists.clear()
        elif table == "papers" and field.startswith("list/"):
            positions = self._positions.setdefault(field[5:], {})
            had_any = bool(positions)
            if value is None:
                positions.pop(id, None)
            else:
                positions[id] = float(value)
            if bool(positions) != had_any:
                self._list_names = None
                self._reading_lists.clear()
            elif self._reading_lists:
                self._reading_lists.pop(self.list_name(field[5:]), None)

    def adopt_from(self, other: "State") -> None:
        """Takes over what another state has, which is then no longer used."""
        self._tables, self._positions = other._tables, other._positions
        self._list_names = self._tag_names = None
        self._reading_lists.clear()

    def missing_from(
        self, other: "State", fields: Collection[tuple[str, str, str]], *, removals: bool
    ) -> list[FieldUpdate]:
        """The updates that make another state have what this one has.

        Args:
            other: The other state.
            fields: Table, id and field of what is left as it is in the other.
            removals: Whether to remove what this one does not have, too.
        """
        updates: list[FieldUpdate] = []
        for table, things in self._tables.items():
            others = other._tables.get(table, {})
            for id in dict.fromkeys((*things, *(others if removals else ()))):
                mine, theirs = things.get(id, _NO_FIELDS), others.get(id, _NO_FIELDS)
                names = dict.fromkeys((*mine, *(theirs if removals else ())))
                updates += [
                    (table, id, name, mine.get(name))
                    for name in names
                    if mine.get(name) != theirs.get(name) and (table, id, name) not in fields
                ]
        return updates


def _in_order(positions: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(positions.items(), key=lambda item: (item[1], item[0])))
