"""Draws the pictures of the documentation from the running app, on the shipped corpus.

Run as ``make pictures``.
"""

import asyncio
import os
import random
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.app import App

from tests.view_helpers import Desk, reading
from tui.actions import open, triage
from tui.config import Config
from tui.library import Library
from tui.model.state import Status
from tui.query import parse

HERE = Path(__file__).parent

SESSION = ["r", "d", "j", "L", *"thesis", "enter", "a", "s", "t", *"peft merging", "enter", "k"]

NOW = datetime(2026, 1, 23, 8, 14, tzinfo=UTC)
FRAME_SECONDS = 1.6
RECORDED: Sequence[Sequence[str]] = (
    ["r"],
    ["d"],
    ["a"],
    [*"thesis"],
    ["enter"],
    ["a"],
    ["space"],
    ["t", *"peft"],
    ["enter"],
    ["u"],
    ["/", *"retreival"],
    ["enter"],
    ["escape"],
    ["g", "i"],
    ["escape"],
    ["g", "l"],
    ["escape"],
)
"""The keys of each frame of the recording."""


def _past(library: Library, clock: list[datetime]) -> None:
    """Triages papers on some days of the last months, as a user does."""
    chance = random.Random(7)
    keys = iter(library.select(parse("")).keys())
    for back in range(70, 0, -1):
        if chance.random() < 0.55:
            clock[0] = NOW - timedelta(days=back, minutes=chance.randrange(90))
            for _ in range(chance.randrange(2, 9)):
                clock[0] += timedelta(seconds=chance.randrange(8, 40))
                status = chance.choice([Status.READ, Status.DISMISSED, Status.DISMISSED])
                if (key := next(keys, None)) is not None:
                    triage.mark(library, [key], status)
    clock[0] = NOW


SCREENS: Sequence[tuple[str, tuple[int, int], Sequence[str], str]] = (
    ("triage-80x24", (80, 24), [*SESSION, "g", "g", "j", "j"], "papers-dark"),
    ("triage-120x35", (120, 35), [*SESSION, "g", "g", "j", "j"], "papers-dark"),
    ("triage-200x50", (200, 50), [*SESSION, "g", "g", "j", "j"], "papers-dark"),
    ("filter-120x35", (120, 35), [*SESSION, "/", *"retreival tag"], "papers-dark"),
    ("light-80x24", (80, 24), [*SESSION, "g", "g", "j", "j"], "papers-light"),
    ("light-120x35", (120, 35), [*SESSION, "g", "g", "j", "j"], "papers-light"),
    ("light-200x50", (200, 50), [*SESSION, "g", "g", "j", "j"], "papers-light"),
    ("lists-80x24", (80, 24), [*SESSION, "g", "l"], "papers-dark"),
    ("help-80x24", (80, 24), ["?"], "papers-dark"),
    ("tags-80x24", (80, 24), [*SESSION, "t"], "papers-dark"),
    ("timeline-80x24", (80, 24), [*SESSION, "g", "h"], "papers-dark"),
    (
        "past-80x35",
        (80, 35),
        ["r", "d", "a", *"thesis", "enter", "d", "d", "r", "g", "i"],
        "papers-dark",
    ),
    ("command-80x24", (80, 24), [*SESSION, ":", *"ma"], "papers-dark"),
)


async def _picture(name: str, size: tuple[int, int], keys: Sequence[str], theme: str) -> None:
    async with _open(size, theme, past=name.startswith("past")) as desk:
        await desk.press(*keys)
        if not desk.filtering:  # where it says what Tab completes
            desk.screen.bottom.clear_message()
            await desk.settle()
        (HERE / f"{name}.svg").write_text(_drawn(desk.app), "utf-8")


@asynccontextmanager
async def _open(size: tuple[int, int], theme: str, *, past: bool = False) -> AsyncIterator[Desk]:
    """The app on a library of the shipped corpus; with ``past``, one that was used for months."""
    clock = [NOW - timedelta(days=71)] if past else [NOW]

    def tick() -> datetime:
        clock[0] += timedelta(seconds=6)
        return clock[0]

    with tempfile.TemporaryDirectory() as folder:
        with Library.open(Path(folder), "desk", now=tick) as library:
            library.seed(open.corpus())
            if past:
                _past(library, clock)
        settings = Config(theme=theme)
        async with reading(Path(folder), size=size, settings=settings, now=tick) as desk:
            yield desk


def _drawn(app: App[Any]) -> str:
    drawn = app.export_screenshot(title="papers-tui")
    # Any monospace font will do; none is to be fetched from anywhere.
    drawn = re.sub(r"@font-face\s*{.*?}\s*", "", drawn, flags=re.S)
    return drawn.replace("Fira Code", "monospace")


async def _recording() -> None:
    """A session as one animated picture: each step is a frame, shown in its turn."""
    frames: list[str] = []
    async with _open((80, 24), "papers-dark") as desk:
        frames.append(_drawn(desk.app))
        for keys in RECORDED:
            await desk.press(*keys)
            frames.append(_drawn(desk.app))
    opening = re.match(r"<svg[^>]*>", frames[0])
    assert opening is not None
    length = FRAME_SECONDS * len(frames)
    share = 100 / len(frames)
    parts = [
        opening.group(),
        f"<style>.frame {{ visibility: hidden; animation: shown {length}s step-end infinite }}"
        f".frame.first {{ visibility: visible }}"
        f"@keyframes shown {{ 0% {{ visibility: visible }} {share:.3f}% {{ visibility: hidden }} }}"
        "</style>",
    ]
    for place, frame in enumerate(frames):
        body = frame[len(opening.group()) : frame.rindex("</svg>")]
        delay = f'style="animation-delay:{place * FRAME_SECONDS}s"'
        first = "" if place else " first"
        parts.append(f'<g class="frame{first}" {delay}>{body}</g>')
    (HERE / "session.svg").write_text("\n".join([*parts, "</svg>", ""]), "utf-8")


async def _in_browser() -> None:
    """The app as chromium shows it."""
    from tests.cli.browser import chromium, served_papers

    with tempfile.TemporaryDirectory() as home:
        folders = {f"XDG_{name}_HOME": home for name in ("DATA", "CONFIG", "STATE", "CACHE")}
        with served_papers({**os.environ, **folders, "HOME": home}) as url:
            async with chromium() as page:
                await page.open(url, width=1000, height=630)
                for keys in (*"rdL", *"thesis", "\r", *"as"):
                    await page.type(keys)
                    await asyncio.sleep(0.3)
                (HERE / "browser.png").write_bytes(await page.picture())


def main() -> None:
    """Draws the pictures that are named, or all."""
    os.environ["COLORTERM"] = "truecolor"  # wherever it runs
    os.environ.pop("NO_COLOR", None)
    wanted = sys.argv[1:]
    for screen in SCREENS:
        if not wanted or screen[0] in wanted:
            asyncio.run(_picture(*screen))
    if not wanted or "session" in wanted:
        asyncio.run(_recording())
    if not wanted or "browser" in wanted:
        asyncio.run(_in_browser())


if __name__ == "__main__":
    main()
