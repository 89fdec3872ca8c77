"""What the index promises, held against a reader who goes through every paper by hand."""

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.index import Index
from tui.index.sets import glob
from tui.paper import Paper, Sighting, merge, to_record
from tui.query import SORT_VALUES, Field, parse
from tui.triage import Decision, Entry, Status

TODAY: Final = date(2026, 1, 15)
LONG_AGO, FAR_OFF = date(2000, 1, 1), date(2999, 1, 1)
"""Days on which a snoozed paper is awake or asleep, whatever day it is."""

EXTRA: Final = (
    Sighting(
        "Ångström-Scale Erdős Graphs",
        "We visit the café of graphs, low on rank.",
        "ünï.txt",
        1,
        published=date(2026, 1, 9),
        author_count=2,
        authors=("Jane Doe", "Pál Erdős"),
        upvotes=60,
        urls=("https://a.org",),
    ),
    Sighting(
        "Retrieval for Nobody",
        None,
        "ünï.txt",
        2,
        published=date(2026, 1, 15),
        author_count=1,
        authors=("John Doe",),
        upvotes=0,
    ),
    Sighting("日本語の論文", "A survey of none.", "ünï.txt", 3, page_day="2026-01-15", upvotes=5),
    Sighting("Doe Was Here", "Planning to plan.", "new.txt", 1, page_day="--01-10"),
    Sighting("An Equal Paper", "b", "new.txt", 2, published=date(2023, 8, 16), author_count=6),
    Sighting("An Equal Sheet", "a", "new.txt", 3, published=date(2023, 8, 16), author_count=60),
)
"""Facts that no shipped paper has: authors, an accent, no abstract, no votes at all."""

TAGS: Final = ("élan", "ml", "ml/vision", "nlp", "rl", "world-models")
LISTS: Final = ("Thesis", "World models")
NOTES: Final = (None, None, None, "read again before Friday", "siehe Ångström\nund Lora")


def decision_of(number: int) -> Decision:
    """The decision about the paper of a number: every kind of it, in every combination soon."""
    return Decision(
        status=list(Status)[number % 4],
        starred=number % 5 == 0,
        snoozed_until=FAR_OFF if number % 9 == 0 else LONG_AGO if number % 7 == 0 else None,
        tags=tuple(tag for place, tag in enumerate(TAGS, 3) if number % place == 0),
        lists=tuple(name for place, name in enumerate(LISTS, 6) if number % place == 0),
        note=NOTES[number % 5],
        changed=f"2026-01-{number % 28 + 1:02}T12:00:00Z" if number % 6 else None,
    )


class Entries(list[Entry]):
    """Entries that do not fill the screen when a test fails."""

    def __repr__(self) -> str:
        return f"<{len(self)} entries>"


def entries_of(papers: Iterable[Paper]) -> Entries:
    return Entries(
        Entry(paper, decision_of(number), f"2026-01-{number % 15 + 1:02}" if number % 10 else None)
        for number, paper in enumerate(papers)
    )


@pytest.fixture(scope="session")
def entries(corpus: tuple[Paper, ...]) -> list[Entry]:
    """All shipped papers and some that are stranger, decided about in every way."""
    return entries_of([*corpus, *(merge([sighting]) for sighting in EXTRA)])


@pytest.fixture(scope="session")
def index(entries: list[Entry]) -> Index:
    return Index.of(entries)


@pytest.fixture(scope="session")
def few(corpus: tuple[Paper, ...]) -> list[Entry]:
    """A dozen papers, for what builds an index again and again."""
    return entries_of([*corpus[::30], *(merge([sighting]) for sighting in EXTRA)])


def no_order(name: str) -> Sequence[str]:
    return ()


def found(index: Index, text: str, order: Callable[[str], Sequence[str]] = no_order) -> list[str]:
    """The keys that a query finds, in its order."""
    return [entry.key for entry in index.select(parse(text, TODAY), order)]


def titles(index: Index, text: str) -> list[str]:
    return [entry.paper.shown_title for entry in index.select(parse(text, TODAY), no_order)]


# The slow reader: the grammar over entries, in plain Python

Claim = Callable[[Entry], bool]

OR_LEVEL, AND_LEVEL, NOT_LEVEL, TERM_LEVEL = range(4)


@dataclass(frozen=True)
class Asked:
    """A query, and by hand whether a paper satisfies it."""

    text: str
    holds: Claim = field(repr=False, compare=False)
    level: int = TERM_LEVEL
    """How tightly its outermost operator binds."""

    def within(self, level: int) -> str:
        return self.text if self.level >= level else f"({self.text})"


def all_of(parts: Sequence[Asked], glue: str) -> Asked:
    text = glue.join(part.within(AND_LEVEL) for part in parts)
    return Asked(text, lambda entry: all(part.holds(entry) for part in parts), AND_LEVEL)


