"""A program of the user's that prints papers in our JSON.

It is run without a shell, with the days that are wanted in its environment. It may take as long,
and print as much, as an answer from the network.
"""

import os
import shlex
import subprocess
import time
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final

from tui.model.text import sanitize
from tui.processes import end
from tui.sources.base import Client, Source, SourceError, Span, read
from tui.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.formats.base import ParsedFile

_MOST_ERRORS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments."""

    line: str
    """As in a shell, without its variables and pipes."""

    @property
    def spec(self) -> str:
        """``command:my-fetch --all``."""
        return f"command:{self.line}"

    @property
    def label(self) -> str:
        """The kind of source."""
        return "a program of yours"

    def fetch(self, span: Span, client: Client) -> "Iterator[ParsedFile]":
        """The papers that it prints."""
        data = self._run(span, client)
        if data.strip():
            try:
                yield read(data, "json", self.spec, span.until)
            except SourceError as error:
                raise SourceError(error.message, _RUN) from error

    def _run(self, span: Span, client: Client) -> bytes:
        words = shlex.split(self.line)
        days = {"PAPERS_TUI_UNTIL": span.until.isoformat()}
        days |= {"PAPERS_TUI_SINCE": span.since.isoformat()} if span.since else {}
        name = sanitize(words[0], 40)
        with TemporaryFile() as out, TemporaryFile() as err:
            try:
                process = subprocess.Popen(
                    words,
                    env={**os.environ, **days},
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    start_new_session=True,
                )
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or str(error)
                raise SourceError(f"Cannot run {name}: {reason}", "Check the command.") from error
            try:
                self._wait(process, out, name, client)
            finally:
                end(process)
            if process.returncode:
                lines = _read(err, _MOST_ERRORS).decode(errors="replace").strip().splitlines()
                why = f": {sanitize(lines[-1], 160)}" if lines else ""
                raise SourceError(f"{name} ends with exit code {process.returncode}{why}", _RUN)
            return _read(out, client.limits.packed)

    def _wait(
        self, process: "subprocess.Popen[bytes]", out: IO[bytes], name: str, client: Client
    ) -> None:
        """Returns when it has ended.

        Raises:
            SourceError: If it takes too long, or prints too much.
        """
        limits = client.limits
        deadline = time.monotonic() + limits.seconds
        while True:
            is_over = process.poll() is not None
            if os.fstat(out.fileno()).st_size > limits.packed:
                raise SourceError(f"{name} prints more than {limits.packed / 1e6:.0f} MB", _RUN)
            if is_over:
                return
            if time.monotonic() > deadline:
                raise SourceError(f"{name} takes longer than {limits.seconds:.0f} seconds", _RUN)
            client.require_running()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_LOOK_SECONDS)


_RUN: Final = "Run it in a shell to see what it does."
_LOOK_SECONDS: Final = 0.05


def _read(file: IO[bytes], size: int) -> bytes:
    file.seek(0)
    return file.read(size)


def parse(text: str) -> Source | None:
    """The command of a line; ``None`` if it is none."""
    try:
        words = shlex.split(text)
    except ValueError:  # a quote without its other
        return None
    return Command(text.strip()) if words and words[0] and text.isprintable() else None
