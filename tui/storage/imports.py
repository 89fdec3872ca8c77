"""The imports of a library: the source records of each, as they were read, one file per import.

A file is written once and never changed. Whether an import counts is state: it can be undone, and
redone from its file.
"""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tui.errors import LibraryError, PapersError, with_path
from tui.files import list_folder, make_folder, open_regular, read_file, write_atomically
from tui.model.facts import FACTS
from tui.model.imports import SAMPLE, FiledRecord
from tui.model.paper import Paper, SourceRecord, source_record, to_json
from tui.patterns import regex
from tui.values import dataclass

_DIGEST_SIZE: Final = 4
_TIME: Final = "%Y%m%d-%H%M%S"
_ID: Final = regex(r"\d{8}-\d{6}-[0-9a-f]{8}")


class ImportLostError(LibraryError):
    """The file of an import is missing or damaged."""


@dataclass(frozen=True, slots=True)
class Import:
    """One act of importing source records."""

    id: str
    """Time and checksum: ``20261126-081500-3fa09b12``. A later import has a higher id."""
    source: str
    """Where the records are from: the name of a file, ``sample``."""
    at: str
    """When, ISO 8601 in UTC."""
    day: str
    """The day in the user's zone, ISO 8601."""
    count: int
    """The number of its records."""
    is_lost: bool = False
    """Whether its file is missing or damaged; this is what is still known of it."""

    @property
    def is_sample(self) -> bool:
        """Whether it is the shipped corpus."""
        return self.source == SAMPLE

    @classmethod
    def lost(cls, id: str) -> "Import":
        """The head as the id alone tells it, where the file is missing or damaged."""
        at = _moment(id).isoformat()
        return cls(id, "", f"{at}Z", at[:10], 0, is_lost=True)


def _moment(id: str) -> datetime:
    """The time in an id, in UTC; ``strptime`` would load modules for 6 ms."""
    return datetime.fromisoformat(id[:15])


class ImportFolder:
    """The files of the imports."""

    def __init__(self, folder: Path) -> None:
        """Reads nothing yet; the folder need not exist."""
        self.folder = folder
        self._heads: dict[str, Import] = {}

    def write(
        self,
        source: str,
        at: str,
        day: str,
        records: Iterable[FiledRecord],
        *,
        others: Iterable[str] = (),
    ) -> Import:
        """Writes a new import, durably. It does not count before the journal has it.

        Args:
            source: Where the records are from.
            at: The time, ISO 8601 in UTC.
            day: The day in the user's zone, ISO 8601.
            records: The records in order.
            others: Ids of imports before which it must not come, whatever the clock says.

        Raises:
            LibraryError: If it cannot be written.
        """
        lines = [_encode(key, record) for key, record in records]
        body = b"".join(lines)
        digest = hashlib.blake2b(body + source.encode(errors="replace"), digest_size=_DIGEST_SIZE)
        moment = datetime.fromisoformat(at[:19])
        if last := max(others, default=""):  # of the same second, or by a clock that is ahead
            moment = max(moment, _moment(last) + timedelta(seconds=1))
        id = f"{moment:{_TIME}}-{digest.hexdigest()}"
        head = {"import": id, "source": source, "at": at, "day": day, "count": len(lines)}
        try:
            make_folder(self.folder)
        except OSError as error:
            reason = f"cannot be created: {error.strerror}"
            raise LibraryError(with_path(self.folder, reason), "Nothing was imported.") from error
        first = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
        write_atomically(self._path(id), first + b"\n" + body, within=self.folder.parent)
        return Import(id, source, at, day, len(lines))

    def discard(self, heads: Iterable[Import]) -> None:
        """Deletes imports that were written and do not count after all; never fails."""
        for head in heads:
            with suppress(OSError):
                self._path(head.id).unlink()

    def ids(self) -> list[str]:
        """The ids of all files, oldest first.

        Raises:
            LibraryError: If the folder cannot be read.
        """
        try:
            names = [path.stem for path in list_folder(self.folder, ".jsonl")]
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
            raise LibraryError(with_path(self.folder, reason)) from error
        return [name for name in names if _ID.fullmatch(name)]

    def head(self, id: str) -> Import:
        """The head of an import, without its records. Cost: reads the first line, once.

        If its file is missing or damaged, no more is known than its id.
        """
        try:
            return self._require_head(id)
        except ImportLostError:
            return Import.lost(id)

    def _require_head(self, id: str) -> Import:
        if id not in self._heads:
            try:
                with os.fdopen(open_regular(self._path(id)), "rb") as file:
                    line = file.readline(100_000)
            except OSError as error:
                raise self._error(id, f"cannot be read: {error.strerror}") from error
            self._heads[id] = self._head(id, line)
        return self._heads[id]

    def problem(self, id: str, *, full: bool) -> str | None:
        """The problem of the file of an import; ``None`` if there is none.

        Args:
            full: Whether to read all of the file, and not its first line alone.
        """
        try:
            self.read(id) if full else self._require_head(id)
        except ImportLostError as error:
            return error.message
        return None

    def read(self, id: str) -> tuple[Import, list[FiledRecord]]:
        """An import with its records in order.

        Raises:
            ImportLostError: If its file is missing or damaged.
        """
        try:
            data = read_file(self._path(id))
        except OSError as error:
            raise self._error(id, f"cannot be read: {error.strerror}") from error
        return self._parse(id, data)

    def merge_copy(self, id: str, data: bytes) -> bool:
        """Writes an import from a copy of its file, if it is lost; whether it is complete now.

        Raises:
            LibraryError: If it cannot be written.
        """
        with suppress(ImportLostError):
            self.read(id)
            return True
        with suppress(ImportLostError):
            self._parse(id, data)
            write_atomically(self._path(id), data, within=self.folder.parent)
            return True
        return False

    def _parse(self, id: str, data: bytes) -> tuple[Import, list[FiledRecord]]:
        first, _, body = data.partition(b"\n")
        head = self._head(id, first)
        digest = hashlib.blake2b(
            body + head.source.encode(errors="replace"), digest_size=_DIGEST_SIZE
        )
        if not id.endswith(digest.hexdigest()):
            raise self._error(id, "the file is damaged: its checksum does not match")
        try:
            return head, [_decode(json.loads(line)) for line in body.splitlines()]
        except (PapersError, ValueError, KeyError, TypeError) as error:
            raise self._error(id, "a record is damaged") from error

    def _head(self, id: str, line: bytes) -> Import:
        try:
            head = json.loads(line)
            source, at, day = (str(head[name]) for name in ("source", "at", "day"))
            count = int(head["count"])
        except (ValueError, KeyError, TypeError) as error:
            raise self._error(id, "its first line is damaged") from error
        return Import(id, source, at, day, count)

    def _path(self, id: str) -> Path:
        if not _ID.fullmatch(id):
            raise LibraryError(f"Not the id of an import: {id[:40]}")
        return self.folder / f"{id}.jsonl"

    def _error(self, id: str, reason: str) -> "ImportLostError":
        return ImportLostError(
            with_path(self._path(id), reason), "papers-tui restore lists what can be restored."
        )


