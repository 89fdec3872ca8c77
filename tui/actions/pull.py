"""The command that takes the changes made in exported files into the library."""

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from functools import partial
from os.path import commonprefix
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.actions.context import Context, Outcome
from tui.actions.questions import in_one_line
from tui.actions.registry import WRITE, Access, Argument, Where, action
from tui.actions.targets import DRY_RUN
from tui.errors import ConfirmationError, InputError, PapersError
from tui.exchange.export_records import absolute, is_notes, original_of
from tui.exchange.merge import PREFER_FILE, SIDES
from tui.exchange.messages import short_name
from tui.exchange.pull_paths import complete_exported, files_of, is_edited, is_exported
from tui.model.layout import cut, plural
from tui.model.state import Change, Export
from tui.model.text import sanitize
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.exchange.merge import Merge
    from tui.files import Inputs
    from tui.library import Library

MAX_BYTES: Final = 20_000_000
_SHOWN: Final = 220
"""Columns of a text that both sides changed: three lines."""
_AHEAD: Final = 40
"""Characters of it before the first that differs."""


@dataclass(frozen=True, slots=True)
class Pull:
    """The changes that the library takes from a file."""

    file: str
    name: str
    """The list; empty for notes of papers."""
    changes: tuple[str, ...]
    """A phrase each: ``line 12: read: TITLE``."""
    notes: tuple[str, ...]
    """The changes that it does not take, and why; a sentence each."""
    change: Change | None
    """``None`` if there was nothing to take."""
    conflicts: int
    """How much was changed here, too, and is not taken."""
    sides: Mapping[str, tuple[str, str]]
    """The values of the library and of the file, by the sentence about the conflict."""

    def __str__(self) -> str:
        """The confirmation."""
        return f"Pulled {self.summary}"

    @property
    def summary(self) -> str:
        """The file, and how many changes it has: ``thesis.md: 2 changes``."""
        counted = plural(len(self.changes), "change") if self.changes else "no changes"
        return f"{sanitize(Path(self.file).name, 60)}: {counted}"


def pull(
    library: "Library", path: str, data: bytes, *, add: bool = False, prefers_file: bool = False
) -> Pull:
    """Takes the changes that were made in a file, in one change.

    Args:
        library: The library.
        path: The file.
        data: What is in it.
        add: Whether to add to the list what the file names and the library knows.
        prefers_file: Whether of two different changes that in the file is taken.

    Raises:
        InputError: If it is not an exported list, or has a conflict.
    """
    from tui.exchange.note_pages import is_cut_note
    from tui.exchange.pull_list import merge_list
    from tui.formats.notes import key_of

    text = _decoded(data)
    if key_of(text) is not None or is_cut_note(library, Path(path), text):
        return pull_notes(library, path, {Path(path): text}, prefers_file=prefers_file)
    name, merge = merge_list(library, Path(path), text, add=add, prefers_file=prefers_file)
    return _apply(library, path, name, merge)


def take(library: "Library", planned: Pull, again: Callable[..., Pull]) -> Pull:
    """Makes the change that a pull planned in a dry run; pulls again if it no longer applies.

    Args:
        library: The library.
        planned: What was planned.
        again: The same pull.
    """
    change = planned.change
    if change is None:
        return planned
    if len(library.state.unchanged_edits(change, after=False)) < len(change.edits):
        return again()
    updates = ((edit.table, edit.id, edit.field, edit.now) for edit in change.edits)
    return replace(planned, change=library.change(change.verb, updates))


def pull_notes(
    library: "Library", path: str, texts: Mapping[Path, str], *, prefers_file: bool = False
) -> Pull:
    """Takes the changes that were made in notes of papers, in one change.

    Args:
        library: The library.
        path: The note, or the folder of all of them.
        texts: Their texts, by path.
        prefers_file: See ``pull``.
    """
    from tui.exchange.pull_notes import merge_notes

    return _apply(library, path, "", merge_notes(library, texts, prefers_file=prefers_file))


def pull_of_edited(library: "Library", export: "Export") -> Callable[..., Pull] | None:
    """``pull`` for an export of a list that was edited, a file or notes; ``None`` if it was not."""
    from tui.exchange.pull_notes import edited_notes
    from tui.files import read_input

    if is_notes(export):
        texts = edited_notes(library, export)
        place = str(next(iter(texts))) if len(texts) == 1 else export.path
        return partial(pull_notes, library, place, texts) if texts else None
    if not is_edited(export):
        return None
    return partial(pull, library, export.path, read_input(export.path, MAX_BYTES))


