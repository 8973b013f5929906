"""The day and hour in Colombia, which keeps one time all year: a fixed offset needs no time zone data."""

from datetime import date, timedelta, timezone

from consultame.database import now

BOGOTA = timezone(timedelta(hours=-5))


def today() -> date:
    """The date in Bogotá at this moment."""
    return now().astimezone(BOGOTA).date()
