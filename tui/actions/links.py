"""Opening the links of papers, and copying them."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.actions.export import text_of
from tui.actions.registry import WRITE, Argument, Context, Outcome, Where, action
from tui.actions.targets import changed
from tui.actions.triage import mark
from tui.model.state import Status
from tui.model.text import sanitize

if TYPE_CHECKING:
    from tui.model.state import Item


def links(item: "Item") -> list[str]:
    """The URLs of a paper; the last one searches for its title."""
    return [*item.paper.urls, item.paper.link]


@action(
    "open",
    Argument("mark_read", "also mark the papers read", ("--read",), is_switch=True),
    help="open a link, or search for the title",
    group="Open and copy",
    where=Where.SESSION,
    access=WRITE,
    screen_action="open_link",
    keys="""
        open.link  o  open         open           open a link, or search for the title
        open.read  O  open --read  open and read  open a link, mark read, next
    """,
)
def open_link(context: Context, mark_read: bool = False) -> Outcome:
    """Prints the links of the paper at the cursor; the app opens one."""
    workspace, library = context.session, context.library
    if workspace.key is None:
        return Outcome("No paper here")
    addresses = links(library.item(workspace.key))
    text = "".join(f"{sanitize(url)}\n" for url in addresses)
    if not mark_read:
        return Outcome(text=text)
    outcome = changed(library, mark(library, context.keys, Status.READ))
    workspace.move(1)
    return replace(outcome, text=text)


COPIES: Final = ("title", "link", "key", "citation", "bibtex", "markdown")
"""The export formats to copy."""


@action(
    "copy",
    Argument("what", "title, link, key, citation, bibtex or markdown", choices=COPIES),
    help="copy the papers in some format",
    group="Open and copy",
    where=Where.SESSION,
    screen_action="copy",
    keys="""
        copy.title     y t  copy title     title     copy the title
        copy.link      y u  copy link      link      copy the link
        copy.key       y i  copy key       key       copy the paper's key
        copy.citation  y c  copy citation  citation  copy a citation
        copy.bibtex    y b  copy bibtex    BibTeX    copy a BibTeX record
        copy.markdown  y m  copy markdown  Markdown  copy as Markdown
    """,
)
def copy(context: Context, what: str) -> Outcome:
    """Prints the papers in a format; the app copies them."""
    items = [context.library.item(key) for key in context.keys]
    return Outcome(text=text_of(context, what, items))
