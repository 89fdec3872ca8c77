"""The app in real pseudo-terminals: what strangers wrote, read back as bytes."""

import base64
import os
import re
import signal
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Final

from tests.strategies import MARKUP, PAYLOADS, TERMINAL
from tests.torture.tally import Tally
from tests.ui.terminals import Terminal
from tests.ui.test_view_hostile import hostile, make
from tui.model.text import normalize
from tui.ui.widgets.around import AROUND_SECONDS

SIZES: Final = ((80, 24), (120, 35), (200, 50), (60, 16))

ESCAPE: Final = "\x1b[27u"
"""The key as a terminal writes it that tells keys apart, so that no time has to."""
TOGETHER: Final = 4
"""Texts of one walk, each of a paper, a tag, a list, a view and a change of its own."""
BEGIN: Final = ("ga", "gg", "j")
"""To the first paper of a stranger, below a harmless one."""
OF_PAPER: Final = (
    "ru",
    "o",
    ESCAPE,
    "t",
    ESCAPE,
    "L",
    ESCAPE,
    "e",
    ESCAPE,
    "z",
    "z",
    "yt",
    "yb",
    "j",
)
OF_TAG: Final = ("c", ESCAPE, "j")
OF_LIST: Final = ("c", ESCAPE, "e", ESCAPE, "\r", "/x", ESCAPE, "gl", "j")
ELSEWHERE: Final = (
    *("S", ESCAPE, "ga", "J", "E", ESCAPE, "L", "\r", "f", ESCAPE, "F", ESCAPE, "gh", ESCAPE),
    *("?", ESCAPE, "$", "\x10", ESCAPE),
)


def steps(count: int) -> tuple[str, ...]:
    """The keys through every place that shows one of so many texts; each is drawn at rest."""
    pages = ("gt", *OF_TAG * count, ESCAPE, "gl", *OF_LIST * count, ESCAPE)
    return (*BEGIN, *OF_PAPER * count, *pages, *ELSEWHERE)


LATE: Final = 2 * AROUND_SECONDS
"""Seconds in which what stands around a paper is drawn too, at the start of the walk."""

SEEDED: Final[Mapping[str, str]] = {
    "": "",
    "nothing is made safe": (
        "import tui.model.text\ntui.model.text.normalize = lambda text, limit=None: text[:limit]\n"
        "tui.model.text.sanitize.__globals__['normalize'] = tui.model.text.normalize\n"
        "tui.model.text.sanitize.__code__ = (lambda text, limit=2000: text[:limit]).__code__\n"
    ),
    "markup is read": (
        "import textual.content as c\n"
        "made = c.Content.__init__\n"
        "def init(self, text='', *args, **options):\n"
        "    made(self, c.Content.from_markup(text).plain if '[' in text else text,\n"
        "         *args, **options)\n"
        "c.Content.__init__ = init\n"
    ),
    "no signal is caught": (
        "import contextlib, tui.ui.signals as s\n"
        "s.handle = lambda *args: None\ns.blocked = contextlib.nullcontext\n"
    ),
    "every copy is said to be copied": (
        "import tui.ui.clipboard as c\nc.copy = lambda text: True\n"
    ),
}
"""What Python is told before the app begins."""

SEQUENCE: Final = re.compile(
    rb"\x1b\[([<=>?]?)[0-9;:]*([ -/]*[@-~])"
    rb"|\x1b\]([0-9]+);[^\x07\x1b]*(?:\x07|\x1b\\)"
    rb"|\x1b([^\[\]])"
)
"""A control sequence: of the CSI, of the OSC, or of one letter."""


def environment(home: Path, fault: str, **more: str) -> dict[str, str]:
    """That of somebody without a desktop, in an empty home."""
    home.mkdir(parents=True, exist_ok=True)
    gone = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "COLUMNS", "LINES", "NO_COLOR", "TMUX")
    kept = {name: value for name, value in os.environ.items() if name not in gone}
    kept = {name: value for name, value in kept.items() if not name.startswith(("XDG_", "PAPERS_"))}
    if code := SEEDED[fault]:
        (home / "sitecustomize.py").write_text(code, "utf-8")
        kept["PYTHONPATH"] = str(home)
    return {
        **kept,
        "HOME": str(home),
        "TERM": "xterm-256color",
        "LC_ALL": "C.UTF-8",
        "ESCDELAY": "10",
        **more,
    }


