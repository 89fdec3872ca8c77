"""Every case is a test."""

import json
from pathlib import Path

import pytest

CASES = Path(__file__).parents[1] / "cases"
TESTS = "".join(path.read_text("utf-8") for path in CASES.parent.rglob("test_*.py"))
PAGES = json.loads((CASES / "pages.json").read_text("utf-8"))


@pytest.mark.parametrize(
    "name",
    [each.name for each in CASES.iterdir() if not each.name.endswith((".expected.md", ".json"))],
)
def test_a_case_is_a_test(name: str) -> None:
    stem = name.partition(".")[0]
    assert name in PAGES or f'"{name}"' in TESTS or f'"{stem}"' in TESTS
