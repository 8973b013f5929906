"""What keeps a candidate model out of service, who may accept it, how one goes back and how one cancels."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from bot.components import knowledge_base_selector
from bot.components.knowledge_base_selector import KnowledgeBaseSelector
from bot.components.question_model import QuestionModel
from bot.components.training_examples import TrainingExamples
from bot.intents import ENTRY_PREFIX, OUT_OF_SCOPE
from bot.model_comparison import TrainedSelector, compare_own_questions, cross_check, entry_questions, replay
from consultame.command_line.application import application
from consultame.database import read_session, write_session
from consultame.staff import Role
from kb import bot_process, publishing
from kb.acceptance import AcceptanceRefused, accept_findings
from kb.gate import MEASURES_FILE, ORDER_FILE, GateMeasures, GateOrder, StoryFailure
from kb.models import FindingKind, Publication, PublicationState, Release, ReleaseState
from kb.publication_progress import GATE, TRAIN, Progress
from kb.publishing import (
    PublishingError,
    cancel_publication,
    held_model_path,
    model_path,
    publication_by_id,
    request_publication,
    run_publication,
)
from kb.releases import live_release, live_release_identity
from kb.rollback import RollbackRefused, is_rolled_back, restorable_releases, roll_back
from tests.unit.admin_site import ENTRY, account, admin, approved_entry, approver, curator, visible_text

pytestmark = pytest.mark.usefixtures("sqlite_database")

STOVES = ["¿dan estufas?", "quiero una estufa", "cambio de estufa vieja", "programa de estufas", "estufa gratis"]
METERS = ["medidor de gas dañado", "cambiar el medidor", "el medidor no gira", "revisar mi medidor", "medidor nuevo"]
FOREIGN = ["precio del soat", "quiero pizza", "renovar el pasaporte", "licencia de conducir", "multa de tránsito"]
REASON = "La entrada nueva reemplaza a la otra."


@pytest.fixture(autouse=True)
def _small_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge_base_selector, "load_embedding", lambda: None)
    monkeypatch.setattr(publishing, "write_training_data", lambda versions, folder: folder)


def examples_of(entries: dict[str, list[str]]) -> TrainingExamples:
    examples = TrainingExamples([], [], [])
    for slug, questions in entries.items():
        for question in questions:
            examples.add(question, ENTRY_PREFIX + slug, 1.0)
    for question in FOREIGN:
        examples.add(question, OUT_OF_SCOPE, 1.0)
    return examples


def model_of(examples: TrainingExamples) -> QuestionModel:
    return QuestionModel.trained(examples.texts, examples.labels, examples.weights, None)


def trained(entries: dict[str, list[str]]) -> TrainedSelector:
    """A real selector, trained on these few questions, that answers whatever is likeliest."""
    limits = {"answer_threshold": 0.2, "out_of_scope_threshold": 0.9, "ambiguous_threshold": 0.9}
    config = KnowledgeBaseSelector.get_default_config() | limits
    selector = KnowledgeBaseSelector(config, None, None)  # type: ignore[arg-type]
    examples = examples_of(entries)
    selector._model = model_of(examples)
    return TrainedSelector(selector, None)


def measured_on(
    entries: dict[str, list[str]], former: dict[str, list[str]], order: GateOrder, failures: list[StoryFailure]
) -> GateMeasures:
    """What bot/publishing_run.py measures, on a small knowledge base."""
    examples, candidate = examples_of(entries), trained(entries)
    live = trained(former) if order.live_model else None
    own = compare_own_questions(entry_questions(examples), order.changed_slugs, candidate, live)
    outside, recent = replay(["¿dónde compro pizza?"], candidate, live), replay(order.recent_questions, candidate, live)
    held_out = cross_check(model_of(examples), examples, order.changed_slugs, None)
    return GateMeasures(
        stories=1, story_failures=failures, compared=live is not None, own_asked=len(entry_questions(examples)),
        own=own.found, held_out=held_out, stolen=own.stolen, unsure=own.unsure,
        out_of_scope_asked=1, out_of_scope_answered_before=outside.answered_before,
        out_of_scope_answered=outside.answered, out_of_scope_answered_since=outside.answered_since,
        recent_asked=len(order.recent_questions), recent_changed=recent.changed,
    )  # fmt: skip


class SmallTraining:
    """Stands for the bot's process: trains in this one, on what is approved, within a moment."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.failures: list[StoryFailure] = []
        self.during: Callable[[], None] = lambda: None
        monkeypatch.setattr(publishing, "run_bot", self._run)

    def _run(self, progress: Progress, workplace: str) -> int:
        folder = Path(workplace)
        order = GateOrder.model_validate_json((folder / ORDER_FILE).read_text())
        progress.enter(TRAIN)
        self.during()
        progress.enter(GATE)
        with read_session() as session:
            live = live_release(session)
            former = {v.entry.slug: v.questions_es for v in live.versions} if live else {}
            present = {v.entry.slug: v.questions_es for v in publishing.approved_versions(session)}
        (folder / f"{order.fingerprint}.tar.gz").write_bytes(b"a model")
        (folder / MEASURES_FILE).write_text(measured_on(present, former, order, self.failures).model_dump_json())
        return 0


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> SmallTraining:
    return SmallTraining(monkeypatch)


