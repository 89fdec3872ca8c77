"""Texts that are pasted into the app, with and without the marks of a paste."""

from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.libraries import statuses
from tests.sources.site import serving
from tests.view_helpers import TITLES, TWELVE, frame, key_of, paper, reading
from tui.actions import lists, triage
from tui.config import Config
from tui.library import Library
from tui.model.state import Status
from tui.ui.paper_tools import CLOSE, NOT_HERE

ANCHORS, BEAMS = TITLES[:2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with two lists, a tag, and a paper that is read."""
    path = tmp_path / "library"
    with Library.open(path, "desk", wait=0, now=lambda: NOW) as library:
        library.seed(TWELVE)
        triage.tag(library, [key_of(BEAMS)], ["ml"])
        lists.add(library, "thesis", [key_of(ANCHORS)])
        lists.add(library, "later", [key_of(BEAMS)])
    return path


@pytest.mark.parametrize("page", ["l", "t", "h", "I", "i", "S", "b"])
async def test_a_word_that_comes_at_once_on_another_screen_does_nothing(
    folder: Path, page: str
) -> None:
    async with reading(folder) as desk:
        await desk.press("g", page)
        await desk.settle()  # for the papers of the row, which come after it
        before = frame(desk.app)[:-1], desk.library.state.change_count
        for text in ("radius\r", "rag", "duck\rrag\r", "sad\r"):
            await desk.at_once(text)
            assert desk.says.endswith("arrived all at once, like a paste, so it was ignored")
            assert (frame(desk.app)[:-1], desk.library.state.change_count) == before


async def test_moves_and_a_key_after_them_act_at_once_on_another_screen(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "l")
        await desk.at_once("jd")
        assert desk.question
        await desk.press("escape")
        await desk.at_once("ugt")
        assert desk.says.startswith("“ugt” arrived all at once")
        await desk.at_once("gt")
        assert desk.listing.bindings_of == "tags"


@pytest.mark.parametrize(
    "text", ["duck\r", "radius", "art\rrag\rsad\r", "rag", "add", "bad", "read", "duck"]
)
async def test_a_word_that_comes_at_once_on_the_main_screen_does_nothing(
    folder: Path, text: str
) -> None:
    async with reading(folder) as desk:
        before = desk.library.state.change_count
        await desk.at_once(text)
        assert desk.says.endswith("arrived all at once, like a paste, so it was ignored")
        assert (desk.library.state.change_count, desk.at_home) == (before, True)


async def test_keys_at_once_act_on_the_main_screen(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.at_once("rdj")
        assert statuses(desk.library) == {ANCHORS: Status.READ, BEAMS: Status.DISMISSED}


# Into a line


@pytest.mark.parametrize("before", ["", "see ↵ there", "one\n\ttwo"])
async def test_lines_that_are_pasted_into_a_note_stay_as_they_are(
    folder: Path, before: str
) -> None:
    async with reading(folder) as desk:
        triage.note(desk.library, [key_of(ANCHORS)], before)
        await desk.press("e")
        await desk.paste("line one\r  line two\r\n\r\n\t- three\r")
        await desk.press("!", "enter")
        note = f"{before}line one\n  line two\n\n\t- three!"
        assert desk.paper_state(ANCHORS).note == note
        await desk.press("e", "?", "enter")
        assert desk.paper_state(ANCHORS).note == f"{note}?"


async def test_pasted_lines_of_a_note_go_to_the_editor_as_lines(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.ui.external.edit", lambda app, text: f"{text}!")
    async with reading(folder) as desk:
        await desk.press("e")
        await desk.at_once("line one\r  line two\r")
        await desk.press("ctrl+x")
        assert desk.paper_state(ANCHORS).note == "line one\n  line two!"


async def test_lines_that_are_pasted_into_another_line_are_joined(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("t")
        await desk.paste("abc\n  def\n")
        assert desk.typed.endswith("abc def")
        await desk.press("escape", "e")
        await desk.paste("  a line alone\n")
        assert desk.typed == "a line alone"


# A title


@pytest.mark.parametrize("keys", [(), ("g", "h")])
async def test_a_title_that_is_pasted_goes_to_its_paper(
    folder: Path, keys: tuple[str, ...]
) -> None:
    async with reading(folder) as desk:
        await desk.press(*keys)
        await desk.paste("  hashing the long tail:\n")
        assert (desk.at_home, desk.title, desk.query) == (True, "Hashing the Long Tail", "")
        assert desk.says == "Already here: hashing the long tail:"
        await desk.show("is:starred")
        await desk.at_once("Circuits in\rTransformers\r")
        assert desk.titles == []
        await desk.paste("Circuits in Transformers")
        assert desk.titles == ["Circuits in Transformers"]
        await desk.press("escape")
        assert desk.query == "is:starred"


async def test_a_title_that_is_spelt_in_another_way_goes_to_its_paper(tmp_path: Path) -> None:
    title = "Hashing the Long Tail with $\\alpha$-Trees at Scale"
    async with reading(tmp_path, [*TWELVE, paper(title)]) as desk:
        for text in (
            "hashing the long-tail, with α-trees at scale",
            "Häshing the LONGTAIL with\n alpha trees at Scale",
            "Hashing the Long Tail with $\\alpha$-\nTrees at Scale.",
        ):
            await desk.press("g", "g")
            await desk.paste(text)
            assert (desk.at_home, desk.title) == (True, title)
            assert desk.says.startswith("Already here: ")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Kernels for Pirates", "Kernels for pirates: A Survey of the High Seas"),
        ("Don't Climb Long-Tail Ladders? A Study of Falls", "Dont climb longtail ladders"),
        ("Don't Climb Long-Tail Ladders: A Study of Falls", "Don’t climb long-tail ladders - a st"),
    ],
)
async def test_a_title_without_its_sub_title_goes_to_its_paper_and_offers_to_add_it(
    tmp_path: Path, title: str, text: str
) -> None:
    with serving() as gone:
        pass
    settings = Config(view="", sources=dict.fromkeys(("arxiv", "crossref", "hf"), gone.url))
    papers = [each for each in TWELVE if each.title != title]
    async with reading(tmp_path, [*papers, paper(title)], settings=settings) as desk:
        count = len(desk.library)
        await desk.paste(text)
        assert (desk.title, desk.typed, desk.announced) == (title, text, [*CLOSE])
        await desk.press("escape")
        assert (desk.title, len(desk.library)) == (title, count)
        await desk.paste(text)
        await desk.press("enter")
        await desk.settle()
        assert (desk.title, len(desk.library)) == (text, count + 1)
        await desk.press("u")
        assert (desk.title, len(desk.library)) == (title, count)


@pytest.mark.parametrize(
    "text", ["Kernels for Pirates in Space", "Circuits: A Survey", "Circuits in"]
)
async def test_a_title_that_only_begins_like_another_goes_nowhere(folder: Path, text: str) -> None:
    async with reading(folder) as desk:
        await desk.paste(text)
        assert (desk.title, desk.announced) == (ANCHORS, [*NOT_HERE])


@pytest.mark.parametrize("text", ["Circuits in Trans", "Anchors for Dense"])
async def test_a_title_whose_end_was_not_copied_leads_to_the_one_that_begins_so(
    folder: Path, text: str
) -> None:
    async with reading(folder) as desk:
        await desk.press("j")
        await desk.paste(text)
        assert desk.title.startswith(text)
        assert (desk.typed, desk.announced) == (text, [*CLOSE])


async def test_a_title_that_is_not_here_is_offered_to_be_added(
    folder: Path,
) -> None:
    title = "On the Art of Adding Papers that Have a Title of Two Lines"
    with serving() as gone:
        pass
    settings = Config(view="", sources=dict.fromkeys(("arxiv", "crossref", "hf"), gone.url))
    async with reading(folder, settings=settings) as desk:
        await desk.press("g", "h")
        await desk.paste(title.replace("Papers ", "Papers\n  "))
        assert desk.announced == ["Not in the library: Enter adds this paper, Esc cancels"]
        assert (desk.typed, len(desk.library)) == (title, 12)
        await desk.press("escape")
        assert not desk.at_home
        assert len(desk.library) == 12
        await desk.paste(title)
        await desk.press("enter")
        assert desk.at_home
        assert desk.titles == [title]


@pytest.mark.parametrize(
    "text", ["hello", "- a b\n- c d\n", "one\ntwo\nthree four\n", "word " * 41]
)
async def test_what_is_no_title_is_answered_with_what_can_be_pasted(
    folder: Path, text: str
) -> None:
    async with reading(folder) as desk:
        await desk.paste(text)
        assert desk.says.startswith("No papers in it.")
        assert not desk.is_asked
