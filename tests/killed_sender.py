"""A process that sends what is due in the outbox, killed at a step where one is named."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from consultame.database import write_session
from consultame.outbox import OutgoingMessage
from tests.running_system import environment_for

_SEND = """
import os, signal, sys
from importlib import import_module

def end_at(moment, owner, step):
    original = getattr(owner, step)

    def killed(*given):
        if moment == "after":
            original(*given)
        # As a machine ends that loses its power.
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, step, killed)

module, send, *killed_at = sys.argv[1:]
if killed_at:
    moment, owner, step = killed_at
    module_of_owner, _, name = owner.partition(":")
    owner = import_module(module_of_owner)
    end_at(moment, getattr(owner, name) if name else owner, step)
getattr(import_module(module), send)()
"""


def sender(
    data_directory: Path, settings: dict[str, str], send: tuple[str, str], *killed_at: str
) -> subprocess.Popen[bytes]:
    """Runs `send` (module, function); killed before or after a step of an owner (`module` or `module:Class`)."""
    environment = environment_for(data_directory, **settings)
    return subprocess.Popen([sys.executable, "-c", _SEND, *send, *killed_at], env=environment)


def let_the_claim_run_out() -> None:
    """As if the worker that took the messages had been silent for a quarter of an hour."""
    with write_session() as session:
        for message in session.scalars(select(OutgoingMessage)):
            message.next_attempt_at -= timedelta(minutes=16)
