"""The screen of all changes: what was done when, undone from there."""

import errno
import os
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from textual.content import Content

from tests.conftest import NOW
from tests.faults import no_space
from tests.libraries import Clock
from tests.view_helpers import TITLES, TWELVE, Desk, frame, key_of, reading, strips
from tui.actions import lists, triage
from tui.actions.bindings import bindings
from tui.library import Library
from tui.model.paper import SourceRecord
from tui.model.state import Status, join_update
from tui.query import parse
from tui.storage import segments
from tui.ui.screens.timeline import TimelineScreen
from tui.ui.widgets.abstract_pane import AbstractPane
from tui.ui.widgets.paper_list import PaperList

ANCHORS, BEAMS, CIRCUITS, DISTILLING = TITLES[:4]

pytestmark = pytest.mark.usefixtures("zone")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library that was worked on on two days."""
    path = tmp_path / "library"
    clock = Clock(NOW - timedelta(days=3))
    with Library.open(path, "desk", wait=0, now=clock) as library:
        library.seed(TWELVE)
        triage.mark(library, [key_of(ANCHORS)], Status.READ)
        clock.wait(5)
        triage.tag(library, [key_of(ANCHORS), key_of(BEAMS)], ["nlp"])
        clock.wait(24 * 60)
        triage.mark(library, [key_of(CIRCUITS)], Status.DISMISSED)
        clock.wait(1)
        lists.create(library, "thesis")
    return path


@pytest.mark.parametrize("size", [(120, 35), (200, 50)])
async def test_the_changes_have_the_whole_height_however_many_they_are(
    folder: Path, size: tuple[int, int]
) -> None:
    async with reading(folder, size=size) as desk:
        await desk.press("g", "h")
        room = desk.listing.rows.size
        assert room.height == size[1] - 2
        for count in range(30):
            assert desk.listing.rows.size == room
            triage.tag(desk.library, [key_of(BEAMS)], [f"tag{count}"])
            desk.listing.show()
        await desk.settle()
        assert desk.listing.rows.size == room
        assert len(desk.drawn_rows) == size[1] - 2


def is_dim(desk: Desk, text: str) -> bool:
    """Whether a row is drawn in the colour of what is done with."""
    (row,) = [row.prompt for row in desk.listing.rows.options if text in str(row.prompt)]
    assert isinstance(row, Content)
    styles = {str(span.style) for span in row.spans if span.end == len(row)}
    drawn = [strip for row in strips(desk.app) for strip in row if text in strip.text]
    assert drawn
    return "$muted" in styles


def is_marked(desk: Desk, text: str) -> bool:
    """Whether a row has the mark of what is undone."""
    (row,) = [row for row in desk.listed_rows if text in row]
    return row.startswith("↶ ")


ROWS = [
    "Tuesday 13 January 2026",
    "12:06  Created list thesis",
    f"12:05  Dismissed: {CIRCUITS}",
    "Monday 12 January 2026",
    "12:05  Tagged +nlp: 2 papers",
    f"12:00  Marked read: {ANCHORS}",
]


async def test_changes_stand_under_their_days_newest_first(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "h")
        assert isinstance(desk.app.screen, TimelineScreen)
        assert frame(desk.app)[0].strip() == "Timeline  4 changes, newest first"
        assert desk.drawn_rows == ROWS
        assert desk.listing.current_id.startswith("4@")


async def test_times_are_those_of_the_user(folder: Path, zone: object) -> None:
    assert callable(zone)
    zone("Pacific/Auckland")
    async with reading(folder) as desk:
        await desk.press("g", "h")
        assert desk.drawn_rows[:2] == ["Wednesday 14 January 2026", "01:06  Created list thesis"]


async def test_before_anything_was_changed_it_says_so(tmp_path: Path) -> None:
    async with reading(tmp_path / "new") as desk:
        await desk.press("g", "h")
        assert desk.drawn_rows == ["No changes yet. r, d or a on a paper makes one."]
        await desk.press("enter", "u", "U", "j", "k", "G", "l")
        assert isinstance(desk.app.screen, TimelineScreen)
        await desk.press("q")
        assert desk.at_home
        assert desk.library.state.history() == []


async def test_the_cursor_passes_over_the_days(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "h")
        walked = []
        for key in ("j", "j", "j", "j", "k", "g g", "G"):
            await desk.press(*key.split(" "))
            walked.append(desk.listing.current_id.split("@")[0])
        assert walked == ["3", "2", "1", "1", "2", "4", "1"]


async def test_one_change_is_undone_alone(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "h", "j", "j", "u")
        assert desk.paper_state(ANCHORS).tags == desk.paper_state(BEAMS).tags == ()
        assert desk.paper_state(ANCHORS).status is Status.READ
        assert desk.paper_state(CIRCUITS).status is Status.DISMISSED
        assert desk.says == "Undid: tagged +nlp (2 papers)"
        assert desk.listing.current_id.startswith("2@")
        assert "Undid: tagged +nlp (2 papers)" in desk.listed_rows[1]
        assert is_dim(desk, "12:05  Tagged +nlp")
        assert not is_dim(desk, f"12:00  Marked read: {ANCHORS}")
        assert is_marked(desk, "12:05  Tagged +nlp")
        assert " u " not in frame(desk.app)[-1]  # nor without a label
        await desk.press("u")
        assert desk.says == "Already undone; Ctrl+r redoes it"
        assert "↶ undone" in frame(desk.app)[0]
        await desk.press("escape")
        assert "#nlp" not in desk.body


async def test_what_was_undone_before_something_new_is_redone_where_it_was_undone(
    folder: Path,
) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "h", "j", "U", "escape", "s", "g", "h")
        rows = [row.split("  ")[-1] for row in desk.drawn_rows[1:3]]
        assert rows == [f"Starred: {desk.title}", f"Undid 2 changes: {CIRCUITS}"]
        await desk.press("j", "j", "u")
        assert desk.says == "Already undone; u on the row that undid it redoes it"
        await desk.press("k")
        assert "u redo this" in frame(desk.app)[-1]
        await desk.press("u")
        assert desk.says == f"Redid 2 changes: {CIRCUITS}"
        assert desk.statuses() == {ANCHORS: Status.READ, CIRCUITS: Status.DISMISSED}
        assert not is_marked(desk, f"12:05  Dismissed: {CIRCUITS}")
        assert "redo this" not in frame(desk.app)[-1]


async def test_a_change_and_all_since_are_undone(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "h", "j", "j", "U")
        assert desk.says == "Undid 3 changes: 3 papers"
        assert desk.statuses() == {ANCHORS: Status.READ}
        assert desk.paper_state(ANCHORS).tags == ()
        assert desk.library.state.lists() == []
        assert all(is_marked(desk, row) for row in ROWS[1:3])
        await desk.press("escape", "ctrl+r")
        assert desk.says == "Redid 3 changes: 3 papers"
        assert desk.statuses() == {ANCHORS: Status.READ, CIRCUITS: Status.DISMISSED}
        assert desk.paper_state(BEAMS).tags == ("nlp",)
        await desk.press("u")
        assert desk.says == "Undid 3 changes: 3 papers"
        assert desk.statuses() == {ANCHORS: Status.READ}


async def test_after_several_changes_are_undone_the_next_undo_goes_on_with_what_is_older(
    folder: Path,
) -> None:
    async with reading(folder) as desk:
        await desk.press("s", "j", "s", "g", "h", *"jjj", "U")
        assert (desk.says, desk.listing.current_id[:2]) == ("Undid 4 changes: 3 papers", "3@")
        await desk.press("u")
        assert (desk.says, desk.listing.current_id[:2]) == (
            "Undid: tagged +nlp (2 papers)",
            "2@",
        )
        await desk.press("u")
        assert desk.says == f"Undid: marked read ({ANCHORS})"
        await desk.press("u")
        assert desk.says == "Nothing to undo"
        await desk.press("k", "u")
        assert desk.says.startswith("Already undone")


async def test_after_a_move_nothing_is_undone_from_a_row_that_is_undone(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("s", "j", "s", "g", "h", *"jjj", "U", "j", "k")
        before = desk.library.state.change_count
        await desk.press("u")
        assert desk.says.startswith("Already undone")
        assert desk.library.state.change_count == before


async def test_a_redo_is_undone_with_all_since_and_then_marked(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("3", "G", "s", "u", "ctrl+r", "j", "s", "g", "h")
        assert "Redid: starred" in desk.listed_rows[2]
        await desk.press("j", "U")
        assert desk.says == "Undid 2 changes: 2 papers"
        assert "↶" in desk.listed_rows[3]
        await desk.press("j", "j", "U")
        assert desk.says == "Nothing to undo since then"
        await desk.press("u")
        assert desk.says == "Already undone; Ctrl+r redoes it"


async def test_among_the_papers_the_cursor_is_at_the_topmost_of_what_was_undone(
    folder: Path,
) -> None:
    async with reading(folder) as desk:
        await desk.press("3", "G", "s", "j", "j", "s", "s", "G", "g", "h", "G", "u", "ctrl+r")
        await desk.press(*"ggjjjj", "U", "escape")
        assert desk.title == CIRCUITS


async def test_from_the_first_change_on_everything_is_undone(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("s", "g", "h", "G", "U")
        assert desk.says == "Undid 5 changes: 3 papers"
        assert desk.statuses() == {}
        assert not desk.paper_state(ANCHORS).starred
        assert len(desk.listed_rows) == 11
        await desk.press("escape", "u")
        assert desk.says == "Nothing to undo"
        await desk.press("g", "h", "U")
        assert desk.says == "Nothing to undo since then"
        await desk.press("ctrl+r")
        assert desk.statuses() == {ANCHORS: Status.READ, CIRCUITS: Status.DISMISSED}


async def test_what_was_set_otherwise_since_stays_and_is_said(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("d", "g", "h", "G", "u")
        assert "cannot be undone: its values have changed since" in desk.says
        assert desk.paper_state(ANCHORS).status is Status.DISMISSED


async def test_what_is_done_again_is_no_longer_dim(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "h", "j", "u")
        assert is_dim(desk, f"12:05  Dismissed: {CIRCUITS}")
        await desk.press("ctrl+r")
        assert desk.paper_state(CIRCUITS).status is Status.DISMISSED
        assert "Redid: dismissed" in desk.drawn_rows[1]


@pytest.mark.parametrize("key", ["enter", "l"])
async def test_the_papers_of_a_change_are_shown(folder: Path, key: str) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "h", "j", "j", key)
        assert desk.at_home
        assert desk.titles == [ANCHORS, BEAMS]
        assert desk.query.startswith("(id:")
        await desk.press("escape")
        assert desk.query == ""


async def test_an_import_has_the_papers_that_it_brought(folder: Path) -> None:
    with Library.open(folder, "desk", wait=0, now=Clock(NOW)) as library:
        library.add([SourceRecord("Lanterns at Night", "We count.", "page.txt", 1)])
        library.add([SourceRecord("Rivers at Night", "We swim.", "page.txt", 2)])
    async with reading(folder, size=(120, 35)) as desk:
        await desk.press("g", "h")
        assert desk.listing.query_one(AbstractPane).reading.key is not None
        assert "Enter open" in frame(desk.app)[-1]
        await desk.press("enter")
        assert desk.titles == ["Rivers at Night"]
        assert desk.query.startswith("import:")
        await desk.press("escape", "u")
        assert "Enter open" not in frame(desk.app)[-1]
        await desk.press("enter")
        assert desk.says == "This change has no papers"


async def test_papers_that_were_joined_are_those_of_the_change(folder: Path) -> None:
    with Library.open(folder, "desk", wait=0, now=Clock(NOW)) as library:
        library.change("join", [join_update(key_of(ANCHORS), key_of(BEAMS))])
    async with reading(folder) as desk:
        await desk.press("g", "h", "enter")
        assert len(desk.titles) == 1


async def test_a_change_of_no_paper_is_said_to_be_one(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "h")
        assert "Enter open" not in frame(desk.app)[-1]
        await desk.press("j")
        assert "Enter open" in frame(desk.app)[-1]
        await desk.press("k", "enter")
        assert desk.says == "This change has no papers"
        assert isinstance(desk.app.screen, TimelineScreen)


async def test_a_change_of_many_papers_shows_them_all(shipped_copy: Path) -> None:
    async with reading(shipped_copy) as desk:
        await desk.press("A", "enter", "g", "h", "enter")
        assert len(desk.titles) == 268


async def test_nothing_is_undone_where_nothing_can_be_changed(folder: Path) -> None:
    with Library.open(folder, "other", wait=0):
        async with reading(folder) as desk:
            await desk.press("g", "h")
            for key in ("u", "U", "ctrl+r"):
                await desk.press(key)
                assert desk.says.endswith(" uses this library. Close it and press gw."), key
            assert desk.drawn_rows == ROWS


async def test_where_the_disk_is_full_nothing_is_undone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "h", "G")
        with monkeypatch.context() as broken:
            broken.setattr("tui.storage.journal.os.fsync", no_space)
            await desk.press("U")
        assert "cannot be saved" in desk.says
        assert len(list(desk.library.state.undo_history.done())) == 4
        assert desk.drawn_rows == ROWS


async def test_an_export_is_no_row(folder: Path, tmp_path: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("E")
        await desk.answer(str(tmp_path / "out.md"))
        await desk.press("g", "h")
        assert desk.drawn_rows == ROWS


async def test_the_users_own_keys_hold_here_too(folder: Path) -> None:
    async with reading(folder, keys={"timeline.undo": "X"}) as desk:
        await desk.press("g", "h", "j", "u")
        assert desk.paper_state(CIRCUITS).status is Status.DISMISSED
        await desk.press("X")
        assert desk.paper_state(CIRCUITS).status is Status.UNREAD


async def test_a_key_of_the_screen_may_be_unbound(folder: Path) -> None:
    async with reading(folder, keys={"timeline.since": ""}) as desk:
        await desk.press("g", "h", "G", "U")
        assert desk.statuses() != {}


async def test_many_changes_are_walked_to_the_end(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press(*"s" * 60, "g", "h", "G")
        assert desk.listing.current_id.startswith("1@")
        assert desk.drawn_rows[-1] == ROWS[-1]
        await desk.press("ctrl+u", "pageup", "k")
        assert any("Starred" in row for row in desk.drawn_rows)
        await desk.press("g", "g")
        assert desk.drawn_rows[0] == "Thursday 15 January 2026"


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (120, 35), (250, 60)])
async def test_the_screen_is_drawn_at_every_size(folder: Path, size: tuple[int, int]) -> None:
    async with reading(folder, size=size) as desk:
        await desk.press("g", "h", "j")
        assert len(frame(desk.app)) == size[1]
        await desk.press("?", "escape", "escape")
        assert desk.at_home


async def test_the_palette_lists_what_this_screen_does(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "h", "j", "ctrl+p")
        offered = "\n".join(desk.offered)
        for key in bindings("timeline"):
            assert key.help in offered or key.id == "screen.palette"
        await desk.press(
            *("space" if char == " " else char for char in "this change alone"), "enter"
        )
        assert desk.paper_state(CIRCUITS).status is Status.UNREAD


async def test_a_title_is_shown_as_far_as_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "library"
    title = " ".join(["Lanterns on long rivers at night"] * 2)
    with Library.open(path, "desk", wait=0, now=Clock(NOW)) as library:
        library.add([SourceRecord(title, "We count them.", "page.txt", 1)])
        triage.mark(library, library.select(parse("")).keys(), Status.READ)
    async with reading(path, size=(99, 30)) as desk:
        await desk.press("g", "h")
        assert any(row.endswith(title) for row in desk.drawn_rows)
        await desk.resize(100, 15)
        row = desk.listed_rows[1]
        assert len(row.split("\n")) == 2
        assert " ".join(row.split()).endswith(title)
        pane = desk.listing.query_one(AbstractPane)
        assert pane.reading.item is not None
        assert pane.reading.item.paper.display_title == title


async def test_the_papers_of_a_change_stand_beside_the_changes(folder: Path) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        await desk.press("g", "h")
        papers = desk.listing.query_one(PaperList)
        pane = desk.listing.query_one(AbstractPane)
        assert len(papers.shown.results) == 0
        assert "Thursday 15 January 2026" not in desk.drawn_rows[0]
        await desk.press("j")
        assert (pane.display, pane.reading.key) == (True, key_of(CIRCUITS))
        await desk.press("j")
        assert pane.reading.key is None
        assert BEAMS in str(pane.reading.instead)
        assert papers.shown.results.keys() == [key_of(ANCHORS), key_of(BEAMS)]


async def test_a_removed_paper_is_shown_beside_its_removal(folder: Path) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        await desk.press("D", "g", "h")
        assert desk.listing.query_one(AbstractPane).reading.key == key_of(ANCHORS)


async def test_the_paper_of_an_undone_change_is_at_the_cursor(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("is:inbox")
        assert CIRCUITS not in desk.titles
        await desk.press("g", "h", "j", "u", "escape")
        assert CIRCUITS in desk.titles
        assert desk.title == CIRCUITS


async def test_it_is_listed_also_where_it_does_not_match(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show(DISTILLING)
        others = desk.titles
        assert ANCHORS not in others
        await desk.press("g", "h", "G", "u", "escape")
        assert desk.title == ANCHORS
        assert set(desk.titles) == {*others, ANCHORS}
        await desk.press("$")
        assert desk.titles == others


@pytest.mark.parametrize("keys", ["u", "gh", "gi", "glu"])
async def test_a_journal_that_cannot_be_read_is_named_and_nothing_ends(
    folder: Path, monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    async with reading(folder) as desk:
        with monkeypatch.context() as broken:
            fails = Mock(side_effect=OSError(errno.EIO, os.strerror(errno.EIO)))
            broken.setattr(segments, "open_regular", fails)
            await desk.press(*keys)
            assert "cannot be read: Input/output error" in "\n".join(frame(desk.app))
        await desk.press("escape", "g", "h")
        assert len(desk.listed_rows) > 4


async def test_one_divider_is_between_the_changes_and_the_one_paper_of_a_change(
    folder: Path,
) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "h", "j")
        pane = desk.listing.query_one(AbstractPane)
        assert pane.reading.key == key_of(CIRCUITS)
        assert sum(row.startswith("──") for row in frame(desk.app)) == 1
        await desk.press("j")  # of two papers, which stand between
        assert sum(row.startswith("──") for row in frame(desk.app)) == 2


async def test_the_papers_of_a_large_change_are_shown_and_none_is_selected(folder: Path) -> None:
    with Library.open(folder, "desk", wait=0, now=Clock(NOW)) as library:
        triage.tag(library, map(key_of, TITLES), ["all"])
    async with reading(folder) as desk:
        await desk.press("g", "h", "enter")
        assert set(desk.titles) == set(TITLES)
        assert "12 papers" in frame(desk.app)[0]
        await desk.press("j")
        listed, before = desk.titles, desk.statuses()
        expected = {**before, desk.title: Status.DISMISSED}
        await desk.press("d")
        assert desk.statuses() == expected != before
        await desk.press("$")
        assert desk.titles == listed
        await desk.find("is:selected retrieval")
        assert 0 < len(desk.titles) < len(TITLES)
        await desk.press("escape", "q")
    async with reading(folder) as desk:
        assert (desk.titles, desk.selected) == (listed, set())
        await desk.press("escape", "g", "a")
        await desk.show("is:selected")
        assert desk.titles == []
