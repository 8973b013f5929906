"""How it stands with those who asked to be told of an answer, in words; never their address."""

from sqlalchemy.orm import Session

from admin.wording import long_moment
from consultame.outbox import MessageState
from kb.answer_requests import NoticeCounts, request_for

_UNSENT = {
    MessageState.FAILED: "El correo con la respuesta no se pudo entregar.",
    MessageState.CANCELLED: "El correo con la respuesta no se envió: se borraron los datos de la persona.",
}


def notices_in_words(counts: NoticeCounts) -> str:
    """«2 personas esperan la respuesta por correo; 1 ya la recibió»; empty when nobody asked to be told."""
    parts = (
        (counts.waiting, "persona espera la respuesta por correo", "personas esperan la respuesta por correo"),
        (counts.under_way, "correo va en camino", "correos van en camino"),
        (counts.sent, "ya la recibió", "ya la recibieron"),
        (counts.failed, "no se pudo entregar", "no se pudieron entregar"),
    )
    return "; ".join(f"{count} {one if count == 1 else many}" for count, one, many in parts if count)


def notice_of_question(session: Session, question_id: int) -> str:
    """How it stands with whoever asked this question; empty when he or she did not ask to be told."""
    request = request_for(session, question_id)
    if request is None:
        return ""
    if request.message is None:
        return "Quien preguntó espera un correo con la respuesta: saldrá cuando la respuesta esté en servicio."
    if request.message.sent_at:
        return f"Se le envió la respuesta por correo el {long_moment(request.message.sent_at)}."
    return _UNSENT.get(request.message.state, "La respuesta va en camino por correo.")
