"""The items of a library: its papers and their states, the index that follows both, and imports."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from functools import partial

from tui.model.state import Change, Counts, Item, Status
from tui.model.text import sanitize
from tui.query import And, Field, FlagTerm, Query, asks_for
from tui.search.cache import Catalog
from tui.search.columns import arrival_of
from tui.search.evaluator import Evaluator
from tui.search.index import Index
from tui.search.lookalikes import LEAST_SHARE
from tui.search.results import ResultSet
from tui.storage.imports import Import, ImportFolder
from tui.storage.merger import Merger
from tui.storage.papers import Papers
from tui.storage.state_log import StateLog
from tui.values import dataclass


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A paper that may be the same as another."""

    key: str
    title: str
    """With its LaTeX as Unicode."""
    share: float | None
    """The share of the other's abstract that it has; ``None`` if only the titles are close."""

    def __str__(self) -> str:
        """Looks like “TITLE” (92 % of its text)."""
        share = "" if self.share is None else f" ({self.share * 100:.0f} % of its text)"
        return f"Looks like “{sanitize(self.title, 120)}”{share}"


class Items:
    """Reads items, and answers queries from an index that is built at the first one."""

    def __init__(
        self,
        merger: Merger[Catalog],
        state: StateLog,
        today: Callable[[], date],
        looked_at: Callable[[], Iterable[str]],
    ) -> None:
        """Reads nothing yet.

        Args:
            merger: Has the papers; their index is another one with each version of their file.
            today: The clock, for snoozes.
            looked_at: The imports that there were when a session on this machine ended last; before
                the first, those of the samples.
        """
        self._merger = merger
        self._state = state
        self._today = today
        self._looked_at = looked_at
        self._index: Index | None = None
        self._indexed_version = 0

    @property
    def papers(self) -> Papers[Catalog]:
        """The papers by key, in the order in which they were added; read on demand."""
        return self._merger.papers

    @property
    def index(self) -> Index:
        """The search index. Any thread may query it."""
        if self._index is None or self._indexed_version != self._merger.version:
            self._indexed_version = self._merger.version
            papers, state = self.papers, self._state
            keys = state.keys()
            rows = ((papers.row(key), key) for key in keys)
            evaluator = Evaluator(
                papers.catalog.columns,
                ((row, state.of(key)) for row, key in rows if row is not None),
                papers.catalog.gone,
                self._today,
                papers.aliases,
                partial(self._kept_apart, papers),
                lambda: {arrival_of(id) for id in self._looked_at()} - {0},
                state.sources,
            )
            self._index = Index(
                evaluator,
                partial(self._read, papers),  # of this version of the file
                papers.catalog.words,
                lookalikes=papers.catalog.lookalikes,
                preferences=state.preferences,
            )
        return self._index

    def update(self, changes: Iterable[Change], papers: Collection[str] = ()) -> None:
        """Updates the index after changes of states, and of papers with these keys."""
        if self._index is None or self._indexed_version != self._merger.version:
            return  # it will be rebuilt
        keys = set(papers)
        for change in changes:
            keys.update(change.keys, self._state.named_keys() if change.renames else ())
        own_keys = (self.papers.own_key(key) for key in keys if key in self.papers)
        self._index.update_all({key: self._state.of(key) for key in own_keys})

    def item(self, key: str) -> Item:
        """A paper with its state; ``KeyError`` if it does not exist."""
        row = self.papers.row(key)
        if row is None:
            raise KeyError(key)
        return self._read(self.papers, row)

    def _read(self, papers: Papers[Catalog], row: int) -> Item:
        paper = papers.paper(row)
        return Item(paper, self._state.of(paper.key), papers.catalog.added_on(row))

    def _kept_apart(self, papers: Papers[Catalog]) -> set[tuple[str, str]]:
        """The pairs of keys, each sorted, that the user keeps apart."""
        pairs = (sorted(map(papers.own_key, pair)) for pair in self._state.pairs(same=False))
        return {(one, other) for one, other in pairs}

    def select(self, query: Query) -> ResultSet:
        """The items that match a query, sorted; loads the words it needs, which takes a while."""
        return self._ready_for(query).select(query, self._list_order)

    def find(self, query: Query) -> ResultSet:
        """Like ``select``; where words are found in few papers, also what is near."""
        return self._ready_for(query).find(query, self._list_order)

    def _list_order(self, name: str) -> Sequence[str]:
        return self._state.reading_list(name).keys

    def _ready_for(self, query: Query) -> Index:
        """The index, with the words that a query needs."""
        index = self.index
        if asks_for("lookalike", query.node):
            index.load_lookalikes()
        elif query.node != And():
            index.load_words()
        if query.sorts_by_likely:
            index.load_words()
            index.ranking.learn()
        return index

    def counts(self) -> Counts:
        """The numbers of papers by status, star and tag."""
        index = self.index

        def count(value: str) -> int:
            return index.count(Query(node=FlagTerm(Field.IS, value)))

        by_status = {status: count(str(status)) for status in Status}
        return Counts(
            total=len(index),
            by_status={status: by_status[status] for status in Status if by_status[status]},
            unread=by_status[Status.UNREAD],
            inbox=count("inbox"),
            kept=count("kept"),
            snoozed=count("snoozed"),
            starred=count("starred"),
            tags=index.counts(Field.TAG),
        )

    def lookalikes(self, key: str) -> list[Lookalike]:
        """The papers that may be the same as one, the most similar first.

        None before ``Index.load_lookalikes``. Cost: reads them, and compares words, some ms each.
        """
        if key not in self.papers or not (keys := self.index.alike(self.papers.own_key(key))):
            return []
        from tui.model.word_diff import share_kept  # here, as few papers look like another

        abstract = self.papers[key].display_abstract
        others = [self.papers[other] for other in keys]
        shares = [share_kept(abstract, other.display_abstract) for other in others]
        lookalikes = [
            Lookalike(other.key, other.display_title, share if share > LEAST_SHARE else None)
            for other, share in zip(others, shares, strict=True)
        ]
        return sorted(lookalikes, key=lambda lookalike: -(lookalike.share or 0))


