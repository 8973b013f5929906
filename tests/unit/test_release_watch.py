"""A release after which many more messages get no answer goes out of service by itself, if the settings say so."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.intents import outcome_of
from consultame.audit import SYSTEM, Action, AuditEvent
from consultame.conversations import append_events
from consultame.database import now, read_session, write_session
from consultame.settings import load_settings
from kb.models import Release
from kb.publishing import model_path
from kb.release_watch import INTENTS_WITHOUT_ANSWER, MESSAGES_A_CONVERSATION, effect_of, roll_back_if_worse
from kb.releases import live_release
from tests.unit.admin_site import FINGERPRINT, approved_entry, approver, put_into_service, visible_text

pytestmark = pytest.mark.usefixtures("any_database")


@pytest.fixture(autouse=True)
def _limits(any_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("POINTS", "20"), ("WINDOW", "40"), ("MINIMUM", "20")):
        setting = "UNANSWERED_POINTS" if name == "POINTS" else f"{name}_MESSAGES"
        monkeypatch.setenv(f"CONSULTAME_ROLLBACK_{setting}", value)
    load_settings.cache_clear()


@pytest.fixture
def two_releases() -> tuple[int, int]:
    """An earlier and a live release; the earlier one's model exists."""
    version = approved_entry()
    path = model_path(FINGERPRINT)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a model")
    former, live = put_into_service(version), put_into_service(version)
    with write_session() as session:
        session.get_one(Release, former).promoted_at = now() - timedelta(days=2)
        session.get_one(Release, live).promoted_at = now() - timedelta(hours=1)
    return former, live


def messages(count: int, *, unanswered: int, minutes_ago: int, conversation: str = "") -> None:
    """So many messages, each of a citizen of its own or all of one."""
    for number in range(count):
        intent = "fuera_de_alcance" if number < unanswered else "faq"
        event = {
            "event": "user", "text": "x", "message_id": f"m{number}", "parse_data": {"intent": {"name": intent}},
            "timestamp": (now() - timedelta(minutes=minutes_ago)).timestamp() + number / 1000,
        }  # fmt: skip
        with write_session() as session:
            append_events(
                session.connection(), conversation or f"web-{minutes_ago}-{number}", [event], memory_before={}
            )


def worker_watches() -> None:
    """The job as the worker runs it."""
    from kb.release_watch_job import watch_release

    watch_release.call_local()


def watch() -> int | None:
    """The number of the release that was put back, if one was."""
    with write_session() as session:
        release = roll_back_if_worse(session)
        return release.restores_id if release else None


def test_the_intents_counted_are_those_that_get_no_answer() -> None:
    assert {outcome_of(intent) for intent in INTENTS_WITHOUT_ANSWER} == {"unanswered"}


def test_a_jump_brings_the_former_release_back_and_says_why(two_releases: tuple[int, int]) -> None:
    former, bad = two_releases
    messages(40, unanswered=8, minutes_ago=90)
    messages(40, unanswered=20, minutes_ago=30)
    worker_watches()
    with read_session() as session:
        live = live_release(session)
        assert live is not None
        assert (live.restores_id, live.restored_by_id) == (former, None)
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == Action.RELEASE_RESTORED))
        assert (event.actor, event.actor_id, event.subject) == (SYSTEM, None, str(former))
    page = visible_text(approver().get("/personal/publicaciones").text)
    assert f"repone la {former}, por el sistema" in page
    assert (
        f"Con la versión {bad} quedó sin respuesta el 50 % (20 de 40 mensajes); antes, el 20 % (8 de 40 mensajes)."
        in page
    )


def test_a_release_that_was_put_back_is_not_judged_again(two_releases: tuple[int, int]) -> None:
    messages(40, unanswered=0, minutes_ago=90)
    messages(40, unanswered=40, minutes_ago=30)
    assert watch() == two_releases[0]
    messages(40, unanswered=0, minutes_ago=1)
    messages(40, unanswered=40, minutes_ago=0)
    assert watch() is None


@pytest.mark.parametrize(("before", "after"), [(8, 16), (8, 0), (40, 40)])
def test_what_rises_by_no_more_than_the_limit_stays(before: int, after: int, two_releases: tuple[int, int]) -> None:
    messages(40, unanswered=before, minutes_ago=90)
    messages(40, unanswered=after, minutes_ago=30)
    assert watch() is None


@pytest.mark.parametrize(("before", "after"), [(19, 40), (40, 19), (0, 40)])
def test_nothing_is_decided_on_few_messages(before: int, after: int, two_releases: tuple[int, int]) -> None:
    messages(before, unanswered=0, minutes_ago=90)
    messages(after, unanswered=after, minutes_ago=30)
    assert watch() is None


def test_one_conversation_alone_brings_no_release_down(two_releases: tuple[int, int]) -> None:
    messages(40, unanswered=0, minutes_ago=90)
    messages(40, unanswered=40, minutes_ago=30, conversation="web-of-one")
    messages(30, unanswered=0, minutes_ago=20)
    with read_session() as session:
        live = live_release(session)
        assert live is not None
        effect = effect_of(session, live)
    assert effect is not None
    assert effect.after.unanswered == MESSAGES_A_CONVERSATION
    assert watch() is None


def test_what_comes_long_after_the_release_is_not_laid_to_its_charge(two_releases: tuple[int, int]) -> None:
    messages(40, unanswered=0, minutes_ago=90)
    messages(40, unanswered=0, minutes_ago=30)
    messages(40, unanswered=40, minutes_ago=5)
    assert watch() is None


def test_by_default_nothing_is_put_back(two_releases: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONSULTAME_ROLLBACK_UNANSWERED_POINTS")
    load_settings.cache_clear()
    messages(40, unanswered=0, minutes_ago=90)
    messages(40, unanswered=40, minutes_ago=30)
    worker_watches()
    with read_session() as session:
        live = live_release(session)
        assert live is not None
        assert live.id == two_releases[1]
    assert "sin respuesta con la versión en servicio: 100 % (40 de 40 mensajes)" in visible_text(
        approver().get("/personal/publicaciones").text
    )


def test_where_the_former_model_is_gone_the_live_release_stays_and_it_is_said(
    two_releases: tuple[int, int], caplog: pytest.LogCaptureFixture
) -> None:
    model_path(FINGERPRINT).unlink()
    messages(40, unanswered=0, minutes_ago=90)
    messages(40, unanswered=40, minutes_ago=30)
    worker_watches()
    assert "ya no se conserva" in caplog.text
