"""A model trained to be tried out: what is approved, with one version more. It never goes into service."""

import os
import shutil
import subprocess
import sys
import time
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from consultame.database import read_session
from consultame.settings import BOT_DIRECTORY, PROJECT_DIRECTORY, load_settings
from kb.bot_process import bot_environment
from kb.entries import approved_versions, version_by_id
from kb.models import EntryVersion
from kb.publishing import held_model_path, model_path
from kb.training_data import GENERATED_FOLDER, training_fingerprint, write_training_data

MODELS_KEPT = 3
LONGEST_TRAINING_SECONDS = 900
# Of the bot's folder what a training reads.
_SOURCES = ("config.yml", "domain.yml", "data")


class TrialState(StrEnum):
    """Whether a model can be tried: it is there, being trained, could not be trained, or nobody asked for it."""

    READY = "ready"
    PREPARING = "preparing"
    FAILED = "failed"
    MISSING = "missing"


def trial_versions(session: Session, version: EntryVersion) -> list[EntryVersion]:
    """What the next release would hold, by slug, if this version were approved."""
    others = {other.entry.slug: other for other in approved_versions(session)}
    return [kept for _, kept in sorted((others | {version.entry.slug: version}).items())]


def trial_fingerprint(session: Session, version: EntryVersion) -> str:
    """The fingerprint of the model that would be trained of it."""
    return training_fingerprint(trial_versions(session, version), BOT_DIRECTORY)


def trial_model_path(fingerprint: str) -> Path:
    """Where a model on trial lies, whether or not it exists."""
    return load_settings().models_directory / "trial" / f"{fingerprint}.tar.gz"


def trial_state(fingerprint: str) -> TrialState:
    """How it stands with the model of this fingerprint; one that is in service or held is ready as well."""
    if any(path(fingerprint).is_file() for path in (model_path, held_model_path, trial_model_path)):
        return TrialState.READY
    if _mark(fingerprint, "failed").exists():
        return TrialState.FAILED
    asked = _mark(fingerprint, "asked")
    if asked.exists() and time.time() - asked.stat().st_mtime < LONGEST_TRAINING_SECONDS:
        return TrialState.PREPARING
    return TrialState.MISSING


def ask_for_trial(fingerprint: str) -> bool:
    """Note that the model is to be trained; False when it is there or under way."""
    if trial_state(fingerprint) in (TrialState.READY, TrialState.PREPARING):
        return False
    mark = _mark(fingerprint, "asked")
    mark.parent.mkdir(parents=True, exist_ok=True)
    _mark(fingerprint, "failed").unlink(missing_ok=True)
    mark.touch()
    return True


def train_trial(version_id: int) -> None:
    """Train the model for this version and keep it beside the last few; the worker's job."""
    with read_session() as session:
        version = version_by_id(session, version_id)
        if version is None:
            return
        versions = trial_versions(session, version)
    fingerprint = training_fingerprint(versions, BOT_DIRECTORY)
    if trial_state(fingerprint) is TrialState.READY:
        return
    workplace = load_settings().data_directory / "trial"
    shutil.rmtree(workplace, ignore_errors=True)
    _copy_sources(workplace / "bot")
    write_training_data(versions, workplace / "bot")
    if _trained(workplace / "bot", workplace / "model.tar.gz"):
        (workplace / "model.tar.gz").replace(trial_model_path(fingerprint))
        _delete_old_models()
    else:
        _mark(fingerprint, "failed").touch()
    _mark(fingerprint, "asked").unlink(missing_ok=True)
    shutil.rmtree(workplace, ignore_errors=True)


def _copy_sources(target: Path) -> None:
    target.mkdir(parents=True)
    for name in _SOURCES:
        source = BOT_DIRECTORY / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns(GENERATED_FOLDER.name))
        else:
            shutil.copy(source, target / name)


def _trained(bot_directory: Path, archive: Path) -> bool:
    trial_model_path("").parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bot.trial_run", str(bot_directory), str(archive)]
    try:
        done = subprocess.run(
            command, cwd=PROJECT_DIRECTORY, env=os.environ | bot_environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=LONGEST_TRAINING_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0 and archive.is_file()


def _delete_old_models() -> None:
    models = sorted(trial_model_path("").parent.glob("*.tar.gz"), key=lambda path: -path.stat().st_mtime)
    for path in models[MODELS_KEPT:]:
        path.unlink(missing_ok=True)


def _mark(fingerprint: str, name: str) -> Path:
    return trial_model_path(fingerprint).with_name(f"{fingerprint}.{name}")
