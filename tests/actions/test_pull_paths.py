"""What a pull reads is named by a file, a folder or a list, or is all that was edited."""

from pathlib import Path

import pytest

from tests.actions.test_pull import edit, library, path
from tui.actions import command_line, lists, triage
from tui.actions.context import Context, Outcome
from tui.actions.lists import run_exported
from tui.actions.pull import run_pull
from tui.config import Config
from tui.errors import InputError
from tui.exchange.export_files import ExportStyle, export
from tui.exchange.notes import export_notes
from tui.library import Library
from tui.model.state import Status

pytestmark = pytest.mark.usefixtures("no_fsync")
__all__ = ["library", "path"]  # fixtures


def pulled(library: Library, *names: str) -> str:
    """What pulling says."""
    outcome = run_pull(Context(Config(), library), names)
    assert isinstance(outcome, Outcome)
    return outcome.message or outcome.text


def refused(library: Library, *names: str) -> str:
    """Why pulling does nothing, and what to do."""
    with pytest.raises(InputError) as caught:
        run_pull(Context(Config(), library), names)
    return f"{caught.value.message}\n{caught.value.hint}"


def tick(path: Path) -> None:
    """Marks a paper read in a file."""
    edit(path, "- [ ] [Dates", "- [x] [Dates")


def test_a_list_is_pulled_by_its_name_in_any_case(library: Library, path: Path) -> None:
    tick(path)
    assert pulled(library, "Thesis").startswith(f"Pulled {path.name}: 1 change\n")
    assert pulled(library, "thesis") == f"Pulled {path.name}: no changes\n"


def test_a_file_that_is_wrong_and_was_not_named_is_named(library: Library, path: Path) -> None:
    edit(path, "- [ ] [Dates", "<<<<<<< HEAD\n- [ ] [Dates")
    assert refused(library).startswith(f"{path}: Marks of a conflict, line ")
    assert refused(library, "thesis").startswith(f"{path}: Marks of a conflict, line ")
    assert refused(library, str(path)).startswith("Marks of a conflict, line ")


def test_of_several_exports_the_edited_one_is_pulled(library: Library, path: Path) -> None:
    items = [library.item(key) for key in library.state.reading_list("thesis").keys]
    export(library, "thesis", items, path.with_name("later.md"), style=ExportStyle("markdown"))
    tick(path)
    assert pulled(library, "thesis").startswith(f"Pulled {path.name}: 1 change\n")


def test_a_copy_in_the_folder_is_named_and_changes_nothing(library: Library, path: Path) -> None:
    for name in ("a copy.md", "zz-copy.md"):
        path.with_name(name).write_bytes(path.read_bytes())
    tick(path)
    edit(path.with_name("zz-copy.md"), "- [ ] [Eggs", "- [x] [Eggs")
    folder = str(path.parent)
    for text in (f"Pulled {path.name}: 1 change\n", f"Pulled {path.name}: no changes\n"):
        outcome = run_pull(Context(Config(), library), [folder])
        assert isinstance(outcome, Outcome)
        assert outcome.text.startswith(text)
        assert outcome.text.count("Pulled") == 1
        assert outcome.notes == tuple(
            f"{name}: a copy of {path.name}, not read; pull it alone"
            for name in ("a copy.md", "zz-copy.md")
        )
    assert pulled(library, f"{folder}/a copy.md") == "Pulled a copy.md: no changes\n"


def test_an_edited_copy_undoes_nothing_that_was_pulled_from_the_original(
    library: Library, path: Path
) -> None:
    copy = path.with_name("zz-copy.md")
    copy.write_bytes(path.read_bytes())
    tick(path)
    pulled(library, str(path))
    edit(copy, "- [ ] [Eggs", "- [x] [Eggs")
    assert pulled(library, str(copy)).startswith("Pulled zz-copy.md: 1 change\n")
    assert pulled(library) == "No exported file was edited"
    items = [library.item(key) for key in library.state.reading_list("thesis").keys]
    assert export(library, "thesis", items, path).is_changed


def test_what_was_edited_in_a_copy_is_taken_from_the_export_that_it_was_copied_from(
    library: Library, path: Path
) -> None:
    copy, later = path.with_name("zz-copy.md"), path.with_name("zz-later.md")
    copy.write_bytes(path.read_bytes())
    tick(path)
    edit(path, "- [x] [Apples", "- [ ] [Apples")
    pulled(library, str(path))
    later.write_bytes(path.read_bytes())
    edit(copy, "- [ ] [Eggs", "- [x] [Eggs")
    text = copy.read_text("utf-8")
    start, end = text.index("- [ ] [Cheese"), text.index("- [ ] [Dates")
    copy.write_text(text[:start] + text[end:], "utf-8")
    taken = pulled(library, str(copy)).split("\n")[1:-1]
    assert [line.split(": ")[-2:] for line in taken] == [
        ["read", "Eggs"],
        ["  removed", "Cheese_in_snake_case & Co"],
    ]
    assert pulled(library, str(copy)) == "Pulled zz-copy.md: no changes\n"
    triage.mark(library, [item.key for item in library.items()], Status.UNREAD)
    edit(later, "- [ ] [Eggs", "- [x] [Eggs")
    (line,) = pulled(library, str(later)).split("\n")[1:-1]
    assert line.endswith("read: Eggs")


