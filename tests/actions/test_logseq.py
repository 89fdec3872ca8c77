"""A graph of Logseq: what is written into it, what is left alone, and what comes back."""

from pathlib import Path

import pytest

from tests.actions.test_notes import pulled
from tests.actions.test_pull import LABELS, edit, in_list, key_of, library, state
from tests.formats.logseq_shapes import AS_LOGSEQ_WRITES
from tui.__main__ import main
from tui.actions import lists, triage
from tui.errors import UsageError
from tui.exchange.export_files import changes_since
from tui.exchange.notes import NotesResult, export_again, export_notes, format_for
from tui.exchange.pull_paths import files_of
from tui.library import Library
from tui.model.state import Status

__all__ = ["library"]  # a fixture
pytestmark = pytest.mark.usefixtures("no_fsync")


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """An empty graph."""
    folder = tmp_path / "graph"
    for name in ("logseq/bak/pages", "pages", "journals"):
        (folder / name).mkdir(parents=True)
    return folder


def written(library: Library, graph: Path, *, force: bool = False) -> NotesResult:
    """Exports the list as pages."""
    return export_notes(library, in_list(library), graph, "thesis", "logseq", force=force)


def test_papers_and_the_list_are_pages_of_the_graph(library: Library, graph: Path) -> None:
    result = written(library, graph)
    assert (result.new, result.problems) == (6, ())
    eggs = (graph / "pages" / "Eggs.md").read_text("utf-8")
    assert "\n- TODO Eggs\n" in eggs
    assert "\n\t- In: [[thesis]]\n" in eggs
    assert "\n- [[Eggs]]\n" in (graph / "pages" / "thesis.md").read_text("utf-8")
    assert str(written(library, graph)).endswith(": unchanged")
    assert list(graph.glob("*.md")) == []


def test_in_a_graph_notes_are_for_logseq_by_themselves(graph: Path, tmp_path: Path) -> None:
    assert format_for(graph, None) == format_for(graph / "pages", None) == "logseq"
    assert format_for(tmp_path, None) == format_for(graph, "obsidian") == "obsidian"
    with pytest.raises(UsageError, match="Not a format of notes: roam"):
        format_for(graph, "roam")


def test_a_page_is_one_file_by_whichever_folder_it_is_exported(
    library: Library, graph: Path
) -> None:
    page, eggs = graph / "pages" / "Eggs.md", [key_of(library, "Eggs")]
    export_notes(library, in_list(library), graph / "pages", "thesis", "logseq")
    edit(page, "starred:: false", "starred:: true")
    assert written(library, graph).problems  # as it says what was not pulled
    assert "  Eggs.md: starred: Eggs" in pulled(library, graph)
    for folder in (graph, graph / "pages"):
        edit(page, "TODO", "DONE")
        assert "  Eggs.md: read: Eggs" in pulled(library, graph)
        triage.mark(library, eggs, Status.UNREAD)
        result = export_notes(library, in_list(library), folder, "thesis", "logseq")
        assert (result.changed, result.problems) == (1, ())
        assert pulled(library, graph)[0].endswith(": no changes")
    for export in library.state.reading_list("thesis").exports:
        assert changes_since(library, library.state.reading_list("thesis"), export) == ""


