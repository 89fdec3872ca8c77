"""Imports as changes: taken in, undone and redone in any order, on two machines."""

import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.errors import LibraryError, PapersError
from tui.library import Library
from tui.model.imports import Batch
from tui.model.paper import SourceRecord

TITLES: Final = (
    "Text to Image",
    "Text-to-Image",
    "On Sets",
    "On Bags",
    "On Sets!",
    "C++ Sets",
    "C# Sets",
)
IDS: Final = (None, None, "2405.01234", "2405.01235")


def clock(seconds: int = 60) -> Callable[[], datetime]:
    """A clock that goes on by a minute at each look."""
    moment = datetime(2026, 1, 15, 12, tzinfo=UTC)

    def now() -> datetime:
        nonlocal moment
        moment += timedelta(seconds=seconds)
        return moment

    return now


def opened(folder: Path, now: Callable[[], datetime], machine: str = "desk") -> Library:
    return Library.open(folder, machine, now=now)


def record(title: str, file: str = "a.txt", **facts: object) -> SourceRecord:
    return SourceRecord(title, f"About {title}.", file, 1, **facts)  # type: ignore[arg-type]


records = st.lists(
    st.builds(
        SourceRecord,
        st.sampled_from(TITLES),
        st.sampled_from([None, "Short.", "A longer one."]),
        st.sampled_from(["a.txt", "b.txt"]),
        st.integers(1, 9),
        arxiv=st.sampled_from(IDS),
        comments=st.none() | st.integers(0, 3),
    ),
    min_size=1,
    max_size=5,
)
steps = st.lists(
    st.tuples(st.just("import"), records)
    | st.tuples(st.just("fetch"), st.lists(records, min_size=2, max_size=3))
    | st.tuples(
        st.sampled_from(
            ["undo", "redo", "undo import", "redo import", "join", "apart", "read", "reopen"]
        ),
        st.integers(0, 9),
    ),
    min_size=3,
    max_size=14,
)


def body(folder: Path) -> bytes:
    """The file of the papers of a library; empty if there are none."""
    path = folder / "papers.json"
    written = path.read_bytes() if path.exists() else b""
    return b"" if written.endswith(b'"papers": {}}') else written


def step(library: Library, name: str, value: object) -> None:
    keys = list(library.papers)
    number = value if isinstance(value, int) else 0
    with suppress(PapersError):
        match name:
            case "import":
                assert isinstance(value, list)
                library.add(value)
            case "fetch":
                assert isinstance(value, list)
                library.add_all([Batch(tuple(each)) for each in value])
            case "undo":
                library.undo()
            case "redo":
                library.redo()
            case "undo import":
                ids = library.state.imports()
                if ids:
                    library.change(
                        "undo import", [("imports", ids[number % len(ids)], "exists", None)]
                    )
            case "redo import":
                ids = tuple(i.head.id for i in library.imports.all() if not i.is_live)
                if ids:
                    library.change(
                        "redo import", [("imports", ids[number % len(ids)], "exists", True)]
                    )
            case "join" | "apart":
                if len(keys) > 1:
                    pair = sorted((keys[number % len(keys)], keys[(number + 1) % len(keys)]))
                    library.change(name, [("joins", " ".join(pair), "same", name == "join")])
            case "read" if keys:
                library.change("read", [("papers", keys[number % len(keys)], "status", "read")])


@pytest.mark.usefixtures("no_fsync")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, seconds=st.sampled_from([60, 0, -1]))
def test_the_papers_are_what_their_imports_make_them_byte_for_byte(
    steps: list[tuple[str, object]], seconds: int, tmp_path: Path
) -> None:
    folder = tmp_path / "library"
    shutil.rmtree(folder, ignore_errors=True)
    now = clock(seconds)
    library = opened(folder, now)
    for name, value in steps:
        if name == "reopen":
            library.close()
            library = opened(folder, now)
        else:
            step(library, name, value)
        states = {key: library.state.of(key) for key in library.papers}
        assert library.papers.sources.imports == library.state.imports()
    library.close()
    before = body(folder)
    (folder / "papers.json").unlink(missing_ok=True)
    shutil.rmtree(folder / "backups", ignore_errors=True)
    with opened(folder, now) as library:
        assert {key: library.state.of(key) for key in library.papers} == states
    assert body(folder) == before


