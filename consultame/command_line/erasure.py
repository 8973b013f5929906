"""`consultame erase`: old conversations, or what is kept about one person, in cases and appointments too."""

from typing import Annotated

import typer

from consultame.audit import current_actor
from consultame.command_line.outcome import WrongInput
from consultame.conversations import erase_conversations_older_than
from consultame.database import now, read_session, write_session
from desk.appointments.erasure import erase_by_email
from desk.cases.erasure import erase_cases_of
from kb.erasure import ErasureRefused, erase_kept, kept_about, subject_of_request


def erase(
    older_than: Annotated[
        int | None, typer.Option(min=1, max=36500, metavar="DAYS", help="Conversations silent for longer than this.")
    ] = None,
    email: Annotated[
        str | None,
        typer.Option(
            help="All conversations that name this address; cases and appointments under it lose their person."
        ),
    ] = None,
    phone: Annotated[
        str | None,
        typer.Option(help="The same, by mobile number; not looked for in cases and appointments."),
    ] = None,
    document: Annotated[str | None, typer.Option(help="The same, by document number; appointments hold none.")] = None,
    conversation: Annotated[str | None, typer.Option(help="The conversation with this id.")] = None,
) -> None:
    """Erase conversations, and the unanswered questions kept from them. There is no way back."""
    if sum(choice is not None for choice in (older_than, email, phone, document, conversation)) != 1:
        raise WrongInput("give one of --older-than, --email, --phone, --document, --conversation")
    if older_than is not None:
        with write_session() as session:
            count = erase_conversations_older_than(session, days=older_than)
        typer.echo(f"{count} conversation(s) erased.")
        return
    try:
        subject = subject_of_request(email=email, phone=phone, document=document, conversation_id=conversation)
    except ErasureRefused as refused:
        raise WrongInput(f"--{refused.field} {refused.reason}") from None
    with read_session() as session:
        kept = kept_about(session, subject)
    with write_session() as session:
        erased = erase_kept(session, kept)
        cases = erase_cases_of(session, by=current_actor().name, email=email, document=document)
        appointments = erase_by_email(session, email=email, now=now()) if email is not None else 0
    typer.echo(
        f"{erased.conversations} conversation(s), {erased.questions} unanswered question(s), "
        f"{erased.messages} message(s) and {erased.requests} answer request(s) erased."
    )
    if cases.erased or cases.open:
        typer.echo(f"{cases.erased} case(s) without their person; {cases.open} open case(s) left as they are.")
    if appointments:
        typer.echo(f"{appointments} appointment(s) and place(s) in waiting lists without their person.")
