"""Every export format, read by a program that is not ours and, where there is one, by our importer.

Markdown has tests of its own, and so has BibTeX, in ``test_citation``.
"""

import csv
import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats import exchange
from tests.formats.test_citation import from_tex, read_bibtex
from tests.strategies import PAYLOADS, TODAY, clean_text, hostile_text
from tui.errors import UsageError
from tui.formats import exporters, importers
from tui.formats.bibliography import split_name
from tui.formats.citation_keys import PLACEHOLDERS, check_template, citation_key, citation_keys
from tui.formats.exporters import ExportOptions
from tui.model.paper import Paper, SourceRecord, merge
from tui.model.state import Item, PaperState, Status, note_from
from tui.model.text import sanitize

ADA = {
    "title": "Notes on the Engine",
    "abstract": "It weaves patterns.",
    "authors": (
        "Ada Lovelace",
        "Ludwig van Beethoven",
        "Martin Luther King Jr.",
        "The Engine Team",
    ),
    "published": date(2024, 5, 16),
    "arxiv": "2405.01234",
    "doi": "10.1234/a_b",
    "urls": ("https://engine.example/x?a=1&b=2",),
    "upvotes": 7,
}
STATE = PaperState(
    status=Status.READ, starred=True, tags=("nlp", "c++"), lists=("thesis",), note="One.\nTwo."
)


def item(state: PaperState = STATE, **facts: Any) -> Item:
    """A paper that has every fact, or other ones, with a state."""
    record = SourceRecord(**{**ADA, "file": "0.txt", "line": 1, **facts})
    return Item(merge([record]), state, "2026-01-02T03:04:05Z")


def bare() -> Item:
    """A paper of which only the title is known."""
    return Item(merge([SourceRecord("On Sets", None, file="0.txt", line=1)]), PaperState())


def of_corpus(corpus: tuple[Paper, ...]) -> list[Item]:
    """The papers of the corpus, without a state."""
    return [Item(paper, PaperState()) for paper in corpus]


@st.composite
def items(draw: st.DrawFn) -> Item:
    """Papers of any text, as the library has them: normalized."""
    state = PaperState(tags=tuple(draw(st.lists(st.sampled_from(["a", "b/c"]), unique=True))))
    return item(
        state,
        title=draw(clean_text(1)),
        abstract=draw(clean_text(1)),
        authors=tuple(draw(st.lists(clean_text(1), max_size=3))),
        published=draw(st.none() | st.dates(date(1800, 1, 1), date(2100, 1, 1))),
        arxiv=draw(st.sampled_from([None, "2405.01234", "hep-th/9901001"])),
        doi=draw(st.sampled_from([None, "10.1234/a_b(c)"])),
    )


FORMATS = exporters.names()


# All formats


@pytest.mark.parametrize("name", FORMATS)
@given(st.lists(st.tuples(hostile_text(), hostile_text()), max_size=3), hostile_text())
def test_no_format_writes_a_control_character_or_fails(
    name: str, texts: list[tuple[str, str]], title: str
) -> None:
    def encodable(text: str) -> str:
        return text.encode(errors="replace").decode()

    raw = [
        item(
            PaperState(note=encodable(note)),
            title=encodable(text) or "x",
            authors=(encodable(text),),
        )
        for text, note in texts
    ]
    text = exporters.write(name, raw, ExportOptions(title, abstract="full"))
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]", text)
    document = exporters.document(name, raw, ExportOptions(title or "x", abstract="full"))
    assert bytes(document).decode("utf-8-sig") == str(document)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_papers_give_the_same_text(name: str) -> None:
    options = ExportOptions("Thesis")
    assert exporters.write(name, [item()], options) == exporters.write(name, [item()], options)


@pytest.mark.parametrize("name", FORMATS)
def test_a_paper_of_a_title_alone_is_written_without_what_is_missing(name: str) -> None:
    text = exporters.write(name, [bare()], ExportOptions("Thesis"))
    assert "None" not in text
    assert "Sets" in text or name in ("key", "link")


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_has_a_name_and_extensions_and_ends_in_a_line_end(name: str) -> None:
    module = exporters.named(name)
    assert module.LABEL
    assert all(re.fullmatch(r"(\.[a-z]+)+", extension) for extension in module.EXTENSIONS)
    assert exporters.write(name, [item()]).endswith("\n")


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a.md", "markdown"),
        ("a.BIB", "bibtex"),
        ("a.json", "json"),
        ("a.csl.json", "csl"),
        ("a.ris", "ris"),
        ("a.csv", "csv"),
        ("a.htm", "html"),
        ("feed.xml", "atom"),
        ("a.txt", "citation"),
        ("a.docx", None),
        ("a", None),
    ],
)
def test_an_extension_means_a_format(file: str, name: str | None) -> None:
    assert exporters.for_file(file) == name


