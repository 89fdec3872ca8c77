"""The journals of a library as this machine last knew them, remembered outside its folder.

A sync tool, a backup or ``git reset`` may put an older version of a file in its place. Nothing in
the folder can tell then that there was more; and of this machine's own changes nobody else may have
a copy. So the last of them are remembered here, too, and put back.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from tui.errors import LibraryError
from tui.files import make_folder, read_file, write_atomically
from tui.model.layout import plural
from tui.model.state import Change
from tui.storage.journal import Journal
from tui.storage.journal_lines import decode, encode
from tui.values import dataclass

_BYTES: Final = 32_768
"""The most bytes of this machine's last changes that are remembered: some hundred changes."""
_MAX_BYTES: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class LastKnown:
    """The journals when the library was last closed."""

    library: str
    """Distinguishes the library from another one in the same place."""
    revs: Mapping[str, int]
    """The highest revision of each machine."""
    last: tuple[Change, ...]
    """The last changes of this machine, in order."""


class LastKnownFile:
    """Its file; neither reading nor writing it fails."""

    def __init__(self, path: Path, folder: Path, journal: Journal) -> None:
        self._path = path
        self._folder = folder
        self._journal = journal

    def read(self) -> LastKnown | None:
        """The memory of this library; ``None`` without one."""
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            record = json.loads(read_file(self._path, _MAX_BYTES))
            known = LastKnown(
                library=str(record["library"]),
                revs={str(machine): int(rev) for machine, rev in record["revs"].items()},
                last=tuple(c for line in record["last"] if (c := decode(str(line).encode()))),
            )
            return known if known.library == self._identity() else None
        return None

    def _identity(self) -> str:
        """Distinguishes this library from another one made in its place."""
        info = self._folder.stat()
        names = (path.name for path in (self._folder / "imports").iterdir())
        return f"{info.st_ino} {min(names, default='')}"

    def mend(self, known: LastKnown) -> int:
        """Appends what this machine's journal lost; the number of changes.

        Cost: nothing if it lost nothing, by its last change; else reads the journal.

        Raises:
            LibraryError: If it cannot be written.
        """
        machine = self._journal.machine
        if not known.last or self._journal.revs().get(machine, 0) >= known.last[-1].rev:
            return 0
        lines = {encode(change) for change in self._journal.read() if change.machine == machine}
        lost = [change for change in known.last if encode(change) not in lines]
        for change in lost:
            self._journal.append(change)
        return len(lost)

    def warnings(self, known: LastKnown, mended: int) -> list[str]:
        """What the journals lack of what is remembered, and what of it was put back."""
        revs = self._journal.revs()
        warnings = []
        if mended:
            count = plural(mended, "change")
            warnings.append(f"The journal of this machine was an older version: {count} put back")
        for machine, rev in sorted(known.revs.items()):
            now = revs.get(machine, 0)
            if now < rev:
                name = "this machine" if machine == self._journal.machine else machine
                lost = f"changes after {now}@{machine}, up to {rev}@{machine}, are missing"
                warnings.append(f"The journal of {name} is an older version: {lost}")
        return warnings

    def remember(self) -> None:
        """Writes what is known now."""
        with suppress(LibraryError, OSError):
            record = {
                "library": self._identity(),
                "revs": self._journal.revs(),
                "last": [line.decode() for line in self._journal.last_own_lines(_BYTES)],
            }
            make_folder(self._path.parent)
            write_atomically(self._path, json.dumps(record).encode(), durable=False)
