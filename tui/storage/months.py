"""The sums of the months of a journal, kept in the cache, so that years need not be read again.

The sum of a month carries what it was made from; one that does not fit is rebuilt.
"""

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain, takewhile
from pathlib import Path
from typing import Any, Final, TypeAlias

from tui.errors import LibraryError, with_path
from tui.files import MAX_BYTES, make_folder, read_file, write_atomically
from tui.model.state import Change
from tui.patterns import regex
from tui.storage.segments import Extent, descending, key

Row: TypeAlias = Sequence[int]
AddUp: TypeAlias = Callable[[list[Change]], Sequence[Row]]
_MONTH: Final = regex(r"\d{4}-\d{2}")
_Kept: TypeAlias = dict[str, tuple[Any, Sequence[Row]]]
"""By month, what a sum was made from, and its rows."""


def rows_by_month(
    folder: Path, extents: Mapping[str, Extent], path: Path | None, add_up: AddUp
) -> Iterator[Row]:
    """The rows that a function makes of the changes of each month, oldest month first.

    Only months that changed since the last time are read, and those after them. Files of earlier
    versions, which are of no month, come first, as if they were one.

    Args:
        extents: How far each file of the journal is to be read, by name.
        path: Where the rows are kept; ``None`` for nowhere.
        add_up: Makes rows of changes, which are in order; asked for the newest month first.

    Raises:
        LibraryError: If the journal cannot be read.
    """
    months: dict[str, dict[str, Extent]] = {}
    for name in sorted(extents):
        match = _MONTH.match(name.rpartition("/")[2])
        months.setdefault(match[0] if match else "", {})[name] = extents[name]
    made_from = {
        month: [[name, extent.size, extent.sum] for name, extent in files.items()]
        for month, files in sorted(months.items())
    }
    cached = _read(path)
    known = takewhile(lambda m: m in cached and cached[m][0] == made_from[m], made_from)
    rows = {month: cached[month][1] for month in known}
    for month in reversed([month for month in made_from if month not in rows]):
        rows[month] = add_up(_changes(folder, months[month]))
    sums: _Kept = {
        month: (made_from[month], rows[month])
        for month in made_from
        if all(extent.sum is not None for extent in months[month].values())
    }
    yield from chain.from_iterable(rows[month] for month in made_from)
    if path is not None and sums != cached:
        _write(path, sums)


def _changes(folder: Path, extents: Mapping[str, Extent]) -> list[Change]:
    """The changes of some files in order; a line that several of them have, once."""
    try:
        lines = {
            line.raw: line
            for name, extent in extents.items()
            for line in descending(folder / name, extent.size)
        }
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        raise LibraryError(with_path(Path(error.filename or folder), reason)) from error
    return [line.change for line in sorted(lines.values(), key=key)]


def _read(path: Path | None) -> _Kept:
    """The sums that were kept; none if their file is missing or damaged."""
    with suppress(OSError, ValueError):
        if path is not None:
            total, _, body = read_file(path, MAX_BYTES).partition(b"\n")
            if total == b"%08x" % zlib.crc32(body):
                return {month: (files, rows) for month, files, rows in json.loads(body)}
    return {}


def _write(path: Path, sums: _Kept) -> None:
    """Keeps sums; failing to is not an error."""
    records = [[month, files, rows] for month, (files, rows) in sums.items()]
    body = json.dumps(records, separators=(",", ":")).encode()
    with suppress(OSError, LibraryError):
        make_folder(path.parent)
        write_atomically(path, b"%08x\n" % zlib.crc32(body) + body, durable=False)
