"""The papers at rest, each read when it is asked for.

Opening a large library reads no paper at all where a cache remembers where each stands and what an
index asks of it. The cache is derived: it is made of one version of the file, told by that file's
checksum, size and time, and for any other version it is mended or made anew. It knows no decision.
"""

import json
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from tui import __version__
from tui.errors import PapersError
from tui.model.paper import Paper, from_record, to_record
from tui.search import Table, Words, row_of
from tui.search.cache_file import load, save
from tui.search.postings import Segment
from tui.storage.json_file import AtomicJSONStorage

WORTH_KEEPING = 1_000
"""Papers from which on a cache spares more than it costs."""

_HEAD: Final = re.compile(
    rb'\{(?:"meta": \{"1": \{[^{}]*\}\}, )?"papers": (?=\{(?:"1": \{"key": |\}\}$))'
)
_DOCUMENT: Final = re.compile(rb'[{ ]"\d+": (?=\{"key": )')
_READ: Final = 2_000
"""Papers that are kept once they were read."""
_VERSION: Final = f"1 {__version__}".encode()


class PaperFile(Mapping[str, Paper]):
    """The papers of a file by key, in the order in which they were added."""

    def __init__(
        self,
        storage: AtomicJSONStorage,
        raw: bytes | memoryview,
        table: Table,
        places: tuple[Any, Any, Any],
        cache: Path | None,
    ) -> None:
        """Takes what ``open`` found.

        Args:
            storage: The file.
            raw: Where the documents stand.
            table: A row a document, and rows of documents that are there no more.
            places: Where each document begins, its bytes (0 if it is gone), and its checksum.
            cache: The folder of the cache, if there is one.
        """
        self.table = table
        self._storage = storage
        self._raw = raw
        self._at, self._size, self._sums = places
        self._cache = cache
        self._is_cached = False
        self._read: dict[int, Paper] = {}
        self.gone = [row for row, size in enumerate(self._size) if not size]
        """Rows that are no papers any more."""

    @classmethod
    def open(cls, storage: AtomicJSONStorage, cache: Path | None) -> "PaperFile":
        """The papers of a file, or none if there is no file.

        Cost: where the cache fits, to map it; else to read the file, but of papers that an older
        cache knows only the checksum.

        Args:
            storage: The file.
            cache: A folder of one's own for this library; ``None`` for no cache.

        Raises:
            LibraryError: If the file is damaged, or a document is not a paper.
        """
        raw, stamp = storage.mapped()
        known = load(cache / "rows") if cache is not None else None
        if known is not None and bytes(known["version"]) != _VERSION:
            known = None
        if known is not None and stamp and bytes(known["stamp"]) == stamp.encode():
            table = Table.from_columns(known)
            shelf = cls(storage, raw, table, _places(known), cache)
            shelf._is_cached = True
            return shelf
        if stamp is None or not _HEAD.match(raw) or not storage.is_whole(raw):
            raw, stamp = _written(storage.documents()), None
        shelf = cls._from(storage, raw, known, cache)
        if cache is not None and stamp and len(shelf) >= WORTH_KEEPING:
            shelf._keep(stamp)
        return shelf

    @classmethod
    def _from(
        cls,
        storage: AtomicJSONStorage,
        raw: bytes | memoryview,
        known: Mapping[str, memoryview] | None,
        cache: Path | None,
    ) -> "PaperFile":
        """Reads what an older cache does not know."""
        documents = list(_documents(raw))
        table = Table.from_columns(known) if known is not None else Table.of(())
        sums = array("Q", known["doc.sum"]) if known is not None else array("Q")
        rows = {total: row for row, total in enumerate(sums)}
        if len(sums) > 1.3 * len(documents):
            table, sums, rows = Table.of(()), array("Q"), {}
        at = array("Q", bytes(8 * len(sums)))
        size = array("I", bytes(4 * len(sums)))
        news = []
        read: dict[int, Paper] = {}
        by_key: dict[str, int] = {}
        for start, end in documents:
            total = _sum(raw[start:end])
            row = rows.get(total)
            if row is None:
                row = rows[total] = len(sums)
                paper, added = _read(bytes(raw[start:end]), storage)
                news.append(row_of(paper, added))
                if len(read) < _READ:
                    read[row] = paper
                before = by_key.pop(paper.key, None)
                if before is not None:
                    size[before] = 0
                by_key[paper.key] = row
                sums.append(total)
                at.append(0)
                size.append(0)
            at[row], size[row] = start, end - start
        if news:
            table = table.with_more(news)
        shelf = cls(storage, raw, table, (at, size, sums), cache)
        shelf._read = read
        return shelf

    def _keep(self, stamp: str) -> None:
        """Remembers all this for the next start."""
        if self._cache is not None:
            columns = self.table.columns() | {
                "version": _VERSION,
                "stamp": stamp.encode(),
                "doc.at": memoryview(self._at),
                "doc.size": memoryview(self._size),
                "doc.sum": memoryview(self._sums),
            }
            save(self._cache / "rows", columns)

    def __len__(self) -> int:
        return len(self.table) - len(self.gone)

    def __iter__(self) -> Iterator[str]:
        return map(self.table.key, self._in_order())

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.row(key) is not None

    def __getitem__(self, key: str) -> Paper:
        row = self.row(key)
        if row is None:
            raise KeyError(key)
        return self.paper(row)

    def row(self, key: str) -> int | None:
        """The row of a key; ``None`` if there is no such paper."""
        return next((row for row in self.table.rows(key) if self._size[row]), None)

    def paper(self, row: int) -> Paper:
        """The paper of a row."""
        paper = self._read.get(row)
        if paper is None:
            paper, _ = _read(self.document(row), self._storage)
            if len(self._read) >= _READ:
                self._read.clear()
            self._read[row] = paper
        return paper

    def document(self, row: int) -> bytes:
        """The paper of a row as it stands in the file."""
        return bytes(self._raw[self._at[row] : self._at[row] + self._size[row]])

    def documents(self, changed: Mapping[str, Paper], added: str) -> Iterator[bytes]:
        """All papers as they will stand in the file, in order, new ones last.

        Args:
            changed: Papers that are new, or other than they were.
            added: The day for those that are new.
        """
        waiting = dict(changed)
        for row in self._in_order():
            key = self.table.key(row)
            paper = waiting.pop(key, None)
            if paper is None:
                yield self.document(row)
            else:
                yield _document(paper, self.table.added_on(row))
        for paper in waiting.values():
            yield _document(paper, added)

    def check(self) -> None:
        """Makes sure that the file is whole before others are made from its documents.

        Raises:
            LibraryError: If it is damaged, which a cache hides until then.
        """
        if self._is_cached and not self._storage.is_whole(self._raw):
            raise self._storage.error("the file is damaged: its checksum does not fit")

    def lacking(self, other: "PaperFile") -> frozenset[str]:
        """The keys of papers that are not the same on another shelf."""
        there = {total for row, total in enumerate(other._sums) if other._size[row]}
        return frozenset(
            self.table.key(row)
            for row, total in enumerate(self._sums)
            if self._size[row] and total not in there
        )

    def words(self) -> Words:
        """The words of all papers, from the cache as far as it has them.

        Cost: 0.3 ms a paper that the cache does not know; else a few ms in all.
        """
        total = len(self.table)
        main = self._segment("words", 0)
        if main is None or total - len(main) > max(len(main) // 5, WORTH_KEEPING // 2):
            main = self._make_segment("words", 0)
        if len(main) == total:
            return Words([main])
        return Words(
            [main, self._segment("news", len(main)) or self._make_segment("news", len(main))]
        )

    def _segment(self, name: str, base: int) -> Segment | None:
        kept = load(self._cache / name) if self._cache is not None else None
        if kept is None or bytes(kept["version"]) != _VERSION:
            return None
        start, length = kept["base"]
        fits = start == base and base + length <= len(self.table)
        if fits and bytes(kept["of"]) == self._sum(base, base + length):
            return Segment.from_columns(kept)
        return None

    def _make_segment(self, name: str, base: int) -> Segment:
        def texts() -> Iterator[tuple[str, str, tuple[str, ...]]]:
            for row in range(base, len(self.table)):
                if not self._size[row]:
                    yield "", "", ()
                    continue
                record = json.loads(self.document(row))
                yield record["title"], record["abstract"] or "", tuple(record["authors"])

        made = Segment.of(base, texts())
        if self._cache is not None and len(self) >= WORTH_KEEPING:
            of = self._sum(base, len(self.table))
            save(self._cache / name, made.columns() | {"version": _VERSION, "of": of})
        return made

    def _sum(self, first: int, last: int) -> bytes:
        return blake2b(memoryview(self._sums)[first:last], digest_size=16).digest()

    def _in_order(self) -> Iterable[int]:
        there = (row for row, size in enumerate(self._size) if size)
        return sorted(there, key=self._at.__getitem__)


def _places(known: Mapping[str, memoryview]) -> tuple[memoryview, memoryview, memoryview]:
    return known["doc.at"], known["doc.size"], known["doc.sum"]


def _sum(document: bytes | memoryview) -> int:
    return int.from_bytes(blake2b(document, digest_size=8).digest(), "little")


def _documents(raw: bytes | memoryview) -> Iterator[tuple[int, int]]:
    """Where the documents stand in what ``AtomicJSONStorage`` wrote.

    A quotation mark within a text has a backslash before it, so no text looks like a beginning.
    """
    head = _HEAD.match(raw)
    start = None
    for match in _DOCUMENT.finditer(raw, head.end() if head else 0):
        if start is not None:
            yield start, match.start() - 1
        start = match.end()
    if start is not None:
        yield start, len(raw) - 2


def _written(tables: Mapping[str, list[Mapping[str, Any]]]) -> bytes:
    """Documents that were written otherwise, as ``AtomicJSONStorage`` would."""
    documents = enumerate(({"key": None} | dict(each) for each in tables.get("papers", ())), 1)
    papers = {str(number): document for number, document in documents}
    return b'{"papers": ' + json.dumps(papers, ensure_ascii=False).encode() + b"}"


def _document(paper: Paper, added: str | None) -> bytes:
    return json.dumps(to_record(paper) | {"added": added}, ensure_ascii=False).encode()


def _read(document: bytes, storage: AtomicJSONStorage) -> tuple[Paper, str | None]:
    try:
        record = json.loads(document)
        added = record.get("added")
        return from_record(record), str(added) if added else None
    except (PapersError, ValueError) as error:
        told = error.message if isinstance(error, PapersError) else "a document is not whole"
        raise storage.error(told) from error
