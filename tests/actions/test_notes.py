"""A folder of notes: found again by their keys, whatever they are called."""

import re
from pathlib import Path

import pytest

from tests.actions.conftest import ran
from tests.actions.test_pull import LABELS, edit, in_list, key_of, library, record, state
from tui.__main__ import main
from tui.actions import lists, triage
from tui.actions.context import Context, Outcome
from tui.actions.export import notes_outcome
from tui.actions.history import describe
from tui.actions.pull import Pull, is_pulled, pull, pull_notes, run_pull
from tui.config import Config
from tui.errors import ConfirmationError, InputError, PapersError, UsageError
from tui.exchange.export_files import changes_since, export
from tui.exchange.notes import NotesResult, export_again, export_notes
from tui.exchange.pull_notes import edited_notes
from tui.formats.notes import FORMATS
from tui.library import Library
from tui.model.paper import merge
from tui.model.state import Status

__all__ = ["library"]  # a fixture
pytestmark = pytest.mark.usefixtures("no_fsync")


def written(library: Library, folder: Path, format: str = "obsidian") -> NotesResult:
    """Exports the list as notes."""
    return export_notes(library, in_list(library), folder, "thesis", format)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "vault"
    folder.mkdir()
    return folder


def test_each_paper_has_a_note_and_the_list_an_index(library: Library, vault: Path) -> None:
    result = written(library, vault)
    assert (result.count, result.new, result.changed, result.problems) == (6, 6, 0, ())
    assert str(result) == f"Exported 6 notes to {vault}: 6 new"
    assert "- [ ] [[Eggs]]" in (vault / "thesis.md").read_text("utf-8")
    assert str(written(library, vault)).endswith(": unchanged")


def test_the_history_names_the_folder_of_notes_that_are_of_no_list(
    library: Library, vault: Path
) -> None:
    export_notes(library, in_list(library), vault, None)
    assert describe(library, library.state.history()[-1]) == "Exported: vault"
    written(library, vault)
    assert describe(library, library.state.history()[-1]) == "Exported: thesis"


def test_a_note_that_was_renamed_and_moved_is_found_again(library: Library, vault: Path) -> None:
    written(library, vault)
    (vault / "food").mkdir()
    (vault / "Eggs.md").rename(vault / "food" / "Boiled.md")
    assert written(library, vault).new == 0
    assert not (vault / "Eggs.md").exists()
    assert "[[Boiled]]" in (vault / "thesis.md").read_text("utf-8")


def test_a_note_that_was_moved_to_another_folder_of_the_vault_is_found(
    library: Library, vault: Path
) -> None:
    papers, away = vault / "papers", vault / "sub"
    for folder in (vault / ".obsidian", papers, away):
        folder.mkdir()
    written(library, papers)
    (papers / "Eggs.md").rename(away / "Boiled.md")
    (papers / "thesis.md").rename(away / "Plan.md")
    lists.move(library, "thesis", key_of(library, "Eggs"), 0)
    assert str(written(library, papers)).endswith(": 6 updated")
    assert "[[Boiled]]" in (away / "Plan.md").read_text("utf-8")
    edit(away / "Boiled.md", 'status: "unread"', 'status: "read"')
    outcome = run_pull(Context(Config(), opened=library), [])
    assert isinstance(outcome, Outcome)
    assert outcome.text.endswith("  Boiled.md: read: Eggs\n")
    (away / "Boiled.md").unlink()
    assert str(written(library, papers)).endswith(": 1 new, 1 updated")


def test_of_a_note_and_its_copies_the_one_that_was_exported_counts(
    library: Library, vault: Path
) -> None:
    written(library, vault)
    text = (vault / "Eggs.md").read_text("utf-8")
    (vault / "A copy.md").write_text(text, "utf-8")
    (vault / "Dates, 1. of all.md").rename(vault / "On dates.md")
    written(library, vault)
    (vault / "On dates 1.md").write_text((vault / "On dates.md").read_text("utf-8"), "utf-8")
    edit(vault / "Eggs.md", 'status: "unread"', 'status: "read"')
    result = taken(library, vault)
    assert result.changes == ("Eggs.md: read: Eggs",)
    assert result.notes == (
        "A copy.md: not read; Eggs.md is of the same paper",
        "On dates 1.md: not read; On dates.md is of the same paper",
    )
    written(library, vault)
    assert "[[Eggs]]" in (vault / "thesis.md").read_text("utf-8")
    assert "[[On dates]]" in (vault / "thesis.md").read_text("utf-8")
    assert (vault / "A copy.md").read_text("utf-8") == text


def test_links_to_a_note_that_was_renamed_elsewhere_are_ours(library: Library, vault: Path) -> None:
    written(library, vault)
    (vault / "Eggs.md").rename(vault / "Boiled.md")
    edit(vault / "thesis.md", "- [ ] [[Dates, 1. of all]]", "- [x] [[Dates, 1. of all]]")
    assert pulled(library, vault)[1:] == (
        "thesis.md: line 15: not pulled; tick it in its own note: Dates, 1. of all",
    )
    written(library, vault)
    assert "Eggs" not in (vault / "thesis.md").read_text("utf-8")


