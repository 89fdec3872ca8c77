"""How often a text that came at once is taken for what it is: ``python -m tests.actions.pastes``.

Texts are what users copy from the papers of the corpus, or of papers: titles, words, names,
addresses. Keys are random ones of triage, in bursts, as a slow line hands them over. Both are made
anew from a seed, so that the figures are the same each time.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Final

from tests.conftest import CORPUS
from tui.actions.bindings import bindings
from tui.actions.pasting import is_likely_paste, is_paste
from tui.actions.registry import SCREENS
from tui.actions.sequences import is_paste_on_page

Held = Callable[[str], bool]
"""Whether a text does nothing."""

BURSTS: Final = 2_000
NAMES: Final = (
    *("Ashish Vaswani", "Noam Shazeer", "Niki Parmar", "Jakob Uszkoreit", "Llion Jones"),
    *("Aidan Gomez", "Lukasz Kaiser", "Illia Polosukhin", "Yoshua Bengio", "Geoffrey Hinton"),
    *("Yann LeCun", "Kaiming He", "Xiangyu Zhang", "Jian Sun", "Ilya Sutskever"),
    *("Alex Krizhevsky", "Percy Liang", "Fei-Fei Li", "Oriol Vinyals", "Quoc Le", "Thang Luong"),
    *("Kyunghyun Cho", "Dzmitry Bahdanau", "Jacob Devlin", "Kenton Lee", "Luke Zettlemoyer"),
    *("Omer Levy", "Danqi Chen", "Tri Dao", "Albert Gu", "Edward Hu", "Ofir Press"),
    *("Noah Smith", "Jason Wei", "Denny Zhou", "Tom Brown", "Xu Sun", "Wei Li"),
)
KEYS: Final = {
    **{"r": 20.0, "d": 25, "j": 30, "k": 8, "a": 6, "s": 4, "i": 2, "u": 4, "x": 3, " ": 6},
    **{"G": 1, "$": 1, ".": 1, "N": 1, "J": 1, "*": 0.3, "K": 0.3, "V": 0.3, "20G": 0.3, "5j": 0.7},
    **{"o": 1, "z": 0.5, "m": 0.5, "l": 0.5, "n": 0.5, "v": 0.2, "c": 0.1, "3d": 0.5, "3": 0.5},
    **{
        "\r": 0.5,
        "gk": 1,
        "gu": 1,
        "gg": 1,
        "gh": 0.5,
        "gl": 0.3,
        "gs": 0.3,
        "yt": 0.2,
        "w\r": 0.5,
    },
}
"""Keys, and how often they are pressed."""
ANSWERS: Final = (
    *("tnlp\r", "tto-read\r", "trl\r", "t-old\r", "tagents\r", "Lthesis\r", "Lrag\r", "Lagents\r"),
    *("athesis\r", "anlp\r", "/rag\r", "/diffusion models\r", "esee table 3\r", "L\r"),
)
"""Keys that open a line, and what is typed ahead into it."""
PAGE_KEYS: Final = {
    **{"j": 40.0, "k": 15, "J": 4, "K": 2, " ": 2, "G": 1, "gg": 1, "5j": 1},
    **{"d": 3, "u": 3, "\r": 3, "e": 1, "q": 1, "gl": 1, "gh": 1},
}
"""Keys on the other screens, and how often they are pressed."""


def texts() -> Mapping[str, list[str]]:
    """What is pasted, by kind."""
    titles = [record["title"] for record in json.loads(CORPUS.read_text("utf-8"))]
    words = [title.split() for title in titles]
    return {
        "titles": titles,
        "first words": [each[0].rstrip(":,") for each in words],
        "first words, in small letters": [each[0].rstrip(":,").lower() for each in words],
        "last words": [each[-1] for each in words],
        "first two words": [" ".join(each[:2]) for each in words],
        "last two words": [" ".join(each[-2:]) for each in words],
        "names": [*NAMES],
        "identifiers": [f"2401.{number:05}" for number in range(99)],
        "addresses": [f"https://arxiv.org/abs/2401.{number:05}" for number in range(99)],
    }


def bursts(
    most: int, share: float, chance: Random, every: Mapping[str, float] = KEYS
) -> Iterator[str]:
    """Keys that come at once.

    Args:
        most: How many there are at most.
        share: How many of them open a line, in which text follows.
        chance: What they are.
        every: Keys, and how often they are pressed.
    """
    for _ in range(BURSTS):
        burst = ""
        for _ in range(chance.randint(2, most)):
            is_key = chance.random() >= share
            one = chance.choices([*every], [*every.values()]) if is_key else chance.choices(ANSWERS)
            burst += one[0]
        yield burst


def is_held(text: str) -> bool:
    """Whether a text does nothing."""
    return is_paste(text) or is_likely_paste(text)


def is_held_on_pages(text: str) -> bool:
    """Whether a text does nothing on any other screen than the main one."""
    keys = [({" ": "space", "\r": "enter"}.get(each, each), "") for each in text]
    return is_paste(text) or all(is_paste_on_page(keys, bindings(each)) for each in SCREENS)


def acting(kind: str, is_held: Held = is_held) -> list[str]:
    """The texts of a kind that act as keys, with or without a line end."""
    return [text for text in texts()[kind] if not (is_held(text) and is_held(f"{text}\r"))]


def lost(most: int, share: float) -> list[str]:
    """The bursts that do nothing; see ``bursts``."""
    return list(filter(is_held, bursts(most, share, Random(most))))


def acting_on_pages() -> list[str]:
    """The texts of all kinds that act as keys on any other screen than the main one."""
    return [text for kind in texts() for text in acting(kind, is_held_on_pages)]


def lost_on_pages(most: int) -> list[str]:
    """The bursts that do nothing on the other screens."""
    return list(filter(is_held_on_pages, bursts(most, 0, Random(most), PAGE_KEYS)))


def main() -> None:
    """Prints the shares."""
    for kind, every in texts().items():
        count = len(acting(kind))
        print(f"pasted {kind}: {count} of {len(every)} act as keys ({count / len(every):.1%})")
    for share in (0.0, 0.1):
        for most in (5, 20, 40):
            count = len(lost(most, share))
            what = f"up to {most} keys" + (", one in ten with an answer" if share else "")
            print(f"typed, {what}: {count} of {BURSTS} do nothing ({count / BURSTS:.1%})")
    acting_there, every_text = len(acting_on_pages()), sum(map(len, texts().values()))
    print(f"pasted on other screens, all of these: {acting_there} of {every_text} act as keys")
    count = len(lost_on_pages(5))
    what = "typed on other screens, up to 5 keys"
    print(f"{what}: {count} of {BURSTS} do nothing ({count / BURSTS:.1%})")


if __name__ == "__main__":
    main()
