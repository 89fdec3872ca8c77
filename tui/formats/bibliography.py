"""What bibliography formats share: types of papers, and names of people in their parts."""

import re
from collections.abc import Container, Iterable, Mapping
from typing import Final, NamedTuple

from tui.model.paper import Paper
from tui.model.text import sanitize


class EntryType(NamedTuple):
    """What a paper can be, by the names of each format."""

    venue: str
    """The field of BibTeX that has the venue."""
    ris: str
    csl: str
    zotero: str
    genre: str = ""
    """What it is where a format has one name for several types."""

    @property
    def is_by_school(self) -> bool:
        """Whether the venue is where it was written, a publisher to formats other than BibTeX."""
        return self.venue in ("school", "institution")

    @property
    def is_series(self) -> bool:
        """Whether the venue is the series of a whole book."""
        return self.venue == "series"


ENTRY_TYPES: Final[Mapping[str, EntryType]] = {
    "article": EntryType("journal", "JOUR", "article-journal", "journalArticle"),
    "inproceedings": EntryType("booktitle", "CPAPER", "paper-conference", "conferencePaper"),
    "incollection": EntryType("booktitle", "CHAP", "chapter", "bookSection"),
    "phdthesis": EntryType("school", "THES", "thesis", "thesis", "PhD thesis"),
    "mastersthesis": EntryType("school", "THES", "thesis", "thesis", "Master's thesis"),
    "techreport": EntryType("institution", "RPRT", "report", "report", "Technical report"),
    "book": EntryType("series", "BOOK", "book", "book"),
    "misc": EntryType("howpublished", "UNPB", "article", "preprint"),
}
"""By the names of BibTeX; of names in other formats that stand for two, the first counts."""
_MASTERS: Final = re.compile(r"master|mathesis|m\.? ?(?:sc?|a|eng|phil)\b", re.IGNORECASE)
"""How the genre of a thesis that is none of a doctor begins, in words or as BibLaTeX names it."""
NO_TYPE: Final = "misc"
"""What is exported where the type is not known."""


def known_type(value: object) -> str | None:
    """A value of any type as the type of a paper; ``None`` if it says nothing."""
    return value if isinstance(value, str) and value in ENTRY_TYPES and value != NO_TYPE else None


def entry_type_of(attribute: str, name: object, genre: object = None) -> str | None:
    """The type that a format calls by a name; ``None`` if it has none of that name.

    Args:
        attribute: The format: an attribute of ``EntryType``.
        name: Its name, of any type and case.
        genre: See ``thesis_of``.
    """
    types = filter(known_type, ENTRY_TYPES)
    folded = name.lower() if isinstance(name, str) else ""
    matches = (key for key in types if getattr(ENTRY_TYPES[key], attribute).lower() == folded)
    return thesis_of(next(matches, None), genre)


def thesis_of(entry_type: str | None, genre: object) -> str | None:
    """A type, which of a thesis is that of the degree that its genre, of any type, names."""
    is_masters = isinstance(genre, str) and _MASTERS.match(genre) is not None
    return "mastersthesis" if is_masters and entry_type == "phdthesis" else entry_type


def venue_and_publisher(
    entry_type: str | None, venue: object, publisher: object
) -> tuple[object, object]:
    """Venue and publisher of a paper from a format in which a school is a publisher."""
    is_by_school = entry_type is not None and ENTRY_TYPES[entry_type].is_by_school
    return (publisher, None) if is_by_school and not venue else (venue, publisher)


def stated_venue(paper: Paper, kind: EntryType) -> tuple[str | None, str | None]:
    """Venue and publisher of a paper of a type for such a format."""
    is_by_school = not paper.publisher and kind.is_by_school
    return (None, paper.venue) if is_by_school else (paper.venue, paper.publisher)


def type_of(paper: Paper) -> tuple[str, EntryType]:
    """The type as which a paper is exported.

    What is known to be in a journal is an article; what is only on arXiv is none, whatever is said.
    """
    name = known_type(paper.entry_type)
    if name is None or (name == "article" and paper.arxiv):
        name = "article" if paper.venue else NO_TYPE
    return name, ENTRY_TYPES[name]


