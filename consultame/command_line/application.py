"""The `consultame` command: its subcommands, and what a wrong word gets (one line, exit code 2)."""

import logging
import os
import sys

import typer
from sqlalchemy.exc import SQLAlchemyError

from consultame import __version__
from consultame.command_line import (
    appointments,
    ask,
    cases,
    due,
    erasure,
    installation,
    knowledge_base,
    mask,
    outbox,
    releases,
    staff,
    thresholds,
    training,
    up,
    whatsapp,
    when,
)
from consultame.command_line.outcome import CommandFailed, WrongInput
from consultame.settings import SettingsError

application = typer.Typer(
    name="consultame",
    help="ConsúltaME: citizen service assistant. Starts it, trains it, asks it, and keeps its knowledge base.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
application.command("up")(up.up)
application.command("init")(installation.init)
application.command("train")(training.train)
application.command("releases")(releases.releases)
application.command("rollback")(releases.rollback)
application.command("thresholds")(thresholds.thresholds)
application.command("ask")(ask.ask)
application.command("mask")(mask.mask)
application.command("when")(when.when)
application.command("erase")(erasure.erase)
application.command("outbox")(outbox.outbox)
application.command("whatsapp-templates")(whatsapp.whatsapp_templates)
application.command("due")(due.due)
application.add_typer(knowledge_base.application, name="kb")
application.add_typer(cases.application, name="cases")
application.add_typer(staff.application, name="user")
application.add_typer(appointments.application, name="appointments")


@application.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    """Run the command line; the process ends with 0, 1 (it could not be done) or 2 (wrong input)."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    logging.basicConfig(level=logging.WARNING)
    # Rasa's dependencies warn about each other at import and reset the filters while they do.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.CRITICAL)
    sys.exit(_run())


def _run() -> int:
    try:
        result = application(standalone_mode=False)
        return result if isinstance(result, int) else 0
    except typer.Abort:
        return _complain("interrupted", 130)
    except typer.TyperException as mistake:
        return _complain(mistake.format_message(), 2)
    except (WrongInput, SettingsError) as mistake:
        return _complain(str(mistake), 2)
    except CommandFailed as failure:
        return _complain(str(failure), 1)
    except SQLAlchemyError as failure:
        reason = str(getattr(failure, "orig", None) or failure).strip().splitlines()[0]
        return _complain(f"the database cannot be used: {reason} (has `consultame init` been run?)", 1)


def _complain(message: str, status: int) -> int:
    typer.echo(f"consultame: {' '.join(message.split())}", err=True)
    return status
