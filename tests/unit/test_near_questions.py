"""The training questions near to the one asked decide between the labels that the linear models find likeliest."""

from pathlib import Path

import numpy as np
import pytest

from bot.components.near_questions import CANDIDATES, NearQuestions, Ranking

DIRECTIONS = np.eye(3, dtype=np.float32)
MEAN = np.full(3, 0.5, np.float32)
# Questions about a fee lie among those about a deadline: no straight border parts them.
PLACES = {
    "plazo": [(1.0, 0.1, 0.0), (1.0, -0.1, 0.0), (1.0, 0.0, 0.6), (1.0, 0.0, -0.6)],
    "tarifa": [(1.0, 0.0, 0.3), (1.0, 0.0, 0.25), (-1.0, 0.0, 0.3)],
    "oficina": [(0.0, 1.0, 0.0), (0.0, 1.0, 0.2)],
}


@pytest.fixture
def near() -> NearQuestions:
    # Not one label after the other, as in the training data.
    pairs = sorted((place, label) for label, places in PLACES.items() for place in places)
    rows = np.array([place for place, _ in pairs], np.float32)
    return NearQuestions.of(MEAN, DIRECTIONS, rows, np.array([label for _, label in pairs]))


def asked(*place: float) -> np.ndarray:
    return np.array(place, np.float32) + MEAN


def test_a_question_is_its_nearest_neighbours_label(near: NearQuestions) -> None:
    for label, places in PLACES.items():
        for place in places:
            estimates = dict(zip(PLACES, near.estimates(list(PLACES), asked(*place)), strict=True))
            assert max(estimates, key=estimates.__getitem__) == label


def test_the_nearest_questions_turn_a_close_ranking_round(near: NearQuestions) -> None:
    ranking: Ranking = [("plazo", 0.5), ("tarifa", 0.4), ("oficina", 0.05)]
    decided = near.decided(ranking, asked(1.0, 0.0, 0.28), 1.0)
    assert [label for label, _ in decided] == ["tarifa", "plazo", "oficina"]


def test_the_likeliest_labels_together_stay_as_likely(near: NearQuestions) -> None:
    others = [(f"entrada {number}", 0.01) for number in range(CANDIDATES)]
    ranking: Ranking = [("plazo", 0.4), ("tarifa", 0.3), ("oficina", 0.2), *others]
    decided = near.decided(ranking, asked(1.0, 0.0, 0.28), 1.0)
    assert sum(probability for _, probability in decided) == pytest.approx(sum(p for _, p in ranking))
    assert dict(decided)["entrada 5"] == pytest.approx(0.01)


def test_a_sure_ranking_is_left_as_it_is(near: NearQuestions) -> None:
    ranking: Ranking = [("plazo", 0.97), ("tarifa", 0.01), ("oficina", 0.01)]
    assert near.decided(ranking, asked(1.0, 0.0, 0.28), 1.0) == ranking


def test_how_sure_is_sure_does_not_depend_on_the_temperature(near: NearQuestions) -> None:
    warm: Ranking = [("plazo", 0.6), ("tarifa", 0.3), ("oficina", 0.1)]
    powers = np.array([probability for _, probability in warm]) ** (1 / 0.5)
    cool = [(label, float(power / powers.sum())) for (label, _), power in zip(warm, powers, strict=True)]
    place = asked(1.0, 0.0, 0.28)
    decided_warm, decided_cool = dict(near.decided(warm, place, 1.0)), dict(near.decided(cool, place, 0.5))
    expected = {label: probability**2 for label, probability in decided_warm.items()}
    for label, probability in decided_cool.items():
        assert probability == pytest.approx(expected[label] / sum(expected.values()), abs=1e-6)


def test_a_label_without_questions_is_no_ones(near: NearQuestions) -> None:
    estimates = near.estimates(["plazo", "recién escrita"], asked(1.0, 0.1, 0.0))
    assert estimates[0] > estimates[1]
    assert near.estimates(["recién escrita"], asked(1.0, 0.1, 0.0)) == pytest.approx([0])


def test_what_is_saved_answers_the_same(near: NearQuestions, tmp_path: Path) -> None:
    near.save(tmp_path / "near.npz")
    place = asked(0.7, 0.3, 0.1)
    loaded = NearQuestions.load(tmp_path / "near.npz")
    assert loaded.estimates(list(PLACES), place) == pytest.approx(near.estimates(list(PLACES), place))
