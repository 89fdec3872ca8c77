"""The formats with one place for each fact: what a program, not a person, copied."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.files import (
    ENTRY,
    FEED,
    FORMATS,
    SAMPLES,
    every_sample,
    facts,
    parsed,
    sample_of,
    warnings,
)
from tests.strategies import HEADER, PAYLOADS, SEEDS, hostile_text, sightings_of_one_paper
from tui.actions import imports, triage
from tui.errors import InputError
from tui.exchange.import_files import import_pages
from tui.formats import exporters
from tui.formats.importers import named, names
from tui.library import Library
from tui.model.identity import merge_all
from tui.model.paper import Paper, SourceRecord, merge, to_record
from tui.model.state import DEFAULT_STATE, Item, Status
from tui.model.text import normalize

# All formats


def test_every_format_but_that_of_pages_has_a_sample() -> None:
    assert {"hf_daily", *FORMATS.values()} == set(names())


def test_the_help_of_import_lists_the_formats() -> None:
    assert names() == imports.FORMATS.split(", ")


@every_sample
def test_a_sample_is_recognized_and_says_the_same_when_its_format_is_named(sample: str) -> None:
    file = parsed(sample_of(sample))
    assert file.records
    assert file.warnings == ()
    assert parsed(sample_of(sample), format=FORMATS[sample]) == file


@pytest.mark.parametrize(
    "sample", [name for name in FORMATS if FORMATS[name] not in ("json", "ids")]
)
def test_a_record_stands_where_it_says(sample: str) -> None:
    lines = sample_of(sample).decode().split("\n")
    starts = [record.line for record in parsed(sample_of(sample))]
    assert starts == sorted(set(starts))
    for record, end in zip(parsed(sample_of(sample)), [*starts[1:], len(lines) + 1], strict=True):
        inside = " ".join(lines[record.line - 1 : end - 1])
        assert " ".join(record.title.split()[:3]) in " ".join(inside.split())


@every_sample
def test_nothing_of_a_page_is_taken_for_it(sample: str) -> None:
    importer = named(FORMATS[sample])
    for page in SEEDS.glob("*.txt"):
        assert importer.sniff(page.read_text("utf-8")[:10_000]) == 0


@pytest.mark.parametrize(
    "sample",  # pages have lists of links, too
    [name for name in FORMATS if FORMATS[name] not in ("reading_list", "ids")],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_file_of_two_formats_is_refused(sample: str, is_first: bool) -> None:
    page = "\n".join([*HEADER, "A Title", "", "We say it.", "", "• 5 authors", "", "Jun 9 2", ""])
    both = [sample_of(sample).decode(), page * 10]
    with pytest.raises(InputError) as caught:
        parsed("\n\n".join(both if is_first else both[::-1]))
    assert re.search("two formats|this is not", caught.value.message)


def mutations(sample: str) -> st.SearchStrategy[bytes]:
    """A sample with pieces cut out, repeated, exchanged and replaced by what does harm."""
    data = sample_of(sample)
    places = st.integers(0, len(data))
    harm = st.one_of(
        hostile_text(2).map(lambda text: text.encode(errors="replace")),
        st.sampled_from(
            [payload.encode(errors="replace") for payload in PAYLOADS]
            + [b"null", b"[]", b"{}", b"-1", b"1e999", b"9" * 5_000, b'"', b"\n", b"[" * 2_000]
            + [b"@misc{x,", b"@string{may = {", b"}}}}", b"\\'{", b"$$", b" and "]
            + [b"<entry>", b"</entry>", b"<!DOCTYPE x>", b"&x;", b"TY  - \n", b"ER  - \n", b"\xff"]
        ),
        st.tuples(places, st.integers(0, 300)).map(lambda cut: data[cut[0] : sum(cut)]),
    )
    edit = st.tuples(places, st.integers(0, 300), harm)

    def apply(edits: list[tuple[int, int, bytes]]) -> bytes:
        mutated = data
        for place, length, piece in edits:
            mutated = mutated[:place] + piece + mutated[place + length :]
        return mutated

    return st.lists(edit, min_size=1, max_size=4).map(apply)


@pytest.mark.parametrize("is_named", [True, False])
@every_sample
@given(chosen=st.data())
def test_a_damaged_file_gives_clean_records_or_one_sentence(
    sample: str, is_named: bool, chosen: st.DataObject
) -> None:
    data = chosen.draw(mutations(sample))
    try:
        file = parsed(data, format=FORMATS[sample] if is_named else "")
    except InputError:
        return
    lines = data.decode("utf-8", "replace").count("\n") + data.count(b"\r") + 1
    for record in file:
        texts = [record.title, record.abstract or "", *record.authors, *record.urls, record.file]
        texts += [record.doi or "", record.arxiv or "", record.organization or ""]
        assert texts == list(map(normalize, texts))
        assert record.title
        assert 1 <= record.line <= (lines if FORMATS[sample] != "json" else 10**9)
        assert merge([record]).title == record.title
    assert all(1 <= warning.line <= lines for warning in file.warnings)
    assert all(warning.text == normalize(warning.text, 200) for warning in file.warnings)


# Daily Papers API


def test_an_answer_of_the_daily_papers_api_says_all_that_it_has() -> None:
    first, second, third, fourth = parsed(sample_of("hf_daily_papers.json"))
    assert facts(first) == {
        "published": date(2026, 7, 28),  # not the 27th, as the outer date says
        "page_day": "2026-07-31",
        "authors": (
            "Jinsen Su",
            "Yongdong Luo",
            "Yuexiao Ma",
            "Yibo Hu",
            "Meiguang Jin",
            "Xiaowu Zheng",
        ),
        "upvotes": 3,
        "comments": 2,
        "arxiv": "2607.23193",
        "code_stars": 3,
        "urls": ("https://github.com/MAC-AutoML/OmniScope",),
    }
    assert second.organization == "Nanyang Technological University"
    assert second.title.startswith("Σ-Mem: An Online")
    assert third.urls == ("https://umd-huang-lab.github.io/beta-opsd/",)
    assert fourth.page_day == "2026-03-06"
    assert (fourth.abstract or "").startswith("Which multimodal model should we use")
    assert [record.line for record in (first, second, third, fourth)] == [2, 73, 149, 231]


def entry(**paper: Any) -> dict[str, Any]:
    """An entry of an answer, of a paper with the given members."""
    return {"paper": {"id": "2607.00001", "title": "A Title", **paper}, "numComments": 1}


def test_the_answer_about_one_paper_is_read_as_a_list_of_one() -> None:
    (record,) = parsed({**entry(publishedAt="2026-07-28T00:00:00.000Z")["paper"], "upvotes": 4})
    assert (record.title, record.arxiv, record.upvotes) == ("A Title", "2607.00001", 4)


def test_a_repository_without_its_host_is_on_github_and_hidden_authors_are_left_out() -> None:
    authors = [{"name": "Ada"}, {"name": "Bob", "hidden": True}]
    (record,) = parsed([entry(githubRepo="ada/engine", authors=authors)])
    assert record.urls == ("https://github.com/ada/engine",)
    assert record.authors == ("Ada",)


@pytest.mark.parametrize("id", ["my-paper", 7, None, "2024.1234", "12345"])
def test_a_paper_need_not_be_on_arxiv(id: object) -> None:
    (record,) = parsed([entry(id=id)])
    assert record.arxiv is None


def test_a_broken_entry_is_reported_and_the_others_are_imported() -> None:
    titles: list[object] = [None, {"a": 1}, " \n "]
    broken: list[object] = [3, None, "x", [], *(entry(title=title) for title in titles)]
    text = "[\n" + ",\n".join(map(json.dumps, [entry(), *broken, entry(title="B")])) + "\n]"
    file = parsed(text)
    assert [record.title for record in file] == ["A Title", "B"]
    skipped = [(warning.line, warning.text) for warning in file.warnings if warning.skipped]
    assert skipped == [(line, "this record has no title") for line in range(3, 10)]


def test_a_fact_of_the_wrong_type_is_left_out_and_reported() -> None:
    odd = {"summary": 3, "authors": "Ada", "publishedAt": [], "upvotes": True}
    odd |= {"organization": {"fullname": 1}, "submittedOnDailyAt": 2}
    (record,) = file = parsed([entry(**odd)])
    assert facts(record) == {"arxiv": "2607.00001", "comments": 1}
    assert sorted(text for _, text in warnings(file)) == [
        "not a number: upvotes",
        "the abstract is not a text",
        "the authors are not a list",
        "the date is not a text",
        "the organization is not a text",
        "the page day is not a text",
    ]
    assert not any(warning.skipped for warning in file.warnings)


@pytest.mark.parametrize("number", [-1, 10**12, 1.5, "3"])
def test_a_count_that_cannot_be_is_left_out(number: object) -> None:
    (record,) = parsed([entry(upvotes=number)])
    assert record.upvotes is None


@pytest.mark.parametrize("day", ["2026-02-30", "9999999", "yesterday", "", "0726-07"])
def test_what_is_no_day_is_left_out(day: str) -> None:
    (record,) = parsed([entry(publishedAt=day)])
    assert record.published is None


def test_an_answer_that_is_cut_off_gives_the_entries_before() -> None:
    data = sample_of("hf_daily_papers.json")
    file = parsed(data[: data.index(b"Large Multimodal Models as")])
    assert len(file.records) == 3
    assert warnings(file) == [(231, "the JSON is damaged or cut off here")]


def test_json_that_is_nested_too_deeply_is_reported() -> None:
    file = parsed(json.dumps([entry()])[:-1] + ', {"a": ' + "[" * 200_000)
    assert len(file.records) == 1
    assert warnings(file) == [(1, "this is nested too deeply")]


def test_an_empty_answer_is_said_to_have_no_papers() -> None:
    with pytest.raises(InputError, match="no papers found"):
        parsed("[]", format="hf_api")


def test_a_paper_of_the_samples_that_comes_by_the_api_keeps_its_decision(
    library: Library, tmp_path: Path
) -> None:
    seed = library.item(library.resolve("mixlora"))
    triage.mark(library, [seed.paper.key], Status.READ)
    answer = [entry(id="2405.01234", title=seed.paper.title, upvotes=7)]
    (tmp_path / "answer.json").write_text(json.dumps(answer), "utf-8")
    (result,) = import_pages(library, [str(tmp_path / "answer.json")])
    assert str(result) == "1 merged"
    item = library.item(seed.paper.key)
    assert item.state.status is Status.READ
    assert (item.paper.arxiv, item.paper.upvotes) == ("2405.01234", 7)
    retitled = [entry(id="2405.01234", title="Quite Another Title")]
    (tmp_path / "later.json").write_text(json.dumps(retitled), "utf-8")
    (result,) = import_pages(library, [str(tmp_path / "later.json")])
    assert str(result) == "1 merged"
    assert library.item(seed.paper.key).state.status is Status.READ


def test_no_page_and_no_json_loads_xml() -> None:
    page = next(SEEDS.glob("000*.txt"))
    code = (
        "import sys\nfrom datetime import date\nfrom pathlib import Path\n"
        "from tui.formats.importers import read\n"
        f"for path in {[str(page), str(SAMPLES / 'hf_daily_papers.json')]!r}:\n"
        "    read(Path(path).read_bytes(), 'a', today=date(2026, 1, 5))\n"
        "print([name for name in sys.modules if name.startswith('xml')])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60
    )
    assert result.stdout == "[]\n", result.stderr


# What the program prints itself


def test_what_is_printed_as_json_is_the_same_records_again(corpus: tuple[Paper, ...]) -> None:
    file = parsed([to_record(paper) for paper in corpus])
    assert file.warnings == ()
    assert list(file) == [record for paper in corpus for record in paper.records]


@given(sightings_of_one_paper())
def test_records_of_any_facts_come_back(sightings: list[SourceRecord]) -> None:
    paper = merge(sightings)
    file = parsed([to_record(paper)])
    assert file.warnings == ()
    assert len(file.records) == len(paper.records)
    for again, before in zip(file, paper.records, strict=True):
        assert (again.title, again.abstract) == (before.title, before.abstract)
        assert (again.page_day, again.published) == (before.page_day, before.published)


def test_a_library_gains_nothing_from_its_own_export(
    library: Library, corpus: tuple[Paper, ...], tmp_path: Path
) -> None:
    path = tmp_path / "mine.json"
    path.write_text(exporters.write("json", library.items()), "utf-8")
    (result,) = import_pages(library, [str(path)])
    assert str(result) == f"{len(corpus)} known from the samples"


def test_an_import_of_an_export_is_named_after_its_file(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(exporters.write("json", library.items()[:3]), "utf-8")
    with Library.open(tmp_path / "other", "desk", wait=0) as other:
        (result,) = import_pages(other, [str(path)])
        assert str(result) == "3 new"
        assert [each.head.source for each in other.imports.all()] == ["mine.json"]


def test_any_program_can_write_papers() -> None:
    papers = [{"title": "A", "mood": 3}, {"title": "B", "arxiv": "2405.01234", "authors": ["Ada"]}]
    for text in (json.dumps(papers), "\n".join(map(json.dumps, papers)), json.dumps(papers[1])):
        last = parsed(text).records[-1]
        assert (last.title, last.arxiv, last.authors) == ("B", "2405.01234", ("Ada",))
        assert last.file == "a.file"


@pytest.mark.parametrize("text", ["[]", "{}", "[1, 2]", '{"name": "x", "version": 3}', "[[[]]]"])
def test_json_without_titles_is_refused_as_json(text: str) -> None:
    with pytest.raises(InputError, match="no papers found"):
        parsed(text)


def test_a_sighting_of_wrong_types_is_reported_and_the_others_are_imported() -> None:
    good = {"file": "p.txt", "line": 7, "page_day": "--03-17"}
    bad = [{"file": 3}, {"file": "p.txt", "line": "x"}, {**good, "page_day": "soon"}, 5]
    file = parsed([{"title": "A", "sightings": [good, *bad]}])
    assert [(r.file, r.line, r.page_day) for r in file] == [
        ("p.txt", 7, "--03-17"),
        ("p.txt", 1, None),
        ("p.txt", 7, None),
        ("a.file", 1, None),
    ]
    assert warnings(file) == [(1, "not a number: line"), (1, "this record has no file")]


# RIS


def test_a_ris_file_says_all_that_it_has() -> None:
    first, second = parsed(sample_of("zotero.ris"))
    assert facts(first) == {
        "published": date(2017, 6, 12),
        "authors": ("Ashish Vaswani", "Noam Shazeer", "Martin Luther King Jr."),
        "arxiv": "1706.03762",
        "arxiv_version": 7,
        "urls": ("https://github.com/tensorflow/tensor2tensor",),
    }
    assert (first.abstract or "").endswith(
        "recurrent or convolutional neural networks. " + PROPOSED
    )
    assert second.title == "Highly accurate protein structure prediction with AlphaFold & templates"
    assert facts(second) == {
        "published": date(2021, 8, 1),
        "date_precision": "month",
        "authors": ("John Jumper", "DeepMind Team"),
        "doi": "10.1038/s41586-021-03819-2",
        "venue": "Nature",
        "entry_type": "article",
    }


PROPOSED: Final = "We propose a new simple network architecture."


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["UR  - https://arxiv.org/abs/2405.01234v3"], ("2405.01234", 3, None)),
        (["JO  - arXiv preprint arXiv:2405.01234"], ("2405.01234", None, None)),
        (["AN  - 2405.01234"], (None, None, None)),  # an accession number of whatever catalogue
        (["M1  - arXiv:math.GT/0309136", "DO  - 10.1234/AB"], ("math/0309136", None, "10.1234/ab")),
        (["DO  - 10.1234/a%1b[31m"], (None, None, None)),
        (["DO  - 10.1234/" + "a" * 300], (None, None, None)),
    ],
)
def test_identifiers_are_taken_from_where_programs_put_them(
    lines: list[str], expected: tuple[str | None, int | None, str | None]
) -> None:
    (record,) = parsed("\n".join(["TY  - JOUR", "TI  - A", *lines, "ER  - "]))
    assert (record.arxiv, record.arxiv_version, record.doi) == expected


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2024/05/16/", date(2024, 5, 16)),
        ("2024-05-16", date(2024, 5, 16)),
        ("20240516", date(2024, 5, 16)),
        ("2024 May 16", date(2024, 5, 16)),
        ("2024/5/1/Spring", date(2024, 5, 1)),
        ("2024/02/30", None),
        ("1066", None),
        ("16.5.", None),
    ],
)
def test_a_date_begins_with_year_month_and_day(stated: str, day: date | None) -> None:
    (record,) = parsed(f"TY  - JOUR\nTI  - A\nDA  - {stated}\nER  - \n")
    assert (record.published, record.date_precision) == (day, None)


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        *(("2024", "2024"), ("2024//", "2024"), ("2024/05//", "2024-05"), ("2024-5", "2024-05")),
        *(("2024 May", "2024-05"), ("2024 December-2025", "2024-12"), ("2024 Mai 16", "2024")),
        *(("2024 Spring", "2024"), ("2024-2025", "2024"), ("2024/13", "2024"), ("2024a", "")),
    ],
)
def test_a_month_or_a_year_is_no_more_than_that(stated: str, date: str) -> None:
    (record,) = parsed(f"TY  - JOUR\nTI  - A\nDA  - {stated}\nER  - \n")
    assert record.stated_date == date


def test_records_without_an_end_a_title_or_capitals() -> None:
    head = "Provider: A Publisher\n\nTY  - JOUR\nTI  - A\nTY  - JOUR\n"
    text = f"{head}AU  - X\nER  -\n\n2.\nty  - JOUR\nti  - B"
    file = parsed("\ufeff" + text)
    assert [(record.title, record.line) for record in file] == [("A", 3), ("B", 10)]
    assert warnings(file) == [(5, "this record has no title")]


def test_what_publishers_write_between_records_is_no_other_format() -> None:
    between = "\nRecord #2 of 2\nProvider: A Publisher\nContent: text/plain\n2.\n"
    file = parsed(f"TY  - JOUR\nTI  - A\nER  - \n{between}TY  - JOUR\nTI  - B\nER  - ")
    assert [record.title for record in file] == ["A", "B"]


def test_text_between_records_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match="line 4: this is not RIS"):
        parsed("TY  - JOUR\nTI  - A\nER  - \nAnd now, a word.\nTY  - JOUR\nTI  - B\nER  - ")


def test_a_value_injects_no_record() -> None:
    (record,) = parsed("TY  - JOUR\nTI  - A\u2028ER  - \u2028TY  - JOUR\nER  - ")
    assert record.title == "A ER - TY - JOUR"


# PubMed


def test_a_file_of_pubmed_says_all_that_it_has() -> None:
    first, second = parsed(sample_of("pubmed.nbib"))
    assert first.title == "Highly accurate protein structure prediction with AlphaFold"
    assert (first.abstract or "").endswith(
        "can facilitate a mechanistic understanding of their function."
    )
    assert facts(first) == {
        "published": date(2021, 7, 15),
        "authors": ("John Jumper", "Richard Evans", "An Example Consortium"),
        "doi": "10.1038/s41586-021-03819-2",
        "pages": "583–589",
    }
    assert facts(second) == {
        "published": date(2024, 5, 2),
        "authors": ("Lovelace A",),
        "arxiv": "2405.01234",
        "arxiv_version": 2,
    }


# CSL-JSON


def test_csl_says_all_that_it_has() -> None:
    first, second = parsed(sample_of("zotero.csl.json"))
    assert first.abstract == "The dominant models are recurrent."
    assert facts(first) == {
        "published": date(2017, 6, 12),
        "authors": ("Ashish Vaswani", "Ludwig van Beethoven Jr.", "Google Brain"),
        "family_names": ("Google Brain",),
        "arxiv": "1706.03762",
        "arxiv_version": 7,
        "citation_key": "vaswani2017",
    }
    assert second.title == "Protein structure in CO2"
    assert facts(second) == {
        "published": date(2021, 7, 15),
        "doi": "10.1038/s41586-021-03819-2",
        "urls": ("https://www.nature.com/articles/s41586-021-03819-2",),
        "address": "https://www.nature.com/articles/s41586-021-03819-2",
        "venue": "Nature",
        "entry_type": "article",
        "citation_key": "jumper2021",
    }


@pytest.mark.parametrize("issued", [5, "soon", [], {"date-parts": []}, {"date-parts": [[{}]]}])
def test_an_issue_that_is_no_day_is_left_out(issued: object) -> None:
    (record,) = file = parsed([{"title": "A", "DOI": "10.1234/x", "issued": issued}])
    assert record.published is None
    assert file.warnings == ()


def test_a_paper_in_five_formats_is_one() -> None:
    title = "Attention Is All You Need"
    feed = FEED + ENTRY.replace("hep-th/9901001v2", "1706.03762v7") + "</feed>"
    files = [
        parsed(sample_of("zotero.ris")).records[0],
        parsed(sample_of("zotero.csl.json")).records[0],
        *parsed([entry(id="1706.03762")]),
        *parsed(feed),
        *parsed([{"title": title}]),
    ]
    (paper,) = merge_all(files)
    assert (paper.arxiv, paper.arxiv_version) == ("1706.03762", 7)


@pytest.mark.parametrize("format", ["bibtex", "biblatex", "ris", "csl", "json"])
@pytest.mark.parametrize("precision", [None, "month", "year"])
def test_a_date_leaves_and_comes_back_as_exact_as_it_was(
    format: str, precision: str | None
) -> None:
    day = date(2024, 5, 16)
    if precision:
        day = day.replace(day=1, month=5 if precision == "month" else 1)
    source = SourceRecord("On Dates", None, "a", 1, published=day, date_precision=precision)
    text = exporters.write(format, [Item(merge([source]), DEFAULT_STATE)])
    (record,) = parsed(text)
    stated = source.stated_date
    if format == "bibtex":  # which has no day
        stated = stated[:7]
    assert record.stated_date == stated


def test_a_list_of_identifiers_may_have_comments() -> None:
    file = parsed("# To read\n2405.01234  # by A. Lovelace\n\n10.1145/77\n")
    assert [(r.arxiv, r.doi) for r in file.records] == [("2405.01234", None), (None, "10.1145/77")]
    assert file.warnings == ()


def test_an_address_beside_a_paper_has_no_escape_sequence() -> None:
    page = "\n".join([*HEADER, "On Sets", "", "We show sets, see [code](https://a.org/\x1b]8;;x)."])
    assert not any("\x1b" in url for record in parsed(page) for url in record.urls)


@pytest.mark.parametrize(
    "content",
    [
        "@online{a, title = {On Sets}, url = {https://blog.example.org/a_b}}",
        "@misc{a, title = {On Sets}, howpublished = {\\url{https://blog.example.org/a_b}}}",
        "TY  - BLOG\nTI  - On Sets\nUR  - https://blog.example.org/a_b\nER  - ",
        [{"title": "On Sets", "type": "post-weblog", "URL": "https://blog.example.org/a_b"}],
        [{"itemType": "blogPost", "title": "On Sets", "url": "https://blog.example.org/a_b"}],
        {"title": "On Sets", "address": "https://blog.example.org/a_b"},
    ],
)
def test_the_address_that_a_source_states_is_that_of_the_paper(content: object) -> None:
    item = Item(merge(parsed(content)), DEFAULT_STATE)
    assert item.paper.link == "https://blog.example.org/a_b"
    assert "url = {https://blog.example.org/a_b}" in exporters.write("bibtex", [item])
    assert "UR  - https://blog.example.org/a_b\r\n" in exporters.write("ris", [item])
    (record,) = parsed(exporters.write("csl", [item]))
    assert record.address == "https://blog.example.org/a_b"


def test_an_address_that_only_repeats_an_identifier_is_none() -> None:
    for url in ("https://arxiv.org/abs/2405.01234", "https://doi.org/10.1234/abc", "see below"):
        (record,) = parsed(f"@misc{{a, title = {{On Sets}}, url = {{{url}}}}}")
        assert record.address is None


def test_links_of_code_are_no_address_of_the_paper() -> None:
    (record,) = parsed("@misc{a, title = {On Sets}, code = {https://github.com/a/b}}")
    paper = merge([record])
    assert (paper.urls, paper.page) == (("https://github.com/a/b",), None)
