"""The state of a case: what can be said today without a case store, and where it can be asked."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.conversation_language import conversation_language
from consultame.contact import with_contact_data
from consultame.settings import Language, load_settings
from desk.radicado import Direction, Radicado, radicados_in

_HOW_TO_ASK: dict[Language, str] = {
    "es": (
        "Todavía no puedo consultar el estado de un radicado en este chat. Llame gratis al {linea_gratuita} o al "
        "{telefono}, de {horario}, o escriba a {correo} citando el número. Por seguridad le pedirán confirmar que el "
        "caso es suyo."
    ),
    "en": (
        "I cannot look up the state of a filing number in this chat yet. Call {linea_gratuita}, free of charge, or "
        "{telefono}, {horario}, or write to {correo} quoting the number. For security they will ask you to confirm "
        "that the case is yours."
    ),
}
_FORM_OF_NUMBER: dict[Language, str] = {
    "es": "El número tiene la forma 1-2026-012345.",
    "en": "The number looks like 1-2026-012345.",
}
_READ_BACK: dict[Language, dict[Direction, str]] = {
    "es": {
        Direction.RECEIVED: "Leí el radicado {number}: una comunicación que el Ministerio recibió en {year}.",
        Direction.SENT: "Leí el radicado {number}: una comunicación que el Ministerio envió en {year}.",
        Direction.INTERNAL: "Leí el radicado {number}, del año {year}.",
    },
    "en": {
        Direction.RECEIVED: "I read the filing number {number}: a communication that the Ministry received in {year}.",
        Direction.SENT: "I read the filing number {number}: a communication that the Ministry sent in {year}.",
        Direction.INTERNAL: "I read the filing number {number}, of the year {year}.",
    },
}
_WHERE_BUTTONS: dict[Language, list[dict[str, str]]] = {
    "es": [
        {"title": "Dónde está el número", "payload": '/faq{"slug": "radicado_donde_esta"}'},
        {"title": "Perdí el número", "payload": '/faq{"slug": "radicado_perdido"}'},
    ],
    "en": [
        {"title": "Where the number is", "payload": '/faq{"slug": "radicado_donde_esta"}'},
        {"title": "I lost the number", "payload": '/faq{"slug": "radicado_perdido"}'},
    ],
}
_TERMS_BUTTONS: dict[Language, list[dict[str, str]]] = {
    "es": [
        {"title": "Cuánto tardan en responder", "payload": '/faq{"slug": "radicado_tiempos"}'},
        {"title": "Ya venció el plazo", "payload": '/faq{"slug": "radicado_vencido"}'},
    ],
    "en": [
        {"title": "How long they take to answer", "payload": '/faq{"slug": "radicado_tiempos"}'},
        {"title": "The deadline has passed", "payload": '/faq{"slug": "radicado_vencido"}'},
    ],
}


class CaseStatus(Action):
    """Reads the radicado back when the message has one, and says where its state can be asked."""

    def name(self) -> str:
        return "action_case_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        language = conversation_language(tracker)
        found = radicados_in(tracker.latest_message.get("text") or "")
        dispatcher.utter_message(
            text=with_contact_data(_status_text(found, language), load_settings(), language),
            buttons=(_TERMS_BUTTONS if found else _WHERE_BUTTONS)[language],
        )
        return []


def _status_text(found: list[Radicado], language: Language) -> str:
    if not found:
        return f"{_HOW_TO_ASK[language]}\n\n{_FORM_OF_NUMBER[language]}"
    first = found[0]
    read_back = _READ_BACK[language][first.direction].format(number=first, year=first.year)
    return f"{read_back}\n\n{_HOW_TO_ASK[language]}"
