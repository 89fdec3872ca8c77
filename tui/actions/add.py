"""Adding papers by their arXiv identifiers, DOIs, addresses, or titles."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from tui.actions.context import Context, Outcome
from tui.actions.network import connect, require_write
from tui.actions.questions import Question
from tui.actions.registry import JSON, Access, Argument, action
from tui.errors import UsageError
from tui.listing.titles import papers_query
from tui.model.identifiers import arxiv_id, doi, is_title
from tui.model.imports import ADDED, Batch
from tui.model.latex import latex_to_text
from tui.model.layout import plural
from tui.model.text import normalize, sanitize
from tui.model.words import words
from tui.patterns import regex
from tui.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.library import Library
    from tui.model.imports import ImportReport
    from tui.model.paper import Paper, SourceRecord
    from tui.sources.lookup import Name

_TITLE: Final = regex(r"""["'“‘«(¿¡]?[$\\{]{0,3}[^\W_]""")
"""How a title begins, perhaps in LaTeX."""
_SUBTITLE: Final = regex(r"[:?!]\s|\s?[–—]\s?|\s-{1,3}\s")
"""The signs before a subtitle."""
_MOST_WORDS: Final = 40
_MOST_LINES: Final = 3
_MOST_SEARCHED: Final = 3
"""The most words of a title by which one that is close is searched for."""
_MOST_COMPARED: Final = 200
"""The most papers whose titles are compared with it, those with most of these words first."""
_FEWEST_WORDS: Final = 3
"""The fewest words of the beginning of a title."""
_WIDTH: Final = 20
"""The fewest characters of a line after which a title is broken."""
PAPER: Final = Argument(
    "paper",
    "an arXiv identifier, a DOI, an address, with or without a title; or a title alone",
    nargs="+",
    metavar="PAPER",
    question=lambda context: Question("Add paper", hint="arXiv id, DOI, address or title"),
    answer=str.split,
)


