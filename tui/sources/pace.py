"""When a service may be asked again, kept by all processes of a user together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tui.errors import LibraryError
from tui.files import make_folder, read_text, write_atomically
from tui.storage.lock import Lock

SECONDS: Final = 3.0
"""Between two requests (arXiv API Terms of Use: one in three seconds, one connection at a time)."""
_LOOK_SECONDS: Final = 0.1
MOST_SECONDS: Final = 86_400.0
"""The longest that a service is left alone, whatever it asks for."""


class Pace:
    """Requests to one service, three seconds apart and one at a time."""

    def __init__(
        self, path: Path, now: Callable[[], float], pause: Callable[[float], None]
    ) -> None:
        """Touches no file yet; ``path`` has the time of the last request, in seconds since 1970."""
        self._path = path
        self._now = now
        self._pause = pause

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Within it, it is this process's turn. Where no file can be written, it only waits."""
        try:
            lock = self._lock()
        except OSError:
            self._pause(SECONDS)
            yield
            return
        try:
            self._pause(self._left())
            yield
        finally:
            with suppress(LibraryError):
                write_atomically(self._path, f"{self._now():.3f}\n".encode(), durable=False)
            lock.release()

    def _lock(self) -> Lock:
        make_folder(self._path.parent)
        path = self._path.with_name(f"{self._path.name}.lock")
        while True:
            try:
                return Lock(path, wait=0)
            except TimeoutError:
                self._pause(_LOOK_SECONDS)

    def _left(self) -> float:
        """Seconds until the next request; three at most, whatever the clock did."""
        try:
            passed = self._now() - float(read_text(self._path))
        except (OSError, ValueError):
            return 0.0
        return min(max(SECONDS - passed, 0.0), SECONDS)


def keep_wait(path: Path, until: float) -> None:
    """Tells all processes how long a service asked to wait: seconds since 1970; never fails."""
    with suppress(LibraryError, OSError):
        make_folder(path.parent)
        write_atomically(path, f"{until:.3f}\n".encode(), durable=False)


def wait_until(path: Path, now: float) -> float | None:
    """The time until which a service asked to wait; ``None`` if it did not, or it has passed."""
    try:
        until = float(read_text(path))
    except (OSError, ValueError):
        return None
    return until if now < until <= now + MOST_SECONDS else None
