"""What was changed in an exported list comes back, whoever changed it, and nothing else does.

The files in ``pulled`` are what formatters make of ``original.md``; ``python -m
tests.actions.formatters`` writes them again, where the formatters are installed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.formats.markdown_blocks import markdown_notes
from tests.libraries import Clock
from tests.strategies import PAYLOADS
from tui.actions import history, lists, pull, triage
from tui.errors import ConfirmationError, InputError, UsageError
from tui.exchange.export_files import changes_since, export
from tui.exchange.pull_paths import files_of, is_edited
from tui.formats import checklist
from tui.formats.exporters import ExportOptions, write
from tui.formats.note_sums import note_sum
from tui.library import Library
from tui.model.paper import SourceRecord, merge
from tui.model.state import Item, PaperState, Status, note_from
from tui.model.words import fold
from tui.query import parse

pytestmark = pytest.mark.usefixtures("no_fsync")

PULLED = Path(__file__).parent / "pulled"
TITLES = (
    "Apples: a Survey",
    "Bread with [Brackets] and *Stars* in a Title that Is so Long that a Formatter Wraps It",
    "Cheese_in_snake_case & Co",
    "Dates, 1. of all",
    "Eggs",
    "Figs",
)

OTHER_MARKDOWN = (
    "See <https://a.org/b_c>, https://d.org/e_f, www.g.org, [h](https://i.org) and <ada@j.org>.\n"
    'It\'s "so" -- that `<eos>` is 2 * 3 | <b>4</b>, `a_b`.[^1]\n'
    "[^1]: A footnote."
)


BLOCKS_OF_MARKDOWN = """What it does:
1. first, over \\
   so many words that a formatter wraps them into another line of the item, as it does
2. second
   - in *it*, `<b>`
     - deeper
   - beside it

> quoted, with a_b
> and more

### A heading

| name  | *n* |
|-------|----:|
| a_b   |   1 |
| c     |   2 |

```python
def f(x):

    return [x]
```
- a bullet of a list with code:

  ~~~
  plain <b>
    code
  ~~~
- [ ] the last"""


def record(title: str, **facts: object) -> SourceRecord:
    """A paper seen once."""
    abstract = f"We study {title}. It is so, and *it stays so* for all n_i < 3 | 4."
    return SourceRecord(title, abstract, file="0.txt", line=1, **facts)  # type: ignore[arg-type]


def fill(library: Library) -> None:
    """Makes the list “thesis” of five papers with all kinds of states; the sixth is in none."""
    published = date(2024, 5, 16)
    library.seed(
        merge([record(title, published=published, upvotes=7, arxiv=f"2405.0000{n}")])
        for n, title in enumerate(TITLES, 1)
    )
    keys = [key_of(library, title) for title in TITLES]
    lists.create(library, "thesis")
    lists.describe(library, "thesis", "For *June*.")
    lists.add(library, "thesis", keys[:5])
    triage.mark(library, keys[:1], Status.READ)
    triage.tag(library, keys[:2], ["nlp", "rl/offline"])
    triage.star(library, keys[1:2])
    triage.note(library, keys[1:2], "One **bold** word, [[Other Note]] and #todo.\n- second line")
    triage.mark(library, keys[2:3], Status.READING)
    triage.note(library, keys[2:3], BLOCKS_OF_MARKDOWN)
    triage.note(library, keys[3:4], OTHER_MARKDOWN)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", "desk", now=Clock()) as opened:
        fill(opened)
        yield opened


@pytest.fixture
def path(library: Library, tmp_path: Path) -> Path:
    """The exported list."""
    target = tmp_path / "thesis.md"
    exported(library, target)
    return target


def key_of(library: Library, title: str) -> str:
    """The key of the paper whose title begins so."""
    return next(
        each.key for each in library.items() if fold(each.paper.title).startswith(fold(title))
    )


def in_list(library: Library, name: str = "thesis") -> list[Item]:
    """The papers of the list, in its order."""
    return [library.item(key) for key in library.state.reading_list(name).keys]


def exported(library: Library, target: Path, *, force: bool = False) -> None:
    """Exports the list."""
    export(library, "thesis", in_list(library), target, force=force)


def taken(
    library: Library, path: Path, *, add: bool = False, prefers_file: bool = False
) -> pull.Pull:
    """Pulls the file."""
    return pull.pull(library, str(path), path.read_bytes(), add=add, prefers_file=prefers_file)


def edit(path: Path, old: str, new: str) -> None:
    """Edits the file by hand."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def state(library: Library, title: str) -> tuple[str, bool, tuple[str, ...], str | None]:
    """What a user decided about a paper."""
    each = library.state.of(key_of(library, title))
    return str(each.status), each.starred, tuple(sorted(each.tags)), each.note


def order(library: Library) -> str:
    """The papers of the list, by their first letters."""
    return "".join(each.paper.title[0] for each in in_list(library))


# What nobody edited


def test_a_file_that_was_not_edited_changes_nothing(library: Library, path: Path) -> None:
    revision = len(library.state.history())
    result = taken(library, path)
    assert (result.change, result.changes, result.notes) == (None, (), ())
    assert len(library.state.history()) == revision
    assert not is_edited(library.state.reading_list("thesis").exports[0])


def test_what_was_changed_here_alone_stays(library: Library, path: Path) -> None:
    triage.mark(library, [key_of(library, "Apples")], Status.UNREAD)
    triage.note(library, [key_of(library, "Bread")], "another")
    lists.remove(library, "thesis", [key_of(library, "Eggs")])
    lists.move(library, "thesis", key_of(library, "Dates"), 1)
    result = taken(library, path)
    assert (result.change, result.changes, result.notes) == (None, (), ())


