"""Taking the changes that were made in notes of papers."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.errors import InputError, PapersError
from tui.exchange.merge import Merge, Statement
from tui.exchange.messages import sentence, short_name
from tui.exchange.note_pages import OtherFolders, Pages, is_cut_note
from tui.exchange.note_records import ExportedNote, exported_note
from tui.files import read_text
from tui.model.layout import plural
from tui.model.state import Status

if TYPE_CHECKING:
    from tui.formats.notes import NoteFormat
    from tui.library import Library
    from tui.model.state import Export


_LINK: Final = re.compile(r"[-*+] +(?:\[([ xX])\] +|[A-Z-]+ +)?\[\[([^\[\]]*)\]\]")
"""A paper in the note of a list, and its tick."""
_LINKED: Final = re.compile(r"\[\[([^\[\]]*)\]\]")


def merge_notes(
    library: "Library", texts: Mapping[Path, str], *, prefers_file: bool = False
) -> Merge:
    """Merges notes of papers.

    Args:
        library: The library.
        texts: Their texts, by path.
        prefers_file: See ``Merge``.
    """
    merge = _NoteMerge(library, prefers_file=prefers_file)
    for path in sorted(texts, key=_copies(library, texts).__contains__):
        place = short_name(path)
        try:
            merge.take_note(path, place, texts[path])
        except InputError as error:
            merge.leave(f"{place}: {error.message}; the note is not read")
        merge.end_note(path)
    merge.tell_left()
    return merge


def _copies(library: "Library", texts: Mapping[Path, str]) -> set[Path]:
    """The notes beside which there is another of the same paper, the one that was exported.

    Cost: reads all notes of the folder, if there are two of a paper.
    """
    from tui.formats.notes import format_of

    found: dict[str, list[Path]] = {}
    copies: set[Path] = set()
    for path, text in texts.items():
        if (program := format_of(text)) and (key := program.key_of(text)):
            found.setdefault(key, []).append(path)
    for key, paths in found.items():
        if len(paths) < 2 or (program := format_of(texts[paths[0]])) is None:
            continue
        for folder in library.state.folders_of(key):
            original = Pages(Path(folder), program, library, [key]).papers.get(key)
            if any(path.absolute() == original for path in paths):
                copies.update(path for path in paths if path.absolute() != original)
    return copies


def edited_notes(library: "Library", export: "Export") -> dict[Path, str]:
    """The texts of the notes of a list that say what was not pulled, by their paths.

    Args:
        library: The library; it is only read.
        export: An export of the list as notes.

    Cost: reads all notes of the folder, if it is there.
    """
    from tui.formats.notes import named

    program, folder = named(export.format), Path(export.path)
    papers = Pages(folder, program, library, export.held).papers
    edited = dict(_cut_notes(library, folder, set(export.held) - papers.keys()))
    for key, path in papers.items():
        exported = exported_note(library, export.path, key)
        paper_key = library.papers.own_key(key)
        if exported is None or paper_key not in library or paper_key not in export.held:
            continue
        try:
            text = read_text(path)
            content = program.read(
                text,
                library.item(paper_key).paper,
                exported.state,
                exported.shown,
                read_sum=exported.read_sum,
            )
        except (OSError, UnicodeDecodeError):
            continue
        except InputError:  # of which a pull tells
            edited[path] = text
        else:
            if content.state != exported.state or content.problems:
                edited[path] = text
    return edited


def _cut_notes(library: "Library", folder: Path, keys: Iterable[str]) -> Iterator[tuple[Path, str]]:
    """What is left of the notes of papers that were cut in their properties, by their names."""
    from tui.formats.notes.base import file_name

    for key in keys:
        if key in library:
            path = folder / file_name(library.item(key).paper)
            with suppress(OSError, UnicodeDecodeError):
                if is_cut_note(library, path, text := read_text(path)):
                    yield path, text


def links_left(library: "Library", folder: Path, text: str) -> Iterator[str]:
    """The ticks and links that were changed in the note of a list, and are not pulled.

    Args:
        library: The library.
        folder: That into which the list was exported.
        text: The note.

    Yields:
        A sentence each.

    Cost: reads all notes of the folder, if the managed lines were edited.
    """
    from tui.formats.checklist import BEGIN
    from tui.formats.exporters.markdown import exported_sum
    from tui.formats.notes import format_of
    from tui.formats.notes.base import with_plain_links

    program = format_of(text)
    if program is None or program.managed_sum(text) == exported_sum(text):
        return
    held = _held(library, folder, program.list_of(text))
    pages = Pages(folder, program, library, held)
    papers = ((key, library.item(key).paper) for key in held if key in library)
    keys = {name: key for key, paper in papers for name in pages.usual_names(paper)}
    keys |= {pages.name(path): key for key, path in pages.papers.items() if key in library}
    linked: list[str] = []
    begin, end = text.find(BEGIN), text.rfind("papers-tui:end")
    first, last = (text.count("\n", 0, place) + 1 for place in (begin, end))
    for number, line in enumerate(text.splitlines(), 1):
        link = _LINK.match(with_plain_links(line)) if first < number < last else None
        key = keys.get(link[2], "") if link else ""
        if link and held and key not in held:
            yield f"line {number}: moves below with the next export"
        linked += [key] if key in held and key not in linked else []
        exported = exported_note(library, str(folder), key) if key else None
        if link and link[1] and exported:
            is_read, item = link[1] in "xX", library.item(key)
            if is_read not in (exported.shown.box == "x", item.state.status is Status.READ):
                fact = f"line {number}: not pulled; tick it in its own note"
                yield sentence(fact, item.paper.display_title)
    there = [key for key in held if key in keys.values()]
    if gone := len(there) - len(linked):
        links = plural(gone, "deleted link")
        yield f"{links} not pulled; remove papers from the list in papers-tui"
    if linked != [key for key in there if key in linked]:
        yield "order not pulled; reorder the list in papers-tui"


def _held(library: "Library", folder: Path, id: str | None) -> tuple[str, ...]:
    """The papers of a list, in order, when it was last exported to a folder."""
    from tui.exchange.export_records import exported_papers

    lists = (each.name for each in library.state.lists())
    name = next((each for each in lists if id in library.state.list_ids(each)), None)
    return exported_papers(library, name, folder) if name else ()


class _NoteMerge(Merge):
    """The merge of notes."""

    def __init__(self, library: "Library", *, prefers_file: bool) -> None:
        super().__init__(library, prefers_file=prefers_file)
        self._paths: dict[str, Path] = {}
        """The note of each paper that was read."""
        self._taken: set[Path] = set()
        """The notes of which all or some was taken."""
        self._left: list[Path] = []
        """The notes that say what the library did not take."""
        self._other_folders = OtherFolders(library)

    def take_note(self, path: Path, place: str, text: str) -> None:
        """Merges one note.

        Raises:
            InputError: If it has the marks of a conflict, a property twice, or properties without
                an end.
        """
        from tui.formats.exporters.markdown import exported_sum
        from tui.formats.notes import format_of
        from tui.formats.notes.base import exported_state

        if (program := format_of(text)) is None:
            raise InputError("line 1: no --- below ends the properties", "Put it back.")
        written = program.key_of(text) or ""
        if (key := self._key_of(path, place, written)) is None:
            return
        folder, exported = self._exported(path, written, exported_sum(text))
        if exported is None:
            self.notes.append(f"{place}: not as it was last exported from here; export it once")
            return
        item = self.library.item(key)
        content = program.read(
            text,
            item.paper,
            exported.state,
            exported.shown,
            read_sum=exported.read_sum,
            known_lists=self._list_names(program, Path(folder), text),
        )
        for problem in content.problems:
            self.leave(f"{place}: {problem}")
        statement = Statement(place, content.state, content.note)
        left = len(self.notes)
        ours = exported_state(item.state, exported.state.note)
        state = self.take(key, statement, exported.state, ours)
        is_settled = not content.problems and len(self.notes) == left
        for name in content.overwritten:
            line = f"property {name} not pulled; the next export writes it again"
            self.notes.append(f"{place}: {line}")
        if content.others:
            count = plural(len(content.others), program.PART)
            verb = "moves" if len(content.others) == 1 else "move"
            self.notes.append(f"{place}: {count} of yours {verb} below with the next export")
        sum = (is_settled and program.managed_sum(text)) or exported.read_sum
        pulled = sum if sum != exported.sum else ""
        record = replace(exported, state=state, pulled=pulled)
        for each in (folder, *self._other_folders.of(path, written, folder, program)):
            update = record.field_update(each, written)
            if self.library.state.value(*update[:3]) != update[3]:
                self.updates.append(update)
        self._taken.add(path)

    def _key_of(self, path: Path, place: str, written: str) -> str | None:
        """The key of the paper of a note; ``None`` if there is none, or another note has it.

        Args:
            written: The key that the note says.
        """
        try:
            key = self.library.resolve(written)
        except PapersError:
            self.leave(sentence(f"{place}: no such paper", written))
            return None
        if (earlier := self._paths.setdefault(key, path)) != path:
            name = short_name(earlier)
            self.notes.append(f"{place}: not read; {name} is of the same paper")
            return None
        return key

    def end_note(self, path: Path) -> None:
        """Keeps apart the notes that say what the library did not take."""
        self._left += [path] if self.is_unsettled else []
        self.is_unsettled = False

    def tell_left(self) -> None:
        """Tells which notes what was not taken holds up, and that it does no other."""
        if self._left:
            count = len(self._left)
            held = f"{short_name(self._left[0])} is" if count == 1 else f"These {count} notes are"
            others = "; others are pulled" if self._taken.difference(self._left) else ""
            self.notes.append(f"{held} not exported until this is resolved{others}")

    def _list_names(self, program: "NoteFormat", folder: Path, text: str) -> set[str]:
        """The names of the notes of lists. Cost: reads all notes, if some were renamed."""
        from tui.formats.notes.base import LISTS, plain_name

        plain = [plain_name(each.name) for each in self.library.state.lists()]
        names = {*plain, *(f"{name} (list)" for name in plain)}
        lines = (line for line in text.splitlines() if line.lstrip("\t -").startswith(LISTS))
        if all(names.issuperset(_LINKED.findall(line)) for line in lines):
            return names
        pages = Pages(folder, program, self.library)
        pages.name_lists(self.library)
        return {pages.name(path) for path in pages.lists.values()}

    def _exported(self, path: Path, key: str, sum: str) -> tuple[str, ExportedNote | None]:
        """The folder into which a note was exported, and what it said.

        A note without its end is that of its folder; one that was copied that of its text.
        """
        parents = {str(parent) for parent in path.expanduser().absolute().parents}
        folders = self.library.state.folders_of(key)
        for folder in sorted(folders, key=lambda name: (name not in parents, -len(name))):
            exported = exported_note(self.library, folder, key)
            if exported and (exported.sum == sum or (not sum and folder in parents)):
                return folder, exported
        return "", None
