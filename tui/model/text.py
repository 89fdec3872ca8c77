"""Untrusted text made safe: ``normalize`` once at import, ``sanitize`` at every sink.

In between, when it is shown or indexed, see ``latex.latex_to_text``.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
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


def bar(share: float, width: int = 30, done: str = "━", rest: str = "╌") -> str:
    """A progress bar for a share from 0 to 1, ``width`` columns wide."""
    filled = round(share * width)
    return done * filled + rest * (width - filled)


def cell_width(text: str) -> int:
    """The columns of a sanitized text in a terminal."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def pad(text: str, width: int) -> str:
    """A text padded with spaces to ``width`` columns."""
    return text + " " * (width - cell_width(text))


def cut(text: str, width: int) -> str:
    """A text truncated to ``width`` columns with an ellipsis."""
    if cell_width(text) <= width:
        return text
    room = width - 1
    for end, char in enumerate(text):
        room -= _columns(char)
        if room < 0:
            return f"{text[:end]}…"
    return text


def table(rows: Iterable[Iterable[str]], width: int = 10_000, *, wraps: bool = False) -> list[str]:
    """Rows as sanitized lines with aligned columns, without those that are empty.

    Where they leave the last column less than half of the width, a long cell of a few moves the
    rest of its row instead.

    Args:
        width: Columns of the terminal.
        wraps: Whether the last cell wraps, aligned; else lines are truncated.
    """
    columns = zip(*([sanitize(cell) for cell in row] for row in rows), strict=True)
    cells = list(zip(*filter(any, columns), strict=True))
    sizes = [sorted(map(cell_width, column)) for column in list(zip(*cells, strict=True))[:-1]]
    widths = [column[-1] for column in sizes]
    if not wraps and 2 * (sum(widths) + 2 * len(widths)) > width:
        widths = [column[len(column) * 9 // 10] for column in sizes]
    indent = sum(widths) + 2 * len(widths)
    lines = []
    for row in cells:
        aligned = [pad(cell, size) for cell, size in zip(row, widths, strict=False)]
        parts = [row[-1]]
        if wraps and cell_width(row[-1]) > width - indent:
            import textwrap  # here, as it is often not needed

            parts = textwrap.wrap(row[-1], max(width - indent, 20))
        line = "  ".join([*aligned, *parts[:1]]).rstrip()
        lines.append(line if wraps else cut(line, width))
        lines += [" " * indent + part for part in parts[1:]]
    return lines


def fold(text: str) -> str:
    """A text for comparison: without case, accents and compatibility forms.

    Accents are dropped from Latin, Greek and Cyrillic letters only; elsewhere marks are vowels.
    """
    if text.isascii():
        return text.lower()
    folded: list[str] = []
    base = ""
    for char in unicodedata.normalize("NFKD", text):
        if "\ufe00" <= char <= "\ufe0f":
            continue  # variation selectors
        if unicodedata.combining(char):
            if base < "\u0530":
                continue
        else:
            base = char
        folded.append(char)
    return unicodedata.normalize("NFC", "".join(folded).casefold().translate(_UNDECOMPOSED))


# Letters that Unicode does not decompose.
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


def words(text: str) -> list[str]:
    """The folded words of a text in order: runs of letters and digits, vowel signs included."""
    folded = fold(text)
    if folded.isascii():
        return re.findall("[a-z0-9]+", folded)
    spaced: list[str] = []
    in_word = False
    for char in folded:
        in_word = char.isalnum() or (in_word and unicodedata.category(char)[0] == "M")
        spaced.append(char if in_word else " ")
    return "".join(spaced).split()


_STARTING_DOT: Final = regex(r"\.(?<![^\W_].)(?=[^\W\d_])")
# Plus and number signs belong to the letter they follow, as in C++, C++20, C# and H+, but not as in
# x+y; a dot belongs to the word that it begins.
_SIGNED: Final = regex(r"(?:^\.(?=[^\W\d_]))?[^+#.]+(?:(?<=[^\W\d_])(?:\+{2,}|[+#]+(?![^\W_])))?")


def search_words(text: str) -> list[str]:
    """The words of a text as it is searched: ``words``, with the signs that belong to them.

    C++, C# and .NET are words of their own, and so is each symbol outside ASCII, such as an arrow
    or an emoji. Punctuation is no word.
    """
    folded = fold(text)
    has_signs = "+" in folded or "#" in folded or _STARTING_DOT.search(folded) is not None
    if folded.isascii():
        if not has_signs:
            return re.findall("[a-z0-9]+", folded)
        parts = re.findall("[a-z0-9+#.]+", folded)
    else:
        parts = _spaced(folded, "+#." if has_signs else "").split()
    if not has_signs:
        return parts
    return [word for part in parts for word in _SIGNED.findall(part)]


def _spaced(folded: str, signs: str) -> str:
    """A text with spaces in place of punctuation, except some signs, and around symbols."""
    spaced: list[str] = []
    in_word = False
    for char in folded:
        kind = "" if char.isascii() else unicodedata.category(char)[0]
        in_word = char.isalnum() or (in_word and kind == "M")
        if in_word or char in signs:
            spaced.append(char)
        else:
            spaced.append(f" {char} " if kind == "S" else " ")
    return "".join(spaced)


_URL: Final = regex(
    r"://(?:(?<=(https)://)|(?<=(http)://))"  # begins with what is fast to look for
    r"[^\s<>\"\u201c\u201d\u00ab\u00bb`\u3001\u3002\uff08\uff09\uff0c\u300a-\u3011]+",
    re.IGNORECASE,
)
_HOST: Final = regex(r"https?://(?:\w|\[[0-9a-f:.]+\])", re.IGNORECASE)
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}
_TRAILING: Final = ".,;:!?'*\\\u2019\u2026"


_MARKUP: Final = regex(
    r"""
    \*\*(?=\S)(?P<bold>[^*]+)(?<=\S)\*\*
    | (?<![\w*])\*(?=[^\s*])(?P<italic>[^*]+)(?<=[^\s*])\*(?![\w*])
    | (?<![\w`])`(?=[^\s`])(?P<code>[^`]+)(?<=[^\s`])`(?![\w`])
    | \[(?P<anchor>[^\[\]]+)\]\((?P<url>https?://[^\s()]+)\)
    | (?:(?<!\s)\s+)?(?P<block></?(?:p|br|div|li|ul|ol)(?:\s[^<>]*)?/?>\s*)+
    | </?(?:a|b|i|u|em|tt|sub|sup|code|span|strong)(?:\s[^<>]*)?/?>
    | &(?P<entity>amp|lt|gt|quot|apos|nbsp|\#39);
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""The Markdown and HTML that sources leave in titles and abstracts."""
_ENTITIES: Final = {
    "amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "#39": "'", "nbsp": " "
}  # fmt: skip


def emphasis(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """A text without the Markdown and HTML in it; and the parts that these make bold or italic.

    A link is left as its words and its URL; code as it is, without its quotes.

    Args:
        text: ``**SENTINEL** (**S**entence...) &amp; <i>more</i>``, in one line.

    Returns:
        The text, and for each part its span, and ``bold`` or ``italic``.
    """
    if not _MAYBE_MARKUP.search(text):
        return text, []
    spans: list[tuple[int, int, str]] = []
    parts: list[str] = []
    place = length = 0
    for match in _MARKUP.finditer(text):
        before, kind = text[place : match.start()], match.lastgroup or ""
        start = length + len(before)
        words = _without_markup(match, is_first=not start)
        length = start + len(words)
        if kind in ("bold", "italic"):
            spans.append((start, length, kind))
        parts += [before, words]
        place = match.end()
    return "".join([*parts, text[place:]]), spans


_MAYBE_MARKUP: Final = regex(r"[*`<&\[]")


def _without_markup(match: re.Match[str], *, is_first: bool) -> str:
    """What a piece of markup leaves."""
    match match.lastgroup:
        case "url":
            return f"{match['anchor']} ({match['url']})"
        case "block":
            return "" if is_first else " "
        case "entity":
            return _ENTITIES[match["entity"].lower()]
        case None:
            return ""
        case kind:
            return match[kind]


def find_urls(text: str) -> tuple[str, ...]:
    """The http(s) URLs of a text in order, once each, without trailing punctuation.

    A closing bracket belongs to a URL only if the URL opens it: ``(see
    https://a.org/x_(y)).`` has ``https://a.org/x_(y)``.
    """
    if "/" not in text:  # to look for one is many times faster than for two
        return ()
    urls: dict[str, None] = {}
    for match in _URL.finditer(text):
        url = f"{match[1] or match[2]}{match[0]}"
        if "\\" in url:
            url = re.sub(r"\\([_%&#~])", r"\1", url)
        url = url.rstrip(_TRAILING)
        if url[-1] in _PAIRS:
            url = _without_surplus(url)
        if _HOST.match(url):
            urls[url] = None
    return tuple(urls)


def _without_surplus(url: str) -> str:
    """A URL without closing brackets that it does not open, and what is around them."""
    surplus = {last: url.count(last) - url.count(first) for last, first in _PAIRS.items()}
    end = len(url)
    while (last := url[end - 1]) in _TRAILING or surplus.get(last, 0) > 0:
        surplus[last] = surplus.get(last, 0) - 1
        end -= 1
    return url[:end]


@lru_cache(maxsize=1024)  # the facts of many papers have the same small counts
def plural(count: int, singular: str, plural: str = "") -> str:
    """``1 paper``, ``12 papers``: a count with its noun."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def enumerated(words: Sequence[str], conjunction: str = "or") -> str:
    """The words as a choice: ``unread, reading, read or dismissed``; or as a list, with ``and``."""
    *others, last = words
    return f"{', '.join(others)} {conjunction} {last}" if others else last
