"""What the keys of the table do where there is no screen: each says in a line what became of it."""

import ast
import re
import shlex
import shutil
import textwrap
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from tui.actions import history, lists, tags, triage
from tui.cli.asking import print_lists
from tui.cli.command_line import ShellCommandLine
from tui.cli.output import is_terminal
from tui.cli.plain.key_input import Source
from tui.cli.targets import print_diagnostics
from tui.errors import PapersError
from tui.formats.exporters import citation, markdown
from tui.library import Library
from tui.model.state import Change, Item, Status, list_name, parse_tags
from tui.model.text import plural, sanitize, sanitize_lines
from tui.query import parse
from tui.ui import keymap
from tui.ui.bindings import Key

Act = Callable[[Library, Sequence[str]], Change | None]

_PAGE: Final = 10
"""Papers that a page down passes over."""


class Session:
    """One reader, going through papers."""

    def __init__(
        self,
        library: Library,
        table: Sequence[Key],
        read: Source,
        shell: ShellCommandLine,
    ) -> None:
        """Args are the library, the bindings, where keys come from, and the command line."""
        self._library = library
        self._read = read
        self._shell = shell
        self._bound = {
            name: (key, place) for key in table for place, name in enumerate(key.keys, 1)
        }
        self._table = table
        self._query = parse("")
        self._entries: list[Item] = []
        self._row = 0
        self._picked: set[str] = set()
        self._anchor: int | None = None
        self._list: str | None = None
        self._last: tuple[Act, bool] | None = None
        self._told_abstract = ""
        self._first_rev = library.last_rev

    def step(self) -> bool:
        """Does one key; ``False`` if it was the last."""
        name = self._read.key()
        if name is None or name == "ctrl+c":
            return self._leave()
        if any(other.startswith(f"{name} ") for other in self._bound):
            name = f"{name} {self._read.key() or ''}"
        if name not in self._bound:
            help = " ".join(map(keymap.shown, self._names("help")))
            self._say(f"{keymap.shown(name)} is no command; {help} tells the keys")
            return True
        key, place = self._bound[name]
        verb, arguments = _call(key.action.replace("{place}", str(place)))
        if verb == "quit":
            return self._leave()
        act: Callable[..., None] | None = getattr(self, f"_do_{verb}", None)
        if act is None:
            self._say(f"{key.label}: only on the screen")
            return True
        try:
            act(*arguments)
        except PapersError as error:
            self._say(str(error))
        return True

    def _leave(self) -> bool:
        left = f"{self._library.counts().unread:,} unread left."
        self._say(history.exit_summary(self._library, self._first_rev) or left)
        return False

    def _names(self, action: str) -> Sequence[str]:
        return next(key.keys for key in self._table if key.action == action)

    # Saying

    def _say(self, text: str) -> None:
        lines = sanitize_lines(text).split("\n")
        if is_terminal():
            width = shutil.get_terminal_size().columns
            lines = [part for line in lines for part in textwrap.wrap(line, width) or [""]]
        print("\n".join(lines), flush=True)

    def show(self, text: str) -> None:
        """Goes through the papers of a query from the first one on."""
        self._query = parse(text)
        self._picked, self._anchor = set(), None
        print_diagnostics(self._query)
        self._entries = list(self._library.select(self._query))
        self._row = 0
        unread = sum(e.state.is_waiting(date.today()) for e in self._entries)
        told = f"{plural(len(self._entries), 'paper')}: {self._query.explain() or 'all'}"
        self._say(f"{told}, {unread:,} unread.")
        for gain in self._library.index.suggest_drops(self._query)[:3] if not self._entries else ():
            self._say(f"Without {gain.term}: {plural(gain.count, 'paper')}.")
        self._tell()

    def _tell(self) -> None:
        """The paper of the moment in a line: where, its state, its title, its facts."""
        if (item := self._entry) is None:
            self._say("No paper here.")
            return
        made, paper = item.state, item.paper
        state = [str(made.status), *(["starred"] if made.starred else [])]
        if made.is_snoozed(date.today()):
            state.append(f"until {made.snoozed_until}")
        state += [f"#{tag}" for tag in made.tags] + [f"in {name}" for name in made.lists]
        if item.key in self._selected():
            state.insert(0, "selected")
        facts = [paper.published.isoformat()] if paper.published else []
        facts += [plural(paper.upvotes, "upvote")] if paper.upvotes else []
        place = f"{self._row + 1} of {len(self._entries)}, {', '.join(state)}: "
        self._say(place + ", ".join([sanitize(paper.display_title), *facts]))

    @property
    def _entry(self) -> Item | None:
        return self._entries[self._row] if self._entries else None

    def _selected(self) -> set[str]:
        """The papers that are selected, a range from where it began included."""
        if self._anchor is None:
            return self._picked
        low, high = sorted((self._anchor, self._row))
        return self._picked | {item.key for item in self._entries[low : high + 1]}

    def _targets(self) -> list[str]:
        selected = self._selected()
        if selected:
            return [item.key for item in self._entries if item.key in selected]
        return [self._entry.key] if self._entry else []

    # Acting

    def _act(
        self, act: Act, *, targets: Sequence[str] | None = None, advance: bool = False
    ) -> None:
        chosen = self._targets() if targets is None else targets
        if not chosen:
            return
        is_one = targets is None and not self._selected()
        self._after(act(self._library, chosen))
        self._last = (act, advance)
        self._picked, self._anchor = set(), None
        if advance and is_one:
            self._do_step(1)
        elif advance and self._entry and self._entry.key in chosen:
            done = set(chosen)
            last = max(row for row, item in enumerate(self._entries) if item.key in done)
            self._row = min(last + 1, len(self._entries) - 1)
            self._tell()

    def _after(self, change: Change | None) -> None:
        if change is not None:
            touched = set(change.keys)
            self._entries = [
                self._library.item(e.key) if e.key in touched else e for e in self._entries
            ]
        self._say(triage.tell(self._library, change))

    def _do_mark(self, status: str) -> None:
        self._act(lambda lib, chosen: triage.mark(lib, chosen, Status(status)), advance=True)

    def _do_toggle_read(self) -> None:
        made = [self._library.paper_state(key).status for key in self._targets()]
        wanted = Status.READ if Status.UNREAD in made else Status.UNREAD
        self._act(lambda lib, chosen: triage.mark(lib, chosen, wanted))

    def _do_star(self) -> None:
        on = not all(self._library.paper_state(key).starred for key in self._targets())
        self._act(lambda lib, chosen: triage.star(lib, chosen, on))

    def _do_mark_visible(self) -> None:
        waiting = [e.key for e in self._entries if e.state.is_waiting(date.today())]
        self._act(lambda lib, chosen: triage.mark(lib, chosen, Status.READ), targets=waiting)

    def _do_snooze(self) -> None:
        if text := self._read.line("snooze until (3d, 1w, 2026-01-31): "):
            until = triage.parse_day(text, date.today())
            self._act(lambda lib, chosen: triage.snooze(lib, chosen, until), advance=True)

    def _do_repeat(self) -> None:
        if self._last is None:
            self._say("Nothing to repeat yet.")
        else:
            act, advance = self._last
            self._act(act, advance=advance)

    def _do_undo(self) -> None:
        self._walk(self._library.undo)

    def _do_redo(self) -> None:
        self._walk(self._library.redo)

    def _walk(self, step: Callable[[], Change]) -> None:
        change = step()
        self._after(change)
        if len(change.keys) == 1:
            rows = [row for row, e in enumerate(self._entries) if e.key == change.keys[0]]
            self._row = rows[0] if rows else self._row
            self._tell()

    def _do_select(self) -> None:
        if self._entry:
            self._picked = self._selected() ^ {self._entry.key}
            self._anchor = None
            self._say(f"{len(self._picked)} selected.")
            self._do_step(1)

    def _do_select_range(self) -> None:
        if self._anchor is None:
            self._anchor = self._row
            self._say("Moving selects.")
        else:
            self._picked, self._anchor = self._selected(), None
            self._say(f"{len(self._picked)} selected.")

    def _do_select_all(self) -> None:
        self._picked, self._anchor = {item.key for item in self._entries}, None
        self._say(f"{len(self._picked)} selected.")

    def _do_back(self) -> None:
        self._picked, self._anchor = set(), None
        self._say("Nothing selected.")

    # Moving and reading

    def _do_move(self, by: int) -> None:
        self._do_step(by)

    def _do_step(self, by: int) -> None:
        wanted = self._row + by
        if 0 <= wanted < len(self._entries):
            self._row = wanted
            self._tell()
        else:
            self._say("The last paper." if by > 0 else "The first paper.")

    def _do_edge(self, which: int) -> None:
        self._row = 0 if which < 0 else max(len(self._entries) - 1, 0)
        self._tell()

    def _do_half(self, by: int) -> None:
        self._do_page(by, _PAGE // 2)

    def _do_page(self, by: int, rows: int = _PAGE) -> None:
        self._row = min(max(self._row + by * rows, 0), max(len(self._entries) - 1, 0))
        self._tell()

    def _do_unread(self, by: int) -> None:
        row = self._row + by
        while 0 <= row < len(self._entries):
            if self._entries[row].state.is_waiting(date.today()):
                self._row = row
                self._tell()
                return
            row += by
        self._say("No unread paper " + ("below." if by > 0 else "above."))

    def _do_more(self) -> None:
        """The abstract; once it was told, the next unread paper."""
        if self._entry and self._told_abstract != self._entry.key:
            self._do_zoom()
        else:
            self._do_unread(1)

    def _do_zoom(self) -> None:
        if self._entry is None:
            return
        self._told_abstract = self._entry.key
        paper, note = self._entry.paper, self._entry.state.note
        width = min(shutil.get_terminal_size().columns, 80)
        self._say(textwrap.fill(sanitize(paper.display_abstract, 60_000) or "No abstract.", width))
        if note:
            self._say(f"Note: {note}")

    def _do_refresh(self) -> None:
        self.show(self._query.text)

    # Annotating and finding

    def _do_tag(self) -> None:
        if self._targets() and (text := self._read.line("tags (nlp -old): ")):
            add, remove = parse_tags(text)
            self._act(lambda lib, chosen: triage.tag(lib, chosen, add, remove))

    def _do_note(self) -> None:
        """Asks for a note; an empty answer leaves the one that is there, - takes it away."""
        if self._entry is None:
            return
        if before := self._entry.state.note:
            self._say(f"Note: {before}")
        if text := self._read.line("note (- for none): "):
            self._after(triage.note(self._library, self._entry.key, "" if text == "-" else text))

    def _do_tags(self) -> None:
        counts = tags.counts(self._library)
        for name, (count, unread) in counts.items():
            self._say(f"#{name}: {plural(count, 'paper')}, {unread} unread.")
        if not counts:
            self._say("No tags yet.")

    def _do_filter(self) -> None:
        text = self._read.line(f"filter ({self._query.text}): ")
        if text:
            self.show(text)

    def _do_sort(self) -> None:
        if by := self._read.line("order (date, up, title, added, authors, unread): "):
            kept = [w for w in self._query.text.split() if not w.lower().startswith("sort:")]
            self.show(" ".join([*kept, f"sort:{by}"]))

    def _do_go(self, text: str) -> None:
        self.show(text)

    def _do_like(self) -> None:
        if self._entry is not None:
            self.show(f"like:{self._entry.key}")

    def _do_view(self) -> None:
        views = self._library.views()
        for number, (name, query) in enumerate(views.items(), 1):
            self._say(f"{number} {name}: {query}")
        if not views:
            self._say("No saved views yet.")

    def _do_numbered_view(self, number: int) -> None:
        views = list(self._library.views().values())
        if number <= len(views):
            self.show(views[number - 1])
        else:
            self._say(f"There is no view {number} yet.")

    def _do_save_view(self) -> None:
        if name := self._read.line("save this view as: "):
            self._after(triage.save_view(self._library, name, self._query.text))

    # Lists

    def _do_add(self) -> None:
        if self._list is None:
            self._do_choose_list()
        else:
            name = self._list
            self._act(lambda lib, chosen: lists.add(lib, name, chosen), advance=True)

    def _do_choose_list(self) -> None:
        known = ", ".join(held.name for held in self._library.lists())
        if text := self._read.line(f"add to list ({known or 'a new name'}): "):
            self._list = self._library.find_list(text) or list_name(text)
            self._do_add()

    def _do_lists(self) -> None:
        print_lists(self._library)

    def _do_open_list(self) -> None:
        if self._list is None:
            self._say("No list is chosen yet.")
        else:
            self.show(f'list:"{self._list}"')

    def _do_shift(self, by: int) -> None:
        name = self._library.index.single_list(self._query)
        if name is None or self._entry is None:
            raise PapersError("open a list first")
        held = self._library.reading_list(name).keys
        key = self._entry.key
        if key not in held:
            raise PapersError(f"this paper is no longer in {name}")
        self._after(lists.move(self._library, name, key, held.index(key) + 1 + by))
        self._entries = list(self._library.select(self._query))
        self._row = next(row for row, e in enumerate(self._entries) if e.key == key)
        self._tell()

    def _do_remove(self) -> None:
        name = self._library.index.single_list(self._query)
        if name is None:
            raise PapersError("open a list first")
        self._act(lambda lib, chosen: lists.remove(lib, name, chosen), advance=True)

    # Taking out

    def _do_open_link(self) -> None:
        if self._entry:
            self._say("\n".join([*self._entry.paper.urls, self._entry.paper.link]))

    def _do_open_and_read(self) -> None:
        self._do_open_link()
        self._do_mark("read")

    def _do_copy(self, what: str) -> None:
        """There is no clipboard here: what would be copied is told."""
        for key in self._targets():
            self._say(_TOLD[what](self._library.item(key)).rstrip("\n"))

    def _do_export(self) -> None:
        name = self._library.index.single_list(self._query) or self._list
        target = self._read.line(f"export {name or 'these papers'} to file: ")
        if target:
            papers = [name] if name else ["--query", self._query.text]
            self._run(shlex.join(["export", *papers, "-o", target]))

    def _do_command(self) -> None:
        if line := self._read.line(":"):
            self._run(line)

    def _run(self, line: str) -> None:
        done = self._shell.run(line, self._library, self._targets(), query=self._query.text)
        if done.query is not None:
            self.show(done.query)
        else:
            self._say(done.text.rstrip("\n"))
            self._entries = [self._library.item(e.key) for e in self._entries]

    def _do_session(self) -> None:
        found = history.sessions(self._library.history())
        now = history.current(found, self._library.now())
        self._say(f"{history.summary(now)}." if now else "Nothing decided yet.")
        if minutes := history.minutes_left(self._library, now):
            self._say(f"About {plural(minutes, 'minute')} for what is unread, at this pace.")

    def _do_timeline(self) -> None:
        self._run("log")

    def _do_help(self) -> None:
        """The keys that do something here."""
        for key in self._table:
            if key.keys and (hasattr(self, f"_do_{_call(key.action)[0]}") or key.action == "quit"):
                self._say(f"{' '.join(map(keymap.shown, key.keys))}: {key.help}")


_TOLD: Final[dict[str, Callable[[Item], str]]] = {
    "title": lambda item: sanitize(item.paper.display_title),
    "link": lambda item: item.paper.link,
    "key": lambda item: item.key,
    "citation": lambda item: citation.cite(item.paper),
    "bibtex": lambda item: citation.bibtex(item.paper),
    "markdown": markdown.item,
}


def _call(action: str) -> tuple[str, tuple[Any, ...]]:
    """The name and the arguments of an action as the table has it: ``mark('read')``."""
    match = re.fullmatch(r"(?:\w+\.)?(\w+)(?:\((.*)\))?", action)
    assert match is not None, action
    arguments = ast.literal_eval(f"({match[2]},)") if match[2] and "{" not in match[2] else ()
    return match[1], arguments
