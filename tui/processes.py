"""Ending a process together with what it started."""

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