def any_of(parts: Sequence[Asked], glue: str) -> Asked:
    text = glue.join(part.text for part in parts)
    return Asked(text, lambda entry: any(part.holds(entry) for part in parts), OR_LEVEL)


def negated(part: Asked, sign: str) -> Asked:
    return Asked(sign + part.within(TERM_LEVEL), lambda entry: not part.holds(entry), NOT_LEVEL)


def plain(text: str) -> str:
    """No case and no accents."""
    return "".join(
        char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)
    ).casefold()


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", plain(text))


@cache
def fact_texts(paper: Paper, name: str) -> tuple[str, ...]:
    texts = {
        "title": (paper.shown_title,),
        "abs": (paper.shown_abstract,),
        "author": paper.authors,
        "note": (),
    }
    return texts[name] if name else tuple(text for part in texts.values() for text in part)


@cache
def fact_words(paper: Paper, name: str) -> frozenset[str]:
    """The words of a field, and what its compounds are in one word."""
    found: set[str] = set()
    for text in fact_texts(paper, name):
        found.update(words_of(text))
        for compound in re.findall(r"[^\W_]+(?:[-‐‑][^\W_]+)+", plain(text)):
            found.add(re.sub("[-‐‑]", "", compound))
    return frozenset(found)


@cache
def fact_begins(paper: Paper, name: str, beginning: str) -> bool:
    return any(word.startswith(beginning) for word in fact_words(paper, name))


def has_beginning(entry: Entry, name: str, beginning: str) -> bool:
    own = entry.decision.note or ""
    if not name:
        own += " " + " ".join(entry.decision.tags)
    return fact_begins(entry.paper, name, beginning) or (
        name in ("", "note") and any(word.startswith(beginning) for word in words_of(own))
    )


def holds_words(name: str, asked: str) -> Claim:
    parts = words_of(asked)
    behind = f" {' '.join(parts)}"

    def holds(entry: Entry) -> bool:
        if has_beginning(entry, name, "".join(parts)):
            return True
        note = (entry.decision.note or "",) if name in ("", "note") else ()
        texts = (*fact_texts(entry.paper, name), *note)
        return len(parts) > 1 and any(behind in f" {' '.join(words_of(text))} " for text in texts)

    return holds


def holds_phrase(name: str, asked: str) -> Claim:
    wanted = f" {' '.join(words_of(asked))} "

    def holds(entry: Entry) -> bool:
        note = (entry.decision.note or "",) if name in ("", "note") else ()
        texts = (*fact_texts(entry.paper, name), *note)
        return any(wanted in f" {' '.join(words_of(text))} " for text in texts)

    return holds


def holds_glob(name: str, asked: str) -> Claim:
    def holds(entry: Entry) -> bool:
        for text in fact_texts(entry.paper, name):
            rest = plain(text)
            for part in asked.split("*"):
                _, seen, rest = rest.partition(part)
                if part and not seen:
                    break
            else:
                return True
        return False

    return holds


WORDS: Final = {
    "": ("retrieval", "lora", "multi-task", "fine-tun", "few-shot", "e", "angstr", "doe", "friday"),
    "title": ("retrieval", "multi", "survey", "lang", "scal", "erdos", "日本語", "a"),
    "abs": ("remarkable", "moe", "fine-tuning", "low-rank", "efficien", "achiev", "café", "we"),
    "author": ("doe", "Jane", "erd", "x"),
    "note": ("friday", "before", "ångström", "re", "und-lora", "zzz"),
}
"""By field, words that some paper has there, or that are too short to be corrected."""

PHRASES: Final = {
    "": (
        "language models",
        "in context learning",
        "visit the cafe",
        "und Lora",
        "Jane Doe",
        "mode",
    ),
    "title": ("large language models", "multi task", "erdős graphs"),
    "abs": ("we propose", "CAFÉ of GRAPHS", "propose we"),
    "author": ("jane doe", "doe jane"),
    "note": ("again before", "ångström und"),
}
GLOBS: Final = {"title": ("mul*task", "lora*expert", "re*for"), "abs": ("low*rank", "w*graphs")}


PATTERNS: Final = (
    ("", "", "top-?k"),
    ("", "", "GPT-?4"),
    ("", "", "expert|adapter"),
    ("title", "title:", "^(a|the) "),
    ("title", "ti:", r"\w+:.*retrieval"),
    ("abs", "abs:", "[0-9]+x faster"),
    ("abs", "abs:", r"low.rank\b"),
    ("author", "author:", "^ja?n"),
    ("note", "note:", "before (friday|monday)$"),
    ("", "", "ångström"),
)
"""Fields, how they are typed, and patterns that Python and the index understand alike."""


