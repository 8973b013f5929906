"""Rasa's NLG: answers come from the published release, everything else from the domain's responses.

Runs inside Rasa, so an answer costs no call to another server, and an edited answer needs no training: the live
release's number is asked for at most once a second, its texts are read again only when it has changed.
"""

import json
import logging
import time
from dataclasses import dataclass
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.intents import FAQ, MATCH_KEY, Candidate, KnowledgeBaseMatch
from consultame.contact import contact_placeholders, with_contact_data
from consultame.database import read_session
from consultame.settings import load_settings
from kb.releases import live_release, live_release_identity

log = logging.getLogger(__name__)

RELEASE_CHECK_SECONDS = 1.0
MAXIMUM_SUGGESTIONS = 3
WHICH_OF_THESE = "No estoy seguro de haber entendido. ¿Su pregunta es sobre alguno de estos temas?"

TASK_LABELS = {
    "hablar_con_asesor": "Hablar con una persona",
    "consultar_radicado": "Consultar el estado de un radicado",
    "agendar_cita": "Agendar una cita virtual",
    "cancelar_cita": "Cancelar mi cita",
    "cambiar_cita": "Cambiar mi cita",
    "corregir_gncv": "Corregir datos de gas vehicular",
    "presentar_queja": "Presentar una petición o queja",
}


@dataclass(frozen=True)
class PublishedEntry:
    """What of a published version citizens see."""

    label: str
    answer: str


class PublishedRelease:
    """The live release's entries by slug, kept in memory and refreshed when another release goes live."""

    def __init__(self) -> None:
        self._number: int | None = None
        self._entries: dict[str, PublishedEntry] = {}
        self._checked_at = -RELEASE_CHECK_SECONDS

    def entries(self) -> dict[str, PublishedEntry]:
        """The entries; the last known ones while the database does not answer."""
        if time.monotonic() - self._checked_at >= RELEASE_CHECK_SECONDS:
            self._checked_at = time.monotonic()
            try:
                self._refresh()
            except Exception:
                log.exception("the live release cannot be read; answering from release %s", self._number)
        return self._entries

    def _refresh(self) -> None:
        with read_session() as session:
            identity = live_release_identity(session)
            if identity is None or identity[0] == self._number:
                return
            release = live_release(session)
            if release is None:
                return
            self._entries = {v.entry.slug: PublishedEntry(v.label, v.answer_es) for v in release.versions}
            self._number = release.id


class PublishedAnswers(TemplatedNaturalLanguageGenerator):
    """`utter_faq` and `utter_suggestions` from the release, the rest from the domain, contact data filled in."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)
        self.release = PublishedRelease()

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The message for this response, or None when the domain has no such response."""
        match = knowledge_base_match(tracker)
        message: dict[str, Any] | None = None
        if utter_action == "utter_faq":
            message = self._answer(match)
        elif utter_action == "utter_suggestions":
            message = self._suggestions(match)
        if message is None:
            values = contact_placeholders(load_settings(), "es")
            message = await super().generate(utter_action, tracker, output_channel, **(kwargs | values))
        return message

    def _answer(self, match: KnowledgeBaseMatch | None) -> dict[str, Any] | None:
        entry = self.release.entries().get(match["slug"] or "") if match else None
        if entry is None:
            log.error("no published answer for slug %s", match["slug"] if match else None)
            return None
        return {"text": with_contact_data(entry.answer, load_settings(), "es")}

    def _suggestions(self, match: KnowledgeBaseMatch | None) -> dict[str, Any] | None:
        candidates = match["candidates"] if match else []
        buttons = [button for candidate in candidates if (button := self._button(candidate))][:MAXIMUM_SUGGESTIONS]
        if not buttons:
            return None
        buttons.append({"title": "Ninguna de estas", "payload": "/ninguna_de_estas"})
        return {
            "text": "No estoy seguro de haber entendido. ¿Su pregunta es sobre alguno de estos temas?",
            "buttons": buttons,
        }

    def _button(self, candidate: Candidate) -> dict[str, str] | None:
        if candidate["intent"] in TASK_LABELS:
            return {"title": TASK_LABELS[candidate["intent"]], "payload": f"/{candidate['intent']}"}
        entry = self.release.entries().get(candidate["slug"] or "")
        if entry is None:
            return None
        return {"title": entry.label, "payload": f"/{FAQ}{json.dumps({'slug': candidate['slug']})}"}


def knowledge_base_match(tracker: DialogueStateTracker) -> KnowledgeBaseMatch | None:
    """What the selector decided about the latest message, or None when it carries nothing of it."""
    message = tracker.latest_message
    return message.parse_data.get(MATCH_KEY) if message else None
