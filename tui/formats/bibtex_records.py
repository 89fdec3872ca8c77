"""What records of BibTeX and BibLaTeX have in common."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from tui.formats.base import ExportOptions
from tui.formats.bibliography import IMPRINT, NO_TYPE, PARTICLE, split_name, type_of
from tui.formats.escapes import Escapes
from tui.model.paper import Paper
from tui.model.state import Item, Status
from tui.model.text import MAX_TEXT, sanitize, sanitize_lines

# All special characters of TeX. BibTeX counts braces before TeX sees them, so only those that have
# their counterparts can be escaped; others are written by name. Fonts of TeX print other characters
# in place of < and >. Hyphens and quotes are kept from joining: -- would be a dash, and '' a quote.
_TEX: Final[dict[str, str]] = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": "$<$",
    ">": "$>$",
}
_ESCAPES: Final = Escapes(_TEX)
_BALANCED: Final = _TEX | {"{": r"\{", "}": r"\}"}
_SPECIAL: Final = re.compile(f"[{re.escape(''.join(_TEX))}]")
_JOINING: Final = {mark: re.compile(f"{mark}(?={mark})") for mark in "-`'"}
"""Each mark where the same one follows it."""
_READ: Final = Status.READ
"""Looked up once, as that takes longer than to compare with it."""


def heading(paper: Paper) -> Iterator[tuple[str, str]]:
    """The fields of title and authors."""
    # Double braces keep the case of a title in every style.
    yield "title", "{" + escape(paper.display_title) + "}"
    if paper.authors:
        others = ["others"] if paper.authors_incomplete else []
        names = [_author(name, paper.family_names) for name in paper.authors]
        yield "author", " and ".join([*names, *others])


def rest(item: Item, note: str) -> Iterator[tuple[str, str]]:
    """The fields that BibTeX and BibLaTeX have in common, but for the name of the note."""
    paper, state = item.paper, item.state
    if paper.venue:
        name = type_of(paper)[1].venue
        yield name, _whole(name, escape(paper.venue))
    for name in IMPRINT:
        if value := getattr(paper, name):
            yield name, _whole(name, escape(value).replace("–", "--"))
    if paper.doi:
        yield "doi", _verbatim(paper.doi)
    if paper.page:
        yield "url", _verbatim(paper.page)
    if paper.abstract:
        yield "abstract", escape(paper.display_abstract)
    if state.tags:
        yield "keywords", escape(", ".join(state.tags))
    if state.note:
        yield note, "\n".join(escape(line, sanitize_lines) for line in state.note.split("\n"))
    if state.status is _READ:
        yield "readstatus", "read"


def _whole(name: str, text: str) -> str:
    """The value of a field, in braces if a program would change its case or divide it."""
    is_title = name in ("booktitle", "series")
    is_list = name in ("publisher", "school", "institution", "organization")
    return f"{{{text}}}" if is_title or (is_list and _AND.search(text)) else text


_AND: Final = re.compile(r"\band\b", re.IGNORECASE)
"""What divides a list in BibLaTeX."""


def write_records(
    items: Sequence[Item],
    options: ExportOptions,
    fields: Callable[[Item], Iterator[tuple[str, str]]],
    no_type: str = NO_TYPE,
) -> Iterator[str]:
    """A record for each item, with the fields that a function gives.

    Args:
        options: Have the citation keys.
        fields: From an item to its fields.
        no_type: The type of an item of which it is not known.
    """
    for item in items:
        kind = type_of(item.paper)[0]
        key = options.citation_key(item.paper)
        yield _record(no_type if kind == NO_TYPE else kind, key, fields(item))


def _record(kind: str, key: str, fields: Iterator[tuple[str, str]]) -> str:
    lines = ",\n".join([f"  {name} = {{{value}}}" for name, value in fields])
    return f"@{kind}{{{key},\n{lines}\n}}\n"


def escape(text: str, harmless: Callable[[str, int], str] = sanitize) -> str:
    """A text for TeX: what it would act on is escaped, once it is a harmless line."""
    if not _ESCAPES.is_plain(text):
        text = _escape(harmless(text, MAX_TEXT))
    for mark in _JOINING:
        if mark in text and _JOINING[mark].search(text):  # to replace takes longer than to look
            text = _JOINING[mark].sub(f"{mark}{{}}", text)
    return text


def _escape(text: str) -> str:
    if "\\" not in text and "{" not in text and "}" not in text:
        return _ESCAPES.replace(text)
    table = _BALANCED if _is_balanced(text) else _TEX
    return _SPECIAL.sub(lambda match: table[match[0]], text)


def _verbatim(text: str) -> str:
    """An address or identifier, which all readers take as it is; braces alone would end it."""
    return text.replace("{", "%7B").replace("}", "%7D")


def _author(name: str, families: Sequence[str]) -> str:
    """One name; braces keep BibTeX from dividing it."""
    parts = split_name(name, families)
    is_whole = parts.is_organization or (not parts.given and ("," in name or " " in name))
    if is_whole or _AND.search(name):
        return "{" + escape(name) + "}"
    family, given = escape(parts.family), escape(parts.given)
    is_small = bool(parts.given) and _is_small(parts.family.split()[-1])
    if is_small or (any(map(_has_no_case, parts.family.split())) and " " in parts.family):
        family = "{" + family + "}"  # biber takes a name in small letters for a particle
    if parts.suffix:
        return f"{family}, {escape(parts.suffix)}, {given}"
    is_divided = (
        is_small or "," in name or parts.family in families or _may_be_particle(parts.given)
    )
    return f"{family}, {given}" if given and is_divided else escape(name)


def _may_be_particle(given: str) -> bool:
    """Whether BibTeX would take a word of a given name for the particle of a family name.

    It takes any that begins with no capital, also in scripts that have none.
    """
    if PARTICLE.fullmatch(given) or (given.isascii() and given.istitle()):
        return False
    return any(not word[0].isupper() for word in given.split())


def _is_small(word: str) -> bool:
    """Whether a word is in small letters, of a script in which names begin with a capital."""
    return word.islower() and word[0].title() != word[0]


def _has_no_case(word: str) -> bool:
    """Whether a word begins with a letter that is neither a capital nor a small one."""
    return word[0].isalpha() and word[0].lower() == word[0].upper()


def _is_balanced(text: str) -> bool:
    depth = 0
    for brace in re.findall("[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0