def test_the_fixtures_are_of_the_list_that_is_exported(library: Library, path: Path) -> None:
    assert path.read_text("utf-8") == (PULLED / "original.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(each.stem for each in PULLED.glob("*.md")))
def test_what_a_formatter_does_to_a_list_changes_nothing(
    library: Library, path: Path, name: str
) -> None:
    path.write_bytes((PULLED / f"{name}.md").read_bytes())
    result = taken(library, path)
    assert (result.changes, result.notes) == ((), ())
    exported(library, path)  # without a question, as nothing is lost
    assert not taken(library, path).change
    assert "{=html}" not in path.read_text("utf-8")  # as pandoc marks comments


@pytest.mark.parametrize("name", sorted(each.stem for each in PULLED.glob("*.md")))
def test_a_tick_in_a_formatted_list_is_taken(library: Library, path: Path, name: str) -> None:
    text = (PULLED / f"{name}.md").read_text("utf-8")
    path.write_text(re.sub(r"(?:\[ \]|☐)(?=\s+\[Eggs)", "[x]", text), "utf-8")
    result = taken(library, path)
    assert [change.split(": ", 1)[1] for change in result.changes] == ["read: Eggs"]
    assert state(library, "Eggs")[0] == "read"


def test_the_end_of_a_list_is_found_where_pandoc_takes_it_for_a_part_of_the_last_note(
    library: Library, path: Path
) -> None:
    triage.note(library, [key_of(library, "Eggs")], "    a\n\n---\n\n    b")
    exported(library, path)
    text = path.read_text("utf-8")
    marked = "\n\n    ```{=html}\n    \\1\n    ```\n"
    path.write_text(re.sub(r"\n(<!-- papers-tui:end .*)", marked, text), "utf-8")
    result = taken(library, path)
    assert (result.changes, result.notes) == ((), ())


def test_boxes_that_pandoc_draws_beside_boxes_of_a_user_are_read(
    library: Library, path: Path
) -> None:
    text = (PULLED / "pandoc-commonmark.md").read_text("utf-8")
    path.write_text(text.replace("☐ [Eggs", r"\[-\] [Eggs"), "utf-8")
    assert [each.split(": ", 1)[1] for each in taken(library, path).changes] == ["dismissed: Eggs"]
    assert order(library) == "ABCDE"
    assert not taken(library, path).notes


@pytest.mark.parametrize("indent", ["", "  ", "    "])
def test_an_item_with_our_comment_is_a_paper_wherever_it_stands(
    library: Library, path: Path, indent: str
) -> None:
    triage.note(library, [key_of(library, "Dates")], "mine")
    exported(library, path)
    text = path.read_text("utf-8")
    start, end = text.index("- [ ] [Eggs"), text.index("<!-- papers-tui:end")
    eggs = text[start:end].splitlines()[0].replace("- [ ] ", "- ").replace(" <!--", "\n  <!--")
    block = "".join(f"{indent}{line}\n" for line in eggs.splitlines())
    path.write_text(f"{text[:start].rstrip()}\n{block}{text[end:]}", "utf-8")
    result = taken(library, path)
    assert (result.changes, result.notes) == ((), ())
    assert state(library, "Dates")[3] == "mine"


# Edits by hand


def test_ticks_tags_stars_and_notes_are_one_change(library: Library, path: Path) -> None:
    edit(path, "- [x] [Apples", "- [ ] [Apples")
    edit(path, "`nlp` `rl/offline`", "`nlp` #new/tag ★")
    edit(path, "**bold** word", "**bold** and *other* words")
    edit(path, "- [ ] [Dates", "- [X] [Dates")
    revision = len(library.state.history())
    result = taken(library, path)
    assert state(library, "Apples") == ("unread", True, ("new/tag", "nlp"), None)
    assert state(library, "Dates")[0] == "read"
    note = "One **bold** and *other* words, [[Other Note]] and #todo.\n\n- second line"
    assert state(library, "Bread")[3] == note
    assert result.notes == ()
    assert len(library.state.history()) == revision + 1
    library.undo()
    assert state(library, "Apples") == ("read", False, ("nlp", "rl/offline"), None)
    assert (
        state(library, "Bread")[3] == "One **bold** word, [[Other Note]] and #todo.\n- second line"
    )


@pytest.mark.parametrize(
    ("box", "status"), [("/", "reading"), ("-", "dismissed"), ("x", "read"), ("X", "read")]
)
def test_a_box_sets_a_status(library: Library, path: Path, box: str, status: str) -> None:
    edit(path, "- [ ] [Eggs", f"- [{box}] [Eggs")
    taken(library, path)
    assert state(library, "Eggs")[0] == status
    assert not taken(library, path).change
    triage.mark(library, [key_of(library, "Eggs")], Status.UNREAD)
    assert not taken(library, path).change  # the file said so before


@pytest.mark.parametrize("status", [Status.READING, Status.DISMISSED])
def test_a_tick_counts_whether_a_paper_was_being_read_or_dismissed(
    library: Library, path: Path, status: Status
) -> None:
    triage.mark(library, [key_of(library, "Eggs")], status)
    exported(library, path)
    assert f"{status}\n" in path.read_text("utf-8")
    edit(path, "- [ ] [Eggs", "- [x] [Eggs")
    edit(path, "- [ ] [Cheese", "- [x] [Cheese")
    assert taken(library, path).notes == ()
    assert {state(library, title)[0] for title in ("Cheese", "Eggs")} == {"read"}


@pytest.mark.parametrize("status", [Status.READING, Status.DISMISSED])
@pytest.mark.parametrize("is_new", [True, False])
def test_a_tick_does_not_replace_a_status_that_the_library_changed_though_its_box_stays(
    library: Library, path: Path, status: Status, is_new: bool
) -> None:
    eggs = [key_of(library, "Eggs")]
    statuses = (Status.UNREAD, status) if is_new else (status, Status.UNREAD)
    triage.mark(library, eggs, statuses[0])
    exported(library, path)
    triage.mark(library, eggs, statuses[1])
    edit(path, "- [ ] [Eggs", "- [x] [Eggs")
    for _ in range(2):
        result = taken(library, path)
        assert result.changes == ()
        assert f"both sides changed the status; “{statuses[1]}” stays: Eggs" in result.notes[0]
        assert state(library, "Eggs")[0] == statuses[1]
    assert taken(library, path, prefers_file=True).changes[0].endswith("read: Eggs")


@pytest.mark.parametrize(
    ("was", "word"), [("unread", "reading"), ("unread", "read"), ("reading", "dismissed")]
)
def test_a_word_for_a_status_in_the_facts_counts_where_the_box_is_empty(
    library: Library, path: Path, was: str, word: str
) -> None:
    triage.mark(library, [key_of(library, "Eggs")], Status(was))
    exported(library, path)
    text = path.read_text("utf-8")
    place = text.index("  - 2024-05-16", text.index("[Eggs"))
    facts = text[place : text.index("\n", place)]
    now = f"{facts.removesuffix(f' · {was}')} · {word}"
    path.write_text(text[:place] + now + text[place + len(facts) :], "utf-8")
    assert taken(library, path).changes[0].endswith(f"{word}: Eggs")
    assert state(library, "Eggs")[0] == word
    assert taken(library, path).change is None
    exported(library, path)
    assert taken(library, path).change is None
    assert state(library, "Eggs")[0] == word


def test_a_status_and_tags_are_taken_from_between_commas(library: Library, path: Path) -> None:
    head, eggs = path.read_text("utf-8").split("[Eggs")
    path.write_text(f"{head}[Eggs{eggs.replace('▲ 7', '▲ 7 · read, #a, #b')}", "utf-8")
    result = taken(library, path)
    assert result.notes == ()
    assert state(library, "Eggs") == ("read", False, ("a", "b"), None)


def test_a_word_for_a_status_beside_another_box_is_told(library: Library, path: Path) -> None:
    edit(path, "▲ 7 · `nlp`", "▲ 7 · reading · `nlp`")
    result = taken(library, path)
    assert (result.changes, result.notes) == (
        (),
        ("line 17: the box [x] counts, not the word “reading”",),
    )


def test_an_emptied_box_counts_whatever_word_is_left_in_the_facts(
    library: Library, path: Path
) -> None:
    edit(path, "- [ ] [Eggs", "- [-] [Eggs")
    taken(library, path)
    exported(library, path)
    edit(path, "- [-] [Eggs", "- [ ] [Eggs")
    assert "dismissed\n" in path.read_text("utf-8")
    assert taken(library, path).changes[0].endswith("unread: Eggs")
    assert taken(library, path).change is None
    edit(path, "- [ ] [Bread", "- [x] [Bread")
    assert len(taken(library, path).changes) == 1
    assert state(library, "Eggs")[0] == "unread"


def without_cheese(library: Library, path: Path, status: Status) -> str:
    """The text of the list before an item was taken out and its paper given a status."""
    text = path.read_text("utf-8")
    start, end = text.index("- [ ] [Cheese"), text.index("- [ ] [Dates")
    path.write_text(text[:start] + text[end:], "utf-8")
    taken(library, path)
    triage.mark(library, [key_of(library, "Cheese")], status)
    return text


def test_a_word_for_a_status_of_a_paper_that_was_put_in_again_is_none_of_the_user(
    library: Library, path: Path
) -> None:
    text = without_cheese(library, path, Status.READ)
    path.write_text(text, "utf-8")
    taken(library, path)
    assert state(library, "Cheese")[0] == "read"
    triage.mark(library, [key_of(library, "Cheese")], Status.UNREAD)
    assert taken(library, path).changes == ()  # nor later
    assert state(library, "Cheese")[0] == "unread"


@pytest.mark.parametrize("known", Status)
@pytest.mark.parametrize(
    ("box", "there"), [("x", "read"), ("/", "reading"), ("-", "dismissed"), (" ", "")]
)
def test_a_box_of_a_paper_that_is_put_in_again_counts_and_a_blank_says_nothing(
    library: Library, path: Path, known: Status, box: str, there: str
) -> None:
    text = without_cheese(library, path, known)
    path.write_text(text.replace("- [ ] [Cheese", f"- [{box}] [Cheese"), "utf-8")
    assert taken(library, path).notes == ()
    assert state(library, "Cheese")[0] == (there or str(known))
    assert taken(library, path).change is None


def test_a_box_is_taken_beside_an_old_word_of_a_paper_that_was_put_in_again(
    library: Library, path: Path
) -> None:
    text = without_cheese(library, path, Status.UNREAD)
    path.write_text(text, "utf-8")
    taken(library, path)
    edit(path, "- [ ] [Cheese", "- [-] [Cheese")
    taken(library, path)
    assert state(library, "Cheese")[0] == "dismissed"


def test_boxes_of_a_user_stay_and_all_papers_get_them(library: Library, path: Path) -> None:
    assert "- [ ] [Cheese" in path.read_text("utf-8")  # as GitHub shows it
    edit(path, "- [ ] [Eggs", "- [-] [Eggs")
    taken(library, path)
    exported(library, path)
    text = path.read_text("utf-8")
    assert "- [-] [Eggs" in text
    assert "- [/] [Cheese" in text
    assert not taken(library, path).change
    exported(library, path)
    assert path.read_text("utf-8") == text
    edit(path, "- [/] [Cheese", "- [x] [Cheese")
    edit(path, "- [-] [Eggs", "- [ ] [Eggs")
    assert len(taken(library, path).changes) == 2
    assert [state(library, title)[0] for title in ("Cheese", "Eggs")] == ["read", "unread"]


LABELS = ("**Note**:", "Note:", "__Note:__", "*Note:*", "_Note_:", "***note:***")


@pytest.mark.parametrize("label", LABELS)
def test_the_label_of_a_note_may_be_typed_by_hand(library: Library, path: Path, label: str) -> None:
    edit(path, "**Note:** One **bold**", f"{label} One **bold**")
    assert taken(library, path).changes == ()
    edit(path, f"{label} One", f"{label} Two, One")
    assert ["note: Bread" in each for each in taken(library, path).changes] == [True]


def test_a_plain_label_beside_the_papers_begins_words_of_the_user(
    library: Library, path: Path
) -> None:
    edit(path, "- [ ] [Eggs", "- Note: ask Bob\n- [ ] [Eggs")
    result = taken(library, path)
    assert result.changes == ()
    assert "moves below with the next export: - Note: ask Bob" in result.notes[0]


def test_a_plain_label_below_a_paper_without_a_note_begins_one(
    library: Library, path: Path
) -> None:
    path.write_text(path.read_text("utf-8").replace("- 2024-05-16", "- Note: new\n  - 2024-05-16"))
    taken(library, path)
    assert state(library, "Eggs")[3] == "new"


def test_a_note_is_added_and_removed(library: Library, path: Path) -> None:
    edit(path, "- [ ] [Bread", "- [ ] [Bread")
    text = path.read_text("utf-8")
    text = re.sub(r"  - \*\*Note:\*\* One.*\n\n.*\n", "", text)
    path.write_text(text, "utf-8")
    edit(path, "pt:eggs", "pt:eggs")
    lines = path.read_text("utf-8").split("\n")
    place = next(n for n, line in enumerate(lines) if "[Eggs]" in line)
    lines.insert(place + 2, "  - **Note:** first line\\\n    \\# second <!-- x -->")
    path.write_text("\n".join(lines), "utf-8")
    taken(library, path)
    assert state(library, "Bread")[3] is None
    assert state(library, "Eggs")[3] == "first line\n# second <!-- x -->"


NOTE_OF_BLOCKS = """one
1. first
2. second
   - in it

| a | b |
|---|---|
| 1 | 2 |

```python
def f(x):

    return [x]
```"""


def test_the_blocks_of_a_note_keep_their_lines(library: Library, path: Path) -> None:
    lines = re.sub("(?m)^(?=.)", "    ", NOTE_OF_BLOCKS).strip()
    edit(path, FACTS, FACTS.replace("7\n", f"7\n  - **Note:** {lines}\n"))
    result = taken(library, path)
    assert [change.split(": ")[1] for change in result.changes] == ["note"]
    assert result.notes == ()
    assert state(library, "Eggs")[3] == NOTE_OF_BLOCKS
    for _ in range(2):
        exported(library, path)
        assert taken(library, path).changes == ()
    text = path.read_text("utf-8")
    path.write_text(text.replace("return [x]", "return  [x]"), "utf-8")
    taken(library, path)
    assert "    return  [x]\n" in str(state(library, "Eggs")[3])


NOTE = "First *paragraph*,\nof two lines.\n\n[1]: https://a.org\n\n**Note:** third\n\n[x] [a](b)"


def test_the_head_of_a_table_in_a_note_comes_back_as_it_was(library: Library, path: Path) -> None:
    triage.note(library, [key_of(library, "Eggs")], "- b\n\n| a | b |\n|---|---|")
    exported(library, path)
    assert taken(library, path).changes == ()


@pytest.mark.parametrize("rewrite", [str, lambda text: text.replace("\n", "\r\n")])
def test_the_paragraphs_of_a_note_leave_and_come_back_whole(
    library: Library, path: Path, rewrite: Callable[[str], str]
) -> None:
    triage.note(library, [key_of(library, "Eggs")], NOTE)
    exported(library, path)
    assert not taken(library, path).change
    path.write_bytes(rewrite(path.read_text("utf-8").replace("two lines", "2 lines")).encode())
    assert [change.split(": ")[1] for change in taken(library, path).changes] == ["note"]
    assert state(library, "Eggs")[3] == NOTE.replace("two lines", "2 lines")


def test_papers_are_moved_and_taken_off(library: Library, path: Path) -> None:
    blocks = re.split(r"(?m)^(?=- \[)", path.read_text("utf-8"))
    head, (apples, bread, cheese, dates, eggs) = blocks[0], blocks[1:]
    eggs, tail = eggs.split("<!-- papers-tui:end")
    path.write_text(
        head + "".join([dates, apples, eggs + "\n", cheese]) + "<!-- papers-tui:end" + tail, "utf-8"
    )
    result = taken(library, path)
    assert order(library) == "DAEC"
    assert result.changes == (f"removed: {TITLES[1][:67]}…", "reordered")
    library.undo()
    assert order(library) == "ABCDE"
    assert bread


QUERY = "title:apples | title:eggs"


def queried(library: Library, target: Path) -> None:
    """Exports the papers of a query, in the order of their titles."""
    items = sorted(library.select(parse(QUERY)), key=lambda item: item.paper.title)
    export(library, QUERY, items, target, of_list=False)


def test_what_is_changed_in_an_exported_query_is_taken_and_written_again(
    library: Library, path: Path
) -> None:
    path = path.with_name("q.md")
    queried(library, path)
    assert taken(library, path).change is None
    edit(path, "- [ ] [Eggs", "- [x] [Eggs")
    edit(path, "- [x] [Apples", "- [ ] [Apples")
    edit(path, "`rl/offline`", "★")
    with pytest.raises(ConfirmationError, match="Edited since it was exported"):
        queried(library, path)
    assert [*files_of(library, ())] == [str(path)]
    result = taken(library, path)
    assert (len(result.changes), result.notes) == (4, ())
    assert state(library, "Apples") == ("unread", True, ("nlp",), None)
    assert state(library, "Eggs")[0] == "read"
    assert taken(library, path).change is None
    queried(library, path)
    written = path.read_text("utf-8")
    assert ("- [x] [Eggs" in written, "- [ ] [Apples" in written) == (True, True)
    library.undo()
    assert taken(library, path).change is None
    queried(library, path)
    assert "- [ ] [Eggs" in path.read_text("utf-8")


def test_an_edited_query_of_which_nothing_is_recorded_is_not_said_to_be_pulled(
    library: Library, path: Path
) -> None:
    path = path.with_name("q.md")
    queried(library, path)
    library.change("forget", [("files", str(path), "export", None)])
    edit(path, "- [ ] [Eggs", "- [x] [Eggs")
    with pytest.raises(ConfirmationError, match="nothing is recorded") as raised:
        queried(library, path)
    assert "pull takes the changes" not in raised.value.hint


def test_lines_that_are_moved_or_deleted_in_an_exported_query_are_named_once(
    library: Library, path: Path
) -> None:
    path = path.with_name("q.md")
    queried(library, path)
    exported = path.read_text("utf-8")
    listed = order(library)
    lines = exported.split("- [ ] [Eggs")
    path.write_text(lines[0] + "<!-- papers-tui:end" + lines[1].split("<!-- papers-tui:end")[1])
    result = taken(library, path)
    assert result.changes == ()
    assert result.notes == (
        "Lines that were moved, deleted or added do not count: the query says what is in the file,"
        " and in which order",
    )
    assert order(library) == listed
    assert taken(library, path).notes == ()
    queried(library, path)
    assert path.read_text("utf-8") == exported


@pytest.mark.parametrize("of", ["a list", "a query"])
def test_a_file_cut_anywhere_is_edited_and_named_until_it_is_written_whole(
    library: Library, path: Path, of: str
) -> None:
    def write(*, force: bool = False) -> None:
        if of == "a list":
            exported(library, path, force=force)
        else:
            export(library, QUERY, items, path, of_list=False, force=force)

    items = sorted(library.select(parse(QUERY)), key=lambda item: item.paper.title)
    path = path if of == "a list" else path.with_name("q.md")
    write()
    whole = path.read_text("utf-8")
    begin = whole.index("<!-- papers-tui:begin")
    for place in (begin - 1, begin + 26, whole.index("- [ ] [Eggs") + 4, len(whole) - 9):
        path.write_text(whole[:place], "utf-8")
        assert [*files_of(library, ())] == [str(path)]
        with library.dry_run():
            result = taken(library, path)
        assert (result.changes, result.notes[-1]) == ((), UNSETTLED)
        assert result.notes[0].endswith("; export --force writes it whole")
        with pytest.raises(ConfirmationError, match=r"cut short|does not take"):
            write()
        write(force=True)
        assert path.read_text("utf-8") == whole


def test_an_exported_query_that_was_moved_or_became_a_list_is_known(
    library: Library, path: Path
) -> None:
    query = path.with_name("q.md")
    queried(library, query)
    moved = query.rename(path.with_name("moved.md"))
    edit(moved, "- [ ] [Eggs", "- [x] [Eggs")
    assert taken(library, moved).changes
    moved.rename(query)
    queried(library, query)
    exported(library, query, force=True)
    edit(query, "- [ ] [Dates", "- [x] [Dates")
    assert taken(library, query).name == "thesis"


def test_what_was_undone_after_a_pull_is_out_of_the_file_with_the_next_export(
    library: Library, path: Path
) -> None:
    original = path.read_text("utf-8")
    edit(path, "- [ ] [Dates", "- [x] [Dates")
    edit(path, "`nlp` `rl/offline`", "`nlp` #new ★")
    lines = path.read_text("utf-8").split("- [ ] [Eggs")
    path.write_text(lines[0] + "<!-- papers-tui:end" + lines[1].split("<!-- papers-tui:end")[1])
    assert taken(library, path).changes
    library.undo()
    assert (order(library), state(library, "Dates")[0]) == ("ABCDE", "unread")
    (export,) = library.state.reading_list("thesis").exports
    assert changes_since(library, library.state.reading_list("thesis"), export) == "1 added"
    assert taken(library, path).changes == ()  # which would bring it back
    exported(library, path)
    assert path.read_text("utf-8") == original
    library.redo()
    assert (order(library), state(library, "Dates")[0]) == ("ABCD", "read")
    assert taken(library, path).changes == ()
    exported(library, path)
    assert "- [x] [Dates" in path.read_text("utf-8")


def test_a_pull_that_changes_nothing_in_the_library_is_no_step_to_undo(
    library: Library, path: Path
) -> None:
    edit(path, "- [ ] [Dates", "- [x] [Dates")
    triage.mark(library, [key_of(library, "Dates")], Status.READ)
    assert taken(library, path).changes == ()
    assert library.undo().verb == "undo read"


def test_a_list_without_its_end_loses_no_paper(library: Library, path: Path) -> None:
    text = path.read_text("utf-8")
    text = text[: text.index("- [ ] [Cheese")].replace("[x] [Apples", "[ ] [Apples")
    path.write_text(text[: text.index(" word, [[Other")])  # within the note of the last paper
    result = taken(library, path)
    assert order(library) == "ABCDE"
    assert [change.split(": ")[1] for change in result.changes] == ["unread"]
    assert result.notes == (
        "The end of the list is not in the file, so nothing is removed; export --force writes it"
        " whole",
        UNSETTLED,
    )
    assert (state(library, "Bread")[3] or "").startswith("One **bold** word")


def test_an_empty_list_loses_no_paper(library: Library, path: Path) -> None:
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("- [x]")] + text[text.index("<!-- papers-tui:end") :])
    result = taken(library, path)
    assert result.changes == ()
    assert result.notes[0] == "None of its papers is in the file, so nothing is removed"
    assert order(library) == "ABCDE"


