"""The imports of a library: listed, undone and redone at any time; and the sample papers."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from tui.actions.open import corpus
from tui.actions.registry import JSON, WRITE, Argument, Context, Outcome, Where, action
from tui.actions.targets import changed, library_action
from tui.errors import PapersError
from tui.model.text import plural, sanitize
from tui.storage.imports import SAMPLE

if TYPE_CHECKING:
    from tui.library import ImportState, Library
    from tui.model.state import Change


def describe(state: "ImportState") -> str:
    """What an import brought, and how much of it is still to be decided."""
    if not state.is_live:
        return "undone"
    undecided = f", {state.undecided:,} undecided" if state.undecided else ""
    return f"{plural(state.papers, 'paper')}{undecided}"


def imported_at(state: "ImportState") -> str:
    """When, in the user's zone, to the minute."""
    return f"{datetime.fromisoformat(state.head.at).astimezone():%Y-%m-%d %H:%M}"


def source_of(state: "ImportState") -> str:
    """Where it is from."""
    return sanitize(state.head.source) or "unknown: its file is missing or damaged"


@action("imports", JSON, help="list imports, undo or redo them", group="Import")
def run_imports(context: Context) -> Outcome:
    """All imports, newest first."""
    states = context.library.imports()
    rows = [(imported_at(each), each.head.id, source_of(each), describe(each)) for each in states]
    data = [
        {
            "id": each.head.id,
            "at": each.head.at,
            "source": each.head.source,
            "records": each.head.count,
            "papers": each.papers,
            "undecided": each.undecided,
            "undone": not each.is_live,
        }
        for each in states
    ]
    message = "" if states else "No imports yet. papers-tui import FILE adds a page."
    return Outcome(message, rows=rows, data=data)


def _complete_import(library: "Library", prefix: str) -> list[tuple[str, str]]:
    return [(each.head.id, source_of(each)) for each in library.imports()]


IMPORT: Final = Argument(
    "name",
    "its source, or a unique prefix of its id",
    metavar="ID|SOURCE",
    complete=_complete_import,
)


@library_action(
    "imports undo", IMPORT, help="take an import out again", group="Import", is_slow=True
)
def undo(library: "Library", name: str) -> "Change | None":
    """Undoes an import, at any time; of several from one source, the newest that is not undone.

    Raises:
        PapersError: If there is none.
    """
    return library.set_imports([_find(library, name, is_live=True)], is_live=False)


@action(
    "imports redo",
    IMPORT,
    help="bring an undone import back",
    group="Import",
    access=WRITE,
    is_slow=True,
)
def run_redo(context: Context, name: str) -> Outcome:
    """Brings an undone import back; the sample papers also if they never were here.

    Raises:
        PapersError: If there is none.
    """
    library = context.library
    if name == SAMPLE and not any(each.head.is_sample for each in library.imports()):
        report = library.add([r for paper in corpus() for r in paper.records], SAMPLE)
        return Outcome(
            f"Imported: {plural(len(report.titles), 'sample paper')}",
            query=context.shown if context.workspace else None,
        )
    return changed(
        library, library.set_imports([_find(library, name, is_live=False)], is_live=True)
    )


def _find(library: "Library", name: str, *, is_live: bool) -> str:
    """The id of the newest import of a source, else of the one whose id begins with a text."""
    imports = library.imports()
    matches = [each for each in imports if each.is_live is is_live]
    named = [each for each in matches if each.head.source == name][:1]
    named = named or [each for each in matches if name and each.head.id.startswith(name)]
    shown = sanitize(name, 60)
    if not named and any(name in (each.head.source, each.head.id) for each in imports):
        if is_live:
            raise PapersError(f"Already undone: {shown}", "papers-tui imports redo brings it back.")
        raise PapersError(f"Not undone: {shown}", "papers-tui imports lists them.")
    if not named:
        state = "No import" if is_live else "No undone import"
        raise PapersError(f"{state} “{shown}”", "papers-tui imports lists them.")
    if len(named) > 1:
        raise PapersError(f"{len(named)} ids begin with “{shown}”", "Type more of it.")
    return named[0].head.id


@action(
    "remove-samples",
    help="take the sample papers out of the library",
    group="Import",
    where=Where.SESSION,
    access=WRITE,
    is_slow=True,
    keys="samples.remove  g x  remove-samples  no samples  take the sample papers out  7",
)
def remove_samples(context: Context) -> Outcome:
    """Undoes the import of the shipped corpus."""
    library = context.library
    samples = [each for each in library.imports() if each.head.is_sample and each.is_live]
    if not samples:
        return Outcome("No sample papers here")
    change = library.set_imports([each.head.id for each in samples], is_live=False)
    papers = plural(sum(each.papers for each in samples), "sample paper")
    decided = sum(each.papers - each.undecided for each in samples)
    lost = f", with what you decided about {decided}" if decided else ""
    undo = context.session.key_for("undo")
    return Outcome(f"Removed {papers}{lost}; {undo} brings them back", change)
