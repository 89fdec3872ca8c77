"""The input of a plain session: keys of a terminal, or lines of a pipe."""

import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

from tui.actions.keymap import is_key
from tui.actions.pasting import is_paste
from tui.model.text import sanitize

LINE: Final = "line"
"""The result of ``Keys.key`` for a line or a text that arrived at once, of which no key may act."""
REST_SECONDS: Final = 0.1
"""How long the rest of such a text is waited for."""


IDLE_SECONDS: Final = 1.0
Idle = Callable[[], None]


class Keys(Protocol):
    """A source of keys and lines."""

    acts_at_once: bool
    """Whether a key acts without Enter."""

    def key(self, idle: Idle = lambda: None) -> str | None:
        """The name of the next key; ``None`` at the end.

        Args:
            idle: Called before it waits, and on a terminal once a second.
        """
        ...

    def line(self, prompt: str) -> str | None:
        """A line as an answer to a prompt; ``None`` at the end."""
        ...


@contextmanager
def open_keys() -> Iterator[Keys]:
    """Single keys if standard input is a terminal, else lines."""
    try:
        import termios
        import tty
    except ImportError:  # Windows
        yield PipedKeys()
        return
    if sys.stdin is None or not sys.stdin.isatty():
        yield PipedKeys()
        return
    handle = sys.stdin.fileno()
    before = termios.tcgetattr(handle)
    tty.setcbreak(handle, termios.TCSADRAIN)
    keys = TerminalKeys(handle, before)
    continued = signal.signal(signal.SIGCONT, lambda *_: keys.resume())
    try:
        yield keys
    finally:
        signal.signal(signal.SIGCONT, continued)
        termios.tcsetattr(handle, termios.TCSADRAIN, before)


class PipedKeys:
    """From a pipe: a line is the name of a key, or several keys in a row."""

    acts_at_once = False

    def __init__(self) -> None:
        self._names: Iterator[str] = iter(())

    def key(self, idle: Idle = lambda: None) -> str | None:
        """The name of the next key; ``None`` at the end."""
        idle()
        while (name := next(self._names, None)) is None:
            line = sys.stdin.readline()
            if not line:
                return None
            self._names = iter(key_names(line.rstrip("\r\n")))
        return name

    def line(self, prompt: str) -> str | None:
        """The rest of the line of which keys were read, or else the next line."""
        rest = "".join(" " if name == "space" else name for name in self._names).strip()
        print(sanitize(f"{prompt}{rest}"), flush=True)
        if rest:
            return rest
        line = sys.stdin.readline()
        return line.strip() if line else None


def key_names(line: str) -> list[str]:
    """The keys that a line names: ``ctrl+r`` is one, ``gg`` two, an empty line is Enter."""
    if not line:
        return ["enter"]
    word = line.strip()
    if len(word) > 1 and " " not in word and is_key(word):
        return [word]
    return ["space" if char == " " else char for char in word or line]


_SEQUENCES: Final = {
    "A": "up",
    "B": "down",
    "H": "home",
    "F": "end",
    "1~": "home",
    "4~": "end",
    "5~": "pageup",
    "6~": "pagedown",
    "Z": "shift+tab",
}
_NAMED: Final = {" ": "space", "\r": "enter", "\n": "enter", "\t": "tab", "\x7f": "backspace"}


class TerminalKeys:
    """From a terminal: keys at once, lines edited by the terminal."""

    acts_at_once = True

    def __init__(self, handle: int, cooked: list[Any]) -> None:
        """Reads nothing yet.

        Args:
            handle: A terminal in cbreak mode.
            cooked: Its previous attributes.
        """
        self._handle = handle
        self._cooked = cooked
        self._ahead = b""
        """The keys that were read but not used."""
        self._edits_line = False
        """Whether a line is being typed, which the terminal edits."""

    def resume(self) -> None:
        """Takes single keys again after Ctrl+z and ``fg``, before which shells reset the mode."""
        import termios
        import tty

        if not self._edits_line:
            tty.setcbreak(self._handle, termios.TCSADRAIN)

    def key(self, idle: Idle = lambda: None) -> str | None:
        """The name of the next key, or ``LINE``; ``None`` at the end."""
        import select

        try:
            idle()
            while not self._ahead and not select.select([self._handle], [], [], IDLE_SECONDS)[0]:
                idle()
            if not self._ahead:
                self._ahead = os.read(self._handle, 4_096)
                text = self._ahead.decode(errors="replace")
                if is_line(text) or is_paste(text):
                    while select.select([self._handle], [], [], REST_SECONDS)[0]:
                        if not os.read(self._handle, 4_096):
                            break  # the end of the input
                    self._ahead = b""
                    return LINE
            char = self._char()
            return self._escape() if char == "\x1b" else _name(char)
        except KeyboardInterrupt:
            return None

    def _char(self) -> str:
        """One character; empty at the end."""
        data = self._byte()
        while data and len(data) < 4:
            try:
                return data.decode()
            except UnicodeDecodeError:
                data += self._byte()
        return data.decode("utf-8", "replace")

    def _byte(self) -> bytes:
        self._ahead = self._ahead or os.read(self._handle, 4_096)
        byte, self._ahead = self._ahead[:1], self._ahead[1:]
        return byte

    def _escape(self) -> str:
        """The key of an escape sequence."""
        import select

        sequence = ""
        while self._ahead or select.select([self._handle], [], [], 0.05)[0]:
            sequence += self._char()
            if len(sequence) > 8 or (len(sequence) > 1 and sequence[-1] not in "0123456789;"):
                break
        return _SEQUENCES.get(sequence[1:], "escape" if not sequence else "an unknown key")

    def line(self, prompt: str) -> str | None:
        """A line; ``None`` at the end of the input and after Ctrl+c."""
        import termios
        import tty

        typed, end, rest = re.split(
            r"([\r\n]|\Z)", self._ahead.decode(errors="replace"), maxsplit=1
        )
        self._ahead = rest.encode()
        shown = sanitize(f"{prompt}{typed}")
        if end:
            print(shown, flush=True)
            return typed.strip()
        termios.tcsetattr(self._handle, termios.TCSADRAIN, self._cooked)
        self._edits_line = True
        try:
            return (typed + input(shown)).strip()
        except (EOFError, KeyboardInterrupt):
            print(flush=True)
            return None
        finally:
            self._edits_line = False
            tty.setcbreak(self._handle, termios.TCSADRAIN)


def is_line(text: str) -> bool:
    """Whether input that arrived at once is a typed or pasted line, not a command."""
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    is_command = first.startswith(":")
    return 1 < len(first) < len(text) and first.isprintable() and not is_command


def _name(char: str) -> str | None:
    """The name of the key of a character; ``None`` at the end of the input."""
    if not char:
        return None
    if char in _NAMED:
        return _NAMED[char]
    return f"ctrl+{chr(ord(char) + 96)}" if ord(char) < 27 else char
