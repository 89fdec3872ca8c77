"""The papers of one version of their file, read on demand.

A catalog has the position of each document. It may be cached, so that opening a large library reads
no paper.
"""

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from hashlib import blake2b
from itertools import chain
from typing import Any, Final, Generic, Protocol, TypeVar

from tinydb import TinyDB

from tui.errors import PapersError
from tui.model.paper import Paper, SourceRecord, from_record
from tui.patterns import regex
from tui.storage.json_file import AtomicJSONStorage
from tui.values import dataclass

TABLE: Final = "papers"
_SMALL_TABLES: Final = rb'(?:"[a-z]+": \{(?:"\d+": \{[^{}]*\}(?:, )?)*\}, )*'
_HEAD: Final = regex(
    rb'\{(?:"meta": \{"1": \{[^{}]*\}\}, )?(%b)"papers": (?=\{(?:"1": \{"key": |\}\}$))'
    % _SMALL_TABLES
)
_DOCUMENT: Final = regex(rb'[{ ]"\d+": (?=\{"key": )')
_MAX_READ: Final = 2_000
"""The most papers kept in memory."""


SMALL_TABLES: Final = ("imports", "joins", "aliases")
"""Tables before the papers: what the file was made from, and keys that stand for another paper."""

Pair = tuple[str, str]
"""Two keys."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The imports, and the joins of papers, that the papers are merged from."""

    imports: tuple[str, ...] = ()
    """Ids of the imports, oldest first."""
    joins: tuple[Pair, ...] = ()
    """Keys that the user declared to be one paper, sorted."""
    lost: frozenset[str] = field(default=frozenset(), compare=False)
    """The imports of which the file could not be read: of those it is what the papers had before,
    with the records of other imports of the same papers."""


class Documents:
    """The encoded documents of one version of the file."""

    def __init__(self, file: AtomicJSONStorage) -> None:
        """Maps the file; reads nothing yet."""
        self.stamp: str | None
        """Identifies the version of the file; ``None`` if the file is not laid out by us."""
        self._file = file
        self._raw, self.stamp = file.mapped()
        self._is_checked = False
        self._papers: dict[int, Paper] = {}

    @classmethod
    def nothing(cls, file: AtomicJSONStorage) -> "Documents":
        """No documents, whatever the file has."""
        documents = cls(file)
        documents._raw, documents.stamp, documents._is_checked = b'{"papers": {}}', None, True
        return documents

    def check(self) -> bool:
        """Verifies the checksum of the file, once. Cost: reads all of it.

        If the file is not laid out by us, its documents are read by TinyDB.

        Returns:
            Whether the mapped bytes are valid.

        Raises:
            LibraryError: If it is damaged.
        """
        if self._is_checked:
            return True
        self._is_checked = True
        if self.stamp and _HEAD.match(self._raw) and self._file.is_whole(self._raw):
            return True
        self._raw, self.stamp = self._laid_out(), None
        return False

    def table(self, name: str) -> list[dict[str, Any]]:
        """The documents of a small table that stands before the papers; empty if missing."""
        head = _HEAD.match(self._raw)
        if head is None:
            self.check()
            head = _HEAD.match(self._raw)
        tables = json.loads(b"{%b}" % head[1].rstrip(b", ")) if head else {}
        return list(tables.get(name, {}).values())

    def _laid_out(self) -> bytes:
        database = TinyDB(storage=lambda: self._file)
        database.tables()  # reads and checks the file
        try:
            documents = database.table(TABLE).all()
        except (TypeError, ValueError) as error:
            raise self._file.error("the table papers has something other than documents") from error
        numbered = {str(n): {"key": None} | dict(d) for n, d in enumerate(documents, start=1)}
        small = {
            name: {str(n): dict(d) for n, d in enumerate(database.table(name).all(), start=1)}
            for name in SMALL_TABLES
        }
        return json.dumps(small | {TABLE: numbered}, ensure_ascii=False).encode()

    def spans(self) -> Iterator[tuple[int, int, int]]:
        """Offset, size and checksum of each document. Cost: reads all of the file.

        No text looks like the start of a document, as quotation marks in texts are escaped.

        Raises:
            LibraryError: If the file is damaged.
        """
        self.check()
        head = _HEAD.match(self._raw)
        start = None
        for match in _DOCUMENT.finditer(self._raw, head.end() if head else 0):
            if start is not None:
                yield self._span(start, match.start() - 1)
            start = match.end()
        if start is not None:
            yield self._span(start, len(self._raw) - 2)

    def _span(self, start: int, end: int) -> tuple[int, int, int]:
        digest = blake2b(self._raw[start:end], digest_size=8).digest()
        return start, end - start, int.from_bytes(digest, "little")

    def raw(self, offset: int, size: int) -> bytes:
        """The encoded document."""
        return bytes(self._raw[offset : offset + size])

    def read(self, offset: int, size: int) -> tuple[Paper, str | None]:
        """A paper, and the day on which it was added, ISO 8601.

        Raises:
            LibraryError: If the document is not a paper.
        """
        try:
            record = json.loads(self.raw(offset, size))
            paper, added = from_record(record), record.get("added")
        except (PapersError, ValueError) as error:
            reason = error.message if isinstance(error, PapersError) else "a document is damaged"
            raise self._file.error(reason) from error
        if len(self._papers) >= _MAX_READ:
            self._papers.clear()
        self._papers[offset] = paper
        return paper, str(added) if added else None

    def paper(self, offset: int, size: int) -> Paper:
        """A paper. Cached."""
        paper = self._papers.get(offset)
        return paper if paper is not None else self.read(offset, size)[0]