def test_most_of_a_list_is_taken_off_only_if_the_file_is_preferred(
    library: Library, path: Path
) -> None:
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("- [ ] [Cheese")] + text[text.index("<!-- papers-tui:end") :])
    edit(path, "- [x] [Apples", "- [ ] [Apples")
    text = path.read_text("utf-8")
    start, end = text.index("- [ ] [Bread"), text.index("<!-- papers-tui:end")
    path.write_text(text[:start] + text[end:], "utf-8")
    for _ in range(2):
        notes = taken(library, path).notes
        assert notes[0] == "4 of 5 papers are missing in the file, so nothing is removed"
        assert notes[1:] == conflicting(path)
        assert order(library) == "ABCDE"
        assert state(library, "Apples")[0] == "unread"
        with pytest.raises(ConfirmationError, match="1 change in the file not taken"):
            exported(library, path)
    assert len(taken(library, path, prefers_file=True).changes) == 4
    assert order(library) == "A"


def test_lines_without_their_comments_are_known_by_their_titles(
    library: Library, path: Path
) -> None:
    path.write_text(re.sub(r" <!-- pt:\S+ -->", "", path.read_text("utf-8")), "utf-8")
    edit(path, "- [ ] [Cheese", "- [x] [Cheese")
    result = taken(library, path)
    assert result.notes == ()
    assert [change.split(": ")[1] for change in result.changes] == ["read"]


