"""What starting costs, in processes of their own: in a real terminal, and in a shell."""

import os
import pty
import resource
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from fcntl import ioctl
from pathlib import Path
from typing import Final

PROGRAM: Final = Path(sys.executable).with_name("papers-tui")
MARKER: Final = b"first paint"
BARE: Final = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("first paint")
Bare().run()
"""
PATIENCE: Final = 60.0


class Started:
    """A program in a terminal of its own, seen until a text stands on its screen."""

    def __init__(
        self, command: Sequence[str], marker: bytes, env: Mapping[str, str], *, typed: bytes = b""
    ) -> None:
        """Returns when the marker was written.

        Args:
            command: The program and its arguments.
            marker: What it writes.
            env: Its environment.
            typed: Keys that it finds waiting when it first looks for any.

        Raises:
            TimeoutError: If the marker was not written.
        """
        self._begun = time.perf_counter()
        self.pid, self._handle = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], list(command), dict(env))
        ioctl(self._handle, termios.TIOCSWINSZ, struct.pack("HHHH", 35, 120, 0, 0))
        os.write(self._handle, typed)
        self._wait_for(marker)

    def _wait_for(self, marker: bytes) -> None:
        output = b""
        while marker not in output:
            if time.perf_counter() - self._begun > PATIENCE:
                self.end()
                raise TimeoutError(repr(output[-2_000:]))
            if select.select([self._handle], [], [], 1)[0]:
                output += os.read(self._handle, 65_536)
        self.cost = (time.perf_counter() - self._begun) * 1e3
        """Milliseconds from the start until the marker was there."""

    def idle(self, seconds: float) -> None:
        """Reads on for a while, so that the program is not held up."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            if select.select([self._handle], [], [], 0.1)[0]:
                os.read(self._handle, 65_536)

    def peak_memory(self) -> float:
        """The most memory that the program ever had, in bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return next(
            float(line.split()[1]) * 1024 for line in status.splitlines() if "VmHWM" in line
        )

    def end(self) -> None:
        """Ends it."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._handle)


def environment(home: Path) -> dict[str, str]:
    """A home that is nobody's, and a program that is compiled, as an installed one is."""
    names = ("DATA", "CONFIG", "STATE", "CACHE")
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in names}
    kept = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **folders, "HOME": str(home), "TERM": "xterm-256color"}


def bare(env: Mapping[str, str]) -> float:
    """First paint of the smallest Textual app, in milliseconds."""
    started = Started([sys.executable, "-c", BARE], MARKER, env)
    started.end()
    return started.cost


def ours(folder: Path, marker: bytes, env: Mapping[str, str]) -> float:
    """First paint of the papers of a library, in milliseconds."""
    started = Started([str(PROGRAM)], marker, _with_library(env, folder))
    started.end()
    return started.cost


def answered(folder: Path, marker: bytes, env: Mapping[str, str]) -> float:
    """Milliseconds until a key is answered on screen that was typed as the program was started."""
    started = Started([str(PROGRAM)], b"2" + marker, _with_library(env, folder), typed=b"j")
    started.end()
    return started.cost


def _with_library(env: Mapping[str, str], folder: Path) -> dict[str, str]:
    return {**env, "PAPERS_TUI_LIBRARY": str(folder)}


def whole(command: Sequence[str], env: Mapping[str, str]) -> float:
    """A process from its start to its end, in milliseconds."""
    start = time.perf_counter()
    subprocess.run(command, env=dict(env), check=True, capture_output=True)
    return (time.perf_counter() - start) * 1e3


def cpu(command: Sequence[str], env: Mapping[str, str]) -> float:
    """The time that a process has a processor, in milliseconds.

    Of two commands that take nearly the same, as it does not depend on what else runs.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=dict(env), check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3