def _encode(key: str, record: SourceRecord) -> bytes:
    facts = {name: to_json(getattr(record, name)) for name in FACTS}
    stated = {
        name: fact for name, fact in facts.items() if fact or (fact == 0 and fact is not False)
    }
    place = {"key": key, "file": record.file, "line": record.line, "page_day": record.page_day}
    return json.dumps(place | stated, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


_UNSTATED: Final[Mapping[str, Any]] = {
    name: False if fact.type is bool else [] if fact.type is tuple else None
    for name, fact in FACTS.items()
}


def _decode(record: Mapping[str, Any]) -> FiledRecord:
    return str(record["key"]), source_record({**_UNSTATED, **record})


def past_imports(
    papers: Mapping[str, Paper],
    added_on: Callable[[str], str | None],
    sample_files: Collection[str],
) -> list[tuple[str, str, str, list[FiledRecord]]]:
    """The imports from which the papers of a library of schema 1 come: one per file and day.

    That schema has the day on which a paper was added, but not which of its files brought it: it is
    the file whose other papers were added on that day, if any, else the first.

    Args:
        papers: The papers by key, in order.
        added_on: The day on which a paper was added, ISO 8601.
        sample_files: The files of the shipped corpus.

    Returns:
        The arguments of ``ImportFolder.write`` for each, oldest first.
    """
    days: dict[str, set[str]] = defaultdict(set)
    for key, paper in papers.items():
        if len(set(paper.files)) == 1:
            days[paper.files[0]].add(added_on(key) or "")
    groups: dict[tuple[str, str], list[FiledRecord]] = defaultdict(list)
    for key, paper in papers.items():
        added = added_on(key) or ""
        files = dict.fromkeys(paper.files)
        day_of = {file: min((d for d in days[file] if d >= added), default=added) for file in files}
        if added not in day_of.values():
            day_of[paper.files[0]] = added
        for record in paper.records:
            source = SAMPLE if record.file in sample_files else record.file
            groups[day_of[record.file], source].append((key, record))
    ordered = sorted(groups.items(), key=lambda group: group[0][0])
    imports = []
    for number, ((day, source), records) in enumerate(ordered):
        # Seconds keep the order within a day.
        second = f"{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"
        imports.append((source, f"{day or '1970-01-01'}T{second}Z", day, records))
    return imports
