"""Templates of new notes: what is written of them, and which are refused."""

import re

import pytest
from hypothesis import given

from tests.formats import exchange
from tests.formats.test_exporters import bare, item
from tests.strategies import clean_text
from tui.errors import UsageError
from tui.formats.checklist import BEGIN
from tui.formats.citation_keys import citation_key
from tui.formats.exporters import markdown
from tui.formats.notes import FORMATS, named, outline
from tui.formats.notes.template import FIELDS, template
from tui.model.state import Item

ADDRESS = "https://doi.org/10.1/a_b%3Cc%3E%2A_%28d%29"
TITLE = r"A \_b\_ \`c\`: d"
ALL = "\n".join(f"{name} is {{{name}}}" for name in FIELDS)


def filled(text: str, program: str = "obsidian", each: Item | None = None) -> str:
    """A new note of a paper in two lists."""
    return template(text, named(program)).note(each or item(), ["thesis", "ab"], citation_key)


def test_managed_lines_and_properties_are_those_of_a_note_without_a_template() -> None:
    for program in map(named, FORMATS):
        plain = program.note(item(), [], None)
        assert template("{managed}\n", program).note(item(), [], citation_key) == plain


def test_fields_have_what_is_known_of_the_paper() -> None:
    lines = filled(f"{ALL}\n{{managed}}\n").split("\n")
    for line in (
        "title is Notes on the Engine",
        "year is 2024",
        "date is 2024-05-16",
        "link is https://arxiv.org/abs/2405.01234",
        "arxiv is 2405.01234",
        "doi is 10.1234/a_b",
        f"key is {item().key}",
        f"citekey is {citation_key(item().paper)}",
        "lists is [[thesis]], [[ab]]",
    ):
        assert line in lines
    assert "authors is [[Ada Lovelace]], [[Ludwig van Beethoven]], " in "\n".join(lines)
    unknown = filled(f"{ALL}\n{{managed}}\n", each=bare()).split("\n")
    assert {"year is ", "doi is ", "arxiv is ", "authors is "} <= set(unknown)


@pytest.mark.parametrize("program", FORMATS)
@pytest.mark.parametrize(
    ("written", "there"),
    [
        ("[DOI](https://doi.org/{doi}) so", f"[DOI]({ADDRESS}) so"),
        ("[DOI](<https://doi.org/{doi}>) so", f"[DOI](<{ADDRESS}>) so"),
        ("<https://doi.org/{doi}>", f"<{ADDRESS}>"),
        ("so https://doi.org/{doi}", f"so {ADDRESS}"),
        ("https://a.org/?q={title}&y={year}", "https://a.org/?q=A%20_b_%20%60c%60:%20d&y=2024"),
        ("[{title}]({link}): {title}", rf"[{TITLE}]({ADDRESS}): {TITLE}"),
        ("`{title}`, {doi}", r"`A _b_ 'c': d`, 10\.1/a\_b\<c\>\*\_(d)"),
        ("[[{title}]]: {title}", f"[[A _b_ `c` d]]: {TITLE}"),
    ],
)
def test_a_field_is_escaped_in_text_and_in_an_address_as_addresses_are(
    program: str, written: str, there: str
) -> None:
    each = item(title="A _b_ `c`: d", arxiv=None, doi="10.1/a_b<c>*_(d)")
    assert f"{there}\n" in filled(f"{written}\n\n{{managed}}\n", program, each)
    assert "A _b_ 'c': d" in filled("```\n{title}\n```\n{managed}\n", program, each)


def test_the_properties_of_a_template_go_before_ours() -> None:
    text = filled("---\nrating: 0\ncssclasses:\n  - wide\n---\n\n{managed}\n\n## Mine\n")
    assert text.startswith('---\nrating: 0\ncssclasses:\n  - wide\ntitle: "Notes on the Engine"\n')
    assert text.endswith("-->\n\n## Mine\n")
    text = filled("rating:: 0\n\n- {managed}\n", "logseq")
    assert text.startswith("rating:: 0\nauthors:: [[Ada Lovelace]]")
    assert "\n\n- <!-- papers-tui:begin -->\n- DONE Notes on the Engine\n" in text


def test_what_other_programs_have_in_braces_stays() -> None:
    text = r"{{date}} {{query (todo now)}} \{title} \frac{1}{2} f({a: 1})"
    assert text in filled(f"{text}\n\n{{managed}}\n")


