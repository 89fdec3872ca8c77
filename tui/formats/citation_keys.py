"""Citation keys: the names by which documents cite papers, made from a template."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final

from tui.errors import UsageError
from tui.formats.bibliography import split_name
from tui.model.paper import Paper
from tui.model.text import sanitize
from tui.model.words import fold, words

TEMPLATE: Final = "{author}{year}{word}{hash}"
"""The default template of citation keys."""
_PLACEHOLDER: Final = re.compile(r"\{(\w*)\}")
_OTHER: Final = re.compile(r"[^A-Za-z0-9:._/+-]")
"""What no program of citations takes in a key; the comma, blank and brace end it in BibTeX."""


def _author(paper: Paper) -> str:
    """The family name of the first author."""
    if not paper.authors:
        return ""
    return _in_ascii("".join(words(split_name(paper.authors[0]).family)[-1:]))


_LONG_WORD: Final = re.compile("[A-Za-z0-9]{4,}")


def _word(paper: Paper) -> str:
    """The first word of the title of more than three letters; empty if there is none."""
    title = paper.display_title
    if title.isascii():  # then it need not be divided, which takes several times as long
        match = _LONG_WORD.search(title)
        return match[0].lower() if match else ""
    return _in_ascii(next((word for word in words(title) if len(word) > 3), ""))


def _in_ascii(word: str) -> str:
    """The letters and digits of a folded word that are ASCII."""
    return word if word.isascii() else re.sub("[^a-z0-9]", "", fold(word))


_PARTS: Final[Mapping[str, Callable[[Paper], str]]] = {
    "author": _author,
    "Author": lambda paper: _author(paper).capitalize(),
    "year": lambda paper: str(paper.published.year) if paper.published else "",
    "word": _word,
    "Word": lambda paper: _word(paper).capitalize(),
    "arxiv": lambda paper: paper.arxiv or "",
    "hash": lambda paper: paper.key.rsplit("-", 1)[-1][:4],
}
"""What stands for the placeholders of a template, in ASCII; empty if unknown."""
PLACEHOLDERS: Final = tuple(_PARTS)


@lru_cache(maxsize=16)
def _compiled(template: str) -> tuple[str, tuple[Callable[[Paper], str], ...]]:
    """A template with ``%s`` for each of its placeholders, and what these stand for."""
    parts = tuple(_PARTS[name] for name in _PLACEHOLDER.findall(template))
    return _PLACEHOLDER.sub("%s", template.replace("%", "%%")), parts


def check_template(template: str) -> str:
    """The template, if each paper gets a key from it.

    Raises:
        UsageError: If it has an unknown placeholder, none at all, or a character that a citation
            key cannot have.
    """
    names = _PLACEHOLDER.findall(template)
    unknown = [name for name in names if name not in PLACEHOLDERS]
    hint = f"Use {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}, and letters and digits."
    if unknown:
        raise UsageError(f"Unknown placeholder: {{{sanitize(unknown[0], 40)}}}", hint)
    if not names or _OTHER.search(_PLACEHOLDER.sub("", template)):
        raise UsageError(f"Not a template for citation keys: {sanitize(template, 60)}", hint)
    return template


def known_key(value: object) -> str | None:
    """A value of any type as a citation key; ``None`` if it is none, or an address or a number."""
    if not isinstance(value, str) or len(value) > _MAX_KEY or "//" in value:
        return None
    return value if not _OTHER.search(value) and _LETTER.search(value) else None


_MAX_KEY: Final = 200
_LETTER: Final = re.compile("[A-Za-z]")


def citation_key(paper: Paper, template: str = "") -> str:
    """The citation key of a paper: ``lovelace2024notes1a2b``.

    Without a template, what it was cited by where it comes from, else that of ``TEMPLATE``.

    Keys of two papers can be equal if they do not come from a template with a ``{hash}``; see
    ``citation_keys``.
    """
    if not template and (key := known_key(paper.citation_key)):
        return key
    pattern, parts = _compiled(template or TEMPLATE)
    key = pattern % tuple([part(paper) for part in parts])
    if not _LETTER.search(key) and _NAMING.search(template) and "{hash}" not in template:
        key = _name_in_ascii(paper, template, key)
    if key.isalnum() and key.isascii():  # as most are
        return key
    return _OTHER.sub("", key).strip(":._/+-") or _PARTS["hash"](paper)


def _name_in_ascii(paper: Paper, template: str, key: str) -> str:
    """A citation key for a paper whose author and title have no Latin letters as far as asked for.

    It begins with the first Latin word of the title, or is an identifier.

    Args:
        paper: The paper.
        template: That of the key.
        key: The key by the template, such as a year.
    """
    found = _LATIN.findall(fold(paper.display_title))
    if word := next((word for word in found if len(word) > 3), next(iter(found), "")):
        return (word.capitalize() if _NAMING.findall(template)[0].istitle() else word) + key
    if paper.arxiv:
        return f"arxiv{paper.arxiv}"
    return f"doi{paper.doi.partition('/')[2]}" if paper.doi else key


_NAMING: Final = re.compile("(?<={)(?:[Aa]uthor|[Ww]ord)(?=})")
_LATIN: Final = re.compile("[a-z][a-z0-9]+")


def citation_keys(papers: Iterable[Paper], template: str = "") -> dict[str, str]:
    """Citation keys by the keys of the papers, each only once.

    Of several papers with one citation key, the one that was imported first has it, and the others
    get part of a hash. So a key stays when papers are added, whatever is exported with it; hence
    the papers are to be all of the library.
    """
    keys: dict[str, str] = {}
    given: set[str] = set()
    for paper in sorted(papers, key=lambda paper: (paper.imports[:1], paper.key)):
        key = citation_key(paper, template)
        if key in given:
            key = f"{key}-{paper.key.rsplit('-', 1)[-1]}"
        given.add(key)
        keys[paper.key] = key
    return keys
