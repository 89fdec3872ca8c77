"""When two source records are one paper.

A record has signs: its arXiv id, its DOI, and its title without everything that spellings differ
in. A shared identifier makes two records one paper; so does a shared title, unless their
identifiers of one kind differ.
"""

import hashlib
import html
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, count
from typing import Final

from tui.model.paper import Paper, SourceRecord, merge, paper_key
from tui.model.text import fold, latex_to_text

Sign = str
"""A kind, a colon, and a value: ``arxiv:2405.01234``, ``doi:10.1234/abc``, ``title:…``."""

_TITLE: Final = "title:"
_TAG: Final = re.compile(r"</?[a-zA-Z][\w:-]*(?:\s[^<>]*)?/?>")
_ALIKE: Final = str.maketrans(
    {"&": "and", "×": "x", "−": "-", "⁄": "/", "ϵ": "ε", "ϕ": "φ", "ϑ": "θ", "µ": "μ"}
)
_SYMBOL: Final = re.compile("[+#*]")
_OTHER: Final = re.compile("[^a-z0-9<>=]+")
_ARROW: Final = re.compile(r"[-=]+>")


@lru_cache(maxsize=4096)
def title_letters(title: str) -> str:
    """A title without case, accents, markup, blanks, hyphens and other punctuation.

    Symbols that tell titles apart are kept: ``+`` and ``#`` behind a letter (C++, C#), ``*`` behind
    a single one (A*), relations, arrows and emoji. Single Greek letters are spelt out, superscripts
    and subscripts are on the line.

    Args:
        title: A normalized title, with markup and LaTeX.
    """
    text = latex_to_text(html.unescape(_TAG.sub("", title)).translate(_ALIKE))
    folded = fold(_ARROW.sub("→", text)).translate(_ALIKE)
    if folded.isascii() and not _SYMBOL.search(folded):
        return _OTHER.sub("", folded) or folded
    kept: list[str] = []
    for place, char in enumerate(folded):
        if char.isalnum():
            kept.append(char if char.isascii() else _spelt_out(folded, place))
        elif not char.isascii():
            if unicodedata.category(char) in ("Sm", "So", "Mn", "Mc"):
                kept.append(char)
        elif char in "<>=" or (char in "+#*" and _belongs_to_word(folded, place)):
            kept.append(char)
    return "".join(kept) or folded


def _belongs_to_word(text: str, place: int) -> bool:
    """Whether the ``+``, ``#`` or ``*`` at a place is part of the word before it."""
    before = text[:place].rstrip("+#*")
    is_single = before[-1:].isalpha() and not before[-2:-1].isalnum()
    return is_single or (text[place] != "*" and before[-1:].isalpha())


def _spelt_out(text: str, place: int) -> str:
    """The name of a Greek letter that stands alone, as ``Σ-Mem`` is ``Sigma-Mem``."""
    char = text[place]
    if not "\u0370" <= char <= "\u03ff" or text[place - 1 : place].isalpha():
        return char
    if text[place + 1 : place + 2].isalpha() and "\u0370" <= text[place + 1] <= "\u03ff":
        return char
    return unicodedata.name(char, char).rpartition(" ")[2].lower()


def signs(record: SourceRecord) -> tuple[Sign, ...]:
    """The signs of a record: its identifiers, then its title."""
    named = [f"arxiv:{record.arxiv}"] if record.arxiv else []
    named += [f"doi:{record.doi}"] if record.doi else []
    letters = title_letters(record.title)
    digest = hashlib.blake2b(letters.encode(errors="replace"), digest_size=8).hexdigest()
    return (*named, f"{_TITLE}{digest}")


def signs_of_all(records: Iterable[SourceRecord]) -> tuple[Sign, ...]:
    """The signs of the records of one paper, once each."""
    return tuple(dict.fromkeys(sign for record in records for sign in signs(record)))


