"""What each kind of source asks, and what it makes of the answers that were recorded."""

import json
import sys
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources.conftest import Clock
from tests.sources.site import ARXIV, ERROR, HF, NO_ENTRY, RSS, WEEKEND, Asked, Reply, Site
from tui.errors import UsageError
from tui.model.paper import SourceRecord
from tui.sources import SourceError, Span, parse
from tui.sources.arxiv import MOST, SLICE, of_ids, of_titles
from tui.sources.http import Client

FRIDAY, SUNDAY = date(2026, 7, 31), date(2026, 8, 2)
ONE = Span(FRIDAY)
EACH_KIND = (
    "Try hf:daily, arxiv:cs.CL+cs.LG, feed:https://example.org/feed.xml"
    " or command:my-papers --json."
)


def records(spec: str, span: Span, client: Client) -> list[SourceRecord]:
    return [record for answer in parse(spec).fetch(span, client) for record in answer.records]


def problem(spec: str, client: Client) -> str:
    with pytest.raises(SourceError) as raised:
        records(spec, ONE, client)
    return raised.value.message


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("hf:daily", "hf:daily"),
        (" hf:trending ", "hf:trending"),
        ("arxiv:cs.CL", "arxiv:cs.CL"),
        ("arxiv:cs.CL,cs.LG+cs.CL", "arxiv:cs.CL+cs.LG"),
        ("arxiv:hep-th", "arxiv:hep-th"),
        ("arxiv:math", "arxiv:math"),
        ("arxiv:cs.cl+HEP-TH", "arxiv:cs.CL+hep-th"),
        ('arxiv:(all: lora OR ti:"a (b") AND cat:cs.*',) * 2,
        ("arxiv:cond-mat.mes-hall", "arxiv:cond-mat.mes-hall"),
        ("arxiv:cs.*", "arxiv:cs"),
        ('arxiv:ti:"world model"',) * 2,
        (
            'arxiv:cat:"cs.cl" OR cat:HEP-TH OR cat:cs*',
            'arxiv:cat:"cs.CL" OR cat:hep-th OR cat:cs*',
        ),
        ('arxiv:all:"cat:cs.XX"',) * 2,
        ('arxiv:"all:lora AND cat:cs.CL"', "arxiv:all:lora AND cat:cs.CL"),
        ("arxiv:author:Ada Lovelace", "arxiv:author:Ada Lovelace"),
        ('arxiv:author:"O\'Neill, (A.)"', "arxiv:author:O'Neill A."),
        ("feed:https://example.org/feed.xml", "feed:https://example.org/feed.xml"),
        ("command:my-papers --all 'of it'", "command:my-papers --all 'of it'"),
    ],
)
def test_a_source_has_one_spelling(text: str, spec: str) -> None:
    source = parse(text)
    assert source.spec == spec
    assert parse(spec) == source
    assert source.label


