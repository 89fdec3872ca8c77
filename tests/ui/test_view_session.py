"""The screen of the session: what was done, how fast, what is left, and the days before."""

import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.conftest import NOW
from tests.view_helpers import TITLES, TWELVE, Desk, frame, idle, key_of, paper, reading
from tui.actions import lists, sessions, triage
from tui.actions.bindings import bindings
from tui.config import Config
from tui.library import Library
from tui.model.state import Status
from tui.ui.screens.session import SessionScreen

ANCHORS, BEAMS, CIRCUITS, DISTILLING = TITLES[:4]

pytestmark = pytest.mark.usefixtures("zone", "away")


def clock(start: datetime, step: timedelta) -> Iterator[datetime]:
    """One moment after another."""
    return (start + n * step for n in count())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library that was worked on yesterday, and in the last minutes."""
    path = tmp_path / "library"
    moments = clock(NOW - timedelta(days=1), timedelta(seconds=20))
    now = {"clock": moments}
    with Library.open(path, "desk", wait=0, now=lambda: next(now["clock"])) as library:
        library.seed(TWELVE)
        triage.mark(library, [key_of(ANCHORS), key_of(BEAMS)], Status.READ)
        now["clock"] = clock(NOW - timedelta(minutes=4), timedelta(seconds=30))
        for title in TITLES[2:6]:
            triage.mark(library, [key_of(title)], Status.DISMISSED)
        triage.star(library, [key_of(TITLES[6])])
        lists.add(library, "thesis", [key_of(TITLES[7])])
        triage.mark(library, [key_of(TITLES[8])], Status.READ)
    return path


def rows(desk: Desk) -> list[str]:
    """Every row, blanks around it left out, empty ones too."""
    return [row.strip() for row in desk.listed_rows if row.strip()]


def facts(desk: Desk) -> dict[str, str]:
    """What stands after each label."""
    return {row[:14].strip(): row[14:] for row in desk.listed_rows if row[14:]}


async def test_the_screen_of_the_session_counts_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Mock(wraps=sessions.all_totals)
    monkeypatch.setattr(sessions, "all_totals", counted)
    async with reading(folder) as desk:
        await desk.press("g", "i")
        assert counted.call_count == 1
        await desk.resize(100, 30)
        assert desk.listed_rows


async def test_the_session_shows_what_was_done_how_fast_and_what_is_left(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "i")
        assert isinstance(desk.app.screen, SessionScreen)
        assert frame(desk.app)[0].strip() == "Session  3 left in the inbox; gu shows it"
        shown = facts(desk)
        assert shown["This session"] == (
            "7 papers decided in 3 minutes: 2 kept, 1 read, 4 dismissed"
        )
        assert shown["Pace"] == "2.0 papers a minute, decided one by one"
        assert shown["Remaining"] == "about 2 minutes for the inbox, at this pace"
        assert shown["Today"] == "7 papers"
        assert shown["Last 7 days"] == "9 papers"
        assert shown["Streak"] == "2 days"
        assert "This session" in frame(desk.app)[1]


async def test_what_is_left_is_said_of_an_inbox_that_has_papers_in_the_right_number(
    folder: Path,
) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "u", "d", "d", "g", "i")
        assert facts(desk)["Remaining"] == "about 1 minute for the inbox, at this pace"
        await desk.resize(120, 35)
        assert frame(desk.app)[2].split("  ")[4:6] == ["a minute", "minute left"]
        await desk.press("escape", "d", "g", "i")
        assert frame(desk.app)[0].strip() == "Session  0 left in the inbox; gu shows it"
        assert "minute left" not in frame(desk.app)[2]
        await desk.resize(80, 24)
        assert "Remaining" not in facts(desk)


async def test_a_year_of_days_and_the_unread_papers_are_drawn(folder: Path) -> None:
    async with reading(folder, size=(110, 60)) as desk:
        await desk.press("g", "i")
        lines = [row.rstrip() for row in frame(desk.app)]
        heat = next(n for n, row in enumerate(lines) if "Papers decided per day" in row)
        assert lines[heat + 2].startswith(" Mon ·")
        assert lines[heat + 5].endswith("█")
        assert lines[heat + 4][-1] in "░▒▓"
        line = next(n for n, row in enumerate(lines) if "Unread papers" in row)
        assert lines[line + 1].lstrip().startswith("10┤")
        assert lines[line + 9].split() == ["14", "Jan", "15", "Jan"]
        sittings = next(n for n, row in enumerate(lines) if row.strip() == "Sessions")
        assert lines[sittings + 1].strip().startswith("2026-01-15 11:56  7 papers decided")
        assert lines[sittings + 2].strip().startswith("2026-01-14 12:00  2 papers decided")


async def test_sessions_in_which_nothing_was_decided_are_not_listed(folder: Path) -> None:
    with Library.open(folder, "desk", wait=0, now=lambda: NOW - timedelta(hours=3)) as library:
        triage.tag(library, [key_of(ANCHORS)], ["nlp"])
    async with reading(folder, size=(110, 60)) as desk:
        await desk.press("g", "i")
        shown = [row for row in rows(desk) if row.startswith("2026-01-1")]
        assert [row[:10] for row in shown] == ["2026-01-15", "2026-01-14"]


async def test_a_wide_screen_has_a_strip_of_numbers_above_charts_and_sessions(
    folder: Path,
) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        await desk.press("g", "i")
        lines = [row.rstrip() for row in frame(desk.app)]
        numbers, labels = lines[1:3]
        assert numbers.split() == ["7", "2", "1", "4", "2.0", "2", "7", "9", "2"]
        assert [labels[place - 1 :].split("  ")[0].strip() for place in starts(numbers)] == [
            *("this session", "kept", "read", "dismissed", "a minute", "minutes left"),
            *("today", "last 7 days", "days in a row"),
        ]
        heat, head, monday, tuesday = lines[4:8]
        assert heat.split("  ")[0] == " Papers decided per day"
        assert heat.endswith("Sessions")
        assert head.endswith("all  kept  reading  read  dismissed  snoozed")
        assert monday.startswith(" Mon ·")
        assert monday.split("01-15 11:56")[1].split() == ["7", "2", "1", "4"]
        assert tuesday.split("01-14 12:00")[1].split() == ["2", "2"]
        assert "Unread papers" in lines[14]
        await desk.resize(119, 35)
        assert "This session" in frame(desk.app)[1]


async def test_a_wide_screen_lists_what_was_kept_before_below_what_was_decided(
    folder: Path,
) -> None:
    moments = clock(NOW + timedelta(days=1), timedelta(seconds=20))
    async with reading(folder, size=(200, 50), now=lambda: next(moments)) as desk:
        await desk.show(f"id:{key_of(TITLES[9])}")
        await desk.press("s", "g", "i")
        decided, kept = (
            desk.listed_rows.index(title)
            for title in ("Decided in this session", "Kept before, still to read")
        )
        assert desk.listed_rows[decided + 1].startswith(f"kept       {TITLES[9]} ")
        assert desk.listed_rows[kept + 1].startswith(f"unread     {TITLES[6]} ")
        assert desk.listed_rows[kept + 2].startswith(f"unread     {TITLES[7]}  in thesis ")
        assert len(desk.listed_rows) == kept + 3


async def test_a_decided_paper_has_its_whole_title_where_there_is_room(tmp_path: Path) -> None:
    title = "Reading Every Word of a Title That Is Nearly As Wide As the Row It Stands in Here"
    with Library.open(tmp_path, "desk", wait=0, now=lambda: NOW) as library:
        library.seed([paper(title, published=NOW.date(), authors=["Ann Lee"])])
    async with reading(tmp_path, size=(120, 35)) as desk:
        await desk.press("r", "g", "i")
        assert any(title in row for row in frame(desk.app))


async def test_a_title_is_cut_before_the_list_of_its_paper(tmp_path: Path) -> None:
    title = "Reading Every Word of a Title That Is Nearly As Wide As the Row It Stands in Here"
    with Library.open(tmp_path, "desk", wait=0, now=lambda: NOW) as library:
        library.seed([paper(title, published=NOW.date(), authors=["Ann Lee"]), *TWELVE[:1]])
    async with reading(tmp_path, size=(120, 35)) as desk:
        await desk.press("L", *"journal club", "enter", "d", "g", "i")
        rows = [row for row in frame(desk.app) if row.startswith((" kept ", " dismissed "))]
        long, short = sorted(rows, key=lambda row: title[:20] not in row)
        assert "…  in journal club  Ann Lee" in long
        assert len(long.rstrip()) == len(short.rstrip())


async def test_long_lines_go_on_below_themselves(folder: Path) -> None:
    async with reading(folder, size=(50, 60)) as desk:
        await desk.press("g", "i")
        first, second, third = desk.listed_rows[:3]
        assert first == "This session  7 papers decided in 3 minutes: 2"
        assert second == " " * 14 + "kept, 1 read, 4 dismissed"
        assert third.startswith("Pace")
        assert "2026-01-15 11:56  7 papers decided in 3 minutes:" in desk.listed_rows


def starts(row: str) -> list[int]:
    """Where each word of a row begins."""
    return [match.start() for match in re.finditer(r"\S+", row)]


async def test_with_ascii_alone_everything_is_drawn_too(folder: Path) -> None:
    async with reading(folder, size=(120, 60), settings=Config(view="", ascii=True)) as desk:
        await desk.press("g", "i")
        assert all(row.isascii() for row in rows(desk))
        assert any(row.startswith("Mon ..") for row in rows(desk))


async def test_what_does_not_fit_is_scrolled_to(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "i")
        assert not any("2026-01-14 12:00" in row for row in frame(desk.app))
        await desk.press("G")
        assert any("2026-01-14 12:00" in row for row in frame(desk.app))
        await desk.press("g", "g")
        assert "This session" in frame(desk.app)[1]
        await desk.press("j", "j")
        assert "Remaining" in frame(desk.app)[1]
        await desk.press("pageup", "k")
        assert "This session" in frame(desk.app)[1]


async def test_before_anything_was_decided_it_says_so(tmp_path: Path) -> None:
    async with reading(tmp_path / "new") as desk:
        await desk.press("g", "i")
        assert rows(desk) == ["This session  nothing decided yet: r, d or a on a paper"]
        for key in ("E", "y"):
            await desk.press(key)
            assert desk.says.startswith("Nothing decided yet")
        await desk.press("j", "k", "G", "space", "q")
        assert desk.at_home


async def test_what_is_decided_now_is_reported_at_once(tmp_path: Path) -> None:
    async with reading(tmp_path / "new") as desk:
        await desk.press("d", "r", "g", "i")
        assert facts(desk)["This session"] == "2 papers decided: 1 read, 1 dismissed"
        assert frame(desk.app)[0].strip() == "Session  10 left in the inbox; gu shows it"
        await desk.press("escape", "u", "u", "g", "i")
        assert facts(desk)["This session"].startswith("0 papers decided")


async def test_a_session_that_is_over_is_not_this_one(folder: Path) -> None:
    async with reading(folder, now=lambda: NOW + timedelta(minutes=40)) as desk:
        await desk.press("g", "i")
        assert facts(desk)["This session"].startswith("nothing decided yet")
        assert "Pace" not in facts(desk)
        assert facts(desk)["Today"] == "7 papers"


async def test_the_session_is_written_as_markdown(folder: Path, away: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "i", "E")
        path = away / "session-2026-01-15-1156.md"
        assert desk.typed == path.name
        await desk.press("enter")
        assert desk.says == f"Exported the session to {path}"
        text = path.read_text("utf-8")
        assert text.startswith("# Session of 2026-01-15 11:56\n")
        for heading in ("## Kept", "## Read", "## Dismissed"):
            assert heading in text
        assert CIRCUITS in text
        assert ANCHORS not in text
        assert isinstance(desk.app.screen, SessionScreen)


async def test_a_file_that_is_there_is_replaced_only_when_asked(folder: Path, away: Path) -> None:
    mine = away / "mine.md"
    mine.write_text("my own words\n", "utf-8")
    async with reading(folder) as desk:
        await desk.press("g", "i", "E")
        await desk.answer(str(mine))
        assert desk.remark == f"File exists: {mine}"
        await desk.press("enter")
        assert mine.read_text("utf-8") == "my own words\n"
        assert isinstance(desk.app.screen, SessionScreen)
        await desk.press("E")
        await desk.answer(str(mine))
        await desk.press("escape")
        assert mine.read_text("utf-8") == "my own words\n"
        await desk.press("E")
        await desk.answer(str(mine))
        await desk.press("down", "enter")
        assert mine.read_text("utf-8").startswith("# Session of")


@pytest.mark.parametrize("target", ["missing/out.md", "afile/out.md"])
async def test_a_place_that_cannot_be_written_is_said_and_asked_again(
    folder: Path, away: Path, target: str
) -> None:
    (away / "afile").write_text("x")
    async with reading(folder) as desk:
        await desk.press("g", "i", "E")
        await desk.answer(target)
        assert desk.remark
        assert desk.typed == target
        await desk.answer(str(away / "out.md"))
        assert (away / "out.md").is_file()


async def test_a_folder_takes_the_session_under_its_own_name(folder: Path, away: Path) -> None:
    (away / "notes").mkdir()
    async with reading(folder) as desk:
        await desk.press("g", "i", "E", "n", "tab", "enter")
        assert desk.says.endswith("notes/session-2026-01-15-1156.md")
        assert (away / "notes" / "session-2026-01-15-1156.md").is_file()


@pytest.mark.parametrize("target", ["out.bib", "out/", "~nobody-here/out.md"])
async def test_a_name_that_no_session_can_have_is_asked_again(
    folder: Path, away: Path, target: str
) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "i", "E")
        await desk.answer(target)
        assert desk.typed == target
        assert desk.remark
        assert list(away.iterdir()) == []


async def test_the_session_is_copied_as_markdown(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.ui.clipboard.copy", lambda text: True)
    async with reading(folder) as desk:
        await desk.press("g", "i", "y")
        assert desk.app.clipboard.startswith("# Session of 2026-01-15 11:56\n")
        assert desk.says == "Copied: session"


async def test_a_library_that_is_only_read_has_a_session_too(folder: Path) -> None:
    with Library.open(folder, "other", wait=0):
        async with reading(folder) as desk:
            await desk.press("g", "i")
            assert facts(desk)["Last 7 days"] == "9 papers"


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (120, 35), (250, 60)])
async def test_the_screen_is_drawn_at_every_size(folder: Path, size: tuple[int, int]) -> None:
    async with reading(folder, size=size) as desk:
        await desk.press("g", "i", "G")
        assert len(frame(desk.app)) == size[1]
        await desk.resize(80, 24)
        assert len(frame(desk.app)) == 24
        await desk.press("?", "escape", "escape")
        assert desk.at_home


async def test_palette_and_help_tell_of_this_screen(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "i", "ctrl+p")
        offered = "\n".join(desk.offered)
        for key in bindings("session"):
            assert key.help in offered


async def test_undo_from_here_is_said_and_reported(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "i", "u")
        assert desk.says.startswith("Undid: ")
        assert desk.paper_state(TITLES[8]).status is Status.UNREAD
        assert facts(desk)["Today"] == "6 papers"


async def test_redo_from_here_is_said_and_reported(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("u", "g", "i")
        assert facts(desk)["Today"] == "6 papers"
        await desk.press("ctrl+r")
        assert desk.paper_state(TITLES[8]).status is Status.READ
        assert facts(desk)["Today"] == "7 papers"


async def test_a_journal_that_is_read_when_the_screen_is_gone_is_of_no_use(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "i")
        screen = desk.listing
        await desk.press("escape")
        screen.show()
        await desk.settle()
        assert desk.at_home


async def test_a_journal_that_takes_long_to_read_shows_nothing_on_a_screen_that_is_closed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_closed = threading.Event()
    read = sessions.all_totals

    def read_late(library: Library) -> object:
        is_closed.wait(20)
        return read(library)

    monkeypatch.setattr("tui.ui.screens.session.TIMEOUT", 0.0)
    async with reading(folder) as desk:
        await desk.press("g", "i")
        screen = desk.listing
        assert isinstance(screen, SessionScreen)
        await screen.query("*").remove()  # as when it is closed, a moment before it is gone
        monkeypatch.setattr(sessions, "all_totals", read_late)
        screen.show()
        await idle()
        is_closed.set()
        await desk.settle()
        assert desk.app.is_running
        desk.app.pop_screen()
