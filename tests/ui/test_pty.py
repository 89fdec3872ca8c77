"""The installed program in a real terminal: what it draws, what it leaves behind, how it ends."""

import base64
import os
import re
import signal
import subprocess
import sys
import termios
import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import pexpect
import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.tasklists import tasklists_plugin
from tinydb import TinyDB
from wcwidth import wcwidth

from tests.strategies import HEADER, MARKUP, TERMINAL
from tests.ui.terminals import FIRST, PATIENCE, PROGRAM, SECOND, Opener, Terminal, opened, titles
from tests.view_helpers import paper
from tui.library import Library
from tui.model.state import Status


@pytest.mark.parametrize("size", [(80, 24), (120, 35)], ids=["80x24", "120x35"])
def test_a_session_from_an_empty_home_to_a_list_on_disk(
    terminal: Opener, size: tuple[int, int], folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.md"
    screen = opened(terminal, size)
    screen.type("/")
    screen.type("collaborative yet")
    screen.wait_for("CoDiEmb", "collaborative, yet")
    screen.type("\r")
    screen.wait_for("best match first")
    screen.type("i")
    screen.wait_for("Marked reading: CoDiEmb")
    screen.type("gg")
    screen.type("t")
    screen.wait_for("Tags: ")
    screen.type("embeddings old")
    screen.wait_for("Tags: embeddings old")
    screen.type("\r")
    screen.wait_for("#embeddings", "#old")
    screen.type("Lmy thesis\r")
    screen.wait_for("in my thesis (1 of 1)", "a → my thesis")
    screen.type("lE")
    screen.wait_for("Export “my thesis” to")
    screen.type(f"{target}\r")  # in place of the path that is proposed
    screen.wait_for("Exported 1 paper to ")
    screen.type("q")
    assert screen.wait_for_end() == 0
    screen.assert_given_back()
    assert screen.after.strip() == "1 paper decided, 267 left in the inbox."

    markdown = MarkdownIt("commonmark").use(front_matter_plugin).use(tasklists_plugin)
    text = target.read_text("utf-8")
    tokens = markdown.parse(text)
    heading = tokens[[token.type for token in tokens].index("heading_open") + 1]
    assert heading.content == "my thesis"
    links = [
        (token.children[place + 1].content, token.children[place].attrs["href"])
        for token in tokens
        if token.type == "inline" and token.children
        for place, child in enumerate(token.children)
        if child.type == "link_open"
    ]
    assert links[0][0].startswith(SECOND)
    assert str(links[0][1]).startswith("https://arxiv.org/")
    assert markdown.render(text).count('type="checkbox"') == 1

    with TinyDB(folder / "papers.json") as papers, TinyDB(folder / "triage.json") as triage:
        assert len(papers.table("papers")) == 268
        (decision,) = triage.table("decisions").all()
        assert str(decision["key"]).startswith("codiemb")
        assert decision["status"] == "reading"
        output = str(decision)
        for word in ("embeddings", "old", "my thesis"):
            assert word in output


def test_what_was_decided_is_there_the_next_time(terminal: Opener) -> None:
    screen = opened(terminal)
    screen.type("rdjq")
    assert screen.wait_for_end() == 0
    screen = terminal()
    screen.wait_for("266 left", "266")
    assert "TCIA" not in screen.text
    screen.type("u")
    screen.wait_for("Undid: dismissed CoDiEmb")
    screen.type("q")
    assert screen.wait_for_end() == 0


def test_keys_sent_in_one_piece_act_in_order(terminal: Opener, folder: Path) -> None:
    screen = opened(terminal)
    screen.type("Lnew\rr/stochastok\rtnlp\rq")
    assert screen.wait_for_end() == 0
    with Library.open(folder, "user", write=False) as library:
        (listed,) = library.state.reading_list("new").keys
        assert library.item(listed).paper.title == FIRST
        tagged = [e.paper.title for e in library.items() if e.state.tags == ("nlp",)]
        assert [title.split(":")[0] for title in tagged] == ["StochasTok"]


def test_keys_that_waited_are_drawn_as_decided(terminal: Opener) -> None:
    screen = opened(terminal)
    screen.child.kill(signal.SIGSTOP)
    for key in "rdrjd":
        screen.type(key)
    screen.child.kill(signal.SIGCONT)
    screen.wait_for("264 left")
    screen.wait_for_quiet()
    rows = screen.text.split("\n")[1:7]
    assert ["●" in row for row in rows] == [False, False, False, True, False, True], rows


ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


@pytest.mark.parametrize("number", ENDING, ids=lambda number: number.name)
def test_a_signal_gives_the_terminal_back_and_keeps_the_changes(
    terminal: Opener, folder: Path, number: signal.Signals
) -> None:
    screen = opened(terminal)
    screen.type("r")
    screen.wait_for("Marked read: TCIA")
    screen.type("t")
    screen.wait_for("Tags:")
    screen.child.kill(number)
    assert screen.wait_for_end() == 128 + number
    screen.assert_given_back()
    assert "Traceback" not in screen.raw.decode()
    assert titles(folder, Status.READ) == [FIRST]
    with TinyDB(folder / "triage.json") as triage:
        assert len(triage.table("decisions")) == 1


@pytest.mark.parametrize("number", ENDING[1:], ids=lambda number: number.name)
def test_a_signal_at_the_first_moment_gives_the_terminal_back(
    terminal: Opener, number: signal.Signals
) -> None:
    screen = terminal()
    screen.wait_for_raw(b"\x1b[?1049h")
    screen.child.kill(number)
    assert screen.wait_for_end() == 128 + number
    screen.assert_given_back()


def test_a_stopped_app_gives_the_terminal_back_and_goes_on(terminal: Opener) -> None:
    screen = opened(terminal)
    screen.child.kill(signal.SIGTSTP)
    os.waitpid(int(screen.child.pid or 0), os.WUNTRACED)
    screen.wait_for_raw(b"\x1b[?1049l")
    screen.child.kill(signal.SIGCONT)
    screen.screen.reset()
    screen.wait_for("1 of 268")
    screen.type("r")
    screen.wait_for("Marked read: TCIA")
    screen.child.kill(signal.SIGCONT)  # and once more, for nothing
    screen.type("q")
    assert screen.wait_for_end() == 0
    screen.assert_given_back()


def in_the_shell(env: Mapping[str, str], *words: str, stdin: bytes = b"") -> tuple[int, str]:
    """The exit code of a command beside the app, and what it says."""
    result = subprocess.run(
        [PROGRAM, *words], input=stdin, capture_output=True, env=env, timeout=PATIENCE, check=False
    )
    return result.returncode, (result.stdout + result.stderr).decode()


@pytest.mark.parametrize("is_plain", [False, True])
def test_a_session_does_what_a_shell_asks(
    terminal: Opener, folder: Path, env: Mapping[str, str], is_plain: bool
) -> None:
    if is_plain:
        screen = terminal("triage", "--plain", size=(120, 35))
        screen.wait_for("268 papers", "Keys act at once")
    else:
        screen = opened(terminal)
    code, says = in_the_shell(env, "mark", "read", "tcia")
    assert code == 0
    assert says.startswith("Marked read: TCIA")
    screen.wait_for("From the shell: Marked read")
    lines = [*HEADER, "A Paper from a Pipe", "", "We show it at length.", ""]
    code, says = in_the_shell(env, "import", "-", stdin="\n".join(lines).encode())
    assert code == 0
    assert says.startswith("standard input: 1 new")
    screen.wait_for("From the shell: standard input: 1 new")
    assert titles(folder, Status.READ) == [FIRST]
    assert in_the_shell(env, "undo", "2")[0] == 0
    assert titles(folder, Status.READ) == []
    assert list((folder / "queue").iterdir()) == []


def test_a_stopped_app_takes_no_request(
    terminal: Opener, folder: Path, env: Mapping[str, str]
) -> None:
    screen = opened(terminal)
    screen.child.kill(signal.SIGSTOP)
    code, says = in_the_shell(env, "mark", "read", "tcia")
    assert code == 75
    holder = f"process {screen.child.pid}"
    if Path("/proc/self/stat").exists():
        holder += ", suspended; fg resumes it"
    assert f"({holder}) uses this library" in says
    screen.child.kill(signal.SIGCONT)
    screen.type("j")
    screen.wait_for("2 of 268")
    assert in_the_shell(env, "log", "--json") == (0, "[]\n")


@pytest.mark.parametrize("key", ["\r", "\x1b", "q"])
def test_a_key_returns_from_what_a_program_printed(terminal: Opener, key: str) -> None:
    screen = opened(terminal)
    screen.type("|wc -l\r")
    screen.wait_for("Press Enter to return")
    screen.type(key)
    screen.wait_for("Piped 1 paper")


def test_a_change_outlives_a_kill(terminal: Opener, folder: Path) -> None:
    screen = opened(terminal)
    screen.type("d")
    screen.wait_for("Dismissed: TCIA")
    screen.child.kill(signal.SIGKILL)
    assert screen.wait_for_end() == -signal.SIGKILL
    assert titles(folder, Status.DISMISSED) == [FIRST]
    screen = terminal()
    screen.wait_for("267 left", "paste your")
    screen.type("u")
    screen.wait_for("Undid: dismissed TCIA")


def closed(screen: Terminal) -> Terminal:
    """The terminal after its window was closed, in which a paper was read before."""
    screen.type("r")
    screen.wait_for("Marked read: TCIA")
    screen.child.ptyproc.fileobj.close()  # type: ignore[attr-defined]
    screen.child.closed = True
    return screen


def test_a_terminal_that_is_closed_keeps_the_changes_and_frees_the_library(
    terminal: Opener, folder: Path
) -> None:
    closed(opened(terminal))
    with Library.open(folder, "user", wait=PATIENCE) as library:
        (read,) = [e.paper.title for e in library.items() if e.state.status is Status.READ]
    assert read == FIRST


@pytest.mark.parametrize("number", [signal.SIGHUP, None], ids=["told", "nohup"])
def test_a_terminal_that_is_closed_leaves_no_process(
    terminal: Opener, number: signal.Signals | None
) -> None:
    screen = opened_under("nohup" if number is None else "", terminal)
    closed(screen)
    assert screen.wait_for_exit() == 128 + signal.SIGHUP


def opened_under(command: str, terminal: Opener) -> Terminal:
    """The app, run by another program or by none."""
    if not command:
        return opened(terminal)
    ignoring = (
        "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    screen = terminal("-c", ignoring, str(PROGRAM), program=sys.executable)
    screen.wait_for("1 of 268", "TCIA", "paste your")
    return screen


def test_a_mistake_of_ours_is_one_sentence_in_the_shell(
    terminal: Opener, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "from tui.library import Library\n"
        "change = Library.change\n"
        "def fail(library, verb, updates):\n"
        "    if verb == 'read': raise RuntimeError('boom')\n"
        "    return change(library, verb, updates)\n"
        "Library.change = fail\n"
    )
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    screen = terminal(PYTHONPATH=path)
    screen.wait_for("1 of 268", "paste your")
    screen.type("s")
    screen.wait_for("★")
    screen.type("r")
    assert screen.wait_for_end() == 1
    screen.assert_given_back()
    assert "papers-tui crashed because of a bug" in screen.after
    assert "Traceback" not in screen.raw.decode()
    with Library.open(folder, "user", write=False) as library:
        assert library.counts().starred == 1


def test_without_a_desktop_a_copy_goes_to_the_terminal_and_is_said_to(terminal: Opener) -> None:
    screen = opened(terminal)
    screen.type("yt")
    screen.wait_for("Sent to the terminal's clipboard: title")
    sequence = re.search(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)(\x07|\x1b\\)", screen.raw)
    assert sequence is not None
    assert base64.b64decode(sequence[1]).decode() == FIRST


def test_a_resized_terminal_is_drawn_again(terminal: Opener) -> None:
    screen = opened(terminal)
    screen.type("j\x1b")
    screen.wait_for("2 of 268", "gx drops")
    screen.type("\x1b")
    screen.wait_for("Nothing to go back to")
    screen.type("kj")  # so that no message stands beside the keys
    screen.wait_until(lambda: "Nothing to go" not in screen.text, "the message stays")
    screen.screen.resize(35, 120)
    screen.child.setwinsize(35, 120)
    screen.wait_for("│ CoDiEmb", "s star", "▌●   CoDiEmb")
    screen.screen.resize(9, 60)
    screen.child.setwinsize(9, 60)
    screen.wait_for("papers-tui needs at least 40 columns by 10 rows")
    screen.type("q")
    assert screen.wait_for_end() == 0


def test_papers_of_strangers_send_nothing_to_the_terminal(terminal: Opener, folder: Path) -> None:
    with Library.open(folder, "stranger") as library:
        library.seed(
            paper(f"{number} {text}", text, urls=[f"https://e.org/{text}"])
            for number, text in enumerate((*MARKUP, *TERMINAL))
        )
    screen = terminal()
    screen.wait_for("of 19 ")
    for _ in range(19):
        screen.type("J")
    screen.wait_for("19 of 19")
    screen.type("q")
    assert screen.wait_for_end() == 0
    screen.assert_given_back()
    assert not re.search(rb"\x1b\](0|52);|\x1b\]8;[^;]*;https://e\.org\x1b", screen.raw)
    assert "\x9b" not in screen.raw.decode()
    assert "\x9d" not in screen.raw.decode()


def test_a_library_that_cannot_be_read_is_said_in_the_shell(terminal: Opener, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "papers.json").write_text('{"papers": {"1": ', "utf-8")
    screen = terminal()
    assert screen.wait_for_end() == 1
    screen.assert_given_back()
    assert "papers-tui: " in screen.after
    assert "papers.json" in screen.after
    assert "Traceback" not in screen.raw.decode()
    assert (folder / "papers.json").read_text("utf-8") == '{"papers": {"1": '


def test_without_a_terminal_it_says_so_in_one_sentence(env: Mapping[str, str]) -> None:
    result = subprocess.run(
        [PROGRAM], stdin=subprocess.DEVNULL, capture_output=True, env=env, timeout=60, check=False
    )
    assert result.returncode == 1
    assert result.stdout == b""
    assert result.stderr.decode().startswith("papers-tui: The app needs a terminal")
    assert b"\x1b" not in result.stderr


def test_with_errors_sent_to_a_file_it_says_so_too(env: Mapping[str, str], home: Path) -> None:
    errors = home / "errors"
    command = f"exec '{PROGRAM}' 2> '{errors}'"
    child = pexpect.spawn("sh", ["-c", command], env=dict(env), timeout=PATIENCE)
    child.send("q")
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 1
    assert b"\x1b" not in errors.read_bytes()


def test_a_dumb_terminal_is_refused_in_one_sentence(terminal: Opener, folder: Path) -> None:
    screen = terminal(TERM="dumb")
    assert screen.wait_for_end() == 1
    assert "papers-tui: This terminal cannot draw a screen" in screen.raw.decode()
    assert b"\x1b" not in screen.raw
    assert not folder.exists()


def test_the_next_start_goes_on_where_the_last_one_ended(terminal: Opener) -> None:
    screen = opened(terminal)
    screen.type("jj")
    screen.wait_for("3 of 268")
    screen.type("q")
    assert screen.wait_for_end() == 0
    screen = terminal()
    screen.wait_for("3 of 268")
    screen.type("j")
    screen.wait_for("4 of 268")


def raw(screen: Terminal) -> Terminal:
    """The terminal at the moment it hands over each key, which is before anything is painted."""
    screen.wait_until(
        lambda: not termios.tcgetattr(screen.child.fileno())[3] & termios.ICANON,
        "it never asked for single keys",
    )
    return screen


def test_keys_typed_before_the_first_paint_act_in_order(terminal: Opener, folder: Path) -> None:
    screen = raw(terminal())
    screen.type("jr/stochastok\rtfirst\r")  # on the very first start, which makes the library
    screen.wait_for("#first", "StochasTok")
    screen.type("q")
    assert screen.wait_for_end() == 0
    screen = raw(terminal())
    screen.type("tsecond\rq")
    assert screen.wait_for_end() == 0
    screen.assert_given_back()
    assert titles(folder, Status.READ)[0].startswith("CoDiEmb")
    with Library.open(folder, "user", write=False) as library:
        (tagged,) = [item for item in library.items() if item.state.tags]
    assert tagged.paper.title.startswith("StochasTok")
    assert tagged.state.tags == ("first", "second")


def test_a_key_to_leave_before_the_first_paint_leaves_whole(terminal: Opener) -> None:
    for key in ("q", "\x03", "\x11"):
        screen = raw(terminal())
        screen.type(key)
        assert screen.wait_for_end() == 0, key
        screen.assert_given_back()
        pointer = "\x1b]22;default\x07"  # Textual gives the mouse pointer its shape back
        assert screen.after.replace(pointer, "").strip() == "", key
    terminal().wait_for("1 of 268", "TCIA", "paste your")


def test_no_row_shifts_where_a_terminal_gives_vowels_columns_of_their_own(
    terminal: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def width(sign: str) -> int:
        return 1 if unicodedata.category(sign) == "Mc" else max(wcwidth(sign), 0)

    monkeypatch.setattr("pyte.screens.wcwidth", width)
    title = "हिन्दी बाबाबाबाबा में शोध"
    with Library.open(folder, "user") as library:
        library.seed([paper(title, published=date(2025, 12, 5)), paper("Plain")])
    screen = terminal(size=(100, 30))
    screen.wait_for("1 of 2", "हिन्दी")
    screen.type("v")
    screen.wait_for("2025-12-05 │")
    screen.type("jk")
    screen.wait_for("1 of 2")
    cells = screen.screen.buffer
    assert cells[1][5].data == "ह"
    divider = next(x for x in range(100) if cells[5][x].data == "│")
    assert "".join(cells[1][x].data for x in range(divider - 11, divider + 1)) == "2025-12-05 │"
