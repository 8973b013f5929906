"""Generated entries: always the same, all different, fit for the database."""

import pytest

from bench.generated_entries import QUESTIONS_PER_ENTRY, generated_topics, largest_number
from bench.split import normal_form
from kb.entries import SLUG_PATTERN
from kb.exchange import EntryDocument


def entries(count: int) -> list[EntryDocument]:
    return [entry for topic in generated_topics(count) for entry in topic.entries]


def test_a_larger_number_begins_with_the_entries_of_a_smaller_one() -> None:
    assert entries(700)[:40] == entries(40)
    assert len(entries(700)) == 700
    assert entries(0) == []


def test_no_two_entries_share_a_slug_or_a_question() -> None:
    made = entries(2000)
    assert len({entry.slug for entry in made}) == 2000
    questions = [normal_form(question) for entry in made for question in entry.questions_es]
    assert len(questions) == 2000 * QUESTIONS_PER_ENTRY
    assert len(set(questions)) > 0.999 * len(questions)


def test_the_entries_can_be_stored() -> None:
    for entry in entries(2000):
        assert entry.text().problems() == []
        assert SLUG_PATTERN.fullmatch(entry.slug)
        assert len(entry.slug) <= 64


def test_neighbours_share_words() -> None:
    words = [set(normal_form(" ".join(entry.questions_es)).split()) for entry in entries(300)]
    nearest = [max(len(w & other) / len(w) for other in words if other is not w) for w in words]
    assert sum(nearest) / len(nearest) > 0.5


def test_more_than_all_combinations_is_refused() -> None:
    with pytest.raises(ValueError, match=str(largest_number())):
        generated_topics(largest_number() + 1)
