"""What backups promise: a copy is whole, and old ones go by rule, none before its successor."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import NOW
from tui.errors import LibraryError
from tui.storage.backups import DAYS, NEWEST, Backup, Backups, surplus
from tui.storage.json_file import AtomicJSONStorage

ages: Final = st.lists(st.integers(0, 60 * 24 * 40), unique=True, max_size=40)
"""Minutes."""

START: Final = datetime(2026, 1, 1, tzinfo=UTC)


def backup(minutes: int, *, size: int = 100, for_ever: bool = False) -> Backup:
    at = NOW - timedelta(minutes=minutes)
    return Backup(Path(f"{minutes}"), "triage.json", at, "", for_ever, size)


@given(ages)
def test_the_newest_and_the_last_of_each_day_are_kept(minutes: list[int]) -> None:
    backups = [backup(each) for each in minutes]
    gone = surplus(backups, NOW)
    rest = [each for each in backups if each not in gone]
    newest = sorted(backups, key=lambda each: each.at, reverse=True)
    assert set(map(id, newest[:NEWEST])) <= set(map(id, rest))
    days = {each.at.date() for each in backups if each.at > NOW - timedelta(days=DAYS)}
    assert days <= {each.at.date() for each in rest}
    assert len(rest) <= NEWEST + DAYS + 1
    assert surplus(rest, NOW) == []


def test_what_was_made_before_a_migration_stays_for_ever() -> None:
    old = backup(60 * 24 * 900, for_ever=True)
    assert surplus([old, *map(backup, range(20))], NOW) == [backup(n) for n in range(5, 20)]


def test_a_library_that_has_shrunk_does_not_rotate_out_the_larger_one() -> None:
    large = backup(60 * 24 * 90, size=1_000)
    small = [backup(n, size=300) for n in range(8)]
    assert large not in surplus([large, *small], NOW)
    assert large in surplus([large, *small, *[backup(-1, size=600)]], NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "triage.json"
    AtomicJSONStorage(path).write({"decisions": {"1": {"key": "a"}}})
    return path


def test_a_copy_is_made_when_there_is_something_new_and_an_hour_has_passed(path: Path) -> None:
    now = START
    backups = Backups(path.parent / "backups")
    backups.keep(path, now)
    backups.keep(path, now)
    (first,) = backups.all()
    assert first.path.read_bytes() == path.read_bytes()
    assert first.read() == {"decisions": {"1": {"key": "a"}}}
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600
    AtomicJSONStorage(path).write({"decisions": {"1": {"key": "b"}}})
    now += timedelta(minutes=59)
    backups.keep(path, now)
    assert backups.all() == [first]
    now += timedelta(minutes=1)
    backups.keep(path, now)
    assert [each.at.hour for each in backups.all()] == [1, 0]
    now -= timedelta(days=3)  # a clock that was set back keeps no backup from being made
    AtomicJSONStorage(path).write({"decisions": {}})
    backups.keep(path, now)
    assert len(backups.all()) == 3


def test_a_copy_that_is_damaged_is_no_copy_and_lets_none_go(path: Path) -> None:
    now = START
    backups = Backups(path.parent / "backups")
    for number in range(NEWEST + 1):
        now += timedelta(days=100)
        AtomicJSONStorage(path).write({"decisions": {"1": {"key": str(number)}}})
        backups.keep(path, now)
    before = backups.all()
    assert len(before) == NEWEST
    path.write_bytes(path.read_bytes()[:-9])
    now += timedelta(days=100)
    path.write_bytes(path.read_bytes().replace(b'"sha256": "', b'"sha256": "0', 1))
    with pytest.raises(LibraryError, match="damaged"):
        backups.keep(path, now)
    assert backups.all() == before


def test_other_files_in_the_folder_are_nobodys_backups(path: Path) -> None:
    backups = Backups(path.parent / "backups")
    backups.folder.mkdir()
    for name in (
        "x.json",
        "triage-20269901T000000Z-00000000.json",
        "other-20260101T000000Z-0.json",
    ):
        (backups.folder / name).touch()
    assert backups.all() == []
    backups.keep(path, START)
    assert len(list(backups.folder.iterdir())) == 4
