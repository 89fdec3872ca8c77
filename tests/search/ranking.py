"""How good the order "likely" is, for simulated users, against a linear classifier.

``python -m tests.search.ranking [FILE...]`` prints a table for the pages of the corpus, and for
files of JSON: papers with ``title``, ``abstract`` and ``topics``. The classifier is the one of
arxiv-sanity-lite, TF-IDF and a linear support vector machine to which all papers that are not kept
are negative; it is left out where scikit-learn is not installed.
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from heapq import nlargest
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from math import ceil
from pathlib import Path
from statistics import mean, pstdev
from typing import Any, Final

from tests.benchmarks.synthetic import records
from tests.conftest import CORPUS
from tui.model.layout import plural
from tui.search.decisions import Decisions
from tui.search.groups import distinct_groups
from tui.search.likely import learn
from tui.search.vectors import Vectors
from tui.search.word_index import Segment, WordIndex, texts_of

DAY: Final = date(2026, 1, 15)
KEPT: Final = (5, 10, 20, 50)
USERS: Final = 100
"""Simulated users per number of papers kept, spread over the topics."""
RUNS: Final = 96
"""Simulated users of three topics."""
DRAWS: Final = 2_000
"""Draws of users, of which 95 in 100 give the range of a difference."""
Score = Callable[[Sequence[int], Sequence[int]], Sequence[float]]
"""From papers kept and dismissed to how likely each paper is."""


class Papers:
    """Papers with topics."""

    def __init__(self, name: str, papers: Sequence[dict[str, Any]]) -> None:
        """Indexes papers, each with ``title``, ``abstract`` and ``topics``."""
        self.name = name
        self.texts = [f"{paper['title']} {paper['abstract'] or ''}" for paper in papers]
        self.topics: dict[str, list[int]] = {}
        for row, paper in enumerate(papers):
            for topic in paper["topics"]:
                self.topics.setdefault(topic, []).append(row)
        self.vectors = Vectors(WordIndex([Segment.of(0, map(texts_of, papers))]))

    def __len__(self) -> int:
        return len(self.texts)


def corpus() -> Papers:
    """The corpus: its topics are the pages, each of which answered one search."""
    papers = json.loads(CORPUS.read_text("utf-8"))
    for paper in papers:
        paper["topics"] = sorted({sighting["file"] for sighting in paper["sightings"]})
    return Papers("corpus", papers)


def labelled(path: Path) -> Papers:
    """The papers of a file of JSON."""
    return Papers(path.stem, json.loads(path.read_text("utf-8")))


def likely(
    papers: Papers, kept: Sequence[int], dismissed: Sequence[int], groups: int = 3
) -> Sequence[float]:
    """The score by which the order ranks, higher for an earlier place."""
    decided = {*kept, *dismissed}
    undecided = [row for row in range(len(papers)) if row not in decided]
    decisions = Decisions(dict.fromkeys(kept, 1.0), dict.fromkeys(dismissed, 1.0), {})
    order = learn(papers.vectors, decisions, undecided, DAY, groups=groups)
    scores = [0.0] * len(papers)
    for place, row in enumerate(order.ranked):
        scores[row] = -place
    return scores


def tf_idf(texts: Sequence[str]) -> Any:
    """The vectors of texts, with the options of arxiv-sanity-lite."""
    text = import_module("sklearn.feature_extraction.text")
    vectorizer = text.TfidfVectorizer(
        stop_words="english", ngram_range=(1, 2), min_df=2, max_features=20_000, sublinear_tf=True
    )
    return vectorizer.fit_transform(texts)


def linear(texts: Sequence[str]) -> Score:
    """TF-IDF and a linear support vector machine, with the options of arxiv-sanity-lite."""
    svm, vectors = import_module("sklearn.svm"), tf_idf(texts)

    def scores(kept: Sequence[int], dismissed: Sequence[int]) -> Sequence[float]:
        positive = set(kept)
        labels = [row in positive for row in range(len(texts))]
        model = svm.LinearSVC(class_weight="balanced", max_iter=10_000, tol=1e-6, C=0.01)
        decisions: Sequence[float] = model.fit(vectors, labels).decision_function(vectors)
        return decisions

    return scores


def quality(scores: Sequence[float], wanted: set[int], rows: Sequence[int]) -> tuple[float, float]:
    """The AUC of wanted papers among some rows, and how many of them are in the first ten."""
    ordered = sorted(rows, key=lambda row: -scores[row])
    above = pairs = 0
    for row in reversed(ordered):
        if row in wanted:
            above += pairs
        else:
            pairs += 1
    hits = sum(row in wanted for row in ordered[:10])
    positives = len(wanted.intersection(rows))
    return above / (positives * pairs), float(hits)


def interval(results: Sequence[Any], figure: Callable[[Sequence[Any]], float]) -> str:
    """The range in which a figure lies in 95 of 100 draws of users, each drawn with its results."""
    rng = random.Random(len(results))
    draws = sorted(figure(rng.choices(results, k=len(results))) for _ in range(DRAWS))
    return f"{draws[DRAWS // 40]:.3f} to {draws[-DRAWS // 40]:.3f}"


def trial(papers: Papers, kept_count: int, methods: dict[str, Score]) -> dict[str, list[Any]]:
    """The quality of each method for each of some users with one topic."""
    rng = random.Random(kept_count)
    topics = sorted(t for t, rows in papers.topics.items() if len(rows) >= kept_count + 5)
    results: dict[str, list[Any]] = {name: [] for name in methods}
    for user in range(USERS if topics else 0):
        wanted = papers.topics[topics[user % len(topics)]]
        kept = rng.sample(wanted, kept_count)
        others = sorted(set(range(len(papers))) - set(wanted))
        dismissed = rng.sample(others, min(kept_count, len(others) // 2))
        rest = sorted(set(range(len(papers))) - {*kept, *dismissed})
        for name, score in methods.items():
            results[name].append(quality(score(kept, dismissed), set(wanted), rest))
    return results


def following(papers: Papers, topics: Sequence[str], groups: int, seed: int) -> list[int]:
    """How many papers of each topic a user keeps who decides 200 in the order given.

    The user begins with two papers of each topic, and has the order again after twenty decisions.
    """
    rng = random.Random(seed)
    kept = [row for topic in topics for row in rng.sample(papers.topics[topic], 2)]
    started, dismissed = set(kept), list[int]()
    wanted = {row for topic in topics for row in papers.topics[topic]}
    while len(kept) + len(dismissed) - len(started) < 200:
        scores = likely(papers, kept, dismissed, groups)
        rest = set(range(len(papers))) - {*kept, *dismissed}
        for row in sorted(rest, key=lambda row: -scores[row])[:20]:
            (kept if row in wanted else dismissed).append(row)
    return [len(set(papers.topics[topic]) & set(kept) - started) for topic in topics]


def similar(papers: Papers) -> tuple[list[float], list[float]]:
    """For each paper, the share of those of its topic among the five most similar.

    By the vectors of the order, and by TF-IDF, which is left out without scikit-learn.
    """
    topics: dict[int, set[str]] = {}
    for topic, rows in papers.topics.items():
        for row in rows:
            topics.setdefault(row, set()).add(topic)
    vectors = papers.vectors
    others = (filter(row.__ne__, range(len(papers))) for row in topics)
    own = (vectors.similar(row, rest, 5) for row, rest in zip(topics, others, strict=True))
    ours = _in_first_five(topics, own)
    if not find_spec("sklearn"):
        return ours, []
    table = tf_idf(papers.texts)
    products = (table[row].dot(table.T).toarray()[0] for row in topics)
    best = (nlargest(6, range(len(each)), key=each.__getitem__) for each in products)
    theirs = ([o for o in six if o != row][:5] for row, six in zip(topics, best, strict=True))
    return ours, _in_first_five(topics, theirs)


def _in_first_five(topics: Mapping[int, set[str]], closest: Iterable[Iterable[int]]) -> list[float]:
    return [
        sum(bool(own & topics.get(other, set())) for other in five) / 5
        for own, five in zip(topics.values(), closest, strict=True)
    ]


def speed() -> None:
    """Prints the CPU time of an order after one more decision."""
    for count in (268, 10_000, 100_000):
        vectors = Vectors(WordIndex([Segment.of(0, map(texts_of, records(count)))]))
        rng = random.Random(count)
        rows = rng.sample(range(count), 100)
        kept, dismissed = dict.fromkeys(rows[:60], 2.0), dict.fromkeys(rows[60:], 1.0)
        times = []
        for _ in range(6):
            decided = {*kept, *dismissed}
            undecided = [row for row in range(count) if row not in decided]
            start = time.process_time()
            learn(vectors, Decisions(kept, dismissed, {}), undecided, DAY)
            times.append(time.process_time() - start)
            kept = {**kept, rng.choice(undecided): 2.0}
        print(f"{count:,} papers, one more decision: {1_000 * min(times[1:]):.1f} ms of CPU")


def report_users(papers: Papers) -> None:
    """Prints how well each method does for users of one topic, and by how much it is ahead."""
    methods: dict[str, Score] = {
        "likely": partial(likely, papers),
        "one interest": partial(likely, papers, groups=1),
    }
    if find_spec("sklearn"):
        methods["linear"] = linear(papers.texts)
    for count in KEPT:
        results = trial(papers, count, methods)
        for name, own in results.items():
            if own:
                areas, hits = zip(*own, strict=True)
                baseline = (area for area, _ in results.get("linear", own))
                ahead = [area - other for area, other in zip(areas, baseline, strict=True)]
                beside = (
                    f"  ahead {mean(ahead):+.3f} ({interval(ahead, mean)})" if any(ahead) else ""
                )
                print(
                    f"  {count:2} kept  {name:12}  AUC {mean(areas):.3f} ± {pstdev(areas):.3f}"
                    f"  in the first ten {mean(hits):.1f}{beside}"
                )


def report_similar(papers: Papers) -> None:
    """Prints the share of the same topic among the five papers most similar to one."""
    ours, theirs = similar(papers)
    beside = ""
    if theirs:
        ahead = [own - other for own, other in zip(ours, theirs, strict=True)]
        beside = (
            f", by TF-IDF {mean(theirs):.3f}; ahead {mean(ahead):+.3f} ({interval(ahead, mean)})"
        )
    print(f"  same topic among the five most similar: {mean(ours):.3f}{beside}")


def report_interests(papers: Papers) -> None:
    """Prints how many papers users of three topics keep, and of the topic that is served least."""
    largest = sorted(papers.topics, key=lambda topic: -len(papers.topics[topic]))[:9]
    if len(largest) < 3:
        return
    users = [random.Random(seed).sample(largest, 3) for seed in range(RUNS)]
    runs = [
        [
            (sum(kept), min(kept))
            for groups in (1, 3)
            for kept in [following(papers, three, groups, n)]
        ]
        for n, three in enumerate(users)
    ]
    topics = [[papers.topics[topic] for topic in three] for three in users]
    most = (  # what is left to keep, as users begin with two papers of each topic
        mean(min(200, len(set(chain(*three))) - 6) for three in topics),
        mean(min(map(len, three)) - 2 for three in topics),
    )
    for place, what in enumerate(("kept", "of the topic served least")):
        one, turns = (mean(run[groups][place] for run in runs) for groups in (0, 1))
        ratio, spread = turns / one, interval(runs, partial(_ratio, place))
        print(
            f"  200 decisions, three topics, {what}: {one:.1f} by one average,"
            f" {turns:.1f} in turns, of {most[place]:.1f};"
            f" {ratio:.2f} times as many ({spread}; at most {most[place] / one:.2f})"
        )


def report_groups(papers: Papers) -> None:
    """Prints how many interests users of one, two and three topics are given."""
    rng = random.Random(0)
    for count in KEPT[1:]:
        numbers = []
        for topics in (1, 2, 3):
            share = ceil(count / topics)
            large = sorted(name for name, rows in papers.topics.items() if len(rows) >= share)
            if len(large) < topics:
                continue
            users = [
                {row for topic in three for row in rng.sample(papers.topics[topic], share)}
                for three in (rng.sample(large, topics) for _ in range(USERS))
            ]
            found = Counter(min(len(_groups(papers, kept)), 3) for kept in users)
            shares = " / ".join(f"{100 * found[n] / USERS:.0f}" for n in (1, 2, 3))
            numbers.append(f"{shares} of {plural(topics, 'topic')}")
        if numbers:
            print(f"  {count} kept, users in 100 with 1 / 2 / 3 groups: {'; '.join(numbers)}")


def _groups(papers: Papers, kept: Iterable[int]) -> Sequence[Sequence[int]]:
    rows = list(kept)
    random.Random(0).shuffle(rows)
    return distinct_groups(papers.vectors.alike(rows), rows, 3, ())


def _ratio(place: int, runs: Sequence[Sequence[Sequence[int]]]) -> float:
    one, turns = (sum(run[groups][place] for run in runs) for groups in (0, 1))
    return turns / max(one, 1)


def main() -> None:
    """Prints all tables; times first, as long as there is little else in memory."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.search.ranking",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="papers with topics")
    files = parser.parse_args().files
    speed()
    for papers in (corpus(), *map(labelled, files)):
        print(f"{papers.name}: {len(papers):,} papers, {len(papers.topics)} topics")
        report_users(papers)
        report_similar(papers)
        report_groups(papers)
        report_interests(papers)


if __name__ == "__main__":
    main()
