"""The view model of a session: what a user looks at, and what their actions do to it.

The app and the plain session both show it. It has no toolkit and prints nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

from tui.actions import history, keymap, requests, sessions
from tui.actions.context import Context, Outcome
from tui.actions.phrases import phrase_of
from tui.actions.registry import Action, Command
from tui.actions.requests import Job
from tui.actions.targets import perform
from tui.config import Config
from tui.errors import LibraryError
from tui.library import Library, Updates
from tui.listing.listing import Listing, Search
from tui.listing.shown import QueryNotes, notes_on
from tui.listing.titles import place_of
from tui.model.layout import forms
from tui.model.state import Change
from tui.model.text import sanitize


class Workspace:
    """Runs a user's actions in a listing of a library."""

    def __init__(
        self,
        library: Library,
        settings: Config,
        query: str,
        *,
        resume: bool = False,
        later: Callable[[Search], None] | None = None,
        on_shown: Callable[[], object] = lambda: None,
    ) -> None:
        """Shows a query, or the user's last place; see ``Listing``."""
        self.library = library
        self.settings = settings
        self.listing = Listing(library, query, resume=resume, later=later, on_shown=on_shown)
        self.is_busy = False
        """Whether another thread is using the library; set by the front end."""
        self._last: Command | None = None
        self._before_job = library.papers, library.state.change_count
        self._acted_on: str | None = None
        """The paper that was acted on last; after a jump to it, the one where that began."""
        self._first_rev = library.state.last_rev
        self._idle_rev: int | None = None
        """The revision of the library if the last key was to change something and did not."""

    # Acting

    def require_write(self) -> None:
        """Raises a ``LibraryError`` that says what to do if nothing can be changed."""
        reason = self.library.read_only_reason
        if reason is not None and self.library.is_open_elsewhere:
            raise LibraryError(reason, f"Close it and press {self.key_for('library.write')}.")
        if reason is not None:
            raise LibraryError(f"Read only: {reason}")

    def context(
        self,
        progress: Callable[[str, float], None] = lambda *_: None,
        released: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> Context:
        """The environment for an action."""
        return Context(
            self.settings,
            self.library,
            keys=self.listing.targets,
            shown=self.listing.query.text,
            workspace=self,
            progress=progress,
            released=released,
        )

    def key_for(self, id: str) -> str:
        """The key of a binding of the main screen, as it is usually written."""
        return keymap.key_for(keymap.resolve(self.settings.keys)[0], id)

    @property
    def notes(self) -> QueryNotes:
        """What there is to say about the query that is shown."""
        key = self.key_for("filter.hint")
        return notes_on(self.library.search, self.listing.shown.query, self.listing.results, key)

    def note_idle(self) -> None:
        """Has the next undo first say what it undoes, as the last key changed nothing."""
        self._idle_rev = self.library.state.last_rev

    def undo_notice(self, key: str) -> str:
        """What the next undo undoes, to be said first; empty if it may undo at once."""
        is_idle, self._idle_rev = self._idle_rev == self.library.state.last_rev, None
        return history.undo_notice(self.library, key) if is_idle else ""

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
            progress: See ``Context.progress``.
            released: See ``Context.released``.

        Raises:
            PapersError: If it fails; nothing is changed.
        """
        access = action.access_for(options)
        if access is not None and access.write and not access.or_read_only:
            self.require_write()
        rev = self.library.state.last_rev
        try:
            return perform(action, options, self.context(progress, released))
        finally:
            if access is not None:  # else it moved, or ran another one
                is_change = access.write and action.makes_change
                self._idle_rev = rev if is_change else None

    def finish(self, action: Action, options: Mapping[str, Any], outcome: Outcome) -> Outcome:
        """Updates selection, cursor and results after an action."""
        left = self.listing.shown.left
        if action.acts_on_papers:
            self._last = (action, options)
            self._acted_on = next(reversed(self.listing.targets), self._acted_on)
            if self.listing.row_papers is None:
                self._move_on(action)
        if outcome.is_from_top:
            self.listing.select(())
        if outcome.query is not None:
            self.listing.show(outcome.query, keep="" if outcome.is_from_top else None)
        if outcome.change is not None:
            self.follow(outcome.change)
        row = self.listing.row_papers
        if row is not None and (action.acts_on_papers or outcome.change is not None):
            row.acted(action.advances)
        if outcome.steps and (facts := self.revisit(outcome.steps)):
            return replace(outcome, aside=facts)
        is_done = left and not self.listing.shown.left and self.listing.shown.is_triage
        if is_done and outcome.change is not None and action.acts_on_papers:
            if self.listing.shown.is_inbox and not self.library.counts().inbox:
                phrase, *shorter = self.inbox_summary(outcome)
                return replace(outcome, phrase=phrase, subject="", shorter=tuple(shorter))
            if action.advances and len(self.listing.results) > 1:
                return replace(outcome, phrase=f"Nothing left here. {self.decided()}", subject="")
        return outcome

    def _move_on(self, action: Action) -> None:
        """Ends the selection after an action on papers, and goes to the paper after them."""
        targets, is_one = self.listing.targets, not self.listing.shown.has_selection
        self.listing.select(())
        if action.advances and is_one:
            self.listing.move(1)
        elif action.advances and self.listing.key in targets:
            rows = (row for key in targets if (row := self.listing.results.place(key)) is not None)
            self.listing.move_to(max(rows, default=-1) + 1)

    def follow(self, change: Change) -> None:
        """Updates the papers of a change and the current list."""
        self.listing.follow_list(change)
        self.listing.mark_changed(change.keys, renames=change.renames)
        undone = [e.id for e in change.edits if e.table == "imports" and not e.now]
        moved = [e.id for e in change.edits if (e.table, e.field) == ("papers", "removed")]
        if not (undone and self._shows_only(undone) and self.listing.back()):
            if change.merges:
                self.listing.rerun()
            elif (shown := self.listing.shown_list) and any(
                self.library.state.list_name(edit.field.removeprefix("list/")) == shown
                for edit in change.edits
                if edit.field.startswith("list/")
            ):
                self.listing.rerun()  # a list shows additions, removals and moves at once
            elif moved:
                self._drop(moved)

    def _shows_only(self, undone: Sequence[str]) -> bool:
        """Whether what is shown is of imports that are undone now."""
        keys = self.listing.results.keys()
        is_gone = bool(keys) and not any(key in self.library for key in keys)
        return is_gone or any(f"import:{id}" in self.listing.query.text for id in undone)

    def _drop(self, keys: Iterable[str]) -> None:
        """Takes papers off the results; decided ones stay."""
        results = self.listing.results.without(keys)
        self.listing.set_results(self.listing.query, results, self.listing.shown.matching, None)

    def next_job(self) -> Job | None:
        """What a shell asks of this session, to be run and then shown; ``None`` if nothing."""
        self._before_job = self.library.papers, self.library.state.change_count
        return requests.next_job(self.library, self.settings)

    def show_job(self, outcome: Outcome) -> str:
        """Shows what the last job did here, and says it; the cursor stays on its paper."""
        changes = list(filter(None, (outcome.change, *outcome.steps)))
        for change in changes:
            self.follow(change)
        papers, count = self._before_job
        others = self.library.state.change_count - count - len(changes)  # that a sync brought
        if self.library.papers is not papers or others:
            self.listing.rerun()
        message = (
            outcome.message
            or outcome.text
            or next(iter((*outcome.notes, *outcome.failures)), "Done")
        )
        return f"From the shell: {sanitize(message.strip().splitlines()[0])}"

    def repeat(self, *, has_agreed: bool = False) -> Outcome:
        """Repeats the last action on the present targets; ``has_agreed`` where it asks."""
        if self._last is None:
            return Outcome("Nothing to repeat yet")
        action, options = self._last
        if any(each.name == "yes" for each in action.arguments):
            options = {**options, "yes": has_agreed}
        return self.perform(action, options)

    def revisit(self, steps: Sequence[Change], *, lists: bool = False) -> str:
        """Shows what was undone or redone, with the cursor on the topmost of its papers.

        Args:
            steps: The changes by which others were undone or redone, the first one first.
            lists: Whether a single paper is listed even if it does not match.

        Returns:
            Where else the papers of the first step are, and when a change was made that was undone
            before the start; empty if any of them is listed.
        """
        for step in steps:
            self.follow(step)
        library, of = self.library, self.library.state.of
        every = dict.fromkeys(key for step in steps for key in step.keys)
        keys = [key for key in every if key in library and not of(key).is_removed]
        if len(steps) > 1 or any(self.listing.results.place(key) is None for key in keys):
            also = self.listing.changed_here.union(keys if lists and len(keys) == 1 else ())
            self.listing.rerun(next(iter(keys), None), also=also)
        rows = (row for key in keys if (row := self.listing.results.place(key)) is not None)
        if (first := min(rows, default=None)) is not None:
            self.listing.move_to(first)
            return ""
        return ", ".join(self._facts_of(steps[0]))

    def _facts_of(self, step: Change) -> Iterator[str]:
        """Where the papers of an undo or redo are, if in one place; when, if before the start."""
        library, today = self.library, self.library.today()
        states = (library.state.of(key) for key in step.keys if key in library)
        places = {place_of(state, today) for state in states}
        if len(places) == 1:
            yield f"in {places.pop()}"
        for change in library.state.undo_history.undone_of(step.undoes[:1]):
            if len(step.undoes) == 1 and change.rev <= self._first_rev:
                yield history.when_in_short(change, today)

    def refresh(self) -> Updates:
        """Loads what other instances and machines wrote.

        Raises:
            LibraryError: If a file is damaged; nothing is changed.
        """
        return self.take_in(self.library.refresh())

    def take_in(self, updates: Updates) -> Updates:
        """Shows what others changed."""
        if updates.papers:
            self.listing.rerun()
        elif updates:
            self.listing.repaint()
        return updates

    # On papers

    def parsed(self, parse: Callable[[], Command], count: int) -> Command:
        """A command that acts on a number of papers from the cursor on, if it acts on papers.

        They are selected, but a selection that there is already stays what it acts on.

        Args:
            parse: Parses its line, in which ``%`` is the selection.
        """
        action, options = parse()
        if action.acts_on_papers and count > 1 and not self.listing.shown.has_selection:
            rows = range(
                self.listing.cursor, min(self.listing.cursor + count, len(self.listing.results))
            )
            self.listing.select(map(self.listing.results.key, rows))
            return parse()
        return action, options

    def swap_place(self) -> str | None:
        """Goes to the paper that was acted on last, or back again.

        Returns:
            Its key, also if it is not listed; ``None`` if there is none.
        """
        key, row = self._acted_on, self.listing.results.place(self._acted_on or "")
        if key is not None and key not in self.library:
            return None
        if row is not None and row != self.listing.cursor:
            self._acted_on = self.listing.key
            self.listing.move_to(row)
        return key

    # Since the start

    def decided(self) -> str:
        """What was decided since the start, in a line; empty if nothing was."""
        return sessions.summary_since(self.library, self._first_rev)

    def inbox_summary(self, outcome: Outcome) -> list[str]:
        """A message that the inbox is empty, and its shorter forms, the longest first.

        The key that shows the empty inbox, which says all of it, is the first; then the one for
        what comes next; the last is what was done to several papers at once, else what was decided
        since the start.
        """
        kept = self.library.counts().kept
        after = f"{self.key_for('view.kept')} {kept:,} kept" if kept else ""
        after = after or f"{self.key_for('look.session')} session"
        last = ""
        if outcome.change is not None and (count := len(outcome.change.keys)) > 1:
            phrase = phrase_of(outcome.change)
            last = f"{count:,} {phrase[0].lower()}{phrase[1:]}"
        first = f"Inbox empty: {self.key_for('filter.refresh')} recap"
        return forms((first, after, last or self.decided()), ". ")

    def exit_summary(self) -> str:
        """What was done since the start, in a line; empty if nothing was."""
        return sessions.exit_summary(self.library, self._first_rev)
