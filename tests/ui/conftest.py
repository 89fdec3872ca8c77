"""What all tests of the app share: none of them waits for the disk, or for a user to read."""

import os
import shutil
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.ui.terminals import Opener
from tests.view_helpers import without_delay
from tui.config import cache_path


@pytest.fixture(autouse=True)
def no_delay(no_fsync: None) -> Iterator[None]:
    """Nothing waits, and no power is cut."""
    with without_delay():
        yield


@pytest.fixture
def env(home: Path) -> dict[str, str]:
    """The environment of somebody without a desktop."""
    gone = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "COLUMNS", "LINES", "NO_COLOR", "TMUX")
    return {
        **{name: value for name, value in os.environ.items() if name not in gone},
        "TERM": "xterm-256color",
        "LC_ALL": "C.UTF-8",
    }


@pytest.fixture
def folder(home: Path) -> Path:
    """Where the library of the test's home is made."""
    return home / "data" / "papers-tui"


@pytest.fixture
def terminal(env: Mapping[str, str], folder: Path, shipped: Path) -> Iterator[Opener]:
    """Opens the program in a terminal."""

    def begin() -> None:
        shutil.copytree(shipped / "library", folder)
        shutil.copytree(shipped / "cache", cache_path(folder))

    opener = Opener(env, begin)
    yield opener
    for each in opener.opened:
        if each.child.isalive():  # pexpect itself gives up on one that takes long to end
            each.child.kill(signal.SIGKILL)
            each.child.wait()
        each.child.close()
