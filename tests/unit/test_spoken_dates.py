"""Day and hour as citizens type them."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from consultame.settings import PROJECT_DIRECTORY
from desk.appointments.spoken_dates import (
    BOGOTA,
    Ask,
    Day,
    Moment,
    OfficeHours,
    Part,
    Reason,
    When,
    question,
    spoken,
    understood,
    within_office,
)
from desk.appointments.spoken_dates.calendar_days import is_holiday

_TABLE = YAML(typ="safe").load((PROJECT_DIRECTORY / "tests" / "data" / "date_phrases.yml").read_text())
PHRASES = [
    (phrase, group["now"], expected) for group in _TABLE for phrase, expected in group["phrases"].items()
]
WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=BOGOTA)


def as_written(said: dict[str, str | list[str]]) -> str:
    """A phrase's meaning as the table writes it."""
    words: list[str] = []
    for name, value in said.items():
        if name in ("datetime", "date", "part"):
            words.append(str(value))
        elif name == "candidates":
            words.extend(value)
        else:
            words.extend([name, str(value)])
    return " ".join(words)


@pytest.mark.parametrize(("phrase", "now", "expected"), PHRASES)
def test_a_phrase_means_what_the_table_says(phrase: str, now: str, expected: str) -> None:
    said_at = datetime.fromisoformat(now).replace(tzinfo=BOGOTA)
    assert as_written(understood(phrase, said_at).as_json()) == expected
