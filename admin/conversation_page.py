"""The chat as plain pages, for browsers without JavaScript."""

import logging
import re
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.chat_channel import (
    ChatChannel,
    ChatMessage,
    ChatRefused,
    ChatUnreachable,
    ConversationExpired,
    OpenedConversation,
)
from admin.conversation_wording import NOTICE_TEXTS, RATING_TEXTS
from admin.pages import render
from consultame.settings import Language, load_settings
from kb.feedback import MAXIMUM_COMMENT_CHARACTERS

log = logging.getLogger(__name__)
CONVERSATION_PATH = "/conversacion"
router = APIRouter(prefix=CONVERSATION_PATH)

_COOKIE = "consultame_conversation"
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_EXPIRED_BUTTON = "La conversación anterior venció. Empezamos una nueva: elija de nuevo o escriba su pregunta."


class CitizenTurn(BaseModel):
    """What a form of the page sends: a text, or the value of a button."""

    id: str = ""
    text: str = ""
    button: str = ""

    def message(self) -> dict[str, str]:
        """As the channel wants it."""
        message_id = self.id if _MESSAGE_ID.fullmatch(self.id) else str(uuid.uuid4())
        return {"id": message_id} | ({"button": self.button} if self.button else {"text": self.text})


@dataclass
class Conversation:
    """What a page shows: the messages so far, the token they belong to, and a new token to keep, if any."""

    token: str
    messages: list[ChatMessage] = field(default_factory=list)
    opened: OpenedConversation | None = None


class CitizenVote(BaseModel):
    """What the form under an answer sends: whether it helped, and perhaps why not."""

    message_id: str = ""
    helpful: Literal["si", "no"]
    comment: str = ""

    def vote(self) -> dict[str, str | bool]:
        """As the channel wants it."""
        vote: dict[str, str | bool] = {"message_id": self.message_id, "helpful": self.helpful == "si"}
        return vote | {"comment": self.comment} if self.comment.strip() and self.helpful == "no" else vote


class CitizenWish(BaseModel):
    """What a form under a question without an answer sends: where to write to, and the consent if it is given."""

    message_id: str = ""
    channel: Literal["email", "whatsapp"] = "email"
    email: str = ""
    phone: str = ""
    consent: str = ""
    language: Language = "es"

    def wish(self) -> dict[str, str]:
        """As the channel wants it."""
        recipient = {"phone": self.phone} if self.channel == "whatsapp" else {"email": self.email}
        return {"message_id": self.message_id, "consent": self.consent, "language": self.language} | recipient


class _ButtonExpired(Exception):
    """A button of a conversation that is over: in the new one it means nothing."""

    def __init__(self, conversation: Conversation) -> None:
        super().__init__()
        self.conversation = conversation


def _chat_channel(request: Request) -> ChatChannel:
    channel: ChatChannel = request.app.state.chat_channel
    return channel


Channel = Annotated[ChatChannel, Depends(_chat_channel)]


@router.get("")
async def conversation_page(request: Request, channel: Channel, pregunta: str = "", opinion: str = "") -> Response:
    """The conversation so far, or a new one; `pregunta` is put into the text field, `opinion` was just rated."""
    try:
        conversation = await _conversation(channel, request.cookies.get(_COOKIE))
    except ChatRefused as refused:
        return _page(request, typed=pregunta, status=refused.status, message=refused.message)
    except ChatUnreachable as error:
        return _unreachable(request, error, typed=pregunta)
    return _page(request, conversation, typed=pregunta, rated=opinion)


@router.post("")
async def say(request: Request, channel: Channel, turn: Annotated[CitizenTurn, Form()]) -> Response:
    """Send what the citizen typed or chose, then show the conversation again."""
    try:
        conversation = await _said(channel, request.cookies.get(_COOKIE), turn)
    except _ButtonExpired as expired:
        return _page(request, expired.conversation, status=HTTPStatus.CONFLICT, message=_EXPIRED_BUTTON)
    except ChatRefused as refused:
        return await _refused(request, channel, refused, typed=turn.text)
    except (ChatUnreachable, ConversationExpired) as error:
        return _unreachable(request, error, typed=turn.text)
    answer = RedirectResponse(f"{CONVERSATION_PATH}#ultimo", HTTPStatus.SEE_OTHER)
    _keep_token(answer, conversation)
    return answer


