"""Citizens are answered in the language they write, and one odd word does not change it."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from py3langid.langid import LanguageIdentifier
from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.components import language
from bot.components.language import asks_only_for_a_language, message_language
from bot.components.language_policy import LanguagePolicy
from bot.intents import CHANGE_LANGUAGE, LANGUAGE_KEY, LANGUAGE_SLOT
from consultame.settings import BOT_DIRECTORY, SEED_DIRECTORY
from kb.exchange import read_topic_file, topic_files

ENTRIES = [entry for path in topic_files(SEED_DIRECTORY) for entry in read_topic_file(path).entries]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("¿Qué necesito para el subsidio de la pipeta?", "es"),
        ("q nesesito pa la pipeta xfa", "es"),
        ("What do I need for the gas cylinder subsidy?", "en"),
        ("where is ministry located please", "en"),
        ("Hola, I need help with my gas cylinder subsidy", "en"),
        ("quiero saber los requirements del subsidio de gas", "es"),
        ("hello, good morning", "en"),
        ("Can you answer in English, please?", "en"),
        ("english", "en"),
        ("¿me puede responder en inglés?", "en"),
        ("español por favor", "es"),
        ("sigamos en español", "es"),
        ("cancéleme la cita que tengo", "es"),
        ("quién hace qué sector energético", "es"),
        ("dicen que ya compré pipeta", "es"),
        ("¿La plataforma Génesis depende de este Ministerio?", "es"),
        ("cancele o meu agendamento por favor", "other"),
        ("preciso saber o estado do meu processo", "other"),
        ("como faço para pedir o subsidio de gas", "other"),
        ("qual é o horário de atendimento do ministério", "other"),
        ("je veux annuler mon rendez-vous", "other"),
        ("Où puis-je demander l'état de ma plainte déposée ?", "other"),
        ("vorrei annullare il mio appuntamento", "other"),
        ("perché non è arrivato il sussidio del gas", "other"),
        ("Quais são os requisitos para o subsídio de gás?", "other"),
        ("Où se trouve le ministère des mines ?", "other"),
        ("Wie hoch ist der Preis für Gas in Kolumbien?", "other"),
        ("气瓶补贴怎么申请", "other"),
        ("Где находится министерство", "other"),
    ],
)
def test_the_language_of_a_message_is_told(text: str, language: str) -> None:
    assert message_language(text) == language


@pytest.mark.parametrize("text", ["", "ok", "hello", "gracias", "radicado", "1-2024-004512", "GLP", "👍👍👍", "¿?"])
def test_a_word_or_a_number_tells_no_language(text: str) -> None:
    assert message_language(text) is None


def test_the_citizens_questions_are_told_apart() -> None:
    spanish = [question for entry in ENTRIES for question in entry.questions_es]
    english = [question for entry in ENTRIES for question in entry.questions_en]
    assert sum(message_language(text) in ("es", None) for text in spanish) / len(spanish) > 0.997
    assert sum(message_language(text) == "en" for text in english) / len(english) > 0.9
    assert sum(message_language(text) in ("es", "other") for text in english) / len(english) < 0.03


@pytest.mark.parametrize(
    "text", ["english please", "do you speak English?", "Hola, ¿me puede responder en inglés, por favor?", "español"]
)
def test_asking_for_a_language_is_heard(text: str) -> None:
    assert asks_only_for_a_language(text)


@pytest.mark.parametrize(
    "text",
    [
        "¿la cita puede ser en inglés?",
        "gas subsidy requirements in English please",
        "¿me dan la respuesta del radicado en español?",
        "hola",
    ],
)
def test_a_question_that_mentions_a_language_is_a_question(text: str) -> None:
    assert not asks_only_for_a_language(text)


def prediction_after(*events: Event) -> PolicyPrediction:
    domain = Domain.load(str(BOT_DIRECTORY / "domain.yml"))
    tracker = DialogueStateTracker.from_events("web-1", list(events), domain.slots)
    context = ExecutionContext(GraphSchema({}))
    storage = LocalModelStorage.create(Path(tempfile.mkdtemp()))
    policy = LanguagePolicy.create(LanguagePolicy.get_default_config(), storage, Resource("language"), context)
    return policy.predict_action_probabilities(tracker, domain)


def said(language: str | None) -> UserUttered:
    return UserUttered("…", {"name": "faq"}, parse_data={LANGUAGE_KEY: language} if language else {})


def test_the_slot_follows_a_message_that_is_clearly_in_another_language() -> None:
    assert prediction_after(said("en")).events == [SlotSet(LANGUAGE_SLOT, "en")]
    assert prediction_after(SlotSet(LANGUAGE_SLOT, "en"), said("es")).events == [SlotSet(LANGUAGE_SLOT, "es")]


def test_the_slot_stays_when_the_message_tells_nothing_new() -> None:
    assert prediction_after(SlotSet(LANGUAGE_SLOT, "en"), said(None)).events == []
    assert prediction_after(SlotSet(LANGUAGE_SLOT, "en"), said("en")).events == []


def test_in_a_guided_dialogue_the_language_changes_only_when_that_is_asked_for() -> None:
    """A name or an address has a language of its own."""
    asked = UserUttered("in English, please", {"name": CHANGE_LANGUAGE}, parse_data={LANGUAGE_KEY: "en"})
    assert prediction_after(ActiveLoop("petition_form"), said("en")).events == []
    assert prediction_after(ActiveLoop("petition_form"), asked).events == [SlotSet(LANGUAGE_SLOT, "en")]


def test_keeping_the_language_decides_no_action() -> None:
    assert prediction_after(said("en")).max_confidence == 0


def test_the_few_features_of_a_message_rank_its_languages_as_all_of_them_would() -> None:
    sparse = language._identifier()
    for text in (
        "",
        "hola",
        "quiero saber del subsidio de gas",
        "how do I apply for the gas subsidy",
        "você fala português",
    ):
        counts = sparse.instance2fv(text)
        assert np.allclose(sparse.nb_classprobs(counts), LanguageIdentifier.nb_classprobs(sparse, counts))
