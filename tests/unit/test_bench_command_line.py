"""`python -m bench`: wrong options, and one small run from end to end."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from consultame.settings import PROJECT_DIRECTORY


def run_bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments], cwd=PROJECT_DIRECTORY, capture_output=True, text=True, timeout=300
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--systems", "watson"], "'watson'"),
        (["--systems", ","], "nothing"),
        (["--sizes", "12,x"], "not numbers"),
        (["--sizes", "3"], "the real entries"),
        (["--sizes", "999999"], "the real entries"),
        (["--output", __file__], "is not a folder"),
        (["--fast"], "No such option"),
    ],
)
def test_a_wrong_option_gets_one_line_and_exit_code_2(arguments: list[str], message: str) -> None:
    done = run_bench(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_quick_run_writes_its_results(tmp_path: Path) -> None:
    done = run_bench("--quick", "--systems", "bm25", "--output", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    content = json.loads((tmp_path / "quick.json").read_text())
    (measured,) = content["systems"]
    assert measured["problem"] is None
    assert 0.2 < measured["accuracy"]["top1"] <= 1.0
    assert measured["latency"]["turns"] == 20
    assert str(Path.home()) not in (tmp_path / "quick.md").read_text()
    assert "not a measurement" in done.stdout
    assert not (tmp_path / "latest.json").exists()