def test_an_extension_of_several_formats_means_one_of_them() -> None:
    for name in FORMATS:
        for extension in exporters.named(name).EXTENSIONS:
            meant = exporters.for_file(f"x{extension}")
            assert meant is not None
            assert extension in exporters.named(meant).EXTENSIONS


# Names and citation keys


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lovelace", ("Lovelace", "Ada", "")),
        ("Ludwig van Beethoven", ("van Beethoven", "Ludwig", "")),
        ("Ana de la Cruz", ("de la Cruz", "Ana", "")),
        ("Martin Luther King Jr.", ("King", "Martin Luther", "Jr.")),
        ("Henry Ford II", ("Ford", "Henry", "II")),
        ("Lovelace, Ada", ("Lovelace", "Ada", "")),
        ("King, Jr., Martin Luther", ("King", "Martin Luther", "Jr.")),
        ("Plato", ("Plato", "", "")),
        ("李明", ("李明", "", "")),
        ("李 明", ("李", "明", "")),
        ("박 지 성", ("박", "지 성", "")),
        ("佐々木 朗希", ("佐々木", "朗希", "")),
        ("राम कुमार शर्मा", ("शर्मा", "राम कुमार", "")),
        ("Xiaoming Wang 王小明", ("Xiaoming Wang 王小明", "", "")),
        ("van Gogh", ("Gogh", "van", "")),
        ("Li V", ("V", "Li", "")),
        ("Smith,", ("Smith,", "", "")),
    ],
)
def test_a_name_has_parts(name: str, parts: tuple[str, str, str]) -> None:
    assert split_name(name)[:3] == parts
    assert not split_name(name).is_organization


@pytest.mark.parametrize(
    "name", ["Qwen Team", "ATLAS Collaboration", "Beijing AI Institute", "清华大学 计算机系"]
)
def test_an_organization_is_not_divided(name: str) -> None:
    assert split_name(name) == (name, "", "", True)


@given(clean_text(1))
def test_no_part_of_a_name_is_lost(name: str) -> None:
    parts = split_name(name)
    assert parts.family
    letters = [char for char in sanitize(name) if char not in " ,"]
    assert sorted(letters) == sorted(
        char for char in parts.family + parts.given + parts.suffix if char not in " ,"
    )


def test_a_template_says_what_a_citation_key_has() -> None:
    ada = item().paper
    assert citation_key(ada, "{Author}:{year}-{Word}") == "Lovelace:2024-Notes"
    assert citation_key(ada, "{arxiv}") == "2405.01234"
    assert citation_key(ada).startswith("lovelace2024notes")
    assert citation_key(bare().paper, "{author}{year}")  # not empty, though neither is known


@pytest.mark.parametrize("template", ["{title}", "paper", "{author} {year}", "{author},{year}", ""])
def test_a_template_that_gives_no_keys_is_refused(template: str) -> None:
    with pytest.raises(UsageError, match=r"Use \{author\}"):
        check_template(template)


def test_every_placeholder_is_allowed() -> None:
    assert all(check_template(f"{{{name}}}") for name in PLACEHOLDERS)


@given(st.lists(items(), min_size=1, max_size=6))
def test_each_paper_has_a_citation_key_of_its_own_that_later_papers_leave(
    some: list[Item],
) -> None:
    papers = list({each.key: each.paper for each in some}.values())
    keys = citation_keys(papers, "{author}{year}")
    assert len(set(keys.values())) == len(papers)
    assert all(re.fullmatch("[A-Za-z0-9:._/+-]+", key) for key in keys.values())
    first = min(papers, key=lambda paper: (paper.imports[:1], paper.key))
    assert keys[first.key] == citation_keys([first], "{author}{year}")[first.key]


# BibTeX and BibLaTeX


