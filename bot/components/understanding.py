"""What a text means to a trained question model: its intent, and whether an entry answers it. Without Rasa.

The selector in a running assistant and the staff screens that try a model out both ask here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.components.decision import Thresholds, decide, match_of
from bot.components.embedding import SentenceEmbedding
from bot.components.emergency import sounds_like_an_emergency, speaks_of_water_alone
from bot.components.language import MessageLanguage, asks_only_for_a_language, message_language
from bot.components.question_model import QuestionModel
from bot.components.spanish_text import has_words
from bot.intents import (
    CHANGE_LANGUAGE,
    EMERGENCY,
    ENTRY_PREFIX,
    FAQ,
    OTHER_LANGUAGE,
    OUT_OF_SCOPE,
    Candidate,
    KnowledgeBaseMatch,
)
from desk.radicado import radicados_in

RANKED_LABELS = 20
DEFAULT_SETTINGS = {
    "answer_threshold": 0.6,
    "out_of_scope_threshold": 0.1,
    "suggest_threshold": 0.5,
    "small_talk_threshold": 0.5,
    "candidate_threshold": 0.05,
    "ambiguous_threshold": 0.25,
    "emergency_threshold": 0.3,
    "temperature": 0.55,
    "sure_by_wording": 1.0,
}


@dataclass(frozen=True)
class Understood:
    """What a text means; `language` is None where the text does not tell."""

    intent: str
    match: KnowledgeBaseMatch
    language: MessageLanguage | None


@dataclass(frozen=True)
class UnderstandingSettings:
    """How a model is asked; see Thresholds and QuestionModel.likeliest."""

    thresholds: Thresholds
    temperature: float
    sure_by_wording: float

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> "UnderstandingSettings":
        """Those of a component configuration."""
        return cls(configured_thresholds(config), float(config["temperature"]), float(config["sure_by_wording"]))


def understand(
    texts: Sequence[str],
    model: QuestionModel | None,
    embedding: SentenceEmbedding | None,
    settings: UnderstandingSettings,
) -> list[Understood]:
    """What each text means; without a model nothing is known."""
    rankings = _rankings(texts, model, embedding, settings)
    return [_understood(text, ranking, settings) for text, ranking in zip(texts, rankings, strict=True)]


def configured_thresholds(config: Mapping[str, Any]) -> Thresholds:
    """The thresholds of a component configuration."""
    names = ("answer", "out_of_scope", "suggest", "small_talk", "candidate", "ambiguous", "emergency")
    return Thresholds(**{name: float(config[f"{name}_threshold"]) for name in names})


def candidate_of(label: str, confidence: float) -> Candidate:
    """A label of the model as something that might be meant."""
    if label.startswith(ENTRY_PREFIX):
        return Candidate(intent=FAQ, slug=label.removeprefix(ENTRY_PREFIX), confidence=confidence)
    return Candidate(intent=label, slug=None, confidence=confidence)


def _rankings(
    texts: Sequence[str],
    model: QuestionModel | None,
    embedding: SentenceEmbedding | None,
    settings: UnderstandingSettings,
) -> list[list[Candidate]]:
    """What each text may mean, the likeliest first; nothing for one without language."""
    asked = [row for row, text in enumerate(texts) if has_words(text) or radicados_in(text)]
    rankings: list[list[Candidate]] = [[] for _ in texts]
    if model is not None and asked:
        likeliest = model.likeliest(
            [texts[row] for row in asked],
            embedding,
            RANKED_LABELS,
            temperature=settings.temperature,
            sure_by_wording=settings.sure_by_wording,
        )
        for row, ranking in zip(asked, likeliest, strict=True):
            rankings[row] = [candidate_of(label, confidence) for label, confidence in ranking]
    return rankings


def _understood(text: str, ranking: list[Candidate], settings: UnderstandingSettings) -> Understood:
    language = message_language(text)
    intent, match = _decide(text, ranking, settings.thresholds)
    if intent != EMERGENCY and (about_language := _intent_about_language(text, language)):
        intent, match = about_language, match_of(about_language, 1.0, [])
    return Understood(intent, match, language)


def _decide(text: str, ranking: list[Candidate], thresholds: Thresholds) -> tuple[str, KnowledgeBaseMatch]:
    if not ranking:
        return OUT_OF_SCOPE, match_of(OUT_OF_SCOPE, 0.0, [])
    if sounds_like_an_emergency(text):
        ranking = [candidate_of(EMERGENCY, 1.0), *ranking]
    elif speaks_of_water_alone(text):
        ranking = [candidate for candidate in ranking if candidate["intent"] != EMERGENCY]
    return decide(ranking, thresholds) if ranking else (OUT_OF_SCOPE, match_of(OUT_OF_SCOPE, 0.0, []))


def _intent_about_language(text: str, language: MessageLanguage | None) -> str | None:
    if language == "other":
        return OTHER_LANGUAGE
    return CHANGE_LANGUAGE if asks_only_for_a_language(text) else None
