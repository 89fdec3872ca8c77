"""Classification of the lines of a Daily Papers page.

What the layouts share is the card of a paper: the number of its upvotes, its title, its abstract,
how many authors it has or of which organization it is, its date, and the number of its comments.
Every line is one of these, or text of the site itself, or text of a title or an abstract.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum, auto
from itertools import pairwise
from typing import Final

from tui.formats.markup import MarkedLine, marked_lines
from tui.model.identifiers import arxiv_id
from tui.values import dataclass

MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MONTH: Final = (
    r"(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_COUNT: Final = r"[0-9][0-9,]{0,11}|[0-9]{1,6}(?:\.[0-9]{1,2})?k"
DATE: Final = re.compile(
    rf"(?:Published(?: on)? )?{_MONTH} ([0-9]{{1,2}})(?:, ([0-9]{{4}}))?"
    rf"(?:(?:(?<=[0-9]{{4}})| )({_COUNT}))?",
    re.I,
)
"""Month, day, year if it is written, and the number of comments behind it."""
_AUTHORS: Final = re.compile(r"([0-9][0-9,]{0,8}) authors?", re.I)
_NAMES: Final = re.compile(r"Authors?: (.+)", re.I)
_COMMENTS: Final = re.compile(rf"({_COUNT}) comments?", re.I)
_UPVOTES: Final = re.compile(rf"(?:▲ ?|Upvotes? ?:? ?)({_COUNT}|[-–—])|({_COUNT}) upvotes?", re.I)
_COUNTER: Final = re.compile(rf"\\?(?:\[[-–—]?\] ?)?\[? ?({_COUNT}|[-–—]) ?\]?", re.I)
_ITEM: Final = re.compile(rf"(.*?) ?\(({_COUNT}) ?▲\)", re.I)
_BULLETS: Final = " \t•*-–+◦▪"
_BROKEN_AUTHORS: Final = re.compile(
    r"[•·*] ?[0-9,]*(?: a(?:u(?:t(?:h(?:o(?:r)?)?)?)?)?)?|· ?\w{0,12}"
)
_BROKEN_DATE: Final = re.compile(
    rf"(?:{'|'.join(MONTHS)}|Published on) ?(\d{{1,2}},?)?( ?\d{{1,3}})?"
)

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
    rf"{_MONTH}(?: \d{{1,2}})? ?[-–] ?(?:{_MONTH} )?\d{{1,2}}(?:, \d{{4}})?|{_MONTH} \d{{4}}"
)
MAIL_DAY: Final = re.compile(rf"Here is .*\((\d{{1,2}}) {_MONTH}\):?")
"""Day and month of a mail."""
_MAIL: Final = re.compile(
    r"AK and the (?:AI )?(?:research )?community|To view more,? check ?out .*|"
    r"NEW - .*submit papers.*|Onwards and upwards,?.*|"
    r"Here is the selection of papers .*|You are receiving this .*|Unsubscribe.*|"
    r".*\bhuggingface\.co/papers/submit\b.*",
    re.I,
)
_NAVIGATION: Final = (
    "Hugging Face|Models|Datasets|Spaces|Buckets(?: new)?|Docs|Enterprise|Pricing|Log ?In|Sign ?Up|"
    "Website|Tasks|HuggingChat|Collections|Languages|Organizations|Community|Blog|Posts|"
    "Daily Papers|Learn|Discord|Forum|GitHub|Solutions|Team & Enterprise|Hugging Face PRO|"
    "Enterprise Support|Inference Providers|Inference Endpoints|Storage Buckets|Previous|Next|"
    "Company|TOS|Terms|Privacy|About|Careers|Jobs|Press|System theme|Submit|Search|Papers|"
    "Hugging Face's logo|© Hugging Face|© 20\\d\\d|Back to top"
)
_NAVIGATION_LINE: Final = re.compile(rf"(?:(?:{_NAVIGATION}|[•*+-]) ?)+")
_LABEL: Final = re.compile(
    r"(?:LINK:|Published on|(?:GitHub|(?:View )?arXiv(?: page)?|(?:View )?PDF|Project(?: page)?|"
    rf"Paper page|HTML)(?: (?:{_COUNT}))?| |\|)+",
    re.I,
)
"""The words of the links of a card, one or several."""
PICTURE: Final = re.compile(r"^\[[^\[\]]{0,80}\] ?")
"""What some tools write in place of a picture."""
_SUBMITTED: Final = re.compile(r"Submitted by(?: (.{1,45}))?", re.I)
_PAPER: Final = re.compile(r"(?:/|%2F)papers(?:/|%2F)([0-9]{4}\.[0-9]{4,6})", re.I)
_BRACKETED: Final = re.compile(r" ?[(<\[](https?://[^\s()<>\[\]]+)[)>\]]", re.I)
_ARXIV_LINK: Final = re.compile(
    r"(?:(?:(?:View )?arXiv(?: page)?|PDF)[ :]*)?"
    r"[(<\[]?((?:https?://)?(?:\w+\.)?arxiv(?:\.org/[^\s()<>\[\]]+|: ?[0-9.]+(?:v\d+)?))[)>\]]?",
    re.I,
)
LONGEST_LABEL: Final = 160
"""Characters of the longest line that is anything but text."""
_ABBREVIATED: Final = re.compile(r"\b(?:Inc|Ltd|Co|Corp|Univ|Lab|Labs|Dept|Inst)\.$")


_WRAPPED: Final = 50
"""Characters of the shortest line that may have been wrapped."""


class LineKind(Enum):
    """What a line is."""

    BLANK = auto()
    HEADER = auto()
    """Text of the site itself above the papers; the first after papers begins a new page."""
    FURNITURE = auto()
    """Other text of the site: navigation, pictures, bullets."""
    FOREIGN = auto()
    """Text above the first page that is none of the site's."""
    FACTS = auto()
    """Authors, a date, the dot between them, an organization, comments."""
    COUNTER = auto()
    """A number on its own, or the dash that stands for none."""
    UPVOTES = auto()
    """The word "Upvote", with or without their number."""
    LABEL = auto()
    """The words of a link: GitHub with its stars, arXiv."""
    SUBMITTER = auto()
    """Who submitted the paper: it begins a card."""
    ITEM = auto()
    """The end of a title in a mail, with its upvotes: ``A Title (113 ▲)``."""
    REST = auto()
    """A truncated line of facts."""
    TEXT = auto()


