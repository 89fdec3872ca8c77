"""How a library is come by: the one that is named, or the platform's, made of the shipped corpus.

It knows no reader of pages, so that what only opens a library need not load them.
"""

import json

from tui import config
from tui.errors import LibraryError, PapersError
from tui.library import Library
from tui.model.paper import Paper, from_record
from tui.model.text import sanitize


def open_library(
    option: str | None,
    settings: config.Config,
    *,
    write: bool = False,
    or_read_only: bool = False,
    create: bool = False,
    wait: float = 5.0,
) -> Library:
    """The library to work on, made first if it is the default one and not there.

    Args:
        option: The folder named on the command line.
        settings: The user's configuration.
        write: Whether changes will be made.
        or_read_only: Whether to open for reading where writing is not possible.
        create: Whether a folder named on the command line may be new; it then starts empty.
        wait: Seconds to wait for another writer.

    Raises:
        LibraryError: If it is damaged, in use, or not there.
    """
    folder, is_default = config.library_path(option, settings)
    machine = config.machine_name()
    cache = config.cache_path(folder)
    try:
        exists = Library.exists(folder)
        is_file = folder.exists() and not folder.is_dir()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LibraryError(f"{reason}: {sanitize(str(folder), 80)}", "name a folder") from error
    if not exists:
        if is_file:
            raise LibraryError(f"this is not a folder: {folder}", "name a folder: --library DIR")
        if is_default:
            with Library.open(folder, machine, wait=wait, cache=cache) as library:
                if not len(library):
                    library.seed(corpus())
        elif not (create and write):
            raise LibraryError(
                f"there is no library in {folder}",
                f"papers-tui --library {folder} import FILE makes one",
            )
    return Library.open(
        folder, machine, write=write, or_read_only=or_read_only, wait=wait, cache=cache
    )


def corpus() -> list[Paper]:
    """The papers of the shipped corpus.

    Raises:
        LibraryError: If it is missing or damaged, which a reinstallation mends.
    """
    path = config.corpus_path()
    try:
        records = json.loads(path.read_text("utf-8"))
        return [from_record(record) for record in records]
    except (OSError, ValueError, PapersError) as error:
        raise LibraryError(
            f"the shipped corpus cannot be read: {error} ({path})", "install again"
        ) from error
