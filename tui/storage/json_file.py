"""A TinyDB storage with atomic writes and a checksum."""

import hashlib
import json
import mmap
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from tinydb.storages import Storage

from tui.config import APP
from tui.errors import LibraryError, NewerLibraryError
from tui.files import open_regular, read_file, write_atomically
from tui.patterns import regex
from tui.storage.migrations import Migration, Tables, migrate

MAPPED: Final = 8_000_000
"""The least size of a file that is mapped, so that only what is needed is read."""

_BEGINNING = regex(
    rb'\{"meta": \{"1": \{"app": "papers-tui", "schema": (\d+), (?:"revision": \d+, )?'
    rb'"sha256": "([0-9a-f]{64})"'
)
"""Files used to count their writes, too."""
_SUM = regex(rb'"sha256": ?"([0-9a-f]{64})"')
_HINT: Final = "Nothing was changed. papers-tui restore lists what can be restored."


class AtomicJSONStorage(Storage):
    """One JSON object in one file, replaced as a whole.

    The first table, ``meta``, has the kind of file and a checksum of everything after it, as a file
    mixed from two versions can be valid JSON. Equal tables make equal files, byte for byte. A stock
    ``TinyDB(path)`` reads the file like any other.
    """

    def __init__(
        self, path: Path, migrations: Sequence[Migration] = (), within: Path | None = None
    ) -> None:
        """Reads nothing yet.

        Args:
            path: The file, which need not exist.
            migrations: From each schema to the next.
            within: The folder out of which no link may lead a write; ``None`` if any may.
        """
        self.path = path
        self._within = within
        self._migrations = migrations
        self.schema = self.newest
        """The schema of the file when last read or written."""
        self._seen: tuple[int, ...] | None = None

    def read(self) -> Tables | None:
        """All tables but ``meta``, in the newest schema; ``None`` if there is no file.

        Raises:
            LibraryError: If the file is damaged or not one of ours.
        """
        self._seen = self._look()  # before reading, so that a write meanwhile is noticed later
        try:
            raw = read_file(self.path)
        except FileNotFoundError as error:
            if self.path.is_symlink():
                hint = "Check that its disk is mounted."
                raise LibraryError.about(self.path, "broken symbolic link", hint) from error
            return None
        except OSError as error:
            raise self.error(f"cannot be read: {error.strerror}") from error
        tables = self._parse(raw)
        meta = tables.pop("meta")["1"]
        self.schema = meta["schema"]
        return migrate(tables, self.schema, self._migrations)

    def mapped(self) -> tuple[bytes | memoryview, str | None]:
        """The bytes of the file, unchecked, and a stamp that identifies its version.

        Returns:
            The bytes, mapped if there are many; and checksum, size and time as text, ``None`` if
            the file does not begin like one of ours in the newest schema.
        """
        self._seen = self._look()
        try:
            with os.fdopen(open_regular(self.path), "rb") as file:
                info = os.fstat(file.fileno())
                raw: bytes | memoryview
                if info.st_size < MAPPED or not stat.S_ISREG(info.st_mode):
                    raw = file.read()
                else:
                    raw = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except OSError:
            return b"", None  # reported by ``read``
        match = _BEGINNING.match(raw)
        if match is None or int(match[1]) != self.newest:
            return raw, None
        self.schema = self.newest
        return raw, f"{match[2].decode()} {info.st_size} {info.st_mtime_ns}"

    @staticmethod
    def is_whole(raw: bytes | memoryview) -> bool:
        """Whether the checksum of the bytes from ``mapped`` is right. Cost: reads all of them."""
        match = _BEGINNING.match(raw)
        return match is not None and _digest(raw[match.end() :]) == match[2].decode()

    @property
    def newest(self) -> int:
        """The newest schema, which is written."""
        return len(self._migrations) + 1

    @property
    def is_behind(self) -> bool:
        """Whether the file was changed by others. Cost: a ``stat``."""
        return self._look() != self._seen

    @property
    def is_missing(self) -> bool:
        """Whether the file is certainly missing. Cost: a ``stat``."""
        try:
            self.path.lstat()
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return False

    def _look(self) -> tuple[int, ...] | None:
        """The identity and time of the file; ``None`` if it is missing."""
        with suppress(OSError):
            info = self.path.stat()
            return info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns
        return None

    def error(self, reason: str) -> LibraryError:
        """An error about the file."""
        return LibraryError.about(self.path, reason, _HINT)

    def write(self, data: Mapping[str, Mapping[Any, Any]]) -> None:
        """Replaces the file: temporary file, fsync, rename, fsync of the folder.

        Raises:
            LibraryError: If anything fails; the file is unchanged.
        """
        try:
            body = json.dumps(
                {name: table for name, table in data.items() if name != "meta"},
                ensure_ascii=False,
                allow_nan=False,
            )[1:].encode()
        except ValueError as error:  # not a number, or half a surrogate pair
            raise self.error(f"cannot be written: {error}") from error
        self._replace(body)

    def write_documents(
        self,
        table: str,
        documents: Iterable[bytes],
        others: Mapping[str, Iterable[Mapping[str, Any]]],
    ) -> None:
        """Replaces the file by a large table of encoded documents, after small ones.

        Args:
            documents: Its documents, numbered from 1.
            others: The documents of small tables by name; empty ones are left out.

        Raises:
            LibraryError: If anything fails; the file is unchanged.
        """
        try:
            numbered = (b'"%d": %b' % pair for pair in enumerate(documents, start=1))
            small = "".join(
                f'"{name}": {json.dumps(dict(enumerate(each, start=1)), ensure_ascii=False)}, '
                for name, rows in others.items()
                if (each := list(map(dict, rows)))
            )
            body = b'%b"%b": {' % (small.encode(), table.encode()) + b", ".join(numbered) + b"}}"
        except UnicodeEncodeError as error:  # half a surrogate pair
            raise self.error(f"cannot be written: {error}") from error
        self._replace(body)

    def _replace(self, body: bytes) -> None:
        tail = b"}}, " + body if body != b"}" else b"}}}"
        head = json.dumps({"app": APP, "schema": self.newest})[:-1]
        digest = _digest(tail)
        write_atomically(
            self.path,
            f'{{"meta": {{"1": {head}, "sha256": "{digest}"'.encode() + tail,
            within=self._within,
        )
        self.schema = self.newest
        self._seen = self._look()

    def close(self) -> None:
        """Does nothing: no file is kept open."""

    def _parse(self, raw: bytes) -> Tables:
        if not raw.strip():
            raise self.error("the file is empty (0 bytes of data)")
        try:
            tables = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            reason = getattr(error, "msg", "") or str(error).split("\n", 1)[0]
            line = getattr(error, "lineno", 1)
            raise self.error(f"the file is damaged in line {line}: {reason[:80]}") from error
        if not isinstance(tables, dict) or not all(isinstance(t, dict) for t in tables.values()):
            raise self.error("the file is damaged: it has no tables")
        meta = tables.get("meta", {}).get("1")
        if not isinstance(meta, dict) or meta.get("app") != APP:
            hint = "Choose another folder."
            raise LibraryError.about(self.path, "not a papers-tui library", hint)
        schema = meta.get("schema")
        if type(schema) is not int or not 1 <= schema <= self.newest:
            raise NewerLibraryError.about(
                self.path,
                f"written by a newer papers-tui (schema {schema})",
                "Install the newer version. Nothing was changed.",
            )
        match = _SUM.search(raw)
        if match is None or _digest(raw[match.end() :]) != checksum(raw):
            raise self.error("the file is damaged: its checksum does not match")
        return tables


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def checksum(raw: bytes) -> str:
    """The checksum stored in a file; empty if there is none."""
    match = _SUM.search(raw)
    return match[1].decode() if match else ""


def _digest(data: bytes | memoryview) -> str:
    return hashlib.sha256(data).hexdigest()
