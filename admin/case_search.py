"""The filters of the case list, as they stand in its address."""

import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from admin.entry_form import plain_text
from admin.refusals import Refused
from desk.cases.kinds import OPEN_STATES, CaseKind, CaseState, Channel
from desk.cases.listing import CaseFilter, CaseOrder, Light

ALL_STATES = "todos"
NEWEST_FIRST = "recientes"
_LONGEST_SEARCH = 200
_CURSOR = re.compile(r"(19|20)\d\d-[\d:T.+-]{5,30}~\d{1,9}")

_Member = TypeVar("_Member", bound=StrEnum)


@dataclass(frozen=True)
class CaseSearch:
    """What is asked for. Without a state open cases are, the one that is due first at the top."""

    buscar: str = ""
    estado: str = ""
    tipo: str = ""
    dependencia: str = ""
    canal: str = ""
    semaforo: str = ""
    prioridad: str = ""
    orden: str = ""

    @classmethod
    def of_query(cls, query: str) -> "CaseSearch":
        """The search of an address; what is no filter is left out."""
        names = cls.__dataclass_fields__
        return cls(**{name: value for name, value in parse_qsl(query) if name in names})

    @property
    def query(self) -> str:
        """The search as it stands in an address, without what is empty."""
        return urlencode({name: plain_text(value) for name, value in asdict(self).items() if value})

    @property
    def is_settled(self) -> bool:
        """Whether settled cases are asked for, which have no deadline to be ordered by."""
        return self.estado == ALL_STATES or (bool(self.estado) and self._state not in OPEN_STATES)

    @property
    def order(self) -> CaseOrder:
        """The order that goes with the states."""
        return CaseOrder.NEWEST if self.is_settled or self.orden == NEWEST_FIRST else CaseOrder.DUE_FIRST

    def filter(self) -> CaseFilter:
        """The cases asked for.

        Raises:
            Refused: a value is none of those that there are.
        """
        kind, channel = _member(CaseKind, self.tipo, "tipo"), _member(Channel, self.canal, "canal")
        return CaseFilter(
            search=plain_text(self.buscar).strip()[:_LONGEST_SEARCH],
            kinds=(kind,) if kind else (),
            states=self._states,
            channels=(channel,) if channel else (),
            dependency=plain_text(self.dependencia),
            light=_member(Light, self.semaforo, "semáforo"),
            priority_only=bool(self.prioridad),
        )

    @property
    def _state(self) -> CaseState | None:
        return _member(CaseState, self.estado, "estado")

    @property
    def _states(self) -> tuple[CaseState, ...]:
        if self.estado == ALL_STATES:
            return ()
        state = self._state
        return (state,) if state else OPEN_STATES


def checked_cursor(text: str) -> str | None:
    """Where a page of the list begins, or None for the first one.

    Raises:
        Refused: it is no such place.
    """
    if text and not _CURSOR.fullmatch(text):
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "La página siguiente no se encuentra. Vuelva a la lista.")
    return text or None


def _member(members: type[_Member], value: str, name: str) -> _Member | None:
    if not value:
        return None
    try:
        return members(value)
    except ValueError:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"No hay ningún {name} «{value[:40]}».") from None
