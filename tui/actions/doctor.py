"""The verbs that tell: statistics, the log, and a check of everything."""

import os
import platform
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from tui import __version__, config
from tui.actions import history, open, restore
from tui.errors import PapersError
from tui.library import Library
from tui.model.state import Change, Status
from tui.model.text import plural
from tui.query import Field, parse
from tui.search import Reason


def stats(library: Library) -> dict[str, Any]:
    """The numbers of a library: papers by status, tag and list, and papers decided by day."""
    counts = library.counts()
    days = history.by_day(history.sessions(library.history()))
    return {
        "papers": counts.total,
        "status": {str(status): counts.by_status.get(status, 0) for status in Status},
        "starred": counts.starred,
        "tags": dict(counts.tags),
        "lists": library.index.counts(Field.LIST),
        "decided_by_day": {day.isoformat(): count for day, count in sorted(days.items()) if count},
    }


def why(library: Library, key: str, text: str) -> list[Reason]:
    """For each term of a query, whether a paper satisfies it, and by what.

    Args:
        library: The library.
        key: Any unique beginning of a paper's key.
        text: The query.

    Raises:
        PapersError: If no paper, or more than one, has such a key.
    """
    library.index.prepare()
    return library.index.why(parse(text), library.resolve(key))


def change_record(change: Change) -> dict[str, Any]:
    """A change as the log's JSON has it."""
    return {
        "id": change.id,
        "at": change.at,
        "verb": change.verb,
        "papers": list(change.keys),
        "undoes": change.undoes,
        "edits": [edit._asdict() for edit in change.edits],
    }


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    text: str
    hint: str = ""
    """What to do; only where something is wrong."""
    wrong: bool = False


def doctor(option: str | None, key_problems: Sequence[str]) -> list[Finding]:
    """Looks at everything that papers-tui depends on, and changes nothing.

    Args:
        option: The library folder named on the command line.
        key_problems: What is wrong with the user's keymap, found where keys are known.
    """
    found = [
        Finding("papers-tui", __version__),
        Finding("python", f"{platform.python_version()} on {platform.system()}"),
        Finding("textual", _version("textual")),
        Finding("tinydb", _version("tinydb")),
    ]
    settings, problems = _settings(found)
    found += [
        Finding("configuration", problem, "mend the line", wrong=True) for problem in problems
    ]
    found += [
        Finding("keys", problem, "see papers-tui keys", wrong=True) for problem in key_problems
    ]
    found += _library(option, settings)
    found += _terminal()
    return found


def _settings(found: list[Finding]) -> tuple[config.Config, list[str]]:
    path = config.config_path()
    try:
        settings, problems = config.load(path)
    except PapersError as error:
        found.append(Finding("configuration", error.message, error.hint, wrong=True))
        return config.Config(), []
    there = "" if path.exists() else " (none yet: everything is at its default)"
    found.append(Finding("configuration", f"{path}{there}"))
    return settings, problems


def _library(option: str | None, settings: config.Config) -> list[Finding]:
    folder, is_default = config.library_path(option, settings)
    found = [Finding("library", str(folder))]
    if not Library.exists(folder):
        if is_default:
            text = "not made yet: the first command makes it from the shipped corpus"
            return [*found, Finding("papers", text)]
        return [*found, Finding("papers", "there is no library here", "import a page", wrong=True)]
    machine = config.machine_name()
    try:
        with Library.open(folder, machine, write=False) as library:
            counts = library.counts()
            found.append(Finding("papers", f"{counts.total:,}, {counts.unread:,} unread"))
            changes = library.history()
            found.append(Finding("journal", plural(len(changes), "change")))
            for path, line in library.damaged_lines:
                text = f"{path}, line {line}: damaged, and left out"
                found.append(Finding("journal", text, "restore the file from a copy", wrong=True))
            if missing_papers := library.missing_papers:
                text = (
                    f"{plural(len(missing_papers), 'decision')} kept for papers that are not here"
                )
                found.append(Finding("decisions", text))
    except PapersError as error:
        found.append(Finding("library", error.message, error.hint, wrong=True))
    found += _files(folder, machine)
    if not os.access(folder, os.W_OK):
        text = f"{folder}: cannot be written; it opens for reading only"
        found.append(Finding("library", text, "check its permissions", wrong=True))
    return found


def _files(folder: Path, machine: str) -> list[Finding]:
    """The backups, and every file that cannot be read: opening names the first of them only."""
    found = []
    sources = restore.sources(folder, machine)
    for source in sources:
        name = "library" if not source.name else "backups"
        is_missing = not source.at and source.holds == restore.NONE
        if not source.is_whole and not is_missing and source.name != restore.JOURNAL:
            text = f"{source.name or source.file}: {source.holds}"
            hint = "remove it" if source.name else "see papers-tui restore"
            found.append(Finding(name, text, hint, wrong=True))
    kept = [source for source in sources if source.name not in ("", restore.JOURNAL)]
    newest = max((source.at for source in kept if source.is_whole), default="")
    told = f", the newest of {newest[:10]}" if newest else ""
    return [*found, Finding("backups", f"{len(kept)}{told}" if kept else "none yet")]


def _terminal() -> list[Finding]:
    size = shutil.get_terminal_size()
    name = os.environ.get("TERM", "not set")
    output = sys.__stdout__  # the terminal's own, also while what is printed is caught
    is_terminal = output is not None and output.isatty()
    text = f"{name}, {size.columns}x{size.lines}" if is_terminal else "none: this is not a terminal"
    found = [Finding("terminal", text)]
    encoding = (getattr(output, "encoding", None) or "").lower()
    if encoding.replace("-", "") != "utf8":
        hint = "set a UTF-8 locale, or ascii = true in the configuration"
        found.append(Finding("encoding", f"{encoding or 'unknown'}", hint, wrong=True))
    helpers = ("wl-copy", "xclip", "xsel", "pbcopy", "clip.exe")
    helper = next((tool for tool in helpers if shutil.which(tool)), None)
    through = f"{helper} and " if helper else ""
    tmux = "; in tmux: set -g set-clipboard on" if os.environ.get("TMUX") else ""
    found.append(Finding("clipboard", f"{through}the terminal's own (OSC 52){tmux}"))
    return found


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not found"


def corpus_size() -> int:
    """Papers in the shipped corpus."""
    return len(open.corpus())
