"""The imports of a library: listed, undone and redone at any time; and the sample papers."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from tui.actions.context import Context, Outcome
from tui.actions.find import imports_query
from tui.actions.open import corpus
from tui.actions.registry import JSON, WRITE, Argument, Need, Where, action, switch
from tui.actions.targets import changed
from tui.errors import ConfirmationError, PapersError
from tui.model.imports import SAMPLE
from tui.model.layout import plural
from tui.model.text import sanitize

if TYPE_CHECKING:
    from tui.library import Library
    from tui.model.state import Change
    from tui.search.items import ImportState

_undoing = partial(action, group="Import", access=WRITE, is_slow=True, on_request=True)


def describe(state: "ImportState") -> str:
    """The number of papers that an import brought, and of those left to decide."""
    if not state.is_live:
        return "undone"
    known = state.papers - state.new
    counts = {"new": state.new, "known": known, "left": state.undecided}
    return ", ".join(f"{n:,} {name}" for name, n in counts.items() if n) or "no papers"


def imported_at(state: "ImportState") -> str:
    """When, in the user's zone, to the minute."""
    return f"{datetime.fromisoformat(state.head.at).astimezone():%Y-%m-%d %H:%M}"


def source_of(state: "ImportState") -> str:
    """Where it is from; of a paste without its time, as that of the import is always beside it."""
    source = sanitize(state.head.source).removesuffix(f" {imported_at(state)}")
    return source or "unknown: its file is missing or damaged"


@action("imports", JSON, help="list imports, undo or redo them", group="Import")
def run_imports(context: Context) -> Outcome:
    """All imports, newest first."""
    states = context.library.imports.all()
    rows = [(imported_at(each), each.head.id, source_of(each), describe(each)) for each in states]
    data = [
        {
            "id": each.head.id,
            "at": each.head.at,
            "source": each.head.source,
            "records": each.head.count,
            "papers": each.papers,
            "new": each.new,
            "undecided": each.undecided,
            "undone": not each.is_live,
        }
        for each in states
    ]
    message = "" if states else "No imports yet. papers-tui import FILE adds a page."
    return Outcome(message, rows=rows, data=data)


def _complete_import(library: "Library", prefix: str) -> list[tuple[str, str]]:
    imports = library.imports.all()
    return [(each.head.id, f"{imported_at(each)} {source_of(each)}") for each in imports]


IMPORT: Final = Argument(
    "name",
    "its source or id, or a unique prefix of it",
    metavar="ID|SOURCE",
    complete=_complete_import,
)


@action(
    "imports show",
    IMPORT,
    JSON,
    help="list the papers of an import, those that it brought first",
    group="Import",
)
def run_show(context: Context, name: str) -> Outcome:
    """The papers of an import that is not undone: ``new`` if no older import has them.

    Raises:
        PapersError: If there is none.
    """
    from tui.query import parse

    id = _find(context.library, name, is_live=True)
    query = f"import:{id}"
    if context.workspace is not None and not context.as_json:
        return Outcome(query=query)
    items = context.library.select(parse(query))
    news = [("new" if item.paper.imports[:1] == (id,) else "known", item) for item in items]
    news.sort(key=lambda pair: pair[0] == "known")
    new = sum(word == "new" for word, _ in news)
    rows = [
        (word, item.key, str(item.state.status), item.paper.display_title) for word, item in news
    ]
    data = [
        {"key": item.key, "title": item.paper.title, "new": word == "new"} for word, item in news
    ]
    return Outcome(f"{new:,} new, {len(news) - new:,} known", rows=rows, data=data)


@_undoing(
    "imports undo",
    IMPORT,
    help="undo an import",
)
def run_undo(context: Context, name: str) -> Outcome:
    """Undoes an import, at any time; of several from one source, the newest that is not undone.

    Raises:
        PapersError: If there is none.
    """
    change, _, stay = _take_out(context.library, [_find(context.library, name, is_live=True)])
    return replace(changed(context.library, change), notes=(stay,) if stay else ())


def _take_out(library: "Library", ids: Sequence[str]) -> "tuple[Change | None, list[str], str]":
    """Undoes imports.

    Args:
        ids: At least one.

    Returns:
        The change, the keys of the papers that are gone, and a message about those that are not;
        empty if none.
    """
    from tui.query import parse

    items = library.select(parse(imports_query(ids)))
    keys = [item.key for item in items]
    change = library.set_imports(ids, is_live=False)
    removed = [key for key in keys if key not in library]
    stay = len(keys) - len(removed)
    verb = "stays, as another import has it" if stay == 1 else "stay, as other imports have them"
    return change, removed, f"{plural(stay, 'paper')} {verb}" if stay else ""


