"""The message that tells a citizen of the answer to a question that had none.

By e-mail it is the answer itself. What is filled into a message by WhatsApp is one short line: it holds the question,
and a button opens a page with the answer.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from consultame.audit import Action, SubjectKind, record
from consultame.contact import with_contact_data
from consultame.database import now
from consultame.outbox import Channel, OutgoingMessage, enqueue_email
from consultame.outbox_whatsapp import enqueue_whatsapp
from consultame.settings import Language, load_settings
from consultame.whatsapp_template import Template, TemplateKind
from kb.answer_links import answer_token
from kb.answer_requests import AnswerRequest, RequestState
from kb.live_answers import LiveAnswer, live_answers

# Where nothing can be sent for so long, the address would be kept for longer than was promised.
_DAYS_TRIED = 30
_SUBJECTS: dict[Language, str] = {
    "es": "Ya hay respuesta a su pregunta",
    "en": "There is an answer to your question",
}
_BEGINNINGS: dict[Language, str] = {
    "es": "Ya hay una respuesta a lo que usted preguntó en ConsúltaME, el asistente del Ministerio de Minas y Energía:",
    "en": "There is an answer now to what you asked ConsúltaME, assistant of Colombia's Ministry of Mines and Energy:",
}
_QUOTED: dict[Language, str] = {"es": "«{}»", "en": "“{}”"}
_ENDINGS: dict[Language, tuple[str, str]] = {
    "es": (
        "Si necesita algo más, pregúntele al asistente o llame gratis al {linea_gratuita}.",
        "Recibe este correo porque pidió que le avisáramos; es el único que le enviamos por esta pregunta. Para "
        "conocer, corregir o borrar sus datos, escriba a {correo}.",
    ),
    "en": (
        "If you need anything else, ask the assistant or call {linea_gratuita}, free of charge.",
        "You receive this e-mail because you asked to be told; it is the only one we send about this question. To see, "
        "correct or erase your data, write to {correo}.",
    ),
}


def notify_of_answers(session: Session) -> int:
    """Tell each citizen who waits for an answer that is live and was found to work, once, by the channel chosen.

    Returns how many messages were enqueued.
    """
    found = live_answers(session, AnswerRequest.state == RequestState.WAITING)
    for answer in found:
        _notify(session, answer)
    return len(found)


def _notify(session: Session, answer: LiveAnswer) -> None:
    request = answer.request
    # The same for both channels: nobody is told twice, whatever is chosen meanwhile.
    key = f"answer:{request.reference}"
    enqueue = _enqueue_whatsapp if request.channel is Channel.WHATSAPP else _enqueue_email
    message = enqueue(session, answer, key)
    request.state, request.message_id, request.recipient = RequestState.NOTIFIED, message.id, ""
    session.flush()
    record(session, Action.CITIZEN_TOLD, SubjectKind.QUESTION, request.question_id, channel=request.channel.value)


def _enqueue_email(session: Session, answer: LiveAnswer, key: str) -> OutgoingMessage:
    request = answer.request
    language = request.language
    # Only what staff wrote has placeholders: what the citizen asked is left as it is.
    endings = [with_contact_data(text, load_settings(), language) for text in _ENDINGS[language]]
    question = _QUOTED[language].format(request.question.text)
    text = "\n\n".join([_BEGINNINGS[language], question, answer.text, *endings])
    return enqueue_email(
        session, dedupe_key=key, to=request.recipient, subject=_SUBJECTS[language], text=text, not_after=_latest()
    )


def _enqueue_whatsapp(session: Session, answer: LiveAnswer, key: str) -> OutgoingMessage:
    request = answer.request
    template = Template(
        TemplateKind.ANSWER_READY, request.language, (request.question.text,), (answer_token(request.reference),)
    )
    return enqueue_whatsapp(session, dedupe_key=key, to=request.recipient, template=template, not_after=_latest())


def _latest() -> datetime:
    return now() + timedelta(days=_DAYS_TRIED)
