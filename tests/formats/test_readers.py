"""What the pages say, whatever has happened to them on the way."""

import codecs
import gzip
import itertools
import json
import random
import re
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import FIXTURES, HEADER, SEEDS, TODAY, almost_pages, hostile_text
from tui.errors import InputError
from tui.formats import importers
from tui.formats.decode import decode
from tui.formats.importers import ParsedFile
from tui.model.identity import merge_all
from tui.model.paper import Paper, SourceRecord
from tui.model.text import normalize

PAGES = {path.name: path.read_bytes() for path in sorted(SEEDS.glob("*.txt"))}
BY_DATES = "001_71fc0758a0d8cc00.txt"
WITHOUT_BLANKS = "004_2745acf0159ef2aa.txt"
COUNTS = dict(zip(PAGES, (55, 58, 47, 58, 119), strict=True))

EXPECTED: list[dict[str, Any]] = json.loads((FIXTURES / "expected_papers.json").read_text("utf-8"))
"""Facts of 115 papers, read off the pages by a person."""


def read(data: bytes, name: str, **options: Any) -> ParsedFile:
    """What a file says, read on a day that is always the same."""
    return importers.read(data, name, today=TODAY, **options)


every_page = pytest.mark.parametrize("name", PAGES)


@cache
def whole(name: str) -> ParsedFile:
    """What a page says when nothing has happened to it."""
    return read(PAGES[name], name)


@cache
def papers() -> dict[str, Paper]:
    """The papers of the five pages by their titles."""
    merged = merge_all(sighting for name in PAGES for sighting in whole(name))
    return {paper.title: paper for paper in merged}


def facts(records: Iterable[SourceRecord]) -> list[SourceRecord]:
    """All that sightings say, apart from where they stand."""
    return [replace(sighting, file="", line=0) for sighting in records]


def page(*lines: str, header: tuple[str, ...] = HEADER) -> bytes:
    """A page of the given lines below a header."""
    return "\n".join([*header, *lines, ""]).encode()


def paper(title: str, *after: str, abstract: str = "") -> tuple[str, ...]:
    """The lines of a paper, with blank lines between title, abstract and the rest."""
    text = abstract or f"We study {title.lower()} and find that it holds in every case we tried."
    return (title, "", text, "", *after, "")


def only(*lines: str) -> SourceRecord:
    """The only sighting on a page of the given lines, which has no problem."""
    reading = read(page(*lines), "p.txt")
    assert reading.warnings == ()
    (sighting,) = reading
    return sighting


# The five pages


@every_page
def test_a_page_has_as_many_papers_as_a_person_counts_on_it(name: str) -> None:
    assert len(whole(name).records) == COUNTS[name]
    assert whole(name).warnings == ()


def test_the_pages_hold_337_sightings_of_268_papers() -> None:
    assert sum(len(whole(name).records) for name in PAGES) == 337
    assert len(papers()) == 268
    assert sum(len(one.records) for one in papers().values()) == 337
    assert max(len(one.records) for one in papers().values()) == 5


@every_page
def test_a_sighting_stands_where_it_says(name: str) -> None:
    lines = PAGES[name].decode().split("\n")
    for sighting in whole(name):
        assert sighting.file == name
        assert normalize(lines[sighting.line - 1]).removeprefix("Subscribe") == sighting.title


@every_page
def test_no_line_of_a_page_is_lost(name: str) -> None:
    furniture = {*HEADER, "Daily Papers", "Get trending papers in your email inbox once a day!"}
    texts = {text for s in whole(name) for text in (s.title, s.abstract)}
    for line in map(normalize, PAGES[name].decode().split("\n")):
        is_known = line in furniture | texts or line.removeprefix("Subscribe") in texts
        dated = re.fullmatch(r"• \d+ authors|·|[A-Z][a-z]{2} \d{1,2}(, \d{4})?( \d+)?", line)
        assert is_known or dated, line


