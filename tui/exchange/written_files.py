"""Files that are written whole, such as a report: replaced while they are as they were written."""

from pathlib import Path
from typing import TYPE_CHECKING

from tui.errors import LibraryError, WholeFileError, with_path
from tui.files import read_file
from tui.model.state import Change
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.library import Library


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that was written."""

    path: str
    """Its full path."""
    sum: str
    """The checksum of what is in it."""
    export: str = ""
    """What is recorded of the export, if it is of a query; see ``query_update``."""


def write_file(
    library: "Library",
    path: Path,
    data: bytes,
    *,
    force: bool = False,
    private: bool = True,
    export: str = "",
) -> WrittenFile | None:
    """Writes a file, and records what is in it.

    Args:
        path: The full path of the file.
        force: Whether to replace what was not written from this library, or edited since.
        private: Whether only the user may read it.
        export: See ``WrittenFile``.

    Returns:
        The file, if another instance is to record it; ``None`` if none need.

    Raises:
        WholeFileError: If it is not replaced.
        PapersError: If it cannot be read or written.
    """
    from tui.files import write_atomically
    from tui.formats.exporters import PlainDocument

    file, present = WrittenFile(str(path), PlainDocument(data).sum, export), _sum_of(path)
    recorded = library.state.value("files", file.path, "sum")
    if present not in (None, file.sum, recorded) and not force:
        reason = "was edited since" if recorded else "was not written from this library"
        raise WholeFileError(f"File exists, and {reason}: {path}")
    write_atomically(path, data, private=private)
    has_record = not export or library.state.value("files", file.path, "export") is not None
    if file.sum == recorded and has_record:
        return None
    if library.is_open_elsewhere:
        return file
    if not library.read_only_reason:
        record(library, file)
    return None


def record(library: "Library", file: WrittenFile) -> Change | None:
    """Records what is in a file."""
    updates = [("files", file.path, "sum", file.sum)]
    if file.export:
        updates.append(("files", file.path, "export", file.export))
    return library.change("export", updates)


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