@pytest.mark.parametrize("deleted", [r" ?<!-- .* -->", r"(?s)\A---.*?---\n| ?<!-- [^>]* -->"])
def test_a_list_without_any_comment_is_known_by_its_file(
    library: Library, path: Path, deleted: str
) -> None:
    path.write_text(re.sub(deleted, "", path.read_text("utf-8")), "utf-8")
    edit(path, "# thesis", "My own words.\n\n# thesis")
    edit(path, "- [ ] [Cheese", "- [x] [Cheese")
    edit(path, "- [ ] [Eggs", "- [x] [Eggs")
    assert is_edited(library.state.reading_list("thesis").exports[0])
    result = taken(library, path)
    assert [change.split(": ")[1] for change in result.changes] == ["read", "read"]
    (note,) = result.notes
    assert note.endswith("moves below with the next export: My own words.")
    assert not is_edited(library.state.reading_list("thesis").exports[0])
    triage.star(library, [key_of(library, "Eggs")])
    exported(library, path)
    text = path.read_text("utf-8")
    assert text.endswith(" -->\n\nMy own words.\n")
    assert text.count("---\ntitle") == int("---" not in deleted)
    assert text.count("[Eggs]") == text.count("<!-- pt:eggs") == 1
    assert (taken(library, path).changes, taken(library, path).notes) == ((), ())


def test_a_list_without_any_comment_that_was_not_pulled_is_not_overwritten(
    library: Library, path: Path
) -> None:
    path.write_text(re.sub("<!-- .* -->", "", path.read_text("utf-8")), "utf-8")
    edit(path, "- [ ] [Eggs", "My own words.\n\n- [x] [Eggs")
    with pytest.raises(ConfirmationError, match="Edited since it was exported"):
        exported(library, path)
    exported(library, path, force=True)
    assert path.read_text("utf-8").endswith(" -->\n\nMy own words.\n")


def test_a_damaged_comment_is_that_of_the_title_or_the_link(library: Library, path: Path) -> None:
    edit(path, "pt:eggs-251000ec", "pt:no-such-key")
    edit(path, "- [ ] [Eggs", "- [x] [Eggs")
    edit(path, "[Dates, 1. of all]", "[Another title]")
    edit(path, "pt:dates", "pt:d4tes")
    result = taken(library, path)
    assert [change.split(": ", 1)[1] for change in result.changes] == ["read: Eggs"]
    note, _ = result.notes
    assert note.endswith("Another title")
    assert order(library) == "ABCDE"


def test_words_in_a_line_with_a_damaged_comment_are_kept_though_its_paper_was_taken_off(
    library: Library, path: Path
) -> None:
    edit(path, "pt:eggs-251000ec", "pt:no-such-key")
    edit(path, "> We study Eggs.", "> We study Eggs. Why?")
    lists.remove(library, "thesis", [key_of(library, "Eggs")])
    taken(library, path)
    exported(library, path)
    assert path.read_text("utf-8").endswith("\n- Eggs: Why?\n")


def test_a_line_of_no_known_paper_takes_no_other_off(library: Library, path: Path) -> None:
    edit(path, "[Eggs](https://arxiv.org/abs/2405.00005)", "[Boiled](https://a.org)")
    edit(path, "pt:eggs-251000ec", "pt:no-such-key")
    missing, kept, _ = taken(library, path).notes
    assert missing.endswith("no such paper: no-such-key")
    assert kept == "A line names no paper, so nothing is removed"
    assert order(library) == "ABCDE"


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: re.sub("(?m)^- ", "* ", text),
        lambda text: re.sub("(?m)^- ", "1. ", text),
        lambda text: re.sub("(?m)^", "> ", text),
        lambda text: f"# Mine\n\n{text}\n- [ ] a todo of mine\n",
    ],
    ids=["CRLF", "byte order mark", "stars", "numbers", "a quote", "text around it"],
)
def test_a_list_is_read_whatever_an_editor_makes_of_it(
    library: Library, path: Path, rewrite: Callable[[str], str]
) -> None:
    text = path.read_text("utf-8").replace("- [ ] [Eggs", "- [x] [Eggs")
    path.write_bytes(rewrite(text).encode())
    result = taken(library, path)
    assert [change.split(": ", 1)[1] for change in result.changes] == ["read: Eggs"]
    assert result.notes == ()
    assert order(library) == "ABCDE"


def test_what_is_not_ours_is_told_and_moves_below_the_list(library: Library, path: Path) -> None:
    edit(path, "- [ ] [Eggs", "- [ ] my own todo 📅 2026-12-01\n\n- [ ] [Eggs")
    result = taken(library, path)
    assert result.changes == ()
    assert len(result.notes) == 1
    assert "my own todo" in result.notes[0]
    exported(library, path)
    text = path.read_text("utf-8")
    assert text.index("- [ ] my own todo") > text.index("papers-tui:end")
    assert not taken(library, path).change


def test_what_is_not_ours_survives_in_a_list_that_is_a_quote(library: Library, path: Path) -> None:
    edit(path, "- [ ] [Eggs", "- my own todo\n- [ ] [Eggs")
    path.write_text(re.sub("(?m)^", "> ", path.read_text("utf-8")), "utf-8")
    taken(library, path)
    exported(library, path)
    assert "- my own todo" in path.read_text("utf-8").split("papers-tui:end")[1]


EGGS = "251000ec -->"
FACTS = "2024-05-16 · ▲ 7\n\n  > We study Eggs"
OURS: dict[str, tuple[str, str, str]] = {
    "the heading": ("# thesis", "# thesis ask Bob", "ask Bob"),
    "the description": ("> For \\*June\\*.", "> For \\*June\\*. ask *Bob*", "ask *Bob*"),
    "the count": ("**1 of 5 read**", "**1 of 5 read** ask Bob", "ask Bob"),
    "a title": ("[Eggs]", "[Eggs ask Bob]", "- Eggs: ask Bob"),
    "the link": ("abs/2405.00005", "abs/2506.ask", "- Eggs: <https://arxiv.org/abs/2506.ask>"),
    "a date": (FACTS, FACTS.replace("2024-05-16", "2031-05-16"), "- Eggs: 2031-05-16"),
    "a version": (FACTS, FACTS.replace("7", "7 · v31"), "- Eggs: v31"),
    "the authors": (FACTS, FACTS.replace("7", "7 · 9,031 authors"), "- Eggs: 9,031 authors"),
    "the upvotes": (FACTS, FACTS.replace("7", "9,031"), "- Eggs: ▲ 9,031"),
    "before a title": ("[Eggs]", "ask Bob [Eggs]", "- Eggs: ask Bob"),
    "after a title": (EGGS, f"{EGGS} ask **Bob**", "- Eggs: ask **Bob**"),
    "a comment": (EGGS, f"{EGGS} <!-- ask Bob -->", "- Eggs: <!-- ask Bob -->"),
    "below a title": (EGGS, f"{EGGS}\n  ask [Bob](b.html)", "- Eggs: ask [Bob](b.html)"),
    "the facts": (FACTS, FACTS.replace("7", "7 ask Bob"), "- Eggs: ask Bob"),
    "a phrase of its own": (FACTS, FACTS.replace("7", "7 · ask 3 Bobs"), "- Eggs: ask 3 Bobs"),
    "below the facts": (FACTS, FACTS.replace("7", "7\n    ask _Bob_"), "- Eggs: ask _Bob_"),
    "an abstract": ("study Eggs.\n<", "study Eggs. ask Bob\n<", "- Eggs: ask Bob"),
    "amid an abstract": ("> We study Eggs.", "> We ask, Bob, study Eggs.", "- Eggs: ask, Bob,"),
    "a quote": ("> We study Eggs.", "> We study Eggs.\n  >\n  > We ask", "- Eggs: We ask"),
    "the addresses": (FACTS, f"2024\n  - <https://b.org>{FACTS[16:]}", "- Eggs: <https://b.org>"),
    "HTML": ("- [ ] [Eggs", "<p>ask Bob</p>\n\n- [ ] [Eggs", "<p>ask Bob</p>"),
    "a heading": ("- [ ] [Eggs", "## ask Bob\n\n- [ ] [Eggs", "## ask Bob"),
    "a definition": ("- [ ] [Eggs", "[Bob]: http://b.org\n\n- [ ] [Eggs", "[Bob]: http://b.org"),
    "a number": ("- [ ] [Eggs", "- 12 pages\n- [ ] [Eggs", "12 pages"),
}


@pytest.mark.parametrize("place", OURS)
@pytest.mark.parametrize("is_forced", [False, True])
def test_words_in_a_line_of_ours_are_told_and_move_below_the_list(
    library: Library, path: Path, place: str, is_forced: bool
) -> None:
    old, new, own = OURS[place]
    edit(path, old, new)
    typed = next(word for word in ("ask", "b.org", "12 pages", "031", "v31") if word in new)
    lines = path.read_text("utf-8").split("\n")
    number = next(n for n, line in enumerate(lines, 1) if typed in line)
    if not is_forced:
        result = taken(library, path)
        assert result.changes == ()
        note, *hint = result.notes
        assert note.startswith(f"line {number}: moves below with the next export: ")
        assert set(hint) <= {HINT}
        assert own.removeprefix("- Eggs: ").removeprefix("- Dates, 1. of all: ") in note
        triage.star(library, [key_of(library, "Eggs")])  # so that an export has a reason
    exported(library, path, force=is_forced)
    head, after = path.read_text("utf-8").split("papers-tui:end")
    assert own in after
    assert typed not in head
    assert (taken(library, path).changes, taken(library, path).notes) == ((), ())


