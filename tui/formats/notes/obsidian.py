"""Notes for Obsidian, and for other programs that read Markdown with properties in YAML.

The types of the properties never change, as Obsidian has one type for each name in all notes.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from tui.errors import WholeFileError
from tui.formats import checklist, markdown_text
from tui.formats.bibliography import split_name
from tui.formats.exporters import markdown
from tui.formats.note_sums import is_old
from tui.formats.notes import user_notes
from tui.formats.notes.base import (
    BOXES,
    KEY,
    LIST,
    LISTS,
    NOTE,
    TAGS,
    Managed,
    NoteContent,
    Properties,
    author_links,
    content_of,
    cut_problems,
    facts_in,
    is_cut,
    is_links,
    link,
    overwritten,
    own_words,
    tags_in_facts,
    tags_with_own,
    with_label,
    with_plain_links,
    with_typed_status,
)
from tui.formats.notes.front_matter import (
    FRONT,
    is_broken,
    is_text,
    is_unclosed,
    items_of,
    line_of,
    properties_in,
    properties_of,
    text_of,
    value_of,
    with_end,
)
from tui.formats.own_words import added, read_again, titles
from tui.model.describe import facts_and_decision
from tui.model.layout import enumerated
from tui.model.paper import Paper
from tui.model.state import ExportedState, Item, Status
from tui.model.text import sanitize

PART: Final = "paragraph"
_OPENING: Final = re.compile(rf"\n(?={TAGS}|{LISTS}|<http|(?:\*\*|__)Note:)")
"""What ends a paragraph, as one of ours begins after it."""
_QUOTE: Final = re.compile("^>", re.M)
_LISTS: Final = re.compile(rf"{LISTS}\[\[.*\]\]")
_LINKED: Final = re.compile(r"[-*+] +\[.\] +\[\[([^\[\]]*)\]\]")
"""A paper in the note of a list."""
_NOT_IN_TAGS: Final = str.maketrans({"+": "plus", ".": "-"})
"""Obsidian's tags have letters, digits, ``_``, ``-`` and ``/`` only."""

managed_sum = markdown.managed_sum
paragraph = markdown_text.paragraph


def key_of(text: str) -> str | None:
    """The key of the paper of a note."""
    front = FRONT.match(text)
    if front and (match := re.search(rf"^{KEY}:[ \t]*[\"']?([^\s\"']+)", front[1], re.M)):
        return match[1]
    return None


def list_of(text: str) -> str | None:
    """The id of the list of a note."""
    front = FRONT.match(text)
    if front is None:
        return None
    return text_of(properties_in(front[1]).get(LIST, "")) or None


def page_name(text: str, stem: str) -> str:
    """The name by which links name a note: that of its file."""
    return stem


def tag_of(tag: str) -> str:
    """A tag as Obsidian allows it: ``c++`` is ``cplusplus``."""
    name = tag.translate(_NOT_IN_TAGS)
    return f"{name}_" if name.replace("/", "").isdigit() else name


def links(names: Iterable[str]) -> Iterable[str]:
    """Links to notes by their names."""
    return map(link, names)


# Out


def note(
    item: Item,
    lists: Sequence[str],
    existing: str | None,
    *,
    pulled: str = "",
    known_tags: Collection[str] = (),
    known_lists: Collection[str] = (),
    force: bool = False,
) -> str:
    """The text of a note; see ``NoteFormat``."""

    def others_in(block: str) -> Sequence[str]:
        return _managed(block, item.paper, (*lists, *known_lists)).others

    lines, properties = _lines(item, lists), dict(_properties(item))
    return _merged(
        properties, lines, existing, others_in, pulled=pulled, known_tags=known_tags, force=force
    )


def index(
    name: str,
    id: str,
    description: str,
    notes: Sequence[tuple[Item, str]],
    existing: str | None,
    *,
    known: Collection[str] = (),
    force: bool = False,
) -> str:
    """The text of the note of a list; see ``NoteFormat``."""
    lines = [f"# {markdown_text.escape(name)}", ""]
    if description:
        lines += [f"> {markdown_text.paragraph(description)}", ""]
    for item, page in notes:
        box = "x" if item.state.status is Status.READ else " "
        lines.append(f"- [{box}] [[{page}]]")
    properties = {"title": _yaml(sanitize(name)), "tags": _yaml(["reading-list"])}
    properties[LIST] = _yaml(sanitize(id))
    present = managed_sum(existing or "")  # which may be replaced, as it only repeats
    force = force or is_cut(existing or "", parts(existing or "")[2])
    pages = {*known, *(page for _, page in notes)}
    others_in = partial(_others_in_index, name, description, pages)
    return _merged(properties, lines, existing, others_in, pulled=present, force=force)


