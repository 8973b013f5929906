"""Thresholds come from questions the model never saw, and keep the aims they were chosen for."""

from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.calibration import (
    Aims,
    HeldOut,
    at_temperature,
    best_temperature,
    chosen_sureness,
    chosen_thresholds,
    decided_by_wording,
    figures,
    held_out_rankings,
)
from bot.components.decision import Thresholds
from bot.components.training_examples import TrainingExamples
from consultame.command_line.outcome import CommandFailed
from consultame.command_line.thresholds import CONFIGURATION, SELECTOR, write_values

START = Thresholds(
    answer=0.5, out_of_scope=1.0, suggest=0.25, small_talk=0.7, candidate=0.05, ambiguous=0.25, emergency=0.9
)


def asked(label: str, *ranking: tuple[str, float]) -> HeldOut:
    return HeldOut("", label, list(ranking))


def sure_and_unsure() -> list[HeldOut]:
    """Ninety right at .9, ten wrong at .6; of a hundred out of scope five are taken for an entry at .75."""
    return [
        *[asked("faq/zni", ("faq/zni", 0.9), ("fuera_de_alcance", 0.1))] * 90,
        *[asked("faq/retie", ("faq/zni", 0.6), ("faq/retie", 0.3))] * 10,
        *[asked("fuera_de_alcance", ("fuera_de_alcance", 0.9), ("faq/zni", 0.1))] * 95,
        *[asked("fuera_de_alcance", ("faq/zni", 0.75), ("fuera_de_alcance", 0.2))] * 5,
    ]


def test_the_answer_threshold_is_the_lowest_that_keeps_the_aims() -> None:
    questions = sure_and_unsure()
    strict = chosen_thresholds(questions, START, Aims(out_of_scope_answered=0.04, wrong_among_answered=0.04))
    found = figures(questions, strict)
    assert found.out_of_scope_answered == found.answered_wrongly == 0
    assert found.answered_rightly == pytest.approx(0.9)
    lax = chosen_thresholds(questions, START, Aims(out_of_scope_answered=0.05, wrong_among_answered=0.2))
    assert lax.answer == pytest.approx(0.2)


def test_figures_count_what_the_thresholds_do() -> None:
    found = figures(sure_and_unsure(), replace(START, answer=0.8, out_of_scope=0.15))
    assert found.answered_rightly == pytest.approx(0.9)
    assert found.answered_wrongly == 0
    assert found.suggested_with_the_right_one == pytest.approx(0.1)
    assert found.first_is_right == pytest.approx(0.9)
    assert found.right_among_first_three == 1
    assert (found.out_of_scope_answered, found.out_of_scope_suggested) == (0, pytest.approx(0.05))


def test_the_suggest_threshold_refuses_no_more_than_the_aim() -> None:
    vague = [asked("faq/zni", ("negar", 0.45), ("faq/zni", share)) for share in (0.2, 0.3, 0.4, 0.41)]
    chosen = chosen_thresholds(vague, START, Aims(in_scope_refused=0.25))
    assert 0.2 < chosen.suggest <= 0.3
    assert figures(vague, chosen).refused == pytest.approx(0.25)


def test_timid_probabilities_are_made_bolder() -> None:
    timid = [asked("a", ("a", 0.6), ("b", 0.4))] * 99 + [asked("b", ("a", 0.6), ("b", 0.4))]
    temperature = best_temperature(timid)
    assert temperature < 0.6
    assert at_temperature(timid, temperature)[0].ranking[0][1] > 0.6


def test_wording_decides_alone_only_where_that_loses_hardly_anything() -> None:
    right = [("faq/zni", 0.6), ("faq/retie", 0.4)]
    questions = [
        *[HeldOut("", "faq/zni", right, [("faq/zni", 0.99), ("faq/retie", 0.01)])] * 990,
        *[HeldOut("", "faq/zni", right, [("faq/retie", 0.965), ("faq/zni", 0.035)])] * 10,
    ]
    sure = chosen_sureness(questions, START)
    assert sure == pytest.approx(0.97)
    assert figures(decided_by_wording(questions, sure), START).first_is_right == 1
    assert figures(decided_by_wording(questions, 0.95), START).first_is_right == pytest.approx(0.99)


def test_wording_never_decides_alone_where_more_foreign_questions_would_be_answered() -> None:
    foreign = HeldOut("", "fuera_de_alcance", [("fuera_de_alcance", 0.9), ("faq/zni", 0.1)], [("faq/zni", 0.999)])
    assert chosen_sureness([foreign] * 10, replace(START, out_of_scope=0.15)) == 1


def test_every_question_is_ranked_by_a_model_that_never_saw_it_and_ambiguous_ones_only_teach() -> None:
    examples = TrainingExamples([], [], [])
    for number in range(10):
        examples.add(f"hola número {number}", "saludar", 1.0)
        examples.add(f"palabra{number}única{number}", "fuera_de_alcance", 1.0)
    examples.add("lo uno o lo otro", "saludar", 0.5)
    examples.add("lo uno o lo otro", "fuera_de_alcance", 0.5)
    done: list[float] = []
    held_out = held_out_rankings(examples, None, done.append)
    assert sorted(item.text for item in held_out) == sorted(set(examples.texts) - {"lo uno o lo otro"})
    assert done[-1] == 1


@pytest.mark.parametrize("content", ["pipeline: []\n", "", "pipeline: [\n"])
def test_a_configuration_without_the_selector_is_refused_and_left_as_it_is(content: str, tmp_path: Path) -> None:
    copy = tmp_path / "config.yml"
    copy.write_text(content, encoding="utf-8")
    with pytest.raises(CommandFailed, match=r"config\.yml"):
        write_values(copy, {"answer_threshold": 0.61})
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == [content]


def test_values_are_written_without_touching_the_rest_of_the_configuration(tmp_path: Path) -> None:
    copy = tmp_path / "config.yml"
    copy.write_text(CONFIGURATION.read_text(encoding="utf-8") + "# kept\n", encoding="utf-8")
    before = YAML(typ="safe").load(copy)
    write_values(copy, {"answer_threshold": 0.61})
    after = YAML(typ="safe").load(copy)
    selector = next(component for component in after["pipeline"] if component["name"] == SELECTOR)
    assert selector["answer_threshold"] == 0.61
    assert after["policies"] == before["policies"]
    assert "# kept" in copy.read_text(encoding="utf-8")
