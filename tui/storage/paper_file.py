"""The file of the papers: planned, merged, and written as a whole."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic

from tui.model.imports import FiledRecord, ImportReport
from tui.model.paper import Paper, SourceRecord, merge, to_record
from tui.storage.imports import Import
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.papers import TABLE, C, Documents, Pair, Papers, Sources
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.model.identity import Identities


class PaperFile(Generic[C]):
    """The file of a library's papers: read when it changes, and written as a whole."""

    def __init__(self, file: AtomicJSONStorage, open_catalog: Callable[[Documents], C]) -> None:
        """Reads nothing yet; see ``load``."""
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
        """Has no papers until they are merged again, as the file is damaged."""
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

    def plan(self, batches: Iterable[Iterable[FiledRecord]]) -> "Plan":
        """The changes that imports, one after another, would make; writes nothing.

        Cost: linear in all papers, but reads only those that the records belong to.

        Args:
            batches: The records of each in order; a key is empty if the record was not filed
                before.
        """
        from tui.model.identity import Identities  # here, as a start merges nothing

        papers = self.papers
        identities = Identities.of(
            ((papers.catalog.key(row), papers.catalog.signs(row)) for row in papers.rows),
            papers.aliases,
            papers.sources.joins,
        )
        changed: dict[str, _Group] = {}
        parts = [self._plan_part(records, identities, changed) for records in batches]
        return Plan(tuple(parts), changed, identities.resolved_aliases())

    def _plan_part(
        self,
        records: Iterable[FiledRecord],
        identities: "Identities",
        changed: dict[str, "_Group"],
    ) -> "PlannedImport":
        """The changes that one import would make.

        Args:
            identities: Which papers there are; has those of the import afterwards.
            changed: All records of each paper that earlier imports have, by key; has those of this
                one afterwards.
        """
        filed, groups = self._placed(records, identities, changed)
        new, merged, unchanged = [], [], 0
        for key, group in groups.items():
            existing = self._existing(key, changed)
            if existing is None:
                new.append(key)
            else:
                before = set(existing.records)
                group.absorb(existing)
                if before.issuperset(group.records):
                    unchanged += 1
                else:
                    merged.append(key)
        changed |= groups
        order = dict.fromkeys([*new, *merged, *groups])
        titles = {key: groups[key].records[0].title for key in order}
        report = ImportReport(tuple(new), tuple(merged), unchanged, titles=titles)
        return PlannedImport(report, tuple(filed))

    def _existing(self, key: str, changed: dict[str, "_Group"]) -> "_Group | None":
        """All records of a paper before an import; ``None`` if it is new."""
        if key in changed:
            return changed[key]
        papers = self.papers
        return _Group.of(papers[key], papers.added_on(key)) if papers.has_own(key) else None

    def _placed(
        self,
        records: Iterable[FiledRecord],
        identities: "Identities",
        changed: dict[str, "_Group"],
    ) -> tuple[list[FiledRecord], dict[str, "_Group"]]:
        """The records under the keys of their papers, and the records of each of these papers.

        Papers that a record shows to be one are one group, with all that both had.
        """
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
                if existing := self._existing(key, changed):
                    group.absorb(existing)
                    changed.pop(key, None)
        return filed, groups

    def write(self, plan: "Plan", heads: Sequence[Import]) -> None:
        """Writes the papers with planned imports, to disk and then to memory.

        Args:
            plan: The result of ``plan``; nothing has been written since.
            heads: The imports, one for each that is planned.

        Raises:
            LibraryError: If it cannot be written; memory and disk are unchanged.
        """
        self._require_whole()
        papers = self.papers
        groups = dict(plan.groups)
        for head, part in zip(heads, plan.parts, strict=True):
            for key in {plan.aliases.get(key, key) for key, _ in part.filed}:
                groups[key].add_import(head)

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
        sources = replace(sources, imports=(*sources.imports, *(head.id for head in heads)))
        self._write(documents(), sources, plan.aliases)

    def drop_last(self, count: int, records_of: Callable[[str], Iterable[FiledRecord]]) -> bool:
        """Writes the papers without their newest imports, reading only those that these brought.

        Records are placed in the order of the imports, so what came before the last ones is what it
        was before them. That need not hold where an alias says that one of their papers was joined,
        nor where a record was filed under another key than its paper has now, or an equal record
        under that of another paper: then all is to be merged again.

        Args:
            count: The number of imports to leave out, at least 1.
            records_of: From the id of another import to its records, with their keys.

        Returns:
            Whether it could; if not, nothing is written, and ``rebuild`` is needed.

        Raises:
            LibraryError: If they cannot be written; memory and disk are unchanged.
        """
        self._require_whole()
        papers, sources = self.papers, self.papers.sources
        others, dropped = sources.imports[:-count], frozenset(sources.imports[-count:])
        joined = set(papers.aliases.values())
        names = [id.encode() for id in dropped]
        affected: dict[int, Paper] = {}
        for row in papers.rows:
            raw = papers.raw(row)
            if any(name in raw for name in names):
                paper = papers.paper(row)
                if not dropped.isdisjoint(paper.imports):
                    affected[row] = paper
        if any(paper.key in joined for paper in affected.values()):
            return False
        needed = {id for paper in affected.values() for id in paper.imports} - dropped
        filed = {each for id in sorted(needed) for each in records_of(id)}
        earlier = {record for _, record in filed}
        own_records = (
            (paper.key, record) for paper in affected.values() for record in paper.records
        )
        if any(each[1] in earlier and each not in filed for each in own_records):
            return False

        def documents() -> Iterator[bytes]:
            for row in papers.rows:
                if row not in affected:
                    yield papers.raw(row)
                elif imports := [id for id in affected[row].imports if id not in dropped]:
                    records = [record for record in affected[row].records if record in earlier]
                    group = _Group(records, imports, papers.catalog.added_on(row))
                    yield group.encode(affected[row].key)

        self._write(documents(), replace(sources, imports=others), papers.aliases)
        return True

    def rebuild(
        self, imports: Iterable[tuple[Import, Iterable[FiledRecord]]], joins: Iterable[Pair]
    ) -> None:
        """Merges the papers again from all their imports, and writes them.

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
        self._file.write_documents(TABLE, documents, small)
        self.load()


@dataclass(frozen=True, slots=True)
class PlannedImport:
    """The papers that one import would bring."""

    report: ImportReport
    filed: tuple[FiledRecord, ...]
    """The records in order, each with the key of its paper when it was placed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes that imports, one after another, would make."""

    parts: tuple[PlannedImport, ...]
    """One for each."""
    groups: dict[str, "_Group"]
    """All records of each paper that they have, by key."""
    aliases: dict[str, str]
    """Keys that stand for another paper afterwards."""


class _Group:
    """The records of one paper, and the imports that brought them."""

    __slots__ = ("added", "imports", "records")

    def __init__(
        self,
        records: Iterable[SourceRecord] = (),
        imports: Iterable[str] = (),
        added: str | None = None,
    ) -> None:
        self.records = list(records)
        self.imports = dict.fromkeys(imports)
        self.added = added
        """The day of the first import, ISO 8601."""

    @classmethod
    def of(cls, paper: Paper, added: str | None) -> "_Group":
        return cls(paper.records, paper.imports, added)

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
