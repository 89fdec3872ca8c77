"""Restoring a damaged library from its backups and journal."""

from dataclasses import asdict

from tui import clock
from tui.actions.context import Context, Outcome
from tui.actions.registry import JSON, Argument, action
from tui.errors import LibraryError


@action(
    "restore",
    Argument("name", "what to restore, as listed", nargs="?", metavar="NAME"),
    JSON,
    help="restore a damaged library from a backup",
    group="Library",
    access=None,
)
def run_restore(context: Context, name: str | None = None) -> Outcome:
    """Lists what can be restored of each file, or restores one.

    Raises:
        LibraryError: If there is no library.
    """
    from tui import config
    from tui.library import Library
    from tui.storage import restore

    folder, _ = config.library_path(context.folder, context.settings)
    if not Library.exists(folder):
        raise LibraryError(f"No library in {folder}", "Name one: --library DIR.")
    machine = config.machine_name(folder)
    if name is None:
        sources = restore.sources(folder, machine)
        rows = [
            (
                "✓" if source.is_whole else "✗",
                source.name or source.file,
                source.at.replace("T", " ").rstrip("Z"),
                source.holds,
            )
            for source in sources
        ]
        message = "papers-tui restore NAME restores one; the present file is kept"
        return Outcome(message, rows=rows, data=[asdict(source) for source in sources])
    result = restore.restore(folder, machine, name, now=clock.now)
    copy = f"; the old file is kept as {result.kept}" if result.kept else ""
    source = result.source
    return Outcome(f"Restored {source.file} from {source.name}: {source.holds}{copy}")