@pytest.mark.parametrize(
    "text",
    [
        *("", "hf", "hf:", "hf:monthly", "daily", "arxiv:", "arxiv:lora", "arxiv:a.org"),
        *("arxiv:all:", "arxiv:(all:x", "arxiv:all:x)(", 'arxiv:all:"x', "arxiv:cat:cs.CL AND"),
        *("arxiv:OR all:x", "arxiv:(all:x OR) AND ti:y", "arxiv:all:x AND ()"),
        *("arxiv:title:x", "arxiv:cs.LGarxiv:all:x", "arxiv:https://arxiv.org/a"),
        *("arxiv:author:", 'arxiv:author:"()"', "arxiv://x", "feed:", "feed:example.org"),
        *(
            "feed:ftp://x",
            "feed:https://ä.org",
            "arxiv:all:" + "x" * 2000,
            "command:",
            "command: ",
            'command:"',
            "command:a\nb",
            "https://x",
        ),
    ],
)
def test_what_is_no_source_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="Not a source"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("https://example.org/a.xml", "Try feed:https://example.org/a.xml."),
        ("HF:Daily", "Try hf:daily."),
        ("hf:dayly", "Try hf:daily, hf:trending or hf:weekly."),
        ("feed:example.org/a.xml", "Try feed:https://example.org/a.xml."),
        ("arxiv:cs.CL + cs.LG", "Try arxiv:cs.CL+cs.LG."),
        ("ArXiv:all:lora AND cat:cs.CL", "Try arxiv:all:lora AND cat:cs.CL."),
        ("arxiv:lora", "Try arxiv:all:lora."),
        ("arxiv:2405.01234", "papers-tui add 2405.01234 adds this paper."),
        ("feed:example.org", "Try feed:https://example.org/feed.xml."),
        ("command:", "Try command:my-papers --json."),
        ("", EACH_KIND),
        ("nature", EACH_KIND),
    ],
)
def test_what_is_no_source_is_answered_with_what_is_like_it(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as refusal:
        parse(text)
    assert refusal.value.hint == hint


TAXONOMY = "arxiv.org/category_taxonomy lists the categories."


@pytest.mark.parametrize(
    ("text", "category", "hint"),
    [
        ("cs.XX", "cs.XX", f"arxiv:cs has all of cs; {TAXONOMY}"),
        ("cs.CK", "cs.CK", "Did you mean cs.CC, cs.CE or cs.CG?"),
        ("cs.ML", "cs.ML", "Did you mean stat.ML, cs.MA or cs.MM?"),
        ("cs.LG+sc.cl", "sc.cl", "Did you mean cs.CL?"),
        ("cs.LG + cs.CLL", "cs.CLL", "Did you mean cs.CL?"),
        ("cs.LG,lora", "lora", TAXONOMY),
        ("hep-th.CL", "hep-th.CL", "Did you mean cs.CL or hep-th?"),
        ("physics.optic", "physics.optic", "Did you mean physics.optics?"),
        ("all:lora AND cat:math.CL", "math.CL", "Did you mean cs.CL, math.CA or math.CO?"),
        ('cat:"cs.CL" OR cat:"zz*"', "zz*", TAXONOMY),
    ],
)
def test_a_category_that_arxiv_does_not_have_is_refused(
    text: str, category: str, hint: str
) -> None:
    with pytest.raises(UsageError) as refusal:
        parse(f"arxiv:{text}")
    assert (refusal.value.message, refusal.value.hint) == (
        f"arXiv has no category {category}",
        hint,
    )


def test_a_feed_that_is_never_fetched_is_refused_at_once() -> None:
    with pytest.raises(UsageError, match="Not an https address") as refusal:
        parse("feed:http://example.org/feed.xml")
    assert refusal.value.hint == "Try feed:https://example.org/feed.xml."


@settings(deadline=None)
@given(st.sampled_from(["", "hf:", "arxiv:", "arxiv:author:", "feed:", "command:"]), st.text())
def test_whatever_is_typed_is_no_source_or_has_one_spelling(kind: str, text: str) -> None:
    try:
        source = parse(kind + text)
    except UsageError:
        return
    assert parse(source.spec) == source
    assert source.spec.isprintable()
    assert source.label.isprintable()


# Daily Papers


def test_papers_of_a_day_come_with_all_that_the_site_knows(site: Site, client: Client) -> None:
    site.on("/api/daily_papers", HF)
    first, *others = records("hf:daily", Span(FRIDAY), client)
    assert len(others) == 3
    assert first.arxiv == "2607.23193"
    assert first.upvotes == 3
    assert first.comments == 2
    assert first.authors[:2] == ("Jinsen Su", "Yongdong Luo")
    assert first.urls == ("https://github.com/MAC-AutoML/OmniScope",)
    assert first.published == date(2026, 7, 28)
    assert first.page_day == "2026-07-31"
    assert (first.file, first.line) == ("hf:daily", 1)


def test_the_first_fetch_asks_for_the_newest_and_later_ones_for_each_day(
    site: Site, client: Client
) -> None:
    site.on("/api/daily_papers", HF)
    records("hf:daily", Span(SUNDAY), client)
    records("hf:daily", Span(SUNDAY, FRIDAY), client)
    assert [dict(request.question) for request in site.asked] == [
        {"limit": "100"},
        {"date": "2026-07-31", "limit": "100"},
        {"date": "2026-08-01", "limit": "100"},
        {"date": "2026-08-02", "limit": "100"},
    ]


def test_the_other_lists_are_asked_for_by_their_own_names(site: Site, client: Client) -> None:
    site.on("/api/daily_papers", HF)
    assert len(records("hf:trending", Span(SUNDAY, FRIDAY), client)) == 4
    records("hf:weekly", Span(date(2027, 1, 4), date(2026, 12, 31)), client)
    assert [dict(request.question) for request in site.asked] == [
        {"sort": "trending", "limit": "100"},
        {"week": "2026-W53", "limit": "100"},
        {"week": "2027-W01", "limit": "100"},
    ]


def test_a_long_list_comes_in_pages(site: Site, client: Client) -> None:
    papers = json.loads(HF)

    def answer(request: Asked) -> Reply:
        start = int(request.question.get("p", 0)) * 100
        page: list[dict[str, Any]] = [
            {"paper": {**papers[0]["paper"], "id": f"2607.{n:05}", "title": f"Paper {n}"}}
            for n in range(start, min(start + 100, 130))
        ]
        return Reply(json.dumps(page).encode())

    site.on("/api/daily_papers", answer)
    assert len(records("hf:daily", ONE, client)) == 130
    assert [request.question.get("p") for request in site.asked] == [None, "1"]


def test_a_weekend_is_empty_and_no_failure(site: Site, client: Client) -> None:
    site.on("/api/daily_papers", b"[]")
    assert records("hf:daily", Span(SUNDAY, SUNDAY), client) == []


@pytest.mark.parametrize("body", [b"<!doctype html><p>Sign in", b"\xef\xbb\xbf\n<HTML><body>"])
def test_a_web_page_in_place_of_papers_is_refused(site: Site, client: Client, body: bytes) -> None:
    site.on("/api/daily_papers", body)
    assert problem("hf:daily", client) == "The answer is a web page"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the answer: the file is empty"),
        (b"\x00\x01" * 99, "the answer: this is binary data, not text"),
        (b"%PDF-1.7", "the answer: this looks like a PDF document, not text"),
        (b"soon", "this is not JSON"),
        (b'{"error": 1}', "this record has no title"),
    ],
)
def test_what_is_no_answer_is_refused(site: Site, client: Client, body: bytes, reason: str) -> None:
    site.on("/api/daily_papers", body)
    assert problem("hf:daily", client) == reason


