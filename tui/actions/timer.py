"""A timer of the system that fetches every weekday: of systemd where it runs, else of cron."""

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import Final

from tui import config
from tui.actions.context import Context, Outcome
from tui.errors import PapersError

NAME: Final = "papers-tui-fetch"
SYSTEMD: Final = Path("/run/systemd/system")
"""A folder that is there while systemd runs (sd_booted(3))."""
_SERVICE: Final = """\
[Unit]
Description=Fetch new papers

[Service]
Type=oneshot
ExecStart={command}
"""
_TIMER: Final = """\
[Unit]
Description=Fetch new papers every weekday

[Timer]
OnCalendar=Mon..Fri 07:30
RandomizedDelaySec=15m
Persistent=true

[Install]
WantedBy=timers.target
"""
_START: Final = f"systemctl --user daemon-reload && systemctl --user enable --now {NAME}.timer"


def install(context: Context, *, write: bool) -> Outcome:
    """Prints a timer, or writes it where the system looks for it.

    Raises:
        PapersError: If it cannot be written.
    """
    words = [*_program(), *_library(context), "fetch"]
    if not SYSTEMD.is_dir():
        line = f"30 7 * * 1-5 {_for_cron(words)}\n"
        if write:
            raise PapersError("There is no systemd here", f"Add a line with crontab -e: {line}")
        return Outcome("Add this line with crontab -e:", text=line)
    units = {
        f"{NAME}.service": _SERVICE.format(command=_for_systemd(words)),
        f"{NAME}.timer": _TIMER,
    }
    folder = _folder()
    if not write:
        text = "".join(f"# {folder / name}\n{unit}\n" for name, unit in units.items())
        return Outcome("--write writes these files:", text=text)
    from tui.storage.files import make_folder, write_atomically

    try:
        make_folder(folder)
    except OSError as error:
        raise PapersError(
            f"Cannot create {folder}: {error.strerror}", "Check the folder."
        ) from error
    for name, unit in units.items():
        write_atomically(folder / name, unit.encode(), private=False)
    return Outcome(f"Written: {folder / NAME}.timer", notes=(f"To start it: {_START}",))


def _folder() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "systemd" / "user"


def _program() -> list[str]:
    """What runs this program from anywhere, as a timer knows no PATH."""
    path = shutil.which(sys.argv[0]) if Path(sys.argv[0]).stem == config.APP else None
    return [str(Path(path).absolute())] if path else [sys.executable, "-m", "tui"]


def _library(context: Context) -> list[str]:
    """The option that names the library, if it is not the default one of the configuration."""
    folder = context.folder or os.environ.get(config.LIBRARY_VARIABLE)
    return ["--library", str(Path(folder).expanduser().absolute())] if folder else []


def _for_cron(words: list[str]) -> str:
    return shlex.join(words).replace("%", r"\%")


def _for_systemd(words: list[str]) -> str:
    """A command line as systemd reads it (systemd.service(5))."""
    escaped = (
        word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
        for word in words
    )
    return " ".join(f'"{word}"' if set(word) & set(" \t\\\"'") else word for word in escaped)
