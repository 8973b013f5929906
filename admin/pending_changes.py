"""What a publication would bring: approved versions that citizens are not answered with yet."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from consultame.settings import BOT_DIRECTORY
from kb.entries import approved_versions
from kb.models import EntryVersion
from kb.publishing import model_path
from kb.releases import live_release
from kb.training_data import training_fingerprint


@dataclass(frozen=True)
class PendingChange:
    """An approved version, and the version of the same entry in service, if any; or a live version that goes out."""

    version: EntryVersion
    live: EntryVersion | None
    goes_out: bool = False

    @property
    def summary(self) -> str:
        """What changes for citizens, in a few Spanish words."""
        if self.goes_out:
            return "Sale de servicio"
        if self.live is None:
            return "Entrada nueva"
        if _questions(self.version) != _questions(self.live):
            return "Cambian las preguntas que reconoce"
        return "Cambia el texto"


def pending_changes(session: Session) -> list[PendingChange]:
    """The approved versions that are not in the live release, by slug; then what leaves it."""
    release = live_release(session)
    live = {version.entry_id: version for version in release.versions} if release else {}
    approved = approved_versions(session)
    changes = [PendingChange(version, live.get(version.entry_id)) for version in approved]
    stay = {version.entry_id for version in approved}
    gone = [PendingChange(version, version, goes_out=True) for entry, version in live.items() if entry not in stay]
    return [change for change in changes if change.live is None or change.live.id != change.version.id] + gone


def needs_training(session: Session) -> bool:
    """Whether publishing now would train a model, which takes minutes instead of seconds."""
    return not model_path(training_fingerprint(approved_versions(session), BOT_DIRECTORY)).exists()


def _questions(version: EntryVersion) -> tuple[list[str], list[str]]:
    return version.questions_es, version.questions_en