def holds_pattern(name: str, pattern: str) -> Claim:
    search = re.compile(plain(pattern)).search

    def holds(entry: Entry) -> bool:
        note = (entry.decision.note or "",) if name in ("", "note") else ()
        texts = (*fact_texts(entry.paper, name), *note)
        return any(search(plain(text).replace("\n", " ")) for text in texts)

    return holds


def word_terms() -> st.SearchStrategy[Asked]:
    names = {"": ("", "any"), "title": ("title:", "ti:"), "abs": ("abs:", "abstract:")}
    choices: list[Asked] = []
    for name in WORDS:
        for spelled in names.get(name, (f"{name}:",)):
            if spelled == "any":
                continue
            for word in WORDS[name]:
                choices.append(Asked(spelled + word, holds_words(name, word)))
                choices.append(Asked(spelled + word.upper() + "*", holds_words(name, word)))
            for phrase in PHRASES[name]:
                choices.append(Asked(f'{spelled}"{phrase}"', holds_phrase(name, phrase)))
            for parts in GLOBS.get(name, ()):
                choices.append(Asked(spelled + parts, holds_glob(name, parts)))
    choices += [Asked(f"{spelled}/{p}/", holds_pattern(name, p)) for name, spelled, p in PATTERNS]
    choices += [
        Asked('author:="Jane Doe"', lambda entry: "Jane Doe" in entry.paper.authors),
        Asked("author:=jane", lambda entry: False),
        Asked("ti:=retrieval*", lambda e: plain(e.paper.shown_title).startswith("retrieval")),
    ]
    return st.sampled_from(choices)


def day_of(entry: Entry) -> str:
    """The day of the last change; empty if there was none."""
    return (entry.decision.changed or "")[:10]


def is_asleep(entry: Entry) -> bool:
    return entry.decision.snoozed_until == FAR_OFF


def has_tag(pattern: str) -> Claim:
    def holds(entry: Entry) -> bool:
        for tag in map(plain, entry.decision.tags):
            if pattern.endswith("*") and tag.startswith(pattern[:-1]):
                return True
            if tag == pattern or tag.startswith(pattern + "/"):
                return True
        return False

    return holds


def is_in(name: str) -> Claim:
    return lambda entry: name in entry.decision.lists


CLAIMS: Final = (
    Asked("is:unread", lambda e: e.decision.status is Status.UNREAD and not is_asleep(e)),
    Asked("is:reading", lambda e: e.decision.status is Status.READING),
    Asked("is:read", lambda e: e.decision.status is Status.READ),
    Asked("is:dismissed", lambda e: e.decision.status is Status.DISMISSED),
    Asked("is:decided", lambda e: e.decision.status is not Status.UNREAD),
    Asked("is:starred", lambda e: e.decision.starred),
    Asked("is:snoozed", is_asleep),
    Asked("is:duplicate", lambda e: len(e.paper.sightings) > 1),
    Asked("has:note", lambda e: e.decision.note is not None),
    Asked("has:tag", lambda e: bool(e.decision.tags)),
    Asked("has:list", lambda e: bool(e.decision.lists)),
    Asked("has:date", lambda e: e.paper.published is not None),
    Asked("has:upvotes", lambda e: e.paper.upvotes is not None),
    Asked("has:authors", lambda e: e.paper.author_count is not None),
    Asked("has:abstract", lambda e: e.paper.abstract is not None),
    Asked("has:url", lambda e: bool(e.paper.urls)),
    Asked("tag:none", lambda e: not e.decision.tags),
    Asked("list:none", lambda e: not e.decision.lists),
    *(Asked(f"tag:{tag}", has_tag(plain(tag))) for tag in TAGS),
    *(Asked(f"#{tag.upper()}", has_tag(plain(tag))) for tag in TAGS),
    Asked("tag:m*", has_tag("m*")),
    Asked("tag:*", has_tag("*")),
    Asked("tag:nothing", has_tag("nothing")),
    Asked("list:thesis", is_in("Thesis")),
    Asked('in:"world MODELS"', is_in("World models")),
    Asked("list:*", lambda e: bool(e.decision.lists)),
    Asked("list:world", lambda e: False),
    Asked("source:000", lambda e: any(s.file.startswith("000") for s in e.paper.sightings)),
    Asked("source:uni", lambda e: any(s.file == "ünï.txt" for s in e.paper.sightings)),
    Asked("source:=new.txt", lambda e: any(s.file == "new.txt" for s in e.paper.sightings)),
    Asked("id:re", lambda e: e.key.startswith("re")),
    Asked("key:zz", lambda e: e.key.startswith("zz")),
    Asked("is:new", lambda e: e.added == "2026-01-15"),
    Asked("is:selected", lambda e: False),
    Asked("changed:2026-01-02..2026-01-09", lambda e: "2026-01-02" <= day_of(e) <= "2026-01-09"),
    Asked(
        "read:last-week",
        lambda e: e.decision.status is Status.READ and "2026-01-05" <= day_of(e) <= "2026-01-11",
    ),
)

