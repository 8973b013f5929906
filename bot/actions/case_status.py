"""The state of a case: what can be said today without a case store, and where it can be asked."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from consultame.contact import with_contact_data
from consultame.settings import load_settings
from desk.radicado import Direction, Radicado, radicados_in

_HOW_TO_ASK = (
    "Todavía no puedo consultar {case} en este chat. Llame gratis al {{linea_gratuita}} o al {{telefono}}, "
    "de {{horario}}, o escriba a {{correo}} citando el número. Por seguridad le pedirán confirmar que el caso es suyo."
)
_READ_BACK = {
    Direction.RECEIVED: "Leí el radicado {number}: una comunicación que el Ministerio recibió en {year}.",
    Direction.SENT: "Leí el radicado {number}: una comunicación que el Ministerio envió en {year}.",
    Direction.INTERNAL: "Leí el radicado {number}, del año {year}.",
}
_WHERE_BUTTONS = [
    {"title": "Dónde está el número", "payload": '/faq{"slug": "radicado_donde_esta"}'},
    {"title": "Perdí el número", "payload": '/faq{"slug": "radicado_perdido"}'},
]
_TERMS_BUTTONS = [
    {"title": "Cuánto tardan en responder", "payload": '/faq{"slug": "radicado_tiempos"}'},
    {"title": "Ya venció el plazo", "payload": '/faq{"slug": "radicado_vencido"}'},
]


class CaseStatus(Action):
    """Reads the radicado back when the message has one, and says where its state can be asked."""

    def name(self) -> str:
        return "action_case_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        found = radicados_in(tracker.latest_message.get("text") or "")
        dispatcher.utter_message(
            text=with_contact_data(_status_text(found), load_settings(), "es"),
            buttons=_TERMS_BUTTONS if found else _WHERE_BUTTONS,
        )
        return []


def _status_text(found: list[Radicado]) -> str:
    if not found:
        return _HOW_TO_ASK.format(case="el estado de un radicado") + "\n\nEl número tiene la forma 1-2026-012345."
    first = found[0]
    read_back = _READ_BACK[first.direction].format(number=first, year=first.year)
    return _HOW_TO_ASK.format(case="su estado").replace("Todavía", f"{read_back}\n\nTodavía", 1)
