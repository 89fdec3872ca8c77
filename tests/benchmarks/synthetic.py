"""Libraries of any size: sentences of the corpus recombined, with words that nobody wrote before.

Real text never stops bringing new words: after n papers there are about n to the power of 0.6 times
as many (Heaps' law). Recombination alone would stop at the corpus's own five thousand, and a search
over them would flatter whoever measures it.
"""

import json
import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from tests.conftest import CORPUS
from tui.model.paper import paper_key
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.migrations import MIGRATIONS, PAPERS_FILE

SEED: Final = 20_260_115

IMPORT: Final = "20260101-000000-00000000"
"""The import that all papers come from; its file is missing, as nothing here asks for it."""
HEAPS: Final = 0.6
CORPUS_SIZE: Final = 268
CORPUS_WORDS: Final = 5_200
LAST_DAY: Final = date(2026, 1, 15)
_SYLLABLES: Final = """
ba be bi bo cor da dex dif dra el en fer flo ga gen gra hel hy in ka ker la lex lin lo ma mer mi mo
nal ne net no or pa per plex po qua ra rel ri ro sa sen sol sy ta ten tor tri ul va ver vi
"""


def records(count: int, seed: int = SEED) -> Iterator[dict[str, object]]:
    """Papers as ``papers.json`` holds them, the same ones for the same seed."""
    rng = random.Random(seed)
    corpus = json.loads(CORPUS.read_text("utf-8"))
    sentences = [s for c in corpus for s in re.split(r"(?<=[.?!]) ", c["abstract"] or "") if s]
    heads = [c["title"].split(": ")[0] for c in corpus]
    tails = [c["title"].split(": ")[-1] for c in corpus]
    coined: list[str] = []
    for number in range(count):
        wanted = CORPUS_WORDS * ((number + 1) / CORPUS_SIZE) ** HEAPS - CORPUS_WORDS
        fresh: list[str] = []
        while len(coined) < wanted:
            fresh.append("".join(rng.choices(_SYLLABLES.split(), k=rng.randint(2, 4))))
            coined.append(fresh[-1])
        if coined:  # an older one comes again, the older the likelier, as frequent words do
            fresh += [coined[int(len(coined) * rng.random() ** 3)] for _ in range(4)]
        text = rng.choices(sentences, k=rng.randint(5, 10))
        for word in fresh:
            place = rng.randrange(len(text))
            text[place] = text[place].replace(" ", f" {word} ", 1)
        name = fresh[0].capitalize() if fresh else rng.choice(heads)
        title = f"{name}-{number}: {rng.choice(heads)} for {rng.choice(tails)}"
        yield _record(rng, number, title, " ".join(text))


def _record(rng: random.Random, number: int, title: str, abstract: str) -> dict[str, object]:
    published = LAST_DAY - timedelta(days=rng.randrange(2_000)) if rng.random() < 0.7 else None
    return {
        "key": paper_key(title),
        "title": title,
        "abstract": abstract,
        "published": published and published.isoformat(),
        "year_inferred": False,
        "author_count": rng.randint(1, 12) if published else None,
        "authors": [],
        "upvotes": rng.randrange(80) if rng.random() < 0.2 else None,
        "urls": [],
        "sightings": [
            {"file": f"{number % 997:03}.txt", "line": number % 300 + 1, "page_day": None}
        ],
        "imports": [IMPORT],
        "added": (LAST_DAY - timedelta(days=number % 400)).isoformat(),
    }


def write_library(folder: Path, count: int, seed: int = SEED) -> Path:
    """Makes a library of some size, unless it is there already, and gives its papers' file."""
    path = folder / PAPERS_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        documents = (json.dumps(r, ensure_ascii=False).encode() for r in records(count, seed))
        file = AtomicJSONStorage(path, MIGRATIONS[PAPERS_FILE])
        file.write_documents("papers", documents, {"imports": [{"id": IMPORT}]})
    return path


def write_page(path: Path, count: int, seed: int = SEED) -> Path:
    """The same papers as a Daily Papers page, if it is not there yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        head = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\n"
        with path.open("w", encoding="utf-8") as file:
            file.write(head)
            for record in records(count, seed):
                file.write(f"{record['title']}\n\n{record['abstract']}\n\n")
    return path
