"""Fetching: sources answer, each answer is an import, and what fails stops nothing else."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.actions.conftest import at, ran
from tests.libraries import Clock
from tests.sources.site import HF, NO_ENTRY, RSS, Asked, Reply, Site, serving
from tui.__main__ import main
from tui.actions import history, rules, sources, triage
from tui.actions.context import Outcome
from tui.config import Config
from tui.errors import LibraryError, PapersError, UsageError
from tui.library import Library
from tui.model.paper import SourceRecord
from tui.model.rules import Rule, action_of
from tui.model.state import Status
from tui.workspace import Workspace

pytestmark = pytest.mark.usefixtures("no_fsync")


def fetched(library: Library, site: Site, *names: str, **options: Any) -> Outcome:
    return ran("fetch", at(library, site), names=names, **options)


def days(site: Site) -> list[str | None]:
    """The days of Daily Papers that were asked for."""
    return [request.question.get("date") for request in site.asked]


def test_an_answer_is_an_import_that_is_counted_and_undone(
    new_library: Library, site: Site
) -> None:
    sources.add(new_library, "hf:daily")
    outcome = fetched(new_library, site)
    assert (outcome.text, outcome.exit_code) == ("hf:daily: 4 new\n", 0)
    assert {item.paper.arxiv for item in new_library.items()} >= {"2607.23193", "2607.27958"}
    (imported,) = new_library.imports.all()
    assert (imported.head.source, imported.papers) == ("hf:daily", 4)
    new_library.undo()
    assert new_library.items() == []


def test_what_all_sources_bring_is_one_change(new_library: Library, site: Site) -> None:
    for spec in ("arxiv:cat:cs.SE", "hf:daily"):
        sources.add(new_library, spec)
    rules.add(new_library, Rule("title:a", (action_of("star"),)))
    fetched(new_library, site)
    papers, before = len(new_library), new_library.state.change_count
    starred = {item.key for item in new_library.items() if item.state.starred}
    assert starred
    assert history.describe(new_library, new_library.undo()).startswith(
        "Undid: imported arxiv:cat:cs.SE, hf:d"
    )
    assert (len(new_library), new_library.state.change_count) == (0, before + 1)
    new_library.redo()
    assert len(new_library) == papers
    assert {item.key for item in new_library.items() if item.state.starred} == starred


def test_nothing_comes_twice_and_that_is_no_failure(new_library: Library, site: Site) -> None:
    sources.add(new_library, "hf:daily")
    sources.add(new_library, "arxiv:cat:cs.SE")
    fetched(new_library, site)
    outcome = fetched(new_library, site)
    assert outcome.text == "arxiv:cat:cs.SE: nothing new\nhf:daily: nothing new\n"
    assert outcome.exit_code == 0
    assert len(new_library.imports.all()) == 2


def test_upvotes_are_those_of_the_last_answer(new_library: Library, site: Site) -> None:
    sources.add(new_library, "hf:daily")
    fetched(new_library, site)
    site.on("/api/daily_papers", HF.replace(b'"upvotes": 3,', b'"upvotes": 30,'))
    assert fetched(new_library, site).text == "hf:daily: 1 merged, 3 unchanged\n"
    assert 30 in {item.paper.upvotes for item in new_library.items()}


def test_a_known_paper_is_joined_and_keeps_its_decision(library: Library, site: Site) -> None:
    item = library.items()[0]
    triage.mark(library, [item.key], Status.DISMISSED)
    papers = json.loads(HF)
    papers[0]["paper"]["title"] = item.paper.title.upper()
    site.on("/api/daily_papers", json.dumps(papers).encode())
    sources.add(library, "hf:daily")
    assert fetched(library, site).text == "hf:daily: 3 new, 1 merged\n"
    joined = library.item(item.key)
    assert joined.state.status is Status.DISMISSED
    assert (joined.paper.arxiv, joined.paper.upvotes) == ("2607.23193", 3)
    assert len(library) == 268 + 3


def test_days_that_were_missed_are_caught_up(
    new_library: Library, site: Site, clock: Clock
) -> None:
    sources.add(new_library, "hf:daily")
    fetched(new_library, site)
    clock.wait(minutes=3 * 24 * 60)
    fetched(new_library, site)
    fetched(new_library, site)
    assert days(site) == [
        None,
        "2026-01-15",
        "2026-01-16",
        "2026-01-17",
        "2026-01-18",
        "2026-01-18",
    ]


def test_a_fetch_that_fails_leaves_its_days_to_the_next(
    new_library: Library, site: Site, clock: Clock
) -> None:
    sources.add(new_library, "hf:daily")
    fetched(new_library, site)
    clock.wait(minutes=24 * 60)
    site.on("/api/daily_papers", Reply(b"", 500))
    with pytest.raises(PapersError, match="answers 500"):
        fetched(new_library, site)
    site.on("/api/daily_papers", HF)
    fetched(new_library, site)
    assert days(site) == [None, "2026-01-15", "2026-01-15", "2026-01-16"]


def test_a_long_absence_is_caught_up_in_part_and_said(
    new_library: Library, site: Site, clock: Clock
) -> None:
    sources.add(new_library, "hf:daily")
    fetched(new_library, site)
    clock.wait(minutes=100 * 24 * 60)
    outcome = fetched(new_library, site)
    assert len(days(site)) == 1 + 32
    assert outcome.notes == ("hf:daily: 69 earlier days left out; --since fetches them",)


def test_days_can_be_named(new_library: Library, site: Site) -> None:
    sources.add(new_library, "hf:daily")
    outcome = fetched(new_library, site, since="2026-01-05", until="2026-01-06")
    assert outcome.text == "hf:daily: 4 new (2026-01-05 to 2026-01-06)\n"
    assert days(site) == ["2026-01-05", "2026-01-06"]
    for since, until in (
        ("2026-01-06", "2026-01-05"),
        ("soon", None),
        ("2999-01-01", None),
        (None, "2026-01-05"),
    ):
        with pytest.raises(UsageError):
            fetched(new_library, site, since=since, until=until)


def test_what_has_not_changed_is_not_sent_again_unless_its_import_was_undone(
    new_library: Library, site: Site
) -> None:
    def answer(request: Asked) -> Reply:
        is_known = "if-none-match" in request.headers
        return Reply(b"", 304) if is_known else Reply(HF, headers={"ETag": '"1"'})

    site.on("/api/daily_papers", answer)
    sources.add(new_library, "hf:trending")
    assert fetched(new_library, site).text == "hf:trending: 4 new\n"
    assert fetched(new_library, site).text == "hf:trending: nothing new\n"
    new_library.undo()
    assert fetched(new_library, site).text == "hf:trending: 4 new\n"
    assert ["if-none-match" in request.headers for request in site.asked] == [False, True, False]


def test_one_source_that_fails_does_not_stop_the_others(new_library: Library, site: Site) -> None:
    for spec in ("arxiv:cat:cs.SE", "hf:daily", "hf:trending"):
        sources.add(new_library, spec)
    site.on("/api/query", Reply(b"", 503, {"Retry-After": "7200"}))
    here = at(new_library, site)
    hf = site.url.replace("127.0.0.1", "localhost")  # another host
    here = replace(here, settings=Config(sources={**here.settings.sources, "hf": hf}))
    outcome = ran("fetch", here, names=())
    assert outcome.text == "hf:daily: 4 new\nhf:trending: 4 merged\n"
    (failure,) = outcome.failures
    assert failure.startswith("arxiv:cat:cs.SE: 127.0.0.1 asks to wait until ")
    assert failure.endswith(". Fetch it again then.")
    assert outcome.exit_code == 1
    outcome = ran("fetch", here, names=(), quiet=True)
    assert [request.path for request in site.asked].count("/api/query") == 1
    assert (outcome.text, outcome.notes, outcome.failures) == ("", (), (failure,))
    assert sources.past(new_library)["arxiv:cat:cs.SE"].error.startswith("127.0.0.1 asks to wait")


def test_offline_is_said_once_with_what_to_do(new_library: Library, site: Site) -> None:
    for spec in ("hf:daily", "hf:trending"):
        sources.add(new_library, spec)
    with serving() as gone:
        pass
    outcome = fetched(new_library, gone)
    sentence = "No connection to 127.0.0.1"
    hint = "Check the network, and fetch again."
    assert outcome.failures == (f"hf:daily, hf:trending: {sentence}. {hint}",)
    assert outcome.exit_code == 1
    with pytest.raises(PapersError, match=f"hf:daily: {sentence}"):
        fetched(new_library, gone, "hf:daily")


def test_a_session_names_all_sources_that_fail_alike(new_library: Library, site: Site) -> None:
    for spec in ("hf:daily", "hf:trending"):
        sources.add(new_library, spec)
    site.on("/api/daily_papers", Reply(b"", 500))
    here = Workspace(new_library, at(new_library, site).settings, "").context()
    with pytest.raises(PapersError, match=r"hf:daily, hf:trending: .* answers 500"):
        ran("fetch", here)


def test_a_dry_run_changes_nothing(new_library: Library, site: Site) -> None:
    sources.add(new_library, "hf:daily")
    assert fetched(new_library, site, dry_run=True).text == "hf:daily: would be 4 new\n"
    assert (new_library.items(), sources.past(new_library)) == ([], {})


def test_without_sources_it_says_how_to_add_one(new_library: Library, site: Site) -> None:
    with pytest.raises(PapersError, match="No sources yet"):
        fetched(new_library, site)
    with pytest.raises(PapersError, match="No source “hf”"):
        fetched(new_library, site, "hf")


def test_a_weekend_brings_nothing_and_fails_not(new_library: Library, site: Site) -> None:
    site.on("/api/daily_papers", b"[]")
    site.on("/api/query", NO_ENTRY)
    sources.add(new_library, "hf:daily")
    sources.add(new_library, "arxiv:cat:cs.SE")
    assert (
        fetched(new_library, site).text == "arxiv:cat:cs.SE: nothing new\nhf:daily: nothing new\n"
    )


def test_a_new_version_reaches_only_a_paper_that_is_here(new_library: Library, site: Site) -> None:
    site.on("/rss/cs.LG", RSS)
    sources.add(new_library, "arxiv:cs.LG")
    assert fetched(new_library, site).text == "arxiv:cs.LG: 2 new\n"
    new_library.add([SourceRecord("Random Polytopes", None, "0.txt", 1, arxiv="2009.13987")])
    assert fetched(new_library, site).text == "arxiv:cs.LG: 1 merged, 2 unchanged\n"
    titles = {item.paper.title: item.paper.arxiv_version for item in new_library.items()}
    assert titles["Random Polytope Descriptors"] == 3


def test_rules_decide_about_what_a_source_brings(new_library: Library, site: Site) -> None:
    rules.add(new_library, Rule("title:omniscope", (action_of("dismiss"),)))
    sources.add(new_library, "hf:daily")
    assert fetched(new_library, site).notes == ("1 paper dismissed, by the rule title:omniscope",)
    (dismissed,) = [i for i in new_library.items() if i.state.status is Status.DISMISSED]
    assert dismissed.paper.arxiv == "2607.23193"
    new_library.undo()
    assert new_library.items() == []


def test_a_name_is_what_the_import_is_called(new_library: Library, site: Site) -> None:
    sources.add(new_library, "hf:daily")
    sources.rename(new_library, "hf:daily", "Morning")
    assert fetched(new_library, site, "Mor").text == "Morning: 4 new\n"
    assert new_library.imports.all()[0].head.source == "Morning"
    sources.rename(new_library, "hf:daily", "Evening")
    assert fetched(new_library, site).text == "Evening: nothing new\n"


def test_nothing_is_asked_where_nothing_can_be_kept(
    new_library: Library, site: Site, folder: Path
) -> None:
    sources.add(new_library, "hf:daily")
    with (
        Library.open(folder, "other", write=False) as reading,
        pytest.raises(LibraryError, match="Read only"),
    ):
        fetched(reading, site)
    assert site.asked == []


def test_what_is_remembered_can_be_damaged_or_gone(new_library: Library, site: Site) -> None:
    from tui import config

    sources.add(new_library, "hf:daily")
    fetched(new_library, site)
    path = config.fetched_path(new_library.folder)
    for damaged in ("", "[]", '{"hf:daily": {}}', '{"hf:daily": null}', "{" * 9999):
        path.write_text(damaged)
        assert fetched(new_library, site).text == "hf:daily: nothing new\n"


# Commands


def test_a_command_runs_only_where_it_was_typed_or_allowed(
    new_library: Library, site: Site, home: Path
) -> None:
    spec = f'command:{sys.executable} -c \'print("{{\\"title\\": \\"Of a program\\"}}")\''
    here = at(new_library, site)
    outcome = ran("sources add", replace(here, inputs={}), spec=spec)
    assert outcome.notes[0].startswith("It was not typed on this machine: papers-tui sources allow")
    with pytest.raises(PapersError, match="Not allowed to run on this machine"):
        ran("fetch", here)
    assert ran("sources", here).rows[0][2] == "not allowed to run on this machine"
    assert ran("sources allow", here, name="command").message.startswith("Allowed here: command:")
    assert ran("fetch", here).text.endswith(": 1 new\n")
    assert [item.paper.title for item in new_library.items()] == ["Of a program"]


def test_the_shell_adds_a_source_and_fetches_it(
    home: Path, site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = home / "config.toml"
    config.write_text(f'[sources.hf]\nurl = "{site.url}"\n')
    monkeypatch.setenv("PAPERS_TUI_CONFIG", str(config))
    assert main(["--no-sample", "sources", "add", "hf:daily"]) == 0
    assert main(["fetch"]) == 0
    assert main(["fetch"]) == 0
    assert main(["sources"]) == 0
    out, err = capsys.readouterr()
    assert "Added source hf:daily" in err
    assert out.splitlines()[:2] == ["hf:daily: 4 new", "hf:daily: nothing new"]
    assert main(["list", "is:inbox", "--json"]) == 0
    papers = json.loads(capsys.readouterr().out)
    assert len(papers) == 4
    for paper in papers:
        assert paper["arxiv"]
        assert paper["authors"]
        assert paper["upvotes"] is not None
    assert sum(bool(paper["urls"]) for paper in papers) >= 3


def test_years_of_days_are_refused_before_anything_is_asked(
    new_library: Library, site: Site
) -> None:
    sources.add(new_library, "hf:daily")
    with pytest.raises(UsageError, match="2,207 days are too many") as refusal:
        fetched(new_library, site, since="2020-01-01")
    assert refusal.value.hint.endswith("--since 2020-01-01 --until 2020-12-31.")
    assert site.asked == []
