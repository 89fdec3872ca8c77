"""Taking the changes that were made in an exported list into the library.

It is a merge of three: what was exported, what the file says now, and what the library says now. A
change on one side is taken; of two different changes the library's stays, and the user is told.
"""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tui.actions.context import Context, Outcome
from tui.actions.export_files import export_value, known_exports
from tui.actions.registry import WRITE, Access, Argument, Where, action
from tui.actions.targets import DRY_RUN
from tui.errors import ConfirmationError, InputError, PapersError, UsageError
from tui.model.names import tag_name
from tui.model.state import MAX_NOTE, Change, Export, ExportedState, FieldUpdate, PaperState, Status
from tui.model.text import fold, plural, sanitize
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.formats.checklist import Checklist, Entry
    from tui.library import Library

MAX_BYTES: Final = 20_000_000
MOST_FILES: Final = 1000
"""The most files of a folder."""
_STATUS: Final = {"x": Status.READ, " ": Status.UNREAD, "/": Status.READING, "-": Status.DISMISSED}
"""The status that a box sets; the last two as in Obsidian."""


@dataclass(frozen=True, slots=True)
class Pull:
    """What the library takes from a file."""

    file: str
    name: str
    """The list."""
    changes: tuple[str, ...]
    """A phrase each: ``line 12: read: TITLE``."""
    notes: tuple[str, ...]
    """What it does not take, and why; a sentence each."""
    change: Change | None
    """``None`` if there was nothing to take."""

    def __str__(self) -> str:
        """The confirmation."""
        return f"Pulled {self.summary}"

    @property
    def summary(self) -> str:
        """The file, and how many changes it has: ``thesis.md: 2 changes``."""
        counted = plural(len(self.changes), "change") if self.changes else "no changes"
        return f"{sanitize(Path(self.file).name, 60)}: {counted}"


def pull(library: "Library", path: str, data: bytes, *, add: bool = False) -> Pull:
    """Takes the changes that were made in a file, in one change.

    Args:
        library: The library.
        path: The file.
        data: What is in it.
        add: Whether to add to the list what the file names and the library knows.

    Raises:
        InputError: If it is not an exported list, or has a conflict.
    """
    from tui.formats import checklist
    from tui.formats.exporters.markdown import managed_sum
    from tui.formats.notes import key_of

    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("Not UTF-8 text", "Save it as UTF-8.") from error
    read = checklist.read(text)
    if key_of(text) is not None:
        raise InputError("A note of a paper, not a list", "Changes in notes are not pulled.")
    name, export, is_last = _export_of(library, Path(path), read)
    merge = _Merge(library, name, export if is_last else replace(export, states=None), read)
    for entry in read.entries:
        merge.take(entry)
    if is_last:
        merge.take_membership(add=add)
        merge.take_order()
    else:
        merge.notes.append(
            "Exported before the last time, so papers put in, taken off or moved are left alone"
        )
    merge.tell_others()
    if merge.is_unsettled:
        merge.notes.append("Until these lines are settled, no export overwrites the file unasked")
    found = managed_sum(text)
    updates = merge.updates
    if updates or (found not in (export.sum, export.pulled) and not merge.is_unsettled):
        record = replace(
            export,
            held=tuple(merge.held),
            states=merge.states,
            sum=read.sum or export.sum,
            pulled=export.pulled if merge.is_unsettled else found,
        )
        id = library.state.list_ids(name)[0]
        updates = [*updates, ("lists", id, f"export/{export.path}", export_value(record))]
    change = library.change(f"pull {Path(path).name}", updates) if updates else None
    return Pull(path, name, tuple(merge.changes), tuple(merge.notes), change)


