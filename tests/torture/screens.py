"""The app in real pseudo-terminals: what strangers wrote, read back as bytes."""

import base64
import os
import re
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Final

from tests.strategies import MARKUP, PAYLOADS, TERMINAL
from tests.torture.tally import Tally
from tests.ui.terminals import Terminal
from tests.ui.test_view_hostile import make
from tui.model.text import normalize
from tui.ui.widgets.around import AROUND_SECONDS

SIZES: Final = ((80, 24), (120, 35), (200, 50), (60, 16))

ESCAPE: Final = "\x1b[27u"
"""The key as a terminal writes it that tells keys apart, so that no time has to."""
WALK: Final = (
    *("gg", "ru", " ", "o", ESCAPE, "t", ESCAPE, "gt", ESCAPE, "f", ESCAPE, "F", ESCAPE),
    *("e", ESCAPE, "L", "\r", "l", "ga", "S", ESCAPE, "/x", ESCAPE, "gl", "c", ESCAPE, "e", ESCAPE),
    *("\r", "ga", "E", ESCAPE, "?", ESCAPE, "z", "z", "jJ", "yt", "yb", "$", "\x10", ESCAPE),
)
"""Through every place that shows text: each is drawn before the next."""
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
    found = set()
    for match in SEQUENCE.finditer(raw):
        prefix, final, number, letter = match.groups(b"")
        found.add(
            b"CSI " + prefix + final if final else b"OSC " + number if number else b"ESC " + letter
        )
        if final == b"J":
            found.add(match.group())
    rest = SEQUENCE.sub(b"", raw).decode("utf-8", "replace")
    for char in set(rest):
        if char < " " or "\x7f" <= char <= "\x9f" or char in HARMFUL:
            found.add(b"raw " + ascii(char).encode())
    return found


HARMFUL: Final = (
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


def walk(home: Path, size: tuple[int, int], fault: str, made: Callable[[Path], None]) -> Terminal:
    """The app on a library, once every place was looked at, ended."""
    made(library(home))
    screen = Terminal(size=size, env=environment(home, fault), is_drawn=False)
    try:
        screen.wait_for_raw(b"1 of ")  # what stands on the screen may be anything
        screen.wait_for_quiet(LATE)
        for keys in WALK:
            screen.type(keys)
            screen.wait_for_quiet()
        screen.child.kill(signal.SIGTERM)
        screen.wait_for_end()
    except AssertionError:
        screen.child.close(force=True)
    return screen


def last(home: Path, screen: Terminal) -> str:
    """The end of what was written of a crash, else of what a terminal showed behind the app."""
    log = home / ".local" / "state" / "papers-tui" / "crash.log"
    return log.read_text("utf-8")[-400:] if log.exists() else screen.after


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """So many walks, each with another payload in every text of a library."""
    tally = Tally()
    chance.shuffle(texts := [*PAYLOADS])
    texts = ["".join(TERMINAL), " ".join(MARKUP), *texts]
    for number in range(count):
        text = texts[number % len(texts)]
        if number >= len(texts):
            text = "".join(chance.choices(texts, k=3))
        tally.tried += 1
        home = folder / str(number)
        screen = walk(home, chance.choice(SIZES), fault, lambda path, text=text: make(path, [text]))  # type: ignore[misc]
        if screen.child.exitstatus != 128 + signal.SIGTERM:
            tally.note(
                "torn", f"{text!r}: ended with {screen.child.exitstatus}: {last(home, screen)}"
            )
        for copied in re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)", screen.raw):
            try:
                plain = re.sub("[\n\u200c\u200d]", " ", base64.b64decode(copied).decode())
            except ValueError:
                plain = "\0"
            if not plain.isprintable():
                tally.note("torn", f"{text!r}: copied as {copied!r}")
            if copied in text.encode("utf-8", "replace"):
                tally.note("torn", f"{text!r}: copied itself")
        if odd := kinds(screen.raw) - USUAL:
            tally.note("torn", f"{text!r}: {sorted(odd)}")
        if b"Traceback" in screen.raw:
            tally.note("silent", f"{text!r}: a traceback")
        plainly = normalize(text)
        shown = SEQUENCE.sub(b"", screen.raw).decode("utf-8", "replace")
        is_markup = "[" in plainly and plainly.isascii() and len(plainly) < 30
        if is_markup and plainly not in shown:
            tally.note("torn", f"{text!r} was not shown as it is")
    return tally
