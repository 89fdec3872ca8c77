"""How well half-remembered papers are found: ``python -m tests.search.report``.

``remembered.json`` has queries as a user types them who saw a paper once: words out of order, one
of them wrong or misspelt, parts of words, in a view of papers in another state; and sentences, two
slips at once, abbreviations, words run together, other forms of words, and many words that the
paper does not have. They and their papers were written down by hand, before anything was measured.
"""

import json
import sys
from collections.abc import Iterator
from typing import Final, NamedTuple

from tests.conftest import CORPUS
from tests.strategies import FIXTURES
from tui.model.paper import from_record
from tui.model.state import Item, PaperState, Status
from tui.query import parse
from tui.search import Index
from tui.search.memory import index_of

FIRST: Final = 3
"""Among so many papers must it be."""
AIM: Final = 0.95
"""Of the queries."""


class Remembered(NamedTuple):
    """A query, and the beginning of the title of the paper that was meant."""

    kind: str
    query: str
    title: str


REMEMBERED: Final = tuple(
    Remembered(**each) for each in json.loads((FIXTURES / "remembered.json").read_text("utf-8"))
)


def corpus_index() -> Index:
    """The shipped papers, in the four states by turns."""
    records = json.loads(CORPUS.read_text("utf-8"))
    return index_of(
        Item(from_record(record), PaperState(status=list(Status)[number % 4]))
        for number, record in enumerate(records)
    )


def missed(index: Index) -> Iterator[tuple[Remembered, list[str]]]:
    """The queries that do not show their paper among the first, and what they show."""
    for each in REMEMBERED:
        results = index.find(parse(each.query), lambda name: ())
        titles = [item.paper.title for item in results[:FIRST]]
        if not any(title.startswith(each.title) for title in titles):
            yield each, titles


def main() -> int:
    """Prints what is missed, and how many are found."""
    misses = list(missed(corpus_index()))
    for each, titles in misses:
        print(f"{each.kind}: {each.query} -> {', '.join(title[:40] for title in titles) or 'none'}")
    count = len(REMEMBERED) - len(misses)
    print(f"half-remembered papers among the first {FIRST}: {count} of {len(REMEMBERED)}")
    return count < AIM * len(REMEMBERED)


if __name__ == "__main__":
    sys.exit(main())
