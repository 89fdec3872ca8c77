"""Opening the links of papers, and copying them."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.actions.context import Context, Outcome
from tui.actions.registry import READ, WRITE, Argument, Need, Where, action, switch
from tui.actions.targets import PAPER, changed, split_key
from tui.actions.triage import mark
from tui.errors import PapersError
from tui.exchange.export_files import text_of
from tui.model.layout import enumerated
from tui.model.state import Status
from tui.model.text import sanitize
from tui.processes import open_in_browser

if TYPE_CHECKING:
    from tui.model.state import Item


_FIRST_HTML: Final = "2312"
"""Since this month, arXiv has most papers in HTML, too (arXiv blog, 2023-12-21)."""


def pages(item: "Item") -> dict[str, str]:
    """The addresses of a paper, in order, each with what is there; empty for links of its own.

    Its page is first; without one, a search for its title is last.
    """
    paper = item.paper
    what = "abstract" if paper.arxiv else "publisher" if paper.doi else "page"
    addresses = [(paper.page, what)] if paper.page else []
    if paper.pdf_link:
        addresses.append((paper.pdf_link, "PDF"))
    if paper.arxiv and paper.arxiv >= _FIRST_HTML and "/" not in paper.arxiv:
        addresses.append((f"https://arxiv.org/html/{paper.arxiv}", "HTML"))
    if paper.code_link:
        addresses.append((paper.code_link, "code"))
    if paper.arxiv and (paper.upvotes is not None or paper.comments is not None):
        addresses.append((f"https://huggingface.co/papers/{paper.arxiv}", "Daily Papers"))
    addresses += [(url, "") for url in paper.urls]
    if not paper.page:
        addresses.append((paper.link, "search arXiv by title"))
    labels: dict[str, str] = {}
    for url, what in addresses:
        labels.setdefault(url, what)
    return labels


def page_of(
    item: "Item", *, pdf: bool = False, html: bool = False, code: bool = False
) -> str | None:
    """The address to open without asking; ``None`` if there are several, and none is the page.

    Raises:
        PapersError: If what is wanted is not known.
    """
    options = (("PDF", pdf), ("HTML", html), ("code", code))
    addresses = pages(item)
    if what := next((what for what, is_wanted in options if is_wanted), ""):
        for url, label in addresses.items():
            if label == what:
                return url
        raise PapersError(f"No {what} of this paper is known", "Open its page.")
    has_page = item.paper.page
    return next(iter(addresses)) if has_page or len(addresses) == 1 else None


@action(
    "open",
    PAPER,
    Argument(
        "mark_read", "also mark the papers read", ("--read",), is_switch=True, where=Where.SESSION
    ),
    switch("pdf", "the PDF", excludes=("html", "code")),
    switch("html", "the text in HTML", excludes=("code",)),
    switch("code", "the code"),
    switch("choose", "choose among all addresses"),
    help="open the page of a paper, or search for its title",
    group="Open and copy",
    access=lambda options: WRITE if options.get("mark_read") else READ,
    screen_action="open_link",
    needs=Need.PAPER,
    keys="""
        open.link    o  open           open         open the paper's page, or search for its title
            also arxiv web page browser url link
        open.choose  O  open --choose  choose page  choose what to open: page, PDF, code
            also pdf html code link
        open.read  g o  open --read  open and read  open the paper's page, mark it read and move on
    """,
)
def open_link(
    context: Context,
    key: str | None = None,
    mark_read: bool = False,
    choose: bool = False,
    **wanted: bool,
) -> Outcome:
    """Opens an address of a paper; prints it where there is no browser, and in a plain session.

    Where there are several, and none is its page, or they are asked for, prints all.

    Raises:
        PapersError: If no paper is given, or what is wanted is not known; see ``page_of``.
    """
    library, is_shell = context.library, context.workspace is None
    item = library.item(library.resolve(key) if key is not None else split_key(context, ())[0])
    page = None if choose else page_of(item, **wanted)
    if page and is_shell and open_in_browser(page):
        return Outcome(f"Opened: {sanitize(page)}")
    addresses = [page] if page and (is_shell or any(wanted.values())) else pages(item)
    text = "".join(f"{sanitize(url)}\n" for url in addresses)
    if not mark_read:
        return Outcome(text=text)
    outcome = changed(library, mark(library, context.keys, Status.READ))
    context.listing.move(1)
    return replace(outcome, text=text)


COPIES: Final = ("title", "link", "key", "citation", "bibtex", "markdown")
"""The export formats to copy."""


@action(
    "copy",
    Argument("what", enumerated(COPIES), choices=COPIES),
    help="copy the papers in some format",
    group="Open and copy",
    where=Where.SESSION,
    screen_action="copy",
    needs=Need.PAPER,
    keys="""
        copy.title     y t  copy title     title     copy the title
        copy.link      y u  copy link      link      copy the link
            also url address share
        copy.key       y i  copy key       key       copy the paper's key
        copy.citation  y c  copy citation  citation  copy a citation
            also cite reference
        copy.bibtex    y b  copy bibtex    BibTeX    copy a BibTeX record
            also cite reference latex
        copy.markdown  y m  copy markdown  Markdown  copy as Markdown
    """,
)
def copy(context: Context, what: str) -> Outcome:
    """Prints the papers in a format; the app copies them."""
    library = context.library
    items = [library.item(key) for key in context.keys]
    return Outcome(text=text_of(library, context.settings, what, items))
