"""The numbers of cases: one after the other, by type and year, none twice and none left out."""

from sqlalchemy import func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from desk.cases.models import RadicadoCounter
from desk.radicado import Direction, Radicado

LAST_NUMBER = 999_999


class NumbersExhausted(Exception):
    """All numbers of the type and year are given."""


def next_radicado(session: Session, direction: Direction, year: int) -> Radicado:
    """The next number of the type and year, taken within the transaction: rolled back, it is given to the next one.

    Whoever comes at the same time waits until the transaction ends.

    Raises:
        NumbersExhausted: 999,999 were given.
    """
    taken = _moved_counter(session, direction, year, first=1)
    if taken > LAST_NUMBER:
        raise NumbersExhausted(f"{direction}-{year}")
    return Radicado(direction, year, f"{taken:06}")


def continue_after(session: Session, number: Radicado) -> None:
    """See that the numbers given from now on come after this one, which was given elsewhere."""
    _moved_counter(session, number.direction, number.year, first=int(number.sequence), to_at_least=True)


def _moved_counter(session: Session, direction: Direction, year: int, *, first: int, to_at_least: bool = False) -> int:
    table, dialect = RadicadoCounter.__table__, session.get_bind().dialect.name
    into = postgresql.insert(RadicadoCounter) if dialect == "postgresql" else sqlite.insert(RadicadoCounter)
    last = table.c.last
    greatest = func.greatest if dialect == "postgresql" else func.max
    statement = into.values(direction=direction, year=year, last=first).on_conflict_do_update(
        index_elements=["direction", "year"],
        set_={"last": greatest(last, first) if to_at_least else last + 1},
    )
    return int(session.scalars(statement.returning(RadicadoCounter.last)).one())