@pytest.mark.parametrize("label", LABELS)
def test_the_label_of_the_note_may_be_typed_by_hand(
    library: Library, graph: Path, label: str
) -> None:
    written(library, graph)
    (bread,) = graph.glob("pages/Bread*")
    edit(bread, "- **Note:** One", f"- {label} One")
    edit(graph / "pages" / "Eggs.md", "In: [[thesis]]", f"In: [[thesis]]\n\t- {label} mine")
    assert pulled(library, graph) == ("Pulled graph: 1 change", "  Eggs.md: note: Eggs")
    assert state(library, "Eggs")[3] == "mine"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("TODO Eggs", "TODO Eggs ask Bob"),
        ("▲ 7", "▲ 7 ask Bob"),
        ("Tags: #nlp", "Tags: #nlp ask Bob"),
        ("00005>", "00005> ask Bob"),
        ("In: [[thesis]]", "In: [[thesis]] ask Bob"),
        ("In: [[thesis]]", "In: [[thesis]], ask Bob"),
        ("> We study Eggs", "> ask Bob We study Eggs"),
        ("arXiv:2405.00005\n", "arXiv:2405.00005\n\t  ask Bob\n"),
    ],
)
def test_words_in_a_managed_block_move_below_with_the_next_export(
    library: Library, graph: Path, old: str, new: str
) -> None:
    triage.tag(library, [key_of(library, "Eggs")], ["nlp"])
    written(library, graph)
    eggs = graph / "pages" / "Eggs.md"
    edit(eggs, old, new)
    assert pulled(library, graph)[1:] == (
        "Eggs.md: 1 block of yours moves below with the next export",
    )
    assert written(library, graph).problems == ()
    assert eggs.read_text("utf-8").endswith(" -->\n\n- ask Bob\n")


def test_facts_below_a_block_of_a_user_are_not_his(library: Library, graph: Path) -> None:
    written(library, graph)
    eggs = graph / "pages" / "Eggs.md"
    edit(eggs, "- TODO Eggs\n", "- TODO Eggs\n\t- my own child\n")
    assert pulled(library, graph)[1:] == (
        "Eggs.md: 1 block of yours moves below with the next export",
    )
    written(library, graph)
    assert eggs.read_text("utf-8").endswith(" -->\n\n- my own child\n")


def test_backups_and_journals_are_left_alone(library: Library, graph: Path) -> None:
    written(library, graph)
    text = (graph / "pages" / "Eggs.md").read_text("utf-8")
    (graph / "logseq" / "bak" / "pages" / "Eggs.md").write_text(text.replace("TODO", "DONE"))
    (graph / "journals" / "2026_01_01.md").write_text(text.replace("TODO", "DOING"))
    assert all("pages" in path and "bak" not in path for path in files_of(library, [str(graph)]))
    assert pulled(library, graph) == ("Pulled graph: no changes",)
    (graph / "pages" / "Eggs.md").unlink()
    assert written(library, graph).new == 1


@pytest.mark.parametrize("how", AS_LOGSEQ_WRITES)
def test_what_is_changed_in_logseq_comes_back_in_one_change(
    library: Library, graph: Path, how: str
) -> None:
    written(library, graph)
    pages = graph / "pages"
    edit(pages / "Eggs.md", "TODO Eggs", "CANCELED Eggs")
    edit(pages / "Eggs.md", "tags:: paper", "tags:: paper, [[Mine]], #a/b")
    edit(pages / "Dates, 1. of all.md", "starred:: false", "starred:: true")
    (bread,) = pages.glob("Bread*.md")
    edit(bread, "\t\t- second line", "\t\t- second line\n\t\t- and more")
    for path in pages.glob("*.md"):
        path.write_bytes(AS_LOGSEQ_WRITES[how](path.read_text("utf-8")).encode())
    revision = len(library.state.history())
    assert len(pulled(library, graph)) == 5
    assert state(library, "Eggs") == ("dismissed", False, ("a/b", "mine"), None)
    assert state(library, "Dates")[1]
    assert (state(library, "Bread")[3] or "").endswith("\n- second line\n- and more")
    assert len(library.state.history()) == revision + 1
    assert pulled(library, graph) == ("Pulled graph: no changes",)
    assert written(library, graph).problems == ()
    assert pulled(library, graph) == ("Pulled graph: no changes",)
    library.undo()
    library.undo()
    assert state(library, "Eggs") == ("unread", False, (), None)


