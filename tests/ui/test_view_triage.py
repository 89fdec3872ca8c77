"""The main screen once more: ranges, links, views by number, the command line, pages, layouts."""

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest
from textual import events
from textual.app import App

from tests.conftest import NOW
from tests.strategies import HEADER, SEEDS
from tests.view_helpers import TITLES, TWELVE, Desk, Size, frame, key_event, key_of, paper, reading
from tui.actions import command_line, lists, triage
from tui.actions.context import Context, Outcome
from tui.actions.registry import Action, Where
from tui.config import Config
from tui.library import Library
from tui.model.state import Change, FieldUpdate, Status
from tui.ui.background import Background
from tui.ui.screens.output import OutputScreen

ANCHORS, BEAMS, CIRCUITS, DISTILLING, EMBEDDINGS = TITLES[:5]


pytestmark = pytest.mark.usefixtures("away")


def marked(desk: Desk) -> list[str]:
    """The titles whose rows show that they are selected."""
    papers = desk.papers
    return [
        title for row, title in enumerate(desk.titles) if papers.render_line(row).text[3] == "✓"
    ]


# Many papers with few keys


async def test_twenty_papers_are_decided_with_twenty_keys(shipped_copy: Path) -> None:
    async with reading(shipped_copy) as desk:
        desk.library.change("make list thesis", [("lists", "thesis", "exists", True)])
        await desk.press("L", *"thesis", "enter", "u", "g", "g")
        count = len(desk.library.state.history())
        typed = [*"ddra" * 5]
        await desk.press(*typed)
        assert len(typed) == len(desk.library.state.history()) - count == 20
        assert len(desk.listed("thesis")) == 5
        statuses = list(desk.statuses().values())
        assert (statuses.count(Status.DISMISSED), statuses.count(Status.READ)) == (10, 5)
        assert "21 of 268" in frame(desk.app)[0]


async def test_twenty_papers_are_taken_back_one_by_one_after_a_restart(shipped_copy: Path) -> None:
    async with reading(shipped_copy) as desk:
        await desk.press("L", *"thesis", "enter", *"ddra" * 5, "q")
    async with reading(shipped_copy) as desk:
        changes = len(desk.library.state.history())
        assert changes == 21
        await desk.press(*"u" * changes)
        assert desk.statuses() == {}
        assert desk.library.state.lists() == []
        assert "268 in inbox" in frame(desk.app)[0]
        await desk.press("u")
        assert "Nothing to undo" in desk.says


async def test_many_papers_are_marked_read_at_once_only_after_a_question(
    shipped_copy: Path,
) -> None:
    async with reading(shipped_copy) as desk:
        await desk.press("A")
        assert desk.announced == ["268 papers here are unread"]
        assert [each.strip() for each in desk.offered] == ["Mark as read", "Leave unread"]
        await desk.press("escape")
        assert desk.statuses() == {}
        await desk.press("A", "enter")
        assert len(desk.statuses()) == 268
        await desk.press("u")
        assert desk.statuses() == {}


async def test_a_repetition_asks_as_the_key_does(shipped_copy: Path) -> None:
    async with reading(shipped_copy) as desk:
        await desk.show("diffusion")
        few = len(desk.titles)
        await desk.press("A")
        assert len(desk.statuses()) == few < 20
        await desk.press("g", "a", ".")
        assert desk.announced == [f"{268 - few} papers here are unread"]
        await desk.press("enter")
        assert len(desk.statuses()) == 268


# A range


async def test_a_range_is_selected_as_the_cursor_moves(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "V")
        assert "Selecting a range; Esc cancels" in desk.says
        assert marked(desk) == [BEAMS]
        await desk.press("j", "j")
        assert marked(desk) == [BEAMS, CIRCUITS, DISTILLING]
        assert "3 selected" in frame(desk.app)[0]
        await desk.press("k")
        assert marked(desk) == [BEAMS, CIRCUITS]
        await desk.press("d")
        assert desk.statuses() == {BEAMS: Status.DISMISSED, CIRCUITS: Status.DISMISSED}
        assert len(desk.library.state.history()) == 1
        assert marked(desk) == []
        assert desk.workspace.listing.shown.anchor is None


async def test_a_range_goes_up_to_the_first_paper_and_down_to_the_last(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "j", "V", "g", "g")
        assert marked(desk) == [ANCHORS, BEAMS, CIRCUITS]
        await desk.press("G")
        assert len(desk.selected) == 10
        await desk.press("r")
        assert len(desk.statuses()) == 10
        await desk.press("u")
        assert desk.statuses() == {}


