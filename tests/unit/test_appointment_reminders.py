"""Reminders go out once each, also when the process is killed between any two steps and started again."""

import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from consultame.database import write_session
from consultame.migration import migrate_database
from consultame.outbox import MessageState, OutgoingMessage
from desk.appointments.models import Appointment
from tests.conftest import forget_settings
from tests.mail_sink import MailSink, running_sink
from tests.running_system import environment_for
from tests.unit.agenda import FIRST, person

DAY_BEFORE, HOUR_BEFORE = FIRST - timedelta(hours=24), FIRST - timedelta(hours=1)
# A claim of a killed process lasts so long at most.
LATER = timedelta(minutes=16)
WHEN = "martes 1 de diciembre de 2026 a las 2:05 p. m."

Live = Callable[[datetime, int], tuple[int, int]]


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with running_sink() as running:
        yield running


@pytest.fixture
def live(data_directory: Path, sink: MailSink) -> Iterator[Live]:
    """Have a process hold, book and send at this moment, killed at this step; its exit code, and its steps."""
    environment = environment_for(
        data_directory,
        CONSULTAME_SMTP_HOST="127.0.0.1",
        CONSULTAME_SMTP_PORT=str(sink.port),
        CONSULTAME_SMTP_STARTTLS="false",
    )
    migrate_database()
    person()
    command = [sys.executable, "-m", "tests.unit.appointment_life"]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None

        def run(moment: datetime, last_step: int) -> tuple[int, int]:
            print(data_directory, moment.isoformat(), last_step, sep="\t", file=parent.stdin)
            status, steps = parent.stdout.readline().split()
            return int(status), int(steps)

        yield run
        parent.stdin.close()


def kept() -> list[OutgoingMessage]:
    with write_session() as session:
        assert len(session.scalars(select(Appointment)).all()) == 1
        return list(session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.id)))


def test_each_mail_goes_out_at_its_time(live: Live, sink: MailSink) -> None:
    for moment, subjects in (
        (DAY_BEFORE - timedelta(minutes=1), [f"Su cita quedó reservada: {WHEN}"]),
        (DAY_BEFORE, [f"Recordatorio de su cita: {WHEN}"]),
        (HOUR_BEFORE - timedelta(minutes=1), []),
        (HOUR_BEFORE, ["Su cita es hoy a las 2:05 p. m."]),
        (HOUR_BEFORE + timedelta(minutes=30), []),
    ):
        sink.arrived.clear()
        assert live(moment, 0)[0] == 0
        assert [message["Subject"].strip() for message in sink.arrived] == subjects


def test_the_calendar_file_arrives_as_an_invitation(live: Live, sink: MailSink) -> None:
    live(DAY_BEFORE - timedelta(minutes=1), 0)
    (file,) = sink.arrived[0].iter_attachments()
    assert (file.get_content_type(), file.get_param("method"), file.get_filename()) == (
        "text/calendar", "REQUEST", "cita.ics",
    )  # fmt: skip


@pytest.fixture
def start_anew(
    data_directory: Path, sink: MailSink, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Callable[[], None]]:
    """Keep the data as it is now; what it gives puts everything back to that."""

    def keep() -> Callable[[], None]:
        forget_settings()
        prepared = tmp_path_factory.mktemp("prepared") / "var"
        shutil.copytree(data_directory, prepared)

        def put_back() -> None:
            sink.arrived.clear()
            forget_settings()
            shutil.rmtree(data_directory)
            shutil.copytree(prepared, data_directory)

        return put_back

    return keep


# At the first moment the confirmation goes out too.
@pytest.mark.parametrize(("former", "moment", "expected"), [([], DAY_BEFORE, 2), ([DAY_BEFORE], HOUR_BEFORE, 1)])
def test_killed_at_any_step_and_started_again_each_mail_goes_out_once(
    former: list[datetime],
    moment: datetime,
    expected: int,
    live: Live,
    sink: MailSink,
    start_anew: Callable[[], Callable[[], None]],
) -> None:
    for each in former:
        live(each, 0)
    put_back = start_anew()
    steps, again = live(moment, 0)[1], set()
    assert steps == 4 + 6 * expected
    for step in range(1, steps + 1):
        put_back()
        assert live(moment, step)[0] == -signal.SIGKILL
        assert live(moment + LATER, 0)[0] == 0
        due = [message for message in kept() if message.send_after <= moment]
        assert {message.state for message in due} == {MessageState.SENT}
        arrived = Counter(message["Message-ID"] for message in sink.arrived)
        assert set(arrived) == {message.message_id for message in due[-expected:]}
        again |= {step} if max(arrived.values()) > 1 else set()
    # Between the server's acceptance and the record nobody can know: the mail comes again under the same Message-ID,
    # by which servers know it. These are the steps after each hand-over and before each record.
    assert again == {4 + 6 * number + offset for number in range(expected) for offset in (4, 5)}


@pytest.mark.parametrize(
    ("moment", "subjects", "expired"),
    [
        (HOUR_BEFORE, ["Su cita quedó reservada", "Recordatorio de su cita", "Su cita es hoy a las 2"], 0),
        (HOUR_BEFORE + timedelta(seconds=1), ["Su cita quedó reservada", "Su cita es hoy a las 2"], 1),
        (FIRST - timedelta(minutes=30), ["Su cita quedó reservada", "Su cita es hoy a las 2"], 1),
        (FIRST - timedelta(minutes=29), ["Su cita quedó reservada"], 2),
        (FIRST + timedelta(minutes=1), ["Su cita quedó reservada"], 2),
    ],
)
def test_a_reminder_that_was_held_up_is_sent_while_it_is_of_use_only(
    moment: datetime, subjects: list[str], expired: int, live: Live, sink: MailSink
) -> None:
    assert live(moment, 0)[0] == 0
    assert [message["Subject"].split(":")[0].strip() for message in sink.arrived] == subjects
    states = [message.state for message in kept()]
    assert (states.count(MessageState.EXPIRED), states.count(MessageState.SENT)) == (expired, len(subjects))


def test_killed_at_any_step_and_started_after_the_appointment_no_reminder_comes_late(
    live: Live, sink: MailSink, start_anew: Callable[[], Callable[[], None]]
) -> None:
    live(DAY_BEFORE, 0)
    put_back = start_anew()
    steps = live(HOUR_BEFORE, 0)[1]
    for step in range(1, steps + 1):
        put_back()
        assert live(HOUR_BEFORE, step)[0] == -signal.SIGKILL
        before = len(sink.arrived)
        assert live(FIRST, 0)[0] == 0
        assert len(sink.arrived) == before <= 1
        # Only what was recorded counts as sent.
        assert kept()[-1].state is (MessageState.SENT if step == steps else MessageState.EXPIRED)
