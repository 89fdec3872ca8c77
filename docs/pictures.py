"""Makes the pictures of the README from the running app, on the shipped corpus.

Run as ``make pictures``.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tui.commands import pages
from tui.config import Config
from tui.library import Library
from tui.view.app import PapersApp

HERE = Path(__file__).parent

SESSION = ["r", "d", "j", "L", *"thesis", "enter", "a", "s", "t", *"peft merging", "enter", "k"]

SCREENS: Sequence[tuple[str, tuple[int, int], Sequence[str], str]] = (
    ("triage-80x24", (80, 24), [*SESSION, "g", "g", "j", "j"], "papers-dark"),
    ("triage-120x35", (120, 35), [*SESSION, "g", "g", "j", "j"], "papers-dark"),
    ("triage-200x50", (200, 50), [*SESSION, "g", "g", "j", "j"], "papers-dark"),
    ("filter-120x35", (120, 35), [*SESSION, "/", *"retreival tag"], "papers-dark"),
    ("light-120x35", (120, 35), [*SESSION, "g", "g"], "papers-light"),
    ("lists-80x24", (80, 24), [*SESSION, "g", "l"], "papers-dark"),
    ("help-80x24", (80, 24), ["?"], "papers-dark"),
    ("tags-80x24", (80, 24), [*SESSION, "t"], "papers-dark"),
)


def _library() -> Library:
    folder = Path(tempfile.mkdtemp()) / "library"
    library = Library.open(folder, "demo", now=lambda: datetime(2026, 1, 23, 8, 14, tzinfo=UTC))
    library.adopt(pages.corpus())
    return library


async def _picture(name: str, size: tuple[int, int], keys: Sequence[str], theme: str) -> None:
    app = PapersApp(Config(theme=theme), _library)
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
        await pilot.pause()
        app.screen_stack[0].bottom.unsay()  # type: ignore[attr-defined]
        await pilot.pause()
        drawn = app.export_screenshot(title="papers-tui")
        # The reader's own monospace font will do; none is to be fetched from anywhere.
        drawn = re.sub(r"@font-face\s*{.*?}\s*", "", drawn, flags=re.S)
        drawn = drawn.replace("Fira Code", "monospace")
        (HERE / f"{name}.svg").write_text(drawn, "utf-8")


def main() -> None:
    """Makes the pictures that are named, or all."""
    wanted = sys.argv[1:]
    for screen in SCREENS:
        if not wanted or screen[0] in wanted:
            asyncio.run(_picture(*screen))


if __name__ == "__main__":
    main()