def test_the_note_of_a_list_is_found_under_any_name(library: Library, vault: Path) -> None:
    written(library, vault)
    (vault / "plans").mkdir()
    (vault / "thesis.md").rename(vault / "plans" / "Plan.md")
    lists.rename(library, "thesis", "eggs")
    lists.create(library, "thesis")
    result = export_notes(library, in_list(library, "eggs"), vault, "eggs")
    assert (result.new, result.changed) == (0, 6)
    plan = (vault / "plans" / "Plan.md").read_text("utf-8")
    assert "# eggs" in plan
    assert 'papers-tui-list: "thesis"' in plan
    assert "In: [[Plan]]" in (vault / "Eggs.md").read_text("utf-8")
    assert export_notes(library, [], vault, "thesis").new == 1  # another list of the old name


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
    assert str(result) == f"Exported 5 notes to {vault}: unchanged; 1 left as it is"
    (problem,) = result.problems
    assert str(problem).startswith("Eggs.md: edited since it was exported, and left as it is")
    assert "# My Eggs" in eggs.read_text("utf-8")
    result = export_notes(library, in_list(library), vault, "thesis", force=True)
    assert (result.changed, result.problems) == (1, ())


def test_a_list_that_is_called_like_a_paper_has_another_note(library: Library, vault: Path) -> None:
    lists.rename(library, "thesis", "eggs")
    for _ in range(2):
        export_notes(library, in_list(library, "eggs"), vault, "eggs")
        assert "- [ ] [[Eggs]]" in (vault / "eggs (list).md").read_text("utf-8")
        assert "In: [[eggs (list)]]" in (vault / "Eggs.md").read_text("utf-8")


def test_a_new_folder_is_made_in_one_that_is_there_and_none_that_was_taken_away(
    library: Library, vault: Path
) -> None:
    with pytest.raises(PapersError, match="No such folder"):
        written(library, vault / "none" / "deep")
    assert written(library, vault / "new").new == 6
    (vault / "new").rename(vault / "old")
    with pytest.raises(PapersError, match="No such folder"):
        written(library, vault / "new")
    (vault / "file").touch()
    with pytest.raises(PapersError, match="File exists"):
        written(library, vault / "file")


def test_the_list_knows_its_notes_and_exports_them_again(library: Library, vault: Path) -> None:
    written(library, vault)
    (export,) = library.state.reading_list("thesis").exports
    assert (export.path, export.format) == (str(vault), "obsidian")

    def since() -> str:
        return changes_since(library, library.state.reading_list("thesis"), export)

    assert since() == ""
    triage.mark(library, [key_of(library, "Eggs")], Status.READ)
    assert since() == "papers changed"
    assert str(export_again(library, "thesis", export)).endswith(": 2 updated")
    assert since() == ""
    edit(vault / "Eggs.md", 'status: "read"', "status: dismissed")
    triage.star(library, [key_of(library, "Eggs")])
    with pytest.raises(ConfirmationError, match="1 note edited since exported"):
        export_again(library, "thesis", export)
    export_again(library, "thesis", export, force=True)
    assert 'status: "read"' in (vault / "Eggs.md").read_text("utf-8")


@pytest.mark.parametrize(
    "updates",
    [
        "eggs",
        "5",
        '["notes"]',
        '[["papers", "eggs", "status", "read"]]',
        '[["lists", "thesis", "exists", null]]',
        '[["lists", "thesis", "export//x", "eggs"]]',
        '[["lists", "thesis", "export/x", {"held": []}]]',
        '[["notes", "x", "eggs", "5"]]',
        '[["files", "/x\\u001b[2J", "sum", "5"]]',
    ],
)
def test_a_record_that_means_nothing_is_refused(library: Library, updates: str) -> None:
    lists.create(library, "thesis")
    count = library.state.change_count
    with pytest.raises(UsageError, match="Not a record"):
        ran("record", Context(Config(), library), verb="export", updates=updates)
    assert library.state.change_count == count


def test_what_only_a_command_asks_a_session_to_record_is_no_command_of_the_shell(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["record", "export", "[]"]) == 2
    assert "Unknown command: record" in capsys.readouterr().err


# What comes back


def taken(library: Library, vault: Path) -> Pull:
    """Pulls the notes of the papers."""
    paths = [each for each in sorted(vault.rglob("*.md")) if each.name != "thesis.md"]
    return pull_notes(library, str(vault), {each: each.read_text("utf-8") for each in paths})


def pulled(library: Library, vault: Path) -> tuple[str, ...]:
    """Pulls them as the command does; what it says."""
    outcome = run_pull(Context(Config(), library), [str(vault)])
    assert isinstance(outcome, Outcome)
    return (*outcome.text.splitlines(), *outcome.notes)


def test_notes_that_were_not_edited_change_nothing(library: Library, vault: Path) -> None:
    written(library, vault)
    revision = len(library.state.history())
    result = taken(library, vault)
    assert (result.change, result.changes, result.notes) == (None, (), ())
    assert pulled(library, vault) == ("Pulled vault: no changes",)
    triage.mark(library, [key_of(library, "Eggs")], Status.READ)
    assert taken(library, vault).change is None  # what was changed here alone stays
    assert len(library.state.history()) == revision + 1


