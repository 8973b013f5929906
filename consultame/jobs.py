"""The job queue. The worker consumes it; the other processes only put work into it."""

from huey import SqliteHuey

from consultame.settings import load_settings

queue = SqliteHuey("consultame", filename=str(load_settings().data_directory / "jobs.db"), fsync=True)