HINT = "To make such a line the note of its paper, begin it with “  - Note:”"


@pytest.mark.parametrize("typed", ["  my words", "  - my words", "\n  my words"])
def test_a_line_below_a_paper_is_its_note_once_it_begins_as_the_message_says(
    library: Library, path: Path, typed: str
) -> None:
    edit(path, "<!-- papers-tui:end", f"{typed}\n<!-- papers-tui:end")
    assert HINT in taken(library, path).notes
    edit(path, typed, "  - Note: my words")
    result = taken(library, path)
    assert HINT not in result.notes
    assert library.state.of(key_of(library, "Eggs")).note == "my words"


BLOCKS = {
    "code": ("  ```python\n  my code\n  ```\n", "- Eggs:\n  ```python\n  my code\n  ```"),
    "a bullet": ("  - **Status:** printed\n", "- Eggs: **Status:** printed"),
    "a task": ("  - [ ] reproduce it\n", "- [ ] Eggs: reproduce it"),
    "a paragraph": ("\n  my words\n  go on\n", "- Eggs: my words\n  go on"),
    "bullets": (
        "  - mine\n    goes on\n    1. one\n\n       ```\n       a\n        b\n       ```\n",
        "- Eggs: mine\n  goes on\n  1. one\n\n     ```\n     a\n      b\n     ```",
    ),
    "an item": (
        "- mine\n\n  ```\n  a\n  ```\n  - below it\n",
        "- mine\n\n  ```\n  a\n  ```\n  - below it",
    ),
}


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_in_an_item_moves_below_whole_and_with_the_title_of_its_paper(
    library: Library, path: Path, block: str
) -> None:
    typed, moved = BLOCKS[block]
    edit(path, "<!-- papers-tui:end", f"{typed}<!-- papers-tui:end")
    path.write_text(path.read_text("utf-8") + "\nMy closing words.\n", "utf-8")
    notes = taken(library, path).notes
    assert all("moves below" in note for note in notes if note != HINT)
    exported(library, path)
    after = path.read_text("utf-8").split("papers-tui:end")[1]
    assert after.split(" -->", 1)[1] == f"\n\n{moved}\n\nMy closing words.\n"
    bare = re.sub(" ?<!-- .* -->", "", path.read_text("utf-8"))
    path.write_text(bare.replace("- [ ] [Eggs", "- [x] [Eggs"), "utf-8")
    taken(library, path)
    exported(library, path)
    assert path.read_text("utf-8").endswith(f"\n\n{moved}\n\nMy closing words.\n")


def test_words_in_a_line_that_a_formatter_wrapped_are_kept_alone(
    library: Library, path: Path
) -> None:
    text = (PULLED / "pandoc-wrapped.md").read_text("utf-8")
    text = text.replace(
        "so Long that a Formatter Wraps It.", "so Long that a Formatter Wraps It. Hm"
    )
    path.write_text(text.replace("study Eggs.", "study Eggs. Why?"), "utf-8")
    exported(library, path, force=True)
    after = path.read_text("utf-8").split("papers-tui:end")[1]
    assert "Bread with" in after.split(": Hm")[0].split("\n")[-1]
    assert "\n- Eggs: Why?\n" in after
    assert after.count("\n- ") == 2


def test_what_changed_here_since_the_export_is_no_word_of_a_user(
    library: Library, path: Path
) -> None:
    lists.describe(library, "thesis", "For July.")
    lists.rename(library, "thesis", "book")
    edit(path, "- [ ] [Eggs", "- [x] [Eggs")
    assert taken(library, path).notes == ()


def test_a_second_note_of_a_paper_is_put_below_the_first(library: Library, path: Path) -> None:
    edit(
        path, FACTS, FACTS.replace("7\n", "7\n  - **Note:** one\n  - **Note:** two\n    > three\n")
    )
    assert taken(library, path).notes == ()
    assert state(library, "Eggs")[3] == "one\n\ntwo\n> three"


def test_a_paper_of_another_list_is_added_and_one_of_nobody_is_offered(
    library: Library, path: Path
) -> None:
    key = key_of(library, "Figs")
    edit(path, "- [ ] [Eggs", "- [ ] [Figs](https://arxiv.org/abs/2405.00006)\n- [ ] [Eggs")
    result = taken(library, path)
    assert order(library) == "ABCDE"
    assert "--add adds it: Figs" in result.notes[0]
    taken(library, path, add=True)
    assert order(library) == "ABCDFE"
    library.undo()
    exported(library, path)
    edit(path, "- [ ] [Eggs", "- [ ] [Figs](https://arxiv.org/abs/2405.00006)\n- [ ] [Eggs")
    edit(path, "2405.00006)", f"2405.00006) <!-- pt:{key} -->")
    assert taken(library, path).changes[0].endswith("added: Figs")


@pytest.mark.parametrize(
    ("moved", "before", "there"),
    [
        ({}, "- [x] [Apples", "EFABCD"),
        ({}, "- [ ] [Cheese", "ABEFCD"),
        ({}, "<!-- papers-tui:end", "ABCDEF"),
        ({"Cheese": 1, "Apples": 4}, "- [ ] [Cheese", "EFCBDA"),
    ],
)
def test_what_is_put_into_the_file_is_added_ahead_of_what_stands_below_it(
    library: Library, path: Path, moved: dict[str, int], before: str, there: str
) -> None:
    lists.remove(library, "thesis", [key_of(library, "Eggs")])
    exported(library, path)
    for title, place in moved.items():
        lists.move(library, "thesis", key_of(library, title), place)
    edit(path, before, f"- [ ] Eggs\n- [ ] Figs\n{before}")
    result = taken(library, path, add=True)
    assert (order(library), result.notes) == (there, ())
    assert taken(library, path).change is None
    assert library.undo().undoes
    assert order(library) == there.replace("EF", "")


def test_a_paper_is_added_between_two_that_are_as_near_as_numbers_can_be(
    library: Library, path: Path
) -> None:
    for title in ["Dates", "Cheese"] * 26:
        lists.move(library, "thesis", key_of(library, title), 2)
    exported(library, path, force=True)
    there = order(library)
    edit(path, "- [ ] [Dates", "- [ ] Figs\n- [ ] [Dates")
    assert taken(library, path, add=True).notes == ()
    assert order(library) == there.replace("D", "FD")


@pytest.mark.parametrize("marker", ["-", "1."])
def test_a_comment_right_below_its_item_is_that_of_its_paper(
    library: Library, path: Path, marker: str
) -> None:
    comment = f"<!-- pt:{key_of(library, 'Figs')} -->"
    line = f"{marker} [ ] [Figs](https://arxiv.org/abs/2405.00006)\n  {comment}\n"
    edit(path, "- [ ] [Eggs", f"{line}- [ ] [Eggs")
    (added,) = taken(library, path).changes
    assert added.endswith("added: Figs")
    assert order(library) == "ABCDFE"


def test_what_is_not_in_the_library_is_told_with_its_line(library: Library, path: Path) -> None:
    edit(path, "- [ ] [Eggs", "- [ ] [Nothing](https://a.org) <!-- pt:nothing-1 -->\n- [ ] [Eggs")
    edit(path, "- [ ] [Eggs", "- [ ] [Nobody](https://a.org)\n- [ ] [Eggs")
    line = path.read_text("utf-8").split("[Nothing")[0].count("\n") + 1
    for _ in range(2):
        assert taken(library, path).notes == (
            f"line {line}: no such paper: nothing-1",
            f"line {line + 1}: not in the library: Nobody",
            "To add what is not in the library: papers-tui add 'Nobody https://a.org'",
            UNSETTLED,
        )
    with pytest.raises(ConfirmationError):
        exported(library, path)  # it would lose them


def test_what_is_not_in_the_library_is_offered_once_for_all_lines(
    library: Library, path: Path
) -> None:
    lines = ("arXiv:2405.09999", "<https://a.org/?a=1&b=2>", "https://b.org", "[Figs](x)", "[C](c)")
    edit(path, "- [ ] [Eggs", "".join(f"- [ ] {each}\n" for each in lines) + "- [ ] [Eggs")
    *notes, offer, _ = taken(library, path).notes
    missing = [each.split("library: ")[1] for each in notes if "not in the library" in each]
    assert missing == ["arXiv:2405.09999", "https://a.org/?a=1&b=2", "https://b.org", "C"]
    names = "arXiv:2405.09999 'https://a.org/?a=1&b=2' https://b.org"
    assert offer == f"To add what is not in the library: papers-tui add {names}"


@pytest.mark.parametrize("typed", ["- {}", "- [ ] [T]({})", "- see {}, first"])
def test_an_address_of_openreview_is_offered(library: Library, path: Path, typed: str) -> None:
    address = "https://openreview.net/forum?id=aB-1"
    edit(path, "- [ ] [Eggs", f"{typed.format(address)}\n- [ ] [Eggs")
    offer = next(note for note in taken(library, path).notes if note.startswith("To add"))
    assert f"'{address}'" in offer or f"T {address}" in offer


def test_papers_in_a_list_of_a_user_keep_their_place_and_the_rest_moves_whole(
    library: Library, path: Path
) -> None:
    text = path.read_text("utf-8")
    start, end = text.index("- [x] [Apples"), text.index("<!-- papers-tui:end")
    apples, rest = re.split(r"(?m)^(?=- \[ \] \[Bread)", text[start:end], maxsplit=1)
    own = "- my group\n  - a plan\n"
    nested = "".join(f"  {line}\n" if line else "\n" for line in apples.rstrip().split("\n"))
    edited = apples.replace("[x]", "[ ]")
    assert edited != apples
    path.write_text(
        f"{text[:start]}{rest.rstrip()}\n{own}{nested}  - a third\n{text[end:]}", "utf-8"
    )
    result = taken(library, path)
    assert result.changes == ("reordered",)
    assert order(library) == "BCDEA"
    exported(library, path)
    assert path.read_text("utf-8").endswith(" -->\n\n- my group\n  - a plan\n  - a third\n")


