"""The schemas of a library's files, and the migrations between them.

A migration is a pure function of tables, and keeps what it does not know.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

Tables = dict[str, dict[str, Any]]
"""The contents of a file: by table, documents by number."""

Migration = Callable[[Tables], Tables]


def _without_session(tables: Tables) -> Tables:
    """Schema 2: the user's place moves from the shared snapshot to a file on each machine."""
    return {name: table for name, table in tables.items() if name != "session"}


def _with_extents(tables: Tables) -> Tables:
    """Schema 3: the snapshot tells how far it had read each file of the journal.

    Before, it had the number of changes of each machine.
    """
    others = {name: table for name, table in tables.items() if name != "journal"}
    return others | ({"counts": tables["journal"]} if "journal" in tables else {})


def _with_comments(tables: Tables) -> Tables:
    """Schema 2: the numbers of pages are those of comments, and papers come from imports."""

    def renamed(record: Any) -> Any:
        if not isinstance(record, dict):  # reported when it is read
            return record
        return {"comments" if name == "upvotes" else name: v for name, v in record.items()}

    papers = {}
    for number, paper in tables.get("papers", {}).items():
        papers[number] = renamed(paper)
        if isinstance(paper, dict):
            papers[number] |= {
                "upvotes": None,
                "sightings": list(map(renamed, paper.get("sightings", ()))),
            }
    return {**tables, "papers": papers}


PAPERS_FILE: Final = "papers.json"
TRIAGE_FILE: Final = "triage.json"

MIGRATIONS: Final[Mapping[str, Sequence[Migration]]] = {
    PAPERS_FILE: (_with_comments,),
    TRIAGE_FILE: (_without_session, _with_extents),
}
"""By file: from schema 1 to 2, from 2 to 3 and so on."""


def migrate(tables: Tables, schema: int, migrations: Sequence[Migration]) -> Tables:
    """Migrates tables of an older schema, from 1, to the newest."""
    for step in migrations[schema - 1 :]:
        tables = step(tables)
    return tables
