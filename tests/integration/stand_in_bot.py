"""Stands for bot/publishing_run.py where only its steps matter: trains nothing, finds nothing."""

import sys
import time
from pathlib import Path

from kb.gate import MEASURES_FILE, ORDER_FILE, STEP_MARK, GateMeasures, GateOrder

STEP_SECONDS = 0.05
NOTHING_FOUND = GateMeasures(
    stories=1, story_failures=[], compared=True, own_asked=1, own=[], held_out=[], stolen=[], unsure=[],
    out_of_scope_asked=1, out_of_scope_answered_before=0, out_of_scope_answered=0, out_of_scope_answered_since=[],
    recent_asked=0, recent_changed=[],
)  # fmt: skip


def main() -> None:
    """Enter each step, slowly enough to be killed in it, and leave what the real one leaves."""
    if not (folder_line := sys.stdin.readline()):
        return
    folder = Path(folder_line.strip())
    order = GateOrder.model_validate_json((folder / ORDER_FILE).read_text())
    for step in ("validate", "train", "gate"):
        print(f"{STEP_MARK}{step}", flush=True)  # noqa: T201
        time.sleep(STEP_SECONDS)
    (folder / f"{order.fingerprint}.tar.gz").write_bytes(order.fingerprint.encode())
    (folder / MEASURES_FILE).write_text(NOTHING_FOUND.model_dump_json())


if __name__ == "__main__":
    main()
