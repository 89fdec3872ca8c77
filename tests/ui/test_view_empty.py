"""Each view without papers or rows says the next useful key."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.view_helpers import frame, paper, reading
from tui.config import Config
from tui.model.paper import SourceRecord

STATES: Final = {
    "is:kept": ("Kept: no papers yet", "s stars a paper"),
    "is:reading": ("Reading: no papers yet", "i marks"),
    "is:starred": ("Starred: no papers yet", "e stars"),
    "is:snoozed": ("Snoozed: no papers yet", "w snoozes"),
    "is:read": ("Read: no papers yet", "r marks"),
    "is:dismissed": ("Dismissed: no papers yet", "d dismisses"),
    "is:selected": ("Selected: no papers yet", "x selects"),
    "is:removed": ("Removed: no papers yet", "D removes"),
    "zebras": ("No papers match zebras", "Esc goes back"),
}


@pytest.mark.parametrize("query", STATES)
async def test_a_view_without_papers_says_how_they_come_there(folder: Path, query: str) -> None:
    keys = {"mark.star": "e", "note.edit": "s"} if query == "is:starred" else None
    async with reading(folder, keys=keys) as desk:
        await desk.show(query)
        assert desk.titles == []
        for words in STATES[query]:
            assert words in desk.body
        await desk.press("enter")
        assert not desk.screen.panes.zoomed


async def test_a_paper_that_shares_no_word_says_that_none_is_similar(folder: Path) -> None:
    async with reading(folder, [paper("Ladders", "Climb."), paper("Beams", "Shine.")]) as desk:
        await desk.show("like:ladders")
        assert desk.titles == []
        assert "No similar papers" in desk.body
        assert "Esc goes back" in desk.body


async def test_a_list_without_papers_says_how_they_come_there(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"later", "enter", "-", "l", "-")
        assert "later is empty" in desk.body
        assert "a on a paper adds it" in desk.body
        assert "gu shows the inbox" in desk.body


@pytest.mark.parametrize("size", [(80, 24), (120, 35)])
async def test_the_commands_of_the_empty_inbox_are_whole(
    folder: Path, size: tuple[int, int]
) -> None:
    async with reading(folder, (), size=size) as desk:
        text = "\n".join(frame(desk.app))
        for command in (":import page.txt", ":sources add hf:daily", ":imports redo sample"):
            assert command in text


async def test_an_empty_inbox_says_how_to_go_on_and_breaks_no_command(folder: Path) -> None:
    async with reading(folder, [paper("Lanterns")], size=(80, 24), settings=Config()) as desk:
        await desk.press("d", "g", "u")
        rows = [row.strip() for row in frame(desk.app)]
        assert "gi shows the session, ga all papers." in rows
        assert "To continue, paste a Daily Papers page or lines with arXiv ids here;" in rows
        assert ":import page.txt imports a file, + adds one paper." in rows


@pytest.mark.parametrize("keys", ["d$", "$db", "bd$", "d$b"])
async def test_the_inbox_is_the_inbox_in_any_order(folder: Path, keys: str) -> None:
    async with reading(folder, [paper("Lanterns")], settings=Config()) as desk:
        await desk.press("S", *"title", "enter", *keys)
        await desk.app.workers.wait_for_complete()
        await desk.settle()
        assert desk.titles in ([], ["Lanterns"])
        await desk.press("$")
        assert "The inbox is empty." in desk.body
        assert "1 paper decided" in desk.body
        assert "sort:" not in "\n".join(frame(desk.app))


@pytest.mark.parametrize(("query", "words"), [("is:read", "r marks"), ("list:later", "is empty")])
async def test_an_empty_view_says_in_any_order_how_papers_come_there(
    folder: Path, query: str, words: str
) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"later", "enter", "-", "l", "-")
        await desk.show(f"{query} sort:title")
        assert words in desk.body
        await desk.show("zebras sort:title")
        assert "No papers match zebras." in desk.body


async def test_a_word_can_be_muted_before_there_are_papers(folder: Path) -> None:
    async with reading(folder, ()) as desk:
        await desk.press(":", *"mute word:moe", "enter")
        assert desk.says == "Muted moe: no paper has it"


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("g", "t"), "t on a paper"),
        (("g", "l"), "a creates one"),
        (("g", "h"), "r, d or a on a paper"),
        (("g", "i"), "r, d or a on a paper"),
        (("g", "I"), "Paste a page here, or go back (Esc) to :import FILE."),
    ],
)
async def test_a_page_without_rows_says_how_they_come_there(
    folder: Path, keys: Sequence[str], words: str
) -> None:
    async with reading(folder, ()) as desk:
        await desk.press(*keys)
        assert words in "\n".join(frame(desk.app))


@pytest.mark.parametrize(
    ("keys", "footer"),
    [
        (("g", "l"), "Esc back  ? help  a new"),
        (("g", "t"), "Esc back  ? help"),
        (("g", "h"), "Esc back  ? help"),
        (("g", "I"), "Esc back  ? help"),
        (("g", "S"), "Esc back  ? help  a add"),
        (("g", "b"), "Esc back  ? help  m mute word  + want more"),
        (("g", "i"), "Esc back  ? help"),
    ],
)
async def test_a_page_without_rows_offers_no_key_that_cannot_act(
    folder: Path, keys: Sequence[str], footer: str
) -> None:
    async with reading(folder, ()) as desk:
        await desk.press(*keys)
        assert frame(desk.app)[-1].strip() == footer


async def test_each_key_for_a_paper_says_before_it_asks_that_there_is_none(folder: Path) -> None:
    letters = (*"oOm|taALwerdsi", ("g", "o"), ("y", "t"), ("y", "b"))
    async with reading(folder, ()) as desk:
        for key in ("enter", "ctrl+x", *letters):
            await desk.press(*([key] if isinstance(key, str) else key))
            assert (key, desk.says) == (key, "No paper here; see above for what to do next")
            assert not desk.is_asked
            await desk.press("escape")
        await desk.press(":", *"mark read --query *", "enter")
        assert desk.says == "No matching papers"


async def test_a_key_for_a_row_says_that_there_is_none(folder: Path) -> None:
    async with reading(folder, ()) as desk:
        await desk.press("g", "l", "d")
        assert desk.says == "Nothing here yet"
        await desk.press("a", *"club", "enter", "d")
        assert desk.says.startswith("Deleted")


SAMPLES: Final = [paper(f"Sample {number}") for number in range(8)]


async def test_the_first_start_leads_through_five_papers(folder: Path) -> None:
    async with reading(folder, SAMPLES, settings=Config()) as desk:
        assert frame(desk.app)[-1].startswith(
            " Samples; paste yours. Step 1 of 5:  r read  d dismiss  gx drop them"
        )
        await desk.press("x")
        assert frame(desk.app)[-1].startswith(" Selected:  r read  d dismiss  a add  t tags  Esc")
        await desk.press("escape")
        assert frame(desk.app)[-1].startswith(" Samples; paste yours. Step 1 of 5:")
        await desk.press("r")
        assert "Step 2 of 5  u undo" in frame(desk.app)[-1]
        await desk.press("u")
        assert "2 of 5" not in frame(desk.app)[-1]
        await desk.press("r", "r", "d", "d")
        assert "Step 5 of 5  s star to keep  ? all keys" in frame(desk.app)[-1]
        await desk.press("u", "s")
        assert "Step 5 of 5  gk kept  ? all keys" in frame(desk.app)[-1]
        await desk.press("j", "d")
        assert desk.says == "gx drops the samples; paste your own"
        assert frame(desk.app)[-1].count("gx") == 1
        assert frame(desk.app)[-1].startswith(f" {desk.says}  ")
        assert "u undo" in frame(desk.app)[-1]
        await desk.press("k")
        assert frame(desk.app)[-1].startswith(" r read  d dismiss")
        await desk.press("q")
    async with reading(folder, settings=Config()) as desk:
        assert "of 5" not in frame(desk.app)[-1]


async def test_the_first_triage_begins_again_with_papers_of_ones_own(folder: Path) -> None:
    own = [SourceRecord("Own Work", "What it says.", "own.txt", 1)]
    async with reading(folder, SAMPLES, settings=Config()) as desk:
        await desk.press("r")
        desk.library.add(own)
        desk.workspace.listing.rerun()
        await desk.press("j")
        assert frame(desk.app)[-1].startswith(" Step 1 of 5: read the abstract, then  r read")


async def test_an_import_that_is_undone_is_no_step_of_the_first_triage(folder: Path) -> None:
    own = [SourceRecord(f"Own Work {number}", "What it says.", "own.txt", 1) for number in range(3)]
    async with reading(folder, SAMPLES, settings=Config()) as desk:
        await desk.press("r")
        desk.library.add(own)
        desk.workspace.listing.rerun()
        await desk.press("j", "d")
        assert "Step 2 of 5" in frame(desk.app)[-1]
        await desk.press("u", "u", "g", "g")
        assert len(desk.library) == len(SAMPLES)
        assert frame(desk.app)[-1].startswith(" Step 1 of 5: read the abstract, then")
        await desk.press("d")
        assert "Step 2 of 5" in frame(desk.app)[-1]


async def test_the_first_triage_can_be_skipped_and_had_again(folder: Path) -> None:
    async with reading(folder, SAMPLES, settings=Config()) as desk:
        await desk.press("escape")
        assert desk.says == "gx drops the samples; paste your own"
        assert frame(desk.app)[-1].count("gx") == 1
        await desk.press("q")
    async with reading(folder, settings=Config()) as desk:
        assert desk.says.startswith("8 sample papers: paste your own")
        await desk.press(":", *"guide", "enter")
        assert frame(desk.app)[-1].startswith(" Samples; paste yours. Step 1 of 5:  r read")


async def test_what_to_do_next_is_named_by_keys_and_typed_commands(tmp_path: Path) -> None:
    async with reading(tmp_path, [paper("Lanterns")]) as desk:
        await desk.press(":", *"lists", "enter")
        assert desk.says == "No lists yet. :lists add NAME % creates one."
        await desk.press("c")
        assert desk.says == "Nothing looks like this paper. x selects two."
        await desk.press(":", *"fooo", "enter")
        assert desk.refusal == (
            "Unknown command: fooo. :list fooo finds papers; :help commands lists the commands."
        )
