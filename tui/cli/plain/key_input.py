"""Where the keys of a plain session come from: a terminal, key by key, or the lines of a pipe."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

from tui.model.text import sanitize
from tui.ui import keymap


class Source(Protocol):
    """Keys and lines, one after the other."""

    def key(self) -> str | None:
        """The next key by its name; ``None`` at the end."""
        ...

    def line(self, prompt: str) -> str | None:
        """An answer in a line; ``None`` where there is none, empty for nothing."""
        ...


@contextmanager
def open_source() -> Iterator[Source]:
    """The terminal, where standard input is one that gives single keys; else its lines."""
    try:
        import termios
        import tty
    except ImportError:  # Windows
        yield Lines()
        return
    if sys.stdin is None or not sys.stdin.isatty():
        yield Lines()
        return
    handle = sys.stdin.fileno()
    before = termios.tcgetattr(handle)
    tty.setcbreak(handle, termios.TCSADRAIN)
    try:
        yield Terminal(handle, before)
    finally:
        termios.tcsetattr(handle, termios.TCSADRAIN, before)


class Lines:
    """From a pipe: a line is a key by its name, or several keys in a row."""

    def __init__(self) -> None:
        """Begins with the first line."""
        self._names: Iterator[str] = iter(())

    def key(self) -> str | None:
        """The next key by its name; ``None`` at the end."""
        while (name := next(self._names, None)) is None:
            line = sys.stdin.readline()
            if not line:
                return None
            self._names = iter(key_names(line.rstrip("\r\n")))
        return name

    def line(self, prompt: str) -> str | None:
        """The next line; what was left of the one before is dropped."""
        print(sanitize(prompt), flush=True)
        self._names = iter(())
        line = sys.stdin.readline()
        return line.strip() if line else None


def key_names(line: str) -> list[str]:
    """The keys that a line names: ``ctrl+r`` is one, ``gg`` two, an empty line is Enter."""
    if not line:
        return ["enter"]
    word = line.strip()
    if len(word) > 1 and " " not in word and keymap.is_key(word):
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


class Terminal:
    """From a terminal: a key acts as it is pressed, and lines are edited by the terminal."""

    def __init__(self, handle: int, cooked: list[Any]) -> None:
        """Args are the terminal, in which keys come one by one, and how it was before."""
        self._handle = handle
        self._cooked = cooked

    def key(self) -> str | None:
        """The next key by its name; ``None`` at the end."""
        try:
            char = self._char()
            return self._escape() if char == "\x1b" else _name(char)
        except KeyboardInterrupt:
            return None

    def _char(self) -> str:
        """One character, read without a buffer so that a line asked for next misses nothing."""
        data = os.read(self._handle, 1)
        while data and len(data) < 4:
            try:
                return data.decode()
            except UnicodeDecodeError:
                data += os.read(self._handle, 1)
        return data.decode("utf-8", "replace")

    def _escape(self) -> str:
        """What follows an escape: the sequence of a key, or nothing."""
        import select

        sequence = ""
        while select.select([self._handle], [], [], 0.05)[0]:
            sequence += self._char()
            if len(sequence) > 8 or (len(sequence) > 1 and sequence[-1] not in "0123456789;"):
                break
        return _SEQUENCES.get(sequence[1:], "escape" if not sequence else "an unknown key")

    def line(self, prompt: str) -> str | None:
        """A line; ``None`` at the end of the input, and after Ctrl+c."""
        import termios
        import tty

        termios.tcsetattr(self._handle, termios.TCSADRAIN, self._cooked)
        try:
            return input(sanitize(prompt)).strip()
        except (EOFError, KeyboardInterrupt):
            print(flush=True)
            return None
        finally:
            tty.setcbreak(self._handle, termios.TCSADRAIN)


def _name(char: str) -> str | None:
    """The name of the key that sends a character; ``None`` at the end of the input."""
    if not char:
        return None
    if char in _NAMED:
        return _NAMED[char]
    return f"ctrl+{chr(ord(char) + 96)}" if ord(char) < 27 else char
