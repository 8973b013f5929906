"""Cases are found in Dynamics 365, whatever it does on the way, and what it does not answer is said to be so."""

import logging
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from desk.cases.dataverse.circuit_breaker import CircuitBreaker
from desk.cases.dataverse.directory import dataverse_cases
from desk.cases.dataverse.failures import NoAnswer, NotAsked, RequestRefused
from desk.cases.dataverse.query import quoted, selection
from desk.cases.directory import KnownCase
from desk.cases.kinds import CaseKind, CaseState
from desk.cases.ownership import code_hash
from tests.dataverse_server import (
    CLIENT,
    HALF,
    HANG_UP,
    PROXY_PAGE,
    SECRET,
    SILENCE,
    TENANT,
    TRICKLE,
    UNAVAILABLE,
    DataverseServer,
    Refusal,
    too_many_requests,
)
from tests.unit.case_filings import BOGOTA
from tests.unit.crm import ELSEWHERE, NUMBER, crm, crm_case, set_setting

__all__ = ["crm", "set_setting"]

Setting = Callable[[str, str], None]


def found() -> KnownCase | None:
    return dataverse_cases().find(NUMBER)


def test_a_case_is_read_as_the_settings_say(crm: DataverseServer) -> None:
    case = found()
    assert case is not None
    assert (case.radicado, case.kind, case.state) == (str(NUMBER), CaseKind.PETITION, CaseState.IN_PROGRESS)
    assert case.received_at == datetime(2026, 11, 20, 10, tzinfo=BOGOTA)
    assert (case.document, case.email) == ("1085245678", "Ana.Nanez@correo.co")
    assert (case.verification_hash, case.answered_at, case.completion_due_on) == (None, None, None)


def test_other_attributes_and_values_are_a_matter_of_settings(crm: DataverseServer, set_setting: Setting) -> None:
    for name, value in {
        "STATES": "930000001=answered", "KINDS": "7=documents", "ANSWERED_FIELD": "min_respondido",
        "CODE_FIELD": "min_codigo", "COMPLETION_FIELD": "min_plazo", "DOCUMENT_FIELD": "none", "EMAIL_FIELD": "none",
    }.items():  # fmt: skip
        set_setting(name, value)
    crm.rows[:] = [
        crm_case(
            statuscode=930000001, casetypecode=7, resolveby="2026-12-04T04:59:00Z", min_codigo="cdfg-2345",
            min_respondido="2026-11-27", min_plazo="2026-12-28",
        )
    ]  # fmt: skip
    case = found()
    assert case is not None
    assert (case.kind, case.state) == (CaseKind.DOCUMENTS, CaseState.ANSWERED)
    # 04:59 in Greenwich is 23:59 of the day before in Bogotá.
    assert (case.due_on, case.completion_due_on) == (date(2026, 12, 3), date(2026, 12, 28))
    assert case.answered_at is not None
    assert case.answered_at.date() == date(2026, 11, 27)
    assert case.verification_hash == code_hash(str(NUMBER), "CDFG-2345")
    assert (case.document, case.email) == ("", "")


def test_without_a_due_date_the_law_s_is_taken(crm: DataverseServer) -> None:
    case = found()
    assert case is not None
    # Received on Friday 20 November; fifteen business days later, over the holiday of 8 December.
    assert case.due_on == date(2026, 12, 14)


@pytest.mark.parametrize("spelling", ["1-2026-004821", "1-2026004821"])
def test_a_number_is_found_in_either_spelling_of_the_crm(crm: DataverseServer, spelling: str) -> None:
    crm.rows[:] = [crm_case(ticketnumber=spelling)]
    assert found() is not None


def test_a_number_that_is_not_there_is_not_found(crm: DataverseServer) -> None:
    assert dataverse_cases().find(ELSEWHERE) is None


