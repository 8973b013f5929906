"""Asks a trained model questions and says what it does with each, in a process of its own: Rasa takes seconds to load.

    python -m bot.question_replay <model> <questions> <outcomes>

Both files are JSON: a list of texts in, a list of {"outcome", "offered"} out.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from consultame.settings import PROJECT_DIRECTORY
from kb.answer_checks import Heard

TIMEOUT_SECONDS = 600


def ask_in_own_process(model: Path, texts: Sequence[str]) -> list[Heard]:
    """What the model does with each text.

    Raises:
        OSError, subprocess.SubprocessError: the model is not there or cannot be asked.
    """
    environment = os.environ | {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
    }
    with TemporaryDirectory() as folder:
        questions, outcomes = Path(folder, "questions.json"), Path(folder, "outcomes.json")
        questions.write_text(json.dumps(list(texts)), encoding="utf-8")
        subprocess.run(
            [sys.executable, "-m", "bot.question_replay", str(model), str(questions), str(outcomes)],
            cwd=PROJECT_DIRECTORY, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True,
            timeout=TIMEOUT_SECONDS,
        )  # fmt: skip
        heard = json.loads(outcomes.read_text(encoding="utf-8"))
    return [Heard(each["outcome"], tuple(each["offered"])) for each in heard]


def main(model: Path, questions: Path, outcomes: Path) -> None:
    """Ask, and write the outcomes."""
    from bot.components.embedding import load_embedding
    from bot.model_comparison import TrainedSelector

    selector = TrainedSelector.from_archive(model, load_embedding())
    texts = json.loads(questions.read_text(encoding="utf-8"))
    heard = [{"outcome": outcome, "offered": offered} for outcome, offered in selector.outcomes_and_offered(texts)]
    outcomes.write_text(json.dumps(heard), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
