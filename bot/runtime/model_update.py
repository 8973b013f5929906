"""A newer model loaded beside the one that answers, and only then put into its place.

Rasa loads it in the event loop: nobody is answered meanwhile (half a second to several, growing with the knowledge
base). Here a thread loads it, and what is left for the loop is to exchange two references. The model server is told who
asks, so that it can say which model each server answers with.
"""

import asyncio
import logging
import socket
from tempfile import TemporaryDirectory

import rasa.core.agent
from rasa.core.agent import Agent, _pull_model_and_fingerprint
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.utils.endpoints import EndpointConfig

from consultame.settings import load_settings

log = logging.getLogger(__name__)

REPLICA_HEADER = "X-Consultame-Replica"


async def update_model(model_server: EndpointConfig, agent: Agent) -> None:
    """Ask the model server, and go over to its model when it is another one. Whatever fails, the present one stays."""
    model_server.headers[REPLICA_HEADER] = f"{socket.gethostname()}:{load_settings().rasa_port}"
    with TemporaryDirectory() as folder:
        try:
            fingerprint = await _pull_model_and_fingerprint(model_server, agent.fingerprint, folder)
            if fingerprint:
                processor = await asyncio.to_thread(_loaded, agent, folder)
                _take_over(agent, processor, fingerprint)
        except Exception:
            log.exception("the model cannot be updated; the present one goes on answering")


def _loaded(agent: Agent, folder: str) -> MessageProcessor:
    return MessageProcessor(
        model_path=folder,
        tracker_store=agent.tracker_store,
        lock_store=agent.lock_store,
        action_endpoint=agent.action_endpoint,
        generator=agent.nlg,
        http_interpreter=agent.http_interpreter,
    )


def _take_over(agent: Agent, processor: MessageProcessor, fingerprint: str) -> None:
    """As Agent.load_model does. A turn that has begun ends with the processor it began with."""
    agent.processor, agent.domain = processor, processor.domain
    agent.tracker_store.domain = processor.domain
    if isinstance(agent.nlg, TemplatedNaturalLanguageGenerator):
        agent.nlg.responses = processor.domain.responses
    agent.fingerprint = fingerprint


def update_models_beside_the_running_one() -> None:
    """Let Rasa's agent pull models this way: it gives no setting for it."""
    rasa.core.agent._update_model_from_server = update_model
