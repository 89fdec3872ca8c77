"""The desktop's clipboard; the terminal has its own, reached by OSC 52."""

import codecs
import os
import shutil
import subprocess
from typing import Final

MAX_OSC52: Final = 48_000
"""Bytes of text sent by OSC 52; terminals truncate at 74 to 100 kB once encoded."""


def copy(text: str) -> bool:
    """Copies a text to the desktop's clipboard; whether that worked. Cost: up to two seconds.

    pyperclip does it on Windows. Elsewhere it runs programs that can fail silently or hang, so
    they are run here, with a check of their exit code and a timeout.
    """
    if os.name != "posix":
        return _copy_on_windows(text)
    command = _program()
    if command is None:
        return False
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
        return False
    return process.returncode == 0


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


def _program() -> list[str] | None:
    """The command that copies standard input to this desktop's clipboard, if there is one."""
    if shutil.which("pbcopy"):
        return ["pbcopy"]
    if os.environ.get("WAYLAND_DISPLAY") and shutil.which("wl-copy"):
        return ["wl-copy"]
    if os.environ.get("DISPLAY"):
        if shutil.which("xclip"):
            return ["xclip", "-selection", "clipboard"]
        if shutil.which("xsel"):
            return ["xsel", "--clipboard", "--input"]
    if shutil.which("clip.exe"):  # WSL
        return ["clip.exe"]
    return None
