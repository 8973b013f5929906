"""What the benchmark asks of a system, whatever it is made of."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from bench.split import Corpus
from bot.intents import TASKS, outcome_of

# What a turn amounts to; `refused` is to say that there is no answer.
Outcome = Literal["answered", "task", "smalltalk", "suggested", "refused"]


class SystemFailed(Exception):
    """A system cannot be measured; the message is one line for the table."""


@dataclass(frozen=True)
class Understanding:
    """What a system makes of a text: what it would do, with which label, and its ranking of entries and tasks."""

    outcome: Outcome
    label: str | None
    ranking: list[tuple[str, float]]


class Conversation(Protocol):
    """One conversation over HTTP."""

    def say(self, text: str) -> str:
        """One whole turn; returns all that was answered."""

    def close(self) -> None:
        """Close the connection."""


class System(Protocol):
    """A system from training to its end; `start` and `stop` may be called again."""

    name: str

    def train(self, corpus: Corpus, folder: Path) -> float:
        """Train in a folder of its own; returns the seconds it took."""

    def start(self) -> float:
        """Start the server; returns the seconds until its first answer."""

    def parse(self, text: str) -> Understanding:
        """What the system makes of a text, without a turn."""

    def open_conversation(self) -> Conversation:
        """A new conversation."""

    def memory_bytes(self) -> int:
        """Resident memory of the server process and its children."""

    def stop(self) -> None:
        """Stop whatever was started."""


def outcome_of_label(label: str, slugs: set[str]) -> Outcome:
    """What answering with this label amounts to, for systems that answer with whatever is first."""
    if label in slugs:
        return "answered"
    outcome = outcome_of(label)
    return "refused" if outcome == "unanswered" else outcome


def entries_and_tasks(ranking: list[tuple[str, float]], slugs: set[str]) -> list[tuple[str, float]]:
    """The ranking without small talk and the like: all systems are compared on entries and tasks."""
    return [(label, score) for label, score in ranking if label in slugs or label in TASKS]
