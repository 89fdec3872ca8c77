"""The desktop's clipboard; the terminal has its own, reached by OSC 52."""

import codecs
import os
import shutil
import subprocess
from typing import Final

TMUX: Final = "tmux"
DESKTOP: Final = "the clipboard"
MAX_OSC52: Final = 48_000
"""Bytes of text sent by OSC 52; terminals truncate at 74 to 100 kB once encoded."""


def copy(text: str) -> str:
    """Copies a text to the desktop's clipboard, else to that of tmux. Cost: up to two seconds.

    pyperclip does it on Windows. Elsewhere it runs programs that can fail silently or hang, so
    they are run here, with a check of their exit code and a timeout.

    Returns:
        Where it is now, in words; empty if that did not work.
    """
    if os.name != "posix":
        return DESKTOP if _copy_on_windows(text) else ""
    command = _program()
    if command is None:
        return ""
    try:
        process = subprocess.run(
            command,
            input=_encoded(text, command),
            timeout=2,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # out of reach of our terminal's keys and signals
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    if process.returncode:
        return ""
    return TMUX if command[0] == TMUX else DESKTOP


def _encoded(text: str, command: list[str]) -> bytes:
    """A text as a program expects it: clip.exe takes UTF-8 for the code page of the console."""
    if command == ["clip.exe"]:
        return codecs.BOM_UTF16_LE + text.encode("utf-16-le", errors="replace")
    return text.encode(errors="replace")


def _copy_on_windows(text: str) -> bool:
    import pyperclip

    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError):
        return False
    return True


def advice() -> str:
    """Advice if a text sent to the terminal does not arrive, as a phrase; empty for none."""
    if _is_remote() or _program() is not None:
        return ""
    if os.environ.get("WAYLAND_DISPLAY"):
        return "; if it does not arrive, install wl-clipboard"
    return "; if it does not arrive, install xclip" if os.environ.get("DISPLAY") else ""


def _program() -> list[str] | None:
    """The command that copies standard input to the user's clipboard, if there is one.

    What ssh leads to has a desktop of its own, which is not the user's, unless X is forwarded.
    tmux passes OSC 52 on only if it is set to; asked by its own command, it does
    (https://github.com/tmux/tmux/wiki/Clipboard).
    """
    is_remote = _is_remote()
    if shutil.which("pbcopy") and not is_remote:
        return ["pbcopy"]
    if os.environ.get("WAYLAND_DISPLAY") and shutil.which("wl-copy") and not is_remote:
        return ["wl-copy"]
    if os.environ.get("DISPLAY"):
        if shutil.which("xclip"):
            return ["xclip", "-selection", "clipboard"]
        if shutil.which("xsel"):
            return ["xsel", "--clipboard", "--input"]
    if shutil.which("clip.exe") and not is_remote:  # WSL
        return ["clip.exe"]
    if os.environ.get("TMUX") and shutil.which("tmux"):
        return [TMUX, "load-buffer", "-w", "-"]
    return None


def _is_remote() -> bool:
    """Whether the terminal is at the other end of ssh."""
    return any(os.environ.get(name) for name in ("SSH_TTY", "SSH_CONNECTION"))
