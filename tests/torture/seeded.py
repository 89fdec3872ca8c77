"""Faults in the app itself, put in for a moment: what a suite must find to be worth anything."""

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final
from unittest import mock

import tui.actions.lists
import tui.cli
import tui.files
import tui.formats.bibtex_records
import tui.formats.exporters.markdown
import tui.library
import tui.model.text
import tui.model.undo
import tui.query.regex
import tui.storage.journal
import tui.storage.journal_lines
import tui.storage.json_file
import tui.storage.lock
import tui.storage.months
import tui.storage.names
import tui.storage.state
import tui.storage.state_log
from tui.errors import LibraryError
from tui.formats.decode import Decoded
from tui.formats.decode import decode as _decode
from tui.formats.escapes import Escapes
from tui.model.state import Change, Edit, ExportedState
from tui.storage.json_file import AtomicJSONStorage


def _write_in_place(path: Path, data: bytes, **_: object) -> None:
    """As TinyDB's own storage does, at the pace of a disk: tests run in memory."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            for place in range(0, len(data), 512):
                os.write(handle, data[place : place + 512])
                os.fsync(handle)
                time.sleep(0.001)
            os.ftruncate(handle, len(data))
        finally:
            os.close(handle)
    except OSError as error:
        raise LibraryError(str(error)) from error


@contextmanager
def _in_place() -> Iterator[None]:
    with (
        mock.patch("tui.storage.json_file.write_atomically", _write_in_place),
        mock.patch("tui.storage.backups.write_atomically", _write_in_place),
        mock.patch("tui.files.write_atomically", _write_in_place),
        mock.patch("tui.storage.restore.write_atomically", _write_in_place),
    ):
        yield


def _parse_unchecked(self: AtomicJSONStorage, raw: bytes) -> Any:
    try:
        tables = json.loads(raw)
        assert tables["meta"]["1"]["schema"]
    except (ValueError, KeyError, TypeError, AssertionError) as error:
        raise self.error("damaged") from error
    return tables


def _late_append(self: Any, change: Any) -> None:
    """Acknowledges first, and writes at the end, as a program with a buffer does."""
    handle = self._open()
    self._late = getattr(self, "_late", b"") + tui.storage.journal_lines.encode(change)
    if len(self._late) > 2_000:
        os.write(handle, self._late)
        self._late = b""


def _tex(text: str) -> str:
    return text.replace("{", r"\{").replace("}", r"\}")


def _changed_first(self: Any, change: Any) -> None:
    """Tells nobody that nothing was written."""
    try:
        _APPEND(self, change)
    except LibraryError:
        return


def _take_on_top(self: Any, changes: Any, before: Any) -> None:
    """Applies what arrived in the order in which it arrived."""
    self.is_dirty = True
    for change in changes:
        self.apply(change)


class _Anything:
    """Equal to whatever it is compared with."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def _believed(path: Path | None) -> Any:
    """Sums of months, whatever they were made from."""
    return {month: (_Anything(), rows) for month, (_, rows) in _READ_SUMS(path).items()}


@contextmanager
def _follow_links() -> Iterator[None]:
    """Writes wherever a link leads, as a plain open does."""
    with (
        mock.patch("tui.files.require_within"),
        mock.patch("tui.storage.lock.require_within"),
        mock.patch("tui.storage.journal.require_within"),
        mock.patch("tui.storage.lock.write_atomically", _write_in_place),
    ):
        yield


_READ_SUMS: Final = tui.storage.months._read
_SPEND: Final = tui.query.regex.Budget.spend
_APPEND: Final = tui.storage.journal.Journal.append


def _forget_fields(tables: Mapping[str, Any], schema: int, migrations: Any) -> Any:
    """Drops a document of each table, but says still that the journal is in them."""
    return {
        name: table if name == "journal" else dict(list(table.items())[1:])
        for name, table in tables.items()
    }


def _split(data: bytes, name: str) -> Decoded:
    return Decoded("\n".join(_decode(data, name).text.splitlines()))