def test_a_record_that_is_cut_off_leaves_the_others(site: Site, client: Client) -> None:
    site.on("/api/daily_papers", HF[: HF.rindex(b'"upvotes"')])
    answers = list(parse("hf:daily").fetch(ONE, client))
    assert len(answers[0].records) == 3
    assert answers[0].warnings


# arXiv


def test_a_search_brings_the_newest_papers_first(site: Site, client: Client) -> None:
    site.on("/api/query", ARXIV.replace(b"214881", b"2"))
    first, second = records("arxiv:cat:cs.SE", ONE, client)
    assert first.arxiv == "2202.12139"
    assert first.doi == "10.1109/icstw55395.2022.00035"
    assert first.page_day == "2022-02-24"
    assert first.file == "arxiv:cat:cs.SE"
    assert second.authors == ("A. Isabella", "Emi Retna")
    (request,) = site.asked
    assert request.question == {
        "search_query": "cat:cs.SE",
        "start": "0",
        "max_results": "50",
        "sortBy": "submittedDate",
        "sortOrder": "descending",
    }


@pytest.mark.parametrize(
    ("spec", "query"),
    [
        ("arxiv:all:lora AND cat:cs.CL", "all:lora AND cat:cs.CL"),
        ("arxiv:author:Ada Lovelace", 'au:"Ada Lovelace"'),
    ],
)
def test_later_fetches_look_back_to_what_was_announced_late(
    site: Site, client: Client, spec: str, query: str
) -> None:
    site.on("/api/query", NO_ENTRY)
    assert records(spec, Span(SUNDAY, FRIDAY), client) == []
    days = "submittedDate:[202607240000 TO 202608022359]"
    assert site.asked[0].question["search_query"] == f"({query}) AND {days}"


