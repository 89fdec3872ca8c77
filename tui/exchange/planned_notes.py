"""The texts that notes are to have, with what users wrote in those that are there."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tui.errors import ConfirmationError
from tui.exchange.export_records import exported_papers
from tui.exchange.note_pages import OtherFolders, Pages
from tui.exchange.note_records import ExportedNote, exported_note
from tui.model.state import Item
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.formats.notes import NoteFormat
    from tui.library import Library


@dataclass(frozen=True, slots=True)
class PaperNote:
    """A note that is to be written."""

    item: Item
    path: Path
    make: Callable[..., str]
    """Makes its text from that which is there, ``None`` if it is new; with ``force``, replaces
    managed lines that were edited, of which it else raises ``ConfirmationError``."""
    elsewhere: tuple[str, ...]
    """The other folders into which this very file was exported."""


def paper_notes(
    library: "Library",
    items: Sequence[Item],
    folder: Path,
    program: "NoteFormat",
    pages: Pages,
    new: Callable[[Item, Sequence[str]], str],
) -> Iterator[PaperNote]:
    """The notes of papers.

    Args:
        new: The text of a new note, of a paper and the names of the notes of its lists.
    """
    list_names = [pages.name(path) for path in pages.lists.values()]
    other_folders = OtherFolders(library)
    for item in items:
        lists = [pages.name(pages.lists[each]) for each in item.state.lists]
        path = pages.papers[item.key]
        elsewhere = tuple(other_folders.of(path, item.key, str(folder), program))
        records = (exported_note(library, each, item.key) for each in (str(folder), *elsewhere))
        earlier = next(filter(None, records), None)
        make = partial(_note, program, item, lists, earlier, new, list_names)
        yield PaperNote(item, path, make, elsewhere)


def index_note(
    library: "Library",
    items: Sequence[Item],
    folder: Path,
    name: str,
    program: "NoteFormat",
    pages: Pages,
) -> Callable[..., str]:
    """The function that makes the text of the note of a list; see ``PaperNote.make``."""
    id = library.state.list_ids(name)[0]
    description = library.state.reading_list(name).description
    linked = [(item, pages.name(pages.papers[item.key])) for item in items]
    held = exported_papers(library, name, folder)
    known = [pages.name(pages.papers[key]) for key in held if key in pages.papers]
    papers = (library.item(key).paper for key in held if key in library)
    known += [name for paper in papers for name in pages.usual_names(paper)]  # since renamed
    return partial(program.index, name, id, description, linked, known=known)


def _note(
    program: "NoteFormat",
    item: Item,
    lists: Sequence[str],
    earlier: ExportedNote | None,
    new: Callable[[Item, Sequence[str]], str],
    list_names: Collection[str],
    existing: str | None,
    *,
    force: bool,
) -> str:
    """The text of a note.

    Raises:
        ConfirmationError: If it says what was not pulled.
    """
    from tui.formats.exporters.markdown import exported_sum

    if existing is None or not existing.strip():
        return new(item, lists)
    if earlier and exported_sum(existing) == earlier.sum and not force:
        content = program.read(
            existing, item.paper, earlier.state, earlier.shown, read_sum=earlier.read_sum
        )
        if content.state != earlier.state or content.problems:
            raise ConfirmationError("changed since it was exported")
    return program.note(
        item,
        lists,
        existing,
        pulled=earlier.pulled if earlier else "",
        known_tags=(*earlier.shown.tags, *earlier.state.tags) if earlier else (),
        known_lists=list_names,
        force=force,
    )
