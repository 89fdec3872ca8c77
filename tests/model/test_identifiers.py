"""Identifiers in all their spellings."""

import pytest

from tui.model.identifiers import arxiv_id, doi


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2405.01234", ("2405.01234", None)),
        ("arXiv:2405.01234v10 [cs.CL] 2 May 2024", ("2405.01234", 10)),
        ("https://arxiv.org/abs/2405.01234", ("2405.01234", None)),
        ("arxiv.org/pdf/2405.01234v3.pdf", ("2405.01234", 3)),
        ("https://arxiv.org/html/2405.01234v1#S3", ("2405.01234", 1)),
        ("10.48550/ARXIV.2405.01234", ("2405.01234", None)),
        ("https://doi.org/10.48550/arXiv.2405.01234", ("2405.01234", None)),
        ("oai:arXiv.org:2405.01234v2", ("2405.01234", 2)),
        ("https://huggingface.co/papers/2606.00683#community", ("2606.00683", None)),
        ("https://www.alphaxiv.org/abs/2405.01234v2", ("2405.01234", 2)),
        ("hep-th/9901001v2", ("hep-th/9901001", 2)),
        ("math.GT/0309136", ("math/0309136", None)),
        ("cond-mat.mes-hall/0309136", ("cond-mat/0309136", None)),
        ("0704.0001", ("0704.0001", None)),
    ],
)
def test_every_spelling_of_an_arxiv_id_has_one_normal_form(
    text: str, expected: tuple[str, int | None]
) -> None:
    assert arxiv_id(text) == arxiv_id(f"  {text}\n") == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0703.0001",
        "2413.01234",
        "2024.1234",
        "1412.12345",
        "1501.0123",
        "v2405.01234x",
        "1.2405.01234",
        "2405.01234 and more",
        "see 2024.12345678",
        "10.1145/3795866.3844758",
        "https://example.org/abs/2405.01234",
    ],
)
def test_other_numbers_are_no_arxiv_id(text: str) -> None:
    assert arxiv_id(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1000/(sici)1097(1998)", "10.1000/(sici)1097(1998)"),
        ("https://doi.org/10.1145/ABC.", "10.1145/abc"),
        ("doi:10.1234/abc)", "10.1234/abc"),
        ("http://dx.doi.org/10.1234/a%28b%29", "10.1234/a(b)"),
        ("10.1145/3795866.3844758", "10.1145/3795866.3844758"),
        ("10.48550/arXiv.2405.01234", None),
        ("10.12/abc", None),
        ("10.1234/", None),
        ("see 10.1234/abc", None),
    ],
)
def test_every_spelling_of_a_doi_has_one_normal_form(text: str, expected: str | None) -> None:
    assert doi(text) == expected
