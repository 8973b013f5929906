"""The cases that the CRM holds, as a directory."""

import logging
from functools import lru_cache

from consultame.settings import load_settings
from desk.cases.dataverse.connection import Connection, connection_of
from desk.cases.dataverse.mapping import FieldMapping, mapping_of
from desk.cases.dataverse.query import case_query
from desk.cases.dataverse.rows import Row, UnreadableRow, known_case, value_of
from desk.cases.dataverse.web_api import WebApi
from desk.cases.directory import DirectoryUnavailable, KnownCase
from desk.radicado import Radicado, radicados_in

_log = logging.getLogger(__name__)


class DataverseCases:
    """Finds a case in Dynamics 365."""

    def __init__(self, api: WebApi, mapping: FieldMapping) -> None:
        self._api = api
        self._mapping = mapping

    def find(self, radicado: Radicado) -> KnownCase | None:
        """The case, or None. One question is asked, and one row read, in either case.

        A row that cannot be read counts as none and is logged: whoever asks has not yet shown to be its owner, so
        nothing may tell that it is there.

        Raises:
            DirectoryUnavailable: the CRM does not answer, or refuses the question.
        """
        try:
            rows = self._api.rows(self._mapping.table, case_query(self._mapping, radicado))
        except DirectoryUnavailable as failure:
            _log.warning("the CRM could not be asked for a case: %s", failure)
            raise
        newest = max((row for row in rows if self._is_about(row, radicado)), key=self._received, default=None)
        known = self._read(newest or self._stand_in(), radicado)
        return known if newest is not None else None

    def _is_about(self, row: Row, radicado: Radicado) -> bool:
        return radicado in radicados_in(value_of(row, self._mapping.number))

    def _received(self, row: Row) -> str:
        return value_of(row, self._mapping.received)

    def _read(self, row: Row, radicado: Radicado) -> KnownCase | None:
        try:
            return known_case(row, self._mapping, radicado)
        except UnreadableRow as problem:
            _log.error("a case of the CRM cannot be read: %s", problem)
            return None

    def _stand_in(self) -> Row:
        """What is read when nothing was found, so that the work is the same."""
        return {
            self._mapping.kind: next(iter(self._mapping.kinds)),
            self._mapping.state: next(iter(self._mapping.states)),
            self._mapping.received: "2026-01-02T15:00:00Z",
        }


def dataverse_cases() -> DataverseCases:
    """The directory that the settings name; the connection is one for the process.

    Raises:
        SettingsError: the settings of the CRM cannot be used.
    """
    settings = load_settings()
    return DataverseCases(_web_api(connection_of(settings)), mapping_of(settings))


@lru_cache(maxsize=1)
def _web_api(connection: Connection) -> WebApi:
    return WebApi(connection)
