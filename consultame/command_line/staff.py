"""`consultame user`: staff accounts."""

from typing import Annotated

import typer

from consultame.command_line.outcome import WrongInput
from consultame.database import write_session
from consultame.staff import Role, StaffError, add_staff_member

application = typer.Typer(help="Staff accounts.")


@application.command()
def add(
    email: Annotated[str, typer.Argument(help="The address the person signs in with.")],
    name: Annotated[str, typer.Option(help="The person's name, as the screens show it.")],
    role: Annotated[Role, typer.Option(help="What the person may do.")],
    password: Annotated[
        str,
        typer.Option(
            prompt=True,
            hide_input=True,
            confirmation_prompt=True,
            envvar="CONSULTAME_NEW_PASSWORD",
            help="Asked for when not given; at least twelve characters.",
        ),
    ],
) -> None:
    """Add a staff account."""
    try:
        with write_session() as session:
            member = add_staff_member(session, email=email, name=name, role=role, password=password)
    except StaffError as error:
        raise WrongInput(str(error)) from None
    typer.echo(f"{member.email} added as {member.role}.")