def test_bibtex_has_every_fact_where_its_programs_look() -> None:
    ((kind, key, fields),) = read_bibtex(exporters.write("bibtex", [item()]))
    assert (kind, key) == ("misc", citation_key(item().paper))
    assert fields["author"] == (
        "Ada Lovelace and Ludwig van Beethoven and King, Jr., Martin Luther and {The Engine Team}"
    )
    assert (fields["eprint"], fields["archiveprefix"]) == ("2405.01234", "arXiv")
    assert fields["eprinttype"] == "arxiv"
    assert fields["keywords"] == "nlp, c++"
    assert fields["annote"] == "One.\nTwo."
    assert fields["readstatus"] == "read"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Jean le Rond d'Alembert", "d'Alembert, Jean le Rond"),
        ("Charles de Secondat Montesquieu", "Montesquieu, Charles de Secondat"),
        ("Ludwig van Beethoven", "Ludwig van Beethoven"),
        ("van Gogh", "van Gogh"),
        ("Jean-Pierre O'Neil McGregor", "Jean-Pierre O'Neil McGregor"),
        ("bell hooks", "{hooks}, bell"),
        ("Vincent van gogh", "{van gogh}, Vincent"),
        ("danah m. boyd", "{boyd}, danah m."),
        ("王 小明", "王, 小明"),
        ("박 지성", "박, 지성"),
        ("राम कुमार", "कुमार, राम"),
        ("Ram कुमार शर्मा", "शर्मा, Ram कुमार"),
        ("محمد علي", "علي, محمد"),
        ("גיא כהן", "כהן, גיא"),
        ("გიორგი მელიქიშვილი", "მელიქიშვილი, გიორგი"),
        ("สมชาย ใจดี", "ใจดี, สมชาย"),
        ("Xiaoming Wang 王小明", "{Xiaoming Wang 王小明}"),
        ("清华大学 计算机系", "{清华大学 计算机系}"),
    ],
)
def test_a_word_without_a_capital_in_a_given_name_is_no_particle(name: str, written: str) -> None:
    text = exporters.write("bibtex", [item(authors=(name,))])
    ((_, _, fields),) = read_bibtex(text)
    assert fields["author"] == written
    (record,) = read_back("bibtex", text)
    assert record.authors == (name,)


def test_biblatex_has_a_day_and_its_own_names_of_fields() -> None:
    ((kind, _, fields),) = read_bibtex(exporters.write("biblatex", [item()]))
    assert kind == "online"
    assert (fields["date"], fields["eprinttype"]) == ("2024-05-16", "arxiv")
    assert fields["annotation"] == "One.\nTwo."
    assert not {"year", "month", "archiveprefix", "annote"} & set(fields)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a -- b", "a -{}- b"),
        ("---", "-{}-{}-"),
        ("``q''", "`{}`q'{}'"),
        ("it's", "it's"),
        ("a < b > c", "a $<$ b $>$ c"),
        ("{x} }{", r"\textbraceleft{}x\textbraceright{} \textbraceright{}\textbraceleft{}"),
    ],
)
def test_what_tex_would_change_is_kept_from_it(text: str, written: str) -> None:
    ((_, _, fields),) = read_bibtex(exporters.write("bibtex", [item(PaperState(note=text))]))
    assert fields["annote"] == written
    assert from_tex(written) == text


# Formats that our importers read, too


def read_back(name: str, text: str) -> list[SourceRecord]:
    """The records of an exported text."""
    return list(importers.read(text.encode(), "x", today=TODAY, format=name).records)


NOTE_LINES = (
    *("", "Read  it", "- {two", "  - three}", "\tcode", "    deep", "| a | b |", "```", "-- ''q''"),
    *("$a_b$ & 5%", "\\n ~ ^", "@misc{x,", "# One_", "ER  - x", " AB  - y", "z  - not"),
)


@pytest.mark.parametrize("name", ["bibtex", "biblatex", "csl", "ris"])
@given(st.lists(st.sampled_from(NOTE_LINES)))
def test_a_note_comes_back_with_its_lines_and_indents(name: str, lines: list[str]) -> None:
    note = note_from("\n".join(["Read it.", *lines])) or ""
    text = exporters.write(name, [item(PaperState(note=note))])
    read_as = "bibtex" if name == "biblatex" else name
    file = importers.read(text.encode(), "x", today=TODAY, format=read_as)
    (decision,) = file.decisions.values()
    if name == "ris":  # in which a line that looks like a tag would be one
        note = re.sub(r"\n(?= ?(?:ER|AB))", " ", note)
    assert decision.note == note


@pytest.mark.parametrize("name", ["csl", "ris"])
@given(st.lists(items(), min_size=1, max_size=4))
def test_what_is_exported_is_imported_as_it_was(name: str, some: list[Item]) -> None:
    records = read_back(name, exporters.write(name, some))
    assert len(records) == len(some)
    for each, record in zip(some, records, strict=True):
        paper = each.paper
        assert record.arxiv == paper.arxiv
        assert record.doi == paper.doi
        assert record.published == paper.published


