"""Rules: what is done to the new papers of an import, in its change, and undone with it."""

from collections.abc import Sequence

import pytest

from tui.actions import history, rules, triage
from tui.actions.context import Context, Outcome
from tui.config import Config
from tui.errors import UsageError
from tui.exchange.import_files import rule_notes
from tui.library import Library
from tui.model.imports import Batch
from tui.model.paper import SourceRecord
from tui.model.rules import Rule, action_of
from tui.model.state import Status


def paper(title: str, *authors: str, categories: Sequence[str] = ()) -> SourceRecord:
    return SourceRecord(title, None, "a.bib", 1, authors=authors, categories=tuple(categories))


PAPERS = [
    paper("A Survey of Sets", "Charles Babbage"),
    paper("On Sets", "Ada Lovelace", categories=["cs.CL"]),
    paper("On Bags", "Ada Lovelace"),
]


def add(library: Library, query: str, *actions: str) -> None:
    rules.add(library, Rule(query, tuple(map(action_of, actions))))


def states(library: Library) -> dict[str, tuple[str, bool, tuple[str, ...], tuple[str, ...]]]:
    """Status, star, tags and lists of each paper that has a state, by its title."""
    return {
        item.paper.title: (
            str(item.state.status),
            item.state.starred,
            item.state.tags,
            item.state.lists,
        )
        for item in library.items()
        if item.state.changed
    }


def test_rules_decide_about_new_papers_in_the_change_of_their_import(empty: Library) -> None:
    add(empty, "title:survey", "dismiss")
    add(empty, "cat:cs.CL author:lovelace", "star", "tag:+People", "list:thesis")
    before = empty.state.change_count
    report = empty.add(PAPERS)
    assert empty.state.change_count == before + 1
    assert states(empty) == {
        "A Survey of Sets": ("dismissed", False, (), ()),
        "On Sets": ("unread", True, ("people",), ("thesis",)),
    }
    assert rule_notes([report]) == [
        "1 paper dismissed, by the rule title:survey",
        "1 paper starred, tagged people, put in thesis, by the rule cat:cs.CL author:lovelace",
    ]
    assert rule_notes([report, report])[0] == "2 papers dismissed, by the rule title:survey"
    (item,) = [item for item in empty.items() if item.paper.title == "On Sets"]
    assert item.state.rule == "cat:cs.CL author:lovelace"


def test_the_log_says_that_rules_decided_about_some_of_an_import(empty: Library) -> None:
    add(empty, "title:survey", "dismiss")
    empty.add(PAPERS)
    messages = [history.describe(empty, change) for change in empty.state.history()]
    assert messages == ["Added rule title:survey", "Imported a.bib: 1 paper decided"]


def test_what_rules_did_is_undone_with_the_import(empty: Library) -> None:
    add(empty, "lovelace", "star")
    empty.add(PAPERS)
    empty.undo()
    assert not empty.papers
    assert not any(empty.state.of(key).starred for key in empty.state.missing_keys())
    empty.redo()
    assert [title for title, state in states(empty).items() if state[1]] == ["On Sets", "On Bags"]


def test_of_several_imports_of_one_change_one_is_undone_with_what_rules_did_to_its_papers(
    empty: Library,
) -> None:
    add(empty, "lovelace", "star", "list:thesis")
    add(empty, "survey", "dismiss")
    one, other = empty.add_all([Batch(tuple(PAPERS[:2]), "one"), Batch(tuple(PAPERS[1:]), "other")])
    assert [[each.papers for each in report.rules] for report in (one, other)] == [[1, 1], [1]]
    places = set(empty.state.positions("thesis").values())
    assert len(places) == 2
    starred = {title for title, state in states(empty).items() if state[1]}
    empty.set_imports([other.id], is_live=False)
    assert {title for title, state in states(empty).items() if state[1]} == {"On Sets"}
    assert not any(empty.state.of(key).starred for key in empty.state.missing_keys())
    empty.set_imports([other.id], is_live=True)
    assert {title for title, state in states(empty).items() if state[1]} == starred
    assert set(empty.state.positions("thesis").values()) == places


