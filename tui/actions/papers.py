"""Listing papers, showing one, and explaining why one matches."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from tui.actions.arguments import ADD_PAGE
from tui.actions.context import Context, Outcome
from tui.actions.find import TERMS
from tui.actions.registry import JSON, Argument, action
from tui.actions.targets import PAPER, joined_words, parse_strictly, split_key
from tui.errors import UsageError
from tui.model.fields import ORDERS, Detail
from tui.model.layout import enumerated
from tui.model.text import MAX_TEXT, sanitize, sanitize_lines

if TYPE_CHECKING:
    from tui.library import Library
    from tui.model.state import Item
    from tui.search import Reason


@action(
    "list",
    TERMS,
    Argument(
        "sort",
        f"{', '.join(ORDERS)}; -KEY reverses",
        ("--sort",),
        metavar="KEY",
        takes_terms=True,
    ),
    Argument("limit", "maximum number of results", ("-n", "--limit"), metavar="N", kind=int),
    JSON,
    help="list papers, by default all, newest first",
    group="Find",
)
def run_list(
    context: Context, query: Sequence[str] = (), sort: str | None = None, limit: int | None = None
) -> Outcome:
    """Lists the results of a query; in a session, shows them."""
    from tui.query import Query

    library = context.library
    words = [*query, *([] if sort is None else [f"sort:{sort}"])]
    text = joined_words(words)
    parsed = parse_strictly(library, text) if words else Query()
    if context.workspace is not None and not context.as_json:
        return Outcome(query=text if limit is None else f"{text} limit:{max(limit, 0)}".lstrip())
    if sort is not None:
        parsed = replace(parsed, sort=parse_strictly(library, f"sort:{sort}").sort)
    if limit is not None:
        parsed = replace(parsed, limit=max(limit, 0))
    items = library.select(parsed)
    if context.as_json:
        from tui.formats.exporters.json import record

        return Outcome(data=[record(item) for item in items])
    notes, message = library.search.notes(parsed), ""
    if not items and context.is_terminal and (nearby := library.find(parsed)) and not nearby.wider:
        items, message = nearby, nearby.note
    elif not items:
        notes += library.search.drop_notes(parsed)
        message = "Nothing matches" if len(library) else "No papers yet. " + ADD_PAGE
    if not context.is_terminal:
        lines = ("\t".join(map(sanitize, _row(item, item.key))) for item in items)
        return Outcome(message, text="".join(f"{line}\n" for line in lines), notes=tuple(notes))
    prefixes = short_prefixes(library)
    rows = [_row(item, prefixes[item.key]) for item in items]
    links = [item.paper.link for item in items]
    return Outcome(message, rows=rows, links=links, notes=tuple(notes))


def _row(item: "Item", key: str) -> tuple[str, ...]:
    from tui.model.describe import day

    return (key, str(item.state.status), day(item.paper), item.paper.display_title)


_SHORT: Final = 12
"""Characters of a prefix: a longer one may end within a word."""


def short_prefixes(library: "Library") -> dict[str, str]:
    """The shortest unique prefix of each key, whole words where these are short."""
    keys = sorted(library.papers)
    prefixes = {}
    for place, key in enumerate(keys):
        beside = (
            keys[place - 1] if place else "",
            keys[place + 1] if place + 1 < len(keys) else "",
        )
        shared = max(_shared_length(key, other) for other in beside)
        end = key.find("-", max(shared + 1, 4))
        prefixes[key] = key[: end if 0 < end <= _SHORT else max(shared + 1, 4)]
    return prefixes


def _shared_length(one: str, other: str) -> int:
    """The length of the prefix that two texts share."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)


