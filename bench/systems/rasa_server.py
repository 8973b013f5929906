"""What both Rasa assistants share: the commands `rasa train` and `rasa run`, and asking `/model/parse`."""

import sys
from pathlib import Path
from typing import Any

from bench.server_process import Server, run_timed

MODEL_NAME = "model"
API_TOKEN = "bench"  # noqa: S105
PARSE_PATH = f"/model/parse?token={API_TOKEN}"


def train_rasa(project: Path, environment: dict[str, str], logs: Path) -> float:
    """`rasa train` of a folder with config.yml, domain.yml and data/; returns the seconds of the whole command."""
    command = [
        sys.executable, "-m", "rasa", "train",
        "--config", str(project / "config.yml"), "--domain", str(project / "domain.yml"),
        "--data", str(project / "data"),
        "--out", str(project / "models"), "--fixed-model-name", MODEL_NAME, "--force",
        # As kb/publishing.py, which validates in a step of its own; stock Rasa's training is spared it as well.
        "--skip-validation",
    ]  # fmt: skip
    # A cache of its own: nothing of an earlier training is found again.
    training = {"RASA_CACHE_DIRECTORY": str(project / "cache"), "PYTHONHASHSEED": "0"}
    return run_timed("rasa-train", command, environment | training, logs)


def run_rasa(project: Path, port: int, environment: dict[str, str], logs: Path) -> Server:
    """`rasa run` with the model from its file, the project's channels and endpoints."""
    command = [
        sys.executable, "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port),
        "--model", str(project / "models" / f"{MODEL_NAME}.tar.gz"),
        "--endpoints", str(project / "endpoints.yml"), "--credentials", str(project / "credentials.yml"),
        "--enable-api", "--auth-token", API_TOKEN,
    ]  # fmt: skip
    return Server("rasa-run", command, environment, logs)


def ranking_of(items: list[dict[str, Any]], key: str) -> list[tuple[str, float]]:
    """Rasa's list of candidates as (label, confidence)."""
    return [(item[key], float(item["confidence"])) for item in items]
