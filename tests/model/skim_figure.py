"""How often the skim lens marks the right sentence: ``python -m tests.model.skim_figure``.

Labels have the numbers of the sentences that say what each paper brings, as they were read before
the rules were tried on these papers, which were chosen at random. Of the 140 papers of
``skim_labels.json``, 53 of the first 60, 35 of the next 40 and 35 of the last 40 were right when
the rules were first tried on them; then the kinds of sentences that were wrong were mended:
questions, hopes, names that are introduced, and goals before "we". So these flatter the rules; the
40 of ``skim_fresh_labels.json`` were labelled later, and nothing was mended on them.
"""

import json
from pathlib import Path
from typing import Final

from tests.conftest import CORPUS
from tui.model.skim import sentences, skim

MENDED: Final = Path(__file__).with_name("skim_labels.json")
FRESH: Final = Path(__file__).with_name("skim_fresh_labels.json")


def misses(path: Path) -> tuple[int, list[str]]:
    """The number of papers labelled in a file, and the titles of those that are marked wrong."""
    labels = json.loads(path.read_text("utf-8"))
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
    """Prints the figures, and where it is wrong."""
    for path, name in ((MENDED, "papers it was mended on"), (FRESH, "papers new to it")):
        count, wrong = misses(path)
        print(f"right in {count - len(wrong)} of {count} {name}; wrong in:")
        print(*(f"  {title}" for title in wrong), sep="\n")


if __name__ == "__main__":
    main()
