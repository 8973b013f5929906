"""The client of Meta's WhatsApp Business Cloud API: hands one message over and says what came of it."""

import logging
from types import TracebackType

import httpx

from consultame.outbox import OutgoingMessage
from consultame.settings import Settings
from consultame.whatsapp_errors import Answer, Verdict, read_answer
from consultame.whatsapp_template import Template, template_body

TIMEOUT = httpx.Timeout(30, connect=10)


class WhatsAppApi:
    """A connection to the API, open within a `with` block; the settings have to hold number and token."""

    def __init__(self, settings: Settings) -> None:
        token = settings.whatsapp_access_token
        # httpx logs every request; nobody needs that.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._settings = settings
        self._path = f"/{settings.whatsapp_api_version}/{settings.whatsapp_phone_number_id}/messages"
        self._client = httpx.Client(
            base_url=settings.whatsapp_api_url,
            headers={"Authorization": f"Bearer {token.get_secret_value().strip() if token else ''}"},
            timeout=TIMEOUT,
        )

    def __enter__(self) -> "WhatsAppApi":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def deliver(self, message: OutgoingMessage) -> Answer:
        """Hand the message over. Raises nothing: every fault is a verdict.

        `biz_opaque_callback_data` names the message in what Meta reports of it later. It is no idempotency key: the API
        returns it and does not look at it, so a message sent twice arrives twice.
        """
        body = template_body(Template.from_json(message.template), message.recipient, self._settings)
        body["biz_opaque_callback_data"] = message.message_id
        try:
            response = self._client.post(self._path, json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as fault:
            return Answer(Verdict.PAUSE, f"the API cannot be reached: {type(fault).__name__}")
        except httpx.HTTPError as fault:
            return Answer(Verdict.UNKNOWN, f"the connection broke: {type(fault).__name__}; it may have arrived")
        return read_answer(response.status_code, response.content)
