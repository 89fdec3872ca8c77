"""The look of each screen, held as text: what changes a frame is looked at before it is kept.

``UPDATE_FRAMES=1 pytest tests/ui/test_frames.py`` draws them again. Blanks at the end of a row are
not kept; that each row is as wide as the screen is asserted when it is drawn.
"""

import os
import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from textual import events
from textual.widgets import Static

from tests.conftest import NOW
from tests.strategies import HEADER
from tests.view_helpers import Desk, Size, frame, reading
from tui.config import Config, cache_path
from tui.library import Library
from tui.ui.screens.base import ListScreen

FRAMES: Final = Path(__file__).parent / "frames"

SESSION: Final = (
    *("r", "d", "j", "L", *"thesis", "enter", "a", "s"),
    *("t", *"peft merging", "enter", "k", "i", "k", "k"),
)
"""What a user did before: decided some papers, filled a list, gave tags."""


NEW: Final = [f"Paper {number} of a Page That Was Pasted" for number in range(1, 15)]
PAGE: Final = "\n".join(
    [*HEADER, *(line for title in NEW for line in (title, "", f"We show {title} at length.", ""))]
)

pytestmark = pytest.mark.usefixtures("zone")


@dataclass(frozen=True, slots=True)
class Scene:
    """A screen, and the way to it."""

    name: str
    keys: Sequence[str]
    says: str | None = None
    """The message in the row below, which is else let go of."""
    handed_on: bool = False
    """Whether the list gets a description and goes to a file before."""
    pasted: str = ""
    """A page that is pasted before the keys."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Screens that a user sees one after the other; each way begins where the last one ended."""

    size: Size
    scenes: Sequence[Scene]
    bare: bool = False
    """Whether the library is empty."""
    is_second: bool = False
    """Whether another instance has the library."""


WALKS: Final = (
    Walk(
        (80, 24),
        (
            Scene("triage-80x24", SESSION),
            Scene("tags", ("t",)),
            Scene("filter", ("escape", "/", *"retreival lang"), says="retrieval"),
            Scene("zero-hits", ("escape", "/", *"lora up:>9999", "enter")),
            Scene("near-hits", ("escape", "/", *"lora is:starred", "enter")),
            Scene("lists", ("escape", "g", "l", "a", *"club", "enter"), handed_on=True),
        ),
    ),
    Walk(
        (120, 35),
        (
            Scene("triage-120x35", SESSION),
            Scene("lists-120x35", ("g", "l"), handed_on=True),
        ),
    ),
    Walk(
        (200, 50),
        (
            Scene("triage-200x50", SESSION),
            Scene("timeline-200x50", ("g", "h")),
            Scene("session-200x50", ("escape", "g", "i")),
        ),
    ),
    Walk(
        (80, 24),
        (
            Scene("first-start", (), says=""),
            Scene("import", (), says="", pasted=PAGE),
            Scene("imports", ("enter", "g", "I")),
            Scene("help", ("escape", "?")),
            Scene(
                "sources",
                (
                    *("escape", "g", "S", "a", *"hf:daily", "enter"),
                    *("a", *"arxiv:cs.CL+cs.LG", "enter"),
                ),
            ),
        ),
    ),
    Walk((80, 24), (Scene("empty", ()),), bare=True),
    Walk((80, 24), (Scene("read-only", ()),), is_second=True),
)


def somebody_else(folder: Path) -> AbstractContextManager[object]:
    """Another instance that has the library."""
    return Library.open(folder, "other", wait=0, now=lambda: NOW)


def hand_on(library: Library) -> None:
    """A list that went to a file before its papers were in it."""
    export = {"format": "markdown", "at": "2026-01-10T09:00:00Z", "held": [], "abstract": "first"}
    library.change(
        "export",
        [
            ("lists", "thesis", "exists", True),
            ("lists", "thesis", "description", "World models, chapter 2"),
            ("lists", "thesis", "export//home/jane/thesis.md", export),
        ],
    )


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.scenes[0].name)
async def test_screens_look_as_they_were_drawn(
    walk: Walk,
    tmp_path: Path,
    shipped: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.ui.screens.lists.is_there", lambda path: True)  # jane's file
    folder = tmp_path / "library"
    if not walk.bare:
        shutil.copytree(shipped / "library", folder)
        shutil.copytree(shipped / "cache", cache_path(folder))
    other = somebody_else(folder) if walk.is_second else nullcontext()
    with other:
        async with reading(folder, (), size=walk.size, settings=Config()) as desk:
            for scene in walk.scenes:
                await go(desk, scene)
                if scene.says is None:
                    hush(desk)
                    await desk.settle()
                else:
                    assert scene.says in desk.says
                compare(scene.name, frame(desk.app))


async def go(desk: Desk, scene: Scene) -> None:
    """Brings a screen up."""
    if scene.handed_on:
        hand_on(desk.library)
    if scene.pasted:
        desk.app.post_message(events.Paste(scene.pasted))
        await desk.settle()
        await desk.until(lambda: bool(desk.app.screen.query_one("#option", Static).content))
        await desk.settle()  # which draws it
    for key in scene.keys:  # one by one, as an import runs beside the screen
        await desk.press("space" if key == " " else key)
    if desk.filtering:  # a slow search comes later
        await desk.until(lambda: desk.is_found(desk.filter_line.text))


def hush(desk: Desk) -> None:
    """Lets go of the message of the moment, which may tell a path."""
    desk.screen.bottom.clear_message()
    if isinstance(desk.app.screen, ListScreen):
        desk.app.screen.bottom.clear_message()


def compare(name: str, rows: list[str]) -> None:
    """Holds a frame against the one that was kept."""
    path = FRAMES / f"{name}.txt"
    text = "".join(row.rstrip() + "\n" for row in rows)
    if os.environ.get("UPDATE_FRAMES") == "1":
        FRAMES.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), f"{path}: UPDATE_FRAMES=1 draws it again"


def test_no_frame_is_kept_that_nobody_draws() -> None:
    assert {path.stem for path in FRAMES.glob("*.txt")} == {
        scene.name for walk in WALKS for scene in walk.scenes
    }


@pytest.mark.parametrize(
    ("name", "size", "least"),
    [("triage-80x24", (80, 24), 0.65), ("triage-200x50", (200, 50), 0.55)],
)
def test_most_cells_have_text(name: str, size: Size, least: float) -> None:
    text = (FRAMES / f"{name}.txt").read_text("utf-8")
    share = len("".join(text.split())) / (size[0] * size[1])
    assert share >= least, f"{share:.1%} of the cells"
