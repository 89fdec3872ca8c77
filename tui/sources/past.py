"""The last fetch of each source by this machine: a small file, which can be deleted any time."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from tui.errors import LibraryError
from tui.files import make_folder, read_file, write_atomically
from tui.sources.base import Validators
from tui.values import dataclass

_MOST: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Fetched:
    """The last fetch of one source."""

    at: str = ""
    """When, ISO 8601 in UTC; empty if never."""
    error: str = ""
    """Why it failed; empty if it did not. The rest is of the last one that did not."""
    since: date | None = None
    """The first day of the fetch that brought the import."""
    until: date | None = None
    """The last day that was fetched."""
    new: int = 0
    """Papers that the last fetch brought."""
    merged: int = 0
    """Papers of which it brought other facts."""
    import_id: str = ""
    """The last import of it."""
    validators: Mapping[str, Validators] = field(default_factory=dict)
    """By address."""
    tried: tuple[str, ...] = ()
    """Keys of the papers that were looked up in vain since ``since``."""


class FetchLog:
    """The last fetches by source. Who writes has the lock of the library."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, Fetched]:
        """By what names the source; empty where there is nothing, or nothing that can be read."""
        try:
            table = json.loads(read_file(self._path, _MOST))
            return {str(spec): _decoded(value) for spec, value in table.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def remember(self, spec: str, fetched: Fetched) -> None:
        """Keeps the last fetch of a source; failing to is no error."""
        table = {name: _encoded(value) for name, value in (self.read() | {spec: fetched}).items()}
        with suppress(OSError, LibraryError):
            make_folder(self._path.parent)
            write_atomically(self._path, json.dumps(table, indent=1).encode(), durable=False)


def _encoded(fetched: Fetched) -> dict[str, Any]:
    days = {"since": fetched.since, "until": fetched.until}
    return {**asdict(fetched), **{name: day and day.isoformat() for name, day in days.items()}}


def _decoded(value: Mapping[str, Any]) -> Fetched:
    """Raises an error where a value has the wrong type."""
    return Fetched(
        at=str(value["at"]),
        error=str(value["error"]),
        since=date.fromisoformat(value["since"]) if value["since"] else None,
        until=date.fromisoformat(value["until"]) if value["until"] else None,
        new=int(value["new"]),
        merged=int(value["merged"]),
        import_id=str(value["import_id"]),
        validators={
            str(url): Validators(str(each["etag"]), str(each["modified"]))
            for url, each in value["validators"].items()
        },
        tried=tuple(map(str, value["tried"])),
    )
