"""Publishing: what was approved becomes what citizens are answered with.

Steps: prepare → validate → train → gate → promote. Training is skipped when a model with the same fingerprint exists
(an edited answer needs none). A failed step leaves the live release untouched.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from consultame.database import now, read_session, write_session
from consultame.settings import BOT_DIRECTORY, PROJECT_DIRECTORY, load_settings
from consultame.staff import StaffMember
from kb.entries import approved_versions
from kb.models import EntryVersion, Publication, PublicationState
from kb.releases import live_release_identity, make_candidate, promote
from kb.training_data import training_fingerprint, write_training_data

STORY_TESTS = PROJECT_DIRECTORY / "tests" / "stories"
MODELS_KEPT = 10
# A worker that died leaves its publication active; another may start when it has been silent this long.
STALE_AFTER = timedelta(minutes=30)

Reporter = Callable[[str, int, str], None]


class PublishingError(Exception):
    """Publishing cannot start or a step failed; the message is in Spanish, for staff."""


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
    return publication


def _release_stale_publications(session: Session) -> None:
    session.execute(
        update(Publication)
        .where(Publication.active.is_(True), Publication.heartbeat_at < now() - STALE_AFTER)
        .values(active=None, state=PublicationState.FAILED, finished_at=now())
    )


def fail_interrupted_publications(session: Session) -> int:
    """Mark publications that were running as failed; the worker calls it when it starts. Returns how many."""
    interrupted = session.scalars(
        select(Publication).where(Publication.active.is_(True), Publication.state == PublicationState.RUNNING)
    ).all()
    for publication in interrupted:
        publication.log += "La publicación se interrumpió. Lo publicado antes sigue en servicio.\n"
        publication.state, publication.active, publication.finished_at = PublicationState.FAILED, None, now()
    session.flush()
    return len(interrupted)


def publication_by_id(session: Session, publication_id: int) -> Publication | None:
    """The publication with its release and who started it, or None."""
    return session.scalar(select(Publication).where(Publication.id == publication_id).options(*_WITH_DETAIL))


def latest_publications(session: Session, count: int = 20) -> list[Publication]:
    """The newest publications first."""
    query = select(Publication).order_by(Publication.id.desc()).limit(count).options(*_WITH_DETAIL)
    return list(session.scalars(query))


_WITH_DETAIL = (selectinload(Publication.started_by), selectinload(Publication.release))


def model_path(fingerprint: str) -> Path:
    """Where the model of this fingerprint lies, whether or not it exists."""
    return load_settings().models_directory / f"{fingerprint}.tar.gz"


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
        PublishingError: a step failed. The publication then stands as failed, with the reason in its log.
    """
    progress = _Progress(publication_id, report)
    try:
        progress.start()
        release_id = _publish(progress)
        progress.finish(PublicationState.SUCCEEDED, release_id)
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
    if not versions:
        raise PublishingError("No hay ninguna entrada aprobada para publicar.")
    fingerprint = training_fingerprint(versions, BOT_DIRECTORY)
    progress.line(f"{len(versions)} entradas aprobadas; huella {fingerprint[:12]}.")
    candidate = _candidate_model(progress, fingerprint, versions)
    progress.enter(PROMOTE)
    with write_session() as session:
        release = make_candidate(session, versions, model_fingerprint=fingerprint)
        promote(session, release)
        release_id = release.id
    _delete_old_models(keep=candidate)
    progress.line(f"Versión {release_id} en servicio.")
    return release_id


def _candidate_model(progress: "_Progress", fingerprint: str, versions: list[EntryVersion]) -> Path:
    """The model of this fingerprint: the one that passed the gate before, or a new one that passes it now."""
    path = model_path(fingerprint)
    if path.exists():
        progress.line("Las preguntas no cambiaron: no hace falta entrenar.")
        return path
    write_training_data(versions, BOT_DIRECTORY)
    progress.enter(VALIDATE)
    _run_rasa(progress, "data", "validate", "--fail-on-warnings", *_ASSISTANT_FILES)
    progress.enter(TRAIN)
    workplace = load_settings().data_directory / "training"
    shutil.rmtree(workplace, ignore_errors=True)
    _run_rasa(
        progress, "train", *_ASSISTANT_FILES,
        "--out", str(workplace), "--fixed-model-name", fingerprint, "--force", "--skip-validation",
    )  # fmt: skip
    trained = workplace / path.name
    progress.enter(GATE)
    _run_rasa(
        progress, "test", "core", "--e2e", "--fail-on-prediction-errors", "--model", str(trained),
        "--stories", str(STORY_TESTS), "--out", str(workplace / "results"), "--no-plot",
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    trained.replace(path)
    return path


# What Rasa's command line prints and nobody reads: progress bars, and warnings with the source line that follows each.
_PROGRESS_BAR = re.compile(r"\d+%\|| \d+it \[")
_WARNING = re.compile(r"\.py:\d+: \w*Warning")
_ANSI_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ASSISTANT_FILES = ("--config", "bot/config.yml", "--domain", "bot/domain.yml", "--data", "bot/data")


def _run_rasa(progress: "_Progress", *arguments: str) -> None:
    """Run one command of Rasa's command line, its output going to the log line by line."""
    settings = load_settings()
    environment = os.environ | {
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_CACHE_DIRECTORY": str(settings.data_directory / "rasa_cache"),
        "PYTHONWARNINGS": "ignore",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "PYTHONHASHSEED": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "rasa", *arguments],
        cwd=PROJECT_DIRECTORY, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
    )  # fmt: skip
    assert process.stdout is not None
    was_warning = False
    try:
        for line in process.stdout:
            after_warning, was_warning = was_warning, bool(_WARNING.search(line))
            if not (was_warning or after_warning or _PROGRESS_BAR.search(line) or not line.strip()):
                progress.line(_ANSI_COLOUR.sub("", line).strip())
        status = process.wait()
    finally:
        process.kill()
    if status != 0:
        raise PublishingError(f"Falló el paso «{progress.step.label}». Lo publicado antes sigue en servicio.")


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

    def start(self) -> None:
        with write_session() as session:
            self._row(session).state = PublicationState.RUNNING

    def enter(self, step: Step) -> None:
        self.step = step
        self.line(step.label)

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
            row.state, row.active, row.finished_at, row.release_id = state, None, now(), release_id
            row.percent = 100 if state is PublicationState.SUCCEEDED else row.percent

    def _row(self, session: Session) -> Publication:
        return session.get_one(Publication, self.publication_id)