@dataclass(frozen=True, slots=True)
class ImportState:
    """An import, and what there is of it now."""

    head: Import
    is_live: bool
    """Whether it is not undone."""
    papers: int
    """Papers with a record of it, without removed ones; 0 if it is undone."""
    new: int
    """The number of papers that no earlier import had."""
    undecided: int
    """The number of its papers that are in the inbox."""


class Imports:
    """The imports of a library; reads the first line of each file once."""

    def __init__(self, folder: ImportFolder, state: StateLog, index: Callable[[], Index]) -> None:
        self._folder = folder
        self._state = state
        self._index = index

    def all(self) -> list[ImportState]:
        """All imports, undone ones too, newest first. Cost: a column, a line of each file once."""
        counts = self._index().import_counts()
        live = self._state.all_imports()
        return [
            ImportState(self._folder.head(id), live[id], *counts.get(id, (0, 0, 0)))
            for id in reversed(live)
        ]

    def head(self, id: str) -> Import | None:
        """The head of an import; ``None`` if there is none. Cost: a line of its file once."""
        return self._folder.head(id) if id in self._state.all_imports() else None

    def problems(self, *, full: bool = False) -> list[str]:
        """Problems of the files of the imports that count, a sentence each.

        Args:
            full: Whether to read the files, and not their first lines alone.
        """
        problems = (self._folder.problem(id, full=full) for id in self._state.imports())
        return [problem for problem in problems if problem]

    @property
    def samples(self) -> tuple[str, ...]:
        """The ids of the imports of the sample papers, also undone ones. Cost: as ``head``."""
        return tuple(id for id in self._state.all_imports() if self._folder.head(id).is_sample)

    @property
    def are_samples_alone(self) -> bool:
        """Whether there are the sample papers, and nothing else was ever imported."""
        live = self._state.all_imports()
        heads = map(self._folder.head, reversed(live))
        return any(live.values()) and all(head.is_sample for head in heads)
