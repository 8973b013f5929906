"""The page behind the signed link of a message that tells of an answer.

It shows the question, and the answer as it is live at that moment; opening it changes nothing.
"""

from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from admin.pages import render
from consultame.contact import with_contact_data
from consultame.database import read_session
from consultame.settings import Language, load_settings
from kb.answer_links import BrokenLink, ExpiredLink, reference_in
from kb.answer_requests import AnswerRequest, request_by_reference
from kb.live_answers import live_answers

router = APIRouter(prefix="/respuestas")

_TEXTS: dict[Language, dict[str, str]] = {
    "es": {
        "title": "Respuesta a su pregunta",
        "asked": "Usted preguntó",
        "answer": "Respuesta",
        "ask": "Preguntarle algo más al asistente",
        "call": "También puede llamar gratis al {linea_gratuita} o escribir a {correo}.",
        "data": (
            "Abrió esta página con el enlace del mensaje que pidió. Para conocer, corregir o borrar sus datos, escriba "
            "a {correo}."
        ),
        "none_title": "No hay una respuesta vigente",
        "none": (
            "En este momento no hay una respuesta vigente a su pregunta. Llame gratis al {linea_gratuita} o escriba a "
            "{correo}."
        ),
    },
    "en": {
        "title": "The answer to your question",
        "asked": "You asked",
        "answer": "Answer",
        "ask": "Ask the assistant something else",
        "call": "You can also call {linea_gratuita}, free of charge, or write to {correo}.",
        "data": (
            "You opened this page with the link of the message you asked for. To see, correct or erase your data, "
            "write to {correo}."
        ),
        "none_title": "There is no current answer",
        "none": (
            "At the moment there is no current answer to your question. Call {linea_gratuita}, free of charge, or "
            "write to {correo}."
        ),
    },
}
# Without a good link nobody knows in which language the citizen asked.
_BROKEN = {
    "title": "El enlace no es válido",
    "es": (
        "El enlace está incompleto o no es válido. Ábralo de nuevo desde el mensaje. Si sigue igual, llame gratis al "
        "{linea_gratuita} o escriba a {correo}."
    ),
    "en": "This link is incomplete or not valid: please open it from the message again.",
}
_EXPIRED = {
    "title": "El enlace venció",
    "es": (
        "El enlace venció. Hágale de nuevo la pregunta al asistente, llame gratis al {linea_gratuita} o escriba a "
        "{correo}."
    ),
    "en": "This link has expired: please ask the assistant again.",
}


@router.get("/{token}")
def answer_page(request: Request, token: str) -> Response:
    """The question and its answer; where there is none any more, where to ask."""
    try:
        reference = reference_in(token)
    except BrokenLink:
        return _no_link(request, HTTPStatus.NOT_FOUND, _BROKEN)
    except ExpiredLink:
        return _no_link(request, HTTPStatus.GONE, _EXPIRED)
    with read_session() as session:
        asked = request_by_reference(session, reference)
        answers = live_answers(session, AnswerRequest.id == asked.id) if asked else []
        language: Language = asked.language if asked else "es"
        return render(
            request,
            "answers/answer.html" if answers else "answers/none.html",
            status=HTTPStatus.OK if answers else HTTPStatus.NOT_FOUND,
            language=language,
            texts=_filled(_TEXTS[language], language),
            question=asked.question.text if asked else "",
            answer=answers[0].text if answers else "",
        )


def _no_link(request: Request, status: HTTPStatus, texts: dict[str, str]) -> Response:
    return render(request, "answers/no_link.html", status=status, texts=_filled(texts, "es"))


def _filled(texts: dict[str, str], language: Language) -> dict[str, str]:
    return {name: with_contact_data(text, load_settings(), language) for name, text in texts.items()}
