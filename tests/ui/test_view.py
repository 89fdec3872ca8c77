"""The main screen, as a user sees it: each test looks at the library and at what is on screen."""

import asyncio
import re
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.geometry import Size as SizeOf
from textual.timer import Timer
from textual.widgets import Static

from tests.conftest import NOW
from tests.faults import no_space
from tests.sources.site import serving
from tests.view_helpers import TITLES, TWELVE, Desk, Size, frame, key_event, key_of, paper, reading
from tui import config
from tui.actions.bindings import bindings
from tui.actions.keymap import WITH_KEYS, all_bindings
from tui.actions.registry import DETAIL, GROUPS, actions
from tui.config import Config
from tui.errors import LibraryError, PapersError
from tui.library import Library
from tui.listing.shown import Shown
from tui.model.state import Status
from tui.query import Query, has_pattern
from tui.query.regex import Budget
from tui.search import Index, ResultSet
from tui.ui import ascii_filter
from tui.ui.app import PapersApp
from tui.ui.clipboard import DESKTOP, MAX_OSC52
from tui.ui.glyphs import UNICODE
from tui.ui.main_screen import MainScreen
from tui.ui.screens.imports import ImportsScreen
from tui.ui.screens.interests import InterestsScreen
from tui.ui.screens.lists import ListsScreen
from tui.ui.screens.output import OutputScreen
from tui.ui.screens.session import SessionScreen
from tui.ui.screens.sources import SourcesScreen
from tui.ui.screens.tags import TagsScreen
from tui.ui.screens.timeline import TimelineScreen
from tui.ui.widgets.help import Help
from tui.ui.widgets.message_bar import MessageBar

ANCHORS, BEAMS, CIRCUITS, DISTILLING, EMBEDDINGS, FUSION = TITLES[:6]
GRADIENTS, HASHING, INDEXING, JUDGES, KERNELS, LADDERS = TITLES[6:]
RETRIEVAL: Final = [ANCHORS, BEAMS, INDEXING]
"""What the word finds: the title first, then the abstracts."""


# Deciding


@pytest.mark.parametrize(
    ("key", "status", "mark"),
    [("r", Status.READ, "○"), ("i", Status.READING, "◐"), ("d", Status.DISMISSED, "×")],
)
async def test_a_verb_sets_the_status_and_goes_on(
    folder: Path, key: str, status: Status, mark: str
) -> None:
    async with reading(folder) as desk:
        await desk.press(key)
        assert desk.statuses() == {ANCHORS: status}
        assert desk.title == BEAMS
        assert mark in desk.papers.render_line(0).text
        assert ANCHORS in desk.says
        assert "11 in inbox" in frame(desk.app)[0]