IMPRINT: Final = ("volume", "number", "pages", "publisher")
"""The facts that say where in its venue a paper is, and who published it."""
_DASHES: Final = re.compile(r"(?:(?<!\s)\s+)?(?:-{2,}|[‒–—−])\s*")
_RANGE: Final = re.compile(r"(?:^|(?<=[,;]))([^-–,;]*[^-–,;\s])\s*-\s*([^-–,;]+)(?=[,;]|$)")


def page_range(text: str) -> str:
    """Pages as they are kept: ``12--34`` and ``12-34`` as ``12–34``, of ``3-15--3-20`` the last."""
    return _RANGE.sub(r"\1–\2", _DASHES.sub("–", text))


class Name(NamedTuple):
    """The name of an author in its parts."""

    family: str
    """With its particles: ``van der Waals``. The whole name if it cannot be divided."""
    given: str = ""
    """Empty for an organization, and for a name of one word."""
    suffix: str = ""
    """``Jr.``, ``III``."""
    is_organization: bool = False

    @property
    def inverted(self) -> str:
        """Family name first: ``King, Martin Luther, Jr.``."""
        return ", ".join(part for part in self if isinstance(part, str) and part)

    @property
    def printed(self) -> str:
        """As papers print it: given name first, but after a family name in Chinese or Japanese."""
        family, given, suffix, _ = self
        if not family.isascii() and _WITHOUT_BLANKS.search(family):
            family, given = given, family
        name = f"{given} {family}" if given and family else given or family
        return f"{name} {suffix}" if suffix else name


_SUFFIX: Final = re.compile(r"(?:[JS]r\.?|I{2,3}|IV)")
PARTICLE: Final = re.compile(
    "af|al|bin|da|das|de|del|della|den|der|des|di|do|dos|du|el|la|las|le|los|te[nr]|van|vom|von"
    "|zu|zu[mr]"
)
"""A word that stands before a family name and belongs to it."""
_ORGANIZATION: Final = re.compile(
    r"(?:Team|Collaboration|Consortium|Group|Project|Initiative|Community|Committee|Foundation"
    r"|Institute|University|Organi[sz]ation|Association|Society|Agency|Cent(?:er|re)|Ministry"
    r"|Corporation|Ltd\.?|GmbH|LLC|Laborator(?:y|ies)|Labs?|Inc\.?|Research|(?-i:AI))",
    re.IGNORECASE,
)
_CONNECTIVES: Final = frozenset(("of", "for", "the", "and", "&"))
"""Words within the name of an organization alone: ``Centers for Disease Control``."""
_COMPANY: Final = re.compile(r"(?:Inc|Ltd|Corp|LLC|GmbH)\.?|Incorporated|Limited|Corporation")
_JUNIOR: Final = re.compile(r"[JS]r\.?", re.IGNORECASE)
_WITHOUT_BLANKS: Final = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9d"
    "\U00020000-\U0003fffd]"
)
"""Letters of Chinese, Japanese and Korean, whose names begin with the family name."""
_ASIAN_ORGANIZATION: Final = re.compile(
    "大[学學]|学[校院会]|學[校院會]|研究[所院室]|公司|会社|會社|中心|委[員员]|[団团]|センター|チーム|グループ"
    "|대학|학교|학회|연구|센터|그룹|주식회사|재단"
)
_ASIAN_WORDS: Final = 3
"""The most words of a name of a person in these letters."""


def split_name(name: str, families: Container[str] = ()) -> Name:
    """The parts of a name as papers print it, given name first.

    Args:
        families: Family names that sources state; see ``Facts.family_names``. Where one of several
            words begins, as in ``María García Márquez``, no rule can tell: if it is not among
            these, it is the last word, with the particles in lower case before it.
    """
    name = sanitize(name)
    if families and (stated := _split_at(name, families)):
        return stated
    if "," in name:
        whole = _without_ending(name)
        if isinstance(whole, Name):
            return whole
        family, *rest = (part.strip() for part in whole.split(","))
        if rest:
            has_given = family and rest[-1]
            return Name(family, rest[-1], ", ".join(rest[:-1])) if has_given else Name(name)
        name = whole
    *first, last = name.split() or [name]
    if first and (_ORGANIZATION.fullmatch(last) or not _CONNECTIVES.isdisjoint(first)):
        return Name(name, is_organization=True)
    if not first:
        return Name(name)
    if _WITHOUT_BLANKS.search(name):
        return _asian(name, [*first, last])
    first, last, suffix = _without_suffix(first, last)
    start = len(first)
    while start > 1 and PARTICLE.fullmatch(first[start - 1]):
        start -= 1
    return Name(" ".join([*first[start:], last]), " ".join(first[:start]), suffix)


