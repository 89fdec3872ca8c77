"""Values of any type, as formats state them, made values of papers: texts, names, links, tags."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from html import unescape
from typing import Final, overload

from tui.errors import UsageError
from tui.formats.base import Decision
from tui.formats.bibliography import known_type
from tui.formats.citation_keys import known_key
from tui.model.identifiers import arxiv_id, doi, find_urls
from tui.model.latex import latex_to_text
from tui.model.names import tag_name
from tui.model.state import MAX_NOTE, Status, note_from
from tui.model.text import normalize

MAX_TITLE: Final = 1_000
MAX_ABSTRACT: Final = 50_000
MAX_NAME: Final = 200
MAX_NAMES: Final = 5_000
"""More than the largest collaborations have."""
MAX_LINKS: Final = 50
_MAX_ADDRESS: Final = 2_000
_MAX_DOI: Final = 200
MAX_DAY: Final = 60
_MAX_TAGS: Final = 100


def decision(
    *,
    tags: Iterable[object] = (),
    notes: Iterable[object] = (),
    status: Status | None = None,
) -> Decision:
    """A decision from values of any type; those that are not tags or texts are left out."""
    texts = (tag for tag in tags if isinstance(tag, str))
    names = dict.fromkeys(filter(None, map(partial(name_by, tag_name), texts)))
    for name in _STATUSES.keys() & names.keys():
        del names[name]
        status = status or _STATUSES[name]
    note = note_from("\n".join(note for note in notes if isinstance(note, str))) or ""
    return Decision(status, tags=tuple(names)[:_MAX_TAGS], note=note[:MAX_NOTE].rstrip())


_STATUSES: Final = {"read": Status.READ, "reading": Status.READING, "unread": Status.UNREAD}
"""Tags that stand for a status in programs that have none."""


@lru_cache(maxsize=4096)  # a file has the same tags over and over
def name_by(check: Callable[[str], str], text: str) -> str:
    """The normal form of the name of a tag or a list, by the check of it; empty if it is none."""
    with suppress(UsageError):
        return check(text)
    return ""


_MARKUP: Final = re.compile(
    r"</?(?:(?:jats|mml):[\w-]+|i|b|p|sc|sub|sup|em|strong|span)(?:\s[^<>]*)?/?>", re.IGNORECASE
)


@overload
def without_markup(value: str) -> str: ...
@overload
def without_markup(value: object) -> object: ...
def without_markup(value: object) -> object:
    """A text without the markup and entities that catalogues leave in it; others unchanged."""
    if not isinstance(value, str) or not ("<" in value or "&" in value):
        return value
    return _MARKUP.sub("", unescape(value))


def first_arxiv(texts: Iterable[str]) -> tuple[str | None, int | None]:
    """The first arXiv id, and the highest version with which it is stated."""
    stated = [id for text in texts if not _BARE.match(text) and (id := arxiv_id(text))]
    if not stated:
        return None, None
    first = stated[0][0]
    return first, max((version for id, version in stated if version and id == first), default=None)


_BARE: Final = re.compile(r"\s*\d{4}\.\d")
_ET_AL: Final = re.compile(
    r"^(?:and )?others[.,]*$|(?:^|,? )and others$|,? ?\bet\.? al\b[.,]*", re.IGNORECASE
)
"""What says that there are more authors: in place of the last one, or within its name."""


def without_et_al(name: str) -> str:
    """A name without ``et al.``; empty if it is that or ``others``."""
    folded = name.lower()
    if " al" not in folded and "others" not in folded:  # which is many times faster to see
        return name
    return _ET_AL.sub("", name).strip()


def first_doi(texts: Iterable[str]) -> str | None:
    """The first DOI, in its normal form."""
    for text in texts:
        name = doi(text) if "10." in text else None
        if name and len(name) <= _MAX_DOI and name == normalize(name):  # no control by escape
            return name
    return None


def texts_in(values: object, most: int) -> tuple[str, ...]:
    """The first texts of a list, once each."""
    stated = values if isinstance(values, (list, tuple)) else ()
    names = (_short(value) for value in stated if isinstance(value, str))
    return tuple(dict.fromkeys(filter(None, names)))[:most]


@lru_cache(maxsize=1024)  # a file has the same categories over and over
def _short(text: str) -> str:
    return normalize(text, MAX_NAME)


def venue_of(value: object) -> str | None:
    """The name of a venue; ``None`` for one that only says that a paper is on arXiv."""
    name = latex_to_text(normalize(value, MAX_TITLE)) if isinstance(value, str) else ""
    if not name or name.lower() in _NO_VENUES:
        return None
    return None if arxiv_id(name.removeprefix("arXiv preprint ")) else name


CLEANERS: Final[Mapping[str, Callable[[object], str | None]]] = {
    "venue": venue_of,
    "entry_type": known_type,
    "citation_key": known_key,
}
"""What makes a fact of a value of any type, for those for which more than their type counts."""
_NO_VENUES: Final = ("arxiv", "corr", "arxiv.org", "arxiv e-prints", "arxiv preprint")


def longest_in(text: str, urls: Sequence[str]) -> str | None:
    """The longest of some URLs that a text has."""
    if text in urls:
        return text
    return max((url for url in urls if url in text), key=len, default=None)


def links_in(abstract: str, addresses: Sequence[str]) -> tuple[str, ...]:
    """The links of an abstract, and addresses that do not only repeat an identifier."""
    if not addresses:
        return find_urls(abstract)[:MAX_LINKS]
    stated = find_urls(" ".join(normalize(address, _MAX_ADDRESS) for address in addresses))
    others = (url for url in stated if arxiv_id(url) is None and doi(url) is None)
    return tuple(dict.fromkeys([*find_urls(abstract), *others]))[:MAX_LINKS]
