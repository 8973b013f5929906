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
PHRASES = [(phrase, group["now"], expected) for group in _TABLE for phrase, expected in group["phrases"].items()]
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


_WORDS = st.sampled_from(
    """
    el la los las a de del en por para entre y o no hoy mañana pasado tarde noche lunes martes viernes sábado este otro
    próximo que viene semana mes días horas 1 2 3 8 15 29 30 31 99 ocho quince media cuarto menos pm am 14:30 24:00 0:00
    25:61 3/12 31/2 29/2 2026-12-03 99/99/9999 1/1/0001 diciembre febrero 2026 2099 9999 primer último hábiles dentro
    después antes desde hasta mejor perdón mediodía medianoche temprano next this Tuesday tomorrow at half past , . ¿ ~
    """.split()
)
_MOMENTS = st.integers(0, 12 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=BOGOTA) + timedelta(minutes=minutes)
)


@settings(max_examples=400, deadline=None)
@given(text=st.one_of(st.text(), st.lists(_WORDS, max_size=12).map(" ".join)), now=_MOMENTS)
def test_what_any_text_is_resolved_to_lies_ahead(text: str, now: datetime) -> None:
    wish = understood(text, now)
    if isinstance(wish, Moment):
        assert wish.at > now.replace(second=0, microsecond=0) - timedelta(minutes=1)
        assert wish.at.tzinfo is BOGOTA
    elif isinstance(wish, Day):
        assert wish.on >= now.date()
    else:
        assert question(wish)
        assert question(wish, "en")
    wish.as_json()


@settings(max_examples=200, deadline=None)
@given(text=st.lists(_WORDS, max_size=8).map(" ".join), now=_MOMENTS)
def test_what_can_be_booked_lies_within_hours_and_on_no_holiday(text: str, now: datetime) -> None:
    hours = OfficeHours(time(14, 5), time(17, 0))
    wish = within_office(understood(text, now, hours=hours), hours)
    if isinstance(wish, Moment):
        assert hours.opening <= wish.at.time() < hours.closing
    if not isinstance(wish, Ask):
        day = wish.at.date() if isinstance(wish, Moment) else wish.on
        assert day.weekday() < 5
        assert not is_holiday(day)


@pytest.mark.parametrize(
    "piece", ["a las ", "el ", "1", "1.", "de 3 a ", "lunes ", "mañana ", "3/", ", ", "a.m", "y ", "(", "ñ", "1 mil "]
)
def test_a_text_of_ten_thousand_characters_is_read(piece: str) -> None:
    assert understood(piece * (10_000 // len(piece)), WEDNESDAY)


def test_now_needs_a_time_zone_and_is_told_in_bogota() -> None:
    with pytest.raises(ValueError, match="time zone"):
        understood("hoy", datetime(2026, 11, 25, 10, 0))  # noqa: DTZ001
    late_in_london = datetime.fromisoformat("2026-11-26T03:00+00:00")
    assert understood("hoy", late_in_london) == Day(date(2026, 11, 25))


def test_an_hour_alone_belongs_to_the_day_agreed_before() -> None:
    agreed = date(2026, 12, 3)
    assert understood("a las 3", WEDNESDAY, day=agreed) == Moment(datetime(2026, 12, 3, 15, 0, tzinfo=BOGOTA))
    assert understood("por la tarde", WEDNESDAY, day=agreed) == Day(agreed, When(Part.AFTERNOON))
    assert understood("el mismo día a las 4", WEDNESDAY, day=agreed) == Moment(
        datetime(2026, 12, 3, 16, 0, tzinfo=BOGOTA)
    )
    assert understood("mejor el viernes", WEDNESDAY, day=agreed) == Day(date(2026, 11, 27))
    assert understood("hola", WEDNESDAY, day=agreed) == Day(agreed)


def test_the_hours_tell_which_half_of_the_day_is_meant() -> None:
    def hour(text: str, opening: int, closing: int) -> str:
        hours = OfficeHours(time(opening), time(closing))
        return as_written(understood(f"mañana a las {text}", WEDNESDAY, hours=hours).as_json())

    assert hour("7", 7, 16) == "2026-11-26T07:00"
    assert hour("7", 15, 21) == "2026-11-26T19:00"
    assert hour("7", 6, 21) == "ask morning_or_afternoon 2026-11-26T07:00 2026-11-26T19:00"
    assert hour("9", 14, 17) == "2026-11-26T09:00"
    assert hour("3", 7, 12) == "2026-11-26T15:00"


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("el 8 de diciembre a las 3", "ask holiday 2026-12-08"),
        ("el sábado", "ask weekend 2026-11-28"),
        ("mañana a las 3 am", "ask out_of_hours 2026-11-26T03:00"),
        ("mañana a las 5 de la tarde", "ask out_of_hours 2026-11-26T17:00"),
        ("mañana a las 3", "2026-11-26T15:00"),
        ("cualquier sábado", "ask ambiguous"),
        ("el otro martes a las 3", "ask ambiguous 2026-12-01T15:00 time 15:00"),
    ],
)
def test_an_office_is_closed_on_holidays_and_weekends_and_outside_its_hours(phrase: str, expected: str) -> None:
    wish = within_office(understood(phrase, WEDNESDAY), OfficeHours())
    assert as_written(wish.as_json()) == expected


@pytest.mark.parametrize(
    ("phrase", "spanish", "english"),
    [
        ("el martes a las 2:30", "martes 1 de diciembre a las 2:30 p. m.", "Tuesday, December 1 at 2:30 pm"),
        ("el martes a la 1", "martes 1 de diciembre a la 1:00 p. m.", "Tuesday, December 1 at 1:00 pm"),
        ("mañana a las 12 m", "jueves 26 de noviembre a las 12:00 p. m.", "Thursday, November 26 at 12:00 pm"),
        ("mañana a las 9", "jueves 26 de noviembre a las 9:00 a. m.", "Thursday, November 26 at 9:00 am"),
        ("mañana", "jueves 26 de noviembre", "Thursday, November 26"),
        ("4 de enero", "lunes 4 de enero de 2027", "Monday, January 4, 2027"),
        ("mañana por la tarde", "jueves 26 de noviembre por la tarde", "Thursday, November 26 in the afternoon"),
        (
            "mañana entre 1 y 4",
            "jueves 26 de noviembre entre la 1:00 p. m. y las 4:00 p. m.",
            "Thursday, November 26 between 1:00 pm and 4:00 pm",
        ),
        ("mañana desde las 3", "jueves 26 de noviembre desde las 3:00 p. m.", "Thursday, November 26 from 3:00 pm"),
        (
            "mañana antes de las 10",
            "jueves 26 de noviembre antes de las 10:00 a. m.",
            "Thursday, November 26 before 10:00 am",
        ),
    ],
)
def test_a_wish_is_read_back_with_its_weekday(phrase: str, spanish: str, english: str) -> None:
    wish = understood(phrase, WEDNESDAY)
    assert not isinstance(wish, Ask)
    assert spoken(wish, today=WEDNESDAY.date()) == spanish
    assert spoken(wish, "en", today=WEDNESDAY.date()) == english


def test_a_question_names_the_dates_in_doubt() -> None:
    wish = understood("el otro martes", WEDNESDAY)
    assert isinstance(wish, Ask)
    assert question(wish) == "¿El martes 1 de diciembre o el martes 8 de diciembre?"
    assert question(wish, "en") == "Do you mean Tuesday, December 1 or Tuesday, December 8?"


def test_every_reason_has_a_question_in_both_languages() -> None:
    for reason in Reason:
        assert question(Ask(reason)).endswith("?")
        assert question(Ask(reason), "en")
