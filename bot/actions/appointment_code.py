"""The code of an appointment, as the citizen gives it in the chat, and the appointment that it opens."""

import re

from sqlalchemy.orm import Session

from bot.actions.appointment_texts import IMPOSSIBLE, said_moment
from bot.dialogues.fields import (
    Accepted,
    Answers,
    Context,
    Field,
    Help,
    Leaving,
    Link,
    Reading,
    Said,
    Texts,
    asking,
    filled,
)
from bot.dialogues.readers import refused
from consultame.database import write_session
from desk.appointments.changes import ChangeRefused, check_rebooking, check_upcoming
from desk.appointments.codes import CodeLocked, CodeUnknown, appointment_by_code, looks_like_code
from desk.appointments.models import Appointment, AppointmentState

_CODE_PIECE = re.compile(r"[A-Za-z0-9]{10}|[A-Za-z0-9]{5}[ \-–—.]{1,3}[A-Za-z0-9]{5}")
_LOST = re.compile(
    r"\b(?:perdi|se me perdio|no (?:lo|la) (?:tengo|encuentro|se|recuerdo)|no tengo|no recuerdo|no me acuerdo|olvide"
    r"|no me llego|nunca me llego|lost|i (?:do not|don t) (?:have|know|remember|find)|forgot)\b"
)
_WHERE = re.compile(r"\b(?:donde|cual codigo|que codigo|where|which code|what code)\b")
_WHERE_CODE: Texts = {
    "es": "El código está en el correo de confirmación de su cita; son diez letras y números, como 7KQMX-2RTNP.",
    "en": "The code is in the confirmation e-mail of your appointment: ten letters and figures, like 7KQMX-2RTNP.",
}
_WITHOUT_CODE: Texts = {
    "es": (
        "Sin el código no puedo abrir la cita aquí. El enlace del correo de confirmación sirve igual: con él puede "
        "confirmarla, cambiarla o cancelarla. Si tampoco tiene el correo, llame gratis al {linea_gratuita} o escriba a "
        "{correo}."
    ),
    "en": (
        "Without the code I cannot open the appointment here. The link in the confirmation e-mail does as well: with "
        "it you can confirm, change or cancel it. If you do not have that e-mail either, call {linea_gratuita}, free "
        "of charge, or write to {correo}."
    ),
}
_NO_CODE: Texts = {
    "es": "Eso no es un código completo. Son diez letras y números, como 7KQMX-2RTNP, y está en el correo de la cita.",
    "en": "That is not a whole code. It has ten letters and figures, like 7KQMX-2RTNP, and is in the e-mail.",
}
_UNKNOWN: Texts = {
    "es": "Ninguna cita tiene ese código. Revíselo en el correo de confirmación y escríbalo de nuevo.",
    "en": "No appointment has that code. Check it in the confirmation e-mail and write it again.",
}
_LOCKED: Texts = {
    "es": (
        "Hubo demasiados códigos equivocados y por seguridad no miro más por unos minutos. Use el enlace del correo de "
        "confirmación, llame gratis al {linea_gratuita} o inténtelo más tarde."
    ),
    "en": (
        "There were too many wrong codes, and for safety I look at no more for some minutes. Use the link in the "
        "confirmation e-mail, call {linea_gratuita}, free of charge, or try again later."
    ),
}
_FOUND: Texts = {"es": "Su cita es el {moment}", "en": "Your appointment is on {moment}."}
_LINKS = (Link("cita_cancelar_cambiar", {"es": "Dónde está el código", "en": "Where the code is"}),)


def _read_code(said: Said, answers: Answers, context: Context) -> Reading:
    """The appointment that the code opens; only what looks like a code counts as an attempt."""
    codes = [piece for piece in _CODE_PIECE.findall(said.text) if looks_like_code(piece)]
    if not codes:
        return refused(_NO_CODE, context)
    with write_session() as session:
        found = appointment_by_code(session, code=codes[0], sender=context.conversation_id, now=context.moment)
        if isinstance(found, CodeLocked):
            return Leaving(filled(_LOCKED, context.language))
        if isinstance(found, CodeUnknown):
            return refused(_UNKNOWN, context)
        return _opened(session, found, context)


def _opened(session: Session, appointment: Appointment, context: Context) -> Reading:
    try:
        if appointment.state is AppointmentState.MISSED:
            check_rebooking(session, appointment, now=context.moment)
        else:
            check_upcoming(appointment, context.moment)
    except ChangeRefused as refusal:
        return Leaving(filled(IMPOSSIBLE[refusal.reason], context.language))
    value = {
        "reference": appointment.reference,
        "starts_at": appointment.starts_at.isoformat(),
        "segment": appointment.segment.value,
        "language": appointment.language,
    }
    return Accepted(value, filled(_FOUND, context.language, moment=said_moment(appointment.starts_at, context)))


CODE = Field(
    "code",
    {"es": "Código", "en": "Code"},
    asking(
        "¿Cuál es el código de la cita? Está en el correo de confirmación, como 7KQMX-2RTNP.",
        "What is the appointment's code? It is in the confirmation e-mail, like 7KQMX-2RTNP.",
        links=_LINKS,
    ),
    _read_code,
    called=("codigo", "code"),
    help=(Help(_LOST, text=_WITHOUT_CODE), Help(_WHERE, text=_WHERE_CODE)),
    from_opening=True,
)
