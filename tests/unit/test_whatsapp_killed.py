"""A worker killed at any step of sending by WhatsApp never sends a message twice, and leaves word of it."""

import os
import signal
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import select

from consultame.database import read_session, write_session
from consultame.migration import migrate_database
from consultame.outbox import MessageState, OutgoingMessage
from consultame.outbox_whatsapp import enqueue_whatsapp
from consultame.whatsapp_template import Template, TemplateKind
from tests.killed_sender import let_the_claim_run_out, sender
from tests.whatsapp_server import WhatsAppServer, running_whatsapp

SENDING = "consultame.outbox_whatsapp_sending"
API = "consultame.whatsapp_api:WhatsAppApi"

# Where it is killed, how many messages had arrived by then, how many arrive in the end, and how the message ends.
STEPS = [
    ("before", SENDING, "claim", 0, 1, MessageState.SENT),
    ("after", SENDING, "claim", 0, 0, MessageState.UNKNOWN),
    ("before", API, "deliver", 0, 0, MessageState.UNKNOWN),
    ("after", API, "deliver", 1, 1, MessageState.UNKNOWN),
    ("before", SENDING, "record_sent", 1, 1, MessageState.UNKNOWN),
    ("after", SENDING, "record_sent", 1, 1, MessageState.SENT),
]


def sending(data_directory: Path, server: WhatsAppServer, *killed_at: str) -> subprocess.Popen[bytes]:
    """A process that sends what is due to the server."""
    return sender(data_directory, server.environment, (SENDING, "send_due_whatsapp"), *killed_at)


def enqueue_one() -> None:
    migrate_database()
    template = Template(TemplateKind.HOUR_BEFORE, "en", ("Ana", "2:05 pm"), ("token/confirmar", "token"))
    with write_session() as session:
        enqueue_whatsapp(session, dedupe_key="appointment:1:0:reminder", to="3001234567", template=template)


def state_in_the_end() -> MessageState:
    with read_session() as session:
        return session.scalars(select(OutgoingMessage)).one().state


@pytest.mark.parametrize(("moment", "owner", "step", "before", "in_the_end", "state"), STEPS)
def test_a_sender_killed_at_a_step_leaves_a_message_that_arrives_once_at_most(
    moment: str, owner: str, step: str, before: int, in_the_end: int, state: MessageState, data_directory: Path
) -> None:
    enqueue_one()
    with running_whatsapp() as server:
        assert sending(data_directory, server, moment, owner, step).wait(timeout=120) == -signal.SIGKILL
        assert len(server.arrived) == before
        let_the_claim_run_out()
        for _ in range(2):
            assert sending(data_directory, server).wait(timeout=120) == 0
        assert len(server.arrived) == in_the_end
    assert state_in_the_end() is state


def test_a_sender_killed_while_the_api_takes_the_message_on_does_not_send_it_again(data_directory: Path) -> None:
    enqueue_one()
    with running_whatsapp() as server:
        process = sending(data_directory, server)
        server.on_arrival = lambda: os.kill(process.pid, signal.SIGKILL)
        assert process.wait(timeout=120) == -signal.SIGKILL
        server.on_arrival = lambda: None
        let_the_claim_run_out()
        assert sending(data_directory, server).wait(timeout=120) == 0
        assert len(server.arrived) == 1
    assert state_in_the_end() is MessageState.UNKNOWN
