"""Rasa graph component: what a message means, and whether that is sure enough to answer.

One model ranks the entries of the knowledge base together with the tasks, the small talk and what is out of scope, so
that all compete at one scale. Three outcomes follow: answered (or the task begins), suggested, unanswered. Rasa's
FallbackClassifier cannot do this: it never sees how sure a ResponseSelector is.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.decision import Thresholds, decide, match_of
from bot.components.embedding import SentenceEmbedding, load_embedding
from bot.components.emergency import sounds_like_an_emergency
from bot.components.language import MessageLanguage, asks_only_for_a_language, message_language
from bot.components.question_model import QuestionModel
from bot.components.remembered_vectors import KnownVectors, RememberedVectors
from bot.components.spanish_text import has_words
from bot.components.training_examples import (
    ENTRY_PREFIX,
    TrainingExamples,
    training_examples,
    without_answered_since,
)
from bot.intents import (
    AMBIGUOUS,
    CHANGE_LANGUAGE,
    EMERGENCY,
    FAQ,
    LANGUAGE_KEY,
    MATCH_KEY,
    NONE_OF_THESE,
    OTHER_LANGUAGE,
    OUT_OF_SCOPE,
    SMALL_TALK,
    TASKS,
    Candidate,
    KnowledgeBaseMatch,
)
from consultame.settings import load_settings
from desk.radicado import radicados_in

log = logging.getLogger(__name__)

NOT_ENTRIES = (*TASKS, *SMALL_TALK, EMERGENCY, OUT_OF_SCOPE, NONE_OF_THESE, AMBIGUOUS)
RANKED_LABELS = 20


@dataclass(frozen=True)
class Training:
    """What a component was trained on, with the vectors of all of it, and the model as it came out."""

    examples: TrainingExamples
    vectors: KnownVectors | None
    model: QuestionModel


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KnowledgeBaseSelector(GraphComponent, IntentClassifier):
    """Sets the message's intent, the KnowledgeBaseMatch that goes with it and, when it is clear, its language."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See Thresholds and QuestionModel.likeliest; bot/config.yml sets the ones that are chosen from data."""
        return {
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

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._thresholds = configured_thresholds(config)
        self._temperature = float(config["temperature"])
        self._sure_by_wording = float(config["sure_by_wording"])
        self._model_storage, self._resource = model_storage, resource
        self.embedding = load_embedding()
        self._model: QuestionModel | None = None
        self.training: Training | None = None

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
        examples = training_examples(training_data)
        embedding = known_training_vectors(examples, self.embedding)
        if embedding is not None:
            examples = without_answered_since(examples, embedding)
        self._model = QuestionModel.trained(
            examples.texts, examples.labels, examples.weights, embedding, never_grouped=NOT_ENTRIES
        )
        self.training = Training(examples, embedding, self._model)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after this component in the pipeline needs its predictions."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Decide what each message means."""
        rankings = self._rankings([message.get(TEXT) or "" for message in messages])
        for message, ranking in zip(messages, rankings, strict=True):
            text = message.get(TEXT) or ""
            language = message_language(text)
            intent, match = self._decide(text, ranking)
            if intent != EMERGENCY and (about_language := _intent_about_language(text, language)):
                intent, match = about_language, match_of(about_language, 1.0, [])
            if language in ("es", "en"):
                message.set(LANGUAGE_KEY, language, add_to_output=True)
            message.set(INTENT, {"name": intent, "confidence": match["confidence"]}, add_to_output=True)
            message.set(MATCH_KEY, match, add_to_output=True)
        return messages

    def first_labels(self, texts: list[str]) -> list[str]:
        """The likeliest label of each text; nothing is decided."""
        if self._model is None or not texts:
            return [OUT_OF_SCOPE for _ in texts]
        return [ranking[0][0] for ranking in self._likeliest(self._model, texts, 1)]

    def _rankings(self, texts: list[str]) -> list[list[Candidate]]:
        """What each text may mean, the likeliest first; nothing for one without language."""
        asked = [row for row, text in enumerate(texts) if has_words(text) or radicados_in(text)]
        rankings: list[list[Candidate]] = [[] for _ in texts]
        if self._model is not None and asked:
            likeliest = self._likeliest(self._model, [texts[row] for row in asked], RANKED_LABELS)
            for row, ranking in zip(asked, likeliest, strict=True):
                rankings[row] = [candidate_of(label, confidence) for label, confidence in ranking]
        return rankings

    def _likeliest(self, model: QuestionModel, texts: list[str], count: int) -> list[list[tuple[str, float]]]:
        return model.likeliest(
            texts, self.embedding, count, temperature=self._temperature, sure_by_wording=self._sure_by_wording
        )

    def _decide(self, text: str, ranking: list[Candidate]) -> tuple[str, KnowledgeBaseMatch]:
        if not ranking:
            return OUT_OF_SCOPE, match_of(OUT_OF_SCOPE, 0.0, [])
        if sounds_like_an_emergency(text):
            ranking = [candidate_of(EMERGENCY, 1.0), *ranking]
        return decide(ranking, self._thresholds)


def configured_thresholds(config: dict[str, Any]) -> Thresholds:
    """The thresholds of a component configuration."""
    names = ("answer", "out_of_scope", "suggest", "small_talk", "candidate", "ambiguous", "emergency")
    return Thresholds(**{name: float(config[f"{name}_threshold"]) for name in names})


def training_vectors_file() -> Path:
    """Where the vectors of the training questions are kept between trainings."""
    return load_settings().data_directory / "training_vectors.npz"


def known_training_vectors(examples: TrainingExamples, embedding: SentenceEmbedding | None) -> KnownVectors | None:
    """The vectors of the examples; those that no training had before are computed and kept. None without embedding."""
    if embedding is None:
        return None
    return KnownVectors(RememberedVectors(embedding, training_vectors_file()), examples.texts)


def _intent_about_language(text: str, language: MessageLanguage | None) -> str | None:
    if language == "other":
        return OTHER_LANGUAGE
    return CHANGE_LANGUAGE if asks_only_for_a_language(text) else None


def candidate_of(label: str, confidence: float) -> Candidate:
    """A label of the model as something that might be meant."""
    if label.startswith(ENTRY_PREFIX):
        return Candidate(intent=FAQ, slug=label.removeprefix(ENTRY_PREFIX), confidence=confidence)
    return Candidate(intent=label, slug=None, confidence=confidence)
