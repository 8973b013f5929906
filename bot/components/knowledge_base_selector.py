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
from scipy.sparse import csr_matrix

from bot.components.asked_part import with_asked_parts
from bot.components.embedding import SentenceEmbedding, load_embedding
from bot.components.question_model import QuestionModel
from bot.components.remembered_vectors import KnownVectors, RememberedVectors
from bot.components.training_examples import (
    TrainingExamples,
    training_examples,
    without_answered_since,
)
from bot.components.understanding import DEFAULT_SETTINGS, UnderstandingSettings, understand
from bot.intents import (
    AMBIGUOUS,
    EMERGENCY,
    LANGUAGE_KEY,
    MATCH_KEY,
    NONE_OF_THESE,
    OUT_OF_SCOPE,
    SMALL_TALK,
    TASKS,
)
from consultame.settings import load_settings

log = logging.getLogger(__name__)

NOT_ENTRIES = (*TASKS, *SMALL_TALK, EMERGENCY, OUT_OF_SCOPE, NONE_OF_THESE, AMBIGUOUS)


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
        """See UnderstandingSettings; bot/config.yml sets the values that are chosen from data."""
        return dict(DEFAULT_SETTINGS)

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._settings = UnderstandingSettings.of(config)
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
        texts = [message.get(TEXT) or "" for message in messages]
        meanings = understand(texts, self._model, self.embedding, self._settings)
        for message, understood in zip(messages, meanings, strict=True):
            intent, match, language = understood.intent, understood.match, understood.language
            if language in ("es", "en"):
                message.set(LANGUAGE_KEY, language, add_to_output=True)
            message.set(INTENT, {"name": intent, "confidence": match["confidence"]}, add_to_output=True)
            message.set(MATCH_KEY, match, add_to_output=True)
        return messages

    def first_labels(self, texts: list[str], characters: csr_matrix | None = None) -> list[str]:
        """The likeliest label of each text; nothing is decided. `characters` as for QuestionModel.likeliest."""
        if self._model is None or not texts:
            return [OUT_OF_SCOPE for _ in texts]
        likeliest = self._model.likeliest(
            texts,
            self.embedding,
            1,
            temperature=self._settings.temperature,
            sure_by_wording=self._settings.sure_by_wording,
            characters=characters,
        )
        return [ranking[0][0] for ranking in likeliest]

    def known_rows(self, training: Training) -> csr_matrix | None:
        """See QuestionModel.known_rows."""
        return self._model.known_rows(training.model) if self._model else None


def training_vectors_file() -> Path:
    """Where the vectors of the training questions are kept between trainings."""
    return load_settings().data_directory / "training_vectors.npz"


def known_training_vectors(examples: TrainingExamples, embedding: SentenceEmbedding | None) -> KnownVectors | None:
    """The vectors of the examples; those that no training had before are computed and kept. None without embedding."""
    if embedding is None:
        return None
    return KnownVectors(RememberedVectors(embedding, training_vectors_file()), with_asked_parts(examples.texts))