COMPARISONS: Final[dict[str, Callable[[str, str], bool]]] = {
    "": lambda value, end: value == end,
    ">": lambda value, end: value > end,
    ">=": lambda value, end: value >= end,
    "<": lambda value, end: value < end,
    "<=": lambda value, end: value <= end,
}


def ranges(
    name: str, told: Callable[[Entry], str | None], ends: Sequence[str]
) -> st.SearchStrategy[Asked]:
    """Ranges of what can be compared as text, as far as an end is written: 2023 is all its days."""

    def compared(sign: str, end: str) -> Asked:
        def holds(entry: Entry) -> bool:
            value = told(entry)
            return value is not None and COMPARISONS[sign](value[: len(end)], end)

        return Asked(f"{name}:{sign}{end}", holds)

    def between(low: str, high: str) -> Asked:
        def holds(entry: Entry) -> bool:
            value = told(entry)
            return value is not None and (
                value[: len(low)] >= low and (not high or value[: len(high)] <= high)
            )

        return Asked(f"{name}:{low}..{high}", holds)

    end = st.sampled_from(ends)
    return st.builds(compared, st.sampled_from(tuple(COMPARISONS)), end) | st.builds(
        between, end | st.just(""), end
    )


def number_text(value: int | None) -> str | None:
    return None if value is None else f"{value:09}"


def padded(asked: str) -> str:
    """The query with its numbers as a person writes them."""
    return re.sub(r"0*(\d+)", r"\1", asked)


def numbers(
    name: str, told: Callable[[Entry], int | None], ends: Sequence[int]
) -> st.SearchStrategy[Asked]:
    texts = [f"{end:09}" for end in ends]
    return ranges(name, lambda entry: number_text(told(entry)), texts).map(
        lambda asked: replace(asked, text=padded(asked.text))
    )


def aged(name: str, told: Callable[[Entry], str | None], days: int) -> Asked:
    first = (TODAY - timedelta(days=days)).isoformat()

    def holds(entry: Entry) -> bool:
        value = told(entry)
        return value is not None and first <= value <= TODAY.isoformat()

    return Asked(f"{name}:{days}d", holds)


def published(entry: Entry) -> str | None:
    return str(entry.paper.published) if entry.paper.published else None


def added(entry: Entry) -> str | None:
    return entry.added


def year(entry: Entry) -> int | None:
    return entry.paper.published.year if entry.paper.published else None


DAYS: Final = ("2020", "2023", "2023-08", "2023-08-16", "2024-07-03", "2025-07", "2026-01-09")
ADDED: Final = ("2026", "2026-01", "2026-01-01", "2026-01-09", "2026-01-15")


def terms() -> st.SearchStrategy[Asked]:
    """Single terms of every kind."""
    return st.one_of(
        word_terms(),
        st.sampled_from(CLAIMS),
        ranges("date", published, DAYS),
        ranges("added", added, ADDED),
        numbers("year", year, [2020, 2023, 2025]),
        numbers("up", lambda e: e.paper.upvotes, [0, 2, 5, 60]),
        numbers("authors", lambda e: e.paper.author_count, [0, 1, 4, 6, 60]),
        st.builds(aged, st.just("published"), st.just(published), st.sampled_from([0, 6, 900])),
        st.builds(aged, st.just("added"), st.just(added), st.sampled_from([0, 6, 900])),
    )


def questions() -> st.SearchStrategy[Asked]:
    """Queries of the whole grammar, operators spelt in every way."""

    def larger(part: st.SearchStrategy[Asked]) -> st.SearchStrategy[Asked]:
        several = st.lists(part, min_size=2, max_size=3)
        return st.one_of(
            st.builds(all_of, several, st.sampled_from([" ", " AND ", "  "])),
            st.builds(any_of, several, st.sampled_from([" OR ", " | ", "|", " OR OR "])),
            st.builds(negated, part, st.sampled_from(["-", "\u2212", "NOT "])),
        )

    return st.recursive(terms(), larger, max_leaves=6)


# What is found


RANDOM_QUERIES: Final = int(os.environ.get("RANDOM_QUERIES", "400"))
"""How many are tried; ``make bench`` tries ten thousand."""


@given(asked=questions())
@settings(max_examples=RANDOM_QUERIES, deadline=None)
def test_a_query_finds_what_a_slow_reader_finds(
    asked: Asked, index: Index, entries: list[Entry]
) -> None:
    keys = found(index, asked.text)
    assert set(keys) == {entry.key for entry in entries if asked.holds(entry)}
    assert len(keys) == len(set(keys)) == index.count(parse(asked.text, TODAY))
    assert not parse(asked.text, TODAY).misread


