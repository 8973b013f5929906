"""Publishing: what was approved becomes what citizens are answered with.

Steps: prepare → validate → train → gate → promote. Training is skipped when a model with the same fingerprint exists
(an edited answer needs none). A failed step leaves the live release untouched.
"""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from consultame.audit import Action, SubjectKind, record
from consultame.database import now, read_session, write_session
from consultame.settings import BOT_DIRECTORY, load_settings
from consultame.staff import StaffMember
from kb.bot_process import run_bot
from kb.entries import approved_versions
from kb.gate import (
    MEASURES_FILE,
    ORDER_FILE,
    GateMeasures,
    GateOrder,
    gate_counts,
    gate_findings,
)
from kb.models import EntryVersion, Publication, PublicationState, Release, ReleaseState
from kb.publication_progress import (
    PREPARE,
    PROMOTE,
    Progress,
    PublicationCancelled,
    PublicationEnded,
    Reporter,
    end_publication,
)
from kb.releases import live_release, live_release_identity, make_candidate, promote
from kb.training_data import training_fingerprint, write_training_data
from kb.unanswered import recent_questions

MODELS_KEPT = 10
# A worker that died leaves its publication active; another may start when it has been silent this long.
STALE_AFTER = timedelta(minutes=30)

CANCELLED_TEXT = "La publicación se canceló. Lo publicado antes sigue en servicio."
INTERRUPTED_TEXT = "La publicación se interrumpió. Lo publicado antes sigue en servicio."


class PublishingError(Exception):
    """Publishing cannot start or a step failed; the message is in Spanish, for staff."""


def request_publication(session: Session, *, by: StaffMember | None) -> Publication:
    """Register a publication, to be run by the worker or the command line. One at a time.

    Raises:
        PublishingError: another one is queued or running.
    """
    _release_stale_publications(session)
    publication = Publication(started_by_id=by.id if by else None)
    session.add(publication)
    try:
        session.flush()
    except IntegrityError:
        raise PublishingError("Ya hay una publicación en curso. Espere a que termine.") from None
    record(session, Action.PUBLICATION_REQUESTED, SubjectKind.PUBLICATION, publication.id)
    return publication


def cancel_publication(session: Session, publication: Publication) -> None:
    """End a waiting publication at once; a running one ends as soon as it notices, within a second or two.

    Raises:
        PublishingError: it has ended already.
    """
    if publication.state is PublicationState.QUEUED:
        publication.log += CANCELLED_TEXT + "\n"
        end_publication(session, publication, PublicationState.CANCELLED)
    elif publication.state is PublicationState.RUNNING:
        publication.cancel_requested = True
    else:
        raise PublishingError("Esta publicación ya terminó.")
    session.flush()


def _release_stale_publications(session: Session) -> None:
    stale = select(Publication).where(Publication.active.is_(True), Publication.heartbeat_at < now() - STALE_AFTER)
    for publication in session.scalars(stale):
        end_publication(session, publication, PublicationState.FAILED)
    session.flush()


def fail_interrupted_publications(session: Session, *, silent_since: datetime) -> int:
    """Mark running publications without a sign of life since then as failed. Returns how many.

    The worker calls it when it starts, with the moment of its start: what runs under it now has given one since.
    """
    running = (Publication.active.is_(True), Publication.state == PublicationState.RUNNING)
    interrupted = session.scalars(select(Publication).where(*running, Publication.heartbeat_at < silent_since)).all()
    for publication in interrupted:
        publication.log += INTERRUPTED_TEXT + "\n"
        end_publication(session, publication, PublicationState.FAILED)
    session.flush()
    return len(interrupted)


def waiting_publications(session: Session) -> list[int]:
    """The numbers of those that nobody has begun: a worker that died may have taken one out of the queue."""
    return list(session.scalars(select(Publication.id).where(Publication.state == PublicationState.QUEUED)))


def publication_by_id(session: Session, publication_id: int) -> Publication | None:
    """The publication with its release, its findings and who started and accepted it, or None."""
    detail = (*_WITH_DETAIL, selectinload(Publication.findings), selectinload(Publication.accepted_by))
    return session.scalar(select(Publication).where(Publication.id == publication_id).options(*detail))


def latest_publications(session: Session, count: int = 20) -> list[Publication]:
    """The newest publications first."""
    query = select(Publication).order_by(Publication.id.desc()).limit(count).options(*_WITH_DETAIL)
    return list(session.scalars(query))


_WITH_DETAIL = (selectinload(Publication.started_by), selectinload(Publication.release))


def model_path(fingerprint: str) -> Path:
    """Where the model of this fingerprint lies, whether or not it exists."""
    return load_settings().models_directory / f"{fingerprint}.tar.gz"


def held_model_path(fingerprint: str) -> Path:
    """Where a model lies that did not pass the gate; only the latest one is kept, for an administrator to accept."""
    return load_settings().models_directory / "held" / f"{fingerprint}.tar.gz"


