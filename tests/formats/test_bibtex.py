"""BibTeX and BibLaTeX, and the TeX in their values."""

import logging
import subprocess
import sys
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.exchange import nasty
from tests.formats.files import facts, parsed, sample_of, warnings
from tests.strategies import PAYLOADS, hostile_text
from tui.errors import InputError
from tui.formats.base import Decision, ExportOptions
from tui.formats.bibliography import Name, parse_name
from tui.formats.exporters import biblatex, bibtex
from tui.formats.tex import tex_to_text
from tui.model.identifiers import arxiv_id, doi
from tui.model.paper import Paper
from tui.model.state import Item, PaperState, Status
from tui.model.text import normalize

SAMPLE = sample_of("mixed.bib").decode()


def test_a_file_of_bibtex_says_all_that_it_has() -> None:
    first, second, third, fourth = parsed(SAMPLE)
    assert first.title == "A Study of Topic & Others"
    assert first.abstract == "We find 41% in “sets” – of $O(n)$."
    assert facts(first) == {
        "published": date(2024, 5, 16),
        "authors": ("Ada Lovelace", "María Gómez", "Brain and Friends Team"),
        "authors_incomplete": True,
        "doi": "10.1234/abc_1",
        "urls": ("https://example.org/a_b",),
        "address": "https://example.org/a_b",
        "venue": "Proceedings of the ACL 2024",
        "entry_type": "article",
        "citation_key": "lovelace2024",
    }
    assert second.title == 'On Sets of "Sets"'
    assert facts(second) == {
        "authors": ("Martin Luther King Jr.",),
        "arxiv": "1706.03762",
        "arxiv_version": 7,
        "categories": ("cs.CL",),
        "citation_key": "king2017",
    }
    assert third.title == "Twice the Same Key: It Is Kept"
    assert facts(third) == {
        "published": date(2024, 5, 17),
        "arxiv": "2405.01234",
        "urls": ("https://example.org/c",),
        "address": "https://example.org/c",
        "citation_key": "lovelace2024",
    }
    assert fourth.arxiv == "2405.01235"
    assert fourth.stated_date == "2024"
    assert [record.line for record in (first, second, third, fourth)] == [5, 20, 23, 27]


def test_a_file_says_what_its_user_decided() -> None:
    decision = Decision(Status.READ, tags=("nlp", "deep-learning"), note="Read it.\n\nTwice.")
    assert parsed(SAMPLE).decisions == {0: decision}


