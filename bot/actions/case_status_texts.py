"""The state of a case in words: state and dates, what comes next, what the law allows when it is late."""

from datetime import date

from bot.dialogues.dialogue import Message
from bot.dialogues.fields import Context, Texts, filled
from bot.dialogues.spoken import spoken_day
from consultame.settings import Language
from desk.cases.kinds import CaseState
from desk.cases.status import CaseStatus, LateRemedy, NextStep

NOT_FOUND: Texts = {
    "es": (
        "No encontré un caso con el radicado {number} y ese dato. Revise los dos: si el número está mal, escriba "
        "«corregir número»; si no, escriba de nuevo el código o los tres datos."
    ),
    "en": (
        "I found no case with the filing number {number} and that proof. Check both: if the number is wrong, write "
        "“correct number”; if not, write the code or the three data again."
    ),
}
LOCKED: Texts = {
    "es": (
        "Por seguridad la consulta está bloqueada: hubo demasiados intentos fallidos. Puede intentarlo de nuevo en una "
        "hora. Si es urgente, llame gratis al {linea_gratuita} o al {telefono}, de {horario}."
    ),
    "en": (
        "For security the look-up is locked: there were too many failed attempts. You can try again in an hour. If it "
        "is urgent, call {linea_gratuita}, free of charge, or {telefono}, {horario}."
    ),
}
UNAVAILABLE: Texts = {
    "es": (
        "En este momento no puedo consultar el sistema de casos. Inténtelo de nuevo en unos minutos; si es urgente, "
        "llame gratis al {linea_gratuita} o al {telefono}, de {horario}, o escriba a {correo} citando el número. "
        "Mientras tanto sí puede presentar aquí una petición, queja o reclamo."
    ),
    "en": (
        "I cannot look up the case system right now. Try again in a few minutes; if it is urgent, call "
        "{linea_gratuita}, free of charge, or {telefono}, {horario}, or write to {correo} quoting the number. "
        "Meanwhile you can still file a petition, complaint or claim here."
    ),
}
_STATES: dict[CaseState, Texts] = {
    CaseState.RECEIVED: {
        "es": "Su caso {number} fue recibido y está por asignarse a quien debe responderlo.",
        "en": "Your case {number} was received and is about to be assigned to those who must answer it.",
    },
    CaseState.IN_PROGRESS: {"es": "Su caso {number} está en trámite.", "en": "Your case {number} is being handled."},
    CaseState.WAITING_FOR_CITIZEN: {
        "es": "Su caso {number} está en espera: el Ministerio le pidió completarlo o aclararlo.",
        "en": "Your case {number} is on hold: the Ministry asked you to complete or clarify it.",
    },
    CaseState.ANSWERED: {"es": "Su caso {number} ya fue respondido.", "en": "Your case {number} has been answered."},
    CaseState.CLOSED: {"es": "Su caso {number} está cerrado.", "en": "Your case {number} is closed."},
    CaseState.TRANSFERRED: {
        "es": "Su caso {number} fue trasladado a la entidad competente.",
        "en": "Your case {number} was sent to the competent body.",
    },
}
_RECEIVED: Texts = {"es": "Recibido: {day}.", "en": "Received: {day}."}
_ANSWERED: Texts = {"es": "Respondido: {day}.", "en": "Answered: {day}."}
_DUE: Texts = {
    "es": "Fecha límite para responderle: {day}.",
    "en": "Last day for the answer: {day}.",
}
_DAYS_LEFT: Texts = {"es": "Días hábiles que quedan: {days}.", "en": "Business days left: {days}."}
_LATE: Texts = {
    "es": "Ese plazo ya venció. La ley le permite:",
    "en": "That term has passed. The law allows you to:",
}
_REMEDIES: dict[LateRemedy, Texts] = {
    LateRemedy.COPIES_ARE_OWED: {
        "es": "recibir las copias: como nadie respondió a tiempo, su solicitud se entiende aceptada y deben "
        "entregárselas a más tardar el {copies}",
        "en": "get the copies: as nobody answered in time, your request counts as accepted and they must be handed "
        "over by {copies}",
    },
    LateRemedy.REPEAT_THE_REQUEST: {
        "es": "reiterar la solicitud a {correo}, citando el radicado",
        "en": "repeat the request to {correo}, quoting the filing number",
    },
    LateRemedy.COMPLAIN: {"es": "presentar una queja por la demora", "en": "file a complaint about the delay"},
    LateRemedy.LEGAL_ACTION: {
        "es": "pedirle a un juez, con una tutela, que proteja su derecho de petición",
        "en": "ask a judge, with a tutela, to protect your right of petition",
    },
}
_NEXT: dict[NextStep, Texts] = {
    NextStep.MINISTRY_ANSWERS: {
        "es": "Lo que sigue: el Ministerio le responde por el medio que indicó.",
        "en": "What comes next: the Ministry answers you by the means you named.",
    },
    NextStep.CITIZEN_COMPLETES: {
        "es": "Lo que sigue: complete o aclare su solicitud a más tardar el {completion}. Mientras tanto el plazo está "
        "detenido; si no lo hace, el caso se archiva y puede presentarlo de nuevo.",
        "en": "What comes next: complete or clarify your request by {completion}. Meanwhile the term stands still; if "
        "you do not, the case is filed away and you can present it again.",
    },
    NextStep.OTHER_AUTHORITY_ANSWERS: {
        "es": "Lo que sigue: responde esa entidad; su plazo corre desde el día siguiente a aquel en que recibió el "
        "caso.",
        "en": "What comes next: that body answers; its term runs from the day after it received the case.",
    },
    NextStep.NOTHING: {
        "es": "No queda ningún paso pendiente. Si espera una respuesta y no le llegó, escriba a {correo} con el "
        "número de radicado.",
        "en": "No step is pending. If you expect an answer and it did not reach you, write to {correo} quoting "
        "the filing number.",
    },
}
_COMPLAIN: Texts = {"es": "Presentar una queja", "en": "File a complaint"}


def status_text(status: CaseStatus, context: Context) -> Message:
    """What the owner is told; the first sentence is the answer."""
    language = context.language
    days = {
        "copies": _said(status.copies_due_on, language),
        "completion": _said(status.completion_due_on, language),
    }
    lines = [filled(_STATES[status.state], language, number=str(status.radicado)), "", *_dates(status, language)]
    if status.is_late:
        lines += ["", filled(_LATE, language)]
        lines += [f"- {filled(_REMEDIES[remedy], language, **days)}" for remedy in status.remedies]
    else:
        lines += ["", filled(_NEXT[status.next_step], language, **days)]
    buttons = ({"title": _COMPLAIN[language], "payload": "/presentar_queja"},) if status.is_late else ()
    return Message("\n".join(lines), buttons)


def _dates(status: CaseStatus, language: Language) -> list[str]:
    lines = [filled(_RECEIVED, language, day=_said(status.received_on, language))]
    if status.answered_on:
        lines.append(filled(_ANSWERED, language, day=_said(status.answered_on, language)))
    if status.days_left is not None:
        lines.append(filled(_DUE, language, day=_said(status.due_on, language)))
    if status.days_left is not None and not status.is_late:
        lines.append(filled(_DAYS_LEFT, language, days=str(status.days_left)))
    return [f"- {line}" for line in lines]


def _said(day: date | None, language: Language) -> str:
    return spoken_day(day, language) if day else ""
