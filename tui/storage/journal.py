"""The journal: all changes, one line each, durable before they are visible.

Each machine appends to its own file, so that a synced folder never has conflicts; all files
together, in the order of (revision, machine), define the state.
"""

import errno
import json
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tui.errors import LibraryError, with_path
from tui.files import MAX_BYTES, open_regular, read_file, require_within
from tui.model.state import Change, Edit
from tui.storage.files import list_folder, make_folder, sync_folder, write_all

_REV: Final = re.compile(rb'"rev":([0-9]{1,9}),')
_SUM_WIDTH: Final = len('{"sum":"00000000",')


class Journal:
    """The changes of one library folder."""

    def __init__(self, folder: Path, machine: str) -> None:
        """Reads nothing yet.

        Args:
            folder: The journal's folder, which need not exist.
            machine: This machine's name in it.
        """
        self.folder = folder
        self.machine = machine
        self.path = folder / f"{machine}.jsonl"
        """This machine's file."""
        self.damaged: list[tuple[Path, int]] = []
        """File and line, from 1, of the lines that ``read`` could not decode."""
        self.lost_rev = 0
        """The highest revision in damaged lines, not to be used again."""
        self._handle: int | None = None
        self._marks: dict[Path, _Mark] = {}
        self._cut: int | None = None

    def read(self) -> list[Change]:
        """The changes of all machines in order, without damaged lines (see ``damaged``).

        Raises:
            LibraryError: If a file cannot be opened.
        """
        self._marks.clear()
        self.damaged = []
        return self._read_on()

    def follow(self) -> list[Change]:
        """The changes since the last ``read`` or ``follow``, in order.

        Cost: without new ones, a ``stat`` of each file. A replaced file is read from its beginning,
        and its earlier changes are returned again.

        Raises:
            LibraryError: If a file cannot be opened.
        """
        return self._read_on()

    @property
    def is_behind(self) -> bool:
        """Whether this machine's file was changed by others. Cost: a ``stat``."""
        mark = self._marks.get(self.path)
        try:
            return _Mark.of(self.path.stat()) != mark
        except OSError:
            return mark is not None

    def _read_on(self) -> list[Change]:
        # By line, as a synced folder may have copies of a file; not by id, as two instances that
        # bypassed the lock may use the same one.
        changes: dict[bytes, Change] = {}
        try:
            for path in list_folder(self.folder, ".jsonl"):
                changes.update(self._read_file(path))
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
            raise LibraryError(with_path(Path(error.filename or self.folder), reason)) from error
        pairs = sorted(changes.items(), key=lambda pair: (pair[1].rev, pair[1].machine, pair[0]))
        return [change for _, change in pairs]

    def _read_file(self, path: Path) -> Iterator[tuple[bytes, Change]]:
        last = self._marks.get(path)
        with os.fdopen(open_regular(path), "rb") as file:
            mark = _Mark.of(os.fstat(file.fileno()))
            if last == mark:
                return
            is_longer = last and last.inode == mark.inode and last.size <= mark.size
            start, number = (last.end, last.lines) if last and is_longer else (0, 0)
            if mark.size > MAX_BYTES:
                raise OSError(errno.EFBIG, "too large", str(path))
            file.seek(start)
            data = file.read(MAX_BYTES)
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
                if match := _REV.search(line):
                    self.lost_rev = max(self.lost_rev, int(match[1]))
        # The rest is an unfinished write, never acknowledged. If only the line end is missing, it
        # is a change all the same.
        if change := _decode(rest):
            yield rest, change

    def append(self, change: Change) -> None:
        """Appends a change, and returns when it is durable. Cost: one append and one fsync.

        Raises:
            LibraryError: If it cannot be written; the journal is unchanged.
        """
        last = None if self.is_behind else self._marks.get(self.path, _NOTHING)
        handle = self._open()
        try:
            data = _encode(change)
            self._cut_off(handle)
            self._cut = self._fix_end(handle)
            write_all(handle, data)
            os.fsync(handle)
        except (OSError, UnicodeEncodeError) as error:
            with suppress(OSError):
                self._cut_off(handle)
            reason = getattr(error, "strerror", None) or "not valid text"
            raise LibraryError(
                with_path(self.path, f"the change cannot be saved: {reason}"),
                "Nothing was changed.",
            ) from error
        self._cut = None
        if last is not None:  # else another instance bypassed the lock, and is read later
            with suppress(OSError):  # the change is saved; it is read again later
                mark = _Mark.of(os.fstat(handle))
                self._marks[self.path] = replace(mark, end=mark.size, lines=last.lines + 1)

    def _cut_off(self, handle: int) -> None:
        """Removes a partly written change; retried by the next ``append``."""
        if self._cut is not None:
            os.ftruncate(handle, self._cut)
            self._cut = None

    def _fix_end(self, handle: int) -> int:
        """Completes a last line without its end, or removes it if it is incomplete.

        Returns:
            The size of the file.
        """
        size = os.fstat(handle).st_size
        if size == self._marks.get(self.path, _NOTHING).end:
            return size
        data = read_file(self.path)
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
                require_within(self.path, self.folder.parent)
                handle = open_regular(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
                with suppress(OSError):  # some file systems cannot
                    sync_folder(self.folder)
                self._handle = handle
            except OSError as error:
                raise LibraryError(
                    with_path(self.path, f"cannot be written: {error.strerror}"),
                    "Nothing was changed.",
                ) from error
        return self._handle

    def close(self) -> None:
        """Closes the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@dataclass(frozen=True, slots=True)
class _Mark:
    """How far a file was read, and its ``stat`` then."""

    inode: int
    size: int
    changed: int
    """Nanoseconds."""
    end: int = field(default=0, compare=False)
    """The end of its last complete line, in bytes."""
    lines: int = field(default=0, compare=False)

    @classmethod
    def of(cls, info: os.stat_result) -> "_Mark":
        """The mark of an unread file."""
        return cls(info.st_ino, info.st_size, info.st_mtime_ns)


_NOTHING: Final = _Mark(0, 0, 0)


def _end_of_whole(data: bytes) -> int:
    """The end of the last complete line.

    A power cut may leave a line without its end, or a block of NUL bytes, which no line has.
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
    if change.request is not None:
        record["request"] = change.request
    body = json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":"))[
        1:
    ].encode()
    return b'{"sum":"%08x",%s\n' % (zlib.crc32(body), body)


def _decode(line: bytes) -> Change | None:
    """The change of a line; ``None`` if it is damaged."""
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
            request=record.get("request"),
        )
    except (ValueError, KeyError, TypeError):
        return None
