"""The lines of a text without their markup, each with the addresses that it links to.

A page comes as plain text, as Markdown, or as what a text browser prints. Their links are written
in line, ``[text](address)``; as references, ``[text][7]`` or ``[7]text`` with a list at the end; or
on lines of their own. Whatever the way, an address is kept beside its line and out of its text.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from tui.model.text import normalize


@dataclass(slots=True)
class MarkedLine:
    """A line without its markup."""

    number: int
    """From 1."""
    text: str
    """Normalized."""
    addresses: list[str] = field(default_factory=list)
    """What it, or a part of it, links to."""
    is_link: bool = False
    """Whether it is in a link, even if its address is gone."""
    is_heading: bool = False
    continues: bool = False
    """Whether it stands in a link that began, with other words, on a line before."""


_LINK: Final = re.compile(r"\]\([^\s()]*|\]\[\d{1,4}\]")
_FEW: Final = 3
"""Lines with links, or with their numbers, from which they are taken for that."""
_NUMBERED: Final = re.compile(r"\n[ \t*•+-]*\[\d{1,4}\]")
_DEFINITION: Final = re.compile(
    r"^ {0,4}\[([^\[\]]{1,500})\]:\s+<?((?:[a-z]+:|/)[^\s<>]*)>?[ \t]*$", re.M | re.I
)
_LISTED: Final = re.compile(r"\s*\[?(\d{1,4})[\].]\s+([a-z]+:\S*|/\S*)\s*", re.I)
_LIST_HEAD: Final = re.compile(r"\s*(?:References|Visible links|Hidden links):?\s*")
_MARKER: Final = re.compile(r"\[(\d{1,4})\]")
_ATTRIBUTES: Final = r"\{(?:[#.][^\s{}]+|[\w-]+=\"[^\"{}\n]*\")(?:\s[^{}\n]+)?\}"
"""What some tools write after a heading or a link: ``{#anchor .class key="value"}``."""
_BRACKET: Final = re.compile(
    r"(?<!\\)(?:(?P<open>!?\[)"
    r"|\]\(<?(?P<address>(?:[^\s()<>]|-\n)*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+\"[^\"\n]*\")?\)"
    rf"(?:{_ATTRIBUTES})?"
    r"|\]\[(?P<name>[^\[\]\n]{0,500})\]"
    r"|(?P<close>\]))"
)
_ADDRESS: Final = re.compile(r"<?(https?://[^\s<>]+|/papers/[^\s<>]+)>?", re.I)
_AUTOLINK: Final = re.compile(r"<(https?://[^\s<>]+)>", re.I)
_TAGS: Final = re.compile(
    r"(?:<(?:/?(?!https?:)[a-zA-Z][^<>]*|!--[^<>]*--)>\s*)+|:{3,}.*|`{3,}[\w{}=.]*|~{3,}|={3,}|-{3,}"
)
_TAGGED: Final = tuple("<:`~=-")
"""How a line of them begins."""
_BULLETS: Final = " *+-•"
_FIELD: Final = re.compile(r"^(?:_{10,}|\(BUTTON\)|\[ *\])\s*")
"""What text browsers print for a field or a button."""
_UNDERLINE: Final = re.compile(r"\s*(?:={3,}|-{4,})\s*")
_HEADING: Final = re.compile(r"#{1,6} +")
_ANCHOR: Final = re.compile(rf"(?<!\s)\s*{_ATTRIBUTES}$")
_PLACEHOLDER: Final = re.compile(r"\[[^\[\]]{0,80}\]")
_ENTITY: Final = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[0-9a-f]{1,6});", re.I)
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_PLAINLY_ESCAPED: Final = re.compile(
    r"\\((?<=\w\\)'(?=(?:s|t|d|re|ve|ll|m)\b)|-(?=-)|[*_\[\]<>`|~]"
    r"|(?<=^\\)[-+#]|(?<=\d\\)[.)](?= ))"
)
_ESCAPED_QUOTE: Final = re.compile(r"\\[\"'](?=[\s.,;:!?)]|$)|^#{1,6} .*\{#", re.M)
"""An escaped quotation mark that ends a word, and so is no accent of LaTeX; or an anchor, as tools
that write those escape both."""
_BARE_DOLLAR: Final = re.compile(r"(?<!\\)\$")
"""A dollar that is not escaped, so that one that is was so in the source."""
_MATH_ESCAPED: Final = re.compile(rf"{_PLAINLY_ESCAPED.pattern}|\\\$")
_TYPED_ESCAPED: Final = re.compile(rf"{_PLAINLY_ESCAPED.pattern}|\\(?:[\"']|\.(?=\.\.))")
_GOES_ON: Final = re.compile(r"(?:\b[a-zß-ÿа-я]\w*|[:(,])$")
"""How a line ends that an address goes on: ``is at``, ``here:``."""
_LONGEST_WORD: Final = 100
_HARD_BREAK: Final = re.compile(r"(?<!\\)\\+(?=\s{2,}|$)")
_DEEPEST: Final = 50
"""Brackets that may be open at once; a text that opens more is not Markdown."""
_FARTHEST: Final = 20_000
"""Characters between the brackets of a link that has another bracket in its text."""
_LONGEST: Final = 400
"""Lines of a link; none is longer than an abstract of which each line is a word or two."""


