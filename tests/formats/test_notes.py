"""Notes for Obsidian: what other readers make of them, and what stays of what a user writes."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.formats import exchange
from tests.formats.markdown_blocks import markdown_notes
from tests.formats.test_exporters import STATE, bare, item
from tests.strategies import PAYLOADS, clean_text
from tui.errors import ConfirmationError
from tui.formats.exporters import markdown
from tui.formats.note_sums import note_sum
from tui.formats.notes import FORMATS, base, named
from tui.formats.notes import obsidian as notes
from tui.model.state import PaperState, Status, note_from


def front(text: str) -> dict[str, Any]:
    """The properties of a note, by an independent reader."""
    properties: dict[str, Any] = yaml.safe_load(text.split("---\n")[1])
    return properties


def test_the_properties_have_the_types_that_they_always_have() -> None:
    text = notes.note(item(), ["thesis"], None)
    properties = front(text)
    assert properties == {
        "title": "Notes on the Engine",
        "aliases": ["Lovelace 2024"],
        "authors": [
            "[[Ada Lovelace]]",
            "[[Ludwig van Beethoven]]",
            "[[Martin Luther King Jr.]]",
            "[[The Engine Team]]",
        ],
        "arxiv": "2405.01234",
        "doi": "10.1234/a_b",
        "url": "https://arxiv.org/abs/2405.01234",
        "published": item().paper.published,
        "status": "read",
        "starred": STATE.starred,
        "tags": ["paper", "nlp", "cplusplus"],
        "papers-tui": item().key,
    }
    assert "In: [[thesis]]" in text
    assert "One.\nTwo." in text
    assert set(front(notes.note(bare(), [], None))) == {
        "title",
        "url",
        "status",
        "starred",
        "tags",
        "papers-tui",
    }


def test_the_nasty_records_come_back_as_they_were() -> None:
    for each in exchange.nasty():
        properties = front(notes.note(each, [], None))
        assert properties["title"] == exchange.facts(each)["title"]
        assert properties.get("arxiv") == each.paper.arxiv
        assert properties.get("published") == each.paper.published
        for program in map(named, FORMATS):
            text = program.note(each, [], None)
            assert program.key_of(text) == each.key
            state = base.exported_state(each.state)
            assert program.read(text, each.paper, state, state).overwritten == ()


@given(clean_text(1), clean_text(1), clean_text(1))
def test_any_text_is_a_property_and_writing_again_changes_nothing(
    title: str, author: str, note: str
) -> None:
    each = item(PaperState(note=note), title=title, authors=(author,))
    text = notes.note(each, ["a"], None)
    assert front(text)["title"] == exchange.facts(each)["title"]
    assert notes.note(each, ["a"], text) == text


BLOCKS = (
    "one line",
    "two\nlines",
    "- a bullet\n- another\n  - in it",
    "text, and\n- a bullet",
    "1. first\n2. second",
    "1. first\n\n   more of it\n2. second",
    "1. first\nmore of it\n   2. second",
    "A heading\n---",
    "Another\nof two lines\n===",
    "> a quote\n> of two lines",
    "```python\ndef f(x):\n\n\n    - return [x]\n```",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "### A heading",
)


@pytest.mark.parametrize("format", FORMATS)
@given(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=5), st.lists(clean_text()))
def test_a_note_is_written_as_it_is_and_read_again_as_it_was(
    format: str, blocks: list[str], hostile: list[str]
) -> None:
    program = named(format)
    state = PaperState(note="\n\n".join([*blocks, "\n".join(hostile)]))
    text = program.note(item(state), ["a"], None)
    assert program.managed_sum(text) == markdown.exported_sum(text)
    shown = base.exported_state(state)
    unread = base.exported_state(PaperState())
    content = program.read(text, item().paper, unread, shown, known_lists=["a"])
    assert (content.state.note, content.others) == (shown.note, ())
    lines = [line for block in blocks for line in block.split("\n") if line]
    assert list(filter(None, content.note.split("\n")))[: len(lines)] == lines
    assert program.note(item(state), ["a"], text) == text


AS_TYPED = (
    *BLOCKS,
    "- b $x_1 < y$, <b>bold</b> and \\<i>\n\n  its  second paragraph\n  - [ ] deep",
    "see\n\n<https://a.org/b>\n\n---\n: and\n[x]: <y>",
    "    for x in y:\n        run(x)  # \\\n    end",
    "2024. A year\n---\n-\n---\nopen\n===",
    "%% mine %%  <!-- mine -->",
    "Tags: #mine\nIn: [[Mine]]\n**Note:** again",
    "\\\\alpha \\* _a_ “b” ... &amp; `<` ``",
)
AS_A_PART = (
    "<!-- papers-tui:end 0123456789ab -->",
    "<!-- open",
    "```\nopen",
    "<<<<<<< a",
    ">>>>>>> b",
)


@given(
    st.lists(st.sampled_from((*AS_TYPED, *AS_A_PART)) | clean_text(), min_size=1, max_size=5),
    st.sampled_from(("\n", "\n\n")),
)
def test_a_note_in_obsidian_is_what_was_typed_there_and_back(parts: list[str], gap: str) -> None:
    note = note_from(gap.join(parts)) or ""
    text = notes.note(item(PaperState(note=note)), ["a"], None)
    exported = base.exported_state(PaperState(note=note))
    unread = base.exported_state(PaperState())
    content = notes.read(text, item().paper, unread, unread, known_lists=["a"])
    assert (content.state.note, content.others) == (exported.note, ())
    assert content.note == note
    assert text.count("<!-- papers-tui:") == 2
    assert notes.note(item(PaperState(note=note)), ["a"], text) == text
    if set(parts) <= set(AS_TYPED):
        assert note in text


@pytest.mark.parametrize(
    "note",
    ["Verdict\n---\nGood.", "1. a\n\n   more of a\n2. b", "2024. A year\n---", "- a\n  ---\n- b"],
)
def test_a_block_in_obsidian_is_below_its_label_and_has_no_hard_break(note: str) -> None:
    text = notes.note(item(PaperState(note=note)), [], None)
    assert f"\n**Note:**\n\n{note}\n" in text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    return x # c", "    return x  # c"),
        ("- a\n- b", "- a\n  - b"),
        ("one\ntwo", "one\n\ntwo"),
        ("one\ntwo", "one two"),
        ("5. a", "6. a"),
        ("<b>x</b>\n<i>y</i>", "<b>x</b>\n<i>z</i>"),
        ("[x][a]\n\n[a]: https://a.org", "[x][a]\n\n[a]: https://b.org"),
        ("a\n\n***\n\nb", "a\n\nb"),
        ("| a |\n|---|\n| b |", "| a |\n|---|\n| b |\n| c |"),
    ],
)
def test_a_change_of_the_blocks_of_a_note_is_a_change(before: str, after: str) -> None:
    exported = base.exported_state(PaperState(note=before))
    text = notes.note(item(PaperState(note=before)), [], None)
    same = notes.read(text + " ", item().paper, exported, exported)
    assert same.state == exported
    edited = notes.note(item(PaperState(note=after)), [], None)
    content = notes.read(edited, item().paper, exported, exported)
    assert (content.state == exported, content.note) == (False, after)


@pytest.mark.parametrize(
    ("typed", "formatted"),
    [
        ("Intro:\n- *word*\n- b", "Intro:\n\n- _word_\n- b"),
        ("1) word\n2) b", "1. word\n1. b"),
        ("| a | word |\n| - | -: |\n| 1 | 2 |", "| a   | word |\n| --- | ---: |\n| 1   |    2 |"),
        ("word $\\sum_{i=1}^n x_i * y$", "word $\\\\sum\\_{i=1}^n x_i \\* y$"),
        ("Of a\nword\n---\nb", "## Of a word\n\nb"),
        ("~~~\nword\n```\n~~~", "````\nword\n```\n````"),
        ("a:\n\n    word\n      b", "a:\n\n```\nword\n  b\n```"),
        ("* word\n    * b", "- word\n  - b"),
        ("[[word]] and `` b `` &amp; x<y", "\\[[word]\\] and `b` & x\\<y"),
        ("- word\ngoes on", "- word\n  goes on"),
    ],
)
def test_what_a_formatter_makes_of_a_note_is_no_change_and_a_word_in_it_is(
    typed: str, formatted: str
) -> None:
    exported = base.exported_state(PaperState(note=typed))
    text = notes.note(item(PaperState(note=typed)), [], None)
    label = text[text.index("**Note:**") : text.index("\n\n> It")]
    for now, is_change in ((formatted, False), (formatted.replace("word", "other"), True)):
        edited = text.replace(label, f"**Note:**\n\n{now}")
        content = notes.read(edited, item().paper, exported, exported)
        assert (content.state != exported, content.note, content.others) == (is_change, now, ())


@given(markdown_notes())
def test_a_block_that_a_user_writes_in_obsidian_is_pulled_and_written_as_it_is(note: str) -> None:
    unread = base.exported_state(PaperState())
    text = notes.note(item(PaperState()), ["a"], None)
    for typed in (f"**Note:**\n\n{note}", f"**Note:** {note}"):
        edited = text.replace("\n\n> It", f"\n\n{typed}\n\n> It")
        content = notes.read(edited, item().paper, unread, unread, known_lists=["a"])
        pulled = PaperState(note=note_from(content.note))
        assert (content.others, pulled.note) == ((), note)
        sum = notes.managed_sum(edited)
        written = notes.note(item(pulled), ["a"], edited, pulled=sum)
        assert _body(written) in (_body(edited), _body(edited).replace("Note:** ", "Note:**\n\n"))


def _body(text: str) -> str:
    """The lines from the label of the note on, without the end of the managed lines."""
    return text[text.index("**Note:**") : text.index("papers-tui:end")].replace(
        "**Note:**\n\n", "**Note:** "
    )


def test_what_an_older_version_exported_is_read_as_it_was_written_then() -> None:
    note = "$x < y$\n  two   words"
    text = notes.note(item(PaperState(note="one")), [], None)
    text = text.replace("**Note:** one", "**Note:** $x \\< y$\\\ntwo   words")
    old = replace(base.exported_state(PaperState()), note=note_sum(note))
    content = notes.read(text, item().paper, old, old)
    assert (content.state, content.note) == (old, "$x < y$\ntwo words")
    assert base.exported_state(PaperState(note=note), old.note) == old


EDITED = (
    'title: "Mine"\nrating: 5\ncssclasses:\n  - wide\ntags:\n  - mine\n  - nlp\n  - paper\n'
    'related: ["[[x]]", "[[y, z]]"]\n'
)


def test_what_a_user_adds_stays_and_what_is_ours_is_updated() -> None:
    text = notes.note(item(), [], None)
    body = "\n## My thoughts\n\nGood.\n"
    edited = re.sub(r"title: .*\n", EDITED.replace("\\", ""), text, count=1) + body
    edited = re.sub(r"(?m)^tags: .*\n", "", edited)
    tags = PaperState(status=Status.READING, tags=("rl",))
    merged = notes.note(item(tags), ["list"], edited)
    properties = front(merged)
    assert properties["title"] == "Notes on the Engine"
    assert (properties["rating"], properties["cssclasses"]) == (5, ["wide"])
    assert properties["related"] == ["[[x]]", "[[y, z]]"]
    assert properties["tags"] == ["paper", "rl", "mine"]
    assert properties["status"] == "reading"
    assert merged.endswith(body)
    assert notes.note(item(tags), ["list"], merged) == merged


def test_edited_managed_lines_are_not_overwritten() -> None:
    text = notes.note(item(), [], None).replace("It weaves", "It really weaves")
    with pytest.raises(ConfirmationError):
        notes.note(item(STATE), ["x"], text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_file_name_is_one_that_every_system_takes(payload: str) -> None:
    title = payload.encode(errors="replace").decode() or "x"
    name = base.file_name(item(title=title).paper)
    assert name.endswith(".md")
    assert not re.search(r'[\[\]#^|\\/:*?"<>\x00-\x1f]', name)
    assert len(name.encode()) <= 110
    assert Path(name).name == name
    assert name[0] not in ". "


def test_two_papers_of_one_title_have_two_names() -> None:
    paper = item().paper
    first = base.file_name(paper)
    second = base.file_name(paper, [first.upper()])
    assert first == "Notes on the Engine.md"
    assert second == f"Notes on the Engine {paper.key.rsplit('-', 1)[-1]}.md"


def test_an_index_links_to_the_notes_in_order() -> None:
    text = notes.index(
        "thesis", "thesis", "For June.", [(item(), "A note"), (bare(), "Sets")], None
    )
    assert front(text) == {
        "title": "thesis",
        "tags": ["reading-list"],
        "papers-tui-list": "thesis",
    }
    assert "> For June." in text
    assert text.index("- [x] [[A note]]") < text.index("- [ ] [[Sets]]")
    assert notes.index("thesis", "thesis", "", [], text + "mine\n").endswith("-->\nmine\n")
