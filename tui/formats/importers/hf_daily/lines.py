"""Classification of the lines of a Daily Papers page.

What the layouts share is the card of a paper: the number of its upvotes, its title, its abstract,
how many authors it has or of which organization it is, its date, and the number of its comments.
Every line is one of these, or text of the site itself, or text of a title or an abstract.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from tui.formats.importers.hf_daily.line_kinds import (
    BULLETS,
    DATE,
    FACTUAL,
    ITEM,
    LONGEST_LABEL,
    MONTH,
    NAVIGATION_LINE,
    SUBMITTED,
    CardFacts,
    LineKind,
    facts_of,
    is_sentence_end,
    kind_of,
    number_of,
)
from tui.formats.markup import MarkedLine, marked_lines
from tui.model.identifiers import arxiv_id
from tui.values import dataclass

_INVITATION: Final = "Get trending papers in your email inbox"
_INVITATION_AT_END: Final = re.compile(rf"{_INVITATION}( once a day)?!?$")
_COMMUNITY: Final = re.compile(
    r"(?:by ?.*)?(?:\band )?the (?:AI )?research community|by (?:the )?community|"
    r"by ?AK and(?: the)?",
    re.I,
)
_SIGN: Final = re.compile(
    rf"{_INVITATION}|\band the (?:AI )?research community|Here is the selection of papers", re.I
)
_PAGE_TITLE: Final = re.compile(r"(?:Daily|Trending|Weekly|Monthly) Papers(?: - Hugging Face)?")
_PERIOD: Final = re.compile(
    rf"Daily|Weekly|Monthly|Trending|Previous|Next|Today|Week \d{{1,2}}(?:, \d{{4}})?|"
    rf"{MONTH}(?: \d{{1,2}})? ?[-–] ?(?:{MONTH} )?\d{{1,2}}(?:, \d{{4}})?|{MONTH} \d{{4}}"
)
_PAPER: Final = re.compile(r"(?:/|%2F)papers(?:/|%2F)([0-9]{4}\.[0-9]{4,6})", re.I)
_BRACKETED: Final = re.compile(r" ?[(<\[](https?://[^\s()<>\[\]]+)[)>\]]", re.I)
_ARXIV_LINK: Final = re.compile(
    r"(?:(?:(?:View )?arXiv(?: page)?|PDF)[ :]*)?"
    r"[(<\[]?((?:https?://)?(?:\w+\.)?arxiv(?:\.org/[^\s()<>\[\]]+|: ?[0-9.]+(?:v\d+)?))[)>\]]?",
    re.I,
)
WRAPPED: Final = 50
"""Characters of the shortest line that may have been wrapped."""
_FARTHEST: Final = 24
"""Lines below a line that are looked at, which is farther than any other rule looks."""


@dataclass(frozen=True, slots=True)
class Line:
    """A classified line."""

    number: int
    kind: LineKind
    text: str
    after_blank: bool = False
    """Whether a blank line stands before it."""
    addresses: tuple[str, ...] = ()
    is_heading: bool = False
    continues: bool = False
    """Whether it goes on with a link from the line before."""
    facts: CardFacts = CardFacts()

    @property
    def paper(self) -> str | None:
        """The number in the address of the paper's page on the site, if it links to one."""
        matches = (_PAPER.search(address) for address in self.addresses)
        return next((match[1] for match in matches if match), None)

    @property
    def is_sign(self) -> bool:
        """Whether no other text than a page of the site has such a line."""
        return self.kind is LineKind.ITEM or (
            self.kind is LineKind.HEADER and _SIGN.search(self.text) is not None
        )

    @property
    def is_comments(self) -> bool:
        """Whether it links to the discussion of a paper."""
        return any(address.endswith("#community") for address in self.addresses)


