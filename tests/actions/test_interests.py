"""What was learned, and what a user wants more of or muted."""

from pathlib import Path

import pytest

from tests.actions.test_likely import TOPICS, numbers, run, star, workspace
from tests.conftest import NOW
from tests.libraries import Clock
from tui.actions import arguments, command_line, lists, triage
from tui.actions.context import Context, Outcome
from tui.actions.interests import hindsight, learned, names_of, reminder
from tui.actions.registry import Where, actions
from tui.actions.sessions import last
from tui.actions.verdicts import Verdict
from tui.config import Config
from tui.errors import PapersError, UsageError
from tui.library import Library
from tui.model.paper import SourceRecord, merge
from tui.model.state import Status
from tui.search.grounds import Grounds
from tui.search.hindsight import Hindsight
from tui.search.ranking import Learned
from tui.workspace import Workspace

__all__ = ["workspace"]

DAY = 24 * 60
"""In minutes."""


def outcome_of(workspace: Workspace, name: str) -> Outcome:
    """What an action without arguments gives."""
    outcome = actions()[name].run(workspace.context())
    assert isinstance(outcome, Outcome)
    return outcome


def test_a_word_of_which_more_is_wanted_counts_most(workspace: Workspace) -> None:
    star(workspace, 1, 3, 5, 7, 9)
    run(workspace, "want word:galaxies")
    run(workspace, "likely")
    assert {n % 2 for n in numbers(workspace)[:4]} == {0, 1}
    run(workspace, "interests reset word:galaxies")
    run(workspace, "refresh")
    assert set(numbers(workspace)[:3]) == {11, 13, 15}


@pytest.mark.parametrize("where", [Where.APP, Where.PLAIN, Where.SHELL])
def test_more_with_a_word_wants_more_of_it_and_alone_still_pages_the_abstract(where: Where) -> None:
    for words in (["more", "word:moe"], ["--no-sample", "more", "word:moe"]):
        assert arguments.parse(words, where)[0] is actions()["want"]
    assert command_line.parse("more", Where.APP)[0] is actions()["more"]


def test_a_wanted_word_is_a_reason_and_one_that_no_paper_has_is_called_so(
    workspace: Workspace,
) -> None:
    star(workspace, 1, 3, 5, 7, 9)
    messages = [run(workspace, f"want word:{word}") for word in ("galaxies", "quasars")]
    assert messages == ["Asked for more of galaxies", "Asked for more of quasars: no paper has it"]
    run(workspace, "likely")
    results = workspace.listing.results
    reasons = [results.explanation(place) for place in range(len(results))]
    explanations = dict(zip(numbers(workspace), reasons, strict=True))
    assert explanations[0] == ("galaxies", "you want more of “galaxies”")
    assert explanations[11] == ("", "little known yet")


def test_a_reason_names_the_wanted_word_before_those_of_papers_kept() -> None:
    grounds = Grounds(("vector", "retrieval"), (4, 3), 5, wanted="retrieval")
    assert grounds.brief == "retrieval, vector"
    kept = "“vector” is in 4 and “retrieval” in 3 of 5 papers you kept or read"
    assert str(grounds) == f"you want more of “retrieval”; {kept}"


def test_what_is_not_preferred_cannot_be_reset_by_the_old_name_either(workspace: Workspace) -> None:
    for name in ("reset", "lift"):
        with pytest.raises(UsageError, match="Neither muted nor wanted: word:moe"):
            run(workspace, f"interests {name} moe")


def test_a_muted_author_comes_last_a_wanted_one_first_and_the_row_says_so(tmp_path: Path) -> None:
    with Library.open(tmp_path, "desk", wait=0, now=Clock(NOW)) as library:
        papers = [
            SourceRecord(f"P{n:02}", TOPICS[n % 2], "0.txt", n + 1, authors=(f"Ann Author{n}",))
            for n in range(16)
        ]
        library.seed(merge([record]) for record in papers)
        library.search.load_words()
        library.change("star", [("papers", k, "starred", True) for k in list(library.papers)[:6]])
        library.change("mute", [("preferences", "author:Ann Author8", "wish", "mute")])
        library.change("more", [("preferences", "author:Ann Author9", "wish", "more")])
        workspace = Workspace(library, Config(), "is:inbox sort:likely")
        assert numbers(workspace)[0] == 9
        assert numbers(workspace)[-1] == 8
        results = workspace.listing.results
        reasons = [results.explanation(place) for place in (0, len(results) - 1)]
        assert reasons == [
            ("author you want", "by an author you want more of"),
            ("muted author", "by an author you muted"),
        ]


