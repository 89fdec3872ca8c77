"""A TinyDB storage that cannot tear: a file is the old one or the new one, whole and checked.

It knows nothing of what it stores.
"""

import hashlib
import json
import mmap
import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from tinydb.storages import Storage

from tui.errors import LibraryError, at
from tui.files import write_atomically

Tables = dict[str, dict[str, Any]]

SCHEMA: Final = 1
APP: Final = "papers-tui"

MAPPED: Final = 8_000_000
"""Bytes from which on a file is mapped, so that only what is asked for is read."""

_BEGINNING = re.compile(
    rb'\{"meta": \{"1": \{"app": "papers-tui", "schema": (\d+), "revision": (\d+), '
    rb'"sha256": "([0-9a-f]{64})"'
)
_SUM = re.compile(rb'"sha256": ?"([0-9a-f]{64})"')
_HINT: Final = "nothing was changed; see papers-tui doctor"


class AtomicJSONStorage(Storage):
    """One JSON object in one file, replaced as a whole.

    The first table, ``meta``, holds what kind of file this is, a revision that counts the writes,
    and a checksum of all that stands behind it: a file spliced from two versions can be valid JSON.
    A stock ``TinyDB(path)`` reads the file as any other.
    """

    def __init__(self, path: Path, *, hint: str = _HINT) -> None:
        """Args are the file, and what to advise if it is damaged."""
        self.path = path
        self._hint = hint
        self._revision = 0

    def read(self) -> Tables | None:
        """All tables but ``meta``; ``None`` if there is no file.

        Raises:
            LibraryError: If there is a file, and it is not wholly one that was written here.
        """
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError as error:
            if self.path.is_symlink():
                raise LibraryError(
                    at(self.path, "this link leads to no file"), "is the disk it is on not mounted?"
                ) from error
            return None
        except OSError as error:
            raise self.error(f"cannot be read: {error.strerror}") from error
        tables = self._parse(raw)
        self._revision = _revision(tables)
        del tables["meta"]
        return tables

    def mapped(self) -> tuple[bytes | memoryview, str | None]:
        """The file as it is, unread, and a stamp that no other version of it has.

        Returns:
            The bytes, mapped where they are many; and revision, checksum, size and time as a text,
            or ``None`` where the file does not begin as one that was written here.

        Raises:
            LibraryError: If there is a file that cannot be read.
        """
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
        if match is None or int(match[1]) != SCHEMA:
            return raw, None
        self._revision = int(match[2])
        return raw, f"{self._revision} {match[3].decode()} {info.st_size} {info.st_mtime_ns}"

    def is_whole(self, raw: bytes | memoryview) -> bool:
        """Whether the checksum of what ``mapped`` gave fits. Cost: reads all of it."""
        match = _BEGINNING.match(raw)
        return match is not None and hashlib.sha256(raw[match.end() :]).hexdigest() == match[
            3
        ].decode("ascii")

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
        return LibraryError(at(self.path, reason), self._hint)

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
        head = json.dumps({"app": APP, "schema": SCHEMA, "revision": self._revision})[:-1]
        digest = hashlib.sha256(tail).hexdigest()
        write_atomically(
            self.path, f'{{"meta": {{"1": {head}, "sha256": "{digest}"'.encode() + tail
        )

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
                at(self.path, "this is not a papers-tui library"), "choose another folder"
            )
        schema = meta.get("schema")
        if not isinstance(schema, int) or schema > SCHEMA:
            raise LibraryError(
                at(
                    self.path,
                    f"written by a newer papers-tui (schema {schema}, this one knows {SCHEMA})",
                ),
                "install the newer version; nothing was changed",
            )
        match = _SUM.search(raw)
        if match is None or hashlib.sha256(raw[match.end() :]).hexdigest().encode() != match[1]:
            raise self.error("the file is damaged: its checksum does not fit what it holds")
        return tables


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _revision(tables: Mapping[str, Any]) -> int:
    revision = tables["meta"]["1"].get("revision")
    return revision if isinstance(revision, int) else 0
