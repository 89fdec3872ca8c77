r"""A mail from arXiv with its daily listing.

Between lines of hyphens each paper has a line ``\\``, a head, a line ``\\``, the abstract, and its
address after ``\\``. A continued line of the head begins with two blanks. A line of percent signs
begins the cross-lists, another the replaced papers, which have no abstract, and a last one ends the
listing (arXiv, "To subscribe to the e-mail alerting service"; the order is that of arXiv's mails).
"""

import re
from typing import Final

from tui.formats.base import ImportContext, ParsedFile
from tui.formats.collector import Collector
from tui.formats.tex import tex_to_text
from tui.model.text import normalize

LABEL: Final = "a mail from arXiv with new papers"
DETAILS: Final = "also from a mail program, by `papers-tui import -`"
_START: Final = re.compile(r"^\\\\\n(?:arXiv|Paper): ?\S+/?\d", re.MULTILINE)
_RULE: Final = re.compile(r"(?:-{20,}|%[%-]{20,})\s*")
_ADDRESS: Final = re.compile(r"\\\\ \( ?http")
_REPLACED: Final = re.compile(r"%%--")
_LISTED: Final = re.compile(r"\bto\s+\w{3}\s+(\d{1,2}) (\w{3}) (\d{2})\b")
_NAME: Final = re.compile(r"[\w-]+(?: \([^()]*\))?:")
_VERSION: Final = re.compile(r"^Date \(revised v(\d{1,2})\):", re.MULTILINE)
_AFFILIATION: Final = re.compile(r"(?<!\s)\s*\([^()]*\)")
_ADDITIONAL: Final = re.compile(r"\(\d+ additional authors? not shown\)")
_BETWEEN: Final = re.compile(r",? and |, ")
_HEADER: Final = re.compile(r"\s|[\w-]+: ")
_MAX_OTHERS: Final = 30
"""Lines outside of entries that are no headers: instructions stand above and below."""
_MAX_LIST: Final = 100_000
"""Characters of a list of authors; those of the largest collaborations have half as many."""


def sniff(part: str) -> float:
    """By the first lines of an entry."""
    return 0.95 if _START.search(part) else 0.0


def read(text: str, context: ImportContext) -> ParsedFile:
    """The papers of all entries that have a title."""
    collector = Collector(context, text.count("\n") + 1)
    entry: list[list[str]] = []
    day, is_update, start, others = "", False, 0, 0
    for number, line in enumerate([*text.split("\n"), "-" * 20], 1):
        if _RULE.fullmatch(line):
            if entry:
                collector.warn(start, "this entry is cut off")
            entry = []
            is_update = is_update or _REPLACED.match(line) is not None
        elif line.rstrip() == "\\\\":
            start = start if entry else number + 1
            entry.append([])
        elif entry and _ADDRESS.match(line):
            _add(collector, start, entry, day, is_update=is_update)
            entry = []
        elif entry:
            entry[-1].append(line)
        elif match := _LISTED.search(line):
            day = f"{match[1]} {match[2]} 20{match[3]}"
        elif line and not _HEADER.match(line):
            others += 1
            if others > _MAX_OTHERS:
                return collector.refused(number, "this is not part of a mail from arXiv")
    return collector.parsed("arXiv mail")


def _add(
    collector: Collector, line: int, entry: list[list[str]], day: str, *, is_update: bool
) -> None:
    """Adds the paper of an entry: the lines of its head, and of its abstract if it has one."""
    lines, *abstract = entry
    head = "\n".join(lines).replace("\n  ", " ")
    values: dict[str, str] = {}
    for each in head.split("\n"):
        if match := _NAME.match(each):
            values.setdefault(match[0][:-1], each[match.end() :].strip())
    id, *_ = values.get("arXiv", values.get("Paper", "")).split() or [""]
    version = max(map(int, _VERSION.findall(head)), default=1 if "Date" in values else None)
    record = collector.record(
        line,
        values.get("Title"),
        abstract=" ".join(abstract[0]) if abstract else None,
        authors=_names(values.get("Authors", values.get("Author", ""))),
        published=values.get("Date"),
        page_day=day,
        identifiers=[f"arXiv:{id}v{version}" if version else f"arXiv:{id}", values.get("DOI")],
        categories=values.get("Categories", "").split(),
    )
    collector.add(line, record, is_update=is_update)


def _names(listed: str) -> list[str]:
    """The authors of a list, without the places where they work, in parentheses in parentheses."""
    names = _ADDITIONAL.sub(", et al.", tex_to_text(normalize(listed, _MAX_LIST)))
    return _BETWEEN.split(_AFFILIATION.sub("", _AFFILIATION.sub("", names)))
