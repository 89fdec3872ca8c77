"""Identifiers in all their spellings."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import hostile_text
from tui.model.identifiers import arxiv_id, doi, find_urls
from tui.model.text import normalize


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


def addresses() -> st.SearchStrategy[str]:
    tail = st.text("abzAZ09/._-~:?#[]()@!$&'*+,;=%\\’”…}>", max_size=12)
    scheme = st.sampled_from(["http://", "https://", "HTTPS://", "ftp://", "javascript:", ""])
    return st.builds(
        "{}{}{}{}".format,
        st.sampled_from(["", "(", "at ", "~", "<"]),
        scheme,
        st.sampled_from(["a.org", "github.com/x/y_z", "", "-"]),
        tail,
    ).filter(lambda address: "://[" not in address)  # see the test of hosts below


@given(st.lists(addresses() | hostile_text(2), max_size=5).map(" ".join))
def test_links_are_http_have_a_host_and_end_in_no_punctuation(text: str) -> None:
    urls = find_urls(normalize(text))
    assert len(set(urls)) == len(urls)
    for url in urls:
        assert re.fullmatch(r"https?://[^\s<>\"]+", url, re.IGNORECASE)
        assert re.search(r"//[^/?#]*\w", url)
        assert url[-1] not in ".,;:!?'*\\’…“”\"`<>"
        for opened, closed in ("()", "[]", "{}"):
            assert not (url.endswith(closed) and url.count(closed) > url.count(opened))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at https://a.org/x.", ["https://a.org/x"]),
        ("(see https://a.org/x_(y)).", ["https://a.org/x_(y)"]),
        ("research.(https://huggingface.co/QCRI)", ["https://huggingface.co/QCRI"]),
        ("model~https://github.com/a/b-c!", ["https://github.com/a/b-c"]),
        (r"https://a.org/x\_y\%20", ["https://a.org/x_y%20"]),
        ("“https://a.org/”, `https://b.org`", ["https://a.org/", "https://b.org"]),
        ("<https://a.org> and https://a.org", ["https://a.org"]),
        ("https://b.org then http://a.org", ["https://b.org", "http://a.org"]),
        ("HTTPS://A.org/X", ["HTTPS://A.org/X"]),
        ("https://[::1]/x and https://u:p@h.org:8/?q=a&b=c#d",
         ["https://[::1]/x", "https://u:p@h.org:8/?q=a&b=c#d"]),
        ("https://. http:// https://) http://]/", []),
        ("javascript:alert(1) file:///etc/passwd ftp://a.org www.a.org", []),
        ("", []),
    ],
)  # fmt: skip
def test_links_come_in_order_and_once_without_what_stands_around_them(
    text: str, expected: list[str]
) -> None:
    assert list(find_urls(text)) == expected


@pytest.mark.parametrize("text", ["http://[", "http://[/x", "https://[]/"])
def test_a_link_needs_a_host(text: str) -> None:
    assert find_urls(text) == ()


@pytest.mark.parametrize("stop", ["。", "，", "）", "、", "»"])
def test_a_link_ends_before_the_punctuation_of_other_scripts(stop: str) -> None:
    assert find_urls(f"https://a.org/x{stop}") == ("https://a.org/x",)
