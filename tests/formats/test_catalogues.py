"""Zotero, OpenAlex, Semantic Scholar, reading lists in Markdown, and lists of identifiers."""

import json
from datetime import date
from typing import Any

import pytest

from tests.formats.files import facts, parsed, sample_of, warnings
from tui.errors import InputError
from tui.formats.base import Decision, ImportContext
from tui.formats.importers import ids
from tui.model.state import Status

# Zotero


def test_json_of_zotero_says_all_that_it_has() -> None:
    first, second = parsed(sample_of("better_bibtex.json"))
    assert (first.title, first.abstract, first.line) == (
        "Sets in Practice and Theory",
        "We use sets.",
        4,
    )
    assert facts(first) == {
        "published": date(2024, 5, 16),
        "authors": ("Ada Lovelace", "A Consortium"),
        "arxiv": "2405.01234",
        "urls": ("https://example.org/sets",),
        "address": "https://example.org/sets",
    }
    assert facts(second) == {"doi": "10.1234/abc", "entry_type": "article"}


def test_tags_notes_and_whether_it_was_read_are_decisions() -> None:
    decisions = parsed(sample_of("better_bibtex.json")).decisions
    assert decisions == {
        0: Decision(Status.READING, tags=("set-theory", "to-check"), note="Look again."),
        1: Decision(Status.READ),
    }


def test_an_answer_of_zotero_has_its_items_in_data() -> None:
    (record,) = parsed([{"key": "A", "data": {"itemType": "book", "title": "On Sets"}}])
    assert record.title == "On Sets"


# OpenAlex


def test_a_work_of_openalex_says_all_that_it_has() -> None:
    (record,) = parsed(sample_of("openalex_work.json"))
    assert (record.abstract or "").startswith("This article presents a practical roadmap")
    assert facts(record) == {
        "published": date(2016, 12, 28),
        "authors": ("Martin Fenner", "Mercè Crosas", "Jeffrey Grethe"),
        "doi": "10.1101/097196",
        "urls": ("https://www.biorxiv.org/content/biorxiv/early/2017/10/09/097196.full.pdf",),
    }


@pytest.mark.parametrize(
    ("words", "abstract"),
    [("Abstract We count.", "We count."), ("Abstract sets are counted.",) * 2],
)
def test_the_heading_of_an_abstract_is_not_part_of_it(words: str, abstract: str) -> None:
    index = {word: [place] for place, word in enumerate(words.split())}
    work = {"id": "https://openalex.org/W1", "title": "On Sets", "abstract_inverted_index": index}
    (record,) = parsed(json.dumps(work))
    assert record.abstract == abstract


def test_an_answer_of_openalex_has_its_works_in_results() -> None:
    work = {"id": "https://openalex.org/W1", "title": "On Sets"}
    text = json.dumps({"meta": {"count": 2}, "results": [work, {**work, "title": "B"}], "x": []})
    assert [record.title for record in parsed(text)] == ["On Sets", "B"]


@pytest.mark.parametrize(
    "index", [None, 5, [], {"a": 3}, {"a": ["x"]}, {"a": [10**18, -1]}, {"a": [[1]]}]
)
def test_an_odd_abstract_does_no_harm(index: Any) -> None:
    work = {"id": "https://openalex.org/W1", "title": "On Sets", "abstract_inverted_index": index}
    assert [record.title for record in parsed([work])] == ["On Sets"]


# Semantic Scholar


def test_a_paper_of_semantic_scholar_says_all_that_it_has() -> None:
    (record,) = parsed(sample_of("semantic_scholar_paper.json"))
    stated = facts(record)
    assert stated.pop("ai_summary").startswith("If the meaning of the words")
    assert stated == {
        "published": date(1950, 10, 1),
        "authors": ("A. Turing",),
        "doi": "10.1093/mind/lix.236.433",
        "venue": "Mind",
        "volume": "LIX",
        "pages": "433–460",
    }


