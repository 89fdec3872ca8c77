"""The listing: what a user looks at in a library, and how they move there."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from tui.errors import PapersError
from tui.library import Library
from tui.listing.arrivals import arrivals_of
from tui.listing.current_list import CurrentList
from tui.listing.shown import Shown
from tui.listing.states import TITLES
from tui.listing.titles import papers_query, title_of
from tui.listing.way_back import Bookmark, SavedPlace, WayBack
from tui.model.layout import plural
from tui.model.state import Change
from tui.query import Field, Query, Sort, asks_for, has_pattern, parse
from tui.search import ResultSet, single_list
from tui.values import dataclass

MAX_NAMED: Final = 10
"""The most papers that a query lists by key; ``is:selected`` stands for more."""
_SELECTED: Final = "is:selected"

Search = Callable[[Callable[[], bool]], Callable[[], None]]
"""Searches until a function says that it was cancelled; what it returns shows the results.

It raises a ``PapersError`` if the query takes too much work.
"""


@dataclass(frozen=True, slots=True)
class RowPapers:
    """Papers of a row on another screen, to which actions apply there."""

    keys: Sequence[str]
    acted: Callable[[bool], None]
    """Called after an action on them, with whether to go to the next paper."""
    reading_list: str | None = None
    """The reading list that the row shows in its own order, if any."""


class Listing:
    """The user's view of a library; it changes nothing there."""

    def __init__(
        self,
        library: Library,
        query: str,
        *,
        resume: bool = False,
        later: Callable[[Search], None] | None = None,
        on_shown: Callable[[], object] = lambda: None,
    ) -> None:
        """Shows the results of a query, or the user's last place; the current list is the last one.

        Args:
            query: The start query, at which the way back ends.
            resume: Whether to show the last place, if there is one.
            later: Runs a slow search in a thread; without it, searching blocks.
            on_shown: Called whenever ``shown`` is another value, in the thread that changed it.
        """
        self.library = library
        self._later = later
        self._on_shown = on_shown
        self._accepted_from: Bookmark | None = None
        """Where the user was before the last typed query, until another is shown."""
        self._changed: set[str] = set()
        """Keys of the papers that were changed since the last search, and stay listed until $."""
        self._gathered: frozenset[str] = frozenset()
        """Keys of papers that ``is:selected`` finds besides the selection; see ``show_papers``."""
        self._shown = Shown(ResultSet.empty())
        self.row_papers: RowPapers | None = None
        """The papers that actions apply to instead of those listed, on another screen."""
        saved = SavedPlace.of(library.place, query, library)
        self._current_list = CurrentList(lambda name: library.state.find_list(name), saved.list)
        if not resume:
            saved = SavedPlace(Bookmark(query))
        self._way_back = WayBack(query.strip(), [saved.before] if saved.before else [])
        self._set(picked=saved.here.selected, current_list=self._current_list.name)
        self._gathered = saved.here.gathered
        self.query = parse(saved.here.query, library.today())
        self._resumed: str | None = saved.here.key or ""
        """The paper that the cursor was at, empty for the first row; ``None`` once it is moved."""
        self.rerun(self._resumed)

    # What is shown

    @property
    def shown(self) -> Shown:
        """All there is to draw."""
        return self._shown

    @property
    def results(self) -> ResultSet:
        """The papers that are listed."""
        return self._shown.results

    @property
    def cursor(self) -> int:
        """The row of the cursor."""
        return self._shown.cursor

    @property
    def key(self) -> str | None:
        """The paper at the cursor."""
        return self._shown.key

    @property
    def selected(self) -> set[str]:
        """Keys of the selected papers."""
        return self._shown.selected

    @property
    def targets(self) -> list[str]:
        """Keys of the papers that an action applies to: the selection in order, else the cursor."""
        if self.row_papers is not None:
            return list(self.row_papers.keys)
        if selected := self.selected:
            return sorted(selected, key=lambda key: self.results.place(key) or 0)
        return [self.key] if self.key else []

    @property
    def key_here(self) -> str | None:
        """Key of the paper at the cursor, of the row if actions apply to its papers."""
        return next(iter(self.row_papers.keys), None) if self.row_papers else self.key

    @property
    def current_list(self) -> str | None:
        """The reading list that papers are added to."""
        return self._shown.current_list

    @current_list.setter
    def current_list(self, name: str | None) -> None:
        self._current_list.choose(name)
        self._set(current_list=name)

    @property
    def shown_list(self) -> str | None:
        """The reading list that the query shows, in whatever order, if any; it may be empty."""
        return single_list(self.library.state.list_names(), self.query)

    @property
    def has_own_order(self) -> bool:
        """Whether the query has no other order than that of a list that it shows."""
        return self.query.sort in ((), (Sort("list"),))

    @property
    def list_here(self) -> str | None:
        """The reading list whose papers actions apply to: the row's, else ``shown_list``."""
        return self.row_papers.reading_list if self.row_papers else self.shown_list

    # Queries

    def show(self, text: str, keep: str | None = None) -> None:
        """Shows the results of a query.

        Args:
            keep: The key for the cursor, empty for the first row; ``None`` for the present one, or
                for the first row where another query does not list it.
        """
        self._remember(text, self.bookmark())
        self._put(text, keep)

    def go_to(self, text: str) -> None:
        """Shows a view by its query; the way back has only the present place."""
        self._way_back.shorten()
        self.show(text)

    def refine(self, text: str, keep: str | None = None) -> None:
        """Shows a query that differs from the present one in an order, a word or a state."""
        self._remember(text, self.bookmark(), refines=True)
        self._put(text, keep)

    def _put(self, text: str, keep: str | None) -> None:
        self._accepted_from = self._resumed = None
        self._ask(text, self.bookmark())
        self.rerun(keep)

    def _ask(self, text: str, before: Bookmark) -> None:
        """Sets the query; it finds gathered papers only if it follows a query for them."""
        self.query = parse(text, self.library.today())
        if asks_for("selected", self.query.node):
            self._gathered = before.gathered

    def recover(self) -> None:
        """Shows what was shown before a search that failed; all papers if nothing was."""
        before, self._accepted_from = self._accepted_from, None
        if before is not None:
            self.restore(before)
        elif not self.results:
            self.query = Query()
            self.rerun()

    def show_papers(self, keys: Sequence[str], keep: str = "") -> None:
        """Shows some papers, none of them selected; see ``show``."""
        if len(keys) <= MAX_NAMED:
            self.show(papers_query(keys), keep)
        else:
            self.select(())
            self.show(_SELECTED, keep)
            self._gathered = frozenset(keys)
            self.rerun(keep)

    def _remember(self, text: str, before: Bookmark, *, refines: bool = False) -> None:
        """Adds a place to the way back, if another query follows."""
        query, key = before.query.strip(), before.key
        self._way_back.leave(query, key, text.strip(), refines=refines)

    def back(self) -> bool:
        """Shows the last place on the way back, finally the start query; whether there was one."""
        place = self._way_back.back(self.query.text.strip(), self.key)
        if place is None:
            return False
        self.query = parse(place.query, self.library.today())
        self.rerun(place.key)
        return True

    def bookmark(self) -> Bookmark:
        """Where the user is now."""
        is_gathered = asks_for("selected", self.query.node)
        gathered = self._gathered if is_gathered else frozenset()
        return Bookmark(self.query.text, self.key, frozenset(self.selected), gathered)

    def restore(self, bookmark: Bookmark) -> None:
        """Goes back to where the user was."""
        self.query = parse(bookmark.query, self.library.today())
        self.rerun(bookmark.key)
        self.select(bookmark.selected)

    def accept(self, text: str, before: Bookmark) -> None:
        """Shows the results of a typed query; see ``refine``.

        The cursor stays if these results are already shown; else it goes to the best match if the
        query has words, and else to that of before.
        """
        self._remember(text, before, refines=True)
        node, self._accepted_from, self._resumed = self.query.node, before, None
        self._ask(text, before)
        keep = "" if self.query.highlights() else before.key
        self.rerun(None if self.query.node == node else keep)

    def complete(self, *, lookalikes: bool = False) -> None:
        """Searches again what was searched in titles only, or without lookalikes.

        Unless it was moved, the cursor goes to the paper that it was at when the user left, or to
        the first one of a start query; the papers just decided stay where they are.
        """
        query = self.query
        is_incomplete = query.searches_text or query.sorts_by_likely
        if asks_for("lookalike", query.node) if lookalikes else is_incomplete:
            self.rerun(self._resumed, also=self.changed_here)

    def rerun(self, keep: str | None = None, also: frozenset[str] = frozenset()) -> None:
        """Runs the query again, a slow one later if the front end can; see ``show``.

        The order of ``sort:likely`` is learned again for another query only, so that papers stay in
        their places while the user decides.

        Args:
            keep: See ``show``.
            also: Keys of papers that are listed even if they do not match.

        Raises:
            UsageError: If it takes too much work; the results stay.
        """
        query, selected = self.query, self._gathered.union(self.selected)
        index = self.library.search
        is_new = query is not self._shown.query or not index.ranking.is_learned
        is_learning = query.sorts_by_likely and is_new and index.words_loaded

        def search(cancelled: Callable[[], bool]) -> Callable[[], None]:
            index = self.library.search
            if is_learning:
                index.ranking.learn()
            try:
                results = index.find(query, self.list_order, cancelled, selected, also)
            except PapersError:
                if self.query is query:
                    self.query = self._shown.query
                raise
            matching = index.matching(query, results)

            def show() -> None:
                if self.query is query:  # else another query was shown meanwhile
                    self.set_results(query, results, matching, keep)
                    self._changed |= also

            return show

        if self._later is not None and (has_pattern(query.node) or is_learning):
            self._later(search)
        else:
            search(lambda: False)()

    @property
    def hint(self) -> str:
        """The query that may show more, or what was meant; empty if there is none."""
        return self.library.search.hint(self._shown.query, self.results)

    def list_order(self, name: str) -> Sequence[str]:
        """The keys of a reading list in the user's order."""
        return self.library.state.reading_list(name).keys

    def set_results(
        self, query: Query, results: ResultSet, matching: Sequence[str], keep: str | None
    ) -> None:
        """Shows the results of a search; see ``show``."""
        before, self._changed = self._shown, set()
        if keep is None:
            is_same = query.text.strip() == before.query.text.strip()
            keep = self.key if is_same or results.place(self.key or "") is not None else ""
        anchor = before.results.key(before.anchor) if before.anchor is not None else None
        self.query = query
        title, terms = title_of(self.library, query.text)
        if title == TITLES[_SELECTED] and self._gathered:
            title = plural(len(self._gathered), "paper")
        sort = None if results.label else self.library.search.order_of(query)
        self._set(
            results=results,
            matching=tuple(matching),
            cursor=self._row_in(results, keep),
            picked=frozenset(key for key in before.picked if results.place(key) is not None),
            anchor=results.place(anchor) if anchor is not None else None,
            query=query,
            title=title,
            terms=terms,
            order=results.label or self.library.search.order_label(query, results),
            sort=sort,
            arrivals=arrivals_of(self.library, results) if sort and sort.by == Field.IMPORT else (),
            revision=before.revision + 1,
            touched=None,
        )

    def _row_in(self, results: ResultSet, key: str | None) -> int:
        """The row of a paper, else of the listed one nearest to the cursor, else 0."""
        if not key or not results:
            return 0
        if (row := results.place(self.library.papers.own_key(key))) is not None:
            return row
        return results.nearest(self.results, self.cursor) or 0

    # Moving and selecting

    def move_to(self, row: int) -> None:
        """Puts the cursor on a row, clamped to the results."""
        self._resumed = None
        if self.results:
            self._set(cursor=min(max(row, 0), len(self.results) - 1))

    def move(self, by: int) -> None:
        """Moves the cursor by rows."""
        self.move_to(self.cursor + by)

    def open_keys(self) -> list[str]:
        """The keys of the papers in the results that are still to be decided."""
        shown, keys = self._shown, self.results.keys()
        return [key for key in keys if shown.is_open(self.library.state.of(key))]

    def move_to_unread(self, by: int) -> bool:
        """Moves to the next unread paper in a direction; whether there is one."""
        row = self.cursor + by
        while 0 <= row < len(self.results):
            if self._shown.is_open(self.library.state.of(self.results.key(row))):
                self.move_to(row)
                return True
            row += by
        return False

    def move_to_arrivals(self, by: int) -> bool:
        """Moves by groups of arrivals, to the first paper of one; whether there is one."""
        firsts = [each.row for each in self._shown.arrivals]
        below = [row for row in firsts if row > self.cursor]
        above = [row for row in reversed(firsts) if row < self.cursor]
        rows = (below if by > 0 else above)[: abs(by)]
        if rows:
            self.move_to(rows[-1])
        return bool(rows)

    def select(self, keys: Iterable[str]) -> None:
        """Makes these papers the selection, and ends a range selection."""
        picked = frozenset(key for key in keys if self.results.place(key) is not None)
        self._set(picked=picked, anchor=None)

    def toggle_selected(self) -> None:
        """Selects or deselects the paper at the cursor, and moves on."""
        if self.key is not None:
            self.select(self.selected ^ {self.key})
            self.move(1)

    def toggle_range(self) -> bool:
        """Starts or ends a range at the cursor; whether moving now selects."""
        if self._shown.anchor is not None:
            self.select(self.selected)
        elif self.results:
            self._set(anchor=self.cursor)
        return self._shown.anchor is not None

    # Changes

    @property
    def changed_here(self) -> frozenset[str]:
        """The keys of the listed papers that changed since the query was run."""
        return frozenset(key for key in self._changed if self.results.place(key) is not None)

    def follow_list(self, change: Change) -> None:
        """Keeps the current list through a change; see ``CurrentList``."""
        self._current_list.follow(change)
        self._set(current_list=self._current_list.name)

    def mark_changed(self, keys: Iterable[str], *, renames: bool = False) -> None:
        """Marks papers as changed: they stay listed until the next search, and are drawn again.

        Args:
            keys: Those of the papers.
            renames: Whether the names of lists or tags changed, so that any paper may look other.
        """
        changed = frozenset(keys)
        self._changed |= changed
        revision = self._shown.revision + 1
        self._set(revision=revision, touched=None if renames else changed)

    def repaint(self) -> None:
        """Marks all papers as possibly changed."""
        self._set(revision=self._shown.revision + 1, touched=None)

    # The next start

    def place(self) -> dict[str, Any]:
        """The user's place, for the next start."""
        here, places = self.bookmark(), self._way_back.places
        if not asks_for("selected", self.query.node):
            here = replace(here, selected=frozenset())
        last = places[-1] if places else None
        saved = SavedPlace(here, self._current_list.name_to_restore, last)
        return saved.stored(self._way_back.start)

    def _watched_words(self) -> tuple[str, ...]:
        """The folded prefixes of the words that the user's rules watch."""
        queries = (rule.query for rule in self.library.state.rules() if rule.is_watched)
        words = (word for query in queries for word in parse(query).highlights())
        return tuple(dict.fromkeys(words))

    def _set(self, **values: Any) -> None:
        library = self.library
        shown = replace(
            self._shown, read_only=library.read_only_reason, today=library.today(), **values
        )
        if "revision" in values:
            left = shown.results.count("inbox" if shown.is_triage else "unread")
            watched, strongest = self._watched_words(), self.library.search.strongest
            shown = replace(shown, left=left, watched=watched, strongest=strongest)
            if shown.query.sorts_by_likely and not shown.results.label:  # which decisions change
                order = self.library.search.order_label(shown.query, shown.results)
                shown = replace(shown, order=order)
        self._shown = shown
        self._on_shown()
