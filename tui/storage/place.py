"""The user's place in a library, stored per machine and not in the library."""

from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from tui.errors import LibraryError
from tui.storage.files import make_folder
from tui.storage.json_file import AtomicJSONStorage

_TABLE: Final = "session"


class PlaceFile:
    """The file of the user's place; neither reading nor writing it fails."""

    def __init__(self, path: Path) -> None:
        """Reads nothing yet."""
        self._file = AtomicJSONStorage(path)

    @cached_property
    def place(self) -> Mapping[str, Any]:
        """The place as last saved; empty if unknown."""
        with suppress(LibraryError):
            for place in (self._file.read() or {}).get(_TABLE, {}).values():
                return dict(place)
        return {}

    def save(self, place: Mapping[str, Any]) -> bool:
        """Writes the place if it changed; whether it is saved."""
        if place == self.place:
            return True
        self.place = dict(place)
        with suppress(LibraryError, OSError):
            make_folder(self._file.path.parent)
            self._file.write({_TABLE: {"1": self.place}})
            return True
        return False
