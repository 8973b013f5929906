"""`consultame mask`: what of a text would be stored, personal data replaced by labels."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from consultame.command_line.outcome import WrongInput


def mask(
    text: Annotated[str | None, typer.Argument(help="The text.")] = None,
    file: Annotated[Path | None, typer.Option(help="Read one text a line.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line, with what was found.")] = False,
) -> None:
    """Show what would be stored of a text."""
    if (text is None) == (file is None):
        raise WrongInput("give a text or --file, one of the two")
    if text is not None and not _is_unicode(text):
        raise WrongInput("the text is not UTF-8")
    for line in _lines(file) if file is not None else iter([text or ""]):
        typer.echo(_as_json(line) if as_json else _masked(line))


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _lines(file: Path) -> Iterator[str]:
    """The lines of a file, read one by one: it may be larger than memory."""
    try:
        with file.open(encoding="utf-8-sig") as lines:
            for line in lines:
                yield line.removesuffix("\n")
    except OSError as error:
        raise WrongInput(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise WrongInput(f"{file}: not UTF-8 text") from None


def _masked(text: str) -> str:
    # Loading spaCy takes seconds; the input is checked before.
    from consultame.masking import masked

    return masked(text)


def _as_json(text: str) -> str:
    from consultame.masking import composed, masked, personal_data_in

    text = composed(text)
    found = [
        {"kind": each.kind, "label": each.kind.label, "start": each.start, "end": each.end}
        for each in personal_data_in(text)
    ]
    return json.dumps({"text": text, "masked": masked(text), "found": found}, ensure_ascii=False)