def test_a_record_that_another_paper_has_as_well_leaves_with_its_import(folder: Path) -> None:
    plain = record("On Sets", "b.txt")
    with opened(folder, clock()) as library:
        *_, one, other = IDS
        library.add([record("Texts", arxiv=one), record("On Sets", arxiv=other), plain])
        library.add([record("On Sets", arxiv=one)])
        before = body(folder)
        library.add([plain])
        assert body(folder) != before
        library.undo()
        assert body(folder) == before


def test_a_paper_whose_key_an_older_import_took_keeps_its_records_when_a_later_one_leaves(
    folder: Path,
) -> None:
    *_, one, other = IDS
    with opened(folder, clock()) as library:
        library.add([record("On Sets", arxiv=one)])
        (oldest,) = library.state.imports()
        library.change("undo import", [("imports", oldest, "exists", None)])
        library.add([record("On Sets", arxiv=other)])
        library.change("redo import", [("imports", oldest, "exists", True)])
        before = body(folder)
        library.add([record("On Sets", "b.txt", arxiv=other)])
        assert body(folder) != before
        library.undo()
        assert body(folder) == before


@pytest.mark.usefixtures("no_fsync")
@pytest.mark.skipif(shutil.which("cmp") is None, reason="there is no cmp")
def test_a_rebuilt_file_and_that_of_another_machine_are_the_same(tmp_path: Path) -> None:
    desk, lap, now = tmp_path / "desk", tmp_path / "lap", clock()
    with opened(desk, now) as library:
        for number in range(4):
            library.add(
                [record(f"Paper {number}"), record(f"Also {number}", arxiv=f"2405.0{number:04}")]
            )
        library.add([record("Also 2", "b.txt", arxiv="2405.00002", arxiv_version=2)])
        one, other = sorted(list(library.papers)[:2])
        library.change("join", [("joins", f"{one} {other}", "same", True)])
        library.undo()
        library.undo()
        library.redo()
    with opened(desk, now) as library:
        library.change("remove", [("papers", one, "removed", True)])
    shutil.copytree(desk, lap)
    for each in (lap / "papers.json", *(lap / "backups").glob("*")):
        each.unlink()
    opened(lap, now, "lap").close()
    subprocess.run(["cmp", desk / "papers.json", lap / "papers.json"], check=True)


@pytest.mark.usefixtures("no_fsync")
def test_several_imports_of_one_change_come_and_go_together(folder: Path) -> None:
    batches = [
        Batch((record("On Sets"), record("On Bags")), "one"),
        Batch((record("On Sets", "b.txt", comments=3),), "other"),
        Batch((record("On Sets", "b.txt", comments=3),), "nothing new"),
    ]
    with opened(folder, clock()) as library:
        library.add([record("On Sets", comments=1)])
        before, changes = body(folder), library.state.change_count
        planned = library.add_all(batches, dry_run=True)
        assert body(folder) == before
        reports = library.add_all(batches)
        assert reports == planned
        counts = [(len(r.new), len(r.merged), r.unchanged, bool(r.id)) for r in reports]
        assert counts == [(1, 1, 0, True), (0, 1, 0, True), (0, 0, 1, False)]
        assert library.state.change_count == changes + 1
        after = body(folder)
        library.undo()
        assert [body(folder), len(library.imports.all())] == [before, 3]
        library.redo()
        assert body(folder) == after


@pytest.mark.usefixtures("no_fsync")
def test_several_imports_that_cannot_be_written_leave_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LibraryError("disk full")

    with opened(folder, clock()) as library:
        batches = [Batch((record(title),), title) for title in TITLES[2:4]]
        with monkeypatch.context() as patch:
            patch.setattr("tui.storage.journal.Journal.append", fail)
            with pytest.raises(LibraryError, match="disk full"):
                library.add_all(batches)
        assert not list((folder / "imports").iterdir())
        assert not library.papers
        assert all(report.id for report in library.add_all(batches))
