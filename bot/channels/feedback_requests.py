"""What a citizen says of an answer and of a conversation, as it arrives."""

from dataclasses import dataclass
from typing import Any

from bot.channels.free_text import free_text
from bot.channels.json_requests import ChannelError, message_id_in
from consultame.database import write_session
from kb.feedback import MAXIMUM_COMMENT_CHARACTERS, NotAnAnswer, UnknownMessage, rate_answer
from kb.satisfaction import SCORES, keep_satisfaction


@dataclass(frozen=True)
class Vote:
    """Whether the answer to this message helped, and why not."""

    message_id: str
    helpful: bool
    comment: str | None


def vote_in(body: dict[str, Any]) -> Vote:
    """The vote that a body holds.

    Raises:
        ChannelError: it holds none, or one that is malformed.
    """
    message_id, helpful, comment = message_id_in(body.get("message_id")), body.get("helpful"), body.get("comment")
    if not isinstance(helpful, bool):
        raise ChannelError(400, "invalid_vote", "Diga si la respuesta le sirvió o no.")
    if comment is None:
        return Vote(message_id, helpful, None)
    if helpful or not isinstance(comment, str):
        raise ChannelError(400, "invalid_comment", "El comentario no es válido.")
    if len(comment) > MAXIMUM_COMMENT_CHARACTERS:
        limit = MAXIMUM_COMMENT_CHARACTERS
        raise ChannelError(400, "text_too_long", f"El comentario es muy largo: escriba máximo {limit} caracteres.")
    return Vote(message_id, helpful, free_text(comment))


def score_in(body: dict[str, Any]) -> int:
    """The score that a body holds.

    Raises:
        ChannelError: it is no whole number from 1 to 5.
    """
    score = body.get("score")
    if not isinstance(score, int) or isinstance(score, bool) or score not in SCORES:
        raise ChannelError(400, "invalid_score", "Califique con un número entero de 1 a 5.")
    return score


def keep_vote(conversation_id: str, vote: Vote) -> None:
    """Keep it; masking its comment loads a language model, and the database may wait for its lock.

    Raises:
        ChannelError: the message is not of this conversation, or no entry answered it.
    """
    try:
        with write_session() as session:
            rate_answer(
                session,
                conversation_id=conversation_id,
                message_id=vote.message_id,
                helpful=vote.helpful,
                comment=vote.comment,
            )
    except UnknownMessage:
        raise ChannelError(404, "unknown_message", "Ese mensaje no es de esta conversación.") from None
    except NotAnAnswer:
        raise ChannelError(400, "not_an_answer", "Solo se califican las respuestas a una pregunta.") from None


def keep_score(conversation_id: str, score: int) -> None:
    """Keep it."""
    with write_session() as session:
        keep_satisfaction(session, conversation_id=conversation_id, score=score)
