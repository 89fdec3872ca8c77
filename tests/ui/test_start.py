"""What is typed before the papers are there: nothing of it is lost, and none of it acts early."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final
from unittest.mock import patch

import pytest

from tests.conftest import NOW
from tests.view_helpers import TITLES, TWELVE, Desk, key_event, reading
from tui.actions.command_line import parse as parse_line
from tui.actions.registry import Where
from tui.config import Config, session_path
from tui.library import Library
from tui.model.state import Status
from tui.query.parser import parse
from tui.search import Index
from tui.workspace import Workspace

UNREAD = Config(view="is:unread")


@asynccontextmanager
async def starting(
    folder: Path, *, settings: Config = UNREAD
) -> AsyncIterator[tuple[Desk, Callable[[], None]]]:
    """The app before it has opened its library, and what lets it."""
    opening = threading.Event()
    try:
        async with reading(
            folder, settings=settings, wait=False, before_opening=lambda: opening.wait(20)
        ) as desk:
            await desk.pilot.pause()
            yield desk, opening.set
    finally:
        opening.set()


async def opened(desk: Desk, let: Callable[[], None]) -> None:
    """Lets the library be opened, and waits for it to be on screen."""
    let()
    async with asyncio.timeout(60):
        while desk.app.workers:
            await desk.settle()
    await desk.settle()


async def ended(desk: Desk) -> None:
    """Waits for the app to be about to end."""
    async with asyncio.timeout(60):
        while desk.app.return_code is None:
            await asyncio.sleep(0.01)


async def test_keys_typed_ahead_act_in_order_on_the_papers(folder: Path) -> None:
    async with starting(folder) as (desk, let):
        for name in ("r", "d", "/", *"up:>2", "enter", "j", "s"):
            desk.app.post_message(key_event(name))
        await desk.pilot.pause()
        assert desk.app.main.workspace is None
        await opened(desk, let)
        assert desk.query == "is:unread up:>2"
        assert desk.statuses() == {TITLES[0]: Status.READ, TITLES[1]: Status.DISMISSED}
        starred = [item.paper.title for item in desk.library.items() if item.state.starred]
        assert starred == [TITLES[4]]


@pytest.mark.parametrize(
    "query",
    ["like:beams", "-retrieval", "pirates OR like:beams", "abstract:/vessel/", "is:unread"],
)
async def test_a_query_at_the_start_finds_what_it_finds_later(folder: Path, query: str) -> None:
    async with reading(folder, settings=Config(view=query)) as desk:
        at_start = desk.titles
        assert at_start
        assert at_start == [item.paper.title for item in desk.library.select(parse(query))]


async def test_a_q_that_is_part_of_what_is_typed_does_not_leave(folder: Path) -> None:
    async with starting(folder) as (desk, let):
        for name in ("/", "q", "u"):
            desk.app.post_message(key_event(name))
        await opened(desk, let)
        assert desk.app.return_code is None
        assert desk.filter_line.text == "is:unread qu"


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
async def test_the_keys_to_leave_leave_at_once(folder: Path, key: str) -> None:
    async with starting(folder) as (desk, let):
        desk.app.post_message(key_event(key))
        await ended(desk)
        assert desk.app.main.workspace is None
        let()
    assert not session_path(folder).exists(), "there was no place to go on from"
    async with reading(folder) as desk:
        assert not desk.library.read_only_reason, "the library is free again"


async def test_a_q_of_the_users_own_does_what_it_says(folder: Path) -> None:
    settings = Config(view="is:unread", keys={"mark.read": "q", "quit": "Q"})
    async with starting(folder, settings=settings) as (desk, let):
        desk.app.post_message(key_event("q"))
        await opened(desk, let)
        assert desk.statuses() == {TITLES[0]: Status.READ}
    async with starting(folder, settings=settings) as (desk, let):
        desk.app.post_message(key_event("Q"))
        await ended(desk)
        let()


async def test_a_key_to_leave_after_others_leaves_once_they_have_acted(folder: Path) -> None:
    async with starting(folder) as (desk, let):
        desk.app.post_message(key_event("r"))
        desk.app.post_message(key_event("q"))
        let()
        await ended(desk)
    async with reading(folder) as desk:
        assert desk.statuses() == {TITLES[0]: Status.READ}


async def test_words_that_are_loaded_late_take_no_decided_paper_from_the_list(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:unread retrieval")) as desk:
        titles = desk.titles
        await desk.press("r")
        desk.app.main.searches.use_words()
        await desk.settle()
        assert desk.titles == titles
        await desk.press("$")
        assert desk.titles == titles[1:]


async def test_words_that_are_loaded_late_add_what_they_find_once_a_paper_is_decided(
    folder: Path,
) -> None:
    loaded = threading.Event()
    load = Index.load_words

    def load_late(index: Index) -> None:
        loaded.wait(20)
        load(index)

    with patch.object(Index, "load_words", load_late):
        async with reading(folder, settings=Config(view="is:unread retrieval"), wait=False) as desk:
            await desk.until(lambda: len(desk.titles) == 1)
            desk.app.post_message(key_event("r"))
            await desk.until(lambda: bool(desk.statuses()))
            loaded.set()
            await desk.settle()
            assert desk.titles == [TITLES[0], TITLES[1], TITLES[8]]


QUERIES: Final = (
    *("retrieval", "like:beams", "abs:/ve.s/", "/att.*n/", "abs:retr*al", "date:>2025-12-20"),
    *("is:unread", "-is:unread retrieval", "is:selected", "is:lookalike", "list:thesis", "tag:nlp"),
    *("sort:title", "retrieval sort:-up,title limit:2", "note:later", "has:note OR vessels"),
)
SOME_QUERIES: Final = (
    "like:beams",
    "is:selected",
    "retrieval sort:-up,title limit:2",
    "note:later",
)
"""One of each kind for the app; ``tests/torture/places.py`` tries it at random, too."""


DECISIONS: Final = (
    ("mark read", (0, 1)),
    ("choose-list thesis", (2, 3)),
    ("tag +nlp", (4,)),
    ("note later", (3,)),
)
"""Command lines, and the rows for which they are run."""


@contextmanager
def session(folder: Path) -> Iterator[Workspace]:
    """A session without a screen; the words are loaded once it shows something, as in the app."""
    with Library.open(folder, "desk", wait=0, now=lambda: NOW) as library:
        if not len(library):
            library.seed(TWELVE)
        workspace = Workspace(library, Config(view=""), "", resume=True)
        library.search.load_words()
        workspace.listing.complete()
        library.search.load_lookalikes()
        workspace.listing.complete(lookalikes=True)
        yield workspace
        library.save_place(workspace.listing.place())


def place_of(workspace: Workspace) -> tuple[list[str], str | None, str, str | None]:
    """The papers that are listed, the one at the cursor, the query, and the current list."""
    return (
        workspace.listing.results.keys(),
        workspace.listing.key,
        workspace.listing.query.text,
        workspace.listing.current_list,
    )


@pytest.mark.parametrize("query", QUERIES)
def test_what_one_left_is_what_one_finds(folder: Path, query: str) -> None:
    with session(folder) as workspace:
        keys = workspace.listing.results.keys()
        for line, targets in DECISIONS:
            workspace.listing.select(keys[row] for row in targets)
            workspace.perform(*parse_line(line, Where.APP))
        workspace.listing.select(keys[2:4])
        workspace.listing.accept(query, workspace.listing.bookmark())
        workspace.listing.move(1)
        place, selected = place_of(workspace), workspace.listing.selected
        assert workspace.listing.results or query == "is:lookalike"
    with session(folder) as workspace:
        assert place_of(workspace) == place
        assert workspace.listing.selected == (selected if query == "is:selected" else set())


@pytest.mark.parametrize("way", ["typed", "view"])
@pytest.mark.parametrize("query", SOME_QUERIES)
async def test_the_app_finds_what_was_left_in_it(folder: Path, way: str, query: str) -> None:
    async with reading(folder) as desk:
        await desk.press("r", "r", "x", "x", "L", *"thesis", "enter")
        await desk.press(*"tnlp", "enter", "k", "e", *"later", "enter", "k", "x", "x")
        await desk.show(query)
        if way == "view":
            await desk.press("F", *"mine", "enter")
            if query != "is:selected":  # which another query lets go of
                await desk.press("g", "a", "g", "1")
        await desk.press("j")
        place = desk.titles, desk.title, desk.query, desk.current_list, desk.selected
        assert desk.titles
        await desk.press("q")
    async with reading(folder) as desk:
        assert (desk.titles, desk.title, desk.query, desk.current_list) == place[:4]
        assert desk.selected == (place[4] if query == "is:selected" else set())
    if way == "typed":
        session_path(folder).unlink()
        async with reading(folder, settings=Config(view=query)) as desk:  # the configured view
            assert desk.titles == ([] if query == "is:selected" else place[0])