@router.post("/opinion")
async def rate(request: Request, channel: Channel, form: Annotated[CitizenVote, Form()]) -> Response:
    """Send whether an answer helped, then show it again with thanks."""
    try:
        await channel.rate(request.cookies.get(_COOKIE, ""), form.vote())
    except ConversationExpired:
        return RedirectResponse(CONVERSATION_PATH, HTTPStatus.SEE_OTHER)
    except ChatRefused as refused:
        return await _refused(request, channel, refused, typed="")
    except ChatUnreachable as error:
        return _unreachable(request, error, typed="")
    address = f"{CONVERSATION_PATH}?opinion={form.message_id}#opinion-{form.message_id}"
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


@router.post("/aviso")
async def request_answer(request: Request, channel: Channel, form: Annotated[CitizenWish, Form()]) -> Response:
    """Ask to be told of an answer by e-mail or WhatsApp, then show the conversation again, which says so."""
    try:
        await channel.request_answer(request.cookies.get(_COOKIE, ""), form.wish())
    except ConversationExpired:
        return RedirectResponse(CONVERSATION_PATH, HTTPStatus.SEE_OTHER)
    except ChatRefused as refused:
        return await _refused(request, channel, refused, typed="")
    except ChatUnreachable as error:
        return _unreachable(request, error, typed="")
    return RedirectResponse(f"{CONVERSATION_PATH}#aviso-{form.message_id}", HTTPStatus.SEE_OTHER)


@router.post("/nueva")
async def start_again(request: Request) -> Response:
    """Forget the conversation: the next page starts a new one."""
    answer = RedirectResponse(CONVERSATION_PATH, HTTPStatus.SEE_OTHER)
    answer.delete_cookie(_COOKIE, path=CONVERSATION_PATH)
    return answer


async def _conversation(channel: ChatChannel, token: str | None) -> Conversation:
    """The conversation of this token; a new one when there is no token, it has expired, or nothing was said yet."""
    if token:
        try:
            messages = await channel.history(token)
        except ConversationExpired:
            messages = []
        if messages:
            return Conversation(token, messages)
    opened = await channel.open()
    return Conversation(opened.token, opened.messages, opened)


async def _said(channel: ChatChannel, token: str | None, turn: CitizenTurn) -> Conversation:
    """Send the turn; in a new conversation when there is none yet or the former one has expired."""
    if token:
        try:
            await channel.say(token, turn.message())
            return Conversation(token)
        except ConversationExpired:
            pass
    opened = await channel.open()
    conversation = Conversation(opened.token, opened.messages, opened)
    if turn.button:
        raise _ButtonExpired(conversation)
    await channel.say(opened.token, turn.message())
    return conversation


async def _refused(request: Request, channel: ChatChannel, refused: ChatRefused, *, typed: str) -> Response:
    try:
        conversation = await _conversation(channel, request.cookies.get(_COOKIE))
    except (ChatRefused, ChatUnreachable):
        conversation = None
    return _page(request, conversation, typed=typed, status=refused.status, message=refused.message)


def _unreachable(request: Request, error: Exception, *, typed: str) -> Response:
    log.warning("the web channel cannot be used: %s", error or type(error).__name__)
    return _page(request, typed=typed, status=HTTPStatus.SERVICE_UNAVAILABLE)


def _page(
    request: Request,
    conversation: Conversation | None = None,
    *,
    typed: str = "",
    rated: str = "",
    status: int = HTTPStatus.OK,
    message: str = "",
) -> Response:
    messages = conversation.messages if conversation else []
    answer = render(
        request,
        "conversation.html",
        status=status,
        messages=messages,
        buttons=_offered(messages),
        typed=typed,
        rated=rated,
        rating_texts=RATING_TEXTS,
        notice_texts=NOTICE_TEXTS,
        comment_limit=MAXIMUM_COMMENT_CHARACTERS,
        message=message,
        reachable=conversation is not None,
        new_id=lambda: str(uuid.uuid4()),
    )
    if conversation:
        _keep_token(answer, conversation)
    return answer


def _offered(messages: list[ChatMessage]) -> list[dict[str, str]]:
    """The buttons of what the assistant said since the citizen's last message, each once."""
    offered: dict[str, str] = {}
    for message in reversed(messages):
        if message.speaker == "citizen":
            break
        offered = {button.button: button.title for button in message.buttons} | offered
    return [{"value": value, "title": title} for value, title in offered.items()]


def _keep_token(answer: Response, conversation: Conversation) -> None:
    if conversation.opened is None:
        return
    answer.set_cookie(
        _COOKIE,
        conversation.token,
        max_age=conversation.opened.expires_in,
        path=CONVERSATION_PATH,
        httponly=True,
        samesite="lax",
        secure=load_settings().environment == "production",
    )
