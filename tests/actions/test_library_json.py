"""A library that leaves as JSON, and comes into an empty one."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.actions.conftest import ran
from tests.libraries import Clock, lettered
from tests.strategies import hostile_text, plain_words, records
from tui.actions import lists, rules, triage
from tui.actions.context import Context
from tui.actions.find import save_view
from tui.actions.interests import prefer
from tui.config import Config
from tui.errors import ConfirmationError, PapersError, UsageError
from tui.exchange.import_files import import_pages
from tui.exchange.library_json import library_json
from tui.library import Library
from tui.model.facts import FACTS
from tui.model.paper import SourceRecord
from tui.model.rules import Rule
from tui.model.state import PaperState, Status
from tui.query import parse

pytestmark = pytest.mark.usefixtures("no_fsync")

Step = Callable[[Library, list[str]], object]
"""Something a user does with some papers."""


def join(library: Library, keys: list[str], *, same: bool) -> None:
    for pair in pairwise(keys):
        library.change("join", [("joins", " ".join(sorted(pair)), "same", same)])


def described(library: Library, name: str, text: str) -> None:
    lists.create(library, name)
    lists.describe(library, name, text)


def steps() -> st.SearchStrategy[Step]:
    """Anything that a user may do."""
    names = st.sampled_from(["thesis", "To read!", "世界", "a b"])
    texts = hostile_text(3)
    return st.one_of(
        st.sampled_from(Status).map(lambda s: lambda lib, keys: triage.mark(lib, keys, s)),
        st.booleans().map(lambda on: lambda lib, keys: triage.star(lib, keys, on)),
        st.dates(date(2025, 1, 1)).map(lambda day: lambda lib, keys: triage.snooze(lib, keys, day)),
        texts.map(lambda text: lambda lib, keys: triage.note(lib, keys, text)),
        st.sampled_from(["nlp", "read", "c++", "rl/offline"]).map(
            lambda tag: lambda lib, keys: triage.tag(lib, keys, [tag])
        ),
        st.just(lambda lib, keys: triage.remove(lib, keys)),
        names.map(lambda name: lambda lib, keys: lists.add(lib, name, keys)),
        names.map(lambda name: lambda lib, keys: lists.add(lib, name, keys[::-1])),
        st.tuples(names, texts).map(lambda each: lambda lib, keys: described(lib, *each)),
        st.tuples(names, names).map(lambda pair: lambda lib, keys: lists.rename(lib, *pair)),
        st.tuples(texts, plain_words()).map(
            lambda view: lambda lib, keys: save_view(lib, view[0], f"title:{view[1]}")
        ),
        plain_words().map(
            lambda word: lambda lib, keys: rules.add(lib, Rule(word, ("star", "tag:new")))
        ),
        st.sampled_from(["word:moe", "author:Jane Doe"]).map(
            lambda term: lambda lib, keys: prefer(lib, term, "mute")
        ),
        st.sampled_from(["hf:daily", "arxiv:cs.CL"]).map(
            lambda spec: lambda lib, keys: lib.change("add", [("sources", spec, "exists", True)])
        ),
        st.booleans().map(lambda same: lambda lib, keys: join(lib, keys[:2], same=same)),
    )


def contents(library: Library) -> tuple[object, ...]:
    """All that a user sees of a library, but for when it came about."""
    papers = [(item.paper, replace(item.state, changed=None)) for item in library.items()]
    listed = [item.key for item in library.select(parse(""))]
    state = library.state
    shown = [replace(each, exports=()) for each in state.lists()]
    settings = (state.views(), state.rules(), state.sources(), state.preferences())
    return papers, listed, shown, settings, state.pairs(same=True)


def import_json(library: Library, path: Path, *, with_state: bool = True) -> str:
    (result,) = import_pages(library, [str(path)], with_state=with_state)
    return str(result)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(records(("On Sets", "On Bags", "On Trees", "日本語の論文")), min_size=1, max_size=8),
    st.lists(st.tuples(steps(), st.lists(st.integers(0, 9), max_size=3)), max_size=12),
)
def test_a_library_goes_out_and_into_an_empty_one_unchanged(
    folders: Iterator[Path], source_records: list[SourceRecord], acts: list[tuple[Step, list[int]]]
) -> None:
    first, second = next(folders), next(folders)
    with Library.open(first, "desk", wait=0, now=Clock()) as library:
        library.add(source_records, "page")
        for act, places in acts:
            keys = list(library.papers)
            try:
                act(library, list(dict.fromkeys(keys[place % len(keys)] for place in places)))
            except PapersError:
                continue
        before, text = contents(library), library_json(library)
    path = second.with_suffix(".json")
    path.write_text(text, "utf-8")
    with Library.open(second, "lab", wait=0, now=Clock()) as library:
        import_json(library, path)
        assert contents(library) == before
        assert library_json(library) == text
        change_count = library.state.change_count
        assert "decisions" not in import_json(library, path)
        assert library.state.change_count == change_count


OF_TYPE: Final = {int: 7, str: "Words", bool: True, tuple: ("Words",), date: date(2024, 5, 1)}
OF_FORM: Final = {
    "address": "https://a.org/sets",
    "arxiv": "2405.01234",
    "citation_key": "lovelace2024",
    "date_precision": "month",
    "doi": "10.1000/xyz",
    "entry_type": "article",
    "pages": "12–34",
    "urls": ("https://a.org/code",),
}
"""A value of each type of fact, and of each fact that has a form of its own."""


def test_every_fact_goes_out_and_into_an_empty_library(empty: Library, tmp_path: Path) -> None:
    facts: dict[str, Any] = {
        name: OF_FORM.get(name, OF_TYPE[fact.type]) for name, fact in FACTS.items()
    }
    empty.add([SourceRecord(**facts, file="a.txt", line=1)])
    empty.add([SourceRecord("Words", None, "b.txt", 1)])  # states none of them
    path = tmp_path / "library.json"
    path.write_text(library_json(empty), "utf-8")
    with Library.open(tmp_path / "other", "lab", wait=0) as other:
        import_json(other, path)
        assert other.papers == empty.papers
        (paper,) = other.papers.values()
        assert {name: getattr(paper, name) for name in FACTS} == facts


def written(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), "utf-8")
    return path


def library_of(*papers: object, **rest: object) -> dict[str, object]:
    return {"schema": 1, "lists": [], **rest, "papers": list(papers)}


def test_a_paper_keeps_the_key_of_a_title_that_it_has_no_more(
    empty: Library, tmp_path: Path
) -> None:
    old = SourceRecord("The Old Title", None, "z.txt", 1, arxiv="2405.01234")
    empty.add([old])
    empty.add([replace(old, title="Another Title", file="a.txt", arxiv_version=2)])
    (key,) = empty.papers
    path = tmp_path / "library.json"
    path.write_text(library_json(empty), "utf-8")
    with Library.open(tmp_path / "other", "lab", wait=0) as other:
        import_json(other, path, with_state=False)
        assert list(other.papers) == [key] == [old.key]


def test_what_is_here_stays_and_lists_go_on_at_their_end(tmp_path: Path) -> None:
    with lettered(tmp_path / "one") as library:
        a, b, c, d, *_ = library.papers
        lists.add(library, "thesis", [c, a, b])
        lists.describe(library, "thesis", "Theirs")
        triage.mark(library, [a, b], Status.READ)
        triage.note(library, [a], "Theirs.")
        save_view(library, "mine", "is:read")
        save_view(library, "new", "is:new")
        text = library_json(library)
    path = tmp_path / "library.json"
    path.write_text(text, "utf-8")
    with lettered(tmp_path / "other") as library:
        lists.add(library, "Thesis", [b, d])
        triage.mark(library, [a], Status.DISMISSED)
        triage.note(library, [b], "Mine.")
        save_view(library, "mine", "is:unread")
        before = library.state.change_count
        import_json(library, path)
        assert library.state.change_count == before + 1
        thesis = library.state.reading_list("Thesis")
        assert (thesis.keys, thesis.description) == ((b, d, c, a), "Theirs")
        assert [library.state.of(key).status for key in (a, b)] == ["dismissed", "read"]
        assert [library.state.of(key).note for key in (a, b)] == ["Theirs.", "Mine."]
        assert library.state.views() == {"mine": "is:unread", "new": "is:new"}
        library.undo()
        assert library.state.reading_list("Thesis").keys == (b, d)


def test_an_exported_list_comes_in_with_its_order(tmp_path: Path) -> None:
    with lettered(tmp_path / "one") as library:
        a, b, c, *_ = library.papers
        lists.add(library, "thesis", [c, a, b])
        here = Context(Config(), library)
        ran("export", here, name="thesis", output=str(tmp_path / "thesis.json"))
    with lettered(tmp_path / "other") as library:
        import_json(library, tmp_path / "thesis.json")
        assert library.state.reading_list("thesis").keys == (c, a, b)


def test_the_file_is_private_and_not_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "library.json"
    with lettered(tmp_path / "one") as library:
        here = Context(Config(), library)
        ran("export", here, everything=True, output=str(path))
        assert path.stat().st_mode & 0o077 == 0
        ran("export", here, everything=True, output=str(path))  # as it is as it was written
        path.write_text("mine", "utf-8")
        with pytest.raises(ConfirmationError, match="File exists, and was edited since"):
            ran("export", here, everything=True, output=str(path))
        ran("export", here, everything=True, output=str(path), force=True)
        assert ran("export", here, everything=True).text == path.read_text("utf-8")
        with pytest.raises(UsageError, match="whole library"):
            ran("export", here, everything=True, to="bibtex")


def test_a_library_without_papers_neither_goes_out_nor_comes_in(
    empty: Library, tmp_path: Path
) -> None:
    save_view(empty, "mine", "is:read")
    with pytest.raises(PapersError, match="no papers"):
        ran("export", Context(Config(), empty), everything=True)
    assert "this library has no papers" in import_json(empty, written(tmp_path / "x", library_of()))


@pytest.mark.parametrize(
    "value",
    [
        library_of({"title": "A", "tags": 5, "lists": [None, "-x"], "note": [], "status": []}),
        library_of({"title": "A"}, views={"": "x", "a\x1b": "y", "b": 5, "c": "\u202e"}),
        library_of({"title": "A"}, sources=[5, {}, {"source": 5}, {"source": "a\nb"}]),
        library_of({"title": "A"}, rules=[{"query": "x", "actions": ["run rm"]}, {"query": 5}]),
        library_of({"title": "A"}, joins=[{"papers": ["a"], "same": True}, {"papers": [5, []]}]),
        library_of({"title": "A"}, lists=[{"name": "x" * 999, "papers": [[], "no-such"]}, 5]),
        library_of({"title": "A", "key": "../x", "snoozed_until": "never", "removed": "yes"}),
        library_of({"title": "A", "key": 5, "rule": "\x00", "starred": 1}, views=[], rules={}),
    ],
)
def test_a_hostile_library_brings_its_papers_and_nothing_that_is_not_one(
    empty: Library, tmp_path: Path, value: object
) -> None:
    import_json(empty, written(tmp_path / "x.json", value))
    (item,) = empty.items()
    assert replace(item.state, changed=None, lists=()) == PaperState()
    assert (empty.state.views(), empty.state.sources(), empty.state.rules()) == ({}, {}, [])
    assert not empty.state.list_problems()


@pytest.mark.parametrize("schema", [2, 10**6])
def test_what_a_newer_version_wrote_is_refused(empty: Library, tmp_path: Path, schema: int) -> None:
    path = written(tmp_path / "x.json", library_of({"title": "A"}) | {"schema": schema})
    assert "newer version" in import_json(empty, path)
    path = written(tmp_path / "y.json", [{"schema": schema, "title": "A", "sightings": []}])
    assert "newer version" in import_json(empty, path)
    assert not empty.papers


def test_a_key_of_another_paper_is_not_taken_from_it(tmp_path: Path) -> None:
    with lettered(tmp_path / "one") as library:
        a = next(iter(library.papers))
        import_json(library, written(tmp_path / "x.json", [{"title": "Other", "key": a}]))
        assert library.item(a).paper.title == "A"
        assert len(library) == 9
