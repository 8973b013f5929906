"""Conversations are kept whole and read in part; the part behaves as the whole would."""

import pytest
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy import func, select

from bot.channels.stored_turn import stored_events
from bot.runtime.conversation_store import TURNS_READ, ConversationStore
from consultame.conversations import ConversationEvent, latest_said, said_in_turn, said_until, turn_of_message
from consultame.database import read_session

DOMAIN = Domain.from_yaml("""
version: "3.1"
intents: [faq]
slots:
  language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  topic: {type: text, influence_conversation: false, mappings: [{type: custom}]}
forms:
  cita_form: {required_slots: [topic]}
""")


@pytest.fixture
def store(any_database: str) -> ConversationStore:
    return ConversationStore(DOMAIN)


def turn(number: int, *more: Event) -> list[Event]:
    return [
        UserUttered(f"pregunta {number}", {"name": "faq"}, message_id=f"message-{number}", input_channel="web"),
        *more,
        ActionExecuted("utter_faq"),
        BotUttered(f"respuesta {number}", {"buttons": [{"title": "Sí", "payload": "/afirmar"}]}),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]


async def converse(store: ConversationStore, turns: list[list[Event]]) -> None:
    for events in turns:
        tracker = await store.get_or_create_tracker("web-1")
        tracker.update_with_events(events, DOMAIN)
        await store.save(tracker)


async def reread(store: ConversationStore) -> DialogueStateTracker:
    tracker = await store.retrieve("web-1")
    assert tracker is not None
    return tracker


async def test_an_unknown_conversation_is_none_and_a_new_one_starts_listening(store: ConversationStore) -> None:
    assert await store.retrieve("web-1") is None
    assert (await store.get_or_create_tracker("web-1")).latest_action_name == ACTION_LISTEN_NAME


async def test_a_short_conversation_comes_back_as_it_was(store: ConversationStore) -> None:
    whole = [SessionStarted(), ActionExecuted(ACTION_LISTEN_NAME), *turn(1, SlotSet("language", "en")), *turn(2)]
    tracker = store.init_tracker("web-1")
    tracker.update_with_events(whole, DOMAIN)
    await store.save(tracker)
    again = await reread(store)
    assert [event.as_dict() for event in again.events] == [event.as_dict() for event in tracker.events]
    assert again.get_slot("language") == "en"
    assert again.latest_message is not None
    assert again.latest_message.text == "pregunta 2"


async def test_a_long_conversation_is_read_in_its_last_turns_and_kept_whole(store: ConversationStore) -> None:
    await converse(store, [turn(number) for number in range(1, 31)])
    tracker = await reread(store)
    said = [event.text for event in tracker.events if isinstance(event, UserUttered)]
    assert said == [f"pregunta {number}" for number in range(31 - TURNS_READ, 31)]
    assert tracker.latest_action_name == ACTION_LISTEN_NAME
    with read_session() as session:
        kept = session.scalar(
            select(func.count()).select_from(ConversationEvent).where(ConversationEvent.kind == "user")
        )
        spoken = latest_said(session, "web-1", limit=200)
    assert kept == 30
    assert [said["text"] for said in spoken][:3] == ["pregunta 1", "respuesta 1", "pregunta 2"]
    assert len(spoken) == 60


async def test_saving_twice_stores_nothing_twice(store: ConversationStore) -> None:
    await converse(store, [turn(1)])
    tracker = await reread(store)
    await store.save(tracker)
    await store.save(tracker)
    with read_session() as session:
        assert len(latest_said(session, "web-1", limit=10)) == 2


async def test_slots_and_forms_from_before_the_last_turns_are_remembered(store: ConversationStore) -> None:
    opening = turn(1, SlotSet("language", "en"), ActiveLoop("cita_form"))
    await converse(store, [opening, *(turn(number) for number in range(2, 31))])
    tracker = await reread(store)
    assert len(tracker.events) < 60
    assert tracker.get_slot("language") == "en"
    assert tracker.active_loop is not None
    assert tracker.active_loop.name == "cita_form"


async def test_memory_is_that_of_its_moment_not_of_today(store: ConversationStore) -> None:
    changed = turn(28, SlotSet("language", "en"), SlotSet("topic", None))
    turns = [turn(n) for n in range(2, 28)]
    await converse(store, [turn(1, SlotSet("topic", "gas")), *turns, changed, turn(29), turn(30)])
    tracker = await reread(store)
    assert (tracker.get_slot("language"), tracker.get_slot("topic")) == ("en", None)
    before = DialogueStateTracker.from_events("web-1", list(tracker.events)[:3], DOMAIN.slots)
    assert (before.get_slot("language"), before.get_slot("topic")) == (None, "gas")


