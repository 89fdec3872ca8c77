"""Identifiers of papers in their normal forms, and the addresses in a text."""

import re
from typing import Final

from tui.patterns import regex

_NEW: Final = (
    r"(?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.\d{4}|(?:1[5-9]|[2-9]\d)(?:0[1-9]|1[0-2])\.\d{5,6}"
)
"""Since April 2007: year and month, and four digits until 2014, five since; six are announced
(arXiv, "Understanding the arXiv identifier")."""
_OLD: Final = r"([a-z]+(?:-[a-z]+)?)(?:\.[a-z-]{2,})?/((?:9[1-9]|0[0-7])(?:0[1-9]|1[0-2])\d{3})"
"""Until March 2007: archive, subject class (not part of the identifier), year, month, number."""
_ARXIV: Final = (
    r"(?is)(?:(?:https?://)?(?:[\w-]+\.)*(?:arxiv|alphaxiv|huggingface|hf)\.(?:org|co)"
    r"/(?:abs|pdf|html|ps|format|papers|overview)/|(?:https?://)?(?:dx\.)?(?:doi\.org/)?"
    r"(?:doi:)?10\.48550/arxiv\.|oai:arxiv\.org:|arxiv:)?\s*"
    rf"(?:({_NEW})|{_OLD})(?:v([1-9]\d?))?(?:\.pdf)?(?:[#?].*|/|\s*\[[\w.-]+\].*)?"
)
"""A pattern that ``re`` compiles, and keeps, at its first use, as a start does not need it."""
_LISTING: Final = (
    r"(?i)(?:https?://)?(?:www\.|export\.)?(?:(?:huggingface\.co|hf\.co)/papers"
    r"(?:/(?:date|week|month|trending|daily)[^?#]*)?/?|arxiv\.org/(?:list|search|catchup|a)/.*)(?:[?#].*)?"
)
_DOI: Final = r"(?i)(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:)?\s*(10\.\d{4,9}/\S+)"


def arxiv_id(text: str) -> tuple[str, int | None] | None:
    """The arXiv identifier in one of its spellings, or in an address of a page about it.

    ``arXiv:2405.01234v10 [cs.CL]``, ``https://arxiv.org/pdf/2405.01234v3.pdf``,
    ``math.GT/0309136``, ``10.48550/arXiv.2405.01234``, ``https://huggingface.co/papers/2405.01234``.

    Args:
        text: All of it must be the identifier; a category or fragment may follow.

    Returns:
        The identifier without its version, in lower case, and the version; ``None`` if it is none.
    """
    if "." not in text and "/" not in text:  # which no form is without
        return None
    match = re.fullmatch(_ARXIV, text.strip())
    if match is None:
        return None
    new, archive, number, version = match.groups()
    if new and new < "0704":
        return None
    return new or f"{archive.lower()}/{number}", int(version) if version else None


def is_title(text: str) -> bool:
    """Whether a paper that is called so has a title, and not only an identifier or an address."""
    if " " in text or not ("." in text or "/" in text):
        return True
    return not (text.startswith(("http://", "https://")) or arxiv_id(text) or doi(text))


def is_listing(address: str) -> bool:
    """Whether an address is one of Hugging Face or arXiv that lists papers, and of none of them."""
    return re.fullmatch(_LISTING, address.strip()) is not None


def is_address(word: str) -> bool:
    """Whether a word is an arXiv id or the address of a page, and not the text of one."""
    is_url = re.fullmatch(r"(https?://|www\.)\S+", word.strip(), re.IGNORECASE) is not None
    return is_url or arxiv_id(word) is not None


def doi(text: str) -> str | None:
    """The DOI in one of its spellings, or in an address of its resolver.

    Args:
        text: All of it must be the DOI; punctuation of a sentence may follow.

    Returns:
        The DOI in lower case, without resolver; ``None`` if it is none, or stands for an arXiv
        identifier.
    """
    text = text.strip()
    if "%" in text:
        from urllib.parse import unquote  # here, as importing it takes 5 ms

        text = unquote(text)
    match = re.fullmatch(_DOI, text)
    if match is None:
        return None
    name = match[1].lower().rstrip(".,;:'\"")
    while name[-1:] in _CLOSING and name.count(name[-1]) > name.count(_CLOSING[name[-1]]):
        name = name[:-1].rstrip(".,;:'\"")
    return None if name.startswith("10.48550/arxiv.") or name.endswith("/") else name


_CLOSING: Final = {")": "(", "]": "[", ">": "<", "}": "{"}


_URL: Final = regex(
    r"://(?:(?<=(https)://)|(?<=(http)://))"  # begins with what is fast to look for
    r"[^\s<>\"\u201c\u201d\u00ab\u00bb`\u3001\u3002\uff08\uff09\uff0c\u300a-\u3011]+",
    re.IGNORECASE,
)
_HOST: Final = regex(r"https?://(?:\w|\[[0-9a-f:.]+\])", re.IGNORECASE)
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}
_TRAILING: Final = ".,;:!?'*\\\u2019\u2026"


def find_urls(text: str) -> tuple[str, ...]:
    """The http(s) URLs of a text in order, once each, without trailing punctuation.

    A closing bracket belongs to a URL only if the URL opens it: ``(see
    https://a.org/x_(y)).`` has ``https://a.org/x_(y)``.
    """
    if "/" not in text:  # to look for one is many times faster than for two
        return ()
    urls: dict[str, None] = {}
    for match in _URL.finditer(text):
        url = f"{match[1] or match[2]}{match[0]}"
        if "\\" in url:
            url = re.sub(r"\\([_%&#~])", r"\1", url)
        url = url.rstrip(_TRAILING)
        if url[-1] in _PAIRS:
            url = _without_surplus(url)
        if _HOST.match(url):
            urls[url] = None
    return tuple(urls)


def _without_surplus(url: str) -> str:
    """A URL without closing brackets that it does not open, and what is around them."""
    surplus = {last: url.count(last) - url.count(first) for last, first in _PAIRS.items()}
    end = len(url)
    while (last := url[end - 1]) in _TRAILING or surplus.get(last, 0) > 0:
        surplus[last] = surplus.get(last, 0) - 1
        end -= 1
    return url[:end]
