"""Who asks and where the answer goes: the fields that every filing dialogue shares."""

from collections.abc import Callable

from bot.components.spanish_text import has_words
from bot.dialogues.consent import consent_in
from bot.dialogues.fields import (
    LEFT_OUT,
    Accepted,
    Answer,
    Answers,
    Context,
    Field,
    Reading,
    Said,
    Style,
    Texts,
    always,
    asking,
)
from bot.dialogues.readers import identity_document, person_name, refused
from consultame.settings import Language, is_email
from desk.cases.filing import RequesterData
from desk.cases.kinds import RequesterKind
from desk.identifiers import IdentifierKind

_FEWEST_CHARACTERS_OF_AN_ADDRESS = 8
_LONGEST_ADDRESS = 200
_NO_NAME: Texts = {
    "es": "Escriba su nombre y sus apellidos, sin números.",
    "en": "Write your name and surname, without figures.",
}
_NO_DOCUMENT: Texts = {
    "es": "No reconocí un número de documento. Escriba solo el número, entre 5 y 11 cifras.",
    "en": "I recognised no document number. Write the number only, from 5 to 11 figures.",
}
_NO_ADDRESS: Texts = {
    "es": "Escriba un correo completo, como nombre@ejemplo.com, o una dirección con el municipio.",
    "en": "Write a whole e-mail address, like name@example.com, or a postal address with the municipality.",
}


def requester_fields(applies: Callable[[Answers], bool] = always) -> tuple[Field, ...]:
    """Name, document, and where to answer."""
    return (
        Field(
            "name",
            {"es": "Nombre", "en": "Name"},
            asking("¿Cuál es su nombre completo?", "What is your full name?"),
            person_name(_NO_NAME),
            style=Style.SHORT,
            called=("nombre", "apellido", "apellidos", "name", "surname"),
            applies=applies,
        ),
        Field(
            "document",
            {"es": "Documento", "en": "ID document"},
            asking("¿Cuál es el número de su documento de identidad?", "What is the number of your ID document?"),
            identity_document(_NO_DOCUMENT),
            called=("documento", "cedula", "identificacion", "nit", "document", "id"),
            applies=applies,
        ),
        Field(
            "reply_to",
            {"es": "Respuesta a", "en": "Answer to"},
            asking(
                "¿A dónde le respondemos? Escriba su correo electrónico o su dirección con el municipio.",
                "Where should we answer? Write your e-mail address, or your postal address with the municipality.",
            ),
            _read_reply_to,
            style=Style.SHORT,
            called=("correo", "direccion", "email", "e mail", "address", "respuesta"),
            applies=applies,
            read_back=_shown_reply_to,
        ),
    )


def _read_reply_to(said: Said, answers: Answers, context: Context) -> Reading:
    emails = [value for value in said.values_of(IdentifierKind.EMAIL) if is_email(value)]
    if emails:
        return Accepted({"email": emails[0]})
    text = said.text.strip(" .,;:")
    is_long_enough = _FEWEST_CHARACTERS_OF_AN_ADDRESS <= len(text) <= _LONGEST_ADDRESS
    is_address = is_long_enough and has_words(text) and any(character.isdigit() for character in text)
    return Accepted({"address": text}) if is_address and "@" not in text else refused(_NO_ADDRESS, context)


def _shown_reply_to(value: Answer, language: Language) -> str:
    return str(value.get("email") or value["address"])


def requester_in(answers: Answers, *, place_code: str = "") -> RequesterData:
    """Who asks, as the case service takes it; anonymous without a name."""
    version, consented_at = consent_in(answers)
    name = answers.get("name", LEFT_OUT)
    return RequesterData(
        kind=RequesterKind.PERSON if name else RequesterKind.ANONYMOUS,
        name=name,
        document=answers.get("document", ""),
        email=answers.get("reply_to", {}).get("email", ""),
        place_code=place_code,
        consent_version=version,
        consented_at=consented_at,
    )


def postal_address_in(answers: Answers) -> str:
    """Where to answer by post; empty when by e-mail or not at all."""
    return str(answers.get("reply_to", {}).get("address", ""))