def _merged(
    properties: dict[str, str],
    lines: Iterable[str],
    existing: str | None,
    others_in: Callable[[str], Sequence[str]],
    *,
    pulled: str = "",
    known_tags: Collection[str] = (),
    force: bool,
) -> str:
    document = markdown.Document((), [("\n".join(lines).rstrip("\n") + "\n").encode()])
    if existing is None or not existing.strip():
        front = "".join(f"{name}: {value}\n" for name, value in properties.items())
        return f"---\n{front}---\n\n{document.managed}\n"
    if not force and (is_unclosed(existing) or markdown.cut_line(existing)):
        raise WholeFileError("incomplete")
    existing = markdown.with_end(with_end(existing), document.managed)
    body = markdown.merge_into(
        existing, document, same_list=True, pulled=pulled, force=force, others_in=others_in
    )
    return _with_properties(body, properties, existing, known_tags)


def _others_in_index(
    name: str, description: str, pages: Collection[str], block: str
) -> Sequence[str]:
    """What a user wrote in the note of a list: all but heading, description and our links."""
    others: list[str] = []
    for line in block.split("\n"):
        if line.startswith("# "):
            line = added(read_again(line[2:]), [name])
        elif line.startswith("> "):
            line = added(read_again(line[2:]), [read_again(markdown_text.paragraph(description))])
        elif (linked := _LINKED.match(plain := with_plain_links(line))) and linked[1] in pages:
            words = plain[linked.end() :]
            line = f"- {link(linked[1])}{words}" if words.strip() else ""
        others.append(line.strip())
    return list(filter(None, others))


def _properties(item: Item) -> Iterator[tuple[str, str]]:
    """The names and YAML values of the properties; JSON, as natural YAML would misread some."""
    paper, state = item.paper, item.state
    yield "title", _yaml(sanitize(paper.display_title))
    if paper.authors and paper.published:
        name = split_name(paper.authors[0], paper.family_names)
        yield "aliases", _yaml([f"{name.family} {paper.published.year}"])
    if paper.authors:
        yield "authors", _yaml(author_links(paper))
    if paper.arxiv:
        yield "arxiv", _yaml(paper.arxiv)
    if paper.doi:
        yield "doi", _yaml(paper.doi)
    yield "url", _yaml(paper.link)
    if paper.published:
        yield "published", paper.stated_date
    yield "status", _yaml(str(state.status))
    yield "starred", _yaml(state.starred)
    yield "tags", _yaml(["paper", *map(tag_of, state.tags)])
    yield KEY, _yaml(paper.key)


def _yaml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(item: Item, lists: Sequence[str]) -> Iterator[str]:
    paper, state = item.paper, item.state
    yield f"# {markdown_text.escape(paper.display_title)}"
    yield ""
    phrases = facts_and_decision(item)
    if phrases:
        yield markdown_text.escape(" · ".join(phrases))
        yield ""
    if state.tags:
        yield TAGS + " ".join(f"#{tag_of(tag)}" for tag in state.tags)
        yield ""
    yield " ".join(f"<{url}>" for url in dict.fromkeys([paper.link, *paper.urls]))
    yield ""
    if lists:
        yield LISTS + ", ".join(links(lists))
        yield ""
    if lines := user_notes.written(state.note or ""):
        yield f"**Note:** {lines[0]}".rstrip()
        yield from lines[1:]
        yield ""
    if paper.abstract:
        yield "> " + markdown_text.paragraph(paper.display_abstract)


def parts(text: str) -> tuple[Collection[str], str, str]:
    """See ``NoteFormat``."""
    front = FRONT.match(text)
    if front is None:
        return (), "", text
    return properties_in(front[1]).keys(), front[0], text[front.end() :]


def _with_properties(
    text: str, properties: Mapping[str, str], existing: str, known_tags: Iterable[str]
) -> str:
    """A note with its properties updated; those of the user, and their order, stay."""
    front = FRONT.match(text)
    if front is None or is_text(front[1]):
        lines = "".join(f"{name}: {value}\n" for name, value in properties.items())
        return f"---\n{lines}---\n\n{text}"
    parts = properties_in(front[1])
    if "tags" in parts and not is_broken(parts["tags"]):  # else the library has them
        line = re.search(rf"^{TAGS}(.*)$", existing, re.M)
        managed = [*re.findall(r"#(\S+)", line[1] if line else ""), *map(tag_of, known_tags)]
        tags = json.loads(properties["tags"])
        tags = tags_with_own(tags, items_of(parts["tags"]), managed, tag_of)
        properties = {**properties, "tags": _yaml(tags)}
    merged = parts | {name: f"{name}: {value}\n" for name, value in properties.items()}
    return text[: front.start(1)] + "".join(merged.values()) + text[front.end(1) :]


# In


