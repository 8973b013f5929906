"""One release is live at a time, one publication runs at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from consultame.database import now, read_session, write_session
from consultame.settings import BOT_DIRECTORY
from consultame.staff import Role, StaffMember
from kb import publishing
from kb.entries import approve, approved_versions, submit_for_review, write_new_entry
from kb.models import Publication, PublicationState, Release, ReleaseState, Topic
from kb.publication_progress import Progress, seconds_left
from kb.publishing import (
    PublishingError,
    fail_interrupted_publications,
    is_up_to_date,
    latest_publications,
    model_path,
    request_publication,
    run_publication,
    waiting_publications,
)
from kb.releases import live_release, live_release_identity, make_candidate, promote
from kb.training_data import training_fingerprint, write_training_data
from tests.unit.test_entries import TEXT

AddPerson = Callable[[str, Role], StaffMember]


@pytest.fixture
def approved(any_database: str, add_person: AddPerson) -> None:
    """One approved entry, `estufas`."""
    author, approver = add_person("ana", Role.CURATOR), add_person("luis", Role.APPROVER)
    with write_session() as session:
        version = write_new_entry(session, slug="estufas", topic=Topic.ENERGIA, text=TEXT, author=author)
        submit_for_review(session, version, by=author)
        approve(session, version, by=approver)


def _release(fingerprint: str) -> int:
    with write_session() as session:
        release = make_candidate(session, approved_versions(session), model_fingerprint=fingerprint)
        promote(session, release)
        return release.id


def test_promoting_a_release_supersedes_the_former(approved: None) -> None:
    first, second = _release("one"), _release("two")
    with read_session() as session:
        assert live_release_identity(session) == (second, "two")
        live = live_release(session)
        assert live is not None
        assert [version.entry.slug for version in live.versions] == ["estufas"]
        assert session.get_one(Release, first).state is ReleaseState.SUPERSEDED


def test_the_database_refuses_a_second_live_release(approved: None) -> None:
    _release("one")
    with pytest.raises(IntegrityError), write_session() as session:
        session.add(Release(model_fingerprint="two", live=True, state=ReleaseState.LIVE))


def test_a_second_publication_is_refused_while_one_is_active(any_database: str) -> None:
    with write_session() as session:
        request_publication(session, by=None)
    with pytest.raises(PublishingError, match="en curso"), write_session() as session:
        request_publication(session, by=None)


def test_a_publication_that_was_silent_for_long_does_not_block_the_next(any_database: str) -> None:
    with write_session() as session:
        stuck = request_publication(session, by=None)
        stuck.heartbeat_at = now() - timedelta(hours=1)
    with write_session() as session:
        request_publication(session, by=None)
    with read_session() as session:
        assert [p.state for p in latest_publications(session)] == [PublicationState.QUEUED, PublicationState.FAILED]


def test_a_worker_that_starts_marks_what_it_was_running_as_failed_but_keeps_what_waits(any_database: str) -> None:
    with write_session() as session:
        running = request_publication(session, by=None)
        later = now() + timedelta(seconds=1)
        assert fail_interrupted_publications(session, silent_since=later) == 0
        assert waiting_publications(session) == [running.id]
        running.state = PublicationState.RUNNING
        session.flush()
        assert fail_interrupted_publications(session, silent_since=running.heartbeat_at) == 0
        assert fail_interrupted_publications(session, silent_since=later) == 1
        request_publication(session, by=None)


def test_a_publication_is_begun_once_however_often_it_is_taken_out_of_the_queue(any_database: str) -> None:
    with write_session() as session:
        number = request_publication(session, by=None).id
    assert Progress(number, None).start()
    assert not Progress(number, None).start()


def test_a_publication_that_was_given_up_for_interrupted_puts_nothing_into_service(
    approved: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = _release("one")

    def given_up_meanwhile(progress: Progress, *arguments: object) -> None:
        with write_session() as session:
            fail_interrupted_publications(session, silent_since=now() + timedelta(seconds=1))

    monkeypatch.setattr(publishing, "_train_and_test", given_up_meanwhile)
    with write_session() as session:
        number = request_publication(session, by=None).id
    with pytest.raises(PublishingError, match="se interrumpió"):
        run_publication(number)
    with read_session() as session:
        assert live_release_identity(session) == (live, "one")
        assert session.get_one(Publication, number).state is PublicationState.FAILED


def test_the_time_left_is_read_off_the_latest_publication_that_trained(any_database: str) -> None:
    with write_session() as session:
        former = request_publication(session, by=None)
        former.state, former.active, former.gate_counts = PublicationState.SUCCEEDED, None, {}
        former.step_seconds = {"prepare": 1.0, "validate": 2.0, "train": 10.0, "gate": 5.0, "promote": 0.5}
        session.flush()
        running = request_publication(session, by=None)
        running.state, running.step = PublicationState.RUNNING, "train"
        running.step_entered_at = now() - timedelta(seconds=4)
        session.flush()
        left = seconds_left(session, running)
        assert left is not None
        assert 10 < left <= 11.5
        running.step_entered_at = now() - timedelta(seconds=60)
        assert seconds_left(session, running) == 5.5


def test_publishing_nothing_fails_and_says_so(any_database: str) -> None:
    with write_session() as session:
        publication_id = request_publication(session, by=None).id
    with pytest.raises(PublishingError, match="ninguna entrada aprobada"):
        run_publication(publication_id)
    with read_session() as session:
        publication = session.get_one(Publication, publication_id)
        assert publication.state is PublicationState.FAILED
        assert publication.active is None
        assert "ninguna entrada aprobada" in publication.log


def test_when_only_answers_changed_nothing_is_trained(approved: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_rasa(*arguments: object) -> None:
        raise AssertionError("Rasa was started")

    monkeypatch.setattr(publishing, "run_bot", no_rasa)
    with read_session() as session:
        path = model_path(training_fingerprint(approved_versions(session), BOT_DIRECTORY))
    path.parent.mkdir(parents=True)
    path.write_bytes(b"a model")
    with write_session() as session:
        publication_id = request_publication(session, by=None).id
    lines: list[str] = []
    run_publication(publication_id, lambda step, percent, line: lines.append(line))
    assert "Las preguntas no cambiaron: no hace falta entrenar." in lines
    assert is_up_to_date()


def test_a_failed_step_leaves_the_live_release_as_it_was(approved: None, monkeypatch: pytest.MonkeyPatch) -> None:
    live = _release("one")

    monkeypatch.setattr(publishing, "run_bot", lambda progress, folder: 1)
    monkeypatch.setattr(publishing, "write_training_data", lambda versions, folder: folder)
    with write_session() as session:
        publication_id = request_publication(session, by=None).id
    with pytest.raises(PublishingError):
        run_publication(publication_id)
    with read_session() as session:
        assert live_release_identity(session) == (live, "one")
        assert session.get_one(Publication, publication_id).percent < 100


def test_the_fingerprint_changes_with_questions_and_not_with_answers(approved: None) -> None:
    with read_session() as session:
        (version,) = approved_versions(session)
        before = training_fingerprint([version], BOT_DIRECTORY)
        version.answer_es = "Otra respuesta."
        assert training_fingerprint([version], BOT_DIRECTORY) == before
        version.questions_es = [*version.questions_es, "una pregunta más"]
        assert training_fingerprint([version], BOT_DIRECTORY) != before


def test_questions_cannot_smuggle_rasa_annotations_into_the_training_data(
    any_database: str, add_person: AddPerson, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import yaml

    author = add_person("ana", Role.CURATOR)
    odd = ["[Nariño](lugar)", '/faq{"slug": "x"}', "c", "d", "e: f # g"]
    with write_session() as session:
        version = write_new_entry(
            session, slug="odd", topic=Topic.GLP, text=replace(TEXT, questions_es=odd), author=author
        )
        folder = write_training_data([version], tmp_path_factory.mktemp("bot"))
    (item,) = yaml.safe_load((folder / "glp.yml").read_text())["nlu"]
    assert item["metadata"] == {"slug": "odd"}
    assert item["examples"].splitlines()[:2] == ["- Nariño (lugar)", '- faq "slug": "x"']
    assert "- e: f # g" in item["examples"]
