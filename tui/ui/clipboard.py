"""The clipboard, told truly: what a helper took is copied, what went to the terminal is sent."""

import os
import shutil
import subprocess
from typing import Final

import pyperclip

MAX_SENT: Final = 48_000
"""Bytes of text sent by OSC 52; terminals cut off somewhat above (74 to 100 kB once encoded)."""


def through_helper(text: str) -> bool:
    """Whether the desktop's clipboard took the text. May take seconds: call it off the screen.

    pyperclip finds the way on Windows. Elsewhere it runs helpers that can fail without a word, or
    wait for ever, so they are run here, with their exit code and two seconds.
    """
    if os.name == "posix":
        command = _helper()
        if command is None:
            return False
        try:
            done = subprocess.run(
                command,
                input=text.encode(errors="replace"),
                timeout=2,
                check=False,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # no key or signal of our terminal is for it
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0
    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError):
        return False
    return True


def _helper() -> list[str] | None:
    """The program that takes this desktop's clipboard from standard input."""
    if shutil.which("pbcopy"):
        return ["pbcopy"]
    if os.environ.get("WAYLAND_DISPLAY") and shutil.which("wl-copy"):
        return ["wl-copy"]
    if os.environ.get("DISPLAY"):
        if shutil.which("xclip"):
            return ["xclip", "-selection", "clipboard"]
        if shutil.which("xsel"):
            return ["xsel", "--clipboard", "--input"]
    if shutil.which("clip.exe"):  # Windows, seen from its Linux
        return ["clip.exe"]
    return None