def test_an_answer_of_semantic_scholar_has_its_papers_in_data() -> None:
    paper = {"paperId": "1", "title": "On Sets", "externalIds": {"ArXiv": "2405.01234"}}
    (record,) = parsed({"total": 1, "offset": 0, "data": [paper]})
    assert (record.title, record.arxiv) == ("On Sets", "2405.01234")


# Where in its venue a paper is

JOURNAL = {"volume": "12", "pages": "34-56"}
TAGGED = "VL  - 12\nIS  - 3\nSP  - 34\nEP  - 56\nPB  - Sons\n"
PLACE = {"type": "journal", "display_name": "Sets"}
WORK = {"biblio": {"volume": "12", "issue": "3", "first_page": "34", "last_page": "56"}}
OPENALEX = {"id": "https://openalex.org/W1", "primary_location": {"source": PLACE}, **WORK}
ALL = ("12", "3", "34–56", "Sons")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@article{a, title={A}, volume=12, number={3}, pages={34--56}, publisher={Sons}}", ALL),
        ("@article{a, title={A}, volume=12, issue={3}, pages={34-56}, publisher={Sons}}", ALL),
        ("@article{a, title={A}, journal={CoRR}, volume={abs/2405.01234}}", (None,) * 4),
        (f"TY  - JOUR\nTI  - A\n{TAGGED}ER  - ", ALL),
        ("TY  - JOUR\nTI  - A\nSP  - e7\nER  - ", (None, None, "e7", None)),
        ("PMID- 1\nTI  - A\nVI  - 12\nIP  - 3\nPG  - 34-56\nPB  - Sons\n", ALL),
        ([{"type": "thesis", "title": "A", "volume": 12, "issue": 3, "page": "34-56"}], None),
        ([{"itemType": "book", "title": "A", "issue": "3", "publisher": "Sons", **JOURNAL}], ALL),
        ([{"title": "A", **OPENALEX}], (*ALL[:3], None)),
        ([{"paperId": "1", "title": "A", "journal": JOURNAL}], ("12", None, "34–56", None)),
        ([{"itemType": "book", "title": "A", "volume": [1], "pages": True}], (None,) * 4),
        ([{"itemType": "preprint", "title": "A", "publisher": "arXiv"}], (None,) * 4),
    ],
)
def test_volume_number_pages_and_publisher_are_read(text: Any, expected: Any) -> None:
    (record,) = parsed(text)
    stated = (record.volume, record.number, record.pages, record.publisher)
    assert stated == (expected or (*ALL[:3], None))


@pytest.mark.parametrize(
    ("place", "venue"), [(PLACE, "Sets"), ({**PLACE, "type": "repository"}, None), (None, None)]
)
def test_of_openalex_a_repository_is_no_venue(place: Any, venue: str | None) -> None:
    (record,) = parsed([{"title": "A", **OPENALEX, "primary_location": {"source": place}}])
    assert record.venue == venue


def test_the_series_of_a_book_is_its_venue() -> None:
    (record,) = parsed([{"type": "book", "title": "A", "collection-title": "Lecture Notes"}])
    assert record.venue == "Lecture Notes"
    chapter = {"type": "chapter", "title": "A", "collection-title": "Notes"}
    (record,) = parsed([{**chapter, "container-title": "Sets"}])
    assert record.venue == "Sets"


def test_the_publisher_of_a_thesis_is_its_venue() -> None:
    (record,) = parsed([{"type": "thesis", "title": "A", "publisher": "Cambridge"}])
    assert (record.venue, record.publisher) == ("Cambridge", None)


@pytest.mark.parametrize(
    "text",
    [
        "@thesis{a, title={A}, type={mathesis}}",
        "TY  - THES\nTI  - A\nM3  - M.Sc. thesis\nER  - ",
        [{"type": "thesis", "title": "A", "genre": "Master thesis"}],
        [{"itemType": "thesis", "title": "A", "thesisType": "MSc"}],
    ],
)
def test_the_degree_of_a_thesis_is_its_type(text: Any) -> None:
    (record,) = parsed(text)
    assert record.entry_type == "mastersthesis"