def _asian(name: str, parts: list[str]) -> Name:
    """The parts of a name with letters of Chinese, Japanese or Korean, whose family name is first.

    One that also has words in other letters, or many, is not divided, and neither an organization.
    """
    if not all(map(_WITHOUT_BLANKS.match, parts)) or len(parts) > _ASIAN_WORDS:
        return Name(name)
    if _ASIAN_ORGANIZATION.search(name):
        return Name(name, is_organization=True)
    return Name(parts[0], " ".join(parts[1:]))


def _split_at(name: str, families: Container[str]) -> Name | None:
    """A name that ends in one of some family names, begins with one, or is one as a whole."""
    if name in families:
        return Name(name, is_organization=True)
    *first, last = name.split() or [name]
    if _WITHOUT_BLANKS.search(name):
        ends = range(1, len(first) + 1)
        splits = ((" ".join(first[:end]), " ".join([*first[end:], last])) for end in ends)
        return next((Name(*parts) for parts in splits if parts[0] in families), None)
    first, last, suffix = _without_suffix(first, last)
    for start in range(1, len(first) + 1):
        family = " ".join([*first[start:], last])
        if family in families:
            return Name(family, " ".join(first[:start]), suffix)
    return None


def _without_suffix(first: list[str], last: str) -> tuple[list[str], str, str]:
    """All words of a name but the last, the last, and the suffix that stood after it."""
    if len(first) > 1 and _SUFFIX.fullmatch(last):
        return first[:-1], first[-1], last
    return first, last, ""


def _without_ending(text: str) -> Name | str:
    """A name without the comma before what ends it: ``Sammy Davis, Jr.``, ``Noble, Inc.``.

    An organization is a name with its comma.
    """
    start, _, end = text.rpartition(",")
    if _COMPANY.fullmatch(end.strip()):
        return Name(text, is_organization=True)
    return f"{start}{end}" if "," not in start and _JUNIOR.fullmatch(end.strip()) else text


def parse_name(text: str) -> Name | str:
    """A name of a bibliography: ``King, Jr., Martin Luther``, ``Lovelace, Ada``.

    What has no family name ahead of a comma is returned as a text, as no source divides it.
    """
    whole = _without_ending(text)
    if isinstance(whole, Name) or "," not in whole:
        return whole
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 3 and _ANY_SUFFIX.fullmatch(parts[1]):
        parts = [parts[0], parts[2], parts[1]]
    if len(parts) > 3:
        return text
    return Name(parts[0], parts[1], parts[2] if parts[2:] else "")


def split_at_particle(text: str) -> Name | str:
    """A name that BibTeX divides before its particles: ``Charles de la Vallée Poussin``.

    Returned unchanged if it has none, or if what follows them is not all family name.
    """
    given, *rest = text.split() or [text]
    start = next((n for n, word in enumerate(rest) if PARTICLE.fullmatch(word)), len(rest))
    family = rest[start:]
    while family and PARTICLE.fullmatch(family[0]):
        family = family[1:]
    if (
        len(family) < 2
        or any(word[0].islower() for word in family)
        or _SUFFIX.fullmatch(family[-1])
    ):
        return text
    return Name(" ".join(rest[start:]), " ".join([given, *rest[:start]]))


_ANY_SUFFIX: Final = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV", re.IGNORECASE)


def family_names(authors: Iterable[Name | str]) -> tuple[str, ...]:
    """The family names of authors that their printed names do not show; see ``Facts``."""
    families: dict[str, None] = {}
    for name in authors:
        if not isinstance(name, Name) or _is_plain(name):
            continue
        if split_name(name.printed).family != name.family:
            families[name.family] = None
    return tuple(families)


def _is_plain(name: Name) -> bool:
    """Whether a family name is surely what a rule makes of the printed name, as most are."""
    family, given, _, _ = name
    if not (family.isascii() and family.isalpha()):
        return False
    return " " not in given or not given.rpartition(" ")[2][:1].islower()
