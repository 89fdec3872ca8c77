"""Texts that are no page of the site: what a user could take for one by mistake.

Real ones come from what every installation of Python has, its modules and licence; the others are
drawn, so that there are always as many, on any machine.
"""

import random
import re
import sysconfig
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent.parent
_WORDS: Final = re.findall(
    r"\w+",
    "river boat lantern count model system data test note fast small light water bridge bank long "
    "night method value field result paper author code review meeting Monday budget",
)
_PROSE: Final = (
    "Am Abend gingen die Lichter am Fluss an. Niemand wusste, wer sie angezündet hatte.",
    "Le soir, les lanternes s’allumèrent au bord du fleuve. Personne ne savait pourquoi.",
    "Por la noche se encendieron los faroles del río. Nadie sabía quién los había encendido.",
    "Вечером на реке зажглись фонари. Никто не знал, кто их зажёг.",
    "夜になると、川のほとりの灯がともった。誰がともしたのか、誰も知らなかった。",
    "In the evening the lanterns on the river were lit. Nobody knew who had lit them.",
)


def other_texts(count: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """Names and contents of texts, of each kind in turn."""
    chance = random.Random(seed)
    real = _real_files(chance)
    kinds = cycle([kind for drawn in _DRAWN for kind in (drawn, real)])
    for number, kind in enumerate(islice(kinds, count)):
        if isinstance(kind, Iterator):
            path = next(kind)
            yield f"{number}-{path.name}", path.read_bytes()
        else:
            yield f"{number}-{kind.__name__.strip('_')}.txt", kind(chance).encode()


def _real_files(chance: random.Random) -> Iterator[Path]:
    """Sources, licences and documents, of Python and of this project."""
    library = Path(sysconfig.get_path("stdlib"))
    paths = [
        *library.glob("*.py"),
        *library.glob("*/*.txt"),
        *Path(sysconfig.get_path("purelib")).glob("*.dist-info/**/LICENSE*"),
        *Path(sysconfig.get_path("purelib")).glob("*.dist-info/METADATA"),
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("tui/formats/**/*.py"),
        *ROOT.glob("tests/formats/[!t]*.py"),  # tests quote whole pages
    ]
    paths = [path for path in paths if path.is_file() and 0 < path.stat().st_size < 200_000]
    chance.shuffle(paths)
    return cycle(paths)


def _sentence(chance: random.Random, words: int = 12) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(3, words))).capitalize() + "."


def _paragraphs(chance: random.Random) -> str:
    parts = (
        " ".join(_sentence(chance) for _ in range(chance.randint(2, 6)))
        for _ in range(chance.randint(3, 12))
    )
    return "\n\n".join(parts) + "\n"


def _prose(chance: random.Random) -> str:
    return "\n\n".join(chance.sample(_PROSE, 1) * chance.randint(3, 9)) + "\n"


def _titles_and_paragraphs(chance: random.Random) -> str:
    parts = []
    for _ in range(chance.randint(3, 10)):
        parts += [" ".join(chance.choices(_WORDS, k=4)).title(), _paragraphs(chance)]
    return "\n\n".join(parts)


def _readme(chance: random.Random) -> str:
    name = chance.choice(_WORDS).title()
    return (
        f"# {name}\n\n[![build](https://ci.example/{name}.svg)](https://ci.example/{name})\n\n"
        f"{_sentence(chance)}\n\n## Install\n\n```\npip install {name.lower()}\n```\n\n"
        f"- [Docs](https://docs.example)\n- [Daily papers](https://huggingface.co/papers)\n\n"
        f"## Authors\n\n3 authors, since Mar 8, 2024.\n\n{_paragraphs(chance)}"
    )


def _licence(chance: random.Random) -> str:
    return (
        f"Copyright (c) {chance.randint(1990, 2026)} Ada Example\n\nPermission is hereby granted, "
        "free of charge, to any person obtaining a copy, to deal in it without restriction.\n\n"
        f"{_paragraphs(chance)}"
    )


def _log(chance: random.Random) -> str:
    return "\n".join(
        f"2026-10-{chance.randint(1, 28):02} 12:{n:02}:01 INFO {chance.choice(_WORDS)}: "
        f"{_sentence(chance)}"
        for n in range(chance.randint(5, 50))
    )


def _mail(chance: random.Random) -> str:
    return (
        f"From: ada@example.org\nTo: bo@example.org\nSubject: {_sentence(chance)}\n"
        f"Date: Mon, 5 Oct 2026 10:00:00 +0200\n\nDear Bo,\n\n{_paragraphs(chance)}\n"
        "> Did you see the Daily Papers?\n\nBest,\nAda\n"
    )


