"""The numbers of cases: one after the other, by type and year, none twice and none left out."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from consultame.settings import load_settings
from desk.cases.models import RadicadoCounter
from desk.radicado import Direction, Radicado

LAST_NUMBER = 999_999


class NumbersExhausted(Exception):
    """All numbers of the type and year are given."""


def next_radicado(session: Session, direction: Direction, year: int) -> Radicado:
    """The next number of the type and year, taken within the transaction: rolled back, it is given to the next one.

    None is below `CONSULTAME_RADICADO_FIRST_NUMBER`: the ministry's other system gives those. Whoever comes at the same
    time waits until the transaction ends.

    Raises:
        NumbersExhausted: 999,999 were given.
    """
    first, counter = load_settings().radicado_first_number, RadicadoCounter.__table__.c.last
    greatest = _greatest(session)
    taken = _moved_counter(session, direction, year, first, greatest(counter + 1, first))
    if taken > LAST_NUMBER:
        raise NumbersExhausted(f"{direction}-{year}")
    return Radicado(direction, year, f"{taken:06}")


def continue_after(session: Session, number: Radicado) -> None:
    """See that the numbers given from now on come after this one, which was given elsewhere.

    Whoever files at the same time waits until the transaction ends, unless the numbers are beyond it already.
    """
    given, counter = int(number.sequence), RadicadoCounter.__table__.c.last
    last = session.scalar(
        select(RadicadoCounter.last).where(
            RadicadoCounter.direction == number.direction, RadicadoCounter.year == number.year
        )
    )
    if last is None or last < given:
        greatest = _greatest(session)
        _moved_counter(session, number.direction, number.year, given, greatest(counter, given))


def _greatest(session: Session) -> Callable[..., ColumnElement[int]]:
    return func.greatest if session.get_bind().dialect.name == "postgresql" else func.max


def _moved_counter(session: Session, direction: Direction, year: int, first: int, to: ColumnElement[int]) -> int:
    """The counter after it began with `first`, or went on to `to`."""
    dialect = session.get_bind().dialect.name
    into = postgresql.insert(RadicadoCounter) if dialect == "postgresql" else sqlite.insert(RadicadoCounter)
    statement = into.values(direction=direction, year=year, last=first).on_conflict_do_update(
        index_elements=["direction", "year"], set_={"last": to}
    )
    return int(session.scalars(statement.returning(RadicadoCounter.last)).one())