@pytest.mark.parametrize(
    "broken", ["@article{x, title = {No End, author = {X}\n", "@misc{x = y}\n", "@misc{x,\n"]
)
def test_a_damaged_entry_is_reported_and_the_others_are_imported(
    broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        file = parsed(f"@misc{{a, title = {{A}}}}\n\n{broken}\n@misc{{b, title = {{B}}}}\n")
    assert [(record.title, record.line) for record in file] == [
        ("A", 1),
        ("B", file.records[1].line),
    ]
    assert warnings(file) == [(3, "this entry is damaged or cut off")]
    assert not caplog.records  # nothing is printed over the screen


def test_entries_without_a_title_and_with_a_field_twice() -> None:
    file = parsed("@misc{a, note = {x}}\n@misc{b, title = {B}, title = {C}}\n@misc{, title={D},}")
    assert [record.title for record in file] == ["B", "D"]
    assert warnings(file) == [(1, "this record has no title")]


VOLUME = (
    "@proceedings{C, title={Sets, Again}, year=2020, month=may, publisher={Sons}, pages={1--400},"
    " editor={X}, doi={10.1/c}, url={https://c.org}, keywords={k}}\n"
)


@pytest.mark.parametrize("is_ahead", [True, False])
def test_an_entry_has_place_and_day_of_the_volume_that_it_refers_to(is_ahead: bool) -> None:
    entries = "@inproceedings{a, title={A}, crossref={c}, pages={3}}\n"
    entries += "@incollection{b, title={B}, CrossRef=C, year=2019, booktitle={Bags}}\n"
    file = parsed(VOLUME + entries if is_ahead else entries + VOLUME)
    records = {record.title: record for record in file}
    expected = {"entry_type": "inproceedings", "citation_key": "a", "venue": "Sets, Again"}
    day = {"published": date(2020, 5, 1), "date_precision": "month"}
    assert facts(records["A"]) == expected | day | {"pages": "3", "publisher": "Sons"}
    other = records["B"]
    assert (other.venue, other.stated_date, other.pages) == ("Bags", "2019", None)


def test_what_has_a_subtitle_alone_is_called_by_it() -> None:
    (module,) = parsed("@softwaremodule{a, subtitle={Core Routine}, crossref={b}}")
    assert module.title == "Core Routine"


def test_a_reference_to_a_volume_that_is_not_there_does_no_harm() -> None:
    entries = "@misc{a, title={A}, crossref={c}}\n@misc{b, title={B}, crossref={b}}"
    assert [record.title for record in parsed(entries)] == ["A", "B"]


def test_a_long_file_is_read_in_parts_and_says_how_far_it_is() -> None:
    entry = "@misc{{a{0},\n title = {{On Sets, Part {0}}},\n abstract = {{{1}}}\n}}\n"
    text = "\n".join(entry.format(number, "word " * 100) for number in range(2_000))
    shares: list[float] = []
    file = parsed(text, progress=shares.append)
    assert [record.line for record in file] == list(range(1, 10_000, 5))
    assert shares == sorted(shares)
    assert len(shares) > 50


def test_the_parser_is_loaded_when_a_bibliography_is_read_and_not_before() -> None:
    code = (
        "import sys\nfrom datetime import date\nfrom tui.formats.importers import read\n"
        "read(b'TY  - JOUR\\nTI  - A\\nER  - ', 'a', today=date(2026, 1, 5))\n"
        "print('bibtexparser' in sys.modules)\n"
        "read(b'@misc{a, title = {A}}', 'a', today=date(2026, 1, 5))\n"
        "print('bibtexparser' in sys.modules)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60
    )
    assert result.stdout == "False\nTrue\n", result.stderr


@pytest.mark.parametrize("exporter", [bibtex, biblatex])
def test_what_is_exported_is_read_as_it_was(exporter: object, corpus: tuple[Paper, ...]) -> None:
    items = [*nasty(), *(Item(paper, PaperState()) for paper in corpus)]
    text = "".join(exporter.write(items, ExportOptions()))  # type: ignore[attr-defined]
    file = parsed(text, format="bibtex")
    assert file.warnings == ()
    misread: list[object] = []
    for item, record in zip(items, file, strict=True):
        paper = item.paper
        names = map(parse_name, paper.authors)
        authors = tuple(name.printed if isinstance(name, Name) else name for name in names)
        arxiv, _ = arxiv_id(paper.arxiv or "") or (None, None)
        expected = (paper.display_title, authors, arxiv, doi(paper.doi or ""))
        if (record.title, record.authors, record.arxiv, record.doi) != expected:
            misread.append((expected, record))
        if (record.abstract or "") != paper.display_abstract:
            misread.append((paper.display_abstract, record))
    assert misread == []


# TeX


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (r"{LoRA}: Schr{\"o}dinger \& Co", "LoRA: Schrödinger & Co"),
        (r"Ren{\'e}, Mar\'{\i}a, G\'omez", "René, María, Gómez"),
        (r"{\'E}cole {\O}rsted \v{S}ime\v c Fran\c cois", "École Ørsted Šimeč François"),
        (r"Erd\H{o}s, na\"{\i}ve, \L{}ukasz, Stra{\ss}e", "Erdős, naïve, Łukasz, Straße"),
        (r"A $\mathcal{O}(n)$ {RNN}", r"A $\mathcal{O}(n)$ RNN"),
        (r"$5 and \$10", "$5 and $10"),
        (r"$<$ 3, $x_1$", "< 3, $x_1$"),
        (r"{{Double {B}races}}", "Double Braces"),
        (r"a -- b --- c -{}- d", "a – b — c -- d"),
        (r"\emph{In vivo} {\em x} \url{https://a.org/x_y}", "In vivo x https://a.org/x_y"),
        (r"\href{https://a.org}{Text}", "Text"),
        (r"\textbackslash{} \{x\} \textasciitilde{} \%", r"\ {x} ~ %"),
        (r"of \name{} models", r"of \name models"),
        (r"Of $x_1$ Norms of {\LaTeX} Things", "Of $x_1$ Norms of LaTeX Things"),
        (r"$\mathcal{O}(n)$ bounds, i.e.\ 5\,ms.", r"$\mathcal{O}(n)$ bounds, i.e. 5 ms."),
        (r"{\TeX}book", "TeXbook"),
        (r"a~b ``q''", "a b “q”"),
        ("}}{{", ""),
        ("", ""),
    ],
)
def test_tex_is_text(value: str, text: str) -> None:
    assert normalize(tex_to_text(value)) == text


@given(st.lists(st.sampled_from([*PAYLOADS, *r"\{}$'~-", r"\'", r"\textbf{", r"\c ", "a"])))
def test_any_tex_is_some_text(parts: list[str]) -> None:
    tex_to_text("".join(parts))


@given(hostile_text(3))
def test_any_value_is_read_or_refused_in_a_sentence(value: str) -> None:
    with suppress(InputError):
        parsed(f"@misc{{a,\n title = {{{value}}}\n}}\n".encode(errors="replace"), format="bibtex")


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ('"Proc. of the Fifth" # STOC', "Proc. of the Fifth Symposium"),
        ('stoc # ", " # {1983}', "Symposium, 1983"),
        ('"A" # "B"', "AB"),
        ("{Sets in C# and {#}}", "Sets in C# and #"),
        ('"The {\\#} Sign"', "The # Sign"),
    ],
)
def test_what_a_file_joins_is_one_text(value: str, title: str) -> None:
    (record,) = parsed(f'@string{{stoc = " Symposium"}}\n@misc{{a,\n  title = {value}\n}}\n')
    assert record.title == title


def test_names_in_parts_are_names() -> None:
    authors = "given=Jane, family=Doe and family=Dijk, prefix=van, given=Piet and Ada Lovelace"
    (record,) = parsed(f"@misc{{a, title = {{A}}, author = {{{authors}}}}}\n")
    assert record.authors == ("Jane Doe", "Piet van Dijk", "Ada Lovelace")
