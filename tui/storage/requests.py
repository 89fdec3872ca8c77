"""Requests: what a shell command asks of the instance that has the lock, in the library folder.

A request is a file of ``queue/``. Its name tells how far it is: ``ID.json`` waits, ``ID.taken`` is
being done, ``ID.answer`` is done. Each step is one rename or removal, so that of two processes
only one succeeds: what was withdrawn is never done, and what was taken is never withdrawn.
"""

import json
import os
import stat
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tui import clock
from tui.errors import InputError, LibraryError, with_path
from tui.files import Inputs, list_folder, make_folder, read_file, require_within, write_atomically
from tui.patterns import regex
from tui.values import dataclass

MAX_BYTES: Final = 64_000_000
"""The largest request: two pages of the largest size that is imported without being asked for."""
_ID: Final = regex(r"[0-9a-f]{24}")
_OLD_SECONDS: Final = 60.0
"""After this, nobody still writes a temporary file, or waits for an answer."""


def made_at(id: str) -> datetime:
    """When a request was made, in UTC, by its id."""
    return datetime.fromtimestamp(int(id[:16], 16) / 1e9, UTC)


@dataclass(frozen=True, slots=True)
class Request:
    """A command line for another instance."""

    id: str
    words: tuple[str, ...]
    inputs: Inputs = field(default_factory=dict)


class RequestFolder:
    """The requests of one library."""

    def __init__(self, library: Path, machine: str) -> None:
        """Reads nothing.

        Args:
            library: The library folder.
            machine: This machine's name. Requests of others, which a synced folder may bring, are
                left to them.
        """
        self._library = library
        self._folder = library / "queue"
        self._machine = machine
        self._is_serving = False

    def _path(self, id: str, suffix: str) -> Path:
        return self._folder / f"{id}.{suffix}"

    # Asking

    def submit(self, words: Sequence[str], inputs: Inputs) -> str:
        """Makes a request, and returns its id.

        Raises:
            LibraryError: If it is too large, or cannot be written.
        """
        id = f"{round(clock.seconds() * 1e9):016x}{os.urandom(4).hex()}"  # sorted by time
        record = {
            "machine": self._machine,
            "words": list(words),
            "inputs": {name: _encode_input(value) for name, value in inputs.items()},
        }
        path = self._path(id, "json")
        data = json.dumps(record).encode()
        if len(data) > MAX_BYTES:
            raise LibraryError(with_path(path, "too large to be handed over"))
        self._make()
        write_atomically(path, data, within=self._library)
        return id

    def withdraw(self, id: str) -> bool:
        """Takes a request back; whether nobody had taken it, so that it is never done."""
        try:
            self._path(id, "json").unlink()
        except OSError:
            return False
        return True

    def is_taken(self, id: str) -> bool:
        """Whether an instance does it, or did until it ended."""
        return self._path(id, "taken").exists()

    def is_gone(self, id: str) -> bool:
        """Whether nothing of it is left, as a session removed it at its start."""
        return not any(self._path(id, suffix).exists() for suffix in ("json", "taken", "answer"))

    def answer(self, id: str) -> dict[str, Any] | None:
        """The answer; ``None`` if there is none yet."""
        try:
            answer = json.loads(read_file(self._path(id, "answer"), MAX_BYTES))
        except (OSError, ValueError):
            return None
        return answer if isinstance(answer, dict) else None

    def discard(self, id: str) -> None:
        """Removes what is left of a request."""
        for suffix in ("json", "taken", "answer"):
            with suppress(OSError):
                self._path(id, suffix).unlink()

    # Answering, which needs the lock

    def begin(self) -> list[Request]:
        """Removes what is older than this instance's lock; does nothing the next times.

        A command that still waits repeats its request; one that was killed does not.

        Returns:
            The requests that another instance took, and that it did not answer: they may be done.
        """
        if self._is_serving:
            return []
        self._is_serving = True
        requests: list[Request] = []
        with suppress(OSError):
            require_within(self._folder, self._library)
            for path in list_folder(self._folder, ""):
                request = self._read(path) if path.suffix == ".taken" else None
                is_new = path.lstat().st_mtime > clock.seconds() - _OLD_SECONDS
                if request is not None and self.answer(request.id) is None:
                    requests.append(request)
                elif path.suffix == ".json" or not is_new:
                    path.unlink()  # else it is being written, or read
        return requests

    def take(self) -> Request | None:
        """Takes the next request; ``None`` if there is none. Cost: lists a folder.

        What is not a request of this user on this machine is left alone, as whoever shares the
        folder may have put it there.
        """
        try:
            require_within(self._folder, self._library)
            paths = list_folder(self._folder, ".json")
        except OSError:
            return None
        for path in paths:
            if (request := self._read(path)) is not None:
                with suppress(OSError):  # it was withdrawn
                    path.rename(self._path(request.id, "taken"))
                    return request
        return None

    def _read(self, path: Path) -> Request | None:
        """The request in a file; ``None`` if it is none of this user on this machine."""
        if _ID.fullmatch(path.stem) is None:
            return None
        try:
            _require_own(path)
            record = json.loads(read_file(path, MAX_BYTES))
            words, is_ours = record["words"], record["machine"] == self._machine
            inputs = {str(n): _decode_input(value) for n, value in record["inputs"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        is_request = is_ours and all(isinstance(word, str) for word in words)
        return Request(path.stem, tuple(words), inputs) if is_request else None

    def reply(self, id: str, answer: Mapping[str, Any]) -> None:
        """Answers a request, once all that it changed is durable; never fails."""
        path = self._path(id, "answer")
        with suppress(OSError, LibraryError, ValueError, TypeError):
            path.unlink(missing_ok=True)  # else a link would be followed
            data = json.dumps(answer).encode()
            write_atomically(path, data, within=self._library, durable=False)

    def _make(self) -> None:
        try:
            require_within(self._folder, self._library)
            make_folder(self._folder)
        except OSError as error:
            reason = f"cannot be written: {error.strerror}"
            raise LibraryError(with_path(self._folder, reason)) from error


def _require_own(path: Path) -> None:
    """Refuses links, and files of other users.

    Raises:
        OSError: If it is one.
    """
    info = path.lstat()
    is_own = not hasattr(os, "getuid") or info.st_uid == os.getuid()
    if not (stat.S_ISREG(info.st_mode) and is_own):
        raise OSError("not a request of this user")


def _encode_input(value: "bytes | InputError") -> Any:
    if isinstance(value, InputError):
        return [value.message, value.hint]
    from base64 import b64encode  # here, as few commands are handed over

    return b64encode(value).decode()


def _decode_input(value: Any) -> "bytes | InputError":
    if isinstance(value, list):
        message, hint = value
        return InputError(str(message), str(hint))
    from base64 import b64decode  # as above

    return b64decode(value, validate=True)  # which raises a kind of ValueError
