"""The order of what a user is likely to keep, in the app."""

from pathlib import Path
from typing import Final

from tests.view_helpers import frame, paper, reading

STARS, SEA = "stars galaxies telescopes night", "whales currents reefs harbours"
PAPERS: Final = [
    *(paper(f"Stars {number}", f"{STARS}.", file="stars.txt") for number in range(6)),
    *(paper(f"Sea {number}", f"{SEA}.", file="sea.txt") for number in range(6)),
]


async def test_a_key_lists_first_what_the_user_may_keep_and_says_so(folder: Path) -> None:
    async with reading(folder, PAPERS) as desk:
        await desk.show("stars")
        await desk.press("s", "j", "s", "j", "s")
        await desk.show("is:inbox")
        await desk.press("b")
        assert "likely after 5 kept (3 so far)" in frame(desk.app)[0]
        await desk.show("is:inbox stars")
        await desk.press("s", "j", "s")
        await desk.show("is:inbox")
        await desk.press("b")
        assert desk.query == "is:inbox sort:likely"
        assert desk.title.startswith("Stars")
        assert "likely first" in frame(desk.app)[0]
        assert "Why here  " in desk.body
        await desk.press("b")
        assert desk.query == "is:inbox"
        assert "Why here" not in desk.body