def _export_of(library: "Library", path: Path, read: "Checklist") -> tuple[str, Export, bool]:
    """The list that a file has, and its export: by the checksum in it, else by its path.

    Returns:
        The list, the export, and whether it is the one that the file was, not a later one.

    Raises:
        InputError: If it was not exported from this library.
    """
    target = str(path.expanduser().absolute())
    exports = [
        (each.name, export, export.sum == read.sum or not read.sum)
        for each in library.state.lists()
        for export in known_exports(each)
        if export.format == "markdown"
    ]
    # A copied file is that of its text; a file without its end, or of an older text, of its path.
    exports.sort(key=lambda each: (each[2] and bool(read.sum), each[1].path == target))
    for name, export, is_last in reversed(exports):
        if (is_last and read.sum) or export.path == target:
            return name, export, is_last
    listed = next((name for name, *_ in exports if name == read.name), None)
    if listed is not None:
        raise InputError(
            f"An older export of “{listed}”, and not where that was exported to",
            "Pull the file that was exported, or export the list again.",
        )
    if library.state.find_list(read.name) is None and read.name:
        raise InputError(
            f"No list “{sanitize(read.name, 60)}” in this library",
            "It was deleted or renamed, or the file was exported from another library.",
        )
    raise InputError("Not exported from this library", "Export the list once; then pull it.")