@pytest.mark.parametrize("name", ["csl", "ris"])
def test_the_corpus_is_imported_as_it_was(name: str, corpus: tuple[Paper, ...]) -> None:
    records = read_back(name, exporters.write(name, of_corpus(corpus)))
    for paper, record in zip(corpus, records, strict=True):
        assert sanitize(record.title) == sanitize(paper.display_title)
        assert record.abstract == (sanitize(paper.display_abstract, 60_000) or None)
        assert record.published == paper.published


@pytest.mark.parametrize("name", ["csl", "ris"])
def test_all_facts_come_back(name: str) -> None:
    (record,) = read_back(name, exporters.write(name, [item()]))
    assert record.title == "Notes on the Engine"
    assert record.authors == ADA["authors"]
    assert (record.arxiv, record.doi) == ("2405.01234", "10.1234/a_b")
    assert record.published == date(2024, 5, 16)


@pytest.mark.parametrize("name", ["bibtex", "csl", "ris"])
@pytest.mark.parametrize("kind", ["phdthesis", "mastersthesis", "techreport"])
def test_what_a_thesis_or_report_is_comes_back(name: str, kind: str) -> None:
    facts: dict[str, Any] = {"entry_type": kind, "venue": "ETH"}
    (record,) = read_back(name, exporters.write(name, [item(**facts)]))
    assert (record.entry_type, record.venue) == (kind, "ETH")


def test_styles_print_what_a_thesis_or_report_is() -> None:
    kinds = ("phdthesis", "mastersthesis", "techreport", "article")
    entries = json.loads(exporters.write("csl", [item(entry_type=kind) for kind in kinds]))
    genres = [entry.get("genre") for entry in entries]
    assert genres == ["PhD thesis", "Master's thesis", "Technical report", None]


def test_csl_is_as_its_schema_says() -> None:
    (entry,) = json.loads(exporters.write("csl", [item()]))
    assert entry["type"] == "article"
    assert entry["author"] == [
        {"family": "Lovelace", "given": "Ada"},
        {"family": "van Beethoven", "given": "Ludwig"},
        {"family": "King", "given": "Martin Luther", "suffix": "Jr."},
        {"literal": "The Engine Team"},
    ]
    assert entry["issued"] == {"date-parts": [[2024, 5, 16]]}
    assert (entry["number"], entry["publisher"]) == ("arXiv:2405.01234", "arXiv")
    assert entry["keyword"] == "nlp, c++"
    assert entry["note"] == "One.\nTwo."


@pytest.mark.parametrize(
    ("facts", "kind", "publisher"),
    [
        ({"entry_type": "inproceedings", "venue": "NeurIPS"}, "paper-conference", None),
        ({"venue": "Nature", "publisher": "Springer"}, "article-journal", "Springer"),
        ({"entry_type": "phdthesis", "venue": "Yale"}, "thesis", "Yale"),
        ({"entry_type": "inproceedings"}, "paper-conference", None),
        ({"entry_type": "article"}, "article", "arXiv"),
    ],
)
def test_arxiv_is_the_publisher_of_preprints_alone(
    facts: dict[str, Any], kind: str, publisher: str | None
) -> None:
    (entry,) = json.loads(exporters.write("csl", [item(**facts)]))
    assert (entry["type"], entry.get("publisher")) == (kind, publisher)
    assert ("number" in entry) is (publisher == "arXiv")
    assert entry["URL"] == "https://arxiv.org/abs/2405.01234"


def test_no_value_of_a_ris_file_begins_a_record() -> None:
    mallory = item(
        PaperState(note="a\nER  - \nTY  - JOUR"), title="TY  - x", authors=("ER  - Mallory",)
    )
    text = exporters.write("ris", [mallory])
    lines = text.split("\r\n")
    assert "N1  - a ER  -  TY  - JOUR" in lines
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert [line[:6] for line in lines].count("TY  - ") == 1
    assert [line[:6] for line in lines].count("ER  - ") == 1
    assert "\n" not in text.replace("\r\n", "")


# CSV


def rows(some: Sequence[Item]) -> list[dict[str, str]]:
    """The lines of the table by column."""
    return list(csv.DictReader(StringIO(exporters.write("csv", some))))


