"""The reader's changes, appended line by line and durable before anybody sees them.

Each machine appends to a file of its own, so that a synced folder never conflicts; all files
together, in the order of (revision, machine), are the truth about every decision. It knows what a
change is, and nothing of verbs, papers or the snapshot made of it.
"""

import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tui.errors import LibraryError, with_path
from tui.model.state import Change, Edit
from tui.storage.files import list_folder, make_folder, sync_folder, write_all

_REV: Final = re.compile(rb'"rev":([0-9]{1,9}),')
_SUM_WIDTH: Final = len('{"sum":"00000000",')


class Journal:
    """The changes of one library folder."""

    def __init__(self, folder: Path, machine: str) -> None:
        """Args are the journal's folder, which need not exist, and this machine's name in it."""
        self.folder = folder
        self.machine = machine
        self.damaged: list[tuple[Path, int]] = []
        """File and line, from 1, of what the last ``read`` could not make sense of."""
        self.lost_rev = 0
        """The highest revision that damaged lines seem to tell; no change may have it again."""
        self._handle: int | None = None
        self._marks: dict[Path, _Mark] = {}
        self._cut: int | None = None

    @property
    def path(self) -> Path:
        """This machine's file."""
        return self.folder / f"{self.machine}.jsonl"

    def read(self) -> list[Change]:
        """The changes of all machines in their order; what cannot be read is noted and left out.

        Raises:
            LibraryError: If a file cannot be opened at all.
        """
        self._marks.clear()
        self.damaged = []
        return self._read_on()

    def follow(self) -> list[Change]:
        """The changes that came since the last ``read`` or ``follow``, in their order.

        Cost: while nothing comes, one look at the folder and one at each file in it. A file that
        was replaced is read from its beginning, and gives what it gave before, too.

        Raises:
            LibraryError: If a file cannot be opened at all.
        """
        return self._read_on()

    @property
    def is_behind(self) -> bool:
        """Whether this machine's file is other than it was left. Cost: one look at it."""
        known = self._marks.get(self.path)
        try:
            return _Mark.of(self.path.stat()) != known
        except OSError:
            return known is not None

    def _read_on(self) -> list[Change]:
        # By its line, as a synced folder may hold a copy of a file beside it; and by nothing less,
        # as two writers who got past the lock give two changes one name.
        found: dict[bytes, Change] = {}
        try:
            for path in list_folder(self.folder, ".jsonl"):
                found.update(self._read_file(path))
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
            raise LibraryError(with_path(Path(error.filename or self.folder), reason)) from error
        changes = sorted(found.items(), key=lambda pair: (pair[1].rev, pair[1].machine, pair[0]))
        return [change for _, change in changes]

    def _read_file(self, path: Path) -> Iterator[tuple[bytes, Change]]:
        known = self._marks.get(path)
        with path.open("rb") as file:
            mark = _Mark.of(os.fstat(file.fileno()))
            if known == mark:
                return
            is_longer = known and known.inode == mark.inode and known.size <= mark.size
            start, number = (known.end, known.lines) if known and is_longer else (0, 0)
            file.seek(start)
            data = file.read()
        end = _end_of_whole(data)
        lines, rest = data[:end].split(b"\n")[:-1], data[end:]
        self._marks[path] = replace(mark, end=start + end, lines=number + len(lines))
        for raw in lines:
            number += 1
            line = raw.removesuffix(b"\r")  # as git may write it on Windows
            if change := _decode(line):
                yield line, change
            elif line:
                self.damaged.append((path, number))
                if told := _REV.search(line):
                    self.lost_rev = max(self.lost_rev, int(told[1]))
        # What is left was never acknowledged: a write that did not finish. One that lacks its end
        # only is a change all the same.
        if change := _decode(rest):
            yield rest, change

    def append(self, change: Change) -> None:
        """Writes one change down and returns when it is durable. Cost: one append and one fsync.

        Raises:
            LibraryError: If it could not be written; the journal is then as it was.
        """
        known = None if self.is_behind else self._marks.get(self.path, _NOTHING)
        handle = self._open()
        try:
            data = _encode(change)
            self._cut_off(handle)
            self._cut = self._mend_end(handle)
            write_all(handle, data)
            os.fsync(handle)
        except (OSError, UnicodeEncodeError) as error:
            with suppress(OSError):
                self._cut_off(handle)
            reason = getattr(error, "strerror", None) or "it is no text"
            raise LibraryError(
                with_path(self.path, f"the change could not be kept: {reason}"),
                "nothing was changed",
            ) from error
        self._cut = None
        if known is not None:  # else somebody got past the lock, and is still to be read
            with suppress(OSError):  # it is kept all the same, and is read again
                mark = _Mark.of(os.fstat(handle))
                self._marks[self.path] = replace(mark, end=mark.size, lines=known.lines + 1)

    def _cut_off(self, handle: int) -> None:
        """Takes back what was written of a change that could not be kept, perhaps a second time."""
        if self._cut is not None:
            os.ftruncate(handle, self._cut)
            self._cut = None

    def _mend_end(self, handle: int) -> int:
        """Ends a last line that lacks its end, or drops it if it was never wholly written.

        Returns:
            The size of the file then.
        """
        size = os.fstat(handle).st_size
        if size == self._marks.get(self.path, _NOTHING).end:
            return size
        data = self.path.read_bytes()
        end = _end_of_whole(data)
        if _decode(data[end:]) is not None:
            os.write(handle, b"\n")
        elif end < size:
            os.ftruncate(handle, end)
        return os.fstat(handle).st_size

    def _open(self) -> int:
        if self._handle is None:
            try:
                make_folder(self.folder)
                flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
                flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
                handle = os.open(self.path, flags, 0o600)
                with suppress(OSError):  # some file systems cannot
                    sync_folder(self.folder)
                self._handle = handle
            except OSError as error:
                raise LibraryError(
                    with_path(self.path, f"cannot be written: {error.strerror}"),
                    "nothing was changed",
                ) from error
        return self._handle

    def close(self) -> None:
        """Lets go of the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@dataclass(frozen=True, slots=True)
class _Mark:
    """How far a file was read, and what it looked like then."""

    inode: int
    size: int
    changed: int
    """Nanoseconds."""
    end: int = field(default=0, compare=False)
    """Of its last whole line, in bytes."""
    lines: int = field(default=0, compare=False)

    @classmethod
    def of(cls, info: os.stat_result) -> "_Mark":
        """The mark of a file that nothing was read of."""
        return cls(info.st_ino, info.st_size, info.st_mtime_ns)


_NOTHING: Final = _Mark(0, 0, 0)


def _end_of_whole(data: bytes) -> int:
    """Where the last line that was wholly written ends.

    A power cut may leave a last line without its end, or one whose length was kept and whose bytes
    were not: a hole of NULs, which no line has.
    """
    end = data.rfind(b"\n") + 1
    last = data.rfind(b"\n", 0, max(end - 1, 0)) + 1
    return last if b"\0" in data[last:end] else end


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


class UndoStack:
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
            _move(change.undoes, change, self.undoable, self.redoable)
        elif change.redoes:
            _move(change.redoes, change, self.redoable, self.undoable)
        elif change.is_undoable:
            self.undoable.append(change)
            self.redoable.clear()


def _move(id: str, by: Change, source: list[Change], target: list[Change]) -> None:
    """Moves what one change did to another, usually the last of its list.

    Fields that were set otherwise since stay where they were: they may stand again one day.
    """
    place = next((n for n in range(len(source) - 1, -1, -1) if source[n].id == id), None)
    if place is None:
        return
    touched = {edit[:3] for edit in by.edits}
    change = source.pop(place)
    moved = tuple(edit for edit in change.edits if edit[:3] in touched)
    if left := tuple(edit for edit in change.edits if edit[:3] not in touched):
        source.insert(place, replace(change, edits=left))
    for n, other in enumerate(target):
        if other.id == id:
            target[n] = replace(other, edits=other.edits + moved)
            return
    if moved:
        target.append(replace(change, edits=moved))
