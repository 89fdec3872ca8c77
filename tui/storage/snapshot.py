"""The snapshot of the state: what the journal adds up to, and how far it had been read.

It spares reading the journal, and is never the truth: one that does not fit the journal is rebuilt
from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any, Final

from tinydb import TinyDB
from tinydb.middlewares import CachingMiddleware

from tui.errors import LibraryError, NewerLibraryError
from tui.model.state import fits
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.segments import Extent
from tui.storage.state import STAMPS, State
from tui.values import dataclass

RESTORED: Final = "restored"
"""The table of a snapshot that the user restored."""
_STATE: Final = (
    ("views", "views", "name"),
    ("sources", "sources", "spec"),
    ("rules", "rules", "rule"),
    ("preferences", "preferences", "of"),
    ("digests", "digests", "of"),
    ("reminders", "reminders", "of"),
    ("files", "files", "path"),
    ("notes", "notes", "folder"),
    ("lists", "lists", "name"),
    ("tags", "tags", "id"),
    ("papers", "decisions", "key"),
    ("imports", "imports", "id"),
    ("joins", "joins", "pair"),
)
"""Each table of edits, the TinyDB table that stores it, and the field with the id there."""
_DERIVED: Final = ("papers",)
"""Fields of a document that are derived from others."""
_NAMES: Final = (
    *(name for _, name, _ in _STATE),
    *("aliases", "journal", "damaged", "counts", "stamps", RESTORED),
)
"""All TinyDB tables that are read."""

Documents = list[dict[str, Any]]
"""The documents of a TinyDB table."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state, and what it was made from."""

    state: State = field(default_factory=State)
    extents: Mapping[str, Extent] = field(default_factory=dict)
    """How far each file of the journal had been read."""
    damaged: tuple[tuple[str, int], ...] = ()
    """File and line of damaged lines in them."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """The number of changes by machine, where that is all that is known: before schema 3."""
    last_rev: int = 0
    """The highest revision in it."""
    is_stamped: bool = True
    """Whether it has all of ``STAMPS``; one of an older version does not."""
    is_restored: bool = False
    """Whether the user restored it from a backup, for what the journal lacks."""


class SnapshotFile:
    """The file of the snapshot, used through TinyDB's tables."""

    def __init__(self, file: AtomicJSONStorage) -> None:
        self._file = file
        # All tables are read and written at once.
        self._cache = CachingMiddleware(lambda: file)  # type: ignore[no-untyped-call]
        self._database = TinyDB(storage=self._cache)
        self.problem: LibraryError | None = None
        """Why the file could not be used when it was last read."""

    def read(self) -> Snapshot | None:
        """The snapshot; ``None`` if there is none, or it is damaged (see ``problem``).

        Raises:
            NewerLibraryError: If it is from a newer version.
        """
        self.problem = None
        try:
            if not self._database.tables():  # reads and checks the file
                return None
            tables = {name: self._database.table(name).all() for name in _NAMES}
            return _decoded(tables)
        except NewerLibraryError:
            raise
        except LibraryError as error:
            self.problem = error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self.problem = self._file.error(f"a decision has an invalid field: {error}")
        finally:
            self._cache.cache = None
        return None

    def write(
        self,
        state: State,
        extents: Mapping[str, Extent],
        damaged: Iterable[tuple[str, int]],
    ) -> None:
        """Replaces the file.

        Raises:
            LibraryError: If it cannot be written.
        """
        own: dict[str, Documents] = {
            "journal": [
                {
                    "file": name,
                    "size": extent.size,
                    "lines": extent.lines,
                    "sum": extent.sum,
                    "modified": extent.modified,
                    "rev": extent.last[0],
                    "machine": extent.last[1],
                    "sorted": extent.is_sorted,
                }
                for name, extent in sorted(extents.items())
            ],
            "damaged": [{"file": name, "line": line} for name, line in damaged],
            "stamps": [{"field": name} for name in STAMPS],
        }
        try:
            self._database.drop_tables()
            for name, documents in (own | tables_of(state)).items():
                self._database.table(name).insert_multiple(documents)
            self._cache.flush()  # type: ignore[no-untyped-call]
        finally:
            self._cache.cache = None


def _decoded(tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> Snapshot:
    """The snapshot in some tables.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: If a document is invalid.
    """
    state = State()
    state.aliases = {str(row["alias"]): str(row["key"]) for row in tables["aliases"]}
    load_tables(state, tables)
    extents = {
        str(row["file"]): Extent(
            size=int(row["size"]),
            lines=int(row["lines"]),
            last=(int(row["rev"]), str(row["machine"])),
            is_sorted=bool(row["sorted"]),
            sum=int(row["sum"]),
            modified=int(row["modified"]),
        )
        for row in tables["journal"]
    }
    return Snapshot(
        state,
        extents,
        tuple((str(row["file"]), int(row["line"])) for row in tables["damaged"]),
        {str(row["machine"]): int(row["changes"]) for row in tables["counts"]},
        max((int(row["rev"]) for row in (*tables["journal"], *tables["counts"])), default=0),
        {str(row["field"]) for row in tables["stamps"]}.issuperset(STAMPS),
        bool(tables[RESTORED]),
    )


def tables_of(state: State) -> dict[str, Documents]:
    """The documents of the TinyDB tables that have a state."""
    tables = {
        name: [{id_field: id, **fields} for id, fields in state.things(table).items()]
        for table, name, id_field in _STATE
    }
    for document in tables["lists"]:
        document["papers"] = list(state.positions_by_id(document["name"]))
    aliases = [{"alias": alias, "key": key} for alias, key in sorted(state.aliases.items())]
    return {**tables, "aliases": aliases}


def load_tables(state: State, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    """Loads the documents of a snapshot, by table.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: If a document is invalid.
    """
    for table, name, id_field in _STATE:
        for document in tables.get(name, ()):
            id = str(document[id_field])
            fields = {n: v for n, v in document.items() if n not in (id_field, *_DERIVED)}
            if table == "views" and "query" not in fields:
                raise KeyError("query")
            for field_name, value in fields.items():
                if not fits(table, field_name, value):
                    raise ValueError(f"{field_name} of {id} is “{value}”")
                state.set_field(table, id, field_name, value)