@_undoing(
    "imports redo",
    IMPORT,
    help="redo an import that was undone",
)
def run_redo(context: Context, name: str) -> Outcome:
    """Brings an undone import back; the sample papers also if they never were here.

    Raises:
        PapersError: If there is none.
    """
    library = context.library
    if name == SAMPLE and not any(each.head.is_sample for each in library.imports.all()):
        report = library.add([r for paper in corpus() for r in paper.records], SAMPLE)
        return Outcome(
            f"Imported: {plural(len(report.titles), 'sample paper')}",
            query=context.shown if context.workspace else None,
        )
    id = _find(library, name, is_live=False)
    outcome = changed(library, library.set_imports([id], is_live=True))
    return replace(outcome, subject=f"{outcome.subject}{_decided_note(context, id)}")


def _decided_note(context: Context, id: str) -> str:
    """How many papers of an import are decided, so that the inbox lacks them; empty if none."""
    state = next(each for each in context.library.imports.all() if each.head.id == id)
    if not (decided := state.papers - state.undecided):
        return ""
    count = f"{decided:,} of {state.papers:,}" if state.undecided else f"all {decided:,}"
    key = context.workspace.key_for("view.all") if context.workspace else ""
    return f", {count} decided{f'; {key} shows all' if key else ''}"


def _find(library: "Library", name: str, *, is_live: bool) -> str:
    """The id of the newest import of a source, else of the one that begins with a text."""
    imports = library.imports.all()
    candidates = [each for each in imports if each.is_live is is_live]
    matches = [each for each in candidates if each.head.source == name][:1]
    matches = matches or [
        each
        for each in candidates
        if name and (each.head.id.startswith(name) or each.head.source.startswith(name))
    ]
    shown = sanitize(name, 60)
    if not matches and any(name in (each.head.source, each.head.id) for each in imports):
        if is_live:
            raise PapersError(f"Already undone: {shown}", "papers-tui imports redo brings it back.")
        raise PapersError(f"Nothing to redo: {shown} is not undone")
    if not matches:
        state = "No import" if is_live else "No undone import"
        raise PapersError(f"{state} “{shown}”", "papers-tui imports lists them.")
    if len(matches) > 1:
        raise PapersError(f"{len(matches)} imports begin with “{shown}”", "Type more of it.")
    return matches[0].head.id


@_undoing(
    "remove-samples",
    switch("yes", "without asking"),
    help="remove the sample papers from the library",
    where=Where.SESSION,
    needs=Need.SAMPLES,
    keys="samples.remove  g x  remove-samples  drop samples  remove the sample papers  9",
)
def remove_samples(context: Context, yes: bool = False) -> Outcome:
    """Undoes the import of the shipped corpus.

    Raises:
        ConfirmationError: If any of its papers is decided, noted or tagged, unless the user agreed.
    """
    from tui.query import parse

    library = context.library
    samples = [each for each in library.imports.all() if each.head.is_sample and each.is_live]
    if not samples:
        return Outcome("No sample papers here")
    ids = [each.head.id for each in samples]
    decided_keys = {item.key for item in library.select(parse("is:decided"))}
    if not yes:
        _require_unused(library, ids, decided_keys)
    change, gone, stay = _take_out(library, ids)
    decided = sum(key in decided_keys for key in gone)
    lost = f" ({decided} decided)" if decided else ""
    message = f"Removed {plural(len(gone), 'sample paper')}{lost}"
    return Outcome(message, change, notes=(stay,) if stay else ())


def _require_unused(library: "Library", ids: Collection[str], decided: Collection[str]) -> None:
    """Raises a ``ConfirmationError`` if anything is set of papers that these imports alone have."""
    from tui.query import parse

    items = library.select(parse(imports_query(ids)))
    own = [item for item in items if set(item.paper.imports) <= set(ids)]
    states = [item.state for item in own]
    listed, noted = sum(bool(s.lists) for s in states), sum(bool(s.note) for s in states)
    counts = {
        "decided": sum(item.key in decided for item in own),
        "in a list" if listed == 1 else "in lists": listed,
        "starred": sum(s.starred for s in states),
        "with a note" if noted == 1 else "with notes": noted,
        "tagged": sum(bool(s.tags) for s in states),
    }
    if parts := ", ".join(f"{count:,} {name}" for name, count in counts.items() if count):
        raise ConfirmationError(
            f"Of {plural(len(own), 'sample paper')}: {parts}",
            argument="yes",
            question=f"Remove all {plural(len(own), 'sample paper')}?",
            yes="Remove",
            no="Keep them",
            is_expected=True,
        )