def classify(text: str) -> list[Line]:
    """Each line with its kind; joined lines are split, with the same number.

    Blank lines are left out where more stand together than matter.
    """
    pieces = list(_unglue(_without_gaps(marked_lines(text))))
    lines: list[Line] = []
    after_blank = False
    for place, piece in enumerate(pieces):
        lines.append(_line(piece, after_blank, lines, pieces, place))
        after_blank = not piece.text
    _join_facts(lines)
    _mark_numbers(lines)
    _mark_headers(lines)
    _mark_submitters(lines)
    _mark_footers(lines)
    _mark_cut(lines)
    return lines


def _without_gaps(lines: Iterable[MarkedLine]) -> list[MarkedLine]:
    """The lines, with as many blank ones in a row as any rule can see."""
    blank = 0
    kept: list[MarkedLine] = []
    for line in lines:
        blank = 0 if line.text else blank + 1
        if blank <= _FARTHEST:
            kept.append(line)
    return kept


# Lines that are joined


def _unglue(lines: Sequence[MarkedLine]) -> Iterator[MarkedLine]:
    """The lines, split from a header that is joined to them.

    ``Subscribe`` is joined to the first title on some pages; and if a page without a last line end
    is followed by another, the header is joined to the last abstract.
    """
    after_invitation = False
    for place, line in enumerate(lines):
        if place and line.text == "▲)" and lines[place - 1].text:
            continue
        if place + 1 < len(lines) and lines[place + 1].text == "▲)" and line.text:
            line.text += " ▲)"
        text = line.text
        invitation = _INVITATION_AT_END.search(text) if text[-2:] in ("y!", "x!", "ay") else None
        if invitation and invitation.start() > 0:
            yield MarkedLine(line.number, text[: invitation.start()].rstrip())
            line = MarkedLine(line.number, text[invitation.start() :])
        elif text.endswith("new") and text != "new" and _announces_page(lines, place):
            yield MarkedLine(line.number, text[:-3].rstrip())
            line = MarkedLine(line.number, "new")
        elif after_invitation and re.match(r"Subscribe(?!(rs?|d|s)?\b)", text):
            yield MarkedLine(line.number, "Subscribe")
            rest = text[len("Subscribe") :].lstrip()
            line = MarkedLine(line.number, rest, line.addresses, line.is_heading)
        yield line
        if line.text:
            after_invitation = line.text.startswith(_INVITATION)


def _announces_page(lines: Sequence[MarkedLine], place: int) -> bool:
    """Whether the next non-blank line is the header that follows ``new``."""
    following = (line.text for line in lines[place + 1 : place + 5])
    return next((text for text in following if text), "") == f"{_INVITATION}!"


# Lines by themselves


def _line(
    piece: MarkedLine,
    after_blank: bool,
    before: Sequence[Line],
    pieces: Sequence[MarkedLine],
    place: int,
) -> Line:
    text, facts = piece.text, CardFacts()
    kind, addresses = LineKind.TEXT, tuple(piece.addresses)
    if text and ("//" in text or "arxiv" in text[:20].lower()):
        text, written = _without_address(text, before)
        addresses += written
    if not text:
        kind = LineKind.BLANK
    elif _INVITATION_AT_END.fullmatch(text) or (text == "new" and _announces_page(pieces, place)):
        kind = LineKind.HEADER
    elif text.endswith("▲)") and (match := ITEM.fullmatch(text)):
        kind, text, facts = LineKind.ITEM, match[1], CardFacts(upvotes=number_of(match[2]))
    elif len(text) <= LONGEST_LABEL:
        kind, facts = kind_of(text, before[-1].text if before else "")
    return Line(
        piece.number,
        kind,
        text,
        after_blank,
        addresses,
        piece.is_heading,
        piece.continues,
        facts,
    )


