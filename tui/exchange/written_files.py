"""Files that are written whole, such as a report: replaced while they are as they were written."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tui.errors import LibraryError, WholeFileError, with_path
from tui.files import read_file
from tui.model.state import Change, FieldUpdate

if TYPE_CHECKING:
    from tui.library import Library


def write_file(
    library: "Library",
    path: Path,
    data: bytes,
    *,
    force: bool = False,
    private: bool = True,
    export: str = "",
) -> tuple[Change, ...]:
    """Writes a file, and records what is in it.

    Args:
        path: The full path of the file.
        force: Whether to replace what was not written from this library, or edited since.
        private: Whether only the user may read it.
        export: What is recorded of the export, if it is of a query; see ``query_update``.

    Returns:
        See ``record``.

    Raises:
        WholeFileError: If it is not replaced.
        PapersError: If it cannot be read or written.
    """
    from tui.files import write_atomically
    from tui.formats.exporters import PlainDocument

    file, sum, present = str(path), PlainDocument(data).sum, _sum_of(path)
    recorded = library.state.value("files", file, "sum")
    if present not in (None, sum, recorded) and not force:
        reason = "was edited since" if recorded else "was not written from this library"
        raise WholeFileError(f"File exists, and {reason}: {path}")
    write_atomically(path, data, private=private)
    has_record = not export or bool(library.state.value("files", file, "export"))
    if sum == recorded and has_record:
        return ()
    of_export = [("files", file, "export", export)] if export else []
    return record(library, [("files", file, "sum", sum), *of_export])


def record(
    library: "Library", updates: Iterable[FieldUpdate], verb: str = "export"
) -> tuple[Change, ...]:
    """Records what was written or sent, unless it is recorded so.

    Returns:
        The change that is the record, if the instance that has the lock is to make it.
    """
    if library.read_only_reason is None:
        library.change(verb, updates)
        return ()
    change = library.state.plan(verb, updates) if library.is_open_elsewhere else None
    return (change,) if change else ()


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
