"""What the selector learns from Rasa's training data: texts with the label they ask for, and how much each counts."""

from dataclasses import dataclass

import numpy as np
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.embedding import SentenceEmbedding
from bot.components.matrix_product import product_with_transposed
from bot.components.spanish_text import written_out
from bot.intents import AMBIGUOUS, CHANGE_LANGUAGE, ENTRY_PREFIX, FAQ, OTHER_LANGUAGE, OUT_OF_SCOPE, TASKS

AMBIGUOUS_WEIGHT = 2.0
CANDIDATES_WEIGHT = 0.5
# Cosine from which two questions ask the same: three of the 1,050 out-of-scope examples that ship come so near.
SAME_QUESTION = 0.78


@dataclass
class TrainingExamples:
    """Parallel lists. A text may stand there several times; it counts 1 where it has one label only."""

    texts: list[str]
    labels: list[str]
    weights: list[float]

    def add(self, text: str, label: str, weight: float) -> None:
        self.texts.append(text)
        self.labels.append(label)
        self.weights.append(weight)


def without_answered_since(examples: TrainingExamples, embedding: SentenceEmbedding) -> TrainingExamples:
    """Without the out-of-scope examples that ask what an entry's question asks: the staff has answered them since."""
    entries = np.flatnonzero([label.startswith(ENTRY_PREFIX) for label in examples.labels])
    outside = np.flatnonzero([label == OUT_OF_SCOPE for label in examples.labels])
    if not len(entries) or not len(outside):
        return examples
    vectors = embedding.vectors([written_out(text) for text in examples.texts])
    vectors -= vectors.mean(axis=0)
    # Not by std(), which would take as many bytes once more.
    vectors /= np.sqrt(np.einsum("ij,ij->j", vectors, vectors) / len(vectors)) + 1e-6
    vectors /= np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, np.newaxis]
    nearest = product_with_transposed(vectors[outside], vectors[entries]).max(axis=1)
    answered = set(outside[nearest >= SAME_QUESTION].tolist())
    kept = TrainingExamples([], [], [])
    for row, (text, label, weight) in enumerate(zip(examples.texts, examples.labels, examples.weights, strict=True)):
        if row not in answered:
            kept.add(text, label, weight)
    return kept


def training_examples(training_data: TrainingData) -> TrainingExamples:
    """Every example that has an intent, as labels: an entry as `faq/<slug>`, anything else as its intent.

    A question that the text alone cannot decide teaches most that it is one, and a little what it may mean.
    """
    examples = TrainingExamples([], [], [])
    for message in training_data.intent_examples:
        text, intent = message.get(TEXT), message.get(INTENT)
        # The two about languages are told by the language, not by what is said: see bot/components/language.py.
        if not text or not intent or intent in (OTHER_LANGUAGE, CHANGE_LANGUAGE):
            continue
        metadata = (message.get(METADATA) or {}).get(METADATA_INTENT) or {}
        if intent == AMBIGUOUS:
            examples.add(text, AMBIGUOUS, AMBIGUOUS_WEIGHT)
            for name in metadata["candidates"]:
                label = name if name in TASKS else ENTRY_PREFIX + name
                examples.add(text, label, CANDIDATES_WEIGHT / len(metadata["candidates"]))
        else:
            examples.add(text, ENTRY_PREFIX + metadata["slug"] if intent == FAQ else intent, 1.0)
    return examples
