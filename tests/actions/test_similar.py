"""Similar papers: the twenty nearest, and the words that they share."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.conftest import NOW
from tests.libraries import Clock
from tui.config import Config
from tui.library import Library
from tui.model.paper import SourceRecord, merge, paper_key
from tui.workspace import Workspace

WORDS = ("amber", "basil", "cedar", "daisy", "elder", "fennel", "ginger", "hazel", "iris", "jade")


@contextmanager
def showing(
    folder: Path, papers: Iterable[tuple[str, str | None]], query: str
) -> Iterator[Workspace]:
    """A session on papers with these titles and abstracts."""
    with Library.open(folder, "desk", wait=0, now=Clock(NOW)) as library:
        library.seed(
            merge([SourceRecord(title, text, "0.txt", n)])
            for n, (title, text) in enumerate(papers, 1)
        )
        library.search.load_words()
        workspace = Workspace(library, Config(), "")
        workspace.listing.show(query)
        yield workspace


def like_the_first(folder: Path, texts: Iterable[str]) -> AbstractContextManager[Workspace]:
    """A session on what is like the first of papers with these abstracts; ``P00`` is its title."""
    return showing(folder, ((f"P{n:02}", text) for n, text in enumerate(texts)), "like:p00")


def test_the_twenty_nearest_are_listed_each_with_the_words_it_shares(tmp_path: Path) -> None:
    texts = [f"{WORDS[n % 10]} {WORDS[(n + 1) % 10]}" for n in range(100)]
    with like_the_first(tmp_path, texts) as workspace:
        results = workspace.listing.results
        assert len(results) == 20
        assert {int(item.paper.title[1:]) % 10 for item in results[:9]} == {0}
        assert results.explanation(0) == ("amber, basil", "it shares amber and basil")


def test_more_words_shared_come_first(tmp_path: Path) -> None:
    texts = ["amber basil cedar", "amber basil elder", "amber fennel ginger", "hazel iris"]
    texts += [f"filler{n}" for n in range(20)]
    with like_the_first(tmp_path, texts) as workspace:
        assert [item.paper.title for item in workspace.listing.results] == ["P01", "P02"]


def test_papers_that_share_only_what_many_have_say_so(tmp_path: Path) -> None:
    with like_the_first(tmp_path, ["amber"] * 4 + ["basil"] * 4) as workspace:
        assert workspace.listing.results.explanation(0) == ("", "it shares only common words")


def test_papers_known_by_their_identifiers_alone_are_like_no_other(tmp_path: Path) -> None:
    titles = ["arXiv:1706.03762", "arXiv:1810.04805", "doi:10.1093/bio/btac431"]
    titles += ["doi:10.1093/bio/btac432", "https://a.org/paper", "https://a.org/other"]
    titles += ["A Map of arXiv", "Papers of arXiv", *(f"Filler {n}" for n in range(20))]
    with showing(tmp_path, ((title, None) for title in titles), "") as workspace:
        found = {}
        for title in titles[:8]:
            workspace.listing.show(f"like:{paper_key(title)}")
            found[title] = [item.paper.title for item in workspace.listing.results]
        others: dict[str, list[str]] = {title: [] for title in titles[:6]}
        assert found == {**others, titles[6]: [titles[7]], titles[7]: [titles[6]]}