def test_properties_and_managed_lines_are_one_change(library: Library, vault: Path) -> None:
    written(library, vault)
    edit(vault / "Eggs.md", 'status: "unread"', "status: dismissed")
    edit(vault / "Eggs.md", 'tags: ["paper"]', "tags:\n  - paper\n  - Mine\n  - a/b")
    edit(vault / "Dates, 1. of all.md", "starred: false", "starred: true")
    edit(vault / "Apples a Survey.md", '"nlp", "rl/offline"', '"nlp", "new"')
    (bread,) = vault.glob("Bread*.md")
    edit(bread, "**bold** word", "**bold** words\n\nand more")
    revision = len(library.state.history())
    result = taken(library, vault)
    assert result.notes == ()
    assert state(library, "Eggs") == ("dismissed", False, ("a/b", "mine"), None)
    assert state(library, "Dates")[1]
    assert state(library, "Apples")[2] == ("new", "nlp")
    note = "One **bold** words\n\nand more, [[Other Note]] and #todo.\n- second line"
    assert state(library, "Bread")[3] == note
    assert len(library.state.history()) == revision + 1
    assert taken(library, vault).change is None
    assert written(library, vault).problems == ()  # all of it is in the library
    assert taken(library, vault).change is None
    assert "starred: true" in (vault / "Dates, 1. of all.md").read_text("utf-8")
    library.undo()
    assert state(library, "Eggs") == ("unread", False, (), None)
    assert taken(library, vault).changes == ()
    assert written(library, vault).problems == ()
    assert 'status: "unread"' in (vault / "Eggs.md").read_text("utf-8")


def test_a_note_with_changes_that_were_not_pulled_is_not_overwritten(
    library: Library, vault: Path
) -> None:
    written(library, vault)
    edit(vault / "Eggs.md", 'status: "unread"', 'status: "read"')
    triage.star(library, [key_of(library, "Eggs")])
    _, hint = notes_outcome(library, written(library, vault), ()).notes
    assert hint.startswith("papers-tui pull takes the changes")
    assert taken(library, vault).changes == ("Eggs.md: read: Eggs",)
    assert written(library, vault).problems == ()
    assert state(library, "Eggs")[:2] == ("read", True)


def test_a_note_that_is_too_long_is_told_and_stays_in_its_file(
    library: Library, vault: Path
) -> None:
    written(library, vault)
    edit(vault / "Eggs.md", "\n> We study", f"\n**Note:** {'long ' * 5_000}\n\n> We study")
    text = (vault / "Eggs.md").read_text("utf-8")
    result = taken(library, vault)
    told = "Eggs.md: the note has more than 20,000 characters and is not taken: Eggs"
    assert (result.changes, result.notes[0]) == ((), told)
    assert len(written(library, vault).problems) == 1
    assert (vault / "Eggs.md").read_text("utf-8") == text


def test_of_two_changes_the_one_here_stays_and_is_told(library: Library, vault: Path) -> None:
    written(library, vault)
    edit(vault / "Eggs.md", 'status: "unread"', 'status: "read"')
    triage.mark(library, [key_of(library, "Eggs")], Status.DISMISSED)
    for _ in range(2):
        result = taken(library, vault)
        assert result.changes == ()
        assert "both sides changed the status; “dismissed” stays: Eggs" in result.notes[0]
        assert written(library, vault).problems
    assert state(library, "Eggs")[0] == "dismissed"


def test_managed_lines_may_lag_behind_properties_that_were_pulled(
    library: Library, vault: Path
) -> None:
    written(library, vault)
    edit(vault / "Eggs.md", "starred: false", "starred: true")
    edit(vault / "Eggs.md", 'tags: ["paper"]', 'tags: ["paper", "new"]')
    assert len(taken(library, vault).changes) == 2
    edit(vault / "Eggs.md", "<https://", "**Note:** good\n\n<https://")
    result = taken(library, vault)
    assert (len(result.changes), result.notes) == (1, ())
    assert written(library, vault).problems == ()


def test_a_tag_that_is_put_back_as_it_was_exported_is_the_same_tag(
    library: Library, vault: Path
) -> None:
    triage.tag(library, [key_of(library, "Eggs")], ["c++"])
    written(library, vault)
    text = (vault / "Eggs.md").read_text("utf-8")
    edit(vault / "Eggs.md", ', "cplusplus"', "")
    taken(library, vault)
    assert state(library, "Eggs")[2] == ()
    (vault / "Eggs.md").write_text(text, "utf-8")
    taken(library, vault)
    assert state(library, "Eggs")[2] == ("c++",)


def test_a_note_that_was_put_back_as_it_was_exported_is_not_overwritten_by_another(
    library: Library, vault: Path
) -> None:
    written(library, vault)
    (bread,) = vault.glob("Bread*.md")
    text = bread.read_text("utf-8")
    edit(bread, "**bold** word", "**bold** words")
    taken(library, vault)
    triage.note(library, [key_of(library, "Bread")], "mine")
    bread.write_text(text, "utf-8")
    assert "both sides changed the note; the library's stays" in taken(library, vault).notes[0]
    left = notes_outcome(library, written(library, vault), ())
    assert "with --prefer file conflicts, too" in left.notes[-1]
    outcome = run_pull(Context(Config(), library), [str(vault)], prefer="file")
    assert isinstance(outcome, Outcome)
    assert outcome.text.splitlines()[0] == "Pulled vault: 1 change"
    assert written(library, vault).problems == ()
    assert bread.read_text("utf-8") == text


def test_the_line_ends_of_windows_and_what_is_between_them_stay(
    library: Library, vault: Path
) -> None:
    written(library, vault)
    edit(vault / "Eggs.md", "<https://arxiv", "My own thoughts.\n\n<https://arxiv")
    data = (vault / "Eggs.md").read_bytes().replace(b"\n", b"\r\n")
    (vault / "Eggs.md").write_bytes(data)
    taken(library, vault)
    triage.star(library, [key_of(library, "Eggs")])
    assert written(library, vault).problems == ()
    data = (vault / "Eggs.md").read_bytes()
    assert data.index(b"My own thoughts.") > data.index(b"papers-tui:end")
    assert data.count(b"\n") == data.count(b"\r\n")