def test_the_id_that_pandoc_gives_a_heading_is_no_word_of_a_user(
    library: Library, path: Path
) -> None:
    edit(path, "# thesis", "# thesis {#t}")
    assert taken(library, path).notes == ()


def test_lines_of_papers_that_are_not_in_the_library_are_kept_by_a_forced_export(
    library: Library, path: Path
) -> None:
    line = "- [x] [Nobody](https://a.org) <!-- pt:nobody-1 -->\n  - **Note:** why\n\n    1. so\n"
    edit(path, "- [ ] [Eggs", f"{line}- [ ] [Eggs")
    exported(library, path, force=True)
    after = path.read_text("utf-8").split("papers-tui:end")[1].split("\n", 1)[1]
    assert after == "\n- [x] [Nobody](https://a.org)\n  - **Note:** why\n\n    1. so\n"


def test_what_moves_below_is_told_once(library: Library, path: Path) -> None:
    edit(path, "- [ ] [Eggs", "my words\n\n- [ ] [Eggs")
    assert len(taken(library, path).notes) == 1
    assert taken(library, path).notes == ()
    exported(library, path)
    assert "my words" in path.read_text("utf-8").split("papers-tui:end")[1]


@pytest.mark.parametrize(
    ("typed", "status", "note"),
    [
        ("- [ ] arXiv:2405.00006 my reason", "unread", "my reason"),
        ("- [x] https://arxiv.org/abs/2405.00006: my reason", "read", "my reason"),
        ("- arXiv:2405.00006", "unread", None),
        ("- [x] Figs", "read", None),
        ("- Figs", "unread", None),
        ("- [Figs](https://arxiv.org/abs/2405.00006)", "unread", None),
    ],
)
def test_an_item_that_begins_with_a_paper_is_offered_and_leaves_nothing_below(
    library: Library, path: Path, typed: str, status: str, note: str | None
) -> None:
    edit(path, "- [ ] [Eggs", f"{typed}\n- [ ] [Eggs")
    assert "--add adds it: Figs" in taken(library, path).notes[0]
    assert order(library) == "ABCDE"
    assert taken(library, path, add=True).notes == ()
    assert order(library) == "ABCDFE"
    assert state(library, "Figs") == (status, False, (), note)
    assert not taken(library, path).change
    exported(library, path)
    assert path.read_text("utf-8").split("papers-tui:end")[1].count("\n") == 1


def test_a_paper_that_is_named_amid_words_is_offered_while_the_words_move_below(
    library: Library, path: Path
) -> None:
    edit(path, "- [ ] [Eggs", "- see arXiv:2405.09999, and arXiv:2405.00006\n- [ ] [Eggs")
    moved, offer = taken(library, path).notes
    assert moved.endswith("- see arXiv:2405.09999, and arXiv:2405.00006")
    assert offer == "To add what is not in the library: papers-tui add arXiv:2405.09999"


def test_a_second_item_of_a_paper_without_our_comment_moves_below(
    library: Library, path: Path
) -> None:
    edit(path, "<!-- papers-tui:end", "- [x] Eggs\n<!-- papers-tui:end")
    assert taken(library, path).changes == ()
    exported(library, path)
    assert path.read_text("utf-8").endswith("-->\n\n- [x] Eggs\n")


# Both sides


def test_a_tick_of_a_paper_that_was_taken_off_says_that_it_is_no_longer_in_the_list(
    library: Library, path: Path
) -> None:
    lists.remove(library, "thesis", [key_of(library, "Eggs")])
    edit(path, "- [ ] [Eggs", "- [x] [Eggs")
    result = taken(library, path)
    assert state(library, "Eggs")[0] == "read"
    assert [each.partition(": ")[2] for each in result.notes] == ["no longer in the list: Eggs"]
    assert taken(library, path).notes == ()


UNSETTLED = "Until this is resolved, exports ask before overwriting the file"


def conflicting(path: Path) -> tuple[str, str]:
    """What is said after what both sides changed."""
    return UNSETTLED, f"papers-tui pull --prefer file {path} takes what it says"


def test_of_two_changes_the_one_here_stays_until_the_file_is_settled(
    library: Library, path: Path
) -> None:
    edit(path, "**bold** word", "**bold** words")
    edit(path, "- [ ] [Eggs", "- [x] [Eggs")
    triage.note(library, [key_of(library, "Bread")], "mine")
    triage.mark(library, [key_of(library, "Eggs")], Status.READ)  # the same on both sides
    for _ in range(2):
        result = taken(library, path)
        assert result.changes == ()
        assert ": Bread with [Bra" in result.notes[0]
        assert ": both sides changed the note; the library's stays" in result.notes[0]
        assert result.notes[1:] == conflicting(path)
        assert state(library, "Bread")[3] == "mine"
        with pytest.raises(ConfirmationError, match="1 change in the file not taken") as refused:
            exported(library, path)  # it would lose the other note
        assert f"papers-tui pull --prefer file {path} takes what it says" in refused.value.hint
    edit(path, "**bold** words", "**bold** word")
    assert taken(library, path).notes == ()
    exported(library, path)
    assert "**Note:** mine" in path.read_text("utf-8")


def test_a_status_that_both_changed_is_told_until_it_is_settled(
    library: Library, path: Path
) -> None:
    edit(path, "- [ ] [Eggs", "- [-] [Eggs")
    triage.mark(library, [key_of(library, "Eggs")], Status.READ)
    for _ in range(2):
        assert "both sides changed the status; “read” stays: Eggs" in taken(library, path).notes[0]
    triage.mark(library, [key_of(library, "Eggs")], Status.DISMISSED)
    assert taken(library, path).notes == ()


def test_what_both_changed_alike_is_settled_beside_what_is_not(
    library: Library, path: Path
) -> None:
    eggs, bread = [key_of(library, "Eggs")], [key_of(library, "Bread")]
    edit(path, "**bold** word", "**bold** words")
    edit(path, "- [ ] [Eggs", "- [x] [Eggs")
    triage.note(library, bread, "mine")
    triage.mark(library, eggs, Status.READ)
    assert taken(library, path).changes == ()
    triage.mark(library, eggs, Status.UNREAD)
    result = taken(library, path)
    assert (result.change, result.changes) == (None, ())
    assert state(library, "Eggs")[0] == "unread"


def test_a_tick_after_both_took_one_back_stays(library: Library, path: Path) -> None:
    eggs, exported_text = [key_of(library, "Eggs")], path.read_text("utf-8")
    edit(path, "- [ ] [Eggs", "- [x] [Eggs")
    taken(library, path)
    path.write_text(exported_text, "utf-8")
    triage.mark(library, eggs, Status.UNREAD)
    assert taken(library, path).changes == ()
    triage.mark(library, eggs, Status.READ)
    assert taken(library, path).changes == ()
    assert state(library, "Eggs")[0] == "read"


def test_an_order_that_both_changed_is_told_with_its_line_until_it_is_settled(
    library: Library, path: Path
) -> None:
    first, *blocks = re.split(r"(?m)^(?=- \[)", path.read_text("utf-8"))
    blocks[1], blocks[2] = blocks[2], blocks[1]
    path.write_text(first + "".join(blocks), "utf-8")
    lists.move(library, "thesis", key_of(library, "Dates"), 1)
    for _ in range(2):
        note, *others = taken(library, path).notes
        line = first.count(chr(10)) + 1
        conflict = "both sides changed the order; the library's stays"
        assert note == f"line {line}: {conflict}: Apples: a Survey"
        assert tuple(others) == conflicting(path)
        assert order(library) == "DABCE"
        with pytest.raises(ConfirmationError, match="1 change in the file not taken"):
            exported(library, path)
    assert taken(library, path, prefers_file=True).changes == ("reordered",)
    assert order(library) == "ACBDE"
    exported(library, path)
    assert taken(library, path).notes == ()


def test_what_both_changed_is_taken_from_the_file_if_it_is_preferred(
    library: Library, path: Path
) -> None:
    edit(path, "**bold** word", "**bold** words")
    edit(path, "- [ ] [Eggs", "- [-] [Eggs")
    triage.note(library, [key_of(library, "Bread")], "mine")
    triage.mark(library, [key_of(library, "Eggs")], Status.READ)
    taken(library, path)
    result = taken(library, path, prefers_file=True)
    assert [change.split(": ")[1] for change in result.changes] == ["note", "dismissed"]
    assert result.notes == ()
    assert state(library, "Eggs")[0] == "dismissed"
    exported(library, path)
    assert not taken(library, path).change
    library.undo(result.change)
    assert state(library, "Bread")[3] == "mine"


def test_tags_of_both_sides_are_kept(library: Library, path: Path) -> None:
    edit(path, "`nlp` `rl/offline`", "`nlp` `theirs`")
    triage.tag(library, [key_of(library, "Apples")], ["ours"], ["nlp"])
    taken(library, path)
    assert state(library, "Apples")[2] == ("ours", "theirs")


UNKNOWN = "papers-tui:end 000000000000"
"""The end of an export of which nothing was recorded here."""


def test_an_older_copy_that_is_not_known_gives_only_what_was_added(
    library: Library, path: Path
) -> None:
    older = path.read_text("utf-8").replace("- [ ] [Eggs", "- [x] [Eggs")
    older = re.sub("papers-tui:end [0-9a-f]{12}", UNKNOWN, older)
    lists.remove(library, "thesis", [key_of(library, "Cheese")])
    triage.tag(library, [key_of(library, "Apples")], [], ["nlp"])
    exported(library, path)
    path.write_text(older.replace("`nlp` `rl/offline`", "`rl/offline`"), "utf-8")
    result = taken(library, path)
    assert [change.split(": ", 1)[1] for change in result.changes] == ["read: Eggs"]
    assert order(library) == "ABDE"
    assert "only additions to its papers are taken" in result.notes[0]


