"""The glimpse: what is on screen before anything is loaded, and what it must never show."""

import asyncio
import json
import os
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.view_helpers import CHROME_FREE, TITLES, Desk, Size, frame, key_event, key_of, reading
from tui.actions import triage
from tui.config import Config, cache_path, config_path, session_path
from tui.library import Library
from tui.model.paper import Paper
from tui.model.state import Status
from tui.ui.first_frame import GlimpseScreen, Keeper

SIZES = ((80, 24), (120, 35))
UNREAD = Config(view="is:unread")


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Machines that run tests are busy."""
    monkeypatch.setattr("tui.ui.app.PATIENCE", 30.0)


async def leave(desk: Desk, *keys: str) -> None:
    """Presses keys, and then the one to leave; returns when the app is about to end."""
    await desk.press(*keys)
    desk.app.post_message(key_event("q"))
    async with asyncio.timeout(10):
        while desk.app.return_code is None:
            await asyncio.sleep(0.01)


async def left(
    folder: Path,
    *keys: str,
    size: Size = (80, 24),
    settings: Config = UNREAD,
    papers: Sequence[Paper] | None = None,
) -> bool:
    """Reads for a while and leaves; whether a glimpse was kept."""
    keeper = Keeper(folder, settings)
    given: dict[str, Any] = {} if papers is None else {"papers": papers}
    async with reading(folder, size=size, settings=settings, keeper=keeper, **given) as desk:
        await leave(desk, *keys)
    return keeper.load() is not None


@asynccontextmanager
async def starting(
    folder: Path, *, size: Size = (80, 24), settings: Config = UNREAD, resume: bool = True
) -> AsyncIterator[tuple[Desk, Callable[[], None]]]:
    """The app before it has opened its library, and what lets it."""
    opening = threading.Event()
    keeper = Keeper(folder, settings)
    try:
        async with reading(
            folder,
            size=size,
            settings=settings,
            keeper=keeper,
            resume=resume,
            wait=False,
            before_opening=lambda: opening.wait(20),
        ) as desk:
            await desk.pilot.pause()
            yield desk, opening.set
    finally:
        opening.set()


async def opened(desk: Desk, let: Callable[[], None]) -> None:
    """Lets the library be opened, and waits for it to be on screen."""
    let()
    async with asyncio.timeout(20):
        while desk.app.main is None or desk.app.workers or desk.app.screen is not desk.app.main:
            await desk.settle()
    await desk.settle()


def is_glimpsed(desk: Desk) -> bool:
    return isinstance(desk.app.screen, GlimpseScreen)


SESSIONS = {
    "at once": [],
    "further down": ["j"] * 7,
    "decided": ["r", "d", "s", "j", "i"],
    "listed and tagged": ["L", *"thesis", "enter", "t", *"rl", "enter", "k"],
    "taken back": ["d", "d", "u"],
    "another query": ["/", *"up:>3", "enter", "j"],
    "nothing found": ["/", *"up:>300", "enter"],
    "all papers": ["A", "G"],
    "selected": ["x", "x"],
    "one line a paper": ["v"],
    "another split": ["]", "]"],
    "a message": ["n", "escape", "g", "z"],
    "other colours": ["g", "c", *"nord", "enter"],
}


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("keys", SESSIONS.values(), ids=SESSIONS)
async def test_the_frame_that_is_kept_is_the_one_that_the_next_start_draws(
    folder: Path, size: Size, keys: list[str]
) -> None:
    assert await left(folder, *keys, size=size)
    async with starting(folder, size=size) as (desk, let):
        assert is_glimpsed(desk)
        glimpsed = frame(desk.app)
        await opened(desk, let)
        assert not desk.says
        assert frame(desk.app) == glimpsed


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_long_list_is_kept_where_the_cursor_is(
    folder: Path, size: Size, corpus: tuple[Paper, ...]
) -> None:
    keys = ["ctrl+d"] * 6 + ["j", "r", "d", "j"]
    assert await left(folder, *keys, size=size, papers=corpus)
    async with starting(folder, size=size) as (desk, let):
        glimpsed = frame(desk.app)
        await opened(desk, let)
        assert frame(desk.app) == glimpsed
        assert desk.papers.cursor > 10


async def test_a_second_start_has_the_glimpse_too(folder: Path) -> None:
    await left(folder, "j")
    assert await left(folder)
    async with starting(folder) as (desk, let):
        assert is_glimpsed(desk)
        await opened(desk, let)


async def test_keys_typed_ahead_act_in_order_on_the_papers(folder: Path) -> None:
    await left(folder)
    async with starting(folder) as (desk, let):
        for name in ("r", "d", "/", *"up:>2", "enter", "j", "s"):
            desk.app.post_message(key_event(name))
        await desk.pilot.pause()
        assert is_glimpsed(desk)
        await opened(desk, let)
        assert desk.query == "is:unread up:>2"
        assert desk.statuses() == {TITLES[0]: Status.READ, TITLES[1]: Status.DISMISSED}
        starred = [e.paper.title for e in desk.library.items() if e.state.starred]
        assert starred == [TITLES[4]]


async def test_a_q_that_is_part_of_what_is_typed_does_not_leave(folder: Path) -> None:
    await left(folder)
    async with starting(folder) as (desk, let):
        for name in ("/", "q", "u"):
            desk.app.post_message(key_event(name))
        await opened(desk, let)
        assert desk.app.return_code is None
        assert desk.filter_line.value == "is:unread qu"


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
async def test_the_keys_to_leave_leave_at_once(folder: Path, key: str) -> None:
    await left(folder)
    async with starting(folder) as (desk, let):
        desk.app.post_message(key_event(key))
        async with asyncio.timeout(5):
            while desk.app.return_code is None:
                await asyncio.sleep(0.01)
        assert desk.app.main is None
        let()
    assert Keeper(folder, UNREAD).load() is not None
    assert await left(folder), "the library is free again"


async def test_a_q_of_the_readers_own_does_what_it_says(folder: Path) -> None:
    settings = Config(view="is:unread", keys={"mark.read": "q", "quit": "Q"})
    async with reading(folder, settings=settings, keeper=Keeper(folder, settings)) as desk:
        desk.app.post_message(key_event("Q"))
        async with asyncio.timeout(10):
            while desk.app.return_code is None:
                await asyncio.sleep(0.01)
    async with starting(folder, settings=settings) as (desk, let):
        assert is_glimpsed(desk)
        desk.app.post_message(key_event("q"))
        await opened(desk, let)
        assert desk.statuses() == {TITLES[0]: Status.READ}


# When it is not shown


async def test_the_first_start_has_none(folder: Path) -> None:
    async with starting(folder) as (desk, let):
        assert not is_glimpsed(desk)
        let()
        await desk.settle()


async def test_a_query_that_is_asked_for_has_none(folder: Path) -> None:
    await left(folder)
    async with starting(folder, resume=False) as (desk, let):
        assert not is_glimpsed(desk)
        let()
        await desk.settle()


async def test_a_terminal_of_another_size_has_none(folder: Path) -> None:
    await left(folder, size=(80, 24))
    async with starting(folder, size=(81, 24)) as (desk, let):
        assert not is_glimpsed(desk)
        let()
        await desk.settle()
        assert desk.titles


def _decide(folder: Path) -> None:
    with Library.open(folder, "other", wait=0) as library:
        triage.mark(library, [key_of(TITLES[3])], Status.READ)


def _touch(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(path.read_bytes() if path.exists() else b"")
    os.utime(path, ns=(1, 1))


CHANGES: dict[str, Callable[[Path, pytest.MonkeyPatch], object]] = {
    "a decision": lambda folder, _: _decide(folder),
    "other papers": lambda folder, _: _touch(folder / "papers.json"),
    "another snapshot": lambda folder, _: _touch(folder / "triage.json"),
    "a journal that was synced": lambda folder, _: _touch(folder / "journal" / "far.jsonl"),
    "another session": lambda folder, _: _touch(session_path(folder)),
    "another configuration": lambda folder, _: _touch(config_path()),
    "another day": lambda _, patch: patch.setattr("tui.ui.first_frame.date", Tomorrow),
    "another version": lambda _, patch: patch.setattr("tui.ui.first_frame.__version__", "9"),
    "no colours": lambda _, patch: patch.setenv("NO_COLOR", "1"),
    "no library": lambda folder, _: (folder / "papers.json").unlink(),
}


class Tomorrow:
    """A calendar that is ahead."""

    @staticmethod
    def today() -> Any:
        from datetime import date, timedelta

        return date.today() + timedelta(days=1)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_what_has_changed_is_not_glimpsed(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path, pytest.MonkeyPatch], object],
) -> None:
    await left(folder, "r")
    keeper = Keeper(folder, UNREAD)
    assert keeper.load() is not None
    change(folder, monkeypatch)
    assert keeper.load() is None


async def test_other_settings_and_other_libraries_have_none(folder: Path, tmp_path: Path) -> None:
    await left(folder)
    assert Keeper(folder, Config(view="is:unread", ascii=True)).load() is None
    assert Keeper(folder, Config(view="is:unread", theme="papers-light")).load() is None
    assert Keeper(tmp_path / "elsewhere", UNREAD).load() is None


# When none is kept


async def test_what_a_start_would_show_in_two_steps_is_not_kept(folder: Path) -> None:
    assert not await left(folder, "/", *"retrieval", "enter")


async def test_a_library_that_is_only_read_keeps_none(folder: Path) -> None:
    await left(folder)
    cache_path(folder).joinpath("glimpse.json").unlink()
    with Library.open(folder, "other", wait=0):
        assert not await left(folder)


async def test_a_complaint_is_shown_and_not_kept(folder: Path) -> None:
    assert not await left(folder, settings=Config(view="", theme="no-such"))


async def test_what_others_write_while_it_is_left_is_not_passed_over(folder: Path) -> None:
    keeper = Keeper(folder, UNREAD)
    stamp = keeper.stamp

    def late() -> dict[str, Any]:
        told = stamp()
        journal = folder / "journal" / "far.jsonl"
        journal.parent.mkdir(exist_ok=True)
        with journal.open("ab") as file:
            file.write(b"\n")
        return told

    keeper.stamp = late  # type: ignore[method-assign]
    async with reading(folder, settings=UNREAD, keeper=keeper) as desk:
        await leave(desk, "r")
    assert Keeper(folder, UNREAD).load() is None


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
async def test_a_cache_that_cannot_be_written_keeps_nobody_from_leaving(
    folder: Path, home: Path
) -> None:
    (home / "cache").mkdir(mode=0o500)
    assert not await left(folder)


async def test_a_file_in_the_place_of_the_cache_keeps_nobody_from_leaving(
    folder: Path, home: Path
) -> None:
    (home / "cache").write_text("mine")
    assert not await left(folder)
    assert (home / "cache").read_text() == "mine"


async def test_it_is_its_owners_alone(folder: Path) -> None:
    await left(folder)
    assert Keeper(folder, UNREAD).path.stat().st_mode & 0o777 == 0o600


# A file that is damaged, or made by somebody else


def _put(place: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda record: record.__setitem__(place, value)


def _first_text(text: object) -> Callable[[dict[str, Any]], object]:
    return lambda record: record["rows"][3][0].__setitem__(0, text)


DAMAGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "an escape": _first_text("\x1b]0;owned\x07"),
    "a direction": _first_text("\u202eabc"),
    "a line break": _first_text("a\nb"),
    "a longer row": _first_text("a" * 300),
    "no text": _first_text(3),
    "a negative style": lambda record: record["rows"][3][0].__setitem__(1, "x"),
    "a style too many": lambda record: record["rows"][3][0].__setitem__(1, 10_000),
    "no rows": _put("rows", []),
    "rows of nothing": _put("rows", None),
    "too many rows": lambda record: record["rows"].extend(record["rows"]),
    "no size": _put("size", None),
    "a size of words": _put("size", ["80", "24"]),
    "an endless size": _put("size", [10**9, 24]),
    "a colour that is code": _put("styles", [["", "#00000\x1b", None]] * 50),
    "a colour that is none": _put("styles", [["", 7, None]] * 50),
    "a style that is a link": _put("styles", [["link http://a.org", None]] * 50),
    "another stamp": _put("stamp", {}),
    "no stamp": lambda record: record.pop("stamp"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
async def test_what_is_odd_is_not_shown(
    folder: Path, damage: Callable[[dict[str, Any]], object]
) -> None:
    await left(folder)
    keeper = Keeper(folder, UNREAD)
    record = json.loads(keeper.path.read_text())
    damage(record)
    keeper.path.write_text(json.dumps(record))
    assert keeper.load() is None


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"null", b"7", b"\xff", b"[" * 100_000, b" " * 3_000_000]
)
async def test_a_file_that_is_none_of_ours_is_passed_over(folder: Path, data: bytes) -> None:
    await left(folder)
    keeper = Keeper(folder, UNREAD)
    keeper.path.write_bytes(data)
    async with starting(folder) as (desk, let):
        assert not is_glimpsed(desk)
        let()
        await desk.settle()
        assert desk.titles


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
async def test_a_pipe_in_its_place_holds_nobody_up(folder: Path) -> None:
    await left(folder)
    keeper = Keeper(folder, UNREAD)
    keeper.path.unlink()
    os.mkfifo(keeper.path)
    assert keeper.load() is None


async def test_nothing_is_kept_without_a_keeper(folder: Path) -> None:
    async with reading(folder, settings=CHROME_FREE) as desk:
        await leave(desk)
    assert not Keeper(folder, CHROME_FREE).path.exists()