def test_a_note_is_removed_and_what_is_not_ours_moves_below(library: Library, vault: Path) -> None:
    written(library, vault)
    (bread,) = vault.glob("Bread*.md")
    edit(bread, "**Note:** One **bold** word, [[Other Note]] and #todo.\n- second line\n", "")
    edit(vault / "Eggs.md", "<https://arxiv", "My own thoughts.\n\n<https://arxiv")
    result = taken(library, vault)
    assert [change.split(": ")[1] for change in result.changes] == ["note removed"]
    assert result.notes == ("Eggs.md: 1 paragraph of yours moves below with the next export",)
    assert written(library, vault).problems == ()
    text = (vault / "Eggs.md").read_text("utf-8")
    assert text.index("My own thoughts.") > text.index("papers-tui:end")
    assert taken(library, vault).change is None


def test_a_note_cut_short_gives_only_its_properties(library: Library, vault: Path) -> None:
    written(library, vault)
    (bread,) = vault.glob("Bread*.md")
    text = bread.read_text("utf-8").replace('status: "unread"', 'status: "read"')
    bread.write_text(text[: text.index("**bold**")], "utf-8")
    result = taken(library, vault)
    assert [change.split(": ")[1] for change in result.changes] == ["read"]
    assert state(library, "Bread")[3] is not None


@pytest.mark.parametrize("end", ["gs:", "---\n\n", "# Eggs"])
def test_a_note_without_the_end_of_its_properties_is_named_and_nothing_of_it_is_read(
    library: Library, vault: Path, end: str
) -> None:
    written(library, vault)
    eggs = vault / "Eggs.md"
    front, _, below = eggs.read_text("utf-8").rpartition("---\n\n")
    below = f"{below}\n---\n" if end == "# Eggs" else ""
    eggs.write_text(front.replace("unread", "read").partition(end)[0] + below, "utf-8")
    told = (
        "Eggs.md: line 1: no --- below ends the properties; the note is not read",
        "Eggs.md is not exported until this is resolved",
    )
    assert pulled(library, vault) == (
        "Pulled vault: no changes",
        told[0],
        f"{told[1]}; others are pulled",
    )
    assert pulled(library, eggs) == ("Pulled Eggs.md: no changes", *told)
    (exported,) = library.state.reading_list("thesis").exports
    assert list(edited_notes(library, exported)) == [eggs]
    assert len(written(library, vault).problems) == 1
    assert is_pulled(library, eggs, eggs.read_bytes())


@pytest.mark.parametrize("size", [0, 60])
def test_a_note_that_was_emptied_or_cut_short_has_no_second_one_beside_it(
    library: Library, vault: Path, size: int
) -> None:
    written(library, vault)
    names, eggs = sorted(vault.iterdir()), vault / "Eggs.md"
    whole = eggs.read_text("utf-8")
    eggs.write_text(whole[:size], "utf-8")
    result = written(library, vault)
    assert sorted(vault.iterdir()) == names
    left = ("Eggs.md: incomplete, and left as it is; --force writes it whole",) if size else ()
    assert (tuple(map(str, result.problems)), eggs.read_text("utf-8") == whole) == (left, not size)
    eggs.unlink()
    written(library, vault)
    assert eggs.read_text("utf-8") == whole


@pytest.mark.parametrize(
    ("edits", "tags"),
    [
        ({"Tags: #a #b": "Tags: #a #c"}, ("a", "c")),
        ({"Tags: #a #b": "Tags: #c", '"paper", "a", "b"': '"paper", "c"'}, ("c",)),
        ({"Tags: #a #b": "Tags: #c", '"paper", "a", "b"': '"paper", "d"'}, ("d",)),
        ({"Tags: #a #b\n": "Tags:\n"}, ()),
    ],
)
def test_tags_are_those_of_the_property_if_it_was_changed_else_of_their_line(
    library: Library, vault: Path, edits: dict[str, str], tags: tuple[str, ...]
) -> None:
    eggs = key_of(library, "Eggs")
    triage.tag(library, [eggs], ["a", "b"])
    written(library, vault)
    for old, new in edits.items():
        edit(vault / "Eggs.md", old, new)
    assert taken(library, vault).notes == ()
    assert state(library, "Eggs")[2] == tags
    assert taken(library, vault).changes == ()
    assert written(library, vault).problems == ()
    line = "Tags: " + " ".join(f"#{tag}" for tag in tags) if tags else "\n"
    assert line in (vault / "Eggs.md").read_text("utf-8")
    assert taken(library, vault).changes == ()
    assert state(library, "Eggs")[2] == tags


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('status: "unread"', "status: later", "Eggs.md: line 6: unknown status later"),
        ("starred: false", "starred: perhaps", "Eggs.md: line 7: unknown starred perhaps"),
        ('tags: ["paper"]', 'tags: [paper, "x', "Eggs.md: line 8: the property tags is not YAML"),
        ('tags: ["paper"]', 'tags: ["!"]', "Eggs.md: line 8: Not a valid tag"),
        ('status: "unread"', 'status: "read', "Eggs.md: line 6: the property status is not YAML"),
        ('status: "unread"', 'status: "unread"\nstatus: read', "A property twice: status, line"),
        ("# Eggs", "<<<<<<< HEAD\n# Eggs", "Marks of a conflict, line"),
        ('papers-tui: "', 'papers-tui: "x', "no such paper: x"),
    ],
)
def test_what_cannot_be_read_is_told_and_left(
    library: Library, vault: Path, old: str, new: str, says: str
) -> None:
    written(library, vault)
    edit(vault / "Eggs.md", old, new)
    result = taken(library, vault)
    assert result.changes == ()
    assert says in result.notes[0]
    assert state(library, "Eggs") == ("unread", False, (), None)
    written(library, vault)
    assert new in (vault / "Eggs.md").read_text("utf-8")