@pytest.mark.parametrize("asked", CLAIMS, ids=lambda asked: asked.text)
def test_a_claim_finds_what_a_slow_reader_finds(
    asked: Asked, index: Index, entries: list[Entry]
) -> None:
    keys = set(found(index, asked.text))
    assert keys == {entry.key for entry in entries if asked.holds(entry)}
    unheard_of = ("tag:nothing", "list:world", "key:zz", "is:selected")
    assert bool(keys) == (asked.text not in unheard_of)


@pytest.mark.parametrize(("name", "words"), WORDS.items(), ids=list(WORDS))
def test_the_words_that_are_asked_here_stand_somewhere(
    name: str, words: Sequence[str], entries: list[Entry]
) -> None:
    """Else the index corrects them, and the slow reader does not."""
    for word in words:
        for part in words_of(word):
            assert len(part) < 4 or any(has_beginning(entry, name, part) for entry in entries), part


def test_nothing_and_everything_are_found(index: Index, entries: list[Entry]) -> None:
    assert len(found(index, "")) == len(index) == len(entries)
    assert found(index, "lora -lora") == []
    assert found(Index.of([]), "lora") == []
    assert Index.of([]).relax(parse("lora is:read")) == []


def test_missing_values_never_satisfy_a_comparison(index: Index, entries: list[Entry]) -> None:
    dated = set(found(index, "has:date"))
    assert dated == set(found(index, "date:>=0001 OR date:<=9998")) != set(found(index, ""))
    assert set(found(index, "date:<2023 OR date:>=2023")) == dated
    assert set(found(index, "-date:<2023 -date:>=2023")) == set(found(index, "-has:date"))
    assert set(found(index, "up:0..")) == {e.key for e in entries if e.paper.upvotes is not None}


def test_a_snoozed_paper_is_unread_again_on_its_day(few: list[Entry]) -> None:
    def unread(until: date | None) -> bool:
        decision = Decision(snoozed_until=until)
        index = Index.of([replace(few[0], decision=decision)])
        assert bool(found(index, "is:unread")) != bool(found(index, "is:snoozed"))
        return bool(found(index, "is:unread"))

    assert unread(None)
    assert unread(LONG_AGO)
    assert unread(date.today())
    assert not unread(date.today() + timedelta(days=2))
    assert not unread(FAR_OFF)


def test_a_question_about_notes_looks_into_no_tags(few: list[Entry]) -> None:
    index = Index.of([replace(few[0], decision=Decision(tags=("rl",), note="later"))])
    assert found(index, "note:later")
    assert not found(index, "note:rl")


STARS: Final = """
import json, sys
from tui.index import Index
from tui.paper import from_record
from tui.query import parse
from tui.triage import Decision, Entry
index = Index.of([Entry(from_record(json.load(sys.stdin)), Decision())])
print(index.count(parse("abs:a*a*a*a*a*a*a*a*zzz")))
"""


def test_a_query_with_several_stars_comes_to_an_end() -> None:
    """In a process of its own, that can be ended when it hangs."""
    record = to_record(merge([Sighting("On a", "a b " * 100, "0.txt", 1)]))
    done = subprocess.run(
        [sys.executable, "-c", STARS],
        input=json.dumps(record).encode(),
        cwd=Path(__file__).parent.parent,
        timeout=20,  # a glob that starts over at each star takes days
        check=True,
        stdout=subprocess.PIPE,
    )
    assert done.stdout.strip() == b"0"


@given(st.text("ab*", max_size=8), st.text("ab", max_size=8))
@settings(max_examples=500, deadline=None)
def test_a_star_stands_for_anything(pattern: str, text: str) -> None:
    assert glob(pattern)(text) == bool(re.fullmatch(pattern.replace("*", ".*"), text))


def test_a_tag_is_found_however_it_is_typed(index: Index) -> None:
    keys = found(index, "tag:world-models")
    assert keys
    for text in ('tag:"World Models"', 'tag:" world  models "', "#World-Models"):
        assert found(index, text) == keys, text


# While typing

NARROWING: Final = (
    "retrieval augmented",
    "multi-task learning",
    "language models is:unread",
    "title:retrieval abs:achiev",
    "Ångström",
    "author:doe has:date",
    "tag:ml/vision has:date",
    "#world-models #nlp",
    "list:thesis",
    "date:>=2023-08-16",
    "language date:..2024-07",
    "up:>=50",
    "(retrieval (is:starred",
    '"language models"',
    'list:"World models" lora',
    'tag:"World Models" #nlp',
    "is:read",
    "has:abstract",
    "year:2024",
    "year:<=2024",
    "date:2023-08-16",
    "up:60",
    "list:none lora",
    "abs:/low.rank/",
    "title:=retrieval*",
    "retrieval -survey",
    "retrieval NOT author:doe",
    "is:unread sort:up",
    "like:mixlora is:unread",
)


