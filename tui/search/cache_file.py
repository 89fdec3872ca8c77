"""A cache file: columns of values, mapped in milliseconds."""

import json
import mmap
import os
import tempfile
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from typing import Final, TypeAlias

from tui.files import open_regular

Array: TypeAlias = "array[int]"  # not subscriptable before Python 3.12
Column: TypeAlias = "bytes | bytearray | memoryview | array[int]"
Numbers: TypeAlias = "array[int] | memoryview"
"""An ``array``, or a ``memoryview`` of a mapped file cast to its type."""

_MAGIC: Final = b"papers-tui columns 1\n"
_HEAD: Final = len(_MAGIC) + 20
"""Bytes before the table of contents: magic, length and checksum."""


_CHUNK: Final = 250_000


class StringColumn(Sequence[bytes]):
    """Many short texts in one buffer, UTF-8."""

    def __init__(self, blob: Column, ends: Numbers) -> None:
        """Takes the concatenated texts, and the offset of the end of each."""
        self.blob = blob
        self.ends = ends

    @classmethod
    def of(cls, texts: Iterable[str]) -> "StringColumn":
        """Packs texts, each followed by a line break, so that all can be searched at once."""
        blob = bytearray()
        ends = array("I")
        for text in texts:
            blob += text.encode(errors="replace") + b"\n"
            ends.append(len(blob))
        return cls(blob, ends)

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, row: int) -> bytes:  # type: ignore[override]
        start = self.ends[row - 1] if row else 0
        return bytes(self.blob[start : self.ends[row] - 1])

    def __iter__(self) -> Iterator[bytes]:
        return iter(bytes(self.blob)[:-1].split(b"\n") if self.ends else ())

    def row_at(self, place: int) -> int:
        """The row of the text at a byte offset."""
        return bisect_right(self.ends, place)

    def and_more(self, texts: Iterable[str]) -> "StringColumn":
        """A column with more texts at its end. Cost: copies all."""
        more = StringColumn.of(texts)
        shift = len(self.blob)
        ends = array("I", self.ends)
        ends.extend(end + shift for end in more.ends)
        return StringColumn(bytes(self.blob) + bytes(more.blob), ends)


def save(path: Path, columns: Mapping[str, Column]) -> None:
    """Writes columns atomically; makes the folder; failing to write a cache is not an error."""
    contents: dict[str, list[object]] = {}
    place = 0
    for name, column in columns.items():
        view = memoryview(column)
        contents[name] = [place, view.nbytes, view.format, zlib.crc32(view)]
        place += -(-view.nbytes // 8) * 8
    table = json.dumps({"size": place, "columns": contents}).encode()
    table += b" " * (-(_HEAD + len(table)) % 8)
    temporary = None
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(_MAGIC + b"%010d%010d" % (len(table), zlib.crc32(table)) + table)
            for column in columns.values():
                view = memoryview(column)
                file.write(view)
                file.write(bytes(-view.nbytes % 8))
        Path(temporary).replace(path)
        temporary = None
    if temporary is not None:
        with suppress(OSError):
            Path(temporary).unlink()


class CacheFile:
    """The columns of a file, mapped, with their types."""

    def __init__(self, file: BufferedReader) -> None:
        """Reads the table of contents, and no column.

        Raises:
            ValueError: If it is not such a file.
        """
        head = file.read(_HEAD)
        length = int(head[len(_MAGIC) : len(_MAGIC) + 10])
        table = file.read(length)
        if head != _MAGIC + b"%010d%010d" % (length, zlib.crc32(table)):
            raise ValueError("the table of contents is damaged")
        contents = json.loads(table)
        if os.fstat(file.fileno()).st_size != _HEAD + length + contents["size"]:
            raise ValueError("the file is cut")
        body = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))[_HEAD + length :]
        self.columns: Mapping[str, memoryview] = {
            name: body[place : place + size].cast(kind)
            for name, (place, size, kind, _) in contents["columns"].items()
        }
        """By name, unverified."""
        self._checksums = {name: each[-1] for name, each in contents["columns"].items()}

    def verified(self, *names: str) -> list[memoryview] | None:
        """Some columns; ``None`` if one is missing or damaged. Cost: reads them."""
        columns = [self.columns[name] for name in names if name in self.columns]
        checksums = [self._checksums.get(name) for name in names]
        return columns if list(map(zlib.crc32, columns)) == checksums else None

    def is_whole(self, file: BufferedReader) -> bool:
        """Whether no column is damaged. Cost: reads all.

        Args:
            file: The file, after the table of contents: it is read, as touched pages of a mapping
                count as memory.
        """
        buffer = memoryview(bytearray(_CHUNK))
        return all(
            _checksum(file, column.nbytes, buffer) == self._checksums[name]
            for name, column in self.columns.items()
        )


def open_cache(path: Path) -> CacheFile | None:
    """Maps the columns of a file; ``None`` if it is missing or invalid."""
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            return CacheFile(file)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def load(path: Path) -> Mapping[str, memoryview] | None:
    """The columns of a file by name, after verifying all; ``None`` if it is missing or invalid."""
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            stored = CacheFile(file)
            return stored.columns if stored.is_whole(file) else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _checksum(file: BufferedReader, size: int, buffer: memoryview) -> int:
    """The checksum of the next column; skips its padding."""
    total = 0
    remaining = size
    while remaining:
        length = file.readinto(buffer[:remaining])
        if not length:
            return -1
        total = zlib.crc32(buffer[:length], total)
        remaining -= length
    file.seek(-size % 8, os.SEEK_CUR)
    return total
