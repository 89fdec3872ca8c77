"""Clipboards that are missing, fail, hang and chatter: what is said of each is true."""

import base64
import re
from pathlib import Path
from random import Random
from typing import Final

from tests.torture.screens import environment
from tests.torture.tally import Tally
from tests.ui.terminals import FIRST, Terminal

COPIED, SENT = "Copied: title", "Sent to the terminal's clipboard: title"

TAKES: Final = '#!/bin/sh\ncat > "$HOME/taken"\n'
CASES: Final[dict[str, tuple[dict[str, str], dict[str, str], str]]] = {
    "none": ({}, {}, SENT),
    "a display and no helper": ({"DISPLAY": ":7"}, {}, SENT),
    "xclip takes it": ({"DISPLAY": ":7"}, {"xclip": TAKES}, COPIED),
    "xclip fails": ({"DISPLAY": ":7"}, {"xclip": "#!/bin/sh\ncat >/dev/null\nexit 1\n"}, SENT),
    "xclip fails at once": ({"DISPLAY": ":7"}, {"xclip": "#!/bin/sh\nexit 1\n"}, SENT),
    "xclip hangs": ({"DISPLAY": ":7"}, {"xclip": "#!/bin/sh\nexec tail -f /dev/null\n"}, SENT),
    "xclip chatters": (
        {"DISPLAY": ":7"},
        {"xclip": "#!/bin/sh\nprintf '\\033[2Jnoise'\nprintf '\\033[2Jnoise' >&2\nexit 1\n"},
        SENT,
    ),
    "xclip is no program": ({"DISPLAY": ":7"}, {"xclip": "\x7fno program"}, SENT),
    "wl-copy takes it": ({"WAYLAND_DISPLAY": "w"}, {"wl-copy": TAKES}, COPIED),
    "in tmux over SSH": ({"TMUX": "x", "SSH_TTY": "/dev/pts/9"}, {}, SENT),
}
"""By name: the environment, the programs in it, and what is to be said."""


def _try(name: str, home: Path, fault: str) -> str | None:
    env, programs, message = CASES[name]
    tools = home / "bin"
    tools.mkdir(parents=True)
    for program, text in programs.items():
        (tools / program).write_text(text, "latin-1")
        (tools / program).chmod(0o755)
    variables = environment(home, fault, **env)
    variables["PATH"] = f"{tools}:/usr/bin:/bin"
    screen = Terminal(size=(80, 24), env=variables)
    screen.wait_for("1 of 268", "paste your")
    screen.type("yt")
    screen.type("j")  # the screen goes on whatever the helper does
    screen.wait_for("2 of 268")
    screen.wait_for(": title")
    if message not in screen.text:
        return f"it said {screen.text.splitlines()[-1]!r}"
    texts = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)", screen.raw)
    if not texts or base64.b64decode(texts[0]).decode() != FIRST:
        return "another text was sent"
    if message == COPIED and (home / "taken").read_text("utf-8") != FIRST:
        return "another text was taken"
    if b"noise" in screen.raw:
        return "the helper wrote on the screen"
    screen.type("q")
    return None if screen.wait_for_end() == 0 else "it did not end well"


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """So many of the clipboards, in any order."""
    tally = Tally()
    names = list(CASES)
    chance.shuffle(names)
    for name in names[:count]:
        tally.tried += 1
        try:
            if wrong := _try(name, folder / name.replace(" ", "-"), fault):
                tally.note("silent", f"{name}: {wrong}")
        except AssertionError as error:
            tally.note("torn", f"{name}: {str(error)[:300]}")
    return tally
