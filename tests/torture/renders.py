"""Any text at all, drawn by the app: shown as ``safe`` gives it, and nothing breaks."""

import asyncio
from pathlib import Path
from random import Random

from tests.strategies import PAYLOADS
from tests.torture.tally import Tally
from tests.ui.test_view_hostile import HARMFUL
from tests.view_helpers import frame, paper, reading
from tui.model.emphasis import emphasis
from tui.model.text import MAX_TEXT, sanitize

PER_RUN = 250


def _text(chance: Random) -> str:
    parts = []
    for _ in range(chance.randint(1, 5)):
        match chance.randrange(4):
            case 0:
                parts.append(chance.choice(PAYLOADS))
            case 1:
                parts.append("".join(chr(chance.randrange(0x11_0000)) for _ in range(9)))
            case 2:
                parts.append("".join(chr(chance.randrange(0x300)) for _ in range(20)))
            case _:
                parts.append(chance.choice(("[", "]", "[/", "\\", "plain words ", "\x1b[")))
    # No file holds half a surrogate pair, so none comes out of one.
    return "".join(parts).encode("utf-8", "replace").decode() or "x"


async def _walk(texts: list[str], folder: Path, tally: Tally) -> None:
    papers = [paper(f"{number} {text}", text) for number, text in enumerate(texts)]
    async with reading(folder, papers) as desk:
        for _ in papers:
            tally.tried += 1
            item = desk.workspace.listing.shown.item
            assert item is not None
            rows = "\n".join(frame(desk.app))
            if HARMFUL.search(rows):
                tally.note("torn", f"{item.paper.title!r} was drawn as it is")
            if sanitize(item.paper.plain_title) not in desk.body:
                tally.note("torn", f"{item.paper.title!r} is not shown")
            abstract, _ = emphasis(item.paper.display_abstract)
            if sanitize(abstract, MAX_TEXT) not in desk.body:
                tally.note("torn", f"{item.paper.abstract!r} is not shown")
            await desk.press("J")
        if desk.app._exception is not None:
            tally.note("torn", f"{desk.app._exception!r}")


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """So many papers with random titles and abstracts, looked at one after another."""
    from tests.torture.seeded import seeded

    tally = Tally()
    total = 0
    while total < count:
        texts = [_text(chance) for _ in range(min(PER_RUN, count - total))]
        total += len(texts)
        with seeded(fault):
            try:
                asyncio.run(_walk(texts, folder / str(total), tally))
            except AssertionError as error:
                tally.note("torn", repr(error)[:300])
    return tally
