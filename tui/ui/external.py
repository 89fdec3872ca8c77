"""Other programs: editor, shell commands, browser, clipboard."""

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from tui.errors import PapersError
from tui.files import read_file, write_atomically
from tui.model.text import sanitize, sanitize_lines
from tui.processes import open_in_browser


def edit(app: App[Any], text: str) -> str:
    """A text as edited in ``$VISUAL`` or ``$EDITOR``.

    Raises:
        PapersError: If there is no editor, or it failed.
    """
    fallback = "notepad" if os.name == "nt" else "vi"
    name = os.environ.get("VISUAL") or os.environ.get("EDITOR") or fallback
    try:
        command = shlex.split(name, posix=os.name == "posix")
    except ValueError:
        command = [name]
    with tempfile.TemporaryDirectory(prefix="papers-tui-") as folder:
        path = Path(folder) / "note.md"
        write_atomically(path, text.encode(errors="replace"))

        def run() -> int:
            try:
                return subprocess.run([*command, str(path)], check=False).returncode
            except OSError as error:
                raise PapersError(
                    f"The editor cannot be started: {sanitize(name, 40)}",
                    "Set VISUAL or EDITOR to one that is installed.",
                ) from error

        code = _lend_terminal(app, run)
        if code != 0:
            raise PapersError(f"The editor failed: {sanitize(name, 40)}", "Nothing was changed.")
        return read_file(path).decode("utf-8", "replace")


def pipe(app: App[Any], command: str, text: str) -> int:
    """Runs a shell command with a text on its standard input, and returns its exit code.

    The command gets the terminal, so that pagers and choosers work; its output stays until Enter,
    Esc or q is pressed.

    Raises:
        PapersError: If the app cannot be suspended in this terminal.
    """

    def run() -> int:
        code = subprocess.run(command, shell=True, input=text.encode(), check=False).returncode
        failure = f"Exit code {code}. " if code else ""
        _wait_for_enter(f"\n{failure}Press Enter to return to the papers ")
        return code

    return _lend_terminal(app, run)


def _wait_for_enter(prompt: str) -> None:
    """Waits for Enter; where keys can be told without it, Esc and q do as well.

    What was typed before is dropped.
    """
    if sys.platform == "win32" or not sys.stdin.isatty():
        with suppress(EOFError):
            input(prompt)
        return
    import termios
    import tty

    settings = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)  # before the prompt, as it drops what was typed
        print(prompt, end="", flush=True)
        while (typed := os.read(sys.stdin.fileno(), 64)) and not set(typed) & set(b"\r\n\x1bq"):
            pass
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, settings)


def _lend_terminal(app: App[Any], run: Callable[[], int]) -> int:
    """Suspends the app while something runs, and returns its exit code."""
    failure: OSError | None = None
    code = 0
    try:
        with app.suspend(), _ignored_interrupts():
            try:
                code = run()
            except OSError as error:  # shown once the app has resumed
                failure = error
    except SuspendNotSupported as error:
        raise PapersError("The app cannot be suspended in this terminal") from error
    if failure is not None:
        raise PapersError(f"{failure.strerror or failure}: {sanitize(str(failure.filename), 40)}")
    return code


@contextmanager
def _ignored_interrupts() -> Iterator[None]:
    """Leaves Ctrl+c to the other program; it would end the app, too."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def browse(app: App[Any], url: str) -> tuple[Sequence[str], bool]:
    """Opens an http(s) URL in the browser; without one, copies it as ``copy`` does, in a thread.

    Returns:
        A message with its shorter forms, and whether it is an error.
    """
    if not url.startswith(("https://", "http://")):
        return ["Not a web address"], True
    if app.is_web:  # the app runs in a browser: that of the user, who may be elsewhere
        app.call_from_thread(app.open_url, url)
        return [f"Opened {sanitize(url, 60)}"], False
    if open_in_browser(url):
        return [f"Opened {sanitize(url, 60)}"], False
    messages, is_error = copy(app, url, "link", export_key="")
    return [*(f"No browser found. {each}" for each in messages), "No browser found"], is_error


def copy(app: App[Any], text: str, what: str, export_key: str) -> tuple[Sequence[str], bool]:
    """Copies a text to the desktop's clipboard and, if not too long, to the terminal's.

    Call it in a thread.

    Args:
        what: What it is.
        export_key: What exports it to a file if it is too long.

    Returns:
        A message with its shorter forms, and whether it is an error.
    """
    from tui.ui import clipboard

    text = sanitize_lines(text, 200_000)
    if app.is_web:
        app.call_from_thread(app.copy_to_clipboard, text)
        return [f"Sent to the browser's clipboard: {what}"], False
    is_sent = len(text.encode()) <= clipboard.MAX_OSC52
    if is_sent:
        app.call_from_thread(app.copy_to_clipboard, text)
    if place := clipboard.copy(text):
        return [f"Copied{f' to {place}' if place == clipboard.TMUX else ''}: {what}"], False
    if is_sent:
        sent, advice = "Sent to the terminal's clipboard", clipboard.advice()
        return [f"{sent}: {what}{advice}", f"{sent}{advice}", f"{sent}: {what}"], False
    return [f"Too long for the terminal to copy; {export_key} exports a file: {what}"], True
