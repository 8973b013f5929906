"""Cases in the Spanish that the staff reads."""

from collections.abc import Callable, Mapping
from datetime import date

from admin.wording import actor_label, long_date
from desk.cases.importing import IMPORT
from desk.cases.kinds import (
    AGE_GROUP_NAMES,
    CHANNEL_NAMES,
    CITIZEN,
    GENDER_NAMES,
    KIND_NAMES,
    REQUESTER_NAMES,
    STATE_NAMES,
    CaseEventKind,
    ClosingReason,
)
from desk.cases.listing import Light
from desk.cases.models import CaseEvent
from desk.places import departments, municipalities

LIGHT_NAMES = {
    Light.OVERDUE: "Vencidos",
    Light.RED: "Dos días o menos",
    Light.YELLOW: "Tres a cinco días",
    Light.GREEN: "Más de cinco días",
    Light.PAUSED: "En pausa",
}
# The shape says the same as the colour.
LIGHT_SHAPES = {Light.OVERDUE: "✕", Light.RED: "▲", Light.YELLOW: "◆", Light.GREEN: "●", Light.PAUSED: "❚❚"}
CLOSING_REASONS = {
    ClosingReason.ANSWERED: "Quedó respondido",
    ClosingReason.NOT_COMPLETED: "El ciudadano no completó o no aclaró a tiempo (arts. 17 y 19)",
    ClosingReason.WITHDRAWN: "El ciudadano desistió (art. 18)",
    ClosingReason.REPEATED: "Es igual a otro caso",
    ClosingReason.NO_ANSWER_NEEDED: "No necesita respuesta",
}
_EVENTS = {
    CaseEventKind.FILED: "Se radicó",
    CaseEventKind.IMPORTED: "Se importó",
    CaseEventKind.NOTED: "Nota",
    CaseEventKind.TRANSFERRED_TO_DEPENDENCY: "Pasó a otra dependencia",
    CaseEventKind.TRANSFERRED_TO_AUTHORITY: "Se trasladó a otra entidad",
    CaseEventKind.COMPLETION_REQUESTED: "Se pidió completar",
    CaseEventKind.COMPLETION_EXTENDED: "Se dio más plazo para completar",
    CaseEventKind.CLARIFICATION_REQUESTED: "Se pidió aclarar",
    CaseEventKind.COMPLETED: "El ciudadano completó o aclaró",
    CaseEventKind.EXTENDED: "Se prorrogó la respuesta",
    CaseEventKind.ANSWERED: "Se respondió",
    CaseEventKind.CLOSED: "Se cerró",
    CaseEventKind.PERSONAL_DATA_ERASED: "Se borraron los datos personales",
}
_ACTORS = {CITIZEN: "Ciudadanía", IMPORT: "Importación"}


def light_text(light: Light | None, days_left: int | None) -> str:
    """«Vence hoy», «Quedan 3 días hábiles», «Vencido hace un día hábil»; empty once the case is settled."""
    if light is None:
        return ""
    if light is Light.PAUSED:
        return "En pausa"
    days = days_left or 0
    if light is Light.OVERDUE:
        return f"Vencido hace {_business_days(-days)}" if days else "Vencido"
    if days == 0:
        return "Vence hoy"
    return f"{'Queda' if days == 1 else 'Quedan'} {_business_days(days)}"


def event_title(event: CaseEvent) -> str:
    """What happened, in a few words."""
    return _EVENTS[event.kind]


def event_facts(event: CaseEvent) -> str:
    """The event's dates and numbers in words."""
    facts = [text(event.detail[name]) for name, text in _FACTS.items() if name in event.detail]
    return "; ".join(fact for fact in facts if fact)


def event_actor(event: CaseEvent) -> str:
    """Who did it."""
    return _ACTORS.get(event.actor, actor_label(event.actor))


def place_name(code: str) -> str:
    """«Pasto, Nariño» for a DIVIPOLA code; empty for one that is not known."""
    if municipality := municipalities().get(code):
        return f"{municipality.name}, {municipality.department}"
    return departments().get(code, "")


def _business_days(count: int) -> str:
    return "1 día hábil" if count == 1 else f"{count} días hábiles"


def _day(value: str | int) -> str:
    try:
        return long_date(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def _closing_reason(value: str | int) -> str:
    return CLOSING_REASONS[ClosingReason(value)] if value in set(ClosingReason) else str(value)


_FACTS: Mapping[str, Callable[[str | int], str]] = {
    "radicado": lambda value: f"número {value}",
    "origin": lambda value: f"de {value}",
    "destination": lambda value: f"a {value}",
    "former": lambda value: f"antes {_day(value)}",
    "until": lambda value: f"hasta el {_day(value)}",
    "due": lambda value: f"respuesta a más tardar el {_day(value)}",
    "reason": _closing_reason,
    "late": lambda value: "fuera de plazo" if value else "",
}

GLOBALS: dict[str, object] = {
    "KINDS": KIND_NAMES,
    "CASE_STATES": STATE_NAMES,
    "CASE_CHANNELS": CHANNEL_NAMES,
    "REQUESTERS": REQUESTER_NAMES,
    "GENDERS": GENDER_NAMES,
    "AGE_GROUPS": AGE_GROUP_NAMES,
    "LIGHTS": LIGHT_NAMES,
    "LIGHT_SHAPES": LIGHT_SHAPES,
    "CLOSING_REASONS": CLOSING_REASONS,
    "light_text": light_text,
    "event_title": event_title,
    "event_facts": event_facts,
    "event_actor": event_actor,
    "place_name": place_name,
}
