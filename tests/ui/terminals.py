"""The installed program in a terminal of its own, and what stands on its screen."""

import os
import re
import select
import sys
import termios
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import pexpect
import pyte

from tui.library import Library
from tui.model.state import Status

PROGRAM: Final = Path(sys.executable).with_name("papers-tui")
TURN: Final = 0.02
"""Seconds of one look at a terminal in which nothing is written."""
MOMENT: Final = 0.04
"""Seconds without a word or a deed after which a program has done what a key asks for."""
IDLE: Final = 20.0
"""Seconds in which a program may sleep and write nothing while something must come of it."""
CPU: Final = 120.0
"""Seconds of CPU that it may use meanwhile: far more than anything takes."""
PATIENCE: Final = 600.0
"""Seconds after which a command that writes nothing on a terminal is stuck on any machine."""

FIRST: Final = "TCIA: A Task-Centric Instruction Augmentation Method for Instruction Finetuning"
SECOND: Final = "CoDiEmb: A Collaborative yet Distinct Framework for Unified Representation"


class Progress:
    """Whether the processes of a session get anywhere, however busy the machine is.

    What runs, waits for a core or for the disk, or writes, does. What sleeps all the time is stuck,
    and so is what runs for ever.
    """

    def __init__(self, session: int, others: set[str] | None = None) -> None:
        """Looks at nothing yet.

        Args:
            session: The session.
            others: Processes of other sessions, which are not looked at again; added to.
        """
        self._session = session
        self._others = set() if others is None else others
        self._idle = 0
        self._written = -1
        self._ticks = 0

    @property
    def is_stuck(self) -> bool:
        """Whether it is given up."""
        return self._idle * TURN > IDLE or self._ticks > CPU * os.sysconf("SC_CLK_TCK")

    def look(self, written: int) -> bool:
        """Looks once, after a turn in which something may have been written; whether it slept.

        Args:
            written: How many bytes were written so far.
        """
        if written != self._written:
            self._written, self._idle = written, 0
            return False
        states: set[str] = set()
        before, self._ticks = self._ticks, 0
        for name in filter(str.isdigit, set(os.listdir("/proc")) - self._others):  # noqa: PTH208
            with suppress(OSError):  # it ended
                text = Path("/proc", name, "stat").read_text("utf-8", "replace")
                fields = text.rpartition(")")[2].split()
                if int(fields[3]) == self._session:
                    states.add(fields[0])
                    self._ticks += int(fields[11]) + int(fields[12])
                else:
                    self._others.add(name)
        # The state is of the first thread, the ticks are of all.
        is_asleep = not states & {"R", "D"} and self._ticks == before
        self._idle += is_asleep
        return is_asleep


