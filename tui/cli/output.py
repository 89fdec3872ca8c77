"""What the shell prints: words, tables, JSON, and a bar where it lasts."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from tui.model.text import bar, sanitize, sanitize_lines


def say(text: str) -> None:
    """Words for people: standard error, where there still is one."""
    with suppress(OSError):
        print(sanitize_lines(text), file=sys.stderr)


def print_json(value: Any) -> None:
    """Data for programs: standard output."""
    from tui.formats.exporters.json import dumps

    print(dumps(value, ascii_only=not _is_unicode()))


def is_terminal() -> bool:
    """Whether a person looks at standard output."""
    return sys.stdout is not None and sys.stdout.isatty()


def _is_unicode() -> bool:
    """Whether standard output takes every letter; where it does not, JSON escapes them."""
    return (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "").startswith("utf")


def print_table(rows: Sequence[tuple[str, ...]]) -> None:
    """Aligned columns; on a terminal the last one is cut at the edge."""
    if not rows:
        return
    width = 10_000
    if is_terminal():
        import shutil

        width = shutil.get_terminal_size().columns
    sizes = [max(len(sanitize(row[c])) for row in rows) for c in range(len(rows[0]) - 1)]
    for row in rows:
        cells = [sanitize(cell).ljust(size) for cell, size in zip(row, sizes, strict=False)]
        line = "  ".join([*cells, sanitize(row[-1])]).rstrip()
        print(line if len(line) <= width else line[: width - 1] + "…")


@contextmanager
def progress_bar(
    instead: Callable[[str, float], None] | None = None,
) -> Iterator[Callable[[str, float], None]]:
    """A bar on standard error, on a terminal, for what takes longer than half a second.

    Args:
        instead: Is told in its place, where somebody else draws.
    """
    if instead is not None:
        yield instead
        return
    from time import monotonic

    start = monotonic()
    drawn = False

    def draw(name: str, share: float) -> None:
        nonlocal drawn
        if sys.stderr is None or not sys.stderr.isatty() or monotonic() - start < 0.5:
            return
        if name:  # a whole bar stays until what was read is written, too
            told = bar(share)
            print(
                f"\r{sanitize(name)[:40]} {told} {share:4.0%}", end="", file=sys.stderr, flush=True
            )
            drawn = True
        elif drawn:
            print("\r" + " " * 80 + "\r", end="", file=sys.stderr, flush=True)
            drawn = False

    try:
        yield draw
    finally:
        draw("", 1.0)
