"""A candidate model asked beside the live one: what the publishing gate measures without a conversation."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np
import yaml
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.embedding import SentenceEmbedding
from bot.components.knowledge_base_selector import KnowledgeBaseSelector, Training
from bot.components.question_model import QuestionModel
from bot.components.training_examples import TrainingExamples
from bot.intents import ENTRY_PREFIX, MATCH_KEY
from consultame.settings import BOT_DIRECTORY
from kb.gate import Difference, EntryFound

OUT_OF_SCOPE_QUESTIONS = BOT_DIRECTORY / "gate" / "out_of_scope_questions.yml"
HELD_OUT_SHARE = 5
AMONG_THE_FIRST = 3
ANSWERED = ("answered", "task")


class Answering(Protocol):
    """A model that can be asked."""

    def outcomes(self, texts: Sequence[str]) -> list[str]:
        """What is done with each: "answered:<slug>", "task:<intent>", "suggested", "unanswered", "smalltalk"."""

    def first_labels(self, texts: Sequence[str]) -> list[str]:
        """The likeliest label of each text."""


@dataclass(frozen=True)
class Replay:
    """How two models treat the same questions: how many each answers, and which they treat otherwise."""

    answered_before: int
    answered: int
    changed: list[Difference]

    @property
    def answered_since(self) -> list[Difference]:
        """What only the candidate answers."""
        return [item for item in self.changed if item.after.startswith(ANSWERED) > item.before.startswith(ANSWERED)]


class TrainedSelector:
    """The selector out of a model archive, with the configuration it was trained with."""

    def __init__(
        self, selector: KnowledgeBaseSelector, embedding: SentenceEmbedding | None, training: Training | None = None
    ) -> None:
        self._selector = selector
        selector.embedding = embedding
        self._rows = selector.known_rows(training) if training else None
        self._places = {text: row for row, text in enumerate(training.examples.texts)} if training else {}

    @classmethod
    def from_archive(
        cls, archive: Path, embedding: SentenceEmbedding | None, training: Training | None = None
    ) -> "TrainedSelector":
        """Read it; the dialogue policies are left alone. The features of its training need not be computed again.

        Raises:
            Exception: the archive holds another kind of model, as one of an earlier version of this assistant may.
        """
        with TemporaryDirectory() as folder:
            storage, metadata = LocalModelStorage.from_model_archive(Path(folder), archive)
            schema = metadata.predict_schema
            node = next(node for node in schema.nodes.values() if node.uses is KnowledgeBaseSelector)
            config = KnowledgeBaseSelector.get_default_config() | node.config
            selector = KnowledgeBaseSelector.load(config, storage, node.resource, ExecutionContext(schema))
        return cls(selector, embedding, training)

    def outcomes(self, texts: Sequence[str]) -> list[str]:
        """See Answering."""
        return [_outcome_and_offered(message)[0] for message in self._processed(texts)]

    def outcomes_and_offered(self, texts: Sequence[str]) -> list[tuple[str, list[str]]]:
        """The outcomes and, where choices are offered, the entries among them."""
        return [_outcome_and_offered(message) for message in self._processed(texts)]

    def _processed(self, texts: Sequence[str]) -> list[Message]:
        return self._selector.process([Message({TEXT: text}) for text in texts])

    def first_labels(self, texts: Sequence[str]) -> list[str]:
        """See Answering."""
        if self._rows is None or not all(text in self._places for text in texts):
            return self._selector.first_labels(list(texts))
        return self._selector.first_labels(list(texts), self._rows[[self._places[text] for text in texts]])


def _outcome_and_offered(message: Message) -> tuple[str, list[str]]:
    match = message.get(MATCH_KEY)
    if match["outcome"] in ANSWERED:
        return f"{match['outcome']}:{match['slug'] or message.get(INTENT)['name']}", []
    candidates = match["candidates"][:AMONG_THE_FIRST] if match["outcome"] == "suggested" else []
    return str(match["outcome"]), [each["slug"] for each in candidates if each["slug"]]


def out_of_scope_questions() -> list[str]:
    """Questions that no model was trained on and none should answer."""
    content = yaml.safe_load(OUT_OF_SCOPE_QUESTIONS.read_text(encoding="utf-8"))
    return [question["text"] for question in content["questions"]]


def entry_questions(examples: TrainingExamples) -> list[tuple[str, str]]:
    """Every entry's own questions with its slug."""
    return [
        (text, label.removeprefix(ENTRY_PREFIX))
        for text, label, weight in zip(examples.texts, examples.labels, examples.weights, strict=True)
        if label.startswith(ENTRY_PREFIX) and weight == 1.0
    ]


