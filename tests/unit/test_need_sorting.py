"""What has its place in a need keeps it; what no person has touched is grouped anew at times."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultame.database import read_session, write_session
from consultame.staff import Role, StaffMember
from kb.entries import approve, submit_for_review, write_new_entry
from kb.models import DismissalReason, Need, Topic, UnansweredQuestion
from kb.need_sorting import place_by_meaning, place_by_words, regroup
from kb.need_space import Embeddings, KnownSpace
from kb.needs import regrouped
from kb.needs_job import SECONDS_BETWEEN_REGROUPINGS, Sorter
from kb.open_needs import count_open_needs, move_to_need, open_needs, split_off
from kb.unanswered import dismiss, keep_unanswered_question
from tests.unit.test_entries import TEXT

AddPerson = Callable[[str, Role], StaffMember]


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


def space() -> KnownSpace:
    return KnownSpace(Embeddings(WordBasedEmbedding(), WordBasedEmbedding()))


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


def stored(text: str, session: Session) -> UnansweredQuestion:
    return session.scalars(select(UnansweredQuestion).where(UnansweredQuestion.text == text)).one()


def come_apart() -> KnownSpace:
    """Two questions that ask the same, each in its own need, which no person has touched."""
    ask("estufa uno", "estufa dos", "soat")
    known = space()
    place_by_meaning(known)
    with write_session() as session:
        need = Need()
        session.add(need)
        session.flush()
        stored("estufa dos", session).need_id = need.id
    return known


@pytest.fixture
def entries(any_database: str, add_person: AddPerson) -> None:
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
    known = space()
    assert place_by_meaning(known) == 3
    assert needs_found() == {
        frozenset({"dan una estufa", "la estufa es gratis"}),
        frozenset({"cuánto vale el soat"}),
    }
    assert place_by_meaning(known) == 0
    assert len(known.embedding.computed) == 3  # type: ignore[attr-defined]


def test_a_later_question_joins_the_need_that_is_there(entries: None) -> None:
    ask("dan una estufa", "cuánto vale el soat")
    place_by_meaning(space())
    ask("quién me cambia la estufa")
    assert place_by_meaning(space()) == 1
    assert frozenset({"dan una estufa", "quién me cambia la estufa"}) in needs_found()


def test_what_was_placed_by_words_is_placed_anew_by_meaning(entries: None) -> None:
    ask("en qué fecha entregan la beca", "en qué fecha entregan la cita", "una cita")
    by_meaning = frozenset({"en qué fecha entregan la cita", "una cita"})
    assert place_by_words() == 3
    assert by_meaning not in needs_found()
    assert place_by_meaning(space()) == 3
    assert by_meaning in needs_found()


def test_what_a_person_split_stays_split(entries: None) -> None:
    ask("estufa uno", "estufa dos", "soat")
    place_by_words()
    with write_session() as session:
        question = session.scalars(select(UnansweredQuestion).where(UnansweredQuestion.text == "estufa dos")).one()
        split_off(session, [question])
    place_by_meaning(space())
    assert {frozenset({"estufa uno"}), frozenset({"estufa dos"})} <= needs_found()
    with read_session() as session:
        assert count_open_needs(session) == 3


def test_without_enough_entries_words_decide(sqlite_database: None) -> None:
    ask("dan estufas", "dan estufas en mi vereda")
    assert place_by_meaning(space()) == 2
    assert len(needs_found()) == 1


def test_questions_that_came_apart_one_by_one_come_together_when_grouped_anew(entries: None) -> None:
    known = come_apart()
    assert regroup(known) == 1
    assert needs_found() == {frozenset({"estufa uno", "estufa dos"}), frozenset({"soat"})}
    assert regroup(known) == 0


def test_needs_that_a_person_made_are_not_grouped_anew(entries: None) -> None:
    known = come_apart()
    with write_session() as session:
        move_to_need(session, [stored("estufa uno", session)], session.get_one(Need, stored("soat", session).need_id))
    before = needs_found()
    assert regroup(known) == 0
    assert needs_found() == before


def test_needs_of_which_a_person_dealt_with_a_question_are_not_grouped_anew(entries: None) -> None:
    ask("estufa tres")
    known = come_apart()
    with write_session() as session:
        dealt_with, of_its_need = stored("estufa tres", session), stored("estufa uno", session)
        dealt_with.need_id = of_its_need.need_id
        dismiss(session, dealt_with, DismissalReason.OTHER_INSTITUTION)
    assert regroup(known) == 0
    assert {frozenset({"estufa uno"}), frozenset({"estufa dos"})} <= needs_found()


def test_grouping_anew_gives_way_to_a_person_who_was_at_work_meanwhile(
    entries: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = come_apart()

    def split_meanwhile(*arguments: object) -> list[int]:
        with write_session() as session:
            split_off(session, [stored("estufa dos", session)])
        return regrouped(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("kb.need_sorting.regrouped", split_meanwhile)
    assert regroup(known) == 0
    assert {frozenset({"estufa uno"}), frozenset({"estufa dos"})} <= needs_found()


def test_the_space_is_learned_again_only_when_the_entries_change(entries: None, add_person: AddPerson) -> None:
    examples = WordBasedEmbedding()
    known = KnownSpace(Embeddings(WordBasedEmbedding(), examples))
    assert known.learn()
    once = len(examples.computed)
    assert known.learn()
    assert len(examples.computed) == once
    author, reviewer = add_person("eva", Role.CURATOR), add_person("juan", Role.APPROVER)
    with write_session() as session:
        text = replace(TEXT, title="bus", questions_es=[f"bus {number * 'x'}" for number in range(1, 7)])
        version = write_new_entry(session, slug="bus", topic=Topic.MINISTERIO, text=text, author=author)
        submit_for_review(session, version, by=author)
        approve(session, version, by=reviewer)
    assert known.learn()
    assert "bus x" in examples.computed


def test_the_job_groups_anew_once_an_hour_when_questions_have_come(
    entries: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr("kb.needs_job.monotonic", lambda: clock[0])
    sorter = Sorter(Embeddings(WordBasedEmbedding(), WordBasedEmbedding()))
    ask("panel uno")
    sorter.sort()
    come_apart()
    apart, together = frozenset({"estufa uno"}), frozenset({"estufa uno", "estufa dos"})
    sorter.sort()
    ask("panel dos")
    clock[0] = SECONDS_BETWEEN_REGROUPINGS / 2
    sorter.sort()
    assert apart in needs_found()
    clock[0] = SECONDS_BETWEEN_REGROUPINGS
    sorter.sort()
    assert together in needs_found()


def test_without_an_embedding_the_job_sorts_by_words(sqlite_database: None) -> None:
    ask("dan estufas", "dan estufas en mi vereda")
    Sorter(None).sort()
    assert len(needs_found()) == 1
