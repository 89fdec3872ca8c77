"""Finding papers: queries, sort orders and views."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from tui import clock
from tui.actions.context import Context, Outcome
from tui.actions.questions import Choice, Question
from tui.actions.registry import WRITE, Argument, Need, Where, action
from tui.actions.targets import changed, joined_words, no_view, parse_fully, parse_strictly
from tui.errors import PapersError, UsageError
from tui.listing.states import STATES
from tui.listing.titles import any_of, readable
from tui.model.fields import ORDERS
from tui.model.text import normalize
from tui.query import Field, Sort, parse, split_order

if TYPE_CHECKING:
    from tui.config import Config
    from tui.library import Library
    from tui.model.state import Change

_finding = partial(action, group="Find", where=Where.SESSION, access=None)

TERMS: Final = Argument(
    "query",
    "as in the app's filter; --query Q is the same",
    nargs="*",
    metavar="QUERY",
    is_query=True,
    default=(),
    takes_terms=True,
)


NO_HINT: Final = "No suggestion to take"


def _ask_filter(context: Context) -> Question:
    return Question(f"Filter ({context.shown})" if context.shown else "Filter")


@_finding(
    "filter",
    replace(TERMS, question=_ask_filter, answer=str.split),
    help="show the results of a query; without one, filter as you type",
    screen_action="filter",
    keys="filter.edit  /  filter  filter  filter as you type  4",
    synonyms="search find query",
)
def run_filter(context: Context, query: Sequence[str] = ()) -> None:
    """Shows the results of a query like ``show_query``, as a step from what is shown.

    Raises:
        UsageError: If a part of it means nothing.
    """
    text = joined_words(query)
    if text.strip():
        parse_strictly(context.library, text)
    context.listing.show(text)


@_finding(
    "show-query",
    TERMS,
    help="show the results of a query; all papers without one",
    keys="\n".join(each.key_row for each in STATES if each.keys),
)
def show_query(context: Context, query: Sequence[str] = ()) -> None:
    """Shows the results of a query; the cursor stays on its paper, else it begins at the first.

    Raises:
        UsageError: If a part of it means nothing.
    """
    show_fully(context, joined_words(query))


def show_fully(context: Context, text: str) -> None:
    """Goes to the results of a query, of which each part must mean something; all papers if empty.

    Raises:
        UsageError: If a part of it means nothing; the results stay.
    """
    if text.strip():
        parse_strictly(context.library, text)
    context.listing.go_to(text)


@_finding(
    "like",
    Argument("number", "of the one to go to, from 1", nargs="?", kind=int, default=1),
    help="show similar papers",
    needs=Need.PAPER,
    keys="filter.like  m  like {count}  more like this  show similar papers",
    synonyms="related neighbours",
)
def like(context: Context, number: int = 1) -> None:
    """Shows papers similar to the one at the cursor, most similar first."""
    if paper := context.listing.key_here:
        context.listing.show(like_query(paper), keep="")
        context.listing.move_to(number - 1)


def like_query(key: str) -> str:
    """The query that shows the papers similar to one."""
    return f"like:{key}"


def imports_query(ids: Iterable[str]) -> str:
    """The query that shows the papers of any of some imports; all papers without any."""
    return any_of("import", ids)


@_finding(
    "accept-hint",
    help="accept the suggestion in the message",
    keys="filter.hint  ctrl+y  accept-hint  accept hint  accept the suggestion in the message",
)
def accept_hint(context: Context) -> None:
    """Shows the query that a message offered: in all states, without a term, or as it was meant.

    Raises:
        PapersError: If nothing is offered.
    """
    if not context.listing.hint:
        raise PapersError(NO_HINT)
    context.listing.refine(context.listing.hint)


@_finding(
    "refresh",
    help="run the query again",
    keys="filter.refresh  $  refresh  refresh  refresh: drop papers that no longer match",
)
def refresh(context: Context) -> None:
    """Runs the query again, which drops papers that no longer match."""
    context.listing.show(context.listing.query.text)


_REVERSED: Final = "current; pick again to reverse"


def _ask_order(context: Context) -> Question:
    from tui.query import sort_label

    current = context.library.search.order_of(context.listing.query)
    sorts = [Sort(name, reverse) for reverse in (False, True) for name in ORDERS]
    choices = [
        Choice(
            str(each),
            sort_label(each),
            "" if each != current else "current" if each.reverse else _REVERSED,
            " ".join((each.by, *ORDERS[each.by].row.aliases, *ORDERS[each.by].row.order_aliases)),
        )
        for each in sorts
    ]
    return Question("Sort by", choices)


@_finding(
    "sort",
    Argument("by", ", ".join(ORDERS), metavar="ORDER", question=_ask_order),
    help="sort the results",
    keys="filter.sort  S  sort  sort  sort; pick the same order again to reverse",
    synonyms="order rank",
)
def sort(context: Context, by: str) -> None:
    """Sorts the results; by the present order, reverses it. The usual order is not written out."""
    query, index = context.listing.query, context.library.search
    current = index.order_of(query)
    order = Sort(by, reverse=bool(current and current.by == by and not current.reverse))
    text = split_order(query.text)[0]
    is_usual = index.order_of(parse(text, context.today())) == order
    context.listing.refine(text if is_usual else f"{text} sort:{order}".strip())


@_finding(
    "likely",
    help="sort by what you may keep; again for the previous order",
    keys="filter.likely  b  likely  likely to keep"
    "  sort by what you may keep; again for the previous order",
)
def likely(context: Context) -> Outcome:
    """Sorts the results by how likely the user is to keep them; if they are, as before again.

    Where enough was learned since they were asked for, they are sorted so now.
    """
    query, ranking = context.listing.query, context.library.search.ranking
    is_to_come = ranking.reasons is None and ranking.is_learned and not ranking.lacks
    if query.sorts_by_likely and is_to_come:
        context.listing.show(query.text, keep="")
        return Outcome()
    orders = [each for each in query.sort if each.by != Field.LIKELY]
    if not query.sorts_by_likely:
        orders.insert(0, Sort(Field.LIKELY))
    order = f"sort:{','.join(map(str, orders))}" if orders else ""
    context.listing.refine(f"{split_order(query.text)[0]} {order}".strip(), keep="")
    return Outcome("" if query.sorts_by_likely else ranking.note)


# Saved views


def view_problems(settings: "Config") -> list[str]:
    """Problems of the start view of the configuration: at most one message."""
    from tui.config import config_path

    try:
        if settings.view.strip():
            parse_fully(settings.view, clock.today())
    except UsageError as error:
        return [f"{config_path().name}, view: {error}"]
    return []


def _how_to_save(context: Context) -> str:
    return f"{context.session.key_for('view.save')} saves this query."


def _ask_view(context: Context) -> Question:
    views = context.library.state.views()
    if not views:
        raise PapersError("No saved views yet", _how_to_save(context))
    choices = [
        Choice(
            name,
            f"{number} {name}" if number < 10 else f"  {name}",
            readable(context.library, query),
        )
        for number, (name, query) in enumerate(views.items(), 1)
    ]
    return Question("View", choices)


_NUMBERS: Final = ",".join(f"g {number}" for number in range(1, 10))


@action(
    "view",
    Argument("view", "its name or number", metavar="VIEW", question=_ask_view),
    help="show a saved view",
    group="Find",
    where=Where.SESSION,
    keys=f"""
        view.pick    f  view  views  choose a saved view
        view.number  {_NUMBERS}  view {{place}}  view 1 to 9  show a saved view by its number
    """,
)
def view(context: Context, view: str) -> None:
    """Shows a saved view by its name, or by its number from 1.

    Raises:
        UsageError: If there is no such view, or a part of its query means nothing.
    """
    views = context.library.state.views()
    query = views.get(view)
    if query is None and view.isascii() and view.isdigit() and 0 < int(view) <= len(views):
        query = list(views.values())[int(view) - 1]
    if query is None:
        raise no_view(context.library, view, _how_to_save(context))
    show_fully(context, query)


@action(
    "save-view",
    Argument(
        "name",
        "the view's name",
        metavar="VIEW",
        question=lambda context: Question("Save view as", hint="name"),
    ),
    help="save this query as a view",
    group="Find",
    where=Where.SESSION,
    access=WRITE,
    keys="view.save  F  save-view  save view  save this query as a view",
    synonyms="bookmark search",
    phrases={r"view (.*)": r"Saved view \1 | Deleted view \1"},
)
def run_save_view(context: Context, name: str) -> Outcome:
    """Saves the present query under a name; without one, that for all papers."""
    return changed(context.library, save_view(context.library, name, context.shown.strip() or "*"))


def save_view(library: "Library", name: str, query: str | None) -> "Change | None":
    """Saves a query under a name; ``None`` deletes it.

    Raises:
        PapersError: If the name is empty.
        UsageError: If the query is empty, or a part of it means nothing.
    """
    name = normalize(name, 40)
    if not name:
        raise PapersError("A view needs a name", "Type one.")
    if query is not None:
        parse_strictly(library, query)
    before = library.state.views().get(name)
    is_replaced = before is not None and query not in (None, before)
    replaced = f", in place of {before or 'all papers'}" if is_replaced else ""
    return library.change(f"view {name}{replaced}", [("views", name, "query", query)])
