"""The whole system, started as a user starts it, for tests that talk to it over HTTP or in a browser."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

READY_LINE = "Ctrl-C stops everything."
COMMAND = [sys.executable, "-m", "consultame"]


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on at this moment."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in sockets]
    finally:
        for probe in sockets:
            probe.close()


def environment_for(data_directory: Path, **extra: str) -> dict[str, str]:
    """The environment of a process that works in this data directory."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CONSULTAME_")}
    return inherited | {"CONSULTAME_DATA_DIRECTORY": str(data_directory), "COLUMNS": "200"} | extra


def run_command(data_directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `consultame` with these arguments to its end."""
    return subprocess.run(
        [*COMMAND, *arguments], env=environment_for(data_directory), capture_output=True, text=True, timeout=1500
    )


class RunningSystem:
    """`consultame up` in a data directory of its own, on free ports."""

    def __init__(self, data_directory: Path, **settings: str) -> None:
        self.data_directory = data_directory
        admin, rasa, actions = free_ports(3)
        self.ports = (admin, rasa, actions)
        self.citizen_page = f"http://127.0.0.1:{admin}/"
        self.staff_screens = f"http://127.0.0.1:{admin}/personal/"
        self.web_channel = f"http://127.0.0.1:{rasa}/webhooks/web"
        self.rasa = f"http://127.0.0.1:{rasa}"
        self.admin = f"http://127.0.0.1:{admin}"
        self.output_path = data_directory / "up.log"
        with self.output_path.open("w") as output:
            self.process = subprocess.Popen(
                [*COMMAND, "up"],
                env=environment_for(
                    data_directory,
                    CONSULTAME_ADMIN_PORT=str(admin),
                    CONSULTAME_RASA_PORT=str(rasa),
                    CONSULTAME_ACTIONS_PORT=str(actions),
                    CONSULTAME_MODEL_POLL_SECONDS="1",
                    **settings,
                ),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @classmethod
    def started_from(cls, trained_directory: Path, data_directory: Path, **settings: str) -> "RunningSystem":
        """Start with a copy of a data directory that holds a trained model, and wait until all answers."""
        shutil.copytree(trained_directory, data_directory)
        system = cls(data_directory, **settings)
        system.wait_until_ready()
        return system

    def output(self) -> str:
        return self.output_path.read_text()

    def wait_until_ready(self, timeout_seconds: float = 240) -> None:
        deadline = time.monotonic() + timeout_seconds
        while READY_LINE not in self.output():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(f"the system did not start:\n{self.output()}")
            time.sleep(0.2)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send the signal to the process itself and wait; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=60)
