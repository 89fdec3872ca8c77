"""A TinyDB storage that cannot tear: a file is the old one or the new one, whole and checked.

It knows nothing of what it stores.
"""

import hashlib
import json
import mmap
import os
import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from tinydb.storages import Storage

from tui.errors import LibraryError, with_path
from tui.storage.files import write_atomically
from tui.storage.migrations import Migration, Tables, migrate

APP: Final = "papers-tui"

MAPPED: Final = 8_000_000
"""Bytes from which on a file is mapped, so that only what is asked for is read."""

_BEGINNING = re.compile(
    rb'\{"meta": \{"1": \{"app": "papers-tui", "schema": (\d+), "revision": (\d+), '
    rb'"sha256": "([0-9a-f]{64})"'
)
_SUM = re.compile(rb'"sha256": ?"([0-9a-f]{64})"')
_HINT: Final = "nothing was changed; papers-tui restore tells what can be had"


class AtomicJSONStorage(Storage):
    """One JSON object in one file, replaced as a whole.

    The first table, ``meta``, holds what kind of file this is, a revision that counts the writes,
    and a checksum of all that stands behind it: a file spliced from two versions can be valid JSON.
    A stock ``TinyDB(path)`` reads the file as any other.
    """

    def __init__(self, path: Path, migrations: Sequence[Migration] = ()) -> None:
        """Args are the file, and the way to its newest schema from each before it."""
        self.path = path
        self._migrations = migrations
        self.schema = self.newest
        """The schema of the file as it was last read or written."""
        self._revision = 0
        self._seen: tuple[int, ...] | None = None

    def read(self) -> Tables | None:
        """All tables but ``meta``, in the newest schema; ``None`` if there is no file.

        Raises:
            LibraryError: If there is a file, and it is not wholly one that was written here.
        """
        self._seen = self._look()  # before it is read: what comes meanwhile is seen the next time
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError as error:
            if self.path.is_symlink():
                raise LibraryError(
                    with_path(self.path, "this link leads to no file"),
                    "is the disk it is on not mounted?",
                ) from error
            return None
        except OSError as error:
            raise self.error(f"cannot be read: {error.strerror}") from error
        tables = self._parse(raw)
        meta = tables.pop("meta")["1"]
        self._revision = meta["revision"] if isinstance(meta.get("revision"), int) else 0
        self.schema = meta["schema"]
        return migrate(tables, self.schema, self._migrations)

    def mapped(self) -> tuple[bytes | memoryview, str | None]:
        """The file as it is, unread and unchecked, and a stamp that no other version of it has.

        Returns:
            The bytes, mapped where they are many; and checksum, size and time as a text, ``None``
            where the file does not begin as one of the newest schema that was written here.
        """
        self._seen = self._look()
        try:
            with self.path.open("rb") as file:
                info = os.fstat(file.fileno())
                raw: bytes | memoryview
                if info.st_size < MAPPED or not stat.S_ISREG(info.st_mode):
                    raw = file.read()
                else:
                    raw = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except OSError:
            return b"", None  # which ``read`` tells in full
        match = _BEGINNING.match(raw)
        if match is None or int(match[1]) != self.newest:
            return raw, None
        self.schema = self.newest
        self._revision = int(match[2])
        return raw, f"{match[3].decode()} {info.st_size} {info.st_mtime_ns}"

    @staticmethod
    def is_whole(raw: bytes | memoryview) -> bool:
        """Whether the checksum of what ``mapped`` gave fits. Cost: reads all of it."""
        match = _BEGINNING.match(raw)
        return match is not None and _digest(raw[match.end() :]) == match[3].decode()

    @property
    def newest(self) -> int:
        """The schema that is written."""
        return len(self._migrations) + 1

    @property
    def is_behind(self) -> bool:
        """Whether the file is other than it was left here. Cost: one look at it."""
        return self._look() != self._seen

    def _look(self) -> tuple[int, ...] | None:
        """What tells a file from the one that takes its place; ``None`` where there is none."""
        with suppress(OSError):
            info = self.path.stat()
            return info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns
        return None

    def documents(self) -> dict[str, list[Mapping[str, Any]]]:
        """The documents of each table, of one reading: another writer may replace the file.

        Raises:
            LibraryError: If the file is damaged, or a table holds something else.
        """
        tables = self.read() or {}
        for table, documents in tables.items():
            whole = all(str(number).isdigit() for number in documents)
            if not whole or not all(isinstance(each, dict) for each in documents.values()):
                raise self.error(f"the table {table} holds something else than documents")
        return {table: list(documents.values()) for table, documents in tables.items()}

    def error(self, reason: str) -> LibraryError:
        """What is wrong with the file, in a sentence that names it."""
        return LibraryError(with_path(self.path, reason), _HINT)

    def write(self, data: Mapping[str, Mapping[Any, Any]]) -> None:
        """Replaces the file: temporary file, fsync, rename, fsync of the folder.

        Raises:
            LibraryError: If anything fails; the file is then still the old one.
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

    def write_documents(self, table: str, documents: Iterable[bytes]) -> None:
        """Replaces the file by one table of documents that are JSON already, numbered from 1.

        Raises:
            LibraryError: If anything fails; the file is then still the old one.
        """
        try:
            numbered = (b'"%d": %b' % pair for pair in enumerate(documents, start=1))
            body = b'"%b": {' % table.encode() + b", ".join(numbered) + b"}}"
        except UnicodeEncodeError as error:  # half a surrogate pair
            raise self.error(f"cannot be written: {error}") from error
        self._replace(body)

    def _replace(self, body: bytes) -> None:
        tail = b"}}, " + body if body != b"}" else b"}}}"
        self._revision += 1
        head = json.dumps({"app": APP, "schema": self.newest, "revision": self._revision})[:-1]
        digest = _digest(tail)
        write_atomically(
            self.path, f'{{"meta": {{"1": {head}, "sha256": "{digest}"'.encode() + tail
        )
        self.schema = self.newest
        self._seen = self._look()

    def close(self) -> None:
        """Nothing is held open."""

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
            raise self.error("the file is damaged: it holds no tables")
        meta = tables.get("meta", {}).get("1")
        if not isinstance(meta, dict) or meta.get("app") != APP:
            raise LibraryError(
                with_path(self.path, "this is not a papers-tui library"), "choose another folder"
            )
        schema = meta.get("schema")
        if type(schema) is not int or not 1 <= schema <= self.newest:
            raise LibraryError(
                with_path(self.path, f"written by a newer papers-tui (schema {schema})"),
                "install the newer version; nothing was changed",
            )
        match = _SUM.search(raw)
        if match is None or _digest(raw[match.end() :]) != checksum(raw):
            raise self.error("the file is damaged: its checksum does not fit what it holds")
        return tables


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def checksum(raw: bytes) -> str:
    """The checksum that a file says it has; empty if it says none."""
    match = _SUM.search(raw)
    return match[1].decode() if match else ""


def _digest(data: bytes | memoryview) -> str:
    return hashlib.sha256(data).hexdigest()