def test_why_lists_the_papers_behind_the_place_of_one(workspace: Workspace) -> None:
    star(workspace, 1, 3, 5, 7, 9)
    run(workspace, "likely")
    outcome = outcome_of(workspace, "why")
    assert [row[1] for row in outcome.rows][:2] == ["inbox", "sort:likely"]
    kept = [paper["key"] for paper in outcome.data[-1]["kept"]]
    assert {int(key[1:3]) for key in kept} <= {1, 3, 5, 7, 9}
    assert outcome.exit_code == 0


def test_why_of_a_decided_paper_says_that_it_comes_last_and_names_only_others(
    workspace: Workspace,
) -> None:
    star(workspace, 1, 3, 5, 7, 9)
    run(workspace, "list is:starred sort:likely")
    outcome = outcome_of(workspace, "why")
    assert outcome.rows[1] == ("", "sort:likely", "what you decided comes last")
    assert workspace.listing.key not in [paper["key"] for paper in outcome.data[-1]["kept"]]


def test_why_with_a_paper_to_be_like_that_is_not_there_is_refused(workspace: Workspace) -> None:
    with pytest.raises(PapersError, match="No paper has a key that begins with “nobody”"):
        run(workspace, "why % like:nobody")


def test_the_interests_end_with_the_words_that_are_ignored(workspace: Workspace) -> None:
    star(workspace, 1, 3, 5, 7, 9)
    run(workspace, "mute word:reefs")
    outcome = outcome_of(workspace, "interests")
    assert outcome.data["interests"][0]["papers"] == 5
    assert outcome.rows[-1] == ("muted", "reefs", "a word that is ignored")


def test_each_word_of_an_interest_is_told_with_how_many_of_its_papers_have_it(
    tmp_path: Path,
) -> None:
    with Library.open(tmp_path, "desk", wait=0, now=Clock(NOW)) as library:
        titles = ["Reefs whales"] * 6 + ["Reefs"] * 3 + ["Stars"] * 90
        records = [SourceRecord(f"P{n:02}", t, "0.txt", n + 1) for n, t in enumerate(titles)]
        library.seed(merge([record]) for record in records)
        library.change("star", [("papers", k, "starred", True) for k in list(library.papers)[:9]])
        every, *_ = learned(library)
        assert every.shares == {"reefs": 1, "whales": pytest.approx(6 / 9)}
        outcome = actions()["interests"].run(Context(Config(), library))
        assert isinstance(outcome, Outcome)
        assert outcome.rows[0] == ("all kept or read", "9 papers", "reefs, whales")
        assert outcome.data["interests"][0]["words"] == ["reefs", "whales"]


def interest(name: str = "", *, is_all: bool = False, **having: int) -> Learned:
    return Learned(name, is_all, tuple("abcdefghij"), tuple(having), tuple(having.values()))


def test_groups_of_papers_are_named_by_a_word_that_the_others_lack() -> None:
    every, moe = interest(is_all=True, search=9, agents=9), interest("list moe", search=9)
    groups = [
        interest(search=5),
        interest(search=5, agents=5, tools=5),
        interest(tools=5, agents=5),
    ]
    assert names_of([every, moe, *groups]) == [
        *("all kept or read", "list moe"),
        *("group “search”", "group “agents”", "group “tools”"),
    ]


def test_a_group_of_papers_is_named_by_a_word_that_more_of_its_papers_have() -> None:
    groups = [interest(rag=2, retrieval=7), interest(retrieval=3, embeddings=6)]
    assert names_of(groups) == ["group “retrieval”", "group “embeddings”"]


def test_a_word_is_said_to_be_reset_and_a_question_says_what_it_is_for(
    workspace: Workspace,
) -> None:
    run(workspace, "mute word:reefs")
    assert run(workspace, "interests reset reefs") == "Reset reefs"
    arguments = [actions()[name].missing({}, Where.APP) for name in ("mute", "want")]
    questions = [each.question(workspace.context()) for each in arguments if each and each.question]
    assert [each.prompt for each in questions if each] == ["Mute", "Want more of"]


