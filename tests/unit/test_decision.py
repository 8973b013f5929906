"""What is done with a message follows from how likely each meaning is, and from nothing else."""

import pytest

from bot.components.decision import Thresholds, decide
from bot.components.understanding import candidate_of

THRESHOLDS = Thresholds(
    answer=0.7, out_of_scope=0.15, suggest=0.3, small_talk=0.5, candidate=0.05, ambiguous=0.25, emergency=0.3
)


def decided(*ranking: tuple[str, float]) -> tuple[str, str, str | None, list[str]]:
    intent, match = decide([candidate_of(label, confidence) for label, confidence in ranking], THRESHOLDS)
    return intent, match["outcome"], match["slug"], [c["slug"] or c["intent"] for c in match["candidates"]]


def test_a_sure_entry_is_answered() -> None:
    assert decided(("faq/zni", 0.8), ("faq/retie", 0.1)) == ("faq", "answered", "zni", ["zni", "retie"])


def test_an_entry_is_not_answered_while_the_question_may_be_out_of_scope() -> None:
    assert decided(("faq/zni", 0.75), ("fuera_de_alcance", 0.25))[0] == "faq_ambigua"
    assert decided(("faq/zni", 0.65), ("fuera_de_alcance", 0.12))[0] == "faq"


def test_a_sure_task_begins() -> None:
    assert decided(("agendar_cita", 0.75), ("saludar", 0.2))[:2] == ("agendar_cita", "task")


def test_between_two_entries_the_citizen_is_asked() -> None:
    ranking = (("faq/zni", 0.5), ("faq/luz_sin_servicio", 0.4), ("faq/retie", 0.04))
    assert decided(*ranking) == ("faq_ambigua", "suggested", None, ["zni", "luz_sin_servicio"])


def test_a_question_known_to_be_undecidable_is_asked_back_however_sure_one_entry_is() -> None:
    assert decided(("faq/zni", 0.6), ("faq_ambigua", 0.3), ("faq/retie", 0.02))[0] == "faq_ambigua"


def test_what_is_out_of_scope_offers_nothing_it_would_not_answer() -> None:
    intent, outcome, slug, nearest = decided(("fuera_de_alcance", 0.9), ("faq/zni", 0.06))
    assert (intent, outcome, slug) == ("fuera_de_alcance", "unanswered", None)
    assert nearest == ["zni"]


def test_an_emergency_comes_first_even_when_something_else_is_likelier() -> None:
    assert decided(("faq/glp_escasez", 0.6), ("emergencia", 0.35))[0] == "emergencia"


@pytest.mark.parametrize(("confidence", "intent"), [(0.55, "saludar"), (0.45, "fuera_de_alcance")])
def test_small_talk_has_its_own_threshold(confidence: float, intent: str) -> None:
    assert decided(("saludar", confidence), ("faq/zni", 0.04))[0] == intent
