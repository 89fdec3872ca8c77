"""What all tests of the app share: none of them waits for the disk, or for a user to read."""

import os
import shutil
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from tests.ui.terminals import Opener
from tui.config import cache_path


@pytest.fixture(autouse=True, scope="session")
def parsed_once() -> Iterator[None]:
    """A style sheet is parsed once for all apps with the same colours: rules never change."""
    parse = Stylesheet._parse_rules
    parsed: dict[tuple[object, ...], list[RuleSet]] = {}

    def look_up(sheet: Stylesheet, css: str, **options: Any) -> list[RuleSet]:
        place = (css, *options.values(), frozenset(sheet._variables.items()))
        if place not in parsed:
            parsed[place] = parse(sheet, css, **options)
        return parsed[place]

    with patch.object(Stylesheet, "_parse_rules", look_up):
        yield


@pytest.fixture(autouse=True)
def no_delay(no_fsync: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The abstract is shown as soon as the list is drawn, and no power is cut."""
    monkeypatch.setattr("tui.ui.main_screen.READ_SECONDS", 0.0)
    monkeypatch.setattr("tui.ui.screens.base.DETAIL_SECONDS", 0.0)


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
        if not each.child.closed:
            each.child.close(force=True)
        elif each.child.isalive():
            each.child.kill(signal.SIGKILL)
            each.child.wait()
