"""The view model of a session: query, results, cursor, selection, current list, history.

The app and the plain session both show it. It has no toolkit and prints nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from typing import Any, Final

from tui.actions import history, keymap, requests, sessions
from tui.actions.context import Context, Outcome
from tui.actions.lists import renamed_to
from tui.actions.registry import Action
from tui.actions.requests import Job
from tui.actions.titles import STATES, arrival_title, title_of
from tui.config import Config
from tui.errors import LibraryError, PapersError
from tui.library import Library, Updates
from tui.model.state import Change
from tui.model.text import plural, sanitize
from tui.query import Field, Query, Sort, asks_for, has_pattern, parse
from tui.search import ResultSet, single_list
from tui.shown import Arrival, Bookmark, Shown

MAX_HISTORY: Final = 100
"""Queries in the history."""


Search = Callable[[Callable[[], bool]], Callable[[], None]]
"""Searches until a function says that it was cancelled; what it returns shows the results.

It raises a ``PapersError`` if the query takes too much work.
"""


class Workspace:
    """One user's view of a library, and what their actions do to it."""

    def __init__(
        self,
        library: Library,
        settings: Config,
        query: str,
        *,
        resume: bool = False,
        later: Callable[[Search], None] | None = None,
    ) -> None:
        """Shows the results of a query, or the user's last place; the current list is the last one.

        Args:
            library: The open library.
            settings: The user's configuration.
            query: The start query, which is the last one that ``back`` goes to.
            resume: Whether to show the last place, if there is one.
            later: Runs a slow search in a thread; without it, searching blocks.
        """
        self.library = library
        self.settings = settings
        self.page = 10
        """Papers on a screen, set by the front end."""
        self.is_busy = False
        """Whether another thread is using the library; set by the front end."""
        self.start_query = query
        self._later = later
        self._accepted_from: Bookmark | None = None
        """Where the user was before the query that was typed last, until another is shown."""
        self._changed: set[str] = set()
        """Keys of the papers that were changed since the last search, and stay listed until $."""
        self._shown = Shown(ResultSet.empty())
        self._history: list[tuple[str, str | None]] = []
        self._last: tuple[Action, Mapping[str, Any]] | None = None
        self._before_job = library.papers, library.state.change_count
        self._acted_on: str | None = None
        """The paper that was acted on last; behind a jump to it, the one where it began."""
        self._first_rev = library.state.last_rev
        name = library.place.get("list")
        if isinstance(name, str):
            self.current_list = library.state.find_list(name)
        place = library.place if resume else {}
        text, key = place.get("query"), place.get("key")
        selected = place.get("selected")
        picked = filter(library.__contains__, selected if isinstance(selected, list) else ())
        self._set(picked=frozenset(picked))
        self.query = parse(text if isinstance(text, str) else query, library.today())
        self._resumed = key if isinstance(key, str) and key in library else None
        """The paper that the cursor was at, until it is moved."""
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
        """Keys of the papers that are selected."""
        return self._shown.selected

    @property
    def targets(self) -> list[str]:
        """Keys of the papers that an action applies to: the selection in order, else the cursor."""
        if selected := self.selected:
            return sorted(selected, key=lambda key: self.results.place(key) or 0)
        return [self.key] if self.key else []

    @property
    def current_list(self) -> str | None:
        """The reading list that papers are added to."""
        return self._shown.current_list

    @current_list.setter
    def current_list(self, name: str | None) -> None:
        self._set(current_list=name)

    @property
    def title(self) -> str:
        """What the papers in the results are called."""
        name, terms = self._shown.title, self._shown.terms
        return terms if terms and name == STATES[""] else f"{name} {terms}".strip()

    @property
    def shown_list(self) -> str | None:
        """The reading list that the query shows in its own order, if any."""
        if self.query.sort not in ((), (Sort("list"),)):
            return None
        return single_list(self.library.state.list_names(), self.query)  # which may be empty

    def key_for(self, id: str) -> str:
        """The key of a binding of the main screen, as it is usually written."""
        return keymap.key_for(keymap.resolve(self.settings.keys)[0], id)

    def require_write(self) -> None:
        """Raises a ``LibraryError`` that says what to do if nothing can be changed."""
        reason = self.library.read_only_reason
        if reason is not None and self.library.is_open_elsewhere:
            raise LibraryError(reason, f"Close it and press {self.key_for('library.write')}.")
        if reason is not None:
            raise LibraryError(f"Read only: {reason}")

    # Queries

    def show(self, text: str, keep: str | None = None) -> None:
        """Shows the results of a query.

        Args:
            text: The query.
            keep: The key for the cursor; ``None`` for the present one, empty for the first row.
        """
        self.remember(text)
        self._accepted_from = self._resumed = None
        self.query = parse(text, self.library.today())
        self.rerun(keep)

    def recover(self) -> None:
        """Shows what was shown before a search that failed; all papers if nothing was."""
        before, self._accepted_from = self._accepted_from, None
        if before is not None:
            self.restore(before)
        elif not self.results:
            self.query = Query()
            self.rerun()

    def show_papers(self, keys: Sequence[str]) -> None:
        """Shows some papers: named one by one, or selected where they are many."""
        if len(keys) <= MAX_NAMED:
            self.show(" OR ".join(f"id:{key}" for key in keys), keep="")
        else:
            self.show("")
            self.select(keys)
            self.show("is:selected", keep="")

    def remember(self, text: str, key: str | None = None) -> None:
        """Adds the present query to the history, if another one follows."""
        if text.strip() != self.query.text.strip():
            entry = (self.query.text, key or self.key)
            self._history = [*self._history[-MAX_HISTORY:], entry]

    def back(self) -> bool:
        """Shows the previous query, finally the start query; whether there was one."""
        if self._history:
            text, key = self._history.pop()
        elif self.query.text.strip() != self.start_query.strip():
            text, key = self.start_query, self.key
        else:
            return False
        self.query = parse(text, self.library.today())
        self.rerun(key)
        return True

    def bookmark(self) -> Bookmark:
        """Where the user is now."""
        return Bookmark(self.query.text, self.key, frozenset(self.selected))

    def restore(self, bookmark: Bookmark) -> None:
        """Goes back to where the user was."""
        self.query = parse(bookmark.query, self.library.today())
        self.rerun(bookmark.key)
        self.select(bookmark.selected)

    def accept(self, text: str, before: Bookmark) -> None:
        """Shows the results of a typed query, and adds the one before to the history.

        The cursor stays if these results are already shown; else it goes to the best match if the
        query has words, and to the paper before otherwise.
        """
        if text.strip() != before.query.strip():
            self._history = [*self._history[-MAX_HISTORY:], (before.query, before.key)]
        node, self._accepted_from, self._resumed = self.query.node, before, None
        self.query = parse(text, self.library.today())
        keep = "" if self.query.highlights() else before.key
        self.rerun(None if self.query.node == node else keep)

    def complete(self, *, lookalikes: bool = False) -> None:
        """Searches again what was searched in titles only, or without lookalikes.

        The cursor goes to the paper that it was at when the user left, unless it was moved; the
        papers just decided stay under the user's hands.
        """
        query = self.query
        is_incomplete = query.searches_text or query.sorts_by_likely
        if asks_for("lookalike", query.node) if lookalikes else is_incomplete:
            listed = (key for key in self._changed if self.results.place(key) is not None)
            self.rerun(self._resumed, also=frozenset(listed))

    def rerun(self, keep: str | None = None, also: frozenset[str] = frozenset()) -> None:
        """Runs the query again, a slow one later if the front end can; see ``show``.

        The order of ``sort:likely`` is learned anew for another query only, so that papers stay in
        their places while the user decides.

        Args:
            keep: See ``show``.
            also: Keys of papers that are listed even if they do not match.

        Raises:
            UsageError: If it takes too much work; the results stay.
        """
        query, selected = self.query, frozenset(self.selected)
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
            matching = index.matching(query)

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

    def notes(self) -> list[str]:
        """Messages about the query that is shown, the most important first."""
        near = self.results.note
        if near and self.results.wider:
            near += f": {self.key_for('filter.hint')} shows them"
        return [*filter(None, [near]), *self.library.search.notes(self._shown.query)]

    def list_order(self, name: str) -> Sequence[str]:
        """The keys of a reading list in the user's order."""
        return self.library.state.reading_list(name).keys

    def set_results(
        self, query: Query, results: ResultSet, matching: Sequence[str], keep: str | None
    ) -> None:
        """Shows the results of a search; see ``show``."""
        before = self._shown
        self._changed = set()
        anchor = before.results.key(before.anchor) if before.anchor is not None else None
        self.query = query
        title, terms = title_of(self.library, query.text)
        sort = None if results.label else self.library.search.order_of(query)
        self._set(
            results=results,
            matching=tuple(matching),
            cursor=self._row_in(results, self.key if keep is None else keep),
            picked=frozenset(key for key in before.picked if results.place(key) is not None),
            anchor=results.place(anchor) if anchor is not None else None,
            query=query,
            title=title,
            terms=terms,
            order=results.label or self.library.search.order_label(query),
            sort=sort,
            arrivals=self._arrivals(results) if sort and sort.by == Field.IMPORT else (),
            revision=before.revision + 1,
            touched=None,
        )

    def _arrivals(self, results: ResultSet) -> list[Arrival]:
        """The groups of results that are sorted by arrival; none if they came together."""
        groups, row = [], 0
        for id, count in results.arrivals():
            groups.append(Arrival(row, count, partial(arrival_title, self.library, id)))
            row += count
        return groups if len(groups) > 1 else []

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

    def select(self, keys: Iterable[str]) -> None:
        """Makes these papers the selection, and ends a range selection."""
        picked = frozenset(key for key in keys if self.results.place(key) is not None)
        self._set(picked=picked, anchor=None)

    def select_following(self, count: int, action: Action) -> None:
        """Selects a number of papers from the cursor on, if an action acts on them.

        A selection that there is already stays what it acts on.
        """
        if action.acts_on_papers and count > 1 and not self._shown.has_selection:
            rows = range(self.cursor, min(self.cursor + count, len(self.results)))
            self.select(map(self.results.key, rows))

    def toggle_selected(self) -> None:
        """Selects or deselects the paper at the cursor, and moves on."""
        if self.key is not None:
            self.select(self.selected ^ {self.key})
            self.move(1)

    def swap_place(self) -> str | None:
        """Goes to the paper that was acted on last, or back again.

        Returns:
            Its key, also if it is not listed; ``None`` if there is none.
        """
        key, row = self._acted_on, self.results.place(self._acted_on or "")
        if key is not None and key not in self.library:
            return None
        if row is not None and row != self.cursor:
            self._acted_on = self.key
            self.move_to(row)
        return key

    def toggle_range(self) -> bool:
        """Starts or ends a range at the cursor; whether moving now selects."""
        if self._shown.anchor is not None:
            self.select(self.selected)
        elif self.results:
            self._set(anchor=self.cursor)
        return self._shown.anchor is not None

    # Acting

    def context(
        self,
        progress: Callable[[str, float], None] = lambda *_: None,
        released: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> Context:
        """The environment for an action."""
        return Context(
            self.settings,
            self.library,
            keys=self.targets,
            shown=self.query.text,
            workspace=self,
            progress=progress,
            released=released,
        )

    def perform(self, action: Action, options: Mapping[str, Any]) -> Outcome:
        """Runs an action, then updates selection, cursor and results.

        Raises:
            PapersError: If it fails; nothing is changed.
        """
        return self.finish(action, options, self.begin(action, options))

    def begin(
        self,
        action: Action,
        options: Mapping[str, Any],
        progress: Callable[[str, float], None] = lambda *_: None,
        released: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> Outcome:
        """Runs an action, in any thread; the caller then calls ``finish``.

        Args:
            action: The action.
            options: Its arguments.
            progress: See ``Context.progress``.
            released: See ``Context.released``.

        Raises:
            PapersError: If it fails; nothing is changed.
        """
        access = action.access_for(options)
        if access is not None and access.write and not access.or_read_only:
            self.require_write()
        outcome = action.run(self.context(progress, released), **options)
        if isinstance(outcome, Change):
            return Outcome(history.describe(self.library, outcome), outcome)
        return outcome or Outcome()

    def finish(self, action: Action, options: Mapping[str, Any], outcome: Outcome) -> Outcome:
        """Updates selection, cursor and results after an action."""
        left = self._shown.left
        if action.acts_on_papers:
            targets, is_one = self.targets, not self._shown.has_selection
            self._last = (action, options)
            self._acted_on = targets[-1] if targets else self._acted_on
            self.select(())
            if action.advances and is_one:
                self.move(1)
            elif action.advances and self.key in targets:
                rows = (row for key in targets if (row := self.results.place(key)) is not None)
                self.move_to(max(rows, default=-1) + 1)
        if outcome.is_from_top:
            self.select(())
        if outcome.query is not None:
            self.show(outcome.query, keep="" if outcome.is_from_top else None)
        if outcome.change is not None:
            self.follow(outcome.change)
        if outcome.steps:
            self.revisit(outcome.steps)
        is_done = left and not self._shown.left and self._shown.is_inbox
        if is_done and outcome.change is not None and not self.library.counts().inbox:
            return replace(outcome, message=self.inbox_summary())
        return outcome

    def follow(self, change: Change) -> None:
        """Updates the papers of a change and the current list."""
        before = self._shown
        self._changed |= set(change.keys)
        name = before.current_list and (
            renamed_to(change, before.current_list) or before.current_list
        )
        self._set(
            current_list=name,
            revision=before.revision + 1,
            touched=None if change.renames else frozenset(change.keys),
        )
        undone = [e.id for e in change.edits if e.table == "imports" and not e.now]
        moved = [e.id for e in change.edits if (e.table, e.field) == ("papers", "removed")]
        if not (any(f"import:{id}" in self.query.text for id in undone) and self.back()):
            if change.merges:
                self.rerun()
            elif (shown := self.shown_list) and any(
                self.library.state.list_name(edit.field.removeprefix("list/")) == shown
                for edit in change.edits
                if edit.field.startswith("list/")
            ):
                self.rerun()  # a list shows additions, removals and moves at once
            elif moved:
                self._drop(moved)

    def _drop(self, keys: Iterable[str]) -> None:
        """Takes papers off the results; decided ones stay."""
        results = self.results.without(keys)
        self.set_results(self.query, results, self._shown.matching, None)

    def next_job(self) -> Job | None:
        """What a shell asks of this session, to be run and then shown; ``None`` if nothing."""
        self._before_job = self.library.papers, self.library.state.change_count
        return requests.next_job(self.library, self.settings)

    def show_job(self, outcome: Outcome) -> str:
        """Shows what the last job did here; the cursor stays on its paper.

        Returns:
            A sentence.
        """
        changes = list(filter(None, (outcome.change, *outcome.steps)))
        for change in changes:
            self.follow(change)
        papers, count = self._before_job
        others = self.library.state.change_count - count - len(changes)  # that a sync brought
        if self.library.papers is not papers or others:
            self.rerun()
        message = outcome.message or outcome.text or next(iter(outcome.notes), "Done")
        return f"From the shell: {sanitize(message.strip().splitlines()[0])}"

    def repeat(self) -> Outcome:
        """Repeats the last action on the present targets."""
        if self._last is None:
            return Outcome("Nothing to repeat yet")
        return self.perform(*self._last)

    def revisit(self, changes: Sequence[Change]) -> None:
        """Shows what was undone or redone, and puts the cursor on the paper of the first change.

        One paper is listed even if it does not match; of several, those that do.
        """
        for change in changes:
            self.follow(change)
        state = self.library.state.of
        keys = [k for k in changes[0].keys if k in self.library and not state(k).is_removed]
        key = keys[0] if len(keys) == 1 else None
        if len(changes) > 1 or any(self.results.place(key) is None for key in keys):
            self.rerun(key, also=frozenset([key] if key else ()))  # papers may match again
        elif key and (row := self.results.place(key)) is not None:
            self.move_to(row)

    def refresh(self) -> Updates:
        """Loads what other instances and machines wrote.

        Raises:
            LibraryError: If a file is damaged; nothing is changed.
        """
        return self.take_in(self.library.refresh())

    def take_in(self, updates: Updates) -> Updates:
        """Shows what others changed."""
        if updates.papers:
            self.rerun()
        elif updates:
            self.repaint()
        return updates

    def repaint(self) -> None:
        """Marks all papers as possibly changed."""
        self._set(revision=self._shown.revision + 1, touched=None)

    # The end, and the next start

    def place(self) -> dict[str, Any]:
        """The user's place, for the next start."""
        query = self.query.text
        place: dict[str, Any] = {"query": query, "key": self.key, "list": self.current_list}
        if asks_for("selected", self.query.node):
            place["selected"] = sorted(self.selected)
        return place

    def decided(self) -> str:
        """What was decided since the start, in a line; empty if nothing was."""
        return sessions.summary_since(self.library, self._first_rev)

    def inbox_summary(self) -> str:
        """That the inbox is empty, what was decided, and where the kept papers are."""
        done = self.decided()
        kept = self.library.counts().kept
        key = self.key_for("view.kept")
        return ". ".join(
            [
                "Inbox empty",
                *([done] if done else []),
                *([f"{key} shows {plural(kept, 'kept paper')}"] if kept else []),
            ]
        )

    def exit_summary(self) -> str:
        """What was done since the start, in a line; empty if nothing was."""
        return sessions.exit_summary(self.library, self._first_rev)

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
            left = shown.results.count("inbox" if shown.is_inbox else "unread")
            shown = replace(shown, left=left, watched=self._watched_words())
        self._shown = shown


MAX_NAMED: Final = 10
"""Papers that a query lists by key; more are selected instead."""
