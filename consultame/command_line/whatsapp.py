"""`consultame whatsapp-templates`: what has to be submitted to Meta before messages can be sent by WhatsApp."""

import json

import typer

from consultame.command_line.outcome import CommandFailed
from consultame.settings import load_settings
from consultame.whatsapp_registration import registrations


def whatsapp_templates() -> None:
    """Print the message templates to be registered with Meta, one JSON object a line."""
    settings = load_settings()
    if not settings.public_url.startswith("https://"):
        raise CommandFailed("set CONSULTAME_PUBLIC_URL to the https address of the pages: the buttons open it")
    for each in registrations(settings):
        typer.echo(json.dumps(each, ensure_ascii=False))
