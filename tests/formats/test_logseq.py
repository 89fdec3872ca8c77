"""Notes for Logseq: what its outlines make of them, and what stays of what a user writes."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.formats.logseq_shapes import AS_LOGSEQ_WRITES, ID
from tests.formats.markdown_blocks import markdown_notes, outlines
from tests.formats.test_exporters import STATE, bare, item
from tests.strategies import PAYLOADS, clean_text
from tui.errors import ConfirmationError, InputError
from tui.formats.notes import format_of, is_index, key_of, logseq, named, obsidian, outline
from tui.formats.notes.base import NoteContent, exported_state
from tui.model.state import Item, PaperState, Status, note_from


def content_of(text: str, base: PaperState, now: Item | None = None) -> NoteContent:
    """What a note says that was exported with a state."""
    exported = exported_state(base)
    return logseq.read(text, (now or item()).paper, exported, exported, known_lists=["a", "thesis"])


def test_a_note_is_a_page_with_properties_and_an_outline() -> None:
    text = logseq.note(item(), ["thesis"], None)
    front, _, blocks = text.partition("\n\n")
    assert front.split("\n") == [
        "authors:: [[Ada Lovelace]], [[Ludwig van Beethoven]], [[Martin Luther King Jr.]],"
        " [[The Engine Team]]",
        "arxiv:: 2405.01234",
        "doi:: 10.1234/a_b",
        "url:: https://arxiv.org/abs/2405.01234",
        "published:: 2024-05-16",
        f"starred:: {str(STATE.starred).lower()}",
        "tags:: paper, nlp, c++",
        f"papers-tui:: {item().key}",
    ]
    assert blocks.startswith("- <!-- papers-tui:begin -->\n- DONE Notes on the Engine\n\t- 2024")
    assert "\n\t- Tags: #nlp #[[c++]]\n" in blocks
    assert "\n\t- In: [[thesis]]\n" in blocks
    assert "\n\t- **Note:** One.\n\t  Two.\n" in blocks
    assert re.search(r"\n\t- > It weaves .*\n- <!-- papers-tui:end \w{12} -->\n$", blocks)
    assert (key_of(text), format_of(text)) == (item().key, named("logseq"))
    assert key_of(logseq.note(bare(), [], None)) == bare().key


@pytest.mark.parametrize("status", Status)
def test_a_status_is_a_marker(status: Status) -> None:
    text = logseq.note(item(PaperState(status=status)), [], None)
    state = content_of(text, PaperState()).state
    assert state == exported_state(PaperState(status=status))


@pytest.mark.parametrize(
    ("marker", "status"),
    [("NOW", "reading"), ("LATER", "unread"), ("CANCELLED", "dismissed"), ("## DONE", "read")],
)
def test_other_words_for_a_marker_are_known(marker: str, status: str) -> None:
    text = logseq.note(item(PaperState()), [], None).replace("TODO", marker)
    assert content_of(text, PaperState()).state == exported_state(PaperState(status=Status(status)))


def test_a_title_without_a_marker_says_nothing_of_the_status() -> None:
    text = logseq.note(item(STATE), [], None).replace("DONE ", "")
    assert content_of(text, STATE).state == exported_state(STATE)


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        ("paper, nlp, rl/offline", ("nlp", "rl/offline")),
        ("[[paper]], [[World Models]] #c++", ("c++", "world-models")),
        ("#paper #nlp", ("nlp",)),
        ("", ()),
    ],
)
def test_tags_may_be_written_in_any_way(value: str, tags: tuple[str, ...]) -> None:
    text = logseq.note(item(PaperState()), [], None).replace(":: paper", f":: {value}")
    assert content_of(text, PaperState()).state.tags == tags


@given(clean_text(1), clean_text(1), st.lists(clean_text(), max_size=6))
@example("x", "0 ·", [])
@example("x", "0·", [])
def test_any_text_comes_back_however_logseq_writes_it(
    title: str, author: str, lines: list[str]
) -> None:
    state = PaperState(status=Status.READING, tags=("c++", "nlp"), note="\n".join(lines))
    each = item(state, title=title, authors=(author,))
    text = logseq.note(each, ["a"], None)
    for rewritten in (text, *(write(text) for write in AS_LOGSEQ_WRITES.values())):
        result = content_of(rewritten, PaperState(), each)
        assert result.state == exported_state(state)
        assert (result.others, result.problems) == ((), ())
        again = logseq.note(each, ["a"], rewritten, pulled=logseq.managed_sum(rewritten))
        assert content_of(again, PaperState(), each).state == result.state
        assert logseq.note(each, ["a"], again) == again


@given(markdown_notes())
@example("- a\n\t- b\n\n\t\t1. c\n\t\t\t```\n\t\t\td\n\n\t\t\te\n\t\t\t```")
@example("- a\n\t- b\n\n\t\t1. c\n\n\t\t\td")
@example("- a\n\t- b\n\n\t\t\t\tcode")
@example("1. ```\n   a\n   ```\n\n- ```\n  b\n\n  c\n  ```")
def test_a_note_is_the_same_markdown_in_a_page(note: str) -> None:
    state = PaperState(note=note)
    text = logseq.note(item(state), ["a"], None)
    for rewritten in (text, *(write(text) for write in AS_LOGSEQ_WRITES.values())):
        result = content_of(rewritten, PaperState())
        assert (result.others, result.state.note) == ((), exported_state(state).note)


@given(outlines())
def test_blocks_that_a_user_writes_are_pulled_and_written_as_they_are(
    blocks: list[tuple[int, str]],
) -> None:
    depth, lines = 1, list[str]()
    for number, (deeper, text) in enumerate(blocks):
        depth = min(2 + deeper, depth + 1) if number else 1
        first, *rest = text.split("\n") if number else f"**Note:** {text}".split("\n")
        tabs = "\t" * depth
        lines += [f"{tabs}- {first}", *(line and f"{tabs}  {line}" for line in rest)]
    page = logseq.note(item(PaperState()), ["a"], None)
    edited = page.replace("\n\t- >", "\n" + "\n".join(lines) + "\n\t- >")
    result = content_of(edited, PaperState())
    assert result.others == ()
    pulled = PaperState(note=note_from(result.note))
    written = logseq.note(item(pulled), ["a"], edited, pulled=logseq.managed_sum(edited))
    assert written[: written.index("papers-tui:end")] == edited[: edited.index("papers-tui:end")]


def test_what_follows_the_bullets_of_a_note_is_a_block_of_its_own() -> None:
    note = "- a\n  1. in a\n     - deep\n\n1. one\n\n> q\n\n- b\n  - c\n\n  more of b"
    text = logseq.note(item(PaperState(note=note)), [], None)
    blocks = (
        "\t- **Note:**\n\t\t- a\n\t\t  1. in a\n\t\t     * deep\n"
        "\t- **Note:**\n\t  1. one\n\n\t  > q\n\t\t- b\n\t\t  * c\n\n\t\t  more of b\n"
    )
    assert blocks in text
    assert content_of(text, PaperState()).note == note.replace("- deep", "* deep").replace(
        "  - c", "  * c"
    ).replace("q\n\n- b", "q\n- b")


@given(st.lists(st.sampled_from([*"\t -:abc\n", "- TODO ", "[#A] ", "[#B]"]), max_size=60))
def test_an_outline_that_is_written_again_is_the_same_outline(parts: list[str]) -> None:
    blocks = outline.parse("".join(parts))
    assert outline.parse(outline.render(blocks, with_logseq=True)) == blocks


@pytest.mark.parametrize("how", AS_LOGSEQ_WRITES)
def test_what_logseq_adds_is_no_edit_and_stays(how: str) -> None:
    state = PaperState(note="One\n- two\n  - three")
    text = logseq.note(item(state), ["thesis"], None)
    rewritten = AS_LOGSEQ_WRITES[how](text)
    assert rewritten != text or how.startswith("blanks")
    assert logseq.managed_sum(rewritten) == logseq.managed_sum(text)
    read = PaperState(status=Status.READ, note="One\n- two\n  - three")
    updated = logseq.note(item(read), ["thesis"], rewritten)
    assert "- DONE Notes on the Engine\n" in updated
    assert updated.count(ID) == rewritten.count(ID)
    assert updated.count("CLOCK") == rewritten.count("CLOCK")


def test_a_priority_is_no_edit_and_stays_with_its_task() -> None:
    text = logseq.note(item(PaperState(note="One")), [], None)
    rewritten = text.replace("- TODO ", "- TODO [#A] ") + "- TODO [#B] mine\n"
    assert logseq.managed_sum(rewritten) == logseq.managed_sum(text)
    ticked = rewritten.replace("- TODO [#A]", "- DONE [#A]")
    assert content_of(ticked, PaperState(note="One")).state.box == "x"
    read = item(PaperState(status=Status.READ, note="Two"))
    updated = logseq.note(read, [], ticked, pulled=logseq.managed_sum(ticked))
    assert "- DONE [#A] Notes on the Engine\n" in updated
    assert "**Note:** Two" in updated
    assert updated.endswith("- TODO [#B] mine\n")
    assert logseq.note(read, [], updated) == updated


def test_a_task_of_a_user_between_the_comments_moves_below_with_its_priority() -> None:
    text = logseq.note(item(), [], None)
    edited = text.replace("- <!-- papers-tui:end", "- TODO [#B] mine\n- <!-- papers-tui:end")
    assert content_of(edited, STATE).others == ("- TODO [#B] mine",)
    assert "- TODO [#B] mine\n" in logseq.note(item(), [], edited, force=True)


def test_bullets_of_a_note_are_blocks() -> None:
    state = PaperState(note="One\n- two\n  - three\nmore")
    text = logseq.note(item(state), [], None)
    assert "\t- **Note:** One\n\t\t- two\n\t\t\t- three\n\t\t\t  more\n" in text
    edited = text.replace("\t\t- two", "\t\t- two and a half\n\t\t- again")
    note = content_of(edited, state).note
    assert note == "One\n- two and a half\n- again\n  - three\n    more"


@pytest.mark.parametrize("blanks", ["\t", "  "])
def test_code_keeps_its_indents_below_a_bullet_that_gets_another(blanks: str) -> None:
    code = "```python\nif x:\n    return x\n```"
    state = PaperState(note=f"- one\n- two\n\n{code}")
    text = logseq.note(item(state), [], None)
    edited = text.replace("\t\t- two\n", "\t\t- two\n\t\t\t- deeper\n").replace("\t", blanks)
    assert content_of(edited, state).note == f"- one\n- two\n  - deeper\n\n{code}"


def test_what_a_user_adds_stays_and_what_is_ours_is_updated() -> None:
    text = logseq.note(item(), [], None)
    edited = text.replace("tags:: paper, nlp", "Rating:: 5\ntags:: [[mine]], paper, nlp")
    edited = edited.replace("\t- Tags", "\t- my own\n\t\t- below\n\t\t  " + ID + "\n\t- Tags")
    edited = edited.replace("DONE Notes on the Engine", "DONE Notes on the Engine\n  a line")
    edited += "- ## My thoughts\n\t- Good.\n"
    others = content_of(edited, STATE).others
    assert others == ("- a line", f"- my own\n\t- below\n\t  {ID}")
    with pytest.raises(ConfirmationError):
        logseq.note(item(), [], edited)
    pulled = logseq.managed_sum(edited)
    merged = logseq.note(item(PaperState(tags=("rl",))), ["list"], edited, pulled=pulled)
    assert "\nRating:: 5\ntags:: paper, rl, mine\n" in merged
    assert "- TODO Notes on the Engine\n" in merged
    below = merged[merged.index("papers-tui:end") :]
    assert f"\n- my own\n\t- below\n\t  {ID}" in below
    assert "\n- a line\n" in below
    assert below.endswith("- ## My thoughts\n\t- Good.\n")
    assert logseq.note(item(PaperState(tags=("rl",))), ["list"], merged) == merged


def test_properties_may_be_in_a_bullet_and_not_be_there_twice() -> None:
    text = logseq.note(item(), [], None)
    front, _, rest = text.partition("\n\n")
    bulleted = "- " + front.replace("\n", "\n  ") + "\n" + rest
    assert key_of(bulleted) == item().key
    assert logseq.note(item(), [], bulleted) == text
    with pytest.raises(InputError, match="A property twice: url, line 5"):
        content_of(text.replace("url::", "URL:: x\nurl::"), STATE)


def test_an_index_links_to_pages_and_is_no_list_of_tasks() -> None:
    text = logseq.index("thesis", "thesis", "For June.", [(item(), "A"), (bare(), "x/Sets")], None)
    assert text.startswith("tags:: reading-list\npapers-tui-list:: thesis\n\n- <!--")
    assert "\n- > For June.\n- [[A]]\n- [[x/Sets]]\n- <!--" in text
    assert (is_index(text), logseq.list_of(text), key_of(text)) == (True, "thesis", None)
    edited = text.replace("- [[A]]\n", "- [[A]]\n\t- mine\n") + "- below\n"
    merged = logseq.index("thesis", "thesis", "", [], edited, known=["A", "x/Sets"], force=True)
    assert merged.endswith("\n\n- mine\n- below\n")


@pytest.mark.parametrize(
    ("text", "stem", "name"),
    [("title:: A: B\n", "A B", "A: B"), ("", "x___A%3F", "x/A?"), ("- title:: C\n", "c", "C")],
)
def test_a_page_has_the_name_that_logseq_gives_it(text: str, stem: str, name: str) -> None:
    assert logseq.page_name(text, stem) == name


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_title_and_no_abstract_breaks_the_outline(payload: str) -> None:
    text = payload.encode(errors="replace").decode() or "x"
    each = item(PaperState(tags=("nlp",)), title=text, abstract=text, authors=(text,))
    note = logseq.note(each, [], None)
    assert len(re.findall(r"(?m)^- ", note)) == 3
    block = re.sub(r"<[^>\s]*>", "", note[note.index("papers-tui:begin") :])
    assert not re.search(r"(?<!\\)(?:\{\{|\[)|\\\]", block)
    assert content_of(note, PaperState(), each).others == ()


def test_notes_of_two_programs_do_not_take_each_other_for_theirs() -> None:
    one, other = obsidian.note(item(), [], None), logseq.note(item(), [], None)
    assert (obsidian.key_of(other), logseq.key_of(one)) == (None, None)
    assert format_of(one) is named("obsidian")
