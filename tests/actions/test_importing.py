"""The verbs of pages and libraries: what a file brings, and where a library comes from."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.libraries import page, stored
from tests.strategies import HEADER, SEEDS, TODAY
from tui import config
from tui.actions import open, triage
from tui.actions.registry import Access
from tui.errors import InputError, LibraryError, LibraryLockedError
from tui.exchange import import_files
from tui.formats.importers import ImportWarning, read
from tui.library import Library
from tui.model.imports import ImportReport
from tui.model.paper import Paper, SourceRecord
from tui.model.state import Status

SEED_FILES = [str(path) for path in sorted(SEEDS.glob("*.txt"))]


pytestmark = pytest.mark.usefixtures("no_fsync")


# Parsing


def test_the_pages_give_the_corpus(corpus: tuple[Paper, ...]) -> None:
    papers, _ = import_files.parse(SEED_FILES)
    assert tuple(papers) == corpus


def test_pages_are_read_in_the_order_they_are_named(tmp_path: Path) -> None:
    one = page(tmp_path / "1.txt", "Paper of B", "Paper of A")
    two = page(tmp_path / "2.txt", "Paper of A", "Paper of C")
    papers, problems = import_files.parse([two, one])
    assert [paper.title for paper in papers] == ["Paper of A", "Paper of C", "Paper of B"]
    assert len(papers[0].records) == 2
    assert problems == []


def test_a_problem_comes_with_its_file_and_line(tmp_path: Path) -> None:
    good = page(tmp_path / "1.txt", "Paper of A")
    cut = page(tmp_path / "2.txt", "Paper of B", "Paper of C")
    text = Path(cut).read_text("utf-8").rstrip().removesuffix("at length.")
    Path(cut).write_text(text, "utf-8")
    papers, problems = import_files.parse([good, cut])
    assert [paper.title for paper in papers] == ["Paper of A", "Paper of B"]
    ((path, problem),) = problems
    assert path == cut
    assert problem.line == text[: text.index("Paper of C")].count("\n") + 1


@pytest.mark.parametrize("name", ["a.txt", "t", "no", "is"])
def test_an_error_names_the_file_by_the_path_that_was_given(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for content, message in (
        (b"", "the file is empty"),
        (b"%PDF-1.7", "this looks like a PDF"),
        ("日本語の論文です\n".encode("shift-jis"), "is not UTF-8"),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError, match=message) as caught:
            list(import_files.read_pages([str(path)]))
        assert caught.value.message.startswith((f"{path}: ", f"{path}, line "))
        assert caught.value.message.count(str(path)) == 1


def test_the_first_bad_file_ends_parsing(tmp_path: Path) -> None:
    good = page(tmp_path / "1.txt", "Paper of A")
    with pytest.raises(InputError, match="No such file"):
        import_files.parse([good, str(tmp_path / "nope.txt")])


def test_progress_is_reported_up_to_the_end(tmp_path: Path) -> None:
    reports: list[tuple[str, float]] = []
    import_files.parse(SEED_FILES[:2], progress=lambda name, share: reports.append((name, share)))
    assert {name for name, _ in reports} == {Path(path).name for path in SEED_FILES[:2]}
    assert all(0 <= share <= 1 for _, share in reports)
    for path in SEED_FILES[:2]:
        shares = [share for name, share in reports if name == Path(path).name]
        assert shares == sorted(shares)
        assert shares[-1] == 1.0


# Pasting


def test_a_page_that_is_pasted_is_named_after_its_time(library: Library) -> None:
    text = "\n".join([*HEADER, "Paper of A", "", "We show Paper of A at length.", ""])
    page = import_files.read_pasted(library, text)
    assert [sighting.title for sighting in page.records] == ["Paper of A"]
    assert {sighting.file for sighting in page.records} == {"pasted 2026-01-15 12:00"}


@pytest.mark.parametrize("seed", SEED_FILES, ids=lambda path: Path(path).stem)
def test_a_page_that_was_imported_brings_nothing_when_it_is_pasted(
    library: Library, seed: str
) -> None:
    page = import_files.read_pasted(library, Path(seed).read_text("utf-8"))
    report = library.add(page.records, dry_run=True)
    assert (report.new, report.merged) == ((), ())
    assert report.unchanged > 0


@pytest.mark.parametrize("text", ["", " \n\n", "%PDF-1.7", "\ud800"])
def test_what_is_no_page_is_refused_when_it_is_pasted(library: Library, text: str) -> None:
    with pytest.raises(InputError):
        import_files.read_pasted(library, text)


def test_a_page_under_another_name_is_seen_once(tmp_path: Path) -> None:
    one = page(tmp_path / "1.txt", "Paper of A", "Paper of B")
    (tmp_path / "copy.txt").write_bytes(Path(one).read_bytes())
    more = page(tmp_path / "more.txt", "Paper of A", "Paper of B", "Paper of C")
    with Library.open(tmp_path / "small", "desk", wait=0) as library:
        results = list(import_files.import_pages(library, [one, str(tmp_path / "copy.txt"), more]))
        reports = [each.report for each in results if each.report]
        assert [(len(r.new), len(r.merged), r.unchanged) for r in reports] == [
            (2, 0, 0),
            (0, 0, 2),
            (1, 2, 0),
        ]
        counts = [len(item.paper.records) for item in library.items()]
        assert sorted(counts) == [1, 2, 2]


def test_pages_of_nothing_are_known_by_no_name(library: Library) -> None:
    assert import_files.as_known(library, []) == ()
    new = [SourceRecord("On Sets", None, "a.txt", 1)]
    assert import_files.as_known(library, new) == tuple(new)


def test_a_report_shows_how_many_papers_of_each_kind() -> None:
    report = ImportReport(new=("a",), merged=("b", "c"), unchanged=40)
    problems = [ImportWarning(3, "cut off"), ImportWarning(5, "odd", skipped=False)]
    message = import_files.describe_report(report, problems)
    assert message == "1 new, 2 merged, 40 unchanged, 1 skipped"


# Importing


def test_an_import_shows_what_is_new_merged_and_unchanged(tmp_path: Path) -> None:
    one = page(tmp_path / "1.txt", "Paper of A", "Paper of B")
    two = page(tmp_path / "2.txt", "Paper of B", "Paper of C")
    with Library.open(tmp_path / "small", "desk", wait=0) as library:
        results = list(import_files.import_pages(library, [one, two, one]))
    reports = [each.report for each in results if each.report]
    assert [(len(r.new), len(r.merged), r.unchanged) for r in reports] == [
        (2, 0, 0),
        (1, 1, 0),
        (0, 0, 2),
    ]
    assert [each.file for each in results] == [one, two, one]


def test_a_bad_page_does_not_keep_the_next_out(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"\x00" * 99)
    good = page(tmp_path / "1.txt", "Paper of A")
    with Library.open(tmp_path / "small", "desk", wait=0) as library:
        first, second = import_files.import_pages(library, [str(bad), good])
        assert first.report is None
        assert first.error is not None
        assert str(bad) in first.error.message
        assert second.error is None
        assert len(library) == 1


def test_a_dry_run_shows_the_same_and_writes_nothing(tmp_path: Path) -> None:
    one = page(tmp_path / "1.txt", "Paper of A", "Paper of B")
    two = page(tmp_path / "2.txt", "Paper of B", "Paper of C")
    with Library.open(tmp_path / "small", "desk", wait=0) as library:
        list(import_files.import_pages(library, [one]))
    before = stored(tmp_path / "small")
    with Library.open(tmp_path / "small", "desk", write=False) as library:
        (result,) = import_files.import_pages(library, [two], dry_run=True)
        assert result.report is not None
        assert (len(result.report.new), len(result.report.merged)) == (1, 1)
        assert len(library) == 2
    assert stored(tmp_path / "small") == before


def test_an_import_touches_no_decision(library: Library, tmp_path: Path) -> None:
    key = library.resolve("mixlora")
    triage.mark(library, [key], Status.READ)
    triage.note(library, [key], "mine")
    before, count = library.state.of(key), len(library.state.history())
    title = library.item(key).paper.title
    path = page(tmp_path / "1.txt", title, "Paper of A")
    (result,) = import_files.import_pages(library, [path])
    assert result.report is not None
    assert result.report.merged == (key,)
    assert library.state.of(key) == before
    (change,) = library.state.history()[count:]
    assert change.verb == "import 1.txt"
    assert not change.keys


# Opening


def opened(folder: str | None, **how: bool) -> Library:
    """A library as a command opens it, never waiting."""
    return open.open_library(folder, config.Config(), Access(wait=0.0, **how))


def test_the_default_library_is_made_of_the_corpus(corpus: tuple[Paper, ...], home: Path) -> None:
    for how in ({}, {"write": True}):
        with opened(None, **how) as library:
            assert [item.paper for item in library.items()] == list(corpus)
    assert library.folder.is_relative_to(home)
    assert (library.folder / "papers.json").is_file()


def test_a_default_library_that_is_there_is_never_filled_again(tmp_path: Path) -> None:
    settings = config.Config(library=tmp_path / "mine")
    with Library.open(tmp_path / "mine", "desk", wait=0) as library:
        list(import_files.import_pages(library, [page(tmp_path / "1.txt", "Paper of A")]))
    with open.open_library(None, settings) as library:
        assert len(library) == 1


def test_a_default_library_whose_making_was_cut_short_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "lock").touch()
    with open.open_library(None, config.Config(library=folder)) as library:
        assert len(library) == 268


def test_a_library_that_was_named_is_not_made_by_looking_for_it(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    for how in ({}, {"write": True}, {"create": True}):
        with pytest.raises(LibraryError, match="No library in") as caught:
            opened(str(folder), **how)
        assert str(folder) in caught.value.message
        assert f"--library {folder} import" in caught.value.hint
        assert not folder.exists()


def test_a_library_that_was_named_is_made_empty_where_it_may_be(tmp_path: Path) -> None:
    with opened(str(tmp_path / "a" / "b"), write=True, create=True) as library:
        assert len(library) == 0
        assert library.folder.is_dir()


def test_a_file_is_no_library(tmp_path: Path) -> None:
    path = tmp_path / "mine"
    path.touch()
    for how in ({}, {"write": True, "create": True}):
        with pytest.raises(LibraryError, match="Not a folder"):
            opened(str(path), **how)


def test_a_library_in_use_is_refused_or_opened_for_reading(
    library: Library, tmp_path: Path
) -> None:
    folder = str(library.folder)
    with pytest.raises(LibraryLockedError, match="uses this library"):
        opened(folder, write=True)
    with opened(folder, write=True, or_read_only=True) as reading:
        assert reading.read_only_reason
        assert len(reading) == len(library)
    with opened(folder) as reading:
        assert len(reading) == len(library)


@pytest.mark.parametrize("content", [None, "", "[", "[1]", '[{"key": "a"}]'])
def test_a_corpus_that_cannot_be_read_is_reported_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    path = tmp_path / "corpus.json"
    if content is not None:
        path.write_text(content)
    monkeypatch.setattr(config, "corpus_path", lambda: path)
    with pytest.raises(LibraryError, match="The shipped corpus cannot be read") as caught:
        open.corpus()
    assert str(path) in caught.value.message
    assert caught.value.hint == "Reinstall papers-tui."
    with pytest.raises(LibraryError):
        opened(None)


def test_progress_keeps_pace_with_the_lines_of_one_long_run() -> None:
    told_of = "We show at length what it is about, and why nobody has done so yet, in 3 parts. "
    text = "Get trending papers in your email inbox!\n\n" + "".join(
        f"On Deep Matters {n}\n\n{told_of * 5}\n\n" for n in range(900)
    )
    shares: list[float] = []
    reading = read(text.encode(), "run.txt", today=TODAY, progress=shares.append)
    assert len(list(reading.records)) == 900
    assert shares == sorted(shares)
    assert 90 < len(shares) < 110
    assert max(after - before for before, after in pairwise([0.0, *shares, 1.0])) < 0.03
