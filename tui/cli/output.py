"""Output in the shell: messages, tables, JSON and a progress bar."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

from tui.actions.context import Outcome
from tui.errors import PapersError
from tui.model.layout import bar, cell_width, table
from tui.model.text import sanitize, sanitize_lines


def print_outcome(outcome: Outcome, *, as_json: bool = False) -> None:
    """Prints an outcome: data to standard output, messages to standard error."""
    for text in (outcome.message if not as_json else "", *outcome.notes):
        if text:
            say(text)
    if as_json:
        print_json(outcome.data)
    else:
        print_table(outcome.rows, outcome.links)
        if outcome.text:
            print(outcome.text, end="")
    if outcome.failures:
        sys.stdout.flush()
        for text in outcome.failures:
            say(f"  {text}")


def print_error(error: PapersError) -> None:
    """Prints an error and its hint to standard error."""
    say(f"papers-tui: {error.message}")
    if error.hint:
        with suppress(OSError):  # as in ``say``, but indented
            print(_wrapped(f"  {sanitize_lines(error.hint)}"), file=sys.stderr)


def say(text: str) -> None:
    """Prints a message to standard error, unless it is closed."""
    with suppress(OSError):
        print(_wrapped(sanitize_lines(text)), file=sys.stderr)


def _wrapped(text: str) -> str:
    """A message, on a terminal wrapped between words."""
    if sys.stderr is None or not sys.stderr.isatty():
        return text
    import shutil

    width = shutil.get_terminal_size().columns
    return "\n".join(part for line in text.split("\n") for part in _parts(line, width))


def _parts(line: str, width: int) -> list[str]:
    """A line in parts that fit a width, but for a command at its end, which may be copied."""
    if cell_width(line) <= width:
        return [line]
    text, colon, command = line.partition(": papers-tui ")
    indent = " " * (len(line) - len(line.lstrip()))
    parts: list[str] = []
    for word in f"{text}{colon[:1]}".split():
        if parts and cell_width(f"{parts[-1]} {word}") <= width:
            parts[-1] += f" {word}"
        else:
            parts.append(f"{indent}{'  ' if parts else ''}{word}")
    return [*parts, *([f"{indent}  papers-tui {command}"] if command else [])]


def print_json(value: Any) -> None:
    """Prints a value as JSON to standard output."""
    from tui.formats.json_text import dumps

    print(dumps(value, ascii_only=not _is_unicode()))


def is_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def _is_unicode() -> bool:
    """Whether standard output is UTF; if not, JSON is escaped."""
    return (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "").startswith("utf")


def print_table(rows: Sequence[tuple[str, ...]], links: Sequence[str] = ()) -> None:
    """Prints aligned columns; on a terminal, truncated at its width, each row with its link."""
    width = 10_000
    if is_terminal():
        import shutil

        width = shutil.get_terminal_size().columns
    lines = table(rows, width)
    if links and is_terminal() and os.environ.get("TERM", "dumb") not in ("dumb", "linux"):
        lines = [hyperlink(line, link) for line, link in zip(lines, links, strict=True)]
    for line in lines:
        print(line)


def hyperlink(text: str, url: str) -> str:
    """A text as a hyperlink of terminals (OSC 8); as it is if the URL is no plain ASCII."""
    if not re.fullmatch(r"https?://[!-~]+", url):
        return text
    return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\"


_CLEAR: Final = "\x1b[K"
"""Clears the rest of the line."""


@contextmanager
def progress_bar(after: float = 0.5) -> Iterator[Callable[[str, float], None]]:
    """A progress bar on standard error, if a terminal, after some seconds.

    While nothing is done, it has the name alone. It is also drawn where nothing more is reported,
    as when a site does not answer.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from threading import Lock, Timer

    lock = Lock()
    line = ""
    is_late = is_drawn = False

    def draw() -> None:
        nonlocal is_drawn
        if line or is_drawn:
            print(f"\r{line}{_CLEAR}", end="", file=sys.stderr, flush=True)
        is_drawn = bool(line)

    def begin() -> None:
        nonlocal is_late
        with lock:
            is_late = True
            draw()

    def report(name: str, share: float) -> None:
        nonlocal line
        with lock:
            filled = f" {bar(share)} {share:4.0%}" if share else ""
            line = f"{sanitize(name)[:40]}{filled}" if share < 1.0 else ""
            if is_late:
                draw()

    timer = Timer(after, begin)
    timer.daemon = True
    timer.start()
    try:
        yield report
    finally:
        timer.cancel()
        report("", 1.0)
