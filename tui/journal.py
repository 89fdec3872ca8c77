"""The reader's changes, appended line by line and durable before anybody sees them.

Each machine appends to a file of its own, so that a synced folder never conflicts; all files
together, in the order of (revision, machine), are the truth about every decision. It knows what a
change is, and nothing of verbs, papers or the snapshot made of it.
"""

import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from tui.errors import LibraryError
from tui.files import sync_folder
from tui.triage import Change, Edit

_SUM_WIDTH: Final = len('{"sum":"00000000",')


class Journal:
    """The changes of one library folder."""

    def __init__(self, folder: Path, machine: str) -> None:
        """Args are the journal's folder, which need not exist, and this machine's name in it."""
        self.folder = folder
        self.machine = machine
        self.damaged: list[tuple[Path, int]] = []
        """File and line, from 1, of what the last ``read`` could not make sense of."""
        self._handle: int | None = None

    @property
    def path(self) -> Path:
        """This machine's file."""
        return self.folder / f"{self.machine}.jsonl"

    def read(self, since: Mapping[str, int] | None = None) -> list[Change]:
        """The changes of all machines in their order; what cannot be read is noted and left out.

        Args:
            since: By machine, the last revision that the caller knows; ``None`` for everything.

        Raises:
            LibraryError: If a file cannot be opened at all.
        """
        self.damaged = []
        known = since or {}
        found: dict[str, Change] = {}  # a synced folder may hold a copy of a file beside it
        try:
            for path in sorted(self.folder.glob("*.jsonl")):
                found.update((change.id, change) for change in self._read_file(path, known))
        except OSError as error:
            raise LibraryError(f"{error.filename}: cannot be read: {error.strerror}") from error
        return sorted(found.values(), key=lambda change: (change.rev, change.machine))

    def _read_file(self, path: Path, known: Mapping[str, int]) -> Iterator[Change]:
        lines = path.read_bytes().split(b"\n")
        for number, raw in enumerate(lines, start=1):
            line = raw.removesuffix(b"\r")  # as git may write it on Windows
            if not line:
                continue
            change = _decode(line)
            if change is None:
                # A last line without its end was never acknowledged: a write that did not finish.
                if number < len(lines):
                    self.damaged.append((path, number))
            elif change.rev > known.get(change.machine, 0):
                yield change

    def append(self, change: Change) -> None:
        """Writes one change down and returns when it is durable. Cost: one append and one fsync.

        Raises:
            LibraryError: If it could not be written; the journal is then as it was.
        """
        handle = self._open()
        before = os.fstat(handle).st_size
        try:
            data = _encode(change)
            self._mend_end(handle, before)
            before = os.fstat(handle).st_size
            written = 0
            while written < len(data):
                written += os.write(handle, data[written:])
            os.fsync(handle)
        except (OSError, UnicodeEncodeError) as error:
            try:
                os.ftruncate(handle, before)
            except OSError:
                self.close()
            reason = getattr(error, "strerror", None) or "it is no text"
            raise LibraryError(
                f"{self.path}: the change could not be kept: {reason}",
                "nothing was changed",
            ) from error

    def _mend_end(self, handle: int, size: int) -> None:
        """Ends a last line that lacks its end, or drops it if it was never wholly written."""
        if size == 0:
            return
        tail = self.path.read_bytes().rsplit(b"\n", 1)[-1] if _last_byte(handle) != b"\n" else b""
        if tail and _decode(tail) is None:
            os.ftruncate(handle, size - len(tail))
        elif tail:
            os.write(handle, b"\n")

    def _open(self) -> int:
        if self._handle is None:
            try:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
                flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
                handle = os.open(self.path, flags, 0o600)
                with suppress(OSError):  # some file systems cannot
                    sync_folder(self.folder)
                self._handle = handle
            except OSError as error:
                raise LibraryError(
                    f"{self.path}: cannot be written: {error.strerror}", "nothing was changed"
                ) from error
        return self._handle

    def close(self) -> None:
        """Lets go of the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _last_byte(handle: int) -> bytes:
    os.lseek(handle, -1, os.SEEK_END)
    return os.read(handle, 1)


def _encode(change: Change) -> bytes:
    record: dict[str, Any] = {
        "rev": change.rev,
        "machine": change.machine,
        "at": change.at,
        "verb": change.verb,
        "edits": [list(edit) for edit in change.edits],
    }
    if change.undoes is not None:
        record["undoes"] = change.undoes
    if change.redoes is not None:
        record["redoes"] = change.redoes
    body = json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":"))[
        1:
    ].encode()
    return b'{"sum":"%08x",%s\n' % (zlib.crc32(body), body)


def _decode(line: bytes) -> Change | None:
    """The change of a line, or ``None`` if it is not wholly one that was written here."""
    body = line[_SUM_WIDTH:]
    if line[:_SUM_WIDTH] != b'{"sum":"%08x",' % zlib.crc32(body):
        return None
    try:
        record = json.loads(b"{" + body)
        for edit in record["edits"]:
            if len(edit) != 5 or not all(isinstance(name, str) for name in edit[:3]):
                return None
        return Change(
            rev=int(record["rev"]),
            machine=str(record["machine"]),
            at=str(record["at"]),
            verb=str(record["verb"]),
            edits=tuple(Edit(*edit) for edit in record["edits"]),
            undoes=record.get("undoes"),
            redoes=record.get("redoes"),
        )
    except (ValueError, KeyError, TypeError):
        return None


class Steps:
    """The changes that can be undone, and those that can be done again, oldest first."""

    def __init__(self, changes: Iterable[Change] = ()) -> None:
        """Walks through changes in their order."""
        self.undoable: list[Change] = []
        self.redoable: list[Change] = []
        for change in changes:
            self.remember(change)

    def remember(self, change: Change) -> None:
        """Takes in the next change."""
        if change.undoes:
            _move(change.undoes, self.undoable, self.redoable)
        elif change.redoes:
            _move(change.redoes, self.redoable, self.undoable)
        elif change.is_undoable:
            self.undoable.append(change)
            self.redoable.clear()


def _move(id: str, source: list[Change], target: list[Change]) -> None:
    """Moves a change, usually the last of its list."""
    for place in range(len(source) - 1, -1, -1):
        if source[place].id == id:
            target.append(source.pop(place))
            return
