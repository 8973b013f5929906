"""A mail server that keeps what it is given, and drops one whose Message-ID it has, as receiving servers do."""

import email
import email.policy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.running_system import free_ports

ACCEPTED = "250 OK"


class MailSink:
    """Handler of an aiosmtpd server."""

    def __init__(self) -> None:
        self.port = 0
        self.arrived: list[EmailMessage] = []
        # What the server answers to a recipient or a message instead of taking it on, by a part of the address.
        self.refused: dict[str, str] = {}
        self.on_arrival: Callable[[], None] = lambda: None

    @property
    def delivered(self) -> list[EmailMessage]:
        """The first of each Message-ID, in the order in which they came."""
        return list({message["Message-ID"]: message for message in reversed(self.arrived)}.values())[::-1]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient on, or not."""
        for part, answer in self.refused.items():
            if part in address:
                return answer
        envelope.rcpt_tos.append(address)
        return ACCEPTED

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message."""
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.arrived.append(message)
        self.on_arrival()
        return ACCEPTED


@contextmanager
def running_sink() -> Iterator[MailSink]:
    """A sink that listens on a free port of this machine."""
    sink = MailSink()
    (sink.port,) = free_ports(1)
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def text_of(message: EmailMessage) -> str:
    """The text a person reads."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
