"""The command that exports, and the options of all commands that do."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tui.actions.context import Context, Outcome
from tui.actions.registry import Access, Argument, Where, action, switch
from tui.actions.targets import LIST, QUERY, parse_strictly, require_list
from tui.errors import PapersError, UsageError
from tui.exchange.citation_keys import template_problems
from tui.exchange.export_files import PARTS, ExportStyle, document, export
from tui.exchange.export_paths import target_of, typed_path
from tui.model.layout import plural
from tui.model.state import Item
from tui.model.suggest import did_you_mean, nearest
from tui.model.text import normalize, sanitize

if TYPE_CHECKING:
    from tui.exchange.notes import NotesResult
    from tui.library import Library


ABSTRACT: Final = Argument(
    "abstract",
    "how much of each abstract (default first, its first sentence)",
    ("--abstract",),
    choices=PARTS,
    default="first",
)
NOTES: Final = Argument(
    "notes",
    "write a note for each paper into a folder, for Obsidian or Logseq",
    ("--notes",),
    "DIR",
    is_folder=True,
    where=Where.LOCAL,
    excludes=("output",),
)
ALL: Final = Argument(
    "everything",
    "the whole library as JSON: papers, decisions, lists, views, sources and rules",
    ("--all",),
    is_switch=True,
)
TO: Final = Argument(
    "to",
    "the format; by default that of the file's extension",
    ("--to",),
    "FORMAT",
    complete=lambda library, prefix: complete_format(),
)
OUTPUT: Final = Argument(
    "output",
    "file or folder; - is standard output",
    ("-o", "--output"),
    "FILE",
    is_file=True,
    default="-",
    where=Where.LOCAL,
)
FORCE: Final = switch("force", "replace a file that is not an export", where=Where.LOCAL)


def complete_format() -> list[tuple[str, str]]:
    """The names of the formats, each with what it is."""
    from tui.formats.exporters import named, names

    return [(name, named(name).LABEL) for name in names()]


def _complete_format_or_notes() -> list[tuple[str, str]]:
    """The same, and the formats of notes."""
    from tui.formats import notes

    return [*complete_format(), *((name, "notes, with --notes") for name in notes.FORMATS)]


def export_style(context: Context, to: str | None, abstract: str) -> ExportStyle:
    """The style that the options and the configuration ask for.

    Raises:
        UsageError: If there is no such format.
    """
    from tui.formats import notes
    from tui.formats.exporters import for_file, names

    to = to if to in (None, *names()) else for_file(f".{to}") or to
    if to in notes.FORMATS:
        raise UsageError(f"Not an export format, but one of notes: {to}", "Pass --notes DIR.")
    if to and to not in names():
        hint = did_you_mean(nearest(to, names()), f"Formats: {', '.join(names())}.")
        raise UsageError(f"Not an export format: {sanitize(to, 40)}", hint)
    for problem in template_problems(context.settings):
        raise UsageError(problem, "Fix the file.")
    return ExportStyle(to or "", abstract, context.settings.citation_key)


EXPORT: Final = Access(write=True, or_read_only=True, wait=0.2)
"""The access of an export that writes files: an instance that has the lock records them."""


def export_access(options: Mapping[str, Any]) -> Access:
    """The access of an export, which may go to standard output."""
    is_recorded = options.get("output", "-") != "-" or options.get("notes") is not None
    return replace(EXPORT, write=is_recorded)


@action(
    "export",
    replace(LIST, nargs="?"),
    replace(QUERY, help="all papers matching Q, instead of a list"),
    OUTPUT,
    ALL,
    NOTES,
    replace(TO, complete=lambda library, prefix: _complete_format_or_notes()),
    ABSTRACT,
    FORCE,
    help="export a list or the results of a query; alone, name what was exported",
    phrases={"export": "Exported"},
    group="Reading lists",
    access=export_access,
)
def run_export(
    context: Context,
    name: str | None = None,
    query: str | None = None,
    output: str = "-",
    everything: bool = False,
    notes: str | None = None,
    to: str | None = None,
    abstract: str = "first",
    force: bool = False,
) -> Outcome:
    """Exports to a file or to standard output, or a note for each paper into a folder.

    Without a list or a query, names what was exported.

    Raises:
        UsageError: If not exactly one of a list and a query is given, if part of the query is not
            understood, or if there is no such format.
        ConfirmationError: If the file is not an export of this list, or was edited.
    """
    from tui.actions.exported import show_exports

    library = context.library
    if (name, query, output, everything, notes, to) == (None, None, "-", False, None, None):
        return show_exports(library)
    if everything:
        if name is not None or query is not None or notes is not None or to not in (None, "json"):
            raise UsageError("--all is the whole library, as JSON", "Leave the others out.")
        return _export_all(library, output, force)
    style = export_style(context, to if notes is None else None, abstract)
    title, items, remarks = _chosen(library, name, query)
    of_list = name is not None
    if notes is not None:
        from tui.exchange.notes import export_notes, exported_format, format_for

        folder = Path(notes)
        format = format_for(folder, to or exported_format(library, folder))
        of = title if of_list else None
        written = export_notes(
            library, items, folder, of, format, settings=context.settings, force=force
        )
        return notes_outcome(library, written, remarks)
    if output == "-":
        text = str(document(library, title, items, style, of_list=of_list))
        return Outcome(text=text, notes=tuple(remarks))
    from tui.actions.record import not_recorded

    result = export(
        library,
        title,
        items,
        typed_path(output),
        style=style,
        force=force,
        of_list=of_list,
        query=query or "",
    )
    return Outcome(
        str(result), notes=(*remarks, *not_recorded(library)), unrecorded=result.unrecorded
    )


def _chosen(
    library: "Library", name: str | None, query: str | None
) -> tuple[str, list[Item], list[str]]:
    """The title of a list or a query, its papers, and what is to be said of them.

    Raises:
        UsageError: If there is not exactly one of them, or if there is no such list or query.
    """
    if name is not None and query is not None:
        raise UsageError("Pass a list or --query, not both", "Leave one out, or query list:NAME.")
    if name is not None:
        query_hint = f"For papers matching a query: --query {shlex.quote(normalize(name, 60))}."
        title = require_list(library, name, query_hint)
        return title, library.list_items(title), []
    if query is None:
        raise UsageError("Pass a list or --query Q", "papers-tui lists shows the lists.")
    parsed = parse_strictly(library, query)
    items, notes = list(library.select(parsed)), library.search.notes(parsed)
    if not items:
        notes = [*notes, "Nothing matches", *library.search.drop_notes(parsed)]
    return query, items, notes


def notes_outcome(library: "Library", written: "NotesResult", remarks: Sequence[str]) -> Outcome:
    """The outcome of an export of notes."""
    if library.read_only_reason and not library.is_open_elsewhere:
        remarks = (*remarks, f"Not recorded, so not to be pulled: {library.read_only_reason}")
    hints = [written.hint] if written.hint else []
    return Outcome(
        str(written),
        notes=(*remarks, *map(str, written.problems), *hints),
        unrecorded=written.unrecorded,
        exit_code=int(bool(written.problems)),
    )


def _export_all(library: "Library", output: str, force: bool) -> Outcome:
    """The whole library, to a file or to standard output.

    Raises:
        ConfirmationError: If the file is not as it was last written.
        PapersError: If there are no papers, as no library could import it.
    """
    from tui.exchange.library_json import library_json
    from tui.exchange.written_files import write_file

    if not library.papers:
        raise PapersError(
            "This library has no papers", "Import some first: views and rules come with papers."
        )
    if output == "-":
        return Outcome(text=library_json(library))
    target, _ = target_of(typed_path(output), "library", "json")
    unrecorded = write_file(library, target, library_json(library).encode(), force=force)
    count = plural(len(library), "paper")
    message = f"Exported the library, {count}, to {sanitize(str(target), 200)}"
    return Outcome(message, unrecorded=unrecorded)