@pytest.mark.parametrize("genre", ["PhD thesis", "Mathematics", "Dissertation", 7, None])
def test_other_theses_are_of_doctors(genre: Any) -> None:
    (record,) = parsed([{"type": "thesis", "title": "A", "genre": genre}])
    assert record.entry_type == "phdthesis"


# Reading lists


def test_a_reading_list_says_all_that_it_has() -> None:
    file = parsed(sample_of("awesome.md"))
    assert [(r.line, r.title, r.arxiv or r.doi, r.urls) for r in file] == [
        (7, "On Sets and Bags", "2405.01234", ("https://github.com/ada/sets",)),
        (8, "On Trees: A Survey", "2305.00001", ("https://github.com/ada/trees",)),
        (9, "On Graphs in the Wild", None, ("https://proceedings.mlr.press/v1/b.pdf",)),
        (11, "On Lists of Lists", "10.1234/abc", ("https://example.org/lists",)),
        (
            12,
            "On Queues",
            None,
            ("https://openreview.net/forum?id=abc", "https://github.com/ada/queues"),
        ),
        (19, "On Tables in Lists", "2405.01236", ("https://github.com/a/b",)),
        (21, "On Headings", None, ("https://aclanthology.org/2024.acl-long.1/",)),
    ]
    assert file.decisions == {0: Decision(Status.READ), 2: Decision(Status.READING)}


ARXIV = "https://arxiv.org/abs/2405.01234"


@pytest.mark.parametrize(
    "line",
    [
        f"- [On Sets]({ARXIV})",
        f"* **On Sets** [paper]({ARXIV})",
        f"1. On Sets ({ARXIV})",
        f"- [2024/05] On Sets. [[Paper]]({ARXIV})",
        f'- "On Sets of Sets", A. Lovelace [PDF]({ARXIV})',
        f"> - [ ] [On Sets]({ARXIV} 'a title')",
        f"[On Sets](<{ARXIV}>)",
        f"- On Sets\n  - [arXiv]({ARXIV})",
        f"- [On Sets]({ARXIV}), see [On Bags](https://arxiv.org/abs/2405.01235)",
        f"|[On Sets]({ARXIV})|2024|",
    ],
)
def test_a_title_is_found_however_a_line_is_written(line: str) -> None:
    (record,) = parsed(line, format="reading_list")
    assert (record.title.removesuffix(" of Sets"), record.arxiv) == ("On Sets", "2405.01234")


@pytest.mark.parametrize(
    "text",
    [
        "- [A tool](https://github.com/a/b)\n- [A site](https://example.org)\n",
        f"- [paper]({ARXIV})\n",
        f"We build on what [others]({ARXIV}) did.\n\nAnd so on.\n",
        f"```\n- [On Sets]({ARXIV})\n```\n",
    ],
)
def test_what_is_no_list_of_papers_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parsed(text)


def test_a_list_of_ones_own_is_still_refused() -> None:
    text = f"<!-- papers-tui:begin -->\n- [ ] [On Sets]({ARXIV}) <!-- pt:on-sets-1 -->\n" * 4
    with pytest.raises(InputError, match="a list exported by papers-tui"):
        parsed(text)


# Identifiers

DAY = date(2026, 1, 15)
NEED = "Attention Is All You Need"


def test_a_list_of_identifiers_gives_papers_called_by_them() -> None:
    file = parsed(sample_of("ids.txt"))
    assert [(r.line, r.title, r.arxiv, r.arxiv_version, r.doi) for r in file] == [
        (1, "arXiv:2405.01234", "2405.01234", None, None),
        (2, "arXiv:2405.01235", "2405.01235", 2, None),
        (3, "arXiv:hep-th/9901001", "hep-th/9901001", None, None),
        (5, "doi:10.1234/abc", None, None, "10.1234/abc"),
        (6, "doi:10.1234/abd", None, None, "10.1234/abd"),
    ]


