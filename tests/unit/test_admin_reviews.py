"""Somebody other than the author reads, then approves or returns."""

from dataclasses import replace
from datetime import date

import pytest

from admin.differences import Change, Piece, question_differences, text_differences
from consultame.database import write_session
from consultame.staff import Role, StaffMember
from kb.models import EntryVersion, VersionState
from tests.unit.admin_site import (
    ENTRY,
    account,
    admin,
    approved_entry,
    approver,
    curator,
    signed_in,
    version_in_review,
    versions_of,
    visible_text,
)

pytestmark = pytest.mark.usefixtures("sqlite_database")


def test_the_page_shows_everything_and_what_changes() -> None:
    approved_entry()
    text = replace(
        ENTRY,
        answer_es="El Ministerio ya no entrega estufas.\n\nEscriba a {correo}.",
        questions_es=[*ENTRY.questions_es[1:], "estufas nuevas"],
    )
    version = version_in_review(text=text)
    page = approver().get(f"/personal/revisiones/{version.id}").text
    assert "Qué cambia frente a la versión 1, aprobada" in page
    assert "<ins>" in page
    shown = visible_text(page)
    assert "(se agrega: ya ) no entrega" in shown
    assert "(se agrega: estufas nuevas )" in shown
    assert "(se quita: ¿dan estufas? )" in shown
    assert "4 preguntas siguen igual." in shown
    assert "Oficio 1234 de 2026" in shown
    assert "The ministry does not give stoves." in shown


def test_a_new_entry_is_said_to_be_one() -> None:
    version = version_in_review()
    assert "Es una entrada nueva" in approver().get(f"/personal/revisiones/{version.id}").text
    assert "Entrada nueva" in visible_text(approver().get("/personal/revisiones").text)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.APPROVER])
def test_nobody_approves_or_returns_what_he_or_she_wrote(role: Role) -> None:
    version = version_in_review()
    browser = signed_in("ana", role)
    _set_role("ana", role)
    page = browser.get(f"/personal/revisiones/{version.id}").text
    assert "Quien escribe una respuesta no puede aprobarla" in visible_text(page)
    assert ">Aprobar<" not in page
    for action, fields in (("aprobar", {}), ("devolver", {"comment": "x"})):
        answer = browser.post(f"/personal/revisiones/{version.id}/{action}", data=fields)
        assert answer.status_code == 409
        assert "Quien escribe una respuesta no puede aprobarla: debe hacerlo otra persona." in visible_text(answer.text)
    assert versions_of("mme_estufas")[0].state is VersionState.IN_REVIEW


def test_a_version_is_decided_once() -> None:
    version = version_in_review()
    assert approver().post(f"/personal/revisiones/{version.id}/aprobar").status_code == 303
    for action, fields in (("aprobar", {}), ("devolver", {"comment": "x"})):
        answer = admin().post(f"/personal/revisiones/{version.id}/{action}", data=fields)
        assert answer.status_code == 409
        assert "Esta versión no está en revisión." in visible_text(answer.text)
        assert "La aprobó Luis" in visible_text(answer.text)


def test_returning_needs_a_comment_that_the_author_reads() -> None:
    version = version_in_review()
    reviewer = approver()
    refused = reviewer.post(f"/personal/revisiones/{version.id}/devolver", data={"comment": " \r\n"})
    assert refused.status_code == 422
    assert "Escriba qué debe corregirse." in refused.text
    done = reviewer.post(f"/personal/revisiones/{version.id}/devolver", data={"comment": "Falta la\r\nfuente."})
    assert done.status_code == 303
    assert (
        "Devolvió la versión 1 de «Programa de estufas eficientes» a Ana." in reviewer.get("/personal/revisiones").text
    )
    author = curator()
    for path in ("/personal/entradas/mme_estufas", "/personal/entradas/mme_estufas/editar"):
        assert "Falta la\nfuente." in author.get(path).text


def test_a_version_older_than_the_approved_one_can_only_be_returned() -> None:
    older = version_in_review()
    approved_entry()
    page = approver().get(f"/personal/revisiones/{older.id}").text
    assert "Ya se aprobó la versión 2, que es más reciente." in visible_text(page)
    assert ">Aprobar<" not in page
    assert ">Devolver<" in page


def test_differences_are_told_by_word() -> None:
    old = _version(title="Uno dos tres", valid_until=None, questions_en=["a", "b"])
    new = _version(title="Uno 2 tres", valid_until=date(2027, 5, 1), questions_en=["b", "c"])
    title, expiry = text_differences(old, new)
    assert title.pieces == [
        Piece(Change.KEPT, "Uno "),
        Piece(Change.REMOVED, "dos"),
        Piece(Change.ADDED, "2"),
        Piece(Change.KEPT, " tres"),
    ]
    assert expiry.name == "Válida hasta"
    assert "".join(p.text for p in expiry.pieces if p.change is not Change.REMOVED) == "1 de mayo de 2027"
    (questions,) = question_differences(old, new)
    assert (questions.language, questions.kept) == ("en", 1)
    assert questions.pieces == [Piece(Change.ADDED, "c"), Piece(Change.REMOVED, "a")]


def _version(**changes: object) -> EntryVersion:
    fields = {name: getattr(ENTRY, name) for name in ENTRY.__dataclass_fields__} | changes
    return EntryVersion(**fields)


def _set_role(name: str, role: Role) -> None:
    with write_session() as session:
        session.get_one(StaffMember, account(name, role).id).role = role
