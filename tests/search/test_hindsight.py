"""How well the order would have done in past sessions."""

from tests.search.test_likely import TODAY, fields
from tui.search.hindsight import DecidedRows, Hindsight, hindsight

BEFORE = dict.fromkeys(range(0, 20, 2), 1.0)


def sessions(kept: int, dismissed: int) -> list[DecidedRows]:
    """Five sessions that keep every paper of one kind, and dismiss those of the other."""
    return [
        DecidedRows(
            range(20 + 8 * n + kept, 28 + 8 * n, 2), range(20 + 8 * n + dismissed, 28 + 8 * n, 2)
        )
        for n in range(6)
    ]


def test_a_user_who_keeps_to_one_kind_is_predicted() -> None:
    past = hindsight(fields(200), sessions(0, 1), BEFORE, {1: 1.0}, TODAY)
    assert (past.share, past.low, past.high) == (1, 1, 1)
    assert (past.kept, past.dismissed) == (24, 24)
    assert str(past) == (
        "The order put what you kept above what you dismissed 100 % of the time"
        " (range 100 to 100; 24 kept, 24 dismissed)"
    )


def test_a_user_who_turns_to_another_kind_is_told_that_it_was_no_better_than_chance() -> None:
    past = hindsight(fields(200), sessions(1, 0), BEFORE, {}, TODAY)
    assert past.share < 1
    assert str(Hindsight(20, 20, 0.5, 0.4, 0.6)).endswith(": no better than chance so far")


def test_one_session_alone_has_a_range() -> None:
    kept, dismissed = range(20, 80, 2), range(81, 141, 2)  # of the kinds kept before, and not
    mixed = DecidedRows([*kept[:25], *dismissed[:5]], [*dismissed[5:], *kept[25:]])
    past = hindsight(fields(200), [mixed], BEFORE, {}, TODAY)
    assert past.low < past.share < past.high


def test_with_few_decisions_there_is_no_figure() -> None:
    past = hindsight(fields(200), sessions(0, 1)[:4], BEFORE, {}, TODAY)
    assert str(past) == (
        "How well this order works is not known yet: it takes 20 papers kept and 20 dismissed,"
        " one by one, in sessions that began with 5 or more kept or read (so far 16 and 16)"
    )
    assert not past.is_known
    assert not past.is_no_better_than_chance
    assert not hindsight(fields(200), sessions(0, 1), {}, {}, TODAY).is_known
    assert hindsight(fields(200), [], BEFORE, {}, TODAY) == Hindsight(0, 0)