def test_the_hand_read_facts_cover_a_third_of_the_corpus() -> None:
    assert len(EXPECTED) == 115
    assert len({expected["title"] for expected in EXPECTED}) == 115


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected["title"][:40])
def test_a_paper_is_what_a_person_read_on_the_pages(expected: dict[str, Any]) -> None:
    record = papers()[expected["title"]]
    abstract = record.abstract or ""
    assert abstract.startswith(expected["abstract_starts"])
    assert abstract.endswith(expected["abstract_ends"])
    published = record.published.isoformat() if record.published else None
    assert published == expected["published"]
    assert record.year_inferred == expected["year_inferred"]
    assert record.author_count == expected["author_count"]
    assert record.comments == expected["comments"]
    assert list(record.urls) == expected["urls"]
    places = [{"file": s.file, "line": s.line, "page_day": s.page_day} for s in record.records]
    assert places == expected["sightings"]


def test_a_paper_without_a_block_of_authors_takes_none_from_the_next() -> None:
    by_title = {s.title.split(":")[0]: s for s in whole(BY_DATES)}
    bare = by_title["AgentTTS"]
    assert (bare.author_count, bare.published, bare.comments) == (None, None, None)
    following = by_title["Language Models are Few-Shot Learners"]
    assert (following.author_count, following.comments) == (31, 1)
    assert following.published == date(2020, 5, 28)


# What happens to a page on its way


def changed_lines(change: Callable[[str], str]) -> Callable[[bytes], bytes]:
    """A transformation of each line that is no title: of abstracts, in effect."""

    def transform(data: bytes) -> bytes:
        lines = data.decode().split("\n")
        return "\n".join(change(line) if len(line) > 250 else line for line in lines).encode()

    return transform


def all_lines(change: Callable[[str], str]) -> Callable[[bytes], bytes]:
    return lambda data: "\n".join(map(change, data.decode().split("\n"))).encode()


def encoded(encoding: str, mark: str = "") -> Callable[[bytes], bytes]:
    return lambda data: (mark + data.decode()).encode(encoding)


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda data: data.decode().replace(old, new).encode()


def wrapped(width: int) -> Callable[[str], str]:
    return lambda line: textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)