def _without_address(text: str, before: Sequence[Line]) -> tuple[str, tuple[str, ...]]:
    """The words of a line, and the addresses that are written after them in brackets.

    An address belongs to the text unless the words are those of a link or a fact, or it is of the
    paper's page on the site. An arXiv identifier by itself is a link if it stands among facts.
    """
    above = next((line.kind for line in reversed(before) if line.text), LineKind.TEXT)
    if (match := _ARXIV_LINK.fullmatch(text)) and above in FACTUAL and arxiv_id(match[1]):
        return "arXiv", (match[1],)
    addresses = tuple(match[1] for match in _BRACKETED.finditer(text))
    words = _BRACKETED.sub("", text).strip() if addresses else ""
    if not words or len(words) > LONGEST_LABEL or is_sentence_end(words):
        return text, ()
    is_link = kind_of(words, before[-1].text if before else "")[0] in FACTUAL
    return (words, addresses) if is_link or _PAPER.search(addresses[-1]) else (text, ())


# Lines by what stands around them


def _join_facts(lines: list[Line]) -> None:
    """Joins a line of facts, or the words of a link, that were wrapped."""
    place = 0
    for below, line in enumerate(lines):
        if line.kind is LineKind.BLANK or below == 0:
            continue
        joined = _joined(lines[place], line, is_next=below == place + 1)
        if joined is None:
            place = below
        else:
            lines[place] = joined
            lines[below] = replace(line, kind=LineKind.BLANK, text="", addresses=())


def _joined(line: Line, below: Line, *, is_next: bool) -> Line | None:
    """A line with the one below it, as one line of what a card has; ``None`` if it is none.

    Args:
        below: The next that is not blank.
        is_next: Whether no blank line is between them.
    """
    text = f"{line.text} {below.text}"
    if len(text) > LONGEST_LABEL:
        return None
    kind, facts = LineKind.TEXT, CardFacts()
    if below.continues:
        kind, facts = kind_of(text, "")
    if kind not in FACTUAL:
        is_cut = line.kind in (LineKind.TEXT, LineKind.REST, LineKind.COUNTER) and (
            "·" in line.text or below.text in ("author", "authors")
        )
        wrapped = facts_of(text) if is_cut and is_next else None
        if wrapped is None:
            return None
        kind, facts = LineKind.FACTS, wrapped
    addresses = (*line.addresses, *below.addresses)
    return replace(line, kind=kind, text=text, facts=facts, addresses=addresses)


def _mark_numbers(lines: list[Line]) -> None:
    """Marks a number that is the last word of a wrapped title as text."""
    for place in range(1, len(lines) - 2):
        line = lines[place]
        if line.kind is LineKind.COUNTER and lines[place - 1].kind is LineKind.TEXT:
            is_end = lines[place + 1].kind is LineKind.BLANK and not line.after_blank
            if line.continues or (
                is_end
                and lines[place + 2].kind is LineKind.TEXT
                and len(lines[place - 1].text) > WRAPPED
            ):
                lines[place] = replace(line, kind=LineKind.TEXT, facts=CardFacts())


def _mark_headers(lines: list[Line]) -> None:
    """Marks the text of the site above the papers, and what stands above the first page."""
    place = 0
    first: int | None = None
    while place < len(lines):
        starts = place == 0 or _begins_header(lines[place])
        end = _header_end(lines, place) if starts else place
        if end > place:
            first = place if first is None else first
        place = max(end, place + 1)
    if first:
        _mark_foreign(lines, first)


def _begins_header(line: Line) -> bool:
    return line.kind is LineKind.HEADER or (
        line.kind is LineKind.TEXT
        and len(line.text) <= LONGEST_LABEL
        and _COMMUNITY.fullmatch(line.text) is not None
    )


def _header_end(lines: list[Line], start: int) -> int:
    """Marks the lines of a header; returns the place after it, or its start if there is none."""
    end = place = start
    anchor = ""
    while place < len(lines):
        line = lines[place]
        text = line.text
        if line.kind is LineKind.BLANK or (
            line.kind in (LineKind.COUNTER, LineKind.FURNITURE, LineKind.REST)
            and not text.strip(BULLETS)
        ):
            place += 1
            continue
        if line.kind is LineKind.HEADER or _is_anchor(line, anchor):
            anchor, end = text, place + 1
        elif not (_COMMUNITY.fullmatch(anchor) and _is_search(lines, place)) and not (
            len(text) <= LONGEST_LABEL and NAVIGATION_LINE.fullmatch(text)
        ):
            break
        place += 1
    for place in range(start, end):
        if lines[place].kind is not LineKind.BLANK:
            lines[place] = replace(lines[place], kind=LineKind.HEADER)
    return end


