"""How well the search finds: queries whose answers were read off the pages by hand."""

import json
from collections.abc import Sequence
from typing import Final, NamedTuple

import pytest

from tests.strategies import FIXTURES
from tui.model.paper import Paper
from tui.model.state import DEFAULT_STATE, Item
from tui.query import parse
from tui.search import Index
from tui.search.memory import index_of


class Known(NamedTuple):
    """A query and the keys of the papers that it must find."""

    kind: str
    query: str
    finds: frozenset[str]


KNOWN: Final = tuple(
    Known(each["kind"], each["query"], frozenset(each["finds"]))
    for each in json.loads((FIXTURES / "queries.json").read_text("utf-8"))
)
KINDS: Final = ("word", "phrase", "field", "typo", "joined", "accent", "date", "negation")


def quality(index: Index, known: Sequence[Known]) -> tuple[float, float]:
    """Precision and recall over all the answers to some queries."""
    results = [set(index.select(parse(each.query), lambda name: ()).keys()) for each in known]
    right = sum(len(keys & each.finds) for keys, each in zip(results, known, strict=True))
    precision = right / max(sum(map(len, results)), 1)
    return precision, right / sum(len(each.finds) for each in known)


@pytest.fixture(scope="module")
def index(corpus: tuple[Paper, ...]) -> Index:
    return index_of(Item(paper, DEFAULT_STATE) for paper in corpus)


def test_there_are_enough_queries_of_every_kind() -> None:
    assert len(KNOWN) >= 120
    assert len({each.query for each in KNOWN}) == len(KNOWN)
    assert {each.kind for each in KNOWN} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_right_papers_are_found_and_hardly_any_other(kind: str, index: Index) -> None:
    precision, recall = quality(index, [each for each in KNOWN if each.kind == kind])
    least = 0.99 if kind == "typo" else 1.0
    assert precision >= least
    assert recall >= least