# What is refused


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("- [ ] [Eggs", "<<<<<<< HEAD\n- [ ] [Eggs", "Marks of a conflict, line"),
        ("- [ ] [Eggs", ">>>>>>> theirs\n- [ ] [Eggs", "Marks of a conflict, line"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused(
    library: Library, path: Path, old: str, new: str, message: str
) -> None:
    edit(path, old, new)
    with pytest.raises(InputError, match=message):
        taken(library, path)


def test_a_file_that_was_cut_short_is_not_said_to_be_of_another_library(
    library: Library, path: Path
) -> None:
    text = path.read_text("utf-8")
    path.write_text(text[: len(text) // 2], "utf-8")
    with pytest.raises(ConfirmationError, match="File exists, and was cut short: "):
        exported(library, path)


def test_an_empty_file_is_said_to_be_written_by_the_next_export(
    library: Library, path: Path
) -> None:
    text = path.read_text("utf-8")
    path.write_text("\n", "utf-8")
    with pytest.raises(InputError, match=r"thesis\.md: the file is empty"):
        taken(library, path)
    exported(library, path)
    assert path.read_text("utf-8") == text


def test_what_is_no_exported_list_is_refused(library: Library, path: Path) -> None:
    with pytest.raises(InputError, match="Not an exported list"):
        pull.pull(library, str(path.with_name("mine.md")), b"- [ ] [Eggs](https://a.org)\n")


@pytest.mark.parametrize(("old", "new"), [("[ ]", "[x]"), ("-->", "-->\n  - **Note:** mine\n")])
def test_a_paper_twice_not_alike_is_refused_with_both_lines(
    library: Library, path: Path, old: str, new: str
) -> None:
    text = path.read_text("utf-8")
    (line,) = re.findall(r"(?m)^- \[ \] \[Eggs.*$", text)
    edit(path, line, f"{line}\n{line.replace(old, new)}")
    first = text[: text.index(line)].count("\n") + 1
    with pytest.raises(InputError, match=f"lines {first} and {first + 1}"):
        taken(library, path)


def test_a_list_of_another_library_is_refused(library: Library, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Not exported from this library"):
        pull.pull(library, str(tmp_path / "x.md"), (PULLED / "original.md").read_bytes())


def test_a_file_of_a_deleted_list_and_an_older_one_elsewhere_say_so(
    library: Library, path: Path
) -> None:
    older = re.sub("papers-tui:end [0-9a-f]{12}", UNKNOWN, path.read_text("utf-8")).encode()
    with pytest.raises(InputError, match="An older export of “thesis”"):
        pull.pull(library, str(path.with_name("moved.md")), older)
    lists.delete(library, "thesis")
    with pytest.raises(InputError, match="No list “thesis” in this library"):
        taken(library, path)


def test_a_box_that_means_nothing_is_told_with_its_line(library: Library, path: Path) -> None:
    edit(path, "- [ ] [Eggs", "- [q] [Eggs")
    result = taken(library, path)
    assert not result.changes
    assert any("unknown box [q]" in note for note in result.notes)
    with pytest.raises(ConfirmationError, match="The file has changes that pull does not take"):
        exported(library, path)


def test_a_file_of_windows_keeps_its_line_ends(library: Library, path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    edit_bytes = path.read_bytes().replace(b"- [ ] [Eggs", b"- [x] [Eggs")
    path.write_bytes(edit_bytes)
    assert len(pull.pull(library, str(path), path.read_bytes()).changes) == 1
    triage.star(library, [key_of(library, "Eggs")])
    exported(library, path)
    data = path.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert pull.pull(library, str(path), data).change is None


def test_an_export_can_be_forgotten(library: Library, path: Path) -> None:
    with pytest.raises(UsageError, match="Not an export"):
        lists.forget(library, "thesis", "/no/such.md")
    forgotten = lists.forget(library, "thesis", str(path))
    assert history.describe(library, forgotten) == "Forgot an export of thesis"
    assert library.state.reading_list("thesis").exports == ()
    assert path.exists()
    library.undo()
    assert len(library.state.reading_list("thesis").exports) == 1


def test_a_copy_elsewhere_is_known_by_its_text(library: Library, path: Path) -> None:
    copy = path.rename(path.with_name("copied.md"))
    edit(copy, "- [ ] [Eggs", "- [x] [Eggs")
    assert len(taken(library, copy).changes) == 1


def test_an_edited_file_is_not_overwritten_and_names_pull(library: Library, path: Path) -> None:
    edit(path, "- [ ] [Eggs", "- [x] [Eggs")
    assert is_edited(library.state.reading_list("thesis").exports[0])
    with pytest.raises(ConfirmationError, match="papers-tui pull"):
        exported(library, path)


# Laws


PIECES = (
    *(*PAYLOADS, "**b**", "_i_ *j*", "a\\b", "[[x|y]]", "==m==", "", "- a", "  - b", "    - c"),
    *("1. one", "2. two", "   - in", "10) ten", "```", "  ```", "~~~python", "      x = 1", "> q"),
    *(
        "| a | b |",
        "|---|--:|",
        "# h",
        "  of the item",
        "- [ ] t",
        "- e",
        "ends\\",
        "---",
        "===",
        "  ---",
        "-",
        "2020. a",
    ),
)


@given(st.lists(st.sampled_from(PIECES), max_size=8))
@example(["text", "      - deep"])
@example(["- c", "text", "2. two"])
@example(["- a", "", "  in it", "  - b"])
@example(["1. one", "", "   in it", "2. two", "- e", "  ---", "---", "Verdict", "==="])
def test_any_note_comes_back_as_it_was(lines: list[str]) -> None:
    note = note_from("\n".join(line.encode(errors="replace").decode() for line in lines))
    each = Item(merge([record("Apples")]), PaperState(note=note))
    (entry,) = checklist.read(write("markdown", [each], ExportOptions("L"))).entries
    # As pull compares it: some notes are escaped by hand as an export escapes them.
    unchanged = map(note_sum, (note, checklist.read_again(note or "")))
    assert note_sum(entry.note) in unchanged


@given(markdown_notes())
@example("1. ```\n   x\n   ```\n\n   ends\\\n2. a word")
@example("- 1. ```\n     x\n     ```\n\n     a word\n  2. a word")
def test_a_block_that_a_user_writes_in_a_list_is_pulled_and_written_as_it_is(note: str) -> None:
    each = Item(merge([record("Apples")]), PaperState(note=note))
    text = write("markdown", [each], ExportOptions("L"))
    (entry,) = checklist.read(text).entries
    assert note_sum(entry.note) == note_sum(note)
    again = replace(each, state=PaperState(note=note_from(entry.note)))
    assert write("markdown", [again], ExportOptions("L")) == text


@pytest.mark.parametrize(
    "note",
    [
        "$$\n\\begin{aligned}\na &= b \\\\\nc &< d\n\\end{aligned}\n$$",
        "<div>\n  <b>x</b>\n</div>",
        "$E < mc^2$, x<y and <b>x</b>",
        "- ```make\n  all:\n  \techo  hi\t# x\n  ```\n- 全角　空白",
        "a\n\n***\n\nb\n\n---\n\nc\n\n---",
        "---\n\na\n\n- b\n\n  ---\n\n-----",
        "> ```\n> x  y\n> ```",
        "a\n\n    code\n\n      # of it\n    - x\n\nb",
        "    code\n\n- b\n\n      - code\n\n  c\n\n---\n\n    | code |",
    ],
)
def test_a_block_in_a_list_gets_no_backslash_and_keeps_its_spaces(note: str) -> None:
    each = Item(merge([record("Apples")]), PaperState(note=note))
    text = write("markdown", [each], ExportOptions("L"))
    written = "\n".join(line.removeprefix("    ") for line in text.split("\n"))
    assert note in written.replace("  - **Note:** ", "")
    (entry,) = checklist.read(text).entries
    assert entry.note == note


@pytest.mark.parametrize(
    ("note", "written"),
    [
        ("a\\\nb", "a\\\nb"),
        ("a\\\n\nb", "a\\\n\nb"),
        ("- a\\\n  b\nc \\\\\nd", "- a\\\n  b\\\nc \\\\\\\nd"),
        ("see https://a.org/b\nhttps://c.org\\\nd", "see https://a.org/b \\\nhttps://c.org \\\nd"),
        ("(WWW.a.org)\n<ada@b.org>\nc", "(WWW.a.org) \\\n<ada@b.org>\\\nc"),
    ],
)
def test_a_line_of_a_note_ends_with_one_hard_break_that_is_no_part_of_an_address(
    note: str, written: str
) -> None:
    each = Item(merge([record("Apples")]), PaperState(note=note))
    text = write("markdown", [each], ExportOptions("L"))
    lines = (line.removeprefix("    ") for line in text.split("\n"))
    assert written in "\n".join(lines).replace("  - **Note:**", "").replace("\n\n\n", "\n")
    (entry,) = checklist.read(text).entries
    assert note_sum(entry.note) == note_sum(note)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\\\n", "a\\\\\n"),  # as mdformat and remark write a backslash that is no hard break
        ("a\\\\\\\n    b", "a\\\\  \n    b"),
    ],
)
def test_a_backslash_in_a_note_stays_however_a_formatter_writes_the_line_break(
    old: str, new: str
) -> None:
    note = "a\\\n\nend" if old.endswith("\\\n") else "a\\\\\nb"
    each = Item(merge([record("Apples")]), PaperState(note=note))
    text = write("markdown", [each], ExportOptions("L"))
    assert old in text
    (entry,) = checklist.read(text.replace(old, new)).entries
    assert note_sum(entry.note) == note_sum(note)


def test_a_table_with_wide_letters_that_pandoc_draws_keeps_its_cells() -> None:
    note = "| method | 値 | n |\n|---|---|---|\n| 大規模 | **4** | e\u0301 |"
    each = Item(merge([record("Apples")]), PaperState(note=note))
    text = write("markdown", [each], ExportOptions("L"))
    drawn = "  method   値      n\n      -------- ------- -----\n      大規模   **4**   e\u0301"
    table = "\n    ".join(note.split("\n"))
    (entry,) = checklist.read(text.replace(table, drawn)).entries
    assert note_sum(entry.note) == note_sum(note)


@pytest.mark.parametrize(
    ("note", "edited"),
    [
        ("- a\n  - b", "- a\n- b"),
        ("- a\n- b", "- a\n\nb"),
        ("1. a", "- a"),
        ("```\n x\n```", "```\nx\n```"),
        ("```python\nx\n```", "```\nx\n```"),
        ("# a\n\nb", "## a\n\nb"),
        ("> a", "a"),
        ("| a |\n|---|\n| 1 |", "| a |\n|---|\n| 2 |"),
        ("<div>\na\n</div>", "<div>\nb\n</div>"),
        ("$$\na\n$$", "$$\nb\n$$"),
    ],
)
def test_another_block_is_another_note(note: str, edited: str) -> None:
    assert note_sum(note) != note_sum(edited)


def test_a_note_that_escapes_as_an_export_does_is_no_change(library: Library, path: Path) -> None:
    triage.note(library, [key_of(library, "Eggs")], "2\\. e\n   - in\n\\- no bullet")
    exported(library, path)
    edit(path, "- [ ] [Dates", "- [x] [Dates")
    assert [change.split(": ")[1] for change in taken(library, path).changes] == ["read"]
    exported(library, path)
    triage.note(library, [key_of(library, "Eggs")], "other")
    edit(path, "- [ ] [Eggs", "- [x] [Eggs")
    result = taken(library, path)
    assert ([change.split(": ")[1] for change in result.changes], result.notes) == (["read"], ())
    assert state(library, "Eggs")[3] == "other"


def test_the_blocks_of_a_note_are_blocks_in_the_list(library: Library, path: Path) -> None:
    text = path.read_text("utf-8")
    start = text.index("  - **Note:** What it does:")
    assert text[start:].startswith("  - **Note:** What it does:\n\n    1. first, over \\\n")
    assert "\n    2. second\n       - in *it*, `<b>`\n         - deeper\n" in text
    assert "\n\n        return [x]\n    ```\n    - a bullet" in text


@pytest.mark.parametrize(
    "note",
    [
        "Verdict\n---",
        "Verdict\nof two lines\n===\nGood.",
        "- a\n\n  Verdict\n  ---\n- b",
        "1. a\n\n   more of a\n2. b\n   - c\n\n     more of c\n3. d",
    ],
)
def test_headings_that_are_underlined_and_items_after_a_paragraph_are_blocks(note: str) -> None:
    each = Item(merge([record("Apples")]), PaperState(note=note))
    text = write("markdown", [each], ExportOptions("L"))
    assert "  - **Note:**\n\n" in text
    assert "\\" not in text
    lines = {line.strip() for line in text.split("\n")}
    assert set(map(str.strip, note.split("\n"))) <= lines
    (entry,) = checklist.read(text).entries
    assert [line for line in entry.note.split("\n") if line] == list(filter(None, note.split("\n")))


@pytest.mark.parametrize(
    ("lines", "note"),
    [("**Note:** Verdict\n    ---", "Verdict\n---"), ("## **Note:** Verdict", "Verdict")],
)
def test_a_note_whose_label_is_in_a_heading_is_a_note(
    library: Library, path: Path, lines: str, note: str
) -> None:
    title = next(line for line in path.read_text("utf-8").split("\n") if "[Eggs]" in line)
    edit(path, title, f"{title}\n  - {lines}")
    pull = taken(library, path)
    assert [change.split(": ")[1] for change in pull.changes] == ["note"]
    assert state(library, "Eggs")[3] == note


@dataclass
class Model:
    """A list on both sides, as sets of independent facts."""

    here: dict[str, object] = field(default_factory=dict)
    there: dict[str, object] = field(default_factory=dict)
    base: dict[str, object] = field(default_factory=dict)

    def export(self) -> None:
        self.base = dict(self.here)
        self.there = dict(self.here)

    def pull(self) -> None:
        for name, value in self.there.items():
            if value != self.base[name] and self.here[name] == self.base[name]:
                self.here[name] = value
        self.base = dict(self.there)  # of two values there is no conflict: both changed to the same


LETTERS = "ABCDE"
EDITS = st.tuples(st.sampled_from(LETTERS), st.sampled_from(["read", "star", "one", "two"]))
Step = tuple[str, tuple[str, str]]
NOTHING = st.just(("", ""))
STEPS = st.tuples(st.sampled_from(["here", "there"]), EDITS) | st.tuples(
    st.sampled_from(["pull", "export"]), NOTHING
)


@given(st.lists(STEPS, max_size=25))
def test_rounds_of_edits_on_both_sides_end_as_in_the_model(
    steps: list[tuple[str, tuple[str, str]]],
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "thesis.md"
        with Library.open(Path(folder) / "library", "desk", now=Clock()) as library:
            fill(library)
            keys = {each.paper.title[0]: each.key for each in in_list(library)}
            triage.note(library, list(keys.values()), "")
            library.change("tags", [u for k in keys.values() for u in _untagged(library, k)])
            exported(library, path)
            model = Model(here=_facts(library, keys))
            model.export()
            for kind, (letter, name) in steps:
                if kind == "pull":
                    taken(library, path)
                    model.pull()
                elif kind == "export":
                    taken(library, path)
                    model.pull()
                    exported(library, path)
                    model.export()
                else:
                    if kind == "here":
                        _toggle_here(library, keys[letter], name)
                        model.here[letter + name] = not model.here[letter + name]
                    else:
                        _toggle_there(path, letter, name)
                        model.there[letter + name] = not model.there[letter + name]
                assert _facts(library, keys) == model.here


def _untagged(library: Library, key: str) -> list[tuple[str, str, str, object]]:
    return [
        update
        for name in library.state.of(key).tags
        for update in library.state.tag_updates(key, name, is_set=False)
    ]


def _facts(library: Library, keys: dict[str, str]) -> dict[str, object]:
    facts: dict[str, object] = {}
    for letter, key in keys.items():
        each = library.state.of(key)
        facts[letter + "read"] = each.status is Status.READ
        facts[letter + "star"] = each.starred
        facts |= {letter + name: name in each.tags for name in ("one", "two")}
    return facts


def _toggle_here(library: Library, key: str, name: str) -> None:
    each = library.state.of(key)
    if name == "read":
        is_read = each.status is Status.READ
        triage.mark(library, [key], Status.UNREAD if is_read else Status.READ)
    elif name == "star":
        triage.toggle_star(library, [key])
    else:
        has = name in each.tags
        triage.tag(library, [key], [] if has else [name], [name] if has else [])


def _toggle_there(path: Path, letter: str, name: str) -> None:
    lines = path.read_text("utf-8").split("\n")
    place = next(n for n, line in enumerate(lines) if re.match(rf"- \[.\] \[{letter}", line))
    title, line = lines[place : place + 2]
    mark = " · ★" if name == "star" else f" · `{name}`"
    if name == "read":
        lines[place] = (
            title.replace("[ ]", "[x]", 1) if "- [ ]" in title else title.replace("[x]", "[ ]", 1)
        )
    elif name == "star":
        lines[place + 1] = line.replace(mark, "") if mark in line else line + mark
    elif f"`{name}`" in line:
        lines[place + 1] = re.sub(rf"( ·)? `{name}`", "", line)
    else:
        lines[place + 1] = line + mark
    path.write_text("\n".join(lines), "utf-8")


# Names of authors

BYLINE = "by Ada \\*Lovelace, Jean le Rond d'Alembert, Kurt Gödel, Jr. et al."


@pytest.fixture
def named(tmp_path: Path) -> Iterator[tuple[Library, Path]]:
    """A library with a list of a paper by four authors, and one by an odd name, and its file."""
    authors = ("Ada *Lovelace", "Jean le Rond d'Alembert", "Kurt Gödel, Jr.", "Mary")
    with Library.open(tmp_path / "library", "desk", now=Clock()) as library:
        facts = {"published": date(2024, 5, 16), "upvotes": 7}
        odd = record("Figs", authors=("Mary #nlp ★ `x` · read",), **facts)
        library.seed([merge([record("Eggs", authors=authors, **facts)]), merge([odd])])
        lists.add(library, "thesis", library.papers)
        exported(library, path := tmp_path / "thesis.md")
        yield library, path


def test_authors_are_named_and_are_no_words_of_a_user(named: tuple[Library, Path]) -> None:
    library, path = named
    assert f"  - 2024-05-16 · ▲ 7 · {BYLINE}\n" in path.read_text("utf-8")
    edit(path, BYLINE, BYLINE.replace("Rond d'", "Rond\n    d’").replace("\\*", "*"))
    assert taken(library, path).notes == ()
    edit(path, "et al.", "et al. #proof · ★")
    result = taken(library, path)
    assert (result.notes, len(result.changes)) == ((), 2)


def test_words_beside_the_names_of_authors_are_told_and_kept(named: tuple[Library, Path]) -> None:
    library, path = named
    edit(path, "et al.", "et al. and Emmy Noether")
    note, _ = taken(library, path).notes
    assert "move" in note
    exported(library, path)
    kept = path.read_text("utf-8").partition("papers-tui:end")[2]
    assert "and Emmy Noether" in kept


def test_a_list_that_has_the_number_of_authors_is_pulled_as_before(
    named: tuple[Library, Path],
) -> None:
    library, path = named
    edit(path, BYLINE, "4 authors")
    assert taken(library, path).notes == ()


def test_what_looks_like_a_fact_in_a_name_is_none(named: tuple[Library, Path]) -> None:
    library, path = named
    assert "by Mary nlp x read" in path.read_text("utf-8")
    result = taken(library, path)
    assert (result.changes, result.notes) == ((), ())