@pytest.mark.parametrize(
    "change", [{"statuscode": 77}, {"casetypecode": None}, {"createdon": "soon"}, {"createdon": None}]
)
def test_a_case_that_cannot_be_read_counts_as_none_and_is_logged_without_its_number(
    crm: DataverseServer, change: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    crm.rows[:] = [crm_case(**change)]
    assert found() is None
    assert "cannot be read" in caplog.text
    assert NUMBER.sequence not in caplog.text


def test_a_code_shorter_than_ours_opens_nothing(crm: DataverseServer, set_setting: Setting) -> None:
    set_setting("CODE_FIELD", "min_codigo")
    crm.rows[:] = [crm_case(min_codigo="1234")]
    case = found()
    assert case is not None
    assert case.verification_hash is None


def test_of_several_rows_with_a_number_the_newest_counts_wherever_it_comes(crm: DataverseServer) -> None:
    crm.rows[:] = [crm_case() for _ in range(120)]
    crm.rows[110] = crm_case(createdon="2026-11-23T15:00:00Z", statuscode=5)
    case = found()
    assert case is not None
    assert case.state is CaseState.ANSWERED
    # Three pages of fifty, asked for by the links that the answers gave.
    assert [question.get("$skiptoken") for question in crm.asked] == [None, "50", "100"]


def test_the_token_does_not_follow_a_link_to_another_server(crm: DataverseServer) -> None:
    crm.rows[:] = [crm_case() for _ in range(60)]
    crm.next_link_host = "https://localhost:1"
    with pytest.raises(RequestRefused, match="another server"):
        found()


@pytest.mark.parametrize(
    ("text", "written"),
    [("1-2026-004821", "'1-2026-004821'"), ("O'Neil", "'O''Neil'"), ("' or 1 eq 1", "''' or 1 eq 1'")],
)
def test_a_text_cannot_leave_its_quotes(text: str, written: str) -> None:
    assert quoted(text) == written


def test_attributes_of_a_related_row_are_expanded_once() -> None:
    options = selection(["ticketnumber", "customerid_contact/governmentid", "customerid_contact/emailaddress1"])
    assert options == {"$select": "ticketnumber", "$expand": "customerid_contact($select=governmentid,emailaddress1)"}


def test_one_token_serves_many_questions(crm: DataverseServer) -> None:
    for _ in range(5):
        found()
    assert (crm.tokens_given, len(crm.asked)) == (1, 5)


def test_a_refused_token_is_renewed_once(crm: DataverseServer) -> None:
    found()
    crm.revoke_tokens()
    assert found() is not None
    assert crm.tokens_given == 2


def test_a_token_refused_again_is_given_up(crm: DataverseServer) -> None:
    crm.always = Refusal(401, "0x80040204", "Invalid token.")
    with pytest.raises(RequestRefused, match="answers 401"):
        found()
    assert (crm.tokens_given, len(crm.asked)) == (2, 2)


@pytest.mark.parametrize(
    "misfortunes",
    [
        [UNAVAILABLE],
        [Refusal(500, "0x80040216", "An unexpected error occurred."), Refusal(502, "", "")],
        [too_many_requests(1)],
        [SILENCE],
        [TRICKLE],
        [PROXY_PAGE],
        [HALF],
        [HANG_UP],
    ],
    ids=str,
)
def test_what_passes_is_tried_again(crm: DataverseServer, misfortunes: list[Refusal | str]) -> None:
    crm.next.extend(misfortunes)
    assert found() is not None
    assert len(crm.asked) == len(misfortunes) + 1


def test_the_wait_that_the_crm_asks_for_is_kept(crm: DataverseServer, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waits.append)
    crm.next.extend([too_many_requests(2), UNAVAILABLE])
    assert found() is not None
    assert waits[0] == 2
    assert 0.2 <= waits[1] <= 3


def test_a_wait_longer_than_patience_is_not_sat_out_and_nobody_asks_until_it_is_over(crm: DataverseServer) -> None:
    crm.next.append(too_many_requests(200))
    with pytest.raises(NoAnswer, match="answers 429"):
        found()
    with pytest.raises(NotAsked, match="not asked for another"):
        found()
    assert len(crm.asked) == 1


def test_a_wait_can_be_a_date(crm: DataverseServer) -> None:
    crm.next.append(too_many_requests("Fri, 01 Jan 2100 00:00:00 GMT"))
    with pytest.raises(NoAnswer):
        found()
    with pytest.raises(NotAsked, match=r"another (600|599) s"):
        found()


def test_what_is_set_wrongly_is_not_tried_again(crm: DataverseServer, set_setting: Setting) -> None:
    set_setting("DUE_FIELD", "min_vencimiento")
    with pytest.raises(RequestRefused, match="Could not find a property named 'min_vencimiento'"):
        found()
    assert len(crm.asked) == 1


def test_after_five_look_ups_without_answer_the_crm_is_left_in_peace(
    crm: DataverseServer, set_setting: Setting
) -> None:
    set_setting("PATIENCE_SECONDS", "0.2")
    crm.always = UNAVAILABLE
    for _ in range(5):
        with pytest.raises(NoAnswer):
            found()
    asked = len(crm.asked)
    with pytest.raises(NotAsked):
        found()
    assert len(crm.asked) == asked


def test_a_sign_in_service_out_of_order_is_no_answer(crm: DataverseServer, set_setting: Setting) -> None:
    set_setting("PATIENCE_SECONDS", "0.2")
    crm.sign_in_fails = True
    with pytest.raises(NoAnswer, match="sign-in service"):
        found()


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("CLIENT_SECRET", "expired", r"invalid_client \(AADSTS7000215\)"),
        ("TENANT", "nobody", "does not know the tenant"),
    ],
)
def test_an_account_that_is_not_known_is_refused(
    crm: DataverseServer, set_setting: Setting, name: str, value: str, reason: str
) -> None:
    set_setting(name, value)
    with pytest.raises(RequestRefused, match=reason):
        found()