@pytest.mark.parametrize("text", NARROWING)
def test_what_a_query_finds_stays_in_sight_while_it_is_typed(text: str, index: Index) -> None:
    wanted = set(found(index, text))
    assert wanted
    for end in range(len(text) + 1):
        half = parse(text[:end], TODAY, typing=True)
        assert {entry.key for entry in index.select(half, no_order)} >= wanted, text[:end]


# After changes


def decisions() -> st.SearchStrategy[Decision]:
    def some_of(names: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
        return st.sets(st.sampled_from(names), max_size=3).map(lambda chosen: tuple(sorted(chosen)))

    return st.builds(
        Decision,
        status=st.sampled_from(Status),
        starred=st.booleans(),
        snoozed_until=st.sampled_from([None, LONG_AGO, FAR_OFF]),
        tags=some_of((*TAGS, "graphs")),
        lists=some_of(LISTS),
        note=st.sampled_from(NOTES),
        changed=st.sampled_from([None, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]),
    )


PROBES: Final = (
    *(asked.text for asked in CLAIMS),
    *("friday", "note:friday", "graphs", "vision", '"again before"', "lora OR friday", "-friday"),
    *(f"sort:{by}" for by in SORT_VALUES),
)


@given(changes=st.lists(st.tuples(st.integers(0, 14), decisions()), max_size=8))
@settings(max_examples=60, deadline=None)
def test_an_index_that_was_updated_is_one_made_anew(
    changes: list[tuple[int, Decision]], few: list[Entry]
) -> None:
    index = Index.of(few)
    index.prepare()
    current = list(few)
    for number, decision in changes:
        current[number] = replace(current[number], decision=decision)
        index.update(current[number].key, current[number].decision)
    anew = Index.of(current)
    for probe in PROBES:
        assert found(index, probe) == found(anew, probe), probe
    assert index.select(parse(""), no_order) == anew.select(parse(""), no_order)
    for kind in (Field.TAG, Field.LIST, Field.IS):
        assert index.counts(kind) == anew.counts(kind)
        assert index.unread_counts(kind) == anew.unread_counts(kind)


def test_an_update_of_an_unknown_paper_is_refused(few: list[Entry]) -> None:
    with pytest.raises(KeyError):
        Index.of(few[1:]).update(few[0].key, few[0].decision)


# In what order


def test_papers_come_newest_first_and_those_of_one_day_by_title(
    index: Index, entries: list[Entry]
) -> None:
    keys = found(index, "")
    assert keys == index.keys()
    by_title = sorted(entries, key=lambda entry: plain(entry.paper.shown_title))
    ages = {entry.key: entry.paper.age_rank for entry in entries}
    newest = sorted(by_title, key=lambda entry: ages[entry.key], reverse=True)
    assert keys == [entry.key for entry in newest]
    assert titles(index, "")[:2] == ["Retrieval for Nobody", "Ångström-Scale Erdős Graphs"]
    equal = [title for title in titles(index, "date:2023-08-16") if "Equal" in title]
    assert equal == ["An Equal Paper", "An Equal Sheet"]


@pytest.mark.parametrize(
    ("text", "of_titles"),
    [
        ("retrieval", "title:retrieval"),
        ("multi task", "title:multi title:task"),
        ("lora OR survey", "title:lora OR title:survey"),
        ("is:read language", "is:read title:language"),
    ],
)
def test_papers_whose_titles_have_all_words_come_first(
    text: str, of_titles: str, index: Index
) -> None:
    keys = found(index, text)
    first = set(found(index, of_titles))
    assert first
    assert set(keys[: len(first)]) == first < set(keys)
    newest = index.keys()
    for half in (keys[: len(first)], keys[len(first) :]):
        assert half == sorted(half, key=newest.index)


def test_a_negated_word_ranks_nothing(index: Index) -> None:
    assert found(index, "-retrieval") == sorted(found(index, "-retrieval"), key=index.keys().index)


def test_a_word_that_only_abstracts_have_ranks_nothing(index: Index) -> None:
    words = ("actions", "achieve", "abstracts", "accurate")
    for text in words:
        assert not any(word.startswith(text) for t in titles(index, "") for word in words_of(t))
        assert found(index, text) == sorted(found(index, text), key=index.keys().index)


def value_of(entry: Entry, by: str) -> object:
    return {
        "date": entry.paper.published,
        "up": entry.paper.upvotes,
        "title": plain(entry.paper.shown_title),
        "added": entry.added,
        "authors": entry.paper.author_count,
        "unread": list(Status).index(entry.decision.status),
        "changed": entry.decision.changed,
    }[by]


FALLING: Final = ("date", "up", "added", "authors", "changed")


@pytest.mark.parametrize("by", [by for by in SORT_VALUES if by not in ("list", "relevance")])
@pytest.mark.parametrize("sign", ["", "-"])
def test_an_order_is_the_natural_one_or_its_reverse_with_the_missing_last(
    by: str, sign: str, index: Index, entries: list[Entry]
) -> None:
    newest = index.keys()
    values = {entry.key: value_of(entry, by) for entry in entries}
    known = sorted((key for key in values if values[key] is not None), key=newest.index)
    known.sort(key=lambda key: values[key], reverse=(by in FALLING) != bool(sign))  # type: ignore[arg-type,return-value]
    missing = sorted((key for key in values if values[key] is None), key=newest.index)
    assert found(index, f"sort:{sign}{by}") == known + missing
    assert bool(missing) == (by not in ("title", "unread"))


def test_the_first_order_decides_and_the_next_among_equals(
    index: Index, entries: list[Entry]
) -> None:
    by_title = sorted(entries, key=lambda entry: plain(entry.paper.shown_title))
    by_status = sorted(by_title, key=lambda entry: list(Status).index(entry.decision.status))
    assert found(index, "sort:unread,title") == [entry.key for entry in by_status]
    assert found(index, "sort:unread sort:title") == [entry.key for entry in by_status]


def test_a_list_comes_in_the_order_of_its_reader(index: Index) -> None:
    members = sorted(found(index, "list:thesis"))
    newest = sorted(members, key=index.keys().index)
    assert len(members) > 10
    assert members != newest

    def order(name: str) -> Sequence[str]:
        assert name == "Thesis"
        return members[:-2]  # the last two have no place yet

    last = sorted(members[-2:], key=index.keys().index)
    in_order = members[:-2] + last
    read = set(found(index, "is:read"))
    assert index.only_list(parse("list:thesis is:read")) == "Thesis"
    assert found(index, "list:thesis", order) == in_order
    assert found(index, "LIST:THESIS is:read", order) == [key for key in in_order if key in read]
    assert found(index, "list:thesis sort:list", order) == in_order
    assert found(index, "list:thesis sort:-list", order) == members[-3::-1] + last
    assert found(index, "list:thesis sort:date", order) == newest
    for text in ("list:thesis", 'list:"Thesis', "list:thesis ", "is:read list:thesis"):
        query = parse(
            text, TODAY, typing=True
        )  # and it does not jump when the last letter is typed
        assert index.only_list(query) == "Thesis"
        keys = [entry.key for entry in index.select(query, order)]
        assert keys == [key for key in in_order if "read" not in text or key in read], text
    for text in ("-list:thesis", "list:thesis OR is:read", 'list:thesis list:"world models"'):
        assert index.only_list(parse(text)) is None
        assert found(index, text) == sorted(found(index, text), key=index.keys().index)


@pytest.mark.parametrize("text", ["", "retrieval", "is:read", "list:thesis", "sort:-up,title"])
@pytest.mark.parametrize("limit", [0, 1, 7, 999_999_999])
def test_a_limit_takes_the_first_and_counts_all(text: str, limit: int, index: Index) -> None:
    assert found(index, f"{text} limit:{limit}") == found(index, text)[:limit]
    assert index.count(parse(f"{text} limit:{limit}")) == index.count(parse(text))


# Misspelt words


@pytest.mark.parametrize(
    ("typo", "meant", "expected"),
    [
        ("retreival", ("retrieval",), "Is It Really Long Context if All You Need Is Retrieval?"),
        ("mutlitask", ("multitask",), "Challenges and Opportunities of Using Transformer-Based"),
        ("experst", ("experts",), "MixLoRA"),
        ("generalisation", ("generalization",), "Generalization"),
        ("lroa", ("lora",), "MixLoRA"),
    ],
)
def test_a_misspelt_word_finds_what_was_meant(
    typo: str, meant: tuple[str, ...], expected: str, index: Index, entries: list[Entry]
) -> None:
    query = parse(typo)
    assert index.corrections(query) == {typo: meant}
    near = {
        e.key
        for e in entries
        if any(w in fact_words(e.paper, "") or w in words_of(e.decision.note or "") for w in meant)
    }
    assert set(found(index, typo)) == near
    assert any(expected in title for title in titles(index, typo))


def test_a_misspelt_word_is_corrected_beside_others(index: Index) -> None:
    assert set(found(index, "retreival is:read")) <= set(found(index, "retrieval is:read"))
    assert found(index, "-retreival") == found(index, "")  # what is taken away is never guessed
    assert found(index, "-(retreival OR lora)") == found(index, "-lora")
    assert found(index, "retreival is:read")
    assert index.corrections(parse("retreival lora -lroa")) == {"retreival": ("retrieval",)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("finetuning", "Task-Specific Skill Localization in Fine-tuned Language Models"),
        ("fine-tuning", "TCIA: A Task-Centric Instruction Augmentation Method"),
        ("multitask", "TaskWeb: Selecting Better Source Tasks for Multi-task NLP"),
        ("multi-task", "Multi-task"),
        ("pira", "Benchmarks for Pirá 2.0"),
        ("RAGNARÖK", "Ragnarök: A Reusable RAG Framework"),
    ],
)
def test_a_compound_and_an_accent_are_no_misspelling(
    text: str, expected: str, index: Index
) -> None:
    assert any(expected in title for title in titles(index, text))
    assert index.corrections(parse(text)) == {}


