"""An entry is written by one person, approved by another, and only then part of a release."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from consultame.database import read_session, write_session
from consultame.staff import Role, StaffMember
from kb.entries import (
    EntryRefused,
    EntryText,
    approve,
    approved_versions,
    distinct_questions,
    entry_by_slug,
    return_to_author,
    submit_for_review,
    version_by_id,
    versions_in_review,
    write_new_entry,
    write_new_version,
)
from kb.models import EntryVersion, Topic, VersionState

AddPerson = Callable[[str, Role], StaffMember]

TEXT = EntryText(
    title="Estufas eficientes",
    label="Estufas eficientes",
    label_en="Efficient stoves",
    answer_es="No hay un programa de estufas. Escriba a {correo}.",
    answer_en="There is no stove programme. Write to {correo}.",
    questions_es=[
        "¿dan estufas?",
        "estufas eficientes",
        "cambio de estufa",
        "quiero una estufa",
        "programa de estufas",
    ],
    questions_en=["do you give stoves?"],
    source="Prueba",
    valid_until=date(2027, 1, 31),
)


@pytest.fixture
def in_review(any_database: str, add_person: AddPerson) -> tuple[int, StaffMember, StaffMember]:
    """The id of a version in review, its author and an approver."""
    author, approver = add_person("ana", Role.CURATOR), add_person("luis", Role.APPROVER)
    with write_session() as session:
        version = write_new_entry(session, slug="estufas", topic=Topic.ENERGIA, text=TEXT, author=author)
        submit_for_review(session, version, by=author)
        return version.id, author, approver


def test_an_approved_version_is_what_the_next_release_holds(in_review: tuple[int, StaffMember, StaffMember]) -> None:
    version_id, _, approver = in_review
    with write_session() as session:
        assert approved_versions(session) == []
        assert [version.id for version in versions_in_review(session)] == [version_id]
        approve(session, session.get_one(EntryVersion, version_id), by=approver)
    with read_session() as session:
        (approved,) = approved_versions(session)
        assert approved.entry.slug == "estufas"
        assert approved.valid_until == date(2027, 1, 31)
        assert approved.approved_at is not None
        assert approved.approved_at.tzinfo is not None
        assert versions_in_review(session) == []


def test_an_author_cannot_approve_even_as_admin(any_database: str, add_person: AddPerson) -> None:
    admin = add_person("jefa", Role.ADMIN)
    with write_session() as session:
        version = write_new_entry(session, slug="estufas", topic=Topic.ENERGIA, text=TEXT, author=admin)
        submit_for_review(session, version, by=admin)
        with pytest.raises(EntryRefused, match="otra persona"):
            approve(session, version, by=admin)


def test_the_database_itself_refuses_an_author_as_approver(in_review: tuple[int, StaffMember, StaffMember]) -> None:
    version_id, author, _ = in_review
    with pytest.raises(IntegrityError, match="approver_is_not_author"), write_session() as session:
        session.execute(update(EntryVersion).where(EntryVersion.id == version_id).values(approver_id=author.id))


def test_the_database_itself_refuses_an_approved_version_without_approver(
    in_review: tuple[int, StaffMember, StaffMember],
) -> None:
    version_id, _, _ = in_review
    with pytest.raises(IntegrityError, match="approved_has_approver"), write_session() as session:
        session.execute(text("UPDATE kb_entry_version SET state = 'approved' WHERE id = :id"), {"id": version_id})


def test_a_curator_cannot_approve(in_review: tuple[int, StaffMember, StaffMember], add_person: AddPerson) -> None:
    other = add_person("otra", Role.CURATOR)
    with write_session() as session, pytest.raises(EntryRefused, match="rol"):
        approve(session, session.get_one(EntryVersion, in_review[0]), by=other)


def test_a_returned_version_carries_the_reason_and_can_be_submitted_again(
    in_review: tuple[int, StaffMember, StaffMember],
) -> None:
    version_id, author, approver = in_review
    with write_session() as session:
        version = session.get_one(EntryVersion, version_id)
        with pytest.raises(EntryRefused, match="qué debe corregirse"):
            return_to_author(session, version, by=approver, comment="  ")
        return_to_author(session, version, by=approver, comment="Falta la fuente")
        with pytest.raises(EntryRefused, match="no está en revisión"):
            approve(session, version, by=approver)
        submit_for_review(session, version, by=author)
    with read_session() as session:
        version = version_by_id(session, version_id)  # type: ignore[assignment]
        assert version.state is VersionState.IN_REVIEW
        assert version.review_comment == "Falta la fuente"


def test_a_new_version_leaves_the_approved_one_in_force_until_it_is_approved_too(
    in_review: tuple[int, StaffMember, StaffMember],
) -> None:
    version_id, author, approver = in_review
    with write_session() as session:
        approve(session, session.get_one(EntryVersion, version_id), by=approver)
        entry = entry_by_slug(session, "estufas")
        assert entry is not None
        second = write_new_version(session, entry=entry, text=replace(TEXT, title="Otra"), author=author)
        assert second.number == 2
        assert [version.number for version in approved_versions(session)] == [1]
        submit_for_review(session, second, by=author)
        approve(session, second, by=approver)
        assert [version.number for version in approved_versions(session)] == [2]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": " "}, "El título está vacío."),
        ({"answer_es": ""}, "La respuesta en español está vacía."),
        ({"label": "x" * 49}, "más de 48"),
        ({"answer_es": "Llame al {telefono_rojo}."}, "{telefono_rojo}"),
        ({"answer_en": "Write to {correo"}, "«{»"),
        ({"questions_es": ["una"]}, "al menos 5"),
        ({"questions_es": ["Igual", "igual", "IGUAL ", "igual", "igual"]}, "todas distintas"),
        ({"questions_es": ["x" * 501, "b", "c", "d", "e"]}, "500"),
    ],
)
def test_a_text_that_cannot_be_published_is_refused_with_its_reason(
    change: dict[str, object], message: str, sqlite_database: None, add_person: AddPerson
) -> None:
    author = add_person("ana", Role.CURATOR)
    with write_session() as session, pytest.raises(EntryRefused) as refusal:
        write_new_entry(session, slug="x", topic=Topic.GLP, text=replace(TEXT, **change), author=author)  # type: ignore[arg-type]
    assert message in str(refusal.value)


@pytest.mark.parametrize("slug", ["", "Con_Mayusculas", "con espacio", "1_numero", "a" * 65, "ñandu", "a__b", "x/y"])
def test_a_malformed_slug_is_refused(slug: str, sqlite_database: None, add_person: AddPerson) -> None:
    author = add_person("ana", Role.CURATOR)
    with write_session() as session, pytest.raises(EntryRefused, match="identificador"):
        write_new_entry(session, slug=slug, topic=Topic.GLP, text=TEXT, author=author)


def test_a_taken_slug_is_refused(in_review: tuple[int, StaffMember, StaffMember]) -> None:
    with write_session() as session, pytest.raises(EntryRefused, match="Ya existe"):
        write_new_entry(session, slug="estufas", topic=Topic.GLP, text=TEXT, author=in_review[1])


def test_questions_are_cleaned_of_blanks_bullets_and_repetitions() -> None:
    lines = ["  ¿Dan  estufas? ", "", "- ¿dan estufas?", "/faq", "otra"]
    assert distinct_questions(lines) == ["¿Dan estufas?", "faq", "otra"]
