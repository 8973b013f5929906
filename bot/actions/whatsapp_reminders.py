"""Whether a citizen who books also wants the reminders by WhatsApp; asked only where that is possible."""

from datetime import datetime

from bot.dialogues.fields import (
    Accepted,
    Answer,
    Answers,
    Context,
    Field,
    Option,
    Question,
    Reading,
    Said,
    Texts,
)
from bot.dialogues.readers import refused, yes
from consultame.settings import Language
from desk.appointments.citizen import Consent
from desk.appointments.whatsapp_reminders import WHATSAPP_CONSENT, WHATSAPP_CONSENT_VERSION, can_ask_for_whatsapp

WHATSAPP = "whatsapp"
_OPTIONS = (
    Option("yes", {"es": "Sí, por WhatsApp", "en": "Yes, by WhatsApp"}),
    Option("no", {"es": "Solo por correo", "en": "Only by e-mail"}),
)
_QUESTION: Texts = {
    "es": "¿Autoriza que también le recordemos la cita por WhatsApp a su celular?",
    "en": "Do you agree that we also remind you of the appointment by WhatsApp, at your mobile?",
}
_YES_OR_NO: Texts = {
    "es": "Necesito saber si autoriza los recordatorios por WhatsApp: responda «sí» o «no».",
    "en": "I need to know whether you agree to reminders by WhatsApp: answer “yes” or “no”.",
}
_READ_BACK: dict[Language, tuple[str, str]] = {"es": ("Sí", "No"), "en": ("Yes", "No")}


def whatsapp_field() -> Field:
    """The question after the telephone."""
    return Field(
        WHATSAPP,
        {"es": "Recordatorios por WhatsApp", "en": "Reminders by WhatsApp"},
        _ask,
        _read,
        called=("whatsapp", "recordatorios", "recordatorio", "reminders", "reminder"),
        applies=_applies,
        read_back=_read_back,
    )


def whatsapp_consent_in(answers: Answers) -> Consent | None:
    """The consent, if it was given for the telephone that was told in the end."""
    given = answers.get(WHATSAPP)
    if not given or not given["version"] or not _applies(answers):
        return None
    return Consent(given["version"], datetime.fromisoformat(given["at"]))


def _applies(answers: Answers) -> bool:
    return can_ask_for_whatsapp(str(answers.get("phone", "")))


def _ask(answers: Answers, context: Context) -> Question:
    return Question(f"{_QUESTION[context.language]} {WHATSAPP_CONSENT[context.language]}", _OPTIONS)


def _read(said: Said, answers: Answers, context: Context) -> Reading:
    agrees = yes(said)
    if agrees is None:
        return refused(_YES_OR_NO, context)
    return Accepted({"version": WHATSAPP_CONSENT_VERSION if agrees else "", "at": context.moment.isoformat()})


def _read_back(value: Answer, language: Language) -> str:
    return _READ_BACK[language][0 if value["version"] else 1]
