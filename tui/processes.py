"""Other processes: ending one together with what it started, and the browser."""

import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ends a process that has a session of its own, and all that it started; reads what is left."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.communicate()


def open_in_browser(url: str) -> bool:
    """Opens an address in the browser, if there is one to be seen; whether it did. May take long.

    Args:
        url: An address; one that is not of the web is not opened.
    """
    import webbrowser

    has_display = any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    can_open = has_display or os.name != "posix" or os.uname().sysname == "Darwin"
    if can_open and url.startswith(("https://", "http://")):
        with suppress(webbrowser.Error, OSError):
            return webbrowser.open(url)
    return False