def marked_lines(text: str) -> list[MarkedLine]:
    r"""The lines of a text, one for each of its lines, in order.

    Linear in the length of the text.

    Args:
        text: Any text with ``\n`` as line ends.
    """
    is_markdown = False
    if _is_marked_up(text):
        text, named, numbered = _references(text)
        lines, links = _unlinked(text, named, has_names=not numbered)
        is_markdown = links > 0
        _take_markers(lines, numbered)
    else:
        lines = _plain_lines(text)
    escaped = _escaped(text) if is_markdown else None
    for line, following in zip(lines, [*lines[1:], MarkedLine(0, "")], strict=True):
        if line.text:
            _clean(line, following, escaped)
    _fold_addresses(lines)
    return lines


def _plain_lines(text: str) -> list[MarkedLine]:
    return [MarkedLine(number, line) for number, line in enumerate(text.split("\n"), 1)]


def _is_marked_up(text: str) -> bool:
    """Whether a text has links as Markdown has, and not one or two in what it speaks of."""
    if _NUMBERED.search(text) or ("]: " in text and _DEFINITION.search(text)):
        return True
    if "](" not in text and "][" not in text:
        return False
    links = (match[0] for line in text.split("\n") if (match := _LINK.search(line)))
    return any(
        "/papers" in link or "%2Fpapers" in link or count == _FEW
        for count, link in enumerate(links, 1)
    )


