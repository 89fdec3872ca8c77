"""Imports that bring tags, notes and what was read, in one change with the papers."""

from dataclasses import replace

from tests.formats.files import SAMPLES
from tui.actions import triage
from tui.exchange.import_files import import_pages
from tui.library import Library
from tui.model.state import PaperState, Status

BIB = str(SAMPLES / "mixed.bib")


def take(library: Library, *, with_state: bool = True, path: str = BIB) -> str:
    """Imports a file; what is said of it."""
    (result,) = import_pages(library, [path], with_state=with_state)
    return str(result)


def state_of(library: Library, title: str) -> PaperState:
    (item,) = [item for item in library.items() if item.paper.title == title]
    return item.state


TITLE = "A Study of Topic & Others"


def test_state_comes_only_where_it_is_asked_for(empty: Library) -> None:
    assert take(empty, with_state=False) == "4 new"
    assert state_of(empty, TITLE) == PaperState()
    assert take(empty) == "4 unchanged, decisions about 1 paper"
    state = state_of(empty, TITLE)
    assert (state.status, state.tags) == (Status.READ, ("deep-learning", "nlp"))
    assert state.note == "Read it.\n\nTwice."
    assert take(empty) == "4 unchanged"


def test_state_is_in_the_change_of_its_import_and_undone_with_it(empty: Library) -> None:
    before = empty.state.change_count
    assert take(empty) == "4 new, decisions about 1 paper"
    assert empty.state.change_count == before + 1
    assert state_of(empty, TITLE).tags == ("deep-learning", "nlp")
    empty.undo()
    assert not empty.papers
    (key,) = empty.state.missing_keys()  # it was decided about, and nothing is left of that
    assert replace(empty.state.of(key), changed=None) == PaperState()
    empty.redo()
    assert state_of(empty, TITLE).tags == ("deep-learning", "nlp")


def test_an_old_import_is_undone_with_what_it_decided_and_was_not_changed_since(
    empty: Library,
) -> None:
    take(empty)
    (item,) = [item for item in empty.items() if item.paper.title == TITLE]
    triage.note(empty, [item.key], "My own words.")
    (live,) = [each.head.id for each in empty.imports.all()]
    empty.set_imports([live], is_live=False)
    assert empty.state.of(item.key) == PaperState(
        note="My own words.", changed=empty.state.of(item.key).changed
    )
    empty.set_imports([live], is_live=True)
    again = state_of(empty, TITLE)
    assert (again.status, again.note, again.tags) == (
        Status.READ,
        "My own words.",
        ("deep-learning", "nlp"),
    )


def test_what_was_decided_here_stays(empty: Library) -> None:
    take(empty, with_state=False)
    (item,) = [item for item in empty.items() if item.paper.title == TITLE]
    triage.mark(empty, [item.key], Status.DISMISSED)
    triage.note(empty, [item.key], "Mine.")
    triage.tag(empty, [item.key], add=["own"])
    take(empty)
    state = state_of(empty, TITLE)
    assert (state.status, state.note) == (Status.DISMISSED, "Mine.")
    assert state.tags == ("deep-learning", "nlp", "own")


def test_ticks_of_a_reading_list_are_papers_that_were_read(empty: Library) -> None:
    assert take(empty, path=str(SAMPLES / "awesome.md")) == "7 new, decisions about 2 papers"
    assert state_of(empty, "On Sets and Bags").status is Status.READ
    assert state_of(empty, "On Trees: A Survey").status is Status.UNREAD
    assert state_of(empty, "On Graphs in the Wild").status is Status.READING