def test_categories_come_from_the_feed_of_the_day(site: Site, client: Client, clock: Clock) -> None:
    site.on("/rss/cs.LG+stat.ML", RSS)
    (answer,) = parse("arxiv:cs.LG+stat.ML").fetch(Span(SUNDAY, FRIDAY), client)
    assert [record.arxiv for record in answer.records] == ["2609.26820", "2205.06398"]
    assert [record.arxiv for record in answer.updates] == ["2009.13987"]
    assert {record.page_day for record in answer} == {"2026-09-24"}
    assert {record.line for record in (*answer, *answer.updates)} == {1}


@pytest.mark.parametrize(
    ("spec", "query"),
    [("arxiv:cs.CL+hep-th", "cat:cs.CL OR cat:hep-th"), ("arxiv:math", "cat:math.*")],
)
def test_weekdays_that_were_missed_are_searched_for(
    site: Site, client: Client, spec: str, query: str
) -> None:
    site.on(f"/{spec.replace('arxiv:', 'rss/')}", WEEKEND)
    site.on("/api/query", NO_ENTRY)
    records(spec, Span(SUNDAY, FRIDAY - timedelta(days=1)), client)
    days = "submittedDate:[202607230000 TO 202608022359]"
    assert site.asked[0].question["search_query"] == f"({query}) AND {days}"
    assert len(site.asked) == 2


def test_a_first_fetch_on_a_weekend_brings_the_newest(site: Site, client: Client) -> None:
    site.on("/rss/cs.SE", WEEKEND)
    site.on("/api/query", ARXIV.replace(b"214881", b"2"))
    assert len(records("arxiv:cs.SE", Span(SUNDAY), client)) == 2
    assert records("arxiv:cs.SE", Span(SUNDAY, SUNDAY), client) == []
    assert site.paths() == ["/rss/cs.SE", "/api/query", "/rss/cs.SE"]


def test_any_feed_is_a_source(site: Site, client: Client) -> None:
    site.on("/feed.xml", RSS)
    entries = records(f"feed:{site.url}/feed.xml", ONE, client)
    assert [record.page_day for record in entries] == ["2026-09-24", None]
    site.on("/feed.xml", ARXIV)
    assert len(records(f"feed:{site.url}/feed.xml", ONE, client)) == 2
    site.on("/feed.xml", b"<p>moved")
    assert problem(f"feed:{site.url}/feed.xml", client) == "this is not XML"


def test_slices_are_three_seconds_apart_and_empty_ones_asked_for_again(
    site: Site, client: Client, clock: Clock
) -> None:
    total = str(2 * SLICE + 1).encode()
    bodies = iter(
        [
            ARXIV.replace(b"214881", total),
            NO_ENTRY.replace(b">0<", b">" + total + b"<"),
            ARXIV.replace(b"214881", total).replace(b"2202.12139", b"2202.12140"),
            ARXIV.replace(b"214881", total).replace(b"2202.12139", b"2202.12141"),
        ]
    )
    site.on("/api/query", lambda _: Reply(next(bodies)))
    assert len(records("arxiv:cat:cs.SE", Span(SUNDAY, FRIDAY), client)) == 6
    assert [request.question["start"] for request in site.asked] == ["0", "200", "200", "400"]
    assert clock.passed == pytest.approx(9.0)


