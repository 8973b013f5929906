"""One turn of a conversation at a time."""

import asyncio


class ConversationTurns:
    """One lock a conversation, so that a message sent twice at once is processed once."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    def of(self, conversation_id: str) -> "_Turn":
        """An async context manager that holds the conversation."""
        return _Turn(self, conversation_id)


class _Turn:
    def __init__(self, turns: ConversationTurns, conversation_id: str) -> None:
        self._turns, self._id = turns, conversation_id

    async def __aenter__(self) -> None:
        self._turns._users[self._id] = self._turns._users.get(self._id, 0) + 1
        await self._turns._locks.setdefault(self._id, asyncio.Lock()).acquire()

    async def __aexit__(self, *_: object) -> None:
        self._turns._locks[self._id].release()
        self._turns._users[self._id] -= 1
        if not self._turns._users[self._id]:
            del self._turns._users[self._id], self._turns._locks[self._id]
