"""What the program itself prints with ``--json``, and what other programs write like it.

A paper comes with the records it was merged from, in ``sightings``: they are imported as they were,
with the files and lines of their own, so a library that has them already gains nothing. An object
without is one record. Any program is a source that writes objects with a ``title`` and any of the
other facts: what is missing is unknown, and members with other names are ignored. A whole library
is an object with ``papers``, and what it has beside them; see ``docs/json.md``.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

from tui.errors import UsageError
from tui.formats.base import (
    SCHEMA,
    Decision,
    ImportContext,
    ImportWarning,
    ParsedFile,
    StatedList,
)
from tui.formats.cleaning import MAX_NAME, name_by
from tui.formats.collector import NO_DECISION, Collector, read_elements
from tui.formats.json_elements import looks_like_json, member
from tui.model.facts import FACTS, PRECISIONS
from tui.model.names import list_name, tag_name
from tui.model.paper import SourceRecord
from tui.model.preferences import WISHES, term_of
from tui.model.rules import action_lines, action_of
from tui.model.state import MAX_NOTE, FieldUpdate, Status, join_update, note_from
from tui.model.text import is_inert, normalize

LABEL: Final = "JSON of papers-tui list, show, export or parse"
DETAILS: Final = "or objects of another program, in an array or one after another"
_RECORDS: Final = re.compile(r'"sightings"\s*:\s*\[')
_TITLE: Final = re.compile(r'\s*(?:\[\s*)?\{(?:.|\n)*"title"\s*:')
_LIBRARY: Final = re.compile(r'\s*\{\s*"schema"\s*:\s*\d+\s*,\s*"lists"\s*:')
_PAPERS: Final = re.compile(r'"papers"\s*:\s*\[\s*\{')
_PAGE_DAY: Final = re.compile(r"(?:\d{4}|-)-\d\d-\d\d")
_KEY: Final = re.compile(r"[a-z0-9-]{1,60}-[0-9a-f]{8}(?:-\d{1,4})?")
_LONGEST: Final = 2_000
"""Characters of a query or an address."""
_MAX_VIEW: Final = 40
_MAX_DESCRIPTION: Final = 500


def sniff(part: str) -> float:
    """By the members that only this program writes; else, with less certainty, by a title."""
    if _LIBRARY.match(part) or (looks_like_json(part) and _RECORDS.search(part)):
        return 0.9
    return 0.5 if _TITLE.match(part) else 0.0


def read(text: str, context: ImportContext) -> ParsedFile:
    """The source records of all papers, and what was decided about them."""
    if not _LIBRARY.match(text):
        return read_elements(text, context, _add, "papers-tui")
    papers = _PAPERS.search(text)
    if papers is None:
        return Collector(context, 1).refused(1, "this library has no papers")
    try:
        rest = json.loads(text[: papers.start()] + '"papers": []}')
    except (ValueError, RecursionError):
        return Collector(context, 1).refused(1, "the JSON ahead of the papers is damaged")
    if not _is_known(rest["schema"]):
        return Collector(context, 1).refused(1, "written by a newer version of papers-tui")
    file = read_elements(text, context, _add, "papers-tui", "papers")
    lists = {each.name.casefold(): each for each in _lists(rest)}
    settings = tuple(_settings(rest))
    stated = sum(len(_list(rest.get(name))) for name in ("sources", "rules", "joins"))
    stated += sum(len(_object(rest.get(name))) for name in ("views", "preferences"))
    if left_out := stated - len({update[:2] for update in settings}):
        what = "views, sources, rules, preferences or joins"
        warning = ImportWarning(1, f"{left_out} {what} left out", False)
        file = replace(file, warnings=(warning, *file.warnings))
    return replace(file, lists=tuple(lists.values()), settings=settings)


def _is_known(schema: object) -> bool:
    """Whether a version of our JSON is understood; what other programs write has none."""
    return not isinstance(schema, int) or schema <= SCHEMA


def _add(collector: Collector, line: int, paper: object) -> None:
    if not _is_known(member(paper, "schema")):
        collector.warn(line, "this paper was written by a newer version of papers-tui")
        return
    stated = member(paper, "sightings")
    stated = stated if isinstance(stated, list) and stated else [None]
    records = [record for each in stated if (record := _record(collector, line, paper, each))]
    key = member(paper, "key")
    key = key if isinstance(key, str) and _KEY.fullmatch(key) else ""
    # Of papers that the user joined, the one whose key is theirs comes first.
    records.sort(key=lambda record: record.key != key)
    decision = _decision(_object(paper))
    for record in records:
        collector.add(line, record, decision, key=key)
        decision, key = NO_DECISION, ""


def _record(collector: Collector, line: int, paper: object, stated: object) -> SourceRecord | None:
    """The record of a paper: what it states, and else what the paper states."""
    facts = {**_object(paper), **_object(stated)}
    arxiv, version = facts.get("arxiv"), facts.get("arxiv_version")
    alone: dict[str, Any] = {name: facts.get(name) for name in FACTS if name not in _TOGETHER}
    record = collector.record(
        line,
        facts.get("title"),
        abstract=facts.get("abstract"),
        authors=facts.get("authors"),
        authors_incomplete=facts.get("authors_incomplete"),
        published=facts.get("published"),
        page_day=facts.get("page_day"),
        identifiers=[f"arxiv:{arxiv}v{version}" if version else f"arxiv:{arxiv}", facts.get("doi")],
        links=[*_list(facts.get("urls")), facts.get("address")],
        address=facts.get("address"),
        **alone,
    )
    if record is None:
        return None
    is_inferred = record.published is not None and facts.get("year_inferred") is True
    record = replace(record, year_inferred=is_inferred)
    precision = facts.get("date_precision")
    if record.published and isinstance(precision, str) and precision in PRECISIONS:
        record = replace(record, date_precision=precision)
    if not _object(stated):
        return record
    file, place, day = facts.get("file"), facts.get("line"), facts.get("page_day")
    if not isinstance(file, str) or not normalize(file):
        collector.warn(line, "this record has no file")
        return None
    return replace(
        record,
        file=normalize(file, MAX_NAME),
        line=collector.count(line, "line", place) or 1,
        page_day=day if isinstance(day, str) and _PAGE_DAY.fullmatch(day) else None,
        urls=tuple(_addresses(facts.get("urls"))),
    )


_TOGETHER: Final = (
    *("title", "abstract", "authors", "authors_incomplete", "urls", "address"),
    *("arxiv", "arxiv_version", "doi", "published", "year_inferred", "date_precision"),
)
"""The facts of which what one means depends on others; all others are read as they are."""


def _addresses(values: object) -> Iterator[str]:
    """Addresses as they were stated; those that are none are left out."""
    for value in _list(values):
        if isinstance(value, str) and "://" in value and value == normalize(value, _LONGEST):
            yield value


# The state


def _decision(facts: Mapping[str, Any]) -> Decision:
    """What an object says that the user decided; what has the wrong form is left out."""
    names = [text for text in _list(facts.get("tags")) if isinstance(text, str)]
    lists = [text for text in _list(facts.get("lists")) if isinstance(text, str)]
    status, note = facts.get("status"), _text(facts.get("note"))
    return Decision(
        status=Status(status) if status in list(Status) else None,
        starred=facts.get("starred") is True,
        tags=tuple(dict.fromkeys(filter(None, map(partial(name_by, tag_name), names)))),
        note=(note_from(note) or "")[:MAX_NOTE],
        snoozed_until=_day(facts.get("snoozed_until")),
        lists=tuple(dict.fromkeys(filter(None, map(partial(name_by, list_name), lists)))),
        is_removed=facts.get("removed") is True,
        rule=_query(facts.get("rule")),
    )


def _lists(rest: Mapping[str, Any]) -> Iterator[StatedList]:
    for each in map(_object, _list(rest.get("lists"))):
        if name := name_by(list_name, _text(each.get("name"))):
            description = normalize(_text(each.get("description")), _MAX_DESCRIPTION)
            keys = (key for key in _list(each.get("papers")) if isinstance(key, str))
            yield StatedList(name, description, tuple(dict.fromkeys(keys)))


def _settings(rest: Mapping[str, Any]) -> Iterator[FieldUpdate]:
    """The views, sources, rules, preferences and joins of a library."""
    for name, query in _object(rest.get("views")).items():
        if name and name == normalize(name, _MAX_VIEW) and (text := _query(query)):
            yield "views", name, "query", text
    for each in map(_object, _list(rest.get("sources"))):
        if spec := _query(each.get("source")):
            yield "sources", spec, "exists", True
            name = normalize(_text(each.get("name")), MAX_NAME)
            if name and name != spec:
                yield "sources", spec, "title", name
    for each in map(_object, _list(rest.get("rules"))):
        actions = _list(each.get("actions"))
        if (query := _query(each.get("query"))) and actions:
            with suppress(UsageError):
                yield "rules", query, "actions", action_lines(action_of(_text(a)) for a in actions)
    for text, wish in _object(rest.get("preferences")).items():
        with suppress(UsageError):
            if wish in WISHES:
                yield "preferences", term_of(text), "wish", wish
    for each in map(_object, _list(rest.get("joins"))):
        keys, is_same = _list(each.get("papers")), each.get("same")
        are_keys = all(isinstance(key, str) and _KEY.fullmatch(key) for key in keys)
        if len(keys) == 2 and are_keys and isinstance(is_same, bool):
            one, other = keys
            yield join_update(one, other, is_same=is_same)


def _query(value: object) -> str:
    """A query, or what names a source, as it was typed; empty if it is none."""
    text = _text(value)
    return text if is_inert(text) and len(text) <= _LONGEST else ""


def _day(value: object) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(_text(value)[:10])
    return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
