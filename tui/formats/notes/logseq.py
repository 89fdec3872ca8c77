r"""Notes for Logseq: properties in the first block, and below them an outline.

What Logseq reads of it was tried with its parser (mldoc): that takes ``\[`` ... ``\]`` for
mathematics, so no bracket that closes is escaped, and keeps line ends, so there are no hard breaks.
The lines that Logseq adds to blocks, and priorities, are kept; checksums are of the outline without
them.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import unquote

from tui.errors import InputError, WholeFileError
from tui.formats import checklist, markdown_text
from tui.formats.exporters import markdown
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
    overwritten,
    own_words,
    tags_in_facts,
    tags_with_own,
    with_label,
    with_typed_status,
)
from tui.formats.notes.front_matter import FRONT, is_text, plain_values
from tui.formats.notes.note_blocks import from_blocks, to_blocks
from tui.formats.notes.outline import (
    MARKERS,
    Block,
    front_of,
    names_in,
    outlined,
    parse,
    properties_of,
    render,
    subtree,
    with_hyphens,
    without_logseq,
)
from tui.formats.own_words import added, read_again, titles
from tui.model.describe import UPVOTED, facts
from tui.model.fields import Detail
from tui.model.paper import Paper
from tui.model.state import ExportedState, Item, Status
from tui.model.text import sanitize

PART: Final = "block"
_MARKERS: Final = {
    "TODO": Status.UNREAD,
    "DOING": Status.READING,
    "DONE": Status.READ,
    "CANCELED": Status.DISMISSED,
}
_READ_MARKERS: Final = {
    **dict.fromkeys(MARKERS, Status.UNREAD),
    **_MARKERS,
    **dict.fromkeys(("NOW", "IN-PROGRESS"), Status.READING),
    "CANCELLED": Status.DISMISSED,
}
_MARKER_OF: Final = {status: marker for marker, status in _MARKERS.items()}
_MARKER: Final = re.compile(rf"(?:#{{1,6}} +)?(?:({'|'.join(_READ_MARKERS)})(?: +|$))?")
"""How a title begins; it may have lost its marker."""
_LINK: Final = re.compile(r"\[\[([^\[\]]*)\]\]")
_QUOTE: Final = re.compile("(> ?)")
_HASHTAG: Final = re.compile(r"(?<!\S)\\?#(?:\[\[(.+?)\]\]|(\S+))")
_PLAIN_TAG: Final = re.compile(r"[\w/-]+")


def key_of(text: str) -> str | None:
    """The key of the paper of a note."""
    return properties_of(text).get(KEY) or None


def list_of(text: str) -> str | None:
    """The id of the list of a note."""
    return properties_of(text).get(LIST) or None


def page_name(text: str, stem: str) -> str:
    """The name by which links name a note: its property title, else that of its file."""
    title = properties_of(text).get("title")
    return title or unquote(stem.replace("___", "/"))


def managed_sum(text: str) -> str:
    """The checksum of the managed lines."""
    return markdown.managed_sum(_without_logseq(text))


def _without_logseq(text: str) -> str:
    """A note without the lines that Logseq added to its managed lines."""
    return markdown.with_block(_page(text), lambda block: without_logseq(block) + "- ")


def _page(text: str) -> str:
    """A page with the line ends of Unix and our bullets."""
    return with_hyphens(text.replace("\r\n", "\n"))


def links(names: Iterable[str]) -> Iterable[str]:
    """Links to notes by their names; a page may be in a namespace."""
    return (f"[[{name}]]" for name in names)


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

    def others_in(blocks: Sequence[Block]) -> Sequence[str]:
        return _managed(blocks, item.paper, (*lists, *known_lists))[1].others

    blocks, properties = list(_blocks(item, lists)), dict(_properties(item))
    return _merged(
        properties, blocks, existing, others_in, pulled=pulled, known_tags=known_tags, force=force
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
    """The note of a list; it has no markers, as each would be a task. See ``NoteFormat``."""
    blocks = [Block(0, [f"> {paragraph(description)}"])] if description else []
    blocks += [Block(0, [f"[[{page}]]"]) for _, page in notes]
    properties = {"tags": "reading-list", LIST: sanitize(id)}
    present = managed_sum(existing or "")  # which may be replaced, as it only repeats
    force = force or is_cut(existing or "", parts(existing or "")[2])
    pages = {*known, *(page for _, page in notes)}
    others_in = partial(_others_in_index, description, pages)
    return _merged(properties, blocks, existing, others_in, pulled=present, force=force)


def _merged(
    properties: dict[str, str],
    blocks: Sequence[Block],
    existing: str | None,
    others_in: Callable[[Sequence[Block]], Sequence[str]],
    *,
    pulled: str = "",
    known_tags: Collection[str] = (),
    force: bool,
) -> str:
    block = render([Block(0, [""]), *blocks]) + "- "
    document = markdown.Document((), [block.encode()])
    existing = _page(existing or "")
    count = existing.count(checklist.BEGIN)
    if not existing.strip() or (force and count != 1):
        own = "" if count else markdown.with_end(existing, "").rstrip()
        return _with_properties(f"{own}\n- {document.managed}\n", properties)
    if not force and markdown.cut_line(existing):
        raise WholeFileError("incomplete")
    existing = markdown.with_end(existing, document.managed)
    before = _blocks_in(markdown.managed_block(existing) or "")
    body = markdown.merge_into(
        _without_logseq(existing),
        document,
        same_list=True,
        pulled=pulled,
        force=force,
        others_in=lambda _: others_in(before),
    )
    blocks_before = dict(_known(before))
    blocks = parse(block)
    for name, each in _known(blocks):
        if earlier := blocks_before.get(name):
            each.of_logseq, each.priority = earlier.of_logseq, earlier.priority
    body = markdown.with_block(body, lambda _: render(blocks, with_logseq=True) + "- ")
    tags = (_tags_in(each.lines[0]) for each in before if each.lines[0].startswith(TAGS.strip()))
    return _with_properties(body, properties, frozenset(known_tags).union(*tags))


def _blocks_in(text: str) -> list[Block]:
    """The blocks of managed lines."""
    return parse(with_label(text, r"[ \t]*- "))


def _known(blocks: Iterable[Block]) -> Iterator[tuple[tuple[str, int], Block]]:
    """Blocks by their kinds, and how many of that kind are above."""
    counts = Counter[str]()
    for block in blocks:
        kind = _kind(block)
        yield (kind, counts[kind]), block
        counts[kind] += 1


def _kind(block: Block) -> str:
    """What tells a block from the others, whatever its values are."""
    first = block.lines[0]
    for name, is_it in (
        ("title", block.depth == 0 and _marker_of(first)),
        ("note", NOTE.match(first)),
        (TAGS, first.startswith(TAGS.strip())),
        (LISTS, first.startswith(LISTS)),
        ("quote", first.startswith(">")),
        ("links", first and is_links(first)),
        ("facts", block.depth == 1 and checklist.is_facts(first)),
    ):
        if is_it:
            return name
    return first


def _others_in_index(
    description: str, pages: Collection[str], blocks: Sequence[Block]
) -> Sequence[str]:
    """What a user wrote in the note of a list: all but its description and our links."""
    others: list[list[Block]] = []
    for each in blocks[1:]:
        first = each.lines[0]
        if first.startswith("> "):
            known = read_again(paragraph(description))
            others.append(_beside(each, added(read_again(first[2:]), [known])))
        else:
            link = _LINK.fullmatch(each.text)
            others.append([] if link and link[1] in pages else [each])
    return [subtree(each) for each in others if each]


def _properties(item: Item) -> Iterator[tuple[str, str]]:
    """The names and values of the properties; the status is the marker of the title."""
    paper, state = item.paper, item.state
    if paper.authors:
        yield "authors", ", ".join(author_links(paper))
    if paper.arxiv:
        yield "arxiv", paper.arxiv
    if paper.doi:
        yield "doi", _quoted(paper.doi)
    yield "url", paper.link
    if paper.published:
        yield "published", paper.stated_date
    yield "starred", str(state.starred).lower()
    yield "tags", ", ".join(["paper", *state.tags])
    yield KEY, paper.key


def _quoted(value: str) -> str:
    """A value that is one text; of one without quotes, parts would be pages."""
    return f'"{value}"' if re.search(r"[,，#]|\[\[", value) and '"' not in value else value


def _blocks(item: Item, lists: Sequence[str]) -> Iterator[Block]:
    paper, state = item.paper, item.state
    yield Block(0, [f"{_MARKER_OF[state.status]} {_escape(paper.display_title)}"])
    phrases = [*facts(item, Detail.FULL, UPVOTED), *(["★"] if state.starred else [])]
    if phrases:
        yield Block(1, [_escape(" · ".join(phrases))])
    if state.tags:
        yield Block(1, [TAGS + " ".join(map(_hashtag, state.tags))])
    yield Block(1, [" ".join(f"<{url}>" for url in dict.fromkeys([paper.link, *paper.urls]))])
    if lists:
        yield Block(1, [LISTS + ", ".join(links(lists))])
    yield from to_blocks(state.note or "")
    if paper.abstract:
        yield Block(1, ["> " + paragraph(paper.display_abstract)])


def _escape(text: str) -> str:
    return markdown_text.escape(text).replace(r"\]", "]")


def paragraph(text: str) -> str:
    """A text in one line, escaped."""
    return markdown_text.paragraph(text).replace(r"\]", "]")


def _hashtag(tag: str) -> str:
    return f"#{tag}" if _PLAIN_TAG.fullmatch(tag) else f"#[[{tag}]]"


def parts(text: str) -> tuple[Collection[str], str, str]:
    """See ``NoteFormat``; an empty line keeps what is below from being taken for properties.

    Properties in YAML, which Logseq shows as text, are written as it has them.
    """
    yaml = FRONT.match(text)
    if yaml and not is_text(yaml[1]):
        values = plain_values(yaml[1]).items()
        lines = (f"{name.replace(' ', '-')}:: {value}".rstrip() + "\n" for name, value in values)
        text = "".join(lines) + text[yaml.end() :]
    front, end = front_of(text)
    return [name.casefold() for name, _ in front], text[:end], f"\n{outlined(text[end:])}"


def _with_properties(
    text: str, properties: Mapping[str, str], managed_tags: frozenset[str] = frozenset()
) -> str:
    """A note with its properties updated; those of the user, and their order, stay."""
    front, end = front_of(text)
    written = dict(properties)
    if (listed := properties_of(text).get("tags")) is not None:
        tags = written["tags"].split(", ")
        written["tags"] = ", ".join(tags_with_own(tags, names_in(listed), managed_tags))
    lines = [f"{name}:: {written.pop(name.casefold(), value)}".rstrip() for name, value in front]
    lines += [f"{name}:: {value}" for name, value in written.items()]
    rest = text[end:]
    return "\n".join(lines) + "\n" + ("" if rest.startswith("\n") else "\n") + rest


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
    """See ``NoteFormat``; the status is the marker of the title."""
    text = _page(text)
    checklist.refuse_conflict(text)
    names = [name.casefold() for name, _ in front_of(text)[0]]
    for number, name in enumerate(names):
        if name in names[:number]:
            hint = "Delete one of the two."
            raise InputError(f"A property twice: {name}, line {number + 1}", hint)
    properties = properties_of(text)
    tags = tuple(names_in(properties["tags"])) if "tags" in properties else None
    status, managed, sum = None, None, managed_sum(text)
    is_read = sum == read_sum
    if (block := markdown.unread_block(text, sum, read_sum)) is not None:
        status, managed = _managed(_blocks_in(block), paper, known_lists)
    starred = properties.get("starred", "")
    typed = Properties.of(starred, tags, lambda name: names.index(name) + 1)
    content = content_of(typed, managed, base, shown, is_read=is_read)
    values = {name: value.strip('"') for name, value in properties.items() if name != "title"}
    problems = (*cut_problems(text), *content.problems)
    content = replace(content, overwritten=overwritten(values, paper), problems=problems)
    box = base.box if status is None or is_read else BOXES[str(status)]
    content = replace(content, state=replace(content.state, box=box))
    return with_typed_status(content, managed, base, shown, text)


def _tags_in(line: str) -> frozenset[str]:
    return frozenset(match[1] or match[2] for match in _HASHTAG.finditer(line))


def _managed(
    blocks: Sequence[Block], paper: Paper, lists: Collection[str]
) -> tuple[Status | None, Managed]:
    """The status and what else managed lines say.

    Args:
        blocks: What is between the comment lines; see ``outline.parse``.
        paper: The paper.
        lists: See ``own_words``.
    """
    begin, *blocks = blocks
    title = _index(blocks, _MARKER, _escape(paper.display_title))
    firsts = [block.lines[0] for block in blocks]
    facts = None if title is None else facts_in(firsts[title + 1 :], paper)
    abstract = _index(blocks, _QUOTE, paragraph(paper.display_abstract))
    tags: frozenset[str] | None = None
    is_starred: bool | None = None
    statuses = frozenset[str]()
    note: list[Block] = []
    others = [[Block(0, begin.lines[1:])]] if begin.lines[1:] else []
    above: tuple[int, list[Block]] | None = None
    """The depth of a block of the note or of the user, and all that is below it."""
    for number, block in enumerate(blocks):
        first = block.lines[0]
        if above is not None and block.depth > above[0]:
            above[1].append(block)
            continue
        above = None
        if first.startswith(TAGS.strip()):
            tags = (tags or frozenset()) | _tags_in(first)
            others.append(_beside(block, own_words(first, paper, lists)))
        elif title is not None and facts is not None and number == title + 1 + facts:
            is_starred = "★" in first
            statuses = checklist.statuses_of(read_again(first))
            if typed := frozenset(tags_in_facts(first, paper)):
                tags = (tags or frozenset()) | typed
            others.append(_beside(block, own_words(first, paper, lists)))
        elif NOTE.match(block.text):
            note.append(block)
            above = block.depth, note
        elif number == title:
            others.append(_beside(block, added(read_again(_without_marker(first)), titles(paper))))
        elif number == abstract or first.startswith((LISTS, "<http")):
            others.append(_beside(block, own_words(first, paper, lists)))
        else:
            others.append([block])
            above = block.depth, others[-1]
    marker = "" if title is None else _marker_of(blocks[title].lines[0])
    status = _READ_MARKERS.get(marker)
    return status, Managed(
        tags, is_starred, from_blocks(note), tuple(map(subtree, filter(None, others))), statuses
    )


def _beside(block: Block, words: str) -> list[Block]:
    """What a user wrote into a block of ours, and below its first line; a block, if anything."""
    lines = [*([words] if words else []), *block.lines[1:]]
    return [Block(0, lines)] if lines else []


def _index(blocks: Sequence[Block], opening: re.Pattern[str], text: str) -> int | None:
    """The number of the block that has a text after an opening, else of the first that opens so.

    None if there is none.
    """
    firsts = [each.lines[0] for each in blocks]
    same = (n for n, line in enumerate(firsts) if opening.sub("", line, count=1) == text)
    opened = (n for n, line in enumerate(firsts) if (match := opening.match(line)) and match[1])
    return next(same, next(opened, None))


def _without_marker(line: str) -> str:
    match = _MARKER.match(line)
    return line[match.end() :] if match else line


def _marker_of(line: str) -> str:
    """The marker of a block; empty if it has none."""
    match = _MARKER.match(line)
    return (match[1] if match else "") or ""
