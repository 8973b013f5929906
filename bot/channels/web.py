"""The website's channel: sessions by signed token, idempotent messages, history. JSON in, JSON out, errors too.

POST session   → 201 {token, expires_in, messages}
POST messages  {id, text | button} → {id, messages, outcome, slug}
POST feedback  {message_id, helpful, comment?} → {message_id, helpful}
POST satisfaction  {score} → {score}
POST answer-request  {message_id, email | phone, consent, language?} → {message_id, requested}
GET  history   → {messages}
GET  status    → {status, model}

An answer of the knowledge base carries `rating` {message_id, helpful, language} in its last message: the id to rate it
by, the vote that the history knows of, the language it speaks. A message that kept a question carries `answer_request`
{message_id, requested, language, consent {version, text}}: the text to accept, whose version goes back as `consent`;
and, where citizens can be told by WhatsApp, `whatsapp_consent` {version, text}, which goes with a `phone`.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint
from sanic.exceptions import PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.channels.answer_requests import answer_wish_in, keep_answer_wish
from bot.channels.choices import ChoiceRefused, ChoiceSigner
from bot.channels.conversation_turns import ConversationTurns
from bot.channels.feedback_requests import keep_score, keep_vote, score_in, vote_in
from bot.channels.free_text import free_text
from bot.channels.json_requests import BODY_TOO_LARGE, ChannelError, answers_json, json_body, message_id_in
from bot.channels.message_rate import MessageRate
from bot.channels.parsing_thread import parsed_beside_the_loop
from bot.channels.stored_turn import stored_events
from bot.channels.web_messages import Wanted, WebMessages
from consultame.conversations import JsonObject, latest_said, said_in_turn, turn_of_message
from consultame.database import read_connection, read_session
from consultame.settings import load_settings
from kb.answer_requests import requested_in
from kb.feedback import votes_in

MAXIMUM_HISTORY_MESSAGES = 200

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class WebOutput(CollectingOutputChannel):
    """Collects the turn's messages, each whole."""

    @classmethod
    def name(cls) -> str:
        return "web"

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Collect a text without splitting it at its paragraphs, as Rasa would."""
        await self._persist_message(self._message(recipient_id, text=text))


class WebChannel(InputChannel):
    """The input channel `web`, mounted by Rasa at /webhooks/web/."""

    def __init__(self) -> None:
        self.settings = load_settings()
        self.tokens = URLSafeTimedSerializer(self.settings.secret("web-session"), salt="session")
        self.choices = ChoiceSigner(self.settings.secret("web-choice"))
        self.messages = WebMessages(self.choices)
        self.rate = MessageRate()
        self.turns = ConversationTurns()

    @classmethod
    def name(cls) -> str:
        return "web"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes; every refusal and every fault leaves as JSON."""
        routes = Blueprint("consultame_web")

        @routes.exception(PayloadTooLarge)
        async def refuse_large_body(request: Request, exception: PayloadTooLarge) -> HTTPResponse:
            return BODY_TOO_LARGE.response()

        @routes.get("/status")
        @answers_json
        async def status(request: Request) -> HTTPResponse:
            agent = _ready_agent(request)
            return json_response({"status": "ok", "model": agent.fingerprint})

        @routes.post("/session")
        @answers_json
        async def open_session(request: Request) -> HTTPResponse:
            agent = _ready_agent(request)
            self._limit("session", request.ip, self.settings.sessions_per_minute)
            conversation_id = f"web-{uuid.uuid4().hex}"
            body = {
                "token": self.tokens.dumps(conversation_id),
                "expires_in": self.settings.session_hours * 3600,
                "messages": await self._greeting(agent, conversation_id),
            }
            return json_response(body, status=201)

        @routes.post("/messages")
        @answers_json
        async def receive(request: Request) -> HTTPResponse:
            agent = _ready_agent(request)
            conversation_id = self._conversation(request)
            body = json_body(request)
            message = self._user_message(conversation_id, body)
            self._limit("message", conversation_id, self.settings.messages_per_minute)
            async with self.turns.of(conversation_id):
                turn = _turn_of(message) or await _processed(agent, message, on_new_message)
            if turn is None:
                raise ChannelError(503, "not_processed", "No pude atender su mensaje. Inténtelo de nuevo.")
            return json_response(self.messages.turn(conversation_id, turn))

        @routes.get("/history")
        @answers_json
        async def history(request: Request) -> HTTPResponse:
            conversation_id = self._conversation(request)
            with read_session() as session:
                said = latest_said(session, conversation_id, limit=MAXIMUM_HISTORY_MESSAGES)
                wanted = Wanted(votes_in(session, conversation_id), requested_in(session, conversation_id))
            return json_response({"messages": self.messages.history(conversation_id, said, wanted)})

        self._add_feedback_routes(routes)
        return routes

    def _add_feedback_routes(self, routes: Blueprint) -> None:
        @routes.post("/feedback")
        @answers_json
        async def rate(request: Request) -> HTTPResponse:
            conversation_id = self._conversation(request)
            vote = vote_in(json_body(request))
            self._limit("feedback", conversation_id, self.settings.messages_per_minute)
            async with self.turns.of(conversation_id):
                await asyncio.to_thread(keep_vote, conversation_id, vote)
            return json_response({"message_id": vote.message_id, "helpful": vote.helpful})

        @routes.post("/satisfaction")
        @answers_json
        async def score(request: Request) -> HTTPResponse:
            conversation_id = self._conversation(request)
            points = score_in(json_body(request))
            self._limit("feedback", conversation_id, self.settings.messages_per_minute)
            async with self.turns.of(conversation_id):
                await asyncio.to_thread(keep_score, conversation_id, points)
            return json_response({"score": points})

        @routes.post("/answer-request")
        @answers_json
        async def request_answer(request: Request) -> HTTPResponse:
            conversation_id = self._conversation(request)
            wish = answer_wish_in(json_body(request))
            self._limit("feedback", conversation_id, self.settings.messages_per_minute)
            async with self.turns.of(conversation_id):
                await asyncio.to_thread(keep_answer_wish, conversation_id, wish)
            return json_response({"message_id": wish.message_id, "requested": True})

    def _conversation(self, request: Request) -> str:
        """The conversation the bearer token names; 401 when it is missing, forged or expired."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise BadData("no bearer token")
            conversation_id = self.tokens.loads(token, max_age=self.settings.session_hours * 3600)
        except BadData:
            raise ChannelError(
                401, "invalid_token", "La conversación no es válida o venció. Inicie una nueva."
            ) from None
        return str(conversation_id)

    def _limit(self, kind: str, who: str, per_minute: int) -> None:
        if not self.rate.admits(kind, who, per_minute):
            raise ChannelError(429, "too_many_requests", "Va muy rápido. Espere un minuto y vuelva a intentarlo.")

    def _user_message(self, conversation_id: str, body: dict[str, Any]) -> UserMessage:
        message_id, text, button = message_id_in(body.get("id")), body.get("text"), body.get("button")
        if (text is None) == (button is None):
            raise ChannelError(400, "invalid_message", "Envíe un texto o un botón, uno de los dos.")
        common = {
            "output_channel": WebOutput(),
            "sender_id": conversation_id,
            "input_channel": self.name(),
            "message_id": message_id,
        }
        if button is not None:
            choice = self._choice(conversation_id, button)
            return UserMessage(choice.title, parse_data=choice.parse_data(), **common)
        return UserMessage(self._typed_text(text), **common)

    def _choice(self, conversation_id: str, button: Any) -> Any:
        try:
            return self.choices.read(conversation_id, button if isinstance(button, str) else "")
        except ChoiceRefused:
            raise ChannelError(400, "invalid_button", "Ese botón no es de esta conversación.") from None

    def _typed_text(self, text: Any) -> str:
        limit = self.settings.message_max_characters
        if not isinstance(text, str):
            raise ChannelError(400, "invalid_message", "El texto del mensaje no es válido.")
        if len(text) > limit:
            raise ChannelError(400, "text_too_long", f"El mensaje es muy largo: escriba máximo {limit} caracteres.")
        cleaned = free_text(text)
        if not cleaned:
            raise ChannelError(400, "empty_text", "El mensaje está vacío. Escriba su pregunta.")
        return cleaned

    async def _greeting(self, agent: Agent, conversation_id: str) -> list[dict[str, Any]]:
        tracker = DialogueStateTracker.from_events(conversation_id, [])
        greeting = await agent.nlg.generate(
            "utter_saludar", tracker, self.name(), domain_responses=agent.domain.responses
        )
        return [self.messages.message(conversation_id, greeting["text"], greeting.get("buttons"))] if greeting else []


def _ready_agent(request: Request) -> Agent:
    agent: Agent = request.app.ctx.agent
    if agent is None or not agent.is_ready():
        raise ChannelError(503, "not_ready", "El asistente está iniciando. Inténtelo de nuevo en un momento.")
    return agent


async def _processed(agent: Agent, message: UserMessage, on_new_message: OnNewMessage) -> list[JsonObject] | None:
    """The turn as it is stored now, or None when Rasa did not come to its end."""
    if message.parse_data is None:
        message.parse_data = await parsed_beside_the_loop(agent, message)
    with stored_events() as stored:
        await on_new_message(message)
    return said_in_turn(stored, message.message_id)


def _turn_of(message: UserMessage) -> list[JsonObject] | None:
    """The message as it was kept and all answers to it, or None when it was never processed."""
    with read_connection() as connection:
        return turn_of_message(connection, message.sender_id, message.message_id)
