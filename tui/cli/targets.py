"""The library and the papers that a command line names."""

import argparse
from contextlib import nullcontext
from typing import TYPE_CHECKING

from tui import config
from tui.cli.output import say
from tui.errors import UsageError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tui.library import Library
    from tui.query import Query


def open_library(
    options: argparse.Namespace,
    settings: config.Config,
    *,
    write: bool = False,
    or_read_only: bool = False,
    create: bool = False,
    wait: float = 5.0,
) -> "AbstractContextManager[Library]":
    """The library that the options name, for reading or for changing; or the one that is held."""
    if options.held is not None:
        return nullcontext(options.held)
    from tui.actions import open

    return open.open_library(
        options.library, settings, write=write, or_read_only=or_read_only, create=create, wait=wait
    )


def print_diagnostics(query: "Query") -> None:
    """Says what of a query was passed over."""
    for wrong in query.diagnostics:
        say(f"{wrong.text}; did you mean {wrong.suggestion}?" if wrong.suggestion else wrong.text)


def chosen_keys(library: "Library", options: argparse.Namespace) -> list[str]:
    """The keys of the papers that were named or match a query, else of the selection."""
    from tui.query import parse

    if options.query is not None and options.keys:
        raise UsageError("papers are named by keys or by --query, not by both")
    if options.query is not None:
        query = parse(options.query)
        if query.diagnostics:
            wrong = query.diagnostics[0]
            raise UsageError(wrong.text, f"try {wrong.suggestion}" if wrong.suggestion else "")
        found = library.select(query)
        for word, near in library.index.corrections(query).items():
            raise UsageError(f"no paper has “{word}”", f"try {near[0]}")
        return found.keys()
    if not options.keys and options.selection:
        return list(options.selection)
    if not options.keys:
        raise UsageError("no papers were named", "give keys, or --query Q")
    return [library.resolve(key) for key in options.keys]
