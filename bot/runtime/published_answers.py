"""Rasa's NLG: answers come from the published release, everything else from the domain's responses.

Runs inside Rasa, so an answer costs no call to another server, and an edited answer needs no training: the live
release's number is asked for at most once a second, its texts are read again only when it has changed.
"""

import json
import logging
import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.conversation_language import conversation_language
from bot.intents import FAQ, LANGUAGE_KEY, MATCH_KEY, NONE_OF_THESE, Candidate, KnowledgeBaseMatch
from bot.task_labels import TASK_LABELS
from consultame.contact import contact_placeholders, with_contact_data
from consultame.database import read_session
from consultame.settings import Language, load_settings
from kb.models import EntryVersion, Task
from kb.releases import live_release, live_release_identity
from kb.validity import Validity, validity

log = logging.getLogger(__name__)

RELEASE_CHECK_SECONDS = 1.0
MAXIMUM_SUGGESTIONS = 3
WHICH_OF_THESE: dict[Language, str] = {
    "es": "No estoy seguro de haber entendido. ¿Su pregunta es sobre alguno de estos temas?",
    "en": "I am not sure I understood. Is your question about one of these?",
}
# Said of an entry whose last day has passed: why there is no answer, and where there is one.
EXPIRED: dict[Language, str] = {
    "es": (
        "La información sobre «{label}» se está actualizando, y por ahora no puedo darla.\n\n"
        "Puede llamar gratis al {linea_gratuita} o al {telefono}, de {horario}, o escribir a {correo}."
    ),
    "en": (
        "The information about “{label}” is being updated, and I cannot give it right now.\n\n"
        "You can call {linea_gratuita}, free of charge, or {telefono}, {horario}, or write to {correo}."
    ),
}
NONE_LABEL: dict[Language, str] = {"es": "Ninguna de estas", "en": "None of these"}


@dataclass(frozen=True)
class PublishedEntry:
    """What of a published version citizens see, by language."""

    label: dict[Language, str]
    answer: dict[Language, str]
    task: Task | None
    valid_from: date | None = None
    valid_until: date | None = None

    @classmethod
    def of(cls, version: EntryVersion) -> "PublishedEntry":
        return cls(
            label={"es": version.label, "en": version.label_en},
            answer={"es": version.answer_es, "en": version.answer_en},
            task=version.task,
            valid_from=version.valid_from,
            valid_until=version.valid_until,
        )


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
            self._entries = {version.entry.slug: PublishedEntry.of(version) for version in release.versions}
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
        match, language = knowledge_base_match(tracker), conversation_language(tracker)
        message: dict[str, Any] | None = None
        if utter_action == "utter_faq":
            # A guided dialogue names the entry that helps with its question.
            message = self._answer(kwargs.get("slug") or (match["slug"] if match else None), language)
        elif utter_action == "utter_suggestions":
            message = self._suggestions(match, language)
        if message is None:
            values = contact_placeholders(load_settings(), language)
            message = await super().generate(utter_action, tracker, output_channel, **(kwargs | values))
        return message

    def _answer(self, slug: str | None, language: Language) -> dict[str, Any] | None:
        entry = self._entry(slug)
        if entry is None:
            log.error("no published answer for slug %s", slug)
            return None
        expired = validity(entry) is Validity.EXPIRED
        text = EXPIRED[language].replace("{label}", entry.label[language]) if expired else entry.answer[language]
        # Rasa keeps what it does not know of a message as the event's metadata.
        message: dict[str, Any] = {
            "text": with_contact_data(text, load_settings(), language),
            LANGUAGE_KEY: language,
        }
        if entry.task and not expired:
            message["buttons"] = [_task_button(entry.task, language)]
        return message

    def _entry(self, slug: str | None) -> PublishedEntry | None:
        """The published entry; one whose first day lies ahead is not there yet."""
        entry = self.release.entries().get(slug or "")
        return entry if entry and validity(entry) is not Validity.AHEAD else None

    def _suggestions(self, match: KnowledgeBaseMatch | None, language: Language) -> dict[str, Any] | None:
        offered = [self._button(candidate, language) for candidate in match["candidates"]] if match else []
        buttons = [button for button in offered if button][:MAXIMUM_SUGGESTIONS]
        if not buttons:
            return None
        buttons.append({"title": NONE_LABEL[language], "payload": f"/{NONE_OF_THESE}"})
        return {"text": WHICH_OF_THESE[language], "buttons": buttons}

    def _button(self, candidate: Candidate, language: Language) -> dict[str, str] | None:
        if candidate["intent"] in TASK_LABELS:
            return _task_button(candidate["intent"], language)
        entry = self._entry(candidate["slug"])
        if entry is None:
            return None
        return {"title": entry.label[language], "payload": f"/{FAQ}{json.dumps({'slug': candidate['slug']})}"}


def _task_button(task: str, language: Language) -> dict[str, str]:
    return {"title": TASK_LABELS[task][language], "payload": f"/{task}"}


def knowledge_base_match(tracker: DialogueStateTracker) -> KnowledgeBaseMatch | None:
    """What the selector decided about the latest message, or None when it carries nothing of it."""
    message = tracker.latest_message
    return message.parse_data.get(MATCH_KEY) if message else None
