"""What is around a paper, below its abstract on wide screens."""

from pathlib import Path
from typing import Final

import pytest

from tests.view_helpers import TITLES, Desk, paper, reading
from tui.ui.widgets.around import look_around

WIDE: Final = (200, 50)
HERMIT, LOBSTER, SHORE = "Shells of a Hermit", "Moulting Lobsters", "Walks Along the Shore"
CRABS: Final = [
    paper(HERMIT, "Carapace pincers burrow."),
    paper(LOBSTER, "Carapace pincers moulting.", file="crabs\x1b[31m.txt"),
    paper(SHORE, "Pincers burrow in the sand."),
    *(paper(f"Paper {number} on Rockets", "Thrust and orbit.") for number in range(20)),
]


def around(desk: Desk) -> list[str]:
    """The lines below the abstract."""
    return [str(desk.around.render_line(y).text).strip() for y in range(desk.around.size.height)]


async def test_similar_papers_are_below_the_abstract_and_a_key_goes_there_and_back(
    folder: Path,
) -> None:
    async with reading(folder, CRABS, size=WIDE) as desk:
        await desk.show("title:hermit")
        similar = around(desk)[1:4]
        titles = [line.partition("●")[2].strip().split("  ")[0] for line in similar[1:]]
        assert titles == [LOBSTER, SHORE]
        assert "carapace" in similar[1]
        await desk.press("2", "m")
        assert desk.title == SHORE
        await desk.press("escape")
        assert (desk.title, desk.query) == (HERMIT, "title:hermit")
        await desk.press("m")
        assert desk.title == LOBSTER


async def test_a_click_on_a_similar_paper_is_one_step_of_the_way_back(folder: Path) -> None:
    async with reading(folder, CRABS, size=WIDE) as desk:
        await desk.show("title:hermit")
        await desk.pilot.click(desk.around, offset=(6, 2))
        await desk.settle()
        assert desk.title == LOBSTER
        await desk.press("escape")
        assert (desk.title, desk.query) == (HERMIT, "title:hermit")


@pytest.mark.parametrize(("height", "lines"), [(50, 2), (24, 1)])
async def test_similar_papers_have_two_lines_where_all_fit_unless_the_user_chose(
    folder: Path, height: int, lines: int
) -> None:
    crabs = [paper(f"Pincers {number}", "Carapace.") for number in range(12)]
    async with reading(folder, [*CRABS, *crabs], size=(200, height)) as desk:
        papers_of = desk.screen.panes.papers
        assert not papers_of.tall
        await desk.show("like:shells-of-a-hermit")
        assert len(desk.titles) > 12
        assert 1 + papers_of.tall == lines
        await desk.press("v")
        assert 1 + papers_of.tall == 3 - lines
        await desk.press("escape", "m")
        assert 1 + papers_of.tall == 3 - lines


async def test_long_titles_of_similar_papers_have_two_lines_where_there_is_room(
    folder: Path,
) -> None:
    long = "Moulting Lobsters and How They Hide Below the Rocks of the Northern Shore"
    papers = [paper(HERMIT, "Carapace pincers burrow."), paper(long, "Carapace pincers."), *CRABS]
    async with reading(folder, papers, size=WIDE) as desk:
        await desk.show("title:hermit")
        similar = around(desk)
        assert similar[2].endswith("●  Moulting Lobsters and How They Hide Below the")
        assert similar[3].startswith("Rocks of the Northern Shore  carapace")
        await desk.resize(200, 12)
        assert around(desk)[2].endswith("Below the R…")
        await desk.resize(*WIDE)
        assert around(desk) == similar
        await desk.pilot.click("#around", offset=(8, 3))
        await desk.settle()
        assert desk.title == long


async def test_what_is_around_a_paper_that_is_left_is_looked_for_no_further(folder: Path) -> None:
    async with reading(folder, CRABS, size=WIDE) as desk:
        await desk.show("title:hermit")
        library, item = desk.workspace.library, desk.around.item
        assert item is not None
        assert look_around(library, item, lambda: True) is None
        looked = look_around(library, item, lambda: False)
        assert looked is not None
        assert len(looked.similar) == 2


async def test_a_key_that_moves_nothing_only_puts_off_what_is_looked_for(folder: Path) -> None:
    async with reading(folder, CRABS, size=WIDE) as desk:
        await desk.show("title:hermit OR title:lobsters sort:title")
        assert any(HERMIT in line for line in around(desk))
        await desk.press("j", "5")
        assert any(LOBSTER in line for line in around(desk))


async def test_a_click_on_a_similar_paper_goes_there(folder: Path) -> None:
    async with reading(folder, CRABS, size=WIDE) as desk:
        await desk.show("title:hermit")
        await desk.pilot.click("#around", offset=(8, 3))
        await desk.settle()
        assert desk.title == SHORE


async def test_the_history_and_the_sources_of_a_paper_are_below_its_abstract(folder: Path) -> None:
    async with reading(folder, CRABS, size=WIDE) as desk:
        await desk.show("title:lobsters")
        await desk.press("s", "t", *"food", "enter", "u")
        lines = around(desk)
        assert "crabs\N{REPLACEMENT CHARACTER}[31m.txt  line 1" in lines
        history = lines[lines.index("History") + 1 :]
        assert [line.split("  ")[1] for line in history[:3]] == [
            "Undid: tagged +food",
            "Tagged +food",
            "Starred",
        ]


async def test_space_at_the_end_of_the_abstract_goes_on_though_there_is_more_below(
    folder: Path,
) -> None:
    async with reading(folder, size=(200, 12)) as desk:
        await desk.press("j", "space")
        assert desk.title == TITLES[2]


async def test_a_narrow_screen_has_the_abstract_alone(folder: Path) -> None:
    async with reading(folder, CRABS) as desk:
        await desk.show("title:hermit")
        assert not desk.around.display
        await desk.resize(*WIDE)
        assert any(line.startswith(f"1 ●  {LOBSTER}") for line in around(desk))
