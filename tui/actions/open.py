"""Opening the library for an action, and opening sessions.

The default library is created from the shipped corpus, without loading an importer.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tui import config
from tui.actions.context import Context, Outcome
from tui.actions.find import TERMS
from tui.actions.registry import READ, Access, Action, Argument, Where, action, switch
from tui.actions.targets import joined_words, parse_fully, perform
from tui.errors import LibraryError, LibraryLockedError, PapersError
from tui.files import read_file
from tui.model.text import sanitize

if TYPE_CHECKING:
    from tui.library import Library
    from tui.model.paper import Paper

HANDOVER_SECONDS: Final = 0.2
"""How long a command waits for the lock before it asks whoever has it."""


def run(action: Action, options: Mapping[str, Any], context: Context) -> Outcome:
    """Opens the library as an action needs it, runs the action, closes the library.

    Raises:
        PapersError: If it fails; nothing is changed.
    """
    access = action.access_for(options)
    if access is None:
        return perform(action, options, context)
    may_ask = action.on_request and access.write
    opening = partial(open_library, context.folder, context.settings)
    try:
        wait = HANDOVER_SECONDS if may_ask else access.wait
        library = opening(replace(access, wait=wait))
    except LibraryLockedError as error:
        if not may_ask:
            hint = f"Close it, or type :{action.name} there."
            raise LibraryLockedError(error.message, hint) from error
        from tui.actions.requests import run_elsewhere

        return run_elsewhere(action, options, context, opening)
    with library:
        outcome = perform(action, options, replace(context, opened=library))
        outcome = replace(outcome, notes=(*library.warnings, *outcome.notes))
    if not outcome.unrecorded:
        return outcome
    from tui.actions.record import record_elsewhere

    notes = record_elsewhere(outcome.unrecorded, context, opening)
    return replace(outcome, notes=(*outcome.notes, *notes))


def open_library(folder: str | None, settings: config.Config, access: Access = READ) -> "Library":
    """The library to work on; the default one is created if it is missing.

    It has the samples, unless what it is created for brings the user's own papers.

    Args:
        folder: The folder given on the command line, if any.
        settings: The user's configuration, which may ask for no samples.
        access: How to open it. A new folder given by name starts empty.

    Raises:
        LibraryError: If it is damaged, in use, or missing.
    """
    from tui.library import Library

    path, is_default = config.library_path(folder, settings)
    machine = config.machine_name(path)
    cache = config.cache_path(path)
    try:
        exists = Library.exists(path)
        is_file = path.exists() and not path.is_dir()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LibraryError(f"{reason}: {sanitize(str(path), 80)}", "Name a folder.") from error
    if not exists:
        if is_file:
            raise LibraryError(f"Not a folder: {path}", "Name a folder: --library DIR.")
        if is_default:
            with Library.open(path, machine, wait=access.wait, cache=cache) as library:
                if not len(library):
                    has_samples = settings.sample and not access.brings_papers
                    library.seed(corpus() if has_samples else ())
        elif not (access.create and access.write):
            raise LibraryError(
                f"No library in {path}",
                f"Create one with papers-tui --library {path} import FILE.",
            )
    return Library.open(
        path,
        machine,
        write=access.write,
        or_read_only=access.or_read_only,
        wait=access.wait,
        cache=cache,
    )


def corpus() -> list["Paper"]:
    """The papers of the shipped corpus.

    Raises:
        LibraryError: If it is missing or damaged.
    """
    from tui.model.paper import from_record

    path = config.corpus_path()
    try:
        records = json.loads(read_file(path))
        return [from_record(record) for record in records]
    except (OSError, ValueError, PapersError) as error:
        raise LibraryError(
            f"The shipped corpus cannot be read: {error} ({path})", "Reinstall papers-tui."
        ) from error


@action(
    "triage",
    TERMS,
    switch("plain", "lines of text, for screen readers and slow connections"),
    help="open a session on the results of a query",
    group="Triage",
    where=Where.SHELL,
    access=None,
)
def triage(context: Context, query: Sequence[str] = (), plain: bool = False) -> Outcome:
    """Opens a session: the app, or a plain one.

    Raises:
        UsageError: If a part of the query means nothing.
    """
    assert context.start is not None
    if text := joined_words(query):
        parse_fully(text, context.today())
    return Outcome(exit_code=context.start(text or None, plain))


@action(
    "serve",
    Argument(
        "port", "the port; by default any that is free", ("--port",), "N", kind=int, default=0
    ),
    help="open the app in a browser on this machine",
    group="Library",
    where=Where.SHELL,
    access=None,
)
def serve(context: Context, port: int = 0) -> Outcome:
    """Serves the app to browsers on this machine, until interrupted.

    Raises:
        PapersError: If the library cannot be opened, or the app not be served.
    """
    assert context.serve is not None
    open_library(context.folder, context.settings).close()
    return Outcome(exit_code=context.serve(port))
