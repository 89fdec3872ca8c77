"""What all changes add up to: the fields of every paper, list and view that were ever set.

Pure memory: it knows no file, and of papers only their keys.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tui.model.state import (
    DEFAULT_STATE,
    Change,
    Edit,
    Export,
    FieldUpdate,
    PaperState,
    ReadingList,
    decision,
    fits,
)

Documents = dict[str, dict[str, Any]]
"""A table as TinyDB keeps it: documents by number."""


class State:
    """The state of all decisions, lists and views."""

    def __init__(self) -> None:
        """Begins with nothing decided."""
        self._fields: dict[tuple[str, str], dict[str, Any]] = {}
        self.covered: dict[str, int] = {}
        """The last revision taken in from each machine."""
        self.taken: dict[str, int] = {}
        """How many changes were taken in from each machine."""

    @property
    def last_rev(self) -> int:
        """The highest revision of any machine."""
        return max(self.covered.values(), default=0)

    def __bool__(self) -> bool:
        return any(self._fields.values())

    def value(self, table: str, id: str, field: str) -> Any:
        """What one field is now; ``None`` if it is not set."""
        return self._fields.get((table, id), {}).get(field)

    def edits(self, settings: Iterable[FieldUpdate]) -> tuple[Edit, ...]:
        """The edits that make things so; what is so already is left out."""
        edits: dict[tuple[str, str, str], Edit] = {}
        for table, id, field, now in settings:
            was = self._fields.get((table, id), {}).get(field)
            edits.pop((table, id, field), None)
            if was != now:
                edits[table, id, field] = Edit(table, id, field, was, now)
        return tuple(edits.values())

    def apply(self, change: Change) -> None:
        """Takes in a change; changes must come in the order of (revision, machine)."""
        for edit in change.edits:
            if not fits(edit.table, edit.field, edit.now):
                continue  # of a version that knows more; its line stays in the journal
            fields = self._fields.setdefault((edit.table, edit.id), {})
            if edit.now is None:
                fields.pop(edit.field, None)
                if not fields:  # what comes back begins anew, behind all others
                    del self._fields[edit.table, edit.id]
            else:
                fields[edit.field] = edit.now
        for key in change.keys:
            self._fields.setdefault(("papers", key), {})["changed"] = change.at
        self.covered[change.machine] = max(change.rev, self.covered.get(change.machine, 0))
        self.taken[change.machine] = self.taken.get(change.machine, 0) + 1

    def unchanged_edits(self, change: Change, *, after: bool = True) -> tuple[Edit, ...]:
        """The edits of a change whose fields are still as it left them, or as it found them.

        Args:
            change: The change to compare with.
            after: Whether to compare with what it made, else with what was before it.
        """
        return tuple(
            edit
            for edit in change.edits
            if self._fields.get((edit.table, edit.id), {}).get(edit.field)
            == (edit.now if after else edit.was)
        )

    def paper_state(self, key: str) -> PaperState:
        """What was decided about a paper, whether or not the library has it."""
        fields = self._fields.get(("papers", key))
        return decision(fields) if fields else DEFAULT_STATE

    def decided_keys(self) -> list[str]:
        """The papers of which anything was ever decided."""
        return [id for (table, id), fields in self._fields.items() if table == "papers" and fields]

    def list_names(self) -> list[str]:
        """The names of the reading lists, in the order of the alphabet."""
        names = [
            id for (t, id), fields in self._fields.items() if t == "lists" and fields.get("exists")
        ]
        return sorted(names, key=str.casefold)

    def reading_list(self, name: str, papers: Iterable[str]) -> ReadingList:
        """The reading list of a name; an unknown one is empty.

        Args:
            name: Its name.
            papers: The keys that the library has; a place kept for any other is passed over.
        """
        fields = self._fields.get(("lists", name), {})
        exports = [_export(f[7:], value) for f, value in fields.items() if f.startswith("export/")]
        return ReadingList(
            name=name,
            description=fields.get("description") or "",
            keys=tuple(key for key in self.positions(name) if key in papers),
            exports=tuple(sorted(exports, key=lambda export: export.at, reverse=True)),
        )

    def positions(self, name: str) -> dict[str, float]:
        """The places of a list's papers by key, in its order."""
        field = f"list/{name}"
        found = {
            id: float(fields[field])
            for (table, id), fields in self._fields.items()
            if table == "papers" and field in fields
        }
        return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))

    def views(self) -> dict[str, str]:
        """Saved queries by name, in the order in which they were saved."""
        return {
            id: str(fields["query"])
            for (table, id), fields in self._fields.items()
            if table == "views" and fields.get("query") is not None
        }

    def tables(self) -> dict[str, Documents]:
        """Everything as TinyDB tables, for the snapshot."""
        tables: dict[str, Documents] = {"journal": {}, "views": {}, "lists": {}, "decisions": {}}

        def add(table: str, document: dict[str, Any]) -> None:
            tables[table][str(len(tables[table]) + 1)] = document

        for machine, rev in sorted(self.covered.items()):
            add("journal", {"machine": machine, "rev": rev, "changes": self.taken[machine]})
        for (table, id), fields in self._fields.items():
            if not fields:
                continue
            if table == "papers":
                add("decisions", {"key": id, **fields})
            elif table == "lists":
                add("lists", {"name": id, **fields, "papers": list(self.positions(id))})
            elif table == "views":
                add("views", {"name": id, **fields})
        return tables

    def load(self, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        """Takes in the documents of a snapshot, by table.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: If a document is not one of ``tables``.
        """
        for table, source, id_field in _SOURCES:
            for document in tables[source]:
                fields = {n: v for n, v in document.items() if n not in (id_field, *_DERIVED)}
                for name, value in fields.items():
                    if not fits(table, name, value):
                        raise ValueError(f"{name} of {document[id_field]} is {value!r}")
                if table == "views" and "query" not in fields:
                    raise KeyError("query")
                self._fields[table, str(document[id_field])] = fields
        for document in tables["journal"]:
            machine = str(document["machine"])
            self.covered[machine] = int(document["rev"])
            self.taken[machine] = int(document["changes"])


_SOURCES = (("papers", "decisions", "key"), ("lists", "lists", "name"), ("views", "views", "name"))
_DERIVED = ("papers",)


def _export(path: str, value: Mapping[str, Any]) -> Export:
    return Export(
        path=path,
        format=str(value.get("format", "markdown")),
        at=str(value.get("at", "")),
        held=tuple(value.get("held", ())),
        abstract=str(value.get("abstract", "none")),
        sum=str(value.get("sum", "")),
    )
