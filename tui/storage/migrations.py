"""The shapes that the files of a library have had, and the way from each to the next.

A migration is a pure function of tables. What it does not know it passes on.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

Tables = dict[str, dict[str, Any]]
"""What a file holds: documents by number, by table."""

Migration = Callable[[Tables], Tables]


def _without_session(tables: Tables) -> Tables:
    """Schema 2: where a reader was is kept on each machine and no more in the shared snapshot."""
    return {name: table for name, table in tables.items() if name != "session"}


MIGRATIONS: Final[Mapping[str, Sequence[Migration]]] = {
    "papers.json": (),
    "triage.json": (_without_session,),
}
"""By file, from schema 1 to 2, from 2 to 3 and so on."""


def migrate(tables: Tables, schema: int, migrations: Sequence[Migration]) -> Tables:
    """Tables of an older schema as the newest has them.

    Args:
        tables: What the file holds.
        schema: The schema it was written in, from 1.
        migrations: Those of its kind of file.
    """
    for step in migrations[schema - 1 :]:
        tables = step(tables)
    return tables
