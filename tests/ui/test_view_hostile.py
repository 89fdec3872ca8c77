"""Text that nobody cleaned, on every screen: shown as text, and nothing more.

A library cleans what it takes in. Here the texts come in raw, behind its back, so that what is
tested is the last line: that each place of the screen makes safe what it shows.
"""

import html
import re
from collections.abc import Collection
from concurrent.futures import Future
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from textual import events
from textual.widgets import OptionList

from tests.conftest import NOW
from tests.strategies import MARKUP, TERMINAL, UNICODE
from tests.view_helpers import CHROME_FREE, Desk, Size, frame, paper, reading, undrawn
from tui.config import Config
from tui.errors import PapersError
from tui.library import Library
from tui.model.paper import Paper
from tui.ui.app import PapersApp

LONG: Final = "one line " * 12_000
"""Fifty times what a line may have."""

PAYLOADS: Final = (
    *MARKUP,
    *TERMINAL,
    *UNICODE,
    "[@click=screen.mark('dismissed')]press me[/]",
    "unclosed [bold and [@click=app.exit",
    "z" + "\u0301\u0489" * 1_000,
    LONG,
    "\x1b[31m[/]" * 12_000,
    "see https://e.org/\x1b]52;c;eA==\x07 and https://e.org/[/]",
    "\u200b\u202e\u2066\xad",
    "   ",
)

TYPED: Final = {
    "closing tags": "x [/] y [/foo] [/^a-z] [bold",
    "a click": "[@click=app.quit]x[/]",
    "links and styles": "[link=https://e.org]s[/link] [$error]x[/] of x[i]",
    "other markup": "![a](https://e.org/t.png) <script>x</script> \\[/]",
}
"""Markup, short enough for any name."""

NAMES: Final = {
    **TYPED,
    "window titles": TERMINAL[0] + TERMINAL[5],
    "clipboard": TERMINAL[1],
    "links and screens": TERMINAL[2] + TERMINAL[3],
    "controls": "".join(TERMINAL[4:]),
    "directions": " ".join((*UNICODE[:4], *UNICODE[8:10], UNICODE[12])),
    "scripts": " ".join((*UNICODE[4:7], *UNICODE[10:12])),
    "a long line": LONG,
}
"""What lists, tags, notes and views are called."""

