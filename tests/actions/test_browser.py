"""What a session in a browser cannot do: nothing outside of the library, and no programs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.actions import command_line, keymap, sources
from tui.actions.bindings import bindings
from tui.actions.registry import Where, actions, app_front_end
from tui.errors import PapersError, UsageError
from tui.library import Library


@pytest.fixture
def desk(folder: Path) -> Iterator[Library]:
    """An empty library."""
    with Library.open(folder, "desk") as library:
        yield library


@pytest.fixture
def in_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process draws in a browser."""
    monkeypatch.setenv("TEXTUAL_DRIVER", "textual.drivers.web_driver:WebDriver")


def test_textual_serve_tells_the_app_where_it_is_drawn(in_browser: None) -> None:
    assert app_front_end() is Where.BROWSER


def test_without_it_the_app_is_drawn_in_a_terminal() -> None:
    assert app_front_end() is Where.TERMINAL


@pytest.mark.parametrize(
    "line",
    [
        "export thesis -o thesis.md",
        "export thesis --output=thesis.md",
        "export thesis --notes notes",
        "write x.md --force",
        "write x.md --to markdown",
        "report -o report.md",
        "report --force",
        "import page.txt",
        "pull thesis.md",
        "lists exported thesis /x/y.md",
        "pipe",
        "editor",
        "cite --style nature.csl",
        "cite --form html",
        "fetch --install-timer --write",
        "sources allow mine",
        "sync",
        "sync init /x",
        "serve",
        "parse page.txt",
        "list --library /x",
        "tag +x --library=/x",
    ],
)
def test_what_leaves_the_library_does_not_run_in_a_browser(line: str) -> None:
    with pytest.raises(UsageError):
        command_line.parse(line, Where.BROWSER, ["%"])


@pytest.mark.parametrize("line", ["mark read", "export thesis", "write bibtex", "report", "fetch"])
def test_all_else_does(line: str) -> None:
    action, _ = command_line.parse(line, Where.BROWSER, ["%"])
    assert action.where & Where.BROWSER


def test_options_that_name_a_file_are_for_this_machine() -> None:
    local = ("FILE", "DIR", "PATH", "FILE.csl")
    for action in actions().values():
        for argument in action.arguments:
            assert argument.is_file == (argument.metavar == "FILE"), action.name
            assert argument.is_folder == (argument.metavar == "DIR"), action.name
            if argument.metavar in local:
                assert not action.where & argument.where & Where.BROWSER, action.name


def test_the_command_line_offers_nothing_that_is_refused(desk: Library) -> None:
    words = {each.value for each in command_line.complete("", "", desk, Where.BROWSER)}
    assert "mark" in words
    assert not {"import", "pipe", "sync", "pull"} & words
    flags = {each.value for each in command_line.complete("export ", "-", desk, Where.BROWSER)}
    assert "--query" in flags
    assert not {"--output", "--notes"} & flags


def test_keys_of_what_is_refused_are_keys_of_nothing(in_browser: None) -> None:
    rows = [row for screen in ("papers", "lists", "sources") for row in bindings(screen)]
    gone = {row.id for row in rows} - {row.id for row in keymap.in_front_end(rows)}
    assert gone == {"pipe", "note.editor", "library.sync", "lists.pull", "sources.allow"}


def test_a_browser_adds_and_fetches_no_program(in_browser: None, desk: Library) -> None:
    with pytest.raises(PapersError, match="no programs"):
        sources.add(desk, "command:touch /tmp/x")
    sources.allow("command:touch /tmp/x")
    with pytest.raises(PapersError, match="no programs"):
        sources.require_allowed("command:touch /tmp/x")
