"""What is worked out beside the event loop is what Rasa works out in it."""

from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from bot.channels.parsing_thread import parsed_beside_the_loop
from tests.running_system import RunningSystem


@pytest.fixture(scope="module")
def agent(system: RunningSystem) -> Agent:
    models = sorted(Path(system.data_directory).rglob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return Agent.load(str(models[-1]))


@pytest.mark.parametrize(
    "text",
    ["¿qué requisitos tiene el subsidio de la pipeta?", "en qué va el 1-2026-000123", "hola", "how do I book?", "🙂"],
)
async def test_a_message_means_the_same_beside_the_loop(agent: Agent, text: str) -> None:
    in_the_loop = await agent.parse_message(text)
    beside = await parsed_beside_the_loop(agent, UserMessage(text, sender_id="web-1"))
    for parsed in (beside, in_the_loop):
        parsed.pop("message_id", None)
    assert beside == in_the_loop
