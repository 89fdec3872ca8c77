"""No test and no start of the program uses the network; only fetching does."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ElsewhereError

NETWORK = {"ssl", "http.client", "urllib.request", "xml.etree.ElementTree", "pyexpat", "socket"}


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443), ("2001:db8::1", 80)])
def test_a_test_that_connects_to_another_machine_fails(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as sock, pytest.raises(ElsewhereError):
        sock.connect(address)


@pytest.mark.parametrize("command", [["list"], ["sources"], ["undo", "--dry-run"]], ids=" ".join)
def test_no_command_but_fetch_loads_what_opens_connections(home: Path, command: list[str]) -> None:
    subprocess.run([sys.executable, "-m", "tui", "list"], capture_output=True, timeout=60)
    loaded = modules(["-m", "tui", *command])
    assert "tui.cli" in loaded
    assert not loaded & (NETWORK | {"tui.sources.http"})


def test_the_app_loads_nothing_that_opens_connections(home: Path) -> None:
    code = "import tui.ui.app, tui.ui.main_screen, tui.library, tui.actions.open"
    loaded = modules(["-c", code])
    assert "tui.ui.main_screen" in loaded
    assert not {name for name in loaded if name.startswith("tui.sources")}


def modules(words: list[str]) -> set[str]:
    """The modules that a program loads."""
    result = subprocess.run(
        [sys.executable, "-X", "importtime", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    return {line.rsplit("|", 1)[-1].strip() for line in result.stderr.splitlines()}
