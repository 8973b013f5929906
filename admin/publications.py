"""Publications: start one, watch it, read how former ones went."""

import logging
import math
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.access import Acceptor, Member, Publisher
from admin.gate_report import gate_report
from admin.identifiers import RowId
from admin.pages import STAFF_PATH, leave_notice, render
from admin.pending_changes import needs_training, pending_changes
from admin.refusals import Refused
from consultame.database import now, read_session, write_session
from kb import publishing_job
from kb.acceptance import MINIMUM_REASON, AcceptanceRefused, accept_findings, acceptance_obstacle
from kb.models import Publication, PublicationState
from kb.publication_progress import STEPS, seconds_left
from kb.publishing import (
    CANCELLED_TEXT,
    PublishingError,
    cancel_publication,
    latest_publications,
    publication_by_id,
    request_publication,
)
from kb.release_watch import effect_of
from kb.releases import live_release, promoted_releases
from kb.replicas import replicas
from kb.rollback import RollbackRefused, restorable_releases, roll_back

log = logging.getLogger(__name__)
PUBLICATIONS_PATH = f"{STAFF_PATH}/publicaciones"
router = APIRouter(prefix=PUBLICATIONS_PATH)

# A worker takes a publication within a second; when it has not, it probably does not run.
_PATIENCE = timedelta(seconds=30)
# The time left is told in steps, so that the page does not move each second.
_SHORT, _MINUTE = 5, 60
_ADVICE = {
    "prepare": "Apruebe al menos una entrada y publique de nuevo.",
    "validate": "Alguna pregunta está repetida en dos entradas o mal escrita. El registro técnico dice cuál.",
    "train": "Muestre el registro técnico al equipo de sistemas.",
    "gate": (
        "El asistente habría respondido distinto: quizá una pregunta nueva se parece demasiado a las de otra entrada. "
        "El informe de la prueba dice cuáles."
    ),
    "promote": "Muestre el registro técnico al equipo de sistemas.",
}


class StepState(StrEnum):
    """Where a publication stands with one of its steps."""

    DONE = "done"
    CURRENT = "current"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    PENDING = "pending"


@dataclass(frozen=True)
class StepProgress:
    """A step and how it stands."""

    label: str
    state: StepState


@router.get("")
def overview(request: Request, member: Member) -> Response:
    """What a publication would change, and the former ones."""
    return _overview(request)


@router.post("")
def publish(request: Request, member: Publisher) -> Response:
    """Register a publication and hand it to the worker."""
    try:
        with write_session() as session:
            publication = request_publication(session, by=member)
    except PublishingError as refused:
        return _overview(request, refused=str(refused))
    publishing_job.publish(publication.id)
    log.info("staff member %s started publication %s", member.id, publication.id)
    return RedirectResponse(f"{PUBLICATIONS_PATH}/{publication.id}", HTTPStatus.SEE_OTHER)


@router.post("/versiones/{release_id}/reponer")
def restore_release(request: Request, member: Publisher, release_id: RowId) -> Response:
    """Put an earlier release back into service."""
    try:
        with write_session() as session:
            release = roll_back(session, release_id, by=member)
    except RollbackRefused as refused:
        return _overview(request, refused=str(refused))
    log.info("staff member %s put release %s back into service as %s", member.id, release_id, release.id)
    leave_notice(request, f"La versión {release_id} está de nuevo en servicio, como versión {release.id}.")
    return RedirectResponse(PUBLICATIONS_PATH, HTTPStatus.SEE_OTHER)


@router.post("/{publication_id}/cancelar")
def cancel(request: Request, member: Publisher, publication_id: RowId) -> Response:
    """Stop a publication that waits or runs."""
    try:
        with write_session() as session:
            cancel_publication(session, _publication(session, publication_id))
    except PublishingError as refused:
        raise Refused(HTTPStatus.CONFLICT, str(refused)) from None
    log.info("staff member %s cancelled publication %s", member.id, publication_id)
    return RedirectResponse(f"{PUBLICATIONS_PATH}/{publication_id}", HTTPStatus.SEE_OTHER)