def merge_all(records: Iterable[SourceRecord]) -> list[Paper]:
    """The papers of source records, in the order of the first record of each."""
    identities = Identities()
    groups: dict[str, list[SourceRecord]] = {}
    for record in records:
        placement = identities.place(record)
        group = groups.setdefault(placement.key, [])
        for key in placement.absorbed:
            group += groups.pop(key, [])
        group.append(record)
    return [merge(group, key) for key, group in groups.items()]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a record belongs."""

    key: str
    is_new: bool
    """Whether no paper had its signs."""
    absorbed: tuple[str, ...] = ()
    """Keys of papers that turn out to be the same one, including a new one."""


class Identities:
    """Places source records one after another into papers; what came first keeps its key."""

    def __init__(self, joins: Iterable[tuple[str, str]] = ()) -> None:
        """Starts without papers.

        Args:
            joins: Pairs of keys that the user declared to be one paper.
        """
        self.aliases: dict[str, str] = {}
        """Keys that stand for another paper, and its key."""
        self._order: dict[str, int] = {}
        self._signs: dict[str, set[Sign]] = {}
        self._papers: dict[Sign, list[str]] = defaultdict(list)
        self._joined: dict[str, set[str]] = defaultdict(set)
        for one, other in joins:
            self._joined[one].add(other)
            self._joined[other].add(one)

    @classmethod
    def of(
        cls,
        papers: Iterable[tuple[str, Iterable[Sign]]],
        aliases: Mapping[str, str],
        joins: Iterable[tuple[str, str]],
    ) -> "Identities":
        """Continues from papers placed before.

        Args:
            papers: Key and signs of each, in order.
            aliases: Keys that stand for another paper.
            joins: See ``__init__``.
        """
        identities = cls(joins)
        identities.aliases.update(aliases)
        for key, known in papers:
            identities._create(key, known)
        return identities

    def resolve(self, key: str) -> str:
        """The key of the paper for which a key stands."""
        while key in self.aliases:
            key = self.aliases[key]
        return key

    def place(self, record: SourceRecord, key: str = "") -> Placement:
        """Finds or creates the paper of a record.

        Args:
            record: The next record.
            key: The key under which it was filed when it was imported, if it was.
        """
        own = signs(record)
        matches = self._matches(own)
        if not matches:
            new = self._free(key, record)
            self._create(new, own)
            first, *joined = self._absorb_joined(new)
            return Placement(first, True, tuple(joined))
        target, *others = sorted(matches, key=self._order.__getitem__)
        absorbed = [other for other in others if self._agree(self._signs[target], other)]
        for other in absorbed:
            self._absorb(target, other)
        self._add(target, own)
        if key and key != target and key not in self._order and key not in self.aliases:
            self.aliases[key] = target
        first, *joined = self._absorb_joined(target)
        return Placement(first, False, (*absorbed, *joined))

    def _matches(self, own: tuple[Sign, ...]) -> list[str]:
        """The papers that share a sign and do not contradict."""
        matches: dict[str, None] = {}
        for sign in own:
            for key in sorted(self._papers.get(sign, ()), key=self._order.__getitem__):
                if not sign.startswith(_TITLE):
                    matches[key] = None
                elif self._agree(own, key):
                    matches[key] = None
                    break
        return list(matches)

    def _agree(self, own: Iterable[Sign], key: str) -> bool:
        """Whether some signs and a paper have no different identifiers of one kind."""
        theirs = [sign for sign in self._signs[key] if not sign.startswith(_TITLE)]
        if not theirs:
            return True
        for kind in ("arxiv:", "doi:"):
            mine = {sign for sign in own if sign.startswith(kind)}
            known = {sign for sign in theirs if sign.startswith(kind)}
            if mine and known and not mine & known:
                return False
        return True

    def _create(self, key: str, own: Iterable[Sign]) -> None:
        self._order[key] = len(self._order)
        self._signs[key] = set()
        self._add(key, own)

    def _add(self, key: str, own: Iterable[Sign]) -> None:
        known = self._signs[key]
        for sign in own:
            if sign not in known:
                known.add(sign)
                self._papers[sign].append(key)

    def _absorb(self, target: str, other: str) -> None:
        """Makes another paper part of an older one."""
        moved = self._signs.pop(other)
        del self._order[other]
        for sign in moved:
            self._papers[sign].remove(other)
        self._add(target, moved)
        self.aliases[other] = target

    def _absorb_joined(self, key: str) -> tuple[str, ...]:
        """Joins a paper with those that the user declared to be the same.

        Returns:
            The oldest of them, which stays, and the others.
        """
        if not self._joined:
            return (key,)
        names = {key, *(alias for alias in self.aliases if self.resolve(alias) == key)}
        partners = {self.resolve(other) for name in names for other in self._joined.get(name, ())}
        present = sorted(
            (other for other in {key, *partners} if other in self._order),
            key=self._order.__getitem__,
        )
        for other in present[1:]:
            self._absorb(present[0], other)
        return tuple(present)

    def _free(self, key: str, record: SourceRecord) -> str:
        """A key that no paper has: the wanted one, else one of the title, else a numbered one."""
        own = paper_key(record.title)
        letters = signs(record)[-1].removeprefix(_TITLE)[:8]
        by_letters = f"{own.rpartition('-')[0]}-{letters}"
        numbered = (f"{by_letters}-{number}" for number in count(2))
        names = chain((key or own, own, by_letters), numbered)
        return next(n for n in names if n not in self._order and n not in self.aliases)