class Terminal:
    """A program in a terminal of its own, and what stands on its screen."""

    def __init__(
        self,
        *arguments: str,
        size: tuple[int, int],
        env: Mapping[str, str],
        program: str | Path = PROGRAM,
        is_drawn: bool = True,
    ) -> None:
        """Starts a program.

        Args:
            *arguments: Those of the program.
            size: Columns and rows.
            env: The environment.
            program: The program.
            is_drawn: Whether what it writes is drawn, which takes longer than the app does.
        """
        self._is_drawn = is_drawn
        self._others: set[str] = set()
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.child: pexpect.spawn[bytes] = pexpect.spawn(
            str(program),
            list(arguments),
            env=dict(env),
            dimensions=(rows, columns),
            cwd=env.get("HOME"),  # so that nothing is written here
        )
        self.child.delaybeforesend = None
        self.modes = termios.tcgetattr(self.child.fileno())

    def pump(self) -> bool:
        """Takes in what the program wrote; whether there can be more."""
        try:
            data = self.child.read_nonblocking(65_536, timeout=TURN)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        if not self._is_drawn:
            return True
        # The stand-in knows no Kitty keys, which begin with < = or >, and would print their ends.
        self.stream.feed(re.sub(rb"\x1b\[[<=>][0-9;]*[a-z]|\x1b\[\?[0-9;]*\$p", b"", data))
        return True

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self.screen.display)

    def wait_for(self, *texts: str) -> None:
        """Returns when all of these stand on the screen."""
        self.wait_until(lambda: all(each in self.text for each in texts), f"no {texts}")

    def wait_for_raw(self, *texts: bytes) -> None:
        """Returns when all of these were written."""
        self.wait_until(lambda: all(each in self.raw for each in texts), f"no {texts!r}")

    def wait_until(self, holds: Callable[[], bool], problem: str) -> None:
        """Returns when something holds; gives up when the program ended or is stuck."""
        progress = self._progress()
        while not holds():
            assert self.pump(), f"{problem}, it ended:\n{self.text}"
            progress.look(len(self.raw))
            assert not progress.is_stuck, f"{problem} in:\n{self.text}"

    def wait_for_quiet(self, seconds: float = MOMENT) -> None:
        """Returns when the program has written nothing and done nothing for so long, or ended."""
        progress = self._progress()
        asleep = 0
        while asleep * TURN < seconds and self.pump():
            asleep = asleep + 1 if progress.look(len(self.raw)) else 0
            assert not progress.is_stuck, f"it never rests:\n{self.text}"

    def _progress(self) -> Progress:
        return Progress(int(self.child.pid or 0), self._others)

    def type(self, text: str) -> None:
        """Sends keys."""
        self.child.send(text)

    def wait_for_end(self) -> int:
        """Returns the status that a shell would show."""
        progress = self._progress()
        while self.pump():
            progress.look(len(self.raw))
            assert not progress.is_stuck, f"it did not end:\n{self.text}"
        self.child.wait()
        if self.child.signalstatus is not None:
            return -int(self.child.signalstatus)
        assert self.child.exitstatus is not None
        return int(self.child.exitstatus)

    def wait_for_exit(self) -> int:
        """The exit code of a program whose terminal is gone, so that nothing can be read of it."""
        assert self.child.pid
        process = os.pidfd_open(self.child.pid)
        progress = self._progress()
        while not select.select([process], [], [], TURN)[0]:
            progress.look(0)
            assert not progress.is_stuck, "it did not end"
        os.close(process)
        _, status = os.waitpid(self.child.pid, 0)
        self.child.ptyproc.terminated = True  # type: ignore[attr-defined]
        return os.waitstatus_to_exitcode(status)

    def assert_given_back(self) -> None:
        """The terminal is as it was: every mode that was switched on is off, and keys echo."""
        last: dict[int, bytes] = {}
        for numbers, state in re.findall(rb"\x1b\[\?([0-9;]+)([hl])", self.raw):
            last |= {int(number): state for number in numbers.split(b";")}
        assert {1000, 1003, 1006, 1049, 2004, 25} <= last.keys()
        # What a terminal has at first: the cursor, and wrapping at the edge if it was touched.
        at_first = {25, 7} & last.keys()
        assert {mode for mode, state in last.items() if state == b"h"} == at_first
        assert len(re.findall(rb"\x1b\[>[0-9]+u", self.raw)) == self.raw.count(b"\x1b[<u")
        mask = termios.ECHO | termios.ICANON | termios.ISIG
        assert termios.tcgetattr(self.child.fileno())[3] & mask == self.modes[3] & mask == mask

    @property
    def after(self) -> str:
        """What was written after the screen was given back."""
        return re.sub(r"\x1b\[\?[0-9]+[hl]", "", self.raw.rpartition(b"\x1b[?1049l")[2].decode())


class Opener:
    """Opens terminals, and closes those that are left."""

    def __init__(self, env: Mapping[str, str], begin: Callable[[], None]) -> None:
        """Has opened nothing yet.

        Args:
            env: The environment.
            begin: Puts a library of the shipped papers where the program looks for one.
        """
        self.env = env
        self.begin = begin
        self.opened: list[Terminal] = []

    def __call__(
        self,
        *arguments: str,
        size: tuple[int, int] = (80, 24),
        program: str | Path = PROGRAM,
        **env: str,
    ) -> Terminal:
        self.opened.append(
            Terminal(*arguments, size=size, env={**self.env, **env}, program=program)
        )
        return self.opened[-1]


def opened(terminal: Opener, size: tuple[int, int] = (80, 24)) -> Terminal:
    """The app, open on the shipped papers; the library was made before, which takes a while."""
    terminal.begin()
    screen = terminal(size=size)
    screen.wait_for("1 of 268", "TCIA", "paste your")
    return screen


def titles(folder: Path, status: Status) -> list[str]:
    """The titles of the papers of a status, as another run of the program finds them."""
    with Library.open(folder, "user", write=False) as library:
        return [e.paper.title for e in library.items() if e.state.status is status]
