"""What the shell prints beside the outcome of a command."""

import io
import sys
from threading import Event

import pytest

from tui.cli.output import progress_bar, say


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


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("A short one", ["A short one"]),
        ("Papers of which the file", ["Papers of which the", "  file"]),
        ("  Until settled, none", ["  Until settled,", "    none"]),
        (
            "To add it: papers-tui add arXiv:2405.01234 2405.01235",
            ["To add it:", "  papers-tui add arXiv:2405.01234 2405.01235"],
        ),
        ("日本語の題名です 二つ目", ["日本語の題名です", "  二つ目"]),
    ],
)
def test_messages_are_wrapped_between_words_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, text: str, lines: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    for stream in (Terminal(), io.StringIO()):
        monkeypatch.setattr(sys, "stderr", stream)
        say(text)
        assert stream.getvalue().splitlines() == (lines if stream.isatty() else [text])


def test_a_quick_command_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar(after=60.0) as report:
        report("hf:daily", 0.5)
    assert terminal.getvalue() == ""