def broken_in(parts: int) -> Callable[[str], str]:
    """Breaks a line at spaces into so many parts of equally many words."""

    def break_up(line: str) -> str:
        words = line.split(" ")
        ends = [len(words) * part // parts for part in range(parts + 1)]
        return "\n".join(
            " ".join(words[start:end]) for start, end in itertools.pairwise(ends) if end > start
        )

    return break_up


def one_sentence_a_line(line: str) -> str:
    return re.sub(r"(?<=\.) (?=[A-Z])", "\n", line)


HARMLESS: dict[str, Callable[[bytes], bytes]] = {
    "CRLF": replaced("\n", "\r\n"),
    "CR": replaced("\n", "\r"),
    "a byte order mark": encoded("utf-8-sig"),
    "UTF-16": encoded("utf-16"),
    "UTF-16, big end first": encoded("utf-16-be", "\ufeff"),
    "UTF-32": encoded("utf-32"),
    "no last newline": lambda data: data.rstrip(b"\n"),
    "blank lines at the end": lambda data: data + b"\n\n \n\n",
    "blank lines at the beginning": lambda data: b"\n \n" + data,
    "trailing blanks": replaced("\n", " \t\xa0 \n"),
    "indented": replaced("\n", "\n    "),
    "double blank lines": replaced("\n\n", "\n\n\n"),
    "abstracts broken in two": changed_lines(broken_in(2)),
    "abstracts broken in three": changed_lines(broken_in(3)),
    "abstracts wrapped at 80": changed_lines(wrapped(80)),
    "abstracts wrapped at 100": changed_lines(wrapped(100)),
}


def test_nearly_every_change_changes_every_page() -> None:
    same = [
        (label, name)
        for label, change in HARMLESS.items()
        for name, data in PAGES.items()
        if change(data) == data  # some pages have no last newline, one no blank lines, as it is
    ]
    assert len(same) == 5


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("label", HARMLESS)
def test_a_page_says_the_same_after(name: str, label: str) -> None:
    reading = read(HARMLESS[label](PAGES[name]), name)
    assert facts(reading) == facts(whole(name))
    assert reading.warnings == ()


HARD = {
    "titles too wrapped at 80": (all_lines(wrapped(80)), 117),
    "titles too wrapped at 100": (all_lines(wrapped(100)), 116),
    "one sentence a line": (changed_lines(one_sentence_a_line), 113),
}
"""Changes that blank lines make harmless, and the papers of 119 that survive without any."""


@pytest.mark.parametrize("name", [name for name in PAGES if name != WITHOUT_BLANKS])
@pytest.mark.parametrize("label", HARD)
def test_a_page_with_blank_lines_says_the_same_after(name: str, label: str) -> None:
    change, _ = HARD[label]
    assert facts(read(change(PAGES[name]), name)) == facts(whole(name))


@pytest.mark.parametrize("label", HARD)
def test_a_page_without_blank_lines_keeps_nearly_every_paper_after(label: str) -> None:
    change, floor = HARD[label]
    records = read(change(PAGES[WITHOUT_BLANKS]), WITHOUT_BLANKS)
    assert len({*facts(records)} & {*facts(whole(WITHOUT_BLANKS))}) >= floor


@pytest.mark.parametrize("between", [b"", b"\n"], ids=["nothing", "newline"])
@pytest.mark.parametrize(("first", "second"), list(itertools.permutations(PAGES, 2)))
def test_two_pages_in_one_file_say_what_each_says(first: str, second: str, between: bytes) -> None:
    reading = read(PAGES[first] + between + PAGES[second], "two.txt")
    assert facts(reading) == facts(whole(first)) + facts(whole(second))
    assert reading.warnings == ()


@pytest.mark.parametrize("between", [b"", b"\n"], ids=["nothing", "newline"])
@pytest.mark.parametrize("seed", range(4))
def test_five_pages_in_one_file_say_what_each_says(seed: int, between: bytes) -> None:
    names = random.Random(seed).sample(list(PAGES), len(PAGES))
    reading = read(between.join(PAGES[name] for name in names), "five.txt")
    assert facts(reading) == [fact for name in names for fact in facts(whole(name))]
    assert reading.warnings == ()


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_the_files_does_not_matter(seed: int) -> None:
    names = random.Random(seed).sample(list(PAGES), len(PAGES))
    merged = merge_all(sighting for name in names for sighting in whole(name))
    assert {one.title: one for one in merged} == papers()


# A page that was cut

WHOLE_END = re.compile(r"""[.!?…]["'”’)\]]*$|[.!?…] ?\(\S+\)$|https?://\S+$""")
"""How a whole abstract may end: what is cut just there cannot be told from it."""


def check_cut(name: str, place: int) -> None:
    """The promises about a page of which only the first bytes are left."""
    data = PAGES[name][:place]
    last_line = len(data.decode(errors="ignore").rstrip("\n").split("\n"))
    expected = [s for s in whole(name) if s.line <= last_line]
    try:
        reading = read(data, name)
    except InputError:
        assert len(expected) <= 1
        return
    records = list(reading)
    assert [s.line for s in records] == [s.line for s in expected][: len(records)]
    assert [s.title for s in records] == [s.title for s in expected][: len(records)]
    assert len(expected) - len(records) in (0, 1)
    assert [s.abstract for s in records[:-1]] == [s.abstract for s in expected[: len(records) - 1]]
    last, as_it_was = records[-1], expected[len(records) - 1]
    if len(records) < len(expected):
        assert last.abstract == as_it_was.abstract
        assert [p.line for p in reading.warnings if p.skipped] == [expected[-1].line]
    elif last.abstract != as_it_was.abstract:
        assert (as_it_was.abstract or "").startswith(last.abstract or "")
        assert WHOLE_END.search(last.abstract or "")
        if re.search(r"https?://\S*[\w/]$", last.abstract or ""):
            assert [p.skipped for p in reading.warnings if p.line == last.line] == [False]


ENDS = {name: [match.end() for match in re.finditer(b".+", data)] for name, data in PAGES.items()}
"""Where the lines of a page end that are not blank."""
WITHIN = {
    name: [place for place, byte in enumerate(data) if byte & 0b1100_0000 == 0b1000_0000]
    for name, data in PAGES.items()
    if not data.isascii()
}
"""Where a page can be cut within a character."""


@every_page
@given(data=st.data())
def test_a_page_cut_at_any_line_gives_whole_papers_and_says_what_is_missing(
    name: str, data: st.DataObject
) -> None:
    check_cut(name, data.draw(st.sampled_from(ENDS[name])))


@every_page
@given(data=st.data())
def test_a_page_cut_anywhere_gives_whole_papers_and_says_what_is_missing(
    name: str, data: st.DataObject
) -> None:
    check_cut(name, data.draw(st.integers(0, len(PAGES[name]) - 1)))


@pytest.mark.parametrize("name", WITHIN)
@given(data=st.data())
def test_a_page_cut_within_a_character_says_what_it_says_without_it(
    name: str, data: st.DataObject
) -> None:
    place = data.draw(st.sampled_from(WITHIN[name]))
    check_cut(name, place)
    part = PAGES[name][:place].decode(errors="ignore").encode()
    cut, whole = read(PAGES[name][:place], name), read(part, name)
    assert set(cut.records) <= set(whole.records)
    assert cut.warnings


SOME_TEXT = page(*paper("Café Society"), *paper("Déjà Vu", abstract="Voilà, a naïve résumé."))
LAST = (
    "We present a model of the world. It is large (one of the LLMs), “new”, and does what: others "
    "don't do, we think. See https://a.org/code for more, as it is free."
)
SMALL_PAGE = page(*paper("A First Paper of Two"), *paper("A Second Paper", abstract=LAST)).decode()
SECOND_LINE = SMALL_PAGE[: SMALL_PAGE.index("A Second Paper")].count("\n") + 1


def cut_after(ending: str) -> list[str]:
    """The beginnings of the small page that stop in its last abstract, after such an ending."""
    start = SMALL_PAGE.index(LAST) + 1
    beginnings = [SMALL_PAGE[:place] for place in range(start, start + len(LAST) - 1)]
    return [beginning for beginning in beginnings if re.search(ending, beginning)]


def test_a_cut_in_the_middle_of_a_sentence_is_reported() -> None:
    beginnings = cut_after(r"\s(?!\S*://\S)\S*[^\s.]$")
    assert len(beginnings) > 85
    for beginning in beginnings:
        reading = read(beginning.encode(), "p.txt")
        assert [s.title for s in reading] == ["A First Paper of Two"], beginning
        (problem,) = reading.warnings
        assert (problem.line, problem.skipped) == (SECOND_LINE, True), beginning
        assert "A Second Paper" in problem.text


@pytest.mark.parametrize("ending", ["", "\n", "\n\n"], ids=["nothing", "newline", "blank line"])
def test_a_last_abstract_that_ends_in_an_address_is_kept_and_doubted(ending: str) -> None:
    beginnings = cut_after(r"://\S*[\w/]$")
    assert len(beginnings) > 8
    for beginning in beginnings:
        reading = read((beginning + ending).encode(), "p.txt")
        assert [s.title for s in reading] == ["A First Paper of Two", "A Second Paper"]
        assert LAST.startswith(reading.records[1].abstract or "nothing")
        (problem,) = reading.warnings
        assert (problem.line, problem.skipped) == (SECOND_LINE, False), beginning
        assert "A Second Paper" in problem.text


@pytest.mark.parametrize("end", ["https://a.org/x.", "(https://a.org/x).", "https://a.org/x is."])
def test_an_address_that_a_sentence_goes_on_after_is_not_doubted(end: str) -> None:
    assert only(*paper("A Title", abstract=f"We show that it holds. See {end}")).urls


def within_the_last_character(text: str, encoding: str) -> list[bytes]:
    """The text cut at every byte of its last character."""
    start, end = len(text[:-1].encode(encoding)), len(text.encode(encoding))
    return [text.encode(encoding)[:place] for place in range(start + 1, end)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_half_a_character_is_left_out_and_its_paper_reported(encoding: str) -> None:
    text = SOME_TEXT.decode()
    title, stop = text.index("Déjà"), text.rindex(".")
    cuts = 0
    for end in range(title + 2, stop + 2):
        whole_before = read(text[: end - 1].encode(encoding), "p.txt")
        for data in within_the_last_character(text[:end], encoding):
            reading = read(data, "p.txt")
            assert reading.records == whole_before.records
            assert [p.line for p in reading.warnings] == [p.line for p in whole_before.warnings]
            assert [s.title for s in whole_before] == ["Café Society"]
            line = text[:title].count("\n") + 1
            assert [(p.line, p.skipped) for p in whole_before.warnings] == [(line, True)]
            cuts += 1
    assert cuts >= 6


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(within_the_last_character(text, encoding)[0], id=f"{label}, {encoding}")
        for label, text in {
            "after a sentence": SOME_TEXT.decode().rstrip() + "…",
            "after a line": SOME_TEXT.decode() + "…",
            "after authors": SOME_TEXT.decode() + "  • 5 authors\n·",
        }.items()
        for encoding in ("utf-8", "utf-16")
    ],
)
def test_half_a_character_is_reported_after_what_could_be_the_end(data: bytes) -> None:
    assert read(data, "p.txt").warnings != ()


