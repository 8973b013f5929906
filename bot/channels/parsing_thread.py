"""What a typed message means, worked out beside the event loop, which answers other citizens meanwhile.

Rasa does it in the loop, where the sentence embedding of one message keeps every other citizen waiting; ONNX Runtime
does not hold Python's lock while it computes.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

# One: more would take the loop's share of a small machine, and a larger one runs more servers.
_THREAD = ThreadPoolExecutor(1, thread_name_prefix="parsing")


async def parsed_beside_the_loop(agent: Agent, message: UserMessage) -> dict[str, Any]:
    """What Rasa's parsing finds in the message, to be given back to it with the message."""
    return await asyncio.get_running_loop().run_in_executor(_THREAD, _parsed, agent, message)


def _parsed(agent: Agent, message: UserMessage) -> dict[str, Any]:
    # Rasa's public way is a coroutine and builds an empty domain each time, to see whether ours is empty.
    assert agent.processor is not None
    nobody = DialogueStateTracker.from_events(message.sender_id, [])
    parsed: dict[str, Any] = agent.processor._parse_message_with_graph(message, nobody)
    return parsed
