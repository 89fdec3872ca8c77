"""The user's place in a library, stored per machine and not in the library."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from tui.errors import LibraryError
from tui.files import make_folder
from tui.storage.json_file import AtomicJSONStorage

_TABLE: Final = "session"
_LOOKED_AT: Final = "looked_at"
_MOST_LOOKED_AT: Final = 500
"""The most imports that are remembered, the newest; all before them count as seen."""


class PlaceFile:
    """The file of the user's place; neither reading nor writing it fails."""

    def __init__(self, path: Path) -> None:
        self._file = AtomicJSONStorage(path)

    @cached_property
    def _stored(self) -> Mapping[str, Any]:
        with suppress(LibraryError):
            for place in (self._file.read() or {}).get(_TABLE, {}).values():
                return dict(place)
        return {}

    @property
    def place(self) -> Mapping[str, Any]:
        """The place as last saved; empty if unknown."""
        return {name: value for name, value in self._stored.items() if name != _LOOKED_AT}

    @property
    def looked_at(self) -> tuple[str, ...]:
        """The ids of the imports that there were then, oldest first."""
        ids = self._stored.get(_LOOKED_AT)
        return tuple(id for id in ids if isinstance(id, str)) if isinstance(ids, list) else ()

    def save(self, place: Mapping[str, Any], looked_at: Sequence[str]) -> bool:
        """Writes the place, and the ids of all imports, oldest first, if they changed.

        Returns:
            Whether they are saved.
        """
        stored = {**place, _LOOKED_AT: list(looked_at[-_MOST_LOOKED_AT:])}
        if stored == self._stored:
            return True
        self._stored = stored
        with suppress(LibraryError, OSError):
            make_folder(self._file.path.parent)
            self._file.write({_TABLE: {"1": stored}})
            return True
        return False
