"""BibTeX and BibLaTeX: entries of fields, with TeX in their values.

A block that is broken is left out, and the next one begins at the next line with an ``@``, as it
does for the parser that is used.
"""

import logging
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from tui.formats.base import ImportContext, ParsedFile
from tui.formats.bibliography import IMPRINT, Name, parse_name, split_at_particle, thesis_of
from tui.formats.cleaning import decision, without_markup
from tui.formats.collector import Collector
from tui.formats.tex import tex_to_text
from tui.model.layout import MONTHS
from tui.model.state import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bibtexparser.model import Block, Entry

LABEL: Final = "BibTeX or BibLaTeX"
DETAILS: Final = "of which a damaged entry is reported with its line"
_ENTRY: Final = re.compile(
    r"^[ \t]*@(?!comment|string|preamble)\w+[ \t]*[{(]\s*(?:[^\s,;={}]+\s*)?,"
    r"\s*[\w-]+\s*=\s*[{\"\w]",
    re.M | re.I,
)
_BLOCK: Final = re.compile(r"^(?=[ \t]*@\w+[ \t]*[{(])", re.MULTILINE)
_PART: Final = 200_000
"""Characters that are parsed at once, so that progress can be shown."""
_MONTHS: Final = tuple(map(str.lower, MONTHS))
_STATUSES: Final = {"read": Status.READ, "skimmed": Status.READING, "reading": Status.READING}
"""The values of JabRef's field, and ours."""
_AND: Final = re.compile(r"(?<!\s)\s+and\s+", re.IGNORECASE)
_PREPRINT: Final = re.compile(r"arXiv preprint\s+", re.IGNORECASE)
_COMMAND: Final = re.compile(r"\\(?:url|href)\s*")
_TEXT: Final = re.compile(r"\s*[^\s%]")
_MAX_OTHERS: Final = 50
"""Lines outside of blocks, which BibTeX ignores, without a percent sign before them."""
_SEPARATOR: Final = re.compile(r"[;,]")


def sniff(part: str) -> float:
    """By the first line of an entry."""
    return 0.9 if _ENTRY.search(part) else 0.0


def read(text: str, context: ImportContext) -> ParsedFile:
    """The entries that are whole and have a title."""
    from bibtexparser.model import Entry, ImplicitComment, ParsingFailedBlock, String

    collector = Collector(context, text.count("\n") + 1)
    names = {month: str(number) for number, month in enumerate(_MONTHS, 1)}
    others = 0
    known: dict[str, dict[str, str]] = {}
    waiting: list[tuple[int, Entry, dict[str, str]]] = []
    has_parents = "crossref" in text.lower()
    for first, block in _blocks(text):
        line = first + (block.start_line or 0)
        entry = block.ignore_error_block if isinstance(block, ParsingFailedBlock) else block
        if isinstance(block, String):
            names.setdefault(block.key.lower(), _unwrapped(block.value, names))
        elif isinstance(entry, Entry):
            raw = _raw(entry, names)
            if has_parents:
                known.setdefault(entry.key.lower(), raw)
            if "crossref" in raw:  # whose entry has to stand after it
                waiting.append((line, entry, raw))
            else:
                _add(collector, line, entry, raw)
        elif isinstance(block, ParsingFailedBlock):
            collector.warn(line, "this entry is damaged or cut off")
        elif isinstance(block, ImplicitComment) and not context.force:
            others += sum(bool(_TEXT.match(each)) for each in block.comment.split("\n"))
            if others > _MAX_OTHERS:
                return collector.refused(line, "this is not BibTeX")
    for line, entry, raw in waiting:
        _add(collector, line, entry, raw | _inherited(raw, known.get(raw["crossref"].lower(), {})))
    return collector.parsed("BibTeX")


def _blocks(text: str) -> "Iterator[tuple[int, Block]]":
    """The blocks of a file, each with the line of the text, from 1, from which its own counts."""
    from bibtexparser.entrypoint import parse_string  # here, as importing it takes 35 ms

    # It reports on standard error what it also returns.
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    first = start = 0
    ends = [*(match.start() for match in _BLOCK.finditer(text)), len(text)]
    for end, following in pairwise([*ends, len(text) + 2 * _PART]):
        if following - start <= _PART and end < len(text):
            continue
        for block in parse_string(text[start:end], parse_stack=[]).blocks:
            yield first + 1, block
        first += text.count("\n", start, end)
        start = end


def _raw(entry: "Entry", names: "Mapping[str, str]") -> dict[str, str]:
    """The fields of an entry, of which the first of a name counts."""
    raw: dict[str, str] = {}
    for field in entry.fields:
        raw.setdefault(field.key.lower(), _unwrapped(field.value, names).strip())
    return raw


def _inherited(raw: "Mapping[str, str]", parent: "Mapping[str, str]") -> dict[str, str]:
    """What an entry has from that of its volume: where and when it appeared, but no identifier."""
    names = [*_VENUES, *(name for name in IMPRINT if name != "pages")]
    if not any(name in raw for name in _DATES):
        names += _DATES
    fields = {"booktitle": parent.get("title", ""), **parent}
    return {name: fields[name] for name in names if name not in raw and fields.get(name)}