async def test_the_same_key_ends_a_range_and_keeps_what_is_selected(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("V", "j", "V", "j", "j")
        assert marked(desk) == [ANCHORS, BEAMS]
        await desk.press("V", "j", "V")
        assert marked(desk) == [ANCHORS, BEAMS, DISTILLING, EMBEDDINGS]
        await desk.press("k", "x")
        assert marked(desk) == [ANCHORS, BEAMS, EMBEDDINGS]


async def test_escape_drops_a_range(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("V", "j", "j", "escape")
        assert marked(desk) == []
        assert desk.workspace.listing.shown.anchor is None
        assert desk.title == CIRCUITS
        await desk.press("r")
        assert desk.statuses() == {CIRCUITS: Status.READ}


async def test_a_range_ends_where_its_beginning_leaves_the_list(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("V", "j", "j")
        await desk.show("circuits")
        assert desk.workspace.listing.shown.anchor is None
        await desk.press("r")
        assert desk.statuses() == {CIRCUITS: Status.READ}


# Opening and reading


async def test_a_link_is_opened_and_the_paper_marked_read(folder: Path, opened: list[str]) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "g", "o")
        assert opened == [TWELVE[1].link]
        assert desk.statuses() == {BEAMS: Status.READ}
        assert desk.title == CIRCUITS
        assert "Opened https://arxiv.org/" in desk.says
        assert "○" in desk.papers.render_line(1).text


async def test_of_several_links_one_is_asked_for_and_the_paper_is_marked_read(
    folder: Path, opened: list[str]
) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "o")
        assert desk.is_asked
        await desk.press("enter")
        assert opened == ["https://a.org/code"]
        assert desk.statuses() == {ANCHORS: Status.READ}
        assert desk.title == BEAMS


async def test_where_nothing_is_listed_nothing_is_opened(folder: Path, opened: list[str]) -> None:
    async with reading(folder) as desk:
        await desk.show("is:starred")
        await desk.press("O", "g", "o", "|")
        assert desk.at_home
        assert opened == []
        assert desk.library.state.history() == []


# Views by number


async def save(desk: Desk, query: str, name: str) -> None:
    """Saves a query as a view."""
    await desk.show(query)
    await desk.press("F", *name, "enter")


async def test_a_digit_shows_the_view_of_that_number(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "1")
        assert desk.says == "No view “1”. F saves this query."
        await save(desk, "retrieval", "zebra")
        await save(desk, "is:unread attention", "ant")
        await desk.press("g", "1")
        assert (desk.query, len(desk.titles)) == ("retrieval", 3)
        await desk.press("g", "2")
        assert desk.query == "is:unread attention"
        await desk.press("g", "9")
        assert "No view “9”" in desk.says
        assert desk.query == "is:unread attention"


async def test_views_keep_the_order_in_which_they_were_saved(folder: Path) -> None:
    async with reading(folder) as desk:
        for name in ("zebra", "ant", "mole"):
            await save(desk, name, name)
        await save(desk, "changed", "zebra")
        assert list(desk.library.state.views()) == ["zebra", "ant", "mole"]
        await desk.press("q")
    async with reading(folder) as desk:
        await desk.press("f")
        assert [row.split("  ")[0].strip() for row in desk.offered] == (
            ["1 zebra", "2 ant", "3 mole"]
        )
        await desk.press("escape", "1")
        assert desk.query == "changed"
        await desk.press(":", *"views", "space", *"delete", "space", *"zebra", "enter")
        await save(desk, "again", "zebra")
        assert list(desk.library.state.views()) == ["ant", "mole", "zebra"]


async def test_more_than_nine_views_are_picked_by_name(folder: Path) -> None:
    async with reading(folder) as desk:
        for number in range(1, 12):
            await save(desk, f"limit:{number}", f"view {number:02}")
        await desk.press("g", "9")
        assert desk.query == "limit:9"
        await desk.press("f", *"11", "enter")
        assert desk.query == "limit:11"


# Back through earlier queries


async def test_escape_goes_back_through_earlier_queries_with_their_papers(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:unread")) as desk:
        desk.screen.bottom.clear_message()
        await desk.press("j", "j", "j")
        await desk.show("retrieval")
        await desk.press("j")
        assert desk.title == BEAMS
        await desk.press("g", "a", "G", "escape")
        assert (desk.query, desk.title) == ("retrieval", BEAMS)
        await desk.press("escape")
        assert (desk.query, desk.title) == ("is:unread", DISTILLING)
        await desk.press("escape")
        assert desk.query == "is:unread"
        assert desk.says == "Nothing to go back to; press q to quit"
        assert desk.app.is_running


@pytest.mark.parametrize(
    ("keys", "queries"),
    [
        ((*"gRgWgdgD",), ("is:dismissed", "is:inbox")),
        ((*"gRgdgRgu",), ()),
        (("g", "d", "/", "b", "enter", "/", "e", "enter"), ("is:dismissed", "is:inbox")),
        (("g", "a", "S", *"title", "enter", "S", *"up", "enter"), ("", "is:inbox")),
        (("g", "a", "/", *"anchors", "enter", "m", "m"), ("like:", "anchors", "", "is:inbox")),
        (("g", "a", "/", *"retreival", "enter", "ctrl+y"), ("", "is:inbox")),
        (("g", "a", "m", "g", "a"), ("like:", "is:inbox")),
    ],
)
async def test_escape_undoes_what_was_typed_then_a_view_and_ends_at_the_inbox(
    folder: Path, keys: Sequence[str], queries: Sequence[str]
) -> None:
    async with reading(folder, settings=Config(view="is:inbox")) as desk:
        await desk.press("d", *keys)
        for query in queries:
            await desk.press("escape")
            assert desk.query.startswith(query) if query else not desk.query
        assert desk.query == "is:inbox"
        await desk.press("escape", "escape")
        assert desk.query == "is:inbox"
        assert desk.says == "Nothing to go back to; press q to quit"


async def test_the_same_query_again_is_no_step_back(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("retrieval")
        await desk.press("$")
        await desk.show("retrieval")
        await desk.press("escape")
        assert desk.query == ""


async def test_a_filter_that_was_given_up_is_no_step_back(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("retrieval")
        await desk.find("circuits")
        await desk.press("escape", "escape")
        assert desk.query == ""


async def test_after_a_restart_escape_goes_to_the_view_of_the_start(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("retrieval")
        await desk.press("q")
    async with reading(folder, settings=Config(view="is:unread")) as desk:
        assert desk.query == "retrieval"
        await desk.press("escape")
        assert desk.query == "is:unread"


async def test_escape_steps_back_from_selection_zoom_and_pane_before_the_query(
    folder: Path,
) -> None:
    async with reading(folder) as desk:
        await desk.show("retrieval")
        await desk.press("z", "x", "escape")
        assert (desk.selected, desk.screen.panes.zoomed) == (set(), True)
        await desk.press("escape")
        assert not desk.screen.panes.zoomed
        await desk.press("tab", "escape")
        assert desk.papers.has_focus
        assert desk.query == "retrieval"
        await desk.press("escape")
        assert desk.query == ""


async def test_a_hundred_queries_and_more_can_be_gone_back_through(folder: Path) -> None:
    async with reading(folder) as desk:
        for number in range(120):
            await desk.screen.run_line(f"filter limit:{number + 1}")
        await desk.settle()
        await desk.press(*["escape"] * 100)
        assert desk.query == "limit:20"


# The command line


async def command(desk: Desk, line: str) -> None:
    """Runs a line, typed key by key."""
    await desk.press(":", *("space" if char == " " else char for char in line), "enter")


async def test_a_command_acts_on_the_paper_at_the_cursor(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j")
        await command(desk, "mark dismissed")
        assert desk.statuses() == {BEAMS: Status.DISMISSED}
        assert desk.says == f"Dismissed: {BEAMS}"
        assert "×" in desk.papers.render_line(1).text
        assert "11 in inbox" in frame(desk.app)[0]
        await desk.press("u")
        assert desk.statuses() == {}


async def test_a_command_acts_on_the_selection_and_lets_go_of_it(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("x", "x")
        await command(desk, "tag +nlp")
        assert [desk.paper_state(title).tags for title in TITLES[:3]] == [("nlp",), ("nlp",), ()]
        assert desk.selected == set()
        assert len(desk.library.state.history()) == 1


async def test_a_list_command_shows_its_papers(folder: Path) -> None:
    async with reading(folder) as desk:
        await command(desk, "list retrieval --sort title")
        assert desk.query == "retrieval sort:title"
        assert len(desk.titles) == 3
        await desk.press("escape")
        assert desk.query == ""


async def test_the_columns_of_a_table_stay_aligned_where_it_wraps(folder: Path) -> None:
    async with reading(folder, size=(80, 24)) as desk:
        await command(desk, "keys")
        rows = [row for row in frame(desk.app)[1:-1] if row.strip()]
        start = next(row.index("page through") for row in rows if "page through" in row)
        assert any(not row[:start].strip() for row in rows), "none wraps"
        assert all(row[start - 1] == " " != row[start] for row in rows), "\n".join(rows)


async def test_what_a_command_prints_is_a_screen_of_its_own(folder: Path) -> None:
    async with reading(folder) as desk:
        await command(desk, "keys")
        assert isinstance(desk.app.screen, OutputScreen)
        assert frame(desk.app)[0].strip() == ":keys"
        assert any("mark.read" in row for row in desk.listed_rows)
        await desk.press("G", "g", "g", "ctrl+d", "escape")
        assert desk.at_home
        assert desk.library.state.history() == []
        await desk.press("L", *"one", "tab", *"two", "enter")
        await command(desk, "lists")
        assert frame(desk.app)[0].strip() == ":lists  gl opens the lists"


async def test_the_end_of_a_long_output_is_reached(folder: Path) -> None:
    async with reading(folder) as desk:
        await command(desk, "keys")
        last = desk.listed_rows[-1].split()[0]
        assert not any(row.split()[:1] == [last] for row in frame(desk.app))
        await desk.press("G")
        assert any(row.split()[:1] == [last] for row in frame(desk.app)[-3:])


@pytest.mark.parametrize("line", ["mark raed", "tags delete nope", "triage", "note % 'x"])
async def test_a_command_that_fails_is_said_and_can_be_mended(folder: Path, line: str) -> None:
    async with reading(folder) as desk:
        await command(desk, line)
        assert desk.remark
        assert desk.typed == line
        assert desk.library.state.history() == []
        await desk.press("ctrl+u", *"mark read", "enter")
        assert desk.at_home
        assert desk.statuses() == {ANCHORS: Status.READ}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("write", "Nothing to export"),
        ("editor", "cannot be suspended in this terminal"),
        ("lists remove thesis %", "No list “thesis”"),
    ],
)
async def test_a_command_that_only_a_screen_has_can_be_mended_too(
    folder: Path, line: str, message: str
) -> None:
    async with reading(folder) as desk:
        if line == "write":
            await desk.show("is:starred")
        await command(desk, line)
        assert message in desk.remark
        assert desk.typed == line
        await desk.press("escape")
        assert desk.at_home


async def test_a_command_asks_for_what_is_missing(folder: Path) -> None:
    async with reading(folder) as desk:
        await command(desk, "tag")
        assert "Tags" in frame(desk.app)[-1]
        await desk.press(*"nlp", "enter")
        assert desk.paper_state(ANCHORS).tags == ("nlp",)
        assert desk.at_home


async def test_a_command_may_name_other_papers_than_those_here(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j")
        await command(desk, f"mark read {key_of(EMBEDDINGS)}")
        assert desk.statuses() == {EMBEDDINGS: Status.READ}
        assert desk.title == BEAMS
        await command(desk, "star %")
        assert desk.paper_state(BEAMS).starred


@pytest.mark.parametrize(
    ("answers", "holds"), [(["enter"], "mine\n"), (["down", "enter"], "thesis")]
)
async def test_a_command_replaces_a_file_of_somebody_else_only_when_asked(
    folder: Path, away: Path, answers: list[str], holds: str
) -> None:
    path = away / "list.md"
    path.write_text("mine\n", "utf-8")
    async with reading(folder) as desk:
        await desk.press("L", *"thesis", "enter", "l")
        await command(desk, "write list.md")
        assert "was not exported from this library" in desk.remark
        assert [choice.strip() for choice in desk.offered] == ["Keep it", "Replace it"]
        await desk.press(*answers)
        assert holds in path.read_text("utf-8")
        if answers == ["enter"]:
            assert (desk.remark, desk.typed) == ("Left unchanged", "write list.md")
        else:
            assert "Exported 1 paper to" in desk.says


async def test_an_export_that_was_ticked_says_how_to_take_that_in(folder: Path, away: Path) -> None:
    path = away / "thesis.md"
    async with reading(folder) as desk:
        await desk.press("L", *"thesis", "enter", "l", "E", "enter")
        path.write_text(path.read_text("utf-8").replace("[ ]", "[x]"), "utf-8")
        await desk.press("E", "enter")
        assert [choice.strip() for choice in desk.offered] == ["Keep it", "Replace it"]
        assert "keep it and type :pull" in "".join(frame(desk.app))


async def test_keys_typed_after_a_command_that_prints_are_for_its_screen(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.together(":", *"keys", "enter", "j", "escape", "j", "r")
        await desk.settle()
        assert desk.at_home
        assert desk.statuses() == {BEAMS: Status.READ}


async def test_what_was_typed_before_is_an_arrow_key_away(folder: Path) -> None:
    async with reading(folder) as desk:
        await command(desk, "mark read")
        await command(desk, "mark raed")
        await desk.press("escape", "j", ":", "up", "up", "enter")
        assert desk.statuses() == {ANCHORS: Status.READ, BEAMS: Status.READ}


@pytest.mark.parametrize("line", ["q", "quit", "x", "wq"])
async def test_the_words_that_leave_an_editor_leave_the_app(folder: Path, line: str) -> None:
    async with reading(folder) as desk:
        await desk.press("d")
        await desk.press(":", *line, "enter")
    assert desk.app.exit_summary == "1 paper decided, 11 left in the inbox."


async def test_an_empty_command_does_nothing(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j", ":", "enter")
        assert desk.at_home
        await desk.press(":", *"mark read", "escape")
        assert desk.at_home
        assert desk.library.state.history() == []


async def test_tab_completes_commands_and_what_follows_them(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"thesis", "enter", ":")
        assert any(row.startswith("mark ") for row in desk.offered)
        await desk.press(*"mar", "tab")
        assert desk.typed == "mark "
        await desk.press(*"dis", "tab")
        assert desk.typed == "mark dismissed "
        await desk.press("enter")
        assert desk.statuses() == {BEAMS: Status.DISMISSED}
        await desk.press(":", *"lists", "space", *"add", "space", *"th", "tab", "enter")
        assert desk.listed("thesis") == [ANCHORS, BEAMS]
        await desk.press(":", *"dis", "tab")
        assert desk.typed == "mark dismissed "


async def test_keys_typed_after_a_command_wait_for_it(folder: Path) -> None:
    async with reading(folder) as desk:
        line = ["space" if char == " " else char for char in "mark read"]
        await desk.together(":", *line, "enter", "j", "d")
        await desk.settle()
        assert desk.statuses() == {ANCHORS: Status.READ, BEAMS: Status.DISMISSED}


async def test_an_import_from_the_command_line_shows_the_new_papers(
    folder: Path, away: Path
) -> None:
    (away / "page.txt").write_text(page("Paper of A", "Paper of B"), "utf-8")
    async with reading(folder) as desk:
        await command(desk, "import page.txt")
        assert desk.announced == ["2 new:", "Paper of A", "Paper of B"]
        assert len(desk.library) == 12
        await desk.press("enter")
        assert len(desk.library) == 14
        assert set(desk.titles) == {"Paper of A", "Paper of B"}
        assert desk.says == "Imported: 2 new papers from page.txt"


async def test_a_command_where_nothing_can_be_changed_is_refused(folder: Path) -> None:
    with Library.open(folder, "other", wait=0, now=lambda: NOW) as library:
        library.seed(TWELVE)
        async with reading(folder) as desk:
            await command(desk, "mark read")
            assert "Close it and press gw." in desk.remark
            assert desk.statuses() == {}


@pytest.mark.parametrize("typed", ["import ~a/", "import \x00/", "tag -", "mark '", "lists add '"])
async def test_whatever_is_half_typed_breaks_nothing(folder: Path, typed: str) -> None:
    async with reading(folder) as desk:
        await desk.press(":")
        await desk.press(*("space" if char == " " else char for char in typed), "escape")
        assert desk.at_home


# A page that is pasted


def page(*titles: str) -> str:
    """The text of a page of papers of these titles."""
    lines = [line for title in titles for line in (title, "", f"We show {title} at length.", "")]
    return "\n".join([*HEADER, *lines])


async def test_a_page_that_is_pasted_into_the_filter_is_imported(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("/", *"beams")
        await desk.paste(page("Paper of A", "Paper of B"))
        assert not desk.filtering
        assert desk.announced == ["2 new:", "Paper of A", "Paper of B"]


async def test_a_query_that_is_pasted_into_the_filter_is_text(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("/")
        desk.filter_line.text = ""
        await desk.paste("beams\nof light\n")
        assert desk.filter_line.text == "beams of light"


async def test_beside_what_was_just_done_the_key_that_undoes_it_is_always_shown(
    folder: Path,
) -> None:
    async with reading(folder, size=(80, 24)) as desk:
        await desk.press("L", *"a list with a long name", "enter", "r")
        assert "u undo" in str(desk.screen.bottom.render())


async def test_without_a_paper_the_footer_has_no_key_that_needs_one(folder: Path) -> None:
    async with reading(folder, ()) as desk:
        shown = str(desk.screen.bottom.render())
        assert "? help" in shown
        keys = {"r read", "d dismiss", "a add", "Space more", "Space next"}
        assert not keys & set(shown.split("  "))


async def test_opening_a_list_says_that_papers_are_added_to_it_now(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"club", "enter", "L", *"thesis", "enter")
        await desk.press("g", "l", "g", "g", "enter")
        assert desk.query == "list:club"
        assert desk.says == "a adds to club now"


async def test_a_new_page_is_counted_and_imported_when_that_is_wanted(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j")
        await desk.paste(page("Paper of A", "Paper of B"))
        assert desk.announced == ["2 new:", "Paper of A", "Paper of B"]
        assert len(desk.library) == 12
        await desk.press("enter")
        assert len(desk.library) == 14
        assert desk.says == "Imported: 2 new papers from the pasted text"
        assert set(desk.titles) == {"Paper of A", "Paper of B"}
        assert desk.cursor == 0
        await desk.press("escape")
        assert desk.title == BEAMS
        (change,) = desk.library.state.history()
        assert change.verb == "import pasted 2026-01-15 12:00"


async def test_a_page_that_is_pasted_over_the_question_is_read_after_it(folder: Path) -> None:
    async with reading(folder, size=(80, 24)) as desk:
        await desk.paste(page("Paper of A"))
        await desk.paste(page("Paper of B"))
        assert desk.typed == ""
        assert desk.announced == ["1 new:", "Paper of A"]
        assert "The paste is handled next" in frame(desk.app)[-1]
        await desk.press("enter")
        await desk.until(lambda: desk.can_answer)
        assert desk.announced == ["1 new:", "Paper of B"]
        await desk.press("enter")
        assert len(desk.library) == 14


async def test_a_page_that_is_pasted_while_the_library_is_busy_is_read_then(folder: Path) -> None:
    async with reading(folder) as desk:
        desk.workspace.is_busy = True
        desk.app.post_message(events.Paste(page("Paper of A")))
        await desk.pilot.pause(0)
        assert not desk.is_asked
        desk.workspace.is_busy = False
        await desk.until(lambda: desk.can_answer)
        assert desk.announced == ["1 new:", "Paper of A"]


async def test_what_no_choice_has_is_said_when_it_is_entered(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.paste(page("Paper of A"))
        await desk.press(*"zebra", "enter")
        assert desk.refusal == "No choice has “zebra”. Esc cancels."
        await desk.press("ctrl+u", "enter")
        assert len(desk.library) == 13


async def test_what_is_skipped_of_a_page_is_set_apart_with_the_reason_first(folder: Path) -> None:
    cut = "Knowledge Composition using Task Vectors with Learned Anisotropic Scaling"
    async with reading(folder, size=(80, 24)) as desk:
        await desk.paste(f"{page('Paper of A')}\n{cut}\n\nPre-trained models produce strong")
        assert desk.announced[0] == "1 new, 1 skipped:"
        rows = [row.rstrip() for row in frame(desk.app)]
        reason = "skipped, as it ends in the middle of its abstract"
        assert re.search(rf"^ Line \d+ {reason}: “{cut[:9]}", "\n".join(rows), re.M)
        assert rows[rows.index(" Paper of A") - 1] == ""
        await desk.press("enter")
        await desk.paste(f"{page('Paper of A')}\n{cut}\n\nPre-trained models produce strong")
        assert desk.says.startswith("Already imported: 1 known, 1 skipped. Line ")
        assert f"{reason}: “{cut[:15]}" in desk.says


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "MIT License\n\nPermission is hereby granted, free of charge, to any person.\n",
            "No page of papers: looks like a licence. Copy and paste the whole page.",
        ),
        (
            "milk\nbread\ntwo eggs\n",
            "No papers in it. Paste a whole page, BibTeX or arXiv ids; + adds one paper.",
        ),
        (
            "<!-- papers-tui:begin -->\n# thesis\n\n- [ ] A Paper <!-- pt:a-paper -->\n",
            "This is a list that papers-tui exported. :pull FILE takes over its changes.",
        ),
    ],
)
async def test_a_paste_that_is_no_page_is_answered_with_what_to_do_in_80_columns(
    folder: Path, text: str, answer: str
) -> None:
    async with reading(folder, size=(80, 24)) as desk:
        await desk.paste(text)
        assert desk.says == answer
        assert answer in frame(desk.app)[-1]
        assert len(desk.library) == 12


async def test_papers_named_in_pasted_lines_of_other_words_are_offered(folder: Path) -> None:
    text = (
        "To read\nOn Sets https://arxiv.org/abs/1706.03762\n[On Maps](arxiv.org/pdf/1706.03763)\n"
    )
    async with reading(folder) as desk:
        await desk.paste(text)
        assert desk.announced[0] == "2 new, 1 skipped:"
        assert "Line 1 skipped" in "\n".join(frame(desk.app))
        await desk.press("enter")
        assert set(desk.titles) == {"On Sets", "On Maps"}


async def test_a_paste_ends_a_sequence_of_keys(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("y")
        await desk.paste(page("Paper of A"))
        await desk.press("escape", "j")
        assert desk.cursor == 1


async def test_what_is_pasted_on_another_screen_is_offered_as_on_the_main_one(folder: Path) -> None:
    async with reading(folder) as desk:
        for keys in ("gh", "gb", "gl", "T", "gI", "gS", "gi", "?"):
            await desk.press(*keys)
            assert not desk.at_home
            screen = desk.app.screen
            await desk.paste(page("Paper of A"))
            assert desk.announced == ["1 new:", "Paper of A"]
            await desk.press("escape")
            if keys != "?":
                assert desk.app.screen is screen
                await desk.press("escape")
            assert desk.at_home
        await desk.press("g", "h")
        await desk.paste("https://arxiv.org/abs/2405.01234")
        assert desk.typed == "add https://arxiv.org/abs/2405.01234"
        await desk.press("escape")
        assert not desk.at_home
        await desk.paste("hello")
        assert desk.says
        assert not desk.at_home
        await desk.paste(page("Paper of A"))
        await desk.press("enter")
        assert desk.at_home
        assert desk.titles == ["Paper of A"]


async def test_the_address_of_a_list_is_said_to_be_one(folder: Path) -> None:
    async with reading(folder, size=(80, 24)) as desk:
        await desk.paste("https://arxiv.org/list/cs.CL/recent\n")
        assert desk.says.startswith("A list, not a paper: paste its text, or follow it")
        assert desk.at_home


async def test_a_pasted_address_stands_in_the_command_that_adds_its_paper(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.paste("https://arxiv.org/abs/2405.01234\n")
        assert desk.typed == "add https://arxiv.org/abs/2405.01234"
        assert desk.announced == ["Enter adds this paper, Esc cancels"]
        await desk.press("escape")
        assert desk.at_home
        assert len(desk.library) == 12


async def test_a_long_page_is_shown_after_its_import_but_not_selected(folder: Path) -> None:
    titles = [f"Paper {number} of many" for number in range(30)]
    async with reading(folder) as desk:
        await desk.paste(page(*titles))
        await desk.press("enter")
        assert set(desk.titles) == set(titles)
        await desk.press("r")
        assert len(desk.statuses()) == 1, "a key acts on one paper, not on the page"


async def test_a_key_from_before_the_question_was_on_screen_does_not_answer_it(
    folder: Path,
) -> None:
    async with reading(folder) as desk:
        typed = [key_event("enter"), key_event("n")]
        await desk.paste(page("Paper of A"))
        for event in typed:
            desk.app.post_message(event)
        await desk.settle()
        assert "Import this paper?" in frame(desk.app)[-1]
        assert len(desk.library) == 12
        await desk.press("enter")
        assert len(desk.library) == 13


async def test_new_titles_come_first_and_all_of_them_are_there(folder: Path) -> None:
    titles = [f"Paper {number} of many" for number in range(12)]
    async with reading(folder) as desk:
        await desk.paste(page(*titles[:1]))
        await desk.press("enter", "r")
        await desk.paste(page(*titles))
        assert desk.announced[:2] == ["11 new, 1 known:", "Paper 1 of many"]
        assert desk.announced[11] == "Paper 11 of many"
        rows = frame(desk.app)
        assert "Import these papers?" in rows[-1]
        assert "11 new" in rows[-15]
        await desk.press("enter")
        assert len(desk.titles) == 11, "the one that was known is not among the new ones"


async def test_an_import_is_undone_and_leads_back_to_the_view_before(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("retrieval")
        before = desk.titles
        await desk.press("j")
        title = desk.title
        await desk.paste(page("Paper of A"))
        await desk.press("enter", "r", "u", "u")
        assert desk.says == "Undid: imported the text pasted 2026-01-15 12:00"
        assert (desk.query, desk.titles, desk.title) == ("retrieval", before, title)
        assert len(desk.library) == 12
        await desk.press("ctrl+r")
        assert desk.says == "Redid: imported the text pasted 2026-01-15 12:00"
        assert len(desk.library) == 13


async def test_after_an_import_all_words_are_searched(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.paste(page("Paper of A"))
        await desk.press("enter")
        await desk.show("vessels")
        assert desk.titles == [EMBEDDINGS]


async def test_a_removed_paper_leaves_the_list_and_comes_back(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "D")
        assert desk.says == f"Removed: {BEAMS}"
        assert BEAMS not in desk.titles
        assert desk.title == CIRCUITS
        assert "of 11" in frame(desk.app)[0]
        await desk.press("u")
        assert desk.title == BEAMS
        assert desk.titles == list(TITLES)
        await desk.press("ctrl+r")
        assert BEAMS not in desk.titles
        await desk.show("is:removed")
        assert desk.titles == [BEAMS]
        await desk.press("D")
        assert desk.says == f"Brought back: {BEAMS}"
        assert desk.titles == []
        await desk.show("")
        assert desk.titles == list(TITLES)


async def test_decided_papers_stay_when_another_one_is_removed(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:unread")) as desk:
        await desk.press("r", "D")
        assert desk.titles == [ANCHORS, *TITLES[2:]]


@pytest.mark.parametrize("way", [["escape"], ["down", "enter"]])
async def test_a_page_that_is_not_wanted_leaves_no_trace(folder: Path, way: list[str]) -> None:
    async with reading(folder) as desk:
        await desk.paste(page("Paper of A"))
        await desk.press(*way)
        assert desk.at_home
        assert desk.titles == list(TITLES)
        assert len(desk.library) == 12


async def test_a_page_that_is_known_is_said_to_be(shipped_copy: Path) -> None:
    async with reading(shipped_copy) as desk:
        seed = min(SEEDS.glob("*.txt"), key=lambda path: path.stat().st_size)
        await desk.paste(seed.read_text("utf-8"))
        assert " known from the samples" in desk.announced[0]
        await desk.press("enter")
        assert re.match(r"Imported: \d+ papers known from the samples", desk.says)
        await desk.paste(seed.read_text("utf-8"))
        assert not desk.is_asked
        assert desk.says.startswith("Already imported: ")
        assert len(desk.library) == 268


async def test_a_page_that_was_pasted_is_known_from_then_on(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.paste(page("Paper of A"))
        await desk.press("enter")
        await desk.paste(page("Paper of A"))
        assert desk.says == "Already imported: 1 known"


@pytest.mark.parametrize("text", ["", "hello", "a line\nand another\n", "%PDF-1.7", "\x00\x01"])
async def test_what_is_no_page_is_said_and_changes_nothing(folder: Path, text: str) -> None:
    async with reading(folder) as desk:
        await desk.paste(text)
        assert not desk.is_asked
        assert desk.says
        assert "Already imported" not in desk.says
        assert len(desk.library) == 12


async def test_a_page_fills_an_empty_library(folder: Path) -> None:
    async with reading(folder, ()) as desk:
        assert "Copy a page of huggingface.co/papers" in desk.body
        await desk.paste(page("Paper of A", "Paper of B"))
        await desk.press("enter")
        assert desk.titles == ["Paper of A", "Paper of B"]
        assert desk.body.startswith("Paper of A")


async def test_a_page_can_be_pasted_while_the_abstract_has_the_keys(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("z")
        await desk.paste(page("Paper of A"))
        await desk.press("enter")
        assert len(desk.library) == 13


async def test_a_page_is_not_imported_where_nothing_can_be_changed(folder: Path) -> None:
    with Library.open(folder, "other", wait=0, now=lambda: NOW) as library:
        library.seed(TWELVE)
        async with reading(folder) as desk:
            await desk.paste(page("Paper of A"))
            if desk.is_asked:
                await desk.press("enter")
            assert desk.says.endswith("uses this library. Close it and press gw.")
            assert len(desk.library) == 12


async def test_what_is_pasted_into_a_line_stays_there(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("t")
        await desk.paste("nlp\nrl")
        assert desk.typed == "nlp rl"
        await desk.press("enter")
        assert desk.paper_state(ANCHORS).tags == ("nlp", "rl")
        assert len(desk.library) == 12


# A note in the editor, and papers for another program


async def test_where_the_terminal_cannot_be_lent_that_is_said(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("ctrl+x")
        assert desk.says == "The app cannot be suspended in this terminal"
        await desk.press("|")
        assert "Pipe 1 paper to" in frame(desk.app)[-2]
        await desk.answer("cat")
        assert desk.says == "The app cannot be suspended in this terminal"
        assert desk.library.state.history() == []


async def test_an_editor_that_is_not_installed_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor")
    monkeypatch.setattr(App, "suspend", lambda _: nullcontext())
    async with reading(folder) as desk:
        await desk.press("ctrl+x")
        assert "The editor cannot be started: no-such-editor" in desk.says


async def test_what_was_typed_before_the_editor_failed_is_not_lost(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("e", *"words", "ctrl+x")
        if desk.at_home:
            await desk.press("e")
        assert desk.typed == "words"


async def test_a_note_goes_on_in_the_editor_with_what_was_typed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited: list[str] = []

    def edit(_: object, text: str) -> str:
        edited.append(text)
        return f"{text} and more\n"

    monkeypatch.setattr("tui.ui.external.edit", edit)
    async with reading(folder) as desk:
        await desk.press("e", *"words", "ctrl+x")
        assert edited == ["words"]
        assert desk.at_home
        assert desk.paper_state(ANCHORS).note == "words and more"
        await desk.press("e", "ctrl+x", "ctrl+x")
        assert edited[1:] == ["words and more", "words and more and more"]


@pytest.mark.parametrize("note", ["- a / b\n\t- 日本　語\n\n# c", "of ↵\n two", "\ta\tb"])
async def test_a_note_keeps_its_lines_when_it_is_edited_in_one(
    folder: Path, note: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.ui.external.edit", lambda app, text: f"{text}\n  of ↵")
    async with reading(folder) as desk:
        triage.note(desk.library, [desk.workspace.listing.key or ""], note)
        await desk.press("e", "enter")
        assert len(desk.library.state.history()) == 1
        await desk.press("e", "!", "enter")
        assert desk.paper_state(ANCHORS).note == f"{note}!"
        await desk.press("e", "?", "ctrl+x")
        assert desk.paper_state(ANCHORS).note == f"{note}!?\n  of ↵"


async def test_an_answer_that_will_not_do_is_asked_for_again(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("t", *"###", "enter")
        assert "Not a valid tag: ###" in desk.remark
        await desk.press("ctrl+u", *"nlp", "enter")
        assert desk.at_home
        assert desk.paper_state(ANCHORS).tags == ("nlp",)
        await desk.press("w", *"someday", "enter", "ctrl+u", *"week", "enter")
        assert desk.paper_state(ANCHORS).snoozed_until is not None
        assert desk.title == BEAMS


async def test_a_note_goes_on_every_paper_that_is_selected(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("x", "x", "e")
        assert "Note on 2 papers" in frame(desk.app)[-1]
        await desk.answer("to compare")
        notes = [desk.paper_state(title).note for title in TITLES[:3]]
        assert notes == ["to compare", "to compare", None]
        assert not desk.selected
        await desk.press("u")
        assert desk.paper_state(ANCHORS).note is None


async def test_a_note_that_differs_is_not_offered_for_all(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("e", *"mine", "enter", "g", "g", "x", "x", "e")
        assert desk.typed == ""
        await desk.press("escape", "escape", "g", "g", "x", "e")
        assert desk.typed == "mine"


async def test_papers_in_a_list_are_marked_in_their_rows(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"thesis", "enter")
        assert [row[3] for row in frame(desk.app)[1:3]] == ["›", " "]
        await desk.press("k", "x")
        assert frame(desk.app)[1][3] == "✓"


async def test_a_message_goes_with_the_next_key(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "9")
        assert "No view “9”" in desk.says
        await desk.press("j")
        assert desk.says == ""


async def test_at_its_end_a_list_says_that_a_paper_goes_no_further(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"thesis", "enter", "a", "l", "g", "g", "<")
        assert desk.says == "Already first"
        await desk.press("G", ">")
        assert desk.says == "Already last"
        await desk.press("<")
        assert desk.library.state.reading_list("thesis").keys == tuple(
            map(key_of, (BEAMS, ANCHORS))
        )


async def test_what_is_selected_can_be_asked_for(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("x", "j", "x")
        await desk.show("is:selected")
        assert desk.titles == [ANCHORS, TITLES[2]]
        await desk.press("r", "$")
        assert desk.titles == []


async def test_the_form_in_which_papers_are_handed_on_is_chosen_with_tab(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("x", "x", "|")
        assert "Pipe 2 papers to" in frame(desk.app)[-2]
        for form in ("as Markdown", "as BibTeX", "as citations", "as JSON", "as an Atom feed"):
            assert form in frame(desk.app)[-2]
            await desk.press("tab")
        await desk.press("enter")
        assert desk.at_home
        assert len(desk.selected) == 2


# The first start, and the end of the unread


async def test_samples_are_said_to_be_samples_beside_the_keys(folder: Path) -> None:
    notice = "12 sample papers: paste your own; gx drops them"
    for _ in range(2):
        async with reading(folder, size=(80, 24)) as desk:
            assert desk.says == notice
            assert frame(desk.app)[-1].strip().startswith(notice)
            assert frame(desk.app)[-1].strip().endswith("r read  d dismiss  a add")
            await desk.resize(120, 35)
            assert frame(desk.app)[-1].count("gx") == 1
            await desk.press("j")
            assert desk.says == ""
            assert "r read" in frame(desk.app)[-1]
            assert "gx drop samples" in frame(desk.app)[-1]
            await desk.press("q")


async def test_decisions_about_samples_go_and_come_back_with_them(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("r", "d", "s", "j", "j")
        triage.note(desk.library, [desk.workspace.listing.key or ""], "Count again.")
        lists.add(desk.library, "thesis", desk.workspace.listing.results.keys()[:3])
        decided = desk.statuses()
        await desk.press("g", "x")
        parts = "3 decided, 3 in lists, 1 starred, 1 with a note"
        assert desk.announced == [f"Of 12 sample papers: {parts}"]
        await desk.press("escape")
        assert desk.statuses() == decided
        await desk.press("g", "x")
        await desk.press("enter")
        assert desk.says == "Removed 12 sample papers (3 decided)"
        assert frame(desk.app)[-1].startswith(f" {desk.says}  ")
        assert "u undo" in frame(desk.app)[-1]
        assert desk.statuses() == {}
        await desk.press("u")
        assert desk.statuses() == decided
        assert desk.says == "Undid: removed the sample papers"
        await desk.press("ctrl+r")
        assert desk.says == "Redid: removed the sample papers"
        await desk.press(":", *"imports redo sample", "enter")
        part = "3 of 12 decided; ga shows all"
        assert desk.says == f"Redid: imported the sample papers, {part}"
        assert desk.statuses() == decided


async def test_the_key_that_removes_the_samples_is_the_users_own(folder: Path) -> None:
    async with reading(folder, keys={"samples.remove": "Z"}) as desk:
        assert desk.says.endswith("; Z drops them")
        await desk.press("Z")
        assert desk.titles == []
        assert desk.says == "Removed 12 sample papers"
        assert "drop samples" not in frame(desk.app)[-1]
        assert "Copy a page of huggingface.co/papers" in desk.body
        await desk.press("Z")
        assert desk.says == "No sample papers here"
        await desk.press("u", "u")
        assert desk.titles == list(TITLES)
        assert desk.says == "Undid: removed the sample papers"


async def test_nothing_is_said_of_samples_once_something_was_imported(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.paste(page("Paper of A"))
        await desk.press("enter", "u", "escape")
        assert "drop samples" not in frame(desk.app)[-1]
    async with reading(folder) as desk:
        assert desk.says == ""


async def test_at_the_end_of_the_unread_papers_the_next_keys_are_reported(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:inbox")) as desk:
        await desk.press("s", "j", "s", "j", "d")
        assert "9 left" in frame(desk.app)[0]
        await desk.press("A")
        assert desk.says == "Inbox empty: $ recap. gk 2 kept. 9 marked read"
        assert len(desk.titles) == 12
        await desk.press("$")
        assert desk.titles == []
        assert "The inbox is empty." in desk.body
        assert "12 papers decided: 2 kept, 9 read, 1 dismissed." in desk.body
        assert "gk shows 2 kept papers, gi the session, ga all papers." in desk.body
        assert "0 left" in frame(desk.app)[0]
        await desk.press("g", "k")
        assert desk.titles == list(TITLES[:2])
        await desk.press("u", "g", "u")
        assert desk.titles == list(TITLES[3:])


@pytest.mark.parametrize("size", [(120, 35), (80, 24), (40, 12)])
async def test_of_an_emptied_inbox_the_next_key_is_never_cut(folder: Path, size: Size) -> None:
    async with reading(folder, settings=Config(view="is:inbox"), size=size) as desk:
        await desk.press("*", "d")
        bottom = frame(desk.app)[-1]
        assert bottom.startswith(" Inbox empty: $ recap")
        assert ("recap. gi session" in bottom) is (size[0] > 40)
        assert "u undo" in bottom
        assert ("session. 12 dismissed" in bottom) is (size[0] > 80)
        assert "…" not in bottom


async def test_all_of_the_inbox_is_selected_without_what_was_just_dismissed(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:inbox")) as desk:
        await desk.press("d", "*")
        assert len(desk.titles) == 12
        assert "11 selected" in frame(desk.app)[0]
        await desk.press("escape", "g", "a", "*")
        assert "12 selected" in frame(desk.app)[0]


@pytest.mark.parametrize("keys", [("A",), ("*", "d")])
async def test_many_papers_are_changed_and_undone_beside_the_keys(
    folder: Path, monkeypatch: pytest.MonkeyPatch, keys: Sequence[str]
) -> None:
    threads: set[int] = set()
    change, undo = Library.change, Library.undo

    def changing(library: Library, verb: str, updates: Iterable[FieldUpdate]) -> Change | None:
        threads.add(threading.get_ident())
        return change(library, verb, updates)

    def undoing(library: Library) -> Change:
        threads.add(threading.get_ident())
        return undo(library)

    monkeypatch.setattr(Library, "change", changing)
    monkeypatch.setattr(Library, "undo", undoing)
    for module in ("actions.triage", "actions.history", "ui.runner"):
        monkeypatch.setattr(f"tui.{module}.MANY", 11)
    async with reading(folder) as desk:
        await desk.press(*keys)
        assert len(desk.statuses()) == 12
        assert "12 papers" in desk.says
        await desk.press("u")
        assert desk.statuses() == {}
        assert "12 papers" in desk.says
        assert desk.says.startswith("Undid")
    assert threading.get_ident() not in threads


async def test_a_kept_paper_leaves_the_inbox_dimmed_like_a_read_one(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:inbox")) as desk:
        rows = [desk.app.screen.query_one("PaperList").render_line(row) for row in (2, 3)]
        kept, waiting = ([segment.style for segment in strip][-3] for strip in rows)
        assert kept == waiting
        await desk.press("j", "j", "s")
        rows = [desk.app.screen.query_one("PaperList").render_line(row) for row in (2, 4)]
        kept, waiting = ([segment.style for segment in strip][-3] for strip in rows)
        assert kept != waiting
        kept, waiting = ([segment.style for segment in strip][1] for strip in rows)
        assert kept != waiting
        assert len(desk.titles) == 12
        await desk.press("k", "n")
        assert desk.workspace.listing.cursor == 3
        await desk.press("$")
        assert TITLES[2] not in desk.titles


async def test_each_paper_counts_once_in_the_farewell(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("r", "k", "d", "k", "L", *"thesis", "enter", "d", "q")
    assert desk.app.exit_summary == "2 papers decided, 10 left in the inbox."
    async with reading(folder) as desk:
        await desk.press("G", "r", "u", "q")
    assert desk.app.exit_summary == ""


async def test_a_paper_that_is_still_decided_after_an_undo_counts_in_the_farewell(
    folder: Path,
) -> None:
    async with reading(folder) as desk:
        await desk.press("r", "k", "d", "u")
        assert desk.statuses() == {ANCHORS: Status.READ}
        await desk.press("q")
    assert desk.app.exit_summary == "1 paper decided, 11 left in the inbox."


async def test_what_a_command_decides_counts_in_the_farewell(folder: Path) -> None:
    async with reading(folder) as desk:
        await command(desk, "mark read --query retrieval")
        await desk.press("q")
    assert desk.app.exit_summary == "3 papers decided, 9 left in the inbox."


# Layouts


def shape(desk: Desk) -> tuple[str, bool, Size]:
    """How the panes stand, whether rows have two lines, and how large the list is."""
    papers, pane = desk.papers.region, desk.pane.region
    beside = pane.x >= papers.right
    sidebar = desk.screen.panes.sidebar.size
    layout = "full" if sidebar else "side" if beside else "stacked"
    return layout, desk.papers.tall, (papers.width, papers.height)


async def test_panes_stand_as_the_user_wants_them(folder: Path) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        assert shape(desk)[0] == "side"
        walked = []
        for _ in range(3):
            await desk.press("_")
            walked.append(shape(desk)[0])
        assert walked == ["full", "stacked", "side"]


async def test_a_layout_that_does_not_fit_is_passed_over(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("_")
        assert shape(desk)[0] == "side"
        await desk.press("_")
        assert shape(desk)[0] == "stacked"
        await desk.resize(59, 24)
        await desk.press("_")
        assert shape(desk)[0] == "stacked"
        assert desk.says == "This terminal is too narrow for another layout"


async def test_rows_have_one_line_or_two_as_the_user_wants(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "v")
        assert (desk.papers.tall, desk.papers.page) == (True, 4)
        assert desk.title == BEAMS
        assert any("▌" in row and BEAMS in row for row in frame(desk.app))
        await desk.press("v")
        assert (desk.papers.tall, desk.papers.page) == (False, 9)


@pytest.mark.parametrize("size", [(80, 24), (120, 35), (160, 45), (200, 50), (60, 20)])
async def test_the_list_grows_and_shrinks_and_never_takes_everything(
    folder: Path, size: Size
) -> None:
    async with reading(folder, size=size) as desk:

        def share() -> int:
            layout, _, (width, height) = shape(desk)
            return height if layout == "stacked" else width

        at_first = share()
        await desk.press("]")
        grown = share()
        await desk.press("[", "[")
        assert share() < at_first <= grown
        for key in ("]", "["):
            await desk.press(*[key] * 20)
            papers, pane = desk.papers.size, desk.pane.content_size
            assert min(papers.height, papers.width // 10) >= 1
            assert min(pane.height, pane.width // 10) >= 1
            assert len(frame(desk.app)) == size[1]
        await desk.press("=")
        assert share() == at_first


async def test_everything_is_as_the_size_suggests_again_with_one_key(folder: Path) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        at_first = shape(desk)
        await desk.press("_", "_", "v", "]", "]")
        assert shape(desk) != at_first
        await desk.press("=")
        assert shape(desk) == at_first
        await desk.resize(80, 24)
        assert shape(desk) == ("stacked", False, (80, 9))


@pytest.mark.parametrize("keys", [["_"], ["v"], ["]", "]"], ["["], ["_", "v", "["], ["_", "="]])
async def test_how_the_papers_are_looked_at_survives_a_restart(
    folder: Path, keys: list[str]
) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        await desk.press(*keys)
        before = shape(desk)
        await desk.press("q")
    async with reading(folder, size=(120, 35)) as desk:
        assert shape(desk) == before


async def test_a_layout_comes_back_when_the_terminal_is_wide_enough_again(folder: Path) -> None:
    async with reading(folder, size=(130, 35)) as desk:
        await desk.press("_")
        assert shape(desk)[0] == "full"
        for width, layout in ((110, "side"), (80, "stacked"), (130, "full")):
            await desk.resize(width, 35)
            assert shape(desk)[0] == layout


@pytest.mark.parametrize(
    "looks",
    [
        {"layout": "round", "tall": "yes", "shares": 99},
        {"layout": None, "tall": None, "shares": None},
        {"layout": ["side"], "tall": 1, "shares": {"width": "2"}, "theme": ["nord"]},
        {
            "layout": {},
            "shares": {"height": 1.5, "depth": 3},
            "theme": {},
            "query": 5,
            "list": [],
            "key": {},
        },
    ],
)
async def test_what_was_kept_of_the_looks_and_makes_no_sense_is_passed_over(
    folder: Path, looks: dict[str, object]
) -> None:
    with Library.open(folder, "desk", wait=0, now=lambda: NOW) as library:
        library.seed(TWELVE)
        library.save_place(looks)
    async with reading(folder) as desk:
        assert shape(desk) == ("stacked", False, (80, 9))
        assert desk.titles == list(TITLES)


# What is always on screen


@pytest.mark.parametrize(
    ("size", "papers", "lines"), [((80, 24), 9, 11), ((120, 35), 15, 30), ((200, 50), 40, 45)]
)
async def test_papers_and_abstract_are_on_screen_together(
    shipped_copy: Path, size: Size, papers: int, lines: int
) -> None:
    async with reading(shipped_copy, size=size) as desk:
        assert desk.papers.page >= papers
        assert desk.pane.content_size.height >= lines


SIZES: Final[tuple[Size, ...]] = ((40, 10), (60, 15), (80, 24), (99, 20), (120, 35), (200, 50))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_three_rows_of_chrome_at_most_in_every_layout(folder: Path, size: Size) -> None:
    async with reading(folder, size=size) as desk:
        for keys in ("", *"___", *"vv", "]]", "[[", "[["):  # the first three lead back
            await desk.press(*keys)
            papers, pane = desk.papers.region, desk.pane
            beside = pane.region.x >= papers.right
            rows = papers.height + (0 if beside else pane.content_size.height)
            assert size[1] - rows <= 3, keys
            assert pane.content_size.height >= 1, keys
            assert papers.height >= 1, keys


@pytest.mark.parametrize(
    "act",
    [
        lambda d: d.press("r"),
        lambda d: d.press("u"),
        lambda d: d.press("V"),
        lambda d: d.press("g", "9"),
        lambda d: d.press("ctrl+x"),
        lambda d: command(d, "star"),
        lambda d: d.paste("hello"),
    ],
    ids=["verb", "nothing to undo", "range", "no view", "editor", "command", "paste"],
)
async def test_no_row_is_covered_by_a_message(folder: Path, act: Callable[[Desk], object]) -> None:
    async with reading(folder) as desk:
        await act(desk)  # type: ignore[misc]
        assert desk.says
        rows = frame(desk.app)
        assert desk.says[:38] in rows[-1]
        assert [title for row, title in enumerate(TITLES[:9], 1) if title in rows[row]] == list(
            TITLES[:9]
        )
        assert set(rows[10]) == {"─"}


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 35)])
async def test_a_question_leaves_the_papers_on_screen(folder: Path, size: Size) -> None:
    async with reading(folder, size=size) as desk:
        for key in (":", "t", "S", "w", "L"):
            await desk.press(key)
            assert desk.is_asked
            assert any("▌" in row and "Anchors" in row for row in frame(desk.app)), key
            await desk.press("escape")


# What takes a while


class Slow:
    """An action that ends when it is let; its command line is ``xx``."""

    def __init__(self) -> None:
        self.begun, self.goes_on, self.told, self.let = (threading.Event() for _ in range(4))

    parse_others = staticmethod(command_line.parse)

    def parse(self, line: str, where: Where, keys: Sequence[str] = ()) -> tuple[Action, Any]:
        """The action, or that which any other line is for."""
        if line != "xx":
            return self.parse_others(line, where, keys)
        return Action("xx", self.run, "wait", "Library", acts_on_papers=True), {}

    def run(self, context: Context) -> Outcome:
        """Waits, tells how far it is, waits, marks, and tells."""
        self.begun.set()
        assert self.goes_on.wait(60)
        context.progress("page \x1b[2J.txt", 0.25)
        self.told.set()
        assert self.let.wait(60)
        return Outcome("All read", triage.mark(context.library, context.keys, Status.READ))


async def test_work_whose_outcome_is_about_to_be_shown_is_not_said_to_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine it takes as long to open a question as the screen waits for the work."""
    is_asked = asyncio.Event()
    async with reading(folder) as desk:
        background, workspace = Background(desk.screen), desk.workspace

        async def work() -> None:
            await background.thread(workspace, lambda: None)
            await is_asked.wait()

        async def time_out(worker: Awaitable[None], seconds: float) -> None:
            await desk.until(lambda: not workspace.is_busy)
            raise TimeoutError

        patched = SimpleNamespace(**{**vars(asyncio), "wait_for": time_out})
        monkeypatch.setattr("tui.ui.background.asyncio", patched)
        await background.run(workspace, "import", work)
        assert "Running" not in desk.says
        is_asked.set()
        await desk.settle()


async def test_beside_a_slow_command_one_moves_and_decides_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.ui.background.TIMEOUT", 0.0)
    slow = Slow()
    monkeypatch.setattr("tui.actions.command_line.parse", slow.parse)
    async with reading(folder) as desk:

        async def press(*names: str) -> None:
            for name in names:
                desk.app.post_message(key_event(name))
                for _ in range(3):
                    await desk.pilot.pause()

        await press(":", "x", "x", "enter")
        assert slow.begun.wait(60)
        assert desk.says == "Running :xx; you can still move and read"
        await press("j", "j")
        assert desk.title == TITLES[2]
        await press("d")
        assert "Library busy" in desk.says
        assert desk.statuses() == {}
        slow.goes_on.set()
        assert slow.told.wait(60)
        await desk.until(lambda: "25%" in desk.says)
        assert desk.says == f"page �[2J.txt {'━' * 5}{'╌' * 15} 25%; you can still move and read"
        slow.let.set()
        await desk.settle()
        assert desk.says == "All read"
        assert desk.statuses() == {ANCHORS: Status.READ}
        await desk.press("d")
        assert desk.statuses()[TITLES[2]] is Status.DISMISSED


async def test_the_paper_that_was_acted_on_last_is_one_key_away_and_back(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("'")
        assert desk.says == "Nothing to go back to yet"
        await desk.press("j", "d", "G", "'")
        assert desk.title == TITLES[1]
        await desk.press("'")
        assert desk.title == TITLES[-1]
        await desk.press("'", "$")
        assert desk.title == TITLES[1]
        await desk.show("is:starred")
        await desk.press("'")
        assert desk.says == f"Not listed here: {TITLES[-1]}"


async def test_the_last_decision_about_an_import_is_said(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("retrieval")
        await desk.press(*"rdr")
        assert desk.says == "Nothing left here. 3 papers decided: 2 read, 1 dismissed"
        assert "0 in inbox" in frame(desk.app)[0]
        await desk.show("is:unread circuits")
        assert "1 unread" in frame(desk.app)[0]


async def test_a_message_has_the_whole_title_where_there_is_room(tmp_path: Path) -> None:
    title = "A Title That Is Longer Than Sixty Columns, As Those of Most Papers in This Field Are"
    async with reading(tmp_path, [paper(title)], size=(200, 50)) as desk:
        await desk.press("s")
        assert frame(desk.app)[-1].startswith(f" Starred: {title}  ")
        await desk.press("m")
        assert frame(desk.app)[0].startswith(f" Like: {title}  ")
        await desk.resize(80, 24)
        await desk.press("escape", "s")
        assert frame(desk.app)[-1].startswith(" Unstarred: A Title That Is Longer")
        assert "u undo" in frame(desk.app)[-1]
