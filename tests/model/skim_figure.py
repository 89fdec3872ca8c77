"""How often the skim lens marks the right sentence: ``python -m tests.model.skim_figure``.

``skim_labels.json`` has 60 papers of the corpus, chosen at random, with the numbers of the
sentences that say what each paper brings, as they were read before the rules were tried on them:
53 were right. Then three kinds of sentences were mended: questions, hopes, and those that only end
in "our approach".
"""

import json
from pathlib import Path
from typing import Final

from tests.conftest import CORPUS
from tui.model.skim import sentences, skim

LABELS: Final = Path(__file__).with_name("skim_labels.json")


def misses() -> tuple[int, list[str]]:
    """The number of labelled papers, and the titles of those where another sentence is marked."""
    labels = json.loads(LABELS.read_text("utf-8"))
    wrong: list[str] = []
    count = 0
    for paper in json.loads(CORPUS.read_text("utf-8")):
        if (right := labels.get(paper["key"])) is None:
            continue
        count += 1
        spans = list(sentences(paper["abstract"]))
        brings = skim(paper["title"], paper["abstract"]).brings
        if brings is None or spans.index(brings) not in right:
            wrong.append(paper["title"])
    return count, wrong


def main() -> None:
    """Prints the figure, and where it is wrong."""
    count, wrong = misses()
    print(f"the sentence that says what a paper brings: right in {count - len(wrong)} of {count}")
    print(*wrong, sep="\n")


if __name__ == "__main__":
    main()