@action(
    "show",
    PAPER,
    JSON,
    help="show one paper",
    group="Find",
)
def show(context: Context, key: str | None = None) -> Outcome:
    """One paper in full."""
    import shutil
    import textwrap

    from tui.model.describe import facts

    library = context.library
    item = library.item(library.resolve(key) if key is not None else split_key(context, ())[0])
    if context.as_json:
        from tui.formats.exporters.json import record

        return Outcome(data=record(item))
    paper, state = item.paper, item.state
    width = min(shutil.get_terminal_size().columns, 80)
    marks = [str(state.status), *(["starred"] if state.starred else [])]
    marks += [f"#{tag}" for tag in state.tags] + [f"in {name}" for name in state.lists]
    marks += [f"rule {state.rule}"] if state.rule else []
    lines = [
        textwrap.fill(sanitize(paper.display_title), width),
        sanitize(" · ".join(facts(item, Detail.FULL))),
        sanitize(" · ".join(marks)),
        f"key {sanitize(paper.key)}",
    ]
    summary = f"AI summary: {sanitize(paper.ai_summary, MAX_TEXT)}" if paper.ai_summary else ""
    blocks = [
        "\n".join(filter(None, lines)),
        textwrap.fill(sanitize(paper.display_abstract, MAX_TEXT), width),
        textwrap.fill(summary, width),
        sanitize_lines(state.note or ""),
        *map(sanitize, (paper.link, *paper.urls)),
    ]
    return Outcome(text="\n\n".join(filter(None, blocks)) + "\n")


@action(
    "why",
    PAPER,
    TERMS,
    JSON,
    help="explain why a paper matches a query, or not",
    group="Find",
)
def run_why(context: Context, key: str | None = None, query: Sequence[str] = ()) -> Outcome:
    """Whether a paper satisfies each term of a query; exit code 1 unless it satisfies all."""
    library = context.library
    key, text = _why_arguments(context, key, query)
    reasons = why(library, key, text)
    rows: list[tuple[str, ...]] = [
        ("✓" if reason.holds else "✗", reason.term, _places(reason)) for reason in reasons
    ]
    data = [asdict(reason) for reason in reasons]
    if parse_strictly(library, text).sorts_by_likely:
        more_rows, more_data = _place(library, key)
        rows, data = [*rows, *more_rows], [*data, more_data]
    exit_code = 0 if all(reason.holds for reason in reasons) else 1
    return Outcome(rows=rows, data=data, exit_code=exit_code)


def _place(library: "Library", key: str) -> tuple[list[tuple[str, ...]], dict[str, Any]]:
    """Why a paper is where it is in ``sort:likely``: rows, and an object of the JSON."""
    index = library.search
    if index.ranking.reasons is None:
        index.ranking.learn()
    row = index.row(library.resolve(key))
    grounds, evidence = index.ranking.grounds(row), index.ranking.evidence(row)
    because = str(grounds) if grounds else index.ranking.missing or "what you decided comes last"
    rows: list[tuple[str, ...]] = [("", "sort:likely", because)]
    papers: dict[str, list[dict[str, object]]] = {}
    for name, alike in (("kept", evidence.kept), ("dismissed", evidence.dismissed)):
        for other, words in alike:
            title = sanitize(library.item(other).paper.display_title)
            rows.append(("", name, f"{enumerated(words, 'and')} in “{title}”"))
        papers[name] = [{"key": other, "words": list(words)} for other, words in alike]
    return rows, {"term": "sort:likely", "holds": True, "because": because, **papers}


def why(library: "Library", key: str, text: str) -> "list[Reason]":
    """Whether a paper satisfies each term of a query, and in which fields.

    Args:
        key: A unique prefix of the paper's key.

    Raises:
        PapersError: If no paper, or more than one, has that prefix, or that of a similar one.
        UsageError: If part of the query is not understood.
    """
    from tui.query import SimilarTerm

    query = parse_strictly(library, text)
    for term in query.terms:
        if isinstance(term, SimilarTerm):
            library.resolve(term.key)
    library.search.load_words()
    return library.search.why(query, library.resolve(key))


def _why_arguments(context: Context, key: str | None, words: Sequence[str]) -> tuple[str, str]:
    """The paper and the query; in a session, by default those shown."""
    paper, words = split_key(context, [key, *words] if key is not None else words)
    if not words and not context.shown.strip():
        raise UsageError("No query given", "Try papers-tui why KEY QUERY.")
    return paper, joined_words(words) or context.shown


def _places(reason: "Reason") -> str:
    """The fields in which a paper satisfies a term, corrections, and what makes it like another."""
    names = {"abs": "abstract"}
    parts = [", ".join(names.get(field, field) for field in reason.fields)]
    if reason.instead:
        parts.append(f"corrected to {', '.join(reason.instead[:3])}")
    if reason.shared is not None:
        place = f"number {reason.place}" if reason.place else "not one"
        words = enumerated([f"“{word}”" for word in reason.shared], "and") if reason.shared else ""
        parts += [
            f"{place} of the most similar papers",
            f"both have {words or 'only common words'}",
        ]
    return "; ".join(part for part in parts if part)