def test_what_is_muted_is_chosen_from_the_words_of_the_paper(tmp_path: Path) -> None:
    with Library.open(tmp_path, "desk", wait=0, now=Clock(NOW)) as library:
        with_six_stars(library)
        workspace = Workspace(library, Config(), "stars")
        argument = actions()["mute"].missing({}, Where.APP)
        assert argument is not None
        assert argument.question is not None
        question = argument.question(workspace.context())
        assert question is not None
        assert not callable(question.choices)
        offered = {choice.value for choice in question.choices}
        assert offered == {f"word:{word}" for word in TOPICS[0].split()}


def with_six_stars(library: Library) -> list[str]:
    """Fills a library, and stars all but one of the papers on the night sky; their keys, sorted."""
    topics = [*[TOPICS[0]] * 7, *[TOPICS[1]] * 3, *(f"rocket{n % 9} thrust" for n in range(40))]
    library.seed(
        merge([SourceRecord(f"P{n:02}", text, "0.txt", n + 1)]) for n, text in enumerate(topics)
    )
    library.search.load_words()
    keys = sorted(library.papers)
    for key in keys[:6]:
        library.change("star", [("papers", key, "starred", True)])
    return keys


def test_a_muted_word_counts_nothing_and_undo_brings_it_back(tmp_path: Path) -> None:
    with Library.open(tmp_path, "desk", wait=0, now=Clock(NOW)) as library:
        with_six_stars(library)
        workspace = Workspace(library, Config(), "is:inbox sort:likely")

        def words() -> set[str]:
            return set(outcome_of(workspace, "interests").rows[0][2].split(", "))

        assert words() == set(TOPICS[0].split())
        run(workspace, "mute word:stars")
        assert words() == set(TOPICS[0].split()) - {"stars"}
        assert library.state.preferences() == {"word:stars": "mute"}
        run(workspace, "undo")
        assert words() == set(TOPICS[0].split())
        assert not library.state.preferences()


def test_several_words_and_authors_are_muted_and_reset_as_one_change(tmp_path: Path) -> None:
    with Library.open(tmp_path, "desk", wait=0, now=Clock(NOW)) as library:
        with_six_stars(library)
        workspace = Workspace(library, Config(), "")
        assert run(workspace, "mute word:stars author:Jane Doe") == "Muted stars, Jane Doe"
        both = {"word:stars": "mute", "author:Jane Doe": "mute"}
        assert library.state.preferences() == both
        with pytest.raises(UsageError, match="Neither muted nor wanted: word:night"):
            run(workspace, "interests reset word:stars word:night")
        assert library.state.preferences() == both
        run(workspace, "interests reset author:jane doe word:stars")
        assert not library.state.preferences()
        run(workspace, "undo 2")
        assert not library.state.preferences()


def test_a_session_ends_with_a_reminder_of_dismissed_papers_at_most_once_a_week(
    tmp_path: Path,
) -> None:
    clock = Clock(NOW)
    with Library.open(tmp_path, "desk", wait=0, now=clock) as library:
        keys = with_six_stars(library)
        assert not reminder(library)
        library.change("dismissed", [("papers", keys[6], "status", "dismissed")])
        text = "1 dismissed paper is like those you kept: papers-tui reconsider"
        assert reminder(library) == text
        assert not reminder(library)
        assert [change.verb for change in next(library.state.undoable())] == ["dismissed"]
        clock.wait(6 * DAY)
    with Library.open(tmp_path, "lap", wait=0, now=clock) as library:
        library.search.load_words()
        assert not reminder(library)
        clock.wait(1 * DAY)
        assert reminder(library) == text


def test_a_dismissed_paper_like_those_kept_gets_a_second_chance(tmp_path: Path) -> None:
    with Library.open(tmp_path, "desk", wait=0, now=Clock(NOW)) as library:
        keys = with_six_stars(library)
        workspace = Workspace(library, Config(), "")
        library.change("dismissed", [("papers", keys[8], "status", "dismissed")])
        none = "No dismissed paper is like those you kept"
        assert outcome_of(workspace, "reconsider").message == none
        library.change("dismissed", [("papers", keys[6], "status", "dismissed")])
        outcome = actions()["reconsider"].run(Context(Config(), library))
        assert isinstance(outcome, Outcome)
        assert [row[0] for row in outcome.rows] == [keys[6]]
        assert set(outcome.rows[0][1].split(", ")) < set(TOPICS[0].split())


