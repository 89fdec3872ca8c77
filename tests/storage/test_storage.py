"""What the storage promises: the old file or the new one, whole, checked and never guessed at."""

import errno
import hashlib
import json
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import TinyDB, where

from tests.faults import fail_to_sync_folders, no_space, noted_syncs, posix
from tests.strategies import clean_text
from tui.errors import LibraryError
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.migrations import Tables

ROOT: Final = Path(__file__).parents[2]
OLD: Final[Tables] = {
    "papers": {
        "1": {
            "key": "on-sets",
            "title": "On Sets",
            "abstract": "Sets are “sets”, überall.",
        },
        "2": {"key": "on-bags", "title": "On Bags", "abstract": "Bags are not sets. 日本語"},
    },
    "lists": {},
}
NEW: Final[Tables] = {
    "papers": {
        "1": {
            "key": "on-sets",
            "title": "On Sets",
            "abstract": "Sets are classes, sometimes.",
        },
        "2": {"key": "on-bags", "title": "On Bags", "abstract": "Bags are not sets. 日本語"},
        "3": {"key": "on-rags", "title": "On Rags", "abstract": None},
    },
    "lists": {},
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that holds ``OLD``."""
    path = tmp_path / "papers.json"
    AtomicJSONStorage(path).write(OLD)
    return path


# Round trip


def test_no_file_is_nothing_and_is_not_made(tmp_path: Path) -> None:
    assert AtomicJSONStorage(tmp_path / "papers.json").read() is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_is_read_again(path: Path) -> None:
    assert AtomicJSONStorage(path).read() == OLD
    AtomicJSONStorage(path).write(NEW)
    assert AtomicJSONStorage(path).read() == NEW
    assert [other.name for other in path.parent.iterdir()] == [path.name]


json_values: Final[st.SearchStrategy[Any]] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # What comes to the storage was cleaned, so that no lone surrogate is in it.
    | clean_text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(clean_text(), inner, max_size=3),
    max_leaves=5,
)
tables: Final = st.dictionaries(
    clean_text().filter(lambda name: name != "meta"),
    st.dictionaries(st.integers(1).map(str), json_values, max_size=3),
    max_size=3,
)


@given(written=tables)
def test_any_tables_are_read_as_they_were_written(
    written: Tables, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    AtomicJSONStorage(path).write(written)
    assert AtomicJSONStorage(path).read() == written


def test_a_stock_tinydb_opens_the_file_and_leaves_it_as_it_is(path: Path) -> None:
    before = path.read_bytes()
    with TinyDB(path) as database:
        papers = database.table("papers")
        assert {document["title"] for document in papers.all()} == {"On Sets", "On Bags"}
        documents = papers.search(where("key") == "on-bags")
        assert [dict(document) for document in documents] == [OLD["papers"]["2"]]
        assert database.tables() == {"meta", "papers", "lists"}
    assert path.read_bytes() == before


def test_tinydb_reads_and_writes_through_it(path: Path) -> None:
    with TinyDB(path, storage=AtomicJSONStorage) as database:
        assert database.tables() == {"papers", "lists"}
        database.table("papers").insert({"key": "on-rags", "title": "On Rags", "abstract": None})
    with TinyDB(path, storage=AtomicJSONStorage) as database:
        assert len(database.table("papers")) == 3
    assert AtomicJSONStorage(path).read() == {
        **OLD,
        "papers": {**OLD["papers"], "3": dict(NEW["papers"]["3"])},
    }


def test_the_file_says_what_it_is_and_equal_tables_make_equal_files(path: Path) -> None:
    storage, first = AtomicJSONStorage(path), path.read_bytes()
    meta = json.loads(first)["meta"]["1"]
    assert (meta["app"], meta["schema"], len(meta)) == ("papers-tui", 1, 3)
    storage.write(NEW)
    assert path.read_bytes() != first
    storage.write(OLD)
    assert path.read_bytes() == first


def test_a_file_that_counts_its_writes_is_read_and_written_without(path: Path) -> None:
    first = path.read_bytes()
    path.write_bytes(first.replace(b'"schema": 1, ', b'"schema": 1, "revision": 7, ', 1))
    storage = AtomicJSONStorage(path)
    raw, stamp = storage.mapped()
    assert storage.is_whole(raw)
    assert stamp is not None
    assert storage.read() == OLD
    storage.write(OLD)
    assert path.read_bytes() == first


# Damage


def signed(tail: bytes, head: str = '"app": "papers-tui", "schema": 1') -> bytes:
    """A file whose checksum is right, whatever else it holds."""
    return (
        f'{{"meta": {{"1": {{{head}, "sha256": "{hashlib.sha256(tail).hexdigest()}"'.encode() + tail
    )


def spliced(raw: bytes) -> bytes:
    """Valid JSON, half of it of another version."""
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder) / "x.json"
        AtomicJSONStorage(other).write(NEW)
        new = other.read_bytes()
    at, new_at = raw.index(b'"abstract": "Bags'), new.index(b'"abstract": "Bags')
    mixed = raw[:at] + new[new_at:]
    assert json.loads(mixed)
    return mixed


DAMAGE: Final[dict[str, tuple[Callable[[bytes], bytes], str]]] = {
    "a splice of two versions": (spliced, "checksum"),
    "one letter altered": (lambda raw: raw.replace(b"Bags", b"Bogs", 1), "checksum"),
    "one paper gone": (lambda raw: raw.replace(b'"lists": {}', b'"l1sts": {}'), "checksum"),
    "no checksum": (lambda raw: raw.replace(b"sha256", b"sha255"), "checksum"),
    "written by a stock TinyDB": (
        lambda raw: json.dumps({**json.loads(raw), "papers": {}}).encode(),
        "checksum",
    ),
    "empty": (lambda raw: b"", "empty"),
    "one space": (lambda raw: b" ", "empty"),
    "null": (lambda raw: b"null", "no tables"),
    "a list": (lambda raw: b"[]", "no tables"),
    "a text": (lambda raw: b'"papers"', "no tables"),
    "a table that is a list": (lambda raw: b'{"meta": {}, "papers": []}', "no tables"),
    "truncated": (lambda raw: raw[:-20], "damaged"),
    "truncated in a letter": (lambda raw: raw[: raw.index("ü".encode()) + 1], "damaged"),
    "something after it": (lambda raw: raw + b"}", "damaged"),
    "NULs": (lambda raw: bytes(len(raw)), "damaged"),
    "not UTF-8": (lambda raw: raw.replace("ü".encode(), b"\xfc"), "damaged"),
    "NaN": (lambda raw: signed(b'}}, "papers": {"1": {"upvotes": NaN}}}'), "NaN"),
    "too deep": (lambda raw: b"[" * 100_000, "damaged"),
    "a newer schema": (
        lambda raw: re.sub(rb'"schema": [0-9]+', b'"schema": 99', raw, count=1),
        "newer papers-tui",
    ),
    "no schema": (lambda raw: raw.replace(b"schema", b"sch3ma"), "newer papers-tui"),
    "of another app": (lambda raw: raw.replace(b'"papers-tui"', b'"paper-tui"'), "not a papers"),
    "of no app": (lambda raw: b'{"_default": {"1": {"title": "x"}}}', "not a papers"),
    "an empty object": (lambda raw: b"{}", "not a papers"),
    "a meta of another shape": (lambda raw: b'{"meta": {"1": []}}', "not a papers"),
}


@pytest.mark.parametrize(("damage", "reason"), DAMAGE.values(), ids=list(DAMAGE))
def test_a_damaged_file_is_refused_by_name_and_never_altered(
    path: Path, damage: Callable[[bytes], bytes], reason: str
) -> None:
    damaged = damage(path.read_bytes())
    path.write_bytes(damaged)
    with pytest.raises(LibraryError) as caught:
        AtomicJSONStorage(path).read()
    assert caught.value.message.startswith("papers.json: ")
    assert caught.value.message.endswith(f" ({path})")
    assert reason in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint
    assert path.read_bytes() == damaged
    assert [other.name for other in path.parent.iterdir()] == [path.name]


def test_a_byte_order_mark_is_no_damage(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert AtomicJSONStorage(path).read() == OLD


@given(place=st.integers(0), byte=st.integers(0, 255), cut=st.booleans())
def test_no_altered_byte_alters_what_is_read(
    place: int, byte: int, cut: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "altered.json"
    AtomicJSONStorage(path).write(OLD)
    raw = bytearray(path.read_bytes())
    place %= len(raw)
    raw[place : place + 1] = b"" if cut else bytes([byte])
    path.write_bytes(raw)
    with suppress(LibraryError):
        assert AtomicJSONStorage(path).read() == OLD


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "papers.json").mkdir()
    with pytest.raises(LibraryError, match=r"papers\.json"):
        AtomicJSONStorage(tmp_path / "papers.json").read()


@posix
def test_a_link_to_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "papers.json").symlink_to(tmp_path / "not mounted" / "papers.json")
    with pytest.raises(LibraryError, match=r"papers\.json"):
        AtomicJSONStorage(tmp_path / "papers.json").read()


# What cannot be written


@pytest.mark.parametrize(
    ("owner", "call"),
    [
        (os, "open"),
        (os, "write"),
        (os, "fchmod"),
        (os, "fsync"),
        (Path, "replace"),
        (Path, "resolve"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, call: str
) -> None:
    before = path.read_bytes()
    storage = AtomicJSONStorage(path)
    with monkeypatch.context() as patch:
        patch.setattr(owner, call, no_space)
        with pytest.raises(LibraryError) as caught:
            storage.write(NEW)
    assert caught.value.message == (
        f"papers.json: cannot be written: {os.strerror(errno.ENOSPC)} ({path})"
    )
    assert path.read_bytes() == before
    assert [other.name for other in path.parent.iterdir()] == [path.name]
    storage.write(NEW)
    assert AtomicJSONStorage(path).read() == NEW


@posix
def test_a_file_in_its_place_is_written_though_its_folder_cannot_be_made_durable(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_sync_folders(monkeypatch)
    AtomicJSONStorage(path).write(NEW)
    assert AtomicJSONStorage(path).read() == NEW
    assert [other.name for other in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (float("nan"), LibraryError),
        (float("-inf"), LibraryError),
        ("\ud800", LibraryError),
        ({1, 2}, TypeError),
    ],
    ids=["nan", "-inf", "surrogate", "set"],
)
def test_what_is_not_json_is_not_written(path: Path, value: Any, error: type[Exception]) -> None:
    before = path.read_bytes()
    with pytest.raises(error) as caught:
        AtomicJSONStorage(path).write({"papers": {"1": {"upvotes": value}}})
    if isinstance(caught.value, LibraryError):
        assert caught.value.message.startswith("papers.json: cannot be written: ")
    assert path.read_bytes() == before
    assert [other.name for other in path.parent.iterdir()] == [path.name]


def test_a_file_is_durable_before_it_takes_its_place_and_the_place_after(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, replace = noted_syncs(monkeypatch), Path.replace

    def noted_replace(self: Path, target: Path) -> Path:
        calls.append("replace")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", noted_replace)
    AtomicJSONStorage(path).write(NEW)
    assert calls == ["file", "replace", "folder"]


KILLED: Final = """
import os, signal, sys
from pathlib import Path
from tui.storage.json_file import AtomicJSONStorage

owner, call = {{"fsync": (os, "fsync"), "replace": (Path, "replace")}}[sys.argv[2]]
done = getattr(owner, call)

def killed(*args):
    if sys.argv[3] == "after":
        done(*args)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(owner, call, killed)
AtomicJSONStorage(Path(sys.argv[1])).write({new!r})
"""


@posix
@pytest.mark.parametrize(
    ("call", "moment", "expected"),
    [("fsync", "before", OLD), ("replace", "before", OLD), ("replace", "after", NEW)],
)
def test_a_writer_that_is_killed_leaves_the_old_file_or_the_new_one(
    path: Path, call: str, moment: str, expected: Tables
) -> None:
    result = subprocess.run(
        [sys.executable, "-c", KILLED.format(new=NEW), str(path), call, moment],
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert result.returncode == -signal.SIGKILL
    assert AtomicJSONStorage(path).read() == expected
    AtomicJSONStorage(path).write(OLD)
    assert AtomicJSONStorage(path).read() == OLD


# Links and modes


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    synced = tmp_path / "synced"
    synced.mkdir()
    link = tmp_path / "papers.json"
    AtomicJSONStorage(synced / "target.json").write(OLD)
    link.symlink_to(synced / "target.json")
    AtomicJSONStorage(link).write(NEW)
    assert link.is_symlink()
    assert link.readlink() == synced / "target.json"
    assert AtomicJSONStorage(synced / "target.json").read() == NEW
    assert [other.name for other in synced.iterdir()] == ["target.json"]


@posix
def test_a_link_in_a_circle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").symlink_to(tmp_path / "b.json")
    (tmp_path / "b.json").symlink_to(tmp_path / "a.json")
    with pytest.raises(LibraryError, match=r"a\.json"):
        AtomicJSONStorage(tmp_path / "a.json").write(OLD)
    with pytest.raises(LibraryError, match=r"a\.json"):
        AtomicJSONStorage(tmp_path / "a.json").read()


@posix
@pytest.mark.usefixtures("usual_umask")
def test_a_new_file_is_its_owners_only(tmp_path: Path) -> None:
    AtomicJSONStorage(tmp_path / "papers.json").write(OLD)
    assert stat.S_IMODE((tmp_path / "papers.json").stat().st_mode) == 0o600


@posix
@pytest.mark.usefixtures("usual_umask")
@pytest.mark.parametrize("mode", [0o640, 0o644, 0o600, 0o666])
def test_an_old_file_keeps_its_mode(path: Path, mode: int) -> None:
    path.chmod(mode)
    AtomicJSONStorage(path).write(NEW)
    assert stat.S_IMODE(path.stat().st_mode) == mode