def test_a_word_that_matches_is_never_corrected(index: Index, entries: list[Entry]) -> None:
    """Beginnings of frequent words, many of them one letter away from another word."""
    frequent = Counter(word for entry in entries for word in fact_words(entry.paper, "title"))
    for word, _ in frequent.most_common(40):
        for end in {4, 5, len(word) - 1, len(word)}:
            begun = word[:end]
            asked = Asked(begun, holds_words("", begun))
            assert set(found(index, begun)) == {e.key for e in entries if asked.holds(e)}, begun
            assert index.corrections(parse(begun)) == {}


@pytest.mark.parametrize("text", ["nlq", "lro", "xx", "qwxzk", "prmpot", "zzzqqqxx"])
def test_too_short_or_too_far_a_word_is_not_corrected(text: str, index: Index) -> None:
    assert found(index, text) == []
    assert index.corrections(parse(text)) == {}


def test_a_correction_in_one_field_is_told(index: Index) -> None:
    assert found(index, "title:actions")
    assert index.corrections(parse("title:actions"))


def test_a_correction_that_was_not_made_is_not_told(index: Index) -> None:
    query = parse('"retreival augmented"')
    assert index.count(query) == 0
    assert index.corrections(query) == {}


# Which term to drop


@given(parts=st.lists(terms() | st.builds(negated, terms(), st.just("-")), max_size=4))
@settings(max_examples=150, deadline=None)
def test_what_dropping_a_term_would_give_is_true(
    parts: list[Asked], index: Index, entries: list[Entry]
) -> None:
    expected: list[int] = []
    for dropped in range(len(parts)):
        others = [part for place, part in enumerate(parts) if place != dropped]
        expected.append(sum(all(part.holds(entry) for part in others) for entry in entries))
    query = parse(" ".join(part.text for part in parts), TODAY)
    relaxed = index.relax(query)
    counts = [each.count for each in relaxed]
    assert counts == sorted((count for count in expected if count), reverse=True)
    assert {each.term for each in relaxed} <= {str(term) for term in query.terms}


