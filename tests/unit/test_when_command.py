"""`consultame when`: what it prints, and what wrong input gets."""

import json
from pathlib import Path

import pytest

from tests.running_system import run_command

NOW = "2026-11-25T10:00"


def test_a_phrase_is_printed_as_json_and_read_back(tmp_path: Path) -> None:
    done = run_command(tmp_path, "when", "el martes a las 2 y media", "--now", NOW)
    assert done.returncode == 0
    assert json.loads(done.stdout) == {"datetime": "2026-12-01T14:30"}
    assert done.stderr == "martes 1 de diciembre a las 2:30 p. m.\n"
    only_json = run_command(tmp_path, "when", "el martes a las 2 y media", "--now", NOW, "--json")
    assert only_json.stdout == done.stdout
    assert only_json.stderr == ""


def test_now_may_name_another_time_zone(tmp_path: Path) -> None:
    done = run_command(tmp_path, "when", "hoy", "--now", "2026-11-26T03:00Z", "--json")
    assert json.loads(done.stdout) == {"date": "2026-11-25"}


def test_what_cannot_be_booked_is_refused_on_request(tmp_path: Path) -> None:
    done = run_command(tmp_path, "when", "el 8 de diciembre", "--now", NOW, "--json", "--bookable")
    assert json.loads(done.stdout) == {"ask": "holiday", "candidates": ["2026-12-08"]}


def test_a_file_gets_one_line_of_json_for_each_of_its_lines(tmp_path: Path) -> None:
    phrases = tmp_path / "phrases.txt"
    phrases.write_text(
        'mañana por la tarde\n\n{"text": "mañana", "now": "2027-01-01T09:00"}\n{"text": "hoy"}\n{"now": 3}\n{oops\n'
        '{"text": "hoy", "now": "soon"}\n',
        encoding="utf-8",
    )
    done = run_command(tmp_path, "when", "--file", str(phrases), "--now", NOW)
    assert done.returncode == 0
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"date": "2026-11-26", "part": "afternoon"},
        {"error": "the phrase is empty"},
        {"date": "2027-01-02"},
        {"date": "2026-11-25"},
        {"error": 'the line has no "text"'},
        {"error": "the line is not JSON"},
        {"error": "'soon' is not an ISO 8601 date and time, such as 2026-12-01T09:30"},
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give a phrase or --file"),
        (["hoy", "--file", "x.txt"], "one of the two"),
        (["  "], "the phrase is empty"),
        (["hoy", "--now", "soon"], "'soon' is not an ISO 8601"),
        (["hoy", "--now", "2026-13-01"], "not an ISO 8601"),
        (["hoy", "--now", "1500-01-01T00:00"], "not between the years"),
        (["--file", "no-such-file.txt"], "no-such-file.txt"),
        (["--file", "/"], "directory"),
    ],
)
def test_wrong_input_gets_one_line_and_exit_code_two(arguments: list[str], message: str, tmp_path: Path) -> None:
    done = run_command(tmp_path, "when", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


def test_a_file_that_is_not_utf8_is_refused_before_anything_is_printed(tmp_path: Path) -> None:
    phrases = tmp_path / "phrases.txt"
    phrases.write_bytes(b"hoy\nma\xf1ana\n")
    done = run_command(tmp_path, "when", "--file", str(phrases))
    assert done.returncode == 2
    assert "not UTF-8" in done.stderr
    assert done.stdout == ""
