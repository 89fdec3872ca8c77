"""Exporting from a session: what is exported, where to, and in which format."""

from collections.abc import Sequence
from dataclasses import replace
from os.path import commonprefix
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.actions.context import MANY, Context, Download, Outcome
from tui.actions.export import ABSTRACT, FORCE, TO, complete_format, export_style
from tui.actions.questions import Choice, Question
from tui.actions.registry import Argument, Where, action
from tui.errors import PapersError
from tui.exchange.export_files import (
    ExportStyle,
    document,
    export,
    part_label,
    parts_from,
)
from tui.exchange.export_paths import file_name, formats_by_extension, short_path, typed_path
from tui.model.layout import plural
from tui.model.state import Export, Item
from tui.model.text import is_inert, sanitize

if TYPE_CHECKING:
    from tui.library import Library

MAX_PATHS: Final = 50
"""Paths that are offered at once."""


_PATH_HINT: Final = "Relative to this folder, or from ~ or /; Tab completes; may be a folder."


def exported_here(context: Context) -> tuple[str, list[Item], bool]:
    """The papers that a session exports: those selected, else those shown, of a list or a query.

    Returns:
        The title, the papers, and whether the title names a list.
    """
    library, listing = context.library, context.listing
    title = listing.shown.heading
    if listing.selected:
        return title, [library.item(key) for key in context.keys], False
    if (shown_list := listing.shown_list) and listing.has_own_order:
        return shown_list, library.list_items(shown_list), True
    return title, list(listing.results), False


def _current_list(context: Context) -> tuple[str, list[Item], bool]:
    """The current reading list; see ``exported_here``."""
    library, name = context.library, context.listing.current_list
    if name is None:
        raise PapersError("No current list", f"{context.session.key_for('list.add')} makes one.")
    return name, library.list_items(name), True


def _ask_path_here(context: Context) -> Question:
    """Where to export what is shown; Tab exports the current list instead, if it is another."""
    exported = exported_here(context)
    question = _ask_path(context, exported)
    question = replace(question, lines=(_what(context, exported[1]), *question.lines))
    name = context.listing.current_list
    listing = context.listing
    if name is None or (name == listing.shown_list and listing.has_own_order):
        return question
    keys = context.library.state.reading_list(name).keys
    if not keys:
        return question
    has_all = {item.key for item in exported[1]} == set(keys)
    how = "in its own order" if has_all else "instead of these"
    whole = f"Tab, before you type: the whole list “{sanitize(name, 24)}” {how}."
    lines = (*question.lines, whole)
    return replace(question, other="write-list", lines=lines)


def _what(context: Context, items: Sequence[Item]) -> str:
    """How many papers are exported, as the name of what is shown does not tell."""
    session, count = context.session, plural(len(items), "paper")
    if session.listing.selected:
        return f"{count}, as selected."
    if decided := session.listing.shown.decided:
        verb = "was" if decided == 1 else "were"
        drop = session.key_for("filter.refresh")
        return f"{count}, of which {decided:,} {verb} decided; {drop} first leaves those out."
    return f"{count}."


def _ask_path_of_list(context: Context) -> Question:
    """Where to export the current list; Tab exports what is shown instead."""
    question = _ask_path(context, _current_list(context))
    lines = (*question.lines, "Tab, before you type: the papers shown instead of this list.")
    return replace(question, other="write", lines=lines)


def _ask_path(context: Context, exported: tuple[str, list[Item], bool]) -> Question:
    from tui.exchange.export_records import exports_of_query, known_exports

    title, items, of_list = exported
    if not items:
        raise nothing_in(title)
    if of_list:
        return ask_export(title, known_exports(context.library.state.reading_list(title)))
    return ask_export(title, exports_of_query(context.library, title))


def nothing_in(title: str) -> PapersError:
    """The error for an export of a list or view without papers."""
    return PapersError(f"Nothing to export: {sanitize(title, 40)} is empty")


def ask_export(title: str, exports: Sequence[Export] = ()) -> Question:
    """Where to export papers, as in the last of their exports, if there are any."""
    from tui.exchange.export_records import is_notes

    last = next((each for each in exports if not is_notes(each)), None)
    return replace(
        ask_path(f"Export “{sanitize(title, 24)}” to", last.path if last else file_name(title)),
        options=parts_from(last.abstract if last else "first"),
        option_name="abstract",
        option_label=part_label,
        lines=(formats_by_extension(), _PATH_HINT),
    )


def ask_path(prompt: str, path: str) -> Question:
    """Where to write a file: typing replaces the path that is proposed."""
    value = short_path(Path(path))
    question = Question(prompt, _paths, value, words=True, common=_common, is_replaced=True)
    return replace(question, lines=(_PATH_HINT,))


