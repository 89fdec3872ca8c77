"""What a line of text names: identifiers or addresses of papers, and the title beside them.

``Attention Is All You Need https://arxiv.org/abs/1706.03762``, ``- [Title](https://arxiv.org/…)``,
``1706.03762 Title``. The title is what a link says or, where that is ``paper`` or ``pdf``, what is
bold, in quotes, ahead of the identifiers, or after them.
"""

import re
from collections.abc import Sequence
from typing import Final

from tui.model.identifiers import arxiv_id, doi
from tui.values import dataclass

_NO_TITLE: Final = re.compile(
    r"[\W_]*(?:(?:the |full |official |original )?"
    r"(?:papers?|pdf|arxiv|links?|code|abs(?:tract)?|html|project(?: page)?|web(?:site| ?page)?"
    r"|page|blog(?: post)?|doi|github|repo(?:sitory)?|data(?:set)?|slides|video|poster|demo|models?"
    r"|weights|supp\w*|bib(?:tex)?|tweet|here|talk|colab|openreview|pytorch|tensorflow"
    r"|jax|hf|hugging ?face)(?: \d+)?"
    r"|(?:arxiv:)?\s*\d{4}\.\d{4,5}(?:v\d+)?|[\w&' -]{0,20}(?:19|20)\d\d)?[\W_]*",
    re.IGNORECASE,
)
"""What a link says that is not a title."""
_BOLD: Final = re.compile(r"\*\*(?=\S)(.{1,300}?)(?<=\S)\*\*|__(?=\S)(.{1,300}?)(?<=\S)__")
_QUOTED: Final = re.compile('["“]([^"“” ]{1,50} .{6,300}?)["”]')
"""Several words in quotes; a single one is a word of a title."""
_IN_QUOTES: Final = re.compile('["“]([^"“”]*)["”]')
_BEFORE: Final = re.compile(
    r"^(?:[\s|:*_~`–—-]|\([^()]{0,30}\d[^()]{0,10}\)|\[[^\[\]]{0,30}\d[^\[\]]{0,10}\])+"
)
_AFTER: Final = " \t|:.,;*_~`([<–—-"
_BETWEEN: Final = ' \t,;")]>'
_MAX_TITLE: Final = 400
"""Characters by which a title is looked for."""
_MARKS: Final = re.compile(r"\*\*|__|`|</?\w[^<>]*>")
_BULLET: Final = re.compile(r"[\s>]*(?:(?:[-*+•]|\d{1,3}[.)])\s+)?(?:\[[ xX/-]\]\s+)?")
_LINK: Final = re.compile(
    r"!?\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\]){0,200})\]\(\s*<?(?P<url>[^\s<>()]{1,2000})>?"
    r"(?:\s+[\"'][^\n]{0,200}?[\"'])?\s*\)"
    r"|(?P<plain>(?:https?://|www\.|(?:arxiv|doi):\s{0,3}|\b10\.\d{4,9}/)(?:[^\s<>()\[\]{}|\"]|\([^\s()]*\))+"
    r"|(?<![\d.])\d{4}\.\d{4,5}(?:v\d+)?(?!\.?\d)"
    r"|(?<![\w./-])[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?/\d{7}(?:v\d+)?(?![\w/]))",
    re.IGNORECASE,
)
"""What may name a paper in a line of other words."""
_CELL: Final = re.compile(r"[|\t]")
_ADDRESS: Final = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
_WORD: Final = re.compile(r"\w+")
_SENTENCE_GOES_ON: Final = re.compile(r"[\s,)\]]*(?!(?:by|via|from|in|at) )[a-z]{2}")
"""What follows an identifier within a sentence: the words before it are no title."""


@dataclass(frozen=True, slots=True)
class NamedPaper:
    """A paper that a line names."""

    name: str
    """Its first identifier in normal form, ``arXiv:1706.03762``, else its address."""
    identifiers: tuple[str, ...] = ()
    """As they are spelled, but ``arXiv:`` is ahead of a bare number."""
    title: str = ""
    """What stands beside it; empty if nothing does."""

    @property
    def line(self) -> str:
        """A line that names it."""
        return f"{self.title} {self.name}".lstrip()


def identifier_name(text: str) -> str:
    """An identifier in normal form, ``arXiv:…`` or ``doi:…``; empty if it is none."""
    if arxiv := arxiv_id(text):
        return f"arXiv:{arxiv[0]}"
    publisher = doi(text)
    return f"doi:{publisher}" if publisher else ""


