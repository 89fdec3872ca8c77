"""The file of the papers: read on demand, and written as a whole.

A catalog has the position of each document. It may be cached, so that opening a large library reads
no paper.
"""

import dataclasses
import json
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from hashlib import blake2b
from itertools import chain
from typing import Any, Final, Generic, Protocol, TypeVar

from tinydb import TinyDB

from tui.errors import PapersError
from tui.model.paper import Paper, SourceRecord, from_record, merge, to_record
from tui.storage.imports import FiledRecord, Import
from tui.storage.json_file import AtomicJSONStorage
from tui.values import dataclass

_TABLE: Final = "papers"
_SMALL_TABLES: Final = rb'(?:"[a-z]+": \{(?:"\d+": \{[^{}]*\}(?:, )?)*\}, )*'
_HEAD: Final = re.compile(
    rb'\{(?:"meta": \{"1": \{[^{}]*\}\}, )?(%b)"papers": (?=\{(?:"1": \{"key": |\}\}$))'
    % _SMALL_TABLES
)
_DOCUMENT: Final = re.compile(rb'[{ ]"\d+": (?=\{"key": )')
_MAX_READ: Final = 2_000
"""The most papers kept in memory."""


SMALL_TABLES: Final = ("imports", "joins", "aliases")
"""Tables before the papers: what the file was made from, and keys that stand for another paper."""

Pair = tuple[str, str]
"""Two keys."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What the papers are merged from."""

    imports: tuple[str, ...] = ()
    """Ids of the imports, oldest first."""
    joins: tuple[Pair, ...] = ()
    """Keys that the user declared to be one paper, sorted."""
    lost: frozenset[str] = field(default=frozenset(), compare=False)
    """The imports of which the file could not be read: of those it is what the papers had before,
    with the records of other imports of the same papers."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import."""

    new: tuple[str, ...]
    """Keys of new papers."""
    merged: tuple[str, ...]
    """Keys of known papers whose facts changed."""
    unchanged: int
    """The number of known papers whose facts did not change."""
    removed: int = 0
    """The number of papers that the user removed before, which stay removed."""
    id: str = field(default="", compare=False)
    """The import; empty if nothing was written."""
    titles: Mapping[str, str] = field(default_factory=dict, compare=False)
    """The titles of its papers by key, with LaTeX: new ones first, then changed ones, others."""


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
            documents = database.table(_TABLE).all()
        except (TypeError, ValueError) as error:
            raise self._file.error("the table papers has something other than documents") from error
        numbered = {str(n): {"key": None} | dict(d) for n, d in enumerate(documents, start=1)}
        small = {
            name: {str(n): dict(d) for n, d in enumerate(database.table(name).all(), start=1)}
            for name in SMALL_TABLES
        }
        return json.dumps(small | {_TABLE: numbered}, ensure_ascii=False).encode()

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
    """What is known of each document without reading it: a row per document, some deleted."""

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