@dataclass(frozen=True)
class OwnQuestions:
    """How the entries' own questions fare: taken by another entry, answered no longer, or not found from the start."""

    stolen: list[Difference]
    unsure: list[Difference]
    found: list[EntryFound]


def compare_own_questions(
    questions: Sequence[tuple[str, str]], changed_slugs: Sequence[str], candidate: Answering, live: Answering | None
) -> OwnQuestions:
    """Ask the candidate every entry's own questions, and the live model those that do not go to their entry first.

    What neither model gives to an entry that did not change is nothing that the candidate brings.
    """
    stolen, unsure = [], []
    asked = Counter(slug for _, slug in questions)
    missed: dict[str, list[Difference]] = defaultdict(list)
    firsts = candidate.first_labels([text for text, _ in questions])
    astray = [own for own, first in zip(questions, firsts, strict=True) if first != ENTRY_PREFIX + own[1]]
    texts = [text for text, _ in astray]
    befores, afters = live.outcomes(texts) if live else [""] * len(texts), candidate.outcomes(texts)
    for (text, slug), before, after in zip(astray, befores, afters, strict=True):
        difference = Difference(text=text, slug=slug, before=before, after=after)
        if before == f"answered:{slug}":
            (stolen if after.startswith(ANSWERED) else unsure).append(difference)
        elif slug in changed_slugs:
            missed[slug].append(difference)
    found = [EntryFound(slug=slug, asked=asked[slug], missed=missed[slug]) for slug in sorted(missed)]
    return OwnQuestions(stolen, unsure, found)


def replay(questions: Sequence[str], candidate: Answering, live: Answering | None) -> Replay:
    """Ask both the same questions."""
    after = candidate.outcomes(questions)
    before = live.outcomes(questions) if live else after
    changed = [
        Difference(text=text, before=former, after=present)
        for text, former, present in zip(questions, before, after, strict=True)
        if former != present
    ]
    return Replay(_answered(before), _answered(after), changed)


def _answered(outcomes: Sequence[str]) -> int:
    return sum(outcome.startswith(ANSWERED) for outcome in outcomes)


def cross_check(
    model: QuestionModel, examples: TrainingExamples, slugs: Sequence[str], embedding: SentenceEmbedding | None
) -> list[EntryFound]:
    """How these entries are found by a fifth of their questions that a model is trained without.

    `model` was just trained on the examples.
    """
    held_out = held_out_rows(examples, {ENTRY_PREFIX + slug for slug in slugs})
    if not held_out:
        return []
    left_out = np.zeros(len(examples.texts), dtype=np.bool_)
    left_out[list(held_out)] = True
    model = model.trained_without(left_out)
    asked: dict[str, int] = defaultdict(int)
    missed: dict[str, list[Difference]] = defaultdict(list)
    rows = sorted(held_out)
    rankings = model.likeliest([examples.texts[row] for row in rows], embedding, AMONG_THE_FIRST)
    for row, likeliest in zip(rows, rankings, strict=True):
        text, label = examples.texts[row], examples.labels[row]
        ranking = [name for name, _ in likeliest]
        asked[label] += 1
        if label not in ranking:
            slug = label.removeprefix(ENTRY_PREFIX)
            missed[label].append(Difference(text=text, slug=slug, after=_named(ranking[0])))
    return [
        EntryFound(slug=label.removeprefix(ENTRY_PREFIX), asked=count, missed=missed[label])
        for label, count in asked.items()
    ]


def held_out_rows(examples: TrainingExamples, labels: set[str]) -> set[int]:
    """Every fifth question of each of these labels."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, (label, weight) in enumerate(zip(examples.labels, examples.weights, strict=True)):
        if label in labels and weight == 1.0:
            rows[label].append(row)
    return {row for own in rows.values() for row in own[HELD_OUT_SHARE // 2 :: HELD_OUT_SHARE]}


def _named(label: str) -> str:
    if label.startswith(ENTRY_PREFIX):
        return f"answered:{label.removeprefix(ENTRY_PREFIX)}"
    return label