def papers_in(line: str) -> list[NamedPaper]:
    """The papers that a line names by identifiers, once each, in order.

    An arXiv identifier and a DOI beside a title are one paper. Of several of one kind, each has
    only the title that its own link says.
    """
    if name := identifier_name(line):
        return [NamedPaper(name, (_spelled(line.strip()),))]
    links = _links(line)
    papers: dict[str, NamedPaper] = {}
    for link in links:
        spelling = _spelling(link)
        if name := identifier_name(spelling):
            paper = papers.get(name, NamedPaper(name))
            identifiers = (*paper.identifiers, _spelled(spelling))
            papers[name] = NamedPaper(name, identifiers, paper.title or _title_of_link(link))
    if not papers or len({name.partition(":")[0] for name in papers}) < len(papers):
        return list(papers.values())
    title = title_beside(line, links)
    if not title:
        return list(papers.values())
    identifiers = tuple(each for paper in papers.values() for each in paper.identifiers)
    return [NamedPaper(next(iter(papers)), identifiers, title)]


def address_in(line: str) -> NamedPaper | None:
    """The only address of the web in a line that also has a title; ``None`` without one."""
    links = _links(line)
    addresses = {url for url in map(_spelling, links) if _ADDRESS.fullmatch(url)}
    title = title_beside(line, links) if len(addresses) == 1 else ""
    return NamedPaper(addresses.pop(), title=title) if title else None


def title_beside(line: str, links: Sequence[re.Match[str]]) -> str:
    """The title of a line with links that name papers; empty if it has none."""
    if title := title_of(line, links):
        return title
    bullet = _BULLET.match(line)
    first, *others = _between(line, links, bullet.end() if bullet else 0)
    place, text = next(
        ((place, each) for place, each in enumerate((first, *others)) if is_title(_bare(each))),
        (0, ""),
    )
    goes_on = any(map(_SENTENCE_GOES_ON.match, others[place:]))
    return "" if goes_on else _title_in(text)


def title_of(line: str, links: Sequence[re.Match[str]]) -> str:
    """The title that a line has in a link, in bold or in quotes; empty if it has none there.

    Args:
        links: The links in it, with what they say as the group ``text``.
    """
    if title := next(filter(None, map(_title_of_link, links)), ""):
        return title
    if (match := _BOLD.search(line)) and is_title(title := plain(match[1] or match[2])):
        return title
    match = _QUOTED.search("".join(_between(line, links)))
    return plain(match[1]) if match else ""


def is_title(text: str) -> bool:
    """Whether what a link says is a title, and not what it leads to."""
    return not _NO_TITLE.fullmatch(text)


def plain(text: str) -> str:
    """A text without Markdown, and without a date or venue in brackets ahead of it."""
    text = _BEFORE.sub("", _MARKS.sub("", text[:_MAX_TITLE]))
    text = text.rstrip(_AFTER).strip()
    quoted = _IN_QUOTES.fullmatch(text)
    return quoted[1].strip() if quoted else text


def _links(line: str) -> list[re.Match[str]]:
    """What may name a paper, without numbers such as prices."""
    links = _LINK.finditer(line)
    return [
        link
        for link in links
        if not _spelling(link)[:1].isdigit() or identifier_name(_spelling(link))
    ]


def _spelling(link: re.Match[str]) -> str:
    return (link["url"] or link["plain"]).rstrip(".,;:'*_")


def _spelled(identifier: str) -> str:
    """An identifier that does not need to stand alone to be known as one."""
    return identifier if "/" in identifier or ":" in identifier else f"arXiv:{identifier}"


def _title_of_link(link: re.Match[str]) -> str:
    """The title that a link says; empty if it is an image, or says only what it leads to."""
    title = plain(link["text"] or "")
    return title if title and not link[0].startswith("!") and is_title(title) else ""


def _between(line: str, links: Sequence[re.Match[str]], start: int = 0) -> list[str]:
    """What stands before, between and after the links of a line."""
    ends = [start, *(link.end() for link in links)]
    starts = [*(link.start() for link in links), len(line)]
    return [line[end:start] for end, start in zip(ends, starts, strict=True)]


def _bare(text: str) -> str:
    """A text beside a link without the signs that part the two."""
    bare = text.lstrip(_BETWEEN)
    is_opened = bare.count('"') % 2 and text[: -len(bare)].endswith('"')
    return plain(f'"{bare}' if is_opened else bare)


def _title_in(text: str) -> str:
    """The title beside a link; empty if it is hardly one, such as ``see also``."""
    title = next(filter(is_title, map(_bare, _CELL.split(text))), "")
    words = len(_WORD.findall(title))
    capitals = sum(char.isalnum() and not char.islower() for char in title)
    return title if words > 2 or (words == 2 and capitals) or capitals > 1 else ""
