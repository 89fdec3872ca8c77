"""What a user prefers, as terms."""

import pytest

from tui.errors import UsageError
from tui.model.preferences import term_of, terms_of


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("moe", "word:moe"),
        ("word:Fine-Tuning", "word:finetuning"),
        ("word:Erdős", "word:erdos"),
        ('author:"Jane Doe"', "author:Jane Doe"),
        ("author: Jane  Doe ", "author:Jane Doe"),
    ],
)
def test_a_term_has_one_normal_form(text: str, term: str) -> None:
    assert term_of(text) == term
    assert term_of(term) == term


def test_a_kind_begins_another_term() -> None:
    text = 'word:moe author:Jane Doe, word:RAG author:"José van Dam" word:moe'
    terms = ["word:moe", "author:Jane Doe", "word:rag", "author:José van Dam"]
    assert terms_of(text) == terms
    assert terms_of("moe") == ["word:moe"]


@pytest.mark.parametrize("text", ["", "word:", "word:two words", "author:", "list:moe", "author:!"])
def test_what_is_no_word_and_no_name_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        term_of(text)
    assert caught.value.hint