@pytest.mark.parametrize("kept", range(1, len("A Second Paper") + 1))
def test_a_cut_in_the_middle_of_a_title_is_reported(kept: int) -> None:
    beginning = SMALL_PAGE[: SMALL_PAGE.index("A Second Paper") + kept]
    reading = read(beginning.encode(), "p.txt")
    assert facts(reading) == facts(read(page(*paper("A First Paper of Two")), "p.txt"))
    assert [(p.line, p.skipped) for p in reading.warnings] == [(SECOND_LINE, True)]


@pytest.mark.parametrize(
    "kept", ["  •", "  • 5 auth", "  • 5 authors\n·\nDe", "  •\n·\nDec 19, 20"]
)
def test_a_cut_after_an_abstract_keeps_the_paper_without_the_broken_fact(kept: str) -> None:
    whole_block = ("  • 3 authors", "·", "Oct 1, 2023")
    lines = page(*paper("A First Paper", *whole_block), *paper("A Second Paper")).decode()
    reading = read((lines + kept).encode(), "p.txt")
    first, second = reading
    assert (first.author_count, first.published) == (3, date(2023, 10, 1))
    assert (second.title, second.published) == ("A Second Paper", None)
    assert reading.warnings != ()


def test_a_page_whose_first_title_is_cut_off_says_so() -> None:
    abstract = "We show that this holds. " * 20
    reading = read(f"{abstract}\n\n".encode() + page(*paper("A Paper")), "p.txt")
    assert [s.title for s in reading] == ["A Paper"]
    assert [(p.line, p.text) for p in reading.warnings] == [(1, "an abstract without a title")]