def approve_entry(slug: str, questions: list[str]) -> None:
    approved_entry(slug, replace(ENTRY, title=slug.capitalize(), questions_es=questions, questions_en=[]))


def publish() -> Publication:
    """A publication that has run to its end, whichever that was."""
    with write_session() as session:
        number = request_publication(session, by=None).id
    with suppress(PublishingError):
        run_publication(number)
    return stored(number)


def stored(number: int) -> Publication:
    with read_session() as session:
        publication = publication_by_id(session, number)
    assert publication is not None
    return publication


def live_number() -> int | None:
    with read_session() as session:
        identity = live_release_identity(session)
    return identity[0] if identity else None


@pytest.fixture
def two_entries_live(training: SmallTraining) -> int:
    """The live release with stoves and meters."""
    approve_entry("estufas", STOVES)
    approve_entry("medidores", METERS)
    assert publish().state is PublicationState.SUCCEEDED
    number = live_number()
    assert number is not None
    return number


@pytest.fixture
def stopped(two_entries_live: int) -> Publication:
    """A publication that an overlapping entry made fail."""
    approve_entry("hornos", STOVES)
    return publish()


def test_an_entry_apart_from_the_others_passes(two_entries_live: int) -> None:
    approve_entry("regalias", [f"{word} regalías del municipio" for word in "cuánto cuándo dónde quién cómo".split()])
    publication = publish()
    assert publication.state is PublicationState.SUCCEEDED
    assert publication.compared_with_id == two_entries_live
    assert publication.gate_counts is not None
    assert publication.gate_counts["held_out_asked"] == 1
    assert [finding for finding in publication.findings if finding.blocking] == []


def test_an_overlapping_entry_is_stopped_with_the_questions_that_it_would_take(
    two_entries_live: int, stopped: Publication
) -> None:
    taken = [finding for finding in stopped.findings if finding.kind is FindingKind.STOLEN]
    assert taken
    assert {finding.text for finding in taken} <= set(STOVES)
    assert {(f.slug, f.before, f.after, f.blocking) for f in taken} == {
        ("estufas", "answered:estufas", "answered:hornos", True)
    }
    assert (stopped.state, stopped.active) == (PublicationState.FAILED, None)
    assert live_number() == two_entries_live


def test_a_candidate_that_failed_is_held_apart_and_not_taken_for_a_tested_model(stopped: Publication) -> None:
    assert stopped.release is not None
    assert stopped.release.state is ReleaseState.FAILED
    assert held_model_path(stopped.release.model_fingerprint).exists()
    assert not model_path(stopped.release.model_fingerprint).exists()
    assert publish().state is PublicationState.FAILED


@pytest.mark.parametrize("role", [Role.CURATOR, Role.APPROVER])
def test_only_an_administrator_may_accept(two_entries_live: int, stopped: Publication, role: Role) -> None:
    with pytest.raises(AcceptanceRefused, match="administración"):
        accept_findings(stopped.id, by=account("otro", role), reason=REASON)
    assert live_number() == two_entries_live


def test_accepting_needs_a_reason(two_entries_live: int, stopped: Publication) -> None:
    with pytest.raises(AcceptanceRefused, match="motivo"):
        accept_findings(stopped.id, by=account("sara", Role.ADMIN), reason="  porque sí ")
    assert live_number() == two_entries_live