def test_csv_has_every_fact_in_a_column() -> None:
    (row,) = rows([item()])
    assert row["title"] == "Notes on the Engine"
    assert row["authors"].startswith("Ada Lovelace; Ludwig van Beethoven;")
    assert (row["published"], row["upvotes"]) == ("2024-05-16", "7")
    assert (row["status"], row["starred"]) == ("read", "yes")
    assert (row["tags"], row["lists"], row["note"]) == ("nlp, c++", "thesis", "One.\nTwo.")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("https://evil.org")'])
def test_a_spreadsheet_runs_nothing(text: str) -> None:
    (row,) = rows([item(PaperState(note=text), title=text)])
    assert row["title"] == row["note"] == f"'{text}"


def test_every_format_of_files_is_named_by_an_extension() -> None:
    formats = [exporters.for_file(f"a{each}") for each in exporters.extensions()]
    other = {"biblatex", "ids", "key", "link", "table", "title"}  # which have to be asked for
    assert sorted(map(str, formats)) == sorted({*exporters.names()} - other)


def test_a_file_for_excel_begins_with_the_mark_of_utf_8() -> None:
    some, options = [item(title="é")], ExportOptions()
    assert bytes(exporters.document("csv", some, options)).startswith(b"\xef\xbb\xbftitle,")
    assert bytes(exporters.document("title", some, options)) == b"\xc3\xa9\n"


# HTML


