"""The view: panes, rows, theme, and the other screens.

The app implements these actions; here are their names and keys.
"""

from functools import partial

from tui.actions.bindings import register_keys
from tui.actions.context import NO_PAPER, Context, Outcome
from tui.actions.registry import (
    DETAIL,
    SCREENS,
    Argument,
    Need,
    Where,
    action,
    actions,
    table,
)
from tui.model.layout import enumerated
from tui.model.text import MAX_TEXT, sanitize, sanitize_lines

_looking = partial(action, group="View", where=Where.SESSION)


def _on_screen(
    name: str,
    keys: str,
    help: str,
    *arguments: Argument,
    group: str = "View",
    where: Where = Where.APP,
    synonyms: str = "",
    needs: Need | None = None,
) -> None:
    """Declares an action of the app alone."""

    @action(
        name,
        *arguments,
        help=help,
        group=group,
        keys=keys,
        where=where,
        synonyms=synonyms,
        needs=needs,
        access=None,
        screen_action=name.replace("-", "_"),
    )
    def run(context: Context, **_: object) -> Outcome:
        return Outcome(f"{help[0].upper()}{help[1:]}: only in the app")


_on_screen(
    "editor",
    "note.editor  ctrl+x  editor  note in editor  edit the note in your editor",
    "edit the note in your editor",
    group="Annotate",
    where=Where.TERMINAL,
    needs=Need.PAPER,
)
_on_screen(
    "pipe",
    "pipe  |  pipe  pipe  pipe the papers to a shell command",
    "pipe the papers to a shell command",
    group="Open and copy",
    where=Where.TERMINAL,
    needs=Need.PAPER,
)
_on_screen(
    "layout",
    "look.layout  _  layout  layout  change the layout: panes stacked or side by side",
    "change the layout",
    synonyms="split columns",
)
_on_screen(
    "density",
    "look.rows  v  density  row height  switch between one and two lines per paper",
    "change the row height",
)
_on_screen(
    "split",
    """
    look.smaller  [  split -1  smaller list  make the list smaller
    look.larger   ]  split 1   larger list   make the list larger
    """,
    "resize the list",
    Argument("by", "1 or -1", kind=int, takes_terms=True),
)
_on_screen(
    "reset-layout",
    "look.reset  =  reset-layout  reset  reset layout and row height",
    "reset the layout",
)
_on_screen(
    "columns",
    "look.columns  g v  columns  columns  choose the columns of the list",
    "choose the columns of the list, shown when it is wide with one line per paper",
)
_on_screen("guide", "", "start a guided triage of five papers")
_on_screen(
    "raw",
    "look.raw  \\  raw  raw text  show the text with its LaTeX and markup",
    "show the text as the source has it",
)
_on_screen(
    "skim",
    "look.skim  H  skim  skim  highlight the main sentence and numbers",
    "toggle highlights of the main sentence, numbers and words you keep",
)
_on_screen("palette", "look.palette  ctrl+p  palette  palette  command palette", "command palette")
_on_screen(
    "suspend",
    "suspend  ctrl+z  suspend  suspend  suspend the app; fg in the shell returns",
    "suspend the app; fg in the shell returns",
    synonyms="background shell terminal",
)
_on_screen(
    "theme",
    "look.theme  g c  theme  theme  choose the theme",
    "choose the theme",
    synonyms="colours colors dark light",
)


@action(
    "command",
    help="run a command",
    group="Open and copy",
    where=Where.SESSION,
    access=None,
    screen_action="command",
    keys="command  :  command  command  run a papers-tui command on the papers",
)
def command(context: Context) -> None:
    """Implemented by the front ends."""


@_looking(
    "zoom",
    help="zoom the abstract",
    screen_action="zoom",
    keys="look.zoom  z,enter  zoom  zoom  zoom the abstract",
    synonyms="read full screen",
)
def zoom(context: Context) -> Outcome:
    """Prints the abstract and the note of the paper at the cursor."""
    paper = context.listing.key
    if paper is None:
        return Outcome(NO_PAPER)
    import shutil
    import textwrap

    item = context.library.item(paper)
    width = min(shutil.get_terminal_size().columns, 80)
    abstract = sanitize(item.paper.display_abstract, MAX_TEXT) or "No abstract."
    text = f"{textwrap.fill(abstract, width)}\n"
    if item.state.note:
        text += f"Note: {sanitize_lines(item.state.note)}\n"
    return Outcome(text=text)


@_looking(
    "back",
    help="go back from the selection, the zoom, the pane or the query",
    access=None,
    screen_action="back",
    keys="look.back  escape  back  back  go back from selection, zoom, pane or query",
)
def back(context: Context) -> Outcome:
    """Clears the selection, else shows the previous query."""
    listing = context.listing
    if listing.selected:
        listing.select(())
        return Outcome("Nothing selected")
    return Outcome() if listing.back() else Outcome("Nothing to go back to")


@_looking(
    "browse",
    Argument("what", enumerated(tuple(SCREENS)), choices=tuple(SCREENS)),
    help="open another screen",
    screen_action="browse",
    keys=(
        *table(
            "tag.browse  T,g t  browse tags  all tags  show all tags; open, rename or merge them",
            "Annotate",
        ),
        *table(
            "list.show  g l  browse lists  all lists  show all reading lists and their exports",
            "Reading lists",
        ),
        *table(
            """
            look.session   g i  browse session   session   show this session: decisions and pace
                also statistics progress pace streak
            look.timeline  g h  browse timeline  timeline  show all changes by day; undo any of them
                also history log
            look.imports   g I  browse imports   imports   show all imports; undo any of them
            look.sources   g S  browse sources   sources   show all sources; add or remove one
            look.interests  g b  browse interests  interests  show what was learned; mute words
                also learned recommend likely
            """,
            "View",
        ),
    ),
)
def browse(context: Context, what: str) -> Outcome:
    """Prints what the screen shows."""
    outcome = actions()[SCREENS[what]].run(context)
    assert isinstance(outcome, Outcome)
    return outcome


