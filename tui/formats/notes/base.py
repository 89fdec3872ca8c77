"""What the notes of all programs share: names, tags, and what a note says of its paper."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final

from tui.errors import UsageError
from tui.formats import checklist, exported_states
from tui.formats.checklist.base import LABEL
from tui.formats.exporters import markdown
from tui.formats.note_sums import is_old, markdown_sum, note_sum
from tui.formats.own_words import abstracts, added, beside_facts, own_addresses, read_again, titles
from tui.model.describe import ET_AL, UPVOTED, facts
from tui.model.fields import Detail
from tui.model.names import tag_name
from tui.model.paper import Paper
from tui.model.state import ExportedState, Item, PaperState, Status
from tui.model.text import sanitize
from tui.values import dataclass

KEY: Final = "papers-tui"
"""The property that has the key of the paper."""
LIST: Final = "papers-tui-list"
"""The property that has the id of the list that a note is about."""
TAGS: Final = "Tags: "
"""How the managed line of tags begins."""
LISTS: Final = "In: "
"""How the managed line of lists begins."""
NOTE: Final = re.compile(r"(?:(?<!\s)\s+)?(?:\*\*|__)Note:(?:\*\*|__)[ \n]*", re.IGNORECASE)
"""How the managed lines of the note begin."""
BOXES: Final = {str(status): box for box, status in exported_states.STATUS.items()}
"""The box of each status."""
_MOST_BYTES: Final = 100
"""The most bytes of a file name: some systems allow 255 bytes, synchronized ones less."""
_NAMES: Final = re.compile(r"\\?#?\[\[[^\[\]]*\]\]|\\?#\S+")
"""A tag, or a link to a note."""
_ESCAPED_LINK: Final = re.compile(r"\\?\[\\?\[([^\[\]\n\\]*)\\?\]\\?\]")
"""A link to a note, as formatters may escape it."""
_TAG: Final = re.compile(r"(?<!\S)(?:#(\S+)|`([^`]+)`)(?!\S)")
_NOT_IN_NAMES: Final = re.compile(r'[\[\]#^|\\/:*?"<>]|%(?=[0-9A-Fa-f]{2})')
"""What Obsidian, Logseq or a file system does not allow in the name of a note, or reads as more."""


def plain_name(name: str) -> str:
    """A name as a note may have it; may be empty."""
    return _NOT_IN_NAMES.sub("", sanitize(name)).strip(" .")


def link(name: str) -> str:
    """A link to another note: ``[[Ada Lovelace]]``."""
    return f"[[{_NOT_IN_NAMES.sub('', sanitize(name)).strip()}]]"


def with_plain_links(text: str) -> str:
    """A text without the escapes that formatters put into links to notes."""
    return _ESCAPED_LINK.sub(r"[[\1]]", text)


def author_links(paper: Paper) -> list[str]:
    """A link for each author, and ``et al.`` if there are more."""
    return [*map(link, paper.authors), *([ET_AL] if paper.authors_incomplete else [])]


def file_name(paper: Paper, taken: Collection[str] = ()) -> str:
    """The name of a new note: the title, with part of the key if it is taken (in any case)."""
    name = plain_name(paper.display_title) or paper.key
    while len(name.encode()) > _MOST_BYTES:
        name = name[:-1].rstrip(" .")
    if f"{name}.md".casefold() in {each.casefold() for each in taken}:
        name = f"{name} {paper.key.rsplit('-', 1)[-1]}"
    return f"{name}.md"


def list_file_name(name: str, others: Collection[str] = ()) -> str:
    """The name of the note of a list, which is none of those of papers (in any case)."""
    stem = plain_name(name) or "list"
    names = {other.casefold() for other in others}
    return f"{stem} (list).md" if f"{stem}.md".casefold() in names else f"{stem}.md"


def exported_state(state: PaperState, like: str = "") -> ExportedState:
    """What a note says of the state of a paper; see ``sum_of``."""
    tags = tuple(sorted(state.tags))
    sum = sum_of(state.note or "", like)
    return ExportedState(BOXES[str(state.status)], state.starred, tags, sum)


def sum_of(note: str, like: str = "") -> str:
    """A checksum of the note of a user, empty if there is none.

    Args:
        note: The note.
        like: Another that it is compared with, of which it is to be a kind; may be empty.
    """
    return note_sum(note) if is_old(like) else markdown_sum(note)


def with_label(block: str, mark: str = "") -> str:
    """Managed lines in which the label of the note is as we write it, if it was typed by hand.

    Args:
        block: The lines.
        mark: What is ahead of it, as a regular expression.
    """
    if re.search(rf"^{mark}(?:\*\*|__)Note:", block, re.I | re.M):
        return block
    return re.sub(rf"^({mark})(?:{LABEL}|Note:)", r"\1**Note:**", block, count=1, flags=re.I | re.M)


def is_links(text: str) -> bool:
    """Whether a paragraph has addresses as they are exported, which no note has."""
    return all(word.startswith("<http") for word in text.split())


def is_facts(text: str) -> bool:
    """Whether a line begins as that of the facts does."""
    return checklist.is_facts(text) or re.match(r"\d{4}\b|\d+ |▲", text) is not None


def facts_in(lines: Sequence[str], paper: Paper) -> int | None:
    """The number of the line of the facts; ``None`` if there is none.

    Args:
        lines: What is below the title; a user may have written above the facts.
        paper: The paper.
    """
    ours = (TAGS.strip(), LISTS, "<http")
    above = list(takewhile(lambda line: not (line.startswith(ours) or NOTE.match(line)), lines))
    alike = [number for number, line in enumerate(above) if is_facts(line)]
    same = (number for number in alike if not own_words(above[number], paper, ()))
    known = {*_facts_of(paper), "★", *map(str, Status)}
    whole = (n for n, line in enumerate(above) if known.issuperset(read_again(line).split(" · ")))
    return next(same, next(whole, 0 if 0 in alike else None))


def _facts_of(paper: Paper) -> list[str]:
    """The phrases of the line of the facts, but for star and status."""
    return facts(Item(paper, PaperState()), Detail.FULL, UPVOTED)


def own_words(text: str, paper: Paper, lists: Collection[str]) -> str:
    """What a user wrote into a line of ours, but for the title; empty if nothing.

    Args:
        text: The line; that of the facts, if it has none of the other openings.
        paper: The paper.
        lists: The names of the notes of lists; other links are the user's.
    """
    if text.startswith(">"):
        quoted = re.sub(r"(?m)^>[ \t]?", "", text)
        return added(read_again(quoted), abstracts(paper))
    if text.startswith((TAGS.strip(), LISTS)):
        is_ours = _NAMES if text.startswith(TAGS.strip()) else _links_to(lists)
        rest = is_ours.sub(" ", with_plain_links(text.partition(":")[2]))
        rest = " ".join(rest.split()).strip(" ,")
        return rest if added(rest, ()) else ""
    if text.startswith("<http"):
        return own_addresses(text, paper)
    return beside_facts(read_again(text), _facts_of(paper))


def tags_in_facts(text: str, paper: Paper) -> Iterator[str]:
    """The tags that a user wrote into the line of the facts."""
    known = {"★", *map(str, Status), *_facts_of(paper)}
    for phrase in read_again(text).split(" · "):
        if phrase not in known:
            yield from (match[1] or match[2] for match in _TAG.finditer(phrase))


def _links_to(names: Iterable[str]) -> re.Pattern[str]:
    """Links to notes, and the commas after them."""
    links = dict.fromkeys(each for name in names for each in (f"[[{name}]]", link(name)))
    return re.compile(rf"(?:{'|'.join(map(re.escape, links))}),?")


def overwritten(values: Mapping[str, str | None], paper: Paper) -> tuple[str, ...]:
    """The names of the properties that say of a paper what nothing says of it here.

    Args:
        values: The values of properties by their names.
        paper: The paper.
    """
    is_known: dict[str, Callable[[str], bool]] = {
        "title": lambda value: not added(value, titles(paper)),
        "url": lambda value: not own_addresses(value, paper),
        "published": lambda value: value in (paper.stated_date, str(paper.published)),
        "arxiv": lambda value: value == paper.arxiv,
        "doi": lambda value: value == paper.doi,
    }
    given = ((name, values.get(name)) for name in is_known)
    return tuple(name for name, value in given if value and not is_known[name](value))


_STARRED: Final = dict.fromkeys(("true", "yes", "on", "y", "1"), True) | dict.fromkeys(
    ("false", "no", "off", "n", "0"), False
)
"""What people type, much of it as YAML had it."""


@dataclass(frozen=True, slots=True)
class Properties:
    """What the properties of a note say; ``None`` for those that are missing."""

    starred: bool | None = None
    tags: tuple[str, ...] | None = None
    tags_line: int = 0
    """From 1."""
    problems: tuple[str, ...] = ()
    """What they say that cannot be taken, and what to do; a sentence each."""

    @classmethod
    def of(
        cls, starred: str, tags: tuple[str, ...] | None, line_of: Callable[[str], int]
    ) -> "Properties":
        """The properties, of which the star is as it was typed; empty if missing.

        Args:
            starred: The star.
            tags: The tags.
            line_of: Returns the line of a property, from 1.
        """
        value, problems = starred.casefold(), list[str]()
        if value and value not in _STARRED:
            what = f"unknown starred {sanitize(value, 20)}, use true or false"
            problems = [f"line {line_of('starred')}: {what}"]
        line = 0 if tags is None else line_of("tags")
        return cls(_STARRED.get(value), tags, line, tuple(problems))


@dataclass(frozen=True, slots=True)
class Managed:
    """What the managed lines of a note say."""

    tags: frozenset[str] | None = None
    """``None`` if they have no line of tags."""
    is_starred: bool | None = None
    """``None`` if they have no line of facts."""
    note: str = ""
    others: tuple[str, ...] = ()
    """The paragraphs or blocks that a user wrote between them."""
    statuses: frozenset[str] = frozenset()
    """The words for a status in the line of the facts."""


@dataclass(frozen=True, slots=True)
class NoteContent:
    """What a note says now."""

    state: ExportedState
    note: str
    others: tuple[str, ...] = ()
    """What a user wrote between the comment lines."""
    overwritten: tuple[str, ...] = ()
    """The properties that a user changed, and the next export writes again."""
    problems: tuple[str, ...] = ()
    """What cannot be taken, and what to do; a sentence each."""


def content_of(
    properties: Properties,
    managed: Managed | None,
    base: ExportedState,
    shown: ExportedState,
    tag_of: Callable[[str], str] = str,
    *,
    is_read: bool = False,
) -> NoteContent:
    """What a note says, but for the status; a property that was changed goes before its line.

    Args:
        properties: Its properties.
        managed: Its managed lines; ``None`` if they are as they were exported.
        base: What it said when it was last exported or read.
        shown: What was exported.
        tag_of: How the program spells a tag.
        is_read: Whether the managed lines were read before: of the note nothing is new.
    """
    tags, problems = base.tags, [*properties.problems]
    listed = properties.tags
    exported = {tag_of(tag) for tag in shown.tags}
    if managed is not None and managed.tags is not None:
        is_changed = listed is not None and {*listed, "paper"} != {*exported, "paper"}
        if not is_changed and managed.tags != exported:
            listed = tuple(managed.tags)
    if listed is not None:
        tags, wrong = _tags(listed, (*shown.tags, *base.tags), tag_of)
        is_property = listed is properties.tags
        place = f"line {properties.tags_line}: " if is_property else ""
        problems += [place + each for each in wrong]
    starred = base.starred if properties.starred is None else properties.starred
    if managed is not None and starred == shown.starred and managed.is_starred is not None:
        starred = managed.is_starred
    state = replace(base, starred=starred, tags=tags)
    if managed is None or is_read:
        return NoteContent(state, "", problems=tuple(problems))
    state = replace(state, note=sum_of(managed.note, base.note))
    return NoteContent(state, managed.note, managed.others, problems=tuple(problems))


def is_cut(text: str, body: str) -> bool:
    """Whether a note ends inside its managed lines, or with its properties.

    Args:
        text: The note.
        body: What is below its properties.
    """
    return markdown.cut_line(text) is not None and (checklist.BEGIN in text or not body.strip())


def cut_problems(text: str) -> Iterator[str]:
    """What is wrong with a note that lacks its managed lines or their end, and what to do."""
    if line := markdown.cut_line(text):
        is_begun = checklist.BEGIN in text
        what = "ends before its end line" if is_begun else f"no line {checklist.BEGIN} below"
        yield f"line {line}: {what}; export --force writes it whole"


def with_typed_status(
    content: NoteContent,
    managed: Managed | None,
    base: ExportedState,
    shown: ExportedState,
    text: str,
) -> NoteContent:
    """What a note says, with the status that was typed into the line of the facts.

    Args:
        content: What it says without that; a status that was changed there goes before.
        managed: See ``content_of``.
        base: See ``content_of``.
        shown: See ``content_of``.
        text: The note, of which the line of a word is told that does not count.
    """
    status = exported_states.STATUS
    typed = managed.statuses - {str(status[shown.box])} if managed else frozenset()
    box = content.state.box
    if box == shown.box and len(typed) == 1:
        return replace(content, state=replace(content.state, box=BOXES[min(typed)]))
    if others := sorted(typed - {str(status[box]), str(status[base.box])}):
        line = _line_with(others[0], text)
        what = f"the status “{status[box]}” counts, delete “{others[0]}”"
        return replace(content, problems=(*content.problems, f"line {line}: {what}"))
    return content


def _line_with(status: str, text: str) -> int:
    """The line of the facts with a word for a status, from 1."""
    lines = enumerate(text.split("\n"), 1)
    begin = next(number for number, line in lines if checklist.BEGIN in line)
    return next((n for n, line in lines if status in checklist.statuses_of(line)), begin)


def _tags(
    listed: Iterable[str], base: Iterable[str], tag_of: Callable[[str], str]
) -> tuple[tuple[str, ...], list[str]]:
    """Tags as the library has them, sorted; and those that are none, a sentence each.

    Args:
        listed: Those of the property.
        base: Those that were exported or read last, as in the library.
        tag_of: How the program spells a tag.
    """
    names = {tag_of(tag): tag for tag in base}
    own = {"paper"} - names.keys()
    tags: set[str] = set()
    problems: list[str] = []
    for tag in listed:
        if tag not in own:
            try:
                tags.add(names.get(tag) or tag_name(tag))
            except UsageError as error:
                problems.append(error.message)
    return tuple(sorted(tags)), problems


def tags_with_own(
    tags: Iterable[str],
    existing: Iterable[str],
    managed: Iterable[str],
    tag_of: Callable[[str], str] = str,
) -> list[str]:
    """The tags of the property of a note: those of the library, and a user's own after them.

    Args:
        tags: Those of the library, as the program spells them.
        existing: Those that the property has.
        managed: Those of the managed lines, which are no user's own.
        tag_of: How the program spells a tag.
    """
    tags = list(tags)
    ours = {"paper", "reading-list", *managed, *tags}

    def written(tag: str) -> str:
        """The spelling here of a tag that was pulled; any other tag as it is."""
        try:
            return tag_of(tag_name(tag))
        except UsageError:
            return tag

    return [*tags, *(tag for tag in existing if not ours & {tag, written(tag)})]
