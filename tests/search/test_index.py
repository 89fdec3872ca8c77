"""What the index promises, held against a search that goes through every paper."""

import json
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
from hypothesis import given
from hypothesis import strategies as st

from tests.memory import age_rank
from tui.model.paper import Paper, SourceRecord, merge, to_record
from tui.model.state import Item, PaperState, Status
from tui.query import ORDERS, Field, parse
from tui.search import Index
from tui.search.matching import glob
from tui.search.memory import index_of

TODAY: Final = date(2026, 1, 15)
LONG_AGO, FAR_OFF = date(2000, 1, 1), date(2999, 1, 1)
"""Days on which a snoozed paper is awake or asleep, whatever day it is."""

EXTRA: Final = (
    SourceRecord(
        "Ångström-Scale Erdős Graphs",
        "We visit the café of graphs, low on rank.",
        "ünï.txt",
        1,
        published=date(2026, 1, 9),
        author_count=2,
        authors=("Jane Doe", "Pál Erdős"),
        upvotes=60,
        comments=4,
        code_stars=7,
        urls=("https://a.org",),
    ),
    SourceRecord(
        "Retrieval for Nobody",
        None,
        "ünï.txt",
        2,
        published=date(2026, 1, 15),
        author_count=1,
        authors=("John Doe",),
        upvotes=0,
        comments=9,
    ),
    SourceRecord(
        "日本語の論文", "A survey of none.", "ünï.txt", 3, page_day="2026-01-15", upvotes=5
    ),
    SourceRecord(
        "Of Many", "By more.", "new.txt", 4, authors=("Jane Doe",), authors_incomplete=True
    ),
    SourceRecord("Doe Was Here", "Planning to plan.", "new.txt", 1, page_day="--01-10"),
    SourceRecord("An Equal Paper", "b", "new.txt", 2, published=date(2023, 8, 16), author_count=6),
    SourceRecord("An Equal Sheet", "a", "new.txt", 3, published=date(2023, 8, 16), author_count=60),
)
"""Facts that no shipped paper has: authors, an accent, no abstract, no votes at all."""

TAGS: Final = ("élan", "ml", "ml/vision", "nlp", "rl", "world-models")
LISTS: Final = ("Thesis", "World models")
NOTES: Final = (None, None, None, "read again before Friday", "siehe Ångström\nund Lora")


def decision_of(number: int) -> PaperState:
    """The decision about the paper of a number: every kind of it, in every combination soon."""
    return PaperState(
        status=list(Status)[number % 4],
        starred=number % 5 == 0,
        snoozed_until=FAR_OFF if number % 9 == 0 else LONG_AGO if number % 7 == 0 else None,
        tags=tuple(tag for place, tag in enumerate(TAGS, 3) if number % place == 0),
        lists=tuple(name for place, name in enumerate(LISTS, 6) if number % place == 0),
        note=NOTES[number % 5],
        changed=f"2026-01-{number % 28 + 1:02}T12:00:00Z" if number % 6 else None,
    )


class Entries(list[Item]):
    """Entries that do not fill the screen when a test fails."""

    def __repr__(self) -> str:
        return f"<{len(self)} entries>"


def entries_of(papers: Iterable[Paper]) -> Entries:
    return Entries(
        Item(paper, decision_of(number), f"2026-01-{number % 15 + 1:02}" if number % 10 else None)
        for number, paper in enumerate(papers)
    )


@pytest.fixture(scope="session")
def items(corpus: tuple[Paper, ...]) -> list[Item]:
    """All shipped papers and some that are stranger, decided about in every way."""
    return entries_of([*corpus, *(merge([sighting]) for sighting in EXTRA)])


@pytest.fixture(scope="session")
def index(items: list[Item]) -> Index:
    return index_of(items, lambda: TODAY)


@pytest.fixture(scope="session")
def few(corpus: tuple[Paper, ...]) -> list[Item]:
    """A dozen papers, for what builds an index again and again."""
    return entries_of([*corpus[::30], *(merge([sighting]) for sighting in EXTRA)])


def no_order(name: str) -> Sequence[str]:
    return ()


def found(index: Index, text: str, order: Callable[[str], Sequence[str]] = no_order) -> list[str]:
    """The keys that a query finds, in its order."""
    return [item.key for item in index.select(parse(text, TODAY), order)]