def _add(collector: Collector, line: int, entry: "Entry", raw: "Mapping[str, str]") -> None:
    values: dict[str, str] = {n: tex_to_text(without_markup(raw[n])) for n in _TEXTS if n in raw}
    links = {name: _address(raw[name]) for name in _LINKS if name in raw}
    # A module of software may have the latter alone.
    titles = (values.get("title"), values.get("subtitle"))
    authors = raw.get("author") or raw.get("editor") or ""
    record = collector.record(
        line,
        ": ".join(filter(None, titles)),
        abstract=values.get("abstract"),
        authors=[*_names(authors)],
        published=raw.get("date") or _day(raw),
        identifiers=[*_identifiers(raw), *links.values()],
        links=links.values(),
        address=links.get("url") or links.get("howpublished"),
        categories=[raw[name] for name in ("primaryclass", "eprintclass") if name in raw],
        venue=next((values[name] for name in _VENUES if values.get(name)), None),
        entry_type=thesis_of(_TYPES.get(kind := entry.entry_type.lower(), kind), raw.get("type")),
        citation_key=entry.key,
        imprint={**values, "number": values.get("number") or values.get("issue")},
    )
    state = decision(
        tags=_SEPARATOR.split(values.get("keywords", "")),
        notes=[values.get("annote") or values.get("annotation")],
        status=_STATUSES.get(raw.get("readstatus", "").lower()),
    )
    collector.add(line, record, state)


_VENUES: Final = ("journal", "journaltitle", "booktitle", "school", "institution", "series")
_DATES: Final = ("date", "year", "month", "day")
_TEXTS: Final = (
    *("title", "subtitle", "abstract", "keywords", "annote", "annotation"),
    *(*_VENUES, "volume", "number", "issue", "pages", "publisher"),
)
_TYPES: Final = {
    "conference": "inproceedings",
    "inbook": "incollection",
    "thesis": "phdthesis",
    "report": "techreport",
}
"""Names of BibLaTeX, and old ones, and those of BibTeX for the same."""
_LINKS: Final = ("url", "howpublished", "pdf", "code", "note")


def _unwrapped(value: str, names: "Mapping[str, str]") -> str:
    """A value without the braces or quotes around it, or that of its name; joined by ``#``."""
    value = value.strip()
    if "#" in value and len(parts := list(_joined(value))) > 1:
        return "".join(_unwrapped(part, names) for part in parts)
    if len(value) > 1 and value[0] + value[-1] in ("{}", '""'):
        return value[1:-1]
    return names.get(value.lower(), value)


def _joined(value: str) -> "Iterator[str]":
    """The parts of a value that BibTeX joins: ``"Proc. Fifteenth " # STOC``."""
    start = depth = 0
    is_quoted = False
    for place, char in enumerate(value):
        if char in "{}":
            depth += 1 if char == "{" else -1
        elif char == '"' and not depth:
            is_quoted = not is_quoted
        elif char == "#" and not depth and not is_quoted:
            yield value[start:place]
            start = place + 1
    yield value[start:]


def _address(value: str) -> str:
    r"""The addresses of a value: of Mendeley's, which is escaped, or in ``\url{...}``."""
    return _COMMAND.sub(" ", value).replace("\\", "").replace("{", " ").replace("}", " ").strip()


def _identifiers(raw: "Mapping[str, str]") -> list[str]:
    eprint, kind = raw.get("eprint", ""), raw.get("eprinttype", raw.get("archiveprefix", "arxiv"))
    journal, volume = raw.get("journal", raw.get("journaltitle", "")), raw.get("volume", "")
    return [
        _address(raw.get("doi", "")),
        f"arXiv:{eprint}" if eprint and kind.lower() == "arxiv" else "",
        _PREPRINT.sub("", journal),
        f"https://arxiv.org/{volume}" if volume.startswith("abs/") else "",  # as DBLP writes it
        raw.get("number", ""),
        raw.get("arxiv", raw.get("arxivid", "")),
    ]


def _day(raw: "Mapping[str, str]") -> str:
    """The day, if the entry states year, month and day."""
    month = raw.get("month", "").lower()[:3].rstrip(".,")
    number = _MONTHS.index(month) + 1 if month in _MONTHS else month
    return f"{raw.get('year', '')}-{number}-{raw.get('day', '')}"


def _in_order(name: str) -> str:
    """A name of BibLaTeX's parts, ``given=Jane, prefix=van, family=Doe``, as ``van Doe, Jane``."""
    parts = dict(part.strip().split("=", 1) for part in name.split(",") if "=" in part)
    family, given = parts.get("family"), parts.get("given")
    if not family:
        return name
    family = " ".join(filter(None, (parts.get("prefix"), family)))
    return ", ".join(filter(None, (family, parts.get("suffix"), given)))


def _names(authors: str) -> "Iterator[Name | str]":
    """The names of a list, without TeX; what is in braces is one name, or one family name."""
    start = 0
    places = [*(match.span() for match in _AND.finditer(authors)), (len(authors), len(authors))]
    for end, following in places:
        is_within = authors.count("{", start, end) > authors.count("}", start, end)
        if is_within and end < len(authors):
            continue
        name = authors[start:end].strip()
        if name:
            yield _name(name)
        start = following


def _name(text: str) -> Name | str:
    if text[-1] == "}":
        if text[0] == "{" and text.find("}") == len(text) - 1:
            return Name(tex_to_text(text))
        if match := _BRACED_FAMILY.fullmatch(text):
            family, given = tex_to_text(match[2]), tex_to_text(match[1])
            whole = parse_name(f"{family}, {given}")
            return whole if isinstance(whole, Name) else Name(family, given)
    name = parse_name(_in_order(tex_to_text(text)))
    return split_at_particle(name) if isinstance(name, str) else name


_BRACED_FAMILY: Final = re.compile(r"([^{},]*[^{},\s])\s+\{([^{},\\]*)\}")
