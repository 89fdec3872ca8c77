"""The order of what a user is likely to keep, in the app."""

from pathlib import Path
from typing import Final
from unittest.mock import patch

import pytest

from tests.view_helpers import Desk, frame, paper, reading
from tui.config import Config
from tui.model.state import Status
from tui.search.hindsight import Hindsight
from tui.ui.searches import Searches

STARS, SEA = "stars galaxies telescopes night", "whales currents reefs harbours"
PAPERS: Final = [
    *(paper(f"Stars {number}", f"{STARS}.", file="stars.txt") for number in range(6)),
    *(paper(f"Sea {number}", f"{SEA}.", file="sea.txt") for number in range(6)),
]


def underlined(desk: Desk) -> list[str]:
    """The words that stand out in each row."""
    rows = range(len(desk.titles))
    segments = [desk.papers.render_line(row) for row in rows]
    return [" ".join(s.text for s in row if s.style and s.style.underline) for row in segments]


async def test_titles_show_two_words_of_what_is_kept_until_skim_is_off(folder: Path) -> None:
    titles = [
        *(f"Night stars galaxies {number}" for number in range(7)),
        *(f"Nightly starships {number}" for number in range(24)),
    ]
    papers = [paper(title, "Of it.") for title in titles]
    async with reading(folder, papers) as desk:
        await desk.show("night stars")
        await desk.press(*"sjsjsjsjs")
        await desk.press("b", "b")
        await desk.app.workers.wait_for_complete()
        await desk.show("is:inbox")
        of_interest = [title for title in desk.titles if title.startswith("Night ")]
        assert len(of_interest) == 2
        marked = dict(zip(desk.titles, underlined(desk), strict=True))
        assert {words for title, words in marked.items() if words} == {"Night galaxies"}
        await desk.press("H")
        assert desk.says == "Highlights off"
        assert not any(underlined(desk))
        await desk.press("H")
        await desk.show("is:starred")
        assert not any(underlined(desk))


async def test_a_key_lists_first_what_the_user_may_keep_and_says_so(folder: Path) -> None:
    async with reading(folder, PAPERS) as desk:
        await desk.show("stars")
        await desk.press("s", "j", "s", "j", "s")
        await desk.show("is:inbox")
        await desk.press("b")
        assert "newest first until 2 more are kept" in frame(desk.app)[0]
        assert desk.says == "Sorted as usual until 2 more papers are kept or read"
        await desk.resize(60, 20)
        assert "until 2 more are kept" in frame(desk.app)[0]
        await desk.show("is:inbox stars")
        await desk.press("s", "j", "s")
        await desk.show("is:inbox")
        await desk.press("b")
        assert desk.query == "is:inbox sort:likely"
        assert desk.title.startswith("Stars")
        assert "most likely to keep first" in frame(desk.app)[0]
        assert "Why here  " in desk.body
        await desk.press("b")
        assert desk.query == "is:inbox"
        assert "Why here" not in desk.body


async def test_a_typed_command_sorts_too_and_takes_it_back(folder: Path) -> None:
    async with reading(folder, PAPERS) as desk:
        await desk.show("stars")
        await desk.press(*"sjsjsjsjs")
        await desk.show("is:inbox")
        await desk.app.workers.wait_for_complete()
        for query in ("is:inbox sort:likely", "is:inbox", "is:inbox sort:likely"):
            await desk.press(":", *"likely", "enter")
            await desk.app.workers.wait_for_complete()
            assert desk.query == query
        assert "most likely to keep first" in frame(desk.app)[0]


async def test_papers_to_reconsider_are_listed_with_what_speaks_for_them_and_kept_by_a_key(
    folder: Path,
) -> None:
    others = [paper(f"Rock {number}", f"rock{number % 5} ridges.") for number in range(24)]
    async with reading(folder, [*PAPERS, *others]) as desk:
        await desk.show("stars")
        await desk.press(*"sjsjsjsjsjd")
        await desk.show("is:inbox")
        await desk.press(":", *"reconsider", "enter")
        await desk.app.workers.wait_for_complete()
        await desk.settle()
        assert frame(desk.app)[0].startswith(" To reconsider  most likely to keep first")
        assert desk.says == "1 dismissed paper like those you kept: N marks it unread"
        assert desk.titles == ["Stars 5"]
        assert "Why here  you dismissed it, but papers you kept or read have “" in desk.body
        await desk.press("N")
        assert desk.state_here.status is Status.UNREAD
        await desk.press("escape")
        assert desk.query == "is:inbox"


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 35), (200, 50)])
async def test_a_reason_has_at_most_a_third_of_a_row_and_names_whole_words(
    folder: Path, size: tuple[int, int]
) -> None:
    words = "pulsars quasars nebulae"
    titles = [f"{'A title that goes on and on ' * 3}{number}" for number in range(40)]
    papers = [paper(title, words if place < 7 else "Of it.") for place, title in enumerate(titles)]
    async with reading(folder, papers, size=size) as desk:
        await desk.show("pulsars")
        await desk.press(*"sjsjsjsjsj")
        await desk.show("is:inbox sort:likely")
        await desk.app.workers.wait_for_complete()
        reason = desk.workspace.listing.results.explanation(0)
        assert reason is not None
        assert set(reason.brief.removeprefix("likely: ").split(", ")) == set(words.split())
        height = 2 if desk.papers.tall else 1
        line = desk.papers.render_line(height - 1).text
        facts = line[line.index("likely") :].strip()
        assert reason.brief.startswith(facts)
        assert reason.brief[len(facts) :].startswith(", ")
        assert len(facts) <= desk.papers.size.width / 3


@pytest.mark.parametrize(("low", "begins"), [(0.6, "likely: "), (0.4, "")])
async def test_rows_say_likely_unless_the_order_was_no_better_than_chance(
    folder: Path, monkeypatch: pytest.MonkeyPatch, low: float, begins: str
) -> None:
    past = Hindsight(20, 20, 0.65, low, 0.7)
    monkeypatch.setattr("tui.search.hindsight.hindsight", lambda *_: past)
    others = [paper(f"Rock {number}", f"rock{number % 5} ridges.") for number in range(24)]
    async with reading(folder, [*PAPERS, *others]) as desk:
        await desk.show("stars")
        await desk.press(*"sjsjsjsjs")
        await desk.show("is:inbox")
        await desk.press("b")
        await desk.app.workers.wait_for_complete()
        reason = desk.workspace.listing.results.explanation(0)
        assert reason is not None
        assert reason.brief.removeprefix(begins).split(", ")[0] in STARS.split()


@pytest.mark.parametrize("moves", [False, True])
async def test_a_start_in_this_order_begins_at_the_likeliest_paper(
    folder: Path, moves: bool
) -> None:
    async with reading(folder, PAPERS) as desk:
        await desk.show("stars")
        await desk.press(*"sjsjsjsjs")
    settings = Config(view="is:inbox sort:likely")
    with patch.object(Searches, "load_words"):  # so that a key comes before the words
        async with reading(folder, settings=settings, resume=False) as desk:
            assert desk.title.startswith("Sea")
            if moves:
                await desk.press("j")
            before = desk.title
            desk.library.search.load_words()
            desk.screen.searches.use_words()
            await desk.app.workers.wait_for_complete()
            assert desk.titles[0].startswith("Stars")
            assert desk.title == (before if moves else desk.titles[0])