def test_each_term_to_drop_is_told_with_its_own_count(index: Index) -> None:
    told = {each.term: each.count for each in index.relax(parse("lora is:read key:zz"))}
    assert told == {"id:zz*": index.count(parse("lora is:read"))}
    told = {each.term: each.count for each in index.relax(parse("lora -lora is:read"))}
    assert told == {
        "lora": index.count(parse("-lora is:read")),
        "not lora": index.count(parse("lora is:read")),
    }


# Counts


@pytest.mark.parametrize("kind", [Field.TAG, Field.LIST])
def test_papers_are_counted_by_name(kind: Field, index: Index, entries: list[Entry]) -> None:
    names = Counter(
        name
        for entry in entries
        for name in (entry.decision.tags if kind is Field.TAG else entry.decision.lists)
    )
    counts = index.counts(kind)
    assert counts == names
    assert list(counts) == sorted(counts)
    assert set(index.unread_counts(kind)) == set(names)


def test_unread_papers_are_counted_by_name_those_asleep_left_out(
    index: Index, entries: list[Entry]
) -> None:
    unread = [entry for entry in entries if entry.decision.status is Status.UNREAD]
    awake = [entry.decision for entry in unread if not is_asleep(entry)]
    assert len(awake) < len(unread)
    for kind, names in (
        (Field.LIST, [name for decision in awake for name in decision.lists]),
        (Field.TAG, [tag for decision in awake for tag in decision.tags]),
    ):
        assert index.unread_counts(kind) == {
            **dict.fromkeys(index.counts(kind), 0),
            **Counter(names),
        }
    for name, count in index.unread_counts(Field.LIST).items():
        assert count == index.count(parse(f'list:"{name}" is:unread')) > 0
