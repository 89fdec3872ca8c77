"""What tests share: nobody's home, no network, the shipped papers, a library of one's own."""

import asyncio
import gc
import json
import os
import shutil
import signal
import socket
import sys
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import settings

from tests.fast_folder import folder_in_memory
from tui.config import cache_path
from tui.library import Library
from tui.model.paper import Paper, from_record

LAWS: Final = int(os.environ.get("LAWS", "1"))
"""How many times as many examples each law is tried on; ``make torture`` tries more."""

# The laws are tried on new examples at a desk, and on the same ones where a change is to land.
settings.register_profile("desk", max_examples=20 * LAWS, deadline=None)
settings.register_profile("landing", settings.get_profile("desk"), derandomize=True)
settings.load_profile("landing" if os.environ.get("CI") else "desk")

# The programs that tests start find themselves compiled, as an installed one is; so do tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

if (memory := folder_in_memory()) is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory)  # where pytest puts all folders

_connect = socket.socket.connect


class ElsewhereError(Exception):
    """A test connects to another machine. No ``OSError``, which would be taken for its absence."""


def _connect_here(self: socket.socket, address: Any) -> None:
    host = address[0] if isinstance(address, tuple) else ""
    if host not in ("", "localhost", "::1") and not str(host).startswith("127."):
        raise ElsewhereError(f"This test connects to {host}")
    _connect(self, address)


# No test asks another machine for anything: what it starts finds only proxies that are not there.
socket.socket.connect = _connect_here  # type: ignore[method-assign,assignment]
os.environ["LANGUAGE"] = "C"  # argparse looks for no translations of each of its words
for name in ("http_proxy", "https_proxy", "all_proxy"):
    for variable in (name, name.upper()):
        os.environ.pop(variable, None)
os.environ |= {
    **dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9"),
    "no_proxy": "127.0.0.1,localhost",
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """More than there are cores, as a test that waits for a terminal or a program needs none."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Has the garbage collector pass over all tests and modules, and look less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 50)


SECONDS: Final = 180.0
"""A test that takes longer never ends; the longest take ten, where others keep the machine busy."""

NOW: Final = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
"""The time at which nothing moves on."""

CORPUS: Final = Path(__file__).parent.parent / "data" / "corpus.json"


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One empty home after another."""
    base = tmp_path_factory.mktemp("homes")
    return (base / str(number) for number in count())


@pytest.fixture(autouse=True)
def home(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that is nobody's: no test reads or writes what belongs to whoever runs it."""
    path = next(homes)
    path.mkdir()
    for variable, folder in (
        ("HOME", ""),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_RUNTIME_DIR", "run"),
    ):
        monkeypatch.setenv(variable, str(path / folder))
    for variable in ("PAPERS_TUI_LIBRARY", "PAPERS_TUI_CONFIG"):
        monkeypatch.delenv(variable, raising=False)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the library of a test lives; nothing is there yet."""
    return tmp_path / "library"


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the app is started, and exports go by default."""
    path = tmp_path / "work"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Path]:
    """One empty folder after another."""
    return (tmp_path / str(number) for number in count())


class EndlessError(Exception):
    """Something waits for ever. No ``OSError``, which would be taken for what it waits for."""


@pytest.fixture(autouse=True, scope="session")
def alarm() -> Iterator[None]:
    """What is done when a test has no more time: it fails, and tells where it stood."""

    def give_up(*_: object) -> None:
        tasks: set[asyncio.Task[Any]] = set()
        with suppress(RuntimeError):  # no coroutine is run
            tasks = asyncio.all_tasks(asyncio.get_running_loop())
        for task in tasks:  # the loop, where the error is raised, does not tell
            task.print_stack(limit=12)
        raise EndlessError

    before = signal.signal(signal.SIGALRM, give_up)
    yield
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(autouse=True)
def time_limit(alarm: None, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that never ends, and again what waits for ever in cleaning up after it."""
    is_law = request.node.get_closest_marker("hypothesis") is not None
    signal.setitimer(signal.ITIMER_REAL, SECONDS * LAWS if is_law else SECONDS, 20.0)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)


@pytest.fixture
def patience(time_limit: None) -> None:
    """Ends what waits for ever where it is seen at once."""
    signal.setitimer(signal.ITIMER_REAL, 20.0, 20.0)


@pytest.fixture
def usual_umask() -> Iterator[None]:
    """New files and folders are for all to read, unless the program sees to it."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def no_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    """For where no power is cut: waiting for the disk takes most of the time."""
    monkeypatch.setattr("os.fsync", lambda _: None)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were opened in a browser."""
    addresses: list[str] = []
    monkeypatch.setenv("DISPLAY", ":7")

    def open_address(url: str) -> bool:
        addresses.append(url)
        return True

    monkeypatch.setattr(webbrowser, "open", open_address)
    return addresses


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Puts the user into a time zone; first into UTC."""

    def move(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    move("UTC")
    yield move
    monkeypatch.delenv("TZ")
    time.tzset()


@pytest.fixture(scope="session")
def corpus() -> tuple[Paper, ...]:
    """The papers that are shipped."""
    return tuple(from_record(record) for record in json.loads(CORPUS.read_text("utf-8")))


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory, corpus: tuple[Paper, ...]) -> Path:
    """A folder with a library of the shipped papers, nothing decided, and its cache."""
    folder = tmp_path_factory.mktemp("shipped")
    library, cache = folder / "library", folder / "cache"
    with Library.open(library, "desk", wait=0, cache=cache, now=lambda: NOW) as opened:
        opened.seed(corpus)
    with Library.open(library, "desk", write=False, cache=cache, now=lambda: NOW) as opened:
        opened.search.load_words()
        opened.search.load_lookalikes()
    return folder


@pytest.fixture
def shipped_copy(tmp_path: Path, shipped: Path) -> Path:
    """The folder of a copy of that library; its cache is where the app looks for it."""
    folder = tmp_path / "library"
    shutil.copytree(shipped / "library", folder)
    shutil.copytree(shipped / "cache", cache_path(folder))
    return folder


@pytest.fixture
def library(shipped_copy: Path) -> Iterator[Library]:
    """A library of the shipped papers, nothing decided, whose clock stands still at ``NOW``."""
    cache = cache_path(shipped_copy)
    with Library.open(shipped_copy, "desk", wait=0, cache=cache, now=lambda: NOW) as opened:
        yield opened