def ask_format(exported: tuple[str, Sequence[Item], bool]) -> Question:
    """In which format a browser is to save papers; see ``exported_here``.

    Raises:
        PapersError: If there are none.
    """
    title, items, _ = exported
    if not items:
        raise nothing_in(title)
    return Question(
        f"Export “{sanitize(title, 24)}” as",
        [Choice(name, label) for name, label in complete_format()],
        options=parts_from("first"),
        option_name="abstract",
        option_label=part_label,
    )


def download(
    library: "Library", title: str, items: Sequence[Item], style: ExportStyle, *, of_list: bool
) -> Download:
    """Papers as a file that a browser saves; the library keeps no record of it."""
    from tui.formats import exporters

    format = style.format or exporters.DEFAULT
    name = file_name(title, exporters.named(format).EXTENSIONS[0])
    data = bytes(document(library, title, items, style, of_list=of_list))
    return Download(name, data)


def _paths(before: str, typed: str) -> list[Choice]:
    """The folders and export files that a path can go on with, from its last blank on."""
    path = before + typed
    shown = [each for each in _fitting(path) if each != path][:MAX_PATHS]
    return [Choice(each[len(before) :], each, keywords=path) for each in shown]


def _common(path: str) -> str:
    """A path with as much as all that it can go on with have in common."""
    return commonprefix(_fitting(path)) or path  # noqa: RUF071 - by characters, as shells do


def _fitting(path: str) -> list[str]:
    """The folders and export files that begin with a path."""
    from tui.formats.exporters import for_file

    start = path[: path.rfind("/") + 1]
    try:
        folder = Path(start or ".").expanduser()
        entries = sorted(folder.iterdir(), key=lambda entry: (not entry.is_dir(), entry.name))
        names = [entry.name + "/" * entry.is_dir() for entry in entries]
    except (OSError, RuntimeError, ValueError):  # no such folder, or no such home
        return []
    last = path[len(start) :]
    return [
        f"{start}{name}"
        for name in names
        if name.startswith(last) and (last or name[0] != ".")
        if (name.endswith("/") or for_file(name)) and is_inert(name)
    ]


@action(
    "write",
    Argument(
        "path",
        "file or folder",
        nargs="?",
        metavar="FILE",
        is_file=True,
        question=_ask_path_here,
        option="abstract",
        where=Where.LOCAL,
    ),
    Argument(
        "format",
        "in a browser, the format of the file that it saves",
        nargs="?",
        metavar="FORMAT",
        complete=lambda library, prefix: complete_format(),
        question=lambda context: ask_format(exported_here(context)),
        option="abstract",
        where=Where.BROWSER,
    ),
    replace(TO, where=Where.LOCAL),
    ABSTRACT,
    FORCE,
    help="export the selection, the list or the results to a file",
    group="Reading lists",
    where=Where.SESSION,
    is_slow=lambda context, options: len(context.listing.results) > MANY,
    keys="list.export  E  write  export  export what is shown, or the selection",
    synonyms="save file markdown obsidian write",
)
def write(
    context: Context,
    path: str | None = None,
    format: str | None = None,
    to: str | None = None,
    abstract: str = "first",
    force: bool = False,
) -> Outcome:
    """Exports to a file, or has the browser save one; see ``exported_here``."""
    exported = exported_here(context)
    if path is not None:
        return _write(context, exported, path, export_style(context, to, abstract), force=force)
    title, items, of_list = exported
    style = export_style(context, format, abstract)
    return Outcome(download=download(context.library, title, items, style, of_list=of_list))


@action(
    "write-list",
    Argument(
        "path",
        "file or folder",
        metavar="FILE",
        is_file=True,
        question=_ask_path_of_list,
        option="abstract",
    ),
    TO,
    ABSTRACT,
    FORCE,
    help="export the current list to a file",
    group="Reading lists",
    where=Where.SESSION & Where.LOCAL,
)
def write_list(
    context: Context, path: str, to: str | None = None, abstract: str = "first", force: bool = False
) -> Outcome:
    """Exports the current list to a file, whatever is shown."""
    style = export_style(context, to, abstract)
    return _write(context, _current_list(context), path, style, force=force)


def _write(
    context: Context,
    exported: tuple[str, list[Item], bool],
    path: str,
    style: ExportStyle,
    *,
    force: bool,
) -> Outcome:
    title, items, of_list = exported
    result = export(
        context.library,
        title,
        items,
        typed_path(path),
        style=style,
        force=force,
        of_list=of_list,
        query="" if of_list else _query_of(context, items),
    )
    return Outcome(str(result))


def _query_of(context: Context, items: Sequence[Item]) -> str:
    """The query that is shown, if its results are these papers alone: no selection."""
    query = context.listing.query
    is_whole = not context.listing.selected and [*context.library.select(query)] == [*items]
    return query.text.strip() if is_whole else ""