def test_logs_hold_neither_secret_nor_token_nor_number(crm: DataverseServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    found()
    token = crm.token
    crm.always = Refusal(403, "0x80040220", f"No access to the case {NUMBER}.")
    with pytest.raises(RequestRefused):
        found()
    assert "could not be asked" in caplog.text
    assert not any(kept in caplog.text for kept in (SECRET, token, NUMBER.sequence, "correo.co"))
    assert CLIENT not in caplog.text or TENANT not in SECRET


def test_slow_answers_do_not_hold_up_one_another(crm: DataverseServer) -> None:
    found()
    crm.next.append(SILENCE)
    slow = threading.Thread(target=found)
    slow.start()
    crm.wait_for_question(2)
    assert found() is not None
    assert slow.is_alive()
    slow.join()


class _Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def _fail(breaker: CircuitBreaker, wait: float | None = None) -> None:
    with pytest.raises(NoAnswer), breaker.passage():
        raise NoAnswer("nothing", wait)


def test_after_the_pause_one_request_tries_and_an_answer_opens_the_way() -> None:
    clock = _Clock()
    breaker = CircuitBreaker(30, clock)
    for _ in range(5):
        _fail(breaker)
    clock.time = 29
    with pytest.raises(NotAsked), breaker.passage():
        pass
    clock.time = 31
    with breaker.passage(), pytest.raises(NotAsked, match="another request tries"), breaker.passage():
        pass
    with breaker.passage(), breaker.passage():
        pass


def test_a_trial_without_answer_begins_the_pause_anew() -> None:
    clock = _Clock()
    breaker = CircuitBreaker(30, clock)
    _fail(breaker, wait=60)
    clock.time = 61
    _fail(breaker)
    clock.time = 90
    with pytest.raises(NotAsked), breaker.passage():
        pass


def test_a_refusal_is_an_answer() -> None:
    breaker = CircuitBreaker(30, _Clock())
    for _ in range(4):
        _fail(breaker)
    with pytest.raises(RequestRefused), breaker.passage():
        raise RequestRefused("no such attribute")
    _fail(breaker)
    with breaker.passage():
        pass


def test_dates_with_other_offsets_are_brought_to_bogota(crm: DataverseServer) -> None:
    crm.rows[:] = [crm_case(createdon="2026-11-20T23:30:00-05:00")]
    case = found()
    assert case is not None
    assert case.received_at.date() == date(2026, 11, 20)
    assert case.received_at.utcoffset() == timedelta(hours=-5)
