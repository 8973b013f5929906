"""`consultame ask`: one turn, or a file of them, through the trained model and the real actions."""

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track

from consultame.command_line.outcome import CommandFailed, WrongInput
from consultame.database import read_session
from consultame.settings import load_settings
from kb.publishing import model_path
from kb.releases import live_release_identity

if TYPE_CHECKING:
    from bot.local_assistant import LocalAssistant


def ask(
    text: Annotated[str | None, typer.Argument(help="The question.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    sender: Annotated[str | None, typer.Option(help="Go on with this conversation instead of a new one.")] = None,
    file: Annotated[Path | None, typer.Option(help="Read one question a line, print one JSON object a line.")] = None,
) -> None:
    """Ask the assistant as a citizen would."""
    if (text is None) == (file is None):
        raise WrongInput("give a question or --file, one of the two")
    if sender is not None and not (0 < len(sender) <= 200 and sender.isprintable()):
        raise WrongInput("--sender takes 1 to 200 printable characters")
    if text is not None:
        _ask_one(text, as_json, sender)
    elif file is not None:
        _ask_file(file, sender)


def _ask_one(text: str, as_json: bool, sender: str | None) -> None:
    problem = _problem_with(text)
    if problem:
        raise WrongInput(problem)
    answer = asyncio.run(_assistant(keeps_conversations=sender is not None).ask(text, sender))
    if as_json:
        typer.echo(json.dumps(answer.as_json(), ensure_ascii=False))
        return
    typer.echo(answer.text)
    for button in answer.buttons:
        typer.echo(f"  [{button['title']}]")


def _ask_file(file: Path, sender: str | None) -> None:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise WrongInput(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise WrongInput(f"{file}: not UTF-8 text") from None
    assistant = _assistant(keeps_conversations=sender is not None)
    asyncio.run(_ask_lines(assistant, lines, sender))


async def _ask_lines(assistant: "LocalAssistant", lines: list[str], sender: str | None) -> None:
    console = Console(stderr=True)
    for line in track(lines, "Asking", console=console, disable=not sys.stderr.isatty()):
        problem = _problem_with(line)
        record = {"error": problem} if problem else (await assistant.ask(line, sender)).as_json()
        typer.echo(json.dumps(record, ensure_ascii=False))


def _problem_with(text: str) -> str | None:
    from bot.channels.free_text import free_text

    limit = load_settings().message_max_characters
    if not free_text(text):
        return "the question is empty"
    return f"the question is longer than {limit} characters" if len(text) > limit else None


def _assistant(*, keeps_conversations: bool) -> "LocalAssistant":
    with read_session() as session:
        identity = live_release_identity(session)
    if identity is None or not model_path(identity[1]).exists():
        raise CommandFailed("there is no trained model yet; run `consultame init` and `consultame train`")
    # Loading Rasa takes seconds; the questions are checked before.
    from bot.local_assistant import LocalAssistant

    return LocalAssistant(model_path(identity[1]), keeps_conversations=keeps_conversations)