def library(home: Path) -> Path:
    """Where the library of a home is."""
    return home / ".local" / "share" / "papers-tui"


USUAL: Final = {
    *(b"CSI ?h", b"CSI ?l", b"CSI ?$p", b"CSI >u", b"CSI <u", b"CSI m", b"CSI H"),
    *(b"CSI X", b"CSI G"),  # erased and placed, for titles of unsure width
    *(b"OSC 8", b"OSC 22", b"OSC 52", b"raw '\\r'", b"raw '\\n'"),
}
"""What the app itself writes: modes, keys, styles, places, links, the pointer, what was copied."""


def kinds(raw: bytes) -> set[bytes]:
    """The kinds of control sequences and controls in what a program wrote."""
    names = set()
    for match in SEQUENCE.finditer(raw):
        prefix, final, number, letter = match.groups(b"")
        names.add(
            b"CSI " + prefix + final if final else b"OSC " + number if number else b"ESC " + letter
        )
        if final == b"J":
            names.add(match.group())
    rest = SEQUENCE.sub(b"", raw).decode("utf-8", "replace")
    for char in set(rest):
        if char < " " or "\x7f" <= char <= "\x9f" or char in HARMFUL:
            names.add(b"raw " + ascii(char).encode())
    return names


HARMFUL: Final = (
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


def walk(home: Path, size: tuple[int, int], fault: str, texts: Collection[str]) -> Terminal:
    """The app on a library of hostile texts, once every place was looked at, ended."""
    make(library(home), texts)
    screen = Terminal(size=size, env=environment(home, fault), is_drawn=False)
    try:
        screen.wait_for_raw(b"1 of ")  # what stands on the screen may be anything
        screen.wait_for_quiet(LATE)
        for keys in steps(len(texts)):
            screen.type(keys)
            screen.wait_for_quiet()
        screen.child.kill(signal.SIGTERM)
        screen.wait_for_end()
    except AssertionError:
        screen.child.close(force=True)
    return screen


def last(home: Path, screen: Terminal) -> str:
    """The end of what was written of a crash, else of what a terminal showed after the app."""
    log = home / ".local" / "state" / "papers-tui" / "crash.log"
    return log.read_text("utf-8")[-400:] if log.exists() else screen.after


def _texts(chance: Random) -> Iterator[str]:
    """Each payload, and then three at a time for ever."""
    chance.shuffle(texts := [*PAYLOADS])
    texts = ["".join(TERMINAL), " ".join(MARKUP), *texts]
    yield from texts
    while True:
        yield "".join(chance.choices(texts, k=3))


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """So many payloads, each in every text of a paper and the names around it."""
    tally = Tally()
    texts = _texts(chance)
    while tally.tried < count:
        together: dict[str, str] = {}
        while len(together) < min(TOGETHER, count - tally.tried):
            text = next(texts)
            together[hostile(text)[0].key] = text
        tally.tried += len(together)
        screen = walk(folder / str(tally.tried), chance.choice(SIZES), fault, together.values())
        _look(screen, folder / str(tally.tried), [*together.values()], tally)
    return tally


def _look(screen: Terminal, home: Path, texts: Sequence[str], tally: Tally) -> None:
    """What is wrong with what a walk wrote."""
    if screen.child.exitstatus != 128 + signal.SIGTERM:
        tally.note("torn", f"{texts}: ended with {screen.child.exitstatus}: {last(home, screen)}")
    for copied in re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)", screen.raw):
        try:
            plain = re.sub("[\n\u200c\u200d]", " ", base64.b64decode(copied).decode())
        except ValueError:
            plain = "\0"
        if not plain.isprintable():
            tally.note("torn", f"{texts}: copied as {copied!r}")
        if any(copied in text.encode("utf-8", "replace") for text in texts):
            tally.note("torn", f"{texts}: one copied itself")
    if odd := kinds(screen.raw) - USUAL:
        tally.note("torn", f"{texts}: {sorted(odd)}")
    if b"Traceback" in screen.raw:
        tally.note("silent", f"{texts}: a traceback")
    shown = SEQUENCE.sub(b"", screen.raw).decode("utf-8", "replace")
    for plainly in map(normalize, texts):
        is_markup = "[" in plainly and plainly.isascii() and len(plainly) < 30
        if is_markup and plainly not in shown:
            tally.note("torn", f"{plainly!r} was not shown as it is")
