"""`consultame due` prints the day and how it came about; wrong words get one line."""

import json
from pathlib import Path

import pytest

from tests.running_system import run_command


def test_the_day_and_its_steps_are_printed(tmp_path: Path) -> None:
    plain = run_command(tmp_path, "due", "documents", "2026-11-28T11:00")
    assert (plain.returncode, plain.stderr) == (0, "")
    assert plain.stdout.splitlines()[0] == "due: 2026-12-15"
    assert "La Inmaculada Concepción" in plain.stdout
    told = json.loads(run_command(tmp_path, "due", "documents", "2026-11-28T11:00", "--json").stdout)
    assert (told["due"], told["filed"], told["term"], told["regime"]) == ("2026-12-15", "2026-11-30", 10, "current")
    assert [step["date"] for step in told["steps"] if step["step"] == "holiday"] == ["2026-12-08"]
    assert sum(step["step"] == "counted" for step in told["steps"]) == 10


def test_an_offset_is_converted_to_the_time_of_bogota(tmp_path: Path) -> None:
    told = json.loads(run_command(tmp_path, "due", "general", "2022-05-18T03:00:00Z", "--json").stdout)
    assert (told["received"], told["regime"], told["due"]) == ("2022-05-17T22:00:00", "emergency", "2022-07-05")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["due"], "Missing argument"),
        (["due", "petition", "2026-11-24"], "kinds: general, documents, consultation"),
        (["due", "general", "24/11/2026"], "ISO date"),
        (["due", "general", "2026-02-30"], "ISO date"),
        (["due", "general", "1983-12-31"], "1984 to 2099"),
        (["due", "general", "9999-12-31T23:59-12:00"], "1984 to 2099"),
    ],
)
def test_wrong_words_get_one_line_and_exit_code_two(arguments: list[str], message: str, tmp_path: Path) -> None:
    done = run_command(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