async def test_a_verb_twice_on_one_paper_does_no_harm(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("r", "k", "r")
        assert desk.statuses() == {ANCHORS: Status.READ}
        assert len(desk.library.state.history()) == 1
        assert desk.title == BEAMS
        assert "No change" in desk.says


async def test_a_verb_on_the_last_paper_stays_there(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("G", "r")
        assert desk.title == LADDERS
        assert "○" in desk.row


async def test_the_capital_n_toggles_and_stays(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("N")
        assert (desk.paper_state(ANCHORS).status, desk.title) == (Status.READ, ANCHORS)
        assert "○" in desk.row
        await desk.press("N")
        assert (desk.paper_state(ANCHORS).status, desk.title) == (Status.UNREAD, ANCHORS)
        assert "●" in desk.row


async def test_a_star_is_set_and_cleared_without_going_on(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("s")
        assert desk.paper_state(ANCHORS).starred
        assert desk.title == ANCHORS
        assert "★" in desk.row
        assert "starred" in desk.body
        await desk.press("s")
        assert not desk.paper_state(ANCHORS).starred
        assert "★" not in desk.row


async def test_moving_and_opening_change_nothing(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "enter", "J", "z", "tab", "G", "space", "space", "tab", "k", "n", "p")
        assert desk.library.state.history() == []


async def test_rows_that_were_decided_stay_until_the_view_is_refreshed(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:unread")) as desk:
        await desk.press("r", "d")
        assert desk.titles == list(TITLES)
        await desk.press("$")
        assert desk.titles == list(TITLES[2:])
        assert desk.title == CIRCUITS
        await desk.press("r", "g", "u")
        assert desk.titles == list(TITLES[3:])


async def test_rows_that_were_decided_stay_through_a_look_at_the_lists(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:unread")) as desk:
        await desk.press("r", "g", "l", "escape")
        assert desk.titles == list(TITLES)


async def test_a_starred_paper_that_is_dismissed_is_said_to_be_starred(folder: Path) -> None:
    async with reading(folder, size=(80, 24)) as desk:
        await desk.press("s", "d")
        assert desk.says == f"Dismissed a starred paper: {ANCHORS}"
        assert "u undo" in frame(desk.app)[-1]
        await desk.press("u", "D")
        assert desk.says == f"Removed a starred paper: {ANCHORS}"
        await desk.press("u", "x", "x", "d")
        assert desk.says == "Dismissed: 2 papers, 1 of them starred"
        await desk.press("u", "g", "g", "s", "d")
        assert desk.says == f"Dismissed: {ANCHORS}"


async def test_all_that_is_listed_and_unread_is_marked_read_as_one_step(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "d")
        await desk.show("retrieval")
        await desk.press("A")
        assert desk.statuses() == {
            ANCHORS: Status.READ,
            BEAMS: Status.DISMISSED,
            INDEXING: Status.READ,
        }
        assert "2 papers" in desk.says
        assert desk.selected == set()
        await desk.press("A")
        assert "No unread papers here" in desk.says
        await desk.press("u", "u")
        assert desk.statuses() == {BEAMS: Status.DISMISSED}


async def test_the_last_verb_is_repeated_with_its_words(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press(".")
        assert "Nothing to repeat" in desk.says
        await desk.press("d", ".")
        assert desk.statuses() == {ANCHORS: Status.DISMISSED, BEAMS: Status.DISMISSED}
        assert desk.title == CIRCUITS
        await desk.press("t", *"nlp", "enter", "j", ".")
        assert desk.paper_state(DISTILLING).tags == ("nlp",)


async def test_a_paper_is_snoozed_until_a_day_that_is_chosen_or_typed(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:unread")) as desk:
        await desk.press("w", *"week", "enter")
        until = desk.paper_state(ANCHORS).snoozed_until
        assert until is not None
        assert (until - NOW.date()).days == 7
        assert "◷" in desk.papers.render_line(0).text
        assert desk.title == BEAMS
        await desk.press("w", *"2999-01-31", "enter")
        assert desk.paper_state(BEAMS).snoozed_until == date(2999, 1, 31)
        await desk.press("$")
        assert desk.titles == list(TITLES[2:])
        await desk.press("w", *"someday", "enter")
        assert "Not a date: someday" in desk.remark
        await desk.press("escape")
        assert desk.paper_state(CIRCUITS).snoozed_until is None


async def test_what_is_typed_for_a_snooze_is_shown_as_its_day(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("w")
        assert desk.offered[0].split() == ["tomorrow", "Fri", "16", "Jan"]
        await desk.press(*"blah")
        assert [row.strip() for row in desk.offered] == ["until …"]
        await desk.press("enter")
        assert "Not a date: blah" in "".join(frame(desk.app))
        await desk.press("ctrl+u", *"10d")
        await desk.settle()
        until = NOW.date() + timedelta(days=10)
        assert [row.strip() for row in desk.offered] == [f"until {until}"]
        assert "Not a date" not in "".join(frame(desk.app))
        await desk.press("enter")
        assert desk.paper_state(ANCHORS).snoozed_until == until


async def test_the_help_clears_its_search_and_pages_with_space(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("?", "space")
        screen = desk.app.screen
        assert isinstance(screen, Help)
        assert screen.line.value == ""
        assert screen.text.scroll_y > 0
        await desk.together("t", "o", "space", "d", "o")
        assert screen.line.value == "to do"
        await desk.press("ctrl+u")
        await desk.settle()
        assert screen.line.value == ""


async def test_a_snoozed_paper_is_not_unread_until_its_day(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "w", *"2999-01-31", "enter", "g", "g", "n")
        assert desk.title == CIRCUITS
        assert "11 in inbox" in frame(desk.app)[0]
        await desk.press("A")
        assert desk.paper_state(BEAMS).status is Status.UNREAD
        assert len(desk.statuses()) == 11


async def test_undo_and_redo_walk_back_and_forth(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("r", "d", "s")
        await desk.press("u")
        assert not desk.paper_state(CIRCUITS).starred
        await desk.press("u", "u")
        assert desk.statuses() == {}
        assert desk.title == ANCHORS
        assert "●" in desk.row
        await desk.press("u")
        assert "Nothing to undo" in desk.says
        await desk.press("ctrl+r", "ctrl+r", "ctrl+r")
        assert desk.statuses() == {ANCHORS: Status.READ, BEAMS: Status.DISMISSED}
        assert desk.paper_state(CIRCUITS).starred
        assert desk.title == CIRCUITS
        await desk.press("ctrl+r")
        assert "Nothing to redo" in desk.says


async def test_undo_and_redo_walk_across_restarts(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("r", "d", "u", "q")
    async with reading(folder) as desk:
        assert desk.statuses() == {ANCHORS: Status.READ}
        await desk.press("ctrl+r")
        assert desk.statuses() == {ANCHORS: Status.READ, BEAMS: Status.DISMISSED}
        await desk.press("u", "u")
        assert desk.statuses() == {}
        assert "●" in desk.papers.render_line(0).text


async def test_undo_goes_to_the_paper_it_touched(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "r", "G", "u")
        assert desk.title == BEAMS


async def test_undo_and_redo_go_to_the_topmost_of_several_papers(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("4", "G", "3", "d", "u")
        assert (desk.title, desk.says) == (DISTILLING, "Undid: dismissed 3 papers")
        await desk.press("G", "ctrl+r")
        assert (desk.title, desk.says) == (DISTILLING, "Redid: dismissed 3 papers")
        await desk.press("*", "r")
        assert desk.cursor == 11
        await desk.press("u")
        assert desk.cursor == 0
        await desk.press("j", "s", "j", "s", "j", "s", "G", "3", "u")
        assert desk.title == BEAMS


@pytest.mark.parametrize("key", ["<", "M", "a", ".", "ctrl+r"])
async def test_after_a_key_that_changed_nothing_undo_first_says_what_it_undoes(
    folder: Path, key: str
) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"thesis", "enter", "l", "a", "s", *(["a"] if key == "." else []))
        await desk.press(key, "u")
        assert desk.says.startswith("Nothing changed; u again undoes “")
        assert desk.paper_state(ANCHORS).starred
        await desk.press("u")
        assert not desk.paper_state(ANCHORS).starred


async def test_what_is_undone_out_of_sight_is_said_and_moves_nothing(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "t", *"nlp", "enter", "d", "q")
    inbox = Config(view="is:inbox")
    tomorrow = NOW + timedelta(days=1)
    async with reading(folder, settings=inbox, resume=False, now=lambda: tomorrow) as desk:
        await desk.press("g", "d", "d")
        assert (desk.says, desk.titles) == ("No change", [BEAMS])
        await desk.press("u")
        assert desk.says.startswith(f"Nothing changed; u again undoes “dismissed: {BEAMS}” (y")
        assert desk.paper_state(BEAMS).status is Status.DISMISSED
        await desk.press("g", "u", "j", "r", "u")
        assert desk.says == f"Undid: marked read ({CIRCUITS})"  # in its row
        await desk.press("G", "/", *"teachers", "enter", "u")
        assert (desk.titles, desk.paper_state(BEAMS).status) == ([DISTILLING], Status.UNREAD)
        assert desk.says.startswith("Undid (in Inbox, yesterday ")
        assert desk.says.endswith(f"): dismissed {BEAMS}")
        await desk.press("u", "ctrl+r", "ctrl+r")
        assert desk.says == f"Redid (in Dismissed): dismissed {BEAMS}"
        assert desk.titles == [DISTILLING]


async def test_what_is_undone_comes_back_to_where_it_belongs(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:inbox")) as desk:
        await desk.press("j", "d", "$", "r", "u", "u")
        assert (desk.title, desk.says) == (BEAMS, f"Undid: dismissed {BEAMS}")
        await desk.press("r", "d", "g", "u", "G", "d", "u", "u", "u")  # those in their rows stay
        assert desk.titles == list(TITLES)


# Selecting


async def test_verbs_act_on_a_selection_as_one_step(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("x", "j", "x")
        assert desk.selected == {key_of(ANCHORS), key_of(CIRCUITS)}
        assert "2 selected" in frame(desk.app)[0]
        assert "✓" in desk.papers.render_line(0).text
        await desk.press("r")
        assert desk.statuses() == {ANCHORS: Status.READ, CIRCUITS: Status.READ}
        assert desk.selected == set()
        assert "2 papers" in desk.says
        await desk.press("u")
        assert desk.statuses() == {}


async def test_selecting_twice_unselects(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("x", "k", "x")
        assert desk.selected == set()


async def test_everything_listed_is_selected_and_escape_lets_go_of_it(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("retrieval")
        await desk.press("*")
        assert len(desk.selected) == 3
        await desk.press("escape")
        assert desk.selected == set()
        await desk.press("*", "d")
        assert set(desk.statuses()) == set(RETRIEVAL)
        assert len(desk.library.state.history()) == 1


async def test_a_selection_keeps_to_what_is_listed(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("*")
        await desk.show("retrieval")
        await desk.press("r")
        assert set(desk.statuses()) == set(RETRIEVAL)


async def test_escape_in_the_filter_brings_the_selection_back(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("x", "x")
        await desk.find("kernels")
        await desk.press("escape")
        assert len(desk.selected) == 2


# Tags and notes


async def test_tags_are_added_and_taken_off_in_one_line(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("t", *"old", "space", *"#World-Models", "enter")
        assert desk.paper_state(ANCHORS).tags == ("old", "world-models")
        assert desk.title == ANCHORS
        assert "#world-models" in desk.body
        await desk.press("t", *"+nlp", "space", *"-old", "enter")
        assert desk.paper_state(ANCHORS).tags == ("nlp", "world-models")
        assert len(desk.library.state.history()) == 2


async def test_tab_completes_a_tag_and_one_that_is_there_comes_off(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("t", *"retrieval", "enter", "j")
        await desk.press("t", *"ret", "tab")
        assert desk.typed == "retrieval "
        await desk.press("enter")
        assert desk.paper_state(BEAMS).tags == ("retrieval",)
        await desk.press("t", *"ret", "tab")
        assert desk.typed == "-retrieval "
        await desk.press("enter")
        assert desk.paper_state(BEAMS).tags == ()
        assert desk.paper_state(ANCHORS).tags == ("retrieval",)


async def test_tags_of_a_selection_are_taken_off_only_where_all_have_them(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("t", *"nlp", "enter", "x", "x")
        await desk.press("t", *"nl", "tab")
        assert desk.typed == "nlp "
        await desk.press("enter")
        assert [desk.paper_state(title).tags for title in TITLES[:3]] == [("nlp",), ("nlp",), ()]


async def test_a_wrong_tag_is_said_and_an_empty_answer_changes_nothing(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("t", *"###", "enter")
        assert "Not a valid tag" in desk.remark
        assert desk.typed == "###"
        await desk.press("escape", "t", "enter")
        await desk.press("t", *"nlp", "escape")
        assert desk.library.state.history() == []


async def test_a_note_is_written_changed_and_taken_away(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("e", *"good", "enter")
        assert desk.paper_state(ANCHORS).note == "good"
        assert "Note  good" in desk.body
        assert desk.title == ANCHORS
        await desk.press("e", "space", *"one", "enter")
        assert desk.paper_state(ANCHORS).note == "good one"
        await desk.press("e", "ctrl+u", "enter")
        assert desk.paper_state(ANCHORS).note is None
        assert "Note" not in desk.body


async def test_a_note_of_several_lines_is_not_changed_by_looking_at_it(folder: Path) -> None:
    async with reading(folder) as desk:
        desk.library.change("note", [("papers", key_of(ANCHORS), "note", "one\ntwo")])
        await desk.press("g", "a", "e", "enter")
        assert desk.paper_state(ANCHORS).note == "one\ntwo"


# Finding


async def test_the_filter_narrows_while_typing_and_shows_what_it_understood(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.find("retrieval")
        assert desk.filtering
        assert desk.titles == RETRIEVAL
        assert desk.says == "retrieval"
        await desk.press("enter")
        assert not desk.filtering
        assert desk.titles == RETRIEVAL
        assert desk.papers.has_focus
        assert "best match first" in frame(desk.app)[0]


async def test_the_filter_opens_on_the_query_with_room_to_type_on(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("is:unread")
        await desk.press("/")
        assert "Tab" not in desk.says, "what is typed already is not to be completed"
        await desk.press(*"retrieval", "enter")
        assert desk.query == "is:unread retrieval"


async def test_the_cursor_stays_on_its_paper_through_claims_and_orders(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("r", "d", "j", "j")
        assert desk.title == EMBEDDINGS
        await desk.show("is:unread")
        assert (desk.title, desk.cursor) == (EMBEDDINGS, 2)
        await desk.show("is:unread sort:-date")
        assert (desk.title, desk.cursor) == (EMBEDDINGS, 7)
        await desk.show("sort:up")
        assert desk.title == EMBEDDINGS
        assert desk.body.startswith(EMBEDDINGS)


async def test_the_cursor_goes_to_the_nearest_paper_when_its_own_is_gone(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:unread")) as desk:
        await desk.press("j", "r", "k", "$")
        assert desk.title == CIRCUITS
        assert desk.body.startswith(CIRCUITS)


async def test_the_cursor_goes_to_the_nearest_paper_in_a_filter_too(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("G", "k", "k", "r", "k")
        await desk.show("is:unread")
        assert desk.title in (INDEXING, KERNELS)


async def test_a_filter_by_a_field_begins_at_its_first_row_where_the_paper_is_not_listed(
    folder: Path,
) -> None:
    async with reading(folder) as desk:
        await desk.press("G", "k")
        await desk.show("upvotes:>2")
        assert (desk.title, desk.cursor) == (ANCHORS, 0)
        await desk.press("j", "escape", "j")
        title = desk.title
        await desk.show("year:2025")
        assert desk.title == title


async def test_another_view_begins_at_its_first_row_where_the_paper_is_not_listed(
    folder: Path,
) -> None:
    async with reading(folder) as desk:
        await desk.press("G", "r", "k", "k")
        title = desk.title
        await desk.screen.run_line("filter is:unread")
        assert (desk.title, desk.cursor > 0) == (title, True)
        await desk.press("G", "s", "g", "a", "G")
        await desk.screen.run_line("filter is:starred OR title:anchors")
        assert desk.cursor == 0


async def test_typed_words_put_the_cursor_on_the_best_match(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("G", "k", "k", "k")
        assert desk.title == INDEXING
        await desk.find("retrieval")
        assert (desk.title, desk.cursor) == (ANCHORS, 0)
        await desk.press("enter")
        assert (desk.title, desk.cursor) == (ANCHORS, 0)


async def test_matches_are_marked_in_list_and_pane(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.find("retrieval")
        styles = [s.style for s in desk.papers.render_line(0) if "Retrieval" in s.text]
        assert styles
        assert all(style is not None and style.underline for style in styles)
        spans = desk.pane.query_one("#body", Static).content.spans  # type: ignore[union-attr]
        assert any("underline" in str(span.style) for span in spans)


async def test_escape_in_the_filter_brings_query_and_cursor_back(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("is:unread")
        await desk.press("j", "j")
        await desk.find("retrieval")
        await desk.press("escape")
        assert not desk.filtering
        assert desk.query == "is:unread"
        assert desk.titles == list(TITLES)
        assert desk.title == CIRCUITS
        assert desk.papers.has_focus


async def test_a_click_on_a_row_leaves_the_filter(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.find("retrieval")
        await desk.pilot.click(desk.papers, offset=(5, 1))
        await desk.press("i")
        assert desk.statuses() == {BEAMS: Status.READING}


async def test_the_filter_gives_the_keys_back_to_the_zoomed_abstract(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("z", "/", *"retrieval", "enter", "j")
        assert (desk.title, desk.pane.scroll_offset.y) == (ANCHORS, 1)


async def test_what_was_asked_before_comes_back_with_the_up_key(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("retrieval")
        await desk.show("attention")
        await desk.press("/", "up")
        assert desk.filter_line.text == "attention"
        await desk.press("up")
        assert desk.filter_line.text == "retrieval"
        await desk.press("enter")
        assert desk.titles == RETRIEVAL


async def test_the_filter_shows_the_view_by_its_name_and_what_was_typed(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:inbox")) as desk:
        await desk.press("/", *"attention")
        assert frame(desk.app)[0].startswith(" Inbox / attention ")
        await desk.until(lambda: desk.is_found("is:inbox attention"))
        await desk.press("enter", "/")
        assert frame(desk.app)[0].startswith(" Inbox / attention ")
        await desk.press("ctrl+u")
        assert frame(desk.app)[0].startswith(" / filter ")
        assert len(desk.titles) == 12
        await desk.press("up")
        assert frame(desk.app)[0].startswith(" / is:inbox attention ")
        await desk.press("escape", "escape", "/", *"x", "backspace")
        assert frame(desk.app)[0].startswith(" Inbox / Backspace for all ")
        await desk.press("backspace", *"hash", "enter")
        assert (desk.query, desk.titles) == ("hash", [HASHING])


async def test_tab_goes_on_to_the_value_of_a_field_that_it_completed(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:inbox")) as desk:
        await desk.press("/", *"dense", "space", *"ye", "tab")
        assert frame(desk.app)[0].startswith(" Inbox / dense year: ")
        await desk.until(lambda: desk.is_found("is:inbox dense year:"))
        await desk.press("tab")
        assert frame(desk.app)[0].startswith(" Inbox / dense year:2025 ")


async def test_a_part_of_a_query_in_a_view_is_underlined_where_it_is_typed(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:inbox")) as desk:
        await desk.press("/", *"taag:rl")
        await desk.until(lambda: desk.is_found("is:inbox taag:rl"))
        text = Text(desk.filter_line.value)
        assert desk.filter_line.highlighter is not None
        desk.filter_line.highlighter.highlight(text)
        assert [(span.start, span.end) for span in text.spans] == [(0, 7)]


async def test_a_misspelt_word_is_corrected_and_said(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.find("retreival")
        assert desk.titles == RETRIEVAL
        assert "Corrected: retrieval" in desk.says


async def test_after_a_restart_the_view_before_has_its_cursor(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "m")
        desk.library.save_place(desk.screen.place())
    async with reading(folder) as desk:
        assert desk.query.startswith("like:")
        await desk.press("escape")
        assert desk.title == TITLES[1]


async def test_of_several_corrected_words_a_row_has_room_for_all(folder: Path) -> None:
    async with reading(folder, size=(80, 24)) as desk:
        await desk.press("r", "d", "r", "$")
        await desk.show("is:inbox retreival indxing")
        assert desk.says.endswith("Corrected: retrieval, indexing")


async def test_no_hits_say_which_term_to_drop(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("retrieval up:>99")
        assert desk.titles == []
        assert desk.workspace.listing.shown.item is None
        assert "No papers match retrieval up:>99." in desk.body
        assert "Without “up:>99”: 3 papers" in desk.body
        assert "0 of 0" in frame(desk.app)[0]
        await desk.press("ctrl+y")
        assert desk.query == "retrieval"
        assert desk.titles == RETRIEVAL
        await desk.find("is:inbox up:>99")
        assert "Without “up:>99”: 12 papers" in desk.body  # as it is typed


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("2401.00001", ["arXiv:2401.00001"]),
        ("is:inbox 2401.00001 arXiv:2401.00002v2", ["arXiv:2401.00001", "arXiv:2401.00002"]),
        ("https://arxiv.org/abs/2401.00001", ["arXiv:2401.00001"]),
        ("10.1145/3292500.3330701", ["doi:10.1145/3292500.3330701"]),
    ],
)
async def test_identifiers_of_papers_that_are_not_here_are_added_by_enter(
    folder: Path, typed: str, names: list[str]
) -> None:
    with serving() as gone:
        pass
    settings = Config(view="", sources=dict.fromkeys(("arxiv", "crossref", "hf"), gone.url))
    async with reading(folder, size=(80, 24), settings=settings) as desk:
        await desk.press("j")
        await desk.find(typed)
        assert "in the library: Enter adds th" in frame(desk.app)[-1]
        await desk.press("escape")
        assert (desk.title, desk.query, len(desk.library)) == (BEAMS, "", 12)
        await desk.find(typed)
        await desk.press("enter")
        new = {item.paper.title for item in desk.library.items()}.difference(TITLES)
        assert sorted(new) == names


async def test_what_is_elsewhere_is_said_and_one_key_shows_it(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("r", "d", "$")
        await desk.find("is:unread retrieval")
        assert desk.titles == [INDEXING]
        assert desk.says.startswith("1 here, 2 more among read and dismissed: Ctrl+y")
        await desk.press("ctrl+y")
        await desk.until(lambda: desk.is_found("retrieval"))
        assert desk.filter_line.text == "retrieval"
        assert desk.titles == RETRIEVAL
        await desk.press("escape")
        await desk.show("is:unread retrieval")
        assert desk.says.startswith("1 here, 2 more among read and dismissed: Ctrl+y")
        await desk.press("ctrl+y")
        assert desk.query == "retrieval"
        await desk.press("ctrl+y")
        assert desk.says == "No suggestion to take"
        await desk.press("/", "ctrl+y")
        assert desk.says == "No suggestion to take"
        await desk.find("retreival")
        assert desk.says == "Corrected: retrieval"  # and not what was typed again
        await desk.press("escape")
        await desk.find("etrieva")  # a part of the word
        assert desk.titles == RETRIEVAL
        assert "Corrected" not in desk.says


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (40, 12)])
async def test_what_is_elsewhere_and_its_key_are_said_before_corrected_words(
    folder: Path, size: Size
) -> None:
    async with reading(folder, size=size) as desk:
        await desk.press("r", "$")
        await desk.find("is:unread denze retreival anchrs sentnce abstrct")
        for _ in range(2):  # while it is typed, and then
            assert frame(desk.app)[-1].startswith(" Nothing here; ")
            assert "; Ctrl+y searches all" in frame(desk.app)[-1]
            assert "…" not in frame(desk.app)[-1]
            await desk.press("enter")
        await desk.find("is:unread denze retreival anchrs wombat")
        near = "Nothing here; showing 1 elsewhere with 3 of 4 words; Ctrl+y searches all"
        assert desk.says == f"{near} · Corrected: dense, retrieval, anchors"
        assert frame(desk.app)[-1].rstrip().endswith("; Ctrl+y searches all")
        await desk.find("is:unread denze")
        near = "Nothing here; showing 1 among read; Ctrl+y searches all"
        if size[0] > 40:
            assert frame(desk.app)[-1].startswith(f" {near}")
        assert ("Corrected: dense" in frame(desk.app)[-1]) == (size[0] > 60)


async def test_a_word_is_not_corrected_to_one_that_is_far_from_it(folder: Path) -> None:
    async with reading(folder, papers=[paper("Catastrophic Forgetting", None)]) as desk:
        await desk.find("cats")
        assert desk.titles == []
        assert desk.says == "No papers match; Esc drops the search"


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("2025", "year:2025"),
        ('"dense retreival"', '"dense retrieval"'),
        ('title:"for dnse retrieval"', 'title:"for dense retrieval"'),
        ('"anchors dense"', "anchors dense"),
    ],
)
async def test_what_was_meant_by_a_year_or_a_phrase_is_said_and_taken_by_a_key(
    folder: Path, typed: str, instead: str
) -> None:
    async with reading(folder, size=(80, 24)) as desk:
        await desk.find(typed)
        assert desk.titles == []
        assert desk.says.endswith(f"Did you mean {instead}? Ctrl+y takes it")
        assert f"Ctrl+y searches for {instead}, Esc drops the search" in " ".join(desk.body.split())
        await desk.press("ctrl+y")
        await desk.until(lambda: desk.is_found(instead))
        assert ANCHORS in desk.titles
        assert desk.says != "No suggestion to take"
        await desk.press("enter")
        assert desk.query == instead


@pytest.mark.parametrize("typed", ["xyzzy", '"exact phrase nowhere"', "arXiv:2401"])
@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_a_search_without_results_says_so_and_the_keys_that_work_then(
    folder: Path, typed: str, size: Size
) -> None:
    async with reading(folder, size=size) as desk:
        await desk.find(typed)
        assert frame(desk.app)[-1].strip() == "No papers match; Esc drops the search"
        assert f"No papers match {typed}" in " ".join(desk.body.split())
        assert "edits the query" not in desk.body  # as they are typed
        await desk.press("enter")
        for words in ("/ edits the query", "Esc goes back", "+ adds a paper"):
            assert words in " ".join(desk.body.split())
        await desk.press("escape")
        assert desk.query == ""


async def test_a_query_with_spare_blanks_is_searched_for_while_it_is_typed(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.find("  retrieval   indexing ")
        assert desk.titles == [INDEXING]


async def test_decided_papers_are_shown_where_none_is_left(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("r")
        await desk.show("is:unread dense anchors")
        assert desk.titles == [ANCHORS]
        head = " Not in Unread  dense anchors  among read"
        assert frame(desk.app)[0].startswith(head)
        assert frame(desk.app)[0].strip().endswith(" 1 of 1")
        assert desk.says.startswith("Nothing here; showing 1 among read; Ctrl+y searches all")


async def test_the_papers_with_most_of_the_words_are_shown_and_marked(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("dense anchors wombats")
        assert desk.titles == [ANCHORS]
        assert "2 of 3 words" in frame(desk.app)[0]
        assert desk.says.startswith("No paper has all words; showing those with 2 of 3 words")


async def test_a_paper_of_another_state_with_as_many_words_is_a_key_away(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "d")
        await desk.show("is:inbox attention tail wombats")
        assert desk.titles == [TITLES[7]]
        await desk.show("is:inbox beams attention wombats")
        assert desk.title == TITLES[1]
        assert (
            desk.says == "Nothing here; showing 1 elsewhere with 2 of 3 words; Ctrl+y searches all"
        )
        await desk.find("is:inbox tail attention beams wombats")
        assert "more among dismissed; Ctrl+y searches all" in desk.says
        await desk.press("ctrl+y")
        assert TITLES[1] in desk.titles


async def test_no_verb_acts_where_nothing_is_listed(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("is:starred")
        await desk.press(*"rdisNAuxn*.e", "escape", *"to<>-E", "escape", "y", "t", "y", "m", "G")
        assert desk.library.state.history() == []
        await desk.press("g", "a")
        assert desk.titles == list(TITLES)


async def test_a_field_that_does_not_exist_keeps_the_list_and_is_said(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("retrieval")
        await desk.press("/")
        desk.filter_line.text = "retrieval taag:rl"
        await desk.settle()
        assert desk.titles == RETRIEVAL
        assert "Unknown field “taag”. Did you mean tag:rl?" in desk.says


async def test_a_value_that_does_not_exist_is_passed_over_and_said(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.find("retrieval is:zzz")
        assert desk.titles == RETRIEVAL
        meant = "Unknown value “zzz”. Did you mean is:inbox? Ctrl+y takes it"
        assert desk.says.startswith(f"{meant} · is: takes inbox, kept")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("is:zzz", "Unknown value “zzz”. Did you mean is:inbox?"),
        ("taag:rl beams", "Unknown field “taag”. Did you mean tag:rl?"),
        ("date:foo", "Not a date: foo."),
        ("beams up:", "“up:” has no value"),
        ("/(/", "A regular expression has a “(” without a “)”"),
    ],
)
async def test_a_query_with_a_part_that_means_nothing_is_not_shown(
    folder: Path, text: str, problem: str
) -> None:
    async with reading(folder) as desk:
        await desk.show("retrieval")
        await desk.press("/", "ctrl+u", *("space" if char == " " else char for char in text))
        await desk.press("enter")
        assert desk.filtering
        assert desk.says.startswith(problem)
        await desk.press("escape")
        assert desk.titles == RETRIEVAL
        assert desk.query == "retrieval"
        await desk.press("/")
        desk.filter_line.text = text
        await desk.pilot.click("PaperList", offset=(4, 1))
        await desk.settle()
        assert desk.query == "retrieval"
        assert desk.says.startswith(problem)


async def test_a_date_that_is_none_is_said_as_it_is_typed(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("/", "ctrl+u", *"date:foo")
        await desk.settle()
        assert desk.says.startswith("Not a date: foo. Try yesterday, 2026-01-31 or 3d.")
        await desk.press("enter")
        assert desk.says.startswith("Not a date: foo. Try yesterday, 2026-01-31 or 3d.")


HALVES: Final = '" ( ) - is: tag: up:>= date:2025- OR -is: sort: limit: a|OR a|( up:3|..'
"""What is typed on the way to a query, parted by blanks; a bar stands for a blank."""


async def test_half_a_query_never_blanks_the_list(folder: Path) -> None:
    async with reading(folder) as desk:
        for half in HALVES.split():
            await desk.find(half.replace("|", " "))
            assert desk.titles, half
            await desk.press("escape")
            assert desk.titles == list(TITLES), half


@pytest.mark.parametrize("opening", ["/", "view"])
async def test_keys_are_answered_while_a_pattern_is_searched(
    folder: Path, opening: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()
    select = Index.select

    def slow(index: Index, query: Query, *args: Any, **options: Any) -> ResultSet:
        if has_pattern(query.node):
            assert threading.current_thread() is not threading.main_thread()
            ended.wait(20)
        return select(index, query, *args, **options)

    async with reading(folder) as desk:
        monkeypatch.setattr(Index, "select", slow)
        desk.library.change("view", [("views", "ships", "query", "abs:/ve.s/")])
        if opening == "/":
            desk.app.post_message(key_event("/"))
            desk.app.post_message(events.Paste("abs:/ve.s/"))
            desk.app.post_message(key_event("enter"))
        else:
            desk.app.post_message(key_event("g"))
            desk.app.post_message(key_event("1"))
        desk.app.post_message(key_event("j"))
        await desk.until(lambda: desk.cursor == 1)
        assert desk.titles == list(TITLES)
        ended.set()
        await desk.settle()
        assert desk.titles == [EMBEDDINGS]
        assert desk.query == "abs:/ve.s/"


async def test_a_pattern_that_takes_too_long_keeps_the_list_and_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.search.evaluator.Budget", lambda: Budget(100))
    async with reading(folder) as desk:
        await desk.press("/", *"abs:/a.*b.*c/")
        await desk.until(lambda: desk.is_found("abs:/a.*b.*c/"))
        assert desk.titles == list(TITLES)
        assert "/a.*b.*c/ takes too long on 12 papers. Add a word" in desk.says
        await desk.press("enter")
        assert desk.filtering
        assert "/a.*b.*c/ takes too long on 12 papers. Add a word" in desk.says
        await desk.press("escape")
        assert desk.query == ""
        await desk.show("abs:/a.*b.*c/")
        assert "/a.*b.*c/ takes too long on 12 papers. Add a word" in desk.says
        assert desk.query == ""
    async with reading(folder, settings=Config(view="abs:/a.*b.*c/"), resume=False) as desk:
        assert "takes too long" in desk.says
        assert desk.titles == list(TITLES)


@pytest.mark.parametrize(
    ("typed", "order"),
    [
        ("oldest", "sort:-date"),
        ("newest", ""),  # the usual one, which is not written out
        ("date", ""),
        ("relevance", "sort:relevance"),
        ("votes", "sort:up"),
        ("fewest up", "sort:-up"),
    ],
)
async def test_an_order_is_found_by_its_names_and_by_those_of_its_reverse(
    folder: Path, typed: str, order: str
) -> None:
    async with reading(folder) as desk:
        await desk.show("sort:title")
        await desk.press("S", *typed, "enter")
        assert desk.query == order


async def test_an_order_is_chosen_and_the_same_again_reverses_it(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("S", *"up", "enter")
        assert desk.titles[:3] == [ANCHORS, EMBEDDINGS, HASHING]
        assert "most upvotes first" in frame(desk.app)[0]
        await desk.press("S", *"up", "enter")
        assert desk.titles[:2] == [LADDERS, JUDGES]
        assert "fewest upvotes first" in frame(desk.app)[0]
        await desk.resize(60, 20)
        assert "fewest" in frame(desk.app)[0]
        await desk.resize(42, 20)
        assert frame(desk.app)[0].startswith(" All papers   ")  # none rather than a part of it
        await desk.show("retrieval sort:up")
        await desk.press("S", *"title", "enter")
        assert desk.query == "retrieval sort:title"
        assert desk.titles == sorted(RETRIEVAL)


async def test_an_order_that_was_typed_gives_way_to_one_that_is_chosen(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("retrieval sort:title")
        await desk.press("S", *"up", "enter")
        assert desk.query == "retrieval sort:up"
        await desk.press("S", *"relevance", "enter", "/")
        assert desk.filter_line.value == "retrieval "
        await desk.press(*"sort:title", "enter", "S", *"relevance", "enter", "/")
        assert desk.filter_line.value == "retrieval "


async def test_a_view_is_saved_and_picked(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("f")
        assert "No saved views yet" in desk.says
        await desk.show("retrieval")
        await desk.press("F", *"search", "enter")
        assert desk.library.state.views() == {"search": "retrieval"}
        await desk.press("g", "a", "f")
        assert desk.offered == ["1 search  retrieval"]
        await desk.press("enter")
        assert desk.titles == RETRIEVAL
        await desk.press("u")
        assert desk.library.state.views() == {}


@pytest.mark.parametrize(
    ("second", "query", "count"),
    [
        ("u", "is:inbox", 8),
        ("U", "is:unread", 9),
        ("k", "is:kept", 1),
        ("a", "", 12),
        ("s", "is:starred", 1),
        ("r", "is:reading", 1),
    ],
)
async def test_two_keys_show_a_view(folder: Path, second: str, query: str, count: int) -> None:
    async with reading(folder) as desk:
        await desk.press("r", "i", "d", "s", "g", second)
        assert desk.query == query
        assert len(desk.titles) == count


async def test_a_tag_is_chosen_and_its_papers_shown(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("t", *"nlp", "enter", "j", "j", "t", *"rl", "enter", "r", "g", "t")
        await desk.press("down", "enter")
        assert desk.titles == [CIRCUITS]
        assert desk.query == "tag:rl"


async def test_the_lists_are_two_keys_away(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "l")
        assert isinstance(desk.app.screen, ListsScreen)


async def test_two_keys_that_are_no_command_are_said_and_do_nothing(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "q")
        assert "gq is not a key here; press ? for help" in desk.says
        assert desk.library.state.history() == []
        await desk.press("r")
        assert desk.statuses() == {ANCHORS: Status.READ}


async def test_two_keys_of_which_the_second_is_bound_to_nothing_are_said_too(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "Z")
        assert "gZ is not a key here" in desk.says


async def test_an_unknown_key_of_a_page_is_answered_with_its_key_for_help(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "l", "g", "Z")
        assert "gZ is not a key here; press ? for help" in desk.says


async def test_escape_gives_a_first_key_up(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "escape", "r")
        assert desk.statuses() == {ANCHORS: Status.READ}


# Moving


async def test_the_list_is_walked_by_rows_pages_and_ends(folder: Path) -> None:
    async with reading(folder) as desk:
        walked: list[int] = []
        for key in (
            "j",
            "down",
            "k",
            "up",
            "up",
            "G",
            "j",
            "pageup",
            "ctrl+d",
            "ctrl+u",
            "pagedown",
        ):
            await desk.press(key)
            walked.append(desk.cursor)
        assert walked == [1, 2, 1, 0, 0, 11, 11, 2, 6, 2, 11]
        await desk.press("g", "g")
        assert desk.cursor == 0
        await desk.press("end")
        assert desk.cursor == 11
        await desk.press("home")
        assert desk.cursor == 0
        assert desk.body.startswith(ANCHORS)


async def test_the_cursor_is_always_on_screen(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("G")
        assert LADDERS in desk.row
        assert any("▌" in row and LADDERS in row for row in frame(desk.app))


async def test_next_and_previous_unread_pass_over_what_is_decided(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("r", "r", "g", "g", "n")
        assert desk.title == CIRCUITS
        await desk.press("p")
        assert desk.title == CIRCUITS
        assert desk.says == "No unread paper above"
        await desk.press("G", "n")
        assert desk.says == "No unread paper below"


async def test_the_pane_takes_the_keys_of_moving(folder: Path) -> None:
    async with reading(folder) as desk:
        pane = desk.pane
        await desk.press("tab")
        assert pane.has_focus
        await desk.press("j", "j", "k")
        assert (pane.scroll_offset.y, desk.title) == (1, ANCHORS)
        await desk.press("G")
        assert pane.at_end
        assert pane.scroll_offset.y > 20
        await desk.press("g", "g")
        assert pane.scroll_offset.y == 0
        await desk.press("pagedown")
        paged = pane.scroll_offset.y
        await desk.press("ctrl+u")
        assert 0 < pane.scroll_offset.y < paged
        await desk.press("J")
        assert desk.title == BEAMS
        await desk.press("K")
        assert desk.title == ANCHORS
        await desk.press("r")
        assert desk.statuses() == {ANCHORS: Status.READ}
        await desk.press("shift+tab")
        assert desk.papers.has_focus


async def test_space_pages_the_abstract_and_then_goes_to_the_next_unread(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "r", "g", "g")
        pages = 0
        while not desk.pane.at_end:
            before = desk.pane.scroll_offset.y
            await desk.press("space")
            assert desk.title == ANCHORS
            assert 0 < desk.pane.scroll_offset.y - before <= desk.pane.size.height - 2
            pages += 1
        assert pages > 3
        await desk.press("space")
        assert desk.title == CIRCUITS
        assert desk.pane.scroll_offset.y == 0
        assert desk.paper_state(ANCHORS).status is Status.UNREAD


async def test_another_paper_is_shown_from_its_top_and_the_same_one_where_it_was(
    folder: Path,
) -> None:
    async with reading(folder) as desk:
        await desk.press("space")
        down = desk.pane.scroll_offset.y
        await desk.press("s")
        assert desk.pane.scroll_offset.y == down > 0
        await desk.press("j")
        await desk.press("k")
        assert desk.pane.scroll_offset.y == 0


# Reading lists


async def test_a_list_is_made_by_typing_a_new_name(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"thesis", "enter")
        assert desk.listed("thesis") == [ANCHORS]
        assert desk.current_list == "thesis"
        assert desk.title == BEAMS
        top, bottom = frame(desk.app)[0], desk.screen.bottom
        assert "→ thesis" in top
        bottom.clear_message()
        assert "a → thesis" in str(bottom.render())


async def test_adding_asks_once_and_then_goes_to_the_current_list(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("a")
        assert desk.is_asked
        await desk.press(*"thesis", "enter", "a", "k", "a")
        assert desk.listed("thesis") == [ANCHORS, BEAMS]
        assert desk.title == CIRCUITS
        assert "No change" in desk.says


async def test_another_list_is_chosen_by_its_beginning(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"thesis", "enter", "L", *"club", "enter")
        assert desk.current_list == "club"
        await desk.press("L", *"the", "enter")
        assert desk.current_list == "thesis"
        assert (desk.listed("thesis"), desk.listed("club")) == ([ANCHORS, CIRCUITS], [BEAMS])


async def test_a_new_name_within_an_old_one_makes_a_new_list(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"film", "enter", "L", *"lm", "enter")
        assert desk.listed("film") == [ANCHORS]
        assert desk.listed("lm") == [BEAMS]


@pytest.mark.parametrize("name", ["", "-x", "=x", "none", "None", 'say "hi"', "a|b", "wild*card"])
async def test_a_list_that_cannot_be_is_refused_and_nothing_is_added(
    folder: Path, name: str
) -> None:
    async with reading(folder) as desk:
        await desk.press("L")
        await desk.answer(name)
        if name:
            assert "Not a valid list name" in desk.remark
        await desk.press("escape")
        assert desk.library.state.history() == []
        assert desk.current_list is None


async def test_a_list_is_shown_in_its_own_order_and_can_be_put_in_another(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("l")
        assert "No current list" in desk.says
        await desk.press("<")
        assert "No list is open. l opens the current one" in desk.says
        await desk.press("G", "L", *"reading club", "enter", "g", "g", "a", "a", "l")
        assert desk.titles == [LADDERS, ANCHORS, BEAMS]
        assert "list order" in frame(desk.app)[0]
        await desk.press("g", "g", ">", ">")
        assert desk.titles == desk.listed("reading club") == [ANCHORS, BEAMS, LADDERS]
        assert desk.title == LADDERS
        await desk.press(">", "<")
        assert desk.titles == desk.listed("reading club") == [ANCHORS, LADDERS, BEAMS]
        assert "in reading club (2 of 3)" in desk.body
        await desk.press("u", "u", "u")
        assert desk.listed("reading club") == [LADDERS, ANCHORS, BEAMS]


async def test_a_list_in_another_order_is_still_that_list(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"club", "enter", "a", "a", "l")
        await desk.press("S", *"title", "enter", ">")
        assert desk.says == "club is not in its own order. S sorts by list order."
        assert desk.listed("club") == [ANCHORS, BEAMS, CIRCUITS]
        await desk.press("g", "g", "-")
        assert desk.titles == desk.listed("club") == [BEAMS, CIRCUITS]
        await desk.press("S", *"list order", "enter")
        assert desk.query == "list:club"
        await desk.press("g", "g", ">")
        assert desk.titles == desk.listed("club") == [CIRCUITS, BEAMS]


async def test_a_move_that_is_undone_is_seen_to_be(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"club", "enter", "a", "l", "g", "g", ">", "u")
        assert desk.titles == desk.listed("club") == [ANCHORS, BEAMS]


@pytest.mark.parametrize(
    "name", ["x) y", "#tag", "été", "or", "a:b", "’s", "list:x", "(a", "NOT", "a-b", "None of it"]
)
async def test_a_list_is_shown_whatever_it_is_called(folder: Path, name: str) -> None:
    async with reading(folder) as desk:
        await desk.press("L")
        await desk.answer(name)
        await desk.press("l")
        assert desk.titles == [ANCHORS]
        assert "list order" in frame(desk.app)[0]


async def test_a_paper_is_taken_off_the_list_that_is_shown(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("-")
        assert "No list is open. l opens the current one" in desk.says
        await desk.press("L", *"thesis", "enter", "a", "a", "l", "g", "g", "j", "-")
        assert desk.titles == desk.listed("thesis") == [ANCHORS, CIRCUITS]
        assert desk.title == CIRCUITS
        await desk.press("-", "-", "-")
        assert desk.titles == desk.listed("thesis") == []
        await desk.press("u", "u", "u", "u", "$")  # of the last "-" there was nothing to undo
        assert desk.titles == desk.listed("thesis") == [ANCHORS, BEAMS, CIRCUITS]


# Taking out


async def test_a_paper_without_links_is_looked_up(folder: Path, opened: list[str]) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "o")
        assert opened == [TWELVE[1].link]
        assert "Opened https://arxiv.org/" in desk.says


async def test_of_several_links_one_is_chosen(folder: Path, opened: list[str]) -> None:
    async with reading(folder) as desk:
        await desk.press("o")
        assert len(desk.offered) == 2
        assert "search arXiv" in desk.offered[1]
        await desk.press("enter")
        assert opened == ["https://a.org/code"]
        await desk.press("j", "j", "o", "down", "enter")
        assert opened[1:] == ["https://c.org/2"]
        await desk.press("o", "escape")
        assert len(opened) == 2


async def test_a_link_opens_in_the_browser_that_the_app_runs_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    async with reading(folder) as desk:
        monkeypatch.setattr(type(desk.app._driver), "is_web", True)
        monkeypatch.setattr(desk.app, "open_url", opened.append)
        await desk.press("j", "o")
        assert opened == [TWELVE[1].link]
        assert desk.says.startswith("Opened https://")


async def test_the_title_is_a_link_of_the_terminal(folder: Path) -> None:
    async with reading(folder) as desk:
        line = desk.pane.query_one("#body").render_line(0)
        assert {s.style.link for s in line if s.style and s.text.strip()} == {TWELVE[0].link}


async def test_without_a_browser_the_link_goes_to_the_clipboard(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.ui.clipboard.copy", lambda text: "")
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(variable, raising=False)
    async with reading(folder) as desk:
        await desk.press("j", "o")
        assert desk.says == "No browser found. Sent to the terminal's clipboard: link"
        assert desk.app.clipboard == TWELVE[1].link


@pytest.mark.parametrize(
    ("key", "what", "holds"),
    [
        ("t", "title", ANCHORS),
        ("u", "link", TWELVE[0].link),
        ("i", "key", TWELVE[0].key),
        ("c", "citation", ANCHORS),
        ("b", "bibtex", "@misc{"),
        ("m", "markdown", f"- [ ] [{ANCHORS}]("),
    ],
)
async def test_a_paper_is_copied_in_many_forms(
    folder: Path, monkeypatch: pytest.MonkeyPatch, key: str, what: str, holds: str
) -> None:
    texts: list[str] = []

    def take(text: str) -> str:
        texts.append(text)
        return DESKTOP

    monkeypatch.setattr("tui.ui.clipboard.copy", take)
    async with reading(folder) as desk:
        await desk.press("y", key)
        assert holds in desk.app.clipboard
        assert texts == [desk.app.clipboard]
        assert desk.says.lower() == f"copied: {what}"


async def test_a_copy_that_only_the_terminal_took_is_said_to_be_sent(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.ui.clipboard.copy", lambda text: "")
    async with reading(folder) as desk:
        await desk.press("x", "x", "y", "t")
        assert desk.app.clipboard == f"{ANCHORS}\n{BEAMS}"
        assert desk.says == "Sent to the terminal's clipboard: title of 2 papers"


async def test_what_to_do_about_a_copy_goes_before_what_was_copied(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.ui.clipboard.copy", lambda text: "")
    advice = "; if it does not arrive, install wl-clipboard"
    monkeypatch.setattr("tui.ui.clipboard.advice", lambda: advice)
    async with reading(folder, size=(80, 24)) as desk:
        await desk.press("y", "t")
        assert desk.says == f"Sent to the terminal's clipboard: title{advice}"
        assert frame(desk.app)[-1].strip() == f"Sent to the terminal's clipboard{advice}"


async def test_a_copy_that_is_too_long_is_not_sent(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.ui.clipboard.copy", lambda text: "")
    async with reading(folder) as desk:
        desk.screen.copy("x" * (MAX_OSC52 + 1), "title")
        await desk.settle()
        assert desk.app.clipboard == ""
        assert desk.says == "Too long for the terminal to copy; E exports a file: title"


# Looking


@pytest.mark.parametrize("key", ["z", "enter"])
async def test_the_abstract_takes_the_whole_screen_and_gives_it_back(
    folder: Path, key: str
) -> None:
    async with reading(folder) as desk:
        await desk.press(key)
        assert not desk.papers.is_on_screen
        assert desk.pane.size.height == 22
        await desk.press("r")
        assert desk.statuses() == {ANCHORS: Status.READ}
        assert desk.body.startswith(BEAMS)
        await desk.press("q")
        assert desk.papers.size.height == 9
        assert desk.papers.has_focus
        assert desk.app.is_running


async def test_control_c_shows_how_to_leave(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("ctrl+c")
        assert desk.says == "Press q to quit"
        assert desk.app.is_running


async def test_escape_steps_back_and_never_quits(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("x", "z", "escape")
        assert desk.selected == set()
        await desk.press("escape")
        assert desk.papers.has_focus
        await desk.press("tab", "escape")
        assert desk.papers.has_focus
        await desk.press("escape", "escape")
        assert desk.app.is_running


async def test_the_palette_names_every_command_and_runs_one(folder: Path) -> None:
    async with reading(folder, keys={"mark.star": "b"}) as desk:
        await desk.press("ctrl+p")
        offered = "\n".join(desk.offered)
        for key in bindings():
            if key.id not in ("look.palette", "view.number"):
                assert key.help in offered
        assert re.search(r"^toggle star.* b$", offered, re.M)
        await desk.press(*"toggle star", "enter")
        assert desk.paper_state(ANCHORS).starred
        assert desk.at_home


async def test_the_palette_finds_a_command_by_its_short_name(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("ctrl+p", *"dismiss")
        assert any("dismiss and move on" in offered for offered in desk.offered)


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("read papers", "show the read papers"),
        ("snoozed", "show the snoozed papers"),
        ("trash", "show the removed papers"),
        ("dismissed papers", "show the dismissed papers"),
    ],
)
async def test_the_palette_finds_the_papers_of_a_state(
    folder: Path, typed: str, named: str
) -> None:
    async with reading(folder) as desk:
        await desk.press("ctrl+p", *("space" if char == " " else char for char in typed))
        assert any(offered.startswith(named) for offered in desk.offered)


async def test_a_command_that_asks_can_be_answered_ahead(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.together("ctrl+p", *"add or remove", "enter", *"nlp", "enter", "j", "r")
        await desk.settle()
        assert desk.paper_state(ANCHORS).tags == ("nlp",)
        assert desk.statuses() == {BEAMS: Status.READ}


async def test_the_colours_that_are_chosen_stay_unless_the_settings_name_others(
    folder: Path,
) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "c", *"papers-light", "enter")
        assert desk.app.theme == "papers-light"
        await desk.press("q")
    async with reading(folder) as desk:
        assert desk.app.theme == "papers-light"
        await desk.press("q")
    async with reading(folder, settings=Config(view="", theme="nord")) as desk:
        assert desk.app.theme == "nord"


async def test_the_help_shows_the_users_own_keys_and_narrows(folder: Path) -> None:
    async with reading(folder, keys={"mark.read": "m"}) as desk:
        await desk.press("?")
        assert isinstance(desk.app.screen, Help)
        shown = desk.app.screen.query_one("#help-table", Static)
        text = str(shown.render())
        assert re.search(r"^  m +mark read and move on$", text, re.M)
        for key in all_bindings({})[0]:
            assert key.help in " ".join(text.split())  # long ones go on in the next line
        await desk.press(*"snooze")
        text = str(shown.render())
        assert "snooze and move on" in text
        assert "mark read and move on" not in text
        await desk.press(*"zzz")
        assert "No matching key." in str(shown.render())
        await desk.press("escape")
        assert desk.at_home


async def test_the_help_begins_with_the_keys_that_matter_and_fills_a_wide_screen(
    folder: Path,
) -> None:
    async with reading(folder, size=(200, 50)) as desk:
        await desk.press("?")
        rows = frame(desk.app)
        (heading,) = [row for row in rows if "The keys that matter most" in row]
        assert any(group in heading for group in GROUPS)  # of the columns beside it
        keys = [row[3:4] for row in rows[2:] if row[3:4].strip()]
        assert keys[:5] == ["r", "d", "a", "/", "u"]
        await desk.press(*"snooze")
        assert not any("The keys that matter most" in row for row in frame(desk.app))
        await desk.resize(80, 24)
        assert any("snooze and move on" in row for row in frame(desk.app))


# The mouse


def place_of(app: PapersApp, text: str) -> tuple[int, int]:
    """Column and row of a text on screen."""
    rows = frame(app)
    row = next(number for number, line in enumerate(rows) if text in line)
    return rows[row].index(text), row


async def test_a_click_goes_to_a_row_and_a_second_one_opens_it(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.pilot.click(offset=place_of(desk.app, DISTILLING))
        assert desk.title == DISTILLING
        assert desk.body.startswith(DISTILLING)
        await desk.pilot.double_click(offset=place_of(desk.app, DISTILLING))
        assert desk.screen.panes.zoomed
        assert desk.library.state.history() == []


async def test_a_click_below_the_last_row_does_nothing(folder: Path) -> None:
    async with reading(folder, size=(80, 40)) as desk:
        await desk.pilot.click(desk.papers, offset=(5, 14))
        assert desk.title == ANCHORS


async def test_a_click_on_a_hint_does_what_it_says(folder: Path) -> None:
    async with reading(folder) as desk:
        desk.screen.bottom.clear_message()
        await desk.settle()
        await desk.pilot.click(offset=place_of(desk.app, "d dismiss"))
        await desk.settle()
        assert desk.statuses() == {ANCHORS: Status.DISMISSED}
        desk.screen.bottom.clear_message()
        await desk.settle()
        await desk.pilot.click(offset=place_of(desk.app, "/ filter"))
        await desk.settle()
        assert desk.filtering


async def test_the_wheel_scrolls_and_changes_nothing(folder: Path) -> None:
    async with reading(folder) as desk:
        for widget in (desk.papers, desk.pane):
            x, y = widget.region.x + 2, widget.region.y + 2
            for _ in range(3):
                desk.app.post_message(
                    events.MouseScrollDown(
                        widget=None,
                        x=x,
                        y=y,
                        delta_x=0,
                        delta_y=1,
                        button=0,
                        shift=False,
                        meta=False,
                        ctrl=False,
                        screen_x=x,
                        screen_y=y,
                    )
                )
            await desk.settle()
            await desk.pilot.wait_for_scheduled_animations()
            assert widget.scroll_offset.y > 0
        assert desk.title == ANCHORS
        assert desk.library.state.history() == []


# Keys


def test_every_action_of_a_screen_exists_on_it() -> None:
    screens = (
        *(ImportsScreen, ListsScreen, TagsScreen, TimelineScreen, SessionScreen, OutputScreen),
        *(SourcesScreen, InterestsScreen),
    )
    assert {screen.bindings_of for screen in screens} == {*WITH_KEYS} - {"papers", DETAIL}
    for screen, of in [*((each, each.bindings_of) for each in screens), (TagsScreen, DETAIL)]:
        for binding in filter(lambda row: row.action, bindings(of)):
            name = binding.action.split("(")[0]
            assert callable(getattr(screen, f"action_{name}", None)), binding


def test_the_main_screen_handles_every_screen_action() -> None:
    declared = {each.screen_action for each in actions().values() if each.screen_action}
    screen = MainScreen(Config(), [], UNICODE, lambda: asyncio.sleep(0))
    assert {*screen.runner.handlers} == declared


async def test_every_key_of_the_table_can_be_pressed(folder: Path, opened: list[str]) -> None:
    async with reading(folder, TWELVE[:5]) as desk:
        for key in bindings():
            if key.id == "quit":
                continue
            for name in key.keys:
                await desk.press(*name.split(" "), "escape", "escape", "escape")
                if desk.is_asked:  # after some work, so that none of these keys was an answer
                    await desk.press("escape")
                assert desk.at_home, key.id
                assert not desk.filtering, key.id


async def test_a_user_may_bind_other_keys(folder: Path) -> None:
    own = {"mark.read": "m", "mark.dismissed": "D D,Q", "view.starred": ""}
    async with reading(folder, keys=own) as desk:
        await desk.press("r", "d", "m")
        assert desk.statuses() == {ANCHORS: Status.READ}
        await desk.press("D", "D", "Q")
        assert [desk.paper_state(title).status for title in TITLES[1:3]] == [Status.DISMISSED] * 2
        await desk.press("g", "s")
        assert "gs is not a key here; press ? for help" in desk.says
        desk.screen.bottom.clear_message()
        assert "m read" in str(desk.screen.bottom.render())


async def test_a_comma_can_be_bound(folder: Path) -> None:
    async with reading(folder, keys={"filter.edit": ","}) as desk:
        await desk.press(",")
        assert desk.filtering


async def test_a_key_that_is_bound_wrongly_is_said_and_the_default_holds(folder: Path) -> None:
    async with reading(folder, keys={"mark.raed": "m"}) as desk:
        assert "did you mean mark.read?" in desk.says
        await desk.press("r")
        assert desk.statuses() == {ANCHORS: Status.READ}


async def test_of_several_wrong_settings_the_first_is_said_after_their_number(
    folder: Path,
) -> None:
    wrong = {f"mark.{name}": "m" for name in ("raed", "dismised", "unraed")}
    async with reading(folder, keys=wrong) as desk:
        assert desk.says.startswith("3 problems, see :doctor: config.toml")
        assert "3 problems, see :doctor: " in frame(desk.app)[-1]


async def test_keys_that_arrive_together_act_in_order(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.together("L", *"new", "enter", "r")
        assert desk.listed("new") == [ANCHORS]
        assert desk.statuses() == {BEAMS: Status.READ}
        assert desk.title == CIRCUITS
        await desk.together("L", *"my", "space", *"new", "enter")
        assert desk.listed("my new") == [CIRCUITS]


@pytest.mark.parametrize(
    ("typed", "holds"),
    [
        (["r", "d", "i", "u"], lambda d: set(d.statuses()) == {ANCHORS, BEAMS}),
        (["/", *"retrieval", "enter", "r"], lambda d: d.statuses() == {ANCHORS: Status.READ}),
        (["/", *"retrieval", "escape", "j", "r"], lambda d: d.statuses() == {BEAMS: Status.READ}),
        (
            ["t", *"nlx", "backspace", "p", "enter", "j"],
            lambda d: d.paper_state(ANCHORS).tags == ("nlp",),
        ),
        (
            ["t", *"r", "enter", "t", "r", "tab", "enter"],
            lambda d: d.paper_state(ANCHORS).tags == (),
        ),
        (["e", *"jd", "enter", "d"], lambda d: d.paper_state(ANCHORS).note == "jd"),
        (["g", "s", "g", "a", "G", "r"], lambda d: d.statuses() == {LADDERS: Status.READ}),
        (["S", *"up", "enter", "j", "r"], lambda d: d.statuses() == {EMBEDDINGS: Status.READ}),
        (["w", *"2999-01-01", "enter", "r"], lambda d: d.statuses() == {BEAMS: Status.READ}),
        (
            ["g", "l", "a", *"club", "enter", "escape", "r"],
            lambda d: d.statuses() == {ANCHORS: Status.READ} and d.listed("club") == [],
        ),
        (["G", "g", "g", "r"], lambda d: d.statuses() == {ANCHORS: Status.READ}),
        (["z", "r", "q", "r"], lambda d: len(d.statuses()) == 2),
        (["x", "x", "r", "u", "ctrl+r"], lambda d: len(d.statuses()) == 2),
        (["?", *"rd", "escape", "i"], lambda d: d.statuses() == {ANCHORS: Status.READING}),
        (
            ["F", *"mine", "enter", "/", *"circuits", "enter", "r"],
            lambda d: (
                d.statuses() == {CIRCUITS: Status.READ} and d.library.state.views() == {"mine": "*"}
            ),
        ),
    ],
    ids=lambda value: "".join(value) if isinstance(value, list) else "",
)
async def test_whatever_is_typed_ahead_goes_where_it_was_meant(
    folder: Path, typed: list[str], holds: Callable[[Desk], bool]
) -> None:
    async with reading(folder) as desk:
        await desk.together(*typed)
        await desk.settle()
        assert desk.at_home
        assert holds(desk), (desk.statuses(), desk.title, desk.says)


async def test_what_changes_in_the_workspace_is_shown_whoever_changed_it(folder: Path) -> None:
    async with reading(folder) as desk:
        before = frame(desk.app)
        await asyncio.to_thread(desk.workspace.listing.move, 2)
        await desk.settle()
        assert desk.papers.shown is desk.workspace.listing.shown
        assert frame(desk.app) != before


async def test_what_a_key_changes_in_several_steps_is_shown_once(folder: Path) -> None:
    async with reading(folder) as desk:
        values: list[Shown] = []

        def note(shown: Shown) -> None:
            values.append(shown)

        desk.screen.watch(desk.screen, "shown", note, init=False)
        await desk.press("x", "d")  # marks, and moves on; then marks the selection
        assert [shown.cursor for shown in values] == [1, 1]
        assert values[-1] is desk.workspace.listing.shown


async def test_keys_before_the_library_is_there_break_nothing(folder: Path) -> None:
    async with reading(folder, wait=False) as desk:
        await desk.together("j", "r", "t", "g", "u", "/", "x", "escape", "E", "u")
        await desk.until(lambda: bool(desk.workspace.listing.results))
        await desk.settle()
        assert desk.app.is_running


# Layouts


async def test_at_80x24_list_and_abstract_stand_one_above_the_other(folder: Path) -> None:
    async with reading(folder) as desk:
        assert (desk.papers.size.height, desk.papers.page) == (9, 9)
        assert desk.pane.content_size.height == 12
        rows = frame(desk.app)
        assert set(rows[10]) == {"─"}
        assert rows[11].strip() == ANCHORS


async def test_at_120x35_rows_have_two_lines_beside_the_abstract(folder: Path) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        papers, pane = desk.papers.region, desk.pane.region
        assert desk.papers.tall
        assert (papers.height, pane.height) == (33, 33)
        assert papers.right == pane.x
        assert papers.width + pane.width == 120
        assert desk.papers.page == 16
        rows = frame(desk.app)
        assert ANCHORS in rows[1]
        assert rows[2][: papers.width].rstrip().endswith("2025-12-24 · ▲12")
        assert all(row[pane.x] == "│" for row in rows[1:-1])


async def test_at_200x50_a_sidebar_counts_what_there_is(
    folder: Path,
) -> None:
    async with reading(folder, size=(200, 50)) as desk:
        assert not desk.papers.tall
        assert desk.papers.page == 47
        await desk.press("s", "L", *"thesis", "enter", "t", *"nlp", "enter")
        side = "\n".join(row[:26] for row in frame(desk.app))
        for pattern in (
            r"Inbox +11 ",
            r"Kept +1 ",
            r"Starred +1 ",
            r"All papers +12 ",
            r"thesis +1 ",
            r"#nlp +1 ",
        ):
            assert re.search(pattern, side), pattern


@pytest.mark.parametrize("way", ["another size", "another layout"])
async def test_a_sidebar_that_comes_later_counts_what_there_is(folder: Path, way: str) -> None:
    size = (80, 24) if way == "another size" else (130, 30)
    async with reading(folder, size=size) as desk:
        await desk.press("r", "s")
        if way == "another size":
            await desk.resize(200, 50)
        else:
            await desk.press("_")
        assert desk.screen.panes.sidebar.size
        side = "\n".join(row[:26] for row in frame(desk.app))
        for pattern in (r"Inbox +10 ", r"Starred +1 ", r"Read +1 "):
            assert re.search(pattern, side), pattern


@pytest.mark.parametrize(
    ("width", "tall", "beside", "sidebar"),
    [
        (99, False, False, False),
        (100, True, True, False),
        (159, True, True, False),
        (160, False, True, True),
    ],
)
async def test_the_width_decides_what_stands_beside_the_list(
    folder: Path, width: int, tall: bool, beside: bool, sidebar: bool
) -> None:
    async with reading(folder, size=(width, 30)) as desk:
        assert desk.papers.tall is tall
        assert (desk.pane.region.x >= desk.papers.region.right) is beside
        assert bool(desk.screen.panes.sidebar.size) is sidebar


async def test_a_row_of_the_sidebar_shows_its_papers(folder: Path) -> None:
    async with reading(folder, size=(200, 50)) as desk:
        await desk.press("j", "s")
        await desk.pilot.click(offset=place_of(desk.app, "Starred"))
        await desk.settle()
        assert desk.titles == [BEAMS]
        assert desk.papers.has_focus


async def test_the_sidebar_can_be_used_without_a_mouse(folder: Path) -> None:
    async with reading(folder, size=(200, 50)) as desk:
        await desk.press("j", "s", "g", "g", "shift+tab")
        assert desk.screen.query_one("#sidebar").has_focus
        await desk.press(*["down"] * 4, "enter")
        assert desk.title == BEAMS


async def test_another_size_keeps_the_paper_and_shows_it(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("G", "k")
        for size in ((120, 35), (200, 50), (80, 24), (45, 10), (120, 12), (80, 24)):
            await desk.resize(*size)
            assert desk.title == KERNELS
            rows = frame(desk.app)
            assert any("▌" in row and "Kernels" in row for row in rows), size
            assert desk.papers.scroll_offset.y + desk.papers.page >= 11


@pytest.mark.parametrize("way", ["?", "t", "g l", "E"])
async def test_another_size_while_something_lies_above_is_taken_up(folder: Path, way: str) -> None:
    async with reading(folder) as desk:
        await desk.press("G", *way.split(" "))
        await desk.resize(120, 35)
        await desk.press("escape")
        assert (desk.papers.tall, desk.papers.size.height) == (True, 33)
        assert any("▌" in row and LADDERS in row for row in frame(desk.app))


async def test_too_small_a_terminal_says_so_and_comes_back(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "r")
        for size in ((39, 24), (80, 9), (20, 5), (1, 1)):
            await desk.resize(*size)
            assert not desk.papers.is_on_screen
        await desk.resize(39, 12)
        shown = " ".join(" ".join(frame(desk.app)).split())
        assert shown == "papers-tui needs at least 40 columns by 10 rows; q quits."
        await desk.resize(80, 24)
        assert desk.title == CIRCUITS
        assert desk.papers.is_on_screen
        assert "needs" not in "".join(frame(desk.app))


async def test_where_no_paper_is_seen_none_is_decided(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.resize(39, 9)
        await desk.press("d", "j", "g", "h", "A")
        assert desk.at_home
        assert desk.statuses() == {}
        await desk.resize(80, 24)
        await desk.press("g", "h", "escape", "j", "r")
        assert desk.statuses() == {BEAMS: Status.READ}


async def test_a_terminal_too_small_can_be_left(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.resize(39, 9)
        await desk.press("q")
    assert desk.app.return_code == 0


@pytest.mark.parametrize("is_remembered", [False, True])
async def test_damaged_lines_of_the_journal_are_said_at_once(
    folder: Path, is_remembered: bool
) -> None:
    async with reading(folder) as desk:
        await desk.press("r", "r", "r")
        machine = desk.library.machine
    if not is_remembered:
        config.last_known_path(folder, machine).unlink()
    (path,) = (folder / "journal").rglob("*.jsonl")
    first, second, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + second + third.replace(b"read", b"raed"))
    (folder / "triage.json").unlink()
    async with reading(folder) as desk:
        revisions = [change.rev for change in desk.library.state.history()]
        if is_remembered:
            assert (
                desk.says == "The journal of this machine was an older version: 1 change put back"
            )
            assert revisions == [1, 2, 3]
        else:
            assert desk.says == "1 line of the journal cannot be read; see :doctor"
            assert revisions == [1, 2]
        await desk.press("j", "s")
        assert desk.library.state.history()[-1].rev > 3


SIZES: Final[tuple[Size, ...]] = (
    (20, 5),
    (40, 10),
    (40, 60),
    (60, 15),
    (79, 24),
    (99, 20),
    (100, 10),
    (100, 24),
    (159, 40),
    (160, 45),
    (250, 10),
    (250, 60),
)


async def test_every_size_is_drawn_with_three_rows_of_chrome_at_most(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("r", "s")
        for width, height in SIZES:
            await desk.resize(width, height)
            await desk.press("t", "escape", "z", "z", "/", "escape")
            assert len(frame(desk.app)) == height
            if width >= 40 and height >= 10:
                papers, pane = desk.papers.region, desk.pane
                is_beside = pane.region.x >= papers.right
                rows = papers.height + (0 if is_beside else pane.content_size.height)
                assert height - rows <= 3, (width, height)
                assert pane.content_size.height >= 2, (width, height)
                assert papers.height >= 2, (width, height)


# Beginning, end, and what goes wrong


async def test_the_user_comes_back_to_where_they_were(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "L", *"thesis", "enter")
        await desk.show("is:unread sort:title")
        await desk.press("g", "g", "j", "j", "j", "q")
        assert desk.title == DISTILLING
    async with reading(folder, settings=Config(view="is:starred")) as desk:
        assert desk.query == "is:unread sort:title"
        assert desk.title == DISTILLING
        assert desk.current_list == "thesis"
        assert "→ thesis" in frame(desk.app)[0]


async def test_what_a_thread_shows_after_the_end_is_said_to_nobody(folder: Path) -> None:
    async with reading(folder) as desk:
        app, screen = desk.app, desk.screen
        await desk.show("dense")
        app.exit()
        await screen.query("*").remove()
        screen.say("Copied: title")
        screen.searches.use_words()
    assert app.failure is None


async def test_leaving_shows_what_was_done(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("r", "d", "s", "q")
    assert desk.app.exit_summary == "3 papers decided, 9 left in the inbox."
    assert desk.app.return_code == 0
    async with reading(folder) as desk:
        await desk.press("j", "q")
    assert desk.app.exit_summary == ""


async def test_leaving_on_a_full_disk_loses_no_change(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(folder) as desk:
        await desk.press("r")
        monkeypatch.setattr("tui.files.os.fsync", no_space)
        await desk.press("q")
    monkeypatch.undo()
    assert not (folder / "triage.json").exists()
    async with reading(folder) as desk:
        assert desk.statuses() == {ANCHORS: Status.READ}


async def test_a_second_instance_only_reads_and_says_so(folder: Path) -> None:
    async with reading(folder) as first:
        await first.press("r")
        async with reading(folder, wait=True) as second:
            assert second.says.startswith("Another papers-tui (process ")
            assert second.says.endswith(") uses this library. Close it and press gw.")
            assert len(second.says) <= 80
            assert "read only" in frame(second.app)[0]
            assert second.statuses() == {ANCHORS: Status.READ}
            before = sorted((path, path.read_bytes()) for path in folder.rglob("*.json*"))
            await second.press("j", "d")
            assert "Close it and press gw." in second.says
            assert second.title == BEAMS
            assert "×" not in "".join(frame(second.app))
            await second.press("t", *"x", "enter", "s", "u", "L", *"n", "enter", "e", *"n", "enter")
            assert second.statuses() == {ANCHORS: Status.READ}
            assert second.library.state.lists() == []
            await second.press("q")
        assert before == sorted((path, path.read_bytes()) for path in folder.rglob("*.json*"))
        await first.press("d")
        assert first.paper_state(BEAMS).status is Status.DISMISSED


async def test_a_refused_verb_does_not_go_on(folder: Path) -> None:
    with Library.open(folder, "other", wait=0, now=lambda: NOW) as library:
        library.seed(TWELVE)
        async with reading(folder) as desk:
            await desk.press("r")
            assert desk.title == ANCHORS


async def test_a_list_that_could_not_be_made_is_not_the_current_one(folder: Path) -> None:
    with Library.open(folder, "other", wait=0, now=lambda: NOW) as library:
        library.seed(TWELVE)
        async with reading(folder) as desk:
            await desk.press("L", *"club", "enter")
            assert desk.current_list is None


async def test_a_list_that_could_not_be_made_leaves_the_current_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"thesis", "enter")
        with monkeypatch.context() as broken:
            broken.setattr("tui.storage.journal.os.fsync", no_space)
            await desk.press("L", *"club", "enter")
        assert "cannot be saved" in desk.remark
        assert desk.current_list == "thesis"


async def test_a_library_that_cannot_be_opened_ends_the_app() -> None:
    opening: Future[Library] = Future()
    opening.set_exception(LibraryError("the folder is damaged", "see papers-tui doctor"))
    app = PapersApp(Config(), opening)
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
    assert isinstance(app.failure, PapersError)
    assert app.failure.message == "the folder is damaged"
    assert app.return_code == 1


def message(desk: Desk) -> str:
    """What is said, in a question or below."""
    return desk.remark if desk.is_asked else desk.says


@pytest.mark.parametrize("keys", [["r"], ["s"], ["t", *"x", "enter"], ["L", *"new", "enter"]])
async def test_a_change_that_cannot_be_kept_is_said_and_not_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch, keys: list[str]
) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "r", "g", "g")
        before = [frame(desk.app)[1:10], desk.library.state.history()]
        with monkeypatch.context() as broken:
            broken.setattr("tui.storage.journal.os.fsync", no_space)
            await desk.press(*keys)
        assert "cannot be saved: No space left on device" in message(desk)
        await desk.press("escape")
        assert [frame(desk.app)[1:10], desk.library.state.history()] == before
        assert desk.title == ANCHORS
        assert desk.paper_state(ANCHORS).changed is None
        await desk.press(*keys)
        assert desk.paper_state(ANCHORS).changed is not None


async def test_marking_all_leaves_no_selection_behind_when_it_fails(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(folder) as desk:
        with monkeypatch.context() as broken:
            broken.setattr("tui.storage.journal.os.fsync", no_space)
            await desk.press("A")
        assert desk.selected == set()
        await desk.press("d")
        assert desk.statuses() == {ANCHORS: Status.DISMISSED}


async def test_a_mistake_of_ours_ends_the_app_in_order(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    async def read() -> None:
        async with reading(folder) as desk:
            await desk.press("s")
            monkeypatch.setattr("tui.library.Library.change", fail)
            await desk.press("r")

    with pytest.raises(RuntimeError, match="boom"):
        await read()
    assert "boom" in (home / "state" / "papers-tui" / "crash.log").read_text("utf-8")
    async with reading(folder) as desk:
        assert desk.paper_state(ANCHORS).starred


async def test_an_empty_library_says_how_to_fill_it(folder: Path) -> None:
    async with reading(folder, ()) as desk:
        assert "No papers yet." in desk.body
        assert "Copy a page of huggingface.co/papers" in desk.body
        assert ":import page.txt" in desk.body
        await desk.press(*"rdisNA.uxn*<>-", "E", "o", "y", "t", "G", "space", "z", "z")
        assert desk.app.is_running


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (80, "Unknown value “foo”. Did you mean is:inbox? Ctrl+y takes it"),
        (60, "Unknown value “foo”; Ctrl+y corrects it"),
        (40, "Ctrl+y corrects it"),
    ],
)
async def test_of_a_message_in_parts_those_that_fit_are_said_as_a_whole(
    folder: Path, width: int, told: str
) -> None:
    async with reading(folder, size=(width, 20)) as desk:
        for keys in (("/", *"is:foo"), ("enter",)):  # while it is typed, and then
            await desk.press(*keys)
            assert frame(desk.app)[-1].strip() == told


async def test_a_correction_that_the_query_asks_for_already_is_not_added(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:inbox")) as desk:
        await desk.press("/", *"is:foo", "ctrl+y")
        assert (desk.filter_line.scope, desk.filter_line.value) == ("is:inbox", "")
        assert desk.says == "inbox"
        await desk.press("enter")
        assert (desk.query, desk.workspace.listing.shown.title) == ("is:inbox", "Inbox")


async def test_an_error_that_is_too_long_leaves_out_what_to_do(folder: Path) -> None:
    async with reading(folder, size=(60, 20)) as desk:
        desk.screen.say_error(PapersError("This is wrong", "Do that. " * 9))
        await desk.settle()
        assert frame(desk.app)[-1].strip().startswith("This is wrong  ")
        await desk.resize(140, 20)
        assert frame(desk.app)[-1].strip().startswith("This is wrong. Do that. Do that.")


async def test_a_long_message_does_not_cover_the_list(folder: Path) -> None:
    async with reading(folder) as desk:
        before = frame(desk.app)[:-1]
        desk.screen.say("wrong " * 60, error=True)
        await desk.settle()
        assert frame(desk.app)[:-1] == before


async def test_a_message_goes_away_by_itself(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_timer = MessageBar.set_timer

    def soon(bar: MessageBar, seconds: float, then: Callable[[], None]) -> Timer:
        return set_timer(bar, seconds / 100, then)

    monkeypatch.setattr(MessageBar, "set_timer", soon)
    async with reading(folder) as desk:
        desk.screen.say("for a moment")
        assert desk.says == "for a moment"
        await desk.until(lambda: desk.says == "")
        assert "r read" in frame(desk.app)[-1]


EVERYWHERE: Final = (
    *((), ("r",), ("/", "t", "a"), ("escape",), ("L", "a", "enter"), ("?",)),
    *(("escape",), ("g", "l"), ("escape",), ("g", "h"), ("escape",), ("g", "i"), ("escape",)),
    *(("ctrl+p",), ("escape",), ("t",), ("escape",), ("S",), ("escape",), ("x", "V", "j")),
    *(("escape",), ("z",), ("z",), (":", "m"), ("escape",), ("/", *"zzzq", "enter")),
)
"""Keys to every place that draws."""


@pytest.mark.parametrize("size", [(80, 24), (120, 35), (200, 50)])
async def test_without_unicode_nothing_of_it_is_drawn(folder: Path, size: Size) -> None:
    settings = Config(view="", ascii=True)
    async with reading(folder, size=size, settings=settings) as desk:
        for keys in EVERYWHERE:
            await desk.press(*keys)
            assert all(row.isascii() for row in frame(desk.app)), keys


def test_what_is_drawn_without_unicode_is_as_wide_as_with_it() -> None:
    for chars, plain in ascii_filter._REPLACED:
        assert len(plain) == 1
        assert plain.isascii()
        assert all(cell_len(char) == 1 for char in chars), chars


async def test_the_size_is_looked_at_again_once_it_has_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[int] = []
    monkeypatch.setattr("tui.ui.textual_fixes.RECHECK_SECONDS", 0.001)
    monkeypatch.setattr("signal.raise_signal", raised.append)
    async with reading(folder, size=(80, 24)) as desk:
        assert raised == []
        await desk.pilot.resize_terminal(100, 30)
        async with asyncio.timeout(30):
            while not raised:
                await desk.pilot.pause(0.01)
        desk.app.post_message(events.Resize(SizeOf(100, 30), SizeOf(100, 30)))
        await desk.settle()
        assert raised == [signal.SIGWINCH]


async def test_a_short_list_leaves_its_lines_to_the_abstract_below(folder: Path) -> None:
    async with reading(folder) as desk:
        whole = desk.papers.size.height
        await desk.show("title:circuits OR title:beams")
        assert desk.papers.size.height == 2
        await desk.press("r")  # what is decided stays listed
        assert desk.papers.size.height == 2
        await desk.press("/")
        assert desk.papers.size.height == whole, "nothing jumps while the user types"
        await desk.press(*" foo")
        assert desk.papers.size.height == whole
        await desk.press("escape")
        assert desk.papers.size.height == 2
        await desk.press("]")
        assert desk.papers.size.height > whole, "the user's own divider stays"
        await desk.show("circuits")
        assert desk.papers.size.height > whole
