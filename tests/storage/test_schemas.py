"""What schemas promise: a library of each there has been opens, whole, and is kept as it was."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import NOW
from tests.strategies import FIXTURES
from tui.errors import LibraryError
from tui.library import Library
from tui.model.state import PaperState, Status
from tui.storage.backups import Backups
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.migrations import MIGRATIONS, Tables, migrate

OLD: Final = range(1, max(map(len, MIGRATIONS.values())) + 1)
"""Every schema that there has been, but the newest."""


@pytest.fixture(params=OLD, ids=lambda schema: f"schema-{schema}")
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A library of an old schema; the fixture itself stays as it was written."""
    return Path(shutil.copytree(FIXTURES / f"schema-{request.param}", tmp_path / "library"))


def assert_golden(library: Library) -> None:
    """The library has what all libraries of the fixtures have."""
    sets, bags, rags = (item.key for item in library.items())
    changed = "2026-01-15T12:00:00Z"
    assert library.item(sets).paper.abstract == "About “sets”, überall."
    assert library.item(rags).paper.abstract is None
    assert library.state.of(sets) == PaperState(
        Status.READ,
        tags=("nlp", "rl/offline"),
        lists=("Thesis",),
        note="two\nlines",
        changed=changed,
        marked=changed,
    )
    assert library.state.of(bags).starred
    assert library.state.of(rags).snoozed_until == date(2999, 1, 1)
    (thesis,) = library.state.lists()
    assert (thesis.name, thesis.description) == ("Thesis", "why it is")
    assert thesis.keys == (rags, bags, sets)
    assert library.state.views() == {"nlp": "tag:nlp sort:up"}
    assert len(library.state.history()) == 10


@pytest.mark.parametrize("write", [True, False])
def test_a_library_of_an_old_schema_opens_whole(old: Path, write: bool) -> None:
    with Library.open(old, "desk", write=write, now=lambda: NOW) as library:
        assert_golden(library)
    with Library.open(old, "desk", now=lambda: NOW) as library:
        assert_golden(library)
        library.undo()


def test_what_a_migration_changes_is_kept_for_ever(old: Path) -> None:
    def contents() -> dict[str, bytes]:
        return {name: (old / name).read_bytes() for name in MIGRATIONS}

    before = contents()
    with Library.open(old, "desk", now=lambda: NOW):
        pass
    after = contents()
    kept = {backup.file: backup for backup in Backups(old / "backups").all() if backup.for_ever}
    assert kept.keys() == {name for name in before if before[name] != after[name]}
    assert kept
    assert {name: backup.path.read_bytes() for name, backup in kept.items()} == {
        name: before[name] for name in kept
    }
    with Library.open(old, "desk", now=lambda: NOW):
        pass
    assert contents() == after


def test_a_library_for_reading_is_migrated_in_memory_only(old: Path) -> None:
    before = {path: path.read_bytes() for path in old.rglob("*") if path.is_file()}
    with Library.open(old, "desk", write=False) as library:
        assert_golden(library)
    assert {path: path.read_bytes() for path in old.rglob("*") if path.is_file()} == before


def test_without_its_backup_nothing_is_migrated(old: Path) -> None:
    (old / "backups").write_text("in the way")
    before = (old / "triage.json").read_bytes()
    with pytest.raises(LibraryError, match="backups: cannot be read"):
        Library.open(old, "desk")
    assert (old / "triage.json").read_bytes() == before
    with Library.open(old, "desk", or_read_only=True) as library:
        assert "backups: cannot be read" in (library.read_only_reason or "")
        assert_golden(library)


def test_a_migration_passes_on_what_it_does_not_know() -> None:
    tables: Tables = {
        "decisions": {"1": {"key": "a", "later": 1}},
        "papers": {},
        "later": {"1": {}},
    }
    for migrations in MIGRATIONS.values():
        assert migrate({**tables}, 1, migrations) == tables
        assert migrate({**tables, "session": {}}, len(migrations) + 1, migrations) == {
            **tables,
            "session": {},
        }


def test_a_file_of_a_schema_below_one_is_refused(tmp_path: Path) -> None:
    AtomicJSONStorage(tmp_path / "x.json").write({})
    raw = (tmp_path / "x.json").read_bytes()
    for schema in (b"0", b"-1", b"true", b"1.5"):
        (tmp_path / "x.json").write_bytes(raw.replace(b'"schema": 1', b'"schema": ' + schema))
        with pytest.raises(LibraryError):
            AtomicJSONStorage(tmp_path / "x.json").read()


def test_the_place_of_a_user_is_of_the_machine_and_not_of_the_library(tmp_path: Path) -> None:
    with Library.open(tmp_path / "a", "desk") as library:
        library.save_place({"query": "x"})
    assert not any(b"query" in path.read_bytes() for path in (tmp_path / "a").glob("*.json"))
    now = datetime(2030, 1, 1, tzinfo=UTC)
    with Library.open(tmp_path / "a", "lap", now=lambda: now) as library:
        assert library.place == {"query": "x"}
    with Library.open(tmp_path / "b", "desk") as library:
        assert library.place == {}
