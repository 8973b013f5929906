"""The mail server that the settings name, and what it answers to a message.

`smtplib` of the standard library: the worker's threads send one message after the other, so an asynchronous client
would bring nothing.
"""

import smtplib
import ssl
from contextlib import suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from types import TracebackType

from consultame.database import now
from consultame.outbox import Attachment, OutgoingMessage
from consultame.settings import Settings

TIMEOUT_SECONDS = 30
# Submission with TLS from the first byte (RFC 8314); any other port begins in clear.
TLS_PORT = 465
_PERMANENT = 500
# The server closes the connection (RFC 5321, 3.8).
_CLOSING = 421


class ServerUnusable(Exception):
    """The server cannot be reached, refuses to serve or broke off; no message is at fault. One line, not personal."""


class NotAccepted(Exception):
    """The server refused this message, for good or for now. One line, nothing personal."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class MailServer:
    """A connection to the server, open within a `with` block.

    Raises, on entering:
        ServerUnusable: it cannot be reached, offers no TLS where it must, or does not accept the account.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> "MailServer":
        try:
            self._connection = self._connected()
        except (OSError, smtplib.SMTPException, ValueError) as fault:
            raise ServerUnusable(_kind_of(fault)) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is None:
            return
        with suppress(OSError, smtplib.SMTPException):
            self._connection.quit()
        self._connection.close()

    def deliver(self, message: OutgoingMessage) -> None:
        """Hand the message over; when it returns, the server has taken it on.

        Raises:
            NotAccepted: it refused this message.
            ServerUnusable: the connection broke; the server may have taken the message on all the same.
        """
        assert self._connection is not None
        try:
            email = email_of(message, self._settings)
        except (ValueError, MessageError) as fault:
            raise NotAccepted(f"no e-mail can be made of it: {type(fault).__name__}", permanent=True) from None
        try:
            self._connection.send_message(email, to_addrs=[message.recipient])
        except smtplib.SMTPRecipientsRefused as refused:
            code = next((code for code, _ in refused.recipients.values()), _PERMANENT)
            raise _refusal(f"recipient refused ({code})", code) from None
        except smtplib.SMTPNotSupportedError:
            raise NotAccepted("the server takes no such address", permanent=True) from None
        except smtplib.SMTPResponseException as refused:
            raise _refusal(_kind_of(refused), refused.smtp_code) from None
        except (OSError, smtplib.SMTPException) as fault:
            raise ServerUnusable(_kind_of(fault)) from None

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        address = (settings.smtp_host, settings.smtp_port)
        if settings.smtp_port == TLS_PORT:
            context = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(*address, timeout=TIMEOUT_SECONDS, context=context)
        else:
            connection = smtplib.SMTP(*address, timeout=TIMEOUT_SECONDS)
        try:
            if settings.smtp_starttls and settings.smtp_port != TLS_PORT:
                connection.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
                connection.login(settings.smtp_user, password)
        except BaseException:
            connection.close()
            raise
        return connection


def email_of(message: OutgoingMessage, settings: Settings) -> EmailMessage:
    """The message as an e-mail (RFC 5322), marked as made by a program so that no robot answers (RFC 3834)."""
    email = EmailMessage()
    email["From"] = Address(settings.mail_from.name, addr_spec=settings.mail_from.email)
    email["To"] = message.recipient
    if settings.contact_email != settings.mail_from.email:
        email["Reply-To"] = settings.contact_email
    email["Subject"] = message.subject
    email["Date"] = format_datetime(now())
    email["Message-ID"] = message.message_id
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(message.text)
    for kept in message.attachments:
        attachment = Attachment.from_json(kept)
        main, _, sub = attachment.media_type.partition("/")
        email.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.file_name)
    return email


def _refusal(reason: str, code: int) -> NotAccepted | ServerUnusable:
    if code == _CLOSING:
        return ServerUnusable(reason)
    return NotAccepted(reason, permanent=code >= _PERMANENT)


def _kind_of(fault: Exception) -> str:
    """What happened, without the server's words: they may name a person."""
    if isinstance(fault, smtplib.SMTPResponseException):
        return f"{type(fault).__name__} ({fault.smtp_code})"
    return type(fault).__name__
