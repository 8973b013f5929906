"""How entries fare in a period and how satisfied citizens are, on the page and as CSV."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from consultame.database import engine, now, read_session, write_session
from consultame.local_time import today
from kb.feedback import EntryUse
from kb.satisfaction import keep_satisfaction
from kb.use_figures import Period, satisfaction_by_week, satisfaction_in, use_by_entry
from tests.unit.admin_site import approved_entry, approver, curator, visible_text
from tests.unit.test_feedback import converse, rate, said


def talk(slug: str, conversation: str, *, helpful: bool | None, then_a_person: bool, days_ago: float = 0) -> None:
    turns = [said("¿?", "m-1", slug=slug, days_ago=days_ago)]
    if then_a_person:
        turns.append(said("una persona", "m-2", intent="hablar_con_asesor", days_ago=days_ago))
    converse(*turns, conversation_id=conversation)
    if helpful is not None:
        rate("m-1", helpful=helpful, conversation_id=conversation)


def score(conversation: str, value: int, *, days_ago: float = 0) -> None:
    with write_session() as session:
        keep_satisfaction(session, conversation_id=conversation, score=value).created_at = now() - timedelta(days_ago)


def last_days(days: int) -> Period:
    return Period(today() - timedelta(days=days - 1), today())


def test_the_figures_of_all_entries_are_those_of_each(any_database: str) -> None:
    for number, (helpful, person) in enumerate(((True, False), (True, True), (False, True), (None, False))):
        talk("glp_que_es", f"a-{number}", helpful=helpful, then_a_person=person)
    talk("mme_horario", "b", helpful=False, then_a_person=False)
    talk("mme_horario", "old", helpful=True, then_a_person=True, days_ago=40)
    with read_session() as session:
        found = use_by_entry(session, last_days(30))
        assert found == {
            "glp_que_es": EntryUse(shown=4, helpful=2, not_helpful=1, asked_for_a_person=2),
            # The vote on the old conversation was given today.
            "mme_horario": EntryUse(shown=1, helpful=1, not_helpful=1, asked_for_a_person=0),
        }


def test_a_period_counts_whole_days_in_bogota_and_weeks_begin_on_monday() -> None:
    period = Period(date(2026, 11, 25), date(2026, 12, 8))
    assert period.begin.isoformat() == "2026-11-25T00:00:00-05:00"
    assert period.end.isoformat() == "2026-12-09T00:00:00-05:00"
    assert [(week.first.day, week.last.day) for week in period.weeks()] == [(25, 29), (30, 6), (7, 8)]


def test_satisfaction_is_told_by_week(any_database: str) -> None:
    for number, value in enumerate((5, 4, 1)):
        score(f"now-{number}", value)
    score("before", 2, days_ago=14)
    with read_session() as session:
        weeks = satisfaction_by_week(session, last_days(30))
        assert sum(week.count for week in weeks) == 4
        assert weeks[-1].scores == {1: 1, 4: 1, 5: 1}
        assert weeks[-1].mean == pytest.approx(10 / 3)
        assert satisfaction_in(session, last_days(30)).mean == 3.0
        assert satisfaction_in(session, Period(date(2020, 1, 1), date(2020, 1, 31))).mean is None


def test_the_figures_are_read_by_index(sqlite_database: None) -> None:
    plans = []
    with engine().connect() as connection:
        for query in (
            "SELECT slug, count(*) FROM conversation_event"
            " WHERE slug IS NOT NULL AND said_at >= 1 AND said_at < 2 GROUP BY slug",
            "SELECT slug, helpful, count(*) FROM kb_feedback"
            " WHERE created_at >= 1 AND created_at < 2 GROUP BY slug, helpful",
            "SELECT score, count(*) FROM kb_satisfaction WHERE created_at >= 1 AND created_at < 2 GROUP BY score",
        ):
            rows = connection.execute(text(f"EXPLAIN QUERY PLAN {query}")).all()
            plans.append(" ".join(row.detail for row in rows))
    assert "ix_conversation_event_answered" in plans[0]
    assert "ix_kb_feedback_created_at" in plans[1]
    assert "ix_kb_satisfaction_created_at" in plans[2]


def test_the_page_sorts_and_filters_and_gives_csv(sqlite_database: None) -> None:
    approved_entry("mme_estufas")
    talk("mme_estufas", "a", helpful=True, then_a_person=True)
    for number in range(3):
        talk("=gone", f"b-{number}", helpful=False, then_a_person=False)
    score("a", 4)
    browser = curator()
    page = browser.get("/personal/uso").text
    words = visible_text(page)
    assert "4 respuestas mostradas" in words
    assert "25 % de 4 votos dicen que la respuesta sirvió" in words
    assert "4,0 de 5 es la satisfacción, con 1 calificación" in words
    assert page.index(">=gone<") < page.index("/personal/entradas/mme_estufas")
    by_votes = browser.get("/personal/uso?orden=votos&sentido=desc").text
    assert by_votes.index("/personal/entradas/mme_estufas") < by_votes.index(">=gone<")
    assert 'aria-sort="descending"' in by_votes
    csv = browser.get("/personal/uso/descarga?orden=sirvio").text.splitlines()
    assert csv[1] == "mme_estufas;Programa de estufas eficientes;1;1;0;1"
    assert csv[2].startswith("'=gone;'=gone;3;0;3;0")
    weeks = browser.get("/personal/uso/satisfaccion/descarga").text.splitlines()
    assert weeks[-1].endswith(";1;4,00;0;0;0;1;0")
    empty = visible_text(approver().get("/personal/uso?desde=2020-01-01&hasta=2020-02-01").text)
    assert "0 respuestas mostradas" in empty
    assert "Nadie calificó en este período." in empty


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("desde=ayer", "«ayer» no es una fecha."),
        ("desde=2026-02-02&hasta=2026-02-01", "«Desde» es posterior a «Hasta»."),
        ("desde=2020-01-01&hasta=2026-02-01", "hasta dos años"),
    ],
)
def test_a_period_that_is_none_is_named(sqlite_database: None, query: str, message: str) -> None:
    for path in ("/personal/uso", "/personal/uso/descarga"):
        answer = curator().get(f"{path}?{query}")
        assert answer.status_code == 422
        assert message in visible_text(answer.text)
