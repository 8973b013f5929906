"""Publishing: what was approved becomes what citizens are answered with.

Steps: prepare → validate → train → gate → promote. Training is skipped when a model with the same fingerprint exists
(an edited answer needs none). A failed step leaves the live release untouched.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from consultame.audit import Action, SubjectKind, record
from consultame.database import now, read_session, write_session
from consultame.settings import BOT_DIRECTORY, PROJECT_DIRECTORY, load_settings
from consultame.staff import StaffMember
from kb.entries import approved_versions
from kb.gate import (
    MEASURES_FILE,
    ORDER_FILE,
    STEP_MARK,
    GateMeasures,
    GateOrder,
    gate_counts,
    gate_findings,
)
from kb.models import EntryVersion, GateFinding, Publication, PublicationState, Release, ReleaseState
from kb.releases import live_release, live_release_identity, make_candidate, promote
from kb.training_data import training_fingerprint, write_training_data
from kb.unanswered import recent_questions

STORY_TESTS = PROJECT_DIRECTORY / "tests" / "stories"
MODELS_KEPT = 10
CANCEL_CHECK_SECONDS = 0.5
HEARTBEAT_SECONDS = 10
# A worker that died leaves its publication active; another may start when it has been silent this long.
STALE_AFTER = timedelta(minutes=30)

CANCELLED_TEXT = "La publicación se canceló. Lo publicado antes sigue en servicio."

Reporter = Callable[[str, int, str], None]


class PublishingError(Exception):
    """Publishing cannot start or a step failed; the message is in Spanish, for staff."""


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
        publication.state, publication.active, publication.finished_at = PublicationState.CANCELLED, None, now()
    elif publication.state is PublicationState.RUNNING:
        publication.cancel_requested = True
    else:
        raise PublishingError("Esta publicación ya terminó.")
    session.flush()


def _release_stale_publications(session: Session) -> None:
    stale = select(Publication).where(Publication.active.is_(True), Publication.heartbeat_at < now() - STALE_AFTER)
    for publication in session.scalars(stale):
        _end(session, publication, PublicationState.FAILED)
    session.flush()


def _end(session: Session, publication: Publication, state: PublicationState) -> None:
    publication.state, publication.active, publication.finished_at = state, None, now()
    succeeded = state is PublicationState.SUCCEEDED
    detail = {"release": publication.release_id or 0} if succeeded else {"step": publication.step}
    record(session, _ENDINGS[state], SubjectKind.PUBLICATION, publication.id, by=publication.started_by, **detail)


_ENDINGS = {
    PublicationState.SUCCEEDED: Action.PUBLICATION_SUCCEEDED,
    PublicationState.FAILED: Action.PUBLICATION_FAILED,
    PublicationState.CANCELLED: Action.PUBLICATION_CANCELLED,
}


def fail_interrupted_publications(session: Session) -> int:
    """Mark publications that were running as failed; the worker calls it when it starts. Returns how many."""
    interrupted = session.scalars(
        select(Publication).where(Publication.active.is_(True), Publication.state == PublicationState.RUNNING)
    ).all()
    for publication in interrupted:
        publication.log += "La publicación se interrumpió. Lo publicado antes sigue en servicio.\n"
        _end(session, publication, PublicationState.FAILED)
    session.flush()
    return len(interrupted)


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
    progress = _Progress(publication_id, report)
    if not progress.start():
        return
    try:
        release_id = _publish(progress)
        progress.finish(PublicationState.SUCCEEDED, release_id)
    except PublicationCancelled:
        progress.line(CANCELLED_TEXT)
        progress.finish(PublicationState.CANCELLED)
        raise PublishingError(CANCELLED_TEXT) from None
    except PublishingError as error:
        progress.line(str(error))
        progress.finish(PublicationState.FAILED)
        raise
    except BaseException:
        progress.line("La publicación se interrumpió. Lo publicado antes sigue en servicio.")
        progress.finish(PublicationState.FAILED)
        raise


def _publish(progress: "_Progress") -> int:
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
    with write_session() as session:
        _check_nothing_changed_meanwhile(session, progress, live)
        release = make_candidate(session, versions, model_fingerprint=fingerprint)
        promote(session, release)
        release_id = release.id
    _delete_old_models(keep=path)
    progress.line(f"Versión {release_id} en servicio.")
    return release_id


def _check_nothing_changed_meanwhile(session: Session, progress: "_Progress", live: Release | None) -> None:
    if session.get_one(Publication, progress.publication_id).cancel_requested:
        raise PublicationCancelled
    identity = live_release_identity(session)
    if (identity and identity[0]) != (live and live.id):
        raise PublishingError("Entre tanto otra versión entró en servicio. Publique de nuevo para comparar con ella.")


def _train_and_test(
    progress: "_Progress", path: Path, versions: list[EntryVersion], live: Release | None, questions: list[str]
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
        stories=str(STORY_TESTS),
        live_model=str(live_model) if live_model and live_model.exists() else "",
        changed_slugs=_slugs_with_new_questions(versions, live),
        recent_questions=questions,
    )
    (workplace / ORDER_FILE).write_text(order.model_dump_json(), encoding="utf-8")
    _run_rasa(progress, str(workplace))
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


def _hold(progress: "_Progress", trained: Path, versions: list[EntryVersion]) -> None:
    fingerprint = trained.name.removesuffix(".tar.gz")
    held = held_model_path(fingerprint)
    shutil.rmtree(held.parent, ignore_errors=True)
    held.parent.mkdir(parents=True)
    trained.replace(held)
    with write_session() as session:
        release = make_candidate(session, versions, model_fingerprint=fingerprint)
        release.state = ReleaseState.FAILED
        session.get_one(Publication, progress.publication_id).release_id = release.id


# What Rasa prints and nobody reads: progress bars, and warnings with the source line that follows each.
_PROGRESS_BAR = re.compile(r"\d+%\|| \d+it \[")
_WARNING = re.compile(r"\.py:\d+: \w*Warning")
_ANSI_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def _run_rasa(progress: "_Progress", workplace: str) -> None:
    """Run the bot's part of the publication (bot/publishing_run.py), its output going to the log line by line."""
    environment = os.environ | {
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "PYTHONHASHSEED": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.publishing_run", workplace],
        cwd=PROJECT_DIRECTORY, env=environment, stdin=subprocess.DEVNULL, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
    )  # fmt: skip
    assert process.stdout is not None
    steps = {step.name: step for step in STEPS}
    was_warning = False
    try:
        for line in _lines_until_cancelled(process.stdout, progress):
            after_warning, was_warning = was_warning, bool(_WARNING.search(line))
            if line.startswith(STEP_MARK):
                progress.enter(steps[line.removeprefix(STEP_MARK).strip()])
            elif not (was_warning or after_warning or _PROGRESS_BAR.search(line) or not line.strip()):
                progress.line(_ANSI_COLOUR.sub("", line).strip())
        status = process.wait()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if status != 0:
        raise PublishingError(f"Falló el paso «{progress.step.label}». Lo publicado antes sigue en servicio.")


def _lines_until_cancelled(output: IO[str], progress: "_Progress") -> Iterator[str]:
    """The lines as they come; while a step is silent, a sign of life and a look whether it was cancelled.

    Raises:
        PublicationCancelled: it was.
    """
    lines: SimpleQueue[str | None] = SimpleQueue()

    def read() -> None:
        for line in output:
            lines.put(line)
        lines.put(None)

    Thread(target=read, daemon=True).start()
    checked = time.monotonic()
    while True:
        if time.monotonic() - checked >= CANCEL_CHECK_SECONDS:
            checked = time.monotonic()
            progress.check_not_cancelled()
        try:
            line = lines.get(timeout=CANCEL_CHECK_SECONDS)
        except Empty:
            continue
        if line is None:
            return
        yield line


def _delete_old_models(keep: Path) -> None:
    models = sorted(keep.parent.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in models[MODELS_KEPT:]:
        if path != keep:
            path.unlink(missing_ok=True)


class _Progress:
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
            _end(session, row, state)

    def _row(self, session: Session) -> Publication:
        return session.get_one(Publication, self.publication_id)