def read(
    text: str,
    paper: Paper,
    base: ExportedState,
    shown: ExportedState,
    *,
    read_sum: str = "",
    known_lists: Collection[str] = (),
) -> NoteContent:
    """See ``NoteFormat``; the managed lines repeat tags and star."""
    text = text.replace("\r\n", "\n")
    checklist.refuse_conflict(text)
    properties, problems = properties_of(text), list[str]()
    for name in ("status", "starred", "tags"):
        if is_broken(properties.get(name, "")):
            del properties[name]
            what = f"the property {name} is not YAML, close its quotes and brackets"
            problems.append(f"line {line_of(text, name)}: {what}")
    problems += cut_problems(text)
    tags = tuple(items_of(properties["tags"])) if "tags" in properties else None
    starred = value_of(properties, "starred") or ""
    given = Properties.of(starred, tags, partial(line_of, text))
    managed, sum = None, managed_sum(text)
    is_read = sum == read_sum
    if (block := markdown.unread_block(text, sum, read_sum)) is not None:
        managed = _managed(block, paper, known_lists, has_escapes=is_old(base.note))
    content = content_of(
        given,
        managed,
        base,
        shown,
        tag_of,
        is_read=is_read,
    )
    values = {name: value_of(properties, name) for name in ("url", "published", "arxiv", "doi")}
    values["title"] = text_of(properties.get("title", ""))
    status = (value_of(properties, "status") or "").casefold()
    if status and status not in BOXES:
        what = f"unknown status {sanitize(status, 20)}, use {enumerated(tuple(Status))}"
        problems.append(f"line {line_of(text, 'status')}: {what}")
    content = replace(
        content,
        state=replace(content.state, box=BOXES.get(status, base.box)),
        overwritten=overwritten(values, paper),
        problems=(*problems, *content.problems),
    )
    return with_typed_status(content, managed, base, shown, text)


def _managed(
    block: str, paper: Paper, lists: Collection[str], *, has_escapes: bool = False
) -> Managed:
    """What managed lines say.

    Args:
        block: The lines; they end as on Unix.
        paper: The paper.
        lists: See ``own_words``.
        has_escapes: See ``user_notes.read``.
    """
    parts = _parts(with_label(block), has_abstract=bool(paper.abstract))
    quotes = [number for number, part in enumerate(parts) if part.startswith(">")]
    end = quotes[-1] if quotes and paper.abstract else len(parts)
    start = next((n for n, part in enumerate(parts[:end]) if NOTE.match(part)), end)
    facts = _facts(parts[:start], paper, lists)
    inside = parts[start:end]
    links = next((n for n, part in enumerate(inside) if part.strip() and is_links(part)), None)
    if links is not None and not any(map(is_links, parts[:start])):  # the note was put above them
        has_lists = _LISTS.fullmatch("".join(inside[links + 1 : links + 2]).strip()) is not None
        del inside[links : links + 1 + has_lists]
    note = user_notes.read("\n".join(inside), has_escapes=has_escapes)
    others = [*facts.others, *(own_words(part, paper, lists) for part in parts[end : end + 1])]
    others = [each.strip("\n") for each in (*others, *parts[end + 1 :])]
    return replace(facts, note=note.strip("\n"), others=tuple(filter(None, others)))


def _parts(block: str, *, has_abstract: bool) -> list[str]:
    """The paragraphs of managed lines; a line that begins one of ours is one of its own.

    From that of the note on, each but the abstract has the lines of nothing above it.
    """
    parts: list[str] = []
    for part in markdown_text.paragraphs(block):
        if any(NOTE.match(each) for each in parts):
            parts.append(part)
        else:
            pieces = _OPENING.split(part.strip("\n"))
            start = next((n for n, each in enumerate(pieces) if NOTE.match(each)), len(pieces))
            parts += [*pieces[:start], *filter(None, ["\n".join(pieces[start:])])]
    last = next((n for n, part in reversed([*enumerate(parts)]) if _QUOTE.search(part)), None)
    if has_abstract and last is not None:
        place = _QUOTE.search(parts[last])
        assert place is not None
        above, quote = parts[last][: place.start()].rstrip("\n"), parts[last][place.start() :]
        parts[last : last + 1] = [above, quote] if above else [quote]
    return parts


def _facts(parts: Sequence[str], paper: Paper, lists: Collection[str]) -> Managed:
    """What the lines above the note say."""
    tags: frozenset[str] | None = None
    is_starred: bool | None = None
    statuses = frozenset[str]()
    others: list[str] = []
    line = facts_in(parts[1:], paper)
    for number, part in enumerate(parts):
        if number == 0 and part.startswith("# "):
            title, _, below = part[2:].partition("\n")
            others += [added(read_again(title), titles(paper)), below]
            continue
        is_ours = part.startswith((TAGS.strip(), LISTS, "<http"))
        if part.startswith(TAGS.strip()):
            tags = (tags or frozenset()).union(re.findall(r"(?<!\S)\\?#(\S+)", part))
        elif line is not None and number == 1 + line:
            is_starred = bool(is_starred) or "★" in part
            statuses |= checklist.statuses_of(read_again(part))
            if typed := frozenset(tags_in_facts(part, paper)):
                tags = (tags or frozenset()) | typed
            is_ours = True
        others.append(own_words(part, paper, lists) if is_ours else part)
    return Managed(tags, is_starred, others=tuple(others), statuses=statuses)
