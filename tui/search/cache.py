"""The search cache of a library: columns and words of all papers, so that opening reads no paper.

It is valid for one version of the file, identified by checksum, size and time; for any other
version it is updated or rebuilt. It can be deleted at any time.
"""

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

from tui import __version__
from tui.search.cache_file import CacheFile, Column, Numbers, load, open_cache, save
from tui.search.columns import DELETED, LAYOUT, Columns, row_of
from tui.search.lookalikes import NO_LOOKALIKES, SKETCH, Lookalikes
from tui.search.word_index import Segment, WordIndex, texts_of
from tui.storage.papers import Documents

WORTH_KEEPING: Final = 100
"""The fewest papers for which a cache pays off."""
_MAX_GONE: Final = 1.3
"""Rows per paper above which all rows are rebuilt, as too many are deleted."""
_VERSION: Final = f"7 {__version__} {LAYOUT}".encode()


class Catalog:
    """The columns and words of the papers of one version of a file, a row per document."""

    def __init__(
        self,
        documents: Documents,
        folder: Path | None,
        columns: Columns,
        places: tuple[Numbers, Numbers, Numbers],
    ) -> None:
        """Takes the result of ``open_catalog``.

        Args:
            columns: A row per document, including deleted ones.
            places: Offset, size (0 if deleted) and checksum of each document.
        """
        self.columns = columns
        self.offsets, self.sizes, self.checksums = places
        may_have_gone = bytes(4) in bytes(self.sizes)  # four times as fast as a look at each
        self.gone = [at for at, size in enumerate(self.sizes) if not size] if may_have_gone else []
        """Deleted rows."""
        self.key, self.rows, self.added_on = columns.key, columns.rows, columns.added_on
        self.signs = columns.signs
        self._documents = documents
        self._folder = folder if len(self) >= WORTH_KEEPING else None

    def __len__(self) -> int:
        return len(self.columns) - len(self.gone)

    def words(self) -> WordIndex:
        """The words of all papers, from the cache where possible.

        Cost: a few ms; if papers are missing in the cache, 0.3 ms for each that has come since its
        main part was written, which are a fifth of all at most.
        """
        total = len(self.columns)
        main = self._load_segment("words", 0)
        if main is None or total - len(main) > max(len(main) // 5, WORTH_KEEPING // 2):
            main = self._make_segment("words", 0)
        if len(main) == total:
            return WordIndex([main])
        base = len(main)
        news = self._load_segment("news", base)
        if news is None or base + len(news) < total:
            news = self._make_segment("news", base)
        return WordIndex([main, news])

    def lookalikes(self, words: WordIndex) -> Lookalikes:
        """The papers that may be the same, from the cache where possible.

        Cost: a few ms, 0.2 ms per paper missing in the cache, and 1 ms per 1,000 papers if any is.
        """
        stored = _load(self._folder, "alike")
        lookalikes = NO_LOOKALIKES
        if stored is not None:
            count = len(stored["sketches"]) // SKETCH
            if bytes(stored["of"]) == self._digest(0, count):
                lookalikes = Lookalikes(stored["sketches"], stored["pairs"])
                if count == len(self.columns):
                    return lookalikes
        lookalikes = lookalikes.with_more(self.columns, words)
        if self._folder is not None:
            columns: dict[str, Column] = {
                "version": _VERSION,
                "of": self._digest(0, len(self.columns)),
                "sketches": memoryview(lookalikes.numbers),
                "pairs": memoryview(lookalikes.pairs),
            }
            save(self._folder / "alike", columns)
        return lookalikes

    def _load_segment(self, name: str, base: int) -> Segment | None:
        stored = _load(self._folder, name)
        if stored is None:
            return None
        start, length = stored["base"]
        fits = start == base and base + length <= len(self.columns)
        if fits and bytes(stored["of"]) == self._digest(base, base + length):
            return Segment.from_columns(stored)
        return None

    def _make_segment(self, name: str, base: int) -> Segment:
        segment = Segment.of(base, self._texts(base))
        if self._folder is not None:
            of = self._digest(base, len(self.columns))
            save(self._folder / name, segment.columns() | {"version": _VERSION, "of": of})
        return segment

    def _texts(self, base: int) -> Iterator[list[str | Sequence[str]]]:
        for row in range(base, len(self.columns)):
            raw = self._documents.raw(self.offsets[row], self.sizes[row])
            yield texts_of(json.loads(raw) if self.sizes[row] else None)

    def _digest(self, first: int, last: int) -> bytes:
        """A digest of the documents of some rows."""
        return blake2b(memoryview(self.checksums)[first:last], digest_size=16).digest()

    def save(self, stamp: str) -> None:
        """Writes everything but the words to the cache, if it pays off."""
        if self._folder is not None:
            columns = self.columns.columns() | {
                "version": _VERSION,
                "stamp": stamp.encode(),
                "doc.at": memoryview(self.offsets),
                "doc.size": memoryview(self.sizes),
                "doc.sum": memoryview(self.checksums),
            }
            save(self._folder / "rows", columns)


def open_catalog(folder: Path | None, documents: Documents) -> Catalog:
    """The columns of the papers of a file.

    Cost: mapping the cache if it is valid; else reading the file, though for papers in an older
    cache only their checksums.

    Args:
        folder: The cache folder of this library; ``None`` for no cache.

    Raises:
        LibraryError: If the file is damaged, or a document is not a paper.
    """
    if folder is not None and (stored := open_cache(folder / "rows")) is not None:
        kept = stored.verified("version", "stamp", "doc.at", "doc.size", "doc.sum")
        stamps = _VERSION, (documents.stamp or "").encode()
        if kept is not None and tuple(map(bytes, kept[:2])) == stamps:
            return _restored(folder, documents, stored, (kept[2], kept[3], kept[4]))
    catalog = _read(folder, documents, _load(folder, "rows"))
    if documents.stamp:
        catalog.save(documents.stamp)
    return catalog


def _restored(
    folder: Path,
    documents: Documents,
    stored: CacheFile,
    places: tuple[Numbers, Numbers, Numbers],
) -> Catalog:
    """The catalog of a cache file that verifies each column at its first use.

    If one is damaged, all are built again from the documents, and the file is replaced.
    """

    @cache
    def rebuild() -> Mapping[str, Column]:
        rows = (
            row_of(*documents.read(offset, size)) if size else DELETED
            for offset, size in zip(*places[:2], strict=True)
        )
        catalog = Catalog(documents, folder, Columns.of(rows), places)
        catalog.save(documents.stamp or "")
        return catalog.columns.columns()

    def column(*names: str) -> Sequence[memoryview]:
        return stored.verified(*names) or [memoryview(rebuild()[name]) for name in names]

    return Catalog(documents, folder, Columns.from_columns(column), places)


def _read(
    folder: Path | None, documents: Documents, stored: Mapping[str, memoryview] | None
) -> Catalog:
    """Reads the documents that an older cache lacks."""
    spans = list(documents.spans())
    columns, checksums = Columns.of(()), array("Q")
    if stored is not None and len(stored["doc.sum"]) <= _MAX_GONE * len(spans):
        columns = Columns.from_columns(lambda *names: [stored[name] for name in names])
        checksums = array("Q", stored["doc.sum"])
    rows = {checksum: row for row, checksum in enumerate(checksums)}
    offsets = array("Q", bytes(8 * len(checksums)))
    sizes = array("I", bytes(4 * len(checksums)))
    new = []
    by_key: dict[str, int] = {}
    for offset, size, checksum in spans:
        row = rows.get(checksum)
        if row is None:
            row = rows[checksum] = len(checksums)
            paper, added = documents.read(offset, size)
            new.append(row_of(paper, added))
            before = by_key.pop(paper.key, None)
            if before is not None:
                sizes[before] = 0
            by_key[paper.key] = row
            checksums.append(checksum)
            offsets.append(0)
            sizes.append(0)
        offsets[row], sizes[row] = offset, size
    if new:
        columns = columns.with_more(new)
    return Catalog(documents, folder, columns, (offsets, sizes, checksums))


def _load(folder: Path | None, name: str) -> Mapping[str, memoryview] | None:
    """The columns of a cache file; ``None`` if missing or of another version."""
    stored = load(folder / name) if folder is not None else None
    return stored if stored is not None and bytes(stored["version"]) == _VERSION else None
