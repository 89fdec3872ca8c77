"""An index over items in memory, as a library would make it."""

from collections.abc import Callable, Iterable
from datetime import date

from tui.model.paper import Paper
from tui.model.state import DEFAULT_STATE, Item
from tui.search import Columns, Index, WordIndex, row_of
from tui.search.lookalikes import NO_LOOKALIKES
from tui.search.postings import SEARCHED, Segment


def index_of(items: Iterable[Item], today: Callable[[], date] = date.today) -> Index:
    """An index over items, its words loaded. Cost: linear in their words."""
    stored = list(items)
    index: Index

    def item(row: int) -> Item:
        state = index._evaluator.states.states.get(row, DEFAULT_STATE)
        return Item(stored[row].paper, state, stored[row].added)

    def words() -> WordIndex:
        return WordIndex(
            [Segment.of(0, ([field.of(item) or "" for field in SEARCHED] for item in stored))]
        )

    columns = Columns.of(row_of(item.paper, item.added) for item in stored)
    index = Index(
        columns,
        item,
        words,
        decisions=((row, i.state) for row, i in enumerate(stored) if i.state != DEFAULT_STATE),
        lookalikes=lambda words: NO_LOOKALIKES.with_more(columns, words),
        today=today,
    )
    index.load_words()
    return index


def age_rank(paper: Paper) -> str:
    """Sorts papers by age as text, oldest first; a paper without a date is older than any.

    Among those without, the newest page decides, and a page day without a year is older than
    one with.
    """
    if paper.published:
        return f"1 {paper.published.isoformat()}"
    return f"0 {paper.page_day or ''}"
