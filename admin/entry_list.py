"""The list of entries: how each one stands, and the filters."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consultame.staff import StaffMember
from kb.entries import latest_versions, newest_approved_versions
from kb.expiry import RunningOut, running_out, tasks_of
from kb.models import EntryVersion, Topic, VersionState
from kb.releases import live_release
from kb.validity import Validity, validity

LIVE = "live"
RETIRED = "retired"
OWN_TASKS = "own"


@dataclass(frozen=True)
class EntrySearch:
    """The filters of the page, as they were typed; a value that is none of the choices does not restrict."""

    buscar: str = ""
    tema: str = ""
    estado: str = ""
    vigencia: str = ""


@dataclass(frozen=True)
class EntryRow:
    """An entry by its newest version, the number of the version in service, and how its approved text stands."""

    version: EntryVersion
    live_number: int | None
    approved: EntryVersion | None

    @property
    def validity(self) -> Validity | None:
        """How the newest approved version stands today; None without one."""
        return validity(self.approved) if self.approved else None

    @property
    def is_retired(self) -> bool:
        """Whether the next publication leaves it out."""
        return self.version.entry.retired_at is not None


@dataclass(frozen=True)
class EntryList:
    """The rows that match, and what of all entries runs out."""

    rows: list[EntryRow]
    running_out: list[RunningOut]
    own_tasks: list[RunningOut]


def list_of_entries(session: Session, search: EntrySearch, member: StaffMember) -> EntryList:
    """The entries that match, by topic and slug."""
    live = live_numbers(session)
    approved = {version.entry_id: version for version in newest_approved_versions(session)}
    ending = running_out(session)
    tasks = tasks_of(member, ending)
    rows = [EntryRow(v, live.get(v.entry_id), approved.get(v.entry_id)) for v in latest_versions(session)]
    return EntryList([row for row in rows if _matches(row, search, tasks)], ending, tasks)


def live_numbers(session: Session) -> dict[int, int]:
    """The number of the version in service, by the entry's row number."""
    release = live_release(session)
    return {version.entry_id: version.number for version in release.versions} if release else {}


def _matches(row: EntryRow, search: EntrySearch, tasks: Sequence[RunningOut]) -> bool:
    version = row.version
    if search.tema in set(Topic) and version.entry.topic != search.tema:
        return False
    return _has_state(row, search.estado) and _has_validity(row, search.vigencia, tasks) and _says(row, search.buscar)


def _has_state(row: EntryRow, state: str) -> bool:
    if state == LIVE:
        return row.live_number is not None
    if state == RETIRED:
        return row.is_retired
    return state not in set(VersionState) or row.version.state == state


def _has_validity(row: EntryRow, wanted: str, tasks: Sequence[RunningOut]) -> bool:
    if wanted == OWN_TASKS:
        return any(item.version.entry_id == row.version.entry_id for item in tasks)
    return wanted not in set(Validity) or (row.validity == wanted and not row.is_retired)


def _says(row: EntryRow, words: str) -> bool:
    """Whether every word stands somewhere in the newest version's text."""
    version = row.version
    parts = (version.entry.slug, version.title, version.label, version.answer_es, *version.questions_es)
    text = _without_accents(" ".join(parts))
    return all(word in text for word in _without_accents(words).split())


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
