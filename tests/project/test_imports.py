"""What is loaded when: the shell must answer before the app's toolkit could even be imported."""

import compileall
import importlib
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import tui
from tui.actions.modules import WITHOUT_KEYS
from tui.actions.registry import SCREENS

TOOLKIT = ("textual", "rich", "pyperclip")
SLOW = (*TOOLKIT, "shtab", "pylatexenc")


def fresh(code: str, *, home: Path) -> str:
    """What a new interpreter prints."""
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        env={**os.environ, "HOME": str(home)},
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(tui.__path__, "tui.")
    if module.name != "tui.__main__"
)
OUTSIDE_VIEW = [name for name in MODULES if not name.startswith("tui.ui.")]


def test_the_shell_and_the_library_load_nothing_slow(home: Path) -> None:
    code = (
        "import sys, tui.cli, tui.library\n"
        "import tui.actions.triage, tui.actions.lists, tui.actions.imports, tui.actions.doctor\n"
        f"print([name for name in {SLOW} if name in sys.modules])"
    )
    assert fresh(code, home=home) == "[]\n"


def test_nothing_below_the_view_loads_the_toolkit(home: Path) -> None:
    code = (
        f"import sys, importlib\nfor name in {OUTSIDE_VIEW}: importlib.import_module(name)\n"
        f"print([name for name in {TOOLKIT} if name in sys.modules])"
    )
    assert fresh(code, home=home) == "[]\n"


def test_every_package_can_be_the_first_to_be_loaded(home: Path) -> None:
    """Whether a package needs itself: ``make layers`` leaves no other circle to a module."""
    packages = [each.name for each in pkgutil.walk_packages(tui.__path__, "tui.") if each.ispkg]
    packages = [name for name in packages if name in OUTSIDE_VIEW]
    code = (
        "import sys, importlib\n"
        f"for first in {packages}:\n"
        "    for name in [name for name in sys.modules if name.split('.')[0] == 'tui']:\n"
        "        del sys.modules[name]\n"
        "    importlib.import_module(first)\n"
        "print('all')"
    )
    assert fresh(code, home=home) == "all\n"


def test_every_pattern_is_valid_also_those_that_are_compiled_later() -> None:
    for name in MODULES:
        for value in vars(importlib.import_module(name)).values():
            if type(value).__module__ == "tui.patterns":
                assert value.pattern


COMMANDS = [
    ["list"],
    ["list", "lora", "--json"],
    ["show", "mixlora"],
    ["mark", "read", "mixlora"],
    ["tag", "+rl", "mixlora"],
    ["lists", "add", "thesis", "mixlora"],
    ["lists"],
    ["export", "thesis"],
    ["undo"],
    ["log"],
    ["stats"],
    ["keys"],
    ["doctor"],
    [],
]


def test_no_command_but_the_app_loads_the_toolkit(home: Path) -> None:
    code = (
        "import sys, io\nfrom contextlib import redirect_stdout, redirect_stderr\n"
        "from tui.__main__ import main\n"
        f"for command in {COMMANDS}:\n"
        "    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):\n"
        "        main(command)\n"
        f"    print(command, [name for name in {(*TOOLKIT, 'shtab')} if name in sys.modules])"
    )
    lines = fresh(code, home=home).splitlines()
    assert lines == [f"{command} []" for command in COMMANDS]


@pytest.mark.parametrize("command", [["list"], ["--version"]], ids=" ".join)
def test_the_program_itself_loads_no_toolkit(home: Path, command: list[str]) -> None:
    subprocess.run([sys.executable, "-m", "tui", "list"], capture_output=True, timeout=60)
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tui", *command],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert result.returncode == 0
    loaded = {line.rsplit("|", 1)[-1].strip() for line in result.stderr.splitlines()}
    assert "tui.cli" in loaded
    slow = SLOW if command == ["--version"] else (*TOOLKIT, "shtab")
    assert not loaded & set(slow)
    if command == ["--version"]:
        assert "tinydb" not in loaded
    else:  # what only other commands need
        needless = {
            "tui.cli.plain",
            "tui.storage.restore",
            "tui.formats.importers",
            "tui.formats.exporters",
        }
        needless |= {f"tui.actions.{name}" for name in ("triage", "lists", "imports", "doctor")}
        needless |= {"tomllib", "socket", "uuid", "difflib", "textwrap"}
        assert not loaded & needless