@action(
    "add",
    PAPER,
    JSON,
    help="add a paper by its arXiv identifier, DOI, address or title",
    group="Import",
    access=lambda options: Access(write=True, create=True, brings_papers=True),
    is_slow=True,
    on_request=True,
    keys="paper.add  +  add  add paper  add a paper by its arXiv id, DOI, address or title",
    synonyms="insert paste doi arxiv url",
)
def run_add(context: Context, paper: Sequence[str]) -> Outcome:
    """Looks papers up, and adds what is known of them.

    Raises:
        UsageError: If nothing is named.
        LibraryError: If nothing can be added here.
    """
    from tui.sources.lookup import names_of

    names = list({name.text: name for name in names_of(paper)}.values())
    require_write(context)
    entries = _add(context, [_look_up(context, name) for name in names])
    if len(entries) == 1:
        return _outcome(context, entries[0])
    if context.workspace is not None:
        return _summary(entries)
    outcomes = [_outcome(context, each) for each in entries]
    return Outcome(
        text="".join(f"{sanitize(each.message)}\n" for each in outcomes),
        data=[each.data for each in outcomes if each.data],
        notes=tuple(dict.fromkeys(note for each in outcomes for note in each.notes)),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """A paper that is named, and what became of it."""

    name: "Name"
    key: str | None
    """Its key in the library; ``None`` if it is not there, or the user removed it."""
    record: "SourceRecord | None" = None
    """The record to add; ``None`` if there is none."""
    why: str = ""
    """Why nothing but its name is known."""
    verb: str = "Already here"


def _look_up(context: Context, name: "Name") -> _Entry:
    """Looks one paper up, unless all is known of it.

    Raises:
        UsageError: If nobody knows it by what can hardly be a title.
    """
    library = context.library
    if (key := _key_of(library, name)) and library.item(key).paper.authors:
        return _Entry(name, key)
    record, why = _ask(context, name)
    if why and name.text == name.text.split()[0] and not (name.arxiv or name.doi or name.url):
        shown = sanitize(name.text, 60)
        raise UsageError(
            f"Not found: {shown}", "Type the whole title, an arXiv identifier, a DOI or an address."
        )
    if why and key and not (name.title and not is_title(library.item(key).paper.title)):
        return _Entry(name, key, why=why)
    return _Entry(name, key, record, why)


def _add(context: Context, entries: "Sequence[_Entry]") -> list[_Entry]:
    """Adds what was looked up, an import for each paper, as one change."""
    from tui.exchange.connection import joined  # here, as a start fetches nothing

    library = context.library
    pages = {each.name.text: each.key for each in entries if each.key and each.record}
    batches = [
        Batch((each.record,), f"{ADDED} {each.name.text}") for each in entries if each.record
    ]
    reports = iter(library.add_all(batches, partial(joined, pages)) if batches else ())
    return [_with_report(library, each, next(reports)) if each.record else each for each in entries]


def _with_report(library: "Library", entry: _Entry, report: "ImportReport") -> _Entry:
    """A paper with what its import brought."""
    is_new = entry.key is None and report.new
    has_news = report.new or report.merged
    return replace(
        entry,
        key=entry.key or next(iter(report.titles), None) or _key_of(library, entry.name),
        verb="Added" if is_new else "Filled in" if has_news else "Already here",
    )


def title_in(text: str) -> str:
    """The title that a pasted text can be, perhaps broken into lines; empty if it can be none."""
    lines = [line for each in text.splitlines() if (line := " ".join(each.split()))]
    title = normalize(" ".join(lines))
    has_words = 1 < len(title.split()) <= _MOST_WORDS and _TITLE.match(title) is not None
    is_broken = len(lines) <= _MOST_LINES and all(len(line) >= _WIDTH for line in lines[:-1])
    return title if has_words and is_broken else ""


def key_of_title(library: "Library", title: str) -> str | None:
    """The paper with a title, however it is spelt; ``None`` if there is none."""
    return next(_titled(library, title), None)


def key_of_close_title(library: "Library", title: str) -> str | None:
    """The paper with the same title but for a sub-title that one lacks, or has less of.

    Else the one paper whose title begins so, as the end of what was pasted may be cut.
    """
    from tui.model.identity import title_letters
    from tui.query import parse

    main, mine = _SUBTITLE.split(title, maxsplit=1)[0], title_letters(title)
    longest = sorted(dict.fromkeys(words(latex_to_text(main))), key=len)[-_MOST_SEARCHED:]
    terms = " OR ".join(f'title:"{word}"' for word in longest)
    if not terms:
        return None
    alike = library.search.select(parse(terms), lambda _: ())  # those with most words come first
    longer: list[str] = []
    for item in islice(alike, _MOST_COMPARED):
        other = item.paper.title
        theirs = title_letters(other)
        other_main = _SUBTITLE.split(other, maxsplit=1)[0]
        is_part = mine.startswith(theirs) or theirs.startswith(mine)
        if is_part and title_letters(main) == title_letters(other_main):
            return item.key
        if theirs.startswith(mine) and len(title.split()) >= _FEWEST_WORDS:
            longer.append(item.key)
    return longer[0] if len(longer) == 1 else None


def _titled(library: "Library", title: str) -> "Iterator[str]":
    """The papers with a title, but for those that the user removed."""
    keys = library.papers.titled(title)
    return (key for key in keys if not library.state.of(key).is_removed)


def missing_papers(library: "Library", text: str) -> dict[str, str]:
    """The identifiers that a query is made of, if it has no other words and any is not known.

    Args:
        text: The query; terms such as ``is:inbox``, and papers by key as they are shown after one
            was added, do not matter.

    Returns:
        For each identifier, the query that finds its paper.
    """
    from tui.query import parse

    own = ("is:", "id:", "(id:")
    words = [word for word in text.split() if not word.startswith(own) and word != "OR"]
    names: dict[str, str] = {}
    for word in words:
        if arxiv := arxiv_id(word):
            names[arxiv[0]] = f"arxiv:{arxiv[0]}"
        elif name := doi(word):
            names[name] = f'doi:"{name}"'
        else:
            return {}
    is_any_missing = any(not library.search.count(parse(query)) for query in names.values())
    return names if is_any_missing else {}


def _note(why: str, *, is_added: bool) -> str:
    """Why nothing but its name is known of a paper, and what looks it up again."""
    note = f"{why}: added by name" if is_added else why
    return f"{note}; papers-tui fetch --fill looks it up"


def _outcome(context: Context, entry: _Entry) -> Outcome:
    """The outcome for one paper; a session shows the paper itself."""
    if entry.key is None:
        return Outcome("Still removed; is:removed finds it")
    note = _note(entry.why, is_added=entry.record is not None) if entry.why else ""
    title = sanitize(latex_to_text(context.library.item(entry.key).paper.title), 120)
    is_session = context.workspace is not None
    return Outcome(
        note if note and is_session else f"{entry.verb}: {title}",
        data={"key": entry.key, "new": entry.verb == "Added"},
        notes=(note,) if note and not is_session else (),
        query=f"id:{entry.key}" if is_session else None,
        is_from_top=True,
    )


def _summary(entries: Sequence[_Entry]) -> Outcome:
    """The outcome for several papers in a session, which shows the new ones, if any."""
    counts = Counter(each.verb if each.key else "removed" for each in entries)
    added, filled, here = map(counts.__getitem__, ("Added", "Filled in", "Already here"))
    first, *others = (
        f"Added {plural(added, 'paper')}" if added else "No new papers",
        f"{filled:,} filled in" if filled else "",
        f"{here:,} {'was' if here == 1 else 'were'} already here" if here else "",
        f"{counts['removed']:,} still removed" if counts["removed"] else "",
    )
    bare = sum(bool(each.why) for each in entries)
    hint = f"; papers-tui fetch --fill gets the details of {bare:,}" if bare else ""
    shown = [each.key for each in entries if each.key and (each.verb == "Added" or not added)]
    return Outcome(
        ", ".join(filter(None, (first, *others))) + hint,
        shorter=(first + hint,),
        query=papers_query(dict.fromkeys(shown)) or None,
        is_from_top=True,
    )


def _key_of(library: "Library", name: "Name") -> str | None:
    """The paper of the library that has a name; ``None`` if there is none."""
    from tui.query import parse

    text = f"arxiv:{name.arxiv}" if name.arxiv else f'doi:"{name.doi}"' if name.doi else ""
    papers = [item.paper for item in library.select(parse(text))] if text else []
    for paper in papers:
        if (name.arxiv or name.doi) in (paper.arxiv, paper.doi):
            return paper.key
    titles = filter(None, (name.text, name.title))
    keys = chain.from_iterable(_titled(library, title) for title in titles)
    return next((key for key in keys if _agree(name, library.item(key).paper)), None)


def _agree(name: "Name", paper: "Paper") -> bool:
    """Whether a paper that is called so has no other identifier of the same kind."""
    pairs = ((name.arxiv, paper.arxiv), (name.doi, paper.doi))
    return all(not mine or not theirs or mine == theirs for mine, theirs in pairs)


def _ask(context: Context, name: "Name") -> "tuple[SourceRecord, str]":
    """The record of a paper, and why there is none where only its name is known."""
    from tui.exchange.connection import today
    from tui.sources import SourceError, StoppedError
    from tui.sources.lookup import look_up

    day = today(context.library)
    try:
        with context.released():
            record = look_up(name, connect(context), day)
        why = "Not found"
    except StoppedError:
        raise
    except SourceError as error:
        record, why = None, error.message
    if record is not None:
        return record, ""
    return name.record(), why
