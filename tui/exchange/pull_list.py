"""Taking the changes that were made in an exported list: states, order, and what is in it."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.errors import InputError
from tui.exchange.export_records import (
    absolute,
    base_of_copy,
    export_value,
    known_files,
    original_of,
    query_update,
)
from tui.exchange.merge import Merge, Statement
from tui.exchange.messages import sentence
from tui.exchange.pull_entries import Finder, named_papers, own_lines
from tui.exchange.pull_origin import entries_by_key, export_of, query_of, refuse_note
from tui.files import is_there
from tui.model.identifiers import is_title
from tui.model.state import Export, ExportedState, FieldUpdate, Status
from tui.model.text import is_inert, sanitize

if TYPE_CHECKING:
    from tui.formats.checklist import Checklist, Entry
    from tui.library import Library

_NOTE_HINT: Final = "To make such a line the note of its paper, begin it with “  - Note:”"
_NO_END: Final = (
    "The end of the list is not in the file, so nothing is removed; export --force writes it whole"
)
MANY: Final = 4
"""The size of a list from which on more than half of it is not removed unasked."""


def merge_list(
    library: "Library", path: Path, text: str, *, add: bool = False, prefers_file: bool = False
) -> tuple[str, Merge]:
    """Merges an exported list.

    Args:
        library: The library.
        path: The file.
        text: What is in it.
        add: Whether to add to the list what the file names and the library knows.
        prefers_file: See ``Merge``.

    Returns:
        The name of the list, and what is taken.

    Raises:
        InputError: If it is not an exported list, or has a conflict.
    """
    from tui.formats import checklist
    from tui.formats.exporters.markdown import list_sum

    is_known = absolute(path) in known_files(library)
    if is_known and not text.strip():
        raise InputError(
            f"{sanitize(path.name, 60)}: the file is empty",
            "The next export of the list writes it again.",
        )
    read = checklist.read(text, is_known=is_known, find=Finder(library, ()).find)
    if not read.entries:
        refuse_note(library, path, text, read.name)
    sum = list_sum(text)
    if (of_query := query_of(library, path, read.sum)) is not None:
        return _merge_query(library, *of_query, path, read, sum, prefers_file=prefers_file)
    name, export, is_last = export_of(library, path, read, sum)
    is_copy = original_of(library, path, text) is not None
    if is_copy and sum == export.sum:
        return name, Merge(library)  # what was pulled since is no change of it
    if read.sum and (not is_last or (is_copy and export.pulled != sum)):
        then = base_of_copy(library, name, read.sum, entries_by_key(library, export.held, read))
        export, is_last = then or export, then is not None
    base = export if is_last else replace(export, states=None)
    merge = _ListMerge(library, name, base, read, prefers_file=prefers_file)
    for entry in read.entries:
        merge.take_entry(entry)
    if is_last:
        merge.take_membership(add=add)
        merge.take_places()
    else:
        merge.notes.append(
            "Nothing is recorded of this export, so only additions to its papers are taken"
        )
    if not sum or sum not in (read.sum, export.pulled):  # else they were reported before
        merge.tell_others()
    merge.offer_missing()
    merge.tell_unsettled()
    merge.record(absolute(path), sum)
    return name, merge


def _merge_query(
    library: "Library",
    query: str,
    export: Export,
    path: Path,
    read: "Checklist",
    sum: str,
    *,
    prefers_file: bool,
) -> tuple[str, Merge]:
    """Merges an exported query: what the file says of its papers; see ``merge_list``."""
    merge = _QueryMerge(library, query, export, read, prefers_file=prefers_file)
    for entry in read.entries:
        merge.take_entry(entry)
    if not sum or sum not in (read.sum, export.pulled):  # else they were reported before
        merge.tell_lines()
        merge.tell_others()
    merge.offer_missing()
    merge.tell_unsettled()
    merge.record(absolute(path), sum)
    return query, merge


class _ListMerge(Merge):
    """The merge of one file."""

    def __init__(
        self,
        library: "Library",
        name: str,
        export: Export,
        read: "Checklist",
        *,
        prefers_file: bool = False,
    ) -> None:
        super().__init__(library, prefers_file=prefers_file)
        self._name = name
        self._export = export
        self._read = read
        self._papers = Finder(library, export.held)
        self._lines: dict[str, Entry] = {}
        self._is_damaged = False
        """Whether a line may be of a paper that is not found."""
        self._missing: list[str] = []
        """The addresses of papers that are not in the library."""
        self._keys: list[str] = []
        """The papers of the file, in its order."""
        self._added: set[str] = set()
        """The keys that are put into the list."""
        self._words: list[tuple[int, str, str]] = []
        """Lines, each with its box and a word beside that for another status."""
        self._states: dict[str, ExportedState] = {}
        """What the file says of each: the base of the next pull."""

    # Papers

    def take_entry(self, entry: "Entry") -> None:
        """Merges the state of the paper of one line."""
        from tui.formats.exported_states import exported_state

        key = self._key_of(entry)
        if key is None or key in self._lines:
            return
        self._lines[key] = entry
        self._keys.append(key)
        if entry.unknown_box:
            box = sanitize(entry.unknown_box)
            self.leave(f"line {entry.line}: unknown box [{box}], use [ ], [x], [/] or [-]")
        ours = exported_state(self.library.state.of(key))
        base = self._base_of(key, entry, ours)
        statement = Statement(
            f"line {entry.line}", self._state_of(key, entry, base, ours), entry.note
        )
        state = self.take(key, statement, base, ours)
        if state.status == base.status and not (ours.status or self._is_exported(key)):
            # Of a paper that was put in again, an old word beside a blank says nothing.
            state = replace(state, status=str(Status.UNREAD) if state.status else "")
        self._states[key] = state

    def _base_of(self, key: str, entry: "Entry", ours: ExportedState) -> ExportedState:
        """What was exported of a paper."""
        if self._is_exported(key):
            return (self._export.states or {}).get(key, ExportedState())
        # Of what was not exported the least is known, so that only additions are taken: a box that
        # says something was put there.
        if entry.box not in ("", " "):
            return ExportedState(box=ours.box, status=ours.status)
        return ExportedState(
            status=min(entry.statuses) if len(entry.statuses) == 1 else ours.status
        )

    def _is_exported(self, key: str) -> bool:
        """Whether it is known what was exported of a paper."""
        return self._export.states is not None and key in self._export.held

    def _key_of(self, entry: "Entry") -> str | None:
        """The paper of a line; ``None`` if it is not in the library, which is reported."""
        from tui.formats.checklist import ADDRESS

        if key := self._papers.find(entry):
            return key
        if entry.key:
            self._is_damaged = True
            self.leave(sentence(f"line {entry.line}: no such paper", entry.key))
            return None
        self.leave(sentence(f"line {entry.line}: not in the library", entry.title))
        if is_inert(entry.link) and ADDRESS.fullmatch(entry.link):
            title = entry.title.lstrip("-") if is_title(entry.title) else ""
            self._missing.append(f"{title} {entry.link}".lstrip())
        return None

    def _state_of(
        self, key: str, entry: "Entry", base: ExportedState, ours: ExportedState
    ) -> ExportedState:
        """What a line says; of facts that it does not have, what was exported."""
        from tui.formats.checklist import read_again
        from tui.formats.note_sums import note_sum

        tags, starred = base.tags, base.starred
        if entry.tags is not None and entry.is_starred is not None:
            tags = tuple(sorted(self.tags(entry.tags, f"line {entry.line}")))
            starred = entry.is_starred
        box = entry.box or base.box
        note = note_sum(entry.note)
        if note not in (base.note, ours.note):  # which a user may have escaped as we do
            present = self.library.state.of(key).note or ""
            for text, sum in (
                (present, ours.note),
                (self.exported_text(key, base.note), base.note),
            ):
                note = sum if text and note == note_sum(read_again(text)) else note
        return ExportedState(box, starred, tags, note, self._status_of(key, entry, base, box))

    def _status_of(self, key: str, entry: "Entry", base: ExportedState, box: str) -> str:
        """The status that a word beside a blank box says; empty if the box says it alone.

        A word that was put there counts if the box was not changed as well.
        """
        from tui.formats.exported_states import STATUS

        typed = entry.statuses - {base.status or str(STATUS[base.box])}
        if typed and self._is_exported(key) and base.status != Status.UNREAD:
            if box == base.box == " " and len(typed) == 1:
                return min(typed)
            if words := typed - {str(STATUS[box])}:
                self._words.append((entry.line, box, min(words)))
        if box == base.box:
            return base.status
        return str(Status.UNREAD) if box == " " and entry.statuses else ""

    # The list

    def take_membership(self, *, add: bool) -> None:
        """Removes what is no longer in the file, and adds what was put into it."""
        state = self.library.state
        listed = state.reading_list(self._name).keys
        missing = [key for key in self._export.held if key not in self._lines and key in listed]
        has_rest = any(key in self._lines for key in self._export.held)
        if missing and not (self._read.sum and has_rest and not self._is_damaged):
            reason = "A line names no paper" if self._is_damaged else ""
            reason = reason or "None of its papers is in the file"
            kept = f"{reason}, so nothing is removed"
            self._keep_missing(missing, kept if self._read.sum else _NO_END)
        elif self._is_most(missing) and not self.prefers_file:
            self.conflicts += 1
            counted = f"{len(missing)} of {len(self._export.held)} papers"
            self._keep_missing(missing, f"{counted} are missing in the file, so nothing is removed")
        else:
            for key in missing:
                self.updates += state.place_updates(self._name, key, None)
                self.changes.append(sentence("removed", self.library.item(key).paper.display_title))
        for key, entry in self._lines.items():
            if key in listed or key in self._export.held:
                continue
            if entry.key or add:
                self._added.add(key)
                self.tell(f"line {entry.line}", "added", key)
            else:
                self._keys.remove(key)
                del self._states[key]
                self.leave(
                    self.sentence(f"line {entry.line}", "not in the list; --add adds it", key)
                )

    def _is_most(self, missing: Sequence[str]) -> bool:
        """Whether more than half of the papers are missing, as when a program cut lines off."""
        return len(missing) * 2 > len(self._export.held) >= MANY

    def _keep_missing(self, missing: Sequence[str], reason: str) -> None:
        """Keeps papers as if the file still had them, so that the next pull reports them again."""
        self.leave(reason)
        self._keys += missing
        bases = self._export.states or {}
        self._states |= {key: bases[key] for key in missing if key in bases}

    def take_places(self) -> None:
        """Moves what was moved in the file, and puts what was added where it stands there.

        That is ahead of the next paper of the file that is in the list, whatever the order.
        """
        from tui.model.positions import new_positions

        gone = {*self._added, *(set(self._export.held) - set(self._keys))}
        positions = {k: place for k, place in self._taken_order().items() if k not in gone}
        order = sorted(positions, key=positions.__getitem__)
        follower: str | None = None
        for key in reversed(self._lines):
            if key in self._added:
                order.insert(len(order) if follower is None else order.index(follower), key)
            follower = key if key in self._added or key in positions else follower
        for key, place in new_positions(order, positions).items():
            self.updates += self.library.state.place_updates(self._name, key, place)

    def _taken_order(self) -> dict[str, float]:
        """The positions of the papers of the list, with what was moved in the file."""
        positions = self.library.state.positions(self._name)
        listed = self.library.state.reading_list(self._name).keys
        base = [key for key in self._export.held if key in listed and key in self._lines]
        theirs = [key for key in self._lines if key in base]
        ours = [key for key in listed if key in base]
        if theirs in (base, ours):
            return positions
        if ours != base and not self.prefers_file:
            key = next(key for key, other in zip(theirs, ours, strict=True) if key != other)
            self.keep(f"line {self._lines[key].line}", "the order", key, None)
            places = {key: place for place, key in enumerate(self._export.held)}
            self._keys.sort(key=lambda key: places.get(key, len(places)))  # to be told again
            return positions
        moved = dict(zip(theirs, [positions[key] for key in ours], strict=True))
        for key, place in moved.items():
            if positions[key] != place:
                self.updates += self.library.state.place_updates(self._name, key, place)
        self.changes.append("reordered")
        return positions | moved

    def tell_others(self) -> None:
        """Tells of what a user wrote between the comment lines, and is not taken."""
        from tui.formats.checklist import beside

        abstract = self._export.abstract
        listed = self._listed()
        for key, entry in self._lines.items():
            if key in self._export.held and key not in listed:
                self.notes.append(self.sentence(f"line {entry.line}", "no longer in the list", key))
        for line, box, word in self._words:
            self.notes.append(f"line {line}: the box [{box}] counts, not the word “{word}”")
        own = own_lines(self.library, self._read, self._papers, self._name, abstract)
        papers = (self.library.item(key).paper for key in self._lines) if own else ()
        openings = tuple(beside(paper.display_title, "") for paper in papers)
        for line, text in own:
            fact = f"line {line}: moves below with the next export"
            words = text.removeprefix(next(filter(text.startswith, openings), ""))  # no title
            first, *more = words.split("\n")  # whole, as the user may not find it otherwise
            self.notes.append(f"{fact}: {sanitize(first)}{' …' if any(more) else ''}")
            self._missing += named_papers(self.library, text)
        if any(text.startswith(openings) for _, text in own):
            self.notes.append(_NOTE_HINT)

    def offer_missing(self) -> None:
        """Tells the command that adds what is not in the library."""
        if self._missing:
            names = shlex.join(dict.fromkeys(self._missing))
            self.notes.append(f"To add what is not in the library: papers-tui add {names}")

    def record(self, path: str, sum: str) -> None:
        """Records what the file says as the base of the next pull, also of one that was moved.

        Args:
            path: The file.
            sum: The checksum of its managed lines.
        """
        has_box = any(entry.box in ("/", "-") for entry in self._read.entries)
        export = replace(self._export, has_all_boxes=self._export.has_all_boxes or has_box)
        pulled = next((each.pulled for each in self._exports() if each.path == path), "")
        is_new = sum not in (export.sum, pulled) and not self.is_unsettled
        keys, states = tuple(self._keys), _without_defaults(self._states)
        is_same_base = (keys, states) == (export.held, _without_defaults(export.states or {}))
        if not (self.updates or is_new) and (is_same_base or export.states is None):
            return
        record = replace(
            export,
            held=keys,
            states=states,
            sum=self._read.sum or export.sum,
            pulled=export.pulled if self.is_unsettled else sum,
        )
        paths = [path]
        if export.path != path and not is_there(Path(export.path), Path.is_file):
            paths.append(export.path)  # of the same file on another machine, or before it was moved
        self.updates += (self._recorded(replace(record, path=each)) for each in paths)

    def _listed(self) -> tuple[str, ...]:
        """The papers of the list now."""
        return self.library.state.reading_list(self._name).keys

    def _exports(self) -> tuple[Export, ...]:
        return self.library.state.reading_list(self._name).exports

    def _recorded(self, export: Export) -> FieldUpdate:
        """The update that records an export."""
        id = self.library.state.list_ids(self._name)[0]
        return "lists", id, f"export/{export.path}", export_value(export)


class _QueryMerge(_ListMerge):
    """The merge of the file of a query, which alone says what is in it, and in which order."""

    def tell_lines(self) -> None:
        """Tells that lines which were moved, deleted or put in change nothing."""
        missing = [each for each in self._export.held if each not in self._lines]
        if missing and not self._read.sum:
            self._keep_missing(missing, _NO_END)
        elif self._keys != [key for key in self._export.held if key in self.library]:
            self.notes.append(
                "Lines that were moved, deleted or added do not count: the query says what is in"
                " the file, and in which order"
            )

    def _listed(self) -> tuple[str, ...]:
        return self._export.held

    def _exports(self) -> tuple[Export, ...]:
        return (self._export,)

    def _recorded(self, export: Export) -> FieldUpdate:
        return query_update(self._name, export)


def _without_defaults(states: Mapping[str, ExportedState]) -> dict[str, ExportedState]:
    return {key: state for key, state in states.items() if state != ExportedState()}
