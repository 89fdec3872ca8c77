"""Random places that a user leaves and returns to: query, papers, cursor and list are the same."""

import asyncio
from pathlib import Path
from random import Random
from typing import Final

from tests.torture.seeded import seeded
from tests.torture.tally import Tally
from tests.view_helpers import Desk, reading
from tui.config import Config, session_path
from tui.storage.place import PlaceFile

TERMS: Final = (
    *("retrieval", "(attention OR embed)", "transfo", "retreival", '"long tail"', "title:thoughts"),
    *("abs:/ve.+s/", "/(a|e)tt?.*n/", "abs:retr*al", "like:beams", "like:indexing", "date:2025-12"),
    *("date:>2025-12-18", "changed:7d", "is:unread", "is:read", "-is:dismissed", "is:starred"),
    *("is:decided", "is:new", "is:lookalike", "has:note", "tag:nlp", "tag:none", "list:thesis"),
    *("list:none", "up:>2", "note:later", "is:selected", "-attention", "is:snoozed"),
)
ORDERS: Final = ("", "", "sort:title", "sort:-date", "sort:up,title", "sort:changed", "limit:3")
ACTS: Final = ("r", "d", "i", "s", "x", "j", "k", "G", "u", "V", "l")


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """So many times: decides something, shows something, leaves, and returns."""
    tally = Tally()
    with seeded(fault):
        asyncio.run(_visit(count, chance, folder / "library", tally))
    return tally


async def _visit(count: int, chance: Random, folder: Path, tally: Tally) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"thesis", "enter", *"tnlp", "enter", "e", *"later", "enter", "q")
    for _ in range(count):
        tally.tried += 1
        terms = chance.sample(TERMS, k=chance.choice((1, 1, 2)))
        query = " ".join([*terms, chance.choice(ORDERS)]).strip()
        way = chance.choice(("typed", "typed", "view", "configuration"))
        async with reading(folder) as desk:
            await desk.press("escape", "g", "a", *chance.choices(ACTS, k=3), "escape")
            await desk.show(query)
            if way == "view":
                await desk.press("F", *"mine", "enter")
                if "is:selected" not in query:  # which another query lets go of
                    await desk.press("g", "a", "g", "1")
            await desk.press("$", *chance.choices("jkG", k=3))
            place = _place(desk)
            await desk.press("q")
        if way == "configuration":
            _forget_place(session_path(folder))
        async with reading(folder, settings=Config(view=query)) as desk:
            back = _place(desk)
        if way == "configuration" and "is:selected" in query:
            continue  # there is no selection
        compared = 2 if way == "configuration" else 4  # nor a cursor, nor a list
        if "is:new" in terms:  # nothing came since
            place = (place[0], [], "", place[3])
        if place[:compared] != back[:compared]:
            tally.note("silent", f"{way} {query}: {place} became {back}")


def _forget_place(path: Path) -> None:
    """Keeps nothing of the last session but which imports there were."""
    PlaceFile(path).save({}, PlaceFile(path).looked_at)


def _place(desk: Desk) -> tuple[str, list[str], str, str | None]:
    return desk.query, desk.titles, desk.title, desk.current_list
