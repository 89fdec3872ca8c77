"""Reading the files of a journal: on from where reading stopped, whole, or back from the end.

A file only grows, so an extent of it that was read stays as it was; what the end of the extent
looked like tells whether it is still that file.
"""

import errno
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tui.files import MAX_BYTES, open_regular
from tui.model.state import Change
from tui.storage.journal_lines import (
    Position,
    decode,
    end_of_whole,
    is_marker,
    is_whole,
    position,
    rev_of,
)
from tui.values import dataclass

_SUMMED: Final = 4_096
"""Bytes before the end of an extent that its checksum covers."""
_FIRST_BLOCK: Final = 16_384
"""Bytes read first from the end of a file: a screen of changes."""
_LARGEST_BLOCK: Final = 1_048_576


class Line(NamedTuple):
    """A change with its line; comparable in the order of all changes."""

    position: Position
    raw: bytes
    change: Change


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a file was read."""

    size: int = 0
    """The end of what was read, in bytes: of its last complete line, or of a whole change."""
    lines: int = 0
    last: Position = (0, "")
    """The highest position in it, of damaged lines too."""
    is_sorted: bool = True
    """Whether its changes are in order; they are not where two files were merged into it."""
    sum: int | None = None
    """CRC-32 of the last bytes before its end; ``None`` if it was not computed."""
    modified: int = 0
    """When the file was last modified as it ended here, in nanoseconds; 0 if it did not."""


class Stamp(NamedTuple):
    """Identity, size and time of a file."""

    inode: int
    size: int
    modified: int
    """Nanoseconds."""

    @classmethod
    def of(cls, info: os.stat_result) -> "Stamp":
        """The stamp of a file."""
        return cls(info.st_ino, info.st_size, info.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Reading:
    """The part of a file that was read."""

    extent: Extent
    stamp: Stamp
    lines: list[Line]
    damaged: list[int]
    """Numbers of lines, from 1."""


def list_files(folder: Path) -> dict[str, Stamp]:
    """The files of a journal by name within its folder, ``desk/2026-10.jsonl``; with stamps.

    No link to a folder is followed.

    Raises:
        OSError: If a folder cannot be read.
    """
    files: dict[str, Stamp] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(".jsonl"):
                    files[entry.name] = Stamp.of(entry.stat())
                elif entry.is_dir(follow_symlinks=False):
                    with os.scandir(entry.path) as inner:
                        for file in inner:
                            if file.name.endswith(".jsonl"):
                                files[f"{entry.name}/{file.name}"] = Stamp.of(file.stat())
    except FileNotFoundError as error:
        if error.filename is not None and Path(error.filename) != folder:
            raise  # a link to nowhere; a missing folder is an empty one
    return files


def fits(path: Path, extent: Extent) -> bool:
    """Whether a file still begins with an extent. Cost: reads its last bytes.

    Raises:
        OSError: If it cannot be read.
    """
    if extent.sum is None:
        return False
    with os.fdopen(open_regular(path), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        return size >= extent.size and _sum(_end(file.fileno(), extent.size)) == extent.sum


def summed(path: Path, extent: Extent) -> Extent:
    """An extent with its checksum.

    Raises:
        OSError: If the file cannot be read.
    """
    if extent.sum is not None:
        return extent
    with os.fdopen(open_regular(path), "rb") as file:
        info = os.fstat(file.fileno())
        sum = _sum(_end(file.fileno(), extent.size))
    modified = info.st_mtime_ns if info.st_size == extent.size else 0
    return Extent(extent.size, extent.lines, extent.last, extent.is_sorted, sum, modified)


def _end(handle: int, size: int) -> bytes:
    start = max(0, size - _SUMMED)
    os.lseek(handle, start, os.SEEK_SET)
    return os.read(handle, size - start)


def _sum(data: bytes) -> int:
    return zlib.crc32(data)


def read_on(path: Path, extent: Extent) -> Reading:
    """Reads a file on from an extent.

    Raises:
        OSError: If it cannot be read, or is too large.
    """
    with os.fdopen(open_regular(path), "rb") as file:
        stamp = Stamp.of(os.fstat(file.fileno()))
        if stamp.size > MAX_BYTES:
            raise OSError(errno.EFBIG, "too large", str(path))
        file.seek(max(0, extent.size - 1))
        before, data = (file.read(1) if extent.size else b"\n"), file.read(MAX_BYTES)
        start = extent.size
        if before != b"\n":  # the end of a change that lacked it
            ending = next((end for end in (b"\n", b"\r\n") if data.startswith(end)), b"")
            start, data = start + len(ending), data.removeprefix(ending)
        lines, damaged, read, count = _lines(data, extent.lines)
        sum = _sum(_end(file.fileno(), start + read))
    last, is_sorted = extent.last, extent.is_sorted
    for line in lines:
        is_sorted = is_sorted and line.position >= last
        last = max(last, line.position)
    last = max([last, *((rev, "") for _, rev in damaged)])
    modified = stamp.modified if stamp.size == start + read else 0
    after = Extent(start + read, extent.lines + count, last, is_sorted, sum, modified)
    return Reading(after, stamp, lines, [number for number, _ in damaged])


def _lines(data: bytes, number: int) -> tuple[list[Line], list[tuple[int, int]], int, int]:
    """The changes in some lines.

    Args:
        number: The number of the line before them.

    Returns:
        The changes; number and revision of damaged lines; the bytes and the lines that were read.
    """
    end = end_of_whole(data)
    lines: list[Line] = []
    damaged: list[tuple[int, int]] = []
    count = 0
    for count, raw in enumerate(data[:end].split(b"\n")[:-1], start=1):
        line = raw.removesuffix(b"\r")  # as git may write it on Windows
        if change := decode(line):
            lines.append(Line(position(change), line, change))
        elif line and not is_marker(line):
            damaged.append((number + count, rev_of(line)))
    # The rest is an unfinished write, never acknowledged. If only the line end is missing, it is
    # a change all the same.
    if change := decode(data[end:]):
        lines.append(Line(position(change), data[end:], change))
        return lines, damaged, len(data), count + 1
    return lines, damaged, end, count


def descending(path: Path, size: int) -> Iterator[Line]:
    """The changes in the first bytes of a file, the last line first, without damaged ones.

    Cost: reads a block at a time, as they are asked for.

    Raises:
        OSError: If it cannot be read.
    """
    block, after = _FIRST_BLOCK, b""
    while size > 0:
        start = max(0, size - block)
        with os.fdopen(open_regular(path), "rb") as file:
            file.seek(start)
            data = file.read(size - start) + after
        size, block = start, min(block * 2, _LARGEST_BLOCK)
        cut = data.find(b"\n") + 1 if start else 0
        if start and not cut:
            after, block = data, max(block, len(data))
            continue
        after = data[:cut]
        raws = (raw.removesuffix(b"\r") for raw in data[cut:].split(b"\n"))
        lines = (Line(position(change), raw, change) for raw in raws if (change := decode(raw)))
        yield from sorted(lines, key=key, reverse=True)


def last_lines(path: Path, size: int, most: int) -> list[bytes]:
    """The last lines in the first bytes of a file, in its order, without damaged ones.

    Args:
        size: How many bytes of the file count.
        most: How many bytes are read at most; a line that is cut is left out.

    Raises:
        OSError: If it cannot be read.
    """
    start = max(0, size - most)
    with os.fdopen(open_regular(path), "rb") as file:
        file.seek(start)
        data = file.read(size - start)
    raws = data.split(b"\n")[1 if start else 0 :]
    return [line for raw in raws if is_whole(line := raw.removesuffix(b"\r"))]


def key(line: Line) -> tuple[Position, bytes]:
    """The sort key of a line."""
    return line.position, line.raw
