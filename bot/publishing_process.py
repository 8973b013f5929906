"""The process that carries out a publication's work on the model.

    echo <folder> | python -m bot.publishing_process

It may be started long before its order comes, and ends with its input, at once and whatever it does: whoever ordered
the work and died wants no more of it. So the input is watched before Rasa is imported, which takes seconds.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread


def order_from_input() -> SimpleQueue[str]:
    """The order, once it has come. A thread reads it, and ends the process with the input."""
    orders: SimpleQueue[str] = SimpleQueue()
    Thread(target=_read_input, args=(orders,), daemon=True).start()
    return orders


def _read_input(orders: SimpleQueue[str]) -> None:
    if order := sys.stdin.readline():
        orders.put(order.rstrip("\n"))
        sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    order = order_from_input()
    from bot.assistant_files import AssistantFiles
    from bot.components.embedding import load_embedding
    from bot.publishing_run import carry_out
    from consultame.settings import BOT_DIRECTORY

    load_embedding()
    files = AssistantFiles(BOT_DIRECTORY)
    # What cannot be read is said in the step that needs it.
    with suppress(Exception):
        files.read_ahead()
    carry_out(Path(order.get()), files)
    sys.stdout.flush()
    # Everything is written; taking down what Rasa has imported would take more than a second.
    os._exit(0)