def test_the_last_thirty_sessions_are_predicted_from_all_that_was_kept_before(
    tmp_path: Path,
) -> None:
    clock = Clock(NOW)
    with Library.open(tmp_path, "desk", wait=0, now=clock) as library:
        keys = with_six_stars(library)
        for day in range(30):
            clock.wait(DAY)
            library.change("note", [("papers", keys[9], "note", f"day {day}")])
        library.change("star", [("papers", keys[6], "starred", True)])
        library.change("dismissed", [("papers", keys[8], "status", "dismissed")])
        assert hindsight(library) == Hindsight(kept=1, dismissed=1)


def test_what_was_read_in_a_session_does_not_predict_it(tmp_path: Path) -> None:
    clock = Clock(NOW)
    with Library.open(tmp_path, "desk", wait=0, now=clock) as library:
        keys = with_six_stars(library)
        for _ in range(6):
            library.undo()
        clock.wait(DAY)
        for key in keys[:6]:
            library.change("read", [("papers", key, "status", "read")])
            clock.wait(1)
        library.change("star", [("papers", keys[6], "starred", True)])
        library.change("dismissed", [("papers", keys[8], "status", "dismissed")])
        assert hindsight(library) == Hindsight(kept=0, dismissed=0)
        clock.wait(DAY)
        library.change("star", [("papers", keys[7], "starred", True)])
        library.change("dismissed", [("papers", keys[9], "status", "dismissed")])
        assert hindsight(library) == Hindsight(kept=1, dismissed=1)


def test_lists_made_of_many_papers_later_change_nothing_of_what_was_decided_one_by_one(
    tmp_path: Path,
) -> None:
    clock = Clock(NOW)
    with Library.open(tmp_path, "desk", wait=0, now=clock) as library:
        keys = with_six_stars(library)
        clock.wait(DAY)
        for key in keys[10:16]:
            library.change("read", [("papers", key, "status", "read")])
            clock.wait(1)
        library.change("star", [("papers", keys[6], "starred", True)])
        library.change("dismissed", [("papers", keys[8], "status", "dismissed")])
        learned(library)
        papers, past = learned(library)[0].papers, hindsight(library)
        assert (papers, past) == (13, Hindsight(kept=1, dismissed=1))
        clock.wait(DAY)
        filed = lists.add(library, "thesis", [*keys[:7], *keys[10:16]])
        assert filed is not None
        assert (learned(library)[0].papers, hindsight(library)) == (papers, past)
        library.undo()
        assert (learned(library)[0].papers, hindsight(library)) == (papers, past)
        triage.mark(library, keys[10:16], Status.DISMISSED)
        library.undo()
        assert learned(library)[0].papers == papers


def test_papers_decided_many_at_once_are_not_predicted_nor_known_before(tmp_path: Path) -> None:
    clock = Clock(NOW)
    with Library.open(tmp_path, "desk", wait=0, now=clock) as library:
        keys = with_six_stars(library)
        for _ in range(6):
            library.undo()
        clock.wait(DAY)
        lists.add(library, "thesis", keys[:6])
        library.change("star", [("papers", keys[6], "starred", True)])
        library.change("dismissed", [("papers", keys[8], "status", "dismissed")])
        assert hindsight(library) == Hindsight(kept=0, dismissed=0)


def test_a_session_and_the_interests_count_the_same_papers_as_kept_and_dismissed(
    tmp_path: Path,
) -> None:
    clock = Clock(NOW)
    with Library.open(tmp_path, "desk", wait=0, now=clock) as library:
        keys = with_six_stars(library)
        clock.wait(DAY)
        for key in keys[6:9]:
            library.change("star", [("papers", key, "starred", True)])
        library.change("read", [("papers", keys[6], "status", "read")])
        library.change("reading", [("papers", keys[9], "status", "reading")])
        for key in keys[10:12]:
            library.change("dismissed", [("papers", key, "status", "dismissed")])
        library.undo()
        session, past = last(library), hindsight(library)
        assert session is not None
        assert past is not None
        counts = session.totals.counts
        assert (counts[Verdict.KEPT], counts[Verdict.DISMISSED]) == (2, 1)
        assert (past.kept, past.dismissed) == (2, 1)
