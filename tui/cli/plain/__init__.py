"""A session line by line: for screen readers, slow connections, serial consoles, recordings.

The same keys as in the app, with the user's keymap. On a terminal a key acts at once; in a pipe
every line is the name of a key, or several keys.
"""

from tui.actions import keymap, open
from tui.actions.registry import Access
from tui.actions.targets import parse_strictly
from tui.cli.plain.key_input import open_keys
from tui.cli.plain.loop import PlainSession
from tui.config import Config
from tui.workspace import Workspace


def run(settings: Config, folder: str | None, query: str) -> int:
    """Reads and runs keys until the end of the input or ``q``.

    Args:
        folder: The library folder; ``None`` for the default one.
        query: The first query; all papers if blank.

    Raises:
        UsageError: If a part of the query means nothing.
    """
    rows, _ = keymap.resolve(settings.keys)
    access = Access(write=True, create=True)
    with open.open_library(folder, settings, access) as library, open_keys() as keys:
        if query.strip():
            parse_strictly(library, query)
        session = PlainSession(Workspace(library, settings, query), rows, keys)
        session.begin()
        while session.step():
            pass
        name = session.workspace.listing.current_list
        library.save_place({**library.place, **({"list": name} if name else {})})
    return 0