def titles(index: Index, text: str) -> list[str]:
    return [item.paper.display_title for item in index.select(parse(text, TODAY), no_order)]


# The slow search: the grammar over items, in plain Python

Claim = Callable[[Item], bool]

OR_LEVEL, AND_LEVEL, NOT_LEVEL, TERM_LEVEL = range(4)


@dataclass(frozen=True)
class WordTerm:
    """A query, and by hand whether a paper satisfies it."""

    text: str
    holds: Claim = field(repr=False, compare=False)
    level: int = TERM_LEVEL
    """How tightly its outermost operator binds."""

    def within(self, level: int) -> str:
        return self.text if self.level >= level else f"({self.text})"


def all_of(parts: Sequence[WordTerm], glue: str) -> WordTerm:
    text = glue.join(part.within(AND_LEVEL) for part in parts)
    return WordTerm(text, lambda item: all(part.holds(item) for part in parts), AND_LEVEL)


def any_of(parts: Sequence[WordTerm], glue: str) -> WordTerm:
    text = glue.join(part.text for part in parts)
    return WordTerm(text, lambda item: any(part.holds(item) for part in parts), OR_LEVEL)


def negated(part: WordTerm, sign: str) -> WordTerm:
    return WordTerm(sign + part.within(TERM_LEVEL), lambda item: not part.holds(item), NOT_LEVEL)


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
        "title": (paper.display_title,),
        "abs": (paper.display_abstract,),
        "author": paper.authors,
        "note": (),
    }
    return texts[name] if name else tuple(text for part in texts.values() for text in part)


@cache
def fact_words(paper: Paper, name: str) -> frozenset[str]:
    """The words of a field, and what its compounds are in one word."""
    words: set[str] = set()
    for text in fact_texts(paper, name):
        words.update(words_of(text))
        for compound in re.findall(r"[^\W_]+(?:[-‐‑][^\W_]+)+", plain(text)):
            words.add(re.sub("[-‐‑]", "", compound))
    return frozenset(words)


@cache
def fact_begins(paper: Paper, name: str, beginning: str) -> bool:
    is_spaceless = any("\u3040" <= char <= "\u9fff" for char in beginning)
    return any(
        word.startswith(beginning) or (is_spaceless and beginning in word)
        for word in fact_words(paper, name)
    )


def has_beginning(item: Item, name: str, beginning: str) -> bool:
    own = item.state.note or ""
    if not name:
        own += " " + " ".join(item.state.tags)
    return fact_begins(item.paper, name, beginning) or (
        name in ("", "note") and any(word.startswith(beginning) for word in words_of(own))
    )


def holds_words(name: str, value: str) -> Claim:
    parts = words_of(value)
    phrase = f" {' '.join(parts)}"

    def holds(item: Item) -> bool:
        if has_beginning(item, name, "".join(parts)):
            return True
        note = (item.state.note or "",) if name in ("", "note") else ()
        texts = (*fact_texts(item.paper, name), *note)
        return len(parts) > 1 and any(phrase in f" {' '.join(words_of(text))} " for text in texts)

    return holds


def holds_phrase(name: str, value: str) -> Claim:
    phrase = f" {' '.join(words_of(value))} "

    def holds(item: Item) -> bool:
        note = (item.state.note or "",) if name in ("", "note") else ()
        texts = (*fact_texts(item.paper, name), *note)
        return any(phrase in f" {' '.join(words_of(text))} " for text in texts)

    return holds


def holds_glob(name: str, pattern: str) -> Claim:
    def holds(item: Item) -> bool:
        for text in fact_texts(item.paper, name):
            rest = plain(text)
            for part in pattern.split("*"):
                _, before, rest = rest.partition(part)
                if part and not before:
                    break
            else:
                return True
        return False

    return holds


