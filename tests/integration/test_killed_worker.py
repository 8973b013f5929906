"""The worker killed while it publishes: what was live stays live, whole, and the next publication is not held up."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import kb.bot_process
import kb.publishing
from consultame.database import read_session, write_session
from kb.models import Publication, PublicationState, Release
from kb.publication_progress import STEPS
from kb.publishing import INTERRUPTED_TEXT, model_path, publication_by_id, request_publication, run_publication
from kb.releases import live_release
from tests.running_system import environment_for
from tests.unit.admin_site import ENTRY, approved_entry

pytestmark = pytest.mark.usefixtures("sqlite_database")

STAND_IN = (sys.executable, "-m", "tests.integration.stand_in_bot")
WORKER = (sys.executable, "-m", "huey.bin.huey_consumer", "tests.integration.dying_worker.queue", "--workers", "2")
BEFORE_COMMIT, AFTER_COMMIT, NEVER = "before the commit", "after the commit", "never"


@pytest.fixture
def live(data_directory: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    """A live release with its model, and an entry approved since."""
    monkeypatch.setattr(kb.bot_process, "COMMAND", STAND_IN)
    monkeypatch.setattr(kb.publishing, "write_training_data", lambda versions, folder: folder)
    approved_entry("estufas")
    published()
    approved_entry("medidores", replace(ENTRY, title="Medidores"))
    return the_live_release()


def published() -> Publication:
    with write_session() as session:
        number = request_publication(session, by=None).id
    run_publication(number)
    return stored(number)


def stored(number: int) -> Publication:
    with read_session() as session:
        publication = publication_by_id(session, number)
    assert publication is not None
    return publication


def the_live_release() -> Release:
    with read_session() as session:
        release = live_release(session)
    assert release is not None
    return release


def slugs(release: Release) -> set[str]:
    return {version.entry.slug for version in release.versions}


def start_worker(data_directory: Path, dies_at: str) -> "subprocess.Popen[bytes]":
    """A worker that takes up what waits."""
    return subprocess.Popen(WORKER, env=environment_for(data_directory, DIES_AT=dies_at), start_new_session=True)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


def killed_at(data_directory: Path, point: str) -> int:
    """A publication whose worker was killed at this point; returns its number."""
    with write_session() as session:
        number = request_publication(session, by=None).id
    assert start_worker(data_directory, point).wait(timeout=60) == -signal.SIGKILL
    return number


def restart_worker_until_ended(data_directory: Path, number: int) -> Publication:
    worker = start_worker(data_directory, NEVER)
    try:
        wait_until(lambda: stored(number).active is None)
    finally:
        worker.terminate()
        worker.wait(timeout=30)
    return stored(number)


@pytest.mark.parametrize("point", [*(step.name for step in STEPS), BEFORE_COMMIT])
def test_killed_before_the_release_is_live_the_former_one_stays(
    point: str, live: Release, data_directory: Path
) -> None:
    model = model_path(live.model_fingerprint)
    before = model.read_bytes()
    number = killed_at(data_directory, point)
    assert the_live_release().id == live.id
    assert model.read_bytes() == before
    publication = restart_worker_until_ended(data_directory, number)
    assert (publication.state, publication.release_id) == (PublicationState.FAILED, None)
    assert publication.log.endswith(INTERRUPTED_TEXT + "\n")
    assert (the_live_release().id, slugs(the_live_release())) == (live.id, {"estufas"})
    assert published().state is PublicationState.SUCCEEDED
    assert slugs(the_live_release()) == {"estufas", "medidores"}


def test_killed_after_the_release_is_live_the_publication_has_succeeded(live: Release, data_directory: Path) -> None:
    number = killed_at(data_directory, AFTER_COMMIT)
    release = the_live_release()
    assert release.id != live.id
    assert model_path(release.model_fingerprint).exists()
    publication = restart_worker_until_ended(data_directory, number)
    assert (publication.state, publication.release_id) == (PublicationState.SUCCEEDED, release.id)
    assert slugs(release) == {"estufas", "medidores"}
