"""What citizens are written about their cases, as it arrives at a mail server."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select

from consultame.database import read_session, write_session
from consultame.outbox import OutgoingMessage
from consultame.outbox_sending import send_due
from consultame.settings import load_settings
from desk.cases.completion import request_clarification, request_completion
from desk.cases.filing import FilingRefused, file_case
from desk.cases.handling import CaseRefused, add_note, answer_case, close_case, extend_case, refer_case
from desk.cases.kinds import CaseKind, ClosingReason
from desk.cases.models import Case
from desk.radicado import Radicado
from tests.mail_sink import MailSink, running_sink, text_of
from tests.unit.case_filings import ANA, MORNING, NOBODY, a_filing, filed

pytestmark = pytest.mark.usefixtures("sqlite_database")
STAFF = "marta@minenergia.example"
LATER = MORNING + timedelta(hours=1)


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailSink]:
    with running_sink() as sink:
        monkeypatch.setenv("CONSULTAME_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("CONSULTAME_SMTP_PORT", str(sink.port))
        monkeypatch.setenv("CONSULTAME_SMTP_STARTTLS", "false")
        monkeypatch.setenv("CONSULTAME_CONTACT_EMAIL", "mesa@minenergia.gov.co")
        monkeypatch.setenv("CONSULTAME_PUBLIC_URL", "https://consultame.example")
        load_settings.cache_clear()
        yield sink


def case_of(radicado: Radicado) -> int:
    with read_session() as session:
        return session.scalars(select(Case.id).where(Case.radicado == str(radicado))).one()


def delivered(sink: MailSink) -> list[EmailMessage]:
    send_due()
    return sink.delivered


def enqueued() -> int:
    with read_session() as session:
        return session.scalar(select(func.count(OutgoingMessage.id))) or 0


def test_the_acknowledgement_has_number_code_and_due_date_and_nothing_of_the_request(sink: MailSink) -> None:
    done = filed()
    (mail,) = delivered(sink)
    text = text_of(mail)
    assert mail["To"] == "ana.nanez@correo.co"
    assert str(done.radicado) in mail["Subject"]
    for part in (str(done.radicado), done.verification_code, "miércoles 16 de diciembre de 2026", "https://consultame"):
        assert part in text
    assert "mesa@minenergia.gov.co" in text
    for part in ("subsidio", "1085245678", "1.085.245.678", "3001234567"):
        assert part not in text
    assert "{" not in text


def test_who_asked_in_english_is_written_to_in_english(sink: MailSink) -> None:
    done = filed(language="en")
    with write_session() as session:
        answer_case(session, case=session.get_one(Case, done.case_id), text="Yes.", by=STAFF, now=LATER)
    first, second = (text_of(mail) for mail in delivered(sink))
    assert "Verification code: " + done.verification_code in first
    assert "Wednesday 16 December 2026" in first
    assert "This is the answer to your request" in second
    assert "Colombia" not in second


def test_anonymous_cases_and_those_without_an_address_get_no_mail() -> None:
    for requester in (NOBODY, replace(ANA, email="")):
        done = filed(requester=requester)
        with write_session() as session:
            answer_case(session, case=session.get_one(Case, done.case_id), text="Sí.", by=STAFF, now=LATER)
    assert enqueued() == 0


def test_a_compliment_is_acknowledged_without_a_term(sink: MailSink) -> None:
    filed(kind=CaseKind.COMPLIMENT)
    assert "a más tardar" not in text_of(delivered(sink)[0])


@pytest.mark.parametrize("language", ["es", "en"])
def test_each_step_that_the_citizen_hears_of_is_told_once_with_its_dates(sink: MailSink, language: str) -> None:
    done = filed(language=language)
    with write_session() as session:
        case = session.get_one(Case, done.case_id)
        extend_case(session, case=case, until=date(2027, 1, 7), reason="Hace {falta} un concepto.", by=STAFF, now=LATER)
        request_completion(session, case=case, missing="La copia del recibo.", by=STAFF, now=LATER)
        add_note(session, case=case, text="Nadie de fuera lee esto.", by=STAFF, now=LATER)
    unclear = filed(language=language)
    with write_session() as session:
        case = session.get_one(Case, unclear.case_id)
        request_clarification(session, case=case, unclear="Qué vereda.", by=STAFF, now=LATER)
    sent = filed(language=language)
    with write_session() as session:
        case = session.get_one(Case, sent.case_id)
        refer_case(session, case=case, authority="CREG", reason="Fija las tarifas.", by=STAFF, now=LATER)
    texts = [text_of(mail) for mail in delivered(sink)]
    days = {"es": ("jueves 7 de enero de 2027", "jueves 24 de diciembre de 2026", "miércoles 9 de diciembre de 2026"),
            "en": ("Thursday 7 January 2027", "Thursday 24 December 2026", "Wednesday 9 December 2026")}  # fmt: skip
    extended, complete, clarify = days[language]
    assert len(texts) == 7
    assert [text for text in texts if extended in text and "Hace {falta} un concepto." in text]
    assert [text for text in texts if complete in text and "La copia del recibo." in text]
    assert [text for text in texts if clarify in text and "Qué vereda." in text]
    assert [text for text in texts if "CREG" in text and "Fija las tarifas." in text]
    assert not [text for text in texts if "Nadie de fuera" in text]
    send_due()
    assert len(sink.arrived) == 7


@pytest.mark.parametrize(
    ("language", "reason", "kind", "said"),
    [
        ("es", ClosingReason.WITHDRAWN, CaseKind.PETITION, ("usted pidió no continuar", "artículo 18")),
        ("en", ClosingReason.WITHDRAWN, CaseKind.PETITION, ("you asked not to go on", "article 18")),
        ("es", ClosingReason.REPEATED, CaseKind.CLAIM, ("es igual a otra solicitud",)),
        ("en", ClosingReason.REPEATED, CaseKind.CLAIM, ("the same as another request",)),
        ("es", ClosingReason.NO_ANSWER_NEEDED, CaseKind.SUGGESTION, ("no necesitan respuesta",)),
        ("en", ClosingReason.NO_ANSWER_NEEDED, CaseKind.SUGGESTION, ("need no answer",)),
    ],
)
def test_who_was_not_answered_is_told_that_the_case_was_closed_when_and_why(
    sink: MailSink, language: str, reason: ClosingReason, kind: CaseKind, said: tuple[str, ...]
) -> None:
    done = filed(language=language, kind=kind)
    with write_session() as session:
        case = session.get_one(Case, done.case_id)
        close_case(session, case=case, reason=reason, note="Nota {interna} de la mesa", by=STAFF, now=LATER)
    mail = delivered(sink)[1]
    text = text_of(mail)
    day = {"es": "martes 24 de noviembre de 2026", "en": "Tuesday 24 November 2026"}[language]
    for part in (*said, day, str(done.radicado), "mesa@minenergia.gov.co", "https://consultame.example"):
        assert part in text
    assert str(done.radicado) in mail["Subject"]
    assert "interna" not in text
    assert "{" not in text


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_case_closed_because_it_was_not_completed_says_so(sink: MailSink, language: str) -> None:
    done = filed(language=language)
    with write_session() as session:
        case = session.get_one(Case, done.case_id)
        request_completion(session, case=case, missing="La copia del recibo.", by=STAFF, now=LATER)
        late = LATER + timedelta(days=45)
        close_case(session, case=case, reason=ClosingReason.NOT_COMPLETED, by=STAFF, now=late)
    said = {"es": "no recibimos a tiempo", "en": "we did not receive in time"}
    assert said[language] in text_of(delivered(sink)[2])


@pytest.mark.parametrize("is_answered", [True, False])
def test_closing_what_was_answered_or_sent_elsewhere_is_not_told_again(is_answered: bool) -> None:
    done = filed()
    with write_session() as session:
        case = session.get_one(Case, done.case_id)
        if is_answered:
            answer_case(session, case=case, text="Sí.", by=STAFF, now=LATER)
        else:
            refer_case(session, case=case, authority="CREG", reason="Fija las tarifas.", by=STAFF, now=LATER)
    before = enqueued()
    with write_session() as session:
        close_case(session, case=session.get_one(Case, done.case_id), reason=ClosingReason.WITHDRAWN, by=STAFF)
    assert (before, enqueued()) == (2, 2)


def test_nothing_is_told_of_what_was_refused_or_rolled_back() -> None:
    done = filed()
    with pytest.raises(CaseRefused), write_session() as session:
        case = session.get_one(Case, done.case_id)
        answer_case(session, case=case, text="Sí.", by=STAFF, now=LATER)
        answer_case(session, case=case, text="Otra vez.", by=STAFF, now=LATER)
    with pytest.raises(FilingRefused), write_session() as session:
        file_case(session, filing=a_filing(description=""), now=MORNING)
    assert enqueued() == 1


def test_a_mail_has_no_name_when_the_case_has_none(sink: MailSink) -> None:
    done = filed()
    with write_session() as session:
        case = session.get_one(Case, done.case_id)
        case.requester.name = ""
        answer_case(session, case=case, text="Sí.", by=STAFF, now=LATER)
    assert text_of(delivered(sink)[1]).startswith("Buen día:\n")
