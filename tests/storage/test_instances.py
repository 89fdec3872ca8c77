"""Several instances on one library: one writes, the others follow it and take over from it."""

import shutil
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conftest import NOW
from tests.libraries import BAGS, RAGS, SETS, SOME, opened, state_of, status, tag, three_papers
from tui.errors import LibraryError, LibraryLockedError, PapersError
from tui.library import Library, Updates
from tui.model.paper import SourceRecord
from tui.model.state import Status
from tui.query import parse

folder = three_papers

NEW: Final = SourceRecord("A new one", None, "9.txt", 1)


def second(folder: Path, **options: Any) -> Library:
    """Another instance on the same machine, which comes too late to write."""
    library = opened(folder, or_read_only=True, **options)
    assert library.read_only_reason
    return library


def test_the_second_follows_what_the_first_does(folder: Path) -> None:
    with opened(folder) as first, second(folder) as other:
        assert not other.refresh()
        assert other.search.count(parse("is:unread")) == 3
        change = first.change("read", [status(SETS), tag(BAGS, "nlp")])
        news = other.refresh()
        assert news == Updates((change,), frozenset())  # type: ignore[arg-type]
        assert news.keys == {SETS, BAGS}
        assert other.search.count(parse("is:read OR tag:nlp")) == 2
        assert state_of(other) == state_of(first)
        assert other.refresh() == Updates()
        first.undo()
        assert other.refresh().keys == {SETS, BAGS}
        assert state_of(other) == state_of(first)
        first.state.checkpoint()
        assert not other.refresh()


def test_the_second_sees_papers_that_the_first_imports(folder: Path) -> None:
    with opened(folder) as first, second(folder) as other:
        assert other.search.count(parse("new")) == 0
        first.add([NEW, SourceRecord("On sets!", "Longer than it was.", "9.txt", 2)])
        news = other.refresh()
        assert news.papers == news.keys == {NEW.key, SETS}
        assert other.search.count(parse("new")) == 1
        assert not other.refresh()


def test_to_follow_costs_a_look_while_nothing_comes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(folder) as first, second(folder) as other:
        first.change("read", [status(SETS)])
        other.refresh()
        with monkeypatch.context() as patch:
            patch.setattr(Path, "read_bytes", lambda self: pytest.fail(f"{self} was read"))
            patch.setattr(
                "tui.storage.segments.decode", lambda line: pytest.fail("a line was read")
            )
            for _ in range(3):
                assert not other.refresh()


def test_what_a_synced_folder_brings_is_followed_by_the_writer_too(
    folder: Path, tmp_path: Path
) -> None:
    away = Path(shutil.copytree(folder, tmp_path / "away"))
    with opened(folder) as desk, opened(away, "lap") as lap:
        desk.change("read", [status(SETS)])
        lap.change("dismissed", [status(SETS, "dismissed")])
        lap.change("star", [("papers", BAGS, "starred", True)])
        shutil.copytree(away / "journal", folder / "journal", dirs_exist_ok=True)
        assert desk.refresh().keys == {SETS, BAGS}
        assert desk.state.of(BAGS).starred
        assert desk.state.of(SETS).status is Status.DISMISSED  # (1, lap) comes after (1, desk)
        with pytest.raises(PapersError, match="Nothing to undo"):
            desk.undo()  # its own change has been overwritten, and the others are not its own
        (star,) = [change for change in desk.state.history() if change.verb == "star"]
        assert desk.undo(star).undoes == ("2@lap",)
        change = desk.change("read", [status(RAGS)])
        assert change is not None
        assert change.rev == 4
    with opened(folder) as again:
        assert state_of(again) == state_of(desk)


def test_an_import_keeps_what_a_synced_folder_brought(folder: Path, tmp_path: Path) -> None:
    away = Path(shutil.copytree(folder, tmp_path / "away"))
    with opened(away, "lap") as lap:
        lap.add([NEW])
    with opened(folder) as desk:
        shutil.copy(away / "papers.json", folder)
        desk.add([SourceRecord("Another", None, "8.txt", 1)])
        assert NEW.key in desk
    with opened(folder, write=False) as again:
        assert len(again) == 5


