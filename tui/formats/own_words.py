"""The words of a user in lines that papers-tui writes.

They are found by comparing words, as formatters wrap lines, and spell quotation marks, dashes,
emphasis and escapes in their own way.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from tui.formats.markdown_text import escape, inline_tokens, paragraph
from tui.model.describe import MOST_NAMES, names
from tui.model.facts import Facts
from tui.model.fields import Field
from tui.model.latex import latex_to_text
from tui.model.paper import SEARCH, Paper
from tui.model.state import Status
from tui.model.text import MAX_TEXT, sanitize
from tui.model.words import fold

if TYPE_CHECKING:
    from markdown_it.token import Token

COMMENT: Final = re.compile(r"<!-- (?:(?:pt:\S+|papers-tui:(?:begin|end [0-9a-f]{12})) )?-->")
"""A comment of ours, or the empty one with which pandoc separates lists."""
_FACT: Final = re.compile(
    r"(?:\d{4}(?:-\d\d){0,2}|▲ ?[\d,]+|(?:from )?[\d,]+ (?:upvote|comment|author|code star|source)"
    r"s?|★|v\d+|`[^`]+`|#\S+)(?:\s+|$)"
)
"""A fact of a list but its status, and the space after it."""
STATUSES: Final = frozenset(map(str, Status))
"""The words for a status."""
_IGNORED: Final = {ord(mark): None for mark in "*_~\\`'\"“”‘’«»-‐‑–—.…"}
"""What formatters write in different ways."""


def source_of(tokens: Iterable["Token"]) -> str:
    """A text as Markdown in one line: with the addresses of its links, without our comments."""
    parts: list[str] = []
    address = ""
    for token in tokens:
        match token.type:
            case "softbreak" | "hardbreak":
                parts.append(" ")
            case "link_open":
                is_bare = token.markup == "autolink"
                address = ">" if is_bare else f"]({token.attrs.get('href', '')})"
                parts.append("<" if is_bare else "[")
            case "link_close":
                parts.append(address)
            case "image":
                parts.append(f"![{token.content}]({token.attrs.get('src', '')})")
            case "code_inline":
                parts.append(f"`{token.content}`")
            case "html_inline":
                parts.append(COMMENT.sub("", token.content))
            case _:
                parts.append(token.content or token.markup)
    return " ".join("".join(parts).split())


def around_link(tokens: Sequence["Token"]) -> tuple[str, str, str, int]:
    """The parts of a line with a link.

    Returns:
        What is before the first link, in it, and after it; all is in it if there is none. And
        the number of line ends before the words after it.
    """
    opened = next((n for n, token in enumerate(tokens) if token.type == "link_open"), None)
    if opened is None:
        return "", source_of(tokens), "", 0
    closed = next(n for n, token in enumerate(tokens) if token.type == "link_close")
    after = tokens[closed + 1 :]
    first = next((n for n, token in enumerate(after) if added(source_of([token]), ())), 0)
    until = tokens[: closed + 1 + first]
    breaks = (token.type in ("softbreak", "hardbreak") for token in until)
    return (
        source_of(tokens[:opened]),
        source_of(tokens[opened + 1 : closed]),
        source_of(after),
        sum(breaks),
    )


def read_again(markdown: str) -> str:
    """A line of Markdown as ``source_of`` returns it."""
    return source_of(inline_tokens(markdown))


def added(text: str, known: Iterable[str]) -> str:
    """What was added to a text: all from its first word that is new to the last one.

    Args:
        text: As it is now.
        known: What it may have been, the most likely first.

    Returns:
        Some words; empty if there are none, whatever was deleted.
    """
    words = text.split()
    places = [(place, form) for place, word in enumerate(words) if (form := _form(word))]
    forms = [form for _, form in places]
    span: tuple[int, int] | None = None
    for each in known:
        if each == text:
            return ""
        start, end = _differing(forms, [form for word in each.split() if (form := _form(word))])
        if start == end:
            return ""
        span = span or (start, end)
    start, end = span or (0, len(places))
    return " ".join(words[places[start][0] : places[end - 1][0] + 1]) if places else ""


def _form(word: str) -> str:
    """A word as it is compared; empty for what formatters may add."""
    return fold(word).translate(_IGNORED)


def _differing(forms: Sequence[str], known: Sequence[str]) -> tuple[int, int]:
    """The part of the words that the known ones do not have, between what begins and ends both."""
    most = min(len(forms), len(known))
    start = next((n for n in range(most) if forms[n] != known[n]), most)
    most -= start
    end = next((n for n in range(most) if forms[-1 - n] != known[-1 - n]), most)
    return start, len(forms) - end


def fact_parts(line: str) -> Iterator[str]:
    """What is between the dots in a line of facts, and between commas in what is all facts."""
    for part in line.split(" · "):
        phrases = [phrase.strip() for phrase in part.split(",")]
        are_facts = (each.casefold() in STATUSES or _FACT.fullmatch(each) for each in phrases)
        yield from phrases if all(are_facts) else (part,)


def beside_facts(text: str, known: Collection[str] = ()) -> str:
    """What a user wrote into the line of the facts.

    Args:
        text: The line, or a paragraph.
        known: The facts that a list does not have.
    """
    rests: list[str] = []
    for part in fact_parts(" ".join(text.replace("\\\n", "\n").split())):
        phrase, place = part.strip("· "), 0
        if phrase.casefold() in STATUSES:  # as a word among others is none
            continue
        while match := _FACT.match(phrase, place):
            place = match.end()
        rest = phrase[place:].strip()
        rests.append(min([rest, *(added(phrase, (each.strip("· "),)) for each in known)], key=len))
    return " · ".join(filter(None, rests))


def own_addresses(text: str, paper: Paper) -> str:
    """What is in the line of the addresses of a paper, and is none of them."""
    known = {paper.link, *(url for record in (paper, *paper.records) for url in record.urls)}
    words = (word for word in text.split() if word.strip("<>\\") not in known)
    return " ".join(word for word in words if not word.startswith(f"<{SEARCH}"))


def own_link(link: str, paper: Paper) -> str:
    """The address that a user put after the title of a paper; empty if it is ours."""
    records = (paper, *paper.records)
    known = {paper.link, *(url for record in records for url in record.urls)}
    ids = {id for record in records for id in (record.arxiv, record.doi) if id}
    is_ours = link.startswith(SEARCH) or any(unquote(link).endswith(f"/{id}") for id in ids)
    is_ours = is_ours or unquote(link) in map(unquote, known)
    return "" if is_ours or not link else f"<{link}>"


def byline(paper: Facts) -> str:
    """The first authors in a line of facts: ``by Ada Lovelace et al.``; empty if none is known.

    Without what is a fact itself, such as a tag.
    """
    by = " ".join(names(paper, MOST_NAMES).translate(_NO_FACTS).split())
    return f"by {by}" if by else ""


def without_byline(text: str) -> str:
    """A line of facts without its authors, of which ``own_facts`` tells what is new."""
    return _BYLINE.sub("", text)


_NO_FACTS: Final = str.maketrans("·`#★", "    ")
_BYLINE: Final = re.compile(r"·\s+by\s[^·`#★]*")


def own_facts(text: str, paper: Paper) -> str:
    """The date, version and numbers in a line of facts, if the paper never had them.

    And what is beside the names of its authors.
    """
    phrases = map(str.strip, without_byline(text).split(" · "))
    own = [phrase for phrase in phrases if _is_changed(phrase, paper)]
    if match := _BYLINE.search(text):
        known = [byline(record) for record in (paper, *paper.records)]
        own.append(added(match[0].strip("· \n"), [*known, *(read_again(escape(k)) for k in known)]))
    return " · ".join(filter(None, own))


def _is_changed(phrase: str, paper: Paper) -> bool:
    records = (paper, *paper.records)
    if _DATE.fullmatch(phrase):
        return not any(str(record.published).startswith(phrase) for record in records)
    if version := _VERSION.fullmatch(phrase):
        return int(version[1]) not in paper.versions
    number = _NUMBER.fullmatch(phrase)
    if number is None:
        return False
    field = _COUNTED["upvote" if number[1] else number[3].removesuffix("s")]
    known = {str(getattr(record, field)) for record in records}
    return number[2].replace(",", "") not in known


_DATE: Final = re.compile(r"\d{4}(?:-\d\d){0,2}")
_VERSION: Final = re.compile(r"v(\d{1,3})")
_COUNTED: Final = {
    field.row.noun: field.row.path.removeprefix("paper.")
    for field in (Field.UPVOTES, Field.COMMENTS, Field.AUTHORS, Field.CODE_STARS)
}
"""The numbers of a paper by their nouns."""
_NUMBER: Final = re.compile(rf"(▲ ?)?([\d,]+)(?(1)| ({'|'.join(_COUNTED)})s?)")


def titles(paper: Paper) -> Iterator[str]:
    """The titles of a paper, the present one first, as another import may have had another."""
    yield sanitize(paper.display_title)
    yield read_again(escape(paper.display_title))
    for record in paper.records:
        yield read_again(escape(latex_to_text(record.title)))


def abstracts(paper: Paper, parts: Sequence[Callable[[str], str]] = (str,)) -> Iterator[str]:
    """The abstracts of a paper as they may have been exported, the present one first.

    Args:
        parts: What an export may have had of each, the most likely first.
    """
    yield sanitize(parts[0](paper.display_abstract), MAX_TEXT)
    texts = [paper.display_abstract]
    texts += [latex_to_text(record.abstract) for record in paper.records if record.abstract]
    for text in texts:
        for part in parts:
            yield read_again(paragraph(part(text)))
