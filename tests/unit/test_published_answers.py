"""What citizens read comes from the live release: the answer, the button that offers to do it, the suggestions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.components.decision import match_of
from bot.components.understanding import candidate_of
from bot.intents import MATCH_KEY, TASKS
from bot.runtime.published_answers import PublishedAnswers
from bot.task_labels import TASK_LABELS
from consultame.database import write_session
from consultame.local_time import today
from consultame.settings import BOT_DIRECTORY
from consultame.staff import Role, StaffMember
from kb.entries import EntryText, approve, submit_for_review, write_new_entry
from kb.models import Task, Topic
from kb.releases import make_candidate, promote

ENTRY = EntryText(
    title="Cómo se pide una cita", label="Cómo se pide una cita", label_en="How to book",
    answer_es="Se pide por teléfono.", answer_en="By telephone.",
    questions_es=["uno", "dos", "tres", "cuatro", "cinco"], questions_en=[], source="Prueba",
)  # fmt: skip
DOMAIN = Domain.load(str(BOT_DIRECTORY / "domain.yml"))


@pytest.fixture
def answers(sqlite_database: None, add_person: Callable[[str, Role], StaffMember]) -> PublishedAnswers:
    author, approver = add_person("ana", Role.CURATOR), add_person("luis", Role.APPROVER)
    with write_session() as session:
        versions = []
        for slug, text in (
            ("cita_pedir", replace(ENTRY, task=Task.BOOK_APPOINTMENT)),
            ("cita_hora", replace(ENTRY, label="A qué hora es")),
        ):
            version = write_new_entry(session, slug=slug, topic=Topic.CITAS, text=text, author=author)
            submit_for_review(session, version, by=author)
            approve(session, version, by=approver)
            versions.append(version)
        promote(session, make_candidate(session, versions, model_fingerprint="f" * 32))
    return PublishedAnswers(EndpointConfig(), DOMAIN)


def after(*labels: str, language: str = "es") -> DialogueStateTracker:
    """A conversation whose latest message may mean these."""
    candidates = [candidate_of(label, 0.4) for label in labels]
    match = match_of("faq", 0.9, candidates, slug=candidates[0]["slug"])
    said = UserUttered("¿?", {"name": "faq", "confidence": 0.9}, parse_data={MATCH_KEY: match})  # type: ignore[typeddict-unknown-key]
    return DialogueStateTracker.from_events("someone", [SlotSet("language", language), said], slots=DOMAIN.slots)


async def test_a_guided_dialogue_may_name_the_entry_whatever_the_message_meant(answers: PublishedAnswers) -> None:
    message = await answers.generate("utter_faq", after("faq/cita_hora"), "web", slug="cita_pedir", text=None)
    assert message is not None
    assert message["text"] == "Se pide por teléfono."


async def test_an_answer_on_how_to_do_something_offers_to_do_it_now(answers: PublishedAnswers) -> None:
    message = await answers.generate("utter_faq", after("faq/cita_pedir"), "web")
    assert message == {
        "text": "Se pide por teléfono.",
        "buttons": [{"title": "Agendar una cita virtual", "payload": "/agendar_cita"}],
        "language": "es",
    }
    english = await answers.generate("utter_faq", after("faq/cita_pedir", language="en"), "web")
    assert english is not None
    assert english["buttons"][0]["title"] == "Book a virtual appointment"
    assert english["language"] == "en"


async def test_an_answer_without_a_task_offers_nothing(answers: PublishedAnswers) -> None:
    message = await answers.generate("utter_faq", after("faq/cita_hora"), "web")
    assert message == {"text": "Se pide por teléfono.", "language": "es"}


async def test_suggestions_name_entries_and_tasks_and_can_all_be_turned_down(answers: PublishedAnswers) -> None:
    message = await answers.generate("utter_suggestions", after("faq/cita_hora", "agendar_cita", "faq/gone"), "web")
    assert message is not None
    titles = [button["title"] for button in message["buttons"]]
    assert titles == ["A qué hora es", "Agendar una cita virtual", "Ninguna de estas"]


async def test_an_expired_entry_says_that_it_is_being_updated_and_where_to_ask(answers: PublishedAnswers) -> None:
    serve(answers, valid_until=today() - timedelta(days=1))
    spanish = await answers.generate("utter_faq", after("faq/cita_hora"), "web")
    english = await answers.generate("utter_faq", after("faq/cita_hora", language="en"), "web")
    assert spanish is not None
    assert english is not None
    assert spanish["text"].startswith("La información sobre «A qué hora es» se está actualizando")
    assert "menergia@minenergia.gov.co" in spanish["text"]
    assert english["text"].startswith("The information about “How to book” is being updated")
    assert "Se pide por teléfono." not in spanish["text"]
    assert "buttons" not in spanish


async def test_an_entry_is_answered_on_its_last_day_and_not_before_its_first(answers: PublishedAnswers) -> None:
    serve(answers, valid_until=today())
    last_day = await answers.generate("utter_faq", after("faq/cita_hora"), "web")
    assert last_day == {"text": "Se pide por teléfono.", "language": "es"}
    serve(answers, valid_from=today() + timedelta(days=1))
    message = await answers.generate("utter_faq", after("faq/cita_hora"), "web")
    assert message is not None
    assert "Se pide por teléfono." not in message["text"]
    offered = await answers.generate("utter_suggestions", after("faq/cita_hora", "agendar_cita"), "web")
    assert offered is not None
    assert [button["title"] for button in offered["buttons"]] == ["Agendar una cita virtual", "Ninguna de estas"]


def serve(answers: PublishedAnswers, **days: date) -> None:
    """Put these days into the entry on the hour, as if it had been published with them."""
    entries = answers.release.entries()
    entries["cita_hora"] = replace(entries["cita_hora"], **({"valid_from": None, "valid_until": None} | days))


def test_every_task_has_a_label_and_is_an_intent() -> None:
    assert set(TASK_LABELS) == set(TASKS)
    assert set(TASKS) <= set(DOMAIN.intents)
