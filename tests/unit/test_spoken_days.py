"""Days are said with their weekday, and with the year where it is not this one."""

from datetime import UTC, date, datetime

import pytest

from bot.dialogues.spoken import local_day, spoken_day
from consultame.settings import Language


@pytest.mark.parametrize(
    ("day", "language", "said"),
    [
        (date(2026, 12, 1), "es", "martes 1 de diciembre"),
        (date(2027, 1, 4), "es", "lunes 4 de enero de 2027"),
        (date(2026, 12, 1), "en", "Tuesday, 1 December"),
        (date(2027, 1, 4), "en", "Monday, 4 January 2027"),
    ],
)
def test_a_day_of_this_year_is_said_without_it(day: date, language: Language, said: str) -> None:
    assert spoken_day(day, language, today=date(2026, 11, 28)) == said


def test_without_a_today_the_year_is_said() -> None:
    assert spoken_day(date(2026, 12, 1), "es") == "martes 1 de diciembre de 2026"


def test_the_day_is_that_of_bogota() -> None:
    assert local_day(datetime(2026, 12, 2, 4, 59, tzinfo=UTC)) == date(2026, 12, 1)
    assert local_day(datetime(2026, 12, 2, 5, 0, tzinfo=UTC)) == date(2026, 12, 2)
