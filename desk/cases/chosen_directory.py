"""The directory that the settings choose: our own cases, or the CRM's beside them."""

from sqlalchemy.orm import Session

from consultame.settings import load_settings
from desk.cases.dataverse.mapping import mapping_of
from desk.cases.directory import CaseDirectory, KnownCase, LocalCases
from desk.radicado import Radicado


class OwnAndOthers:
    """The cases filed here and those of another system. Both are asked each time, so that time does not tell which."""

    def __init__(self, own: LocalCases, others: CaseDirectory) -> None:
        self._own = own
        self._others = others

    def find(self, radicado: Radicado) -> KnownCase | None:
        """The case, from here if it was filed here.

        The other system is asked first: it may take seconds, in which no transaction may keep others waiting. While
        it does not answer nothing is found here either: an answer for some numbers would tell that they are ours.

        Raises:
            DirectoryUnavailable: the other system does not answer.
        """
        there = self._others.find(radicado)
        here = self._own.find(radicado)
        return here or there


def case_directory(session: Session) -> CaseDirectory:
    """Where cases are looked up (`CONSULTAME_CASE_DIRECTORY`).

    Raises:
        SettingsError: the settings of the other system cannot be used.
    """
    if load_settings().case_directory == "local":
        return LocalCases(session)
    # Microsoft's library takes a while to load, and is wanted only here.
    from desk.cases.dataverse.directory import dataverse_cases

    return OwnAndOthers(LocalCases(session), dataverse_cases())


def check_directory_settings() -> None:
    """Refuse to start with settings by which no case could be read.

    Raises:
        SettingsError: what the CRM's values mean is not said rightly.
    """
    settings = load_settings()
    if settings.case_directory == "dataverse":
        mapping_of(settings)
