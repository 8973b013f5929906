"""What mails about a case say, in the language of the case: nothing of it beyond what its citizen needs."""

from dataclasses import dataclass
from datetime import date

from consultame.contact import with_contact_data
from consultame.settings import Language, load_settings
from desk.appointments.wording import spoken_day
from desk.cases.kinds import CaseEventKind, CaseKind, ClosingReason
from desk.cases.models import Case


@dataclass(frozen=True)
class MailText:
    """Subject and body of a mail."""

    subject: str
    text: str


_SUBJECTS: dict[Language, dict[CaseEventKind, str]] = {
    "es": {
        CaseEventKind.FILED: "Recibimos su solicitud: radicado {radicado}",
        CaseEventKind.COMPLETION_REQUESTED: "Complete su solicitud {radicado}",
        CaseEventKind.CLARIFICATION_REQUESTED: "Aclare su solicitud {radicado}",
        CaseEventKind.COMPLETION_EXTENDED: "Nuevo plazo para completar su solicitud {radicado}",
        CaseEventKind.COMPLETED: "Su solicitud {radicado} continúa su trámite",
        CaseEventKind.EXTENDED: "Nueva fecha de respuesta a su solicitud {radicado}",
        CaseEventKind.TRANSFERRED_TO_AUTHORITY: "Trasladamos su solicitud {radicado} a la entidad competente",
        CaseEventKind.ANSWERED: "Respuesta a su solicitud {radicado}",
        CaseEventKind.CLOSED: "Se cerró su solicitud {radicado}",
    },
    "en": {
        CaseEventKind.FILED: "We received your request: number {radicado}",
        CaseEventKind.COMPLETION_REQUESTED: "Please complete your request {radicado}",
        CaseEventKind.CLARIFICATION_REQUESTED: "Please clarify your request {radicado}",
        CaseEventKind.COMPLETION_EXTENDED: "More time to complete your request {radicado}",
        CaseEventKind.COMPLETED: "Your request {radicado} goes on",
        CaseEventKind.EXTENDED: "New date for the answer to your request {radicado}",
        CaseEventKind.TRANSFERRED_TO_AUTHORITY: "We sent your request {radicado} to the competent authority",
        CaseEventKind.ANSWERED: "Answer to your request {radicado}",
        CaseEventKind.CLOSED: "Your request {radicado} was closed",
    },
}
_TEXTS: dict[Language, dict[CaseEventKind, str]] = {
    "es": {
        CaseEventKind.FILED: "Su solicitud quedó radicada con el número {radicado}.\n\n"
        "Código de verificación: {code}{term}\n\n"
        "Guarde el número y el código: con los dos puede consultar el estado en {url}. No los comparta.",
        CaseEventKind.COMPLETION_REQUESTED: "Para continuar con su solicitud {radicado} hace falta que la complete a "
        "más tardar el {until}.\n\nLo que falta:\n\n{text}\n\nEnvíelo a {correo} con el número de radicado. "
        "Mientras tanto el plazo de respuesta no corre. Puede pedir una sola prórroga por otro mes. Si no la completa "
        "a tiempo, se entiende que desiste y la solicitud se archiva; puede presentar otra después "
        "(artículo 17 del CPACA).",
        CaseEventKind.CLARIFICATION_REQUESTED: "Para continuar con su solicitud {radicado} hace falta que la aclare a "
        "más tardar el {until}.\n\nLo que debe aclarar:\n\n{text}\n\nEscriba a {correo} con el número de radicado. "
        "Si no la aclara a tiempo, la solicitud se archiva; puede presentar otra después (artículo 19 del CPACA).",
        CaseEventKind.COMPLETION_EXTENDED: "Tiene plazo hasta el {until} para completar su solicitud {radicado}. "
        "Envíe lo que falta a {correo} con el número de radicado. Este plazo no se prorroga de nuevo.",
        CaseEventKind.COMPLETED: "Recibimos lo que faltaba y su solicitud {radicado} continúa. La respuesta se "
        "enviará a más tardar el {due}.",
        CaseEventKind.EXTENDED: "La respuesta a su solicitud {radicado} se enviará a más tardar el {until}, y no el "
        "{former}.\n\nMotivo:\n\n{text}",
        CaseEventKind.TRANSFERRED_TO_AUTHORITY: "La entidad competente para responder su solicitud {radicado} es "
        "{authority}, y por eso la trasladamos allí. No tiene que presentarla de nuevo. El plazo de esa entidad "
        "empieza a contar el día siguiente a aquel en que la reciba (artículo 21 del CPACA).\n\nMotivo:\n\n{text}",
        CaseEventKind.ANSWERED: "Esta es la respuesta a su solicitud {radicado}. Lleva el número {answer}.\n\n"
        "{text}{attachments}",
    },
    "en": {
        CaseEventKind.FILED: "Your request was filed under the number {radicado}.\n\n"
        "Verification code: {code}{term}\n\n"
        "Keep the number and the code: with both you can look up its state at {url}. Do not share them.",
        CaseEventKind.COMPLETION_REQUESTED: "To go on with your request {radicado} we need you to complete it by "
        "{until}.\n\nWhat is missing:\n\n{text}\n\nSend it to {correo} with the number of your request. The term "
        "for the answer stands still meanwhile. You can ask once for one more month. If you do not complete it in "
        "time, it counts as withdrawn and is filed away; you can file another one later (CPACA, article 17).",
        CaseEventKind.CLARIFICATION_REQUESTED: "To go on with your request {radicado} we need you to clarify it by "
        "{until}.\n\nWhat is unclear:\n\n{text}\n\nWrite to {correo} with the number of your request. If you do not "
        "clarify it in time, it is filed away; you can file another one later (CPACA, article 19).",
        CaseEventKind.COMPLETION_EXTENDED: "You have until {until} to complete your request {radicado}. Send what is "
        "missing to {correo} with the number of your request. This term is not extended again.",
        CaseEventKind.COMPLETED: "We received what was missing and your request {radicado} goes on. The answer will "
        "be sent by {due}.",
        CaseEventKind.EXTENDED: "The answer to your request {radicado} will be sent by {until}, not by {former}.\n\n"
        "Reason:\n\n{text}",
        CaseEventKind.TRANSFERRED_TO_AUTHORITY: "The authority competent to answer your request {radicado} is "
        "{authority}, so we sent it there. You do not have to file it again. The term of that authority begins the "
        "day after it receives the request (CPACA, article 21).\n\nReason:\n\n{text}",
        CaseEventKind.ANSWERED: "This is the answer to your request {radicado}. Its number is {answer}.\n\n"
        "{text}{attachments}",
    },
}
_DUE: dict[Language, str] = {
    "es": "\nRespuesta: a más tardar el {due}",
    "en": "\nAnswer: by {due}",
}
_ATTACHMENTS: dict[Language, str] = {
    "es": "\n\nAnexos de la respuesta: {names}. Si no los ha recibido, pídalos a {correo} con el número de radicado.",
    "en": "\n\nAttachments of the answer: {names}. If you have not received them, ask for them at {correo} with the "
    "number of your request.",
}
_GREETING: dict[Language, str] = {"es": "Buen día, {name}:", "en": "Dear {name},"}
_CLOSED: dict[Language, str] = {
    "es": "Su solicitud {radicado} se cerró el {closed_on}.\n\nMotivo: {reason}\n\nSi no está de acuerdo o le queda "
    "una duda, escriba a {correo} con el número de radicado. Puede presentar otra solicitud cuando quiera en {url}.",
    "en": "Your request {radicado} was closed on {closed_on}.\n\nReason: {reason}\n\nIf you do not agree or have a "
    "question, write to {correo} with the number of your request. You can file another one at any time at {url}.",
}
_CLOSING_REASONS: dict[Language, dict[ClosingReason, str]] = {
    "es": {
        ClosingReason.NOT_COMPLETED: "no recibimos a tiempo lo que le pedimos completar o aclarar, y por eso la "
        "solicitud se archiva (artículos 17 y 19 del CPACA).",
        ClosingReason.WITHDRAWN: "usted pidió no continuar con ella (artículo 18 del CPACA).",
        ClosingReason.REPEATED: "es igual a otra solicitud que ya recibimos.",
        ClosingReason.NO_ANSWER_NEEDED: "las felicitaciones, sugerencias y comunicaciones no necesitan respuesta. "
        "Gracias por escribirnos.",
    },
    "en": {
        ClosingReason.NOT_COMPLETED: "we did not receive in time what we asked you to complete or clarify, so the "
        "request is filed away (CPACA, articles 17 and 19).",
        ClosingReason.WITHDRAWN: "you asked not to go on with it (CPACA, article 18).",
        ClosingReason.REPEATED: "it is the same as another request that we already received.",
        ClosingReason.NO_ANSWER_NEEDED: "compliments, suggestions and communications need no answer. Thank you for "
        "writing to us.",
    },
}
_NAMELESS_GREETING: dict[Language, str] = {"es": "Buen día:", "en": "Good day,"}
_FOOTER: dict[Language, str] = {
    "es": "Ministerio de Minas y Energía\n{telefono} · {linea_gratuita} · {correo}\n{horario}",
    "en": "Ministry of Mines and Energy\n{telefono} · {linea_gratuita} · {correo}\n{horario}",
}
_NEED_NO_ANSWER = (CaseKind.COMPLIMENT,)
TOLD = frozenset(_TEXTS["es"])