@router.post("/{publication_id}/aceptar")
def accept(
    request: Request, member: Acceptor, publication_id: RowId, reason: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """Publish although the gate found something, with the reason kept."""
    try:
        release = accept_findings(publication_id, by=member, reason=reason)
    except AcceptanceRefused as refused:
        return _progress(request, "publications/publication.html", publication_id, refused=str(refused), reason=reason)
    log.info("staff member %s accepted the findings of publication %s", member.id, publication_id)
    leave_notice(request, f"Hallazgos aceptados. La versión {release.id} está en servicio.")
    return RedirectResponse(f"{PUBLICATIONS_PATH}/{publication_id}", HTTPStatus.SEE_OTHER)


@router.get("/{publication_id}")
def publication_page(request: Request, member: Member, publication_id: RowId) -> Response:
    """One publication: steps, progress, log, outcome."""
    return _progress(request, "publications/publication.html", publication_id)


@router.get("/{publication_id}/avance")
def progress(request: Request, member: Member, publication_id: RowId, visto: str = "", paso: str = "") -> Response:
    """The moving part of the page; 204 while nothing has changed since `visto`.

    The spoken status is part of it only when the step is another than `paso`, so that a screen reader is not
    interrupted each second.
    """
    with read_session() as session:
        publication = publication_by_id(session, publication_id)
        left = time_left(session, publication) if publication else ""
    if publication is not None and visto == _mark(publication, left):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return _progress(request, "publications/progress.html", publication_id, announced=paso)


def _overview(request: Request, *, refused: str = "") -> Response:
    with read_session() as session:
        former, release = latest_publications(session), live_release(session)
        return render(
            request,
            "publications/overview.html",
            status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
            messages=(refused,) if refused else (),
            changes=pending_changes(session),
            needs_training=needs_training(session),
            publications=former,
            active=next((publication for publication in former if publication.active), None),
            release=release,
            effect=effect_of(session, release) if release else None,
            releases=promoted_releases(session),
            restorable={release.id for release in restorable_releases(session)},
            servers=replicas(session),
        )


def _publication(session: Session, publication_id: int) -> Publication:
    publication = publication_by_id(session, publication_id)
    if publication is None:
        raise Refused(HTTPStatus.NOT_FOUND, "Esta publicación no existe.")
    return publication


def _progress(
    request: Request,
    template: str,
    publication_id: int,
    *,
    announced: str | None = None,
    refused: str = "",
    reason: str = "",
) -> Response:
    with read_session() as session:
        publication = _publication(session, publication_id)
        left = time_left(session, publication)
        phase = f"{publication.state}-{publication.step}"
        return render(
            request,
            template,
            status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
            messages=(refused,) if refused else (),
            reason=reason,
            minimum_reason=MINIMUM_REASON,
            report=gate_report(session, publication),
            obstacle=acceptance_obstacle(publication),
            publication=publication,
            steps=step_progress(publication),
            outcome=outcome(publication),
            advice=_advice(publication),
            mark=_mark(publication, left),
            time_left=left,
            phase=phase,
            announces=announced is not None and announced != phase,
        )


def step_progress(publication: Publication) -> list[StepProgress]:
    """How the publication stands with each step; a step it entered has left its label in the log."""
    entered = set(publication.log.splitlines())
    names = [step.name for step in STEPS]
    reached = names.index(publication.step) if publication.step in names else -1
    return [
        StepProgress(step.label, _step_state(publication, position, reached, was_entered=step.label in entered))
        for position, step in enumerate(STEPS)
    ]


def _step_state(publication: Publication, position: int, reached: int, *, was_entered: bool) -> StepState:
    if position > reached:
        return StepState.PENDING
    if position < reached:
        return StepState.DONE if was_entered else StepState.SKIPPED
    ends = {
        PublicationState.SUCCEEDED: StepState.DONE,
        PublicationState.FAILED: StepState.FAILED,
        PublicationState.CANCELLED: StepState.CANCELLED,
    }
    return ends.get(publication.state, StepState.CURRENT)


def outcome(publication: Publication) -> str:
    """How it stands, in one plain sentence or two."""
    if publication.state is PublicationState.SUCCEEDED:
        return f"Publicación terminada. La versión {publication.release_id} quedó en servicio."
    if publication.state is PublicationState.CANCELLED:
        return CANCELLED_TEXT
    if publication.state is PublicationState.FAILED:
        lines = publication.log.strip().splitlines()
        return lines[-1] if lines else "La publicación no comenzó. Lo publicado antes sigue en servicio."
    if publication.state is PublicationState.QUEUED:
        return "En espera: comenzará en unos segundos."
    if publication.cancel_requested:
        return "Cancelando: termina en unos segundos."
    label = next((step.label for step in STEPS if step.name == publication.step), "Preparar los datos")
    return f"En curso: {label.lower()}."


def _advice(publication: Publication) -> str:
    if publication.state is PublicationState.FAILED:
        return _ADVICE.get(publication.step, "")
    if _is_late(publication):
        return (
            "Está tardando en comenzar. Pida al equipo de sistemas que revise que el proceso «worker» esté en marcha."
        )
    return ""


def time_left(session: Session, publication: Publication) -> str:
    """How long it will still take, as a sentence; "" when it does not run or nothing like it ran before."""
    seconds = seconds_left(session, publication) if publication.state is PublicationState.RUNNING else None
    if seconds is None:
        return ""
    if seconds < _SHORT:
        return "Falta muy poco."
    if seconds < 2 * _MINUTE:
        return f"Faltan unos {math.ceil(seconds / _SHORT) * _SHORT} segundos."
    return f"Faltan unos {math.ceil(seconds / _MINUTE)} minutos."


def _mark(publication: Publication, left: str) -> str:
    """Changes whenever the page would read differently."""
    late = "-late" if _is_late(publication) else ""
    cancelling = "-cancelling" if publication.cancel_requested else ""
    return f"{publication.state}-{publication.step}-{len(publication.log)}{late}{cancelling}-{left}"


def _is_late(publication: Publication) -> bool:
    return publication.state is PublicationState.QUEUED and now() - publication.created_at > _PATIENCE
