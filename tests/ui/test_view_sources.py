"""The screen of sources, and fetching beside the screen, from a server of this machine."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from tests.sources.site import ARXIV, HF, Asked, Reply, Site, serving
from tests.view_helpers import TITLES, Desk, frame, key_event, reading
from tui.actions import sources
from tui.config import Config
from tui.model.state import Status
from tui.ui.screens.sources import SourcesScreen
from tui.ui.widgets.paper_list import PaperList

pytestmark = pytest.mark.usefixtures("zone", "no_fsync")


@pytest.fixture
def site() -> Iterator[Site]:
    """A server that stands for Daily Papers."""
    with serving() as site:
        site.on("/api/daily_papers", HF)
        yield site


@pytest.fixture
def settings(site: Site) -> Config:
    return Config(view="", sources={"hf": site.url})


class Gate:
    """An answer that waits until it may go."""

    def __init__(self) -> None:
        self.is_asked, self.may_go = Event(), Event()

    def __call__(self, request: Asked) -> Reply:
        self.is_asked.set()
        assert self.may_go.wait(20)
        return Reply(HF)


async def open_sources(desk: Desk, *specs: str) -> None:
    for spec in specs:
        sources.add(desk.library, spec)
    await desk.press("g", "S")
    assert isinstance(desk.app.screen, SourcesScreen)


async def test_a_key_fetches_all_sources_and_shows_what_is_new(
    folder: Path, settings: Config
) -> None:
    async with reading(folder, settings=settings) as desk:
        await desk.press("R")
        assert desk.says == "No sources yet. gS adds one."
        sources.add(desk.library, "hf:daily")
        await desk.press("R")
        await desk.settle()
        assert desk.says == "Fetched: 4 new papers from hf:daily"
        assert len(desk.titles) == 4
        assert frame(desk.app)[0].startswith(" Import: hf:daily")
        await desk.press("R")
        await desk.settle()
        assert desk.says == "Nothing new"
        await desk.press("u")
        assert desk.says.startswith("Nothing changed; u again undoes")
        await desk.press("u")
        await desk.settle()
        assert desk.titles == list(TITLES)


async def test_who_goes_on_meanwhile_is_not_led_away(
    folder: Path, site: Site, settings: Config
) -> None:
    gate = Gate()
    site.on("/api/daily_papers", gate)
    async with reading(folder, settings=settings) as desk:
        sources.add(desk.library, "hf:daily")
        desk.app.post_message(key_event("R"))
        await desk.until(lambda: gate.is_asked.is_set() and not desk.workspace.is_busy)
        desk.app.post_message(key_event("r"))
        await desk.until(lambda: desk.statuses() == {TITLES[0]: Status.READ})
        gate.may_go.set()
        await desk.settle()
        assert desk.says == "Fetched: 4 new papers from hf:daily"
        assert desk.query == ""
        assert len(desk.titles) == len(TITLES) + 4


async def test_the_same_key_stops_it(folder: Path, site: Site, settings: Config) -> None:
    site.on("/api/daily_papers", site.hang())
    async with reading(folder, settings=settings) as desk:
        sources.add(desk.library, "hf:daily")
        sources.add(desk.library, "hf:trending")
        desk.app.post_message(key_event("R"))
        await desk.until(lambda: bool(site.asked) and not desk.workspace.is_busy)
        sources.remove(desk.library, "hf:trending")
        await desk.press("R")
        await desk.settle()
        assert desk.says == "Stopped"
        assert desk.titles == list(TITLES)
        assert len(site.asked) == 1
        assert sources.past(desk.library) == {}


async def test_leaving_the_app_ends_it(folder: Path, site: Site, settings: Config) -> None:
    site.on("/api/daily_papers", site.hang())
    async with reading(folder, settings=settings) as desk:
        sources.add(desk.library, "hf:daily")
        desk.app.post_message(key_event("R"))
        await desk.until(lambda: bool(site.asked) and not desk.workspace.is_busy)
        await desk.press("q")
    assert not desk.app.is_running


async def test_sources_are_added_renamed_and_removed_by_key(folder: Path, settings: Config) -> None:
    async with reading(folder, settings=settings) as desk:
        await open_sources(desk)
        assert desk.listed_rows == [
            "No sources yet. a adds one: hf:daily, arxiv:cs.CL, feed:https://…",
            "R then brings its new papers.",
        ]
        assert "remove" not in frame(desk.app)[-1]
        await desk.press("a", *"hf:w", "tab")
        assert desk.typed == "hf:weekly "
        await desk.press("escape", "a")
        await desk.answer("hf:dayly")
        assert desk.refusal.startswith("Not a source: hf:dayly. Try hf:daily, hf:trending")
        assert desk.typed == "hf:dayly"
        await desk.answer("hf:daily")
        assert desk.says == "Added source hf:daily"
        await desk.press("a")
        await desk.answer("arxiv:cs.CL")
        assert desk.listed_rows == ["arxiv:cs.CL  never fetched", "hf:daily     never fetched"]
        assert desk.listing.current_id == "arxiv:cs.CL"
        await desk.press("c")
        await desk.answer("Language")
        assert desk.says == "Renamed source arxiv:cs.CL to Language"
        await desk.press("d")
        assert desk.says == "Removed source Language"
        assert desk.listed_rows == ["hf:daily  never fetched"]
        await desk.press("u")
        assert desk.listed_rows == ["hf:daily  never fetched", "Language  never fetched"]


async def test_a_source_is_fetched_from_its_row(folder: Path, site: Site, settings: Config) -> None:
    async with reading(folder, settings=settings, size=(120, 35)) as desk:
        await open_sources(desk, "hf:daily", "hf:trending")
        await desk.press("f")
        await desk.settle()
        assert desk.says == "Fetched: 4 new papers from hf:daily"
        assert desk.listed_rows[0] == "hf:daily     4 new"
        assert "2026-01-15 12:00  4 new" in frame(desk.app)[2]
        assert desk.listed_rows[1].endswith("never fetched")
        papers = desk.listing.query_one(PaperList)
        assert len(papers.shown.results) == 4
        site.on("/api/daily_papers", Reply(b"", 500))
        await desk.press("R")
        await desk.settle()
        assert desk.says.startswith("hf:daily, hf:trending: 127.0.0.1 answers 500")
        assert frame(desk.app)[0].strip() == "Sources  2 sources, 2 failed"
        await desk.press("enter")
        assert desk.query == 'source:"hf:daily"'
        assert frame(desk.app)[0].startswith(" Source: hf:daily")
        assert len(desk.titles) == 4


@pytest.mark.parametrize("width", [80, 40])
async def test_that_a_source_failed_is_said_however_little_room_there_is(
    folder: Path, settings: Config, width: int
) -> None:
    async with reading(folder, settings=settings, size=(width, 24)) as desk:
        for spec in ("hf:daily", "command:not-allowed"):
            sources.add(desk.library, spec)
        await desk.press("R")
        await desk.settle()
        failed = "1 source failed (gS says why)"
        assert desk.says == f"Fetched: 4 new papers from hf:daily; {failed}"
        assert frame(desk.app)[-1].split("  ")[0].strip() == (desk.says if width > 60 else failed)


async def test_a_fetch_goes_on_when_the_screen_is_left(
    folder: Path, site: Site, settings: Config
) -> None:
    gate = Gate()
    site.on("/api/daily_papers", gate)
    async with reading(folder, settings=settings) as desk:
        await open_sources(desk, "hf:daily")
        desk.app.post_message(key_event("f"))
        await desk.until(lambda: gate.is_asked.is_set() and not desk.workspace.is_busy)
        desk.app.post_message(key_event("escape"))
        await desk.until(lambda: desk.at_home)
        gate.may_go.set()
        await desk.settle()
        assert desk.says == "Fetched: 4 new papers from hf:daily"
        assert not desk.workspace.is_busy
        await desk.until(lambda: len(desk.titles) == len(TITLES) + 4)


async def test_a_key_adds_a_paper_by_its_name(folder: Path, site: Site) -> None:
    site.on("/api/query", ARXIV)
    settings = Config(view="", sources={"arxiv": site.url})
    async with reading(folder, settings=settings) as desk:
        await desk.press("+")
        await desk.answer("arXiv:2202.12139")
        await desk.settle()
        assert desk.says.startswith("Added: Testing Deep Learning Models")
        assert len(desk.titles) == 1
        await desk.press("O")
        assert [row.split()[-1] for row in desk.offered] == ["abstract", "PDF"]


async def test_the_undo_of_an_added_paper_goes_back_to_where_it_was_added(
    folder: Path, site: Site
) -> None:
    site.on("/api/query", ARXIV)
    settings = Config(view="", sources={"arxiv": site.url})
    async with reading(folder, settings=settings) as desk:
        await desk.press("j", "j", "+")
        await desk.answer("arXiv:2202.12139")
        await desk.settle()
        await desk.press("u")
        assert (desk.query, desk.title, len(desk.titles)) == ("", TITLES[2], len(TITLES))
        assert desk.says.startswith("Undid: ")
        await desk.press("ctrl+r")
        assert desk.says.startswith("Redid")
        assert len(desk.library) == len(TITLES) + 1


async def test_papers_that_are_added_at_once_are_listed_counted_and_undone_at_once(
    folder: Path, site: Site
) -> None:
    site.on("/api/query", ARXIV)
    settings = Config(view="", sources={"arxiv": site.url})
    async with reading(folder, settings=settings) as desk:
        for name in ("2202.12139 2202.99999", "2202.12139 2202.88888 2202.88888v2"):
            await desk.press("j", "+")
            await desk.answer(name)
            await desk.settle()
        assert desk.at_home
        assert desk.titles == ["arXiv:2202.88888"]
        hint = ":fetch --fill gets the details of 1"
        assert desk.says == f"Added 1 paper, 1 was already here; {hint}"
        await desk.press("+")
        await desk.answer("2202.12139 2202.88888")
        await desk.settle()
        assert desk.says == f"No new papers, 2 were already here; {hint}"
        assert len(desk.titles) == 2
        await desk.press("escape", "u", "u")  # of which one names what it would undo
        assert len(desk.titles) == 2
        await desk.press("u")
        assert (desk.query, desk.title, len(desk.titles)) == ("", TITLES[1], len(TITLES))


async def test_an_identifier_in_the_filter_is_added_by_one_key(folder: Path, site: Site) -> None:
    site.on("/api/query", ARXIV)
    settings = Config(view="", sources={"arxiv": site.url})
    async with reading(folder, settings=settings) as desk:
        await desk.press("/")
        desk.filter_line.text = "https://huggingface.co/papers/2202.12139"
        await desk.press("enter")
        await desk.settle()
        assert desk.says.startswith("Added: Testing Deep Learning Models")
        assert len(desk.titles) == 1
        await desk.press("/", *"2202.99999", "enter")
        await desk.settle()
        assert desk.titles == ["arXiv:2202.99999"]
        assert desk.says == "Not found: added by name; :fetch --fill looks it up"
        await desk.press("/", "escape")
        assert desk.titles == ["arXiv:2202.99999"]
        await desk.press("u")
        assert len(desk.titles) == 1
        await desk.press("u")
        assert (desk.titles, desk.query) == (list(TITLES), "")


async def test_a_shell_has_the_app_fetch_and_who_goes_on_is_not_held_up(
    folder: Path, site: Site, settings: Config
) -> None:
    gate = Gate()
    site.on("/api/daily_papers", gate)
    async with reading(folder, settings=settings) as desk:
        sources.add(desk.library, "hf:daily")
        assert desk.workspace.next_job() is None  # what is older is nobody's
        request = desk.library.requests.submit(["fetch"], {})
        await desk.until(lambda: gate.is_asked.is_set() and not desk.workspace.is_busy)
        desk.app.post_message(key_event("r"))
        await desk.until(lambda: desk.statuses() == {TITLES[0]: Status.READ})
        gate.may_go.set()
        await desk.until(lambda: desk.library.requests.answer(request) is not None)
        await desk.settle()
        answer = desk.library.requests.answer(request)
        assert answer is not None
        assert answer["text"] == "hf:daily: 4 new\n"
        assert desk.says == "From the shell: hf:daily: 4 new"
        assert len(desk.titles) == len(TITLES) + 4
        requests = [(each.verb, each.request) for each in desk.library.state.history()]
        assert requests[1:] == [("read", None), ("import hf:daily", request)]


async def test_a_program_of_another_machine_is_allowed_by_key(
    folder: Path, settings: Config
) -> None:
    async with reading(folder, settings=settings) as desk:
        await open_sources(desk, "command:my-papers")
        assert desk.listed_rows == ["command:my-papers  not allowed to run on this machine"]
        await desk.press("f")
        await desk.settle()
        assert desk.says.startswith("command:my-papers: Not allowed to run on this machine")
        await desk.press("y")
        assert desk.says == "Allowed here: command:my-papers"
        assert desk.listed_rows[0].endswith("failed: Not allowed to run on this machine")


async def test_back_from_the_papers_of_a_source_leads_to_its_row_and_then_to_the_papers(
    folder: Path, settings: Config
) -> None:
    async with reading(folder, settings=settings) as desk:
        await open_sources(desk, "hf:daily", "hf:trending")
        await desk.press("j", "enter")
        assert desk.workspace.listing.query.text == sources.query("hf:trending")
        await desk.press("escape")
        assert isinstance(desk.app.screen, SourcesScreen)
        assert desk.app.screen.current_id == "hf:trending"
        await desk.press("escape")
        assert not isinstance(desk.app.screen, SourcesScreen)
        assert desk.titles == list(TITLES)
