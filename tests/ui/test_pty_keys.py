"""Keys in a real terminal: what suspends, other layouts, and pastes that look like typing."""

import re
from pathlib import Path
from typing import Final

from tests.ui.terminals import FIRST, PROGRAM, Opener, Terminal, opened, titles
from tests.view_helpers import reading
from tui.library import Library
from tui.model.state import Status

CASES: Final = Path(__file__).parents[1] / "cases"


def a_shell(terminal: Opener) -> Terminal:
    """A shell with job control."""
    shell = terminal("--norc", "-i", program="/bin/bash", PS1="ready$ ")
    shell.wait_for("ready$")
    return shell


def stopped(screen: Terminal) -> None:
    """Suspends what runs in a shell, by the key of the case; returns at the shell's prompt."""
    screen.type("\x1a")
    screen.wait_for("Stopped", "ready$")
    screen.type("clear\r")
    screen.wait_until(lambda: "Stopped" not in screen.text, "it was not cleared")


def test_ctrl_z_gives_the_terminal_to_the_shell_and_fg_brings_the_app_back(
    terminal: Opener, folder: Path
) -> None:
    assert "send-keys C-z" in (CASES / "keys-ctrl-z.sh").read_text("utf-8")
    screen = a_shell(terminal)
    screen.type(f"{PROGRAM}\r")
    screen.wait_for("1 of 268", "paste your")
    for typed, text in (("", "TCIA"), ("?", "type to search"), ("/tcia", "1 of 1")):
        screen.type(typed)
        screen.wait_for(text)
        stopped(screen)
        screen.type("fg\r")
        screen.wait_for(text)
        screen.type("\x1b")
        screen.wait_for("1 of 268")
    screen.type("r")
    screen.wait_for("Marked read: TCIA")
    screen.type("q")
    screen.wait_for("1 paper decided", "ready$")
    assert titles(folder, Status.READ) == [FIRST]


def test_the_whole_process_group_stops(terminal: Opener) -> None:
    screen = a_shell(terminal)
    screen.type(f"sh -c '{PROGRAM}; echo afterwards'\r")  # as make run starts it
    screen.wait_for("1 of 268", "paste your")
    stopped(screen)
    screen.type("fg\r")
    screen.wait_for("1 of 268")
    screen.type("q")
    screen.wait_for("afterwards", "ready$")


def test_without_a_shell_to_suspend_to_it_says_so_and_goes_on(terminal: Opener) -> None:
    screen = opened(terminal)
    screen.type("\x1a")
    screen.wait_for("Not suspended")
    screen.type("r")
    screen.wait_for("Marked read: TCIA")


def test_a_plain_session_is_suspended_by_its_terminal(terminal: Opener) -> None:
    screen = a_shell(terminal)
    screen.type(f"{PROGRAM} triage --plain\r")
    screen.wait_for("Keys act at once", "TCIA")
    stopped(screen)
    screen.type("fg\r")
    screen.wait_for("triage --plain")
    screen.type("r")  # at once, without Enter
    screen.wait_for("Marked read: TCIA")
    screen.type("q")
    screen.wait_for("1 paper decided", "ready$")


async def test_where_there_is_no_terminal_it_says_so_on_every_screen(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        for place in ((), ("g", "l"), ("escape", "/")):
            await desk.press(*place, "ctrl+z")
            assert desk.says.startswith("Not suspended")


def test_a_cyrillic_layout_acts_in_a_terminal(terminal: Opener, folder: Path) -> None:
    script = (CASES / "keys-cyrillic.sh").read_text("utf-8")
    (keys,) = re.findall(r"^for k in (.*); do \$S", script, re.MULTILINE)
    screen = opened(terminal)
    for key in keys.split():  # j j r a u q
        screen.type(key)
    screen.wait_for("Add to list: гй")  # where text is typed, it is text
    screen.type("\x1b")
    screen.wait_for("Esc skip")
    screen.type("й")
    assert screen.wait_for_end() == 0
    assert len(titles(folder, Status.READ)) == 1


def pasted_page() -> str:
    """The page of the case as a terminal without bracketed paste hands it over."""
    script = (CASES / "paste-unbracketed.sh").read_text("utf-8")
    (name,) = re.findall(r"load-buffer (\S+);", script)
    return (CASES / str(name)).read_text("utf-8").replace("\n", "\r")


def test_a_paste_without_brackets_decides_nothing_and_is_offered(
    terminal: Opener, folder: Path
) -> None:
    screen = opened(terminal)
    screen.type(pasted_page())
    screen.wait_for("2 new", "Import")
    screen.type("\x1b")
    # Not only for the footer, which is covered last: a key after an Esc that waits is another one.
    screen.wait_until(lambda: "2 new" not in screen.text, "the question stays")
    screen.wait_for("Esc skip")
    screen.type("jq")
    assert screen.wait_for_end() == 0
    with Library.open(folder, "user", write=False) as library:
        assert library.counts().unread == 268
        assert list(library.state.undoable()) == []


def test_a_few_words_that_come_at_once_do_nothing_and_keys_do(
    terminal: Opener, folder: Path
) -> None:
    screen = opened(terminal)
    screen.type("hello duck\r")
    screen.wait_for("“hello duck” arrived all at once, like a paste, so it was ignored")
    screen.type("L")
    screen.wait_for("Lists")
    screen.type("teacher\r")  # typed ahead into a line
    screen.wait_for("Added to teacher")
    screen.type("rdrjd")
    screen.wait_for("263 left")
    screen.type("q")
    assert screen.wait_for_end() == 0
    assert (len(titles(folder, Status.READ)), len(titles(folder, Status.DISMISSED))) == (2, 2)


def test_several_lines_at_once_in_an_open_line_are_its_text(terminal: Opener) -> None:
    screen = opened(terminal)
    screen.type("t")
    screen.wait_for("Tags: ")
    screen.type("abc\rdef\r")
    screen.wait_for("Tags: abc def")


def test_where_text_is_typed_such_a_paste_is_text(terminal: Opener) -> None:
    screen = opened(terminal)
    screen.type("e")
    screen.wait_for("Note:")
    screen.type("Read this again and again\rrrr\r")
    screen.wait_for("Note: Read this again and again↵rrr")
    screen.type("\r")
    screen.wait_for("Note  Read this again and again  ", "\n rrr  ")


def test_in_a_plain_session_such_a_paste_does_nothing(terminal: Opener, folder: Path) -> None:
    screen = terminal("triage", "--plain")
    screen.wait_for("Keys act at once", "TCIA")
    screen.type(pasted_page())
    screen.wait_for("Several keys at once: nothing was done.")
    screen.type("q")
    assert screen.wait_for_end() == 0
    with Library.open(folder, "user", write=False) as library:
        assert list(library.state.undoable()) == []
