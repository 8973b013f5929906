"""How far a publication is: its steps, its row in the database kept in step with the work, and its end."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consultame.audit import Action, SubjectKind, record
from consultame.database import now, read_session, write_session
from kb.models import GateFinding, Publication, PublicationState, Release

HEARTBEAT_SECONDS = 10

Reporter = Callable[[str, int, str], None]


class PublicationCancelled(Exception):
    """Somebody cancelled the publication while it ran."""


@dataclass(frozen=True)
class Step:
    """A step of publishing: its name in the database, its label for people, and where the bar stands when it starts."""

    name: str
    label: str
    percent: int


PREPARE = Step("prepare", "Preparar los datos", 2)
VALIDATE = Step("validate", "Validar los datos", 8)
TRAIN = Step("train", "Entrenar el modelo", 25)
GATE = Step("gate", "Probar las conversaciones", 60)
PROMOTE = Step("promote", "Poner en servicio", 95)
STEPS = (PREPARE, VALIDATE, TRAIN, GATE, PROMOTE)


def end_publication(session: Session, publication: Publication, state: PublicationState) -> None:
    """Say that it has ended, how, and record it in the audit log."""
    publication.state, publication.active, publication.finished_at = state, None, now()
    succeeded = state is PublicationState.SUCCEEDED
    detail = {"release": publication.release_id or 0} if succeeded else {"step": publication.step}
    record(session, _ENDINGS[state], SubjectKind.PUBLICATION, publication.id, by=publication.started_by, **detail)


_ENDINGS = {
    PublicationState.SUCCEEDED: Action.PUBLICATION_SUCCEEDED,
    PublicationState.FAILED: Action.PUBLICATION_FAILED,
    PublicationState.CANCELLED: Action.PUBLICATION_CANCELLED,
}


class Progress:
    """Keeps a publication's row in step with the work; every write is its own short transaction."""

    def __init__(self, publication_id: int, report: Reporter | None) -> None:
        self.publication_id = publication_id
        self.report = report
        self.step = PREPARE

    def start(self) -> bool:
        """False when it is not waiting any more: somebody cancelled it."""
        with write_session() as session:
            row = self._row(session)
            if row.state is not PublicationState.QUEUED:
                return False
            row.state, row.heartbeat_at = PublicationState.RUNNING, now()
            return True

    def enter(self, step: Step) -> None:
        self.check_not_cancelled()
        self.step = step
        self.line(step.label)

    def check_not_cancelled(self) -> None:
        """Give a sign of life now and then, and raise PublicationCancelled when somebody asked for it."""
        with read_session() as session:
            row = self._row(session)
            silent = (now() - row.heartbeat_at).total_seconds()
        if row.cancel_requested:
            raise PublicationCancelled
        if silent > HEARTBEAT_SECONDS:
            with write_session() as session:
                self._row(session).heartbeat_at = now()

    def keep_report(self, findings: list[GateFinding], counts: dict[str, int], live: Release | None) -> None:
        with write_session() as session:
            row = self._row(session)
            row.gate_counts, row.compared_with_id = counts, live.id if live else None
            session.add_all(findings)
            for finding in findings:
                finding.publication_id = row.id

    def line(self, text: str) -> None:
        with write_session() as session:
            row = self._row(session)
            row.step, row.percent, row.heartbeat_at = self.step.name, self.step.percent, now()
            row.log += text + "\n"
        if self.report:
            self.report(self.step.name, self.step.percent, text)

    def finish(self, state: PublicationState, release_id: int | None = None) -> None:
        with write_session() as session:
            row = self._row(session)
            row.release_id = release_id or row.release_id
            row.percent = 100 if state is PublicationState.SUCCEEDED else row.percent
            end_publication(session, row, state)

    def _row(self, session: Session) -> Publication:
        return session.get_one(Publication, self.publication_id)
