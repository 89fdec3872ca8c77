"""Every way in which a terminal ends, stops, shrinks or is none."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from tests.torture.screens import environment, library
from tests.torture.tally import Tally
from tests.ui.terminals import PATIENCE, PROGRAM, Terminal
from tui.library import Library
from tui.model.state import Status

ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
SIZES: Final = (
    *((1, 1), (2, 2), (5, 1), (1, 40), (20, 5), (39, 9), (40, 10), (80, 3)),
    *((80, 24), (120, 35), (300, 80), (500, 5)),
)
SETTINGS: Final[tuple[dict[str, str], ...]] = (
    {"NO_COLOR": "1"},
    {"TERM": "xterm"},
    {"TERM": "vt100"},
    {"TERM": "screen-256color", "TMUX": "x"},
    {"TERM": "unknown-terminal"},
    {"LC_ALL": "C"},
)
SHAPES: Final = ("< /dev/null", "| cat", "2> errors", "< /dev/null > out 2> errors")

Check = Callable[[Path, str], str | None]
"""Tries one condition in a home of its own; what went wrong, or ``None``."""


def _opened(home: Path, fault: str, **env: str) -> Terminal:
    screen = Terminal(size=(80, 24), env=environment(home, fault, **env))
    screen.wait_for("1 of 268", "paste your")
    return screen


def _ended(screen: Terminal, code: int) -> str | None:
    ended = screen.wait_for_end()
    if ended != code:
        return f"ended with {ended}, not {code}"
    screen.assert_given_back()
    return "a traceback" if b"Traceback" in screen.raw else None


def _signal(number: signal.Signals, moment: str) -> Check:
    def check(home: Path, fault: str) -> str | None:
        if moment == "start":
            screen = Terminal(size=(80, 24), env=environment(home, fault))
            screen.wait_for_raw(b"\x1b[?1049h")
        else:
            screen = _opened(home, fault)
            screen.type("r")
            if moment == "a question":
                screen.wait_for("Marked read: TCIA")
                screen.type("t")
                screen.wait_for("Tags")
        screen.child.kill(number)
        wrong = _ended(screen, 128 + number)
        if moment == "a question" and _read(home) != 1:
            return "the change is lost"
        return wrong

    return check


def _read(home: Path) -> int:
    with Library.open(library(home), "user", write=False) as opened:
        return sum(e.state.status is Status.READ for e in opened.items())


def _closed(is_reported: bool) -> Check:
    def check(home: Path, fault: str) -> str | None:
        env = environment(home, fault)
        if is_reported:
            screen = Terminal(size=(80, 24), env=env)
        else:
            run = ["-c", 'trap "" HUP; exec "$0"', str(PROGRAM)]
            screen = Terminal(*run, size=(80, 24), env=env, program="/bin/sh")
        screen.wait_for("1 of 268", "paste your")
        screen.type("r")
        screen.wait_for("Marked read: TCIA")
        screen.child.ptyproc.fileobj.close()  # type: ignore[attr-defined]
        screen.child.closed = True
        code = screen.wait_for_exit()
        if code != 128 + signal.SIGHUP:
            return f"ended with {code}"
        return None if _read(home) == 1 else "the change is lost"

    return check


def _stopped(home: Path, fault: str) -> str | None:
    screen = _opened(home, fault)
    screen.child.kill(signal.SIGTSTP)
    os.waitpid(int(screen.child.pid or 0), os.WUNTRACED)
    screen.wait_for_raw(b"\x1b[?1049l")
    screen.screen.reset()
    screen.child.kill(signal.SIGCONT)
    screen.wait_for("1 of 268")
    screen.type("q")
    return _ended(screen, 0)


def _size(size: tuple[int, int]) -> Check:
    def check(home: Path, fault: str) -> str | None:
        screen = _opened(home, fault)
        columns, rows = size
        screen.screen.resize(rows, columns)
        screen.child.setwinsize(rows, columns)
        is_seen = columns >= 40 and rows >= 10
        screen.type("r" if is_seen else "j")  # a key does nothing where nobody sees what it does
        screen.wait_for_quiet()
        screen.screen.resize(24, 80)
        screen.child.setwinsize(24, 80)
        if not is_seen:
            screen.wait_for("268 left", "TCIA")
            screen.type("r")
        screen.wait_for("267 left")
        screen.type("q")
        return _ended(screen, 0)

    return check


def _small_start(home: Path, fault: str) -> str | None:
    screen = Terminal(size=(1, 1), env=environment(home, fault))
    screen.wait_for_raw(b"\x1b[?2004h")
    screen.type("q")
    screen.screen.resize(24, 80)
    screen.child.setwinsize(24, 80)
    return _ended(screen, 0)


def _setting(env: dict[str, str]) -> Check:
    def check(home: Path, fault: str) -> str | None:
        screen = _opened(home, fault, **env)
        screen.type("rq")
        return _ended(screen, 0)

    return check


def _dumb(home: Path, fault: str) -> str | None:
    screen = Terminal(size=(80, 24), env=environment(home, fault, TERM="dumb"))
    code = screen.wait_for_end()
    return None if code == 1 and b"\x1b" not in screen.raw else f"ended with {code}"


def _shape(shape: str) -> Check:
    def check(home: Path, fault: str) -> str | None:
        env = environment(home, fault)
        command = f"'{PROGRAM}' {shape}"
        process = subprocess.run(
            ["sh", "-c", command],
            env=env,
            cwd=home,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        output = process.stdout + process.stderr
        output += b"".join(p.read_bytes() for p in home.glob("errors"))
        is_told = b"needs a terminal" in output and b"\x1b" not in output
        return None if is_told else f"it said {output!r}"

    return check


def _crash(home: Path, fault: str) -> str | None:
    env = environment(home, fault)
    (home / "sitecustomize.py").write_text(
        "from tui.library import Library\n"
        "def fail(*_): raise RuntimeError('boom')\n"
        "Library.change = fail\n"
    )
    screen = Terminal(size=(80, 24), env={**env, "PYTHONPATH": str(home)})
    screen.wait_for("1 of 268", "paste your")
    screen.type("r")
    wrong = _ended(screen, 1)
    logs = list(home.rglob("crash.log"))
    if not logs or "boom" not in logs[0].read_text("utf-8"):
        return "no log"
    return wrong


def _told_too_soon(home: Path, fault: str) -> str | None:
    """A terminal that has, when a new size is told, the old one for a moment."""
    env = environment(home, fault)
    (home / "sitecustomize.py").write_text(
        "from textual.drivers.linux_driver import LinuxDriver as L\n"
        "real, seen = L._get_terminal_size, []\n"
        "def late(self):\n"
        "    seen.append(real(self))\n"
        "    return seen[-2] if len(seen) > 1 else seen[-1]\n"
        "L._get_terminal_size = late\n"
    )
    screen = Terminal(size=(80, 24), env={**env, "PYTHONPATH": str(home)})
    screen.wait_for("1 of 268", "paste your")
    screen.screen.resize(30, 120)
    screen.child.setwinsize(30, 120)
    screen.wait_for("│")  # the panes stand side by side
    screen.type("q")
    return _ended(screen, 0)


CHECKS: Final[dict[str, Check]] = {
    **{
        f"{number.name} at {moment}": _signal(number, moment)
        for moment in ("a question", "a change", "start")
        for number in ENDING[moment == "start" :]  # SIGINT is Python's until the app is there
    },
    "closed": _closed(is_reported=True),
    "closed under nohup": _closed(is_reported=False),
    "stopped and continued": _stopped,
    **{f"{columns}x{rows}": _size((columns, rows)) for columns, rows in SIZES},
    "1x1 from the start": _small_start,
    "a size told too soon": _told_too_soon,
    **{str(env): _setting(env) for env in SETTINGS},
    "TERM=dumb": _dumb,
    **{shape: _shape(shape) for shape in SHAPES},
    "a crash": _crash,
}


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """So many of the conditions, in any order, and again where there are more than conditions."""
    tally = Tally()
    names = list(CHECKS)
    chance.shuffle(names)
    if fault:
        names = [name for name in names if name.startswith("SIGTERM")]
    for number in range(count):
        name = names[number % len(names)]
        tally.tried += 1
        try:
            if wrong := CHECKS[name](folder / str(number), fault):
                tally.note("torn", f"{name}: {wrong}")
        except (AssertionError, subprocess.TimeoutExpired) as error:
            tally.note("torn", f"{name}: {str(error)[:200]}")
    return tally
