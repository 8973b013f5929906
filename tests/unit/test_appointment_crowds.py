"""Many citizens at once: as many get an appointment as there are slots, in threads of several processes."""

import multiprocessing
import threading
from collections import Counter
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

from sqlalchemy import select

from consultame.database import engine, read_session, write_session
from desk.appointments.booking import Booked, book
from desk.appointments.holding import Hold, hold_slot
from desk.appointments.models import Appointment
from tests.unit.agenda import FIRST, NOW, REQUEST, person, request_of

CITIZENS, SLOTS = 200, 10
PROCESSES = 4


def _citizen(number: int, together: threading.Barrier, answers: list[tuple[str, int]]) -> None:
    together.wait()
    holder = f"web-{number}"
    with write_session() as session:
        answer = hold_slot(session, starts_at=FIRST, segment=REQUEST.segment, language="es", holder=holder, now=NOW)
    if not isinstance(answer, Hold):
        answers.append(("offers", len(answer.offers)))
        return
    with write_session() as session:
        made = book(session, starts_at=FIRST, holder=holder, request=request_of(number), now=NOW)
    answers.append(("booked" if isinstance(made, Booked) else "lost", 0))


def crowd(numbers: range, ready: Barrier, results: "SimpleQueue[list[tuple[str, int]]]") -> None:
    """The citizens of one process."""
    answers: list[tuple[str, int]] = []
    together = threading.Barrier(len(numbers))
    citizens = [threading.Thread(target=_citizen, args=(number, together, answers)) for number in numbers]
    # One pool of connections for the process, as in a server that has answered before.
    engine()
    ready.wait()
    for citizen in citizens:
        citizen.start()
    for citizen in citizens:
        citizen.join()
    results.put(answers)


def test_of_two_hundred_citizens_ten_get_the_ten_slots_and_the_others_the_next_offers(any_database: str) -> None:
    for number in range(SLOTS):
        person(f"Persona{number}")
    context = multiprocessing.get_context("spawn")
    ready, results = context.Barrier(PROCESSES), context.SimpleQueue()
    parts = [range(number, CITIZENS, PROCESSES) for number in range(PROCESSES)]
    processes = [context.Process(target=crowd, args=(part, ready, results)) for part in parts]
    for process in processes:
        process.start()
    answers = [answer for _ in processes for answer in results.get()]
    for process in processes:
        process.join()
    assert Counter(answers) == {("booked", 0): SLOTS, ("offers", 3): CITIZENS - SLOTS}
    with read_session() as session:
        rows = session.scalars(select(Appointment)).all()
    assert len(rows) == len({row.attendant_id for row in rows}) == SLOTS
    assert {row.starts_at for row in rows} == {FIRST}