_FACTUAL: Final = (
    LineKind.FACTS,
    LineKind.COUNTER,
    LineKind.UPVOTES,
    LineKind.LABEL,
    LineKind.SUBMITTER,
)


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a line says of its paper; what it does not say is ``None``."""

    author_count: int | None = None
    authors: tuple[str, ...] = ()
    organization: str | None = None
    when: re.Match[str] | None = None
    """A match of ``DATE``."""
    comments: int | None = None
    upvotes: int | None = None


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
    """Each line with its kind; joined lines are split, with the same number."""
    pieces = list(_unglue(marked_lines(text)))
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


def number_of(text: str | None) -> int | None:
    """``3``, ``1,204`` or ``1.2k`` as a whole number; ``None`` for a dash."""
    if not text or not text[0].isdigit():
        return None
    if text[-1] in "kK":
        return round(float(text[:-1]) * 1000)
    return int(text.replace(",", ""))


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
    elif len(text) <= LONGEST_LABEL:
        kind, facts = _short(text, before[-1] if before else None)
    elif text.endswith("▲)") and (match := _ITEM.fullmatch(text)):
        kind, facts = LineKind.ITEM, CardFacts(upvotes=number_of(match[2]))
    if kind is LineKind.ITEM and (match := _ITEM.fullmatch(text)):
        text = match[1]
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
    """The words of a line, and the addresses that are written behind them in brackets.

    An address belongs to the text unless the words are those of a link or a fact, or it is of the
    paper's page on the site. An arXiv identifier by itself is a link if it stands among facts.
    """
    above = next((line.kind for line in reversed(before) if line.text), LineKind.TEXT)
    if (match := _ARXIV_LINK.fullmatch(text)) and above in _FACTUAL and arxiv_id(match[1]):
        return "arXiv", (match[1],)
    addresses = tuple(match[1] for match in _BRACKETED.finditer(text))
    words = _BRACKETED.sub("", text).strip() if addresses else ""
    if not words or len(words) > LONGEST_LABEL or is_sentence_end(words):
        return text, ()
    is_link = _short(words, before[-1] if before else None)[0] in _FACTUAL
    return (words, addresses) if is_link or _PAPER.search(addresses[-1]) else (text, ())


def _short(text: str, above: Line | None) -> tuple[LineKind, CardFacts]:
    """The kind of a line that is not too long to be anything but text, and its facts."""
    if match := _COUNTER.fullmatch(text):
        return LineKind.COUNTER, CardFacts(upvotes=number_of(match[1]))
    bare = text.lstrip(_BULLETS)
    if not bare or PICTURE.fullmatch(bare):
        return LineKind.FURNITURE, CardFacts()
    if (facts := _facts(text)) is not None:
        return LineKind.FACTS, facts
    if match := _UPVOTES.fullmatch(bare):
        return LineKind.UPVOTES, CardFacts(upvotes=number_of(match[1] or match[2]))
    if bare.lower() in ("upvote", "upvotes", "upvoted"):
        return LineKind.UPVOTES, CardFacts()
    if _LABEL.fullmatch(bare):
        return LineKind.LABEL, CardFacts()
    if _SUBMITTED.fullmatch(bare):
        return LineKind.SUBMITTER, CardFacts()
    if match := _ITEM.fullmatch(bare):
        return LineKind.ITEM, CardFacts(upvotes=number_of(match[2]))
    if _MAIL.fullmatch(bare):
        return LineKind.HEADER, CardFacts()
    if _BROKEN_AUTHORS.fullmatch(text) or (
        above is not None and above.text == "·" and _BROKEN_DATE.fullmatch(text)
    ):
        return LineKind.REST, CardFacts()
    return LineKind.TEXT, CardFacts()


def _facts(text: str) -> CardFacts | None:
    """What a line of facts says; ``None`` if it is none.

    Its parts are separated by dots: ``Sample Lab · Published on Mar 13, 2026``.
    """
    if "·" not in text:
        return _fact(text.lstrip(_BULLETS))
    first, *others = (part.strip(" ") for part in text.split("·"))
    first = first.lstrip(_BULLETS)
    total = CardFacts()
    for part in others:
        if part.strip(_BULLETS):
            if (fact := _fact(part.lstrip(_BULLETS))) is None:
                return None
            total = _joined(total, fact)
    if not first:
        return total
    if (fact := _fact(first)) is not None:
        return _joined(fact, total)
    is_cut = text.rstrip().endswith("·") and " " in first
    if (total == CardFacts() and not is_cut) or len(first) > 90 or is_sentence_end(first):
        return None
    return replace(total, organization=first)


def _fact(part: str) -> CardFacts | None:
    if match := _AUTHORS.fullmatch(part):
        return CardFacts(author_count=int(match[1].replace(",", "")))
    if match := DATE.fullmatch(part):
        return CardFacts(when=match, comments=number_of(match[4]))
    if match := _COMMENTS.fullmatch(part):
        return CardFacts(comments=number_of(match[1]))
    if match := _NAMES.fullmatch(part):
        names = tuple(name.strip() for name in re.split(r",\s*(?:and )?|;| and ", match[1]))
        return CardFacts(authors=tuple(filter(None, names)))
    if match := _UPVOTES.fullmatch(part):
        return CardFacts(upvotes=number_of(match[1] or match[2]))
    return None


def _joined(one: CardFacts, other: CardFacts) -> CardFacts:
    """All that two parts of a line say; the first of two that disagree."""
    return CardFacts(
        one.author_count if one.author_count is not None else other.author_count,
        one.authors or other.authors,
        one.organization or other.organization,
        one.when or other.when,
        one.comments if one.comments is not None else other.comments,
        one.upvotes if one.upvotes is not None else other.upvotes,
    )


def is_sentence_end(text: str) -> bool:
    """Whether a short text ends as a sentence does, and not as ``Example Inc.`` does."""
    return text[-1:] in ".!?。।؟" and not _ABBREVIATED.search(text[-8:])


# Lines by what stands around them


def _join_facts(lines: list[Line]) -> None:
    """Joins a line of facts that was wrapped."""
    for place, (line, below) in enumerate(pairwise(lines)):
        if (
            line.kind in (LineKind.TEXT, LineKind.REST, LineKind.COUNTER)
            and ("·" in line.text or below.text in ("author", "authors"))
            and len(line.text) + len(below.text) < LONGEST_LABEL
            and below.text
            and (facts := _facts(f"{line.text} {below.text}")) is not None
        ):
            addresses = (*line.addresses, *below.addresses)
            lines[place] = replace(line, kind=LineKind.FACTS, facts=facts, addresses=addresses)
            lines[place + 1] = replace(below, kind=LineKind.BLANK, text="", addresses=())


def _mark_numbers(lines: list[Line]) -> None:
    """Marks a number that is the last word of a wrapped title as text."""
    for place in range(1, len(lines) - 2):
        line = lines[place]
        if line.kind is LineKind.COUNTER and lines[place - 1].kind is LineKind.TEXT:
            is_end = lines[place + 1].kind is LineKind.BLANK and not line.after_blank
            if line.continues or (
                is_end
                and lines[place + 2].kind is LineKind.TEXT
                and len(lines[place - 1].text) > _WRAPPED
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
    """Marks the lines of a header; returns the place behind it, or its start if there is none."""
    end = place = start
    anchor = ""
    while place < len(lines):
        line = lines[place]
        text = line.text
        if line.kind is LineKind.BLANK or (
            line.kind in (LineKind.COUNTER, LineKind.FURNITURE, LineKind.REST)
            and not text.strip(_BULLETS)
        ):
            place += 1
            continue
        if line.kind is LineKind.HEADER or _is_anchor(line, anchor):
            anchor, end = text, place + 1
        elif not (_COMMUNITY.fullmatch(anchor) and _is_search(lines, place)):
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
    text = line.text.lstrip(_BULLETS)
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
        and after.text.lstrip(_BULLETS) in ("Daily", "Weekly", "Monthly", "Trending Papers")
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
            is_ours = line.kind is LineKind.HEADER or _NAVIGATION_LINE.fullmatch(line.text)
            kind = LineKind.HEADER if is_ours else LineKind.FOREIGN
            lines[place] = replace(line, kind=kind)


def _mark_submitters(lines: list[Line]) -> None:
    """Marks the name below "Submitted by"."""
    for place, line in enumerate(lines):
        label = _SUBMITTED.fullmatch(line.text.lstrip(_BULLETS))
        if line.kind is not LineKind.SUBMITTER or label is None or label[1]:
            continue
        below = (
            n
            for n in range(place + 1, min(place + 24, len(lines)))
            if lines[n].kind not in (LineKind.BLANK, LineKind.FURNITURE)
        )
        name, behind = next(below, None), next(below, None)
        if name is None or lines[name].kind is not LineKind.TEXT:
            continue
        is_title = (
            len(lines[name].text) > 45
            or lines[name].is_heading
            or lines[name].paper is not None
            or behind is None
            or lines[behind].kind is LineKind.FACTS
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
                and _NAVIGATION_LINE.fullmatch(line.text) is not None
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
