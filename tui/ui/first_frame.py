"""The screen as it will stand at the next start, kept to be drawn before anything is loaded.

What draws the papers takes longer to load than the toolkit itself. So the rows of the screen are
kept when the reader leaves, and drawn at once by the next start: but only while nothing of what
they were made of has changed. It knows no library, and loads nothing that takes time.
"""

import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias

from rich.color import ColorType
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tui import __version__
from tui.config import Config, cache_path, config_path, session_path
from tui.errors import PapersError
from tui.model.text import sanitize
from tui.storage.files import make_folder, read_input, write_atomically

MAX_BYTES: Final = 2_000_000
"""The largest file that is read; a screen of 250 columns and 70 rows takes a twentieth."""
_MAX_SIDE: Final = 1_000
"""Columns, or rows, that a terminal may have."""
_COLOUR: Final = re.compile("#[0-9a-f]{6}")
_WEIGHTS: Final = ("bold", "dim", "italic", "underline", "reverse", "strike")
_LOOKS: Final = ("NO_COLOR", "TEXTUAL_THEME")
"""Variables of the environment that colours depend on."""
_WRITTEN_AT_THE_END: Final = "triage.json"
"""What leaving itself writes: the journal has all that it tells."""

Stamp: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Glimpse:
    """The rows of one screen."""

    size: Size
    rows: tuple[Strip, ...]


class Keeper:
    """The file that the glimpse of one library is kept in, and all that it depends on."""

    def __init__(self, folder: Path, settings: Config) -> None:
        """Reads nothing yet.

        Args:
            folder: The library's folder.
            settings: The user's configuration.
        """
        self.path = cache_path(folder) / "glimpse.json"
        self._folder = folder
        self._settings = settings

    def stamp(self) -> Stamp:
        """What the screen depends on; equal only while it would be drawn as it was."""
        told: Stamp = {
            "version": __version__,
            "today": date.today().isoformat(),
            "library": str(self._folder.absolute()),
            "looks": [self._settings.theme, self._settings.ascii, self._settings.view],
            "terminal": [getattr(sys.__stderr__, "encoding", None), *map(os.environ.get, _LOOKS)],
        }
        for folder in (self._folder, self._folder / "journal"):
            with suppress(OSError):
                for path in folder.iterdir():
                    if path.suffix in (".json", ".jsonl"):
                        told[path.name] = _look(path)
        for path in (session_path(self._folder), config_path()):
            told[str(path)] = _look(path)
        return told

    def load(self) -> Glimpse | None:
        """The glimpse, if there is one and it is still so; whatever is odd means that it is not."""
        try:
            found = json.loads(read_input(str(self.path), MAX_BYTES))
            return _read(found) if found["stamp"] == self.stamp() else None
        except (PapersError, ValueError, TypeError, LookupError, RecursionError):
            return None

    def keep(self, rows: Sequence[Strip], before: Stamp) -> None:
        """Keeps the rows of a screen; that they cannot be kept is no failure.

        Args:
            rows: The screen.
            before: The stamp from before they were drawn: what has changed since is not in them.
        """
        now = self.stamp()
        if now | {_WRITTEN_AT_THE_END: None} != before | {_WRITTEN_AT_THE_END: None}:
            return
        styles: dict[tuple[object, ...], int] = {}
        drawn: list[list[list[object]]] = []
        for row in rows:
            drawn.append([])
            for text, style, _ in row:
                told = _told(style or Style.null())
                if told is None:
                    return
                drawn[-1].append([text, styles.setdefault(told, len(styles))])
        size = [max((row.cell_length for row in rows), default=0), len(rows)]
        record = {"stamp": now, "size": size, "styles": list(styles), "rows": drawn}
        with suppress(PapersError, OSError, ValueError):
            make_folder(self.path.parent)
            write_atomically(self.path, json.dumps(record).encode())


def _look(path: Path) -> list[int] | None:
    """What tells a file from the one that takes its place; ``None`` where there is none."""
    with suppress(OSError):
        info = path.stat()
        return [info.st_ino, info.st_size, info.st_mtime_ns]
    return None


def _told(style: Style) -> tuple[object, ...] | None:
    """A style as it is kept; ``None`` for the terminal's own colours, which are anybody's guess."""
    colours: list[object] = []
    for colour in (style.color, style.bgcolor):
        if colour is not None and (colour.type is not ColorType.TRUECOLOR or not colour.triplet):
            return None
        colours.append(colour.triplet.hex if colour is not None and colour.triplet else None)
    weights = " ".join(name for name in _WEIGHTS if getattr(style, name))
    return (weights, *colours)


def _read(found: Mapping[str, Any]) -> Glimpse:
    """The rows that a file tells, cleaned as those of a stranger.

    Raises:
        ValueError: If they do not fill the size that it tells. Other errors, if it is odd.
    """
    width, height = found["size"]
    styles = [_style(*told) for told in found["styles"]]
    rows = tuple(Strip([_segment(text, styles[at]) for text, at in row]) for row in found["rows"])
    if not (0 < width <= _MAX_SIDE and len(rows) == height <= _MAX_SIDE):
        raise ValueError("the size is none")
    if any(row.cell_length != width for row in rows):
        raise ValueError("a row is not as wide as the screen")
    return Glimpse(Size(width, height), rows)


def _style(weights: str, *colours: str | None) -> Style:
    if not all(colour is None or _COLOUR.fullmatch(colour) for colour in colours):
        raise ValueError("a colour is none")
    front, back = colours
    told = {name: True for name in weights.split() if name in _WEIGHTS}
    return Style(color=front, bgcolor=back, **told)  # type: ignore[arg-type]


def _segment(text: str, style: Style) -> Segment:
    if not isinstance(text, str):
        raise TypeError("a text is none")
    if (
        " ".join(map(sanitize, text.split(" "))) != text
    ):  # a row has blanks, which ``sanitize`` would join
        raise ValueError("a text is not clean")
    return Segment(text, style)


class GlimpseView(Widget):
    """Rows that stand for a screen, until that is there."""

    DEFAULT_CSS = "GlimpseView { layer: above; width: 100%; height: 100%; }"

    def __init__(self, glimpse: Glimpse) -> None:
        """Args are the rows."""
        super().__init__()
        self._glimpse = glimpse

    def render_line(self, y: int) -> Strip:
        """One line of the screen; blank in a terminal that was made another size meanwhile."""
        rows = self._glimpse.rows
        if self.size != self._glimpse.size or y >= len(rows):
            return Strip.blank(self.size.width, self.rich_style)
        return rows[y]


class GlimpseScreen(Screen[None], inherit_bindings=False):
    """The screen before the screen: shows what was kept, and does nothing."""

    ALLOW_SELECT = False

    def __init__(self, glimpse: Glimpse) -> None:
        """Args are the rows."""
        super().__init__()
        self.glimpse = glimpse

    def compose(self) -> ComposeResult:
        """The rows, and nothing else."""
        yield GlimpseView(self.glimpse)
