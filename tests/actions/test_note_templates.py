"""The template of new notes that the configuration names."""

from pathlib import Path

import pytest

from tests.actions.test_notes import pulled, vault
from tests.actions.test_pull import in_list, key_of, library
from tui.actions import lists, triage
from tui.actions.context import Context
from tui.actions.export import run_export
from tui.config import Config
from tui.errors import UsageError
from tui.exchange.note_templates import template_problem
from tui.exchange.notes import NotesResult, export_again, export_notes
from tui.library import Library

__all__ = ["library", "vault"]  # fixtures
pytestmark = pytest.mark.usefixtures("no_fsync")

TEXT = "---\nrating: 0\n---\n# {title}\n\n[@{citekey}] in {lists}\n\n{managed}\n\n## Summary\n"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The template."""
    path = tmp_path / "note.md"
    path.write_text(TEXT, "utf-8")
    return path


def written(library: Library, folder: Path, template: Path | None) -> NotesResult:
    """Exports the list as notes."""
    settings = Config(note_template=template, citation_key="{Word}{hash}")
    return export_notes(library, in_list(library), folder, "thesis", settings=settings)


def test_new_notes_have_what_the_template_says(
    library: Library, vault: Path, template: Path
) -> None:
    assert written(library, vault, template).new == 6
    eggs = (vault / "Eggs.md").read_text("utf-8")
    assert eggs.startswith('---\nrating: 0\ntitle: "Eggs"\n')
    assert f"\n# Eggs\n\n[@Eggs{key_of(library, 'Eggs')[-8:-4]}] in [[thesis]]\n\n<!--" in eggs
    assert eggs.endswith("-->\n\n## Summary\n")
    assert "## Summary" not in (vault / "thesis.md").read_text("utf-8")
    assert str(written(library, vault, template)).endswith(": unchanged")
    assert pulled(library, vault) == ("Pulled vault: no changes",)


def test_existing_notes_keep_their_text(library: Library, vault: Path, template: Path) -> None:
    written(library, vault, None)
    before = (vault / "Eggs.md").read_text("utf-8")
    assert str(written(library, vault, template)).endswith(": unchanged")
    assert (vault / "Eggs.md").read_text("utf-8") == before
    triage.star(library, [key_of(library, "Eggs")])
    result = written(library, vault, template)
    assert (result.new, result.changed) == (0, 1)
    assert "## Summary" not in (vault / "Eggs.md").read_text("utf-8")


def test_a_note_that_was_deleted_is_a_new_one(
    library: Library, vault: Path, template: Path
) -> None:
    written(library, vault, template)
    (vault / "Eggs.md").unlink()
    template.write_text("Other.\n\n{managed}\n", "utf-8")
    assert written(library, vault, template).new == 1
    assert "\nOther.\n\n<!--" in (vault / "Eggs.md").read_text("utf-8")


def test_the_command_and_an_export_again_use_it(
    library: Library, vault: Path, template: Path
) -> None:
    settings = Config(note_template=template)
    run_export(Context(settings, library), "thesis", notes=str(vault))
    assert "## Summary" in (vault / "Eggs.md").read_text("utf-8")
    other = next(each.key for each in library.items() if not each.state.lists)
    lists.add(library, "thesis", [other])
    (export,) = library.state.reading_list("thesis").exports
    result = export_again(library, "thesis", export, settings=settings)
    assert isinstance(result, NotesResult)
    assert result.new == 1
    assert len([path for path in vault.glob("*.md") if "## Summary" in path.read_text()]) == 6


def test_in_logseq_its_lines_are_blocks(library: Library, tmp_path: Path, template: Path) -> None:
    template.write_text("{title}\n\n{managed}\n\n## Summary\nWhy\n", "utf-8")
    items = in_list(library)
    settings = Config(note_template=template)
    for end in ("6 new", "unchanged"):
        result = export_notes(library, items, tmp_path, "thesis", "logseq", settings=settings)
        assert str(result).endswith(end)
    text = (tmp_path / "Eggs.md").read_text("utf-8")
    assert "\n\n- Eggs\n- <!-- papers-tui:begin -->\n- TODO Eggs\n" in text
    assert text.endswith("-->\n- ## Summary\n- Why\n")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "note.md: no template: No such file"),
        (b"\xff{managed}\n", "note.md: no template: 'utf-8' codec"),
        (b"{managed}" + b"\n" * 1_000_000, "note.md: no template: larger than 1 MB"),
        (b"{title}\n", "note.md: Not one line {managed} ("),
        (b"{managed}\n{titel}\n", "note.md: Unknown field: {titel} ("),
        (b"---\nrating: 0\n\n{managed}\n", "note.md: No line --- ends the properties ("),
    ],
)
def test_a_wrong_template_is_said_and_nothing_written(
    library: Library, vault: Path, template: Path, data: bytes | None, message: str
) -> None:
    template.unlink()
    if data is not None:
        template.write_bytes(data)
    with pytest.raises(UsageError) as refused:
        written(library, vault, template)
    assert refused.value.message.startswith(message)
    assert refused.value.hint
    assert not list(vault.iterdir())
    assert str(template_problem(Config(note_template=template))) == str(refused.value)


def test_a_folder_is_no_template(library: Library, vault: Path, template: Path) -> None:
    for path in (vault, vault / "a\0b"):
        with pytest.raises(UsageError, match="no template"):
            written(library, vault, path)
    assert template_problem(Config(note_template=template)) is None
    assert template_problem(Config()) is None
