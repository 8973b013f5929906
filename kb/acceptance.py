"""An administrator's decision to publish a candidate although the gate found something: who, when and why are kept."""

from consultame.audit import Action, SubjectKind, record
from consultame.database import now, write_session
from consultame.staff import Role, StaffMember
from kb.models import FindingKind, Publication, PublicationState, Release
from kb.publication_progress import PROMOTE
from kb.publishing import held_model_path, model_path, publication_by_id
from kb.releases import live_release_identity, promote, release_by_id

MINIMUM_REASON = 10


class AcceptanceRefused(Exception):
    """The findings cannot be accepted; the message is in Spanish, for staff."""


def acceptance_obstacle(publication: Publication) -> str:
    """Why nobody may accept what the gate found in this publication; "" when an administrator may."""
    blocking = [finding for finding in publication.findings if finding.blocking]
    if publication.state is not PublicationState.FAILED or not blocking:
        return "No hay hallazgos que aceptar en esta publicación."
    if any(finding.kind is FindingKind.STORY for finding in blocking):
        return "Una conversación de prueba que falla no se puede aceptar: corrija las preguntas y publique de nuevo."
    if publication.release is None or not held_model_path(publication.release.model_fingerprint).exists():
        return "El modelo de esta publicación ya no se conserva. Publique de nuevo."
    return ""


def accept_findings(publication_id: int, *, by: StaffMember, reason: str) -> Release:
    """Put the held candidate of a failed publication into service, with the findings accepted.

    Raises:
        AcceptanceRefused: not an administrator, no reason, nothing to accept, or the comparison is out of date.
    """
    if by.role is not Role.ADMIN:
        raise AcceptanceRefused("Solo la administración puede aceptar los hallazgos.")
    if len(reason.strip()) < MINIMUM_REASON:
        raise AcceptanceRefused(f"Escriba el motivo, con al menos {MINIMUM_REASON} caracteres.")
    with write_session() as session:
        publication = publication_by_id(session, publication_id)
        if publication is None:
            raise AcceptanceRefused("Esta publicación no existe.")
        if obstacle := acceptance_obstacle(publication):
            raise AcceptanceRefused(obstacle)
        identity = live_release_identity(session)
        if (identity and identity[0]) != publication.compared_with_id:
            raise AcceptanceRefused("Entre tanto otra versión entró en servicio. Publique de nuevo.")
        assert publication.release_id is not None
        release = release_by_id(session, publication.release_id)
        assert release is not None
        publication.accepted_by_id, publication.accepted_at = by.id, now()
        publication.acceptance_reason = reason.strip()
        publication.state, publication.step, publication.percent = PublicationState.SUCCEEDED, PROMOTE.name, 100
        publication.log += f"{PROMOTE.label}\nHallazgos aceptados. Versión {release.id} en servicio.\n"
        promote(session, release)
        record(session, Action.FINDINGS_ACCEPTED, SubjectKind.PUBLICATION, publication.id, by=by, release=release.id)
        # The last act inside the transaction: a model in this place counts as one that may go into service.
        held_model_path(release.model_fingerprint).replace(model_path(release.model_fingerprint))
    return release