def _decoded(data: bytes) -> str:
    """A file as text.

    Raises:
        InputError: If it is not UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("Not UTF-8 text", "Save it as UTF-8.") from error


def _apply(library: "Library", path: str, name: str, merge: "Merge") -> Pull:
    """Makes the change of a merge."""
    change = library.change(f"pull {Path(path).name}", merge.updates) if merge.updates else None
    notes = [*merge.notes]
    if merge.conflicts:
        notes.append(f"{PREFER_FILE} {shlex.quote(sanitize(path))} takes what it says")
    return Pull(
        path, name, tuple(merge.changes), tuple(notes), change, merge.conflicts, merge.sides
    )


# As an action


@action(
    "pull",
    Argument(
        "files",
        "an exported list, its name, a note, or a folder; by default all that were edited",
        nargs="*",
        metavar="FILE",
        is_file=True,
        complete=lambda library, prefix: complete_exported(library),
        reads_input=True,
        expand=files_of,
    ),
    Argument("add", "add to the list what the file names and it lacks", ("--add",), is_switch=True),
    Argument(
        "prefer",
        "whose change is taken where both changed",
        ("--prefer",),
        choices=SIDES,
        default=SIDES[0],
    ),
    Argument("yes", "in a session, pull without asking", ("--yes",), is_switch=True),
    DRY_RUN,
    help="pull the changes made in exported lists and notes",
    phrases={r"pull (.*)": r"Pulled \1"},
    group="Reading lists",
    where=Where.LOCAL,
    access=lambda options: Access() if options.get("dry_run") else WRITE,
    on_request=True,
)
def run_pull(
    context: Context,
    files: Sequence[str] = (),
    add: bool = False,
    prefer: str = SIDES[0],
    yes: bool = False,
    dry_run: bool = False,
) -> Outcome:
    """Pulls files: each list in one change, and all notes of papers in one.

    Raises:
        PapersError: If the only file cannot be pulled.
        ConfirmationError: In a session, unless the user agreed.
    """
    library = context.library
    asks = context.workspace is not None and not yes
    paths = dict.fromkeys(files_of(library, files) if context.inputs is None else context.inputs)
    problems: list[str] = []
    copies = dict(_copies(library, list(paths), context.inputs))
    several = len(paths) > 1
    with library.dry_run() if dry_run or asks else nullcontext():
        prefers_file = prefer == "file"
        options = {"add": add, "prefers_file": prefers_file}
        originals = [path for path in paths if path not in copies]
        pulls = _pull_all(library, originals, files, context.inputs, problems, **options)
    if several:
        pulls = [replace(each, notes=tuple(_with_file(each))) for each in pulls]
    if asks and not dry_run and any(each.change for each in pulls):
        raise confirmation(pulls)
    if not files:
        pulls = [each for each in pulls if each.change or each.notes]
    if not (pulls or problems or copies):
        return Outcome("No exported file was edited")
    changes = [each.change for each in pulls if each.change]
    return Outcome(
        text="".join(line for each in pulls for line in _lines(each, dry_run)),
        change=changes[0] if len(changes) == 1 and not dry_run else None,
        notes=(*problems, *copies.values(), *(note for each in pulls for note in each.notes)),
        exit_code=int(bool(problems)),
    )


def _pull_all(
    library: "Library",
    paths: Sequence[str],
    named: Sequence[str],
    inputs: "Inputs | None",
    problems: list[str],
    *,
    add: bool,
    prefers_file: bool,
) -> list[Pull]:
    """Pulls files; what is wrong with one of several is added to ``problems``.

    An error names the file, unless it is one of those that the user named.

    Raises:
        PapersError: If the only file cannot be pulled.
    """
    from tui.exchange.note_pages import is_cut_note
    from tui.files import read_input
    from tui.formats.notes import format_of

    pulls: list[Pull] = []
    notes: dict[Path, dict[Path, str]] = {}
    for path in paths:
        try:
            data = read_input(path, MAX_BYTES, inputs)
            program = format_of(text := _decoded(data))
            is_cut = program is None and is_cut_note(library, Path(path), text)
            if program is None and not is_cut:
                pulls.append(pull(library, path, data, add=add, prefers_file=prefers_file))
            elif program is None or program.key_of(text) is not None:
                notes.setdefault(_folder_of(library, Path(path)), {})[Path(path)] = text
            else:
                problems += not_pulled(library, Path(path), text)
        except PapersError as error:
            if len(paths) == 1 and path in named:
                raise
            if len(paths) == 1:
                raise InputError(f"{sanitize(path)}: {error.message}", error.hint) from error
            problems.append(f"{sanitize(path)}: {error}")
    for folder, texts in notes.items():
        place = next(iter(texts)) if len(texts) == 1 else folder
        pulls.append(pull_notes(library, str(place), texts, prefers_file=prefers_file))
    return pulls


def _copies(
    library: "Library", paths: Sequence[str], inputs: "Inputs | None"
) -> Iterator[tuple[str, str]]:
    """The files that are not read, as another of these is the same list; what to say of each."""
    from tui.files import read_input

    names = {absolute(Path(path)): path for path in paths}
    first: dict[str, str] = {}
    for path in paths if len(paths) > 1 else ():
        with suppress(PapersError):  # which the pull tells
            text = _decoded(read_input(path, MAX_BYTES, inputs))
            if original := original_of(library, Path(path), text):
                other = first.setdefault(original, names.get(original, path))
                if other != path:
                    name, same = map(short_name, (path, other))
                    yield path, f"{name}: a copy of {same}, not read; pull it alone"


def _with_file(pull: Pull) -> Iterator[str]:
    """The sentences of what a pull does not take, each with the file that it is about."""
    name = short_name(pull.file)
    for note in pull.notes:
        is_whole = not pull.name or note.startswith(PREFER_FILE)
        yield note if is_whole else f"{name}: {note[0].lower()}{note[1:]}"


def _folder_of(library: "Library", path: Path) -> Path:
    """The folder of notes that a note is in; its own if none was exported into one above."""
    from tui.exchange.note_pages import vault_of

    exported = library.state.note_folders()
    parents = path.expanduser().absolute().parents
    if folder := next((each for each in parents if str(each) in exported), None):
        return folder
    if vault := vault_of(path.expanduser().absolute()):
        in_vault = (Path(each) for each in exported if vault in Path(each).parents)
        if folder := next(in_vault, None):
            return folder
    return path.resolve().parent  # without dots, which are no name


def _lines(pull: Pull, dry_run: bool) -> Iterator[str]:
    yield f"{pull.summary} would be pulled\n" if dry_run else f"{pull}\n"
    yield from (f"  {change}\n" for change in pull.changes)


def confirmation(pulls: Sequence[Pull]) -> ConfirmationError:
    """The question whether to take what is in files, with all that they change."""
    lines: list[str] = []
    for each in pulls:
        name = f"{sanitize(Path(each.file).name, 40)}: " if len(pulls) > 1 and each.name else ""
        lines += [*(name + change for change in each.changes), *each.notes]
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


def preference(pull: Pull) -> ConfirmationError:
    """The question whether to take what the file says where both sides changed."""
    count, name = plural(pull.conflicts, "change"), sanitize(Path(pull.file).name, 40)
    notes = [each for each in pull.notes if not each.startswith(PREFER_FILE)]
    lines = [line for note in notes for line in (note, *_both(pull.sides.get(note)))]
    return ConfirmationError(
        f"{count} in {name} not taken",
        argument="prefer",
        question="Take what the file says?",
        yes="Take it",
        no="Leave it",
        lines=lines,
    )


def _both(sides: tuple[str, str] | None) -> Iterator[str]:
    """Two texts, a few lines each, from shortly before they differ."""
    if sides is None:
        return
    start = len(commonprefix(sides)) - _AHEAD  # noqa: RUF071 - by characters, as texts differ
    for place, text in zip(("library", "file"), sides, strict=True):
        part = f"…{text[start:]}" if start > _AHEAD else text
        yield f"In the {place}: {cut(sanitize(in_one_line(part)), _SHOWN) or 'nothing'}"


def not_pulled(library: "Library", path: Path, text: str) -> list[str]:
    """The changes in a note of a list, which is not pulled; a sentence each."""
    from tui.exchange.pull_notes import links_left

    name = short_name(path)
    return [f"{name}: {each}" for each in links_left(library, _folder_of(library, path), text)]


def is_pulled(library: "Library", path: Path, data: bytes) -> bool:
    """Whether a file is an exported list or note; not the index of notes, which is not pulled."""
    from tui.formats.notes import is_index

    return is_exported(library, path, data) and not is_index(data.decode("utf-8", "replace"))
