"""Files of other formats, read by us and by the parser that does the least of it."""

import json
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Final
from xml.etree import ElementTree

from bibtexparser.entrypoint import parse_string

from tests.benchmarks.measure import Figure, compared, in_turns, python
from tests.strategies import TODAY
from tui.formats.importers import read

_WORDS: Final = "The dominant models are complex and recurrent, and 41{0} of them are slow. "
_ENTRY: Final = """@article{{lovelace{n},
  title = {{{{A}} Study of {{Topic}} {n} \\& Others in G{{\\"o}}del's Depth}},
  author = {{Lovelace, Ada and Babbage, Charles and G{{\\'o}}mez, Mar{{\\'i}}a}},
  year = {{2024}}, month = may, day = 16,
  journal = {{arXiv preprint arXiv:2405.{n:05}}}, pages = {{1--10}},
  doi = {{10.1234/abc.{n}}}, url = {{https://example.org/papers/{n}}},
  keywords = {{nlp, deep learning}},
  abstract = {{{text}}}
}}

"""
_FEED: Final = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">\n'
)
_PAPER: Final = """<entry><id>http://arxiv.org/abs/2405.{n:05}v1</id><title>A Study of Topic {n}
  in Depth</title><link href="https://arxiv.org/abs/2405.{n:05}v1" rel="alternate"/>
<link href="https://arxiv.org/pdf/2405.{n:05}v1" title="pdf"/><summary>{text}</summary>
<category term="cs.SE"/><category term="cs.LG"/><published>2024-05-01T00:00:00Z</published>
<arxiv:primary_category term="cs.SE"/><author><name>Ada Lovelace</name></author>
<author><name>Charles Babbage</name></author><author><name>Grace Hopper</name></author></entry>
"""


def reading_files(size: int, turns: int) -> list[Figure]:
    """A bibliography against bibtexparser, and an answer of arXiv against ElementTree, each alone.

    What is compared is processor time. Each pair has a process of its own, as a command that
    imports has: in one that holds much, Python collects garbage less often, from which the parser
    alone, that makes more of it, would gain.
    """
    figures = []
    for name, (what, bar) in _ROWS.items():
        work = f"print_costs({name!r}, {size}, {turns})"
        code = f"from tests.benchmarks.parsing import print_costs; {work}"
        figures.append(compared(what, size, bar, *json.loads(python(code))))
    return figures


_ROWS: Final = {
    "bibtex": ("BibTeX against bibtexparser alone", 2.0),
    "arxiv": ("arXiv entries against ElementTree alone", 4.0),
}


def print_costs(name: str, size: int, turns: int) -> None:
    """Prints what we take for each turn and what the parser takes, as JSON, in milliseconds."""
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    theirs: Callable[[str], object]
    if name == "bibtex":
        text = "".join(_ENTRY.format(n=n, text=_WORDS.format("\\%") * 14) for n in range(size))
        theirs = parse_string
    else:
        papers = (_PAPER.format(n=n, text=_WORDS.format("%") * 14) for n in range(size))
        text = f"{_FEED}{''.join(papers)}</feed>"
        theirs = ElementTree.fromstring
    data = text.encode()
    ours = partial(_spent, partial(read, data, "a", today=TODAY))
    print(json.dumps(in_turns(ours, partial(_spent, partial(theirs, text)), turns)))


def _spent(work: Callable[[], object]) -> float:
    """Milliseconds of the processor that something takes."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1e3
