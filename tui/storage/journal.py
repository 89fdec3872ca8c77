"""The journal: all changes, one line each, durable before they are visible.

Each machine appends to its own files, one for each month, so that a synced folder never has
conflicts and what is old never changes; all files together, in the order of (revision, machine),
define the state. Files of earlier versions, one for each machine, are read and never written.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from heapq import merge
from pathlib import Path
from typing import Final

from tui.errors import LibraryError, with_path
from tui.files import make_folder, open_regular, read_file, require_within, sync_folder, write_all
from tui.model.state import Change
from tui.patterns import regex
from tui.storage.journal_lines import decode, encode, end_of_whole, position, rev_of
from tui.storage.segments import (
    Extent,
    Line,
    Reading,
    Stamp,
    descending,
    fits,
    key,
    last_lines,
    list_files,
    read_on,
    summed,
)

_MONTH: Final = regex(r"\d{4}-\d{2}")
_NO_MONTH: Final = "0000-00"


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
        self.extents: dict[str, Extent] = {}
        """How far each file was read, by its name within the folder."""
        self.damaged: list[tuple[Path, int]] = []
        """File and line, from 1, of the lines that could not be decoded."""
        self._stamps: dict[str, Stamp] = {}
        self._month = ""
        self._handle: int | None = None
        self._cut: int | None = None

    # Reading

    def resume(self, extents: Mapping[str, Extent], damaged: Iterable[tuple[str, int]]) -> None:
        """Counts some extents as read, to be continued.

        Args:
            extents: By file; see ``extents``.
            damaged: The file and the line of damaged lines in them.
        """
        self.extents = dict(extents)
        self._stamps.clear()
        self.damaged = [(self.folder / name, line) for name, line in damaged]

    def read(self) -> list[Change]:
        """The changes of all machines in order, without damaged lines (see ``damaged``).

        Raises:
            LibraryError: If a file cannot be opened.
        """
        self.resume({}, ())
        return self.follow() or []

    def follow(self) -> list[Change] | None:
        """The changes since the last reading, in order.

        Cost: without new ones, a ``stat`` of each file.

        Returns:
            The changes; ``None`` if what was read before is no longer all there, so that all must
            be read again.

        Raises:
            LibraryError: If a file cannot be opened.
        """
        readings: dict[str, Reading] = {}
        try:
            files = list_files(self.folder)
            if not files.keys() >= self.extents.keys():
                return None
            for name, stamp in sorted(files.items()):
                extent = self.extents.get(name)
                if self._is_read(name, stamp):
                    continue
                if extent is not None and not self._continues(name, stamp, extent):
                    return None
                readings[name] = read_on(self.folder / name, extent or Extent())
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
            raise LibraryError(with_path(Path(error.filename or self.folder), reason)) from error
        for name, reading in readings.items():
            self.extents[name], self._stamps[name] = reading.extent, reading.stamp
            self.damaged += [(self.folder / name, number) for number in reading.damaged]
        # By line, as a synced folder may have copies of a file; not by id, as two instances that
        # bypassed the lock may use the same one.
        lines = {line.raw: line for reading in readings.values() for line in reading.lines}
        return [line.change for line in sorted(lines.values(), key=key)]

    def _is_read(self, name: str, stamp: Stamp) -> bool:
        extent = self.extents.get(name)
        if name in self._stamps:
            return self._stamps[name] == stamp
        # Two versions of a file do not have one size and one nanosecond.
        return extent is not None and (extent.size, extent.modified) == (stamp.size, stamp.modified)

    def _continues(self, name: str, stamp: Stamp, extent: Extent) -> bool:
        last = self._stamps.get(name)
        if last and last.inode == stamp.inode and last.size <= stamp.size:
            return True
        return fits(self.folder / name, extent)

    def newest_first(self) -> Iterator[Change]:
        """The changes read so far, in reverse order.

        Cost: reads blocks of the files, as changes are asked for; where the lines of a file are
        not in order, the changes are so only block by block.

        Raises:
            LibraryError: If a file cannot be read.
        """
        sizes = {name: extent.size for name, extent in self.extents.items()}
        streams: dict[str, list[tuple[str, int]]] = {}
        for name in sorted(sizes, reverse=True):
            machine, _, month = name.rpartition("/")
            is_of_machine = bool(machine) and _MONTH.fullmatch(month.removesuffix(".jsonl"))
            stream = streams.setdefault(machine if is_of_machine else name, [])
            stream.append((name, sizes[name]))
        return self._merged(streams.values())

    def _merged(self, streams: Iterable[list[tuple[str, int]]]) -> Iterator[Change]:
        def lines(files: list[tuple[str, int]]) -> Iterator[Line]:
            for name, size in files:
                yield from descending(self.folder / name, size)

        last = None
        try:
            for line in merge(*map(lines, streams), key=key, reverse=True):
                if line.raw != last:
                    yield line.change
                last = line.raw
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
            raise LibraryError(with_path(Path(error.filename or self.folder), reason)) from error

    def revs(self) -> dict[str, int]:
        """The highest revision of each machine, by file, in what was read."""
        revs: dict[str, int] = {}
        for rev, machine in sorted(extent.last for extent in self.extents.values()):
            revs[machine] = rev
        revs.pop("", None)  # of damaged lines
        return revs

    def newest_own(self) -> Iterator[Change]:
        """The changes of this machine, in reverse order; see ``newest_first``."""
        names = sorted(filter(self.is_own, self.extents), reverse=True)
        return self._merged([[(name, self.extents[name].size) for name in names]])

    def last_own_lines(self, size: int) -> list[bytes]:
        """The last lines of this machine, in order, without damaged ones; none is decoded.

        Args:
            size: How many bytes they have at most.

        Raises:
            OSError: If a file cannot be read.
        """
        lines: list[bytes] = []
        for name in sorted(filter(self.is_own, self.extents), reverse=True):
            lines += last_lines(self.folder / name, self.extents[name].size, size)
            size -= self.extents[name].size
            if size <= 0:
                break
        return sorted(lines, key=rev_of)

    @property
    def damaged_files(self) -> set[str]:
        """The names of the files with damaged lines."""
        return {path.relative_to(self.folder).as_posix() for path, _ in self.damaged}

    @property
    def is_sorted(self) -> bool:
        """Whether the changes of each file are in order."""
        return all(extent.is_sorted for extent in self.extents.values())

    @property
    def last(self) -> tuple[int, str]:
        """The position of the last change read; of damaged ones too, so that none is used again."""
        return max((extent.last for extent in self.extents.values()), default=(0, ""))

    @property
    def has_own(self) -> bool:
        """Whether this machine ever made a change."""
        return any(map(self.is_own, self.extents))

    def is_own(self, name: str) -> bool:
        """Whether a file, by its name within the folder, is this machine's."""
        return name.startswith((f"{self.machine}/", f"{self.machine}.jsonl"))

    def lacks(self, extents: Mapping[str, Extent]) -> set[str]:
        """The files of some extents that are missing, or do not begin with them."""
        return {name for name, extent in extents.items() if not self._has(name, extent)}

    def _has(self, name: str, extent: Extent) -> bool:
        try:
            return name in self.extents and fits(self.folder / name, extent)
        except OSError:
            return False

    @property
    def count(self) -> int:
        """The number of lines read."""
        return sum(extent.lines for extent in self.extents.values())

    def summed_extents(self) -> dict[str, Extent]:
        """The extents with their checksums, from which another instance can continue.

        One that cannot be read is left out, to be read again. Cost: reads the last bytes of the
        files that grew.
        """
        for name, extent in list(self.extents.items()):
            with suppress(OSError):
                self.extents[name] = summed(self.folder / name, extent)
        return {name: each for name, each in self.extents.items() if each.sum is not None}

    # Appending

    @property
    def path(self) -> Path:
        """This machine's file to which changes are appended."""
        return _joined(self.folder, self._name)

    @property
    def _name(self) -> str:
        return f"{self.machine}/{self._month or self._newest_month() or _NO_MONTH}.jsonl"

    def _newest_month(self) -> str:
        """The month of this machine's newest file; empty if there is none."""
        try:
            names = [path.stem for path in (self.folder / self.machine).iterdir()]
        except OSError:
            return ""
        return max(filter(_MONTH.fullmatch, names), default="")

    @property
    def is_behind(self) -> bool:
        """Whether this machine's file was changed by others. Cost: a ``stat``."""
        stamp = self._stamps.get(self._name)
        try:
            info = Stamp.of(self.path.stat())
        except OSError:
            return self._name in self.extents
        return info != stamp and not self._is_read(self._name, info)

    def append(self, change: Change) -> None:
        """Appends a change, and returns when it is durable. Cost: one append and one fsync.

        Raises:
            LibraryError: If it cannot be written; the journal is unchanged.
        """
        self._turn_to(change.at[:7])
        extent = None if self.is_behind else self.extents.get(self._name, Extent())
        handle = self._open()
        try:
            data = encode(change)
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
        if extent is not None:  # else another instance bypassed the lock, and is read later
            with suppress(OSError):  # the change is saved; it is read again later
                stamp = Stamp.of(os.fstat(handle))
                place = position(change)
                self._stamps[self._name] = stamp
                self.extents[self._name] = replace(
                    extent,
                    size=stamp.size,
                    lines=extent.lines + 1,
                    is_sorted=extent.is_sorted and place >= extent.last,
                    last=max(extent.last, place),
                    sum=None,
                    modified=stamp.modified,
                )

    def merge_copy(self, path: Path) -> bool:
        """Appends what a copy of a file of this machine has and its other files do not.

        Cost: reads this machine's files.

        Returns:
            Whether all of the copy could be read.

        Raises:
            LibraryError: If a change cannot be appended.
            OSError: If a file cannot be read.
        """
        name = path.relative_to(self.folder).as_posix()
        others = (other for other in self.extents if self.is_own(other) and other != name)
        lines = {
            line.raw for other in others for line in read_on(self.folder / other, Extent()).lines
        }
        reading = read_on(path, Extent())
        if reading.damaged or reading.stamp.size != reading.extent.size:
            return False
        for line in reading.lines:
            if line.raw not in lines:
                self.append(line.change)
        self.extents.pop(name, None)
        self._stamps.pop(name, None)
        return True

    def _turn_to(self, month: str) -> None:
        """Begins a new file if the month is later than that of the newest."""
        if not self._month:
            self._month = self._newest_month()
        if month > self._month and _MONTH.fullmatch(month):
            self.close()
            self._month = month
        self._month = self._month or _NO_MONTH

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
        if size == self.extents.get(self._name, Extent()).size:  # all of it was read
            if size and _last_byte(handle, size) != b"\n":
                os.write(handle, b"\n")
            return os.fstat(handle).st_size
        data = read_file(self.path)
        end = end_of_whole(data)
        if decode(data[end:]) is not None:
            os.write(handle, b"\n")
        elif end < size:
            os.ftruncate(handle, end)
        return os.fstat(handle).st_size

    def _open(self) -> int:
        if self._handle is not None and not self._is_current(self._handle):
            self.close()
        if self._handle is None:
            try:
                require_within(self.path, self.folder.parent)
                make_folder(self.path.parent)
                handle = open_regular(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
                with suppress(OSError):  # some file systems cannot
                    sync_folder(self.path.parent)
                self._handle = handle
            except OSError as error:
                raise LibraryError(
                    with_path(self.path, f"cannot be written: {error.strerror}"),
                    "Nothing was changed.",
                ) from error
        return self._handle

    def _is_current(self, handle: int) -> bool:
        """Whether the open file is still that of the path: a sync tool may have replaced it."""
        try:
            return os.path.samestat(os.fstat(handle), self.path.stat())
        except OSError:
            return False

    def close(self) -> None:
        """Closes the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _last_byte(handle: int, size: int) -> bytes:
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1)


@lru_cache(maxsize=16)
def _joined(folder: Path, name: str) -> Path:
    """The path of a file, cached: joining it for each change would take a tenth of its time."""
    return folder / name