class Reader(HTMLParser):
    """What a browser sees: tags with their addresses, and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        assert {name for name, _ in attrs} <= {"href", "class", "id", "lang", "charset"} | (
            {"name", "content"} if tag == "meta" else set()
        )

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_markup(payload: str) -> None:
    text = payload.encode(errors="replace").decode()
    plain = Reader(exporters.write("html", [item(PaperState(note="x"))], ExportOptions("x")))
    odd = item(PaperState(note=text), title=text, abstract=text, authors=(text,))
    page = Reader(exporters.write("html", [odd], ExportOptions(text)))
    of_note = ("a", "br", "code", "div", "em", "p", "s", "strong")
    assert [tag for tag in page.tags if tag not in of_note] == [
        tag for tag in plain.tags if tag not in of_note
    ]
    assert all(link.startswith(("https://", "http://")) for link in page.links)


@pytest.mark.parametrize(
    ("note", "written"),
    [
        ("a < b\nc", "a &lt; b<br>\nc"),
        ("**a** and `<eos>`", "<strong>a</strong> and <code>&lt;eos&gt;</code>"),
        ("[a](https://e.org/x_y_z)", '<a href="https://e.org/x_y_z">a</a>'),
        ("https://e.org/x_y_z.", '<a href="https://e.org/x_y_z">https://e.org/x_y_z</a>.'),
        ("<b>a</b>", "&lt;b&gt;a&lt;/b&gt;"),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ("![a](https://e.org/a.png)", '!<a href="https://e.org/a.png">a</a>'),
    ],
)
def test_the_markdown_of_a_note_is_shown_and_nothing_is_loaded_or_run(
    note: str, written: str
) -> None:
    text = exporters.write("html", [item(PaperState(note=note))])
    assert f'<div class="note"><p>{written}</p></div>' in text


def test_a_page_shows_a_list() -> None:
    page = Reader(exporters.write("html", [item(), bare()], ExportOptions("Thesis", "For June.")))
    assert page.texts.count("Thesis") == 2  # in the window and on the page
    assert {"For June.", "1 of 2 read", "Notes on the Engine", "On Sets", "One.", "Two."} <= set(
        page.texts
    )
    assert page.links[:2] == [
        "https://arxiv.org/abs/2405.01234",
        "https://engine.example/x?a=1&b=2",
    ]


# Atom

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def test_a_feed_has_what_the_standard_asks_for() -> None:
    feed = ElementTree.fromstring(exporters.write("atom", [item(), bare()], ExportOptions("T")))
    for parent in (feed, *feed.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            assert len(parent.findall(f"a:{name}", ATOM)) == 1
            assert parent.findtext(f"a:{name}", namespaces=ATOM)
    first, second = feed.findall("a:entry", ATOM)
    assert first.findtext("a:title", namespaces=ATOM) == "Notes on the Engine"
    assert first.findtext("a:updated", namespaces=ATOM) == "2026-01-02T00:00:00Z"
    assert [name.text for name in first.findall("a:author/a:name", ATOM)] == list(
        item().paper.authors
    )
    assert [link.get("href") for link in first.findall("a:link", ATOM)] == [
        item().paper.link,
        "https://engine.example/x?a=1&b=2",
    ]
    assert [each.get("term") for each in first.findall("a:category", ATOM)] == ["nlp", "c++"]
    assert first.findtext("a:id", namespaces=ATOM) != second.findtext("a:id", namespaces=ATOM)


def test_a_decision_does_not_make_a_paper_news_again() -> None:
    before = exporters.write("atom", [item(PaperState())], ExportOptions("T"))
    assert before == exporters.write(
        "atom", [item(PaperState(status=Status.READ))], ExportOptions("T")
    )


@given(st.lists(st.tuples(hostile_text(), hostile_text()), min_size=1, max_size=3))
def test_any_text_is_well_formed_xml(texts: list[tuple[str, str]]) -> None:
    some = [
        item(
            title=title.encode(errors="replace").decode() or "x",
            abstract=abstract.encode(errors="replace").decode(),
        )
        for title, abstract in texts
    ]
    feed = ElementTree.fromstring(exporters.write("atom", some, ExportOptions("T")))
    assert len(feed.findall("a:entry", ATOM)) == len(some)


# Identifiers


def test_identifiers_are_one_to_a_line() -> None:
    some = [item(), item(arxiv=None), bare()]
    assert exporters.write("ids", some) == (
        "arXiv:2405.01234\ndoi:10.1234/a_b\n# No identifier: On Sets\n"
    )


# Tables in Markdown


def test_a_table_has_a_row_for_each_paper_whatever_is_in_it() -> None:
    some = [item(PaperState(tags=("a_b",)), title="On | *Sets*"), bare()]
    heads, _, first, second = exporters.write("table", some).splitlines()
    assert heads == "| Title | Authors | Date | Status | Tags |"
    assert first.startswith(r"| [On \| \*Sets\*](https://arxiv.org/abs/2405.01234) | Ada Lovelace")
    assert first.endswith(r" | unread | a\_b |")
    assert second.startswith("| [On Sets](https://arxiv.org/search/")
    assert second.endswith(" |  |  | unread |  |")


# Programs that are not ours


needs_pandoc = pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")


def by_pandoc(text: str, format: str, tmp_path: Path) -> list[dict[str, Any]]:
    """The records as pandoc reads them."""
    (tmp_path / "x").write_bytes(text.encode())
    command = ["pandoc", "-f", format, "-t", "csljson", str(tmp_path / "x")]
    process = subprocess.run(command, capture_output=True, check=True)
    records: list[dict[str, Any]] = json.loads(process.stdout)
    return records


def straight(text: str) -> str:
    """A text without the typography that pandoc adds."""
    return re.sub("[“”]", '"', re.sub("[‘’]", "'", text)).replace("\xa0", " ")


@needs_pandoc
@pytest.mark.parametrize(
    ("name", "format"), [("bibtex", "bibtex"), ("biblatex", "biblatex"), ("csl", "csljson")]
)
def test_pandoc_reads_the_corpus(
    name: str, format: str, corpus: tuple[Paper, ...], tmp_path: Path
) -> None:
    some = [*of_corpus(corpus), item()]
    records = {
        record["id"]: record for record in by_pandoc(exporters.write(name, some), format, tmp_path)
    }
    assert len(records) == len(some)
    for each in some:
        record = records[citation_key(each.paper)]
        assert straight(record["title"]) == straight(sanitize(each.paper.display_title))
    ada = records[citation_key(item().paper)]
    assert ada["author"][0] == {"family": "Lovelace", "given": "Ada"}
    assert ada["author"][3] == {"literal": "The Engine Team"}
    assert ada["DOI"] == "10.1234/a_b"


def test_the_report_counts_a_field_that_a_program_misreads() -> None:
    some = exchange.nasty()
    records: list[dict[str, Any]] = json.loads(exporters.write("csl", some))
    assert exchange.misread(some, records) == []
    records[0]["title"] = "Another"
    records[1]["issued"]["date-parts"][0][1] = 12
    assert [name for name, *_ in exchange.misread(some, records)] == ["title", "issued"]
    assert exchange.misread(some, records[1:]) == [("records", "20", "19")]


@pytest.mark.parametrize("name", ["json", "csl", "bibtex", "ris"])
def test_notes_may_speak_of_the_comments_of_an_exported_list(name: str) -> None:
    note = "Ends in <!-- pt:a-1 -->\n<!-- papers-tui:begin --> is before it"
    text = exporters.write(name, [replace(item(), state=PaperState(note=note))])
    (record,) = importers.read(text.encode(), "x", today=TODAY).records
    assert record.title == "Notes on the Engine"
