"""A folder of notes: found again by their keys, whatever they are called."""

from pathlib import Path

import pytest

from tests.actions.test_pull import in_list, library
from tui.actions import lists
from tui.actions.notes import NotesResult, export_notes
from tui.errors import PapersError
from tui.library import Library

__all__ = ["library"]  # a fixture
pytestmark = pytest.mark.usefixtures("no_fsync")


def written(library: Library, folder: Path) -> NotesResult:
    """Exports the list as notes."""
    return export_notes(library, in_list(library), folder, "thesis")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "vault"
    folder.mkdir()
    return folder


def test_each_paper_has_a_note_and_the_list_an_index(library: Library, vault: Path) -> None:
    result = written(library, vault)
    assert (result.count, result.new, result.changed, result.problems) == (5, 6, 0, ())
    assert str(result) == f"Exported 5 notes to {vault}: 6 new"
    assert "- [ ] [[Eggs]]" in (vault / "thesis.md").read_text("utf-8")
    assert str(written(library, vault)).endswith(": unchanged")


def test_a_note_that_was_renamed_and_moved_is_found_again(library: Library, vault: Path) -> None:
    written(library, vault)
    (vault / "food").mkdir()
    (vault / "Eggs.md").rename(vault / "food" / "Boiled.md")
    assert written(library, vault).new == 0
    assert not (vault / "Eggs.md").exists()
    assert "[[Boiled]]" in (vault / "thesis.md").read_text("utf-8")


def test_a_note_of_the_user_with_the_same_name_is_left_alone(library: Library, vault: Path) -> None:
    (vault / "eggs.md").write_text("mine\n")
    written(library, vault)
    assert (vault / "eggs.md").read_text() == "mine\n"
    assert len(list(vault.glob("Eggs *.md"))) == 1


def test_a_note_in_the_trash_is_not_found(library: Library, vault: Path) -> None:
    written(library, vault)
    (vault / ".trash").mkdir()
    (vault / "Eggs.md").rename(vault / ".trash" / "Eggs.md")
    assert written(library, vault).new == 1


def test_edited_managed_lines_are_told_and_the_rest_is_written(
    library: Library, vault: Path
) -> None:
    written(library, vault)
    eggs = vault / "Eggs.md"
    eggs.write_text(eggs.read_text("utf-8").replace("# Eggs", "# My Eggs"), "utf-8")
    (vault / "Figs.md").unlink(missing_ok=True)
    result = written(library, vault)
    (problem,) = result.problems
    assert problem.startswith("Eggs.md: edited between its comment lines, and left as it is.")
    assert "# My Eggs" in eggs.read_text("utf-8")
    result = export_notes(library, in_list(library), vault, "thesis", force=True)
    assert (result.changed, result.problems) == (1, ())


def test_a_list_that_is_called_like_a_paper_has_another_note(library: Library, vault: Path) -> None:
    lists.rename(library, "thesis", "eggs")
    for _ in range(2):
        export_notes(library, in_list(library, "eggs"), vault, "eggs")
        assert "- [ ] [[Eggs]]" in (vault / "eggs (list).md").read_text("utf-8")
        assert "In: [[eggs (list)]]" in (vault / "Eggs.md").read_text("utf-8")


def test_a_folder_that_is_missing_is_refused(library: Library, vault: Path) -> None:
    with pytest.raises(PapersError, match="No such folder"):
        written(library, vault / "none")
