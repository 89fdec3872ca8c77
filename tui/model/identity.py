"""When two source records are one paper.

A record has signs: its arXiv id, its DOI, and its title without everything that spellings differ
in. A shared identifier makes two records one paper; so does a shared title, unless their
identifiers of one kind differ.
"""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain, count
from typing import Final

from tui.model.latex import latex_to_text
from tui.model.paper import Paper, SourceRecord, merge, paper_key
from tui.model.words import fold
from tui.patterns import regex
from tui.values import dataclass

Sign = str
"""A kind, a colon, and a value: ``arxiv:2405.01234``, ``doi:10.1234/abc``, ``title:…``."""

_TITLE: Final = "title:"
_TAG: Final = regex(
    r"</?(?:(?:jats|mml|m):[\w-]+|i|b|u|em|strong|tt|sub|sc|scp|span|italic|bold|math|m[ion])"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_RAISED: Final = regex(r"<(?:jats:)?sup>", re.IGNORECASE)
_LOWERED: Final = regex(r"</(?:jats:)?sup>", re.IGNORECASE)
_ARROW: Final = regex(r"(?<![-=])[-=]+>")
_STAR: Final = regex(r"\^\{?([*+])\}?")
_ALIKE: Final = str.maketrans(
    {
        **{"&": "and", "×": "x", "−": "-", "⁄": "/", "∗": "*", "♯": "#", "∼": "~", "µ": "μ"},
        **{
            "ϵ": "ε",
            "ϕ": "φ",
            "ϑ": "θ",
            "≥": ">=",
            "≤": "<=",
            "≠": "<>",
            "™": "",
            "®": "",
            "©": "",
        },
        **{power: f"^{digit}" for digit, power in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    }
)
"""Other ways to write a sign. ``≠`` is not decomposed as an accented ``=``."""
_THOUSANDS: Final = regex(r"(?<=\d),(?=\d{3}(?!\d))")
_GAP: Final = regex(r"(?<=\d)(?:(?![\w<>=+#*])[\x00-\x7f]|_)+(?=\d)")
_BETWEEN: Final = "\0"
"""Stands between two numbers, as 3.1 is not 31."""
_SYMBOL: Final = regex("[+#*]")
_OTHER: Final = regex(f"[^a-z0-9<>={_BETWEEN}]+")


@lru_cache(maxsize=4096)
def title_letters(title: str) -> str:
    """A title without case, accents, markup, blanks, hyphens and other punctuation.

    What tells titles apart is kept: ``+`` and ``#`` after a letter or digit (C++, C#), ``*``
    after a single letter (A*), relations, arrows, emoji, and that there is something between two
    numbers (3.1, 10^5). Greek letters are spelt out, superscripts and subscripts are on the line.

    Args:
        title: A normalized title, with markup and LaTeX.
    """
    text = title
    if "&" in text or "<" in text:
        from html import unescape  # here, as few titles have entities

        text = unescape(unescape(text))  # some catalogues escape twice
        text = _TAG.sub("", _LOWERED.sub("", _RAISED.sub("^", text)))
    text = _STAR.sub(r"\1", _ARROW.sub("→", latex_to_text(text)))
    folded = fold(text.translate(_ALIKE)).translate(_ALIKE)
    if not folded.isascii():
        folded = "".join(char if _is_kept(char) else " " for char in folded)
    folded = _GAP.sub(_BETWEEN, _THOUSANDS.sub("", folded))
    if folded.isascii() and not _SYMBOL.search(folded):
        return _OTHER.sub("", folded) or title
    chars: list[str] = []
    for place, char in enumerate(folded):
        if not char.isascii():
            chars.append(_spelt_out(folded, place))
        elif char.isalnum() or char in f"<>={_BETWEEN}" or _belongs_to_word(folded, place):
            chars.append(char)
    return "".join(chars) or title


def _is_kept(char: str) -> bool:
    """Whether a character is more than punctuation or a blank."""
    return char.isascii() or unicodedata.category(char)[0] not in "PZC"


def _belongs_to_word(text: str, place: int) -> bool:
    """Whether there is a ``+``, ``#`` or ``*`` at a place that is part of the word before it."""
    if text[place] not in "+#*":
        return False
    before = text[:place].rstrip("+#*")
    is_single = before[-1:].isalpha() and not before[-2:-1].isalnum()
    return is_single or (text[place] != "*" and before[-1:].isalnum())


def _spelt_out(text: str, place: int) -> str:
    """The name of a Greek letter that is not part of a Greek word, as ``Σ-Mem`` is ``Sigma-Mem``.

    Any other character is returned as it is.
    """
    char = text[place]
    if not _is_greek(char) or _is_greek(text[place - 1 : place] + text[place + 1 : place + 2]):
        return char
    return unicodedata.name(char, char).rpartition(" ")[2].lower()


def _is_greek(chars: str) -> bool:
    """Whether one of some characters is a Greek letter."""
    return any("\u0370" <= char <= "\u03ff" and char.isalpha() for char in chars)


def signs(record: SourceRecord) -> tuple[Sign, ...]:
    """The signs of a record: its identifiers, then its title."""
    named = [f"arxiv:{record.arxiv}"] if record.arxiv else []
    named += [f"doi:{record.doi}"] if record.doi else []
    return (*named, title_sign(record.title))


def title_sign(title: str) -> Sign:
    """The sign of a normalized title."""
    letters = title_letters(title)
    digest = hashlib.blake2b(letters.encode(errors="replace"), digest_size=8).hexdigest()
    return f"{_TITLE}{digest}"


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
    absorbed: tuple[str, ...] = ()
    """Keys of papers that turn out to be the same one, including a new one."""


class Identities:
    """Places source records one after another into papers; what came first keeps its key."""

    def __init__(self, joins: Iterable[tuple[str, str]] = ()) -> None:
        """Starts without papers; ``joins`` are keys that the user declared to be one paper."""
        self.aliases: dict[str, str] = {}
        """Keys that stand for another paper, and its key."""
        self._order: dict[str, int] = {}
        self._next = count()
        self._signs: dict[str, set[Sign]] = {}
        self._papers: dict[Sign, list[str]] = defaultdict(list)
        self._joined: dict[str, set[str]] = defaultdict(set)
        """By the key of a paper or of none yet: keys that it was declared to be the same as."""
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
        for alias, key in aliases.items():
            identities._alias(alias, key)
        for key, signs in papers:
            identities._create(key, signs)
        return identities

    def resolve(self, key: str) -> str:
        """The key of the paper for which a key stands."""
        while key in self.aliases:
            key = self.aliases[key]
        return key

    def resolved_aliases(self) -> dict[str, str]:
        """``aliases`` with the key of the paper itself for each."""
        return {alias: self.resolve(alias) for alias in sorted(self.aliases)}

    def place(self, record: SourceRecord, key: str = "") -> Placement:
        """Finds or creates the paper of a record; the key is that under which it was filed."""
        own = signs(record)
        matches = self._matches(own)
        if not matches:
            new = self._free(key, record)
            self._create(new, own)
            first, *joined = self._absorb_joined(new)
            return Placement(first, tuple(joined))
        target, *others = sorted(matches, key=self._order.__getitem__)
        self._add(target, own)
        absorbed = []
        for other in others:  # which may contradict one another
            if self._agree(self._signs[target], other):
                self._absorb(target, other)
                absorbed.append(other)
        if key and key != target and key not in self._order and key not in self.aliases:
            self._alias(key, target)
        first, *joined = self._absorb_joined(target)
        return Placement(first, (*absorbed, *joined))

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
            others = {sign for sign in theirs if sign.startswith(kind)}
            if mine and others and not mine & others:
                return False
        return True

    def _create(self, key: str, own: Iterable[Sign]) -> None:
        self._order[key] = next(self._next)
        self._signs[key] = set()
        self._add(key, own)

    def _add(self, key: str, own: Iterable[Sign]) -> None:
        signs = self._signs[key]
        for sign in own:
            if sign not in signs:
                signs.add(sign)
                self._papers[sign].append(key)

    def _absorb(self, target: str, other: str) -> None:
        """Makes another paper part of an older one."""
        moved = self._signs.pop(other)
        del self._order[other]
        for sign in moved:
            self._papers[sign].remove(other)
        self._add(target, moved)
        self._alias(other, target)

    def _alias(self, alias: str, key: str) -> None:
        self.aliases[alias] = key
        if alias in self._joined:
            self._joined[key] |= self._joined.pop(alias)

    def _absorb_joined(self, key: str) -> tuple[str, ...]:
        """Joins a paper with those that the user declared to be the same.

        Returns:
            The oldest of them, which stays, and the others.
        """
        if key not in self._joined:
            return (key,)
        partners = {self.resolve(other) for other in self._joined[key]}
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
