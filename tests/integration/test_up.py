"""`consultame up` starts everything, trains nothing twice, and leaves nothing behind."""

import signal
import socket
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.running_system import COMMAND, RunningSystem, environment_for


def _processes_in(data_directory: Path) -> list[str]:
    """The processes whose environment names this data directory."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("CONSULTAME_DATA_DIRECTORY") == str(data_directory):
                found.append(" ".join(process.cmdline()))
        except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_start_with_a_model_trains_nothing_and_a_stop_leaves_no_process(
    number: signal.Signals, trained_directory: Path, tmp_path: Path
) -> None:
    system = RunningSystem.started_from(trained_directory, tmp_path / "var")
    output = system.output()
    assert "Model up to date." in output
    assert "Training" not in output
    for word in ("admin answers.", "actions answers.", "worker answers.", "rasa answers.", "Citizen page"):
        assert word in output
    assert "curadora@consultame.example" in output
    assert len(_processes_in(tmp_path / "var")) >= 5
    assert system.stop(number) == 0
    assert _processes_in(tmp_path / "var") == []
    for port in system.ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))


def test_children_die_with_a_parent_that_is_killed(trained_directory: Path, tmp_path: Path) -> None:
    system = RunningSystem.started_from(trained_directory, tmp_path / "var")
    system.stop(signal.SIGKILL)
    processes = [process for process in psutil.process_iter() if _is_child(process, tmp_path)]
    assert processes
    # Usually they are gone within three seconds; with much other work beside it one took more than twenty.
    deadline = time.monotonic() + 60
    while any(_runs(process) for process in processes) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [process for process in processes if _runs(process)] == []


def _runs(process: psutil.Process) -> bool:
    """Whether it has not ended; one that has is listed until its new parent has asked how."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _is_child(process: psutil.Process, tmp_path: Path) -> bool:
    try:
        return process.environ().get("CONSULTAME_DATA_DIRECTORY") == str(tmp_path / "var")
    except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
        return False


def test_a_port_that_is_taken_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*COMMAND, "up"],
            env=environment_for(tmp_path / "var", CONSULTAME_RASA_PORT=str(port)),
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 1
    assert f"port {port} on 127.0.0.1 cannot be used" in done.stderr
    assert "CONSULTAME_RASA_PORT" in done.stderr
    assert "Traceback" not in done.stderr
