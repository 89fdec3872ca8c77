"""Moving through the papers, and selecting them."""

from functools import partial
from typing import Final

from tui.actions.context import Context, Outcome
from tui.actions.registry import Argument, Where, action
from tui.model.fields import Field
from tui.model.text import sanitize

_moving = partial(action, group="Move", where=Where.SESSION, access=None, moves=True)
_selecting = partial(action, group="Triage", where=Where.SESSION, access=None)

PAGE: Final = 10
"""Papers of a page where there is no screen."""
BY = Argument("by", "papers down; negative for up", kind=int, takes_terms=True)


@_moving(
    "step",
    BY,
    help="move the cursor, even from the abstract",
    keys="""
        move.next      J  step {count}   next      next paper, even from the abstract
        move.previous  K  step -{count}  previous  previous paper, even from the abstract
    """,
)
@_moving(
    "move",
    BY,
    help="move the cursor",
    screen_action="move",
    keys="""
        move.down  j,down  move {count}   down  next paper | a line down
        move.up    k,up    move -{count}  up    previous paper | a line up
    """,
)
def step(context: Context, by: int) -> Outcome | None:
    """Moves the cursor by papers."""
    before = context.listing.key
    context.listing.move(by)
    if before is None or context.listing.key != before:
        return None
    return Outcome("Last paper" if by > 0 else "First paper")


@_moving(
    "edge",
    Argument("which", "first or last", choices=("first", "last")),
    Argument("row", "a paper by its number from 1 instead", nargs="?", kind=int),
    help="go to the first or last paper, or to one by its number",
    screen_action="edge",
    keys="""
        move.first  g g,home  edge first {row}  first  first paper | top
        move.last   G,end     edge last {row}  last   last paper | end
    """,
)
def edge(context: Context, which: str, row: int | None = None) -> None:
    """Moves the cursor to the first or last paper, or to one by its number from 1."""
    listing = context.listing
    last = len(listing.results)
    listing.move_to((row or (1 if which == "first" else last)) - 1)


@_moving(
    "half",
    Argument("by", "half pages down; negative for up", kind=int, takes_terms=True),
    help="move half a page",
    screen_action="half",
    keys="""
        move.half_down  ctrl+d  half {count}   half page     half a page down
        move.half_up    ctrl+u  half -{count}  half page up  half a page up
    """,
)
def half(context: Context, by: int) -> None:
    """Moves the cursor by half pages."""
    context.listing.move(by * PAGE // 2)


@_moving(
    "page",
    Argument("by", "pages down; negative for up", kind=int, takes_terms=True),
    help="move a page",
    screen_action="page",
    keys="""
        move.page_down  pagedown  page {count}   page     a page down
        move.page_up    pageup    page -{count}  page up  a page up
    """,
)
def page(context: Context, by: int) -> None:
    """Moves the cursor by pages."""
    context.listing.move(by * PAGE)


@_moving(
    "unread",
    BY,
    help="go to the next unread paper",
    keys="""
        move.next_unread      n  unread {count}   next unread      next unread paper
        move.previous_unread  p  unread -{count}  previous unread  previous unread paper
    """,
)
@_moving(
    "more",
    help="page through the abstract, then go to the next unread paper",
    screen_action="more",
    keys="move.more  space  more  more"
    "  page through the abstract, then go to the next unread paper  10  paper",
)
def unread(context: Context, by: int = 1) -> Outcome | None:
    """Moves the cursor to the next unread paper in a direction."""
    direction = 1 if by > 0 else -1
    if all(context.listing.move_to_unread(direction) for _ in range(abs(by))):
        return None
    return Outcome("No unread paper " + ("below" if by > 0 else "above"))


@_moving(
    "arrivals",
    Argument("by", "groups down; negative for up", kind=int, takes_terms=True),
    help="go to the next papers that arrived together",
    keys="""
        move.next_arrivals      }  arrivals {count}   next arrivals      next day or source
        move.previous_arrivals  {  arrivals -{count}  previous arrivals  previous day or source
    """,
)
def arrivals(context: Context, by: int) -> Outcome | None:
    """Moves the cursor to the first paper of another group of arrivals."""
    if context.listing.move_to_arrivals(by):
        return None
    order = context.library.search.order_of(context.listing.query)
    is_grouped = order is not None and order.by == Field.IMPORT
    hint = "" if is_grouped else f"; {context.session.key_for('filter.sort')} sorts by arrival"
    return Outcome(f"No other arrivals {'below' if by > 0 else 'above'}{hint}")


@_moving(
    "jump-back",
    help="go to the paper you acted on last, and from there back again",
    keys="move.jump_back  '  jump-back  jump back  go to the paper you acted on last, and back",
)
def jump_back(context: Context) -> Outcome | None:
    """Moves the cursor to the paper that was acted on last; from there, back again."""
    key = context.session.swap_place()
    if key is None:
        return Outcome("Nothing to go back to yet")
    if key == context.listing.key:
        return None
    title = sanitize(context.library.item(key).paper.display_title)
    return Outcome(f"Not listed here: {title}")


@action(
    "focus",
    Argument("which", "next or previous", choices=("next", "previous")),
    help="go to another pane",
    group="Move",
    where=Where.APP,
    access=None,
    moves=True,
    screen_action="focus_pane",
    keys="""
        pane.next      tab        focus next      next pane      next pane
        pane.previous  shift+tab  focus previous  previous pane  previous pane
    """,
)
def focus(context: Context, which: str) -> None:
    """Does nothing; only the app has panes."""


@_selecting(
    "select",
    help="select or deselect the paper",
    keys="select.one  x  select  select  select or deselect; commands then act on the selection",
)
def select(context: Context) -> Outcome | None:
    """Selects or deselects the paper at the cursor, and moves on."""
    context.listing.toggle_selected()
    return None


@_selecting(
    "select-range",
    help="select a range as the cursor moves",
    keys="select.range  V  select-range  range  select a range as you move",
)
def select_range(context: Context) -> Outcome | None:
    """Begins a range at the cursor, or ends one."""
    return Outcome("Selecting a range; Esc cancels") if context.listing.toggle_range() else None


@_selecting(
    "select-all",
    help="select every paper listed here; in the inbox, those still in it",
    keys="select.all  *  select-all  select all  select every paper listed here",
)
def select_all(context: Context) -> None:
    """Selects everything that is listed, without what has left the inbox since it was shown."""
    listing = context.listing
    can_leave = listing.shown.is_inbox and not listing.results.is_elsewhere
    listing.select(listing.open_keys() if can_leave else listing.results.keys())