def test_an_accepted_candidate_is_live_and_it_stays_known_who_accepted_it_and_why(stopped: Publication) -> None:
    sara = account("sara", Role.ADMIN)
    release = accept_findings(stopped.id, by=sara, reason=f"  {REASON} ")
    assert live_number() == release.id == stopped.release_id
    assert model_path(release.model_fingerprint).exists()
    kept = stored(stopped.id)
    assert (kept.state, kept.accepted_by_id, kept.acceptance_reason) == (PublicationState.SUCCEEDED, sara.id, REASON)
    assert kept.accepted_at is not None
    with pytest.raises(AcceptanceRefused):
        accept_findings(stopped.id, by=sara, reason=REASON)


def test_what_was_compared_with_another_release_than_the_live_one_cannot_be_accepted(
    two_entries_live: int, stopped: Publication, training: SmallTraining
) -> None:
    with write_session() as session:
        earlier = session.get_one(Release, two_entries_live)
        other = publishing.make_candidate(session, [], model_fingerprint=earlier.model_fingerprint)
        publishing.promote(session, other)
    with pytest.raises(AcceptanceRefused, match="otra versión"):
        accept_findings(stopped.id, by=account("sara", Role.ADMIN), reason=REASON)


def test_a_story_that_fails_is_named_and_cannot_be_accepted(two_entries_live: int, training: SmallTraining) -> None:
    training.failures.append(
        StoryFailure(story="Reservar una cita", said="quiero una cita", expected="agendar_cita", got="faq")
    )
    approve_entry("regalias", [f"{word} regalías del municipio" for word in "cuánto cuándo dónde quién cómo".split()])
    publication = publish()
    (finding,) = [finding for finding in publication.findings if finding.blocking]
    assert (finding.text, finding.before, finding.after) == (
        "Reservar una cita: «quiero una cita»", "agendar_cita", "faq",
    )  # fmt: skip
    with pytest.raises(AcceptanceRefused, match="conversación de prueba"):
        accept_findings(publication.id, by=account("sara", Role.ADMIN), reason=REASON)
    assert live_number() == two_entries_live


def test_going_back_makes_the_earlier_answers_and_model_live_again(two_entries_live: int) -> None:
    approve_entry("regalias", [f"{word} regalías del municipio" for word in "cuánto cuándo dónde quién cómo".split()])
    publish()
    luis = account("luis", Role.APPROVER)
    with write_session() as session:
        assert [release.id for release in restorable_releases(session)] == [two_entries_live]
        restored = roll_back(session, two_entries_live, by=luis)
    with read_session() as session:
        live = live_release(session)
        assert live is not None
        assert (live.id, live.restores_id, live.restored_by_id) == (restored.id, two_entries_live, luis.id)
        assert {version.entry.slug for version in live.versions} == {"estufas", "medidores"}
        assert live.model_fingerprint == session.get_one(Release, two_entries_live).model_fingerprint
    assert is_rolled_back()


def test_one_cannot_go_back_to_what_is_live_failed_its_gate_or_has_lost_its_model(stopped: Publication) -> None:
    live = live_number()
    assert live is not None
    for number in (live, stopped.release_id, 999):
        with pytest.raises(RollbackRefused), write_session() as session:
            roll_back(session, number or 0, by=None)
    approve_entry("hornos", [f"{word} regalías del municipio" for word in "cuánto cuándo dónde quién cómo".split()])
    assert publish().state is PublicationState.SUCCEEDED
    with read_session() as session:
        model_path(session.get_one(Release, live).model_fingerprint).unlink()
    with pytest.raises(RollbackRefused, match="ya no se conserva"), write_session() as session:
        roll_back(session, live, by=None)


def test_the_command_line_lists_releases_and_goes_back(two_entries_live: int) -> None:
    approve_entry("regalias", [f"{word} regalías del municipio" for word in "cuánto cuándo dónde quién cómo".split()])
    publish()
    assert "possible" in CliRunner().invoke(application, ["releases"]).output
    done = CliRunner().invoke(application, ["rollback", str(two_entries_live)])
    assert f"Release {two_entries_live} is live again" in done.output
    assert live_number() == two_entries_live + 2
    assert CliRunner().invoke(application, ["rollback", "999"]).exit_code != 0