def test_tags_that_cannot_be_read_are_replaced_if_an_export_is_forced(
    library: Library, vault: Path
) -> None:
    written(library, vault)
    edit(vault / "Eggs.md", 'tags: ["paper"]', 'tags: ["paper", "unclosed]')
    export_notes(library, in_list(library), vault, "thesis", force=True)
    assert 'tags: ["paper"]\n' in (vault / "Eggs.md").read_text("utf-8")
    assert taken(library, vault).changes == ()


def test_what_is_wrong_in_one_note_holds_up_no_other(library: Library, vault: Path) -> None:
    written(library, vault)
    edit(vault / "Eggs.md", 'status: "unread"', "status: later")
    edit(vault / "Dates, 1. of all.md", "starred: false", "starred: true")
    edit(vault / "Dates, 1. of all.md", 'status: "unread"', "status: reading")
    changes, problem, told = pulled(library, vault)[0], *pulled(library, vault)[-2:]
    assert "2 changes" in changes
    assert problem.startswith("Eggs.md: line 6: unknown status later")
    rest = "not exported until this is resolved"
    assert told == f"Eggs.md is {rest}; others are pulled"
    triage.tag(library, [key_of(library, "Dates")], ["new"])
    assert tuple(map(str, written(library, vault).problems)) == (
        "Eggs.md: edited since it was exported, and left as it is",
    )
    assert '"new"' in (vault / "Dates, 1. of all.md").read_text("utf-8")
    edit(vault / "Dates, 1. of all.md", 'status: "reading"', "status: later")
    assert pulled(library, vault)[-1] == f"These 2 notes are {rest}; others are pulled"
    assert pulled(library, vault / "Eggs.md")[-1] == f"Eggs.md is {rest}"
    for note in vault.glob("*.md"):
        text = note.read_text("utf-8")
        note.write_text(re.sub("(?m)^status: .*$", "status: later", text), "utf-8")
    assert pulled(library, vault)[-1].endswith(f"notes are {rest}")


def test_a_note_without_its_properties_is_refused_with_what_to_put_back(
    library: Library, vault: Path
) -> None:
    written(library, vault)
    path = vault / "Eggs.md"
    text = path.read_text("utf-8")
    path.write_text(text[text.index("<!--") :], "utf-8")
    with pytest.raises(InputError, match="A note without its properties") as refused:
        run_pull(Context(Config(), library), [str(path)])
    line = f"papers-tui: {key_of(library, 'Eggs')}"
    assert line in refused.value.hint
    edit(path, "<!--", f"---\n{line}\n---\n\n<!--")
    assert taken(library, vault).notes == ()


@pytest.mark.parametrize("label", LABELS)
def test_the_label_of_the_note_may_be_typed_by_hand(
    library: Library, vault: Path, label: str
) -> None:
    written(library, vault)
    (bread,) = vault.glob("Bread*")
    edit(bread, "**Note:** One", f"{label} One")
    assert taken(library, vault).changes == ()
    edit(vault / "Eggs.md", "In: [[thesis]]\n", f"In: [[thesis]]\n\n{label} mine\n")
    result = taken(library, vault)
    assert (result.changes, result.notes) == (("Eggs.md: note: Eggs",), ())
    assert state(library, "Eggs")[3] == "mine"


@pytest.mark.parametrize("word", ["yes", "On", "TRUE", "1", "'true'"])
def test_a_star_may_be_spelled_as_people_type_it(library: Library, vault: Path, word: str) -> None:
    written(library, vault)
    edit(vault / "Eggs.md", "starred: false", f"starred: {word}")
    assert taken(library, vault).changes == ("Eggs.md: starred: Eggs",)
    written(library, vault)
    edit(vault / "Eggs.md", "starred: true", "starred: no")
    assert taken(library, vault).changes == ("Eggs.md: starred removed: Eggs",)


@pytest.mark.parametrize("tags", ["[paper, x]", "['paper', \"x\"]", "paper, x", '\n- paper\n- "x"'])
def test_a_list_of_tags_may_be_any_yaml(library: Library, vault: Path, tags: str) -> None:
    written(library, vault)
    edit(vault / "Eggs.md", 'tags: ["paper"]', f"tags: {tags}")
    assert taken(library, vault).notes == ()
    assert state(library, "Eggs")[2] == ("x",)


def test_a_copy_in_the_vault_is_told_and_one_elsewhere_is_known(
    library: Library, vault: Path, tmp_path: Path
) -> None:
    written(library, vault)
    text = (vault / "Eggs.md").read_text("utf-8")
    copy = vault / "Eggs (copy).md"
    copy.write_text(text, "utf-8")
    assert "is of the same paper" in taken(library, vault).notes[0]
    away = tmp_path / "away" / "Boiled.md"
    away.parent.mkdir()
    copy.rename(away)
    (vault / "Eggs.md").unlink()
    text = text.replace('"unread"', '"read"')
    assert pull_notes(library, str(away), {away: text}).changes == ("Boiled.md: read: Eggs",)


