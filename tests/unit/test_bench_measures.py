"""The benchmark's measures, on systems whose answers are known."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bench.accuracy import accuracy_of, answered_questions, ask
from bench.claims import verdicts
from bench.effort import QUICK
from bench.measurement import Measured, MeasuredSize, Results
from bench.report import as_markdown, grids, write_report
from bench.split import Corpus, Question, Sources, divided, read_sources, thinned
from bench.systems.consultame import understood as consultame_understood
from bench.systems.nlpjs import NlpJs
from bench.systems.stock_rasa import understood as stock_understood
from bench.systems.system import SystemFailed, Understanding
from bench.training_files import as_examples, write_nlu
from bench.turns import Latency, latency_by_turn, latency_of, turns_per_second


class Talking:
    """A conversation that answers everything, or nothing."""

    def __init__(self, answer: str) -> None:
        self.answer, self.turns = answer, 0

    def say(self, text: str) -> str:
        self.turns += 1
        return self.answer

    def close(self) -> None:
        pass


class Known:
    """A system that understands what it is told to."""

    name = "known"

    def __init__(self, understandings: dict[str, Understanding], answer: str = "Respuesta") -> None:
        self.understandings, self.answer = understandings, answer
        self.conversations: list[Talking] = []

    def train(self, corpus: Corpus, folder: Path) -> float:
        return 0.0

    def start(self) -> float:
        return 0.0

    def parse(self, text: str) -> Understanding:
        return self.understandings[text]

    def open_conversation(self) -> Talking:
        self.conversations.append(Talking(self.answer))
        return self.conversations[-1]

    def memory_bytes(self) -> int:
        return 0

    def stop(self) -> None:
        pass


HELD_OUT = {
    Question("uno", "glp_que_es", "entry", "es"): Understanding("answered", "glp_que_es", [("glp_que_es", 0.9)]),
    Question("dos", "glp_que_es", "entry", "es"): Understanding(
        "answered", "otra", [("otra", 0.6), ("glp_que_es", 0.3)]
    ),
    Question("tres", "glp_que_es", "entry", "es"): Understanding("suggested", None, [("glp_que_es", 0.4)]),
    Question("four", "glp_que_es", "entry", "en"): Understanding("refused", None, []),
    Question("cinco", "agendar_cita", "task"): Understanding("task", "agendar_cita", [("agendar_cita", 0.8)]),
    Question("seis", "fuera_de_alcance", "out_of_scope"): Understanding("refused", None, [("otra", 0.1)]),
    Question("siete", "fuera_de_alcance", "out_of_scope"): Understanding("task", "agendar_cita", []),
    Question("ocho", "saludar", "small_talk"): Understanding("smalltalk", "saludar", []),
}


def test_accuracy() -> None:
    system = Known({question.text: understanding for question, understanding in HELD_OUT.items()})
    corpus = divided(thinned(read_sources(), 10))
    asked = [ask(system, question) for question in HELD_OUT]
    measured = accuracy_of(asked, corpus)
    assert (measured.top1, measured.top3) == (0.5, 0.75)
    assert measured.english_top1 == 0.0
    assert measured.tasks_top1 == 1.0
    assert (measured.answered_right, measured.answered_wrong) == (0.25, 0.25)
    assert (measured.suggested, measured.refused) == (0.25, 0.25)
    assert measured.out_of_scope_answered == 0.5
    assert measured.macro_f1 == pytest.approx(2 / 3)
    assert answered_questions(asked) == ["uno", "dos"]


def test_turns_are_counted_in_conversations_of_five() -> None:
    system = Known({})
    effort = replace(QUICK, turns=20, warm_up_turns=5)
    assert latency_of(system, ["uno", "dos"], effort).turns == 20
    assert [conversation.turns for conversation in system.conversations] == [5] * 5
    system.conversations.clear()
    assert turns_per_second(system, ["uno"], effort) > 0
    assert [conversation.turns for conversation in system.conversations] == [5] * 8
    system.conversations.clear()
    assert set(latency_by_turn(system, ["uno"], effort)) == {1, 10, 20}
    assert [conversation.turns for conversation in system.conversations] == [23, 23]


def test_a_turn_without_an_answer_and_nothing_to_ask_are_failures() -> None:
    with pytest.raises(SystemFailed, match="no answer"):
        latency_of(Known({}, answer=""), ["uno"], QUICK)
    with pytest.raises(SystemFailed, match="nothing to time"):
        turns_per_second(Known({}), [], QUICK)


def test_our_parse_data_is_read() -> None:
    candidates = [
        {"intent": "faq", "slug": "glp", "confidence": 0.3},
        {"intent": "agendar_cita", "slug": None, "confidence": 0.2},
    ]
    match = {"outcome": "suggested", "slug": None, "confidence": 0.3, "candidates": candidates}
    parsed = {"intent": {"name": "faq_ambigua", "confidence": 0.3}, "knowledge_base": match}
    expected = Understanding("suggested", None, [("glp", 0.3), ("agendar_cita", 0.2)])
    assert consultame_understood(parsed) == expected
    match |= {"outcome": "unanswered"}
    parsed["intent"] = {"name": "fuera_de_alcance", "confidence": 0.3}
    assert consultame_understood(parsed).outcome == "refused"


@pytest.mark.parametrize(
    ("first", "outcome", "label"),
    [
        ("faq", "answered", "glp"),
        ("nlu_fallback", "refused", None),
        ("fuera_de_alcance", "refused", "fuera_de_alcance"),
        ("agendar_cita", "task", "agendar_cita"),
        ("saludar", "smalltalk", "saludar"),
        ("emergencia", "answered", "emergencia"),
    ],
)
def test_stock_parse_data_is_read(first: str, outcome: str, label: str | None) -> None:
    intents = [first, *(name for name in ("fuera_de_alcance", "faq", "agendar_cita") if name != first)]
    parsed = {
        "intent": {"name": first},
        "intent_ranking": [{"name": name, "confidence": 0.5} for name in intents],
        "response_selector": {
            "default": {
                "ranking": [
                    {"intent_response_key": "faq/glp", "confidence": 0.7},
                    {"intent_response_key": "faq/cita", "confidence": 0.2},
                ]
            }
        },
    }
    understanding = stock_understood(parsed, {"glp", "cita"})
    assert (understanding.outcome, understanding.label) == (outcome, label)
    labels = [name for name, _ in understanding.ranking]
    assert sorted(labels) == ["agendar_cita", "cita", "glp"]
    assert labels.index("glp") + 1 == labels.index("cita")


def test_without_node_the_row_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemFailed, match="node and npm are not installed"):
        NlpJs().train(divided(Sources([], {}, [], [])), tmp_path)


def results() -> Results:
    ours = Measured("consultame", 10.0, 5.0, 500.0, latency=Latency(10.0, 20.0, 300), turns_per_second=80.0)
    ours.latency_by_turn = {1: 10.0, 50: 11.0, 200: 14.0}
    stock = Measured("rasa", 200.0, 30.0, 1000.0, latency=Latency(50.0, 90.0, 300), turns_per_second=16.0)
    failed = Measured("nlp.js", problem="node | npm are not installed")
    sizes = [
        MeasuredSize("70", 70, turn_p50_ms=10.0, turn_p50_of_real_entries_ms=10.0),
        MeasuredSize("5000", 5000, turn_p50_ms=30.0, turn_p50_of_real_entries_ms=12.0),
    ]
    return Results([ours, stock, failed], sizes)


def test_claims_are_judged_or_left_open() -> None:
    judged = {verdict.claim: (verdict.figure, verdict.holds) for verdict in verdicts(results())}
    assert judged["p50 of an answered turn, of stock Rasa's: at most 0.25"] == ("0.20", True)
    assert judged["turns per second, times stock Rasa's: at least 4"] == ("5.00", True)
    assert judged["turn 200 of a conversation, of turn 1: at most 1.3"] == ("1.40", False)
    growth = "turn p50 at 5,000 entries, of that at 70, {} questions: at most 2"
    assert judged[growth.format("all entries'")] == ("3.00", False)
    assert judged[growth.format("the real entries'")] == ("1.20", True)
    assert judged["top-1: at least .93"] == ("–", None)


def test_the_report_holds_figures_ratios_and_what_failed(tmp_path: Path) -> None:
    made = results()
    systems, sizes, claims = grids(made)
    assert systems.header == ["", "consultame", "rasa", "nlp.js", "consultame / rasa"]
    assert ["turn p50, ms", "10.0", "50.0", "–", "0.20"] in systems.rows
    assert len({len(row) for row in systems.rows}) == 1
    assert [row[0] for row in sizes.rows] == ["70", "5000"]
    assert {row[2] for row in claims.rows} == {"yes", "NO", "not measured"}
    assert "node \\| npm" in as_markdown(made, {"quick": False})
    assert "not a measurement" in as_markdown(made, {"quick": True})
    written = write_report(
        made,
        {"quick": False, "interrupted": False, "measured with one in": 1, "stock Rasa's epochs": "its own default"},
        tmp_path / "results",
        "2026-01-01-000000",
    )
    assert {path.name for path in written} >= {"latest.json", "latest.md", "2026-01-01-000000.md"}


def test_examples_are_written_as_rasa_reads_them(tmp_path: Path) -> None:
    written = tmp_path / "data" / "nlu.yml"
    write_nlu(written, [{"intent": "faq/glp", "examples": as_examples(["¿Qué [es] {esto}?", "/orden: #1"])}])
    assert "examples: |\n" in written.read_text()
    (item,) = yaml.safe_load(written.read_text())["nlu"]
    assert item == {"intent": "faq/glp", "examples": "- ¿Qué  es   esto ?\n- orden: #1\n"}