HARMFUL: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""What acts on a terminal, reorders a line or hides in it."""


def keepable(text: str) -> str:
    """The text without surrogates: no file holds them, so none comes out of one."""
    return text.encode("utf-8", "replace").decode()


def hostile(text: str) -> tuple[Paper, ...]:
    """A paper whose every text is hostile, and a harmless one below it."""
    kept = keepable(text)
    links = [f"https://e.org/{kept[:200]}", kept[:200]]
    return (
        paper(kept, kept, upvotes=3, urls=links, authors=[kept[:500]] * 5, file=kept[:60]),
        paper("Harmless", "A harmless abstract."),
    )


def make(folder: Path, names: Collection[str] = NAMES.values()) -> None:
    """A library of such papers, each with a tag, list, note, export and view called so, too."""
    with Library.open(folder, "desk", wait=0, now=lambda: NOW) as library:
        library.seed({paper.key: paper for text in names for paper in hostile(text)}.values())
        assert len(library) == len(names) + 1
        for text in names:
            name = keepable(text)[:3_000]
            key = hostile(text)[0].key
            export = {"format": name, "at": "2026-01-01", "held": [], "abstract": "first"}
            library.change(
                name,
                [
                    ("papers", key, f"tag/{name}", True),
                    ("papers", key, f"list/{name}", 1.0),
                    ("papers", key, "note", f"{name}\n{name}"),
                    ("lists", name, "exists", True),
                    ("lists", name, "description", name),
                    ("lists", name, f"export/{name}", export),
                    ("views", name, "query", name),
                ],
            )


async def press_and_look(desk: Desk, *keys: str) -> None:
    """Presses keys, and looks at what they lead to, which is then drawn once."""
    with undrawn():
        await desk.press(*keys)
    look(desk)


def look(desk: Desk, *, picture: bool = False) -> None:
    """Nothing harmful is drawn, and each row is as wide as the screen."""
    rows = frame(desk.app)
    assert not HARMFUL.search("\n".join(rows)), desk.app.screen
    if picture:
        svg = html.unescape(desk.app.export_screenshot())
        assert not HARMFUL.search(svg), desk.app.screen
    assert desk.app.is_running
    assert desk.app._exception is None


@pytest.mark.parametrize("size", [(80, 24), (120, 35), (200, 50)])
async def test_papers_of_strangers_are_shown_as_text(tmp_path: Path, size: Size) -> None:
    shown = [text for text in PAYLOADS if size == (80, 24) or len(text) < 1_000]
    papers = [hostile(f"{place} {text}")[0] for place, text in enumerate(shown)]
    async with reading(tmp_path / "library", papers, size=size) as desk:
        width, height = size
        for place in range(len(papers)):
            look(desk, picture=place % 10 == 0)
            if place % 10 == 3:
                await desk.pilot.click(offset=(width - 30, height // 2 + 2))
            with undrawn():
                await desk.press("J")
        assert desk.cursor == len(papers) - 1
        assert desk.library.state.history() == []


async def test_a_click_on_a_hostile_title_does_nothing(tmp_path: Path) -> None:
    texts = [text for text in PAYLOADS if "[" in text and len(text) < 100]
    papers = [hostile(f"{place} {text}")[0] for place, text in enumerate(texts)]
    async with reading(tmp_path / "library", papers) as desk:
        for place in range(len(texts)):
            row = 1 + desk.cursor - desk.papers.scroll_offset.y
            for each in (row, 11, 14):  # in the list, and title and abstract in the pane
                for column in range(1, 79):
                    meta = desk.app.screen.get_style_at(column, each).meta
                    assert not any(name.startswith("@") for name in meta), (column, each)
                await desk.pilot.click(offset=(5, each))
            look(desk, picture=True)
            assert desk.at_home
            assert desk.cursor == place
            await desk.press("J")
        assert desk.library.state.history() == []


async def test_every_question_shows_names_of_strangers_as_text(tmp_path: Path) -> None:
    make(tmp_path / "library")
    async with reading(tmp_path / "library") as desk:
        for place in range(len(NAMES) + 1):
            for keys in (
                ("r", "u"),  # a title in a message
                ("o",),  # links
                ("escape", "t"),  # tags to choose from
                ("escape", "L", *["down"] * place),  # lists
                ("enter",),  # the current list in the rows of chrome
                ("u", "l"),
            ):
                await press_and_look(desk, *keys)
            await desk.press("escape", "g", "a", "g", "g", *str(place + 1), "j")
        for keys in (
            ("g", "t"),
            ("escape", "f"),  # views
            ("escape", "S"),
            ("escape", "g", "l"),  # lists, why they exist, where they went
            *(("d",), ("enter",), ("u",), ("j",)) * len(NAMES),
        ):
            await press_and_look(desk, *keys)
        look(desk, picture=True)
        assert desk.statuses() == {}


async def test_every_line_to_edit_shows_what_it_holds_as_text(tmp_path: Path) -> None:
    make(tmp_path / "library")
    async with reading(tmp_path / "library") as desk:
        for _ in range(len(NAMES) + 1):
            await press_and_look(desk, "e")
            await desk.press("escape", "j")
        await desk.press("g", "l")
        for _ in NAMES:
            await press_and_look(desk, "c")
            await press_and_look(desk, "escape", "e")
            await desk.press("escape", "j")
        await desk.press("escape")
        assert desk.at_home


async def test_no_name_can_be_clicked_for_what_it_says(tmp_path: Path) -> None:
    make(tmp_path / "library", ["[@click=app.quit]quit[/]"])
    async with reading(tmp_path / "library", size=(200, 50)) as desk:
        for keys in ((), ("t",), ("escape", "L"), ("escape", "f"), ("escape", "g", "l")):
            await desk.press(*keys)
            rows = frame(desk.app)
            spots = [
                (match.start() + 1, number)
                for number, row in enumerate(rows[:-1])
                for match in re.finditer(r"quit\[/\]", row)
            ]
            assert spots
            for spot in spots:
                meta = desk.app.screen.get_style_at(*spot).meta
                assert not any(name.startswith("@") for name in meta)
            await desk.pilot.click(offset=spots[-1])
            look(desk)
        assert desk.app.is_running


@pytest.mark.parametrize("text", TYPED.values(), ids=TYPED)
async def test_what_a_user_types_is_shown_as_text(tmp_path: Path, text: str) -> None:
    async with reading(tmp_path / "library", hostile("Plain")) as desk:
        await desk.show(text)
        look(desk)
        for key in ("F", "E"):
            await press_and_look(desk, key)
            await desk.press("escape")
        await desk.press("g", "a")
        for key in ("t", "e", "L", "w", "F"):
            await desk.press(key)
            await desk.answer(text)
            look(desk)
            if desk.is_asked:
                await desk.press("escape")
        await desk.press("g", "l", "a")
        await desk.answer(text)
        look(desk)
        await desk.press("escape", "?")
        await desk.answer(text)
        look(desk)


async def test_what_a_user_pastes_is_shown_as_text(tmp_path: Path) -> None:
    async with reading(tmp_path / "library", hostile("Plain")) as desk:
        for text, key in product(TERMINAL[:6] + UNICODE[:3], "/t"):
            await desk.press(key)
            desk.app.post_message(events.Paste(text))
            await desk.settle()
            look(desk)
            await desk.press("escape")


async def test_messages_say_it_harmlessly(tmp_path: Path) -> None:
    async with reading(tmp_path / "library", hostile("Plain")) as desk:
        height = desk.papers.size.height
        for text in PAYLOADS:
            with desk.screen.reporting():
                raise PapersError(text, text)
            await desk.settle()
            look(desk)
            assert desk.papers.size.height == height


async def test_what_is_copied_is_harmless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    monkeypatch.setattr("tui.ui.clipboard.copy", texts.append)
    papers = [hostile(text)[0] for text in NAMES.values()]
    async with reading(tmp_path / "library", papers) as desk:
        for _ in papers:
            for key in "tuicbm":
                await desk.press("y", key)
            await desk.press("j")
    assert len(texts) == 6 * len(papers)
    assert not [copied for copied in texts if HARMFUL.search(copied)]


async def test_only_addresses_of_the_web_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.setattr("webbrowser.open", opened.append)
    urls = ["javascript:alert(1)", "file:///etc/passwd", "-h", "data:text/html,x", "//e.org"]
    papers = [paper(f"Plain {url}", urls=[url]) for url in urls]
    async with reading(tmp_path / "library", papers) as desk:
        for _ in urls:
            await desk.press("o", "enter")
            assert desk.says == "Not a web address"
            await desk.press("j")
    assert opened == []


async def test_a_name_in_the_configuration_is_said_harmlessly(tmp_path: Path) -> None:
    for settings in (
        Config(theme="[/]\x1b]0;x\x07", view="[/]"),
        Config(keys={"[/]\x1b[2J": "m", "mark.read": "\x1b"}),
        Config(view="[@click=app.quit]x[/] \x1b[2J \u202e"),
    ):
        async with reading(tmp_path / "library", hostile("Plain"), settings=settings) as desk:
            look(desk)


async def test_a_failure_to_open_is_kept_as_it_is_for_the_shell_to_make_safe() -> None:
    opening: Future[Library] = Future()
    opening.set_exception(PapersError("[/] \x1b]0;x\x07"))
    app = PapersApp(CHROME_FREE, opening)
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
    assert app.failure is not None


async def test_the_sidebar_takes_names_as_text(tmp_path: Path) -> None:
    make(tmp_path / "library")
    async with reading(tmp_path / "library", size=(200, 50)) as desk:
        look(desk, picture=True)
        side = desk.screen.query_one("#sidebar", OptionList)
        prompts = [str(side.get_option_at_index(n).prompt) for n in range(side.option_count)]
        assert sum(line.strip() in ("Views", "Lists", "Tags") for line in prompts) == 3
        for text in TYPED.values():  # the rest may have no room
            assert any(line.startswith(text[:8]) for line in prompts), text
