"""Citations: what a person reads, and what a reader that counts braces makes of the records."""

import json
import re
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.formats.report import CASES, CASES_DAY
from tests.strategies import PAYLOADS, clean_text, hostile_text, records
from tui.formats import importers
from tui.formats.bibliography import ENTRY_TYPES, IMPRINT, known_type, page_range
from tui.formats.citation_keys import citation_key, citation_keys, known_key
from tui.formats.exporters import write
from tui.formats.exporters.citation import cite
from tui.model.paper import Paper, SourceRecord, merge
from tui.model.state import Item, PaperState
from tui.model.text import normalize, sanitize

LINK = "https://arxiv.org/search/?searchtype=title&query="


def paper(title: str = "On Sets", **facts: Any) -> Paper:
    """A paper seen once; an abstract is all that is known of it."""
    record = {"title": title, "abstract": "It is so.", "file": "0.txt", "line": 1}
    return merge([SourceRecord(**{**record, **facts})])


def bibtex(paper: Paper) -> str:
    """The record of a paper without a state."""
    return write("bibtex", [Item(paper, PaperState())])


def read_bibtex(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """The records of a BibTeX file as type, key and fields, by nothing but counting braces.

    As BibTeX itself reads: a backslash before a brace changes nothing, and what stands between
    records is passed over.
    """
    records = []
    place = 0
    while (start := re.compile(r"@(\w+)\s*\{").search(text, place)) is not None:
        body, place = _braced(text, start.end() - 1)
        key, _, rest = body.partition(",")
        fields: dict[str, str] = {}
        inside = 0
        while (field := re.compile(r"\s*(\w+)\s*=\s*(?=\{)").match(rest, inside)) is not None:
            fields[field[1]], inside = _braced(rest, field.end())
            inside += rest[inside : inside + 1] == ","
        assert not rest[inside:].strip(), f"left over: {rest[inside:]!r}"
        records.append((start[1], key.strip(), fields))
    assert not text[place:].strip()
    return records


def _braced(text: str, start: int) -> tuple[str, int]:
    """What stands between a brace and its partner, and the place after that."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return text[start + 1 : place], place + 1
    raise AssertionError("a brace is never closed")


NAMED = {
    "textbackslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciitilde": "~",
    "textasciicircum": "^",
}


def from_tex(text: str) -> str:
    """A field as TeX would set it; any character that TeX would act on must have been escaped."""
    pattern = r"\\([a-z]+)\{\}|\\([$&#_%{}])|\$([<>])\$|([-`'])\{\}|([^\\{}$&#_%~^<>])"
    shown = ""
    place = 0
    for match in re.finditer(pattern, text, re.S):
        assert match.start() == place, f"bare: {text[place : match.start()]!r}"
        assert not re.match("--|``|''", text[place:]), f"joined: {text[place:]!r}"
        shown += NAMED[match[1]] if match[1] else next(filter(None, match.groups()))
        place = match.end()
    assert place == len(text), f"bare: {text[place:]!r}"
    return shown


def _without_braces(name: str) -> str:
    """A name without the braces around its family name."""
    if not name.startswith("{"):
        return name
    family, end = _braced(name, 0)
    return family + name[end:]


def names(field: str) -> list[str]:
    """The authors in a field: parted at each "and" outside of braces, theirs taken off."""
    parts, depth, start = [], 0, 0
    for place, char in enumerate(field):
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth == 0 and re.match(r"\sand\s", field[place:], re.I):
            parts.append(field[start:place])
            start = place + 5
    parts.append(field[start:])
    return [
        _braced(name, 0)[0] if name[0] == "{" and _braced(name, 0)[1] == len(name) else name
        for name in parts
    ]


# BibTeX


@given(clean_text(1), clean_text(1), st.lists(clean_text(1), max_size=2))
@example("{", "}", ["}{"])
@example("\\{", "@comment{", ["back\\"])
@example("100% & 5$ #1 a_b ~3 x^2", "}, url = {https://evil.org", ["{O'Neill}"])
def test_a_record_of_hostile_text_reads_back_as_it_was(
    title: str, abstract: str, authors: list[str]
) -> None:
    original = paper(title, abstract=abstract, authors=tuple(authors), published=date(2024, 6, 9))
    text = bibtex(original)
    ((kind, key, fields),) = read_bibtex(text)
    assert kind == "misc"
    assert key == citation_key(original)
    assert set(fields) <= {"title", "author", "year", "month", "abstract"}
    assert fields["title"][0] + fields["title"][-1] == "{}"
    assert from_tex(fields["title"][1:-1]) == sanitize(original.display_title)
    assert from_tex(fields["abstract"]) == sanitize(original.display_abstract, 60_000)
    if authors:
        # The parts of a name may be in another order, with commas between them.
        written = [_without_braces(name) for name in names(fields["author"])]
        shown = [sorted(re.sub("[ ,]", "", from_tex(name))) for name in written]
        assert shown == [sorted(re.sub("[ ,]", "", sanitize(name))) for name in original.authors]
    assert (fields["year"], fields["month"]) == ("2024", "6")
    assert text.endswith("}\n")


def test_identifiers_are_fields_of_their_own_and_give_the_link() -> None:
    original = paper("LoRA vs. {LoRA}", arxiv="2405.01234", doi="10.1234/a_b")
    ((_, _, fields),) = read_bibtex(bibtex(original))
    assert fields["title"] == r"{LoRA vs. \{LoRA\}}"
    assert (fields["eprint"], fields["archiveprefix"]) == ("2405.01234", "arXiv")
    assert fields["doi"] == "10.1234/a_b"  # as it is: readers take it verbatim
    assert fields["url"] == "https://arxiv.org/abs/2405.01234"
    assert paper(doi="10.1234/a_b").link == "https://doi.org/10.1234/a_b"


@given(hostile_text(), hostile_text(), hostile_text())
def test_braces_are_balanced_and_no_control_is_written_though_nothing_was_cleaned(
    title: str, abstract: str, author: str
) -> None:
    whole = "".join(c for c in title if not "\ud800" <= c <= "\udfff")  # no link could be made
    raw = replace(paper(), title=whole, abstract=abstract, authors=(author,))
    text = bibtex(raw)
    assert text.count("{") == text.count("}")
    assert len(read_bibtex(text)) == 1
    for written in (text, cite(raw)):
        assert not [c for c in written if c != "\n" and unicodedata.category(c) in ("Cc", "Cs")]


@given(st.lists(records(), min_size=1, max_size=5))
def test_several_records_after_each_other_are_several_records(sources: list[SourceRecord]) -> None:
    papers = [merge([sighting]) for sighting in sources]
    read = read_bibtex("\n".join(map(bibtex, papers)))
    assert [key for _, key, _ in read] == [citation_key(each) for each in papers]


def test_every_paper_of_the_corpus_reads_back_and_has_a_key_of_its_own(
    corpus: tuple[Paper, ...],
) -> None:
    read = read_bibtex("".join(map(bibtex, corpus)))
    assert [from_tex(fields["title"][1:-1]) for _, _, fields in read] == [
        sanitize(each.display_title) for each in corpus
    ]
    assert [from_tex(fields["abstract"]) for _, _, fields in read] == [
        sanitize(each.display_abstract, 60_000) for each in corpus
    ]
    assert len({key for _, key, _ in read}) == len(corpus)


@pytest.mark.parametrize(
    ("char", "written"),
    [
        ("\\", r"\textbackslash{}"),
        ("{", r"\textbraceleft{}"),
        ("}", r"\textbraceright{}"),
        ("$", r"\$"),
        ("&", r"\&"),
        ("#", r"\#"),
        ("_", r"\_"),
        ("%", r"\%"),
        ("~", r"\textasciitilde{}"),
        ("^", r"\textasciicircum{}"),
    ],
)
def test_every_character_that_tex_would_act_on_is_escaped(char: str, written: str) -> None:
    ((_, _, fields),) = read_bibtex(bibtex(paper(authors=(f"A {char} B",))))
    assert f"A {written} B" in fields["author"]


def test_letters_of_every_script_are_written_as_they_are() -> None:
    ((_, _, fields),) = read_bibtex(bibtex(paper("Pirá “q” α 日本", authors=("Erdős Pál", "李明"))))
    assert fields["title"] == "{Pirá “q” α 日本}"
    assert fields["author"] == "Erdős Pál and 李明"


def test_what_is_not_known_is_left_out_of_a_record() -> None:
    text = bibtex(paper(abstract=None))
    ((_, _, fields),) = read_bibtex(text)
    assert fields == {"title": "{On Sets}"}
    assert "None" not in text


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_is_a_number_without_a_zero(month: int) -> None:
    ((_, _, fields),) = read_bibtex(bibtex(paper(published=date(2024, month, 1))))
    assert fields["month"] == str(month)


def test_a_name_with_and_in_it_stays_one_author() -> None:
    authors = ("Center for Research and Development", "OpenAI, Inc.", "Ada Lovelace")
    ((_, _, fields),) = read_bibtex(bibtex(paper(authors=authors)))
    assert names(fields["author"]) == list(authors)
    assert fields["author"].startswith("{Center")
    assert fields["author"].endswith(" and Ada Lovelace")


@given(clean_text(1), st.lists(clean_text(1), max_size=2), st.none() | st.dates())
def test_a_key_is_plain_letters_and_digits_and_never_empty(
    title: str, authors: list[str], published: date | None
) -> None:
    original = paper(title, authors=tuple(authors), published=published)
    assert re.fullmatch("[a-z0-9]+", citation_key(original))
    assert citation_key(original) == citation_key(original)


@pytest.mark.parametrize(
    ("facts", "beginning"),
    [
        ({"title": "LoRA: Low Rank"}, "lora"),
        ({"title": "On the Rank of It"}, "rank"),
        ({"title": "LoRA", "published": date(2024, 6, 9)}, "2024lora"),
        (
            {"title": "LoRA", "published": date(2024, 6, 9), "authors": ("Ada Lovelace", "B C")},
            "lovelace2024lora",
        ),
        ({"title": "Pirá", "authors": ("Erdős Pál", "X")}, "palpira"),
        ({"title": "日本語", "authors": ("李明",)}, ""),
        ({"title": "On It"}, ""),
    ],
)
def test_a_key_is_author_year_and_word_as_far_as_they_are_known(
    facts: dict[str, Any], beginning: str
) -> None:
    key = citation_key(paper(**facts))
    assert re.fullmatch(f"{beginning}[0-9a-f]{{4}}", key)


@pytest.mark.parametrize(
    ("template", "facts", "key"),
    [
        ("{Author}{year}", {"title": "基于BERT的关系抽取"}, "Bert2022"),
        ("{author}{year}", {"title": "AI 与 Graphs"}, "graphs2022"),
        ("{author}{year}", {"title": "AI 与人"}, "ai2022"),
        ("{Author}{year}{Word}", {"title": "日本語", "arxiv": "2201.01234"}, "arxiv2201.01234"),
        ("{author}{year}", {"title": "日本語", "doi": "10.13328/j.jos.6"}, "doij.jos.6"),
        ("{author}{year}", {"title": "日本語"}, "2022"),
        ("{year}", {"title": "On Sets"}, "2022"),
        ("{author}{year}{hash}", {"title": "AI 与人"}, "2022[0-9a-f]{4}"),
        ("", {"title": "日本語", "arxiv": "2201.01234"}, "2022[0-9a-f]{4}"),
    ],
)
def test_a_key_by_a_template_has_more_than_a_year_if_names_have_no_latin_letters(
    template: str, facts: dict[str, Any], key: str
) -> None:
    each = paper(**{"authors": ("李明",), "published": date(2022, 1, 2), **facts})
    assert re.fullmatch(key, citation_key(each, template))


# Sentences


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "On Sets."),
        ({"title": "On Sets?"}, "On Sets?"),
        ({"published": date(2024, 6, 9)}, "On Sets (2024)."),
        ({"title": "On Sets!", "published": date(2024, 6, 9)}, "On Sets! (2024)."),
        ({"authors": ("Ada Lovelace",)}, "Ada Lovelace. On Sets."),
        (
            {"authors": ("Ada Lovelace",), "published": date(2024, 6, 9)},
            "Ada Lovelace (2024). On Sets.",
        ),
        (
            {"authors": ("A Doe", "B Doe", "C Doe"), "published": date(2024, 6, 9)},
            "A Doe et al. (2024). On Sets.",
        ),
        ({"title": r"Pir\'a"}, "Pirá."),
        ({"arxiv": "2405.01234"}, "On Sets. https://arxiv.org/abs/2405.01234"),
        ({"doi": "10.1234/a_b"}, "On Sets. https://doi.org/10.1234/a_b"),
    ],
)
def test_a_citation_says_what_is_known(facts: dict[str, Any], sentence: str) -> None:
    assert cite(paper(**facts)) == sentence


def test_a_full_stop_is_not_doubled_in_a_citation() -> None:
    assert cite(paper(authors=("A Doe", "B Doe"))) == "A Doe et al. On Sets."


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_citation_of_hostile_text_is_one_line(payload: str) -> None:
    line = cite(paper(f"x {normalize(payload)}", authors=(payload, payload), doi="10.1234/a"))
    assert "\n" not in line
    assert sanitize(line, 10_000) == line
    assert line.endswith(" https://doi.org/10.1234/a")


# The case of braces


def title_in_braces() -> Paper:
    """The paper of the case."""
    data = (CASES / "bibtex-braces.txt").read_bytes()
    (record,) = importers.read(data, "bibtex-braces.txt", today=CASES_DAY)
    return merge([record])


def test_braces_that_match_are_escaped_and_not_named() -> None:
    ((_, _, fields),) = read_bibtex(bibtex(title_in_braces()))
    assert fields["title"] == r"{LoRA vs. \{LoRA\}: a Tale of Two Braces}"


@pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")
def test_pandoc_reads_the_braces_too() -> None:
    shown = title_in_braces()
    command = ["pandoc", "-f", "bibtex", "-t", "csljson"]
    process = subprocess.run(command, input=bibtex(shown).encode(), capture_output=True, check=True)
    (record,) = json.loads(process.stdout)
    assert record["title"] == shown.title == "LoRA vs. {LoRA}: a Tale of Two Braces"


@pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")
@pytest.mark.parametrize("format", ["bibtex", "biblatex"])
def test_pandoc_reads_venue_and_publisher_in_their_case_and_as_one(format: str) -> None:
    venue, publisher = "Proc. of the X and the LoRA World", "Barnes and Noble of Y"
    types = [
        type for type in filter(known_type, ENTRY_TYPES) if ENTRY_TYPES[type].venue != "journal"
    ]
    facts = [{"venue": venue, "publisher": publisher, "entry_type": type} for type in types]
    papers = [Item(paper(f"On {each['entry_type']}", **each), PaperState()) for each in facts]
    command = ["pandoc", "-f", format, "-t", "csljson"]
    data = write(format, papers).encode()
    process = subprocess.run(command, input=data, capture_output=True, check=True)
    for record in json.loads(process.stdout):
        known = {venue, publisher, f"{venue}; {publisher}", f"{publisher}; {venue}"}
        names = ("container-title", "collection-title", "publisher")
        read = {record[name] for name in names if name in record}
        assert read
        assert read <= known


@pytest.mark.parametrize("format", ["bibtex", "biblatex", "csl", "ris"])
@pytest.mark.parametrize("type", [*filter(known_type, ENTRY_TYPES)])
def test_type_venue_and_citation_key_come_back_as_they_were(format: str, type: str) -> None:
    facts = {"venue": "Sets & Bags", "entry_type": type, "citation_key": "DBLP:conf/x/Lovelace43"}
    text = write(format, [Item(paper(**facts), PaperState())])
    (record,) = importers.read(text.encode(), "x", today=CASES_DAY)
    if format == "ris":
        del facts["citation_key"]
    assert {name: getattr(record, name) for name in facts} == facts
    assert "arxiv.org" not in text


@pytest.mark.parametrize("format", ["bibtex", "biblatex", "csl", "ris"])
@pytest.mark.parametrize("type", [*filter(known_type, ENTRY_TYPES)])
@pytest.mark.parametrize("pages", ["12–34", "e7", "1–5, 9–12"])
def test_volume_number_pages_and_publisher_come_back_as_they_were(
    format: str, type: str, pages: str
) -> None:
    facts = {"volume": "12", "number": "3&4", "pages": pages, "publisher": "Sets & Sons"}
    text = write(format, [Item(paper(entry_type=type, venue="Sets", **facts), PaperState())])
    (record,) = importers.read(text.encode(), "x", today=CASES_DAY)
    assert {name: getattr(record, name) for name in facts} == facts
    assert record.venue == "Sets"


@given(text=clean_text(), format=st.sampled_from(["bibtex", "biblatex", "csl", "ris"]))
def test_whatever_the_imprint_is_it_harms_no_record(text: str, format: str) -> None:
    facts = dict.fromkeys(IMPRINT, text or None)
    items = [Item(paper(title, **facts), PaperState()) for title in ("On Sets", "On Bags")]
    text = write(format, items)
    read = importers.read(
        text.encode(), "x", today=CASES_DAY, format=format.replace("bibla", "bib")
    )
    assert [record.title for record in read] == ["On Sets", "On Bags"]


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("12--34", "12–34"),
        ("12 - 34", "12–34"),
        ("12 — 34", "12–34"),
        ("3-15--3-20", "3-15–3-20"),
        ("1-5,9-12", "1–5,9–12"),
        ("e1234", "e1234"),
        ("12-", "12-"),
        ("", ""),
    ],
)
def test_pages_have_one_spelling(text: str, pages: str) -> None:
    assert page_range(text) == pages


def test_a_template_goes_before_the_citation_key_of_the_source() -> None:
    original = paper(citation_key="mine", published=date(1843, 1, 1))
    assert [citation_key(original), citation_key(original, "x{year}")] == ["mine", "x1843"]


@pytest.mark.parametrize("key", ["", "a b", "a,b", "a{b", "12", "http://x.y/1", "a" * 300, None, 5])
def test_what_is_no_citation_key_is_none(key: object) -> None:
    assert known_key(key) is None


def test_of_two_papers_with_one_citation_key_the_first_keeps_it() -> None:
    papers = [merge([SourceRecord(t, None, "a.bib", 1, citation_key="x1")], t) for t in ("a", "b")]
    assert citation_keys(papers) == {"a": "x1", "b": "x1-b"}
