"""Files that are written whole, such as a report: replaced while they are as they were written."""

from pathlib import Path
from typing import TYPE_CHECKING

from tui.errors import ConfirmationError, LibraryError, with_path
from tui.files import read_file
from tui.model.state import Change

if TYPE_CHECKING:
    from tui.library import Library


def write_file(
    library: "Library",
    path: Path,
    data: bytes,
    *,
    force: bool = False,
    private: bool = True,
    hint: str = "Use --force to replace it.",
) -> tuple[str, ...]:
    """Writes a file, and records what is in it.

    Args:
        path: The full path of the file.
        force: Whether to replace what was not written from this library, or edited since.
        private: Whether only the user may read it.
        hint: What to do if it is not replaced.

    Returns:
        The words of the command by which another instance is to record it; empty if none need.

    Raises:
        ConfirmationError: If it is not replaced.
        PapersError: If it cannot be read or written.
    """
    from tui.formats.exporters import PlainDocument
    from tui.storage.files import write_atomically

    sum, present = PlainDocument(data).sum, _sum_of(path)
    known = library.state.value("files", str(path), "sum")
    if present not in (None, sum, known) and not force:
        reason = "was edited since" if known else "was not written from this library"
        raise ConfirmationError(f"File exists, and {reason}: {path}", hint)
    write_atomically(path, data, private=private)
    if sum == known:
        return ()
    if library.is_open_elsewhere:
        return ("report", "written", str(path), sum)
    if not library.read_only_reason:
        record(library, str(path), sum)
    return ()


def record(library: "Library", path: str, sum: str) -> Change | None:
    """Records what is in a file."""
    return library.change("export", [("files", path, "sum", sum)])


def _sum_of(path: Path) -> str | None:
    """The checksum of a file; ``None`` if it is missing or blank.

    Raises:
        LibraryError: If it cannot be read.
    """
    from tui.formats.exporters import PlainDocument

    try:
        data = read_file(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        message = with_path(path, f"cannot be read: {error.strerror or error}")
        raise LibraryError(message, "Choose another file.") from error
    return PlainDocument(data).sum if data.strip() else None