def acknowledgement_text(case: Case, *, code: str) -> MailText:
    """The mail that a case was filed, with the code that only its owner gets."""
    language = language_of(case)
    term = "" if case.kind in _NEED_NO_ANSWER else _DUE[language].format(due=spoken_day(case.due_on, language))
    return _mail(case, CaseEventKind.FILED, {"code": code, "term": term, "url": load_settings().public_url})


def step_text(case: Case, kind: CaseEventKind, *, text: str, detail: dict[str, str | int]) -> MailText:
    """The mail about a step; `detail` is the event's, `text` what the staff wrote for the citizen."""
    language = language_of(case)
    facts = {"text": text, "authority": case.authority, "due": spoken_day(case.due_on, language)}
    for name in ("until", "former"):
        if name in detail:
            facts[name] = spoken_day(date.fromisoformat(str(detail[name])), language)
    if kind is CaseEventKind.ANSWERED:
        facts |= {"answer": str(detail["radicado"]), "attachments": _attachments(case, language)}
    return _mail(case, kind, facts)


def closing_text(case: Case, reason: ClosingReason, *, closed_on: date) -> MailText:
    """The mail that a case ended without an answer. What the staff noted is not in it."""
    language = language_of(case)
    facts = {"reason": _CLOSING_REASONS[language][reason], "closed_on": spoken_day(closed_on, language)}
    return _mail(case, CaseEventKind.CLOSED, facts | {"url": load_settings().public_url}, template=_CLOSED[language])


def language_of(case: Case) -> Language:
    """The language in which the citizen is written to."""
    return "en" if case.language == "en" else "es"


def _attachments(case: Case, language: Language) -> str:
    names = case.content.answer_attachments
    if not names:
        return ""
    return _ATTACHMENTS[language].format(names=", ".join(names), correo=load_settings().contact_email)


def _mail(case: Case, kind: CaseEventKind, facts: dict[str, str], *, template: str = "") -> MailText:
    language, settings = language_of(case), load_settings()
    # What people wrote is put in last, so that braces in it stay as they are.
    template = with_contact_data(template or _TEXTS[language][kind], settings, language)
    greeting = _GREETING[language] if case.requester.name else _NAMELESS_GREETING[language]
    parts = [
        greeting.format(name=case.requester.name),
        template.format(radicado=case.radicado, **facts),
        with_contact_data(_FOOTER[language], settings, language),
    ]
    subject = _SUBJECTS[language][kind].format(radicado=case.radicado)
    return MailText(subject, "\n\n".join(parts) + "\n")
