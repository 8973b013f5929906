"""How it stands with those who asked to be told of an answer, in words; never their address or number."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from admin.wording import long_moment
from consultame.outbox import Channel, MessageState
from kb.answer_requests import NoticeCounts, request_for

_BY = {Channel.EMAIL: "por correo", Channel.WHATSAPP: "por WhatsApp"}
_MESSAGE = {Channel.EMAIL: "El correo con la respuesta", Channel.WHATSAPP: "El mensaje de WhatsApp con la respuesta"}
_UNSENT = {
    MessageState.FAILED: "no se pudo entregar.",
    MessageState.CANCELLED: "no se envió: se borraron los datos de la persona.",
    MessageState.EXPIRED: "no se pudo enviar a tiempo, y ya no se envía.",
    MessageState.UNKNOWN: "salió, pero no se sabe si llegó: para no repetirlo, no se envía otra vez.",
}


def notices_in_words(counts: Mapping[Channel, NoticeCounts]) -> str:
    """«2 personas esperan la respuesta por correo; 1 ya la recibió por WhatsApp»; empty when nobody asked."""
    return "; ".join(part for channel, count in counts.items() for part in _parts(count, _BY[channel]))


def _parts(counts: NoticeCounts, by: str) -> list[str]:
    parts = (
        (counts.waiting, "persona espera la respuesta", "personas esperan la respuesta"),
        (counts.under_way, "aviso va en camino", "avisos van en camino"),
        (counts.sent, "ya la recibió", "ya la recibieron"),
        (counts.unknown, "no se sabe si la recibió", "no se sabe si la recibieron"),
        (counts.failed, "no se pudo entregar", "no se pudieron entregar"),
    )
    return [f"{count} {one if count == 1 else many} {by}" for count, one, many in parts if count]


def notice_of_question(session: Session, question_id: int) -> str:
    """How it stands with whoever asked this question; empty when he or she did not ask to be told."""
    request = request_for(session, question_id)
    if request is None:
        return ""
    by = _BY[request.channel]
    if request.message is None:
        return f"Quien preguntó espera la respuesta {by}: saldrá cuando la respuesta esté en servicio."
    if request.message.sent_at:
        return f"Se le envió la respuesta {by} el {long_moment(request.message.sent_at)}."
    unsent = _UNSENT.get(request.message.state)
    return f"{_MESSAGE[request.channel]} {unsent}" if unsent else f"La respuesta va en camino {by}."
