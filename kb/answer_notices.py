"""The e-mail that brings a citizen the answer to a question that had none."""

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from consultame.contact import with_contact_data
from consultame.outbox import enqueue_email
from consultame.settings import Language, load_settings
from kb.answer_requests import AnswerRequest, RequestState
from kb.models import EntryVersion, QuestionState, Release, ReleaseVersion, UnansweredQuestion

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
    """Enqueue the answer, as it is live now, for each citizen who waits for one that was found to work; once each.

    Returns how many were enqueued.
    """
    query = (
        select(AnswerRequest, EntryVersion)
        .join(UnansweredQuestion, UnansweredQuestion.id == AnswerRequest.question_id)
        .join(EntryVersion, EntryVersion.entry_id == UnansweredQuestion.entry_id)
        .join(ReleaseVersion, ReleaseVersion.version_id == EntryVersion.id)
        .join(Release, Release.id == ReleaseVersion.release_id)
        .where(
            AnswerRequest.state == RequestState.WAITING,
            UnansweredQuestion.state == QuestionState.ANSWERED,
            UnansweredQuestion.answer_checked_at.is_not(None),
            Release.live.is_(True),
        )
        .options(contains_eager(AnswerRequest.question))
    )
    found = session.execute(query).tuples().all()
    for request, version in found:
        _notify(session, request, version)
    return len(found)


def _notify(session: Session, request: AnswerRequest, version: EntryVersion) -> None:
    language = request.language
    answer = version.answer_en if language == "en" else version.answer_es
    # Only what staff wrote has placeholders: what the citizen asked is left as it is.
    answer, *endings = (with_contact_data(text, load_settings(), language) for text in (answer, *_ENDINGS[language]))
    question = _QUOTED[language].format(request.question.text)
    message = enqueue_email(
        session,
        # The moment beside the number, which a database that was made anew gives again.
        dedupe_key=f"answer:{request.id}:{int(request.consented_at.timestamp())}",
        to=request.email,
        subject=_SUBJECTS[language],
        text="\n\n".join([_BEGINNINGS[language], question, answer.strip(), *endings]),
    )
    request.state, request.message_id, request.email = RequestState.NOTIFIED, message.id, ""
    session.flush()
