"""What the CRM calls what is looked for: attributes, and the values of kind and state, from the settings."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from consultame.settings import Settings, SettingsError
from desk.cases.kinds import CaseKind, CaseState

_Member = TypeVar("_Member", bound=StrEnum)


@dataclass(frozen=True)
class FieldMapping:
    """The attribute that holds each thing: `name`, or `relation/name` in the row it points to; empty: none does."""

    table: str
    number: str
    kind: str
    state: str
    received: str
    due: str
    answered: str
    completion: str
    code: str
    document: str
    email: str
    # By the value as the Web API gives it.
    kinds: dict[str, CaseKind]
    states: dict[str, CaseState]

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes that are set, by what they hold."""
        names = (
            "number", "kind", "state", "received", "due", "answered", "completion", "code", "document", "email",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names if getattr(self, name)}


def mapping_of(settings: Settings) -> FieldMapping:
    """The mapping that the settings give.

    Raises:
        SettingsError: a value of kind or state means nothing that a case can be.
    """
    return FieldMapping(
        table=settings.dataverse_table,
        number=settings.dataverse_number_field,
        kind=settings.dataverse_kind_field,
        state=settings.dataverse_state_field,
        received=settings.dataverse_received_field,
        due=settings.dataverse_due_field,
        answered=settings.dataverse_answered_field,
        completion=settings.dataverse_completion_field,
        code=settings.dataverse_code_field,
        document=settings.dataverse_document_field,
        email=settings.dataverse_email_field,
        kinds=_meanings("CONSULTAME_DATAVERSE_KINDS", settings.dataverse_kinds, CaseKind),
        states=_meanings("CONSULTAME_DATAVERSE_STATES", settings.dataverse_states, CaseState),
    )


def _meanings(setting: str, text: str, members: type[_Member]) -> dict[str, _Member]:
    meanings: dict[str, _Member] = {}
    for part in text.split(","):
        value, _, word = part.partition("=")
        try:
            meanings[value.strip()] = members(word.strip())
        except ValueError:
            raise SettingsError(f"{setting}: {word!r} is none of {', '.join(members)}") from None
    return meanings