# Bytes that are no page

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"


@pytest.mark.parametrize(
    ("data", "named"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b" \t\r\n\n  ", "empty", id="blanks"),
        pytest.param(b"\x00" * 100, "empty", id="NULs only"),
        pytest.param(b"\xef\xbb\xbf", "no papers", id="a byte order mark only"),
        pytest.param(PDF, "PDF", id="PDF"),
        pytest.param(gzip.compress(SOME_TEXT)[:-9], "cut off", id="gzip, cut off"),
        pytest.param(b"\x1f\x8b" + bytes(40), "damaged", id="gzip, damaged"),
        pytest.param(gzip.compress(PDF), "PDF", id="PDF in gzip"),
        pytest.param(b"<!DOCTYPE html>\n<html><body>x</body>", "no papers", id="HTML"),
        pytest.param("Тест: Wörter".encode("koi8-r", "replace") * 9, "not UTF-8", id="KOI8-R"),
        pytest.param("日本語の論文です".encode("shift-jis") * 9, "not UTF-8", id="Shift-JIS"),
        pytest.param("é".encode() * 20 + b"\xe9 a", "not UTF-8", id="two encodings"),
        pytest.param(b"PK\x03\x04\x14\x00", "ZIP", id="ZIP"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG", id="PNG"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG", id="JPEG"),
        pytest.param(b"SQLite format 3\x00", "SQLite", id="SQLite"),
        pytest.param(b"\x7fELF\x02\x01\x01", "program", id="ELF"),
        pytest.param(bytes(range(256)) * 8, "binary", id="every byte"),
        pytest.param(random.Random(1).randbytes(4096), "binary", id="random bytes"),
        pytest.param(SOME_TEXT.decode().encode("utf-16-le"), "binary", id="UTF-16 without mark"),
        pytest.param(SOME_TEXT.decode().encode("utf-16-be"), "binary", id="UTF-16-BE without mark"),
        pytest.param("\ufeff\ud800x\n".encode("utf-16-le", "surrogatepass"), "", id="half a pair"),
        pytest.param(b"Title\n" + "\ud800".encode("utf-8", "surrogatepass"), "UTF-8", id="CESU"),
        pytest.param(SOME_TEXT.replace(b" ", b"\x00"), "binary", id="NULs between words"),
        pytest.param(b"Title\n", "no papers", id="one line"),
        pytest.param(page(), "no papers", id="a header only"),
        pytest.param("• 5 authors\n·\nDec 1, 2023\n".encode(), "no papers", id="no text"),
    ],
)  # fmt: skip
def test_what_is_no_page_is_refused_by_name_with_a_hint(data: bytes, named: str) -> None:
    with pytest.raises(InputError) as caught:
        read(data, "my page.txt")
    assert caught.value.message.startswith("my page.txt")
    assert named in caught.value.message
    assert caught.value.hint
    assert "\n" not in str(caught.value)


