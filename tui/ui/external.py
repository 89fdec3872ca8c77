"""Other programs that are given the terminal for a while: an editor, a command of the shell."""

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from tui.errors import PapersError
from tui.model.text import sanitize


def edit(app: App[Any], text: str) -> str:
    """A text as the reader left it in the editor of ``$VISUAL`` or ``$EDITOR``.

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
        path.write_text(text, "utf-8")
        code = _lend(app, lambda: subprocess.run([*command, str(path)], check=False).returncode)
        if code != 0:
            raise PapersError(f"the editor failed: {sanitize(name, 40)}", "nothing was changed")
        return path.read_bytes().decode("utf-8", "replace")


def pipe(app: App[Any], command: str, text: str) -> int:
    """Hands a text to a command of the shell on its standard input, and returns its exit code.

    The command has the terminal, so that a pager or a chooser works; what it printed stays until
    Enter is pressed.

    Raises:
        PapersError: If this terminal cannot be lent.
    """

    def run() -> int:
        code = subprocess.run(command, shell=True, input=text.encode(), check=False).returncode
        failed = f"exit code {code}; " if code else ""
        with suppress(EOFError):
            input(f"\n{failed}Enter goes back to the papers ")
        return code

    return _lend(app, run)


def _lend(app: App[Any], run: Callable[[], int]) -> int:
    """Gives the terminal away while something runs, and returns its exit code."""
    failure: OSError | None = None
    code = 0
    try:
        with app.suspend(), _deaf_to_interrupts():
            try:
                code = run()
            except OSError as error:  # told once the screen is ours again
                failure = error
    except SuspendNotSupported as error:
        raise PapersError("this terminal cannot be lent to another program") from error
    if failure is not None:
        raise PapersError(f"{failure.strerror or failure}: {sanitize(str(failure.filename), 40)}")
    return code


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Leaves Ctrl+c to the other program: it would end the app behind it, too."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