def test_rules_leave_known_papers_and_old_decisions_alone(empty: Library) -> None:
    empty.add(PAPERS[:1])
    key = next(iter(empty.papers))
    triage.mark(empty, [key], Status.READING)
    add(empty, "sets", "dismiss")
    report = empty.add([*PAPERS, paper("A Survey of Sets", "Grace Hopper")])
    assert empty.item(key).state.status is Status.READING
    assert [each.papers for each in report.rules] == [1]


def test_a_dry_run_says_what_rules_would_do_and_does_nothing(empty: Library) -> None:
    add(empty, "sets", "dismiss")
    report = empty.add(PAPERS, dry_run=True)
    assert [(each.rule.query, each.papers) for each in report.rules] == [("sets", 2)]
    assert not empty.papers


def test_papers_of_one_import_have_places_of_their_own_in_a_list(empty: Library) -> None:
    add(empty, "lovelace", "list:thesis")
    empty.add(PAPERS)
    assert len(set(empty.state.positions("thesis").values())) == 2


def test_rules_are_kept_replaced_and_removed(empty: Library) -> None:
    add(empty, "sets", "star")
    add(empty, "sets", "dismiss")
    add(empty, "bags", "tag:b")
    empty.close()
    with Library.open(empty.folder, "desk", wait=0) as again:
        expected = [Rule("sets", ("dismiss",)), Rule("bags", ("tag:b",))]
        assert again.state.rules() == expected
        rules.remove(again, "sets")
        assert again.state.rules() == expected[1:]
        again.undo()
        assert sorted(again.state.rules()) == sorted(expected)


def test_a_rule_is_tried_on_papers_that_are_here(library: Library) -> None:
    before = library.state.change_count
    items = rules.recent_matches(library, Rule("title:lora", ("star",)))
    assert items
    assert all("lora" in item.paper.title.lower() for item in items)
    assert library.state.change_count == before


@pytest.mark.parametrize("word", ["", "stars", "tag:", "tag:none", "list:", "delete", "snooze:7d"])
def test_what_is_no_action_is_refused(word: str) -> None:
    with pytest.raises(UsageError):
        action_of(word)


def test_a_rule_that_watches_decides_nothing(empty: Library) -> None:
    add(empty, "sets", "watch")
    assert rule_notes([empty.add(PAPERS)]) == []
    assert states(empty) == {}
    assert [str(rule) for rule in empty.state.rules()] == ["watched"]
    add(empty, "bags", "watch", "star")
    empty.add([paper("Bags of Bags")])
    assert states(empty) == {"Bags of Bags": ("unread", True, (), ())}


def test_there_must_be_a_word_to_watch(empty: Library) -> None:
    with pytest.raises(UsageError, match="No word to watch"):
        rules.run_add(Context(Config(), empty), "cat:cs.CL", ["watch"])


def test_a_paper_has_one_status(empty: Library) -> None:
    with pytest.raises(UsageError, match="one status: read or reading"):
        rules.run_add(Context(Config(), empty), "sets", ["read", "reading"])


def test_a_rule_that_is_replaced_is_said_to_be(empty: Library) -> None:
    add(empty, "sets", "star")
    add(empty, "sets", "dismiss")
    last = empty.state.history()[-1]
    assert history.describe(empty, last) == "Changed rule sets"


def test_a_test_of_a_rule_says_how_many_papers_it_would_decide_about(empty: Library) -> None:
    empty.add(PAPERS)
    context = Context(Config(), empty)
    outcome = rules.run_test(context, "lovelace", ["star"])
    assert isinstance(outcome, Outcome)
    assert (outcome.message, len(outcome.rows)) == ("2 of 3 papers would be starred", 2)


def test_rules_that_there_are_can_be_tested_as_they_are(empty: Library) -> None:
    empty.add(PAPERS)
    context = Context(Config(), empty)

    def tested(query: str | None = None) -> Outcome:
        outcome = rules.run_test(context, query)
        assert isinstance(outcome, Outcome)
        return outcome

    with pytest.raises(UsageError, match="No rules to test"):
        tested()
    add(empty, "lovelace", "star")
    one = tested("lovelace")
    assert one.message == tested().message == "2 of 3 papers would be starred"
    add(empty, "sets", "dismiss")
    every = tested()
    assert every.message.endswith("papers would be decided about by 2 rules")
    assert {row[1] for row in every.rows} == {"starred", "dismissed"}
    with pytest.raises(UsageError, match="No rule “bags”"):
        tested("bags")
