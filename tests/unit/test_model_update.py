"""A newer model takes over from the one that answers, which answers until then."""

import asyncio
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import rasa.core.agent
from rasa.core.agent import Agent
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.utils.endpoints import EndpointConfig

from bot.runtime import model_update
from bot.runtime.model_update import REPLICA_HEADER, update_model


def agent_with(processor: object) -> Agent:
    return cast(Agent, SimpleNamespace(
        processor=processor, domain="old domain", tracker_store=SimpleNamespace(domain="old domain"), fingerprint="old",
        nlg=TemplatedNaturalLanguageGenerator({"utter_saludar": [{"text": "old"}]}),
    ))  # fmt: skip


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> EndpointConfig:
    """A model server with a newer model."""

    async def pull(endpoint: EndpointConfig, fingerprint: str, folder: str) -> str | None:
        assert Path(folder).is_dir()
        return None if fingerprint == "new" else "new"

    monkeypatch.setattr(model_update, "_pull_model_and_fingerprint", pull)
    return EndpointConfig("http://models.example")


def test_rasa_updates_its_models_this_way() -> None:
    assert rasa.core.agent._update_model_from_server is update_model


def test_the_loop_goes_on_while_the_newer_model_is_loaded(
    server: EndpointConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_be_loaded = threading.Event()
    newer = SimpleNamespace(domain=SimpleNamespace(responses={"utter_saludar": [{"text": "new"}]}))

    def load(agent: Agent, folder: str) -> MessageProcessor:
        assert may_be_loaded.wait(10)
        return cast(MessageProcessor, newer)

    monkeypatch.setattr(model_update, "_loaded", load)
    agent = agent_with("old")

    async def run() -> None:
        updating = asyncio.create_task(update_model(server, agent))
        await asyncio.sleep(0.05)
        assert agent.processor == "old"
        may_be_loaded.set()
        await updating

    asyncio.run(run())
    assert (agent.processor, agent.domain, agent.tracker_store.domain) == (newer, newer.domain, newer.domain)
    assert cast(TemplatedNaturalLanguageGenerator, agent.nlg).responses == newer.domain.responses
    assert agent.fingerprint == "new"
    assert server.headers[REPLICA_HEADER]


def test_a_model_that_cannot_be_loaded_changes_nothing(server: EndpointConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(agent: Agent, folder: str) -> MessageProcessor:
        raise OSError("truncated")

    monkeypatch.setattr(model_update, "_loaded", fail)
    agent = agent_with("old")
    asyncio.run(update_model(server, agent))
    assert (agent.processor, agent.domain, agent.fingerprint) == ("old", "old domain", "old")


def test_without_a_newer_model_nothing_is_loaded(server: EndpointConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_update, "_loaded", lambda agent, folder: pytest.fail("loaded"))
    agent = agent_with("new one")
    agent.fingerprint = "new"
    asyncio.run(update_model(server, agent))
    assert agent.processor == "new one"