class _Merge:
    """The merge of one file."""

    def __init__(self, library: "Library", name: str, export: Export, read: "Checklist") -> None:
        self._library = library
        self._name = name
        self._export = export
        self._read = read
        self._by_title = {fold(self._title(key)): key for key in export.held if key in library}
        self._lines: dict[str, Entry] = {}
        self.updates: list[FieldUpdate] = []
        self.changes: list[str] = []
        self.notes: list[str] = []
        self.is_unsettled = False
        """Whether the file says what the library did not take, and an export would lose."""
        self.held: list[str] = []
        """The papers of the file, in its order."""
        self.states: dict[str, ExportedState] = {}
        """What the file says of each: the base of the next pull."""

    # Papers

    def take(self, entry: "Entry") -> None:
        """Merges the state of the paper of one line."""
        from tui.formats.checklist import exported_state

        key = self._key_of(entry)
        if key is None or key in self._lines:
            return
        self._lines[key] = entry
        self.held.append(key)
        if entry.unknown_box:
            box = sanitize(entry.unknown_box)
            self._leave(f"Line {entry.line}: unknown box [{box}], use [ ], [x], [/] or [-]")
        # Of what was not exported the least is known, so that only additions are taken.
        base = (self._export.states or {}).get(key, ExportedState())
        said = self._said(entry, base)
        kept: dict[str, Any] = {}
        """The exported values of what both sides changed, so that the next pull tells it again."""
        state = self._library.state.of(key)
        ours = exported_state(state)
        if said.box != base.box and not self._take_status(
            key, entry, state, _fits(base.box, state.status)
        ):
            kept["box"] = base.box
        if said.starred not in (base.starred, ours.starred):
            self._take("starred", True if said.starred else None, key, entry, "starred")
        self._take_tags(
            key, entry, set(said.tags) - set(base.tags), set(base.tags) - set(said.tags)
        )
        if said.note not in (base.note, ours.note):
            if ours.note == base.note:
                self._take("note", entry.note[:MAX_NOTE] or None, key, entry, "note")
            else:
                self._keep(entry, "the note", key)
                kept["note"] = base.note
        self.states[key] = replace(said, **kept)

    def _key_of(self, entry: "Entry") -> str | None:
        """The paper of a line; ``None`` if it is not in the library, which is told."""
        if key := entry.key or self._by_title.get(fold(entry.title)) or self._found(entry):
            try:
                return self._library.resolve(key)
            except PapersError:
                self._leave(f"Line {entry.line}: no such paper: {sanitize(key, 60)}")
                return None
        self._leave(f"Line {entry.line}: not in the library: {sanitize(entry.title, 60)}")
        return None

    def _found(self, entry: "Entry") -> str | None:
        """The paper of a line that is not ours: by its title, or an identifier in its link."""
        from tui.model.identifiers import arxiv_id
        from tui.model.paper import paper_key
        from tui.query import parse

        if (key := paper_key(entry.title)) in self._library:
            return key
        for id, _ in filter(None, (arxiv_id(entry.link), arxiv_id(entry.title))):
            for item in self._library.select(parse(f"arxiv:{id}")):
                if item.paper.arxiv == id:
                    return item.key
        return None

    def _said(self, entry: "Entry", base: ExportedState) -> ExportedState:
        """What a line says; of facts that it does not have, what was exported."""
        from tui.formats.checklist import note_sum

        tags, starred = base.tags, base.starred
        if entry.tags is not None and entry.is_starred is not None:
            tags, starred = tuple(sorted(self._tags(entry))), entry.is_starred
        return ExportedState(entry.box or base.box, starred, tags, note_sum(entry.note))

    def _tags(self, entry: "Entry") -> set[str]:
        names: set[str] = set()
        for text in entry.tags or ():
            try:
                names.add(tag_name(text))
            except UsageError as error:
                self.notes.append(f"Line {entry.line}: {error.message}")
        return names

    def _take_status(self, key: str, entry: "Entry", state: PaperState, is_unchanged: bool) -> bool:
        """Takes a status, unless it was changed here, too; then returns false."""
        status = _STATUS[entry.box]
        if status is state.status:
            return True
        if not is_unchanged:
            self._keep(entry, f"“{state.status}”", key)
            return False
        self.updates.append(("papers", key, "snoozed_until", None))
        value = None if status is Status.UNREAD else str(status)
        self._take("status", value, key, entry, str(status))
        return True

    def _take_tags(self, key: str, entry: "Entry", added: set[str], removed: set[str]) -> None:
        state = self._library.state
        names = set(state.of(key).tags)
        signs = dict.fromkeys(added - names, "+") | dict.fromkeys(removed & names, "-")
        for name, sign in sorted(signs.items()):
            self.updates += state.tag_updates(key, name, is_set=sign == "+")
        if signs:
            words = " ".join(f"{sign}{name}" for name, sign in sorted(signs.items()))
            self._tell(entry, f"tagged {words}", key)

    def _take(self, field: str, value: Any, key: str, entry: "Entry", what: str) -> None:
        self.updates.append(("papers", key, field, value))
        is_removed = value is None and field != "status"
        self._tell(entry, f"{what} removed" if is_removed else what, key)

    # The list

    def take_membership(self, *, add: bool) -> None:
        """Takes off what is no longer in the file, and adds what was put into it."""
        state = self._library.state
        listed = state.reading_list(self._name).keys
        gone = [key for key in self._export.held if key not in self._lines and key in listed]
        has_rest = any(key in self._lines for key in self._export.held)
        if gone and not (self._read.sum and has_rest):
            reason = "None of its papers is" if self._read.sum else "The end of the list is not"
            self._leave(f"{reason} in the file, so nothing is taken off")
            self.held += gone
            self.states |= {
                key: base for key, base in (self._export.states or {}).items() if key in gone
            }
        else:
            for key in gone:
                self.updates += state.place_updates(self._name, key, None)
                self.changes.append(f"taken off: {self._title(key)}")
        place = max(state.positions(self._name).values(), default=0.0)
        for key, entry in self._lines.items():
            if key in listed or key in self._export.held:
                continue
            if entry.key or add:
                place += 1.0
                self.updates += state.place_updates(self._name, key, place)
                self._tell(entry, "added", key)
            else:
                self.held.remove(key)
                del self.states[key]
                title = self._title(key)
                self._leave(f"Line {entry.line}: not in the list; --add adds it: {title}")

    def take_order(self) -> None:
        """Moves what was moved in the file."""
        listed = self._library.state.reading_list(self._name).keys
        base = [key for key in self._export.held if key in listed and key in self._lines]
        said = [key for key in self._lines if key in base]
        ours = [key for key in listed if key in base]
        if said in (base, ours):
            return
        if ours != base:
            self.notes.append("The order changed here and in the file; the one here stays")
            return
        places = self._library.state.positions(self._name)
        for place, key in zip([places[key] for key in ours], said, strict=True):
            if places[key] != place:
                self.updates += self._library.state.place_updates(self._name, key, place)
        self.changes.append("reordered")

    def tell_others(self) -> None:
        """Tells of what is not ours."""
        for line, text in self._read.others:
            first = sanitize(text.split("\n")[0], 60)
            self.notes.append(f"Line {line}: moves below the list with the next export: {first}")

    def _tell(self, entry: "Entry", what: str, key: str) -> None:
        self.changes.append(f"line {entry.line}: {what}: {self._title(key)}")

    def _keep(self, entry: "Entry", what: str, key: str) -> None:
        title = self._title(key)
        self._leave(
            f"Line {entry.line}: changed here and in the file, {what} of the library stays: {title}"
        )

    def _leave(self, note: str) -> None:
        """Tells of what is not taken, though an export would lose it."""
        self.notes.append(note)
        self.is_unsettled = True

    def _title(self, key: str) -> str:
        return sanitize(self._library.item(key).paper.display_title, 60)


