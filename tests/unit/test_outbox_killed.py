"""A worker killed at any step of sending leaves a message that arrives once."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from consultame.database import read_session, write_session
from consultame.migration import migrate_database
from consultame.outbox import MessageState, OutgoingMessage, enqueue_email
from tests.mail_sink import MailSink, running_sink
from tests.running_system import environment_for

SEND = """
import os, signal, sys
from consultame import outbox_sending
from consultame.mail_server import MailServer

def end_at(moment, owner, step):
    original = getattr(owner, step)

    def killed(*given):
        if moment == "after":
            original(*given)
        # As a machine ends that loses its power.
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, step, killed)

if len(sys.argv) > 1:
    moment, owner, step = sys.argv[1:]
    end_at(moment, {"sending": outbox_sending, "server": MailServer}[owner], step)
outbox_sending.send_due()
"""

STEPS = [
    ("before", "server", "__enter__", 0),
    ("before", "sending", "claim", 0),
    ("after", "sending", "claim", 0),
    ("before", "server", "deliver", 0),
    ("after", "server", "deliver", 1),
    ("before", "sending", "record_sent", 1),
    ("after", "sending", "record_sent", 1),
]


def sender(data_directory: Path, sink: MailSink, *arguments: str) -> subprocess.Popen[bytes]:
    """A process that sends what is due; with a moment, an owner and a step it is killed there."""
    environment = environment_for(
        data_directory,
        CONSULTAME_SMTP_HOST="127.0.0.1",
        CONSULTAME_SMTP_PORT=str(sink.port),
        CONSULTAME_SMTP_STARTTLS="false",
    )
    return subprocess.Popen([sys.executable, "-c", SEND, *arguments], env=environment)


def enqueue_one() -> None:
    migrate_database()
    with write_session() as session:
        enqueue_email(session, dedupe_key="answer:1:1", to="ana@correo.co", subject="Su respuesta", text="Sí.")


def let_the_claim_run_out() -> None:
    with write_session() as session:
        for message in session.scalars(select(OutgoingMessage)):
            message.next_attempt_at -= timedelta(minutes=16)


@pytest.mark.parametrize(("moment", "owner", "step", "arrived_before"), STEPS)
def test_a_sender_killed_at_a_step_leaves_a_message_that_arrives_once(
    moment: str, owner: str, step: str, arrived_before: int, data_directory: Path
) -> None:
    enqueue_one()
    with running_sink() as sink:
        assert sender(data_directory, sink, moment, owner, step).wait(timeout=120) == -signal.SIGKILL
        assert len(sink.arrived) == arrived_before
        let_the_claim_run_out()
        assert sender(data_directory, sink).wait(timeout=120) == 0
        assert len(sink.delivered) == 1
    with read_session() as session:
        assert session.scalars(select(OutgoingMessage)).one().state is MessageState.SENT


def test_a_sender_killed_while_the_server_takes_the_message_on_sends_it_again_and_one_is_dropped(
    data_directory: Path,
) -> None:
    enqueue_one()
    with running_sink() as sink:
        process = sender(data_directory, sink)
        sink.on_arrival = lambda: os.kill(process.pid, signal.SIGKILL)
        assert process.wait(timeout=120) == -signal.SIGKILL
        sink.on_arrival = lambda: None
        let_the_claim_run_out()
        assert sender(data_directory, sink).wait(timeout=120) == 0
        assert (len(sink.arrived), len(sink.delivered)) == (2, 1)
