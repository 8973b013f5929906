"""Consent to the processing of personal data, asked before any are collected (Ley 1581 de 2012, arts. 9 and 12)."""

from datetime import datetime

from bot.dialogues.fields import (
    Accepted,
    Answers,
    Context,
    Field,
    Leaving,
    Option,
    Question,
    Reading,
    Said,
    Texts,
    filled,
)
from bot.dialogues.readers import refused, yes
from consultame.data_policy import policy_statement, policy_version, policy_version_told

_FIELD = "consent"
_OPTIONS = (
    Option("yes", {"es": "Sí, autorizo", "en": "Yes, I agree"}),
    Option("no", {"es": "No autorizo", "en": "I do not agree"}),
)
_QUESTION: Texts = {
    "es": "Voy a pedirle datos personales. {policy} ¿Autoriza el tratamiento de sus datos?",
    "en": "I am going to ask you for personal data. {policy} Do you agree to the processing of your data?",
}
_NO_CONSENT: Texts = {
    "es": (
        "De acuerdo, no le pido ningún dato. Puede hacer el trámite llamando gratis al {linea_gratuita} o al "
        "{telefono}, de {horario}, o escribiendo a {correo}."
    ),
    "en": (
        "All right, I will not ask you for any data. You can do it by calling {linea_gratuita}, free of charge, or "
        "{telefono}, {horario}, or by writing to {correo}."
    ),
}
_YES_OR_NO: Texts = {
    "es": "Necesito saber si autoriza el tratamiento de sus datos: responda «sí» o «no».",
    "en": "I need to know whether you agree to the processing of your data: answer “yes” or “no”.",
}


def consent_field(purpose: Texts, *, limits: Texts | None = None) -> Field:
    """The first field of every dialogue that collects personal data; the purpose completes «solo para …»."""

    def ask(answers: Answers, context: Context) -> Question:
        language = context.language
        told = [policy_statement(purpose[language], language), policy_version_told(language)]
        if limits:
            told.insert(1, limits[language])
        return Question(filled(_QUESTION, language, policy=" ".join(told)), _OPTIONS)

    def read(said: Said, answers: Answers, context: Context) -> Reading:
        agrees = yes(said)
        if agrees is None:
            return refused(_YES_OR_NO, context)
        if not agrees:
            return Leaving(filled(_NO_CONSENT, context.language))
        return Accepted({"version": policy_version(), "at": context.moment.isoformat()})

    return Field(_FIELD, {"es": "Autorización", "en": "Consent"}, ask, read, read_back=None)


def consent_in(answers: Answers) -> tuple[str, datetime]:
    """The version that was accepted, and when."""
    consent = answers[_FIELD]
    return consent["version"], datetime.fromisoformat(consent["at"])
