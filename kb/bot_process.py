"""The bot's part of a publication (bot/publishing_run.py) as a process: its output becomes steps and log lines."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO

from consultame.settings import PROJECT_DIRECTORY
from kb.gate import STEP_MARK
from kb.publication_progress import STEPS, Progress

CANCEL_CHECK_SECONDS = 0.5

# What Rasa prints and nobody reads: progress bars, and warnings with the source line that follows each.
_PROGRESS_BAR = re.compile(r"\d+%\|| \d+it \[")
_WARNING = re.compile(r"\.py:\d+: \w*Warning")
_ANSI_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def run_bot(progress: Progress, workplace: str) -> int:
    """Carry out the order in this folder, the output going to the log line by line; returns the exit status.

    Raises:
        PublicationCancelled: somebody cancelled the publication meanwhile; the process is ended.
    """
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
        return process.wait()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _lines_until_cancelled(output: IO[str], progress: Progress) -> Iterator[str]:
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
