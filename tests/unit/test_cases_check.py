"""`consultame cases check` says line by line whether cases can be looked up, and incomplete settings are refused."""

from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from consultame.command_line.application import application
from consultame.command_line.outcome import CommandFailed
from consultame.command_line.up import up
from consultame.settings import SettingsError, load_settings
from desk.cases.dataverse.directory import dataverse_cases
from tests.conftest import forget_settings
from tests.dataverse_server import SECRET, UNAVAILABLE, DataverseServer
from tests.unit.crm import crm, crm_case, set_setting

__all__ = ["crm", "set_setting"]

Setting = Callable[[str, str], None]


def checked() -> tuple[list[str], BaseException | None]:
    """The lines printed, and how the command ended."""
    result = CliRunner().invoke(application, ["cases", "check"])
    ended = None if isinstance(result.exception, SystemExit) else result.exception
    return result.output.splitlines(), ended


def test_each_attribute_gets_its_line(crm: DataverseServer) -> None:
    lines, ended = checked()
    assert ended is None
    assert all(line.startswith("ok ") for line in lines)
    assert f"ok    {crm.url}: answers application user u-1" in lines
    assert "ok    number: ticketnumber: there" in lines
    assert "ok    due: resolveby: there, empty in every case that can be read" in lines
    assert "ok    email: customerid_contact/emailaddress1: there" in lines
    assert "ok    states: each value is explained (1)" in lines


def test_nothing_of_a_citizen_and_no_secret_is_printed(crm: DataverseServer) -> None:
    printed = "\n".join(checked()[0])
    assert not any(word in printed for word in ("Ana", "5678", "correo.co", "004821", SECRET))


def test_an_attribute_that_is_not_there_is_named(crm: DataverseServer, set_setting: Setting) -> None:
    set_setting("DUE_FIELD", "min_vencimiento")
    lines, ended = checked()
    (fault,) = (line for line in lines if line.startswith("FAULT"))
    assert fault.startswith("FAULT due: min_vencimiento: answers 400: Could not find a property named")
    assert isinstance(ended, CommandFailed)
    assert str(ended) == "1 fault(s); cases cannot be looked up as the settings say"


def test_values_that_no_setting_explains_are_found_on_any_page(crm: DataverseServer) -> None:
    crm.rows[:] = [crm_case() for _ in range(600)]
    crm.rows[-1] = crm_case(statuscode=930000001)
    lines, ended = checked()
    assert any(line.startswith("FAULT states") and line.endswith(": 930000001") for line in lines)
    assert isinstance(ended, CommandFailed)


def test_a_crm_without_readable_cases_is_a_fault(crm: DataverseServer) -> None:
    crm.rows.clear()
    lines, ended = checked()
    assert "FAULT incidents: 0 case(s) looked at, the newest first" in lines
    assert isinstance(ended, CommandFailed)


def test_a_crm_that_cannot_be_reached_is_one_line(crm: DataverseServer, set_setting: Setting) -> None:
    set_setting("PATIENCE_SECONDS", "0.2")
    crm.always = UNAVAILABLE
    lines, ended = checked()
    assert lines == []
    assert isinstance(ended, CommandFailed)
    assert str(ended) == f"{crm.url}: answers 503"


def test_our_own_cases_need_no_connection(data_directory: object) -> None:
    assert checked() == (["Cases are looked up in this system's database (CONSULTAME_CASE_DIRECTORY=local)."], None)


def test_choosing_the_crm_without_its_settings_is_refused_in_one_line(
    data_directory: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSULTAME_CASE_DIRECTORY", "dataverse")
    monkeypatch.setenv("CONSULTAME_DATAVERSE_URL", "https://minenergia.crm2.dynamics.com/")
    forget_settings()
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert str(refused.value) == (
        "CONSULTAME_CASE_DIRECTORY=dataverse needs CONSULTAME_DATAVERSE_TENANT, CONSULTAME_DATAVERSE_CLIENT_ID, "
        "CONSULTAME_DATAVERSE_CLIENT_SECRET"
    )


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("URL", "http://crm.minenergia.gov.co", "CONSULTAME_DATAVERSE_URL: give an address like https://"),
        ("URL", "https://crm.minenergia.gov.co/api/data/v9.2", "CONSULTAME_DATAVERSE_URL"),
        ("STATE_FIELD", "statuscode,title", "CONSULTAME_DATAVERSE_STATE_FIELD"),
        ("STATE_FIELD", "none", "needs CONSULTAME_DATAVERSE_STATE_FIELD"),
        ("EMAIL_FIELD", "none", "to recognise owners by"),
        ("TABLE", "incidents?$top=1", "CONSULTAME_DATAVERSE_TABLE"),
        ("STATES", "abierto", "CONSULTAME_DATAVERSE_STATES"),
        ("STATES", "1=open", "CONSULTAME_DATAVERSE_STATES: 'open' is none of received, in_progress"),
        ("TIMEOUT_SECONDS", "0", "CONSULTAME_DATAVERSE_TIMEOUT_SECONDS"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    crm: DataverseServer, set_setting: Setting, name: str, value: str, reason: str
) -> None:
    set_setting(name, value)
    with pytest.raises(SettingsError) as refused:
        dataverse_cases()
    assert reason in str(refused.value)
    assert SECRET not in str(refused.value)


def test_a_meaning_that_no_case_can_have_is_refused_before_anything_starts(
    crm: DataverseServer, set_setting: Setting
) -> None:
    set_setting("KINDS", "1=ticket")
    with pytest.raises(SettingsError, match="CONSULTAME_DATAVERSE_KINDS: 'ticket' is none of petition"):
        up()


def test_the_secret_is_not_shown_with_the_settings(crm: DataverseServer) -> None:
    assert SECRET not in repr(load_settings())
