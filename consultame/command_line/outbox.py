"""`consultame outbox`: how many messages wait, were sent, failed or expired, and why."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from consultame.database import read_session, write_session
from consultame.outbox import (
    MessageState,
    OutgoingMessage,
    message_counts,
    retry_failed_messages,
    troubled_messages,
)
from consultame.settings import load_settings


def outbox(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try failed messages again first.")] = False,
) -> None:
    """Show the messages that leave the system, by state, and what went wrong; never to whom or what they say."""
    again = None
    if retry_failed:
        with write_session() as session:
            again = retry_failed_messages(session)
    with read_session() as session:
        counts, troubled = message_counts(session), troubled_messages(session)
    settings = load_settings()
    server = settings.smtp_host
    if as_json:
        typer.echo(json.dumps(_as_json(server, settings.sends_whatsapp, counts, troubled)))
        return
    if again is not None:
        typer.echo(f"{again} failed message(s) wait again.")
    typer.echo(f"Mail server: {server or 'none is set (CONSULTAME_SMTP_HOST); messages wait'}")
    typer.echo(f"WhatsApp: {'is set up' if settings.sends_whatsapp else 'is not set up'}")
    typer.echo(", ".join(f"{count} {state}" for state, count in counts.items()))
    if troubled:
        _print_table(troubled)


def _as_json(
    server: str, sends_whatsapp: bool, counts: dict[MessageState, int], troubled: list[OutgoingMessage]
) -> dict[str, object]:
    return {
        "mail_server": server or None,
        "whatsapp": sends_whatsapp,
        "messages": {state.value: count for state, count in counts.items()},
        "troubled": [
            {
                "id": message.id,
                "channel": message.channel.value,
                "key": message.dedupe_key,
                "state": message.state.value,
                "attempts": message.attempts,
                "last_error": message.last_error,
                "next_attempt_at": _next_attempt(message) or None,
                "not_after": _not_after(message) or None,
            }
            for message in troubled
        ],
    }


def _print_table(troubled: list[OutgoingMessage]) -> None:
    table = Table("id", "channel", "key", "state", "attempts", "last error", "next attempt", "not after", box=None)
    for message in troubled:
        attempts = str(message.attempts)
        table.add_row(
            str(message.id), message.channel, message.dedupe_key, message.state, attempts, message.last_error,
            _next_attempt(message), _not_after(message),
        )  # fmt: skip
    Console().print(table)


def _next_attempt(message: OutgoingMessage) -> str:
    """In UTC; empty for a message that is not tried again."""
    return message.next_attempt_at.isoformat(timespec="seconds") if message.state is MessageState.WAITING else ""


def _not_after(message: OutgoingMessage) -> str:
    """In UTC; empty for a message that is of use at any time."""
    return message.not_after.isoformat(timespec="seconds") if message.not_after else ""
