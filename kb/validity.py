"""Whether an entry holds on a day: from its first day on, up to its last."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from consultame.local_time import today
from consultame.settings import load_settings


class Validity(StrEnum):
    """Where a day stands to the days on which a version holds."""

    AHEAD = "ahead"
    CURRENT = "current"
    ENDS_SOON = "ends_soon"
    EXPIRED = "expired"


class HasDays(Protocol):
    """A version, or what is kept of one."""

    @property
    def valid_from(self) -> date | None: ...

    @property
    def valid_until(self) -> date | None: ...


def validity(version: HasDays, day: date | None = None) -> Validity:
    """How the version stands on this day, by default today in Bogotá; both its first and its last day count."""
    day = day or today()
    if version.valid_from and day < version.valid_from:
        return Validity.AHEAD
    if version.valid_until and day > version.valid_until:
        return Validity.EXPIRED
    warned_from = timedelta(days=load_settings().expiry_warning_days)
    if version.valid_until and day >= version.valid_until - warned_from:
        return Validity.ENDS_SOON
    return Validity.CURRENT
