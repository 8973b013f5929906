"""How fast whole turns are answered over HTTP: one after the other, several at once, far into a conversation."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle, islice
from statistics import median, quantiles

from bench.effort import Effort
from bench.systems.system import System, SystemFailed


@dataclass(frozen=True)
class Latency:
    """Of an answered turn, in milliseconds."""

    p50_ms: float
    p95_ms: float
    turns: int


def latency_of(system: System, questions: list[str], effort: Effort) -> Latency:
    """Turns one after the other, in new conversations of a few turns each; opening one is not counted."""
    endless = cycle(_some(questions))
    _sequential_turns(system, endless, effort.warm_up_turns, effort.turns_each_conversation)
    seconds = _sequential_turns(system, endless, effort.turns, effort.turns_each_conversation)
    return Latency(median(seconds) * 1000, quantiles(seconds, n=20)[-1] * 1000, len(seconds))


def _sequential_turns(system: System, questions: Iterator[str], count: int, each: int) -> list[float]:
    seconds: list[float] = []
    while len(seconds) < count:
        with closing(system.open_conversation()) as conversation:
            seconds += [_timed_turn(conversation.say, question) for question in islice(questions, each)]
    return seconds


def turns_per_second(system: System, questions: list[str], effort: Effort) -> float:
    """Several clients at once, each in conversations of a few turns, whose opening is counted."""
    conversations = effort.concurrent_turns // effort.turns_each_conversation
    said = list(islice(cycle(_some(questions)), conversations * effort.turns_each_conversation))
    groups = [said[i::conversations] for i in range(conversations)]
    stop = threading.Event()

    def converse(group: list[str]) -> int:
        with closing(system.open_conversation()) as conversation:
            return sum(1 for question in group if not stop.is_set() and _timed_turn(conversation.say, question))

    started = time.perf_counter()
    with ThreadPoolExecutor(effort.clients) as clients:
        try:
            done = sum(clients.map(converse, groups))
        except BaseException:
            stop.set()
            clients.shutdown(cancel_futures=True)
            raise
    return done / (time.perf_counter() - started)


def latency_by_turn(system: System, questions: list[str], effort: Effort) -> dict[int, float]:
    """Milliseconds of the watched turns of long conversations: the median over all of them and the turns around."""
    last, around = max(effort.watched_turns), effort.turns_around
    conversations = []
    for number in range(effort.long_conversations):
        said = islice(cycle(_some(questions)), number, number + last + around)
        with closing(system.open_conversation()) as conversation:
            conversations.append([_timed_turn(conversation.say, question) for question in said])
    return {
        turn: median(s for seconds in conversations for s in seconds[max(0, turn - 1 - around) : turn + around]) * 1000
        for turn in effort.watched_turns
    }


def _timed_turn(say: Callable[[str], str], question: str) -> float:
    started = time.perf_counter()
    answer = say(question)
    seconds = time.perf_counter() - started
    if not answer:
        raise SystemFailed(f"no answer in a turn: {question}")
    return seconds


def _some(questions: list[str]) -> list[str]:
    if not questions:
        raise SystemFailed("no held-out question is answered: nothing to time")
    return questions
