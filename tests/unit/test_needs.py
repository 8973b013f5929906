"""Questions that ask the same come together; what has its place keeps it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray
from sklearn.metrics import adjusted_mutual_info_score, v_measure_score
from sqlalchemy import func, select

from bot.need_embedding import load_question_embedding
from consultame.database import read_session, write_session
from consultame.settings import PROJECT_DIRECTORY, SEED_DIRECTORY
from consultame.staff import Role, StaffMember
from kb.entries import approve, submit_for_review, write_new_entry
from kb.models import Topic, UnansweredQuestion
from kb.need_sorting import Embeddings, place_by_meaning, place_by_words
from kb.needs import (
    SAME_NEED_BY_VECTOR,
    SAME_NEED_BY_WORDS,
    QuestionSpace,
    Similarity,
    fits,
    placed,
    word_similarity,
)
from kb.open_needs import count_open_needs, open_needs, split_off
from kb.unanswered import keep_unanswered_question
from tests.unit.test_entries import TEXT

AddPerson = Callable[[str, Role], StaffMember]


def _texts_with_group(groups: list[list[str]]) -> tuple[list[str], list[int]]:
    pairs = [(text, number) for number, texts in enumerate(groups) for text in texts]
    return [text for text, _ in pairs], [number for _, number in pairs]


_SEED = [
    entry for path in sorted(SEED_DIRECTORY.glob("*.yml")) for entry in yaml.safe_load(path.read_text())["entries"]
]
# Fewer than the running system takes, which keeps what it has computed.
EXAMPLES, EXAMPLE_ENTRIES = _texts_with_group([entry["questions_es"][::10] for entry in _SEED])


def _labelled(name: str) -> tuple[list[str], list[int]]:
    needs = yaml.safe_load((PROJECT_DIRECTORY / "tests" / "data" / name).read_text())["needs"]
    return _texts_with_group([need["questions"] for need in needs])


TEXTS, LABELS = _labelled("unanswered_needs.yml")


@pytest.fixture(scope="module")
def labelled() -> tuple[Similarity, list[int]]:
    """How near the labelled questions are to each other, in the space that the first knowledge base teaches."""
    embedding = load_question_embedding()
    assert embedding is not None
    space = QuestionSpace(embedding.vectors(EXAMPLES), EXAMPLE_ENTRIES)
    return space.similarity(embedding.vectors(TEXTS)), LABELS


def test_questions_fall_into_needs_far_better_than_by_chance(labelled: tuple[Similarity, list[int]]) -> None:
    """The V-measure alone says little, as each question by itself reaches .773: what is above chance counts."""
    similarity, labels = labelled
    found = placed(similarity, [None] * len(labels), SAME_NEED_BY_VECTOR)
    assert v_measure_score(labels, found) >= 0.65
    assert adjusted_mutual_info_score(labels, found) >= 0.28
    assert 40 <= len(set(found)) <= 80


def test_half_of_the_questions_fall_into_needs_as_well(labelled: tuple[Similarity, list[int]]) -> None:
    similarity, labels = labelled
    generator = np.random.default_rng(7)
    for _ in range(4):
        half = generator.permutation(len(labels))[:150]
        found = placed(similarity[np.ix_(half, half)], [None] * 150, SAME_NEED_BY_VECTOR)
        known = [labels[index] for index in half]
        assert v_measure_score(known, found) >= 0.67
        assert adjusted_mutual_info_score(known, found) >= 0.22


def test_other_needs_than_those_the_threshold_was_looked_at_with_come_together_too() -> None:
    texts, labels = _labelled("unanswered_needs_checked_once.yml")
    embedding = load_question_embedding()
    assert embedding is not None
    space = QuestionSpace(embedding.vectors(EXAMPLES), EXAMPLE_ENTRIES)
    found = placed(space.similarity(embedding.vectors(texts)), [None] * len(labels), SAME_NEED_BY_VECTOR)
    assert v_measure_score(labels, found) >= 0.69
    assert adjusted_mutual_info_score(labels, found) >= 0.4
    assert 20 <= len(set(found)) <= 45


def test_one_question_after_the_other_gives_needs_too(labelled: tuple[Similarity, list[int]]) -> None:
    similarity, labels = labelled
    needs: list[int | None] = [None] * len(labels)
    for count, index in enumerate(np.random.default_rng(7).permutation(len(labels)), start=1):
        known = [number for number, need in enumerate(needs) if need is not None]
        members = [*known, int(index)]
        found = placed(similarity[np.ix_(members, members)], [*(needs[n] for n in known), None], SAME_NEED_BY_VECTOR)
        needs[index] = found[-1] if found[-1] > 0 else count
    assert v_measure_score(labels, needs) >= 0.6
    assert adjusted_mutual_info_score(labels, needs) >= 0.22


def test_words_alone_bring_together_what_is_worded_alike() -> None:
    texts = ["¿dan estufas?", "precio del SOAT", "dan estufas en mi vereda", "¿cuál es el precio del soat?"]
    first, second, third, fourth = placed(word_similarity(texts), [None] * 4, SAME_NEED_BY_WORDS)
    assert first == third
    assert second == fourth
    assert first != second


def test_a_question_that_has_its_need_keeps_it_and_a_new_one_joins_or_begins_one() -> None:
    similarity = np.array([[1, 0.9, 0.8, 0], [0.9, 1, 0.1, 0], [0.8, 0.1, 1, 0], [0, 0, 0, 1]], dtype=np.float32)
    assert placed(similarity, [7, 9, None, None], 0.5) == [7, 9, 7, -1]


def test_no_questions_make_no_needs() -> None:
    assert placed(np.zeros((0, 0), dtype=np.float32), [], 0.5) == []


def test_the_question_nearest_to_all_others_stands_for_its_need() -> None:
    similarity = np.array([[1, 0.9, 0.1], [0.9, 1, 0.7], [0.1, 0.7, 1]], dtype=np.float32)
    assert np.argmax(fits(similarity, [4, 4, 4])) == 1
    assert fits(similarity, [4, 4, 5])[2] == 1.0


class WordBasedEmbedding:
    """Vectors that anyone can check: one number for each of a few words."""

    name = "words"
    WORDS = ("estufa", "soat", "panel", "cita", "radicado", "beca", "mina", "taxi", "norte", "sur", "rojo", "azul")

    def __init__(self) -> None:
        self.computed: list[str] = []

    def vectors(self, texts: list[str]) -> NDArray[np.float32]:
        self.computed += texts
        rows = [[float(word in text) + 0.01 * (len(text) % 7) for word in self.WORDS] for text in texts]
        return np.array(rows, dtype=np.float32)


def embeddings() -> Embeddings:
    return Embeddings(WordBasedEmbedding(), WordBasedEmbedding())


def ask(*texts: str) -> None:
    with write_session() as session:
        count = session.scalar(select(func.count(UnansweredQuestion.id))) or 0
        for number, text in enumerate(texts, start=count):
            keep_unanswered_question(
                session,
                conversation_id="c",
                message_id=str(number),
                channel="web",
                text=text,
                conversation=[],
                nearest=[],
            )


def needs_found() -> set[frozenset[str]]:
    with read_session() as session:
        return {frozenset(question.text for question in need.questions) for need in open_needs(session)}


@pytest.fixture
def entries(sqlite_database: None, add_person: AddPerson) -> None:
    """An approved entry for each word that the embedding knows."""
    author, reviewer = add_person("ana", Role.CURATOR), add_person("luis", Role.APPROVER)
    with write_session() as session:
        for word in WordBasedEmbedding.WORDS:
            text = replace(TEXT, title=word, questions_es=[f"{word} {number * 'x'}" for number in range(1, 7)])
            version = write_new_entry(session, slug=word, topic=Topic.MINISTERIO, text=text, author=author)
            submit_for_review(session, version, by=author)
            approve(session, version, by=reviewer)


def test_new_questions_are_placed_by_meaning_and_their_vectors_kept(entries: None) -> None:
    ask("dan una estufa", "cuánto vale el soat", "la estufa es gratis")
    both = embeddings()
    assert place_by_meaning(both) == 3
    assert needs_found() == {
        frozenset({"dan una estufa", "la estufa es gratis"}),
        frozenset({"cuánto vale el soat"}),
    }
    assert place_by_meaning(both) == 0
    assert len(both.questions.computed) == 3  # type: ignore[attr-defined]


def test_a_later_question_joins_the_need_that_is_there(entries: None) -> None:
    ask("dan una estufa", "cuánto vale el soat")
    place_by_meaning(embeddings())
    ask("quién me cambia la estufa")
    assert place_by_meaning(embeddings()) == 1
    assert frozenset({"dan una estufa", "quién me cambia la estufa"}) in needs_found()


def test_what_was_placed_by_words_is_placed_anew_by_meaning(entries: None) -> None:
    ask("en qué fecha entregan la beca", "en qué fecha entregan la cita", "una cita")
    by_meaning = frozenset({"en qué fecha entregan la cita", "una cita"})
    assert place_by_words() == 3
    assert by_meaning not in needs_found()
    assert place_by_meaning(embeddings()) == 3
    assert by_meaning in needs_found()


def test_what_a_person_split_stays_split(entries: None) -> None:
    ask("estufa uno", "estufa dos", "soat")
    place_by_words()
    with write_session() as session:
        question = session.scalars(select(UnansweredQuestion).where(UnansweredQuestion.text == "estufa dos")).one()
        split_off(session, [question])
    place_by_meaning(embeddings())
    assert {frozenset({"estufa uno"}), frozenset({"estufa dos"})} <= needs_found()
    with read_session() as session:
        assert count_open_needs(session) == 3


def test_without_enough_entries_words_decide(sqlite_database: None) -> None:
    ask("dan estufas", "dan estufas en mi vereda")
    assert place_by_meaning(embeddings()) == 2
    assert len(needs_found()) == 1
