"""Papers that may be the same: found by what they share, and nothing else is."""

import json
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Final

import pytest

from tests.conftest import CORPUS
from tui.model.paper import SourceRecord, from_record, merge
from tui.model.state import DEFAULT_STATE, Item
from tui.query import parse
from tui.search import Index
from tui.search.lookalikes import SKETCH, sketch
from tui.search.memory import index_of

PAPERS: Final = tuple(map(from_record, json.loads(CORPUS.read_text("utf-8"))))
ABSTRACTS: Final = [(p.title, p.abstract) for p in PAPERS if len((p.abstract or "").split()) > 80]


def index(*records: SourceRecord) -> Index:
    """An index of a paper per record, its lookalikes loaded."""
    loaded = index_of(Item(merge([record]), DEFAULT_STATE) for record in records)
    loaded.load_lookalikes()
    return loaded


def record(title: str, abstract: str | None, **facts: object) -> SourceRecord:
    return SourceRecord(title, abstract, "a.txt", 1, **facts)  # type: ignore[arg-type]


def pairs(loaded: Index) -> set[frozenset[str]]:
    keys = loaded.select(parse(""), lambda name: ()).keys()
    return {frozenset((key, other)) for key in keys for other in loaded.alike(key)}


def _with_words_changed(share: float) -> Callable[[str, Random], str]:
    def change(text: str, chance: Random) -> str:
        return " ".join("other" if chance.random() < share else word for word in text.split())

    return change


def _without_sentences(text: str, chance: Random) -> str:
    sentences = text.split(". ")
    del sentences[chance.randrange(len(sentences))]
    return ". ".join([*sentences, "We release all code and data under a free licence"])


MUTATIONS: Final[dict[str, Callable[[str, Random], str]]] = {
    "a new title": lambda text, chance: text,
    "a fifth of the words changed": _with_words_changed(0.2),
    "a sentence out and one in": _without_sentences,
    "cut to half": lambda text, chance: text[: len(text) // 2],
    "the first sixty words": lambda text, chance: " ".join(text.split()[:60]),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_retitled_and_edited_paper_looks_like_the_old_one(name: str) -> None:
    chance = Random(7)
    old = [record(title, abstract) for title, abstract in ABSTRACTS[:100]]
    new = [
        record(f"Another Title {place}", MUTATIONS[name](abstract or "", chance))
        for place, (_, abstract) in enumerate(ABSTRACTS[:100])
    ]
    expected = {frozenset((a.key, b.key)) for a, b in zip(old, new, strict=True)}
    matches = pairs(index(*old, *new))
    assert len(expected & matches) >= 97
    assert matches <= expected


def test_no_two_shipped_papers_look_alike() -> None:
    loaded = index_of(Item(paper, DEFAULT_STATE) for paper in PAPERS)
    loaded.load_lookalikes()
    assert not pairs(loaded)
    assert not loaded.has_lookalikes


def test_a_phrase_that_many_abstracts_share_makes_none_alike() -> None:
    phrase = "extensive experiments on a wide range of public benchmarks show large gains"
    records = [
        record(f"Paper {n}", f"{title} {n}. {phrase}.") for n, (title, _) in enumerate(ABSTRACTS)
    ]
    assert not pairs(index(*records))


THREE: Final = {"author_count": 3}
PARTS: Final = ("On Sets of Rivers: Part I", "On Sets of Rivers: Part II")
VERSIONS: Final = ("Rivers 2.0: A Report on Sets", "Rivers 3.0: A Report on Sets")
CLOSE: Final = (
    "Lanterns: Efficient Generation of Rivers",
    "Lantern: Efficient Generation of Rivers",
)


@pytest.mark.parametrize(
    ("titles", "facts", "others", "expected"),
    [
        (CLOSE, {"authors": ("Ada Lovelace",)}, {"authors": ("Lovelace, A.", "B. C")}, True),
        (CLOSE, {"authors": ("Ada Lovelace",)}, {"authors": ("Ada Byron",)}, False),
        (CLOSE, THREE, THREE, True),
        (CLOSE, THREE, {"author_count": 4}, False),
        (CLOSE, {"author_count": 1}, {"author_count": 1}, False),
        (PARTS, THREE, THREE, False),
        (VERSIONS, THREE, THREE, False),
    ],
)
def test_close_titles_need_an_author_in_common_or_the_same_day_and_number(
    titles: tuple[str, str], facts: dict[str, object], others: dict[str, object], expected: bool
) -> None:
    day = date(2025, 7, 3)
    one = record(titles[0], None, published=day, **facts)
    other = record(titles[1], None, published=day, **others)
    assert bool(pairs(index(one, other))) is expected


def test_the_query_finds_both_and_its_negation_the_others() -> None:
    title, abstract = ABSTRACTS[0]
    loaded = index(record(title, abstract), record("Retitled", abstract), record("On Sets", "No."))

    def keys_of(query: str) -> set[str]:
        return {item.paper.title for item in loaded.select(parse(query), lambda _: ())}

    assert keys_of("is:lookalike") == {title, "Retitled"}
    assert keys_of("-is:lookalike") == {"On Sets"}


def test_a_sketch_is_of_the_words_alone() -> None:
    assert sketch("one two three four") == sketch("one, two\nthree - four!")
    assert len(sketch(" ".join(map(str, range(100))))) == SKETCH
    assert not sketch("two words")
