"""An index over items in memory, such as those of an import before it is written."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from tui import clock
from tui.model.state import DEFAULT_STATE, Item
from tui.search.columns import Columns, row_of
from tui.search.evaluator import Evaluator
from tui.search.index import Index
from tui.search.lookalikes import NO_LOOKALIKES
from tui.search.word_index import SEARCHED, Segment, WordIndex


def index_of(
    items: Iterable[Item],
    today: Callable[[], date] = clock.today,
    source_names: Callable[[], Mapping[str, str]] = dict,
) -> Index:
    """An index over items, its words loaded. Cost: linear in their words."""
    stored = list(items)
    index: Index

    def item(row: int) -> Item:
        return Item(stored[row].paper, index.state_of(row), stored[row].added)

    def words() -> WordIndex:
        return WordIndex(
            [Segment.of(0, ([field.of(item) or "" for field in SEARCHED] for item in stored))]
        )

    columns = Columns.of(row_of(item.paper, item.added) for item in stored)
    states = ((row, i.state) for row, i in enumerate(stored) if i.state != DEFAULT_STATE)
    evaluator = Evaluator(columns, states, today=today, source_names=source_names)
    index = Index(
        evaluator, item, words, lookalikes=lambda words: NO_LOOKALIKES.with_more(columns, words)
    )
    index.load_words()
    return index