@pytest.mark.parametrize("is_beside", [False, True])
def test_an_older_copy_is_merged_with_the_export_that_it_was_copied_from(
    library: Library, path: Path, is_beside: bool
) -> None:
    older = path.with_name("older.md")
    older.write_bytes(path.read_bytes())
    apples, bread, *_, figs = sorted(item.key for item in library.items())
    triage.star(library, [apples])
    triage.mark(library, [bread], Status.READ)
    lists.add(library, "thesis", [figs])
    lists.move(library, "thesis", bread, 1)
    items = [library.item(key) for key in library.state.reading_list("thesis").keys]
    assert export(library, "thesis", items, path).is_changed
    if not is_beside:  # put back in place of it
        older = older.rename(path)
    else:
        assert pulled(library, str(older)) == "Pulled older.md: no changes\n"
    edit(older, "- [ ] [Eggs", "- [x] [Eggs")
    edit(older, "- [ ] [Bread", "- [-] [Bread")
    text = older.read_text("utf-8")
    start, end = text.index("- [ ] [Cheese"), text.index("- [ ] [Dates")
    older.write_text(text[:start] + text[end:], "utf-8")
    if is_beside:
        outcome = run_pull(Context(Config(), library), [str(path.parent)])
        assert isinstance(outcome, Outcome)
        assert outcome.notes == (f"older.md: a copy of {path.name}, not read; pull it alone",)
    outcome = run_pull(Context(Config(), library), [str(older)])
    assert isinstance(outcome, Outcome)
    assert [line.split(": ")[-2:] for line in outcome.text.splitlines()[1:]] == [
        ["read", "Eggs"],
        ["  removed", "Cheese_in_snake_case & Co"],
    ]
    assert "both sides changed the status; “read” stays: Bread" in outcome.notes[0]
    listed = [library.item(key).paper.title[0] for key in library.state.reading_list("thesis").keys]
    assert "".join(listed) == "BADEF"
    assert library.state.of(apples).starred


def test_a_list_that_was_moved_and_edited_is_settled_by_its_pull_wherever_it_goes(
    library: Library, path: Path
) -> None:
    moved = path.rename(path.with_name("moved.md"))
    tick(moved)
    assert pulled(library, str(moved)).startswith("Pulled moved.md: 1 change\n")
    moved = moved.rename(path.with_name("again.md"))
    dates = next(each.key for each in library.items() if each.paper.title.startswith("Dates"))
    triage.mark(library, [dates], Status.UNREAD)
    assert pulled(library, str(moved)) == "Pulled again.md: no changes\n"
    items = [library.item(key) for key in library.state.reading_list("thesis").keys]
    assert export(library, "thesis", items, moved).is_changed
    assert "- [ ] [Dates" in moved.read_text("utf-8")


def test_a_moved_list_that_was_recorded_where_it_is_can_be_exported_after_its_pull(
    library: Library, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = path.rename(path.with_name("moved.md"))
    tick(moved)
    pulled(library, str(moved))
    monkeypatch.chdir(path.parent)
    again = moved.rename("again.md")
    run_exported(Context(Config(), library), "thesis", "again.md")
    assert pulled(library, str(path.parent)) == "Pulled again.md: no changes\n"
    items = [library.item(key) for key in library.state.reading_list("thesis").keys]
    assert export(library, "thesis", items, again).is_changed


def test_what_is_said_of_several_files_names_the_file(library: Library, path: Path) -> None:
    later = path.with_name("later.md")
    items = [library.item(key) for key in library.state.reading_list("thesis").keys]
    export(library, "thesis", items, later, style=ExportStyle("markdown"))
    edit(path, "- [ ] [Dates", "- [q] [Dates")
    outcome = run_pull(Context(Config(), library), [str(path.parent)])
    assert isinstance(outcome, Outcome)
    assert [note.split(":")[0] for note in outcome.notes] == [path.name, path.name]
    assert ": line " in outcome.notes[0]


def test_an_exported_list_goes_before_a_file_of_its_name(
    library: Library, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("thesis").mkdir()
    assert pulled(library, "thesis") == f"Pulled {path.name}: no changes\n"
    assert refused(library, "./thesis").startswith("No exported list in ./thesis")


def test_without_a_name_all_that_was_edited_is_pulled(library: Library, path: Path) -> None:
    assert pulled(library) == "No exported file was edited"
    tick(path)
    assert pulled(library).startswith(f"Pulled {path.name}: 1 change\n")


def test_without_a_name_notes_are_pulled_too(library: Library, tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    keys = library.state.reading_list("thesis").keys
    export_notes(library, [library.item(key) for key in keys], vault, None)
    assert pulled(library) == "No exported file was edited"
    edit(sorted(vault.glob("*.md"))[-1], 'status: "unread"', 'status: "read"')
    assert "1 change\n" in pulled(library)


def test_what_was_never_exported_says_how_to(library: Library, tmp_path: Path) -> None:
    assert refused(library).startswith("Nothing was exported")
    why = refused(library, "thesis")
    assert why.startswith("“thesis” was not exported as Markdown\npapers-tui export thesis -o")
    assert refused(library, "tesis") == "No such file or list: tesis\nDid you mean thesis?"


def test_a_list_whose_file_is_gone_says_so(library: Library, path: Path) -> None:
    path.unlink()
    assert refused(library, "thesis").startswith("The exported file is gone: ")


def test_lists_that_can_be_pulled_are_completed_with_their_files(
    library: Library, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists.create(library, "empty")
    monkeypatch.chdir(path.parent)
    choices = {each.value: each.detail for each in command_line.complete("pull ", "", library)}
    assert choices["thesis"] == path.name
    assert path.name in choices
    assert "empty" not in choices