def test_a_paper_may_have_a_note_in_each_of_two_folders(
    library: Library, vault: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    written(library, vault)
    export_notes(library, in_list(library), other, "thesis", "logseq")
    edit(other / "Eggs.md", "TODO Eggs", "DONE Eggs")
    edit(vault / "Eggs.md", "starred: false", "starred: true")
    outcome = run_pull(Context(Config(), library), [])
    assert isinstance(outcome, Outcome)
    assert outcome.notes == ()
    assert state(library, "Eggs")[:2] == ("read", True)
    edit(vault / "Eggs.md", 'status: "unread"', "status: dismissed")
    edit(other / "Eggs.md", "DONE Eggs", "DOING Eggs")
    outcome = run_pull(Context(Config(), library), [])
    assert isinstance(outcome, Outcome)
    assert (
        "Eggs.md: both sides changed the status" in outcome.notes[0]
    )  # of two changes the first is taken


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Eggs", "# Eggs ask Bob"),
        ("# Eggs", "# Eggs\nask Bob"),
        ("▲ 7", "▲ 7 ask Bob"),
        ("Tags: #nlp", "Tags: #nlp ask Bob"),
        ("00005>", "00005> ask Bob"),
        ("00005>", "00005>\nask Bob"),
        ("In: [[thesis]]", "In: [[thesis]] ask Bob"),
        ("4.\n<!--", "4. ask Bob\n<!--"),
        ("> We study Eggs", "> ask Bob We study Eggs"),
        ("> We study Eggs", "ask Bob\n> We study Eggs"),
    ],
)
def test_words_in_a_managed_line_move_below_with_the_next_export(
    library: Library, vault: Path, old: str, new: str
) -> None:
    triage.tag(library, [key_of(library, "Eggs")], ["nlp"])
    written(library, vault)
    edit(vault / "Eggs.md", old, new)
    result = taken(library, vault)
    assert (result.changes, result.notes) == (
        (),
        ("Eggs.md: 1 paragraph of yours moves below with the next export",),
    )
    assert written(library, vault).problems == ()
    assert (vault / "Eggs.md").read_text("utf-8").endswith(" -->\n\nask Bob\n")
    assert (taken(library, vault).changes, taken(library, vault).notes) == ((), ())


