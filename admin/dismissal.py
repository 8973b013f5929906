"""Why something is not for this desk, as a form says it."""

from kb.entries import EntryRefused
from kb.models import DismissalReason

MAXIMUM_NOTE_CHARACTERS = 500


def chosen_reason(reason: str, note: str) -> DismissalReason:
    """The reason.

    Raises:
        EntryRefused: none was chosen, another one is not told, or the note is too long.
    """
    if reason not in set(DismissalReason):
        raise EntryRefused("Elija por qué no es para esta mesa.")
    if reason == DismissalReason.OTHER and not note.strip():
        raise EntryRefused("Escriba el motivo por el que no es para esta mesa.")
    if len(note) > MAXIMUM_NOTE_CHARACTERS:
        raise EntryRefused(f"El motivo tiene más de {MAXIMUM_NOTE_CHARACTERS} caracteres.")
    return DismissalReason(reason)
