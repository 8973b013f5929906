"""Commands that are timed and servers that are measured: started in groups of their own, never left behind."""

import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from bench.json_connection import JsonConnection
from bench.systems.system import SystemFailed
from consultame.processes import ProcessPlan, RunningProcess, stop_all

START_TIMEOUT_SECONDS = 300
POLL_SECONDS = 0.02
SERVER_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "PYTHONWARNINGS": "ignore",
    "PYTHONUNBUFFERED": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
}


def clean_environment(**extra: str) -> dict[str, str]:
    """The environment of whatever is started: nothing of the operator's own settings, quiet libraries."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CONSULTAME_")}
    return inherited | SERVER_ENVIRONMENT | extra


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_timed(name: str, command: list[str], environment: dict[str, str], logs: Path) -> float:
    """Run a command to its end; returns the seconds it took.

    Raises:
        SystemFailed: it ended with another status than 0; the message has the last line it wrote.
    """
    started = time.monotonic()
    process = RunningProcess(ProcessPlan(name, command, lambda: True), environment, logs)
    try:
        status = process.process.wait()
    finally:
        stop_all([process])
    if status != 0:
        raise SystemFailed(_ending(process, status))
    return time.monotonic() - started


class Server:
    """A server process that is waited for, measured and stopped."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], logs: Path) -> None:
        self._started = time.monotonic()
        self._process = RunningProcess(ProcessPlan(name, command, lambda: True), environment, logs)

    def wait_for(self, first_answer: Callable[[], object]) -> float:
        """Try until something is answered; returns the seconds since the process was started.

        Raises:
            SystemFailed: it ended, or gave no answer in time.
        """
        failure: Exception | None = None
        while time.monotonic() - self._started < START_TIMEOUT_SECONDS:
            if (status := self._process.process.poll()) is not None:
                raise SystemFailed(_ending(self._process, status))
            try:
                first_answer()
                return time.monotonic() - self._started
            except (OSError, SystemFailed) as error:
                failure = error
                time.sleep(POLL_SECONDS)
        raise SystemFailed(f"{self._process.plan.name} did not answer in {START_TIMEOUT_SECONDS} s ({failure})")

    def memory_bytes(self) -> int:
        """Resident memory of the process and its children."""
        root = psutil.Process(self._process.process.pid)
        total = 0
        for process in [root, *root.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                total += process.memory_info().rss
        return total

    def stop(self) -> None:
        """Stop the process and whatever it started."""
        stop_all([self._process])


def _ending(process: RunningProcess, status: int) -> str:
    """How a process ended, in one line with the last one it wrote."""
    lines = process.log_path.read_text(errors="replace").strip().splitlines()
    return f"{process.plan.name} ended with status {status}: {lines[-1].strip() if lines else 'no output'}"


def first_answer_of(port: int, path: str, body: dict[str, str]) -> Callable[[], object]:
    """A try for `Server.wait_for`: one request on a connection of its own."""

    def ask() -> object:
        connection = JsonConnection(port)
        try:
            return connection.post(path, body)
        finally:
            connection.close()

    return ask
