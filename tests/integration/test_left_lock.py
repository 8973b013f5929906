"""A lock that a killed worker left: the job it guards runs again once a worker is there."""

import subprocess
import time
from pathlib import Path

import pytest
from huey import SqliteHuey

from consultame.processes import process_plans
from consultame.settings import load_settings
from tests.running_system import environment_for


@pytest.mark.usefixtures("sqlite_database")
def test_a_worker_that_starts_removes_the_locks_of_one_that_was_killed(data_directory: Path) -> None:
    lock = SqliteHuey("consultame", filename=str(data_directory / "jobs.db")).lock_task("sort-questions")
    lock.acquire()
    plans = process_plans(load_settings(), worker_answers=lambda: True, model="")
    command = next(plan.command for plan in plans if plan.name == "worker")
    worker = subprocess.Popen(command, env=environment_for(data_directory), start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while lock.is_locked():
            assert time.monotonic() < deadline, "the lock stayed"
            time.sleep(0.1)
    finally:
        worker.terminate()
        worker.wait(timeout=30)
