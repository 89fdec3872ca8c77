"""Timers of the system that run commands every weekday: of systemd where it runs, else of cron."""

import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tui import config
from tui.actions.context import Context, Outcome
from tui.errors import PapersError
from tui.model.text import sanitize

SYSTEMD: Final = Path("/run/systemd/system")
"""A folder that is there while systemd runs (sd_booted(3))."""
FETCH: Final = ("fetch", "--quiet")
"""The command for fetching: it prints only what failed, as cron mails whatever is printed."""
_SERVICE: Final = """\
[Unit]
Description=papers-tui {name}

[Service]
Type=oneshot
{commands}"""
_TIMER: Final = """\
[Unit]
Description=papers-tui {name} every weekday

[Timer]
OnCalendar=Mon..Fri 07:30
RandomizedDelaySec=15m
Persistent=true

[Install]
WantedBy=timers.target
"""
_START: Final = "systemctl --user daemon-reload && systemctl --user enable --now {}.timer"


def install(
    context: Context, name: str, commands: Sequence[Sequence[str]], *, write: bool
) -> Outcome:
    """Prints a timer, or writes it where the system looks for it.

    Args:
        name: What it is for, in a word.
        commands: What it runs, one after another, whether or not one fails.

    Raises:
        PapersError: If it cannot be written.
    """
    lines = [[*_program(), *_library(context), *words] for words in commands]
    if not SYSTEMD.is_dir():
        job = sanitize("; ".join(shlex.join(words).replace("%", r"\%") for words in lines), 4_000)
        line = f"30 7 * * 1-5 {job}\n"
        if write:
            raise PapersError("There is no systemd here", f"Add a line with crontab -e: {line}")
        return Outcome("Add this line with crontab -e:", text=line)
    # A minus sign goes on after a failure, which the last command tells of.
    starts = [
        f"ExecStart={'-' * (n < len(lines))}{_for_systemd(w)}\n" for n, w in enumerate(lines, 1)
    ]
    unit_name = f"papers-tui-{name}"
    units = {
        f"{unit_name}.service": _SERVICE.format(name=name, commands="".join(starts)),
        f"{unit_name}.timer": _TIMER.format(name=name),
    }
    folder = _folder()
    if not write:
        text = "".join(f"# {folder / file}\n{unit}\n" for file, unit in units.items())
        return Outcome("--write writes these files:", text=text)
    from tui.files import make_folder, write_atomically

    try:
        make_folder(folder)
    except OSError as error:
        raise PapersError(
            f"Cannot create {folder}: {error.strerror}", "Check the folder."
        ) from error
    for file, unit in units.items():
        write_atomically(folder / file, unit.encode(), private=False)
    note = f"To start it: {_START.format(unit_name)}"
    return Outcome(f"Written: {folder / unit_name}.timer", notes=(note,))


def _folder() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "systemd" / "user"


def _program() -> list[str]:
    """The command that runs this program from anywhere, as a timer knows no PATH."""
    path = shutil.which(sys.argv[0]) if Path(sys.argv[0]).stem == config.APP else None
    return [str(Path(path).absolute())] if path else [sys.executable, "-m", "tui"]


def _library(context: Context) -> list[str]:
    """The option that names the library, if it is not the default one of the configuration."""
    folder = context.folder or os.environ.get(config.LIBRARY_VARIABLE)
    return ["--library", str(Path(folder).expanduser().absolute())] if folder else []


def _for_systemd(words: list[str]) -> str:
    """A command line as systemd reads it (systemd.service(5))."""
    escaped = (
        word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
        for word in words
    )
    return " ".join(f'"{word}"' if set(word) & set(" \t\\\"'") else word for word in escaped)
