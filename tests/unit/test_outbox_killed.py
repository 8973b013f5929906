"""A worker killed at any step of sending leaves a message that arrives once."""

import os
import signal
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import select

from consultame.database import read_session, write_session
from consultame.migration import migrate_database
from consultame.outbox import MessageState, OutgoingMessage, enqueue_email
from tests.killed_sender import let_the_claim_run_out, sender
from tests.mail_sink import MailSink, running_sink

SENDING = "consultame.outbox_sending"
SERVER = "consultame.mail_server:MailServer"
STEPS = [
    ("before", SERVER, "__enter__", 0),
    ("before", SENDING, "claim", 0),
    ("after", SENDING, "claim", 0),
    ("before", SERVER, "deliver", 0),
    ("after", SERVER, "deliver", 1),
    ("before", SENDING, "record_sent", 1),
    ("after", SENDING, "record_sent", 1),
]


def sending(data_directory: Path, sink: MailSink, *killed_at: str) -> subprocess.Popen[bytes]:
    """A process that sends what is due to the sink."""
    settings = {
        "CONSULTAME_SMTP_HOST": "127.0.0.1",
        "CONSULTAME_SMTP_PORT": str(sink.port),
        "CONSULTAME_SMTP_STARTTLS": "false",
    }
    return sender(data_directory, settings, (SENDING, "send_due"), *killed_at)


def enqueue_one() -> None:
    migrate_database()
    with write_session() as session:
        enqueue_email(session, dedupe_key="answer:1:1", to="ana@correo.co", subject="Su respuesta", text="Sí.")


@pytest.mark.parametrize(("moment", "owner", "step", "arrived_before"), STEPS)
def test_a_sender_killed_at_a_step_leaves_a_message_that_arrives_once(
    moment: str, owner: str, step: str, arrived_before: int, data_directory: Path
) -> None:
    enqueue_one()
    with running_sink() as sink:
        assert sending(data_directory, sink, moment, owner, step).wait(timeout=120) == -signal.SIGKILL
        assert len(sink.arrived) == arrived_before
        let_the_claim_run_out()
        assert sending(data_directory, sink).wait(timeout=120) == 0
        assert len(sink.delivered) == 1
    with read_session() as session:
        assert session.scalars(select(OutgoingMessage)).one().state is MessageState.SENT


def test_a_sender_killed_while_the_server_takes_the_message_on_sends_it_again_and_one_is_dropped(
    data_directory: Path,
) -> None:
    enqueue_one()
    with running_sink() as sink:
        process = sending(data_directory, sink)
        sink.on_arrival = lambda: os.kill(process.pid, signal.SIGKILL)
        assert process.wait(timeout=120) == -signal.SIGKILL
        sink.on_arrival = lambda: None
        let_the_claim_run_out()
        assert sending(data_directory, sink).wait(timeout=120) == 0
        assert (len(sink.arrived), len(sink.delivered)) == (2, 1)