@contextmanager
def _overwriting() -> Iterator[None]:
    """Undo and redo set each field of a change, whatever it has now."""

    def moved(change: Change, values: dict[Any, Any], *, is_undo: bool) -> list[Edit]:
        values |= {edit[:3]: edit.was if is_undo else edit.now for edit in change.edits}
        return list(change.edits)

    state = tui.storage.state.State
    with (
        mock.patch.object(tui.model.undo, "_moved", moved),
        mock.patch.object(state, "unchanged_edits", lambda self, change, after=True: change.edits),
    ):
        yield


_SEEDED: Final[dict[str, Any]] = {
    "": nullcontext,
    "write in place": _in_place,
    "no fsync": lambda: mock.patch("os.fsync", return_value=None),
    "acknowledge before it is written": lambda: mock.patch.object(
        tui.storage.journal.Journal, "append", _late_append
    ),
    "say nothing of a failed write": lambda: mock.patch.object(
        tui.storage.journal.Journal, "append", _changed_first
    ),
    "links are followed": _follow_links,
    "imports are not undone": lambda: mock.patch.object(
        tui.library.Library, "_update_papers", return_value=frozenset()
    ),
    "what comes late counts last": lambda: mock.patch.object(
        tui.storage.state_log.StateLog, "_take", _take_on_top
    ),
    "a list has one spelling": lambda: mock.patch.object(
        tui.storage.names.ListNames,
        "find",
        lambda self, name: name if name in self.ids else None,
    ),
    "an undo overwrites what came since": _overwriting,
    "sums fit any journal": lambda: mock.patch("tui.storage.months._read", _believed),
    "the past ends": lambda: mock.patch.object(
        tui.storage.journal.Journal, "newest_first", lambda self: iter(self.read()[:-100:-1])
    ),
    "requests are done again": lambda: mock.patch.object(
        tui.library.Library, "changes_of", return_value=[]
    ),
    "a joined paper has two states": lambda: mock.patch.object(
        tui.storage.state.State, "_id", lambda self, table, id: id
    ),
    "no checksum": lambda: mock.patch.object(AtomicJSONStorage, "_parse", _parse_unchecked),
    "no checksum of lines": lambda: mock.patch("zlib.crc32", return_value=0),
    "braces with a backslash": lambda: mock.patch("tui.formats.bibtex_records.escape", _tex),
    "no escape": lambda: mock.patch("tui.formats.markdown_text._ESCAPES", Escapes({})),
    "names as they are": lambda: mock.patch(
        "tui.exchange.export_paths.file_name", lambda name, extension: f"{name}{extension}"
    ),
    "texts come as they are": lambda: mock.patch(
        "tui.formats.collector.normalize", lambda text, limit=0: text
    ),
    "a pull knows nothing of the export": lambda: mock.patch(
        "tui.exchange.export_records.exported_states", return_value={}
    ),
    "a note is one line": lambda: mock.patch(
        "tui.formats.checklist.walk.joined", lambda lines: " ".join(" ".join(lines).split())
    ),
    "no word in a line of ours is a user's": lambda: mock.patch(
        "tui.formats.own_words._form", return_value=""
    ),
    "a pull of notes knows nothing of the export": lambda: mock.patch(
        "tui.formats.notes.base.exported_state", return_value=ExportedState()
    ),
    "lines by splitlines": lambda: mock.patch("tui.formats.importers.decode", _split),
    "a migration that drops": lambda: mock.patch("tui.storage.json_file.migrate", _forget_fields),
    "a twentieth of the work is counted": lambda: mock.patch(
        "tui.query.regex.Budget.spend", lambda budget, work: _SPEND(budget, work // 20)
    ),
    "likeness and patterns are no texts": lambda: mock.patch(
        "tui.query.ast.Query.searches_text", property(lambda query: bool(query.highlights()))
    ),
    "words have no ends": lambda: mock.patch("tui.query.regex._is_in_word", bool),
    "nothing is made safe": lambda: mock.patch(
        "tui.ui.widgets.abstract_pane.sanitize", lambda text, limit=0: text
    ),
}


def seeded(name: str) -> Any:
    """The app with a fault in it; the empty name is none."""
    return _SEEDED[name]()


def digest(data: bytes) -> str:
    """A short name for some bytes."""
    return hashlib.sha256(data).hexdigest()[:12]
