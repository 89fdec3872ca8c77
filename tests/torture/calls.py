"""The file calls of the app, one by one: made to fail, or written down."""

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final
from unittest import mock

ERRORS: Final = (
    errno.ENOSPC,
    errno.EIO,
    errno.EACCES,
    errno.EROFS,
    errno.EDQUOT,
    errno.EINTR,
    errno.ENOMEM,
)

CALLS: Final = (
    *("open", "write", "read", "fsync", "ftruncate", "fchmod", "close", "lseek"),
    *("replace", "unlink", "mkdir", "stat", "lstat", "fstat", "scandir", "listdir", "readlink"),
)
"""Of ``os``; ``io.open``, by which whole files are read, is one more."""


class Injection:
    """One call that fails, counted from 1; and whether it came to that."""

    def __init__(self, place: int, error: int, short: bool = False) -> None:
        self.place = place
        self.error = error
        self.short = short
        """Whether a write takes half of what it is given before it fails."""
        self.count = 0
        self.fired = ""

    def around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call, which fails when it is its turn."""

        def wrapper(*args: Any, **options: Any) -> Any:
            self.count += 1
            if self.count == self.place:
                self.fired = name
                if name == "close":
                    call(*args, **options)  # a close that fails has closed
                if name == "write" and self.short:
                    call(args[0], args[1][: len(args[1]) // 2])
                raise OSError(self.error, os.strerror(self.error), *_path(args))
            return call(*args, **options)

        return wrapper


def _path(args: tuple[Any, ...]) -> tuple[str, ...]:
    return (str(args[0]),) if args and not isinstance(args[0], int) else ()


@contextmanager
def injected(injection: Injection) -> Iterator[Injection]:
    """Counts the file calls that are made within, and lets one fail."""
    with ExitStack() as patches:
        for name in CALLS:
            made = injection.around(name, getattr(os, name))
            patches.enter_context(mock.patch.object(os, name, made))
        patches.enter_context(mock.patch.object(io, "open", injection.around("io.open", io.open)))
        yield injection