def _references(text: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """The text without its references, those that links name, and those of a numbered list."""
    named: dict[str, str] = {}
    numbered: dict[str, str] = {}

    def define(match: re.Match[str]) -> str:
        named.setdefault(_name(match[1]), match[2])
        return "\n" * match[0].count("\n")

    lines = _DEFINITION.sub(define, text).split("\n")
    in_list = False
    for place, line in enumerate(lines):
        if not line:
            continue
        in_list = in_list or (
            _LIST_HEAD.fullmatch(line) is not None
            and all(map(_is_of_list, lines[place + 1 : place + 12]))
        )
        if in_list:
            if match := _LISTED.fullmatch(line):
                numbered.setdefault(match[1], match[2])
            if _is_of_list(line):
                lines[place] = ""
    return "\n".join(lines), named, numbered


def _name(text: str) -> str:
    """The name of a reference, however it is wrapped."""
    return " ".join(text.replace("\\\n", " ").split())


def _is_of_list(line: str) -> bool:
    return not line.strip() or bool(_LISTED.fullmatch(line) or _LIST_HEAD.fullmatch(line))


def _unlinked(
    text: str, addresses: dict[str, str], *, has_names: bool
) -> tuple[list[MarkedLine], int]:
    """The lines without the brackets of links and without images, and the number of links.

    Args:
        text: The text without its references.
        addresses: Those by their names.
        has_names: Whether ``[text][name]`` can be a link.
    """
    edits: list[tuple[int, int, str]] = []
    spans: list[tuple[int, int, str]] = []
    is_open: list[re.Match[str]] = []
    for match in _BRACKET.finditer(text):
        if match["open"]:
            is_open.append(match)
            del is_open[:-_DEEPEST]
            continue
        if not is_open:
            continue
        opening = is_open.pop()
        content = text[opening.end() : match.start()] if addresses or match["name"] == "" else ""
        if match["close"]:
            address = addresses.get(_name(content))
            if address is None:
                continue
        elif match["name"] is not None:
            name = _name(match["name"] or content)
            if not has_names or not (name in addresses or name.isdigit()):
                is_open.append(match)
                continue
            opening = _outermost(opening, match, is_open, text)
            address = addresses.get(name, "")
        else:
            opening = _outermost(opening, match, is_open, text)
            address = match["address"].replace("\n", "")
        if opening["open"] == "![":
            edits.append((opening.start(), match.end(), ""))
            continue
        spans.append((opening.start(), match.end(), address or ""))
        before = text[opening.start() - 1 : opening.start()]
        after = text[match.end() : match.end() + 1]
        edits.append((opening.start(), opening.end(), " " if before.isalnum() else ""))
        is_glued = after.isalnum() or after == "["
        edits.append((match.start(), match.end(), " " if is_glued else ""))
    lines = _plain_lines(_edited(text, sorted(edits)))
    _mark_links(lines, spans, text)
    return lines, len(spans)


def _mark_links(lines: list[MarkedLine], spans: list[tuple[int, int, str]], text: str) -> None:
    """Records in each line where the links in it lead.

    Args:
        lines: Those of the text.
        spans: Start and end of each link in the text, and its address.
        text: The whole text.
    """
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    for start, end, address in spans:
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end) - 1
        has_begun = False
        for line in lines[first : min(last + 1, first + _LONGEST)]:
            if not line.text.strip() and first != last:
                continue
            line.continues = line.continues or has_begun
            has_begun = line.is_link = True
            if address:
                line.addresses.append(address)


def _outermost(
    opening: re.Match[str], closing: re.Match[str], is_open: list[re.Match[str]], text: str
) -> re.Match[str]:
    """The bracket that a link closes; one that is open for another reason is passed over.

    A link that ends at the beginning of a line began at the end of one. A link at the end of a line
    that does not begin there, as in ``[an interval [0, 1).](…)``, begins where a line of the same
    paragraph begins, if a bracket there is open.
    """
    if not is_open or opening["open"] == "![":
        return opening
    if text[closing.start() - 1 : closing.start()] == "\n":
        if text[opening.end() : opening.end() + 1] == "\n":
            return opening
        fits = [text[other.end() : other.end() + 1] == "\n" for other in is_open]
    elif text[closing.end() : closing.end() + 1] in ("", "\n"):
        paragraph = text.rfind("\n\n", max(0, opening.start() - _FARTHEST), opening.start())
        fits = [other.start() > paragraph and _is_first(other, text) for other in is_open]
    else:
        return opening
    if not any(fits):
        return opening
    place = fits.index(True)
    outer = is_open[place]
    del is_open[place:]
    return outer


def _is_first(opening: re.Match[str], text: str) -> bool:
    start = text.rfind("\n", 0, opening.start()) + 1
    return not text[start : min(opening.start(), start + 12)].strip(" \t#*->0123456789.")


