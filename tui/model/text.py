"""Untrusted text made safe: ``normalize`` once at import, ``sanitize`` at every sink.

In between, when it is shown or indexed, see ``latex.latex_to_text``.
"""

import re
import unicodedata
from typing import Final

from tui.patterns import regex

MAX_LINE: Final = 2_000
"""Characters of a line; a megabyte in one line takes a terminal seconds."""

MAX_TEXT: Final = 60_000
"""Characters of an abstract or a note that are shown or exported."""

MAX_MARKS: Final = 4
"""Combining marks on one base: more than any script needs, too few to cover other rows."""

_ACTING_BREAKS = regex("[\\t-\\r\x1c-\x1f\x85\u2028\u2029]")  # those that are not spaces
# Escape, bell, C1 (0x9b alone is a CSI), surrogates and noncharacters become U+FFFD.
_CONTROLS = regex("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Bidirectional controls reorder their surroundings; the others are invisible and split words.
_INVISIBLE = regex(
    "[\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Joiners are needed in Persian and Indic scripts and in emoji, and suspicious elsewhere.
_JOINERS = "\u200c\u200d"
_JOINABLE = "[^\x00-\u058f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufffd\\s]"
_STRAY_JOINERS = regex(f"(?<!{_JOINABLE})[{_JOINERS}]|[{_JOINERS}](?!{_JOINABLE})")
_MAY_BE_MARKS = regex(f"[^\0-\u02ff]{{{MAX_MARKS + 1},}}")
"""Runs that can have too many marks: all marks come after the Latin letters in Unicode."""


def normalize(text: str, limit: int | None = None) -> str:
    """A text as one harmless paragraph: no controls, no bidirectional characters, no line breaks.

    Never loses letters. Idempotent.

    Args:
        text: Any text, including lone surrogates.
        limit: The maximum number of characters; a truncated text ends in an ellipsis.
    """
    is_printable = _is_printable(text)
    if not is_printable:
        text = " ".join(text.split())  # at all that a terminal or a splitter may take for a break
        text = _CONTROLS.sub("\ufffd", text)
    if not (text.isascii() or _HARMLESS.fullmatch(text)):
        text = _INVISIBLE.sub("", text)  # some of which are printable
        before = ""
        while text != before:  # a removal can create a new match
            before = text
            text = _cap_marks(unicodedata.normalize("NFC", text))
            if not is_printable:
                text = _STRAY_JOINERS.sub("", text)
    text = " ".join(text.split()) if "  " in text else text.strip(" ")
    if limit is not None and len(text) > limit:
        text = text[: limit - 1].rstrip(" ") + "…"
    return text


def normalize_lines(text: str) -> str:
    """A text as harmless lines: each as ``normalize`` makes it, but with its spaces and tabs.

    Those at ends of lines, and empty lines at the end, go. Idempotent.
    """
    return "\n".join(map(_with_spaces, text.splitlines())).rstrip("\n")


def _with_spaces(line: str) -> str:
    if not _is_harmless(line):
        runs = _RUNS.findall(_ACTING_BREAKS_BUT_TABS.sub(" ", line))
        line = "".join(run if run[0].isspace() else normalize(run) for run in runs)
    return line.rstrip()


_ACTING_BREAKS_BUT_TABS: Final = regex("[\n-\r\x1c-\x1f\x85\u2028\u2029]")
_RUNS: Final = regex(r"\s+|\S+")


def _cap_marks(text: str) -> str:
    """A text with at most ``MAX_MARKS`` combining marks on one base, ignoring joiners."""
    return text if text.isascii() else _MAY_BE_MARKS.sub(_capped, text)


def _capped(match: re.Match[str]) -> str:
    chars: list[str] = []
    run = 0
    for char in match[0]:
        if unicodedata.category(char) in ("Mn", "Me"):
            run += 1
        elif char not in _JOINERS:
            run = 0
        if run <= MAX_MARKS:
            chars.append(char)
    return "".join(chars)


def sanitize(text: str, limit: int = MAX_LINE) -> str:
    """A text as one harmless line.

    Every string that is not ours passes through here on its way to a list, pane, message, window
    title, standard output, export or clipboard. Cheap for text that is already clean.
    """
    return text if len(text) <= limit and _is_harmless(text) else normalize(text, limit)


def _is_harmless(text: str) -> bool:
    """Whether a text is known to need no other change than of its spaces."""
    return _is_printable(text) if text.isascii() else _HARMLESS.fullmatch(text) is not None


def _is_printable(text: str) -> bool:
    if len(text) < _LONG or not text.isascii():
        return text.isprintable()
    return not text.encode().translate(None, _PRINTABLE)  # in a third of the time


_LONG: Final = 100
_PRINTABLE: Final = bytes(range(0x20, 0x7F))
_HARMLESS: Final = regex("[ -~\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u22ff]*")
"""Latin letters, punctuation, arrows and mathematics: most of what is not ASCII."""


def is_inert(text: str) -> bool:
    """Whether a file name has no control, line break or invisible character."""
    return not (_CONTROLS.search(text) or _INVISIBLE.search(text) or _ACTING_BREAKS.search(text))


def sanitize_lines(text: str, limit: int = MAX_LINE) -> str:
    """Like ``sanitize``, but keeps line breaks, spaces and tabs; a widget expands tabs."""
    return "\n".join(_sanitized_line(line, limit) for line in text.split("\n"))


def _sanitized_line(line: str, limit: int) -> str:
    if not _is_harmless(line):
        line = _with_spaces(line)
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip(' ')}…"