def test_the_folder_that_one_is_in_has_its_name_in_the_message(
    library: Library, vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(library, vault)
    (tmp_path / "away").mkdir()
    vault.rename(tmp_path / "away" / "moved")
    monkeypatch.chdir(tmp_path / "away" / "moved")
    outcome = run_pull(Context(Config(), opened=library), ["."])
    assert isinstance(outcome, Outcome)
    assert outcome.text == "Pulled moved: no changes\n"


def test_a_note_right_below_a_managed_line_is_taken(library: Library, vault: Path) -> None:
    written(library, vault)
    edit(vault / "Eggs.md", "In: [[thesis]]", "In: [[thesis]]\n**Note:** glued")
    assert taken(library, vault).changes == ("Eggs.md: note: Eggs",)
    assert state(library, "Eggs")[3] == "glued"


def test_ticks_in_the_note_of_a_list_are_told_until_it_is_exported_again(
    library: Library, vault: Path
) -> None:
    written(library, vault)
    index = vault / "thesis.md"
    text = index.read_text("utf-8")
    edit(index, "- [ ] [[Eggs]]", "- [x] [[Eggs]] ask Bob")
    line = text[: text.index("[[Eggs]]")].count("\n") + 1
    note = f"thesis.md: line {line}: not pulled; tick it in its own note: Eggs"
    assert pulled(library, vault)[1:] == (note,)
    assert written(library, vault).problems == ()
    assert index.read_text("utf-8") == f"{text}\n- [[Eggs]] ask Bob\n"
    assert pulled(library, vault)[1:] == ()


def test_links_of_a_user_in_the_note_of_a_list_move_below_and_are_told(
    library: Library, vault: Path
) -> None:
    new = "- [ ] [[A new note]]\n- [ ] [[Figs]]\n"
    other = [library.item(key_of(library, "Figs"))]
    export_notes(library, other, vault, None)
    written(library, vault)
    index = vault / "thesis.md"
    text = index.read_text("utf-8")
    edit(index, "- [ ] [[Eggs]]", f"{new}- [ ] [[Eggs]]")
    line = text[: text.index("- [ ] [[Eggs]]")].count("\n") + 1
    assert pulled(library, vault)[1:] == tuple(
        f"thesis.md: line {number}: moves below with the next export" for number in (line, line + 1)
    )
    assert written(library, vault).problems == ()
    assert index.read_text("utf-8") == f"{text}\n{new}".replace(
        "]]\n- [ ] [[Figs", "]]\n\n- [ ] [[Figs"
    )


def test_links_that_were_moved_or_deleted_in_the_note_of_a_list_are_told(
    library: Library, vault: Path
) -> None:
    written(library, vault)
    text = (vault / "thesis.md").read_text("utf-8")
    edit(vault / "thesis.md", "- [ ] [[Eggs]]\n", "")
    left = "thesis.md: 1 deleted link not pulled; remove papers from the list in papers-tui"
    assert pulled(library, vault)[1:] == (left,)
    edit(vault / "thesis.md", "# thesis\n\n", "# thesis\n\n- [ ] [[Eggs]]\n")
    left = "thesis.md: order not pulled; reorder the list in papers-tui"
    assert pulled(library, vault)[1:] == (left,)
    written(library, vault)
    assert (vault / "thesis.md").read_text("utf-8") == text


@pytest.mark.parametrize(
    ("name", "value"),
    [("title", "'My Eggs'"), ("url", "https://a.org"), ("published", "2020-01-01 ask Bob")],
)
def test_a_property_that_is_not_pulled_is_told(
    library: Library, vault: Path, name: str, value: str
) -> None:
    written(library, vault)
    text = (vault / "Eggs.md").read_text("utf-8")
    (vault / "Eggs.md").write_text(re.sub(rf"(?m)^{name}: .*$", f"{name}: {value}", text), "utf-8")
    left = f"Eggs.md: property {name} not pulled; the next export writes it again"
    assert pulled(library, vault)[1:] == (left,)
    assert written(library, vault).problems == ()
    assert (vault / "Eggs.md").read_text("utf-8") == text
    assert pulled(library, vault)[1:] == ()


def test_a_link_of_a_user_beside_those_of_lists_stays(library: Library, vault: Path) -> None:
    written(library, vault)
    edit(vault / "Eggs.md", "In: [[thesis]]", "In: [[thesis]], [[Mine]]")
    assert pulled(library, vault)[1:] == (
        "Eggs.md: 1 paragraph of yours moves below with the next export",
    )
    assert written(library, vault).problems == ()
    assert (vault / "Eggs.md").read_text("utf-8").endswith("-->\n\n[[Mine]]\n")


def test_what_a_formatter_does_to_the_note_of_a_list_is_nothing(
    library: Library, vault: Path
) -> None:
    written(library, vault)
    index = vault / "thesis.md"
    text = index.read_text("utf-8")
    formatted = text.replace("\n- [", "\n\n* [").replace("\n# ", "\n\n# ")
    mdformat = (r"\[[", r"]\]")
    for opening, end in (("[[", "]]"), mdformat, (r"\[\[", r"\]\]")):
        index.write_text(formatted.replace("[[", opening).replace("]]", end), "utf-8")
        assert pulled(library, vault)[1:] == ()
        assert written(library, vault).problems == ()
        assert index.read_text("utf-8").endswith(text[text.index("<!--") :])
    index.write_text(text.replace("<!-- papers-tui:begin -->", "Mine."), "utf-8")
    (problem,) = written(library, vault).problems
    assert str(problem).startswith("thesis.md: incomplete, and left as it is")


@pytest.mark.parametrize("facts", ["arxiv", "page_day", "doi"])
def test_what_a_formatter_does_to_the_note_of_a_paper_is_nothing(
    tmp_path: Path, vault: Path, facts: str
) -> None:
    known = {"arxiv": "2405.00001", "page_day": "2024-03-12", "doi": "10.1234/a_b"}[facts]
    with Library.open(tmp_path / "library", "desk") as library:
        library.seed([merge([record("Eggs", **{facts: known})])])
        lists.add(library, "thesis", [key_of(library, "Eggs")])
        written(library, vault)
        text = (vault / "Eggs.md").read_text("utf-8")
        formatted = text.replace("[[thesis]]", r"\[[thesis]\]").replace("begin -->", "begin -->\n")
        (vault / "Eggs.md").write_text(formatted, "utf-8")
        assert pulled(library, vault)[1:] == ()
        assert written(library, vault).problems == ()
        below = (vault / "Eggs.md").read_text("utf-8").split("papers-tui:end ")[1]
        assert below == text.split("papers-tui:end ")[1]


TABBED = (
    "```make\nall:\n\tgcc\t-o x\n\tif a\tb\n```",
    "- in\n\n  ```\n  \tdeep\tx\n  ```\n\n1. one\n   - two\n\n     ~~~\n     a\tb\n     ~~~",
    "Text:\n\n> ```\n> indented\tcode\n> ```\n\n- a\tb",
)
"""Notes with tabs in their code."""


@pytest.mark.parametrize("note", TABBED)
@pytest.mark.parametrize("name", ["Eggs.md", "thesis.md"])
def test_blanks_for_tabs_are_the_work_of_pandoc_and_tabs_for_blanks_that_of_a_user(
    library: Library, vault: Path, note: str, name: str
) -> None:
    path, eggs, is_list = vault / name, [key_of(library, "Eggs")], name == "thesis.md"

    def text() -> str:
        """What is exported, as a list or as notes."""
        if is_list:
            export(library, "thesis", in_list(library), path)
        else:
            assert not written(library, vault).problems
        return path.read_text("utf-8")

    def changes(text: str) -> tuple[str, ...]:
        """What is pulled of it, edited so."""
        path.write_text(text, "utf-8")
        result = pull(library, str(path), path.read_bytes()) if is_list else taken(library, vault)
        return result.changes

    triage.note(library, eggs, note)
    spaced = text().expandtabs(4)
    assert (changes(spaced), changes(spaced)) == ((), ())
    assert state(library, "Eggs")[3] == note
    assert "\t" in text()
    assert len(changes(re.sub("(gcc|deep|indented) +", r"\1 more  ", spaced))) == 1
    triage.note(library, eggs, note.expandtabs(4))
    tabbed = re.sub("(?<=[acdp]) {2,7}(?=[-bxc])", "\t", text())
    assert len(changes(tabbed)) == 1
    assert "\t" in (state(library, "Eggs")[3] or "")


@pytest.mark.parametrize("note", TABBED)
def test_a_note_that_was_only_written_otherwise_is_no_conflict_with_what_changed_here(
    library: Library, vault: Path, note: str
) -> None:
    triage.note(library, [key_of(library, "Eggs")], note)
    written(library, vault)
    export(library, "thesis", in_list(library), vault / "list.md")
    triage.note(library, [key_of(library, "Eggs")], "other")
    for name in ("Eggs.md", "list.md"):
        text = (vault / name).read_text("utf-8")
        (vault / name).write_text(text.expandtabs(4), "utf-8")
        result = pull(library, str(vault / name), (vault / name).read_bytes())
        assert (result.changes, result.notes) == ((), ())
    assert state(library, "Eggs")[3] == "other"
    assert not written(library, vault).problems


def test_a_change_that_is_taken_back_in_the_file_is_taken_back_here(
    library: Library, vault: Path
) -> None:
    written(library, vault)
    (bread,) = vault.glob("Bread*.md")
    text = bread.read_text("utf-8")
    edit(bread, "**bold** word", "**bold** words")
    assert len(taken(library, vault).changes) == 1
    bread.write_text(text, "utf-8")
    assert len(taken(library, vault).changes) == 1
    assert (state(library, "Bread")[3] or "").startswith("One **bold** word,")
    assert taken(library, vault).change is None
    assert written(library, vault).problems == ()


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    ("was", "typed", "status"),
    [
        ("unread", " · Reading", "reading"),
        ("unread", " · read · my words", "read"),
        ("reading", " · unread", "unread"),
    ],
)
def test_a_status_typed_into_the_facts_is_pulled(
    library: Library, vault: Path, format: str, was: str, typed: str, status: str
) -> None:
    triage.mark(library, [key_of(library, "Eggs")], Status(was))
    typed_in_facts(library, vault, format, typed)
    assert written(library, vault, format).problems
    (change,) = taken(library, vault).changes
    assert change.endswith(f"{status}: Eggs")
    assert state(library, "Eggs")[0] == status
    assert taken(library, vault).change is None
    assert written(library, vault, format).problems == ()
    assert taken(library, vault).change is None
    assert state(library, "Eggs")[0] == status
    assert ("my words" in (vault / "Eggs.md").read_text("utf-8")) == ("words" in typed)


