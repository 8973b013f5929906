"""How sure is sure enough: temperature and thresholds chosen from questions the model was not trained on.

Every question is ranked once by a model that never saw it (cross-validation); of the thresholds that keep AIMS those
are taken that answer most and suggest least.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from bot.components.asked_part import with_asked_parts
from bot.components.decision import Thresholds, decide
from bot.components.embedding import SentenceEmbedding, load_embedding
from bot.components.knowledge_base_selector import NOT_ENTRIES
from bot.components.question_model import QuestionModel
from bot.components.remembered_vectors import KnownVectors, RememberedVectors
from bot.components.training_examples import TrainingExamples, without_answered_since
from bot.components.understanding import RANKED_LABELS, candidate_of
from bot.intents import AMBIGUOUS, ENTRY_PREFIX, FAQ, OUT_OF_SCOPE, SMALL_TALK, TASKS

FOLDS = 5
STEP = 0.01
OUT_OF_SCOPE_LIMITS = (0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3)
SURENESS = (0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99, 0.995, 1.0)
# What may be lost where the wording alone decides, as shares of the questions.
RIGHT_LOST = 0.0008
OUT_OF_SCOPE_ANSWERED_MORE = 0.02
_TEMPERATURES = np.arange(0.4, 1.51, 0.05)


@dataclass(frozen=True)
class Aims:
    """Shares of questions, 0–1, that must not be exceeded."""

    out_of_scope_answered: float = 0.0475
    wrong_among_answered: float = 0.04
    in_scope_refused: float = 0.02
    in_scope_taken_for_small_talk: float = 0.002


AIMS = Aims()


@dataclass(frozen=True)
class HeldOut:
    """A question, what it asks for, and how a model that never saw it ranks the labels: as a whole and by wording."""

    text: str
    label: str
    ranking: list[tuple[str, float]]
    by_wording: list[tuple[str, float]] = field(default_factory=list)

    @property
    def in_scope(self) -> bool:
        return _is_in_scope(self.label)


@dataclass(frozen=True)
class Figures:
    """What a choice of thresholds does, as shares 0–1 of the questions in scope or out of it."""

    answered_rightly: float
    answered_wrongly: float
    suggested: float
    suggested_with_the_right_one: float
    refused: float
    taken_for_small_talk: float
    out_of_scope_answered: float
    out_of_scope_suggested: float
    first_is_right: float
    right_among_first_three: float

    @property
    def wrong_among_answered(self) -> float:
        answered = self.answered_rightly + self.answered_wrongly
        return self.answered_wrongly / answered if answered else 0.0


@dataclass(frozen=True)
class Calibration:
    """What was chosen, and what it does with the held-out questions."""

    temperature: float
    sure_by_wording: float
    thresholds: Thresholds
    figures: Figures


def calibrated(
    examples: TrainingExamples, start: Thresholds, vectors_file: Path, progress: Callable[[float], None]
) -> Calibration:
    """Choose temperature and thresholds, leaving of `start` what is not chosen from data.

    `progress(share done, 0–1)` is called after each fold.
    """
    embedding = load_embedding()
    texts = with_asked_parts(examples.texts)
    known = KnownVectors(RememberedVectors(embedding, vectors_file), texts) if embedding else None
    if known is not None:
        examples = without_answered_since(examples, known)
    held_out = held_out_rankings(examples, known, progress)
    temperature = best_temperature(held_out)
    tempered = at_temperature(held_out, temperature)
    sure = chosen_sureness(tempered, start)
    decided = decided_by_wording(tempered, sure)
    thresholds = chosen_thresholds(decided, start)
    return Calibration(round(temperature, 2), sure, thresholds, figures(decided, thresholds))


def held_out_rankings(
    examples: TrainingExamples, embedding: SentenceEmbedding | None, progress: Callable[[float], None]
) -> list[HeldOut]:
    """Every question of one label, ranked by a model trained on the other folds."""
    labels, weights = np.array(examples.labels), np.array(examples.weights)
    single = np.flatnonzero(weights == 1.0)
    many = np.flatnonzero(weights != 1.0)
    held_out = []
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(single, labels[single])
    for number, (kept, tested) in enumerate(folds, start=1):
        rows = [*single[kept], *many]
        model = QuestionModel.trained(
            [examples.texts[row] for row in rows], [examples.labels[row] for row in rows],
            [examples.weights[row] for row in rows], embedding, never_grouped=NOT_ENTRIES,
        )  # fmt: skip
        texts = [examples.texts[row] for row in single[tested]]
        rankings = model.likeliest(texts, embedding, RANKED_LABELS)
        by_wording = model.likeliest(texts, None, RANKED_LABELS)
        for row, text, ranking, by_words in zip(single[tested], texts, rankings, by_wording, strict=True):
            held_out.append(HeldOut(text, examples.labels[row], ranking, by_words))
        progress(number / FOLDS)
    return held_out


def best_temperature(held_out: Sequence[HeldOut]) -> float:
    """The temperature at which the probabilities are nearest to how often they are right (least log-loss)."""
    return float(min(_TEMPERATURES, key=lambda temperature: _log_loss(held_out, temperature)))


def at_temperature(held_out: Iterable[HeldOut], temperature: float) -> list[HeldOut]:
    """The same rankings with their probabilities at another temperature."""
    return [
        replace(
            item,
            ranking=_tempered(item.ranking, temperature),
            by_wording=_tempered(item.by_wording, temperature),
        )
        for item in held_out
    ]


def decided_by_wording(held_out: Iterable[HeldOut], sure: float) -> list[HeldOut]:
    """The same questions, ranked by their wording alone where that makes a label more likely than `sure`."""
    return [
        replace(item, ranking=item.by_wording) if item.by_wording and item.by_wording[0][1] > sure else item
        for item in held_out
    ]


def chosen_sureness(held_out: Sequence[HeldOut], thresholds: Thresholds) -> float:
    """The lowest of SURENESS at which deciding by wording loses no more than is allowed; 1 decides nothing by it."""
    whole = figures(held_out, thresholds)
    for sure in SURENESS:
        found = figures(decided_by_wording(held_out, sure), thresholds)
        if (
            found.first_is_right >= whole.first_is_right - RIGHT_LOST
            and found.out_of_scope_answered <= whole.out_of_scope_answered + OUT_OF_SCOPE_ANSWERED_MORE
        ):
            return sure
    return SURENESS[-1]


def chosen_thresholds(held_out: Sequence[HeldOut], start: Thresholds, aims: Aims = AIMS) -> Thresholds:
    """The thresholds that answer most and suggest least while they keep the aims.

    What cannot be kept at any threshold is kept as nearly as possible: the strictest step is then chosen.
    """
    chosen = _first_that_keeps(
        held_out, start, "small_talk", np.arange(0.5, 1, STEP),
        lambda found: found.taken_for_small_talk <= aims.in_scope_taken_for_small_talk,
    )  # fmt: skip
    chosen = max(
        (
            _lowest_answer_threshold(held_out, replace(chosen, out_of_scope=limit), aims)
            for limit in OUT_OF_SCOPE_LIMITS
        ),
        key=lambda candidate: _kept_and_answered(figures(held_out, candidate), aims),
    )
    return _first_that_keeps(
        held_out, chosen, "suggest", np.arange(0.6, 0, -STEP), lambda found: found.refused <= aims.in_scope_refused
    )


def _lowest_answer_threshold(held_out: Sequence[HeldOut], thresholds: Thresholds, aims: Aims) -> Thresholds:
    return _first_that_keeps(
        held_out, thresholds, "answer", np.arange(0.2, 1, STEP),
        lambda found: found.out_of_scope_answered <= aims.out_of_scope_answered
        and found.wrong_among_answered <= aims.wrong_among_answered,
    )  # fmt: skip


def _kept_and_answered(found: Figures, aims: Aims) -> tuple[bool, float]:
    return found.out_of_scope_answered <= aims.out_of_scope_answered, found.answered_rightly


def _first_that_keeps(
    held_out: Sequence[HeldOut],
    thresholds: Thresholds,
    name: str,
    steps: NDArray[np.float64],
    keeps: Callable[[Figures], bool],
) -> Thresholds:
    """The thresholds with the first step that keeps an aim. Each later step keeps it too, so halving finds it."""
    candidates = [replace(thresholds, **{name: round(float(step), 2)}) for step in steps]
    found = bisect_left(candidates, True, key=lambda candidate: keeps(figures(held_out, candidate)))
    return candidates[min(found, len(candidates) - 1)]


def figures(held_out: Sequence[HeldOut], thresholds: Thresholds) -> Figures:
    """What these thresholds do with the held-out questions."""
    inside = [(item, *_decided(item, thresholds)) for item in held_out if item.in_scope]
    outside = [_decided(item, thresholds) for item in held_out if item.label == OUT_OF_SCOPE]
    likeliest = [[label for label, _ in item.ranking if _is_in_scope(label)][:3] for item, *_ in inside]
    rights = [item.label for item, *_ in inside]
    return Figures(
        answered_rightly=_share(intent in (FAQ, *TASKS) and meant == [item.label] for item, intent, meant in inside),
        answered_wrongly=_share(
            intent in (FAQ, *TASKS) and meant != [item.label] for item, intent, meant in inside
        ),
        suggested=_share(intent == AMBIGUOUS for _, intent, _ in inside),
        suggested_with_the_right_one=_share(
            intent == AMBIGUOUS and item.label in meant for item, intent, meant in inside
        ),
        refused=_share(intent == OUT_OF_SCOPE for _, intent, _ in inside),
        taken_for_small_talk=_share(intent in SMALL_TALK for _, intent, _ in inside),
        out_of_scope_answered=_share(intent in (FAQ, *TASKS) for intent, _ in outside),
        out_of_scope_suggested=_share(intent == AMBIGUOUS for intent, _ in outside),
        first_is_right=_share(first[:1] == [right] for first, right in zip(likeliest, rights, strict=True)),
        right_among_first_three=_share(right in first for first, right in zip(likeliest, rights, strict=True)),
    )  # fmt: skip


def _decided(item: HeldOut, thresholds: Thresholds) -> tuple[str, list[str]]:
    """The intent, and the labels that are answered with or offered."""
    intent, match = decide([candidate_of(label, confidence) for label, confidence in item.ranking], thresholds)
    if intent == AMBIGUOUS:
        return intent, [ENTRY_PREFIX + c["slug"] if c["slug"] else c["intent"] for c in match["candidates"]]
    return intent, [ENTRY_PREFIX + match["slug"] if match["slug"] else intent]


def _is_in_scope(label: str) -> bool:
    return label.startswith(ENTRY_PREFIX) or label in TASKS


def _share(cases: Iterable[bool]) -> float:
    listed = list(cases)
    return sum(listed) / len(listed) if listed else 0.0


def _tempered(ranking: list[tuple[str, float]], temperature: float) -> list[tuple[str, float]]:
    powers = [max(probability, 1e-12) ** (1 / temperature) for _, probability in ranking]
    return [(label, power / sum(powers)) for (label, _), power in zip(ranking, powers, strict=True)]


def _log_loss(held_out: Sequence[HeldOut], temperature: float) -> float:
    losses = []
    for item in at_temperature(held_out, temperature):
        losses.append(-np.log(max(dict(item.ranking).get(item.label, 0.0), 1e-4)))
    return float(np.mean(losses))