class Catalog(Protocol):
    """The catalog of the documents, which are not read: a row each, some deleted."""

    @property
    def offsets(self) -> Sequence[int]:
        """The offset of each document, in bytes."""

    @property
    def sizes(self) -> Sequence[int]:
        """The size of each, in bytes; 0 for a deleted row."""

    @property
    def checksums(self) -> Sequence[int]:
        """The checksum of each, eight bytes."""

    def __len__(self) -> int:
        """The number of rows that are not deleted."""

    def key(self, row: int) -> str:
        """The key of the paper of a row."""

    def rows(self, key: str) -> Iterable[int]:
        """The rows of a key, of which at most one is not deleted."""

    def added_on(self, row: int) -> str | None:
        """The day on which a paper was added, ISO 8601."""

    def signs(self, row: int) -> Iterable[str]:
        """The signs of a paper; see ``identity.signs``."""


C = TypeVar("C", bound=Catalog)


class Papers(Mapping[str, Paper], Generic[C]):
    """The papers of one version of the file by key, in the order in which they were added."""

    def __init__(self, documents: Documents, catalog: C) -> None:
        """Takes the documents and their catalog."""
        self.documents = documents
        self.catalog = catalog
        imports = documents.table("imports")
        self.sources = Sources(
            tuple(str(each["id"]) for each in imports),
            tuple((str(each["one"]), str(each["other"])) for each in documents.table("joins")),
            frozenset(str(each["id"]) for each in imports if each.get("lost")),
        )
        self.aliases = {str(a["alias"]): str(a["key"]) for a in documents.table("aliases")}
        """Keys that stand for another paper, and its key."""
        self._row_of: dict[str, int | None] = {}

    @cached_property
    def rows(self) -> Sequence[int]:
        """The rows that are not deleted, in order."""
        rows = (row for row, size in enumerate(self.catalog.sizes) if size)
        return array("I", sorted(rows, key=self.catalog.offsets.__getitem__))

    def __len__(self) -> int:
        return len(self.catalog)

    def __iter__(self) -> Iterator[str]:
        return map(self.catalog.key, self.rows)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.row(key) is not None

    def __getitem__(self, key: str) -> Paper:
        row = self.row(key)
        if row is None:
            raise KeyError(key)
        return self.paper(row)

    def row(self, key: str) -> int | None:
        """The row of a key or an alias; ``None`` if there is no such paper."""
        if key not in self._row_of:
            rows = (row for row in self.catalog.rows(self.own_key(key)) if self.catalog.sizes[row])
            self._row_of[key] = next(iter(rows), None)
        return self._row_of[key]

    def place(self, key: str) -> int:
        """Where the paper of a key stands in the file: older papers come first."""
        row = self.row(key)
        return -1 if row is None else self.catalog.offsets[row]

    def own_key(self, key: str) -> str:
        """The key of the paper for which an alias stands; any other key itself."""
        return self.aliases.get(key, key)

    def has_own(self, key: str) -> bool:
        """Whether a paper has this key itself, not as an alias."""
        return key not in self.aliases and key in self

    def has(self, record: SourceRecord) -> bool:
        """Whether a record has an identifier or a title of a paper here."""
        from tui.model.identity import signs  # here, as a start compares nothing

        return not self._signs.isdisjoint(signs(record))

    def titled(self, title: str) -> list[str]:
        """The keys of the papers with a title, however it is spelt. Cost: looks at all papers."""
        from tui.model.identity import title_sign  # here, as a start compares nothing

        sign, catalog = title_sign(title), self.catalog
        return [catalog.key(row) for row in self.rows if sign in catalog.signs(row)]

    @cached_property
    def _signs(self) -> frozenset[str]:
        return frozenset(sign for row in self.rows for sign in self.catalog.signs(row))

    def paper(self, row: int) -> Paper:
        """The paper of a row."""
        return self.documents.paper(self.catalog.offsets[row], self.catalog.sizes[row])

    def raw(self, row: int) -> bytes:
        """The encoded document of a row."""
        return self.documents.raw(self.catalog.offsets[row], self.catalog.sizes[row])

    def added_on(self, key: str) -> str | None:
        """The day on which a paper was added, ISO 8601. Reads no paper."""
        row = self.row(key)
        return None if row is None else self.catalog.added_on(row)

    def resolve(self, prefix: str) -> str:
        """The one key with a prefix, or with an alias that has it; see ``resolve_name``."""
        return self.own_key(self.resolve_name(prefix))

    def resolve_name(self, prefix: str) -> str:
        """The one key or alias with a prefix; the key if several names of its paper have it.

        Raises:
            PapersError: If there is none, or they are of more than one paper.
        """
        folded = prefix.strip().lower()
        if folded in self or folded in self.aliases:
            return folded
        candidates = chain(self, self.aliases) if folded else ()
        names = [name for name in candidates if name.startswith(folded)]
        matches = list(dict.fromkeys(map(self.own_key, names)))
        if len(matches) == 1:
            return names[0] if len(names) == 1 else matches[0]
        if not matches:
            raise PapersError(
                f"No paper has a key that begins with “{prefix[:60]}”", "See papers-tui list."
            )
        some = ", ".join(matches[:3]) + (", ..." if len(matches) > 3 else "")
        raise PapersError(
            f"{len(matches)} keys begin with “{prefix[:60]}”: {some}", "Type more of it."
        )

    def differing(self, other: "Papers[C]") -> frozenset[str]:
        """The keys of papers that the other lacks or has with other facts."""
        theirs = {other.catalog.checksums[row] for row in other.rows}
        checksums, key = self.catalog.checksums, self.catalog.key
        return frozenset(key(row) for row in self.rows if checksums[row] not in theirs)