def _shopping_list(chance: random.Random) -> str:
    items = "\n".join(f"- {chance.choice(_WORDS)}" for _ in range(9))
    return f"Shopping list\n{items}\nCall the plumber\nHe comes at nine.\n"


def _notes(chance: random.Random) -> str:
    items = "\n".join(
        f"- [{chance.choice(' x')}] [{' '.join(chance.choices(_WORDS, k=4)).title()}]"
        f"(https://example.org/{chance.randint(10000, 19999)}) #todo"
        for _ in range(6)
    )
    return f"# Reading list\n\n## May 3, 2026\n{items}\n\n{_paragraphs(chance)}"


def _code(chance: random.Random) -> str:
    functions = "\n\n".join(
        f'def {chance.choice(_WORDS)}_{n}(value: int) -> int:\n    """{_sentence(chance)}"""\n'
        f"    return value + {n}"
        for n in range(chance.randint(3, 9))
    )
    page = '"""Get trending papers in your email inbox!\\n\\nA Title\\n\\n  • 5 authors"""'
    return f"import json\n\nPAGE = {page}\n\n\n{functions}\n"


def _traceback(chance: random.Random) -> str:
    return (
        "Traceback (most recent call last):\n"
        f'  File "{chance.choice(_WORDS)}.py", line {chance.randint(1, 99)}, in <module>\n'
        "    main()\nValueError: no value\n"
    )


def _refer(chance: random.Random) -> str:
    return "".join(
        f"%0 Journal Article\n%T {' '.join(chance.choices(_WORDS, k=4)).title()}\n"
        f"%A Example, Ada\n%X {_sentence(chance)}\n%D 2024\n\n"
        for _ in range(chance.randint(1, 6))
    )


def _opml(chance: random.Random) -> str:
    outlines = "".join(
        f'<outline type="rss" text="{" ".join(chance.choices(_WORDS, k=3))}"/>\n'
        for _ in range(chance.randint(1, 6))
    )
    return f'<?xml version="1.0"?>\n<opml version="2.0"><body>\n{outlines}</body></opml>\n'


def _csv(chance: random.Random) -> str:
    rows = "\n".join(
        f'"{" ".join(chance.choices(_WORDS, k=3)).title()}","{_sentence(chance)}",{n}'
        for n in range(chance.randint(1, 20))
    )
    return f"title,abstract,upvotes\n{rows}\n"


def _json(chance: random.Random) -> str:
    return f'{{"papers": [{{"title": "{chance.choice(_WORDS)}", "upvotes": 3}}]}}\n'


def _arxiv_listing(chance: random.Random) -> str:
    return "\n".join(
        f"[{n}] arXiv:2603.{chance.randint(10000, 19999)} [pdf, html, other]\n"
        f"Title: {' '.join(chance.choices(_WORDS, k=5)).title()}\n"
        "Authors: Ada Example, Bo Sample\nComments: 9 pages\nSubjects: Machine Learning (cs.LG)\n"
        for n in range(1, chance.randint(3, 12))
    )


def _blog(chance: random.Random) -> str:
    return (
        f"{_sentence(chance, 6)}\n\nBy Ada Example · Published on Sep {chance.randint(1, 28)}, "
        f"2025\n\n{_paragraphs(chance)}\n12 comments\n\nPrevious\nNext\n"
    )


def _exported(chance: random.Random) -> str:
    items = "\n".join(
        f"- [ ] [{' '.join(chance.choices(_WORDS, k=4)).title()}](https://arxiv.org/search/) "
        f"<!-- pt:{chance.choice(_WORDS)}-1a2b3c4d -->\n  - 3 authors · May 3, 2024 · ▲ 12"
        for _ in range(5)
    )
    return (
        '---\ntitle: "Later"\ntype: reading-list\n---\n\n<!-- papers-tui:begin -->\n# Later\n\n'
        f"{items}\n<!-- papers-tui:end 0123456789ab -->\n"
    )


_DRAWN: Final[tuple[Callable[[random.Random], str], ...]] = (
    _paragraphs,
    _prose,
    _titles_and_paragraphs,
    _readme,
    _licence,
    _log,
    _mail,
    _shopping_list,
    _notes,
    _code,
    _traceback,
    _refer,
    _opml,
    _csv,
    _json,
    _arxiv_listing,
    _blog,
    _exported,
)
