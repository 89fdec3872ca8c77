"""Checks library, configuration and terminal."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tui import __version__, config
from tui.actions import find, keymap
from tui.actions.context import Context, Outcome
from tui.actions.registry import JSON, action, switch
from tui.errors import PapersError
from tui.exchange import citation_keys
from tui.exchange.note_templates import template_problem
from tui.model.layout import plural
from tui.model.text import sanitize
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.library import Library


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    name: str
    text: str
    hint: str = ""
    """Advice where something is wrong."""
    is_wrong: bool = False

    def record(self) -> dict[str, Any]:
        """The finding as JSON."""
        return {"name": self.name, "text": self.text, "hint": self.hint, "wrong": self.is_wrong}


def _wrong(name: str, text: str, hint: str) -> Finding:
    return Finding(name, text, hint, is_wrong=True)


def doctor(folder: str | None, *, full: bool = False) -> list[Finding]:
    """Checks everything that papers-tui depends on; changes nothing.

    Args:
        folder: The library folder given on the command line, if any.
        full: Whether to read the whole journal, which may be of years, and not what is new alone.
    """
    import platform

    findings = [
        Finding("papers-tui", __version__),
        Finding("python", f"{platform.python_version()} on {platform.system()}"),
        Finding("textual", _version("textual")),
        Finding("tinydb", _version("tinydb")),
    ]
    path = config.config_path()
    settings, problems = config.load(path)
    return [
        *findings,
        *_settings(path, settings, problems),
        *_library(*config.library_path(folder, settings), has_sample=settings.sample, full=full),
        *_terminal(),
    ]


def _settings(path: Path, settings: config.Config, problems: list[str]) -> list[Finding]:
    error = template_problem(settings)
    missing = "" if path.exists() else " (none yet: defaults apply)"
    return [
        Finding("configuration", f"{path}{missing}"),
        *(_wrong("configuration", problem, "Fix the file.") for problem in problems),
        *(
            _wrong("keys", problem, "See papers-tui keys.")
            for problem in keymap.problem_lines(settings)
        ),
        *(_wrong("view", problem, "Fix the file.") for problem in find.view_problems(settings)),
        *(
            _wrong("citation keys", problem, "Fix the file.")
            for problem in citation_keys.template_problems(settings)
        ),
        *([_wrong("notes", error.message, error.hint)] if error else []),
    ]


def _library(folder: Path, is_default: bool, *, has_sample: bool, full: bool) -> list[Finding]:
    from tui.library import Library

    findings = [Finding("library", str(folder))]
    if not Library.exists(folder):
        if is_default:
            begin = "with the sample papers" if has_sample else "empty"
            text = f"none yet: the first command creates it, {begin}"
            return [*findings, Finding("papers", text)]
        text = "no library here"
        return [*findings, _wrong("papers", text, "Import a page.")]
    machine = config.machine_name(folder)
    try:
        with Library.open(folder, machine, write=False) as library:
            findings += _contents(library, full=full)
    except PapersError as error:
        findings.append(_wrong("library", error.message, error.hint))
    findings += _files(folder)
    if not os.access(folder, os.W_OK):
        text = f"{folder}: cannot be written; it opens read-only"
        findings.append(_wrong("library", text, "Check its permissions."))
    return findings


def _contents(library: "Library", *, full: bool) -> list[Finding]:
    """The papers and the journal of a library that opens."""
    counts = library.counts()
    findings = [
        Finding("papers", f"{counts.total:,}, {counts.inbox:,} in the inbox"),
        Finding("journal", plural(library.state.change_count, "change")),
    ]
    state = library.state
    for path, line in state.verify() if full else state.damaged_lines:
        text = f"{path}, line {line}: damaged, skipped"
        findings.append(_wrong("journal", text, "Restore the file from a copy."))
    for problem in library.imports.problems(full=full):
        findings.append(_wrong("imports", problem, _LOST_IMPORT))
    if library.state.is_snapshot_ahead and not library.warnings:  # which say more
        text = "triage.json has changes whose journal is missing"
        findings.append(_wrong("journal", text, _GONE_BACK))
    for problem in library.state.list_problems():
        findings.append(_wrong("lists", problem, "Report it: this is a bug."))
    for path in library.conflict_copies:
        text = f"{path.name}: a conflict copy that a sync tool made, not merged yet"
        findings.append(_wrong("library", text, "The next change merges it, if it is intact."))
    for warning in library.warnings:
        findings.append(_wrong("journal", warning, _GONE_BACK))
    if missing_papers := library.state.missing_keys():
        count = plural(len(missing_papers), "decision")
        findings.append(Finding("decisions", f"{count} about papers not in this library"))
    return findings


_LOST_IMPORT: Final = "Copy it from another machine; its papers stay as long as papers.json does."
_GONE_BACK: Final = "Copy a newer version of its file beside it: the lines of any NAME.jsonl count."


def _files(folder: Path) -> list[Finding]:
    """The backups, and every unreadable file; opening reports only the first."""
    from tui.storage import restore
    from tui.storage.odd_entries import odd_entries

    hint = "Replace it with the real file or folder, or remove it."
    findings = [_wrong("library", problem, hint) for problem in odd_entries(folder)]
    sources = restore.sources(folder, None)
    for source in sources:
        name = "library" if not source.name else "backups"
        is_missing = not source.at and source.holds == restore.NONE
        if not source.is_whole and not is_missing:
            text = f"{source.name or source.file}: {source.holds}"
            hint = "Remove it." if source.name else "See papers-tui restore."
            findings.append(_wrong(name, text, hint))
    backups = [source for source in sources if source.name]
    newest = max((source.at for source in backups if source.is_whole), default="")
    age = f", newest {newest[:10]}" if newest else ""
    return [*findings, Finding("backups", f"{len(backups)}{age}" if backups else "none yet")]


def _terminal() -> list[Finding]:
    import shutil

    size = shutil.get_terminal_size()
    name = os.environ.get("TERM", "not set")
    output = sys.__stdout__  # the terminal's own, also while an app draws
    is_terminal = output is not None and output.isatty()
    text = f"{name}, {size.columns}x{size.lines}" if is_terminal else "none: this is not a terminal"
    findings = [Finding("terminal", text)]
    if not config.has_unicode():
        encoding = os.environ.get("LC_ALL") or getattr(sys.__stderr__, "encoding", None)
        hint = "Drawn in ASCII. Set a UTF-8 locale, or ascii = false in the configuration."
        findings.append(_wrong("encoding", sanitize(encoding or "unknown", 40), hint))
    helpers = ("wl-copy", "xclip", "xsel", "pbcopy", "clip.exe")
    helper = next((tool for tool in helpers if shutil.which(tool)), None)
    through = f"{helper} and " if helper else ""
    tmux = "; in tmux: set -g set-clipboard on" if os.environ.get("TMUX") else ""
    findings.append(Finding("clipboard", f"{through}the terminal's own (OSC 52){tmux}"))
    return findings


def _version(name: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not found"


@action(
    "doctor",
    switch("full", "read every line of the journal, not only new ones"),
    JSON,
    help="check library, configuration and terminal",
    group="Library",
    access=None,
    reports_settings=True,
)
def run_doctor(context: Context, full: bool = False) -> Outcome:
    """The checks and their results; exit code 1 if anything is wrong."""
    findings = doctor(context.folder, full=full)
    return Outcome(
        rows=[
            ("✗" if f.is_wrong else "✓", f.name, f"{f.text}. {f.hint}" if f.hint else f.text)
            for f in findings
        ],
        data=[finding.record() for finding in findings],
        exit_code=1 if any(finding.is_wrong for finding in findings) else 0,
    )
