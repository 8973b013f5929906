"""Filing what a dialogue collected, and the acknowledgement."""

from bot.actions.requester_fields import postal_address_in
from bot.dialogues.dialogue import Finished, Message
from bot.dialogues.fields import Answers, Context, Texts, filled
from bot.dialogues.spoken import local_day, spoken_day
from consultame.database import write_session
from desk.cases.filing import CaseFiling, FiledCase, RequesterData, file_case
from desk.cases.kinds import CaseKind, Channel

_CHANNELS = {"whatsapp": Channel.WHATSAPP}
_FILED: Texts = {
    "es": (
        "Listo, quedó radicado.\n"
        "- Radicado: {radicado}\n"
        "- Código de verificación: {code}\n"
        "- Fecha límite para responderle: {due}\n\n"
        "Guarde el radicado y el código: el código se muestra solo esta vez, y con él puede consultar aquí el estado."
    ),
    "en": (
        "Done, it is filed.\n"
        "- Filing number (radicado): {radicado}\n"
        "- Verification code: {code}\n"
        "- Last day for the answer: {due}\n\n"
        "Keep the number and the code: the code is shown this once, and with it you can check the state here."
    ),
}
_FILED_BEFORE: Texts = {
    "es": (
        "Su solicitud ya había quedado radicada; no se radicó dos veces.\n"
        "- Radicado: {radicado}\n"
        "- Código de verificación: {code}\n"
        "- Fecha límite para responderle: {due}\n\n"
        "Guarde el radicado y el código: con los dos puede consultar aquí el estado."
    ),
    "en": (
        "Your request had already been filed; it was not filed twice.\n"
        "- Filing number (radicado): {radicado}\n"
        "- Verification code: {code}\n"
        "- Last day for the answer: {due}\n\n"
        "Keep the number and the code: with both you can check the state here."
    ),
}
_FILED_LATER: Texts = {
    "es": "Llegó fuera del horario de oficina: se cuenta como recibido el {day}.",
    "en": "It came outside office hours: it counts as received on {day}.",
}
_STATE: Texts = {"es": "Consultar un radicado", "en": "Check a filing number"}


def file_and_acknowledge(
    context: Context, *, kind: CaseKind, topic: str, description: str, requester: RequesterData,
    attachments: tuple[str, ...] = (),
) -> Finished:  # fmt: skip
    """File the case and say its number, its code and its deadline; the same again when these answers were filed."""
    filing = CaseFiling(
        kind=kind,
        channel=_CHANNELS.get(context.channel, Channel.CHAT),
        description=description,
        requester=requester,
        received_at=context.moment,
        topic=topic,
        attachments=attachments,
    )
    attempt = f"{context.conversation_id}:{context.attempt}" if context.attempt else ""
    with write_session() as session:
        filed = file_case(session, filing=filing, attempt=attempt, now=context.moment)
    return Finished((_acknowledgement(filed, context),))


def _acknowledgement(filed: FiledCase, context: Context) -> Message:
    language, today = context.language, local_day(context.moment)
    text = filled(
        _FILED_BEFORE if filed.repeated else _FILED,
        language,
        radicado=str(filed.radicado),
        code=filed.verification_code,
        due=spoken_day(filed.due, language, today=today),
    )
    if filed.filed_on != filed.received_on:
        text += "\n\n" + filled(_FILED_LATER, language, day=spoken_day(filed.filed_on, language, today=today))
    return Message(text, ({"title": _STATE[language], "payload": "/consultar_radicado"},))


def described(answers: Answers, lines: list[tuple[str, str]]) -> str:
    """The description as the staff reads it: a line for each thing that was said, the postal address last."""
    address = postal_address_in(answers)
    said = [*lines, *([("Responder a la dirección", address)] if address else [])]
    return "\n".join(f"{label}: {value}" for label, value in said if value)
