"""A citizen's wish to be told of an answer, as it arrives and as it is offered."""

from dataclasses import dataclass
from typing import Any

from bot.channels.json_requests import ChannelError, message_id_in
from bot.components.language import message_language
from bot.intents import QUESTION_KEPT_KEY
from consultame.conversations import JsonObject
from consultame.database import write_session
from consultame.outbox import BadRecipient, Channel
from consultame.settings import Language
from kb.answer_consent import answer_consent, can_tell_by
from kb.answer_requests import (
    AlreadyNotified,
    ChannelUnavailable,
    ConsentOutdated,
    UnknownQuestion,
    request_answer,
)

_LONGEST = {Channel.EMAIL: 254, Channel.WHATSAPP: 40}
# By the code of the refusal. In the language of the form: whoever reads it is to mend what was typed.
_REFUSALS: dict[str, tuple[int, dict[Language, str]]] = {
    "invalid_recipient": (
        400,
        {
            "es": "Deje un correo o un celular, uno de los dos.",
            "en": "Leave an e-mail address or a mobile number, one of the two.",
        },
    ),
    "invalid_email": (
        400,
        {
            "es": "Escriba un correo electrónico completo, como nombre@correo.com.",
            "en": "Write a complete e-mail address, such as name@mail.com.",
        },
    ),
    "invalid_phone": (
        400,
        {
            "es": "Escriba un celular de diez cifras, como 300 123 4567; de otro país, con + y su indicativo.",
            "en": "Write a mobile number of ten digits, such as 300 123 4567; of another country, with + and its code.",
        },
    ),
    "consent_missing": (
        400,
        {
            "es": "Para avisarle, marque que autoriza el uso de su correo o celular.",
            "en": "To be told, tick that you authorise the use of your e-mail address or mobile number.",
        },
    ),
    "consent_outdated": (
        409,
        {
            "es": "La autorización cambió. Actualice la página, léala de nuevo y vuelva a enviar sus datos.",
            "en": "The authorisation has changed. Reload the page, read it again and send your data again.",
        },
    ),
    "channel_unavailable": (
        409,
        {
            "es": "En este momento no se puede avisar por WhatsApp. Actualice la página y deje su correo.",
            "en": "At the moment nobody can be told by WhatsApp. Reload the page and leave your e-mail address.",
        },
    ),
    "already_notified": (
        409,
        {
            "es": "La respuesta ya se envió a los datos que dio antes.",
            "en": "The answer was already sent to what you gave before.",
        },
    ),
    "unknown_message": (
        404,
        {
            "es": "Ese mensaje no es una pregunta sin respuesta.",
            "en": "That message is no question without an answer.",
        },
    ),
}


@dataclass(frozen=True)
class AnswerWish:
    """Where to write to when the question of this message has an answer, and the consent that was given."""

    message_id: str
    channel: Channel
    recipient: str
    language: Language
    consent_version: str


def answer_wish_in(body: dict[str, Any]) -> AnswerWish:
    """The wish that a body holds: with an `email`, or with the `phone` to write to by WhatsApp.

    Raises:
        ChannelError: it holds none, or one that is malformed.
    """
    message_id, language = message_id_in(body.get("message_id")), body.get("language", "es")
    if language not in ("es", "en"):
        raise ChannelError(400, "invalid_language", "El idioma no es válido.")
    if "email" in body and "phone" in body:
        raise _refusal("invalid_recipient", language)
    channel = Channel.WHATSAPP if "phone" in body else Channel.EMAIL
    recipient = body.get("phone" if channel is Channel.WHATSAPP else "email")
    if not isinstance(recipient, str) or not recipient.strip() or len(recipient) > _LONGEST[channel]:
        raise _bad_recipient(channel, language)
    consent = body.get("consent")
    if not isinstance(consent, str) or not consent:
        raise _refusal("consent_missing", language)
    return AnswerWish(message_id, channel, recipient.strip(), language, consent)


def keep_answer_wish(conversation_id: str, wish: AnswerWish) -> None:
    """Keep it.

    Raises:
        ChannelError: the address, the number, the consent or the question is not what it must be.
    """
    try:
        with write_session() as session:
            request_answer(
                session,
                conversation_id=conversation_id,
                message_id=wish.message_id,
                channel=wish.channel,
                recipient=wish.recipient,
                language=wish.language,
                consent_version=wish.consent_version,
            )
    except BadRecipient:
        raise _bad_recipient(wish.channel, wish.language) from None
    except ChannelUnavailable:
        raise _refusal("channel_unavailable", wish.language) from None
    except ConsentOutdated:
        raise _refusal("consent_outdated", wish.language) from None
    except UnknownQuestion:
        raise _refusal("unknown_message", wish.language) from None
    except AlreadyNotified:
        raise _refusal("already_notified", wish.language) from None


def answer_offer(said: JsonObject, requested: set[str]) -> dict[str, Any] | None:
    """What the channel offers with a message of the assistant that kept a question; None with any other."""
    message_id = (said.get("metadata") or {}).get(QUESTION_KEPT_KEY)
    if not isinstance(message_id, str):
        return None
    language: Language = "en" if message_language(said["text"]) == "en" else "es"
    offer = {
        "message_id": message_id,
        "requested": message_id in requested,
        "language": language,
        "consent": _consent(language, Channel.EMAIL),
    }
    if can_tell_by(Channel.WHATSAPP):
        offer["whatsapp_consent"] = _consent(language, Channel.WHATSAPP)
    return offer


def _consent(language: Language, channel: Channel) -> dict[str, str]:
    consent = answer_consent(language, channel)
    return {"version": consent.version, "text": consent.text}


def _bad_recipient(channel: Channel, language: Language) -> ChannelError:
    return _refusal("invalid_phone" if channel is Channel.WHATSAPP else "invalid_email", language)


def _refusal(code: str, language: Language) -> ChannelError:
    status, texts = _REFUSALS[code]
    return ChannelError(status, code, texts[language])