def is_up_to_date() -> bool:
    """Whether the live release's model exists and is what training now would give."""
    with read_session() as session:
        identity = live_release_identity(session)
        versions = approved_versions(session)
    if identity is None or not model_path(identity[1]).exists():
        return False
    return identity[1] == training_fingerprint(versions, BOT_DIRECTORY)


def run_publication(publication_id: int, report: Reporter | None = None) -> None:
    """Run a registered publication to its end, keeping its progress in the database.

    `report(step name, percent, line)` is called beside it, for a progress bar.

    Raises:
        PublishingError: a step failed or it was cancelled. The publication stands as such, the reason in its log.
    """
    progress = Progress(publication_id, report)
    if not progress.start():
        return
    try:
        _publish(progress)
    except PublicationCancelled:
        progress.fail(PublicationState.CANCELLED, CANCELLED_TEXT)
        raise PublishingError(CANCELLED_TEXT) from None
    except PublicationEnded:
        raise PublishingError(INTERRUPTED_TEXT) from None
    except PublishingError as error:
        progress.fail(PublicationState.FAILED, str(error))
        raise
    except BaseException:
        progress.fail(PublicationState.FAILED, INTERRUPTED_TEXT)
        raise


def _publish(progress: Progress) -> None:
    progress.enter(PREPARE)
    with read_session() as session:
        versions = approved_versions(session)
        live = live_release(session)
        questions = recent_questions(session)
    if not versions:
        raise PublishingError("No hay ninguna entrada aprobada para publicar.")
    fingerprint = training_fingerprint(versions, BOT_DIRECTORY)
    progress.line(f"{len(versions)} entradas aprobadas; huella {fingerprint[:12]}.")
    path = model_path(fingerprint)
    if path.exists():
        progress.line("Las preguntas no cambiaron: no hace falta entrenar.")
    else:
        _train_and_test(progress, path, versions, live, questions)
    progress.enter(PROMOTE)
    # One transaction: whenever this process dies, the release is live and the publication has succeeded, or neither.
    with write_session() as session:
        row = progress.running_row(session)
        identity = live_release_identity(session)
        if (identity and identity[0]) != (live and live.id):
            raise PublishingError(
                "Entre tanto otra versión entró en servicio. Publique de nuevo para comparar con ella."
            )
        release = make_candidate(session, versions, model_fingerprint=fingerprint)
        promote(session, release)
        progress.succeed(session, row, release.id)
    _delete_old_models(keep=path)


def _train_and_test(
    progress: Progress, path: Path, versions: list[EntryVersion], live: Release | None, questions: list[str]
) -> None:
    """Leave the model at its path when it passes the gate, else hold it.

    Raises:
        PublishingError: a step failed, or the gate found what keeps the candidate out of service.
    """
    write_training_data(versions, BOT_DIRECTORY)
    workplace = load_settings().data_directory / "training"
    shutil.rmtree(workplace, ignore_errors=True)
    workplace.mkdir(parents=True)
    fingerprint = path.name.removesuffix(".tar.gz")
    live_model = model_path(live.model_fingerprint) if live else None
    order = GateOrder(
        fingerprint=fingerprint,
        live_model=str(live_model) if live_model and live_model.exists() else "",
        changed_slugs=_slugs_with_new_questions(versions, live),
        recent_questions=questions,
    )
    (workplace / ORDER_FILE).write_text(order.model_dump_json(), encoding="utf-8")
    if run_bot(progress, str(workplace)) != 0:
        raise PublishingError(f"Falló el paso «{progress.step.label}». Lo publicado antes sigue en servicio.")
    measures = GateMeasures.model_validate_json((workplace / MEASURES_FILE).read_text(encoding="utf-8"))
    findings = gate_findings(measures)
    progress.keep_report(findings, gate_counts(measures), live)
    trained = workplace / path.name
    if blocking := [finding for finding in findings if finding.blocking]:
        _hold(progress, trained, versions)
        raise PublishingError(
            f"La prueba encontró {len(blocking)} {'problema' if len(blocking) == 1 else 'problemas'}. "
            "Lo publicado antes sigue en servicio."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    trained.replace(path)


def _slugs_with_new_questions(versions: list[EntryVersion], live: Release | None) -> list[str]:
    """The entries that are new to the live release or ask other questions than in it."""
    known = {v.entry.slug: (v.questions_es, v.questions_en) for v in live.versions} if live else {}
    return [v.entry.slug for v in versions if known.get(v.entry.slug) != (v.questions_es, v.questions_en)]


def _hold(progress: Progress, trained: Path, versions: list[EntryVersion]) -> None:
    fingerprint = trained.name.removesuffix(".tar.gz")
    held = held_model_path(fingerprint)
    shutil.rmtree(held.parent, ignore_errors=True)
    held.parent.mkdir(parents=True)
    trained.replace(held)
    with write_session() as session:
        release = make_candidate(session, versions, model_fingerprint=fingerprint)
        release.state = ReleaseState.FAILED
        session.get_one(Publication, progress.publication_id).release_id = release.id


def _delete_old_models(keep: Path) -> None:
    models = sorted(keep.parent.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in models[MODELS_KEPT:]:
        if path != keep:
            path.unlink(missing_ok=True)
