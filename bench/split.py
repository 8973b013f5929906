"""What everybody trains on and what everybody is asked: one split of the project's own questions.

A text is held out when the hash of its normal form says so, whatever stands around it: adding a question moves no other
one, and the same text written twice falls on the same side.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from bot.intents import AMBIGUOUS, CHANGE_LANGUAGE, EMERGENCY, NONE_OF_THESE, OTHER_LANGUAGE, OUT_OF_SCOPE, TASKS
from consultame.settings import BOT_DIRECTORY, SEED_DIRECTORY, Language
from kb.entries import MINIMUM_QUESTIONS
from kb.exchange import EntryDocument, TopicDocument, read_topic_file, topic_files

NLU_DIRECTORY = BOT_DIRECTORY / "data" / "nlu"
OUT_OF_SCOPE_QUESTIONS = BOT_DIRECTORY / "gate" / "out_of_scope_questions.yml"
HELD_OUT_SHARE = 5
ONLY_TRAINED = frozenset({EMERGENCY, OTHER_LANGUAGE, CHANGE_LANGUAGE, NONE_OF_THESE})

Kind = Literal["entry", "task", "small_talk", "out_of_scope"]
Chooser = Callable[[str], bool]


@dataclass(frozen=True)
class Question:
    """A text to ask, and what it is about: an entry's slug or an intent."""

    text: str
    label: str
    kind: Kind
    language: Language | None = None


@dataclass(frozen=True)
class AmbiguousGroup:
    """Examples that the text alone cannot decide, with the entries and tasks they may mean."""

    candidates: list[str]
    examples: list[str]


@dataclass(frozen=True)
class Sources:
    """All questions there are, before they are divided."""

    topics: list[TopicDocument]
    intents: dict[str, list[str]]
    ambiguous: list[AmbiguousGroup]
    never_trained: list[str]


@dataclass(frozen=True)
class Corpus:
    """The training part, and the questions to ask."""

    topics: list[TopicDocument]
    intents: dict[str, list[str]]
    ambiguous: list[AmbiguousGroup]
    held_out: list[Question] = field(default_factory=list)

    @property
    def entries(self) -> list[EntryDocument]:
        """Every entry, with its training questions only."""
        return [entry for topic in self.topics for entry in topic.entries]

    def questions(self, kind: Kind, language: Language | None = None) -> list[Question]:
        """The held-out questions of a kind, and of a language when one is named."""
        return [q for q in self.held_out if q.kind == kind and language in (None, q.language)]

    def labelled(self) -> list[Question]:
        """Every training text that has one label, for systems that know no ambiguous examples."""
        entries = [
            Question(text, entry.slug, "entry", language)
            for entry in self.entries
            for language, texts in _by_language(entry)
            for text in texts
        ]
        return entries + [
            Question(text, intent, _kind(intent)) for intent, texts in self.intents.items() for text in texts
        ]


def normal_form(text: str) -> str:
    """Lower case, no accents, only letters and digits: two texts of one form are the same question."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", plain)) or text


def stable_number(text: str, purpose: str = "") -> int:
    """A number that depends on the normal form of the text alone."""
    return int.from_bytes(hashlib.sha256(f"{purpose}\0{normal_form(text)}".encode()).digest()[:8])


def is_held_out(text: str) -> bool:
    """Whether this text is asked instead of trained: one in five."""
    return stable_number(text) % HELD_OUT_SHARE == 0


def read_sources() -> Sources:
    """The first knowledge base, the bot's NLU files and the out-of-scope questions of the tests."""
    intents: dict[str, list[str]] = {}
    ambiguous = []
    for item in _nlu_items(sorted(NLU_DIRECTORY.glob("*.yml"))):
        examples = [line.removeprefix("- ").strip() for line in item["examples"].splitlines() if line.strip()]
        if item["intent"] == AMBIGUOUS:
            ambiguous.append(AmbiguousGroup(item["metadata"]["candidates"], examples))
        else:
            intents.setdefault(item["intent"], []).extend(examples)
    never = yaml.safe_load(OUT_OF_SCOPE_QUESTIONS.read_text(encoding="utf-8"))["questions"]
    topics = [read_topic_file(path) for path in topic_files(SEED_DIRECTORY)]
    return Sources(topics, intents, ambiguous, [question["text"] for question in never])


def _nlu_items(paths: Iterable[Path]) -> list[dict[str, Any]]:
    return [item for path in paths for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]]


def thinned(sources: Sources, share: int) -> Sources:
    """About one in `share` of each topic's entries and of the examples."""
    topics = [
        topic.model_copy(update={"entries": topic.entries[: -(-len(topic.entries) // share)]})
        for topic in sources.topics
    ]
    slugs = {entry.slug for topic in topics for entry in topic.entries}
    ambiguous = [
        AmbiguousGroup(known, group.examples)
        for group in sources.ambiguous
        if len(known := [name for name in group.candidates if name in slugs or name in TASKS]) > 1
    ]
    intents = {intent: _fewer(texts, share) for intent, texts in sources.intents.items()}
    return Sources(topics, intents, ambiguous, _fewer(sources.never_trained, share))


def _fewer(texts: list[str], share: int) -> list[str]:
    return sorted(texts, key=lambda text: stable_number(text, "thinned"))[: max(6, len(texts) // share)]


def divided(sources: Sources) -> Corpus:
    """The split. What is held out occurs in no training text of anybody, whichever label it stands under there."""
    held_out = [Question(text, OUT_OF_SCOPE, "out_of_scope") for text in sources.never_trained]
    for topic in sources.topics:
        for entry in topic.entries:
            for language, texts in _by_language(entry):
                held_out += [Question(text, entry.slug, "entry", language) for text in _chosen(texts, language)]
    for intent, texts in sources.intents.items():
        if intent not in ONLY_TRAINED:
            held_out += [Question(text, intent, _kind(intent)) for text in texts if is_held_out(text)]
    asked = {normal_form(question.text) for question in held_out}
    return Corpus(
        topics=[_without(topic, asked) for topic in sources.topics],
        intents={intent: _unasked(texts, asked) for intent, texts in sources.intents.items()},
        ambiguous=[
            AmbiguousGroup(g.candidates, left) for g in sources.ambiguous if (left := _unasked(g.examples, asked))
        ],
        held_out=held_out,
    )


def _chosen(texts: list[str], language: Language) -> list[str]:
    """The held-out texts of an entry; a small entry keeps the least number of questions that one must have."""
    kept = MINIMUM_QUESTIONS if language == "es" else 0
    chosen = sorted((text for text in texts if is_held_out(text)), key=stable_number)
    return chosen[: max(0, len(texts) - kept)]


def _without(topic: TopicDocument, asked: set[str]) -> TopicDocument:
    entries = [
        entry.model_copy(
            update={
                "questions_es": _unasked(entry.questions_es, asked),
                "questions_en": _unasked(entry.questions_en, asked),
            }
        )
        for entry in topic.entries
    ]
    return topic.model_copy(update={"entries": entries})


def _unasked(texts: list[str], asked: set[str]) -> list[str]:
    return [text for text in texts if normal_form(text) not in asked]


def _by_language(entry: EntryDocument) -> tuple[tuple[Language, list[str]], ...]:
    return ("es", entry.questions_es), ("en", entry.questions_en)


def _kind(intent: str) -> Kind:
    if intent == OUT_OF_SCOPE:
        return "out_of_scope"
    return "task" if intent in TASKS else "small_talk"
