"""Citations in a style of the user's, by pandoc where it is installed."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tui.actions.context import Context, Outcome
from tui.actions.registry import Argument, Where, action
from tui.actions.targets import KEYS, QUERY, targets
from tui.errors import InputError, PapersError
from tui.exchange.export_files import text_of
from tui.files import is_there
from tui.model.text import MAX_TEXT, sanitize, sanitize_lines

SECONDS: Final = 60
"""The time that pandoc may take."""


@action(
    "cite",
    KEYS,
    QUERY,
    Argument(
        "style",
        "a file in the Citation Style Language; ieee is ieee.csl in this folder",
        ("--style",),
        "FILE.csl",
        where=Where.LOCAL,
    ),
    Argument(
        "form",
        "plain (the default), markdown or html",
        ("--form",),
        choices=("plain", "markdown", "html"),
        default="plain",
        where=Where.LOCAL,
    ),
    help="print citations; with --style, in the style of a journal",
    group="Open and copy",
    is_slow=True,
)
def run_cite(
    context: Context,
    keys: Sequence[str] = (),
    query: str | None = None,
    style: str | None = None,
    form: str = "plain",
) -> Outcome:
    """Prints citations: one per line, or a bibliography in the order of its style.

    Raises:
        UsageError: If no papers are given, or part of the query is not understood.
        InputError: If the style is not a file.
        PapersError: If pandoc is needed and missing, or does not understand the style.
    """
    chosen = targets(context, keys, query)
    library, settings = context.library, context.settings
    items = [library.item(key) for key in chosen]
    if not items:
        return Outcome("No matching papers")
    if style is None and form == "plain":
        return Outcome(text=text_of(library, settings, "citation", items))
    return Outcome(text=by_pandoc(text_of(library, settings, "csl", items), style, form))


def by_pandoc(records: str, style: str | None, form: str) -> str:
    """A bibliography.

    Args:
        records: The papers in CSL-JSON.
        style: A file in the Citation Style Language; ``None`` for pandoc's own style.
        form: The format of pandoc.

    Raises:
        InputError: If the style is not a file.
        PapersError: If pandoc is missing, or does not understand the style.
    """
    # In pandoc's own Markdown the references stay data, and nothing is printed.
    to = "markdown_strict" if form == "markdown" else form
    command = ["pandoc", "--from=csljson", f"--to={to}", "--citeproc", "--wrap=none"]
    if style is not None:
        command.append(f"--csl={_style_file(style).absolute()}")
    try:
        process = subprocess.run(
            command, input=records.encode(), capture_output=True, check=False, timeout=SECONDS
        )
    except FileNotFoundError as error:
        raise PapersError(
            "pandoc is not installed",
            "Install it for styles, Markdown and HTML; cite alone does without.",
        ) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PapersError(f"pandoc failed: {sanitize(str(error), 120)}") from error
    if process.returncode:
        lines = process.stderr.decode(errors="replace").strip().splitlines()
        reason = sanitize(lines[-1], 160) if lines else f"exit code {process.returncode}"
        raise PapersError(f"pandoc failed: {reason}", "Check the style.")
    return sanitize_lines(process.stdout.decode(errors="replace"), MAX_TEXT)


def _style_file(style: str) -> Path:
    """The file of a style, by its path or its name: ``ieee`` is ``ieee.csl``.

    Raises:
        InputError: If there is none: pandoc would look for it on the network.
    """
    path = Path(style).expanduser()
    for file in (path.with_name(f"{path.name}.csl"), path) if path.name else ():
        if is_there(file, Path.is_file):
            return file
    raise InputError(
        f"No such style: {sanitize(style, 80)}",
        "Save one from github.com/citation-style-language/styles, and give its path.",
    )
