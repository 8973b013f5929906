"""Rasa graph component: what a message means, and whether that is sure enough to answer.

One model ranks the entries of the knowledge base together with the tasks, the small talk and what is out of scope, so
that all compete at one scale. Three outcomes follow: answered (or the task begins), suggested, unanswered. Rasa's
FallbackClassifier cannot do this: it never sees how sure a ResponseSelector is.
"""

from __future__ import annotations

import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.embedding import load_embedding
from bot.components.emergency import sounds_like_an_emergency
from bot.components.language import MessageLanguage, asks_only_for_a_language, message_language
from bot.components.question_model import QuestionModel
from bot.components.remembered_vectors import RememberedVectors
from bot.components.spanish_text import has_words
from bot.intents import (
    AMBIGUOUS,
    CHANGE_LANGUAGE,
    EMERGENCY,
    FAQ,
    LANGUAGE_KEY,
    MATCH_KEY,
    OTHER_LANGUAGE,
    OUT_OF_SCOPE,
    SMALL_TALK,
    TASKS,
    Candidate,
    KnowledgeBaseMatch,
    outcome_of,
)
from consultame.settings import load_settings
from desk.radicado import radicados_in

log = logging.getLogger(__name__)

_ENTRY_PREFIX = f"{FAQ}/"
MAXIMUM_CANDIDATES = 3


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KnowledgeBaseSelector(GraphComponent, IntentClassifier):
    """Sets the message's intent, the KnowledgeBaseMatch that goes with it and, when it is clear, its language."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Probabilities, 0–1: what docs/architecture.md, «Confidence», explains."""
        return {
            "answer_threshold": 0.4,
            "small_talk_threshold": 0.7,
            "suggest_threshold": 0.25,
            "candidate_threshold": 0.05,
            "emergency_threshold": 0.3,
        }

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._model_storage, self._resource = model_storage, resource
        self._embedding = load_embedding()
        self._model: QuestionModel | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KnowledgeBaseSelector:
        """An untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KnowledgeBaseSelector:
        """The component with its trained model."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = QuestionModel.load(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Train on every example that has an intent, and keep the model."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        texts, labels, weights = [], [], []
        for example in examples:
            for label, weight in _weighted_labels(example):
                texts.append(example.get(TEXT))
                labels.append(label)
                weights.append(weight)
        remembered = load_settings().data_directory / "training_vectors.npz"
        embedding = RememberedVectors(self._embedding, remembered) if self._embedding else None
        self._model = QuestionModel.trained(texts, labels, weights, embedding)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after this component in the pipeline needs its predictions."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Decide what each message means."""
        for message in messages:
            text = message.get(TEXT) or ""
            language = message_language(text)
            intent, match = self._decide(text)
            if intent != EMERGENCY and (about_language := _intent_about_language(text, language)):
                intent, match = about_language, _match(about_language, None, 1.0, [])
            if language in ("es", "en"):
                message.set(LANGUAGE_KEY, language, add_to_output=True)
            message.set(INTENT, {"name": intent, "confidence": match["confidence"]}, add_to_output=True)
            message.set(MATCH_KEY, match, add_to_output=True)
        return messages

    def _decide(self, text: str) -> tuple[str, KnowledgeBaseMatch]:
        if self._model is None or not (has_words(text) or radicados_in(text)):
            return OUT_OF_SCOPE, _match(OUT_OF_SCOPE, None, 0.0, [])
        ranking = self._ranking(text)
        first = ranking[0]
        candidates = [c for c in ranking if c["intent"] in (FAQ, *TASKS)][:MAXIMUM_CANDIDATES]
        emergency = next((c["confidence"] for c in ranking if c["intent"] == EMERGENCY), 0.0)
        if sounds_like_an_emergency(text):
            emergency = 1.0
        if emergency >= self._config["emergency_threshold"]:
            return EMERGENCY, _match(EMERGENCY, None, emergency, candidates)
        if first["confidence"] >= self._threshold_of(first["intent"]):
            return first["intent"], _match(first["intent"], first["slug"], first["confidence"], candidates)
        likely = [c for c in candidates if c["confidence"] >= self._config["candidate_threshold"]]
        in_scope = sum(candidate["confidence"] for candidate in likely)
        if in_scope >= self._config["suggest_threshold"]:
            return AMBIGUOUS, _match(AMBIGUOUS, None, first["confidence"], likely)
        return OUT_OF_SCOPE, _match(OUT_OF_SCOPE, None, first["confidence"], candidates)

    def _threshold_of(self, intent: str) -> float:
        return float(self._config["small_talk_threshold" if intent in SMALL_TALK else "answer_threshold"])

    def _ranking(self, text: str) -> list[Candidate]:
        """All labels as candidates, the likeliest first."""
        assert self._model is not None
        probabilities = self._model.probabilities([text], self._embedding)[0]
        return [
            _candidate(self._model.labels[index], float(probabilities[index]))
            for index in probabilities.argsort()[::-1][:20]
        ]


def _intent_about_language(text: str, language: MessageLanguage | None) -> str | None:
    if language == "other":
        return OTHER_LANGUAGE
    return CHANGE_LANGUAGE if asks_only_for_a_language(text) else None


def _weighted_labels(example: Message) -> list[tuple[str, float]]:
    """The labels of an example with their shares: one, or several for a question that the text alone cannot decide."""
    intent = example.get(INTENT)
    if intent in (OTHER_LANGUAGE, CHANGE_LANGUAGE):
        # Told by the language, not by what is said: see bot/components/language.py.
        return []
    metadata = (example.get(METADATA) or {}).get(METADATA_INTENT) or {}
    if intent == FAQ:
        return [(_ENTRY_PREFIX + metadata["slug"], 1.0)]
    if intent == AMBIGUOUS:
        meant = metadata["candidates"]
        return [(name if name in TASKS else _ENTRY_PREFIX + name, 1.0 / len(meant)) for name in meant]
    return [(intent, 1.0)]


def _candidate(label: str, confidence: float) -> Candidate:
    if label.startswith(_ENTRY_PREFIX):
        return Candidate(intent=FAQ, slug=label.removeprefix(_ENTRY_PREFIX), confidence=confidence)
    return Candidate(intent=label, slug=None, confidence=confidence)


def _match(intent: str, slug: str | None, confidence: float, candidates: list[Candidate]) -> KnowledgeBaseMatch:
    return KnowledgeBaseMatch(outcome=outcome_of(intent), slug=slug, confidence=confidence, candidates=candidates)
