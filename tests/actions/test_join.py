"""Papers that may be one: hints, joining, keeping apart, comparing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.libraries import opened
from tui.actions.context import Context, Outcome
from tui.actions.registry import actions
from tui.config import Config
from tui.errors import PapersError, UsageError
from tui.exchange.import_files import import_pages
from tui.library import Library
from tui.model.paper import SourceRecord
from tui.model.state import Status
from tui.query import parse

CASES: Final = Path(__file__).parents[1] / "cases"
TITLE: Final = "Lanterns: Efficient Text to River Generation"


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    """A library with a paper that is read, and the same one under another title, unread."""
    with opened(folder) as library:
        imported(library, "renamed-1.txt")
        library.change("read", [("papers", next(iter(library.papers)), "status", "read")])
        imported(library, "renamed-2.txt", "renamed-3.txt")
        yield library


def imported(library: Library, *names: str) -> None:
    for result in import_pages(library, [str(CASES / name) for name in names]):
        assert result.report is not None, result


def run(library: Library, name: str, *keys: str) -> str:
    """Runs an action as the shell does; what it says."""
    outcome = actions()[name].run(Context(Config(), library), keys=list(keys))
    assert isinstance(outcome, Outcome)
    return outcome.message or outcome.text


def keys_of(library: Library, query: str) -> list[str]:
    return library.select(parse(query, library.today())).keys()


def statuses(library: Library) -> list[Status]:
    return [item.state.status for item in library.items()]


def test_another_spelling_is_the_same_paper_and_another_title_is_hinted_at_at_once(
    library: Library,
) -> None:
    old, new = library.papers
    assert len(library.papers[old].records) == 2
    assert set(keys_of(library, "is:lookalike")) == {old, new}
    (hint,) = library.lookalikes(new)
    assert str(hint) == f"Looks like “{TITLE}” (100 % of its text)"
    assert statuses(library) == [Status.READ, Status.UNREAD]


def test_a_join_keeps_the_older_key_and_the_decision(library: Library) -> None:
    old, new = library.papers
    assert run(library, "join", new) == f"Joined 2 papers: {library.papers[old].title}"
    assert list(library.papers) == [old]
    assert statuses(library) == [Status.READ]
    assert not keys_of(library, "is:lookalike")
    library.undo()
    assert list(library.papers) == [old, new]
    assert statuses(library) == [Status.READ, Status.UNREAD]
    library.redo()
    assert list(library.papers) == [old]


def test_the_younger_key_goes_on_working_everywhere(library: Library) -> None:
    old, new = library.papers
    library.change("add", [("lists", "L", "exists", True), ("papers", new, "list/L", 1.0)])
    library.change("export", [("lists", "L", "export/x", {"held": [new], "format": "markdown"})])
    library.change("star", [("papers", new, "starred", True)])
    run(library, "join", old, new)
    assert library.resolve(new) == library.resolve(new[:-2]) == old
    assert keys_of(library, f"id:{new}") == keys_of(library, f"id:{new[:-2]}") == [old]
    assert library.item(new) == library.item(old)
    assert library.item(old).state.lists == ("L",)
    assert library.item(old).state.starred
    reading_list = library.state.reading_list("L")
    assert reading_list.keys == reading_list.exports[0].held == (old,)
    library.change("note", [("papers", new, "note", "by its old key")])
    assert library.item(old).state.note == "by its old key"
    assert keys_of(library, f"like:{new}") == keys_of(library, f"like:{old}")


def test_papers_kept_apart_are_never_hinted_at_again(library: Library, folder: Path) -> None:
    old, new = library.papers
    assert run(library, "keep-apart", old).startswith("Kept 2 papers apart: ")
    assert not keys_of(library, "is:lookalike")
    library.add([SourceRecord("Unrelated", "On something else.", "b.txt", 1)])
    assert not keys_of(library, "is:lookalike")
    library.close()
    with opened(folder) as again:
        assert not keys_of(again, "is:lookalike")
        again.undo()
        again.undo()
        assert set(keys_of(again, "is:lookalike")) == {old, new}


def test_keeping_joined_papers_apart_parts_them(library: Library) -> None:
    old, new = library.papers
    run(library, "join", old, new)
    run(library, "keep-apart", old, new)
    assert list(library.papers) == [old, new]
    assert statuses(library) == [Status.READ, Status.UNREAD]
    assert not keys_of(library, "is:lookalike")


def test_what_is_one_paper_by_its_title_cannot_be_kept_apart(library: Library) -> None:
    old, new = library.papers
    run(library, "join", old, new)
    library.add([SourceRecord("On Bags", "Short.", "b.txt", 1, arxiv="2405.01234")])
    library.add([SourceRecord("On Sacks", "Brief.", "b.txt", 2)])
    bags, sacks = list(library.papers)[1:]
    both = SourceRecord("On Sacks", "Brief.", "c.txt", 1, arxiv="2405.01234")
    library.add([both])
    with pytest.raises(PapersError, match="same title or identifier"):
        run(library, "keep-apart", bags, sacks)


def test_a_diff_marks_what_only_one_has(library: Library) -> None:
    old, new = library.papers
    text = run(library, "diff", new)
    assert "Lanterns: Efficient {+and Scalable+} Text to River" in text
    assert text.index(old) < text.index(new)
    assert run(library, "diff", new, old) == text


@pytest.mark.parametrize(
    ("name", "keys", "error"),
    [
        ("join", [], UsageError),
        ("join", ["on-sets"], PapersError),
        ("diff", ["on-sets", "lanterns-efficient-and", "lanterns-efficient-text"], UsageError),
        ("join", ["lanterns-efficient-and", "lanterns-efficient-and"], UsageError),
    ],
)
def test_papers_must_be_two(
    library: Library, name: str, keys: list[str], error: type[PapersError]
) -> None:
    library.add([SourceRecord("On Sets", "A text of its own.", "b.txt", 1)])
    before = list(library.papers)
    with pytest.raises(error):
        run(library, name, *keys)
    assert list(library.papers) == before


def test_joined_papers_are_parted_by_the_prefixes_that_joined_them(library: Library) -> None:
    prefixes = ["lanterns-efficient-and", "lanterns-efficient-text"]
    before = list(library.papers)
    run(library, "join", *prefixes)
    assert len(library.papers) == len(before) - 1
    with pytest.raises(PapersError, match="already one paper"):
        run(library, "join", *prefixes)
    run(library, "keep-apart", *prefixes)
    assert list(library.papers) == before


def test_one_slug_is_no_hint(folder: Path) -> None:
    with opened(folder) as library:
        imported(library, "key-collision.txt")
        first, second = library.papers
        assert first != second
        assert [item.paper.comments for item in library.items()] == [4, 2]


def test_a_page_with_a_new_version_shows_its_words_and_keeps_key_and_decision(
    folder: Path, tmp_path: Path
) -> None:
    text = (CASES / "hf-trending-markdown.md").read_text("utf-8")
    address, title = "abs/2606.00001", "Lanterns: An Efficient System for Long Rivers"
    page = tmp_path / "page.md"
    with opened(folder) as library:
        for version, name in ((1, title), (2, "Lamps on Rivers")):
            of_version = text.replace(address, f"{address}v{version}").replace(title, name)
            page.write_text(of_version, "utf-8")
            imported(library, str(page))
            (key,) = keys_of(library, "arxiv:2606.00001")
            assert library.papers[key].title == name
            if version == 1:
                library.change("read", [("papers", key, "status", "read")])
                assert not keys_of(library, "is:updated")
        assert keys_of(library, "is:updated") == [key]
        assert (key[:8], library.state.of(key).status) == ("lanterns", Status.READ)


def test_a_new_version_is_listed_and_keeps_its_decision(folder: Path) -> None:
    with opened(folder) as library:
        first = SourceRecord("On Sets", "A.", "a.txt", 1, arxiv="2405.01234", arxiv_version=1)
        library.add([first])
        (key,) = library.papers
        library.change("read", [("papers", key, "status", "read")])
        assert not keys_of(library, "is:updated")
        later = SourceRecord("Sets", "A.", "b.txt", 1, arxiv="2405.01234", arxiv_version=3)
        library.add([later])
        assert keys_of(library, "is:updated") == keys_of(library, "has:update") == [key]
        assert statuses(library) == [Status.READ]
        library.undo()
        assert not keys_of(library, "is:updated")