def _fits(box: str, status: Status) -> bool:
    """Whether a paper with a status can have had a box when it was exported or pulled."""
    return status is not Status.READ if box == " " else status is _STATUS.get(box)


# As an action


@action(
    "pull",
    Argument(
        "files",
        "an exported list, or a folder of them",
        nargs="+",
        metavar="FILE",
        reads_input=True,
        expand=lambda names: _files(names),
    ),
    Argument("add", "add to the list what the file names and it lacks", ("--add",), is_switch=True),
    Argument("yes", "in a session, pull without asking", ("--yes",), is_switch=True),
    DRY_RUN,
    help="take the changes that were made in exported lists",
    group="Reading lists",
    where=Where.LOCAL,
    access=lambda options: Access() if options.get("dry_run") else WRITE,
    on_request=True,
)
def run_pull(
    context: Context,
    files: Sequence[str],
    add: bool = False,
    yes: bool = False,
    dry_run: bool = False,
) -> Outcome:
    """Pulls files, each in one change.

    Raises:
        PapersError: If the only file cannot be pulled.
        ConfirmationError: In a session, unless the user agreed.
    """
    from tui.storage.files import read_input

    library = context.library
    asks = context.workspace is not None and not yes
    paths = list(_files(files) if context.inputs is None else context.inputs)
    pulls: list[Pull] = []
    notes: list[str] = []
    for path in paths:
        try:
            data = read_input(path, MAX_BYTES, context.inputs)
            with library.dry_run() if dry_run or asks else nullcontext():
                pulls.append(pull(library, path, data, add=add))
        except PapersError as error:
            if len(paths) == 1:
                raise
            notes.append(f"{sanitize(path)}: {error}")
    if asks and not dry_run and any(each.change for each in pulls):
        raise confirmation(pulls)
    has_failed = bool(notes)
    lines = [line for each in pulls for line in _lines(each, dry_run)]
    notes += [note for each in pulls for note in each.notes]
    changes = [each.change for each in pulls if each.change]
    return Outcome(
        text="".join(lines),
        change=changes[0] if len(changes) == 1 and not dry_run else None,
        notes=tuple(notes),
        exit_code=int(has_failed),
    )


def _lines(pull: Pull, dry_run: bool) -> Iterator[str]:
    yield f"{pull.summary} would be pulled\n" if dry_run else f"{pull}\n"
    yield from (f"  {change}\n" for change in pull.changes)


def confirmation(pulls: Sequence[Pull]) -> ConfirmationError:
    """The question whether to take what is in files, with all that they change."""
    lines = [line for each in pulls for line in (*each.changes, *each.notes)]
    names = ", ".join(sanitize(Path(each.file).name, 40) for each in pulls)
    count = sum(len(each.changes) for each in pulls)
    return ConfirmationError(
        f"{plural(count, 'change')} in {names}",
        argument="yes",
        question="Take them into the library?",
        yes="Pull",
        no="Leave them",
        lines=lines,
        is_expected=True,
    )


def is_edited(export: Export) -> bool:
    """Whether an exported list was edited in its file, and not pulled since."""
    from tui.files import read_text
    from tui.formats.exporters.markdown import managed_sum

    if export.format != "markdown":
        return False
    try:
        found = managed_sum(read_text(Path(export.path)))
    except (OSError, UnicodeDecodeError):
        return False
    return found not in ("", export.sum, export.pulled)


def _files(names: Sequence[str]) -> Iterator[str]:
    """The files, and the exported lists in the folders.

    Raises:
        InputError: If a folder has none, or too many files.
    """
    from tui.files import is_there, read_file
    from tui.formats.checklist import BEGIN

    for name in names:
        folder = Path(name)
        if not is_there(folder, Path.is_dir):
            yield name
            continue
        paths = sorted(folder.rglob("*.md"))
        if len(paths) > MOST_FILES:
            raise InputError(
                f"More than {MOST_FILES} Markdown files: {sanitize(name)}", "Name the files."
            )
        exported = []
        for path in paths:
            try:
                if BEGIN.encode() in read_file(path):
                    exported.append(str(path))
            except OSError:
                continue
        if not exported:
            raise InputError(f"No exported list in {sanitize(name)}", "Export one into it.")
        yield from exported
