"""The command that pulls what changes in exported files, and exports what changes in lists."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Final, NoReturn

from tui.actions.context import Context, Outcome
from tui.actions.registry import Access, Argument, Where, action, actions_of
from tui.errors import InputError, LibraryLockedError, PapersError
from tui.exchange.merge import PREFER_FILE
from tui.exchange.messages import short_name
from tui.files import is_there
from tui.model.layout import plural
from tui.model.text import sanitize

if TYPE_CHECKING:
    from tui.actions.pull import Pull
    from tui.exchange.export_files import ExportResult
    from tui.exchange.note_pages import Pages
    from tui.exchange.notes import NotesResult
    from tui.formats.notes import NoteFormat
    from tui.library import Library
    from tui.model.state import Export, ReadingList

SECONDS: Final = 1.0
"""Between two looks."""
Stamp = tuple[int, int, int]
"""Tells two versions of a file apart: the times of its contents and its inode, and its size."""


@action(
    "watch",
    Argument("folder", "the folder", metavar="DIR", is_folder=True),
    help="pull changed files of a folder and export changed lists, until Ctrl+c",
    group="Reading lists",
    where=Where.SHELL,
    access=None,
)
def run_watch(context: Context, folder: str) -> Outcome:
    """Watches until interrupted.

    Raises:
        PapersError: If nothing was exported into the folder.
    """
    from tui.actions.open import open_library

    path, name = Path(folder).expanduser(), sanitize(folder)
    if not is_there(path):
        raise InputError(f"No such folder: {name}", "Name one that lists are exported into.")
    try:
        with open_library(context.folder, context.settings) as library:
            watch = Watch(context, library, path)
            if not (count := len(watch.files())):
                raise InputError(
                    f"No exported list or note in {name}",
                    f"Export one into it: papers-tui export LIST -o {name}",
                )
            context.say(f"Watching {plural(count, 'file')} in {name}; Ctrl+c ends it")
            watch.run(sleep)
    except KeyboardInterrupt:
        return Outcome(f"No longer watching {name}", exit_code=130)


class Watch:
    """Compares the files of a folder with the library, again and again.

    A file or a list is dealt with once it was the same at two looks, so that what a program writes
    in parts, or a user decides in a row, is one change. It only plans in its own library: for each
    change one is opened anew, or the session that has the lock makes it.
    """

    def __init__(self, context: Context, library: "Library", folder: Path) -> None:
        """Has looked at nothing yet.

        Args:
            context: The environment of the commands.
            library: The library, open for reading.
            folder: The folder, which may be missing.
        """
        self._context = replace(context, progress=lambda *_: None)  # lines alone, as they stay
        self._library = library
        self._folder = folder.resolve()
        self._seen: dict[Path, Stamp | None] = {}
        """The files as they were at the last look; ``None`` for one that is missing."""
        self._done: dict[Path, Stamp | None] = {}
        """The files as they were when they were pulled."""
        self._problems: dict[Path | None, tuple[str, ...]] = {}
        """The problems last reported of each file, and of the library, that still hold."""
        self._pages: dict[tuple[str, NoteFormat], Pages] = {}
        """The notes of each folder in each format, as they are at this look."""
        self._is_stale = True
        """Whether a list may differ from its files."""

    def run(self, wait: Callable[[float], None]) -> NoReturn:
        """Looks, until interrupted."""
        while True:
            for line in self.look():
                self._context.say(line)
            wait(SECONDS)

    def files(self) -> list[Path]:
        """The exported files in the folder, and if notes were exported into it, all that may be.

        Notes are found wherever they were moved to.

        Cost: lists the folder if it has notes, else none of it.
        """
        from tui.exchange.export_records import is_notes
        from tui.exchange.note_pages import markdown_files

        state = self._library.state
        exports = [export for _, export in self._exports() if not is_notes(export)]
        exports += (export for _, export in self._query_exports())
        paths = {_real(export.path): Path(export.path) for export in exports}
        if any(self._has(folder) for folder in state.note_folders()):
            for path in markdown_files(self._folder):
                paths.setdefault(_real(path), path)
        return [path for path in paths.values() if _stamp(path)]

    def look(self) -> Iterator[str]:
        """Pulls and exports what there is; what cannot be done is tried again at the next look.

        Yields:
            A sentence for each change, and for each problem that is new.
        """
        try:
            is_quiet = not self._library.refresh()
            self._is_stale |= not is_quiet
            self._pages = {}
            files = self.files()
            for path in files:
                if self._is_new(path):
                    yield from self._pull(path)
            for path in self._beside(files):
                if self._is_new(path):
                    yield from self._name_copy(path)
            if self._is_stale and is_quiet:
                self._is_stale = False
                for reading_list, export in list(self._exports()):
                    yield from self._export(reading_list, export)
                for title, export in self._query_exports():
                    yield from self._export_query(title, export)
                for folder in filter(self._has, self._library.state.note_folders()):
                    yield from self._export_notes(folder)
        except PapersError as error:
            yield from self._tell(None, str(error))
        else:
            self._problems.pop(None, None)

    def _is_new(self, path: Path) -> bool:
        """Whether a file was the same at two looks, and was not dealt with since."""
        before, self._seen[path] = self._seen.get(path), _stamp(path)
        return before == self._seen[path] != self._done.get(path)

    def _beside(self, files: Sequence[Path]) -> Iterator[Path]:
        """The Markdown files beside lists that can be pulled, but for some files; perhaps copies.

        Cost: lists the folders of these lists.
        """
        from tui.formats.exporters import is_pulled

        known = set(map(_real, files))
        lists = (export for _, export in self._exports() if is_pulled(export.format))
        for folder in sorted({Path(_real(export.path)).parent for export in lists}):
            yield from (path for path in sorted(folder.glob("*.md")) if _real(path) not in known)

    def _name_copy(self, path: Path) -> Iterator[str]:
        """Names a file once if it is a copy of an exported list."""
        from tui.files import read_file

        with suppress(OSError):
            yield from self._tell(path, *self._copy_of(path, read_file(path)))
        self._done[path] = self._seen[path]

    def _has(self, path: str) -> bool:
        return Path(_real(path)).is_relative_to(self._folder)

    def _exports(self) -> Iterator[tuple["ReadingList", "Export"]]:
        """The exports of lists in the folder."""
        from tui.exchange.export_records import known_exports

        for each in self._library.state.lists():
            yield from ((each, export) for export in known_exports(each) if self._has(export.path))

    def _query_exports(self) -> list[tuple[str, "Export"]]:
        """The exports of queries in the folder, each with its title."""
        from tui.exchange.export_records import is_known, query_exports

        exports = query_exports(self._library)
        return [each for each in exports if is_known(each[1]) and self._has(each[1].path)]

    def _pull(self, path: Path) -> Iterator[str]:
        """Pulls a file, if it says what the library does not know.

        Raises:
            PapersError: If the library cannot be changed now.
        """
        from tui.actions.pull import MAX_BYTES, is_pulled, not_pulled, pull
        from tui.files import read_input

        name = short_name(path)
        planned, left = None, list[str]()
        try:
            data = read_input(str(path), MAX_BYTES)
            if left := self._copy_of(path, data):
                pass
            elif is_pulled(self._library, path, data):
                with self._library.dry_run():
                    planned = pull(self._library, str(path), data)
            else:
                left = not_pulled(self._library, path, data.decode("utf-8", "replace"))
        except PapersError as error:
            text = str(error)
            yield from self._tell(path, text if text.startswith(f"{name}: ") else f"{name}: {text}")
        else:
            yield from self._tell(path, *left)
        if planned is not None:
            if planned.change:
                self._take(planned, data)
            if planned.changes:
                yield str(planned)
            yield from self._tell(path, *(_of_file(name, note) for note in planned.notes))
        self._done[path] = self._seen[path]
        self._is_stale = True

    def _copy_of(self, path: Path, data: bytes) -> list[str]:
        """A sentence about a copy of an exported list or note; none about any other file.

        It would be pulled, and be written with the list from then on, though it may be a backup.
        """
        from tui.exchange.export_records import known_files
        from tui.exchange.note_pages import Pages
        from tui.formats.checklist import BEGIN
        from tui.formats.notes import format_of

        name, text = short_name(path), data.decode("utf-8", "replace")
        if (program := format_of(text)) is None:
            exported = map(_real, known_files(self._library))
            if BEGIN not in text or _real(path) in exported:
                return []
            return [f"{name}: not an exported file, so not pulled; papers-tui pull takes it"]
        key, originals = program.key_of(text) or "", list[Path]()
        for folder in self._library.state.folders_of(key):
            if (folder, program) not in self._pages:
                pages = Pages(Path(folder), program, self._library, [key])
                self._pages[folder, program] = pages
            originals += filter(None, [self._pages[folder, program].papers.get(key)])
        if not originals or _real(path) in map(_real, originals):
            return []
        return [f"{name}: not read; {short_name(originals[0])} is of the same paper"]

    def _take(self, planned: "Pull", data: bytes) -> None:
        """Makes a planned change, or has the session that has the lock pull.

        Raises:
            PapersError: If the library cannot be changed now.
        """
        from tui.actions.open import HANDOVER_SECONDS
        from tui.actions.pull import pull, take
        from tui.actions.requests import run_elsewhere

        try:
            with self._opened(Access(write=True, wait=HANDOVER_SECONDS)) as library:
                take(library, planned, partial(pull, library, planned.file, data))
        except LibraryLockedError:
            command, file = actions_of("pull")["pull"], planned.file
            context = replace(self._context, inputs={file: data}, words=("pull", file))
            run_elsewhere(command, {"files": [file]}, context, self._opened)
        self._library.refresh()

    def _export(self, reading_list: "ReadingList", export: "Export") -> Iterator[str]:
        """Exports a list again, if it changed."""
        from tui.exchange.export_files import changes_since
        from tui.exchange.notes import export_as_before

        path, settings = Path(export.path), self._context.settings
        if not self._is_ready(path):
            return

        def write(library: "Library") -> "ExportResult | NotesResult":
            return export_as_before(library, reading_list.name, export, settings=settings)

        if changes := changes_since(self._library, reading_list, export):
            yield from self._write(path, changes, write)

    def _export_query(self, title: str, export: "Export") -> Iterator[str]:
        """Exports the papers of a query again, if they changed."""
        from tui.exchange import export_files

        path = Path(export.path)
        if not self._is_ready(path):
            return

        def write(library: "Library") -> "ExportResult":
            return export_files.export_query_again(library, title, export)

        if changes := export_files.query_changes(self._library, title, export):
            yield from self._write(path, changes, write)

    def _export_notes(self, folder: str) -> Iterator[str]:
        """Exports the notes in a folder again that changed, also those of no list."""
        from tui.exchange.notes import export_notes, stale_notes

        path, settings = Path(folder), self._context.settings
        if not self._is_ready(path):
            return
        for format, keys in stale_notes(self._library, folder).items():

            def write(
                library: "Library", keys: Sequence[str] = keys, format: str = format
            ) -> "NotesResult":
                items = list(map(library.item, keys))
                return export_notes(library, items, path, None, format, settings=settings)

            yield from self._write(path, f"{plural(len(keys), 'paper')} changed", write)

    def _is_ready(self, path: Path) -> bool:
        """Whether a file or a folder of notes is there, and all that was edited in it was pulled.

        What is not there was taken away by the user, who can export it again.
        """
        if _stamp(path) is None:
            return False
        is_done = all(stamp == self._done.get(each) for each, stamp in _versions(path).items())
        self._is_stale |= not is_done
        return is_done

    def _write(
        self, path: Path, changes: str, write: "Callable[[Library], ExportResult | NotesResult]"
    ) -> Iterator[str]:
        """Exports to a file or a folder of notes, but for what was edited and is not pulled."""
        from tui.actions.export import EXPORT
        from tui.actions.record import not_recorded, record_elsewhere
        from tui.exchange.notes import NotesResult

        name, before = short_name(path), _versions(path)
        try:
            with self._opened(EXPORT) as library:
                result = write(library)
                notes = [*library.warnings, *not_recorded(library)]
        except PapersError as error:
            if not self._problems.get(path):  # else a pull said why
                yield from self._tell(path, f"{name}: {error}")
            return
        notes += record_elsewhere(result.unrecorded, self._context, self._opened)
        self._library.refresh()
        left, hint = (result.problems, result.hint) if isinstance(result, NotesResult) else ((), "")
        self._is_stale |= not left  # until it is recorded
        if (written := _versions(path)) != before:
            yield f"Exported {name}: {changes}"
        if notes or left:  # of an export that is not recorded, a pull would take too little
            self._done |= written
        reported = {_real(each) for each, lines in self._problems.items() if each and lines}
        new = [str(each) for each in left if _real(each.path) not in reported]
        yield from self._tell(path, *notes, *new, *filter(None, [hint if new else ""]))

    def _opened(self, access: Access) -> "Library":
        """The library, opened anew."""
        from tui.actions.open import open_library

        return open_library(self._context.folder, self._context.settings, access)

    def _tell(self, path: Path | None, *lines: str) -> Iterator[str]:
        """The lines, unless they were the last ones reported of this file."""
        if self._problems.get(path, ()) != lines:
            self._problems[path] = lines
            yield from lines


def _real(path: str | Path) -> str:
    """A path without links; as it is if no system takes it, as any may be in a journal."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return str(path)


def _stamp(path: Path) -> Stamp | None:
    """The version of a file; ``None`` if it is missing."""
    try:
        info = path.stat()
    except (OSError, ValueError):
        return None
    return info.st_mtime_ns, info.st_ctime_ns, info.st_size


def _versions(path: Path) -> dict[Path, Stamp | None]:
    """The version of a file, or of each file in a folder of notes."""
    from tui.exchange.note_pages import markdown_files

    paths = markdown_files(Path(_real(path))) if path.is_dir() else (path,)
    return {each: _stamp(each) for each in paths}


def _of_file(name: str, sentence: str) -> str:
    """A sentence about a file, with its name once."""
    if sentence.startswith((f"{name}: ", f"{name} ", PREFER_FILE)):
        return sentence
    return f"{name}: {sentence[:1].lower()}{sentence[1:]}"
