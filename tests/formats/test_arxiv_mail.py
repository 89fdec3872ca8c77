"""Mails of arXiv with its daily listing."""

from datetime import date

import pytest

from tests.formats.files import facts, parsed, sample_of, warnings

MAIL = sample_of("arxiv_listing_mail.txt").decode()


def test_a_mail_of_arxiv_says_all_that_it_has() -> None:
    first, second, crossed = parsed(MAIL)
    assert first.title.endswith(
        "Efficiency with Training Stability for Long-Context Language Models"
    )
    assert facts(first) == {
        "published": date(2026, 1, 12),
        "page_day": "2026-01-22",
        "authors": ("Alfred Shen", "Aaron Shen"),
        "arxiv": "2601.15305",
        "arxiv_version": 1,
        "categories": ("cs.AI",),
    }
    assert (second.abstract or "").startswith("Recent advances in large language models (LLMs)")
    assert facts(crossed) == {
        "published": date(2022, 5, 12),
        "page_day": "2026-01-22",
        "authors": ("Pritam Dey", "Zhengwu Zhang", "David B. Dunson"),
        "arxiv": "2205.06398",
        "arxiv_version": 2,
        "doi": "10.1093/bioinformatics/btac431",
        "categories": ("stat.ME", "stat.AP", "stat.ML"),
    }


def test_a_replaced_paper_is_an_update_and_its_accents_are_letters() -> None:
    (update,) = parsed(MAIL).updates
    assert (update.arxiv, update.abstract, update.published) == ("2503.16743", None, None)
    assert update.authors[::2] == ("Alberto Hernández-Espinosa", "Felipe S. Abrahão")


def test_a_mail_is_read_with_its_headers_and_encoded() -> None:
    plain = f"From: no-reply@arxiv.org\nContent-Type: text/plain; charset=utf-8\n\n{MAIL}"
    bare = f"From: no-reply@arxiv.org\nSubject: cs daily\n\n{MAIL}"
    expected = [record.title for record in parsed(MAIL)]
    for mail in (plain, bare):
        assert [record.title for record in parsed(mail)] == expected


def test_an_entry_that_is_cut_off_is_reported_and_the_others_are_imported() -> None:
    file = parsed(MAIL[: MAIL.index("patients across")])
    assert [record.arxiv for record in file] == ["2601.15305"]
    assert warnings(file) == [(32, "this entry is cut off")]


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        ("Ada Lovelace, Charles Babbage", ("Ada Lovelace", "Charles Babbage")),
        ("Ada Lovelace and Charles Babbage", ("Ada Lovelace", "Charles Babbage")),
        ("A. L. (1), C. B. (2) ((1) Here, (2) There (both))", ("A. L.", "C. B.")),
        ("A Collaboration (CERN, Geneva)", ("A Collaboration",)),
    ],
)
def test_places_of_work_are_no_authors(listed: str, names: tuple[str, ...]) -> None:
    (record,) = parsed(
        f"\\\\\nPaper: hep-th/9901001\nTitle: A\nAuthors: {listed}\n\\\\ ( http://x.org )\n"
    )
    assert (record.arxiv, record.authors) == ("hep-th/9901001", names)


def test_a_collaboration_of_thousands_has_all_its_accents() -> None:
    names = [f'{letter}. Schr\\"odinger' for letter in "ABCDEFGHIJ" * 300]
    head = f"Paper: hep-ex/0701001\nTitle: A\nAuthors: {', '.join(names)}"
    (record,) = parsed(f"\\\\\n{head}\n\\\\ ( http://x.org )\n")
    assert record.authors == tuple(name.replace('\\"o', "ö") for name in names)
