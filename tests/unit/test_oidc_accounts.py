"""Whether passwords open accounts beside the provider, on both databases."""

from collections.abc import Callable

import pytest

from consultame.audit import Action, SubjectKind, record
from consultame.database import read_session, write_session
from consultame.oidc_accounts import passwords_are_accepted, record_confirmed_sign_in
from consultame.staff import Role, StaffMember
from tests.conftest import forget_settings


@pytest.fixture(autouse=True)
def _provider_alone(any_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings leave it to the provider."""
    monkeypatch.setenv("CONSULTAME_OIDC_ISSUER", "https://login.example")
    monkeypatch.setenv("CONSULTAME_OIDC_CLIENT_ID", "desk")
    monkeypatch.setenv("CONSULTAME_OIDC_CLIENT_SECRET", "s3cr3t")
    monkeypatch.setenv("CONSULTAME_PASSWORD_SIGN_IN", "false")
    forget_settings()


def _accepted() -> bool:
    with read_session() as session:
        return passwords_are_accepted(session)


def test_only_an_administrator_who_came_from_the_provider_closes_them(
    add_person: Callable[[str, Role], StaffMember],
) -> None:
    curator, administrator = add_person("ana", Role.CURATOR), add_person("sara", Role.ADMIN)
    with write_session() as session:
        record_confirmed_sign_in(session, curator)
        record(session, Action.SIGN_IN_SUCCEEDED, SubjectKind.ACCOUNT, administrator.email, by=administrator)
    assert _accepted()
    with write_session() as session:
        record_confirmed_sign_in(session, administrator)
    assert not _accepted()
    with write_session() as session:
        session.get_one(StaffMember, administrator.id).role = Role.CURATOR
    assert _accepted()


def test_they_stay_open_where_the_settings_say_so(
    add_person: Callable[[str, Role], StaffMember], monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_session() as session:
        record_confirmed_sign_in(session, session.merge(add_person("sara", Role.ADMIN)))
    monkeypatch.setenv("CONSULTAME_PASSWORD_SIGN_IN", "true")
    forget_settings()
    assert _accepted()