def test_of_two_changes_the_one_here_stays_and_is_told(library: Library, graph: Path) -> None:
    written(library, graph)
    edit(graph / "pages" / "Eggs.md", "TODO Eggs", "DONE Eggs")
    triage.mark(library, [key_of(library, "Eggs")], Status.DISMISSED)
    for _ in range(2):
        assert "both sides changed the status; “dismissed” stays: Eggs" in pulled(library, graph)[1]
        assert written(library, graph).problems
    assert written(library, graph, force=True).problems == ()
    assert "- CANCELED Eggs\n" in (graph / "pages" / "Eggs.md").read_text("utf-8")


def test_blocks_of_a_user_move_below_and_the_line_ends_of_windows_stay(
    library: Library, graph: Path
) -> None:
    written(library, graph)
    eggs = graph / "pages" / "Eggs.md"
    edit(eggs, "\t- <https", "\t- my own thoughts\n\t- <https")
    eggs.write_bytes(eggs.read_bytes().replace(b"\n", b"\r\n"))
    assert (
        pulled(library, graph)[-1] == "Eggs.md: 1 block of yours moves below with the next export"
    )
    triage.star(library, [key_of(library, "Eggs")])
    assert written(library, graph).problems == ()
    data = eggs.read_bytes()
    assert data.index(b"- my own thoughts") > data.index(b"papers-tui:end")
    assert data.count(b"\n") == data.count(b"\r\n")


def test_pages_that_were_renamed_are_found_and_linked_by_their_names(
    library: Library, graph: Path
) -> None:
    written(library, graph)
    pages = graph / "pages"
    (pages / "Eggs.md").rename(pages / "food___Boiled.md")
    (pages / "thesis.md").rename(pages / "Plan.md")
    dates = pages / "Dates, 1. of all.md"
    dates.write_text("title:: All: the Dates\n" + dates.read_text("utf-8"), "utf-8")
    assert (written(library, graph).new, (pages / "thesis.md").exists()) == (0, False)
    plan = (pages / "Plan.md").read_text("utf-8")
    assert "[[food/Boiled]]" in plan
    assert "[[All: the Dates]]" in plan
    assert "\t- In: [[Plan]]\n" in (pages / "food___Boiled.md").read_text("utf-8")
    lists.rename(library, "thesis", "eggs")
    result = export_notes(library, in_list(library, "eggs"), graph, "eggs", "logseq")
    assert (result.new, (pages / "eggs.md").exists()) == (0, False)


def test_the_list_knows_its_pages_and_exports_them_again(library: Library, graph: Path) -> None:
    written(library, graph)

    def since() -> str:
        thesis = library.state.reading_list("thesis")
        return changes_since(library, thesis, thesis.exports[0])

    assert since() == ""
    triage.mark(library, [key_of(library, "Eggs")], Status.READ)
    assert since() == "papers changed"
    (export,) = library.state.reading_list("thesis").exports
    assert str(export_again(library, "thesis", export)).endswith(": 1 updated")
    assert since() == ""


def test_the_command_says_what_it_takes(
    home: Path, graph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "--query", "tcia", "--to", "logseq"]) == 2
    assert "Not an export format, but one of notes: logseq" in capsys.readouterr().err
    assert main(["export", "--query", "tcia", "--notes", str(graph)]) == 0
    (page,) = (graph / "pages").iterdir()
    edit(page, "\n- TODO ", "\n- DOING ")
    capsys.readouterr()
    assert main(["pull", str(page)]) == 0
    assert ": reading: " in capsys.readouterr().out


def test_notes_keep_the_program_that_they_were_exported_for(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    assert main(["lists", "add", "thesis", "tcia"]) == 0
    export = ["export", "thesis", "--notes", str(folder)]
    assert main([*export, "--to", "logseq"]) == 0
    texts = {path: path.read_text("utf-8") for path in folder.iterdir()}
    assert main(export) == 0
    assert {path: path.read_text("utf-8") for path in folder.iterdir()} == texts
    assert main([*export, "--to", "obsidian"]) == 0
    assert all(path.read_text("utf-8").startswith("---\n") for path in texts)