def _edited(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    """The text with some of its parts replaced; lines stay where they are."""
    parts: list[str] = []
    place = 0
    for start, end, new in edits:
        if start < place:  # within an image that is gone
            continue
        parts += [text[place:start], new, "\n" * text.count("\n", start, end)]
        place = end
    return "".join([*parts, text[place:]])


def _take_markers(lines: list[MarkedLine], addresses: dict[str, str]) -> None:
    """Takes the numbers of a text browser's links, ``[7]text``, out of the lines.

    They count up, and only the next in turn is one; a citation such as ``[12]`` is out of turn.
    """
    if not _has_markers(lines):
        return
    expected = min(int(match[1]) for line in lines for match in _MARKER.finditer(line.text)) or 1
    carried: list[str] = []
    for line in lines:
        parts: list[str] = []
        place = 0
        for match in _MARKER.finditer(line.text):
            if int(match[1]) != expected:
                continue
            expected += 1
            if address := addresses.get(match[1]):
                carried.append(address)
            before = line.text[match.start() - 1 : match.start()]
            parts += [line.text[place : match.start()], " " if before.isalnum() else ""]
            place = match.end()
        line.text = "".join([*parts, line.text[place:]])
        if line.text.strip():
            line.addresses += carried
            carried = []


def _has_markers(lines: list[MarkedLine]) -> bool:
    """Whether several lines begin with numbers in brackets that count up."""
    matches = (_MARKER.match(line.text.lstrip(" *+•-")) for line in lines if line.text)
    numbers = [int(match[1]) for match in matches if match]
    return len(numbers) >= _FEW and numbers == sorted(numbers)


def _escaped(text: str) -> re.Pattern[str]:
    """What the tool escapes that a text comes from: its backslashes, or quotation marks, tell."""
    if re.search(r"\\\\[A-Za-z%&_{'\"^~]", text):
        return _ESCAPED
    if _ESCAPED_QUOTE.search(text):
        return _TYPED_ESCAPED
    return _PLAINLY_ESCAPED if _BARE_DOLLAR.search(text) else _MATH_ESCAPED


def _clean(line: MarkedLine, following: MarkedLine, escaped: re.Pattern[str] | None) -> None:
    """Takes the rest of the markup off a line.

    Args:
        following: The line below it.
        escaped: What is escaped in it; ``None`` if it is not Markdown.
    """
    text = line.text.strip()
    if not text:
        line.text = ""
        return
    text = _FIELD.sub("", text)
    if any(part[:1] in _TAGGED and _TAGS.fullmatch(part) for part in (text, text.lstrip(_BULLETS))):
        text = ""
    if not text:
        line.text = ""
        return
    first = text[0]
    if first == "#" and (match := _HEADING.match(text)):
        text = _ANCHOR.sub("", text[match.end() :]).rstrip("# ")
        line.is_heading = True
    elif _UNDERLINE.fullmatch(following.text) and not text.startswith(("-", "*")):
        line.is_heading = True
    if escaped is not None or line.is_heading:
        text = _HARD_BREAK.sub("", text)
        if "\\" in text:
            text = (escaped or _PLAINLY_ESCAPED).sub(lambda match: match[0][1:], text)
        if text.startswith("**") and text.endswith("**") and len(text) > 4:
            text = text[2:-2]
    if first == "[":
        text = _without_placeholder(line, text)
    if "<http" in text and not _ADDRESS.fullmatch(text):
        text = _AUTOLINK.sub(r"\1", text)
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    line.text = normalize(text)


def _without_placeholder(line: MarkedLine, text: str) -> str:
    """A line without ``[image]`` at its beginning, which stands for a picture."""
    match = _PLACEHOLDER.match(text)
    if match is None:
        return text.lstrip("[ ") if len(text.strip("[ ")) == 0 else text
    rest = text[match.end() :].strip()
    is_paper = any(
        "/papers/" in address and "login" not in address and "#" not in address
        for address in line.addresses
    )
    is_short = len(text) < 120 and (line.is_link or match[0] == "[-]")
    return rest if not rest or (is_short and not is_paper) else text


def _goes_on(text: str) -> bool:
    """Whether a line of three words or more ends as a sentence that goes on with an address."""
    rest = "".join(text.split(None, 2)[2:])
    return _GOES_ON.search(rest[-_LONGEST_WORD:]) is not None


def _fold_addresses(lines: list[MarkedLine]) -> None:
    """Takes an address on a line of its own as a link of the line above.

    It belongs to the text if a sentence goes on with it: ``the code is at`` and, on the next line,
    an address. An address of the site that stands after a title does not.
    """
    above: MarkedLine | None = None
    is_next = False
    for line in lines:
        if not line.text:
            is_next = False
            continue
        match = _ADDRESS.fullmatch(line.text)
        if match is not None and above is not None:
            is_sentence = is_next and line.text[0] != "<" and _goes_on(above.text)
            is_site = "/papers/" in line.text or "/login?" in line.text
            if (not is_sentence or is_site) and not line.continues:
                above.addresses.append(match[1])
                line.text = ""
                continue
        above, is_next = line, True