def _is_anchor(line: Line, anchor: str) -> bool:
    """Whether a line can only stand in a header, next to the line of it before."""
    if len(line.text) > LONGEST_LABEL:
        return False
    text = line.text.lstrip(BULLETS)
    if DATE.fullmatch(text):
        return bool(anchor) and "·" not in line.text
    return bool(
        text in ("new", "Subscribe", "AK", "by")
        or _PAGE_TITLE.fullmatch(text)
        or (anchor and _PERIOD.fullmatch(text))
        or _COMMUNITY.fullmatch(text)
        or (anchor in ("by", "") and text.startswith("by") and text[2:].strip(" []") == "AK")
    )


def _is_search(lines: Sequence[Line], place: int) -> bool:
    """Whether a line is what was searched for: it stands between the byline and the periods."""
    following = (line for line in lines[place + 1 : place + 8] if line.kind is not LineKind.BLANK)
    after = next(following, None)
    return (
        len(lines[place].text) <= LONGEST_LABEL
        and after is not None
        and after.text.lstrip(BULLETS) in ("Daily", "Weekly", "Monthly", "Trending Papers")
    )


def _mark_foreign(lines: list[Line], first: int) -> None:
    """Marks what stands above the first header, unless it looks like papers."""
    above = lines[:first]
    is_page = any(
        len(line.text) > 2 * LONGEST_LABEL
        or (line.kind is LineKind.FACTS and line.facts.author_count is not None)
        for line in above
    )
    if is_page:
        return
    for place, line in enumerate(above):
        if line.kind is not LineKind.BLANK:
            is_ours = line.kind is LineKind.HEADER or NAVIGATION_LINE.fullmatch(line.text)
            kind = LineKind.HEADER if is_ours else LineKind.FOREIGN
            lines[place] = replace(line, kind=kind)


def _mark_submitters(lines: list[Line]) -> None:
    """Marks the name below "Submitted by"."""
    for place, line in enumerate(lines):
        label = SUBMITTED.fullmatch(line.text.lstrip(BULLETS))
        if line.kind is not LineKind.SUBMITTER or label is None or label[1]:
            continue
        below = (
            n
            for n in range(place + 1, min(place + _FARTHEST, len(lines)))
            if lines[n].kind not in (LineKind.BLANK, LineKind.FURNITURE)
        )
        name, following = next(below, None), next(below, None)
        if name is None or lines[name].kind is not LineKind.TEXT:
            continue
        is_title = (
            len(lines[name].text) > 45
            or lines[name].is_heading
            or (lines[name].paper is not None and not lines[name].continues)
            or following is None
            or lines[following].kind is LineKind.FACTS
        )
        if not is_title:
            lines[name] = replace(lines[name], kind=LineKind.SUBMITTER)


def _mark_footers(lines: list[Line]) -> None:
    """Marks the navigation below the papers of each page."""
    is_footer = True
    below = ""
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place]
        if line.kind is LineKind.BLANK:
            continue
        if line.kind is LineKind.HEADER:
            is_footer, below = True, ""
            continue
        if is_footer:
            is_footer = (
                line.kind is not LineKind.ITEM
                and len(line.text) <= LONGEST_LABEL
                and NAVIGATION_LINE.fullmatch(line.text) is not None
            ) or (below == "Next" and DATE.fullmatch(line.text) is not None)
        if is_footer:
            lines[place] = replace(line, kind=LineKind.FURNITURE)
            below = line.text


def _mark_cut(lines: list[Line]) -> None:
    """Marks a bullet without words at the end of the text."""
    for place in range(len(lines) - 1, -1, -1):
        if lines[place].kind is not LineKind.BLANK:
            if lines[place].text == "•":
                lines[place] = replace(lines[place], kind=LineKind.REST)
            return