def test_properties_in_yaml_are_written_as_logseq_has_them() -> None:
    front = "# mine\nrating: 0\nread by: 'Ada: it''s'\nfor: [x, \"y z\"]\nin:\n  - a\n  - b\nto:\n"
    text = filled(f"---\n{front}---\n# {{title}}\n\n{{managed}}\n", "logseq")
    own = "rating:: 0\nread-by:: Ada: it's\nfor:: x, y z\nin:: a, b\nto::\nauthors:: [["
    assert text.startswith(own)
    assert "\n\n- # Notes on the Engine\n" in text


@pytest.mark.parametrize("program", FORMATS)
@pytest.mark.parametrize("front", ["", "\n", "# mine\n", "just a line\n"])
def test_front_matter_without_a_property_is_part_of_a_template(front: str, program: str) -> None:
    text = filled(f"---\n{front}---\n{{managed}}\n", program)
    assert front.strip() in text or program == "logseq"
    assert named(program).key_of(text) == item().key


def test_in_logseq_a_template_is_an_outline() -> None:
    text = filled(
        "# {title}\nA line\nand one below\n{managed}\n\n## Mine\n- why\n\t- deep\n\n"
        "More\n\n```py\na = 1\n\n- b\n```\n",
        "logseq",
    )
    before, managed, after = re.split(r"- <!-- papers-tui:\w+.*-->\n", text)
    assert before.endswith("\n\n- # Notes on the Engine\n- A line\n  and one below\n")
    assert managed.startswith("- DONE Notes on the Engine\n\t- ")
    assert after == ("- ## Mine\n- why\n\t- deep\n- More\n- ```py\n  a = 1\n\n  - b\n  ```\n")
    assert outline.outlined("- a\n\n  b\n\t- c\n") == "- a\n  b\n\t- c\n"


@pytest.mark.parametrize("program", FORMATS)
def test_an_export_again_leaves_a_note_from_a_template_as_it_is(program: str) -> None:
    text = f"{{title}}\n---\n{ALL}\n\n{{managed}}\n\n{{title}}\n"
    for each in exchange.nasty():
        note = filled(text, program, each)
        assert named(program).note(each, ["thesis", "ab"], note) == note
        assert named(program).key_of(note) == each.key


@pytest.mark.parametrize("program", FORMATS)
@given(clean_text(1), clean_text(1))
def test_no_title_or_name_is_more_than_text(program: str, title: str, author: str) -> None:
    for name in (title, f"{title}:: x", "{managed}", BEGIN, "tags:: a", "---", "papers-tui: a"):
        each = item(title=name, authors=(author,))
        note = filled("{title}\n{authors}\n\n{managed}\n---\n", program, each)
        assert named(program).key_of(note) == each.key
        assert named(program).note(each, ["thesis", "ab"], note) == note
        plain = named(program).note(each, ["thesis", "ab"], None)
        assert markdown.managed_block(note) == markdown.managed_block(plain)


@pytest.mark.parametrize("program", FORMATS)
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Not one line {managed}"),
        ("# {title}\n", "Not one line {managed}"),
        ("{{managed}}\n", "Not one line {managed}"),
        ("So {managed}\n", "Not one line {managed}"),
        ("{managed}\n\n{managed}\n", "Not one line {managed}"),
        ("- a\n\t- {managed}\n", "Not one line {managed}"),
        (f"{{managed}}\n{BEGIN}\n", "Not one line {managed}"),
        ("{managed}\n{abstract}\n", "Unknown field: {abstract}"),
    ],
)
def test_a_template_that_no_note_can_have_is_refused(program: str, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)) as refused:
        template(text, named(program))
    assert "{managed}" in str(refused.value.hint)


@pytest.mark.parametrize("front", ["---\n{}\n---\n{{managed}}\n", "{}\n\n{{managed}}\n"])
def test_properties_of_a_template_are_the_same_in_all_notes(front: str) -> None:
    program, mark = ("obsidian", ":") if front.startswith("---") else ("logseq", "::")
    for line, message in (("by{} {{authors}}", "A field among"), ("tags{} a", "Tags among")):
        with pytest.raises(UsageError, match=message):
            template(front.format(line.format(mark)), named(program))
