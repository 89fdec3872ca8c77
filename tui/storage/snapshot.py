"""The snapshot of the state: what the journal adds up to, and how far it had been read.

It spares reading the journal, and is never the truth: one that does not fit the journal is made
anew from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any, Final

from tinydb import TinyDB
from tinydb.middlewares import CachingMiddleware

from tui.errors import LibraryError, NewerLibraryError
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.segments import Extent
from tui.storage.state import Documents, State
from tui.values import dataclass

RESTORED: Final = "restored"
"""The table of a snapshot that the user restored."""
_STATE: Final = (
    *("decisions", "lists", "tags", "views", "sources", "rules", "preferences"),
    *("digests", "reminders", "notes"),
    *("imports", "joins", "aliases"),
)


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
    is_restored: bool = False
    """Whether the user restored it from a backup, for what the journal lacks."""


class SnapshotFile:
    """The file of the snapshot, used through TinyDB's tables."""

    def __init__(self, file: AtomicJSONStorage) -> None:
        """Reads nothing yet."""
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
            tables = {name: self._database.table(name).all() for name in (*_STATE, *_OWN)}
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
        tables: Mapping[str, Documents],
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
        }
        try:
            self._database.drop_tables()
            for name, documents in (own | dict(tables)).items():
                self._database.table(name).insert_multiple(documents)
            self._cache.flush()  # type: ignore[no-untyped-call]
        finally:
            self._cache.cache = None


_OWN: Final = ("journal", "damaged", "counts", RESTORED)


def _decoded(tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> Snapshot:
    """The snapshot in some tables.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: If a document is invalid.
    """
    state = State()
    state.aliases = {str(row["alias"]): str(row["key"]) for row in tables["aliases"]}
    state.load_tables(tables)
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
        bool(tables[RESTORED]),
    )
