"""A citizen's wish to be told of an answer, as it arrives and as it is offered."""

from dataclasses import dataclass
from typing import Any

from bot.channels.json_requests import ChannelError, message_id_in
from bot.components.language import message_language
from bot.intents import QUESTION_KEPT_KEY
from consultame.conversations import JsonObject
from consultame.database import write_session
from consultame.outbox import BadRecipient
from consultame.settings import Language
from kb.answer_consent import answer_consent
from kb.answer_requests import AlreadyNotified, ConsentOutdated, UnknownQuestion, request_answer

_LONGEST_EMAIL = 254


@dataclass(frozen=True)
class AnswerWish:
    """The address to write to when the question of this message has an answer, and the consent that was given."""

    message_id: str
    email: str
    language: Language
    consent_version: str


def answer_wish_in(body: dict[str, Any]) -> AnswerWish:
    """The wish that a body holds.

    Raises:
        ChannelError: it holds none, or one that is malformed.
    """
    message_id, email, language = message_id_in(body.get("message_id")), body.get("email"), body.get("language", "es")
    if not isinstance(email, str) or not email.strip() or len(email) > _LONGEST_EMAIL:
        raise _bad_email()
    if language not in ("es", "en"):
        raise ChannelError(400, "invalid_language", "El idioma no es válido.")
    consent = body.get("consent")
    if not isinstance(consent, str) or not consent:
        raise ChannelError(400, "consent_missing", "Para avisarle, marque que autoriza el uso de su correo.")
    return AnswerWish(message_id, email.strip(), language, consent)


def keep_answer_wish(conversation_id: str, wish: AnswerWish) -> None:
    """Keep it.

    Raises:
        ChannelError: the address, the consent or the question is not what it must be.
    """
    try:
        with write_session() as session:
            request_answer(
                session,
                conversation_id=conversation_id,
                message_id=wish.message_id,
                email=wish.email,
                language=wish.language,
                consent_version=wish.consent_version,
            )
    except BadRecipient:
        raise _bad_email() from None
    except ConsentOutdated:
        text = "La autorización cambió. Actualice la página, léala de nuevo y vuelva a enviar su correo."
        raise ChannelError(409, "consent_outdated", text) from None
    except UnknownQuestion:
        raise ChannelError(404, "unknown_message", "Ese mensaje no es una pregunta sin respuesta.") from None
    except AlreadyNotified:
        raise ChannelError(409, "already_notified", "La respuesta ya se envió al correo que dio antes.") from None


def answer_offer(said: JsonObject, requested: set[str]) -> dict[str, Any] | None:
    """What the channel offers with a message of the assistant that kept a question; None with any other."""
    message_id = (said.get("metadata") or {}).get(QUESTION_KEPT_KEY)
    if not isinstance(message_id, str):
        return None
    language: Language = "en" if message_language(said["text"]) == "en" else "es"
    consent = answer_consent(language)
    return {
        "message_id": message_id,
        "requested": message_id in requested,
        "language": language,
        "consent": {"version": consent.version, "text": consent.text},
    }


def _bad_email() -> ChannelError:
    return ChannelError(400, "invalid_email", "Escriba un correo electrónico completo, como nombre@correo.com.")