class PaperFile(Generic[C]):
    """The file of a library's papers: read when it changes, and written as a whole."""

    def __init__(self, file: AtomicJSONStorage, open_catalog: Callable[[Documents], C]) -> None:
        """Reads nothing yet; see ``load``.

        Args:
            file: The file.
            open_catalog: Opens or builds the catalog of a version of the file.
        """
        self.papers: Papers[C]
        """The papers as last read or written."""
        self._file = file
        self._open_catalog = open_catalog

    def load(self) -> None:
        """Opens the present version of the file.

        Raises:
            LibraryError: If the file is damaged; memory is unchanged.
        """
        documents = Documents(self._file)
        self.papers = Papers(documents, self._open_catalog(documents))

    def load_nothing(self) -> None:
        """Has no papers until they are merged anew, as the file is damaged."""
        documents = Documents.nothing(self._file)
        self.papers = Papers(documents, self._open_catalog(documents))

    def refresh(self) -> frozenset[str]:
        """Reloads the papers if the file was replaced.

        Returns:
            The keys of new, deleted and changed papers.

        Raises:
            LibraryError: If the file is damaged; memory is unchanged.
        """
        if not self._file.is_behind:
            return frozenset()
        before = self.papers
        self.load()
        return before.differing(self.papers) | self.papers.differing(before)

    def plan(self, records: Iterable[FiledRecord]) -> "Plan":
        """What an import of some records would change; writes nothing.

        Cost: linear in all papers, but reads only those that the records belong to.

        Args:
            records: The records in order; a key is empty if the record was not filed before.
        """
        from tui.model.identity import Identities  # here, as a start merges nothing

        papers = self.papers
        identities = Identities.of(
            ((papers.catalog.key(row), papers.catalog.signs(row)) for row in papers.rows),
            papers.aliases,
            papers.sources.joins,
        )
        groups: dict[str, _Group] = {}
        filed = []
        for filed_under, record in records:
            placement = identities.place(record, filed_under)
            filed.append((placement.key, record))
            group = groups.setdefault(placement.key, _Group())
            group.records.append(record)
            for key in placement.absorbed:
                if key in groups:
                    group.absorb(groups.pop(key))
                if papers.has_own(key):
                    group.absorb(_Group.of(papers[key], papers.added_on(key)))
        new, merged, unchanged = [], [], 0
        changed = {}
        for key, group in groups.items():
            if not papers.has_own(key):
                new.append(key)
            else:
                existing = papers[key]
                known = set(existing.records)
                group.absorb(_Group.of(existing, papers.added_on(key)))
                if known.issuperset(group.records):
                    unchanged += 1
                else:
                    merged.append(key)
            changed[key] = group
        order = dict.fromkeys([*new, *merged, *groups])
        titles = {key: groups[key].records[0].title for key in order}
        return Plan(
            ImportReport(tuple(new), tuple(merged), unchanged, titles=titles),
            tuple(filed),
            changed,
            identities.resolved_aliases(),
        )

    def write(self, plan: "Plan", head: Import) -> None:
        """Writes the papers with a planned import, to disk and then to memory.

        Args:
            plan: The result of ``plan``; nothing has been written since.
            head: The import.

        Raises:
            LibraryError: If it cannot be written; memory and disk are unchanged.
        """
        self._require_whole()
        papers = self.papers
        groups = dict(plan.groups)
        for group in groups.values():
            group.add_import(head)

        def documents() -> Iterator[bytes]:
            for row in papers.rows:
                key = papers.catalog.key(row)
                if key in groups:
                    yield groups.pop(key).encode(key)
                elif key not in plan.aliases:
                    yield papers.raw(row)
            for key, group in groups.items():
                yield group.encode(key)

        sources = papers.sources
        sources = replace(sources, imports=(*sources.imports, head.id))
        self._write(documents(), sources, plan.aliases)

    def drop_last(self, records_of: Callable[[str], Iterable[SourceRecord]]) -> bool:
        """Writes the papers without their newest import, reading only those that it brought.

        Records are placed in the order of the imports, so what came before the last one is what it
        was before it; unless it joined papers, which a key that stands for one of its papers may
        tell of.

        Args:
            records_of: From the id of another import to its records.

        Returns:
            Whether it could; if not, nothing is written, and ``rebuild`` is needed.

        Raises:
            LibraryError: If they cannot be written; memory and disk are unchanged.
        """
        self._require_whole()
        papers, sources = self.papers, self.papers.sources
        *others, last = sources.imports
        joined = set(papers.aliases.values())
        rows = (row for row in papers.rows if last.encode() in papers.raw(row))
        brought = {row: paper for row in rows if last in (paper := papers.paper(row)).imports}
        if any(paper.key in joined for paper in brought.values()):
            return False
        needed = {id for paper in brought.values() for id in paper.imports if id != last}
        earlier = {record for id in sorted(needed) for record in records_of(id)}

        def documents() -> Iterator[bytes]:
            for row in papers.rows:
                if row not in brought:
                    yield papers.raw(row)
                elif imports := [id for id in brought[row].imports if id != last]:
                    records = [record for record in brought[row].records if record in earlier]
                    group = _Group(records, dict.fromkeys(imports), papers.catalog.added_on(row))
                    yield group.encode(brought[row].key)

        self._write(documents(), replace(sources, imports=tuple(others)), papers.aliases)
        return True

    def rebuild(
        self, imports: Iterable[tuple[Import, Iterable[FiledRecord]]], joins: Iterable[Pair]
    ) -> None:
        """Merges the papers anew from all their imports, and writes them.

        Args:
            imports: The imports in order, each with its records.
            joins: Pairs of keys that the user declared to be one paper.

        Raises:
            LibraryError: If they cannot be written; memory and disk are unchanged.
        """
        from tui.model.identity import Identities  # as above

        joins = tuple(sorted(joins))
        identities = Identities(joins)
        groups: dict[str, _Group] = {}
        heads = []
        for head, records in imports:
            heads.append(head)
            for key, record in records:
                placement = identities.place(record, key)
                group = groups.setdefault(placement.key, _Group())
                group.records.append(record)
                for other in placement.absorbed:
                    if other in groups:
                        group.absorb(groups.pop(other))
                group.add_import(head)
        documents = (group.encode(key) for key, group in groups.items())
        lost = frozenset(head.id for head in heads if head.is_lost)
        sources = Sources(tuple(head.id for head in heads), joins, lost)
        self._write(documents, sources, identities.resolved_aliases())

    def _require_whole(self) -> None:
        """Raises a ``LibraryError`` if the file is damaged; opening it may not have read it."""
        if not self.papers.documents.check():
            raise self._file.error("the file is damaged: its checksum does not match")

    def _write(
        self, documents: Iterable[bytes], sources: Sources, aliases: Mapping[str, str]
    ) -> None:
        small: dict[str, list[dict[str, Any]]] = {
            "imports": [
                {"id": id, "lost": True} if id in sources.lost else {"id": id}
                for id in sources.imports
            ],
            "joins": [{"one": one, "other": other} for one, other in sources.joins],
            "aliases": [{"alias": alias, "key": key} for alias, key in aliases.items()],
        }
        self._file.write_documents(_TABLE, documents, small)
        self.load()


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would change."""

    report: ImportReport
    filed: tuple[FiledRecord, ...]
    """The records in order, each with the key of its paper when it was placed."""
    groups: dict[str, "_Group"]
    """All records of each paper that the import has, by key."""
    aliases: dict[str, str]
    """Keys that stand for another paper afterwards."""


@dataclasses.dataclass(slots=True)
class _Group:
    """The records of one paper, and the imports that brought them."""

    records: list[SourceRecord] = field(default_factory=list)
    imports: dict[str, None] = field(default_factory=dict)
    added: str | None = None
    """The day of the first import, ISO 8601."""

    @classmethod
    def of(cls, paper: Paper, added: str | None) -> "_Group":
        return cls(list(paper.records), dict.fromkeys(paper.imports), added)

    def absorb(self, other: "_Group") -> None:
        self.records += other.records
        if other.imports and (not self.imports or min(other.imports) < min(self.imports)):
            self.added = other.added
        self.imports = dict.fromkeys(sorted({**self.imports, **other.imports}))

    def add_import(self, head: Import) -> None:
        if not self.imports:
            self.added = head.day
        self.imports[head.id] = None

    def encode(self, key: str) -> bytes:
        paper = merge(self.records, key, tuple(self.imports))
        record: dict[str, Any] = to_record(paper) | {
            "imports": list(paper.imports),
            "added": self.added,
        }
        return json.dumps(record, ensure_ascii=False).encode()
