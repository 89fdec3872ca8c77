"""What the lines of an exported list are about, and what a user wrote into them."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from textwrap import dedent
from typing import TYPE_CHECKING, Final

from tui.errors import PapersError
from tui.formats.markdown_text import escape, paragraph
from tui.formats.own_words import (
    COMMENT,
    abstracts,
    added,
    own_addresses,
    own_facts,
    own_link,
    read_again,
    titles,
)
from tui.model.text import is_inert
from tui.model.words import words

if TYPE_CHECKING:
    from tui.formats.checklist import Checklist, Entry
    from tui.library import Library


OF_OPENREVIEW: Final = re.compile(r"https?://openreview\.net/(?:forum|pdf)\?id=[\w-]+")
"""The page of a paper on OpenReview, by which it is added."""


class Finder:
    """Finds the papers that the lines of a list are about."""

    def __init__(self, library: "Library", held: Iterable[str]) -> None:
        """Knows the papers that a list had when it was exported.

        Args:
            library: The library.
            held: Their keys.
        """
        self._library = library
        self._keys: dict[str, set[str]] = {}
        """The papers of the list by their titles and their links."""
        for key in held:
            if key in library:
                paper = library.item(key).paper
                for name in (_title_name(paper.display_title), paper.link):
                    self._keys.setdefault(name, set()).add(key)

    def find(self, entry: "Entry") -> str | None:
        """The paper of a line: by its key, else by its title or its link; ``None`` without one."""
        if entry.key:
            try:
                return self._library.resolve(entry.key)
            except PapersError:  # its comment is damaged
                return self._in_list(entry)
        return self._in_list(entry) or self._in_library(entry)

    def _in_list(self, entry: "Entry") -> str | None:
        matches = (self._keys.get(name, ()) for name in (_title_name(entry.title), entry.link))
        return next((key for keys in matches if len(keys) == 1 for key in keys), None)

    def _in_library(self, entry: "Entry") -> str | None:
        """The paper of a line that is not ours: by its title, or an identifier in its link."""
        from tui.model.identifiers import arxiv_id
        from tui.model.paper import paper_key
        from tui.query import parse

        if (key := paper_key(entry.title)) in self._library:
            return key
        if OF_OPENREVIEW.match(entry.link):
            papers = (item.paper for item in self._library.items())
            return next((p.key for p in papers if entry.link in (p.link, *p.urls)), None)
        for id, _ in filter(None, (arxiv_id(entry.link), arxiv_id(entry.title))):
            for item in self._library.select(parse(f"arxiv:{id}")):
                if item.paper.arxiv == id:
                    return item.key
        return None


def named_papers(library: "Library", text: str) -> list[str]:
    """The papers that lines name and the library lacks, as ``papers-tui add`` takes them."""
    from tui.formats.checklist import Entry
    from tui.formats.named_lines import papers_in

    papers = Finder(library, ())
    named = (paper for line in text.split("\n") for paper in papers_in(line))
    return [
        each.line
        for each in named
        if is_inert(each.line) and not papers.find(Entry(0, each.title or each.name, each.name))
    ] + [each for each in OF_OPENREVIEW.findall(text) if not papers.find(Entry(0, "", each))]


def _title_name(title: str) -> str:
    return " ".join(words(title))


def own_lines(
    library: "Library",
    read: "Checklist",
    papers: Finder,
    name: str,
    abstract: str,
    *,
    has_unknown: bool = False,
) -> list[tuple[int, str]]:
    """What a user wrote between the comment lines of an exported list.

    Args:
        library: The library.
        read: The list as it is in its file.
        papers: Finds its papers.
        name: The list, or the title of other papers.
        abstract: How much of each abstract was exported.
        has_unknown: Whether the lines of papers that are not in the library are a user's, too.

    Returns:
        Lines from 1, and their Markdown; words that stand in a line of ours are a line each.
    """
    from tui.formats.checklist import beside

    others, parts = list(read.others), _parts(abstract)
    others.append((read.line, added(read.name, _names(library, name))))
    if read.quotes:
        others.append(_in_quotes(read.quotes, "", _descriptions(library, name)))
    keys: set[str] = set()
    for entry in read.entries:
        key = papers.find(entry)
        if key is None:
            if has_unknown:
                lines = dedent(COMMENT.sub("", "\n".join(entry.source))).split("\n")
                others.append((entry.line, "\n".join(map(str.rstrip, lines)).strip("\n")))
            continue
        if key in keys and not entry.key:
            box = f"[{entry.box}] " if entry.box else ""
            others.append((entry.line, f"- {box}{entry.title}"))
            continue
        keys.add(key)
        paper = library.item(key).paper
        texts = []
        if not entry.is_bare:
            texts.append((entry.line, added(entry.title, titles(paper))))
            texts.append((entry.line, own_link(entry.link, paper)))
        texts += ((line, own_addresses(text, paper)) for line, text in entry.addresses)
        texts += ((line, own_facts(text, paper)) for line, text in entry.facts)
        if entry.quotes:
            exported = paragraph(parts[0](paper.display_abstract))
            texts.append(_in_quotes(entry.quotes, exported, abstracts(paper, parts)))
        title = paper.display_title
        others += ((line, beside(title, text)) for line, text in texts if text)
    return sorted((line, text) for line, text in others if text)


def _in_quotes(
    quotes: Sequence[tuple[int, str]], exported: str, known: Iterable[str]
) -> tuple[int, str]:
    """What a user wrote into a quote, and the line of its last paragraph.

    Args:
        quotes: Its paragraphs.
        exported: The Markdown that it most likely had.
        known: The texts that it may have had.
    """
    words = " ".join(text for _, text in quotes).split()
    if words == exported.split():  # as most are
        return 0, ""
    return quotes[-1][0], added(read_again(" ".join(words)), known)


def _names(library: "Library", name: str) -> Iterator[str]:
    """The names of a list, as it may have been renamed since it was exported."""
    yield name
    yield read_again(escape(name))
    yield from _earlier(library, name, "title", escape)
    yield from library.state.list_ids(name)


def _descriptions(library: "Library", name: str) -> Iterator[str]:
    """The descriptions of a list, the present one first."""
    if library.state.list_ids(name):
        yield read_again(paragraph(library.state.reading_list(name).description))
        yield from _earlier(library, name, "description", paragraph)


def _earlier(
    library: "Library", name: str, field: str, write: Callable[[str], str]
) -> Iterator[str]:
    """What a list had before. Cost: reads the journal."""
    ids = library.state.list_ids(name)
    for change in library.state.newest_first():
        for edit in change.edits:
            if (edit.table, edit.field) == ("lists", field) and edit.id in ids and edit.was:
                yield read_again(write(str(edit.was)))


def _parts(abstract: str) -> list[Callable[[str], str]]:
    """What an export may have had of an abstract, the most likely first."""
    from tui.formats.exporters.markdown import SHORTENED

    return [SHORTENED[part] for part in dict.fromkeys((abstract, *SHORTENED))]
