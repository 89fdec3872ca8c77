"""The interests screen."""

from collections.abc import Sequence
from pathlib import Path
from threading import Event

import pytest

from tests.ui.test_view_likely import PAPERS
from tests.view_helpers import Desk, frame, idle, key_event, paper, reading
from tui.actions import interests
from tui.library import Library
from tui.search.ranking import Learned

MANY = [*PAPERS, *(paper(f"Rocket {number}", "Thrust and orbit.") for number in range(16))]
STARRED = ("s", "j", "s", "j", "s", "j", "s", "j", "s")


async def open_interests(desk: Desk) -> None:
    await desk.show("stars")
    await desk.press(*STARRED)
    await desk.press("g", "b")
    await desk.app.workers.wait_for_complete()
    await desk.settle()


async def test_interests_are_shown_with_their_words_and_a_word_is_muted_and_lifted(
    folder: Path,
) -> None:
    async with reading(folder, MANY, size=(120, 35)) as desk:
        await open_interests(desk)
        screen = "\n".join(frame(desk.app))
        assert "learned from 5 papers; b lists papers most likely to keep first" in screen
        assert "Interest          Papers  Their strongest words" in screen
        assert "m mutes a word or an author, + asks for more of one." in screen
        assert "How well this order works is not known yet: it takes 20" in screen
        assert "galaxies" in screen
        await desk.press("m", *"word:night", "enter")
        await desk.app.workers.wait_for_complete()
        await desk.settle()
        assert desk.workspace.library.state.preferences() == {"word:night": "mute"}
        assert "muted   night  a word that is ignored" in "\n".join(frame(desk.app))
        await desk.press("G", "d")
        assert not desk.workspace.library.state.preferences()
        await desk.press("u")
        assert desk.workspace.library.state.preferences() == {"word:night": "mute"}


async def test_the_screen_says_at_once_that_it_learns(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on, learned = Event(), interests.learned

    def learn(library: Library) -> Sequence[Learned]:
        may_go_on.wait()
        return learned(library)

    monkeypatch.setattr(interests, "learned", learn)
    async with reading(folder, MANY) as desk:
        desk.app.post_message(key_event("g"))
        desk.app.post_message(key_event("b"))
        await idle()
        assert frame(desk.app)[0].strip() == "Interests  learning from your decisions"
        may_go_on.set()
        await desk.app.workers.wait_for_complete()
        await desk.settle()
        assert frame(desk.app)[0].strip().startswith("Interests  learning needs 5")


async def test_opening_an_interest_shows_its_papers(folder: Path) -> None:
    async with reading(folder, MANY) as desk:
        await open_interests(desk)
        await desk.press("enter")
        assert len(desk.titles) == 5
        assert all(title.startswith("Stars") for title in desk.titles)


async def test_without_enough_papers_the_screen_says_what_is_missing(folder: Path) -> None:
    async with reading(folder, MANY) as desk:
        await desk.press("g", "b")
        await desk.app.workers.wait_for_complete()
        await desk.settle()
        assert "learning needs 5 papers kept or read (0 so far)" in "\n".join(frame(desk.app))


async def test_at_80_columns_the_page_says_how_well_the_order_does_and_what_its_keys_do(
    folder: Path,
) -> None:
    async with reading(folder, MANY) as desk:
        await open_interests(desk)
        screen = " ".join(line.strip() for line in frame(desk.app))
        assert "or read (so far 0 and 0)." in screen
        assert "m mutes a word or an author, + asks for more of one." in screen