@_looking(
    "quit",
    help="quit, or leave the zoom",
    access=None,
    screen_action="quit",
    keys="quit  q  quit  quit  quit, or leave the zoom",
    synonyms="exit close leave",
    aliases=("q", "q!", "wq", "x"),  # as in vi
)
def leave(context: Context) -> None:
    """Implemented by the front ends."""


@_looking(
    "take-over",
    help="take write access, if it is free",
    access=None,
    keys="library.write  g w  take-over  write access  take write access, if it is free",
)
def take_over(context: Context) -> Outcome:
    """Makes a read-only session writable.

    Raises:
        LibraryLockedError: If another instance is writing.
    """
    if context.library.read_only_reason is None:
        return Outcome("You can already edit here")
    context.library.acquire_write()
    context.listing.rerun()
    return Outcome("You can edit here now")


register_keys(
    "others",
    """
    screen.down       j,down          move({count})   down          next row
    screen.up         k,up            move(-{count})  up            previous row
    screen.first      g g,home        edge(-1)  first         first row
    screen.last       G,end           edge(1)   last          last row
    screen.half_down  ctrl+d          half({count})   half page     half a page down
    screen.half_up    ctrl+u          half(-{count})  half page up  half a page up
    screen.page_down  pagedown,space  page({count})   page          a page down
    screen.page_up    pageup          page(-{count})  page up       a page up
    screen.paper_down  J  move_paper({count})   paper down  next paper of the row      0  paper
    screen.paper_up    K  move_paper(-{count})  paper up    previous paper of the row  0  paper
    """,
    moves=True,
)
register_keys(
    "others",
    """
    screen.papers  tab,right,left  focus_papers({place})  papers  its papers, or back  2  paper
    screen.redo       ctrl+r          redo      redo          redo what was undone
    library.write     g w             take_over  write access  take write access, if it is free
    screen.palette    ctrl+p          palette   palette       command palette
    screen.help       ?,g ?            help      help          show all keys, with search  4
    screen.back       escape,q        back      back          back to the papers  3
    """,
)
register_keys(
    DETAIL,
    """
    detail.open  enter  open  open  show it in the list of papers  1  paper
    screen.undo  u      undo  undo  undo the last change  9  change
    """,
)
register_keys(
    "lists",
    """
    lists.open      enter,l  open      open      show its papers  1  row
    lists.new       a        new       new       create a list  5
    lists.again     E        export    export    export it (again)  7  row
    lists.delete    d        delete    delete    delete it; its papers stay  8  row
    lists.rename    c        rename    rename    rename it  9  row
    lists.describe  e        describe  describe  edit the description  11  row
    screen.undo     u        undo      undo      undo the last change  10  change
    """,
)
register_keys(
    "lists",
    "lists.pull  P  pull  pull  pull the changes made in an exported file  6  edited",
    where=Where.LOCAL,
)
register_keys(
    "tags",
    """
    tags.open    enter,l  open    open    show its papers  1  row
    tags.rename  c        rename  rename  rename it, or merge it into another tag  5  row
    tags.delete  d        delete  delete  remove it from every paper  6  row
    tags.sort    S        sort    sort    sort by name or by number of papers  7  row
    screen.undo  u        undo    undo    undo the last change  9  change
    """,
)
register_keys(
    "timeline",
    """
    timeline.open   enter,l  open        open        show its papers  6  row
    timeline.undo   u        undo_this   undo this   undo or redo this change alone  1  row
    timeline.since  U        undo_since  undo since  undo this change and all since  5  row
    """,
)
register_keys(
    "imports",
    """
    imports.open    enter,l  open          open            show its papers  1  row
    imports.toggle  x        undo_or_redo  undo/redo this  undo or redo this import  5  row
    screen.undo     u        undo          undo            undo the last change  6  change
    """,
)
register_keys(
    "sources",
    """
    sources.open       enter,l  open       open       show its papers  1  row
    sources.add        a        add        add        add a source  5
    sources.fetch      f        fetch      fetch      fetch it  6  row
    sources.fetch_all  R        fetch_all  fetch all  fetch from all sources; again to stop  7  row
    sources.rename     c        rename     rename     rename it  8  row
    sources.delete     d        delete     remove     remove it; its papers stay  9  row
    screen.undo        u        undo       undo       undo the last change  10  change
    """,
)
register_keys(
    "sources",
    "sources.allow  y  allow  allow  allow its program to run on this machine  0  row",
    where=Where.LOCAL,
)
register_keys(
    "interests",
    """
    interests.open   enter,l  open   open       show its papers  1  row
    interests.mute   m        mute   mute word  mute one of its words, or an author  5
    interests.want   +        want   want more  want more of a word or an author  6
    interests.reset  d        reset  reset      stop muting or wanting it  7  wish
    screen.undo      u        undo   undo       undo the last change  8  change
    """,
)
register_keys(
    "session",
    """
    session.write  E  export  export  export as Markdown  1  decision
    session.copy   y  copy    copy    copy as Markdown  5  decision
    screen.undo    u  undo    undo    undo the last change  6  change
    """,
)
