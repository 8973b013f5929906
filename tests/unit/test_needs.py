"""Questions that ask the same come together."""

from collections.abc import Callable

import numpy as np
import pytest
import yaml
from sklearn.metrics import adjusted_mutual_info_score, v_measure_score

from bot.need_embedding import load_question_embedding
from consultame.settings import PROJECT_DIRECTORY, SEED_DIRECTORY
from kb.need_space import QUESTIONS_AN_ENTRY
from kb.needs import (
    SAME_NEED_BY_VECTOR,
    SAME_NEED_BY_WORDS,
    STAYS_TOGETHER,
    Places,
    QuestionSpace,
    fits,
    placed,
    regrouped,
    word_similarity,
)


def _texts_with_group(groups: list[list[str]]) -> tuple[list[str], list[int]]:
    pairs = [(text, number) for number, texts in enumerate(groups) for text in texts]
    return [text for text, _ in pairs], [number for _, number in pairs]


def _taught(questions: list[str]) -> list[str]:
    """What of an entry's questions the running system learns from."""
    return questions[:: max(1, len(questions) // QUESTIONS_AN_ENTRY)][:QUESTIONS_AN_ENTRY]


def _labelled(name: str) -> tuple[list[str], list[int]]:
    needs = yaml.safe_load((PROJECT_DIRECTORY / "tests" / "data" / name).read_text())["needs"]
    return _texts_with_group([need["questions"] for need in needs])


@pytest.fixture(scope="module")
def place() -> Callable[[list[str]], Places]:
    """Where questions stand in the space that the first knowledge base teaches."""
    embedding = load_question_embedding()
    assert embedding is not None
    seed = [entry for path in SEED_DIRECTORY.glob("*.yml") for entry in yaml.safe_load(path.read_text())["entries"]]
    examples, entries = _texts_with_group([_taught(entry["questions_es"]) for entry in seed])
    space = QuestionSpace(embedding.vectors(examples), entries)
    return lambda texts: space.places(embedding.vectors(texts))


@pytest.fixture(scope="module")
def labelled(place: Callable[[list[str]], Places]) -> tuple[Places, list[int]]:
    """The hard questions."""
    texts, labels = _labelled("unanswered_needs.yml")
    return place(texts), labels


def _placed_at_once(places: Places) -> list[int]:
    return placed(places @ places.T, [], SAME_NEED_BY_VECTOR)


@pytest.mark.parametrize(
    ("name", "v_measure"), [("everyday", 0.82), ("everyday_second", 0.79), ("everyday_checked_once", 0.79)]
)
def test_everyday_questions_fall_into_their_needs(
    place: Callable[[list[str]], Places], name: str, v_measure: float
) -> None:
    texts, labels = _labelled(f"unanswered_needs_{name}.yml")
    places = place(texts)
    found = _placed_at_once(places)
    assert v_measure_score(labels, found) >= v_measure
    assert adjusted_mutual_info_score(labels, found) >= 0.6
    assert 40 <= len(set(found)) <= 60
    order = np.random.default_rng(7).permutation(len(labels))
    as_they_come = _one_after_the_other(places[order], 10)
    assert v_measure_score([labels[index] for index in order], as_they_come) >= v_measure


def test_hard_questions_fall_into_needs_far_better_than_by_chance(labelled: tuple[Places, list[int]]) -> None:
    """Their V-measure says little, as each question by itself reaches .773: what is above chance counts."""
    places, labels = labelled
    found = _placed_at_once(places)
    assert v_measure_score(labels, found) >= 0.68
    assert adjusted_mutual_info_score(labels, found) >= 0.32
    assert 40 <= len(set(found)) <= 90


def test_half_of_the_hard_questions_fall_into_needs_as_well(labelled: tuple[Places, list[int]]) -> None:
    places, labels = labelled
    generator = np.random.default_rng(7)
    for _ in range(4):
        half = generator.permutation(len(labels))[:150]
        found = _placed_at_once(places[half])
        known = [labels[index] for index in half]
        assert v_measure_score(known, found) >= 0.68
        assert adjusted_mutual_info_score(known, found) >= 0.25


def test_other_needs_than_those_the_space_was_looked_at_with_come_together_too(
    place: Callable[[list[str]], Places],
) -> None:
    texts, labels = _labelled("unanswered_needs_checked_once.yml")
    found = _placed_at_once(place(texts))
    assert v_measure_score(labels, found) >= 0.75
    assert adjusted_mutual_info_score(labels, found) >= 0.47
    assert 20 <= len(set(found)) <= 45


def _one_after_the_other(places: Places, regrouped_after: int) -> list[int]:
    """The needs of questions that come in this order, all of them grouped anew after so many."""
    needs: list[int] = []
    for count in range(1, len(places) + 1):
        needs += placed(places[count - 1 : count] @ places[:count].T, needs, SAME_NEED_BY_VECTOR)
        if count % regrouped_after == 0:
            needs = regrouped(places[:count] @ places[:count].T, needs, SAME_NEED_BY_VECTOR)
        # The begun ones get numbers that no need has had.
        needs = [need if need > 0 else 1000 * count - need for need in needs]
    return needs


def test_one_question_after_the_other_gives_needs_too_and_better_ones_when_grouped_anew(
    labelled: tuple[Places, list[int]],
) -> None:
    places, labels = labelled
    order = np.random.default_rng(7).permutation(len(labels))
    in_order = [labels[index] for index in order]
    never, at_times = (_one_after_the_other(places[order], count) for count in (1000, 50))
    assert adjusted_mutual_info_score(in_order, never) >= 0.24
    assert adjusted_mutual_info_score(in_order, at_times) >= 0.3
    assert v_measure_score(in_order, at_times) >= 0.68


def test_few_questions_change_their_need_when_a_few_new_ones_come(labelled: tuple[Places, list[int]]) -> None:
    places, _ = labelled
    order = np.random.default_rng(7).permutation(len(places))
    first, later = order[:250], order[:260]
    needs = regrouped(places[first] @ places[first].T, range(1, 251), SAME_NEED_BY_VECTOR)
    begun = [need if need > 0 else 1000 - need for need in needs]
    new = placed(places[order[250:260]] @ places[later].T, begun, SAME_NEED_BY_VECTOR)
    before = [*begun, *(need if need > 0 else 2000 - need for need in new)]
    after = regrouped(places[later] @ places[later].T, before, SAME_NEED_BY_VECTOR)
    moved = sum(need != former for need, former in zip(after, before, strict=True))
    assert moved <= 25


def test_questions_near_the_same_entries_count_as_nearer() -> None:
    generator = np.random.default_rng(7)
    centres = 3 * np.eye(12, dtype=np.float32)
    entries = list(np.repeat(np.arange(12), 6))
    examples = centres[entries] + 0.1 * generator.standard_normal((72, 12)).astype(np.float32)
    places = QuestionSpace(examples, entries).places(np.array([centres[0], centres[0] + centres[1], centres[2]]))
    shares = places[:, 12:]
    assert shares[0] @ shares[1] > 10 * shares[0] @ shares[2]
    assert np.allclose(np.linalg.norm(places, axis=1), 1, atol=1e-3)


def test_words_alone_bring_together_what_is_worded_alike() -> None:
    texts = ["¿dan estufas?", "precio del SOAT", "dan estufas en mi vereda", "¿cuál es el precio del soat?"]
    first, second, third, fourth = placed(word_similarity(texts), [], SAME_NEED_BY_WORDS)
    assert first == third
    assert second == fourth
    assert first != second


def test_a_new_question_joins_the_need_it_is_nearest_to_or_begins_one() -> None:
    similarity = np.array([[0.8, 0.1, 0.6, 1, 0], [0, 0, 0, 0, 1]], dtype=np.float32)
    assert placed(similarity, [7, 9, 7], 0.5) == [7, -1]


def test_new_questions_that_ask_the_same_join_together_by_their_mean() -> None:
    similarity = np.array([[0.9, 1, 0.8], [0.3, 0.8, 1]], dtype=np.float32)
    assert placed(similarity, [7], 0.5) == [7, 7]
    assert placed(similarity, [7], 0.7) == [-1, -1]


def test_no_questions_make_no_needs() -> None:
    nothing = np.zeros((0, 0), dtype=np.float32)
    assert placed(nothing, [], 0.5) == []
    assert regrouped(nothing, [], 0.5) == []


def test_a_group_goes_on_as_the_need_most_of_its_questions_had() -> None:
    similarity = np.eye(5, dtype=np.float32)
    similarity[:4, :4] = 0.9
    assert regrouped(similarity, [4, 4, 4, 5, 4], 0.5)[:4] == [4, 4, 4, 4]
    assert regrouped(similarity, [4, 4, 4, 5, 4], 0.5)[4] < 0


def test_what_is_together_stays_together_when_little_speaks_against_it() -> None:
    barely_apart = 0.5 - STAYS_TOGETHER / 4
    similarity = np.array([[1, barely_apart], [barely_apart, 1]], dtype=np.float32)
    assert len(set(regrouped(similarity, [1, 1], 0.5))) == 1
    assert len(set(regrouped(similarity, [1, 2], 0.5))) == 2


def test_the_question_nearest_to_all_others_stands_for_its_need() -> None:
    similarity = np.array([[1, 0.9, 0.1], [0.9, 1, 0.7], [0.1, 0.7, 1]], dtype=np.float32)
    assert np.argmax(fits(similarity, [4, 4, 4])) == 1
    assert fits(similarity, [4, 4, 5])[2] == 1.0
