"""What a system understands of questions it was not trained on."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from sklearn.metrics import f1_score

from bench.split import Corpus, Question
from bench.systems.system import System, Understanding


@dataclass(frozen=True)
class Asked:
    """A question, what the system made of it, and how long that took."""

    question: Question
    understanding: Understanding
    seconds: float

    @property
    def first(self) -> str:
        """The first label of the ranking, or nothing."""
        return self.understanding.ranking[0][0] if self.understanding.ranking else ""

    def is_right_within(self, places: int) -> bool:
        """Whether the right label is among the first so many."""
        return self.question.label in [label for label, _ in self.understanding.ranking[:places]]

    @property
    def is_answered_right(self) -> bool:
        """Whether the system would answer, and with the right label."""
        return self.understanding.outcome in ("answered", "task") and self.understanding.label == self.question.label


@dataclass(frozen=True)
class Accuracy:
    """Shares of the held-out questions, 0–1. The first five judge the ranking, the others what would be done."""

    top1: float
    top3: float
    macro_f1: float
    english_top1: float
    tasks_top1: float
    answered_right: float
    answered_wrong: float
    suggested: float
    refused: float
    out_of_scope_answered: float
    parse_p50_ms: float
    questions: int


def ask(system: System, question: Question) -> Asked:
    """One question."""
    started = time.perf_counter()
    understanding = system.parse(question.text)
    return Asked(question, understanding, time.perf_counter() - started)


def top1(asked: list[Asked]) -> float:
    """The share whose first label is right."""
    return _share(a.is_right_within(1) for a in asked)


def accuracy_of(asked: list[Asked], corpus: Corpus) -> Accuracy:
    """Entry questions in both languages, tasks, and out of scope, judged."""
    entries = [a for a in asked if a.question.kind == "entry"]
    english = [a for a in entries if a.question.language == "en"]
    tasks = [a for a in asked if a.question.kind == "task"]
    outside = [a for a in asked if a.question.kind == "out_of_scope"]
    right = [a.is_answered_right for a in entries]
    outcomes = [a.understanding.outcome for a in entries]
    suggested, refused = _share(o == "suggested" for o in outcomes), _share(o == "refused" for o in outcomes)
    return Accuracy(
        top1=top1(entries),
        top3=_share(a.is_right_within(3) for a in entries),
        macro_f1=_macro_f1(entries, [entry.slug for entry in corpus.entries]),
        english_top1=top1(english),
        tasks_top1=top1(tasks),
        answered_right=_share(right),
        answered_wrong=1.0 - _share(right) - suggested - refused,
        suggested=suggested,
        refused=refused,
        out_of_scope_answered=_share(a.understanding.outcome in ("answered", "task") for a in outside),
        parse_p50_ms=median(a.seconds for a in asked) * 1000,
        questions=len(asked),
    )


def _share(hits: Iterable[bool]) -> float:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else float("nan")


def _macro_f1(asked: list[Asked], slugs: list[str]) -> float:
    """The mean of the entries' F1; entries that nothing was held out of do not count."""
    meant, said = [a.question.label for a in asked], [a.first for a in asked]
    labels = sorted(set(meant) & set(slugs))
    return float(f1_score(meant, said, labels=labels, average="macro", zero_division=0))


def answered_questions(asked: list[Asked]) -> list[str]:
    """The Spanish entry questions that the system answers: what its turns are timed with."""
    return [
        a.question.text
        for a in asked
        if a.question.kind == "entry" and a.question.language == "es" and a.understanding.outcome == "answered"
    ]
