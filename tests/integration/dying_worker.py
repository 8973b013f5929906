"""The worker's publishing with a stand-in for the bot, killed (SIGKILL) at the point that the environment names.

A publication's steps are such points; two more lie in the last one: before and after the transaction that makes the
release live is committed.
"""

import os
import signal
import sys
from typing import Any

from sqlalchemy.orm import Session

import kb.bot_process
import kb.publishing
from kb.models import Release
from kb.publication_progress import Progress, Step
from kb.publishing_job import queue
from kb.releases import promote

__all__ = ["queue"]

BEFORE_COMMIT, AFTER_COMMIT = "before the commit", "after the commit"
_POINT = os.environ["DIES_AT"]


def _die_at(point: str) -> None:
    if point == _POINT:
        os.kill(os.getpid(), signal.SIGKILL)


class DyingProgress(Progress):
    """Dies on entering the step."""

    def enter(self, step: Step) -> None:
        super().enter(step)
        _die_at(step.name)


def _promote(session: Session, release: Release) -> None:
    promote(session, release)
    _die_at(BEFORE_COMMIT)


def _delete_old_models(**_: Any) -> None:
    _die_at(AFTER_COMMIT)


kb.bot_process.COMMAND = (sys.executable, "-m", "tests.integration.stand_in_bot")
kb.publishing.Progress = DyingProgress  # type: ignore[misc]
kb.publishing.promote = _promote  # type: ignore[attr-defined]
kb.publishing._delete_old_models = _delete_old_models
kb.publishing.write_training_data = lambda versions, folder: folder  # type: ignore[attr-defined]
