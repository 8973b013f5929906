"""Stored values in Spanish."""

from datetime import UTC, date, datetime, timedelta

import pytest

from admin import wording
from consultame.database import now
from consultame.staff import Role
from kb.models import PublicationState, Topic, VersionState


def test_every_value_has_its_words() -> None:
    assert set(wording.TOPICS) == set(Topic)
    assert set(wording.VERSION_STATES) == set(VersionState)
    assert set(wording.PUBLICATION_STATES) == set(PublicationState)
    assert set(wording.ROLES) == set(Role)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "hace un momento"),
        (1, "hace un minuto"),
        (59, "hace 59 minutos"),
        (60, "hace una hora"),
        (1439, "hace 23 horas"),
        (1440, "hace un día"),
        (3 * 1440, "hace 3 días"),
    ],
)
def test_age_in_words(minutes: int, words: str) -> None:
    assert wording.age(now() - timedelta(minutes=minutes, seconds=1)) == words


def test_what_is_older_than_a_month_has_a_date() -> None:
    assert wording.age(datetime(2024, 3, 1, 3, tzinfo=UTC)) == "el 29 de febrero de 2024"


def test_moments_are_told_in_bogota() -> None:
    assert wording.long_moment(datetime(2026, 11, 24, 20, 5, tzinfo=UTC)) == "24 de noviembre de 2026, 3:05 p. m."
    assert wording.clock(datetime(2026, 11, 24, 5, 0, tzinfo=UTC)) == "12:00 a. m."
    assert wording.long_date(date(2026, 1, 2)) == "2 de enero de 2026"


def test_confidence_is_a_percentage() -> None:
    assert wording.percent(0.876) == "88 %"
