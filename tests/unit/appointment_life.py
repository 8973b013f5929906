"""A process that books an appointment and sends what is due, and can be killed at any step; driven by a test.

Each line of its input names a data directory, the moment it is and the step at which the process ends (0: at none).
A child lives that life; the answer is the child's exit code and how many steps it came through.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from typing import Any

from consultame import outbox_sending
from consultame.database import write_session
from consultame.mail_server import MailServer
from desk.appointments.booking import book
from desk.appointments.holding import hold_slot
from tests.unit.agenda import FIRST, NOW, REQUEST

_steps = 0
_last = 0


def _step() -> None:
    global _steps
    _steps += 1
    if _steps == _last:
        # As a machine ends that loses its power.
        os.kill(os.getpid(), signal.SIGKILL)


def _with_steps(function: Callable[..., Any]) -> Callable[..., Any]:
    def stepped(*arguments: Any) -> Any:
        _step()
        result = function(*arguments)
        _step()
        return result

    return stepped


def live(moment: datetime) -> None:
    """Hold, book and send; each step may be the last one."""
    with write_session() as session:
        hold_slot(session, starts_at=FIRST, segment=REQUEST.segment, language="es", holder="web-1", now=NOW)
        _step()
    _step()
    with write_session() as session:
        book(session, starts_at=FIRST, holder="web-1", request=REQUEST, now=NOW)
        _step()
    _step()
    outbox_sending.now = lambda: moment
    outbox_sending.claim = _with_steps(outbox_sending.claim)
    outbox_sending.record_sent = _with_steps(outbox_sending.record_sent)
    MailServer.deliver = _with_steps(MailServer.deliver)  # type: ignore[method-assign]
    outbox_sending.send_due()


def live_in_a_child(directory: str, moment: str, last: int) -> tuple[int, int]:
    """The exit code of a process that lives so, and its steps."""
    global _last
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.environ["CONSULTAME_DATA_DIRECTORY"], _last = directory, last
        try:
            live(datetime.fromisoformat(moment))
            os.write(writing, str(_steps).encode())
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(writing)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with os.fdopen(reading) as told:
        return status, int(told.read() or 0)


if __name__ == "__main__":
    for line in sys.stdin:
        directory, moment, last = line.rstrip("\n").split("\t")
        print(*live_in_a_child(directory, moment, int(last)), flush=True)  # noqa: T201
