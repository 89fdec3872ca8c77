"""What a line of a Daily Papers page is by itself, and what it says of its paper."""

import re
from dataclasses import replace
from enum import Enum, auto
from typing import Final

from tui.model.layout import MONTHS
from tui.values import dataclass

MONTH: Final = (
    r"(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_COUNT: Final = r"[0-9][0-9,]{0,11}|[0-9]{1,6}(?:\.[0-9]{1,2})?k"
DATE: Final = re.compile(
    rf"(?:Published(?: on)? )?{MONTH} ([0-9]{{1,2}})(?:, ([0-9]{{4}}))?"
    rf"(?:(?:(?<=[0-9]{{4}})| )({_COUNT}))?",
    re.I,
)
"""Month, day, year if it is written, and the number of comments after it."""
_AUTHORS: Final = re.compile(rf"([0-9][0-9,]{{0,8}}) authors?(?: ({_COUNT}))?", re.I)
"""How many authors there are, and the number of comments after it."""
_NAMES: Final = re.compile(r"Authors?: (.+)", re.I)
_COMMENTS: Final = re.compile(rf"({_COUNT}) comments?", re.I)
_UPVOTES: Final = re.compile(rf"(?:▲ ?|Upvotes? ?:? ?)({_COUNT}|[-–—])|({_COUNT}) upvotes?", re.I)
_COUNTER: Final = re.compile(rf"\\?(?:\[[-–—]?\] ?)?\[? ?({_COUNT}|[-–—]) ?\]?", re.I)
ITEM: Final = re.compile(rf"(.*?) ?\(({_COUNT}) ?▲\)", re.I)
"""A title in a mail, and its upvotes."""
BULLETS: Final = " \t•*-–+◦▪"
_BROKEN_AUTHORS: Final = re.compile(
    r"[•·*] ?[0-9,]*(?: a(?:u(?:t(?:h(?:o(?:r)?)?)?)?)?)?|· ?\w{0,12}"
)
_BROKEN_DATE: Final = re.compile(
    rf"(?:{'|'.join(MONTHS)}|Published on) ?(\d{{1,2}},?)?( ?\d{{1,3}})?"
)
MAIL_DAY: Final = re.compile(rf"Here is .*\((\d{{1,2}}) {MONTH}\):?")
"""Day and month of a mail."""
_MAIL: Final = re.compile(
    r"AK and the (?:AI )?(?:research )?community|To view more,? check ?out .*|"
    r"NEW - .*submit papers.*|Onwards and upwards,?.*|"
    r"Here is the selection of papers .*|You are receiving this .*|Unsubscribe.*|"
    r".*\bhuggingface\.co/papers/submit\b.*",
    re.I,
)
_LABELS: Final = re.compile(
    rf"(?:(?:▲|Upvotes?:?) ?({_COUNT}|[-–—]) ?)?"
    r"(?:LINK:|Published on|(?:GitHub|(?:View )?arXiv(?: page)?|(?:View )?PDF|Project(?: page)?|"
    rf"Paper page|HTML)(?: (?:{_COUNT}))?| |\|)+",
    re.I,
)
"""The words of the links of a card, one or several, perhaps after its upvotes."""
_NAVIGATION: Final = (
    "Hugging Face|Models|Datasets|Spaces|Buckets(?: new)?|Docs|Enterprise|Pricing|Log ?In|Sign ?Up|"
    "Website|Tasks|HuggingChat|Collections|Languages|Organizations|Community|Blog|Posts|"
    "Daily Papers|Learn|Discord|Forum|GitHub|Solutions|Team & Enterprise|Hugging Face PRO|"
    "Enterprise Support|Inference Providers|Inference Endpoints|Storage Buckets|Previous|Next|"
    "Company|TOS|Terms|Privacy|About|Careers|Jobs|Press|System theme|Submit|Search|Papers|"
    "Hugging Face's logo|© Hugging Face|© 20\\d\\d|Back to top"
)
NAVIGATION_LINE: Final = re.compile(rf"(?:(?:{_NAVIGATION}|[•*+-]) ?)+")
"""A line of the site's own links, above and below the papers."""
PICTURE: Final = re.compile(r"^\[[^\[\]]{0,80}\] ?| ?\[[^\[\]]{0,80}\]$")
"""What some tools write in place of a picture."""
_PLACEHOLDER: Final = re.compile(r"(?<= )\[[^\[\]]{0,80}\] ?")
SUBMITTED: Final = re.compile(r"(?:\[[^\[\]]{0,80}\] ?)?Submitted by(?: (.{1,100}))?", re.I)
LONGEST_LABEL: Final = 160
"""Characters of the longest line that is anything but text."""
_ABBREVIATED: Final = re.compile(r"\b(?:Inc|Ltd|Co|Corp|Univ|Lab|Labs|Dept|Inst)\.$")


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


FACTUAL: Final = (
    LineKind.FACTS,
    LineKind.COUNTER,
    LineKind.UPVOTES,
    LineKind.LABEL,
    LineKind.SUBMITTER,
)
"""What a card has besides text and pictures."""


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

    def __or__(self, other: "CardFacts") -> "CardFacts":
        """All that both say; where they disagree, what this one says."""
        return CardFacts(
            _first(self.author_count, other.author_count),
            self.authors or other.authors,
            self.organization or other.organization,
            self.when or other.when,
            _first(self.comments, other.comments),
            _first(self.upvotes, other.upvotes),
        )


def _first(one: int | None, other: int | None) -> int | None:
    return one if one is not None else other


def number_of(text: str | None) -> int | None:
    """``3``, ``1,204`` or ``1.2k`` as a whole number; ``None`` for a dash."""
    if not text or not text[0].isdigit():
        return None
    if text[-1] in "kK":
        return round(float(text[:-1]) * 1000)
    return int(text.replace(",", ""))


def kind_of(text: str, above: str) -> tuple[LineKind, CardFacts]:
    """The kind of a line that is not too long to be anything but text, and its facts.

    Args:
        text: The line, at most ``LONGEST_LABEL`` characters, and no item of a mail.
        above: The line above it; empty if it is blank.
    """
    if match := _COUNTER.fullmatch(text):
        return LineKind.COUNTER, CardFacts(upvotes=number_of(match[1]))
    bare = text.lstrip(BULLETS)
    if not bare or PICTURE.fullmatch(bare):
        return LineKind.FURNITURE, CardFacts()
    if (facts := facts_of(text)) is not None:
        return LineKind.FACTS, facts
    if match := _UPVOTES.fullmatch(bare):
        return LineKind.UPVOTES, CardFacts(upvotes=number_of(match[1] or match[2]))
    if bare.lower() in ("upvote", "upvotes", "upvoted"):
        return LineKind.UPVOTES, CardFacts()
    if match := _LABELS.fullmatch(bare):
        kind = LineKind.LABEL if match[1] is None else LineKind.UPVOTES
        return kind, CardFacts(upvotes=number_of(match[1]))
    if SUBMITTED.fullmatch(bare):
        return LineKind.SUBMITTER, CardFacts()
    if _MAIL.fullmatch(bare):
        return LineKind.HEADER, CardFacts()
    if _BROKEN_AUTHORS.fullmatch(text) or (above == "·" and _BROKEN_DATE.fullmatch(text)):
        return LineKind.REST, CardFacts()
    return LineKind.TEXT, CardFacts()


def facts_of(text: str) -> CardFacts | None:
    """What a line of facts says; ``None`` if it is none.

    Its parts are separated by dots: ``Sample Lab · Published on Mar 13, 2026``.
    """
    text = _PLACEHOLDER.sub("", text)
    if "·" not in text:
        return _fact(text.lstrip(BULLETS))
    first, *others = (part.strip(" ") for part in text.split("·"))
    first = first.lstrip(BULLETS)
    total = CardFacts()
    for part in others:
        if part.strip(BULLETS):
            if (fact := _fact(part.lstrip(BULLETS))) is None:
                return None
            total |= fact
    if not first:
        return total
    if (fact := _fact(first)) is not None:
        return fact | total
    is_cut = text.rstrip(BULLETS).endswith("·") and (" " in first or text[-1] in BULLETS)
    if (total == CardFacts() and not is_cut) or len(first) > 90 or is_sentence_end(first):
        return None
    return replace(total, organization=first)


def _fact(part: str) -> CardFacts | None:
    if match := _AUTHORS.fullmatch(part):
        count = int(match[1].replace(",", ""))
        return CardFacts(author_count=count, comments=number_of(match[2]))
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


def is_sentence_end(text: str) -> bool:
    """Whether a short text ends as a sentence does, and not as ``Example Inc.`` does."""
    return text[-1:] in ".!?。।؟" and not _ABBREVIATED.search(text[-8:])