def test_a_waiting_publication_that_is_cancelled_never_runs(two_entries_live: int) -> None:
    approve_entry("hornos", METERS)
    with write_session() as session:
        publication = request_publication(session, by=None)
        cancel_publication(session, publication)
    run_publication(publication.id)
    assert (stored(publication.id).state, stored(publication.id).active) == (PublicationState.CANCELLED, None)
    with pytest.raises(PublishingError, match="ya terminó"), write_session() as session:
        cancel_publication(session, session.get_one(Publication, publication.id))


def test_a_running_publication_that_is_cancelled_ends_between_two_steps(
    two_entries_live: int, training: SmallTraining
) -> None:
    def cancel() -> None:
        with write_session() as session:
            (running,) = [p for p in publishing.latest_publications(session) if p.active]
            cancel_publication(session, running)

    training.during = cancel
    approve_entry("regalias", [f"{word} regalías del municipio" for word in "cuánto cuándo dónde quién cómo".split()])
    publication = publish()
    assert (publication.state, publication.step, publication.active) == (PublicationState.CANCELLED, "train", None)
    assert live_number() == two_entries_live


def test_cancelling_ends_the_process_that_trains(data_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = data_directory / "endless"
    endless.write_text('#!/bin/sh\necho "@step train"\nsleep 300\n')
    endless.chmod(0o755)
    approve_entry("estufas", STOVES)
    monkeypatch.setattr(bot_process, "COMMAND", (str(endless),))
    with write_session() as session:
        number = request_publication(session, by=None).id

    def run() -> None:
        with suppress(PublishingError):
            run_publication(number)

    running = Thread(target=run)
    running.start()
    for _ in range(100):
        if stored(number).step == "train":
            break
        time.sleep(0.1)
    with write_session() as session:
        cancel_publication(session, session.get_one(Publication, number))
    running.join(timeout=10)
    assert not running.is_alive()
    assert stored(number).state is PublicationState.CANCELLED


def test_the_page_shows_what_was_found_and_offers_acceptance_to_administrators_only(
    two_entries_live: int, stopped: Publication
) -> None:
    address = f"/personal/publicaciones/{stopped.id}"
    for_approver = visible_text(approver().get(address).text)
    assert "Preguntas de otras entradas que cambiarían de respuesta" in for_approver
    assert "Estufas Estufas Hornos" in for_approver
    assert "0 de 0 preguntas reales recientes cambian de respuesta." in for_approver
    assert "Aceptar los hallazgos" not in for_approver
    assert approver().post(f"{address}/aceptar", data={"reason": REASON}).status_code == 403
    refused = admin().post(f"{address}/aceptar", data={"reason": "corto"})
    assert refused.status_code == 409
    assert "al menos 10 caracteres" in visible_text(refused.text)
    assert live_number() == two_entries_live
    assert admin().post(f"{address}/aceptar", data={"reason": REASON}).status_code == 303
    assert "Sara los aceptó" in visible_text(curator().get(address).text)
    assert live_number() == stopped.release_id


def test_going_back_and_cancelling_are_for_those_who_publish(
    two_entries_live: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.publishing_job.publish", lambda number: None)
    approve_entry("regalias", [f"{word} regalías del municipio" for word in "cuánto cuándo dónde quién cómo".split()])
    publish()
    restore = f"/personal/publicaciones/versiones/{two_entries_live}/reponer"
    assert curator().post(restore).status_code == 403
    assert f"Volver a la versión {two_entries_live}" in approver().get("/personal/publicaciones").text
    assert approver().post(restore).status_code == 303
    assert live_number() == two_entries_live + 2
    again = approver().post(f"/personal/publicaciones/versiones/{two_entries_live + 2}/reponer")
    assert again.status_code == 409
    started = approver().post("/personal/publicaciones").headers["location"]
    assert "Cancelar la publicación" in approver().get(started).text
    assert curator().post(f"{started}/cancelar").status_code == 403
    assert approver().post(f"{started}/cancelar").status_code == 303
    assert "se canceló" in visible_text(approver().get(started).text)
    assert approver().post(f"{started}/cancelar").status_code == 409