def test_a_line_that_names_no_paper_is_told_of_and_the_rest_comes_in() -> None:
    lines = ["# to read", "2405.01234", "not an identifier", "10.1234/abc", "2405.01235v2", ""]
    file = parsed("\n".join(lines))
    assert len(file.records) == 3
    assert warnings(file) == [(3, "no arXiv identifier or DOI in this line")]
    with pytest.raises(InputError):
        parsed("\n".join(["nor is this", *lines]))


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Attention Is All You Need https://arxiv.org/abs/1706.03762.", NEED),
        ("3. Attention Is All You Need. arXiv:1706.03762", NEED),
        ("- [ ] [On Sets](https://arxiv.org/abs/1706.03762)", "On Sets"),
        ("- **[On Sets](https://huggingface.co/papers/1706.03762)**, 2017", "On Sets"),
        ("* **On Sets** [[pdf](arxiv.org/pdf/1706.03762)]", "On Sets"),
        ("On Sets (arXiv:1706.03762, 2017), by Ada Lovelace", "On Sets"),
        ("A. Lovelace. “On Sets and Maps.” arXiv preprint arXiv:1706.03762", "On Sets and Maps"),
        ("1706.03762 On Sets", "On Sets"),
        ("[1706.03762v2] On Sets https://arxiv.org/abs/1706.03762", "On Sets"),
        ("[1706.03762](https://arxiv.org/abs/1706.03762) On Sets", "On Sets"),
        ("https://github.com/a/b <https://arxiv.org/abs/1706.03762>: On Sets", "On Sets"),
        ("| 1706.03762 | On Sets | 2017 |", "On Sets"),
        ("1706.03762\tOn Sets\t2017", "On Sets"),
        ("BERT: 1706.03762", "BERT"),
        ('"Attention" is: a good title arXiv:1706.03762', '"Attention" is: a good title'),
        ("Ünïcode — “Titel” arXiv:1706.03762", "Ünïcode — “Titel”"),
        ("注意力就是 1706.03762", "注意力就是"),
        ("[abs](arxiv.org/abs/1706.03762), [pdf](arxiv.org/pdf/1706.03762)", "arXiv:1706.03762"),
        ("We follow Vaswani et al. (1706.03762) and use it", "arXiv:1706.03762"),
        ("see also 1706.03762", "arXiv:1706.03762"),
    ],
)  # fmt: skip
def test_a_paper_has_the_title_beside_its_identifier(line: str, title: str) -> None:
    (record,) = ids.read(f"To read\n{line}\n", ImportContext("notes.txt", DAY)).records
    assert (record.title, record.arxiv, record.line) == (title, "1706.03762", 2)


@pytest.mark.parametrize(
    ("line", "papers"),
    [
        ("1706.03762 (doi:10.1038/N1), both", ["arXiv:1706.03762", "doi:10.1038/n1"]),
        ("On Sets 1706.03762 doi:10.1038/N1", ["On Sets"]),
        ("On Sets 1706.03762, 1706.03763", ["arXiv:1706.03762", "arXiv:1706.03763"]),
        ("[A](arxiv.org/abs/1706.03762) [B](arxiv.org/abs/1706.03763)", ["A", "B"]),
        ("The costs were 1799.12345 and 10.1 percent", []),
    ],
)
def test_a_line_may_name_several_papers_or_none(line: str, papers: list[str]) -> None:
    file = ids.read(f"To read\n{line}\n", ImportContext("notes.txt", DAY))
    assert [record.title for record in file.records] == papers
    assert [line for line, _ in warnings(file)] == [1] if papers else [1, 2]


def test_lines_of_titles_and_identifiers_are_recognized() -> None:
    lines = ["# to read", "On Sets arXiv:1706.03762", "On Maps 1706.03763"]
    assert [record.title for record in parsed("\n".join(lines))] == ["On Sets", "On Maps"]
    with pytest.raises(InputError):
        parsed("\n".join([*lines, "and other words", ""]))


def test_an_address_that_names_no_paper_is_reported() -> None:
    file = parsed("https://example.org/a\n2405.01234\n")
    assert len(file.records) == 1
    assert warnings(file) == [(1, "no arXiv identifier or DOI in this line")]
