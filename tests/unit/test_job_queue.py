"""The job queue's file."""

import os
import subprocess
import sys
from pathlib import Path


def test_the_queue_opens_where_nothing_was_installed_yet(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    environment = {**os.environ, "CONSULTAME_DATA_DIRECTORY": str(folder)}
    subprocess.run([sys.executable, "-c", "import consultame.jobs"], env=environment, check=True)
    assert (folder / "jobs.db").exists()