@pytest.mark.parametrize("format", FORMATS)
def test_a_status_typed_into_the_facts_beside_another_that_was_changed_is_named(
    library: Library, vault: Path, format: str
) -> None:
    typed_in_facts(library, vault, format, " · dismissed")
    path = vault / "Eggs.md"
    text = path.read_text("utf-8")
    path.write_text(text.replace("- TODO", "- DONE").replace('s: "unread"', "s: read"), "utf-8")
    line = next(n for n, line in enumerate(text.split("\n"), 1) if "dismissed" in line)
    result = taken(library, vault)
    assert result.changes == ("Eggs.md: read: Eggs",)
    told = "the status “read” counts, delete “dismissed”"
    assert result.notes[0] == f"Eggs.md: line {line}: {told}"
    assert written(library, vault, format).problems
    edit(path, " · dismissed", "")
    assert taken(library, vault).notes == ()
    assert written(library, vault, format).problems == ()


@pytest.mark.parametrize("format", FORMATS)
def test_a_tag_typed_into_the_facts_is_one_of_the_paper_and_words_there_are_kept(
    library: Library, vault: Path, format: str
) -> None:
    triage.tag(library, [key_of(library, "Eggs")], ["old"])
    typed_in_facts(library, vault, format, " · #skim `deep` · read this again")
    taken(library, vault)
    assert state(library, "Eggs") == ("unread", False, ("deep", "old", "skim"), None)
    assert written(library, vault, format).problems == ()
    assert "read this again" in (vault / "Eggs.md").read_text("utf-8").split("papers-tui:end")[1]


def typed_in_facts(library: Library, vault: Path, format: str, words: str) -> None:
    """Exports notes, and puts words at the end of the facts of one."""
    written(library, vault, format)
    path = vault / "Eggs.md"
    text = path.read_text("utf-8")
    start = text.index("2024-05-16 ", text.index("papers-tui:begin"))
    end = text.index("\n", start)
    path.write_text(text[:end] + words + text[end:], "utf-8")


def test_a_note_may_stand_anywhere_and_a_tag_be_written_anyhow(
    library: Library, vault: Path
) -> None:
    written(library, vault)
    edit(vault / "Eggs.md", "<https://", "**Note:** good,\nreally\n\nagain\n\n<https://")
    edit(vault / "Eggs.md", 'tags: ["paper"]', 'tags: ["paper", "World Models"]')
    assert taken(library, vault).notes == ()
    assert state(library, "Eggs")[2:] == (("world-models",), "good,\nreally\n\nagain")
    written(library, vault)
    assert 'tags: ["paper", "world-models"]\n' in (vault / "Eggs.md").read_text("utf-8")
    triage.tag(library, [key_of(library, "Eggs")], [], ["world-models"])
    written(library, vault)
    assert 'tags: ["paper"]\n' in (vault / "Eggs.md").read_text("utf-8")
    assert taken(library, vault).change is None


def test_the_command_records_what_it_exports(
    home: Path, vault: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "tcia"
    for words in (["lists", "add", "l", key], ["export", "l", "--notes", str(vault)]):
        assert main(words) == 0
    (note,) = (path for path in vault.iterdir() if path.name != "l.md")
    edit(note, 'status: "unread"', "status: read")
    capsys.readouterr()
    assert main(["pull", str(vault)]) == 0
    assert capsys.readouterr().out.startswith(f"Pulled {note.name[:40]}")
