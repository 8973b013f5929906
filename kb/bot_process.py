"""The bot's part of a publication (bot/publishing_process.py): its output becomes steps and log lines."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import IO

from consultame.settings import BOT_DIRECTORY, PROJECT_DIRECTORY, STORY_TESTS
from kb.gate import STEP_MARK
from kb.publication_progress import STEPS, Progress
from kb.training_data import GENERATED_FOLDER

CANCEL_CHECK_SECONDS = 0.5
COMMAND = (sys.executable, "-m", "bot.publishing_process")

# What Rasa prints and nobody reads: progress bars, and warnings with the source line that follows each.
_PROGRESS_BAR = re.compile(r"\d+%\|| \d+it \[")
_WARNING = re.compile(r"\.py:\d+: \w*Warning")
_ANSI_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def bot_environment() -> dict[str, str]:
    """What a process of the bot needs beside the environment: no telemetry, a quiet log, the same outcome each time."""
    return {
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "PYTHONHASHSEED": "0",
        # The two models of a training share the cores already: more threads would only wait for one another.
        "OPENBLAS_NUM_THREADS": "1",
    }


def run_bot(progress: Progress, workplace: str) -> int:
    """Carry out the order in this folder, the output going to the log line by line; returns the exit status.

    Raises:
        PublicationCancelled, PublicationEnded: the publication is not to go on; the process is ended.
    """
    process = _waiting.take() or _start()
    assert process.stdin is not None
    assert process.stdout is not None
    # One that could not start is told by its status.
    with suppress(BrokenPipeError):
        process.stdin.write(f"{workplace}\n")
        process.stdin.flush()
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
        _end(process)


class _WaitingProcess:
    """A process started before there is an order for it: importing Rasa takes longer than training a small change."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None
        self._started_at = 0.0

    def keep(self) -> None:
        """Start one unless there is one."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._started_at, self._process = time.time(), _start()

    def take(self) -> "subprocess.Popen[str] | None":
        """The process, or None when there is none, or when what it has read has changed since it was started."""
        with self._lock:
            process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return None
        # By then it has imported the programs and read the files of the dialogue; the entries' questions come later.
        if any(path.stat().st_mtime >= self._started_at for path in _what_it_has_read()):
            _end(process)
            return None
        return process


def _what_it_has_read() -> list[Path]:
    generated = BOT_DIRECTORY / GENERATED_FOLDER
    files = [path for path in BOT_DIRECTORY.rglob("*") if path.suffix in {".py", ".yml"}]
    files += STORY_TESTS.rglob("*.yml")
    return [path for path in files if generated not in path.parents]


_waiting = _WaitingProcess()


def end_the_waiting_one() -> None:
    """End the process that waits for an order, if one does."""
    if process := _waiting.take():
        _end(process)


def keep_one_waiting() -> None:
    """Have the bot's process of the next publication started already; for a process that publishes now and then."""
    _waiting.keep()


def _end(process: "subprocess.Popen[str]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _start() -> "subprocess.Popen[str]":
    """The process, waiting for its order. It ends when this one does, however: its input is then at an end."""
    return subprocess.Popen(
        COMMAND,
        cwd=PROJECT_DIRECTORY, env=os.environ | bot_environment(), start_new_session=True, text=True, errors="replace",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


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
