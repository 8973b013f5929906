"""The job queue. The worker consumes it; the other processes only put work into it."""

from pathlib import Path

from huey import SqliteHuey

from consultame.settings import load_settings


def _queue_file() -> Path:
    """Its folder is made here: the queue opens its file when it is imported, which may be before any installation."""
    folder = load_settings().data_directory
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "jobs.db"


queue = SqliteHuey("consultame", filename=str(_queue_file()), fsync=True)
