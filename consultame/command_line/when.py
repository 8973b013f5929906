"""`consultame when`: how a phrase about day and hour is understood."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from consultame.command_line.outcome import WrongInput
from desk.appointments.spoken_dates import (
    BOGOTA,
    Ask,
    OfficeHours,
    Understood,
    question,
    spoken,
    understood,
    within_office,
)


def when(
    text: Annotated[str | None, typer.Argument(help="The phrase, Spanish or English.")] = None,
    now: Annotated[str | None, typer.Option(help="When it is said, ISO 8601, in Bogotá; now unless given.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the JSON object only, without reading it back.")
    ] = False,
    file: Annotated[
        Path | None,
        typer.Option(help='Read one phrase a line, or one JSON object with "text" and "now"; print JSON lines.'),
    ] = None,
    bookable: Annotated[
        bool, typer.Option(help="Also refuse holidays, weekends and hours outside the office's.")
    ] = False,
) -> None:
    """Show how a phrase about day and hour is understood: as a moment, a day, or a question back."""
    if (text is None) == (file is None):
        raise WrongInput("give a phrase or --file, one of the two")
    said_at = _moment(now) if now is not None else datetime.now(BOGOTA)
    if file is not None:
        for line in _lines(file):
            typer.echo(json.dumps(_understood_line(line, said_at, bookable), ensure_ascii=False))
        return
    problem = _problem_with(text or "")
    if problem:
        raise WrongInput(problem)
    wish = _understood(text or "", said_at, bookable)
    typer.echo(json.dumps(wish.as_json(), ensure_ascii=False))
    if not as_json:
        typer.echo(_read_back(wish, said_at), err=True)


def _understood(text: str, now: datetime, bookable: bool) -> Understood:
    wish = understood(text, now)
    return within_office(wish, OfficeHours()) if bookable else wish


def _read_back(wish: Understood, now: datetime) -> str:
    today = now.date()
    return question(wish, today=today) if isinstance(wish, Ask) else spoken(wish, today=today)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise WrongInput(f"{text!r} is not an ISO 8601 date and time, such as 2026-12-01T09:30") from None
    if not 2000 <= moment.year <= 2200:
        raise WrongInput(f"{text!r} is not between the years 2000 and 2200")
    return moment.astimezone(BOGOTA) if moment.tzinfo else moment.replace(tzinfo=BOGOTA)


def _problem_with(text: str) -> str | None:
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "the phrase is not UTF-8"
    return None if text.strip() else "the phrase is empty"


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").removesuffix("\n").split("\n")
    except OSError as error:
        raise WrongInput(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise WrongInput(f"{file}: not UTF-8 text") from None


def _understood_line(line: str, now: datetime, bookable: bool) -> dict[str, str | list[str]]:
    text = line.strip()
    try:
        if text.startswith("{"):
            text, now = _json_line(text, now)
        problem = _problem_with(text)
    except WrongInput as mistake:
        problem = str(mistake)
    return {"error": problem} if problem else _understood(text, now, bookable).as_json()


def _json_line(line: str, now: datetime) -> tuple[str, datetime]:
    try:
        said = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        raise WrongInput("the line is not JSON") from None
    if not isinstance(said, dict) or not isinstance(said.get("text"), str):
        raise WrongInput('the line has no "text"')
    given = said.get("now")
    if given is not None and not isinstance(given, str):
        raise WrongInput('"now" is not a text')
    return said["text"], _moment(given) if given else now
