"""Due dates worked out by hand, each with its reasoning, and what holds for every one of them."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.deadlines.business_calendar import (
    OfficeHours,
    business_days_after,
    business_days_between,
    is_business_day,
    receipt_of,
)
from desk.deadlines.due_date import StepKind, due_date, due_day
from desk.deadlines.procedure import (
    ExtensionRefused,
    clarification_deadline,
    completion_deadline,
    completion_request_deadline,
    copies_deadline,
    extended_completion_deadline,
    extension_days,
    resumed_due_day,
    transfer_deadline,
)
from desk.deadlines.terms import DeadlineKind, Regime, regime_of, term_of

HOURS = OfficeHours(time(7), time(16))

# 24 November 2026 is a Tuesday; the only holidays until the year's end are Tue 8 and Fri 25 December; then Fri 1
# January and Mon 11 January 2027 (Reyes, of Wed 6).
WORKED = [
    # The seven kinds, from one Tuesday morning.
    ("general", "2026-11-24T10:00", "2026-12-16", "25-27=3, 30=4, 1-4=8, Mon 7=9, Tue 8 holiday, 9-11=12, 14-16=15"),
    ("documents", "2026-11-24T10:00", "2026-12-09", "25-27=3, 30=4, 1-4=8, 7=9, 8 holiday, Wed 9=10"),
    ("consultation", "2026-11-24T10:00", "2027-01-08",
     "16 Dec=15, 17-18=17, 21-24=21, 25 holiday, 28-31=25, 1 Jan holiday, 4-8 Jan=30; the 6th is moved to the 11th"),
    ("between_authorities", "2026-11-24T10:00", "2026-12-09", "ten days, as documents"),
    ("data_consultation", "2026-11-24T10:00", "2026-12-09", "ten days, as documents"),
    ("data_claim", "2026-11-24T10:00", "2026-12-16", "fifteen days, as general"),
    ("first_level", "2026-11-24T10:00", "2026-11-26", "Wed 25=1, Thu 26=2"),
    # Around office hours.
    ("general", "2026-11-24T07:00", "2026-12-16", "the office opens at 7:00: filed on the 24th"),
    ("general", "2026-11-24T16:00", "2026-12-16", "16:00 is still within the hours: filed on the 24th"),
    ("general", "2026-11-24T16:01", "2026-12-17", "after hours: filed Wed 25, so one day later than the 24th"),
    ("general", "2026-11-24T23:59", "2026-12-17", "counts until 24:00, filed Wed 25"),
    ("general", "2026-11-25T00:00", "2026-12-17", "the same night: filed when the office opens on Wed 25"),
    ("general", "2026-11-25T05:00", "2026-12-17", "before the office opens: filed that same business day"),
    ("general", "2026-11-25T06:59:59", "2026-12-17", "the last second of the night: filed Wed 25"),
    ("general", "2026-11-24", "2026-12-16", "no time: within office hours of Tue 24"),
    ("first_level", "2026-11-27T16:30", "2026-12-02", "Fri after hours: filed Mon 30; Tue 1=1, Wed 2=2"),
    ("first_level", "2026-11-28T11:00", "2026-12-02", "Sat: filed Mon 30; 1, 2 Dec"),
    ("first_level", "2026-11-29T05:00", "2026-12-02", "Sun: filed Mon 30; 1, 2 Dec"),
    ("first_level", "2026-11-27", "2026-12-01", "Fri without a time: Mon 30=1, Tue 1=2"),
    ("first_level", "2026-11-28", "2026-12-02", "Sat without a time: filed Mon 30"),
    # Holidays when filing and when counting.
    ("first_level", "2026-12-08T10:00", "2026-12-11", "Tue 8 is a holiday: filed Wed 9; 10, 11"),
    ("first_level", "2026-12-07T17:00", "2026-12-11", "Mon after hours, Tue 8 holiday: filed Wed 9; 10, 11"),
    ("first_level", "2026-10-30T16:05", "2026-11-05", "Fri after hours; All Saints moved to Mon 2: filed Tue 3; 4, 5"),
    ("documents", "2026-03-27T10:00", "2026-04-14", "30-1=3, Thu 2 and Fri 3 holy, 6-10=8, 13-14=10"),
    ("first_level", "2026-04-01T18:00", "2026-04-08", "Wed before Easter after hours: filed Mon 6; 7, 8"),
    ("first_level", "2026-03-19T10:00", "2026-03-24", "Thu 19 is no holiday, San José is moved to Mon 23: 20=1, 24=2"),
    ("data_consultation", "2026-05-15T15:59", "2026-06-01", "Ascension Mon 18; 19-22=4, 25-29=9, 1 Jun=10"),
    ("general", "2026-06-05T08:00", "2026-07-01",
     "Corpus Mon 8; 9-12=4; Sacred Heart Mon 15; 16-19=8, 22-26=13; San Pedro Mon 29; 30=14, 1 Jul=15"),
    ("first_level", "2026-07-10T10:00", "2026-07-15", "Ley 2578 de 2026: Thu 9 July moved to Mon 13; 14, 15"),
    ("first_level", "2025-07-11T10:00", "2025-07-15", "the year before there was no such holiday: Mon 14=1, 15=2"),
    ("general", "2026-07-17T09:00", "2026-08-11",
     "Mon 20 holiday; 21-24=4, 27-31=9, 3-6 Aug=13, Fri 7 holiday, 10-11=15"),
    ("first_level", "2026-08-14T10:00", "2026-08-19", "Assumption, Sat 15, moved to Mon 17; 18, 19"),
    ("documents", "2026-10-09T07:00", "2026-10-26", "Mon 12 is the holiday itself; 13-16=4, 19-23=9, 26=10"),
    ("first_level", "2025-01-03T12:00", "2025-01-08", "Reyes on Mon 6 stays; 7, 8"),
    ("first_level", "2024-12-06T12:00", "2024-12-10", "8 December on a Sunday is not moved: 9, 10"),
    ("first_level", "2027-12-31T09:00", "2028-01-04", "1 January on a Saturday is not moved: Mon 3, Tue 4"),
    ("first_level", "2011-07-01T09:00", "2011-07-06", "Sacred Heart and San Pedro on one Monday, the 4th: 5, 6"),
    ("first_level", "2024-02-28T09:00", "2024-03-01", "leap year: Thu 29=1, Fri 1=2"),
    ("general", "2026-12-18T10:00", "2027-01-13",
     "21-24=4, 25 holiday, 28-31=8, 1 Jan holiday, 4-8=13, Reyes Mon 11, 12=14, 13=15"),
    # The terms of the emergency hold by the day of receipt.
    ("general", "2020-03-27T10:00", "2020-04-21",
     "Fri, the day before: 15. 30-3=5, 6-8=8, 9 and 10 holy, 13-17=13, 20-21=15"),
    ("general", "2020-03-27T18:00", "2020-04-22", "received on the 27th although filed Mon 30: 15 days"),
    ("general", "2020-03-28T10:00", "2020-05-14",
     "Sat, filed Mon 30; 30 days: 31-3=4, 6-8=7, 13-17=12, 20-24=17, 27-30=21, 1 May holiday, 4-8=26, 11-14=30"),
    ("documents", "2020-03-28T10:00", "2020-04-29", "20 days: 24 April=17, 27-29=20"),
    ("consultation", "2020-03-28T10:00", "2020-05-21",
     "35 days: 14 May=30, 15=31, 18-21=35; Ascension is moved to the 25th"),
    ("between_authorities", "2020-03-28T10:00", "2020-04-15", "10 days all the same: 8 April=7, 13-15=10"),
    ("data_claim", "2020-03-28T10:00", "2020-04-22", "15 days all the same: 17 April=12, 20-22=15"),
    ("first_level", "2020-03-28T10:00", "2020-04-01", "2 days all the same: Tue 31, Wed 1"),
    ("general", "2022-05-17T10:00", "2022-07-01",
     "the last day: 30. 18-20=3, 23-27=8, Ascension 30, 31-3=12, 6-10=17, 13-17=22, Corpus 20, 21-24=26, "
     "Sacred Heart 27, 28-1=30"),
    ("general", "2022-05-17T20:00", "2022-07-05",
     "received on the last day, filed Wed 18; one more: San Pedro Mon 4, Tue 5"),
    ("general", "2022-05-18T10:00", "2022-06-09", "the day after: 15. 19-20=2, 23-27=7, 30 holiday, 31-3=11, 6-9=15"),
    # Other offsets than Bogotá's.
    ("general", "2022-05-18T03:00:00+00:00", "2022-07-05",
     "22:00 of the 17th in Bogotá: the last day of the emergency"),
    ("general", "2022-05-18T05:00:00+00:00", "2022-06-09", "00:00 of the 18th in Bogotá: today's terms"),
    ("general", "2026-11-24T23:00:00+00:00", "2026-12-17", "18:00 in Bogotá: filed Wed 25"),
    ("first_level", "2026-11-25T00:30:00-05:00", "2026-11-27", "filed Wed 25; 26, 27"),
    ("first_level", "2026-11-25T08:00:00+09:00", "2026-11-27", "18:00 of the 24th in Bogotá: filed Wed 25; 26, 27"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "received", "due", "reasoning"), WORKED)
def test_a_due_date_is_the_one_worked_out_by_hand(kind: str, received: str, due: str, reasoning: str) -> None:
    moment = datetime.fromisoformat(received) if "T" in received else date.fromisoformat(received)
    assert str(due_date(DeadlineKind(kind), moment, HOURS).due) == due, reasoning


# 2 March 2026 is a Monday; Easter is on 5 April.
@pytest.mark.parametrize(
    ("requested", "deadline", "reasoning"),
    [
        ("2026-11-24", "2026-12-24", "the same number of the next month, a Thursday"),
        ("2026-11-25", "2026-12-28", "25 December is a holiday, a Friday: Monday"),
        ("2026-01-30", "2026-03-02", "February has no 30: Sat 28, so Monday 2 March"),
        ("2024-01-31", "2024-02-29", "the last day of the shorter month, of a leap year"),
        ("2026-12-01", "2027-01-04", "1 January is a holiday, a Friday"),
        ("2026-03-02", "2026-04-06", "Holy Thursday: the Monday after"),
        ("2026-08-31", "2026-09-30", "September has 30 days"),
    ],
)
def test_a_citizen_has_a_calendar_month_to_complete(requested: str, deadline: str, reasoning: str) -> None:
    assert str(completion_deadline(date.fromisoformat(requested))) == deadline, reasoning


def test_the_month_to_complete_is_given_once_more_from_its_end() -> None:
    assert extended_completion_deadline(date(2026, 4, 6)) == date(2026, 5, 6)


@pytest.mark.parametrize(
    ("requested", "completed", "due", "reasoning"),
    [
        ("2026-11-27", "2026-12-23", "2027-01-13",
         "asked on day 3, 12 left: 24=1, 28-31=5, 4-8=10, Reyes 11, 12-13=12"),
        ("2026-11-25", "2026-11-30", "2026-12-21", "asked on day 1, 14 left: 1-4=4, 7=5, 9-11=8, 14-18=13, 21=14"),
        ("2026-12-16", "2026-12-21", "2026-12-22", "asked on the last day: one is left"),
        ("2026-11-27", "2026-11-27", "2026-12-16", "completed the same day: nothing is lost"),
    ],
)  # fmt: skip
def test_what_is_left_of_the_term_runs_from_the_day_after_completion(
    requested: str, completed: str, due: str, reasoning: str
) -> None:
    days = {"requested_on": date.fromisoformat(requested), "completed_on": date.fromisoformat(completed)}
    assert str(resumed_due_day(due=date(2026, 12, 16), **days)) == due, reasoning


def test_the_other_terms_are_counted_in_business_days() -> None:
    tuesday = date(2026, 11, 24)
    assert transfer_deadline(tuesday) == date(2026, 12, 1)  # 25, 26, 27, 30, 1
    assert clarification_deadline(tuesday) == date(2026, 12, 9)  # as ten days of documents
    assert completion_request_deadline(tuesday) == date(2026, 12, 9)
    assert copies_deadline(date(2026, 12, 9)) == date(2026, 12, 14)  # 10, 11, 14


def _extension(until: date, *, today: date = date(2026, 12, 10), used: int = 0, kind: str = "general") -> int:
    term = term_of(DeadlineKind(kind), date(2026, 11, 24))
    return extension_days(due=date(2026, 12, 16), until=until, today=today, used=used, term=term)


def test_an_answer_is_put_off_to_the_double_of_its_term_at_most() -> None:
    # 17-18=2, 21-24=6, 28-31=10, 4-8 January=15.
    assert _extension(date(2027, 1, 8)) == 15
    with pytest.raises(ExtensionRefused, match="2027-01-08"):
        _extension(date(2027, 1, 12))
    with pytest.raises(ExtensionRefused, match="2026-12-18"):
        _extension(date(2026, 12, 21), used=13)


def test_a_claim_about_personal_data_is_put_off_by_eight_days_and_a_consultation_by_five() -> None:
    assert _extension(date(2026, 12, 29), kind="data_claim") == 8
    assert _extension(date(2026, 12, 23), kind="data_consultation") == 5
    for kind, until in (("data_claim", date(2026, 12, 30)), ("data_consultation", date(2026, 12, 24))):
        with pytest.raises(ExtensionRefused):
            _extension(until, kind=kind)


def test_an_answer_is_put_off_until_the_last_day_and_not_after_it() -> None:
    assert _extension(date(2026, 12, 17), today=date(2026, 12, 16)) == 1
    with pytest.raises(ExtensionRefused, match="venció"):
        _extension(date(2026, 12, 17), today=date(2026, 12, 17))


@pytest.mark.parametrize("until", [date(2026, 12, 16), date(2026, 12, 15), date(2026, 12, 19), date(2026, 12, 25)])
def test_an_answer_is_put_off_to_a_later_business_day_only(until: date) -> None:
    with pytest.raises(ExtensionRefused):
        _extension(until)


def test_the_steps_name_the_filing_the_regime_each_counted_day_and_each_holiday() -> None:
    steps = due_date(DeadlineKind.DOCUMENTS, datetime(2026, 11, 28, 11, 0), HOURS).steps  # noqa: DTZ001
    told = [(step.kind, str(step.day)) for step in steps]
    assert told[:4] == [
        (StepKind.RECEIVED, "2026-11-28"),
        (StepKind.FILED, "2026-11-30"),
        (StepKind.REGIME, "2026-11-28"),
        (StepKind.TERM, "2026-11-30"),
    ]
    counted = [step for step in steps if step.kind is StepKind.COUNTED]
    assert [step.text for step in counted][:2] == ["Tuesday: day 1", "Wednesday: day 2"]
    assert len(counted) == 10
    (holiday,) = (step for step in steps if step.kind is StepKind.HOLIDAY)
    assert (str(holiday.day), "La Inmaculada Concepción" in holiday.text) == ("2026-12-08", True)
    assert told[-2:] == [(StepKind.DUE, "2026-12-15"), (StepKind.SILENCE, "2026-12-18")]


MOMENTS = st.datetimes(datetime(1984, 1, 1), datetime(2099, 12, 31))  # noqa: DTZ001
KINDS = st.sampled_from(DeadlineKind)


@given(KINDS, MOMENTS)
def test_exactly_the_term_of_business_days_lies_between_filing_and_due_date(
    kind: DeadlineKind, received: datetime
) -> None:
    reckoned = due_date(kind, received, HOURS)
    filed, days = reckoned.receipt.filed_on, reckoned.term.days
    each_day = (filed + timedelta(days=1 + index) for index in range((reckoned.due - filed).days))
    assert sum(map(is_business_day, each_day)) == days == business_days_between(filed, reckoned.due)
    assert is_business_day(reckoned.due)
    assert is_business_day(filed)
    assert sum(step.kind is StepKind.COUNTED for step in reckoned.steps) == days


@given(KINDS, MOMENTS, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_what_is_received_later_under_the_same_terms_is_not_due_earlier(
    kind: DeadlineKind, received: datetime, later_by: timedelta
) -> None:
    first, later = receipt_of(received, HOURS), receipt_of(min(received + later_by, datetime(2099, 12, 31)), HOURS)  # noqa: DTZ001
    if regime_of(first.received_on) is regime_of(later.received_on):
        assert due_day(kind, first) <= due_day(kind, later)


@given(MOMENTS)
def test_filing_never_precedes_receipt_and_takes_no_day_in_office_hours(received: datetime) -> None:
    receipt = receipt_of(received, HOURS)
    assert receipt.filed_on >= received.date()
    if receipt.in_office_hours:
        assert receipt.filed_on == received.date()
    assert receipt_of(datetime.combine(receipt.filed_on, time(10)), HOURS).in_office_hours


@given(st.dates(date(1984, 1, 1), date(2099, 1, 1)), st.integers(0, 90))
def test_counting_days_forward_and_between_agree(day: date, count: int) -> None:
    end = business_days_after(day, count)
    assert business_days_between(day, end) == count
    assert business_days_between(end, day) == -count


@given(st.dates(date(1984, 1, 1), date(2098, 1, 1)))
def test_a_month_to_complete_has_28_days_at_least_and_ends_on_a_business_day(day: date) -> None:
    deadline = completion_deadline(day)
    assert is_business_day(deadline)
    assert 28 <= (deadline - day).days <= 31 + 5


@given(st.dates(date(1984, 1, 1), date(2099, 1, 1)))
def test_the_emergency_lasted_from_28_march_2020_to_17_may_2022(day: date) -> None:
    inside = date(2020, 3, 28) <= day <= date(2022, 5, 17)
    assert (regime_of(day) is Regime.EMERGENCY) == inside
    assert term_of(DeadlineKind.GENERAL, day).days == (30 if inside else 15)