def test_a_part_that_stays_empty_is_a_failure(site: Site, client: Client) -> None:
    site.on("/api/query", lambda _: Reply(NO_ENTRY.replace(b">0<", b">9<")))
    sentence = problem("arxiv:cat:cs.SE", client)
    assert sentence == "arXiv left out a part of its answer"
    assert len(site.asked) == 2


def test_it_stops_somewhere_and_says_so(site: Site, client: Client) -> None:
    site.on("/api/query", ARXIV)
    *_, last = parse("arxiv:cat:cs").fetch(Span(SUNDAY, FRIDAY), client)
    assert len(site.asked) == MOST / SLICE
    assert last.warnings[0].text.startswith("212,881 more papers left out")


def test_an_error_is_told_in_the_words_of_arxiv(site: Site, client: Client) -> None:
    site.on("/api/query", Reply(ERROR, 400))
    sentence = "arXiv answered with an error: incorrect id format for abc"
    assert problem("arxiv:cat:cs.SE", client) == sentence


def test_what_declares_entities_is_not_read(site: Site, client: Client) -> None:
    site.on("/api/query", ARXIV.replace(b"<feed", b'<!DOCTYPE feed [<!ENTITY a "b">]><feed', 1))
    assert "DOCTYPE" in problem("arxiv:cat:cs.SE", client)


def test_what_has_not_changed_brings_nothing(site: Site, client: Client) -> None:
    site.on("/api/query", Reply(b"", 304))
    site.on("/api/daily_papers", Reply(b"", 304))
    assert records("arxiv:cat:cs.SE", ONE, client) == []
    assert records("hf:daily", ONE, client) == []


def test_single_papers_are_asked_for_together(site: Site, client: Client) -> None:
    site.on("/api/query", ARXIV)
    records = of_ids([f"2202.{n:05}" for n in range(150)], client, ONE)
    assert {record.page_day for record in records} == {"2026-07-31"}
    first, second = (request.question for request in site.asked)
    assert first["id_list"].count(",") == 99
    assert second["max_results"] == "50"


def test_titles_are_phrases_without_what_means_something_in_a_query(
    site: Site, client: Client
) -> None:
    site.on("/api/query", NO_ENTRY)
    assert of_titles(['A (B) "C": D', "E AND F", "→"], client, ONE) == []
    assert site.asked[0].question["search_query"] == 'ti:"A B C D" OR ti:"E AND F"'


# Programs

PRINTS = "import json, os; print(json.dumps([{'title': 'Paper', 'arxiv': '2607.00001', 'd': 1}]))"


def command(code: str) -> str:
    return f'command:"{sys.executable}" -c "{code}"'


def test_a_program_prints_papers(client: Client) -> None:
    (record,) = records(command(PRINTS), ONE, client)
    assert (record.title, record.arxiv, record.file) == ("Paper", "2607.00001", command(PRINTS))


def test_a_program_is_told_the_days(client: Client) -> None:
    names = "('PAPERS_TUI_SINCE', 'PAPERS_TUI_UNTIL')"
    code = f"import json, os;print(json.dumps({{'title': ' '.join(map(os.environ.get, {names}))}}))"
    (record,) = records(command(code), Span(SUNDAY, FRIDAY), client)
    assert record.title == "2026-07-31 2026-08-02"


def test_a_program_that_prints_nothing_has_nothing_new(client: Client) -> None:
    assert records(command("pass"), ONE, client) == []


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("command:/no/such/program", "Cannot run /no/such/program: No such file or directory"),
        (command("import sys; sys.exit('no key')"), "ends with exit code 1: no key"),
        (command("print('x' * 2000)"), "prints more than 0 MB"),
        (command("import time; time.sleep(60)"), "takes longer than 0 seconds"),
        (command("print('<p>')"), "this is not JSON"),
    ],
)
def test_a_program_that_fails_is_told(client: Client, spec: str, sentence: str) -> None:
    seconds = 0.1 if "sleep" in spec else 60
    client.limits = replace(client.limits, packed=1000, seconds=seconds)
    assert sentence in problem(spec, client)