WORDS: Final = {
    "": ("retrieval", "lora", "multi-task", "fine-tun", "few-shot", "e", "angstr", "doe", "friday"),
    "title": (
        "retrieval",
        "multi",
        "survey",
        "lang",
        "scal",
        "erdos",
        "日本語",
        "本語の",
        "論文",
        "a",
    ),
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

    def holds(item: Item) -> bool:
        note = (item.state.note or "",) if name in ("", "note") else ()
        texts = (*fact_texts(item.paper, name), *note)
        return any(search(plain(text).replace("\n", " ")) for text in texts)

    return holds


def word_terms() -> st.SearchStrategy[WordTerm]:
    names = {"": ("", "any"), "title": ("title:", "ti:"), "abs": ("abs:", "abstract:")}
    choices: list[WordTerm] = []
    for name in WORDS:
        for spelled in names.get(name, (f"{name}:",)):
            if spelled == "any":
                continue
            for word in WORDS[name]:
                choices.append(WordTerm(spelled + word, holds_words(name, word)))
                choices.append(WordTerm(spelled + word.upper() + "*", holds_words(name, word)))
            for phrase in PHRASES[name]:
                choices.append(WordTerm(f'{spelled}"{phrase}"', holds_phrase(name, phrase)))
            for parts in GLOBS.get(name, ()):
                choices.append(WordTerm(spelled + parts, holds_glob(name, parts)))
    choices += [
        WordTerm(f"{spelled}/{p}/", holds_pattern(name, p)) for name, spelled, p in PATTERNS
    ]
    choices += [
        WordTerm('author:="Jane Doe"', lambda item: "Jane Doe" in item.paper.authors),
        WordTerm("author:=jane", lambda item: False),
        WordTerm("ti:=retrieval*", lambda e: plain(e.paper.display_title).startswith("retrieval")),
    ]
    return st.sampled_from(choices)


def day_of(item: Item) -> str:
    """The day of the last change; empty if there was none."""
    return (item.state.changed or "")[:10]


def is_snoozed(item: Item) -> bool:
    return item.state.snoozed_until == FAR_OFF


def has_tag(pattern: str) -> Claim:
    def holds(item: Item) -> bool:
        for tag in map(plain, item.state.tags):
            if pattern.endswith("*") and tag.startswith(pattern[:-1]):
                return True
            if tag == pattern or tag.startswith(pattern + "/"):
                return True
        return False

    return holds


def is_undecided(item: Item) -> bool:
    is_unread = item.state.status is Status.UNREAD and not is_snoozed(item)
    return is_unread and not item.state.starred and not item.state.lists


def is_in(name: str) -> Claim:
    return lambda item: name in item.state.lists


CLAIMS: Final = (
    WordTerm("is:unread", lambda e: e.state.status is Status.UNREAD and not is_snoozed(e)),
    WordTerm("is:reading", lambda e: e.state.status is Status.READING),
    WordTerm("is:read", lambda e: e.state.status is Status.READ),
    WordTerm("is:dismissed", lambda e: e.state.status is Status.DISMISSED),
    WordTerm("is:decided", lambda e: not is_undecided(e)),
    WordTerm("is:inbox", lambda e: is_undecided(e)),
    WordTerm(
        "is:kept",
        lambda e: (
            e.state.status in (Status.UNREAD, Status.READING)
            and not is_snoozed(e)
            and (e.state.starred or bool(e.state.lists))
        ),
    ),
    WordTerm("is:starred", lambda e: e.state.starred),
    WordTerm("is:snoozed", is_snoozed),
    WordTerm("is:duplicate", lambda e: len(e.paper.records) > 1),
    WordTerm("has:note", lambda e: e.state.note is not None),
    WordTerm("has:tag", lambda e: bool(e.state.tags)),
    WordTerm("has:list", lambda e: bool(e.state.lists)),
    WordTerm("has:date", lambda e: e.paper.published is not None),
    WordTerm("has:upvotes", lambda e: e.paper.upvotes is not None),
    WordTerm("has:authors", lambda e: e.paper.has_authors),
    WordTerm("has:abstract", lambda e: e.paper.abstract is not None),
    WordTerm("has:url", lambda e: bool(e.paper.urls)),
    WordTerm("tag:none", lambda e: not e.state.tags),
    WordTerm("list:none", lambda e: not e.state.lists),
    *(WordTerm(f"tag:{tag}", has_tag(plain(tag))) for tag in TAGS),
    *(WordTerm(f"#{tag.upper()}", has_tag(plain(tag))) for tag in TAGS),
    WordTerm("tag:m*", has_tag("m*")),
    WordTerm("tag:*", has_tag("*")),
    WordTerm("tag:nothing", has_tag("nothing")),
    WordTerm("list:thesis", is_in("Thesis")),
    WordTerm('in:"world MODELS"', is_in("World models")),
    WordTerm("list:*", lambda e: bool(e.state.lists)),
    WordTerm("list:world", lambda e: False),
    WordTerm("source:000", lambda e: any(s.file.startswith("000") for s in e.paper.records)),
    WordTerm("source:uni", lambda e: any(s.file == "ünï.txt" for s in e.paper.records)),
    WordTerm("source:=new.txt", lambda e: any(s.file == "new.txt" for s in e.paper.records)),
    WordTerm("id:re", lambda e: e.key.startswith("re")),
    WordTerm("key:zz", lambda e: e.key.startswith("zz")),
    WordTerm("is:new", lambda e: bool(e.added)),  # as nobody has looked yet
    WordTerm("is:selected", lambda e: False),
    WordTerm("changed:2026-01-02..2026-01-09", lambda e: "2026-01-02" <= day_of(e) <= "2026-01-09"),
    WordTerm(
        "read:last-week",
        lambda e: e.state.status is Status.READ and "2026-01-05" <= day_of(e) <= "2026-01-11",
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
    name: str, value_of: Callable[[Item], str | None], ends: Sequence[str]
) -> st.SearchStrategy[WordTerm]:
    """Ranges of what can be compared as text, as far as an end is written: 2023 is all its days."""

    def compared(sign: str, end: str) -> WordTerm:
        def holds(item: Item) -> bool:
            value = value_of(item)
            return value is not None and COMPARISONS[sign](value[: len(end)], end)

        return WordTerm(f"{name}:{sign}{end}", holds)

    def between(low: str, high: str) -> WordTerm:
        def holds(item: Item) -> bool:
            value = value_of(item)
            return value is not None and (
                value[: len(low)] >= low and (not high or value[: len(high)] <= high)
            )

        return WordTerm(f"{name}:{low}..{high}", holds)

    end = st.sampled_from(ends)
    return st.builds(compared, st.sampled_from(tuple(COMPARISONS)), end) | st.builds(
        between, end | st.just(""), end
    )


def number_text(value: int | None) -> str | None:
    return None if value is None else f"{value:09}"


def padded(text: str) -> str:
    """The query with its numbers as a person writes them."""
    return re.sub(r"0*(\d+)", r"\1", text)


def numbers(
    name: str, value_of: Callable[[Item], int | None], ends: Sequence[int]
) -> st.SearchStrategy[WordTerm]:
    texts = [f"{end:09}" for end in ends]
    return ranges(name, lambda item: number_text(value_of(item)), texts).map(
        lambda term: replace(term, text=padded(term.text))
    )


def aged(name: str, value_of: Callable[[Item], str | None], days: int) -> WordTerm:
    first = (TODAY - timedelta(days=days)).isoformat()

    def holds(item: Item) -> bool:
        value = value_of(item)
        return value is not None and first <= value <= TODAY.isoformat()

    return WordTerm(f"{name}:{days}d", holds)


def published(item: Item) -> str | None:
    return str(item.paper.published) if item.paper.published else None


def added(item: Item) -> str | None:
    return item.added


def year(item: Item) -> int | None:
    return item.paper.published.year if item.paper.published else None


DAYS: Final = ("2020", "2023", "2023-08", "2023-08-16", "2024-07-03", "2025-07", "2026-01-09")
ADDED: Final = ("2026", "2026-01", "2026-01-01", "2026-01-09", "2026-01-15")


def terms() -> st.SearchStrategy[WordTerm]:
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


def questions() -> st.SearchStrategy[WordTerm]:
    """Queries of the whole grammar, operators spelt in every way."""

    def larger(part: st.SearchStrategy[WordTerm]) -> st.SearchStrategy[WordTerm]:
        several = st.lists(part, min_size=2, max_size=3)
        return st.one_of(
            st.builds(all_of, several, st.sampled_from([" ", " AND ", "  "])),
            st.builds(any_of, several, st.sampled_from([" OR ", " | ", "|", " OR OR "])),
            st.builds(negated, part, st.sampled_from(["-", "\u2212", "NOT "])),
        )

    return st.recursive(terms(), larger, max_leaves=6)


# What is found


@given(claim=questions())
def test_a_query_finds_what_a_slow_search_finds(
    claim: WordTerm, index: Index, items: list[Item]
) -> None:
    keys = found(index, claim.text)
    assert set(keys) == {item.key for item in items if claim.holds(item)}
    assert len(keys) == len(set(keys)) == index.count(parse(claim.text, TODAY))
    assert not parse(claim.text.replace("OR OR", "OR"), TODAY).diagnostics


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.text)
def test_a_claim_finds_what_a_slow_search_finds(
    claim: WordTerm, index: Index, items: list[Item]
) -> None:
    keys = set(found(index, claim.text))
    assert keys == {item.key for item in items if claim.holds(item)}
    unheard_of = ("tag:nothing", "list:world", "key:zz", "is:selected")
    assert bool(keys) == (claim.text not in unheard_of)


@pytest.mark.parametrize(("name", "words"), WORDS.items(), ids=list(WORDS))
def test_the_words_that_are_asked_here_stand_somewhere(
    name: str, words: Sequence[str], items: list[Item]
) -> None:
    """Else the index corrects them, and the slow search does not."""
    for word in words:
        for part in words_of(word):
            assert len(part) < 4 or any(has_beginning(item, name, part) for item in items), part


def test_nothing_and_everything_are_found(index: Index, items: list[Item]) -> None:
    assert len(found(index, "")) == len(index) == len(items)
    assert found(index, "lora -lora") == []
    assert found(index_of([]), "lora") == []
    assert index_of([]).suggest_drops(parse("lora is:read")) == []


def test_missing_values_never_satisfy_a_comparison(index: Index, items: list[Item]) -> None:
    dated = set(found(index, "has:date"))
    assert dated == set(found(index, "date:>=0001 OR date:<=9998")) != set(found(index, ""))
    assert set(found(index, "date:<2023 OR date:>=2023")) == dated
    assert set(found(index, "-date:<2023 -date:>=2023")) == set(found(index, "-has:date"))
    assert set(found(index, "up:0..")) == {e.key for e in items if e.paper.upvotes is not None}


def test_a_snoozed_paper_is_unread_again_on_its_day(few: list[Item]) -> None:
    def unread(until: date | None) -> bool:
        decision = PaperState(snoozed_until=until)
        index = index_of([replace(few[0], state=decision)])
        assert bool(found(index, "is:unread")) != bool(found(index, "is:snoozed"))
        return bool(found(index, "is:unread"))

    assert unread(None)
    assert unread(LONG_AGO)
    assert unread(date.today())
    assert not unread(date.today() + timedelta(days=2))
    assert not unread(FAR_OFF)


def test_a_question_about_notes_looks_into_no_tags(few: list[Item]) -> None:
    index = index_of([replace(few[0], state=PaperState(tags=("rl",), note="later"))])
    assert found(index, "note:later")
    assert not found(index, "note:rl")


STARS: Final = """
import json, sys
from tests.memory import age_rank
from tui.search.memory import index_of
from tui.search import Index
from tui.model.paper import from_record
from tui.query import parse
from tui.model.state import PaperState, Item
index = index_of([Item(from_record(json.load(sys.stdin)), PaperState())])
print(index.count(parse("abs:a*a*a*a*a*a*a*a*zzz")))
"""


def test_a_query_with_several_stars_comes_to_an_end() -> None:
    """In a process of its own, that can be ended when it hangs."""
    record = to_record(merge([SourceRecord("On a", "a b " * 100, "0.txt", 1)]))
    result = subprocess.run(
        [sys.executable, "-c", STARS],
        input=json.dumps(record).encode(),
        cwd=Path(__file__).parents[2],
        timeout=20,  # a glob that starts over at each star takes days
        check=True,
        stdout=subprocess.PIPE,
    )
    assert result.stdout.strip() == b"0"


@given(st.text("ab*", max_size=8), st.text("ab", max_size=8))
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
    keys = set(found(index, text))
    assert keys
    for end in range(len(text) + 1):
        half = parse(text[:end], TODAY, typing=True)
        assert {item.key for item in index.select(half, no_order)} >= keys, text[:end]


# After changes


def decisions() -> st.SearchStrategy[PaperState]:
    def some_of(names: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
        return st.sets(st.sampled_from(names), max_size=3).map(lambda chosen: tuple(sorted(chosen)))

    return st.builds(
        PaperState,
        status=st.sampled_from(Status),
        starred=st.booleans(),
        snoozed_until=st.sampled_from([None, LONG_AGO, FAR_OFF]),
        tags=some_of((*TAGS, "graphs")),
        lists=some_of(LISTS),
        note=st.sampled_from(NOTES),
        changed=st.sampled_from([None, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]),
    )


PROBES: Final = (
    *(claim.text for claim in CLAIMS),
    *("friday", "note:friday", "graphs", "vision", '"again before"', "lora OR friday", "-friday"),
    *(f"sort:{by}" for by in ORDERS),
)


@given(changes=st.lists(st.tuples(st.integers(0, 14), decisions()), max_size=8))
def test_an_index_that_was_updated_equals_one_that_is_rebuilt(
    changes: list[tuple[int, PaperState]], few: list[Item]
) -> None:
    index = index_of(few)
    index.load_words()
    current = list(few)
    for number, decision in changes:
        current[number] = replace(current[number], state=decision)
        index.update_all({current[number].key: current[number].state})
    rebuilt = index_of(current)
    for probe in PROBES:
        assert found(index, probe) == found(rebuilt, probe), probe
    assert index.select(parse(""), no_order) == rebuilt.select(parse(""), no_order)
    for kind in (Field.TAG, Field.LIST, Field.IS):
        assert index.counts(kind) == rebuilt.counts(kind)
        assert index.unread_counts(kind) == rebuilt.unread_counts(kind)


def test_an_update_of_an_unknown_paper_is_refused(few: list[Item]) -> None:
    with pytest.raises(KeyError):
        index_of(few[1:]).update_all({few[0].key: few[0].state})


# In what order


def test_papers_come_newest_first_and_those_of_one_day_as_on_their_page(
    index: Index, items: list[Item]
) -> None:
    keys = found(index, "")

    def place(item: Item) -> tuple[str, int]:
        newest = max(item.paper.records, key=lambda record: record.page_day or "")
        return newest.file, newest.line

    ages = {item.key: (age_rank(item.paper), item.added or "") for item in items}
    newest = sorted(sorted(items, key=place), key=lambda item: ages[item.key], reverse=True)
    assert keys == [item.key for item in newest]
    assert titles(index, "")[:2] == ["Retrieval for Nobody", "Ångström-Scale Erdős Graphs"]


@pytest.mark.parametrize(
    ("text", "of_titles"),
    [
        ("retrieval", ["title:retrieval"]),
        ("multi task", ["title:multi title:task", "multi task (title:multi OR title:task)"]),
        ("lora OR survey", ["title:lora OR title:survey"]),
        ("is:read language", ["is:read title:language"]),
    ],
)
def test_papers_with_most_words_in_their_titles_come_first(
    text: str, of_titles: Sequence[str], index: Index
) -> None:
    keys, newest = found(index, text), found(index, "")
    start = 0
    for each in (*of_titles, text):
        first = set(found(index, each))
        assert set(keys[: len(first)]) == first
        assert start < len(first), "each is tried"
        tier = keys[start : len(first)]
        assert tier == sorted(tier, key=newest.index)
        start = len(first)


def test_a_negated_word_ranks_nothing(index: Index) -> None:
    newest = found(index, "")
    assert found(index, "-retrieval") == sorted(found(index, "-retrieval"), key=newest.index)


def test_a_word_that_only_abstracts_have_ranks_nothing(index: Index) -> None:
    words = ("actions", "achieve", "abstracts", "accurate")
    for text in words:
        assert not any(word.startswith(text) for t in titles(index, "") for word in words_of(t))
        assert found(index, text) == sorted(found(index, text), key=found(index, "").index)


def value_of(item: Item, by: str) -> object:
    return {
        "date": item.paper.published,
        "up": item.paper.upvotes,
        "comments": item.paper.comments,
        "title": plain(item.paper.display_title),
        "added": item.added,
        "stars": item.paper.code_stars,
        "authors": item.paper.author_count,
        "unread": list(Status).index(item.state.status),
        "changed": item.state.changed,
        "import": item.added,  # as these are of no import
    }[by]


FALLING: Final = ("date", "up", "comments", "stars", "added", "authors", "changed", "import")


LEARNED: Final = ("list", "relevance", "likely")
"""Orders that come neither from facts nor from the state of one paper."""


@pytest.mark.parametrize("by", [by for by in ORDERS if by not in LEARNED])
@pytest.mark.parametrize("sign", ["", "-"])
def test_an_order_is_the_natural_one_or_its_reverse_with_the_missing_last(
    by: str, sign: str, index: Index, items: list[Item]
) -> None:
    newest = found(index, "")
    values = {item.key: value_of(item, by) for item in items}
    dated = sorted((key for key in values if values[key] is not None), key=newest.index)
    dated.sort(key=lambda key: values[key], reverse=(by in FALLING) != bool(sign))  # type: ignore[arg-type,return-value]
    missing = sorted((key for key in values if values[key] is None), key=newest.index)
    assert found(index, f"sort:{sign}{by}") == dated + missing
    assert bool(missing) == (by not in ("title", "unread"))


def test_the_first_order_decides_and_the_next_among_equals(index: Index, items: list[Item]) -> None:
    by_title = sorted(items, key=lambda item: plain(item.paper.display_title))
    by_status = sorted(by_title, key=lambda item: list(Status).index(item.state.status))
    assert found(index, "sort:unread,title") == [item.key for item in by_status]
    assert found(index, "sort:unread sort:title") == [item.key for item in by_status]


def test_a_list_comes_in_the_order_of_its_user(index: Index) -> None:
    members = sorted(found(index, "list:thesis"))
    newest = sorted(members, key=found(index, "").index)
    assert len(members) > 10
    assert members != newest

    def order(name: str) -> Sequence[str]:
        assert name == "Thesis"
        return members[:-2]  # the last two have no place yet

    last = sorted(members[-2:], key=found(index, "").index)
    in_order = members[:-2] + last
    read = set(found(index, "is:read"))
    assert index.single_list(parse("list:thesis is:read")) == "Thesis"
    assert found(index, "list:thesis", order) == in_order
    assert found(index, "LIST:THESIS is:read", order) == [key for key in in_order if key in read]
    assert found(index, "list:thesis sort:list", order) == in_order
    assert found(index, "list:thesis sort:-list", order) == members[-3::-1] + last
    assert found(index, "list:thesis sort:date", order) == newest
    for text in ("list:thesis", 'list:"Thesis', "list:thesis ", "is:read list:thesis"):
        query = parse(
            text, TODAY, typing=True
        )  # and it does not jump when the last letter is typed
        assert index.single_list(query) == "Thesis"
        keys = [item.key for item in index.select(query, order)]
        assert keys == [key for key in in_order if "read" not in text or key in read], text
    for text in ("-list:thesis", "list:thesis OR is:read", 'list:thesis list:"world models"'):
        assert index.single_list(parse(text)) is None
        assert found(index, text) == sorted(found(index, text), key=found(index, "").index)


@pytest.mark.parametrize("text", ["", "retrieval", "is:read", "list:thesis", "sort:-up,title"])
@pytest.mark.parametrize("limit", [0, 1, 7, 999_999_999])
def test_a_limit_takes_the_first_and_counts_all(text: str, limit: int, index: Index) -> None:
    assert found(index, f"{text} limit:{limit}") == found(index, text)[:limit]
    assert index.count(parse(f"{text} limit:{limit}")) == index.count(parse(text))


# Misspelt words


@pytest.mark.parametrize(
    ("typo", "words", "expected"),
    [
        ("retreival", ("retrieval",), "Is It Really Long Context if All You Need Is Retrieval?"),
        ("mutlitask", ("multitask",), "Challenges and Opportunities of Using Transformer-Based"),
        ("experst", ("experts",), "MixLoRA"),
        ("generalisation", ("generalization",), "Generalization"),
        ("lroa", ("lora",), "MixLoRA"),
    ],
)
def test_a_misspelt_word_finds_what_was_meant(
    typo: str, words: tuple[str, ...], expected: str, index: Index, items: list[Item]
) -> None:
    query = parse(typo)
    assert index.corrections(query) == {typo: words}
    near = {
        e.key
        for e in items
        if any(w in fact_words(e.paper, "") or w in words_of(e.state.note or "") for w in words)
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


def test_a_word_that_matches_is_never_corrected(index: Index, items: list[Item]) -> None:
    """Beginnings of frequent words, many of them one letter away from another word."""
    frequent = Counter(word for item in items for word in fact_words(item.paper, "title"))
    for word, _ in frequent.most_common(40):
        for end in {4, 5, len(word) - 1, len(word)}:
            prefix = word[:end]
            term = WordTerm(prefix, holds_words("", prefix))
            assert set(found(index, prefix)) == {e.key for e in items if term.holds(e)}, prefix
            assert index.corrections(parse(prefix)) == {}


@pytest.mark.parametrize("text", ["2025", "title:2026", "2401.00001", "codegen3", "eli6", "blip3"])
def test_another_number_is_no_correction(text: str, index: Index) -> None:
    assert found(index, text) == []
    assert index.corrections(parse(text)) == {}


def test_a_word_with_a_number_is_corrected_in_its_letters(index: Index) -> None:
    assert index.corrections(parse("t2rankign")) == {"t2rankign": ("t2ranking",)}


@pytest.mark.parametrize("text", ["nlq", "lro", "xx", "qwxzk", "prmpot", "zzzqqqxx"])
def test_too_short_or_too_far_a_word_is_not_corrected(text: str, index: Index) -> None:
    assert found(index, text) == []
    assert index.corrections(parse(text)) == {}


def test_a_correction_in_one_field_is_reported(index: Index) -> None:
    assert found(index, "title:actions")
    assert index.corrections(parse("title:actions"))


def test_a_correction_that_was_not_made_is_not_reported(index: Index) -> None:
    query = parse('"retreival augmented"')
    assert index.count(query) == 0
    assert index.corrections(query) == {}


# Which term to drop


@given(parts=st.lists(terms() | st.builds(negated, terms(), st.just("-")), max_size=4))
def test_what_dropping_a_term_would_give_is_true(
    parts: list[WordTerm], index: Index, items: list[Item]
) -> None:
    expected: list[int] = []
    for dropped in range(len(parts)):
        others = [part for place, part in enumerate(parts) if place != dropped]
        expected.append(sum(all(part.holds(item) for part in others) for item in items))
    for part in parts:  # a pattern that was never searched for may take too long for a hint
        index.count(parse(part.text, TODAY))
    query = parse(" ".join(part.text for part in parts), TODAY)
    relaxed = index.suggest_drops(query)
    counts = [each.count for each in relaxed]
    if len(parts) == 1:  # without it, no query would be left
        expected = []
    assert counts == sorted((count for count in expected if count), reverse=True)
    assert {each.term for each in relaxed} <= {part.text for part in parts}


def test_each_term_to_drop_is_reported_with_its_own_count(index: Index) -> None:
    suggestions = {
        each.term: each.count for each in index.suggest_drops(parse("lora is:read key:zz"))
    }
    assert suggestions == {"key:zz": index.count(parse("lora is:read"))}
    suggestions = {
        each.term: each.count for each in index.suggest_drops(parse("lora -lora is:read"))
    }
    assert suggestions == {
        "lora": index.count(parse("-lora is:read")),
        "-lora": index.count(parse("lora is:read")),
    }
    drops = index.suggest_drops(parse("NOT (is:read OR rl) lora key:zz"))
    assert [each.term for each in drops] == ["key:zz"]


# Counts


@pytest.mark.parametrize("kind", [Field.TAG, Field.LIST])
def test_papers_are_counted_by_name(kind: Field, index: Index, items: list[Item]) -> None:
    names = Counter(
        name
        for item in items
        for name in (item.state.tags if kind is Field.TAG else item.state.lists)
    )
    counts = index.counts(kind)
    assert counts == names
    assert list(counts) == sorted(counts)
    assert set(index.unread_counts(kind)) == set(names)


def test_unread_papers_are_counted_by_name_those_asleep_left_out(
    index: Index, items: list[Item]
) -> None:
    unread = [item for item in items if item.state.status is Status.UNREAD]
    awake = [item.state for item in unread if not is_snoozed(item)]
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
