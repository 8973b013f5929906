"""The web channel of the assistant, spoken to from here for citizens whose browser runs no scripts."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from http import HTTPStatus
from typing import Literal, TypeVar

import httpx
from pydantic import BaseModel, Field, ValidationError

from consultame.settings import Language

_TIMEOUT_SECONDS = 10

Model = TypeVar("Model", bound=BaseModel)


class ChatUnreachable(Exception):
    """The channel does not answer, or not in its form."""


class ConversationExpired(Exception):
    """The token is not valid any more."""


class ChatRefused(Exception):
    """The channel refuses the message; the text is in Spanish, for the citizen."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class ChatButton(BaseModel):
    """A choice the assistant offers, and the opaque value that stands for it."""

    title: str
    button: str


class ChatRating(BaseModel):
    """That an answer can be rated: the id to rate it by, the vote so far, and the language the answer speaks."""

    message_id: str
    helpful: bool | None = None
    language: Language = "es"


class ChatConsent(BaseModel):
    """What has to be accepted before an address or a number is given, and the version that goes back."""

    version: str
    text: str


class ChatAnswerRequest(BaseModel):
    """That the answer to a question that had none can be asked to be sent, and whether it was.

    `consent` is for e-mail, `whatsapp_consent` for WhatsApp, where it is offered.
    """

    message_id: str
    requested: bool = False
    language: Language = "es"
    consent: ChatConsent
    whatsapp_consent: ChatConsent | None = None


class ChatMessage(BaseModel):
    """Something the citizen or the assistant said."""

    speaker: Literal["citizen", "assistant"] = Field("assistant", alias="from")
    text: str
    buttons: list[ChatButton] = []
    at: datetime | None = None
    rating: ChatRating | None = None
    answer_request: ChatAnswerRequest | None = None


class OpenedConversation(BaseModel):
    """A new conversation: its token, how long it lasts, and the greeting."""

    token: str
    expires_in: int
    messages: list[ChatMessage]


class _History(BaseModel):
    messages: list[ChatMessage]


class _ErrorDetail(BaseModel):
    message: str


class _Error(BaseModel):
    error: _ErrorDetail


class ChatChannel:
    """A client of the channel at this address."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url.rstrip("/")
        self._client = httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False, transport=transport)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def open(self) -> OpenedConversation:
        """Start a conversation.

        Raises:
            ChatUnreachable: the channel does not answer.
            ChatRefused: too many conversations at once.
        """
        answer = await _answered(lambda: self._client.post(f"{self._url}/session"))
        return _read(OpenedConversation, answer)

    async def say(self, token: str, message: dict[str, str]) -> None:
        """Send `{"id", "text"}` or `{"id", "button"}`; the same id sent twice counts once.

        Raises:
            ChatUnreachable: the channel does not answer.
            ConversationExpired: the token is not valid any more.
            ChatRefused: the message is not accepted.
        """
        headers = _bearer(token)
        await _answered(lambda: self._client.post(f"{self._url}/messages", json=message, headers=headers))

    async def rate(self, token: str, vote: dict[str, str | bool]) -> None:
        """Send `{"message_id", "helpful"}` with or without `"comment"`.

        Raises:
            ChatUnreachable: the channel does not answer.
            ConversationExpired: the token is not valid any more.
            ChatRefused: the vote is not accepted.
        """
        await _answered(lambda: self._client.post(f"{self._url}/feedback", json=vote, headers=_bearer(token)))

    async def request_answer(self, token: str, wish: dict[str, str]) -> None:
        """Send `{"message_id", "email" or "phone", "consent", "language"}`.

        Raises:
            ChatUnreachable: the channel does not answer.
            ConversationExpired: the token is not valid any more.
            ChatRefused: the address, the number or the consent is not accepted.
        """
        await _answered(lambda: self._client.post(f"{self._url}/answer-request", json=wish, headers=_bearer(token)))

    async def history(self, token: str) -> list[ChatMessage]:
        """What was said so far, without the greeting.

        Raises:
            ChatUnreachable: the channel does not answer.
            ConversationExpired: the token is not valid any more.
        """
        answer = await _answered(lambda: self._client.get(f"{self._url}/history", headers=_bearer(token)))
        return _read(_History, answer).messages


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def _answered(request: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """The channel's answer when it is a success."""
    try:
        answer = await request()
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise ChatUnreachable(str(error)) from error
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        raise ConversationExpired
    if answer.is_client_error:
        raise ChatRefused(answer.status_code, _read(_Error, answer).error.message)
    if not answer.is_success:
        raise ChatUnreachable(f"status {answer.status_code}")
    return answer


def _read(model: type[Model], answer: httpx.Response) -> Model:
    try:
        return model.model_validate_json(answer.content)
    except ValidationError as error:
        raise ChatUnreachable(f"unexpected answer: {error}") from error
