"""How much is measured: the whole, or a little of everything to try the benchmark itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """Numbers of turns, conversations and entries."""

    quick: bool
    turns: int
    warm_up_turns: int
    concurrent_turns: int
    long_conversations: int
    watched_turns: tuple[int, ...]
    sizes: tuple[int, ...]
    asked_at_each_size: int
    stock_epochs: int | None

    clients: int = 8
    turns_each_conversation: int = 5
    turns_around: int = 3


FULL = Effort(
    quick=False,
    turns=300,
    warm_up_turns=50,
    concurrent_turns=600,
    long_conversations=5,
    watched_turns=(1, 50, 200),
    sizes=(70, 500, 2000, 5000),
    asked_at_each_size=2000,
    stock_epochs=None,
)
QUICK = Effort(
    quick=True,
    turns=20,
    warm_up_turns=5,
    concurrent_turns=40,
    long_conversations=2,
    watched_turns=(1, 10, 20),
    sizes=(20, 40),
    asked_at_each_size=60,
    stock_epochs=3,
)