GARBAGE = """
import gc, sys

def count(phase, info):
    if phase == "stop" and info["generation"] == 2:
        print("collected", info["collected"])

gc.callbacks.append(count)
sys.argv = ["papers-tui", "list", "--limit", "0"]
from tui.__main__ import main
main()
"""


def test_a_command_looks_for_no_garbage_not_even_at_its_end(home: Path) -> None:
    fresh("from tui.__main__ import main; main(['list'])", home=home)  # the library
    assert fresh(GARBAGE, home=home) in ("", "collected 0\n")


MOST_MODULES = 140
"""Those of ``tui`` that a start loads, without those that declare keys, all of which it needs."""
MOST_PATTERNS = 30
MOST_SOURCES = 46
"""Texts that are compiled as Python; each dataclass of the standard library is six of them."""
MOST_WIDGETS = 12
NOT_AT_A_START = (
    *("tui.formats", "tui.sources", "tui.model.identity", "tui.model.word_diff"),
    *("tui.search.completion", "tui.search.rulings", "tui.model.rules"),
    *("tui.storage.restore", "tui.storage.git", "tui.cli.plain", "tui.ui.charts"),
    *("tui.ui.clipboard", "tui.ui.external", "tui.ui.widgets.help", "tui.ui.widgets.page"),
    *(f"tui.ui.screens.{name}" for name in ("base", "diff", "output", *SCREENS)),
)
STARTED = """
import asyncio, re, sys
import textual.app, textual.widgets, textual.drivers.linux_driver

patterns, sources = [], []
compile_pattern = re._compiler.compile

def counted(pattern, flags=0):
    patterns.append(pattern)
    return compile_pattern(pattern, flags)

re._compiler.compile = counted

def listen(event, values):
    # Dataclasses of Python 3.13 compile this for each class to which they add nothing.
    if event == "compile" and values[0] != b"def __create_fn__():\\n\\n return ()":
        sources.append(values)

sys.addaudithook(listen)

from concurrent.futures import ThreadPoolExecutor
from tui import cli
from tui.__main__ import _open_library
from tui.config import Config
from tui.ui.app import PapersApp
from tui.ui.widgets import reading_pane

reading_pane.READ_SECONDS = 60  # the abstract comes later, on a slow machine too

async def start():
    opening = ThreadPoolExecutor().submit(_open_library, Config(), None)
    opening.result()
    app = PapersApp(Config(), opening)
    async with app.run_test(size=(120, 35)) as pilot:
        await pilot.press("j")
        assert app.main.shown.cursor == 1
        counts = len(patterns), len(sources), len(app.main.query("*"))
        print(*counts, *(name for name in sys.modules if "tui." in name[:4]))
    opening.result().close()

asyncio.run(start())
"""


def test_a_start_loads_and_compiles_little_before_the_first_key(home: Path) -> None:
    compileall.compile_dir(Path(tui.__file__).parent, quiet=2)  # what was edited since
    fresh("from tui.__main__ import main; main(['list', 'is:lookalike'])", home=home)  # caches
    patterns, sources, widgets, *modules = fresh(STARTED, home=home).split()
    assert not [name for name in modules if name.startswith(NOT_AT_A_START)]
    package, without_keys = "tui.actions.", {f"tui.actions.{name}" for name in WITHOUT_KEYS}
    others = [each for each in modules if not each.startswith(package) or each in without_keys]
    assert len(others) <= MOST_MODULES, " ".join(others)
    assert int(patterns) <= MOST_PATTERNS
    assert int(sources) <= MOST_SOURCES
    assert int(widgets) <= MOST_WIDGETS