async def test_a_message_finds_its_answers_however_long_ago(store: ConversationStore) -> None:
    await converse(store, [turn(number) for number in range(1, 31)])
    with read_session() as session:
        found = turn_of_message(session.connection(), "web-1", "message-2")
        assert found is not None
        assert [event["text"] for event in found] == ["pregunta 2", "respuesta 2"]
        assert turn_of_message(session.connection(), "web-1", "message-99") is None
        assert turn_of_message(session.connection(), "web-2", "message-2") is None


async def test_what_has_no_text_is_not_read_as_said(store: ConversationStore) -> None:
    await converse(store, [turn(1, BotUttered(None, {"image": "https://example.org/a.png"}))])
    with read_session() as session:
        found = turn_of_message(session.connection(), "web-1", "message-1")
        assert found is not None
        assert [event["text"] for event in found] == ["pregunta 1", "respuesta 1"]
        assert len(latest_said(session, "web-1", limit=10)) == 2


async def test_every_kind_of_event_that_rasa_has_can_be_read_again(store: ConversationStore) -> None:
    from rasa.shared.core import events

    kinds = [
        events.Restarted(), events.ConversationPaused(), events.ConversationResumed(), events.AllSlotsReset(),
        events.FollowupAction("utter_faq"), events.ReminderCancelled("a"), events.StoryExported(),
        events.ActionExecutionRejected("utter_faq"), events.LoopInterrupted(True), events.AgentUttered("hola"),
        events.EntitiesAdded([]), events.DefinePrevUserUtteredFeaturization(False),
    ]  # fmt: skip
    tracker = store.init_tracker("web-1")
    tracker.update_with_events(kinds, DOMAIN)
    await store.save(tracker)
    assert [type(event) for event in (await reread(store)).events] == [type(event) for event in kinds]


def test_rasa_finds_the_store_by_its_name_in_endpoints(sqlite_database: None) -> None:
    named = EndpointConfig(type="bot.runtime.conversation_store.ConversationStore")
    assert isinstance(TrackerStore.create(named, DOMAIN), ConversationStore)


def answered(text: str, slug: str, message_id: str, *more: Event) -> list[Event]:
    """A message that the model would answer by an entry."""
    match = {"outcome": "answered", "slug": slug, "confidence": 0.9, "candidates": []}
    parsed = {"text": text, "intent": {"name": "faq"}, "entities": [], "knowledge_base": match}
    return [UserUttered(text, {"name": "faq"}, parse_data=parsed, message_id=message_id), *more]


def spoken(text: str, utter_action: str | None = None) -> BotUttered:
    return BotUttered(text, metadata={"utter_action": utter_action} if utter_action else {})


async def test_what_a_dialogue_took_for_an_answer_is_no_question_and_what_it_left_to_others_is(
    store: ConversationStore,
) -> None:
    await converse(store, [
        turn(1, ActiveLoop("cita_form")),
        answered("estrato 2", "estrato_incorrecto", "answer-1", ActionExecuted("cita_form"), spoken("¿Y su nombre?")),
        answered(
            "¿a qué hora abren?", "mme_horario", "aside-1",
            ActionExecutionRejected("cita_form"), spoken("A las siete.", "utter_faq"), spoken("Sigamos: ¿su nombre?"),
        ),
        answered("Pedro Páramo", "mme_correo", "answer-2", ActiveLoop(None), spoken("Listo, Pedro Páramo.")),
        answered("¿dónde quedan?", "mme_direccion", "after-1", spoken("En el CAN.", "utter_faq")),
    ])  # fmt: skip
    with read_session() as session:
        kept = dict(
            session.execute(select(ConversationEvent.message_id, ConversationEvent.slug).where(
                ConversationEvent.kind == "user"
            )).tuples().all()
        )  # fmt: skip
        said = turn_of_message(session.connection(), "web-1", "answer-1")
        aside = said_until(session, "web-1", "aside-1", limit=10)
        after = said_until(session, "web-1", "after-1", limit=10)
    assert kept == {
        "message-1": None, "answer-1": None, "aside-1": "mme_horario", "answer-2": None, "after-1": "mme_direccion",
    }  # fmt: skip
    assert said is not None
    assert said[0]["parse_data"]["knowledge_base"]["outcome"] == "task"
    opening = ["pregunta 1", "respuesta 1"]
    assert [event["text"] for event in aside] == [*opening, "¿a qué hora abren?", "A las siete."]
    assert [event["text"] for event in after] == [*opening, "¿dónde quedan?", "En el CAN."]


async def test_who_asked_for_it_gets_what_a_turn_stored_as_it_would_be_read_back(store: ConversationStore) -> None:
    await converse(store, [turn(1)])
    with stored_events() as events:
        await converse(store, [turn(2)])
    with read_session() as session:
        read_back = turn_of_message(session.connection(), "web-1", "message-2")
    assert said_in_turn(events, "message-2") == read_back
    assert said_in_turn(events, "message-1") is None


async def test_what_other_turns_store_is_not_handed_over(store: ConversationStore) -> None:
    with stored_events() as events:
        pass
    await converse(store, [turn(1)])
    assert events == []
