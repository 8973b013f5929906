"""The bot's process of a publication, started by somebody who dies or who keeps one waiting."""

import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from kb import bot_process
from kb.bot_process import _end, _WaitingProcess

STAND_IN = (sys.executable, "-m", "tests.integration.stand_in_bot")


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[_WaitingProcess]:
    monkeypatch.setattr(bot_process, "COMMAND", STAND_IN)
    waiting = _WaitingProcess()
    yield waiting
    if process := waiting.take():
        _end(process)


def test_one_process_is_kept_waiting_and_given_away_once(waiting: _WaitingProcess) -> None:
    assert waiting.take() is None
    waiting.keep()
    waiting.keep()
    process = waiting.take()
    assert process is not None
    assert process.poll() is None
    assert waiting.take() is None
    _end(process)


def test_a_process_older_than_the_programs_is_not_used(waiting: _WaitingProcess) -> None:
    waiting.keep()
    waiting._started_at = 0.0
    assert waiting.take() is None


def test_the_process_ends_with_the_one_that_started_it() -> None:
    """The real one, while it still imports Rasa."""
    starter = "import time; from kb.bot_process import _start; print(_start().pid, flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        process = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    gone, _ = psutil.wait_procs([process], timeout=30)
    assert gone


def test_the_process_ends_in_the_midst_of_its_work(data_directory: object) -> None:
    """The real thread that watches the input, beside work that would take for ever."""
    working = (
        "import time; from bot.publishing_process import order_from_input; order_from_input()\n"
        "print('at work', flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", working]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        while process.stdout.readline().strip() != "at work":
            pass
        assert process.poll() is None
        process.stdin.close()
        started = time.monotonic()
        while process.poll() is None and time.monotonic() - started < 60:
            time.sleep(0.05)
        assert process.poll() == 1
