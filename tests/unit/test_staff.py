"""Staff accounts open with the right password only."""

import pytest
from sqlalchemy.exc import IntegrityError

from consultame.database import read_session, write_session
from consultame.staff import Role, StaffError, StaffMember, add_staff_member, authenticate


def _add(email: str = "ana@minenergia.example", password: str | None = "una-clave-larga") -> None:
    with write_session() as session:
        add_staff_member(session, email=email, name="Ana", role=Role.CURATOR, password=password)


def _opens(email: str, password: str) -> bool:
    with read_session() as session:
        return authenticate(session, email=email, password=password) is not None


def test_the_right_password_opens_whatever_the_letter_case_of_the_address(any_database: str) -> None:
    _add("Ana@Minenergia.example")
    assert _opens(" ana@MINENERGIA.example ", "una-clave-larga")
    assert not _opens("ana@minenergia.example", "otra-clave-larga")
    assert not _opens("nadie@minenergia.example", "una-clave-larga")


def test_a_closed_or_deactivated_account_opens_with_no_password(any_database: str) -> None:
    _add(password=None)
    assert not _opens("ana@minenergia.example", "nobody")
    _add("luis@minenergia.example")
    with write_session() as session:
        session.query(StaffMember).filter_by(email="luis@minenergia.example").one().active = False
    assert not _opens("luis@minenergia.example", "una-clave-larga")


def test_passwords_are_stored_as_argon2_hashes(sqlite_database: None) -> None:
    _add()
    with read_session() as session:
        stored = session.query(StaffMember).one().password_hash
    assert stored is not None
    assert stored.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("email", "name", "password", "message"),
    [
        ("no-es-correo", "Ana", "una-clave-larga", "not an e-mail address"),
        ("ana@minenergia.example", " ", "una-clave-larga", "name is empty"),
        ("ana@minenergia.example", "Ana", "corta", "at least 12"),
    ],
)
def test_an_account_that_cannot_be_used_is_refused(
    email: str, name: str, password: str, message: str, sqlite_database: None
) -> None:
    with write_session() as session, pytest.raises(StaffError, match=message):
        add_staff_member(session, email=email, name=name, role=Role.ADMIN, password=password)


def test_an_address_has_one_account(any_database: str) -> None:
    _add()
    with pytest.raises(StaffError, match="already"):
        _add("ANA@minenergia.example")


def test_a_second_row_with_the_same_address_is_refused_by_the_database(any_database: str) -> None:
    _add()
    with pytest.raises(IntegrityError), write_session() as session:
        session.add(StaffMember(email="ana@minenergia.example", name="Otra", role=Role.CURATOR))