def test_what_is_damaged_is_not_followed_and_memory_stays(folder: Path) -> None:
    with opened(folder) as first, second(folder) as other:
        first.change("read", [status(SETS)])
        before = state_of(other)
        whole = (folder / "papers.json").read_bytes()
        (folder / "papers.json").write_bytes(whole[:-9])
        with pytest.raises(LibraryError, match=r"papers\.json"):
            other.refresh()
        assert state_of(other) == before
        with pytest.raises(LibraryError, match=r"papers\.json"):
            first.add([NEW])
        (folder / "papers.json").write_bytes(whole)
        assert other.refresh().keys == {SETS}


def test_the_second_takes_over_when_the_first_is_gone(folder: Path) -> None:
    first = opened(folder)
    with second(folder) as other:
        first.change("read", [status(SETS)])
        with pytest.raises(LibraryLockedError, match="Another papers-tui"):
            other.acquire_write()
        with pytest.raises(LibraryError):
            other.change("read", [status(BAGS)])
        first.close()
        assert other.acquire_write().keys == {SETS}
        assert other.read_only_reason is None
        change = other.change("read", [status(BAGS)])
        assert change is not None
        assert change.rev == 2
        assert other.undo().undoes == (change.id,)
        other.add([NEW])
        with pytest.raises(LibraryLockedError):
            opened(folder)
        assert not other.acquire_write()
    with opened(folder) as again:
        assert state_of(again) == state_of(other)
        assert NEW.key in again


def test_a_library_that_was_closed_takes_nothing_over(folder: Path) -> None:
    library = opened(folder, write=False)
    library.close()
    with pytest.raises(LibraryError, match="closed"):
        library.acquire_write()
    opened(folder).close()


def test_what_cannot_be_followed_is_not_taken_over(folder: Path) -> None:
    first = opened(folder)
    with second(folder) as other:
        because = other.read_only_reason
        first.close()
        whole = (folder / "papers.json").read_bytes()
        (folder / "papers.json").write_bytes(whole[:-9])
        with pytest.raises(LibraryError, match=r"papers\.json"):
            other.acquire_write()
        assert other.read_only_reason == because
        (folder / "papers.json").write_bytes(whole)
        other.acquire_write()
        assert other.read_only_reason is None


def test_two_writers_who_got_past_the_lock_both_keep_what_they_did(folder: Path) -> None:
    """As where somebody removed the file of the lock, or a file system has no locks."""
    with opened(folder) as one:
        (folder / "lock").unlink()
        with opened(folder) as other:
            one.change("read", [status(SETS)])
            change = other.change("star", [("papers", BAGS, "starred", True)])
            assert change is not None
            assert change.rev == 2
            one.change("read", [status(RAGS)])
            assert state_of(one)[0][BAGS].starred
            other.state._journal._stamps.clear()  # as if both wrote in the same instant
            assert other.refresh()
    with opened(folder) as again:
        assert len(again.state.history()) == 3
        assert again.state.of(BAGS).starred
        assert {e.key for e in again.items() if e.state.status is Status.READ} == {SETS, RAGS}


def test_a_session_is_kept_by_who_writes(folder: Path) -> None:
    with opened(folder) as first, second(folder) as other:
        first.save_place({"query": "a"})
        other.save_place({"query": "b"})
    with opened(folder) as again:
        assert again.place == {"query": "a"}


def test_a_paper_that_was_decided_about_is_gone_only_if_nothing_is_left(folder: Path) -> None:
    with opened(folder, now=lambda: NOW) as library:
        library.change("read", [status(SETS)])
    (folder / "papers.json").unlink()
    with opened(folder, write=False) as library:
        assert len(library) == len(SOME)  # rebuilt from the imports
    (folder / "papers.json").unlink()
    shutil.rmtree(folder / "imports")
    for write in (True, False):
        with pytest.raises(PapersError, match=r"jsonl: cannot be read: No such file"):
            opened(folder, write=write)
    shutil.rmtree(folder / "backups")
    with opened(folder) as library:
        assert len(library) == 0
        library.seed(SOME)
        assert library.state.of(SETS).status is Status.READ
