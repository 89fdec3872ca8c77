"""The reading lists of a session: the current one, and the one that is shown in its own order."""

from collections.abc import Sequence
from dataclasses import replace

from tui.actions.context import Context, Outcome
from tui.actions.lists import add, move, put, remove
from tui.actions.questions import Choice, Question
from tui.actions.registry import WRITE, Argument, Need, Where, action
from tui.actions.targets import LIST, changed, complete_list
from tui.errors import UsageError
from tui.listing.titles import list_query
from tui.model.layout import plural
from tui.model.names import list_name
from tui.model.text import normalize


def _ask_list(context: Context) -> Question:
    choices = [
        Choice(each.name, each.name, plural(len(each.keys), "paper"))
        for each in context.library.state.lists()
    ]
    return Question("Add to list", choices, new="new list", hint="name")


def _ask_lists(context: Context) -> Question:
    keys = set(context.keys)
    choices = [
        Choice(
            each.name,
            detail=plural(len(each.keys), "paper"),
            is_checked=bool(keys) and keys <= set(each.keys),
        )
        for each in context.library.state.lists()
    ]
    hint = "name; Tab checks, Enter saves"
    return Question("Lists", choices, new="new list", hint=hint, is_checklist=True)


def _ask_unless_current(context: Context) -> Question | None:
    return None if context.listing.current_list else _ask_list(context)


@action(
    "choose-list",
    Argument(
        "names",
        "lists; a hyphen before a name removes papers from it",
        nargs="*",
        metavar="LIST",
        takes_terms=True,
        complete=complete_list,
        question=_ask_lists,
        answer=str.splitlines,
    ),
    help="add to lists, or remove from them; the last one becomes the current list",
    group="Reading lists",
    where=Where.SESSION,
    access=WRITE,
    acts_on_papers=True,
    advances=True,
    keys="list.choose  L  choose-list  lists"
    "  choose the paper's lists, or create new ones, and move on  7",
    synonyms="save keep collection folder",
)
def run_choose(context: Context, names: Sequence[str]) -> Outcome:
    """Adds the targets to lists, of which the last becomes the current one, or removes them."""
    library, listing = context.library, context.listing
    before = listing.current_list
    out = [name[1:] for name in names if name[:1] == "-" and library.state.find_list(name[1:])]
    into = [name for name in names if name[1:] not in out or name[:1] != "-"]
    change = put(library, into, out, context.keys) if context.keys else None
    if into:
        last = library.state.find_list(into[-1]) or list_name(into[-1])
        listing.current_list = library.state.find_list(last) or listing.current_list
    return _saying_current(context, changed(library, change), before)


def _saying_current(context: Context, outcome: Outcome, before: str | None) -> Outcome:
    """An outcome that also says which list is the current one now, if it was another before."""
    name = context.listing.current_list
    if name in (None, before):
        return outcome
    key = context.session.key_for("list.add")
    return replace(outcome, aside=f"{key} adds to {normalize(name or '', 40)} now")


@action(
    "add-to-list",
    replace(
        LIST, help="the list; by default the current one", nargs="?", question=_ask_unless_current
    ),
    help="add to the current list",
    group="Reading lists",
    where=Where.SESSION,
    access=WRITE,
    acts_on_papers=True,
    advances=True,
    keys="list.add  a  add-to-list  add  add to the current list and move on  3",
    synonyms="save keep collect later",
)
def run_add(context: Context, name: str | None = None) -> Outcome:
    """Adds the targets to a list, which becomes the current one."""
    library, listing = context.library, context.listing
    before = listing.current_list
    chosen = name or before or ""
    chosen = library.state.find_list(chosen) or list_name(chosen)
    change = add(library, chosen, context.keys) if context.keys else None
    listing.current_list = library.state.find_list(chosen) or before
    return _saying_current(context, changed(library, change), before)


@action(
    "open-list",
    help="show the current list",
    group="Reading lists",
    where=Where.SESSION,
    access=None,
    keys="list.open  l  open-list  open list  show the current list, in its order",
)
def open_list(context: Context) -> Outcome | None:
    """Shows the current list in its own order."""
    name = context.listing.current_list
    if name is None:
        choose = context.session.key_for("list.choose")
        return Outcome(f"No current list; {choose} chooses or creates one")
    context.listing.go_to(list_query(name))
    return None


def _require_list(context: Context) -> str:
    name = context.listing.list_here
    if name is None:
        current, every = map(context.session.key_for, ("list.open", "list.show"))
        opens = "" if context.listing.row_papers else f"{current} opens the current one, "
        raise UsageError("No list is open", f"{opens}{every} shows all.")
    return name


@action(
    "shift",
    Argument("by", "places down; negative for up", kind=int, takes_terms=True),
    help="move the paper within the list",
    group="Reading lists",
    where=Where.SESSION,
    access=WRITE,
    needs=Need.LIST,
    keys="""
        list.earlier  <  shift -1  earlier  move the paper up in its list
        list.later    >  shift 1   later    move the paper down in its list
    """,
)
def shift(context: Context, by: int) -> Outcome | None:
    """Moves the paper at the cursor within its list."""
    library, name, paper = context.library, _require_list(context), context.listing.key_here
    if paper is None:
        return None
    keys = library.state.reading_list(name).keys
    if not (context.listing.row_papers or context.listing.has_own_order):
        hint = f"{context.session.key_for('filter.sort')} sorts by list order."
        raise UsageError(f"{normalize(name, 40)} is not in its own order", hint)
    if paper not in keys:
        return Outcome(f"This paper is no longer in {normalize(name, 40)}")
    place = keys.index(paper) + 1 + by
    if not 1 <= place <= len(keys):
        return Outcome("Already first" if by < 0 else "Already last")
    change = move(library, name, paper, place)
    return Outcome(change=change)


@action(
    "unlist",
    help="remove from the list",
    group="Reading lists",
    where=Where.SESSION,
    access=WRITE,
    acts_on_papers=True,
    advances=True,
    needs=Need.LIST,
    keys="list.remove  -  unlist  unlist  remove from the list shown",
)
def unlist(context: Context) -> Outcome:
    """Removes the targets from the shown list; they disappear at once."""
    name = _require_list(context)
    return changed(context.library, remove(context.library, name, context.keys))
