"""What the shell prints beside the outcome of a command."""

import io
import sys
from threading import Event

import pytest

from tui.cli.output import progress_bar


class Terminal(io.StringIO):
    """A terminal that tells when something is printed."""

    def __init__(self) -> None:
        super().__init__()
        self.is_drawn = Event()

    def isatty(self) -> bool:
        return True

    def flush(self) -> None:
        super().flush()
        self.is_drawn.set()


def test_what_is_waited_for_is_named_though_nothing_more_is_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar(after=0.0) as report:
        report("hf:daily", 0.0)
        assert terminal.is_drawn.wait(20)
        assert terminal.getvalue() == "\rhf:daily\x1b[K"
        report("hf:daily", 0.5)
    assert "50%\x1b[K" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_a_quick_command_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar(after=60.0) as report:
        report("hf:daily", 0.5)
    assert terminal.getvalue() == ""
