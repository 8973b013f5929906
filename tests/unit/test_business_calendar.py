"""The holidays are those of the law, for every year of the calendar."""

from datetime import date, datetime, time, timedelta

import pytest
from dateutil.easter import easter

from desk.deadlines.business_calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    OfficeHours,
    OutsideCalendar,
    holiday_name,
    is_business_day,
    office_hours,
    receipt_of,
)

HOURS = OfficeHours(time(7), time(16))


def _monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _by_law(year: int) -> set[date]:
    """Ley 51 de 1983, arts. 1 and 2: which holidays stay where they are, and which are moved to Monday."""
    stay = [(1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25)]
    moved = [(1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11)]
    if year >= 2026:
        moved.append((7, 9))  # Ley 2578 de 2026, art. 6
    sunday = easter(year)
    holy = [sunday - timedelta(days=3), sunday - timedelta(days=2)]
    # Ascension, Corpus Christi and Sacred Heart: the Mondays after their Thursday, Thursday and Friday.
    after_easter = [sunday + timedelta(days=days) for days in (43, 64, 71)]
    fixed = [date(year, *day) for day in stay]
    return {*fixed, *(_monday(date(year, *day)) for day in moved), *holy, *after_easter}


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_the_holidays_of_a_year_are_those_of_the_law(year: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=index) for index in range(366))
    assert {day for day in days if day.year == year and holiday_name(day)} == _by_law(year)


def test_there_were_eighteen_holidays_and_there_are_nineteen_since_2026() -> None:
    assert [len(_by_law(year)) for year in (2023, 2024, 2026, 2027)] == [18, 18, 19, 19]


def test_two_holidays_on_one_monday_are_both_named() -> None:
    name = holiday_name(date(2011, 7, 4)) or ""
    assert "Sagrado Corazón" in name
    assert "San Pedro y San Pablo" in name
    assert "observado" not in name


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        ("2026-11-24", True),
        ("2026-11-28", False),
        ("2026-11-29", False),
        ("2026-11-16", False),
        ("2026-11-11", True),
        ("2026-12-24", True),
    ],
)
def test_a_business_day_is_no_weekend_and_no_holiday(day: str, is_one: bool) -> None:
    assert is_business_day(date.fromisoformat(day)) is is_one


@pytest.mark.parametrize("received", [date(1983, 12, 31), date(2100, 1, 1), datetime(1983, 12, 31, 10)])  # noqa: DTZ001
def test_what_lies_outside_the_calendar_is_refused(received: date) -> None:
    with pytest.raises(OutsideCalendar, match="1984 to 2099"):
        receipt_of(received, HOURS)


def test_the_office_hours_come_from_the_settings(data_directory: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from consultame.settings import load_settings

    monkeypatch.setenv("CONSULTAME_OFFICE_CLOSES", "17:30")
    load_settings.cache_clear()
    assert office_hours() == OfficeHours(time(7), time(17, 30))
