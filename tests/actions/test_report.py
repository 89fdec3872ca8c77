"""A report: what was read and kept in the days that it names, and nothing else."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.formats.test_exporters import Reader
from tests.libraries import Clock, lettered
from tui.actions import lists, report, triage
from tui.actions.context import Context, Outcome
from tui.config import Config
from tui.errors import ConfirmationError, PapersError, UsageError
from tui.library import Library
from tui.model.paper import SourceRecord, merge
from tui.model.state import Status

pytestmark = pytest.mark.usefixtures("no_fsync")


@pytest.fixture
def library(tmp_path: Path, clock: Clock) -> Iterator[Library]:
    """One paper read ten days ago; today one read, one kept and one dismissed."""
    with lettered(tmp_path / "library", clock) as opened:
        triage.mark(opened, [opened.resolve("a-")], Status.READ)
        clock.wait(10 * 24 * 60)
        triage.mark(opened, [opened.resolve("b-")], Status.READ)
        triage.note(opened, [opened.resolve("b-")], "The proof of lemma 2.")
        lists.add(opened, "thesis", [opened.resolve("c-")])
        triage.mark(opened, [opened.resolve("d-")], Status.DISMISSED)
        yield opened


def titles(library: Library, text: str) -> str:
    """The papers in a report, a letter each."""
    return "".join(
        letter
        for letter in "abcdefgh"
        if f"[{library.item(library.resolve(f'{letter}-')).paper.title}]" in text
    )


def run(library: Library, **options: object) -> Outcome:
    """Reports as the shell does."""
    outcome = report.run_report(Context(Config(), opened=library), **options)
    assert isinstance(outcome, Outcome)
    return outcome


def test_a_week_has_what_was_read_and_kept_in_it_with_the_notes(library: Library) -> None:
    text = run(library).text
    assert titles(library, text) == "bc"
    assert text.index("## Read") < text.index("## Kept")
    assert "**Note:** The proof of lemma 2." in text
    assert "3 papers decided: 1 kept, 1 read, 1 dismissed." in text


@pytest.mark.parametrize(
    ("options", "papers"),
    [
        ({"week": True}, "bc"),
        ({"month": True}, "abc"),
        ({"since": "2w"}, "abc"),
        ({"since": "today"}, "bc"),
    ],
)
def test_the_days_can_be_chosen(library: Library, options: dict[str, object], papers: str) -> None:
    assert titles(library, run(library, **options).text) == papers


def test_bars_show_what_was_decided_on_each_day_or_in_each_month(
    library: Library, tmp_path: Path
) -> None:
    assert "━" not in run(library).text  # all of it on one day
    text = run(library, month=True).text
    assert re.findall(r"(?m)^\w{3} \d+ \w{3} \d{4} +(━+ \d)$", text) == [
        f"{'━' * 10} 1",
        f"{'━' * 30} 3",
    ]
    triage.mark(library, [library.resolve("e-")], Status.READ)
    path = tmp_path / "month.html"
    run(library, month=True, output=str(path))
    assert f"{'━' * 30} 4\n</pre>" in path.read_text("utf-8")


def test_a_report_of_a_list_has_its_papers_only(library: Library) -> None:
    text = run(library, name="thesis").text
    assert text.startswith("# thesis, ")
    assert titles(library, text) == "c"
    assert "1 paper decided: 1 kept.\n" in text
    with pytest.raises(PapersError, match="No list"):
        run(library, name="thesys")


def test_what_was_undone_is_not_told(library: Library) -> None:
    library.undo()
    library.undo()
    assert titles(library, run(library).text) == "b"


def test_nothing_decided_is_said(library: Library, clock: Clock) -> None:
    clock.wait(30 * 24 * 60)
    assert "0 papers decided." in run(library).text


def test_a_file_is_markdown_or_html_and_not_replaced_unasked(
    library: Library, tmp_path: Path
) -> None:
    path = tmp_path / "week.html"
    assert run(library, output=str(path)).message == f"Report written to {path}"
    page = Reader(path.read_text("utf-8"))
    assert {"Read", "Kept", "The proof of lemma 2."} <= set(page.texts)
    path.write_text("mine", "utf-8")
    with pytest.raises(ConfirmationError, match="File exists, and was edited since"):
        run(library, output=str(path))
    run(library, output=str(path), force=True)
    with pytest.raises(UsageError, match="Markdown or HTML"):
        run(library, output=str(tmp_path / "week.bib"))


def test_a_file_that_is_as_it_was_written_is_replaced(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "week.md"
    path.write_text("mine", "utf-8")
    with pytest.raises(ConfirmationError, match="File exists, and was not written from this"):
        run(library, output=str(path))
    path.unlink()
    run(library, output=str(path))
    triage.mark(library, [library.resolve("d-")], Status.READ)
    run(library, output=str(path))
    assert titles(library, path.read_text("utf-8")) == "bcd"
    assert not next(iter(library.state.newest_first())).is_undoable


@pytest.mark.parametrize("since", ["yesteday", "2999-01-01", ""])
def test_what_is_no_day_in_the_past_is_refused(library: Library, since: str) -> None:
    with pytest.raises(UsageError, match=r"Not a date|Not a day in the past"):
        run(library, since=since)


def test_the_first_day_is_whole(library: Library) -> None:
    assert titles(library, report.report(library, library.today())) == "bc"
    assert titles(library, report.report(library, library.today() + timedelta(days=1))) == ""
    assert isinstance(library.today(), date)


@pytest.mark.parametrize("name", ["week.md", "week.html"])
def test_authors_are_named_and_a_note_has_its_markdown(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with Library.open(tmp_path / "library", "desk", now=Clock()) as library:
        record = SourceRecord("On Sets", "A.", "0.txt", 1, authors=("Ada *Lovelace",))
        library.seed([merge([record])])
        (key,) = library.papers.keys()
        triage.mark(library, [key], Status.READ)
        triage.note(library, [key], "**So**: https://e.org")
        run(library, output=str(path))
    text = path.read_text("utf-8")
    assert "1 author" not in text
    if name == "week.md":
        assert "- [On Sets](" in text
        assert "\n  - Ada \\*Lovelace\n  - **Note:** **So**:" in text
        assert "pt:" not in text
    else:
        assert '<p><strong>So</strong>: <a href="https://e.org">https://e.org</a></p>' in text


@pytest.mark.parametrize("name", ["week.md", "week.html"])
def test_a_paper_has_what_others_know_it_by_and_nothing_of_the_library(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    with Library.open(tmp_path / "library", "desk", now=Clock()) as library:
        known: dict[str, Any] = {
            "published": date(2025, 6, 17),
            "year_inferred": True,
            "upvotes": 3,
        }
        engine: dict[str, Any] = {
            "venue": "Mind",
            "volume": "59",
            "citation_key": "mine5",
            "code_stars": 1,
        }
        authors = ("Ada Lovelace", "Mary Somerville", "Charles Babbage", "Luigi Menabrea")
        records = [
            SourceRecord("On Sets", "A.", "0.txt", 1, authors=authors, **known, **engine),
            SourceRecord("On Sets", "A.", "1.txt", 1),
            SourceRecord("On Bags", "B.", "0.txt", 2, page_day="--06-18", author_count=4),
        ]
        library.seed([merge(records[:2]), merge(records[2:])])
        for key in library.papers:
            triage.star(library, [key])
            triage.mark(library, [key], Status.READ)
        triage.tag(library, list(library.papers), ["nlp"])
        run(library, output=str(path))
    text = path.read_text("utf-8")
    facts = "Ada Lovelace, Mary Somerville, Charles Babbage et al. · 2025-06-17 · Mind 59"
    tag = "`nlp`" if name == "week.md" else "nlp"
    assert f"{facts} · {tag}" in text
    assert f"4 authors · {tag}" in text
    for own in ("inferred", "sources", "listed", "code star", "mine5", "★", "▲", "[x]", "· read"):
        assert own not in text
