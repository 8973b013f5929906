"""The files of the stock assistant: what somebody writes after `rasa init`, following Rasa's documentation."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from bench.split import Corpus
from bench.training_files import as_examples, write_nlu, write_yaml
from bot.intents import NONE_OF_THESE, OUT_OF_SCOPE
from consultame.contact import with_contact_data
from consultame.settings import BOT_DIRECTORY, Language, Settings

RETRIEVAL = "faq"
FALLBACK = "nlu_fallback"
NO_ANSWER = "utter_sin_respuesta"
# For what this project does in a guided dialogue; each intent needs an answer of its own.
DIALOGUE_ANSWER = "Con gusto le ayudo con eso ({intent}): llame gratis al {linea_gratuita}."

# A handful of conversations, for the policies that learn from stories.
STORIES = (
    ("saludar", RETRIEVAL, "agradecer", "despedirse"),
    ("saludar", RETRIEVAL, RETRIEVAL, "agradecer"),
    (RETRIEVAL, RETRIEVAL, "despedirse"),
    ("saludar", "agendar_cita", "agradecer"),
    ("saludar", "consultar_radicado", RETRIEVAL, "despedirse"),
    (RETRIEVAL, "hablar_con_asesor", "agradecer", "despedirse"),
    ("es_un_bot", "presentar_queja", "agradecer"),
    (OUT_OF_SCOPE, RETRIEVAL, "agradecer"),
)


def write_stock_assistant(corpus: Corpus, project: Path, *, epochs: int | None = None) -> None:
    """Write config.yml, domain.yml, credentials.yml and data/. `epochs` replaces Rasa's own number, for trying out."""
    intents = list(corpus.intents)
    write_yaml(project / "config.yml", _configuration(epochs))
    write_yaml(project / "credentials.yml", {"rest": None})
    write_yaml(project / "domain.yml", _domain(corpus, intents))
    write_nlu(project / "data" / "nlu.yml", _examples(corpus))
    rules = [_rule(intent) for intent in (RETRIEVAL, FALLBACK, *intents)]
    write_yaml(project / "data" / "rules.yml", {"version": "3.1", "rules": rules})
    stories = [_story(number, story) for number, story in enumerate(STORIES, 1) if set(story) <= {RETRIEVAL, *intents}]
    write_yaml(project / "data" / "stories.yml", {"version": "3.1", "stories": stories})


def write_endpoints(project: Path, database: Path | None) -> None:
    """Rasa's default tracker store, or its SQL one on a SQLite database."""
    store = {"tracker_store": {"type": "SQL", "url": f"sqlite:///{database}"}} if database else {}
    write_yaml(project / "endpoints.yml", store)


def _configuration(epochs: int | None) -> dict[str, Any]:
    """The pipeline and the policies that `rasa train` takes when none are given, read from the installed Rasa."""
    default = files("rasa.engine.recipes.config_files") / "default_config.yml"
    configuration: dict[str, Any] = yaml.safe_load(default.read_text(encoding="utf-8"))
    configuration |= {"language": "es", "assistant_id": "stock"}
    if epochs is not None:
        for component in configuration["pipeline"] + configuration["policies"]:
            if "epochs" in component:
                component["epochs"] = epochs
    return configuration


def _domain(corpus: Corpus, intents: list[str]) -> dict[str, Any]:
    responses = {
        f"utter_{RETRIEVAL}/{entry.slug}": [{"text": _with_contact(entry.answer_es)}] for entry in corpus.entries
    }
    responses |= {_action(intent): [{"text": text}] for intent, text in intent_answers(intents).items()}
    return {
        "version": "3.1",
        "intents": [RETRIEVAL, *intents],
        "responses": responses,
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


def intent_answers(intents: list[str]) -> dict[str, str]:
    """The Spanish text that each intent is answered with: this project's own, where there is one."""
    own = yaml.safe_load((BOT_DIRECTORY / "domain.yml").read_text(encoding="utf-8"))["responses"]
    texts = {name: variants[0]["text"] for name, variants in own.items()}
    guided = {intent: DIALOGUE_ANSWER.replace("{intent}", intent) for intent in intents}
    return {intent: _with_contact(texts.get(_action(intent), guided[intent])) for intent in intents}


def answers_of(corpus: Corpus) -> list[tuple[str, Language, str]]:
    """Label, language and text of every answer: entries in both languages, intents in Spanish."""
    entries: list[tuple[str, Language, str]] = []
    for entry in corpus.entries:
        entries += [(entry.slug, "es", _with_contact(entry.answer_es)), (entry.slug, "en", entry.answer_en)]
    return entries + [(intent, "es", text) for intent, text in intent_answers(list(corpus.intents)).items()]


def _with_contact(text: str) -> str:
    return with_contact_data(text, Settings.model_construct(), "es")


def _action(intent: str) -> str:
    if intent in (OUT_OF_SCOPE, NONE_OF_THESE, FALLBACK):
        return NO_ANSWER
    return f"utter_{intent}"


def _examples(corpus: Corpus) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = [
        {"intent": f"{RETRIEVAL}/{entry.slug}", "examples": as_examples(entry.questions_es + entry.questions_en)}
        for entry in corpus.entries
    ]
    return entries + [{"intent": intent, "examples": as_examples(texts)} for intent, texts in corpus.intents.items()]


def _rule(intent: str) -> dict[str, object]:
    return {"rule": f"Answer {intent}", "steps": [{"intent": intent}, {"action": _action(intent)}]}


def _story(number: int, intents: tuple[str, ...]) -> dict[str, object]:
    steps = [step for intent in intents for step in ({"intent": intent}, {"action": _action(intent)})]
    return {"story": f"Conversation {number}", "steps": steps}