@every_page
def test_a_page_in_windows_1252_says_the_same_and_that_it_is(name: str) -> None:
    text = PAGES[name].decode().encode("cp1252", "ignore").decode("cp1252")
    plain, read_as = read(text.encode(), name), read(text.encode("cp1252"), name)
    assert read_as.records == plain.records
    if not text.isascii():
        line = next(n for n, line in enumerate(text.split("\n"), 1) if not line.isascii())
        assert [(w.line, w.skipped) for w in read_as.warnings] == [(line, False)]
        assert "Windows-1252" in read_as.warnings[0].text


@every_page
def test_a_page_in_utf_16_without_a_mark_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=re.escape(name)):
        decode(PAGES[name].decode().encode("utf-16-le"), name)


@every_page
def test_a_compressed_page_says_the_same(name: str) -> None:
    halves = PAGES[name][:5_000], PAGES[name][5_000:]
    assert read(gzip.compress(PAGES[name]), name) == whole(name)
    assert read(b"".join(map(gzip.compress, halves)), name) == whole(name)


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(InputError, match="unpacks to more than 60 MB"):
        decode(gzip.compress(bytes(70_000_000)), "page.txt.gz")


def test_a_few_nuls_become_wrong_characters_and_cost_no_paper() -> None:
    data = SOME_TEXT.replace("naïve".encode(), b"na\x00ve", 1)
    assert [s.title for s in read(data, "p.txt")] == ["Café Society", "Déjà Vu"]
    assert "na�ve" in (list(read(data, "p.txt"))[1].abstract or "")


@given(st.binary(max_size=300))
def test_decode_gives_text_with_one_kind_of_line_end_or_an_input_error(data: bytes) -> None:
    try:
        text = decode(data, "x").text
    except InputError:
        return
    assert "\r" not in text
    assert text or data in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def check_reading(data: bytes) -> None:
    """The promises about any bytes at all."""
    try:
        reading = read(data, "x.txt")
    except InputError:
        return
    lines = data.count(b"\n") + data.count(b"\r") + 1
    assert reading.records
    assert [s.line for s in reading] == sorted(s.line for s in reading)
    assert [p.line for p in reading.warnings] == sorted(p.line for p in reading.warnings)
    for sighting in reading:
        assert sighting.title
        assert normalize(sighting.title) == sighting.title
        assert sighting.abstract != ""
        assert normalize(sighting.abstract or "") == (sighting.abstract or "")
        assert sighting.file == "x.txt"
        assert 1 <= sighting.line <= lines
        assert sighting.published or not sighting.year_inferred


@given(st.binary(max_size=400))
def test_any_bytes_give_sightings_or_an_input_error(data: bytes) -> None:
    check_reading(data)


@given(almost_pages())
def test_any_lines_give_sightings_or_an_input_error(text: str) -> None:
    check_reading(text.encode("utf-8", "replace"))


