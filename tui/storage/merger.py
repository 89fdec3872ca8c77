"""Keeps the merged papers consistent with the imports and the state.

Which imports count, and which papers the user joined, is state; the records are in the imports; the
file of the papers is the snapshot of both, and is rebuilt where it does not fit.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Generic, TypeVar

from tui import config
from tui.errors import LibraryError, NewerLibraryError, with_path
from tui.model.imports import SAMPLE, Batch, FiledRecord, ImportReport
from tui.model.paper import Paper
from tui.model.state import FieldUpdate
from tui.storage.backups import Backups
from tui.storage.imports import Import, ImportFolder, ImportLostError, past_imports
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.migrations import PAPERS_FILE
from tui.storage.paper_file import PaperFile, Plan
from tui.storage.papers import Catalog, Papers, Sources
from tui.storage.state_log import StateLog

C = TypeVar("C", bound=Catalog)

Decide = Callable[[Sequence[FiledRecord], ImportReport], Iterable[FieldUpdate]]
"""What an import decides about its papers: from its records in order, each with the key of its
paper, and what it brings, to updates of the state."""


class Merger(Generic[C]):
    """The papers of a library, merged from its imports."""

    def __init__(
        self,
        file: AtomicJSONStorage,
        papers: PaperFile[C],
        imports: ImportFolder,
        state: StateLog,
        backups: Backups,
    ) -> None:
        """Reads nothing yet; see ``load``."""
        self.version = 0
        """Goes up when the papers change."""
        self.has_written = False
        self._file = file
        self._papers = papers
        self._imports = imports
        self._state = state
        self._backups = backups
        self._problem: LibraryError | None = None

    @property
    def papers(self) -> Papers[C]:
        """The papers by key."""
        return self._papers.papers

    def load(self) -> None:
        """Loads the papers, and the state that belongs to them.

        Raises:
            LibraryError: If a file is damaged and cannot be rebuilt, or from a newer version.
        """
        try:
            self._papers.load()
        except NewerLibraryError:
            raise
        except LibraryError as error:
            self._problem = error
            self._papers.load_nothing()
        self._state.set_papers(self.papers)
        self._state.load(self.papers.aliases)
        self._state.adopt(self.papers.sources.imports)
        # Even an import of which no change is known is worth having, and so is one of a synced
        # folder whose change will come.
        imports = self._state.all_imports()
        self._state.adopt(
            filter(self._is_whole, (i for i in self._imports.ids() if i not in imports))
        )
        self._require_sources()

    def _is_whole(self, id: str) -> bool:
        try:
            self._imports.read(id)
        except LibraryError:
            return False
        return True

    def _require_sources(self) -> None:
        """Refuses a library without its papers, if they cannot be merged from imports either."""
        if not self.is_missing:
            return
        ids = self._state.imports()
        lost = [id for id in ids if not self._is_whole(id)]
        if ids and not lost:
            return
        if self._problem:
            raise self._problem
        if self._backups.of(PAPERS_FILE):
            if lost:
                self._imports.read(lost[0])
            raise LibraryError(
                with_path(self._file.path, "the file is missing"),
                "papers-tui restore lists its backups.",
            )

    @property
    def is_missing(self) -> bool:
        """Whether there are no papers before they are merged again."""
        return self._problem is not None or self._file.is_missing

    @property
    def _target(self) -> Sources:
        """The imports and joins here that by the journal the papers should be merged from.

        A synced folder may bring the change first, and then the import.
        """
        present = self.papers.sources.imports
        ids = (id for id in self._state.imports() if id in present or self._is_whole(id))
        return Sources(tuple(ids), self._state.pairs(same=True))

    @property
    def is_behind(self) -> bool:
        """Whether the papers were merged from other imports than the journal has."""
        return (
            self._problem is not None or self._has_recovered or self._target != self.papers.sources
        )

    @property
    def _has_recovered(self) -> bool:
        """Whether an import is complete now that was known only from its papers."""
        return any(map(self._is_whole, self.papers.sources.lost))

    def refresh(self) -> frozenset[str]:
        """Loads what others wrote; the keys of papers that are new, gone or have other facts.

        Raises:
            LibraryError: If the file is damaged; memory is unchanged.
        """
        keys = self._papers.refresh()
        if keys:
            self._follow()
        return keys

    def add(
        self,
        batches: Sequence[Batch],
        now: datetime,
        today: str,
        decide: Decide,
        *,
        dry_run: bool,
    ) -> list[ImportReport]:
        """Imports source records; see ``Library.add_all``."""
        plan = self._papers.plan(batch.unfiled for batch in batches)
        updates: list[FieldUpdate] = []
        reports = []
        for part in plan.parts:
            decided = list(decide(part.filed, part.report))
            papers = {id for table, id, *_ in decided if table == "papers"}
            report = self._with_samples(self._without_removed(part.report))
            reports.append(replace(report, decided=len(papers)))
            updates += decided
        parts = plan.parts
        pairs = enumerate(zip(parts, reports, strict=True))
        news = [n for n, (part, report) in pairs if part.report.is_import or report.is_import]
        if dry_run or not (news or updates):
            return reports
        verb = f"import {', '.join(batches[n].name for n in news or range(len(batches)))}"
        if not news:
            change = self._state.change(verb, updates)
            return [replace(report, change=change) for report in reports]
        plan = replace(plan, parts=tuple(parts[n] for n in news))
        self._backups.keep(self._file.path, now)
        heads = self._write_imports([batches[n].name for n in news], today, plan)
        try:
            imports = [("imports", head.id, "exists", True) for head in heads]
            change = self._state.change(verb, [*imports, *updates])
        except LibraryError:
            self._imports.discard(heads)
            raise
        try:
            self._papers.write(plan, heads)
        except LibraryError:
            if change is not None:
                with suppress(LibraryError):  # else it is completed at the next start
                    self._state.undo(change)
            raise
        self._changed()
        ids = {n: head.id for n, head in zip(news, heads, strict=True)}
        return [replace(report, id=ids.get(n, "")) for n, report in enumerate(reports)]

    def _write_imports(self, names: Sequence[str], day: str, plan: Plan) -> list[Import]:
        """Writes the files of planned imports, all or none.

        Raises:
            LibraryError: If one cannot be written.
        """
        others = {*self._imports.ids(), *self._state.all_imports()}
        at = self._state.timestamp()
        heads: list[Import] = []
        try:
            for name, part in zip(names, plan.parts, strict=True):
                head = self._imports.write(name, at, day, part.filed, others=others)
                heads.append(head)
                others.add(head.id)
        except LibraryError:
            self._imports.discard(heads)
            raise
        return heads

    def keys_of(self, id: str) -> set[str]:
        """The keys under which the records of an import were filed. Cost: reads it."""
        import_ = self._records_of(id)
        return {key for key, _ in import_[1]} if import_ else set()

    def _with_samples(self, report: ImportReport) -> ImportReport:
        """A report that counts the known papers that no import but that of the samples has."""
        heads = map(self._imports.head, self.papers.sources.imports)
        samples = {head.id for head in heads if head.is_sample}
        known = set(report.titles).difference(report.new, report.merged) if samples else ()
        count = sum(
            self.papers.has_own(k) and samples.issuperset(self.papers[k].imports) for k in known
        )
        return replace(report, from_samples=count)

    def _without_removed(self, report: ImportReport) -> ImportReport:
        """A report that counts papers that the user removed only as removed."""
        titles = {k: t for k, t in report.titles.items() if not self._state.of(k).is_removed}
        new, merged = (
            tuple(key for key in keys if key in titles) for keys in (report.new, report.merged)
        )
        return ImportReport(
            new,
            merged,
            len(titles) - len(new) - len(merged),
            removed=len(report.titles) - len(titles),
            titles=titles,
        )

    def seed(self, papers: Iterable[Paper], today: str) -> None:
        """Fills an empty library with the shipped corpus: the import ``sample``."""
        records = [(paper.key, record) for paper in papers for record in paper.records]
        at = self._state.timestamp()
        imports = [(self._imports.write(SAMPLE, at, today, records), records)] if records else []
        # No change of the user, so it is not in the journal: the import is there, so it counts.
        self._papers.rebuild(imports, ())
        self._changed()

    def import_known_papers(self) -> None:
        """Migrates from schema 1: the papers become imports, one for each file and day."""
        past = past_imports(self.papers, self.papers.added_on, config.corpus_files())
        heads = [self._imports.write(*each) for each in past]
        records = [each[-1] for each in past]
        self._papers.rebuild(zip(heads, records, strict=True), ())
        self._changed()

    def update_papers(self) -> frozenset[str]:
        """Brings the papers up to date with imports and joins.

        Cost: nothing if they are; else reads all imports, unless only the last ones are new or
        gone.

        Returns:
            The keys of new, deleted and changed papers.

        Raises:
            LibraryError: If they cannot be written.
        """
        if not self.is_behind:
            return frozenset()
        target, sources, before = self._target, self.papers.sources, self.papers
        count = len(sources.imports)
        is_more = (sources.imports, sources.joins) == (target.imports[:count], target.joins)
        if is_more and not self._has_recovered:
            later = [each for id in target.imports[count:] if (each := self._records_of(id))]
            if not later:
                return frozenset()
            plan = self._papers.plan(records for _, records in later)
            self._papers.write(plan, [head for head, _ in later])
        elif self._has_recovered or not self._drop_last(target):
            imports = map(self._records_of, target.imports)
            self._papers.rebuild(filter(None, imports), target.joins)
        self._problem = None
        self._changed()
        return before.differing(self.papers) | self.papers.differing(before)

    def _drop_last(self, wanted: Sources) -> bool:
        """Takes out the newest imports, if that is all there is to do; whether it did."""
        sources = self.papers.sources
        count = len(wanted.imports)
        if (wanted.imports, wanted.joins) != (sources.imports[:count], sources.joins):
            return False
        try:
            return self._papers.drop_last(
                len(sources.imports) - count,
                lambda id: self._imports.read(id)[1],
            )
        except ImportLostError:  # what is left of it is in the papers
            return False

    def _records_of(self, id: str) -> tuple[Import, list[FiledRecord]] | None:
        """An import with its records; if its file is missing or damaged, with what papers have.

        Returns:
            ``None`` if nothing is left of it.
        """
        try:
            return self._imports.read(id)
        except ImportLostError:
            papers = [paper for paper in self.papers.values() if id in paper.imports]
            if not papers:
                return None
            records = [(paper.key, record) for paper in papers for record in paper.records]
            day = min(filter(None, (self.papers.added_on(paper.key) for paper in papers)))
            source, at = records[0][1].file, f"{day}T00:00:00Z"
            return Import(id, source, at, day, len(records), is_lost=True), records

    def _changed(self) -> None:
        self.has_written = True
        self._follow()

    def _follow(self) -> None:
        self.version += 1
        self._state.adopt(self.papers.sources.imports)
        self._state.set_papers(self.papers)
        self._state.set_aliases(self.papers.aliases)
