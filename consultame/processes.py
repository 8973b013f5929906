"""The processes of one machine: start them, wait until each answers, stop them without leaving any behind."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import httpx

from consultame.settings import PROJECT_DIRECTORY, Settings

STOP_GRACE_SECONDS = 10
POLL_SECONDS = 0.2
_PR_SET_PDEATHSIG = 1


class ProcessError(Exception):
    """A process cannot start, does not answer or has ended; the message is one line for the operator."""


class StopRequested(Exception):
    """Somebody asked this process to stop (Ctrl-C, SIGTERM, or its terminal is gone)."""


@dataclass(frozen=True)
class ProcessPlan:
    """What to start and how to know that it answers."""

    name: str
    command: list[str]
    answers: Callable[[], bool]


class RunningProcess:
    """A started process in a group of its own, its output in a log file."""

    def __init__(self, plan: ProcessPlan, environment: dict[str, str], log_directory: Path) -> None:
        self.plan = plan
        log_directory.mkdir(parents=True, exist_ok=True)
        self.log_path = log_directory / f"{plan.name}.log"
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(
                plan.command, cwd=PROJECT_DIRECTORY, env=environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=_die_with_parent,
            )  # fmt: skip

    def check_alive(self) -> None:
        """Raise ProcessError when the process has ended, with the last line it wrote."""
        status = self.process.poll()
        if status is not None:
            lines = self.log_path.read_text(errors="replace").strip().splitlines()
            last = f": {lines[-1].strip()}" if lines else ""
            raise ProcessError(f"{self.plan.name} ended with status {status}{last} (log: {self.log_path})")

    def wait_until_it_answers(self, timeout_seconds: float) -> None:
        """Wait for the first answer.

        Raises:
            ProcessError: it ended, or was silent for the whole time.
        """
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            self.check_alive()
            if self.plan.answers():
                return
            time.sleep(POLL_SECONDS)
        raise ProcessError(f"{self.plan.name} did not answer in {timeout_seconds:.0f} s (log: {self.log_path})")

    def ask_to_stop(self) -> None:
        self._signal(signal.SIGTERM)

    def make_sure_it_stopped(self, deadline: float) -> None:
        """Wait until the deadline (monotonic clock), then kill the whole group."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        self._signal(signal.SIGKILL)
        self.process.wait()

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


def _die_with_parent() -> None:
    # Runs in the child before exec: a parent that is killed outright must not leave its children behind (Linux only).
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def stop_signals_as_exception() -> Iterator[None]:
    """Within the block Ctrl-C, SIGTERM and SIGHUP raise StopRequested, once; later ones are ignored while stopping."""

    def stop(number: int, frame: FrameType | None) -> None:
        for other in signals:
            signal.signal(other, signal.SIG_IGN)
        raise StopRequested

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    former = {number: signal.signal(number, stop) for number in signals}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def stop_all(running: list[RunningProcess]) -> None:
    """Ask all to stop, the last started first; kill what has not stopped in ten seconds."""
    for process in reversed(running):
        process.ask_to_stop()
    deadline = time.monotonic() + STOP_GRACE_SECONDS
    for process in reversed(running):
        process.make_sure_it_stopped(deadline)


def check_ports_are_free(settings: Settings) -> None:
    """Raise ProcessError when one of the three ports is taken."""
    for variable in ("admin_port", "rasa_port", "actions_port"):
        port = getattr(settings, variable)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.host, port))
            except OSError as error:
                raise ProcessError(
                    f"port {port} on {settings.host} cannot be used ({error.strerror}); "
                    f"set CONSULTAME_{variable.upper()} to another one"
                ) from None


def process_environment(settings: Settings) -> dict[str, str]:
    """The environment of every child: what endpoints.yml names, Rasa's telemetry off, quiet libraries."""
    return os.environ | {
        "CONSULTAME_ACTIONS_URL": settings.actions_url,
        "CONSULTAME_MODEL_SERVER_URL": f"{settings.admin_url}/models/active",
        "CONSULTAME_MODEL_SERVER_TOKEN": settings.secret("model-server"),
        "CONSULTAME_MODEL_POLL_SECONDS": str(settings.model_poll_seconds),
        "CONSULTAME_DATABASE_URL": settings.database_url,
        "CONSULTAME_DATA_DIRECTORY": str(settings.data_directory),
        "RASA_TELEMETRY_ENABLED": "false",
        "SANIC_REQUEST_MAX_SIZE": "65536",
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
    }


def process_plans(settings: Settings, *, worker_answers: Callable[[], bool], model: str) -> list[ProcessPlan]:
    """The four processes in the order of their start; Rasa answers once it has loaded the model of this fingerprint."""
    python = sys.executable
    host, rasa_url = settings.host, f"http://{settings.host}:{settings.rasa_port}"
    origins = settings.allowed_chat_origins
    return [
        ProcessPlan(
            "admin",
            [python, "-m", "uvicorn", "--factory", "admin.application:create_app", "--host", host,
             "--port", str(settings.admin_port), "--ws", "none", "--no-access-log", "--no-server-header"],
            lambda: _get(f"{settings.admin_url}/salud") is not None,
        ),
        ProcessPlan(
            "actions",
            # rasa-sdk takes the address to listen on from the environment only.
            ["env", f"SANIC_HOST={host}",
             python, "-m", "rasa_sdk", "--actions", "bot.actions", "--port", str(settings.actions_port)],
            lambda: _get(f"http://{host}:{settings.actions_port}/health") is not None,
        ),
        ProcessPlan(
            "worker",
            [python, "-m", "huey.bin.huey_consumer", "consultame.worker.queue", "--workers", "2", "--quiet",
             # A killed worker leaves its locks behind, and what they guard would never run again. There is one worker.
             "--flush-locks"],
            worker_answers,
        ),
        ProcessPlan(
            "rasa",
            [python, "-m", "rasa", "run", "--interface", host, "--port", str(settings.rasa_port),
             "--endpoints", "bot/endpoints.yml", "--credentials", "bot/credentials.yml", "--cors", *origins],
            lambda: (_get(f"{rasa_url}/webhooks/web/status") or {}).get("model") == model,
        ),
    ]  # fmt: skip


def _get(url: str) -> dict[str, str] | None:
    """The JSON object behind a URL when it answers 200, else None."""
    try:
        answer = httpx.get(url, timeout=2, trust_env=False)
        body = answer.json() if answer.status_code == httpx.codes.OK else None
    except (httpx.HTTPError, ValueError):
        return None
    return body if isinstance(body, dict) else None