@given(st.data())
def test_a_damaged_page_gives_sightings_or_an_input_error(data: st.DataObject) -> None:
    damaged = bytearray(SMALL_PAGE.encode())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(damaged)))
        end = start + data.draw(st.sampled_from([0, 0, 1, 5, 40]))
        damaged[start:end] = data.draw(
            st.sampled_from([b"\n", b"\n\n", b"\r", b"new", b"\xc2\xb7\n", b"\x00", b"\xff", b""])
            | st.binary(max_size=4)
        )
    check_reading(bytes(damaged))


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("  • " + "1" * 5_000 + " authors", id="authors"),
        pytest.param("Jul 3, 2024 " + "1" * 400 + "k", id="votes"),
    ],
)
def test_a_count_of_any_length_is_no_crash(line: str) -> None:
    check_reading(page(*paper("A Title of a Paper", line)))


# Line by line


@pytest.mark.parametrize(
    "break_within",
    ["\u2028", "\u2029", "\x85", "\x0c", "\x0b", "\x1c", "\x1d", "\x1e", "\t", "\xa0", "\x00"],
)
def test_only_a_line_feed_ends_a_line(break_within: str) -> None:
    abstract = f"We show that this holds{break_within}in every case that we have tried so far."
    shown = only(*paper("A Title", abstract=abstract))
    between = "�" if break_within == "\x00" else " "
    assert (
        shown.abstract
        == f"We show that this holds{between}in every case that we have tried so far."
    )
    assert shown.title == "A Title"


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("  • 5 authors", 5),
        ("  • 1 authors", 1),
        ("  • 1 author", 1),
        ("• 31 authors", 31),
        ("•5 authors", 5),
        ("· 5 authors", 5),
        ("* 5 authors", 5),
        ("\xa0\xa0•\xa05\xa0authors ", 5),
        ("  • 1,204 authors", 1204),
    ],
)
def test_the_line_of_authors_is_counted(line: str, count: int) -> None:
    record = only(*paper("A Title of a Paper", line, "·", "Dec 19, 2023"))
    assert record.author_count == count
    assert record.published == date(2023, 12, 19)


@pytest.mark.parametrize(
    ("line", "published", "inferred", "comments"),
    [
        ("Dec 19, 2023", date(2023, 12, 19), False, None),
        ("Jul 3, 2024 3", date(2024, 7, 3), False, 3),
        ("Jul 3, 2024 1.2k", date(2024, 7, 3), False, 1200),
        ("Jul 3, 2024 2k", date(2024, 7, 3), False, 2000),
        ("Jul 3, 2024 1,204", date(2024, 7, 3), False, 1204),
        ("Jul 3, 2024 0", date(2024, 7, 3), False, 0),
        ("Feb 29, 2024", date(2024, 2, 29), False, None),
        ("Jun 9", date(2025, 6, 9), True, None),
        ("Aug 27 3", date(2025, 8, 27), True, 3),
        ("Aug 27 1.2k", date(2025, 8, 27), True, 1200),
    ],
)
def test_the_line_of_the_date_is_read(
    line: str, published: date, inferred: bool, comments: int | None
) -> None:
    other = paper("An Older Paper", "  • 2 authors", "·", "Jan 5, 2024")
    reading = read(page(*other, *paper("A Dated Paper", "  • 5 authors", "·", line)), "p.txt")
    older, dated = reading
    assert (older.published, older.year_inferred) == (date(2024, 1, 5), False)
    assert (dated.published, dated.year_inferred, dated.comments) == (published, inferred, comments)
    assert dated.author_count == 5
    assert reading.warnings == ()


@pytest.mark.parametrize(
    ("day", "page_day"),
    [("Mar 17", "--03-17"), ("Nov 6", "--11-06"), ("Jun 18, 2024", "2024-06-18"), ("", None)],
)
def test_the_day_of_a_page_stands_in_its_header(day: str, page_day: str | None) -> None:
    header = (*HEADER[:-2], day, "")
    (record,) = read(page(*paper("A Title of a Paper"), header=header), "p.txt")
    assert record.page_day == page_day


