"""What is new, and in which order papers came."""

from datetime import date
from pathlib import Path

import pytest

from tests.libraries import Clock, lettered, page
from tui.actions import sources
from tui.exchange.import_files import import_pages
from tui.library import Library
from tui.listing.arrivals import arrival_titles
from tui.model.imports import ADDED
from tui.model.paper import SourceRecord
from tui.query import parse
from tui.storage.imports import ImportFolder

pytestmark = pytest.mark.usefixtures("no_fsync")


def titles(library: Library, query: str) -> list[str]:
    return [item.paper.title for item in library.select(parse(query, library.today()))]


def order(library: Library, query: str) -> str:
    parsed = parse(query, library.today())
    return library.search.order_label(parsed, library.select(parsed))


def take_in(library: Library, source: str, *papers: str) -> None:
    library.add([SourceRecord(title, None, source, 1) for title in papers], source)


def test_the_inbox_is_by_arrival_and_else_newest_first(folder: Path, clock: Clock) -> None:
    with lettered(folder, clock, letters="mn") as library:
        assert titles(library, "is:inbox") == ["M", "N"]
        assert order(library, "is:inbox") == "page order"
        for source in ("hf:daily", "arxiv:cs.CL"):
            clock.wait()
            take_in(library, source, f"One of {source}", f"Another of {source}")
        assert titles(library, "is:inbox") == [
            *("One of arxiv:cs.CL", "Another of arxiv:cs.CL"),
            *("One of hf:daily", "Another of hf:daily"),
            *("M", "N"),
        ]
        assert order(library, "is:inbox") == "newest arrivals first"
        assert titles(library, "is:inbox sort:-arrival")[:2] == ["M", "N"]
        assert titles(library, "") == titles(library, "is:inbox")


def test_without_a_second_arrival_the_inbox_is_in_its_former_order_again(
    folder: Path, clock: Clock
) -> None:
    with lettered(folder, clock, letters="mn") as library:
        clock.wait()
        take_in(library, "hf:daily", "One")
        assert order(library, "is:inbox") == "newest arrivals first"
        library.undo()
        assert order(library, "is:inbox") == "page order"


def test_papers_without_a_date_follow_in_the_order_of_their_page(
    folder: Path, clock: Clock
) -> None:
    with lettered(folder, clock, letters="zyx") as library:
        assert titles(library, "") == ["Z", "Y", "X"]
        assert order(library, "") == "page order"
        dated = SourceRecord("M", None, "m.txt", 1, published=date(2025, 5, 1))
        clock.wait()
        library.add([dated], "m.txt")
        assert titles(library, "") == ["M", "Z", "Y", "X"]
        assert order(library, "") == "newest first, then page order"
        assert order(library, "has:date") == "newest first"
        assert titles(library, "sort:-date") == ["M", "Z", "Y", "X"]
        assert order(library, "sort:-date") == "oldest first, then page order"
        assert order(library, "sort:title") == "title A to Z"


def test_an_arrival_is_called_by_its_day_and_its_source(folder: Path, clock: Clock) -> None:
    with lettered(folder, clock) as library:
        take_in(library, "hf:daily", "A paper of today")
        first, second = (each.head.id for each in library.imports.all())
        assert arrival_titles(library, [first]) == [("Today", "hf:daily")]
        clock.wait(24 * 60)
        assert arrival_titles(library, [second]) == [("Yesterday", "sample")]
        clock.wait(24 * 60)
        assert arrival_titles(library, [second]) == [("15 Jan 2026", "sample")]


@pytest.mark.usefixtures("zone")
def test_of_a_source_that_came_twice_on_a_day_the_time_is_told(folder: Path, clock: Clock) -> None:
    with lettered(folder, clock, letters="") as library:
        for source in ("hf:daily", "arxiv:cs.CL", "hf:daily", ADDED, ADDED):
            clock.wait(90)
            take_in(library, source, f"Paper at {clock()} of {source}")
        assert arrival_titles(library, (each.head.id for each in library.imports.all())) == [
            *[("Today", ADDED)] * 2,
            ("Today 16:30", "hf:daily"),
            ("Today", "arxiv:cs.CL"),
            ("Today 13:30", "hf:daily"),
        ]


def test_new_is_what_came_since_the_last_session_here_ended(folder: Path, clock: Clock) -> None:
    with lettered(folder, clock) as library:
        assert titles(library, "is:new") == []  # the samples alone
        for source in ("hf:daily", "arxiv:cs.CL"):
            clock.wait()
            take_in(library, source, f"Before the first session, of {source}")
        assert titles(library, "is:new") == [
            "Before the first session, of arxiv:cs.CL",
            "Before the first session, of hf:daily",
        ]
        library.save_place({})
    with lettered(folder, clock) as library:
        assert titles(library, "is:new") == []
        for source in ("hf:daily", "arxiv:cs.CL"):
            clock.wait()
            take_in(library, source, f"After it, of {source}")
        new = ["After it, of arxiv:cs.CL", "After it, of hf:daily"]
        assert titles(library, "is:new") == new
    with lettered(folder, clock) as library:  # as the session was not ended
        assert titles(library, "is:new") == new
    with lettered(folder, clock) as library:
        library.undo()
        assert titles(library, "is:new") == new[1:]
        library.save_place({})
    with lettered(folder, clock) as library:
        library.redo()
        assert titles(library, "is:new") == []


def test_what_another_machine_imported_earlier_is_new_when_it_is_synced(
    folder: Path, clock: Clock
) -> None:
    with lettered(folder, clock) as library:
        clock.wait()
        take_in(library, "hf:daily", "Here")
        library.save_place({})
    with lettered(folder, clock) as library:
        with library.exchanging():
            elsewhere = "2026-01-15T12:00:30Z"
            record = SourceRecord("Elsewhere", None, "feed", 1)
            ImportFolder(folder / "imports").write(
                "feed", elsewhere, elsewhere[:10], [("", record)]
            )
        assert titles(library, "is:new") == ["Elsewhere"]


def test_what_is_no_import_in_a_place_makes_nothing_old(folder: Path) -> None:
    with lettered(folder) as library:
        library._place_file.save({}, ["x", "", "20261399-999999-00000000"])
        assert len(titles(library, "is:new")) == len(library)


def test_papers_are_found_by_the_name_of_their_source(
    folder: Path, tmp_path: Path, clock: Clock
) -> None:
    with lettered(folder, clock) as library:
        sources.add(library, "arxiv:cs.CL")
        sources.rename(library, "arxiv:cs.CL", "Language")
        library.add([SourceRecord("On Words", None, "arxiv:cs.CL", 1)], "Language")
        list(import_pages(library, [page(tmp_path / "lang.txt", "On Tongues")]))
        for query in ("from:language", "from:LANG*", "source:=language", "from:arxiv"):
            assert "On Words" in titles(library, query)
        assert titles(library, "from:lang") == ["On Tongues", "On Words"]
        assert titles(library, "-from:lang") == [*"ABCDEFGH"]
