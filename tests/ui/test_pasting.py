"""A paste arrives as one text, however it is cut and whatever escapes are in it."""

from hypothesis import given
from hypothesis import strategies as st
from textual import events

from tui.ui.textual_fixes import Burst, WholePasteParser

BEGIN, END = "\x1b[200~", "\x1b[201~"


def parsed(*parts: str) -> list[events.Event]:
    """What a terminal's bytes are taken for, coming in parts."""
    parser = WholePasteParser()
    return [
        event for part in parts for event in parser.feed(part) if isinstance(event, events.Event)
    ]


def names(parsed_events: list[events.Event]) -> list[str]:
    """Keys by their names, pastes by their texts in brackets."""
    return [
        f"[{event.text}]" if isinstance(event, events.Paste) else event.key
        for each in parsed_events
        for event in (each.keys if isinstance(each, Burst) else [each])
        if isinstance(event, events.Key | events.Paste)
    ]


def test_colours_in_a_paste_are_no_keys() -> None:
    page = f"{BEGIN}\x1b[31mAll of it\x1b[0m Abstract Aug 3, 2025 dAAAAA{END}j"
    assert names(parsed(page)) == ["[[31mAll of it[0m Abstract Aug 3, 2025 dAAAAA]", "j"]


def test_keys_before_and_after_are_keys() -> None:
    assert names(parsed(f"r\x1b[A{BEGIN}x{END}\x1b[Bd")) == ["r", "up", "[x]", "down", "d"]


@given(
    st.text(st.sampled_from("aA\x1b[01~2\n"), min_size=1, max_size=60),
    st.lists(st.integers(1, 5), max_size=30),
)
def test_however_a_paste_is_cut_it_is_one_text(text: str, sizes: list[int]) -> None:
    text = text.replace(END, "")
    whole = f"{text}{END}"
    parts = [BEGIN]
    for size in sizes:
        parts.append(whole[:size])
        whole = whole[size:]
    result = names(parsed(*filter(None, [*parts, whole]), "q"))
    inside = text.replace("\x1b", "")
    assert result == [f"[{inside}]", "q"]


# Without brackets


def read_of(parser: WholePasteParser, *reads: str) -> list[str]:
    """What the driver gets for some reads and a pause, by name."""
    messages = [each for data in reads for each in (*parser.feed(data), *parser.tick())]
    messages += parser.tick()
    return names([each for each in messages if isinstance(each, events.Event)])


def test_a_burst_is_one_paste_however_it_is_cut() -> None:
    parser = WholePasteParser()
    pieces = ("Attention Is All You Need\rr", "d", "\r", "sssd\x1b[31mu")
    assert read_of(parser, *pieces) == ["[Attention Is All You Need\nrd\nsssdu]"]
    assert read_of(parser, "r") == ["r"]


def test_keys_sent_together_are_keys() -> None:
    parser = WholePasteParser()
    assert read_of(parser, "jjjdd", "gg", "\x1b[A") == [*"jjjdd", "g", "g", "up"]


def test_a_sequence_that_is_cut_is_no_text() -> None:
    events_read = parsed("\x1b[<35;1", "0;5M")
    assert [type(each) for each in events_read] == [events.MouseMove]


def test_a_bracketed_paste_in_pieces_is_one() -> None:
    parser = WholePasteParser()
    pieces = (f"{BEGIN}Attention Is All", " You Need to Read Twice\r", f"rrr{END}", "d")
    text = "Attention Is All You Need to Read Twice\rrrr"
    assert read_of(parser, *pieces) == [f"[{text}]", "d"]