@pytest.mark.parametrize("bare", range(3))
def test_a_paper_in_any_place_may_lack_its_authors_and_date(bare: int) -> None:
    blocks = [("  • 2 authors", "·", f"Jan {day}, 2023 {day}") for day in (1, 2, 3)]
    titles = ("One Paper", "Another Paper", "The Last Paper")
    lines = [
        line
        for place, title in enumerate(titles)
        for line in paper(title, *(() if place == bare else blocks[place]))
    ]
    records = list(read(page(*lines), "p.txt"))
    assert [s.title for s in records] == list(titles)
    for place, sighting in enumerate(records):
        day = None if place == bare else place + 1
        assert sighting.comments == day
        assert sighting.published == (date(2023, 1, day) if day else None)
        assert sighting.author_count == (2 if day else None)


GLUED = ("Get trending papers in your email inbox once a day!",
         "Get trending papers in your email inbox!")  # fmt: skip


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("SubscribeFreeArt3D: Training-Free Objects", "FreeArt3D: Training-Free Objects"),
        ("SubscribeA Study of Trees", "A Study of Trees"),
        ("Subscribe3D Objects for Everyone", "3D Objects for Everyone"),
        ("SubscribeSubscribers at Risk: A Study", "Subscribers at Risk: A Study"),
        ("SubscribeRobots and Us", "Robots and Us"),
        ("Subscribers at Risk: A Study of Churn", "Subscribers at Risk: A Study of Churn"),
        ("Subscriber Churn in the Wild", "Subscriber Churn in the Wild"),
        ("Subscribe or Not: A Study of Churn", "Subscribe or Not: A Study of Churn"),
        ("Subscriptions and How They End", "Subscriptions and How They End"),
    ],
)
def test_subscribe_is_taken_off_a_title_that_it_is_glued_to_and_no_other(
    line: str, title: str
) -> None:
    abstract = "In this paper we show that this holds in every single case that we have tried."
    (record,) = read(page(line, abstract, header=GLUED), "p.txt")
    assert (record.title, record.abstract, record.line) == (title, abstract, 3)


@pytest.mark.parametrize(
    "title",
    ["Subscribers at Risk: A Study", "SubscribeNet: A Model", "Daily Papers and Us", "New Age"],
)
def test_a_title_may_begin_like_the_header(title: str) -> None:
    first, second = read(page(*paper("A First Paper"), *paper(title)), "p.txt")
    assert (first.title, second.title) == ("A First Paper", title)
    (alone,) = read(page(*paper(title)), "p.txt")
    assert alone.title == title


def test_the_links_of_an_abstract_are_found() -> None:
    abstract = r"We release it all (code: https://a.org/x\_y). See https://b.org/, please."
    assert only(*paper("A Title", abstract=abstract)).urls == (
        "https://a.org/x_y",
        "https://b.org/",
    )


def test_latex_is_kept_as_it_was_written() -> None:
    abstract = r"We gain 41\% with \name~(ours), by ~3\% on ``skills''; see Pir\'a."
    record = only(*paper(r"Ragnar\"ok: a Study of $n^2$", abstract=abstract))
    assert (record.title, record.abstract) == (r"Ragnar\"ok: a Study of $n^2$", abstract)


@given(hostile_text(3), hostile_text(3))
def test_hostile_words_in_a_paper_are_cleaned_and_cost_no_neighbour(one: str, two: str) -> None:
    def harmless(text: str) -> str:
        encodable = text.encode("utf-8", "replace").decode()
        return encodable.translate(dict.fromkeys(map(ord, "\n\r\0")))

    title = f"A Study of {harmless(one)} Things"
    abstract = f"We show that this holds {harmless(two)} in every single case that we have tried."
    lines = (*paper("The First"), *paper(title, abstract=abstract), *paper("The Last"))
    first, record, last = read(page(*lines), "p.txt")
    assert (first.title, last.title) == ("The First", "The Last")
    assert (record.title, record.abstract) == (normalize(title), normalize(abstract))


@pytest.mark.parametrize("name", ["page.txt", "ünï côde.txt", "-rf", "a\x1b[2Jb"])
def test_sightings_carry_the_name_they_were_given(name: str) -> None:
    (record,) = read(page(*paper("A Title of a Paper")), name)
    assert (record.file, record.line) == (name, 11)
