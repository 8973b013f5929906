"""A publication and the way back on the running system, while citizens write ten messages a second."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bench.steady_load import SteadyLoad
from consultame.command_line.installation import DEMO_ACCOUNTS, DEMO_PASSWORD
from consultame.database import write_session
from consultame.staff import Role, StaffMember, staff_member_by_email
from kb.entries import EntryText, approve, approved_versions, submit_for_review, write_new_version
from tests.conftest import forget_settings
from tests.running_system import RunningSystem

CHANGED = "glp_requisitos"
QUESTIONS = ["hola", "¿Qué requisitos hay que cumplir para el subsidio de la pipeta de gas?", "¿a qué hora abren?"]


@pytest.fixture
def own_system(trained_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningSystem]:
    """A running system of this test alone, whose database the settings point to."""
    directory = tmp_path / "var"
    running = RunningSystem.started_from(trained_directory, directory)
    monkeypatch.setenv("CONSULTAME_DATA_DIRECTORY", str(directory))
    forget_settings()
    yield running
    running.stop()
    forget_settings()


@pytest.fixture
def staff(own_system: RunningSystem) -> Iterator[httpx.Client]:
    """The browser of the approver of the demo accounts."""
    with httpx.Client(base_url=own_system.admin, headers={"Origin": own_system.admin}, trust_env=False) as browser:
        form = {"email": demo_email(Role.APPROVER), "password": DEMO_PASSWORD}
        assert browser.post("/personal/ingresar", data=form).status_code == 303
        yield browser


def demo_email(role: Role) -> str:
    return next(account.email for account in DEMO_ACCOUNTS if account.role is role)


def approve_a_change_of_questions() -> None:
    with write_session() as session:

        def demo_member(role: Role) -> StaffMember:
            member = staff_member_by_email(session, demo_email(role))
            assert member is not None
            return member

        (version,) = [v for v in approved_versions(session) if v.entry.slug == CHANGED]
        text = EntryText.of(version)
        text = replace(text, questions_es=text.questions_es[:-1])
        changed = write_new_version(session, entry=version.entry, text=text, author=demo_member(Role.CURATOR))
        submit_for_review(session, changed, by=demo_member(Role.CURATOR))
        approve(session, changed, by=demo_member(Role.APPROVER))


def health(staff: httpx.Client) -> dict[str, object]:
    body: dict[str, object] = staff.get("/salud").json()
    return body


def answering_model(system: RunningSystem) -> str:
    return str(httpx.get(f"{system.web_channel}/status", trust_env=False).json()["model"])


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 300
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.2)


def test_no_message_is_lost_while_a_release_goes_live_and_while_one_goes_back(
    own_system: RunningSystem, staff: httpx.Client
) -> None:
    before = health(staff)
    assert answering_model(own_system) == before["model"]

    def publish_and_go_back() -> None:
        approve_a_change_of_questions()
        assert staff.post("/personal/publicaciones").status_code == 303
        wait_until(lambda: health(staff)["release"] != before["release"])
        published = health(staff)
        assert published["model"] != before["model"]
        wait_until(lambda: answering_model(own_system) == published["model"])
        wait_until(lambda: [server["model"] for server in health(staff)["replicas"]] == [published["model"]])
        restore = f"/personal/publicaciones/versiones/{before['release']}/reponer"
        assert staff.post(restore).status_code == 303
        wait_until(lambda: answering_model(own_system) == before["model"])

    load = SteadyLoad(own_system.web_channel, QUESTIONS)
    load.during(publish_and_go_back)
    assert len(load.said) > 100
    assert load.problems == []
