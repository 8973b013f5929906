"""How far a publication is: its steps, its row in the database kept in step with the work, and its end."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consultame.audit import Action, SubjectKind, record
from consultame.database import now, read_session, write_session
from kb.models import GateFinding, Publication, PublicationState, Release

HEARTBEAT_SECONDS = 10

Reporter = Callable[[str, int, str], None]


class PublicationCancelled(Exception):
    """Somebody cancelled the publication while it ran."""


class PublicationEnded(Exception):
    """The publication was given up meanwhile: a worker that started took it for interrupted."""


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


def refuse_to_go_on(publication: Publication) -> None:
    """Raise PublicationCancelled or PublicationEnded when it is one of the two."""
    if publication.state is not PublicationState.RUNNING:
        raise PublicationEnded
    if publication.cancel_requested:
        raise PublicationCancelled


def seconds_left(session: Session, publication: Publication) -> float | None:
    """How long it will still take, by the latest publication that trained; None when there is none or no telling."""
    trained = select(Publication.step_seconds).where(
        Publication.state == PublicationState.SUCCEEDED, Publication.gate_counts.is_not(None)
    )
    known = session.scalar(trained.order_by(Publication.id.desc()).limit(1))
    names = [step.name for step in STEPS]
    if not known or publication.step not in names[1:] or publication.step_entered_at is None:
        return None
    position = names.index(publication.step)
    spent = (now() - publication.step_entered_at).total_seconds()
    present = max(0.0, known.get(publication.step, 0.0) - spent)
    return present + sum(known.get(name, 0.0) for name in names[position + 1 :])


class Progress:
    """Keeps a publication's row in step with the work; every write is its own short transaction."""

    def __init__(self, publication_id: int, report: Reporter | None) -> None:
        self.publication_id = publication_id
        self.report = report
        self.step = PREPARE
        self._entered = time.monotonic()
        self._seconds: dict[str, float] = {}

    def start(self) -> bool:
        """False when it is not waiting any more: somebody cancelled it, or another process has begun it."""
        waiting = (Publication.id == self.publication_id, Publication.state == PublicationState.QUEUED)
        begun = {"state": PublicationState.RUNNING, "heartbeat_at": now()}
        with write_session() as session:
            mine = update(Publication).where(*waiting).values(begun).returning(Publication.id)
            return session.scalar(mine) is not None

    def enter(self, step: Step) -> None:
        self.check_not_cancelled()
        if step is not self.step:
            self._seconds[self.step.name] = round(time.monotonic() - self._entered, 2)
            self.step, self._entered = step, time.monotonic()
        self._keep(step.label, step_entered_at=now(), step_seconds=dict(self._seconds))

    def check_not_cancelled(self) -> None:
        """Give a sign of life now and then.

        Raises:
            PublicationCancelled: somebody asked for it.
            PublicationEnded: it does not count as running any more.
        """
        with read_session() as session:
            row = self._row(session)
            silent = (now() - row.heartbeat_at).total_seconds()
        refuse_to_go_on(row)
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
        self._keep(text)

    def _keep(self, text: str, **columns: object) -> None:
        with write_session() as session:
            row = self._row(session)
            row.step, row.percent, row.heartbeat_at = self.step.name, self.step.percent, now()
            row.log += text + "\n"
            for name, value in columns.items():
                setattr(row, name, value)
        if self.report:
            self.report(self.step.name, self.step.percent, text)

    def running_row(self, session: Session) -> Publication:
        """The publication, locked until the end of the transaction in which it is to succeed.

        Raises:
            PublicationCancelled, PublicationEnded: as `check_not_cancelled`.
        """
        row = session.get_one(Publication, self.publication_id, with_for_update=True)
        refuse_to_go_on(row)
        return row

    def succeed(self, session: Session, row: Publication, release_id: int) -> None:
        """End well, in the transaction that puts the release into service: neither is ever seen without the other."""
        text = f"Versión {release_id} en servicio."
        row.release_id, row.percent = release_id, 100
        row.log += text + "\n"
        row.step_seconds = self._seconds | {self.step.name: round(time.monotonic() - self._entered, 2)}
        end_publication(session, row, PublicationState.SUCCEEDED)
        if self.report:
            self.report(self.step.name, 100, text)

    def fail(self, state: PublicationState, text: str) -> None:
        """End otherwise, the reason as the last line of its log. One that has ended meanwhile stays as it is."""
        with write_session() as session:
            row = session.get_one(Publication, self.publication_id, with_for_update=True)
            if row.active is None:
                return
            row.log += text + "\n"
            end_publication(session, row, state)
        if self.report:
            self.report(self.step.name, self.step.percent, text)

    def _row(self, session: Session) -> Publication:
        return session.get_one(Publication, self.publication_id)
