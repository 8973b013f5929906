"""From how likely each meaning is to what is done: answered (or the task begins), suggested, unanswered."""

from dataclasses import dataclass

from bot.intents import (
    AMBIGUOUS,
    EMERGENCY,
    FAQ,
    OUT_OF_SCOPE,
    TASKS,
    Candidate,
    KnowledgeBaseMatch,
    outcome_of,
)

MAXIMUM_CANDIDATES = 3


@dataclass(frozen=True)
class Thresholds:
    """Probabilities, 0–1. `consultame thresholds` chooses the first four from data.

    An entry is answered, or a task begins, from `answer` on, counted among the meanings that are in scope, while being
    out of scope is likely by `out_of_scope` at most: two entries that compete are no sign of a foreign question, and
    the other way round. From `ambiguous` on a question is one of those that the text alone cannot decide.
    """

    answer: float
    out_of_scope: float
    suggest: float
    small_talk: float
    candidate: float
    ambiguous: float
    emergency: float


def decide(ranking: list[Candidate], thresholds: Thresholds) -> tuple[str, KnowledgeBaseMatch]:
    """The intent, and the match that goes with it. `ranking` begins with the likeliest meaning."""
    first = ranking[0]
    candidates = [candidate for candidate in ranking if candidate["intent"] in (FAQ, *TASKS)][:MAXIMUM_CANDIDATES]
    emergency = _confidence_of(EMERGENCY, ranking)
    if emergency >= thresholds.emergency:
        return EMERGENCY, match_of(EMERGENCY, emergency, candidates)
    if candidates and _confidence_of(AMBIGUOUS, ranking) >= thresholds.ambiguous:
        return AMBIGUOUS, match_of(AMBIGUOUS, first["confidence"], candidates)
    if _is_sure(first, ranking, thresholds):
        return first["intent"], match_of(first["intent"], first["confidence"], candidates, slug=first["slug"])
    likely = [candidate for candidate in candidates if candidate["confidence"] >= thresholds.candidate]
    if sum(candidate["confidence"] for candidate in likely) >= thresholds.suggest:
        return AMBIGUOUS, match_of(AMBIGUOUS, first["confidence"], likely)
    return OUT_OF_SCOPE, match_of(OUT_OF_SCOPE, first["confidence"], candidates)


def _is_sure(first: Candidate, ranking: list[Candidate], thresholds: Thresholds) -> bool:
    if first["intent"] in (FAQ, *TASKS):
        out_of_scope = _confidence_of(OUT_OF_SCOPE, ranking)
        in_scope = 1 - out_of_scope - _confidence_of(AMBIGUOUS, ranking)
        return out_of_scope <= thresholds.out_of_scope and first["confidence"] >= thresholds.answer * in_scope
    return first["intent"] not in (OUT_OF_SCOPE, AMBIGUOUS) and first["confidence"] >= thresholds.small_talk


def _confidence_of(intent: str, ranking: list[Candidate]) -> float:
    return next((candidate["confidence"] for candidate in ranking if candidate["intent"] == intent), 0.0)


def match_of(
    intent: str, confidence: float, candidates: list[Candidate], *, slug: str | None = None
) -> KnowledgeBaseMatch:
    """What travels with the message."""
    return KnowledgeBaseMatch(outcome=outcome_of(intent), slug=slug, confidence=confidence, candidates=candidates)
