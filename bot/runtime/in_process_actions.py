"""The custom actions called in this process instead of over HTTP: for one-off turns on the command line."""

from typing import Any

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

ACTIONS_PACKAGE = "bot.actions"


class InProcessActions(EndpointConfig):
    """Takes the request Rasa would send to the action server and runs the very same actions here."""

    def __init__(self) -> None:
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_package(ACTIONS_PACKAGE)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run the action named in `kwargs["json"]`; returns its events and responses as the server would."""
        return await self._executor.run(kwargs["json"])
